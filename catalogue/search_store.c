// SPDX-License-Identifier: Apache-2.0
#include "catalogue/room.h"

#define COLUMNS                                                                                    \
    "SELECT i.code, i.name, i.name_en, i.organ, i.type, i.summary, i.summary_en, i.objects,"       \
    " i.online, i.instant, i.promised_days, i.promised_unit, i.search_name, i.search_words,"       \
    " i.search_keywords, i.search_pinyin, i.search_initials, i.search_text, i.version, i.state,"   \
    " i.made_at"

/* Columns stand as COLUMNS lists them. */
static SearchRow row_of(const DbRows *rows)
{
    return (SearchRow){ .code = db_column_text(rows, 0),
                        .title = db_column_text(rows, 1),
                        .title_en = db_column_text(rows, 2),
                        .organ = db_column_int(rows, 3),
                        .type = db_column_text(rows, 4),
                        .summary = db_column_text(rows, 5),
                        .summary_en = db_column_text(rows, 6),
                        .objects = db_column_text(rows, 7),
                        .online = db_column_int(rows, 8) != 0,
                        .instant = db_column_int(rows, 9) != 0,
                        .promised_days = db_column_int(rows, 10),
                        .promised_unit = db_column_text(rows, 11),
                        .name = db_column_text(rows, 12),
                        .words = db_column_text(rows, 13),
                        .keywords = db_column_text(rows, 14),
                        .pinyin = db_column_text(rows, 15),
                        .initials = db_column_text(rows, 16),
                        .text = db_column_text(rows, 17),
                        .version = db_column_int(rows, 18),
                        .state = db_column_text(rows, 19),
                        .made_at = db_column_int(rows, 20),
                        .published = db_column_int(rows, 21) };
}

static bool each_row(DbRows *opened, SearchEach *each, void *data, GError **error)
{
    g_autoptr(DbRows) rows = opened;
    if (!rows)
        return false;
    while (db_next(rows, error)) {
        const SearchRow row = row_of(rows);
        each(&row, data);
    }
    return !db_failed(rows);
}

bool search_published(Db *db, int64_t county, SearchEach *each, void *data, GError **error)
{
    DbRows *rows = db_query(db,
                            COLUMNS ", i.version FROM item i WHERE i.county = :county"
                                    " AND i.state = 'published' ORDER BY i.organ, i.code",
                            WITH(db_int("county", county)), error);
    return each_row(rows, each, data, error);
}

bool search_newest(Db *db, int64_t county, SearchEach *each, void *data, GError **error)
{
    DbRows *rows =
        db_query(db,
                 COLUMNS ", p.version FROM item i LEFT JOIN item p ON p.county = i.county"
                         " AND p.code = i.code AND p.state = 'published'"
                         " WHERE i.county = :county AND i.version = (SELECT MAX(n.version) FROM item n"
                         "  WHERE n.county = :county AND n.code = i.code) ORDER BY i.organ, i.code",
                 WITH(db_int("county", county)), error);
    return each_row(rows, each, data, error);
}

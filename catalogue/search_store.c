// SPDX-License-Identifier: Apache-2.0
#include "catalogue/room.h"

/* Columns stand as the SELECT lists them. */
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
                        .text = db_column_text(rows, 17) };
}

bool search_rows(Db *db, int64_t county, SearchEach *each, void *data, GError **error)
{
    g_autoptr(DbRows) rows = db_query(
        db,
        "SELECT code, name, name_en, organ, type, summary, summary_en, objects, online, instant,"
        " promised_days, promised_unit, search_name, search_words, search_keywords, search_pinyin,"
        " search_initials, search_text FROM item WHERE county = :county AND state = 'published'"
        " ORDER BY organ, code",
        WITH(db_int("county", county)), error);
    if (!rows)
        return false;
    while (db_next(rows, error)) {
        const SearchRow row = row_of(rows);
        each(&row, data);
    }
    return !db_failed(rows);
}

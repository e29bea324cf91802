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

/* ---- what is published, in memory ---- */

struct PublishedItems {
    GStringChunk *texts;
    GArray *rows; /* of SearchRow, whose texts lie in `texts` */
};

static void keep_row(const SearchRow *row, void *data)
{
    PublishedItems *self = data;
    SearchRow kept = *row;
    const char **texts[] = { &kept.code, &kept.title, &kept.title_en, &kept.type, &kept.summary, &kept.summary_en, &kept.objects,
                             &kept.promised_unit, &kept.name, &kept.words, &kept.keywords, &kept.pinyin, &kept.initials,
                             &kept.text, &kept.state };
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        *texts[i] = *texts[i] ? g_string_chunk_insert(self->texts, *texts[i]) : NULL;
    g_array_append_val(self->rows, kept);
}

static PublishedItems *read_published(Db *db, int64_t county, GError **error)
{
    PublishedItems *self = g_atomic_rc_box_new0(PublishedItems);
    self->texts = g_string_chunk_new(16 * 1024);
    self->rows = g_array_new(FALSE, FALSE, sizeof(SearchRow));
    DbRows *rows = db_query(db,
                            COLUMNS ", i.version FROM item i WHERE i.county = :county"
                                    " AND i.state = 'published' ORDER BY i.organ, i.code",
                            WITH(db_int("county", county)), error);
    if (!each_row(rows, keep_row, self, error))
        g_clear_pointer(&self, published_items_free);
    return self;
}

static void clear_published(void *items)
{
    PublishedItems *self = items;
    g_string_chunk_free(self->texts);
    g_array_unref(self->rows);
}

void published_items_free(PublishedItems *self)
{
    if (self)
        g_atomic_rc_box_release_full(self, clear_published);
}

static void let_go(void *items)
{
    published_items_free(items);
}

PublishedItems *search_published(Db *db, int64_t county, GError **error)
{
    PublishedItems *self = db_cache_get_box(db, county, "search");
    if (self)
        return self;
    self = read_published(db, county, error);
    db_cache_put_box(db, county, "search", self, let_go);
    return self;
}

size_t published_items_count(const PublishedItems *self)
{
    return self->rows->len;
}

const SearchRow *published_items_row(const PublishedItems *self, size_t i)
{
    return &g_array_index(self->rows, SearchRow, i);
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

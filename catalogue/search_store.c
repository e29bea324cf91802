// SPDX-License-Identifier: Apache-2.0
/* The items in force on a day, in memory. */
#include "catalogue/room.h"

#include <string.h>

static const char *first_phrase(GStringChunk *texts, const char *phrases)
{
    return g_string_chunk_insert_len(texts, phrases, *phrases ? 1 + (gssize)strcspn(phrases + 1, "|") : 0);
}

/* Columns stand as the query below lists them. */
static void keep_row(PublishedItems *self, const DbRows *rows)
{
    SearchRow row = { .organ = db_column_int(rows, 14), .online = db_column_int(rows, 15) != 0, .instant = db_column_int(rows, 16) != 0,
                      .promised_days = db_column_int(rows, 17) };
    const char **const texts[] = { &row.code, &row.title, &row.title_en, &row.type, &row.summary, &row.summary_en, &row.objects,
                                   &row.promised_unit, &row.name, &row.words, &row.keywords, &row.pinyin, &row.initials, &row.text };
    for (int i = 0; i < (int)G_N_ELEMENTS(texts); i++)
        *texts[i] = g_string_chunk_insert(self->texts, db_column_text(rows, i));
    row.name_pinyin = first_phrase(self->texts, row.pinyin);
    row.name_initials = first_phrase(self->texts, row.initials);
    g_array_append_val(self->rows, row);
}

static PublishedItems *read_published(Db *db, int64_t county, Day day, GError **error)
{
    g_autoptr(PublishedItems) self = g_atomic_rc_box_new0(PublishedItems);
    self->day = day;
    self->texts = g_string_chunk_new(16 * 1024);
    self->rows = g_array_new(FALSE, FALSE, sizeof(SearchRow));
    g_autoptr(DbRows) rows = db_query(db,
        "SELECT code, name, name_en, type, summary, summary_en, objects, promised_unit, search_name, search_words,"
        " search_keywords, search_pinyin, search_initials, search_text, organ, online, instant, promised_days FROM item"
        " WHERE county = :county AND since_day <= :day AND (until_day IS NULL OR until_day > :day) ORDER BY organ, code",
        WITH(db_int("county", county), db_text("day", DAY_WRITTEN(day))), error);
    while (db_next(rows, error))
        keep_row(self, rows);
    return db_failed(rows) ? NULL : g_steal_pointer(&self);
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

/* People ask for one day, today, so that the day stands in the value, not in its key. */
PublishedItems *search_published(Db *db, int64_t county, Day day, GError **error)
{
    PublishedItems *self = db_cache_get_box(db, county, "search");
    if (self && self->day == day)
        return self;
    published_items_free(self);
    self = read_published(db, county, day, error);
    db_cache_put_box(db, county, "search", self, (GDestroyNotify)published_items_free);
    return self;
}

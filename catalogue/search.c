// SPDX-License-Identifier: Apache-2.0
/* Searching: every published item is held against the query. A county has some hundreds of them, so
 * there is no index that could fall behind. */
#include "catalogue/room.h"

#include <string.h>

/* The smaller comes first. Of two that fit alike the one with the shorter name is nearer; then organ and code decide. */
typedef struct Hit {
    uint64_t rank;
    const SearchRow *row;
} Hit;

typedef struct Search {
    const SearchAsk *ask;
    Query query;
    const json_t *organs; /* of the county */
    bool near;            /* nothing fits: take what comes near */
    size_t seen;
    int64_t fitting;      /* whatever the choices are */
    GArray *hits;
    json_t *counts;       /* what each organ, by its number, and each object would give, the other choices kept */
} Search;

/* ---- one item ---- */

const json_t *organ_numbered(const json_t *organs, int64_t number)
{
    size_t i;
    json_t *organ;
    json_array_foreach((json_t *)organs, i, organ)
        if (json_number(organ, "number") == number)
            return organ;
    return NULL;
}

void put_organ_name(json_t *row, const json_t *organs)
{
    const json_t *organ = organ_numbered(organs, json_number(row, "organ"));
    json_object_set_new(row, "organ_name", json_string(json_text(organ, "name")));
    json_object_set_new(row, "organ_name_en", json_string(json_text(organ, "name_en")));
    if (json_number(organ, "ended") && !json_number(organ, "successor"))
        json_object_set_new(row, "is_orphan", json_true());
}

void put_organ_names(json_t *rows, const json_t *organs)
{
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row)
        put_organ_name(row, organs);
}

static json_t *item_json(const SearchRow *row)
{
    return json_pack("{s:s, s:s, s:s, s:I, s:s, s:s, s:s, s:{s:I, s:s}, s:b, s:b}", "code", row->code, "name", row->title, "name_en",
                     row->title_en, "organ", row->organ, "type", row->type, "summary", row->summary, "summary_en", row->summary_en,
                     "promised", "days", row->promised_days, "unit", row->promised_unit, "instant", row->instant, "online", row->online);
}

/* ---- choices: object, organ, online ---- */

static void count_one(json_t *counts, const char *key)
{
    json_object_set_new(counts, key, json_integer(json_number(counts, key) + 1));
}

static void take_row(Search *self, const SearchRow *row)
{
    const SearchAsk *ask = self->ask;
    unsigned fit = self->near ? (query_is_near(&self->query, row) ? 0 : NO_FIT) : query_fit(&self->query, row);
    self->seen++;
    if (fit == NO_FIT)
        return;
    self->fitting++;
    if (ask->online && !row->online)
        return;
    g_auto(GStrv) objects = g_strsplit(row->objects, " ", -1);
    bool for_object = !*ask->object || g_strv_contains((const char *const *)objects, ask->object);
    bool of_organ = !ask->organ || ask->organ == row->organ;
    for (char **object = objects; of_organ && *object; object++)
        count_one(self->counts, *object);
    if (for_object)
        count_one(self->counts, DECIMAL(row->organ));
    if (!for_object || !of_organ)
        return;
    enum { LENGTH_BIT = 24, FIT_BIT = 48 };
    uint64_t length = *self->query.closed ? strlen(row->name) : 0;
    const Hit hit = { (uint64_t)fit << FIT_BIT | length << LENGTH_BIT | self->seen, row };
    g_array_append_val(self->hits, hit);
}

static json_t *organ_choices(const Search *self)
{
    json_t *choices = json_array();
    size_t i;
    json_t *organ;
    json_array_foreach((json_t *)self->organs, i, organ) {
        int64_t number = json_number(organ, "number");
        int64_t count = json_number(self->counts, DECIMAL(number));
        bool chosen = number == self->ask->organ;
        if (count || chosen)
            json_array_append_new(choices, json_pack("{s:I, s:I, s:b}", "organ", number, "count", count, "chosen", chosen));
    }
    put_organ_names(choices, self->organs);
    return choices;
}

static json_t *object_choices(const Search *self)
{
    json_t *choices = json_array();
    for (size_t i = 0; item_objects[i]; i++) {
        int64_t count = json_number(self->counts, item_objects[i]);
        bool chosen = strcmp(item_objects[i], self->ask->object) == 0;
        if (count || chosen)
            json_array_append_new(choices, json_pack("{s:s, s:I, s:b}", "object", item_objects[i], "count", count, "chosen", chosen));
    }
    return choices;
}

/* ---- the whole ---- */

static int best_first(const void *a, const void *b)
{
    const Hit *x = a, *y = b;
    return x->rank < y->rank ? -1 : x->rank > y->rank;
}

static json_t *found_json(const Search *self)
{
    json_t *items = json_array();
    int64_t end = MIN(self->ask->first + self->ask->limit, (int64_t)self->hits->len);
    g_array_sort(self->hits, best_first);
    for (int64_t i = self->ask->first; i < end; i++)
        json_array_append_new(items, item_json(g_array_index(self->hits, Hit, (guint)i).row));
    put_organ_names(items, self->organs);
    return json_pack("{s:o, s:I, s:I, s:b, s:o, s:o}", "items", items, "total", (json_int_t)self->hits->len, "fitting",
                     (json_int_t)self->fitting, "near", self->near, "objects", object_choices(self), "organs", organ_choices(self));
}

static void search_clear(Search *self)
{
    query_clear(&self->query);
    g_array_unref(self->hits);
    json_decref(self->counts);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Search, search_clear)

json_t *search_items(Db *db, int64_t county, const SearchAsk *ask, GError **error)
{
    g_autoptr(json_t) organs = identity_organs(db, county, error);
    g_auto(Search) search = { .ask = ask, .organs = organs, .hits = g_array_new(FALSE, FALSE, sizeof(Hit)), .counts = json_object() };
    g_autoptr(PublishedItems) items = organs ? search_published(db, county, ask->day, error) : NULL;
    if (!items)
        return NULL;
    query_of(ask->query, &search.query);
    for (int pass = 0; pass < 2 && !search.fitting; pass++) {
        search.near = pass == 1;
        for (guint i = 0; i < items->rows->len; i++)
            take_row(&search, &g_array_index(items->rows, SearchRow, i));
    }
    return found_json(&search);
}

json_t *catalogue_search(Db *db, int64_t county, Day day, const char *query, int64_t limit, GError **error)
{
    const SearchAsk ask = { .day = day, .query = query, .object = "", .limit = limit };
    return search_items(db, county, &ask, error);
}

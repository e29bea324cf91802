// SPDX-License-Identifier: Apache-2.0
/* A bundle as people see it before they apply: its items in their order, all their papers without doubles, days and fees. */
#include "joint/life.h"

#include <string.h>

/* ---- papers ---- */

static json_t *paper_named(const json_t *papers, const char *name)
{
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)(uintptr_t)papers, i, one)
        if (strcmp(json_text(one, "name"), name) == 0)
            return one;
    return NULL;
}

/* The name of the item whose result a material is; NULL: it is brought. */
static const json_t *source_of(const json_t *results, const json_t *items, const char *material)
{
    size_t i, j;
    json_t *one, *item;
    json_array_foreach((json_t *)(uintptr_t)results, i, one)
        json_array_foreach((json_t *)(uintptr_t)items, j, item)
            if (strcmp(json_text(one, "material"), material) == 0 && strcmp(json_text(one, "from"), json_text(item, "code")) == 0)
                return item;
    return NULL;
}

/* A paper of one name is one paper: as many copies as the item that wants most, and necessary where any item says so. */
static void merge_paper(json_t *papers, const json_t *material, const json_t *item, const json_t *source)
{
    static const char *const counts[] = { "originals", "copies" };
    json_t *paper = paper_named(papers, json_text(material, "name"));
    if (!paper) {
        paper = json_copy((json_t *)(uintptr_t)material);
        json_object_set_new(paper, "items", json_array());
        json_array_append_new(papers, paper);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(counts); i++)
        json_object_set_new(paper, counts[i], json_integer(MAX(json_number(paper, counts[i]), json_number(material, counts[i]))));
    json_object_set_new(paper, "required", json_boolean(json_flag(paper, "required") || json_flag(material, "required")));
    json_array_append_new(json_object_get(paper, "items"), json_pack("{s:O, s:O}", "name", json_object_get(item, "name"), "name_en", json_object_get(item, "name_en")));
    if (source)
        json_object_set_new(paper, "from", json_pack("{s:O, s:O}", "name", json_object_get(source, "name"), "name_en", json_object_get(source, "name_en")));
}

static void merge_papers(json_t *papers, const json_t *bundle, const json_t *guide, const json_t *items)
{
    size_t i;
    json_t *material;
    g_autoptr(json_t) results = bundle_results(bundle, json_text(guide, "code"));
    json_array_foreach(json_object_get(guide, "materials"), i, material)
        merge_paper(papers, material, guide, source_of(results, items, json_text(material, "name")));
}

/* ---- items ---- */

static json_t *item_json(const json_t *guide, const json_t *bundle, size_t stage)
{
    static const char *const kept[] = { "code", "name", "name_en", "organ", "organ_name", "organ_name_en", "promised", "instant", "fee", "fee_en", "is_free", "result", "result_en", "online" };
    json_t *item = json_pack("{s:I}", "stage_number", (json_int_t)stage + 1);
    const json_t *option = bundle_option(bundle, json_text(guide, "code"));
    for (size_t i = 0; i < G_N_ELEMENTS(kept); i++)
        if (json_object_get(guide, kept[i]))
            json_object_set(item, kept[i], json_object_get(guide, kept[i]));
    if (option)
        json_object_set_new(item, "option", json_pack("{s:O, s:O}", "question", json_object_get(option, "question"), "question_en", json_object_get(option, "question_en")));
    return item;
}

typedef struct Sum {
    json_t *items, *papers, *organs;
    int64_t days, apart; /* working days of all stages one after the other, and of all items one after the other */
    size_t papers_apart;
    bool is_free, is_online;
} Sum;

static int64_t brought(const json_t *papers)
{
    size_t i;
    json_t *one;
    int64_t count = 0;
    json_array_foreach((json_t *)(uintptr_t)papers, i, one)
        count += !json_object_get(one, "from");
    return count;
}

static void sum_clear(Sum *self)
{
    json_decref(self->items);
    json_decref(self->papers);
    json_decref(self->organs);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Sum, sum_clear)

static int64_t days_of(const json_t *guide)
{
    const json_t *promised = json_object_get(guide, "promised");
    return case_working_days(json_number(promised, "days"), (enum day_unit)name_place(day_unit_names, json_text(promised, "unit")));
}

static bool add_item(const Context *context, const json_t *bundle, const char *code, size_t stage, Sum *sum, int64_t *longest, GError **error)
{
    g_autoptr(json_t) guide = catalogue_guide(context->db, context->county, code, day_of(context->now), error);
    if (!guide)
        return false;
    json_array_append_new(sum->items, item_json(guide, bundle, stage));
    merge_papers(sum->papers, bundle, guide, sum->items);
    sum->papers_apart += json_array_size(json_object_get(guide, "materials"));
    json_object_set_new(sum->organs, json_text(guide, "organ_name"), json_true());
    sum->apart += days_of(guide);
    *longest = MAX(*longest, days_of(guide));
    sum->is_free = sum->is_free && json_flag(guide, "is_free");
    sum->is_online = sum->is_online && json_flag(guide, "online");
    return true;
}

static bool add_all(const Context *context, const json_t *bundle, Sum *sum, GError **error)
{
    size_t i, j;
    json_t *stage, *code;
    json_array_foreach(json_object_get(bundle, "stages"), i, stage) {
        int64_t longest = 0;
        json_array_foreach(stage, j, code)
            if (!add_item(context, bundle, json_string_value(code), i, sum, &longest, error))
                return false;
        sum->days += longest;
    }
    return true;
}

static json_t *working(int64_t days)
{
    return json_pack("{s:I, s:s}", "days", (json_int_t)days, "unit", day_unit_names[WORKING_DAYS]);
}

json_t *bundle_guide(const Request *r, const json_t *bundle, GError **error)
{
    GError *why = NULL;
    json_t *shown = json_copy((json_t *)(uintptr_t)bundle);
    json_object_del(shown, "origin");
    if (!bundle_fits(&r->context, bundle, &why)) {
        g_autoptr(json_t) details = trouble_details(why);
        g_autofree char *said = view_sentence(r->view, r->language, json_text(details, "reason"), details);
        json_object_set_new(shown, "closed_because", json_string(said));
        g_clear_error(&why);
        return shown;
    }
    g_auto(Sum) sum = { json_array(), json_array(), json_object(), .is_free = true, .is_online = true };
    if (!add_all(&r->context, bundle, &sum, error))
        return json_decref(shown), NULL;
    json_object_update_new(
        shown, json_pack("{s:b, s:O, s:O, s:O, s:I, s:I, s:I, s:I, s:o, s:o, s:b, s:b, s:b}",
                         "is_open", true, "first", json_array_get(sum.items, 0), "items", sum.items,
                         "papers", sum.papers, "item_count", (json_int_t)json_array_size(sum.items),
                         "organ_count", (json_int_t)json_object_size(sum.organs), "paper_count",
                         (json_int_t)brought(sum.papers), "papers_apart",
                         (json_int_t)sum.papers_apart, "longest", working(sum.days), "apart",
                         working(sum.apart), "is_free", sum.is_free, "online", sum.is_online,
                         "is_in_sequence", json_array_size(json_object_get(bundle, "stages")) > 1));
    return shown;
}

/* ---- the pages ---- */

/* Bundles all of whose items this county has. */
static json_t *open_ones(const Context *context, GError **error)
{
    size_t i;
    json_t *one;
    Day today = day_of(context->now);
    g_autofree char *key = g_strdup_printf("bundles/%d", (int)today);
    json_t *list = db_cache_get(context->db, context->county, key);
    if (list)
        return list;
    g_autoptr(json_t) all = bundles_on(context->db, context->county, today, error);
    if (!all)
        return NULL;
    list = json_array();
    json_array_foreach(all, i, one) {
        g_autoptr(GError) why = NULL;
        if (bundle_fits(context, one, &why))
            json_array_append(list, one);
    }
    db_cache_put(context->db, context->county, key, list);
    return list;
}

json_t *joint_bundles(const Context *context, GError **error)
{
    size_t i;
    json_t *one, *told = json_array();
    g_autoptr(json_t) list = open_ones(context, error);
    json_array_foreach(list, i, one) {
        g_autofree char *path = g_strdup_printf("/bundles/%s", json_text(one, "code"));
        json_array_append_new(told, json_pack("{s:s, s:O, s:O, s:O, s:O, s:O}", "path", path, "name", json_object_get(one, "name"), "name_en",
            json_object_get(one, "name_en"), "summary", json_object_get(one, "summary"), "summary_en", json_object_get(one, "summary_en"), "matter",
            json_object_get(one, "matter")));
    }
    return list ? told : (json_decref(told), NULL);
}

json_t *bundles_show(Request *r, GError **error)
{
    json_t *list = joint_bundles(&r->context, error);
    return list ? json_pack("{s:o, s:b}", "bundles", list, "none", json_array_size(list) == 0) : NULL;
}

json_t *bundle_show(Request *r, GError **error)
{
    g_autoptr(json_t) bundle = bundle_on(&r->context, r->path[0], error);
    return bundle ? bundle_guide(r, bundle, error) : NULL;
}

/* ---- found by everyday words ---- */

/* Either says the other: 开饭店 finds 我要开饭店, and 饭店 finds 开饭店. */
static bool says(const char *word, const char *typed)
{
    g_autofree char *folded = list_fold_closed(word);
    return *folded && (strstr(folded, typed) || strstr(typed, folded));
}

static bool is_meant(const json_t *bundle, const char *typed)
{
    g_auto(GStrv) words = g_strsplit(json_text(bundle, "keywords"), "|", -1);
    for (char **word = words; *word; word++)
        if (says(*word, typed))
            return true;
    return says(json_text(bundle, "name"), typed) || says(json_text(bundle, "name_en"), typed);
}

bool bundles_find(const Context *context, const char *query, json_t *found, GError **error)
{
    enum { LEAST = 2 }; /* characters: a single one is in nearly every name */
    size_t i;
    json_t *one;
    g_autofree char *typed = list_fold_closed(query);
    if (g_utf8_strlen(typed, -1) < LEAST)
        return true;
    g_autoptr(json_t) list = open_ones(context, error);
    json_array_foreach(list, i, one)
        if (is_meant(one, typed)) {
            json_t *told = json_pack("{s:o, s:O, s:O, s:O, s:O}", "path", json_sprintf("/bundles/%s", json_text(one, "code")), "name", json_object_get(one, "name"),
                "name_en", json_object_get(one, "name_en"), "summary", json_object_get(one, "summary"), "summary_en", json_object_get(one, "summary_en"));
            json_array_append_new(found, told);
        }
    return list != NULL;
}

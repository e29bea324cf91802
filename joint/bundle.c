// SPDX-License-Identifier: Apache-2.0
/* The bundles (一件事) of data/joint.csv: which items together make one matter of life, side by side (/) and one after the other (|), whose
 * result is the paper of which later item, and which are asked about first. The first item leads. */
#include "joint/life.h"

#include <string.h>

const char *const bundle_columns[] = { "code", "name", "name_en", "matter", "summary", "summary_en", "keywords", "stages", "results", "options", "basis", "origin", NULL };
const char *const bundle_matters[] = { "birth", "schooling", "work", "marriage", "housing", "business", "retirement", "death", "other", NULL };
enum { STAGES = 7, RESULTS, OPTIONS };
static const char *const result_keys[] = { "item", "material", "from" }, *const option_keys[] = { "item", "question", "question_en" };

/* ---- a line of the table ---- */

static json_t *texts_of(const char *cell, const char *separator)
{
    json_t *list = json_array();
    g_auto(GStrv) parts = g_strsplit(cell, separator, -1);
    for (char **part = parts; *part; part++)
        json_array_append_new(list, json_string(g_strstrip(*part)));
    return list;
}

static json_t *stages_of(const char *cell)
{
    json_t *list = json_array();
    g_auto(GStrv) stages = g_strsplit(cell, "|", -1);
    for (char **stage = stages; *stage; stage++)
        json_array_append_new(list, texts_of(*stage, "/"));
    return list;
}

/* "a;b;c|d;e;f" as a list of objects. */
static json_t *objects_of(const char *cell, const char *const *keys)
{
    json_t *list = json_array();
    g_auto(GStrv) entries = g_strsplit(cell, "|", -1);
    for (char **entry = entries; *entry; entry++) {
        g_auto(GStrv) parts = g_strsplit(*entry, ";", 3);
        json_t *one = json_object();
        for (guint i = 0; i < 3; i++)
            json_object_set_new(one, keys[i], json_string(i < g_strv_length(parts) ? g_strstrip(parts[i]) : ""));
        json_array_append_new(list, one);
    }
    return list;
}

json_t *bundle_of_row(const CsvTable *table, size_t row)
{
    json_t *bundle = json_object();
    for (size_t i = 0; bundle_columns[i]; i++)
        if (i < STAGES || i > OPTIONS)
            json_object_set_new(bundle, bundle_columns[i], json_string(csv_cell(table, row, i)));
    json_object_set_new(bundle, "stages", stages_of(csv_cell(table, row, STAGES)));
    json_object_set_new(bundle, "results", objects_of(csv_cell(table, row, RESULTS), result_keys));
    json_object_set_new(bundle, "options", objects_of(csv_cell(table, row, OPTIONS), option_keys));
    return bundle;
}

/* ---- which there are ---- */

json_t *bundles_on(Db *db, int64_t county, Day day, GError **error)
{
    (void)day;
    json_t *list = db_cache_get(db, county, "bundles");
    if (list)
        return list;
    const Embedded *file = embedded_find("data/joint.csv");
    g_autoptr(CsvTable) table = csv_read(file->bytes, file->size, bundle_columns, error);
    if (!table)
        return NULL;
    list = json_array();
    for (size_t row = 0; row < csv_rows(table); row++)
        json_array_append_new(list, bundle_of_row(table, row));
    db_cache_put(db, county, "bundles", list);
    return list;
}

json_t *bundle_on(const Context *context, const char *code, GError **error)
{
    size_t i;
    json_t *one;
    g_autoptr(json_t) all = bundles_on(context->db, context->county, day_of(context->now), error);
    json_array_foreach(all, i, one)
        if (strcmp(json_text(one, "code"), code) == 0)
            return json_incref(one);
    return all ? refuse(error, NOT_FOUND, "joint.no_bundle", NULL) : NULL;
}

const char *bundle_lead(const json_t *bundle)
{
    const char *lead = json_string_value(json_array_get(json_array_get(json_object_get(bundle, "stages"), 0), 0));
    return lead ? lead : "";
}

json_t *bundles_led_by(const Context *context, const char *item, GError **error)
{
    size_t i;
    json_t *one, *list = json_array();
    g_autoptr(json_t) all = bundles_on(context->db, context->county, day_of(context->now), error);
    json_array_foreach(all, i, one)
        if (strcmp(bundle_lead(one), item) == 0)
            json_array_append(list, one);
    return all ? list : (json_decref(list), NULL);
}

/* ---- what one applies for ---- */

bool bundle_names(const json_t *list, const char *text)
{
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)(uintptr_t)list, i, one)
        if (g_strcmp0(json_string_value(one), text) == 0)
            return true;
    return false;
}

const json_t *bundle_option(const json_t *bundle, const char *item)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(bundle, "options"), i, one)
        if (strcmp(json_text(one, "item"), item) == 0)
            return one;
    return NULL;
}

static bool is_chosen(const json_t *bundle, const char *item, const json_t *chosen)
{
    return !bundle_option(bundle, item) || bundle_names(chosen, item);
}

json_t *bundle_plan(const json_t *bundle, const json_t *chosen)
{
    size_t i, j;
    json_t *stage, *item, *one, *stages = json_array(), *results = json_array();
    json_array_foreach(json_object_get(bundle, "stages"), i, stage) {
        json_t *kept = json_array();
        json_array_foreach(stage, j, item)
            if (is_chosen(bundle, json_string_value(item), chosen))
                json_array_append(kept, item);
        if (json_array_size(kept))
            json_array_append(stages, kept);
        json_decref(kept);
    }
    json_array_foreach(json_object_get(bundle, "results"), i, one)
        if (is_chosen(bundle, json_text(one, "item"), chosen) && is_chosen(bundle, json_text(one, "from"), chosen))
            json_array_append(results, one);
    return json_pack("{s:o, s:o}", "stages", stages, "results", results);
}

json_t *bundle_results(const json_t *plan, const char *item)
{
    size_t i;
    json_t *one, *list = json_array();
    json_array_foreach(json_object_get(plan, "results"), i, one)
        if (strcmp(json_text(one, "item"), item) == 0)
            json_array_append(list, one);
    return list;
}

/* ---- whether it can be ---- */

/* The place of an item's stage from 0; SIZE_MAX where it is not in it. */
static size_t stage_of(const json_t *bundle, const char *item)
{
    size_t i;
    json_t *stage;
    json_array_foreach(json_object_get(bundle, "stages"), i, stage)
        if (bundle_names(stage, item))
            return i;
    return SIZE_MAX;
}

/* Do the items wait for each other in a circle through `item`? `path` becomes the way back to it. */
static bool waits_for_itself(const json_t *bundle, const char *item, const char *now, GPtrArray *path)
{
    size_t i;
    json_t *one;
    if (path->len > 1 && strcmp(item, now) == 0)
        return true;
    json_array_foreach(json_object_get(bundle, "results"), i, one) {
        const char *from = json_text(one, "from");
        if (strcmp(json_text(one, "item"), now) != 0 || path->len > (guint)(STAGES_MOST * PARTS_MOST))
            continue;
        g_ptr_array_add(path, (void *)(uintptr_t)from);
        if (waits_for_itself(bundle, item, from, path))
            return true;
        g_ptr_array_set_size(path, (gint)path->len - 1);
    }
    return false;
}

static bool has_no_circle(const json_t *bundle, GError **error)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(bundle, "results"), i, one) {
        g_autoptr(GPtrArray) path = g_ptr_array_new();
        g_ptr_array_add(path, (void *)(uintptr_t)json_text(one, "item"));
        if (!waits_for_itself(bundle, json_text(one, "item"), json_text(one, "item"), path))
            continue;
        g_ptr_array_add(path, NULL);
        g_autofree char *circle = g_strjoinv(" → ", (char **)path->pdata);
        return refuse_field(error, "results", "joint.bundle_circle", "circle", circle, NULL);
    }
    return true;
}

static Item *item_of(const Context *context, const char *code, GError **error)
{
    GError *why = NULL;
    Item *item = catalogue_item_on(context->db, context->county, code, day_of(context->now), &why);
    if (item)
        return item;
    g_autoptr(json_t) ever = catalogue_ever(context->db, context->county, code, NULL);
    g_clear_error(&why);
    return ever ? refuse_field(error, "stages", "joint.bundle_ended", "code", code, "item_name", json_text(ever, "name"), "item_name_en", json_text(ever, "name_en"), NULL)
                : refuse_field(error, "stages", "joint.bundle_unknown", "code", code, NULL);
}

static bool asks_for(const Item *item, const char *material)
{
    for (size_t i = 0; i < item->material_count; i++)
        if (strcmp(item->materials[i].name, material) == 0)
            return true;
    return false;
}

static bool results_fit(const Context *context, const json_t *bundle, GError **error)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(bundle, "results"), i, one) {
        const char *code = json_text(one, "item"), *from = json_text(one, "from"), *material = json_text(one, "material");
        size_t stage = stage_of(bundle, code), before = stage_of(bundle, from);
        if (stage == SIZE_MAX || before == SIZE_MAX)
            return refuse_field(error, "results", "joint.bundle_not_in", "code", stage == SIZE_MAX ? code : from, NULL);
        if (before >= stage)
            return refuse_field(error, "results", "joint.bundle_order", "code", from, "later", code, NULL);
        g_autoptr(Item) item = item_of(context, code, error);
        if (!item)
            return false;
        if (!asks_for(item, material))
            return refuse_field(error, "results", "joint.bundle_not_asked", "material", material, "item_name", item->name, "item_name_en", item->name_en, NULL);
    }
    return true;
}

/* Persons, or enterprises, may apply for all of them. */
static bool items_fit(const Context *context, const json_t *bundle, GError **error)
{
    size_t i, j;
    json_t *stage, *code;
    g_autoptr(json_t) seen = json_array();
    bool for_person = true, for_enterprise = true;
    json_array_foreach(json_object_get(bundle, "stages"), i, stage)
        json_array_foreach(stage, j, code) {
            g_autoptr(Item) item = item_of(context, json_string_value(code), error);
            if (!item)
                return false;
            if (bundle_names(seen, item->code))
                return refuse_field(error, "stages", "joint.bundle_twice", "code", item->code, NULL);
            json_array_append(seen, code);
            for_person = for_person && item->for_person;
            for_enterprise = for_enterprise && item->for_enterprise;
        }
    if (json_array_size(seen) < 2)
        return refuse_field(error, "stages", "joint.bundle_few", NULL);
    return for_person || for_enterprise || refuse_field(error, "stages", "joint.bundle_nobody", NULL);
}

static bool options_fit(const json_t *bundle, GError **error)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(bundle, "options"), i, one) {
        const char *code = json_text(one, "item");
        if (stage_of(bundle, code) == SIZE_MAX)
            return refuse_field(error, "options", "joint.bundle_not_in", "code", code, NULL);
        if (strcmp(bundle_lead(bundle), code) == 0 || !*json_text(one, "question"))
            return refuse_field(error, "options", "joint.bundle_option", "code", code, NULL);
    }
    return true;
}

static bool size_fits(const json_t *bundle, GError **error)
{
    size_t i;
    json_t *stage;
    const json_t *stages = json_object_get(bundle, "stages");
    bool fits = json_array_size(stages) >= 1 && json_array_size(stages) <= STAGES_MOST;
    json_array_foreach((json_t *)(uintptr_t)stages, i, stage)
        fits = fits && json_array_size(stage) <= PARTS_MOST;
    return fits || refuse_field(error, "stages", "joint.bundle_many", "stages", DECIMAL(STAGES_MOST), "items", DECIMAL(PARTS_MOST), NULL);
}

bool bundle_fits(const Context *context, const json_t *bundle, GError **error)
{
    return size_fits(bundle, error) && has_no_circle(bundle, error) && items_fit(context, bundle, error) && results_fit(context, bundle, error) &&
           options_fit(bundle, error);
}

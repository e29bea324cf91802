// SPDX-License-Identifier: Apache-2.0
/* Papers that come by themselves (数据共享): which of the sources that the rooms offer (Room.shares) a paper of an item names. */
#include "catalogue/room.h"

#include <string.h>

/* Owned by the caller. */
static json_t *sources_of(const Context *context, GError **error)
{
    g_autoptr(json_t) sources = json_array();
    for (const Room *const *room = context->rooms; room && *room; room++)
        if ((*room)->shares && !(*room)->shares(context, sources, error))
            return NULL;
    return g_steal_pointer(&sources);
}

static json_t *source_named(const json_t *sources, const char *code)
{
    size_t i;
    json_t *source;
    json_array_foreach((json_t *)sources, i, source)
        if (strcmp(json_text(source, "code"), code) == 0)
            return source;
    return NULL;
}

static bool names_any(const json_t *materials)
{
    size_t i;
    json_t *material;
    json_array_foreach((json_t *)materials, i, material)
        if (*json_text(material, "shared_by"))
            return true;
    return false;
}

json_t *shared_materials(const Context *context, const json_t *fields, GError **error)
{
    size_t i;
    json_t *material;
    json_t *own = json_object_get(fields, "materials");
    if (!names_any(own))
        return json_incref(own);
    g_autoptr(json_t) sources = sources_of(context, error), told = json_array();
    json_array_foreach(sources ? own : NULL, i, material) {
        json_t *source = source_named(sources, json_text(material, "shared_by")), *shown = json_copy(material);
        if (source)
            json_object_set(shown, "shared", source);
        json_array_append_new(told, shown);
    }
    return sources ? g_steal_pointer(&told) : NULL;
}

/* A centre whose rooms are not known, as those of a table's own tests, judges nothing. */
bool shared_fits(const Context *context, const json_t *fields, GError **error)
{
    size_t i;
    json_t *material;
    const json_t *materials = json_object_get(fields, "materials");
    if (!context->rooms || !names_any(materials))
        return true;
    g_autoptr(json_t) sources = sources_of(context, error);
    if (!sources)
        return false;
    json_array_foreach((json_t *)materials, i, material) {
        const char *code = json_text(material, "shared_by");
        if (*code && !source_named(sources, code))
            return refuse(error, CONFLICT, "catalogue.no_source", "code", code, "name", json_text(material, "name"), "name_en",
                          json_text(material, "name_en"), NULL);
    }
    return true;
}

json_t *catalogue_shared(const Context *context, const Item *item, GError **error)
{
    return shared_materials(context, item->details, error);
}

/* ---- at the desk: which source a paper names ---- */

const Field desk_shared_fields[] = {
    { .name = "version", .kind = FIELD_INTEGER, .least = 1, .most = INT32_MAX, .required = true, .look = LOOK_HIDDEN, .value = "newest" },
    { .name = "material", .most = 100, .required = true, .options = "materials.name" },
    { .name = "shared_by", .most = 40, .options = "sources.code", .option_label = "catalogue.shared.choice", .empty = "catalogue.shared.nobody" },
    { 0 },
};

json_t *desk_shared(Request *r, GError **error)
{
    g_auto(Version) newest = { 0 };
    if (!item_newest(r->context.db, r->context.county, r->path[0], &newest, error))
        return NULL;
    g_autoptr(json_t) sources = sources_of(&r->context, error);
    g_autoptr(json_t) materials = sources ? shared_materials(&r->context, newest.fields, error) : NULL;
    bool keeps = desk_may_keep(&r->context, json_number(newest.fields, "organ")) && strcmp(newest.state, "retired") != 0;
    return materials ? json_pack("{s:s, s:s, s:s, s:I, s:b, s:b, s:O, s:O, s:b}", "code", r->path[0], "name", json_text(newest.fields, "name"), "name_en",
                                 json_text(newest.fields, "name_en"), "newest", (json_int_t)newest.version, "waits", strcmp(newest.state, "draft") == 0,
                                 "may_keep", keeps, "materials", materials, "sources", sources, "has_sources", json_array_size(sources) > 0)
                     : NULL;
}

/* The papers, one of them with another source; NULL: there is no such paper. */
static json_t *with_source(const json_t *materials, const char *name, const char *code)
{
    size_t i;
    json_t *changed = json_deep_copy(materials), *material, *found = NULL;
    json_array_foreach(changed, i, material)
        found = strcmp(json_text(material, "name"), name) == 0 ? material : found;
    if (found && *code)
        json_object_set_new(found, "shared_by", json_string(code));
    else if (found)
        json_object_del(found, "shared_by");
    if (!found)
        g_clear_pointer(&changed, json_decref);
    return changed;
}

json_t *desk_shared_set(Request *r, GError **error)
{
    g_auto(Version) newest = { 0 };
    const char *code = json_text(r->fields, "shared_by");
    if (!desk_may_revise(r, &newest, error))
        return NULL;
    json_t *materials = with_source(json_object_get(newest.fields, "materials"), json_text(r->fields, "material"), code);
    if (!materials)
        return refuse_field(error, "material", "catalogue.no_paper", NULL);
    g_autoptr(json_t) fields = json_copy(newest.fields);
    json_object_set_new(fields, "materials", materials);
    if (json_equal(fields, newest.fields))
        return refuse_field(error, "shared_by", "catalogue.shared_same", NULL);
    if (!shared_fits(&r->context, fields, error) || !item_redraft(&r->context, fields, &newest, &newest, error))
        return NULL;
    return json_pack("{s:s, s:I}", "code", r->path[0], "version", (json_int_t)newest.version);
}

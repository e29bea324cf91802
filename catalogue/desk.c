// SPDX-License-Identifier: Apache-2.0
/* The desk of who keeps the catalogue (事项管理员): all items with what waits to be published, the
 * versions of one with their differences, publishing, and taking a table in. */
#include "catalogue/room.h"

#include <string.h>

static const char none[] = "-"; /* of a day that is not set, as its form carries it along */

/* ---- who may ---- */

bool desk_may_keep(const Context *context, int64_t organ)
{
    int64_t county = division_county(context->county);
    return identity_may(context->actor, CATALOGUER, CENTRE_ORGAN, county) ||
           identity_may(context->actor, CATALOGUER, organ, county);
}

bool desk_must_keep(const Context *context, const char *code, const char *reason, GError **error)
{
    g_auto(Version) newest = { 0 };
    return item_newest(context->db, context->county, code, &newest, error) &&
           (desk_may_keep(context, json_number(newest.fields, "organ")) || refuse(error, NOT_ALLOWED, reason, NULL));
}

/* ---- all items ---- */

const Field desk_fields[] = { LIST_FIELDS, { .name = "organ", .kind = FIELD_INTEGER, .most = 999999 }, { 0 } };

static const ListColumn columns[] = {
    { "code", LIST_TEXT },
    { "name", LIST_TEXT, .is_head = true },
    { "name_en", LIST_TEXT, LIST_EXPORTED },
    { "organ", LIST_ORGAN },
    { "version", LIST_INTEGER },
    { "item_state", LIST_WORD },
    { "made_at", LIST_INSTANT },
    { "published", LIST_INTEGER, LIST_EXPORTED },
    { "since_day", LIST_DAY },
    { "search", LIST_FOLDED, LIST_UNSHOWN },
    { 0 },
};

static const ListFilter filters[] = { { "organ", "organ", LIST_EQUAL }, { 0 } };
static const ListOrder orders[] = {
    { "organ", { "organ", "code" } }, { "code", { "code" } }, { "made", { "made_at", "code" }, true }, { "since", { "since_day", "code" }, true }, { 0 }
};
static const ListTab tabs[] = {
    { .name = "items", .counted = true },
    { .name = "items_waiting", .scopes = { { { NULL }, "item_state = 'draft'" } }, .counted = true },
    { 0 },
};

const ListSpec desk_items = {
    .name = "items_desk", .room = "catalogue", .path = "/desk/items", .table = "item_desk", .key = "code", .columns = columns,
    .fields = desk_fields, .filters = filters, .orders = orders, .tabs = tabs, .search.contains = "search",
    .link = "/desk/items/{code}",
};

/* The head and the first item of the table that the program brings along: text. */
static json_t *example_table(void)
{
    const Embedded *items = embedded_find("data/items.csv");
    const char *head_end = strchr(items->bytes, '\n'), *row_end = strchr(head_end + 1, '\n');
    return json_stringn(items->bytes, (size_t)(row_end - items->bytes));
}

json_t *desk_list(Request *r, GError **error)
{
    Day reform;
    json_t *answer = catalogue_reform_day(r->context.db, r->context.county, &reform, error) ? list_show(r, &desk_items, error) : NULL;
    if (!answer)
        return NULL;
    if (!follow_put_orphans(&r->context, answer, error)) {
        json_decref(answer);
        return NULL;
    }
    json_put_day(answer, "reform_day", reform);
    json_object_set_new(answer, "reform_shown", json_string(reform == DAY_NONE ? none : DAY_WRITTEN(reform)));
    json_object_set_new(answer, "may_import", json_boolean(desk_may_keep(&r->context, CENTRE_ORGAN)));
    json_put_day(answer, "since", day_of(r->context.now));
    if (answer_is_page(r))
        json_object_set_new(answer, "example", example_table());
    return answer;
}

/* ---- one item with its versions ---- */

/* The version before this one that is in force, was, or is still to come; NULL: there is none. */
static const json_t *version_before(const json_t *versions, size_t place)
{
    while (++place < json_array_size(versions)) {
        const json_t *version = json_array_get(versions, place);
        if (strcmp(json_text(version, "standing"), "given_up") != 0 && !json_flag(version, "is_replaced"))
            return version;
    }
    return NULL;
}

/* The fields of all versions, written as text, become objects. */
static bool read_fields(const Request *r, const json_t *versions, GError **error)
{
    size_t i;
    json_t *version;
    json_array_foreach((json_t *)versions, i, version) {
        json_t *fields = item_lists.read(json_text(version, "fields"), error);
        if (!fields)
            return false;
        json_object_set_new(version, "fields", fields);
        json_object_set_new(version, "keeping", guide_keeping(&r->context, fields));
        if (!item_lists.name_values(r, fields, error))
            return false;
    }
    return true;
}

/* The first version is all new; only later ones are worth comparing. */
static void put_changes(const Request *r, const json_t *versions, size_t place)
{
    json_t *list = json_array(), *version = json_array_get(versions, place), *change;
    const json_t *before = version_before(versions, place);
    const char *field;
    g_autoptr(json_t) changes = versioned_changes(json_object_get(before, "fields"), json_object_get(version, "fields"));
    json_object_set_new(version, "is_first", json_boolean(!before));
    json_object_set_new(version, "changes", list);
    json_object_set(version, "before", json_object_get(before, "version"));
    json_object_foreach(changes, field, change)
        if (before)
            json_array_append_new(list, versioned_change(r, &item_lists, field, json_object_get(change, "from"), json_object_get(change, "to")));
    json_object_del(version, "fields");
}

/* Versions stand without gap, the newest first. */
static bool put_events(const Context *context, const char *code, const json_t *versions, GError **error)
{
    g_autofree char *subject = g_strconcat("item/", code, NULL);
    g_autoptr(json_t) events = ledger_events(context->db, context->county, subject, 0, error);
    size_t i;
    json_t *event;
    json_array_foreach(events, i, event) {
        int64_t number = json_number(json_object_get(event, "payload"), "version");
        json_t *version = json_array_get(versions, json_array_size(versions) - (size_t)number);
        bool drafted = strcmp(json_text(event, "kind"), "item.drafted") == 0;
        if (drafted || strcmp(json_text(event, "kind"), "item.published") == 0)
            json_object_set_new(version, drafted ? "made_by" : "published_by", identity_event_actor(context, event));
    }
    return events != NULL;
}

/* The newest version of that standing; NULL: none. */
static json_t *version_standing(const json_t *versions, const char *standing)
{
    size_t i;
    json_t *version;
    json_array_foreach((json_t *)versions, i, version)
        if (strcmp(json_text(version, "standing"), standing) == 0)
            return version;
    return NULL;
}

enum { CHANGES_SHOWN = 1000 };

/* The item is called as the version in force calls it, which another one may already be announced to replace. */
static json_t *item_json(const Context *context, const char *code, json_t *versions, GError **error)
{
    json_t *newest = json_array_get(versions, 0), *present = version_standing(versions, "in_force");
    const json_t *shown = present ? present : newest;
    int64_t organ = json_number(newest, "organ");
    g_autoptr(json_t) held = identity_organ(context->db, context->county, json_number(shown, "organ"), error);
    g_autoptr(json_t) of_item = json_pack("{s:s}", "item", code);
    g_autoptr(json_t) records = held ? changes_list(context->db, context->county, of_item, 0, CHANGES_SHOWN, error) : NULL;
    bool waits = strcmp(json_text(newest, "standing"), "draft") == 0, comes = strcmp(json_text(newest, "standing"), "coming") == 0;
    bool gone = strcmp(json_text(newest, "state"), "retired") == 0, keeps = desk_may_keep(context, organ);
    if (!records)
        return NULL;
    return json_pack("{s:O, s:b, s:b, s:b, s:s, s:O, s:O, s:O, s:O, s:O, s:b, s:b, s:b, s:O*, s:O, s:s}", "records", records,
                     "recorded", json_array_size(records) > 0, "gone", gone, "may_change", keeps && !gone, "code", code, "name",
                     json_object_get(shown, "name"), "name_en", json_object_get(shown, "name_en"), "organ_name",
                     json_object_get(held, "name"), "organ_name_en", json_object_get(held, "name_en"), "newest",
                     json_object_get(newest, "version"), "waits", waits, "comes", comes, "may_publish", (waits || comes) && keeps,
                     "coming", version_standing(versions, "coming"), "versions", versions, "since",
                     DAY_WRITTEN(day_of(context->now)));
}

json_t *desk_item(Request *r, GError **error)
{
    const Context *context = &r->context;
    const char *code = r->path[0];
    g_autoptr(json_t) versions = versioned_versions(context->db, context->county, &item_lists, code, day_of(context->now), INT64_MAX, error);
    if (!versions)
        return NULL;
    if (!json_array_size(versions))
        return refuse(error, NOT_FOUND, "catalogue.no_item_at_all", "code", code, NULL);
    if (!read_fields(r, versions, error) || !put_events(context, code, versions, error))
        return NULL;
    for (size_t i = 0; i < json_array_size(versions); i++)
        put_changes(r, versions, i);
    return item_json(context, code, versions, error);
}

json_t *desk_difference(Request *r, GError **error)
{
    g_auto(Version) newest = { 0 };
    g_autofree char *back = g_strconcat("/desk/items/", r->path[0], NULL), *path = g_strconcat(back, "/difference", NULL);
    if (!item_newest(r->context.db, r->context.county, r->path[0], &newest, error))
        return NULL;
    const VersionedPage page = { r->path[0], json_text(newest.fields, "name"), json_text(newest.fields, "name_en"), path, back };
    return versioned_difference(r, &item_lists, &page, error);
}

/* ---- publishing ---- */

const Field desk_publish_fields[] = {
    { .name = "version", .kind = FIELD_INTEGER, .least = 1, .most = INT32_MAX, .required = true, .look = LOOK_HIDDEN, .value = "newest" },
    VERSIONED_SINCE_FIELD,
    { 0 },
};

json_t *desk_publish(Request *r, GError **error)
{
    int64_t version = json_number(r->fields, "version");
    if (!desk_must_keep(&r->context, r->path[0], "catalogue.not_your_items", error) ||
        !item_release(&r->context, r->path[0], version, versioned_since(r), error))
        return NULL;
    return json_pack("{s:s, s:I}", "code", r->path[0], "version", (json_int_t)version);
}

/* ---- a table ---- */

enum { TABLE_MOST = 8 * 1024 * 1024 };

const Field desk_import_fields[] = {
    { .name = "table", .kind = FIELD_FILES, .most = 1, .bytes = TABLE_MOST, .required = true, .accept = TABLE_TYPES },
    { .name = "publish", .kind = FIELD_FLAG },
    VERSIONED_SINCE_FIELD,
    { 0 },
};

json_t *desk_import(Request *r, GError **error)
{
    g_autofree char *bytes = NULL;
    gsize length;
    int64_t changed;
    if (!desk_may_keep(&r->context, CENTRE_ORGAN))
        return refuse(error, NOT_ALLOWED, "catalogue.not_your_table", NULL);
    if (r->uploads[0].size > TABLE_MOST)
        return refuse_field(error, "table", "catalogue.table_large", NULL);
    Day since = json_flag(r->fields, "publish") ? versioned_since(r) : DAY_NONE;
    if (!g_file_get_contents(r->uploads[0].path, &bytes, &length, error) ||
        !catalogue_import(&r->context, bytes, length, since, &changed, error))
        return NULL;
    return json_pack("{s:I}", "changed", (json_int_t)changed);
}

static const char *const formats[] = { "csv", "xlsx", NULL };

const Field desk_table_fields[] = {
    { .name = "format", .kind = FIELD_CHOICE, .choices = formats, .look = LOOK_NONE },
    { 0 },
};

json_t *desk_table(Request *r, GError **error)
{
    static const enum cell_kind kinds[ITEM_COLUMNS] = { CELL_TEXT };
    const char *names[ITEM_COLUMNS + 1], *format = json_text(r->fields, "format");
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    if (!catalogue_export(&r->context, names, rows, error))
        return NULL;
    return answer_table(r, &(ViewTable){ ITEM_COLUMNS, names, kinds, rows }, "items", *format ? format : formats[0], error);
}

/* ---- changes that a normative document orders, and the day with which figures are compared ---- */

const Field record_fields[] = {
    { .name = "kind", .kind = FIELD_CHOICE, .required = true, .choices = change_kind_names + CHANGE_ADDED, .codes = "change_kind" },
    { .name = "day", .kind = FIELD_DAY, .required = true },
    { .name = "document", .most = 200, .required = true, .missing = "catalogue.change_document" },
    { .name = "document_number", .most = 60, .required = true, .missing = "catalogue.change_document_number" },
    { .name = "level", .kind = FIELD_CHOICE, .choices = change_levels, .codes = "change_level", .hint = "catalogue.record.level_hint" },
    { .name = "power_source", .kind = FIELD_CHOICE, .choices = change_sources, .codes = "power_source", .shown_when = "kind=delegated" },
    { .name = "into", .most = 40, .look = LOOK_EXACT, .shown_when = "kind=merged" },
    { 0 },
};

json_t *record_change(Request *r, GError **error)
{
    ItemChange change = { .kind = (enum change_kind)name_place(change_kind_names, json_text(r->fields, "kind")), .item = r->path[0],
                          .day = day_parse(json_text(r->fields, "day")), .document = json_text(r->fields, "document"),
                          .document_number = json_text(r->fields, "document_number"),
                          .level = json_text(r->fields, "level"), .into = json_text(r->fields, "into"),
                          .source = json_text(r->fields, "power_source") };
    if (!desk_must_keep(&r->context, r->path[0], "catalogue.not_your_change", error) || !catalogue_change(&r->context, &change, error))
        return NULL;
    return json_pack("{s:s, s:I}", "code", r->path[0], "change", (json_int_t)change.number);
}

const Field reform_fields[] = {
    { .name = "day", .kind = FIELD_DAY, .required = true, .label = "catalogue.reform.title", .value = "reform_day", .missing = "catalogue.reform_day" },
    SETTING_SEEN("reform_shown"),
    { 0 },
};

json_t *record_reform(Request *r, GError **error)
{
    const char *day = json_text(r->fields, "day");
    if (!desk_may_keep(&r->context, CENTRE_ORGAN))
        return refuse(error, NOT_ALLOWED, "catalogue.not_your_reform", NULL);
    Day before;
    if (!catalogue_reform_day(r->context.db, r->context.county, &before, error) || !setting_is_fresh(r, before == DAY_NONE ? none : DAY_WRITTEN(before), error) ||
        !catalogue_reform(&r->context, day_parse(day), error))
        return NULL;
    return json_pack("{s:s}", "day", day);
}

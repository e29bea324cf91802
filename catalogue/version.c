// SPDX-License-Identifier: Apache-2.0
/* The life of an item: drafted, published, replaced by its next version. Each is an event. */
#include "catalogue/room.h"

#include <string.h>

/* ---- what changed ---- */

static void add_changes(json_t *changes, const json_t *from, const json_t *to)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)to, name, value)
    {
        json_t *before = json_object_get(from, name);
        if (json_equal(before, value))
            continue;
        json_object_set_new(changes, name, json_pack("{s:O?, s:O}", "from", before, "to", value));
    }
}

json_t *item_changes(const json_t *before, const json_t *after)
{
    json_t *changes = json_object();
    add_changes(changes, before, after);
    return changes;
}

/* ---- events ---- */

bool item_append(const Context *context, const char *kind, const json_t *fields,
                 const json_t *payload, GError **error)
{
    const char *code = json_text(fields, "code");
    g_autofree char *subject = g_strconcat("item/", code, NULL);
    g_autofree char *text = json_canonical(payload);
    Event event = { .subject = subject,
                    .kind = kind,
                    .item = code,
                    .organ = json_number(fields, "organ"),
                    .division = division_county(context->county),
                    .actor_kind = context->actor->kind,
                    .actor = context->actor->id,
                    .at = context->now,
                    .payload = text };
    return ledger_append(context, &event, -1, error);
}

static bool append_drafted(const Context *context, const json_t *fields, const ItemVersion *newest,
                           GError **error)
{
    g_autoptr(json_t) payload =
        json_pack("{s:I, s:o}", "version", (json_int_t)newest->version + 1, "changes",
                  item_changes(newest->fields, fields));
    return item_append(context, "item.drafted", fields, payload, error);
}

static bool append_published(const Context *context, const ItemVersion *newest, int64_t retired,
                             GError **error)
{
    g_autoptr(json_t) payload = json_pack("{s:I, s:I}", "version", (json_int_t)newest->version,
                                          "retired", (json_int_t)retired);
    return item_append(context, "item.published", newest->fields, payload, error);
}

/* ---- the two acts ---- */

static bool write_draft(const Context *context, const Pinyin *pinyin, const json_t *fields,
                        const ItemVersion *newest, GError **error)
{
    g_auto(SearchText) search = { 0 };
    search_text_of(pinyin, fields, &search);
    return item_insert(context, fields, newest->version + 1, &search, error) &&
           append_drafted(context, fields, newest, error);
}

bool item_redraft(const Context *context, const json_t *fields, const ItemVersion *newest, GError **error)
{
    return item_vary(context, fields, newest->version, newest->version + 1, error) &&
           append_drafted(context, fields, newest, error);
}

void item_put_standing(json_t *fields, const json_t *before)
{
    json_object_set_new(fields, "in_centre", json_boolean(!before || json_flag(before, "in_centre")));
    json_object_set_new(fields, "taken_over", json_string(json_text(before, "taken_over")));
}

bool item_draft(const Context *context, const Pinyin *pinyin, const json_t *given, bool *changed,
                int64_t *waiting, GError **error)
{
    g_auto(ItemVersion) newest = { 0 };
    g_autoptr(json_t) fields = json_copy((json_t *)given);
    if (!item_newest(context->db, context->county, json_text(fields, "code"), &newest, error))
        return false;
    item_put_standing(fields, newest.fields);
    *changed = !json_equal(newest.fields, fields);
    if (*changed)
        *waiting = newest.version + 1;
    else
        *waiting = strcmp(newest.state, "draft") == 0 ? newest.version : 0;
    return !*changed || write_draft(context, pinyin, fields, &newest, error);
}

static bool may_release(const ItemVersion *newest, const char *code, int64_t version,
                        GError **error)
{
    g_autofree char *there = g_strdup_printf("%" PRId64, newest->version);
    if (!newest->version)
        return refuse(error, NOT_FOUND, "catalogue.no_item", "code", code, NULL);
    if (newest->version != version)
        return refuse(error, CONFLICT, "catalogue.not_newest", "newest", there, NULL);
    return strcmp(newest->state, "draft") == 0 ||
           refuse(error, CONFLICT, "catalogue.published_already", "version", there, NULL);
}

bool item_enforce(const Context *context, const ItemVersion *newest, Day day, int64_t *retired, GError **error)
{
    return item_publish(context, json_text(newest->fields, "code"), newest->version, day, retired, error) &&
           append_published(context, newest, *retired, error);
}

bool item_release(const Context *context, const char *code, int64_t version, GError **error)
{
    g_auto(ItemVersion) newest = { 0 };
    int64_t retired;
    ItemChange change = { .item = code, .day = day_of(context->now), .document = "", .document_number = "",
                          .level = "", .into = "" };
    if (!item_newest(context->db, context->county, code, &newest, error) ||
        !may_release(&newest, code, version, error) || !item_enforce(context, &newest, change.day, &retired, error))
        return false;
    change.kind = retired ? CHANGE_REVISED : CHANGE_LISTED;
    return change_insert(context, &change, version, error);
}

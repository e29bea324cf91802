// SPDX-License-Identifier: Apache-2.0
/* The life of an item: drafted, published, replaced by its next version. Each is an event. */
#include "catalogue/room.h"

#include <string.h>

VersionedSubject item_subject(const json_t *fields)
{
    const char *code = json_text(fields, "code");
    return (VersionedSubject){ code, code, json_number(fields, "organ") };
}

/* ---- the two acts ---- */

static bool write_draft(const Context *context, const Pinyin *pinyin, const json_t *fields, const ItemVersion *newest, GError **error)
{
    g_auto(SearchText) search = { 0 };
    const VersionedSubject subject = item_subject(fields);
    search_text_of(pinyin, fields, &search);
    return item_insert(context, fields, newest->version + 1, &search, error) &&
           versioned_drafted(context, &item_lists, &subject, newest->version + 1, newest->fields, fields, error);
}

bool item_redraft(const Context *context, const json_t *fields, const ItemVersion *base, ItemVersion *newest, GError **error)
{
    const VersionedSubject subject = item_subject(fields);
    if (!item_vary(context, fields, base->version, newest->version + 1, error) ||
        !versioned_drafted(context, &item_lists, &subject, newest->version + 1, base->fields, fields, error))
        return false;
    json_t *kept = json_incref((json_t *)fields);
    json_decref(newest->fields);
    newest->fields = kept;
    newest->version++;
    return true;
}

/* Changes alone set where an item is handled and from whom it was taken over; a new one is handled in the centre. */
static void put_standing(json_t *fields, const json_t *before)
{
    json_object_set_new(fields, "in_centre", json_boolean(!before || json_flag(before, "in_centre")));
    json_object_set_new(fields, "taken_over", json_string(json_text(before, "taken_over")));
}

/* A draft, or a version to come that may come earlier. */
static bool may_begin_on(const ItemVersion *newest, Day day)
{
    return strcmp(newest->state, "draft") == 0 || (strcmp(newest->state, "published") == 0 && newest->since > day);
}

bool item_draft(const Context *context, const Pinyin *pinyin, const json_t *given, Day since, bool *changed, int64_t *waiting,
                GError **error)
{
    g_auto(ItemVersion) newest = { 0 };
    g_autoptr(json_t) fields = json_copy((json_t *)given);
    if (!item_newest(context->db, context->county, json_text(fields, "code"), &newest, error))
        return false;
    put_standing(fields, newest.fields);
    *changed = !json_equal(newest.fields, fields);
    if (*changed)
        *waiting = newest.version + 1;
    else
        *waiting = may_begin_on(&newest, since) ? newest.version : 0;
    return !*changed || write_draft(context, pinyin, fields, &newest, error);
}

static bool may_release(const ItemVersion *newest, const char *code, int64_t version, Day day, GError **error)
{
    g_autofree char *there = g_strdup_printf("%" PRId64, newest->version);
    if (!newest->version)
        return refuse(error, NOT_FOUND, "catalogue.no_item", "code", code, NULL);
    if (newest->version != version)
        return refuse(error, CONFLICT, "catalogue.not_newest", "newest", there, NULL);
    return may_begin_on(newest, day) ||
           refuse(error, CONFLICT, "catalogue.published_already", "version", there, NULL);
}

bool item_enforce(const Context *context, const ItemVersion *newest, Day day, int64_t *retired, GError **error)
{
    const VersionedSubject subject = item_subject(newest->fields);
    return versioned_enforce(context, &item_lists, &subject, newest->version, day, retired, error) &&
           item_desk_put(context, subject.list, error);
}

bool item_release(const Context *context, const char *code, int64_t version, Day day, GError **error)
{
    g_auto(ItemVersion) newest = { 0 };
    int64_t retired;
    ItemChange change = { .item = code, .day = day, .document = "", .document_number = "", .level = "", .into = "" };
    if (!item_newest(context->db, context->county, code, &newest, error) || !may_release(&newest, code, version, day, error) ||
        !versioned_may_begin(context, day, error))
        return false;
    if (strcmp(newest.state, "draft") != 0 && !item_redraft(context, newest.fields, &newest, &newest, error))
        return false;
    if (!item_enforce(context, &newest, day, &retired, error))
        return false;
    change.kind = retired ? CHANGE_REVISED : CHANGE_LISTED;
    return change_insert(context, &change, newest.version, error);
}

// SPDX-License-Identifier: Apache-2.0
/* The life of an item: drafted, published, replaced by its next version. Each is an event. */
#include "catalogue/room.h"

#include <string.h>

VersionedSubject item_subject(const json_t *fields)
{
    const char *code = json_text(fields, "code");
    return (VersionedSubject){ code, code, json_number(fields, "organ") };
}

bool item_redraft(const Context *context, const json_t *fields, const Version *base, Version *newest, GError **error)
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

static void append_phrase(GString *list, const char *phrase)
{
    g_string_append_printf(list, list->len ? "%s|" : "|%s|", phrase);
}

static void append_pinyin(const Pinyin *pinyin, const char *text, GString *spelt, GString *initials)
{
    g_autofree char *syllables = pinyin_of(pinyin, text), *first = pinyin_initials(syllables);
    append_phrase(spelt, syllables);
    append_phrase(initials, first);
}

static json_t *search_text_of(const Pinyin *pinyin, const json_t *fields)
{
    g_autoptr(GString) keywords = g_string_new(NULL), spelt = g_string_new(NULL), initials = g_string_new(NULL);
    g_autofree char *summaries = g_strconcat(json_text(fields, "summary"), " ", json_text(fields, "summary_en"), NULL);
    g_autofree char *name = list_fold_closed(json_text(fields, "name")), *words = list_fold(json_text(fields, "name_en"));
    g_autofree char *text = list_fold(summaries);
    g_auto(GStrv) everyday = g_strsplit(json_text(fields, "keywords"), "|", -1);
    append_pinyin(pinyin, name, spelt, initials);
    for (size_t i = 0; everyday[i]; i++) {
        g_autofree char *folded = list_fold(everyday[i]);
        if (!*folded)
            continue;
        append_phrase(keywords, folded);
        append_pinyin(pinyin, folded, spelt, initials);
    }
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "search_name", name, "search_words", words, "search_keywords",
                     keywords->str, "search_pinyin", spelt->str, "search_initials", initials->str, "search_text", text);
}

/* A draft, or a version to come that may come earlier. */
static bool may_begin_on(const Version *newest, Day day)
{
    return strcmp(newest->state, "draft") == 0 || (strcmp(newest->state, "published") == 0 && newest->since > day);
}

/* The form is no part of a table: it stays, and a new item has the one that the program brings along for it. */
static void keep_form(json_t *fields, const Version *newest)
{
    g_autoptr(json_t) form = newest->version ? json_incref(json_object_get(newest->fields, "form")) : item_shipped_form(fields);
    if (form)
        json_object_set(fields, "form", form);
}

/* Changes alone set where an item is handled and from whom it was taken over; a new one is handled in the centre. */
bool item_draft(const Context *context, const Pinyin *pinyin, const json_t *given, Day since, bool *changed, int64_t *waiting,
                GError **error)
{
    g_auto(Version) newest = { 0 };
    g_autoptr(json_t) fields = json_copy((json_t *)given);
    const VersionedSubject subject = item_subject(fields);
    if (!versioned_newest(context->db, context->county, &item_lists, subject.list, &newest, error))
        return false;
    json_object_set_new(fields, "in_centre", json_boolean(!newest.version || json_flag(newest.fields, "in_centre")));
    json_object_set_new(fields, "taken_over", json_string(json_text(newest.fields, "taken_over")));
    keep_form(fields, &newest);
    *changed = !json_equal(newest.fields, fields);
    if (!*changed) {
        *waiting = may_begin_on(&newest, since) ? newest.version : 0;
        return true;
    }
    *waiting = newest.version + 1;
    g_autoptr(json_t) search = search_text_of(pinyin, fields);
    return item_insert(context, fields, *waiting, search, error) &&
           versioned_drafted(context, &item_lists, &subject, *waiting, newest.fields, fields, error);
}

/* A version that was drafted before its organ ended cannot come in force after that. */
static bool organ_goes_on(const Context *context, int64_t number, GError **error)
{
    g_autoptr(GError) none = NULL;
    g_autoptr(json_t) organ = identity_organ(context->db, context->county, number, &none);
    if (!organ)
        return trouble_is(&none, NOT_FOUND, error);
    return !json_number(organ, "ended") || refuse(error, CONFLICT, "catalogue.organ_ended", "organ_name", json_text(organ, "name"), "organ_name_en",
                                                  json_text(organ, "name_en"), NULL);
}

bool item_enforce(const Context *context, const Version *newest, Day day, int64_t *retired, GError **error)
{
    const VersionedSubject subject = item_subject(newest->fields);
    return organ_goes_on(context, subject.organ, error) && versioned_enforce(context, &item_lists, &subject, newest->version, day, retired, error) &&
           item_desk_put(context, subject.list, error);
}

static bool may_release(const Version *newest, int64_t version, Day day, GError **error)
{
    if (newest->version != version)
        return refuse(error, CONFLICT, "catalogue.not_newest", "newest", DECIMAL(newest->version), NULL);
    return may_begin_on(newest, day) || refuse(error, CONFLICT, "catalogue.published_already", "version", DECIMAL(newest->version), NULL);
}

bool item_release(const Context *context, const char *code, int64_t version, Day day, GError **error)
{
    g_auto(Version) newest = { 0 };
    int64_t retired;
    ItemChange change = { .item = code, .day = day, .document = "", .document_number = "", .level = "", .into = "" };
    if (!item_newest(context->db, context->county, code, &newest, error) || !may_release(&newest, version, day, error) ||
        !versioned_may_begin(context, day, error) || !shared_fits(context, newest.fields, error) ||
        (strcmp(newest.state, "draft") != 0 && !item_redraft(context, newest.fields, &newest, &newest, error)) ||
        !item_enforce(context, &newest, day, &retired, error))
        return false;
    change.kind = retired ? CHANGE_REVISED : CHANGE_LISTED;
    return change_insert(context, &change, newest.version, error);
}

// SPDX-License-Identifier: Apache-2.0
/* A correction notice may name fields of the application form (补正): they alone open again, each with a remark, and what is answered now is held
 * against the whole form. The questions of the situation stay: another answer to them makes another application. */
#include "cases/findings.h"
#include "cases/papers.h"

#include <string.h>

enum { REMARK_MOST = 200 };

json_t *reopened_of(const Case *self)
{
    return self->asked_fields && *self->asked_fields ? json_loads(self->asked_fields, 0, NULL) : NULL;
}

static const char *first_text(const json_t *given, const char *name)
{
    const json_t *one = json_object_get(given, name);
    const char *text = json_string_value(json_is_array(one) ? json_array_get(one, 0) : one);
    return text ? text : "";
}

static bool is_field(const json_t *fields, const char *name)
{
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)(uintptr_t)fields, i, one)
        if (strcmp(json_text(one, "field"), name) == 0)
            return true;
    return false;
}

/* An error for each name that is none of these fields. */
static void add_unknown(const json_t *names, const json_t *fields, const char *at, json_t *errors)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)names, name, value)
        if (!is_field(fields, name))
            json_array_append_new(errors, json_pack("{s:s, s:s+, s:s, s:s, s:s}", "field", name, "at", at, name, "reason", "forms.unknown", "label", name, "label_en", name));
}

/* ---- asking ---- */

bool reopened_is_asked(const SubjectInput *input)
{
    return json_object_size(json_object_get(input->fields, "ask")) || json_object_size(json_object_get(input->fields, "remark"));
}

/* A field is asked for where it is ticked, or where something is said of it. */
static void ask_field(const json_t *field, const json_t *input, json_t *asked, json_t *errors)
{
    const char *name = json_text(field, "field"), *remark = first_text(json_object_get(input, "remark"), name);
    bool is_ticked = *first_text(json_object_get(input, "ask"), name) != '\0';
    const char *reason = g_utf8_strlen(remark, -1) > REMARK_MOST ? "forms.too_many_characters" : is_ticked && !*remark ? "cases.remark_needed" : NULL;
    if (reason)
        json_array_append_new(errors, json_pack("{s:s, s:s+, s:s, s:O, s:O, s:i}", "field", name, "at", "remark.", name, "reason", reason, "label",
                                                json_object_get(field, "label"), "label_en", json_object_get(field, "label_en"), "most", REMARK_MOST));
    else if (*remark)
        json_object_set_new(asked, name, json_string(remark));
}

bool reopened_ask(const SubjectTurn *turn, void *record, GError **error)
{
    size_t i;
    json_t *one;
    Case *next = record;
    const Item *item = life_item(turn);
    const json_t *input = turn->input->fields;
    g_autoptr(json_t) asked = json_object(), errors = json_array(), answers = item->form ? answers_of(turn->present) : NULL;
    g_autoptr(json_t) fields = answers ? form_fields(item->form, "", answers) : json_array();
    add_unknown(json_object_get(input, "ask"), fields, "ask.", errors);
    add_unknown(json_object_get(input, "remark"), fields, "remark.", errors);
    json_array_foreach(fields, i, one)
        ask_field(one, input, asked, errors);
    if (json_array_size(errors))
        return form_refuse(errors, error);
    if (!json_object_size(asked))
        return true;
    g_free(next->asked_fields);
    next->asked_fields = json_canonical(asked);
    next->unwritten |= APPLICANT_PART;
    json_t *told = json_array();
    json_object_set_new(turn->input->further, "fields", told);
    reopened_append(next, item, told);
    return true;
}

void reopened_append(const Case *next, const Item *item, json_t *list)
{
    size_t i;
    json_t *one;
    g_autoptr(json_t) asked = reopened_of(next), answers = asked ? answers_of(next) : NULL;
    g_autoptr(json_t) fields = answers ? form_fields(item->form, "", answers) : json_array();
    json_array_foreach(fields, i, one) {
        const json_t *remark = json_object_get(asked, json_text(one, "field"));
        if (remark)
            json_array_append_new(list, json_pack("{s:b, s:O, s:O, s:O}", "is_field", true, "name", json_object_get(one, "label"), "name_en", json_object_get(one, "label_en"), "remark", remark));
    }
}

void reopened_person(Case *next, const json_t *answers, const json_t *others)
{
    const char *name;
    json_t *value;
    g_autoptr(json_t) asked = reopened_of(next);
    if (!asked)
        return;
    json_object_foreach((json_t *)(uintptr_t)answers, name, value)
        if (!json_object_get(others, name) && !json_object_get(asked, name))
            json_object_set_new(asked, name, json_string(""));
    g_free(next->asked_fields);
    next->asked_fields = json_canonical(asked);
}

/* ---- supplying ---- */

/* A box that nobody ticks is not sent. */
static bool may_be_unsent(const json_t *field)
{
    static const char *const kinds[] = { "flag", "many", "rows", NULL };
    return g_strv_contains(kinds, json_text(field, "kind"));
}

/* The answers as they were, but for the fields that are asked for, with what is given now; an error for each that is missing or stays closed. */
static json_t *merge(const json_t *before, const json_t *fields, const json_t *asked, const json_t *given, json_t *errors)
{
    size_t i;
    json_t *one, *value, *merged = json_copy((json_t *)(uintptr_t)before);
    const char *name;
    json_array_foreach((json_t *)(uintptr_t)fields, i, one) {
        const char *field = json_text(one, "field"), *reason = NULL;
        bool is_asked = json_object_get(asked, field) != NULL, is_given = json_object_get(given, field) != NULL;
        if (is_asked != is_given && !(is_asked && may_be_unsent(one)))
            reason = is_asked ? "cases.field_awaited" : "cases.field_closed";
        if (reason)
            json_array_append_new(errors, json_pack("{s:s, s:s, s:O, s:O}", "field", field, "reason", reason, "label", json_object_get(one, "label"), "label_en",
                                                    json_object_get(one, "label_en")));
        else if (is_asked)
            json_object_del(merged, field);
    }
    json_object_foreach((json_t *)(uintptr_t)given, name, value)
        json_object_set(merged, name, value);
    return merged;
}

static json_t *differences(const ItemForm *form, const json_t *before, const json_t *after)
{
    size_t i;
    json_t *one, *list = json_array();
    g_autoptr(json_t) were = form_said(form, "", before), are = form_said(form, "", after);
    json_t *both[] = { were, are };
    for (size_t at = 0; at < G_N_ELEMENTS(both); at++)
        json_array_foreach(both[at], i, one) {
            const char *name = json_text(one, "field");
            const json_t *old = json_object_get(before, name), *new = json_object_get(after, name);
            if (!json_equal(old, new) && !(at && old)) /* what was there before was told already */
                json_array_append_new(list, json_pack("{s:O*, s:O*, s:s}", "after", new, "before", old, "corrected_field", name));
        }
    return list;
}

bool reopened_supply(const SubjectTurn *turn, void *record, GError **error)
{
    Case *next = record;
    const Item *item = life_item(turn);
    const json_t *given = json_object_get(turn->input->fields, "answers");
    g_autoptr(json_t) asked = reopened_of(turn->present), before = item->form ? answers_of(turn->present) : NULL, errors = json_array(), wrong = NULL;
    if (!asked && !json_object_size(given))
        return true;
    if (!before)
        return refuse(error, CONFLICT, "cases.no_findings", NULL);
    g_autoptr(json_t) fields = form_fields(item->form, "", before), merged = merge(before, fields, asked, given, errors);
    g_autoptr(json_t) made = form_check_on(item->form, "", day_of(turn->context->now), NULL, merged, &wrong);
    json_array_extend(errors, wrong);
    if (json_array_size(errors))
        return form_refuse(errors, error);
    g_free(next->applicant_answers);
    next->applicant_answers = json_canonical(made);
    record_set(&next->asked_fields, "");
    next->unwritten |= APPLICANT_PART;
    json_object_set_new(turn->input->further, "corrected", differences(item->form, before, made));
    return true;
}

/* ---- showing ---- */

/* The values are the applicant's alone: the history says which fields they are of. */
void reopened_tell(const SubjectTurn *turn, const Event *event, json_t *line)
{
    size_t i;
    json_t *one;
    const CaseWork *work = turn->work;
    g_autoptr(json_t) payload = json_loads(event->payload, 0, NULL), told = json_array();
    const json_t *facts = json_object_get(payload, "facts"), *asked = json_object_get(facts, "fields");
    json_array_foreach(json_object_get(facts, "corrected"), i, one) {
        g_autoptr(json_t) label = work->item->form ? form_label(work->item->form, json_text(one, "corrected_field")) : NULL;
        if (label)
            json_array_append(told, label);
    }
    json_object_del(line, "corrected");
    if (asked || json_array_size(told))
        json_object_set(line, "fields", asked ? (json_t *)(uintptr_t)asked : told);
}

static const char *keep_name(GStringChunk *texts, const char *before, const char *name)
{
    g_autofree char *whole = g_strconcat(before, name, NULL);
    return g_string_chunk_insert(texts, whole);
}

/* A box for each field and, once it is ticked, what is wrong with it. */
void reopened_add_choice(const Request *r, const Case *self, const Item *item, GArray *fields, const FormKept *kept)
{
    size_t i;
    json_t *one;
    const char *group = view_word(r->view, r->language, "cases.which_fields");
    g_autoptr(json_t) answers = answers_of(self), choice = form_fields(item->form, "", answers);
    json_array_foreach(choice, i, one) {
        const char *english = r->language == ENGLISH ? json_text(one, "label_en") : "", *label = *english ? english : json_text(one, "label");
        const char *ask = keep_name(kept->texts, "ask.", json_text(one, "field"));
        g_autofree char *shown = g_strconcat(ask, "=true", NULL);
        const Field pair[] = {
            { .need = ASKS_MATERIALS, .name = ask, .kind = FIELD_FLAG, .said = keep_name(kept->texts, "", label), .group = group },
            { .need = ASKS_MATERIALS, .name = keep_name(kept->texts, "remark.", json_text(one, "field")), .most = 200, .required = true,
              .said = view_word(r->view, r->language, "cases.field_remark"), .group = group, .shown_when = keep_name(kept->texts, "", shown) },
        };
        g_array_append_vals(fields, pair, G_N_ELEMENTS(pair));
    }
}

void reopened_add_fields(const Request *r, const Case *self, const Item *item, bool clear, GArray *fields, const FormKept *kept, json_t *answer)
{
    g_autoptr(json_t) asked = reopened_of(self), answers = answers_of(self);
    const FormAsking asking = { .step = "", .answers = answers, .only = asked, .need = TAKES_ANSWERS, .is_masked = !clear };
    if (asked && self->state == CORRECTION)
        form_add_fields(r, item->form, &asking, fields, kept, answer);
}

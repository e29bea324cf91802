// SPDX-License-Identifier: Apache-2.0
/* The application form (申请表) of an item in a case: what its applicant answers while the case is a draft, and what follows from it. A form
 * that nobody began online is handed in on paper, as one of the papers; one that was begun is whole when the case is handed in. */
#include "cases/code.h"
#include "cases/forms.h"
#include "cases/papers.h"

#include <string.h>

/* ---- what follows ---- */

json_t *answers_of(const Case *self)
{
    return self->applicant_answers && *self->applicant_answers ? json_loads(self->applicant_answers, 0, NULL) : NULL;
}

bool answers_ask(const Item *item, const json_t *answers, const char *about, const char *name)
{
    return !item->form || !answers || form_asks(item->form, about, name, answers);
}

bool case_asks(const Case *self, const Item *item, const char *about, const char *name)
{
    g_autoptr(json_t) answers = item->form ? answers_of(self) : NULL;
    return answers_ask(item, answers, about, name);
}

size_t answers_step(const Case *self, const Item *item, size_t step)
{
    g_autoptr(json_t) answers = item->form ? answers_of(self) : NULL;
    while (step + 1 < item->step_count && !answers_ask(item, answers, "steps", step_kind_names[item->steps[step].kind]))
        step++;
    return step;
}

void answers_forget_person(Case *next, const Item *item)
{
    g_autoptr(json_t) answers = item->form ? answers_of(next) : NULL;
    g_autoptr(json_t) others = answers ? form_without_person(item->form, answers) : NULL;
    g_free(next->applicant_answers);
    next->applicant_answers = others ? json_canonical(others) : g_strdup("");
}

/* ---- as they are given ---- */

static char *kept_text(const json_t *answers)
{
    return json_object_size(answers) ? json_canonical(answers) : g_strdup("");
}

char *answers_begun(const Item *item, const json_t *situation)
{
    g_autoptr(json_t) answers = item->form && json_object_size(situation) ? form_fitting(item->form, situation) : NULL;
    return kept_text(answers);
}

/* Fields that are open may follow; all that was typed must fit. */
static bool may_follow(const json_t *error)
{
    static const char *const open[] = { "forms.required", "forms.declare", "forms.choose_more", "forms.rows_least", NULL };
    return g_strv_contains(open, json_text(error, "reason"));
}

bool answers_take(const SubjectTurn *turn, void *record, GError **error)
{
    Case *next = record;
    const Item *item = life_item(turn);
    const json_t *given = json_object_get(turn->input->fields, "answers");
    g_autoptr(json_t) errors = NULL, made = NULL;
    if (!item->form)
        return refuse(error, CONFLICT, "cases.no_form", NULL);
    made = form_check(item->form, "", NULL, given, &errors);
    for (size_t i = json_array_size(errors); i-- > 0;)
        if (may_follow(json_array_get(errors, i)))
            json_array_remove(errors, i);
    if (json_array_size(errors))
        return form_refuse(errors, error);
    g_autoptr(json_t) fitting = made ? NULL : form_fitting(item->form, given);
    g_free(next->applicant_answers);
    next->applicant_answers = kept_text(made ? made : fitting);
    next->unwritten |= APPLICANT_PART;
    return true;
}

static void append_label(GString *list, const char *comma, const char *label)
{
    g_string_append_printf(list, "%s%s", list->len ? comma : "", label);
}

/* Faults and open fields, as form_check tells them. Owned by the caller. */
static json_t *errors_of(const Item *item, const json_t *answers)
{
    json_t *errors;
    json_t *whole = form_check(item->form, "", NULL, answers, &errors);
    json_decref(whole);
    return errors;
}

/* The labels of the fields that they are about, "names" and "names_en". */
static json_t *named(const json_t *errors)
{
    size_t i;
    json_t *one;
    g_autoptr(GString) names = g_string_new(NULL), english = g_string_new(NULL);
    json_array_foreach((json_t *)(uintptr_t)errors, i, one) {
        append_label(names, "、", json_text(one, "label"));
        append_label(english, ", ", json_text(one, *json_text(one, "label_en") ? "label_en" : "label"));
    }
    return json_pack("{s:s, s:s}", "names", names->str, "names_en", english->str);
}

bool answers_are_whole(const SubjectTurn *turn, GError **error)
{
    const Item *item = life_item(turn);
    g_autoptr(json_t) answers = item->form ? answers_of(turn->present) : NULL, errors = NULL, open = NULL;
    if (!answers)
        return true;
    const json_t *end = form_end(item->form, answers);
    if (end)
        return refuse(error, CONFLICT, "cases.answers_end", "text", json_text(end, "text"), "text_en", json_text(end, "text_en"), NULL);
    errors = errors_of(item, answers);
    open = named(errors);
    return !json_array_size(errors) ||
           refuse(error, CONFLICT, "cases.answers_open", "names", json_text(open, "names"), "names_en", json_text(open, "names_en"), NULL);
}

/* ---- how they are shown ---- */

static json_t *by_groups(const json_t *said)
{
    size_t i;
    json_t *line, *group = NULL, *groups = json_array();
    json_array_foreach((json_t *)(uintptr_t)said, i, line) {
        if (!group || strcmp(json_text(group, "group"), json_text(line, "group")) != 0) {
            group = json_pack("{s:s, s:s, s:[]}", "group", json_text(line, "group"), "group_en", json_text(line, "group_en"), "lines");
            json_array_append_new(groups, group);
        }
        json_array_append(json_object_get(group, "lines"), line);
    }
    return groups;
}

/* Among them the number of an identity paper may stand, so that they are shown to those who see the applicant in clear. */
void answers_put(const Case *self, const Item *item, bool clear, json_t *answer)
{
    g_autoptr(json_t) answers = item->form ? answers_of(self) : NULL;
    json_object_set_new(answer, "has_form", json_boolean(item->form != NULL));
    json_object_set_new(answer, "has_answers", json_boolean(answers != NULL));
    g_autoptr(json_t) said = answers && clear ? form_said(item->form, "", answers) : NULL;
    if (said)
        json_object_set_new(answer, "answered", by_groups(said));
}

/* ---- the page ---- */

static void put_form(const Request *r, const Case *self, const Item *item, const char *path, json_t *answer)
{
    static const Field fields[] = { { .name = "seen", .kind = FIELD_INTEGER, .look = LOOK_HIDDEN, .value = "seen" }, { 0 } };
    const char *open;
    g_autoptr(json_t) none = json_object(), kept = answers_of(self), errors = kept ? errors_of(item, kept) : NULL;
    const json_t *answers = kept ? kept : none;
    g_autoptr(json_t) situation = form_situation(item->form, answers, &open);
    const json_t *end = open ? NULL : form_end(item->form, situation);
    g_autofree char *action = g_strconcat(path, "/answers", NULL);
    const Form frame = { .action = action, .name = "answers", .fields = fields,
                         .button = view_word(r->view, r->language, open ? "cases.answers.go_on" : "cases.answers.keep") };
    json_object_update_new(answer, json_pack("{s:O*, s:b, s:b, s:I}", "end", end, "no_need", end && strcmp(json_text(end, "kind"), "elsewhere") != 0,
                                             "is_situation", open != NULL, "seen", subject_seen(&case_kind, self)));
    if (!open && !end && json_array_size(errors))
        json_object_set_new(answer, "open", named(errors));
    if (open || end)
        form_put_questions(r, &frame, item->form, answers, open, answer);
    else
        form_put_fields(r, &frame, item->form, answers, answer);
}

/* Nobody can answer for him who does not see what the draft says: a member of the staff says first why he looks. */
json_t *case_answers_ask(Request *r, GError **error)
{
    bool clear;
    g_auto(Case) found = { 0 };
    if (!case_load_visible(r, &found, error))
        return NULL;
    if (!life_may(&r->context, &found, ANSWER))
        return refuse(error, NOT_ALLOWED, "cases.not_yours", "action", case_rules[ANSWER].rule.name, NULL);
    g_autoptr(Item) item = catalogue_item(r->context.db, r->context.county, found.item, found.item_version, error);
    if (!item || !case_is_clear(&r->context, &found, &clear, error) || (clear && !case_note_look(r, &found, error)))
        return NULL;
    if (!item->form)
        return refuse(error, NOT_FOUND, "cases.no_form", NULL);
    g_autofree char *path = subject_path(&case_kind, found.number, r->context.actor->kind);
    json_t *answer = case_asked(&found);
    json_object_update_new(answer, json_pack("{s:s, s:b}", "case_path", path, "masked", !clear));
    if (clear)
        put_form(r, &found, item, path, answer);
    else
        case_put_reveal(r, answer);
    return answer;
}

/* The page comes again while anything is open, since an answer may lead to further questions. */
static bool is_open(const Context *context, const Case *self, bool *open, GError **error)
{
    g_autoptr(Item) item = catalogue_item(context->db, context->county, self->item, self->item_version, error);
    g_autoptr(json_t) answers = item ? answers_of(self) : NULL, errors = answers ? errors_of(item, answers) : NULL;
    *open = json_array_size(errors) || (answers && form_end(item->form, answers));
    return item != NULL;
}

json_t *case_answer_form(Request *r, GError **error)
{
    bool open;
    g_auto(Case) found = { 0 }, next = { 0 };
    const SubjectInput input = { .seen = json_number(r->fields, "seen"), .fields = r->fields };
    if (!case_load_visible(r, &found, error) || !case_act(&r->context, found.number, ANSWER, &input, &next, error) ||
        !is_open(&r->context, &next, &open, error))
        return NULL;
    g_autofree char *path = subject_path(&case_kind, found.number, r->context.actor->kind);
    g_autofree char *again = g_strconcat(path, "/answers", NULL);
    if (open)
        json_decref(answer_redirect(r, again));
    return subject_summary(&case_kind, &next);
}

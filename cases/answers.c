// SPDX-License-Identifier: Apache-2.0
/* The application form (申请表) of an item in a case: what its applicant answers while the case is a draft, and what follows from it. A form
 * that nobody began online is handed in on paper, as one of the papers; one that was begun is whole when the case is handed in. A draft answers
 * the newest form; afterwards the case keeps the version whose form was answered. */
#include "cases/code.h"
#include "cases/findings.h"
#include "cases/forms.h"
#include "cases/papers.h"

#include <string.h>

/* ---- what follows ---- */

bool answers_there(const Case *self)
{
    return self->applicant_answers && *self->applicant_answers;
}

json_t *answers_of(const Case *self)
{
    return answers_there(self) ? json_loads(self->applicant_answers, 0, NULL) : NULL;
}

/* Forms alone are compared, so that a new limit holds for a case with answers as for any other. */
bool answers_bind(const Case *self, const Item *pinned, const Item *newest)
{
    return answers_there(self) && pinned->form && pinned->version != newest->version &&
           !json_equal(json_object_get(pinned->details, "form"), json_object_get(newest->details, "form"));
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
    reopened_person(next, answers, others);
    g_free(next->applicant_answers);
    next->applicant_answers = others ? json_canonical(others) : g_strdup("");
}

/* ---- as they are given ---- */

static char *kept_text(const json_t *answers)
{
    return json_object_size(answers) ? json_canonical(answers) : g_strdup("");
}

/* NULL: nothing was answered, or what came is no such text. Owned by the caller. */
json_t *case_situation_of(const json_t *fields)
{
    const char *text = json_text(fields, "situation");
    json_t *read = *text ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL;
    if (json_is_object(read))
        return read;
    json_decref(read);
    return NULL;
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

void answers_drop_open(json_t *errors)
{
    for (size_t i = json_array_size(errors); i-- > 0;)
        if (may_follow(json_array_get(errors, i)))
            json_array_remove(errors, i);
}

/* The version in force today, whose form a draft answers. */
static const Item *newest_of(const SubjectTurn *turn)
{
    return ((const CaseWork *)turn->work)->next;
}

static void go_on_as_newest(const SubjectTurn *turn, Case *next)
{
    const Item *newest = newest_of(turn);
    if (newest->version == next->item_version)
        return;
    case_pin(next, newest);
    next->unwritten |= PINNED_PART;
}

static void put_answers(Case *next, const json_t *answers)
{
    g_free(next->applicant_answers);
    next->applicant_answers = kept_text(answers);
    next->unwritten |= APPLICANT_PART;
}

bool answers_take(const SubjectTurn *turn, void *record, GError **error)
{
    const ItemForm *form = newest_of(turn)->form;
    const json_t *given = json_object_get(turn->input->fields, "answers");
    g_autoptr(json_t) errors = NULL, made = NULL;
    if (!form)
        return refuse(error, CONFLICT, "cases.no_form", NULL);
    if (!json_object_size(given)) /* nothing sent must not empty the form */
        return refuse_field(error, "answers", "cases.answers_none", NULL);
    const Day today = day_of(turn->context->now);
    made = form_check_on(form, "", today, NULL, given, &errors);
    answers_drop_open(errors);
    if (json_array_size(errors))
        return form_refuse(errors, error);
    g_autoptr(json_t) fitting = made ? NULL : form_fitting_on(form, today, given);
    go_on_as_newest(turn, record);
    put_answers(record, made ? made : fitting);
    return true;
}

static void append_label(GString *list, const char *comma, const char *label)
{
    g_string_append_printf(list, "%s%s", list->len ? comma : "", label);
}

/* Faults and open fields, as form_check_on tells them. Owned by the caller. */
static json_t *errors_of(const Item *item, const json_t *answers, Day today)
{
    json_t *errors;
    json_t *whole = form_check_on(item->form, "", today, NULL, answers, &errors);
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
    const Item *item = newest_of(turn);
    g_autoptr(json_t) kept = item->form ? answers_of(turn->present) : NULL;
    if (!kept)
        return true;
    g_autoptr(json_t) answers = form_fitting(item->form, kept), errors = errors_of(item, answers, day_of(turn->context->now)), open = named(errors);
    const json_t *end = form_end(item->form, answers);
    bool is_anew = item->version != life_item(turn)->version;
    if (end)
        return refuse(error, CONFLICT, "cases.answers_end", "text", json_text(end, "text"), "text_en", json_text(end, "text_en"), NULL);
    return !json_array_size(errors) || refuse(error, CONFLICT, is_anew ? "cases.answers_anew" : "cases.answers_open", "names", json_text(open, "names"),
                                              "names_en", json_text(open, "names_en"), NULL);
}

void answers_hand_in(const SubjectTurn *turn, Case *next)
{
    g_autoptr(json_t) kept = answers_of(next);
    if (!kept || newest_of(turn)->version == next->item_version)
        return;
    g_autoptr(json_t) answers = newest_of(turn)->form ? form_fitting(newest_of(turn)->form, kept) : NULL;
    go_on_as_newest(turn, next);
    put_answers(next, answers);
}

void answers_transfer(const Item *to, Case *next)
{
    g_autoptr(json_t) kept = answers_of(next), answers = kept && to->form ? form_fitting(to->form, kept) : NULL;
    if (kept)
        put_answers(next, answers);
}

/* ---- how they are corrected ---- */

/* Lists the lines of `said` (form_said) whose answers are others, or are gone, in the other answers. */
static void list_changed(const json_t *said, const json_t *mine, const json_t *others, bool is_gone, json_t *list)
{
    size_t i;
    json_t *line;
    json_array_foreach((json_t *)(uintptr_t)said, i, line) {
        const json_t *answer = json_object_get(mine, json_text(line, "field")), *other = json_object_get(others, json_text(line, "field"));
        if (answer && (is_gone ? !other : !json_equal(answer, other)))
            json_array_append_new(list, json_pack("{s:O, s:O*}", "label", json_object_get(line, "label"), "label_en", json_object_get(line, "label_en")));
    }
}

/* Papers, steps and findings rest on the situation. */
static bool is_same_situation(const ItemForm *form, const json_t *before, const json_t *after)
{
    const char *open;
    g_autoptr(json_t) was = form_situation(form, before, &open), is = form_situation(form, after, &open);
    return json_equal(was, is);
}

/* The event names the fields in clear; what stood and stands in them is in the personal parts of the events. */
bool answers_correct(const SubjectTurn *turn, void *record, GError **error)
{
    const ItemForm *form = life_item(turn)->form;
    g_autoptr(json_t) before = answers_of(turn->present), errors = NULL, made = NULL, changed = json_array();
    if (!form)
        return refuse(error, CONFLICT, "cases.no_form", NULL);
    made = form_check_on(form, "", day_of(turn->context->now), NULL, json_object_get(turn->input->fields, "answers"), &errors);
    if (!made)
        return form_refuse(errors, error);
    if (form_end(form, made) || (before && !is_same_situation(form, before, made)))
        return refuse(error, CONFLICT, "cases.other_situation", NULL);
    g_autoptr(json_t) said = form_said(form, "", made), said_before = form_said(form, "", before);
    list_changed(said, made, before, false, changed);
    list_changed(said_before, before, made, true, changed);
    if (!json_array_size(changed))
        return refuse(error, CONFLICT, "cases.nothing_corrected", NULL);
    json_object_set(turn->input->further, "corrected_answers", changed);
    put_answers(record, made);
    return true;
}

void answers_tell_corrected(const Event *event, json_t *line)
{
    g_autoptr(json_t) payload = json_loads(event->payload, 0, NULL);
    json_object_set(line, "corrected_answers", json_object_get(json_object_get(payload, "facts"), "corrected_answers"));
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

static void put_end(const json_t *end, json_t *answer)
{
    if (end)
        json_object_update_new(answer, json_pack("{s:O, s:O, s:O*}", "end", end, "form_end", json_object_get(end, "kind"), "other_item", json_object_get(end, "item")));
}

/* Names what is open in a draft's form, or why nobody need apply. */
static void put_open(const Item *item, const json_t *answers, Day today, json_t *answer)
{
    const char *open;
    g_autoptr(json_t) situation = form_situation(item->form, answers, &open), errors = errors_of(item, answers, today);
    const json_t *end = open ? NULL : form_end(item->form, situation);
    put_end(end, answer);
    if (!end && json_array_size(errors))
        json_object_set_new(answer, "answers_open", named(errors));
}

/* Among them the number of an identity paper may stand, so that they are shown to those who see the applicant in clear. */
void answers_put(const Context *context, const Case *self, const Item *item, bool clear, const char *base, json_t *answer)
{
    g_autoptr(json_t) answers = item->form ? answers_of(self) : NULL;
    json_object_set_new(answer, "has_form", json_boolean(item->form != NULL));
    json_object_set_new(answer, "has_answers", json_boolean(answers != NULL));
    g_autoptr(json_t) said = answers && clear ? form_said(item->form, "", answers) : NULL;
    if (!said)
        return;
    json_object_set_new(answer, "answered", by_groups(said));
    json_object_set_new(answer, "print_path", json_sprintf("%s/form", base));
    json_object_set(answer, "answers", answers);
    if (self->state == DRAFT)
        put_open(item, answers, day_of(context->now), answer);
}

/* ---- the pages ---- */

/* Further questions follow from what was just typed, also where it is refused. */
static json_t *shown_answers(const Request *r, const Case *self, const Item *item)
{
    const json_t *typed = json_object_get(r->fields, "answers");
    g_autoptr(json_t) kept = json_object_size(typed) ? NULL : answers_of(self);
    return form_fitting(item->form, kept ? kept : typed);
}

static void put_fields(const Request *r, const Form *frame, const Item *item, const json_t *answers,
                       const json_t *known, json_t *answer)
{
    g_autoptr(json_t) filled_in = json_array(),
                      filled = form_prefilled(item->form, answers, known, filled_in);
    if (json_array_size(filled_in))
        json_object_set_new(answer, "filled_in", named(filled_in));
    form_put_fields(r, frame, item->form, filled, answer);
}

static void put_form(const Request *r, const Case *self, const Item *item, enum case_action action,
                     const json_t *known, json_t *answer)
{
    static const Field fields[] = { { .name = "seen", .kind = FIELD_INTEGER, .look = LOOK_HIDDEN, .value = "seen" }, { 0 } };
    static const Field with_reason[] = {
        { .name = "reason", .kind = FIELD_LONG_TEXT, .most = 1000, .required = true, .room = "cases", .hint = "cases.correct_hint", .value = "reason" },
        { .name = "seen", .kind = FIELD_INTEGER, .look = LOOK_HIDDEN, .value = "seen" }, { 0 },
    };
    const char *open;
    bool is_draft = action == ANSWER;
    g_autoptr(json_t) answers = shown_answers(r, self, item), errors = is_draft && answers_there(self) ? errors_of(item, answers, day_of(r->context.now)) : NULL;
    g_autoptr(json_t) situation = form_situation(item->form, answers, &open);
    const json_t *end = open ? NULL : form_end(item->form, situation);
    g_autofree char *path = g_strconcat(json_text(answer, "case_path"), "/", case_rules[action].rule.name, NULL);
    const char *button = !is_draft ? "cases.answers.correct" : open ? "cases.answers.go_on" : "cases.answers.keep";
    const Form frame = { .action = path, .name = "answers", .fields = is_draft ? fields : with_reason, .button = view_word(r->view, r->language, button) };
    json_object_update_new(answer, json_pack("{s:b, s:I}", "is_situation", is_draft && open, "seen", subject_seen(&case_kind, self)));
    put_end(end, answer);
    if (!open && !end && json_array_size(errors))
        json_object_set_new(answer, "open", named(errors));
    if (is_draft && (open || end))
        form_put_questions(r, &frame, item->form, answers, open, answer);
    else
        put_fields(r, &frame, item, answers, known, answer);
}

/* Nobody can answer for him who does not see what the case says: a member of the staff says first why he looks. */
static json_t *ask(Request *r, enum case_action action, GError **error)
{
    bool clear;
    g_auto(Case) found = { 0 };
    if (!case_load_visible(r, &found, error))
        return NULL;
    if (!life_may(&r->context, &found, action))
        return refuse(error, NOT_ALLOWED, "cases.not_yours", "action", case_rules[action].rule.name, NULL);
    g_autoptr(Item) item = answers_item(&r->context, &found, error);
    if (!item || !case_is_clear(&r->context, &found, &clear, error) || (clear && !case_note_look(r, &found, error)))
        return NULL;
    if (!item->form)
        return refuse(error, NOT_FOUND, "cases.no_form", NULL);
    g_autoptr(json_t) known =
        clear && action == ANSWER ? answers_known(r, &found, error) : json_object();
    if (!known)
        return NULL;
    g_autofree char *path = subject_path(&case_kind, found.number, r->context.actor->kind);
    json_t *answer = case_asked(&found);
    json_object_update_new(answer, json_pack("{s:s, s:b, s:b}", "case_path", path, "masked", !clear, "is_draft", action == ANSWER));
    if (clear)
        put_form(r, &found, item, action, known, answer);
    else
        case_put_reveal(r, case_rules[action].rule.name, answer);
    return answer;
}

json_t *case_answers_ask(Request *r, GError **error)
{
    return ask(r, ANSWER, error);
}

json_t *correct_answers_ask(Request *r, GError **error)
{
    return ask(r, CORRECT_ANSWERS, error);
}

/* The page comes again while anything is open, since an answer may lead to further questions. */
static bool is_open(const Context *context, const Case *self, bool *open, GError **error)
{
    g_autoptr(Item) item = catalogue_item(context->db, context->county, self->item, self->item_version, error);
    g_autoptr(json_t) answers = item ? answers_of(self) : NULL, errors = answers ? errors_of(item, answers, day_of(context->now)) : NULL;
    *open = json_array_size(errors) || (answers && form_end(item->form, answers));
    return item != NULL;
}

static json_t *take(Request *r, enum case_action action, GError **error)
{
    bool open;
    g_auto(Case) found = { 0 }, next = { 0 };
    const SubjectInput input = { .seen = json_number(r->fields, "seen"), .reason = json_text(r->fields, "reason"), .fields = r->fields };
    if (!case_load_visible(r, &found, error) || !case_act(&r->context, found.number, action, &input, &next, error) ||
        !is_open(&r->context, &next, &open, error))
        return NULL;
    g_autofree char *path = subject_path(&case_kind, found.number, r->context.actor->kind);
    g_autofree char *again = g_strconcat(path, "/answers", NULL);
    if (open && action == ANSWER)
        json_decref(answer_redirect(r, again));
    return subject_summary(&case_kind, &next);
}

json_t *case_answer_form(Request *r, GError **error)
{
    return take(r, ANSWER, error);
}

json_t *correct_answers(Request *r, GError **error)
{
    return take(r, CORRECT_ANSWERS, error);
}

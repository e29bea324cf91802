// SPDX-License-Identifier: Apache-2.0
/* A case goes to the organ that has the power (移送), with its whole file: its clocks start anew when that organ receives it, and nothing is
 * asked of the applicant again that is there. */
#include "cases/papers.h"

static const Item *goes_to(const SubjectTurn *turn)
{
    return ((const CaseWork *)turn->work)->next;
}

/* After the limit a transfer would begin anew what is late already: then the case is decided here, by refusal where the power is another's. */
bool transfer_fits(const SubjectTurn *turn, GError **error)
{
    const Case *self = turn->present;
    const Item *to = goes_to(turn);
    if (to->organ == self->organ)
        return refuse_field(error, "to_item", "cases.transfer_item", NULL);
    if (self->overdue || (self->accepted_on && guard_is_over(turn, STATUTORY_CLOCK)))
        return refuse(error, CONFLICT, "cases.transfer_late", NULL);
    return (case_is_of_person(self) ? to->for_person : to->for_enterprise) || refuse_field(error, "to_item", "cases.transfer_not_for", NULL);
}

/* It begins again at the other organ's acceptance; what the first organ did there is told by its events. */
bool transfer_take(const SubjectTurn *turn, void *record, GError **error)
{
    Case *next = record;
    const Item *to = goes_to(turn);
    (void)error;
    case_pin(next, to);
    next->step = (int64_t)catalogue_step(to, STEP_ACCEPT, 0);
    next->accepted_on = next->corrected = next->extended = next->overdue = next->correct_by = 0;
    next->accepted_hour = 0;
    record_set(&next->reviewers, "");
    record_set(&next->missing, "");
    answers_transfer(to, next);
    record_set(&next->findings, "");
    record_set(&next->asked_fields, "");
    next->unwritten |= PINNED_PART | APPLICANT_PART;
    return true;
}

/* ---- the page ---- */

const Field transfer_fields[] = {
    { .name = "seen", .kind = FIELD_INTEGER, .most = INT32_MAX, .required = true, .room = "cases", .look = LOOK_HIDDEN, .value = "seen" },
    { .name = "to_item", .most = 40, .required = true, .room = "cases", .options = "choices.code", .option_label = "cases.item_choice" },
    { .name = "basis", .most = 200, .required = true, .room = "cases", .check = case_visible },
    { .name = "reason", .kind = FIELD_LONG_TEXT, .most = 1000, .required = true, .room = "cases" },
    { 0 },
};

bool transfer_may(const Context *context, const Case *self, const Item *item)
{
    const CaseWork work = { item, item };
    const SubjectTurn turn = { context, &case_kind, &case_rules[TRANSFER].rule, self, NULL, &work };
    return subject_is_open(&turn) && life_is_entitled(context->actor, self, turn.rule, context->county);
}

/* The items of other organs, by organ. */
static bool put_choices(const Context *context, const Case *self, json_t *answer, GError **error)
{
    enum { ALL = 2000 };
    size_t i;
    json_t *item, *choices = json_array();
    g_autoptr(json_t) found = catalogue_search(context->db, context->county, day_of(context->now), "", ALL, error);
    json_array_foreach(json_object_get(found, "items"), i, item)
        if (json_number(item, "organ") != self->organ)
            json_array_append(choices, item);
    json_object_set_new(answer, "choices", choices);
    return found != NULL;
}

json_t *transfer_ask(Request *r, GError **error)
{
    g_auto(Case) found = { 0 };
    const Context *context = &r->context;
    g_autoptr(Item) item = case_load_visible(r, &found, error) ? catalogue_item(context->db, context->county, found.item, found.item_version, error) : NULL;
    if (!item)
        return NULL;
    if (!transfer_may(context, &found, item))
        return refuse(error, NOT_ALLOWED, "cases.not_yours", "action", case_rules[TRANSFER].rule.name, NULL);
    g_autoptr(json_t) answer = case_asked(&found);
    return put_choices(context, &found, answer, error) ? g_steal_pointer(&answer) : NULL;
}

/* The page after it is the inbox: whoever sent a case away does not see it any more. */
json_t *transfer_away(Request *r, GError **error)
{
    g_auto(Case) found = { 0 }, next = { 0 };
    const SubjectInput input = { .seen = json_number(r->fields, "seen"), .reason = json_text(r->fields, "reason"), .basis = json_text(r->fields, "basis"),
                                 .fields = r->fields };
    return case_load_visible(r, &found, error) && case_act(&r->context, found.number, TRANSFER, &input, &next, error)
        ? subject_summary(&case_kind, &next) : NULL;
}

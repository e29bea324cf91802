// SPDX-License-Identifier: Apache-2.0
/* The case's part of an action: the step, the clock's marks, the desk and the limits that follow. */
#include "cases/archive.h"
#include "cases/code.h"
#include "cases/fields.h"
#include "cases/life.h"
#include "cases/papers.h"

#include <string.h>

/* ---- what follows ---- */

static Day day_of_mark(const Context *context, const char *why)
{
    bool handed_in = strcmp(why, "received") == 0 || strcmp(why, "supplied") == 0;
    return handed_in ? calendar_received(context) : day_of(context->now);
}

/* Why the clocks notice the action; NULL: they do not. To and from a lower organ that examines first goes what else has no mark. */
static const char *mark_of(const CaseRule *rule, const SubjectInput *input, const Case *next, bool is_below)
{
    bool was_below = next->mark_count && next->marks[next->mark_count - 1].holder == LOWER_ORGAN;
    if (rule->mark)
        return *rule->mark || !input->special ? rule->mark : input->special;
    if (rule->move == STAY || was_below == is_below)
        return NULL;
    return is_below ? "sent_back" : "sent_on";
}

static void add_mark(const Context *context, const CaseRule *rule, const SubjectInput *input, bool is_below, Case *next)
{
    const char *why = mark_of(rule, input, next, is_below);
    if (!why)
        return;
    enum holder holder = is_below && rule->holder == DEPARTMENT ? LOWER_ORGAN : rule->holder;
    if (holder == HOLDERS_COUNT)
        holder = next->marks[next->mark_count - 1].holder;
    ClockMark *mark = marks_add(next);
    bool outlasts = rule == &case_rules[OUTLAST]; /* the first day beyond those told is the department's */
    *mark = (ClockMark){ .at = context->now, .day = outlasts ? (Day)next->special_until : day_of_mark(context, why), .holder = holder,
                         .stop = rule->stop };
    mark->extra = strcmp(why, "extended") == 0 ? (int)input->days : 0;
    g_strlcpy(mark->why, why, sizeof mark->why);
}

/* How long the decision took, by the clocks that it ends. */
static void take_time(const Context *context, Case *next)
{
    g_autoptr(ClockReading) statutory = case_clock(next, STATUTORY_CLOCK, context->calendar, context->now);
    g_autoptr(ClockReading) promise = case_clock(next, PROMISE_CLOCK, context->calendar, context->now);
    next->spent = statutory ? statutory->used : 0;
    next->kept = promise && !promise->overdue;
}

bool case_follow(const SubjectTurn *turn, void *record, GError **error)
{
    Case *next = record;
    const Case *present = turn->present;
    const CaseWork *work = turn->work;
    const CaseRule *rule = (const void *)turn->rule;
    (void)error;
    life_change(turn, next);
    levels_come_down(present, next);
    if (!present->events && turn->rule != &case_rules[REVEAL].rule) { /* a look changes nothing that others see */
        next->draft_revision++;
        next->unwritten |= DRAFT_PART;
    }
    next->step = (int64_t)life_step(work->next, (size_t)next->step, rule->move);
    if (next->step > present->step)
        next->step = (int64_t)answers_step(next, work->next, (size_t)next->step);
    next->is_bare &= turn->input->upload_count == 0;
    add_mark(turn->context, rule, turn->input, life_is_below(next, work->next), next);
    if (next->decision != present->decision)
        take_time(turn->context, next);
    life_desk(next, work->next, turn->context->county);
    life_deadlines(next, turn->context->calendar);
    return true;
}

/* ---- acting ---- */

/* The item as it is to be pinned: the version in force on the day of acceptance, or the old one when it was taken off the list
 * since the case was handed in. */
static Item *item_in_force(const Context *context, const Case *present, Day day, GError **error)
{
    g_autoptr(GError) none = NULL;
    Item *item = catalogue_item_on(context->db, context->county, present->item, day, &none);
    if (item || !trouble_is(&none, NOT_FOUND, error))
        return item;
    return catalogue_item(context->db, context->county, present->item, present->item_version, error);
}

Item *answers_item(const Context *context, const Case *self, GError **error)
{
    return self->state == DRAFT ? item_in_force(context, self, day_of(context->now), error)
                                : catalogue_item(context->db, context->county, self->item, self->item_version, error);
}

/* *other is NULL where the newest asks something else than was answered. */
static bool accepted_as(const Context *context, const Case *self, const Item *pinned, Day day, Item **other, GError **error)
{
    *other = item_in_force(context, self, day, error);
    if (!*other)
        return false;
    if (answers_bind(self, pinned, *other))
        g_clear_pointer(other, catalogue_item_free);
    return true;
}

/* The item under which it goes on; *other is NULL where that is the one it has pinned. A code that nobody has is refused by the guard. */
static bool goes_on_as(const Context *context, const Case *self, enum case_action action, const SubjectInput *input, const Item *pinned, Item **other, GError **error)
{
    g_autoptr(GError) none = NULL;
    Day today = day_of(context->now), day = action == DEEM ? life_received(self, context->calendar) : today;
    *other = NULL;
    if (action == ACCEPT || action == DEEM)
        return accepted_as(context, self, pinned, day, other, error);
    if (action == ANSWER || (action == SUBMIT && answers_there(self)))
        return (*other = item_in_force(context, self, today, error));
    if (action != TRANSFER)
        return true;
    *other = catalogue_item_on(context->db, context->county, json_text(input->fields, "to_item"), today, &none);
    return *other || trouble_is(&none, NOT_FOUND, error);
}

bool case_take(const Context *context, Case *self, enum case_action action, const SubjectInput *input, GError **error)
{
    g_autoptr(Item) item = catalogue_item(context->db, context->county, self->item, self->item_version, error), other = NULL;
    if (!item || !goes_on_as(context, self, action, input, item, &other, error))
        return false;
    const CaseWork work = { item, other ? other : item };
    SubjectInput taken = *input;
    g_autofree char *material = NULL;
    g_autoptr(json_t) further = case_rules[action].rule.effect ? json_object() : NULL;
    taken.further = further;
    bool is_of_paper = action == REMOVE_PAPER || action == REPLACE_PAPER;
    if (is_of_paper && !paper_material(context, self, input, &material, error))
        return false;
    taken.material = is_of_paper ? material : input->material;
    if (context->actor->kind != LOADER && !(case_rules[action].rule.needs & NEED_BASIS))
        taken.basis = life_is_up(self) ? json_text(input->fields, "above_number") : NULL;
    if ((case_rules[action].rule.needs & TAKES_FALSE_PAPERS) && json_flag(input->fields, "false_papers"))
        taken.basis = item->kind->is_licence ? "《行政许可法》第七十八条" : json_text(item->details, "basis");
    if (action == TERMINATE)
        taken.basis = item->kind->is_licence ? terminate_basis(input) : NULL;
    return subject_take(context, &case_kind, self, &case_rules[action].rule, &taken, &work, error);
}

static bool take(const Context *context, void *self, const SubjectRule *rule, const SubjectInput *input, GError **error)
{
    return case_take(context, self, (enum case_action)((const CaseRule *)(const void *)rule - case_rules), input, error);
}

static Instant due(const void *present, const SubjectRule **rule)
{
    const Case *self = present;
    enum { AT_NIGHT = 2 * 60 }; /* minutes after midnight */
    static const enum case_action by_itself[CASE_STATES] = { [RECEIVED] = DEEM, [CORRECTION] = LAPSE, [REVIEW] = OVERDUE, [SUSPENDED] = OUTLAST };
    *rule = &case_rules[self->restricted_until ? ERASE : by_itself[self->state]].rule;
    return self->restricted_until ? instant_at((Day)self->restricted_until, AT_NIGHT) : self->alarm_at;
}

/* An applicant is found from the receipt on, until use of his data is restricted. */
static bool person(const void *present, Sought *out)
{
    const Case *self = present;
    const ClockMark *receipt = self->mark_count ? self->marks : &(ClockMark){ 0 };
    *out = (Sought){ case_is_of_person(self), true, self->applicant, self->applicant_id, self->applicant_telephone, self->place, receipt->day };
    return strcmp(receipt->why, "received") == 0 && *self->applicant && !self->restricted_until;
}

const SubjectKind case_kind = {
    .name = "case",
    .words = "cases",
    .none = "cases.no_case",
    .is_of_person = true,
    .paths = { [HOLDER] = "/track", [STAFF] = "/desk/cases" },
    .may_see = case_may_see,
    .record = &case_record,
    .states = case_state_names,
    .rules = &case_rules[0].rule,
    .rule_size = sizeof(CaseRule),
    .rule_count = CASE_ACTIONS,
    .hands_in = &case_rules[SUBMIT].rule,
    .revision = offsetof(Case, draft_revision),
    .begins = "case.drafted",
    .begun = papers_begun,
    .state = offsetof(Case, state),
    .events = offsetof(Case, events),
    .head = offsetof(Case, head),
    .unwritten = offsetof(Case, unwritten),
    .always_group = PRESENT_PART,
    .item = offsetof(Case, item),
    .organ = offsetof(Case, organ),
    .division = offsetof(Case, place),
    .holder = offsetof(Case, number),
    .relations = (const char *const[]){ "desk", "place", "viewer", NULL },
    .is_entitled = life_is_entitled,
    .is_open = life_is_open,
    .follow = case_follow,
    .timer = CASE_LIMIT,
    .due = due,
    .law = life_law,
    .document_kind = life_document,
    .document = paper_content,
    .take = take,
    .tell = case_tell,
    .differs = paper_differs,
    .sought = CASE_SOUGHT,
    .person = person,
    .own_since = life_own_since,
    .explain = case_explain,
    .offers = case_offers,
};

enum case_action case_action_named(const char *name)
{
    return (enum case_action)subject_rule_place(&case_kind, subject_rule_named(&case_kind, name));
}

bool case_act(const Context *context, int64_t number, enum case_action action, const SubjectInput *input, Case *out, GError **error)
{
    g_auto(Case) self = { 0 };
    return subject_act(context, &case_kind, number, &case_rules[action].rule, input, out ? out : &self, error);
}

/* ---- what the system does by itself ---- */

bool case_settle(const Context *context, GError **error)
{
    bool first;
    const Case *each;
    g_auto(RecordWalk) walk = { .db = context->db, .county = context->county, .record = &case_record };
    if (!db_once(context->db, context->county, "case_timers", &first, error))
        return false;
    while (first && (each = record_next(&walk, error))) {
        g_autofree char *subject = subject_text(&case_kind, each);
        if (each->alarm_at && !timer_set(context, subject, CASE_LIMIT, each->alarm_at, error))
            return false;
    }
    return !walk.failed && case_settle_limits(context, error) && case_watch_drafts(context, error) && archive_settle(context, error);
}


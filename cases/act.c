// SPDX-License-Identifier: Apache-2.0
/* The one function that takes an action: judge by the table, append the event, write the documents and
 * the new present, all in the caller's transaction. */
#include "cases/fields.h"
#include "cases/life.h"
#include "cases/papers.h"
#include "cases/store.h"

#include <string.h>

enum case_action case_action_named(const char *name)
{
    for (int i = 0; i < CASE_ACTIONS; i++)
        if (strcmp(case_rules[i].name, name) == 0)
            return (enum case_action)i;
    return CASE_ACTIONS;
}

/* ---- judging ---- */

static bool is_empty(const char *text)
{
    return !text || !*text;
}

static bool has_needs(const Rule *rule, const CaseInput *input, GError **error)
{
    const struct { unsigned need; bool missing; const char *field; } needs[] = {
        { NEED_OPINION, is_empty(input->opinion), "opinion" },
        { NEED_REASON, is_empty(input->reason), "reason" },
        { NEED_MATERIALS, json_array_size(input->materials) == 0, "materials" },
        { NEED_SPECIAL, is_empty(input->special), "special" },
        { NEED_DAYS, input->days < 1, "days" },
        { NEED_LEVEL, input->level < 1 || input->level > 5, "level" },
        { NEED_PAPERS, input->upload_count == 0, "papers" },
        { NEED_ORGAN, is_empty(input->organ), "organ" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(needs); i++)
        if ((rule->needs & needs[i].need) && needs[i].missing)
            return refuse_field(error, needs[i].field, "cases.needed", NULL);
    return true;
}

/* Somebody acted since the page was made: say what the last thing was. */
static bool is_fresh(const Judgement *j, GError **error)
{
    int64_t seen = j->input->seen, now = j->present->events;
    if (seen < 0 || seen == now)
        return true;
    g_autofree char *subject = g_strdup_printf("case/%" PRId64, j->present->number);
    g_autoptr(json_t) since = ledger_events(j->context->db, j->context->county, subject, now - 1, error);
    if (!since)
        return false;
    g_autofree char *seen_text = g_strdup_printf("%" PRId64, seen);
    g_autofree char *now_text = g_strdup_printf("%" PRId64, now);
    const char *kind = json_text(json_array_get(since, 0), "kind");
    return refuse(error, CONFLICT, "cases.stale", "seen", seen_text, "events", now_text, "event",
                  g_str_has_prefix(kind, "case.") ? kind + strlen("case.") : kind, NULL);
}

static bool judge(const Judgement *j, const Rule *rule, GError **error)
{
    const Case *present = j->present;
    if (!life_is_entitled(j->context->actor, present, rule, j->context->county))
        return refuse(error, NOT_ALLOWED, "cases.not_yours", "action", rule->name, NULL);
    if (!is_fresh(j, error))
        return false;
    if (!life_is_open(present, j->item, rule))
        return refuse(error, CONFLICT, "cases.not_now", "action", rule->name, "state",
                      case_state_names[present->state], NULL);
    return has_needs(rule, j->input, error) && (!rule->guard || rule->guard(j, error));
}

/* ---- what follows ---- */

static void set_text(char **member, const char *text)
{
    g_free(*member);
    *member = g_strdup(text);
}

/* The case goes on under the version that is in force when it is accepted; later changes of the item do
 * not touch it. */
void case_pin(Case *self, const Item *item)
{
    self->item_version = item->version;
    set_text(&self->item, item->code);
    set_text(&self->item_name, item->name);
    set_text(&self->item_name_en, item->name_en);
    self->organ = item->organ;
    self->promised_days = item->promised.days;
    self->promised_unit = item->promised.unit;
    self->statutory_days = item->statutory.days;
    self->statutory_unit = item->statutory.unit;
    self->from_receipt = item->from_receipt;
}

static void decide(const Judgement *j, enum case_decision decision, Case *next)
{
    next->decided_on = day_of(j->context->now);
    next->decision = decision;
    next->unwritten |= DECIDED_PART;
}

/* What the system deems accepted kept no window busy. */
static void pin(const Judgement *j, enum case_action action, Case *next)
{
    case_pin(next, j->next);
    next->accepted_on = day_of(j->context->now);
    next->accepted_hour = action == ACCEPT ? minute_of(j->context->now) / 60 : NO_HOUR;
    next->unwritten |= PINNED_PART;
}

/* What a town or village passed up with its opinion and gets back. */
static bool sends_back(const Case *present)
{
    return present->state == RECEIVED && (present->channel == AT_TOWN || present->channel == AT_VILLAGE);
}

static void take_over(const Judgement *j, enum case_action action, Case *next)
{
    const CaseInput *input = j->input;
    g_autofree char *materials = input->materials ? json_canonical(input->materials) : NULL;
    switch (action) {
    case ACCEPT:
    case DEEM: pin(j, action, next); break;
    case GRANT: decide(j, GRANTED_IT, next); break;
    case REFUSE: decide(j, REFUSED_IT, next); break;
    case CORRECT:
        next->corrected = 1;
        set_text(&next->missing, materials);
        break;
    case RETURN_BACK: next->returned |= sends_back(j->present); break;
    case SUPPLY: set_text(&next->missing, ""); break;
    case SUSPEND: set_text(&next->special, input->special); break;
    case RESUME: set_text(&next->special, ""); break;
    case EXTEND: next->extended = input->days; break;
    case OVERDUE: next->overdue = 1; break;
    case RATE: next->rated = input->level; break;
    default: break;
    }
}

/* What is handed in after closing or on a rest day counts as received on the next working day. */
static Day day_of_mark(const Context *context, const char *why)
{
    bool handed_in = strcmp(why, "received") == 0 || strcmp(why, "supplied") == 0;
    return handed_in ? calendar_receipt(context->calendar, context->now) : day_of(context->now);
}

static bool add_mark(const Context *context, const Rule *rule, const CaseInput *input, Case *next, GError **error)
{
    if (!rule->mark)
        return true;
    if (next->mark_count == CASE_MARKS)
        return refuse(error, CONFLICT, "cases.too_many_marks", NULL);
    ClockMark *mark = &next->marks[next->mark_count++];
    const char *why = *rule->mark || !input->special ? rule->mark : input->special;
    *mark = (ClockMark){ .at = context->now, .day = day_of_mark(context, why), .holder = rule->holder,
                         .stop = rule->stop };
    mark->extra = strcmp(why, "extended") == 0 ? (int)input->days : 0;
    g_strlcpy(mark->why, why, sizeof mark->why);
    return true;
}

/* How long the decision took, by the clocks that it ends. */
static void take_time(const Judgement *j, Case *next)
{
    g_autoptr(ClockReading) statutory = case_clock(next, STATUTORY_CLOCK, j->context->calendar, j->context->now);
    g_autoptr(ClockReading) promise = case_clock(next, PROMISE_CLOCK, j->context->calendar, j->context->now);
    next->spent = statutory ? statutory->used : 0;
    next->kept = promise && !promise->overdue;
}

static bool follow(const Judgement *j, enum case_action action, Case *next, GError **error)
{
    const Rule *rule = &case_rules[action];
    record_copy(&case_record, j->present, next);
    take_over(j, action, next);
    next->step = (int64_t)life_step(j->next, (size_t)next->step, rule->move);
    if (rule->to != NO_CHANGE)
        next->state = rule->to;
    if (!add_mark(j->context, rule, j->input, next, error))
        return false;
    if (action == GRANT || action == REFUSE)
        take_time(j, next);
    life_desk(next, j->next, j->context->county);
    life_deadlines(next, j->context->calendar);
    next->unwritten |= PRESENT_PART;
    return true;
}

/* ---- writing ---- */

static void put_text(json_t *facts, const char *name, const char *text)
{
    if (!is_empty(text))
        json_object_set_new(facts, name, json_string(text));
}

static json_t *facts_of(const Judgement *j, const Rule *rule)
{
    const CaseInput *input = j->input;
    json_t *facts = json_object();
    put_text(facts, "opinion", rule->needs & (NEED_OPINION | TAKES_OPINION) ? input->opinion : NULL);
    put_text(facts, "reason", rule->needs & NEED_REASON ? input->reason : NULL);
    put_text(facts, "special", rule->needs & NEED_SPECIAL ? input->special : NULL);
    put_text(facts, "organ", rule->needs & NEED_ORGAN ? input->organ : NULL);
    put_text(facts, "material", rule->needs & NEED_PAPERS ? input->material : NULL);
    if (rule->needs & NEED_DAYS)
        json_object_set_new(facts, "days", json_integer(input->days));
    if (rule->needs & NEED_LEVEL)
        json_object_set_new(facts, "level", json_integer(input->level));
    if (input->materials && (rule->needs & (NEED_MATERIALS | TAKES_MATERIALS)))
        json_object_set(facts, "materials", (json_t *)input->materials);
    if (input->loaded)
        json_object_set(facts, "loaded", (json_t *)input->loaded);
    return facts;
}

static bool keep_papers(const Judgement *j, const char *subject, Case *next, json_t *facts, GError **error)
{
    if (!j->input->upload_count)
        return true;
    next->is_bare = false;
    json_t *kept = json_array();
    json_object_set_new(facts, "papers", kept);
    for (size_t i = 0; i < j->input->upload_count; i++) {
        json_t *paper = files_keep(j->context, &j->input->uploads[i], subject, j->input->material, error);
        if (!paper)
            return false;
        json_object_del(paper, "name"); /* what people call a file may name a person */
        json_array_append_new(kept, paper);
    }
    return true;
}

static bool write_document(const Judgement *j, const Rule *rule, Case *next, const char *subject,
                           json_t *facts, GError **error)
{
    if (!rule->document || j->input->loaded)
        return true;
    g_autofree char *content = paper_content(j, next, error);
    json_t *made = content ? files_document(j->context, rule->document, subject, next->events + 1, next->organ, content, error) : NULL;
    return made && json_object_set_new(facts, "document", made) == 0;
}

/* Canonical JSON: {"change", "facts", "marks"}. Owned by the caller. */
static char *payload_of(const json_t *facts, const Case *before, const Case *after)
{
    GString *out = g_string_sized_new(512);
    g_autofree char *told = json_object_size(facts) ? json_canonical(facts) : NULL;
    g_autofree char *marks = case_record.trail->write(before, after);
    json_write_key(g_string_append_c(out, '{'), "change");
    record_write_change(&case_record, out, RECORD_PUBLIC_PART, before, after);
    json_write_key(out, "facts");
    g_string_append(out, told ? told : "{}");
    json_write_key(out, "marks");
    json_write_text(out, marks);
    g_string_append_c(out, '}');
    return g_string_free(out, FALSE);
}

bool case_append(const Context *context, const char *kind, json_t *facts, const Case *before, Case *after, GError **error)
{
    g_autofree char *subject = g_strdup_printf("case/%" PRId64, after->number);
    g_autofree char *text = payload_of(facts, before, after);
    Event event = { .subject = subject, .kind = kind, .item = after->item, .organ = after->organ,
                    .division = after->place, .actor_kind = context->actor->kind,
                    .actor = context->actor->id, .at = context->now, .payload = text };
    after->hand.sequence = after->events;
    if (!ledger_append_next(context, &event, &after->hand, error))
        return false;
    after->events = event.sequence;
    return true;
}

bool case_tell(const Context *context, const CaseTurn *turn, GError **error)
{
    for (CaseFollower *const *each = context->followers; each && *each; each++)
        if (!(*each)(context, turn, error))
            return false;
    return true;
}

static bool forget(const Context *context, Case *self, const char *subject, GError **error)
{
    self->hand.is_known = false;
    return ledger_forget(context, subject, error);
}

static bool record(const Judgement *j, enum case_action action, Case *next, GError **error)
{
    const Rule *rule = &case_rules[action];
    g_autofree char *subject = g_strdup_printf("case/%" PRId64, next->number);
    g_autoptr(json_t) facts = facts_of(j, rule);
    CaseTurn turn = { j->present, next, action, j->context->now };
    return keep_papers(j, subject, next, facts, error) &&
           write_document(j, rule, next, subject, facts, error) &&
           case_append(j->context, rule->event, facts, j->present, next, error) &&
           (action != ERASE || forget(j->context, next, subject, error)) && case_tell(j->context, &turn, error);
}

/* The item as it is to be pinned: the published version, or the old one when it was taken off the list
 * since the case was handed in. */
static Item *item_in_force(const Context *context, const Case *present, GError **error)
{
    g_autoptr(GError) none = NULL;
    Item *item = catalogue_item(context->db, context->county, present->item, 0, &none);
    if (!item && trouble_status(none) == NOT_FOUND)
        return catalogue_item(context->db, context->county, present->item, present->item_version, error);
    if (!item)
        g_propagate_error(error, g_steal_pointer(&none));
    return item;
}

bool case_take(const Context *context, Case *self, enum case_action action, const CaseInput *input, GError **error)
{
    g_auto(Case) next = { 0 };
    bool pins = action == ACCEPT || action == DEEM;
    g_autoptr(Item) item = catalogue_item(context->db, context->county, self->item, self->item_version, error);
    g_autoptr(Item) in_force = item && pins ? item_in_force(context, self, error) : NULL;
    if (!item || (pins && !in_force))
        return false;
    Judgement j = { context, self, item, pins ? in_force : item, input };
    if (!judge(&j, &case_rules[action], error) || !follow(&j, action, &next, error) || !record(&j, action, &next, error))
        return false;
    case_clear(self);
    *self = next;
    next = (Case){ 0 };
    return true;
}

bool case_act(const Context *context, int64_t number, enum case_action action, const CaseInput *input, Case *out,
              GError **error)
{
    g_auto(Case) self = { 0 };
    if (!case_load(context->db, context->county, number, &self, error) ||
        !case_take(context, &self, action, input, error) || !case_save(context, &self, error))
        return false;
    if (out) {
        *out = self;
        self = (Case){ 0 };
    }
    return true;
}

/* ---- what the system does by itself ---- */

static bool ring(const Context *context, int64_t number, GError **error)
{
    g_auto(Case) present = { 0 };
    CaseInput input = { .seen = -1 };
    if (!case_load(context->db, context->county, number, &present, error))
        return false;
    return case_act(context, number, present.state == RECEIVED ? DEEM : OVERDUE, &input, NULL, error);
}

bool case_alarms(const Context *context, int64_t most, int64_t *done, GError **error)
{
    static const Actor system = { .kind = SYSTEM, .name = "" };
    Context as_system = *context;
    as_system.actor = &system;
    g_autoptr(json_t) due = case_due_alarms(context->db, context->county, context->now, most, error);
    *done = 0;
    for (size_t i = 0; i < json_array_size(due); i++, (*done)++)
        if (!ring(&as_system, json_number(json_array_get(due, i), "number"), error))
            return false;
    return due != NULL;
}

// SPDX-License-Identifier: Apache-2.0
/* How a hearing begins, and how it stops the clocks of the case beside which it is and lets them go on (Licensing Law art. 45). No decision
 * can be made in between. */
#include "hearings/life.h"

#include <string.h>

static const Actor the_system = { .kind = SYSTEM, .name = "" };

static Context as_system(const Context *context)
{
    Context system = *context;
    system.actor = &the_system;
    return system;
}

bool hearing_stand_still(const Context *context, const Hearing *self, GError **error)
{
    Context system = as_system(context);
    bool is_told = self->state == HEARING_TOLD;
    const SubjectInput input = { .seen = -1, .special = SPECIAL_HEARING, .days = (is_told ? HEARING_ASK_DAYS : 0) + HEARING_HOLD_DAYS };
    return case_act(&system, self->case_number, SUSPEND, &input, NULL, error);
}

bool hearing_go_on(const Context *context, const Hearing *self, GError **error)
{
    Context system = as_system(context);
    g_autofree char *grouped = subject_number_grouped(self->number), *opinion = g_strdup_printf("听证 %s 结束", grouped);
    return case_act(&system, self->case_number, RESUME, &(SubjectInput){ .seen = -1, .opinion = opinion }, NULL, error);
}

/* ---- beginning ---- */

/* *was_told, where asked for: the right to a hearing was told before. */
static bool reads_open(const Context *context, int64_t case_number, Hearing *out, bool *was_told, GError **error)
{
    int64_t number;
    g_autoptr(GPtrArray) beside = subject_beside_of(context, case_number, error);
    for (guint i = beside ? beside->len : 0; i-- > 0;) {
        if (subject_named(context->rooms, beside->pdata[i], &number) != &hearing_kind)
            continue;
        hearing_clear(out);
        if (!subject_load(context->db, context->county, &hearing_kind, number, out, error))
            return false;
        if (was_told)
            *was_told |= out->ground == GROUND_INTEREST;
        if (hearing_is_open(out))
            return true;
    }
    hearing_clear(out);
    *out = (Hearing){ 0 };
    return beside != NULL;
}

bool hearing_may_begin(const Context *context, const void *of)
{
    const Case *self = of;
    return context->actor->kind == STAFF && self->state == REVIEW && !*self->act && !self->restricted_until &&
           identity_may(context->actor, REVIEWER | APPROVER | HEAD, self->organ, division_county(context->county));
}

/* The right is told once; what else speaks for a hearing afterwards lets the organ order one, which is then held. */
static bool may_begin(const Context *context, const Case *of, enum hearing_ground ground, GError **error)
{
    bool was_told = false;
    g_auto(Hearing) open = { 0 };
    if (!identity_may(context->actor, REVIEWER | APPROVER | HEAD, of->organ, division_county(context->county)) || context->actor->kind != STAFF)
        return refuse(error, NOT_ALLOWED, "hearings.not_yours_to_begin", NULL);
    if (*of->act)
        return refuse(error, CONFLICT, "hearings.for_licences", NULL);
    if (!reads_open(context, of->number, &open, &was_told, error))
        return false;
    if (open.number)
        return refuse(error, CONFLICT, "hearings.one_already", NULL);
    if (was_told && ground == GROUND_INTEREST)
        return refuse(error, CONFLICT, "hearings.told_already", NULL);
    return hearing_may_begin(context, of) || refuse(error, CONFLICT, "hearings.case_not_in_review", NULL);
}

static bool order_fits(const HearingOrder *order, GError **error)
{
    if (!order->matter || !*order->matter)
        return refuse_field(error, "matter", "hearings.needed", NULL);
    bool is_named = order->basis && *order->basis;
    return order->ground != GROUND_LAW || is_named || refuse_field(error, "basis", "hearings.needed", NULL);
}

static void take_case(Hearing *self, const Case *of)
{
    self->case_number = of->number;
    self->organ = of->organ;
    record_set(&self->item, of->item);
    record_set(&self->item_name, of->item_name);
    record_set(&self->item_name_en, of->item_name_en);
}

/* The facts of the first event: the notice of the right to a hearing, where there is one to be told of. Owned by the caller. */
static char *tell_right(const Context *context, Hearing *self, GError **error)
{
    if (self->state != HEARING_TOLD)
        return g_strdup("{}");
    g_autofree char *subject = subject_text(&hearing_kind, self);
    const SubjectTurn turn = { .context = context, .kind = &hearing_kind, .present = self, .input = &(SubjectInput){ 0 } };
    g_autofree char *content = hearing_document(&turn, self, error);
    json_t *made = content ? files_document(context, "hearing_right", subject, 1, self->organ, content, error) : NULL;
    g_autoptr(json_t) facts = made ? json_pack("{s:o}", "document", made) : NULL;
    return facts ? json_canonical(facts) : NULL;
}

bool hearing_begin(const Context *context, const HearingOrder *order, Hearing *out, GError **error)
{
    g_auto(Case) of = { 0 };
    Day today = day_of(context->now);
    bool is_told = order->ground == GROUND_INTEREST;
    record_init(&hearing_record, out);
    if (!subject_load(context->db, context->county, &case_kind, order->case_number, &of, error) || !may_begin(context, &of, order->ground, error) ||
        !order_fits(order, error))
        return false;
    take_case(out, &of);
    out->ground = order->ground;
    out->state = is_told ? HEARING_TOLD : HEARING_ASKED;
    out->asked_by = is_told ? 0 : (int64_t)name_place(hearing_asker_names, "organ");
    out->ask_by_day = is_told ? calendar_add(context->calendar, today, HEARING_ASK_DAYS) : 0;
    out->hold_by_day = is_told ? 0 : calendar_add(context->calendar, today, HEARING_HOLD_DAYS);
    record_set(&out->matter, order->matter);
    record_set(&out->basis, order->ground == GROUND_LAW ? order->basis : "");
    if (!subject_draw_number(context, &hearing_kind, today, &out->number, error))
        return false;
    g_autofree char *facts = tell_right(context, out, error);
    return facts && subject_begin(context, &hearing_kind, out, "hearing.hearing_begun", facts, error) &&
           subject_save(context, &hearing_kind, out, error) && hearing_stand_still(context, out, error);
}

/* ---- the chair ---- */

static json_t *staff_with(const Context *context, const Case *of, unsigned role, GError **error)
{
    const Post post = { of->organ, division_county(context->county), role };
    return identity_desk_staff(context->db, context->county, &post, day_of(context->now), error);
}

/* The ids, by their text, of who holds the review, or has taken an action on the case. */
static json_t *reviewers_of(const Context *context, const Case *of, GError **error)
{
    size_t i;
    json_t *each, *ids = json_object();
    g_autofree char *subject = subject_text(&case_kind, of);
    g_autoptr(json_t) holders = staff_with(context, of, REVIEWER, error);
    g_autoptr(json_t) events = holders ? ledger_events(context->db, context->county, subject, 0, error) : NULL;
    json_array_foreach(holders, i, each)
        json_object_set_new(ids, DECIMAL(json_integer_value(each)), json_true());
    json_array_foreach(events, i, each)
        if (json_number(each, "actor_kind") == STAFF)
            json_object_set_new(ids, DECIMAL(json_number(each, "actor")), json_true());
    return events ? ids : (json_decref(ids), NULL);
}

/* The ids by their text, so that who holds several posts is there once. */
static json_t *ids_of_chairs(const Context *context, const Case *of, GError **error)
{
    static const unsigned roles[] = { HEAD, APPROVER, CLERK, ISSUER };
    size_t i;
    json_t *id;
    g_autoptr(json_t) chairs = json_object(), reviewers = reviewers_of(context, of, error);
    for (size_t role = 0; reviewers && role < G_N_ELEMENTS(roles); role++) {
        g_autoptr(json_t) staff = staff_with(context, of, roles[role], error);
        if (!staff)
            return NULL;
        json_array_foreach(staff, i, id)
            if (!json_flag(reviewers, DECIMAL(json_integer_value(id))))
                json_object_set(chairs, DECIMAL(json_integer_value(id)), id);
    }
    return reviewers ? g_steal_pointer(&chairs) : NULL;
}

json_t *hearing_chairs(const Context *context, const Case *of, GError **error)
{
    json_t *id;
    g_autoptr(json_t) chairs = ids_of_chairs(context, of, error);
    json_t *list = chairs ? json_array() : NULL;
    const char *key;
    json_object_foreach(chairs, key, id) {
        g_autoptr(json_t) name = identity_staff_name(context->db, context->county, json_integer_value(id), error);
        if (!name)
            return json_decref(list), NULL;
        json_array_append_new(list, json_pack("{s:O, s:O}", "id", id, "name", name));
    }
    return list;
}

bool hearing_may_chair(const Context *context, const Case *of, int64_t staff, GError **error)
{
    size_t i;
    json_t *each;
    g_autoptr(json_t) reviewers = reviewers_of(context, of, error);
    if (!reviewers)
        return false;
    if (json_flag(reviewers, DECIMAL(staff)))
        return refuse_field(error, "chair", "hearings.chair_reviewed", NULL);
    g_autoptr(json_t) chairs = hearing_chairs(context, of, error);
    json_array_foreach(chairs, i, each)
        if (json_number(each, "id") == staff)
            return true;
    return chairs && refuse_field(error, "chair", "hearings.chair_unknown", NULL);
}

/* ---- what happens to the case ---- */

static bool was_heard(const Case *of)
{
    for (size_t i = 0; i < of->mark_count; i++)
        if (strcmp(of->marks[i].why, SPECIAL_HEARING) == 0)
            return true;
    return false;
}

/* Nor does the chair review the case afterwards, or decide it (art. 48). */
static bool is_not_chair(const Context *context, const Case *of, GError **error)
{
    int64_t number;
    g_autoptr(GPtrArray) beside = subject_beside_of(context, of->number, error);
    for (guint i = 0; beside && i < beside->len; i++) {
        g_auto(Hearing) self = { 0 };
        if (subject_named(context->rooms, beside->pdata[i], &number) != &hearing_kind)
            continue;
        if (!subject_load(context->db, context->county, &hearing_kind, number, &self, error))
            return false;
        if (self.state == HEARING_HELD && self.chair == context->actor->id)
            return refuse(error, NOT_ALLOWED, "hearings.chair_reviews", NULL);
    }
    return beside != NULL;
}

bool hearing_hear(const Context *context, const SubjectChange *change, GError **error)
{
    const Case *before = change->before, *after = change->after;
    g_auto(Hearing) open = { 0 }, next = { 0 };
    bool judges = change->kind == &case_kind && before && context->actor->kind == STAFF && before->state == REVIEW &&
                  (before->step != after->step || before->decision != after->decision);
    if (judges && was_heard(after))
        return is_not_chair(context, after, error);
    if (change->kind != &case_kind || !before || before->state != SUSPENDED || after->state <= CLOSED || strcmp(before->special, SPECIAL_HEARING) != 0)
        return true;
    Context system = as_system(context);
    return reads_open(context, after->number, &open, NULL, error) &&
           (!open.number || subject_act(&system, &hearing_kind, open.number, &hearing_rules[HEARING_CANCEL], &(SubjectInput){ .seen = -1 }, &next, error));
}

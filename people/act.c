// SPDX-License-Identifier: Apache-2.0
/* An action on a member, with its effects on deputies, successors and desks. The action is taken first; its outcome is judged after
 * that, and a refusal undoes the transaction. */
#include "people/room.h"

#include "cases/cases.h"
#include "licences/licences.h"

/* ---- what a member may do ---- */

static GArray *own_terms(const Member *self)
{
    return self->state == MEMBER_ENDED ? g_array_new(FALSE, FALSE, sizeof(Term)) : terms_read(self->posts);
}

/* The posts of somebody on leave, for the days on which they are his and he is away. */
static void add_deputised(GArray *out, const Member *absent)
{
    g_autoptr(GArray) terms = own_terms(absent);
    for (guint i = 0; i < terms->len; i++) {
        Term term = g_array_index(terms, Term, i);
        term.from = MAX(term.from, (Day)absent->leave_from_day);
        term.to = term.to ? MIN(term.to, (Day)absent->leave_to_day) : (Day)absent->leave_to_day;
        term.post.for_staff = absent->staff;
        if (term.from <= term.to)
            g_array_append_val(out, term);
    }
}

GArray *member_terms(const Context *context, const Member *self, GError **error)
{
    g_autoptr(GArray) terms = own_terms(self), absent = members_deputised(context, self->number, error);
    for (guint i = 0; absent && i < absent->len; i++) {
        g_auto(Member) other = { 0 };
        if (!subject_load(context->db, context->county, &member_kind, g_array_index(absent, int64_t, i), &other, error))
            return NULL;
        add_deputised(terms, &other);
    }
    return absent ? g_steal_pointer(&terms) : NULL;
}

static bool derive(const Context *context, const Member *self, GError **error)
{
    g_autoptr(GArray) terms = member_terms(context, self, error);
    return terms && identity_change_staff(context, self->staff, self->name, self->state == MEMBER_ACTIVE, error) &&
           identity_hold(context, self->staff, (const Term *)(void *)terms->data, terms->len, error) && duties_put(context, self, terms, error);
}

/* A role may ask for a second factor, which only the way in does: whoever gets one comes in anew. */
bool member_derive(const Context *context, const Member *self, GError **error)
{
    unsigned before, after;
    if (!identity_roles(context, self->staff, &before, error) || !derive(context, self, error) || !identity_roles(context, self->staff, &after, error))
        return false;
    return !(after & ~before) || session_end_all(context, STAFF, self->staff, error);
}

/* 0 is nobody. */
bool member_derive_of(const Context *context, int64_t number, GError **error)
{
    g_auto(Member) self = { 0 };
    return !number || (subject_load(context->db, context->county, &member_kind, number, &self, error) && member_derive(context, &self, error));
}

/* ---- the three administrations ---- */

static const unsigned administrations[ADMINISTRATORS] = { SYSTEM_ADMINISTRATOR, SECURITY_ADMINISTRATOR, AUDITOR };

/* Is the deputy there on all days to come on which the other one is not? */
static bool stands_in(const Context *context, const Member *absent, bool *does, GError **error)
{
    bool found;
    g_auto(Member) self = { 0 };
    bool loaded = record_load(context->db, context->county, &member_record, absent->deputy, &self, &found, error);
    int64_t from = MAX(absent->leave_from_day, day_of(context->now));
    bool is_away = self.leave_to_day >= from && self.leave_from_day <= absent->leave_to_day;
    *does = loaded && found && self.state == MEMBER_ACTIVE && !is_away;
    return loaded;
}

/* Can somebody with the role act, or another one for him while he is on leave? */
static bool can_act(const Context *context, int64_t number, bool *can, GError **error)
{
    g_auto(Member) self = { 0 };
    if (!subject_load(context->db, context->county, &member_kind, number, &self, error))
        return false;
    *can = self.state == MEMBER_ACTIVE;
    bool is_away = self.leave_to_day >= day_of(context->now);
    return !*can || !is_away || stands_in(context, &self, can, error);
}

/* The administrations that nobody holds without end. */
static bool find_missing(const Context *context, unsigned *missing, GError **error)
{
    *missing = 0;
    for (size_t i = 0; i < ADMINISTRATORS; i++) {
        bool can = false;
        g_autoptr(GArray) holders = members_with_role(context, role_names[g_bit_nth_lsf(administrations[i], -1)], error);
        for (guint j = 0; holders && j < holders->len && !can; j++)
            if (!can_act(context, g_array_index(holders, int64_t, j), &can, error))
                return false;
        if (!holders)
            return false;
        *missing |= can ? 0 : administrations[i];
    }
    return true;
}

static bool administrations_stay(const Context *context, unsigned before, GError **error)
{
    unsigned after;
    if (!find_missing(context, &after, error))
        return false;
    unsigned lost = after & ~before;
    return !lost || refuse(error, CONFLICT, "people.last_administrator", "role", role_names[g_bit_nth_lsf(lost, -1)], NULL);
}

/* ---- desks ---- */

static bool refuse_waiting(const Context *context, const Post *desk, const char *reason, int64_t count, GError **error)
{
    g_autoptr(json_t) organ = identity_organ(context->db, context->county, desk->organ, error);
    g_autoptr(json_t) place = organ ? identity_division(context->db, context->county, desk->division, error) : NULL;
    return place && refuse(error, CONFLICT, reason, "count", DECIMAL(count), "role", role_names[g_bit_nth_lsf(desk->roles, -1)],
                           "organ_name", json_text(organ, "name"), "organ_name_en", json_text(organ, "name_en"), "division_name",
                           json_text(place, "path"), "division_name_en", json_text(place, "path_en"), NULL);
}

static const struct {
    bool (*waiting)(const Context *context, const Post *desk, int64_t *count, GError **error);
    const char *reason;
} works[] = { { case_waiting, "people.work_waits" }, { licence_waiting, "people.renewals_wait" } };

static bool is_covered(const Context *context, const Post *desk, Day day, GError **error)
{
    int64_t count;
    g_autoptr(json_t) holders = identity_desk_staff(context->db, context->county, desk, day, error);
    if (!holders || json_array_size(holders))
        return holders != NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(works); i++)
        if (!works[i].waiting(context, desk, &count, error) || (count && !refuse_waiting(context, desk, works[i].reason, count, error)))
            return false;
    return true;
}

/* Work waits at desks, not with people: where `before` held a post on the day, somebody must hold it if work waits there now. */
static bool desks_stay(const Context *context, const GArray *before, Day day, GError **error)
{
    for (guint i = 0; i < before->len; i++) {
        const Term *term = &g_array_index(before, Term, i);
        for (unsigned role = 1; role <= term->post.roles; role <<= 1)
            if ((term->post.roles & role) && term_is_on(term, day_of(context->now)) &&
                !is_covered(context, &(Post){ term->post.organ, term->post.division, role }, day, error))
                return false;
    }
    return true;
}

/* ---- who gains ---- */

static GArray *terms_of_actor(const Context *context, GError **error)
{
    g_auto(Member) own = { 0 };
    if (context->actor->kind != STAFF)
        return g_array_new(FALSE, FALSE, sizeof(Term));
    if (!member_by_staff(context, context->actor->id, &own.number, error) ||
        !subject_load(context->db, context->county, &member_kind, own.number, &own, error))
        return NULL;
    return member_terms(context, &own, error);
}

/* Nobody gives himself a post: not by an appointment, as somebody's deputy, nor as his successor. */
static bool gains_nothing(const Context *context, const GArray *before, GError **error)
{
    g_autoptr(GArray) after = terms_of_actor(context, error);
    for (guint i = 0; after && i < after->len; i++)
        if (!terms_hold(before, &g_array_index(after, Term, i)))
            return refuse(error, NOT_ALLOWED, "people.not_oneself", NULL);
    return after != NULL;
}

/* ---- handing over ---- */

/* The leaver's posts that are held from the day on by nobody, if not by the successor. */
static GArray *terms_to_hand_over(const GArray *before, const GArray *after, Day day)
{
    GArray *given = g_array_new(FALSE, FALSE, sizeof(Term));
    for (guint i = 0; i < before->len; i++) {
        Term term = g_array_index(before, Term, i);
        if (terms_hold(after, &term) || term_is_past(&term, day))
            continue;
        term.from = MAX(term.from, day);
        g_array_append_val(given, term);
    }
    return given;
}

static bool find_successor(const Context *context, const char *account, const Member *leaver, Member *out, GError **error)
{
    int64_t number;
    if (!member_by_account(context, account, &number, error))
        return false;
    if (!number || number == leaver->number)
        return refuse_field(error, "successor", "people.no_successor", NULL);
    return subject_load(context->db, context->county, &member_kind, number, out, error) &&
           (out->state == MEMBER_ACTIVE || refuse_field(error, "successor", "people.no_successor", NULL));
}

static bool hand_over(const Context *context, Member *leaver, const GArray *given, const char *account, GError **error)
{
    g_auto(Member) successor = { 0 };
    if (!find_successor(context, account, leaver, &successor, error))
        return false;
    g_autoptr(json_t) fields = json_pack("{s:I}", "predecessor", leaver->number);
    const SubjectInput input = { .seen = -1, .fields = fields };
    return subject_take(context, &member_kind, &successor, &member_rules[MEMBER_TAKE_OVER], &input, given, error) &&
           subject_save(context, &member_kind, &successor, error) && member_derive(context, &successor, error);
}

/* ---- the whole ---- */

/* The first day on which what the action ends is held no more. */
static Day day_after(const Context *context, const SubjectRule *rule, const SubjectInput *input)
{
    return rule == &member_rules[MEMBER_DISMISS] ? MAX(input->day + 1, day_of(context->now)) : day_of(context->now);
}

static bool hand_over_asked(const Context *context, const Member *before, Member *after, const SubjectInput *input, Day day, GError **error)
{
    const char *account = json_text(input->fields, "successor");
    if (!*account)
        return true;
    g_autoptr(GArray) had = own_terms(before), has = own_terms(after), given = terms_to_hand_over(had, has, day);
    return hand_over(context, after, given, account, error);
}

static bool follow(const Context *context, const Member *before, Member *after, const SubjectRule *rule, const SubjectInput *input, GError **error)
{
    bool ends = rule == &member_rules[MEMBER_DISMISS] || rule == &member_rules[MEMBER_END];
    Day day = day_after(context, rule, input);
    g_autoptr(GArray) had = own_terms(before);
    return (!ends || hand_over_asked(context, before, after, input, day, error)) && member_derive(context, after, error) &&
           member_derive_of(context, before->deputy, error) && member_derive_of(context, after->deputy, error) &&
           (!ends || desks_stay(context, had, day, error));
}

bool member_act(const Context *context, int64_t number, const SubjectRule *rule, const SubjectInput *input, Member *out, GError **error)
{
    unsigned missing;
    g_auto(Member) before = { 0 };
    g_autoptr(GArray) own = terms_of_actor(context, error);
    if (!own || !find_missing(context, &missing, error) || !subject_load(context->db, context->county, &member_kind, number, &before, error))
        return false;
    return subject_act(context, &member_kind, number, rule, input, out, error) && follow(context, &before, out, rule, input, error) &&
           gains_nothing(context, own, error) && administrations_stay(context, missing, error);
}

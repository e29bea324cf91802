// SPDX-License-Identifier: Apache-2.0
/* The life of an account as a table.
 *
 *   joined --> ACTIVE <--lock, unlock--> LOCKED
 *                 |                        |
 *                 +------end-account-------+--> ENDED
 *
 * In ACTIVE and LOCKED: dismiss from a post, come back from a leave, rename; in ACTIVE: appoint to a post, leave, reset the password, take
 * the posts of another over. What follows from an action for others, and whether it may, is in act.c. */
#include "people/room.h"

const char *const member_state_names[] = { "active", "locked", "ended", NULL };

static Day today(const SubjectTurn *turn)
{
    return day_of(turn->context->now);
}

static const char *field(const SubjectTurn *turn, const char *name)
{
    return json_text(turn->input->fields, name);
}

/* 0: none was given. */
static Day day_given(const SubjectTurn *turn, const char *name)
{
    const char *text = field(turn, name);
    return *text ? day_parse(text) : 0;
}

/* Is a field of the kind's own missing that the rule needs? */
bool member_is_complete(const SubjectTurn *turn, GError **error)
{
    for (const Field *each = member_act_fields; each->name; each++) {
        unsigned needed = each->need & turn->rule->needs & (TAKES_OWN - 1u);
        const json_t *value = json_object_get(turn->input->fields, each->name);
        g_autofree char *given = json_is_false(value) ? NULL : json_as_text(value);
        if (needed >= NEED_OWN && (!given || !*given))
            return refuse_field(error, each->name, each->missing ? each->missing : "people.needed", NULL);
    }
    return true;
}

/* ---- posts ---- */

/* No post begins before the day on which it is given: how long somebody holds it counts for a reset (reset.c). */
static Term term_given(const SubjectTurn *turn)
{
    return (Term){ { json_number(turn->input->fields, "organ"), g_ascii_strtoll(field(turn, "division"), NULL, 10), role_named(field(turn, "role")) },
                   MAX(day_given(turn, "from"), today(turn)), day_given(turn, "to") };
}

static bool may_be_appointed(const SubjectTurn *turn, GError **error)
{
    const Member *self = turn->present;
    const Term term = term_given(turn);
    g_autoptr(GArray) terms = terms_read(self->posts);
    if (!member_is_complete(turn, error))
        return false;
    if (terms->len >= POSTS_MOST)
        return refuse_field(error, "organ", "people.many_posts", NULL);
    if (term_is_past(&term, today(turn)))
        return refuse_field(error, "to", "people.past", NULL);
    if (terms_hold(terms, &term))
        return refuse_field(error, "role", "people.held_already", NULL);
    return identity_post_fits(turn->context, &term.post, error);
}

static void put_terms(Member *next, const GArray *terms)
{
    g_autofree char *posts = terms_write(terms);
    record_set(&next->posts, posts);
    next->unwritten |= POSTS_PART;
}

static bool appoint(const SubjectTurn *turn, void *record, GError **error)
{
    Member *next = record;
    const Term term = term_given(turn);
    g_autoptr(GArray) terms = terms_read(next->posts);
    (void)error;
    g_array_append_val(terms, term);
    put_terms(next, terms);
    return true;
}

static Term *held(const SubjectTurn *turn, GArray *terms)
{
    int64_t place = g_ascii_strtoll(field(turn, "held"), NULL, 10);
    return place >= 1 && place <= terms->len ? &g_array_index(terms, Term, place - 1) : NULL;
}

/* Yesterday may be the last day: then the post ends at once. */
static bool may_end(const SubjectTurn *turn, GError **error)
{
    const Member *self = turn->present;
    g_autoptr(GArray) terms = terms_read(self->posts);
    const Term *term = held(turn, terms);
    if (!member_is_complete(turn, error))
        return false;
    if (!term || term_is_past(term, today(turn)))
        return refuse_field(error, "held", "people.not_held", NULL);
    if (turn->input->day < today(turn) - 1)
        return refuse_field(error, "day", "people.past", NULL);
    return !term->to || turn->input->day <= term->to || refuse_field(error, "day", "people.ends_before", NULL);
}

static bool name_successor(const SubjectTurn *turn, Member *next, GError **error)
{
    next->unwritten |= POSTS_PART;
    return member_by_account(turn->context, field(turn, "successor"), &next->successor, error);
}

/* A post that has begun stays, also one that ends on its first day, of which the day before is written: it counts for a reset (reset.c). */
static bool end_post(const SubjectTurn *turn, void *record, GError **error)
{
    Member *next = record;
    g_autoptr(GArray) terms = terms_read(next->posts);
    Term *term = held(turn, terms);
    bool never_began = term->from > today(turn) && turn->input->day < term->from;
    term->to = turn->input->day;
    term->from = MIN(term->from, term->to);
    if (never_began)
        g_array_remove_index(terms, (guint)(term - (Term *)(void *)terms->data));
    put_terms(next, terms);
    return name_successor(turn, next, error);
}

/* The posts of the leaver (turn->work) that this one gets, by act.c alone. */
static bool is_handed_over(const SubjectTurn *turn, GError **error)
{
    return turn->work || refuse(error, NOT_FOUND, "people.no_action", NULL);
}

static bool take_over(const SubjectTurn *turn, void *record, GError **error)
{
    Member *next = record;
    const GArray *given = turn->work;
    g_autoptr(GArray) terms = terms_read(next->posts);
    for (guint i = 0; i < given->len; i++)
        if (!terms_hold(terms, &g_array_index(given, Term, i)))
            g_array_append_val(terms, g_array_index(given, Term, i));
    if (terms->len > POSTS_MOST)
        return refuse_field(error, "successor", "people.many_posts", NULL);
    next->predecessor = json_number(turn->input->fields, "predecessor");
    put_terms(next, terms);
    return true;
}

/* The post of the one that goes on; of what has ended without a successor it ends the day before. */
static bool go_on(const SubjectTurn *turn, Term *term, GError **error)
{
    const Context *context = turn->context;
    Day yesterday = today(turn) - 1;
    if (!identity_acting(context->db, context->county, ABOUT_ORGAN, term->post.organ, &term->post.organ, error) ||
        !identity_acting(context->db, context->county, ABOUT_DIVISION, term->post.division, &term->post.division, error))
        return false;
    g_autoptr(json_t) organ = identity_organ(context->db, context->county, term->post.organ, error);
    if (json_number(organ, "ended") && !term_is_past(term, today(turn)))
        *term = (Term){ term->post, MIN(term->from, yesterday), yesterday };
    return organ != NULL;
}

static bool follow_reform(const SubjectTurn *turn, void *record, GError **error)
{
    Member *next = record;
    g_autoptr(GArray) terms = terms_read(next->posts), made = g_array_new(FALSE, FALSE, sizeof(Term));
    for (guint i = 0; i < terms->len; i++) {
        Term term = g_array_index(terms, Term, i);
        if (!go_on(turn, &term, error))
            return false;
        if (!terms_hold(made, &term))
            g_array_append_val(made, term);
    }
    put_terms(next, made);
    return true;
}

/* ---- leave ---- */

static bool stands_in_well(const SubjectTurn *turn, GError **error)
{
    bool found;
    const Member *self = turn->present;
    g_auto(Member) deputy = { 0 };
    if (!member_by_account(turn->context, field(turn, "deputy"), &deputy.number, error) ||
        !record_load(turn->context->db, turn->context->county, &member_record, deputy.number, &deputy, &found, error))
        return false;
    if (!found || deputy.state != MEMBER_ACTIVE || deputy.number == self->number)
        return refuse_field(error, "deputy", "people.no_deputy", NULL);
    bool is_away = deputy.leave_to_day >= day_given(turn, "from") && deputy.leave_from_day <= day_given(turn, "until");
    return !is_away || refuse_field(error, "deputy", "people.deputy_away", NULL);
}

static bool may_leave(const SubjectTurn *turn, GError **error)
{
    if (!member_is_complete(turn, error))
        return false;
    if (day_given(turn, "until") < day_given(turn, "from"))
        return refuse_field(error, "until", "people.leave_order", NULL);
    if (day_given(turn, "until") < today(turn))
        return refuse_field(error, "until", "people.past", NULL);
    return !*field(turn, "deputy") || stands_in_well(turn, error);
}

static bool leave(const SubjectTurn *turn, void *record, GError **error)
{
    Member *next = record;
    next->leave_from_day = day_given(turn, "from");
    next->leave_to_day = day_given(turn, "until");
    next->deputy = 0;
    next->unwritten |= LEAVE_PART;
    return !*field(turn, "deputy") || member_by_account(turn->context, field(turn, "deputy"), &next->deputy, error);
}

static bool is_on_leave(const SubjectTurn *turn, GError **error)
{
    return ((const Member *)turn->present)->leave_to_day >= today(turn) || refuse(error, CONFLICT, "people.not_on_leave", NULL);
}

static bool end_leave(const SubjectTurn *turn, void *record, GError **error)
{
    Member *next = record;
    (void)turn, (void)error;
    next->deputy = next->leave_from_day = next->leave_to_day = 0;
    next->unwritten |= LEAVE_PART;
    return true;
}

/* ---- the account ---- */

static bool rename_member(const SubjectTurn *turn, void *record, GError **error)
{
    Member *next = record;
    GError *why = NULL;
    g_autofree char *name = identity_person_name(field(turn, "name"), &why);
    if (!name)
        return refuse_same(error, "name", why);
    record_set(&next->name, name);
    next->unwritten |= PERSON_PART;
    return true;
}

bool member_give_password(const SubjectTurn *turn, void *record, GError **error)
{
    Member *next = record;
    (void)error;
    next->password_at = turn->context->now;
    record_set(&next->quick_hash, field(turn, "quick_hash"));
    next->unwritten |= PASSWORD_PART;
    return true;
}

static bool close_account(const SubjectTurn *turn, void *record, GError **error)
{
    return end_leave(turn, record, error) && reset_drop(turn, record, error) && name_successor(turn, record, error);
}

static bool has_post(const SubjectTurn *turn)
{
    const Member *self = turn->present;
    g_autoptr(GArray) terms = terms_read(self->posts);
    for (guint i = 0; i < terms->len; i++)
        if (!term_is_past(&g_array_index(terms, Term, i), today(turn)))
            return true;
    return false;
}

bool member_offers(const SubjectTurn *turn)
{
    switch (turn->rule - member_rules) {
    case MEMBER_DISMISS: return has_post(turn);
    case MEMBER_COME_BACK: return is_on_leave(turn, NULL);
    case MEMBER_TAKE_OVER: return false;
    case MEMBER_RESET:
    case MEMBER_RESET_FACTORS: return reset_alone_may(turn, NULL);
    case MEMBER_ASK_RESET: return reset_ask_may(turn, NULL);
    case MEMBER_CONFIRM_RESET: return reset_confirm_may(turn, NULL);
    case MEMBER_REFUSE_RESET: return reset_refuse_may(turn, NULL);
    case MEMBER_WITHDRAW_RESET: return reset_withdraw_may(turn, NULL);
    case MEMBER_DECLINE_RESET: return reset_waits_still(turn, NULL);
    default: return true;
    }
}

/* ---- the table ---- */

#define IN(state) (1u << (state))
enum { THERE = IN(MEMBER_ACTIVE) | IN(MEMBER_LOCKED) };
#define SEPARATION "GB/T 22239-2019 8.1.4.2"

/* name, event, states, relations, roles, next state, needs */
const SubjectRule member_rules[MEMBER_ACTIONS] = {
    [MEMBER_APPOINT] = { "appoint", "member.appointed", IN(MEMBER_ACTIVE), BY_KEEPER, 0, SUBJECT_STAYS, NEEDS_POST | NEEDS_FROM | TAKES_TO, NULL, true,
                         .guard = may_be_appointed, .effect = appoint, .law = SEPARATION },
    [MEMBER_DISMISS] = { "dismiss", "member.dismissed", THERE, BY_KEEPER, 0, SUBJECT_STAYS, NEEDS_HELD | NEED_DAY | TAKES_SUCCESSOR,
                          .guard = may_end, .effect = end_post },
    [MEMBER_LEAVE] = { "leave", "member.on_leave", IN(MEMBER_ACTIVE), BY_KEEPER, 0, SUBJECT_STAYS, NEEDS_FROM | NEEDS_UNTIL | TAKES_DEPUTY,
                       .guard = may_leave, .effect = leave },
    [MEMBER_COME_BACK] = { "come-back", "member.came_back", THERE, BY_KEEPER, 0, SUBJECT_STAYS, 0, .guard = is_on_leave, .effect = end_leave },
    [MEMBER_RENAME] = { "rename", "member.name_changed", THERE, BY_KEEPER, 0, SUBJECT_STAYS, NEEDS_NAME, .guard = member_is_complete,
                        .effect = rename_member },
    [MEMBER_RESET] = { "reset-password", "member.password_given", IN(MEMBER_ACTIVE), BY_KEEPER, 0, SUBJECT_STAYS, NEED_REASON,
                       .guard = reset_alone_may, .effect = member_give_password },
    [MEMBER_LOCK] = { "lock", "member.account_locked", IN(MEMBER_ACTIVE), BY_KEEPER, 0, MEMBER_LOCKED, NEED_REASON },
    [MEMBER_UNLOCK] = { "unlock", "member.account_unlocked", IN(MEMBER_LOCKED), BY_KEEPER, 0, MEMBER_ACTIVE, NEED_REASON },
    [MEMBER_END] = { "end-account", "member.account_ended", THERE, BY_KEEPER, 0, MEMBER_ENDED, NEED_REASON | NEEDS_SURE | TAKES_SUCCESSOR,
                     .guard = member_is_complete, .effect = close_account },
    [MEMBER_TAKE_OVER] = { "take-over", "member.took_over", IN(MEMBER_ACTIVE), BY_KEEPER, 0, SUBJECT_STAYS, 0, .guard = is_handed_over,
                           .effect = take_over },
    [MEMBER_FOLLOW] = { "follow-reform", "member.followed", THERE, BY_SYSTEM, 0, SUBJECT_STAYS, NEED_REASON, .effect = follow_reform },
    [MEMBER_RESET_FACTORS] = { "reset-factors", "member.factors_reset", IN(MEMBER_ACTIVE), BY_KEEPER, 0, SUBJECT_STAYS, NEED_REASON,
                               .guard = reset_alone_may },
    [MEMBER_ASK_RESET] = { "ask-reset", "member.reset_asked", IN(MEMBER_ACTIVE), BY_ADMINISTRATOR, 0, SUBJECT_STAYS, NEEDS_RESET | NEED_REASON,
                           .guard = reset_ask_may, .effect = reset_ask, .law = SEPARATION },
    [MEMBER_CONFIRM_RESET] = { "confirm-reset", "member.reset_confirmed", IN(MEMBER_ACTIVE), BY_ADMINISTRATOR, 0, SUBJECT_STAYS, 0, NULL, true,
                               .guard = reset_confirm_may, .effect = reset_confirm, .law = SEPARATION },
    [MEMBER_REFUSE_RESET] = { "refuse-reset", "member.reset_refused", THERE, BY_ADMINISTRATOR, 0, SUBJECT_STAYS, NEED_REASON,
                              .guard = reset_refuse_may, .effect = reset_drop, .law = SEPARATION },
    [MEMBER_WITHDRAW_RESET] = { "withdraw-reset", "member.reset_withdrawn", THERE, BY_ADMINISTRATOR, 0, SUBJECT_STAYS, 0,
                                .guard = reset_withdraw_may, .effect = reset_drop },
    [MEMBER_DECLINE_RESET] = { "decline-reset", "member.reset_declined", THERE, BY_SELF, 0, SUBJECT_STAYS, 0, .guard = reset_waits_still, .effect = reset_drop },
    [MEMBER_LAPSE_RESET] = { "lapse-reset", "member.reset_lapsed", THERE, BY_SYSTEM, 0, SUBJECT_STAYS, 0, .guard = reset_waits_still, .effect = reset_drop },
};

const Field member_act_fields[] = {
    { .name = "seen", .kind = FIELD_INTEGER, .most = INT32_MAX, .required = true, .look = LOOK_HIDDEN },
    { .name = "name", .most = PERSON_NAME_MOST, .check = identity_person_name, .value = "name", .need = NEEDS_NAME },
    { .name = "organ", .kind = FIELD_INTEGER, .most = 999999, .options = "organs.number", .need = NEEDS_POST },
    { .name = "division", .most = 12, .options = "divisions.code", .option_label = "people.division", .need = NEEDS_POST },
    { .name = "role", .kind = FIELD_CHOICE, .choices = role_names, .need = NEEDS_POST },
    { .name = "held", .most = 2, .options = "posts.place", .option_if = "is_open", .option_label = "people.held", .need = NEEDS_HELD },
    { .name = "from", .kind = FIELD_DAY, .value = "today", .need = NEEDS_FROM },
    { .name = "to", .kind = FIELD_DAY, .need = TAKES_TO },
    { .name = "until", .kind = FIELD_DAY, .need = NEEDS_UNTIL },
    { .name = "day", .kind = FIELD_DAY, .value = "today", .need = NEED_DAY },
    { .name = "deputy", .most = 32, .look = LOOK_EXACT, .need = TAKES_DEPUTY },
    { .name = "successor", .most = 32, .look = LOOK_EXACT, .need = TAKES_SUCCESSOR },
    { .name = "asked", .kind = FIELD_CHOICE, .choices = member_reset_names + 1, .look = LOOK_RADIOS, .need = NEEDS_RESET },
    { .name = "reason", .kind = FIELD_LONG_TEXT, .most = 500, .need = NEED_REASON },
    { .name = "sure", .kind = FIELD_FLAG, .need = NEEDS_SURE, .missing = "people.sure" },
    { 0 },
};

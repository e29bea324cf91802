// SPDX-License-Identifier: Apache-2.0
/* A reset of password or second factors. One security administrator who resets both could sign in as the colleague, so that the reset of
 * an approver, a head or an administrator takes effect when another of the three administrations confirms it within a day. */
#include "people/room.h"

const char *const member_reset_names[] = { "none", "password", "factors", "both", NULL };
const char *const member_relations[] = { "administrator", "self", NULL };

bool member_is_entitled(const Actor *actor, const void *present, const SubjectRule *rule, int64_t county)
{
    bool is_administrator = actor->kind == STAFF && identity_has_role(actor, THE_ADMINISTRATORS);
    bool is_self = actor->kind == STAFF && ((const Member *)present)->staff == actor->id;
    return ((rule->relations & BY_ADMINISTRATOR) && is_administrator) || ((rule->relations & BY_SELF) && is_self) ||
           subject_is_entitled(actor, &member_kind, present, rule, county);
}

/* ---- who may ---- */

enum { TWO_PEOPLE = APPROVER | HEAD | THE_ADMINISTRATORS };

/* Posts that are over count too: else a post is ended, the password reset, and the post given back. */
static bool read_roles(const SubjectTurn *turn, unsigned *roles, GError **error)
{
    g_autoptr(GArray) terms = member_terms(turn->context, turn->present, error);
    *roles = 0;
    for (guint i = 0; terms && i < terms->len; i++)
        *roles |= g_array_index(terms, Term, i).post.roles;
    return terms != NULL;
}

static bool is_other(const SubjectTurn *turn, GError **error)
{
    const Actor *actor = turn->context->actor;
    bool is_own = actor->kind == STAFF && ((const Member *)turn->present)->staff == actor->id;
    return !is_own || refuse(error, NOT_ALLOWED, "people.own_password", NULL);
}

bool reset_alone_may(const SubjectTurn *turn, GError **error)
{
    unsigned roles;
    return is_other(turn, error) && read_roles(turn, &roles, error) &&
           (!(roles & TWO_PEOPLE) || refuse(error, CONFLICT, "people.two_people", NULL));
}

static bool waits(const SubjectTurn *turn)
{
    const Member *self = turn->present;
    return self->asked && turn->context->now - self->asked_at < DAY_MS;
}

enum { SETTLED_DAYS = 30 };

/* A security administrator gives all posts. So that he cannot make the second person himself, system and audit administrators take part
 * only by a post of their own that began a month ago. `part` becomes the roles by which he does. */
static bool read_part(const Context *context, int64_t staff, unsigned *part, GError **error)
{
    unsigned now;
    int64_t number;
    g_auto(Member) self = { 0 };
    if (!identity_roles(context, staff, &now, error) || !member_by_staff(context, staff, &number, error) ||
        !subject_load(context->db, context->county, &member_kind, number, &self, error))
        return false;
    Day today = day_of(context->now);
    g_autoptr(GArray) terms = terms_read(self.posts);
    *part = now & SECURITY_ADMINISTRATOR;
    for (guint i = 0; i < terms->len; i++) {
        const Term *term = &g_array_index(terms, Term, i);
        bool is_settled = term_is_on(term, today) && term->from <= today - SETTLED_DAYS;
        *part |= is_settled ? term->post.roles & now & THE_ADMINISTRATORS : 0;
    }
    return true;
}

static bool takes_part(const SubjectTurn *turn, unsigned *part, GError **error)
{
    return read_part(turn->context, turn->context->actor->id, part, error) &&
           (*part || refuse(error, NOT_ALLOWED, "people.new_administrator", "days", DECIMAL(SETTLED_DAYS), NULL));
}

/* The other administrators ask for a security administrator alone, who may be the last one. */
bool reset_ask_may(const SubjectTurn *turn, GError **error)
{
    unsigned roles, part;
    if (!is_other(turn, error) || !read_roles(turn, &roles, error))
        return false;
    if (!identity_has_role(turn->context->actor, SECURITY_ADMINISTRATOR) && !(roles & SECURITY_ADMINISTRATOR))
        return refuse(error, NOT_ALLOWED, "people.not_yours", "action", turn->rule->name, NULL);
    if (!(roles & TWO_PEOPLE))
        return refuse(error, CONFLICT, "people.one_person", NULL);
    if (waits(turn))
        return refuse(error, CONFLICT, "people.reset_waits", NULL);
    return takes_part(turn, &part, error) && (!error || member_is_complete(turn, error));
}

bool reset_waits_still(const SubjectTurn *turn, GError **error)
{
    return ((const Member *)turn->present)->asked || refuse(error, CONFLICT, "people.no_reset_waits", NULL);
}

static bool has_asked(const SubjectTurn *turn)
{
    return ((const Member *)turn->present)->asked_by == turn->context->actor->id;
}

bool reset_refuse_may(const SubjectTurn *turn, GError **error)
{
    return reset_waits_still(turn, error) && (!has_asked(turn) || refuse(error, NOT_ALLOWED, "people.own_request", NULL));
}

bool reset_withdraw_may(const SubjectTurn *turn, GError **error)
{
    return reset_waits_still(turn, error) && (has_asked(turn) || refuse(error, NOT_ALLOWED, "people.not_own_request", NULL));
}

bool reset_confirm_may(const SubjectTurn *turn, GError **error)
{
    unsigned own, asker;
    const Member *self = turn->present;
    const Actor *actor = turn->context->actor;
    if (!waits(turn))
        return refuse(error, CONFLICT, "people.no_reset_waits", NULL);
    if (!takes_part(turn, &own, error) || !read_part(turn->context, self->asked_by, &asker, error))
        return false;
    bool is_second = asker && actor->id != self->asked_by && actor->id != self->staff && !(own & asker);
    return is_second || refuse(error, NOT_ALLOWED, "people.not_second", NULL);
}

/* ---- what changes ---- */

static void put(Member *next, int64_t asked, Instant at, int64_t by)
{
    next->asked = asked;
    next->asked_at = at;
    next->asked_by = by;
    next->unwritten |= RESET_PART;
}

bool reset_ask(const SubjectTurn *turn, void *record, GError **error)
{
    int64_t asked = RESET_NONE;
    (void)error;
    while (asked < RESET_BOTH && !g_str_equal(member_reset_names[asked], json_text(turn->input->fields, "asked")))
        asked++;
    put(record, asked, turn->context->now, turn->context->actor->id);
    return true;
}

bool reset_drop(const SubjectTurn *turn, void *record, GError **error)
{
    (void)turn, (void)error;
    put(record, RESET_NONE, 0, 0);
    return true;
}

bool reset_confirm(const SubjectTurn *turn, void *record, GError **error)
{
    bool gives = ((Member *)record)->asked & RESET_PASSWORD;
    return reset_drop(turn, record, error) && (!gives || member_give_password(turn, record, error));
}

Instant reset_due(const void *present, const SubjectRule **rule)
{
    const Member *self = present;
    *rule = &member_rules[MEMBER_LAPSE_RESET];
    return self->asked ? self->asked_at + DAY_MS : 0;
}

unsigned reset_done(const SubjectRule *rule, const Member *before)
{
    switch (rule - member_rules) {
    case MEMBER_RESET: return RESET_PASSWORD;
    case MEMBER_RESET_FACTORS: return RESET_FACTORS;
    case MEMBER_CONFIRM_RESET: return (unsigned)before->asked;
    default: return RESET_NONE;
    }
}

bool reset_put(const Context *context, const Member *self, json_t *answer, GError **error)
{
    if (!self->asked)
        return json_object_del(answer, "asked") == 0;
    g_autoptr(json_t) name = identity_staff_name(context->db, context->county, self->asked_by, error);
    return name && json_object_update_new(answer, json_pack("{s:O, s:I}", "asked_by_name", name, "lapses_at", (json_int_t)self->asked_at + DAY_MS)) == 0;
}

/* ---- the one concerned ---- */

/* Nobody, where the actor is no member. */
static bool load_own(const Context *context, Member *out, GError **error)
{
    bool found;
    int64_t number;
    return member_by_staff(context, context->actor->id, &number, error) &&
           record_load(context->db, context->county, &member_record, number, out, &found, error);
}

bool reset_tell_own(const Context *context, json_t *own, GError **error)
{
    g_auto(Member) self = { 0 };
    if (!load_own(context, &self, error))
        return false;
    json_t *reset = self.asked ? json_pack("{s:s}", "asked", member_reset_names[self.asked]) : NULL;
    return !reset || (json_object_set_new(own, "reset", reset) == 0 && reset_put(context, &self, reset, error));
}

json_t *reset_decline(Request *r, GError **error)
{
    g_auto(Member) self = { 0 }, next = { 0 };
    g_autoptr(json_t) none = json_object();
    const SubjectRule *rule = &member_rules[MEMBER_DECLINE_RESET];
    const SubjectInput input = { .seen = -1, .fields = none };
    if (!load_own(&r->context, &self, error) || !member_act(&r->context, self.number, rule, &input, &next, error))
        return NULL;
    g_autofree char *subject = subject_text(&member_kind, &next);
    return http_security(r, &(SecurityEntry){ .kind = SECURITY_ACCOUNT, .subject = subject, .purpose = rule->name }, error) ? json_object() : NULL;
}

/* ---- who is told ---- */

enum { ASKED_MESSAGE, DONE_MESSAGE, DROPPED_MESSAGE, WAITS_MESSAGE, OTHER_DONE_MESSAGE, OTHER_DROPPED_MESSAGE, POST_MESSAGE };
static const char *const asked_names[] = { "asked", "by", NULL }, *const own_names[] = { "asked", NULL }, *const other_names[] = { "asked", "account", NULL },
                  *const post_names[] = { "role", "account", "by", NULL };
const MessageTemplate people_messages[] = {
    [ASKED_MESSAGE] = { "people.messages.reset_asked", asked_names },
    [DONE_MESSAGE] = { "people.messages.reset_done", own_names },
    [DROPPED_MESSAGE] = { "people.messages.reset_dropped", own_names },
    [WAITS_MESSAGE] = { "people.messages.reset_waits", other_names },
    [OTHER_DONE_MESSAGE] = { "people.messages.other_done", other_names },
    [OTHER_DROPPED_MESSAGE] = { "people.messages.other_dropped", other_names },
    [POST_MESSAGE] = { "people.messages.administrator", post_names },
    { 0 },
};

/* {path, account, by, asked, role}: the account concerned, the one of the actor, what is reset, and the role that is given. */
static json_t *told_of(const Context *context, const Member *concerned, int64_t asked, unsigned role, GError **error)
{
    g_auto(Member) actor = { 0 };
    if (context->actor->kind == STAFF && !load_own(context, &actor, error))
        return NULL;
    g_autofree char *path = subject_path(&member_kind, concerned->number, STAFF);
    return json_pack("{s:s, s:s, s:s, s:s, s:s}", "path", path, "account", concerned->account, "by", actor.account ? actor.account : "",
                     "asked", member_reset_names[asked], "role", role ? role_names[g_bit_nth_lsf(role, -1)] : "");
}

static bool tell_holders(const Context *context, unsigned role, const Member *concerned, const MessageTemplate *template, json_t *data, GError **error)
{
    g_autoptr(GArray) holders = members_with_role(context, role_names[g_bit_nth_lsf(role, -1)], error);
    for (guint i = 0; holders && i < holders->len; i++) {
        g_auto(Member) holder = { 0 };
        if (!subject_load(context->db, context->county, &member_kind, g_array_index(holders, int64_t, i), &holder, error))
            return false;
        const MessageTo to = to_staff(holder.staff);
        if (holder.number != concerned->number && holder.staff != context->actor->id && !notify(context, &to, template, data, error))
            return false;
    }
    return holders != NULL;
}

static bool tell_administrators(const Context *context, unsigned roles, const Member *concerned, const MessageTemplate *template, json_t *data, GError **error)
{
    for (unsigned role = 1; role <= THE_ADMINISTRATORS; role <<= 1)
        if ((roles & role) && !tell_holders(context, role, concerned, template, data, error))
            return false;
    return true;
}

static unsigned administrations_of(const Context *context, const Member *self)
{
    unsigned roles = 0;
    g_autoptr(GArray) terms = terms_read(self && self->state != MEMBER_ENDED ? self->posts : "[]");
    for (guint i = 0; i < terms->len; i++) {
        const Term *term = &g_array_index(terms, Term, i);
        roles |= term_is_past(term, day_of(context->now)) ? 0 : term->post.roles & THE_ADMINISTRATORS;
    }
    return roles;
}

/* Nobody becomes an administrator unseen by the others, who might one day be asked to trust him. */
static bool tell_post(const Context *context, const Member *before, const Member *self, GError **error)
{
    unsigned given = administrations_of(context, self) & ~administrations_of(context, before);
    if (context->actor->kind != STAFF || !given)
        return true;
    g_autoptr(json_t) data = told_of(context, self, RESET_NONE, given, error);
    return data && tell_administrators(context, THE_ADMINISTRATORS, self, &people_messages[POST_MESSAGE], data, error);
}

/* The asker is told how it ended, unless he ended it. */
static bool tell_asker(const Context *context, const Member *before, bool is_done, json_t *data, GError **error)
{
    const MessageTo to = to_staff(before->asked_by);
    return !before->asked || before->asked_by == context->actor->id ||
           notify(context, &to, &people_messages[is_done ? OTHER_DONE_MESSAGE : OTHER_DROPPED_MESSAGE], data, error);
}

static bool tell_own(const Context *context, const Member *self, enum member_reset done, json_t *data, GError **error)
{
    const MessageTo to = to_staff(self->staff);
    g_autoptr(json_t) own = json_copy(data);
    json_object_set_new(own, "path", json_string("/desk/me"));
    return notify(context, &to, &people_messages[done ? DONE_MESSAGE : self->asked ? ASKED_MESSAGE : DROPPED_MESSAGE], own, error);
}

/* Holders of the administrations that the asker has no part in can confirm it. */
static bool tell_reset(const Context *context, const SubjectChange *change, GError **error)
{
    const Member *before = change->before, *self = change->after;
    unsigned done = reset_done(change->rule, before), others = 0;
    if (!done && before->asked == self->asked)
        return true;
    g_autoptr(json_t) data = told_of(context, self, done ? done : MAX(before->asked, self->asked), 0, error);
    for (unsigned role = 1; role <= THE_ADMINISTRATORS; role <<= 1)
        others |= identity_has_role(context->actor, role) ? 0 : role & THE_ADMINISTRATORS;
    return data && tell_own(context, self, done, data, error) && tell_asker(context, before, done, data, error) &&
           (!self->asked || tell_administrators(context, others, self, &people_messages[WAITS_MESSAGE], data, error));
}

bool reset_tell(const Context *context, const SubjectChange *change, GError **error)
{
    if (change->kind != &member_kind || !tell_post(context, change->before, change->after, error))
        return change->kind != &member_kind;
    return !change->rule || !change->before || tell_reset(context, change, error);
}

// SPDX-License-Identifier: Apache-2.0
/* The desk of the security administrator. */
#include "people/room.h"

#include <string.h>

enum { KEEPERS = SECURITY_ADMINISTRATOR, READERS = THE_ADMINISTRATORS };

static bool may_see(const Actor *actor, const void *present)
{
    (void)present;
    return actor->kind == STAFF && identity_has_role(actor, READERS);
}

/* The person whom a change names, beside the event that made it. */
static bool put_person(const Context *context, const json_t *change, const char *name, json_t *line, GError **error)
{
    int64_t number;
    g_auto(Member) other = { 0 };
    if (!subject_number_read(json_text(change, name), &number))
        return true;
    return subject_load(context->db, context->county, &member_kind, number, &other, error) &&
           json_object_set_new(line, name, json_pack("{s:s, s:s}", "name", other.name, "account", other.account)) == 0;
}

/* The last of the posts is the one that was added. */
static bool put_added(const Context *context, const json_t *posts, json_t *line, GError **error)
{
    g_autofree char *text = json_canonical(posts);
    g_autoptr(GArray) terms = terms_read(text);
    if (terms->len > 1)
        g_array_remove_range(terms, 0, terms->len - 1);
    g_autoptr(json_t) shown = terms_json(context, terms, error);
    return shown && json_object_set(line, "added", shown) == 0;
}

/* A line that says nothing of a leave or a colleague says so: a page would else show those of the member as he is now. */
static void put_leave(const json_t *change, json_t *line)
{
    static const char *const names[] = { "leave_from_day", "leave_to_day", "deputy", "successor", "predecessor", "asked" };
    json_put_text(line, names[0], json_text(change, names[0]));
    json_put_text(line, names[1], json_text(change, names[1]));
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (!json_object_get(line, names[i]))
            json_object_set_new(line, names[i], json_null());
}

static bool tell(const SubjectTurn *turn, const Event *event, json_t *line, GError **error)
{
    static const char *const people[] = { "deputy", "successor", "predecessor" };
    g_autoptr(json_t) payload = json_loads(event->payload, 0, NULL);
    const json_t *change = json_object_get(payload, "change"), *posts = json_object_get(change, "posts");
    for (size_t i = 0; i < G_N_ELEMENTS(people); i++)
        if (!put_person(turn->context, change, people[i], line, error))
            return false;
    if (strcmp(event->kind, "member.reset_asked") == 0)
        json_put_text(line, "asked", json_text(change, "asked"));
    put_leave(change, line);
    return strcmp(event->kind, "member.appointed") != 0 || put_added(turn->context, posts, line, error);
}

const SubjectKind member_kind = {
    .name = "member", .words = "people", .none = "people.no_member", .paths = { [STAFF] = "/desk/people" }, .may_see = may_see,
    .record = &member_record, .states = member_state_names, .rules = member_rules, .rule_size = sizeof member_rules[0],
    .rule_count = MEMBER_ACTIONS, .state = offsetof(Member, state), .events = offsetof(Member, events), .head = offsetof(Member, head),
    .unwritten = offsetof(Member, unwritten), .always_group = STATE_PART, .answer = member_answer, .fields = member_act_fields,
    .tell = tell, .offers = member_offers, .relations = member_relations, .is_entitled = member_is_entitled, .timer = "member.reset", .due = reset_due,
};

/* ---- one ---- */

/* Choices, codes and an example for the forms that enter people. */
static bool put_entry(const Request *r, json_t *answer, GError **error)
{
    if (!answer_is_page(r))
        return true;
    json_object_set_new(answer, "codes_of_roles", roles_json(ANY_ROLE, "role"));
    json_object_set_new(answer, "example", json_sprintf("wang.fang,王芳,%d,%" PRId64 ",clerk,%s,", CENTRE_ORGAN, division_county(r->context.county),
                                                        DAY_WRITTEN(day_of(r->context.now))));
    return member_put_choices(&r->context, answer, error);
}

static json_t *list(Request *r, GError **error)
{
    json_t *answer = list_show(r, &member_list, error);
    if (answer && identity_has_role(r->context.actor, KEEPERS))
        json_object_set_new(answer, "may_keep", json_true());
    return answer && put_entry(r, answer, error) ? answer : (json_decref(answer), NULL);
}

static const Field enter_fields[] = {
    { .name = "account", .least = 2, .most = 32, .required = true, .look = LOOK_EXACT },
    { .name = "name", .most = PERSON_NAME_MOST, .required = true, .check = identity_person_name },
    { .name = "organ", .kind = FIELD_INTEGER, .most = 999999, .required = true, .options = "organs.number" },
    { .name = "division", .most = 12, .required = true, .options = "divisions.code", .option_label = "people.division" },
    { .name = "role", .kind = FIELD_CHOICE, .required = true, .choices = role_names },
    { .name = "from", .kind = FIELD_DAY, .required = true, .value = "today" },
    { .name = "to", .kind = FIELD_DAY },
    { 0 },
};

static json_t *enter(Request *r, GError **error)
{
    g_auto(Member) made = { 0 };
    g_auto(FirstPassword) password = { 0 };
    const char *account = json_text(r->fields, "account"), *to = json_text(r->fields, "to");
    const Term term = { { json_number(r->fields, "organ"), g_ascii_strtoll(json_text(r->fields, "division"), NULL, 10), role_named(json_text(r->fields, "role")) },
                        day_parse(json_text(r->fields, "from")), *to ? day_parse(to) : 0 };
    g_autoptr(GArray) terms = g_array_new(FALSE, FALSE, sizeof(Term));
    g_array_append_val(terms, term);
    if (!first_password_for(r, account, &password, error) ||
        !member_enter(&r->context, &(Newcomer){ account, json_text(r->fields, "name"), password.hash, password.quick_hash, terms }, &made, error))
        return NULL;
    g_autofree char *subject = subject_text(&member_kind, &made);
    return http_security(r, &(SecurityEntry){ .kind = SECURITY_ACCOUNT, .subject = subject, .purpose = "enter" }, error)
           ? subject_summary(&member_kind, &made) : NULL;
}

/* ---- acting ---- */

/* A password that is made here is shown to this session alone: whoever confirms that it is reset hands it over. */
static bool prepare(const Request *r, const SubjectRule *rule, int64_t number, Member *before, FirstPassword *password, json_t *fields, GError **error)
{
    if (!subject_load(r->context.db, r->context.county, &member_kind, number, before, error))
        return false;
    if (!(reset_done(rule, before) & RESET_PASSWORD))
        return true;
    return first_password_for(r, before->account, password, error) && json_object_set_new(fields, "quick_hash", json_string(password->quick_hash)) == 0;
}

/* Sessions of an account that may act no more, or whose password somebody may have learnt, end with it. */
static bool finish(Request *r, const SubjectRule *rule, const Member *before, const Member *self, const FirstPassword *password, GError **error)
{
    const Context *context = &r->context;
    unsigned resets = reset_done(rule, before);
    g_autofree char *subject = subject_text(&member_kind, self);
    return (!(resets & RESET_PASSWORD) || credentials_give(context, self->staff, password->hash, error)) &&
           (!(resets & RESET_FACTORS) || credentials_forget(context, self->staff, error)) &&
           (self->state == MEMBER_ACTIVE || session_end_all(context, STAFF, self->staff, error)) &&
           http_security(r, &(SecurityEntry){ .kind = SECURITY_ACCOUNT, .subject = subject, .purpose = rule->name }, error);
}

static json_t *act(Request *r, GError **error)
{
    int64_t number;
    g_auto(Member) before = { 0 }, next = { 0 };
    g_auto(FirstPassword) password = { 0 };
    const SubjectRule *rule = subject_rule_named(&member_kind, r->path[1]);
    if (!rule)
        return refuse(error, NOT_FOUND, "people.no_action", NULL);
    SubjectInput input = subject_input(r);
    g_autoptr(json_t) fields = json_copy(r->fields);
    input.fields = fields;
    if (!subject_number_asked(r, &member_kind, &number, error) || !prepare(r, rule, number, &before, &password, fields, error) ||
        !member_act(&r->context, number, rule, &input, &next, error) || !finish(r, rule, &before, &next, &password, error))
        return NULL;
    return password.hash ? answer_redirect(r, "/desk/people/first-passwords") : subject_summary(&member_kind, &next);
}

static json_t *show(Request *r, GError **error)
{
    g_autoptr(json_t) answer = subject_page(r, error);
    json_t *factors = answer ? credentials_factors(&r->context, json_number(answer, "staff"), error) : NULL;
    if (!factors)
        return NULL;
    json_object_set_new(answer, "factors", factors);
    if (!answer_is_page(r)) {
        json_object_del(answer, "organs");
        json_object_del(answer, "divisions");
    }
    return g_steal_pointer(&answer);
}

const Route people_routes[] = {
    { "GET", "/desk/people", READERS, list, "people/people", member_list_fields, NULL, NULL, "The accounts of the staff: by account, name and state" },
    { "POST", "/desk/people", KEEPERS, enter, "people/people", enter_fields, "/desk/people/first-passwords", "/desk/people",
      "Enter a member of the staff with a first post and a first password" },
    { "GET", "/desk/people/first-passwords", READERS, first_passwords_show, "people/first-passwords", NULL, NULL, NULL,
      "The first passwords that this session has made within half an hour and that are still to be changed" },
    { "POST", "/desk/people/import", KEEPERS, people_import, "people/people", import_fields, "/desk/people/first-passwords", "/desk/people",
      "Enter members of the staff from a table, all or none" },
    { "GET", "/desk/people/{number}", READERS, show, "people/member", NULL, NULL, NULL, "A member of the staff with posts, leave, history and actions" },
    { "POST", "/desk/people/{number}/{action}", READERS, act, "people/member", member_act_fields, "/desk/people/{number}", "/desk/people/{number}",
      "Take an action on an account: posts, leave, password, lock, end" },
    { "POST", "/desk/me/decline-reset", ANY_STAFF, reset_decline, .redirect = "/desk/me", .does = "Refuse a reset of one's own that waits for confirmation" },
    { "GET", "/desk/duties", READERS, list_page, "people/duties", duty_list_fields, NULL, NULL,
      "Who may do what where, for how long and for whom; format=csv, xlsx or json for files" },
    { "GET", "/desk/rights", READERS, rights_show, "people/rights", NULL, NULL, NULL,
      "The rights of each role, as the routes and the rules of this program declare them" },
    { "GET", "/desk/reforms", READERS, reforms_show, "people/reforms", NULL, NULL, NULL,
      "Reforms of authorities and divisions: what is planned for a day, and what was carried out" },
    { "POST", "/desk/reforms", SYSTEM_ADMINISTRATOR, reforms_plan, "people/reforms", reform_plan_fields, "/desk/reforms", "/desk/reforms",
      "Plan that an authority or division ends, is merged, renamed or founded from a day to come" },
    { "POST", "/desk/reforms/import", SYSTEM_ADMINISTRATOR, reforms_import, "people/reforms", reform_import_fields, "/desk/reforms", "/desk/reforms",
      "Plan the reforms of a table, all or none" },
    { "POST", "/desk/reforms/withdraw", SYSTEM_ADMINISTRATOR, reforms_withdraw, "people/reforms", reform_withdraw_fields, "/desk/reforms", "/desk/reforms",
      "Withdraw a planned reform before its day" },
    { "GET", "/desk/opening", ANY_ROLE, opening_show, "people/opening", NULL, NULL, NULL,
      "What is still to be done from an empty county to the first case" },
    { "POST", "/desk/opening/divisions", SYSTEM_ADMINISTRATOR, opening_divisions, "people/opening", opening_divisions_fields, "/desk/opening", "/desk/opening",
      "Take a table of divisions in, whole or not at all" },
    { "POST", "/desk/opening/organs", SYSTEM_ADMINISTRATOR, opening_organs, "people/opening", opening_organs_fields, "/desk/opening", "/desk/opening",
      "Take a table of organs in, whole or not at all" },
    { 0 },
};

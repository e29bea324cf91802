// SPDX-License-Identifier: Apache-2.0
/* Accounts, posts and leave, as security administrators change them, and what they may not do. */
#include "identity/test_bench.h"
#include "people/room.h"
#include "timers/timers.h"

#define NOW INT64_C(1409720000000) /* 2014-09-03 */
enum { TODAY = 16316 };
static const int64_t county_division = 330482000000;

static const char centre[] = "99,Z,行政服务中心,Centre,中心,centre,2001-01-01,,,,,,,,made up\n";

static const Actor the_system = { .kind = SYSTEM, .name = "" };

/* ---- the bench ---- */

typedef struct Acting {
    const char *actor, *account; /* NULL actor: the system */
    enum member_action action;
    json_t *fields;              /* taken over */
    Day day;
    Instant now;
} Acting;

static int64_t staff_of(const Context *context, const char *account)
{
    g_auto(Member) self = { 0 };
    g_assert_true(member_by_account(context, account, &self.number, NULL));
    g_assert_true(subject_load(context->db, context->county, &member_kind, self.number, &self, NULL));
    return self.staff;
}

static bool act_in(Db *db, void *data, GError **error)
{
    bool found;
    int64_t number;
    Actor actor = the_system;
    g_auto(Member) out = { 0 };
    const Acting *self = data;
    g_autoptr(json_t) sure = json_pack("{s:b}", "sure", true);
    Context context = { .db = db, .county = COUNTY, .now = self->now ? self->now : NOW, .actor = &the_system, .random = random_secure, .rooms = rooms };
    if (self->actor)
        g_assert_true(identity_load_actor(db, COUNTY, STAFF, staff_of(&context, self->actor), day_of(context.now), &actor, &found, NULL));
    context.actor = &actor;
    if (self->action == MEMBER_END && self->fields)
        json_object_update_missing(self->fields, sure);
    const json_t *fields = self->action == MEMBER_END && !self->fields ? sure : self->fields;
    const SubjectInput input = { .seen = -1, .reason = "因故", .day = self->day, .fields = fields };
    g_assert_true(member_by_account(&context, self->account, &number, NULL));
    bool done = member_act(&context, number, &member_rules[self->action], &input, &out, error);
    if (self->actor)
        identity_clear_actor(&actor);
    return done;
}

static void refused(const Bench *b, Acting acting, const char *reason)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) fields = acting.fields;
    (void)fields;
    if (store_write(b->store, act_in, &acting, &error))
        g_error("%s on %s was not refused as %s", member_rules[acting.action].name, acting.account, reason);
    g_autoptr(json_t) details = trouble_details(error);
    g_autofree char *text = json_canonical(details);
    if (!strstr(text, reason))
        g_error("%s on %s, not refused as %s: %s", member_rules[acting.action].name, acting.account, reason, error->message);
}

static void done(const Bench *b, Acting acting)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) fields = acting.fields;
    (void)fields;
    store_write(b->store, act_in, &acting, &error);
    if (error)
        g_error("%s on %s: %s", member_rules[acting.action].name, acting.account, error->message);
}

static bool people_come(Db *db, void *data, GError **error)
{
    static const struct { const char *account; Post post; } people[] = {
        { "quan", { 99, county_division, SECURITY_ADMINISTRATOR } }, { "guan", { 99, county_division, SYSTEM_ADMINISTRATOR } },
        { "cha", { 99, county_division, AUDITOR } }, { "zhang", { 90, 330482103000, CLERK | REVIEWER } }, { "li", { 2, county_division, APPROVER } },
        { "wang", { 2, county_division, HEAD } },
    };
    const Context context = { .db = db, .county = COUNTY, .now = NOW, .actor = &the_system, .random = random_secure, .rooms = rooms };
    int64_t staff;
    (void)data;
    for (size_t i = 0; i < G_N_ELEMENTS(people); i++)
        if (!people_enter(&context, &(StaffEntry){ .account = people[i].account, .name = "某某", .posts = &people[i].post, .post_count = 1 }, &staff, error))
            return false;
    return true;
}

static bool misfit_comes(Db *db, void *data, GError **error)
{
    static const Post post = { 2, 330482103000, CLERK };
    const Context context = { .db = db, .county = COUNTY, .now = NOW, .actor = &the_system, .random = random_secure, .rooms = rooms };
    int64_t staff;
    (void)data;
    return people_enter(&context, &(StaffEntry){ .account = "zhao", .name = "某某", .posts = &post, .post_count = 1 }, &staff, error);
}

static void town_opens(Bench *b)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *table = g_strconcat(organ_header, centre, NULL);
    bench_open(b);
    import_text(b, identity_import_organs, table, &error);
    g_assert_no_error(error);
    store_write(b->store, people_come, NULL, &error);
    g_assert_no_error(error);
}

static unsigned roles_on(const Bench *b, const char *account, Day day, int64_t *absent)
{
    bool found;
    Actor actor;
    unsigned roles = 0;
    Db *db = store_reader(b->store, NULL);
    const Context context = { .db = db, .county = COUNTY, .now = NOW };
    g_assert_true(identity_load_actor(db, COUNTY, STAFF, staff_of(&context, account), day, &actor, &found, NULL));
    for (size_t i = 0; i < actor.post_count; i++)
        roles |= actor.posts[i].roles;
    if (absent)
        *absent = actor_absent(&actor, CLERK);
    identity_clear_actor(&actor);
    store_return(b->store, db);
    return found ? roles : 0;
}

static bool verify_in(Db *db, void *data, GError **error)
{
    int64_t subjects, members;
    const Context context = { .db = db, .county = COUNTY, .now = NOW + 400 * (Instant)DAY_MS, .rooms = rooms };
    (void)data;
    return subject_verify(&context, &member_kind, NULL, NULL, &subjects, error) && people_verify(&context, NULL, &members, error);
}

/* Register and duties are what the events make, also when days have passed. */
static void town_closes(Bench *b)
{
    g_autoptr(GError) error = NULL;
    store_write(b->store, verify_in, NULL, &error);
    g_assert_no_error(error);
    bench_close(b);
}

static json_t *post_fields(int organ, const char *division, const char *role, const char *from)
{
    return json_pack("{s:i, s:s, s:s, s:s}", "organ", organ, "division", division, "role", role, "from", from);
}

/* ---- posts ---- */

static void posts_come_and_go_by_day(void)
{
    Bench b;
    town_opens(&b);
    done(&b, (Acting){ "quan", "li", MEMBER_APPOINT, post_fields(90, "330482103000", "clerk", "2014-09-05") });
    g_assert_cmpuint(roles_on(&b, "li", TODAY, NULL), ==, APPROVER);
    g_assert_cmpuint(roles_on(&b, "li", TODAY + 2, NULL), ==, APPROVER | CLERK);
    done(&b, (Acting){ "quan", "li", MEMBER_DISMISS, json_pack("{s:s}", "held", "2"), .day = TODAY + 2 });
    g_assert_cmpuint(roles_on(&b, "li", TODAY + 2, NULL), ==, APPROVER | CLERK);
    g_assert_cmpuint(roles_on(&b, "li", TODAY + 3, NULL), ==, APPROVER);
    done(&b, (Acting){ "quan", "li", MEMBER_DISMISS, json_pack("{s:s}", "held", "1"), .day = TODAY - 1 });
    g_assert_cmpuint(roles_on(&b, "li", TODAY, NULL), ==, 0);
    town_closes(&b);
}

static void posts_that_do_not_fit_are_refused(void)
{
    Bench b;
    town_opens(&b);
    refused(&b, (Acting){ "quan", "zhang", MEMBER_APPOINT, post_fields(90, "330482103000", "clerk", "2014-09-03") }, "people.held_already");
    refused(&b, (Acting){ "quan", "zhang", MEMBER_APPOINT, post_fields(77, "330482103000", "clerk", "2014-09-03") }, "identity.post_form");
    refused(&b, (Acting){ "quan", "zhang", MEMBER_APPOINT, post_fields(90, "330499103000", "clerk", "2014-09-03") }, "identity.post_form");
    refused(&b, (Acting){ "quan", "zhang", MEMBER_APPOINT, json_pack("{s:i, s:s}", "organ", 90, "role", "clerk") }, "people.needed");
    refused(&b, (Acting){ "quan", "guan", MEMBER_APPOINT, post_fields(99, "330482000000", "auditor", "2015-09-03") }, "identity.administrators_apart");
    refused(&b, (Acting){ "quan", "li", MEMBER_DISMISS, json_pack("{s:s}", "held", "2"), .day = TODAY }, "people.not_held");
    refused(&b, (Acting){ "quan", "li", MEMBER_DISMISS, json_pack("{s:s}", "held", "1"), .day = TODAY - 2 }, "people.past");
    refused(&b, (Acting){ "guan", "li", MEMBER_LOCK }, "people.not_yours");
    refused(&b, (Acting){ "quan", "li", MEMBER_END, json_pack("{s:b}", "sure", false) }, "people.sure");
    refused(&b, (Acting){ "quan", "li", MEMBER_TAKE_OVER }, "people.no_action");
    town_closes(&b);
}

/* Each organ works in divisions of one level; a post elsewhere would never have anything to do. */
static void an_organ_has_posts_at_its_own_level(void)
{
    static const struct { int organ; const char *division, *reason; } wrong[] = {
        { 2, "330482103000", "identity.post_in_town" }, { 99, "330482103201", "identity.post_in_village" },
        { 90, "330482000000", "identity.post_in_county" }, { 90, "330482103201", "identity.post_in_village" },
    };
    Bench b;
    town_opens(&b);
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        refused(&b, (Acting){ "quan", "li", MEMBER_APPOINT, post_fields(wrong[i].organ, wrong[i].division, "issuer", "2014-09-03") }, wrong[i].reason);
    done(&b, (Acting){ "quan", "li", MEMBER_APPOINT, post_fields(90, "330482103000", "issuer", "2014-09-03") });
    g_autoptr(GError) error = NULL;
    g_assert_false(store_write(b.store, misfit_comes, NULL, &error));
    assert_reason(error, NOT_FITTING, "identity.post_in_town");
    town_closes(&b);
}

/* ---- what a page shows ---- */

static json_t *answer_about(const Bench *b, const char *account)
{
    g_auto(Member) self = { 0 };
    Db *db = store_reader(b->store, NULL);
    const Context context = { .db = db, .county = COUNTY, .now = NOW, .rooms = rooms };
    g_assert_true(member_by_account(&context, account, &self.number, NULL));
    g_assert_true(subject_load(db, COUNTY, &member_kind, self.number, &self, NULL));
    json_t *answer = member_answer(&context, &self, true, NULL);
    store_return(b->store, db);
    return answer;
}

static void posts_of_a_closed_account_have_ended(void)
{
    Bench b;
    town_opens(&b);
    for (int ended = 0; ended < 2; ended++) {
        g_autoptr(json_t) answer = answer_about(&b, "zhang");
        const json_t *post = json_array_get(json_object_get(answer, "posts"), 0);
        g_assert_true(json_is_object(post) && json_flag(post, "is_open") == !ended);
        if (!ended)
            done(&b, (Acting){ "quan", "zhang", MEMBER_END });
    }
    town_closes(&b);
}

static bool is_held(const Bench *b, const char *role, Day day)
{
    bool is;
    Db *db = store_reader(b->store, NULL);
    const Context context = { .db = db, .county = COUNTY, .now = instant_at(day, 600) };
    g_assert_true(role_is_held(&context, role, &is, NULL));
    store_return(b->store, db);
    return is;
}

static void a_role_is_held_also_for_a_term_but_not_under_lock(void)
{
    Bench b;
    town_opens(&b);
    json_t *term = post_fields(2, "330482000000", "issuer", "2014-09-05");
    json_object_set_new(term, "to", json_string("2014-09-06"));
    done(&b, (Acting){ "quan", "li", MEMBER_APPOINT, term });
    g_assert_false(is_held(&b, "issuer", TODAY + 1));
    g_assert_true(is_held(&b, "issuer", TODAY + 2) && is_held(&b, "issuer", TODAY + 3));
    g_assert_false(is_held(&b, "issuer", TODAY + 4));
    done(&b, (Acting){ "quan", "li", MEMBER_LOCK });
    g_assert_false(is_held(&b, "issuer", TODAY + 2));
    town_closes(&b);
}

/* ---- nobody gives himself a post ---- */

static json_t *leave_fields(const char *from, const char *until, const char *deputy)
{
    return json_pack("{s:s, s:s, s:s*}", "from", from, "until", until, "deputy", deputy);
}

static void nobody_gives_himself_a_post(void)
{
    Bench b;
    town_opens(&b);
    refused(&b, (Acting){ "quan", "quan", MEMBER_APPOINT, post_fields(2, "330482000000", "approver", "2014-09-03") }, "people.not_oneself");
    refused(&b, (Acting){ "quan", "li", MEMBER_LEAVE, leave_fields("2014-09-03", "2014-09-09", "quan") }, "people.not_oneself");
    refused(&b, (Acting){ "quan", "li", MEMBER_END, json_pack("{s:s}", "successor", "quan") }, "people.not_oneself");
    refused(&b, (Acting){ "quan", "li", MEMBER_DISMISS, json_pack("{s:s, s:s}", "held", "1", "successor", "quan"), .day = TODAY }, "people.not_oneself");
    /* Another security administrator makes him the deputy; then he may give that person nothing. */
    done(&b, (Acting){ "quan", "wang", MEMBER_APPOINT, post_fields(99, "330482000000", "security_administrator", "2014-09-03") });
    done(&b, (Acting){ "wang", "li", MEMBER_LEAVE, leave_fields("2014-09-03", "2014-09-09", "quan") });
    g_assert_cmpuint(roles_on(&b, "quan", TODAY, NULL), ==, SECURITY_ADMINISTRATOR | APPROVER);
    refused(&b, (Acting){ "quan", "li", MEMBER_APPOINT, post_fields(2, "330482000000", "head", "2014-09-03") }, "people.not_oneself");
    refused(&b, (Acting){ "quan", "li", MEMBER_LEAVE, leave_fields("2014-09-03", "2014-10-09", "quan") }, "people.not_oneself");
    done(&b, (Acting){ "quan", "li", MEMBER_COME_BACK });
    g_assert_cmpuint(roles_on(&b, "quan", TODAY, NULL), ==, SECURITY_ADMINISTRATOR);
    refused(&b, (Acting){ "quan", "quan", MEMBER_RESET, json_pack("{s:s}", "quick_hash", "x") }, "people.own_password");
    town_closes(&b);
}

/* ---- the three administrations ---- */

static void the_last_of_a_kind_stays(void)
{
    Bench b;
    town_opens(&b);
    static const char *const accounts[] = { "quan", "guan", "cha" };
    for (size_t i = 0; i < G_N_ELEMENTS(accounts); i++) {
        refused(&b, (Acting){ "quan", accounts[i], MEMBER_END }, "people.last_administrator");
        refused(&b, (Acting){ "quan", accounts[i], MEMBER_LOCK }, "people.last_administrator");
        refused(&b, (Acting){ "quan", accounts[i], MEMBER_DISMISS, json_pack("{s:s}", "held", "1"), .day = TODAY + 30 }, "people.last_administrator");
        refused(&b, (Acting){ "quan", accounts[i], MEMBER_LEAVE, leave_fields("2014-09-10", "2014-09-12", NULL) }, "people.last_administrator");
    }
    /* A deputy will do, as long as he can act; he may not come from the other two administrations. */
    refused(&b, (Acting){ "quan", "cha", MEMBER_LEAVE, leave_fields("2014-09-10", "2014-09-12", "guan") }, "identity.administrators_apart");
    done(&b, (Acting){ "quan", "cha", MEMBER_LEAVE, leave_fields("2014-09-10", "2014-09-12", "zhang") });
    refused(&b, (Acting){ "quan", "zhang", MEMBER_LOCK }, "people.last_administrator");
    refused(&b, (Acting){ "quan", "zhang", MEMBER_LEAVE, leave_fields("2014-09-12", "2014-09-20", NULL) }, "people.last_administrator");
    done(&b, (Acting){ "quan", "zhang", MEMBER_LEAVE, leave_fields("2014-09-13", "2014-09-20", NULL) });
    done(&b, (Acting){ "quan", "zhang", MEMBER_COME_BACK });
    refused(&b, (Acting){ "quan", "zhang", MEMBER_APPOINT, post_fields(99, "330482000000", "system_administrator", "2014-09-03") }, "identity.administrators_apart");
    done(&b, (Acting){ "quan", "cha", MEMBER_COME_BACK });
    /* One whose post has an end is none to rely on. */
    json_t *ends = post_fields(99, "330482000000", "auditor", "2014-09-03");
    json_object_set_new(ends, "to", json_string("2014-12-31"));
    done(&b, (Acting){ "quan", "wang", MEMBER_APPOINT, ends });
    refused(&b, (Acting){ "quan", "cha", MEMBER_END }, "people.last_administrator");
    done(&b, (Acting){ "quan", "li", MEMBER_APPOINT, post_fields(99, "330482000000", "auditor", "2014-09-03") });
    done(&b, (Acting){ "quan", "cha", MEMBER_END });
    refused(&b, (Acting){ "quan", "li", MEMBER_END }, "people.last_administrator");
    town_closes(&b);
}

/* ---- resets ---- */

static json_t *asking(const char *what)
{
    return json_pack("{s:s}", "asked", what);
}

static json_t *quick(void)
{
    return json_pack("{s:s}", "quick_hash", "x");
}

static int64_t count_of(const Bench *b, const char *sql)
{
    int64_t count;
    bool found;
    g_autoptr(GError) error = NULL;
    Db *db = store_reader(b->store, NULL);
    db_integer(db, sql, WITH(db_int("county", COUNTY)), &count, &found, &error);
    g_assert_no_error(error);
    store_return(b->store, db);
    return count;
}

static int64_t messages(const Bench *b, const char *account, const char *key)
{
    g_autofree char *sql = g_strdup_printf("/* all rows */ SELECT COUNT(*) FROM message m JOIN staff s ON s.county = m.county AND m.recipient = 'staff/' || s.id"
                                           " WHERE m.county = :county AND s.account = '%s' AND m.template = 'people.messages.%s'", account, key);
    return count_of(b, sql);
}

static void two_people_reset_whoever_decides(void)
{
    Bench b;
    town_opens(&b);
    static const char *const deciding[] = { "li", "wang", "guan", "cha" };
    for (size_t i = 0; i < G_N_ELEMENTS(deciding); i++) {
        refused(&b, (Acting){ "quan", deciding[i], MEMBER_RESET, quick() }, "people.two_people");
        refused(&b, (Acting){ "quan", deciding[i], MEMBER_RESET_FACTORS }, "people.two_people");
    }
    refused(&b, (Acting){ "quan", "zhang", MEMBER_ASK_RESET, asking("both") }, "people.one_person");
    done(&b, (Acting){ "quan", "zhang", MEMBER_RESET, quick() });
    g_assert_cmpint(messages(&b, "zhang", "reset_done"), ==, 1);
    refused(&b, (Acting){ "quan", "li", MEMBER_ASK_RESET }, "people.needed");
    done(&b, (Acting){ "quan", "li", MEMBER_ASK_RESET, asking("both") });
    g_assert_cmpint(messages(&b, "li", "reset_asked"), ==, 1);
    g_assert_cmpint(messages(&b, "guan", "reset_waits") + messages(&b, "cha", "reset_waits"), ==, 2);
    g_assert_cmpint(messages(&b, "quan", "reset_waits"), ==, 0);
    refused(&b, (Acting){ "quan", "li", MEMBER_ASK_RESET, asking("both") }, "people.reset_waits");
    refused(&b, (Acting){ "quan", "li", MEMBER_CONFIRM_RESET, quick() }, "people.not_second");
    refused(&b, (Acting){ "li", "li", MEMBER_CONFIRM_RESET, quick() }, "people.not_yours");
    refused(&b, (Acting){ "wang", "li", MEMBER_REFUSE_RESET }, "people.not_yours");
    refused(&b, (Acting){ NULL, "li", MEMBER_CONFIRM_RESET, quick() }, "people.not_yours");
    done(&b, (Acting){ "guan", "li", MEMBER_CONFIRM_RESET, quick() });
    g_assert_cmpint(messages(&b, "li", "reset_done"), ==, 1);
    refused(&b, (Acting){ "cha", "li", MEMBER_CONFIRM_RESET, quick() }, "people.no_reset_waits");
    town_closes(&b);
}

/* Another security administrator is none of another kind, and the one concerned confirms nothing. */
static void the_second_is_of_another_kind(void)
{
    Bench b;
    town_opens(&b);
    done(&b, (Acting){ "quan", "zhang", MEMBER_APPOINT, post_fields(99, "330482000000", "security_administrator", "2014-09-03") });
    done(&b, (Acting){ "quan", "cha", MEMBER_ASK_RESET, asking("factors") });
    refused(&b, (Acting){ "zhang", "cha", MEMBER_CONFIRM_RESET }, "people.not_second");
    refused(&b, (Acting){ "cha", "cha", MEMBER_CONFIRM_RESET }, "people.not_second");
    done(&b, (Acting){ "cha", "cha", MEMBER_REFUSE_RESET });
    g_assert_cmpint(messages(&b, "cha", "reset_dropped"), ==, 1);
    refused(&b, (Acting){ "guan", "cha", MEMBER_CONFIRM_RESET }, "people.no_reset_waits");
    refused(&b, (Acting){ "cha", "cha", MEMBER_REFUSE_RESET }, "people.no_reset_waits");
    /* One who asks and is no administrator any more has not asked. */
    done(&b, (Acting){ "zhang", "li", MEMBER_ASK_RESET, asking("password") });
    done(&b, (Acting){ "quan", "zhang", MEMBER_LOCK });
    refused(&b, (Acting){ "guan", "li", MEMBER_CONFIRM_RESET, quick() }, "people.not_second");
    town_closes(&b);
}

static void the_last_security_administrator_is_reset_by_the_others(void)
{
    Bench b;
    town_opens(&b);
    refused(&b, (Acting){ "cha", "li", MEMBER_ASK_RESET, asking("factors") }, "people.not_yours");
    refused(&b, (Acting){ "quan", "quan", MEMBER_ASK_RESET, asking("factors") }, "people.own_password");
    done(&b, (Acting){ "cha", "quan", MEMBER_ASK_RESET, asking("factors") });
    g_assert_cmpint(messages(&b, "quan", "reset_asked"), ==, 1);
    g_assert_cmpint(messages(&b, "quan", "reset_waits"), ==, 0);
    refused(&b, (Acting){ "quan", "quan", MEMBER_CONFIRM_RESET }, "people.not_second");
    done(&b, (Acting){ "guan", "quan", MEMBER_CONFIRM_RESET });
    town_closes(&b);
}

/* Else somebody's post is ended, his password reset, and the post given back. */
static void posts_that_are_over_count_for_a_reset(void)
{
    Bench b;
    town_opens(&b);
    done(&b, (Acting){ "quan", "li", MEMBER_DISMISS, json_pack("{s:s}", "held", "1"), .day = TODAY - 1 });
    g_assert_cmpuint(roles_on(&b, "li", TODAY, NULL), ==, 0);
    refused(&b, (Acting){ "quan", "li", MEMBER_RESET, quick() }, "people.two_people");
    town_closes(&b);
}

static bool days_pass(Db *db, void *data, GError **error)
{
    int64_t rung;
    const Context context = { .db = db, .county = COUNTY, .now = *(const Instant *)data, .actor = &the_system, .random = random_secure, .rooms = rooms };
    return timers_take(&context, 10, &rung, error);
}

static void nothing_is_confirmed_after_a_day(void)
{
    Bench b;
    Instant late = NOW + DAY_MS;
    town_opens(&b);
    done(&b, (Acting){ "quan", "li", MEMBER_ASK_RESET, asking("both") });
    refused(&b, (Acting){ "guan", "li", MEMBER_CONFIRM_RESET, quick(), .now = late }, "people.no_reset_waits");
    g_assert_true(store_write(b.store, days_pass, &late, NULL));
    g_assert_cmpint(messages(&b, "li", "reset_dropped"), ==, 1);
    g_assert_cmpint(count_of(&b, "/* all rows */ SELECT COUNT(*) FROM event WHERE county = :county AND subject LIKE 'member/%' AND kind = 'member.reset_lapsed'"), ==, 1);
    done(&b, (Acting){ "quan", "li", MEMBER_ASK_RESET, asking("both"), .now = late });
    done(&b, (Acting){ "guan", "li", MEMBER_CONFIRM_RESET, quick(), .now = late + DAY_MS - 1 });
    town_closes(&b);
}

/* ---- leave ---- */

static void a_deputy_acts_for_these_days(void)
{
    Bench b;
    int64_t absent;
    town_opens(&b);
    done(&b, (Acting){ "quan", "zhang", MEMBER_LEAVE, leave_fields("2014-09-05", "2014-09-06", "li") });
    static const struct { Day day; unsigned roles; } days[] = {
        { TODAY + 1, APPROVER }, { TODAY + 2, APPROVER | CLERK | REVIEWER }, { TODAY + 3, APPROVER | CLERK | REVIEWER }, { TODAY + 4, APPROVER },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(days); i++) {
        g_assert_cmpuint(roles_on(&b, "li", days[i].day, &absent), ==, days[i].roles);
        g_assert_true((absent != 0) == (days[i].roles != APPROVER));
    }
    refused(&b, (Acting){ "quan", "li", MEMBER_LEAVE, leave_fields("2014-09-05", "2014-09-06", "li") }, "people.no_deputy");
    refused(&b, (Acting){ "quan", "li", MEMBER_LEAVE, leave_fields("2014-09-05", "2014-09-06", "nobody") }, "people.no_deputy");
    refused(&b, (Acting){ "quan", "li", MEMBER_LEAVE, leave_fields("2014-09-06", "2014-09-05", "wang") }, "people.leave_order");
    refused(&b, (Acting){ "quan", "wang", MEMBER_LEAVE, leave_fields("2014-09-06", "2014-09-09", "zhang") }, "people.deputy_away");
    /* A new post of the one on leave is the deputy's too; one who has left has none to lend. */
    done(&b, (Acting){ "quan", "zhang", MEMBER_APPOINT, post_fields(2, "330482000000", "issuer", "2014-09-03") });
    g_assert_cmpuint(roles_on(&b, "li", TODAY + 2, NULL), ==, APPROVER | CLERK | REVIEWER | ISSUER);
    done(&b, (Acting){ "quan", "zhang", MEMBER_END });
    g_assert_cmpuint(roles_on(&b, "li", TODAY + 2, NULL), ==, APPROVER);
    refused(&b, (Acting){ "quan", "zhang", MEMBER_UNLOCK }, "people.not_now");
    town_closes(&b);
}

static void posts_are_handed_over(void)
{
    Bench b;
    town_opens(&b);
    refused(&b, (Acting){ "quan", "zhang", MEMBER_END, json_pack("{s:s}", "successor", "zhang") }, "people.no_successor");
    refused(&b, (Acting){ "quan", "zhang", MEMBER_END, json_pack("{s:s}", "successor", "nobody") }, "people.no_successor");
    done(&b, (Acting){ "quan", "wang", MEMBER_LOCK });
    refused(&b, (Acting){ "quan", "zhang", MEMBER_END, json_pack("{s:s}", "successor", "wang") }, "people.no_successor");
    done(&b, (Acting){ "quan", "zhang", MEMBER_END, json_pack("{s:s}", "successor", "li") });
    g_assert_cmpuint(roles_on(&b, "li", TODAY, NULL), ==, APPROVER | CLERK | REVIEWER);
    g_assert_cmpuint(roles_on(&b, "zhang", TODAY, NULL), ==, 0);
    town_closes(&b);
}

/* ---- a county ---- */

static bool open_in(Db *db, void *data, GError **error)
{
    County county = { .code = COUNTY, .name = (char *)(uintptr_t)"某县", .name_en = (char *)(uintptr_t)"Some County" };
    const Context context = { .db = db, .county = COUNTY, .now = NOW, .actor = &the_system, .random = random_secure, .rooms = rooms };
    return people_open(&context, &county, data, error);
}

static void a_county_is_opened_once(void)
{
    Administrator made[ADMINISTRATORS];
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("people-XXXXXX", NULL), *file = g_build_filename(folder, "test.db", NULL);
    Bench b = { .folder = g_strdup(folder), .file = g_strdup(file), .store = store_with_rooms(file, 2) };
    store_write(b.store, open_in, made, &error);
    g_assert_no_error(error);
    for (size_t i = 0; i < ADMINISTRATORS; i++) {
        g_assert_cmpuint(strlen(made[i].password), ==, FIRST_PASSWORD - 1);
        g_assert_cmpuint(roles_on(&b, made[i].account, TODAY, NULL), ==, made[i].role);
    }
    g_assert_cmpstr(made[0].password, !=, made[1].password);
    g_assert_false(store_write(b.store, open_in, made, &error));
    assert_reason(error, CONFLICT, "people.opened_already");
    Db *db = store_reader(b.store, NULL);
    g_autoptr(json_t) county = people_county(db, COUNTY, NULL);
    g_assert_cmpstr(json_text(county, "name_en"), ==, "Some County");
    g_clear_error(&error);
    g_assert_null(people_county(db, COUNTY + 1, &error));
    assert_reason(error, NOT_FOUND, "people.no_county");
    store_return(b.store, db);
    town_closes(&b);
}

static bool late(Db *db, void *data, GError **error)
{
    int64_t staff;
    const Post post = { 90, 330482103000, CLERK };
    const Context context = { .db = db, .county = COUNTY, .now = NOW, .actor = &the_system, .random = random_secure, .rooms = rooms };
    (void)data;
    return identity_add_staff(&context, &(StaffEntry){ .account = "old", .name = "老人", .posts = &post, .post_count = 1 }, &staff, error) &&
           people_enter_late(&context, error) && people_enter_late(&context, error);
}

static void accounts_of_an_older_program_are_entered(void)
{
    Bench b;
    g_autoptr(GError) error = NULL;
    bench_open(&b);
    store_write(b.store, late, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(roles_on(&b, "old", TODAY, NULL), ==, CLERK);
    town_closes(&b);
}

static bool alter(Db *db, void *data, GError **error)
{
    return db_run(db, data, WITH(db_int("county", COUNTY)), error);
}

static void a_post_that_was_altered_is_found(void)
{
    Bench b;
    g_autoptr(GError) error = NULL;
    town_opens(&b);
    g_assert_true(store_write(b.store, alter, (void *)(uintptr_t)"UPDATE post SET roles = 1023 WHERE county = :county AND staff = 4", NULL));
    g_assert_false(store_write(b.store, verify_in, NULL, &error));
    g_assert_nonnull(strstr(error->message, "people.found_register"));
    bench_close(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/people/posts come and go by day", posts_come_and_go_by_day);
    g_test_add_func("/people/posts that do not fit are refused", posts_that_do_not_fit_are_refused);
    g_test_add_func("/people/an organ has posts at its own level", an_organ_has_posts_at_its_own_level);
    g_test_add_func("/people/posts of a closed account have ended", posts_of_a_closed_account_have_ended);
    g_test_add_func("/people/a role is held also for a term, but not under lock", a_role_is_held_also_for_a_term_but_not_under_lock);
    g_test_add_func("/people/nobody gives himself a post", nobody_gives_himself_a_post);
    g_test_add_func("/people/the last of a kind stays", the_last_of_a_kind_stays);
    g_test_add_func("/people/two people reset whoever decides", two_people_reset_whoever_decides);
    g_test_add_func("/people/the second is of another kind", the_second_is_of_another_kind);
    g_test_add_func("/people/the last security administrator is reset by the others", the_last_security_administrator_is_reset_by_the_others);
    g_test_add_func("/people/posts that are over count for a reset", posts_that_are_over_count_for_a_reset);
    g_test_add_func("/people/nothing is confirmed after a day", nothing_is_confirmed_after_a_day);
    g_test_add_func("/people/a deputy acts for these days", a_deputy_acts_for_these_days);
    g_test_add_func("/people/posts are handed over", posts_are_handed_over);
    g_test_add_func("/people/a county is opened once", a_county_is_opened_once);
    g_test_add_func("/people/accounts of an older program are entered", accounts_of_an_older_program_are_entered);
    g_test_add_func("/people/a post that was altered is found", a_post_that_was_altered_is_found);
    return g_test_run();
}

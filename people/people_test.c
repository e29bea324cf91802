// SPDX-License-Identifier: Apache-2.0
/* Accounts, posts and leave, as security administrators change them, and what they may not do. */
#include "people/bench_test.h"
#include "timers/timers.h"

static bool misfit_comes(Db *db, void *data, GError **error)
{
    static const Post post = { 2, 330482103000, CLERK };
    const Context context = { .db = db, .county = COUNTY, .now = NOW, .actor = &the_system, .random = random_secure, .rooms = rooms };
    int64_t staff;
    (void)data;
    return people_enter(&context, &(StaffEntry){ .account = "zhao", .name = "某某", .posts = &post, .post_count = 1 }, &staff, error);
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

/* ---- reforms ---- */

static bool plan_merger(Db *db, void *data, GError **error)
{
    const Context context = { .db = db, .county = COUNTY, .now = NOW, .actor = &the_system, .random = random_secure, .rooms = rooms };
    return identity_reform_plan(&context, data, error);
}

static bool ring_on_the_day(Db *db, void *data, GError **error)
{
    const Context context = { .db = db, .county = COUNTY, .now = instant_at(TODAY + 2, 0), .actor = &the_system, .random = random_secure, .rooms = rooms };
    return timers_take(&context, 100, data, error);
}

/* The post of an organ that goes into another stays one post, since the same day, so that nobody has to sign in anew. */
static void posts_follow_a_reform(void)
{
    Bench b;
    int64_t count;
    g_autoptr(GError) error = NULL;
    town_opens(&b);
    g_autofree char *table = g_strconcat(organ_header, "60,X,农业经济局,Farming,农经局,department,2001-01-01,,,,,,,,made up\n", NULL);
    import_text(&b, identity_import_organs, table, &error);
    done(&b, (Acting){ "quan", "li", MEMBER_APPOINT, post_fields(60, "330482000000", "clerk", "2014-09-03") });
    done(&b, (Acting){ "quan", "li", MEMBER_LEAVE, leave_fields("2014-09-04", "2014-09-20", "wang") });
    g_autoptr(json_t) before = answer_about(&b, "li");
    PlannedReform merger = { .act = REFORM_MERGE, .about = ABOUT_ORGAN, .target = 60, .other = 2, .day = TODAY + 2, .name = "", .name_en = "", .short_name = "", .code = "", .document = "平委发1号" };
    store_write(b.store, plan_merger, &merger, &error);
    g_assert_no_error(error);
    store_write(b.store, ring_on_the_day, &count, &error);
    g_assert_no_error(error);
    g_autoptr(json_t) answer = answer_about(&b, "li");
    size_t i, moved = 0, stayed = json_array_size(json_object_get(before, "posts"));
    json_t *post;
    json_array_foreach(json_object_get(answer, "posts"), i, post)
        moved += strcmp(json_text(post, "organ_name"), "市场监督管理局") == 0 && strcmp(json_text(post, "from_day"), "2014-09-03") == 0;
    g_assert_cmpuint(moved, ==, 1);
    g_assert_cmpuint(json_array_size(json_object_get(answer, "posts")), ==, stayed);
    refused(&b, (Acting){ "quan", "zhang", MEMBER_APPOINT, post_fields(60, "330482000000", "clerk", "2014-09-05"), .now = instant_at(TODAY + 2, 60) }, "identity.post_ended");
    town_closes(&b);
}

/* ---- nobody gives himself a post ---- */

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
    g_test_add_func("/people/posts follow a reform", posts_follow_a_reform);
    g_test_add_func("/people/nobody gives himself a post", nobody_gives_himself_a_post);
    g_test_add_func("/people/the last of a kind stays", the_last_of_a_kind_stays);
    g_test_add_func("/people/a deputy acts for these days", a_deputy_acts_for_these_days);
    g_test_add_func("/people/posts are handed over", posts_are_handed_over);
    g_test_add_func("/people/a county is opened once", a_county_is_opened_once);
    g_test_add_func("/people/accounts of an older program are entered", accounts_of_an_older_program_are_entered);
    g_test_add_func("/people/a post that was altered is found", a_post_that_was_altered_is_found);
    return g_test_run();
}

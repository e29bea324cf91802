// SPDX-License-Identifier: Apache-2.0
/* Resets by two people of what somebody signs in with who decides or administers. */
#include "people/bench_test.h"
#include "timers/timers.h"

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
    g_assert_cmpint(messages(&b, "quan", "other_done"), ==, 1);
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

/* Everybody concerned refuses for himself, also one who administers nothing; the asker withdraws. */
static void the_one_concerned_refuses(void)
{
    Bench b;
    town_opens(&b);
    refused(&b, (Acting){ "li", "li", MEMBER_DECLINE_RESET }, "people.no_reset_waits");
    done(&b, (Acting){ "quan", "li", MEMBER_ASK_RESET, asking("both") });
    refused(&b, (Acting){ "wang", "li", MEMBER_DECLINE_RESET }, "people.not_yours");
    refused(&b, (Acting){ "quan", "li", MEMBER_DECLINE_RESET }, "people.not_yours");
    refused(&b, (Acting){ "guan", "li", MEMBER_WITHDRAW_RESET }, "people.not_own_request");
    refused(&b, (Acting){ "quan", "li", MEMBER_REFUSE_RESET }, "people.own_request");
    done(&b, (Acting){ "li", "li", MEMBER_DECLINE_RESET });
    g_assert_cmpint(messages(&b, "quan", "other_dropped"), ==, 1);
    refused(&b, (Acting){ "guan", "li", MEMBER_CONFIRM_RESET, quick() }, "people.no_reset_waits");
    done(&b, (Acting){ "quan", "li", MEMBER_ASK_RESET, asking("both") });
    done(&b, (Acting){ "quan", "li", MEMBER_WITHDRAW_RESET });
    g_assert_cmpint(messages(&b, "li", "reset_dropped"), ==, 2);
    g_assert_cmpint(messages(&b, "quan", "other_dropped"), ==, 1);
    town_closes(&b);
}

static void administrators_hear_of_a_new_one(void)
{
    Bench b;
    town_opens(&b);
    done(&b, (Acting){ "quan", "zhang", MEMBER_APPOINT, post_fields(99, "330482000000", "auditor", "2014-09-03") });
    done(&b, (Acting){ "quan", "li", MEMBER_APPOINT, post_fields(2, "330482000000", "head", "2014-09-03") });
    static const struct { const char *account; int64_t told; } people[] = { { "guan", 1 }, { "cha", 1 }, { "quan", 0 }, { "zhang", 0 }, { "li", 0 } };
    for (size_t i = 0; i < G_N_ELEMENTS(people); i++)
        g_assert_cmpint(messages(&b, people[i].account, "administrator"), ==, people[i].told);
    town_closes(&b);
}

static bool puppet_comes(Db *db, void *data, GError **error)
{
    bool found;
    Actor quan;
    const Term term = { { 99, county_division, AUDITOR }, TODAY - 400, 0 };
    g_autoptr(GArray) terms = g_array_new(FALSE, FALSE, sizeof(Term));
    g_auto(Member) made = { 0 };
    Context context = { .db = db, .county = COUNTY, .now = NOW, .actor = &the_system, .random = random_secure, .rooms = rooms };
    (void)data;
    g_array_append_val(terms, term);
    g_assert_true(identity_load_actor(db, COUNTY, STAFF, staff_of(&context, "quan"), TODAY, &quan, &found, NULL));
    context.actor = &quan;
    bool entered = member_enter(&context, &(Newcomer){ "puppet", "木偶", "x", "x", terms }, &made, error);
    identity_clear_actor(&quan);
    return entered;
}

/* An account of his own, made or appointed today whatever day he writes, a deputy, and an asker whose posts he changes meanwhile. */
static void nobody_makes_his_own_second_person(void)
{
    Bench b;
    const Instant month = 30 * (Instant)DAY_MS;
    g_autoptr(GError) error = NULL;
    town_opens(&b);
    store_write(b.store, puppet_comes, NULL, &error);
    g_assert_no_error(error);
    done(&b, (Acting){ "quan", "zhang", MEMBER_APPOINT, post_fields(99, "330482000000", "auditor", "2001-01-01") });
    done(&b, (Acting){ "quan", "guan", MEMBER_LEAVE, leave_fields("2001-01-01", "2014-09-09", "wang") });
    done(&b, (Acting){ "quan", "li", MEMBER_ASK_RESET, asking("both") });
    static const char *const puppets[] = { "puppet", "zhang", "wang" };
    for (size_t i = 0; i < G_N_ELEMENTS(puppets); i++) {
        refused(&b, (Acting){ puppets[i], "li", MEMBER_CONFIRM_RESET, quick() }, "people.new_administrator");
        refused(&b, (Acting){ puppets[i], "quan", MEMBER_ASK_RESET, asking("both") }, "people.new_administrator");
    }
    done(&b, (Acting){ "quan", "li", MEMBER_WITHDRAW_RESET });
    done(&b, (Acting){ "quan", "li", MEMBER_APPOINT, post_fields(99, "330482000000", "security_administrator", "2014-09-03") });
    done(&b, (Acting){ "li", "wang", MEMBER_ASK_RESET, asking("both"), .now = NOW + month });
    done(&b, (Acting){ "quan", "li", MEMBER_DISMISS, json_pack("{s:s}", "held", "2"), .day = TODAY + 29, .now = NOW + month });
    done(&b, (Acting){ "quan", "li", MEMBER_APPOINT, post_fields(99, "330482000000", "auditor", "2014-09-03"), .now = NOW + month });
    refused(&b, (Acting){ "quan", "wang", MEMBER_CONFIRM_RESET, quick(), .now = NOW + month }, "people.not_second");
    done(&b, (Acting){ "quan", "wang", MEMBER_REFUSE_RESET, .now = NOW + month });
    /* A month later the one appointed today is a second person. */
    done(&b, (Acting){ "quan", "wang", MEMBER_ASK_RESET, asking("both"), .now = NOW + month - DAY_MS });
    refused(&b, (Acting){ "zhang", "wang", MEMBER_CONFIRM_RESET, quick(), .now = NOW + month - DAY_MS }, "people.new_administrator");
    done(&b, (Acting){ "zhang", "wang", MEMBER_CONFIRM_RESET, quick(), .now = NOW + month - 1 });
    town_closes(&b);
}

/* A post that ends on its first day has been held too; one to come has not. */
static void a_post_of_one_day_counts_for_a_reset(void)
{
    Bench b;
    town_opens(&b);
    done(&b, (Acting){ "quan", "zhang", MEMBER_APPOINT, post_fields(2, "330482000000", "approver", "2014-09-05") });
    done(&b, (Acting){ "quan", "zhang", MEMBER_DISMISS, json_pack("{s:s}", "held", "2"), .day = TODAY });
    done(&b, (Acting){ "quan", "zhang", MEMBER_RESET, quick() });
    done(&b, (Acting){ "quan", "zhang", MEMBER_APPOINT, post_fields(2, "330482000000", "approver", "2014-09-03") });
    done(&b, (Acting){ "quan", "zhang", MEMBER_DISMISS, json_pack("{s:s}", "held", "2"), .day = TODAY - 1 });
    g_assert_cmpuint(roles_on(&b, "zhang", TODAY, NULL), ==, CLERK | REVIEWER);
    refused(&b, (Acting){ "quan", "zhang", MEMBER_RESET, quick() }, "people.two_people");
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

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/resets/two people reset whoever decides", two_people_reset_whoever_decides);
    g_test_add_func("/resets/the second is of another kind", the_second_is_of_another_kind);
    g_test_add_func("/resets/the last security administrator is reset by the others", the_last_security_administrator_is_reset_by_the_others);
    g_test_add_func("/resets/posts that are over count for a reset", posts_that_are_over_count_for_a_reset);
    g_test_add_func("/resets/the one concerned refuses", the_one_concerned_refuses);
    g_test_add_func("/resets/administrators hear of a new one", administrators_hear_of_a_new_one);
    g_test_add_func("/resets/nobody makes his own second person", nobody_makes_his_own_second_person);
    g_test_add_func("/resets/a post of one day counts for a reset", a_post_of_one_day_counts_for_a_reset);
    g_test_add_func("/resets/nothing is confirmed after a day", nothing_is_confirmed_after_a_day);
    return g_test_run();
}

// SPDX-License-Identifier: Apache-2.0
/* When an entry of the security log is written: before the answer, with the transaction, and not as often as a stranger likes. */
#include "http/bench_test.h"

/* Each entry becomes a row of the table of failures, so that what a transaction does not keep is not kept here either. */
static bool keep(const Context *context, const SecurityEntry *entry, GError **error)
{
    g_autofree char *key = g_strdup_printf("%d/%d/%s/%s/%s/%" PRId64 "/%s", entry->kind, entry->outcome, entry->account, entry->subject,
                                           entry->purpose, entry->times, entry->network);
    if (strcmp(entry->subject, "full") == 0)
        return refuse(error, FULL, "db.full", NULL);
    return db_run(context->db, "INSERT INTO http_failure (county, key, count, first_at, last_at) VALUES (:county, :key, 1, :at, :at)"
                  " ON CONFLICT (county, key) DO UPDATE SET count = http_failure.count + 1",
                  WITH(db_int("county", context->county), db_text("key", key), db_int("at", context->now)), error);
}

/* All that were written: "key times" in order. */
static char *written(const Bench *b)
{
    g_autoptr(GError) error = NULL;
    GString *all = g_string_new(NULL);
    Db *db = store_reader(b->store, &error);
    {
        g_autoptr(DbRows) rows = db_query(db, "SELECT key, count FROM http_failure WHERE county = :county ORDER BY key",
                                          WITH(db_int("county", COUNTY)), &error);
        while (db_next(rows, &error))
            g_string_append_printf(all, "%s x%" PRId64 "\n", db_column_text(rows, 0), db_column_int(rows, 1));
    }
    store_return(b->store, db);
    g_assert_no_error(error);
    return g_string_free(all, FALSE);
}

static void assert_written(const Bench *b, const char *wanted)
{
    g_autofree char *all = written(b);
    g_assert_cmpstr(all, ==, wanted);
}

/* ---- routes ---- */

static json_t *open_daily(Request *r, GError **error)
{
    const SecurityEntry entry = { SECURITY_OPENED, .often = SECURITY_DAILY, .subject = r->path[0], .account = "wang" };
    return http_security(r, &entry, error) ? json_pack("{s:s}", "secret", "name") : NULL;
}

static json_t *open_each(Request *r, GError **error)
{
    const SecurityEntry entry = { SECURITY_SCAN, .subject = r->path[0], .account = "wang", .purpose = "examining" };
    return http_security(r, &entry, error) ? json_object() : NULL;
}

static json_t *change(Request *r, GError **error)
{
    const SecurityEntry entry = { SECURITY_SETTING, .account = "wang", .purpose = r->path[0] };
    if (!http_security(r, &entry, error))
        return NULL;
    return strcmp(r->path[0], "good") == 0 ? json_object() : refuse(error, CONFLICT, "http.signed_in", NULL);
}

static json_t *fail(Request *r, GError **error)
{
    const SecurityEntry entry = { SECURITY_SIGN_IN, SECURITY_FAILED, SECURITY_COUNTED, .account = r->path[0] };
    return http_security(r, &entry, error) ? refuse(error, NOT_FITTING, "http.sign_in", NULL) : NULL;
}

static json_t *enter(Request *r, GError **error)
{
    return session_begin(r, STAFF, CLERK, error) ? json_object() : NULL;
}

static json_t *not_yours(Request *r, GError **error)
{
    return strcmp(r->path[0], "mine") == 0 ? json_object() : refuse(error, NOT_ALLOWED, "base.not_found", NULL);
}

static const Route room[] = {
    { "GET", "/daily/{subject}", ANYONE, open_daily, .does = "" },
    { "GET", "/each/{subject}", ANYONE, open_each, .does = "" },
    { "POST", "/change/{what}", ANYONE, change, .does = "" },
    { "POST", "/fail/{account}", ANYONE, NULL, .does = "", .prepare = fail },
    { "POST", "/enter", ANYONE, enter, .does = "" },
    { "GET", "/things/{what}", CLERK, not_yours, .does = "" },
    { "GET", "/audit/{what}", AUDITOR, not_yours, .does = "" },
    { 0 },
};

static void open_logged(Bench *b)
{
    bench_security = keep;
    bench_open(b, room);
}

static void close_logged(Bench *b)
{
    bench_close(b);
    bench_security = NULL;
}

/* ---- tests ---- */

static void reads_are_in_the_log_before_they_are_shown_and_once_a_day(void)
{
    Bench b;
    open_logged(&b);
    for (int i = 0; i < 3; i++)
        ASSERT_ANSWER(ask(&b, "GET", "/daily/a", "", ""), 200, "name");
    ASSERT_ANSWER(ask(&b, "GET", "/daily/b", "", ""), 200, "name");
    ASSERT_ANSWER(ask(&b, "GET", "/each/a", "", ""), 200, "");
    ASSERT_ANSWER(ask(&b, "GET", "/each/a", "", ""), 200, "");
    assert_written(&b, "3/0/wang/a//1/127.0.0.0/24 x1\n3/0/wang/b//1/127.0.0.0/24 x1\n5/0/wang/a/examining/1/127.0.0.0/24 x2\n");
    time_now += DAY_MS;
    ASSERT_ANSWER(ask(&b, "GET", "/daily/a", "", ""), 200, "name");
    assert_written(&b, "3/0/wang/a//1/127.0.0.0/24 x2\n3/0/wang/b//1/127.0.0.0/24 x1\n5/0/wang/a/examining/1/127.0.0.0/24 x2\n");
    close_logged(&b);
}

static void nothing_is_shown_that_could_not_be_logged(void)
{
    Bench b;
    open_logged(&b);
    g_autofree char *answer = ask(&b, "GET", "/daily/full", "", ""), *again = ask(&b, "GET", "/daily/full", "", "");
    g_assert_cmpint(status(answer), ==, 507);
    g_assert_null(strstr(answer, "secret"));
    g_assert_cmpint(status(again), ==, 507);
    close_logged(&b);
}

static void an_entry_goes_with_its_action(void)
{
    Bench b;
    open_logged(&b);
    ASSERT_ANSWER(post_json(&b, "/change/good", "k1", "{}"), 201, "");
    ASSERT_ANSWER(post_json(&b, "/change/bad", "k2", "{}"), 409, "");
    assert_written(&b, "10/0/wang//good/1/127.0.0.0/24 x1\n");
    close_logged(&b);
}

static void failures_are_counted_instead_of_filling_the_log(void)
{
    Bench b;
    open_logged(&b);
    for (int i = 0; i < 9; i++)
        ASSERT_ANSWER(post_json(&b, "/fail/wang", "k", "{}"), 422, "");
    ASSERT_ANSWER(post_json(&b, "/fail/li", "k", "{}"), 422, "");
    assert_written(&b, "0/1/li///1/127.0.0.0/24 x1\n0/1/wang///1/127.0.0.0/24 x1\n0/1/wang///2/127.0.0.0/24 x1\n"
                       "0/1/wang///4/127.0.0.0/24 x1\n0/1/wang///8/127.0.0.0/24 x1\n");
    close_logged(&b);
}

/* The session's cookie as a header. Owned by the caller. */
static char *signed_in(const Bench *b)
{
    g_autofree char *answer = post_json(b, "/enter", "k0", "{}");
    const char *cookie = strstr(answer, "Set-Cookie: ");
    g_assert_nonnull(cookie);
    return g_strdup_printf("Cookie: %.*s\r\n", (int)strcspn(cookie + 12, ";"), cookie + 12);
}

static void a_right_that_was_lacking_is_told_once_it_was_refused(void)
{
    Bench b;
    open_logged(&b);
    g_autofree char *cookie = signed_in(&b);
    ASSERT_ANSWER(ask(&b, "GET", "/things/mine", cookie, ""), 200, "");
    ASSERT_ANSWER(ask(&b, "GET", "/things/1", cookie, ""), 403, "");
    ASSERT_ANSWER(ask(&b, "GET", "/things/2", cookie, ""), 403, "");
    ASSERT_ANSWER(ask(&b, "GET", "/things/3", cookie, ""), 403, "");
    ASSERT_ANSWER(ask(&b, "GET", "/audit/typed", cookie, ""), 403, "");
    ASSERT_ANSWER(ask(&b, "GET", "/audit/typed", "", ""), 401, ""); /* a visitor lacks no right: he may sign in */
    assert_written(&b, "2/3///GET /audit/{what}/1/127.0.0.0/24 x1\n2/3///GET /things/1/1/127.0.0.0/24 x1\n"
                       "2/3///GET /things/2/2/127.0.0.0/24 x1\n");
    close_logged(&b);
}

#define TEST(name) bench_add("/http/security/" #name, name)

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    TEST(reads_are_in_the_log_before_they_are_shown_and_once_a_day);
    TEST(nothing_is_shown_that_could_not_be_logged);
    TEST(an_entry_goes_with_its_action);
    TEST(failures_are_counted_instead_of_filling_the_log);
    TEST(a_right_that_was_lacking_is_told_once_it_was_refused);
    return g_test_run();
}

// SPDX-License-Identifier: Apache-2.0
/* Budgets of failed attempts: of an account, of a sender, and of all. */
#include "http/bench_test.h"

static const Budget by_sender[] = { { "one", 3, .by_what = true, .by_address = true }, { "sender", 5, .by_address = true }, { 0 } };
static const Budget of_all[] = { { "one", 20, .by_what = true }, { "all", 3, .waits = true }, { 0 } };

/* The secret of everything is "right". */
static json_t *judge(Request *r, const Budget *budgets, GError **error)
{
    if (!throttle_attempt(r, budgets, r->path[0], error))
        return NULL;
    return strcmp(r->path[1], "right") == 0 ? json_object() : refuse(error, NOT_ALLOWED, "http.sign_in", NULL);
}

static json_t *judge_sender(Request *r, GError **error)
{
    return judge(r, by_sender, error);
}

static json_t *judge_all(Request *r, GError **error)
{
    return judge(r, of_all, error);
}

static json_t *pass_sender(Request *r, GError **error)
{
    return throttle_passed(r, by_sender, r->path[0], error) ? json_object() : NULL;
}

static json_t *pass_all(Request *r, GError **error)
{
    return throttle_passed(r, of_all, r->path[0], error) ? json_object() : NULL;
}

static const Route room[] = {
    { "POST", "/sender/{what}/{secret}", ANYONE, pass_sender, NULL, NULL, NULL, NULL, "", judge_sender },
    { "POST", "/all/{what}/{secret}", ANYONE, pass_all, NULL, NULL, NULL, NULL, "", judge_all },
    { 0 },
};

static char *attempt(const Bench *b, const char *path, const char *headers)
{
    g_autofree char *key = g_uuid_string_random();
    g_autofree char *all = g_strdup_printf("%sIdempotency-Key: %s\r\nContent-Type: application/json\r\n", headers, key);
    return ask(b, "POST", path, all, "{}");
}

static void fail(const Bench *b, const char *path, int times)
{
    for (int i = 0; i < times; i++)
        ASSERT_ANSWER(attempt(b, path, ""), 403, "http.sign_in");
}

static void a_sender_is_slowed_whatever_he_tries(void)
{
    Bench b;
    bench_open(&b, room);
    fail(&b, "/sender/a/x", 3);
    ASSERT_ANSWER(attempt(&b, "/sender/a/right", ""), 429, "http.locked");
    fail(&b, "/sender/b/x", 1);
    ASSERT_ANSWER(attempt(&b, "/sender/c/right", ""), 201, ""); /* what is his own gives him no more than this one attempt back */
    fail(&b, "/sender/d/x", 1);
    ASSERT_ANSWER(attempt(&b, "/sender/e/right", ""), 429, "Retry-After: 90");
    time_now += 16 * MINUTE_MS;
    ASSERT_ANSWER(attempt(&b, "/sender/a/right", ""), 201, "");
    bench_close(&b);
}

static void beyond_the_budget_of_all_everybody_waits_and_gets_in(void)
{
    Bench b;
    bench_open(&b, room);
    fail(&b, "/all/a/x", 3);
    ASSERT_ANSWER(attempt(&b, "/all/owner/right", ""), 429, "Retry-After: 20");
    ASSERT_ANSWER(attempt(&b, "/all/owner/right", ""), 429, "http.wait");
    time_now += 21 * 1000;
    ASSERT_ANSWER(attempt(&b, "/all/other/x", ""), 429, "http.wait"); /* each waits for himself */
    ASSERT_ANSWER(attempt(&b, "/all/owner/right", ""), 201, "");
    ASSERT_ANSWER(attempt(&b, "/all/owner/right", ""), 429, "http.wait"); /* each time */
    time_now += 21 * 1000;
    fail(&b, "/all/other/x", 1);
    time_now += 15 * MINUTE_MS;
    fail(&b, "/all/other/x", 3);
    bench_close(&b);
}

static void slow_failures_are_forgotten(void)
{
    Bench b;
    bench_open(&b, room);
    for (int i = 0; i < 8; i++, time_now += 8 * MINUTE_MS)
        fail(&b, "/sender/a/x", 1);
    bench_close(&b);
}

static void a_proxy_tells_senders_apart(void)
{
    Bench b;
    bench_open(&b, room);
    bench_serve(&b, (HttpSettings){ .behind_tls = true, .address_header = "X-Forwarded-For" });
    static const char *const mine[] = { "X-Forwarded-For: 192.0.2.7\r\n", "X-Forwarded-For: 198.51.100.1, 192.0.2.7\r\n",
                                        "X-Forwarded-For: ::1, 198.51.100.2,  192.0.2.7\r\n" };
    for (int i = 0; i < 3; i++)
        ASSERT_ANSWER(attempt(&b, "/sender/a/x", mine[i]), 403, "http.sign_in");
    ASSERT_ANSWER(attempt(&b, "/sender/a/right", mine[0]), 429, "http.locked"); /* what he writes before it is not believed */
    ASSERT_ANSWER(attempt(&b, "/sender/a/right", "X-Forwarded-For: 192.0.2.7, 192.0.2.8\r\n"), 201, "");
    ASSERT_ANSWER(attempt(&b, "/sender/a/right", "X-Forwarded-For: 198.51.100.3\r\nx-forwarded-for: 192.0.2.7\r\n"), 429, "http.locked");
    ASSERT_ANSWER(attempt(&b, "/sender/a/right", "X-Forwarded-For: 192.0.2.7\r\nX-Forwarded-For: 192.0.2.9\r\n"), 201, ""); /* nor in another line */
    static const char *const household[] = { "X-Forwarded-For: 2001:db8::1\r\n", "X-Forwarded-For: 2001:db8::2:1\r\n", "X-Forwarded-For: 2001:db8::3\r\n" };
    for (int i = 0; i < 3; i++)
        ASSERT_ANSWER(attempt(&b, "/sender/h/x", household[i]), 403, "http.sign_in");
    ASSERT_ANSWER(attempt(&b, "/sender/h/right", "X-Forwarded-For: 2001:db8::4\r\n"), 429, "http.locked");
    ASSERT_ANSWER(attempt(&b, "/sender/h/right", "X-Forwarded-For: 2001:db8:0:1::4\r\n"), 201, "");
    bench_close(&b);
}

static void without_its_header_nobody_pays_for_others(void)
{
    Bench b;
    bench_open(&b, room);
    bench_serve(&b, (HttpSettings){ .behind_tls = true, .address_header = NULL });
    fail(&b, "/sender/a/x", 7);
    ASSERT_ANSWER(attempt(&b, "/sender/a/right", ""), 201, "");
    bench_close(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_log_set_always_fatal(G_LOG_FATAL_MASK);
    bench_add("/throttle/a sender is slowed whatever he tries", a_sender_is_slowed_whatever_he_tries);
    bench_add("/throttle/beyond the budget of all everybody waits and gets in", beyond_the_budget_of_all_everybody_waits_and_gets_in);
    bench_add("/throttle/slow failures are forgotten", slow_failures_are_forgotten);
    bench_add("/throttle/a proxy tells senders apart", a_proxy_tells_senders_apart);
    bench_add("/throttle/without its header nobody pays for others", without_its_header_nobody_pays_for_others);
    return g_test_run();
}

// SPDX-License-Identifier: Apache-2.0
/* Quotas: of a sender, of a party at a sender, and of all together. */
#include "http/bench_test.h"

enum { OF_ALL = 10, OF_ADDRESS = 10, OF_PARTY = 3 };

static const Quota quotas[] = {
    { "from", LIMIT_ADDRESS_DRAFTS, "http.wait", .by_address = true }, { "of", LIMIT_PARTY_DRAFTS, "http.locked", .by_what = true, .by_address = true },
    { "all", LIMIT_DRAFTS, "http.busy" }, { 0 },
};

static json_t *look(Request *r, GError **error)
{
    return quota_take(r, quotas, r->path[0] ? r->path[0] : "a", 1, error) ? json_object() : NULL;
}

static json_t *take(Request *r, GError **error)
{
    (void)r, (void)error;
    return json_object();
}

static const Quota of_done[] = {
    { "tried", LIMIT_ADDRESS_DRAFTS, "http.wait", .by_address = true }, { "done", LIMIT_PARTY_DRAFTS, "http.locked", .by_what = true, .of_done = true }, { 0 },
};

static json_t *look_at_done(Request *r, GError **error)
{
    return quota_take(r, of_done, "a", 1, error) ? json_object() : NULL;
}

static json_t *refuse_some(Request *r, GError **error)
{
    return strcmp(r->path[0], "well") == 0 ? json_object() : refuse(error, CONFLICT, "http.sign_in", NULL);
}

static const Field account[] = { { .name = "account" }, { 0 } };
static const Route room[] = {
    { "POST", "/take/{what}", ANYONE, take, NULL, NULL, NULL, NULL, "", look },
    { "POST", "/done/{what}", ANYONE, refuse_some, NULL, NULL, NULL, NULL, "", look_at_done },
    { "GET", "/sign-in", ANYONE, take, "identity/sign-in", NULL, NULL, NULL, "" },
    { "POST", "/sign-in", ANYONE, take, "identity/sign-in", account, "/sign-in", "/sign-in", "", look, .check = true },
    { 0 },
};

/* Behind a proxy that tells senders apart. */
static void open_behind_proxy(Bench *b, int of_all)
{
    bench_open(b, room);
    bench_serve(b, (HttpSettings){ .behind_tls = true, .address_header = "X-Forwarded-For",
                                   .limits = { [LIMIT_DRAFTS] = of_all, [LIMIT_ADDRESS_DRAFTS] = OF_ADDRESS, [LIMIT_PARTY_DRAFTS] = OF_PARTY } });
}

static char *post_to(const Bench *b, const char *route, const char *what, int sender)
{
    g_autofree char *key = g_uuid_string_random(), *path = g_strconcat(route, what, NULL);
    g_autofree char *headers = g_strdup_printf("X-Forwarded-For: 203.0.113.1, 198.51.%d.%d\r\nIdempotency-Key: %s\r\nContent-Type: application/json\r\n",
                                               sender / 250, sender % 250, key);
    return ask(b, "POST", path, headers, "{}");
}

static char *post(const Bench *b, const char *what, int sender)
{
    return post_to(b, "/take/", what, sender);
}

static void what_is_refused_counts_for_its_sender_alone(void)
{
    Bench b;
    open_behind_proxy(&b, 1000);
    for (int i = 0; i < OF_ADDRESS; i++)
        ASSERT_ANSWER(post_to(&b, "/done/", "wrong", 1), 409, "http.sign_in");
    ASSERT_ANSWER(post_to(&b, "/done/", "wrong", 1), 429, "http.wait");
    for (int i = 0; i < OF_PARTY; i++)
        ASSERT_ANSWER(post_to(&b, "/done/", "well", 2), 201, "{}");
    ASSERT_ANSWER(post_to(&b, "/done/", "wrong", 2), 429, "http.locked");
    ASSERT_ANSWER(post_to(&b, "/done/", "well", 3), 429, "http.locked");
    bench_close(&b);
}

static void a_sender_has_so_many_within_an_hour(void)
{
    Bench b;
    open_behind_proxy(&b, 1000);
    for (int i = 0; i < OF_ADDRESS; i++)
        ASSERT_ANSWER(post(&b, DECIMAL(i), 1), 201, "{}");
    time_now += 50 * MINUTE_MS;
    ASSERT_ANSWER(post(&b, "a", 1), 429, "http.wait");
    ASSERT_ANSWER(post(&b, "a", 1), 429, "\r\nRetry-After: 601\r\n");
    ASSERT_ANSWER(post(&b, "a", 2), 201, "{}");
    time_now += 10 * MINUTE_MS;
    ASSERT_ANSWER(post(&b, "a", 1), 201, "{}");
    bench_close(&b);
}

/* A stranger who knows a party's number cannot keep it out. */
static void a_party_has_so_many_from_each_sender(void)
{
    Bench b;
    open_behind_proxy(&b, 1000);
    for (int i = 0; i < OF_PARTY; i++)
        ASSERT_ANSWER(post(&b, "a", 1), 201, "{}");
    ASSERT_ANSWER(post(&b, "a", 1), 429, "http.locked");
    ASSERT_ANSWER(post(&b, "b", 1), 201, "{}");
    ASSERT_ANSWER(post(&b, "a", 2), 201, "{}");
    bench_close(&b);
}

static void many_senders_keep_out_nobody_who_asks_once(void)
{
    enum { ALL = 10 * OF_ALL };
    Bench b;
    open_behind_proxy(&b, OF_ALL);
    for (int i = 0; i < OF_ALL; i++)
        ASSERT_ANSWER(post(&b, DECIMAL(i), i / 5), 201, "{}");
    for (int i = 0; i < 2; i++)
        ASSERT_ANSWER(post(&b, "b", i), 429, "http.wait"); /* each has had more than a tenth of his own */
    for (int i = OF_ALL; i < ALL; i++)
        ASSERT_ANSWER(post(&b, "a", i), 201, "{}");
    ASSERT_ANSWER(post(&b, "a", ALL), 503, "http.busy");
    ASSERT_ANSWER(post(&b, "a", ALL), 503, "\r\nRetry-After: 3601\r\n");
    time_now += 60 * MINUTE_MS;
    ASSERT_ANSWER(post(&b, "a", ALL), 201, "{}");
    bench_close(&b);
}

static void a_form_that_is_looked_at_once_more_does_not_count(void)
{
    static const char headers[] = "X-Forwarded-For: 198.51.100.1\r\nAccept: text/html\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    Bench b;
    open_behind_proxy(&b, 1000);
    for (int i = 0; i < OF_PARTY + 2; i++)
        ASSERT_ANSWER(ask(&b, "POST", "/sign-in", headers, "_key=k&account=a"), 200, "_confirmed");
    for (int i = 0; i < OF_PARTY; i++) {
        g_autofree char *body = g_strdup_printf("_key=k%d&account=a&_confirmed=1", i);
        ASSERT_ANSWER(ask(&b, "POST", "/sign-in", headers, body), 303, "");
    }
    ASSERT_ANSWER(ask(&b, "POST", "/sign-in", headers, "_key=l&account=a&_confirmed=1"), 429, "");
    ASSERT_ANSWER(ask(&b, "POST", "/sign-in", headers, "_key=m&account=a"), 429, ""); /* nor is he let in vain to look at it */
    bench_close(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_log_set_always_fatal(G_LOG_FATAL_MASK);
    bench_add("/http/quota/a sender has so many within an hour", a_sender_has_so_many_within_an_hour);
    bench_add("/http/quota/what is refused counts for its sender alone", what_is_refused_counts_for_its_sender_alone);
    bench_add("/http/quota/a party has so many from each sender", a_party_has_so_many_from_each_sender);
    bench_add("/http/quota/many senders keep out nobody who asks once", many_senders_keep_out_nobody_who_asks_once);
    bench_add("/http/quota/a form that is looked at once more does not count", a_form_that_is_looked_at_once_more_does_not_count);
    return g_test_run();
}

// SPDX-License-Identifier: Apache-2.0
/* One request sent several times at once is done once, and every sender gets the same answer. */
#include "http/busy_test.h"

enum { SENDERS = 12 };

static json_t *count_up(Request *r, GError **error)
{
    int64_t count;
    return db_next_id(r->context.db, r->context.county, "count", &count, error) ? json_pack("{s:I}", "count", (json_int_t)count) : NULL;
}

/* Like an action on a case, it may be taken only in the first state. */
static json_t *take_once(Request *r, GError **error)
{
    g_autoptr(json_t) answer = count_up(r, error);
    return answer && json_number(answer, "count") > 1 ? refuse(error, CONFLICT, "base.not_found", NULL) : g_steal_pointer(&answer);
}

/* Like an application from home. */
static json_t *enter(Request *r, GError **error)
{
    g_autoptr(json_t) answer = count_up(r, error);
    return answer && session_begin(r, HOLDER, json_number(answer, "count"), error) ? g_steal_pointer(&answer) : NULL;
}

static const Route once_routes[] = {
    { "POST", "/enter", ANYONE, enter, NULL, NULL, NULL, NULL, "Begins a session", .begins = true },
    { "POST", "/count", ANYONE, count_up, NULL, NULL, NULL, NULL, "Counts" },
    { "POST", "/take", ANYONE, take_once, NULL, NULL, NULL, NULL, "Can be done once" },
    { 0 },
};

/* ---- sending ---- */

static int begin_post(const Bench *b, const char *path, const char *key)
{
    g_autofree char *text = g_strdup_printf("POST %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\nIdempotency-Key: %s\r\n\r\n",
                                            path, key);
    return send_bytes(b, text, strlen(text));
}

static void send_all_at_once(Bench *b, const char *path)
{
    int sockets[SENDERS];
    Busy busy = { .lock = PTHREAD_MUTEX_INITIALIZER, .moved = PTHREAD_COND_INITIALIZER };
    store_submit(b->store, be_busy, &busy, end_busy);
    await(&busy, &busy.begun);
    for (int i = 0; i < SENDERS; i++)
        sockets[i] = begin_post(b, path, "same");
    until_so_many_wait(b->http, SENDERS);
    set(&busy, &busy.over);
    for (int i = 0; i < SENDERS; i++)
        ASSERT_ANSWER(read_all(sockets[i]), 201, "{\"count\":1}");
    await(&busy, &busy.ended);
}

static void the_same_at_once(const char *path)
{
    for (int minute = 5; minute < 20; minute += 10) { /* shortly after midnight, and later */
        Bench b;
        bench_open(&b, once_routes);
        time_now = (time_now / 86400000) * 86400000 - 8 * 3600000 + minute * 60000;
        send_all_at_once(&b, path);
        ASSERT_ANSWER(read_all(begin_post(&b, path, "same")), 201, "{\"count\":1}");
        ASSERT_ANSWER(read_all(begin_post(&b, "/count", "other")), 201, "{\"count\":2}");
        bench_close(&b);
    }
}

static void duplicates_at_once_are_done_once(void)
{
    the_same_at_once("/count");
}

static void duplicates_at_once_are_refused_to_no_sender(void)
{
    the_same_at_once("/take");
}

static void a_refused_action_stays_refused(void)
{
    Bench b;
    bench_open(&b, once_routes);
    ASSERT_ANSWER(read_all(begin_post(&b, "/take", "one")), 201, "{\"count\":1}");
    ASSERT_ANSWER(read_all(begin_post(&b, "/take", "two")), 409, "base.not_found");
    ASSERT_ANSWER(read_all(begin_post(&b, "/count", "one")), 422, "http.key_used");
    bench_close(&b);
}

static void a_key_is_neither_empty_nor_long(void)
{
    Bench b;
    bench_open(&b, once_routes);
    g_autofree char *long_key = g_strnfill(101, 'k');
    ASSERT_ANSWER(read_all(begin_post(&b, "/take", long_key)), 400, "换一个 1 至 100 个字符");
    ASSERT_ANSWER(ask(&b, "POST", "/take", "Content-Type: application/x-www-form-urlencoded\r\n", "_key="), 400, "http.key_missing");
    bench_close(&b);
}

/* The same request: whoever has not the session that it began is no one who sends it again. */
static void a_session_is_for_the_browser_that_began_it(void)
{
    Bench b;
    bench_open(&b, once_routes);
    static const char headers[] = "Content-Type: application/json\r\nIdempotency-Key: 1234567890123456\r\n";
    g_autofree char *first = ask(&b, "POST", "/enter", headers, "{}");
    const char *cookie = strstr(first, "Set-Cookie: pinghu-1=");
    g_assert_nonnull(cookie);
    g_autofree char *session = g_strndup(cookie + strlen("Set-"), strlen("Cookie: pinghu-1=") + 64);
    g_autofree char *own = g_strdup_printf("%s%s\r\n", headers, session);
    g_autofree char *again = ask(&b, "POST", "/enter", own, "{}");
    g_assert_nonnull(strstr(again, "{\"count\":1}"));
    g_assert_null(strstr(again, "Set-Cookie")); /* it has its session */
    g_autofree char *stranger = ask(&b, "POST", "/enter", headers, "{}"); /* or the same, whose answer was lost on its way */
    g_assert_nonnull(strstr(stranger, "409"));
    g_assert_nonnull(strstr(stranger, "http.begun_already"));
    g_assert_null(strstr(stranger, "Set-Cookie"));
    ASSERT_ANSWER(ask(&b, "POST", "/enter", headers, "{\"more\":1}"), 422, "http.key_used");
    ASSERT_ANSWER(ask(&b, "POST", "/enter", own, "{}"), 201, "{\"count\":1}");
    ASSERT_ANSWER(ask(&b, "POST", "/enter", own, "{\"more\":1}"), 422, "http.key_used");
    bench_close(&b);
}

/* One of them has the session; to the others nothing is told but that it was sent. */
static void a_session_begins_once(void)
{
    Bench b;
    int answered[SENDERS], begun = 0;
    bench_open(&b, once_routes);
    Busy busy = { .lock = PTHREAD_MUTEX_INITIALIZER, .moved = PTHREAD_COND_INITIALIZER };
    store_submit(b.store, be_busy, &busy, end_busy);
    await(&busy, &busy.begun);
    for (int i = 0; i < SENDERS; i++)
        answered[i] = begin_post(&b, "/enter", "same");
    until_so_many_wait(b.http, SENDERS);
    set(&busy, &busy.over);
    for (int i = 0; i < SENDERS; i++) {
        g_autofree char *answer = read_all(answered[i]);
        bool is_first = strstr(answer, "{\"count\":1}") != NULL;
        begun += is_first;
        g_assert_true(is_first || strstr(answer, "http.begun_already"));
    }
    await(&busy, &busy.ended);
    g_assert_cmpint(begun, ==, 1);
    bench_close(&b);
}

static void a_key_lasts_over_midnight(void)
{
    Bench b;
    bench_open(&b, once_routes);
    time_now = (time_now / 86400000) * 86400000 - 8 * 3600000 - 10 * 60000;
    g_autofree char *first = ask(&b, "POST", "/enter", "Content-Type: application/json\r\nIdempotency-Key: of the session\r\n", "{}");
    const char *cookie = strstr(first, "Set-Cookie: pinghu-1=");
    g_assert_nonnull(cookie);
    g_autofree char *session = g_strndup(cookie + strlen("Set-"), strlen("Cookie: pinghu-1=") + 64);
    g_autofree char *own = g_strdup_printf("Content-Type: application/json\r\nIdempotency-Key: late\r\n%s\r\n", session);
    ASSERT_ANSWER(ask(&b, "POST", "/count", own, "{}"), 201, "{\"count\":2}");
    time_now += 25 * 60000;
    ASSERT_ANSWER(ask(&b, "POST", "/count", own, "{}"), 201, "{\"count\":2}");
    bench_close(&b);
}

/* The key is not kept, and without it nobody can guess from the digest what was given. */
static void of_a_key_a_hash_is_kept(void)
{
    Bench b;
    int64_t rows = 0, plain = 1;
    bool found;
    bench_open(&b, once_routes);
    ASSERT_ANSWER(read_all(begin_post(&b, "/count", "a-key-of-the-sender")), 201, "{\"count\":1}");
    Db *db = store_reader(b.store, NULL);
    g_assert_true(db_integer(db, "SELECT count(*) FROM http_done WHERE county = :county", WITH(db_int("county", COUNTY)), &rows, &found, NULL));
    g_assert_true(db_integer(db, "SELECT count(*) FROM http_done WHERE county = :county AND key LIKE '%sender%'", WITH(db_int("county", COUNTY)),
                             &plain, &found, NULL));
    store_return(b.store, db);
    g_assert_cmpint(rows, ==, 1);
    g_assert_cmpint(plain, ==, 0);
    bench_close(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    bench_add("/http/once/duplicates at once are done once", duplicates_at_once_are_done_once);
    bench_add("/http/once/duplicates at once are refused to no sender", duplicates_at_once_are_refused_to_no_sender);
    bench_add("/http/once/a refused action stays refused", a_refused_action_stays_refused);
    bench_add("/http/once/a key is neither empty nor long", a_key_is_neither_empty_nor_long);
    bench_add("/http/once/a session is for the browser that began it", a_session_is_for_the_browser_that_began_it);
    bench_add("/http/once/a session begins once", a_session_begins_once);
    bench_add("/http/once/a key lasts over midnight", a_key_lasts_over_midnight);
    bench_add("/http/once/of a key a hash is kept", of_a_key_a_hash_is_kept);
    return g_test_run();
}

// SPDX-License-Identifier: Apache-2.0
/* Connections of many, and of slow, senders: they yield or are ended, and everybody else is answered. */
#include "http/busy_test.h"

#include <poll.h>
#include <sys/resource.h>

enum { MANY = 2000, OTHERS = 20 };

static json_t *take(Request *r, GError **error)
{
    (void)r, (void)error;
    return json_object();
}

static const Field fields[] = { { "name", FIELD_TEXT, 0, 0, false, NULL, NULL }, { 0 } };
static const Route room[] = { { "POST", "/take", ANYONE, take, NULL, fields, NULL, NULL, "" }, { 0 } };

/* ---- the fixture ---- */

static int *flood(const Bench *b, const char *address, const char *bytes, int count)
{
    int *sockets = g_new(int, (gsize)count);
    for (int i = 0; i < count; i++) {
        sockets[i] = connect_from(b, address);
        send(sockets[i], bytes, strlen(bytes), MSG_NOSIGNAL);
    }
    return sockets;
}

static bool is_closed(int socket, int milliseconds)
{
    char answer[4096];
    struct pollfd told = { .fd = socket, .events = POLLIN };
    return poll(&told, 1, milliseconds) > 0 && recv(socket, answer, sizeof answer, 0) <= 0;
}

/* How many are closed; some may be still under way to their thread, so that it waits until there are as many as wanted, or ten seconds. */
static int close_all(int *sockets, int count, int wanted)
{
    int closed = 0;
    int64_t until = g_get_monotonic_time() + 10 * G_USEC_PER_SEC;
    do {
        closed = 0;
        for (int i = 0; i < count; i++)
            closed += is_closed(sockets[i], 0);
    } while (closed < wanted && g_get_monotonic_time() < until);
    for (int i = 0; i < count; i++)
        close(sockets[i]);
    g_free(sockets);
    return closed;
}

#define HEAD "POST /take HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: k\r\nContent-Type: application/json\r\n"
#define HEALTH "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
static const char idle[] = "", half_head[] = "GET / HTTP/1.1\r\nHo", half_body[] = HEAD "Content-Length: 100\r\n\r\n{", whole[] = HEAD "Content-Length: 2\r\n\r\n{}";

/* ---- many connections ---- */

static void connections_of_one_address_keep_nobody_out(void)
{
    static const char *const attacks[] = { idle, half_head, half_body };
    struct rlimit files;
    Bench b;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    bench_open(&b, room);
    bench_serve(&b, (HttpSettings){ 0 });
    for (size_t i = 0; i < G_N_ELEMENTS(attacks); i++) {
        int *sockets = flood(&b, "127.0.0.2", attacks[i], MANY);
        for (int n = 0; n < OTHERS; n++)
            ASSERT_ANSWER(ask(&b, "GET", "/healthz", "", ""), 200, "open");
        g_assert_cmpint(close_all(sockets, MANY, MANY - 128), >=, MANY - 128);
    }
    bench_close(&b);
}

static char *health_from(const Bench *b, const char *address)
{
    int s = connect_from(b, address);
    send(s, HEALTH, strlen(HEALTH), MSG_NOSIGNAL);
    return read_all(s);
}

/* An office of thirty browsers behind one address: each opens its usual six connections and keeps them. */
static void many_browsers_of_one_address_are_all_answered(void)
{
    enum { ALL = 30 * 6 };
    static const char kept[] = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
    char answer[4096];
    int *sockets = g_new(int, ALL);
    Bench b;
    bench_open(&b, room);
    bench_serve(&b, (HttpSettings){ .limits = { [LIMIT_ADDRESS_CONNECTIONS] = 8 } });
    for (int i = 0; i < ALL; i++) {
        sockets[i] = connect_from(&b, "127.0.0.2");
        send(sockets[i], kept, strlen(kept), MSG_NOSIGNAL);
        g_assert_cmpint(recv(sockets[i], answer, sizeof answer, 0), >, 0);
    }
    close_all(sockets, ALL, 0);
    bench_close(&b);
}

/* Whether a newcomer of the address is answered, while it opens connection after connection. */
static bool is_answered_in_flood(const Bench *b)
{
    enum { WITHIN_A_SECOND = 700 };
    int *sockets = flood(b, "127.0.0.2", half_head, WITHIN_A_SECOND);
    g_autofree char *answer = health_from(b, "127.0.0.2");
    close_all(sockets, WITHIN_A_SECOND, 0);
    ASSERT_ANSWER(ask(b, "GET", "/healthz", "", ""), 200, "open");
    return *answer;
}

static void connection_after_connection_is_closed_unanswered_for_a_while(void)
{
    enum { ROUNDS = 50 };
    int rounds = 0;
    int64_t until = g_get_monotonic_time() + 20 * G_USEC_PER_SEC;
    Bench b;
    bench_open(&b, room);
    bench_serve(&b, (HttpSettings){ .limits = { [LIMIT_ADDRESS_CONNECTIONS] = 8 } });
    while (is_answered_in_flood(&b)) /* a new second began meanwhile */
        g_assert_cmpint(++rounds, <, ROUNDS);
    for (bool is_answered = false; !is_answered;) {
        g_autofree char *answer = health_from(&b, "127.0.0.2");
        is_answered = *answer;
        g_assert_cmpint(g_get_monotonic_time(), <, until);
    }
    bench_close(&b);
}

/* Many addresses: the longest silent yield, so that a sender who asks now is answered, and a body that goes on is read. Sixty-seven
 * senders come between two pieces of 128 KiB of that body before it would be the longest silent, for a machine whose threads wait long. */
static void when_all_are_taken_the_silent_yield(void)
{
    enum { OPEN = 100, FLOOD = 240, FLOOD_PIECE = 4000 };
    static const char *const attacks[] = { idle, half_head, half_body };
    int *silent[FLOOD], yielded = 0;
    Bench b;
    bench_open(&b, room);
    bench_serve(&b, (HttpSettings){ .limits = { [LIMIT_CONNECTIONS] = OPEN } });
    g_autofree char *head = g_strdup_printf(HEAD "Connection: close\r\nContent-Length: %d\r\n\r\n{", FLOOD * FLOOD_PIECE + 2), *piece = g_strnfill(FLOOD_PIECE, ' ');
    int going_on = send_bytes(&b, head, strlen(head));
    for (int i = 0; i < FLOOD; i++) {
        g_autofree char *address = g_strdup_printf("127.0.1.%d", i + 1);
        int newcomer = connect_from(&b, "127.0.0.4");
        silent[i] = flood(&b, address, attacks[i % (int)G_N_ELEMENTS(attacks)], 1);
        g_assert_cmpint(send(newcomer, HEALTH, strlen(HEALTH), MSG_NOSIGNAL), ==, strlen(HEALTH));
        ASSERT_ANSWER(read_all(newcomer), 200, "open");
        g_assert_cmpint(send(going_on, piece, FLOOD_PIECE, MSG_NOSIGNAL), ==, FLOOD_PIECE);
    }
    g_assert_cmpint(send(going_on, "}", 1, MSG_NOSIGNAL), ==, 1);
    ASSERT_ANSWER(read_all(going_on), 201, "{}");
    for (int i = 0; i < FLOOD; i++)
        yielded += close_all(silent[i], 1, 0);
    g_assert_cmpint(yielded, >=, FLOOD - (OPEN - 1));
    bench_close(&b);
}

/* ---- slow senders ---- */

/* A byte now and then keeps libmicrohttpd's own limit from ending a connection. */
static bool is_ended_while_it_drips(const Bench *b, const char *begin, const char *drop)
{
    enum { ROUNDS = 100, PAUSE_MS = 200 };
    int s = connect_from(b, "127.0.0.2");
    send(s, begin, strlen(begin), MSG_NOSIGNAL);
    bool ended = false;
    for (int i = 0; !ended && i < ROUNDS; i++) {
        ended = is_closed(s, PAUSE_MS);
        send(s, drop, strlen(drop), MSG_NOSIGNAL);
    }
    close(s);
    return ended;
}

static void heads_and_bodies_that_drip_are_ended(void)
{
    static const char long_body[] = HEAD "Content-Length: 1000000\r\n\r\n";
    Bench b;
    bench_open(&b, room);
    bench_serve(&b, (HttpSettings){ .limits = { [LIMIT_HEAD_SECONDS] = 2, [LIMIT_PIECE_SECONDS] = 2 } });
    const struct { const char *begin, *drop; } slow[] = { { "", "G" }, { "GET / HTTP/1.1\r\nHost: localhost\r\n", "X: a\r\n" }, { whole, "G" /* its answer first */ }, { long_body, "{" } };
    for (size_t i = 0; i < G_N_ELEMENTS(slow); i++)
        g_assert_true(is_ended_while_it_drips(&b, slow[i].begin, slow[i].drop));
    bench_close(&b);
}

/* However much comes in a piece's time, the whole has its own. */
static void a_body_without_end_is_ended(void)
{
    g_autofree char *piece = g_strnfill(200000, ' ');
    Bench b;
    bench_open(&b, room);
    bench_serve(&b, (HttpSettings){ .limits = { [LIMIT_REQUEST_SECONDS] = 3 } });
    g_assert_true(is_ended_while_it_drips(&b, HEAD "Transfer-Encoding: chunked\r\n\r\nffffffff\r\n", piece));
    bench_close(&b);
}

/* One that comes in evenly is read to its end, though it takes longer than one piece may. */
static void a_steady_body_is_read_to_its_end(void)
{
    enum { PIECES = 7, PIECE = 140000, PAUSE_MS = 1000 };
    g_autofree char *piece = g_strnfill(PIECE, ' '), *head = g_strdup_printf(HEAD "Connection: close\r\nContent-Length: %d\r\n\r\n{}", PIECES * PIECE + 2);
    Bench b;
    bench_open(&b, room);
    bench_serve(&b, (HttpSettings){ .limits = { [LIMIT_PIECE_SECONDS] = 5 } });
    int s = send_bytes(&b, head, strlen(head));
    for (int i = 0; i < PIECES; i++) {
        g_assert_false(is_closed(s, PAUSE_MS));
        for (ssize_t sent = 0, more; sent < PIECE; sent += more) {
            more = send(s, piece + sent, (size_t)(PIECE - sent), MSG_NOSIGNAL);
            g_assert_cmpint(more, >, 0);
        }
    }
    ASSERT_ANSWER(read_all(s), 201, "{}");
    bench_close(&b);
}

/* ---- a writer that cannot keep up ---- */

static int post(const Bench *b, const char *address, const char *key, const char *headers)
{
    int s = connect_from(b, address);
    g_autofree char *text = g_strdup_printf("POST /take HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\nIdempotency-Key: %s\r\n%s\r\n", key, headers);
    g_assert_cmpint(send(s, text, strlen(text), MSG_NOSIGNAL), ==, (ssize_t)strlen(text));
    return s;
}

/* The senders beyond the bound are told at once to come again, in their language, while everybody reads on. */
static void beyond_those_that_wait_all_are_told_to_come_again(void)
{
    static const struct { const char *headers, *says; } late[] = {
        { "", "\"reason\":\"db.busy\"" }, { "Accept: text/html\r\n", "系统正忙" }, { "Accept: text/html\r\nAccept-Language: en\r\n", "Try again in a moment" },
    };
    Bench b;
    Busy busy = { .lock = PTHREAD_MUTEX_INITIALIZER, .moved = PTHREAD_COND_INITIALIZER };
    bench_open(&b, room);
    bench_serve(&b, (HttpSettings){ .limits = { [LIMIT_WAITING] = 2 } });
    store_submit(b.store, be_busy, &busy, end_busy);
    await(&busy, &busy.begun);
    int first = post(&b, "127.0.0.1", "1", ""), second = post(&b, "127.0.0.1", "2", "");
    until_so_many_wait(b.http, 2);
    for (size_t i = 0; i < G_N_ELEMENTS(late); i++) {
        g_autofree char *answer = read_all(post(&b, "127.0.0.1", "3", late[i].headers));
        g_assert_nonnull(strstr(answer, "\r\nRetry-After: 5\r\n"));
        ASSERT_ANSWER(g_steal_pointer(&answer), 503, late[i].says);
    }
    ASSERT_ANSWER(ask(&b, "GET", "/healthz", "", ""), 200, "open");
    set(&busy, &busy.over);
    ASSERT_ANSWER(read_all(first), 201, "{}");
    ASSERT_ANSWER(read_all(second), 201, "{}");
    await(&busy, &busy.ended);
    ASSERT_ANSWER(read_all(post(&b, "127.0.0.1", "3", "")), 201, "{}"); /* with the same key: nothing of it was done */
    bench_close(&b);
}

/* When all that are open are being answered nobody yields, and who comes then is told so. */
static void when_nobody_yields_a_newcomer_is_told_to_come_again(void)
{
    enum { OPEN = 8 };
    int sockets[OPEN];
    Bench b;
    Busy busy = { .lock = PTHREAD_MUTEX_INITIALIZER, .moved = PTHREAD_COND_INITIALIZER };
    bench_open(&b, room);
    bench_serve(&b, (HttpSettings){ .limits = { [LIMIT_CONNECTIONS] = OPEN } });
    store_submit(b.store, be_busy, &busy, end_busy);
    await(&busy, &busy.begun);
    for (int i = 0; i < OPEN; i++) {
        g_autofree char *address = g_strdup_printf("127.0.2.%d", i + 1);
        sockets[i] = post(&b, address, DECIMAL(i), "");
    }
    until_so_many_wait(b.http, OPEN);
    g_autofree char *answer = ask(&b, "GET", "/healthz", "Accept: text/html\r\nAccept-Language: en\r\n", "");
    g_assert_nonnull(strstr(answer, "\r\nRetry-After: 5\r\n"));
    g_assert_nonnull(strstr(answer, "\r\nConnection: close\r\n"));
    ASSERT_ANSWER(g_steal_pointer(&answer), 503, "Please try again in a few seconds");
    set(&busy, &busy.over);
    for (int i = 0; i < OPEN; i++)
        ASSERT_ANSWER(read_all(sockets[i]), 201, "{}");
    await(&busy, &busy.ended);
    ASSERT_ANSWER(ask(&b, "GET", "/healthz", "", ""), 200, "open");
    bench_close(&b);
}

/* ---- as a setting ---- */

static void limits_are_set_by_name_and_within_bounds(void)
{
    int limits[HTTP_LIMITS] = { 0 };
    static const struct { const char *text, *says; } wrong[] = {
        { "connections", "http.limit_unknown" }, { "connection=9", "head-seconds" }, { "", "http.limit_unknown" }, { "connections=7", "\"least\":\"8\"" },
        { "connections=100001", "\"most\":\"100000\"" }, { "connections=", "http.limit_bounds" }, { "connections=9x", "http.limit_bounds" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_false(http_limit_set(limits, wrong[i].text, &error));
        g_assert_nonnull(strstr(error->message, wrong[i].says));
    }
    g_assert_true(http_limit_set(limits, "head-seconds=7", NULL) && http_limit_set(limits, "head-seconds=9", NULL));
    g_assert_cmpint(limits[LIMIT_HEAD_SECONDS], ==, 9);
    g_assert_cmpint(limits[LIMIT_CONNECTIONS], ==, 0);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    bench_add("/http/limits/connections of one address keep nobody out", connections_of_one_address_keep_nobody_out);
    bench_add("/http/limits/many browsers of one address are all answered", many_browsers_of_one_address_are_all_answered);
    bench_add("/http/limits/connection after connection is closed unanswered for a while", connection_after_connection_is_closed_unanswered_for_a_while);
    bench_add("/http/limits/when all are taken the silent yield", when_all_are_taken_the_silent_yield);
    bench_add("/http/limits/heads and bodies that drip are ended", heads_and_bodies_that_drip_are_ended);
    bench_add("/http/limits/a body without end is ended", a_body_without_end_is_ended);
    bench_add("/http/limits/a steady body is read to its end", a_steady_body_is_read_to_its_end);
    bench_add("/http/limits/beyond those that wait all are told to come again", beyond_those_that_wait_all_are_told_to_come_again);
    bench_add("/http/limits/when nobody yields a newcomer is told to come again", when_nobody_yields_a_newcomer_is_told_to_come_again);
    g_test_add_func("/http/limits/limits are set by name and within bounds", limits_are_set_by_name_and_within_bounds);
    return g_test_run();
}

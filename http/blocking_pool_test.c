// SPDX-License-Identifier: Apache-2.0
/* A call that hangs delays no other request, and a call that is refused changes nothing. */
#include "http/bench_test.h"

#include <poll.h>
#include <pthread.h>

enum { WAITING = 6 };

/* A machine outside, which answers when the test lets it. */
typedef struct Remote {
    pthread_mutex_t lock;
    pthread_cond_t moved;
    int waiting;
    bool open, refuses;
} Remote;
static Remote remote = { .lock = PTHREAD_MUTEX_INITIALIZER, .moved = PTHREAD_COND_INITIALIZER };

static bool wait_for_remote(GError **error)
{
    pthread_mutex_lock(&remote.lock);
    remote.waiting++;
    pthread_cond_broadcast(&remote.moved);
    while (!remote.open)
        pthread_cond_wait(&remote.moved, &remote.lock);
    remote.waiting--;
    bool refuses = remote.refuses;
    pthread_mutex_unlock(&remote.lock);
    return !refuses || refuse(error, BUSY, "db.away", NULL);
}

static void set_remote(bool open, bool refuses)
{
    pthread_mutex_lock(&remote.lock);
    remote.open = open;
    remote.refuses = refuses;
    pthread_cond_broadcast(&remote.moved);
    pthread_mutex_unlock(&remote.lock);
}

static void await_calls(int count)
{
    pthread_mutex_lock(&remote.lock);
    while (remote.waiting < count)
        pthread_cond_wait(&remote.moved, &remote.lock);
    pthread_mutex_unlock(&remote.lock);
}

/* ---- routes ---- */

static bool block(Request *r, GError **error)
{
    g_assert_null(r->context.db);
    g_assert_cmpuint(r->upload_count, ==, 1);
    return wait_for_remote(error);
}

static json_t *count_up(Request *r, GError **error)
{
    int64_t count;
    return db_next_id(r->context.db, r->context.county, "uploads", &count, error) ? json_pack("{s:I}", "count", (json_int_t)count) : NULL;
}

static bool fetch(const void *source, const char *key, int file, GError **error)
{
    g_assert_cmpint(write(file, key, strlen(key)), ==, (ssize_t)strlen(key));
    g_assert_cmpint(write(file, source, strlen(source)), ==, (ssize_t)strlen(source));
    return wait_for_remote(error);
}

static json_t *show(Request *r, GError **error)
{
    (void)error;
    return answer_remote_file(r, fetch, " from elsewhere", r->path[0], "text/plain", "a.txt", false);
}

static json_t *compute(Request *r, GError **error)
{
    g_assert_null(r->context.db);
    return wait_for_remote(error) ? json_pack("{s:s}", "made", "hash") : NULL;
}

static json_t *tell_made(Request *r, GError **error)
{
    (void)error;
    return json_incref((json_t *)(uintptr_t)r->prepared);
}

static const Field upload_fields[] = { { "papers", FIELD_FILES, 0, 3, false, NULL, NULL }, { 0 } };
static const Route room_routes[] = {
    { "POST", "/papers", ANYONE, count_up, NULL, upload_fields, NULL, NULL, "Counts what was kept elsewhere", NULL, block },
    { "POST", "/hash", ANYONE, tell_made, NULL, NULL, NULL, NULL, "Makes what takes the processor for long", .compute = compute },
    { "GET", "/papers/{name}", ANYONE, show, NULL, NULL, NULL, NULL, "What lies elsewhere" },
    { 0 },
};

/* ---- asking ---- */

static int begin_upload(const Bench *b, int key)
{
    static const char body[] = "--frontier\r\nContent-Disposition: form-data; name=\"papers\"; filename=\"a.pdf\"\r\n\r\n%PDF-\r\n--frontier--\r\n";
    g_autofree char *text = g_strdup_printf("POST /papers HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nIdempotency-Key: %d\r\n"
                                            "Content-Type: multipart/form-data; boundary=frontier\r\nContent-Length: %zu\r\n\r\n%s", key, strlen(body), body);
    return send_bytes(b, text, strlen(text));
}

static int begin_show(const Bench *b)
{
    static const char text[] = "GET /papers/two HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    return send_bytes(b, text, strlen(text));
}

static void hanging_calls_delay_no_other_request(void)
{
    Bench b;
    int uploads[WAITING], shows[WAITING];
    bench_open(&b, room_routes);
    set_remote(false, false);
    for (int i = 0; i < WAITING; i++) {
        uploads[i] = begin_upload(&b, i);
        shows[i] = begin_show(&b);
    }
    await_calls(2 * WAITING);
    for (int i = 0; i < WAITING; i++)
        ASSERT_ANSWER(ask(&b, "GET", "/healthz", "", ""), 200, "open");
    set_remote(true, false);
    for (int i = 0; i < WAITING; i++) {
        ASSERT_ANSWER(read_all(uploads[i]), 201, "\"count\":");
        ASSERT_ANSWER(read_all(shows[i]), 200, "two from elsewhere");
    }
    bench_close(&b);
}

static void a_refused_call_changes_nothing(void)
{
    Bench b;
    bench_open(&b, room_routes);
    set_remote(true, true);
    ASSERT_ANSWER(read_all(begin_upload(&b, 1)), 503, "Retry-After");
    ASSERT_ANSWER(read_all(begin_show(&b)), 503, "db.away");
    set_remote(true, false);
    ASSERT_ANSWER(read_all(begin_upload(&b, 1)), 201, "\"count\":1}");
    ASSERT_ANSWER(read_all(begin_upload(&b, 1)), 201, "\"count\":1}"); /* the same again is not done again */
    bench_close(&b);
}

/* ---- what takes the processor for long ---- */

enum { COMPUTING = 2, QUEUE = 64, ALL = COMPUTING + QUEUE + 1 };

static int begin_hash(const Bench *b, int key)
{
    g_autofree char *text = g_strdup_printf("POST /hash HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nIdempotency-Key: h%d\r\n"
                                            "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}", key);
    return send_bytes(b, text, strlen(text));
}

/* The only one that can be answered while nothing is computed. */
static int await_refused(const int *sockets)
{
    struct pollfd all[ALL];
    for (int i = 0; i < ALL; i++)
        all[i] = (struct pollfd){ .fd = sockets[i], .events = POLLIN };
    g_assert_cmpint(poll(all, ALL, -1), ==, 1);
    int refused = 0;
    while (!all[refused].revents)
        refused++;
    return refused;
}

static void beyond_the_queue_others_are_told_to_come_again(void)
{
    Bench b;
    int sockets[ALL];
    bench_open(&b, room_routes);
    set_remote(false, false);
    for (int i = 0; i < ALL; i++) {
        sockets[i] = begin_hash(&b, i);
        if (i == COMPUTING - 1)
            await_calls(COMPUTING);
    }
    int refused = await_refused(sockets);
    ASSERT_ANSWER(ask(&b, "GET", "/healthz", "", ""), 200, "open");
    ASSERT_ANSWER(read_all(sockets[refused]), 503, "Retry-After");
    g_assert_cmpint(remote.waiting, ==, COMPUTING);
    set_remote(true, false);
    for (int i = 0; i < ALL; i++)
        if (i != refused)
            ASSERT_ANSWER(read_all(sockets[i]), 201, "\"made\":\"hash\"");
    bench_close(&b);
}

static void *close_server(void *http)
{
    http_close(http);
    return NULL;
}

static void closing_waits_for_blocking_calls(void)
{
    Bench b;
    pthread_t closing;
    bench_open(&b, room_routes);
    set_remote(false, false);
    int upload = begin_upload(&b, 1);
    await_calls(1);
    g_assert_cmpint(pthread_create(&closing, NULL, close_server, b.http), ==, 0);
    set_remote(true, false);
    pthread_join(closing, NULL);
    close(upload);
    b.http = NULL;
    bench_close(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    bench_add("/http/blocking_pool/hanging calls delay no other request", hanging_calls_delay_no_other_request);
    bench_add("/http/blocking_pool/a refused call changes nothing", a_refused_call_changes_nothing);
    bench_add("/http/blocking_pool/beyond the queue others are told to come again", beyond_the_queue_others_are_told_to_come_again);
    bench_add("/http/blocking_pool/closing waits for blocking calls", closing_waits_for_blocking_calls);
    return g_test_run();
}

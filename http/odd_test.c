// SPDX-License-Identifier: Apache-2.0
/* Malformed requests: each is refused or its connection closed, nothing is kept, and the server goes on. */
#include "http/bench_test.h"

#include <poll.h>
#include <signal.h>
#include <sys/resource.h>

/* ---- the room ---- */

static const Field fields[] = {
    { "name", FIELD_TEXT, 0, 0, false, NULL, NULL },
    { "words", FIELD_LIST, 0, 400, false, NULL, NULL },
    { "papers", FIELD_FILES, 0, 2, false, NULL, NULL },
    { 0 },
};

static json_t *take(Request *r, GError **error)
{
    (void)error;
    return json_pack("{s:O, s:I}", "fields", r->fields, "papers", (json_int_t)r->upload_count);
}

static const Route room[] = {
    { "POST", "/take", ANYONE, take, NULL, fields, NULL, NULL, "" },
    { "GET", "/take", ANYONE, take, NULL, fields, NULL, NULL, "" },
    { 0 },
};

static const char json_body[] = "Content-Type: application/json\r\nIdempotency-Key: k\r\n";
static const char form_body[] = "Content-Type: application/x-www-form-urlencoded\r\nIdempotency-Key: k\r\n";
static const char parts_body[] = "Content-Type: multipart/form-data; boundary=frontier\r\nIdempotency-Key: k\r\n";

/* ---- bodies that never end ---- */

/* Announces `announced` bytes, sends `sent_most` of them, and only then reads, as clients do that cannot
 * do both at once. Owned by the caller. */
static char *pour(const Bench *b, const char *headers, int64_t announced, int64_t sent_most)
{
    g_autofree char *head = g_strdup_printf("POST /take HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n%sContent-Length: %" PRId64 "\r\n\r\n", headers, announced);
    g_autofree char *piece = g_strnfill(1 << 16, 'a');
    int s = send_bytes(b, head, strlen(head));
    for (int64_t sent = 0; sent < sent_most;) {
        ssize_t done = send(s, piece, (size_t)MIN(1 << 16, sent_most - sent), MSG_NOSIGNAL);
        g_assert_cmpint(done, >, 0); /* no reset: on other systems it would throw the answer away */
        sent += done;
    }
    shutdown(s, SHUT_WR);
    return read_all(s);
}

static void a_sender_without_expect_reads_the_refusal(void)
{
    static const int64_t large = (int64_t)2 << 30, bearable = 4000000;
    const struct { const char *headers; int64_t announced; int status; const char *says; } bodies[] = {
        { parts_body, large, 413, "http.upload_too_large" }, { json_body, large, 413, "http.upload_too_large" },
        { form_body, large, 413, "problem+json" }, { "Content-Type: video/mp4\r\n", bearable, 415, "http.wrong_type" },
        { json_body, bearable, 413, "http.body_too_large" }, { form_body, bearable, 400, "http.broken_form" },
    };
    Bench b;
    bench_open(&b, room);
    for (int again = 0; again < 5; again++)
        for (size_t i = 0; i < G_N_ELEMENTS(bodies); i++)
            ASSERT_ANSWER(pour(&b, bodies[i].headers, bodies[i].announced, MIN(bodies[i].announced, 24 << 20)), bodies[i].status, bodies[i].says);
    g_autofree char *browser = g_strconcat(parts_body, "Accept: text/html\r\n", NULL);
    ASSERT_ANSWER(pour(&b, browser, (int64_t)2 << 30, 24 << 20), 413, "<h1>太大了");
    ASSERT_ANSWER(ask(&b, "GET", "/healthz", "", ""), 200, "open");
    bench_close(&b);
}

static void a_body_in_chunks_has_its_limit_too(void)
{
    enum { CHUNKS = 80, CHUNK = 1 << 16 };
    Bench b;
    bench_open(&b, room);
    g_autofree char *piece = g_strnfill(CHUNK, 'a');
    g_autoptr(GString) request = g_string_new("POST /take HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n");
    g_string_append_printf(request, "%s\r\n", json_body);
    for (int i = 0; i < CHUNKS; i++)
        g_string_append_printf(request, "%x\r\n%s\r\n", (unsigned)CHUNK, piece);
    g_string_append(request, "0\r\n\r\n");
    ASSERT_ANSWER(ask_bytes(&b, request->str, request->len), 413, "http.body_too_large");
    bench_close(&b);
}

/* ---- malformed bodies ---- */

static char *repeated(const char *text, int times)
{
    GString *all = g_string_new(NULL);
    for (int i = 0; i < times; i++)
        g_string_append(all, text);
    return g_string_free(all, FALSE);
}

/* Many short fields take the connection's memory as a few long ones do, and left it without an answer. */
static void a_long_address_is_told_so(void)
{
    static const struct { const char *field; int times; } lengths[] = { { "answers.a=1&", 500 }, { "answers.a=1&", 3000 }, { "a", 41 * 1024 }, { "a", 45 * 1024 } };
    Bench b;
    bench_open(&b, room);
    for (size_t i = 0; i < G_N_ELEMENTS(lengths); i++) {
        g_autofree char *query = repeated(lengths[i].field, lengths[i].times), *path = g_strconcat("/healthz?", query, NULL);
        ASSERT_ANSWER(ask(&b, "GET", path, "", ""), 414, "http.long_target");
        ASSERT_ANSWER(ask(&b, "POST", path, json_body, "{}"), 414, "http.long_target");
    }
    g_autofree char *many = repeated("a=1&", 500), *path = g_strconcat("/healthz?", many, NULL);
    g_autofree char *fewer = repeated("a=1&", 300), *fits = g_strconcat("/healthz?", fewer, NULL);
    ASSERT_ANSWER(ask(&b, "GET", path, "Accept: text/html\r\n", ""), 414, "<h1>网址太长");
    ASSERT_ANSWER(ask(&b, "GET", fits, "", ""), 400, "http.");
    ASSERT_ANSWER(ask(&b, "GET", "/healthz", "", ""), 200, "open");
    bench_close(&b);
}

static void odd_bodies_are_refused(void)
{
    g_autofree char *deep = repeated("[", 100000), *deep_object = repeated("{\"a\":", 100000), *pairs = repeated("name=a&", 10000);
    g_autofree char *many = repeated("--frontier\r\nContent-Disposition: form-data; name=\"words\"\r\n\r\na\r\n", 10000);
    g_autofree char *letters = g_strnfill(200000, 'a');
    g_autofree char *long_head = g_strdup_printf("--frontier\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\na\r\n--frontier--\r\n", letters);
    const struct { const char *headers, *body; int status; const char *says; } cases[] = {
        { json_body, deep, 400, "broken_json" }, { json_body, deep_object, 400, "broken_json" },
        { json_body, "{\"words\":[[\"a\"]]}", 400, "wrong_kind" }, { json_body, "{\"name\":{\"name\":\"a\"}}", 400, "wrong_kind" },
        { json_body, "{\"words\":[1]}", 400, "wrong_kind" }, { json_body, "\"name\"", 400, "not_an_object" },
        { json_body, "\xef\xbb\xbf{}", 400, "broken_json" }, { json_body, "{\"name\":\"\\ud800\"}", 400, "broken_json" },
        { json_body, "{\"na\\u0000me\":\"a\"}", 400, "" }, { json_body, "{}{}", 400, "broken_json" },
        { json_body, "{\"name\":1e400}", 400, "" }, { json_body, "null", 400, "" }, { json_body, "{\"_key\":[]}", 201, "" },
        { form_body, "name=a&name=b", 422, "http.check_fields" }, { form_body, pairs, 400, "http.too_many_fields" },
        { form_body, "name=a%0bb%1bc%7fd", 201, "\"name\":\"abcd\"" }, { json_body, "{\"name\":\"a\\u000bb\"}", 400, "not_text" },
        { form_body, "name=%E5%B9", 400, "not_text" }, { form_body, "%ff=a", 400, "not_text" },
        { form_body, "name=%", 400, "broken_form" }, { form_body, "name", 400, "broken_form" }, { form_body, "&&&=&", 400, "broken_form" },
        { parts_body, "", 201, "" }, { parts_body, "--other\r\n", 201, "" }, /* nothing was given */
        { parts_body, "--frontier\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nabc", 400, "broken_form" },
        { parts_body, "--frontier\r\n\r\nabc\r\n--frontier--\r\n", 201, "" }, { parts_body, many, 400, "" },
        { parts_body, long_head, 400, "broken_form" },
        { parts_body, "--frontier\r\nContent-Disposition: form-data; name=\"name\"; filename=\"a.pdf\"\r\n\r\nabc\r\n--frontier--\r\n", 422, "http.check_fields" },
        { "Content-Type: multipart/form-data\r\nIdempotency-Key: k\r\n", "--frontier\r\n", 400, "broken_form" },
        { "Content-Type: multipart/form-data; boundary=\r\nIdempotency-Key: k\r\n", "--\r\n", 400, "broken_form" },
    };
    Bench b;
    bench_open(&b, room);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *headers = g_strdup_printf("Idempotency-Key: %zu\r\n%s", i, cases[i].headers);
        g_autofree char *answer = ask(&b, "POST", "/take", headers, cases[i].body);
        if (status(answer) != cases[i].status || !strstr(answer, cases[i].says))
            g_test_fail_printf("body %zu: wanted %d %s, got %s", i, cases[i].status, cases[i].says, answer);
    }
    bench_close(&b);
}

static void odd_queries_are_refused(void)
{
    Bench b;
    bench_open(&b, room);
    ASSERT_ANSWER(ask(&b, "GET", "/take?name=a&name=b", "", ""), 422, "http.check_fields");
    ASSERT_ANSWER(ask(&b, "GET", "/take?name=%ff", "", ""), 400, "not_text");
    ASSERT_ANSWER(ask(&b, "GET", "/take?name=a&other=b", "", ""), 422, "http.check_fields");
    bench_close(&b);
}

/* ---- a full disk ---- */

/* A limit on the size of files refuses a write as a full disk does. */
static void an_upload_without_room_is_refused(void)
{
    Bench b;
    struct rlimit usual, small;
    bench_open(&b, room);
    getrlimit(RLIMIT_FSIZE, &usual);
    small = usual;
    small.rlim_cur = 1 << 20;
    signal(SIGXFSZ, SIG_IGN);
    g_autofree char *content = g_strnfill(2 << 20, 'a');
    g_autofree char *body = g_strdup_printf("--frontier\r\nContent-Disposition: form-data; name=\"papers\"; filename=\"a.pdf\"\r\n\r\n%s\r\n--frontier--\r\n", content);
    setrlimit(RLIMIT_FSIZE, &small);
    g_autofree char *answer = ask(&b, "POST", "/take", parts_body, body);
    setrlimit(RLIMIT_FSIZE, &usual);
    g_assert_cmpint(status(answer), ==, 507);
    g_assert_nonnull(strstr(answer, "http.no_room_for_upload"));
    ASSERT_ANSWER(ask(&b, "POST", "/take", parts_body, body), 201, "\"papers\":1"); /* with the same key: nothing was kept of it */
    bench_close(&b);
}

/* ---- malformed heads ---- */

static bool is_refusal(const char *answer)
{
    return !*answer || (status(answer) >= 400 && status(answer) < 600);
}

#define BYTES(text) { text, sizeof(text) - 1 }
#define POST_TAKE "POST /take HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nIdempotency-Key: c\r\n"
typedef struct Bytes {
    const char *at;
    size_t length;
} Bytes;

static void broken_requests_are_refused(void)
{
    static const Bytes requests[] = {
        BYTES("GET /healthz HTTP/9.9\r\nHost: localhost\r\n\r\n"), BYTES("GET /healthz\xff HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"),
        BYTES("GET /%00 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"), BYTES("GET /healthz HTTP/1.1\r\nno colon\r\n\r\n"),
        BYTES(POST_TAKE "Content-Length: -1\r\n\r\n{}"),
        BYTES(POST_TAKE "Content-Length: two\r\n\r\n{}"), BYTES(POST_TAKE "Content-Length: 99999999999999999999\r\n\r\n{}"),
        BYTES(POST_TAKE "Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n"),
        BYTES(POST_TAKE "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n{}\r\n"),
    };
    Bench b;
    bench_open(&b, room);
    for (size_t i = 0; i < G_N_ELEMENTS(requests); i++) {
        g_autofree char *answer = ask_bytes(&b, requests[i].at, requests[i].length);
        if (!is_refusal(answer))
            g_test_fail_printf("request %zu: %s", i, answer);
    }
    ASSERT_ANSWER(ask(&b, "GET", "/healthz", "", ""), 200, "open");
    bench_close(&b);
}

static void senders_that_disconnect_leave_nothing(void)
{
    static const Bytes requests[] = {
        BYTES(""), BYTES("\r\n\r\n"), BYTES("GET"), BYTES("GET / HTTP/1.1\r\nHo"), BYTES("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"),
        BYTES(POST_TAKE "Content-Length: 200\r\n\r\n{\"name\":"), BYTES(POST_TAKE "Transfer-Encoding: chunked\r\n\r\n20\r\n{}"),
        BYTES("GET /heal\0thz HTTP/1.1\r\nHost: localhost\r\n\r\n"),
    };
    Bench b;
    bench_open(&b, room);
    for (size_t i = 0; i < G_N_ELEMENTS(requests); i++) {
        close(send_bytes(&b, requests[i].at, requests[i].length));
        ASSERT_ANSWER(ask(&b, "GET", "/healthz", "", ""), 200, "open");
    }
    bench_close(&b);
}

static void too_long_lines_and_heads_are_refused(void)
{
    Bench b;
    bench_open(&b, room);
    g_autofree char *letters = g_strnfill(1 << 20, 'a'), *many = repeated("X-Many: a\r\n", 10000);
    g_autofree char *path = g_strconcat("/", letters, NULL), *query = g_strconcat("/take?name=", letters, NULL);
    g_autofree char *name = g_strconcat(letters, ": a\r\n", NULL), *cookie = g_strconcat("Cookie: lang=", letters, "\r\n", NULL);
    const struct { const char *path, *headers; } cases[] = {
        { path, "" }, { query, "" }, { "/healthz", name }, { "/healthz", many }, { "/healthz", cookie },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *answer = ask(&b, "GET", cases[i].path, cases[i].headers, "");
        if (!is_refusal(answer))
            g_test_fail_printf("head %zu: %.200s", i, answer);
    }
    g_autofree char *half = g_strnfill(20000, 'a'), *bearable = g_strdup_printf("X-Half: %s\r\n", half);
    ASSERT_ANSWER(ask(&b, "GET", "/healthz", bearable, ""), 200, "open");
    bench_close(&b);
}

/* More than was announced is the next request, and none; less is no request at all. */
static void a_length_that_lies_does_nothing(void)
{
    static const char longer[] = "POST /take HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nIdempotency-Key: l\r\nContent-Length: 2\r\n\r\n{}{\"name\":\"b\"}\r\n\r\n";
    static const char twice[] = "POST /take HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\nIdempotency-Key: t\r\n"
                                "Content-Length: 2\r\nContent-Length: 40\r\n\r\n{}";
    static const char both[] = POST_TAKE "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n";
    Bench b;
    bench_open(&b, room);
    ASSERT_ANSWER(ask_bytes(&b, longer, sizeof longer - 1), 201, "\"fields\":{");
    ASSERT_ANSWER(ask_bytes(&b, twice, sizeof twice - 1), 400, "http.two_lengths");
    ASSERT_ANSWER(ask_bytes(&b, both, sizeof both - 1), 400, "http.two_lengths");
    ASSERT_ANSWER(ask(&b, "GET", "/healthz", "", ""), 200, "open");
    bench_close(&b);
}

static void a_server_that_closes_does_not_wait_for_a_pouring_sender(void)
{
    static const char head[] = "POST /take HTTP/1.1\r\nHost: localhost\r\nContent-Type: video/mp4\r\nContent-Length: 2147483648\r\n\r\n";
    Bench b;
    bench_open(&b, room);
    int s = send_bytes(&b, head, sizeof head - 1);
    struct pollfd answered = { .fd = s, .events = POLLIN };
    g_assert_cmpint(poll(&answered, 1, 10000), ==, 1);
    gint64 before = g_get_monotonic_time();
    bench_close(&b);
    g_assert_cmpint(g_get_monotonic_time() - before, <, 3 * G_USEC_PER_SEC);
    g_autofree char *answer = read_all(s);
    g_assert_cmpint(status(answer), ==, 413);
}

/* However the body is cut into pieces on its way, also just before a part's first byte. */
static void a_part_counts_once_wherever_it_is_cut(void)
{
    enum { PIECES = 90, LONG = 300 };
    Bench b;
    bench_open(&b, room);
    g_autofree char *value = g_strnfill(LONG, 'v'), *pad = g_strnfill(2 * LONG, 'p');
    g_autofree char *part = g_strdup_printf("--frontier\r\nContent-Disposition: form-data; name=\"words\"\r\n\r\n%s\r\n", value);
    g_autofree char *parts = repeated(part, PIECES);
    for (int cut = 0; cut < (int)strlen(part); cut++) {
        g_autofree char *body = g_strdup_printf("--frontier\r\nContent-Disposition: form-data; name=\"name\"\r\nX-Pad: %.*s\r\n\r\na\r\n%s--frontier--\r\n", cut, pad, parts);
        g_autofree char *answer = ask(&b, "POST", "/take", parts_body, body);
        if (status(answer) != 201)
            g_error("cut at %d: %s", cut, answer);
        g_autoptr(json_t) taken = json_loads(body_of(answer), 0, NULL);
        g_assert_cmpuint(json_array_size(json_object_get(json_object_get(taken, "fields"), "words")), ==, PIECES);
    }
    bench_close(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_log_set_always_fatal(G_LOG_FATAL_MASK);
    bench_add("/http/odd/a sender without Expect reads the refusal", a_sender_without_expect_reads_the_refusal);
    bench_add("/http/odd/a body in chunks has its limit too", a_body_in_chunks_has_its_limit_too);
    bench_add("/http/odd/a long address is told so", a_long_address_is_told_so);
    bench_add("/http/odd/odd bodies are refused", odd_bodies_are_refused);
    bench_add("/http/odd/odd queries are refused", odd_queries_are_refused);
    bench_add("/http/odd/an upload without room is refused", an_upload_without_room_is_refused);
    bench_add("/http/odd/broken requests are refused", broken_requests_are_refused);
    bench_add("/http/odd/senders that disconnect leave nothing", senders_that_disconnect_leave_nothing);
    bench_add("/http/odd/too long lines and heads are refused", too_long_lines_and_heads_are_refused);
    bench_add("/http/odd/a length that lies does nothing", a_length_that_lies_does_nothing);
    bench_add("/http/odd/a server that closes does not wait", a_server_that_closes_does_not_wait_for_a_pouring_sender);
    bench_add("/http/odd/a part counts once wherever it is cut", a_part_counts_once_wherever_it_is_cut);
    return g_test_run();
}

// SPDX-License-Identifier: Apache-2.0
/* Heads that two programs could read in two ways: raw requests, and the status each is answered with. */
#include "http/bench_test.h"

#include <netinet/tcp.h>

static const Field fields[] = { { "name", FIELD_TEXT, 0, 0, false, NULL, NULL }, { 0 } };

static int taken;

static json_t *take(Request *r, GError **error)
{
    (void)r, (void)error;
    g_atomic_int_inc(&taken);
    return json_object();
}

static const Route room[] = {
    { "GET", "/take", ANYONE, take, NULL, fields, NULL, NULL, "" },
    { "POST", "/take", ANYONE, take, NULL, fields, NULL, NULL, "" },
    { 0 },
};

typedef struct Raw {
    const char *bytes;
    int status;
    const char *says;
} Raw;

static const char odd[] = "http.odd_head", lengths[] = "http.two_lengths", host[] = "http.one_host", other[] = "http.other_host",
                  method[] = "http.unknown_method";

/* Asks with %s in the place of the method; the body is of two bytes. */
static const Raw of_every_method[] = {
    { "%s /take HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\n{}", 400, lengths },
    { "%s /take HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\ncontent-length: 40\r\n\r\n{}", 400, lengths },
    { "%s /take HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 400, lengths },
    { "%s /take HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 400, lengths },
    { "%s /take HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, lengths },
    { "%s /take HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400, odd },
    { "%s /take HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400, odd },
    { "%s /take HTTP/1.0\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, odd },
    { "%s /take HTTP/1.1\r\nHost: localhost\r\nContent-Length : 2\r\n\r\n{}", 400, odd },
    { "%s /take HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding\t: chunked\r\n\r\n0\r\n\r\n", 400, odd },
    { "%s /take HTTP/1.1\r\nHost : localhost\r\n\r\n", 400, odd },
    { "%s /take HTTP/1.1\r\n Host: localhost\r\n\r\n", 400, odd },
    { "%s /take HTTP/1.1\r\nHost: localhost\r\nX-A: a\r\n folded\r\nX-B: b\r\n\r\n", 400, odd },
    { "%s /take HTTP/1.1\r\nHost: localhost\r\nX-A: a\r\n\tfolded\r\n\r\n", 400, odd },
    { "%s /take HTTP/1.1\r\nHost: localhost\r\n: empty\r\n\r\n", 400, odd },
    { "%s /take HTTP/1.1\r\nHost: localhost\r\nX-A: a\rContent-Length: 2\r\n\r\n", 400, odd },
    { "%s /take HTTP/1.1\r\nHost: localhost\r\nX-A: a\x01\r\n\r\n", 400, odd },
    { "%s /take HTTP/1.1\nHost: localhost\n\n", 400, odd },
    { "%s /take HTTP/1.1\nHost: localhost\r\n\r\n", 400, odd },
    { "%s /take HTTP/1.1\r\nHost: localhost\nX-A: a\r\n\r\n", 400, odd },
    { "%s /take HTTP/1.1\r\nHost: localhost\n\r\n", 400, odd },
    { "%s /take HTTP/1.1\r\nHost: localhost\r\n\n", 400, odd },
    { "%s /take HTTP/1.0\r\n\n", 400, odd },
    { "%s /take HTTP/1.0\n\r\n", 400, odd },
    { "%s  /take HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, odd },
    { "%s /take  HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, odd },
    { "%s /ta ke HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, odd },
    { "%s /take?name=a b HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, odd },
    { "%s /take\t HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, odd },
    { "%s /take#part HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, odd },
    { "%s /take HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", 400, host },
    { "%s /take HTTP/1.1\r\nHost: localhost\r\nhost: elsewhere.example\r\n\r\n", 400, host },
    { "%s /take HTTP/1.1\r\n\r\n", 400, host },
    { "%s /take HTTP/1.1\r\nX-Host: localhost\r\n\r\n", 400, host },
    { "%s http://elsewhere.example/take HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, other },
    { "%s http://elsewhere/take HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, other },
    { "%s http://localhost:81/take HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, other },
    { "%s http://localhost.elsewhere.example/take HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, other },
    { "%s http://localhost@elsewhere.example/take HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, other },
    { "%s http:///take HTTP/1.1\r\nHost:\r\n\r\n", 400, other },
    { "%s ftp://localhost/take HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, other },
    { "%s localhost:80 HTTP/1.1\r\nHost: localhost:80\r\n\r\n", 400, other },
    { "%s take HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, other },
    { "%s * HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, other },
};

static const Raw single[] = {
    { "TRACE /take HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, method }, { "CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, method },
    { "BREW /take HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, method }, { "get /take HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, method },
    { "G\x45T\t /take HTTP/1.1\r\nHost: localhost\r\n\r\n", 400, method },
    { "DELETE /take HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 405, "http.no_such_method" },
    /* libmicrohttpd refuses these itself */
    { "GET /take HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2, 2\r\n\r\n{}", 400, "" },
    { "GET /take HTTP/1.1\r\nHost: localhost\r\nContent-Length: +2\r\n\r\n{}", 400, "" },
    { "GET /take HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n", 400, "" },
    { "GET /take HTTP/1.1 \r\nHost: localhost\r\n\r\n", 400, "" }, { "GET /take\r\n\r\n", 400, "" }, { "GET /take HTTP/2.0\r\nHost: localhost\r\n\r\n", 505, "" },
    /* and these are well */
    { "GET /take HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 200, "{}" },
    { "GET /take HTTP/1.1\r\nhOST:\t localhost\r\nX-Empty:\r\nX-Blank: a b\t c\r\nConnection: close\r\n\r\n", 200, "{}" },
    { "\r\n\r\nGET /take?name=a%20b HTTP/1.1\r\nHost: localhost\r\nCookie: lang=en; size=large\r\nConnection: close\r\n\r\n", 200, "{}" },
    { "GET /take HTTP/1.0\r\n\r\n", 200, "{}" }, { "GET /take HTTP/1.0\r\nHost: localhost\r\n\r\n", 200, "{}" },
    { "GET http://localhost/take?name=a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 200, "{}" },
    { "GET HTTPS://LocalHost:80/take HTTP/1.1\r\nHost: localhost:80\r\nConnection: close\r\n\r\n", 200, "{}" },
    { "GET http://localhost HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 404, "base.not_found" },
};

static void ask_raw(const Bench *b, const char *bytes, const Raw *raw, bool has_body)
{
    g_autofree char *answer = ask_bytes(b, bytes, strlen(bytes)), *shown = g_strescape(bytes, NULL), *told = g_strescape(answer, NULL);
    if (status(answer) != raw->status || (has_body && !strstr(answer, raw->says)))
        g_test_fail_printf("“%s”: wanted %d %s, got “%s”", shown, raw->status, raw->says, told);
    if (raw->says == odd || raw->says == lengths)
        g_assert_nonnull(strstr(answer, "\r\nConnection: close\r\n"));
}

static void an_ambiguous_head_is_refused_for_every_method(void)
{
    static const char *const methods[] = { "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS" };
    Bench b;
    bench_open(&b, room);
    g_atomic_int_set(&taken, 0);
    for (size_t i = 0; i < G_N_ELEMENTS(of_every_method); i++)
        for (size_t n = 0; n < G_N_ELEMENTS(methods); n++) {
            g_auto(GStrv) parts = g_strsplit(of_every_method[i].bytes, "%s", 2);
            g_autofree char *bytes = g_strjoinv(methods[n], parts);
            ask_raw(&b, bytes, &of_every_method[i], n != 1);
        }
    g_assert_cmpint(g_atomic_int_get(&taken), ==, 0);
    ASSERT_ANSWER(ask(&b, "GET", "/healthz", "", ""), 200, "open");
    bench_close(&b);
}

static void other_heads_are_answered_as_they_deserve(void)
{
    Bench b;
    bench_open(&b, room);
    for (size_t i = 0; i < G_N_ELEMENTS(single); i++)
        ask_raw(&b, single[i].bytes, &single[i], true);
    bench_close(&b);
}

/* Bytes behind a refused head are no request, though they look like one. */
static void nothing_is_smuggled_behind_a_refused_head(void)
{
    static const char *const heads[] = {
        "POST /take HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nContent-Length: 60\r\n\r\n",
        "GET /take HTTP/1.1\r\nHost: localhost\r\nContent-Length : 60\r\n\r\n", "BREW /take HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET /take HTTP/1.1\nHost: localhost\n\n", "GET /take HTTP/1.1\r\n\r\n",
    };
    Bench b;
    bench_open(&b, room);
    g_atomic_int_set(&taken, 0);
    for (size_t i = 0; i < G_N_ELEMENTS(heads); i++) {
        g_autofree char *bytes = g_strconcat(heads[i], "GET /take HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", NULL);
        g_autofree char *answer = ask_bytes(&b, bytes, strlen(bytes));
        g_assert_cmpint(status(answer), ==, 400);
        g_assert_null(strstr(answer, "HTTP/1.1 200"));
    }
    g_assert_cmpint(g_atomic_int_get(&taken), ==, 0);
    bench_close(&b);
}

/* Where a chunked body ends may be read in two ways, but what stands behind it is nobody's request. */
static void nothing_follows_a_body_in_chunks(void)
{
    static const char *const bodies[] = { "2\r\n{}\r\n0\r\n\r\n", "2\n{}\n0\n\n", "2;\nxx\r\n{}\r\n0\r\n\r\n", "0\r\n\n" };
    Bench b;
    bench_open(&b, room);
    for (size_t i = 0; i < G_N_ELEMENTS(bodies); i++) {
        g_autofree char *bytes = g_strconcat("POST /take HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nIdempotency-Key: c\r\n"
                                             "Transfer-Encoding: chunked\r\n\r\n", bodies[i], "GET /take HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", NULL);
        g_autofree char *answer = ask_bytes(&b, bytes, strlen(bytes));
        g_assert_null(strstr(answer, "HTTP/1.1 200"));
        g_assert_true(i > 0 || status(answer) == 201);
    }
    bench_close(&b);
}

/* However the head is cut into pieces on its way. */
static void a_head_in_pieces_is_judged_as_a_whole(void)
{
    static const char good[] = "GET /take?name=a HTTP/1.1\r\nHost: localhost\r\nX-A: a\r\nConnection: close\r\n\r\n";
    static const char bad[] = "GET /take?name=a HTTP/1.1\r\nHost: localhost\r\nX-A: a\nConnection: close\r\n\r\n";
    const struct { const char *bytes; int status; } heads[] = { { good, 200 }, { bad, 400 } };
    Bench b;
    bench_open(&b, room);
    for (size_t i = 0; i < G_N_ELEMENTS(heads); i++)
        for (size_t cut = 1; cut < strlen(heads[i].bytes); cut++) {
            int s = send_bytes(&b, heads[i].bytes, cut), on = 1;
            g_assert_cmpint(setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), ==, 0);
            g_assert_cmpint(send(s, heads[i].bytes + cut, strlen(heads[i].bytes) - cut, MSG_NOSIGNAL), >, 0);
            g_autofree char *answer = read_all(s);
            g_assert_cmpint(status(answer), ==, heads[i].status);
        }
    bench_close(&b);
}

/* The buffer grows while a long head comes in, and a later head of a connection begins where the one before it ended. */
static void long_and_later_heads_are_judged_alike(void)
{
    enum { LINES = 200 };
    static const char last[] = "GET /take HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", bare[] = "GET /take HTTP/1.1\r\nHost: localhost\n\r\n";
    Bench b;
    bench_open(&b, room);
    g_autoptr(GString) good = g_string_new("GET /take HTTP/1.1\r\nHost: localhost\r\n");
    for (int i = 0; i < LINES; i++)
        g_string_append_printf(good, "X-Line-%d: %0100d\r\n", i, i);
    g_string_append(good, "\r\n");
    const struct { const char *last; unsigned refused, answered; } ends[] = { { last, 0, 4 }, { bare, 1, 3 } };
    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
        g_autofree char *bytes = g_strconcat(good->str, "POST /take HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nIdempotency-Key: l\r\nContent-Length: 2\r\n\r\n{}",
                                             good->str, ends[i].last, NULL);
        g_autofree char *answer = ask_bytes(&b, bytes, strlen(bytes));
        g_auto(GStrv) well = g_strsplit(answer, "HTTP/1.1 20", -1), refused = g_strsplit(answer, "HTTP/1.1 400", -1);
        g_assert_cmpuint(g_strv_length(well) - 1, ==, ends[i].answered);
        g_assert_cmpuint(g_strv_length(refused) - 1, ==, ends[i].refused);
    }
    bench_close(&b);
}

static void a_browser_gets_a_page_that_says_what_to_do(void)
{
    static const char chinese[] = "GET /take HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\nAccept: text/html\r\n\r\n";
    static const char english[] = "POST /take HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\nAccept: text/html\r\nAccept-Language: en\r\n\r\n";
    static const char unknown[] = "<B> /take?lang=en HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n\r\n";
    Bench b;
    bench_open(&b, room);
    ASSERT_ANSWER(ask_bytes(&b, chinese, strlen(chinese)), 400, "请只带一个 Host 标头");
    ASSERT_ANSWER(ask_bytes(&b, english, strlen(english)), 400, "Please send one Host header");
    ASSERT_ANSWER(ask_bytes(&b, unknown, strlen(unknown)), 400, "“&lt;B&gt;” is no method known here");
    bench_close(&b);
}

/* Behind a proxy that speaks TLS a browser is told to stay with it for a year; over plain HTTP nobody may say so (RFC 6797, 7.2). */
static void only_behind_tls_a_browser_is_told_to_stay_with_it(void)
{
    static const char *const paths[] = { "/take", "/nothing", "/static/view/theme.css" };
    Bench b;
    g_autoptr(GError) error = NULL;
    bench_open(&b, room);
    const HttpSettings settings = { .listen = "127.0.0.1:0", .behind_tls = true, .load_actor = load_actor, .clear_actor = clear_actor };
    const HttpSite site = { .world = &b.world, .store = b.store, .view = b.view, .incoming = b.folder };
    g_autoptr(Http) secure = http_open(&settings, &site, 1, &error);
    g_assert_no_error(error);
    Bench behind_tls = b;
    behind_tls.port = atoi(strrchr(http_address(secure), ':') + 1);
    for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
        g_autofree char *plain = ask(&b, "GET", paths[i], "X-Forwarded-Proto: https\r\n", ""), *told = ask(&behind_tls, "GET", paths[i], "", "");
        g_assert_null(strstr(plain, "Strict-Transport-Security"));
        g_assert_nonnull(strstr(told, "\r\nStrict-Transport-Security: max-age=31536000\r\n"));
    }
    g_clear_pointer(&secure, http_close);
    bench_close(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_log_set_always_fatal(G_LOG_FATAL_MASK);
    bench_add("/http/head/an ambiguous head is refused for every method", an_ambiguous_head_is_refused_for_every_method);
    bench_add("/http/head/other heads are answered as they deserve", other_heads_are_answered_as_they_deserve);
    bench_add("/http/head/nothing is smuggled behind a refused head", nothing_is_smuggled_behind_a_refused_head);
    bench_add("/http/head/nothing follows a body in chunks", nothing_follows_a_body_in_chunks);
    bench_add("/http/head/a head in pieces is judged as a whole", a_head_in_pieces_is_judged_as_a_whole);
    bench_add("/http/head/long and later heads are judged alike", long_and_later_heads_are_judged_alike);
    bench_add("/http/head/a browser gets a page that says what to do", a_browser_gets_a_page_that_says_what_to_do);
    bench_add("/http/head/only behind TLS a browser is told to stay with it", only_behind_tls_a_browser_is_told_to_stay_with_it);
    return g_test_run();
}

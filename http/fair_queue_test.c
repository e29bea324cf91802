// SPDX-License-Identifier: Apache-2.0
/* Senders who ask for too much at once, and pages that take long: everybody else is answered meanwhile. */
#include "http/busy_test.h"

enum { UNDER_WAY = 3, ASIDE = 8, FLOOD = 500, OTHERS = 20 };

static Busy busy;
static int at_once, most_at_once;

static json_t *take(Request *r, GError **error)
{
    (void)r, (void)error;
    return json_object();
}

/* The page is being made until `busy.over` is set. */
static json_t *wait_and_show(Request *r, GError **error)
{
    int now = g_atomic_int_add(&at_once, 1) + 1;
    pthread_mutex_lock(&busy.lock);
    most_at_once = MAX(now, most_at_once);
    pthread_mutex_unlock(&busy.lock);
    set(&busy, &busy.begun);
    await(&busy, &busy.over);
    g_atomic_int_add(&at_once, -1);
    return take(r, error);
}

static json_t *refuse_it(Request *r, GError **error)
{
    (void)r;
    return refuse(error, NOT_FOUND, "base.not_found", NULL);
}

static const Field format_fields[] = { { "format", FIELD_TEXT, 0, 0, false, NULL, NULL }, { 0 } };

static const Route room[] = {
    { "GET", "/page", ANYONE, take, NULL, NULL, NULL, NULL, "" },
    { "GET", "/refused", ANYONE, refuse_it, "http/api", NULL, NULL, NULL, "" },
    { "GET", "/clerk", CLERK, take, "http/api", NULL, NULL, NULL, "" },
    { "GET", "/wait", ANYONE, wait_and_show, NULL, NULL, NULL, NULL, "" },
    { "GET", "/slow", ANYONE, wait_and_show, NULL, NULL, NULL, NULL, "", .slow = true },
    { "GET", "/list", ANYONE, wait_and_show, NULL, format_fields, NULL, NULL, "" },
    { "POST", "/wait", ANYONE, NULL, NULL, NULL, NULL, NULL, "", wait_and_show },
    { "POST", "/take", ANYONE, take, NULL, NULL, NULL, NULL, "" },
    { 0 },
};

static int send_from(const Bench *b, const char *address, const char *method, const char *path, const char *headers)
{
    g_autofree char *key = g_uuid_string_random();
    g_autofree char *text = g_strdup_printf("%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\nIdempotency-Key: %s\r\n%s\r\n",
                                            method, path, key, headers);
    int s = connect_from(b, address);
    g_assert_cmpint(send(s, text, strlen(text), MSG_NOSIGNAL), ==, (ssize_t)strlen(text));
    return s;
}

static char *ask_from(const Bench *b, const char *address, const char *path, const char *headers)
{
    return read_all(send_from(b, address, "GET", path, headers));
}

static void open_busy(Bench *b, HttpSettings settings)
{
    most_at_once = 0;
    busy = (Busy){ .lock = PTHREAD_MUTEX_INITIALIZER, .moved = PTHREAD_COND_INITIALIZER };
    bench_open(b, room);
    bench_serve(b, settings);
}

/* ---- requests under way ---- */

#define A "192.0.2.1"
#define B "192.0.2.2"
#define FROM(addresses) "X-Forwarded-For: " addresses "\r\n"

/* Requests that wait for the writer: as many as there may be of one address. */
static void have_many_under_way(Bench *b, HttpSettings settings, const char *headers, int *sockets)
{
    settings.limits[LIMIT_ADDRESS_CONNECTIONS] = UNDER_WAY;
    open_busy(b, settings);
    store_submit(b->store, be_busy, &busy, end_busy);
    await(&busy, &busy.begun);
    for (int i = 0; i < UNDER_WAY; i++)
        sockets[i] = send_from(b, "127.0.0.1", "POST", "/take", headers);
    until_so_many_wait(b->http, UNDER_WAY);
}

static void answer_them(int *sockets, int count)
{
    set(&busy, &busy.over);
    for (int i = 0; i < count; i++)
        ASSERT_ANSWER(read_all(sockets[i]), 201, "{}");
    await(&busy, &busy.ended);
}

static void behind_a_proxy_an_address_has_so_many_requests_under_way(void)
{
    static const struct { const char *headers; int status; } further[] = {
        { FROM(A), 503 }, { FROM(B), 200 }, { FROM(B ", " A), 503 }, { FROM(A ", " B), 200 }, { FROM(B) FROM(A), 503 }, { FROM(A) FROM(B), 200 },
        { FROM("::ffff:" B), 200 }, { FROM("2001:db8::1"), 200 }, { FROM("nobody"), 200 }, { "", 200 },
    };
    Bench b;
    int sockets[UNDER_WAY];
    have_many_under_way(&b, (HttpSettings){ .behind_tls = true, .address_header = "X-Forwarded-For" }, FROM(B ", " A), sockets);
    for (size_t i = 0; i < G_N_ELEMENTS(further); i++)
        ASSERT_ANSWER(ask_from(&b, "127.0.0.1", "/page", further[i].headers), further[i].status, further[i].status == 503 ? "\r\nRetry-After: 5\r\n" : "{}");
    ASSERT_ANSWER(ask_from(&b, "127.0.0.1", "/page", FROM(A) "Accept: text/html\r\nAccept-Language: en\r\n"), 503, "Please try again in a few seconds");
    answer_them(sockets, UNDER_WAY);
    ASSERT_ANSWER(ask_from(&b, "127.0.0.1", "/page", FROM(A)), 200, "{}");
    bench_close(&b);
}

/* A header that the operator has not named may be written by any sender. */
static void without_its_header_nobody_is_told_apart(void)
{
    Bench b;
    int sockets[2 * UNDER_WAY];
    have_many_under_way(&b, (HttpSettings){ .behind_tls = true }, FROM(A), sockets);
    for (int i = UNDER_WAY; i < 2 * UNDER_WAY; i++)
        sockets[i] = send_from(&b, "127.0.0.1", "POST", "/take", FROM(A));
    until_so_many_wait(b.http, 2 * UNDER_WAY);
    ASSERT_ANSWER(ask_from(&b, "127.0.0.1", "/page", FROM(A)), 200, "{}");
    answer_them(sockets, 2 * UNDER_WAY);
    bench_close(&b);
}

static void without_a_proxy_its_header_is_not_believed(void)
{
    Bench b;
    int sockets[UNDER_WAY];
    have_many_under_way(&b, (HttpSettings){ 0 }, FROM(A), sockets);
    ASSERT_ANSWER(ask_from(&b, "127.0.0.1", "/page", FROM(B)), 503, "\r\nRetry-After: 5\r\n");
    ASSERT_ANSWER(ask_from(&b, "127.0.0.2", "/page", FROM(A)), 200, "{}");
    answer_them(sockets, UNDER_WAY);
    bench_close(&b);
}

/* ---- turns ---- */

/* Page after page, and now and then somebody else asks for one, or acts. */
static void crowd(const Bench *b, const char *vandal, bool other_acts)
{
    for (int i = 0; i < FLOOD; i++) {
        ASSERT_ANSWER(ask_from(b, vandal, "/page", ""), 200, "{}");
        if (i % OTHERS == 0)
            ASSERT_ANSWER(read_all(send_from(b, "127.0.0.1", other_acts ? "POST" : "GET", other_acts ? "/take" : "/page", "")), other_acts ? 201 : 200, "{}");
    }
}

static void others_are_answered(const Bench *b)
{
    for (int i = 0; i < OTHERS; i++)
        ASSERT_ANSWER(ask_from(b, "127.0.0.1", "/page", ""), 200, "{}");
}

static void answer_those_aside(Bench *b, int *sockets)
{
    await(&busy, &busy.begun);
    others_are_answered(b);
    set(&busy, &busy.over);
    for (int i = 0; i < ASIDE; i++)
        ASSERT_ANSWER(read_all(sockets[i]), 200, "{}");
    bench_close(b);
}

static void wait_for_turns_while_others(bool act)
{
    Bench b;
    int sockets[ASIDE];
    open_busy(&b, (HttpSettings){ 0 });
    crowd(&b, "127.0.0.2", act);
    for (int i = 0; i < ASIDE; i++)
        sockets[i] = send_from(&b, "127.0.0.2", i % 2 ? "GET" : "POST", "/wait", "");
    until_so_many_wait(b.http, ASIDE);
    answer_those_aside(&b, sockets);
    g_assert_cmpint(most_at_once, ==, 1);
}

static void who_asks_for_page_after_page_waits_for_his_turn(void)
{
    wait_for_turns_while_others(false);
    wait_for_turns_while_others(true);
}

static void have_made_beside_the_others(const char *path)
{
    Bench b;
    int sockets[ASIDE];
    open_busy(&b, (HttpSettings){ 0 });
    for (int i = 0; i < ASIDE; i++) {
        g_autofree char *address = g_strdup_printf("127.0.3.%d", i + 1);
        sockets[i] = send_from(&b, address, "GET", path, "");
    }
    until_so_many_wait(b.http, ASIDE);
    answer_those_aside(&b, sockets);
}

static void a_page_that_takes_long_is_made_beside_the_others(void)
{
    have_made_beside_the_others("/slow");
    have_made_beside_the_others("/list?format=csv");
}

/* Asked while all that may be set aside are, so that one more would be refused. */
static void an_unknown_argument_makes_no_page_wait(void)
{
    Bench b;
    HttpSettings settings = { .limits = { [LIMIT_WAITING] = 1 } };
    open_busy(&b, settings);
    int socket = send_from(&b, "127.0.0.2", "GET", "/slow", "");
    await(&busy, &busy.begun);
    ASSERT_ANSWER(ask_from(&b, "127.0.0.1", "/list?format=csv", ""), 503, "http.no_turn");
    ASSERT_ANSWER(ask_from(&b, "127.0.0.1", "/page?format=csv", ""), 400, "http.no_parameter");
    set(&busy, &busy.over);
    ASSERT_ANSWER(read_all(socket), 200, "{}");
    bench_close(&b);
}

/* Half of `waiting` is for pages; one sender leaves some of it to others, where senders can be told apart, and actions are done all the same. */
static void pages_aside_keep_no_action_out(HttpSettings settings, int status_of_another)
{
    enum { OF_ONE = 3, OTHER = OF_ONE };
    static const struct { const char *headers, *says; } late[] = {
        { "", "\"reason\":\"http.no_turn\"" }, { "Accept: text/html\r\n", "这一页现在无法生成" }, { "Accept: text/html\r\nAccept-Language: en\r\n", "this page could not be made" },
    };
    Bench b;
    int sockets[OF_ONE + 1];
    settings.limits[LIMIT_WAITING] = 8;
    open_busy(&b, settings);
    for (int i = 0; i < OF_ONE; i++) {
        sockets[i] = send_from(&b, "127.0.0.2", "GET", "/slow", "");
        until_so_many_wait(b.http, (unsigned)i + 1);
        await(&busy, &busy.begun);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(late); i++)
        ASSERT_ANSWER(ask_from(&b, "127.0.0.2", "/slow", late[i].headers), 503, late[i].says);
    sockets[OTHER] = send_from(&b, "127.0.0.3", "GET", "/slow", "");
    if (status_of_another == 200)
        until_so_many_wait(b.http, OF_ONE + 1);
    ASSERT_ANSWER(read_all(send_from(&b, "127.0.0.2", "POST", "/take", "")), 201, "{}");
    set(&busy, &busy.over);
    for (int i = 0; i < OTHER; i++)
        ASSERT_ANSWER(read_all(sockets[i]), 200, "{}");
    ASSERT_ANSWER(read_all(sockets[OTHER]), status_of_another, status_of_another == 200 ? "{}" : "http.no_turn");
    bench_close(&b);
}

static void pages_that_wait_for_their_turn_keep_no_action_out(void)
{
    pages_aside_keep_no_action_out((HttpSettings){ 0 }, 200);
    pages_aside_keep_no_action_out((HttpSettings){ .behind_tls = true }, 503);
}

/* Pages, refusals and redirects are the same, with the same headers. */
static void what_was_set_aside_is_answered_alike(void)
{
    static const struct { const char *path, *headers; int status; const char *says; } asked[] = {
        { "/refused", "", 404, "base.not_found" }, { "/refused", "Accept: text/html\r\n", 404, "</html>" }, { "/clerk", "Accept: text/html\r\n", 303, "/sign-in?next=/clerk" },
        { "/page?a=%01", "", 400, "http.not_text" }, { "/page?lang=en", "Accept: text/html\r\n", 200, "Set-Cookie: lang=en" }, { "/nowhere", "", 404, "base.not_found" },
    };
    Bench b;
    open_busy(&b, (HttpSettings){ 0 });
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < G_N_ELEMENTS(asked); i++)
            ASSERT_ANSWER(ask_from(&b, "127.0.0.2", asked[i].path, asked[i].headers), asked[i].status, asked[i].says);
        if (round == 0)
            crowd(&b, "127.0.0.2", false);
    }
    bench_close(&b);
}

/* Asked while all that may be set aside are: a sender who crowds is refused. */
static void after_some_quiet_seconds_nobody_crowds(void)
{
    Bench b;
    HttpSettings settings = { .limits = { [LIMIT_WAITING] = 4 } };
    open_busy(&b, settings);
    crowd(&b, "127.0.0.2", false);
    while (requests_that_wait(b.http))
        continue;
    int sockets[] = { send_from(&b, "127.0.0.3", "GET", "/slow", ""), send_from(&b, "127.0.0.4", "GET", "/slow", "") };
    until_so_many_wait(b.http, G_N_ELEMENTS(sockets));
    ASSERT_ANSWER(ask_from(&b, "127.0.0.2", "/page", ""), 503, "http.no_turn");
    time_now += 1000;
    ASSERT_ANSWER(ask_from(&b, "127.0.0.2", "/page", ""), 503, "http.no_turn");
    time_now += 4000;
    ASSERT_ANSWER(ask_from(&b, "127.0.0.2", "/page", ""), 200, "{}");
    set(&busy, &busy.over);
    for (size_t i = 0; i < G_N_ELEMENTS(sockets); i++)
        ASSERT_ANSWER(read_all(sockets[i]), 200, "{}");
    bench_close(&b);
}

/* An office that is alone with the server does not wait. */
static void who_is_alone_waits_for_nobody(void)
{
    Bench b;
    open_busy(&b, (HttpSettings){ 0 });
    for (int i = 0; i < FLOOD; i++)
        ASSERT_ANSWER(ask_from(&b, "127.0.0.2", "/page", ""), 200, "{}");
    int socket = send_from(&b, "127.0.0.2", "GET", "/wait", "");
    await(&busy, &busy.begun);
    g_assert_cmpuint(requests_that_wait(b.http), ==, 0);
    set(&busy, &busy.over);
    ASSERT_ANSWER(read_all(socket), 200, "{}");
    bench_close(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    bench_add("/http/fair_queue/behind a proxy an address has so many requests under way", behind_a_proxy_an_address_has_so_many_requests_under_way);
    bench_add("/http/fair_queue/without its header nobody is told apart", without_its_header_nobody_is_told_apart);
    bench_add("/http/fair_queue/without a proxy its header is not believed", without_a_proxy_its_header_is_not_believed);
    bench_add("/http/fair_queue/who asks for page after page waits for his turn", who_asks_for_page_after_page_waits_for_his_turn);
    bench_add("/http/fair_queue/a page that takes long is made beside the others", a_page_that_takes_long_is_made_beside_the_others);
    bench_add("/http/fair_queue/an unknown argument makes no page wait", an_unknown_argument_makes_no_page_wait);
    bench_add("/http/fair_queue/pages that wait for their turn keep no action out", pages_that_wait_for_their_turn_keep_no_action_out);
    bench_add("/http/fair_queue/what was set aside is answered alike", what_was_set_aside_is_answered_alike);
    bench_add("/http/fair_queue/after some quiet seconds nobody crowds", after_some_quiet_seconds_nobody_crowds);
    bench_add("/http/fair_queue/who is alone waits for nobody", who_is_alone_waits_for_nobody);
    return g_test_run();
}

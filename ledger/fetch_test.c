// SPDX-License-Identifier: Apache-2.0
/* Questions to a server that says what the test wants, byte by byte, or nothing. */
#include "ledger/fetch.h"

#include <arpa/inet.h>
#include <string.h>
#include <unistd.h>

typedef struct Server {
    int listener;
    const char *says; /* NULL: nothing, and keeps the line open */
    char *heard;
    char *url;
    GThread *thread;
    atomic_bool heard_it;
} Server;

static bool is_whole(const GString *heard)
{
    const char *end = strstr(heard->str, "\r\n\r\n"), *length = strstr(heard->str, "Content-Length: ");
    return end && (!length || strlen(end + 4) >= (size_t)g_ascii_strtoll(length + 16, NULL, 10));
}

static void *answer_one(void *data)
{
    Server *self = data;
    char piece[4096];
    ssize_t got;
    GString *heard = g_string_new(NULL);
    int link = accept(self->listener, NULL, NULL);
    while (!is_whole(heard) && (got = recv(link, piece, sizeof piece, 0)) > 0)
        g_string_append_len(heard, piece, got);
    atomic_store(&self->heard_it, true);
    if (self->says)
        g_assert_cmpint(send(link, self->says, strlen(self->says), MSG_NOSIGNAL), >, 0);
    else
        g_assert_cmpint(recv(link, piece, sizeof piece, 0), <=, 0); /* until the other gives up */
    close(link);
    self->heard = g_string_free(heard, FALSE);
    return NULL;
}

static void server_open(Server *self, const char *says)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t length = sizeof at;
    *self = (Server){ .says = says, .listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) };
    g_assert_cmpint(bind(self->listener, (struct sockaddr *)(void *)&at, sizeof at), ==, 0);
    g_assert_cmpint(listen(self->listener, 1), ==, 0);
    g_assert_cmpint(getsockname(self->listener, (struct sockaddr *)(void *)&at, &length), ==, 0);
    self->url = g_strdup_printf("http://127.0.0.1:%d/x", ntohs(at.sin_port));
    self->thread = g_thread_new("server", answer_one, self);
}

static void server_close(Server *self)
{
    if (self->thread)
        g_thread_join(self->thread);
    close(self->listener);
    g_free(self->heard);
    g_free(self->url);
}

static bool fetch(Gather *gather, const char *url, const char *body, size_t most, Fetched *out, GError **error)
{
    gather_ask(gather, url, body, most);
    return gather_take(gather, out, error);
}

static void what_is_said_is_fetched(void)
{
    Server get, post;
    g_autoptr(Gather) gather = gather_open(5, 1, NULL);
    g_auto(Fetched) got = { 0 }, told = { 0 };
    server_open(&get, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
    g_assert_true(fetch(gather, get.url, NULL, 100, &got, NULL));
    g_assert_cmpuint(got.status, ==, 200);
    g_assert_cmpstr(got.body, ==, "hello");
    server_open(&post, "HTTP/1.1 409 Conflict\r\nContent-Length: 3\r\n\r\n12\n");
    g_assert_true(fetch(gather, post.url, "old 3\n", 100, &told, NULL));
    g_assert_cmpuint(told.status, ==, 409);
    g_assert_cmpstr(told.body, ==, "12\n");
    g_thread_join(g_steal_pointer(&get.thread));
    g_assert_true(g_str_has_prefix(get.heard, "GET /x "));
    server_close(&get);
    server_close(&post);
}

static void what_is_told_arrives(void)
{
    Server post;
    g_autoptr(Gather) gather = gather_open(5, 1, NULL);
    g_auto(Fetched) told = { 0 };
    server_open(&post, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    g_assert_true(fetch(gather, post.url, "old 3\n", 100, &told, NULL));
    g_thread_join(g_steal_pointer(&post.thread));
    g_assert_true(g_str_has_prefix(post.heard, "POST /x "));
    g_assert_true(g_str_has_suffix(post.heard, "\r\n\r\nold 3\n"));
    server_close(&post);
}

static void assert_no_answer(Gather *gather, const char *url, const char *reason)
{
    g_auto(Fetched) got = { 0 };
    g_autoptr(GError) error = NULL;
    g_assert_false(fetch(gather, url, NULL, 4, &got, &error));
    g_autoptr(json_t) details = trouble_details(error);
    g_assert_cmpstr(json_text(details, "reason"), ==, reason);
    g_assert_cmpstr(json_text(details, "url"), ==, url);
}

static void too_much_too_late_and_elsewhere_are_refused(void)
{
    Server large, silent;
    g_autoptr(Gather) gather = gather_open(1, 1, NULL);
    server_open(&large, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
    assert_no_answer(gather, large.url, "ledger.large_answer");
    server_open(&silent, NULL);
    assert_no_answer(gather, silent.url, "ledger.no_answer");
    assert_no_answer(gather, "file:///etc/passwd", "ledger.no_answer");
    assert_no_answer(gather, "http://127.0.0.1:1/", "ledger.no_answer");
    assert_no_answer(gather, "", "ledger.no_answer");
    server_close(&large);
    server_close(&silent);
}

static void a_question_ends_when_told_to(void)
{
    Server silent;
    gint64 start = g_get_monotonic_time();
    server_open(&silent, NULL);
    g_autoptr(Gather) gather = gather_open(60, 1, &silent.heard_it); /* told as soon as it is asked */
    assert_no_answer(gather, silent.url, "ledger.no_answer");
    g_assert_cmpint(g_get_monotonic_time() - start, <, 5 * G_USEC_PER_SEC); /* a server that says nothing is given up after ten */
    server_close(&silent);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/fetch/what is said is fetched", what_is_said_is_fetched);
    g_test_add_func("/fetch/what is told arrives", what_is_told_arrives);
    g_test_add_func("/fetch/too much, too late and elsewhere are refused", too_much_too_late_and_elsewhere_are_refused);
    g_test_add_func("/fetch/a question ends when told to", a_question_ends_when_told_to);
    return g_test_run();
}

// SPDX-License-Identifier: Apache-2.0
/* Several counties behind one address are told apart by the host name. */
#include "http/bench_test.h"

enum { OTHER_COUNTY = 330481 };

static json_t *tell_county(Request *r, GError **error)
{
    (void)error;
    return json_pack("{s:I, s:s}", "county", (json_int_t)r->context.county, "public_url", r->context.public_url);
}

static json_t *tell_actor(Request *r, GError **error)
{
    (void)error;
    return json_pack("{s:I}", "actor", (json_int_t)r->context.actor->id);
}

static json_t *sign_in(Request *r, GError **error)
{
    return session_begin(r, STAFF, CLERK, error) ? json_pack("{s:I}", "county", (json_int_t)r->context.county) : NULL;
}

static const Route county_routes[] = {
    { "GET", "/county", ANYONE, tell_county, NULL, NULL, NULL, NULL, "Which county?" },
    { "POST", "/county", ANYONE, tell_county, NULL, NULL, NULL, NULL, "Which county is written to?" },
    { "GET", "/me", CLERK, tell_actor, NULL, NULL, NULL, NULL, "Who am I?" },
    { "POST", "/me", ANYONE, sign_in, NULL, NULL, NULL, NULL, "Signs in" },
    { 0 },
};
static const Route region_routes[] = { { "GET", "/region", ANYONE, tell_county, NULL, NULL, NULL, NULL, "Which region?" }, { 0 } };

typedef struct Several {
    Bench bench;
    Context other, region;
    Store *share;
} Several;

/* Without `last` every site has a host. */
static void several_open(Several *self, bool last)
{
    static const Counties none = { 0 };
    Bench *b = &self->bench;
    bench_open(b, county_routes);
    b->own.region_routes = region_routes;
    http_close(b->http);
    self->other = self->region = b->world;
    self->other.county = OTHER_COUNTY;
    self->region.county = 330000;
    self->region.counties = &none;
    b->world.public_url = "https://one.example";
    self->other.public_url = NULL;
    self->share = store_share(b->store);
    store_set_county(self->share, OTHER_COUNTY);
    store_use_personal(self->share, OTHER_COUNTY, TEST_KEYS);
    const HttpSite sites[] = {
        { .host = "One.example", .world = &b->world, .store = b->store, .view = b->view, .incoming = b->folder },
        { .host = "two.example", .world = &self->other, .store = self->share, .view = b->view, .incoming = b->folder },
        { .world = &self->region, .store = b->store, .view = b->view, .incoming = b->folder },
    };
    const HttpSettings settings = { .listen = "127.0.0.1:0", .load_actor = load_actor, .clear_actor = clear_actor };
    b->http = http_open(&settings, sites, last ? 3 : 2, NULL);
    b->port = atoi(strrchr(http_address(b->http), ':') + 1);
}

static void several_close(Several *self)
{
    store_close(self->share);
    bench_close(&self->bench);
}

static char *ask_at(const Several *self, const char *host, const char *method, const char *path, const char *headers)
{
    g_autofree char *text = g_strdup_printf("%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nContent-Length: 0\r\n%s\r\n", method, path, host, headers);
    return ask_bytes(&self->bench, text, strlen(text));
}

static void the_host_name_tells_the_county(void)
{
    Several several;
    several_open(&several, true);
    ASSERT_ANSWER(ask_at(&several, "one.example", "GET", "/county", ""), 200, "\"county\":330482");
    ASSERT_ANSWER(ask_at(&several, "ONE.example:8080", "GET", "/county", ""), 200, "\"county\":330482");
    ASSERT_ANSWER(ask_at(&several, "one.example.:80", "GET", "/county", ""), 200, "\"county\":330482");
    ASSERT_ANSWER(ask_at(&several, "two.example", "GET", "/county", ""), 200, "\"county\":330481");
    ASSERT_ANSWER(ask_at(&several, "pinghu.example", "GET", "/region", ""), 200, "\"county\":330000");
    ASSERT_ANSWER(ask_at(&several, "127.0.0.1", "GET", "/county", ""), 404, "base.not_found");
    ASSERT_ANSWER(ask_at(&several, "one.example", "GET", "/region", ""), 404, "base.not_found");
    ASSERT_ANSWER(ask_at(&several, "localhost", "GET", "/api", ""), 200, "Which region");
    several_close(&several);
}

static void this_machines_names_mean_the_first_where_all_have_a_host(void)
{
    static const char *const names[] = { "localhost", "127.0.0.1:8080", "[::1]:8080", "LOCALHOST" };
    Several several;
    several_open(&several, false);
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        ASSERT_ANSWER(ask_at(&several, names[i], "GET", "/county", ""), 200, "\"county\":330482");
    ASSERT_ANSWER(ask(&several.bench, "GET", "/county", "", ""), 200, "\"county\":330482");
    several_close(&several);
}

static void requests_for_other_hosts_are_refused(void)
{
    static const char *const others[] = { "three.example", "", "one.example.evil.example", "evil.example:8080", "127.0.0.2", "[::2]", "[", "localhost@evil.example",
                                          "127.0.0.1.evil.example", "[::1].evil.example", "localhost:80.evil.example" };
    Several several;
    several_open(&several, true);
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        ASSERT_ANSWER(ask_at(&several, others[i], "GET", "/county", ""), 421, "http.misdirected");
        ASSERT_ANSWER(ask_at(&several, others[i], "GET", "/nowhere", ""), 421, PUBLIC_URL);
        ASSERT_ANSWER(ask_at(&several, others[i], "POST", "/county", "Idempotency-Key: k\r\n"), 421, "http.misdirected");
        ASSERT_ANSWER(ask_at(&several, others[i], "GET", "/healthz", ""), 200, "open");
        ASSERT_ANSWER(ask_at(&several, others[i], "GET", "/static/view/theme.css", ""), 200, "text/css");
    }
    ASSERT_ANSWER(ask_at(&several, "three.example", "GET", "/county", "Accept: text/html\r\n"), 421, "请改用 " PUBLIC_URL);
    several_close(&several);
}

static void the_public_address_comes_from_settings_alone(void)
{
    Several several;
    several_open(&several, true);
    ASSERT_ANSWER(ask_at(&several, "one.example:99", "GET", "/county", "X-Forwarded-Host: evil.example\r\n"), 200,
                  "\"public_url\":\"https://one.example\"");
    g_autofree char *by_port = g_strdup_printf("\"public_url\":\"http://two.example:%d\"", several.bench.port);
    ASSERT_ANSWER(ask_at(&several, "two.example", "GET", "/county", ""), 200, by_port);
    g_assert_cmpstr(http_public_url(several.bench.http, 2), ==, PUBLIC_URL);
    several_close(&several);
}

/* A proxy in front may put a name of its own into Host. */
static void a_form_comes_from_the_public_address_or_the_host_asked(void)
{
    Several several;
    several_open(&several, true);
    ASSERT_ANSWER(ask_at(&several, "two.example", "POST", "/county", "Idempotency-Key: a\r\nOrigin: http://two.example\r\n"), 201, "330481");
    ASSERT_ANSWER(ask_at(&several, "one.example", "POST", "/county", "Idempotency-Key: b\r\nOrigin: https://one.example\r\n"), 201, "330482");
    ASSERT_ANSWER(ask_at(&several, "ONE.example:80", "POST", "/county", "Idempotency-Key: c\r\nOrigin: https://one.example\r\n"), 201, "330482");
    ASSERT_ANSWER(ask_at(&several, "two.example", "POST", "/county", "Idempotency-Key: d\r\nOrigin: https://one.example\r\n"), 403, "http.foreign_form");
    ASSERT_ANSWER(ask_at(&several, "one.example", "POST", "/county", "Idempotency-Key: f\r\nOrigin: http://one.example\r\n"), 403, "http.foreign_form");
    ASSERT_ANSWER(ask_at(&several, "two.example", "POST", "/county", "Idempotency-Key: g\r\nOrigin: https://two.example\r\n"), 201, "330481");
    ASSERT_ANSWER(ask_at(&several, "one.example", "POST", "/county", "Idempotency-Key: e\r\nOrigin: http://evil.example\r\n"), 403, "http.foreign_form");
    several_close(&several);
}

static void a_key_is_the_countys_own(void)
{
    Several several;
    several_open(&several, true);
    for (int i = 0; i < 2; i++) {
        ASSERT_ANSWER(ask_at(&several, "one.example", "POST", "/county", "Idempotency-Key: k\r\n"), 201, "\"county\":330482");
        ASSERT_ANSWER(ask_at(&several, "two.example", "POST", "/county", "Idempotency-Key: k\r\n"), 201, "\"county\":330481");
    }
    several_close(&several);
}

/* "pinghu=…" out of Set-Cookie. */
static char *cookie_of(const char *answer)
{
    const char *at = strstr(answer, "Set-Cookie: ");
    g_assert_nonnull(at);
    at += strlen("Set-Cookie: ");
    return g_strndup(at, strcspn(at, ";"));
}

static void a_session_is_the_countys_own(void)
{
    Several several;
    several_open(&several, true);
    g_autofree char *answer = ask_at(&several, "one.example", "POST", "/me", "Idempotency-Key: k\r\n");
    g_autofree char *cookie = cookie_of(answer);
    g_autofree char *header = g_strdup_printf("Cookie: %s\r\n", cookie);
    ASSERT_ANSWER(ask_at(&several, "one.example", "GET", "/me", header), 200, "actor");
    ASSERT_ANSWER(ask_at(&several, "two.example", "GET", "/me", header), 401, "http.sign_in");
    several_close(&several);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/http/sites/the host name tells the county", the_host_name_tells_the_county);
    g_test_add_func("/http/sites/this machine's names mean the first where all have a host", this_machines_names_mean_the_first_where_all_have_a_host);
    g_test_add_func("/http/sites/requests for other hosts are refused", requests_for_other_hosts_are_refused);
    g_test_add_func("/http/sites/the public address comes from settings alone", the_public_address_comes_from_settings_alone);
    g_test_add_func("/http/sites/a form comes from the public address or the host asked", a_form_comes_from_the_public_address_or_the_host_asked);
    g_test_add_func("/http/sites/a key is the county's own", a_key_is_the_countys_own);
    g_test_add_func("/http/sites/a session is the county's own", a_session_is_the_countys_own);
    return g_test_run();
}

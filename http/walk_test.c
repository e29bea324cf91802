// SPDX-License-Identifier: Apache-2.0
/* Every route of a table is asked by every kind of actor: those pass whom the table names, and no others. */
#include "http/bench_test.h"

enum { ROLES = 10, NO_ROLE = 1 << ROLES };

static json_t *pass(Request *r, GError **error)
{
    (void)error;
    return json_pack("{s:I}", "id", r->context.actor->id);
}

static json_t *enter(Request *r, GError **error)
{
    enum actor_kind kind = strcmp(r->path[0], "staff") == 0 ? STAFF : HOLDER;
    return session_begin(r, kind, strtoll(r->path[1], NULL, 10), error) ? json_object() : NULL;
}

#define BOTH(path, demand)                                            \
    { "GET", path, demand, pass, NULL, NULL, NULL, NULL, "" },        \
    { "POST", path, demand, pass, NULL, NULL, NULL, NULL, "" }
static const Route room[] = {
    BOTH("/", ANYONE), BOTH("/anyone", ANYONE), BOTH("/holders/{number}", HOLDERS), BOTH("/clerk", CLERK), BOTH("/reviewer", REVIEWER),
    BOTH("/approver/{number}/act", APPROVER), BOTH("/head", HEAD), BOTH("/issuer", ISSUER), BOTH("/cataloguer", CATALOGUER),
    BOTH("/supervisor", SUPERVISOR), BOTH("/system", SYSTEM_ADMINISTRATOR), BOTH("/security", SECURITY_ADMINISTRATOR),
    BOTH("/auditor", AUDITOR), BOTH("/some", REVIEWER | APPROVER | HEAD), BOTH("/staff", ANY_ROLE),
    { "POST", "/enter/{kind}/{id}", ANYONE, enter, NULL, NULL, NULL, NULL, "" },
    { 0 },
};

/* ---- actors ---- */

typedef struct Person {
    enum actor_kind kind;
    unsigned roles;
    char *headers;
} Person;

enum { PEOPLE = ROLES + 3 };

static void enter_as(const Bench *b, Person *person)
{
    g_autofree char *path = g_strdup_printf("/enter/%s/%u", person->kind == STAFF ? "staff" : "holder", person->roles);
    g_autofree char *key = g_strdup_printf("in%u", person->roles);
    g_autofree char *answer = post_json(b, path, key, "{}");
    const char *cookie = strstr(answer, "Set-Cookie: pinghu");
    g_assert_nonnull(cookie);
    g_auto(GStrv) parts = g_strsplit(cookie + strlen("Set-Cookie: "), ";", 2);
    person->headers = g_strdup_printf("Cookie: %s\r\n", parts[0]);
}

static void people_come(const Bench *b, Person people[PEOPLE])
{
    people[0] = (Person){ .kind = VISITOR, .headers = g_strdup("") };
    people[1] = (Person){ .kind = HOLDER, .roles = NO_ROLE + 1 };
    for (int i = 0; i <= ROLES; i++)
        people[i + 2] = (Person){ .kind = STAFF, .roles = 1u << i };
    for (int i = 1; i < PEOPLE; i++)
        enter_as(b, &people[i]);
}

static void people_go(Person people[PEOPLE])
{
    for (int i = 0; i < PEOPLE; i++)
        g_free(people[i].headers);
}

/* ---- expected answers ---- */

static bool is_named(const json_t *roles, unsigned held)
{
    size_t i;
    json_t *role;
    json_array_foreach((json_t *)roles, i, role)
        for (unsigned bit = 0; role_names[bit]; bit++)
            if ((held & 1u << bit) && strcmp(json_string_value(role), role_names[bit]) == 0)
                return true;
    return false;
}

static int expected(const json_t *route, const Person *person)
{
    int passed = strcmp(json_text(route, "method"), "GET") == 0 ? 200 : 201;
    if (json_flag(route, "anyone"))
        return passed;
    if (person->kind == VISITOR)
        return 401;
    if (json_flag(route, "holders"))
        return passed;
    if (person->kind != STAFF)
        return 401;
    return is_named(json_object_get(route, "roles"), person->roles) ? passed : 403;
}

static char *ask_as(const Bench *b, const Person *person, const char *method, const char *path)
{
    static int serial;
    g_autofree char *headers = g_strdup_printf("%sContent-Type: application/json\r\nIdempotency-Key: w%d\r\n", person->headers, serial++);
    bool posts = strcmp(method, "POST") == 0;
    return ask(b, method, path, posts ? headers : person->headers, posts ? "{}" : "");
}

/* The path with its parts filled. Owned by the caller. */
static char *filled(const char *path)
{
    g_autoptr(GRegex) part = g_regex_new("\\{[^}]*\\}", 0, 0, NULL);
    return g_regex_replace_literal(part, path, -1, 0, "1", 0, NULL);
}

static void walk(const Bench *b, const json_t *route, const Person *person)
{
    g_autofree char *path = filled(json_text(route, "path"));
    g_autofree char *answer = ask_as(b, person, json_text(route, "method"), path);
    if (status(answer) != expected(route, person))
        g_error("%s %s for kind %d with roles %u: wanted %d, got %s", json_text(route, "method"), path, person->kind,
                person->roles, expected(route, person), answer);
}

static void every_actor_asks_every_route(void)
{
    Bench b;
    Person people[PEOPLE];
    bench_open(&b, room);
    people_come(&b, people);
    g_autoptr(json_t) routes = http_describe(&b.world);
    g_assert_cmpuint(json_array_size(routes), ==, G_N_ELEMENTS(room) - 1 + 4); /* and the four of http */
    for (size_t i = 0; i + 1 < json_array_size(routes); i++) /* the last one begins sessions */
        for (int who = 0; who < PEOPLE; who++)
            walk(&b, json_array_get(routes, i), &people[who]);
    people_go(people);
    bench_close(&b);
}

static void other_methods_and_addresses_are_refused_to_everybody(void)
{
    static const struct { const char *name; int status; const char *says; } methods[] = {
        { "PUT", 405, "Allow: GET, HEAD, POST\r\n" }, { "DELETE", 405, "Allow: GET, HEAD, POST\r\n" }, { "PATCH", 405, "Allow: GET, HEAD, POST\r\n" },
        { "OPTIONS", 405, "Allow: GET, HEAD, POST\r\n" }, { "TRACE", 400, "http.unknown_method" }, { "get", 400, "http.unknown_method" },
        { "BREW", 400, "http.unknown_method" },
    };
    Bench b;
    Person people[PEOPLE];
    bench_open(&b, room);
    people_come(&b, people);
    g_autoptr(json_t) routes = http_describe(&b.world);
    for (size_t i = 4; i + 1 < json_array_size(routes); i += 2) { /* behind those of http, which only read */
        g_autofree char *path = filled(json_text(json_array_get(routes, i), "path"));
        g_autofree char *longer = g_strconcat(path, "/x/y", NULL);
        const Person *person = &people[i % PEOPLE];
        ASSERT_ANSWER(ask_as(&b, person, methods[i / 2 % G_N_ELEMENTS(methods)].name, path), methods[i / 2 % G_N_ELEMENTS(methods)].status,
                      methods[i / 2 % G_N_ELEMENTS(methods)].says);
        ASSERT_ANSWER(ask_as(&b, person, "GET", longer), 404, "base.not_found");
        ASSERT_ANSWER(ask_as(&b, person, "POST", longer), 404, "base.not_found");
    }
    ASSERT_ANSWER(ask(&b, "GET", "/enter/staff/1", "", ""), 405, "Allow: POST\r\n");
    ASSERT_ANSWER(ask(&b, "GET", "/enter/staff/1", "Accept: text/html\r\n", ""), 405, "Allow: POST\r\n");
    ASSERT_ANSWER(ask(&b, "POST", "/healthz", "", ""), 405, "Allow: GET, HEAD\r\n");
    ASSERT_ANSWER(ask(&b, "POST", "/static/view/theme.css", "", ""), 405, "Allow: GET, HEAD\r\n");
    ASSERT_ANSWER(ask(&b, "HEAD", "/static/view/theme.css", "", ""), 200, "ETag");
    people_go(people);
    bench_close(&b);
}

/* A browser is led to where it can show who it is, and back. */
static void a_browser_without_session_is_sent_to_sign_in(void)
{
    Bench b;
    bench_open(&b, room);
    ASSERT_ANSWER(ask(&b, "GET", "/approver/3/act", "Accept: text/html\r\n", ""), 303, "Location: /sign-in?next=/approver/3/act");
    ASSERT_ANSWER(ask(&b, "GET", "/holders/3", "Accept: text/html\r\n", ""), 303, "Location: /track");
    ASSERT_ANSWER(ask(&b, "GET", "/clerk", "Cookie: pinghu=0000000000000000000000000000000000000000000000000000000000000000\r\n", ""), 401, "http.sign_in");
    ASSERT_ANSWER(ask(&b, "GET", "/clerk", "Cookie: pinghu=\r\n", ""), 401, "http.sign_in");
    bench_close(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_log_set_always_fatal(G_LOG_FATAL_MASK);
    bench_add("/http/walk/every actor asks every route", every_actor_asks_every_route);
    bench_add("/http/walk/other methods and addresses are refused", other_methods_and_addresses_are_refused_to_everybody);
    bench_add("/http/walk/a browser without session is sent to sign in", a_browser_without_session_is_sent_to_sign_in);
    return g_test_run();
}

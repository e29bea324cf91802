// SPDX-License-Identifier: Apache-2.0
/* Sessions: of a member of the staff and of several cases in one browser, and when they end. */
#include "http/bench_test.h"

enum { CASES_OPEN = 8, MINUTE = 60 * 1000, HOUR = 60 * MINUTE };

/* ---- the routes ---- */

static json_t *tell(Request *r, GError **error)
{
    (void)error;
    const Actor *actor = r->context.actor;
    json_t *cases = json_array();
    for (size_t i = 0; i < actor->case_count; i++)
        json_array_append_new(cases, json_integer(actor->cases[i]));
    return json_pack("{s:i, s:I, s:o}", "kind", actor->kind, "id", actor->id, "cases", cases);
}

static json_t *enter_case(Request *r, GError **error)
{
    return session_begin(r, HOLDER, strtoll(r->path[0], NULL, 10), error) ? json_object() : NULL;
}

static json_t *count_kept(Request *r, GError **error)
{
    int64_t count;
    bool found;
    return db_integer(r->context.db, "SELECT COUNT(*) FROM http_session WHERE county = :county", WITH(db_int("county", r->context.county)), &count,
                      &found, error) ? json_pack("{s:I}", "count", (json_int_t)count) : NULL;
}

static json_t *leave_case(Request *r, GError **error)
{
    return session_leave(r, strtoll(r->path[0], NULL, 10), error) ? json_object() : NULL;
}

static json_t *sign_in(Request *r, GError **error)
{
    return session_begin(r, STAFF, CLERK, error) ? json_object() : NULL;
}

static json_t *sign_out(Request *r, GError **error)
{
    return session_end(r, error) ? json_object() : NULL;
}

static const Route routes[] = {
    { "GET", "/who", ANYONE, tell, NULL, NULL, NULL, NULL, "" },
    { "GET", "/kept", ANYONE, count_kept, NULL, NULL, NULL, NULL, "" },
    { "GET", "/case/{number}", HOLDERS, tell, NULL, NULL, NULL, NULL, "" },
    { "POST", "/case/{number}", HOLDERS, tell, NULL, NULL, NULL, NULL, "" },
    { "POST", "/case/{number}/enter", ANYONE, enter_case, NULL, NULL, NULL, NULL, "" },
    { "POST", "/case/{number}/apply", ANYONE, enter_case, NULL, NULL, NULL, NULL, "", .begins = true },
    { "POST", "/case/{number}/leave", HOLDERS, leave_case, NULL, NULL, NULL, NULL, "" },
    { "POST", "/sign-in", ANYONE, sign_in, NULL, NULL, NULL, NULL, "" },
    { "POST", "/sign-out", ANYONE, sign_out, NULL, NULL, NULL, NULL, "" },
    { 0 },
};

/* ---- a browser: its cookies, "name=value; …" ---- */

static void keep_cookie(GString *cookies, const char *line)
{
    g_autofree char *pair = g_strndup(line, strcspn(line, ";\r")), *name = g_strndup(pair, strcspn(pair, "=") + 1);
    g_auto(GStrv) kept = g_strsplit(cookies->str, "; ", -1);
    g_string_truncate(cookies, 0);
    for (char **each = kept; *each; each++)
        if (**each && !g_str_has_prefix(*each, name))
            g_string_append_printf(cookies, "%s; ", *each);
    if (!strstr(pair, "=") || pair[strlen(name)])
        g_string_append_printf(cookies, "%s; ", pair);
}

static char *ask_as(const Bench *b, GString *cookies, const char *method, const char *path, const char *more)
{
    g_autofree char *key = g_uuid_string_random();
    g_autofree char *headers = g_strdup_printf("Cookie: %s\r\nContent-Type: application/json\r\nIdempotency-Key: %s\r\n", cookies->str, *more ? more : key);
    char *answer = ask(b, method, path, headers, strcmp(method, "POST") == 0 ? "{}" : "");
    static const char set[] = "Set-Cookie: ";
    for (const char *line = strstr(answer, set); line; line = strstr(line + 1, set))
        keep_cookie(cookies, line + strlen(set));
    return answer;
}

static void post(const Bench *b, GString *cookies, const char *path)
{
    ASSERT_ANSWER(ask_as(b, cookies, "POST", path, ""), 201, "{}");
}

#define SEES(path, text) ASSERT_ANSWER(ask_as(&b, cookies, "GET", path, ""), 200, text)
#define SEES_NOT(path) ASSERT_ANSWER(ask_as(&b, cookies, "GET", path, ""), 401, "http.show_number")

/* ---- tests ---- */

static void several_cases_are_open_beside_the_desk(void)
{
    Bench b;
    g_autoptr(GString) cookies = g_string_new(NULL);
    bench_open(&b, routes);
    post(&b, cookies, "/case/11/enter");
    SEES("/who", "{\"kind\":1,\"id\":11,\"cases\":[11]}");
    post(&b, cookies, "/case/12/enter");
    SEES("/case/11", "{\"kind\":1,\"id\":11,\"cases\":[11,12]}");
    SEES("/case/12", "{\"kind\":1,\"id\":12,\"cases\":[11,12]}");
    SEES("/who", "{\"kind\":1,\"id\":12,\"cases\":[11,12]}");
    post(&b, cookies, "/sign-in");
    SEES("/who", "{\"kind\":2,\"id\":1,\"cases\":[11,12]}");
    SEES("/case/11", "{\"kind\":1,\"id\":11");
    SEES("/case/13", "{\"kind\":2,\"id\":1"); /* which he may see as staff, or not */
    post(&b, cookies, "/case/13/enter");
    SEES("/case/13", "{\"kind\":1,\"id\":13");
    SEES("/who", "{\"kind\":2,\"id\":1,\"cases\":[11,12,13]}"); /* and stays signed in */
    bench_close(&b);
}

static void leaving_one_leaves_the_others(void)
{
    Bench b;
    g_autoptr(GString) cookies = g_string_new(NULL);
    bench_open(&b, routes);
    post(&b, cookies, "/case/11/enter");
    post(&b, cookies, "/case/12/enter");
    g_autofree char *before = g_strdup(cookies->str);
    post(&b, cookies, "/case/11/leave");
    SEES("/who", "{\"kind\":1,\"id\":12,\"cases\":[12]}");
    g_assert_null(strstr(cookies->str, "pinghu-11="));
    g_string_assign(cookies, before); /* whoever has kept the cookie has nothing */
    SEES("/case/11", "\"id\":12");
    post(&b, cookies, "/sign-in");
    g_string_append(cookies, before);
    post(&b, cookies, "/sign-out");
    g_assert_cmpstr(cookies->str, ==, "");
    g_string_assign(cookies, before);
    SEES_NOT("/case/12");
    bench_close(&b);
}

static void signing_out_ends_all_sessions_of_the_account(void)
{
    Bench b;
    g_autoptr(GString) cookies = g_string_new(NULL), elsewhere = g_string_new(NULL);
    bench_open(&b, routes);
    post(&b, cookies, "/sign-in");
    post(&b, elsewhere, "/sign-in");
    post(&b, elsewhere, "/sign-out");
    SEES("/who", "{\"kind\":0");
    bench_close(&b);
}

/* The token that somebody had put into the browser before is worth nothing afterwards. */
static void each_entry_has_a_new_token(void)
{
    Bench b;
    g_autoptr(GString) cookies = g_string_new(NULL);
    bench_open(&b, routes);
    post(&b, cookies, "/case/11/enter");
    g_autofree char *first = g_strdup(cookies->str);
    post(&b, cookies, "/case/11/enter");
    g_assert_cmpstr(first, !=, cookies->str);
    g_string_assign(cookies, first);
    SEES_NOT("/case/11");
    bench_close(&b);
}

/* A cookie by another case's name opens neither. */
static void a_token_is_of_its_case(void)
{
    Bench b;
    g_autoptr(GString) cookies = g_string_new(NULL);
    bench_open(&b, routes);
    post(&b, cookies, "/case/11/enter");
    g_autofree char *renamed = g_strdup_printf("pinghu-12=%s", strchr(cookies->str, '=') + 1);
    g_string_assign(cookies, renamed);
    SEES_NOT("/case/12");
    g_assert_cmpstr(cookies->str, ==, ""); /* and is taken away */
    g_string_printf(cookies, "pinghu%s", strchr(renamed, '='));
    SEES("/who", "{\"kind\":0"); /* nor is it a member of the staff */
    bench_close(&b);
}

static void beyond_eight_the_oldest_goes(void)
{
    Bench b;
    g_autoptr(GString) cookies = g_string_new(NULL);
    bench_open(&b, routes);
    for (int i = 1; i <= CASES_OPEN + 1; i++) {
        g_autofree char *path = g_strdup_printf("/case/%d/enter", 10 + i);
        post(&b, cookies, path);
    }
    SEES("/who", "\"cases\":[12,13,14,15,16,17,18,19]");
    g_assert_null(strstr(cookies->str, "pinghu-11="));
    bench_close(&b);
}

static void a_request_sent_again_finds_what_it_began(void)
{
    Bench b;
    g_autoptr(GString) cookies = g_string_new(NULL);
    bench_open(&b, routes);
    ASSERT_ANSWER(ask_as(&b, cookies, "POST", "/case/11/apply", "first"), 201, "{}");
    ASSERT_ANSWER(ask_as(&b, cookies, "POST", "/case/12/apply", "second"), 201, "{}");
    g_autofree char *before = g_strdup(cookies->str);
    ASSERT_ANSWER(ask_as(&b, cookies, "POST", "/case/11/apply", "first"), 201, "{}");
    g_assert_cmpstr(cookies->str, ==, before); /* nothing was begun */
    bench_close(&b);
}

static void a_form_is_of_one_case(void)
{
    Bench b;
    g_autoptr(GString) cookies = g_string_new(NULL);
    bench_open(&b, routes);
    post(&b, cookies, "/case/11/enter");
    post(&b, cookies, "/case/12/enter");
    g_autofree char *form = g_strdup_printf("Cookie: %s\r\nContent-Type: application/x-www-form-urlencoded\r\n", cookies->str);
    ASSERT_ANSWER(ask(&b, "POST", "/case/11", form, "_key=k&_token="), 403, "http.form_too_old");
    bench_close(&b);
}

/* ---- limits ---- */

/* Idle for a minute less than the limit, again and again, then for the limit. The writer takes down that a session was seen before it
 * does what is asked. */
static void lasts(const Bench *b, const char *enter, const char *path, const char *sees, int idle)
{
    g_autoptr(GString) cookies = g_string_new(strstr(enter, "kiosk") ? "kiosk=yes; " : "");
    Instant begun = time_now;
    g_autofree char *in = g_strndup(enter, strcspn(enter, " "));
    post(b, cookies, in);
    for (; time_now + (idle - 1) * MINUTE < begun + 8 * HOUR; time_now += (idle - 1) * MINUTE)
        ASSERT_ANSWER(ask_as(b, cookies, "POST", path, ""), 201, sees);
    time_now = begun + 8 * HOUR;
    ASSERT_ANSWER(ask_as(b, cookies, "POST", path, ""), 401, "");
    g_string_assign(cookies, strstr(enter, "kiosk") ? "kiosk=yes; " : "");
    post(b, cookies, in);
    time_now += idle * MINUTE;
    ASSERT_ANSWER(ask_as(b, cookies, "POST", path, ""), 401, "");
}

static void sessions_end_idle_and_after_eight_hours(void)
{
    Bench b;
    bench_open(&b, routes);
    lasts(&b, "/case/11/enter", "/case/11", "{\"kind\":1,\"id\":11", 30);
    lasts(&b, "/sign-in", "/case/11", "{\"kind\":2", 30);
    lasts(&b, "/case/11/enter kiosk", "/case/11", "{\"kind\":1,\"id\":11", 10);
    bench_serve(&b, (HttpSettings){ .limits = { [LIMIT_STAFF_IDLE] = 15, [LIMIT_KIOSK_IDLE] = 5 } }); /* as a centre has set them */
    lasts(&b, "/sign-in", "/case/11", "{\"kind\":2", 15);
    lasts(&b, "/case/11/enter kiosk", "/case/11", "{\"kind\":1,\"id\":11", 5);
    bench_close(&b);
}

static void what_nobody_ended_goes_a_day_later(void)
{
    Bench b;
    g_autoptr(GString) cookies = g_string_new(NULL), others = g_string_new(NULL);
    bench_open(&b, routes);
    post(&b, cookies, "/sign-in");
    time_now += HOUR;
    post(&b, others, "/case/11/enter");
    SEES("/kept", "{\"count\":2}");
    time_now += 23 * HOUR;
    g_string_truncate(others, 0);
    post(&b, others, "/case/12/enter");
    SEES("/kept", "{\"count\":3}");
    time_now += MINUTE;
    g_string_truncate(others, 0);
    post(&b, others, "/case/13/enter");
    SEES("/kept", "{\"count\":3}"); /* of the staff no more */
    bench_close(&b);
}

static void a_kiosk_is_told_by_its_first_address(void)
{
    Bench b;
    g_autoptr(GString) cookies = g_string_new(NULL);
    bench_open(&b, routes);
    SEES("/who?kiosk=yes", "{\"kind\":0");
    g_assert_cmpstr(cookies->str, ==, "kiosk=yes; ");
    SEES("/who?kiosk=perhaps", "{\"kind\":0");
    g_assert_cmpstr(cookies->str, ==, "kiosk=yes; ");
    bench_close(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    bench_add("/http/session/several cases are open beside the desk", several_cases_are_open_beside_the_desk);
    bench_add("/http/session/leaving one leaves the others", leaving_one_leaves_the_others);
    bench_add("/http/session/signing out ends all sessions of the account", signing_out_ends_all_sessions_of_the_account);
    bench_add("/http/session/each entry has a new token", each_entry_has_a_new_token);
    bench_add("/http/session/a token is of its case", a_token_is_of_its_case);
    bench_add("/http/session/beyond eight the oldest goes", beyond_eight_the_oldest_goes);
    bench_add("/http/session/a request sent again finds what it began", a_request_sent_again_finds_what_it_began);
    bench_add("/http/session/a form is of one case", a_form_is_of_one_case);
    bench_add("/http/session/sessions end idle and after eight hours", sessions_end_idle_and_after_eight_hours);
    bench_add("/http/session/what nobody ended goes a day later", what_nobody_ended_goes_a_day_later);
    bench_add("/http/session/a kiosk is told by its first address", a_kiosk_is_told_by_its_first_address);
    return g_test_run();
}

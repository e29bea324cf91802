// SPDX-License-Identifier: Apache-2.0
/* Forms made of fields: shown, refused with all that is wrong, looked at once more, done. */
#include "http/bench_test.h"
#include "rooms.h"

static const char *const kinds[] = { "person", "enterprise", NULL };
static const Field fields[] = {
    { .name = "account", .most = 20, .required = true, .look = LOOK_EXACT, .autocomplete = "username" },
    { .name = "party_kind", .kind = FIELD_CHOICE, .required = true, .choices = kinds, .look = LOOK_RADIOS, .room = "cases" },
    { .name = "contact", .most = 20, .required = true, .room = "cases", .shown_when = "party_kind=enterprise" },
    { .name = "days", .kind = FIELD_MONEY, .least = 100, .most = 123456, .room = "cases", .label = "cases.reason" },
    { .name = "place", .kind = FIELD_INTEGER, .options = "towns.places.code", .option_if = "open", .label = "cases.reason" },
    { .name = "seen", .kind = FIELD_INTEGER, .look = LOOK_HIDDEN, .value = "next", .room = "cases" },
    { 0 },
};

static json_t *show(Request *r, GError **error)
{
    (void)r, (void)error;
    return json_pack("{s:i, s:[{s:s, s:[{s:i, s:s, s:b}, {s:i, s:s, s:b}]}]}", "next", 7, "towns", "name", "新仓镇", "places", "code", 31,
                     "name", "三叉河村", "open", 1, "code", 32, "name", "友联村", "open", 0);
}

static json_t *take(Request *r, GError **error)
{
    (void)error;
    return json_pack("{s:O*, s:s}", "fen", json_object_get(r->fields, "days"), "number", "12");
}

static json_t *take_wells(Request *r, GError **error)
{
    (void)error;
    return json_pack("{s:O}", "wells", json_object_get(r->fields, "wells"));
}

static json_t *show_wells(Request *r, GError **error)
{
    (void)r, (void)error;
    return json_pack("{s:[{s:i}, {s:i, s:s}]}", "wells", "depth", 30, "depth", 40, "reason",
                     "村口");
}

static const Field well_columns[] = {
    { .name = "depth",
      .kind = FIELD_INTEGER,
      .most = 99,
      .required = true,
      .said = "Depth",
      .value = "depth" },
    { .name = "reason", .room = "cases", .said = "Reason", .value = "reason" },
    { 0 },
};
static const Field wells_fields[] = {
    { .name = "wells",
      .kind = FIELD_ROWS,
      .most = 3,
      .columns = well_columns,
      .room = "cases",
      .label = "cases.reason",
      .value = "wells" },
    { .name = "account", .most = 20, .required = true },
    { 0 },
};

static json_t *fail_on_form(Request *r, GError **error)
{
    return *json_text(r->fields, "account") ? fault(error, "the shelf of forms is broken") : json_object();
}

static const Field failing_fields[] = { { .name = "account" }, { .name = "days", .kind = FIELD_INTEGER, .room = "cases", .label = "cases.reason" }, { 0 } };

static const Route room[] = {
    { .method = "GET",
      .path = "/failing",
      .run = fail_on_form,
      .page = "credentials/sign-in",
      .fields = failing_fields,
      .does = "" },
    { .method = "POST",
      .path = "/failing",
      .run = take,
      .page = "credentials/sign-in",
      .fields = failing_fields,
      .form = "/failing",
      .does = "" },
    { .method = "GET", .path = "/sign-in", .run = show, .page = "credentials/sign-in", .does = "" },
    { .method = "POST",
      .path = "/sign-in",
      .run = take,
      .page = "credentials/sign-in",
      .fields = fields,
      .form = "/sign-in",
      .redirect = "/done/{number}",
      .check = true,
      .does = "" },
    { .method = "GET",
      .path = "/wells/sign-in",
      .run = show_wells,
      .page = "credentials/sign-in",
      .does = "" },
    { .method = "POST",
      .path = "/wells/sign-in",
      .run = take_wells,
      .page = "credentials/sign-in",
      .fields = wells_fields,
      .form = "/wells/sign-in",
      .does = "" },
    { .method = "GET",
      .path = "/done/{number}",
      .run = show,
      .page = "http/done",
      .redirect = "/sign-in",
      .done = "portal.begun",
      .does = "" },
    { 0 },
};

static const char page_of[] = "Content-Type: application/x-www-form-urlencoded\r\nAccept: text/html\r\n";

#define ASSERT_SHOWS(answer, wanted, ...)                                   \
    do {                                                                    \
        g_autofree char *shown = answer;                                    \
        const char *const all[] = { __VA_ARGS__ };                          \
        g_assert_cmpint(status(shown), ==, wanted);                         \
        for (size_t n = 0; n < G_N_ELEMENTS(all); n++)                      \
            if (!strstr(shown, all[n]))                                     \
                g_error("“%s” is not in %s", all[n], shown);                \
    } while (0)

static void a_form_follows_from_its_fields(void)
{
    Bench b;
    bench_open(&b, room);
    g_autofree char *shown_places = ask(&b, "GET", "/sign-in", "Accept: text/html\r\n", "");
    g_assert_null(strstr(shown_places, "友联村"));
    ASSERT_SHOWS(g_steal_pointer(&shown_places), 200, "<option value=\"31\">三叉河村", "<optgroup label=\"新仓镇\">",
        "<form method=\"post\" action=\"/sign-in\" novalidate>", "name=\"seen\" value=\"7\"",
        "<input id=\"account\" name=\"account\" type=\"text\" value=\"\" maxlength=\"20\" autocomplete=\"username\" spellcheck=\"false\"",
        "id=\"party_kind\" name=\"party_kind\" value=\"person\" required>个人", "id=\"party_kind-2\" name=\"party_kind\" value=\"enterprise\"",
        "data-shown-when=\"party_kind=enterprise\"", "（选“企业或其他组织”时填写）", "inputmode=\"decimal\" pattern=\"[0-9,]+([.][0-9]{1,2})?\"", "<span>元</span>");
    bench_close(&b);
}

static void all_that_is_wrong_is_told_at_once(void)
{
    Bench b;
    bench_open(&b, room);
    ASSERT_SHOWS(ask(&b, "POST", "/sign-in", page_of, "_key=a&party_kind=enterprise&days=1.234&seen=6"), 422, "<title>填写有误：",
        "<a href=\"#account\">", "<a href=\"#contact\">", "<a href=\"#days\">", "id=\"account-error\"", "aria-describedby=\"contact-error\"",
        "value=\"1.234\"", "value=\"enterprise\" required checked", "name=\"seen\" value=\"7\"");
    ASSERT_ANSWER(post_json(&b, "/sign-in", "b", "{\"account\":\"a\",\"party_kind\":\"enterprise\"}"), 422, "contact");
    bench_close(&b);
}

static void count_broken(const char *domain, GLogLevelFlags level, const char *message, void *count)
{
    (void)domain, (void)level;
    if (strstr(message, "the shelf of forms is broken"))
        g_atomic_int_inc((int *)count);
}

static void a_fault_while_a_refused_form_is_shown_again_is_logged(void)
{
    Bench b;
    int logged = 0;
    bench_open(&b, room);
    g_log_set_always_fatal(G_LOG_FATAL_MASK);
    g_log_set_default_handler(count_broken, &logged);
    ASSERT_ANSWER(ask(&b, "POST", "/failing", page_of, "_key=f&account=li&days=many"), 422, "");
    g_log_set_default_handler(g_log_default_handler, NULL);
    g_assert_cmpint(g_atomic_int_get(&logged), ==, 1);
    bench_close(&b);
}

static void money_is_kept_in_fen(void)
{
    static const struct { const char *yuan; int status; const char *says; } cases[] = {
        { "1,234.5", 201, "\"fen\":123450" }, { "1", 201, "\"fen\":100" }, { "1234.56", 201, "\"fen\":123456" }, { "1234.57", 422, "1.00 元到1,234.56 元" },
        { "0.99", 422, "1.00 元" }, { "12,34", 422, "两位小数" }, { "1.", 422, "两位小数" }, { "-1", 422, "两位小数" }, { "99999999999999999999", 422, "两位小数" },
    };
    Bench b;
    bench_open(&b, room);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *key = g_strdup_printf("m%zu", i);
        g_autofree char *body = g_strdup_printf("{\"account\":\"a\",\"party_kind\":\"person\",\"days\":\"%s\"}", cases[i].yuan);
        ASSERT_ANSWER(post_json(&b, "/sign-in", key, body), cases[i].status, cases[i].says);
    }
    bench_close(&b);
}

static void what_was_typed_is_looked_at_before_it_is_done(void)
{
    Bench b;
    bench_open(&b, room);
    ASSERT_SHOWS(ask(&b, "POST", "/sign-in", page_of, "_key=c&account=li&party_kind=person&days=5"), 200, "<h1>核对填写内容</h1>",
        "name=\"_confirmed\" value=\"true\"", "name=\"account\" value=\"li\"", "name=\"party_kind\" value=\"person\"", "name=\"_change\" value=\"account\" formaction=\"/sign-in#account\"");
    ASSERT_SHOWS(ask(&b, "POST", "/sign-in", page_of, "_key=c&account=li&party_kind=person&days=5&_confirmed=true&_change=days"), 200,
        "<title>工作人员登录", "value=\"li\" maxlength=\"20\"", "value=\"person\" required checked");
    ASSERT_SHOWS(ask(&b, "POST", "/sign-in", page_of, "_key=c&account=&party_kind=person&_confirmed=true"), 422, "<a href=\"#account\">");
    ASSERT_ANSWER(ask(&b, "POST", "/sign-in", page_of, "_key=c&account=li&party_kind=person&days=5&_confirmed=true"), 303, "Location: /done/12");
    ASSERT_SHOWS(ask(&b, "GET", "/done/12", "Accept: text/html\r\n", ""), 200, "<div class=\"finished\"><h1>申请已建立</h1>", "<li>提交申请。", "href=\"/sign-in\"");
    bench_close(&b);
}

static void a_table_is_shown_and_taken_row_by_row(void)
{
    Bench b;
    bench_open(&b, room);
    ASSERT_SHOWS(ask(&b, "GET", "/wells/sign-in", "Accept: text/html\r\n", ""), 200, "第 1 行",
                 "id=\"wells.2.depth\" name=\"wells.2.depth\" type=\"text\" value=\"40\"",
                 "value=\"村口\"",
                 "name=\"_row\" value=\"+wells.3.depth\" formaction=\"/wells/sign-in#wells.3\"",
                 "name=\"_row\" value=\"-wells.1\"");
    ASSERT_ANSWER(
        ask(&b, "POST", "/wells/sign-in", "Content-Type: application/x-www-form-urlencoded\r\n",
            "_key=r&account=li&wells.1.depth=30&wells.2.depth=+&wells.3.depth=5&wells.3.reason=a"),
        201, "{\"wells\":[{\"depth\":30},{\"depth\":5,\"reason\":\"a\"}]}");
    ASSERT_SHOWS(ask(&b, "POST", "/wells/sign-in", page_of,
                     "_key=s&account=li&wells.1.depth=x&wells.2.reason=a&wells.9.width=1"),
                 422, "id=\"wells.1.depth-error\"", "id=\"wells.2.depth-error\"", "wells.9.width");
    bench_close(&b);
}

static void a_row_is_added_and_taken_away_and_nothing_is_lost(void)
{
    Bench b;
    bench_open(&b, room);
    g_autofree char *added =
        ask(&b, "POST", "/wells/sign-in", page_of,
            "_key=t&_row=%2Bwells.2.depth&wells.1.depth=x&wells.1.reason=kept&account=");
    g_assert_null(strstr(added, "-error"));
    ASSERT_SHOWS(g_steal_pointer(&added), 200, "value=\"kept\"",
                 "name=\"wells.1.depth\" type=\"text\" value=\"x\"",
                 "name=\"wells.2.depth\" type=\"text\" value=\"\"", "value=\"+wells.3.depth\"");
    g_autofree char *full =
        ask(&b, "POST", "/wells/sign-in", page_of,
            "_key=t&_row=%2Bwells.3.depth&wells.1.depth=1&wells.2.depth=2&account=li");
    g_assert_null(strstr(full, "value=\"+wells"));
    ASSERT_SHOWS(g_steal_pointer(&full), 200, "value=\"li\"", "name=\"wells.3.depth\"");
    g_autofree char *gone =
        ask(&b, "POST", "/wells/sign-in", page_of,
            "_key=t&_row=-wells.1&wells.1.depth=1&wells.2.depth=2&wells.2.reason=second");
    g_assert_null(strstr(gone, "name=\"wells.2.depth\""));
    ASSERT_SHOWS(g_steal_pointer(&gone), 200, "name=\"wells.1.depth\" type=\"text\" value=\"2\"",
                 "value=\"second\"");
    bench_close(&b);
}

static void assert_faulty(const View *view, const Route *route, const char *culprit)
{
    g_autoptr(GError) error = NULL;
    const Route table[] = { *route, { 0 } };
    const Room holed = { .name = "holed", .routes = table };
    g_assert_false(http_check(view, (const Room *const[]){ &holed, NULL }, &error));
    g_assert_nonnull(strstr(error->message, culprit));
}

static void a_route_with_a_hole_stops_the_program(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(View) view = view_open(&error);
    static const Field unnamed[] = { { .name = "nameless" }, { 0 } }, silent[] = { { .name = "account", .missing = "identity.no_such" }, { 0 } };
    static const Field secret[] = { { .name = "password", .kind = FIELD_SECRET }, { 0 } };
    g_assert_true(http_check(view, rooms, &error));
    assert_faulty(view, &(Route){ .method = "GET", .path = "/a", .page = "identity/nowhere" }, "GET /a: there is no page identity/nowhere");
    assert_faulty(view, &(Route){ .method = "GET", .path = "/b", .page = "credentials/me", .fields = unnamed }, "GET /b: field nameless");
    assert_faulty(view, &(Route){ .method = "GET", .path = "/c", .page = "credentials/me", .fields = silent }, "identity.no_such");
    assert_faulty(view, &(Route){ .method = "GET", .path = "/e", .page = "credentials/code" }, "GET /e: the page credentials/code shows the form ");
    assert_faulty(view, &(Route){ .method = "POST", .path = "/d", .page = "credentials/me", .fields = secret, .form = "/d", .check = true }, "POST /d");
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    bench_add("/http/form/a form follows from its fields", a_form_follows_from_its_fields);
    bench_add("/http/form/all that is wrong is told at once", all_that_is_wrong_is_told_at_once);
    bench_add("/http/form/a fault while a refused form is shown again is logged", a_fault_while_a_refused_form_is_shown_again_is_logged);
    bench_add("/http/form/money is kept in fen", money_is_kept_in_fen);
    bench_add("/http/form/what was typed is looked at before it is done", what_was_typed_is_looked_at_before_it_is_done);
    g_test_add_func("/http/form/a table is shown and taken row by row",
                    a_table_is_shown_and_taken_row_by_row);
    g_test_add_func("/http/form/a row is added and taken away and nothing is lost",
                    a_row_is_added_and_taken_away_and_nothing_is_lost);
    g_test_add_func("/http/form/a route with a hole stops the program", a_route_with_a_hole_stops_the_program);
    return g_test_run();
}

// SPDX-License-Identifier: Apache-2.0
/* Changes made from a list, over HTTP: views that are named and forgotten, actions on many rows. */
#include "lists/bench_test.h"

static void a_view_is_found_again_by_its_owner(void)
{
    Bench b;
    things_open(&b);
    g_autofree char *cookie = enter(&b, "reviewer"), *other = enter(&b, "approver"), *html = g_strconcat("Accept: text/html\r\n", cookie, NULL);
    g_autofree char *others_html = g_strconcat("Accept: text/html\r\n", other, NULL);
    g_autoptr(json_t) saved = posted(&b, cookie, "/desk/lists/things/views", "{\"name\": \"Short\", \"query\": \"state=valid&sort=-since&format=csv&exact=1\"}", 201);
    g_assert_cmpstr(json_text(saved, "see"), ==, "/things?sort=-since&state=valid");
    g_autofree char *page = ask(&b, "GET", "/things", html, ""), *others = ask(&b, "GET", "/things", others_html, "");
    g_assert_nonnull(strstr(page, "<a href=\"/things?sort=-since&amp;state=valid\">Short</a>"));
    g_assert_null(strstr(others, "Short"));
    json_decref(posted(&b, cookie, "/desk/lists/things/views/forget", "{\"name\": \"Short\"}", 201));
    g_autofree char *without = ask(&b, "GET", "/things", html, "");
    g_assert_null(strstr(without, "Short"));
    bench_close(&b);
}

static void one_of_twenty_views_can_be_replaced(void)
{
    enum { VIEWS = 20 };
    Bench b;
    things_open(&b);
    g_autofree char *cookie = enter(&b, "reviewer");
    for (int i = 0; i < VIEWS; i++) {
        g_autofree char *body = g_strdup_printf("{\"name\": \"View %d\", \"query\": \"state=valid\"}", i);
        json_decref(posted(&b, cookie, "/desk/lists/things/views", body, 201));
    }
    json_decref(posted(&b, cookie, "/desk/lists/things/views", "{\"name\": \"View 3\", \"query\": \"state=ended\"}", 201));
    json_decref(posted(&b, cookie, "/desk/lists/things/views", "{\"name\": \"One more\", \"query\": \"\"}", 422));
    bench_close(&b);
}

static void a_view_that_asks_for_no_column_is_refused_by_its_name(void)
{
    static const struct { const char *query, *culprit; } bad[] = {
        { "colour=red", "colour" }, { "sort=fee", "sort" }, { "state=lost", "state" }, { "list=nobody", "list" }, { "from=2014-02-30", "from" },
    };
    Bench b;
    things_open(&b);
    g_autofree char *cookie = enter(&b, "reviewer");
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autofree char *body = g_strdup_printf("{\"name\": \"Bad\", \"query\": \"%s\"}", bad[i].query);
        g_autoptr(json_t) problem = posted(&b, cookie, "/desk/lists/things/views", body, 422);
        g_assert_cmpstr(json_text(problem, "culprit"), ==, bad[i].culprit);
        g_assert_nonnull(strstr(json_text(json_array_get(json_object_get(problem, "errors"), 0), "detail"), bad[i].culprit));
    }
    json_decref(posted(&b, cookie, "/desk/lists/nothings/views", "{\"name\": \"Bad\", \"query\": \"\"}", 404));
    bench_close(&b);
}

/* The lists of other posts, of which a reviewer sees no page. */
static void a_list_that_is_not_open_takes_no_view(void)
{
    static const char *const lists[] = { "outbox", "items_desk" };
    Bench b;
    things_open(&b);
    g_autofree char *cookie = enter(&b, "reviewer");
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
        g_autofree char *path = g_strdup_printf("/desk/lists/%s/views", lists[i]);
        json_decref(posted(&b, cookie, path, "{\"name\": \"Mine\", \"query\": \"\"}", 403));
        json_decref(asked(&b, cookie, path, 403));
    }
    bench_close(&b);
}

/* Cases of a department that the post does not reach: not told as conditions that do not fit. */
static void a_view_of_what_the_post_may_not_see_is_not_allowed(void)
{
    Bench b;
    things_open(&b);
    g_autofree char *cookie = enter(&b, "reviewer");
    g_autoptr(json_t) list = asked(&b, cookie, "/desk/cases?organ=99", 403);
    g_autoptr(json_t) saved = posted(&b, cookie, "/desk/lists/figure/views", "{\"name\": \"Mine\", \"query\": \"organ=99\"}", 403);
    g_assert_cmpstr(json_text(list, "reason"), ==, "cases.list_elsewhere");
    g_assert_cmpstr(json_text(saved, "reason"), ==, "cases.list_elsewhere");
    bench_close(&b);
}

/* The form stands there again with what was typed and the conditions, beside the way back to the list. */
static void a_view_that_is_refused_is_named_again(void)
{
    g_autofree char *turned = g_ucs4_to_utf8((const gunichar[]){ 'a', 0x202e, 'b' }, 3, NULL, NULL, NULL);
    const char *const bad[] = { "", turned };
    Bench b;
    things_open(&b);
    g_autofree char *cookie = enter(&b, "reviewer");
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autofree char *html = g_strdup_printf("Accept: text/html\r\nContent-Type: application/json\r\nIdempotency-Key: 0123456789abcdef-%zu\r\n%s", i, cookie);
        g_autofree char *body = g_strdup_printf("{\"name\": \"%s\", \"query\": \"state=valid\"}", bad[i]);
        g_autofree char *shown = g_strdup_printf("value=\"%s\"", bad[i]);
        g_autofree char *page = ask(&b, "POST", "/desk/lists/things/views", html, body);
        const char *const wanted[] = { shown, "aria-invalid=\"true\"", "value=\"state=valid\"", "href=\"/things?state=valid\"", "action=\"/desk/lists/things/views\"" };
        g_assert_cmpint(status(page), ==, 422);
        for (size_t k = 0; k < G_N_ELEMENTS(wanted); k++)
            if (!strstr(page, wanted[k]))
                g_error("no %s in %s", wanted[k], page);
    }
    bench_close(&b);
}

static void an_action_on_many_rows_judges_each_for_itself(void)
{
    static const char body[] = "{\"rows\": [\"330482140903000002\", \"330482140903000005\", \"330482140903000004\"]}";
    Bench b;
    things_open(&b);
    g_autofree char *cookie = enter(&b, "reviewer"), *other = enter(&b, "approver");
    json_decref(posted(&b, other, "/desk/lists/things/actions/end", body, 403));
    json_decref(posted(&b, cookie, "/desk/lists/things/actions/mend", body, 404));
    g_autoptr(json_t) before = asked(&b, "", "/things?state=ended&exact=true", 200), told = posted(&b, cookie, "/desk/lists/things/actions/end", body, 201);
    g_autoptr(json_t) after = asked(&b, "", "/things?state=ended&exact=true", 200);
    g_assert_cmpint(json_number(told, "done"), ==, 2);
    g_assert_cmpint(json_number(told, "refused"), ==, 1);
    const json_t *second = json_array_get(json_object_get(told, "rows"), 1);
    g_assert_cmpstr(json_text(second, "row_name"), ==, "330482 140903 000005");
    g_assert_cmpstr(json_text(second, "path"), ==, "/things/330482140903000005");
    g_assert_cmpstr(json_text(second, "reason"), ==, "http.key_used");
    g_assert_cmpstr(json_text(second, "detail"), !=, "http.key_used");
    g_assert_cmpint(json_number(after, "total"), ==, json_number(before, "total") + 2);
    bench_close(&b);
}

static void an_action_on_no_row_tells_to_choose_some(void)
{
    Bench b;
    things_open(&b);
    g_autofree char *cookie = enter(&b, "reviewer"), *html = g_strconcat("Accept: text/html\r\nIdempotency-Key: 0123456789abcdef-none\r\n", cookie, NULL);
    g_autoptr(json_t) problem = posted(&b, cookie, "/desk/lists/things/actions/end", "{\"rows\": []}", 422);
    g_assert_cmpstr(json_text(json_array_get(json_object_get(problem, "errors"), 0), "field"), ==, "rows");
    g_autofree char *page = ask(&b, "POST", "/desk/lists/things/actions/end", html, "");
    g_assert_nonnull(strstr(page, "href=\"/things\""));
    g_assert_nonnull(strstr(page, "请先选择记录"));
    bench_close(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lists/a view is found again by its owner", a_view_is_found_again_by_its_owner);
    g_test_add_func("/lists/one of twenty views can be replaced", one_of_twenty_views_can_be_replaced);
    g_test_add_func("/lists/a view that asks for no column is refused by its name", a_view_that_asks_for_no_column_is_refused_by_its_name);
    g_test_add_func("/lists/a list that is not open takes no view", a_list_that_is_not_open_takes_no_view);
    g_test_add_func("/lists/a view of what the post may not see is not allowed", a_view_of_what_the_post_may_not_see_is_not_allowed);
    g_test_add_func("/lists/a view that is refused is named again", a_view_that_is_refused_is_named_again);
    g_test_add_func("/lists/an action on many rows judges each for itself", an_action_on_many_rows_judges_each_for_itself);
    g_test_add_func("/lists/an action on no row tells to choose some", an_action_on_no_row_tells_to_choose_some);
    return g_test_run();
}

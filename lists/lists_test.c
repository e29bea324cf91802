// SPDX-License-Identifier: Apache-2.0
/* A list over a table: its pages, filters, tabs and files, asked over HTTP and held against what reckoning gives. */
#include "lists/bench_test.h"

/* ---- reckoning ---- */

typedef bool Fits(const json_t *thing);

/* How many things fit. */
static int64_t reckoned(Fits *fits)
{
    int64_t count = 0;
    for (int64_t i = 0; i < THINGS; i++) {
        g_autoptr(json_t) thing = thing_numbered(i);
        count += fits(thing);
    }
    return count;
}

static bool any(const json_t *thing)
{
    (void)thing;
    return true;
}

static bool is_ended(const json_t *thing)
{
    return strcmp(json_text(thing, "state"), "ended") == 0;
}

static bool is_of_january(const json_t *thing)
{
    return strcmp(json_text(thing, "since"), "2014-01-10") >= 0 && strcmp(json_text(thing, "since"), "2014-01-31") <= 0;
}

static bool is_in_town(const json_t *thing)
{
    return json_number(thing, "place") / 1000 == 330482103;
}

static bool is_urgent_and_ended(const json_t *thing)
{
    return json_flag(thing, "urgent") && is_ended(thing);
}

static bool is_at_desk(const json_t *thing)
{
    return json_number(thing, "desk") == 1 || json_number(thing, "desk") == 2;
}

static bool is_of_rice(const json_t *thing)
{
    return strstr(json_text(thing, "holder"), "米厂") != NULL;
}

static bool is_of_pinghu(const json_t *thing)
{
    return g_str_has_prefix(json_text(thing, "holder"), "平湖");
}

static bool is_pure(const json_t *thing)
{
    return strstr(json_text(thing, "holder"), "0%_") != NULL;
}

/* ---- pages ---- */

/* Goes through a list from its first page to its last, and all the way back. */
static int64_t walk(const Bench *b, const char *cookie, const char *path, GHashTable *seen)
{
    int64_t rows = 0;
    g_autoptr(GPtrArray) pages = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(json_t) list = asked(b, cookie, path, 200);
    for (const char *more = path; *more; more = json_text(list, "more")) {
        g_autofree char *next = g_strdup(more);
        json_decref(list);
        list = asked(b, cookie, next, 200);
        if (json_array_size(json_object_get(list, "rows")))
            g_ptr_array_add(pages, serials(list));
        size_t i;
        json_t *row;
        json_array_foreach(json_object_get(list, "rows"), i, row)
            g_assert_true(g_hash_table_add(seen, g_strdup(json_text(row, "number"))));
        rows += (int64_t)json_array_size(json_object_get(list, "rows"));
    }
    for (guint i = pages->len; i > 1; i--) {
        g_autofree char *previous = g_strdup(json_text(list, "previous"));
        g_assert_cmpstr(previous, !=, "");
        json_decref(list);
        list = asked(b, cookie, previous, 200);
        g_autofree char *shown = serials(list);
        if (!json_object_get(list, "searched"))
            g_assert_cmpstr(shown, ==, g_ptr_array_index(pages, i - 2));
    }
    return rows;
}

static const struct Question {
    const char *query, *role;
    Fits *fits;
} questions[] = {
    { "?sort=-number", "", any },
    { "?sort=number", "", any },
    { "?sort=since", "", any },
    { "?sort=-since", "", any },
    { "?sort=holder", "", any },
    { "?sort=-holder", "", any },
    { "?list=mine", "reviewer", is_at_desk },
    { "?list=mine&sort=-due", "reviewer", is_at_desk },
    { "?state=ended", "", is_ended },
    { "?from=2014-01-10&to=2014-01-31", "", is_of_january },
    { "?sort=since&from=2014-01-10&to=2014-01-31", "", is_of_january },
    { "?sort=-since&from=2014-01-10&to=2014-01-31", "", is_of_january },
    { "?place=330482103000", "", is_in_town },
    { "?urgent=true&state=ended", "", is_urgent_and_ended },
    { "?q=%E5%B9%B3%E6%B9%96", "", is_of_pinghu },
    { "?q=%E7%B1%B3%E5%8E%82", "", is_of_rice },
    { "?q=michang", "", is_of_rice },
    { "?q=xcmc", "", is_of_rice },
    { "?q=0%25_", "", is_pure },
};

static void pages_miss_none_and_repeat_none(void)
{
    Bench b;
    things_open(&b);
    for (size_t i = 0; i < G_N_ELEMENTS(questions); i++) {
        g_autofree char *cookie = enter(&b, questions[i].role), *path = g_strconcat("/things", questions[i].query, NULL);
        g_autofree char *exact = g_strconcat(path, "&exact=true", NULL);
        g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        g_test_message("%s", path);
        g_assert_cmpint(walk(&b, cookie, path, seen), ==, reckoned(questions[i].fits));
        g_autoptr(json_t) counted = asked(&b, cookie, exact, 200);
        g_assert_cmpint(json_number(counted, "total"), ==, reckoned(questions[i].fits));
        g_assert_false(json_flag(counted, "total_capped"));
    }
    bench_close(&b);
}

static bool is_at_any_desk(const json_t *thing)
{
    return json_number(thing, "desk") != 0;
}

static void what_two_openings_let_through_stands_there_once(void)
{
    Bench b;
    things_open(&b);
    g_autofree char *cookie = enter(&b, "approver");
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_assert_cmpint(walk(&b, cookie, "/things?list=mine", seen), ==, reckoned(is_at_any_desk));
    bench_close(&b);
}

/* As many sets of rows as the actor's number. */
static bool sees_so_many(const Request *r, const json_t *asked, ListSeen *seen, GError **error)
{
    (void)asked, (void)error;
    for (int64_t i = 0; i < r->context.actor->id; i++)
        list_grant(seen, 0, (const int64_t[]){ i });
    return true;
}

static void more_openings_than_fit_are_a_fault(void)
{
    static const ListTab tabs[] = { { "many", .scopes = { { { "desk" } } }, .sees = sees_so_many }, { 0 } };
    ListSpec many = things;
    many.tabs = tabs;
    for (int64_t more = 0; more < 3; more++) {
        g_auto(ListAsk) ask = { 0 };
        g_autoptr(GError) error = NULL;
        g_autoptr(json_t) fields = json_object();
        const Actor actor = { .kind = STAFF, .id = OPENED_MOST + more };
        const Request r = { .context.actor = &actor };
        g_assert_cmpint(list_ask(&r, &many, fields, &ask, &error), ==, more == 0);
        g_assert_cmpuint(ask.seen.count, ==, OPENED_MOST);
        g_assert_true(more == 0 || trouble_status(error) == FAULT);
    }
}

static void what_is_no_number_finds_nothing_where_only_numbers_are_searched(void)
{
    static const struct { const char *q; int64_t found; } typed[] = { { "330482140903000003", 1 }, { "abc", 0 }, { "", THINGS } };
    ListSpec numbered = things;
    numbered.search = (ListSearch){ number_typed };
    Bench b;
    things_open(&b);
    Db *db = store_reader(b.store, NULL);
    const Actor actor = { .kind = VISITOR };
    const Request r = { .context = { .db = db, .county = COUNTY, .actor = &actor } };
    for (size_t i = 0; i < G_N_ELEMENTS(typed); i++) {
        int64_t count;
        g_auto(ListAsk) ask = { 0 };
        g_autoptr(json_t) fields = json_pack("{s:s}", "q", typed[i].q);
        g_assert_true(list_ask(&r, &numbered, fields, &ask, NULL));
        const ListRangeOfRows all = list_range_of_rows(&ask, false, NULL);
        g_assert_true(list_count(&r.context, &all, THINGS, &count, NULL));
        g_assert_cmpint(count, ==, typed[i].found);
    }
    store_return(b.store, db);
    bench_close(&b);
}

/* An address written by hand shows no more. */
static void a_place_outside_of_the_filter_opens_nothing(void)
{
    static const char *const queries[] = { "sort=since&after=2013-01-01~0", "sort=-since&after=2015-01-01~0", "sort=since&before=2015-01-01~0" };
    Bench b;
    things_open(&b);
    for (size_t i = 0; i < G_N_ELEMENTS(queries); i++) {
        g_autofree char *path = g_strconcat("/things?from=2014-01-10&to=2014-01-31&", queries[i], NULL);
        g_autoptr(json_t) list = asked(&b, "", path, 200);
        size_t k;
        json_t *row;
        g_assert_false(json_flag(list, "none"));
        json_array_foreach(json_object_get(list, "rows"), k, row)
            g_assert_true(is_of_january(row));
    }
    bench_close(&b);
}

static void rows_stand_in_their_order(void)
{
    Bench b;
    things_open(&b);
    g_autofree char *cookie = enter(&b, "reviewer");
    g_autoptr(json_t) newest = asked(&b, "", "/things", 200), mine = asked(&b, cookie, "/things?list=mine", 200);
    g_autofree char *falling = serials(newest);
    g_assert_cmpstr(falling, ==, "59 58 57 56 55 54 53");
    size_t i;
    json_t *row;
    const char *before = "";
    json_array_foreach(json_object_get(mine, "rows"), i, row) {
        g_assert_cmpstr(before, <=, json_text(row, "due_on"));
        before = json_text(row, "due_on");
    }
    g_assert_cmpuint(i, ==, 7);
    bench_close(&b);
}

/* Seven rows in a hundred fit, and a page looks through twenty. */
static void a_filter_without_an_index_looks_through_so_many_rows_and_says_so(void)
{
    Bench b;
    things_open(&b);
    g_autoptr(json_t) list = asked(&b, "", "/things?made_to=2013-10-30", 200); /* the first eight, the oldest */
    g_assert_cmpint(json_number(list, "searched"), ==, things.bound);
    g_assert_true(json_flag(list, "none"));
    g_assert_true(json_flag(list, "total_capped"));
    g_assert_cmpstr(json_text(list, "more"), !=, "");
    bench_close(&b);
}

/* ---- who sees what ---- */

static void a_tab_shows_what_posts_open(void)
{
    Bench b;
    things_open(&b);
    g_autofree char *cookie = enter(&b, "reviewer");
    g_autoptr(json_t) offered = asked(&b, cookie, "/things", 200), none = asked(&b, "", "/things?list=mine", 200);
    const json_t *lists = json_object_get(offered, "lists");
    g_assert_cmpuint(json_array_size(lists), ==, 2);
    g_assert_cmpint(json_number(json_array_get(lists, 0), "count"), ==, THINGS);
    g_assert_cmpint(json_number(json_array_get(lists, 1), "count"), ==, reckoned(is_at_desk));
    g_assert_true(json_flag(none, "none"));
    g_assert_cmpuint(json_array_size(json_object_get(none, "lists")), ==, 1);
    bench_close(&b);
}

static void personal_columns_are_masked_but_for_who_may_read_them(void)
{
    Bench b;
    things_open(&b);
    g_autofree char *cookie = enter(&b, "approver");
    g_autofree char *csv = ask(&b, "GET", "/things?format=csv", "", ""), *clear = ask(&b, "GET", "/things?format=csv", cookie, "");
    g_autoptr(json_t) masked = asked(&b, "", "/things?q=330482140903000003", 200), open = asked(&b, cookie, "/things?q=330482140903000003", 200);
    g_assert_cmpstr(json_text(json_array_get(json_object_get(masked, "rows"), 0), "holder"), ==, "张*");
    g_assert_cmpstr(json_text(json_array_get(json_object_get(open, "rows"), 0), "holder"), ==, "张三");
    g_assert_null(strstr(csv, "张三"));
    g_assert_nonnull(strstr(clear, "张三"));
    bench_close(&b);
}

/* ---- files ---- */

static size_t lines_of(const char *text)
{
    size_t lines = 0;
    for (; (text = strstr(text, "\r\n")); text += 2)
        lines++;
    return lines;
}

static void a_file_has_the_same_rows_and_no_formula(void)
{
    Bench b;
    things_open(&b);
    g_autofree char *cookie = enter(&b, "approver");
    g_autofree char *csv = ask(&b, "GET", "/things?state=ended&format=csv", cookie, "");
    g_assert_nonnull(strstr(csv, "Content-Type: text/csv; charset=utf-8"));
    g_assert_cmpint((int64_t)lines_of(body_of(csv)), ==, reckoned(is_ended) + 1);
    g_assert_nonnull(strstr(csv, "\"'=cmd()\""));
    g_assert_nonnull(strstr(csv, "2013-10-22T00:00+08:00")); /* the first thing's made_at */
    g_assert_nonnull(strstr(csv, "\"粮油\"\"店\"\"\""));
    g_autoptr(json_t) rows = asked(&b, cookie, "/things?state=ended&format=json", 200);
    g_assert_cmpint((int64_t)json_array_size(json_object_get(rows, "rows")), ==, reckoned(is_ended));
    g_autofree char *xlsx = ask(&b, "GET", "/things?state=ended&format=xlsx", cookie, "");
    g_assert_cmpint(status(xlsx), ==, 200);
    g_assert_true(g_str_has_prefix(body_of(xlsx), "PK"));
    bench_close(&b);
}

/* The form holds what was typed, in the order that the list would have; no rows look like an answer. */
static void filters_that_do_not_fit_are_told_at_their_fields(void)
{
    static const char *const wanted[] = { "<select id=\"state\" name=\"state\" aria-invalid=\"true\"", "id=\"from-error\"",
        "type=\"text\" value=\"someday\"", "<option value=\"-number\" selected>" };
    Bench b;
    things_open(&b);
    g_autofree char *page = ask(&b, "GET", "/things?state=lost&from=someday", "Accept: text/html\r\n", "");
    g_assert_cmpint(status(page), ==, 422);
    for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++)
        if (!strstr(page, wanted[i]))
            g_error("no %s in %s", wanted[i], page);
    g_assert_null(strstr(page, "<th scope=\"row\">"));
    bench_close(&b);
}

static void a_page_shows_the_rows_with_their_heads_and_filters(void)
{
    static const char *const wanted[] = { "<th scope=\"row\"><a href=\"/things/330482140903000059?from=things%3Fstate%3Dvalid\">", "aria-sort=\"descending\"",
        "href=\"/things?sort=since&amp;state=valid\"", "<option value=\"330482103201\">", "name=\"from\" type=\"date\"", "format=xlsx",
        "rel=\"next\"", "590.00", "三叉河村" };
    Bench b;
    things_open(&b);
    g_autofree char *page = ask(&b, "GET", "/things?state=valid&filter=true", "Accept: text/html\r\n", "");
    g_assert_cmpint(status(page), ==, 200);
    for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++)
        if (!strstr(page, wanted[i]))
            g_error("no %s in %s", wanted[i], page);
    bench_close(&b);
}

/* ---- from row to row ---- */

/* From the first row of each list to its last by the rows' own pages. */
static void the_page_of_a_row_leads_to_the_rows_beside_it(void)
{
    static const char *const walks[] = { "things%3Fstate%3Dvalid", "things%3Fsort%3Dnumber", "things%3Fq%3D0%2525_%26sort%3Dnumber",
        "things%3Fsort%3Dholder%26match%3Dbegins%26q%3D%25E5%25B9%25B3" };
    Bench b;
    things_open(&b);
    for (size_t i = 0; i < G_N_ELEMENTS(walks); i++) {
        g_autofree char *query = g_uri_unescape_string(walks[i] + strlen("things%3F"), NULL);
        g_autofree char *path = g_strdup_printf("/things?%s&format=json", query);
        g_autoptr(json_t) list = asked(&b, "", path, 200);
        const json_t *rows = json_object_get(list, "rows");
        g_autofree char *here = g_strdup_printf("/things/%s?from=%s", json_text(json_array_get(rows, 0), "number"), walks[i]);
        g_assert_cmpuint(json_array_size(rows), >, 2);
        for (size_t k = 0; k < json_array_size(rows); k++) {
            g_autoptr(json_t) row = asked(&b, "", here, 200);
            const json_t *beside = json_object_get(row, "neighbours");
            g_assert_cmpstr(json_text(row, "number"), ==, json_text(json_array_get(rows, k), "number"));
            g_assert_cmpint(k > 0, ==, json_object_get(beside, "previous") != NULL);
            g_free(here);
            here = g_strdup(json_text(beside, "next"));
        }
        g_assert_cmpstr(here, ==, "");
    }
    bench_close(&b);
}

static void a_row_opened_from_no_list_is_refused(void)
{
    static const char *const bad[] = { "nothings", "things%3Fcolour%3Dred", "things%3Fsort%3Dfee", "things%3Ffrom%3Dyesterday", "things%3F%25zz%3D1" };
    Bench b;
    things_open(&b);
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autofree char *path = g_strconcat("/things/330482140903000003?from=", bad[i], NULL);
        g_autoptr(json_t) problem = asked(&b, "", path, 422);
        g_assert_cmpstr(json_text(json_array_get(json_object_get(problem, "errors"), 0), "field"), ==, "from");
    }
    bench_close(&b);
}

/* ---- what is refused ---- */

static void what_names_nothing_is_refused_with_its_field(void)
{
    static const struct { const char *query, *field; } bad[] = {
        { "list=nobody", "list" }, { "sort=fee", "sort" }, { "sort=due", "sort" }, { "sort=--number", "sort" }, { "after=x", "after" },
        { "after=1~2", "after" }, { "before=", NULL }, { "before=99999999999999999999", "before" }, { "after=%25zz", "after" },
        { "sort=since&after=2014-01-10", "after" }, { "from=2014-02-30", "from" }, { "state=lost", "state" }, { "colour=red", "colour" },
        { "place=330482999000", "place" }, { "place=0", "place" },
        { "organ=98", "organ" }, { "format=pdf", "format" }, { "urgent=perhaps", "urgent" },
    };
    Bench b;
    things_open(&b);
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autofree char *path = g_strconcat("/things?", bad[i].query, NULL);
        g_autoptr(json_t) problem = asked(&b, "", path, bad[i].field ? 422 : 200);
        const json_t *first = json_array_get(json_object_get(problem, "errors"), 0);
        g_assert_cmpstr(bad[i].field ? json_text(first, "field") : NULL, ==, bad[i].field);
    }
    bench_close(&b);
}

/* The label is the one that stands on the page. */
static void a_search_that_is_too_long_is_told_by_its_label(void)
{
    Bench b;
    things_open(&b);
    g_autofree char *typed = g_strnfill(101, 'x'), *path = g_strconcat("/things?q=", typed, NULL);
    g_autoptr(json_t) problem = asked(&b, "", path, 422);
    g_assert_cmpstr(json_text(json_array_get(json_object_get(problem, "errors"), 0), "label"), ==, "搜索");
    bench_close(&b);
}

/* ---- descriptions that do not hold ---- */

#define DESCRIBED_BY .name = "cases", .room = "cases", .path = "/", .key = "number", .fields = thing_fields, .table
#define DESCRIBED DESCRIBED_BY = "case_now", .columns = case_columns
static const ListColumn case_columns[] = {
    { "number", LIST_NUMBER }, { "state", LIST_WORD }, { "place", LIST_DIVISION }, { "due_at", LIST_INSTANT }, { "desk_organ", LIST_ORGAN },
    { "desk_division", LIST_DIVISION }, { "desk_role", LIST_INTEGER }, { 0 },
};
static const ListColumn unknown_columns[] = { { "number", LIST_NUMBER }, { "colour", LIST_TEXT }, { 0 } };
static const ListOrder newest_first[] = { { "number", { "number" }, true }, { 0 } };
static const ListOrder urgent_first[] = { { "due", { "due_at" } }, { 0 } };
static const ListOrder strange_first[] = { { "colour", { "colour" } }, { 0 } };
static const ListTab everything[] = { { 0 } };
static const ListTab of_desk[] = { { "desk", .scopes = { { { "desk_organ", "desk_division", "desk_role" }, "desk_role <> 0" } } }, { 0 } };
static const ListTab of_other_desk[] = { { "desk", .scopes = { { { "desk_organ", "desk_division", "desk_role" } } } }, { 0 } };
static const ListTab of_strange_desk[] = { { "desk", .scopes = { { { "desk_organ" }, "colour <> 0" } } }, { 0 } };
static const ListFilter by_state[] = { { "state", "state", LIST_EQUAL }, { 0 } };
static const ListTab narrowed_by_state[] = { { .scopes = { { .narrow = "state" } } }, { 0 } };
static const ListTab besides[] = { { .scopes = { { .also = "state = 'lost'" } } }, { 0 } };
static const ListTab besides_strange[] = { { .scopes = { { .also = "colour = 'red'" } } }, { 0 } };
static const ListFilter by_no_field[] = { { "colour", "state", LIST_EQUAL }, { 0 } };

#define BY_STATE { "state", "state", LIST_EQUAL }
#define FOUR_TIMES(filter) filter, filter, filter, filter
static const ListFilter by_too_many[] = { FOUR_TIMES(FOUR_TIMES(BY_STATE)), BY_STATE, { 0 } };

static void what_has_no_index_or_no_column_is_refused_by_name(void)
{
    static const struct { ListSpec spec; const char *why; } cases[] = {
        { { DESCRIBED, .orders = newest_first, .tabs = everything }, NULL },
        { { DESCRIBED, .orders = urgent_first, .tabs = of_desk }, NULL },
        { { DESCRIBED, .orders = newest_first, .tabs = everything, .filters = by_state, .bound = 100 }, NULL },
        { { DESCRIBED, .orders = urgent_first, .tabs = everything }, "the order due" },
        { { DESCRIBED, .orders = urgent_first, .tabs = of_other_desk }, "desk_organ, desk_division, desk_role" },
        { { DESCRIBED, .orders = urgent_first, .tabs = of_strange_desk }, "column colour" },
        { { DESCRIBED, .orders = strange_first, .tabs = everything }, "column colour" },
        { { DESCRIBED, .orders = newest_first, .tabs = everything, .filters = by_state }, "filter state" },
        { { DESCRIBED, .orders = newest_first, .tabs = narrowed_by_state, .filters = by_state, .bound = 100 }, "county, state" },
        { { DESCRIBED, .orders = newest_first, .tabs = besides }, "a bound" },
        { { DESCRIBED, .orders = newest_first, .tabs = besides, .bound = 100 }, NULL },
        { { DESCRIBED, .orders = newest_first, .tabs = besides_strange, .bound = 100 }, "column colour" },
        { { DESCRIBED, .orders = newest_first, .tabs = everything, .filters = by_no_field, .bound = 1 }, "field colour" },
        { { DESCRIBED, .orders = newest_first, .tabs = everything, .filters = by_too_many, .bound = 1 }, "more than 16 filters" },
        { { DESCRIBED, .orders = newest_first, .tabs = everything, .search.begins = { "holder" } }, "order holder" },
        { { DESCRIBED, .orders = newest_first, .tabs = everything, .search.begins = { "number" } }, "not folded" },
        { { DESCRIBED, .orders = newest_first, .tabs = everything, .search.contains = "state" }, "not folded" },
        { { DESCRIBED_BY = "case_then", .columns = case_columns, .orders = newest_first, .tabs = everything }, "case_then" },
        { { DESCRIBED_BY = "case_now", .columns = unknown_columns, .orders = newest_first, .tabs = everything }, "no column colour" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        list_check(&cases[i].spec, &error);
        if (!cases[i].why)
            g_assert_no_error(error);
        else if (!error || !strstr(error->message, cases[i].why))
            g_error("wanted %s, got %s", cases[i].why, error ? error->message : "nothing");
    }
}

static void two_lists_of_one_name_are_refused(void)
{
    static const ListSpec one = { DESCRIBED, .orders = newest_first, .tabs = everything }, two = { DESCRIBED, .orders = urgent_first, .tabs = of_desk };
    static const ListSpec *const lists[] = { &one, &two, NULL };
    static const Room room = { "twice", .lists = lists };
    static const Room *const both[] = { &lists_room, &room, NULL };
    g_autoptr(GError) error = NULL;
    g_assert_false(rooms_fit(both, &error));
    g_assert_nonnull(strstr(error->message, "list cases"));
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    bench_add("/lists/pages miss none and repeat none", pages_miss_none_and_repeat_none);
    g_test_add_func("/lists/what two openings let through stands there once", what_two_openings_let_through_stands_there_once);
    bench_add("/lists/what is no number finds nothing where only numbers are searched",
              what_is_no_number_finds_nothing_where_only_numbers_are_searched);
    g_test_add_func("/lists/more openings than fit are a fault", more_openings_than_fit_are_a_fault);
    g_test_add_func("/lists/a place outside of the filter opens nothing", a_place_outside_of_the_filter_opens_nothing);
    bench_add("/lists/rows stand in their order", rows_stand_in_their_order);
    g_test_add_func("/lists/a filter without an index looks through so many rows and says so",
                    a_filter_without_an_index_looks_through_so_many_rows_and_says_so);
    g_test_add_func("/lists/a tab shows what posts open", a_tab_shows_what_posts_open);
    g_test_add_func("/lists/personal columns are masked but for who may read them", personal_columns_are_masked_but_for_who_may_read_them);
    g_test_add_func("/lists/a file has the same rows and no formula", a_file_has_the_same_rows_and_no_formula);
    g_test_add_func("/lists/a page shows the rows with their heads and filters", a_page_shows_the_rows_with_their_heads_and_filters);
    bench_add("/lists/filters that do not fit are told at their fields", filters_that_do_not_fit_are_told_at_their_fields);
    g_test_add_func("/lists/the page of a row leads to the rows beside it", the_page_of_a_row_leads_to_the_rows_beside_it);
    g_test_add_func("/lists/a row opened from no list is refused", a_row_opened_from_no_list_is_refused);
    g_test_add_func("/lists/two lists of one name are refused", two_lists_of_one_name_are_refused);
    g_test_add_func("/lists/a search that is too long is told by its label", a_search_that_is_too_long_is_told_by_its_label);
    g_test_add_func("/lists/what names nothing is refused with its field", what_names_nothing_is_refused_with_its_field);
    g_test_add_func("/lists/what has no index or no column is refused by name", what_has_no_index_or_no_column_is_refused_by_name);
    return g_test_run();
}

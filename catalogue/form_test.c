// SPDX-License-Identifier: Apache-2.0
/* An item's form and situations: shipped, kept through tables, changed at the desk, asked beside the guide. */
#include "catalogue/bench_test.h"

static const Post centre_post = { CENTRE_ORGAN, 330482000000, CATALOGUER }, reform_post = { 1, 330482000000, CATALOGUER };
static const Actor centre = { .kind = STAFF, .id = 7, .name = "王五", .posts = &centre_post, .post_count = 1 },
                   other = { .kind = STAFF, .id = 9, .name = "张三", .posts = &reform_post, .post_count = 1 };

#define SAYS "\"label\":\"甲\",\"label_en\":\"A\""
#define FORM "{\"source\":\"s\",\"situation\":[{\"name\":\"size\",\"kind\":\"choice\"," SAYS ",\"options\":[{\"code\":\"small\"," SAYS "},{\"code\":\"large\"," SAYS "},{\"code\":\"home\"," SAYS "}]}," \
    "{\"name\":\"own\",\"kind\":\"flag\"," SAYS ",\"when\":\"size = \\\"small\\\"\"}],\"groups\":[{\"name\":\"g\"," SAYS ",\"fields\":[{\"name\":\"seats\",\"kind\":\"number\"," SAYS ",\"decimals\":0}]}]," \
    "\"papers\":[{\"name\":\"平面图\",\"when\":\"size = \\\"large\\\"\"}],\"ends\":[{\"name\":\"home\",\"kind\":\"no_need\",\"when\":\"size = \\\"home\\\"\",\"text\":\"不用\",\"text_en\":\"no\"}]}"

typedef struct Asked {
    Handler *handler;
    const Actor *actor;
    json_t *fields, *answer;
    const char *code;
} Asked;

static bool run_handler(Db *db, void *data, GError **error)
{
    Asked *asked = data;
    const char *const path[] = { asked->code, NULL };
    g_autoptr(View) view = view_open(error);
    Request r = { .context = context_of(db), .path = path, .view = view, .fields = asked->fields };
    r.context.actor = asked->actor;
    asked->answer = asked->handler(&r, error);
    return asked->answer != NULL;
}

/* Takes over `fields`. */
static json_t *ask(Bench *b, Handler *handler, const Actor *actor, const char *code, json_t *fields, GError **error)
{
    g_autoptr(json_t) held = fields;
    Asked asked = { handler, actor, held, NULL, code };
    store_write(b->store, run_handler, &asked, error);
    return asked.answer;
}

static void import_one(Bench *b, const char *code, const char *name, const char *promised, bool publish)
{
    const char *cells[ITEM_COLUMNS];
    g_autoptr(GError) error = NULL;
    GString *csv = table_start();
    copy_sample(cells);
    cells[CODE] = code;
    cells[NAME] = name;
    cells[PROMISED_DAYS] = promised;
    append_cells(csv, cells);
    import_csv(b, csv, publish, &error);
    g_assert_no_error(error);
}

static json_t *set_form(Bench *b, const Actor *actor, int version, const char *definition, GError **error)
{
    return ask(b, desk_form_set, actor, "CYFW", json_pack("{s:i, s:s}", "version", version, "definition", definition), error);
}

static void release(Bench *b, int version)
{
    g_autoptr(GError) error = NULL;
    json_decref(ask(b, desk_publish, &centre, "CYFW", json_pack("{s:i}", "version", version), &error));
    g_assert_no_error(error);
}

static void bench_fill(Bench *b)
{
    g_autoptr(GError) error = NULL;
    bench_open(b);
    import_one(b, "CYFW", "餐饮服务许可", "8", true);
    g_autoptr(json_t) set = set_form(b, &centre, 1, FORM, &error);
    g_assert_no_error(error);
    g_assert_cmpint(json_number(set, "version"), ==, 2);
}

/* ---- where it comes from ---- */

static void a_new_item_has_the_form_that_is_shipped_for_it(void)
{
    Bench b;
    g_autoptr(GError) error = NULL, none = NULL;
    bench_open(&b);
    import_one(&b, "SLJ-01", "取水许可审批", "8", true);
    import_one(&b, "ZJJ-04", "别的县的别的事项", "8", true);
    g_autoptr(json_t) water = ask(&b, desk_form, &centre, "SLJ-01", json_object(), &error);
    g_autoptr(json_t) another = ask(&b, desk_form, &centre, "ZJJ-04", json_object(), &none);
    g_assert_no_error(error);
    g_assert_true(json_flag(water, "has_form") && json_flag(water, "is_sound"));
    g_assert_false(json_flag(another, "has_form"));
    bench_close(&b);
}

static void a_table_leaves_the_form_as_it_is(void)
{
    Bench b;
    g_autoptr(GError) error = NULL;
    bench_fill(&b);
    import_one(&b, "CYFW", "餐饮服务许可", "6", false);
    g_autoptr(json_t) kept = ask(&b, desk_form, &centre, "CYFW", json_object(), &error);
    g_assert_cmpint(json_number(kept, "newest"), ==, 3);
    g_assert_true(json_flag(kept, "has_form"));
    bench_close(&b);
}

/* ---- at the desk ---- */

static void a_form_is_a_version_that_waits_to_be_published(void)
{
    Bench b;
    g_autoptr(GError) error = NULL, none = NULL;
    bench_fill(&b);
    g_autoptr(json_t) item = ask(&b, desk_item, &centre, "CYFW", json_object(), &error);
    g_assert_no_error(error);
    const json_t *changes = json_object_get(json_array_get(json_object_get(item, "versions"), 0), "changes");
    g_assert_cmpstr(json_text(json_array_get(changes, 0), "item_field"), ==, "form");
    g_assert_cmpuint(json_array_size(json_object_get(json_array_get(changes, 0), "now")), ==, 5);
    g_assert_null(ask(&b, situation_show, &centre, "CYFW", json_object(), &none));
    g_assert_nonnull(strstr(none->message, "catalogue.no_situation"));
    release(&b, 2);
    json_decref(ask(&b, situation_show, &centre, "CYFW", json_object(), &error));
    g_assert_no_error(error);
    bench_close(&b);
}

static void what_does_not_fit_changes_nothing(void)
{
    static const struct { int version; const char *definition, *reason; const Actor *actor; } wrong[] = {
        { 2, "{\"papers\":[{\"name\":\"护照\",\"when\":\"1 = 1\"}]}", "catalogue.form_names", &centre },
        { 2, "{\"papers\":\n[}", "catalogue.form_json", &centre }, { 2, "{\"source\":\"a\",\"source\":\"b\"}", "catalogue.form_json", &centre },
        { 2, "{\"ends\":[{\"name\":\"e\",\"kind\":\"no_need\",\"when\":\"x\",\"text\":\"t\",\"text_en\":\"t\"}]}", "forms.names_later", &centre },
        { 2, FORM, "catalogue.form_same", &centre }, { 1, "{}", "catalogue.not_newest", &centre }, { 2, "{}", "catalogue.not_your_items", &other },
    };
    Bench b;
    g_autoptr(GError) kept = NULL;
    bench_fill(&b);
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(set_form(&b, wrong[i].actor, wrong[i].version, wrong[i].definition, &error));
        g_test_message("%s: %s", wrong[i].reason, error->message);
        g_assert_nonnull(strstr(error->message, wrong[i].reason));
    }
    g_autoptr(json_t) still = ask(&b, desk_form, &centre, "CYFW", json_object(), &kept);
    g_assert_cmpint(json_number(still, "newest"), ==, 2);
    bench_close(&b);
}

static void a_form_is_taken_away_by_a_tick_alone(void)
{
    Bench b;
    g_autoptr(GError) error = NULL, empty = NULL, none = NULL;
    bench_fill(&b);
    g_assert_null(set_form(&b, &centre, 2, "", &empty));
    g_assert_null(set_form(&b, &centre, 2, "{}", &none));
    g_assert_true(strstr(empty->message, "catalogue.form_empty") && strstr(none->message, "catalogue.form_empty"));
    json_decref(ask(&b, desk_form_set, &centre, "CYFW", json_pack("{s:i, s:s, s:b}", "version", 2, "definition", "", "remove", true), &error));
    g_autoptr(json_t) shown = ask(&b, desk_form, &centre, "CYFW", json_object(), &error);
    g_assert_no_error(error);
    g_assert_false(json_flag(shown, "has_form"));
    bench_close(&b);
}

/* ---- beside the guide ---- */

static json_t *situation(Bench *b, const char *answers, GError **error)
{
    return ask(b, situation_show, &centre, "CYFW", json_pack("{s:o}", "answers", json_loads(answers, 0, NULL)), error);
}

/* Names of the papers that are asked for, each with a blank behind it. Owned by the caller. */
static char *papers_of(const json_t *shown)
{
    size_t i;
    json_t *paper;
    GString *names = g_string_new(NULL);
    json_array_foreach(json_object_get(shown, "materials"), i, paper)
        if (json_flag(paper, "is_asked"))
            g_string_append_printf(names, "%s ", json_text(paper, "name"));
    return g_string_free(names, FALSE);
}

static void answers_lead_to_papers_or_an_end(void)
{
    static const struct { const char *answers, *papers; bool is_answered, ends; } all[] = {
        { "{}", "", false, false }, { "{\"size\":[\"small\"]}", "", false, false }, { "{\"size\":[\"huge\"]}", "", false, false },
        { "{\"size\":[\"small\"],\"own\":[\"false\"]}", "申请书 身份证 ", true, false }, { "{\"size\":[\"large\"]}", "申请书 身份证 平面图 ", true, false },
        { "{\"size\":[\"large\"],\"own\":[\"true\"],\"else\":[\"1\"]}", "申请书 身份证 平面图 ", true, false }, { "{\"size\":[\"home\"]}", "", true, true },
    };
    Bench b;
    bench_fill(&b);
    release(&b, 2);
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(json_t) shown = situation(&b, all[i].answers, &error);
        g_autofree char *papers = papers_of(shown);
        g_assert_no_error(error);
        g_assert_cmpstr(papers, ==, all[i].papers);
        g_assert_true(json_flag(shown, "is_answered") == all[i].is_answered);
        g_assert_true((json_object_get(shown, "end") != NULL) == all[i].ends);
    }
    bench_close(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/catalogue/form/a new item has the form that is shipped for it", a_new_item_has_the_form_that_is_shipped_for_it);
    g_test_add_func("/catalogue/form/a table leaves the form as it is", a_table_leaves_the_form_as_it_is);
    g_test_add_func("/catalogue/form/a form is a version that waits to be published", a_form_is_a_version_that_waits_to_be_published);
    g_test_add_func("/catalogue/form/what does not fit changes nothing", what_does_not_fit_changes_nothing);
    g_test_add_func("/catalogue/form/a form is taken away by a tick alone", a_form_is_taken_away_by_a_tick_alone);
    g_test_add_func("/catalogue/form/answers lead to papers or an end", answers_lead_to_papers_or_an_end);
    return g_test_run();
}

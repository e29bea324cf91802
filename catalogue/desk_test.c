// SPDX-License-Identifier: Apache-2.0
/* The cataloguer's desk, asked as the routes ask it. */
#include "catalogue/bench_test.h"
#include "timers/timers.h"

static const Post centre_post = { CENTRE_ORGAN, 330482000000, CATALOGUER }, market_post = { 27, 330482000000, CATALOGUER },
                  reform_post = { 1, 330482000000, CATALOGUER };
static const Actor centre = { .kind = STAFF, .id = 7, .name = "王五", .posts = &centre_post, .post_count = 1 },
                   market = { .kind = STAFF, .id = 8, .name = "李四", .posts = &market_post, .post_count = 1 },
                   reform = { .kind = STAFF, .id = 9, .name = "张三", .posts = &reform_post, .post_count = 1 };

typedef struct Asked {
    Handler *handler;
    const Actor *actor;
    json_t *fields;
    const Upload *upload;
    json_t *answer;
} Asked;

static bool run_handler(Db *db, void *data, GError **error)
{
    Asked *asked = data;
    static const char *const path[] = { "CYFW", NULL };
    g_autoptr(View) view = view_open(error);
    Request r = { .context = context_of(db), .path = path, .view = view, .fields = asked->fields, .uploads = asked->upload,
                  .upload_count = asked->upload != NULL };
    r.context.actor = asked->actor;
    asked->answer = asked->handler(&r, error);
    return asked->answer != NULL;
}

/* Takes over `fields`. */
static json_t *ask(Bench *b, Handler *handler, const Actor *actor, json_t *fields, GError **error)
{
    g_autoptr(json_t) held = fields;
    Asked asked = { handler, actor, held, NULL, NULL };
    store_write(b->store, run_handler, &asked, error);
    return asked.answer;
}

static void import_materials(Bench *b, const char *materials, bool publish)
{
    const char *cells[ITEM_COLUMNS];
    g_autoptr(GError) error = NULL;
    GString *csv = table_start();
    copy_sample(cells);
    if (materials) {
        cells[MATERIALS] = materials;
        cells[PROMISED_DAYS] = "6";
    }
    append_cells(csv, cells);
    import_csv(b, csv, publish, &error);
    g_assert_no_error(error);
}

/* Version 1 published, version 2 a draft in which a paper went, another came, and the promise changed. */
static void bench_fill(Bench *b)
{
    bench_open(b);
    import_materials(b, NULL, true);
    import_materials(b, "申请书;Application form;required;1;0;applicant|身份证;Identity card;required;0;1;organ"
                        "|租赁合同;Lease;required;0;1;applicant", false);
}

/* ---- what waits ---- */

static void the_list_says_what_waits(void)
{
    Bench b;
    g_autoptr(GError) error = NULL;
    bench_fill(&b);
    g_autoptr(json_t) list = ask(&b, desk_list, &centre, json_object(), &error);
    const json_t *row = json_array_get(json_object_get(list, "rows"), 0);
    g_assert_cmpint(json_number(json_array_get(json_object_get(list, "lists"), 1), "count"), ==, 1);
    g_assert_true(json_flag(list, "may_import"));
    g_assert_cmpint(json_number(row, "version"), ==, 2);
    g_assert_cmpint(json_number(row, "published"), ==, 1);
    g_assert_cmpstr(json_text(row, "item_state"), ==, "draft");
    g_autoptr(json_t) none = ask(&b, desk_list, &market, json_pack("{s:s}", "q", "护照"), &error);
    g_assert_true(json_flag(none, "none"));
    g_assert_false(json_flag(none, "may_import"));
    bench_close(&b);
}

static const char *line(const json_t *change, const char *side, size_t at)
{
    const char *text = json_string_value(json_array_get(json_object_get(change, side), at));
    return text ? text : "";
}

static void a_version_tells_what_it_changed(void)
{
    Bench b;
    g_autoptr(GError) error = NULL;
    bench_fill(&b);
    g_autoptr(json_t) item = ask(&b, desk_item, &centre, json_object(), &error);
    g_assert_no_error(error);
    const json_t *versions = json_object_get(item, "versions"), *newest = json_array_get(versions, 0);
    const json_t *changes = json_object_get(newest, "changes");
    g_assert_cmpuint(json_array_size(versions), ==, 2);
    g_assert_true(json_flag(item, "may_publish"));
    g_assert_true(json_flag(json_array_get(versions, 1), "is_first"));
    g_assert_cmpuint(json_array_size(changes), ==, 2);
    const json_t *materials = json_array_get(changes, 0), *promised = json_array_get(changes, 1);
    g_assert_cmpstr(json_text(materials, "item_field"), ==, "materials");
    g_assert_cmpstr(line(materials, "was", 0), ==, "平面图，Floor plan，有就带，原件 1 份，中介机构出具");
    g_assert_cmpstr(line(materials, "now", 0), ==, "租赁合同，Lease，必要，复印件 1 份，申请人自备");
    g_assert_cmpstr(line(materials, "now", 1), ==, "");
    g_assert_cmpstr(line(promised, "was", 0), ==, "8个工作日");
    g_assert_cmpstr(line(promised, "now", 0), ==, "6个工作日");
    bench_close(&b);
}

static void any_two_versions_are_compared(void)
{
    Bench b;
    g_autoptr(GError) error = NULL, none = NULL;
    bench_fill(&b);
    json_t *back = json_pack("{s:i, s:i}", "from", 2, "to", 1), *beyond = json_pack("{s:i}", "to", 3);
    g_autoptr(json_t) newest = ask(&b, desk_difference, &centre, json_object(), &error);
    g_autoptr(json_t) reverse = ask(&b, desk_difference, &centre, back, &error);
    g_assert_no_error(error);
    g_assert_null(ask(&b, desk_difference, &centre, beyond, &none));
    g_assert_error(none, TROUBLE, NOT_FOUND);
    const json_t *promised = json_array_get(json_object_get(newest, "changes"), 1), *before = json_array_get(json_object_get(reverse, "changes"), 1);
    g_assert_cmpint(json_number(newest, "from"), ==, 1);
    g_assert_cmpstr(json_text(promised, "item_field"), ==, "promised");
    g_assert_cmpstr(line(promised, "now", 0), ==, "6个工作日");
    g_assert_cmpstr(line(before, "was", 0), ==, "6个工作日");
    bench_close(&b);
}

static void another_department_is_told_by_its_name(void)
{
    Bench b;
    const char *cells[ITEM_COLUMNS];
    g_autoptr(GError) error = NULL;
    bench_open(&b);
    import_materials(&b, NULL, true);
    copy_sample(cells);
    cells[ORGAN] = "发改局";
    GString *csv = table_start();
    append_cells(csv, cells);
    import_csv(&b, csv, false, &error);
    g_autoptr(json_t) item = ask(&b, desk_item, &centre, json_object(), &error);
    g_autoptr(json_t) difference = ask(&b, desk_difference, &centre, json_object(), &error);
    g_assert_no_error(error);
    const json_t *newest = json_array_get(json_object_get(item, "versions"), 0);
    const json_t *told[] = { json_array_get(json_object_get(newest, "changes"), 0), json_array_get(json_object_get(difference, "changes"), 0) };
    for (size_t i = 0; i < G_N_ELEMENTS(told); i++) {
        g_assert_cmpstr(json_text(told[i], "item_field"), ==, "organ");
        g_assert_cmpstr(line(told[i], "was", 0), ==, "市场监督管理局");
        g_assert_cmpstr(line(told[i], "now", 0), ==, "发展和改革局");
    }
    bench_close(&b);
}

static void another_order_alone_is_told(void)
{
    g_autoptr(View) view = view_open(NULL);
    const Request r = { .view = view };
    g_autoptr(json_t) from = json_pack("[s, s]", "a", "b"), to = json_pack("[s, s]", "b", "a");
    g_autoptr(json_t) change = versioned_change(&r, &item_lists, "objects", from, to);
    g_assert_true(json_flag(change, "reordered"));
    g_autoptr(json_t) less = json_pack("[s]", "a"), shorter = versioned_change(&r, &item_lists, "objects", from, less);
    g_assert_false(json_flag(shorter, "reordered"));
}

static const json_t *version_at(const json_t *item, size_t at)
{
    return json_array_get(json_object_get(item, "versions"), at);
}

/* Version 2 is announced for a far day, then version 3 for an earlier one. */
static void a_version_replaced_before_its_day_is_told_so(void)
{
    Bench b;
    g_autoptr(GError) error = NULL;
    bench_fill(&b);
    json_decref(ask(&b, desk_publish, &centre, json_pack("{s:i, s:s}", "version", 2, "since", "2015-09-01"), &error));
    g_assert_no_error(error);
    json_decref(ask(&b, desk_publish, &centre, json_pack("{s:i, s:s}", "version", 2, "since", "2014-10-01"), &error));
    g_assert_no_error(error);
    g_autoptr(json_t) item = ask(&b, desk_item, &centre, json_object(), &error);
    g_autoptr(json_t) listed = ask(&b, changes_show, &centre, json_object(), &error);
    g_autoptr(json_t) list = ask(&b, desk_list, &centre, json_object(), &error);
    g_assert_no_error(error);
    g_assert_cmpstr(json_text(version_at(item, 0), "standing"), ==, "coming");
    g_assert_cmpstr(json_text(version_at(item, 1), "standing"), ==, "replaced");
    g_assert_cmpstr(json_text(version_at(item, 2), "standing"), ==, "in_force");
    g_assert_cmpint(json_number(version_at(item, 0), "before"), ==, 1); /* 2 never held */
    g_assert_cmpuint(json_array_size(json_object_get(version_at(item, 0), "changes")), ==, 2);
    g_assert_cmpint(json_number(json_object_get(item, "coming"), "version"), ==, 3);
    g_assert_cmpint(json_number(listed, "total"), ==, 2); /* listed; revised once */
    g_assert_cmpstr(json_text(json_array_get(json_object_get(list, "rows"), 0), "item_state"), ==, "announced");
    bench_close(&b);
}

static bool ring_on_its_day(Db *db, void *done, GError **error)
{
    Context context = context_of(db);
    context.now = instant_at(day_parse("2014-10-01"), 1);
    return timers_take(&context, 10, done, error);
}

/* Row 0 of the desk's list: its state and its English name. */
static void assert_listed(Bench *b, const char *state, const char *name)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) list = ask(b, desk_list, &centre, json_object(), &error);
    g_assert_no_error(error);
    const json_t *row = json_array_get(json_object_get(list, "rows"), 0);
    g_assert_cmpstr(json_text(row, "item_state"), ==, state);
    g_assert_cmpstr(json_text(row, "name_en"), ==, name);
}

static void the_list_has_the_name_in_force_until_the_next_comes(void)
{
    Bench b;
    int64_t done = 0;
    const char *cells[ITEM_COLUMNS];
    g_autoptr(GError) error = NULL;
    bench_open(&b);
    import_materials(&b, NULL, true);
    copy_sample(cells);
    g_autofree char *present = g_strdup(cells[NAME_EN]);
    cells[NAME_EN] = "The name to come";
    GString *csv = table_start();
    append_cells(csv, cells);
    import_csv(&b, csv, false, &error);
    json_decref(ask(&b, desk_publish, &centre, json_pack("{s:i, s:s}", "version", 2, "since", "2014-10-01"), &error));
    g_assert_no_error(error);
    assert_listed(&b, "announced", present);
    g_assert_true(store_write(b.store, ring_on_its_day, &done, &error));
    g_assert_cmpint(done, ==, 1);
    assert_listed(&b, "published", "The name to come");
    bench_close(&b);
}

/* ---- publishing ---- */

static void who_keeps_an_item_publishes_what_was_seen(void)
{
    static const struct {
        const Actor *actor;
        int version;
        int code; /* 0: done */
    } tries[] = {
        { &reform, 2, NOT_ALLOWED }, { &market, 1, CONFLICT }, { &market, 2, 0 }, { &centre, 2, CONFLICT },
    };
    Bench b;
    bench_fill(&b);
    for (size_t i = 0; i < G_N_ELEMENTS(tries); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(json_t) done = ask(&b, desk_publish, tries[i].actor, json_pack("{s:i}", "version", tries[i].version), &error);
        g_assert_true((done != NULL) == (tries[i].code == 0));
        if (tries[i].code)
            g_assert_error(error, TROUBLE, tries[i].code);
    }
    bench_close(&b);
}

/* ---- a table ---- */

static json_t *upload(Bench *b, const Actor *actor, const char *csv, GError **error)
{
    g_autofree char *path = g_build_filename(b->folder, "table.csv", NULL);
    const Upload table = { .field = "table", .name = "items.csv", .path = path, .size = (int64_t)strlen(csv) };
    g_autoptr(json_t) fields = json_pack("{s:b}", "publish", true);
    Asked asked = { desk_import, actor, fields, &table, NULL };
    g_assert_true(g_file_set_contents(path, csv, -1, NULL));
    store_write(b->store, run_handler, &asked, error);
    return asked.answer;
}

static void only_the_centre_takes_a_table_in(void)
{
    Bench b;
    g_autoptr(GError) error = NULL, refused = NULL;
    bench_open(&b);
    GString *csv = table_start();
    append_item(csv, "A", "甲", "A", "");
    append_item(csv, "B", "乙", "B", "");
    g_assert_null(upload(&b, &market, csv->str, &refused));
    g_assert_error(refused, TROUBLE, NOT_ALLOWED);
    g_autoptr(json_t) done = upload(&b, &centre, csv->str, &error);
    g_assert_no_error(error);
    g_assert_cmpint(json_number(done, "changed"), ==, 2);
    g_string_free(csv, TRUE);
    bench_close(&b);
}

/* ---- changes ---- */

static json_t *change_fields(const char *document)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "kind", "delegated", "power_source", "authorised", "day", "2014-09-03", "level", "zone", "document",
                     document, "document_number", "平政发〔2014〕45号");
}

static void who_keeps_an_item_records_its_changes(void)
{
    Bench b;
    g_autoptr(GError) error = NULL;
    bench_open(&b);
    import_materials(&b, NULL, true);
    g_assert_null(ask(&b, record_change, &reform, change_fields("关于下放的通知"), &error));
    g_assert_cmpuint(trouble_status(error), ==, NOT_ALLOWED);
    g_clear_error(&error);
    g_assert_null(ask(&b, record_change, &market, change_fields(""), &error));
    g_assert_cmpuint(trouble_status(error), ==, NOT_FITTING);
    g_clear_error(&error);
    g_autoptr(json_t) done = ask(&b, record_change, &market, change_fields("关于下放的通知"), &error);
    g_assert_no_error(error);
    g_autoptr(json_t) listed = ask(&b, changes_show, &market, json_pack("{s:s}", "kind", "delegated"), &error);
    g_assert_no_error(error);
    const json_t *change = json_array_get(json_object_get(listed, "changes"), 0);
    g_assert_cmpint(json_number(listed, "total"), ==, 1);
    g_assert_cmpint(json_number(change, "number"), ==, json_number(done, "change"));
    g_assert_cmpstr(json_text(change, "document"), ==, "关于下放的通知");
    g_assert_cmpstr(json_text(change, "change_level"), ==, "zone");
    g_autoptr(json_t) item = ask(&b, desk_item, &market, json_object(), &error);
    g_assert_cmpuint(json_array_size(json_object_get(item, "records")), ==, 2); /* listed, delegated */
    bench_close(&b);
}

static void the_reform_day_is_the_centres(void)
{
    Bench b;
    g_autoptr(GError) error = NULL;
    bench_open(&b);
    g_assert_null(ask(&b, record_reform, &market, json_pack("{s:s}", "day", "2014-09-01"), &error));
    g_assert_cmpuint(trouble_status(error), ==, NOT_ALLOWED);
    g_clear_error(&error);
    json_decref(ask(&b, record_reform, &centre, json_pack("{s:s}", "day", "2014-09-01"), &error));
    g_assert_no_error(error);
    g_autoptr(json_t) list = ask(&b, desk_list, &centre, json_object(), &error);
    g_assert_cmpstr(json_text(list, "reform_day"), ==, "2014-09-01");
    bench_close(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/catalogue/the list says what waits", the_list_says_what_waits);
    g_test_add_func("/catalogue/a version tells what it changed", a_version_tells_what_it_changed);
    g_test_add_func("/catalogue/a version replaced before its day is told so", a_version_replaced_before_its_day_is_told_so);
    g_test_add_func("/catalogue/the list has the name in force until the next comes",
                    the_list_has_the_name_in_force_until_the_next_comes);
    g_test_add_func("/catalogue/another order alone is told", another_order_alone_is_told);
    g_test_add_func("/catalogue/any two versions are compared", any_two_versions_are_compared);
    g_test_add_func("/catalogue/another department is told by its name", another_department_is_told_by_its_name);
    g_test_add_func("/catalogue/who keeps an item publishes what was seen", who_keeps_an_item_publishes_what_was_seen);
    g_test_add_func("/catalogue/only the centre takes a table in", only_the_centre_takes_a_table_in);
    g_test_add_func("/catalogue/who keeps an item records its changes", who_keeps_an_item_records_its_changes);
    g_test_add_func("/catalogue/the reform day is the centre's", the_reform_day_is_the_centres);
    return g_test_run();
}

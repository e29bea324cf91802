// SPDX-License-Identifier: Apache-2.0
/* Bundles: what the shipped ones are, what is refused of one and why, and what an applicant's choices leave of it. */
#include "joint/life.h"
#include "licences/bench_test.h"

static bool import_items(const Context *context, void *data, GError **error)
{
    static const char *const tables[] = { "data/items.csv", "data/life.csv" };
    int64_t changed;
    (void)data;
    for (size_t i = 0; i < G_N_ELEMENTS(tables); i++) {
        const Embedded *table = embedded_find(tables[i]);
        if (!catalogue_import(context, table->bytes, table->size, day_of(context->now), &changed, error))
            return false;
    }
    return true;
}

static void open_with_items(Bench *b)
{
    g_autoptr(GError) error = NULL;
    open_bench(b);
    write_as(b, &the_system, at("2014-01-03", 9), import_items, NULL, &error);
    g_assert_no_error(error);
}

static json_t *row_of(const char *stages, const char *results, const char *options)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) text = g_string_new("code,name,name_en,matter,summary,summary_en,keywords,stages,results,options,basis,origin\n");
    g_string_append_printf(text, "X,某事,A matter,other,,,,%s,%s,%s,,\n", stages, results, options);
    g_autoptr(CsvTable) table = csv_read(text->str, text->len, bundle_columns, &error);
    g_assert_no_error(error);
    return bundle_of_row(table, 0);
}

/* `says` is in the details of the refusal; NULL: the reason alone. */
static void judged(Bench *b, const json_t *bundle, const char *reason, const char *says)
{
    g_autoptr(GError) error = NULL;
    Context context = b->context;
    context.db = store_reader(b->store, NULL);
    context.now = at("2014-09-15", 9);
    bool fits = bundle_fits(&context, bundle, &error);
    store_return(b->store, context.db);
    if (!reason) {
        g_assert_no_error(error);
        g_assert_true(fits);
        return;
    }
    g_autoptr(json_t) details = trouble_details(error);
    g_autofree char *text = json_dumps(details, 0);
    g_assert_cmpstr(json_text(details, "reason"), ==, reason);
    g_assert_nonnull(strstr(text, says ? says : reason));
}

static void each_fault_of_a_bundle_is_refused_with_its_reason(void)
{
    static const struct { const char *stages, *results, *options, *reason, *says; } all[] = {
        { "SJJ-02|DSJ-01", "DSJ-01;营业执照;SJJ-02", "", NULL, NULL },
        { "SJJ-02", "", "", "joint.bundle_few", NULL },
        { "SJJ-02|SJJ-02", "", "", "joint.bundle_twice", "SJJ-02" },
        { "SJJ-02|QQQ-99", "", "", "joint.bundle_unknown", "QQQ-99" },
        { "SJJ-02/DSJ-01", "DSJ-01;营业执照;SJJ-02", "", "joint.bundle_order", "SJJ-02" },
        { "SJJ-02|DSJ-01", "DSJ-01;营业执照;SJJ-02|SJJ-02;经营场所证明;DSJ-01", "", "joint.bundle_circle", "DSJ-01 → SJJ-02 → DSJ-01" },
        { "SJJ-02|DSJ-01", "DSJ-01;出生医学证明;SJJ-02", "", "joint.bundle_not_asked", "出生医学证明" },
        { "SJJ-02|DSJ-01", "DSJ-01;营业执照;SJJ-03", "", "joint.bundle_not_in", "SJJ-03" },
        { "SJJ-02|WGJ-01", "", "", "joint.bundle_nobody", NULL }, /* persons alone, and enterprises alone */
        { "SJJ-02|DSJ-01", "", "SJJ-02;要吗？;Yes?", "joint.bundle_option", NULL },
        { "SJJ-02|DSJ-01|ZFJ-01|SJJ-03|XFDD-03", "", "", "joint.bundle_many", NULL },
    };
    Bench b;
    open_with_items(&b);
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        g_autoptr(json_t) bundle = row_of(all[i].stages, all[i].results, all[i].options);
        judged(&b, bundle, all[i].reason, all[i].says);
    }
    close_bench(&b);
}

static bool suspend(const Context *context, void *data, GError **error)
{
    ItemChange change = { .kind = CHANGE_SUSPENDED, .item = data, .day = day_of(context->now), .document = "《关于暂停的通知》", .document_number = "平政发〔2014〕9号",
                          .level = "", .into = "", .source = "" };
    return catalogue_change(context, &change, error);
}

static void a_suspended_item_closes_its_bundle(void)
{
    Bench b;
    open_with_items(&b);
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) bundle = row_of("SJJ-02|DSJ-01", "", "");
    write_as(&b, &the_system, at("2014-09-14", 9), suspend, (void *)"DSJ-01", &error);
    g_assert_no_error(error);
    judged(&b, bundle, "joint.bundle_ended", "税务登记");
    close_bench(&b);
}

static void all_shipped_bundles_fit(void)
{
    size_t i;
    json_t *bundle;
    Bench b;
    open_with_items(&b);
    g_autoptr(GError) error = NULL;
    Db *db = store_reader(b.store, NULL);
    g_autoptr(json_t) all = bundles_on(db, COUNTY, day_parse("2014-09-15"), &error);
    store_return(b.store, db);
    g_assert_cmpuint(json_array_size(all), >=, 5);
    json_array_foreach(all, i, bundle)
        judged(&b, bundle, NULL, NULL);
    close_bench(&b);
}

static void what_is_not_chosen_is_left_out(void)
{
    g_autoptr(json_t) bundle = row_of("SJJ-02|DSJ-01|ZFJ-01", "DSJ-01;营业执照;SJJ-02|ZFJ-01;营业执照;SJJ-02", "ZFJ-01;要吗？;Yes?");
    g_autoptr(json_t) chosen = json_pack("[s]", "ZFJ-01"), whole = bundle_plan(bundle, chosen), part = bundle_plan(bundle, NULL);
    g_assert_cmpuint(json_array_size(json_object_get(whole, "stages")), ==, 3);
    g_assert_cmpuint(json_array_size(json_object_get(part, "stages")), ==, 2);
    g_assert_cmpuint(json_array_size(json_object_get(part, "results")), ==, 1);
    g_assert_true(plan_follows(part, 1));
    g_assert_false(plan_follows(part, 0));
    g_assert_false(plan_follows(part, 2));
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    add("/bundle/each fault of a bundle is refused with its reason", each_fault_of_a_bundle_is_refused_with_its_reason);
    add("/bundle/a suspended item closes its bundle", a_suspended_item_closes_its_bundle);
    add("/bundle/all shipped bundles fit", all_shipped_bundles_fit);
    add("/bundle/what is not chosen is left out", what_is_not_chosen_is_left_out);
    return g_test_run();
}

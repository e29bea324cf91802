// SPDX-License-Identifier: Apache-2.0
/* Tables of items through the writer. */
#include "catalogue/bench_test.h"

static GString *table_of_one(size_t column, const char *cell)
{
    const char *cells[ITEM_COLUMNS];
    GString *csv = table_start();
    copy_sample(cells);
    cells[column] = cell;
    append_cells(csv, cells);
    return csv;
}

static int64_t import_one(Bench *b, size_t column, const char *cell, bool publish)
{
    g_autoptr(GError) error = NULL;
    int64_t changed = import_csv(b, table_of_one(column, cell), publish, &error);
    g_assert_no_error(error);
    return changed;
}

static json_t *faults_of(const GError *error)
{
    g_assert_error(error, TROUBLE, NOT_FITTING);
    g_autoptr(json_t) details = trouble_details(error);
    g_assert_cmpstr(json_text(details, "reason"), ==, "catalogue.import");
    return json_loads(json_text(details, "faults"), 0, NULL);
}

static int64_t version_of(Bench *b, const char *code)
{
    g_autoptr(GError) error = NULL;
    Db *db = store_reader(b->store, &error);
    g_autoptr(Item) item = catalogue_item_on(db, COUNTY, code, TODAY, &error);
    store_return(b->store, db);
    if (!item)
        g_assert_error(error, TROUBLE, NOT_FOUND);
    return item ? item->version : 0;
}

/* ---- what goes in ---- */

static void an_item_is_seen_once_it_is_published(void)
{
    Bench b;
    bench_open(&b);
    g_assert_cmpint(import_one(&b, CODE, "CYFW", false), ==, 1);
    g_assert_cmpint(version_of(&b, "CYFW"), ==, 0);
    g_assert_cmpint(import_one(&b, CODE, "CYFW", true), ==, 0);
    g_assert_cmpint(version_of(&b, "CYFW"), ==, 1);
    bench_close(&b);
}

static void the_same_table_again_changes_nothing(void)
{
    Bench b;
    int64_t count = 0;
    bench_open(&b);
    g_assert_cmpint(import_one(&b, CODE, "CYFW", true), ==, 1);
    g_assert_cmpint(import_one(&b, CODE, "CYFW", true), ==, 0);
    Db *db = store_reader(b.store, NULL);
    g_assert_true(ledger_check(db, COUNTY, NULL, &count, NULL));
    g_assert_cmpint(count, ==, 2);
    store_return(b.store, db);
    bench_close(&b);
}

static void a_new_version_replaces_the_old_and_leaves_it_readable(void)
{
    Bench b;
    bench_open(&b);
    import_one(&b, PROMISED_DAYS, "8", true);
    g_assert_cmpint(import_one(&b, PROMISED_DAYS, "5", false), ==, 1);
    g_assert_cmpint(version_of(&b, "CYFW"), ==, 1);
    g_assert_cmpint(import_one(&b, PROMISED_DAYS, "5", true), ==, 0);
    g_assert_cmpint(version_of(&b, "CYFW"), ==, 2);
    Db *db = store_reader(b.store, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(Item) old = catalogue_item(db, COUNTY, "CYFW", 1, NULL);
    g_autoptr(Item) new = catalogue_item(db, COUNTY, "CYFW", 2, NULL);
    g_assert_cmpint(old->promised.days, ==, 8);
    g_assert_cmpint(new->promised.days, ==, 5);
    g_assert_null(catalogue_item(db, COUNTY, "CYFW", 3, &error));
    g_assert_error(error, TROUBLE, NOT_FOUND);
    store_return(b.store, db);
    bench_close(&b);
}

static void every_version_is_an_event(void)
{
    static const char *const kinds[] = { "item.drafted", "item.published", "item.drafted",
                                         "item.published" };
    Bench b;
    bench_open(&b);
    import_one(&b, PROMISED_DAYS, "8", true);
    import_one(&b, PROMISED_DAYS, "5", true);
    Db *db = store_reader(b.store, NULL);
    g_autoptr(json_t) events = ledger_events(db, COUNTY, "item/CYFW", 0, NULL);
    g_assert_cmpuint(json_array_size(events), ==, G_N_ELEMENTS(kinds));
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        const json_t *event = json_array_get(events, i);
        g_assert_cmpstr(json_text(event, "kind"), ==, kinds[i]);
        g_assert_cmpint(json_number(event, "organ"), ==, 27);
        g_assert_cmpint(json_number(event, "actor"), ==, 7);
    }
    g_autofree char *drafted =
        json_canonical(json_object_get(json_array_get(events, 2), "payload"));
    g_assert_cmpstr(drafted, ==,
                    "{\"changes\":{\"promised\":{\"from\":{\"days\":8,\"unit\":\"working\"},"
                    "\"to\":{\"days\":5,\"unit\":\"working\"}}},\"version\":2}");
    g_autofree char *published =
        json_canonical(json_object_get(json_array_get(events, 3), "payload"));
    g_assert_cmpstr(published, ==, "{\"retired\":1,\"version\":2}");
    store_return(b.store, db);
    bench_close(&b);
}

static void an_organ_is_named_as_offices_name_it(void)
{
    static const char *const names[] = { "发展和改革局", "发改局", "FGJ", "1" };
    Bench b;
    bench_open(&b);
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        g_assert_cmpint(import_one(&b, ORGAN, names[i], true), ==, i == 0);
    Db *db = store_reader(b.store, NULL);
    g_autoptr(Item) item = catalogue_item_on(db, COUNTY, "CYFW", TODAY, NULL);
    g_assert_cmpint(item->organ, ==, 1);
    store_return(b.store, db);
    bench_close(&b);
}

static void a_table_may_come_with_a_mark_or_in_gbk(void)
{
    Bench b;
    g_autoptr(GError) error = NULL;
    bench_open(&b);
    GString *marked = table_of_one(CODE, "A");
    g_string_prepend(marked, "\xef\xbb\xbf");
    g_assert_cmpint(import_csv(&b, marked, true, &error), ==, 1);
    g_assert_no_error(error);
    GString *utf8 = table_of_one(CODE, "A");
    gsize length;
    g_autofree char *bytes =
        g_convert(utf8->str, (gssize)utf8->len, "GBK", "UTF-8", NULL, &length, NULL);
    g_string_free(utf8, TRUE);
    g_assert_cmpint(import_csv(&b, g_string_new_len(bytes, (gssize)length), true, &error), ==, 0);
    g_assert_no_error(error);
    bench_close(&b);
}

/* ---- what is refused ---- */

static void faults_of_all_rows_are_told_and_nothing_goes_in(void)
{
    const char *cells[ITEM_COLUMNS];
    Bench b;
    g_autoptr(GError) error = NULL;
    bench_open(&b);
    GString *csv = table_of_one(CODE, "A");
    copy_sample(cells);
    cells[CODE] = "B";
    cells[ORGAN] = "外星事务局";
    cells[TYPE] = "x";
    append_cells(csv, cells);
    cells[CODE] = "A";
    cells[ORGAN] = "1";
    cells[TYPE] = "license";
    append_cells(csv, cells);
    g_assert_cmpint(import_csv(&b, csv, true, &error), ==, -1);
    g_autoptr(json_t) faults = faults_of(error);
    static const struct {
        int64_t line;
        const char *column, *reason;
    } expected[] = { { 3, "type", "catalogue.import_choice" },
                     { 3, "organ", "catalogue.import_organ" },
                     { 4, "code", "catalogue.import_double" } };
    g_assert_cmpuint(json_array_size(faults), ==, G_N_ELEMENTS(expected));
    for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
        const json_t *fault = json_array_get(faults, i);
        g_assert_cmpint(json_number(fault, "line"), ==, expected[i].line);
        g_assert_cmpstr(json_text(fault, "column"), ==, expected[i].column);
        g_assert_cmpstr(json_text(fault, "reason"), ==, expected[i].reason);
    }
    g_assert_cmpint(version_of(&b, "A"), ==, 0);
    bench_close(&b);
}

static void no_more_than_a_hundred_faults_are_listed(void)
{
    Bench b;
    g_autoptr(GError) error = NULL;
    bench_open(&b);
    GString *csv = table_start();
    for (int i = 0; i < 130; i++) {
        g_autofree char *code = g_strdup_printf("A%d", i);
        append_item(csv, code, "", "Nameless", "");
    }
    g_assert_cmpint(import_csv(&b, csv, true, &error), ==, -1);
    g_autoptr(json_t) faults = faults_of(error);
    g_autoptr(json_t) details = trouble_details(error);
    g_assert_cmpuint(json_array_size(faults), ==, 100);
    g_assert_cmpstr(json_text(details, "count"), ==, "130");
    bench_close(&b);
}

static void a_wrong_column_is_named(void)
{
    Bench b;
    g_autoptr(GError) error = NULL;
    bench_open(&b);
    GString *csv = table_of_one(CODE, "A");
    g_string_replace(csv, "\"name_en\"", "\"english\"", 1);
    g_assert_cmpint(import_csv(&b, csv, true, &error), ==, -1);
    g_assert_error(error, TROUBLE, NOT_FITTING);
    g_autoptr(json_t) details = trouble_details(error);
    g_assert_cmpstr(json_text(details, "reason"), ==, "base.csv_unknown_column");
    g_assert_cmpstr(json_text(details, "column"), ==, "english");
    bench_close(&b);
}

/* ---- publishing ---- */

typedef struct Release {
    const char *code;
    int64_t version;
    int later; /* days from today */
} Release;

static bool release(Db *db, void *data, GError **error)
{
    const Release *what = data;
    const Context context = context_of(db);
    return item_release(&context, what->code, what->version, TODAY + what->later, error);
}

static void only_the_newest_draft_is_published(void)
{
    static const struct {
        Release what;
        enum trouble why;
    } refused[] = { { { "NONE", 1 }, NOT_FOUND },
                    { { "CYFW", 1 }, CONFLICT },
                    { { "CYFW", 3 }, CONFLICT } };
    Bench b;
    Release newest = { "CYFW", 2 };
    bench_open(&b);
    import_one(&b, PROMISED_DAYS, "8", false);
    import_one(&b, PROMISED_DAYS, "5", false);
    for (size_t i = 0; i < G_N_ELEMENTS(refused); i++) {
        g_autoptr(GError) error = NULL;
        Release what = refused[i].what;
        g_assert_false(store_write(b.store, release, &what, &error));
        g_assert_error(error, TROUBLE, (int)refused[i].why);
    }
    g_autoptr(GError) error = NULL;
    g_assert_true(store_write(b.store, release, &newest, NULL));
    g_assert_cmpint(version_of(&b, "CYFW"), ==, 2);
    g_assert_false(store_write(b.store, release, &newest, &error));
    g_assert_error(error, TROUBLE, CONFLICT);
    bench_close(&b);
}

static int64_t version_on(Bench *b, Day day, json_t **guide)
{
    g_autoptr(GError) error = NULL;
    Db *db = store_reader(b->store, &error);
    g_autoptr(Item) item = catalogue_item_on(db, COUNTY, "CYFW", day, &error);
    *guide = catalogue_guide(db, COUNTY, "CYFW", day, &error);
    g_autoptr(json_t) found = catalogue_search(db, COUNTY, day, "", 9, &error);
    store_return(b->store, db);
    g_assert_no_error(error);
    g_assert_cmpint(item->version, ==, json_number(*guide, "version"));
    const json_t *row = json_array_get(json_object_get(found, "items"), 0);
    g_assert_cmpint(item->promised.days, ==, json_number(json_object_get(row, "promised"), "days"));
    return item->version;
}

static void a_version_from_a_later_day_waits_for_it(void)
{
    static const struct {
        Release what;
        const char *reason; /* NULL: done */
    } tries[] = { { { "CYFW", 2, -1 }, "versioned.day_past" }, { { "CYFW", 2, 10 }, NULL }, { { "CYFW", 3, 367 }, "versioned.day_far" } };
    static const char *const promised[] = { "5", "4", "3" };
    Bench b;
    bench_open(&b);
    import_one(&b, PROMISED_DAYS, "8", true);
    import_one(&b, PROMISED_DAYS, promised[0], false);
    for (size_t i = 0; i < G_N_ELEMENTS(tries); i++) {
        g_autoptr(GError) error = NULL;
        Release what = tries[i].what;
        bool done = store_write(b.store, release, &what, &error);
        g_autoptr(json_t) details = error ? trouble_details(error) : json_object();
        g_assert_true(done == !tries[i].reason);
        g_assert_cmpstr(json_text(details, "reason"), ==, tries[i].reason ? tries[i].reason : "");
        if (done)
            import_one(&b, PROMISED_DAYS, promised[i], false);
    }
    g_autoptr(json_t) today = NULL, eve = NULL, then = NULL;
    g_assert_cmpint(version_on(&b, TODAY, &today), ==, 1);
    g_assert_cmpint(version_on(&b, TODAY + 9, &eve), ==, 1);
    g_assert_cmpint(version_on(&b, TODAY + 10, &then), ==, 2);
    g_assert_cmpint(json_number(json_object_get(today, "coming"), "version"), ==, 2);
    g_assert_cmpstr(json_text(json_object_get(today, "coming"), "from_day"), ==, "2014-09-13");
    g_assert_cmpstr(json_text(then, "since_day"), ==, "2014-09-13");
    g_assert_null(json_object_get(then, "coming"));
    bench_close(&b);
}

static void a_mistyped_day_is_mended_by_publishing_again(void)
{
    Bench b;
    Release mistyped = { "CYFW", 2, 300 }, mended = { "CYFW", 2, 10 }, again = { "CYFW", 3, 10 };
    bench_open(&b);
    import_one(&b, PROMISED_DAYS, "8", true);
    import_one(&b, PROMISED_DAYS, "5", false);
    g_assert_true(store_write(b.store, release, &mistyped, NULL));
    g_assert_true(store_write(b.store, release, &mended, NULL));
    g_assert_false(store_write(b.store, release, &again, NULL));
    g_autoptr(json_t) eve = NULL, then = NULL, late = NULL;
    g_assert_cmpint(version_on(&b, TODAY + 9, &eve), ==, 1);
    g_assert_cmpint(version_on(&b, TODAY + 10, &then), ==, 3);
    g_assert_cmpint(version_on(&b, TODAY + 300, &late), ==, 3);
    g_assert_null(json_object_get(then, "coming"));
    import_one(&b, PROMISED_DAYS, "5", true); /* the table that was meant for today */
    json_decref(eve);
    g_assert_cmpint(version_on(&b, TODAY, &eve), ==, 4);
    bench_close(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/catalogue/an item is seen once it is published",
                    an_item_is_seen_once_it_is_published);
    g_test_add_func("/catalogue/the same table again changes nothing",
                    the_same_table_again_changes_nothing);
    g_test_add_func("/catalogue/a new version replaces the old and leaves it readable",
                    a_new_version_replaces_the_old_and_leaves_it_readable);
    g_test_add_func("/catalogue/every version is an event", every_version_is_an_event);
    g_test_add_func("/catalogue/an organ is named as offices name it",
                    an_organ_is_named_as_offices_name_it);
    g_test_add_func("/catalogue/a table may come with a mark or in GBK",
                    a_table_may_come_with_a_mark_or_in_gbk);
    g_test_add_func("/catalogue/faults of all rows are told and nothing goes in",
                    faults_of_all_rows_are_told_and_nothing_goes_in);
    g_test_add_func("/catalogue/no more than a hundred faults are listed",
                    no_more_than_a_hundred_faults_are_listed);
    g_test_add_func("/catalogue/a wrong column is named", a_wrong_column_is_named);
    g_test_add_func("/catalogue/only the newest draft is published",
                    only_the_newest_draft_is_published);
    g_test_add_func("/catalogue/a version from a later day waits for it", a_version_from_a_later_day_waits_for_it);
    g_test_add_func("/catalogue/a mistyped day is mended by publishing again", a_mistyped_day_is_mended_by_publishing_again);
    return g_test_run();
}

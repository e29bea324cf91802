// SPDX-License-Identifier: Apache-2.0
/* Changes of the catalogue by normative documents, and the figures they make. */
#include "catalogue/bench_test.h"

#include <math.h>

static const char document[] = "关于调整行政审批事项的通知", number[] = "平政发〔2014〕45号";

static Day today(void)
{
    return day_from(2014, 9, 3);
}

/* Three items: a licence, a confirmation and a service. */
static void open_catalogue(Bench *b)
{
    static const char *const rows[][2] = { { "XK", "license" }, { "QR", "confirmation" }, { "FW", "service" } };
    g_autoptr(GError) error = NULL;
    GString *csv = table_start();
    bench_open(b);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const char *cells[ITEM_COLUMNS];
        copy_sample(cells);
        cells[CODE] = rows[i][0];
        cells[TYPE] = rows[i][1];
        cells[ONLINE] = i ? "no" : "yes";
        cells[STEPS] = "receive;county;clerk|accept;county;reviewer|decide;county;approver|deliver;county;clerk";
        append_cells(csv, cells);
    }
    g_assert_cmpint(import_csv(b, csv, true, &error), ==, 3);
}

static ItemChange change_of(enum change_kind kind, const char *item)
{
    return (ItemChange){ .kind = kind, .item = item, .day = today(), .document = document, .document_number = number,
                         .level = "", .into = "" };
}

static bool do_change(Db *db, void *data, GError **error)
{
    const Context context = context_of(db);
    return catalogue_change(&context, data, error);
}

static void change(Bench *b, ItemChange what)
{
    g_autoptr(GError) error = NULL;
    store_write(b->store, do_change, &what, &error);
    g_assert_no_error(error);
    g_assert_cmpint(what.number, >, 0);
}

static void refused(Bench *b, ItemChange what, const char *reason)
{
    g_autoptr(GError) error = NULL;
    g_assert_false(store_write(b->store, do_change, &what, &error));
    g_autoptr(json_t) details = trouble_details(error);
    g_assert_cmpstr(json_text(details, "reason"), ==, reason);
}

static CatalogueTally tally(Bench *b, Day day)
{
    CatalogueTally out;
    g_autoptr(GError) error = NULL;
    Db *db = store_reader(b->store, &error);
    catalogue_tally(db, COUNTY, day, &out, &error);
    store_return(b->store, db);
    g_assert_no_error(error);
    return out;
}

static StepHolder decided_at(Bench *b, const char *code, int64_t place)
{
    g_autoptr(GError) error = NULL;
    Db *db = store_reader(b->store, &error);
    g_autoptr(Item) item = catalogue_item_on(db, COUNTY, code, TODAY, &error);
    store_return(b->store, db);
    g_assert_no_error(error);
    return catalogue_step_holder(item, catalogue_step(item, STEP_DECIDE, 0), COUNTY, place);
}

static bool is_taken_in(Bench *b, const char *code, int64_t place)
{
    g_autoptr(GError) error = NULL;
    Db *db = store_reader(b->store, &error);
    g_autoptr(Item) item = catalogue_item_on(db, COUNTY, code, TODAY, &error);
    store_return(b->store, db);
    g_assert_no_error(error);
    return catalogue_taken_in(item, TOWN_LEVEL, place);
}

/* ---- counting ---- */

static void what_is_published_is_counted_by_type_and_place(void)
{
    Bench b;
    open_catalogue(&b);
    CatalogueTally now = tally(&b, today());
    g_assert_cmpint(now.items.total, ==, 3);
    for (int class = 0; class < ITEM_CLASSES; class ++)
        g_assert_cmpint(now.items.of[class], ==, 1);
    g_assert_cmpint(now.centre.total, ==, 3);
    g_assert_cmpint(now.centre_departments, ==, 1);
    g_assert_cmpint(now.online, ==, 1);
    g_assert_cmpint(now.towns, ==, 1); /* the zone is none */
    g_assert_cmpint(now.villages, ==, 1);
    g_assert_cmpint(now.to_villages + now.to_towns + now.to_zone, ==, 0);
    g_assert_cmpint(tally(&b, today() - 1).items.total, ==, 0);
    bench_close(&b);
}

static void a_cancelled_item_counts_until_its_day(void)
{
    Bench b;
    open_catalogue(&b);
    change(&b, change_of(CHANGE_CANCELLED, "FW"));
    g_assert_cmpint(tally(&b, today()).items.total, ==, 2);
    g_assert_cmpint(tally(&b, today()).items.of[MANAGEMENT], ==, 0);
    refused(&b, change_of(CHANGE_ENTERED, "FW"), "catalogue.change_gone");
    refused(&b, change_of(CHANGE_CANCELLED, "FW"), "catalogue.change_gone");
    bench_close(&b);
}

static void merging_ends_the_one_and_keeps_the_other(void)
{
    Bench b;
    open_catalogue(&b);
    ItemChange merged = change_of(CHANGE_MERGED, "FW");
    refused(&b, merged, "catalogue.change_into");
    merged.into = "FW";
    refused(&b, merged, "catalogue.change_into");
    merged.into = "NONE";
    refused(&b, merged, "catalogue.change_into_gone");
    merged.into = "QR";
    change(&b, merged);
    g_assert_cmpint(tally(&b, today()).items.total, ==, 2);
    bench_close(&b);
}

static void an_item_taken_over_keeps_from_whom(void)
{
    Bench b;
    open_catalogue(&b);
    ItemChange taken = change_of(CHANGE_TAKEN_OVER, "XK");
    refused(&b, taken, "catalogue.change_level");
    taken.level = "province";
    change(&b, taken);
    refused(&b, taken, "catalogue.change_same");
    taken.item = "QR";
    taken.level = "prefecture";
    change(&b, taken);
    CatalogueTally now = tally(&b, today());
    g_assert_cmpint(now.from_province, ==, 1);
    g_assert_cmpint(now.from_prefecture, ==, 1);
    g_assert_cmpint(now.items.total, ==, 3);
    bench_close(&b);
}

/* ---- delegating ---- */

static void a_delegation_routes_at_once(void)
{
    static const int64_t county = 330482000000, town = 330482103000, village = 330482103201, zone = 330482400000;
    Bench b;
    open_catalogue(&b);
    ItemChange given = change_of(CHANGE_DELEGATED, "XK");
    g_assert_cmpint(decided_at(&b, "XK", village).organ, ==, 27);
    given.level = "town";
    refused(&b, given, "catalogue.change_source");
    given.source = "examines";
    refused(&b, given, "catalogue.change_source");
    given.source = "entrusted";
    change(&b, given);
    g_assert_cmpint(decided_at(&b, "XK", village).division, ==, town);
    g_assert_cmpint(decided_at(&b, "XK", county).organ, ==, 27);
    given.item = "QR";
    given.level = "zone";
    change(&b, given);
    g_assert_cmpint(decided_at(&b, "QR", zone).division, ==, zone);
    g_assert_true(is_taken_in(&b, "QR", zone));
    g_assert_false(is_taken_in(&b, "QR", town));
    g_assert_true(is_taken_in(&b, "XK", town));
    g_assert_cmpint(decided_at(&b, "QR", town).organ, ==, 27);
    given.level = "village";
    refused(&b, given, "catalogue.change_no_source");
    given.source = "";
    change(&b, given);
    CatalogueTally now = tally(&b, today());
    g_assert_cmpint(now.to_towns, ==, 1);
    g_assert_cmpint(now.to_towns_departments, ==, 1);
    g_assert_cmpint(now.to_zone, ==, 1);
    g_assert_cmpint(now.to_zone_departments, ==, 1);
    g_assert_cmpint(now.to_villages, ==, 1);
    bench_close(&b);
}

static void an_item_leaves_the_centre_and_comes_back(void)
{
    Bench b;
    open_catalogue(&b);
    refused(&b, change_of(CHANGE_ENTERED, "XK"), "catalogue.change_same");
    change(&b, change_of(CHANGE_LEFT, "XK"));
    g_assert_cmpint(tally(&b, today()).centre.total, ==, 2);
    g_assert_cmpint(tally(&b, today()).centre.of[LICENSES], ==, 0);
    change(&b, change_of(CHANGE_ENTERED, "XK"));
    g_assert_cmpint(tally(&b, today()).centre.total, ==, 3);
    bench_close(&b);
}

/* ---- drafts ---- */

static void draft(Bench *b, const char *code, const char *promised)
{
    const char *cells[ITEM_COLUMNS];
    GString *csv = table_start();
    copy_sample(cells);
    cells[CODE] = code;
    cells[PROMISED_DAYS] = promised;
    append_cells(csv, cells);
    g_assert_cmpint(import_csv(b, csv, false, NULL), ==, 1);
}

static void a_draft_comes_in_force_by_a_document(void)
{
    Bench b;
    open_catalogue(&b);
    draft(&b, "NEW", "5");
    refused(&b, change_of(CHANGE_LEFT, "NEW"), "catalogue.change_never");
    g_assert_cmpint(tally(&b, today()).items.total, ==, 3);
    change(&b, change_of(CHANGE_ADDED, "NEW"));
    g_assert_cmpint(tally(&b, today()).items.total, ==, 4);
    refused(&b, change_of(CHANGE_ADDED, "NEW"), "catalogue.change_there");
    refused(&b, change_of(CHANGE_ADJUSTED, "NEW"), "catalogue.change_no_draft");
    draft(&b, "NEW", "4");
    refused(&b, change_of(CHANGE_CANCELLED, "NEW"), "catalogue.change_waits");
    change(&b, change_of(CHANGE_ADJUSTED, "NEW"));
    ItemChange taken = change_of(CHANGE_TAKEN_OVER, "HIGH");
    taken.level = "province";
    refused(&b, taken, "catalogue.no_item_at_all");
    draft(&b, "HIGH", "5");
    change(&b, taken);
    g_assert_cmpint(tally(&b, today()).items.total, ==, 5);
    g_assert_cmpint(tally(&b, today()).from_province, ==, 1);
    bench_close(&b);
}

/* The days that XK is promised in, and whether it is handled in the centre. */
static int promised_on(Bench *b, Day day, bool in_centre)
{
    g_autoptr(GError) error = NULL;
    Db *db = store_reader(b->store, &error);
    g_autoptr(Item) item = catalogue_item_on(db, COUNTY, "XK", day, &error);
    store_return(b->store, db);
    g_assert_no_error(error);
    g_assert_true(json_flag(item->details, "in_centre") == in_centre);
    return item->promised.days;
}

static bool release_later(Db *db, void *code, GError **error)
{
    const Context context = context_of(db);
    return item_release(&context, code, 2, today() + 10, error);
}

static void a_version_to_come_neither_hides_nor_outlives_an_item(void)
{
    Bench b;
    open_catalogue(&b);
    const int before = promised_on(&b, today(), true);
    draft(&b, "XK", "5");
    g_assert_true(store_write(b.store, release_later, (char[]){ "XK" }, NULL));
    g_assert_cmpint(tally(&b, today()).items.total, ==, 3);
    g_assert_cmpint(tally(&b, today() + 10).items.total, ==, 3);
    change(&b, change_of(CHANGE_LEFT, "XK"));
    g_assert_cmpint(promised_on(&b, today(), false), ==, before);
    g_assert_cmpint(promised_on(&b, today() + 10, false), ==, 5);
    change(&b, change_of(CHANGE_CANCELLED, "XK"));
    g_assert_cmpint(tally(&b, today()).items.total, ==, 2);
    g_assert_cmpint(tally(&b, today() + 10).items.total, ==, 2);
    bench_close(&b);
}

static bool release_first_later(Db *db, void *code, GError **error)
{
    const Context context = context_of(db);
    return item_release(&context, code, 1, today() + 10, error);
}

static void an_item_that_is_only_announced_can_but_be_withdrawn(void)
{
    Bench b;
    open_catalogue(&b);
    draft(&b, "NEW", "5");
    g_assert_true(store_write(b.store, release_first_later, (char[]){ "NEW" }, NULL));
    refused(&b, change_of(CHANGE_LEFT, "NEW"), "catalogue.change_coming");
    change(&b, change_of(CHANGE_CANCELLED, "NEW"));
    g_assert_cmpint(tally(&b, today() + 10).items.total, ==, 3);
    bench_close(&b);
}

/* A table says nothing of where an item came from, so it takes nothing of that away. */
static void a_table_keeps_what_changes_made(void)
{
    Bench b;
    open_catalogue(&b);
    draft(&b, "NEW", "5");
    ItemChange taken = change_of(CHANGE_TAKEN_OVER, "NEW");
    taken.level = "province";
    change(&b, taken);
    change(&b, change_of(CHANGE_LEFT, "NEW"));
    draft(&b, "NEW", "4");
    change(&b, change_of(CHANGE_ADJUSTED, "NEW"));
    g_assert_cmpint(tally(&b, today()).from_province, ==, 1);
    g_assert_cmpint(tally(&b, today()).centre.total, ==, 3);
    bench_close(&b);
}

/* ---- what is refused ---- */

static void a_change_needs_its_document_and_a_day_that_fits(void)
{
    Bench b;
    open_catalogue(&b);
    ItemChange bad = change_of(CHANGE_CANCELLED, "XK");
    bad.document = "";
    refused(&b, bad, "catalogue.change_document");
    bad = change_of(CHANGE_CANCELLED, "XK");
    bad.document_number = "";
    refused(&b, bad, "catalogue.change_document_number");
    bad = change_of(CHANGE_CANCELLED, "XK");
    bad.day = today() + 1;
    refused(&b, bad, "catalogue.change_day_later");
    bad.day = DAY_NONE;
    refused(&b, bad, "catalogue.change_day_later");
    bad.day = today() - 1; /* it was imported today */
    refused(&b, bad, "catalogue.change_day_earlier");
    bad = change_of(CHANGE_CANCELLED, "XK");
    bad.document_number = "平政发〔2015〕1号";
    refused(&b, bad, "catalogue.change_year");
    bad = change_of(CHANGE_LISTED, "XK");
    refused(&b, bad, "catalogue.change_kind");
    bad = change_of(CHANGE_CANCELLED, "XK");
    bad.into = "QR";
    refused(&b, bad, "catalogue.change_no_into");
    bad = change_of(CHANGE_LEFT, "XK");
    bad.level = "town";
    refused(&b, bad, "catalogue.change_level");
    g_assert_cmpint(tally(&b, today()).items.total, ==, 3);
    bench_close(&b);
}

/* ---- figures ---- */

static bool set_reform(Db *db, void *data, GError **error)
{
    const Context context = context_of(db);
    return catalogue_reform(&context, *(const Day *)data, error);
}

/* As its row in the room's table makes it, to two decimals; NAN where it is not known. */
static double figure(const int64_t *numbers, const char *key)
{
    const Figure *what = catalogue_room.figures;
    while (strcmp(what->key, key) != 0)
        what++;
    int64_t top = numbers[what->top], bottom = numbers[what->bottom];
    if (top == NUMBER_UNKNOWN || (what->formula != COUNT_OF && bottom == NUMBER_UNKNOWN))
        return (double)NAN;
    double share = (double)top / (double)bottom * 100;
    return what->formula == COUNT_OF ? (double)top : round((what->formula == SAVING_OF ? 100 - share : share) * 100) / 100;
}

static void read_numbers(Bench *b, int64_t numbers[static NUMBERS_MOST])
{
    g_autoptr(GError) error = NULL;
    const Context context = { .db = store_reader(b->store, &error), .county = COUNTY };
    catalogue_room.numbers(&context, today(), numbers, &error);
    store_return(b->store, context.db);
    g_assert_no_error(error);
}

static void figures_compare_with_the_day_before_the_reform(void)
{
    Bench b;
    int64_t numbers[NUMBERS_MOST];
    Day day = today() + 1;
    g_autoptr(GError) error = NULL;
    open_catalogue(&b);
    read_numbers(&b, numbers);
    g_assert_true(isnan(figure(numbers, "items.before.total")));
    g_assert_true(isnan(figure(numbers, "items.cut.total")));
    g_assert_cmpfloat(figure(numbers, "items.now.total"), ==, 3);
    g_assert_false(store_write(b.store, set_reform, &day, &error));
    g_clear_error(&error);
    change(&b, change_of(CHANGE_LEFT, "XK"));
    day = today();
    g_assert_true(store_write(b.store, set_reform, &day, &error));
    read_numbers(&b, numbers);
    g_assert_cmpfloat(figure(numbers, "items.before.total"), ==, 3);
    g_assert_cmpfloat(figure(numbers, "items.cut.total"), ==, 0);
    g_assert_cmpfloat(figure(numbers, "centre.entry_rate"), ==, 66.67);
    bench_close(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/catalogue/what is published is counted by type and place", what_is_published_is_counted_by_type_and_place);
    g_test_add_func("/catalogue/a cancelled item counts until its day", a_cancelled_item_counts_until_its_day);
    g_test_add_func("/catalogue/merging ends the one and keeps the other", merging_ends_the_one_and_keeps_the_other);
    g_test_add_func("/catalogue/an item taken over keeps from whom", an_item_taken_over_keeps_from_whom);
    g_test_add_func("/catalogue/a delegation routes at once", a_delegation_routes_at_once);
    g_test_add_func("/catalogue/an item leaves the centre and comes back", an_item_leaves_the_centre_and_comes_back);
    g_test_add_func("/catalogue/a draft comes in force by a document", a_draft_comes_in_force_by_a_document);
    g_test_add_func("/catalogue/a table keeps what changes made", a_table_keeps_what_changes_made);
    g_test_add_func("/catalogue/a change needs its document and a day that fits", a_change_needs_its_document_and_a_day_that_fits);
    g_test_add_func("/catalogue/figures compare with the day before the reform", figures_compare_with_the_day_before_the_reform);
    g_test_add_func("/catalogue/a version to come neither hides nor outlives an item", a_version_to_come_neither_hides_nor_outlives_an_item);
    g_test_add_func("/catalogue/an item that is only announced can but be withdrawn",
                    an_item_that_is_only_announced_can_but_be_withdrawn);
    return g_test_run();
}

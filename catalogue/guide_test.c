// SPDX-License-Identifier: Apache-2.0
/* The guide, and its sentence of when a matter is done. */
#include "catalogue/bench_test.h"

static void import_sample(Bench *b, const char *steps)
{
    const char *cells[ITEM_COLUMNS];
    g_autoptr(GError) error = NULL;
    GString *csv = table_start();
    copy_sample(cells);
    cells[STEPS] = steps ? steps : cells[STEPS];
    append_cells(csv, cells);
    g_assert_cmpint(import_csv(b, csv, true, &error), ==, 1);
}

static json_t *guide_of(Bench *b, const char *code, GError **error)
{
    Db *db = store_reader(b->store, NULL);
    json_t *guide = catalogue_guide(db, COUNTY, code, TODAY, error);
    store_return(b->store, db);
    return guide;
}

static void the_guide_tells_item_organ_and_version(void)
{
    Bench b;
    g_autoptr(GError) error = NULL;
    bench_open(&b);
    import_sample(&b, NULL);
    g_autoptr(json_t) guide = guide_of(&b, "CYFW", &error);
    g_assert_no_error(error);
    g_assert_cmpstr(json_text(guide, "name"), ==, "餐饮服务许可");
    g_assert_cmpstr(json_text(guide, "organ_name_en"), ==, "Market Bureau");
    g_assert_cmpint(json_number(json_object_get(guide, "office"), "number"), ==, 27);
    g_assert_cmpint(json_number(guide, "version"), ==, 1);
    g_assert_cmpint(json_number(guide, "published_at"), ==, instant_at(day_from(2014, 9, 3), 600));
    g_assert_cmpuint(json_array_size(json_object_get(guide, "materials")), ==, 3);
    bench_close(&b);
}

static bool end_organ(Db *db, void *data, GError **error)
{
    (void)data;
    return db_run(db, "UPDATE organ SET ended = 1, valid_to_day = '2014-09-01' WHERE county = :county AND number = 27", WITH(db_int("county", COUNTY)), error) &&
           db_reference_changed(db, COUNTY, error);
}

static void an_item_that_nobody_takes_says_whom_to_ask(void)
{
    Bench b;
    g_autoptr(GError) error = NULL;
    bench_open(&b);
    import_sample(&b, NULL);
    g_autoptr(json_t) before = guide_of(&b, "CYFW", &error);
    g_assert_false(json_flag(before, "is_orphan"));
    g_assert_true(store_write(b.store, end_organ, NULL, &error));
    g_autoptr(json_t) guide = guide_of(&b, "CYFW", &error);
    g_assert_no_error(error);
    g_assert_true(json_flag(guide, "is_orphan"));
    g_assert_null(json_object_get(guide, "ask_at")); /* this county has no centre */
    bench_close(&b);
}

/* A list or table of the page is opened only where something stands in it. */
static void the_guide_has_the_elements_that_are_known(void)
{
    Bench b;
    const char *cells[ITEM_COLUMNS], *names[ITEM_COLUMNS + 1];
    g_autoptr(GError) error = NULL;
    bench_open(&b);
    import_sample(&b, NULL);
    g_autoptr(json_t) bare = guide_of(&b, "CYFW", &error);
    g_assert_false(json_flag(bare, "has_elements") || json_flag(bare, "has_fees") || json_flag(bare, "has_terms"));
    GString *csv = table_start();
    copy_sample(cells);
    item_columns(names);
    cells[CODE] = "OTHER";
    cells[name_place(names, "power_source")] = "stationed";
    cells[name_place(names, "quantity")] = "每年三件";
    cells[name_place(names, "quota")] = "3;year;示例条例第一条";
    cells[name_place(names, "materials")] = "申请书;Form;required;1;0;applicant;either;;;https://forms.example/blank.pdf;柜台领取|图;Plan;optional;0;1;agency;;;;javascript:alert(1)";
    append_cells(csv, cells);
    g_assert_cmpint(import_csv(&b, csv, true, &error), ==, 1);
    g_autoptr(json_t) told = guide_of(&b, "OTHER", &error);
    g_assert_no_error(error);
    g_assert_true(json_flag(told, "has_elements") && json_flag(told, "has_terms") && !json_flag(told, "has_fees"));
    g_assert_cmpstr(json_text(told, "power_source"), ==, "stationed");
    g_assert_cmpint(json_number(json_array_get(json_object_get(told, "quota"), 0), "number"), ==, 3);
    const json_t *form = json_array_get(json_object_get(told, "materials"), 0), *plan = json_array_get(json_object_get(told, "materials"), 1);
    g_assert_true(json_flag(form, "blank_link") && !json_object_get(form, "sample_link") && !json_object_get(plan, "blank_link"));
    bench_close(&b);
}

static void an_unknown_item_is_refused(void)
{
    Bench b;
    g_autoptr(GError) error = NULL;
    bench_open(&b);
    g_assert_null(guide_of(&b, "NONE", &error));
    g_assert_error(error, TROUBLE, NOT_FOUND);
    bench_close(&b);
}

static void desks_are_those_of_the_first_step(void)
{
    static const struct {
        const char *levels;
        bool county, town, village;
        size_t towns, villages;
    } rows[] = {
        { "village/town/county", true, true, true, 2, 1 },
        { "town", false, true, false, 2, 0 },
        { "county", true, false, false, 0, 0 },
        { "village/county", true, false, true, 2, 1 },
        { "zone/county", true, false, false, 1, 0 },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        Bench b;
        bench_open(&b);
        g_autofree char *steps = g_strdup_printf("receive;%s;clerk|accept;county;reviewer|decide;county;approver"
                                                 "|deliver;village;clerk", rows[i].levels);
        import_sample(&b, steps);
        g_autoptr(json_t) guide = guide_of(&b, "CYFW", NULL);
        const json_t *desks = json_object_get(guide, "desks"), *towns = json_object_get(desks, "towns");
        g_assert_true(json_flag(desks, "county") == rows[i].county);
        g_assert_true(json_flag(desks, "town") == rows[i].town);
        g_assert_true(json_flag(desks, "village") == rows[i].village);
        g_assert_cmpuint(json_array_size(towns), ==, rows[i].towns);
        g_assert_cmpuint(json_array_size(json_object_get(json_array_get(towns, 0), "villages")), ==, rows[i].villages);
        bench_close(&b);
    }
}

/* Eight working days over the National Day of 2014; what comes after hours counts from tomorrow. */
static void the_last_day_is_counted_from_the_receipt(void)
{
    static const struct {
        int month, day, hour;
        const char *from, *due, *last;
        bool today, by_office_hours;
    } rows[] = {
        { 9, 3, 10, "2014-09-03", "2014-09-16", "2014-10-08", true, true },
        { 9, 3, 20, "2014-09-04", "2014-09-17", "2014-10-09", false, true },
        { 9, 6, 10, "2014-09-09", "2014-09-19", "2014-10-11", false, true },
        { 9, 3, 20, "2014-09-03", "2014-09-16", "2014-10-08", true, false },
        { 9, 6, 10, "2014-09-06", "2014-09-18", "2014-10-10", true, false },
    };
    g_autoptr(Calendar) calendar = calendar_built_in();
    Bench b;
    bench_open(&b);
    import_sample(&b, NULL);
    g_autoptr(json_t) guide = guide_of(&b, "CYFW", NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        const Context context = { .county = COUNTY, .calendar = calendar, .by_office_hours = rows[i].by_office_hours,
                                  .now = instant_at(day_from(2014, rows[i].month, rows[i].day), rows[i].hour * 60) };
        g_autoptr(json_t) clock = guide_clock(&context, guide, NULL);
        g_assert_cmpstr(json_text(clock, "from_day"), ==, rows[i].from);
        g_assert_cmpstr(json_text(clock, "due_day"), ==, rows[i].due);
        g_assert_cmpstr(json_text(clock, "last_day"), ==, rows[i].last);
        g_assert_true(json_flag(clock, "is_today") == rows[i].today);
        g_assert_null(json_object_get(clock, "warn_unknown_day"));
    }
    bench_close(&b);
}

static void the_term_of_keeping_is_told(void)
{
    const Context centre = { .keeping_years = 10 };
    static const struct { const char *fields; int years; bool for_good, none, by_centre; } rows[] = {
        { "{}", 10, false, false, true }, { "{\"keeping_years\": 30}", 30, false, false, false },
        { "{\"keeping_years\": 0}", 0, false, true, false }, { "{\"keeping_years\": 99}", 0, true, false, false },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(json_t) fields = json_loads(rows[i].fields, 0, NULL), keeping = guide_keeping(&centre, fields);
        g_assert_cmpint(json_number(keeping, "years"), ==, rows[i].years);
        g_assert_true(json_flag(keeping, "is_for_good") == rows[i].for_good && json_flag(keeping, "is_none") == rows[i].none);
        g_assert_true(json_flag(keeping, "by_centre") == rows[i].by_centre);
    }
}

static const int year_end[] = { 2026, 12, 28 };

static bool announce_next_year(Db *db, void *data, GError **error)
{
    static const char rows[] = "date,kind,name\n2027-01-01,holiday,元旦\n2027-01-04,holiday,元旦\n";
    Context context = context_of(db);
    Day today = day_from(year_end[0], year_end[1], year_end[2]);
    context.now = instant_at(today, 600);
    return calendar_import(&context, rows, strlen(rows), "2027.csv", today + 2, data, error);
}

static json_t *clock_at_the_years_end(Bench *b, const json_t *guide)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Calendar) calendar = calendar_built_in();
    Db *db = store_reader(b->store, NULL);
    Context context = context_of(db);
    context.now = instant_at(day_from(year_end[0], year_end[1], year_end[2]), 600);
    context.calendar = calendar;
    json_t *clock = guide_clock(&context, guide, &error);
    store_return(b->store, db);
    g_assert_no_error(error);
    return clock;
}

static void holidays_that_are_announced_are_counted(void)
{
    Bench b;
    g_autoptr(Calendar) announced = NULL;
    bench_open(&b);
    import_sample(&b, NULL);
    g_autoptr(json_t) guide = guide_of(&b, "CYFW", NULL);
    g_autoptr(json_t) before = clock_at_the_years_end(&b, guide);
    g_assert_true(store_write(b.store, announce_next_year, &announced, NULL));
    g_autoptr(json_t) after = clock_at_the_years_end(&b, guide);
    g_assert_nonnull(json_object_get(before, "warn_unknown_day"));
    g_assert_null(json_object_get(after, "warn_unknown_day"));
    g_assert_cmpstr(json_text(after, "due_day"), >, json_text(before, "due_day"));
    bench_close(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/catalogue/the guide tells item, organ and version", the_guide_tells_item_organ_and_version);
    g_test_add_func("/catalogue/the term of keeping is told", the_term_of_keeping_is_told);
    g_test_add_func("/catalogue/the guide has the elements that are known", the_guide_has_the_elements_that_are_known);
    g_test_add_func("/catalogue/an item that nobody takes says whom to ask", an_item_that_nobody_takes_says_whom_to_ask);
    g_test_add_func("/catalogue/an unknown item is refused", an_unknown_item_is_refused);
    g_test_add_func("/catalogue/desks are those of the first step", desks_are_those_of_the_first_step);
    g_test_add_func("/catalogue/the last day is counted from the receipt", the_last_day_is_counted_from_the_receipt);
    g_test_add_func("/catalogue/holidays that are announced are counted", holidays_that_are_announced_are_counted);
    return g_test_run();
}

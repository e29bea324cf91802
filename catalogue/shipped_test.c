// SPDX-License-Identifier: Apache-2.0
/* The tables we ship: the county's divisions, organs and 91 items. */
#include "catalogue/bench_test.h"

enum { SHIPPED = 91, DEPARTMENTS = 31 };

/* ---- the shipped county ---- */

static bool import_shipped_county(Db *db, void *data, GError **error)
{
    (void)data;
    const Context context = context_of(db);
    const Embedded *places = embedded_find("data/divisions.csv");
    const Embedded *departments = embedded_find("data/organs.csv");
    return identity_import_divisions(&context, places->bytes, places->size, error) &&
           identity_import_organs(&context, departments->bytes, departments->size, error);
}

/* Gives the number of new versions. */
static int64_t import_shipped_items(Bench *b)
{
    g_autoptr(GError) error = NULL;
    const Embedded *table = embedded_find("data/items.csv");
    g_assert_nonnull(table);
    int64_t changed =
        import_csv(b, g_string_new_len(table->bytes, (gssize)table->size), true, &error);
    g_assert_no_error(error);
    return changed;
}

static void open_shipped(Bench *b)
{
    g_autoptr(GError) error = NULL;
    bench_open_empty(b);
    store_write(b->store, import_shipped_county, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpint(import_shipped_items(b), ==, SHIPPED);
}

static Item *published(Bench *b, const char *code)
{
    g_autoptr(GError) error = NULL;
    Db *db = store_reader(b->store, &error);
    Item *item = catalogue_item_on(db, COUNTY, code, TODAY, &error);
    store_return(b->store, db);
    g_assert_no_error(error);
    return item;
}

typedef void UseItem(const Item *item, void *data);

static void each_item(Bench *b, UseItem *use, void *data)
{
    const char *names[ITEM_COLUMNS + 1];
    const Embedded *file = embedded_find("data/items.csv");
    item_columns(names);
    g_autoptr(CsvTable) table = csv_read_required(file->bytes, file->size, names, KEEPING_YEARS, NULL);
    for (size_t row = 0; row < csv_rows(table); row++) {
        g_autoptr(Item) item = published(b, csv_cell(table, row, CODE));
        use(item, data);
    }
}

static bool town_only(const Item *item, enum step_kind kind)
{
    size_t step = catalogue_step(item, kind, 0);
    return step < item->step_count && item->steps[step].levels == 1u << TOWN_LEVEL;
}

/* ---- how many, and whose ---- */

static void note_organ(const Item *item, void *data)
{
    bool *has_item = data;
    g_assert_cmpint(item->organ, <=, DEPARTMENTS);
    has_item[item->organ] = true;
}

static void all_are_published_and_every_department_has_some(void)
{
    Bench b;
    int64_t count, online;
    bool has_item[DEPARTMENTS + 1] = { false };
    open_shipped(&b);
    Db *db = store_reader(b.store, NULL);
    g_assert_true(catalogue_count(db, COUNTY, TODAY, &count, &online, NULL));
    store_return(b.store, db);
    g_assert_cmpint(count, ==, SHIPPED);
    g_assert_cmpint(online, <, SHIPPED);
    each_item(&b, note_organ, has_item);
    for (int organ = 1; organ <= DEPARTMENTS; organ++)
        g_assert_true(has_item[organ]);
    bench_close(&b);
}

static void a_second_import_changes_nothing(void)
{
    Bench b;
    int64_t first, second;
    open_shipped(&b);
    Db *db = store_reader(b.store, NULL);
    g_assert_true(ledger_check(db, COUNTY, NULL, &first, NULL));
    store_return(b.store, db);
    g_assert_cmpint(import_shipped_items(&b), ==, 0);
    db = store_reader(b.store, NULL);
    g_assert_true(ledger_check(db, COUNTY, NULL, &second, NULL));
    store_return(b.store, db);
    g_assert_cmpint(second, ==, first);
    bench_close(&b);
}

/* ---- export ---- */

static GString *exported(Bench *b, bool as_workbook)
{
    const char *names[ITEM_COLUMNS + 1];
    static const enum cell_kind kinds[ITEM_COLUMNS] = { CELL_TEXT };
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    Db *db = store_reader(b->store, NULL);
    const Context context = context_of(db);
    g_assert_true(catalogue_export(&context, names, rows, &error));
    store_return(b->store, db);
    const ViewTable table = { ITEM_COLUMNS, names, kinds, rows };
    g_autoptr(GBytes) bytes = as_workbook ? view_xlsx(&table, &error) : view_csv(&table);
    g_assert_no_error(error);
    return g_string_new_len(g_bytes_get_data(bytes, NULL), (gssize)g_bytes_get_size(bytes));
}

static size_t row_of(const CsvTable *table, const char *code)
{
    size_t row = 0;
    while (row < csv_rows(table) && strcmp(csv_cell(table, row, CODE), code) != 0)
        row++;
    return row;
}

static void assert_comes_back(bool as_workbook)
{
    Bench b;
    const char *names[ITEM_COLUMNS + 1];
    g_autoptr(GError) error = NULL;
    open_shipped(&b);
    item_columns(names);
    const Embedded *file = embedded_find("data/items.csv");
    GString *out = exported(&b, as_workbook);
    g_autoptr(CsvTable) before = csv_read_required(file->bytes, file->size, names, KEEPING_YEARS, NULL), after = csv_read(out->str, out->len, names, NULL);
    g_assert_cmpuint(csv_rows(after), ==, SHIPPED);
    for (size_t row = 0; row < SHIPPED; row++)
        for (size_t i = 0; i < ITEM_COLUMNS; i++)
            g_assert_cmpstr(csv_cell(after, row_of(after, csv_cell(before, row, CODE)), i), ==, csv_cell(before, row, i));
    g_assert_cmpint(import_csv(&b, out, true, &error), ==, 0);
    g_assert_no_error(error);
    bench_close(&b);
}

static void the_table_exported_is_the_table_imported(void)
{
    assert_comes_back(false);
    assert_comes_back(true);
}

/* An office whose table has no elements of the implementation list goes on importing it. */
static void a_table_without_the_elements_is_imported(void)
{
    Bench b;
    g_autoptr(GError) error = NULL;
    bench_open(&b);
    const char *cells[ITEM_COLUMNS], *names[ITEM_COLUMNS + 1];
    GString *csv = g_string_new(NULL);
    copy_sample(cells);
    item_columns(names);
    for (size_t i = 0; i < KEEPING_YEARS; i++)
        g_string_append_printf(csv, "%s%s", i ? "," : "", names[i]);
    for (size_t i = 0; i < KEEPING_YEARS; i++)
        g_string_append_printf(csv, "%s\"%s\"", i ? "," : "\n", cells[i]);
    g_assert_cmpint(import_csv(&b, csv, true, &error), ==, 1);
    g_assert_no_error(error);
    bench_close(&b);
}

/* ---- limits ---- */

typedef struct Limit {
    const char *code;
    int days;
    enum day_unit unit;
    bool from_receipt;
    enum day_unit promised;
} Limit;

/* The items whose time does not count working days from acceptance, as law and regulation set it in 2013–2014. */
static const Limit unusual[] = {
    { "HBJ-01", 60, CALENDAR_DAYS, true, CALENDAR_DAYS }, /* Environmental Impact Assessment Law art. 22 */
    { "HBJ-02", 30, CALENDAR_DAYS, true, CALENDAR_DAYS },
    { "JYJ-01", 3, CALENDAR_MONTHS, false, CALENDAR_DAYS },        /* Private Education Law art. 16 */
    { "RSJ-02", 3, CALENDAR_MONTHS, false, CALENDAR_DAYS },
    { "MZJ-02", 60, CALENDAR_DAYS, false, CALENDAR_DAYS }, /* Social Organisations art. 12 */
    { "MZJ-03", 60, CALENDAR_DAYS, false, CALENDAR_DAYS }, /* Non-enterprise Units art. 11 */
    { "RSJ-03", 60, CALENDAR_DAYS, false, CALENDAR_DAYS }, /* Work Injury Insurance art. 20 */
    { "GAJ-02", 60, CALENDAR_DAYS, true, CALENDAR_DAYS },  /* Resident Identity Cards art. 12: from submission */
    { "GAJ-03", 15, WORKING_DAYS, true, WORKING_DAYS },    /* Passport Law art. 6 */
    { "GAJ-07", 3, WORKING_DAYS, true, WORKING_DAYS },     /* Dangerous Chemicals art. 39 */
    { "NJJ-02", 30, WORKING_DAYS, true, WORKING_DAYS },    /* Veterinary Drugs art. 22 */
    { "WGJ-01", 20, WORKING_DAYS, true, WORKING_DAYS },    /* Internet cafés art. 11 */
    { "WJJ-02", 30, CALENDAR_DAYS, false, CALENDAR_DAYS }, /* Medical Institutions art. 11 */
    { "WJJ-03", 45, CALENDAR_DAYS, false, CALENDAR_DAYS }, /* the same, art. 19 */
    { "ZJJ-04", 15, CALENDAR_DAYS, true, WORKING_DAYS },   /* Construction Law art. 8 */
};

static const Limit usual[] = {
    { "SLJ-01", 45, WORKING_DAYS, false }, /* Water Abstraction art. 19 */
    { "MZJ-05", 30, WORKING_DAYS, false }, { "GAJ-05", 2, WORKING_DAYS, false },
    { "SFJ-01", 15, WORKING_DAYS, false }, { "SFJ-02", 7, WORKING_DAYS, false },
    { "WJJ-01", 20, WORKING_DAYS, false }, { "MZJ-01", 1, WORKING_DAYS, false },
};

static void check_limits(Bench *b, const Limit *limits, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        g_autoptr(Item) item = published(b, limits[i].code);
        g_assert_cmpint(item->statutory.days, ==, limits[i].days);
        g_assert_true(item->statutory.unit == limits[i].unit);
        g_assert_true(item->promised.unit == limits[i].promised);
        g_assert_true(item->from_receipt == limits[i].from_receipt);
    }
}

static void count_unusual(const Item *item, void *data)
{
    size_t *count = data;
    *count += item->from_receipt || item->statutory.unit != WORKING_DAYS;
}

static void units_and_starts_are_those_of_the_law(void)
{
    Bench b;
    size_t count = 0;
    open_shipped(&b);
    check_limits(&b, unusual, G_N_ELEMENTS(unusual));
    check_limits(&b, usual, G_N_ELEMENTS(usual));
    each_item(&b, count_unusual, &count);
    g_assert_cmpuint(count, ==, G_N_ELEMENTS(unusual));
    bench_close(&b);
}

/* ---- near people's homes ---- */

typedef struct Delegated {
    unsigned prereviewed, issued;
} Delegated;

static bool is_inspected_or_reviewed(const Item *item)
{
    for (size_t i = 0; i < item->special_count; i++)
        if (g_str_equal(item->specials[i].kind, "inspection") ||
            g_str_equal(item->specials[i].kind, "expert_review"))
            return true;
    return false;
}

static unsigned required_materials(const Item *item)
{
    unsigned count = 0;
    for (size_t i = 0; i < item->material_count; i++)
        count += item->materials[i].required;
    return count;
}

static void count_delegated(const Item *item, void *data)
{
    Delegated *count = data;
    count->prereviewed += town_only(item, STEP_PREREVIEW);
    count->issued += town_only(item, STEP_PREREVIEW) && town_only(item, STEP_ISSUE) &&
                     item->for_person && is_inspected_or_reviewed(item) &&
                     required_materials(item) >= 3;
}

static void towns_take_part_in_what_villagers_need(void)
{
    Bench b;
    Delegated count = { 0 };
    open_shipped(&b);
    each_item(&b, count_delegated, &count);
    g_assert_cmpuint(count.prereviewed, >=, 20);
    g_assert_cmpuint(count.issued, >=, 3);
    bench_close(&b);
}

/* ---- words people type ---- */

static void check_keywords(const Item *item, void *data)
{
    (void)data;
    g_auto(GStrv) words = g_strsplit(json_text(item->details, "keywords"), "|", -1);
    unsigned chinese = 0, english = 0;
    for (size_t i = 0; words[i]; i++) {
        bool latin = g_str_is_ascii(words[i]);
        english += latin;
        chinese += !latin;
    }
    g_assert_cmpuint(chinese, >=, 3);
    g_assert_cmpuint(english, >=, 2);
}

static void every_item_has_everyday_words_in_both_languages(void)
{
    Bench b;
    open_shipped(&b);
    each_item(&b, check_keywords, NULL);
    bench_close(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/shipped/all are published and every department has some",
                    all_are_published_and_every_department_has_some);
    g_test_add_func("/shipped/a second import changes nothing", a_second_import_changes_nothing);
    g_test_add_func("/shipped/the table exported is the table imported", the_table_exported_is_the_table_imported);
    g_test_add_func("/shipped/a table without the elements is imported", a_table_without_the_elements_is_imported);
    g_test_add_func("/shipped/units and starts are those of the law",
                    units_and_starts_are_those_of_the_law);
    g_test_add_func("/shipped/towns take part in what villagers need",
                    towns_take_part_in_what_villagers_need);
    g_test_add_func("/shipped/every item has everyday words in both languages",
                    every_item_has_everyday_words_in_both_languages);
    return g_test_run();
}

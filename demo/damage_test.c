// SPDX-License-Identifier: Apache-2.0
/* One bit is flipped in one row, in every column of every table there is, behind the program's back: each is found
 * and its table named. A table that is new is covered by itself. */
#include "cases/cases.h"
#include "demo/demo.h"
#include "rooms_test.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

enum { COUNTY = 330482, CASES = 25 };

typedef struct City {
    char *folder, *file;
    Store *store;
    Context context;
    sqlite3 *other; /* another program's connection, which knows neither triggers nor rules */
    int flips;
} City;

static void make_city(City *city)
{
    g_autoptr(GError) error = NULL;
    const DemoSettings settings = { .seed = 1, .today = day_parse("2014-09-03"), .cases = CASES };
    *city = (City){ .folder = g_dir_make_tmp("damage-XXXXXX", NULL) };
    city->file = g_build_filename(city->folder, "city.db", NULL);
    g_autofree char *papers = g_strconcat(city->file, ".files", NULL), *accounts = NULL;
    city->store = store_with_rooms(city->file, 2);
    city->context = (Context){ .county = COUNTY, .calendar = calendar_built_in(), .files = files_open(papers, COUNTY, NULL, &error),
                               .random = random_secure,
                               .rooms = rooms };
    demo_make(city->store, &city->context, &settings, &accounts, &error);
    g_assert_no_error(error);
}

static void clear_city(City *city)
{
    sqlite3_close(city->other);
    store_close(city->store);
    files_close((Files *)(uintptr_t)city->context.files);
    calendar_unref((Calendar *)(uintptr_t)city->context.calendar);
    remove_tree(city->folder);
    g_free(city->folder);
    g_free(city->file);
}

/* ---- what verify finds ---- */

static void note_name(void *names, const char *table, const char *row, const char *reason, const char *detail)
{
    g_assert_true(g_utf8_validate(row, -1, NULL) && g_utf8_validate(detail, -1, NULL));
    g_string_append_printf(names, "[%s] %s %s %s;", table, row, reason, detail);
}

static void go_on(void *names, int64_t more)
{
    (void)names, (void)more;
}

/* The differences that are found, each as "[table] row reason detail"; "" when all is sound. Owned by the caller. */
static char *verify(City *city)
{
    int64_t count;
    g_autoptr(GString) names = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    const VerifyReport told = { note_name, go_on, names };
    city->context.db = store_reader(city->store, NULL);
    if (!ledger_check(city->context.db, COUNTY, &told, &count, &error) || !subject_verify_all(&city->context, &told, &count, &error) ||
        !db_sums_check(city->context.db, &told, &error))
        g_error("%s; found %s", error->message, names->str);
    store_return(city->store, city->context.db);
    return g_string_free(g_steal_pointer(&names), FALSE);
}

/* ---- another program ---- */

static sqlite3 *open_other(const char *file)
{
    sqlite3 *link;
    g_assert_cmpint(sqlite3_open(file, &link), ==, SQLITE_OK);
    sqlite3_busy_timeout(link, 10000);
    sqlite3_db_config(link, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    g_assert_cmpint(sqlite3_exec(link, "PRAGMA ignore_check_constraints = ON; PRAGMA synchronous = OFF", NULL, NULL, NULL), ==, SQLITE_OK);
    return link;
}

static sqlite3_stmt *compile(City *city, const char *sql)
{
    sqlite3_stmt *made;
    if (sqlite3_prepare_v2(city->other, sql, -1, &made, NULL) != SQLITE_OK)
        g_error("%s: %s", sql, sqlite3_errmsg(city->other));
    return made;
}

static GPtrArray *names(City *city, const char *sql)
{
    GPtrArray *all = g_ptr_array_new_with_free_func(g_free);
    sqlite3_stmt *statement = compile(city, sql);
    while (sqlite3_step(statement) == SQLITE_ROW)
        g_ptr_array_add(all, g_strdup((const char *)sqlite3_column_text(statement, 0)));
    sqlite3_finalize(statement);
    return all;
}

/* One value in one row. */
typedef struct Place {
    const char *table, *column;
    int64_t row;
    int type;
    int64_t number;
    GByteArray *bytes; /* of text and blob */
} Place;

static bool find_place(City *city, Place *place)
{
    g_autofree char *sql = g_strdup_printf("SELECT rowid, %s FROM %s WHERE %s IS NOT NULL AND %s <> '' ORDER BY rowid %% 7, rowid LIMIT 1",
                                           place->column, place->table, place->column, place->column);
    sqlite3_stmt *statement = compile(city, sql);
    bool found = sqlite3_step(statement) == SQLITE_ROW;
    place->bytes = g_byte_array_new();
    if (found) {
        place->row = sqlite3_column_int64(statement, 0);
        place->type = sqlite3_column_type(statement, 1);
        place->number = sqlite3_column_int64(statement, 1);
        g_byte_array_append(place->bytes, sqlite3_column_blob(statement, 1), (guint)sqlite3_column_bytes(statement, 1));
    }
    sqlite3_finalize(statement);
    return found;
}

/* False when a key stands in the way, or no such row. */
static bool put(City *city, const Place *place, int64_t row, int64_t number, const GByteArray *bytes)
{
    g_autofree char *sql = g_strdup_printf("UPDATE %s SET %s = %s WHERE rowid = ?", place->table, place->column,
                                           place->type == SQLITE_TEXT ? "CAST(? AS TEXT)" : "?");
    sqlite3_stmt *statement = compile(city, sql);
    if (place->type == SQLITE_INTEGER)
        sqlite3_bind_int64(statement, 1, number);
    else
        sqlite3_bind_blob(statement, 1, bytes->data, (int)bytes->len, SQLITE_STATIC);
    sqlite3_bind_int64(statement, 2, row);
    bool done = sqlite3_step(statement) == SQLITE_DONE && sqlite3_changes(city->other) == 1;
    sqlite3_finalize(statement);
    return done;
}

static int64_t flipped_number(const Place *place, unsigned bit)
{
    return place->number ^ (INT64_C(1) << bit % 63);
}

static bool flip(City *city, const Place *place, unsigned bit)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_byte_array_append(bytes, place->bytes->data, place->bytes->len);
    if (place->type != SQLITE_INTEGER)
        bytes->data[bit / 8 % bytes->len] ^= (guint8)(1 << bit % 8);
    return put(city, place, place->row, flipped_number(place, bit), bytes);
}

static void find_flip(City *city, const Place *place, unsigned bit)
{
    g_autofree char *wanted = g_strdup_printf("[%s]", place->table);
    if (!flip(city, place, bit))
        return;
    city->flips++;
    g_autofree char *found = verify(city);
    if (!strstr(found, wanted))
        g_error("bit %u of %s.%s in row %" PRId64 ": found only \"%s\"", bit, place->table, place->column, place->row, found);
    /* SQLite makes some keys the row's own number. */
    g_assert_true(put(city, place, place->row, place->number, place->bytes) ||
                  put(city, place, flipped_number(place, bit), place->number, place->bytes));
}

static void flip_column(City *city, const char *table, const char *column)
{
    Place place = { table, column };
    int before = city->flips;
    if (find_place(city, &place)) {
        for (unsigned bit = 0; city->flips == before && bit < 20; bit++)
            find_flip(city, &place, bit);
        find_flip(city, &place, place.type == SQLITE_INTEGER ? 40 : 7); /* what is no int, what is no text */
        find_flip(city, &place, (unsigned)g_test_rand_int_range(0, 1 << 16));
        if (city->flips == before)
            g_error("no bit of %s.%s could be flipped", table, column);
    }
    g_byte_array_unref(place.bytes);
}

/* ---- tables that nobody has filled ---- */

static bool run_sql(Db *db, void *sql, GError **error)
{
    return db_run(db, sql, NULL, error);
}

/* With values that fit their types, though no CHECK of the table. */
static void fill(City *city, const char *table)
{
    g_autoptr(GError) error = NULL;
    store_write(city->store, run_sql, (char[]){ "PRAGMA ignore_check_constraints = ON" }, &error);
    g_assert_no_error(error);
    g_autofree char *ask = g_strdup_printf("SELECT CASE type WHEN 'TEXT' THEN '''a''' WHEN 'BLOB' THEN 'x''61''' ELSE '1' END"
                                           " FROM pragma_table_info('%s') ORDER BY cid", table);
    g_autoptr(GPtrArray) values = names(city, ask);
    g_ptr_array_add(values, NULL);
    g_autofree char *list = g_strjoinv(", ", (char **)values->pdata);
    g_autofree char *sql = g_strdup_printf("/* all rows */ INSERT INTO %s SELECT %s WHERE NOT EXISTS (SELECT 1 FROM %s)", table, list, table);
    store_write(city->store, run_sql, sql, &error);
    g_assert_no_error(error);
}

/* ---- tests ---- */

static void a_flipped_bit_in_any_table_is_found(void)
{
    City city;
    make_city(&city);
    city.other = open_other(city.file);
    g_autoptr(GPtrArray) tables = names(&city, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
    for (guint i = 0; i < tables->len; i++)
        fill(&city, tables->pdata[i]);
    g_autofree char *sound = verify(&city);
    g_assert_cmpstr(sound, ==, "");
    for (guint i = 0; i < tables->len; i++) {
        g_autofree char *ask = g_strdup_printf("SELECT name FROM pragma_table_info('%s')", (char *)tables->pdata[i]);
        g_autoptr(GPtrArray) columns = names(&city, ask);
        for (guint j = 0; j < columns->len; j++)
            flip_column(&city, tables->pdata[i], columns->pdata[j]);
    }
    g_autofree char *again = verify(&city);
    g_assert_cmpstr(again, ==, "");
    g_test_message("%d bits in %u tables, all found", city.flips, tables->len);
    clear_city(&city);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/demo/damage/a flipped bit in any table is found", a_flipped_bit_in_any_table_is_found);
    return g_test_run();
}

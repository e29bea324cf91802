// SPDX-License-Identifier: Apache-2.0
/* Statements that would be slow where rows are many are refused. */
#include "db/fixture_test.h"
#include "db/sqlite/sqlite.h"
#include "rooms.h"

/* The tables of the rooms that have large ones. */
static void have_rooms(Fixture *fixture)
{
    g_autoptr(GError) error = NULL;
    store_migrate(fixture->store, rooms, 7, &error);
    g_assert_no_error(error);
}

static void assert_refused(Db *db, const char *sql, const char *why)
{
    g_autoptr(GError) error = NULL;
    g_assert_false(plan_check(db, sql, &error));
    if (!strstr(error->message, why))
        g_error("%s", error->message);
}

static void full_scan_or_sort_of_a_large_table_is_refused(Fixture *fixture, const void *data)
{
    static const struct { const char *sql, *why; } slow[] = {
        { "SELECT number FROM case_now", "SCAN case_now" },
        { "SELECT number FROM case_now WHERE item = :item", "SCAN case_now" },
        { "SELECT c.number FROM case_now AS c", "SCAN c" },
        { "SELECT 1 FROM organ o, case_now c WHERE o.county = :county AND c.state = o.kind", "SCAN c" },
        { "SELECT COUNT(*) FROM case_now WHERE county = :county", "(county=?)" },
        { "SELECT number FROM case_now WHERE county = :county AND state = :state LIMIT 1", "(county=?)" },
        { "SELECT number FROM case_now WHERE county = :county AND number > :after ORDER BY item LIMIT 9", "TEMP B-TREE" },
        { "UPDATE case_now SET step = 1 WHERE state = :state", "SCAN case_now" },
        { "DELETE FROM paper WHERE county = :county AND type = :type", "(county=?)" },
    };
    (void)data;
    have_rooms(fixture);
    Db *db = store_reader(fixture->store, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(slow); i++)
        assert_refused(db, slow[i].sql, slow[i].why);
    store_return(fixture->store, db);
}

static void search_by_a_key_is_allowed(Fixture *fixture, const void *data)
{
    static const char *const quick[] = {
        "SELECT number FROM case_now WHERE county = :county AND number = :number",
        "SELECT number FROM case_now WHERE county = :county AND number < :before ORDER BY number DESC LIMIT 26",
        "SELECT name FROM organ ORDER BY name",
        "/* all rows */ SELECT COUNT(*) FROM case_now",
        "INSERT INTO ledger_node (county, level, number, hash) VALUES (:county, 1, 1, :hash)",
    };
    (void)data;
    have_rooms(fixture);
    Db *db = store_reader(fixture->store, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(quick); i++) {
        g_autoptr(GError) error = NULL;
        plan_check(db, quick[i], &error);
        g_assert_no_error(error);
    }
    store_return(fixture->store, db);
}

/* The tests' builds look at every statement when it is first compiled. */
static void every_statement_is_checked(Fixture *fixture, const void *data)
{
    (void)data;
    have_rooms(fixture);
    Db *db = store_reader(fixture->store, NULL);
    g_autoptr(GError) error = NULL;
    g_assert_cmpint(db_run(db, "SELECT number FROM case_now", NULL, &error), ==, !STATEMENTS_CHECKED);
    store_return(fixture->store, db);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
#define TEST(function) g_test_add("/plan/" #function, Fixture, NULL, set_up, function, tear_down)
    TEST(full_scan_or_sort_of_a_large_table_is_refused);
    TEST(search_by_a_key_is_allowed);
    TEST(every_statement_is_checked);
    return g_test_run();
}

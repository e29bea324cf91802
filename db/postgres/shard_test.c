// SPDX-License-Identifier: Apache-2.0
/* Statements that would go to several nodes of a cluster are refused. */
#include "db/fixture_test.h"
#include "db/engine.h"

static void statement_without_county_is_refused(void)
{
    static const struct {
        const char *sql;
        bool stays;
    } statements[] = {
        { "SELECT number FROM case_now WHERE number = :number", false },
        { "SELECT 1 FROM staff s JOIN post p ON p.staff = s.id WHERE s.county = :county", false },
        { "SELECT 1 FROM staff s WHERE s.county = :county AND EXISTS (SELECT 1 FROM post p WHERE p.staff = s.id)", false },
        { "SELECT 1 FROM staff s WHERE s.county = :county AND EXISTS (SELECT 1 FROM post p WHERE p.county = s.county AND p.staff = s.id)", false },
        { "UPDATE ids SET next = :next WHERE name = :name", false },
        { "DELETE FROM paper WHERE hash = :hash", false },
        { "INSERT INTO ids (name, county, next) VALUES (:name, :county, 1)", false },
        { "INSERT INTO ids (county, name, next) SELECT county, name, next FROM ids WHERE name = :name", false },
        { "SELECT number FROM case_now WHERE county = :county AND number = :number", true },
        { "SELECT 1 FROM staff s JOIN post p ON p.county = s.county AND p.staff = s.id WHERE s.county = :county", true },
        { "SELECT 1 FROM staff s WHERE s.county = :county AND EXISTS (SELECT 1 FROM post p WHERE p.county = :county AND p.staff = s.id)", true },
        { "INSERT INTO ids (county, name, next) VALUES (:county, :name, 2) ON CONFLICT (county, name) DO UPDATE SET next = ids.next + 1", true },
        { "SELECT name FROM migration WHERE room = :room", true },
        { "SELECT COUNT(*) FROM pg_extension", true },
        { "/* all counties */ DELETE FROM db_move", true },
        { "/* all rows */ SELECT * FROM case_now ORDER BY county, number", true },
        { "SAVEPOINT work", true },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(statements); i++) {
        g_autoptr(GError) error = NULL;
        if (shard_check(statements[i].sql, &error) != statements[i].stays)
            g_error("%s", statements[i].sql);
        g_assert_true(statements[i].stays ? !error : g_error_matches(error, TROUBLE, FAULT));
    }
}

/* The tests' builds look at every statement when it is first compiled. */
static void every_statement_is_checked(Fixture *fixture, const void *data)
{
    static const Room *const rooms[] = { &db_room, NULL };
    (void)data;
    g_autoptr(GError) error = NULL;
    g_assert_true(store_migrate(fixture->store, rooms, 7, NULL));
    Db *db = store_reader(fixture->store, NULL);
    g_assert_cmpint(db_run(db, "SELECT next FROM ids WHERE name = 'x'", NULL, &error), ==, !STATEMENTS_CHECKED);
    store_return(fixture->store, db);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/shard/statement without county is refused", statement_without_county_is_refused);
    add_on_both("/shard/every statement is checked", every_statement_is_checked);
    return g_test_run();
}

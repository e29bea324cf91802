// SPDX-License-Identifier: Apache-2.0
/* Statements that would go to several nodes of a cluster are refused. */
#include "db/desk_test.h"
#include "db/connection.h"

static void what_is_not_bound_to_a_county_is_refused(void)
{
    static const char *const loose[] = {
        "SELECT number FROM case_now WHERE number = :number",
        "SELECT 1 FROM staff s JOIN post p ON p.staff = s.id WHERE s.county = :county",
        "SELECT 1 FROM staff s WHERE s.county = :county AND EXISTS (SELECT 1 FROM post p WHERE p.staff = s.id)",
        "UPDATE ids SET next = :next WHERE name = :name",
        "DELETE FROM paper WHERE hash = :hash",
        "INSERT INTO ids (name, county, next) VALUES (:name, :county, 1)",
        "INSERT INTO ids (county, name, next) SELECT county, name, next FROM ids WHERE name = :name",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(loose); i++) {
        g_autoptr(GError) error = NULL;
        if (shard_check(loose[i], &error))
            g_error("%s", loose[i]);
        g_assert_error(error, TROUBLE, FAULT);
    }
}

static void what_stays_with_one_may_run(void)
{
    static const char *const bound[] = {
        "SELECT number FROM case_now WHERE county = :county AND number = :number",
        "SELECT 1 FROM staff s JOIN post p ON p.county = s.county AND p.staff = s.id WHERE s.county = :county",
        "INSERT INTO ids (county, name, next) VALUES (:county, :name, 2) ON CONFLICT (county, name) DO UPDATE SET next = ids.next + 1",
        "SELECT name FROM migration WHERE room = :room",
        "SELECT COUNT(*) FROM pg_extension",
        "/* all counties */ DELETE FROM db_move",
        "/* all rows */ SELECT * FROM case_now ORDER BY county, number",
        "SAVEPOINT work",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(bound); i++) {
        g_autoptr(GError) error = NULL;
        shard_check(bound[i], &error);
        g_assert_no_error(error);
    }
}

/* The tests' builds look at every statement when it is first compiled. */
static void every_statement_is_looked_at(Desk *desk, const void *data)
{
    static const char *const rooms[] = { "db", NULL };
    (void)data;
    g_autoptr(GError) error = NULL;
    g_assert_true(store_migrate(desk->store, rooms, 7, NULL));
    Db *db = store_reader(desk->store, NULL);
    g_assert_cmpint(db_run(db, "SELECT next FROM ids WHERE name = 'x'", NULL, &error), ==, !PLANS_CHECKED);
    store_return(desk->store, db);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/shard/what is not bound to a county is refused", what_is_not_bound_to_a_county_is_refused);
    g_test_add_func("/shard/what stays with one may run", what_stays_with_one_may_run);
    add_on_both("/shard/every statement is looked at", every_statement_is_looked_at);
    return g_test_run();
}

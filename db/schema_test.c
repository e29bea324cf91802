// SPDX-License-Identifier: Apache-2.0
/* Schema text, rewritten for SQLite. */
#include "db/engine.h"

static void rewritten(const char *sql, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *ours = schema_rewrite(sql, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(ours, ==, expected);
}

static void schema_text_becomes_strict(void)
{
    rewritten("CREATE TABLE a (b bigint, c Double\n Precision DEFAULT (0), d BYTEA);",
              "CREATE TABLE a (b INTEGER, c REAL DEFAULT (0), d BLOB) STRICT;");
    rewritten("create table if not exists a (b TEXT)",
              "create table if not exists a (b TEXT) STRICT");
    rewritten("CREATE INDEX a ON b (c); CREATE TABLE d AS SELECT (1);",
              "CREATE INDEX a ON b (c); CREATE TABLE d AS SELECT (1);");
    rewritten("CREATE VIRTUAL TABLE a USING fts5(b);", "CREATE VIRTUAL TABLE a USING fts5(b);");
    rewritten(
        "-- BIGINT (\nCREATE /* TABLE ( */ TABLE \"bigint(\" (x TEXT DEFAULT 'it''s )BYTEA');",
        "-- BIGINT (\nCREATE /* TABLE ( */ TABLE \"bigint(\" (x TEXT DEFAULT 'it''s )BYTEA') "
        "STRICT;");
    rewritten("BIGINTS xBYTEA double dash $BIGINT 平BIGINT",
              "BIGINTS xBYTEA double dash $BIGINT 平BIGINT");
    rewritten("'BIGINT", "'BIGINT");
    rewritten("/* BIGINT", "/* BIGINT");
    rewritten(")))CREATE TABLE a (((", ")))CREATE TABLE a (((");
}

static void an_order_must_name_a_table(void)
{
    static const char *const wrong[] = { "-- append-only:", "--append-only: a; DROP TABLE b",
                                         "-- append-only: 'a'", "-- append-only: 1a" };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(schema_rewrite(wrong[i], &error));
        g_assert_error(error, TROUBLE, FAULT);
    }
    rewritten("'\n-- append-only: a\n'", "'\n-- append-only: a\n'");
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/db/schema text becomes strict", schema_text_becomes_strict);
    g_test_add_func("/db/an order must name a table", an_order_must_name_a_table);
    return g_test_run();
}

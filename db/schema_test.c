// SPDX-License-Identifier: Apache-2.0
/* Schema text rewritten for SQLite, statements numbered for PostgreSQL. */
#include "db/engine.h"

static void rewritten(const char *sql, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *ours = schema_rewrite(sql, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(ours, ==, expected);
}

static void sqlite_schema_becomes_strict(void)
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

static void append_only_order_must_name_a_table(void)
{
    static const char *const wrong[] = { "-- append-only:", "--append-only: a; DROP TABLE b",
                                         "-- append-only: 'a'", "-- append-only: 1a", "-- append-only: a but", "-- append-only: a but b but c",
                                         "-- append-only: a but b;" };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(schema_rewrite(wrong[i], &error));
        g_assert_error(error, TROUBLE, FAULT);
    }
    rewritten("'\n-- append-only: a\n'", "'\n-- append-only: a\n'");
}

static void append_only_tables_are_guarded_against_their_owner(void)
{
    g_autofree char *theirs = schema_guard("-- append-only: a\nCREATE TABLE a (b BIGINT);", NULL);
    g_assert_cmpstr(theirs, ==, "-- append-only: a\nCREATE TABLE a (b BIGINT);\n"
                                "REVOKE UPDATE, DELETE, TRUNCATE ON a FROM CURRENT_USER;");
    g_assert_null(schema_guard("-- append-only: 'a'", NULL));
    g_autofree char *but = schema_guard("-- append-only: a but b\n", NULL);
    g_assert_cmpstr(but, ==, "-- append-only: a but b\n\nREVOKE UPDATE, DELETE, TRUNCATE ON a FROM CURRENT_USER;"
                             "\nGRANT UPDATE (b) ON a TO CURRENT_USER;");
}

static void never_updated_rows_may_be_removed(void)
{
    g_autofree char *theirs = schema_guard("-- never-updated: a", NULL), *ours = schema_rewrite("-- never-updated: a", NULL);
    g_assert_cmpstr(theirs, ==, "-- never-updated: a\nREVOKE UPDATE, TRUNCATE ON a FROM CURRENT_USER;");
    g_assert_nonnull(strstr(ours, "BEFORE UPDATE ON a"));
    g_assert_null(strstr(ours, "DELETE"));
}

/* "names" in order, after a bar what is sent. */
static void numbered(const char *sql, const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    g_autoptr(GPtrArray) names = statement_number(sql, &text, &error);
    g_assert_no_error(error);
    g_autoptr(GString) all = g_string_new(NULL);
    for (guint i = 0; i < names->len; i++)
        g_string_append_printf(all, "%s ", (char *)names->pdata[i]);
    g_string_append_printf(all, "| %s", text);
    g_assert_cmpstr(all->str, ==, expected);
}

static void parameter_names_become_numbers(void)
{
    numbered("SELECT 1", "| SELECT 1");
    numbered("SELECT :b, :a,:b;\n-- done", "b a | SELECT $1, $2,$1;\n-- done");
    numbered("SELECT a::text, ':b', \":c\", 'it''s :d' /* :e */ -- :f\n, :g", "g | SELECT a::text, ':b', \":c\", 'it''s :d' /* :e */ -- :f\n, $1");
    numbered("SELECT :a::text, x[1:2], :a_1", "a a_1 | SELECT $1::text, x[1:2], $2");
    numbered("SELECT :", "| SELECT :");
}

static void nameless_parameters_and_several_statements_are_refused(void)
{
    static const char *const wrong[] = { "SELECT ?", "SELECT $1", "SELECT 1; SELECT 2", "", ";", " -- nothing", "SELECT 1; 'x" };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *text = NULL;
        g_assert_null(statement_number(wrong[i], &text, &error));
        g_assert_error(error, TROUBLE, FAULT);
        g_assert_null(text);
    }
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/db/sqlite schema becomes strict", sqlite_schema_becomes_strict);
    g_test_add_func("/db/append only order must name a table", append_only_order_must_name_a_table);
    g_test_add_func("/db/append only tables are guarded against their owner", append_only_tables_are_guarded_against_their_owner);
    g_test_add_func("/db/never updated rows may be removed", never_updated_rows_may_be_removed);
    g_test_add_func("/db/parameter names become numbers", parameter_names_become_numbers);
    g_test_add_func("/db/nameless parameters and several statements are refused", nameless_parameters_and_several_statements_are_refused);
    return g_test_run();
}

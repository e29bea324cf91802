// SPDX-License-Identifier: Apache-2.0
/* How the engine would go about a statement. Tables that grow with the years say "-- large: TABLE" in their migration;
 * a statement that reads one of them must find its rows by a key that says more than the county, and take them in the
 * order they lie in. Builds with sanitizers, the ones that all tests run, hold every statement against this when it
 * is first compiled: a new query has to pass without being listed anywhere. A statement that is there to read all
 * rows, as verification does, says so in front of its words. */
#include "db/sqlite/sqlite.h"

#include <string.h>

static const char all_rows[] = "/* all rows */";

static bool is_large(const char *table)
{
    g_autofree char *order = g_strdup_printf("\n-- large: %s\n", table);
    for (size_t i = 0; i < embedded_count; i++)
        if (g_str_has_suffix(embedded[i].name, ".sql") && strstr(embedded[i].bytes, order))
            return true;
    return false;
}

/* The table behind the name by which the plan calls it: what stands before an alias. Owned by the caller. */
static char *table_called(const char *sql, const char *name)
{
    g_autofree char *pattern = g_strdup_printf("\\b([a-z_0-9]+)\\s+(?:AS\\s+)?%s\\b", name);
    g_autoptr(GRegex) alias = g_regex_new(pattern, G_REGEX_CASELESS, 0, NULL);
    g_autoptr(GMatchInfo) found = NULL;
    for (g_regex_match(alias, sql, 0, &found); g_match_info_matches(found); g_match_info_next(found, NULL)) {
        g_autofree char *table = g_match_info_fetch(found, 1);
        if (is_large(table))
            return g_steal_pointer(&table);
    }
    return g_strdup(name);
}

typedef struct Plan {
    const char *sql;
    bool large; /* it reads a large table */
} Plan;

/* "SCAN case_now …" reads every row, "SEARCH case_now USING … (county=?)" every row of the county. */
static bool reads_all(Plan *self, const char *line)
{
    g_auto(GStrv) words = g_strsplit(line, " ", 3);
    bool scan = strcmp(words[0], "SCAN") == 0;
    if ((!scan && strcmp(words[0], "SEARCH") != 0) || !words[1])
        return false;
    g_autofree char *table = table_called(self->sql, words[1]);
    bool large = is_large(table);
    self->large |= large;
    return large && (scan || g_str_has_suffix(line, "(county=?)"));
}

static bool sorts(const char *line)
{
    return strstr(line, "USE TEMP B-TREE") != NULL;
}

/* NULL when all is well; else the line that is not. Owned by the caller. */
static char *worst(sqlite3_stmt *explained, Plan *plan)
{
    g_autofree char *sorted = NULL;
    while (sqlite3_step(explained) == SQLITE_ROW) {
        const char *line = (const char *)sqlite3_column_text(explained, 3);
        if (reads_all(plan, line))
            return g_strdup(line);
        if (sorts(line) && !sorted)
            sorted = g_strdup(line);
    }
    return plan->large ? g_steal_pointer(&sorted) : NULL;
}

bool plan_check(Db *db, const char *sql, GError **error)
{
    Plan plan = { .sql = sql };
    sqlite3_stmt *explained = NULL;
    g_autofree char *explain = g_strconcat("EXPLAIN QUERY PLAN ", sql, NULL);
    if (g_str_has_prefix(sql, all_rows))
        return true;
    if (sqlite3_prepare_v2(db->link, explain, -1, &explained, NULL) != SQLITE_OK)
        return engine_trouble(db, explain, error);
    g_autofree char *line = worst(explained, &plan);
    sqlite3_finalize(explained);
    return !line || fault(error, "slow where rows are many, %s: %s", line, sql);
}

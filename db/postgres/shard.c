// SPDX-License-Identifier: Apache-2.0
/* Every statement stays with one county, so that on a cluster it stays on one node: each table it names is bound by its
 * county, to the one asked for, or in a join to another table's. Where a query inside another is bound to a table of that
 * other one, Citus asks every shard. Builds with sanitizers, the ones that all tests run, hold every
 * statement against this, as plan.c does with its plan; one that is there to go through all of them says so in front. */
#include "db/engine.h"

#include <string.h>

/* Tables of the rooms; a server's own, and the list of migrations, lie on each node. */
static bool has_county(const char *table)
{
    g_autofree char *made = g_strdup_printf("CREATE TABLE %s (", table), *again = g_strdup_printf("CREATE TABLE IF NOT EXISTS %s (", table);
    for (size_t i = 0; i < embedded_count; i++)
        if (g_str_has_suffix(embedded[i].name, ".sql") && strcmp(table, "migration") != 0 &&
            (strstr(embedded[i].bytes, made) || strstr(embedded[i].bytes, again)))
            return true;
    return false;
}

static unsigned matches(const char *sql, const char *pattern)
{
    g_autoptr(GRegex) regex = g_regex_new(pattern, 0, 0, NULL);
    g_autoptr(GMatchInfo) found = NULL;
    unsigned count = 0;
    for (g_regex_match(regex, sql, 0, &found); g_match_info_matches(found); g_match_info_next(found, NULL))
        count++;
    return count;
}

static unsigned tables_in(const char *sql)
{
    g_autoptr(GRegex) named = g_regex_new("\\b(?:FROM|JOIN|UPDATE|INTO)\\s+([a-z_0-9]+)", 0, 0, NULL);
    g_autoptr(GMatchInfo) found = NULL;
    unsigned count = 0;
    for (g_regex_match(named, sql, 0, &found); g_match_info_matches(found); g_match_info_next(found, NULL)) {
        g_autofree char *table = g_match_info_fetch(found, 1);
        count += has_county(table);
    }
    return count;
}

bool shard_check(const char *sql, GError **error)
{
    bool goes_through_all = g_str_has_prefix(sql, "/* all rows */") || g_str_has_prefix(sql, "/* all counties */");
    unsigned bound = matches(sql, "\\bcounty = ") + matches(sql, "\\bINTO\\s+[a-z_0-9]+\\s*\\(county\\b");
    bool stays = bound >= tables_in(sql) && !matches(sql, "\\bWHERE [^()]*\\bcounty = [a-z_]+\\.county");
    return goes_through_all || stays || fault(error, "a table is not bound to one county: %s", sql);
}

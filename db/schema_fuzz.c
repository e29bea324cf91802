// SPDX-License-Identifier: Apache-2.0
/* For any text rewriting ends, SQLite never makes a table of it that is not strict, and what PostgreSQL is sent
 * has no more parameters than can stand in it. */
#include "db/engine.h"

#include <sqlite3.h>
#include <string.h>

/* Tables, their indexes and triggers; no queries, so that nothing takes long or leaves memory. */
static int allow(void *data, int action, const char *a, const char *b, const char *c, const char *d)
{
    (void)data, (void)a, (void)b, (void)c, (void)d;
    static const int allowed[] = { SQLITE_CREATE_TABLE, SQLITE_CREATE_INDEX, SQLITE_CREATE_TRIGGER,
                                   SQLITE_INSERT,       SQLITE_UPDATE,       SQLITE_READ,
                                   SQLITE_FUNCTION,     SQLITE_REINDEX };
    for (size_t i = 0; i < G_N_ELEMENTS(allowed); i++)
        if (action == allowed[i])
            return SQLITE_OK;
    return SQLITE_DENY;
}

static int no_row(void *sql, int count, char **values, char **names)
{
    (void)count, (void)names;
    g_error("table %s is not strict after: %s", values[0], (char *)sql);
}

static void make_tables(char *sql)
{
    sqlite3 *link = NULL;
    sqlite3_open(":memory:", &link);
    sqlite3_set_authorizer(link, allow, NULL);
    sqlite3_exec(link, sql, NULL, NULL, NULL);
    sqlite3_set_authorizer(link, NULL, NULL);
    sqlite3_exec(link,
                 "SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0 "
                 "AND name NOT LIKE 'sqlite!_%' ESCAPE '!'",
                 no_row, sql, NULL);
    sqlite3_close(link);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_autofree char *sql = schema_rewrite(text, NULL);
    /* Names in [] and `` are SQLite's own and not in the dialect. */
    if (sql && !strpbrk(sql, "[`"))
        make_tables(sql);
    g_autofree char *guarded = schema_guard(text, NULL), *numbered = NULL;
    g_autoptr(GPtrArray) names = statement_number(text, &numbered, NULL);
    if ((guarded && !g_str_has_prefix(guarded, text)) || (names && names->len > strlen(text) / 2))
        g_error("guarded: %s, with %u names: %s", guarded, names ? names->len : 0, numbered);
    return 0;
}

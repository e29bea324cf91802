// SPDX-License-Identifier: Apache-2.0
/* The list of erasures beside the database, "<address>.erased": a line "subject day hash" for each, with the hash of the event's leaf;
 * of a restriction the day until which it lasts stands behind.
 * It is outside the database on purpose, like the checkpoint: a backup that is restored brings back what was erased since, and the
 * list tells what to erase again. It names nobody. */
#include "ledger/store.h"

#include <string.h>

enum { FOR_ALL = 0644 };

static char *file_of(const char *address)
{
    return g_strconcat(address, ".erased", NULL);
}

static void add_line(GString *out, const DbRows *rows)
{
    size_t length = 0;
    const void *leaf = db_column_bytes(rows, 2, &length);
    g_autofree char *hash = text_hex(leaf, length);
    g_autoptr(json_t) payload = json_loads(db_column_text(rows, 3), 0, NULL);
    const char *until = json_text(json_object_get(payload, "facts"), "day");
    g_string_append_printf(out, "%s %s %s%s%s\n", db_column_text(rows, 0), DAY_WRITTEN(day_of(db_column_int(rows, 1))), hash, *until ? " " : "", until);
}

/* The lines of what the ledger itself tells. */
static char *lines_of(const Context *context, GError **error)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_autoptr(DbRows) rows = db_query(context->db,
        "SELECT event.subject, event.at, event.leaf, event.payload FROM ledger_erasure JOIN event ON event.county = :county"
        " AND event.number = ledger_erasure.number WHERE ledger_erasure.county = :county ORDER BY ledger_erasure.number",
        WITH(db_int("county", context->county)), error);
    while (rows && db_next(rows, error))
        add_line(out, rows);
    return rows && !db_failed(rows) ? g_string_free(g_steal_pointer(&out), FALSE) : NULL;
}

static GHashTable *set_of(char **lines)
{
    GHashTable *set = g_hash_table_new(g_str_hash, g_str_equal);
    for (; *lines; lines++)
        g_hash_table_add(set, *lines);
    return set;
}

static bool is_line(const char *line)
{
    g_auto(GStrv) parts = g_strsplit(line, " ", -1);
    guint count = g_strv_length(parts);
    return (count == 3 || (count == 4 && day_parse(parts[3]) != DAY_NONE)) && strchr(parts[0], '/') && day_parse(parts[1]) != DAY_NONE &&
           strlen(parts[2]) == 2 * HASH_BYTES;
}

char *ledger_erased_read(const char *line, Day *until)
{
    g_auto(GStrv) parts = g_strsplit(line, " ", -1);
    *until = g_strv_length(parts) == 4 ? day_parse(parts[3]) : 0;
    return g_strdup(parts[0]);
}

char **ledger_erased_missing(const Context *context, const char *address, GError **error)
{
    g_autofree char *file = file_of(address), *text = NULL, *own = NULL;
    g_autoptr(GStrvBuilder) missing = g_strv_builder_new();
    if (!file_read(file, &text, error) || !(own = lines_of(context, error)))
        return NULL;
    g_auto(GStrv) lines = g_strsplit(text ? text : "", "\n", -1), known = g_strsplit(own, "\n", -1);
    g_autoptr(GHashTable) set = set_of(known);
    for (char **line = lines; *line; line++) {
        if (**line && !is_line(*line))
            return refuse(error, CONFLICT, "ledger.erased_form", "file", file, "line", DECIMAL(line - lines + 1), NULL);
        if (**line && g_hash_table_add(set, *line))
            g_strv_builder_add(missing, *line);
    }
    return g_strv_builder_end(missing);
}

bool ledger_erased_list(const Context *context, const char *address, char **further, GError **error)
{
    g_autofree char *file = file_of(address), *text = NULL, *own = NULL;
    if (!file_read(file, &text, error) || !(own = lines_of(context, error)))
        return false;
    g_autofree char *more = further ? g_strjoinv("\n", further) : g_strdup(""), *all = g_strconcat(own, more, *more ? "\n" : "", NULL);
    return strcmp(all, text ? text : "") == 0 || file_replace(file, all, FOR_ALL, error);
}

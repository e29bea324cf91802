// SPDX-License-Identifier: Apache-2.0
/* Sums over tables: made anew by the migration that makes or changes a table, kept with every row (sums.c), held against
 * the rows by `pinghu verify`. Nothing else ever makes them anew, so that no damage is taken for true. A table that
 * can be recomputed from others has none: "-- recomputed: TABLE" stands in its migration. */
#include "db/sqlite/sqlite.h"

#include <string.h>

static const char schema[] = "schema"; /* the sum over the list of tables, indexes and triggers */
static const char watched[] = "db_watched"; /* the list of the tables that have a sum; its own is made anew with it */

/* The first column of the rows. */
static GPtrArray *names(Db *db, const char *sql, const DbArg *args, GError **error)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(DbRows) rows = db_query(db, sql, args, error);
    while (db_next(rows, error))
        g_ptr_array_add(all, g_strdup(db_column_text(rows, 0)));
    return db_failed(rows) ? NULL : g_steal_pointer(&all);
}

static GPtrArray *columns_of(Db *db, const char *table, GError **error)
{
    return names(db, "SELECT name FROM pragma_table_info(:table) ORDER BY cid", WITH(db_text("table", table)), error);
}

/* ---- the sums kept ---- */

bool sums_add(Db *self, const char *table, int64_t county, int64_t rows, int64_t sum, GError **error)
{
    int64_t changed;
    const DbArg *args = WITH(db_int("rows", rows), db_int("sum", sum), db_int("county", county), db_text("name", table));
    return db_change(self, "UPDATE db_sum SET rows = rows + :rows, sum = sum_plus(sum, :sum),"
                           " own = row_hash(county, name, rows + :rows, sum_plus(sum, :sum)) WHERE county = :county AND name = :name",
                     args, &changed, error) &&
           (changed || db_run(self, "INSERT INTO db_sum (county, name, rows, sum, own)"
                                    " VALUES (:county, :name, :rows, :sum, row_hash(:county, :name, :rows, :sum))", args, error));
}

/* The rows of a county, and what is kept of them. */
typedef struct Total {
    int64_t county, rows, kept_rows;
    uint64_t sum, kept_sum;
} Total;

static Total *total_of(GArray *totals, int64_t county)
{
    guint i = 0;
    while (i < totals->len && g_array_index(totals, Total, i).county != county)
        i++;
    if (i == totals->len)
        g_array_append_val(totals, ((Total){ .county = county }));
    return &g_array_index(totals, Total, i);
}

/* The columns of the rows are county and hash, from the rows themselves and not from an index that repeats them. */
static DbRows *hashes_of(Db *db, const char *name, GError **error)
{
    if (strcmp(name, schema) == 0)
        return db_query(db, "SELECT 0, row_hash(type, name, tbl_name, sql) FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'", NULL, error);
    g_autoptr(GPtrArray) columns = columns_of(db, name, error);
    if (!columns)
        return NULL;
    bool has_county = g_ptr_array_find_with_equal_func(columns, "county", g_str_equal, NULL);
    g_ptr_array_add(columns, NULL);
    g_autofree char *row = g_strjoinv(", ", (char **)columns->pdata);
    g_autofree char *sql = g_strdup_printf("/* all rows */ SELECT %s, row_hash(%s) FROM %s NOT INDEXED", has_county ? "county" : "0", row, name);
    return db_query(db, sql, NULL, error);
}

/* Adds up all rows by county. */
static bool add_up(Db *db, const char *name, GArray *totals, GError **error)
{
    g_autoptr(DbRows) rows = hashes_of(db, name, error);
    Total *total = NULL;
    while (db_next(rows, error)) {
        if (!total || total->county != db_column_int(rows, 0))
            total = total_of(totals, db_column_int(rows, 0));
        total->rows++;
        total->sum += (uint64_t)db_column_int(rows, 1);
    }
    return !db_failed(rows);
}

static bool make_anew(Db *db, const char *name, GError **error)
{
    g_autoptr(GArray) totals = g_array_new(FALSE, FALSE, sizeof(Total));
    bool made = add_up(db, name, totals, error);
    sums_forget(db, name);
    made = made && db_run(db, "/* all counties */ DELETE FROM db_sum WHERE name = :name", WITH(db_text("name", name)), error);
    for (guint i = 0; made && i < totals->len; i++) {
        const Total *total = &g_array_index(totals, Total, i);
        made = sums_add(db, name, total->county, total->rows, (int64_t)total->sum, error);
    }
    return made;
}

/* ---- which tables ---- */

/* SQLite keeps no values of an added column in older rows, and tells none when such a row changes, so all rows are written once
 * more, past the triggers that forbid it. */
static bool write_anew(Db *db, const char *name, GError **error)
{
    g_autoptr(GPtrArray) columns = columns_of(db, name, error);
    if (!columns)
        return false;
    const char *column = columns->pdata[0];
    g_autofree char *sql = g_strdup_printf("UPDATE %s SET %s = %s", name, column, column);
    sqlite3_db_config(db->link, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    bool written = db->engine->script(db, sql, error);
    sqlite3_db_config(db->link, SQLITE_DBCONFIG_ENABLE_TRIGGER, 1, NULL);
    return written;
}

static bool note_table(Db *db, const char *name, GError **error)
{
    return db_run(db, "INSERT INTO db_watched (county, name, made_by) SELECT 0, name, sql FROM sqlite_master"
                      " WHERE type = 'table' AND name = :name ON CONFLICT (county, name) DO UPDATE SET made_by = excluded.made_by",
                  WITH(db_text("name", name)), error);
}

/* The sum of a table that is new, or is made by another text than before, begins anew. */
static bool watch(Db *db, const char *name, GError **error)
{
    bool known;
    int64_t same;
    if (!db_integer(db, "SELECT sql = made_by FROM db_watched JOIN sqlite_master ON sqlite_master.name = db_watched.name"
                        " WHERE db_watched.county = 0 AND db_watched.name = :name AND type = 'table'",
                    WITH(db_text("name", name)), &same, &known, error))
        return false;
    return (known && same) || ((!known || write_anew(db, name, error)) && make_anew(db, name, error) && note_table(db, name, error));
}

static bool is_recomputed(const Embedded *files, size_t count, const char *table)
{
    g_autofree char *order = g_strdup_printf("\n-- recomputed: %s\n", table);
    for (size_t i = 0; i < count; i++)
        if (g_str_has_suffix(files[i].name, ".sql") && (g_str_has_prefix(files[i].bytes, order + 1) || strstr(files[i].bytes, order)))
            return true;
    return false;
}

static bool forget_gone(Db *db, GError **error)
{
    return db_run(db, "/* all counties */ DELETE FROM db_watched WHERE name NOT IN (SELECT name FROM sqlite_master WHERE type = 'table')", NULL, error) &&
           db_run(db, "/* all counties */ DELETE FROM db_sum WHERE name NOT IN (SELECT name FROM db_watched)", NULL, error);
}

/* The database's own first file comes before the list of tables can be kept. */
static bool has_list(Db *db, bool *has, GError **error)
{
    int64_t one;
    return db_integer(db, "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'db_watched'", NULL, &one, has, error);
}

bool sums_watch(Db *self, const Embedded *files, size_t count, GError **error)
{
    bool has;
    if (!self->link) /* a server has checksums of its own (initdb --data-checksums) */
        return true;
    if (!has_list(self, &has, error) || !has)
        return !has;
    g_autoptr(GPtrArray) tables = names(self, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
                                              " AND name NOT IN ('db_sum', 'db_watched') ORDER BY name", NULL, error);
    for (guint i = 0; tables && i < tables->len; i++)
        if (!is_recomputed(files, count, tables->pdata[i]) && !watch(self, tables->pdata[i], error))
            return false;
    g_clear_pointer(&self->tables, g_hash_table_unref);
    return tables && forget_gone(self, error) && make_anew(self, watched, error) &&
           make_anew(self, schema, error);
}

bool sums_tables(Db *self, GError **error)
{
    bool has;
    g_autoptr(GHashTable) tables = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (!has_list(self, &has, error) || !has)
        return !has;
    g_autoptr(DbRows) rows = db_query(self,
        "/* all counties */ SELECT name, COALESCE((SELECT cid FROM pragma_table_info(db_watched.name) own WHERE own.name = 'county'), -1) FROM db_watched",
        NULL, error);
    while (db_next(rows, error))
        g_hash_table_insert(tables, g_strdup(db_column_text(rows, 0)), GINT_TO_POINTER((int)db_column_int(rows, 1)));
    if (db_failed(rows))
        return false;
    self->tables = g_steal_pointer(&tables);
    return true;
}

/* ---- checking ---- */

static bool tell(const VerifyReport *told, const char *table, const Total *total, GError **error)
{
    g_autofree char *county = g_strdup_printf("county %" PRId64, total->county);
    g_autofree char *rows = g_strdup_printf("%" PRId64 " / %" PRId64, total->rows, total->kept_rows);
    bool altered = total->rows == total->kept_rows;
    return report_difference(told, table, county, altered ? "db.found_altered" : "db.found_rows", altered ? "" : rows, error);
}

static bool read_kept(Db *db, const char *table, GArray *totals, GError **error)
{
    g_autoptr(DbRows) rows = db_query(db, "/* all counties */ SELECT county, rows, sum FROM db_sum WHERE name = :name", WITH(db_text("name", table)), error);
    while (db_next(rows, error)) {
        Total *total = total_of(totals, db_column_int(rows, 0));
        total->kept_rows = db_column_int(rows, 1);
        total->kept_sum = (uint64_t)db_column_int(rows, 2);
    }
    return !db_failed(rows);
}

/* A table that cannot be read differs too. */
static bool check_table(Db *db, const char *table, const VerifyReport *told, GError **error)
{
    g_autoptr(GError) why = NULL;
    g_autoptr(GArray) totals = g_array_new(FALSE, FALSE, sizeof(Total));
    if (!read_kept(db, table, totals, &why) || !add_up(db, table, totals, &why))
        return report_difference(told, table, "", "db.found_unread", why->message, error);
    for (guint i = 0; i < totals->len; i++) {
        const Total *total = &g_array_index(totals, Total, i);
        bool differs = total->rows != total->kept_rows || total->sum != total->kept_sum;
        if (differs && !tell(told, table, total, error))
            return false;
    }
    return true;
}

#define WATCHED "SELECT name FROM db_watched"

static bool check_own(Db *db, const VerifyReport *told, GError **error)
{
    g_autoptr(GPtrArray) altered = names(db, "/* all counties */ SELECT name FROM db_sum WHERE own <> row_hash(county, name, rows, sum)"
                                             " OR (name NOT IN ('schema', 'db_watched') AND name NOT IN (" WATCHED "))", NULL, error);
    for (guint i = 0; altered && i < altered->len; i++) {
        g_autofree char *name = g_utf8_make_valid(altered->pdata[i], -1);
        if (!report_difference(told, "db_sum", name, "db.found_altered", "", error))
            return false;
    }
    return altered != NULL;
}

bool db_sums_check(Db *self, const VerifyReport *told, GError **error)
{
    if (!self->link) /* a server has checksums of its own (initdb --data-checksums) */
        return true;
    g_autoptr(GPtrArray) tables = names(self, "/* all counties */ " WATCHED " ORDER BY 1", NULL, error);
    if (!tables || !check_own(self, told, error) || !check_table(self, schema, told, error) ||
        !check_table(self, watched, told, error))
        return false;
    for (guint i = 0; i < tables->len; i++)
        if (!check_table(self, tables->pdata[i], told, error))
            return false;
    return true;
}

// SPDX-License-Identifier: Apache-2.0
/* Every table of a server's database given over to Citus, by county: what a county has lies on one node, its keys and what they
 * point to side by side. First the schema is held against what Citus cannot do; a table that it would refuse half-way, or
 * take without guarding its keys, stops all. The list of migrations stays on the node where all connect. */
#include "db/engine.h"

#include <string.h>

/* Each gives the tables, and what of them, that are not as they have to be. */
#define OF_OURS " JOIN pg_namespace n ON n.oid = t.relnamespace AND n.nspname = current_schema() WHERE t.relkind = 'r' AND t.relname <> 'migration'"
static const struct Rule {
    const char *reason, *sql;
} rules[] = {
    { "db.lint_county", "SELECT t.relname, 'county' FROM pg_class t LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attname = 'county'"
                        " AND a.attnotnull AND a.atttypid = CAST('bigint' AS regtype)" OF_OURS " AND a.attname IS NULL ORDER BY 1" },
    { "db.lint_no_key", "SELECT t.relname, 'PRIMARY KEY' FROM pg_class t LEFT JOIN pg_index i ON i.indrelid = t.oid AND i.indisprimary"
                        OF_OURS " AND i.indrelid IS NULL ORDER BY 1" },
    { "db.lint_key", "SELECT t.relname, x.relname FROM pg_class t JOIN pg_index i ON i.indrelid = t.oid AND i.indisunique"
                     " JOIN pg_class x ON x.oid = i.indexrelid LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]"
                     OF_OURS " AND a.attname IS DISTINCT FROM 'county' ORDER BY 1, 2" },
    { "db.lint_points", "SELECT t.relname, k.conname FROM pg_class t JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype = 'f'"
                        " LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.conkey[1]"
                        " LEFT JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = k.confkey[1]"
                        OF_OURS " AND (a.attname <> 'county' OR b.attname <> 'county') ORDER BY 1, 2" },
    { "db.lint_null", "SELECT t.relname, k.conname FROM pg_class t JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype = 'f'"
                      OF_OURS " AND (k.confdeltype IN ('n', 'd') OR k.confupdtype IN ('n', 'd')) ORDER BY 1, 2" },
    { "db.lint_later", "SELECT t.relname, k.conname FROM pg_class t JOIN pg_constraint k ON k.conrelid = t.oid AND k.condeferrable"
                       OF_OURS " ORDER BY 1, 2" },
    { "db.lint_trigger", "SELECT t.relname, g.tgname FROM pg_class t JOIN pg_trigger g ON g.tgrelid = t.oid AND NOT g.tgisinternal"
                         OF_OURS " ORDER BY 1, 2" },
    { "db.lint_serial", "SELECT t.relname, s.relname FROM pg_class t JOIN pg_depend d ON d.refobjid = t.oid AND d.deptype IN ('a', 'i')"
                        " JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S'" OF_OURS " ORDER BY 1, 2" },
};
static const char distributed[] = "SELECT t.relname FROM pg_class t JOIN pg_dist_partition p ON p.logicalrelid = t.oid" OF_OURS " ORDER BY 1";
/* A table comes after those that its keys point to. `fixed`: it only grows, so it may not be emptied either (schema.c). */
static const char our_tables[] = "SELECT t.relname, NOT has_table_privilege(t.oid, 'UPDATE') AS fixed FROM pg_class t" OF_OURS
                                 " ORDER BY (SELECT COUNT(*) FROM pg_constraint k WHERE k.conrelid = t.oid AND k.contype = 'f'), 1";

static bool hold(Db *db, const struct Rule *rule, const VerifyReport *told, unsigned *faults, GError **error)
{
    g_autoptr(DbRows) rows = db_query(db, rule->sql, NULL, error);
    for (; db_next(rows, error); ++*faults)
        told->found(told->data, db_column_text(rows, 0), db_column_text(rows, 1), rule->reason, "");
    return !db_failed(rows);
}

static bool lint(Db *db, const VerifyReport *told, const char *file, GError **error)
{
    unsigned faults = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(rules); i++)
        if (!hold(db, &rules[i], told, &faults, error))
            return false;
    g_autofree char *count = g_strdup_printf("%u", faults);
    return !faults || refuse(error, CONFLICT, "db.not_for_citus", "file", file, "count", count, NULL);
}

static bool has(const json_t *tables, const char *name)
{
    for (size_t i = 0; i < json_array_size(tables); i++)
        if (strcmp(json_text(json_array_get(tables, i), "relname"), name) == 0)
            return true;
    return false;
}

/* Shards of one county lie together. */
static char *spread(const char *name, const char *with)
{
    g_autofree char *place = with ? g_strdup_printf("colocate_with => '%s'", with) : g_strdup("shard_count => 32");
    return g_strdup_printf("SELECT create_distributed_table('%s', 'county', %s)", name, place);
}

/* The rows that a table had are on the shards too; where they were before, they go. */
static void add_emptying(GPtrArray *all, const json_t *table)
{
    const char *name = json_text(table, "relname");
    bool fixed = json_integer_value(json_object_get(table, "fixed"));
    if (fixed)
        g_ptr_array_add(all, g_strdup_printf("GRANT TRUNCATE ON %s TO CURRENT_USER", name));
    g_ptr_array_add(all, g_strdup_printf("SELECT truncate_local_data_after_distributing_table('%s')", name));
    if (fixed)
        g_ptr_array_add(all, g_strdup_printf("REVOKE TRUNCATE ON %s FROM CURRENT_USER", name));
}

/* Keys that point into a table not distributed yet are let be meanwhile. Tables are emptied once all are distributed, also
 * those that an earlier attempt had come to, and what points to others first. */
static GPtrArray *orders(Db *db, bool citus, GError **error)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(json_t) tables = db_rows(db, our_tables, NULL, error);
    g_autoptr(json_t) there = citus ? db_rows(db, distributed, NULL, error) : json_array();
    if (!tables || !there)
        return NULL;
    const char *with = json_array_size(there) ? json_text(json_array_get(there, 0), "relname") : NULL;
    g_ptr_array_add(all, g_strdup("SET citus.enable_local_reference_table_foreign_keys = off"));
    for (size_t i = 0; i < json_array_size(tables); i++) {
        const char *name = json_text(json_array_get(tables, i), "relname");
        if (!has(there, name))
            g_ptr_array_add(all, spread(name, with));
        with = with ? with : name;
    }
    for (size_t i = json_array_size(tables); i-- > 0;)
        add_emptying(all, json_array_get(tables, i));
    return g_steal_pointer(&all);
}

typedef struct Distribution {
    const char *file;
    bool dry;
    const VerifyReport *told;
    GPtrArray *orders;
} Distribution;

static bool plan(Db *db, void *data, GError **error)
{
    Distribution *self = data;
    int64_t citus;
    bool found;
    if (!lint(db, self->told, self->file, error) ||
        !db_integer(db, "SELECT COUNT(*) FROM pg_extension WHERE extname = 'citus'", NULL, &citus, &found, error))
        return false;
    if (!citus && !self->dry)
        return refuse(error, CONFLICT, "db.no_citus", "file", self->file, NULL);
    g_clear_pointer(&self->orders, g_ptr_array_unref);
    self->orders = orders(db, citus, error);
    return self->orders != NULL;
}

static bool carry_out(Db *db, void *sql, GError **error)
{
    return db_run(db, sql, NULL, error);
}

bool store_distribute(Store *self, bool dry, const VerifyReport *told, void order(void *data, const char *sql), GError **error)
{
    Distribution all = { .file = self->name, .dry = dry, .told = told };
    if (!engine_is_server(self->file))
        return refuse(error, CONFLICT, "db.not_a_server", "file", self->name, NULL);
    bool well = store_write(self, plan, &all, error);
    for (guint i = 0; well && i < all.orders->len; i++) {
        order(told->data, all.orders->pdata[i]);
        well = dry || store_write(self, carry_out, all.orders->pdata[i], error);
    }
    g_clear_pointer(&all.orders, g_ptr_array_unref);
    return well;
}

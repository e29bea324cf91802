// SPDX-License-Identifier: Apache-2.0
/* Nodes that the tree has lost are made again as they were; events that are lost are not made up. */
#include "ledger/store.h"
#include "rooms_test.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

enum { COUNTY = 330482, EVENTS = 66000 /* so that level 2 has a node */ };

typedef struct Ledger {
    char *folder, *file;
    Store *store;
    char *before;
} Ledger;

static bool append_all(Db *db, void *data, GError **error)
{
    (void)data;
    const Context context = { .db = db, .county = COUNTY, .random = random_secure };
    for (int i = 0; i < EVENTS; i++) {
        Event event = { .subject = "case/1", .kind = "case.test", .item = "", .at = i, .payload = "{}" };
        if (!ledger_append(&context, &event, -1, error))
            return false;
    }
    return true;
}

static void add_rows(GString *out, Db *db, const char *sql)
{
    g_autoptr(json_t) rows = db_rows(db, sql, NULL, NULL);
    g_autofree char *text = json_dumps(rows, JSON_COMPACT);
    g_string_append(out, text);
}

/* All that tiles, proofs and roots are read from, and some of each. Owned by the caller. */
static char *tree_text(Ledger *self)
{
    GString *out = g_string_new(NULL);
    TreeEdge edge;
    Hash nodes[TILE_WIDTH], root;
    Db *db = store_reader(self->store, NULL);
    add_rows(out, db, "/* all rows */ SELECT level, number, hash FROM ledger_node ORDER BY level, number");
    add_rows(out, db, "/* all counties */ SELECT size, hash, peaks FROM ledger_edge");
    g_assert_true(ledger_edge(db, COUNTY, &edge, NULL));
    g_assert_true(ledger_read_nodes(&(LedgerNodes){ db, COUNTY }, 1, 0, TILE_WIDTH, nodes, NULL));
    tree_root(&edge, &root);
    g_autofree char *hex = text_hex(root.bytes, HASH_BYTES), *tile = text_hex(nodes, sizeof nodes);
    g_string_append_printf(out, "%s %s", hex, tile);
    store_return(self->store, db);
    return g_string_free(out, FALSE);
}

static void set_up(Ledger *self, const void *data)
{
    (void)data;
    self->folder = g_dir_make_tmp("mend-XXXXXX", NULL);
    self->file = g_build_filename(self->folder, "test.db", NULL);
    self->store = store_with_rooms(self->file, 2);
    g_assert_true(store_write(self->store, append_all, NULL, NULL));
    self->before = tree_text(self);
}

static void tear_down(Ledger *self, const void *data)
{
    (void)data;
    store_close(self->store);
    remove_tree(self->folder);
    g_free(self->folder);
    g_free(self->file);
    g_free(self->before);
}

static void lose(Ledger *self, const char *sql)
{
    sqlite3 *link;
    g_assert_cmpint(sqlite3_open(self->file, &link), ==, SQLITE_OK);
    sqlite3_busy_timeout(link, 10000);
    sqlite3_db_config(link, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    g_assert_cmpint(sqlite3_exec(link, sql, NULL, NULL, NULL), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_changes(link), >, 0);
    sqlite3_close(link);
}

static bool mend(Db *db, void *data, GError **error)
{
    (void)data;
    const Context context = { .db = db, .county = COUNTY };
    return ledger_mend(&context, error);
}

static void what_is_whole_is_left_alone(Ledger *self, const void *data)
{
    (void)data;
    gint64 began = g_get_monotonic_time();
    g_assert_true(store_write(self->store, mend, NULL, NULL));
    g_test_message("%d events looked over in %" PRId64 " µs", EVENTS, (int64_t)(g_get_monotonic_time() - began));
}

static void what_is_lost_is_made_again(Ledger *self, const void *data)
{
    (void)data;
    static const char *const losses[] = {
        "DELETE FROM ledger_node",
        "DELETE FROM ledger_node WHERE level = 2",
        "DELETE FROM ledger_node WHERE level = 1 AND number IN (0, 77, 256)",
        "DELETE FROM ledger_edge",
        "DELETE FROM ledger_node; DELETE FROM ledger_edge",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(losses); i++) {
        int64_t count;
        lose(self, losses[i]);
        g_test_expect_message("pinghu", G_LOG_LEVEL_MESSAGE, "*tree was not whole*");
        g_assert_true(store_write(self->store, mend, NULL, NULL));
        g_test_assert_expected_messages();
        g_autofree char *after = tree_text(self);
        g_assert_cmpstr(after, ==, self->before);
        Db *db = store_reader(self->store, NULL);
        g_assert_true(i > 0 || ledger_check(db, COUNTY, NULL, &count, NULL));
        store_return(self->store, db);
    }
}

/* As many nodes as there should be, but not those; the one too many is left for verify. */
static void a_node_too_many_stands_for_none_that_is_missing(Ledger *self, const void *data)
{
    (void)data;
    static const char *const too_many[] = { "2, 1", "1, 300" };
    for (size_t i = 0; i < G_N_ELEMENTS(too_many); i++) {
        g_autofree char *more = g_strdup_printf("INSERT INTO ledger_node (county, level, number, hash) SELECT county, %s, hash"
                                                " FROM ledger_node WHERE level = 1 AND number = 9;"
                                                "DELETE FROM ledger_node WHERE level = 1 AND number = 9", too_many[i]);
        lose(self, more);
        g_test_expect_message("pinghu", G_LOG_LEVEL_MESSAGE, "*tree was not whole: 1 nodes were made again*");
        g_assert_true(store_write(self->store, mend, NULL, NULL));
        g_test_assert_expected_messages();
        lose(self, "DELETE FROM ledger_node WHERE level = 2 AND number = 1 OR level = 1 AND number = 300");
        g_autofree char *after = tree_text(self);
        g_assert_cmpstr(after, ==, self->before);
    }
}

static void note_row(void *data, const char *table, const char *row, const char *reason, const char *detail)
{
    (void)detail;
    if (strcmp(table, "ledger_node") == 0)
        g_string_append_printf(data, "%s %s, ", row, reason);
}

static void note_none(void *data, int64_t more)
{
    (void)data, (void)more;
}

static void what_is_missing_is_told_in_the_order_of_the_tree(Ledger *self, const void *data)
{
    (void)data;
    int64_t count;
    g_autoptr(GString) told = g_string_new(NULL);
    const VerifyReport report = { .data = told, .found = note_row, .went_on = note_none };
    lose(self, "DELETE FROM ledger_node WHERE level = 2 OR number IN (0, 9, 77, 100, 256)");
    Db *db = store_reader(self->store, NULL);
    g_assert_true(ledger_check(db, COUNTY, &report, &count, NULL));
    store_return(self->store, db);
    const char *none = "ledger.found_no_node";
    g_autofree char *expected = g_strdup_printf("1/0 %s, 1/9 %s, 1/77 %s, 1/100 %s, 1/256 %s, 2/0 %s, ", none, none, none, none, none, none);
    g_assert_cmpstr(told->str, ==, expected);
}

static void refused(Ledger *self)
{
    g_autoptr(GError) error = NULL;
    g_assert_false(store_write(self->store, mend, NULL, &error));
    g_assert_error(error, TROUBLE, CONFLICT);
    g_assert_nonnull(strstr(error->message, "ledger.events_lost"));
}

static void lost_events_are_not_made_up(Ledger *self, const void *data)
{
    (void)data;
    lose(self, "DELETE FROM event WHERE number = 66000");
    refused(self);
    lose(self, "DELETE FROM ledger_node WHERE level = 1 AND number = 3");
    refused(self);
    lose(self, "DELETE FROM ledger_edge; DELETE FROM event WHERE number = 9");
    refused(self);
}

static void altered_leaves_are_not_built_on(Ledger *self, const void *data)
{
    (void)data;
    lose(self, "UPDATE event SET leaf = hash WHERE number = 5; DELETE FROM ledger_node WHERE level = 1 AND number = 0");
    refused(self);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
#define ON_A_LEDGER(name, test) g_test_add("/ledger/mend/" name, Ledger, NULL, set_up, test, tear_down)
    ON_A_LEDGER("what is whole is left alone", what_is_whole_is_left_alone);
    ON_A_LEDGER("what is lost is made again", what_is_lost_is_made_again);
    ON_A_LEDGER("a node too many stands for none that is missing", a_node_too_many_stands_for_none_that_is_missing);
    ON_A_LEDGER("what is missing is told in the order of the tree", what_is_missing_is_told_in_the_order_of_the_tree);
    ON_A_LEDGER("lost events are not made up", lost_events_are_not_made_up);
    ON_A_LEDGER("altered leaves are not built on", altered_leaves_are_not_built_on);
    return g_test_run();
}

// SPDX-License-Identifier: Apache-2.0
/* The ledger examined: all that is kept beside the events is made of them anew and held against what is kept. Where
 * something differs, what is kept is believed for what follows, so that one difference is told once. */
#include "ledger/store.h"

#include <string.h>

enum { STEP = 4096 }; /* events between two tellings of how far it is */

typedef struct Check {
    Db *db;
    int64_t county;
    const VerifyReport *told;
    TreeHead edge; /* as the events make it */
    Hash before;   /* the last event's hash as it is kept: it may be this that was altered */
    GHashTable *nodes; /* of "LEVEL/NUMBER": the Hash that the events make */
    bool has_gap;  /* then there is no tree to compare */
} Check;

static bool collect_node(void *data, int level, int64_t number, const Hash *hash, GError **error)
{
    Check *check = data;
    (void)error;
    g_hash_table_insert(check->nodes, g_strdup_printf("%d/%" PRId64, level, number), g_memdup2(hash, sizeof *hash));
    return true;
}

static bool tell(const Check *check, const char *table, const char *row, const char *reason, GError **error)
{
    return report_difference(check->told, table, row, reason, "", error);
}

static bool tell_event(const Check *check, int64_t number, const char *reason, GError **error)
{
    return tell(check, "event", DECIMAL(number), reason, error);
}

/* ---- events ---- */

/* Only a recorded act erases a salt, and only that of what came before it. */
static bool check_erased(const Check *check, const Event *e, GError **error)
{
    int64_t one;
    bool recorded = false;
    if (!db_integer(check->db,
            "SELECT 1 FROM event WHERE county = :county AND subject = :subject AND sequence >= :sequence AND kind = :kind LIMIT 1",
            WITH(db_int("county", check->county), db_text("subject", e->subject), db_int("sequence", e->sequence),
                 db_text("kind", LEDGER_ERASED)), &one, &recorded, error))
        return false;
    return recorded || tell(check, "ledger_salt", e->subject, "ledger.found_erased", error);
}

/* The commitment can be made again while the salt is there. A row that the chain has already told to be altered is not
 * told twice. */
static bool check_commitment(const Check *check, const Event *e, const Hash *kept, bool is_chained, bool *fits, GError **error)
{
    Hash made;
    Salt salt;
    enum salt_found found;
    *fits = g_utf8_validate(e->subject, -1, NULL); /* bytes that are no text were never chained */
    if (!*fits)
        return true;
    if (!ledger_salt(check->db, check->county, e->subject, e->sequence, &salt, &found, error))
        return false;
    if (found == NO_SALT)
        return tell(check, "ledger_salt", e->subject, "ledger.found_no_salt", error);
    if (found == ERASED_SALT)
        return check_erased(check, e, error);
    leaf_commitment(&salt, e, &made);
    *fits = hash_equal(&made, kept);
    return *fits || !is_chained || tell_event(check, e->number, "ledger.found_commitment", error);
}

/* Either the hash of the event before or the one that it should have is the one that was chained. */
static bool check_chain(Check *check, const Event *e, const Hash *commitment, const Hash *kept, bool *fits, GError **error)
{
    Hash made;
    leaf_chain(&check->edge.hash, check->county, e, commitment, &made);
    *fits = hash_equal(&made, kept);
    if (!*fits && !hash_equal(&check->before, &check->edge.hash)) {
        leaf_chain(&check->before, check->county, e, commitment, &made);
        *fits = hash_equal(&made, kept);
    }
    *fits &= e->version >= EVENT_PLAIN; /* the chain of version 1 has no line for it */
    check->before = *kept;
    check->edge.hash = made;
    return *fits || tell_event(check, e->number, "ledger.found_chain", error);
}

/* The leaf that counts is the one kept when the row under it was altered, else the one that the row makes. */
static bool check_leaf(Check *check, const Event *e, const Hash *commitment, const Hash *kept, bool row_fits, GError **error)
{
    Hash made;
    ledger_leaf(check->county, e, commitment, &made);
    bool told = hash_equal(&made, kept) || !row_fits || tell_event(check, e->number, "ledger.found_leaf", error);
    return told && tree_add(&check->edge.tree, row_fits ? &made : kept, collect_node, check, error);
}

static bool check_number(Check *check, const Event *e, int64_t expected, GError **error)
{
    if (e->number == expected)
        return true;
    check->has_gap = true;
    return tell_event(check, expected, "ledger.found_gap", error);
}

static bool check_event(Check *check, const Event *e, const DbRows *rows, GError **error)
{
    Hash kept[3];
    bool is_bound = true, is_chained;
    enum { COMMITMENT, LEAF, CHAIN };
    for (int i = COMMITMENT; i <= CHAIN; i++)
        if (ledger_hashes(rows, LEDGER_HASHES + i, &kept[i], 1) != 1)
            memset(&kept[i], 0, sizeof kept[i]);
    return check_chain(check, e, &kept[COMMITMENT], &kept[CHAIN], &is_chained, error) &&
           check_commitment(check, e, &kept[COMMITMENT], is_chained, &is_bound, error) &&
           check_leaf(check, e, &kept[COMMITMENT], &kept[LEAF], is_bound && is_chained, error);
}

static bool check_events(Check *check, GError **error)
{
    int64_t expected = 1, told = 0;
    g_autoptr(DbRows) rows = ledger_all_events(check->db, check->county, error);
    for (; rows && db_next(rows, error); expected++) {
        Event e = ledger_event_of(rows);
        if (!check_number(check, &e, expected, error) || !check_event(check, &e, rows, error))
            return false;
        expected = e.number;
        if (expected - told >= STEP) {
            report_progress(check->told, expected - told);
            told = expected;
        }
    }
    report_progress(check->told, expected - 1 - told);
    return rows && !db_failed(rows);
}

/* ---- the tree ---- */

static bool check_node(const Check *check, const DbRows *rows, GError **error)
{
    Hash kept = { { 0 } };
    g_autofree char *row = g_strdup_printf("%" PRId64 "/%" PRId64, db_column_int(rows, 0), db_column_int(rows, 1));
    const Hash *made = g_hash_table_lookup(check->nodes, row);
    ledger_hashes(rows, 2, &kept, 1);
    bool fits = made && hash_equal(made, &kept);
    g_hash_table_remove(check->nodes, row);
    return fits || tell(check, "ledger_node", row, "ledger.found_node", error);
}

/* A level has one digit; of two numbers the longer is the larger. */
static int by_place(const void *one, const void *other)
{
    const char *row = one, *than = other;
    size_t length = strlen(row), other_length = strlen(than);
    if (*row != *than || length == other_length)
        return strcmp(row, than);
    return length < other_length ? -1 : 1;
}

static bool check_nodes(const Check *check, GError **error)
{
    g_autoptr(DbRows) rows = db_query(check->db, "/* all rows */ SELECT level, number, hash FROM ledger_node WHERE county = :county",
                                      WITH(db_int("county", check->county)), error);
    while (rows && db_next(rows, error))
        if (!check_node(check, rows, error))
            return false;
    bool read = rows && !db_failed(rows);
    g_autoptr(GList) missing = g_list_sort(g_hash_table_get_keys(check->nodes), by_place);
    for (const GList *each = missing; read && each; each = each->next)
        read = tell(check, "ledger_node", each->data, "ledger.found_no_node", error);
    return read;
}

static bool check_edge(const Check *check, GError **error)
{
    TreeHead kept;
    if (!ledger_read_edge(check->db, check->county, &kept, error))
        return false;
    return (tree_edge_equal(&kept.tree, &check->edge.tree) && hash_equal(&kept.hash, &check->before)) ||
           tell(check, "ledger_edge", "", "ledger.found_edge", error);
}

bool ledger_check(Db *db, int64_t county, const VerifyReport *told, int64_t *count, GError **error)
{
    g_autoptr(GHashTable) nodes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    Check check = { .db = db, .county = county, .told = told, .nodes = nodes };
    if (!check_events(&check, error) || (!check.has_gap && !check_nodes(&check, error)) || !check_edge(&check, error))
        return false;
    *count = check.edge.tree.size;
    return true;
}

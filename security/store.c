// SPDX-License-Identifier: Apache-2.0
/* The entries of the security log as they are kept. */
#include "security/log.h"

#include <string.h>

enum { ACCESSES_MOST = 2000 };

const char *const security_kind_names[] = {
    [SECURITY_SIGN_IN] = "sign_in", [SECURITY_SIGN_OUT] = "sign_out", [SECURITY_RIGHTS] = "rights", [SECURITY_OPENED] = "opened",
    [SECURITY_REVEALED] = "revealed", [SECURITY_SCAN] = "scan", [SECURITY_DOCUMENT] = "document", [SECURITY_EXPORT] = "export",
    [SECURITY_SEARCH] = "search", [SECURITY_ACCOUNT] = "account", [SECURITY_SETTING] = "setting", [SECURITY_KEY] = "key",
    [SECURITY_PROGRAM] = "program", [SECURITY_LOG] = "log", [SECURITY_ERASURE] = "erasure", [SECURITY_UPLOAD] = "upload",
    [SECURITY_SHARED] = "shared",
    [SECURITY_KINDS] = NULL,
};
const char *const security_outcome_names[] = {
    [SECURITY_DONE] = "done", [SECURITY_FAILED] = "failed", [SECURITY_SLOWED] = "slowed", [SECURITY_REFUSED] = "refused",
    [SECURITY_OUTCOMES] = NULL,
};

/* ---- an entry ---- */

typedef struct Entry {
    int64_t number;
    Instant at;
    const char *kind, *outcome, *actor, *account;
    int64_t organ;
    const char *subject, *purpose, *network;
    int64_t times;
    const char *reason; /* of a search for a person, and how many it found; "" of any other entry */
    int64_t found;
} Entry;

/* SHA-256 of the hash before, a line feed and the entry as canonical JSON: anybody who has the exported entries can reckon it. */
static void entry_hash(int64_t county, const char *before, const Entry *self, char out[static HASH_TEXT])
{
    g_autoptr(json_t) json = json_pack("{s:I, s:I, s:I, s:s, s:s, s:s, s:s, s:I, s:s, s:s, s:s, s:I}", "county", county, "number", self->number,
                                       "at", self->at, "kind", self->kind, "outcome", self->outcome, "actor", self->actor, "account",
                                       self->account, "organ", self->organ, "subject", self->subject, "purpose", self->purpose, "network",
                                       self->network, "times", self->times);
    if (*self->reason)
        json_object_update_new(json, json_pack("{s:s, s:I}", "reason", self->reason, "found", self->found));
    g_autofree char *canonical = json_canonical(json), *text = g_strconcat(before, "\n", canonical, NULL);
    g_autofree char *hash = hash_text(text);
    g_strlcpy(out, hash, HASH_TEXT);
}

/* ---- both ends ---- */

bool log_ends(Db *db, int64_t county, LogEnds *out, GError **error)
{
    *out = (LogEnds){ .first = 1, .months = MONTHS_LEAST };
    g_autoptr(DbRows) rows = db_query(db, "SELECT number, hash, first, before, months FROM security_log WHERE county = :county",
                                      WITH(db_int("county", county)), error);
    if (rows && db_next(rows, error)) {
        *out = (LogEnds){ .number = db_column_int(rows, 0), .first = db_column_int(rows, 2), .months = db_column_int(rows, 4) };
        g_strlcpy(out->hash, db_column_text(rows, 1), HASH_TEXT);
        g_strlcpy(out->before, db_column_text(rows, 3), HASH_TEXT);
    }
    return rows && !db_failed(rows);
}

bool security_months(Db *db, int64_t county, int64_t *months, GError **error)
{
    LogEnds ends;
    bool read = log_ends(db, county, &ends, error);
    *months = ends.months;
    return read;
}

static bool flush_ends(Db *db, int64_t county, void *memory, GError **error)
{
    const LogEnds *self = memory;
    return db_run(db,
        "INSERT INTO security_log (county, number, hash, first, before, months) VALUES (:county, :number, :hash, :first, :before, :months)"
        " ON CONFLICT (county) DO UPDATE SET number = excluded.number, hash = excluded.hash, first = excluded.first,"
        " before = excluded.before, months = excluded.months",
        WITH(db_int("county", county), db_int("number", self->number), db_text("hash", self->hash), db_int("first", self->first),
             db_text("before", self->before), db_int("months", self->months)), error);
}

LogEnds *log_ends_moving(Db *db, int64_t county, GError **error)
{
    bool fresh;
    LogEnds *self = db_transaction_state(db, county, flush_ends, sizeof *self, &fresh);
    if (!self)
        return fault(error, "the security log grows in writes only");
    db_transaction_state_carry(db, county, flush_ends, true);
    if (!fresh || log_ends(db, county, self, error))
        return self;
    db_transaction_state_drop(db, county, flush_ends);
    return NULL;
}

/* ---- writing ---- */

static bool insert(const Context *context, const Entry *e, const char *hash, GError **error)
{
    return db_insert(context->db,
        "INSERT INTO security_entry (county, number, at, kind, outcome, actor, account, organ, subject, purpose, network, times, reason, found, hash)"
        " VALUES (:county, :number, :at, :kind, :outcome, :actor, :account, :organ, :subject, :purpose, :network, :times, :reason, :found, :hash)",
        WITH(db_int("county", context->county), db_int("number", e->number), db_int("at", e->at), db_text("kind", e->kind),
             db_text("outcome", e->outcome), db_text("actor", e->actor), db_text("account", e->account), db_int("organ", e->organ),
             db_text("subject", e->subject), db_text("purpose", e->purpose), db_text("network", e->network), db_int("times", e->times),
             db_text("reason", e->reason), db_int("found", e->found), db_text("hash", hash)), error);
}

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

bool security_write(const Context *context, const SecurityEntry *entry, GError **error)
{
    static const char *const actors[] = { [VISITOR] = "visitor", [HOLDER] = "holder", [STAFF] = "staff", [SYSTEM] = "system",
                                          [LOADER] = "loader", [ENTRANT] = "staff" };
    const Actor *actor = context->actor;
    LogEnds *ends = log_ends_moving(context->db, context->county, error);
    if (!ends)
        return false;
    const Entry made = { ends->number + 1, context->now, security_kind_names[entry->kind], security_outcome_names[entry->outcome], actors[actor->kind],
                         or_empty(entry->account), entry->organ || !actor->post_count ? entry->organ : actor->posts[0].organ,
                         or_empty(entry->subject), or_empty(entry->purpose), or_empty(entry->network), MAX(entry->times, 1),
                         or_empty(entry->reason), entry->found };
    entry_hash(context->county, ends->hash, &made, ends->hash);
    ends->number = made.number;
    return insert(context, &made, ends->hash, error);
}

/* ---- removing what was kept long enough ---- */

static bool first_since(const Context *context, Instant until, int64_t *number, GError **error)
{
    bool found;
    bool read = db_integer(context->db, "SELECT number FROM security_entry WHERE county = :county AND at >= :until ORDER BY at, number LIMIT 1",
                           WITH(db_int("county", context->county), db_int("until", until)), number, &found, error);
    *number = found ? *number : INT64_MAX;
    return read;
}

static bool hash_at(const Context *context, int64_t number, char out[static HASH_TEXT], GError **error)
{
    g_autoptr(DbRows) rows = db_query(context->db, "SELECT hash FROM security_entry WHERE county = :county AND number = :number",
                                      WITH(db_int("county", context->county), db_int("number", number)), error);
    if (!db_next(rows, error))
        return db_failed(rows) ? false : fault(error, "entry %" PRId64 " of the security log is missing", number);
    g_strlcpy(out, db_column_text(rows, 0), HASH_TEXT);
    return true;
}

bool log_sweep(const Context *context, Instant until, int64_t most, int64_t *removed, GError **error)
{
    int64_t next;
    *removed = 0;
    LogEnds *ends = log_ends_moving(context->db, context->county, error);
    if (!ends || !first_since(context, until, &next, error))
        return false;
    next = MIN(next, MIN(ends->number + 1, ends->first + most));
    if (next <= ends->first)
        return true;
    *removed = next - ends->first;
    ends->first = next;
    return hash_at(context, next - 1, ends->before, error) &&
           db_run(context->db, "DELETE FROM security_entry WHERE county = :county AND number < :next",
                  WITH(db_int("county", context->county), db_int("next", next)), error);
}

/* ---- reading ---- */

#define ENTRY_COLUMNS "number, at, kind, outcome, actor, account, organ, subject, purpose, network, times, reason, found, hash"
enum { HASH_COLUMN = 13 };

static Entry entry_of(const DbRows *rows)
{
    return (Entry){ db_column_int(rows, 0), db_column_int(rows, 1), db_column_text(rows, 2), db_column_text(rows, 3), db_column_text(rows, 4),
                    db_column_text(rows, 5), db_column_int(rows, 6), db_column_text(rows, 7), db_column_text(rows, 8),
                    db_column_text(rows, 9), db_column_int(rows, 10), db_column_text(rows, 11), db_column_int(rows, 12) };
}

bool log_walk(Db *db, int64_t county, const char *before, LogEach *each, void *data, GError **error)
{
    char last[HASH_TEXT], made[HASH_TEXT];
    bool goes_on = true;
    g_strlcpy(last, before, sizeof last);
    g_autoptr(DbRows) rows = db_query(db, "/* all rows */ SELECT " ENTRY_COLUMNS " FROM security_entry WHERE county = :county ORDER BY number",
                                      WITH(db_int("county", county)), error);
    while (goes_on && db_next(rows, error)) {
        const Entry entry = entry_of(rows);
        const char *hash = db_column_text(rows, HASH_COLUMN);
        entry_hash(county, last, &entry, made);
        g_strlcpy(last, hash, sizeof last);
        goes_on = each(&(LogRow){ entry.number, hash, strcmp(hash, made) == 0 }, data, error);
    }
    return goes_on && !db_failed(rows);
}

/* ---- what a person may know ---- */

static void add_access(json_t *all, GHashTable *told, const DbRows *rows)
{
    Instant at = db_column_int(rows, 0);
    g_autofree char *key = g_strdup_printf("%d/%" PRId64 "/%s/%s", day_of(at), db_column_int(rows, 1), db_column_text(rows, 2),
                                           db_column_text(rows, 3));
    if (g_hash_table_contains(told, key))
        return;
    g_hash_table_add(told, g_steal_pointer(&key));
    json_t *access = json_pack("{s:I, s:I, s:s, s:s}", "at", at, "organ", db_column_int(rows, 1), "kind", db_column_text(rows, 2), "purpose",
                               db_column_text(rows, 3));
    json_put_day(access, "day", day_of(at));
    json_array_append_new(all, access);
}

json_t *security_accesses(Db *db, int64_t county, const char *subject, GError **error)
{
    g_autoptr(json_t) all = json_array();
    g_autoptr(GHashTable) told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(DbRows) rows = db_query(db,
        "SELECT at, organ, kind, purpose FROM security_entry WHERE county = :county AND subject = :subject AND subject <> ''"
        " AND actor = 'staff' AND outcome = 'done' AND kind IN ('opened', 'revealed', 'scan', 'document')"
        " ORDER BY at DESC LIMIT :most",
        WITH(db_int("county", county), db_text("subject", subject), db_int("most", ACCESSES_MOST)), error);
    while (db_next(rows, error))
        add_access(all, told, rows);
    return db_failed(rows) ? NULL : g_steal_pointer(&all);
}

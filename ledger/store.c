// SPDX-License-Identifier: Apache-2.0
/* The chain of events as it is kept. */
#include "ledger/leaf.h"
#include "ledger/store.h"

#include <string.h>

/* The hashes that an event is kept with. */
typedef struct Proof {
    Hash commitment, leaf, hash;
} Proof;

size_t ledger_hashes(const DbRows *rows, int column, Hash *out, size_t most)
{
    size_t length = 0;
    const void *bytes = db_column_bytes(rows, column, &length);
    size_t count = MIN(length / HASH_BYTES, most);
    if (count)
        memcpy(out, bytes, count * HASH_BYTES);
    return count;
}

bool ledger_read_edge(Db *db, int64_t county, TreeHead *edge, GError **error)
{
    memset(edge, 0, sizeof *edge);
    g_autoptr(DbRows) rows = db_query(db, "SELECT size, hash, peaks FROM ledger_edge WHERE county = :county", WITH(db_int("county", county)), error);
    if (rows && db_next(rows, error)) {
        edge->tree.size = db_column_int(rows, 0);
        ledger_hashes(rows, 1, &edge->hash, 1);
        edge->tree.count = ledger_hashes(rows, 2, edge->tree.peaks, TREE_PEAKS);
    }
    return rows && !db_failed(rows);
}

bool ledger_write_edge(Db *db, int64_t county, void *memory, GError **error)
{
    const TreeHead *edge = memory;
    return db_run(db,
        "INSERT INTO ledger_edge (county, size, hash, peaks) VALUES (:county, :size, :hash, :peaks)"
        " ON CONFLICT (county) DO UPDATE SET size = excluded.size, hash = excluded.hash, peaks = excluded.peaks",
        WITH(db_int("county", county), db_int("size", edge->tree.size), db_bytes("hash", &edge->hash, HASH_BYTES),
             db_bytes("peaks", edge->tree.peaks, edge->tree.count * HASH_BYTES)), error);
}

/* The edge as this transaction has moved it on; it is written once for all that is appended in it. */
static TreeHead *moving_edge(Db *db, int64_t county, GError **error)
{
    bool fresh;
    TreeHead *edge = db_transaction_state(db, county, ledger_write_edge, sizeof *edge, &fresh);
    if (!edge)
        return fault(error, "the ledger grows in writes only");
    db_transaction_state_carry(db, county, ledger_write_edge, true);
    if (!fresh || ledger_read_edge(db, county, edge, error))
        return edge;
    db_transaction_state_drop(db, county, ledger_write_edge);
    return NULL;
}

static bool keep_node(void *data, int level, int64_t number, const Hash *node, GError **error)
{
    const Context *context = data;
    return db_insert(context->db,
        "INSERT INTO ledger_node (county, level, number, hash) VALUES (:county, :level, :number, :hash)",
        WITH(db_int("county", context->county), db_int("level", level), db_int("number", number),
             db_bytes("hash", node, HASH_BYTES)), error);
}

/* ---- salts ---- */

enum salt_found ledger_salt_of(const DbRows *rows, int column, Salt *salt)
{
    size_t length = 0;
    const void *bytes = db_column_bytes(rows, column, &length);
    if (length != SALT_BYTES)
        return ERASED_SALT;
    memcpy(salt, bytes, SALT_BYTES);
    return FOUND_SALT;
}

bool ledger_salt(Db *db, int64_t county, const char *subject, int64_t sequence, Salt *salt, enum salt_found *found,
                 GError **error)
{
    *found = NO_SALT;
    g_autoptr(DbRows) rows = db_query(db,
        "SELECT salt FROM ledger_salt WHERE county = :county AND subject = :subject AND since <= :sequence"
        " ORDER BY since DESC LIMIT 1",
        WITH(db_int("county", county), db_text("subject", subject), db_int("sequence", sequence)), error);
    if (rows && db_next(rows, error))
        *found = ledger_salt_of(rows, 0, salt);
    return rows && !db_failed(rows);
}

static bool draw_salt(const Context *context, const char *subject, int64_t since, Salt *salt, GError **error)
{
    context_random(context, salt, sizeof *salt);
    return db_insert(context->db,
        "INSERT INTO ledger_salt (county, subject, since, salt) VALUES (:county, :subject, :since, :salt)",
        WITH(db_int("county", context->county), db_text("subject", subject), db_int("since", since),
             db_bytes("salt", salt, SALT_BYTES)), error);
}

/* ---- appending ---- */

void ledger_leaf(int64_t county, const Event *event, const Hash *commitment, Hash *leaf)
{
    g_autofree char *text = leaf_text(county, event, commitment);
    tree_leaf(text, strlen(text), leaf);
}

const char ledger_salt_column[] =
    "(SELECT salt FROM ledger_salt WHERE county = :county AND subject = :subject ORDER BY since DESC LIMIT 1)";

SubjectHead ledger_head_of(const DbRows *rows, int column)
{
    SubjectHead head = { 0 };
    head.is_known = ledger_salt_of(rows, column, &head.salt) == FOUND_SALT;
    return head;
}

static bool read_past(Db *db, int64_t county, const char *subject, SubjectHead *past, GError **error)
{
    g_autoptr(DbRows) rows = db_query(db,
        "SELECT salt, (SELECT sequence FROM event WHERE county = :county AND subject = :subject ORDER BY sequence DESC LIMIT 1)"
        " FROM ledger_salt WHERE county = :county AND subject = :subject ORDER BY since DESC LIMIT 1",
        WITH(db_int("county", county), db_text("subject", subject)), error);
    if (rows && db_next(rows, error)) {
        *past = ledger_head_of(rows, 0);
        past->sequence = db_column_int(rows, 1);
    }
    return rows && !db_failed(rows);
}

static bool insert(const Context *context, const Event *e, const Proof *proof, GError **error)
{
    return db_insert(context->db,
        "INSERT INTO event (county, number, subject, sequence, kind, item, organ, division,"
        " actor_kind, actor, at, payload, version, commitment, leaf, hash) VALUES (:county, :number, :subject, :sequence, :kind,"
        " :item, :organ, :division, :actor_kind, :actor, :at, :payload, :version, :commitment,"
        " :leaf, :hash)",
        WITH(db_int("county", context->county), db_int("number", e->number),
             db_text("subject", e->subject), db_int("sequence", e->sequence), db_text("kind", e->kind),
             db_text("item", e->item), db_int("organ", e->organ), db_int("division", e->division),
             db_int("actor_kind", e->actor_kind), db_int("actor", e->actor), db_int("at", e->at),
             db_text("payload", e->payload), db_int("version", MAX(e->version, EVENT_PLAIN)), db_bytes("commitment", &proof->commitment, HASH_BYTES),
             db_bytes("leaf", &proof->leaf, HASH_BYTES), db_bytes("hash", &proof->hash, HASH_BYTES)),
        error);
}

/* The event gets its number, its place in the chain and in the tree. */
static bool chain(const Context *context, Event *event, const Salt *salt, TreeHead *edge, GError **error)
{
    Proof proof;
    event->number = edge->tree.size + 1;
    leaf_commitment(salt, event, &proof.commitment);
    ledger_leaf(context->county, event, &proof.commitment, &proof.leaf);
    leaf_chain(&edge->hash, context->county, event, &proof.commitment, &proof.hash);
    edge->hash = proof.hash;
    return insert(context, event, &proof, error) &&
           tree_add(&edge->tree, &proof.leaf, keep_node, (void *)(uintptr_t)context, error);
}

static bool is_fit(const Event *event, GError **error)
{
    const char *const lines[] = { event->subject, event->kind, event->item, event->payload };
    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++)
        if (lines[i] && strchr(lines[i], '\n'))
            return fault(error, "an event of %s holds a line feed", event->subject);
    return true;
}

/* A salt is drawn with a subject's first event, and anew with the next after it was erased. */
static bool take_up(const Context *context, const Event *event, int64_t expected, SubjectHead *head, GError **error)
{
    SubjectHead past = { 0 };
    if (!head->is_new && !read_past(context->db, context->county, event->subject, &past, error))
        return false;
    if (expected >= 0 && expected != past.sequence)
        return refuse(error, CONFLICT, "ledger.stale", "expected", DECIMAL(expected), "current", DECIMAL(past.sequence), NULL);
    if (!past.is_known && !draw_salt(context, event->subject, past.sequence + 1, &past.salt, error))
        return false;
    *head = past;
    head->is_known = true;
    return true;
}

bool ledger_head(Db *db, int64_t county, const char *subject, int64_t sequence, SubjectHead *head, GError **error)
{
    enum salt_found found;
    *head = (SubjectHead){ .sequence = sequence };
    bool read = ledger_salt(db, county, subject, sequence, &head->salt, &found, error);
    head->is_known = read && found == FOUND_SALT;
    return read;
}

static bool append(const Context *context, Event *event, SubjectHead *head, GError **error)
{
    event->sequence = head->sequence + 1;
    TreeHead *edge = moving_edge(context->db, context->county, error);
    bool appended = edge && chain(context, event, &head->salt, edge, error);
    head->sequence += appended;
    clock_note(context->clock, event->at);
    return appended;
}

bool ledger_append_next(const Context *context, Event *event, SubjectHead *head, GError **error)
{
    return is_fit(event, error) && (head->is_known || take_up(context, event, head->sequence, head, error)) &&
           append(context, event, head, error);
}

bool ledger_append(const Context *context, Event *event, int64_t expected, GError **error)
{
    SubjectHead head = { 0 };
    const SubjectChange change = { .event = event };
    return is_fit(event, error) && take_up(context, event, expected, &head, error) && append(context, event, &head, error) &&
           rooms_tell(context, &change, error);
}

bool ledger_record(const Context *context, Event event, json_t *payload, GError **error)
{
    g_autofree char *text = json_canonical(payload);
    json_decref(payload);
    event.item = event.item ? event.item : "";
    event.actor_kind = context->actor->kind;
    event.actor = context->actor->id;
    event.at = context->now;
    event.payload = text;
    return ledger_append(context, &event, -1, error);
}

bool ledger_append_once(const Context *context, const char *subject, const char *kind, bool any, const char *payload,
                        bool *appended, GError **error)
{
    int64_t one;
    bool found;
    Event event = { .subject = subject, .kind = kind, .item = "", .actor_kind = context->actor->kind,
                    .actor = context->actor->id, .at = context->now, .payload = payload };
    if (!db_integer(context->db,
            "SELECT 1 FROM event WHERE county = :county AND subject = :subject AND (kind = :kind OR :any = 1) LIMIT 1",
            WITH(db_int("county", context->county), db_text("subject", subject), db_text("kind", kind), db_int("any", any)),
            &one, &found, error))
        return false;
    if (appended)
        *appended = !found;
    return found || ledger_append(context, &event, -1, error);
}

/* ---- reading ---- */

/* A kind that is none (bits were flipped) hashes unlike all that are, instead of losing its higher half. */
static enum actor_kind actor_kind_of(int64_t number)
{
    return number >= VISITOR && number <= LOADER ? (enum actor_kind)number : (enum actor_kind)-1;
}

Event ledger_event_of(const DbRows *rows)
{
    return (Event){ .number = db_column_int(rows, 0), .subject = db_column_text(rows, 1),
                    .sequence = db_column_int(rows, 2), .kind = db_column_text(rows, 3),
                    .item = db_column_text(rows, 4), .organ = db_column_int(rows, 5),
                    .division = db_column_int(rows, 6),
                    .actor_kind = actor_kind_of(db_column_int(rows, 7)),
                    .actor = db_column_int(rows, 8), .at = db_column_int(rows, 9),
                    .payload = db_column_text(rows, 10), .version = db_column_int(rows, 11) };
}

static bool walk(DbRows *query, LedgerEach *each, void *data, GError **error)
{
    g_autoptr(DbRows) rows = query;
    while (db_next(rows, error)) {
        Event e = ledger_event_of(rows);
        if (!each(&e, data, error))
            return false;
    }
    return !db_failed(rows);
}

json_t *ledger_events(Db *db, int64_t county, const char *subject, int64_t after, GError **error)
{
    size_t i;
    json_t *event, *events = db_rows(db,
        "SELECT number, sequence, kind, item, organ, division, actor_kind, actor, at, payload FROM event"
        " WHERE county = :county AND subject = :subject AND sequence > :after ORDER BY sequence",
        WITH(db_int("county", county), db_text("subject", subject), db_int("after", after)), error);
    json_array_foreach(events, i, event) {
        json_t *payload = json_loads(json_text(event, "payload"), 0, NULL);
        json_object_set_new(event, "payload", payload ? payload : json_object());
    }
    return events;
}

bool ledger_walk_subject(Db *db, int64_t county, const char *subject, LedgerEach *each, void *data, GError **error)
{
    return walk(db_query(db, "SELECT " EVENT_COLUMNS " FROM event WHERE county = :county AND subject = :subject"
                         " ORDER BY sequence", WITH(db_int("county", county), db_text("subject", subject)), error), each, data, error);
}

bool ledger_happened(Db *db, int64_t county, const char *subject, const char *kind, int64_t actor, Instant after,
                     bool *happened, GError **error)
{
    int64_t one;
    return db_integer(db,
        "SELECT 1 FROM event WHERE county = :county AND subject = :subject AND kind = :kind AND actor = :actor"
        " AND at > :after LIMIT 1",
        WITH(db_int("county", county), db_text("subject", subject), db_text("kind", kind), db_int("actor", actor),
             db_int("after", after)), &one, happened, error);
}

/* Older leaves say more than those of today; what is told of both is the same. */
json_t *ledger_latest(Db *db, int64_t county, const char *kind, const char *other, int64_t among, int64_t most, GError **error)
{
    int64_t size;
    size_t i;
    json_t *event, *events;
    if (!ledger_size(db, county, &size, error))
        return NULL;
    events = db_rows(db,
        "SELECT number, subject, kind, item, organ, division, at FROM event WHERE county = :county AND number > :after"
        " AND (kind = :kind OR kind = :other) ORDER BY number DESC LIMIT :most",
        WITH(db_int("county", county), db_int("after", size - among), db_text("kind", kind), db_text("other", other),
             db_int("most", most)), error);
    json_array_foreach(events, i, event) {
        json_put_day(event, "day", day_of(json_number(event, "at")));
        json_object_set_new(event, "division", json_integer(division_town(json_number(event, "division"))));
        json_object_del(event, "at");
    }
    return events;
}

bool ledger_walk_subjects(Db *db, int64_t county, const char *beginning, LedgerEach *each, void *data, GError **error)
{
    g_autofree char *end = g_strdup(beginning);
    end[strlen(end) - 1]++;
    return walk(db_query(db,
        "SELECT " EVENT_COLUMNS " FROM event WHERE county = :county AND subject >= :beginning AND subject < :end"
        " ORDER BY subject, sequence",
        WITH(db_int("county", county), db_text("beginning", beginning), db_text("end", end)), error), each, data, error);
}

DbRows *ledger_all_events(Db *db, int64_t county, GError **error)
{
    return db_query(db, "/* all rows */ SELECT " EVENT_COLUMNS " FROM event WHERE county = :county ORDER BY number",
                    WITH(db_int("county", county)), error);
}

bool ledger_walk(Db *db, int64_t county, LedgerEach *each, void *data, GError **error)
{
    return walk(ledger_all_events(db, county, error), each, data, error);
}

/* ---- the public side ---- */

bool ledger_edge(Db *db, int64_t county, TreeEdge *out, GError **error)
{
    TreeHead kept;
    const TreeHead *edge = &kept;
    if (db_is_writer(db))
        edge = moving_edge(db, county, error);
    else if (!ledger_read_edge(db, county, &kept, error))
        return false;
    if (edge)
        *out = edge->tree;
    return edge;
}

bool ledger_size(Db *db, int64_t county, int64_t *size, GError **error)
{
    TreeEdge edge = { 0 };
    bool read = ledger_edge(db, county, &edge, error);
    *size = edge.size;
    return read;
}

bool ledger_read_nodes(void *nodes, int level, int64_t first, size_t count, Hash *out, GError **error)
{
    const LedgerNodes *self = nodes;
    size_t found = 0;
    static const char leaves[] = "SELECT leaf FROM event WHERE county = :county AND number > :first"
                                 " AND number <= :last AND :level = 0 ORDER BY number";
    static const char upper[] = "SELECT hash FROM ledger_node WHERE county = :county AND level = :level"
                                " AND number >= :first AND number < :last ORDER BY number";
    g_autoptr(DbRows) rows = db_query(self->db, level ? upper : leaves,
        WITH(db_int("county", self->county), db_int("first", first), db_int("last", first + (int64_t)count), db_int("level", level)),
        error);
    while (rows && found < count && db_next(rows, error))
        found += ledger_hashes(rows, 0, &out[found], 1);
    if (!rows || db_failed(rows))
        return false;
    return found == count || fault(error, "the ledger lacks nodes of level %d from %" PRId64, level, first);
}

static void append_entry(GByteArray *out, int64_t county, const Event *e, const DbRows *rows)
{
    Hash commitment = { { 0 } };
    ledger_hashes(rows, LEDGER_HASHES, &commitment, 1);
    g_autofree char *text = leaf_text(county, e, &commitment);
    size_t length = strlen(text);
    const guint8 head[] = { (guint8)(length >> 8), (guint8)length };
    g_byte_array_append(out, head, sizeof head);
    g_byte_array_append(out, (const guint8 *)text, (guint)length);
}

GBytes *ledger_entries(Db *db, int64_t county, int64_t first, int count, GError **error)
{
    g_autoptr(GByteArray) out = g_byte_array_new();
    g_autoptr(DbRows) rows = db_query(db,
        "SELECT " EVENT_COLUMNS " FROM event WHERE county = :county AND number > :first AND number <= :last ORDER BY number",
        WITH(db_int("county", county), db_int("first", first), db_int("last", first + count)), error);
    while (rows && db_next(rows, error)) {
        Event e = ledger_event_of(rows);
        append_entry(out, county, &e, rows);
    }
    if (!rows || db_failed(rows))
        return NULL;
    return g_byte_array_free_to_bytes(g_steal_pointer(&out));
}

/* ---- one event as outsiders see it ---- */

enum { SALT_GROUP = 4 };

void recorded_clear(Recorded *self)
{
    g_clear_pointer(&self->leaf, g_free);
    g_clear_pointer(&self->salt, g_free);
}

/* People can type it so: 3f9a 0c71 … */
static char *grouped_salt(const Salt *salt)
{
    g_autofree char *hex = text_hex(salt->bytes, SALT_BYTES);
    g_autoptr(GString) grouped = g_string_new(NULL);
    for (size_t i = 0; hex[i]; i += SALT_GROUP)
        g_string_append_printf(grouped, "%s%.*s", i ? " " : "", SALT_GROUP, hex + i);
    return g_string_free(g_steal_pointer(&grouped), FALSE);
}

static void read_row(int64_t county, const DbRows *rows, Recorded *out)
{
    Salt salt;
    Hash commitment = { { 0 } }, made;
    Event event = ledger_event_of(rows);
    ledger_hashes(rows, LEDGER_HASHES, &commitment, 1);
    *out = (Recorded){ .number = event.number, .version = event.version, .at = event.at, .leaf = leaf_text(county, &event, &commitment), .is_bound = true };
    tree_leaf(out->leaf, strlen(out->leaf), &out->hash);
    if (ledger_salt_of(rows, EVENT_COLUMN_COUNT, &salt) != FOUND_SALT)
        return;
    leaf_commitment(&salt, &event, &made);
    out->is_bound = hash_equal(&made, &commitment);
    out->salt = grouped_salt(&salt);
}

bool recorded_load(Db *db, int64_t county, int64_t number, Recorded *out, GError **error)
{
    *out = (Recorded){ 0 };
    g_autoptr(DbRows) rows = db_query(db,
        "SELECT " EVENT_COLUMNS ", (SELECT salt FROM ledger_salt WHERE ledger_salt.county = :county"
        " AND ledger_salt.subject = event.subject"
        " AND since <= sequence ORDER BY since DESC LIMIT 1)"
        " FROM event WHERE county = :county AND number = :number",
        WITH(db_int("county", county), db_int("number", number)), error);
    if (!rows)
        return false;
    if (!db_next(rows, error))
        return !db_failed(rows) && refuse(error, NOT_FOUND, "ledger.no_event", NULL);
    read_row(county, rows, out);
    return true;
}

bool recorded_of_subject(Db *db, int64_t county, const char *subject, int64_t sequence, Recorded *out, GError **error)
{
    bool found;
    int64_t number = 0;
    *out = (Recorded){ 0 };
    return db_integer(db, "SELECT number FROM event WHERE county = :county AND subject = :subject AND sequence = :sequence",
                      WITH(db_int("county", county), db_text("subject", subject), db_int("sequence", sequence)), &number,
                      &found, error) &&
           recorded_load(db, county, number, out, error);
}

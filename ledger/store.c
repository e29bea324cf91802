// SPDX-License-Identifier: Apache-2.0
/* The chain of events as it is kept. Hash of an event: SHA-256 over the 32 bytes of the hash before
 * (zeros before the first) and the row's other columns in order, as text, each ended by a line feed.
 * No column can hold a line feed: codes do not, and canonical JSON writes it as \n. */
#include "ledger/ledger.h"

#include <openssl/sha.h>
#include <string.h>

typedef struct Link {
    int64_t number;
    unsigned char hash[SHA256_DIGEST_LENGTH];
} Link;

static void hash_event(const Link *before, int64_t county, const Event *e, unsigned char *out)
{
    g_autoptr(GString) text = g_string_sized_new(512);
    g_string_append_len(text, (const char *)before->hash, SHA256_DIGEST_LENGTH);
    g_string_append_printf(text, "%" PRId64 "\n%" PRId64 "\n", county, e->number);
    g_string_append_printf(text, "%s\n%" PRId64 "\n%s\n%s\n", e->subject, e->sequence, e->kind, e->item);
    g_string_append_printf(text, "%" PRId64 "\n%" PRId64 "\n%d\n", e->organ, e->division, (int)e->actor_kind);
    g_string_append_printf(text, "%" PRId64 "\n%" PRId64 "\n%s\n", e->actor, e->at, e->payload);
    SHA256((const unsigned char *)text->str, text->len, out);
}

static bool last_link(Db *db, int64_t county, Link *link, GError **error)
{
    memset(link, 0, sizeof *link);
    g_autoptr(DbRows) rows = db_query(db,
        "SELECT number, hash FROM event WHERE county = :county ORDER BY number DESC LIMIT 1",
        WITH(db_int("county", county)), error);
    if (!rows)
        return false;
    if (db_next(rows, error)) {
        size_t length = 0;
        const void *hash = db_column_bytes(rows, 1, &length);
        link->number = db_column_int(rows, 0);
        memcpy(link->hash, hash, MIN(length, sizeof link->hash));
    }
    return !db_failed(rows);
}

static bool last_sequence(Db *db, int64_t county, const char *subject, int64_t *sequence, GError **error)
{
    bool found = false;
    *sequence = 0;
    return db_integer(db,
        "SELECT sequence FROM event WHERE county = :county AND subject = :subject"
        " ORDER BY sequence DESC LIMIT 1",
        WITH(db_int("county", county), db_text("subject", subject)), sequence, &found, error);
}

static bool is_line(const char *text)
{
    return !strchr(text, '\n');
}

static bool insert(const Context *context, const Event *e, const unsigned char *hash, GError **error)
{
    return db_run(context->db,
        "INSERT INTO event (county, number, subject, sequence, kind, item, organ, division,"
        " actor_kind, actor, at, payload, hash) VALUES (:county, :number, :subject, :sequence, :kind,"
        " :item, :organ, :division, :actor_kind, :actor, :at, :payload, :hash)",
        WITH(db_int("county", context->county), db_int("number", e->number),
             db_text("subject", e->subject), db_int("sequence", e->sequence), db_text("kind", e->kind),
             db_text("item", e->item), db_int("organ", e->organ), db_int("division", e->division),
             db_int("actor_kind", e->actor_kind), db_int("actor", e->actor), db_int("at", e->at),
             db_text("payload", e->payload), db_bytes("hash", hash, SHA256_DIGEST_LENGTH)),
        error);
}

bool ledger_append(const Context *context, Event *event, int64_t expected, GError **error)
{
    Link before;
    unsigned char hash[SHA256_DIGEST_LENGTH];
    int64_t current;
    if (!is_line(event->subject) || !is_line(event->kind) || !is_line(event->item) || !is_line(event->payload))
        return fault(error, "an event of %s holds a line feed", event->subject);
    if (!last_sequence(context->db, context->county, event->subject, &current, error) ||
        !last_link(context->db, context->county, &before, error))
        return false;
    if (expected >= 0 && expected != current) {
        g_autofree char *was = g_strdup_printf("%" PRId64, expected);
        g_autofree char *now = g_strdup_printf("%" PRId64, current);
        return refuse(error, CONFLICT, "ledger.stale", "expected", was, "current", now, NULL);
    }
    event->number = before.number + 1;
    event->sequence = current + 1;
    hash_event(&before, context->county, event, hash);
    return insert(context, event, hash, error);
}

/* ---- reading ---- */

#define EVENT_COLUMNS \
    "number, subject, sequence, kind, item, organ, division, actor_kind, actor, at, payload, hash"

static Event event_of(const DbRows *rows)
{
    return (Event){ .number = db_column_int(rows, 0), .subject = db_column_text(rows, 1),
                    .sequence = db_column_int(rows, 2), .kind = db_column_text(rows, 3),
                    .item = db_column_text(rows, 4), .organ = db_column_int(rows, 5),
                    .division = db_column_int(rows, 6),
                    .actor_kind = (enum actor_kind)db_column_int(rows, 7),
                    .actor = db_column_int(rows, 8), .at = db_column_int(rows, 9),
                    .payload = db_column_text(rows, 10) };
}

static json_t *event_json(const Event *e)
{
    json_t *payload = json_loads(e->payload, 0, NULL);
    return json_pack("{s:I, s:I, s:s, s:s, s:I, s:I, s:i, s:I, s:I, s:o}", "number", e->number,
                     "sequence", e->sequence, "kind", e->kind, "item", e->item, "organ", e->organ,
                     "division", e->division, "actor_kind", (int)e->actor_kind, "actor", e->actor,
                     "at", e->at, "payload", payload ? payload : json_object());
}

static DbRows *events_of(Db *db, int64_t county, const char *subject, int64_t after, GError **error)
{
    return db_query(db,
        "SELECT " EVENT_COLUMNS " FROM event WHERE county = :county AND subject = :subject"
        " AND sequence > :after ORDER BY sequence",
        WITH(db_int("county", county), db_text("subject", subject), db_int("after", after)), error);
}

static bool walk(DbRows *query, LedgerEach *each, void *data, GError **error)
{
    g_autoptr(DbRows) rows = query;
    while (db_next(rows, error)) {
        Event e = event_of(rows);
        if (!each(&e, data, error))
            return false;
    }
    return !db_failed(rows);
}

static bool append_json(const Event *event, void *events, GError **error)
{
    (void)error;
    return json_array_append_new(events, event_json(event)) == 0;
}

json_t *ledger_events(Db *db, int64_t county, const char *subject, int64_t after, GError **error)
{
    g_autoptr(json_t) events = json_array();
    return walk(events_of(db, county, subject, after, error), append_json, events, error) ? g_steal_pointer(&events) : NULL;
}

bool ledger_walk_subject(Db *db, int64_t county, const char *subject, LedgerEach *each, void *data, GError **error)
{
    return walk(events_of(db, county, subject, 0, error), each, data, error);
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

static DbRows *all_events(Db *db, int64_t county, GError **error)
{
    return db_query(db, "SELECT " EVENT_COLUMNS " FROM event WHERE county = :county ORDER BY number",
                    WITH(db_int("county", county)), error);
}

bool ledger_walk(Db *db, int64_t county, LedgerEach *each, void *data, GError **error)
{
    return walk(all_events(db, county, error), each, data, error);
}

static bool fits(const Link *before, int64_t county, const Event *e, const DbRows *rows, Link *now)
{
    size_t length = 0;
    const void *kept = db_column_bytes(rows, 11, &length);
    now->number = e->number;
    hash_event(before, county, e, now->hash);
    return e->number == before->number + 1 && length == sizeof now->hash &&
           memcmp(kept, now->hash, length) == 0;
}

bool ledger_check(Db *db, int64_t county, int64_t *count, GError **error)
{
    Link before = { 0 };
    g_autoptr(DbRows) rows = all_events(db, county, error);
    if (!rows)
        return false;
    while (db_next(rows, error)) {
        Link now;
        Event e = event_of(rows);
        if (!fits(&before, county, &e, rows, &now))
            return fault(error, "the ledger of county %" PRId64 " does not fit at number %" PRId64
                         ": the row or the one before was altered", county, e.number);
        before = now;
    }
    *count = before.number;
    return !db_failed(rows);
}

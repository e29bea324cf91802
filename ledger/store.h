// SPDX-License-Identifier: Apache-2.0
/* The store as the other files of this room use it. */
#pragma once

#include "ledger/leaf.h"

/* ---- rows, for those who read events ---- */

/* The ledger's end. */
typedef struct TreeHead {
    Hash hash; /* of the last event; zeros before the first */
    TreeEdge tree;
} TreeHead;
bool ledger_read_edge(Db *db, int64_t county, TreeHead *edge, GError **error);
bool ledger_write_edge(Db *db, int64_t county, void *edge, GError **error); /* a FlushFunction; of a TreeHead */

/* A row of EVENT_COLUMNS is an Event, whose texts live until the next row, and from column LEDGER_HASHES on its commitment,
 * leaf and hash. */
#define EVENT_COLUMNS \
    "number, subject, sequence, kind, item, organ, division, actor_kind, actor, at, payload, version, commitment, leaf, hash"
enum { LEDGER_HASHES = 12, EVENT_COLUMN_COUNT = 15 };
/* All events in order. */
DbRows *ledger_all_events(Db *db, int64_t county, GError **error);
Event ledger_event_of(const DbRows *rows);
/* How many whole hashes stand in a column, at most `most`; copies them. */
size_t ledger_hashes(const DbRows *rows, int column, Hash *out, size_t most);
/* The hash of the public leaf. */
void ledger_leaf(int64_t county, const Event *event, const Hash *commitment, Hash *leaf);

enum salt_found { NO_SALT, ERASED_SALT, FOUND_SALT };
enum salt_found ledger_salt_of(const DbRows *rows, int column, Salt *salt);
/* The salt that holds for an event of the subject: the last that was drawn until then. */
bool ledger_salt(Db *db, int64_t county, const char *subject, int64_t sequence, Salt *salt, enum salt_found *found,
                 GError **error);

/* ---- the public side ---- */

/* The right edge as it is kept; empty before the first event. */
bool ledger_edge(Db *db, int64_t county, TreeEdge *out, GError **error);
typedef struct LedgerNodes {
    Db *db;
    int64_t county;
} LedgerNodes;
/* `count` nodes of a level from number `first` on, for TreeNodes; level 0 are the leaves. FAULT when one is missing. */
bool ledger_read_nodes(void *nodes, int level, int64_t first, size_t count, Hash *out, GError **error);
/* `count` public leaves from leaf `first` on, each after its length in two bytes, the higher first. */
GBytes *ledger_entries(Db *db, int64_t county, int64_t first, int count, GError **error);

/* An event as its row says it is now. */
typedef struct Recorded {
    int64_t number, version;
    Instant at;
    char *leaf;        /* the public leaf, made anew */
    Hash hash;         /* of it */
    char *salt;        /* hexadecimal in groups; NULL: erased */
    bool is_bound;     /* the part that is not public fits the commitment; true when the salt was erased */
} Recorded;
void recorded_clear(Recorded *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Recorded, recorded_clear)
/* NOT_FOUND "ledger.no_event". */
bool recorded_load(Db *db, int64_t county, int64_t number, Recorded *out, GError **error);
/* The same for a subject's event. */
bool recorded_of_subject(Db *db, int64_t county, const char *subject, int64_t sequence, Recorded *out, GError **error);

/* Appends what the context's actor does once: nothing when the subject has an event of that kind already, or of any kind
 * where `any`. *appended may be NULL. */
bool ledger_append_once(const Context *context, const char *subject, const char *kind, bool any, const char *payload,
                        bool *appended, GError **error);

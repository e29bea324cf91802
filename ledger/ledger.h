// SPDX-License-Identifier: Apache-2.0
/* The ledger (台账): every action appends an event in its own transaction, and nothing ever updates
 * or deletes one. Events of a county form a chain: each holds the hash of the one before. */
#pragma once

#include "base/base.h"
#include "db/db.h"
#include "http/http.h"

/* /ledger/{county}/checkpoint, /ledger/{county}/tile/…: the county's public leaves as C2SP tlog-tiles has them. */
extern const Room ledger_room;

enum event_version {
    EVENT_PLAIN = 1,
    /* An event of a person: its leaf tells the town and the day alone, and an erasure can take the facts out of the payload, since the
     * chain binds the commitment to them instead. */
    EVENT_PERSONAL = 2,
};

typedef struct Event {
    int64_t number;          /* in the county's ledger, from 1, without gap */
    const char *subject;     /* "case/330482140903000123", "item/…", "staff/12" */
    int64_t sequence;        /* of this subject, from 1, without gap */
    const char *kind;        /* "case.accepted" */
    const char *item;        /* item code, "" where it has none */
    int64_t organ, division; /* for whom and where it was done; 0 where it has none */
    enum actor_kind actor_kind;
    int64_t actor;
    Instant at;
    const char *payload;     /* canonical JSON: all that the action decided */
    int64_t version;         /* enum event_version; 0 is EVENT_PLAIN */
} Event;

/* The rooms that listen (base/base.h) are told this of an event, in its transaction. Borrowed. */
struct SubjectChange {
    const Event *event;
    /* The rest is NULL unless the subject's kind has a record (subject/subject.h). */
    const struct SubjectKind *kind;
    const struct SubjectRule *rule; /* NULL: the subject has begun */
    const void *before;             /* record of the kind; NULL: the subject has begun */
    const void *after;
};

/* Appends; fills number and sequence of *event. `expected` is the subject's sequence that the actor
 * has seen (optimistic concurrency): when another event came since, CONFLICT "ledger.stale" with
 * "expected" and "current". Pass -1 to append whatever came. The rooms that listen are told. */
bool ledger_append(const Context *context, Event *event, int64_t expected, GError **error);

/* The same of what the actor does now, whatever came before: `event` says its subject, kind, and what it has of item, organ and
 * division. `payload` is taken over. */
bool ledger_record(const Context *context, Event event, json_t *payload, GError **error);

/* The instant of the last event, or of the latest of the last hundred; 0 where there is none. */
bool ledger_last_at(Db *db, int64_t county, Instant *at, GError **error);
/* Holds the context's present at the last event that its clock knows of, since it may have waited; in a write also at what another server, whose
 * clock may go before, has recorded since this one wrote last. To be called before anything else is read or written. */
bool ledger_catch_up(Context *context, GError **error);

enum { SALT_BYTES = 16 };
typedef struct Salt {
    unsigned char bytes[SALT_BYTES];
} Salt;

/* A cached end of a subject's history, so that its next event need not look for the one before. All 0: nothing is known.
 * Drop it when the subject's salt is erased, or when somebody else may have appended. */
typedef struct SubjectHead {
    bool is_new;      /* nobody has written of the subject before: there is nothing to look for */
    bool is_known;
    int64_t sequence; /* of its last event */
    Salt salt;
} SubjectHead;
/* Reads it on any connection; `sequence` is that of its last event, as the subject's own room keeps it. Where there is no
 * salt, the next event looks for itself. */
bool ledger_head(Db *db, int64_t county, const char *subject, int64_t sequence, SubjectHead *head, GError **error);
/* A query for a subject's own row may read the salt along, as the column ledger_salt_column with the parameters :county
 * and :subject; ledger_head_of is then the head of that row, whose sequence the subject's room keeps. */
extern const char ledger_salt_column[];
SubjectHead ledger_head_of(const DbRows *rows, int column);
/* Appends to a subject whose head is cached: its sequence is the one expected. The caller tells the rooms (rooms_tell). */
bool ledger_append_next(const Context *context, Event *event, SubjectHead *head, GError **error);

/* Erases the salts of a subject (right to erasure, PIPL art. 47): nobody can tell any more what its commitments stand
 * for, and the tree holds. With them go the facts of its events of persons, but of the erasures that it has gone through. To be
 * called after the event of kind LEDGER_ERASED that records it, in the same write. */
#define LEDGER_ERASED "ledger.erased"
bool ledger_forget(const Context *context, const char *subject, GError **error);
/* Use is restricted (限制处理) instead, as long as a term of keeping runs (PIPL art. 47): the event of this kind has in its facts the
 * "day" until which, and its "reason"; both stay, as an erasure's own do. To be called after it, in the same write. */
#define LEDGER_RESTRICTED "ledger.restricted"
bool ledger_restrict(const Context *context, const char *subject, GError **error);
/* {number (of the event), day, reason} of the last erasure of a subject, or of its restriction, which has "until_day" beside; NULL in
 * *out where there was none. Owned by the caller. */
bool ledger_erasure(Db *db, int64_t county, const char *subject, json_t **out, GError **error);

/* The list beside the database at `address` tells erasures and restrictions once more, for a backup that is restored: the lines
 * "subject day hash", of a restriction "subject day hash until", that the ledger does not know; owned by the caller. CONFLICT
 * "ledger.erased_form". */
char **ledger_erased_missing(const Context *context, const char *address, GError **error);
/* The subject of such a line, owned by the caller, and until when it is restricted; 0: it was erased. */
char *ledger_erased_read(const char *line, Day *until);
/* Writes the list anew where it differs: all that the ledger tells, and these lines beside; NULL: none. */
bool ledger_erased_list(const Context *context, const char *address, char **further, GError **error);

/* ---- who signs ---- */

/* Makes a new key of that name in a file that only its owner may read. CONFLICT "base.secret_there" when the file is
 * there already; BAD_INPUT "ledger.key_name". */
bool ledger_key_make(const char *file, const char *name, GError **error);
/* Tells the public half of the one that signs first, with which outsiders check its signatures, "name+id+key"; *public is
 * NULL when there is no such file. Refuses CONFLICT "base.secret_open" when others may read the file, BAD_INPUT
 * "ledger.key_damaged" when it is none. Owned by the caller. */
bool ledger_key_read(const char *file, char **public, GError **error);
/* Rotation: a new key of the same name takes over, and the old one signs beside it until it is dropped, so that whoever
 * knows the old one can follow. CONFLICT "ledger.key_two" or "ledger.key_one" when there is already, or only, so many. */
bool ledger_key_add(const char *file, GError **error);
bool ledger_key_drop(const char *file, GError **error);
/* In a write: the events that announce the publisher's keys ("key.made", "key.rotated", of subject "key/name+id+key"),
 * as far as the ledger has none of them; and that of the older key's end ("key.retired"), once. */
bool ledger_keys_record(const Context *context, int64_t *recorded, GError **error);
bool ledger_key_retire(const Context *context, GError **error);
/* Records that the county's personal data are sealed by key `id` from now on; *appended tells whether that is new. */
bool ledger_personal_key(const Context *context, int64_t id, bool *appended, GError **error);

/* ---- what is made public ---- */

/* The publisher of the database at `address`: signs with "<address>.key", keeps what it made public in
 * "<address>.checkpoint" and holds the database against it. CONFLICT "ledger.went_back" (fewer events than were public),
 * "ledger.other_past" (others), "ledger.other_key" (the key that signed is not here), "ledger.checkpoint_form"; and as
 * ledger_key_read. The store is borrowed until it is closed. */
Publisher *ledger_publisher_open(Store *store, const char *address, int64_t county, GError **error);
void ledger_publisher_close(Publisher *self); /* NULL is let be */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Publisher, ledger_publisher_close)
/* From now on makes new events public within a second, and has the witnesses of "<address>.witnesses" cosign.
 * BAD_INPUT "ledger.witness_line". */
bool ledger_publisher_run(Publisher *self, GError **error);
const NoteSigner *ledger_publisher_signer(const Publisher *self); /* borrowed; NULL: there is no key */

/* The signed checkpoint (C2SP tlog-checkpoint) that was last made public, of at least so many events: when the last
 * covers fewer, a new one is made public first. Owned by the caller. NOT_FOUND "ledger.no_key". */
char *ledger_checkpoint(const Context *context, int64_t at_least, GError **error);

/* Makes new events public, signed with each of the keys. */
bool ledger_publish(const Context *context, GError **error);
/* Is the ledger what was last made public of the database at `address`, and perhaps more? True also where nothing was.
 * Refuses as ledger_publisher_open; the signer is checked only where the key file can be read. For programs without a
 * publisher. */
bool ledger_goes_on(Db *db, int64_t county, const char *address, GError **error);

/* Before anything is written: the keys and the checkpoint can be read, and the ledger has not fewer events than were public. Refuses as
 * ledger_publisher_open. */
bool ledger_has_not_gone_back(Db *db, int64_t county, const char *address, GError **error);

/* ---- when events that were public are lost ---- */

#define LEDGER_RENEWED "ledger.renewed"

/* In a write, a new log: the old checkpoint is kept under its number and a new key made beside `address`; then the event of kind
 * LEDGER_RENEWED and subject "lost/<origin>/<size>". After it is committed, the end of the old log. Both may be repeated.
 * CONFLICT "ledger.nothing_lost" when the database goes on with what was made public. */
bool ledger_renew(const Context *context, const char *address, GError **error);
bool ledger_renew_end(const char *address, GError **error);

/* ---- what outsiders see of one event ---- */

/* {number, hash (of its public leaf, hexadecimal), leaf (its text), proof_path, at, commitment, county, division, item,
 * kind, organ, sequence, subject; recorded_at, or of a person recorded_day and is_personal; is_signed: the centre has a key; is_proven: the leaf as the row makes it now was
 * really proved to be in the signed tree, and what is not public fits its commitment; entries, is_erased}.
 * NOT_FOUND "ledger.no_event". */
json_t *ledger_event(const Context *context, int64_t number, GError **error);
/* The event's proof as C2SP tlog-proof, owned by the caller. NOT_FOUND "ledger.no_event", "ledger.no_key". */
char *ledger_proof(const Context *context, int64_t number, GError **error);
/* A paper carries this of the event that wrote it: {number, path (of the event's page, with the hash of the leaf),
 * proof, salt (hexadecimal in groups; absent when it was erased)}; {} while the centre has no key. */
json_t *ledger_printed(const Context *context, const char *subject, int64_t sequence, GError **error);
/* Was the salt of that event of a subject erased? */
bool ledger_is_erased(const Context *context, const char *subject, int64_t sequence, bool *erased, GError **error);
/* The text that the commitment of an event binds (docs/ledger.md): sequence, kind of actor, actor, of an event of a person instant and
 * division, and payload, each ended by a line feed. The sequence keeps two events that say the same from looking the same. Owned by the caller. */
char *ledger_committed(const Event *event);
/* The commitment, in hexadecimal, that a salt as the receipt has it makes of such a text, whose line ends may have
 * suffered on the way through a form. Owned by the caller; NULL when that is no salt. */
char *ledger_commitment_of(const char *salt, const char *text);
/* {entries, last_at (of the last event; of a person last_day), root (base64), signed_by, key, note}: the checkpoint in parts; {} without a key. */
json_t *ledger_now(const Context *context, GError **error);

/* ---- from outside ---- */

/* The ledger to check, and callbacks for what is found meanwhile. Everything is borrowed. */
typedef struct RemoteAsk {
    const char *url;  /* "https://centre/ledger/330482"; to a bare "https://centre" the ledger of `county` is added */
    int64_t county;
    const char *key;  /* as ledger_key_read tells it */
    const char *seen; /* the file in which the last checkpoint is kept; NULL: in the user's folder for state */
    void (*fault)(void *data, const GError *why); /* one of the faults after which checking goes on */
    void (*progress)(void *data, int64_t done, int64_t all); /* entries */
    void *data;
} RemoteAsk;

/* Fetches every entry of another centre's ledger, rebuilds the tree and holds it against the signed checkpoint, against
 * the tiles served and against the checkpoint kept, which the new one then replaces. Returns {name, size, before (the size
 * seen last time), next_key (when the ledger has been handed on to it)}, or refuses with the sentence that says what is
 * wrong: "ledger.remote_…". */
json_t *ledger_verify_remote(const RemoteAsk *ask, GError **error);

/* At the start, in a write: makes again what the tree has lost of its nodes and its edge, which the events make. At once
 * when it is whole. CONFLICT "ledger.events_lost" when the events are not those that the edge tells. */
bool ledger_mend(const Context *context, GError **error);

/* ---- reading ---- */

/* How many events the county's ledger has. */
bool ledger_size(Db *db, int64_t county, int64_t *size, GError **error);

/* The events of a subject in order, after `after` (0: all): array of {number, sequence, kind, item,
 * organ, division, actor_kind, actor, at, payload (object)}. */
json_t *ledger_events(Db *db, int64_t county, const char *subject, int64_t after, GError **error);
/* The last `most` events of two kinds, newest first, among the last `among` of all: the public part of each, as
 * [{number, subject, kind, item, organ, division, day}] as their leaves tell it. */
json_t *ledger_latest(Db *db, int64_t county, const char *kind, const char *other, int64_t among, int64_t most, GError **error);

/* Has this actor done this to the subject since `after`? */
bool ledger_happened(Db *db, int64_t county, const char *subject, const char *kind, int64_t actor, Instant after,
                     bool *happened, GError **error);

/* Calls `each` for the events of a subject, or of the whole county, in order; stops when it returns false. */
typedef bool LedgerEach(const Event *event, void *data, GError **error);
bool ledger_walk_subject(Db *db, int64_t county, const char *subject, LedgerEach *each, void *data, GError **error);
/* The events of all subjects whose name begins so ("case/"), subject after subject. */
bool ledger_walk_subjects(Db *db, int64_t county, const char *beginning, LedgerEach *each, void *data, GError **error);
bool ledger_walk(Db *db, int64_t county, LedgerEach *each, void *data, GError **error);

/* Examines the whole ledger: every number present, chain, commitments, leaves, nodes and edge of the tree what the
 * events make. Tells each difference by table and row, and how many events it has examined; *count is their number.
 * False only when it could not be read, or at the first difference where nobody is told (NULL). */
bool ledger_check(Db *db, int64_t county, const VerifyReport *told, int64_t *count, GError **error);

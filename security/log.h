// SPDX-License-Identifier: Apache-2.0
/* The ends of the log, the walk through it and its daily work, as the files of this room share them. */
#pragma once

#include "ledger/ledger.h"
#include "lists/lists.h"
#include "security/security.h"
#include "timers/timers.h"

enum { HASH_TEXT = 65, MONTHS_LEAST = 6, MONTHS_MOST = 120 };

/* Both ends of a county's log, and how long it is kept. */
typedef struct LogEnds {
    int64_t number;
    char hash[HASH_TEXT];
    int64_t first;
    char before[HASH_TEXT];
    int64_t months;
} LogEnds;

/* ---- store.c ---- */
extern const char *const security_kind_names[], *const security_outcome_names[]; /* NULL ended */
bool log_ends(Db *db, int64_t county, LogEnds *out, GError **error);
/* The same in a write, which changes them there; NULL with *error. */
LogEnds *log_ends_moving(Db *db, int64_t county, GError **error);
/* Removes the entries older than `until`, at most so many, and moves the beginning; *removed counts. */
bool log_sweep(const Context *context, Instant until, int64_t most, int64_t *removed, GError **error);

/* An entry as it is kept, and whether its hash is what it and the hash before it make. */
typedef struct LogRow {
    int64_t number;
    const char *hash;
    bool fits; /* to `before` */
} LogRow;
/* Goes through all entries in order. */
typedef bool LogEach(const LogRow *row, void *data, GError **error);
bool log_walk(Db *db, int64_t county, const char *before, LogEach *each, void *data, GError **error);

/* ---- daily.c ---- */
#define SECURITY_LOG_SUBJECT "security/log"
#define SECURITY_DAILY_TIMER "security.daily"
/* TimerKind.run: removes what has been kept long enough, and records the log's head in the ledger. */
bool security_day(const Context *context, const char *subject, Instant at, GError **error);
/* Room.settle: sets the timer. */
bool security_settle(const Context *context, GError **error);
/* Records in the ledger what was done to the log; takes over `payload`. */
bool security_record(const Context *context, const char *kind, json_t *payload, GError **error);

/* ---- verify.c ---- */
bool security_verify(const Context *context, const VerifyReport *told, int64_t *count, GError **error);

/* ---- routes.c ---- */
extern const Route security_routes[];
extern const ListSpec security_list;

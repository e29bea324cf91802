// SPDX-License-Identifier: Apache-2.0
/* Shared by the files of the engine SQLite. */
#pragma once

#include "db/engine.h"

#include <sqlite3.h>

void *engine_trouble(Db *self, const char *sql, GError **error);

/* ---- the write-ahead log (wal_vfs.c) ---- */

/* The name of SQLite's interface to the system for a connection that writes. */
const char *wal_vfs_name(void);

/* ---- whose log it is (log.c) ---- */

/* In a transaction that changes something: marks the log, whose beginning it is or may be. */
bool sqlite_mark_log(Db *self, GError **error);

/* ---- sums over tables (sums.c) ---- */

bool sums_open(Db *self); /* registers the row hook and the SQL functions */
void sums_begin(Db *self);
bool sums_tables(Db *self, GError **error); /* looks up which tables have a sum (sums_store.c) */
/* Counts the row changes of a statement that has succeeded; drops those of one that has failed and is undone. */
bool sums_ended(Db *self, bool well, GError **error);

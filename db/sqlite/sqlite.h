// SPDX-License-Identifier: Apache-2.0
/* What the files that speak to SQLite share. */
#pragma once

#include "db/engine.h"

#include <sqlite3.h>

void *engine_trouble(Db *self, const char *sql, GError **error);

/* ---- sums over tables (sums.c) ---- */

bool sums_open(Db *self); /* makes known what listens to rows, and the functions of the statements */
void sums_begin(Db *self);
bool sums_tables(Db *self, GError **error); /* looks up which tables have a sum (sums_store.c) */
/* A statement has gone well, or has failed and is undone: so are the changes it has made. */
bool sums_ended(Db *self, bool well, GError **error);

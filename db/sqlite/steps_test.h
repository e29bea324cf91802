// SPDX-License-Identifier: Apache-2.0
/* Statements cost a number of steps on SQLite, whatever the machine below does. */
#pragma once

#include "db/sqlite/sqlite.h"

/* Steps of SQLite's machine since they were last asked for. */
static inline uint64_t engine_steps(Db *self)
{
    GHashTableIter all;
    void *rows;
    uint64_t steps = 0;
    g_hash_table_iter_init(&all, self->statements);
    while (g_hash_table_iter_next(&all, NULL, &rows))
        steps += (uint64_t)sqlite3_stmt_status(((DbRows *)rows)->statement, SQLITE_STMTSTATUS_VM_STEP, 1);
    return steps;
}

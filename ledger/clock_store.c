// SPDX-License-Identifier: Apache-2.0
/* The clock of what is recorded, held at the last event, whichever server recorded it. */
#include "ledger/ledger.h"

/* The newest may be of another system's history (load/load.h), long ago. */
bool ledger_last_at(Db *db, int64_t county, Instant *at, GError **error)
{
    bool found;
    return db_integer(db, "SELECT COALESCE(MAX(at), 0) FROM event WHERE county = :county"
                          " AND number > (SELECT size - 100 FROM ledger_edge WHERE county = :county)", WITH(db_int("county", county)), at, &found, error);
}

/* There is nothing to write: that the state is carried says all. */
static bool know(Db *db, int64_t county, void *known, GError **error)
{
    (void)db, (void)county, (void)known, (void)error;
    return true;
}

/* While this program alone writes the county, its clock has been told of each event: the state is carried from write to write, and fresh
 * when another has written meanwhile. */
bool ledger_catch_up(Context *context, GError **error)
{
    bool fresh = false;
    Instant at = 0;
    if (context->clock && db_is_writer(context->db)) {
        db_transaction_state(context->db, context->county, know, sizeof(char), &fresh);
        db_transaction_state_carry(context->db, context->county, know, true);
    }
    if (fresh && !ledger_last_at(context->db, context->county, &at, error)) {
        db_transaction_state_drop(context->db, context->county, know);
        return false;
    }
    clock_note(context->clock, at);
    context->now += clock_behind(context->clock, context->now);
    return true;
}

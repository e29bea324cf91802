// SPDX-License-Identifier: Apache-2.0
/* The write lock: several programs may serve one database, and one of them at a time writes a county. The lock is a row of
 * the county (db_turn, process 0) that each writing transaction locks and updates first, so PostgreSQL itself queues the others: a
 * program waits for the end of the transaction before, however it ends, and is woken by it. No lease has to be renewed and no
 * clock compared; the lock of a killed program ends with its connection; and a program that has lost its connection can
 * commit nothing more. */
#include "db/postgres/postgres.h"

#include <sodium.h>
#include <string.h>

enum {
    LOCK_MS = 5000,   /* how long another program's connection may take to end */
    STALL_MS = 10000, /* how long a program may stand still while it holds the lock */
};

/* Row 0 is the lock. Each process that ever wrote has a further row with the number of its last committed transaction, some
 * fifty bytes that stay: a process that lost its connection cannot be told from a dead one, and asks its row whether it has
 * committed. */
static const char table[] = "CREATE TABLE IF NOT EXISTS db_turn (county BIGINT NOT NULL, process BIGINT NOT NULL, number BIGINT NOT NULL,"
                            " PRIMARY KEY (county, process))";

/* ---- programs that share the database ---- */

/* Two advisory locks, held by the writing connection until it ends. Servers share the first; a program that changes tables,
 * keys or many rows takes it alone. The second is the process's own, so that a lost connection of the process has ended, with
 * all that it had still to send, before the process goes on. */
static bool take_locks(Db *self, GError **error)
{
    static const int64_t pinghu = 88399466591349; /* in ASCII */
    g_autofree char *all = g_strdup_printf("SET lock_timeout = %d; SELECT pg_advisory_lock%s(%" PRId64 "); SELECT pg_advisory_lock(%" PRId64 ");"
                                           " SET lock_timeout = 0", LOCK_MS, self->together ? "_shared" : "", pinghu, self->server->process);
    return postgres_order(self, all, error);
}

/* When two programs create the table at once, one fails and then finds it. */
static bool have_table(Db *self, GError **error)
{
    return postgres_order(self, table, NULL) || postgres_order(self, table, error);
}

static int64_t draw_number(void)
{
    return (int64_t)randombytes_random() << 31 | (randombytes_random() >> 1) | 1;
}

/* The server checks by itself whether the client is still there, so that the statements of a killed program end soon, and it
 * ends a session that stands still in the middle of a transaction for which others wait. Long texts are compressed by lz4
 * where the server has it, because the default compression of kept answers was a fifth of its work. Whatever the server is
 * set to, an acknowledged write is on its disk. */
bool write_lock_open(Db *self, GError **error)
{
    Server *server = self->server;
    g_autofree char *stall = g_strdup_printf("SET idle_in_transaction_session_timeout = %d", self->together ? STALL_MS : 0);
    if (!server->process) {
        server->process = draw_number();
        server->number = draw_number();
    }
    postgres_order(self, "SET client_connection_check_interval = 500", NULL);
    postgres_order(self, "SET default_toast_compression = lz4", NULL);
    postgres_order(self, "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'", NULL);
    return postgres_order(self, stall, error) && take_locks(self, error) && have_table(self, error);
}

/* ---- the lock ---- */

static int64_t county_at(const Db *self, guint i)
{
    return g_array_index(self->counties, int64_t, i);
}

/* The number that a county's lock had after our last transaction, carried with all else that is known of the county since. */
static bool number_flush(Db *self, int64_t county, void *number, GError **error)
{
    (void)self, (void)county, (void)number, (void)error;
    return true;
}

/* Another program has put its own number on the lock when it is not the one carried. Then the new number is NULL, which the table
 * refuses: the transaction fails, and begins again with nothing carried. */
#define LOCK_COUNTY(also) "INSERT INTO db_turn (county, process, number) VALUES (:county, 0, :number)" also \
    " ON CONFLICT (county, process) DO UPDATE SET number =" \
    " CASE WHEN db_turn.process > 0 OR db_turn.number = :carried OR :carried = 0 THEN excluded.number END"

bool write_lock_is_lost(const PGresult *failed)
{
    const char *column = PQresultErrorField(failed, PG_DIAG_COLUMN_NAME), *in = PQresultErrorField(failed, PG_DIAG_TABLE_NAME);
    return column && in && strcmp(column, "number") == 0 && g_str_has_prefix(in, "db_turn");
}

/* Without waiting. The process's own row stands with the first of the counties. */
static bool lock_county(Db *self, guint i, GError **error)
{
    const Server *server = self->server;
    int64_t county = county_at(self, i);
    bool fresh;
    transaction_state_resume(self, county);
    int64_t *number = db_transaction_state(self, county, number_flush, sizeof *number, &fresh), carried = *number;
    *number = server->number;
    db_transaction_state_carry(self, county, number_flush, true);
    return i ? db_run(self, LOCK_COUNTY(""), WITH(db_int("county", county), db_int("number", server->number), db_int("carried", carried)), error)
             : db_run(self, LOCK_COUNTY(", (:county, :process, :number)"),
                      WITH(db_int("county", county), db_int("number", server->number), db_int("process", server->process), db_int("carried", carried)), error);
}

/* The rows are locked in the order of their counties, because in any other order two programs could wait for each other. A program
 * that has others beside it waits for the locks, so that the writes that arrive meanwhile join. */
bool write_lock_take(Db *self, GError **error)
{
    bool taken = true;
    self->server->number++;
    for (guint i = 0; taken && i < self->counties->len; i++)
        taken = lock_county(self, i, error);
    return taken && (!self->together || pipeline_wait(self, error));
}

/* Waits for the present holder of the lock, which may be our own lost connection whose commit is still running. After that
 * our row, which stands with the first of the counties, tells the outcome. */
bool write_lock_was_committed(Db *self, bool *ended, GError **error)
{
    int64_t number;
    bool found;
    const Server *server = self->server;
    bool learnt = db_integer(self, "INSERT INTO db_turn (county, process, number) VALUES (:county, 0, 0)"
                                   " ON CONFLICT (county, process) DO UPDATE SET number = db_turn.number RETURNING number",
                             WITH(db_int("county", county_at(self, 0))), &number, &found, error) &&
                  db_integer(self, "SELECT number FROM db_turn WHERE county = :county AND process = :process",
                             WITH(db_int("county", county_at(self, 0)), db_int("process", server->process)), &number, &found, error);
    *ended = learnt && found && number == server->number;
    return learnt;
}

// SPDX-License-Identifier: Apache-2.0
/* Whose turn it is to write: several programs may serve one database, one of them writes a county at a time. The turn is
 * a row of the county. Each writing transaction begins by changing those of its counties, so the server itself lets them
 * queue: who comes waits for the end of the transaction before, however it ends, and is woken by it. There is nothing to
 * renew, no clock to compare, and nothing to wait for when a program is killed; and who lost his connection can commit
 * nothing more. */
#include "db/postgres/postgres.h"

#include <sodium.h>

enum {
    LOCK_MS = 5000,   /* how long another program's connection may take to end */
    STALL_MS = 10000, /* how long a program may stand still in the middle of its turn */
};

/* Row 0 is the turn. The others are one for each process that ever wrote: the number of its last turn that was committed.
 * They stay, some fifty bytes for each start of a program: who has lost his connection cannot be told from who is dead, and
 * will ask his row whether he has committed. */
static const char table[] = "CREATE TABLE IF NOT EXISTS db_turn (county BIGINT NOT NULL, process BIGINT NOT NULL, number BIGINT NOT NULL,"
                            " PRIMARY KEY (county, process))";

/* ---- who may have it open ---- */

/* Held by the connection that writes until it ends, however it ends. Servers share the first; who changes tables, keys or
 * many rows wants to be alone. The second is the process's own: a connection that it lost is over before it goes on, and
 * what that one had still to send comes to nothing. */
static bool take_locks(Db *self, GError **error)
{
    static const int64_t pinghu = 88399466591349; /* in ASCII */
    g_autofree char *all = g_strdup_printf("SET lock_timeout = %d; SELECT pg_advisory_lock%s(%" PRId64 "); SELECT pg_advisory_lock(%" PRId64 ");"
                                           " SET lock_timeout = 0", LOCK_MS, self->together ? "_shared" : "", pinghu, self->server->process);
    return postgres_order(self, all, error);
}

/* Of two who make a table at once one fails, and then finds it. */
static bool have_table(Db *self, GError **error)
{
    return postgres_order(self, table, NULL) || postgres_order(self, table, error);
}

static int64_t draw_process(void)
{
    return (int64_t)randombytes_random() << 31 | (randombytes_random() >> 1) | 1;
}

/* The server looks by itself whether we are still there, so that what a killed program has sent ends soon; and puts out
 * who stands still in the middle of a turn for which others wait. Long texts are packed in the quick way, where it knows one:
 * to pack the answers that are kept was a fifth of its work. Whatever it is set to, what we acknowledge is on its disk. */
bool write_lock_open(Db *self, GError **error)
{
    Server *server = self->server;
    g_autofree char *stall = g_strdup_printf("SET idle_in_transaction_session_timeout = %d", self->together ? STALL_MS : 0);
    if (!server->process)
        server->process = draw_process();
    postgres_order(self, "SET client_connection_check_interval = 500", NULL);
    postgres_order(self, "SET default_toast_compression = lz4", NULL);
    postgres_order(self, "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'", NULL);
    return postgres_order(self, stall, error) && take_locks(self, error) && have_table(self, error);
}

/* ---- a turn ---- */

static int64_t county_at(const Server *self, guint i)
{
    return g_array_index(self->counties, int64_t, i);
}

/* The turns' rows first, and these in the order of their counties: in another two could wait for each other. Not waited for:
 * what is sent behind them is carried out when it is our turn. */
bool write_lock_take(Db *self, GError **error)
{
    Server *server = self->server;
    server->number++;
    bool taken = db_run(self, "INSERT INTO db_turn (county, process, number) VALUES (:county, 0, :number), (:county, :process, :number)"
                              " ON CONFLICT (county, process) DO UPDATE SET number = excluded.number",
                        WITH(db_int("county", county_at(server, 0)), db_int("number", server->number), db_int("process", server->process)), error);
    for (guint i = 1; taken && i < server->counties->len; i++)
        taken = db_run(self, "INSERT INTO db_turn (county, process, number) VALUES (:county, 0, :number)"
                             " ON CONFLICT (county, process) DO UPDATE SET number = excluded.number",
                       WITH(db_int("county", county_at(server, i)), db_int("number", server->number)), error);
    return taken;
}

/* Waits for whoever has the turn: where locks are a node's own, it may be our connection before, whose commit is still on
 * its way. Then nothing of it is under way any more, and our row tells, which stands with the first of the counties. */
bool write_lock_was_committed(Db *self, bool *ended, GError **error)
{
    int64_t number;
    bool found;
    const Server *server = self->server;
    bool learnt = db_integer(self, "INSERT INTO db_turn (county, process, number) VALUES (:county, 0, 0)"
                                   " ON CONFLICT (county, process) DO UPDATE SET number = db_turn.number RETURNING number",
                             WITH(db_int("county", county_at(server, 0))), &number, &found, error) &&
                  db_integer(self, "SELECT number FROM db_turn WHERE county = :county AND process = :process",
                             WITH(db_int("county", county_at(server, 0)), db_int("process", server->process)), &number, &found, error);
    *ended = learnt && found && number == server->number;
    return learnt;
}

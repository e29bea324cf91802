// SPDX-License-Identifier: Apache-2.0
/* The engine PostgreSQL: a connection to a server that may be lost and reconnected, its transactions, and the outcome of a
 * commit whose answer was lost. */
#include "db/postgres/postgres.h"

#include <poll.h>
#include <string.h>

enum {
    PATIENCE_MS = 10000, /* how long a write waits for a server that went away */
    PAUSE_MS = 100,      /* between two attempts */
};

/* ---- a new connection ---- */

/* A commit gives WARNING 01000 when an administrator has cancelled its wait for the standby. */
static void hear(void *data, const PGresult *notice)
{
    Server *self = data;
    const char *state = PQresultErrorField(notice, PG_DIAG_SQLSTATE);
    self->warned |= state && strcmp(state, "01000") == 0;
}

/* A peer that does not answer for some twenty seconds is lost. The options of the address override these. */
static PGconn *dial(const char *address)
{
    static const char *const names[] = { "fallback_application_name", "connect_timeout", "keepalives_idle", "keepalives_interval",
                                         "keepalives_count", "tcp_user_timeout", "dbname", "client_encoding", NULL };
    const char *const values[] = { "pinghu", "5", "10", "5", "2", "20000", address, "UTF8", NULL };
    return PQconnectdbParams(names, values, 1);
}

bool postgres_order(Db *self, const char *sql, GError **error)
{
    PGresult *result = PQexec(self->server->link, sql);
    ExecStatusType status = PQresultStatus(result);
    bool well = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
    if (!well)
        pipeline_trouble(self, result, sql, error);
    PQclear(result);
    return well;
}

/* Every statement on a large table has an index (db/sqlite/plan.c), but the server would go on scanning a table that was
 * small when the statement was prepared. */
static const char by_index[] = "SET enable_seqscan = off";
static const char only_reads[] = "SET default_transaction_read_only = on";

static bool connect_anew(Db *self, GError **error)
{
    Server *server = self->server;
    g_clear_pointer(&server->link, PQfinish);
    server->link = dial(server->address);
    server->life++;
    server->sent = server->syncs = 0;
    server->in_transaction = false;
    insert_batch_discard(server);
    PQsetNoticeReceiver(server->link, hear, server);
    if (PQstatus(server->link) != CONNECTION_OK)
        return pipeline_trouble(self, NULL, "connecting", error);
    return postgres_order(self, by_index, error) && (self->writes ? write_lock_open(self, error) : postgres_order(self, only_reads, error)) &&
           (PQenterPipelineMode(server->link) || pipeline_trouble(self, NULL, "pipeline", error));
}

/* ---- a lost connection ---- */

static bool has_news(const PGconn *link)
{
    struct pollfd socket = { .fd = PQsocket(link), .events = POLLIN };
    return poll(&socket, 1, 0) > 0;
}

/* Asks the operating system alone whether the connection still stands. */
static bool is_alive(const Server *self)
{
    while (PQstatus(self->link) == CONNECTION_OK && has_news(self->link)) {
        if (!PQconsumeInput(self->link))
            return false;
        PQisBusy(self->link); /* takes in what has come */
    }
    return PQstatus(self->link) == CONNECTION_OK;
}

/* A write waits for the server once; a reader is refused at once. */
static bool revive(Db *self, GError **error)
{
    Server *server = self->server;
    bool patient = self->writes && !server->given_up;
    gint64 until = g_get_monotonic_time() + (patient ? server->patience * (gint64)1000 : 0);
    bool back = connect_anew(self, NULL);
    while (!back && g_get_monotonic_time() < until) {
        g_usleep(PAUSE_MS * (gulong)1000);
        back = connect_anew(self, NULL);
    }
    if (!back && !server->given_up)
        g_message("the database is away: %s", PQerrorMessage(server->link));
    server->given_up = !back;
    self->status = TRANSACTION_OK;
    return back || refuse(error, BUSY, "db.away", NULL);
}

/* ---- transactions ---- */

static bool have_connection(Db *self, GError **error)
{
    return is_alive(self->server) || revive(self, error);
}

/* A reader sees one snapshot. A write reads committed rows, because it has to see the commits made while it waited for the
 * write lock; once it holds the lock no other program writes. */
static bool begin(Db *self, GError **error)
{
    Server *server = self->server;
    if (!have_connection(self, error))
        return false;
    server->in_transaction = true;
    if (self->writes)
        transaction_state_begin(self);
    if (!pipeline_send(server, self->writes ? "BEGIN ISOLATION LEVEL READ COMMITTED" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"))
        return pipeline_trouble(self, NULL, "BEGIN", error);
    return !self->writes || write_lock_take(self, error);
}

/* The end of a reading transaction is not waited for; a write may have sent statements whose answers are still to be read. */
static void rollback(Db *self)
{
    Server *server = self->server;
    enum transaction_status state = self->status;
    bool began = server->in_transaction;
    server->in_transaction = false;
    insert_batch_discard(server);
    if (began && PQstatus(server->link) == CONNECTION_OK)
        pipeline_send(server, "ROLLBACK");
    if (self->writes)
        pipeline_wait(self, NULL);
    else
        pipeline_push(self);
    self->status = state;
}

/* The connection was lost during the commit: asks the server for its outcome. */
static bool in_doubt(Db *self, GError **error)
{
    bool ended = false;
    bool learnt = revive(self, NULL) && write_lock_was_committed(self, &ended, NULL);
    self->status = !learnt ? TRANSACTION_IN_DOUBT : ended ? TRANSACTION_OK : TRANSACTION_RETRY;
    return ended || refuse(error, BUSY, learnt ? "db.away" : "db.unknown", NULL);
}

/* The commit is on this server only, and lost with it. A repeated request under the same key learns the outcome in a
 * transaction of its own, which has to reach the standby together with all before it. */
static bool is_only_here(Db *self, GError **error)
{
    self->status = TRANSACTION_IN_DOUBT;
    return refuse(error, BUSY, "db.unknown", NULL);
}

static bool commit(Db *self, GError **error)
{
    Server *server = self->server;
    server->warned = false;
    if (!pipeline_commit(self, error)) {
        if (PQstatus(server->link) == CONNECTION_OK && self->status != TRANSACTION_RETRY)
            return false;
        g_clear_error(error);
        return in_doubt(self, error);
    }
    server->in_transaction = false;
    if (server->warned)
        return is_only_here(self, error);
    transaction_state_committed(self);
    return true;
}

/* Several statements in one text need libpq without its pipeline. */
static bool script(Db *self, const char *sql, GError **error)
{
    PGconn *link = self->server->link;
    if (!pipeline_wait(self, error))
        return false;
    if (!PQexitPipelineMode(link))
        return pipeline_trouble(self, NULL, sql, error);
    bool well = postgres_order(self, sql, error);
    return (PQenterPipelineMode(link) || pipeline_trouble(self, NULL, sql, error)) && well;
}

static void close_link(Db *self)
{
    g_clear_pointer(&self->server->link, PQfinish);
    g_hash_table_unref(self->statements);
    g_ptr_array_unref(self->server->inserts);
    g_free(self->server->address);
    g_free(self->server);
}

/* ---- opening ---- */

char *postgres_name(const char *address)
{
    char *name = NULL;
    PQconninfoOption *parts = PQconninfoParse(address, NULL);
    for (const PQconninfoOption *part = parts; part && part->keyword; part++)
        if (strcmp(part->keyword, "dbname") == 0 && part->val)
            name = g_path_get_basename(part->val);
    PQconninfoFree(parts);
    return name ? name : g_strdup("pinghu");
}

static const Engine postgres = {
    .begin = begin, .begin_lookup = have_connection, .commit = commit, .rollback = rollback, .close = close_link, .schema = schema_guard, .script = script,
    .compile = pipeline_compile, .drop = pipeline_drop, .bind = pipeline_bind, .ask = pipeline_ask, .next = remote_next,
    .run = pipeline_run, .end = pipeline_end, .count = remote_count, .name = remote_name, .kind = remote_kind,
    .integer = remote_integer, .real = remote_real, .text = remote_text, .bytes = remote_bytes,
};

/* The server compares texts too, and parts of a ledger are found by the beginning of their names. */
static bool sorts_as_we_do(Db *self, GError **error)
{
    int64_t fits;
    bool found;
    if (!db_integer(self, "SELECT COUNT(*) FROM pg_database WHERE datname = current_database() AND datlocprovider = 'c'"
                          " AND pg_encoding_to_char(encoding) = 'UTF8' AND datcollate IN ('C', 'POSIX', 'C.UTF-8', 'C.utf8')",
                    NULL, &fits, &found, error))
        return false;
    return fits || refuse(error, CONFLICT, "db.locale", "file", PQdb(self->server->link), NULL);
}

static bool is_held_by_another(const Db *self)
{
    return PQstatus(self->server->link) == CONNECTION_OK && self->status == TRANSACTION_RETRY;
}

Db *postgres_open(const char *address, enum engine_use use, GError **error)
{
    bool writes = use != ENGINE_READS;
    g_autoptr(Db) self = connection_new(&postgres, writes);
    self->server = g_new0(Server, 1);
    self->together = use == ENGINE_WRITES_TOGETHER;
    self->server->address = g_strdup(address);
    self->server->patience = PATIENCE_MS;
    self->server->inserts = g_ptr_array_new();
    if (connect_anew(self, NULL))
        return !writes || sorts_as_we_do(self, error) ? g_steal_pointer(&self) : NULL;
    if (is_held_by_another(self))
        return refuse(error, CONFLICT, "db.in_use", "file", PQdb(self->server->link), NULL);
    if (writes)
        return fault(error, "cannot open the database: %s", PQerrorMessage(self->server->link));
    g_message("the database is away: %s", PQerrorMessage(self->server->link));
    return refuse(error, BUSY, "db.away", NULL);
}

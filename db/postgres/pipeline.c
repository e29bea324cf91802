// SPDX-License-Identifier: Apache-2.0
/* Commands to a PostgreSQL server and their answers. Commands are pipelined: a caller that needs an answer waits for every
 * command sent before it too. After a failed command the server skips the rest of the batch, so the first failure is the one
 * to report. */
#include "db/postgres/postgres.h"

#include <string.h>

enum { SENT_MOST = 256 /* commands, before their answers are read */, OID_TEXT = 25, OID_INT8 = 20, OID_BYTEA = 17 };

/* ---- trouble ---- */

/* The meaning of an error is found by the beginning of its SQLSTATE. */
static const struct Meaning {
    const char *state;
    enum trouble why;
    const char *reason; /* NULL: a fault */
    enum transaction_status becomes;
} meanings[] = {
    { "23505", CONFLICT, "db.clash", TRANSACTION_OK },
    { "53100", FULL, "db.full", TRANSACTION_OK },
    { "40001", BUSY, "db.busy", TRANSACTION_RETRY }, { "40P01", BUSY, "db.busy", TRANSACTION_RETRY }, { "55P03", BUSY, "db.busy", TRANSACTION_RETRY },
    { "08", BUSY, "db.away", TRANSACTION_RETRY }, { "57P01", BUSY, "db.away", TRANSACTION_RETRY }, { "57P02", BUSY, "db.away", TRANSACTION_RETRY },
    { "57P03", BUSY, "db.away", TRANSACTION_RETRY }, { "53300", BUSY, "db.away", TRANSACTION_RETRY }, { "25P03", BUSY, "db.away", TRANSACTION_RETRY },
    { "", FAULT, NULL, TRANSACTION_OK },
};

static const struct Meaning *meaning_of(const char *state)
{
    size_t i = 0;
    while (!g_str_has_prefix(state, meanings[i].state))
        i++;
    return &meanings[i];
}

void *pipeline_trouble(Db *self, const PGresult *failed, const char *sql, GError **error)
{
    const char *state = failed ? PQresultErrorField(failed, PG_DIAG_SQLSTATE) : NULL;
    bool is_servers = state && *state;
    if (!is_servers && (failed || PQstatus(self->server->link) == CONNECTION_BAD))
        state = "08006"; /* nothing came back: the library says so itself, without a state */
    if (is_servers && write_lock_is_lost(failed))
        state = "40001";
    const struct Meaning *meaning = meaning_of(state ? state : "");
    if (meaning->becomes != TRANSACTION_OK)
        self->status = meaning->becomes;
    if (meaning->reason)
        return refuse(error, meaning->why, meaning->reason, NULL);
    const char *message = failed ? PQresultErrorField(failed, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    return fault(error, "database: %s (%s): %s", message ? message : PQerrorMessage(self->server->link), state ? state : "", sql);
}

/* ---- reading ---- */

typedef struct Reading {
    PGresult *last, *failed; /* the newest answer, and the first failure */
    unsigned at, failed_at;  /* counted in commands since the last sync */
} Reading;

static void reading_clear(Reading *self)
{
    PQclear(self->last);
    PQclear(self->failed);
    *self = (Reading){ 0 };
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reading, reading_clear)

static void take(Reading *self, PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    bool well = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
    PGresult **place = well ? &self->last : &self->failed;
    if (!well && (self->failed || status == PGRES_PIPELINE_ABORTED)) {
        PQclear(result);
        return;
    }
    self->failed_at = well ? self->failed_at : self->at;
    PQclear(*place);
    *place = result;
}

/* Reads up to the last sync and drops answers before an earlier one. False when the connection is lost. */
static bool read_all(Server *self, Reading *reading)
{
    enum { SILENT_MOST = 3 }; /* times: then we are out of step with the server */
    bool any = false;
    unsigned silent = 0;
    while (self->syncs) {
        PGresult *result = PQgetResult(self->link);
        bool is_sync = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
        if (is_sync && --self->syncs)
            reading_clear(reading);
        if (is_sync)
            PQclear(result);
        else if (result)
            take(reading, result);
        else if (any)
            reading->at++;
        else if (PQstatus(self->link) == CONNECTION_BAD || ++silent > SILENT_MOST)
            return false;
        any = result && !is_sync;
    }
    return PQstatus(self->link) == CONNECTION_OK;
}

/* After a failure it is unknown which of the statements first sent in this batch the server has prepared. */
static void forget_new(Db *self)
{
    GHashTableIter all;
    void *rows;
    g_hash_table_iter_init(&all, self->statements);
    while (g_hash_table_iter_next(&all, NULL, &rows)) {
        Remote *remote = ((DbRows *)rows)->remote;
        if (remote)
            prepared_forget(&remote->there, self->server->batch);
        if (remote && remote->batch)
            insert_batch_unprepare(remote->batch, self->server->batch);
    }
}

/* *last is the newest answer; the last `own` commands belong to the caller. */
static bool wait_for_all(Db *self, unsigned own, const char *sql, PGresult **last, GError **error)
{
    Server *server = self->server;
    g_auto(Reading) reading = { 0 };
    unsigned sent = server->sent;
    server->sent = 0;
    if (!PQpipelineSync(server->link))
        return pipeline_trouble(self, NULL, sql, error);
    server->syncs++;
    bool whole = read_all(server, &reading);
    *last = g_steal_pointer(&reading.last);
    if (whole && !reading.failed && (*last || !own))
        return server->batch++, true;
    forget_new(self);
    server->batch++;
    if (!whole && !reading.failed) { /* lost, or out of step with the server: both end the connection */
        self->status = TRANSACTION_RETRY;
        return refuse(error, BUSY, "db.away", NULL);
    }
    if (reading.failed_at + own < sent)
        self->status = TRANSACTION_ABORTED;
    return pipeline_trouble(self, reading.failed, sql, error);
}

/* The answer to the last command. */
static PGresult *wait_for(Db *self, unsigned own, const char *sql, GError **error)
{
    PGresult *last = NULL;
    if (wait_for_all(self, own, sql, &last, error))
        return last;
    PQclear(last);
    return NULL;
}

bool pipeline_wait(Db *self, GError **error)
{
    PGresult *last = NULL;
    if (!insert_batch_send(self->server, NULL))
        return pipeline_trouble(self, NULL, "an earlier row", error);
    bool well = !self->server->sent || wait_for_all(self, 0, "an earlier statement", &last, error);
    PQclear(last);
    return well;
}

/* For COMMIT of a transaction with a failed statement the server rolls back and answers ROLLBACK. */
bool pipeline_commit(Db *self, GError **error)
{
    if (!insert_batch_send(self->server, NULL) || !pipeline_send(self->server, "COMMIT"))
        return pipeline_trouble(self, NULL, "COMMIT", error);
    PGresult *last = wait_for(self, 0, "an earlier statement", error);
    bool committed = last && strcmp(PQcmdStatus(last), "COMMIT") == 0;
    PQclear(last);
    return committed || (last && fault(error, "a write went on after a statement that had failed"));
}

void pipeline_push(Db *self)
{
    Server *server = self->server;
    if (server->sent && PQpipelineSync(server->link)) {
        server->syncs++;
        server->sent = 0;
        server->batch++;
    }
}

/* ---- statements ---- */

/* A statement that reads all rows may read more than memory holds, so its rows are fetched through a cursor. */
static void make_cursor(Remote *self, Server *server)
{
    g_autofree char *text = g_steal_pointer(&self->there.text), *name = g_strdup_printf("c%" PRIu64, ++server->names);
    self->there.text = g_strdup_printf("DECLARE %s NO SCROLL CURSOR FOR %s", name, text);
    self->fetch = g_strdup_printf("FETCH %d FROM %s", FETCH_ROWS, name);
    self->leave = g_strdup_printf("CLOSE %s", name);
}

void values_open(Values *self, size_t count)
{
    *self = (Values){ count, g_new0(Oid, count), g_new0(const char *, count), g_new0(int, count), g_new0(int, count) };
}

void values_close(Values *self)
{
    g_free(self->types);
    g_free((void *)self->texts);
    g_free(self->lengths);
    g_free(self->formats);
}

bool pipeline_compile(DbRows *self, GError **error)
{
    Remote *remote = self->remote = g_new0(Remote, 1);
    g_autoptr(GPtrArray) names = statement_number(self->text, &remote->there.text, error);
    if (!names)
        return false;
    self->count = names->len;
    self->parameters = g_new0(Parameter, names->len);
    for (guint i = 0; i < names->len; i++)
        self->parameters[i].name = g_steal_pointer(&names->pdata[i]);
    if (g_str_has_prefix(self->text, "/* all rows */ SELECT"))
        make_cursor(remote, self->db->server);
    values_open(&remote->bound, self->count);
    remote->numbers = g_new0(int64_t, self->count);
    return true;
}

void prepared_forget(Prepared *there, unsigned batch)
{
    if (there->batch == batch)
        there->life = 0;
}

static bool prepared_is_there(const Server *self, const Prepared *there)
{
    return there->life && there->life == self->life;
}

bool pipeline_send(Server *self, const char *sql)
{
    bool sent = PQsendQueryParams(self->link, sql, 0, NULL, NULL, NULL, NULL, 1);
    self->sent += sent;
    return sent;
}

/* A name is never used twice, so a statement that may or may not be prepared does no harm. */
static void deallocate(Server *self, const Prepared *there)
{
    g_autofree char *sql = g_strdup_printf("DEALLOCATE %s", there->name);
    if (self->link && prepared_is_there(self, there))
        pipeline_send(self, sql);
}

void prepared_drop(Server *self, Prepared *there)
{
    deallocate(self, there);
    g_free(there->types);
    g_free(there->text);
}

void pipeline_drop(DbRows *self)
{
    Remote *remote = self->remote;
    if (!remote)
        return;
    if (self->db->server->link)
        insert_batch_send(self->db->server, NULL);
    insert_batch_free(self->db->server, remote->batch);
    prepared_drop(self->db->server, &remote->there);
    PQclear(remote->result);
    g_free(remote->fetch);
    g_free(remote->leave);
    values_close(&remote->bound);
    g_free(remote->numbers);
    g_free(remote);
}

static void bind_bytes(Values *self, int at, const DbArg *arg)
{
    self->types[at] = OID_BYTEA;
    self->texts[at] = arg->text;
    self->lengths[at] = (int)arg->length;
    self->formats[at] = 1;
}

/* Bound values are sent before the call returns, so they are not copied. The kind of the value decides the type with which
 * the statement is prepared; NULL leaves it open. */
bool pipeline_bind(DbRows *self, int at, const DbArg *arg, size_t length, bool lasts, GError **error)
{
    (void)lasts;
    Remote *remote = self->remote;
    Values *bound = &remote->bound;
    bound->types[at] = arg->kind == DB_INTEGER ? OID_INT8 : arg->kind == DB_TEXT ? OID_TEXT : 0;
    bound->texts[at] = arg->kind == DB_TEXT ? arg->text : NULL;
    bound->lengths[at] = (int)length;
    bound->formats[at] = 0;
    if (arg->kind == DB_BYTES && arg->length > G_MAXINT)
        return fault(error, "the bytes for :%s are too many", arg->name);
    if (arg->kind == DB_BYTES)
        bind_bytes(bound, at, arg);
    if (arg->kind == DB_INTEGER) {
        remote->numbers[at] = GINT64_TO_BE(arg->number);
        bound->texts[at] = (const char *)&remote->numbers[at];
        bound->lengths[at] = sizeof remote->numbers[at];
        bound->formats[at] = 1;
    }
    return true;
}

/* A parameter that was NULL when the statement was prepared has whatever type the server gave it: then an integer, which is
 * sent as eight bytes, has it prepared anew. */
static bool types_fit(const Prepared *there, const Values *values)
{
    for (size_t i = 0; i < values->count; i++)
        if (values->types[i] && values->types[i] != there->types[i])
            return false;
    return true;
}

static bool prepare(Server *self, Prepared *there, const Values *values)
{
    deallocate(self, there);
    if (!there->types)
        there->types = g_new0(Oid, values->count);
    for (size_t i = 0; i < values->count; i++)
        if (values->types[i])
            there->types[i] = values->types[i];
    g_snprintf(there->name, NAME_TEXT, "s%" PRIu64, ++self->names);
    if (!PQsendPrepare(self->link, there->name, there->text, (int)values->count, there->types))
        return false;
    there->life = self->life;
    there->batch = self->batch;
    self->sent++;
    return true;
}

bool prepared_send(Server *self, Prepared *there, const Values *v)
{
    bool sent = ((prepared_is_there(self, there) && types_fit(there, v)) || prepare(self, there, v)) &&
                PQsendQueryPrepared(self->link, there->name, (int)v->count, v->texts, v->lengths, v->formats, 1);
    self->sent += sent;
    return sent;
}

unsigned pipeline_send_rows(DbRows *self, GError **error)
{
    Remote *remote = self->remote;
    Server *server = self->db->server;
    bool ready = insert_batch_send(server, statement_is_order(self->text) ? NULL : self->text);
    unsigned before = server->sent;
    if (ready && prepared_send(server, &remote->there, &remote->bound))
        return server->sent - before;
    self->failed = true;
    pipeline_trouble(self->db, NULL, self->text, error);
    return 0;
}

/* The last `own` commands have asked for the rows. */
static bool take_rows(DbRows *self, unsigned own, GError **error)
{
    Remote *remote = self->remote;
    remote->row = -1;
    remote->result = wait_for(self->db, own, self->text, error);
    self->failed = self->ended = !remote->result;
    return !self->failed;
}

bool pipeline_ask(DbRows *self, GError **error)
{
    Remote *remote = self->remote;
    unsigned own = pipeline_send_rows(self, error);
    if (own && remote->fetch)
        own += pipeline_send(self->db->server, remote->fetch);
    return own && take_rows(self, own, error);
}

bool pipeline_fetch(DbRows *self, GError **error)
{
    g_clear_pointer(&self->remote->result, PQclear);
    return take_rows(self, pipeline_send(self->db->server, self->remote->fetch), error);
}

static bool add_row(DbRows *self, GError **error)
{
    Remote *remote = self->remote;
    if (!remote->batch)
        remote->batch = insert_batch_new(remote->there.text, self->count);
    if (!remote->batch)
        return fault(error, "not an INSERT of one row: %s", self->text);
    return insert_batch_add(self) || pipeline_trouble(self->db, NULL, self->text, error);
}

bool pipeline_run(DbRows *self, int64_t *changed, GError **error)
{
    Server *server = self->db->server;
    bool may_wait = self->db->writes && server->in_transaction && !changed && server->sent < SENT_MOST;
    if (may_wait && self->is_insert)
        return add_row(self, error);
    unsigned own = pipeline_send_rows(self, error);
    if (!own || may_wait)
        return own;
    PGresult *result = wait_for(self->db, own, self->text, error);
    if (result && changed)
        *changed = g_ascii_strtoll(PQcmdTuples(result), NULL, 10);
    self->failed = !result;
    PQclear(result);
    return !self->failed;
}

void pipeline_end(DbRows *self)
{
    Remote *remote = self->remote;
    Server *server = self->db->server;
    if (remote->leave && remote->result && PQtransactionStatus(server->link) == PQTRANS_INTRANS)
        pipeline_send(server, remote->leave);
    g_clear_pointer(&remote->result, PQclear);
}

// SPDX-License-Identifier: Apache-2.0
/* The answers of the last two days by idempotency key: a replayed request gets the kept answer and does nothing. */
#include "http/state.h"

#include <string.h>

enum { KEPT_DAYS = 2 };

static const char place[] = "http_done.answer";

/* DONE_ON of session_store.c builds the same key in SQL. */
static char *own_key(enum actor_kind kind, int64_t actor, const char *key_hash)
{
    return g_strconcat(DECIMAL(kind), "/", DECIMAL(actor), "/", key_hash, NULL);
}

/* Fields may hold a name and a number that somebody could guess and try: the key, which only the sender has, keys the digest. */
void idempotency_digest(RequestState *self)
{
    Hash digest;
    g_autoptr(GString) text = g_string_new(self->route->path);
    for (unsigned i = 0; self->parts[i]; i++)
        g_string_append_printf(text, "\n%s", self->parts[i]);
    g_autofree char *given = json_canonical(self->given);
    g_string_append_printf(text, "\n%s", given);
    for (size_t i = 0; i < self->request.upload_count; i++)
        g_string_append_printf(text, "\n%s", self->request.uploads[i].sha256);
    for (size_t i = 0; i < json_array_size(self->wanted_files); i++)
        g_string_append_printf(text, "\n%s", json_string_value(json_array_get(self->wanted_files, i)));
    self->key_hash = hash_text(self->key);
    hash_keyed(self->key, strlen(self->key), text->str, text->len, &digest);
    self->idempotency_digest = text_hex(&digest, sizeof digest);
}

/* A form that was changed and sent once more: what it made the first time is there, and the page leads to it. */
static bool sent_before(const RequestState *self, const json_t *answer, GError **error)
{
    if (!self->wants_page)
        return refuse(error, NOT_FITTING, "http.key_used", NULL);
    g_autofree char *see = json_is_object(answer) && self->route->redirect ? route_fill(self, self->route->redirect, answer) : NULL;
    const char *draft = strcmp(json_text(answer, "state"), "draft") == 0 ? "draft" : NULL;
    return refuse(error, NOT_FITTING, "http.form_sent", see ? "see" : draft, see ? see : json_text(answer, "number_grouped"),
                  see ? draft : NULL, json_text(answer, "number_grouped"), NULL);
}

/* `kept` is the digest, and with blanks between the day, the sealed answer and the key. */
bool idempotency_match(const RequestState *self, Db *db, const char *kept, json_t **answer, GError **error)
{
    enum { DAY, ANSWER, KEY, TEXTS };
    size_t length = strlen(self->idempotency_digest);
    g_autofree char *digest = g_strndup(kept, length), *text = NULL;
    g_auto(GStrv) parts = g_strsplit(kept + length, " ", TEXTS);
    g_autofree char *of = g_strdup_printf("%s/%s", parts[DAY], parts[KEY]);
    if (!personal_open(db, self->request.context.county, place, of, parts[ANSWER], &text, error))
        return false;
    g_autoptr(json_t) found = json_loads(text, JSON_DECODE_ANY, NULL);
    if (!found)
        return fault(error, "a kept answer does not parse");
    if (!secret_equals(digest, self->idempotency_digest))
        return sent_before(self, found, error);
    *answer = g_steal_pointer(&found);
    return true;
}

static bool find_under(RequestState *self, Db *db, enum actor_kind kind, int64_t actor, json_t **answer, bool *found, GError **error)
{
    g_autofree char *key = own_key(kind, actor, self->key_hash);
    Day today = day_of(self->request.context.now);
    /* PostgreSQL would scan all days for the key of a "day IN (…)". */
    g_autoptr(DbRows) rows = db_query(db,
        "SELECT " IDEMPOTENCY_KEPT " FROM http_done WHERE county = :county AND day = :today AND key = :key UNION ALL"
        " SELECT " IDEMPOTENCY_KEPT " FROM http_done WHERE county = :county AND day = :yesterday AND key = :key",
        WITH(db_int("county", self->request.context.county), db_int("today", today), db_int("yesterday", today - 1),
             db_text("key", key)), error);
    if (!rows)
        return false;
    *found = db_next(rows, error);
    if (db_failed(rows) || !*found)
        return !db_failed(rows);
    return idempotency_match(self, db, db_column_text(rows, 0), answer, error);
}

/* The answer to a request that began a session is kept for that session, which may be any of the browser's. Whoever has not that session
 * is told only that the request was sent before. */
bool idempotency_find(RequestState *self, Db *db, json_t **answer, bool *found, GError **error)
{
    bool begins = self->route->begins, well = begins || find_under(self, db, self->actor.kind, self->actor.id, answer, found, error);
    for (size_t i = 0; well && begins && !*found && i < self->case_count; i++)
        well = find_under(self, db, HOLDER, self->case_numbers[i], answer, found, error);
    if (!well || !begins || *found)
        return well;
    g_autoptr(json_t) nothing = NULL;
    bool sent = false;
    return find_under(self, db, VISITOR, 0, &nothing, &sent, error) && (!sent || refuse(error, CONFLICT, "http.begun_already", NULL));
}

/* Deletes the answers that are too old, once for each transaction. */
static bool sweep(Db *db, int64_t county, void *memory, GError **error)
{
    const Day *today = memory;
    return db_run(db, "DELETE FROM http_done WHERE county = :county AND day < :day",
                  WITH(db_int("county", county), db_int("day", *today - KEPT_DAYS)), error);
}

static bool keep_for(RequestState *self, Db *db, enum actor_kind kind, int64_t actor, const char *text, GError **error)
{
    int64_t county = self->request.context.county;
    Day today = day_of(self->request.context.now);
    g_autofree char *key = own_key(kind, actor, self->key_hash), *of = g_strconcat(DECIMAL(today), "/", key, NULL);
    g_autofree char *sealed = personal_seal(db, county, place, of, text, error);
    return sealed && db_insert(db, "INSERT INTO http_done (county, day, key, digest, answer) VALUES (:county, :day, :key, :digest, :answer)",
                               WITH(db_int("county", county), db_int("day", today), db_text("key", key), db_text("digest", self->idempotency_digest),
                                    db_text("answer", sealed)), error);
}

/* A session that the request has begun is handed to no sender but the one who has it: the answer is kept for its actor, and that it was
 * sent for everybody. */
bool idempotency_keep(RequestState *self, Db *db, const json_t *answer, GError **error)
{
    bool fresh, begins = self->begins_session;
    Day today = day_of(self->request.context.now);
    g_autofree char *text = json_dumps(answer, JSON_COMPACT | JSON_ENCODE_ANY);
    *(Day *)db_transaction_state(db, self->request.context.county, sweep, sizeof today, &fresh) = today;
    return keep_for(self, db, begins ? self->begun_kind : self->actor.kind, begins ? self->begun_id : self->actor.id, text, error) &&
           (!begins || keep_for(self, db, VISITOR, 0, "null", error));
}

static bool forget_answer(const Context *context, int64_t day, const char *key, GError **error)
{
    return db_run(context->db, "DELETE FROM http_done WHERE county = :county AND day = :day AND key = :key",
                  WITH(db_int("county", context->county), db_int("day", day), db_text("key", key)), error);
}

/* Sealed answers are opened one after the other, because nothing finds what they say; there are those of two days, and an erasure is seldom. */
bool idempotency_forget(const Context *context, const char *subject, GError **error)
{
    const char *number = strchr(subject, '/') + 1;
    g_autofree char *grouped = text_grouped(number);
    g_autoptr(DbRows) rows = db_query(context->db, "SELECT answer, day, key FROM http_done WHERE county = :county",
                                      WITH(db_int("county", context->county)), error);
    while (db_next(rows, error)) {
        int64_t day = db_column_int(rows, 1);
        g_autofree char *key = g_strdup(db_column_text(rows, 2)), *of = g_strdup_printf("%" PRId64 "/%s", day, key);
        g_autofree char *answer = personal_column(rows, 0, place, of, error);
        if (!answer || ((strstr(answer, number) || strstr(answer, grouped)) && !forget_answer(context, day, key, error)))
            return false;
    }
    return !db_failed(rows);
}

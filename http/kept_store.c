// SPDX-License-Identifier: Apache-2.0
/* The rows of forms that are kept. */
#include "http/state.h"

#include <string.h>

enum { OF_ACCOUNT = 20, OF_BROWSERS = 5 /* forms that came too late: whoever holds the cookie of an ended session displaces no others */ };

static const char place[] = "http_kept.content";

static char *key_of(const KeptRow *row)
{
    return g_strdup_printf("%d/%" PRId64 "/%s/%s", row->kind, row->actor, row->action, row->mark);
}

/* The oldest go beyond a bound, and those whose time is over. */
static bool sweep(Db *db, const KeptRow *row, GError **error)
{
    bool is_marked = *row->mark;
    return db_run(db, "DELETE FROM http_kept WHERE county = :county AND until_at < :now", WITH(db_int("county", row->county), db_int("now", row->at)), error) &&
           db_run(db, is_marked ? "DELETE FROM http_kept WHERE county = :county AND actor_kind = :kind AND actor = :actor AND mark <> '' AND kept_at < (SELECT kept_at"
                                  " FROM http_kept WHERE county = :county AND actor_kind = :kind AND actor = :actor AND mark <> '' ORDER BY kept_at DESC LIMIT 1 OFFSET :more)"
                                : "DELETE FROM http_kept WHERE county = :county AND actor_kind = :kind AND actor = :actor AND mark = '' AND kept_at < (SELECT kept_at"
                                  " FROM http_kept WHERE county = :county AND actor_kind = :kind AND actor = :actor AND mark = '' ORDER BY kept_at DESC LIMIT 1 OFFSET :more)",
                  WITH(db_int("county", row->county), db_int("kind", row->kind), db_int("actor", row->actor), db_int("more", (is_marked ? OF_BROWSERS : OF_ACCOUNT) - 1)), error);
}

bool kept_write(Db *db, void *data, GError **error)
{
    const KeptRow *row = data;
    g_autofree char *key = key_of(row), *sealed = personal_seal(db, row->county, place, key, row->content, error);
    return sealed && db_run(db, "INSERT INTO http_kept (county, actor_kind, actor, action, mark, page, kept_at, until_at, content)"
        " VALUES (:county, :kind, :actor, :action, :mark, :page, :at, :until, :content) ON CONFLICT (county, actor_kind, actor, action, mark)"
        " DO UPDATE SET page = excluded.page, kept_at = excluded.kept_at, until_at = excluded.until_at, content = excluded.content",
        WITH(db_int("county", row->county), db_int("kind", row->kind), db_int("actor", row->actor), db_text("action", row->action),
             db_text("mark", row->mark), db_text("page", row->page), db_int("at", row->at), db_int("until", row->until), db_text("content", sealed)), error) &&
        sweep(db, row, error) &&
        (row->is_known || db_run(db, "UPDATE http_session SET keeps = 1 WHERE county = :county AND actor_kind = :kind AND actor = :actor AND keeps = 0",
                                 WITH(db_int("county", row->county), db_int("kind", row->kind), db_int("actor", row->actor)), error));
}

json_t *kept_read(Db *db, const KeptRow *of, GError **error)
{
    g_autoptr(json_t) kept = json_object();
    g_autoptr(DbRows) rows = db_query(db, "SELECT action, mark, kept_at, content FROM http_kept WHERE county = :county AND actor_kind = :kind AND actor = :actor"
        " AND page = :page AND mark IN ('', :mark, :refused) AND until_at > :now ORDER BY kept_at",
        WITH(db_int("county", of->county), db_int("kind", of->kind), db_int("actor", of->actor), db_text("page", of->page), db_text("mark", of->mark),
             db_text("refused", of->with_refused ? KEPT_REFUSED : ""), db_int("now", of->at)), error);
    while (db_next(rows, error)) {
        g_autofree char *action = g_strdup(db_column_text(rows, 0)), *mark = g_strdup(db_column_text(rows, 1));
        int64_t at = db_column_int(rows, 2);
        g_autofree char *key = key_of(&(KeptRow){ .kind = of->kind, .actor = of->actor, .action = action, .mark = mark });
        g_autofree char *content = personal_column(rows, 3, place, key, error);
        json_t *form = content ? json_loads(content, 0, NULL) : NULL;
        if (!form)
            return content ? fault(error, "a kept form does not parse") : NULL;
        json_object_set_new(form, "kept_at", json_integer(at));
        json_object_set_new(form, "mark", json_string(mark));
        json_object_set_new(kept, action, form);
    }
    return !db_failed(rows) ? g_steal_pointer(&kept) : NULL;
}

bool kept_delete(Db *db, const KeptRow *of, GError **error)
{
    int64_t left = 0;
    return db_run(db, "DELETE FROM http_kept WHERE county = :county AND actor_kind = :kind AND actor = :actor AND action = :action AND mark IN ('', :mark, :refused)",
                  WITH(db_text("refused", KEPT_REFUSED), db_int("county", of->county), db_int("kind", of->kind), db_int("actor", of->actor), db_text("action", of->action), db_text("mark", of->mark)), error) &&
           kept_count(db, of, &left, error) &&
           (left || db_run(db, "UPDATE http_session SET keeps = 0 WHERE county = :county AND actor_kind = :kind AND actor = :actor AND keeps > 0",
                           WITH(db_int("county", of->county), db_int("kind", of->kind), db_int("actor", of->actor)), error));
}

bool kept_count(Db *db, const KeptRow *of, int64_t *count, GError **error)
{
    bool found;
    return db_integer(db, "SELECT COUNT(*) FROM http_kept WHERE county = :county AND actor_kind = :kind AND actor = :actor",
                      WITH(db_int("county", of->county), db_int("kind", of->kind), db_int("actor", of->actor)), count, &found, error);
}

static bool forget_form(const Context *context, const KeptRow *of, GError **error)
{
    return db_run(context->db, "DELETE FROM http_kept WHERE county = :county AND actor_kind = :kind AND actor = :actor AND action = :action AND mark = :mark",
                  WITH(db_int("county", context->county), db_int("kind", of->kind), db_int("actor", of->actor), db_text("action", of->action), db_text("mark", of->mark)), error);
}

/* Sealed forms are opened one after the other, as kept answers are (idempotency_forget). */
bool kept_forget(const Context *context, const char *subject, GError **error)
{
    const char *number = strchr(subject, '/') + 1;
    g_autofree char *grouped = text_grouped(number);
    g_autoptr(DbRows) rows = db_query(context->db, "SELECT actor_kind, actor, action, mark, content FROM http_kept WHERE county = :county",
                                      WITH(db_int("county", context->county)), error);
    while (db_next(rows, error)) {
        g_autofree char *action = g_strdup(db_column_text(rows, 2)), *mark = g_strdup(db_column_text(rows, 3));
        const KeptRow row = { .kind = (enum actor_kind)db_column_int(rows, 0), .actor = db_column_int(rows, 1), .action = action, .mark = mark };
        g_autofree char *key = key_of(&row), *content = personal_column(rows, 4, place, key, error);
        bool names = content && (strstr(action, number) || strstr(content, number) || strstr(content, grouped) || strcmp(DECIMAL(row.actor), number) == 0);
        if (!content || (names && !forget_form(context, &row, error)))
            return false;
    }
    return !db_failed(rows);
}

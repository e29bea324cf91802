// SPDX-License-Identifier: Apache-2.0
#include "outbox/store.h"

#include <string.h>

/* ---- writing ---- */

bool message_insert(const Context *context, const MessageRow *row, GError **error)
{
    int64_t id;
    return db_next_id(context->db, context->county, "message", &id, error) && db_insert(context->db,
        "INSERT INTO message (county, id, recipient, template, data, made_at, read_at, channel, state, next_try,"
        " tries, lost, ended_at, trouble) VALUES (:county, :id, :recipient, :template, :data, :made_at, 0, :channel,"
        " :state, :next_try, 0, 0, 0, '')",
        WITH(db_int("county", context->county), db_int("id", id), db_text("recipient", row->recipient),
             db_text("template", row->template), db_text("data", row->data), db_int("made_at", context->now), db_text("channel", row->channel), db_text("state", row->state),
             db_int("next_try", row->next_try)), error);
}

bool message_read(const Context *context, const char *recipient, int64_t until, GError **error)
{
    return db_run(context->db,
        "UPDATE message SET read_at = :now WHERE county = :county AND recipient = :recipient AND read_at = 0 AND id <= :until",
        WITH(db_int("now", context->now), db_int("county", context->county), db_text("recipient", recipient), db_int("until", until)),
        error);
}

bool message_read_one(const Context *context, int64_t id, GError **error)
{
    return db_run(context->db, "UPDATE message SET read_at = :now WHERE county = :county AND id = :id AND read_at = 0",
                  WITH(db_int("now", context->now), db_int("county", context->county), db_int("id", id)), error);
}

/* Several servers may move the same message: only the first finds it as it was. */
bool message_move(const Context *context, const json_t *before, const json_t *changes, bool *done, GError **error)
{
    int64_t changed;
    g_autoptr(json_t) to = json_copy((json_t *)before);
    json_object_update(to, (json_t *)changes);
    bool ran = db_change(context->db,
        "UPDATE message SET channel = :channel, state = :state, next_try = :next_try, tries = :tries, lost = :lost,"
        " ended_at = :ended_at, trouble = :trouble WHERE county = :county AND id = :id AND state = :was_state"
        " AND next_try = :was_next_try AND tries = :was_tries",
        WITH(db_text("channel", json_text(to, "channel")), db_text("state", json_text(to, "state")),
             db_int("next_try", json_number(to, "next_try")), db_int("tries", json_number(to, "tries")),
             db_int("lost", json_number(to, "lost")), db_int("ended_at", json_number(to, "ended_at")),
             db_text("trouble", json_text(to, "trouble")), db_int("county", context->county), db_int("id", json_number(before, "id")),
             db_text("was_state", json_text(before, "state")), db_int("was_next_try", json_number(before, "next_try")),
             db_int("was_tries", json_number(before, "tries"))), &changed, error);
    *done = ran && changed == 1;
    return ran;
}

bool messages_forget(const Context *context, const char *subject, GError **error)
{
    static const char of_case[] = "case/";
    if (!g_str_has_prefix(subject, of_case))
        return true;
    g_autofree char *holder = g_strconcat("holder/", subject + strlen(of_case), NULL);
    return db_run(context->db, "DELETE FROM message WHERE county = :county AND recipient = :recipient",
                  WITH(db_int("county", context->county), db_text("recipient", holder)), error);
}

/* ---- reading ---- */

#define COLUMNS "id, recipient, template, data, made_at, read_at, channel, state, next_try, tries, lost, ended_at, trouble"

static json_t *with_data(json_t *rows)
{
    size_t i;
    json_t *row;
    json_array_foreach(rows, i, row)
        json_object_set_new(row, "data", json_loads(json_text(row, "data"), 0, NULL));
    return rows;
}

json_t *message_load(Db *db, int64_t county, int64_t id, GError **error)
{
    g_autoptr(json_t) rows = with_data(db_rows(db, "SELECT " COLUMNS " FROM message WHERE county = :county AND id = :id",
                                               WITH(db_int("county", county), db_int("id", id)), error));
    if (rows && json_array_size(rows) == 0)
        return refuse(error, NOT_FOUND, "outbox.no_message", NULL);
    return json_incref(json_array_get(rows, 0));
}

json_t *message_inbox(Db *db, int64_t county, const char *recipient, int64_t before, int64_t most, GError **error)
{
    return with_data(db_rows(db,
        "SELECT " COLUMNS " FROM message WHERE county = :county AND recipient = :recipient AND id < :before"
        " ORDER BY id DESC LIMIT :most",
        WITH(db_int("county", county), db_text("recipient", recipient), db_int("before", before), db_int("most", most)), error));
}

/* SQLite would make a table of its own for an IN list, which costs more than the search itself. */
bool message_unread(Db *db, int64_t county, const char *const r[static RECIPIENTS_AT_ONCE], int64_t most, int64_t *count,
                    GError **error)
{
    bool found;
    return db_integer(db,
        "SELECT COUNT(*) FROM (SELECT m.id FROM (VALUES (:a), (:b), (:c), (:d), (:e), (:f), (:g), (:h)) AS r CROSS JOIN message m"
        " WHERE m.county = :county AND r.column1 <> '' AND m.recipient = r.column1 AND m.read_at = 0 LIMIT :most) unread",
        WITH(db_int("county", county), db_text("a", r[0]), db_text("b", r[1]), db_text("c", r[2]), db_text("d", r[3]),
             db_text("e", r[4]), db_text("f", r[5]), db_text("g", r[6]), db_text("h", r[7]), db_int("most", most)), count, &found,
        error);
}

json_t *message_due(Db *db, int64_t county, const char *channel, Instant now, int64_t most, GError **error)
{
    return with_data(db_rows(db,
        "SELECT " COLUMNS " FROM message WHERE county = :county AND channel = :channel AND next_try > 0 AND next_try <= :now"
        " ORDER BY next_try, id LIMIT :most",
        WITH(db_int("county", county), db_text("channel", channel), db_int("now", now), db_int("most", most)), error));
}

/* ---- addresses ---- */

json_t *mail_address_of(Db *db, int64_t county, int64_t staff, GError **error)
{
    g_autoptr(json_t) rows = db_rows(db, "SELECT address, language FROM mail_address WHERE county = :county AND staff = :staff",
                                     WITH(db_int("county", county), db_int("staff", staff)), error);
    if (!rows)
        return NULL;
    return json_array_size(rows) ? json_incref(json_array_get(rows, 0))
                                 : json_pack("{s:s, s:s}", "address", "", "language", language_tags[CHINESE]);
}

bool mail_address_put(const Context *context, int64_t staff, const char *address, enum language language, GError **error)
{
    return db_run(context->db,
        "INSERT INTO mail_address (county, staff, address, language) VALUES (:county, :staff, :address, :language)"
        " ON CONFLICT (county, staff) DO UPDATE SET address = excluded.address, language = excluded.language",
        WITH(db_int("county", context->county), db_int("staff", staff), db_text("address", address),
             db_text("language", language_tags[language])), error);
}

/* ---- channels ---- */

static const char channels_key[] = "outbox/channels";

json_t *channels_recorded(Db *db, int64_t county, GError **error)
{
    json_t *kept = db_cache_get(db, county, channels_key);
    if (kept)
        return kept;
    g_autoptr(DbRows) rows = db_query(db, "SELECT channel FROM outbox_channel WHERE county = :county ORDER BY channel",
                                      WITH(db_int("county", county)), error);
    g_autoptr(json_t) channels = json_object();
    while (rows && db_next(rows, error))
        json_object_set_new(channels, db_column_text(rows, 0), json_true());
    if (!rows || db_failed(rows))
        return NULL;
    db_cache_put(db, county, channels_key, channels);
    return g_steal_pointer(&channels);
}

bool channel_record(const Context *context, const char *channel, bool there, GError **error)
{
    static const char add[] = "INSERT INTO outbox_channel (county, channel) VALUES (:county, :channel)";
    static const char drop[] = "DELETE FROM outbox_channel WHERE county = :county AND channel = :channel";
    return db_reference_changed(context->db, context->county, error) &&
           db_run(context->db, there ? add : drop, WITH(db_int("county", context->county), db_text("channel", channel)), error);
}

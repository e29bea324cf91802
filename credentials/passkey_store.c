// SPDX-License-Identifier: Apache-2.0
/* The passkeys of the staff. */
#include "credentials/passkeys.h"

#include "db/db.h"

#define OF_STAFF " FROM passkey WHERE county = :county AND staff = :staff AND removed_at = 0"

json_t *passkeys_of(Db *db, int64_t county, int64_t staff, GError **error)
{
    return db_rows(db, "SELECT number, name, credential, made_at, used_at" OF_STAFF " ORDER BY number",
                   WITH(db_int("county", county), db_int("staff", staff)), error);
}

bool passkeys_count(Db *db, int64_t county, int64_t staff, int64_t *count, GError **error)
{
    bool found;
    return db_integer(db, "SELECT COUNT(*)" OF_STAFF, WITH(db_int("county", county), db_int("staff", staff)), count, &found, error);
}

json_t *passkey_find(Db *db, int64_t county, const char *credential, GError **error)
{
    GError *why = NULL;
    json_t *row = db_row(db, "SELECT number, staff, name, public_key, algorithm, count FROM passkey"
        " WHERE county = :county AND credential = :credential AND removed_at = 0",
        WITH(db_int("county", county), db_text("credential", credential)), &why);
    if (!row && trouble_is(&why, NOT_FOUND, error))
        return refuse(error, NOT_FITTING, "credentials.passkey_unknown", NULL);
    return row;
}

static bool is_free(const Context *context, const char *credential, GError **error)
{
    int64_t number;
    bool taken;
    return db_integer(context->db, "SELECT number FROM passkey WHERE county = :county AND credential = :credential",
                      WITH(db_int("county", context->county), db_text("credential", credential)), &number, &taken, error) &&
           (!taken || refuse(error, CONFLICT, "credentials.passkey_taken", NULL));
}

bool passkey_add(const Context *context, int64_t staff, const char *name, const json_t *made, GError **error)
{
    int64_t number;
    const char *credential = json_text(made, "credential");
    return is_free(context, credential, error) && db_next_id(context->db, context->county, "passkey", &number, error) &&
           db_run(context->db,
        "INSERT INTO passkey (county, number, staff, name, credential, public_key, algorithm, count, made_at, used_at, removed_at)"
        " VALUES (:county, :number, :staff, :name, :credential, :public_key, :algorithm, :count, :now, 0, 0)",
        WITH(db_int("county", context->county), db_int("number", number), db_int("staff", staff), db_text("name", name),
             db_text("credential", credential), db_text("public_key", json_text(made, "public_key")),
             db_int("algorithm", json_number(made, "algorithm")), db_int("count", json_number(made, "count")), db_int("now", context->now)),
        error);
}

bool passkey_note_use(const Context *context, const json_t *use, GError **error)
{
    int64_t changed;
    return db_change(context->db, "UPDATE passkey SET count = :count, used_at = :now WHERE county = :county AND number = :number"
        " AND count = :before AND removed_at = 0",
        WITH(db_int("count", json_number(use, "count")), db_int("now", context->now), db_int("county", context->county),
             db_int("number", json_number(use, "number")), db_int("before", json_number(use, "before"))), &changed, error) &&
           (changed || refuse(error, CONFLICT, "credentials.passkey_broken", NULL));
}

bool passkey_remove(const Context *context, int64_t staff, int64_t number, GError **error)
{
    int64_t changed;
    return db_change(context->db, "UPDATE passkey SET removed_at = :now WHERE county = :county AND staff = :staff AND number = :number"
        " AND removed_at = 0",
        WITH(db_int("now", context->now), db_int("county", context->county), db_int("staff", staff), db_int("number", number)), &changed,
        error) && (changed || refuse(error, NOT_FOUND, "credentials.no_passkey", NULL));
}

bool passkeys_forget(const Context *context, int64_t staff, GError **error)
{
    return db_run(context->db, "UPDATE passkey SET removed_at = :now WHERE county = :county AND staff = :staff AND removed_at = 0",
                  WITH(db_int("now", context->now), db_int("county", context->county), db_int("staff", staff)), error);
}

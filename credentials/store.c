// SPDX-License-Identifier: Apache-2.0
/* The tables that hold how a member of the staff proves who he is. */
#include "credentials/passkeys.h"
#include "credentials/room.h"

#include <sodium.h>
#include <string.h>

/* ---- passwords that were ---- */

json_t *old_passwords(const Context *context, int64_t staff, int64_t most, GError **error)
{
    g_autoptr(json_t) hashes = json_array();
    g_autoptr(DbRows) rows = db_query(context->db, "SELECT hash FROM credential_old WHERE county = :county AND staff = :staff"
        " ORDER BY ended_at DESC LIMIT :most", WITH(db_int("county", context->county), db_int("staff", staff), db_int("most", most)), error);
    while (db_next(rows, error))
        json_array_append_new(hashes, json_string(db_column_text(rows, 0)));
    return !db_failed(rows) ? g_steal_pointer(&hashes) : NULL;
}

bool old_password_keep(const Context *context, int64_t staff, const char *hash, GError **error)
{
    return db_run(context->db, "INSERT INTO credential_old (county, staff, ended_at, hash) VALUES (:county, :staff, :at, :hash)"
        " ON CONFLICT (county, staff, ended_at) DO UPDATE SET hash = excluded.hash",
        WITH(db_int("county", context->county), db_int("staff", staff), db_int("at", context->now), db_text("hash", hash)), error) &&
           db_run(context->db, "DELETE FROM credential_old WHERE county = :county AND staff = :staff AND ended_at NOT IN (SELECT ended_at"
        " FROM credential_old WHERE county = :county AND staff = :staff ORDER BY ended_at DESC LIMIT :most)",
        WITH(db_int("county", context->county), db_int("staff", staff), db_int("most", PASSWORDS_KEPT - 1)), error);
}

/* ---- what the way in demands ---- */

/* 等保 2.0 (GB/T 22239-2019, 8.1.4.1) wants two factors of those who decide and those who run the centre. */
enum { DEMANDED = APPROVER | HEAD | SYSTEM_ADMINISTRATOR | SECURITY_ADMINISTRATOR | AUDITOR };

bool demand_read(const Context *context, unsigned *roles, GError **error)
{
    int64_t value;
    bool found;
    if (!db_integer(context->db, "SELECT value FROM credential_setting WHERE county = :county AND name = 'second_factor'",
                    WITH(db_int("county", context->county)), &value, &found, error))
        return false;
    *roles = found ? (unsigned)value : DEMANDED;
    return true;
}

bool demand_set(const Context *context, unsigned roles, GError **error)
{
    return db_run(context->db, "INSERT INTO credential_setting (county, name, value) VALUES (:county, 'second_factor', :value)"
                               " ON CONFLICT (county, name) DO UPDATE SET value = excluded.value",
                  WITH(db_int("county", context->county), db_int("value", roles)), error);
}

bool standing_read(const Context *context, int64_t staff, Standing *out, GError **error)
{
    unsigned demanded, held;
    int64_t passkeys, left;
    g_auto(StaffLogin) own = { 0 };
    g_auto(CodeRow) code = { 0 };
    if (!identity_login(context->db, context->county, "", staff, &own, error) || !code_read(context, staff, &code, error) ||
        !recovery_left(context, staff, &left, error) || !passkeys_count(context->db, context->county, staff, &passkeys, error) || !demand_read(context, &demanded, error) || !identity_roles(context, staff, &held, error))
        return false;
    *out = (Standing){ .must_change = own.must_change, .has_code = code.secret != NULL, .passkeys = passkeys, .recovery = left,
                       .is_demanded = (held & demanded) != 0 };
    return true;
}

/* ---- one-time codes ---- */

#define SECRET "credential_code.secret"

void code_row_clear(CodeRow *self)
{
    g_free(self->secret);
    *self = (CodeRow){ 0 };
}

bool code_secret(const CodeRow *self, unsigned char out[TOTP_SECRET])
{
    size_t length;
    return sodium_hex2bin(out, TOTP_SECRET, self->secret, strlen(self->secret), NULL, &length, NULL) == 0 && length == TOTP_SECRET;
}

bool code_read(const Context *context, int64_t staff, CodeRow *out, GError **error)
{
    g_autoptr(DbRows) rows = db_query(context->db, "SELECT secret, enrolled_at, used FROM credential_code WHERE county = :county AND staff = :staff",
                                      WITH(db_int("county", context->county), db_int("staff", staff)), error);
    *out = (CodeRow){ 0 };
    if (!db_next(rows, error))
        return !db_failed(rows);
    *out = (CodeRow){ personal_column(rows, 0, SECRET, DECIMAL(staff), error), db_column_int(rows, 1), db_column_int(rows, 2) };
    return out->secret != NULL;
}

bool code_keep(const Context *context, int64_t staff, const CodeRow *row, GError **error)
{
    g_autofree char *sealed = personal_seal(context->db, context->county, SECRET, DECIMAL(staff), row->secret, error);
    return sealed && db_run(context->db, "INSERT INTO credential_code (county, staff, secret, enrolled_at, used)"
        " VALUES (:county, :staff, :secret, :at, :used) ON CONFLICT (county, staff) DO UPDATE SET secret = excluded.secret,"
        " enrolled_at = excluded.enrolled_at, used = excluded.used",
        WITH(db_int("county", context->county), db_int("staff", staff), db_text("secret", sealed), db_int("at", row->enrolled_at),
             db_int("used", row->used)), error);
}

bool code_take(const Context *context, int64_t staff, int64_t step, bool *taken, GError **error)
{
    int64_t changed;
    bool well = db_change(context->db, "UPDATE credential_code SET used = :step WHERE county = :county AND staff = :staff AND used < :step",
                          WITH(db_int("step", step), db_int("county", context->county), db_int("staff", staff)), &changed, error);
    *taken = well && changed == 1;
    return well;
}

bool code_forget(const Context *context, int64_t staff, GError **error)
{
    return db_run(context->db, "DELETE FROM credential_code WHERE county = :county AND staff = :staff",
                  WITH(db_int("county", context->county), db_int("staff", staff)), error);
}

/* ---- recovery codes ---- */

static char *recovery_hash(const Context *context, int64_t staff, const char *plain, GError **error)
{
    g_autofree char *text = g_strdup_printf("%" PRId64 "/%s", staff, plain);
    return personal_hash(context->db, context->county, "recovery code", text, error);
}

bool recovery_add(const Context *context, int64_t staff, const char *code, GError **error)
{
    g_autofree char *plain = code_plain(code), *hash = recovery_hash(context, staff, plain, error);
    return hash && db_run(context->db, "INSERT INTO credential_recovery (county, staff, hash) VALUES (:county, :staff, :hash)",
                          WITH(db_int("county", context->county), db_int("staff", staff), db_text("hash", hash)), error);
}

bool recovery_is(const Context *context, int64_t staff, const char *typed, bool *is, GError **error)
{
    int64_t one;
    g_autofree char *hash = recovery_hash(context, staff, typed, error);
    return hash && db_integer(context->db, "SELECT 1 FROM credential_recovery WHERE county = :county AND staff = :staff AND hash = :hash",
                              WITH(db_int("county", context->county), db_int("staff", staff), db_text("hash", hash)), &one, is, error);
}

bool recovery_take(const Context *context, int64_t staff, const char *typed, bool *taken, GError **error)
{
    int64_t changed;
    g_autofree char *hash = recovery_hash(context, staff, typed, error);
    bool well = hash && db_change(context->db, "DELETE FROM credential_recovery WHERE county = :county AND staff = :staff AND hash = :hash",
                                  WITH(db_int("county", context->county), db_int("staff", staff), db_text("hash", hash)), &changed, error);
    *taken = well && changed == 1;
    return well;
}

bool recovery_left(const Context *context, int64_t staff, int64_t *left, GError **error)
{
    bool found;
    return db_integer(context->db, "SELECT COUNT(*) FROM credential_recovery WHERE county = :county AND staff = :staff",
                      WITH(db_int("county", context->county), db_int("staff", staff)), left, &found, error);
}

bool recovery_forget(const Context *context, int64_t staff, GError **error)
{
    return db_run(context->db, "DELETE FROM credential_recovery WHERE county = :county AND staff = :staff",
                  WITH(db_int("county", context->county), db_int("staff", staff)), error);
}

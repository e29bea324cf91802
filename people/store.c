// SPDX-License-Identifier: Apache-2.0
/* Members and their duties as the database keeps them. */
#include "people/room.h"

/* ---- members ---- */

static bool one_number(const Context *context, const char *sql, DbArg arg, int64_t *number, GError **error)
{
    bool found;
    *number = 0;
    return db_integer(context->db, sql, WITH(db_int("county", context->county), arg), number, &found, error);
}

bool member_by_account(const Context *context, const char *account, int64_t *number, GError **error)
{
    return one_number(context, "SELECT number FROM member WHERE county = :county AND account = :account", db_text("account", account), number, error);
}

bool member_by_staff(const Context *context, int64_t staff, int64_t *number, GError **error)
{
    return one_number(context, "SELECT number FROM member WHERE county = :county AND staff = :staff", db_int("staff", staff), number, error);
}

static GArray *numbers(const Context *context, const char *sql, const DbArg *args, GError **error)
{
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(int64_t));
    g_autoptr(DbRows) rows = db_query(context->db, sql, args, error);
    while (db_next(rows, error))
        g_array_append_val(found, ((const int64_t[]){ db_column_int(rows, 0) })[0]);
    return !db_failed(rows) ? g_steal_pointer(&found) : NULL;
}

GArray *members_deputised(const Context *context, int64_t deputy, GError **error)
{
    return numbers(context, "SELECT number FROM member WHERE county = :county AND deputy = :deputy AND deputy <> 0 ORDER BY number",
                   WITH(db_int("county", context->county), db_int("deputy", deputy)), error);
}

GArray *members_with_role(const Context *context, const char *role, GError **error)
{
    return numbers(context, "SELECT DISTINCT member FROM duty WHERE county = :county AND role = :role AND for_account = '' AND to_day = 0"
                            " AND from_day <= :today ORDER BY member",
                   WITH(db_int("county", context->county), db_text("role", role), db_int("today", day_of(context->now))), error);
}

GArray *members_of_organ(const Context *context, int64_t organ, GError **error)
{
    return numbers(context, "SELECT DISTINCT member FROM duty WHERE county = :county AND organ = :organ AND for_account = '' ORDER BY member",
                   WITH(db_int("county", context->county), db_int("organ", organ)), error);
}

GArray *members_in_division(const Context *context, int64_t division, GError **error)
{
    return numbers(context, "SELECT DISTINCT member FROM duty WHERE county = :county AND division = :division AND for_account = '' ORDER BY member",
                   WITH(db_int("county", context->county), db_int("division", division)), error);
}

GArray *members_given_since(const Context *context, Instant since, GError **error)
{
    return numbers(context, "SELECT number FROM member WHERE county = :county AND password_at > :since ORDER BY password_at, number LIMIT 1000",
                   WITH(db_int("county", context->county), db_int("since", since)), error);
}

/* ---- duties ---- */

bool role_is_held(const Context *context, const char *role, bool *is, GError **error)
{
    int64_t one;
    return db_integer(context->db, "SELECT 1 FROM duty d JOIN member m ON m.county = d.county AND m.number = d.member WHERE d.county = :county"
                                   " AND d.role = :role AND d.from_day <= :today AND (d.to_day = 0 OR d.to_day >= :today) AND m.state = 'active' LIMIT 1",
                      WITH(db_int("county", context->county), db_text("role", role), db_int("today", day_of(context->now))), &one, is, error);
}

enum { ROLES_MOST = 1000 }; /* rows of one person */

static bool put_duty(const Context *context, const Member *self, int64_t place, const Term *term, const char *role, const char *for_account, GError **error)
{
    return db_run(context->db, "INSERT INTO duty (county, number, member, account, name, sought, role, organ, division, from_day, to_day, for_account)"
                               " VALUES (:county, :number, :member, :account, :name, :sought, :role, :organ, :division, :from_day, :to_day, :for_account)",
                  WITH(db_int("county", context->county), db_int("number", self->staff * ROLES_MOST + place), db_int("member", self->number),
                       db_text("account", self->account), db_text("name", self->name), db_text("sought", self->sought), db_text("role", role),
                       db_int("organ", term->post.organ), db_int("division", term->post.division), db_int("from_day", term->from),
                       db_int("to_day", term->to), db_text("for_account", for_account)), error);
}

static bool find_account(const Context *context, int64_t staff, char **account, GError **error)
{
    g_autoptr(DbRows) rows = db_query(context->db, "SELECT account FROM member WHERE county = :county AND staff = :staff",
                                      WITH(db_int("county", context->county), db_int("staff", staff)), error);
    *account = g_strdup(db_next(rows, error) ? db_column_text(rows, 0) : "");
    return !db_failed(rows);
}

static bool put_term(const Context *context, const Member *self, const Term *term, int64_t *place, GError **error)
{
    g_autofree char *for_account = NULL;
    if (!find_account(context, term->post.for_staff, &for_account, error))
        return false;
    for (unsigned bit = 0; role_names[bit]; bit++)
        if ((term->post.roles >> bit & 1) && !put_duty(context, self, ++*place, term, role_names[bit], for_account, error))
            return false;
    return true;
}

bool duties_put(const Context *context, const Member *self, const GArray *terms, GError **error)
{
    int64_t place = 0;
    bool put = db_run(context->db, "DELETE FROM duty WHERE county = :county AND member = :member",
                      WITH(db_int("county", context->county), db_int("member", self->number)), error);
    for (guint i = 0; put && i < terms->len && place < ROLES_MOST - 16; i++) {
        const Term *term = &g_array_index(terms, Term, i);
        if (!term_is_past(term, day_of(context->now)))
            put = put_term(context, self, term, &place, error);
    }
    return put;
}

/* ---- the county ---- */

bool opening_put(const Context *context, const County *county, GError **error)
{
    return db_run(context->db, "INSERT INTO opening (county, name, name_en, public_url, opened_at) VALUES (:county, :name, :name_en, :public_url, :now)",
                  WITH(db_int("county", county->code), db_text("name", county->name), db_text("name_en", county->name_en),
                       db_text("public_url", county->public_url ? county->public_url : ""), db_int("now", context->now)), error);
}

bool opening_load(Db *db, int64_t county, json_t **found, GError **error)
{
    json_t *rows = db_rows(db, "SELECT name, name_en, public_url FROM opening WHERE county = :county", WITH(db_int("county", county)), error);
    *found = rows ? json_array_size(rows) ? json_incref(json_array_get(rows, 0)) : json_object() : NULL;
    json_decref(rows);
    return *found != NULL;
}

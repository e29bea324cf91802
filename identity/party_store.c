// SPDX-License-Identifier: Apache-2.0
/* Parties (当事人): found by kind and number, so that one applicant has one id. */
#include "identity/identity.h"

const char *const party_kind_names[] = { [PERSON] = "person", [ENTERPRISE] = "enterprise" };

#define KNOWN "(SELECT id FROM party WHERE county = :county AND kind = :kind AND id_number = :id_number)"
const char identity_known[] = KNOWN;

static char *hash_of(Db *db, int64_t county, const char *id_number, GError **error)
{
    return personal_hash(db, county, "party.id_number", id_number, error);
}

char *identity_known_args(Db *db, int64_t county, const Party *party, DbArg *args, GError **error)
{
    char *hash = hash_of(db, county, party->id_number, error);
    args[0] = db_text("kind", party_kind_names[party->kind]);
    args[1] = db_text("id_number", hash);
    return hash;
}

bool identity_party_known(const Context *context, const Party *party, int64_t *id, GError **error)
{
    bool found;
    DbArg args[IDENTITY_KNOWN_ARGS + 2] = { db_int("county", context->county) };
    g_autofree char *hash = identity_known_args(context->db, context->county, party, args + 1, error);
    return hash && db_integer(context->db, "SELECT " KNOWN, args, id, &found, error); /* 0 where there is none */
}

static bool insert(const Context *context, const Party *party, int64_t id, GError **error)
{
    g_autofree char *hash = hash_of(context->db, context->county, party->id_number, error);
    return hash && db_run(context->db, "INSERT INTO party (county, id, kind, id_number) VALUES (:county, :id, :kind, :id_number)",
                          WITH(db_int("county", context->county), db_int("id", id), db_text("kind", party_kind_names[party->kind]),
                               db_text("id_number", hash)), error);
}

/* The bounds of forms and tables once more, for sealed columns have none. */
static bool is_bounded(const Party *party, GError **error)
{
    int most = party->kind == PERSON ? PERSON_NAME_MOST : ENTERPRISE_NAME_MOST;
    bool is = !party->name || g_utf8_strlen(party->name, -1) <= most;
    return is || refuse(error, NOT_FITTING, "identity.name_long", "most", DECIMAL(most), NULL);
}

bool identity_party(const Context *context, const Party *party, int64_t *id, GError **error)
{
    if (!is_bounded(party, error))
        return false;
    *id = party->id;
    return *id || (identity_party_known(context, party, id, error) &&
                   (*id || (db_next_id(context->db, context->county, "party", id, error) && insert(context, party, *id, error))));
}

bool identity_party_forget(const Context *context, int64_t id, GError **error)
{
    return db_run(context->db, "DELETE FROM party WHERE county = :county AND id = :id",
                  WITH(db_int("county", context->county), db_int("id", id)), error);
}

/* ---- numbers of an older program ---- */

typedef struct OldParty {
    int64_t id;
    char *hash;
} OldParty;

static void clear_old(void *old)
{
    g_free(((OldParty *)old)->hash);
}

static bool read_page(const Context *context, int64_t after, GArray *out, GError **error)
{
    enum { PAGE = 500 };
    g_autoptr(DbRows) rows = db_query(context->db, "SELECT id, id_number FROM party WHERE county = :county AND id > :after ORDER BY id LIMIT :most",
                                      WITH(db_int("county", context->county), db_int("after", after), db_int("most", PAGE)), error);
    g_array_set_size(out, 0);
    while (db_next(rows, error)) {
        const OldParty old = { db_column_int(rows, 0), hash_of(context->db, context->county, db_column_text(rows, 1), error) };
        g_array_append_val(out, old);
        if (!old.hash)
            return false;
    }
    return !db_failed(rows);
}

bool identity_hash_parties(const Context *context, GError **error)
{
    bool first;
    int64_t after = 0;
    g_autoptr(GArray) page = g_array_new(FALSE, FALSE, sizeof(OldParty));
    g_array_set_clear_func(page, clear_old);
    if (!db_once(context->db, context->county, "party_hashed", &first, error) || (first && !read_page(context, after, page, error)))
        return false;
    while (page->len) {
        for (guint i = 0; i < page->len; i++) {
            const OldParty *old = &g_array_index(page, OldParty, i);
            after = old->id;
            if (!db_run(context->db, "UPDATE party SET id_number = :hash WHERE county = :county AND id = :id",
                        WITH(db_text("hash", old->hash), db_int("county", context->county), db_int("id", old->id)), error))
                return false;
        }
        if (!read_page(context, after, page, error))
            return false;
    }
    return true;
}

// SPDX-License-Identifier: Apache-2.0
/* Parties (当事人): found by kind and number, so that one applicant has one id. */
#include "identity/identity.h"

const char *const party_kind_names[] = { [PERSON] = "person", [ENTERPRISE] = "enterprise" };

#define KNOWN "(SELECT id FROM party WHERE county = :county AND kind = :kind AND id_number = :id_number)"
const char identity_known[] = KNOWN;

void identity_known_args(const Party *party, DbArg *args)
{
    args[0] = db_text("kind", party_kind_names[party->kind]);
    args[1] = db_text("id_number", party->id_number);
}

bool identity_party_known(const Context *context, const Party *party, int64_t *id, GError **error)
{
    bool found;
    DbArg args[IDENTITY_KNOWN_ARGS + 2] = { db_int("county", context->county) };
    identity_known_args(party, args + 1);
    return db_integer(context->db, "SELECT " KNOWN, args, id, &found, error); /* 0 where there is none */
}

static bool insert(const Context *context, const Party *party, int64_t id, GError **error)
{
    return db_run(context->db, "INSERT INTO party (county, id, kind, id_number) VALUES (:county, :id, :kind, :id_number)",
                  WITH(db_int("county", context->county), db_int("id", id), db_text("kind", party_kind_names[party->kind]),
                       db_text("id_number", party->id_number)), error);
}

bool identity_party(const Context *context, const Party *party, int64_t *id, GError **error)
{
    *id = party->id;
    return *id || (identity_party_known(context, party, id, error) &&
                   (*id || (db_next_id(context->db, context->county, "party", id, error) && insert(context, party, *id, error))));
}

bool identity_party_forget(const Context *context, int64_t id, GError **error)
{
    return db_run(context->db, "DELETE FROM party WHERE county = :county AND id = :id",
                  WITH(db_int("county", context->county), db_int("id", id)), error);
}

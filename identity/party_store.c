// SPDX-License-Identifier: Apache-2.0
/* Parties (当事人): found by kind and number, so that one applicant has one row. */
#include "identity/identity.h"

static const char *const party_kind_names[] = { [PERSON] = "person", [ENTERPRISE] = "enterprise" };

static bool find(const Context *context, const Party *party, int64_t *id, bool *found,
                 GError **error)
{
    return db_integer(context->db,
                      "SELECT id FROM party WHERE county = :county AND kind = :kind"
                      " AND id_number = :id_number",
                      WITH(db_int("county", context->county),
                           db_text("kind", party_kind_names[party->kind]),
                           db_text("id_number", party->id_number)),
                      id, found, error);
}

/* What the newest application leaves out is kept from the one before. */
static bool renew(const Context *context, const Party *party, int64_t id, GError **error)
{
    return db_run(context->db,
                  "UPDATE party SET name = :name, telephone = :telephone,"
                  " contact = COALESCE(NULLIF(:contact, ''), contact),"
                  " division = COALESCE(NULLIF(CAST(:division AS BIGINT), 0), division)"
                  " WHERE county = :county AND id = :id",
                  WITH(db_text("name", party->name), db_text("telephone", party->telephone),
                       db_text("contact", party->contact ? party->contact : ""),
                       db_int("division", party->division), db_int("county", context->county),
                       db_int("id", id)),
                  error);
}

static bool insert(const Context *context, const Party *party, int64_t id, GError **error)
{
    return db_run(context->db,
                  "INSERT INTO party"
                  " (county, id, kind, id_number, name, telephone, contact, division)"
                  " VALUES (:county, :id, :kind, :id_number, :name, :telephone, :contact,"
                  " :division)",
                  WITH(db_int("county", context->county), db_int("id", id),
                       db_text("kind", party_kind_names[party->kind]),
                       db_text("id_number", party->id_number), db_text("name", party->name),
                       db_text("telephone", party->telephone),
                       db_text("contact", party->contact ? party->contact : ""),
                       db_int("division", party->division)),
                  error);
}

bool identity_party(const Context *context, const Party *party, int64_t *id, GError **error)
{
    bool found;
    if (!find(context, party, id, &found, error))
        return false;
    if (found)
        return renew(context, party, *id, error);
    return db_next_id(context->db, context->county, "party", id, error) &&
           insert(context, party, *id, error);
}

/* ---- showing ---- */

static void mask(json_t *party, const char *key, char *how(const char *))
{
    g_autofree char *masked = how(json_text(party, key));
    json_object_set_new(party, key, json_string(masked));
}

/* An enterprise's name and code are public; the person to ask for and the telephone are not. The
 * address is shown to the town. */
static void mask_party(json_t *party)
{
    if (g_str_equal(json_text(party, "party_kind"), party_kind_names[PERSON])) {
        mask(party, "name", mask_name);
        mask(party, "id_number", mask_id);
    }
    mask(party, "contact", mask_name);
    mask(party, "telephone", mask_telephone);
    int64_t town = division_town(json_number(party, "division"));
    json_object_set_new(party, "division", json_integer(town));
}

json_t *identity_party_json(Db *db, int64_t county, int64_t id, bool masked, GError **error)
{
    json_t *party = db_row(db,
                           "SELECT id, kind AS party_kind, name, id_number, telephone, contact,"
                           " division FROM party WHERE county = :county AND id = :id",
                           WITH(db_int("county", county), db_int("id", id)), error);
    if (party && masked)
        mask_party(party);
    return party;
}

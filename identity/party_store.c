// SPDX-License-Identifier: Apache-2.0
/* Parties (当事人): found by kind and number, so that one applicant has one row. */
#include "identity/identity.h"

#include <string.h>

static const char *const party_kind_names[] = { [PERSON] = "person", [ENTERPRISE] = "enterprise" };

/* The parameters with which the statements below name what a party says of itself. */
#define SAID(party)                                                                                                       \
    db_text("name", (party)->name), db_text("telephone", (party)->telephone), db_int("division", (party)->division),      \
        db_text("contact", (party)->contact ? (party)->contact : "")

/* Fields that the newest application leaves out are kept from the one before; *same: it says nothing new; *named: nor another name. */
static bool find(const Context *context, const Party *party, int64_t *id, bool *same, bool *named, GError **error)
{
    g_autoptr(DbRows) rows = db_query(context->db,
        "SELECT id, CASE WHEN name = :name AND telephone = :telephone AND (:contact = '' OR contact = :contact)"
        " AND (:division = 0 OR division = :division) THEN 1 ELSE 0 END, CASE WHEN name = :name THEN 1 ELSE 0 END FROM party"
        " WHERE county = :county AND kind = :kind AND id_number = :id_number",
        WITH(SAID(party), db_int("county", context->county), db_text("kind", party_kind_names[party->kind]),
             db_text("id_number", party->id_number)), error);
    bool found = db_next(rows, error);
    *id = found ? db_column_int(rows, 0) : 0;
    *same = found && db_column_int(rows, 1);
    *named = found && db_column_int(rows, 2);
    return !db_failed(rows);
}

/* Cached rows of lists show the name. */
static bool renew(const Context *context, const Party *party, int64_t id, bool named, GError **error)
{
    return (named || db_reference_changed(context->db, context->county, error)) && db_run(context->db,
        "UPDATE party SET name = :name, telephone = :telephone, contact = COALESCE(NULLIF(:contact, ''), contact),"
        " division = COALESCE(NULLIF(CAST(:division AS BIGINT), 0), division) WHERE county = :county AND id = :id",
        WITH(SAID(party), db_int("county", context->county), db_int("id", id)), error);
}

static bool insert(const Context *context, const Party *party, int64_t id, GError **error)
{
    return db_run(context->db,
        "INSERT INTO party (county, id, kind, id_number, name, telephone, contact, division)"
        " VALUES (:county, :id, :kind, :id_number, :name, :telephone, :contact, :division)",
        WITH(SAID(party), db_int("county", context->county), db_int("id", id),
             db_text("kind", party_kind_names[party->kind]), db_text("id_number", party->id_number)), error);
}

/* Data of an old system are no news, and a party that comes again is mostly unchanged. */
bool identity_party(const Context *context, const Party *party, int64_t *id, GError **error)
{
    bool same, named, is_news = context->actor->kind != LOADER;
    *id = party->id;
    if (party->id)
        return true;
    if (!find(context, party, id, &same, &named, error))
        return false;
    if (*id)
        return same || !is_news || renew(context, party, *id, named, error);
    return db_next_id(context->db, context->county, "party", id, error) && insert(context, party, *id, error);
}

const char identity_known[] = "(SELECT id FROM party WHERE county = :county AND kind = :kind AND id_number = :id_number AND name = :name"
                              " AND telephone = :telephone AND (:contact = '' OR contact = :contact) AND (:division = 0 OR division = :division))";

void identity_known_args(const Party *party, DbArg *args)
{
    const DbArg all[] = { db_text("kind", party_kind_names[party->kind]), db_text("id_number", party->id_number), db_text("name", party->name),
                          db_text("telephone", party->telephone), db_text("contact", party->contact ? party->contact : ""),
                          db_int("division", party->division) };
    memcpy(args, all, sizeof all);
}

bool identity_party_known(const Context *context, const Party *party, int64_t *id, GError **error)
{
    bool same, named;
    bool looked = find(context, party, id, &same, &named, error);
    *id = same ? *id : 0;
    return looked;
}

/* ---- showing ---- */

enum { ID, KIND, NAME, ID_NUMBER, TELEPHONE, CONTACT, DIVISION };

static json_t *text_of(const DbRows *row, int column, bool masked, char *how(const char *))
{
    const char *text = db_column_text(row, column);
    g_autofree char *hidden = masked ? how(text) : NULL;
    return json_string(hidden ? hidden : text);
}

/* An enterprise's name and code are public; the person to ask for and the telephone are not. The
 * address is shown to the town. */
static json_t *party_of(const DbRows *row, bool masked)
{
    bool person = g_str_equal(db_column_text(row, KIND), party_kind_names[PERSON]);
    int64_t division = db_column_int(row, DIVISION);
    return json_pack("{s:I, s:s, s:o, s:o, s:o, s:o, s:I}", "id", db_column_int(row, ID), "party_kind",
                     db_column_text(row, KIND), "name", text_of(row, NAME, masked && person, mask_name),
                     "id_number", text_of(row, ID_NUMBER, masked && person, mask_id), "telephone",
                     text_of(row, TELEPHONE, masked, mask_telephone), "contact",
                     text_of(row, CONTACT, masked, mask_name), "division", masked ? division_town(division) : division);
}

json_t *identity_party_json(Db *db, int64_t county, int64_t id, bool masked, GError **error)
{
    g_autoptr(DbRows) rows = db_query(db, "SELECT id, kind, name, id_number, telephone, contact, division"
                                          " FROM party WHERE county = :county AND id = :id",
                                      WITH(db_int("county", county), db_int("id", id)), error);
    if (db_next(rows, error))
        return party_of(rows, masked);
    return db_failed(rows) ? NULL : refuse(error, NOT_FOUND, "base.not_found", NULL);
}

enum { PARTIES_AT_ONCE = 25 };

/* Fewer than so many are asked for with the first repeated, so that one statement serves all. */
static bool read_some(Db *db, int64_t county, const int64_t *ids, size_t count, json_t **out, GError **error)
{
    static const char sql[] = "SELECT id, kind, name FROM party WHERE county = :county AND id IN"
                              " (:a, :b, :c, :d, :e, :f, :g, :h, :i, :j, :k, :l, :m, :n, :o, :p, :q, :r, :s, :t, :u, :v, :w, :x, :y)";
    static const char names[PARTIES_AT_ONCE][2] = { "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r",
                                                    "s", "t", "u", "v", "w", "x", "y" };
    DbArg args[PARTIES_AT_ONCE + 2] = { db_int("county", county) };
    for (size_t i = 0; i < PARTIES_AT_ONCE; i++)
        args[1 + i] = db_int(names[i], ids[i < count ? i : 0]);
    g_autoptr(DbRows) rows = db_query(db, sql, args, error);
    while (db_next(rows, error)) {
        const char *kind = db_column_text(rows, KIND);
        bool person = g_str_equal(kind, party_kind_names[PERSON]);
        g_autoptr(json_t) party = json_pack("{s:s, s:o}", "party_kind", kind, "name", text_of(rows, NAME, person, mask_name));
        for (size_t i = 0; i < count; i++)
            if (ids[i] == db_column_int(rows, ID))
                out[i] = json_incref(party);
    }
    return !db_failed(rows);
}

bool identity_parties(Db *db, int64_t county, const int64_t *ids, size_t count, json_t **out, GError **error)
{
    for (size_t i = 0; i < count; i += PARTIES_AT_ONCE)
        if (!read_some(db, county, ids + i, MIN(count - i, PARTIES_AT_ONCE), out + i, error))
            return false;
    for (size_t i = 0; i < count; i++)
        if (!out[i])
            return refuse(error, NOT_FOUND, "base.not_found", NULL);
    return true;
}

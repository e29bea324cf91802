// SPDX-License-Identifier: Apache-2.0
/* Reforms as the database keeps them, and what they make of the rows of organs and divisions. */
#include "identity/store.h"

/* ---- the plan ---- */

#define REFORMS "SELECT r.number, r.day AS day_number, r.act, r.about, r.target, r.other, r.name, r.name_en, r.short_name, r.code, r.document," \
    " r.was, r.was_en, r.state, r.made_at FROM reform r WHERE r.county = :county"

json_t *plans_read(Db *db, int64_t county, GError **error)
{
    return db_rows(db, REFORMS " ORDER BY r.day DESC, r.number DESC", WITH(db_int("county", county)), error);
}

json_t *plan_read(Db *db, int64_t county, int64_t number, GError **error)
{
    return db_row(db, REFORMS " AND r.number = :number", WITH(db_int("county", county), db_int("number", number)), error);
}

bool plan_put(const Context *context, PlannedReform *self, GError **error)
{
    return db_next_id(context->db, context->county, "reform", &self->number, error) && db_run(context->db,
        "INSERT INTO reform (county, number, day, act, about, target, other, name, name_en, short_name, code, document, was, was_en, state, made_at)"
        " VALUES (:county, :number, :day, :act, :about, :target, :other, :name, :name_en, :short_name, :code, :document, '', '', 'planned', :now)",
        WITH(db_int("county", context->county), db_int("number", self->number), db_int("day", self->day), db_text("act", reform_act_names[self->act]),
             db_text("about", reform_about_names[self->about]), db_int("target", self->target), db_int("other", self->other),
             db_text("name", self->name), db_text("name_en", self->name_en), db_text("short_name", self->short_name), db_text("code", self->code),
             db_text("document", self->document), db_int("now", context->now)), error);
}

bool plan_set(const Context *context, int64_t number, const char *state, const char *was, const char *was_en, GError **error)
{
    return db_run(context->db, "UPDATE reform SET state = :state, was = :was, was_en = :was_en WHERE county = :county AND number = :number",
                  WITH(db_int("county", context->county), db_int("number", number), db_text("state", state), db_text("was", was),
                       db_text("was_en", was_en)), error);
}

json_t *organs_to_end(const Context *context, GError **error)
{
    return db_rows(context->db, "SELECT o.number, o.valid_to_day, COALESCE(o.successor, 0) AS other FROM organ o WHERE o.county = :county AND o.ended = 0"
                                " AND o.valid_to_day IS NOT NULL AND NOT EXISTS (SELECT 1 FROM reform r WHERE r.county = :county"
                                " AND r.about = 'organ' AND r.target = o.number AND r.act IN ('end', 'merge') AND r.state = 'planned') ORDER BY o.number",
                   WITH(db_int("county", context->county)), error);
}

/* ---- the rows ---- */

static bool run(const Context *context, const char *sql, const PlannedReform *self, DbArg day, GError **error)
{
    return db_reference_changed(context->db, context->county, error) &&
           db_run(context->db, sql, WITH(db_int("county", context->county), db_int("target", self->target), day,
                                         self->other ? db_int("other", self->other) : (DbArg){ .name = "other" }), error);
}

bool plan_end_row(const Context *context, const PlannedReform *self, GError **error)
{
    static const char *const sql[] = {
        [ABOUT_ORGAN] = "UPDATE organ SET ended = 1, valid_to_day = :last, successor = :other WHERE county = :county AND number = :target",
        [ABOUT_DIVISION] = "UPDATE division SET ended = 1, centre = 0, valid_to_day = :last, successor = :other WHERE county = :county AND code = :target",
    };
    return run(context, sql[self->about], self, db_text("last", DAY_WRITTEN(self->day - 1)), error);
}

/* A full name of its own keeps what stands around the name. */
bool plan_rename_row(const Context *context, const PlannedReform *self, GError **error)
{
    static const char *const sql[] = {
        [ABOUT_ORGAN] = "UPDATE organ SET full_name = REPLACE(full_name, name, :name), full_name_en = REPLACE(full_name_en, name_en, :name_en), name = :name,"
                        " name_en = :name_en, short_name = COALESCE(NULLIF(:short_name, ''), short_name) WHERE county = :county AND number = :target",
        [ABOUT_DIVISION] = "UPDATE division SET name = :name, name_en = :name_en WHERE county = :county AND code = :target",
    };
    DbArg args[6] = { db_int("county", context->county), db_int("target", self->target), db_text("name", self->name), db_text("name_en", self->name_en) };
    if (self->about == ABOUT_ORGAN)
        args[4] = db_text("short_name", self->short_name);
    return db_reference_changed(context->db, context->county, error) && db_run(context->db, sql[self->about], args, error);
}

bool plan_found_row(const Context *context, const PlannedReform *self, GError **error)
{
    static const char *const sql[] = {
        [ABOUT_ORGAN] = "INSERT INTO organ (county, number, code, name, name_en, short_name, kind, valid_from_day, valid_to_day, successor, address, address_en,"
            " telephone, hours, hours_en, origin, full_name, full_name_en, mark, nature, superior, superior_en, court, is_demo)"
            " SELECT o.county, :target, :code, :name, :name_en, :short_name, o.kind, :day, NULL, NULL, o.address, o.address_en, o.telephone, o.hours,"
            " o.hours_en, :document, '', '', '', o.nature, o.superior, o.superior_en, o.court, o.is_demo FROM organ o WHERE o.county = :county AND o.number = :other",
        [ABOUT_DIVISION] = "INSERT INTO division (county, code, level, kind, name, name_en, parent, centre, origin) SELECT d.county, :target, d.level, d.kind, :name,"
            " :name_en, CAST(:parent AS BIGINT), 0, :document FROM division d WHERE d.county = :county AND d.code = :other",
    };
    DbArg args[11] = { db_int("county", context->county), db_int("target", self->target), db_int("other", self->other), db_text("name", self->name),
                       db_text("name_en", self->name_en), db_text("document", self->document) };
    char day[DAY_TEXT];
    int64_t town = division_town(self->target);
    if (self->about == ABOUT_ORGAN) {
        args[6] = db_text("code", self->code);
        args[7] = db_text("short_name", self->short_name);
        args[8] = db_text("day", day_text(self->day, day));
    } else {
        args[6] = db_int("parent", town == self->target ? division_county(context->county) : town);
    }
    return db_reference_changed(context->db, context->county, error) && db_run(context->db, sql[self->about], args, error);
}

bool plan_open_row(const Context *context, const PlannedReform *self, GError **error)
{
    return self->about == ABOUT_ORGAN || (db_reference_changed(context->db, context->county, error) &&
           db_run(context->db, "UPDATE division SET centre = 1 WHERE county = :county AND code = :target",
                  WITH(db_int("county", context->county), db_int("target", self->target)), error));
}

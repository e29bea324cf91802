// SPDX-License-Identifier: Apache-2.0
#include "cases/store.h"

#include "cases/fields.h"

#include <string.h>

enum { ARGS = CASE_MEMBERS + 4 }; /* county, password, marks, the end */

void case_clear(Case *self)
{
    for (size_t i = 0; i < CASE_MEMBERS; i++)
        if (case_members[i].kind == TEXT)
            g_clear_pointer(member_text(self, &case_members[i]), g_free);
    g_clear_pointer(&self->password, g_free);
    g_clear_pointer(&self->applicant, g_free);
    g_clear_pointer(&self->applicant_id, g_free);
}

static DbArg argument(const Case *self, const Member *member)
{
    Case *open = (Case *)self;
    switch (member->kind) {
    case NUMBER: return db_int(member->name, *member_number(open, member));
    case WORD: return db_text(member->name, member->words[*member_number(open, member)]);
    default: return db_text(member->name, *member_text(open, member));
    }
}

/* The columns of the parts named, in the order of the statements. */
static bool write_row(const Context *context, const Case *self, const char *sql, unsigned parts, GError **error)
{
    size_t count = 0;
    DbArg args[ARGS] = { 0 };
    g_autofree char *marks = marks_write(self->marks, self->mark_count);
    args[count++] = db_int("county", context->county);
    for (size_t i = 0; i < CASE_MEMBERS; i++)
        if (!case_members[i].part || (parts & case_members[i].part))
            args[count++] = argument(self, &case_members[i]);
    if (parts & WHOLE_ROW)
        args[count++] = db_text("password", self->password);
    args[count] = db_text("marks", marks);
    return db_run(context->db, sql, args, error);
}

bool case_insert(const Context *context, const Case *self, GError **error)
{
    static const char sql[] =
        "INSERT INTO case_now (county, " CASE_COLUMNS ") VALUES (:county,"
        " :number, :state, :step, :desk_organ, :desk_division, :desk_role, :corrected, :extended, :overdue,"
        " :rated, :returned, :missing, :special, :due_at, :alarm_at, :events, :item, :item_version,"
        " :item_name, :item_name_en, :organ, :place, :channel, :party, :promised_days, :promised_unit,"
        " :statutory_days, :statutory_unit, :from_receipt, :accepted_on, :accepted_hour, :decided_on, :decision,"
        " :spent, :kept, :password, :marks)";
    return write_row(context, self, sql, PRESENT_PART | PINNED_PART | DECIDED_PART | WHOLE_ROW, error);
}

/* An index is written anew when a column of it is named, changed or not: what changes once is named once. */
#define PRESENT \
    "UPDATE case_now SET state = :state, step = :step, desk_organ = :desk_organ, desk_division = :desk_division," \
    " desk_role = :desk_role, corrected = :corrected, extended = :extended, overdue = :overdue, rated = :rated," \
    " returned = :returned, missing = :missing, special = :special, due_at = :due_at, alarm_at = :alarm_at," \
    " events = :events"
#define PINNED \
    ", item = :item, item_version = :item_version, item_name = :item_name, item_name_en = :item_name_en, organ = :organ," \
    " place = :place, channel = :channel, party = :party, promised_days = :promised_days, promised_unit = :promised_unit," \
    " statutory_days = :statutory_days, statutory_unit = :statutory_unit, from_receipt = :from_receipt," \
    " accepted_on = :accepted_on, accepted_hour = :accepted_hour"
#define DECIDED ", decided_on = :decided_on, decision = :decision, spent = :spent, kept = :kept"
#define ROW ", marks = :marks WHERE county = :county AND number = :number"

bool case_update(const Context *context, const Case *self, GError **error)
{
    static const char *const statements[] = { PRESENT ROW, PRESENT PINNED ROW, PRESENT DECIDED ROW, PRESENT PINNED DECIDED ROW };
    unsigned parts = self->unwritten & (PINNED_PART | DECIDED_PART);
    return write_row(context, self, statements[parts / PINNED_PART], parts | PRESENT_PART, error);
}

/* ---- reading ---- */

/* All that can be read; false when a word is none of its member's, or the marks do not parse. */
static bool read_members(const DbRows *rows, Case *out)
{
    bool whole = true;
    *out = (Case){ 0 };
    for (int i = 0; i < CASE_MEMBERS; i++) {
        const Member *member = &case_members[i];
        if (member->kind == TEXT)
            *member_text(out, member) = g_strdup(db_column_text(rows, i));
        else if (member->kind == WORD)
            whole &= (*member_number(out, member) = member_word(member, db_column_text(rows, i))) >= 0;
        else
            *member_number(out, member) = db_column_int(rows, i);
    }
    out->password = g_strdup(db_column_text(rows, CASE_MEMBERS));
    return marks_read(out, db_column_text(rows, CASE_MEMBERS + 1)) && whole;
}

static bool read_row(const DbRows *rows, Case *out, GError **error)
{
    return read_members(rows, out) || fault(error, "case %" PRId64 " is damaged: see pinghu verify", out->number);
}

bool case_load(Db *db, int64_t county, int64_t number, Case *out, GError **error)
{
    *out = (Case){ 0 };
    g_autoptr(DbRows) rows = db_query(db, "SELECT " CASE_COLUMNS " FROM case_now WHERE county = :county AND number = :number",
                                      WITH(db_int("county", county), db_int("number", number)), error);
    if (!rows)
        return false;
    if (db_next(rows, error))
        return read_row(rows, out, error);
    return !db_failed(rows) && refuse(error, NOT_FOUND, "cases.no_case", NULL);
}

bool case_read_page(DbRows *query, GArray *out, GError **error)
{
    g_autoptr(DbRows) rows = query;
    while (rows && db_next(rows, error)) {
        Case row;
        if (!read_row(rows, &row, error))
            return false;
        g_array_append_val(out, row);
    }
    return rows && !db_failed(rows);
}

/* Each role's cases lie together: nobody's page depends on how much waits for others at the same desk. */
static bool read_role(Db *db, int64_t county, const Post *post, unsigned role, const CasePlace *after, int64_t most,
                      GArray *out, GError **error)
{
    return case_read_page(db_query(db,
        "SELECT " CASE_COLUMNS " FROM case_now WHERE county = :county AND desk_organ = :organ"
        " AND desk_division = :division AND desk_role <> 0 AND desk_role = :role"
        " AND (due_at, number) > (:due_at, :number)"
        " ORDER BY due_at, number LIMIT :most",
        WITH(db_int("county", county), db_int("organ", post->organ), db_int("division", post->division),
             db_int("role", role), db_int("due_at", after->due_at), db_int("number", after->number), db_int("most", most)),
        error), out, error);
}

bool case_desk_page(Db *db, int64_t county, const Post *post, const CasePlace *after, int64_t most,
                    GArray *out, GError **error)
{
    for (unsigned role = 1; role <= post->roles; role <<= 1)
        if ((post->roles & role) && !read_role(db, county, post, role, after, most, out, error))
            return false;
    return true;
}

bool case_place_page(Db *db, int64_t county, const Post *post, int64_t before, int64_t most, GArray *out,
                     GError **error)
{
    if (post->organ == TOWN_CENTRE_ORGAN || post->organ == VILLAGE_POINT_ORGAN)
        return case_read_page(db_query(db,
            "SELECT " CASE_COLUMNS " FROM case_now WHERE county = :county AND place = :place AND channel <> 'county'"
            " AND number < :before ORDER BY number DESC LIMIT :most",
            WITH(db_int("county", county), db_int("place", post->division), db_int("before", before),
                 db_int("most", most)), error), out, error);
    return case_read_page(db_query(db,
        "SELECT " CASE_COLUMNS " FROM case_now WHERE county = :county AND organ = :organ AND channel IN ('county', 'online')"
        " AND number < :before ORDER BY number DESC LIMIT :most",
        WITH(db_int("county", county), db_int("organ", post->organ), db_int("before", before), db_int("most", most)),
        error), out, error);
}

bool case_all_page(Db *db, int64_t county, int64_t before, int64_t most, GArray *out, GError **error)
{
    return case_read_page(db_query(db,
        "SELECT " CASE_COLUMNS " FROM case_now WHERE county = :county AND number < :before"
        " ORDER BY number DESC LIMIT :most",
        WITH(db_int("county", county), db_int("before", before), db_int("most", most)), error), out, error);
}

bool case_page_after(Db *db, int64_t county, int64_t after, int64_t most, GArray *out, GError **error)
{
    g_autoptr(DbRows) rows = db_query(db,
        "SELECT " CASE_COLUMNS " FROM case_now WHERE county = :county AND number > :after ORDER BY number LIMIT :most",
        WITH(db_int("county", county), db_int("after", after), db_int("most", most)), error);
    while (rows && db_next(rows, error)) {
        Case row;
        read_members(rows, &row);
        g_array_append_val(out, row);
    }
    return rows && !db_failed(rows);
}

static bool count_role(Db *db, int64_t county, const Post *post, unsigned role, int64_t most, int64_t *count, GError **error)
{
    bool found;
    return db_integer(db,
        "SELECT COUNT(*) FROM (SELECT number FROM case_now WHERE county = :county AND desk_organ = :organ"
        " AND desk_division = :division AND desk_role <> 0 AND desk_role = :role LIMIT :most) waiting",
        WITH(db_int("county", county), db_int("organ", post->organ), db_int("division", post->division),
             db_int("role", role), db_int("most", most)), count, &found, error);
}

bool case_desk_count(Db *db, int64_t county, const Post *post, int64_t most, int64_t *count, GError **error)
{
    *count = 0;
    for (unsigned role = 1; role <= post->roles && *count < most; role <<= 1) {
        int64_t waiting = 0;
        if ((post->roles & role) && !count_role(db, county, post, role, most - *count, &waiting, error))
            return false;
        *count += waiting;
    }
    return true;
}

json_t *case_due_alarms(Db *db, int64_t county, Instant now, int64_t most, GError **error)
{
    return db_rows(db,
        "SELECT number FROM case_now WHERE county = :county AND alarm_at > 0 AND alarm_at <= :now"
        " ORDER BY alarm_at, number LIMIT :most",
        WITH(db_int("county", county), db_int("now", now), db_int("most", most)), error);
}

static int by_number(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

/* Who must act by a date stands at a desk, so the index of the desks names them all. They are sorted here: asked for
 * their order, the database would go through every case there ever was. */
GArray *case_limited(Db *db, int64_t county, GError **error)
{
    g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(int64_t));
    g_autoptr(DbRows) rows = db_query(db,
        "/* all rows */ SELECT number FROM case_now WHERE county = :county AND desk_role <> 0 AND due_at > 0",
        WITH(db_int("county", county)), error);
    while (rows && db_next(rows, error)) {
        int64_t number = db_column_int(rows, 0);
        g_array_append_val(numbers, number);
    }
    if (!rows || db_failed(rows))
        return NULL;
    g_array_sort(numbers, by_number);
    return g_steal_pointer(&numbers);
}

bool case_move(const Context *context, const Case *self, GError **error)
{
    return db_run(context->db,
        "UPDATE case_now SET due_at = :due_at, alarm_at = :alarm_at, overdue = :overdue, events = :events"
        " WHERE county = :county AND number = :number",
        WITH(db_int("county", context->county), db_int("number", self->number), db_int("due_at", self->due_at),
             db_int("alarm_at", self->alarm_at), db_int("overdue", self->overdue), db_int("events", self->events)), error);
}

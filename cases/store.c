// SPDX-License-Identifier: Apache-2.0
#include "cases/store.h"

#include "cases/fields.h"

#include <string.h>

/* Appends the first column of the rows, which are taken over. */
static bool append_numbers(GArray *numbers, DbRows *taken, GError **error)
{
    g_autoptr(DbRows) rows = taken;
    while (rows && db_next(rows, error)) {
        int64_t number = db_column_int(rows, 0);
        g_array_append_val(numbers, number);
    }
    return rows && !db_failed(rows);
}

static GArray *numbers_of(DbRows *rows, GError **error)
{
    g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(int64_t));
    if (!append_numbers(numbers, rows, error))
        return NULL;
    g_array_sort(numbers, numbers_in_order);
    return g_steal_pointer(&numbers);
}

#define LIMITED "desk_role <> 0 AND due_at > 0"

/* Cases with a date stand at a desk, so the index of the desks names them all. They are sorted here: asked for
 * their order, the database would go through every case there ever was. */
GArray *case_limited(Db *db, int64_t county, GError **error)
{
    return numbers_of(db_query(db, "/* all rows */ SELECT number FROM case_now WHERE county = :county AND " LIMITED,
                               WITH(db_int("county", county)), error), error);
}

GArray *case_decided_since(Db *db, int64_t county, Day day, GError **error)
{
    return numbers_of(db_query(db, "/* all rows */ SELECT number FROM case_now WHERE county = :county AND decided_on >= :day AND NOT (" LIMITED ")",
                               WITH(db_int("county", county), db_int("day", day)), error), error);
}

GArray *case_in_calendar_days(Db *db, int64_t county, GError **error)
{
    return numbers_of(db_query(db, "/* all rows */ SELECT number FROM case_now WHERE county = :county AND accepted_on > 0"
                                   " AND (statutory_unit = 'calendar' OR promised_unit = 'calendar')",
                               WITH(db_int("county", county)), error), error);
}

/* The index of decisions begins with the organ. */
GArray *case_decided_on(Db *db, int64_t county, Day day, GError **error)
{
    size_t i;
    json_t *organ;
    g_autoptr(json_t) organs = identity_organs(db, county, error);
    g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(int64_t));
    json_array_foreach(organs, i, organ)
        if (!append_numbers(numbers, db_query(db, "SELECT number FROM case_now WHERE county = :county AND organ = :organ"
                                                  " AND decided_on = :day AND decided_on <> 0",
                                              WITH(db_int("county", county), db_int("organ", json_number(organ, "number")),
                                                   db_int("day", day)), error), error))
            return NULL;
    g_array_sort(numbers, numbers_in_order);
    return organs ? g_steal_pointer(&numbers) : NULL;
}

bool case_next_decided(Db *db, int64_t county, Day after, Day *day, GError **error)
{
    size_t i;
    json_t *organ;
    g_autoptr(json_t) organs = identity_organs(db, county, error);
    *day = DAY_NONE;
    json_array_foreach(organs, i, organ) {
        bool found;
        int64_t next;
        if (!db_integer(db, "SELECT decided_on FROM case_now WHERE county = :county AND organ = :organ AND decided_on > :after"
                            " AND decided_on <> 0 ORDER BY decided_on LIMIT 1",
                        WITH(db_int("county", county), db_int("organ", json_number(organ, "number")), db_int("after", after)), &next, &found, error))
            return false;
        if (found && (*day == DAY_NONE || next < *day))
            *day = (Day)next;
    }
    return organs != NULL;
}

bool case_over_insert(const Context *context, Day day, int64_t number, GError **error)
{
    return db_insert(context->db, "INSERT INTO case_over (county, day, number) VALUES (:county, :day, :number)",
                     WITH(db_int("county", context->county), db_int("day", day), db_int("number", number)), error);
}

GArray *case_over_on(Db *db, int64_t county, Day day, GError **error)
{
    return numbers_of(db_query(db, "SELECT number FROM case_over WHERE county = :county AND day = :day",
                               WITH(db_int("county", county), db_int("day", day)), error), error);
}

bool case_next_over(Db *db, int64_t county, Day after, Day *day, GError **error)
{
    bool found;
    int64_t next;
    if (!db_integer(db, "SELECT day FROM case_over WHERE county = :county AND day > :after ORDER BY day LIMIT 1",
                    WITH(db_int("county", county), db_int("after", after)), &next, &found, error))
        return false;
    *day = found ? (Day)next : DAY_NONE;
    return true;
}

bool case_move(const Context *context, const Case *self, GError **error)
{
    return db_run(context->db,
        "UPDATE case_now SET due_at = :due_at, alarm_at = :alarm_at, overdue = :overdue, kept = :kept, special_until = :special_until, events = :events"
        " WHERE county = :county AND number = :number",
        WITH(db_int("county", context->county), db_int("number", self->number), db_int("due_at", self->due_at),
             db_int("alarm_at", self->alarm_at), db_int("overdue", self->overdue), db_int("kept", self->kept), db_int("special_until", self->special_until), db_int("events", self->events)), error);
}

bool case_names_party(const Context *context, int64_t party, int64_t but, bool *names, GError **error)
{
    int64_t one;
    return db_integer(context->db, "SELECT 1 FROM case_now WHERE county = :county AND party = :party AND number <> :but"
                                   " AND personal <> '' LIMIT 1",
                      WITH(db_int("county", context->county), db_int("party", party), db_int("but", but)), &one, names, error);
}

bool case_each_of_party(const Context *context, const Case *self, CaseEach *each, void *data, GError **error)
{
    enum { NEWEST = 50 };
    bool goes_on = true;
    g_autoptr(DbRows) rows = db_query(context->db, "SELECT number, item, state FROM case_now WHERE county = :county AND party = :party"
                                                   " AND number <> :number ORDER BY number DESC LIMIT :most",
                                      WITH(db_int("county", context->county), db_int("party", self->party), db_int("number", self->number),
                                           db_int("most", NEWEST)), error);
    while (goes_on && db_next(rows, error)) {
        Case other = { .number = db_column_int(rows, 0), .item = (char *)(uintptr_t)db_column_text(rows, 1),
                       .state = (int64_t)name_place(case_state_names, db_column_text(rows, 2)) };
        goes_on = each(&other, data);
    }
    return rows && !db_failed(rows);
}

/* ---- order and quantity ---- */

bool case_each_open(const Context *context, const Case *self, CaseEach *each, void *data, GError **error)
{
    bool goes_on = true;
    g_autoptr(DbRows) rows = db_query(context->db, "SELECT number, accepted_on, marks FROM case_now WHERE county = :county AND organ = :organ"
                                                   " AND item = :item AND accepted_on <= :day AND number <> :number"
                                                   " AND state IN ('review', 'suspended') ORDER BY accepted_on, number",
                                      WITH(db_int("county", context->county), db_int("organ", self->organ), db_text("item", self->item),
                                           db_int("day", self->accepted_on), db_int("number", self->number)), error);
    while (goes_on && db_next(rows, error)) {
        Case other = { .number = db_column_int(rows, 0), .accepted_on = db_column_int(rows, 1) };
        goes_on = !marks_read(&other, db_column_text(rows, 2)) || each(&other, data);
        g_free(other.marks);
    }
    return !db_failed(rows);
}

bool case_granted_since(const Context *context, const Case *self, Day from, int64_t *count, GError **error)
{
    bool found;
    return db_integer(context->db, "SELECT COUNT(*) FROM case_now WHERE county = :county AND organ = :organ AND item = :item"
                                   " AND decided_on >= :from_day AND decided_on <> 0 AND decision = 'granted'",
                      WITH(db_int("county", context->county), db_int("organ", self->organ), db_text("item", self->item),
                           db_int("from_day", from)), count, &found, error);
}

bool case_waiting(const Context *context, const Post *desk, int64_t *count, GError **error)
{
    bool found;
    return db_integer(context->db, "SELECT COUNT(*) FROM case_now WHERE county = :county AND desk_organ = :organ AND desk_division = :division"
                                   " AND desk_role = :role AND desk_role <> 0",
                      WITH(db_int("county", context->county), db_int("organ", desk->organ), db_int("division", desk->division),
                           db_int("role", desk->roles)), count, &found, error);
}

/* ---- drafts ---- */

json_t *case_old_drafts(const Context *context, int64_t below, int64_t most, GError **error)
{
    int64_t from = 0;
    bool found;
    if (!db_integer(context->db, "SELECT until FROM case_drafts WHERE county = :county", WITH(db_int("county", context->county)), &from,
                    &found, error))
        return NULL;
    return db_rows(context->db, "SELECT number, events FROM case_now WHERE county = :county AND number >= :from AND number < :below"
                                " AND (events = 0 OR state = 'draft') ORDER BY number LIMIT :most",
                   WITH(db_int("county", context->county), db_int("from", from), db_int("below", below), db_int("most", most)), error);
}

bool case_drafts_ended(const Context *context, int64_t below, GError **error)
{
    return db_run(context->db, "INSERT INTO case_drafts (county, until) VALUES (:county, :until)"
                               " ON CONFLICT (county) DO UPDATE SET until = excluded.until",
                  WITH(db_int("county", context->county), db_int("until", below)), error);
}

bool case_remove(const Context *context, int64_t number, GError **error)
{
    return db_run(context->db, "DELETE FROM case_now WHERE county = :county AND number = :number",
                  WITH(db_int("county", context->county), db_int("number", number)), error);
}

/* ---- finding a person's ---- */

static const char asked_place[] = "case_asked.question";

bool case_asked_keep(const Context *context, const char *token, const json_t *question, Instant before, GError **error)
{
    g_autofree char *text = json_canonical(question), *sealed = personal_seal(context->db, context->county, asked_place, token, text, error);
    return sealed && db_run(context->db, "DELETE FROM case_asked WHERE county = :county AND asked_at < :before",
                            WITH(db_int("county", context->county), db_int("before", before)), error) &&
           db_insert(context->db, "INSERT INTO case_asked (county, token, staff, asked_at, question) VALUES (:county, :token, :staff, :now, :question)",
                     WITH(db_int("county", context->county), db_text("token", token), db_int("staff", context->actor->id),
                          db_int("now", context->now), db_text("question", sealed)), error);
}

bool case_asked_find(const Context *context, const char *token, Instant since, json_t **question, GError **error)
{
    *question = NULL;
    g_autoptr(DbRows) rows = db_query(context->db, "SELECT question FROM case_asked WHERE county = :county AND token = :token AND staff = :staff"
                                                   " AND asked_at >= :since",
                                      WITH(db_int("county", context->county), db_text("token", token), db_int("staff", context->actor->id),
                                           db_int("since", since)), error);
    if (!db_next(rows, error))
        return rows && !db_failed(rows);
    g_autofree char *text = personal_column(rows, 0, asked_place, token, error);
    *question = text ? json_loads(text, 0, NULL) : NULL;
    return *question || (text && fault(error, "a kept question does not parse"));
}


/* Asked as (county, hash, number), each further hash is one look into the other index. */
static char *build_sought(const void *none, unsigned hashes)
{
    static const char *const also[SOUGHT_HASHES] = { "", ":hash_b", ":hash_c", ":hash_d", ":hash_e", ":hash_f" };
    (void)none;
    GString *sql = g_string_new("SELECT c.number, c.channel, c.place, c.organ, c.item, c.item_name, c.item_name_en, c.marks FROM case_hash s"
                                " JOIN case_now c ON c.county = s.county AND c.number = s.number WHERE s.county = :county AND s.hash = :hash_a");
    for (unsigned i = 1; i < hashes; i++)
        g_string_append_printf(sql, " AND EXISTS (SELECT 1 FROM case_hash o WHERE o.county = :county AND o.number = s.number AND o.hash = %s)", also[i]);
    g_string_append(sql, " ORDER BY s.number DESC LIMIT :most");
    return g_string_free(sql, FALSE);
}

static char *text_at(const DbRows *rows, int column)
{
    return (char *)(uintptr_t)db_column_text(rows, column);
}

bool case_each_sought(const Context *context, const SoughtWay *way, int64_t most, CaseEach *each, void *data, int64_t *count, GError **error)
{
    static const char *const names[SOUGHT_HASHES] = { "hash_a", "hash_b", "hash_c", "hash_d", "hash_e", "hash_f" };
    bool goes_on = true;
    DbArg args[SOUGHT_HASHES + 3] = { db_int("county", context->county), db_int("most", most) };
    for (size_t i = 0; i < way->count; i++)
        args[i + 2] = db_int(names[i], way->hashes[i]);
    g_autoptr(DbRows) rows = db_query(context->db, db_statement_text(context->db, build_sought, "case_hash", (unsigned)way->count), args, error);
    for (*count = 0; goes_on && db_next(rows, error); ++*count) {
        Case self = { .number = db_column_int(rows, 0), .channel = (int64_t)name_place(channel_names, db_column_text(rows, 1)),
                      .place = db_column_int(rows, 2), .organ = db_column_int(rows, 3), .item = text_at(rows, 4), .item_name = text_at(rows, 5),
                      .item_name_en = text_at(rows, 6) };
        const char *marks = db_column_text(rows, 7);
        g_autofree char *receipt = g_strndup(marks, strcspn(marks, ";") + 1);
        goes_on = !marks_read(&self, receipt) || !self.mark_count || each(&self, data);
        g_free(self.marks);
    }
    return !db_failed(rows);
}

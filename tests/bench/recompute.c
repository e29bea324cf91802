// SPDX-License-Identifier: Apache-2.0
/* Measures what a changed calendar costs. Usage: recompute DATABASE CASES: lets the open cases of a demo county be open again and
 * again, under new numbers, until there are so many; then the next working day becomes a holiday. Prints lines "name figure":
 *   open, moved   cases with a limit, and those whose limits moved
 *   recompute_s   the whole change: limits computed, events with hashes and counters, rows, durable commit
 *   bare_s        SQLite alone updating as many rows and inserting as many events, in tables of the same shape and size */
#include "tests/bench/copy.h"
#include "cases/cases.h"
#include "indicators/indicators.h"
#include "rooms.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COUNTY = 330482, AT_ONCE = 200, LOG_PAGES = 20000 };
#define FIRST_NUMBER INT64_C(330482990101000001) /* of a day on which the demo county has no cases */

static const char find_models[] = /* open, moved by a holiday tomorrow whatever their limit, and not long under way */
    "/* all rows */ SELECT number FROM case_now WHERE county = :county AND due_at > :now AND state IN ('received', 'review', 'granted')"
    " AND events < 9 ORDER BY number";

static double seconds(void)
{
    return (double)g_get_monotonic_time() / G_USEC_PER_SEC;
}

/* ---- growing ---- */

typedef struct Growth {
    const Context *context;
    json_t *models;      /* their numbers */
    int64_t made, cases; /* so far, and wanted */
} Growth;

typedef struct Again {
    Context context;
    char of[32], number[32], subject[64];
} Again;

/* A case's own number stands in its first event; both numbers have as many digits. */
static bool happen_again(const Event *e, void *data, GError **error)
{
    Again *self = data;
    g_autofree char *payload = g_strdup(e->payload);
    char *at = strstr(payload, self->of);
    if (at)
        memcpy(at, self->number, strlen(self->number));
    Event again = *e;
    again.subject = self->subject;
    again.payload = payload;
    return ledger_append(&self->context, &again, -1, error);
}

static bool open_one(Growth *self, Db *db, GError **error)
{
    size_t model = (size_t)self->made % json_array_size(self->models);
    int64_t of = json_number(json_array_get(self->models, model), "number"), number = FIRST_NUMBER + self->made++;
    g_autofree char *subject = g_strdup_printf("case/%" PRId64, of);
    Again again = { .context = *self->context };
    again.context.db = db;
    snprintf(again.of, sizeof again.of, "%" PRId64, of);
    snprintf(again.number, sizeof again.number, "%" PRId64, number);
    snprintf(again.subject, sizeof again.subject, "case/%" PRId64, number);
    return ledger_walk_subject(db, COUNTY, subject, happen_again, &again, error) &&
           copy_case(db, COUNTY, of, number, error);
}

static bool open_some(Db *db, void *data, GError **error)
{
    Growth *self = data;
    for (int i = 0; i < AT_ONCE; i++)
        if (!open_one(self, db, error))
            return false;
    return true;
}

static bool grow(Store *store, const Context *context, int64_t cases, GError **error)
{
    Growth growth = { .context = context, .cases = cases };
    Db *db = store_reader(store, error);
    growth.models = db_rows(db, find_models, WITH(db_int("county", COUNTY), db_int("now", context->now)), error);
    store_return(store, db);
    bool grown = growth.models && (json_array_size(growth.models) || fault(error, "the demo county has no open case"));
    while (grown && growth.made < cases)
        grown = store_write(store, open_some, &growth, error);
    json_decref(growth.models);
    return grown;
}

/* ---- the change ---- */

typedef struct Change {
    Context context;
    CalendarTable table;
    json_t *answer;
} Change;

static bool change_calendar(Db *db, void *data, GError **error)
{
    Change *self = data;
    self->context.db = db;
    self->answer = case_change_calendar(&self->context, &self->table, error);
    return self->answer != NULL;
}

static char *table_with_holiday(const Calendar *calendar, Day day)
{
    char text[DAY_TEXT];
    g_autofree char *rows = calendar_write(calendar);
    return g_strdup_printf("%s%s,holiday,放假\n", rows, day_text(day, text));
}

static bool recompute(Store *store, const Context *context, int64_t *moved, GError **error)
{
    g_autofree char *rows = table_with_holiday(context->calendar, calendar_add(context->calendar, day_of(context->now), 1));
    Change change = { .context = *context, .table = { rows, strlen(rows), "bench", 0 } };
    double began = seconds();
    if (!store_write(store, change_calendar, &change, error))
        return false;
    printf("recompute_s %.3f\n", seconds() - began);
    *moved = json_number(change.answer, "moved");
    printf("open %" PRId64 "\nmoved %" PRId64 "\n", json_number(change.answer, "open"), *moved);
    json_decref(change.answer);
    return true;
}

/* ---- the yardstick ---- */

static void require(bool went_well, sqlite3 *link)
{
    if (!went_well) {
        fprintf(stderr, "recompute: %s\n", sqlite3_errmsg(link));
        exit(EXIT_FAILURE);
    }
}

static void run_sql(sqlite3 *link, const char *sql)
{
    require(sqlite3_exec(link, sql, NULL, NULL, NULL) == SQLITE_OK, link);
}

static sqlite3_stmt *compile(sqlite3 *link, const char *sql)
{
    sqlite3_stmt *made = NULL;
    require(sqlite3_prepare_v2(link, sql, -1, &made, NULL) == SQLITE_OK, link);
    return made;
}

static void run(sqlite3 *link, sqlite3_stmt *statement)
{
    require(sqlite3_step(statement) == SQLITE_DONE && sqlite3_reset(statement) == SQLITE_OK, link);
}

static char *replaced(const char *text, const char *from, const char *to)
{
    g_auto(GStrv) parts = g_strsplit(text, from, -1);
    return g_strjoinv(to, parts);
}

/* A table like the centre's with all its indexes and rows, but without its triggers. */
static void copy_table(sqlite3 *link, const char *table, const char *copy, const char *rows)
{
    g_autoptr(GString) sql = g_string_new(NULL);
    sqlite3_stmt *query = compile(link, "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND type IN ('table', 'index') AND sql IS NOT NULL ORDER BY type DESC");
    sqlite3_bind_text(query, 1, table, -1, SQLITE_STATIC);
    g_autofree char *name = g_strdup_printf(" %s (", table), *other = g_strdup_printf(" %s (", copy);
    while (sqlite3_step(query) == SQLITE_ROW) {
        g_autofree char *renamed = replaced((const char *)sqlite3_column_text(query, 0), name, other);
        g_autofree char *made = replaced(renamed, "CREATE INDEX ", "CREATE INDEX bare_");
        g_string_append_printf(sql, "%s;\n", made);
    }
    sqlite3_finalize(query);
    g_string_append_printf(sql, "INSERT INTO %s SELECT * FROM %s %s;", copy, table, rows);
    run_sql(link, sql->str);
}

/* The same rows go through the same changes, all bound ready. */
static double move_bare(sqlite3 *link, int64_t events)
{
    sqlite3_stmt *moved = compile(link,
        "SELECT e.*, c.number, c.due_at, c.alarm_at, c.overdue, c.events FROM event e JOIN case_now c"
        " ON c.county = e.county AND c.number = CAST(SUBSTR(e.subject, 6) AS INTEGER)"
        " WHERE e.county = 330482 AND e.number > ? AND e.kind = 'case.rescheduled'");
    sqlite3_stmt *insert = compile(link, "INSERT INTO bare_event VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    sqlite3_stmt *update = compile(link, "UPDATE bare_case SET due_at = ?2, alarm_at = ?3, overdue = ?4, events = ?5"
                                         " WHERE county = 330482 AND number = ?1");
    enum { EVENT_COLUMNS = 16, CASE_COLUMNS = 5 };
    double spent = 0;
    sqlite3_bind_int64(moved, 1, events);
    run_sql(link, "BEGIN IMMEDIATE");
    while (sqlite3_step(moved) == SQLITE_ROW) {
        for (int i = 0; i < EVENT_COLUMNS; i++)
            sqlite3_bind_value(insert, i + 1, sqlite3_column_value(moved, i));
        for (int i = 0; i < CASE_COLUMNS; i++)
            sqlite3_bind_value(update, i + 1, sqlite3_column_value(moved, EVENT_COLUMNS + i));
        double began = seconds();
        run(link, insert);
        run(link, update);
        spent += seconds() - began;
    }
    double began = seconds();
    sqlite3_finalize(moved);
    run_sql(link, "COMMIT");
    spent += seconds() - began;
    sqlite3_finalize(insert);
    sqlite3_finalize(update);
    return spent;
}

/* The copies are made before the change, so that they are what it found. */
static sqlite3 *open_bare(const char *file)
{
    sqlite3 *link = NULL;
    require(sqlite3_open(file, &link) == SQLITE_OK, link);
    run_sql(link, "PRAGMA synchronous = FULL; PRAGMA cache_size = -8192"); /* as the centre's writer */
    sqlite3_wal_autocheckpoint(link, LOG_PAGES);
    return link;
}

static int64_t copy_tables(const char *file)
{
    sqlite3 *link = open_bare(file);
    copy_table(link, "case_now", "bare_case", "");
    copy_table(link, "event", "bare_event", "");
    sqlite3_stmt *query = compile(link, "SELECT MAX(number) FROM event");
    sqlite3_step(query);
    int64_t events = sqlite3_column_int64(query, 0);
    sqlite3_finalize(query);
    sqlite3_close(link);
    return events;
}

/* ---- all together ---- */

typedef bool Part(Store *store, Context *context, void *data, GError **error);

static bool with_store(const char *file, Part *part, void *data, GError **error)
{
    static const Actor the_system = { .kind = SYSTEM, .name = "" };
    bool found;
    Context context = { .county = COUNTY, .actor = &the_system, .random = random_secure, .rooms = rooms };
    g_autoptr(Store) store = open_with_keys(file, 1, COUNTY, error);
    Db *db = store ? store_reader(store, error) : NULL;
    if (!db)
        return false;
    g_autoptr(Calendar) calendar = calendar_load(db, COUNTY, error);
    bool read = db_integer(db, "/* all rows */ SELECT MAX(at) FROM event WHERE county = :county", WITH(db_int("county", COUNTY)), &context.now, &found, error);
    store_return(store, db);
    context.calendar = calendar;
    return calendar && read && part(store, &context, data, error);
}

static bool grow_part(Store *store, Context *context, void *cases, GError **error)
{
    return grow(store, context, *(int64_t *)cases, error);
}

static bool recompute_part(Store *store, Context *context, void *moved, GError **error)
{
    return recompute(store, context, moved, error);
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    if (argc != 3)
        return 2;
    base_start();
    setvbuf(stdout, NULL, _IOLBF, 0);
    int64_t cases = g_ascii_strtoll(argv[2], NULL, 10), moved = 0, events = 0;
    bool done = with_store(argv[1], grow_part, &cases, &error);
    if (done)
        events = copy_tables(argv[1]);
    if (!done || !with_store(argv[1], recompute_part, &moved, &error)) {
        fprintf(stderr, "recompute: %s\n", error->message);
        return EXIT_FAILURE;
    }
    sqlite3 *link = open_bare(argv[1]);
    printf("bare_s %.3f\n", move_bare(link, events));
    sqlite3_close(link);
    return EXIT_SUCCESS;
}

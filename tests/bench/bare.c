// SPDX-License-Identifier: Apache-2.0
/* The yardstick for durable actions: SQLite alone doing the writes of one drafted case, over and over,
 * in the centre's own tables, and nothing else. Usage: bare DATABASE CLIENTS SECONDS. The database is a
 * copy in which a case has been drafted over HTTP: its rows are the model of all that are written here.
 * CLIENTS is how many actions share a commit, as if so many waited. Prints "ACTIONS_PER_S P50_US P99_US". */
#include <glib.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LOG_PAGES = 20000 /* as the centre's writer */ };

static void require(bool went_well, sqlite3 *link)
{
    if (!went_well) {
        fprintf(stderr, "bare: %s\n", sqlite3_errmsg(link));
        exit(EXIT_FAILURE);
    }
}

static sqlite3_stmt *compile(sqlite3 *link, const char *sql)
{
    sqlite3_stmt *made = NULL;
    require(sqlite3_prepare_v2(link, sql, -1, &made, NULL) == SQLITE_OK, link);
    return made;
}

static void run(sqlite3 *link, sqlite3_stmt *statement)
{
    while (sqlite3_step(statement) == SQLITE_ROW)
        continue;
    require(sqlite3_reset(statement) == SQLITE_OK, link);
}

/* An INSERT whose values are those of a table's newest row; what differs from row to row is bound over. */
static sqlite3_stmt *like_newest(sqlite3 *link, const char *table)
{
    g_autofree char *query = g_strdup_printf("SELECT * FROM %s ORDER BY rowid DESC LIMIT 1", table);
    sqlite3_stmt *model = compile(link, query);
    require(sqlite3_step(model) == SQLITE_ROW, link);
    g_autoptr(GString) sql = g_string_new(NULL);
    g_string_printf(sql, "INSERT INTO %s VALUES (?", table);
    for (int i = 1; i < sqlite3_column_count(model); i++)
        g_string_append(sql, ", ?");
    g_string_append_c(sql, ')');
    sqlite3_stmt *insert = compile(link, sql->str);
    for (int i = 0; i < sqlite3_column_count(model); i++)
        require(sqlite3_bind_value(insert, i + 1, sqlite3_column_value(model, i)) == SQLITE_OK, link);
    sqlite3_finalize(model);
    return insert;
}

static int64_t number_of(sqlite3 *link, const char *sql)
{
    sqlite3_stmt *query = compile(link, sql);
    require(sqlite3_step(query) == SQLITE_ROW, link);
    int64_t number = sqlite3_column_int64(query, 0);
    sqlite3_finalize(query);
    return number;
}

/* ---- one action ---- */

enum { BEGIN, COMMIT, SERIES, EVENT, CASE, DONE, STATEMENTS };

typedef struct Bare {
    sqlite3 *link;
    sqlite3_stmt *all[STATEMENTS];
    int64_t event, number; /* the last ones given */
} Bare;

static void open_bare(Bare *self, const char *file)
{
    require(sqlite3_open(file, &self->link) == SQLITE_OK, self->link);
    sqlite3_wal_autocheckpoint(self->link, LOG_PAGES);
    sqlite3_exec(self->link, "PRAGMA synchronous = FULL; PRAGMA journal_mode = WAL; PRAGMA cache_size = -8192", NULL, NULL, NULL);
    self->event = number_of(self->link, "SELECT MAX(number) FROM event");
    self->number = number_of(self->link, "SELECT MAX(number) FROM case_now");
    self->all[BEGIN] = compile(self->link, "BEGIN IMMEDIATE");
    self->all[COMMIT] = compile(self->link, "COMMIT");
    self->all[SERIES] = compile(self->link, "UPDATE ids SET next = next + 1 WHERE county = 330482 AND name = 'party'");
    self->all[EVENT] = like_newest(self->link, "event");
    self->all[CASE] = like_newest(self->link, "case_now");
    self->all[DONE] = like_newest(self->link, "http_done");
}

static void act(Bare *self)
{
    g_autofree char *key = g_strdup_printf("2/1/bare-%" G_GINT64_FORMAT, ++self->event);
    g_autofree char *subject = g_strdup_printf("case/%" G_GINT64_FORMAT, ++self->number);
    sqlite3_bind_int64(self->all[EVENT], 2, self->event);
    sqlite3_bind_text(self->all[EVENT], 3, subject, -1, SQLITE_STATIC);
    sqlite3_bind_int64(self->all[CASE], 2, self->number);
    sqlite3_bind_text(self->all[DONE], 3, key, -1, SQLITE_STATIC);
    for (int i = SERIES; i < STATEMENTS; i++)
        run(self->link, self->all[i]);
}

/* ---- the loop ---- */

static void act_together(Bare *self, int clients)
{
    run(self->link, self->all[BEGIN]);
    for (int i = 0; i < clients; i++)
        act(self);
    run(self->link, self->all[COMMIT]);
}

static int by_size(const void *a, const void *b)
{
    const gint64 *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

int main(int argc, char **argv)
{
    Bare self = { 0 };
    if (argc != 4)
        return 2;
    int clients = atoi(argv[2]);
    open_bare(&self, argv[1]);
    g_autoptr(GArray) times = g_array_new(FALSE, FALSE, sizeof(gint64));
    gint64 start = g_get_monotonic_time(), before = start, length = (gint64)(g_ascii_strtod(argv[3], NULL) * G_USEC_PER_SEC);
    while (before - start < length) {
        act_together(&self, clients);
        gint64 now = g_get_monotonic_time(), took = now - before;
        g_array_append_val(times, took);
        before = now;
    }
    g_array_sort(times, by_size);
    printf("%.0f %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n", (double)times->len * clients * G_USEC_PER_SEC / (double)(before - start),
           g_array_index(times, gint64, times->len / 2), g_array_index(times, gint64, times->len * 99 / 100));
    return 0;
}

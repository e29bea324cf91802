// SPDX-License-Identifier: Apache-2.0
/* The yardstick for the whole city: SQLite alone writing the same rows into the same tables with the same indexes. Usage:
 * rows MADE OUT [lives]: OUT is a file that is not there yet. Table after table, and nothing else; or, with `lives`, the
 * cases as they went through each other, event after event, each chained by SHA-256 and SM3, which is what a bare loop
 * that lives through them has to do. Reading the rows of MADE is measured by itself and taken off. Prints lines "name figure": rows, read_s, write_s (without the reading), cpu_s. */
#include <glib.h>
#include <openssl/evp.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LOG_PAGES = 20000 /* as the centre's writer */, AT_ONCE = 20000 /* rows: about what a day of the city writes */ };

static void require(bool went_well, sqlite3 *link)
{
    if (!went_well) {
        fprintf(stderr, "rows: %s\n", sqlite3_errmsg(link));
        exit(EXIT_FAILURE);
    }
}

static sqlite3_stmt *compile(sqlite3 *link, const char *sql)
{
    sqlite3_stmt *made = NULL;
    require(sqlite3_prepare_v2(link, sql, -1, &made, NULL) == SQLITE_OK, link);
    return made;
}

static void run(sqlite3 *link, const char *sql)
{
    require(sqlite3_exec(link, sql, NULL, NULL, NULL) == SQLITE_OK, link);
}

static sqlite3 *open_file(const char *file, int flags)
{
    sqlite3 *link = NULL;
    require(sqlite3_open_v2(file, &link, flags, NULL) == SQLITE_OK, link);
    return link;
}

static double seconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The same tables and indexes; the triggers that keep sums are ours, not SQLite's. */
static GPtrArray *copy_schema(sqlite3 *from, sqlite3 *to)
{
    GPtrArray *tables = g_ptr_array_new_with_free_func(g_free);
    sqlite3_stmt *all = compile(from, "SELECT type, name, sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL"
                                      " AND name NOT LIKE 'sqlite_%' ORDER BY type = 'index'");
    while (sqlite3_step(all) == SQLITE_ROW) {
        run(to, (const char *)sqlite3_column_text(all, 2));
        if (strcmp((const char *)sqlite3_column_text(all, 0), "table") == 0)
            g_ptr_array_add(tables, g_strdup((const char *)sqlite3_column_text(all, 1)));
    }
    sqlite3_finalize(all);
    return tables;
}

static sqlite3_stmt *insert_like(sqlite3 *to, const char *table, int columns)
{
    g_autoptr(GString) sql = g_string_new(NULL);
    g_string_printf(sql, "INSERT INTO %s VALUES (?", table);
    for (int i = 1; i < columns; i++)
        g_string_append(sql, ", ?");
    g_string_append_c(sql, ')');
    return compile(to, sql->str);
}

static void write_row(sqlite3 *to, sqlite3_stmt *insert, sqlite3_stmt *row, int columns)
{
    for (int i = 0; i < columns; i++)
        require(sqlite3_bind_value(insert, i + 1, sqlite3_column_value(row, i)) == SQLITE_OK, to);
    sqlite3_step(insert);
    require(sqlite3_reset(insert) == SQLITE_OK, to);
}

static void end_group(sqlite3 *to)
{
    int pages = 0;
    run(to, "COMMIT");
    sqlite3_wal_checkpoint_v2(to, NULL, SQLITE_CHECKPOINT_PASSIVE, &pages, NULL);
    if (pages > LOG_PAGES)
        sqlite3_wal_checkpoint_v2(to, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    run(to, "BEGIN IMMEDIATE");
}

/* Goes through a table; writes it where there is somewhere to write. Number of rows. */
static int64_t pass(sqlite3 *from, sqlite3 *to, const char *table)
{
    int64_t rows = 0;
    g_autofree char *sql = g_strdup_printf("SELECT * FROM %s ORDER BY rowid", table);
    sqlite3_stmt *each = compile(from, sql);
    int columns = sqlite3_column_count(each);
    sqlite3_stmt *insert = to ? insert_like(to, table, columns) : NULL;
    for (; sqlite3_step(each) == SQLITE_ROW; rows++) {
        for (int i = 0; !to && i < columns; i++)
            sqlite3_column_bytes(each, i);
        if (to)
            write_row(to, insert, each, columns);
        if (to && rows % AT_ONCE == AT_ONCE - 1)
            end_group(to);
    }
    sqlite3_finalize(each);
    sqlite3_finalize(insert);
    return rows;
}

static int64_t pass_all(sqlite3 *from, sqlite3 *to, const GPtrArray *tables)
{
    int64_t rows = 0;
    for (guint i = 0; i < tables->len; i++)
        rows += pass(from, to, tables->pdata[i]);
    return rows;
}

/* ---- life after life, as they went through each other ---- */

/* The rows of a table, one after the other, and where they are written to. */
typedef struct Rows {
    sqlite3_stmt *row, *insert; /* `insert` is NULL where nothing is written */
    int columns;
    bool more;
} Rows;

typedef struct Lives {
    sqlite3 *to;
    Rows events, documents, salts, persons, parties, cases;
    unsigned char hashes[2][EVP_MAX_MD_SIZE];
    int64_t rows;
} Lives;

static void advance(Rows *self)
{
    self->more = sqlite3_step(self->row) == SQLITE_ROW;
}

static Rows rows_of(sqlite3 *from, sqlite3 *to, const char *table, const char *rest)
{
    g_autofree char *sql = g_strdup_printf("SELECT *, %s", rest);
    Rows self = { .row = compile(from, sql) };
    self.columns = sqlite3_column_count(self.row) - 2; /* behind them what tells where the row belongs */
    self.insert = to ? insert_like(to, table, self.columns) : NULL;
    return self;
}

static void put_row(Lives *self, const Rows *rows)
{
    for (int i = 0; !rows->insert && i < rows->columns; i++)
        sqlite3_column_bytes(rows->row, i);
    if (rows->insert)
        write_row(self->to, rows->insert, rows->row, rows->columns);
    if (self->to && ++self->rows % AT_ONCE == 0)
        end_group(self->to);
}

/* Each event is hashed with what came before it, by SHA-256 and by SM3. */
static void chain(Lives *self, const char *payload)
{
    const EVP_MD *const kinds[] = { EVP_sha256(), EVP_sm3() };
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        unsigned length = 0;
        EVP_MD_CTX *digest = EVP_MD_CTX_new();
        EVP_DigestInit_ex(digest, kinds[i], NULL);
        EVP_DigestUpdate(digest, self->hashes[i], 32);
        EVP_DigestUpdate(digest, payload, strlen(payload));
        EVP_DigestFinal_ex(digest, self->hashes[i], &length);
        EVP_MD_CTX_free(digest);
    }
}

static const char *subject_of(const Rows *rows)
{
    return (const char *)sqlite3_column_text(rows->row, rows->columns);
}

static int64_t number_of(const Rows *rows)
{
    return sqlite3_column_int64(rows->row, rows->columns + 1);
}

/* The rows that were written with the event at this place. */
static void put_with(Lives *self, Rows *rows, const char *subject, int64_t sequence)
{
    for (; rows->more && number_of(rows) == sequence && strcmp(subject_of(rows), subject) == 0; advance(rows))
        put_row(self, rows);
}

/* With the first event of a case come its row and, if nobody has seen him before, its applicant. */
static void put_case(Lives *self, const char *subject)
{
    if (!g_str_has_prefix(subject, "case/"))
        return;
    sqlite3_bind_int64(self->cases.row, 1, g_ascii_strtoll(subject + strlen("case/"), NULL, 10));
    advance(&self->cases);
    for (; self->parties.more && self->cases.more && number_of(&self->parties) <= number_of(&self->cases); advance(&self->parties))
        put_row(self, &self->parties);
    if (self->cases.more)
        put_row(self, &self->cases);
    sqlite3_reset(self->cases.row);
}

static void finish(Rows *self)
{
    sqlite3_finalize(self->row);
    sqlite3_finalize(self->insert);
}

static void put_events(Lives *self)
{
    for (advance(&self->events); self->events.more; advance(&self->events)) {
        const char *subject = subject_of(&self->events);
        int64_t sequence = number_of(&self->events);
        if (self->to)
            chain(self, (const char *)sqlite3_column_text(self->events.row, 11));
        put_with(self, &self->documents, subject, sequence);
        put_with(self, &self->salts, subject, sequence);
        put_with(self, &self->persons, subject, sequence);
        put_row(self, &self->events);
        if (sequence == 1)
            put_case(self, subject);
    }
}

/* The tables of cases in the order of their events, then the others. */
static int64_t pass_lives(sqlite3 *from, sqlite3 *to, const GPtrArray *tables)
{
    static const char *const lived[] = { "event", "document", "ledger_salt", "subject_private", "party", "case_now", NULL };
    Lives self = {
        .to = to, .events = rows_of(from, to, "event", "subject, sequence FROM event ORDER BY number"),
        .documents = rows_of(from, to, "document", "subject, sequence FROM document ORDER BY rowid"),
        .salts = rows_of(from, to, "ledger_salt", "subject, since FROM ledger_salt ORDER BY rowid"),
        .persons = rows_of(from, to, "subject_private", "subject, sequence FROM subject_private ORDER BY rowid"),
        .parties = rows_of(from, to, "party", "county, id FROM party ORDER BY id"),
        .cases = rows_of(from, to, "case_now", "county, party FROM case_now WHERE county = 330482 AND number = ?"),
    };
    Rows *const all[] = { &self.events, &self.documents, &self.salts, &self.persons, &self.parties, &self.cases };
    advance(&self.documents), advance(&self.salts), advance(&self.persons), advance(&self.parties);
    put_events(&self);
    if (self.documents.more || self.salts.more || self.persons.more || self.parties.more)
        fprintf(stderr, "rows: not all rows were met on the way\n");
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        finish(all[i]);
    for (guint i = 0; i < tables->len; i++)
        if (!g_strv_contains(lived, tables->pdata[i]))
            self.rows += pass(from, to, tables->pdata[i]);
    return self.rows;
}

typedef int64_t Pass(sqlite3 *from, sqlite3 *to, const GPtrArray *tables);

int main(int argc, char **argv)
{
    if (argc != 3 && argc != 4)
        return 2;
    Pass *go_through = argc == 4 ? pass_lives : pass_all;
    sqlite3 *from = open_file(argv[1], SQLITE_OPEN_READONLY);
    sqlite3 *to = open_file(argv[2], SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    run(to, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -65536");
    g_autoptr(GPtrArray) tables = copy_schema(from, to);
    go_through(from, NULL, tables); /* now it lies in memory, as far as it does */
    double began = seconds(CLOCK_MONOTONIC), began_cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    go_through(from, NULL, tables);
    double read = seconds(CLOCK_MONOTONIC) - began, read_cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - began_cpu;
    began = seconds(CLOCK_MONOTONIC), began_cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    run(to, "BEGIN IMMEDIATE");
    int64_t rows = go_through(from, to, tables);
    run(to, "COMMIT");
    sqlite3_wal_checkpoint_v2(to, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    printf("rows %" G_GINT64_FORMAT "\nread_s %.2f\nwrite_s %.2f\ncpu_s %.2f\n", (gint64)rows, read, seconds(CLOCK_MONOTONIC) - began - read,
           seconds(CLOCK_PROCESS_CPUTIME_ID) - began_cpu - read_cpu);
    sqlite3_close(from);
    sqlite3_close(to);
    return EXIT_SUCCESS;
}

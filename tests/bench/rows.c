// SPDX-License-Identifier: Apache-2.0
/* The yardstick for the whole city: SQLite alone writing the same rows into the same tables with the same indexes, table
 * after table, and nothing else. Usage: rows MADE OUT: OUT is a file that is not there yet. Reading the rows of MADE is
 * measured by itself and taken off. Prints lines "name figure": rows, read_s, write_s (without the reading), cpu_s. */
#include <glib.h>
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

int main(int argc, char **argv)
{
    if (argc != 3)
        return 2;
    sqlite3 *from = open_file(argv[1], SQLITE_OPEN_READONLY);
    sqlite3 *to = open_file(argv[2], SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    run(to, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -65536");
    g_autoptr(GPtrArray) tables = copy_schema(from, to);
    pass_all(from, NULL, tables); /* now it lies in memory, as far as it does */
    double began = seconds(CLOCK_MONOTONIC), began_cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    pass_all(from, NULL, tables);
    double read = seconds(CLOCK_MONOTONIC) - began, read_cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - began_cpu;
    began = seconds(CLOCK_MONOTONIC), began_cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    run(to, "BEGIN IMMEDIATE");
    int64_t rows = pass_all(from, to, tables);
    run(to, "COMMIT");
    sqlite3_wal_checkpoint_v2(to, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    printf("rows %" G_GINT64_FORMAT "\nread_s %.2f\nwrite_s %.2f\ncpu_s %.2f\n", (gint64)rows, read, seconds(CLOCK_MONOTONIC) - began - read,
           seconds(CLOCK_PROCESS_CPUTIME_ID) - began_cpu - read_cpu);
    sqlite3_close(from);
    sqlite3_close(to);
    return EXIT_SUCCESS;
}

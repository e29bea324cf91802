// SPDX-License-Identifier: Apache-2.0
/* What the tests of this room share: a desk with a store of its own in a folder of its own. */
#pragma once

#include "db/engine.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct Desk {
    char *folder, *file;
    Store *store;
} Desk;

static const char notes_schema[] = "-- append-only: journal\n"
                                   "CREATE TABLE note (id BIGINT PRIMARY KEY, body TEXT,\n"
                                   "    paper BYTEA, weight DOUBLE PRECISION);\n"
                                   "CREATE TABLE journal (id BIGINT PRIMARY KEY, line TEXT);\n";
static const char *const notes_room[] = { "notes", NULL };

static inline void set_up(Desk *desk, const void *data)
{
    (void)data;
    g_autoptr(GError) error = NULL;
    desk->folder = g_dir_make_tmp("pinghu-XXXXXX", &error);
    g_assert_no_error(error);
    desk->file = g_build_filename(desk->folder, "test.db", NULL);
    desk->store = store_open(desk->file, 2, &error);
    g_assert_no_error(error);
}

static inline void tear_down(Desk *desk, const void *data)
{
    (void)data;
    static const char *const ends[] = { "", "-wal", "-shm", ".lock" };
    store_close(desk->store);
    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
        g_autofree char *file = g_strconcat(desk->file, ends[i], NULL);
        g_remove(file);
    }
    g_assert_cmpint(g_rmdir(desk->folder), ==, 0);
    g_free(desk->folder);
    g_free(desk->file);
}

/* The database room's own schema and one more file. */
static inline bool migrate(Desk *desk, const char *name, const char *sql, GError **error)
{
    Embedded files[] = { *embedded_find("db/001-db.sql"), { name, sql, strlen(sql) } };
    return migrate_from(desk->store, files, G_N_ELEMENTS(files), notes_room, 7, error);
}

static inline void have_notes(Desk *desk)
{
    g_autoptr(GError) error = NULL;
    migrate(desk, "notes/001-notes.sql", notes_schema, &error);
    g_assert_no_error(error);
}

static inline bool run_sql(Db *db, void *sql, GError **error)
{
    return db_run(db, sql, NULL, error);
}

static inline void write_sql(Desk *desk, const char *sql)
{
    g_autoptr(GError) error = NULL;
    store_write(desk->store, run_sql, (void *)sql, &error);
    g_assert_no_error(error);
}

static inline int64_t ask(Db *db, const char *sql)
{
    g_autoptr(GError) error = NULL;
    int64_t value;
    bool found;
    db_integer(db, sql, NULL, &value, &found, &error);
    g_assert_no_error(error);
    g_assert_true(found);
    return value;
}

static inline int64_t ask_store(Desk *desk, const char *sql)
{
    Db *reader = store_reader(desk->store, NULL);
    int64_t value = ask(reader, sql);
    store_return(desk->store, reader);
    return value;
}

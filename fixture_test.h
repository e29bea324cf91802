// SPDX-License-Identifier: Apache-2.0
/* For tests: a store with the tables of all rooms, on a file and, where there is one, on a server. */
#pragma once

#include "db/server_test.h"
#include "rooms_test.h"

typedef struct Fixture {
    const char *server; /* NULL: a file */
    char *folder, *address;
    Store *store;
    Instant now;
} Fixture;

static inline void fixture_open(Fixture *f, const void *server)
{
    *f = (Fixture){ .server = server, .folder = g_dir_make_tmp("test-XXXXXX", NULL), .now = instant_at(day_from(2014, 9, 3), 600) };
    f->address = server ? make_database(server) : g_build_filename(f->folder, "test.db", NULL);
    f->store = store_with_rooms(f->address, 2);
}

static inline void fixture_close(Fixture *f, const void *data)
{
    (void)data;
    store_close(f->store);
    if (f->server)
        drop_database(f->server, f->address);
    remove_tree(f->folder);
    g_free(f->folder);
    g_free(f->address);
}

/* Adds a test as "/ROOM/NAME", and as "/postgresql/ROOM/NAME" where PINGHU_DATABASE_SERVER names a server. */
static inline void fixture_add(const char *room, const char *name, void test(Fixture *f, const void *data))
{
    const char *server = g_getenv("PINGHU_DATABASE_SERVER");
    g_autofree char *path = g_strdup_printf("/%s/%s", room, name), *other = g_strconcat("/postgresql", path, NULL);
    g_test_add(path, Fixture, NULL, fixture_open, test, fixture_close);
    if (server)
        g_test_add(other, Fixture, server, fixture_open, test, fixture_close);
}

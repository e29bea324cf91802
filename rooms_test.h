// SPDX-License-Identifier: Apache-2.0
/* For tests: stores with the tables of all rooms. A test of a build copies them from a file that the first of its tests has made;
 * the file's name tells by a hash from which migrations. */
#pragma once

#include "db/keys_test.h"
#include "rooms.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static inline char *tables_name(void)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    for (size_t i = 0; i < embedded_count; i++)
        if (g_str_has_suffix(embedded[i].name, ".sql")) {
            g_checksum_update(sum, (const guchar *)embedded[i].name, -1);
            g_checksum_update(sum, (const guchar *)embedded[i].bytes, (gssize)embedded[i].size);
        }
    return g_strconcat("tables-", g_checksum_get_string(sum), ".db", NULL);
}

static inline Store *store_migrated(const char *address, unsigned readers)
{
    g_autoptr(GError) error = NULL;
    Store *store = store_open(address, readers, &error);
    g_assert_no_error(error);
    store_migrate(store, rooms, 0, &error);
    g_assert_no_error(error);
    return store;
}

/* Several programs may make the file at once: each its own, of which the last remains. */
static inline void make_tables(const char *file)
{
    g_autofree char *making = g_strdup_printf("%s.%d", file, (int)getpid()), *lock = g_strconcat(making, ".lock", NULL);
    store_close(store_migrated(making, 1));
    g_assert_cmpint(g_rename(making, file), ==, 0);
    g_remove(lock);
}

static inline void copy_tables(const char *folder, const char *to)
{
    char *bytes;
    gsize size;
    g_autoptr(GError) error = NULL;
    g_autofree char *name = tables_name(), *file = g_build_filename(folder, name, NULL);
    if (!g_file_test(file, G_FILE_TEST_EXISTS))
        make_tables(file);
    g_file_get_contents(file, &bytes, &size, &error);
    g_assert_no_error(error);
    g_file_set_contents_full(to, bytes, (gssize)size, G_FILE_SET_CONTENTS_NONE, 0600, &error);
    g_assert_no_error(error);
    g_free(bytes);
}

/* A store on the file, or the server's database, at `address`, with keys of personal data for the county 330482. Where it is new it gets all
 * tables. Closed by the caller. */
static inline Store *store_with_rooms(const char *address, unsigned readers)
{
    const char *folder = g_getenv("PINGHU_TABLES");
    if (folder && !strstr(address, "://") && !g_file_test(address, G_FILE_TEST_EXISTS))
        copy_tables(folder, address);
    Store *store = store_migrated(address, readers);
    store_use_personal(store, 330482, TEST_KEYS);
    return store;
}

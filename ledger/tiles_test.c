// SPDX-License-Identifier: Apache-2.0
/* Addresses of tiles, and keys in their files. What is served is held against the specification by a story. */
#include "ledger/ledger.h"
#include "ledger/note.h"
#include "ledger/tile.h"

#include <string.h>
#include <sys/stat.h>

static void addresses_are_read_as_the_specification_writes_them(void)
{
    static const struct { const char *path; Tile tile; } good[] = {
        { "0/000", { 0, 0, 256 } },
        { "0/x001/x234/067", { 0, 1234067, 256 } },
        { "1/000.p/12", { 1, 0, 12 } },
        { "5/999.p/255", { 5, 999, 255 } },
        { "entries/x001/234", { TILE_ENTRIES, 1234, 256 } },
        { "entries/000.p/1", { TILE_ENTRIES, 0, 1 } },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
        Tile read;
        g_assert_true(tile_read(good[i].path, &read));
        g_assert_cmpint(read.level, ==, good[i].tile.level);
        g_assert_cmpint(read.index, ==, good[i].tile.index);
        g_assert_cmpint(read.width, ==, good[i].tile.width);
        g_autofree char *path = tile_path(&good[i].tile);
        g_assert_cmpstr(path, ==, good[i].path);
    }
}

static void other_addresses_are_none(void)
{
    static const char *const bad[] = {
        "", "0", "0/", "6/000", "-1/000", "00/000", "a/000", "0/0", "0/00", "0/0000", "0/x000", "0/x000/000", "0/001/000",
        "0/x001/x000", "0/000.p", "0/000.p/", "0/000.p/0", "0/000.p/01", "0/000.p/256", "0/000.p/-1", "0/000.p/1/2", "0/000.q/1",
        "0/x001.p/000", "entries", "entries/", "data/000", "0/x001/x001/x001/x001/x001/001", "0/+01", "0/ 01", "0/000.p/1 ",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        Tile read;
        if (tile_read(bad[i], &read))
            g_error("“%s” was read", bad[i]);
    }
}

static void assert_refused(bool done, GError **error, const char *reason)
{
    g_assert_false(done);
    g_assert_nonnull(strstr((*error)->message, reason));
    g_clear_error(error);
}

static void a_key_is_made_once_and_kept_to_oneself(void)
{
    GError *error = NULL;
    g_autofree char *folder = g_dir_make_tmp("key-XXXXXX", NULL), *file = g_build_filename(folder, "centre.key", NULL);
    char *public, *none;
    g_assert_true(ledger_key_read(file, &none, NULL));
    g_assert_null(none); /* none yet is no fault */
    g_assert_true(ledger_key_make(file, "330482.pinghu", NULL));
    assert_refused(ledger_key_make(file, "330482.pinghu", &error), &error, "base.secret_there");
    g_assert_true(ledger_key_read(file, &public, NULL));
    g_assert_true(g_str_has_prefix(public, "330482.pinghu+"));
    g_free(public);
    g_assert_cmpint(chmod(file, 0640), ==, 0);
    assert_refused(ledger_key_read(file, &none, &error), &error, "base.secret_open");
    g_assert_cmpint(chmod(file, 0600), ==, 0);
    g_assert_true(g_file_set_contents_full(file, "PRIVATE+KEY+no", -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
    assert_refused(ledger_key_read(file, &none, &error), &error, "ledger.key_damaged");
    g_assert_null(none);
    remove_tree(folder);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_assert_cmpint(sodium_init(), >=, 0);
    g_test_add_func("/tiles/addresses are read as the specification writes them", addresses_are_read_as_the_specification_writes_them);
    g_test_add_func("/tiles/other addresses are none", other_addresses_are_none);
    g_test_add_func("/tiles/a key is made once and kept to oneself", a_key_is_made_once_and_kept_to_oneself);
    return g_test_run();
}

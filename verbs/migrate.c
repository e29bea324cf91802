// SPDX-License-Identifier: Apache-2.0
/* pinghu migrate: a whole centre from one database into another, with the files beside it, verified on arrival. */
#include "verbs/verbs.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Asked {
    DatabaseLocation from, to;
    gint64 county;
    char *list;
} Asked;

typedef struct Telling {
    Progress progress;
    int64_t first, all; /* rows: that were there before, that there are */
} Telling;

static void show_progress(void *data, int64_t done, int64_t all)
{
    Telling *self = data;
    if (!self->all)
        self->first = done;
    self->all = all;
    if (done <= self->first || !progress_is_due(&self->progress))
        return;
    g_autofree char *left = progress_left(&self->progress, done - self->first, all - self->first);
    g_autoptr(json_t) facts = json_pack("{s:I, s:I, s:s}", "done", done, "all", all, "left", left);
    g_autofree char *line = app_sentence("db.moving", facts);
    progress_show(&self->progress, line);
}

/* ---- what lies beside ---- */

static bool copy_file(const char *from, const char *to, GError **error)
{
    GStatBuf old, new;
    bool there = g_stat(from, &old) == 0 && g_stat(to, &new) == 0 && old.st_size == new.st_size && old.st_mtime <= new.st_mtime;
    g_autofree char *bytes = NULL;
    gsize length;
    if (there)
        return true;
    return g_file_get_contents(from, &bytes, &length, error) &&
           file_replace_bytes(to, bytes, length, 0600, error);
}

/* The files that belong to a database, and those set aside of it (".key.1"); a copy that somebody made beside does not. */
static bool belongs(const char *end)
{
    static const char *const parts[] = { ".files", ".key", ".seal", ".personal", ".payment", ".checkpoint", ".witnesses", ".accounts", ".words" };
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        size_t length = strlen(parts[i]);
        if (strncmp(end, parts[i], length) == 0 && (end[length] == '\0' || end[length] == '.'))
            return true;
    }
    return false;
}

/* A file, or a folder with all that is in it. */
static bool copy_tree(const char *from, const char *to, GError **error);

/* Copies what stands in a folder and begins with `name`; of what it is called `to` replaces that. */
static bool copy_each(const char *folder, const char *name, const char *to, GError **error)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, error);
    g_autofree char *there = g_path_get_dirname(to);
    bool well = dir && (g_mkdir_with_parents(there, 0700) == 0 || fault(error, "cannot make %s", there));
    for (const char *file = well ? g_dir_read_name(dir) : NULL; file && well; file = g_dir_read_name(dir)) {
        if (!g_str_has_prefix(file, name) || (*name && !belongs(file + strlen(name))))
            continue;
        g_autofree char *old = g_build_filename(folder, file, NULL), *new = g_strconcat(to, file + strlen(name), NULL);
        well = copy_tree(old, new, error);
    }
    return well;
}

static bool copy_tree(const char *from, const char *to, GError **error)
{
    g_autofree char *inside = g_strconcat(to, "/", NULL);
    return g_file_test(from, G_FILE_TEST_IS_DIR) ? copy_each(from, "", inside, error) : copy_file(from, to, error);
}

/* ---- all ---- */

/* A region has neither files nor rows. */
static bool arrive(App *app, const DatabaseLocation *from, const DatabaseLocation *to, const County *county, GError **error)
{
    if (county_is_region(county->code))
        return true;
    g_autofree char *old = app_beside(from, county), *new = app_beside(to, county);
    g_autofree char *folder = g_path_get_dirname(old), *name = g_path_get_basename(old);
    if (!copy_each(folder, name, new, error) || !app_look_at(app, new, county->code, error) ||
        !app_write(app, app_log, (void *)(uintptr_t)"migrate", error))
        return false;
    if (county->host)
        printf("%" PRId64 ": ", county->code);
    return app_verify(app, new, false, error);
}

static bool migrate(const DatabaseLocation *from, const DatabaseLocation *to, const Counties *counties, GError **error)
{
    g_auto(App) app = { 0 };
    Telling telling = { .progress = progress_begin() };
    const MoveProgress told = { show_progress, &telling };
    if (strcmp(from->database, to->database) == 0)
        return refuse(error, NOT_FITTING, "db.same", NULL);
    bool well = app_move(&app, from, to, &told, error);
    progress_clear(&telling.progress);
    for (size_t i = 0; well && i < counties->count; i++)
        well = arrive(&app, from, to, &counties->all[i], error);
    if (!well || !store_move_end(app.store, error))
        return false;
    g_autofree char *name = g_path_get_basename(to->beside);
    g_autoptr(json_t) facts = json_pack("{s:I, s:s}", "all", telling.all, "file", name);
    g_autofree char *line = app_sentence("db.moved", facts);
    fprintf(stderr, "%s\n", g_strchomp(line));
    return true;
}

static int run(const void *options, char **words, GError **error)
{
    const Asked *asked = options;
    g_autoptr(Counties) counties = app_counties(asked->list, asked->county, error);
    (void)words;
    return counties && migrate(&asked->from, &asked->to, counties, error) ? EXIT_SUCCESS : EXIT_FAILURE;
}

static const VerbOption entries[] = {
    { "from", G_OPTION_ARG_FILENAME, offsetof(Asked, from.database), "The database there is: a file, or postgresql://…", "ADDRESS", true },
    { "to", G_OPTION_ARG_FILENAME, offsetof(Asked, to.database), "An empty one, or one that this move has begun to fill", "ADDRESS", true },
    { "from-files", G_OPTION_ARG_FILENAME, offsetof(Asked, from.folder), "Folder of the files beside the first, as --files of pinghu serve",
      "FOLDER" },
    { "to-files", G_OPTION_ARG_FILENAME, offsetof(Asked, to.folder), "Folder of the files beside the other", "FOLDER" },
    COUNTY_OPTION(Asked),
    { "counties", G_OPTION_ARG_FILENAME, offsetof(Asked, list), "Table of several counties, as pinghu serve has it (docs/province.md)", "FILE" },
    { 0 },
};

const Verb verb_migrate = { "migrate", "moves a centre from a file to PostgreSQL, or back",
                            "moves a centre from a file of SQLite into a PostgreSQL database, or back (docs/migrate.md)", entries,
                            &(const Asked){ .county = 0 }, sizeof(Asked), 2, run };

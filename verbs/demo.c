// SPDX-License-Identifier: Apache-2.0
/* pinghu demo: the demo city in a new database. It is made beside it and takes its name only when whole. */
#include "verbs/verbs.h"

#include "demo/demo.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Making {
    Place place;
    char *today;
    gint64 county, seed, cases;
    double times;
    gboolean full;
} Making;

static void show_day(Day day, int64_t begun, int64_t cases)
{
    char text[DAY_TEXT];
    fprintf(stderr, "\r  %s  %" PRId64 " / %" PRId64, day_text(day, text), begun, cases);
}

static const char *const parts[] = { ".lock", ".accounts", ".key", ".checkpoint", ".seal", ".files",
                                     "-wal", "-shm", "", NULL }; /* the database last */

/* What an interrupted run has left. */
static void remove_remains(const char *database)
{
    for (size_t i = 0; parts[i]; i++) {
        g_autofree char *path = g_strconcat(database, parts[i], NULL);
        remove_tree(path);
    }
}

static bool take_name(const char *from, const char *to, GError **error)
{
    for (size_t i = 0; parts[i]; i++) {
        g_autofree char *old = g_strconcat(from, parts[i], NULL), *new = g_strconcat(to, parts[i], NULL);
        if (g_file_test(old, G_FILE_TEST_EXISTS) && g_rename(old, new) != 0)
            return fault(error, "cannot rename %s to %s", old, new);
    }
    return true;
}

static bool fill(const Making *making, const Place *place, GError **error)
{
    g_auto(World) world = { 0 };
    g_autofree char *accounts = NULL, *file = g_strconcat(place->beside, ".accounts", NULL);
    DemoSettings settings = { .seed = (uint64_t)making->seed, .cases = making->cases, .progress = show_day,
                              .times = making->full ? making->times : 0,
                              .today = making->today ? day_parse(making->today) : day_of(world_clock()) };
    if (!world_open(&world, place, making->county, error) ||
        !demo_make(world.store, &world.context, &settings, &accounts, error))
        return false;
    g_autofree char *told = g_strdup_printf("%s\n  密码 password: %s\n", accounts, DEMO_PASSWORD);
    fprintf(stderr, "\n");
    printf("%s", told);
    g_autofree char *key = g_strconcat(place->beside, ".key", NULL), *seal = g_strconcat(place->beside, ".seal", NULL);
    return g_file_set_contents(file, told, -1, error) && ledger_key_make(key, WORLD_LEDGER_NAME, error) && seal_make(seal, error);
}

static bool make(const Making *making, GError **error)
{
    g_autofree char *database = store_draft(making->place.database);
    g_autofree char *beside = g_strconcat(making->place.beside, ".making", NULL);
    const Place making_of = { .database = database, .beside = beside };
    remove_remains(database);
    remove_remains(beside);
    return fill(making, &making_of, error) && take_name(beside, making->place.beside, error) &&
           take_name(database, making->place.database, error);
}

/* A file that the new database would have to replace; NULL when there is none. Owned by the caller. */
static char *name_taken(const char *database)
{
    for (size_t i = 0; parts[i]; i++) {
        g_autofree char *path = g_strconcat(database, parts[i], NULL);
        if (g_file_test(path, G_FILE_TEST_EXISTS) && strcmp(parts[i], ".lock") != 0)
            return g_steal_pointer(&path);
    }
    return NULL;
}

static bool settings_fit(const Making *making)
{
    g_autofree char *beside = name_taken(making->place.beside), *database = name_taken(making->place.database);
    const char *taken = beside ? beside : database;
    if (taken)
        fprintf(stderr, "pinghu demo: %s is there already; move it away, or name another file with --database\n", taken);
    else if (making->today && day_parse(making->today) == DAY_NONE)
        fprintf(stderr, "pinghu demo: %s is no day; write it as 2014-09-03\n", making->today);
    else if (making->cases < 1 || making->cases > 100000)
        fprintf(stderr, "pinghu demo: there may be 1 to 100,000 cases\n");
    else if (!(making->times >= 0.001 && making->times <= 20))
        fprintf(stderr, "pinghu demo: --times may be 0.001 to 20\n");
    else
        return true;
    return false;
}

static int run(const Making *making)
{
    g_autoptr(GError) error = NULL;
    if (!settings_fit(making))
        return 2;
    return make(making, &error) ? EXIT_SUCCESS : world_complain(error);
}

int verb_demo(int argc, char **argv)
{
    Making making = { .county = 330482, .seed = 1, .cases = 360, .times = 1 };
    const GOptionEntry entries[] = {
        PLACE_OPTIONS(making.place, "Database file, not there yet (pinghu.db)"),
        { "county", 0, 0, G_OPTION_ARG_INT64, &making.county, "Division code of the county (330482)", "CODE" },
        { "seed", 0, 0, G_OPTION_ARG_INT64, &making.seed, "The same seed makes the same city (1)", "NUMBER" },
        { "today", 0, 0, G_OPTION_ARG_STRING, &making.today, "The day before which all has happened (today)", "DAY" },
        { "cases", 0, 0, G_OPTION_ARG_INT64, &making.cases, "How many cases (360)", "NUMBER" },
        { "full", 0, 0, G_OPTION_ARG_NONE, &making.full, "The whole city: January to September 2014, 759,016 cases", NULL },
        { "times", 0, 0, G_OPTION_ARG_DOUBLE, &making.times, "With --full: so many times as many cases (1)", "NUMBER" },
        { NULL },
    };
    if (!world_options("demo", "makes a demo city with people, items and cases", entries, &argc, &argv))
        return 2;
    place_settle(&making.place);
    int status = run(&making);
    place_clear(&making.place);
    return status;
}

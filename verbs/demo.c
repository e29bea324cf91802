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
    char *today, *list;
    gint64 county, seed, cases;
    double times;
    gboolean full;
    Counties *counties; /* of the list, or the one */
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

static DemoSettings settings_of(const Making *making, const County *county)
{
    return (DemoSettings){ .name = county->name ? county->name : "示例县", .name_en = county->name_en ? county->name_en : "Example County",
                           .seed = (uint64_t)(making->list ? making->seed + county->code : making->seed), .cases = making->cases, .progress = show_day,
                           .times = making->full ? making->times : 0,
                           .today = making->today ? day_parse(making->today) : day_of(world_clock()) };
}

/* Who can sign in; of several counties, where that is written. */
static void tell(const Making *making, const County *county, const char *told)
{
    fprintf(stderr, "\n");
    g_autofree char *beside = world_beside(&making->place, county->code);
    if (making->list)
        printf("  %" PRId64 "  %s  %s.accounts\n", county->code, county->name, beside);
    else
        printf("%s", told);
    fflush(stdout);
}

static bool make_keys(const char *beside, int64_t county, GError **error)
{
    g_autofree char *key = g_strconcat(beside, ".key", NULL), *seal = g_strconcat(beside, ".seal", NULL);
    g_autofree char *name = world_ledger_name(county);
    return ledger_key_make(key, name, error) && seal_make(seal, error);
}

static bool fill(const Making *making, const Store *store, const County *county, const char *beside, GError **error)
{
    g_auto(World) world = { 0 };
    g_autofree char *accounts = NULL, *file = g_strconcat(beside, ".accounts", NULL);
    const DemoSettings settings = settings_of(making, county);
    if (!world_join(&world, store, NULL, beside, county->code, error) || !demo_make(world.store, &world.context, &settings, &accounts, error))
        return false;
    g_autofree char *told = g_strdup_printf("%s\n  密码 password: %s\n", accounts, DEMO_PASSWORD);
    tell(making, county, told);
    return g_file_set_contents(file, told, -1, error) && make_keys(beside, county->code, error);
}

/* ---- one county, or all of a list ---- */

/* What the names of a county's files begin with; owned by the caller. */
static char *beside_of(const Making *making, const County *county)
{
    return making->list ? world_beside(&making->place, county->code) : g_strdup(making->place.beside);
}

typedef bool CountyAct(const Making *making, const Store *store, const County *county, const char *beside, GError **error);

/* Regions add up, and have nothing of their own. */
static bool each_county(const Making *making, const Store *store, CountyAct *act, GError **error)
{
    for (size_t i = 0; i < making->counties->count; i++) {
        const County *county = &making->counties->all[i];
        g_autofree char *beside = beside_of(making, county);
        if (!county_is_region(county->code) && !act(making, store, county, beside, error))
            return false;
    }
    return true;
}

static bool clear_county(const Making *making, const Store *store, const County *county, const char *beside, GError **error)
{
    (void)making, (void)store, (void)county, (void)error;
    g_autofree char *draft = g_strconcat(beside, ".making", NULL);
    remove_remains(draft);
    return true;
}

static bool begin_county(const Making *making, const Store *store, const County *county, const char *beside, GError **error)
{
    g_autofree char *draft = g_strconcat(beside, ".making", NULL);
    return fill(making, store, county, draft, error);
}

static bool end_county(const Making *making, const Store *store, const County *county, const char *beside, GError **error)
{
    (void)making, (void)store, (void)county;
    g_autofree char *draft = g_strconcat(beside, ".making", NULL);
    return take_name(draft, beside, error);
}

static bool fill_all(const Making *making, const char *database, GError **error)
{
    g_autoptr(Store) store = world_alone(&(Place){ .database = (char *)(uintptr_t)database }, error);
    return store && each_county(making, store, begin_county, error);
}

static bool make(const Making *making, GError **error)
{
    g_autofree char *database = store_draft(making->place.database);
    remove_remains(database);
    return each_county(making, NULL, clear_county, error) && fill_all(making, database, error) && each_county(making, NULL, end_county, error) &&
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

static bool is_free(const char *name)
{
    g_autofree char *taken = name_taken(name);
    if (taken)
        fprintf(stderr, "pinghu demo: %s is there already; move it away, or name another file with --database\n", taken);
    return !taken;
}

static bool is_county_free(const Making *making, const Store *store, const County *county, const char *beside, GError **error)
{
    (void)making, (void)store, (void)county, (void)error;
    return is_free(beside);
}

static bool settings_fit(const Making *making)
{
    if (!is_free(making->place.database) || !each_county(making, NULL, is_county_free, NULL))
        return false;
    if (making->today && day_parse(making->today) == DAY_NONE)
        fprintf(stderr, "pinghu demo: %s is no day; write it as 2014-09-03\n", making->today);
    else if (making->cases < 1 || making->cases > 100000)
        fprintf(stderr, "pinghu demo: there may be 1 to 100,000 cases\n");
    else if (!(making->times >= 0.001 && making->times <= 20))
        fprintf(stderr, "pinghu demo: --times may be 0.001 to 20\n");
    else
        return true;
    return false;
}

static int run(Making *making)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Counties) counties = world_counties(making->list, making->county, &error);
    making->counties = counties;
    if (!counties)
        return world_complain(error);
    if (!settings_fit(making))
        return 2;
    return make(making, &error) ? EXIT_SUCCESS : world_complain(error);
}

int verb_demo(int argc, char **argv)
{
    Making making = { .seed = 1, .cases = 360, .times = 1 };
    const GOptionEntry entries[] = {
        PLACE_OPTIONS(making.place, "Database file, not there yet (pinghu.db)"),
        { "county", 0, 0, G_OPTION_ARG_INT64, &making.county, "Division code of the county (330482)", "CODE" },
        { "counties", 0, 0, G_OPTION_ARG_FILENAME, &making.list, "Table of several counties, of which each gets a city (docs/province.md)", "FILE" },
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
    g_free(making.list);
    place_clear(&making.place);
    return status;
}

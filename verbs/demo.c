// SPDX-License-Identifier: Apache-2.0
/* pinghu demo: the demo city in a new database. It is made beside it and takes its name only when whole. */
#include "verbs/verbs.h"

#include "demo/demo.h"
#include "rooms.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Making {
    DatabaseLocation location;
    char *today, *list;
    gint64 county, seed, cases;
    double times;
    gboolean full;
} Making;

/* One to be made, and where its files will lie. */
typedef struct City {
    const County *county;
    char *beside, *draft;
} City;

static void show_day(Day day, int64_t begun, int64_t cases)
{
    char text[DAY_TEXT];
    fprintf(stderr, "\r  %s  %" PRId64 " / %" PRId64, day_text(day, text), begun, cases);
}

static const char *const parts[] = { ".lock", ".accounts", ".key", ".checkpoint", ".seal", ".personal", ".payment", ".files",
                                     "-wal", "-shm", "", NULL }; /* the database last */

/* The draft has this name from when it is whole until it takes its own, last of all: so that the next run knows that files which lie at
 * their names without a database are of a run that was cut off. */
static char *naming(const char *database)
{
    return g_strconcat(database, ".naming", NULL);
}

static bool was_cut_off(const char *database)
{
    g_autofree char *draft = naming(database);
    return g_file_test(draft, G_FILE_TEST_EXISTS) && !g_file_test(database, G_FILE_TEST_EXISTS);
}

/* An interrupted run leaves these. */
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
        if (*parts[i] && g_file_test(old, G_FILE_TEST_EXISTS) && !file_rename(old, new, error))
            return false;
    }
    return true;
}

static DemoSettings settings_of(const Making *making, const County *county)
{
    return (DemoSettings){ .name = county->name ? county->name : "示例县", .name_en = county->name_en ? county->name_en : "Example County",
                           .seed = (uint64_t)(making->list ? making->seed + county->code : making->seed), .cases = making->cases, .progress = show_day,
                           .times = making->full ? making->times : 0,
                           .today = making->today ? day_parse(making->today) : day_of(app_clock()) };
}

/* The accounts; for several counties, the files that hold them. */
static void tell(const Making *making, const City *city, const char *told)
{
    fprintf(stderr, "\n");
    if (making->list)
        printf("  %" PRId64 "  %s  %s.accounts\n", city->county->code, city->county->name, city->beside);
    else
        printf("%s", told);
    fflush(stdout);
}

static bool fill(const Making *making, Store *store, const City *city, GError **error)
{
    int64_t county = city->county->code;
    g_auto(App) app = { 0 };
    g_autofree char *accounts = NULL, *file = g_strconcat(city->draft, ".accounts", NULL);
    const DemoSettings settings = settings_of(making, city->county);
    if (!app_join(&app, store, NULL, city->draft, county, error) || !demo_make(app.store, &app.context, &settings, &accounts, error))
        return false;
    g_autofree char *told = g_strdup_printf("%s\n  密码 password: %s\n", accounts, DEMO_PASSWORD);
    tell(making, city, told);
    return file_replace(file, told, 0600, error) && app_make_keys(city->draft, county, error);
}

/* ---- one county, or all of a list ---- */

static void clear_city(void *city)
{
    g_free(((City *)city)->beside);
    g_free(((City *)city)->draft);
}

/* Regions add up, and have nothing of their own. */
static GArray *cities_of(const Making *making, const Counties *counties)
{
    GArray *cities = g_array_new(FALSE, FALSE, sizeof(City));
    g_array_set_clear_func(cities, clear_city);
    for (size_t i = 0; i < counties->count; i++) {
        City city = { .county = &counties->all[i] };
        if (county_is_region(city.county->code))
            continue;
        city.beside = app_beside(&making->location, city.county);
        city.draft = g_strconcat(city.beside, ".making", NULL);
        g_array_append_val(cities, city);
    }
    return cities;
}

static bool fill_all(const Making *making, char *database, const GArray *cities, GError **error)
{
    g_autoptr(Store) store = store_open_draft(database, 2, error);
    bool filled = store && store_migrate(store, rooms, app_clock(), error);
    for (guint i = 0; filled && i < cities->len; i++)
        filled = fill(making, store, &g_array_index(cities, City, i), error);
    return filled;
}

/* A draft is a file without a log, and nobody may be reading the file when it gets one. */
static bool give_log(const char *database, GError **error)
{
    g_autoptr(Store) store = store_open(database, 1, error);
    return store != NULL;
}

/* All files of the cities, then the database with the last rename. A server's has its name already. */
static bool take_names(const char *draft, const char *database, const GArray *cities, GError **error)
{
    g_autofree char *whole = naming(database);
    bool is_file = strcmp(draft, database) != 0, named = !is_file || file_rename(draft, whole, error);
    for (guint i = 0; named && i < cities->len; i++)
        named = take_name(g_array_index(cities, City, i).draft, g_array_index(cities, City, i).beside, error);
    return named && (!is_file || (take_name(draft, database, error) && file_rename(whole, database, error)));
}

static bool make(const Making *making, const GArray *cities, GError **error)
{
    const char *database = making->location.database;
    g_autofree char *draft = store_draft(database), *whole = naming(database);
    bool again = was_cut_off(database);
    for (guint i = 0; i < cities->len; i++) {
        remove_remains(g_array_index(cities, City, i).draft);
        if (again)
            remove_remains(g_array_index(cities, City, i).beside);
    }
    remove_remains(draft);
    remove_tree(whole); /* the last, while it tells what the others are */
    return fill_all(making, draft, cities, error) && give_log(draft, error) && take_names(draft, database, cities, error);
}

/* The new database replaces no file. */
static bool is_free(const char *database)
{
    for (size_t i = 0; parts[i]; i++) {
        g_autofree char *path = g_strconcat(database, parts[i], NULL);
        if (!g_file_test(path, G_FILE_TEST_EXISTS) || strcmp(parts[i], ".lock") == 0)
            continue;
        fprintf(stderr, "pinghu demo: %s is there already; move it away, or name another file with --database\n", path);
        return false;
    }
    return true;
}

static bool settings_fit(const Making *making, const GArray *cities)
{
    bool again = was_cut_off(making->location.database), free = again || is_free(making->location.database);
    for (guint i = 0; free && i < cities->len; i++)
        free = again || is_free(g_array_index(cities, City, i).beside);
    if (!free)
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

static int run(const void *options, char **words, GError **error)
{
    const Making *making = options;
    g_autoptr(Counties) counties = app_counties(making->list, making->county, error);
    (void)words;
    if (!counties)
        return EXIT_FAILURE;
    g_autoptr(GArray) cities = cities_of(making, counties);
    if (!settings_fit(making, cities))
        return 2;
    return make(making, cities, error) ? EXIT_SUCCESS : EXIT_FAILURE;
}

static const VerbOption entries[] = {
    DATABASE_OPTIONS(Making, "Database file, not there yet (pinghu.db)"),
    COUNTY_OPTION(Making),
    { "counties", G_OPTION_ARG_FILENAME, offsetof(Making, list), "Table of several counties, of which each gets a city (docs/province.md)", "FILE" },
    { "seed", G_OPTION_ARG_INT64, offsetof(Making, seed), "The same seed makes the same city (1)", "NUMBER" },
    { "today", G_OPTION_ARG_STRING, offsetof(Making, today), "The day before which all has happened (today)", "DAY" },
    { "cases", G_OPTION_ARG_INT64, offsetof(Making, cases), "How many cases (360)", "NUMBER" },
    { "full", G_OPTION_ARG_NONE, offsetof(Making, full), "The whole city: January to September 2014, 759,016 cases", NULL },
    { "times", G_OPTION_ARG_DOUBLE, offsetof(Making, times), "With --full: so many times as many cases (1)", "NUMBER" },
    { 0 },
};

const Verb verb_demo = { "demo", "makes a demo city in a new database", "makes a demo city with people, items and cases", entries,
                         &(const Making){ .seed = 1, .cases = 360, .times = 1 }, sizeof(Making), 1, run };

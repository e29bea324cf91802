// SPDX-License-Identifier: Apache-2.0
/* pinghu import: tables from files, all of a file or nothing. */
#include "verbs/verbs.h"

#include "cases/cases.h"
#include "catalogue/catalogue.h"
#include "identity/identity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Table {
    const char *bytes;
    gsize length;
    const char *source;
    int64_t changed;
} Table;

static bool import_divisions(const Context *context, void *data, GError **error)
{
    Table *t = data;
    return identity_import_divisions(context, t->bytes, t->length, error);
}

static bool import_organs(const Context *context, void *data, GError **error)
{
    Table *t = data;
    return identity_import_organs(context, t->bytes, t->length, error);
}

static bool import_items(const Context *context, void *data, GError **error)
{
    Table *t = data;
    return catalogue_import(context, t->bytes, t->length, day_of(context->now), &t->changed, error);
}

static bool import_calendar(const Context *context, void *data, GError **error)
{
    const Table *t = data;
    const CalendarTable table = { .rows = t->bytes, .length = t->length, .source = t->source };
    g_autoptr(json_t) done = case_change_calendar(context, &table, error);
    return done != NULL;
}

static const struct {
    const char *name;
    AppWork *work;
} kinds[] = {
    { "divisions", import_divisions },
    { "organs", import_organs },
    { "items", import_items },
    { "calendar", import_calendar },
};

static AppWork *work_named(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (strcmp(kinds[i].name, name) == 0)
            return kinds[i].work;
    return NULL;
}

/* Each fault of a table on a line of its own, as it stands in the refusal. */
static void print_faults(const GError *error)
{
    g_autoptr(json_t) details = trouble_details(error);
    g_autoptr(json_t) faults = json_loads(json_text(details, "faults"), 0, NULL);
    size_t i;
    json_t *one;
    json_array_foreach(faults, i, one)
        fprintf(stderr, "  line %" PRId64 ", %s: %s %s\n", json_number(one, "line"), json_text(one, "column"),
                json_text(one, "reason"), json_text(one, "value"));
}

static bool import(AppWork *work, const char *file, const DatabaseLocation *location, int64_t county, GError **error)
{
    static const Actor system = { .kind = SYSTEM, .name = "" };
    g_autofree char *bytes = NULL;
    Table table = { .source = file };
    g_auto(App) app = { 0 };
    if (!g_file_get_contents(file, &bytes, &table.length, error))
        return false;
    table.bytes = bytes;
    return app_open(&app, location, county, error) &&
           app_write(&app, &system, app_clock(), work, &table, error);
}

int verb_import(int argc, char **argv)
{
    g_auto(DatabaseLocation) location = { 0 };
    gint64 county = 330482;
    const GOptionEntry entries[] = {
        DATABASE_OPTIONS(location, "Database file (pinghu.db)"),
        { "county", 0, 0, G_OPTION_ARG_INT64, &county, "Division code of the county (330482)", "CODE" },
        { NULL },
    };
    if (!app_options("import", "divisions|organs|items|calendar FILE.csv: takes a table in, whole or not at all", entries, &argc, &argv))
        return 2;
    location_settle(&location);
    AppWork *work = argc == 3 ? work_named(argv[1]) : NULL;
    g_autoptr(GError) error = NULL;
    if (!work) {
        fprintf(stderr, "pinghu import: say what and from where: divisions, organs, items or calendar, and a file\n");
        return 2;
    }
    if (import(work, argv[2], &location, county, &error)) {
        printf("%s: imported\n", argv[2]);
        return EXIT_SUCCESS;
    }
    app_complain(error);
    print_faults(error);
    return EXIT_FAILURE;
}

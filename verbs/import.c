// SPDX-License-Identifier: Apache-2.0
/* pinghu import: tables from files, all of a file or nothing. */
#include "verbs/verbs.h"

#include "cases/cases.h"
#include "catalogue/catalogue.h"
#include "identity/identity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Where {
    DatabaseLocation location;
    gint64 county;
    char *sheet;
} Where;

typedef struct Table {
    bool (*import)(const Context *context, const char *bytes, size_t length, GError **error);
    char *bytes;
    gsize length;
    const char *source;
} Table;

static bool import_items(const Context *context, const char *bytes, size_t length, GError **error)
{
    int64_t changed;
    return catalogue_import(context, bytes, length, day_of(context->now), &changed, error);
}

static const struct {
    const char *name;
    bool (*import)(const Context *context, const char *bytes, size_t length, GError **error);
} kinds[] = {
    { "divisions", identity_import_divisions },
    { "organs", identity_import_organs },
    { "items", import_items },
    { "calendar", NULL }, /* is told where it comes from */
};

static bool import_table(const Context *context, void *data, GError **error)
{
    const Table *t = data;
    if (!app_log(context, (void *)(uintptr_t)"import", error))
        return false;
    if (t->import)
        return t->import(context, t->bytes, t->length, error);
    const CalendarTable table = { .rows = t->bytes, .length = t->length, .source = t->source };
    g_autoptr(json_t) done = case_change_calendar(context, &table, error);
    return done != NULL;
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

static bool take_sheet(Table *table, const char *sheet, GError **error)
{
    g_autofree char *book = sheet ? table->bytes : NULL;
    if (sheet)
        table->bytes = workbook_as_text(book, table->length, sheet, &table->length, error);
    return table->bytes;
}

static bool import(Table *table, const Where *where, GError **error)
{
    g_auto(App) app = { 0 };
    return g_file_get_contents(table->source, &table->bytes, &table->length, error) && take_sheet(table, where->sheet, error) &&
           app_open(&app, &where->location, where->county, error) &&
           app_write(&app, import_table, table, error);
}

static int run(const void *options, char **words, GError **error)
{
    size_t kind = g_strv_length(words) == 2 ? 0 : G_N_ELEMENTS(kinds);
    while (kind < G_N_ELEMENTS(kinds) && strcmp(kinds[kind].name, words[0]) != 0)
        kind++;
    if (kind == G_N_ELEMENTS(kinds)) {
        fprintf(stderr, "pinghu import: say what and from where: divisions, organs, items or calendar, and a file\n");
        return 2;
    }
    Table table = { .import = kinds[kind].import, .source = words[1] };
    bool imported = import(&table, options, error);
    g_free(table.bytes);
    if (imported) {
        printf("%s: imported\n", words[1]);
        return EXIT_SUCCESS;
    }
    app_complain(*error);
    print_faults(*error);
    g_clear_error(error);
    return EXIT_FAILURE;
}

static const VerbOption entries[] = { DATABASE_OPTIONS(Where, "Database file (pinghu.db)"), COUNTY_OPTION(Where), SHEET_OPTION(Where), { 0 } };

const Verb verb_import = { "import", "takes a table of divisions, organs, items or rest days in",
                           "divisions|organs|items|calendar FILE: takes a table (CSV or XLSX) in, whole or not at all", entries,
                           &(const Where){ .county = APP_COUNTY }, sizeof(Where), 1, run };

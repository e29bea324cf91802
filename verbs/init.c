// SPDX-License-Identifier: Apache-2.0
/* pinghu init: an empty county with its name and its first three administrators; what is to be done next stands on a page. */
#include "verbs/verbs.h"

#include "people/people.h"
#include "rooms.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct Asked {
    DatabaseLocation location;
    gint64 county;
    char *name, *name_en, *public_url;
} Asked;

typedef struct Opening {
    County county;
    Administrator administrators[ADMINISTRATORS];
} Opening;

static bool open_county(const Context *context, void *data, GError **error)
{
    Opening *self = data;
    return people_open(context, &self->county, self->administrators, error) && app_log(context, (void *)(uintptr_t)"init", error);
}

/* Nothing is made beside a database that has the county already. */
static bool is_free(const Asked *asked, GError **error)
{
    g_autoptr(GError) none = NULL;
    bool free = store_is_free(asked->location.database, asked->location.beside, error);
    g_autoptr(Store) store = free ? store_open(asked->location.database, 1, error) : NULL;
    if (!store || !store_migrate(store, rooms, app_clock(), error))
        return false;
    g_autoptr(json_t) known = app_county(store, asked->county, &none);
    if (known)
        return refuse(error, CONFLICT, "people.opened_already", "county", DECIMAL(asked->county), NULL);
    return trouble_is(&none, NOT_FOUND, error);
}

static bool make_keys(const Asked *asked, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(asked->location.beside);
    if (asked->location.folder && g_mkdir_with_parents(folder, 0700) != 0)
        return refuse(error, BAD_INPUT, "base.no_folder", "folder", folder, NULL);
    return app_make_keys(asked->location.beside, asked->county, error);
}

static bool fits(const Asked *asked, GError **error)
{
    if (asked->county < 100000 || asked->county > 999999 || county_is_region(asked->county))
        return refuse(error, BAD_INPUT, "people.county_code", "county", DECIMAL(asked->county), NULL);
    return !asked->public_url || address_is_site(asked->public_url) ||
           refuse(error, BAD_INPUT, "base.public_url", "address", asked->public_url, NULL);
}

/* The passwords are nowhere else. */
static void tell(const Asked *asked, const Opening *made)
{
    g_autoptr(json_t) facts = json_pack("{s:s, s:s, s:s, s:I, s:s?}", "name", asked->name, "name_en", asked->name_en, "database", asked->location.database,
                                        "county", (json_int_t)asked->county, "files", asked->location.folder);
    g_autofree char *opened = app_sentence("people.init.opened", facts), *next = app_sentence("people.init.next", facts);
    printf("%s\n\n", opened);
    for (size_t i = 0; i < ADMINISTRATORS; i++)
        printf("  %-10s %s\n", made->administrators[i].account, made->administrators[i].password);
    printf("\n%s\n", next);
    fflush(stdout);
}

static int run(const void *options, char **words, GError **error)
{
    const Asked *asked = options;
    g_auto(App) app = { 0 };
    Opening made = { .county = { .code = asked->county, .name = asked->name, .name_en = asked->name_en, .public_url = asked->public_url } };
    (void)words;
    if (!fits(asked, error) || !people_names_fit(&made.county, error) || !is_free(asked, error) || !make_keys(asked, error) || !app_make(&app, &asked->location, asked->county, error) ||
        !app_write(&app, open_county, &made, error))
        return EXIT_FAILURE;
    tell(asked, &made);
    return EXIT_SUCCESS;
}

static const VerbOption entries[] = {
    DATABASE_OPTIONS(Asked, "Database file, which may be new (pinghu.db)"),
    { "county", G_OPTION_ARG_INT64, offsetof(Asked, county), "Division code of the county, with which all its numbers begin: 330482", "CODE", true },
    { "name", G_OPTION_ARG_FILENAME, offsetof(Asked, name), "Name of the county: 平湖市", "NAME", true },
    { "name-en", G_OPTION_ARG_FILENAME, offsetof(Asked, name_en), "The same in English: Pinghu", "NAME", true },
    { "public-url", G_OPTION_ARG_STRING, offsetof(Asked, public_url), "Where people find the centre, https://pinghu.example (where it listens)", "ADDRESS" },
    { 0 },
};

const Verb verb_init = { "init", "opens an empty county in a new database, with its first three administrators", NULL, entries,
                         &(const Asked){ .county = 0 }, sizeof(Asked), 1, run };

// SPDX-License-Identifier: Apache-2.0
/* pinghu distribute: the tables of a PostgreSQL database spread over the nodes of Citus, by county. */
#include "verbs/verbs.h"

#include <stdio.h>
#include <stdlib.h>

static void show_fault(void *data, const char *table, const char *what, const char *reason, const char *detail)
{
    (void)data, (void)detail;
    g_autofree char *said = app_sentence(reason, NULL);
    fprintf(stderr, "%s %s: %s\n", table, what, said);
}

static void show_order(void *data, const char *sql)
{
    (void)data;
    printf("%s;\n", sql);
}

typedef struct Asked {
    DatabaseLocation location;
    gboolean dry;
} Asked;

static int run(const void *options, char **words, GError **error)
{
    const Asked *asked = options;
    const VerifyReport told = { .found = show_fault };
    g_autoptr(Store) store = app_tables(&asked->location, error);
    (void)words;
    return store && store_distribute(store, asked->dry, &told, show_order, error) ? EXIT_SUCCESS : EXIT_FAILURE;
}

static const VerbOption entries[] = {
    { "database", G_OPTION_ARG_FILENAME, offsetof(Asked, location.database), "postgresql://…, which nobody else may have open", "ADDRESS" },
    { "dry-run", G_OPTION_ARG_NONE, offsetof(Asked, dry), "Only look at the tables, and print the orders", NULL },
    { 0 },
};

const Verb verb_distribute = { "distribute", "spreads a PostgreSQL database over the nodes of Citus, by county",
                               "gives the tables of a PostgreSQL database over to its extension Citus, by county; prints what it orders "
                               "(docs/postgresql.md)", entries, &(const Asked){ .dry = FALSE }, sizeof(Asked), 1, run };

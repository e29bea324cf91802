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

int verb_distribute(int argc, char **argv)
{
    g_auto(DatabaseLocation) location = { 0 };
    gboolean dry = FALSE;
    const GOptionEntry entries[] = {
        { "database", 0, 0, G_OPTION_ARG_FILENAME, &location.database, "postgresql://…, which nobody else may have open", "ADDRESS" },
        { "dry-run", 0, 0, G_OPTION_ARG_NONE, &dry, "Only look at the tables, and print the orders", NULL },
        { NULL },
    };
    if (!app_options("distribute", "gives the tables of a PostgreSQL database over to its extension Citus, by county; prints what it orders "
                       "(docs/postgresql.md)", entries, &argc, &argv))
        return 2;
    location_settle(&location);
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) store = app_tables(&location, &error);
    const VerifyReport told = { .found = show_fault };
    return store && store_distribute(store, dry, &told, show_order, &error) ? EXIT_SUCCESS : app_complain(error);
}

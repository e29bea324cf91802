// SPDX-License-Identifier: Apache-2.0
/* pinghu verify: does the ledger's chain hold, and is the present of every case what the ledger adds up to? */
#include "verbs/verbs.h"

#include "cases/cases.h"
#include "ledger/ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool verify(const World *world, GError **error)
{
    int64_t events, cases;
    Context context = world->context;
    context.db = store_reader(world->store, error);
    if (!context.db)
        return false;
    context.now = world_clock();
    bool sound = ledger_check(context.db, context.county, &events, error) && case_verify(&context, &cases, error);
    store_return(world->store, context.db);
    if (sound)
        printf("%" PRId64 " events in an unbroken chain; %" PRId64 " cases are what it says\n", events, cases);
    return sound;
}

static bool is_remote(char **argv)
{
    return *argv && (strcmp(*argv, "--url") == 0 || g_str_has_prefix(*argv, "--url=") || is_remote(argv + 1));
}

int verb_verify(int argc, char **argv)
{
    if (is_remote(argv))
        return verb_verify_remote(argc, argv);
    char *database = NULL;
    g_autofree char *document = NULL, *key = NULL;
    gint64 county = 330482;
    const GOptionEntry entries[] = {
        { "database", 0, 0, G_OPTION_ARG_FILENAME, &database, "Database file (pinghu.db)", "FILE" },
        { "county", 0, 0, G_OPTION_ARG_INT64, &county, "Division code of the county (330482)", "CODE" },
        { "document", 0, 0, G_OPTION_ARG_FILENAME, &document, "Look at the seal on a PDF instead", "FILE" },
        { "key", 0, 0, G_OPTION_ARG_FILENAME, &key, "Public key of that seal (the one in the database's FILE.seal)", "FILE" },
        { NULL },
    };
    if (!world_options("verify", "recomputes the ledger's chain and every case from it. With --url URL --key KEY it "
                       "checks another centre's ledger from outside: pinghu verify --help --url=URL", entries, &argc, &argv))
        return 2;
    g_autofree char *where = database ? database : g_strdup("pinghu.db");
    if (document)
        return verify_document(document, where, key);
    g_autoptr(GError) error = NULL;
    g_auto(World) world = { 0 };
    return world_open_reading(&world, where, county, &error) && verify(&world, &error) ? EXIT_SUCCESS : world_complain(error);
}

// SPDX-License-Identifier: Apache-2.0
/* pinghu key: the key with which the centre signs what it says of its ledger. */
#include "verbs/verbs.h"

#include "ledger/ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool show(const char *file, GError **error)
{
    NoteSigner *signer;
    if (!ledger_key_read(file, &signer, error))
        return false;
    if (!signer)
        return refuse(error, NOT_FOUND, "ledger.no_key", NULL);
    g_autofree char *public = ledger_key_public(signer);
    ledger_key_free(signer);
    printf("%s\n", public);
    return true;
}

int verb_key(int argc, char **argv)
{
    g_autofree char *database = NULL, *name = NULL;
    const GOptionEntry entries[] = {
        { "database", 0, 0, G_OPTION_ARG_FILENAME, &database, "Database file (pinghu.db); the key is beside it in FILE.key", "FILE" },
        { "name", 0, 0, G_OPTION_ARG_STRING, &name, "Name of the ledger, of visible ASCII (" WORLD_LEDGER_NAME ")", "NAME" },
        { NULL },
    };
    if (!world_options("key", "create|show: makes the centre's signing key, or tells its public half", entries, &argc, &argv))
        return 2;
    bool creates = argc == 2 && strcmp(argv[1], "create") == 0, shows = argc == 2 && strcmp(argv[1], "show") == 0;
    g_autofree char *file = g_strconcat(database ? database : "pinghu.db", ".key", NULL);
    g_autoptr(GError) error = NULL;
    if (!creates && !shows) {
        fprintf(stderr, "pinghu key: say create or show\n");
        return 2;
    }
    bool done = (shows || ledger_key_make(file, name ? name : WORLD_LEDGER_NAME, &error)) && show(file, &error);
    return done ? EXIT_SUCCESS : world_complain(error);
}

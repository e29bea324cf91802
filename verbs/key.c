// SPDX-License-Identifier: Apache-2.0
/* pinghu key: the key with which the centre signs what it says of its ledger, and the key that seals its documents. */
#include "verbs/verbs.h"

#include "files/files.h"
#include "ledger/ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Asked {
    const char *database, *name; /* NULL: as usual */
} Asked;

static char *file_of(const Asked *asked)
{
    return g_strconcat(asked->database ? asked->database : "pinghu.db", ".key", NULL);
}

static bool show(const Asked *asked, GError **error)
{
    NoteSigner *signer;
    g_autofree char *file = file_of(asked);
    if (!ledger_key_read(file, &signer, error))
        return false;
    if (!signer)
        return refuse(error, NOT_FOUND, "ledger.no_key", NULL);
    g_autofree char *public = ledger_key_public(signer);
    ledger_key_free(signer);
    printf("%s\n", public);
    return true;
}

static bool create(const Asked *asked, GError **error)
{
    g_autofree char *file = file_of(asked);
    return ledger_key_make(file, asked->name ? asked->name : WORLD_LEDGER_NAME, error) && show(asked, error);
}

static char *seal_file_of(const Asked *asked)
{
    return g_strconcat(asked->database ? asked->database : "pinghu.db", ".seal", NULL);
}

static bool show_seal(const Asked *asked, GError **error)
{
    Seal *read;
    g_autofree char *file = seal_file_of(asked);
    if (!seal_read(file, &read, error))
        return false;
    g_autoptr(Seal) seal = read;
    if (!seal)
        return refuse(error, NOT_FOUND, "files.no_seal_key", "file", file, NULL);
    g_autofree char *public = seal_public(seal);
    printf("%s", public);
    return true;
}

static bool create_seal(const Asked *asked, GError **error)
{
    g_autofree char *file = seal_file_of(asked);
    return seal_make(file, error) && show_seal(asked, error);
}

static const struct {
    const char *word;
    bool (*run)(const Asked *asked, GError **error);
} words[] = {
    { "create", create },
    { "show", show },
    { "create-seal", create_seal }, /* the other key, which seals documents */
    { "show-seal", show_seal },
};

static int run(const char *word, const Asked *asked)
{
    g_autoptr(GError) error = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (strcmp(words[i].word, word) == 0)
            return words[i].run(asked, &error) ? EXIT_SUCCESS : world_complain(error);
    fprintf(stderr, "pinghu key: there is no %s (see pinghu key --help)\n", word);
    return 2;
}

int verb_key(int argc, char **argv)
{
    g_autofree char *database = NULL, *name = NULL;
    const GOptionEntry entries[] = {
        { "database", 0, 0, G_OPTION_ARG_FILENAME, &database, "Database file (pinghu.db); the keys are beside it in FILE.key and FILE.seal", "FILE" },
        { "name", 0, 0, G_OPTION_ARG_STRING, &name, "Name of the ledger, of visible ASCII (" WORLD_LEDGER_NAME ")", "NAME" },
        { NULL },
    };
    if (!world_options("key", "create|show: makes the centre's signing key, or tells its public half; create-seal|show-seal: of the documents' seal", entries, &argc, &argv))
        return 2;
    return run(argc == 2 ? argv[1] : "word given", &(Asked){ database, name });
}

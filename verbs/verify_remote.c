// SPDX-License-Identifier: Apache-2.0
/* pinghu verify --url: a centre's ledger checked from outside, with nothing but its address and its public key. */
#include "verbs/verbs.h"

#include "ledger/ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FAULTS_TOLD = 50 };

typedef struct Show {
    Progress progress;
    bool is_shown; /* on a terminal, or asked for */
    int faults;
} Show;

static void show_progress(void *data, int64_t done, int64_t all)
{
    Show *show = data;
    if (show->is_shown)
        progress_count(&show->progress, done, all);
}

static void show_fault(void *data, const GError *why)
{
    Show *show = data;
    progress_clear(&show->progress);
    if (++show->faults <= FAULTS_TOLD)
        app_complain(why);
    if (show->faults == FAULTS_TOLD + 1)
        fprintf(stderr, "pinghu: …\n");
}

/* The key itself, or what stands in the file of that name. */
static char *key_text(const char *key)
{
    char *text = NULL;
    if (!strchr(key, '+') && g_file_get_contents(key, &text, NULL, NULL))
        return g_strchomp(text);
    return g_strdup(key);
}

int verify_remote(const VerifyOptions *options, GError **error)
{
    Show show = { .progress = progress_begin() };
    g_autofree char *key = key_text(options->key);
    const RemoteAsk ask = { options->url, options->county, key, options->seen, show_fault, show_progress, &show };
    show.is_shown = show.progress.is_terminal || options->progress;
    g_autoptr(json_t) found = ledger_verify_remote(&ask, error);
    progress_clear(&show.progress);
    g_autofree char *said = found ? app_sentence("ledger.remote_sound", found) : NULL;
    if (found)
        printf("%s\n", said);
    return found ? EXIT_SUCCESS : EXIT_FAILURE;
}

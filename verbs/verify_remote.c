// SPDX-License-Identifier: Apache-2.0
/* pinghu verify --url: a centre's ledger checked from outside, with nothing but its address and its public key. */
#include "verbs/verbs.h"

#include "ledger/ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FAULTS_TOLD = 50 };

typedef struct Show {
    bool progress;
    int64_t begun, last; /* microseconds of the monotonic clock */
    int faults;
} Show;

/* A few times a second, on one line. */
static void show_progress(void *data, int64_t done, int64_t all)
{
    Show *show = data;
    int64_t now = g_get_monotonic_time();
    if (!show->progress || (now - show->last < G_USEC_PER_SEC / 5 && done < all))
        return;
    show->last = now;
    double left = (double)(now - show->begun) / (double)MAX(done, 1) * (double)(all - done) / G_USEC_PER_SEC;
    fprintf(stderr, "\r%" PRId64 " / %" PRId64 " (%" PRId64 " %%), %.0f s ", done, all, done * 100 / MAX(all, 1), left);
    if (done == all)
        fputc('\n', stderr);
}

static void show_fault(void *data, const GError *why)
{
    Show *show = data;
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

static int verify(RemoteAsk *ask, Show *show)
{
    g_autoptr(GError) error = NULL;
    ask->fault = show_fault;
    ask->progress = show_progress;
    ask->data = show;
    show->begun = g_get_monotonic_time();
    g_autoptr(json_t) found = ledger_verify_remote(ask, &error);
    if (!found && show->progress && show->last)
        fputc('\n', stderr);
    if (!found)
        return app_complain(error);
    g_autofree char *said = app_sentence("ledger.remote_sound", found);
    printf("%s\n", said);
    return EXIT_SUCCESS;
}

int verb_verify_remote(int argc, char **argv)
{
    g_autofree char *url = NULL, *key = NULL, *seen = NULL;
    gboolean progress = isatty(STDERR_FILENO) == 1;
    gint64 county = APP_COUNTY;
    const GOptionEntry entries[] = {
        { "url", 0, 0, G_OPTION_ARG_STRING, &url, "Address of the ledger: https://centre/ledger/330482, or of the centre", "URL" },
        { "key", 0, 0, G_OPTION_ARG_STRING, &key, "The centre's public key, name+id+key, or a file with it", "KEY" },
        { "seen", 0, 0, G_OPTION_ARG_FILENAME, &seen, "Where the checkpoint is kept until next time (~/.local/state/pinghu/NAME.checkpoint)", "FILE" },
        { "county", 0, 0, G_OPTION_ARG_INT64, &county, "Division code of the county, when the address names none (330482)", "CODE" },
        { "progress", 0, 0, G_OPTION_ARG_NONE, &progress, "Tell how far it is, even when no terminal is there", NULL },
        { NULL },
    };
    if (!app_options("verify", "checks a centre's ledger from outside: every entry fetched, the tree rebuilt, and held "
                       "against the checkpoint seen last time", entries, &argc, &argv))
        return 2;
    if (!url || !key || argc != 1) {
        fprintf(stderr, "pinghu verify: say which ledger and whose key: --url URL --key KEY (see pinghu verify --help --url=URL)\n");
        return 2;
    }
    g_autofree char *text = key_text(key);
    return verify(&(RemoteAsk){ .url = url, .county = county, .key = text, .seen = seen }, &(Show){ .progress = progress });
}

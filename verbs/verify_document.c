// SPDX-License-Identifier: Apache-2.0
/* pinghu verify --document: is a PDF as a centre sealed it? */
#include "verbs/verbs.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>

static char *document_bytes(const char *file, size_t *length, GError **error)
{
    char *bytes;
    GStatBuf about;
    if (g_stat(file, &about) == 0 && about.st_size > DOCUMENT_MOST)
        return refuse(error, TOO_LARGE, "files.document_too_large", NULL);
    return g_file_get_contents(file, &bytes, length, error) ? bytes : NULL;
}

/* A verdict is told on standard output, whichever it is; only what keeps from judging is a complaint. */
static bool tell(const SealJudgement *said)
{
    g_autofree char *key = g_strconcat("files.codes.finding.", seal_finding_names[said->finding], NULL);
    g_autoptr(json_t) data = json_pack("{s:s}", "code", said->code);
    g_autofree char *finding = app_sentence(key, NULL), *document = app_sentence("files.sealed_document", data);
    printf("%s%s%s\n", finding, *said->code ? " " : "", *said->code ? document : "");
    return said->finding == SEAL_GENUINE;
}

int verify_document(const VerifyOptions *options, GError **error)
{
    size_t length = 0;
    g_autoptr(Seal) seal = options->key ? seal_read_public(options->key, error) : app_seal(options->location.beside, error);
    g_autofree char *bytes = seal ? document_bytes(options->document, &length, error) : NULL;
    if (!bytes)
        return EXIT_FAILURE;
    SealJudgement said = seal_judge(seal, bytes, length);
    return tell(&said) ? EXIT_SUCCESS : EXIT_FAILURE;
}

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

typedef struct Judging {
    const char *bytes;
    size_t length;
    SealJudgement said;
} Judging;

static void judge_by_keys(Judging *self, const GPtrArray *seals)
{
    for (guint i = 0; i < seals->len && (i == 0 || self->said.finding == SEAL_OTHER_KEY); i++)
        self->said = seal_judge(seals->pdata[i], self->bytes, self->length);
}

static bool judge_by_organs(const Context *context, void *data, GError **error)
{
    Judging *self = data;
    return seal_judge_by_organs(context->db, context->county, self->bytes, self->length, &self->said, error);
}

/* By the seal beside the database, and by those in it where there is one. */
static bool judge_by_database(Judging *self, const VerifyOptions *options, GError **error)
{
    Seal *seal;
    g_auto(App) app = { 0 };
    g_autofree char *file = g_strconcat(options->location.beside, ".seal", NULL);
    if (!seal_read(file, &seal, error))
        return false;
    g_autoptr(Seal) centre = seal;
    bool has_database = store_is_there(options->location.database, NULL);
    self->said = seal_judge(centre, self->bytes, self->length);
    if (!centre && !has_database)
        return refuse(error, NOT_FOUND, "files.no_seal_key", "file", file, NULL);
    return !has_database || self->said.finding != SEAL_OTHER_KEY ||
           (app_open_reading(&app, &options->location, NULL, options->county, error) && app_read(&app, judge_by_organs, self, error));
}

int verify_document(const VerifyOptions *options, GError **error)
{
    Judging self = { 0 };
    g_autoptr(GPtrArray) seals = options->key ? seals_read_public(options->key, error) : NULL;
    g_autofree char *bytes = seals || !options->key ? document_bytes(options->document, &self.length, error) : NULL;
    self.bytes = bytes;
    if (!bytes || (!seals && !judge_by_database(&self, options, error)))
        return EXIT_FAILURE;
    if (seals)
        judge_by_keys(&self, seals);
    return tell(&self.said) ? EXIT_SUCCESS : EXIT_FAILURE;
}

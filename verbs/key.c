// SPDX-License-Identifier: Apache-2.0
/* pinghu key: the key with which the centre signs what it says of its ledger, the key that seals its documents, and those of
 * personal data. */
#include "verbs/verbs.h"

#include "files/files.h"
#include "ledger/ledger.h"
#include "security/security.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Asked {
    DatabaseLocation location;
    char *name;
    gint64 county;
} Asked;

static char *file_of(const Asked *asked)
{
    return g_strconcat(asked->location.beside, ".key", NULL);
}

static bool show(const Asked *asked, GError **error)
{
    g_autofree char *file = file_of(asked), *public = NULL;
    if (!ledger_key_read(file, &public, error))
        return false;
    if (!public)
        return refuse(error, NOT_FOUND, "ledger.no_key", NULL);
    printf("%s\n", public);
    return true;
}

static bool create(const Asked *asked, GError **error)
{
    g_autofree char *file = file_of(asked), *name = app_ledger_name(asked->county);
    return ledger_key_make(file, asked->name ? asked->name : name, error) && show(asked, error);
}

static bool show_seal(const Asked *asked, GError **error)
{
    g_autoptr(Seal) seal = app_seal(asked->location.beside, error);
    g_autofree char *public = seal ? seal_public(seal) : NULL;
    if (public)
        printf("%s", public);
    return public;
}

static bool create_seal(const Asked *asked, GError **error)
{
    g_autofree char *file = g_strconcat(asked->location.beside, ".seal", NULL);
    return seal_make(file, error) && show_seal(asked, error);
}

/* ---- one takes over from the other ---- */

static bool record_end(const Context *context, void *data, GError **error)
{
    const SecurityEntry entry = { SECURITY_KEY, .purpose = "retired" };
    (void)data;
    return ledger_key_retire(context, error) && security_write(context, &entry, error);
}

/* Writes it into the ledger, and makes that public with each of the keys. */
static bool record(const Asked *asked, AppWork *work, void *data, GError **error)
{
    g_auto(App) app = { 0 };
    return app_open(&app, &asked->location, asked->county, error) && app_write(&app, work, data, error) &&
           ledger_publish(&app.context, error);
}

/* The file first, then the event: when the power goes between, the file has two keys of which the ledger knows one, and
 * the same word (or the next start of the centre) announces the other instead of drawing a third. */
static bool rotate(const Asked *asked, GError **error)
{
    int64_t recorded;
    g_autoptr(GError) two = NULL;
    g_autofree char *file = file_of(asked);
    if (!record(asked, app_record_keys, &recorded, error))
        return false;
    bool added = ledger_key_add(file, &two);
    bool resumed = !added && trouble_status(two) == CONFLICT && recorded > 0;
    if (!added && !resumed)
        return g_propagate_error(error, g_steal_pointer(&two)), false;
    return (resumed || record(asked, app_record_keys, &recorded, error)) && show(asked, error);
}

/* The event first, made public with both keys, then the file: when the power goes between, the old key signs on until the
 * same word takes it away; the event is not written twice. */
static bool retire(const Asked *asked, GError **error)
{
    g_autofree char *file = file_of(asked);
    return record(asked, record_end, NULL, error) && ledger_key_drop(file, error) && show(asked, error);
}

/* ---- personal data ---- */

/* Number 1 was made with the database and took over from none. */
static bool record_personal(const Context *context, void *appended, GError **error)
{
    const SecurityEntry entry = { SECURITY_KEY, .purpose = "personal" };
    int64_t id = personal_key_newest(context->db, context->county, error);
    *(bool *)appended = false;
    if (id < 2)
        return id == 1;
    return ledger_personal_key(context, id, appended, error) && (!*(bool *)appended || security_write(context, &entry, error));
}

/* Opening seals everything with the newest key. When the power went in between, the same word ends what was begun instead of drawing
 * another key. */
static bool renew_personal(const Asked *asked, GError **error)
{
    bool resumed, done;
    g_autofree char *file = app_personal(asked->location.beside);
    return record(asked, record_personal, &resumed, error) &&
           (resumed || (personal_keys_add(file, error) && record(asked, record_personal, &done, error)));
}

/* ---- after a loss ---- */

static bool record_loss(const Context *context, void *data, GError **error)
{
    const SecurityEntry entry = { SECURITY_KEY, .purpose = "renewed_after_loss" };
    const Asked *asked = data;
    return ledger_renew(context, asked->location.beside, error) && security_write(context, &entry, error);
}

static bool begin_anew(const Asked *asked, GError **error)
{
    g_auto(App) app = { 0 };
    return app_open_lost(&app, &asked->location, asked->county, error) &&
           app_write(&app, record_loss, (void *)(uintptr_t)asked, error) &&
           ledger_renew_end(asked->location.beside, error);
}

static bool renew(const Asked *asked, GError **error)
{
    int64_t recorded;
    return begin_anew(asked, error) && record(asked, app_record_keys, &recorded, error) && show(asked, error);
}

static const struct {
    const char *word;
    bool (*run)(const Asked *asked, GError **error);
} words[] = {
    { "create", create },
    { "show", show },
    { "rotate", rotate },
    { "retire", retire },
    { "renew-after-loss", renew },
    { "create-seal", create_seal }, /* the other key, which seals documents */
    { "show-seal", show_seal },
    { "renew-personal", renew_personal }, /* and the keys of personal data */
};

static int run(const void *options, char **given, GError **error)
{
    const char *word = g_strv_length(given) == 1 ? given[0] : "word given";
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (strcmp(words[i].word, word) == 0)
            return words[i].run(options, error) ? EXIT_SUCCESS : EXIT_FAILURE;
    fprintf(stderr, "pinghu key: there is no %s (see pinghu key --help)\n", word);
    return 2;
}

static const VerbOption entries[] = {
    DATABASE_OPTIONS(Asked, "Database file (pinghu.db) with the keys beside it in FILE.key, FILE.seal and FILE.personal"),
    { "name", G_OPTION_ARG_STRING, offsetof(Asked, name), "Name of the ledger, of visible ASCII (330482.pinghu, by the county)", "NAME" },
    COUNTY_OPTION(Asked),
    { 0 },
};

const Verb verb_key = { "key", "makes and tells the keys of the ledger and of the seal",
                        "makes, tells and changes the keys of the centre\n\n"
                        "create            makes the key that signs the ledger\n"
                        "show              tells its public half\n"
                        "rotate            makes a new one that takes over; the old one signs beside it\n"
                        "retire            takes the old one away\n"
                        "renew-after-loss  begins a new log when events that were public are lost; everybody sees the break\n"
                        "create-seal       makes the key that seals documents\n"
                        "show-seal         tells its public half\n"
                        "renew-personal    makes a new key for personal data and seals everything with it; earlier ones open backups",
                        entries, &(const Asked){ .county = APP_COUNTY }, sizeof(Asked), 1, run };

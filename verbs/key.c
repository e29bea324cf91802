// SPDX-License-Identifier: Apache-2.0
/* pinghu key: the key with which the centre signs what it says of its ledger, and the key that seals its documents. */
#include "verbs/verbs.h"

#include "files/files.h"
#include "ledger/ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct Asked {
    DatabaseLocation location;
    const char *name;
    int64_t county;
} Asked;

static const Actor operator = { .kind = SYSTEM, .name = "" };

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

static char *seal_file_of(const Asked *asked)
{
    return g_strconcat(asked->location.beside, ".seal", NULL);
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

/* ---- one takes over from the other ---- */

static bool record_keys(const Context *context, void *data, GError **error)
{
    return ledger_keys_record(context, data, error);
}

static bool record_end(const Context *context, void *data, GError **error)
{
    (void)data;
    return ledger_key_retire(context, error);
}

/* Announces the keys of the file in the ledger, and makes that public with each of them. */
static bool announce(const Asked *asked, int64_t *recorded, GError **error)
{
    g_auto(App) app = { 0 };
    return app_open(&app, &asked->location, asked->county, error) &&
           app_write(&app, &operator, app_clock(), record_keys, recorded, error) && ledger_publish(&app.context, error);
}

/* The file first, then the event: when the power goes between, the file has two keys of which the ledger knows one, and
 * the same word (or the next start of the centre) announces the other instead of drawing a third. */
static bool rotate(const Asked *asked, GError **error)
{
    int64_t recorded;
    g_autoptr(GError) two = NULL;
    g_autofree char *file = file_of(asked);
    if (!announce(asked, &recorded, error))
        return false;
    bool added = ledger_key_add(file, &two);
    bool resumed = !added && trouble_status(two) == CONFLICT && recorded > 0;
    if (!added && !resumed)
        return g_propagate_error(error, g_steal_pointer(&two)), false;
    return (resumed || announce(asked, &recorded, error)) && show(asked, error);
}

/* The event first, made public with both keys, then the file: when the power goes between, the old key signs on until the
 * same word takes it away; the event is not written twice. */
static bool retire(const Asked *asked, GError **error)
{
    g_auto(App) app = { 0 };
    g_autofree char *file = file_of(asked);
    return app_open(&app, &asked->location, asked->county, error) &&
           app_write(&app, &operator, app_clock(), record_end, NULL, error) &&
           ledger_publish(&app.context, error) && ledger_key_drop(file, error) && show(asked, error);
}

/* ---- after a loss ---- */

static bool record_loss(const Context *context, void *data, GError **error)
{
    return ledger_loss_record(context, data, error);
}

static bool read_loss(const App *app, const Asked *asked, LedgerLoss *loss, GError **error)
{
    Db *db = store_reader(app->store, error);
    bool read = db && ledger_loss_read(db, asked->county, asked->location.beside, loss, error);
    store_return(app->store, db);
    return read;
}

static bool begin_anew(const Asked *asked, LedgerLoss *loss, GError **error)
{
    g_auto(App) app = { 0 };
    return app_open_lost(&app, &asked->location, asked->county, error) && read_loss(&app, asked, loss, error) &&
           ledger_loss_keep(loss, error) &&
           app_write(&app, &operator, app_clock(), record_loss, loss, error) && ledger_loss_end(loss, error);
}

static bool renew(const Asked *asked, GError **error)
{
    int64_t recorded;
    g_auto(LedgerLoss) loss = { 0 };
    return begin_anew(asked, &loss, error) && announce(asked, &recorded, error) && show(asked, error);
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
};

static int run(const char *word, const Asked *asked)
{
    g_autoptr(GError) error = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (strcmp(words[i].word, word) == 0)
            return words[i].run(asked, &error) ? EXIT_SUCCESS : app_complain(error);
    fprintf(stderr, "pinghu key: there is no %s (see pinghu key --help)\n", word);
    return 2;
}

static const char summary[] =
    "makes, tells and changes the keys of the centre\n\n"
    "create            makes the key that signs the ledger\n"
    "show              tells its public half\n"
    "rotate            makes a new one that takes over; the old one signs beside it\n"
    "retire            takes the old one away\n"
    "renew-after-loss  begins a new log when events that were public are lost; everybody sees the break\n"
    "create-seal       makes the key that seals documents\n"
    "show-seal         tells its public half";

int verb_key(int argc, char **argv)
{
    gint64 county = 330482;
    g_auto(DatabaseLocation) location = { 0 };
    g_autofree char *name = NULL;
    const GOptionEntry entries[] = {
        DATABASE_OPTIONS(location, "Database file (pinghu.db) with the keys beside it in FILE.key and FILE.seal"),
        { "name", 0, 0, G_OPTION_ARG_STRING, &name, "Name of the ledger, of visible ASCII (330482.pinghu, by the county)", "NAME" },
        { "county", 0, 0, G_OPTION_ARG_INT64, &county, "Division code of the county (330482)", "CODE" },
        { NULL },
    };
    if (!app_options("key", summary, entries, &argc, &argv))
        return 2;
    location_settle(&location);
    return run(argc == 2 ? argv[1] : "word given", &(Asked){ location, name, county });
}

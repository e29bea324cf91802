// SPDX-License-Identifier: Apache-2.0
/* The verbs of the program, and what they all begin with: one county's database opened, brought up to
 * date, with its papers and its calendar. */
#pragma once

#include "base/base.h"
#include "calendar/calendar.h"
#include "db/db.h"
#include "files/files.h"
#include "ledger/ledger.h"
#include "view/view.h"

/* An option of a verb, and where its value goes in the struct that they fill. */
typedef struct VerbOption {
    const char *name;
    GOptionArg kind;
    size_t place;
    const char *does, *form;
    bool is_required; /* a text, or a number but 0 */
} VerbOption;

typedef struct Verb {
    const char *name;
    const char *does;          /* in the list of verbs */
    const char *summary;       /* in its own help; NULL: the same */
    const VerbOption *options; /* { 0 } ends them */
    const void *defaults;      /* of the struct, which begins with … */
    size_t size;
    size_t locations;          /* so many DatabaseLocations */
    /* Takes the options and the words beside them, NULL ended. The exit status: 0 done, 1 refused or failed, 2 wrong words; where
     * *error is set it is told, and the status is 1. */
    int (*run)(const void *options, char **words, GError **error);
} Verb;
int verb_run(const Verb *self, int argc, char **argv);

extern const Verb verb_init, verb_serve, verb_demo, verb_import, verb_load, verb_migrate, verb_distribute, verb_verify, verb_report, verb_key, verb_due;

#define COUNTY_OPTION(type) { "county", G_OPTION_ARG_INT64, offsetof(type, county), "Division code of the county (330482)", "CODE", false }
#define SHEET_OPTION(type) { "sheet", G_OPTION_ARG_STRING, offsetof(type, sheet), "Sheet of the workbook (the first that is shown)", "NAME", false }
#define DATABASE_OPTIONS(type, what)                                                                                           \
    { "database", G_OPTION_ARG_FILENAME, offsetof(type, location.database), what ", or postgresql://…", "FILE", false },       \
    { "files", G_OPTION_ARG_FILENAME, offsetof(type, location.folder), "Folder of the files beside the database (its own; "    \
      "with a server's database this one)", "FOLDER", false }

enum { APP_COUNTY = 330482 }; /* unless another is named */

/* The name of a county's ledger, unless another is given when the key is made: "330482.pinghu". Owned by the caller. */
char *app_ledger_name(int64_t county);

/* The place of a county's data. */
typedef struct DatabaseLocation {
    char *database; /* as store_open has it */
    char *folder;   /* of the files beside it; NULL: where store_beside has them */
    char *beside;   /* what their names begin with */
} DatabaseLocation;
/* Fills in what was not given. */
void location_settle(DatabaseLocation *self);
/* The beginning of the names of a county's files. Each of several counties (it has a host) has a folder of its own, named by
 * its code, so that the verbs for one county find them by --files FOLDER/330482. Owned by the caller. */
char *app_beside(const DatabaseLocation *location, const County *county);

/* pinghu verify */
typedef struct VerifyOptions {
    DatabaseLocation location;
    gint64 county;
    char *document, *key, *url, *seen, *store;
    gboolean progress, papers;
} VerifyOptions;
/* With --document: what the seal on a PDF says, judged by the public keys in the file `key` or, when that is NULL, by the seal
 * beside the database and those of the organs in it; 0 genuine, 1 not. With --url: another centre's ledger from outside. */
int verify_document(const VerifyOptions *options, GError **error);
int verify_remote(const VerifyOptions *options, GError **error);

/* The counties that are meant: those of the table in the file `list`, or the one, 0 being APP_COUNTY, without host and name.
 * BAD_INPUT when both are given. Owned by the caller. */
Counties *app_counties(const char *list, int64_t county, GError **error);

typedef struct App {
    Store *store;
    Files *files;
    const Bucket *bucket; /* of its papers; NULL: they lie in a folder */
    Calendars *calendars;
    char *beside;         /* the names of its files begin so; NULL where it has none */
    char **payment;       /* lines of FILE.payment */
    Seal *seal;           /* from "<beside>.seal"; NULL where there is none */
    Publisher *publisher; /* with "<beside>.key" */
    Counties *counties;   /* of a region; else NULL */
    Context context; /* without db, actor and now */
} App;

/* Opens the database with its papers in "<beside>.files" and runs the migrations. Makes neither a database nor a county: NOT_FOUND
 * as store_is_there and app_county. Refuses as ledger_publisher_open a database that is not what was made public of it. */
bool app_open(App *self, const DatabaseLocation *location, int64_t county, GError **error);
/* The database for a program that serves counties of it beside others that opened it so, where that can be:
 * store_open_together. */
Store *app_store(const DatabaseLocation *location, GError **error);
/* One county of it, as app_open; the names of its files begin with `beside`. `store` outlives it, and so does `bucket`,
 * which may be NULL. */
bool app_join(App *self, Store *store, const Bucket *bucket, const char *beside, int64_t county, GError **error);
/* A region, which adds up those of `all` that lie in it; it has no files, and writes nothing. */
void app_join_region(App *self, Store *store, int64_t region, const Counties *all);
/* The same where database and county may be new, without publisher. */
bool app_make(App *self, const DatabaseLocation *location, int64_t county, GError **error);
/* people_county, in a store that has been migrated. Owned by the caller. */
json_t *app_county(Store *store, int64_t county, GError **error);
/* Makes the keys "<beside>.key" and "<beside>.seal" of a county; those that an earlier attempt has left are good enough. */
bool app_make_keys(const char *beside, int64_t county, GError **error);
/* Opens it without asking that, and without publisher: to begin a new log. */
bool app_open_lost(App *self, const DatabaseLocation *location, int64_t county, GError **error);
/* Opens it for reading only, beside a running server: without signing key, as store_open_reading has it. `bucket` as of app_join. */
bool app_open_reading(App *self, const DatabaseLocation *location, const Bucket *bucket, int64_t county, GError **error);
/* Opens `to` with all tables of `from`, which stays as it is: store_move, which has to be ended. Both are open to nobody else.
 * It looks at no county yet. */
bool app_move(App *self, const DatabaseLocation *from, const DatabaseLocation *to, const MoveProgress *told, GError **error);
/* Turns one that is open to another of its counties, as app_open_reading leaves it; the names of its files begin with `beside`. */
bool app_look_at(App *self, const char *beside, int64_t county, GError **error);
/* Opens a database of this version for one who wants it for himself and needs nothing but its tables. */
Store *app_tables(const DatabaseLocation *location, GError **error);
/* Erases again what a restored backup has brought back, as the list beside the database tells. */
bool app_erase_again(const App *self, GError **error);
/* An AppWork, with the App: writes the list of erasures beside the database, of what the ledger tells and of what it has lost. */
bool app_list_erasures(const Context *context, void *app, GError **error);
void app_close(App *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(App, app_close)

/* The file of the keys that seal personal data, store_open_personal: "<beside>.personal". Owned by the caller. */
char *app_personal(const char *beside);
/* The key in "<beside>.seal". NOT_FOUND "files.no_seal_key". Owned by the caller. */
Seal *app_seal(const char *beside, GError **error);
/* Recomputes the county's ledger and its cases, and tells on standard output what differs: then refused with CONFLICT
 * "ledger.differs". */
bool app_verify(const App *app, const char *beside, bool reads_papers, GError **error);
/* The store of papers at an address, with the keys of the environment; NULL in *out for none. Owned by the caller. */
bool app_bucket(const char *address, Bucket **out, GError **error);

/* Gives a context the calendar that its connection sees in force; `app` is the App (HttpSettings.refresh). */
bool app_refresh(Context *context, void *app, GError **error);
/* A write by the system, now, in one transaction of its own. */
typedef bool AppWork(const Context *context, void *data, GError **error);
bool app_write(const App *self, AppWork *work, void *data, GError **error);

/* The same on a reading connection, now. */
bool app_read(const App *self, AppWork *work, void *data, GError **error);
/* The security log's entry that the program did this, as work: "start", "import". `done` is a const char *. */
bool app_log(const Context *context, void *done, GError **error);
/* ledger_keys_record as work; `recorded` is an int64_t. */
bool app_record_keys(const Context *context, void *recorded, GError **error);

Instant app_clock(void); /* the machine's; only verbs ask it */
enum language app_language(void); /* of the environment */
/* The word at `key` in the language of the environment; NULL when there are no words. Owned by the caller. */
char *app_sentence(const char *key, const json_t *data);
/* "pinghu: sentence" on standard error, in the language of the environment; returns 1. */
int app_complain(const GError *error);
/* ---- how far it is (progress.c) ---- */

/* A long job tells its progress on standard error: on a terminal one line that changes, else a line now and then. */
typedef struct Progress {
    bool is_terminal;
    gint64 began, told; /* µs */
} Progress;
Progress progress_begin(void);
/* Is it time to tell again? */
bool progress_is_due(Progress *self);
/* Tells "DONE / ALL (PERCENT %), time left" where it is time, and at the end. */
void progress_count(Progress *self, int64_t done, int64_t all);
/* The time left when `done` of `all` are done since the beginning: "40 s", "3:05 min". Owned by the caller. */
char *progress_left(const Progress *self, int64_t done, int64_t all);
void progress_show(const Progress *self, const char *line);
/* Makes room on the terminal for another line. */
void progress_clear(const Progress *self);

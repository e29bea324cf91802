// SPDX-License-Identifier: Apache-2.0
/* Every other file may assume this: GLib's cleanup words for our libraries, the one way an action can be refused, days
 * and instants, and who acts. No state, no I/O. */
#pragma once

#include <glib.h>
#include <jansson.h>
#include <pthread.h>
#include <stdbool.h>
#include <inttypes.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(json_t, json_decref)

/* ---- trouble: why something could not be done ---- */

/* The numbers are HTTP's, so that an answer needs no table of translation. Below 500 the asker is told what to do; from 500 on it is logged
 * and the asker is told only that we failed, except FULL and BUSY, which say so. */
enum trouble {
    BAD_INPUT = 400,
    NOT_SIGNED_IN = 401,
    NOT_ALLOWED = 403,
    NOT_FOUND = 404,
    NO_SUCH_METHOD = 405,
    CONFLICT = 409,
    TOO_LARGE = 413,
    LONG_ADDRESS = 414,
    WRONG_TYPE = 415,
    MISDIRECTED = 421, /* asked by a host name that is not ours */
    NOT_FITTING = 422, /* understood, but a field is wrong: the details name each */
    TOO_MANY = 429,
    FAULT = 500,
    BUSY = 503,
    FULL = 507, /* the disk is full: nothing was changed, what was acknowledged stays */
};

GQuark trouble_quark(void);
#define TROUBLE (trouble_quark())

/* Sets *error and returns NULL (false), so that a rule reads: return refuse(error, CONFLICT, "cases.accepted_already", NULL). `reason` is a
 * stable key and the path of a sentence in the rooms' words; pairs of name and value (both const char *), ended by NULL, fill the sentence's
 * {{tags}}. The error's message is a JSON object {"reason": …, name: value, …}. */
void *refuse(GError **error, enum trouble why, const char *reason, ...) G_GNUC_NULL_TERMINATED;

/* A failure of ours (code FAULT) with a message for the log, never for the asker. */
void *fault(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The object in a refusal's message, with "reason" in it; a fault's says reason "base.fault". Never NULL; owned by the caller. */
json_t *trouble_details(const GError *error);

/* Writes a warning into the log: what the text says, and the error's message; of a refusal its reason with its details. */
void trouble_warn(const GError *error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The HTTP status of any GError: its code when it is one of ours, else FAULT. */
unsigned trouble_status(const GError *error);

/* Is *why this trouble, which the caller deals with? Any other one is passed on to *error, and *why is NULL then. */
bool trouble_is(GError **why, enum trouble expected, GError **error);

/* ---- threads that work on by themselves ---- */

/* A condition that is waited for by the monotonic clock, which nobody sets. The locks are the system's, for the thread
 * sanitizer sees none of GLib's. */
void monotonic_init(pthread_cond_t *condition);
/* Waits under the lock; false once g_get_monotonic_time() is `until` (µs). */
bool monotonic_wait(pthread_cond_t *condition, pthread_mutex_t *lock, int64_t until);
/* Logs the first failure in a row ("WHAT FAILS: why") and the first success after it ("WHAT AGAIN"). `error` is NULL for
 * a success. */
void warn_once(bool *failing, const GError *error, const char *what, const char *fails, const char *again);

/* ---- what an examination (核验) finds ---- */

/* The listener to an examination; called on the examiner's own thread. */
typedef struct VerifyReport {
    /* A row of a table is not what it should be. `reason` is the path of a sentence in the rooms' words; `detail` may
     * be "". */
    void (*found)(void *data, const char *table, const char *row, const char *reason, const char *detail);
    /* So many events more have been examined. */
    void (*went_on)(void *data, int64_t more);
    void *data;
} VerifyReport;

/* Tells what was found; true: go on. Without an examination (NULL) the first difference ends it with FAULT. */
bool report_difference(const VerifyReport *self, const char *table, const char *row, const char *reason, const char *detail,
                       GError **error);
void report_progress(const VerifyReport *self, int64_t more);

/* Compares two int64_t, for sorting. */
int numbers_in_order(const void *one, const void *other);

/* ---- days and instants ---- */

/* A day of the county's calendar, counted from 1970-01-01. Written YYYY-MM-DD everywhere. */
typedef int32_t Day;
/* An instant: milliseconds since 1970-01-01T00:00Z. Always UTC. */
typedef int64_t Instant;

enum {
    DAY_NONE = INT32_MIN,
    ZONE_MINUTES = 480,  /* all of China keeps UTC+8, without summer time since 1992 */
    MINUTE_MS = 60 * 1000,
    DAY_MS = 24 * 60 * MINUTE_MS,
};

/* The day that `text` (YYYY-MM-DD, 1900–2199) names; DAY_NONE when it names none. */
Day day_parse(const char *text);
/* A day as people and programs write it in tables: 2014-09-03, 2014/9/3, 2014.9.3, 2014年9月3日, 20140903, perhaps with a time behind it.
 * moment_read tells that too: the minutes since midnight, -1 without one. */
Day day_read(const char *text);
bool moment_read(const char *text, Day *day, int *minute);
enum { DAY_TEXT = 11 };
/* Writes YYYY-MM-DD into `out` and returns it; "" for DAY_NONE. */
char *day_text(Day day, char out[static DAY_TEXT]);
/* The same text, there until its block ends. */
#define DAY_WRITTEN(day) day_text(day, (char[DAY_TEXT]){ 0 })
Day day_from(int year, int month, int day);
void day_split(Day day, int *year, int *month, int *of_month);
Day day_months_on(Day day, int months); /* the same day of that month, or its last */
Day day_years_on(Day day, int years); /* 29 February becomes 1 March where the year has none */
int day_weekday(Day day); /* 1 Monday … 7 Sunday */

/* The day on which `at` falls in the county's zone, and the minutes since its midnight there. */
Day day_of(Instant at);
int minute_of(Instant at);
/* The instant at `minute` minutes after midnight of `day` in the county's zone. */
Instant instant_at(Day day, int minute);
/* ISO 8601 in UTC with milliseconds: 2014-09-03T01:30:00.000Z. */
enum { INSTANT_TEXT = 25 };
char *instant_text(Instant at, char out[static INSTANT_TEXT]);

/* The clock of a county's actions, which threads share: none is recorded before the county's last event, whatever the machine's clock
 * says, so that the order and the intervals of the public ledger stay true. */
typedef struct Clock Clock;
Clock *clock_new(void);
void clock_free(Clock *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Clock, clock_free)
void clock_note(Clock *self, Instant at); /* an event is recorded then; does nothing for NULL */
/* The later of the machine's clock and the last event; that it is held there is logged once. `machine` for NULL. */
Instant clock_hold(Clock *self, Instant machine);
/* By how many milliseconds an instant lies before the last event; 0: it does not. */
Instant clock_behind(const Clock *self, Instant at);

/* ---- text ---- */

/* Is it valid UTF-8 of `length` bytes, without NUL and control characters but tab and line ends? */
bool text_is_clean(const char *text, size_t length);
/* The text with full-width letters, digits and signs as ASCII, and without blanks round it; owned by the caller, as is number_plain:
 * a number in digits alone, of one that may have commas between thousands or be in full width; without a fraction of zeros. NULL: none. */
char *text_narrow(const char *text), *number_plain(const char *text);
/* Refuses NOT_FITTING a character that turns the direction of writing, shows nothing or is private use; by "code" and "name". */
bool text_is_visible(const char *text, GError **error);
bool text_refuse_character(gunichar c, const char *reason, GError **error); /* that one, also by "character" */
void text_append_all(GString *out, const char *const *texts); /* NULL ended */
/* The town in which a village (or town) lies, by its 12-digit statistics code; itself for a county. */
static inline int64_t division_town(int64_t division)
{
    enum { VILLAGES = 1000 };
    return division - division % VILLAGES;
}
/* Decimal digits of a number, written into the end of `out`. DECIMAL has them until its block ends. */
enum { DECIMAL_TEXT = 21 };
char *decimal_text(int64_t number, char out[static DECIMAL_TEXT]);
#define DECIMAL(number) decimal_text((int64_t)(number), (char[DECIMAL_TEXT]){ 0 })
/* Lower-case hexadecimal of `bytes`; owned by the caller. */
char *text_hex(const void *bytes, size_t length);
/* The same in base64url without padding (RFC 4648, 5), and back: no bytes where it is none. Both owned by the caller. */
char *text_base64url(const void *bytes, size_t length);
GBytes *bytes_of_base64url(const char *text);

/* SHA-256 and HMAC-SHA-256 (RFC 2104). */
enum { HASH_BYTES = 32 };
typedef struct Hash {
    unsigned char bytes[HASH_BYTES];
} Hash;
typedef struct HashPart {
    const void *data;
    size_t length;
} HashPart;
bool hash_equal(const Hash *a, const Hash *b);
/* Hashes the parts as if they were one text. */
void hash_parts(const HashPart *parts, size_t count, Hash *out);
/* A key longer than 64 bytes is hashed first. */
void hash_keyed(const void *key, size_t key_length, const void *data, size_t length, Hash *out);
/* The hash of a text in lower-case hexadecimal; owned by the caller. */
char *hash_text(const char *text);

/* The eighteen digits of a case's or licence's number as people read them, "330482 140903 000123"; other text stays as it is.
 * Owned by the caller. */
char *text_grouped(const char *digits);
/* The place of `name` among NULL-ended names, from 0; their number where it is not among them. */
size_t name_place(const char *const *names, const char *name);

/* A code to be copied by hand: eleven letters of an alphabet of 32 without look-alikes, which are 55 bits, in groups: "7K2M-9QXD-4RT".
 * Returns `out`. */
enum { CODE_RANDOM = 8, CODE_TEXT = 14 };
char *code_spell(const unsigned char random[CODE_RANDOM], char out[CODE_TEXT]);
/* The letters and digits alone, as the alphabet has them: what was typed may be small or full width, have any blanks and hyphens,
 * and O, I and L in place of 0 and 1. Owned by the caller. */
char *code_plain(const char *typed);

/* The host of "SCHEME://HOST:PORT/…" or of a Host header: "Pinghu.example.:8080" is pinghu.example, "[::1]:80" is [::1]. "" where
 * anything but a port or a path follows it. Owned by the caller. */
char *address_host(const char *address);
/* Does "SCHEME://HOST…" name this machine itself? What is sent there is not read on the way. */
bool address_is_local(const char *address);
/* Is it "http://HOST" or "https://HOST", perhaps with ":PORT", and nothing behind it? */
bool address_is_site(const char *address);

/* JSON with sorted keys, no blanks and no escaping of non-ASCII characters: the form that is
 * hashed and stored. Owned by the caller (free with g_free through jansson's allocator, which
 * base sets to GLib's at start). */
char *json_canonical(const json_t *value);
/* The same form written down directly, for what is written a million times a day: after "{" key and value in turn, keys in
 * rising order. `text` is valid UTF-8. */
void json_write_key(GString *out, const char *key);
void json_write_text(GString *out, const char *text);
void json_write_number(GString *out, int64_t number);
/* Finds the value of a member in a canonical object, and its length, without reading the rest into a tree; NULL
 * when there is none. `key` is a plain word. Of text that is no JSON anything may be found, but only within it. */
const char *json_member(const char *object, const char *key, size_t *length);
const char *json_text(const json_t *object, const char *key); /* "" when absent */
int64_t json_number(const json_t *object, const char *key);   /* 0 when absent */
bool json_flag(const json_t *object, const char *key);        /* false when absent */
/* A text, a whole number or true and false as text; NULL for anything else. Owned by the caller. */
char *json_as_text(const json_t *value);
void json_put_day(json_t *object, const char *key, Day day);           /* YYYY-MM-DD; nothing for DAY_NONE */
void json_put_text(json_t *object, const char *key, const char *text); /* nothing for NULL and "" */

/* ---- tables that people bring (CSV) ---- */

/* A table as offices save it: a workbook (XLSX), or UTF-8, GBK (GB 18030) or UTF-16 with commas, semicolons or tabs between cells. The
 * header's names may be in full-width or large letters. Columns and rows at whose end nothing stands are cut. */
typedef struct CsvTable CsvTable;
/* Reads a table whose first line names exactly `columns` (NULL ended), in any order; blank lines are passed over, blanks round unquoted
 * cells are cut. Refuses NOT_FITTING "base.csv_…" with the "line" and the "column" (its name, or its number where it has none). */
CsvTable *csv_read(const char *bytes, size_t length, const char *const *columns, GError **error);
/* The same where only the first `required` columns must be there. */
CsvTable *csv_read_required(const char *bytes, size_t length, const char *const *columns, size_t required, GError **error);
/* The same, where a row that does not fit (CsvRow.fault) is left out, and told in the array `faults` as by csv_add_fault. */
CsvTable *csv_read_fitting(const char *bytes, size_t length, const char *const *columns, size_t required, json_t *faults, GError **error);
void csv_table_free(CsvTable *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CsvTable, csv_table_free)
size_t csv_rows(const CsvTable *self); /* without the header */
/* The cell of `row` (0 first) in the column that stood at `column` in `columns`; "" when empty. */
const char *csv_cell(const CsvTable *self, size_t row, size_t column);
size_t csv_line(const CsvTable *self, size_t row); /* on which the row begins, 1 first */
/* The cells of a column in which a day (day_read) or a number (number_plain) can be read become it; others stay, for the room to refuse. */
void csv_as_days(CsvTable *self, size_t column);
void csv_as_numbers(CsvTable *self, size_t column);
/* Adds to `faults`, an array in the order of lines, what `why` refuses, with "line" and "column", without a "value" that has characters
 * which are not seen; frees `why`. So a room tells all faults of a table at once. */
void csv_add_fault(json_t *faults, const CsvTable *self, size_t row, size_t column, GError *why);
/* Refuses NOT_FITTING with details "count", "line" and "column" of the first, and "faults": their JSON text; true where there
 * are none. `count` may be larger than what is told. */
bool csv_refuse_faults(const json_t *faults, size_t count, const char *reason, GError **error);

/* One row of a table that is read row by row; lives until the taker returns. */
typedef struct CsvRow {
    size_t line;              /* on which it begins, 1 first */
    const char *const *cells; /* one for each of `columns`, in their order; "" when empty or not there */
    const GError *fault;      /* why the row does not fit ("base.csv_uneven", "base.csv_unclean"), or NULL */
} CsvRow;
typedef bool CsvTake(const CsvRow *row, void *data, GError **error);
/* The same for tables larger than memory should hold: each row is told to `take`, until it returns false with an error.
 * `bytes` are UTF-8. Of the columns the first `required` must be there. */
bool csv_walk(const char *bytes, size_t length, const char *const *columns, size_t required, CsvTake *take, void *data, GError **error);
/* Text in GBK (GB 18030) or UTF-16, and a workbook, become UTF-8: *bytes and *length are then those of *made, owned by the caller; *made is
 * NULL where it was UTF-8 already. NOT_FITTING "base.csv_encoding" with "line", and as workbook_as_text. */
bool text_as_utf8(const char **bytes, size_t *length, char **made, GError **error);
/* A sheet of a workbook (XLSX) as such text, one line a row; `sheet` by its name, NULL: the first shown. Days become YYYY-MM-DD, formulas
 * their results. Owned by the caller. NOT_FITTING "base.csv_workbook", "base.xlsx_…" with "line", "column" and "cell". */
char *workbook_as_text(const char *bytes, size_t length, const char *sheet, size_t *size, GError **error);

/* ---- counties that one program serves ---- */

/* A county (县级行政区), or a region (city or province) whose figures are those of its counties together. */
typedef struct County {
    int64_t code; /* GB/T 2260: 330482; of a city 330400, of a province 330000 */
    char *host, *name, *name_en;
    char *public_url; /* "https://ph.example"; NULL: its host name at the port where the server listens */
} County;
typedef struct Counties {
    size_t count;
    County *all;
} Counties;
bool county_is_region(int64_t code);
bool county_lies_in(int64_t code, int64_t region); /* a region lies in none */
/* Reads a table of the columns code, host, name, name_en and perhaps public_url, which may be empty. NOT_FITTING as csv_read and "base.counties_…", with line,
 * column and value, for what is no code or host name, for a name that is not there, for what stands there twice. Owned by
 * the caller. */
Counties *counties_read(const char *bytes, size_t length, GError **error);
/* The counties that lie in a region, in their order. Owned by the caller. */
Counties *counties_within(const Counties *all, int64_t region);
void counties_free(Counties *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Counties, counties_free)

/* ---- folders ---- */

/* Removes a file, or a folder with all that is in it. False when something of it is still there. */
bool remove_tree(const char *path);

/* Reads a text file; *text is NULL where there is none. Owned by the caller. CONFLICT "base.no_text" when it holds a byte 0. */
bool file_read(const char *file, char **text, GError **error);
/* Writes all of it; false with errno set. */
bool file_write(int file, const char *bytes, size_t length);
/* A file, or a folder with the names in it, is on the disk; false with errno set. */
bool file_sync(const char *path);
/* `text`, or the bytes, become what the file at `path` holds: whole or not at all, and on the disk. A new file beside it, with the
 * rights `mode` (0600, 0644), takes its name. FULL "base.no_room". */
bool file_replace_bytes(const char *path, const char *bytes, size_t length, unsigned mode, GError **error);
bool file_replace(const char *path, const char *text, unsigned mode, GError **error);
/* Renames a file, or a folder whose files are on the disk already, durably; one that has the new name is replaced. */
bool file_rename(const char *from, const char *to, GError **error);
/* Removes a file durably; it need not have been there. */
bool file_remove(const char *path, GError **error);

/* ---- secrets ---- */

/* Writes `text` to a new file that only its owner may read, whole or not at all, and on to the disk. CONFLICT "base.secret_there"
 * when the file is there already. */
bool secret_write(const char *file, const char *text, GError **error);
/* Reads such a file (16 KB at most); *text is NULL when there is none. CONFLICT "base.secret_open" when others
 * may read it. To be freed with secret_free, which wipes it. */
bool secret_read(const char *file, char **text, GError **error);
void secret_free(char *text);

/* ---- who acts ---- */

/* The rights that a post (岗位) gives its holder; a bit each. */
enum role {
    CLERK = 1 << 0,           /* 收件员: takes in, scans, hands over, delivers */
    REVIEWER = 1 << 1,        /* 审核员: accepts, asks for corrections, reviews */
    APPROVER = 1 << 2,        /* 审批员: decides */
    HEAD = 1 << 3,            /* 负责人: head of the organ: extends (art. 42) */
    ISSUER = 1 << 4,          /* 制证员: prints licences */
    CATALOGUER = 1 << 5,      /* 事项管理员: keeps the catalogue */
    SUPERVISOR = 1 << 6,      /* 效能监察员: sees every case, changes none */
    SYSTEM_ADMINISTRATOR = 1 << 7,   /* 系统管理员 */
    SECURITY_ADMINISTRATOR = 1 << 8, /* 安全管理员: keeps accounts and posts */
    AUDITOR = 1 << 9,         /* 审计管理员: reads the ledger */
    ANY_ROLE = (1 << 10) - 1,
};
extern const char *const role_names[]; /* by bit: "clerk", "reviewer", … NULL ended */
/* The names of roles as an array: of texts, or of objects {member: name}. Owned by the caller. */
json_t *roles_json(unsigned roles, const char *member);

/* One post: a role held for an organ in a division. `division` is the 12-digit statistics code
 * (统计用区划代码): 330482000000 county, 330482103000 town, 330482103201 village. */
typedef struct Post {
    int64_t organ;
    int64_t division;
    unsigned roles;
    int64_t for_staff; /* 0: his own; else the member of the staff on leave whom he stands in for (请假代理) */
} Post;

enum actor_kind {
    VISITOR, /* nobody known */
    HOLDER,  /* a person who showed a case's number and tracking code; `id` is the case number */
    STAFF,   /* `id` is the staff member's */
    SYSTEM,  /* the program itself, at a deadline */
    LOADER,  /* a person of another system, long ago, as its records tell (历史办件迁入) */
    ENTRANT, /* a member of the staff on the way in, who has shown the first of his factors; may do nothing else; `id` is his, or 0 where
                he is asked for a factor that tells who he is */
    PROVEN,  /* of sessions alone: of an ENTRANT who has shown a second factor too */
};

typedef struct Actor {
    enum actor_kind kind;
    int64_t id;
    const char *name;     /* "" for a visitor; owned by whoever made the actor */
    const Post *posts;
    size_t post_count;
    const int64_t *cases; /* numbers of the cases of which the sender is HOLDER at the same time, the newest last; borrowed */
    size_t case_count;
    bool is_proven;       /* an ENTRANT has shown a second factor too */
    Day since;            /* on which the last of these posts began; 0: since ever */
    Day begins;           /* of a member of the staff without a post today: on which the next one begins; 0: none is to come */
    const json_t *shown;  /* how pages show who acts; NULL where nobody looks; owned like `name` */
} Actor;

/* The member of the staff on leave for whom the actor does what needs one of `roles`, as none of his own posts has one; 0: he does it
 * for himself. Puts that into the facts of an event as "for_staff". */
int64_t actor_absent(const Actor *self, unsigned roles);
void actor_put_absent(const Actor *self, unsigned roles, json_t *facts);

typedef struct Db Db;
typedef struct Calendar Calendar; /* of the room calendar */
typedef struct Files Files;       /* of the room files: where papers lie */
typedef struct NoteSigner NoteSigner; /* of the room ledger: signs for the centre */
typedef struct Seal Seal;         /* of the room files: seals documents */
typedef struct Publisher Publisher;   /* of the room ledger: makes the ledger public */

/* Everything an action may know of the world. Time and randomness come in here and nowhere else, so that the demo city
 * and the tests can hand in their own. */
typedef struct Context Context;
typedef struct Room Room;         /* see below */

struct Context {
    Db *db;
    int64_t county; /* 6-digit division code, 330482 */
    const char *public_url;   /* where people find the centre, "https://pinghu.example", for links; NULL: the server fills in where it listens */
    const Actor *actor;
    Instant now;
    Clock *clock;             /* that holds `now`; NULL: nothing does */
    const Calendar *calendar; /* in force now */
    const Files *files;
    const NoteSigner *signer; /* NULL: the centre has no key yet */
    const Seal *seal;         /* NULL: its documents carry no seal */
    Publisher *publisher;     /* of the ledger's checkpoints; has threads of its own. NULL: nothing is made public */
    void (*random)(void *state, void *out, size_t length);
    void *random_state;
    const Room *const *rooms; /* of the program, from left to right, NULL ended; NULL: none is known */
    int draft_days;           /* after which an application that nobody hands in ends; 0: thirty */
    bool by_office_hours;     /* the county's setting: what is handed in outside office hours counts as received on the next working day, as was the practice */
    bool silence_agrees;      /* another organ that is asked for its opinion and does not answer by its day has no objection */
    int keeping_years;        /* for which the file of a case is kept after its end where its item does not say */
    int correction_days;      /* working days in which papers that were asked for are to come where the item does not say; 0: fifteen */
    const char *payment_secret; /* with which the bank signs what it tells of payments; NULL: it tells nothing */
    const char *payment_form;   /* what the QR code of a payment notice carries, with {reference} and {fen}; NULL: the reference alone */
    const Counties *counties; /* of a region, whose figures are theirs together; NULL: `county` is one itself */
};

void context_random(const Context *context, void *out, size_t length); /* from the context's randomness */
void random_secure(void *state, void *out, size_t length); /* cryptographic, of the system, for Context.random */
/* Are two secrets the same? It takes as long wherever they differ; their lengths are no secret. NULL equals nothing. */
bool secret_equals(const char *one, const char *other);
/* Repeatable randomness from a seed (an RNG state of 4 words), for the demo city and tests. */
typedef struct { uint64_t word[4]; } RandomSeed;
void random_seed(RandomSeed *state, uint64_t seed);
void random_repeatable(void *state, void *out, size_t length);

/* ---- rooms ---- */

/* A change of a subject, as listeners are told it (ledger/ledger.h). */
typedef struct SubjectChange SubjectChange;
/* Hears in the transaction of every change; false with an error undoes it. */
typedef bool Listener(const Context *context, const SubjectChange *change, GError **error);

/* All that others must know of a room, declared once, in ROOM/room.c; what it does not have is NULL. The tables end with
 * { 0 }; their types are those of the rooms that read them. */
struct Room {
    const char *name;                        /* of its folder, and so of its migrations, pages and words */
    const struct Route *routes;              /* http/http.h */
    const struct Route *region_routes;       /* the routes of a region's site */
    const struct Tab *tabs;                  /* http/http.h: its entries in the desks' navigation */
    const struct SubjectKind *const *subjects; /* subject/subject.h; NULL ended */
    const struct ListSpec *const *lists;     /* lists/lists.h; NULL ended */
    const struct DocumentKind *documents;    /* files/files.h */
    const struct MessageTemplate *messages;  /* outbox/outbox.h */
    const struct TimerKind *timers;          /* timers/timers.h */
    Listener *listens;
    const struct Measures *measures;         /* subject/subject.h: counted of its subjects */
    const struct Figure *figures;            /* subject/subject.h: published of the measures */
    /* The figures' further inputs beside the measures: numbers of the whole county as of a day, at most NUMBERS_MOST. */
    bool (*numbers)(const Context *context, Day day, int64_t *out, GError **error);
    const struct SubjectRecount *recount;    /* subject/subject.h: watches while all subjects are verified */
    /* Appends to `papers` what the room's register holds for a party today: {material, number_grouped, register_path}; and of a case with promised papers,
     * or part of a joint handling (else 0), {material, promise: "follows" or "vouched", until_day, waits: it has not come} and what other parts have
     * issued. What waits and "follows" counts until the case is accepted. */
    bool (*offers_papers)(const Context *context, int64_t party, int64_t case_number, json_t *papers, GError **error);
    /* Appends to `found` what fits a query besides items: {path, name, name_en, summary, summary_en}. */
    bool (*finds)(const Context *context, const char *query, json_t *found, GError **error);
    bool (*shares)(const Context *context, json_t *sources, GError **error); /* appends what papers of items may name to come by themselves (catalogue_shared) */
    bool (*asks_papers)(const Context *context, int64_t case_number, json_t *papers, GError **error); /* and of a case's {material, sharing, name, name_en} */
    /* Adds to what everybody may know of a document (files/files.h) what holds today of what it is about, and "applicant_name" where that is public. */
    bool (*tells_today)(const Context *context, const json_t *document, json_t *known, GError **error);
    /* Adds to what a member of the staff sees of himself at /desk/me. */
    bool (*tells_own)(const Context *context, json_t *own, GError **error);
    /* Refuses rooms whose declarations clash in what this room reads of them, and names the culprit. */
    bool (*fits)(const Room *const *rooms, GError **error);
    /* In a write, by the system, each time a county is opened: puts right what an older program, or one that was killed, has left. */
    bool (*settle)(const Context *context, GError **error);
    /* For `pinghu verify`: holds what the room keeps against the events, and tells differences. *count becomes the number
     * that the room's word "verified" tells; a room that has this word goes through all events. */
    bool (*verify)(const Context *context, const VerifyReport *told, int64_t *count, GError **error);
    /* In a write: takes away what the room keeps of a person in a subject that is erased (PIPL art. 47) or was never handed in. */
    bool (*forgets)(const Context *context, const char *subject, GError **error);
    /* Plays the room's part in a day of the demo city, within the day's transaction, as the system. */
    bool (*demo)(const Context *context, Day day, GError **error);
};

/* Whether these rooms can be one program: FAULT names two of one name, and what their `fits` refuse. */
bool rooms_fit(const Room *const *rooms, GError **error);
/* Tells a change to every room that listens, from left to right. */
bool rooms_tell(const Context *context, const SubjectChange *change, GError **error);
bool rooms_forget(const Context *context, const char *subject, GError **error);

/* ---- what is built into the program ---- */

/* A page, words, a migration, a style sheet or a table, by its path in the project ("cases/pages/case.mustache"). A NUL that `size` leaves out follows `bytes`. */
typedef struct Embedded {
    const char *name;
    const char *bytes;
    size_t size;
} Embedded;
extern const Embedded embedded[]; /* sorted by name */
extern const size_t embedded_count;
const Embedded *embedded_find(const char *name); /* NULL when there is none */

/* Call it once, before anything else. */
void base_start(void);

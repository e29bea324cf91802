// SPDX-License-Identifier: Apache-2.0
/* Subjects: whatever has a history in the ledger (a case, a licence, a project, an order …). A room describes a kind of
 * subject by tables: its record says once which columns a row has, its rules say which action may follow which. The row, the event's "change",
 * the folding of a history and the one way to take an action follow from them. */
#pragma once

#include "base/base.h"
#include "db/db.h"
#include "files/files.h"
#include "http/http.h"
#include "ledger/ledger.h"
#include "lists/lists.h"

extern const Room subject_room;

/* ---- records: the columns of a row as one table ---- */

/* Numbers are held as int64_t, texts as char * (owned by the record, never NULL). */
enum column_kind {
    RECORD_INTEGER,
    RECORD_WORD,    /* one of a list of words: a text in the row and in JSON, its index in the record */
    RECORD_TEXT,
    RECORD_JSON,    /* a text that holds JSON; "" where there is none */
    RECORD_DAY,     /* Day; 0: none. A number in the row, YYYY-MM-DD in JSON, "" for none */
    RECORD_INSTANT, /* Instant, UTC; 0: none */
    RECORD_MONEY,   /* fen */
    RECORD_FLAG,    /* 0 or 1 in the row, true or false in JSON */
};

enum column_flag {
    RECORD_KEY = 1 << 0,        /* number of the subject; with the county the key of the row */
    RECORD_PERSONAL = 1 << 1,   /* of a person (PIPL art. 4): stands in an event's private part, which can be erased, and in the row's
                                 * one sealed column (Record.personal) */
    RECORD_UNRECORDED = 1 << 2, /* kept in the row alone: no event tells it */
    RECORD_NUMBER = 1 << 3,     /* the number of a subject; 0: none */
    RECORD_ADOPTED = 1 << 4,    /* older programs recorded it nowhere: where no event tells a private part, the row is believed */
    RECORD_UNSEALED = 1 << 5,   /* personal, but a column of its own: everybody may read what stands there (masked), or nobody can (hashed),
                                 * or colleagues find each other by it (names of the staff) */
};

typedef struct RecordColumn {
    const char *name;          /* of the row's column and of the event's member */
    enum column_kind kind;
    size_t offset;
    const char *const *words;  /* of RECORD_WORD; NULL ended */
    unsigned group;            /* bit of the group with which it is updated; 0: never after the insert */
    unsigned flags;            /* enum column_flag */
    const char *folds;         /* the text column that this one repeats as list_fold has it, when it is saved; NULL: none. In the
                                * rows of an older program it is empty and is filled when the county is opened, if the first of a
                                * record's is empty nowhere else */
} RecordColumn;

enum {
    RECORD_WHOLE = 1 << 30, /* in the bits of groups: the row is not there yet */
    RECORD_COLUMNS_MOST = 64,
};

#define RECORD_COLUMN(type, member, kind, ...) { #member, kind, offsetof(type, member), __VA_ARGS__ }

/* A text beside the columns that only grows: each event carries what it appends. */
typedef struct RecordTrail {
    const char *name; /* of the row's column and of the event's member, after "facts" and before "private" in the alphabet */
    /* Writes the part that `after` has more than `before`; all of it where `before` is NULL. Owned by the caller. */
    char *(*write)(const void *before, const void *after);
    /* Appends what a text says; false when it does not parse or is too long. */
    bool (*read)(void *self, const char *text);
    /* Where it is kept apart from the struct: gives `to`, a copy byte by byte, its own, and frees it. NULL: it is in the struct. */
    void (*copy)(const void *from, void *to);
    void (*clear)(void *self);
} RecordTrail;

typedef struct Record {
    const char *table;       /* its first column is county */
    size_t size;             /* of the struct */
    const RecordColumn *columns;   /* in rising order of their names, as canonical JSON has them */
    size_t count;
    const RecordTrail *trail; /* NULL: none */
    const char *const *retired; /* NULL ended; NULL: none. Columns that older programs recorded, and that folding passes over */
    /* Offset of a personal text that no event records: the nonce with which an event's hash binds all that the row says of a
     * person. The row is then the private part itself, which saves another row for each subject. 0: private parts are kept apart. */
    size_t nonce;
    /* "TABLE.personal": the column in which the personal columns stand together, sealed (db.h), as lines NAME=VALUE in the order of their
     * names, a line feed in a text as \\n and a backslash doubled. NULL where there are none. */
    const char *personal;
} Record;

/* Is the table of columns what this header asks for? A fault that names the record and the column; to be asked at start. */
bool record_check(const Record *self, GError **error);
/* The column of that name; NULL when there is none. */
const RecordColumn *record_column(const Record *self, const char *name);
const RecordColumn *record_key(const Record *self);

/* Every text empty, every number 0. `self` holds nothing before. */
void record_init(const Record *self, void *row);
void record_clear(const Record *self, void *row);
/* `to` holds nothing before; what is not a column is copied byte by byte. */
void record_copy(const Record *self, const void *from, void *to);

enum record_part { RECORD_PUBLIC_PART, RECORD_PRIVATE_PART };
/* Do two rows differ in a column of the part? Unrecorded columns are in no part; `before` NULL is an empty row. */
bool record_differs(const Record *self, enum record_part part, const void *before, const void *after);
/* Appends the columns in which they differ, with the values of `after`, as canonical JSON; false: there are none and it is "{}". */
bool record_write_change(const Record *self, GString *out, enum record_part part, const void *before, const void *after);
/* Puts such a change over a row; false when a member is unknown, of the other part, or of the wrong kind. */
bool record_apply(const Record *self, enum record_part part, void *row, const json_t *change);
/* Is a personal column neither empty nor 0? */
bool record_tells_person(const Record *self, const void *row);
/* Every personal column becomes empty or 0; the groups in which they are to be written. */
unsigned record_forget(const Record *self, void *row);
/* Puts the columns of `from` that have one of the flags `with`, and none of `without`, into `to`. */
void record_take(const Record *self, const void *from, void *to, unsigned with, unsigned without);
/* One column as JSON. Owned by the caller. */
json_t *record_json(const RecordColumn *column, const void *row);
/* Recorded columns that are neither empty nor of a person. The number of a subject is a text, and beside it "<name>_grouped".
 * Owned by the caller. */
json_t *record_public(const Record *self, const void *row);
/* Writes the columns of these groups that fold others; the groups that have some. */
unsigned record_fold(const Record *self, unsigned groups, void *row);

/* The statements of a row, on `self->table`. */
bool record_insert(Db *db, int64_t county, const Record *self, const void *row, GError **error);
/* Writes the columns of these groups, and the trail, of an existing row. An index is written anew when a column of it is named,
 * changed or not: what seldom changes has a group of its own. */
bool record_update(Db *db, int64_t county, const Record *self, unsigned groups, const void *row, GError **error);
/* Appends "a, b, c", as record_read expects them, with `before` before each; returns how many. */
int record_append_columns(const Record *self, GString *sql, const char *before);
/* The lines in which the sealed columns stand. Owned by the caller. */
char *record_write_personal(const Record *self, const void *row);
/* Puts them into a row, whose sealed columns are empty; false when they are none of this record. */
bool record_read_personal(const Record *self, const char *lines, void *row);
bool record_is_sealed(const RecordColumn *column);
/* A walk through the rows in the order of their keys, page by page, so that what is done with one may write. */
enum { RECORD_PAGE = 500 };
typedef struct RecordWalk {
    Db *db;
    int64_t county;
    const Record *record;
    const RecordColumn *empty; /* not NULL: through the rows in which this text is empty */
    bool failed;
    bool is_damaged;    /* the row at hand could not be read whole */
    char *page;         /* this and on: of the walk */
    bool damaged[RECORD_PAGE];
    size_t count, next;
    bool is_last;
    int64_t after;
} RecordWalk;
/* The next row, read as far as it can be, which the walk owns until it goes on; NULL behind the last, and where it `failed`. */
void *record_next(RecordWalk *self, GError **error);
void record_walk_end(RecordWalk *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RecordWalk, record_walk_end)
/* Replaces a text that a record owns. */
void record_set(char **text, const char *value);
/* All that can be read of the present row of such a query, whose statement has a :county; false when a word is none of its column's, or
 * the trail does not parse, or the personal columns do not open. `row` holds nothing before. */
bool record_read(const Record *self, const DbRows *rows, void *row);
/* The row with that key; *found tells whether there is one, else `row` is all 0. FAULT when it is damaged. */
bool record_load(Db *db, int64_t county, const Record *self, int64_t key, void *row, bool *found, GError **error);
/* The same with the head of `subject`, the row's own, so that its next event need not look for it. */
bool record_load_to_act(Db *db, int64_t county, const Record *self, int64_t key, const char *subject, void *row, SubjectHead *head,
                        bool *found, GError **error);

/* ---- rules: which action may follow which ---- */

typedef struct SubjectKind SubjectKind;
typedef struct SubjectRule SubjectRule;

/* Everything that an action may bring along; what is not used stays zero. Borrowed until the action is taken. */
typedef struct SubjectInput {
    int64_t seen;            /* subject_seen as the actor saw it; -1: whichever (system, demo) */
    const char *opinion, *reason, *basis; /* basis: the article or document that the action rests on */
    const char *special;     /* kind of special procedure (Licensing Law art. 45) */
    int64_t days;            /* working days */
    Day day;                 /* 0: none */
    const json_t *materials; /* names of papers: asked for, or handed over on paper */
    const char *material;    /* to which the uploads belong */
    const Upload *uploads;
    size_t upload_count;
    int64_t level;           /* of satisfaction: 1 (very dissatisfied) to 5 (very satisfied) */
    const char *organ;       /* another organ, by name */
    const json_t *fields;    /* further fields of the kind's own */
    json_t *further;         /* an object into which effects put facts of their own; NULL: they have none */
    const json_t *loaded;    /* of a history from another system: where it was read, which the event's facts repeat. That
                              * system wrote its documents, so none is written. NULL: it happens here */
} SubjectInput;

/* The parts of an input that a rule needs, or takes where they are given; they become the event's facts. */
enum subject_need {
    NEED_OPINION = 1 << 0,
    NEED_REASON = 1 << 1,
    NEED_MATERIALS = 1 << 2,
    NEED_SPECIAL = 1 << 3,
    NEED_DAYS = 1 << 4,
    NEED_LEVEL = 1 << 5,
    NEED_PAPERS = 1 << 6,
    NEED_ORGAN = 1 << 7,
    TAKES_MATERIALS = 1 << 8,
    TAKES_OPINION = 1 << 9,
    NEED_BASIS = 1 << 10,
    NEED_DAY = 1 << 11,
    TAKES_ORGAN = 1 << 12,
    TAKES_BASIS = 1 << 13,
    ASKS_MATERIALS = 1 << 14, /* names of papers that are asked for; where something else is, there may be none */
    NEED_OWN = 1 << 16,  /* this and higher bits: what the kind's own guards and effects look at (fields) */
    TAKES_OWN = 1 << 24, /* this and higher bits: the same where it may be empty */
};

/* An action that is being judged and taken. */
typedef struct SubjectTurn {
    const Context *context;
    const SubjectKind *kind;
    const SubjectRule *rule;
    const void *present; /* the record as it is */
    const SubjectInput *input;
    const void *work;    /* of subject_take */
} SubjectTurn;

/* Refuses what the table alone cannot tell. */
typedef bool SubjectGuard(const SubjectTurn *turn, GError **error);
/* Changes `next`, a copy of the present whose state is the rule's already. */
typedef bool SubjectEffect(const SubjectTurn *turn, void *next, GError **error);

enum { SUBJECT_STAYS = -1 };

struct SubjectRule {
    const char *name;      /* as in addresses and words */
    const char *event;     /* kind of the event: "case.accepted". LEDGER_ERASED also forgets the personal data; LEDGER_RESTRICTED, which needs
                            * day and reason, keeps the history from saying more than what happened when */
    uint32_t from;         /* bit set of states */
    unsigned relations;    /* bit set of the kind's relations to the subject: any of them may act */
    unsigned roles;        /* for relations that are held by a role */
    int to;                /* state, or SUBJECT_STAYS */
    unsigned needs;        /* bit set of enum subject_need */
    const char *document;  /* kind of the document that is written; NULL: none */
    bool main;             /* the first choice of the person whose turn it is */
    SubjectGuard *guard;   /* NULL: the table tells all */
    SubjectEffect *effect; /* NULL: only the state changes */
    bool inner;            /* the event is for the staff alone */
    const char *law;       /* the article on which the rule rests, as people cite it: "《行政许可法》第三十二条"; NULL: none */
    const char *certificate; /* kind of a second document of the same facts, on which the first decides; NULL: none */
};

/* Relations of the person who acts to the subject. */
enum subject_relation {
    BY_HOLDER = 1 << 0, /* with number and tracking code of the case that the kind's `holder` names */
    BY_ITS_ORGAN = 1 << 1,  /* the organ that the kind's `organ` names, with one of the rule's roles */
    BY_SYSTEM = 1 << 2,
    BY_KEEPER = 1 << 3, /* the security administrator */
    BY_OWN = 1 << 8,    /* this and higher bits: what the kind's is_entitled looks at */
};

/* A kind of subject. Hooks that are NULL have nothing to say; document must be there where a rule has one. */
struct SubjectKind {
    const char *name;             /* "case": its subjects are "case/…" */
    const char *words;            /* room of its words: refusals "<words>.stale", "not_now", "not_yours", "needed" */
    const char *none;             /* refusal of a number that no subject has: "cases.no_case" */
    bool is_of_person;            /* its events are EVENT_PERSONAL (ledger/ledger.h) */
    const char *paths[STAFF + 1]; /* by enum actor_kind: "/desk/cases", below which the number is the address of the page that
                                   * such an actor is shown; NULL: the visitor's */
    const Record *record;
    const char *const *states;    /* words of the state; NULL ended */
    const SubjectRule *rules;     /* each the first member of a struct of rule_size bytes */
    size_t rule_size, rule_count;
    /* Until this action, which hands it in, the row alone has what is said (a draft): neither ledger nor listeners learn of it, and of a
     * person it is the private part itself (Record.nonce). Then the event `begins` records all that the row says, with the facts of
     * `begun` (canonical JSON, owned by the caller), and the action follows. NULL: recorded from the beginning. */
    const SubjectRule *hands_in;
    size_t revision;              /* offset of int64_t: how often a draft has been changed, which has no events to count; 0: not kept */
    const char *begins;
    char *(*begun)(const Context *context, const void *draft, GError **error);
    size_t state, events, head, unwritten; /* offsets in the record of int64_t, int64_t, SubjectHead and unsigned */
    unsigned always_group;        /* columns that every action writes */
    size_t item, organ, division; /* where its events happen: offsets of char *, int64_t, int64_t; 0: of no item, at the centre, in the whole county */
    size_t holder;                /* offset of int64_t: the number of the case whose holder may act (BY_HOLDER) */
    size_t restricted;            /* offset of int64_t: 1 where its use is restricted (SUBJECT_RESTRICTED_AS); 0: the ledger alone tells it */
    bool is_beside;               /* it happens beside the case that `holder` names (0: none), whose page tells of it (subject_put_beside); with the case it
                                   * is erased or restricted in its use, by rules of the system from every state, where its record tells of persons */
    char *(*cited)(const void *present); /* the text by which a decision on its case cites it, owned by the caller; NULL: it does not */
    bool (*may_begin)(const Context *context, const void *of); /* may the actor begin one beside this Case? Its page then leads to PATH/of/{its number}; NULL: nobody */
    Instant (*own_since)(const Actor *actor, const void *of); /* of a case: since when the actor holds it, what was written before being the former holder's; 0: always */
    uint32_t one_open;            /* bit set of states: while one of it is in any of them, that page offers no other; 0: it does */
    bool (*tell_beside)(const Context *context, const void *present, json_t *row, GError **error); /* adds "due_day" to what that page tells */
    /* May the actor open that page? NULL: everybody who has a page. */
    bool (*may_see)(const Actor *actor, const void *present);
    /* May the actor take the action on this subject, whatever its state? NULL: as the rule's relations say. */
    const char *const *relations; /* words of the kind's own relations from BY_OWN on, NULL ended; NULL: it has none */
    bool (*is_entitled)(const Actor *actor, const void *present, const SubjectRule *rule, int64_t county);
    /* Beside the state: does the table allow the action now? */
    bool (*is_open)(const SubjectTurn *turn);
    /* After the rule's effect: what follows from every action (who acts next, by when). */
    SubjectEffect *follow;
    /* Actions that the system takes by itself: `due` says which and when (0: never), `timer` names the timer (Room.timers, with
     * subject_timer_rang) that is kept set for then. NULL: none. */
    const char *timer;
    Instant (*due)(const void *present, const SubjectRule **rule);
    /* The article to cite for the turn's rule, and the kind of document that it writes, where they depend on the subject. NULL: as the rule
     * says. Asked only where the rule has one; without a kind no document is written. */
    const char *(*law)(const SubjectTurn *turn);
    const char *(*document_kind)(const SubjectTurn *turn);
    /* The facts of the rule's document after the action: canonical JSON, owned by the caller. */
    char *(*document)(const SubjectTurn *turn, void *next, GError **error);
    /* Adds to a line of the history (subject_put_history) what the kind has to say of an event; the turn has no rule. */
    bool (*tell)(const SubjectTurn *turn, const Event *event, json_t *line, GError **error);
    bool (*explain)(const SubjectTurn *turn, json_t *lines, GError **error); /* adds to the whole history, after the walk through its events */
    /* Is the action offered to the person where the table allows it? NULL: unless its guard would refuse it whatever is typed. */
    bool (*offers)(const SubjectTurn *turn);
    /* *opens: may the actor, who is inside, open its documents? NULL: he may. */
    bool (*opens)(const Context *context, const void *present, bool *opens, GError **error);
    /* The answer of its page: what everybody, or who is inside (subject_page), may know of it; owned by the caller. NULL with an error. */
    json_t *(*answer)(const Context *context, const void *present, bool is_inside, GError **error);
    const Field *fields;          /* of the actions' route */
    /* In place of subject_take: looks up what guards and effects need (SubjectTurn.work). */
    bool (*take)(const Context *context, void *self, const SubjectRule *rule, const SubjectInput *input, GError **error);
    /* The room's table of hashes by which its persons are found (lists/lists.h), with a table <sought>_filled (county) of the counties in which
     * the subjects of older programs have theirs; and what the present one is found by, borrowed of it; false: by nothing. NULL: none. */
    const char *sought;
    bool (*person)(const void *present, Sought *out);
    /* While verifying: the fact of a document that does not say what the event, with these facts, and the subject just after it say; NULL
     * where all fits. What is personal stands in `kept` where the row is its own private part (Record.nonce), else in `then`; it is empty
     * once erased. NULL: documents are not compared. */
    const char *(*differs)(const void *then, const void *kept, const Event *event, const json_t *facts, const json_t *content);
};

/* Are record and rules what this header asks for? A fault that names the kind and the rule; to be asked at start. */
bool subject_check(const SubjectKind *kind, GError **error);
/* The rule by its place in the table, and by its name in addresses; NULL when there is none. */
const SubjectRule *subject_rule(const SubjectKind *kind, size_t place);
const SubjectRule *subject_rule_named(const SubjectKind *kind, const char *name);
size_t subject_rule_place(const SubjectKind *kind, const SubjectRule *rule);
/* "case/330482140903000123"; owned by the caller. */
char *subject_text(const SubjectKind *kind, const void *self);
int64_t subject_number(const SubjectKind *kind, const void *self);
/* The number that a page has seen, for SubjectInput.seen: that of its last event; of a draft one that no event has. */
int64_t subject_seen(const SubjectKind *kind, const void *self);

/* ---- its name, for whoever is told of it ---- */

/* The kind and the number that "licence/330482140903000123" names; NULL where it is of none of these rooms. */
const SubjectKind *subject_named(const Room *const *rooms, const char *subject, int64_t *number);
/* The number as people read it: "330482 140903 000123"; owned by the caller. Reading accepts blanks. */
char *subject_number_grouped(int64_t number);
bool subject_number_read(const char *text, int64_t *number);
/* The address of its page for such an actor, who may see it or not; NULL where there is none. Owned by the caller. */
char *subject_path(const SubjectKind *kind, int64_t number, enum actor_kind reader);
/* Any subject for context->actor: {about: the name of its kind, whose word is codes.about.<name>; of a kind with a record also
 * subject_number, grouped, and subject_path, the address of its page, where the actor may open it}. Owned by the caller. */
json_t *subject_about(const Context *context, const char *subject, GError **error);

/* A number that no subject of the kind has: county, day and serial of the day, 18 digits. */
bool subject_draw_number(const Context *context, const SubjectKind *kind, Day day, int64_t *number, GError **error);

/* Do the rule's relations but the kind's own let the actor act? */
bool subject_is_entitled(const Actor *actor, const SubjectKind *kind, const void *present, const SubjectRule *rule, int64_t county);
/* Does the table allow the action now, whoever takes it? */
bool subject_is_open(const SubjectTurn *turn);

/* One action on a subject in hand, within one transaction: judges by the table, appends the event, writes the document and
 * tells the listeners. The row is written by subject_save, without which the transaction may not end. `work` is handed to the
 * kind's guards and effects. Refuses CONFLICT "<words>.stale" (seen is not the present), "subject.draft_stale", "<words>.not_now",
 * reasons of the guard; NOT_ALLOWED "<words>.not_yours", both with the rule's law; NOT_FITTING for what is missing. A refusal leaves the subject
 * as it was. */
bool subject_take(const Context *context, const SubjectKind *kind, void *self, const SubjectRule *rule,
                  const SubjectInput *input, const void *work, GError **error);
/* Appends the event of what differs between two records, whose head is known, with these facts (canonical JSON, or NULL), and
 * tells the listeners of `change`, which names kind, rule, before and after. */
bool subject_record(const Context *context, const char *event, const char *facts, SubjectChange *change, const void *before,
                    void *after, GError **error);
/* The first event of a subject, whose number nobody has used, or a draft where the kind has such; what a LOADER begins is recorded.
 * `facts` is canonical JSON, or NULL. */
bool subject_begin(const Context *context, const SubjectKind *kind, void *self, const char *event, const char *facts, GError **error);
bool subject_save(const Context *context, const SubjectKind *kind, void *self, GError **error);
/* NOT_FOUND with the kind's reason. */
bool subject_load(Db *db, int64_t county, const SubjectKind *kind, int64_t number, void *out, GError **error);
/* Loads, takes and saves. `out` is the record after the action, holds nothing before, and is to be cleared by the caller, also
 * after a refusal. */
bool subject_act(const Context *context, const SubjectKind *kind, int64_t number, const SubjectRule *rule,
                 const SubjectInput *input, void *out, GError **error);

/* TimerKind.run of SubjectKind.timer; where the rule needs a reason it is "term_over". */
bool subject_timer_rang(const Context *context, const char *subject, Instant at, GError **error);

/* In a write by the system: erases a subject again that a restored backup has brought back, or restricts its use again until that day
 * (0: erases), for the reason "restored". *done is false where there is none, or where it may not be done as it stands (a licence in force);
 * with `looks` nothing is done, only told. */
bool subject_erase_again(const Context *context, const char *subject, Day until, bool looks, bool *done, GError **error);

/* ---- showing ---- */

/* The input of an action as a form or a program gives it, by the fields that have the names of SubjectInput's members. */
SubjectInput subject_input(const Request *r);
/* The short answer of an action: {number, number_grouped, state, seen}. Owned by the caller. */
json_t *subject_summary(const SubjectKind *kind, const void *self);
/* Takes the action that r->path[1] names on the subject of that number, with what was sent: the short answer. NOT_FOUND "<words>.no_action"; otherwise as subject_act. */
json_t *subject_take_asked(const Request *r, const SubjectKind *kind, int64_t number, GError **error);
/* The actions that are open to context->actor now: [{action, path (`base`/action), main, seen, law, has_questions,
 * is_<action>: true, needs_…: true}]. `work` is handed to the kind's hooks. Owned by the caller. */
json_t *subject_actions(const Context *context, const SubjectKind *kind, const void *self, const void *work, const char *base);
/* Puts the form (http.h, form_put) of each of the answer's "actions" under its "form": those of `fields` whose Field.need its
 * rule needs, which are then required, or takes; "is_tried": true for the one that was refused. Nothing for a program. */
void subject_put_forms(const Request *r, const SubjectKind *kind, const Field *fields, json_t *answer);
/* Puts into the answer "history" [{sequence, event, event_at, actor_kind, actor_name of the staff for the staff, for_name (of the
 * member of the staff on leave for whom it was done), and the facts of the event}] and "recorded" [{number, sequence, event, event_at, path, proof_path, and for the subject's holder
 * text, which the commitment binds}], and "is_restricted": its use is restricted, and nothing but what happened when is told. Inner opinions and the staff's names are for the staff; reasons and times for everybody. Both are shared with
 * other readers: nobody changes them. */
bool subject_put_history(json_t *answer, const SubjectTurn *turn, GError **error);

/* Puts into the answer of the case's page "beside" [{about, subject_number (grouped), subject_path, state, due_day}] of the subjects beside the case that
 * the actor may see, "beside_offers" [{beginning: its name, whose word is codes.beginning.<name>, path}] of those that he may begin, and "has_beside": there are any. */
bool subject_put_beside(const Context *context, const void *of, int64_t case_number, json_t *answer, GError **error);

/* Takes out of the answer's "documents", "history" and "recorded" the codes by which documents open, and the texts that commitments bind, and says "hides_codes":
 * for a holder who came by a code that others have seen. */
void subject_hide_codes(json_t *answer);
/* Takes out of its "documents" and "history" what leads to a document written before that instant: the own_since of the case beside which a subject is. */
void subject_hide_former(json_t *answer, Instant since);
bool subject_own_since(const Context *context, const SubjectKind *kind, const void *present, Instant *since, GError **error);

/* The number that stands first in the address of a page, and its subject. NOT_FOUND with the kind's reason. */
bool subject_number_asked(const Request *r, const SubjectKind *kind, int64_t *number, GError **error);
bool subject_load_asked(const Request *r, const SubjectKind *kind, void *out, GError **error);
/* Handlers of the routes PATH/{number} and PATH/{number}/{action} of a kind with that path. The page has the kind's `answer`, "organ" and
 * "seen"; for those inside, the staff, the holder of the case beside which it is, and whoever some rule lets act, also "is_inside", "documents" and "has_documents",
 * "actions" with their forms and "has_actions", history and recorded. NOT_FOUND with the kind's reason also where may_see says no. */
Handler subject_page, subject_page_act;

/* ---- what is counted ---- */

enum { MEASURES_MOST = 18, COUNTS_MOST = 4 };

/* By how much a change alters measures, and the place at which they are counted. */
typedef struct Count {
    Day day;
    int64_t division, organ;      /* 0: none */
    const char *item, *channel;   /* borrowed; NULL: none */
    bool is_by_hour;              /* kept by the hours of the day alone; else by all that is above alone */
    int64_t hour;                 /* 0 to 23 */
    int64_t by[MEASURES_MOST];    /* in the order of the measures' names */
} Count;

/* Measures (计量): numbers that the changes of a kind of subject alter. They are kept as sums by day, division, organ, item
 * and channel, written in the transaction of the change, and counted anew by `pinghu verify`. */
typedef struct Measures {
    const SubjectKind *kind;
    const char *const *names; /* "licences.issued" …: at most MEASURES_MOST, NULL ended; each once in the program */
    /* Fills at most COUNTS_MOST entries, which were all zero, and returns how many. What it tells follows from the change alone. */
    size_t (*counts)(const SubjectChange *change, Count *out);
} Measures;

/* ---- figures ---- */

enum figure_formula {
    COUNT_OF,    /* top */
    SHARE_OF,    /* top ÷ bottom */
    SAVING_OF,   /* 1 − top ÷ bottom */
    STANDING_OF, /* all of top up to the last day asked for */
};

enum { NUMBERS_MOST = 48 };
#define NUMBER_UNKNOWN INT64_MIN /* a figure made of it has no value */

/* A figure (指标): what is published of a room's work in a period. Dashboard, bulletin and comparison take those of all rooms. */
typedef struct Figure {
    const char *key;     /* "centre.speedup": as in data/published.csv; it is called by the words "<room>.figures.centre_speedup" */
    const char *unit;    /* the words "indicators.units.<unit>" */
    enum figure_formula formula;
    const Measures *of;  /* NULL: top and bottom are places in the room's numbers */
    int top, bottom;     /* places in the measures' names */
    unsigned top_channels, bottom_channels; /* bit sets of the channels of cases; 0: all */
    const char *path;    /* of the list behind, with {day} for the last day asked for; NULL: none but that of cases */
    int path_day;        /* not 0: the place of the number that is the {day} */
} Figure;

/* ---- verifying ---- */

/* Sees every change on the way, subject after subject. */
typedef struct SubjectWatch {
    void (*see)(void *data, const SubjectChange *change);
    void *data;
} SubjectWatch;

/* A room's watch over the subjects of all kinds while they are verified (Room.recount). */
typedef struct SubjectRecount {
    void *(*begin)(const Context *context);
    void (*see)(void *data, const SubjectChange *change);
    /* After the last change: tells differences between what was seen and what is kept. */
    bool (*compare)(void *data, const VerifyReport *told, GError **error);
    void (*end)(void *data);
} SubjectRecount;
/* Rebuilds every row of a kind from the ledger and compares: each difference is told by its number with the sentences
 * "<words>.found_event", "found_differs", "found_without_events", "found_missing" and "found_private", and how many events were
 * followed; *count is the number of subjects in the ledger and of drafts. `watch` may be NULL. The numbers of a kind have equally many
 * digits. False only when it could not be read, or at the first difference where nobody is told (NULL). */
bool subject_verify(const Context *context, const SubjectKind *kind, const VerifyReport *told, const SubjectWatch *watch,
                    int64_t *count, GError **error);
/* Holds what the subjects of a kind are found by (SubjectKind.sought) against their rows: each that differs is told with the sentence
 * "<words>.found_sought". */
bool subject_verify_sought(const Context *context, const SubjectKind *kind, const VerifyReport *told, GError **error);
/* Both of all kinds of all rooms, while those that recount watch; *count is the number of all subjects. */
bool subject_verify_all(const Context *context, const VerifyReport *told, int64_t *count, GError **error);

#include "subject/beside.h"

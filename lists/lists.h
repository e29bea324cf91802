// SPDX-License-Identifier: Apache-2.0
/* Lists. A room describes a list as data: where its rows come from, their columns, filters, orders and tabs, and who sees
 * which of them. From that this room makes the page (lists/pages), the JSON, files of the same rows (CSV, XLSX, JSON), saved
 * views, actions on many rows, and the way from one row's own page to the next.
 *
 * Promises: a page costs what its own rows cost, however many there are. Rows are found by an index in the order in which
 * they are shown, and a page goes on behind the last row of the one before, so none is missed and none shown twice while
 * others come and go. A filter without an index is held against at most `bound` rows for a page; the page then says so and
 * offers to search on. Totals are counted to 500, and to the end only on request. Personal columns are masked unless the
 * list's `clear` lets this reader read them. SQL is composed of the description's own names; what is asked for goes in as
 * parameters. */
#pragma once

#include "http/http.h"
#include "identity/identity.h"

/* ---- the description ---- */

enum list_kind {
    LIST_TEXT,
    LIST_FOLDED,     /* text as list_fold or list_search_text writes it: only this is searched */
    LIST_WORD,       /* a code, shown by its word: codes.<words>.<value> of any room */
    LIST_DAY,        /* text YYYY-MM-DD; "" is none */
    LIST_DAY_NUMBER, /* days since 1970-01-01; 0 is none */
    LIST_INSTANT,
    LIST_INTEGER,
    LIST_NUMBER,     /* a long number that is a name, as a case's: text in JSON */
    LIST_MONEY,      /* fen */
    LIST_FLAG,       /* 0 or 1 */
    LIST_DIVISION,   /* 12 digits */
    LIST_ORGAN,
};

/* A column of the table. The word above it is <room>.fields.<name>. A page in English has the text of the
 * column <name>_en in its place, where there is one. */
typedef struct ListColumn {
    const char *name;
    enum list_kind kind;
    enum { LIST_SHOWN, LIST_EXPORTED, LIST_UNSHOWN } where; /* unshown: for filters, orders and the link alone */
    const char *words;               /* LIST_WORD: the codes' name; NULL: the column's */
    char *(*mask)(const char *text); /* personal text, shown as this writes it; NULL: not personal */
    bool is_head;                    /* names the row, and carries its link */
    const char *from;                /* the table's column that stands here until the list's `tell` says what follows from it; NULL: of this name */
    const char *hashed;              /* LIST_FOLDED: what stands here of persons is list_hash of this purpose; NULL: nothing is hashed */
} ListColumn;                        /* a table ends with { 0 } */

enum list_compare {
    LIST_EQUAL,
    LIST_FROM,   /* this day or number and later ones */
    LIST_UNTIL,  /* this day or number and earlier ones */
    LIST_WITHIN, /* a division and those below it */
};

/* A choice that means more than one value: all from the first to the last, in the order of the texts. */
typedef struct ListSpan {
    const char *choice, *first, *last;
} ListSpan; /* a table ends with { 0 } */

/* A field of the list's route that narrows it. Rows are looked through for it, within `bound`, but where the order begins
 * with the column or an index of the tab's scope holds it. */
typedef struct ListFilter {
    const char *field;
    const char *column; /* NULL: the first one of the order */
    enum list_compare compare;
    const ListSpan *spans; /* LIST_EQUAL of a text; NULL: each choice means itself */
    /* Looks up what a text names, NOT_FOUND where there is none; that is refused with the sentence `none`. NULL: any text. */
    json_t *(*find)(Db *db, int64_t county, const char *text, GError **error);
    const char *none;
} ListFilter;              /* a table ends with { 0 } */

enum { LIST_COLUMNS = 3, LIST_SCOPES = 3 };

/* An order (?sort=due, largest first ?sort=-due); rows that are equal stand by their key. */
typedef struct ListOrder {
    const char *name;
    const char *columns[LIST_COLUMNS + 1];
    bool descending; /* the largest first, where nothing is said */
    const char *head; /* the column whose head sorts so; NULL: the first of `columns` */
} ListOrder;    /* a table ends with { 0 } */

/* Rows that a person may see: those with certain values in `equal`, and for which `only` and `also` hold, conditions on the
 * table's columns with constants. Each order of the tab has an index on `equal` and the order's columns. */
typedef struct ListScope {
    const char *equal[LIST_COLUMNS + 1];
    const char *only;   /* written as in the partial index that it opens; NULL: no condition */
    const char *also;   /* without an index: rows are looked through for it, within `bound`; NULL: no condition */
    const char *narrow; /* the column of a filter LIST_EQUAL, for which each order has an index with this column too; NULL: none */
} ListScope;

typedef struct ListSeen ListSeen;
/* Opens to the actor the rows of the tab's scope `scope` (0 first) that have `values` in its columns `equal`, in their
 * order. What is opened twice counts once; several openings should not overlap otherwise, or totals count rows twice. More
 * than 256 of them make the list a FAULT. */
void list_grant(ListSeen *self, size_t scope, const int64_t *values);
/* `asked` are the list's fields. What is opened is narrowed by them in any case. */
typedef bool ListSees(const Request *r, const json_t *asked, ListSeen *seen, GError **error);
/* Scope 0, by its column of organs: rows of the organs at which the actor has a post. The second opens scope 1, without values, to
 * supervisors and auditors instead. */
ListSees list_sees_own_organs, list_sees_own_organs_or_all;

/* A tab: rows of certain scopes, with the roles that it is offered to. A list has at least one. */
typedef struct ListTab {
    const char *name;  /* ?list=; its word is codes.list.<name> of any room; NULL where it is the only one */
    unsigned roles;    /* 0: everybody who may open the list */
    ListScope scopes[LIST_SCOPES];
    ListSees *sees;    /* NULL: scope 0, without values, is open to everybody */
    unsigned orders;   /* bit set of the list's orders that it offers, of which the first is its own; 0: all */
    bool counted;      /* its number stands on it */
} ListTab;             /* a table ends with { 0 } only behind at least one */

/* Text typed into "q" is searched for as a number, as the beginning of a text or as words within one. */
typedef struct ListSearch {
    bool (*number)(const char *text, int64_t *number); /* reads the list's key; NULL: none is typed */
    const char *begins[5]; /* NULL ended: orders whose first column, LIST_FOLDED, may begin with it */
    const char *contains;  /* a column LIST_FOLDED, as list_search_text has it, looked through within `bound` for the first four words typed;
                            * NULL: none */
    const char *sought;    /* the table by which persons and enterprises are found in further ways than by the first letters (sought_ways),
                            * where the orders find nobody; NULL: none */
    bool of_persons;       /* a person may be found so: that the staff search goes into the security log, without what they typed, and
                            * it is typed into a form that is posted (list_find) */
} ListSearch;

/* How rows are read that need more than their columns. */
typedef struct ListReader {
    void (*select)(GString *sql);                                   /* appends "a, b, c", the columns to read */
    void *(*read)(const DbRows *rows, GError **error);              /* they are the first; NULL: an object of the columns */
    json_t *(*show)(const Request *r, const void *row, GError **error);
    void (*free_row)(void *row);
    /* The column that counts a row's changes, and the template of one row, which the page shows as {{page.parts.rows}}: a row that has
     * not changed is then neither read nor rendered again on its day. NULL: the page writes the rows itself. */
    const char *version, *part;
} ListReader;

/* An action on many rows. Each is judged for itself: what `act` refuses, which it does before it writes anything, does not
 * keep the others from being done. A row is sent as its key, or as "KEY~SEEN" where the page tells the version that it shows. */
typedef struct ListAction {
    const char *name; /* its word is codes.list_action.<name> of any room */
    unsigned roles;
    bool (*act)(const Request *r, int64_t key, int64_t seen, GError **error); /* seen 0: not told */
} ListAction;         /* a table ends with { 0 } */

/* Further columns of a list's files, which follow from what is asked. */
typedef struct ListFurther {
    /* [{"name", "title" in the reader's language, "is_number"}], maybe none. Owned by the caller.
     */
    json_t *(*columns)(const Request *r, GError **error);
    /* Puts the row's texts under these names into it. */
    bool (*fill)(const Request *r, int64_t key, json_t *row, GError **error);
} ListFurther;

typedef struct ListSpec {
    const char *name;           /* once in the program: saved views and ?from= name it */
    const char *room;           /* its words: <room>.fields.<column>; heading <room>.<name> */
    const char *path;           /* "/desk/licences" */
    const char *table, *key;    /* one key, a column, besides the county */
    const ListColumn *columns;
    const Field *fields;        /* of the route: LIST_FIELDS and those of the filters */
    const ListFilter *filters;  /* NULL: none */
    const ListOrder *orders;
    const ListTab *tabs;
    const char *tab_field;      /* the field that names the tab; NULL: "list" */
    /* Judges what is asked, and may put into it what it does not say; NULL: it stands as it is. */
    bool (*complete)(const Request *r, json_t *asked, GError **error);
    int64_t bound;              /* rows that are looked through at most for a page; 0: every filter has its index */
    int64_t page;               /* rows on a page; 0: 25 */
    ListSearch search;
    const char *link;           /* "/desk/licences/{number}", filled from the columns; NULL: rows lead nowhere */
    bool is_walked;             /* the row's own page takes ?from= and asks list_neighbours */
    const char *rows;           /* what the JSON calls them; NULL: "rows" */
    const ListReader *reader;   /* NULL: the columns say all */
    void (*tell)(const Request *r, json_t *row); /* says of its columns what holds now; NULL: they say it */
    bool (*clear)(const Actor *actor); /* may he read what is personal? NULL: nobody */
    const ListAction *actions;  /* NULL: none */
    const ListFurther *further; /* NULL: none */
} ListSpec;

/* The fields of every list's route. */
extern const char *const list_formats[], *const list_matches[];
enum { LIST_TYPED = 100 /* characters that are searched for, at most */, LIST_ADDRESS = 800 /* of a value that may stand sealed in an address */ };
#define LIST_FIELDS { .name = "list", .most = 40, .room = "lists" }, LIST_FIELDS_BUT_TAB
#define LIST_FIELDS_BUT_TAB                                                                                                   \
    { .name = "q", .most = LIST_ADDRESS, .room = "lists", .label = "lists.search" },                                                    \
        { .name = "match", .kind = FIELD_CHOICE, .choices = list_matches, .room = "lists" }, LIST_FIELDS_BUT_SEARCH
#define LIST_FIELDS_BUT_SEARCH                                                                                                \
    { .name = "sort", .most = 40, .room = "lists", .look = LOOK_NONE },                                                        \
        { .name = "after", .most = LIST_ADDRESS, .room = "lists", .look = LOOK_NONE },                                                  \
        { .name = "before", .most = LIST_ADDRESS, .room = "lists", .look = LOOK_NONE },                                                 \
        { .name = "exact", .kind = FIELD_FLAG, .room = "lists", .look = LOOK_NONE },                                           \
        { .name = "format", .kind = FIELD_CHOICE, .choices = list_formats, .room = "lists", .look = LOOK_NONE },               \
        { .name = "filter", .kind = FIELD_FLAG, .room = "lists", .look = LOOK_NONE }

extern const Route list_routes[]; /* /desk/lists/{list}/views, /desk/lists/{list}/actions/{action} */

/* Holds a description against the tables as the migrations make them: FAULT names the list and the column, order or filter
 * that has no index or does not exist. Asked of every Room.lists when the program starts. */
bool list_check(const ListSpec *self, GError **error);

/* ---- what a list answers ---- */

/* The handler of the list's route: {"list", "lists": [{list, path, is_here, count, count_capped}], the rows, "none",
 * "total", "total_capped", "exact": address that counts them all, "more" and "previous": addresses of the next page and the
 * one before, "searched": rows looked through where there may be more}; for a page also what its partials need. With
 * ?format= a file of up to 10,000 rows. NOT_FITTING names the field for a tab, order or place that is none. */
json_t *list_show(Request *r, const ListSpec *self, GError **error);
/* The same as the handler of a list's own path. */
Handler list_page;
/* Prepares a POST to that path, with the same fields, for a list by which persons are found: leads to its page, whose address does not
 * tell what was typed. */
Handler list_find;

/* For the page of a row, whose route has LIST_FROM_FIELD: where ?from= names one of `lists` (NULL ended) and what was
 * asked of it, `answer` gets "neighbours" {"list", "previous", "next"}: the addresses of the list and of the rows beside the
 * one with this key. NOT_FITTING "from" when it names none, or asks what the list does not answer. */
#define LIST_FROM_FIELD { "from", FIELD_TEXT, 0, 1000, false, NULL, NULL }
bool list_neighbours(const Request *r, const ListSpec *const *lists, int64_t key, json_t *answer, GError **error);

/* ---- for columns that are searched ---- */

/* Letters as people's typing is compared: NFKC and small, runs of blanks as one, none at the ends. Owned by the caller. */
char *list_fold(const char *text);
/* The same without any blank. Owned by the caller. */
char *list_fold_closed(const char *text);

/* A folded text that nobody may read back, so that rows are found by its first letters (personal_hash): "~", then for each letter eight
 * digits of the hash of the text up to it. Such texts are in no order of the alphabet. Owned by the caller. */
char *list_hash(Db *db, int64_t county, const char *purpose, const char *folded, GError **error);

typedef struct Pinyin Pinyin; /* ICU's transliteration; costly to open */
Pinyin *pinyin_open(GError **error);
void pinyin_close(Pinyin *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Pinyin, pinyin_close)
/* "餐饮A类" -> "can yin a lei". Owned by the caller. */
char *pinyin_of(const Pinyin *self, const char *text);
/* "can yin a lei" -> "cyal". Owned by the caller. */
char *pinyin_initials(const char *syllables);
/* The text that ListSearch.contains looks through: folded, its pinyin, its initials. Owned by the caller. */
char *list_search_text(const Pinyin *pinyin, const char *text);

/* ---- addresses, for lists made by hand too ---- */

/* A list made by hand is described by its path and its fields alone, of which one may be "page".
 * The address with all of `asked` that the list's fields have. Owned by the caller. */
char *list_address(const ListSpec *list, const json_t *asked);
/* The same list with one choice changed (NULL: dropped), from its first page on. */
json_t *list_link(const ListSpec *list, const json_t *asked, const char *name, const char *value);
enum { PAGES_MOST = 1000 };
/* How many entries come before the page that is asked for. */
int64_t list_first(const json_t *asked, int64_t per_page);
/* {page_number, pages, many_pages, previous, next} and "none", by the answer's "total". Behind the last page "beyond" is true and
 * "first" leads to the first one. */
void list_put_pages(json_t *answer, const ListSpec *list, const json_t *asked, int64_t per_page);

/* ---- persons and enterprises, found by keyed hashes (personal_hash) ---- */

/* All that a subject is found by; a text that is "" finds nothing, and none is NULL. */
typedef struct Sought {
    bool is_person, has_given; /* has_given: the given name of a person finds it by its pinyin too */
    const char *name, *id_number, *telephone;
    int64_t place; /* where it was handed in, and on which day, as its receipt says: found by both together; 0: by neither */
    Day day;
} Sought;

/* Such hashes stand in a table (county, number, hash) of the subject's room, with a second index (county, hash, number); docs/privacy.md
 * tells what they give away. Blanks, middle dots, brackets, widths and traditional characters make no difference to a name, the country's
 * number and hyphens none to a telephone. */
enum { SOUGHT_MOST = 32 /* of one subject: of a name with more parts the first ones find it, and the whole of it */ };
/* They, each once, in rising order. Owned by the caller; NULL with an error. */
GArray *sought_make(const Context *context, const char *table, const Sought *who, GError **error);
/* In a write, by one statement: a subject that is found by nothing yet is found by this from now on, or by nothing any more. */
bool sought_put(const Context *context, const char *table, int64_t number, const Sought *who, GError **error);
bool sought_drop(const Context *context, const char *table, int64_t number, GError **error);
typedef struct SoughtRow {
    int64_t number, hash;
} SoughtRow;
/* Appends the rows behind `after` up to `last`, in order. */
bool sought_rows(const Context *context, const char *table, int64_t after, int64_t last, GArray *out, GError **error);

/* The first three are found by what was typed; a name by the whole of it, by all of its characters and words in any order, by how it is read
 * ("zhangsan", also of characters that sound alike), by the first letters of that ("zs"), or by the given name's ("xiaoming"). */
enum sought_kind { SOUGHT_NUMBER, SOUGHT_TELEPHONE, SOUGHT_RECEIPT, SOUGHT_NAME, SOUGHT_PART, SOUGHT_PINYIN, SOUGHT_INITIALS, SOUGHT_GIVEN, SOUGHT_KINDS };
extern const char *const sought_kinds[SOUGHT_KINDS + 1]; /* "number" … "given", NULL ended */
enum { SOUGHT_WAYS = SOUGHT_KINDS - SOUGHT_NAME, SOUGHT_HASHES = 6 /* of a name with more parts the last ones are asked */ };
/* A way in which what was typed may be meant: whoever has all of these hashes. The first is rare, as a rule. */
typedef struct SoughtWay {
    enum sought_kind by; /* of the last of them */
    size_t count;
    int64_t hashes[SOUGHT_HASHES];
} SoughtWay;
typedef struct SoughtWays {
    size_t count; /* 0: the name that was typed has no letter, or nothing was typed */
    bool is_common; /* the name consists of what very many enterprises are called, by which alone none is found */
    SoughtWay ways[SOUGHT_WAYS]; /* in the order in which they are tried: the first that finds somebody is meant */
} SoughtWays;
bool sought_ways(const Context *context, const char *table, const Sought *typed, SoughtWays *out, GError **error);

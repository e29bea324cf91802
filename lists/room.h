// SPDX-License-Identifier: Apache-2.0
/* Shared by the files of this room. */
#pragma once

#include "lists/lists.h"

enum { LIST_PARTS = LIST_COLUMNS + 1, RANGES_MOST = 16, WORDS_MOST = 4, OPENED_MOST = 256, FOLLOWED_MOST = 64 /* that went into one, as a statement has room for */, LIST_ROWS = 25, COUNTED = 500 };

typedef struct ListValue {
    bool is_text;
    int64_t number;
    const char *text;
} ListValue;

/* Where a row stands: its values in the columns of the order, the key last. */
typedef struct ListPlace {
    size_t count; /* 0: nowhere */
    ListValue parts[LIST_PARTS];
} ListPlace;

typedef struct ListRange {
    const ListColumn *column;
    ListValue least, most; /* both included */
    GArray *followed;      /* of int64_t: further values of an organ or division that are meant too; NULL: none */
} ListRange;

typedef struct ListOpened {
    const ListScope *scope;
    int64_t values[LIST_COLUMNS];
} ListOpened;

struct ListSeen {
    const ListTab *tab;
    size_t count;
    bool is_full; /* more was opened than there is room for */
    ListOpened *all; /* room for OPENED_MOST */
};

/* A question put to a list, understood. Its texts belong to `texts`. */
typedef struct ListAsk {
    const ListSpec *spec;
    const ListTab *tab;
    const ListOrder *order;
    bool descending, exact;
    ListPlace after, before;
    ListSeen seen;
    ListRange span;           /* of the order's first column; column NULL: all of it */
    ListRange hashed;         /* the same of what was typed as list_hash has it; column NULL: none */
    ListRange ranges[RANGES_MOST];
    size_t range_count;
    ListValue one;            /* the key that was typed */
    bool is_one;
    const char *typed;        /* folded, and not yet settled how it is meant; NULL: nothing */
    const char *match;        /* how it is meant: a word of list_matches; NULL: not settled */
    const char *words[WORDS_MOST]; /* patterns for the column that contains them */
    size_t word_count;
    SoughtWay way;            /* how a person is meant; count 0: not so */
    GStringChunk *texts;
    json_t *asked;            /* the fields as addresses have them, and how typed text was understood */
    const char *search;       /* what was typed */
} ListAsk;
void list_ask_clear(ListAsk *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ListAsk, list_ask_clear)

typedef struct ListRow {
    ListPlace at;    /* its texts belong to the ask */
    void *data;      /* what the reader read, or an object of the columns; NULL: the part was kept */
    void (*free_row)(void *data);
    char *made_of;   /* of its part */
    json_t *part;    /* as HTML */
} ListRow;

/* ---- ask.c ---- */

const ListColumn *list_column(const ListSpec *self, const char *name); /* NULL: there is none */
bool list_is_text(const ListColumn *self), list_is_day(const ListColumn *self);
size_t list_order_columns(const ListSpec *self, const ListOrder *order, const ListColumn *columns[static LIST_PARTS]);
ListValue list_end(const ListColumn *column, bool last); /* the least or the most that it may hold */
int list_compare(const ListPlace *a, const ListPlace *b);
const char *list_tab_field(const ListSpec *self);
/* Reads and completes `fields`, which are checked against the route's, and opens to the actor what he may see of it.
 * NOT_FITTING with the field at fault; FAULT when more is opened than OPENED_MOST, for some of it would be left out. */
bool list_ask(const Request *r, const ListSpec *self, json_t *fields, ListAsk *out, GError **error);
/* The typed text is the beginning of the first column of an order, or words contained. */
bool list_ask_begins(const Context *context, ListAsk *self, const ListOrder *order, GError **error);
void list_ask_contains(ListAsk *self);
/* The typed text is a person in one of its ways, whom the list shows by its keys. */
void list_ask_person(ListAsk *self, const SoughtWay *way);
const ListOrder *list_order(const ListSpec *self, const char *name); /* NULL: there is none */
bool list_offers(const ListSpec *self, const ListTab *tab, const ListOrder *order);
const ListColumn *list_filter_column(const ListAsk *self, const ListFilter *filter);
/* The organ or the division, as the column has them, of this number; *found is NULL where there is none. */
bool list_named(const Request *r, const ListColumn *column, int64_t number, json_t **found, GError **error);
char *list_place_text(const ListPlace *self); /* as in addresses; owned by the caller */
bool list_place_read(const ListAsk *ask, const char *text, ListPlace *out);
/* Adds to the range of a filter the organs or divisions that went into those that it means. */
bool list_add_followed(const Request *r, const ListFilter *filter, ListRange *range, GError **error);
/* Does the range of numbers mean this one? */
bool list_has(const ListRange *range, int64_t number);
/* Is anything looked through among the rows opened? */
bool list_looks(const ListAsk *self, const ListOpened *opened);
/* Is it by the opening's index that the rows in the range are found? */
bool list_is_found(const ListOpened *opened, const ListRange *range);

/* ---- hidden.c ---- */

/* The text as an address of the list may tell it. Owned by the caller. */
char *list_hide(const Request *r, const ListSpec *list, const char *text, GError **error);
/* The text of a field that came in an address, or was typed. Owned by the caller; NOT_FITTING. */
bool list_reveal(const Request *r, const ListSpec *list, const json_t *fields, const char *name, char **text, GError **error);

/* ---- store.c ---- */

/* A range of the rows of a list: behind `from`, up to `to` and with it. */
typedef struct ListRangeOfRows {
    const ListAsk *ask;
    bool descending;
    ListPlace from, to; /* count 0: no end */
    bool by_columns;    /* read the columns, whatever the list's reader is */
    const Request *r;   /* whose page is made of parts; NULL: none is */
    const char *parts;  /* what all of its rows' parts depend on */
    bool parts_alone;   /* read no row whose part is not kept */
} ListRangeOfRows;
/* The first `most` rows in their order, each once; appended to `rows` (of ListRow, see list_rows_new). */
bool list_read(const Context *context, const ListRangeOfRows *wanted, int64_t most, GArray *rows, GError **error);
GArray *list_rows_new(void);
/* Where looking through `bound` rows ends; count 0: the rows end before. Its texts belong to the ask. */
bool list_edge(const Context *context, const ListRangeOfRows *wanted, ListPlace *edge, GError **error);
bool list_count(const Context *context, const ListRangeOfRows *wanted, int64_t most, int64_t *count, GError **error);
/* The place of the row with this key; count 0: there is none. */
bool list_place_of(const Context *context, const ListAsk *ask, const ListValue *key, ListPlace *out, GError **error);

/* ---- cells.c ---- */

/* The columns of a row as they were read: an object of natural values. */
json_t *list_row_json(const ListSpec *self, const DbRows *rows);
/* Makes of it what a reader may see: masked, with the names of divisions and organs. Takes over nothing. */
bool list_dress(const Request *r, const ListSpec *self, json_t *row, GError **error);
/* How a value is written in the asker's language. Owned by the caller. */
char *list_cell(const Request *r, const ListColumn *column, const json_t *row);
char *list_label(const Request *r, const ListSpec *self, const char *name);
char *list_row_path(const ListSpec *self, const json_t *row);
/* The query of the list's address, without place, format and exact total. Owned by the caller. */
char *list_query(const ListSpec *self, const json_t *asked);
/* A row's path that tells from which list it was opened, and what was asked of it. Owned by the caller. */
char *list_path_from(const ListAsk *ask, const char *path);

/* ---- page.c ---- */

typedef struct ListPage {
    GArray *rows;
    const Request *r;  /* as in ListRangeOfRows */
    const char *parts;
    bool is_back;   /* it was gone back to */
    bool goes_on;   /* there are more in that direction */
    ListPlace edge; /* looking through ended here */
} ListPage;
/* Settles how typed text is meant: for the first meaning that finds rows. */
bool list_choose_match(const Context *context, ListAsk *ask, GError **error);
/* The range that a question means, in its direction; `from` NULL: from its end on. */
ListRangeOfRows list_range_of_rows(const ListAsk *ask, bool is_back, const ListPlace *from);
bool list_page_read(const Context *context, const ListAsk *ask, int64_t most, ListPage *out, GError **error);

/* ---- form.c ---- */

extern const Field list_view_fields[]; /* of the route that names a view */
/* Puts what a page shows beside rows: column heads that sort, the filters as a form, files and views. */
bool list_put_form(json_t *answer, const Request *r, const ListAsk *ask, GError **error);

/* Is there an action on many rows that the actor may choose? */
bool list_may_act(const Request *r, const ListSpec *list);
/* The actor's views of the list, [{name, query, path, hidden: what forgets it}]. */
json_t *list_views(const Request *r, const ListSpec *list, GError **error);

/* ---- view_store.c: the actor's views of a list, [{name, query}] ---- */

json_t *view_rows(const Context *context, const char *list, GError **error);
bool view_save(const Context *context, const char *list, const char *name, const char *query, GError **error);
bool view_remove(const Context *context, const char *list, const char *name, GError **error);

/* ---- export.c ---- */

json_t *list_export(Request *r, const ListAsk *ask, GError **error);

/* ---- schema_store.c: the tables as the migrations in the program make them ---- */

/* The columns that an index begins with, in any order, and those that follow, in theirs. */
typedef struct WantedIndex {
    const char *equal[LIST_COLUMNS + 2]; /* NULL ended */
    const ListColumn *order[LIST_PARTS];
    size_t parts;
    const char *only;
} WantedIndex;
bool schema_has_table(const char *table);
bool schema_is_large(const char *table);
bool schema_has_column(const char *table, const char *column);
bool schema_has_index(const char *table, const WantedIndex *wanted);

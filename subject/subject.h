// SPDX-License-Identifier: Apache-2.0
/* Subjects: whatever has a history in the ledger (a case, a licence, a project, an order …). A room describes a kind of
 * subject by tables: its record says once which columns a row has, and the row, the event's "change" and the folding of a history
 * follow from it. */
#pragma once

#include "base/base.h"
#include "db/db.h"

/* ---- records: the columns of a row as one table ---- */

/* Numbers are held as int64_t, texts as char * (owned by the record, never NULL). */
enum column_kind {
    RECORD_INTEGER,
    RECORD_WORD,    /* one of a list of words: a text in the row and in JSON, its index in the record; -1: none of them */
    RECORD_TEXT,
    RECORD_JSON,    /* a text that holds JSON; "" where there is none */
    RECORD_DAY,     /* Day; 0: none. A number in the row, YYYY-MM-DD in JSON, "" for none */
    RECORD_INSTANT, /* Instant, UTC; 0: none */
    RECORD_MONEY,   /* fen */
    RECORD_FLAG,    /* 0 or 1 in the row, true or false in JSON */
};

enum column_flag {
    RECORD_KEY = 1 << 0,        /* number of the subject; with the county the key of the row */
    RECORD_PERSONAL = 1 << 1,   /* of a person (PIPL art. 4): stands in an event's private part, which can be erased */
    RECORD_UNRECORDED = 1 << 2, /* kept in the row alone: no event tells it */
    RECORD_IN_HAND = 1 << 3,    /* kept in neither: known while the subject is in hand. A text may be NULL: not known yet */
};

typedef struct RecordColumn {
    const char *name;          /* of the row's column and of the event's member */
    enum column_kind kind;
    size_t offset;
    const char *const *words;  /* of RECORD_WORD; NULL ended */
    unsigned group;            /* bit of the group with which it is updated; 0: never after the insert */
    unsigned flags;            /* enum column_flag */
} RecordColumn;

enum {
    RECORD_WHOLE = 1 << 30, /* in the bits of groups: the row is not there yet */
    RECORD_COLUMNS_MOST = 64,
};

#define RECORD_COLUMN(type, member, kind, ...) { #member, kind, offsetof(type, member), __VA_ARGS__ }

/* A text beside the columns that only grows: each event carries what it appends. */
typedef struct RecordTrail {
    const char *name; /* of the row's column and of the event's member, after "facts" and before "private" in the alphabet */
    /* What `after` has more than `before`; all of it where `before` is NULL. Owned by the caller. */
    char *(*write)(const void *before, const void *after);
    /* Appends what a text says; false when it does not parse or is too long. */
    bool (*read)(void *self, const char *text);
} RecordTrail;

typedef struct Record {
    const char *table;       /* its first column is county */
    size_t size;             /* of the struct */
    const RecordColumn *columns;   /* in rising order of their names, as canonical JSON has them */
    size_t count;
    const RecordTrail *trail; /* NULL: none */
    const char *const *retired; /* NULL ended; NULL: none. Columns that older programs recorded, and that folding passes over */
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
/* Appends the columns of the part in which two rows differ, with the values of `after`, as canonical JSON; false: there are
 * none and it is "{}". Unrecorded columns are in no part. */
bool record_write_change(const Record *self, GString *out, enum record_part part, const void *before, const void *after);
/* Puts such a change over a row; false when a member is unknown, of the other part, or of the wrong kind. */
bool record_apply(const Record *self, enum record_part part, void *row, const json_t *change);
/* One column as JSON. Owned by the caller. */
json_t *record_json(const RecordColumn *column, const void *row);

/* The statements of a row, on `self->table`. */
bool record_insert(Db *db, int64_t county, const Record *self, const void *row, GError **error);
/* Of an existing row the columns of these groups, and its trail. An index is written anew when a column of it is named,
 * changed or not: what seldom changes has a group of its own. */
bool record_update(Db *db, int64_t county, const Record *self, unsigned groups, const void *row, GError **error);
/* Appends "a, b, c", as record_read expects them. */
void record_append_columns(const Record *self, GString *sql);
/* "SELECT columns FROM table " and `rest`, for record_read. */
DbRows *record_query(Db *db, const Record *self, const char *rest, const DbArg *args, GError **error);
/* All that can be read of the present row of such a query; false when a word is none of its column's, or the trail does not
 * parse. `row` holds nothing before. */
bool record_read(const Record *self, const DbRows *rows, void *row);
/* The row with that key; *found tells whether there is one, else `row` is all 0. FAULT when it is damaged. */
bool record_load(Db *db, int64_t county, const Record *self, int64_t key, void *row, bool *found, GError **error);

// SPDX-License-Identifier: Apache-2.0
/* Declarations that this room's files share among themselves. */
#pragma once

#include "load/load.h"

/* ---- a history as the file has it (read.c) ---- */

/* The columns of a table, and the members of a line of JSON. */
enum load_column {
    COLUMN_NUMBER, COLUMN_STEP, COLUMN_AT, COLUMN_ITEM, COLUMN_KIND, COLUMN_NAME, COLUMN_ID_NUMBER, /* a table has these */
    COLUMN_PLACE, COLUMN_CHANNEL, COLUMN_TELEPHONE, COLUMN_CONTACT, COLUMN_ORGAN, COLUMN_OPINION, COLUMN_MATERIALS,
    COLUMN_SPECIAL, COLUMN_DAYS, COLUMN_LEVEL,
    COLUMN_ISSUED, COLUMN_VALID_FROM, COLUMN_VALID_TO, COLUMN_CONTENT, COLUMN_STATE, COLUMN_SINCE, /* of a licence */
    COLUMN_ID_KIND,
    LOAD_COLUMNS,
};
enum { LOAD_ROWS = 500 /* of one case */ };
extern const char *const load_columns[LOAD_COLUMNS + 1]; /* NULL ended */
/* Does it stand with each step, rather than once with the case? The organ stands with both. */
bool load_is_of_step(enum load_column column);

/* One step; the first holds what is said of the case. */
typedef struct LoadRow {
    size_t line;
    size_t step;                      /* within its line of JSON, 1 first; 0 in a table */
    char *text;                       /* the cells, owned */
    const char *cells[LOAD_COLUMNS];  /* "" when empty */
} LoadRow;

/* The term of a licence. */
typedef struct LoadTerm {
    Day issued, from, to, since; /* 0: not said */
    int state;                   /* enum licence_state */
} LoadTerm;

typedef struct LoadStep {
    enum case_action action;
    Instant at;
    SubjectInput input;                  /* borrows from the row and from `materials` */
    json_t *materials;
} LoadStep;

/* A case, or a licence, on its way through this room. */
typedef struct History {
    GArray *rows;                     /* of LoadRow; at least one */
    json_t *faults;                   /* details with "line" and "column" */
    /* judge.c: */
    GArray *steps;                    /* of LoadStep, one for each row */
    CaseDraft draft;
    char *name, *id_number, *telephone, *contact;
    LoadTerm term;
    json_t *loaded;                   /* what its events say of where they come from */
    /* live.c: */
    guint row;                        /* the one that was being taken */
    enum load_column column;          /* and what of it was asked */
    int64_t number;
    char code[CASE_CODE_TEXT];        /* "" when the case is over, or was loaded before */
    bool was_there;
    /* load.c: */
    struct Load *load;
    bool is_settled;                  /* under the lock */
    GError *error;
} History;

void history_free(History *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(History, history_free)
const char *history_number(const History *self); /* in the old system */
/* Adds what `why` refuses, which is freed. */
void history_fault(History *self, guint row, enum load_column column, GError *why);

/* Is given each history, which it owns from then on. False, with an error, ends the reading. */
typedef bool TakeHistory(History *history, void *data, GError **error);
/* The kinds of file: which columns a table has, and what its rows mean. */
typedef struct LoadShape {
    enum load_column columns[LOAD_COLUMNS + 1]; /* the number first; ended by LOAD_COLUMNS */
    size_t required;    /* the first of them, which have to be there */
    bool has_steps;     /* rows of one number, one below the other, are the steps of one case; lines of JSON are taken too */
    const char *source; /* stands before the source's name, whose numbers are unique within it */
    /* Reads every cell: words, instants, numbers, who applied. Pure; adds a fault for each that does not fit. */
    void (*judge)(History *self, int64_t county, const Calendar *calendar, Instant now);
    /* In the caller's transaction. On a refusal row and column say where. */
    bool (*live)(const Context *context, History *self, Instant now, GError **error);
} LoadShape;
extern const LoadShape load_of_cases, load_of_licences;

/* Reads a table or lines of JSON, in UTF-8 or GBK. What is wrong with one case is among its faults; what makes the rest
 * unreadable is the error: "base.csv_…", "load.cut", with "line". A case of a table that was under way then has the fault
 * "load.unfinished". */
bool load_read(const LoadShape *shape, const char *bytes, size_t length, TakeHistory *take, void *data, GError **error);
bool load_read_lines(const char *text, size_t length, TakeHistory *take, void *data, GError **error); /* of JSON; lines.c */
void load_row_add(History *self, size_t line, size_t step, const char *const cells[LOAD_COLUMNS]);
History *history_new(void);

/* ---- is it one that can be told? (judge.c) ---- */

/* Fills draft and steps, or draft.party and term. */
void load_judge(History *self, int64_t county, const Calendar *calendar, Instant now);
void load_judge_licence(History *self, int64_t county, const Calendar *calendar, Instant now);
/* ---- lived again (live.c) ---- */

/* Takes every step, and between them what the system itself had to do. */
bool load_live(const Context *context, History *self, Instant now, GError **error);
/* Enters the licence in the register, numbered by the day of its issue. */
bool load_live_licence(const Context *context, History *self, Instant now, GError **error);
bool load_is_over(const Case *self); /* nothing more is awaited */

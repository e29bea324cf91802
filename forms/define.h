// SPDX-License-Identifier: Apache-2.0
/* A definition once it was read; its texts live in the JSON that it keeps. */
#pragma once

#include "forms/expression.h"

enum form_kind { FORM_TEXT, FORM_LONG_TEXT, FORM_NUMBER, FORM_DAY, FORM_MONEY, FORM_CHOICE, FORM_MANY, FORM_FLAG, FORM_ROWS, FORM_KINDS };
enum form_about { ABOUT_PAPERS, ABOUT_STEPS, ABOUT_FEES, ABOUT_ENDS, FORM_ABOUTS };
extern const char *const form_about_names[]; /* "papers", "steps", "fees", "ends"; NULL ended */

typedef struct FormOption {
    const char *code;
    Expression *when; /* NULL: always */
} FormOption;

typedef struct FormField {
    const char *name;
    enum form_kind kind;
    bool required, is_situation;
    const char *step;         /* of the officer who fills it in; "": the applicant */
    const json_t *said;       /* its own object: label, label_en, help, unit … */
    int64_t least, most;      /* NUMBER in millionths, MONEY in fen, DAY a Day, texts in characters, MANY and ROWS so many of them */
    char *least_of, *most_of; /* DAY: "today" or the day field from which `least` and `most` count
                                 days; NULL: they are Days */
    int decimals;             /* NUMBER: at most */
    GRegex *pattern;          /* of the whole text; NULL: any */
    const json_t *group;      /* label and label_en of its group; NULL: a question of the situation */
    const Expression *group_when; /* of its group, which keeps it */
    Expression *when, *formula;
    FormOption *options;      /* CHOICE, MANY */
    size_t option_count;
    struct FormField *columns; /* ROWS */
    size_t column_count;
} FormField;

/* A paper, step or fee that is asked for, or an end that is reached, when a condition holds. */
typedef struct FormRule {
    enum form_about about;
    const json_t *said;
    Expression *when;
} FormRule;

struct ItemForm {
    json_t *definition;
    GArray *fields; /* FormField, in their order: those of the situation first */
    GPtrArray *group_whens; /* Expression */
    GArray *rules;  /* FormRule */
};

static inline const FormField *form_field_at(const ItemForm *self, size_t i)
{
    return &g_array_index(self->fields, FormField, i);
}

const FormField *form_field(const ItemForm *self, const char *name);
/* The table of rows that "wells.depth" or "wells.1.depth" begins with; *rest: what stands behind
 * the first dot. NULL: none. */
const FormField *form_table(const ItemForm *self, const char *name, const char **rest);
/* NULL: there is none of that name. */
const FormField *form_column(const FormField *table, const char *name);

/* The applicant's field whose answer stands in this field of an officer's at first (prefill "answers.<name>"), and that whose answer is shown beside
 * it (the same, or "beside"); NULL: none. */
const char *form_begins_with(const FormField *field);
const char *form_asked_of_applicant(const FormField *field);
/* An answer as people read it; of a flag "true" or "false". Owned by the caller. */
char *form_say(enum language language, const FormField *field, const json_t *answer);

/* The value in checked answers of the field named, for conditions: `data` is a FormAnswers. */
typedef struct FormAnswers {
    const ItemForm *form;
    const json_t *earlier, *answers; /* {name: value}; the first may be NULL */
    Day today;                       /* for bounds; DAY_NONE: nothing is held against it */
} FormAnswers;
enum { BOUND_DAYS_MOST = 40000 };
#define FORM_TODAY "today"
Value form_value(const void *data, const char *name);
/* Is it asked after these answers? */
bool form_is_asked(const FormField *field, const FormAnswers *after);

/* A number's text with a comma before each three digits of its whole part: "12500.5" as "12,500.5".
 * Owned by the caller. */
char *form_number_said(const char *number);

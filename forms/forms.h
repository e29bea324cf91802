// SPDX-License-Identifier: Apache-2.0
/* Application forms (申请表) as data of an item: questions of a situation (情形) and fields, each with its kind, bounds and the condition
 * under which it is asked; and what follows from the answers: which papers, steps and fees are left out, and whether one need not apply. */
#pragma once

#include "base/base.h"
#include "http/http.h"

/* A definition that was read. Nobody changes it. */
typedef struct ItemForm ItemForm;

/* ---- conditions and formulas ---- */

/* Numbers are counted in millionths, so that 0.1 + 0.2 is 0.3 and nothing is lost below 9 × 10¹². */
enum { FORM_ONE = 1000000 };

/* Writes 12500000 as "12.5"; owned by the caller. */
char *form_number_text(int64_t millionths);
/* Reads "12.5", "1,234" or "1234"; false: it is none, has more than six decimals or is too large. */
bool form_number_read(const char *text, int64_t *millionths);

/* ---- definitions ---- */

enum { FORM_FIELDS_MOST = 200, FORM_OPTIONS_MOST = 100, FORM_COLUMNS_MOST = 12, FORM_ROWS_MOST = 50, FORM_COMBINATIONS_MOST = 20000 };

extern const char *const form_end_kinds[];  /* no_need may_not elsewhere; NULL ended */
extern const char *const form_kind_names[]; /* text long_text number day money choice many flag rows; NULL ended */

/* Reads a definition (docs/form.schema.json) and keeps it. Every fault is told at once: NOT_FITTING
 * "forms.definition" with details "faults": JSON text of [{"reason", "field", …}]. Among them: a name twice, a condition over the field
 * itself, in a circle or over what stands later, a formula over text, bounds that contradict each other, a choice without options. */
ItemForm *form_read(const json_t *definition, GError **error);
void form_free(ItemForm *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ItemForm, form_free)

/* ---- answers ---- */

/* Checks what was given, {name: text or list of texts}, a table's rows as {name: list of {column:
 * text}} or, as forms send them, {"wells.1.depth": text}, for the applicant (step "") or for the
 * officer who takes a step ("review", "decide" …; then `earlier` are the applicant's answers, else
 * NULL). Fields that are not asked, by what was answered before them, are left out; computed ones
 * are filled in. Gives {name: value} with numbers as decimal text, money in fen, flags as true or
 * false; what it gave may be given again. Bounds that count from today are held against `today` (DAY_NONE: against nothing). Faults
 * are all told: *errors is a list of {"field", "reason", …}, and NULL is returned. Both are owned
 * by the caller. */
json_t *form_check_on(const ItemForm *self, const char *step, Day today, const json_t *earlier,
                      const json_t *given, json_t **errors);
/* The same, whatever day it is. */
static inline json_t *form_check(const ItemForm *self, const char *step, const json_t *earlier,
                                 const json_t *given, json_t **errors)
{
    return form_check_on(self, step, DAY_NONE, earlier, given, errors);
}

/* Refuses with all of these errors (an array, not empty), each at its field "answers.<name>":
 * NOT_FITTING. */
bool form_refuse(const json_t *errors, GError **error);

/* Is an officer who takes that step asked anything after the applicant's answers? */
bool form_has_step(const ItemForm *self, const char *step, const json_t *answers);
/* The part of what was given to the officers of all steps, without what others than that step's are asked. Owned by the caller. */
json_t *form_part(const ItemForm *self, const char *step, const json_t *given);
/* The fields that somebody fills in, but for the situation's, of what is asked in that step after these answers: [{"field", "kind", "label", "label_en"}]. Owned
 * by the caller. */
json_t *form_fields(const ItemForm *self, const char *step, const json_t *answers);
/* {"label", "label_en"} of the field named; NULL: there is none. Owned by the caller. */
json_t *form_label(const ItemForm *self, const char *name);

/* Answers as people read them, of what is asked in that step (the applicant: ""), in the form's
 * order: [{"field", "group", "group_en", "label", "label_en", "said", "said_en"}]; of a flag, in
 * place of what is said, "is_yes" or "is_no": true. `answers` as form_check gives them, or NULL.
 * Owned by the caller. */
json_t *form_said(const ItemForm *self, const char *step, const json_t *answers);

/* The answers without those to fields that are filled in from what is known of the applicant. Owned by the caller. */
json_t *form_without_person(const ItemForm *self, const json_t *answers);
#define FORM_EARLIER "earlier"
/* The answers with what is known already, where no such field was answered yet: `known` holds texts
 * by what "prefill" of a field names
 * ("applicant.name", "case.day" …), and under FORM_EARLIER the answers of an earlier application,
 * taken by the name of the field. Values that do not fit, or that nobody asks for, are left out.
 * Appends the fields so filled in to `named`: [{"field", "label", "label_en"}]. Owned by the
 * caller. */
json_t *form_prefilled(const ItemForm *self, const json_t *answers, const json_t *known,
                       json_t *named);

/* The answers that fit, as form_check_on takes them, of a form that is filled in in part. Owned by the caller. */
json_t *form_fitting_step(const ItemForm *self, const char *step, Day today, const json_t *earlier,
                          const json_t *given);
/* The applicant's answers that fit, of a form that is filled in by and by. Owned by the caller. */
json_t *form_fitting_on(const ItemForm *self, Day today, const json_t *given);
/* The same, whatever day it is. */
static inline json_t *form_fitting(const ItemForm *self, const json_t *given)
{
    return form_fitting_on(self, DAY_NONE, given);
}

/* Is a paper, step or fee line of that name asked for after these answers? What the form does not name always is. `about` is "papers", "steps"
 * or "fees". */
bool form_asks(const ItemForm *self, const char *about, const char *name, const json_t *answers);

/* Why one need not or may not apply, or should go elsewhere: {"kind": "no_need", "may_not" or
 * "elsewhere", "text", "text_en", "item"}; NULL: one applies. Belongs to the form. */
const json_t *form_end(const ItemForm *self, const json_t *answers);

/* ---- the situation ---- */

bool form_has_situation(const ItemForm *self);
/* The answers to the questions of the situation among what was given, up to the first question that is asked and not answered, whose name is put
 * into *open: NULL where all are. Owned by the caller; the name is the form's. */
json_t *form_situation(const ItemForm *self, const json_t *given, const char **open);

/* ---- on pages ---- */

/* The form of what is asked after `answers` ({name: value}), put under "form" into `into` as form_put does: the questions of the situation up
 * to `open` (NULL: all of them), or all fields of the applicant. Its fields are called "answers.<name>"; those of the frame, whose first values are
 * looked up in `into`, come before them. */
void form_put_questions(const Request *r, const Form *frame, const ItemForm *self, const json_t *answers, const char *open, json_t *into);
void form_put_fields(const Request *r, const Form *frame, const ItemForm *self, const json_t *answers, json_t *into);
/* Fields of a form that is data beside those of another one, as an action's. */
typedef struct FormAsking {
    const char *step;        /* of the officer who is asked; "": the applicant */
    const json_t *earlier;   /* the applicant's answers, which an officer sees beside what he is asked; NULL of the applicant */
    const json_t *answers;   /* that are known already; NULL: none */
    const json_t *only;      /* these fields alone, each with a remark why: {name: text}; NULL: all */
    unsigned need;           /* Field.need */
    bool is_free;            /* nothing of it need be answered */
    bool is_masked;          /* the answers do not stand in their fields */
} FormAsking;
/* The texts and columns that such fields point to, kept until their form is made. */
typedef struct FormKept {
    GStringChunk *texts;
    GPtrArray *columns;
} FormKept;
void form_kept_begin(FormKept *self);
void form_kept_clear(FormKept *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FormKept, form_kept_clear)
/* Appends them to `fields` (of Field); their choices and first values are put into the page's answer. */
void form_add_fields(const Request *r, const ItemForm *self, const FormAsking *asking, GArray *fields, const FormKept *kept, json_t *page);
/* The form's fields and rules, a line for each, in the reader's language: [text]. Owned by the caller. */
json_t *form_lines(const Request *r, const json_t *definition);

/* ---- printed ---- */

typedef struct FormPrint {
    const char *item_name,
        *item_name_en;         /* of which the title is made where the definition has none */
    const char *number, *foot; /* above the table and at the foot of each page; NULL: nothing */
    bool is_blank; /* to be filled in by hand: all that is not left out by the situation is printed,
                      with explanations */
    const json_t *answers;  /* of the applicant, as form_check gives them; where `is_blank` those of
                               the situation; NULL: none */
    const json_t *findings; /* of the officers, {step: {name: value}}; NULL: none */
} FormPrint;
/* The paper for view_form_pdf: in Chinese, or in English and Chinese. Owned by the caller.
 */
json_t *form_paper(const View *view, enum language language, const ItemForm *form,
                   const FormPrint *print);

/* ---- in files ---- */

/* The applicant's fields that the definition marks with "find", by which applications for an item
 * are compared and which tell of no person: [{"name": "answers.<name>", "title", "is_number"}].
 * Owned by the caller. */
json_t *form_columns(enum language language, const ItemForm *self);
/* Puts their answers (NULL: none) under these names into the row: numbers and days as programs read
 * them, money in yuan, of options the label. */
void form_put_cells(enum language language, const ItemForm *self, const json_t *answers,
                    json_t *row);

/* ---- testing the situations ---- */

/* Goes through every combination of answers to the questions of the situation. Gives {"combinations": so many, "too_many": true where there are
 * more than FORM_COMBINATIONS_MOST, "nowhere": [{"field", "answers"}: a question that leaves nothing to choose], "never": [{"field" or "end" or
 * "name", "about"}: what no combination reaches]}. Owned by the caller. */
json_t *form_try_situations(const ItemForm *self);

// SPDX-License-Identifier: Apache-2.0
/* Conditions and formulas over the answers of a form, in a small part of FEEL (DMN 1.3): use = "industry" and amount > 100. */
#pragma once

#include "forms/forms.h"

enum value_kind { VALUE_NONE, VALUE_FLAG, VALUE_NUMBER, VALUE_TEXT, VALUE_DAY, VALUE_TEXTS, VALUE_KINDS };

typedef struct Value {
    enum value_kind kind;   /* VALUE_NONE: not answered */
    int64_t number;         /* NUMBER in millionths; FLAG 0 or 1 */
    const char *text;       /* TEXT, DAY */
    const json_t *texts;    /* TEXTS: a list */
} Value;

typedef struct Expression Expression;

/* The kind of the value that a name stands for: of a field's name, of "wells.depth" for
 * sum(wells.depth), of "wells." for count(wells); VALUE_NONE with a refusal: it may not be named
 * here. */
typedef enum value_kind NameKind(const void *data, const char *name, GError **error);
/* The value of a name. */
typedef Value NameValue(const void *data, const char *name);

/* Reads one whose value is of kind `wanted` (FLAG for conditions, NUMBER for formulas). Refuses NOT_FITTING "forms.expression_…" with "at": what
 * is left of the text where it does not fit. */
Expression *expression_read(const char *text, enum value_kind wanted, NameKind *kind, const void *data, GError **error);
void expression_free(Expression *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Expression, expression_free)

/* A comparison with what is not answered is false; a sum over it is VALUE_NONE, as is a division by nothing. */
Value expression_value(const Expression *self, NameValue *value, const void *data);
/* Does the condition hold? One that is not there (NULL) does. */
bool expression_holds(const Expression *self, NameValue *value, const void *data);
/* Does it name nothing but what `is` accepts? */
typedef bool NameTest(const void *data, const char *name);
bool expression_names_only(const Expression *self, NameTest *is, const void *data);

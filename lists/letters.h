// SPDX-License-Identifier: Apache-2.0
/* Letters of names, as they are compared and as they are read. */
#pragma once

#include "lists/lists.h"

#include <unicode/utrans.h>

enum letter_form {
    LETTER_PLAIN,   /* a traditional character simplified */
    LETTER_LATIN,   /* its commonest reading: "zeng"; "" where it has none */
    LETTER_SURNAME, /* as the first of a person's name */
    LETTER_FORMS,
};
enum { LETTER_TEXT = 16 };
typedef struct Letter {
    char forms[LETTER_FORMS][LETTER_TEXT];
} Letter;

typedef struct Letters Letters;
/* All connections share them; made where there are none. To be released by the caller. */
Letters *letters_of(Db *db, int64_t county, GError **error);
void letters_release(Letters *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Letters, letters_release)
void letters_read(Letters *self, gunichar letter, Letter *out);

/* fold.c: by ICU's name of it. Owned by the caller. */
UTransliterator *transliterator_open(const char *rules, GError **error);

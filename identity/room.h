// SPDX-License-Identifier: Apache-2.0
/* Shared by the files of this room and seen by nobody else. */
#pragma once

#include "identity/identity.h"

/* A number as a hand, a Chinese keyboard and a pasted line write it, made plain: full-width characters become half-width, letters
 * capitals, dashes hyphens; blanks go, or are one each where they are kept, and what nobody sees goes. Owned by the caller. */
char *number_tidy(const char *text, bool keeps_blanks);
bool number_is_digits(const char *text, size_t length);
/* Refuses with "length", the number of characters of `text`. */
void *number_refuse_length(GError **error, const char *reason, const char *text);
/* Do the eight digits YYYYMMDD name a day? Else refuses it, as "birth". */
bool number_birth_exists(const char *digits, GError **error);
/* The code of three letters (ISO 3166-1, and those of ICAO 9303 that are no country's) of a country's code or name, in Chinese or
 * English; NULL where there is none. Owned by the caller. */
char *country_code(const char *text);
/* Shows the first and the last characters of `text`, a star for each other. Owned by the caller. */
char *text_starred(const char *text, long first, long last);

// SPDX-License-Identifier: Apache-2.0
/* The tracking code of a case inside this room: the new slip of a clerk, and what is kept of a code. */
#pragma once

#include "cases/fields.h"
#include "cases/life.h"

#define CODE_HASH "code_hash" /* the field of a new slip's input that holds what is to be kept of its code */

/* Returns what is to be kept of the code that this session, the holder's own or a clerk's, makes of the case now; owned by the caller. */
char *code_for_session(const Request *r, int64_t number, bool is_own);
/* Has nobody of the staff been shown the code by which the holder came? All his sessions end with a code. */
bool code_is_own(const Case *self);
/* May the actor see and do what is the applicant's alone? A holder may by a code of his own: whoever printed the slip could come too. */
bool code_opens_all(const Actor *actor, const Case *self);
/* Tells the code of the case where this session has made it in the last half hour; false: it did not. */
bool code_told(const Request *r, const Case *self, char code[CASE_CODE_TEXT]);
/* Is this the case's code, however it is typed? NOT_FOUND. */
bool code_fits(const Context *context, int64_t number, const char *typed, GError **error);
/* Forgets the failures at the case, whose holder has come. Inside a POST handler. */
bool code_forgive(const Request *r, int64_t number, GError **error);
/* Forgets the failures at the number of the applicant's identity paper. Inside a POST handler. */
bool code_forgive_own(const Request *r, int64_t number, GError **error);

/* ---- slip.c: the slip (查询单) ---- */
json_t *slip_make(Request *r, GError **error);

// SPDX-License-Identifier: Apache-2.0
/* The tracking code of a case inside this room: the new slip of a clerk, and what is kept of a code. */
#pragma once

#include "cases/fields.h"
#include "cases/life.h"

/* A code may have been shown to the staff (on a slip), or was made by the applicant or by his agent for himself. */
enum code_kind { SLIP_CODE, OWN_CODE_OF_HOLDER, CODE_OF_AGENT };

#define CODE_HASH "code_hash" /* the field of a new slip's input that holds what is to be kept of its code */

/* Returns what is to be kept of the code that this session, the holder's own or a clerk's, makes of the case now; owned by the caller. */
char *code_for_session(const Request *r, int64_t number, enum code_kind kind);
/* May the actor do what is the applicant's alone? A holder may by a code of his own: whoever printed the slip could come too. All his sessions
 * end with a code. */
bool code_is_own(const Actor *actor, const Case *self);
/* May the actor see what is the applicant's alone? By a code of his own, or of his agent's own. */
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

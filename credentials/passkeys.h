// SPDX-License-Identifier: Apache-2.0
/* The passkeys (通行密钥) of the staff, shared by this room's files. */
#pragma once

#include "credentials/passkey.h"
#include "http/http.h"

/* ---- passkey_store.c ---- */

/* [{number, name, credential, made_at, used_at}] of one member of the staff; those that were removed are not among them. */
json_t *passkeys_of(Db *db, int64_t county, int64_t staff, GError **error);
bool passkeys_count(Db *db, int64_t county, int64_t staff, int64_t *count, GError **error);
/* {number, staff, name, public_key, algorithm, count}; NOT_FITTING "credentials.passkey_unknown" where there is none. */
json_t *passkey_find(Db *db, int64_t county, const char *credential, GError **error);
/* `made`: {credential, public_key, algorithm, count}. CONFLICT "credentials.passkey_taken" when it was ever enrolled. */
bool passkey_add(const Context *context, int64_t staff, const char *name, const json_t *made, GError **error);
/* `use`: {number, before, count}. CONFLICT when it has been used or removed meanwhile. */
bool passkey_note_use(const Context *context, const json_t *use, GError **error);
/* NOT_FOUND where `staff` has none with this number. */
bool passkey_remove(const Context *context, int64_t staff, int64_t number, GError **error);
bool passkeys_forget(const Context *context, int64_t staff, GError **error); /* removes all of them */

/* ---- passkeys.c ---- */

/* Puts into a page's answer what its script asks the browser, as "passkey": {asked, challenge, host, algorithms, known: as passkeys_of,
 * user}, and for a new one {account, person}. The challenge follows from the request's session and the instant, and is answered within
 * five minutes. `staff` 0: any passkey of the centre will do. */
bool passkey_ask(const Request *r, int64_t staff, bool is_new, json_t *into, GError **error);
/* Puts the form that begins a way in by passkey into the answer of the page to sign in. */
void passkey_offer(const Request *r, json_t *into);
extern const Field passkey_next_fields[];   /* next */
extern const Field passkey_answer_fields[]; /* answer: JSON, as static/passkey.js makes it; next */
extern const Field passkey_new_fields[], passkey_entering_fields[], passkey_drop_fields[];
Handler passkey_check_begin, passkey_begin; /* a way in of somebody who is still to tell who he is */
Handler passkey_show;                       /* the page of that, and of the second step */
Handler passkey_check_use, passkey_enter;
Handler passkey_check_new, passkey_enrol;
Handler passkey_show_enrolment, passkey_check_entering, passkey_enrol_entering; /* the first one, on the way in where it is demanded */
Handler passkey_show_own, passkey_check_drop, passkey_drop;

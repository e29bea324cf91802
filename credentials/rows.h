// SPDX-License-Identifier: Apache-2.0
/* Shared by this room's files. */
#pragma once

#include "credentials/credentials.h"

extern const Route credentials_routes[];

enum { PASSWORD_MOST = 200, NEXT_MOST = 500 };

/* ---- password.c ---- */
bool password_fits(const char *hash, const char *password);
/* Was the hash made with less than hashes are made with today? The cheap ones of a demo county stay as they are. */
bool password_is_old(const char *hash);
/* The same where nobody may be known: it takes as long, so that the answer does not tell. */
bool password_fits_login(const StaffLogin *known, const char *password);
/* The reason why the password is against the rule; NULL when it is not. */
const char *password_fault(const char *password, const char *account);

/* ---- entry.c: the way in ---- */

/* Counts a guess at the password of `account`, before it is judged; takes it back. */
bool entry_attempt(const Request *r, const char *account, GError **error);
bool entry_passed(const Request *r, const char *account, GError **error);
/* In a POST handler: begins the session that `staff` has come to, which is that of an ENTRANT as long as a step is wanted, and leads
 * to this step or, at the end, to `next`. */
json_t *entry_go_on(Request *r, int64_t staff, const char *next, GError **error);
/* The page of a step: {next}. */
json_t *entry_show(Request *r, GError **error);
extern const Field entry_page_fields[]; /* next */
/* The field that carries `next` along. */
#define ENTRY_NEXT { .name = "next", .most = NEXT_MOST, .look = LOOK_HIDDEN, .value = "next" }

/* ---- own.c: what a member of the staff sees and changes himself ---- */
extern const Field own_password_fields[], own_first_fields[];
Handler own_show, own_check_passwords, own_hash, own_change_password, own_check_first, own_change_first;

/* ---- store.c ---- */
enum { PASSWORDS_KEPT = 5 /* passwords, with the present one, none of which may be chosen again */ };
/* The hashes of at most so many former passwords, the last first. */
json_t *old_passwords(const Context *context, int64_t staff, int64_t most, GError **error);
bool old_password_keep(const Context *context, int64_t staff, const char *hash, GError **error);

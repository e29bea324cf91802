// SPDX-License-Identifier: Apache-2.0
/* How the staff sign in: a first factor, what else the way in demands (a first password to be changed, a second factor), and what a
 * member of the staff sees and changes of all this himself. The register with the passwords' hashes is the room identity's. */
#pragma once

#include "base/base.h"
#include "http/http.h"
#include "identity/identity.h"

/* /sign-in…, /sign-out, /desk/me, /desk/password, /desk/code, /desk/factors (of whom a second factor is demanded) */
extern const Room credentials_room;

/* ---- passwords ---- */

/* Argon2id with 64 MiB in three passes; `cheap` takes the least libsodium allows: for the demo city
 * and tests alone. To be called in a route's `compute`. Owned by the caller. */
char *credentials_hash(const char *password, bool cheap);
/* Gives a member of the staff a password that he has not chosen: he must change it when he next signs in. His sessions end. Tells the
 * ledger nothing. */
bool credentials_give(const Context *context, int64_t staff, const char *hash, GError **error);

/* ---- second factors ---- */

/* Demands a second factor of those who hold one of the roles: without this call of approvers, heads and the three administrators. Tells the
 * ledger nothing. */
bool credentials_demand(const Context *context, unsigned roles, GError **error);
/* Second factors of a member of the staff: {has_code, enrolled_at (of the codes), recovery (codes left), passkeys}. Owned by the
 * caller. */
json_t *credentials_factors(const Context *context, int64_t staff, GError **error);
/* Takes all that away from somebody who has lost it; his sessions end and all browsers are strangers. Tells the ledger nothing. */
bool credentials_forget(const Context *context, int64_t staff, GError **error);

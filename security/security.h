// SPDX-License-Identifier: Apache-2.0
/* The security log (安全日志; GB/T 22239-2019, 8.1.4.3): signing in, refusals, every look at personal data, every change of
 * accounts, settings and keys. Entries are chained by their hashes and never changed; once a day the number and the hash of the
 * last one are recorded in the public ledger, so that nobody can shorten or rewrite the log unseen. They are kept for six months
 * or longer. Other rooms write entries by http_security (http/http.h). */
#pragma once

#include "http/http.h"
#include "identity/identity.h"

extern const Room security_room; /* /desk/security, /desk/security/keeping */

/* HttpSettings.security: appends an entry by context->actor, in a write. For verbs too. */
bool security_write(const Context *context, const SecurityEntry *entry, GError **error);

/* For how many months entries are kept. */
bool security_months(Db *db, int64_t county, int64_t *months, GError **error);

/* The looks of the staff at a subject's personal data in clear, newest first, once for each organ, day and purpose: [{day, organ,
 * kind (as codes.security_kind has it), purpose, at (of the first of them)}], of the last 2,000 entries at most. Owned by the
 * caller. */
json_t *security_accesses(Db *db, int64_t county, const char *subject, GError **error);

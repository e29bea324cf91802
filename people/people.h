// SPDX-License-Identifier: Apache-2.0
/* People of the centre (人员与权限). A member of the staff is a subject: made one by one or from a table, with posts that hold from one
 * day to another, leave with a deputy, first passwords, locks, and a closed account whose history stays. What other rooms read of a
 * person (name, posts of today) follows from it in the same transaction.
 *
 * Promises: nobody gives himself a post, by whatever way; system, security and audit administrator are three people (GB/T 22239-2019),
 * and somebody always holds each of the three without end; no desk at which work waits is left empty by closing an account or
 * ending a post. Every change is an event; the name stands in its private part, the account in its public one. */
#pragma once

#include "credentials/credentials.h"
#include "identity/identity.h"
#include "subject/subject.h"

extern const Room people_room;
extern const SubjectKind member_kind; /* "member/330482…" */

enum member_state { MEMBER_ACTIVE, MEMBER_LOCKED, MEMBER_ENDED };

/* Adds a member of the staff, as identity_add_staff, with the first event "member.joined". */
bool people_enter(const Context *context, const StaffEntry *entry, int64_t *staff, GError **error);

/* ---- an empty county ---- */

enum { FIRST_PASSWORD = 20, ADMINISTRATORS = 3 };

/* The first person of one of the three administrations. */
typedef struct Administrator {
    char account[16], password[FIRST_PASSWORD];
    unsigned role;
} Administrator;
/* BAD_INPUT "people.county_name" where name or name_en cannot be one. */
bool people_names_fit(const County *county, GError **error);
/* In a write by the system: opens a county that has neither divisions nor staff, with its own division, its centre (organ 99) and three
 * administrators whose passwords must be changed. `county` has code, name, name_en and perhaps public_url. CONFLICT
 * "people.opened_already". */
bool people_open(const Context *context, const County *county, Administrator out[ADMINISTRATORS], GError **error);
/* {name, name_en, public_url} of a county that was opened so; of one of an older program nothing. NOT_FOUND "people.no_county" where it
 * has neither been opened nor has divisions. */
json_t *people_county(Db *db, int64_t county, GError **error);

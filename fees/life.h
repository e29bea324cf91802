// SPDX-License-Identifier: Apache-2.0
/* Declarations that this room's files share. */
#pragma once

#include "fees/fees.h"

extern const Record fee_record;
extern const Route fee_routes[];
extern const Field fee_act_fields[];
extern const struct ListSpec fee_list;

/* The steps of a case wait for what they charge. */
Listener fee_hear;
/* SubjectKind.may_begin: of a case (a Case) that goes on and whose item charges. */
bool fee_may_begin(const Context *context, const void *of);
/* The text that the notice's QR code carries: the county's form with its {reference} and {fen}, else the reference. Owned by the caller. */
char *fee_code(const Context *context, const Fee *self);
/* SubjectKind.answer */
json_t *fee_answer(const Context *context, const void *present, bool is_inside, GError **error);

/* SubjectGuard: is it the same amount, the day not to come, the receipt not known? */
SubjectGuard fee_payment_fits;
SubjectEffect fee_take_payment, fee_take_mismatch;

/* ---- bank.c ---- */
extern const Field fee_import_fields[], fee_hook_fields[];
/* The prepare of the web hook: NOT_FOUND "fees.no_hook" where the county has no secret, NOT_ALLOWED "fees.wrong_signature". */
Handler fee_hook_check, fee_hook, fee_import_show, fee_import_take;

/* ---- days.c ---- */
extern const Field fee_days_fields[];
/* The register by days: expected, received by channel, refunded, what differs. */
Handler fee_days;

/* ---- store.c ---- */
/* Is one of the line due? */
bool fee_is_due(const Context *context, int64_t case_number, const char *line, bool *is, GError **error);
/* [{day, amount, channel, state}] of sums between two days, of the organ (0: all): of notices by the day they were made, of payments by
 * theirs. Owned by the caller. */
json_t *fees_made(const Context *context, int64_t organ, Day from, Day to, GError **error);
json_t *fees_paid(const Context *context, int64_t organ, Day from, Day to, GError **error);

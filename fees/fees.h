// SPDX-License-Identifier: Apache-2.0
/* Fees (收费): what an item charges by its fee lines, and nothing else (Licensing Law arts. 58, 59). A payment notice (缴费通知书) has one line,
 * an amount for so many units, and a payment reference, its own number; it is paid at the counter, by a file of the bank or by a message
 * of the bank's, and the step that the line names is not taken before. Money is in fen. */
#pragma once

#include "licences/licences.h"

enum fee_state {
    FEE_DUE,       /* 待缴 */
    FEE_PAID,      /* 已缴 */
    FEE_WAIVED,    /* 已免 */
    FEE_NOTHING,   /* 无需缴费 */
    FEE_REFUNDED,  /* 已退 */
    FEE_CANCELLED, /* 已作废 */
    FEE_STATES,
};
extern const char *const fee_state_names[FEE_STATES + 1];  /* NULL ended */
extern const char *const fee_channel_names[];              /* "", "cash", "card", "bank", "online", NULL */

enum fee_action { FEE_PAY, FEE_CREDIT, FEE_MISMATCH, FEE_WAIVE, FEE_REFUND, FEE_CANCEL, FEE_ACTIONS };

enum { FEE_UNITS_MOST = 1000000, FEE_REFERENCE = 18 /* digits */ };
#define FEE_MOST INT64_C(100000000000) /* fen of one notice */

/* A fee as it is now. Days are Day, 0: none. Texts are owned, never NULL. It names no person. */
typedef struct Fee {
    int64_t number;       /* subject_draw_number: the payment reference */
    int64_t case_number;
    char *item, *item_name, *item_name_en;
    int64_t organ, division; /* that charges; where the case was handed in */
    char *line, *line_en, *basis; /* of the item's fee line: its name and the document that it rests on; "": nothing is due */
    char *unit, *unit_en; /* what is counted; "": the case */
    int64_t amount, quantity, total; /* fen of one unit, units, fen */
    int64_t is_reducible;
    int64_t state;
    int64_t made_day, paid_day;
    int64_t channel;      /* place among fee_channel_names */
    char *receipt;        /* number of the receipt, or of the bank's message */
    int64_t received;     /* fen that came and are not the total; 0: none */
    int64_t events;       /* not in the ledger, as all below */
    SubjectHead head;
    unsigned unwritten;
} Fee;
void fee_clear(Fee *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Fee, fee_clear)

extern const Room fees_room; /* /fees, /desk/fees */
extern const SubjectKind fee_kind;
/* By enum fee_action, for subject_act. */
extern const SubjectRule fee_rules[FEE_ACTIONS];

/* In a write: a payment notice for so many units of a line of the case's item, or with `line` "" the note that nothing is due, for a reason.
 * NOT_FITTING "fees.no_line", "fees.quantity", "fees.reason_needed", "fees.too_much"; CONFLICT "fees.noted_already" where one of the line is due; NOT_ALLOWED "fees.not_your_case". */
typedef struct FeeAsk {
    const char *line, *reason;
    int64_t quantity;
} FeeAsk;
bool fee_begin(const Context *context, const Case *of, const FeeAsk *ask, Fee *out, GError **error);

/* A payment as the bank tells it. */
typedef struct FeePayment {
    int64_t reference, amount; /* fen */
    Day day;
    int64_t channel;
    const char *receipt;
} FeePayment;
/* In a write: notes it. *fits: the fee is paid; else the amount is another, which the fee then tells. Refuses NOT_FOUND "fees.no_fee",
 * CONFLICT "fees.paid_already", "fees.replayed", "fees.not_due", NOT_FITTING "fees.day_to_come". */
bool fee_credit(const Context *context, const FeePayment *payment, bool *fits, GError **error);

/* In a write: takes a bank's table of the columns reference, amount (yuan), day. Every fault is told: NOT_FITTING "fees.import", and nothing
 * is taken. A row that was taken before, by the same file or another, changes nothing. *taken counts the others. */
bool fee_import(const Context *context, const char *csv, size_t length, int64_t *taken, int64_t *known, GError **error);

/* How many notices of the case there are that are not cancelled, and how many of them are due; *due: the first of these. */
bool fees_of_case(const Context *context, int64_t case_number, int64_t *notices, int64_t *due, GError **error);

/* "1,234.50" yuan in fen; false when it is no amount of more than nothing and at most FEE_MOST. */
bool fee_amount_read(const char *text, int64_t *fen);

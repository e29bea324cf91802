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
/* Is the hash that was judged still that of `staff`? To be asked within the write: a password that was replaced since proves nothing. */
bool password_is_still(const Context *context, int64_t staff, const char *judged, bool *is_still, GError **error);
/* The reason why the password is against the rule, which asks for 10 characters or more, without the account's name in it, and none of the
 * commonest (data/passwords.csv); NULL when it is not. */
const char *password_fault(const char *password, const char *account);

/* ---- entry.c: the way in ---- */

/* Counts a guess at the password of `account`, which may be that of nobody (`known`), before it is judged; takes it back. */
bool entry_attempt(const Request *r, const char *account, const StaffLogin *known, GError **error);
bool entry_passed(const Request *r, const char *account, int64_t staff, GError **error);
/* The same of one's own, by somebody signed in. */
bool entry_attempt_own(const Request *r, GError **error);
bool entry_passed_own(const Request *r, GError **error);
/* The facts that decide which steps the way in has. */
typedef struct Standing {
    bool must_change; /* the password is one that somebody else has chosen */
    bool has_code;    /* of a telephone */
    int64_t passkeys, recovery; /* how many of each */
    bool is_demanded; /* a second factor, for one of the roles */
    bool is_proven;   /* a second factor was shown in this session; standing_read leaves it false */
} Standing;
/* Is the route a step that is wanted now of an ENTRANT, if it is known who he is? CONFLICT "credentials.other_step": so no step is left out. */
bool entry_is_at(const Request *r, GError **error);
/* Where the way in ends: `next`, where that is a path of our own, or the desk. */
const char *entry_end(const char *next);
/* The address of a step that carries `next` along; owned by the caller. */
char *entry_link(const char *path, const char *next);
/* In a POST handler: begins the session of a member of the staff, in place of that of an ENTRANT or his own before. `by` is what he has
 * proved himself by last, for the security log. */
bool entry_begin(Request *r, int64_t staff, const char *by, GError **error);
/* Tells the security log; `account` is one that exists, or "". */
bool entry_note(const Request *r, enum security_kind kind, enum security_outcome outcome, const char *account, const char *purpose, GError **error);
/* In a POST handler: begins the session of an ENTRANT of whom nobody knows yet who he is. */
bool entry_arrive(Request *r, GError **error);
/* In a POST handler: begins the session that `staff` has come to, by what he has proved himself by last and with (`is_proven`) or without
 * a second factor, which is that of an ENTRANT as long as a step is wanted, and leads to this step or, at the end, to the field `next`. */
json_t *entry_go_on(Request *r, int64_t staff, const char *by, bool is_proven, GError **error);
/* The page of a step: {next}. */
json_t *entry_show(Request *r, GError **error);
extern const Field entry_page_fields[]; /* next */
/* The field that carries `next` along. */
#define ENTRY_NEXT { .name = "next", .most = NEXT_MOST, .look = LOOK_HIDDEN, .value = "next" }

/* ---- own.c: what a member of the staff sees and changes himself ---- */
extern const Field own_password_fields[], own_first_fields[];
/* A password that is asked for once more before what somebody proves himself by is changed: own_ask prepares, own_judge computes,
 * own_passed, first in the handler, takes the guess back. */
#define OWN_PASSWORD { .name = "password", .kind = FIELD_SECRET, .most = PASSWORD_MOST, .required = true, .autocomplete = "current-password" }
Handler own_ask, own_judge;
/* NOT_SIGNED_IN "http.sign_in" where the password was replaced since it was judged, as the sessions have ended then. */
bool own_passed(const Request *r, GError **error);
Handler own_show, own_show_all, own_forget_device, own_end_session, own_check_passwords, own_hash, own_change_password, own_check_first, own_change_first;

/* ---- totp.c ---- */
enum { TOTP_SECRET = 20 /* bytes, as RFC 4226, R6 recommends */ };
/* The step of time whose code was typed, of the present one and its neighbours, if it is later than `after`; else 0. */
int64_t totp_step(const unsigned char secret[TOTP_SECRET], Instant now, int64_t after, const char *typed);
/* The secret in base 32, and the link that a telephone reads (otpauth://); owned by the caller. */
char *totp_text(const unsigned char secret[TOTP_SECRET]);
char *totp_link(const char *text, const char *issuer, const char *account);

/* ---- code.c ---- */
enum { CODE_MOST = 40 };
#define CODE_OR_RECOVERY { .name = "code", .most = CODE_MOST, .required = true, .look = LOOK_EXACT, .autocomplete = "one-time-code", .hint = "credentials.code_or_recovery" }
extern const Field code_enter_fields[], code_enrol_fields[], code_own_fields[], code_recovery_fields[];
Handler code_show_enrolment, code_enrol_entering, code_enrol_own, code_show_recovery, code_renew_recovery, code_attempt, code_enter;
/* Begins the session of who asks anew and draws recovery codes in place of all others: {codes: [{code}], next, at}, for the page
 * "credentials/recovery". They are told here and never again. */
json_t *code_begin_anew(Request *r, const char *by, const char *next, GError **error);
/* Is it a one-time or recovery code of `staff` that may still be used? */
bool code_matches(const Context *context, int64_t staff, const char *typed, bool *fits, GError **error);
/* The same, and uses it up, in a write. */
bool code_use(const Context *context, int64_t staff, const char *typed, const char **by, GError **error);
/* Counts a guess at password and code at once before either is judged, `staff` 0: at those of nobody; takes it back, in a write. */
bool code_attempt_both(const Request *r, int64_t staff, const char *account, GError **error);
bool code_passed_both(const Request *r, int64_t staff, GError **error);

/* ---- rules.c: of whom a second factor is demanded, and taking it away from somebody who has lost it ---- */
extern const Field rules_fields[];
Handler rules_show, rules_set;

/* ---- store.c ---- */
bool standing_read(const Context *context, int64_t staff, Standing *out, GError **error);
/* The roles of which a second factor is demanded. */
bool demand_read(const Context *context, unsigned *roles, GError **error);
bool demand_set(const Context *context, unsigned roles, GError **error);

typedef struct CodeRow {
    char *secret;        /* hexadecimal; NULL: nothing is enrolled */
    Instant enrolled_at; /* 0: nothing is enrolled */
    int64_t used;        /* the step whose code was used last */
} CodeRow;
void code_row_clear(CodeRow *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CodeRow, code_row_clear)
bool code_secret(const CodeRow *self, unsigned char out[TOTP_SECRET]);
bool code_read(const Context *context, int64_t staff, CodeRow *out, GError **error);
bool code_keep(const Context *context, int64_t staff, const CodeRow *row, GError **error);
/* Takes the code of a step that is later than those taken before; *taken is false where another request was earlier. */
bool code_take(const Context *context, int64_t staff, int64_t step, bool *taken, GError **error);
bool code_forget(const Context *context, int64_t staff, GError **error);

bool recovery_add(const Context *context, int64_t staff, const char *code, GError **error);
/* `typed` in the form of code_plain. */
bool recovery_is(const Context *context, int64_t staff, const char *typed, bool *is, GError **error);
bool recovery_take(const Context *context, int64_t staff, const char *typed, bool *taken, GError **error);
bool recovery_left(const Context *context, int64_t staff, int64_t *left, GError **error);
bool recovery_forget(const Context *context, int64_t staff, GError **error);

enum { PASSWORDS_KEPT = 5 /* passwords, with the present one, none of which may be chosen again */ };
/* The hashes of at most so many former passwords, the last first. */
json_t *old_passwords(const Context *context, int64_t staff, int64_t most, GError **error);
bool old_password_keep(const Context *context, int64_t staff, const char *hash, GError **error);

/* ---- device_store.c: browsers in which somebody has signed in, by their hashes (http_device) ---- */
bool device_is_known(const Context *context, int64_t staff, const char *hash, bool *known, GError **error);
/* A browser has a fresh mark: whoever signs in at it is known by that one from now on, and nobody by the one before. */
bool device_rename(const Context *context, const char *before, const char *hash, GError **error);
bool device_remember(const Context *context, int64_t staff, const char *hash, const char *name, GError **error);
/* [{device, name, made_at, seen_at, is_here}], the last seen first. */
json_t *device_list(const Context *context, int64_t staff, const char *here, GError **error);
bool device_forget(const Context *context, int64_t staff, const char *hash, bool *known, GError **error);
bool device_forget_all(const Context *context, int64_t staff, const char *but, GError **error); /* `but` one, "": all */

// SPDX-License-Identifier: Apache-2.0
/* Declarations that this room's files share. */
#pragma once

#include "people/people.h"

#include "lists/lists.h"
#include "outbox/outbox.h"

typedef struct Member {
    int64_t number;              /* of the subject */
    int64_t staff;               /* by which the register of identity and the ledger know the person */
    char *account, *name;        /* the name is personal */
    char *posts;                 /* JSON, terms_read */
    int64_t state;               /* enum member_state */
    int64_t deputy;              /* number of the member who stands in; 0: nobody */
    int64_t leave_from_day, leave_to_day; /* both included; 0: no leave */
    int64_t successor, predecessor;
    int64_t password_at;
    int64_t asked;               /* enum member_reset: what waits for a second administrator */
    int64_t asked_at, asked_by;  /* when, and by which member of the staff */
    /* Not in the ledger: */
    int64_t events;
    char *sought, *quick_hash;
    SubjectHead head;
    unsigned unwritten;
} Member;
extern const Record member_record;
void member_clear(Member *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Member, member_clear)

enum { POSTS_MOST = 20 }; /* of a member */

enum member_part { STATE_PART = 1 << 0, POSTS_PART = 1 << 1, PERSON_PART = 1 << 2, LEAVE_PART = 1 << 3, PASSWORD_PART = 1 << 4, RESET_PART = 1 << 5 };

/* ---- fields.c ---- */

/* The posts of a member: array of Term, owned by the caller; and back. */
GArray *terms_read(const char *posts);
char *terms_write(const GArray *terms);
bool term_is_on(const Term *self, Day day);
/* Is it over before the day? */
bool term_is_past(const Term *self, Day day);
/* Is one of `terms` the same post for the same days? */
bool terms_hold(const GArray *terms, const Term *term);
/* With names in both languages, and "is_open": it is not over. Owned by the caller. */
json_t *terms_json(const Context *context, const GArray *terms, GError **error);
/* Puts the choices of a form for a post: "organs" and "divisions" of the county, and "today". */
bool member_put_choices(const Context *context, json_t *answer, GError **error);
/* The organs or divisions whose last day is not over. Owned by the caller. */
json_t *without_ended(const json_t *all);
json_t *member_answer(const Context *context, const void *present, bool is_inside, GError **error);

/* ---- life.c ---- */

enum member_action {
    MEMBER_APPOINT, MEMBER_DISMISS, MEMBER_LEAVE, MEMBER_COME_BACK, MEMBER_RENAME, MEMBER_RESET, MEMBER_LOCK, MEMBER_UNLOCK, MEMBER_END,
    MEMBER_TAKE_OVER, MEMBER_RESET_FACTORS, MEMBER_ASK_RESET, MEMBER_CONFIRM_RESET, MEMBER_REFUSE_RESET,
    MEMBER_WITHDRAW_RESET, MEMBER_DECLINE_RESET, MEMBER_LAPSE_RESET, MEMBER_FOLLOW, MEMBER_ACTIONS,
};
extern const SubjectRule member_rules[MEMBER_ACTIONS];

/* Bits of SubjectRule.needs for fields of this kind's own. */
enum {
    NEEDS_NAME = NEED_OWN, NEEDS_POST = NEED_OWN << 1, NEEDS_HELD = NEED_OWN << 2, NEEDS_FROM = NEED_OWN << 3, NEEDS_UNTIL = NEED_OWN << 4,
    NEEDS_RESET = NEED_OWN << 5, NEEDS_SURE = NEED_OWN << 6,
    TAKES_TO = TAKES_OWN, TAKES_DEPUTY = TAKES_OWN << 1, TAKES_SUCCESSOR = TAKES_OWN << 2,
};
extern const char *const member_state_names[];
extern const Field member_act_fields[];
/* Are all fields of the kind's own there that the rule needs? */
bool member_is_complete(const SubjectTurn *turn, GError **error);
/* SubjectKind.offers */
bool member_offers(const SubjectTurn *turn);
SubjectEffect member_give_password;

/* ---- reset.c: what somebody signs in with is reset, by two people where he decides or administers ---- */

enum member_reset { RESET_NONE, RESET_PASSWORD = 1, RESET_FACTORS = 2, RESET_BOTH = RESET_PASSWORD | RESET_FACTORS };
extern const char *const member_reset_names[];
enum { BY_ADMINISTRATOR = BY_OWN /* any of the three */, BY_SELF = BY_OWN << 1 /* the one concerned */, THE_ADMINISTRATORS = SYSTEM_ADMINISTRATOR | SECURITY_ADMINISTRATOR | AUDITOR };
extern const char *const member_relations[];
/* SubjectKind.is_entitled */
bool member_is_entitled(const Actor *actor, const void *present, const SubjectRule *rule, int64_t county);
/* Guards: one security administrator suffices; two people are needed; somebody else, whom the asker cannot have made lately, confirms within a
 * day; something waits; another one has asked; one has asked oneself. */
SubjectGuard reset_alone_may, reset_ask_may, reset_confirm_may, reset_waits_still, reset_refuse_may, reset_withdraw_may;
SubjectEffect reset_ask, reset_confirm, reset_drop;
/* SubjectKind.due: the system drops what nobody has confirmed within a day. */
Instant reset_due(const void *present, const SubjectRule **rule);
/* The parts of enum member_reset that take effect with the action. */
unsigned reset_done(const SubjectRule *rule, const Member *before);
/* Puts what waits into the answer of the member's page. */
bool reset_put(const Context *context, const Member *self, json_t *answer, GError **error);
extern const MessageTemplate people_messages[];
/* Room.tells_own: what waits for oneself. */
bool reset_tell_own(const Context *context, json_t *own, GError **error);
/* Room.listens: tells the one concerned, the one who asked, and the other administrators: somebody must confirm; somebody is one now. */
Listener reset_tell;
/* The one concerned refuses what waits. */
Handler reset_decline;

/* ---- act.c ---- */

/* Everything that a member may do today and later: his own posts, and those of whom he stands in for. Owned by the caller. */
GArray *member_terms(const Context *context, const Member *self, GError **error);
/* Writes what other rooms read of the members. */
bool member_derive(const Context *context, const Member *self, GError **error);
bool member_derive_of(const Context *context, int64_t number, GError **error); /* 0 is nobody */
/* One action with all that follows from it for others, within one transaction; `out` as in subject_act. Also refuses NOT_ALLOWED
 * "people.not_oneself", CONFLICT "people.last_administrator" and "people.work_waits". */
bool member_act(const Context *context, int64_t number, const SubjectRule *rule, const SubjectInput *input, Member *out, GError **error);

/* ---- enter.c ---- */

/* All that is known of a new member; terms of Term. */
typedef struct Newcomer {
    const char *account, *name, *hash, *quick_hash;
    GArray *terms;
} Newcomer;
/* A post that a member of the staff gives begins today at the earliest. Also refuses a post that does not fit (identity_post_fits), "people.past" and "people.many_posts". */
bool member_enter(const Context *context, const Newcomer *who, Member *out, GError **error);
/* Room.settle: once for each county, enters the accounts of an older program. */
bool people_enter_late(const Context *context, GError **error);
/* Room.verify: holds the register and the list of duties against the members. */
bool people_verify(const Context *context, const VerifyReport *told, int64_t *count, GError **error);

/* ---- import.c ---- */
extern const Field import_fields[];
Handler people_import;

/* ---- first_passwords.c ---- */

/* A password that follows from the request's session and instant, so that the session can show it although nothing keeps it. */
typedef struct FirstPassword {
    char text[FIRST_PASSWORD];
    char *hash, *quick_hash; /* as the register and the member keep them */
} FirstPassword;
void first_password_clear(FirstPassword *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FirstPassword, first_password_clear)
bool first_password_for(const Request *r, const char *account, FirstPassword *out, GError **error);
/* The same from the context's randomness, for pinghu init. */
void first_password_draw(const Context *context, const char *account, FirstPassword *out);
Handler first_passwords_show;

extern const Route people_routes[];

/* ---- opening.c, rights.c ---- */
extern const Field opening_divisions_fields[], opening_organs_fields[];
Handler opening_show, opening_divisions, opening_organs, rights_show;

/* ---- reform.c: organs and divisions that end, are renamed or founded (identity/identity.h) ---- */
extern const Field reform_plan_fields[], reform_import_fields[], reform_withdraw_fields[];
Handler reforms_show, reforms_plan, reforms_import, reforms_withdraw;
/* Room.listens: posts go to the successor, or end. */
Listener reform_follow;

/* ---- list.c ---- */
extern const ListSpec member_list, duty_list;
extern const Field member_list_fields[], duty_list_fields[];

/* ---- store.c ---- */

/* The number of the member with that account, or of that staff; 0: nobody. */
bool member_by_account(const Context *context, const char *account, int64_t *number, GError **error);
bool member_by_staff(const Context *context, int64_t staff, int64_t *number, GError **error);
/* Numbers of the members: whom one stands in for; who hold a role as their own today, without end; whose password was given since. Owned
 * by the caller. */
GArray *members_deputised(const Context *context, int64_t deputy, GError **error);
GArray *members_with_role(const Context *context, const char *role, GError **error);
/* Numbers of the members who hold a post of an organ, or in a division, today or later. Owned by the caller. */
GArray *members_of_organ(const Context *context, int64_t organ, GError **error);
GArray *members_in_division(const Context *context, int64_t division, GError **error);
GArray *members_given_since(const Context *context, Instant since, GError **error);
/* Does somebody whose account is open hold the role today? */
bool role_is_held(const Context *context, const char *role, bool *is, GError **error);
/* Puts the rows of a member in place of those that are there. */
bool duties_put(const Context *context, const Member *self, const GArray *terms, GError **error);
bool opening_put(const Context *context, const County *county, GError **error);
bool opening_load(Db *db, int64_t county, json_t **found, GError **error);

// SPDX-License-Identifier: Apache-2.0
/* The private part of events: what a subject says of a person (PIPL art. 4). The event holds its hash alone, so that the
 * text can be erased (PIPL art. 47) while the ledger holds. */
#pragma once

#include "subject/subject.h"

#include <string.h>

/* A member that every record has, at one of the offsets that its kind names. */
static inline int64_t subject_member(const void *self, size_t offset)
{
    return *(const int64_t *)(const void *)((const char *)self + offset);
}

/* Writes down in which personal columns two records differ, or sets the nonce of `after` where its row is the private part
 * (Record.nonce); *hash (SHA-256, hexadecimal, owned by the caller) is NULL where they differ in none. */
bool private_keep(const Context *context, const Record *record, const char *subject, int64_t sequence, const void *before,
                  void *after, char **hash, GError **error);
/* The hash of a row that is its own private part; NULL where it says nothing of a person. Owned by the caller. */
char *private_row_hash(const Record *record, const void *row);
/* Erases all private parts of a subject. */
bool private_erase(const Context *context, const char *subject, GError **error);
/* The text that private_keep wrote; NULL in *text when it was erased, "" where it does not open. Owned by the caller. */
bool private_read(Db *db, int64_t county, const char *subject, int64_t sequence, char **text, GError **error);

/* Keeps the uploads of an action, and names them in its facts. */
bool subject_keep_papers(const SubjectTurn *turn, const char *subject, json_t *facts, GError **error);

/* Has nobody acted since the page of the turn's input was made? CONFLICT "<words>.stale" says who did what and when; "subject.draft_stale". */
bool subject_is_fresh(const SubjectTurn *turn, GError **error);

/* Stable word for the kind of an event's actor, of codes.actor_kind. */
const char *subject_actor_kind(enum actor_kind kind);

/* Has it not been handed in (SubjectKind.hands_in)? */
bool subject_is_draft(const SubjectKind *kind, const void *self);
/* The rest of an action on a draft: its papers are kept, and nothing is recorded. */
bool subject_take_draft(const SubjectTurn *turn, void *next, GError **error);
/* Where the action hands `self` in: records what its row says, which is the first that the ledger learns of it. */
bool subject_hand_in(const SubjectTurn *turn, void *self, GError **error);

/* The rule whose event it is; NULL: none's. */
const SubjectRule *subject_rule_of(const SubjectKind *kind, const Event *event);
/* The organ of its events. */
int64_t subject_organ(const SubjectKind *kind, const void *self);
/* The article that is cited for the turn's rule; NULL: none. */
const char *subject_law(const SubjectTurn *turn);
/* May the actor take the action, whatever the subject's state? */
bool subject_lets(const SubjectTurn *turn);
/* The member of the staff on leave whose post alone lets the actor take the action; 0: the actor's own do. */
int64_t subject_absent(const SubjectTurn *turn);
/* The members of an event's facts that name the documents it wrote (SubjectRule.document, .certificate). */
static const char *const subject_papers[] = { "document", "certificate" };

/* Is it the event that erases a subject, or restricts its use? */
static inline bool subject_takes_away(const char *event)
{
    return strcmp(event, LEDGER_ERASED) == 0 || strcmp(event, LEDGER_RESTRICTED) == 0;
}
/* In a write by the system: erases the subject, or restricts its use where the input has a day, by the kind's own rule for that. *done is
 * false where there is nothing to take away, or where it may not be done as it stands; with `looks` nothing is done, only told. */
bool subject_take_away(const Context *context, const char *subject, const SubjectInput *input, bool looks, bool *done, GError **error);

/* Room.listens: notes what begins beside a case (SubjectKind.is_beside), and lets it be erased or restricted with the case. */
Listener subject_keep_beside;
/* Why the kind cannot be beside a case, if it says that it is; NULL: it can. */
const char *beside_wrong(const SubjectKind *kind);
bool beside_insert(const Context *context, int64_t case_number, const SubjectKind *kind, int64_t number, GError **error);

/* Room.listens: keeps the timers of all kinds (SubjectKind.timer). */
Listener subject_keep_timer;
/* Room.listens and Room.forgets: keep what the subjects of all kinds are found by (SubjectKind.sought). */
Listener subject_keep_sought;
bool subject_forget_sought(const Context *context, const char *subject, GError **error);
/* In a write: writes it for the subjects of an older program, once. */
bool subject_settle_sought(const Context *context, const SubjectKind *kind, GError **error);

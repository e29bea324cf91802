// SPDX-License-Identifier: Apache-2.0
/* The table of life: which action may be taken in which state, at which step, by whom, with what in
 * hand, and what follows. Pure: no database, no HTTP. */
#pragma once

#include "cases/cases.h"

extern const Route case_routes[];
/* The case that the path names, if the actor may see it. */
bool case_load_visible(const Request *r, Case *out, GError **error);
/* Writes into the security log that a member of the staff looks at what the case says of a person; of its holder that he opens scans, once
 * a day; nothing for anybody else. */
bool case_note_access(const Request *r, const Case *self, enum security_kind kind, enum security_often often, const char *purpose,
                      GError **error);
/* The same of a page that shows it in clear, once a day, but for the clerk's who has taken it down: the ledger tells that. */
bool case_note_look(const Request *r, const Case *self, GError **error);
/* Field.judge of the number of an applicant's identity paper, by the fields party_kind and id_kind; without both it may be of any kind. */
char *case_number_fits(const char *value, const json_t *fields, GError **error);
/* Leads to the page of the case whose number was typed, below that address. */
json_t *case_find(Request *r, const char *below, GError **error);

/* ---- act.c ---- */
#define CASE_SOUGHT "case_hash" /* the table of the hashes by which applicants are found */
#define CASE_LIMIT "case.limit" /* the one kind of timer: deemed acceptance (art. 32), then the statutory limit */
#define CALENDAR_BEGINS "calendar.begins" /* a calendar that was announced comes in force (reschedule.c) */
bool calendar_begins(const Context *context, const char *subject, Instant at, GError **error);
/* At the start, once, an event "case.rescheduled" each: limits in calendar days that an older program let end on a rest day are
 * corrected, and so is what it noted as late by them; special procedures under way end when they were told to; nothing waits for an
 * instant in a year that is not published. */
bool case_settle_limits(const Context *context, GError **error);
/* Room.settle: cases that an older program has left have no timers, and their passwords in clear. */
bool case_settle(const Context *context, GError **error);

/* ---- ending.c ---- */
#define CASE_DRAFTS "case.drafts" /* drafts that nobody has handed in end */
bool case_end_drafts(const Context *context, const char *subject, Instant at, GError **error);
/* At the start: sets the county's timer for that, where it is not set. */
bool case_watch_drafts(const Context *context, GError **error);

/* ---- delivery.c ---- */
extern const char *const delivery_manners[]; /* delivery_names but the empty one: choices of a form */
/* The one that is told, else "direct". */
const char *delivery_manner(const SubjectTurn *turn);
SubjectGuard delivery_fits;
SubjectEffect delivery_take;
/* The documents since the decision: [{document_kind, number}]. Owned by the caller. */
json_t *delivery_papers(const Context *context, const Case *self, GError **error);

/* ---- terminate.c ---- */
extern const char *const terminate_grounds[]; /* choices of the field "end_ground" */
/* The ground that is told; "": none. */
const char *terminate_ground(const SubjectInput *input);
/* The article that a known ground is like; NULL: there is none. */
const char *terminate_basis(const SubjectInput *input);
SubjectGuard terminate_fits;
/* Does terminating it on that day ask for a ground? An applicant who brought nothing in time has given up. */
bool terminate_asks_ground(const Case *self, Day day);

/* ---- spot.c ---- */
#define ON_SPOT "on-spot" /* in addresses, in place of an action's name */
/* Decides it with what was sent: the short answer of an action. Owned by the caller. */
json_t *spot_take(const Request *r, int64_t number, GError **error);

#define CASE_ON_SPOT "on_spot" /* among the fields of SUBMIT, where the case is decided at once */

/* ---- quota.c ---- */
typedef struct QuotaStand {
    int64_t used;    /* granted in the period of today */
    int64_t earlier; /* number of a case that was accepted before and is not decided; 0: none */
} QuotaStand;
/* How an item with a limited number stands before the case is decided; all 0 of any other. */
bool quota_stand(const Context *context, const Case *self, const Item *item, QuotaStand *out, GError **error);
/* Refuses a grant out of order ("cases.out_of_order") or beyond the number ("cases.quantity_used"). */
SubjectGuard quota_lets;
/* Puts "quota" {number, is_year, used, is_used_up, earlier (grouped), earlier_path} for a case that waits for its decision. */
bool quota_put(const Context *context, const Case *self, const Item *item, json_t *answer, GError **error);

/* Puts "same" {number, number_grouped, state, seen, path, is_draft} into the answer of a draft: the newest open case of the same applicant for the same
 * item that the actor may see; nothing where there is none. */
bool twin_put(const Context *context, const Case *self, json_t *answer, GError **error);

/* ---- answers.c ---- */
/* Does the case have answers? */
bool answers_there(const Case *self);
/* Case.applicant_answers; NULL: there are none. Owned by the caller. */
json_t *answers_of(const Case *self);
/* Do the answers keep the case under the version it has pinned, since the newest has another form? */
bool answers_bind(const Case *self, const Item *pinned, const Item *newest);
/* The item whose form the case answers: of a draft the version in force today, else the one it has pinned (act.c). */
Item *answers_item(const Context *context, const Case *self, GError **error);
/* Facts for form_prefilled: what the draft says, and what this browser may see of an earlier
 * application for the item. Owned by the caller. */
json_t *answers_known(const Request *r, const Case *self, GError **error);
/* Is a paper, step or fee of that name asked for after these answers (NULL: all are)? `about` as form_asks takes it. */
bool answers_ask(const Item *item, const json_t *answers, const char *about, const char *name);
/* That step, or the next that the answers do not leave out. */
size_t answers_step(const Case *self, const Item *item, size_t step);
/* Takes away the errors of form_check that tell of what is not answered yet. */
void answers_drop_open(json_t *errors);
/* Another applicant takes over what is said of the matter alone. */
void answers_forget_person(Case *next, const Item *item);
/* Case.applicant_answers of a draft that begins with these (CaseDraft.situation). Owned by the caller. */
char *answers_begun(const Item *item, const json_t *situation);
/* Puts "has_form", "has_answers" and, for those who see the applicant in clear, "answers" {name: value} and "answered" [{group, group_en,
 * lines (form_said)}], of a draft also "answers_open" {names, names_en} or "end" (form_end) and "no_need". */
void answers_put(const Context *context, const Case *self, const Item *item, bool clear, const char *base, json_t *answer);
/* Refuses CONFLICT "cases.answers_open" with "names" while anything is open, "cases.answers_anew" where a newer form asks for it,
 * "cases.answers_end" where one need not apply. */
SubjectGuard answers_are_whole;
/* Leaves of the draft's answers, when it is handed in, those that the newest form asks. */
void answers_hand_in(const SubjectTurn *turn, Case *next);
/* Leaves those that the form of another organ's item asks, too; the events keep the rest. */
void answers_transfer(const Item *to, Case *next);
SubjectEffect answers_take, answers_correct;
/* Puts "corrected_answers": [{label, label_en}] into a line of the history. */
void answers_tell_corrected(const Event *event, json_t *line);

/* ---- others.c ---- */
/* Does the text (Case.applicant_others; NULL: nobody) name an agent? */
bool others_have_agent(const char *others);
/* How many apply with the applicant, by the same text. */
/* The number of the agent's identity paper; NULL: there is none. Owned by the caller. */
char *others_agent_number(const char *others);
int64_t others_with(const char *others);
/* Puts agent and others, in clear or masked, into what is shown of the applicant, where there are any. */
void others_put(const Case *self, bool masked, json_t *applicant);

/* The same as an application's form holds them: co_applicants, by_agent, agent_name, agent_id, agent_scope. */
void others_put_typed(const Case *self, json_t *answer);

/* ---- erase.c ---- */
/* Room.forgets: takes the applicant out of the register of parties. */
bool case_forgets(const Context *context, const char *subject, GError **error);

/* ---- messages.c ---- */
Listener case_tell_people;

/* Relations of the person who acts to the case, beside those that every kind knows; several may do. */
enum case_relation {
    BY_DESK = BY_OWN,        /* the post that holds the awaited step */
    BY_PLACE = BY_OWN << 1,  /* a clerk where the case was handed in */
    BY_VIEWER = BY_OWN << 2, /* any of the staff who may see the case */
};

enum {
    NEED_ID_NUMBER = NEED_OWN,      /* the whole number of the applicant's identity paper (case_check_own_code) */
    NEED_EXTENSION = NEED_OWN << 1, /* days, in the unit and within the bound of the item's extension */
    NEED_ITEM = NEED_OWN << 2,      /* to_item: the code of another organ's item */
    TAKES_FALSE_PAPERS = TAKES_OWN, /* the field "false_papers": art. 78 */
    TAKES_GROUND = TAKES_OWN << 1,   /* end_ground */
    TAKES_GRANTED = TAKES_OWN << 2,  /* granted */
    TAKES_DELIVERY = TAKES_OWN << 3, /* manner, receiver, delivery_note, consent */
    TAKES_ABOVE = TAKES_OWN << 4,    /* above_number, where a higher organ has decided */
    TAKES_ANSWERS = TAKES_OWN << 5,  /* answers: what the officer of the step finds (findings.c), or to the fields that are asked for again (reopened.c) */
    TAKES_SOME_ANSWERS = TAKES_OWN << 6, /* the same where none is required */
};

/* ---- guards.c ---- */
/* Has the clock run out? */
bool guard_is_over(const SubjectTurn *turn, enum case_clock which);
/* The item as the case has it pinned. */
const Item *life_item(const SubjectTurn *turn);
/* The place of the turn's rule in the table. */
enum case_action life_action(const SubjectTurn *turn);
SubjectEffect hand_in;
SubjectGuard guard_hand_in, guard_time, guard_ask, guard_extend, guard_special, guard_resume, guard_erase, guard_restrict, guard_in_use, guard_holder_alone, guard_rate, guard_slip;

/* ---- applicant.c ---- */
/* Sets all that the case says of its applicant, whom the register of parties learns of. */
bool applicant_put(const Context *context, const Party *party, Case *self, GError **error);
/* The applicant from the fields party_kind, name, id_kind, id_number, …, born by that day; *id_number is the normal form, owned by the caller,
 * kept by *party (routes.c). */
bool applicant_of(const json_t *fields, Day today, Party *party, char **id_number, GError **error);
SubjectGuard applicant_fits;
SubjectEffect applicant_take;
extern const Field applicant_fields[];
Handler applicant_ask, applicant_change;
/* May a page offer the actor this action now, whose form stands on a page of its own? */
bool life_may(const Context *context, const Case *self, enum case_action action);

/* ---- correct.c ---- */
SubjectGuard correct_fits;
SubjectEffect correct_take;
/* Tells the holder and the staff what was corrected, masked: "corrected" [{corrected_field, before, after}]. */
void correct_tell(const Event *event, json_t *line);
extern const Field edit_fields[], correct_fields[];
Handler correct_ask, correct_applicant, correct_answers_ask, correct_answers;
/* May the applicants have such an item (draft.c)? The field at fault is refused. */
bool applicants_fit(const Context *context, const Item *item, const Party *party, const char *others, GError **error);
/* Does the actor see what the case says of a person in clear (routes.c)? */
bool case_is_clear(const Context *context, const Case *self, bool *clear, GError **error);

/* ---- transfer.c ---- */
SubjectGuard transfer_fits;
extern const Field transfer_fields[];
Handler transfer_ask, transfer_away;
/* Is it open now, to this person? */
bool transfer_may(const Context *context, const Case *self, const Item *item);
/* Field.check of what stands on papers: no character in it that nobody sees (routes.c). Owned by the caller. */
char *case_visible(const char *text, GError **error);
/* The head of a page that asks one thing of a case: {number, number_grouped, state, seen, item_name, item_name_en}. Owned by the caller. */
json_t *case_asked(const Case *self);
SubjectEffect transfer_take;

/* ---- levels.c ---- */
/* Has a higher organ it, which decides? */
bool life_is_up(const Case *self);
/* Does a lower organ examine it first (art. 35)? */
bool life_is_below(const Case *self, const Item *item);
/* Notes until when the higher organ has it, by that organ's limit; and that it has come back, or ended. */
SubjectEffect levels_send_up;
void levels_come_down(const Case *present, Case *next);
/* Does the item's level let the action happen now? An item that is decided above is sent up, and nothing else is done here until the result comes. */
bool life_level_lets(const SubjectTurn *turn);
/* A result from above is told by the number of its document. */
bool levels_result_is_named(const SubjectTurn *turn, GError **error);

/* ---- complete.c ---- */
SubjectGuard case_may_tick, case_asks_all, case_is_complete, case_all_supplied, case_has_material, case_may_decline, case_may_grant, case_may_refuse, case_needs_other_eyes;
/* ---- promise.c ---- */
SubjectGuard case_promises_fit, case_revokes;
/* Sets Case.held by what the action brings or finds wanting, for the version under which the case goes on. */
void papers_take(const SubjectTurn *turn, Case *next);
/* A paper of that material was taken out: it is not noted as held any more. */
void papers_drop(Case *next, const Item *item, const char *material);
/* ---- shared.c ---- */
/* Takes over into the event's facts what the fields say of the source. */
SubjectEffect shared_take;
/* The materials of the item that other organs are asked for once it is handed in: [{material, sharing: "will_come", name, name_en of the
 * source}]. Owned by the caller. */
json_t *shared_will_come(const Context *context, const Item *item, GError **error);
/* Puts "shared" {sharing, name, name_en} into those of the answer's materials that come by themselves or did not; of a draft's those that will. */
bool shared_put(const Context *context, const Case *self, const Item *item, json_t *answer, GError **error);
/* ---- replace.c ---- */
SubjectGuard paper_may_go;
SubjectEffect paper_take_out;
/* *material: of the paper that the field "paper" numbers; NULL: the case has none. Owned by the caller. */
bool paper_material(const Context *context, const Case *self, const SubjectInput *input, char **material, GError **error);
/* May a page offer the actor to take out or replace papers of that material? */
bool paper_may_leave(const Context *context, const Case *self, const char *material);
/* The names of the necessary papers that are not there. Owned by the caller. */
json_t *papers_lacking(const Context *context, const Case *self, const Item *item, GError **error);
/* The minutes of the case's hearing, as decisions cite them (subject_cited); NULL in *out where it had none. Only a case whose clocks stood still
 * for one is asked. Owned by the caller. */
bool case_heard(const Context *context, const Case *self, char **out, GError **error);
/* Notes that the actor has reviewed the case. */
void eyes_note(const SubjectTurn *turn, Case *next);
/* Has the actor reviewed the case, so that he may not decide it? */
bool eyes_are_his(const Actor *actor, const Case *self, const Item *item);

/* The messages that follow an action: to who applied, and from OVERDUE_MESSAGE on to the desk. */
enum case_message { NO_MESSAGE, CORRECTION_MESSAGE, DECIDED_MESSAGE, TRANSFERRED_MESSAGE, SENT_UP_MESSAGE, MISSED_MESSAGE, OVERDUE_MESSAGE, SUPPLIED_MESSAGE, OUTLASTED_MESSAGE };

enum move { STAY, TO_NEXT, TO_PREVIOUS, TO_AFTER_ACCEPT, TO_DELIVER };

/* SubjectTurn.work of a case. */
typedef struct CaseWork {
    const Item *item;    /* as pinned */
    const Item *next;    /* as it goes on: the version in force when it is accepted, that of the organ it is transferred to, else the same */
} CaseWork;

typedef struct CaseRule {
    SubjectRule rule;
    unsigned steps;       /* bit set of step kinds; 0: whichever */
    enum move move;
    const char *mark;     /* why key of the clock mark; NULL: the clocks do not notice; "": the special procedure's */
    enum holder holder;   /* of the days from then on; HOLDERS_COUNT: the same as before */
    bool stop;            /* the main clock ends */
    enum case_message message;
} CaseRule;

extern const CaseRule case_rules[CASE_ACTIONS];
/* The case's part of an action: marks, step, desk and limits. */
SubjectEffect case_follow;

/* From now on the applicant of a draft is shown in clear to the actor of the staff. */
void life_show_draft(const Context *context, Case *self);
/* SubjectKind.law and .document_kind, by the item's kind of act. */
const char *life_law(const SubjectTurn *turn);
const char *life_document(const SubjectTurn *turn);
/* Changes beside the state what the action changes. */
void life_change(const SubjectTurn *turn, Case *next);

/* Does the post see every case of the county? Supervisors, auditors and the head of the centre do. */
bool life_sees_all(const Post *post);
/* May this actor take the action on the case, whatever its state? */
bool life_is_entitled(const Actor *actor, const void *present, const SubjectRule *rule, int64_t county);
/* Adds to a line of the history the materials' names in both languages. */
bool case_tell(const SubjectTurn *turn, const Event *event, json_t *line, GError **error);
/* Adds to the "moved" of lines of a new calendar (reschedule.c) which days of the case's time became working days or days off: "days"
 * [{day, works, name, last}] and "has_days". */
bool case_explain(const SubjectTurn *turn, json_t *lines, GError **error);
/* Is the action offered where the table allows it? */
bool case_offers(const SubjectTurn *turn);
/* Does the awaited step allow the action? */
bool life_is_open(const SubjectTurn *turn);
/* The organ and division whose clerks took the case in. */
Post life_place(const Case *self, int64_t county);
/* Is this a clerk of the desk that took the case in? Nobody is where the applicant applied from home. */
bool life_took_in(const Actor *actor, const Case *self, int64_t county);
/* May the actor have the receipt? The holder, and the desk that prints it. */
bool life_has_receipt(const Actor *actor, const Case *self, int64_t county);
/* The item's special procedure of that kind, or a hearing, which any licence may have; NULL: it has none. */
const ItemSpecial *life_special(const Item *item, const char *kind);
/* Is it a hearing, which is begun beside the case and not by an action of the case's own? */
bool life_is_hearing(const ItemSpecial *special);
/* Index of the step after the move; the same index where there is none. */
size_t life_step(const Item *item, size_t step, enum move move);
/* Sets the desk that acts next, by state and step. */
void life_desk(Case *self, const Item *item, int64_t county);
/* The last day on which an applicant may bring what he was asked for. */
Day life_wait_ends(const Case *self);
/* The day on which the papers counted as received that the case stands on: those first handed in, or the last supplied. */
Day life_received(const Case *self, const Calendar *calendar);
/* The last day of a clock; DAY_NONE when it has not started. */
Day life_due(const Case *self, enum case_clock which, const Calendar *calendar);
/* The last day of a clock at `now` whose holidays the calendar does not know; DAY_NONE: it knows them all. */
Day life_unknown(const Case *self, const Calendar *calendar, Instant now);
/* The last mark of the clock for that reason; NULL: there is none. */
const ClockMark *life_mark(const Case *self, const char *why);
/* SubjectKind.own_since. */
Instant life_own_since(const Actor *actor, const void *of);
/* A scan that came at that instant is the former applicant's, and who holds the case now does not see it. */
bool life_is_of_former(const Actor *actor, const Case *self, Instant made_at);
/* Takes those away from a list of scans. */
void life_drop_former(const Actor *actor, const Case *self, json_t *papers);
/* The clock that tells the present holder by when to act; CASE_CLOCKS: none does. */
enum case_clock life_clock(const Case *self);
/* Did a special procedure last longer than was told of it? From then on the case counts as overdue, and its clocks went on. */
bool life_outlasted(const Case *self);
/* due_at and alarm_at, by state and clocks. */
void life_deadlines(Case *self, const Calendar *calendar);
/* The same at `now`, after the calendar changed; overdue is taken back where the limit has not passed any more. */
void life_reschedule(Case *self, const Calendar *calendar, Instant now);
/* Judges anew what has been decided: within the promised limit, beyond the statutory one. */
void life_judge(Case *self, const Calendar *calendar);
/* Papers of the applicant that registers of the rooms to the right hold: [{material, number_grouped, register_path}]. */
json_t *papers_offered(const Context *context, const Case *self, GError **error);

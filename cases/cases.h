// SPDX-License-Identifier: Apache-2.0
/* The life of a case (办件): one application that the law gives the centre a limited time to decide.
 * Its history is in the ledger and never changes; the row in case_now only repeats what the history
 * adds up to. One table says which action may follow which (life.c); one function takes every
 * action. */
#pragma once

#include "base/base.h"
#include "calendar/calendar.h"
#include "catalogue/catalogue.h"
#include "db/db.h"
#include "files/files.h"
#include "http/http.h"
#include "identity/identity.h"
#include "ledger/ledger.h"
#include "outbox/outbox.h"
#include "subject/subject.h"
#include "timers/timers.h"

extern const Room cases_room; /* /desk, /desk/cases/… */

/* ---- states and actions (Licensing Law arts. 32–50) ---- */

enum case_state {
    DRAFT,        /* 草稿: not handed in yet */
    RECEIVED,     /* 收件: handed in, acceptance not yet judged */
    CORRECTION,   /* 补正中: the applicant is asked, once, for what is missing */
    REVIEW,       /* 受理/审查 */
    SUSPENDED,    /* 特别程序: the clocks stand still, art. 45 */
    GRANTED,      /* 准予 */
    REFUSED,      /* 不予许可 */
    ISSUED,       /* 制证 */
    DELIVERED,    /* 送达 */
    CLOSED,       /* 办结归档 */
    NOT_NEEDED,   /* 不受理: no licence is needed */
    NOT_ACCEPTED, /* 不予受理: not within this organ's power */
    WITHDRAWN,    /* 撤回, also by never correcting (视为撤回) */
    TERMINATED,   /* 终止: its object or its applicant is gone */
    REVOKED,      /* 已撤销: granted, and taken back since (art. 69) */
    CASE_STATES,
};
extern const char *const case_state_names[CASE_STATES + 1]; /* NULL ended */

enum case_action {
    SUBMIT, PASS, RETURN_BACK, CORRECT, SUPPLY, ACCEPT, DECLARE_NOT_NEEDED, DECLINE, DEEM, SUSPEND,
    RESUME, EXTEND, GRANT, REFUSE, ISSUE, DELIVER, CLOSE, WITHDRAW, TERMINATE, LAPSE, OVERDUE, ATTACH, FETCH_PAPER, MISS_PAPER,
    OUTLAST, REVEAL, RATE, NEW_SLIP, OWN_CODE, ERASE, ERASE_AGAIN, RESTRICT, RESTRICT_AGAIN, RESCHEDULE, TRANSFER, SEND_UP, CHANGE_APPLICANT,
    PROMISE, UNACCEPT, REVOKE, EDIT, ANSWER, CORRECT_ANSWERS, CORRECT_APPLICANT, REMOVE_PAPER, REPLACE_PAPER, SUCCEED, CASE_ACTIONS,
};
/* The action by its name in addresses ("accept"); CASE_ACTIONS when there is none. */
enum case_action case_action_named(const char *name);

enum channel { AT_COUNTY, AT_TOWN, AT_VILLAGE, ONLINE };
enum { NO_HOUR = -1 };
enum case_decision { UNDECIDED, GRANTED_IT, REFUSED_IT };
extern const char *const delivery_names[]; /* 送达方式: "", "direct", "left", "post", "courier", "notice", "electronic", NULL */
extern const char *const channel_names[]; /* "county", "town", "village", "online", NULL */

#define CASE_AUTHORISED (INT64_C(1) << ITEM_MATERIALS) /* in Case.held: an agent's authorisation */
/* In Case.held: papers are promised, and rooms to the right tell which (Room.offers_papers). */
#define CASE_PROMISED (INT64_C(1) << (ITEM_MATERIALS + 1)) /* the bit before is that of an agent's authorisation */
#define CASE_FOLLOWS "follows" /* what a promise is: the paper comes later (容缺) */
#define CASE_VOUCHED "vouched" /* or is replaced by the promise (告知承诺) */

#define SPECIAL_HEARING "hearing" /* 听证: the special procedure that the room hearings begins and ends, as the system */
enum { INTAKE_DAYS = 5, DELIVERY_DAYS = 10, CORRECTION_DAYS = 15, BELOW_DAYS = 20 };

/* The present of a case. Every member but the marks is a column of case_now and a member of the events'
 * "change"; fields.c lists them. Texts are owned by the case, never NULL. */
typedef struct Case {
    int64_t number;              /* 330482140903000123: county, day, serial of the day */
    char *item;                  /* code; with item_version: as it was when accepted */
    int64_t item_version;
    char *item_name, *item_name_en;
    int64_t organ;               /* that decides */
    int64_t place;               /* division where it was handed in, or that the applicant chose */
    int64_t channel;             /* enum channel */
    int64_t party;               /* whose licences in the registers are offered as papers */
    /* The applicant, as this application says it: personal. No other application and no register changes it. */
    char *applicant;             /* name */
    char *applicant_kind;        /* name of enum party_kind; stays when the others are erased */
    char *applicant_id;          /* number of the identity paper, or code of the enterprise */
    char *applicant_telephone, *applicant_contact;
    char *applicant_representative, *applicant_address; /* 法定代表人, 住所: "" not said */
    int64_t applicant_division;  /* where they live; 0 unknown */
    char *applicant_answers;     /* JSON: what he has answered to the form of the item's version, {name: value} as form_check gives it; "": nothing */
    char *asked_fields;          /* JSON: the fields of the form that a correction notice opens again, each with a remark: {name: text}; "" */
    char *applicant_others;      /* JSON: his agent and who applies with him (others.c); "": nobody. The applicant named above receives */
    char *applicant_nonce;       /* see Record.nonce */
    int64_t state;               /* enum case_state */
    int64_t step;                /* index of the item's step that is awaited */
    int64_t desk_organ, desk_division, desk_role; /* who acts next; role 0: nobody of the staff */
    int64_t corrected, extended, overdue; /* 0 or 1; extended: the days added */
    int64_t rated;               /* 1 to 5; 0: not yet */
    int64_t returned;            /* 1: what a town or village had passed up was sent back */
    char *act;                   /* kind of act (catalogue.h); "": a licence */
    int64_t accepted_on, decided_on; /* Day; 0: not yet */
    int64_t accepted_hour;       /* of that day, 0 to 23: how busy the windows were; NO_HOUR: by nobody */
    int64_t decision;            /* enum case_decision */
    char *granted;               /* what the decision grants and on which conditions; "": what the item is called */
    char *findings;              /* JSON: what the officers of the item's steps have found by its form, {step: {name: value}}; "" */
    int64_t delivered_by;        /* place among delivery_names; 0: not yet, or nobody has said how */
    int64_t spent;               /* days of the statutory clock used at the decision, in its unit */
    int64_t kept;                /* 1: decided within the promised limit */
    char *missing;               /* JSON list of the papers asked for; "" */
    int64_t correct_by;          /* the last Day on which they may be brought; 0: nothing was asked for, or an older program asked */
    int64_t held;                /* a bit for each material of the item: scanned here, or seen on paper by a member of the staff; and CASE_PROMISED */
    char *reviewers;             /* ids of the staff who have reviewed it, ",12,15,": they do not decide it; "" */
    char *special;               /* kind of the special procedure under way; "sent_up": a higher organ decides; "" */
    int64_t special_until;       /* Day: the last of those that were told for it, or that organ's; 0: none is under way, or an older program told them */
    int64_t promised_days, promised_unit, statutory_days, statutory_unit; /* enum day_unit */
    int64_t joint; /* 1: begun or accepted as part of a joint handling (联办), by the room joint */
    int64_t from_receipt;        /* the clocks start with the receipt, not with acceptance */
    int64_t restricted_until;    /* Day on which the applicant's data are erased, and until which nobody is shown them (PIPL art. 47); 0: none */
    Instant due_at;              /* by when the present holder must act: intake, promise or delivery */
    Instant alarm_at;            /* when the system itself must act next; 0: never */
    /* Not in the ledger: */
    Instant draft_at;            /* since when `draft_staff` sees the applicant of the draft in clear, who typed it or has said why */
    int64_t draft_staff;
    int64_t draft_revision;      /* how often the draft has been changed */
    int64_t events;              /* sequence of the last event: what a page has seen */
    char *code_hash;             /* what is kept of the tracking code (查询码); "": there is none yet */
    SubjectHead head;             /* while the case is in hand */
    bool is_bare;                /* in hand since it began, and nothing scanned: there are no papers to look for */
    unsigned unwritten;          /* enum case_part: what subject_save has yet to write */
    size_t mark_count;
    ClockMark *marks;            /* since the receipt, owned; the events' "marks" in one line */
} Case;
enum case_part { PRESENT_PART = 1 << 0, PINNED_PART = 1 << 1, DECIDED_PART = 1 << 2, APPLICANT_PART = 1 << 3, CODE_PART = 1 << 4,
                 DRAFT_PART = 1 << 5, RESTRICTED_PART = 1 << 6, DELIVERED_PART = 1 << 7 };

void case_clear(Case *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Case, case_clear)

/* ---- clocks ---- */

enum case_clock {
    INTAKE_CLOCK,    /* 5 working days to accept or ask for correction, art. 32 */
    PROMISE_CLOCK,   /* 承诺时限 */
    STATUTORY_CLOCK, /* 法定时限, art. 42 */
    DELIVERY_CLOCK,  /* 10 working days from the decision, art. 44 */
    BELOW_CLOCK,     /* 20 working days of the organ that examines first, from its acceptance, art. 43 */
    CASE_CLOCKS,
};
/* The reading of one clock at `now`; NULL when it has not started. */
ClockReading *case_clock(const Case *self, enum case_clock which, const Calendar *calendar, Instant now);

/* ---- acting ---- */

typedef struct CaseDraft {
    const char *item;       /* code of a published item */
    int64_t place;          /* division; for an application from home the place chosen */
    enum channel channel;
    Party party;
    const json_t *loaded;   /* see SubjectInput */
    const json_t *situation; /* answers to the questions of the item's form, {name: [texts]}; NULL: none yet */
    const char *others;     /* as case_others_of gives it; NULL: nobody */
    bool is_part;           /* of a joint handling, from the beginning (Case.joint) */
} CaseDraft;

/* Begins a case. Refuses: item not published, not open online, not for this kind of applicant; a clerk
 * outside `place`. A LOADER need hold no post, here and later; a party that is known stays as it is. Fills *out, which is to be
 * cleared also after a refusal, here and by the next ones. */
bool case_draft(const Context *context, const CaseDraft *draft, Case *out, GError **error);

/* Takes one action: judges by the table, appends the event, writes the documents and the new present,
 * all in the caller's transaction. Refuses: CONFLICT "cases.stale" (seen is not the present),
 * "cases.not_now" (state or step), reasons of the action's own guard; NOT_ALLOWED "cases.not_yours";
 * NOT_FITTING for a missing field. Fills *out (may be NULL). */
bool case_act(const Context *context, int64_t number, enum case_action action, const SubjectInput *input,
              Case *out, GError **error);

/* May the actor promise papers of this case (a Case) in hand, as far as the case alone tells? SubjectKind.may_begin. */
bool case_may_promise(const Context *context, const void *of);
/* The papers that may be promised: necessary ones that are not there and that the item lets follow, or lets a promise replace:
 * [{name, name_en, promise: CASE_FOLLOWS or CASE_VOUCHED}]. Owned by the caller. */
json_t *case_promisable(const Context *context, const Case *self, GError **error);
/* The actions PROMISE (materials), UNACCEPT (materials, and the day until which they were to come) and REVOKE are taken by a room to the right,
 * which says so in SubjectInput.fields: {"promise": true}; {"is_licensed": whether a licence, whose paper tells of it, is revoked too}. With
 * {"joint": true} ACCEPT counts for other organs' items too, and the case is a part of a joint handling. */

/* The system alone takes FETCH_PAPER (uploads, material: a paper that has come by itself) and MISS_PAPER (materials: what did not, so that the
 * applicant is asked for it), with fields {source, source_version, request, and of the latter sharing: a word of codes.sharing}, which the
 * event repeats. */

/* Several actions on a case in hand, within one transaction: case_draft is case_begin and subject_save, case_act is
 * subject_load, case_take and subject_save. Events and documents are written with each action, the row once, by subject_save,
 * without which the transaction may not end. What case_take refuses leaves the case as it was. */
bool case_begin(const Context *context, const CaseDraft *draft, Case *out, GError **error);
bool case_take(const Context *context, Case *self, enum case_action action, const SubjectInput *input, GError **error);

/* Decides a case in hand on the spot (Licensing Law art. 34 §2), in its state of a draft of a desk or of receipt: hands it in, accepts,
 * grants, issues and delivers it by the actions of the table, one after the other, all taken by context->actor. `input` is of them all:
 * materials seen on paper, opinion, and the fields "granted" and "receiver". Refuses CONFLICT "cases.not_on_spot" where the item is not
 * decided on the spot, "cases.spot_not_now"; NOT_ALLOWED "cases.not_your_case", and "cases.spot_not_yours" where the actor holds not all
 * the posts of its steps; and what any of the actions refuses. After a refusal the transaction is to be undone. */
bool case_decide_on_spot(const Context *context, Case *self, const SubjectInput *input, GError **error);

/* Is it decided on the spot, in such a state, and does the actor, of the staff, hold all the posts? `item` as it is pinned. */
bool case_may_decide_on_spot(const Context *context, const Case *self, const Item *item);

/* The kind of a case (办件类型), as it follows from its item (as pinned) and from what happened to it: "returned" 退办 (not
 * accepted), "supplemented" 补办 (papers were asked for), "instant" 即办, "joint" 联办, "forwarded" 上报, else "promised" 承诺. */
const char *case_handling(const Case *self, const Item *item);
extern const char *const case_handling_names[]; /* these; NULL ended */

/* The numbers of the cases that were decided on a day, in order: array of int64_t, owned by the caller. */
GArray *case_decided_on(Db *db, int64_t county, Day day, GError **error);
/* The first day after `after` on which any was decided; DAY_NONE when there is none. */
bool case_next_decided(Db *db, int64_t county, Day after, Day *day, GError **error);
/* The number of cases that wait at a desk, which is a post of one role. */
bool case_waiting(const Context *context, const Post *desk, int64_t *count, GError **error);
/* Cases as a kind of subject: what listeners are told has Case before and after. */
extern const SubjectKind case_kind;
/* Has the organ a case that is handed in and not closed? */
bool case_runs_at(const Context *context, int64_t organ, bool *runs, GError **error);
/* Takes a party out of the register, unless a case but that one (0: any) still names it or a register of a room to the right does. */
bool case_forget_party(const Context *context, int64_t party, int64_t but, GError **error);
/* The first day after the term of keeping of a case that has ended, by its item or else by the centre's setting; 0: it has none. */
bool case_kept_until(const Context *context, const Case *self, Day *until, GError **error);
/* Has the salt of the case's last event been erased? */
bool case_is_erased(const Context *context, const Case *self, bool *erased, GError **error);

/* Within how many working days an applicant may bring what he was asked for: the item's, or else the centre's. */
int case_correction_days(const Context *context, const Item *item);
/* After how many days a draft that nobody hands in ends. */
int case_draft_days(const Context *context);

/* Tells people what a case has gone through (outbox.h). */
extern const MessageTemplate case_messages[];
/* MessageTemplate.telephone of what a case's holder is told: as the case says it when the message is sent. An erased case has none, and that
 * of a restricted one is not used: "". Owned by the caller. */
char *case_telephone(Db *db, int64_t county, int64_t number, GError **error);

/* ---- what is counted ---- */

/* A measure (计量) is a number that follows from what a case is now; all counters and lists agree on these. The first
 * ones count on the day of acceptance, those from DECIDED_CASES on the day of the decision. */
enum case_measure {
    ACCEPTED_CASES,   /* 办件 */
    OPEN_CASES,       /* 在办: accepted, and neither decided nor ended otherwise */
    ENDED_CASES,      /* accepted, then withdrawn or terminated */
    OVERDUE_CASES,    /* beyond the statutory limit */
    PASSED_UP_CASES,  /* taken in by a town or village, which pass them up */
    RETURNED_CASES,   /* of these sent back */
    DECIDED_CASES,    /* 办结 */
    GRANTED_CASES, REFUSED_CASES,
    ON_TIME_CASES,    /* decided within the promised limit */
    RATED_CASES,
    SATISFIED_CASES,  /* rated 3 (fairly satisfied, 基本满意) or better */
    /* Days of calendar limits are counted again in working days, five for each seven, rounded for each case: sums have one unit. A
     * case without a statutory limit adds nothing to the first two. */
    SPENT_DAYS,       /* by the statutory clock */
    STATUTORY_DAYS,
    PROMISED_DAYS,
    JUDGED_CASES,     /* of which ON_TIME_CASES are a share: the decided ones and, on the day of acceptance, those that are open beyond
                       * the statutory limit */
    AWAITED_SPENT_DAYS, AWAITED_STATUTORY_DAYS, /* the same of cases that are not promised for the same day (即办) */
    CASE_MEASURES,
};
extern const char *const case_measure_names[CASE_MEASURES + 1]; /* "accepted" …, NULL ended: as in addresses and columns */
int64_t case_measure(const Case *self, enum case_measure which);
/* The days of a limit counted in working days: five for seven days of the calendar, which a month has thirty of. */
int64_t case_working_days(int64_t days, enum day_unit unit);
/* Days of the statutory clock that a decision took, likewise. */
int64_t case_working_days_spent(const Case *self, int64_t days);
extern const Measures case_measures[]; /* those, by the names above */
enum { CHANNELS_CENTRE = 1 << AT_COUNTY | 1 << ONLINE, CHANNELS_TOWNS = 1 << AT_TOWN | 1 << AT_VILLAGE };
/* The published ones, and those that the sentences of the bulletin tell beside them. */
extern const Figure case_figures[];

/* ---- when the calendar changes ---- */

typedef struct CalendarTable {
    const char *rows;    /* date,kind,name: the years it names replace those of the calendar in force */
    size_t length;
    const char *source;  /* where it comes from: a file's name */
    int64_t seen;        /* the newest version when it was looked at; 0: whichever */
    Day since;           /* from which it is in force; 0: today */
} CalendarTable;
/* In a write: takes the table over as the county's newest calendar and computes the limits of every open case anew, all
 * in this one transaction: an event "case.rescheduled" for each case whose dates moved, then the event "calendar.changed"
 * of subject "calendar/VERSION". From a later day on it is only announced ("calendar.announced"): a timer does all this when
 * the day comes. Writes nothing where the table changes nothing and no later one is announced; the table in force withdraws what
 * is. Answers {version, same, days: [{day, works, moved, name}], open, moved}, and "withdrawn": the version that was announced
 * last and does not come in force now. NOT_FITTING as calendar_read and versioned_may_begin; CONFLICT "cases.calendar_stale". */
json_t *case_change_calendar(const Context *context, const CalendarTable *table, GError **error);
/* Tells what that would do, on any connection: the same answer, and "moves": of the first cases that move {number,
 * number_grouped, item_name, item_name_en} and the members of an event's "moved" (reschedule.c). */
json_t *case_preview_calendar(const Context *context, const CalendarTable *table, GError **error);

/* ---- seeing ---- */

/* May the actor see this case? Its holder, the desk's and the organ's people, supervisors; of the staff nobody where
 * it is an application from home that was never submitted. */
bool case_may_see(const Actor *actor, const void *present);
/* The case whose number stands first in the address of a page; NOT_ALLOWED "cases.not_your_case" where the actor may not see it. */
bool case_load_asked(const Request *r, Case *out, GError **error);

/* ---- the tracking code (查询码) ---- */

/* A case's number and its code make a HOLDER. The code is told once: to the applicant from home on the page after applying, else to the
 * clerk who prints a slip (查询单); a new slip ends the code before it. */
enum { CASE_CODE_TEXT = CODE_TEXT };
/* Gives the case, whose row the caller writes, a code that is drawn. */
void case_draw_code(const Context *context, Case *self, char code[CASE_CODE_TEXT]);
/* In a write by a clerk of the desk that took the case in: makes a new slip with a code that is drawn. */
bool case_renew_code(const Context *context, int64_t number, char code[CASE_CODE_TEXT], GError **error);
/* As case_draw_code, after session_begin: makes the code of that session, to which case_put_code tells it for half an hour. */
void case_begin_code(const Request *r, Case *self);
/* Puts "code" where this session has made it. */
bool case_put_code(const Request *r, int64_t number, json_t *answer, GError **error);
/* To be called in a route's prepare: TOO_MANY beyond the budgets of failures; NOT_FOUND with one sentence whether number or code is
 * wrong, and after the same time. */
bool case_try_code(const Request *r, int64_t number, const char *typed, GError **error);
/* Handlers of the holder: makes a code that nobody of the staff has been shown, which ends the one before it and begins a session; shows
 * it as a slip where this session has made it. Without such a code nobody rates, withdraws, opens scans or sees personal data in clear as
 * holder. case_check_own_code is to be its prepare: refuses whoever does not know the full number of the applicant's identity paper. */
Handler case_check_own_code, case_make_own_code, case_show_slip;
extern const Field case_slip_fields[], case_own_code_fields[];
/* May the actor see and open what is the applicant's alone in the case of that number (0: none)? A holder may by a code of his own. */
bool case_opens_all(const Context *context, int64_t number, bool *opens, GError **error);
/* And do what is his alone, such as to withdraw? Not an agent, who looks by a code of his own. */
bool case_is_holders_own(const Context *context, int64_t number, bool *is, GError **error);
/* *is: the actor is of the staff at the desk that hands the decision of that case over (art. 44), and there is one: the original is printed there. */
bool case_hands_over(const Context *context, int64_t number, bool *is, GError **error);
/* Begins the holder's session after case_try_code. Inside a POST handler. */
bool case_enter(Request *r, int64_t number, GError **error);

/* Does a person apply, whose name and number are not public? */
bool case_is_of_person(const Case *self);
/* {party_kind, name, id_kind, id_number, telephone, contact, division, and where they are said representative, address, agent {name, id_number, scope}, others [{name, id_number}] and has_others} as the case says it, in clear or masked: an enterprise's name and
 * code are public, the person to ask for and the telephone are not, and of the address the town is shown. Owned by the caller. */
json_t *case_applicant(const Case *self, bool masked);
/* The {party_kind, name} among these, as lists show it. */
json_t *case_applicant_name(const Case *self, bool masked);
/* A case as its page and the API show it; see answer.c for the shape. Personal data masked unless
 * `clear`. Actions open to the actor are listed; on the
 * desks' page clocks and history stand ready as {{page.parts.course}}. */
json_t *case_answer(const Request *r, const Case *self, bool clear, GError **error);

/* Handlers and fields that the applicant's own pages (portal) share with the desks: the path holds the
 * number, then the action or the paper. */
extern const Field case_act_fields[];
json_t *case_show(Request *r, GError **error);
json_t *case_take_action(Request *r, GError **error);
json_t *case_paper(Request *r, GError **error);
/* The page of a draft's fields, {number, seen, masked, case_path, and what case_apply_fields ask}, and what it sends. */
Handler case_edit_ask, case_edit;
/* The application form of a draft (answers.c): questions of the situation first, then all that is asked after them; what is typed must fit, what is not answered
 * may follow. */
Handler case_answers_ask, case_answer_form, case_form_print;
extern const Field case_answers_asked[], case_answers_fields[]; /* of the page, and of what it sends */
/* CaseDraft.situation from the field "situation". Owned by the caller. */
json_t *case_situation_of(const json_t *fields);
extern const Field case_edit_fields[]; /* from home */
/* The looks of the staff at the case's personal data, for its holder: {number, number_grouped, none, accesses: [{day, organ_name,
 * organ_name_en, access (a word of codes.access), document_kind, reason}]}, newest first; once for each organ, day and purpose. */
json_t *case_accesses(Request *r, GError **error);
/* The "accesses" of another subject that is his too. Owned by the caller. */
json_t *case_accesses_of(const Context *context, const char *subject, GError **error);
extern const Field case_draft_fields[]; /* post, place, party_kind, name, id_kind, id_number, telephone, contact, representative, address, and the fields of case_others_of */
extern const Field case_apply_fields[]; /* from home: the same without post, place is one of the page's "towns" */
/* The applicant from those fields, and from what was prepared; *id_number is the normal form, owned by the caller, kept by
 * *party. */
bool case_party_of(const Request *r, Party *party, char **id_number, GError **error);
/* Joint applicants and the agent of a party (Licensing Law art. 29), from the fields by_agent, agent_name, agent_id, agent_scope and
 * co_applicants (a line each: name, blank, number): a text for CaseDraft.others, owned by the caller, "" where nobody does. Refuses the
 * field that is at fault. */
bool case_others_of(const json_t *fields, Day today, const Party *party, char **others, GError **error);
/* The names of who applies with the applicant, "李四、王五", and *agent, that of his agent; "" for nobody. Both owned by the caller. */
char *case_others_named(const Case *self, char **agent);
/* Findings of the officers that everybody may know (forms: "public"), in the order of the steps: [{label, label_en, and said and said_en, or of a flag is_yes
 * or is_no: true}]. Owned by the caller. */
json_t *case_findings_public(const Case *self, const Item *item);
/* The material of an item at a place, as the case asks for it: behind the item's own an agent's letter of authorisation (授权委托书); NULL
 * behind the last. */
const ItemMaterial *case_material(const Case *self, const Item *item, size_t place);
/* Is a paper, step or fee line ("papers", "steps", "fees") of that name asked for after what the case's applicant has answered? */
bool case_asks(const Case *self, const Item *item, const char *about, const char *name);

/* Prepares an application: looks whether the applicant is known. */
json_t *case_party_look(Request *r, GError **error);

// SPDX-License-Identifier: Apache-2.0
/* The register of people and places: divisions, organs, staff with their posts, citizens and enterprises, and the one
 * function that answers "may this person do this here". */
#pragma once

#include "base/base.h"
#include "calendar/calendar.h"
#include "db/db.h"
#include "http/http.h"

extern const Room identity_room;

/* ---- identifiers (facts: GB 11643, GB 32100, GB 11714, GS 15); each returns the normal form or refuses
 * NOT_FITTING with the sentence for the field; usable as FieldCheck. Blanks and characters that nobody sees, which come with what was
 * pasted, are taken out and not counted. ---- */

/* Resident identity number (居民身份证号), 18 or the old 15 characters; x becomes X; the date of birth
 * must exist; an old number becomes the new one, so that one person has one number. The first six
 * digits are not checked: they may name a division long gone. Residence permits of Hong Kong, Macao and Taiwan people (81, 82, 83) and the
 * newer permanent residence cards of foreigners (9) are numbered alike. */
char *identity_resident_id(const char *text, GError **error);
/* Unified social credit code (统一社会信用代码), 18 characters; also the organisation code
 * (组织机构代码, XXXXXXXX-C) and the 15-digit registration number (工商注册号) of before 2015. */
char *identity_enterprise_id(const char *text, GError **error);
char *identity_credit_code(const char *text, GError **error);
char *identity_organisation_code(const char *text, GError **error);
char *identity_registration(const char *text, GError **error);
/* Check character of ISO/IEC 7064, MOD 37,36, over digits and capitals; full stops are passed over. */
char identity_check_character(const char *text);
/* Mobile, fixed-line or foreign number as people write it, perhaps with an extension: 13800001234, 0573-85012345-801, +85261234567x801. */
char *identity_telephone(const char *text, GError **error);
/* A short text that papers repeat, such as an address: two visible letters or digits at least, and nothing that text_is_visible refuses. */
char *identity_name(const char *text, GError **error);

/* ---- papers of identity (证件) ---- */

enum party_kind { PERSON, ENTERPRISE };
extern const char *const party_kind_names[]; /* "person", "enterprise" */
/* The kinds, NULL ended; called by the words codes.id_kind. */
extern const char *const identity_papers[];
/* The normal form of a number of that kind: its name, what tables call it (护照), or "" for one whose check digit tells what it is. Refuses
 * NOT_FITTING a kind that the party cannot have, a number that does not fit and a birth after `today` (0: not asked). A passport or foreign
 * company is told with its country, "USA 123456789", by code or name. Owned by the caller. */
char *identity_number(enum party_kind party, const char *kind, const char *text, Day today, GError **error);
/* The normal form of a number of whichever kind, as it is looked for; NULL where it is of none. Owned by the caller. */
char *identity_number_sought(const char *text);
/* The kind whose normal form the number has; "" for none. */
const char *identity_paper_of(enum party_kind party, const char *number);
/* The same where a document must name it: NULL for a resident's card and a unified social credit code. */
const char *identity_other_paper(enum party_kind party, const char *number);
/* A number as lines of text have it, behind what its kind is called (护照) where no check digit tells that. Owned by the caller. */
char *identity_number_line(enum party_kind party, const char *number);
/* The kind that tables and lines of text call so (护照, passport); NULL: none. */
const char *identity_paper_word(const char *word);

/* ---- names ---- */

enum { PERSON_NAME_MOST = 100, ENTERPRISE_NAME_MOST = 200 /* characters */ };
enum { ID_NUMBER_MOST = 60, TELEPHONE_MOST = 40 /* characters of a number as it is typed, for form fields */ };
/* The name of a party, with one code point for all middle dots. Refuses NOT_FITTING one that is too long, has no visible letter or digit (two
 * of an enterprise), or what text_is_visible refuses. Owned by the caller. */
char *identity_party_name(enum party_kind party, const char *text, GError **error);
char *identity_person_name(const char *text, GError **error); /* FieldCheck */

/* ---- masking (practice: name 张*三, ID first 6 and last 4... address to the town) ---- */

/* Masks by the kind of party: an enterprise's name and code are public and stay as they are. Owned by the caller. */
char *mask_party_name(bool is_person, const char *name);
char *mask_party_id(bool is_person, const char *id);
char *mask_name(const char *name);
char *mask_id(const char *id); /* of a person, by the kind that its form tells */
char *mask_telephone(const char *telephone);

/* ---- divisions (行政区划) ---- */

enum level { COUNTY_LEVEL, TOWN_LEVEL, VILLAGE_LEVEL };
extern const char *const level_names[]; /* "county", "town", "village" */
enum level division_level(int64_t division);
int64_t division_code(const json_t *division);        /* of an object that this room gives */
/* The level of the divisions for which an organ works: a town's centre for towns, a village's point for villages, any other for the
 * whole county. */
enum level organ_level(int64_t organ);
bool division_within(int64_t inner, int64_t outer);   /* also true when equal */
int64_t division_county(int64_t county);              /* 330482 -> 330482000000 */
/* Does the division lie in a development zone (开发区), which the statistics code counts beside the towns? */
bool division_in_zone(int64_t division);

/* Divisions and organs are reference data (db.h): what is returned is shared and nobody changes it.
 * {code (text), level, kind, name, name_en, parent (text, null for the county), centre (true, false),
 * path: "新仓镇三叉河村", path_en, ended (1: its last day is over), successor} or NOT_FOUND. */
json_t *identity_division(Db *db, int64_t county, int64_t division, GError **error);
/* The divisions with a service centre or point, in order of code: what an applicant may choose as place. */
json_t *identity_places(Db *db, int64_t county, GError **error);
/* They as a list to choose from, [{name, name_en, places}]: towns, with their villages behind them. Owned by the caller. */
json_t *identity_by_town(const json_t *places);
/* All of the county's, in order of code. */
json_t *identity_divisions(Db *db, int64_t county, GError **error);

/* ---- organs (机构) ---- */

enum { TOWN_CENTRE_ORGAN = 90, VILLAGE_POINT_ORGAN = 91, CENTRE_ORGAN = 99 };
/* The standing of an organ, on which the ways of review depend. */
extern const char *const organ_natures[]; /* "", "administrative", "vertical", "tax", "justice", "authorised", "none", NULL */
/* {number, code, name, name_en, short_name, kind, valid_from_day, valid_to_day, successor, address,
 * address_en, telephone, hours, hours_en, full_name 平湖市水利局, full_name_en, mark 平水 (of the numbers of its papers), nature,
 * superior, superior_en, court, is_demo (0 or 1), ended (1: its last day is over)}; those from nature to is_demo as data/README.md says of organs.csv. */
json_t *identity_organ(Db *db, int64_t county, int64_t organ, GError **error);
json_t *identity_organs(Db *db, int64_t county, GError **error);

/* ---- reforms (机构改革、区划调整): an organ or division ends, goes into another, is renamed or founded, from a day on ---- */

enum reform_act { REFORM_END, REFORM_MERGE, REFORM_RENAME, REFORM_FOUND };
extern const char *const reform_act_names[]; /* "end", "merge", "rename", "found", NULL */
enum reform_about { ABOUT_ORGAN, ABOUT_DIVISION };
extern const char *const reform_about_names[]; /* "organ", "division", NULL */

typedef struct PlannedReform {
    int64_t number;         /* out: from 1 in the county */
    enum reform_act act;
    enum reform_about about;
    int64_t target;         /* number of the organ, code of the division */
    int64_t other;          /* merge: the successor; found: the one whose address, hours, superior and court, or kind, it has; else 0 */
    Day day;                /* the first on which it holds */
    const char *name, *name_en, *short_name; /* rename and found; else "" */
    const char *code;       /* of an organ that is founded; else "" */
    const char *document;   /* that orders it */
} PlannedReform;
/* Plans a reform, as an event "reform.planned"; what it founds is there at once, from its day on. A timer carries it out at the first minute
 * of its day: the row, and an event of subject "organ/NUMBER" or "division/CODE" and kind "organ.ended", "organ.renamed", "organ.founded",
 * "division.…" with {reform, day, document, successor, name, name_en, was, was_en}, which the rooms that listen follow in the same transaction.
 * NOT_FITTING "identity.reform_…" for a day that is not to come, what is not there or has ended, an end that is planned already, a successor
 * that ends by then, is no such organ or leads in a circle, a name that does not fit. */
bool identity_reform_plan(const Context *context, PlannedReform *reform, GError **error);
/* Takes a planned reform back, as an event. NOT_FOUND; CONFLICT "identity.reform_over", "identity.reform_named". */
bool identity_withdraw_reform(const Context *context, int64_t number, GError **error);
/* [{number, reform_day, act, about, target, target_name, other, other_name (both with _en), name, name_en, document, was, was_en,
 * reform_state, is_planned}], the latest day first. Owned by the caller. */
json_t *identity_reforms(Db *db, int64_t county, GError **error);
/* The one that goes on with the work of an organ or division today: itself, or the last of its successors. */
bool identity_acting(Db *db, int64_t county, enum reform_about about, int64_t of, int64_t *acting, GError **error);
/* Appends to `out` (of int64_t) the numbers of those that have ended and whose work one from `first` to `last` goes on with, who is not among
 * these himself. */
bool identity_followed(Db *db, int64_t county, enum reform_about about, int64_t first, int64_t last, GArray *out, GError **error);
/* "国土资源局 → 自然资源局" of the subject "organ/NUMBER" or "division/CODE" of an event: what it was called, and what the one is called that
 * goes on. Owned by the caller. */
char *identity_acting_names(const Context *context, const char *subject, GError **error);

/* ---- rights ---- */

/* Has the actor, of whichever kind, shown the number and the tracking code of the case? */
bool identity_holds(const Actor *actor, int64_t case_number);

/* May the actor do what needs one of `roles`, for `organ`, in `division`? True when a post has one
 * of the roles, its organ is `organ`, and `division` lies within the post's division at the same
 * level. */
bool identity_may(const Actor *actor, unsigned roles, int64_t organ, int64_t division);
/* Any post of the organ, wherever it is. */
bool identity_is_of(const Actor *actor, int64_t organ);
/* Any post with one of the roles, anywhere. */
bool identity_has_role(const Actor *actor, unsigned roles);
unsigned role_named(const char *name);   /* 0 when there is none */

/* ---- staff (工作人员) ---- */

typedef struct StaffEntry {
    const char *account;    /* a–z, digits, dot; unique in the county */
    const char *name;       /* 张三 */
    const char *hash;       /* of a password (credentials/credentials.h); NULL: cannot sign in until one is set */
    bool must_change;       /* the password is a first one, to be changed at the next sign-in */
    const Post *posts;      /* held since ever, until further notice */
    size_t post_count;
} StaffEntry;
/* Refuses NOT_FITTING "identity.account_form". */
bool identity_account_fits(const char *account, GError **error);
/* Refuses a wrong or taken account, an organ or division that does not
 * exist, and one person as two of system, security and audit administrator. Appends nothing to the
 * ledger: the caller does. */
bool identity_add_staff(const Context *context, const StaffEntry *entry, int64_t *id, GError **error);
/* A post that somebody holds from one day to another (任职), both included. */
typedef struct Term {
    Post post;
    Day from, to; /* 0: since ever; until further notice */
} Term;
/* Refuses NOT_FITTING a post of an organ or in a division that does not exist, and of the field "organ" one in a division of another
 * level than its organ's, where no work would ever come to it. For a post that is given: older ones may stay as they are. */
bool identity_post_fits(const Context *context, const Post *post, GError **error);
/* Puts these in place of all posts of a member of the staff. Refuses an organ or division that does not exist, an end before
 * the beginning, and one person as two of system, security and audit administrator as long as a term has not ended. */
bool identity_hold(const Context *context, int64_t staff, const Term *terms, size_t count, GError **error);
/* One who is not active can neither sign in nor act; the name stays. */
bool identity_change_staff(const Context *context, int64_t staff, const char *name, bool is_active, GError **error);
/* Everybody: [{id, account, name, is_active, posts: [{organ, division, roles, from_day, to_day, for_staff}]}], all of posts numbers.
 * Owned by the caller. */
json_t *identity_register(Db *db, int64_t county, GError **error);
/* HttpSettings.load_actor and clear_actor: with the posts that he holds today. */
bool identity_load_actor(Db *db, int64_t county, enum actor_kind kind, int64_t id, Day today, Actor *out,
                         bool *found, GError **error);
void identity_clear_actor(Actor *actor);
/* The roles of all posts that a member of the staff holds today; 0 of one who may not act. */
bool identity_roles(const Context *context, int64_t staff, unsigned *roles, GError **error);
/* HttpSettings.describe_actor: {name, signed_in, is_staff} and, for staff,
 * {account, changed_at, rooms: [{room: name of a tab, path, is_here where the page is in it}], posts: [{organ, organ_name, organ_name_en, division,
 * division_name, division_name_en, roles: [{role}], until_day (its last day), for_name (of whom he stands in for)}]}: the head of a page, the answer of /desk/me. */
json_t *identity_describe_actor(const Request *r);
/* The staff member's name for a history line; "" when unknown. Shared, as divisions are. */
json_t *identity_staff_name(Db *db, int64_t county, int64_t id, GError **error);
/* The name of the member of the staff who caused an event of the ledger; "" for anybody else. Shared, as divisions are. */
json_t *identity_event_actor(const Context *context, const json_t *event);

/* The ids of the active staff who hold the post on a day, as an array. Shared, as divisions are. */
json_t *identity_desk_staff(Db *db, int64_t county, const Post *post, Day day, GError **error);

/* A member of the staff who may sign in, for the room credentials. */
typedef struct StaffLogin {
    int64_t id; /* 0: nobody by that account, or closed, or without a password */
    char *account, *hash;
    bool must_change;
} StaffLogin;
/* By one of the two: no account is "", and nobody's id is 0. */
bool identity_login(Db *db, int64_t county, const char *account, int64_t id, StaffLogin *out, GError **error);
void identity_login_clear(StaffLogin *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(StaffLogin, identity_login_clear)
/* Keeps the hash of a new password, when it was changed, and whether it must be changed at the next sign-in. */
bool identity_set_password(const Context *context, int64_t id, const char *hash, bool must_change, GError **error);
/* Keeps another hash of the same password. */
bool identity_renew_hash(const Context *context, int64_t id, const char *hash, GError **error);

/* ---- parties (当事人): the citizen or enterprise that applies ---- */

typedef struct Party {
    enum party_kind kind;
    const char *name, *id_number, *telephone; /* checked and normalised */
    const char *contact;                      /* who to ask for in an enterprise; may be "" */
    int64_t division;                         /* where they live; 0 unknown */
    int64_t id;                               /* of the register, as it was looked up before; 0: not asked yet */
    const char *representative, *address;     /* 法定代表人 of an enterprise, 住所 of either, as papers name them; NULL and "": not said */
} Party;
/* The register of parties tells by kind and number that two applications come from the same, and nothing else: names, telephones
 * and addresses are the application's own, so that nobody who applies with another's number alters what others have said.
 * Finds the party or adds it; a party whose id is known is not looked for. Every door to the tables comes through here: a name longer than
 * names may be is refused. */
bool identity_party(const Context *context, const Party *party, int64_t *id, GError **error);
/* Removes a party, which nothing may refer to any more. */
bool identity_party_forget(const Context *context, int64_t id, GError **error);
/* Looks without writing, so that the writer need not; *id is 0 where there is none. */
bool identity_party_known(const Context *context, const Party *party, int64_t *id, GError **error);
/* The same as a Lookup's SQL, and the arguments that it needs beside the county. The hash of the number is among them: it is returned,
 * owned by the caller, or NULL with an error. */
extern const char identity_known[];
enum { IDENTITY_KNOWN_ARGS = 2 };
char *identity_known_args(Db *db, int64_t county, const Party *party, DbArg *args, GError **error);

/* ---- import ---- */

/* Adds or renews the rows of a table in the columns of data/divisions.csv, data/organs.csv, of which origin and those behind it may be missing; what the
 * table does not name stays. All faults are told: NOT_FITTING "identity.import" with details "count",
 * "line" and "column" of the first, and "faults": JSON text of [{line, column, reason, …}]; then
 * nothing is imported. */
bool identity_import_divisions(const Context *context, const char *csv, size_t length, GError **error);
bool identity_import_organs(const Context *context, const char *csv, size_t length, GError **error);

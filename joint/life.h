// SPDX-License-Identifier: Apache-2.0
/* Declarations that this room's files share. */
#pragma once

#include "joint/joint.h"

/* ---- the bundles (bundle.c) ---- */

enum { PARTS_MOST = 8 /* of a stage */, STAGES_MOST = 4 };
/* A bundle: {code, name, name_en, matter, summary, summary_en, keywords (bars between), basis,
 * origin, stages: [[code of an item]], results: [{item, material: that paper of the item, from: is
 * what this one issues}], options: [{item, question, question_en}: which is in where one says
 * yes]}. */
extern const char *const bundle_columns[]; /* of the table; NULL ended */
extern const char *const bundle_matters[]; /* matters of life; NULL ended */
/* Owned by the caller, as is what the next ones give. */
json_t *bundle_of_row(const CsvTable *table, size_t row);
json_t *bundles_on(Db *db, int64_t county, Day day, GError **error);
/* Today's of that code. NOT_FOUND "joint.no_bundle". */
json_t *bundle_on(const Context *context, const char *code, GError **error);
json_t *bundles_led_by(const Context *context, const char *item, GError **error);
/* The first item; "" where there is none. */
const char *bundle_lead(const json_t *bundle);
bool bundle_names(const json_t *list, const char *text);
/* The option that leaves the item to the applicant; NULL: it is always in. */
const json_t *bundle_option(const json_t *bundle, const char *item);
/* The plan of an application where these items of the options are chosen: {stages, results}. Owned
 * by the caller. */
json_t *bundle_plan(const json_t *bundle, const json_t *chosen);
/* The results that a plan, or a bundle, hands on to an item. Owned by the caller. */
json_t *bundle_results(const json_t *plan, const char *item);
/* Can it be applied for today? NOT_FITTING names the field and what is wrong: joint.bundle_few,
 * _many, _twice, _unknown, _ended, _circle, _order, _not_in, _not_asked, _nobody, _option. */
bool bundle_fits(const Context *context, const json_t *bundle, GError **error);

/* ---- guide.c ---- */

/* The guide of a bundle: its members, items [{code, name, organ_name, stage_number, promised,
 * question …}], papers [{name, required, items: who asks for it, or from: whose result it is}],
 * organs and others counted, and "is_open", or "closed_because". Owned by the caller. */
json_t *bundle_guide(const Request *r, const json_t *bundle, GError **error);
Handler bundles_show, bundle_show;
/* Room.finds */
bool bundles_find(const Context *context, const char *query, json_t *found, GError **error);

/* ---- a part ---- */

enum part_state { PART_RUNNING, PART_GRANTED, PART_REFUSED, PART_ENDED, PART_STATES };

/* A case as a part of the whole, beside which it stands on the case's page. */
typedef struct Part {
    int64_t number;
    int64_t joint, case_number, organ, stage;
    char *item, *item_name, *item_name_en;
    int64_t state; /* enum part_state */
    int64_t events;
    SubjectHead head;
    unsigned unwritten;
} Part;
void part_clear(Part *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Part, part_clear)
enum part_action { PART_GRANT, PART_REFUSE, PART_END, PART_ACTIONS };
extern const SubjectKind part_kind;
extern const SubjectRule part_rules[PART_ACTIONS];

/* ---- the whole ---- */

enum { BY_GOVERNMENT = BY_OWN }; /* the head of the centre, who stands for that of the government */
extern const Record joint_record, part_record;
extern const Route joint_routes[];
extern const Field joint_begin_fields[], joint_act_fields[];
extern const struct ListSpec joint_list;
extern const MessageTemplate joint_messages[];
enum joint_message { JOINT_ACCEPTED_MESSAGE, JOINT_NEXT_MESSAGE, JOINT_LATE_MESSAGE };
#define JOINT_TIMER "joint.due"
/* SubjectKind.answer of both */
json_t *joint_answer(const Context *context, const void *present, bool is_inside, GError **error);

/* routes.c: puts the bundles that the case's item leads (services), their optional items (options),
 * and the papers of the others (materials). */
bool joint_put_bundles(const Request *r, const Case *of, json_t *shown, GError **error);
/* home.c: the papers scanned for the first case become the whole's; those of other items leave a
 * draft. */
bool joint_gather(const Context *context, const Joint *self, const Case *of, GError **error);

/* ---- act.c ---- */
/* {stages, results}: what was applied for. Owned by the caller. */
json_t *joint_plan(const Context *context, const Joint *self, GError **error);
/* Begins the cases of a stage for the applicant of the first one, hands them in and makes them parts. */
bool joint_start_stage(const Context *context, const Joint *self, const Case *first, GError **error);
/* Accepts those parts of the present stage that are not accepted yet. */
bool joint_accept_stage(const Context *context, const Joint *self, const char *opinion, GError **error);
/* follow.c: does every item of that stage of a plan have the result of an earlier one, so that it
 * begins by itself? */
bool plan_follows(const json_t *plan, size_t stage);
/* Were all granted on whose results that stage waits? */
bool plan_may_go_on(const Context *context, const Joint *self, const json_t *plan, size_t stage,
                    bool *may, GError **error);
/* Hands on to a part that is begun the papers of the whole for which its item asks. */
bool joint_hand_on(const Context *context, const Joint *self, const Item *item, Case *part,
                   GError **error);
/* Begins the next stage where all is issued on which it waits; else does nothing. `now` is the case
 * in hand, whose change tells of it. */
bool joint_follow_on(const Context *context, int64_t number, const Case *now, GError **error);
/* Room.offers_papers: what the earlier parts have issued. */
bool joint_offers_papers(const Context *context, int64_t party, int64_t case_number, json_t *papers,
                         GError **error);
/* Room.listens */
Listener joint_hear;

/* ---- store.c ---- */
typedef struct PartRow {
    int64_t number, case_number, stage, state;
} PartRow;
/* The parts of a whole, in the order in which they began: array of PartRow, owned by the caller. */
GArray *joint_parts(Db *db, int64_t county, int64_t joint, GError **error);
/* The part that is a case of that item; number 0 where there is none. */
bool part_of_item(Db *db, int64_t county, int64_t joint, const char *item, PartRow *out,
                  GError **error);
/* The part that a case is; *number is 0 where it is none. */
bool part_of_case(Db *db, int64_t county, int64_t case_number, int64_t *number, GError **error);

// SPDX-License-Identifier: Apache-2.0
/* Declarations that this room's files share. */
#pragma once

#include "joint/joint.h"

/* ---- the services (services.c) ---- */

enum { PARTS_MOST = 8 /* of a stage */, STAGES_MOST = 4 };
typedef struct Service {
    char *code, *name, *name_en;
    size_t stages;
    char **items[STAGES_MOST]; /* codes, NULL ended */
} Service;
void service_clear(Service *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Service, service_clear)
/* NOT_FITTING of the field "service" where there is none of that code that the item leads. */
bool service_find(const char *code, const char *leading, Service *out, GError **error);
/* Does the item lead a service? */
bool service_is_led_by(const char *item);
/* The services that it leads: [{code, name, name_en}]. Owned by the caller. */
json_t *services_led_by(const char *item, GError **error);

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

/* ---- act.c ---- */
/* Begins the cases of a stage for the applicant of the first one, hands them in and makes them parts. */
bool joint_start_stage(const Context *context, const Joint *self, const Case *first, GError **error);
/* Accepts those parts of the present stage that are not accepted yet. */
bool joint_accept_stage(const Context *context, const Joint *self, const char *opinion, GError **error);
/* Room.listens */
Listener joint_hear;

/* ---- store.c ---- */
typedef struct PartRow {
    int64_t number, case_number, stage, state;
} PartRow;
/* The parts of a whole, in the order in which they began: array of PartRow, owned by the caller. */
GArray *joint_parts(Db *db, int64_t county, int64_t joint, GError **error);
/* The part that a case is; *number is 0 where it is none. */
bool part_of_case(Db *db, int64_t county, int64_t case_number, int64_t *number, GError **error);

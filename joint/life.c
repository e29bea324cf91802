// SPDX-License-Identifier: Apache-2.0
/* The life of a whole as a table (Licensing Law arts. 26 §2, 42 §2; Zhejiang's rules on running at
 * most once, art. 5 §3).
 *
 *   HANDED_IN --accept-joint--> RUNNING --end-stage--> WAITS --start-next, follow-on--> RUNNING …
 * --finish-joint--> DONE
 *                                  +--break-off, where a part was not granted--> BROKEN_OFF
 */
#include "joint/life.h"

#include <string.h>

static Day today(const SubjectTurn *turn)
{
    return day_of(turn->context->now);
}

/* ---- guards ---- */

static bool may_extend(const SubjectTurn *turn, GError **error)
{
    const Joint *self = turn->present;
    if (self->extended)
        return refuse(error, CONFLICT, "joint.extended_already", NULL);
    return today(turn) <= self->due_day || refuse(error, CONFLICT, "joint.limit_over", NULL);
}

static bool is_late(const SubjectTurn *turn, GError **error)
{
    const Joint *self = turn->present;
    return (self->due_day && !self->late && today(turn) > self->due_day) || refuse(error, CONFLICT, "joint.not_late", NULL);
}

/* ---- effects ---- */

/* One acceptance counts for all organs of the stage. */
static bool accept(const SubjectTurn *turn, void *record, GError **error)
{
    Joint *next = record;
    next->accepted_day = today(turn);
    next->due_day = calendar_add(turn->context->calendar, today(turn), JOINT_DAYS);
    return joint_accept_stage(turn->context, next, turn->input->opinion, error);
}

static bool start_next(const SubjectTurn *turn, void *record, GError **error)
{
    Joint *next = record;
    g_auto(Case) first = { 0 };
    next->stage++;
    return subject_load(turn->context->db, turn->context->county, &case_kind, next->case_number, &first, error) &&
           joint_start_stage(turn->context, next, &first, error) && joint_accept_stage(turn->context, next, turn->input->opinion, error);
}

static bool follow_on(const SubjectTurn *turn, void *record, GError **error)
{
    (void)turn, (void)error;
    ((Joint *)record)->stage++;
    return true;
}

static bool extend(const SubjectTurn *turn, void *record, GError **error)
{
    Joint *next = record;
    (void)error;
    next->extended = 1;
    next->due_day = calendar_add(turn->context->calendar, (Day)next->due_day, JOINT_EXTENSION);
    return true;
}

static bool note_late(const SubjectTurn *turn, void *record, GError **error)
{
    (void)turn, (void)error;
    ((Joint *)record)->late = 1;
    return true;
}

/* ---- the tables ---- */

#define IN(state) (1u << (state))
#define TOGETHER "《行政许可法》第二十六条"
#define LIMIT "《行政许可法》第四十二条"
enum { OPEN = IN(JOINT_RUNNING) | IN(JOINT_WAITS), EVERY = IN(JOINT_STATES) - 1 };

/* name, event, states, relations, roles, next state, needs, document, main */
const SubjectRule joint_rules[JOINT_ACTIONS] = {
    [JOINT_ACCEPT] = { "accept-joint", "joint.joint_accepted", IN(JOINT_HANDED_IN), BY_ITS_ORGAN,
                       REVIEWER, JOINT_RUNNING, NEED_OPINION, "joint_acceptance", true,
                       .effect = accept, .law = TOGETHER },
    [JOINT_ADVANCE] = { "end-stage", "joint.stage_ended", IN(JOINT_HANDED_IN) | IN(JOINT_RUNNING),
                        BY_SYSTEM, 0, JOINT_WAITS, 0, "joint_stage", .law = TOGETHER },
    [JOINT_START_NEXT] = { "start-next", "joint.stage_started", IN(JOINT_WAITS), BY_ITS_ORGAN,
                           REVIEWER, JOINT_RUNNING, NEED_OPINION, NULL, true, .effect = start_next,
                           .law = TOGETHER },
    [JOINT_FOLLOW_ON] = { "follow-on", "joint.stage_followed", IN(JOINT_WAITS), BY_SYSTEM, 0,
                          JOINT_RUNNING, .effect = follow_on, .law = TOGETHER },
    [JOINT_EXTEND] = { "extend-joint", "joint.joint_extended", OPEN, BY_GOVERNMENT, HEAD,
                       SUBJECT_STAYS, NEED_REASON, "joint_extension", .guard = may_extend,
                       .effect = extend, .law = LIMIT },
    [JOINT_NOTE_LATE] = { "note-joint-late", "joint.joint_late", OPEN, BY_SYSTEM, 0, SUBJECT_STAYS,
                          .guard = is_late, .effect = note_late, .law = LIMIT },
    [JOINT_FINISH] = { "finish-joint", "joint.joint_finished",
                       IN(JOINT_HANDED_IN) | IN(JOINT_RUNNING), BY_SYSTEM, 0, JOINT_DONE },
    [JOINT_BREAK_OFF] = { "break-off", "joint.joint_broken_off", IN(JOINT_HANDED_IN) | OPEN,
                          BY_SYSTEM, 0, JOINT_BROKEN_OFF },
    /* Papers of the whole name the applicant. */
    [JOINT_ERASE] = SUBJECT_ERASED_AS("erase-joint", EVERY),
    [JOINT_RESTRICT] = SUBJECT_RESTRICTED_AS("restrict-joint", EVERY),
};

const SubjectRule part_rules[PART_ACTIONS] = {
    [PART_GRANT] = { "grant-part", "joint_part.part_granted", IN(PART_RUNNING), BY_SYSTEM, 0, PART_GRANTED },
    [PART_REFUSE] = { "refuse-part", "joint_part.part_refused", IN(PART_RUNNING), BY_SYSTEM, 0, PART_REFUSED },
    [PART_END] = { "end-part", "joint_part.part_ended", IN(PART_RUNNING), BY_SYSTEM, 0, PART_ENDED },
};

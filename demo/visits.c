// SPDX-License-Identifier: Apache-2.0
/* Officers of the demo city see the places of those cases whose items demand it: appointed when the case is accepted, recorded and signed
 * before the review goes on. */
#include "demo/room.h"

#include "visits/visits.h"

#include <string.h>

static bool act(Demo *self, int64_t number, const Actor *actor, enum visit_action action, const SubjectInput *input, GError **error)
{
    g_auto(Visit) out = { 0 };
    self->context.actor = actor;
    return subject_act(&self->context, &visit_kind, number, &visit_rules[action], input, &out, error);
}

static const char *place_of(const Case *of)
{
    return *of->applicant_address ? of->applicant_address : "申请书所载场所";
}

static bool appoint(Demo *self, const Case *of, int64_t number, Day day, const Actor *const *two, GError **error)
{
    g_autoptr(json_t) fields = json_pack("{s:I, s:I, s:s, s:s}", "officer", two[0]->id, "companion", two[1]->id, "half", "morning", "place", place_of(of));
    return act(self, number, two[0], VISIT_APPOINT, &(SubjectInput){ .seen = -1, .day = day, .fields = fields }, error);
}

static bool record(Demo *self, int64_t number, const Actor *const *two, GError **error)
{
    g_autoptr(json_t) fields = json_pack("{s:s, s:s, s:s}", "finding", "fits", "found", "场所的位置、面积和设施与申请材料一致。", "signature", "signed");
    const SubjectInput input = { .seen = -1, .fields = fields };
    return act(self, number, two[0], VISIT_RECORD, &input, error) && act(self, number, two[1], VISIT_SIGN, &input, error);
}

/* A case that is to be decided late is visited in time. */
static Day within_limit(const Demo *self, const Case *of, Day day)
{
    const Context *context = &self->context;
    g_autoptr(ClockReading) reading = case_clock(of, STATUTORY_CLOCK, context->calendar, context->now);
    return reading && reading->due >= day_of(context->now) ? MIN(day, reading->due) : day;
}

bool demo_visit(Demo *self, Play *play, Day day, GError **error)
{
    int64_t number;
    g_auto(Visit) visit = { 0 };
    const Actor *acts = self->context.actor;
    const Context *context = &self->context;
    int64_t county = division_county(context->county);
    const Actor *const two[] = { demo_worker(self, play->present.organ, county, REVIEWER), demo_worker(self, play->present.organ, county, CLERK) };
    if (!*play->item->site_check || play->present.state != REVIEW)
        return true;
    if (!demo_put_down(self, play, error) || !visit_of_case(context->db, context->county, play->present.number, &number, error) ||
        (number && !subject_load(context->db, context->county, &visit_kind, number, &visit, error)))
        return false;
    bool is_moved = !day && visit.state == VISIT_TO_MAKE && visit.day > day_of(context->now); /* decided sooner than it was planned */
    bool appoints = number && (visit.state == VISIT_TO_APPOINT || is_moved), sees = number && visit.state <= VISIT_TO_MAKE && !day;
    bool done = (!appoints || appoint(self, &play->present, number, day ? within_limit(self, &play->present, day) : day_of(context->now), two, error)) &&
                (!sees || record(self, number, two, error));
    self->context.actor = acts;
    return done;
}

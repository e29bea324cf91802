// SPDX-License-Identifier: Apache-2.0
/* Bureaus of a small city ask each other about some cases, by the day before which the demo's reviewers decide. */
#include "demo/room.h"

#include "consultations/consultations.h"

#include <string.h>

enum { ONE_IN = 11, ASKED_DAYS = 5, LIMIT_LEAST = 10 };

static bool is_asked_about(const Demo *self, const Play *play)
{
    const Item *item = play->item;
    bool has_time = item->statutory.unit == WORKING_DAYS && item->statutory.days >= LIMIT_LEAST && !item->instant;
    return !self->full && has_time && play->present.state == REVIEW && play->serial % ONE_IN == 3;
}

/* The number of another department that has staff. */
static int64_t next_bureau(const Demo *self, int64_t own)
{
    int64_t county = division_county(self->context.county), first = own % 5 + 1;
    return demo_worker(self, first, county, REVIEWER) && first != own ? first : first + 1;
}

static bool ask(Demo *self, const Play *play, GError **error)
{
    const Case *of = &play->present;
    g_auto(Consultation) made = { 0 };
    g_autoptr(json_t) fields = json_pack("{s:I, s:s, s:[s]}", "asked", next_bureau(self, of->organ), "question", "所申请的内容与贵单位管理的规划和设施有无冲突？",
                                         "shared", play->item->materials[0].name);
    const Day by = calendar_add(self->context.calendar, day_of(self->context.now), ASKED_DAYS);
    self->context.actor = demo_worker(self, of->organ, division_county(self->context.county), REVIEWER);
    return consultation_ask(&self->context, of, &(SubjectInput){ .seen = -1, .day = by, .fields = fields }, &made, error);
}

static bool answer(Demo *self, int64_t number, GError **error)
{
    g_auto(Consultation) present = { 0 }, out = { 0 };
    g_autoptr(json_t) fields = json_pack("{s:s, s:s}", "agreement", "agrees", "answer", "");
    if (!subject_load(self->context.db, self->context.county, &consultation_kind, number, &present, error))
        return false;
    self->context.actor = demo_worker(self, present.asked, division_county(self->context.county), REVIEWER);
    return subject_act(&self->context, &consultation_kind, number, &consultation_rules[CONSULTATION_ANSWER],
                       &(SubjectInput){ .seen = -1, .fields = fields }, &out, error);
}

bool demo_consult(Demo *self, Play *play, bool answers, GError **error)
{
    int64_t number = 0;
    const Actor *acts = self->context.actor;
    if (!is_asked_about(self, play))
        return true;
    if (!demo_put_down(self, play, error) ||
        (answers && !consultation_of_case(self->context.db, self->context.county, play->present.number, &number, error)))
        return false;
    bool done = answers ? !number || answer(self, number, error) : ask(self, play, error);
    self->context.actor = acts;
    return done;
}

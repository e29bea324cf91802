// SPDX-License-Identifier: Apache-2.0
/* Organs below and above the one whose case it is: a lower one examines first (Licensing Law arts. 35, 43), a higher one decides what is
 * sent up (上报). The days of either are charged to it. */
#include "cases/life.h"

#include <string.h>

bool life_is_up(const Case *self)
{
    return self->state == REVIEW && self->special_until;
}

bool life_is_below(const Case *self, const Item *item)
{
    const ItemPower *power = self->state == REVIEW ? catalogue_power(item, (size_t)self->step, self->place) : NULL;
    return power && strcmp(power->source, "examines") == 0;
}

bool levels_send_up(const SubjectTurn *turn, void *record, GError **error)
{
    Case *next = record;
    const ItemAbove *above = &life_item(turn)->above;
    const ClockRule rule = { above->days, above->unit, 1u << DEPARTMENT };
    const ClockMark mark = { .day = day_of(turn->context->now), .holder = DEPARTMENT };
    (void)error;
    record_set(&next->special, "sent_up");
    next->special_until = clock_due(turn->context->calendar, &rule, &mark, 1);
    return true;
}

void levels_come_down(const Case *present, Case *next)
{
    if (!life_is_up(present) || next->state == REVIEW)
        return;
    record_set(&next->special, "");
    next->special_until = 0;
}

bool life_level_lets(const SubjectTurn *turn)
{
    const Case *self = turn->present;
    bool is_up = life_is_up(self), goes_up = life_item(turn)->above.organ;
    switch (life_action(turn)) {
    case SEND_UP: return goes_up && !is_up;
    case GRANT:
    case REFUSE: return is_up == goes_up || turn->context->actor->kind == LOADER;
    case RETURN_BACK: /* within the county: what a village lacks uses no correction up (art. 32) */
        return !is_up && (life_item(turn)->steps[self->step].kind != STEP_PREREVIEW || self->channel == AT_VILLAGE);
    case SUSPEND:
    case EXTEND:
    case OVERDUE: return !is_up;
    case TRANSFER: return !is_up && !life_is_below(self, life_item(turn));
    default: return true;
    }
}

bool levels_result_is_named(const SubjectTurn *turn, GError **error)
{
    bool lacks = life_is_up(turn->present) && !*json_text(turn->input->fields, "above_number");
    return !lacks || refuse_field(error, "above_number", "cases.above_number_needed", NULL);
}

// SPDX-License-Identifier: Apache-2.0
/* A fee is noted and paid before its licence is handed over; the first one is free, and in the whole city all are first ones. */
#include "demo/room.h"

#include "fees/fees.h"

enum { FIRST_ONES = 3 /* of so many, one */ };

static bool is_charged(const Play *play, enum case_action action)
{
    static const enum step_kind steps[CASE_ACTIONS] = { [ACCEPT] = STEP_ACCEPT, [GRANT] = STEP_DECIDE, [ISSUE] = STEP_ISSUE, [DELIVER] = STEP_DELIVER };
    return steps[action] && play->present.state != REFUSED && (play->item->charged & 1u << steps[action]);
}

static bool pay(Demo *self, const Fee *fee, GError **error)
{
    g_auto(Fee) after = { 0 };
    g_autoptr(json_t) fields = json_pack("{s:s, s:s}", "channel", "cash", "receipt", "0001234");
    self->context.actor = demo_worker(self, fee->organ, division_county(self->context.county), CLERK);
    return !self->context.actor ||
           subject_act(&self->context, &fee_kind, fee->number, &fee_rules[FEE_PAY], &(SubjectInput){ .seen = -1, .fields = fields }, &after, error);
}

bool demo_charge(Demo *self, const Play *play, enum case_action action, GError **error)
{
    int64_t notices, due;
    g_auto(Fee) made = { 0 };
    const Actor *actor = self->context.actor;
    bool is_first = self->full || play->serial % FIRST_ONES == 0;
    const json_t *line = json_array_get(json_object_get(play->item->details, "fees"), 0);
    const FeeAsk ask = { is_first ? "" : json_text(line, "name"), is_first ? "首次申领免费" : "", 1 };
    if (!is_charged(play, action))
        return true;
    if (!fees_of_case(&self->context, play->present.number, &notices, &due, error))
        return false;
    bool done = notices || (fee_begin(&self->context, &play->present, &ask, &made, error) && (!made.total || pay(self, &made, error)));
    self->context.actor = actor;
    return done;
}

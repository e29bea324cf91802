// SPDX-License-Identifier: Apache-2.0
/* Some applicants of a small city promise a paper that they lack; one of them had promised what was not true. */
#include "demo/room.h"

#include "promises/promises.h"

static bool give(Demo *self, const Play *play, GError **error)
{
    g_auto(Case) after = { 0 };
    const Item *item = play->item;
    const Actor holder = { .kind = HOLDER, .id = play->present.number, .name = "" };
    g_autoptr(json_t) names = json_pack("[s]", item->materials[item->material_count - 1].name);
    if (!demo_go_to_desk(self, play, error))
        return false;
    if (play->channel == ONLINE)
        self->context.actor = &holder;
    return promise_give(&self->context, play->present.number, &(SubjectInput){ .seen = -1, .materials = names }, true, &after, error);
}

static bool find_untrue(Demo *self, const Play *play, GError **error)
{
    g_auto(Promise) after = { 0 };
    const SubjectInput input = { .seen = -1, .reason = "核查发现，承诺的经营场所与实际不符。", .basis = "《行政许可法》第六十九条第二款" };
    g_autoptr(GArray) numbers = promises_of(&self->context, play->present.number, 1u << PROMISE_CHECKING, error);
    self->context.actor = demo_worker(self, play->present.organ, division_county(self->context.county), HEAD);
    return numbers && subject_act(&self->context, &promise_kind, g_array_index(numbers, int64_t, 0), &promise_rules[PROMISE_BREAK], &input, &after, error);
}

bool demo_promise(Demo *self, Play *play, enum case_action action, GError **error)
{
    int64_t number = play->present.number;
    if (!demo_put_down(self, play, error) || !(action == PROMISE ? give(self, play, error) : find_untrue(self, play, error)))
        return false;
    case_clear(&play->present);
    return subject_load(self->context.db, self->context.county, &case_kind, number, &play->present, error);
}

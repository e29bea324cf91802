// SPDX-License-Identifier: Apache-2.0
/* Cases of the demo city that are heard: always where a law demands it, now and then where a neighbour's interests are touched. */
#include "demo/room.h"

#include "hearings/hearings.h"

#include <string.h>

static const ItemSpecial *hearing_of(const Item *item)
{
    for (size_t i = 0; i < item->special_count; i++)
        if (strcmp(item->specials[i].kind, SPECIAL_HEARING) == 0)
            return &item->specials[i];
    return NULL;
}

static bool is_demanded(const Item *item)
{
    const ItemSpecial *hearing = hearing_of(item);
    return hearing && hearing->mandatory;
}

bool demo_is_heard(const Play *play)
{
    return (play->fate->turns & HEARD) || is_demanded(play->item);
}

/* ---- acting ---- */

/* The hearing stops the case and lets it go on, which is then in hand as it has become. */
static bool take_up(Demo *self, Play *play, GError **error)
{
    int64_t number = play->present.number;
    case_clear(&play->present);
    return subject_load(self->context.db, self->context.county, &case_kind, number, &play->present, error);
}

static bool act(Demo *self, const Actor *actor, int64_t number, enum hearing_action action, Day day, json_t *fields, GError **error)
{
    g_auto(Hearing) next = { 0 };
    g_autoptr(json_t) given = fields;
    const SubjectInput input = { .seen = -1, .day = day, .fields = given };
    self->context.actor = actor;
    return subject_act(&self->context, &hearing_kind, number, &hearing_rules[action], &input, &next, error);
}

/* A neighbour is told, and the applicant asks. */
static bool ask(Demo *self, const Play *play, const Actor *organ, GError **error)
{
    const Actor holder = { .kind = HOLDER, .id = play->present.number, .name = "" };
    json_t *party = json_pack("{s:s, s:s}", "name", "李邻居", "address", "平湖市当湖街道示例路2号");
    return act(self, organ, play->hearing, HEARING_NAME_PARTY, 0, party, error) && act(self, &holder, play->hearing, HEARING_ASK, 0, json_object(), error);
}

bool demo_begin_hearing(Demo *self, Play *play, const Actor *actor, GError **error)
{
    g_auto(Hearing) made = { 0 };
    bool is_ordered = is_demanded(play->item);
    const HearingOrder order = { play->present.number, is_ordered ? GROUND_LAW : GROUND_INTEREST,
                                 is_ordered ? "拟设场所周边居民的生活安宁" : "相邻单位和居民的通行、采光和安宁", is_ordered ? hearing_of(play->item)->basis : "" };
    if (!demo_put_down(self, play, error))
        return false;
    self->context.actor = actor;
    if (!hearing_begin(&self->context, &order, &made, error))
        return false;
    play->hearing = made.number;
    return (is_ordered || ask(self, play, actor, error)) && take_up(self, play, error);
}

bool demo_call_hearing(Demo *self, const Play *play, const Actor *actor, GError **error)
{
    const Context *context = &self->context;
    Day day = play->at ? day_of(play->at) : calendar_add(context->calendar, day_of(context->now), HEARING_NOTICE_DAYS);
    g_autoptr(json_t) chairs = hearing_chairs(context, &play->present, error);
    if (!chairs)
        return false;
    return act(self, actor, play->hearing, HEARING_CALL, day,
               json_pack("{s:s, s:s, s:I}", "time", "09:30", "place", "平湖市行政审批服务中心三楼听证室", "chair", json_number(json_array_get(chairs, 0), "id")), error);
}

bool demo_hold_hearing(Demo *self, Play *play, const Actor *actor, GError **error)
{
    json_t *minutes = json_pack("{s:s, s:s}", "minutes", "申请人说明了申请的内容和采取的措施；到场的居民代表提出三条意见，申请人逐条答复，同意采纳。",
                                "signed_by", "申请人、居民代表、主持人、记录员");
    return demo_put_down(self, play, error) && act(self, actor, play->hearing, HEARING_HOLD, 0, minutes, error) && take_up(self, play, error);
}

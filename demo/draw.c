// SPDX-License-Identifier: Apache-2.0
/* Fates by their weight, desks by their level, and when people come. */
#include "demo/room.h"

const Fate *demo_draw_fate(Demo *self, const Fate *fates, size_t count)
{
    unsigned sum = 0, drawn;
    for (size_t i = 0; i < count; i++)
        sum += fates[i].weight;
    drawn = demo_draw(self, sum);
    size_t i = 0;
    while (drawn >= fates[i].weight)
        drawn -= fates[i++].weight;
    return &fates[i];
}

bool demo_is_taken_in_at(const Item *item, enum channel channel)
{
    static const enum level levels[] = { [AT_COUNTY] = COUNTY_LEVEL, [AT_TOWN] = TOWN_LEVEL, [AT_VILLAGE] = VILLAGE_LEVEL };
    return channel == ONLINE ? item->online : (item->steps[0].levels & 1u << levels[channel]) != 0;
}

Instant demo_draw_start(Demo *self, Day day, enum channel channel, int before)
{
    if (channel == ONLINE && before == OFFICE_CLOSES)
        return instant_at(day, 7 * 60 + (int)demo_draw(self, 15 * 60)) + demo_draw(self, MINUTE_MS);
    return demo_office_instant(self, day, before);
}

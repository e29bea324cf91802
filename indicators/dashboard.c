// SPDX-License-Identifier: Apache-2.0
#include "indicators/dashboard.h"

const Field dashboard_fields[] = {
    { .name = "period", .kind = FIELD_CHOICE, .choices = period_names, .look = LOOK_NONE },
    { .name = "from", .kind = FIELD_DAY, .value = "from_day" },
    { .name = "to", .kind = FIELD_DAY, .value = "to_day" },
    { 0 },
};

bool put_part(json_t *answer, const char *name, json_t *part)
{
    return part && json_object_set_new(answer, name, part) == 0;
}

json_t *period_json(const Period *period)
{
    char present[DAY_TEXT], from[DAY_TEXT], to[DAY_TEXT];
    return json_pack("{s:s, s:s, s:b, s:s, s:s}", "period", period_names[period->which], "present_day",
                     day_text(period->present, present), "is_past", period->is_past, "from_day", day_text(period->from, from),
                     "to_day", day_text(period->to, to));
}

json_t *periods_json(const Period *period)
{
    json_t *periods = json_array();
    for (enum period i = 0; i < BETWEEN; i++)
        json_array_append_new(periods, json_pack("{s:s, s:b}", "period", period_names[i], "is_chosen", i == period->which));
    return periods;
}

json_t *dashboard_show(Request *r, GError **error)
{
    Period period;
    g_auto(Board) board = { 0 };
    if (!period_read(r, &period, error) || !board_read(&r->context, &period, &board, error))
        return NULL;
    g_autoptr(json_t) answer = period_json(&period);
    bool made = put_part(answer, "periods", periods_json(&period)) && put_part(answer, "counts", board_counts(&board)) &&
                put_part(answer, "shares", board_shares(&board)) && put_part(answer, "channels", board_channels(&board)) &&
                put_part(answer, "trend", board_trend(&board, error)) && put_part(answer, "organs", board_organs(&board, 0, error)) &&
                put_part(answer, "towns", board_towns(&board, error)) && put_part(answer, "items", board_items(&board, error)) &&
                put_part(answer, "windows", board_windows(&board, 0, error));
    return made ? g_steal_pointer(&answer) : NULL;
}

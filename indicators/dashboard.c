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

/* Each of the heads has its definition beside it, in the reader's language. */
static json_t *defined(const Request *r, json_t *heads)
{
    size_t i;
    json_t *head;
    json_array_foreach(heads, i, head) {
        g_autofree char *word = g_strconcat("indicators.definitions.head_", json_text(head, "head"), NULL);
        json_object_set_new(head, "definition", json_string(view_word(r->view, r->language, word)));
    }
    return heads;
}

json_t *heads_json(const Request *r, const Board *board)
{
    const Period *period = &board->period;
    char present[DAY_TEXT], from[DAY_TEXT], to[DAY_TEXT];
    return json_pack("{s:s, s:s, s:b, s:s, s:s, s:o, s:o}", "period", period_names[period->which], "present_day",
                     day_text(period->present, present), "is_past", period->is_past, "from_day", day_text(period->from, from),
                     "to_day", day_text(period->to, to), "counts", defined(r, board_counts(board)), "shares", defined(r, board_shares(board)));
}

json_t *board_asked(const Request *r, Board *out, GError **error)
{
    Period period;
    if (!period_read(r, &period, error) || !board_read(&r->context, &period, out, error))
        return NULL;
    json_t *answer = heads_json(r, out), *periods = json_array();
    for (enum period i = 0; i < BETWEEN; i++)
        json_array_append_new(periods, json_pack("{s:s, s:b}", "period", period_names[i], "is_chosen", i == period.which));
    json_object_set_new(answer, "periods", periods);
    return answer;
}

void append_named(const Request *r, json_t *out, const json_t *figures)
{
    for (size_t i = 0; i < json_array_size(figures); i++) {
        json_t *figure = json_array_get(figures, i);
        if (!json_is_number(json_object_get(figure, "value")) && !json_object_get(figure, "path"))
            continue;
        g_autofree char *name = figure_name(figure, r->view, r->language), *unit = figure_unit(figure, r->view, r->language);
        g_autofree char *text = figure_text(figure), *definition = figure_definition(figure, r->view, r->language);
        json_object_set_new(figure, "definition", json_string(definition));
        json_object_set_new(figure, "name", json_string(name));
        json_object_set_new(figure, "shown", json_string(*text ? text : "–"));
        json_object_set_new(figure, "unit_text", json_string(unit));
        json_array_append(out, figure);
    }
}

/* The figures of cases stand above them on the page already. */
static json_t *figures_json(const Request *r, const Board *board, GError **error)
{
    g_autoptr(json_t) shown = json_array();
    for (const Room *const *room = r->context.rooms; *room; room++) {
        g_autoptr(json_t) figures = *room == &cases_room ? json_array() : indicators_of_room(board->context, &board->ask, *room, error);
        if (!figures)
            return NULL;
        append_named(r, shown, figures);
    }
    return g_steal_pointer(&shown);
}

json_t *dashboard_show(Request *r, GError **error)
{
    g_auto(Board) board = { 0 };
    g_autoptr(json_t) answer = board_asked(r, &board, error);
    if (!answer)
        return NULL;
    json_object_set_new(answer, "has_cases", json_boolean(channels_sum(&board.all, 0, ACCEPTED_CASES) || channels_sum(&board.all, 0, DECIDED_CASES)));
    bool made = put_part(answer, "channels", board_channels(&board)) && put_part(answer, "trend", board_trend(&board, error)) &&
                put_part(answer, "organs", board_organs(&board, 0, error)) &&
                put_part(answer, "towns", board_towns(&board, error)) && put_part(answer, "items", board_items(&board, error)) &&
                put_part(answer, "windows", board_windows(&board, 0, error)) && put_part(answer, "figures", figures_json(r, &board, error));
    return made ? g_steal_pointer(&answer) : NULL;
}

// SPDX-License-Identifier: Apache-2.0
/* The wall screen: today and this year, for all who stand in the hall. Cases are told by item and place, their numbers cut. */
#include "indicators/dashboard.h"

#include <string.h>

enum { ORGANS_SHOWN = 10, WINDOWS_SHOWN = 7, LATEST_SHOWN = 4, EVENTS_BACK = 2000 };

static json_t *today_json(const Request *r, GError **error)
{
    Period today;
    g_auto(Board) board = { 0 };
    if (!period_of(&r->context, TODAY, &today, error) || !board_read(&r->context, &today, &board, error))
        return NULL;
    return heads_json(r, &board);
}

/* 330482 140903 ···123: its applicant knows it again, nobody else learns it. */
static char *cut_number(const Context *context, const json_t *event)
{
    enum { BEGINNING = 13, SHOWN = 3 };
    int64_t number = 0;
    g_autofree char *whole = subject_named(context->rooms, json_text(event, "subject"), &number) ? subject_number_grouped(number) : NULL;
    return whole ? g_strdup_printf("%.*s ···%s", BEGINNING, whole, whole + strlen(whole) - SHOWN) : g_strdup("");
}

static json_t *decided_json(const Board *board, const json_t *event, GError **error)
{
    g_autoptr(json_t) place = identity_division(board->context->db, board->context->county, json_number(event, "division"), error);
    g_autofree char *number = cut_number(board->context, event);
    json_t *one = place ? board_item_named(board, json_text(event, "item")) : NULL;
    if (!one)
        return NULL;
    json_object_set_new(one, "number", json_string(number));
    json_object_set(one, "place", json_object_get(place, "path"));
    json_object_set(one, "place_en", json_object_get(place, "path_en"));
    json_object_set(one, "decided_day", json_object_get(event, "day"));
    return one;
}

/* Told by what the ledger makes public of each, without what was decided. */
static json_t *latest_json(const Board *board, GError **error)
{
    g_autoptr(json_t) events = ledger_latest(board->context->db, board->context->county, "case.granted", "case.refused", EVENTS_BACK,
                                             LATEST_SHOWN, error);
    g_autoptr(json_t) latest = events ? json_array() : NULL;
    size_t i;
    json_t *event;
    json_array_foreach(events, i, event) {
        json_t *one = decided_json(board, event, error);
        if (!one)
            return NULL;
        json_array_append_new(latest, one);
    }
    return g_steal_pointer(&latest);
}

json_t *wall_show(Request *r, GError **error)
{
    Period year;
    g_auto(Board) board = { 0 };
    if (!period_of(&r->context, THIS_YEAR, &year, error) || !board_read(&r->context, &year, &board, error))
        return NULL;
    g_autoptr(json_t) answer = json_pack("{s:I, s:o, s:b}", "updated_at", (json_int_t)r->context.now, "year", heads_json(r, &board),
                                         "is_past", year.is_past);
    bool made = put_part(answer, "today", today_json(r, error)) && put_part(answer, "channels", board_channels(&board)) &&
                put_part(answer, "trend", board_trend(&board, error)) &&
                put_part(answer, "organs", board_organs(&board, ORGANS_SHOWN, error)) &&
                put_part(answer, "windows", board_windows(&board, WINDOWS_SHOWN, error)) &&
                put_part(answer, "latest", latest_json(&board, error));
    return made ? g_steal_pointer(&answer) : NULL;
}

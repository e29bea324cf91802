// SPDX-License-Identifier: Apache-2.0
/* The pages of live figures. */
#pragma once

#include "indicators/board.h"

extern const Route indicator_routes[], region_routes[];

/* GET /figures: the dashboard (数据看板) of the head of the centre and the supervisors, of a period of his choice. */
extern const Field dashboard_fields[];
json_t *dashboard_show(Request *r, GError **error);
/* GET /wall: the wall screen (大屏) in the hall; nothing on it concerns a person. */
json_t *wall_show(Request *r, GError **error);

/* Appends the figures that have a value or a list, with "name" and "unit_text". */
void append_named(const Request *r, json_t *out, const json_t *figures);
/* Sets `name` to the part, which is taken over; false when it could not be made. */
bool put_part(json_t *answer, const char *name, json_t *part);
/* {period, present_day, is_past, from_day, to_day, counts, shares} */
json_t *heads_json(const Request *r, const Board *board);
/* Reads the board of the period asked for: the same with periods [{period, is_chosen}], those that can be had with one click. */
json_t *board_asked(const Request *r, Board *out, GError **error);

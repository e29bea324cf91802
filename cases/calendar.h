// SPDX-License-Identifier: Apache-2.0
/* The desk of the calendar. */
#pragma once

#include "cases/cases.h"

extern const Field calendar_show_fields[], calendar_preview_fields[], calendar_change_fields[], calendar_hours_fields[];
/* {version, on and on_version: the one in force on the day asked for, may_change, versions: [{version, made_at, source, by, changed {days, open, moved, path, number}}]} */
json_t *calendar_show(Request *r, GError **error);
/* Puts "missing_year" where the actor keeps the calendar and no arrangement is kept, in force or announced, of the present year, or
 * from 1 November on of the next. */
bool calendar_warn(const Context *context, json_t *answer, GError **error);
json_t *calendar_difference(Request *r, GError **error); /* versioned_difference */
/* As case_preview_calendar, and what the form to change it brings back: rows, source, seen. */
json_t *calendar_preview(Request *r, GError **error);
json_t *calendar_change(Request *r, GError **error);
json_t *calendar_hours(Request *r, GError **error);

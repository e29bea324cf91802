// SPDX-License-Identifier: Apache-2.0
/* The bulletin (简报) in the making: what it is made from, and the object that all its forms are made of. */
#pragma once

#include "indicators/indicators.h"

enum report_period { NOW, BEFORE, YEAR_BEFORE, PERIODS };
/* A column counts the cases of one source. */
enum report_source { ALL_CASES, CENTRE_CASES, TOWNS_CASES, TOWN_CASES, VILLAGE_CASES, REPORT_SOURCES };
extern const unsigned report_channels[REPORT_SOURCES];

typedef struct Report {
    const Context *context;
    const View *view;
    enum language language;
    IndicatorAsk ask[PERIODS];
    json_t *figures;          /* the published ones */
    json_t *spoken[PERIODS];  /* those of cases */
    char *place, *organ;      /* asked for, and who issues: in the reader's language */
} Report;
void report_clear(Report *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Report, report_clear)

/* The period of equal length before, and the same days a year earlier; whole months stay whole. */
IndicatorAsk report_before(const IndicatorAsk *ask);
IndicatorAsk report_year_before(const IndicatorAsk *ask);

/* A word of the report in its language, over data (may be NULL); owned by the caller. */
char *report_word(const Report *self, const char *key, const json_t *data);
/* A day as it stands in the text: 2014年9月30日, 30 September 2014. Owned by the caller. */
char *report_day(const Report *self, Day day);

/* ---- its object ---- */

/* {title, mark, issue, organ, made, period, from_day, to_day, division, chapters: [{name, heading, sections: [{heading,
 *  pieces: [{text} or {text, key, number, path, name}], grids: [grid]}], figures: [figure]}],
 *  missing: [{room_name, figures: [{key, number, name}]}], annex: [figure]}
 * where a figure is {number (of the note), key, name, definition, text, unit_text, value, formula, top, bottom, path}. */
json_t *bulletin_json(Report *self, GError **error);

/* A table: {name, caption, columns: [{title, is_shown}], rows: [row], total: row or null, hidden: rows left out where room is
 * short}, row {id, label, is_shown, cells: [{text, value, key, path, kind, top, bottom, is_shown}]}. `kind` says how a cell
 * follows from the cells `top` and `bottom` of its row: "count" from none. */
enum report_grid { NO_GRID, GRID_COMPARISON, GRID_ITEMS, GRID_ORGANS, GRID_TOWNS, GRID_CHANNELS, GRID_MONTHS, GRID_SATISFACTION, REPORT_GRIDS };
json_t *report_grid(const Report *self, enum report_grid which, GError **error);
/* The table that sets the period before and the year before beside the period asked for. */
json_t *report_comparison(const Report *self);

/* The shown part of a grid: {caption, columns: [{title, share, is_number}], rows: [[text]]}, the labels first and the total last. */
json_t *bulletin_table(const json_t *grid);
/* The bulletin in one of its forms; owned by the caller. */
GBytes *bulletin_text(const json_t *bulletin);
GBytes *bulletin_pdf(const json_t *bulletin, GError **error);
GBytes *bulletin_xlsx(const json_t *bulletin, Instant made, GError **error);

// SPDX-License-Identifier: Apache-2.0
/* Figures in the making: their sums, names and values. */
#pragma once

#include "indicators/indicators.h"

/* Sums of one row, for each channel. */
typedef struct Channels {
    int64_t of[ONLINE + 1][MEASURES_MOST];
} Channels;
int64_t channels_sum(const Channels *self, unsigned channels, int which);
/* The channel's place in channel_names. */
int channel_named(const char *name);

/* Puts into an object "value", "top" and, of a share, "bottom" and "percent". */
void figure_put_value(json_t *figure, enum figure_formula formula, int64_t top, int64_t bottom);
/* Name, unit and definition (what it counts, on which day, divided by what) of a figure in words; owned by the caller. */
char *figure_name(const json_t *figure, const View *view, enum language language);
char *figure_definition(const json_t *figure, const View *view, enum language language);
char *figure_unit(const json_t *figure, const View *view, enum language language);
/* "86.33" or "664,548"; "" where it is not known. Owned by the caller. */
char *figure_text(const json_t *figure);
bool figure_is_percent(const json_t *figure);
/* The one of that key; NULL when there is none. Borrowed. */
json_t *figure_at(const json_t *figures, const char *key);
/* The list that shows what a measure adds up: for days spent and the like, the cases decided. */
enum case_measure figures_listed(enum case_measure which);

/* data/published.csv */
enum { PUBLISHED_KEY, PUBLISHED_VALUE, PUBLISHED_UNIT };
CsvTable *figures_published(GError **error);

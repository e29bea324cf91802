// SPDX-License-Identifier: Apache-2.0
/* The figures of any table of indicators. */
#pragma once

#include "indicators/indicators.h"

/* As indicators_figures; the catalogue is asked only when the table is indicator_table. */
json_t *figures_of(const Context *context, const IndicatorAsk *ask, const Indicator *table, GError **error);
/* What a figure is called; owned by the caller. */
char *figure_name(const json_t *figure, const View *view, enum language language);
/* The list that shows what a measure adds up: for days spent and the like, the cases decided. */
enum case_measure figures_listed(enum case_measure which);

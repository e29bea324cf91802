// SPDX-License-Identifier: Apache-2.0
/* The table that compares: now, the period before, and the same days a year earlier. */
#include "indicators/figures.h"
#include "indicators/report.h"

#include <stdlib.h>
#include <string.h>

static const char *const compared[] = { "all.accepted", "centre.cases", "towns.cases", "all.decided", "centre.speedup", "all.on_time",
                                        "towns.on_time", "centre.satisfaction.on_the_spot", "online.rate", "all.open", "all.overdue" };

/* For each period what a share is counted from (for sheets), the figure, and by how much it differs. */
enum { TOP, BOTTOM, FIGURE, CHANGE, PARTS };
static const struct { const char *name; int first, count; } spans[PERIODS] = {
    [NOW] = { "now", 0, 3 }, [BEFORE] = { "before", 3, 4 }, [YEAR_BEFORE] = { "year", 7, 4 },
};

static bool has_data(const Report *self, enum report_period period)
{
    return json_number(figure_at(self->spoken[period], "all.accepted"), "top") ||
           json_number(figure_at(self->spoken[period], "all.decided"), "top");
}

static json_t *cell(const char *key, const char *what, bool is_shown, const char *kind, int top, int bottom)
{
    g_autofree char *full = g_strdup_printf("comparison.%s.%s", key, what);
    return json_pack("{s:s, s:b, s:s, s:i, s:i, s:n, s:s}", "key", full, "is_shown", is_shown, "kind", kind, "top", top, "bottom",
                     bottom, "value", "text", "—");
}

static void put_number(json_t *self, const json_t *number)
{
    if (json_is_integer(number)) {
        g_autofree char *text = view_number(json_integer_value(number));
        json_object_set(self, "value", (json_t *)number);
        json_object_set_new(self, "text", json_string(text));
    }
}

static json_t *figure_cell(const char *key, const char *period, const json_t *figure, int first, bool there)
{
    const char *kind = figure_is_percent(figure) ? json_text(figure, "formula") : "same";
    json_t *made = cell(key, period, true, kind, first + TOP, first + BOTTOM);
    const json_t *value = json_object_get(figure, "value");
    if (!there || json_is_null(value))
        return made;
    put_number(made, value);
    json_object_set(made, "value", (json_t *)value);
    json_object_set(made, "path", json_object_get(figure, "path"));
    if (figure_is_percent(figure)) {
        g_autofree char *text = g_strconcat(json_text(figure, "percent"), "%", NULL);
        json_object_set_new(made, "text", json_string(text));
    }
    return made;
}

/* A count has grown by percents, a percentage by points; nothing is put where either period is not known. */
static void put_change(json_t *self, const json_t *now, const json_t *before, const char *unit)
{
    double from = json_number_value(json_object_get(before, "value")), to = json_number_value(json_object_get(now, "value"));
    bool points = figure_is_percent(now);
    if (!json_is_number(json_object_get(now, "value")) || !json_is_number(json_object_get(before, "value")) || (!points && from <= 0))
        return;
    int64_t tops[] = { json_number(now, "top"), json_number(before, "top") };
    int64_t hundredths = points ? (int64_t)((to - from) * 100 + (to < from ? -0.5 : 0.5))
                                : indicators_hundredths(SHARE_OF, llabs(tops[0] - tops[1]), tops[1]) * (to < from ? -1 : 1);
    g_autofree char *text = g_strdup_printf("%s%" PRId64 ".%02" PRId64 "%s", hundredths < 0 ? "−" : "+", ABS(hundredths) / 100,
                                            ABS(hundredths) % 100, points ? unit : "%");
    json_object_set_new(self, "value", json_real((double)hundredths / 100));
    json_object_set_new(self, "text", json_string(text));
}

static void append_period(const Report *self, json_t *cells, const char *key, enum report_period period, const char *unit)
{
    static const char *const parts[] = { "top", "bottom" };
    const char *name = spans[period].name;
    bool there = has_data(self, period);
    const json_t *figure = figure_at(self->spoken[period], key);
    for (int part = TOP; part <= BOTTOM; part++) {
        g_autofree char *what = g_strdup_printf("%s_%s", name, parts[part]);
        json_t *count = cell(key, what, false, "count", -1, -1);
        if (there)
            put_number(count, json_object_get(figure, parts[part]));
        json_array_append_new(cells, count);
    }
    json_array_append_new(cells, figure_cell(key, name, figure, spans[period].first, there));
    if (period == NOW)
        return;
    g_autofree char *what = g_strdup_printf("%s_change", name);
    bool compares = strcmp(key, "all.open") != 0; /* what was accepted long ago had longer to be decided */
    const char *kind = figure_is_percent(figure) ? "points" : "growth";
    json_t *change = cell(key, what, true, compares ? kind : "none", FIGURE, spans[period].first + FIGURE);
    if (there && compares)
        put_change(change, figure_at(self->spoken[NOW], key), figure, unit);
    json_array_append_new(cells, change);
}

static json_t *row(const Report *self, const char *key, const char *unit)
{
    const json_t *figure = figure_at(self->spoken[NOW], key);
    g_autofree char *label = figure_name(figure, self->view, self->language);
    json_t *cells = json_array();
    for (enum report_period period = 0; period < PERIODS; period++)
        append_period(self, cells, key, period, unit);
    return json_pack("{s:s, s:s, s:b, s:o}", "id", key, "label", label, "is_shown", true, "cells", cells);
}

static void append_column(const Report *self, json_t *columns, enum report_period period, int part)
{
    static const char *const parts[] = { "top", "bottom", NULL, "change" };
    char from[DAY_TEXT], to[DAY_TEXT];
    const IndicatorAsk *ask = &self->ask[period];
    g_autofree char *key = part == FIGURE ? g_strconcat("report.columns.", spans[period].name, NULL) : g_strconcat("report.columns.", parts[part], NULL);
    g_autoptr(json_t) data = json_pack("{s:s, s:s}", "from", day_text(ask->from, from), "to", day_text(ask->to, to));
    g_autofree char *title = report_word(self, key, data);
    json_array_append_new(columns, json_pack("{s:s, s:b}", "title", title, "is_shown", part >= FIGURE));
}

static json_t *columns_json(const Report *self)
{
    json_t *columns = json_array();
    for (enum report_period period = 0; period < PERIODS; period++)
        for (int part = 0; part < spans[period].count; part++)
            append_column(self, columns, period, part);
    return columns;
}

static void put_titles(json_t *rows, const json_t *columns)
{
    for (size_t r = 0; r < json_array_size(rows); r++) {
        json_t *cells = json_object_get(json_array_get(rows, r), "cells");
        for (size_t c = 0; c < json_array_size(cells); c++)
            json_object_set(json_array_get(cells, c), "title", json_object_get(json_array_get(columns, c), "title"));
    }
}

json_t *report_comparison(const Report *self)
{
    json_t *rows = json_array(), *columns = columns_json(self);
    g_autofree char *unit = report_word(self, "report.points", NULL), *caption = report_word(self, "report.tables.comparison", NULL);
    g_autofree char *first = report_word(self, "report.tables.comparison_row", NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(compared); i++)
        json_array_append_new(rows, row(self, compared[i], unit));
    put_titles(rows, columns);
    return json_pack("{s:s, s:s, s:s, s:o, s:o, s:n, s:i}", "name", "comparison", "caption", caption, "first", first, "columns", columns,
                     "rows", rows, "total", "hidden", 0);
}

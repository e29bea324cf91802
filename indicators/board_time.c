// SPDX-License-Identifier: Apache-2.0
/* The parts of a board that have sums of their own: days and months, items, hours. */
#include "indicators/board.h"
#include "indicators/store.h"

#include <string.h>

enum { DAYS_APART = 62, ITEMS_SHOWN = 10, HEATS = 5, FIRST_HOUR = 8, LAST_HOUR = 16, HOURS = 24 };

static GArray *sums_of(const Board *self, const IndicatorAsk *ask, enum indicator_by by, unsigned measures, GError **error)
{
    IndicatorAsk wanted = *ask;
    wanted.measures = measures;
    return indicators_sums(self->context, &wanted, by, error);
}

/* ---- days and months ---- */

static json_t *moment_json(const Board *self, Day from, Day to, const int64_t sums[])
{
    char text[DAY_TEXT];
    int year, month, of_month;
    IndicatorAsk ask = self->ask;
    ask.from = MAX(from, ask.from);
    ask.to = MIN(to, ask.to);
    day_split(from, &year, &month, &of_month);
    return json_pack("{s:s, s:i, s:i, s:i, s:o, s:o}", "day", day_text(from, text), "year", year, "month", month, "of_month", of_month,
                     "accepted", board_count(&ask, ACCEPTED_CASES, sums[ACCEPTED_CASES]), "decided",
                     board_count(&ask, DECIDED_CASES, sums[DECIDED_CASES]));
}

/* Every day or month of the period up to the present, those on which nothing happened too. */
json_t *board_trend(const Board *self, GError **error)
{
    static const int64_t nothing[CASE_MEASURES];
    bool is_by_day = self->ask.to - self->ask.from < DAYS_APART;
    g_autoptr(GArray) sums = sums_of(self, &self->ask, is_by_day ? BY_DAY : BY_MONTH, 1 << ACCEPTED_CASES | 1 << DECIDED_CASES, error);
    json_t *rows = json_array();
    Day day = is_by_day ? self->ask.from : month_of(self->ask.from), next;
    for (guint i = 0; sums && day <= MIN(self->ask.to, self->period.present); day = next) {
        const IndicatorSums *each = i < sums->len ? &g_array_index(sums, IndicatorSums, i) : NULL;
        bool is_counted = each && each->number == day;
        next = is_by_day ? day + 1 : month_after(day, 1);
        json_array_append_new(rows, moment_json(self, day, next - 1, is_counted ? each->of : nothing));
        i += is_counted;
    }
    return sums ? json_pack("{s:b, s:o}", "is_by_day", is_by_day, "rows", rows) : (json_decref(rows), NULL);
}

/* ---- items ---- */

static int busiest_first(const void *a, const void *b)
{
    const IndicatorSums *x = a, *y = b;
    int64_t more = y->of[ACCEPTED_CASES] - x->of[ACCEPTED_CASES];
    return more ? (more < 0 ? -1 : 1) : strcmp(x->text, y->text);
}

json_t *board_item_named(const Board *self, const char *code)
{
    g_autoptr(GError) none = NULL;
    g_autoptr(json_t) guide = catalogue_guide(self->context->db, self->context->county, code, day_of(self->context->now), &none);
    return guide ? json_pack("{s:O, s:O}", "name", json_object_get(guide, "name"), "name_en", json_object_get(guide, "name_en"))
                 : json_pack("{s:s, s:s}", "name", code, "name_en", code);
}

/* Items are counted by months: days of a city's work tell apart too much to be added up while somebody waits. */
static IndicatorAsk in_whole_months(const Board *self)
{
    IndicatorAsk ask = self->ask;
    ask.from = month_of(ask.from);
    ask.to = MIN(month_after(ask.to, 1) - 1, MAX(self->period.present, ask.to));
    ask.is_to_the_end = ask.to >= self->period.last;
    return ask;
}

static json_t *item_json(const Board *self, const IndicatorAsk *all, const IndicatorSums *sums, int64_t most)
{
    IndicatorAsk ask = *all;
    ask.item = sums->text;
    json_t *row = board_item_named(self, sums->text);
    json_object_set_new(row, "item", json_string(sums->text));
    json_object_set_new(row, "accepted", board_count(&ask, ACCEPTED_CASES, sums->of[ACCEPTED_CASES]));
    json_object_set_new(row, "decided", board_count(&ask, DECIDED_CASES, sums->of[DECIDED_CASES]));
    json_object_set_new(row, "width", json_integer(most ? sums->of[ACCEPTED_CASES] * 100 / most : 0));
    return row;
}

json_t *board_items(const Board *self, GError **error)
{
    char from[DAY_TEXT], to[DAY_TEXT];
    IndicatorAsk ask = in_whole_months(self);
    g_autoptr(GArray) sums = sums_of(self, &ask, BY_ITEM, 1 << ACCEPTED_CASES | 1 << DECIDED_CASES, error);
    if (!sums)
        return NULL;
    json_t *rows = json_array();
    g_array_sort(sums, busiest_first);
    for (guint i = 0; i < MIN(sums->len, ITEMS_SHOWN); i++)
        json_array_append_new(rows, item_json(self, &ask, &g_array_index(sums, IndicatorSums, i),
                                              g_array_index(sums, IndicatorSums, 0).of[ACCEPTED_CASES]));
    return json_pack("{s:s, s:s, s:b, s:b, s:o}", "from_day", day_text(ask.from, from), "to_day", day_text(ask.to, to), "is_wider",
                     ask.from < self->ask.from || ask.to > self->ask.to, "has_rows", json_array_size(rows) > 0, "rows", rows);
}

/* ---- windows by hours ---- */

typedef struct Window {
    int64_t organ, total, of[HOURS];
} Window;

static GArray *windows_of(const GArray *sums)
{
    GArray *windows = g_array_new(FALSE, TRUE, sizeof(Window));
    for (guint i = 0; i < sums->len; i++) {
        const IndicatorSums *each = &g_array_index(sums, IndicatorSums, i);
        Window *last = windows->len ? &g_array_index(windows, Window, windows->len - 1) : NULL;
        if (!last || last->organ != each->number) {
            const Window made = { .organ = each->number };
            g_array_append_val(windows, made);
            last = &g_array_index(windows, Window, windows->len - 1);
        }
        last->of[each->hour] = each->of[ACCEPTED_CASES];
        last->total += each->of[ACCEPTED_CASES];
    }
    return windows;
}

static int busiest_window_first(const void *a, const void *b)
{
    const Window *x = a, *y = b;
    return x->total != y->total ? (x->total < y->total ? 1 : -1) : x->organ < y->organ ? -1 : 1;
}

/* The hours shown, and the busiest of all. */
typedef struct Hours {
    int first, last;
    int64_t most;
} Hours;

/* The hours of business, and those beyond in which anything was accepted. */
static Hours hours_of(const GArray *windows)
{
    Hours hours = { FIRST_HOUR, LAST_HOUR, 1 };
    for (guint i = 0; i < windows->len; i++)
        for (int hour = 0; hour < HOURS; hour++) {
            int64_t count = g_array_index(windows, Window, i).of[hour];
            hours.first = count ? MIN(hours.first, hour) : hours.first;
            hours.last = count ? MAX(hours.last, hour) : hours.last;
            hours.most = MAX(hours.most, count);
        }
    return hours;
}

static json_t *cells_json(const IndicatorAsk *ask, const Window *window, const Hours *hours)
{
    json_t *cells = json_array();
    for (int hour = hours->first; hour <= hours->last; hour++) {
        int64_t count = window->of[hour];
        g_autofree char *path = indicators_path(ask, ACCEPTED_CASES);
        json_t *cell = json_pack("{s:I, s:i}", "value", (json_int_t)count, "heat", (int)((count * HEATS + hours->most - 1) / hours->most));
        if (count)
            json_object_set_new(cell, "path", json_sprintf("%s&hour=%d", path, hour));
        json_array_append_new(cells, cell);
    }
    return cells;
}

static json_t *window_json(const Board *self, const Window *window, const Hours *hours, GError **error)
{
    g_autoptr(json_t) organ = identity_organ(self->context->db, self->context->county, window->organ, error);
    IndicatorAsk ask = self->ask;
    ask.organ = window->organ;
    ask.channels = 1 << AT_COUNTY;
    return organ ? json_pack("{s:I, s:O, s:O, s:o, s:o}", "number", (json_int_t)window->organ, "name", json_object_get(organ, "name"),
                             "name_en", json_object_get(organ, "name_en"), "cells", cells_json(&ask, window, hours),
                             "total", board_count(&ask, ACCEPTED_CASES, window->total))
                 : NULL;
}

json_t *board_windows(const Board *self, size_t most_rows, GError **error)
{
    g_autoptr(GArray) sums = sums_of(self, &self->ask, BY_HOUR, 1 << ACCEPTED_CASES, error);
    g_autoptr(GArray) windows = sums ? windows_of(sums) : NULL;
    g_autoptr(json_t) rows = json_array(), named = json_array();
    if (!windows)
        return NULL;
    if (most_rows) {
        g_array_sort(windows, busiest_window_first);
        g_array_set_size(windows, MIN(windows->len, (guint)most_rows));
    }
    Hours hours = hours_of(windows);
    for (guint i = 0; i < windows->len; i++) {
        json_t *row = window_json(self, &g_array_index(windows, Window, i), &hours, error);
        if (!row)
            return NULL;
        json_array_append_new(rows, row);
    }
    for (int hour = hours.first; hour <= hours.last; hour++)
        json_array_append_new(named, json_pack("{s:i}", "hour", hour));
    return json_pack("{s:O, s:O}", "hours", named, "rows", rows);
}

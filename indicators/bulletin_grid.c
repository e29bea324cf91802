// SPDX-License-Identifier: Apache-2.0
/* The tables of the bulletin: one row for each organ, town, item …, and each figure with the list behind it. Columns that only
 * feed the formulas of a spreadsheet are not shown on paper. */
#include "indicators/report.h"

#include "indicators/figures.h"
#include "indicators/counter.h"

#include <stdlib.h>
#include <string.h>

enum kind { COUNT, SHARE, SAVING, AVERAGE };
static const char *const kind_names[] = { "count", "share", "saving", "average" };

enum { COLUMNS = 13, SHOWN_ITEMS = 20 };

enum column {
    NO_COLUMN, ACCEPTED, TOOK_PART, AT_TOWNS, AT_VILLAGES, DECIDED, SPENT, STATUTORY, KEPT, JUDGED, SPEEDUP, ON_TIME, AVERAGE_DAYS, PASSED_UP, RETURNED,
    ACCURACY, RATED, SATISFIED, SATISFACTION, OPEN, OVERDUE_ONES,
};

/* A column counts the cases of the grid's rows unless it names others. */
typedef struct Column {
    const char *word; /* of its title, and of its keys */
    enum kind kind;
    enum case_measure top, bottom;
    bool is_for_sheets;
    enum report_source source; /* ALL_CASES: those of the rows */
} Column;

static const Column columns[] = {
    [ACCEPTED] = { "accepted", COUNT, ACCEPTED_CASES }, [TOOK_PART] = { "took_part", COUNT, ACCEPTED_CASES, .source = TOWNS_CASES },
    [AT_TOWNS] = { "at_town", COUNT, ACCEPTED_CASES, .source = TOWN_CASES },
    [AT_VILLAGES] = { "at_villages", COUNT, ACCEPTED_CASES, .source = VILLAGE_CASES }, [DECIDED] = { "decided", COUNT, DECIDED_CASES },
    [SPENT] = { "spent_days", COUNT, SPENT_DAYS, 0, true }, [STATUTORY] = { "statutory_days", COUNT, STATUTORY_DAYS, 0, true },
    [KEPT] = { "on_time_cases", COUNT, ON_TIME_CASES, 0, true }, [SPEEDUP] = { "speedup", SAVING, SPENT_DAYS, STATUTORY_DAYS },
    [ON_TIME] = { "on_time", SHARE, ON_TIME_CASES, JUDGED_CASES }, [AVERAGE_DAYS] = { "average", AVERAGE, SPENT_DAYS, DECIDED_CASES },
    [PASSED_UP] = { "passed_up", COUNT, PASSED_UP_CASES, 0, true }, [RETURNED] = { "returned", COUNT, RETURNED_CASES },
    [ACCURACY] = { "accuracy", SAVING, RETURNED_CASES, PASSED_UP_CASES }, [RATED] = { "rated", COUNT, RATED_CASES },
    [SATISFIED] = { "satisfied_cases", COUNT, SATISFIED_CASES }, [SATISFACTION] = { "satisfied", SHARE, SATISFIED_CASES, RATED_CASES },
    [OPEN] = { "open", COUNT, OPEN_CASES }, [OVERDUE_ONES] = { "overdue", COUNT, OVERDUE_CASES },
    [JUDGED] = { "judged", COUNT, JUDGED_CASES, 0, true },
};

typedef struct Grid {
    const char *name;
    enum indicator_by by;
    enum report_source sources[3]; /* first that of the rows */
    size_t source_count;
    bool is_by_size;
    size_t shown;                  /* rows, where room is short; 0: all */
    enum column columns[COLUMNS];
} Grid;

/* Averages never stand alone: beside them is what is still open, and what is overdue. */
static const Grid grids[REPORT_GRIDS] = {
    [GRID_ITEMS] = { "items", BY_ITEM, { ALL_CASES }, 1, true, SHOWN_ITEMS,
        { ACCEPTED, DECIDED, SPENT, STATUTORY, KEPT, JUDGED, SPEEDUP, ON_TIME, AVERAGE_DAYS, OPEN, OVERDUE_ONES } },
    [GRID_ORGANS] = { "organs", BY_ORGAN, { CENTRE_CASES, TOWNS_CASES }, 2, false, 0,
        { ACCEPTED, TOOK_PART, DECIDED, SPENT, STATUTORY, KEPT, JUDGED, SPEEDUP, ON_TIME, AVERAGE_DAYS, OPEN, OVERDUE_ONES } },
    [GRID_TOWNS] = { "towns", BY_TOWN, { TOWNS_CASES, TOWN_CASES, VILLAGE_CASES }, 3, false, 0,
        { ACCEPTED, AT_TOWNS, AT_VILLAGES, DECIDED, KEPT, JUDGED, ON_TIME, PASSED_UP, RETURNED, ACCURACY, OPEN, OVERDUE_ONES } },
    [GRID_CHANNELS] = { "channels", BY_CHANNEL, { ALL_CASES }, 1, false, 0,
        { ACCEPTED, DECIDED, SPENT, STATUTORY, KEPT, JUDGED, SPEEDUP, ON_TIME, OPEN, OVERDUE_ONES } },
    [GRID_MONTHS] = { "months", BY_MONTH, { ALL_CASES }, 1, false, 0,
        { ACCEPTED, DECIDED, SPENT, STATUTORY, KEPT, JUDGED, SPEEDUP, ON_TIME, AVERAGE_DAYS, OPEN, OVERDUE_ONES } },
    [GRID_SATISFACTION] = { "satisfaction", BY_ORGAN, { CENTRE_CASES }, 1, false, 0,
        { DECIDED, RATED, SATISFIED, SATISFACTION, OPEN, OVERDUE_ONES } },
};

static enum report_source source_of(const Grid *grid, const Column *column)
{
    return column->source ? column->source : grid->sources[0];
}

/* One row in the making: what each source says of it. */
typedef struct Row {
    int64_t number;
    const char *text;
    int64_t of[REPORT_SOURCES][MEASURES_MOST];
} Row;

typedef struct Making {
    const Report *report;
    const Grid *grid;
    GArray *rows; /* of Row */
    GHashTable *numbers; /* of the rows, by number or text */
} Making;

/* ---- rows ---- */

static Row *row_of(Making *self, const IndicatorSums *sums)
{
    g_autofree char *key = g_strdup_printf("%" PRId64 " %s", sums->number, sums->text);
    void *found = g_hash_table_lookup(self->numbers, key);
    if (!found) {
        Row row = { .number = sums->number, .text = sums->text };
        g_array_append_val(self->rows, row);
        found = GUINT_TO_POINTER(self->rows->len);
        g_hash_table_insert(self->numbers, g_steal_pointer(&key), found);
    }
    return &g_array_index(self->rows, Row, GPOINTER_TO_UINT(found) - 1);
}

/* Towns and villages take in the cases that they decide themselves, so no department takes part in those. */
static bool takes_part(const Grid *grid, size_t source, int64_t organ)
{
    return grid->by != BY_ORGAN || source == 0 || (organ != TOWN_CENTRE_ORGAN && organ != VILLAGE_POINT_ORGAN);
}

static bool read_rows(Making *self, GError **error)
{
    const Context *context = self->report->context;
    for (size_t i = 0; i < self->grid->source_count; i++) {
        IndicatorAsk ask = self->report->ask[NOW];
        enum report_source source = self->grid->sources[i];
        ask.channels = report_channels[source];
        g_autoptr(GArray) sums = indicators_sums(context, &ask, self->grid->by, error);
        for (guint r = 0; sums && r < sums->len; r++) {
            const IndicatorSums *one = &g_array_index(sums, IndicatorSums, r);
            if (takes_part(self->grid, i, one->number))
                memcpy(row_of(self, one)->of[source], one->of, sizeof one->of);
        }
        if (!sums)
            return false;
    }
    return true;
}

static int by_number(const void *a, const void *b)
{
    const Row *x = a, *y = b;
    return x->number != y->number ? (x->number < y->number ? -1 : 1) : strcmp(x->text, y->text);
}

static int by_size(const void *a, const void *b)
{
    int64_t x = ((const Row *)a)->of[ALL_CASES][ACCEPTED_CASES], y = ((const Row *)b)->of[ALL_CASES][ACCEPTED_CASES];
    return x != y ? (x < y ? 1 : -1) : by_number(a, b);
}

/* ---- names ---- */

/* An organ or place that is gone is named by its number. */
static char *name_or(const Report *self, json_t *named, GError **error, const char *otherwise)
{
    g_autoptr(json_t) owned = named;
    g_clear_error(error);
    return g_strdup(owned ? view_name(self->language, owned) : otherwise);
}

static char *item_name(const Report *self, const char *code)
{
    g_autoptr(GError) none = NULL;
    g_autoptr(Item) item = catalogue_item_on(self->context->db, self->context->county, code, day_of(self->context->now), &none);
    if (!item)
        return g_strdup(code);
    return g_strdup(self->language == ENGLISH && *item->name_en ? item->name_en : item->name);
}

static char *month_name(const Report *self, Day month)
{
    int year, number, of_month;
    day_split(month, &year, &number, &of_month);
    g_autoptr(json_t) data = json_pack("{s:i, s:i}", "year", year, "month", number);
    return report_word(self, "report.month", data);
}

static char *row_name(const Report *self, enum indicator_by by, const Row *row)
{
    GError *none = NULL;
    const Context *context = self->context;
    g_autofree char *number = g_strdup_printf("%" PRId64, row->number);
    g_autofree char *channel = g_strconcat("report.channel.", row->text, NULL);
    switch (by) {
    case BY_ORGAN: return name_or(self, identity_organ(context->db, context->county, row->number, &none), &none, number);
    case BY_TOWN: return name_or(self, identity_division(context->db, context->county, row->number, &none), &none, number);
    case BY_ITEM: return item_name(self, row->text);
    case BY_MONTH: return month_name(self, (Day)row->number);
    default: return report_word(self, channel, NULL);
    }
}

/* Stable, for keys: "21", "330482103000", "2014-03", "XK", "online". */
static char *row_id(enum indicator_by by, const Row *row)
{
    char day[DAY_TEXT];
    if (by == BY_ITEM || by == BY_CHANNEL)
        return g_strdup(row->text);
    return by == BY_MONTH ? g_strndup(day_text((Day)row->number, day), 7) : g_strdup_printf("%" PRId64, row->number);
}

/* ---- cells ---- */

/* The question for the list behind a cell; without a row, for that behind the totals. */
static IndicatorAsk ask_of(const Making *self, const Row *row, enum report_source source)
{
    IndicatorAsk ask = self->report->ask[NOW];
    ask.channels = source == ALL_CASES ? 0 : report_channels[source];
    if (!row)
        return ask;
    switch (self->grid->by) {
    case BY_ORGAN: ask.organ = row->number; break;
    case BY_TOWN: ask.division = ask.division ? ask.division : row->number; break;
    case BY_ITEM: ask.item = row->text; break;
    case BY_CHANNEL: ask.channels = 1u << channel_named(row->text); break;
    default:
        ask.from = MAX(ask.from, (Day)row->number);
        ask.to = MIN(ask.to, month_after((Day)row->number, 1) - 1);
    }
    return ask;
}

/* Hundredths: of a percent, or of a day. */
static int64_t hundredths_of(enum kind kind, int64_t top, int64_t bottom)
{
    if (kind == AVERAGE)
        return (top * 200 + bottom) / (2 * bottom);
    return indicators_hundredths(kind == SAVING ? SAVING_OF : SHARE_OF, top, bottom);
}

static void put_value(json_t *cell, enum kind kind, int64_t top, int64_t bottom)
{
    if (kind != COUNT && !bottom) {
        json_object_set_new(cell, "value", json_null());
        json_object_set_new(cell, "text", json_string("—"));
        return;
    }
    int64_t hundredths = kind == COUNT ? 0 : hundredths_of(kind, top, bottom);
    g_autofree char *text = kind == COUNT ? view_number(top)
        : g_strdup_printf("%s%" PRId64 ".%02" PRId64 "%s", hundredths < 0 ? "−" : "", ABS(hundredths) / 100, ABS(hundredths) % 100, kind == AVERAGE ? "" : "%");
    json_object_set_new(cell, "value", kind == COUNT ? json_integer(top) : json_real((double)hundredths / 100));
    json_object_set_new(cell, "text", json_string(text));
}

/* The column that holds what another one counts from. */
static int column_of(const Grid *grid, enum case_measure which, enum report_source source)
{
    for (int i = 0; grid->columns[i]; i++) {
        const Column *column = &columns[grid->columns[i]];
        if (column->kind == COUNT && column->top == which && source_of(grid, column) == source)
            return i;
    }
    return -1;
}

static json_t *cell_json(const Making *self, const Row *row, const Column *column, const int64_t of[MEASURES_MOST], const char *id)
{
    const Grid *grid = self->grid;
    enum report_source source = source_of(grid, column);
    IndicatorAsk ask = ask_of(self, row, source);
    g_autofree char *path = indicators_path(&ask, figures_listed(column->top));
    g_autofree char *key = g_strdup_printf("%s.%s.%s", grid->name, id, column->word);
    g_autofree char *title_key = g_strconcat("report.columns.", column->word, NULL), *title = report_word(self->report, title_key, NULL);
    bool is_sum = column->kind == COUNT;
    json_t *cell = json_pack("{s:s, s:s, s:s, s:b, s:i, s:i, s:s}", "key", key, "path", path, "kind", kind_names[column->kind], "is_shown",
                             !column->is_for_sheets, "top", is_sum ? -1 : column_of(grid, column->top, source), "bottom",
                             is_sum ? -1 : column_of(grid, column->bottom, source), "title", title);
    put_value(cell, column->kind, of[column->top], is_sum ? 0 : of[column->bottom]);
    return cell;
}

/* The list behind a total would also count organs of towns and villages, which the rows' column “took part” leaves out. */
static bool has_total_list(const Grid *grid, const Column *column)
{
    return grid->by != BY_ORGAN || !column->source;
}

static json_t *row_json(const Making *self, const Row *row, const Row *sums, const char *label, bool is_shown)
{
    g_autofree char *id = row ? row_id(self->grid->by, row) : g_strdup("total");
    json_t *cells = json_array();
    for (const enum column *each = self->grid->columns; *each; each++) {
        const Column *column = &columns[*each];
        json_t *cell = cell_json(self, row, column, sums->of[source_of(self->grid, column)], id);
        if (column->top == JUDGED_CASES || (!row && !has_total_list(self->grid, column))) /* they are of two lists */
            json_object_del(cell, "path");
        json_array_append_new(cells, cell);
    }
    return json_pack("{s:s, s:s, s:b, s:o}", "id", id, "label", label, "is_shown", is_shown, "cells", cells);
}

/* ---- grids ---- */

static json_t *columns_json(const Making *self)
{
    json_t *made = json_array();
    for (const enum column *each = self->grid->columns; *each; each++) {
        const Column *column = &columns[*each];
        g_autofree char *key = g_strconcat("report.columns.", column->word, NULL), *title = report_word(self->report, key, NULL);
        json_array_append_new(made, json_pack("{s:s, s:b}", "title", title, "is_shown", !column->is_for_sheets));
    }
    return made;
}

static Row total_of(const Making *self)
{
    Row total = { .text = "" };
    for (guint r = 0; r < self->rows->len; r++)
        for (int source = 0; source < REPORT_SOURCES; source++)
            for (int i = 0; i < CASE_MEASURES; i++)
                total.of[source][i] += g_array_index(self->rows, Row, r).of[source][i];
    return total;
}

static json_t *grid_json(const Making *self)
{
    const Grid *grid = self->grid;
    json_t *rows = json_array();
    g_autofree char *caption_key = g_strdup_printf("report.tables.%s", grid->name), *first_key = g_strconcat(caption_key, "_row", NULL);
    g_autofree char *caption = report_word(self->report, caption_key, NULL), *first = report_word(self->report, first_key, NULL);
    g_autofree char *sum = report_word(self->report, "report.total", NULL);
    size_t shown = grid->shown && grid->shown < self->rows->len ? grid->shown : self->rows->len;
    Row total = total_of(self);
    for (guint r = 0; r < self->rows->len; r++) {
        const Row *row = &g_array_index(self->rows, Row, r);
        g_autofree char *name = row_name(self->report, grid->by, row);
        json_array_append_new(rows, row_json(self, row, row, name, r < shown));
    }
    return json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:I}", "name", grid->name, "caption", caption, "first", first, "columns",
                     columns_json(self), "rows", rows, "total", row_json(self, NULL, &total, sum, true), "hidden",
                     (json_int_t)(self->rows->len - shown));
}

json_t *report_grid(const Report *self, enum report_grid which, GError **error)
{
    if (which == GRID_COMPARISON)
        return report_comparison(self);
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(Row));
    g_autoptr(GHashTable) numbers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Making making = { self, &grids[which], rows, numbers };
    if (!read_rows(&making, error))
        return NULL;
    if (rows->len)
        qsort(rows->data, rows->len, sizeof(Row), making.grid->is_by_size ? by_size : by_number);
    return grid_json(&making);
}

// SPDX-License-Identifier: Apache-2.0
/* The figures of all rooms. */
#include "indicators/figures.h"

#include "indicators/counter.h"

#include <string.h>

int64_t indicators_hundredths(enum figure_formula formula, int64_t top, int64_t bottom)
{
    if (!bottom)
        return 0;
    int64_t part = formula == SAVING_OF ? bottom - top : top, scaled = part * 10000 * 2 + bottom;
    return scaled >= 0 ? scaled / (2 * bottom) : -((-scaled + 2 * bottom - 1) / (2 * bottom));
}

char *figure_name(const json_t *figure, const View *view, enum language language)
{
    g_autofree char *word = g_strconcat(json_text(figure, "owner"), ".figures.", json_text(figure, "words"), NULL);
    return view_sentence(view, language, word, NULL);
}

bool figure_is_percent(const json_t *figure)
{
    return strcmp(json_text(figure, "unit"), "percent") == 0;
}

char *figure_definition(const json_t *figure, const View *view, enum language language)
{
    bool is_awaited = json_is_false(json_object_get(figure, "is_known"));
    g_autofree char *word = g_strconcat(json_text(figure, "owner"), ".definitions.", is_awaited ? "awaited" : json_text(figure, "words"), NULL);
    return view_sentence(view, language, word, NULL);
}

char *figure_text(const json_t *figure)
{
    const json_t *value = json_object_get(figure, "value");
    return json_is_integer(value) ? view_number(json_integer_value(value)) : g_strdup(json_text(figure, "percent"));
}

char *figure_unit(const json_t *figure, const View *view, enum language language)
{
    g_autofree char *word = g_strconcat("indicators.units.", json_text(figure, "unit"), NULL);
    return view_sentence(view, language, word, NULL);
}

json_t *figure_at(const json_t *figures, const char *key)
{
    for (size_t i = 0; i < json_array_size(figures); i++)
        if (strcmp(json_text(json_array_get(figures, i), "key"), key) == 0)
            return json_array_get(figures, i);
    return NULL;
}

/* ---- where it leads ---- */

static void put_channels(GString *path, unsigned channels)
{
    static const struct { unsigned channels; const char *name; } names[] = {
        { CHANNELS_CENTRE, "centre" }, { CHANNELS_TOWNS, "towns" }, { 1 << AT_COUNTY, "county" }, { 1 << AT_TOWN, "town" },
        { 1 << AT_VILLAGE, "village" }, { 1 << ONLINE, "online" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (names[i].channels == channels)
            g_string_append_printf(path, "&channel=%s", names[i].name);
}

char *indicators_path(const IndicatorAsk *ask, enum case_measure which)
{
    char from[DAY_TEXT], to[DAY_TEXT];
    if (ask->is_region)
        return g_strdup_printf("/?period=between&from=%s&to=%s#counties", day_text(ask->from, from), day_text(ask->to, to));
    g_autoptr(GString) path = g_string_new(ask->site);
    g_string_append_printf(path, "/desk/cases?of=%s&from=%s&to=%s&exact=1", case_measure_names[which],
                           day_text(ask->from, from), day_text(ask->to, to));
    if (ask->division)
        g_string_append_printf(path, "&division=%" PRId64, ask->division);
    if (ask->organ)
        g_string_append_printf(path, "&organ=%" PRId64, ask->organ);
    if (ask->item && *ask->item)
        g_string_append_uri_escaped(g_string_append(path, "&item="), ask->item, NULL, TRUE);
    put_channels(path, ask->channels);
    return g_string_free(g_steal_pointer(&path), FALSE);
}

enum case_measure figures_listed(enum case_measure which)
{
    return which >= SPENT_DAYS ? DECIDED_CASES : which;
}

/* The part of the ask that both want: a figure of the centre asked for online is that of online. */
static IndicatorAsk narrowed(const IndicatorAsk *ask, unsigned channels)
{
    IndicatorAsk narrow = *ask;
    narrow.channels = ask->channels ? ask->channels & channels : channels;
    return narrow;
}

/* ---- what it is made of ---- */

int64_t channels_sum(const Channels *self, unsigned channels, int which)
{
    int64_t sum = 0;
    for (int channel = 0; channel_names[channel]; channel++)
        if (!channels || (channels & 1u << channel))
            sum += self->of[channel][which];
    return sum;
}

int channel_named(const char *name)
{
    return MIN((int)name_place(channel_names, name), ONLINE);
}

/* The last sums that were read: enough for most figures of a room. */
typedef struct Reading {
    const Context *context;
    const IndicatorAsk *ask;
    const Room *room;
    const Measures *of;
    bool is_standing;
    Channels sums;
    bool is_numbered;
    int64_t numbers[NUMBERS_MOST];
} Reading;

/* A room's numbers are of the whole county: of a part of it, or of one organ, they would say too much. */
static bool is_of_county(const Context *context, const IndicatorAsk *ask)
{
    return !context->counties && (!ask->division || ask->division == division_county(context->county)) && !ask->organ && (!ask->item || !*ask->item);
}

static bool read_numbers(Reading *self, GError **error)
{
    if (self->is_numbered)
        return true;
    self->is_numbered = true;
    for (int i = 0; i < NUMBERS_MOST; i++)
        self->numbers[i] = NUMBER_UNKNOWN;
    return !is_of_county(self->context, self->ask) || self->room->numbers(self->context, self->ask->to, self->numbers, error);
}

/* The last day of the whole years, else of the whole months, that the period begins with; else of the period. */
static Day part_end(Day from, Day to)
{
    Day year = year_of(to + 1), month = month_of(to + 1);
    if (from == year_of(from) && year > from)
        return year - 1;
    return from == month_of(from) && month > from ? month - 1 : to;
}

/* Sums without a channel count as of the first. */
static bool add_sums(Reading *self, const IndicatorAsk *ask, GError **error)
{
    g_autoptr(GArray) rows = indicators_sums(self->context, ask, BY_CHANNEL, error);
    for (guint i = 0; rows && i < rows->len; i++) {
        const IndicatorSums *row = &g_array_index(rows, IndicatorSums, i);
        int channel = *row->text ? channel_named(row->text) : 0;
        for (int which = 0; which < MEASURES_MOST; which++)
            self->sums.of[channel][which] += row->of[which];
    }
    return rows != NULL;
}

/* A standing figure is the sum of all changes there ever were. Years and months are few rows, days many: only the rest of a
 * period is added up by days. */
static bool read_sums(Reading *self, const Figure *what, GError **error)
{
    bool is_standing = what->formula == STANDING_OF;
    if (self->of == what->of && self->is_standing == is_standing)
        return true;
    IndicatorAsk ask = *self->ask;
    ask.of = self->of = what->of;
    self->is_standing = is_standing;
    if (is_standing)
        ask.from = day_from(1900, 1, 1);
    memset(&self->sums, 0, sizeof self->sums);
    for (Day from = ask.from, to = ask.to; from <= to; from = ask.to + 1) {
        ask.from = from;
        ask.to = counter_is_wide(what->of) ? to : part_end(from, to);
        if (!add_sums(self, &ask, error))
            return false;
    }
    return true;
}

static int64_t number_of(const Reading *self, const Figure *what, int which, unsigned channels)
{
    return what->of ? channels_sum(&self->sums, channels, which) : self->numbers[which];
}

/* ---- as JSON ---- */

void figure_put_value(json_t *figure, enum figure_formula formula, int64_t top, int64_t bottom)
{
    int64_t hundredths = indicators_hundredths(formula, top, bottom);
    json_object_set_new(figure, "top", json_integer(top));
    if (formula == COUNT_OF || formula == STANDING_OF) {
        json_object_set_new(figure, "value", json_integer(top));
        return;
    }
    json_object_set_new(figure, "bottom", json_integer(bottom));
    json_object_set_new(figure, "value", bottom ? json_real((double)hundredths / 100) : json_null());
    if (bottom)
        json_object_set_new(figure, "percent", json_sprintf("%s%" PRId64 ".%02" PRId64, hundredths < 0 ? "-" : "",
                                                            ABS(hundredths) / 100, ABS(hundredths) % 100));
}

/* NULL where there is no list. A list shows the day of the clock, so none lies behind a standing figure of an earlier one. */
static char *path_of(const Reading *self, const Figure *what)
{
    char day[DAY_TEXT];
    if (what->of == case_measures) {
        IndicatorAsk narrow = narrowed(self->ask, what->top_channels);
        return indicators_path(&narrow, figures_listed((enum case_measure)what->top));
    }
    bool is_past = what->formula == STANDING_OF && self->ask->to < day_of(self->context->now);
    if (!what->path || self->context->counties || is_past)
        return NULL;
    GString *path = g_string_new(what->path);
    g_string_replace(path, "{day}", day_text(what->path_day ? (Day)self->numbers[what->path_day] : self->ask->to, day), 0);
    return g_string_free(path, FALSE);
}

static json_t *described(const char *key, const char *owner, const char *unit, bool is_known)
{
    g_autofree char *words = g_strdelimit(g_strdup(key), ".", '_');
    return json_pack("{s:s, s:s, s:s, s:s, s:b, s:n}", "key", key, "words", words, "owner", owner, "unit", unit, "is_known", is_known, "value");
}

static json_t *figure_json(Reading *self, const Figure *what, GError **error)
{
    static const char *const formulas[] = { [COUNT_OF] = "count", [SHARE_OF] = "share", [SAVING_OF] = "saving", [STANDING_OF] = "count" };
    if (!(what->of ? read_sums(self, what, error) : read_numbers(self, error)))
        return NULL;
    json_t *figure = described(what->key, self->room->name, what->unit, true);
    int64_t top = number_of(self, what, what->top, what->top_channels), bottom = number_of(self, what, what->bottom, what->bottom_channels);
    bool is_share = what->formula == SHARE_OF || what->formula == SAVING_OF;
    json_object_set_new(figure, "formula", json_string(formulas[what->formula]));
    if (top == NUMBER_UNKNOWN || (is_share && bottom == NUMBER_UNKNOWN))
        return figure;
    g_autofree char *path = path_of(self, what);
    figure_put_value(figure, what->formula, top, bottom);
    if (path)
        json_object_set_new(figure, "path", json_string(path));
    return figure;
}

json_t *indicators_of_room(const Context *context, const IndicatorAsk *ask, const Room *room, GError **error)
{
    g_autofree Reading *reading = g_new0(Reading, 1);
    g_autoptr(json_t) figures = json_array();
    *reading = (Reading){ .context = context, .ask = ask, .room = room };
    for (const Figure *each = room->figures; each && each->key; each++) {
        json_t *figure = figure_json(reading, each, error);
        if (!figure)
            return NULL;
        json_array_append_new(figures, figure);
    }
    return g_steal_pointer(&figures);
}

/* ---- those that were published ---- */

CsvTable *figures_published(GError **error)
{
    static const char *const columns[] = { "key", "value", "unit", "scope", "meaning", NULL };
    const Embedded *file = embedded_find("data/published.csv");
    return csv_read(file->bytes, file->size, columns, error);
}

/* The rooms to come, by the beginnings of their figures' keys. */
static const struct {
    const char *beginning, *room;
} awaited[] = {
    { "powers.", "powers" }, { "project.", "projects" }, { "zero_approval.", "projects" }, { "agent.", "projects" },
    { "joint.", "projects" }, { "market.", "market" }, { "oversight.", "oversight" }, { "enforcement.", "enforcement" },
    { "centre.satisfaction.third_party", "appraisal" }, { "portal.", "portal" }, { "services.", "hall" },
};

static json_t *awaited_json(const CsvTable *table, size_t row)
{
    const char *key = csv_cell(table, row, PUBLISHED_KEY);
    g_autofree char *unit = g_strdelimit(g_strdup(csv_cell(table, row, PUBLISHED_UNIT)), " ", '_');
    size_t i = 0;
    while (i + 1 < G_N_ELEMENTS(awaited) && !g_str_has_prefix(key, awaited[i].beginning))
        i++;
    json_t *figure = described(key, "indicators", unit, false);
    json_object_set_new(figure, "room", json_string(awaited[i].room));
    return figure;
}

static json_t *of_all_rooms(const Context *context, const IndicatorAsk *ask, GError **error)
{
    g_autoptr(json_t) all = json_array();
    for (const Room *const *room = context->rooms; *room; room++) {
        g_autoptr(json_t) figures = indicators_of_room(context, ask, *room, error);
        if (!figures)
            return NULL;
        json_array_extend(all, figures);
    }
    return g_steal_pointer(&all);
}

json_t *indicators_figures(const Context *context, const IndicatorAsk *ask, GError **error)
{
    g_autoptr(CsvTable) table = figures_published(error);
    g_autoptr(json_t) all = table ? of_all_rooms(context, ask, error) : NULL;
    json_t *figures = all ? json_array() : NULL;
    for (size_t row = 0; all && row < csv_rows(table); row++) {
        json_t *figure = figure_at(all, csv_cell(table, row, PUBLISHED_KEY));
        json_array_append_new(figures, figure ? json_incref(figure) : awaited_json(table, row));
    }
    return figures;
}

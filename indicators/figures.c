// SPDX-License-Identifier: Apache-2.0
/* The figures that are published, each as one row of a table. */
#include "indicators/figures.h"

#include <string.h>

const Indicator indicator_table[] = {
    { "items.before.total", "items", NULL, IN_CATALOGUE },
    { "items.before.license", "items", NULL, IN_CATALOGUE },
    { "items.before.nonlicense", "items", NULL, IN_CATALOGUE },
    { "items.before.management", "items", NULL, IN_CATALOGUE },
    { "items.now.total", "items", NULL, IN_CATALOGUE },
    { "items.now.license", "items", NULL, IN_CATALOGUE },
    { "items.now.nonlicense", "items", NULL, IN_CATALOGUE },
    { "items.now.management", "items", NULL, IN_CATALOGUE },
    { "items.cut.total", "percent", NULL, IN_CATALOGUE },
    { "items.cut.license", "percent", NULL, IN_CATALOGUE },
    { "items.cut.nonlicense", "percent", NULL, IN_CATALOGUE },
    { "items.cut.management", "percent", NULL, IN_CATALOGUE },
    { "items.received.province", "items", NULL, IN_CATALOGUE },
    { "items.received.prefecture", "items", NULL, IN_CATALOGUE },
    { "items.delegated.town.departments", "departments", NULL, IN_CATALOGUE },
    { "items.delegated.town", "items", NULL, IN_CATALOGUE },
    { "items.delegated.village", "items", NULL, IN_CATALOGUE },
    { "items.delegated.zone.departments", "departments", NULL, IN_CATALOGUE },
    { "items.delegated.zone", "items", NULL, IN_CATALOGUE },
    { "powers.after_third_review", "powers", "powers" },
    { "powers.cut_since_first_review", "powers", "powers" },
    { "powers.cut_rate", "percent", "powers" },
    { "project.clock.government", "days", "projects" },
    { "project.clock.private", "days", "projects" },
    { "zero_approval.clock", "working_days", "projects" },
    { "zero_approval.projects", "projects", "projects" },
    { "zero_approval.started", "projects", "projects" },
    { "market.categories", "categories", "market" },
    { "market.agencies", "agencies", "market" },
    { "market.orders", "orders", "market" },
    { "market.tests", "test_groups", "market" },
    { "market.fee_cut", "percent", "market" },
    { "market.time_cut", "percent", "market" },
    { "oversight.departments", "departments", "oversight" },
    { "enforcement.departments", "departments", "enforcement" },
    { "enforcement.functions", "functions", "enforcement" },
    { "enforcement.posts", "posts", "enforcement" },
    { "centre.departments", "departments", NULL, IN_CATALOGUE },
    { "centre.items", "items", NULL, IN_CATALOGUE },
    { "centre.items.license", "items", NULL, IN_CATALOGUE },
    { "centre.items.nonlicense", "items", NULL, IN_CATALOGUE },
    { "centre.items.management", "items", NULL, IN_CATALOGUE },
    { "centre.entry_rate", "percent", NULL, IN_CATALOGUE },
    { "centre.cases", "cases", NULL, COUNT_OF, ACCEPTED_CASES, .top_channels = CHANNELS_CENTRE },
    { "centre.speedup", "percent", NULL, SAVING_OF, SPENT_DAYS, STATUTORY_DAYS, CHANNELS_CENTRE, CHANNELS_CENTRE },
    { "centre.satisfaction.on_the_spot", "percent", NULL, SHARE_OF, SATISFIED_CASES, RATED_CASES, CHANNELS_CENTRE, CHANNELS_CENTRE },
    { "centre.satisfaction.third_party", "percent", "appraisal" },
    { "towns", "towns", NULL, IN_CATALOGUE },
    { "villages", "villages", NULL, IN_CATALOGUE },
    { "towns.cases", "cases", NULL, COUNT_OF, ACCEPTED_CASES, .top_channels = CHANNELS_TOWNS },
    { "towns.on_time", "percent", NULL, SHARE_OF, ON_TIME_CASES, DECIDED_CASES, CHANNELS_TOWNS, CHANNELS_TOWNS },
    { "towns.accuracy", "percent", NULL, SAVING_OF, RETURNED_CASES, PASSED_UP_CASES, CHANNELS_TOWNS, CHANNELS_TOWNS },
    { "online.items", "items", NULL, IN_CATALOGUE },
    { "online.rate", "percent", NULL, SHARE_OF, ACCEPTED_CASES, ACCEPTED_CASES, 1 << ONLINE, CHANNELS_CENTRE },
    { "portal.license", "small_items", "portal" },
    { "portal.nonlicense", "small_items", "portal" },
    { "portal.other_powers", "small_items", "portal" },
    { "portal.convenience", "small_items", "portal" },
    { "services.total", "visits", "hall" },
    { "services.staggered", "visits", "hall" },
    { "services.extended", "visits", "hall" },
    { "services.appointment", "visits", "hall" },
    { "services.duty", "visits", "hall" },
    { "services.volunteer", "visits", "hall" },
    { "agent.projects", "projects", "projects" },
    { "agent.speedup", "percent", "projects" },
    { "joint.certificates", "cases", "projects" },
    { "joint.reviews", "projects", "projects" },
    { "joint.annual_reports", "enterprises", "projects" },
    { 0 },
};

const Indicator *indicator_named(const char *key)
{
    for (const Indicator *each = indicator_table; each->key; each++)
        if (strcmp(each->key, key) == 0)
            return each;
    return NULL;
}

int64_t indicators_hundredths(enum indicator_formula formula, int64_t top, int64_t bottom)
{
    if (!bottom)
        return 0;
    int64_t part = formula == SAVING_OF ? bottom - top : top, scaled = part * 10000 * 2 + bottom;
    return scaled >= 0 ? scaled / (2 * bottom) : -((-scaled + 2 * bottom - 1) / (2 * bottom));
}

char *figure_name(const json_t *figure, const View *view, enum language language)
{
    g_autofree char *word = g_strconcat("indicators.names.", json_text(figure, "words"), NULL);
    return view_sentence(view, language, word, NULL);
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

/* ---- what it is ---- */

/* The sums of each channel: enough for every figure of the table. */
typedef struct Sums {
    int64_t of[ONLINE + 1][MEASURES_MOST];
} Sums;

static bool read_all(const Context *context, const IndicatorAsk *ask, Sums *sums, GError **error)
{
    g_autoptr(GArray) rows = indicators_sums(context, ask, BY_CHANNEL, error);
    memset(sums, 0, sizeof *sums);
    for (guint i = 0; rows && i < rows->len; i++) {
        const IndicatorSums *row = &g_array_index(rows, IndicatorSums, i);
        for (int channel = 0; channel_names[channel]; channel++)
            if (strcmp(channel_names[channel], row->text) == 0)
                memcpy(sums->of[channel], row->of, sizeof row->of);
    }
    return rows != NULL;
}

static int64_t sum_of(const Sums *sums, enum case_measure which, unsigned channels)
{
    int64_t sum = 0;
    for (int channel = 0; channel_names[channel]; channel++)
        if (!channels || (channels & 1u << channel))
            sum += sums->of[channel][which];
    return sum;
}

/* The part of the ask that both want: a figure of the centre asked for online is that of online. */
static IndicatorAsk narrowed(const IndicatorAsk *ask, unsigned channels)
{
    IndicatorAsk narrow = *ask;
    narrow.channels = ask->channels ? ask->channels & channels : channels;
    return narrow;
}

static void put_value(json_t *figure, const Indicator *what, int64_t top, int64_t bottom)
{
    int64_t hundredths = indicators_hundredths(what->formula, top, bottom);
    json_object_set_new(figure, "top", json_integer(top));
    if (what->formula == COUNT_OF) {
        json_object_set_new(figure, "value", json_integer(top));
        return;
    }
    g_autofree char *percent = g_strdup_printf("%" PRId64 ".%02" PRId64, hundredths / 100, ABS(hundredths) % 100);
    json_object_set_new(figure, "bottom", json_integer(bottom));
    json_object_set_new(figure, "value", bottom ? json_real((double)hundredths / 100) : json_null());
    if (bottom)
        json_object_set_new(figure, "percent", json_string(percent));
}

enum case_measure figures_listed(enum case_measure which)
{
    return which >= SPENT_DAYS ? DECIDED_CASES : which;
}

static void put_figure(json_t *figure, const Indicator *what, const IndicatorAsk *ask, const Sums *sums)
{
    static const char *const formulas[] = { [COUNT_OF] = "count", [SHARE_OF] = "share", [SAVING_OF] = "saving" };
    IndicatorAsk narrow = narrowed(ask, what->top_channels);
    int64_t top = sum_of(sums, what->top, what->top_channels), bottom = sum_of(sums, what->bottom, what->bottom_channels);
    g_autofree char *path = indicators_path(&narrow, figures_listed(what->top));
    put_value(figure, what, top, bottom);
    json_object_set_new(figure, "formula", json_string(formulas[what->formula]));
    json_object_set_new(figure, "path", json_string(path));
}

/* ---- what the catalogue knows ---- */

/* It counts the whole county: of a part of it, or of one organ, its figures would say too much. */
static bool is_of_county(const Context *context, const IndicatorAsk *ask)
{
    return !context->counties && (!ask->division || ask->division == division_county(context->county)) && !ask->organ && (!ask->item || !*ask->item);
}

/* {key: {value, link}}; empty where it has nothing to say. */
static json_t *listed_by_key(const Context *context, const IndicatorAsk *ask, GError **error)
{
    json_t *by_key = json_object();
    if (!is_of_county(context, ask))
        return by_key;
    g_autoptr(json_t) all = catalogue_figures(context->db, context->county, ask->to, error);
    for (size_t i = 0; i < json_array_size(all); i++)
        json_object_set(by_key, json_text(json_array_get(all, i), "key"), json_array_get(all, i));
    if (all)
        return by_key;
    json_decref(by_key);
    return NULL;
}

/* Which of its percentages are of which of its counts. */
static const struct {
    const char *key, *top, *bottom, *formula;
} parts[] = {
    { "items.cut.total", "items.now.total", "items.before.total", "saving" },
    { "items.cut.license", "items.now.license", "items.before.license", "saving" },
    { "items.cut.nonlicense", "items.now.nonlicense", "items.before.nonlicense", "saving" },
    { "items.cut.management", "items.now.management", "items.before.management", "saving" },
    { "centre.entry_rate", "centre.items", "items.now.total", "share" },
};

static void put_parts(json_t *figure, const json_t *listed)
{
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        if (strcmp(parts[i].key, json_text(figure, "key")) != 0)
            continue;
        json_object_set(figure, "top", json_object_get(json_object_get(listed, parts[i].top), "value"));
        json_object_set(figure, "bottom", json_object_get(json_object_get(listed, parts[i].bottom), "value"));
        json_object_set_new(figure, "formula", json_string(parts[i].formula));
    }
}

static void put_listed(json_t *figure, const json_t *listed)
{
    const json_t *own = json_object_get(listed, json_text(figure, "key"));
    json_t *value = json_object_get(own, "value");
    json_object_set_new(figure, "formula", json_string("count"));
    if (!value || json_is_null(value))
        return;
    json_object_set(figure, "value", value);
    json_object_set(figure, "path", json_object_get(own, "link"));
    if (!json_is_real(value)) {
        json_object_set(figure, "top", value);
        return;
    }
    g_autofree char *percent = g_strdup_printf("%.2f", json_real_value(value));
    json_object_set_new(figure, "percent", json_string(percent));
    put_parts(figure, listed);
}

/* ---- all of them ---- */

static json_t *figure_json(const Indicator *what, const IndicatorAsk *ask, const Sums *sums, const json_t *listed)
{
    g_autofree char *words = g_strdelimit(g_strdup(what->key), ".", '_');
    json_t *figure = json_pack("{s:s, s:s, s:s, s:b, s:n}", "key", what->key, "words", words, "unit", what->unit, "is_known",
                               what->room == NULL, "value");
    if (what->room)
        json_object_set_new(figure, "room", json_string(what->room));
    else if (what->formula == IN_CATALOGUE)
        put_listed(figure, listed);
    else
        put_figure(figure, what, ask, sums);
    return figure;
}

json_t *figures_of(const Context *context, const IndicatorAsk *ask, const Indicator *table, GError **error)
{
    Sums sums;
    g_autoptr(json_t) listed = table == indicator_table ? listed_by_key(context, ask, error) : json_object();
    if (!listed || !read_all(context, ask, &sums, error))
        return NULL;
    json_t *figures = json_array();
    for (const Indicator *each = table; each->key; each++)
        json_array_append_new(figures, figure_json(each, ask, &sums, listed));
    return figures;
}

json_t *indicators_figures(const Context *context, const IndicatorAsk *ask, GError **error)
{
    return figures_of(context, ask, indicator_table, error);
}

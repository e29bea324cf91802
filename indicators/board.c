// SPDX-License-Identifier: Apache-2.0
#include "indicators/board.h"

#include <string.h>

enum { WANTED = 1 << ACCEPTED_CASES | 1 << OPEN_CASES | 1 << OVERDUE_CASES | 1 << DECIDED_CASES | 1 << ON_TIME_CASES |
                1 << RATED_CASES | 1 << SATISFIED_CASES | 1 << SPENT_DAYS | 1 << STATUTORY_DAYS | 1 << JUDGED_CASES |
                1 << AWAITED_SPENT_DAYS | 1 << AWAITED_STATUTORY_DAYS };

/* ---- reading ---- */

static BoardRow *row_for(GArray *rows, int64_t number)
{
    BoardRow *last = rows->len ? &g_array_index(rows, BoardRow, rows->len - 1) : NULL;
    if (last && last->number == number)
        return last;
    const BoardRow made = { .number = number };
    g_array_append_val(rows, made);
    return &g_array_index(rows, BoardRow, rows->len - 1);
}

static GArray *read_rows(const Board *self, enum indicator_by by, GError **error)
{
    IndicatorAsk ask = self->ask;
    ask.measures = WANTED;
    g_autoptr(GArray) sums = indicators_sums(self->context, &ask, by, error);
    GArray *rows = sums ? g_array_new(FALSE, TRUE, sizeof(BoardRow)) : NULL;
    for (guint i = 0; sums && i < sums->len; i++) {
        const IndicatorSums *each = &g_array_index(sums, IndicatorSums, i);
        memcpy(row_for(rows, each->number)->sums.of[channel_named(each->text)], each->of, sizeof each->of);
    }
    return rows;
}

static void add_up(const GArray *rows, Channels *all)
{
    for (guint i = 0; i < rows->len; i++)
        for (int channel = 0; channel_names[channel]; channel++)
            for (int which = 0; which < CASE_MEASURES; which++)
                all->of[channel][which] += g_array_index(rows, BoardRow, i).sums.of[channel][which];
}

bool board_read(const Context *context, const Period *period, Board *out, GError **error)
{
    *out = (Board){ .context = context, .period = *period, .ask = period_ask(period) };
    out->ask.is_region = context->counties != NULL;
    if (context->counties) {
        out->counties = read_rows(out, BY_COUNTY_CHANNEL, error);
        if (out->counties)
            add_up(out->counties, &out->all);
        return out->counties != NULL;
    }
    out->organs = read_rows(out, BY_ORGAN_CHANNEL, error);
    out->towns = out->organs ? read_rows(out, BY_TOWN_CHANNEL, error) : NULL;
    if (out->organs)
        add_up(out->organs, &out->all);
    return out->towns != NULL;
}

void board_clear(Board *self)
{
    g_clear_pointer(&self->organs, g_array_unref);
    g_clear_pointer(&self->towns, g_array_unref);
    g_clear_pointer(&self->counties, g_array_unref);
}

/* ---- numbers with what lies behind ---- */

json_t *board_count(const IndicatorAsk *ask, enum case_measure which, int64_t value)
{
    g_autofree char *path = indicators_path(ask, which);
    return json_pack("{s:I, s:s}", "value", (json_int_t)value, "path", path);
}

static IndicatorAsk within(const IndicatorAsk *ask, unsigned channels)
{
    IndicatorAsk narrow = *ask;
    narrow.channels = channels;
    return narrow;
}

static void put_count(json_t *into, const char *name, const IndicatorAsk *ask, const Channels *sums, enum case_measure which)
{
    json_object_set_new(into, name, board_count(ask, which, channels_sum(sums, ask->channels, (int)which)));
}

/* An average leads to the cases it is made of: to those that fulfil it, or, of days, to all that were decided. */
static json_t *share_json(const Figure *what, const IndicatorAsk *ask, const Channels *sums)
{
    IndicatorAsk narrow = within(ask, what->top_channels);
    int64_t top = channels_sum(sums, what->top_channels, what->top), bottom = channels_sum(sums, what->bottom_channels, what->bottom);
    g_autofree char *path = indicators_path(&narrow, figures_listed((enum case_measure)what->top));
    bool is_days = what->formula == SAVING_OF;
    int64_t cases = is_days ? channels_sum(sums, what->top_channels, DECIDED_CASES) : top;
    json_t *share = json_pack("{s:s, s:I, s:b}", "path", path, "cases", (json_int_t)cases, "is_days", is_days);
    figure_put_value(share, what->formula, top, bottom);
    return share;
}

static const enum case_measure counted[] = { ACCEPTED_CASES, DECIDED_CASES, OPEN_CASES, OVERDUE_CASES };

json_t *board_counts(const Board *self)
{
    json_t *counts = json_array();
    for (size_t i = 0; i < G_N_ELEMENTS(counted); i++) {
        json_t *count = board_count(&self->ask, counted[i], channels_sum(&self->all, 0, (int)counted[i]));
        json_object_set_new(count, "head", json_string(case_measure_names[counted[i]]));
        json_array_append_new(counts, count);
    }
    return counts;
}

json_t *board_shares(const Board *self)
{
    static const Figure shares[] = {
        { .key = "on_time", .formula = SHARE_OF, .top = ON_TIME_CASES, .bottom = JUDGED_CASES },
        { .key = "speedup", .formula = SAVING_OF, .top = SPENT_DAYS, .bottom = STATUTORY_DAYS },
        { .key = "speedup_awaited", .formula = SAVING_OF, .top = AWAITED_SPENT_DAYS, .bottom = AWAITED_STATUTORY_DAYS },
        { .key = "satisfied", .formula = SHARE_OF, .top = SATISFIED_CASES, .bottom = RATED_CASES },
        { .key = "online", .formula = SHARE_OF, .top = ACCEPTED_CASES, .bottom = ACCEPTED_CASES, .top_channels = 1 << ONLINE,
          .bottom_channels = CHANNELS_CENTRE },
    };
    json_t *all = json_array();
    for (size_t i = 0; i < G_N_ELEMENTS(shares); i++) {
        json_t *share = share_json(&shares[i], &self->ask, &self->all);
        json_object_set_new(share, "head", json_string(shares[i].key));
        json_array_append_new(all, share);
    }
    return all;
}

json_t *board_channels(const Board *self)
{
    json_t *channels = json_array();
    int64_t all = channels_sum(&self->all, 0, ACCEPTED_CASES);
    for (int channel = 0; channel_names[channel]; channel++) {
        IndicatorAsk ask = within(&self->ask, 1u << channel);
        int64_t hundredths = indicators_hundredths(SHARE_OF, self->all.of[channel][ACCEPTED_CASES], all);
        g_autofree char *share = g_strdup_printf("%" PRId64 ".%02" PRId64, hundredths / 100, hundredths % 100);
        json_t *row = json_pack("{s:s, s:s}", "channel", channel_names[channel], "share", share);
        put_count(row, "accepted", &ask, &self->all, ACCEPTED_CASES);
        put_count(row, "decided", &ask, &self->all, DECIDED_CASES);
        json_array_append_new(channels, row);
    }
    return channels;
}

/* ---- who did how much, and how well ---- */

typedef struct Place {
    json_t *names; /* with "name" and "name_en"; borrowed */
    IndicatorAsk ask;
    Channels sums;
    unsigned channels; /* whose cases are its own */
} Place;

static int64_t own(const Place *self, enum case_measure which)
{
    return channels_sum(&self->sums, self->channels, (int)which);
}

/* A place that decided nothing is no worse than others, but comes after them. */
static int fairly(const void *a, const void *b)
{
    const Place *x = a, *y = b;
    int64_t differences[] = {
        (own(y, DECIDED_CASES) > 0) - (own(x, DECIDED_CASES) > 0),
        indicators_hundredths(SHARE_OF, own(y, ON_TIME_CASES), own(y, JUDGED_CASES)) -
            indicators_hundredths(SHARE_OF, own(x, ON_TIME_CASES), own(x, JUDGED_CASES)),
        indicators_hundredths(SAVING_OF, own(y, SPENT_DAYS), own(y, STATUTORY_DAYS)) -
            indicators_hundredths(SAVING_OF, own(x, SPENT_DAYS), own(x, STATUTORY_DAYS)),
        own(y, ACCEPTED_CASES) - own(x, ACCEPTED_CASES), x->ask.organ - y->ask.organ, x->ask.division - y->ask.division,
    };
    for (size_t i = 0; i < G_N_ELEMENTS(differences); i++)
        if (differences[i])
            return differences[i] < 0 ? -1 : 1;
    return 0;
}

static int64_t most_accepted(const GArray *places)
{
    int64_t most = 1;
    for (guint i = 0; i < places->len; i++)
        most = MAX(most, own(&g_array_index(places, Place, i), ACCEPTED_CASES));
    return most;
}

static json_t *place_json(const Place *self, int64_t number, unsigned beside, const char *beside_name, int64_t most)
{
    const Figure kept = { .formula = SHARE_OF, .top = ON_TIME_CASES, .bottom = JUDGED_CASES, .top_channels = self->channels,
                          .bottom_channels = self->channels },
                 saved = { .formula = SAVING_OF, .top = SPENT_DAYS, .bottom = STATUTORY_DAYS, .top_channels = self->channels,
                           .bottom_channels = self->channels };
    IndicatorAsk ask = within(&self->ask, self->channels), other = within(&self->ask, beside);
    json_t *row = json_pack("{s:I, s:O, s:O, s:i, s:O*}", "number", (json_int_t)number, "name", json_object_get(self->names, "name"),
                            "name_en", json_object_get(self->names, "name_en"), "width",
                            (int)(own(self, ACCEPTED_CASES) * 100 / most), "site", json_object_get(self->names, "site"));
    for (size_t i = 0; i < G_N_ELEMENTS(counted); i++)
        put_count(row, case_measure_names[counted[i]], &ask, &self->sums, counted[i]);
    put_count(row, beside_name, &other, &self->sums, ACCEPTED_CASES);
    json_object_set_new(row, "on_time", share_json(&kept, &self->ask, &self->sums));
    json_object_set_new(row, "speedup", share_json(&saved, &self->ask, &self->sums));
    return row;
}

static json_t *ranking(GArray *places, unsigned beside, const char *beside_name, size_t most)
{
    json_t *rows = json_array();
    int64_t widest = most_accepted(places);
    g_array_sort(places, fairly);
    for (guint i = 0; i < places->len && (!most || i < most); i++) {
        const Place *place = &g_array_index(places, Place, i);
        json_t *row = place_json(place, place->ask.organ ? place->ask.organ : place->ask.division, beside, beside_name, widest);
        if (own(place, DECIDED_CASES))
            json_object_set_new(row, "rank", json_integer((json_int_t)i + 1));
        json_array_append_new(rows, row);
    }
    return rows;
}

static const Channels *sums_at(const GArray *rows, int64_t number)
{
    static const Channels nothing;
    for (guint i = 0; i < rows->len; i++)
        if (g_array_index(rows, BoardRow, i).number == number)
            return &g_array_index(rows, BoardRow, i).sums;
    return &nothing;
}

/* Departments as they are now, and whoever else had cases of the centre. */
json_t *board_organs(const Board *self, size_t most, GError **error)
{
    g_autoptr(json_t) organs = identity_organs(self->context->db, self->context->county, error);
    g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(Place));
    size_t i;
    json_t *organ;
    json_array_foreach(organs, i, organ) {
        int64_t number = json_number(organ, "number");
        Place place = { organ, self->ask, *sums_at(self->organs, number), CHANNELS_CENTRE };
        place.ask.organ = number;
        if (strcmp(json_text(organ, "kind"), "department") == 0 || own(&place, ACCEPTED_CASES) || own(&place, DECIDED_CASES))
            g_array_append_val(places, place);
    }
    return organs ? ranking(places, CHANNELS_TOWNS, "joined", most) : NULL;
}

json_t *board_towns(const Board *self, GError **error)
{
    g_autoptr(json_t) divisions = identity_places(self->context->db, self->context->county, error);
    g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(Place));
    size_t i;
    json_t *division;
    json_array_foreach(divisions, i, division) {
        int64_t code = division_code(division);
        Place place = { division, self->ask, *sums_at(self->towns, code), CHANNELS_TOWNS };
        place.ask.division = code;
        if (division_level(code) == TOWN_LEVEL)
            g_array_append_val(places, place);
    }
    return divisions ? ranking(places, 1 << AT_VILLAGE, "villages", 0) : NULL;
}

/* ---- the counties of a region ---- */

char *board_site(const County *county, const char *region_url)
{
    if (county->public_url)
        return g_strdup(county->public_url);
    const char *host = strstr(region_url, "://") + strlen("://"), *port = strchr(host, ':');
    return g_strdup_printf("%.*s%s%s", (int)(host - region_url), region_url, county->host, port ? port : "");
}

json_t *board_places(const Board *self, const char *region_url)
{
    const Counties *counties = self->context->counties;
    g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(Place));
    g_autoptr(GPtrArray) sites = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(json_t) names = json_array();
    for (size_t i = 0; i < counties->count; i++) {
        const County *county = &counties->all[i];
        char *site = board_site(county, region_url);
        json_t *name = json_pack("{s:s, s:s, s:s}", "name", county->name, "name_en", county->name_en, "site", site);
        Place place = { name, self->ask, *sums_at(self->counties, county->code), 0 };
        place.ask.division = division_county(county->code);
        place.ask.site = site;
        place.ask.is_region = false;
        json_array_append_new(names, name);
        g_ptr_array_add(sites, site);
        g_array_append_val(places, place);
    }
    return ranking(places, CHANNELS_TOWNS, "towns", 0);
}

// SPDX-License-Identifier: Apache-2.0
#include "indicators/places.h"
#include "indicators/counter.h"

#include <string.h>

enum { FEW = 5, TOLD = 2, MONTH_TEXT = sizeof "2014-09", COLUMNS = 7 };

static const enum case_measure told[TOLD] = { ACCEPTED_CASES, DECIDED_CASES };

typedef struct Place {
    const json_t *division;
    int64_t code, counts[TOLD + 1]; /* the last is of nothing: to sort by code */
    bool few[TOLD];
} Place;

static GArray *counted(const json_t *divisions, const GArray *sums)
{
    GArray *places = g_array_new(FALSE, FALSE, sizeof(Place));
    for (size_t i = 0; i < json_array_size(divisions); i++) {
        Place place = { .division = json_array_get(divisions, i) };
        place.code = division_code(place.division);
        for (guint row = 0; row < sums->len; row++) {
            const IndicatorSums *of = &g_array_index(sums, IndicatorSums, row);
            for (int which = 0; which < TOLD && division_within(of->number, place.code); which++)
                place.counts[which] += of->of[told[which]];
        }
        g_array_append_val(places, place);
    }
    return places;
}

static int compare(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int by_town_and_count(const void *a, const void *b, void *data)
{
    const Place *x = a, *y = b;
    const int *which = data;
    int by_town = compare(division_town(x->code), division_town(y->code)), by_count = compare(x->counts[*which], y->counts[*which]);
    return by_town ? by_town : by_count ? by_count : compare(x->code, y->code);
}

/* A town's sum, and how much of it its own windows took in, can be worked out of the leaves and the wall screen; so can the sum of
 * its villages that are not told. Where that is under five, the next smallest village is not told either, and nothing says which
 * of them that is. */
static void hide_few(GArray *places, int which)
{
    int64_t town = 0, hidden = 0;
    g_array_sort_with_data(places, by_town_and_count, &which);
    for (guint i = 0; i < places->len; i++) {
        Place *place = &g_array_index(places, Place, i);
        if (division_town(place->code) != town)
            hidden = 0;
        town = division_town(place->code);
        if (division_level(place->code) != VILLAGE_LEVEL)
            continue;
        place->few[which] = place->counts[which] < FEW || (hidden && hidden < FEW);
        hidden += place->few[which] ? place->counts[which] : 0;
    }
}

static json_t *place_json(const Place *place)
{
    static const char *const names[TOLD][2] = { { "accepted", "accepted_few" }, { "decided", "decided_few" } };
    json_t *made = json_pack("{s:O, s:O, s:O, s:O}", "division", json_object_get(place->division, "code"), "level",
                             json_object_get(place->division, "level"), "name", json_object_get(place->division, "path"), "name_en",
                             json_object_get(place->division, "path_en"));
    for (int which = 0; which < TOLD; which++) {
        json_object_set_new(made, names[which][0], place->few[which] ? json_null() : json_integer(place->counts[which]));
        json_object_set_new(made, names[which][1], json_boolean(place->few[which]));
    }
    return made;
}

json_t *open_data_of_month(const Context *context, Day month, GError **error)
{
    const IndicatorAsk ask = { .from = month_of(month), .to = month_after(month, 1) - 1, .measures = 1 << ACCEPTED_CASES | 1 << DECIDED_CASES };
    g_autoptr(json_t) divisions = identity_places(context->db, context->county, error);
    g_autoptr(GArray) sums = divisions ? indicators_sums(context, &ask, BY_PLACE, error) : NULL;
    g_autoptr(GArray) places = sums ? counted(divisions, sums) : NULL;
    if (!places)
        return NULL;
    for (int which = 0; which < TOLD; which++)
        hide_few(places, which);
    g_array_sort_with_data(places, by_town_and_count, (int[]){ TOLD });
    json_t *rows = json_array();
    for (guint i = 0; i < places->len; i++)
        json_array_append_new(rows, place_json(&g_array_index(places, Place, i)));
    return rows;
}

/* ---- the page ---- */

static char *month_fits(const char *value, GError **error)
{
    g_autofree char *day = g_strconcat(value, "-01", NULL);
    if (strlen(value) + 1 != MONTH_TEXT || day_parse(day) == DAY_NONE)
        return refuse(error, NOT_FITTING, "indicators.places.no_month", NULL);
    return g_strdup(value);
}

static const char *const formats[] = { "csv", "json", NULL };

const Field open_data_fields[] = {
    { .name = "month", .check = month_fits, .options = "months.month", .empty = "indicators.places.newest", .value = "month" },
    { .name = "format", .kind = FIELD_CHOICE, .choices = formats, .look = LOOK_NONE },
    { 0 },
};

static void month_text(Day month, char out[MONTH_TEXT])
{
    char day[DAY_TEXT];
    g_strlcpy(out, day_text(month, day), MONTH_TEXT);
}

/* The months that are over, the newest first. A month still going on is not told: how its villages grow from hour to hour, held
 * against the leaves, would tell the village of each case. */
static json_t *months_json(const Context *context, GError **error)
{
    const IndicatorAsk ask = { .from = day_from(1900, 1, 1), .to = month_of(day_of(context->now)) - 1, .measures = 1 << ACCEPTED_CASES };
    g_autoptr(GArray) sums = indicators_sums(context, &ask, BY_MONTH, error);
    json_t *months = sums ? json_array() : NULL;
    for (guint i = 0; sums && i < sums->len; i++) {
        char month[MONTH_TEXT];
        month_text((Day)g_array_index(sums, IndicatorSums, sums->len - 1 - i).number, month);
        json_array_append_new(months, json_pack("{s:s, s:s}", "month", month, "name", month));
    }
    return months;
}

static json_t *as_csv(Request *r, const char *month, const json_t *rows, GError **error)
{
    static const char *const titles[COLUMNS] = { "month", "division", "level", "name", "name_en", "accepted", "decided" };
    static const enum cell_kind kinds[COLUMNS] = { CELL_PLAIN, CELL_PLAIN, CELL_TEXT, CELL_TEXT, CELL_TEXT, CELL_NUMBER, CELL_NUMBER };
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    g_autofree char *name = g_strconcat("places-", month, NULL);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        char **line = g_new0(char *, COLUMNS + 1);
        line[0] = g_strdup(month);
        for (int column = 1; column < COLUMNS; column++) {
            const json_t *cell = json_object_get(json_array_get(rows, i), titles[column]);
            line[column] = json_is_integer(cell) ? g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(cell))
                                                 : g_strdup(json_text(json_array_get(rows, i), titles[column]));
        }
        g_ptr_array_add(lines, line);
    }
    return answer_table(r, &(ViewTable){ COLUMNS, titles, kinds, lines }, name, "csv", error);
}

json_t *open_data_show(Request *r, GError **error)
{
    const char *asked = json_text(r->fields, "month"), *format = json_text(r->fields, "format");
    g_autoptr(json_t) months = months_json(&r->context, error);
    if (!months)
        return NULL;
    const char *month = *asked ? asked : json_text(json_array_get(months, 0), "month");
    g_autofree char *first = g_strconcat(month, "-01", NULL);
    if (*month && day_parse(first) >= month_of(day_of(r->context.now)))
        return refuse_field(error, "month", "indicators.places.not_over", NULL);
    g_autoptr(json_t) rows = *month ? open_data_of_month(&r->context, day_parse(first), error) : json_array();
    g_autoptr(json_t) answer = rows ? json_pack("{s:s, s:O}", "month", month, "rows", rows) : NULL;
    if (!answer || strcmp(format, "csv") == 0)
        return answer ? as_csv(r, month, rows, error) : NULL;
    if (strcmp(format, "json") == 0) {
        char *text = json_dumps(answer, JSON_COMPACT | JSON_REAL_PRECISION(15));
        return answer_bytes(r, g_bytes_new_take(text, strlen(text)), "application/json", "places.json", true);
    }
    json_object_set(answer, "months", months);
    return g_steal_pointer(&answer);
}

// SPDX-License-Identifier: Apache-2.0
/* The figures that the city published of nine months, row by row beside those that our own ledger adds up to. */
#include "indicators/compare.h"
#include "indicators/figures.h"

#include <math.h>
#include <string.h>

/* The months of data/published.csv. */
static const int PUBLISHED_YEAR = 2014, FIRST_MONTH = 1, LAST_MONTH = 9;

const char *compare_verdict(const char *published, const json_t *value)
{
    if (!json_is_number(value))
        return "not_yet";
    const char *point = strchr(published, '.');
    double scale = point ? pow(10, (double)strlen(point + 1)) : 100;
    return llround(json_number_value(value) * scale) == llround(g_ascii_strtod(published, NULL) * scale) ? "same" : "different";
}

static char *number_text(const json_t *value, bool is_percent)
{
    if (!json_is_number(value))
        return g_strdup("");
    return is_percent ? g_strdup_printf("%.2f", json_number_value(value)) : view_number(json_integer_value(value));
}

/* "+12", "−0.50"; "" where there is none. */
static char *difference_text(const char *published, const json_t *value, bool is_percent)
{
    double difference = json_is_number(value) ? json_number_value(value) - g_ascii_strtod(published, NULL) : 0;
    if (fabs(difference) < 0.005)
        return g_strdup("");
    g_autofree char *whole = view_number(llabs(llround(difference)));
    const char *sign = difference < 0 ? "−" : "+";
    return is_percent ? g_strdup_printf("%s%.2f", sign, fabs(difference)) : g_strconcat(sign, whole, NULL);
}

static json_t *published_number(const char *text)
{
    return strchr(text, '.') ? json_real(g_ascii_strtod(text, NULL)) : json_integer(g_ascii_strtoll(text, NULL, 10));
}

static void put_room(json_t *row, const Request *r)
{
    if (!*json_text(row, "room"))
        return;
    g_autofree char *word = g_strconcat("indicators.rooms.", json_text(row, "room"), NULL);
    g_autofree char *name = view_sentence(r->view, r->language, word, NULL);
    json_object_set_new(row, "room_name", json_string(name));
}

static json_t *row_json(const Request *r, const CsvTable *table, size_t row, const json_t *figure)
{
    const char *published = csv_cell(table, row, PUBLISHED_VALUE);
    const json_t *value = json_object_get(figure, "value");
    bool is_percent = figure_is_percent(figure);
    g_autofree char *name = figure_name(figure, r->view, r->language);
    g_autoptr(json_t) said = published_number(published);
    g_autofree char *published_text = number_text(said, is_percent), *computed = number_text(value, is_percent);
    g_autofree char *difference = difference_text(published, value, is_percent);
    const char *verdict = compare_verdict(published, value);
    json_t *made = json_copy((json_t *)figure);
    g_autofree char *definition = figure_definition(figure, r->view, r->language);
    json_t *more = json_pack("{s:s, s:s, s:O, s:s, s:s, s:s, s:s, s:b, s:b, s:b}", "name", name, "definition", definition, "published", said, "published_text",
                             published_text, "computed_text", computed, "difference_text", difference, "verdict", verdict, "is_same",
                             strcmp(verdict, "same") == 0, "is_different", strcmp(verdict, "different") == 0, "is_not_yet",
                             strcmp(verdict, "not_yet") == 0);
    json_object_update_new(made, more);
    if (!*computed)
        json_object_del(made, "path"); /* nothing to point at it */
    put_room(made, r);
    return made;
}

/* The figures are those of the table's rows, in their order. */
static json_t *rows_json(const Request *r, const CsvTable *table, const json_t *figures)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < json_array_size(figures); i++)
        json_array_append_new(rows, row_json(r, table, i, json_array_get(figures, i)));
    return rows;
}

static void count_verdicts(json_t *answer)
{
    static const char *const verdicts[] = { "same", "different", "not_yet" };
    const json_t *rows = json_object_get(answer, "rows");
    for (size_t i = 0; i < G_N_ELEMENTS(verdicts); i++) {
        json_int_t count = 0;
        for (size_t row = 0; row < json_array_size(rows); row++)
            count += strcmp(json_text(json_array_get(rows, row), "verdict"), verdicts[i]) == 0;
        json_object_set_new(answer, verdicts[i], json_integer(count));
    }
}

json_t *compare_show(Request *r, GError **error)
{
    char from[DAY_TEXT], to[DAY_TEXT];
    IndicatorAsk ask = { .from = day_from(PUBLISHED_YEAR, FIRST_MONTH, 1), .to = day_from(PUBLISHED_YEAR, LAST_MONTH + 1, 1) - 1 };
    g_autoptr(CsvTable) table = figures_published(error);
    g_autoptr(json_t) figures = table ? indicators_figures(&r->context, &ask, error) : NULL;
    if (!figures)
        return NULL;
    json_t *answer = json_pack("{s:s, s:s, s:o}", "from_day", day_text(ask.from, from), "to_day", day_text(ask.to, to), "rows",
                               rows_json(r, table, figures));
    count_verdicts(answer);
    return answer;
}

// SPDX-License-Identifier: Apache-2.0
/* Gathers the periods, figures and names that a bulletin is made from. */
#include "indicators/report.h"

#include "indicators/counter.h"
#include "indicators/figures.h"

#include <string.h>

const char *const report_format_names[REPORT_FORMATS + 1] = { "text", "html", "pdf", "xlsx", "json", NULL };
const char *const report_format_types[REPORT_FORMATS] = {
    "text/plain; charset=utf-8", "text/html; charset=utf-8", "application/pdf",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "application/json",
};

const unsigned report_channels[REPORT_SOURCES] = {
    [ALL_CASES] = 0, [CENTRE_CASES] = CHANNELS_CENTRE, [TOWNS_CASES] = CHANNELS_TOWNS,
    [TOWN_CASES] = 1 << AT_TOWN, [VILLAGE_CASES] = 1 << AT_VILLAGE,
};

/* ---- periods ---- */

static bool is_whole_months(const IndicatorAsk *ask)
{
    return month_of(ask->from) == ask->from && month_of(ask->to + 1) == ask->to + 1;
}

IndicatorAsk report_before(const IndicatorAsk *ask)
{
    int months = 0;
    IndicatorAsk before = *ask;
    before.is_to_the_end = false;
    before.to = ask->from - 1;
    before.from = ask->from - (ask->to - ask->from + 1);
    if (!is_whole_months(ask))
        return before;
    while (month_after(ask->from, months) <= ask->to)
        months++;
    before.from = month_after(ask->from, -months);
    return before;
}

/* 29 February becomes the 28th. */
static Day year_earlier(Day day)
{
    int year, month, of_month;
    day_split(day, &year, &month, &of_month);
    return day_from(year - 1, month, month == 2 && of_month == 29 ? 28 : of_month);
}

IndicatorAsk report_year_before(const IndicatorAsk *ask)
{
    IndicatorAsk before = *ask;
    before.is_to_the_end = false;
    before.from = year_earlier(ask->from);
    before.to = is_whole_months(ask) ? month_after(ask->to, -11) - 1 : year_earlier(ask->to);
    return before;
}

/* ---- words ---- */

char *report_word(const Report *self, const char *key, const json_t *data)
{
    g_autofree char *path = g_strconcat("indicators.", key, NULL);
    return view_sentence(self->view, self->language, path, data);
}

char *report_day(const Report *self, Day day)
{
    char *text = view_day(self->language, day);
    text[strcspn(text, "(")] = '\0'; /* a paper that covers months says no weekday */
    return text;
}

/* ---- gathering ---- */

void report_clear(Report *self)
{
    json_decref(self->figures);
    g_free(self->place);
    g_free(self->organ);
    for (int i = 0; i < PERIODS; i++)
        json_decref(self->spoken[i]);
}

static bool read_names(Report *self, GError **error)
{
    const Context *context = self->context;
    int64_t division = self->ask[NOW].division;
    int64_t county = division_county(context->county);
    g_autoptr(json_t) organ = identity_organ(context->db, context->county, CENTRE_ORGAN, error);
    g_autoptr(json_t) whole = organ ? identity_division(context->db, context->county, county, error) : NULL;
    g_autoptr(json_t) place = whole ? identity_division(context->db, context->county, division ? division : county, error) : NULL;
    if (!place)
        return false;
    g_autoptr(json_t) data = json_pack("{s:s, s:s}", "organ", view_name(self->language, organ), "county", view_name(self->language, whole));
    self->organ = report_word(self, "report.issuer", data);
    self->place = g_strdup(view_name(self->language, place));
    return true;
}

static bool gather(Report *self, GError **error)
{
    for (int i = 0; i < PERIODS; i++) {
        self->spoken[i] = indicators_of_room(self->context, &self->ask[i], &cases_room, error);
        if (!self->spoken[i])
            return false;
    }
    self->figures = indicators_figures(self->context, &self->ask[NOW], error);
    return self->figures && read_names(self, error);
}

bool indicators_report_ask(const Context *context, const char *from, const char *to, int64_t division, IndicatorAsk *out, GError **error)
{
    *out = (IndicatorAsk){ .from = day_parse(from), .to = day_parse(to), .division = division };
    const char *wrong = out->from == DAY_NONE ? from : to;
    if (out->from == DAY_NONE || out->to == DAY_NONE)
        return refuse(error, NOT_FITTING, "indicators.report.no_day", "given", wrong, NULL);
    if (out->from > out->to)
        return refuse(error, NOT_FITTING, "indicators.report.turned", "from", from, "to", to, NULL);
    out->is_to_the_end = out->to >= day_of(context->now);
    if (!division || division == division_county(context->county)) {
        out->division = 0;
        return true;
    }
    g_autofree char *code = g_strdup_printf("%" PRId64, division);
    g_autoptr(GError) none = NULL;
    g_autoptr(json_t) place = identity_division(context->db, context->county, division, &none);
    if (place)
        return true;
    if (trouble_status(none) == NOT_FOUND)
        return refuse(error, NOT_FOUND, "indicators.report.no_division", "division", code, NULL);
    g_propagate_error(error, g_steal_pointer(&none));
    return false;
}

json_t *indicators_bulletin(const Context *context, const View *view, enum language language, const IndicatorAsk *ask, GError **error)
{
    g_auto(Report) report = { .context = context, .view = view, .language = language,
                              .ask = { *ask, report_before(ask), report_year_before(ask) } };
    return gather(&report, error) ? bulletin_json(&report, error) : NULL;
}

/* ---- forms ---- */

/* One object from key to number: 86.33 is written so. */
static GBytes *keys_json(const Context *context, const IndicatorAsk *ask, GError **error)
{
    g_autoptr(json_t) figures = indicators_figures(context, ask, error), keys = json_object();
    for (size_t i = 0; i < json_array_size(figures); i++) {
        const json_t *figure = json_array_get(figures, i);
        json_object_set(keys, json_text(figure, "key"), json_object_get(figure, "value"));
    }
    if (!figures)
        return NULL;
    g_autofree char *text = json_dumps(keys, JSON_INDENT(1) | JSON_REAL_PRECISION(15));
    GString *line = g_string_new(text);
    return g_string_free_to_bytes(g_string_append_c(line, '\n'));
}

static GBytes *html(const View *view, enum language language, const json_t *bulletin, GError **error)
{
    size_t length;
    g_autoptr(json_t) page = json_pack("{s:s}", "html_lang", language == CHINESE ? "zh-CN" : "en");
    char *text = view_page(view, "indicators/bulletin_alone", language, bulletin, page, &length, error);
    return text ? g_bytes_new_take(text, length) : NULL;
}

GBytes *indicators_report(const Context *context, const View *view, enum language language, const IndicatorAsk *ask,
                          enum report_format format, GError **error)
{
    if (format == REPORT_JSON)
        return keys_json(context, ask, error);
    g_autoptr(json_t) bulletin = indicators_bulletin(context, view, language, ask, error);
    if (!bulletin)
        return NULL;
    switch (format) {
    case REPORT_HTML: return html(view, language, bulletin, error);
    case REPORT_PDF: return bulletin_pdf(bulletin, error);
    case REPORT_XLSX: return bulletin_xlsx(bulletin, context->now, error);
    default: return bulletin_text(bulletin);
    }
}

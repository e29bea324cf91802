// SPDX-License-Identifier: Apache-2.0
#include "indicators/report_routes.h"

#include "indicators/counter.h"
#include "indicators/period.h"

#include <stdlib.h>
#include <string.h>

const Field report_fields[] = {
    { .name = "from", .kind = FIELD_DAY, .value = "from_day" },
    { .name = "to", .kind = FIELD_DAY, .value = "to_day" },
    { .name = "division", .kind = FIELD_INTEGER, .most = INT64_MAX, .options = "places.code", .empty = "indicators.report.whole_county" },
    { 0 },
};

/* Without a period: the year so far, up to the last day on which anything was counted. */
static bool ask_of(const Request *r, IndicatorAsk *ask, GError **error)
{
    Period year;
    char first[DAY_TEXT], last[DAY_TEXT];
    const char *from = json_text(r->fields, "from"), *to = json_text(r->fields, "to");
    if (!period_of(&r->context, THIS_YEAR, &year, error))
        return false;
    day_text(year_of(year.last), first);
    day_text(year.last, last);
    return indicators_report_ask(&r->context, *from ? from : first, *to ? to : last, json_number(r->fields, "division"), ask, error);
}

/* Towns to choose from, and the village that was asked for. */
static json_t *places_json(const Request *r, int64_t division, GError **error)
{
    json_t *shown = json_array();
    g_autoptr(json_t) places = identity_places(r->context.db, r->context.county, error);
    for (size_t i = 0; i < json_array_size(places); i++) {
        const json_t *place = json_array_get(places, i);
        bool chosen = division_code(place) == division;
        if (!chosen && strcmp(json_text(place, "level"), level_names[TOWN_LEVEL]) != 0)
            continue;
        json_array_append_new(shown, json_pack("{s:O, s:O, s:O, s:b}", "code", json_object_get(place, "code"), "name",
                                               json_object_get(place, "name"), "name_en", json_object_get(place, "name_en"), "chosen", chosen));
    }
    if (places)
        return shown;
    json_decref(shown);
    return NULL;
}

static json_t *downloads_json(const IndicatorAsk *ask)
{
    static const enum report_format formats[] = { REPORT_PDF, REPORT_XLSX, REPORT_JSON, REPORT_HTML, REPORT_TEXT };
    char from[DAY_TEXT], to[DAY_TEXT];
    json_t *downloads = json_array();
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
        const char *name = report_format_names[formats[i]];
        g_autofree char *path = g_strdup_printf("/figures/report/%s?from=%s&to=%s&division=%" PRId64, name, day_text(ask->from, from),
                                                day_text(ask->to, to), ask->division);
        g_autofree char *format = g_ascii_strup(name, -1);
        json_array_append_new(downloads, json_pack("{s:s, s:s}", "format", format, "path", path));
    }
    return downloads;
}

json_t *report_show(Request *r, GError **error)
{
    IndicatorAsk ask;
    if (!ask_of(r, &ask, error))
        return NULL;
    g_autoptr(json_t) places = places_json(r, ask.division, error);
    json_t *bulletin = places ? indicators_bulletin(&r->context, r->view, r->language, &ask, error) : NULL;
    if (!bulletin)
        return NULL;
    json_object_set_new(bulletin, "is_made", json_true());
    json_object_set(bulletin, "places", places);
    json_object_set_new(bulletin, "downloads", downloads_json(&ask));
    return bulletin;
}

json_t *report_download(Request *r, GError **error)
{
    IndicatorAsk ask;
    char to[DAY_TEXT];
    size_t format = name_place(report_format_names, r->path[0]);
    if (!report_format_names[format])
        return refuse(error, NOT_FOUND, "indicators.report.no_format", NULL);
    if (!ask_of(r, &ask, error))
        return NULL;
    GBytes *bytes = indicators_report(&r->context, r->view, r->language, &ask, (enum report_format)format, error);
    g_autofree char *name = g_strdup_printf("bulletin-%s.%s", day_text(ask.to, to), format == REPORT_TEXT ? "txt" : report_format_names[format]);
    return bytes ? answer_bytes(r, bytes, report_format_types[format], name, true) : NULL;
}

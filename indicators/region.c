// SPDX-License-Identifier: Apache-2.0
/* The page of a region (city or province): the figures of its counties together, and each county beside the others. */
#include "indicators/dashboard.h"

/* The published figures that are counted of cases; what catalogues count of themselves adds up to nothing. */
static json_t *figures_json(const Request *r, const Board *board, GError **error)
{
    g_autoptr(json_t) all = indicators_figures(board->context, &board->ask, error);
    json_t *counted = all ? json_array() : NULL;
    append_named(r, counted, all);
    return counted;
}

static json_t *region_show(Request *r, GError **error)
{
    g_auto(Board) board = { 0 };
    g_autoptr(json_t) answer = board_asked(r, &board, error);
    bool made = answer && put_part(answer, "trend", board_trend(&board, error)) &&
                put_part(answer, "figures", figures_json(r, &board, error)) &&
                put_part(answer, "counties", board_places(&board, r->context.public_url));
    return made ? g_steal_pointer(&answer) : NULL;
}

/* A person who knows a county's code alone is led to its site. */
static json_t *lead_on(Request *r, GError **error)
{
    const Counties *counties = r->context.counties;
    int64_t code = g_ascii_strtoll(r->path[0], NULL, 10);
    size_t i = 0;
    while (i < counties->count && counties->all[i].code != code)
        i++;
    if (i == counties->count)
        return refuse(error, NOT_FOUND, "base.not_found", NULL);
    g_autofree char *site = board_site(&counties->all[i], r->context.public_url), *rest = r->path[1] ? g_uri_escape_string(r->path[1], "/", TRUE) : g_strdup("");
    g_autofree char *address = g_strconcat(site, "/", rest, NULL);
    return answer_redirect(r, address);
}

const Route region_routes[] = {
    { "GET", "/", ANYONE, region_show, "indicators/region", dashboard_fields, NULL, NULL,
      "What the counties did in a period, together and one by one" },
    { "GET", "/counties/{county}", ANYONE, lead_on, NULL, NULL, NULL, NULL, "To a county, by its code" },
    { "GET", "/counties/{county}/{path...}", ANYONE, lead_on, NULL, NULL, NULL, NULL, "To a page of a county" },
    { 0 },
};

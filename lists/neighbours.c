// SPDX-License-Identifier: Apache-2.0
/* From one row's own page to the next: the list that it was opened from is asked for the rows beside it. */
#include "lists/room.h"

#include <string.h>

char *list_path_from(const ListAsk *ask, const char *path)
{
    g_autofree char *query = list_query(ask->spec, ask->asked), *from = g_strconcat(ask->spec->name, *query ? "?" : "", query, NULL);
    g_autofree char *escaped = g_uri_escape_string(from, NULL, FALSE);
    return g_strconcat(path, "?from=", escaped, NULL);
}

/* Every fault of the query is one of the field "from". */
static bool read_origin(const Request *r, const ListSpec *const *lists, const char *from, ListAsk *out, GError **error)
{
    g_autoptr(GError) why = NULL;
    g_auto(GStrv) parts = g_strsplit(from, "?", 2);
    while (*lists && strcmp((*lists)->name, parts[0]) != 0)
        lists++;
    g_autoptr(json_t) fields = *lists ? fields_of_query((*lists)->fields, parts[1] ? parts[1] : "", &why) : NULL;
    if (fields && list_ask(r, *lists, fields, out, &why) && list_choose_match(&r->context, out, &why))
        return true;
    return (!why || trouble_is(&why, NOT_FITTING, error)) && refuse_field(error, "from", "lists.no_list", NULL);
}

static bool put_beside(json_t *neighbours, const Request *r, const ListAsk *ask, const ListPlace *place, bool is_back, GError **error)
{
    ListRangeOfRows wanted = list_range_of_rows(ask, is_back, place);
    wanted.by_columns = true;
    g_autoptr(GArray) rows = list_rows_new();
    if (!list_edge(&r->context, &wanted, &wanted.to, error) || !list_read(&r->context, &wanted, 1, rows, error))
        return false;
    if (rows->len == 0)
        return true;
    g_autofree char *path = list_row_path(ask->spec, g_array_index(rows, ListRow, 0).data);
    g_autofree char *whole = list_path_from(ask, path);
    json_object_set_new(neighbours, is_back ? "previous" : "next", json_string(whole));
    return true;
}

bool list_neighbours(const Request *r, const ListSpec *const *lists, int64_t key, json_t *answer, GError **error)
{
    ListPlace place;
    g_auto(ListAsk) ask = { 0 };
    const char *from = json_text(r->fields, "from");
    if (!*from)
        return true;
    if (!read_origin(r, lists, from, &ask, error) || !list_place_of(&r->context, &ask, &(ListValue){ .number = key }, &place, error))
        return false;
    g_autofree char *list = list_address(ask.spec, ask.asked);
    json_t *neighbours = json_pack("{s:s}", "list", list);
    json_object_set_new(answer, "neighbours", neighbours);
    return !place.count || (put_beside(neighbours, r, &ask, &place, true, error) && put_beside(neighbours, r, &ask, &place, false, error));
}

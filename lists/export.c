// SPDX-License-Identifier: Apache-2.0
/* The rows of a list as a file, under the same filters: CSV and XLSX for people, in their language, JSON for programs. */
#include "lists/room.h"

#include <string.h>

enum { ROWS_MOST = 10000 };

/* The first page of them all; refused when there are more, for a part would pass for the whole. */
static bool read_rows(const Request *r, const ListAsk *ask, GArray *rows, GError **error)
{
    ListRangeOfRows all = list_range_of_rows(ask, false, NULL);
    all.by_columns = true;
    g_autofree char *most = view_number(ROWS_MOST);
    if (!list_read(&r->context, &all, ROWS_MOST + 1, rows, error))
        return false;
    if (rows->len > ROWS_MOST)
        return refuse(error, NOT_FITTING, "lists.too_many", "most", most, NULL);
    for (guint i = 0; i < rows->len; i++)
        if (!list_dress(r, ask->spec, g_array_index(rows, ListRow, i).data, error))
            return false;
    return true;
}

static GBytes *as_json(const ListSpec *spec, const GArray *rows)
{
    json_t *all = json_array();
    for (guint i = 0; i < rows->len; i++)
        json_array_append(all, g_array_index(rows, ListRow, i).data);
    g_autoptr(json_t) whole = json_pack("{s:o}", spec->rows ? spec->rows : "rows", all);
    char *text = json_dumps(whole, JSON_COMPACT | JSON_REAL_PRECISION(15));
    return g_bytes_new_take(text, strlen(text));
}

/* ISO 8601 in the county's zone; "" for none. Owned by the caller. */
static char *moment(Instant at)
{
    int minutes = minute_of(at);
    return at ? g_strdup_printf("%sT%02d:%02d+08:00", DAY_WRITTEN(day_of(at)), minutes / 60, minutes % 60) : g_strdup("");
}

/* Days and moments as programs read them; the rest as the page says it. */
static char *plain_cell(const Request *r, const ListColumn *column, const json_t *row)
{
    const json_t *value = json_object_get(row, column->name);
    if (column->kind == LIST_DAY || column->kind == LIST_DAY_NUMBER)
        return g_strdup(json_text(row, column->name));
    if (column->kind == LIST_INSTANT)
        return moment(json_integer_value(value));
    if (column->kind == LIST_INTEGER)
        return g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
    if (column->kind == LIST_MONEY)
        return g_strdup_printf("%.2f", (double)json_integer_value(value) / 100);
    return list_cell(r, column, row);
}

static const enum cell_kind cell_kinds[] = {
    [LIST_TEXT] = CELL_TEXT, [LIST_WORD] = CELL_TEXT, [LIST_ORGAN] = CELL_TEXT, [LIST_DIVISION] = CELL_TEXT, [LIST_INTEGER] = CELL_NUMBER,
    [LIST_MONEY] = CELL_MONEY, [LIST_DAY] = CELL_PLAIN, [LIST_DAY_NUMBER] = CELL_PLAIN, [LIST_INSTANT] = CELL_PLAIN,
    [LIST_NUMBER] = CELL_PLAIN, [LIST_FLAG] = CELL_PLAIN,
};

static json_t *further_columns(const Request *r, const ListSpec *spec, GError **error)
{
    return spec->further ? spec->further->columns(r, error) : json_array();
}

static bool fill_further(const Request *r, const ListSpec *spec, const GArray *rows, GError **error)
{
    for (guint i = 0; i < rows->len; i++) {
        const ListRow *row = &g_array_index(rows, ListRow, i);
        if (!spec->further->fill(r, row->at.parts[row->at.count - 1].number, row->data, error))
            return false;
    }
    return true;
}

/* The cells of a row, or the titles: one for each column that is exported, then the further ones,
 * NULL ended. */
static char **line_of(const Request *r, const ListSpec *spec, const json_t *further,
                      const json_t *row)
{
    size_t i;
    json_t *one;
    GPtrArray *cells = g_ptr_array_new();
    for (const ListColumn *column = spec->columns; column->name; column++)
        if (column->where != LIST_UNSHOWN)
            g_ptr_array_add(cells, row ? plain_cell(r, column, row) : list_label(r, spec, column->name));
    json_array_foreach((json_t *)(uintptr_t)further, i, one) g_ptr_array_add(
        cells, g_strdup(row ? json_text(row, json_text(one, "name")) : json_text(one, "title")));
    g_ptr_array_add(cells, NULL);
    return (char **)g_ptr_array_free(cells, FALSE);
}

static json_t *answer_rows(Request *r, const ListSpec *spec, const json_t *further,
                           const GArray *rows, const char *name, const char *format, GError **error)
{
    size_t at;
    json_t *one;
    g_auto(GStrv) titles = line_of(r, spec, further, NULL);
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    g_autoptr(GArray) kinds = g_array_new(FALSE, FALSE, sizeof(enum cell_kind));
    for (const ListColumn *column = spec->columns; column->name; column++)
        if (column->where != LIST_UNSHOWN)
            g_array_append_val(kinds, cell_kinds[column->kind]);
    json_array_foreach((json_t *)(uintptr_t)further, at, one)
    {
        enum cell_kind kind = json_flag(one, "is_number") ? CELL_NUMBER : CELL_TEXT;
        g_array_append_val(kinds, kind);
    }
    for (guint i = 0; i < rows->len; i++)
        g_ptr_array_add(lines, line_of(r, spec, further, g_array_index(rows, ListRow, i).data));
    const ViewTable table = { kinds->len, (const char *const *)titles, (const enum cell_kind *)(void *)kinds->data, lines };
    return answer_table(r, &table, name, format, error);
}

json_t *list_export(Request *r, const ListAsk *ask, GError **error)
{
    const ListSpec *spec = ask->spec;
    const char *format = json_text(r->fields, "format");
    g_autoptr(GArray) rows = list_rows_new();
    g_autoptr(json_t) further = further_columns(r, spec, error);
    if (!further || !read_rows(r, ask, rows, error) ||
        (json_array_size(further) && !fill_further(r, spec, rows, error)))
        return NULL;
    g_autofree char *name = g_strdup_printf("%s-%s", spec->name, DAY_WRITTEN(day_of(r->context.now)));
    if (strcmp(format, "json") != 0)
        return answer_rows(r, spec, further, rows, name, format, error);
    g_autofree char *file = g_strconcat(name, ".json", NULL);
    return answer_bytes(r, as_json(spec, rows), "application/json", file, true);
}

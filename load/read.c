// SPDX-License-Identifier: Apache-2.0
/* Histories as a file has them, cell by cell: nothing is understood here. */
#include "load/room.h"

#include <string.h>

const char *const load_columns[LOAD_COLUMNS + 1] = {
    "number", "step", "at", "item", "kind", "name", "id_number", "place", "channel", "telephone", "contact", "organ",
    "opinion", "materials", "special", "days", "level", "issued", "valid_from", "valid_to", "content", "state", "since", "id_kind", NULL,
};

const LoadShape load_of_cases = {
    .columns = { COLUMN_NUMBER, COLUMN_STEP, COLUMN_AT, COLUMN_ITEM, COLUMN_KIND, COLUMN_NAME, COLUMN_ID_NUMBER, COLUMN_PLACE,
                 COLUMN_CHANNEL, COLUMN_TELEPHONE, COLUMN_CONTACT, COLUMN_ORGAN, COLUMN_OPINION, COLUMN_MATERIALS, COLUMN_SPECIAL,
                 COLUMN_DAYS, COLUMN_LEVEL, COLUMN_ID_KIND, LOAD_COLUMNS },
    .required = 7, .has_steps = true, .source = "", .judge = load_judge, .live = load_live,
};
const LoadShape load_of_licences = {
    .columns = { COLUMN_NUMBER, COLUMN_ITEM, COLUMN_KIND, COLUMN_NAME, COLUMN_ID_NUMBER, COLUMN_ISSUED, COLUMN_VALID_TO,
                 COLUMN_VALID_FROM, COLUMN_ORGAN, COLUMN_CONTENT, COLUMN_STATE, COLUMN_SINCE, COLUMN_TELEPHONE, COLUMN_CONTACT,
                 COLUMN_ID_KIND, LOAD_COLUMNS },
    .required = 7, .source = "licences/", .judge = load_judge_licence, .live = load_live_licence,
};

bool load_is_of_step(enum load_column column)
{
    return column == COLUMN_STEP || column == COLUMN_AT || (column >= COLUMN_ORGAN && column <= COLUMN_LEVEL);
}

/* ---- a history ---- */

static void clear_row(void *row)
{
    g_free(((LoadRow *)row)->text);
}

static void clear_step(void *step)
{
    json_decref(((LoadStep *)step)->materials);
}

History *history_new(void)
{
    History *self = g_new0(History, 1);
    self->rows = g_array_new(FALSE, FALSE, sizeof(LoadRow));
    self->steps = g_array_new(FALSE, FALSE, sizeof(LoadStep));
    self->faults = json_array();
    g_array_set_clear_func(self->rows, clear_row);
    g_array_set_clear_func(self->steps, clear_step);
    return self;
}

void history_free(History *self)
{
    if (!self)
        return;
    g_array_unref(self->steps);
    g_array_unref(self->rows);
    json_decref(self->faults);
    json_decref(self->loaded);
    g_free(self->contact);
    g_free(self->id_number);
    g_free(self->name);
    g_free(self->telephone);
    g_clear_error(&self->error);
    g_free(self);
}

const char *history_number(const History *self)
{
    return g_array_index(self->rows, LoadRow, 0).cells[COLUMN_NUMBER];
}

void history_fault(History *self, guint row, enum load_column column, GError *why)
{
    g_autoptr(GError) owned = why;
    const LoadRow *at = &g_array_index(self->rows, LoadRow, row);
    json_t *details = trouble_details(owned);
    const char *name = column < LOAD_COLUMNS ? load_columns[column] : json_text(details, "column"); /* as csv_walk tells it */
    g_autofree char *whole = g_strdup(name), *of_step = at->step && load_is_of_step(column) ? g_strdup_printf("steps.%zu.%s", at->step, name) : NULL;
    json_object_set_new(details, "line", json_integer((json_int_t)at->line));
    json_object_set_new(details, "column", json_string(of_step ? of_step : whole));
    json_array_append_new(self->faults, details);
}

void load_row_add(History *self, size_t line, size_t step, const char *const cells[LOAD_COLUMNS])
{
    g_autoptr(GString) text = g_string_new(NULL);
    size_t begins[LOAD_COLUMNS];
    LoadRow row = { .line = line, .step = step };
    for (size_t i = 0; i < LOAD_COLUMNS; i++) {
        begins[i] = text->len;
        g_string_append(text, cells[i] ? cells[i] : "");
        g_string_append_c(text, '\0');
    }
    row.text = g_memdup2(text->str, text->len);
    for (size_t i = 0; i < LOAD_COLUMNS; i++)
        row.cells[i] = row.text + begins[i];
    g_array_append_val(self->rows, row);
}

/* ---- a table ---- */

typedef struct Table {
    const LoadShape *shape;
    History *under_way;
    TakeHistory *take;
    void *data;
    size_t line; /* of the last row */
} Table;

static bool give(Table *self, GError **error)
{
    return !self->under_way || self->take(g_steal_pointer(&self->under_way), self->data, error);
}

/* The rows of a case stand together; a row that does not fit belongs to the number it shows, or to the case before. */
static bool take_row(const CsvRow *row, void *data, GError **error)
{
    Table *self = data;
    const char *cells[LOAD_COLUMNS] = { NULL };
    for (size_t i = 0; self->shape->columns[i] < LOAD_COLUMNS; i++)
        cells[self->shape->columns[i]] = row->cells[i];
    const char *number = row->cells[0];
    bool goes_on = self->shape->has_steps && self->under_way && (strcmp(number, history_number(self->under_way)) == 0 || (row->fault && !*number));
    self->line = row->line;
    if (!goes_on && !give(self, error))
        return false;
    if (!self->under_way)
        self->under_way = history_new();
    History *history = self->under_way;
    guint last = MIN(history->rows->len, LOAD_ROWS);
    if (history->rows->len <= LOAD_ROWS)
        load_row_add(history, row->line, 0, cells);
    if (row->fault && last < LOAD_ROWS)
        history_fault(history, last, LOAD_COLUMNS, g_error_copy(row->fault));
    return true;
}

/* A whole table ends with a line end; a file that was cut in the middle does not. */
static bool is_whole(const char *text, size_t length, size_t line, GError **error)
{
    if (!length || strchr("\r\n", text[length - 1]))
        return true;
    g_autofree char *told = g_strdup_printf("%zu", line);
    return refuse(error, NOT_FITTING, "load.cut", "line", told, "column", "", NULL);
}

/* The lines that could not be read may belong to this case. */
static bool give_unfinished(Table *self, GError **error)
{
    GError *why = NULL;
    if (!self->under_way)
        return true;
    refuse(&why, NOT_FITTING, "load.unfinished", NULL);
    history_fault(self->under_way, 0, COLUMN_NUMBER, why);
    return give(self, error);
}

static bool read_table(const LoadShape *shape, const char *text, size_t length, TakeHistory *take, void *data, GError **error)
{
    g_autoptr(GError) why = NULL;
    Table table = { .shape = shape, .take = take, .data = data, .line = 1 };
    const char *names[LOAD_COLUMNS + 1] = { NULL };
    for (size_t i = 0; shape->columns[i] < LOAD_COLUMNS; i++)
        names[i] = load_columns[shape->columns[i]];
    if (csv_walk(text, length, names, shape->required, take_row, &table, &why) && is_whole(text, length, table.line, &why))
        return give(&table, error);
    if (give_unfinished(&table, error))
        g_propagate_error(error, g_steal_pointer(&why));
    return false;
}

/* ---- either ---- */

/* A byte-order mark and blank lines may stand before the first brace. */
static bool is_json(const char *text, size_t length)
{
    while (length && *text && (g_ascii_isspace(*text) || strchr("\xef\xbb\xbf", *text))) {
        text++;
        length--;
    }
    return length && *text == '{';
}

bool load_read(const LoadShape *shape, const char *bytes, size_t length, TakeHistory *take, void *data, GError **error)
{
    g_autofree char *made = NULL;
    if (!text_as_utf8(&bytes, &length, &made, error))
        return false;
    return shape->has_steps && is_json(bytes, length) ? load_read_lines(bytes, length, take, data, error)
                                                      : read_table(shape, bytes, length, take, data, error);
}

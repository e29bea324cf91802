// SPDX-License-Identifier: Apache-2.0
/* Lines of JSON: a case each, with the list of its steps. */
#include "load/room.h"

#include <string.h>

enum { LINE_MOST = 1024 * 1024 }; /* bytes of one case */

typedef struct Line {
    size_t number;
    const char *text;
    size_t length;
    History *history;
    GPtrArray *kept; /* texts made for cells, until the row is added */
} Line;

/* ---- cells ---- */

static char *joined(const json_t *list)
{
    GString *text = g_string_new(NULL);
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)list, i, one) {
        if (!json_is_string(one) || strchr(json_string_value(one), '|'))
            return g_string_free(text, TRUE);
        g_string_append_printf(text, "%s%s", i ? "|" : "", json_string_value(one));
    }
    return g_string_free(text, FALSE);
}

/* As a table would hold it; NULL when a cell cannot. Owned by the caller. */
static char *cell_of(const json_t *value, enum load_column column)
{
    if (json_is_string(value))
        return g_strdup(json_string_value(value));
    if (json_is_integer(value))
        return g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
    if (json_is_null(value))
        return g_strdup("");
    return json_is_array(value) && column == COLUMN_MATERIALS ? joined(value) : NULL;
}

/* Members have no columns, so a fault goes by the member's name. */
static void add_fault(const Line *line, const char *member, const char *reason)
{
    g_autoptr(GError) why = NULL;
    refuse(&why, NOT_FITTING, reason, NULL);
    json_t *details = trouble_details(why);
    json_object_set_new(details, "line", json_integer((json_int_t)line->number));
    json_object_set_new(details, "column", json_string(member));
    json_array_append_new(line->history->faults, details);
}

static void take_member(const Line *line, const char *name, const json_t *value, const char *path, bool of_step,
                        const char *cells[LOAD_COLUMNS])
{
    size_t column = name_place(load_columns, name);
    if (column > COLUMN_LEVEL || (load_is_of_step((enum load_column)column) != of_step && (of_step || column != COLUMN_ORGAN))) {
        add_fault(line, path, "load.member");
        return;
    }
    char *cell = cell_of(value, (enum load_column)column);
    if (!cell || !text_is_clean(cell, strlen(cell)))
        add_fault(line, path, "load.value");
    if (cell) {
        g_ptr_array_add(line->kept, cell);
        cells[column] = cell;
    }
}

/* The members of a case, or of its step of that number, 1 first. */
static void take_members(const Line *line, const json_t *object, size_t step, const char *cells[LOAD_COLUMNS])
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)object, name, value) {
        g_autofree char *path = step ? g_strdup_printf("steps.%zu.%s", step, name) : g_strdup(name);
        if (step || strcmp(name, "steps") != 0)
            take_member(line, name, value, path, step > 0, cells);
    }
}

static void take_object(const Line *line, const json_t *object)
{
    const char *cells[LOAD_COLUMNS] = { NULL };
    const json_t *steps = json_object_get(object, "steps");
    size_t count = json_array_size(steps);
    take_members(line, object, 0, cells);
    if (!count)
        add_fault(line, "steps", "load.no_steps");
    for (size_t i = 0; i < MIN(count, LOAD_ROWS + 1); i++) {
        take_members(line, json_array_get(steps, i), i + 1, cells);
        load_row_add(line->history, line->number, i + 1, cells);
        memset(cells, 0, sizeof cells);
    }
    if (!count)
        load_row_add(line->history, line->number, 0, cells);
}

/* ---- a line ---- */

static bool refuse_line(const Line *line, const char *reason, const char *what, GError **error)
{
    g_autofree char *number = g_strdup_printf("%zu", line->number);
    return refuse(error, NOT_FITTING, reason, "line", number, "column", "", "what", what, NULL);
}

/* A line that is none of JSON says nothing of the others, but the last without an end was cut off. */
static bool take_line(Line *line, bool is_ended, GError **error)
{
    json_error_t why;
    g_autoptr(json_t) object = line->length > LINE_MOST ? NULL : json_loadb(line->text, line->length, JSON_REJECT_DUPLICATES, &why);
    if (!object && !is_ended)
        return refuse_line(line, "load.cut", "", error);
    line->kept = g_ptr_array_new_with_free_func(g_free);
    if (json_is_object(object)) {
        take_object(line, object);
    } else {
        static const char *const nothing[LOAD_COLUMNS];
        g_autoptr(GError) wrong = NULL;
        bool is_long = line->length > LINE_MOST;
        refuse_line(line, is_long ? "load.long" : "load.json", is_long || object ? "" : why.text, &wrong);
        load_row_add(line->history, line->number, 0, nothing);
        history_fault(line->history, 0, LOAD_COLUMNS, g_steal_pointer(&wrong));
    }
    g_clear_pointer(&line->kept, g_ptr_array_unref);
    return true;
}

bool load_read_lines(const char *text, size_t length, TakeHistory *take, void *data, GError **error)
{
    const char *end = text + length;
    if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        text += 3;
    for (size_t number = 1; text < end; number++) {
        const char *stop = memchr(text, '\n', (size_t)(end - text));
        size_t part = (size_t)((stop ? stop : end) - text);
        size_t blank = 0;
        while (blank < part && g_ascii_isspace(text[blank]))
            blank++;
        if (blank < part) {
            g_autoptr(History) history = history_new();
            Line line = { number, text, part, history, NULL };
            if (!take_line(&line, stop != NULL, error) || !take(g_steal_pointer(&history), data, error))
                return false;
        }
        text += part + (stop != NULL);
    }
    return true;
}

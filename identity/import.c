// SPDX-License-Identifier: Apache-2.0
/* Divisions and organs from a table. First every cell is judged alone, then the rows are written,
 * then what they name is looked for; each fault is told with its line and column, and one is enough
 * to refuse, whereupon the writer undoes the rows. */
#include "identity/store.h"

#include <string.h>

enum { COLUMNS_MOST = 24, CELL_MOST = 300 /* characters */ };

typedef struct Import {
    const Context *context;
    CsvTable *table;
    json_t *faults;
    GHashTable *keys; /* of the rows judged so far; they belong to the table */
} Import;

typedef bool CellCheck(const Import *import, size_t row, const char *cell, GError **error);
typedef struct Column {
    const char *name;           /* in the table, and of the statement's parameter */
    CellCheck *check;           /* NULL: any text */
    const char *const *choices; /* NULL ended; NULL: any */
    bool is_given;              /* it may not be empty */
    bool is_number;
    bool is_day;
    bool is_nullable;           /* an empty cell is null */
} Column;                       /* a table ends with { 0 } */

/* ---- cells ---- */

static bool refuse_cell(GError **error, const char *reason, const char *cell)
{
    return refuse(error, NOT_FITTING, reason, "value", cell, NULL);
}

static bool one_of(const char *const *choices, const char *cell, GError **error)
{
    if (g_strv_contains(choices, cell))
        return true;
    g_autofree char *list = g_strjoinv(", ", (char **)choices);
    return refuse(error, NOT_FITTING, "identity.import_choice", "value", cell, "choices", list, NULL);
}

static bool is_number(const char *cell, size_t most)
{
    size_t digits = strspn(cell, "0123456789");
    return digits && digits <= most && !cell[digits] && cell[0] != '0';
}

/* 0 for an empty cell. */
static int64_t number_in(const CsvTable *table, size_t row, size_t column)
{
    return g_ascii_strtoll(csv_cell(table, row, column), NULL, 10);
}

/* The column of the row's key is the first of both tables. */
static bool is_single(const Import *import, size_t row, const char *cell, GError **error)
{
    return g_hash_table_add(import->keys, (char *)(uintptr_t)csv_cell(import->table, row, 0)) || refuse_cell(error, "identity.import_double", cell);
}

/* ---- the columns of divisions ---- */

enum { CODE, PARENT = 5, DIVISION_ORIGIN = 7 };

static bool is_code(const Import *import, size_t row, const char *cell, GError **error)
{
    int64_t county = division_county(import->context->county);
    if (!is_number(cell, 12) || strlen(cell) != 12 || !division_within(g_ascii_strtoll(cell, NULL, 10), county))
        return refuse_cell(error, "identity.import_code", cell);
    return is_single(import, row, cell, error);
}

static bool is_level(const Import *import, size_t row, const char *cell, GError **error)
{
    const char *expected = level_names[division_level(number_in(import->table, row, CODE))];
    return g_str_equal(cell, expected) ||
           refuse(error, NOT_FITTING, "identity.import_level", "value", cell, "expected", expected, NULL);
}

static bool is_parent(const Import *import, size_t row, const char *cell, GError **error)
{
    static const char *const parents[] = { [COUNTY_LEVEL] = NULL, [TOWN_LEVEL] = "county", [VILLAGE_LEVEL] = "town" };
    int64_t code = number_in(import->table, row, CODE);
    const char *expected = parents[division_level(code)];
    int64_t parent = g_ascii_strtoll(cell, NULL, 10);
    if (!expected && !*cell)
        return true;
    if (expected && is_number(cell, 12) && division_within(code, parent) &&
        g_str_equal(level_names[division_level(parent)], expected))
        return true;
    return refuse_cell(error, "identity.import_parent", cell);
}

static const char *const flags[] = { "0", "1", NULL };

static const Column division_columns[] = {
    { "code", is_code, .is_number = true },
    { "level", is_level, level_names },
    { "kind", .is_given = true },
    { "name", .is_given = true },
    { "name_en" },
    { "parent", is_parent, .is_number = true, .is_nullable = true },
    { "centre", NULL, flags, .is_number = true },
    { "origin" },
    { 0 },
};

/* Looks for what a written row names: a refusal below FAULT is its fault. */
static bool parent_there(const Import *import, size_t row, GError **error)
{
    int64_t parent = number_in(import->table, row, PARENT);
    bool there = true;
    if (parent && !division_exists(import->context->db, import->context->county, parent, &there, error))
        return false;
    return there || refuse_cell(error, "identity.import_parent", csv_cell(import->table, row, PARENT));
}

/* ---- the columns of organs ---- */

enum { NUMBER, VALID_FROM = 6, VALID_TO, SUCCESSOR, ORGAN_ORIGIN = 14 };

static bool is_organ_number(const Import *import, size_t row, const char *cell, GError **error)
{
    if (!is_number(cell, 6))
        return refuse_cell(error, "identity.import_number", cell);
    return is_single(import, row, cell, error);
}

static bool is_day(const Import *import, size_t row, const char *cell, GError **error)
{
    (void)import, (void)row;
    return day_parse(cell) != DAY_NONE || refuse_cell(error, "identity.import_day", cell);
}

/* The end of an organ that is there already is asked on the page of reforms, with a document; a table only says the same of it. */
static bool end_stays(const Import *import, const json_t *organ, size_t row, const char *cell, GError **error)
{
    Day planned, today = day_of(import->context->now);
    int64_t planned_successor, successor = number_in(import->table, row, SUCCESSOR);
    const char *was = json_text(organ, "valid_to_day");
    if (json_number(organ, "ended"))
        return (strcmp(cell, was) == 0 && successor == json_number(organ, "successor")) || refuse(error, NOT_FITTING, "identity.import_ended", "was", DAY_WRITTEN(day_parse(was)), NULL);
    if (*cell && day_parse(cell) < today)
        return refuse_cell(error, "identity.import_past", cell);
    if (!plan_end_of(import->context, json_number(organ, "number"), &planned, &planned_successor, error))
        return false;
    return planned == DAY_NONE || (*cell && day_parse(cell) + 1 == planned && successor == planned_successor) ||
           refuse(error, NOT_FITTING, "identity.import_planned", "last_day", DAY_WRITTEN(planned - 1), NULL);
}

static bool is_last_day(const Import *import, size_t row, const char *cell, GError **error)
{
    g_autoptr(GError) none = NULL;
    const Context *context = import->context;
    if (*cell && !is_day(import, row, cell, error))
        return false;
    if (*cell && day_parse(cell) < day_parse(csv_cell(import->table, row, VALID_FROM)))
        return refuse_cell(error, "identity.import_order", cell);
    if (*cell && day_parse(cell) > day_of(context->now) + REFORM_AHEAD_MOST)
        return refuse_cell(error, "identity.import_far", cell);
    g_autoptr(json_t) organ = identity_organ(context->db, context->county, number_in(import->table, row, NUMBER), &none);
    return organ ? end_stays(import, organ, row, cell, error) : trouble_is(&none, NOT_FOUND, error);
}

/* An organ that does not end has no successor. */
static bool is_successor(const Import *import, size_t row, const char *cell, GError **error)
{
    if (!*cell)
        return true;
    if (!is_number(cell, 6))
        return refuse_cell(error, "identity.import_number", cell);
    return *csv_cell(import->table, row, VALID_TO) || refuse_cell(error, "identity.import_successor", cell);
}

const char *const organ_natures[] = { "", "administrative", "vertical", "tax", "justice", "authorised", "none", NULL };
static const char *const demo_flags[] = { "", "0", "1", NULL };
static const char *const organ_kinds[] = { "department", "centre", "town_centre", "village_point", NULL };

static const Column organ_columns[] = {
    { "number", is_organ_number, .is_number = true },
    { "code", .is_given = true },
    { "name", .is_given = true },
    { "name_en" },
    { "short_name", .is_given = true },
    { "kind", NULL, organ_kinds },
    { "valid_from", is_day, .is_day = true },
    { "valid_to", is_last_day, .is_day = true, .is_nullable = true },
    { "successor", is_successor, .is_number = true, .is_nullable = true },
    { "address" },
    { "address_en" },
    { "telephone" },
    { "hours" },
    { "hours_en" },
    { "origin" },
    { "full_name" },
    { "full_name_en" },
    { "mark" },
    { "nature", NULL, organ_natures },
    { "superior" },
    { "superior_en" },
    { "court" },
    { "is_demo", NULL, demo_flags, .is_number = true },
    { 0 },
};

/* Every successor exists, and following them comes to an end. */
static bool successors_end(const Import *import, size_t row, GError **error)
{
    enum { LONGEST = 16 };
    const Context *context = import->context;
    int64_t organ = number_in(import->table, row, NUMBER);
    bool there = true;
    for (int i = 0; organ && there && i < LONGEST; i++)
        if (!organ_successor(context->db, context->county, organ, &organ, &there, error))
            return false;
    return (!organ && there) || refuse_cell(error, "identity.import_successor", csv_cell(import->table, row, SUCCESSOR));
}

/* ---- the whole ---- */

typedef struct Sort {
    const Column *columns;
    size_t required; /* of the columns: those behind may be missing */
    bool (*put)(const Context *context, const DbArg *row, GError **error);
    bool (*linked)(const Import *import, size_t row, GError **error);
    size_t link; /* the column that `linked` looks at */
} Sort;

static bool judge_cell(const Import *import, const Column *column, size_t row, const char *cell, GError **error)
{
    if (column->is_given && !*cell)
        return refuse_cell(error, "identity.import_empty", cell);
    if (!text_is_visible(cell, error))
        return false;
    if (g_utf8_strlen(cell, -1) > CELL_MOST)
        return refuse(error, NOT_FITTING, "identity.import_long", "most", DECIMAL(CELL_MOST), NULL);
    return (!column->choices || one_of(column->choices, cell, error)) && (!column->check || column->check(import, row, cell, error));
}

static void judge_row(Import *import, const Column *columns, size_t row)
{
    for (size_t i = 0; columns[i].name; i++) {
        GError *why = NULL;
        if (!judge_cell(import, &columns[i], row, csv_cell(import->table, row, i), &why))
            csv_add_fault(import->faults, import->table, row, i, why);
    }
}

static bool put_row(const Import *import, const Sort *sort, size_t row, GError **error)
{
    DbArg args[COLUMNS_MOST + 2] = { db_int("county", import->context->county) };
    for (size_t i = 0; sort->columns[i].name; i++) {
        const Column *column = &sort->columns[i];
        const char *cell = csv_cell(import->table, row, i);
        bool is_null = column->is_nullable && !*cell;
        args[i + 1] = column->is_number && !is_null ? db_int(column->name, g_ascii_strtoll(cell, NULL, 10))
                                                    : db_text(column->name, is_null ? NULL : cell);
    }
    return sort->put(import->context, args, error);
}

/* A refusal is a fault of the table; what is ours is passed on. */
static bool look_for_links(Import *import, const Sort *sort, size_t row, GError **error)
{
    GError *why = NULL;
    if (sort->linked(import, row, &why))
        return true;
    if (trouble_status(why) >= FAULT) {
        g_propagate_error(error, why);
        return false;
    }
    csv_add_fault(import->faults, import->table, row, sort->link, why);
    return true;
}

static bool import_rows(Import *import, const Sort *sort, GError **error)
{
    size_t rows = csv_rows(import->table);
    for (size_t i = 0; sort->columns[i].name; i++) {
        if (sort->columns[i].is_day)
            csv_as_days(import->table, i);
        if (sort->columns[i].is_number)
            csv_as_numbers(import->table, i);
    }
    for (size_t row = 0; row < rows; row++)
        judge_row(import, sort->columns, row);
    if (!csv_refuse_faults(import->faults, json_array_size(import->faults), "identity.import", error))
        return false;
    for (size_t row = 0; row < rows; row++)
        if (!put_row(import, sort, row, error))
            return false;
    for (size_t row = 0; row < rows; row++)
        if (!look_for_links(import, sort, row, error))
            return false;
    return csv_refuse_faults(import->faults, json_array_size(import->faults), "identity.import", error);
}

static bool import_table(const Context *context, const char *csv, size_t length, const Sort *sort, GError **error)
{
    const char *names[COLUMNS_MOST + 1] = { NULL };
    for (size_t i = 0; sort->columns[i].name; i++)
        names[i] = sort->columns[i].name;
    g_autoptr(CsvTable) table = csv_read_required(csv, length, names, sort->required, error);
    g_autoptr(json_t) faults = json_array();
    g_autoptr(GHashTable) keys = g_hash_table_new(g_str_hash, g_str_equal);
    Import import = { context, table, faults, keys };
    return table && db_reference_changed(context->db, context->county, error) && import_rows(&import, sort, error);
}

bool identity_import_divisions(const Context *context, const char *csv, size_t length, GError **error)
{
    static const Sort divisions = { division_columns, DIVISION_ORIGIN, division_put, parent_there, PARENT };
    return import_table(context, csv, length, &divisions, error);
}

bool identity_import_organs(const Context *context, const char *csv, size_t length, GError **error)
{
    static const Sort organs = { organ_columns, ORGAN_ORIGIN, organ_put, successors_end, SUCCESSOR };
    return import_table(context, csv, length, &organs, error) && plan_adopt(context, error);
}

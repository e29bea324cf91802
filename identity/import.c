// SPDX-License-Identifier: Apache-2.0
/* Divisions and organs from a table. First every cell is judged alone, then the rows are written,
 * then what they name is looked for; each fault is told with its line and column, and one is enough
 * to refuse, whereupon the writer undoes the rows. */
#include "identity/rows.h"

#include <string.h>

typedef struct Import {
    const Context *context;
    CsvTable *table;
    json_t *faults;
} Import;

typedef bool CellCheck(const Import *import, size_t row, const char *cell, GError **error);
typedef struct Column {
    const char *name;
    CellCheck *check; /* NULL: any text */
} Column;             /* a table ends with { 0 } */

/* ---- cells ---- */

static bool refuse_cell(GError **error, const char *reason, const char *cell)
{
    return refuse(error, NOT_FITTING, reason, "value", cell, NULL);
}

static bool is_given(const Import *import, size_t row, const char *cell, GError **error)
{
    (void)import, (void)row;
    return *cell || refuse_cell(error, "identity.import_empty", cell);
}

static bool one_of(const char *const *choices, const char *cell, GError **error)
{
    if (g_strv_contains(choices, cell))
        return true;
    g_autofree char *list = g_strjoinv(", ", (char **)choices);
    return refuse(error, NOT_FITTING, "identity.import_choice", "value", cell, "choices", list,
                  NULL);
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
    for (size_t i = 0; i < row; i++)
        if (g_str_equal(csv_cell(import->table, i, 0), cell))
            return refuse_cell(error, "identity.import_double", cell);
    return true;
}

/* ---- the columns of divisions ---- */

enum { CODE, LEVEL, KIND, NAME, NAME_EN, PARENT, CENTRE, ORIGIN };

static bool is_code(const Import *import, size_t row, const char *cell, GError **error)
{
    int64_t county = division_county(import->context->county);
    if (!is_number(cell, 12) || strlen(cell) != 12 ||
        !division_within(g_ascii_strtoll(cell, NULL, 10), county))
        return refuse_cell(error, "identity.import_code", cell);
    return is_single(import, row, cell, error);
}

static bool is_level(const Import *import, size_t row, const char *cell, GError **error)
{
    if (!one_of(level_names, cell, error))
        return false;
    const char *expected = level_names[division_level(number_in(import->table, row, CODE))];
    if (g_str_equal(cell, expected))
        return true;
    return refuse(error, NOT_FITTING, "identity.import_level", "value", cell, "expected", expected,
                  NULL);
}

static bool is_parent(const Import *import, size_t row, const char *cell, GError **error)
{
    static const char *const parents[] = {
        [COUNTY_LEVEL] = NULL, [TOWN_LEVEL] = "county", [VILLAGE_LEVEL] = "town"
    };
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

static bool is_flag(const Import *import, size_t row, const char *cell, GError **error)
{
    static const char *const flags[] = { "0", "1", NULL };
    (void)import, (void)row;
    return one_of(flags, cell, error);
}

static const Column division_columns[] = {
    [CODE] = { "code", is_code },
    [LEVEL] = { "level", is_level },
    [KIND] = { "kind", is_given },
    [NAME] = { "name", is_given },
    [NAME_EN] = { "name_en" },
    [PARENT] = { "parent", is_parent },
    [CENTRE] = { "centre", is_flag },
    [ORIGIN] = { "origin", is_given },
    { 0 },
};

static bool put_division(const Import *import, size_t row, GError **error)
{
    const CsvTable *table = import->table;
    const DivisionRow division = {
        .code = number_in(table, row, CODE),
        .parent = number_in(table, row, PARENT),
        .kind = csv_cell(table, row, KIND),
        .name = csv_cell(table, row, NAME),
        .name_en = csv_cell(table, row, NAME_EN),
        .centre = g_str_equal(csv_cell(table, row, CENTRE), "1"),
        .origin = csv_cell(table, row, ORIGIN),
    };
    return division_put(import->context, &division, error);
}

/* Looks for what a written row names: a refusal below FAULT is its fault. */
static bool parent_there(const Import *import, size_t row, GError **error)
{
    int64_t parent = number_in(import->table, row, PARENT);
    bool there = true;
    if (parent &&
        !division_exists(import->context->db, import->context->county, parent, &there, error))
        return false;
    return there ||
           refuse_cell(error, "identity.import_parent", csv_cell(import->table, row, PARENT));
}

/* ---- the columns of organs ---- */

enum {
    NUMBER,
    ORGAN_CODE,
    ORGAN_NAME,
    ORGAN_NAME_EN,
    SHORT_NAME,
    ORGAN_KIND,
    VALID_FROM,
    VALID_TO,
    SUCCESSOR,
    ADDRESS,
    ADDRESS_EN,
    TELEPHONE,
    HOURS,
    HOURS_EN,
    ORGAN_ORIGIN,
};

static bool is_organ_number(const Import *import, size_t row, const char *cell, GError **error)
{
    if (!is_number(cell, 6))
        return refuse_cell(error, "identity.import_number", cell);
    return is_single(import, row, cell, error);
}

static bool is_organ_kind(const Import *import, size_t row, const char *cell, GError **error)
{
    static const char *const kinds[] = { "department", "centre", "town_centre", "village_point",
                                         NULL };
    (void)import, (void)row;
    return one_of(kinds, cell, error);
}

static bool is_day(const Import *import, size_t row, const char *cell, GError **error)
{
    (void)import, (void)row;
    return day_parse(cell) != DAY_NONE || refuse_cell(error, "identity.import_day", cell);
}

static bool is_last_day(const Import *import, size_t row, const char *cell, GError **error)
{
    if (!*cell)
        return true;
    if (!is_day(import, row, cell, error))
        return false;
    return day_parse(cell) >= day_parse(csv_cell(import->table, row, VALID_FROM)) ||
           refuse_cell(error, "identity.import_order", cell);
}

/* Only one that ends has a successor. */
static bool is_successor(const Import *import, size_t row, const char *cell, GError **error)
{
    if (!*cell)
        return true;
    if (!is_number(cell, 6))
        return refuse_cell(error, "identity.import_number", cell);
    return *csv_cell(import->table, row, VALID_TO) ||
           refuse_cell(error, "identity.import_successor", cell);
}

static const Column organ_columns[] = {
    [NUMBER] = { "number", is_organ_number },
    [ORGAN_CODE] = { "code", is_given },
    [ORGAN_NAME] = { "name", is_given },
    [ORGAN_NAME_EN] = { "name_en" },
    [SHORT_NAME] = { "short_name", is_given },
    [ORGAN_KIND] = { "kind", is_organ_kind },
    [VALID_FROM] = { "valid_from", is_day },
    [VALID_TO] = { "valid_to", is_last_day },
    [SUCCESSOR] = { "successor", is_successor },
    [ADDRESS] = { "address" },
    [ADDRESS_EN] = { "address_en" },
    [TELEPHONE] = { "telephone" },
    [HOURS] = { "hours" },
    [HOURS_EN] = { "hours_en" },
    [ORGAN_ORIGIN] = { "origin", is_given },
    { 0 },
};

static bool put_organ(const Import *import, size_t row, GError **error)
{
    const CsvTable *table = import->table;
    const char *valid_to = csv_cell(table, row, VALID_TO);
    const OrganRow organ = {
        .number = number_in(table, row, NUMBER),
        .code = csv_cell(table, row, ORGAN_CODE),
        .name = csv_cell(table, row, ORGAN_NAME),
        .name_en = csv_cell(table, row, ORGAN_NAME_EN),
        .short_name = csv_cell(table, row, SHORT_NAME),
        .kind = csv_cell(table, row, ORGAN_KIND),
        .valid_from = csv_cell(table, row, VALID_FROM),
        .valid_to = *valid_to ? valid_to : NULL,
        .successor = number_in(table, row, SUCCESSOR),
        .address = csv_cell(table, row, ADDRESS),
        .address_en = csv_cell(table, row, ADDRESS_EN),
        .telephone = csv_cell(table, row, TELEPHONE),
        .hours = csv_cell(table, row, HOURS),
        .hours_en = csv_cell(table, row, HOURS_EN),
        .origin = csv_cell(table, row, ORGAN_ORIGIN),
    };
    return organ_put(import->context, &organ, error);
}

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
    return (!organ && there) ||
           refuse_cell(error, "identity.import_successor", csv_cell(import->table, row, SUCCESSOR));
}

/* ---- the whole ---- */

/* Keeps a refusal as a fault of the table; passes on what is ours. */
static bool keep(Import *import, size_t row, size_t column, GError *why, GError **error)
{
    if (trouble_status(why) >= FAULT) {
        g_propagate_error(error, why);
        return false;
    }
    csv_add_fault(import->faults, import->table, row, column, why);
    return true;
}

static void judge_row(Import *import, const Column *columns, size_t row)
{
    for (size_t i = 0; columns[i].name; i++) {
        GError *why = NULL;
        if (columns[i].check &&
            !columns[i].check(import, row, csv_cell(import->table, row, i), &why))
            csv_add_fault(import->faults, import->table, row, i, why);
    }
}

static bool refuse_faults(const Import *import, GError **error)
{
    const json_t *first = json_array_get(import->faults, 0);
    if (!first)
        return true;
    g_autofree char *faults = json_canonical(import->faults);
    g_autofree char *count = g_strdup_printf("%zu", json_array_size(import->faults));
    g_autofree char *line = g_strdup_printf("%" G_GINT64_FORMAT, json_number(first, "line"));
    return refuse(error, NOT_FITTING, "identity.import", "count", count, "line", line, "column",
                  json_text(first, "column"), "faults", faults, NULL);
}

typedef struct Sort {
    const Column *columns;
    bool (*put)(const Import *import, size_t row, GError **error);
    bool (*linked)(const Import *import, size_t row, GError **error);
    size_t link; /* the column that `linked` looks at */
} Sort;

static bool import_rows(Import *import, const Sort *sort, GError **error)
{
    size_t rows = csv_rows(import->table);
    for (size_t row = 0; row < rows; row++)
        judge_row(import, sort->columns, row);
    if (!refuse_faults(import, error))
        return false;
    for (size_t row = 0; row < rows; row++)
        if (!sort->put(import, row, error))
            return false;
    for (size_t row = 0; row < rows; row++) {
        GError *why = NULL;
        if (!sort->linked(import, row, &why) && !keep(import, row, sort->link, why, error))
            return false;
    }
    return refuse_faults(import, error);
}

static bool import_table(const Context *context, const char *csv, size_t length, const Sort *sort,
                         GError **error)
{
    const char *names[32] = { NULL };
    for (size_t i = 0; sort->columns[i].name; i++)
        names[i] = sort->columns[i].name;
    g_autoptr(CsvTable) table = csv_read(csv, length, names, error);
    if (!table)
        return false;
    g_autoptr(json_t) faults = json_array();
    Import import = { .context = context, .table = table, .faults = faults };
    return import_rows(&import, sort, error);
}

bool identity_import_divisions(const Context *context, const char *csv, size_t length,
                               GError **error)
{
    static const Sort divisions = { division_columns, put_division, parent_there, PARENT };
    return import_table(context, csv, length, &divisions, error);
}

bool identity_import_organs(const Context *context, const char *csv, size_t length, GError **error)
{
    static const Sort organs = { organ_columns, put_organ, successors_end, SUCCESSOR };
    return import_table(context, csv, length, &organs, error);
}

// SPDX-License-Identifier: Apache-2.0
/* Items from a table. First every row is judged, and every fault told at once; only a table without any is written. */
#include "catalogue/room.h"

#include <string.h>

enum { FAULTS_TOLD = 100 };

typedef struct Import {
    CsvTable *table;
    json_t *organs; /* of the county, as identity lists them */
    json_t *faults;
    size_t row, fault_count;
} Import;

static void tell_fault(void *data, size_t column, GError *why)
{
    Import *import = data;
    if (import->fault_count++ < FAULTS_TOLD)
        csv_add_fault(import->faults, import->table, import->row, column, why);
    else
        g_error_free(why);
}

static void tell(Import *import, size_t column, const char *reason)
{
    GError *why = NULL;
    refuse(&why, NOT_FITTING, reason, "value", csv_cell(import->table, import->row, column), NULL);
    tell_fault(import, column, why);
}

/* The number of the organ, of those that have not ended, that a cell means by its name, short name, code or number; 0: none. */
static int64_t organ_named(const json_t *organs, const char *cell)
{
    static const char *const keys[] = { "name", "short_name", "code", "number" };
    size_t i;
    json_t *organ;
    json_array_foreach((json_t *)organs, i, organ)
        for (size_t key = 0; key < G_N_ELEMENTS(keys) && !json_number(organ, "ended"); key++) {
            g_autofree char *called = json_as_text(json_object_get(organ, keys[key]));
            if (g_strcmp0(called, cell) == 0)
                return json_number(organ, "number");
        }
    return 0;
}

static bool stood_before(const Import *import, const char *code)
{
    for (size_t row = 0; row < import->row; row++)
        if (strcmp(csv_cell(import->table, row, CODE), code) == 0)
            return true;
    return false;
}

/* The fields of the present row; faults are told. Owned by the caller. */
static json_t *read_row(Import *import)
{
    const char *cells[ITEM_COLUMNS];
    for (size_t i = 0; i < ITEM_COLUMNS; i++)
        cells[i] = csv_cell(import->table, import->row, i);
    json_t *fields = item_read_row(cells, tell_fault, import);
    int64_t organ = organ_named(import->organs, cells[ORGAN]);
    if (!organ && *cells[ORGAN])
        tell(import, ORGAN, "catalogue.import_organ");
    if (*cells[CODE] && stood_before(import, cells[CODE]))
        tell(import, CODE, "catalogue.import_double");
    if (fields)
        json_object_set_new(fields, "organ", json_integer(organ));
    return fields;
}

static bool write_item(const Context *context, const Pinyin *pinyin, const json_t *fields, Day since, int64_t *changed,
                       GError **error)
{
    bool is_new;
    int64_t waiting;
    if (!item_draft(context, pinyin, fields, since, &is_new, &waiting, error))
        return false;
    *changed += is_new;
    return since == DAY_NONE || !waiting || item_release(context, json_text(fields, "code"), waiting, since, error);
}

bool catalogue_import(const Context *context, const char *csv, size_t length, Day since, int64_t *changed, GError **error)
{
    const char *names[ITEM_COLUMNS + 1];
    size_t i;
    json_t *fields;
    item_columns(names);
    g_autoptr(CsvTable) table = csv_read_required(csv, length, names, KEEPING_YEARS, error);
    g_autoptr(json_t) organs = table ? identity_organs(context->db, context->county, error) : NULL;
    g_autoptr(Pinyin) pinyin = organs ? pinyin_open(error) : NULL;
    if (!pinyin)
        return false;
    g_autoptr(json_t) faults = json_array(), rows = json_array();
    Import import = { .table = table, .organs = organs, .faults = faults };
    for (; import.row < csv_rows(table); import.row++)
        json_array_append_new(rows, read_row(&import));
    if (!csv_refuse_faults(faults, import.fault_count, "catalogue.import", error))
        return false;
    *changed = 0;
    json_array_foreach(rows, i, fields)
        if (!write_item(context, pinyin, fields, since, changed, error))
            return false;
    return true;
}

bool catalogue_export(const Context *context, const char *names[static ITEM_COLUMNS + 1], GPtrArray *rows, GError **error)
{
    size_t i;
    json_t *fields;
    g_autoptr(json_t) items = items_newest(context->db, context->county, error);
    g_autoptr(json_t) organs = items ? identity_organs(context->db, context->county, error) : NULL;
    item_columns(names);
    json_array_foreach(items, i, fields) {
        char **cells = item_write_row(fields);
        int64_t organ = json_number(fields, "organ");
        g_free(cells[ORGAN]);
        cells[ORGAN] = g_strdup(json_text(organ_numbered(organs, organ), "name"));
        g_ptr_array_add(rows, cells);
    }
    return organs != NULL;
}

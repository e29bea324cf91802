// SPDX-License-Identifier: Apache-2.0
/* Members from a table: a row for each post, so that one person may have several. All faults are told by line and column, and one is
 * enough to enter nobody. */
#include "people/room.h"

#include <string.h>

enum { ACCOUNT, NAME, ORGAN, DIVISION, ROLE, FROM, TO, COLUMNS, REQUIRED = FROM, ROWS_MOST = 1000, TABLE_MOST = 1024 * 1024 };

static const char *const columns[COLUMNS + 1] = { "account", "name", "organ", "division", "role", "from", "to" };

typedef struct Import {
    Request *request;
    const CsvTable *table;
    json_t *faults;
} Import;

/* ---- cells ---- */

static bool is_day_or_empty(const char *cell)
{
    return !*cell || day_parse(cell) != DAY_NONE;
}

static bool is_name(const char *cell)
{
    g_autofree char *name = identity_name(cell, NULL);
    return name && strcmp(name, cell) == 0;
}

static bool is_number(const char *cell)
{
    int64_t number;
    return g_ascii_string_to_signed(cell, 10, 1, 999999999999, &number, NULL);
}

static bool is_role(const char *cell)
{
    return role_named(cell) != 0;
}

static bool is_given(const char *cell)
{
    return *cell != '\0';
}

static const struct {
    bool (*fits)(const char *cell);
    const char *reason;
} checks[COLUMNS] = {
    [ACCOUNT] = { is_given, "people.import_account" }, [NAME] = { is_name, "people.import_name" },  [ORGAN] = { is_number, "people.import_organ" },
    [DIVISION] = { is_number, "people.import_division" }, [ROLE] = { is_role, "people.import_role" }, [FROM] = { is_day_or_empty, "people.import_day" },
    [TO] = { is_day_or_empty, "people.import_day" },
};

static void judge_row(const Import *self, size_t row)
{
    for (size_t i = 0; i < COLUMNS; i++) {
        GError *why = NULL;
        const char *cell = csv_cell(self->table, row, i);
        if (checks[i].fits(cell) || refuse(&why, NOT_FITTING, checks[i].reason, "value", cell, NULL))
            continue;
        csv_add_fault(self->faults, self->table, row, i, why);
    }
}

/* ---- people ---- */

static bool same_account(const Import *self, size_t one, size_t other)
{
    return strcmp(csv_cell(self->table, one, ACCOUNT), csv_cell(self->table, other, ACCOUNT)) == 0;
}

static bool came_before(const Import *self, size_t row)
{
    for (size_t i = 0; i < row; i++)
        if (same_account(self, i, row))
            return true;
    return false;
}

static Day day_in(const Import *self, size_t row, size_t column)
{
    const char *cell = csv_cell(self->table, row, column);
    return *cell ? day_parse(cell) : 0;
}

static int64_t number_in(const Import *self, size_t row, size_t column)
{
    return g_ascii_strtoll(csv_cell(self->table, row, column), NULL, 10);
}

/* The posts of all rows with the account of this one. Owned by the caller. */
static GArray *terms_of(const Import *self, size_t row)
{
    GArray *terms = g_array_new(FALSE, FALSE, sizeof(Term));
    for (size_t i = row; i < csv_rows(self->table); i++)
        if (same_account(self, row, i))
            g_array_append_val(terms, ((Term){ { number_in(self, i, ORGAN), number_in(self, i, DIVISION), role_named(csv_cell(self->table, i, ROLE)) },
                                               day_in(self, i, FROM), day_in(self, i, TO) }));
    return terms;
}

/* The column to which a refusal of the register belongs. */
static size_t column_of(const GError *why)
{
    static const struct { const char *reason; size_t column; } known[] = {
        { "identity.post_form", ORGAN }, { "identity.administrators_apart", ROLE }, { "identity.term_order", TO }, { "identity.name_missing", NAME },
    };
    g_autoptr(json_t) details = trouble_details(why);
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        if (strcmp(json_text(details, "reason"), known[i].reason) == 0)
            return known[i].column;
    return ACCOUNT;
}

/* A refusal is a fault of the table; what is ours is passed on. */
static bool enter(const Import *self, size_t row, GError **error)
{
    GError *why = NULL;
    g_auto(Member) made = { 0 };
    g_auto(FirstPassword) password = { 0 };
    g_autoptr(GArray) terms = terms_of(self, row);
    const char *account = csv_cell(self->table, row, ACCOUNT);
    if (!first_password_for(self->request, account, &password, error))
        return false;
    const Newcomer who = { account, csv_cell(self->table, row, NAME), password.hash, password.slip, terms };
    if (member_enter(&self->request->context, &who, &made, &why))
        return true;
    if (trouble_status(why) >= FAULT) {
        g_propagate_error(error, why);
        return false;
    }
    csv_add_fault(self->faults, self->table, row, column_of(why), why);
    return true;
}

static bool refuse_faults(const Import *self, GError **error)
{
    return csv_refuse_faults(self->faults, json_array_size(self->faults), "people.import", error);
}

static bool enter_all(const Import *self, GError **error)
{
    size_t rows = csv_rows(self->table);
    if (rows > ROWS_MOST)
        return refuse_field(error, "table", "people.import_many", NULL);
    for (size_t row = 0; row < rows; row++)
        judge_row(self, row);
    if (!refuse_faults(self, error))
        return false;
    for (size_t row = 0; row < rows; row++)
        if (!came_before(self, row) && !enter(self, row, error))
            return false;
    return refuse_faults(self, error);
}

const Field import_fields[] = {
    { .name = "table", .kind = FIELD_FILES, .most = 1, .bytes = TABLE_MOST, .required = true, .accept = ".csv,text/csv" }, { 0 },
};

json_t *people_import(Request *r, GError **error)
{
    g_autofree char *bytes = NULL;
    gsize length;
    if (r->uploads[0].size > TABLE_MOST)
        return refuse_field(error, "table", "people.table_large", NULL);
    if (!g_file_get_contents(r->uploads[0].path, &bytes, &length, error))
        return NULL;
    g_autoptr(CsvTable) table = csv_read_required(bytes, length, columns, REQUIRED, error);
    g_autoptr(json_t) faults = json_array();
    const Import self = { r, table, faults };
    if (!table || !enter_all(&self, error) ||
        !http_security(r, &(SecurityEntry){ .kind = SECURITY_ACCOUNT, .purpose = "import" }, error))
        return NULL;
    return json_pack("{s:I}", "rows", (json_int_t)csv_rows(table));
}

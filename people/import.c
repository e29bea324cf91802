// SPDX-License-Identifier: Apache-2.0
/* Members from a table: a row for each post, so that one person may have several. All faults are told by line and column, and one is
 * enough to enter nobody. */
#include "people/room.h"

#include <string.h>

enum { ACCOUNT, NAME, ORGAN, DIVISION, ROLE, FROM, TO, COLUMNS, REQUIRED = FROM, ROWS_MOST = 1000, TABLE_MOST = 1024 * 1024 };
enum { POST_CELLS = 1 << ORGAN | 1 << DIVISION | 1 << ROLE | 1 << FROM | 1 << TO };

static const char *const columns[COLUMNS + 1] = { "account", "name", "organ", "division", "role", "from", "to" };

typedef struct Import {
    Request *request;
    const CsvTable *table;
    const json_t *organs, *divisions; /* of the county */
    unsigned *faulty;                 /* of each row: a bit for each column whose cell has a fault */
    json_t *faults;
} Import;

static const char *cell_of(const Import *self, size_t row, size_t column)
{
    return csv_cell(self->table, row, column);
}

static bool is_faulty(const Import *self, size_t row, unsigned cells)
{
    return (self->faulty[row] & cells) != 0;
}

/* A cell has one fault at most. */
static void add_fault(const Import *self, size_t row, size_t column, GError *why)
{
    g_autoptr(GError) owned = why;
    if (!is_faulty(self, row, 1u << column))
        csv_add_fault(self->faults, self->table, row, column, g_steal_pointer(&owned));
    self->faulty[row] |= 1u << column;
}

/* A refusal is a fault of the table; any other error is passed on. */
static bool take_refusal(const Import *self, size_t row, size_t column, GError *why, GError **error)
{
    if (trouble_status(why) >= FAULT)
        return g_propagate_error(error, why), false;
    add_fault(self, row, column, why);
    return true;
}

/* ---- cells ---- */

/* Whether the account is free, the register tells. */
static bool is_account(const Import *self, const char *cell, GError **error)
{
    (void)self, (void)error;
    return identity_account_fits(cell, NULL);
}

static bool is_name(const Import *self, const char *cell, GError **error)
{
    (void)self;
    g_autofree char *name = identity_person_name(cell, error);
    return name != NULL;
}

static bool is_among(const json_t *all, const char *member, const char *cell)
{
    size_t i;
    json_t *one;
    json_array_foreach(all, i, one) {
        g_autofree char *text = json_as_text(json_object_get(one, member));
        if (g_strcmp0(text, cell) == 0)
            return true;
    }
    return false;
}

static bool is_organ(const Import *self, const char *cell, GError **error)
{
    (void)error;
    return is_among(self->organs, "number", cell);
}

static bool is_division(const Import *self, const char *cell, GError **error)
{
    (void)error;
    return is_among(self->divisions, "code", cell);
}

static bool is_role(const Import *self, const char *cell, GError **error)
{
    (void)self, (void)error;
    return role_named(cell) != 0;
}

static bool is_day_or_empty(const Import *self, const char *cell, GError **error)
{
    (void)self, (void)error;
    return !*cell || day_parse(cell) != DAY_NONE;
}

static const struct {
    bool (*fits)(const Import *self, const char *cell, GError **error);
    const char *reason;
} checks[COLUMNS] = {
    [ACCOUNT] = { is_account, "people.import_account" }, [NAME] = { is_name, NULL /* says itself what does not fit */ }, [ORGAN] = { is_organ, "people.import_organ" },
    [DIVISION] = { is_division, "people.import_division" }, [ROLE] = { is_role, "people.import_role" }, [FROM] = { is_day_or_empty, "people.import_day" },
    [TO] = { is_day_or_empty, "people.import_day" },
};

static void judge_cells(const Import *self, size_t row)
{
    for (size_t i = 0; i < COLUMNS; i++) {
        GError *why = NULL;
        const char *cell = cell_of(self, row, i);
        if (checks[i].fits(self, cell, &why))
            continue;
        if (checks[i].reason)
            refuse(&why, NOT_FITTING, checks[i].reason, "value", cell, NULL);
        add_fault(self, row, i, why);
    }
}

/* ---- rows ---- */

static bool same_account(const Import *self, size_t one, size_t other)
{
    return strcmp(cell_of(self, one, ACCOUNT), cell_of(self, other, ACCOUNT)) == 0;
}

/* The first row with the account of this one. */
static size_t first_row(const Import *self, size_t row)
{
    size_t first = 0;
    while (!same_account(self, first, row))
        first++;
    return first;
}

static Day day_in(const Import *self, size_t row, size_t column)
{
    const char *cell = cell_of(self, row, column);
    return *cell ? day_parse(cell) : 0;
}

static Term term_in(const Import *self, size_t row)
{
    return (Term){ { g_ascii_strtoll(cell_of(self, row, ORGAN), NULL, 10), g_ascii_strtoll(cell_of(self, row, DIVISION), NULL, 10),
                     role_named(cell_of(self, row, ROLE)) }, day_in(self, row, FROM), day_in(self, row, TO) };
}

/* The posts of those of the rows below `end` that have the account of this one and fit. Owned by the caller. */
static GArray *terms_of(const Import *self, size_t row, size_t end)
{
    GArray *terms = g_array_new(FALSE, FALSE, sizeof(Term));
    for (size_t i = 0; i < end; i++)
        if (same_account(self, row, i) && !is_faulty(self, i, POST_CELLS))
            g_array_append_val(terms, ((Term[]){ term_in(self, i) })[0]);
    return terms;
}

static bool name_fits(const Import *self, size_t row, GError **error)
{
    size_t first = first_row(self, row);
    const char *name = cell_of(self, first, NAME), *own = cell_of(self, row, NAME);
    return is_faulty(self, first, 1u << NAME) || strcmp(name, own) == 0 ||
           refuse(error, NOT_FITTING, "people.import_names", "account", cell_of(self, row, ACCOUNT), "name", name, "value", own, "first",
                  DECIMAL(csv_line(self->table, first)), NULL);
}

static bool place_fits(const Import *self, size_t row, GError **error)
{
    Post post = term_in(self, row).post;
    post.roles = CLERK; /* any role will do */
    return identity_post_fits(&self->request->context, &post, error);
}

static bool days_fit(const Import *self, size_t row, GError **error)
{
    const Term term = term_in(self, row);
    if (term.to && term.to < term.from)
        return refuse(error, NOT_FITTING, "identity.term_order", NULL);
    return !term_is_past(&term, day_of(self->request->context.now)) || refuse(error, NOT_FITTING, "people.past", NULL);
}

static bool is_new(const Import *self, size_t row, GError **error)
{
    const Term term = term_in(self, row);
    g_autoptr(GArray) before = terms_of(self, row, row);
    return !terms_hold(before, &term) || refuse(error, NOT_FITTING, "people.held_already", NULL);
}

static const struct {
    bool (*fits)(const Import *self, size_t row, GError **error);
    unsigned cells; /* asked when these have no fault */
    size_t column;  /* that a refusal is about */
} row_checks[] = {
    { name_fits, 1 << ACCOUNT | 1 << NAME, NAME }, { place_fits, 1 << ORGAN | 1 << DIVISION, ORGAN }, { days_fit, 1 << FROM | 1 << TO, TO },
    { is_new, 1 << ACCOUNT | POST_CELLS, ROLE },
};

static bool judge_row(const Import *self, size_t row, GError **error)
{
    judge_cells(self, row);
    for (size_t i = 0; i < G_N_ELEMENTS(row_checks); i++) {
        GError *why = NULL;
        if (!is_faulty(self, row, row_checks[i].cells) && !row_checks[i].fits(self, row, &why) &&
            !take_refusal(self, row, row_checks[i].column, why, error))
            return false;
    }
    return true;
}

/* ---- people ---- */

/* The column to which a refusal of the register belongs. */
static size_t column_of(const GError *why)
{
    g_autoptr(json_t) details = trouble_details(why);
    const char *reason = json_text(details, "reason");
    if (strcmp(reason, "identity.administrators_apart") == 0)
        return ROLE;
    return strcmp(reason, "people.many_posts") == 0 ? ORGAN : ACCOUNT;
}

/* Somebody with faulty rows is entered as well, for the register may find more; the transaction is undone for any fault. */
static bool enter(const Import *self, size_t row, GError **error)
{
    GError *why = NULL;
    g_auto(Member) made = { 0 };
    g_auto(FirstPassword) password = { 0 };
    g_autoptr(GArray) terms = terms_of(self, row, csv_rows(self->table));
    const char *account = cell_of(self, row, ACCOUNT);
    g_autofree char *named = identity_person_name(cell_of(self, row, NAME), NULL); /* as it is written for good */
    const char *name = named ? named : account;
    if (!first_password_for(self->request, account, &password, error))
        return false;
    return member_enter(&self->request->context, &(Newcomer){ account, name, password.hash, password.quick_hash, terms }, &made, &why) ||
           take_refusal(self, row, column_of(why), why, error);
}

static bool enter_all(const Import *self, GError **error)
{
    size_t rows = csv_rows(self->table);
    if (!rows && !json_array_size(self->faults))
        return refuse_field(error, "table", "people.import_empty", NULL);
    if (rows > ROWS_MOST)
        return refuse_field(error, "table", "people.import_many", NULL);
    for (size_t row = 0; row < rows; row++)
        if (!judge_row(self, row, error))
            return false;
    for (size_t row = 0; row < rows; row++)
        if (first_row(self, row) == row && !is_faulty(self, row, 1u << ACCOUNT) && !enter(self, row, error))
            return false;
    return csv_refuse_faults(self->faults, json_array_size(self->faults), "people.import", error);
}

const Field import_fields[] = {
    { .name = "table", .kind = FIELD_FILES, .most = 1, .bytes = TABLE_MOST, .required = true, .accept = TABLE_TYPES }, { 0 },
};

json_t *people_import(Request *r, GError **error)
{
    g_autofree char *bytes = NULL;
    gsize length;
    const Context *context = &r->context;
    if (r->uploads[0].size > TABLE_MOST)
        return refuse_field(error, "table", "people.table_large", NULL);
    if (!g_file_get_contents(r->uploads[0].path, &bytes, &length, error))
        return NULL;
    g_autoptr(json_t) faults = json_array();
    g_autoptr(CsvTable) table = csv_read_fitting(bytes, length, columns, REQUIRED, faults, error);
    g_autoptr(json_t) organs = table ? identity_organs(context->db, context->county, error) : NULL;
    g_autoptr(json_t) divisions = organs ? identity_divisions(context->db, context->county, error) : NULL;
    if (!divisions)
        return NULL;
    csv_as_numbers(table, ORGAN);
    csv_as_numbers(table, DIVISION);
    csv_as_days(table, FROM);
    csv_as_days(table, TO);
    g_autofree unsigned *faulty = g_new0(unsigned, csv_rows(table) + 1);
    const Import self = { r, table, organs, divisions, faulty, faults };
    if (!enter_all(&self, error) || !http_security(r, &(SecurityEntry){ .kind = SECURITY_ACCOUNT, .purpose = "import" }, error))
        return NULL;
    return json_pack("{s:I}", "rows", (json_int_t)csv_rows(table));
}

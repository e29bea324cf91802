// SPDX-License-Identifier: Apache-2.0
/* The list of counties (县级行政区) that one program serves, and of the cities and provinces that add them up. */
#include "base/base.h"

#include <string.h>

/* ---- codes (GB/T 2260) ---- */

enum { CODE_DIGITS = 6, OF_PROVINCE = 10000, OF_CITY = 100 };

bool county_is_region(int64_t code)
{
    return code % OF_CITY == 0;
}

bool county_lies_in(int64_t code, int64_t region)
{
    int64_t part = region % OF_PROVINCE == 0 ? OF_PROVINCE : OF_CITY;
    return !county_is_region(code) && code / part == region / part;
}

/* ---- reading ---- */

enum { CODE, HOST, NAME, NAME_EN, PUBLIC_URL };
static const char *const columns[] = { "code", "host", "name", "name_en", "public_url", NULL };

static bool is_code(const char *text)
{
    return strlen(text) == CODE_DIGITS && strspn(text, "0123456789") == CODE_DIGITS && *text != '0';
}

/* A host as browsers write it: letters, digits, dots and hyphens, without port. */
static bool is_host(const char *text)
{
    return *text && strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789.-") == strlen(text);
}

static bool is_new(const CsvTable *table, size_t row, size_t column)
{
    const char *value = csv_cell(table, row, column);
    for (size_t before = 0; before < row && *value; before++)
        if (strcmp(csv_cell(table, before, column), value) == 0)
            return false;
    return true;
}

static bool fits(const CsvTable *table, size_t row, GError **error)
{
    const char *url = csv_cell(table, row, PUBLIC_URL);
    const struct {
        size_t column;
        bool well;
        const char *reason;
    } checks[] = {
        { CODE, is_code(csv_cell(table, row, CODE)), "base.counties_code" },
        { HOST, is_host(csv_cell(table, row, HOST)), "base.counties_host" },
        { NAME, *csv_cell(table, row, NAME), "base.counties_name" },
        { NAME_EN, *csv_cell(table, row, NAME_EN), "base.counties_name" },
        { PUBLIC_URL, !*url || address_is_site(url), "base.counties_public_url" },
        { CODE, is_new(table, row, CODE), "base.counties_double" },
        { HOST, is_new(table, row, HOST), "base.counties_double" },
        { PUBLIC_URL, is_new(table, row, PUBLIC_URL), "base.counties_double" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(checks); i++)
        if (!checks[i].well)
            return refuse(error, NOT_FITTING, checks[i].reason, "line", DECIMAL(csv_line(table, row)), "column",
                          columns[checks[i].column], "value", csv_cell(table, row, checks[i].column), NULL);
    return true;
}

static void add(Counties *self, const County *county)
{
    const char *url = county->public_url;
    self->all[self->count++] = (County){ county->code, g_strdup(county->host), g_strdup(county->name), g_strdup(county->name_en),
                                         url && *url ? g_strdup(url) : NULL };
}

static Counties *counties_new(size_t most)
{
    Counties *self = g_new0(Counties, 1);
    self->all = g_new0(County, most);
    return self;
}

Counties *counties_read(const char *bytes, size_t length, GError **error)
{
    g_autoptr(CsvTable) table = csv_read_required(bytes, length, columns, PUBLIC_URL, error);
    if (table)
        csv_as_numbers(table, CODE);
    size_t rows = table ? csv_rows(table) : 0;
    if (table && !rows)
        return refuse(error, NOT_FITTING, "base.csv_empty", NULL);
    g_autoptr(Counties) self = table ? counties_new(rows) : NULL;
    for (size_t row = 0; row < rows; row++) {
        if (!fits(table, row, error))
            return NULL;
        char *cells[PUBLIC_URL + 1];
        for (size_t i = 0; i <= PUBLIC_URL; i++)
            cells[i] = (char *)(uintptr_t)csv_cell(table, row, i);
        add(self, &(County){ g_ascii_strtoll(cells[CODE], NULL, 10), cells[HOST], cells[NAME], cells[NAME_EN], cells[PUBLIC_URL] });
    }
    return g_steal_pointer(&self);
}

Counties *counties_within(const Counties *all, int64_t region)
{
    Counties *self = counties_new(all->count);
    for (size_t i = 0; i < all->count; i++)
        if (county_lies_in(all->all[i].code, region))
            add(self, &all->all[i]);
    return self;
}

void counties_free(Counties *self)
{
    if (!self)
        return;
    for (size_t i = 0; i < self->count; i++) {
        g_free(self->all[i].host);
        g_free(self->all[i].name);
        g_free(self->all[i].name_en);
        g_free(self->all[i].public_url);
    }
    g_free(self->all);
    g_free(self);
}

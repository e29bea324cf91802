// SPDX-License-Identifier: Apache-2.0
/* The services of data/joint.csv: which items together make one, side by side (/) and one after the other (|). The first item leads. */
#include "joint/life.h"

#include <string.h>

enum { CODE, NAME, NAME_EN, STAGES };
static const char *const columns[] = { "code", "name", "name_en", "stages", "basis", "origin", NULL };

static CsvTable *read_table(GError **error)
{
    const Embedded *file = embedded_find("data/joint.csv");
    return csv_read(file->bytes, file->size, columns, error);
}

static bool leads(const char *stages, const char *item)
{
    size_t length = strlen(item);
    return *item && strncmp(stages, item, length) == 0 && strchr("/|", stages[length]); /* the end counts too */
}

bool service_is_led_by(const char *item)
{
    g_autofree char *mark = g_strconcat(",", item, NULL);
    const char *found = strstr(embedded_find("data/joint.csv")->bytes, mark);
    return found && strchr("/|", found[strlen(mark)]) && found[strlen(mark)];
}

void service_clear(Service *self)
{
    g_free(self->code);
    g_free(self->name);
    g_free(self->name_en);
    for (size_t i = 0; i < self->stages; i++)
        g_strfreev(self->items[i]);
}

static void read_service(const CsvTable *table, size_t row, Service *out)
{
    g_auto(GStrv) stages = g_strsplit(csv_cell(table, row, STAGES), "|", STAGES_MOST);
    *out = (Service){ .code = g_strdup(csv_cell(table, row, CODE)), .name = g_strdup(csv_cell(table, row, NAME)),
                      .name_en = g_strdup(csv_cell(table, row, NAME_EN)) };
    for (; stages[out->stages]; out->stages++)
        out->items[out->stages] = g_strsplit(stages[out->stages], "/", PARTS_MOST);
}

bool service_find(const char *code, const char *leading, Service *out, GError **error)
{
    *out = (Service){ 0 };
    g_autoptr(CsvTable) table = read_table(error);
    for (size_t row = 0; table && row < csv_rows(table); row++)
        if (strcmp(csv_cell(table, row, CODE), code) == 0 && leads(csv_cell(table, row, STAGES), leading)) {
            read_service(table, row, out);
            return true;
        }
    return table && refuse_field(error, "service", "joint.which_service", NULL);
}

json_t *services_led_by(const char *item, GError **error)
{
    json_t *list = json_array();
    g_autoptr(CsvTable) table = read_table(error);
    for (size_t row = 0; table && row < csv_rows(table); row++)
        if (leads(csv_cell(table, row, STAGES), item))
            json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "code", csv_cell(table, row, CODE), "name", csv_cell(table, row, NAME), "name_en",
                                                  csv_cell(table, row, NAME_EN)));
    return table ? list : (json_decref(list), NULL);
}

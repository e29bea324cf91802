// SPDX-License-Identifier: Apache-2.0
/* Answers as columns of a file: those that the definition marks with "find", as programs read them.
 */
#include "forms/define.h"

static bool is_found(const FormField *field)
{
    return !*field->step && json_flag(field->said, "find");
}

static const char *in_language(enum language language, const json_t *said)
{
    const char *english = language == ENGLISH ? json_text(said, "label_en") : "";
    return *english ? english : json_text(said, "label");
}

json_t *form_columns(enum language language, const ItemForm *self)
{
    json_t *columns = json_array();
    for (guint i = 0; i < self->fields->len; i++) {
        const FormField *field = form_field_at(self, i);
        if (is_found(field))
            json_array_append_new(
                columns,
                json_pack("{s:o, s:s, s:b}", "name", json_sprintf("answers.%s", field->name),
                          "title", in_language(language, field->said), "is_number",
                          field->kind == FORM_NUMBER || field->kind == FORM_MONEY));
    }
    return columns;
}

static const char *option_label(enum language language, const FormField *field, const char *code)
{
    for (size_t i = 0; i < field->option_count; i++)
        if (g_strcmp0(field->options[i].code, code) == 0)
            return in_language(language,
                               json_array_get(json_object_get(field->said, "options"), i));
    return code;
}

static char *cell_of(enum language language, const FormField *field, const json_t *answer)
{
    if (field->kind == FORM_CHOICE)
        return g_strdup(option_label(language, field, json_string_value(answer)));
    if (field->kind == FORM_MONEY)
        return g_strdup_printf("%.2f", (double)json_integer_value(answer) / 100);
    return json_as_text(answer);
}

void form_put_cells(enum language language, const ItemForm *self, const json_t *answers,
                    json_t *row)
{
    for (guint i = 0; i < self->fields->len; i++) {
        const FormField *field = form_field_at(self, i);
        const json_t *answer = is_found(field) ? json_object_get(answers, field->name) : NULL;
        g_autofree char *name = g_strconcat("answers.", field->name, NULL),
                        *cell = answer ? cell_of(language, field, answer) : NULL;
        json_put_text(row, name, cell);
    }
}

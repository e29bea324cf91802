// SPDX-License-Identifier: Apache-2.0
/* Fields that begin with what is known already, so that nobody types twice what he has told. */
#include "forms/define.h"

#include <string.h>

static const char *wish_of(const FormField *field)
{
    return *field->step || field->formula ? "" : json_text(field->said, "prefill");
}

/* Once any such field was answered, one that is empty was left so. */
static bool is_begun(const ItemForm *self, const json_t *answers)
{
    for (guint i = 0; i < self->fields->len; i++)
        if (*wish_of(form_field_at(self, i)) && json_object_get(answers, form_field_at(self, i)->name))
            return true;
    return false;
}

/* Known values and answers together; those that do not fit are left out by whoever reads them. */
static json_t *joined(const ItemForm *self, const json_t *answers, const json_t *known)
{
    json_t *given = json_copy((json_t *)(uintptr_t)answers);
    for (guint i = 0; i < self->fields->len; i++) {
        const FormField *field = form_field_at(self, i);
        const json_t *value = json_object_get(known, wish_of(field));
        if (strcmp(wish_of(field), FORM_EARLIER) == 0)
            value = json_object_get(json_object_get(known, FORM_EARLIER), field->name);
        if (value)
            json_object_set(given, field->name, (json_t *)(uintptr_t)value);
    }
    return given;
}

json_t *form_prefilled(const ItemForm *self, const json_t *answers, const json_t *known, json_t *named)
{
    if (is_begun(self, answers))
        return json_copy((json_t *)(uintptr_t)answers);
    g_autoptr(json_t) given = joined(self, answers, known);
    json_t *filled = form_fitting(self, given);
    for (guint i = 0; i < self->fields->len; i++) {
        const FormField *field = form_field_at(self, i);
        if (*wish_of(field) && json_object_get(filled, field->name))
            json_array_append_new(named, json_pack("{s:s, s:s, s:s}", "field", field->name, "label", json_text(field->said, "label"), "label_en", json_text(field->said, "label_en")));
    }
    return filled;
}

// SPDX-License-Identifier: Apache-2.0
/* Any definition is read or refused, and any answers to it are. */
#include "forms/forms.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* The text before the first line end is the definition, the rest are answers. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    g_autofree char *text = g_strndup((const char *)bytes, length);
    g_auto(GStrv) parts = g_strsplit(text, "\n", 2);
    g_autoptr(json_t) definition = parts[0] ? json_loads(parts[0], 0, NULL) : NULL;
    g_autoptr(json_t) given = definition && parts[1] ? json_loads(parts[1], 0, NULL) : NULL;
    g_autoptr(ItemForm) form = definition ? form_read(definition, NULL) : NULL;
    if (!form)
        return 0;
    g_autoptr(json_t) tried = form_try_situations(form);
    json_t *errors = NULL;
    g_autoptr(json_t) answers =
        given ? form_check_on(form, "", day_parse("2014-09-01"), NULL, given, &errors) : NULL;
    g_autoptr(json_t) held = errors;
    (void)tried, (void)held;
    if (answers)
        form_end(form, answers);
    return 0;
}

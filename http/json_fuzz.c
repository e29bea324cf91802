// SPDX-License-Identifier: Apache-2.0
/* Any bytes as a JSON body: refused with a reason, or fields of clean text within their bounds. */
#include "http/state.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const char *const colours[] = { "red", "green", NULL };
static const Field fields[] = {
    { "seen", FIELD_INTEGER, 0, 100, false, NULL, NULL },       { "reason", FIELD_LONG_TEXT, 0, 20, false, NULL, NULL },
    { "name", FIELD_TEXT, 2, 5, false, NULL, NULL },            { "day", FIELD_DAY, 0, 0, false, NULL, NULL },
    { "sure", FIELD_FLAG, 0, 0, false, NULL, NULL },            { "colour", FIELD_CHOICE, 0, 0, false, colours, NULL },
    { "materials", FIELD_LIST, 0, 10, false, NULL, NULL },      { "password", FIELD_SECRET, 0, 10, false, NULL, NULL },
    { 0 },
};
static const Route route = { "POST", "/", ANYONE, NULL, "http/problem", fields, NULL, NULL, "", NULL };

static void assert_text(const json_t *value, glong most)
{
    const char *text = json_string_value(value);
    g_assert_true(!text || (text_is_clean(text, strlen(text)) && g_utf8_strlen(text, -1) <= most));
}

static void assert_fields(const json_t *found)
{
    const json_t *materials = json_object_get(found, "materials");
    const char *colour = json_text(found, "colour"), *day = json_text(found, "day");
    g_assert_cmpint(json_number(found, "seen"), >=, 0);
    g_assert_cmpint(json_number(found, "seen"), <=, 100);
    assert_text(json_object_get(found, "reason"), 20);
    assert_text(json_object_get(found, "name"), 5);
    assert_text(json_object_get(found, "password"), 10);
    g_assert_true(!*colour || g_strv_contains(colours, colour));
    g_assert_true(!*day || day_parse(day) != DAY_NONE);
    for (size_t i = 0; i < json_array_size(materials); i++)
        assert_text(json_array_get(materials, i), 10);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static Site site;
    Http http = { .local = &site };
    g_autoptr(GError) error = NULL;
    if (!site.is.view) {
        base_start();
        site.is.view = view_open(NULL);
    }
    RequestState *state = state_new(&http, NULL, "/", "POST");
    state->route = &route;
    state->body_kind = JSON_BODY;
    state->body = g_string_new(NULL);
    size_t half = length / 2;
    body_take(state, (const char *)bytes, half);
    body_take(state, (const char *)bytes + half, length - half);
    if (body_end(state, &error) && fields_check(state, &error))
        assert_fields(state->fields);
    g_assert_true(!error || trouble_status(error) < FAULT);
    state_free(state);
    return 0;
}

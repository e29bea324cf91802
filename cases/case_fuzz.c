// SPDX-License-Identifier: Apache-2.0
/* Any text as a case number, as a line of marks and as the lines of the sealed column, any JSON as an event's change: refused, or read into
 * what writes itself the same way again. */
#include "cases/fields.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void read_number(const char *text)
{
    int64_t number, again;
    if (!subject_number_read(text, &number))
        return;
    g_autofree char *grouped = subject_number_grouped(number);
    g_assert_true(subject_number_read(grouped, &again));
    g_assert_cmpint(number, ==, again);
}

static void read_marks(const char *text)
{
    g_auto(Case) read = { 0 };
    g_auto(Case) again = { 0 };
    if (!marks_read(&read, text))
        return;
    g_autofree char *once = marks_write(read.marks, 0, read.mark_count);
    g_assert_true(marks_read(&again, once));
    g_autofree char *twice = marks_write(again.marks, 0, again.mark_count);
    g_assert_cmpstr(once, ==, twice);
}

static void read_personal(const char *text)
{
    g_auto(Case) read, again;
    record_init(&case_record, &read);
    record_init(&case_record, &again);
    if (!record_read_personal(&case_record, text, &read))
        return;
    g_autofree char *once = record_write_personal(&case_record, &read);
    g_assert_true(record_read_personal(&case_record, once, &again));
    g_autofree char *twice = record_write_personal(&case_record, &again);
    g_assert_cmpstr(once, ==, twice);
}

static void apply(const char *text)
{
    g_auto(Case) nothing, read, again;
    g_autoptr(GString) whole = g_string_new(NULL), twice = g_string_new(NULL);
    g_autoptr(json_t) change = json_loads(text, 0, NULL);
    record_init(&case_record, &nothing);
    record_init(&case_record, &read);
    record_init(&case_record, &again);
    if (!json_is_object(change) || !record_apply(&case_record, RECORD_PUBLIC_PART, &read, change))
        return;
    record_write_change(&case_record, whole, RECORD_PUBLIC_PART, &nothing, &read);
    g_autoptr(json_t) written = json_loads(whole->str, 0, NULL);
    g_assert_true(written && record_apply(&case_record, RECORD_PUBLIC_PART, &again, written));
    record_write_change(&case_record, twice, RECORD_PUBLIC_PART, &nothing, &again);
    g_assert_cmpstr(whole->str, ==, twice->str);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    g_autofree char *text = g_strndup((const char *)bytes, length);
    read_number(text);
    read_marks(text);
    read_personal(text);
    apply(text);
    return 0;
}

// SPDX-License-Identifier: Apache-2.0
#include "subject/subject.h"

#include <stddef.h>

typedef struct Permit {
    int64_t number, state, from, paid, seen, valid;
    char *holder, *facts;
    size_t count;
    char trail[8];
} Permit;

static const char *const states[] = { "open", "shut", NULL };

static char *write_trail(const void *before, const void *after)
{
    const Permit *earlier = before, *later = after;
    return g_strdup(later->trail + (earlier ? earlier->count : 0));
}

static bool read_trail(void *self, const char *text)
{
    Permit *permit = self;
    permit->count += g_strlcpy(permit->trail + permit->count, text, sizeof permit->trail - permit->count);
    return permit->count < sizeof permit->trail;
}

static const RecordTrail trail = { "marks", write_trail, read_trail };
static const RecordColumn columns[] = {
    RECORD_COLUMN(Permit, facts, RECORD_JSON, .group = 1),
    RECORD_COLUMN(Permit, from, RECORD_DAY, .group = 1),
    RECORD_COLUMN(Permit, holder, RECORD_TEXT, .group = 2, .flags = RECORD_PERSONAL | RECORD_ADOPTED),
    RECORD_COLUMN(Permit, number, RECORD_INTEGER, .flags = RECORD_KEY),
    RECORD_COLUMN(Permit, paid, RECORD_MONEY, .group = 1),
    RECORD_COLUMN(Permit, seen, RECORD_INTEGER, .group = 1, .flags = RECORD_UNRECORDED),
    RECORD_COLUMN(Permit, state, RECORD_WORD, states, .group = 1),
    RECORD_COLUMN(Permit, valid, RECORD_FLAG, .group = 1, .flags = RECORD_ADOPTED),
};
static const char *const retired[] = { "alarm_at", NULL };
static const Record permits = { "permit", sizeof(Permit), columns, G_N_ELEMENTS(columns), &trail, retired, 0, "permit.personal" };

static void clear(Permit *self)
{
    record_clear(&permits, self);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Permit, clear)

static void set(char **text, const char *value)
{
    g_free(*text);
    *text = g_strdup(value);
}

static char *change(enum record_part part, const Permit *before, const Permit *after)
{
    GString *text = g_string_new(NULL);
    record_write_change(&permits, text, part, before, after);
    return g_string_free(text, FALSE);
}

static void make(Permit *self)
{
    record_init(&permits, self);
    self->number = 7;
    self->from = day_parse("2014-09-03");
    self->paid = 123450;
    self->seen = 9;
    self->state = 1;
    self->valid = 1;
    set(&self->holder, "张三");
}

static void a_change_holds_what_differs_in_canonical_order(void)
{
    g_auto(Permit) nothing, made;
    record_init(&permits, &nothing);
    make(&made);
    g_autofree char *first = change(RECORD_PUBLIC_PART, &nothing, &made), *none = change(RECORD_PUBLIC_PART, &made, &made);
    g_assert_cmpstr(first, ==, "{\"from\":\"2014-09-03\",\"number\":7,\"paid\":123450,\"state\":\"shut\",\"valid\":true}");
    g_assert_cmpstr(none, ==, "{}");
}

static void personal_columns_stand_in_the_private_part_alone(void)
{
    g_auto(Permit) nothing, made;
    record_init(&permits, &nothing);
    make(&made);
    g_autofree char *secret = change(RECORD_PRIVATE_PART, &nothing, &made);
    g_autoptr(json_t) read = json_loads(secret, 0, NULL);
    g_assert_cmpstr(secret, ==, "{\"holder\":\"张三\"}");
    g_assert_false(record_apply(&permits, RECORD_PUBLIC_PART, &nothing, read));
    g_assert_true(record_apply(&permits, RECORD_PRIVATE_PART, &nothing, read));
    g_assert_cmpstr(nothing.holder, ==, "张三");
}

static void a_change_that_is_applied_makes_the_same_row(void)
{
    g_auto(Permit) nothing, made, folded;
    record_init(&permits, &nothing);
    record_init(&permits, &folded);
    make(&made);
    g_autofree char *text = change(RECORD_PUBLIC_PART, &nothing, &made);
    g_autoptr(json_t) read = json_loads(text, 0, NULL);
    g_assert_true(record_apply(&permits, RECORD_PUBLIC_PART, &folded, read));
    g_autofree char *left = change(RECORD_PUBLIC_PART, &folded, &made);
    g_assert_cmpstr(left, ==, "{}");
}

static void assert_refused(const char *text)
{
    g_auto(Permit) row;
    g_autoptr(json_t) read = json_loads(text, 0, NULL);
    record_init(&permits, &row);
    g_assert_nonnull(read);
    g_assert_false(record_apply(&permits, RECORD_PUBLIC_PART, &row, read));
}

static void a_change_that_does_not_fit_is_refused(void)
{
    assert_refused("{\"other\":1}");
    assert_refused("{\"seen\":1}");
    assert_refused("{\"paid\":\"1\"}");
    assert_refused("{\"state\":\"lost\"}");
    assert_refused("{\"from\":\"2014-02-30\"}");
    assert_refused("{\"valid\":1}");
    assert_refused("{\"facts\":{}}");
}

static void a_retired_column_is_passed_over(void)
{
    g_auto(Permit) row;
    g_autoptr(json_t) read = json_loads("{\"alarm_at\":5,\"paid\":6}", 0, NULL);
    record_init(&permits, &row);
    g_assert_true(record_apply(&permits, RECORD_PUBLIC_PART, &row, read));
    g_assert_cmpint(row.paid, ==, 6);
}

static void personal_columns_are_forgotten_with_their_groups(void)
{
    g_auto(Permit) made;
    make(&made);
    g_assert_cmpuint(record_forget(&permits, &made), ==, 2);
    g_assert_cmpstr(made.holder, ==, "");
    g_assert_cmpint(made.paid, ==, 123450);
}

static void columns_of_later_are_adopted_but_not_of_an_erased_person(void)
{
    g_auto(Permit) made, believed, erased;
    make(&made);
    record_init(&permits, &believed);
    record_init(&permits, &erased);
    record_take(&permits, &made, &believed, RECORD_ADOPTED, 0);
    record_take(&permits, &made, &erased, RECORD_ADOPTED, RECORD_PERSONAL);
    g_assert_cmpstr(believed.holder, ==, "张三");
    g_assert_cmpint(believed.valid, ==, 1);
    g_assert_cmpint(believed.paid, ==, 0);
    g_assert_cmpstr(erased.holder, ==, "");
    g_assert_cmpint(erased.valid, ==, 1);
}

static void a_copy_owns_its_texts(void)
{
    g_auto(Permit) made, copy;
    make(&made);
    record_copy(&permits, &made, &copy);
    g_assert_true(copy.holder != made.holder);
}

static void a_column_is_found_by_its_name(void)
{
    for (size_t i = 0; i < permits.count; i++)
        g_assert_true(record_column(&permits, columns[i].name) == &columns[i]);
    g_assert_null(record_column(&permits, "other"));
    g_assert_cmpstr(record_key(&permits)->name, ==, "number");
}

static void assert_culprit(const RecordColumn *wrong, size_t count, const char *culprit)
{
    g_autoptr(GError) error = NULL;
    const Record record = { "permit", sizeof(Permit), wrong, count, NULL, NULL };
    g_assert_false(record_check(&record, &error));
    g_assert_nonnull(strstr(error->message, culprit));
}

static void a_wrong_table_names_its_culprit(void)
{
    const RecordColumn unsorted[] = { RECORD_COLUMN(Permit, number, RECORD_INTEGER, .flags = RECORD_KEY),
                                RECORD_COLUMN(Permit, from, RECORD_DAY, .group = 1) };
    const RecordColumn wordless[] = { RECORD_COLUMN(Permit, state, RECORD_WORD, .group = 1) };
    const RecordColumn stays[] = { RECORD_COLUMN(Permit, holder, RECORD_TEXT, .flags = RECORD_PERSONAL) };
    const RecordColumn keyless[] = { RECORD_COLUMN(Permit, paid, RECORD_MONEY, .group = 1) };
    assert_culprit(unsorted, 2, "column from");
    assert_culprit(wordless, 1, "column state");
    assert_culprit(stays, 1, "column holder");
    assert_culprit(keyless, 1, "0 keys");
    g_assert_true(record_check(&permits, NULL));
}

static void what_is_sealed_stands_in_lines(void)
{
    Permit self, read;
    make(&self);
    record_init(&permits, &read);
    g_autofree char *none = record_write_personal(&permits, &self);
    set(&self.holder, "张三\n=\\n \\");
    g_autofree char *lines = record_write_personal(&permits, &self);
    g_assert_cmpstr(lines, ==, "holder=张三\\n=\\\\n \\\\\n");
    g_assert_true(record_read_personal(&permits, lines, &read));
    g_assert_cmpstr(read.holder, ==, self.holder);
    g_assert_true(record_read_personal(&permits, none, &read) && record_read_personal(&permits, "alarm_at=7\n", &read));
    static const char *const wrong[] = { "holder", "holder=张三", "=张三\n", "paid=7\n", "owner=张三\n", "holder\n=\n" };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        g_assert_false(record_read_personal(&permits, wrong[i], &read));
    clear(&self);
    clear(&read);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/record/a change holds what differs in canonical order", a_change_holds_what_differs_in_canonical_order);
    g_test_add_func("/record/personal columns stand in the private part alone", personal_columns_stand_in_the_private_part_alone);
    g_test_add_func("/record/a change that is applied makes the same row", a_change_that_is_applied_makes_the_same_row);
    g_test_add_func("/record/a change that does not fit is refused", a_change_that_does_not_fit_is_refused);
    g_test_add_func("/record/a retired column is passed over", a_retired_column_is_passed_over);
    g_test_add_func("/record/personal columns are forgotten with their groups", personal_columns_are_forgotten_with_their_groups);
    g_test_add_func("/record/columns of later are adopted but not of an erased person", columns_of_later_are_adopted_but_not_of_an_erased_person);
    g_test_add_func("/record/a copy owns its texts", a_copy_owns_its_texts);
    g_test_add_func("/record/a column is found by its name", a_column_is_found_by_its_name);
    g_test_add_func("/record/what is sealed stands in lines", what_is_sealed_stands_in_lines);
    g_test_add_func("/record/a wrong table names its culprit", a_wrong_table_names_its_culprit);
    return g_test_run();
}

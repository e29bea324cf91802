// SPDX-License-Identifier: Apache-2.0
/* Conditions and formulas: what they mean, and what is refused. */
#include "forms/expression.h"

#include <string.h>

static const struct { const char *name; enum value_kind kind; int64_t number; const char *text; } known[] = {
    { "use", VALUE_TEXT, 0, "farm" }, { "amount", VALUE_NUMBER, 12500000, NULL }, { "none", VALUE_NUMBER, 0, NULL }, { "agreed", VALUE_FLAG, 1, NULL },
    { "day", VALUE_DAY, 0, "2014-09-01" }, { "wells", VALUE_TEXTS, 0, "[\"deep\", \"old\"]" }, { "large", VALUE_NUMBER, INT64_MAX, NULL },
};

static enum value_kind kind_of(const void *data, const char *name, GError **error)
{
    (void)data;
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        if (strcmp(known[i].name, name) == 0)
            return known[i].kind;
    refuse(error, NOT_FITTING, "forms.names_later", "name", name, NULL);
    return VALUE_NONE;
}

static Value value_of(const void *data, const char *name)
{
    const json_t *wells = data;
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        if (strcmp(known[i].name, name) == 0 && strcmp(name, "none") != 0)
            return (Value){ known[i].kind, known[i].number, known[i].text, wells };
    return (Value){ 0 };
}

static void conditions_hold_as_they_read(void)
{
    static const struct { const char *text; bool holds; } all[] = {
        { "use = \"farm\"", true }, { "use != \"farm\"", false }, { "use = “farm”", true }, { "amount > 12.4 and amount < 12.6", true },
        { "amount >= 12.5", true }, { "amount <= 12.4", false }, { "not(use = \"farm\")", false }, { "agreed", true }, { "not(agreed) or amount = 12.5", true },
        { "use in (\"home\", \"farm\")", true }, { "use in (\"home\")", false }, { "wells = \"old\"", true }, { "wells != \"old\"", false },
        { "wells in (\"new\", \"deep\")", true }, { "day >= \"2014-09-01\"", true }, { "day < \"2014-01-01\"", false }, { "none > 0", false }, { "none != 0", false },
        { "not(none > 0)", true }, { "use = \"x\" and use = \"y\" or agreed", true }, { "use = \"x\" and (use = \"y\" or agreed)", false },
        { "amount*2 = 25", true }, { "(amount + 0.5) / 2 = 6.5", true }, { "-amount < 0", true }, { "amount / none > 0", false }, { "large * 2 > 0", false },
    };
    g_autoptr(json_t) wells = json_loads("[\"deep\", \"old\"]", 0, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Expression) made = expression_read(all[i].text, VALUE_FLAG, kind_of, NULL, &error);
        g_assert_no_error(error);
        g_test_message("%s", all[i].text);
        g_assert_true(expression_holds(made, value_of, wells) == all[i].holds);
    }
}

static void sums_are_exact(void)
{
    static const struct { const char *text, *gives; } all[] = {
        { "0.1 + 0.2", "0.3" }, { "1 / 3", "0.333333" }, { "2 / 3", "0.666667" }, { "-2 / 3", "-0.666667" }, { "amount * 1,000", "12500" }, { "10 - 4 - 3", "3" },
        { "24 / 4 / 3", "2" }, { "2 + 3 * 4", "14" }, { "1.000001 * 1", "1.000001" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        g_autoptr(Expression) made = expression_read(all[i].text, VALUE_NUMBER, kind_of, NULL, NULL);
        Value value = expression_value(made, value_of, NULL);
        g_autofree char *text = form_number_text(value.number);
        g_assert_cmpstr(text, ==, all[i].gives);
    }
}

static void what_means_nothing_is_refused(void)
{
    static const struct { const char *text; enum value_kind wanted; const char *reason; } all[] = {
        { "use + 1", VALUE_NUMBER, "forms.expression_no_number" }, { "use * amount", VALUE_NUMBER, "forms.expression_no_number" },
        { "amount", VALUE_FLAG, "forms.expression_no_condition" }, { "use = 1", VALUE_FLAG, "forms.expression_compare" }, { "use < \"b\"", VALUE_FLAG, "forms.expression_compare" },
        { "later = 1", VALUE_FLAG, "forms.names_later" }, { "(amount = 1", VALUE_FLAG, "forms.expression_bracket" }, { "amount = 1)", VALUE_FLAG, "forms.expression_rest" },
        { "amount =", VALUE_FLAG, "forms.expression_value" }, { "use = \"farm", VALUE_FLAG, "forms.expression_value" }, { "amount in (\"a\")", VALUE_FLAG, "forms.expression_list" },
        { "use in ()", VALUE_FLAG, "forms.expression_list" }, { "1.0000001 = amount", VALUE_FLAG, "forms.expression_number" },
        { "99999999999999999999 = amount", VALUE_FLAG, "forms.expression_number" }, { "agreed and amount", VALUE_FLAG, "forms.expression_no_condition" },
        { "((((((((((((((((((((((agreed))))))))))))))))))))))", VALUE_FLAG, "forms.expression_deep" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(expression_read(all[i].text, all[i].wanted, kind_of, NULL, &error));
        g_test_message("%s: %s", all[i].text, error->message);
        g_assert_nonnull(strstr(error->message, all[i].reason));
    }
}

static void a_condition_without_end_is_refused(void)
{
    g_autoptr(GString) text = g_string_new("agreed");
    g_autoptr(GError) error = NULL;
    for (int i = 0; i < 200; i++)
        g_string_append(text, " or agreed");
    g_assert_null(expression_read(text->str, VALUE_FLAG, kind_of, NULL, &error));
    g_assert_nonnull(strstr(error->message, "forms.expression_long"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/forms/expression/conditions hold as they read", conditions_hold_as_they_read);
    g_test_add_func("/forms/expression/sums are exact", sums_are_exact);
    g_test_add_func("/forms/expression/what means nothing is refused", what_means_nothing_is_refused);
    g_test_add_func("/forms/expression/a condition without end is refused", a_condition_without_end_is_refused);
    return g_test_run();
}

// SPDX-License-Identifier: Apache-2.0
/* What is published: comparisons and the bulletin. */
#include "indicators/compare.h"

static const char *verdict(const char *published, json_t *value)
{
    g_autoptr(json_t) owned = value;
    return compare_verdict(published, owned);
}

static void a_figure_is_the_same_when_its_digits_are(void)
{
    g_assert_cmpstr(verdict("664548", json_integer(664548)), ==, "same");
    g_assert_cmpstr(verdict("664548", json_integer(664547)), ==, "different");
    g_assert_cmpstr(verdict("86.33", json_real(86.33)), ==, "same");
    g_assert_cmpstr(verdict("86.33", json_real(86.34)), ==, "different");
    g_assert_cmpstr(verdict("28.2", json_real(28.18)), ==, "same");
    g_assert_cmpstr(verdict("100", json_real(99.99)), ==, "different");
    g_assert_cmpstr(verdict("100", json_real(100.0)), ==, "same");
    g_assert_cmpstr(verdict("0", json_null()), ==, "not_yet");
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report/a figure is the same when its digits are", a_figure_is_the_same_when_its_digits_are);
    return g_test_run();
}

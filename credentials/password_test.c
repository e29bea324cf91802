// SPDX-License-Identifier: Apache-2.0
#include "credentials/rows.h"

static void assert_reason(const GError *error, const char *reason)
{
    g_assert_error(error, TROUBLE, NOT_FITTING);
    g_autoptr(json_t) details = trouble_details(error);
    g_assert_cmpstr(json_text(details, "reason"), ==, reason);
}

static void passwords_follow_the_rule(void)
{
    static const struct {
        const char *password, *reason;
    } cases[] = {
        { "Pinghu-2014", NULL },
        { "pinghu-2014", NULL },
        { "新仓镇三叉河Ab", NULL },
        { "Pg-2014", "credentials.password_short" },
        { "新仓镇三Ab1", "credentials.password_short" },
        { "pinghu2014", "credentials.password_classes" },
        { "12345678", "credentials.password_classes" },
        { "xXiaowang-2014", "credentials.password_account" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        bool allowed = credentials_allowed(cases[i].password, "xiaowang", &error);
        g_assert_true(allowed == (cases[i].reason == NULL));
        if (cases[i].reason)
            assert_reason(error, cases[i].reason);
    }
}

static void a_hash_fits_its_password_alone(void)
{
    g_autofree char *cheap = credentials_hash("Pinghu-2014", true);
    g_autofree char *again = credentials_hash("Pinghu-2014", true);
    g_autofree char *dear = credentials_hash("Pinghu-2014", false);
    g_assert_cmpstr(cheap, !=, again);
    g_assert_true(g_str_has_prefix(cheap, "$argon2id$v=19$m=8,t=1,p=1$"));
    g_assert_true(g_str_has_prefix(dear, "$argon2id$v=19$m=19456,t=3,p=1$"));
    g_assert_true(password_fits(cheap, "Pinghu-2014"));
    g_assert_true(password_fits(dear, "Pinghu-2014"));
    g_assert_false(password_fits(dear, "pinghu-2014"));
    g_assert_false(password_fits("", "Pinghu-2014"));
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/credentials/passwords follow the rule", passwords_follow_the_rule);
    g_test_add_func("/credentials/a hash fits its password alone", a_hash_fits_its_password_alone);
    return g_test_run();
}

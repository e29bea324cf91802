// SPDX-License-Identifier: Apache-2.0
#include "credentials/room.h"

#include <sodium.h>
#include <string.h>
#include <time.h>

static void passwords_follow_the_rule(void)
{
    static const struct {
        const char *password, *reason;
    } cases[] = {
        { "Zhapu-2014", NULL },
        { "zhapu-2014", NULL },
        { "Pinghu-2014", "credentials.password_common" }, /* the demo city's */
        { "新仓镇三叉河村便民站", NULL },
        { "新仓镇三叉河村便民", "credentials.password_short" },
        { "aaaaaaaaab", NULL },
        { "Pg-2014", "credentials.password_short" },
        { "新仓镇三Ab1", "credentials.password_short" },
        { "123456789", "credentials.password_short" },
        { "1234567890", "credentials.password_common" },
        { "1Q2w3e4r5t", "credentials.password_common" },
        { "zaq12wsxcde34", NULL },
        { "xXiaowang-2014", "credentials.password_account" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpstr(password_fault(cases[i].password, "xiaowang"), ==, cases[i].reason);
}

static void a_hash_fits_its_password_alone(void)
{
    g_autofree char *cheap = credentials_hash("Pinghu-2014", true);
    g_autofree char *again = credentials_hash("Pinghu-2014", true);
    g_autofree char *dear = credentials_hash("Pinghu-2014", false);
    g_assert_cmpstr(cheap, !=, again);
    g_assert_true(g_str_has_prefix(cheap, "$argon2id$v=19$m=8,t=1,p=1$"));
    g_assert_true(g_str_has_prefix(dear, "$argon2id$v=19$m=65536,t=3,p=1$"));
    g_assert_true(password_fits(cheap, "Pinghu-2014"));
    g_assert_true(password_fits(dear, "Pinghu-2014"));
    g_assert_false(password_fits(dear, "pinghu-2014"));
    g_assert_false(password_fits("", "Pinghu-2014"));
}

/* Each line of the list is found, between its neighbours and at both ends. */
static void every_common_password_is_refused(void)
{
    const Embedded *list = embedded_find("data/passwords.csv");
    g_auto(GStrv) lines = g_strsplit(list->bytes, "\n", -1);
    int refused = 0, last = 0;
    for (char **line = lines + 1; **line; line++, last++) {
        g_assert_true(line == lines + 1 || strcmp(line[-1], *line) < 0);
        const char *reason = password_fault(*line, "");
        g_assert_cmpstr(reason, ==, strlen(*line) < 10 ? "credentials.password_short" : "credentials.password_common");
        refused += strlen(*line) >= 10;
    }
    g_assert_cmpint(last, >=, 10000);
    g_assert_cmpint(refused, >, 1000);
}

static void what_older_programs_hashed_is_old(void)
{
    char old[crypto_pwhash_STRBYTES];
    g_autofree char *cheap = credentials_hash("Pinghu-2014", true), *dear = credentials_hash("Pinghu-2014", false);
    g_assert_cmpint(crypto_pwhash_str(old, "Pinghu-2014", strlen("Pinghu-2014"), 3, 19 << 20), ==, 0);
    g_assert_true(password_is_old(old));
    g_assert_false(password_is_old(dear));
    g_assert_false(password_is_old(cheap));
}

static int64_t processor_time(void)
{
    struct timespec spent;
    g_assert_cmpint(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent), ==, 0);
    return spent.tv_sec * G_USEC_PER_SEC + spent.tv_nsec / 1000;
}

static int64_t time_of(const StaffLogin *known)
{
    int64_t begun = processor_time();
    g_assert_false(password_fits_login(known, "wrong"));
    return processor_time() - begun;
}

/* Nobody learns by the clock whether there is such an account. */
static void it_takes_as_long_where_nobody_is_known(void)
{
    g_autofree char *hash = credentials_hash("Pinghu-2014", false);
    const StaffLogin known = { .id = 1, .hash = hash }, nobody = { 0 };
    int64_t of_known = time_of(&known), of_nobody = time_of(&nobody);
    g_assert_cmpint(of_nobody, >, of_known / 2);
    g_assert_cmpint(of_nobody, <, of_known * 2);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/credentials/passwords follow the rule", passwords_follow_the_rule);
    g_test_add_func("/credentials/a hash fits its password alone", a_hash_fits_its_password_alone);
    g_test_add_func("/credentials/every common password is refused", every_common_password_is_refused);
    g_test_add_func("/credentials/what older programs hashed is old", what_older_programs_hashed_is_old);
    g_test_add_func("/credentials/it takes as long where nobody is known", it_takes_as_long_where_nobody_is_known);
    return g_test_run();
}

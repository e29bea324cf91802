// SPDX-License-Identifier: Apache-2.0
#include "identity/identity.h"

static const int64_t county = 330482000000, town = 330482103000, other_town = 330482106000,
                     village = 330482103201, other_village = 330482103202;

static void a_code_tells_its_level(void)
{
    g_assert_cmpint(division_level(county), ==, COUNTY_LEVEL);
    g_assert_cmpint(division_level(town), ==, TOWN_LEVEL);
    g_assert_cmpint(division_level(village), ==, VILLAGE_LEVEL);
    g_assert_cmpint(division_town(village), ==, town);
    g_assert_cmpint(division_town(town), ==, town);
    g_assert_cmpint(division_town(county), ==, county);
    g_assert_cmpint(division_county(330482), ==, county);
}

static void a_division_lies_within_another(void)
{
    g_assert_true(division_within(village, village));
    g_assert_true(division_within(village, town));
    g_assert_true(division_within(village, county));
    g_assert_true(division_within(town, county));
    g_assert_false(division_within(town, village));
    g_assert_false(division_within(county, town));
    g_assert_false(division_within(village, other_town));
    g_assert_false(division_within(village, other_village));
    g_assert_false(division_within(330483103201, county));
}

static void try_every_place(unsigned held, unsigned asked)
{
    const int64_t places[] = { county, town, other_town, village, other_village };
    const int64_t organs[] = { 3, TOWN_CENTRE_ORGAN, VILLAGE_POINT_ORGAN };
    for (size_t i = 0; i < G_N_ELEMENTS(places) * G_N_ELEMENTS(places); i++)
        for (size_t j = 0; j < G_N_ELEMENTS(organs) * G_N_ELEMENTS(organs); j++) {
            size_t own = i % 5, there = i / 5, of = j % 3, for_organ = j / 3;
            Post post = { organs[of], places[own], 1u << held };
            Actor actor = { .kind = STAFF, .posts = &post, .post_count = 1 };
            bool may = identity_may(&actor, 1u << asked, organs[for_organ], places[there]);
            g_assert_true(may == (held == asked && own == there && of == for_organ));
            g_assert_true(identity_has_role(&actor, 1u << asked) == (held == asked));
        }
}

/* Every role at every level, asked for every role, organ and place: only the exact post may. */
static void only_the_fitting_post_may(void)
{
    for (unsigned held = 0; role_names[held]; held++)
        for (unsigned asked = 0; role_names[asked]; asked++)
            try_every_place(held, asked);
}

static void roles_of_two_posts_do_not_mix(void)
{
    static const Post posts[] = { { 3, 330482000000, REVIEWER }, { 4, 330482000000, APPROVER } };
    const Actor actor = { .kind = STAFF, .posts = posts, .post_count = 2 };
    g_assert_true(identity_may(&actor, REVIEWER, 3, county));
    g_assert_true(identity_may(&actor, APPROVER | HEAD, 4, county));
    g_assert_false(identity_may(&actor, APPROVER, 3, county));
    g_assert_false(identity_may(&actor, 0, 3, county));
    const Actor visitor = { .kind = VISITOR };
    g_assert_false(identity_may(&visitor, ANY_ROLE, 3, county));
    g_assert_false(identity_has_role(&visitor, ANY_ROLE));
}

static void roles_have_names(void)
{
    unsigned all = 0;
    for (unsigned bit = 0; role_names[bit]; bit++) {
        g_assert_cmpuint(role_named(role_names[bit]), ==, 1u << bit);
        all |= 1u << bit;
    }
    g_assert_cmpuint(all, ==, ANY_ROLE);
    g_assert_cmpuint(role_named("head"), ==, HEAD);
    g_assert_cmpuint(role_named("auditor"), ==, AUDITOR);
    g_assert_cmpuint(role_named("king"), ==, 0);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/identity/a code tells its level", a_code_tells_its_level);
    g_test_add_func("/identity/a division lies within another", a_division_lies_within_another);
    g_test_add_func("/identity/only the fitting post may", only_the_fitting_post_may);
    g_test_add_func("/identity/roles of two posts do not mix", roles_of_two_posts_do_not_mix);
    g_test_add_func("/identity/roles have names", roles_have_names);
    return g_test_run();
}

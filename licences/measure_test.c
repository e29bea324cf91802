// SPDX-License-Identifier: Apache-2.0
/* Each turn of a licence's life adds to its measure on its day. */
#include "licences/licences.h"

enum { ISSUED_ON = 16000, NEXT_TERM = 17000, TODAY = 16500 };

/* By how much a change alters a measure, on the day on which it does. */
static int64_t counted(const Licence *before, const Licence *after, int64_t which, Day day)
{
    const Event event = { .at = instant_at(TODAY, 600) };
    const SubjectChange change = { &event, &licence_kind, NULL, before, after };
    Count counts[COUNTS_MOST] = { 0 };
    size_t count = licence_measures->counts(&change, counts);
    int64_t sum = 0;
    g_assert_cmpuint(count, <=, COUNTS_MOST);
    for (size_t i = 0; i < count; i++)
        if (counts[i].day == day)
            sum += counts[i].by[which];
    return sum;
}

static Licence issued(void)
{
    return (Licence){ .number = 330482140918000001, .organ = 21, .item = (char[]){ "XK" }, .issued_day = ISSUED_ON, .since_day = ISSUED_ON,
                      .valid_from_day = ISSUED_ON };
}

static void what_is_issued_is_valid_from_that_day(void)
{
    Licence licence = issued();
    g_assert_cmpint(counted(NULL, &licence, LICENCES_ISSUED, ISSUED_ON), ==, 1);
    g_assert_cmpint(counted(NULL, &licence, LICENCES_VALID, ISSUED_ON), ==, 1);
    g_assert_cmpint(counted(&licence, &licence, LICENCES_ISSUED, ISSUED_ON), ==, 0);
    licence.replaces = 330482140917000001;
    g_assert_cmpint(counted(NULL, &licence, LICENCES_ISSUED, ISSUED_ON), ==, 0); /* another copy is no other licence */
    g_assert_cmpint(counted(NULL, &licence, LICENCES_VALID, ISSUED_ON), ==, 1);
}

static void what_is_renewed_stays_valid(void)
{
    Licence before = issued(), after = issued();
    after.valid_from_day = NEXT_TERM;
    g_assert_cmpint(counted(&before, &after, LICENCES_RENEWED, TODAY), ==, 1);
    g_assert_cmpint(counted(&before, &after, LICENCES_VALID, TODAY), ==, 0);
    g_assert_cmpint(counted(NULL, &after, LICENCES_RENEWED, TODAY), ==, 0);
}

/* Each state but that of a valid licence has a measure; only one that was valid is one less. */
static void what_has_ended_is_counted_by_its_state(void)
{
    for (int64_t from = LICENCE_VALID; from < LICENCE_STATES; from++)
        for (int64_t to = LICENCE_VALID; to < LICENCE_STATES; to++) {
            Licence before = issued(), after = issued();
            before.state = from;
            after.state = to;
            after.since_day = from == to ? ISSUED_ON : TODAY;
            g_assert_cmpint(counted(&before, &after, LICENCES_VALID, TODAY), ==, (to == LICENCE_VALID) - (from == LICENCE_VALID));
            for (int64_t state = LICENCE_WITHHELD; state < LICENCE_STATES; state++)
                g_assert_cmpint(counted(&before, &after, LICENCES_ENDED - 1 + state, TODAY), ==, state == to && from != to);
        }
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/licences/measures/what is issued is valid from that day", what_is_issued_is_valid_from_that_day);
    g_test_add_func("/licences/measures/what is renewed stays valid", what_is_renewed_stays_valid);
    g_test_add_func("/licences/measures/what has ended is counted by its state", what_has_ended_is_counted_by_its_state);
    return g_test_run();
}

// SPDX-License-Identifier: Apache-2.0
/* Any bytes as a file of histories: read or refused, every case with a row, every fault with its line, and what is without
 * fault is told in full. */
#include "load/room.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static bool take(History *given, void *data, GError **error)
{
    g_autoptr(History) history = given;
    const Calendar *calendar = data;
    size_t i;
    json_t *fault;
    (void)error;
    g_assert_cmpuint(history->rows->len, >, 0);
    load_judge(history, 330482, calendar, instant_at(day_from(2026, 1, 1), 0));
    json_array_foreach(history->faults, i, fault) {
        g_assert_cmpint(json_number(fault, "line"), >, 0);
        g_assert_cmpstr(json_text(fault, "reason"), !=, "base.fault");
    }
    if (!i) {
        g_assert_cmpuint(history->steps->len, ==, history->rows->len);
        g_assert_nonnull(history->draft.party.id_number);
        g_assert_true(*history_number(history) && g_utf8_validate(history_number(history), -1, NULL));
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static Calendar *calendar; /* made once: it takes longer than all the rest */
    g_autoptr(GError) error = NULL;
    calendar = calendar ? calendar : calendar_built_in();
    bool read = load_read((const char *)bytes, length, take, calendar, &error);
    g_assert_true(read == (error == NULL));
    if (error) {
        g_autoptr(json_t) details = trouble_details(error);
        g_assert_cmpint(g_ascii_strtoll(json_text(details, "line"), NULL, 10), >, 0);
    }
    return 0;
}

// SPDX-License-Identifier: Apache-2.0
/* Any bytes as a file of histories: read or refused, every case with a row, every fault with its line, and what is without
 * fault is told in full. */
#include "load/room.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

typedef struct Reading {
    const LoadShape *shape;
    const Calendar *calendar;
} Reading;

static bool take(History *given, void *data, GError **error)
{
    g_autoptr(History) history = given;
    const Reading *self = data;
    size_t i;
    json_t *fault;
    (void)error;
    g_assert_cmpuint(history->rows->len, >, 0);
    self->shape->judge(history, 330482, self->calendar, instant_at(day_from(2026, 1, 1), 0));
    json_array_foreach(history->faults, i, fault) {
        g_assert_cmpint(json_number(fault, "line"), >, 0);
        g_assert_cmpstr(json_text(fault, "reason"), !=, "base.fault");
    }
    if (!i) {
        g_assert_cmpuint(history->steps->len, ==, self->shape->has_steps ? history->rows->len : 0);
        g_assert_nonnull(history->draft.party.id_number);
        g_assert_true(*history_number(history) && g_utf8_validate(history_number(history), -1, NULL));
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static Calendar *calendar; /* made once: it takes longer than all the rest */
    static const LoadShape *const shapes[] = { &load_of_cases, &load_of_licences };
    calendar = calendar ? calendar : calendar_built_in();
    for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++) {
        g_autoptr(GError) error = NULL;
        Reading reading = { shapes[i], calendar };
        bool read = load_read(shapes[i], (const char *)bytes, length, take, &reading, &error);
        g_assert_true(read == (error == NULL));
        g_autoptr(json_t) details = error ? trouble_details(error) : NULL;
        g_assert_true(!error || g_ascii_strtoll(json_text(details, "line"), NULL, 10) > 0);
    }
    return 0;
}

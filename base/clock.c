// SPDX-License-Identifier: Apache-2.0
/* The clock of what is recorded. The machine's may be set back: a battery is empty, a time server is wrong. */
#include "base/base.h"

#include <stdatomic.h>

struct Clock {
    _Atomic Instant last; /* event */
    atomic_bool is_held;
};

Clock *clock_new(void)
{
    return g_new0(Clock, 1);
}

void clock_free(Clock *self)
{
    g_free(self);
}

void clock_note(Clock *self, Instant at)
{
    Instant last = self ? atomic_load(&self->last) : at;
    while (last < at && !atomic_compare_exchange_weak(&self->last, &last, at))
        continue;
}

Instant clock_behind(const Clock *self, Instant at)
{
    return self ? MAX(atomic_load(&self->last) - at, 0) : 0;
}

/* Two requests that came in the other order than they are recorded are apart by less. */
Instant clock_hold(Clock *self, Instant machine)
{
    enum { TOLD_FROM = 2000 };
    Instant behind = clock_behind(self, machine);
    bool is_held = behind >= TOLD_FROM;
    if (self && atomic_exchange(&self->is_held, is_held) != is_held) {
        char now[INSTANT_TEXT], last[INSTANT_TEXT];
        instant_text(machine, now);
        instant_text(machine + behind, last);
        if (is_held)
            g_warning("the clock of this machine says %s, and the last event was at %s: it is held there until the clock has passed it", now, last);
        else
            g_message("the clock of this machine has passed the last event: %s", now);
    }
    return machine + behind;
}

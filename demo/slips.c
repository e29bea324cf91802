// SPDX-License-Identifier: Apache-2.0
/* Some applicants of a small city ask for a new tracking slip on its last afternoon, so that anybody who tries the demo can follow their
 * cases. */
#include "demo/room.h"

enum { AFTERNOON = 16 * 60 + 50, SLIPS = 3 };

bool demo_slips(Demo *self, GError **error)
{
    int made = 0;
    self->context.now = instant_at(self->settings.today - 1, AFTERNOON);
    for (guint i = 0; i < self->plays->len && made < SLIPS; i++) {
        char code[CASE_CODE_TEXT];
        const Play *play = self->plays->pdata[i];
        if (play->channel == ONLINE || play->present.state <= DRAFT || play->present.state > DELIVERED)
            continue;
        if (!demo_go_to_desk(self, play, error) || !case_renew_code(&self->context, play->present.number, code, error))
            return false;
        g_autofree char *number = subject_number_grouped(play->present.number);
        g_string_append_printf(self->told, "%s  查进度 track: %s  %s\n", made++ ? "" : "\n", number, code);
    }
    return true;
}

// SPDX-License-Identifier: Apache-2.0
/* Some applicants of a small city have left originals with its desks on its last afternoon; one has them back. */
#include "demo/room.h"

#include "custody/custody.h"

enum { AFTERNOON = 16 * 60 + 45, LEFT = 3 };

static bool hand_back(Demo *self, int64_t number, GError **error)
{
    g_auto(Custody) next = { 0 };
    g_autoptr(json_t) fields = json_pack("{s:s}", "receiver", "周示例");
    const SubjectInput input = { .seen = -1, .fields = fields };
    return subject_act(&self->context, &custody_kind, number, &custody_rules[CUSTODY_HAND_BACK], &input, &next, error);
}

static bool leave(Demo *self, const Play *play, bool is_back, GError **error)
{
    g_auto(Custody) made = { 0 };
    const Deposit deposit = { .case_number = play->present.number, .originals = "房屋所有权证\n租赁合同", .pieces = 2 };
    return demo_go_to_desk(self, play, error) && custody_begin(&self->context, &deposit, &made, error) &&
           (!is_back || hand_back(self, made.number, error));
}

bool demo_originals(Demo *self, GError **error)
{
    int left = 0;
    self->context.now = instant_at(self->settings.today - 1, AFTERNOON);
    for (guint i = 0; i < self->plays->len && left < LEFT; i++) {
        const Play *play = self->plays->pdata[i];
        if (play->channel != ONLINE && play->present.state == REVIEW && !leave(self, play, left++ == 0, error))
            return false;
    }
    return true;
}

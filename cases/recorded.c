// SPDX-License-Identifier: Apache-2.0
/* A case as the public ledger has it. */
#include "cases/life.h"

bool case_is_erased(const Context *context, const Case *self, bool *erased, GError **error)
{
    g_autofree char *subject = subject_text(&case_kind, self);
    return ledger_is_erased(context, subject, self->events, erased, error);
}

// SPDX-License-Identifier: Apache-2.0
#include "ledger/publisher.h"

static bool verify(const Context *context, const VerifyReport *told, int64_t *count, GError **error)
{
    return ledger_check(context->db, context->county, told, count, error);
}

const Room ledger_room = {
    .name = "ledger",
    .routes = ledger_routes,
    .settle = ledger_mend,
    .verify = verify,
};

// SPDX-License-Identifier: Apache-2.0
#include "security/log.h"

#include <string.h>

/* Personal data that are erased, or restricted in their use, are an entry whoever does it in which way. */
static bool hear(const Context *context, const SubjectChange *change, GError **error)
{
    g_auto(StaffLogin) own = { 0 };
    const char *kind = change->event->kind;
    bool erases = strcmp(kind, LEDGER_ERASED) == 0;
    if (!erases && strcmp(kind, LEDGER_RESTRICTED) != 0)
        return true;
    if (context->actor->kind == STAFF && !identity_login(context->db, context->county, "", context->actor->id, &own, error))
        return false;
    const SecurityEntry entry = { SECURITY_ERASURE, .account = own.account, .subject = change->event->subject,
                                  .purpose = erases ? "erased" : "restricted" };
    return security_write(context, &entry, error);
}

const Room security_room = {
    .name = "security",
    .routes = security_routes,
    .tabs = (const Tab[]){ { "security", "/desk/security", "/desk/security?", AUDITOR, 61 },
                           { "keeping", "/desk/security/keeping", "/desk/security/keeping/", SECURITY_ADMINISTRATOR, 62 }, { 0 } },
    .lists = (const ListSpec *const[]){ &security_list, NULL },
    .timers = (const TimerKind[]){ { SECURITY_DAILY_TIMER, security_day }, { 0 } },
    .listens = hear,
    .settle = security_settle,
    .verify = security_verify,
};

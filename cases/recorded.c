// SPDX-License-Identifier: Apache-2.0
/* A case as the public ledger has it. */
#include "cases/answer.h"
#include "cases/life.h"

#include <string.h>

/* The inner opinions, and why somebody looked at personal data, are not the applicant's to read: what holds them stays
 * closed. */
static bool is_for_holder(const Event *event)
{
    g_autoptr(json_t) payload = json_loads(event->payload, 0, NULL);
    return strcmp(event->kind, "case.revealed") != 0 &&
           (event->actor_kind == HOLDER || !json_object_get(json_object_get(payload, "facts"), "opinion"));
}

json_t *recorded_json(const Context *context, const Event *event)
{
    const char *dot = strchr(event->kind, '.');
    g_autofree char *path = g_strdup_printf("/ledger/%" PRId64 "/event/%" PRId64, context->county, event->number);
    g_autofree char *proof = g_strdup_printf("/ledger/%" PRId64 "/proof/%" PRId64, context->county, event->number);
    json_t *line = json_pack("{s:I, s:I, s:s, s:I, s:s, s:s}", "number", event->number, "sequence", event->sequence, "event",
                             dot ? dot + 1 : event->kind, "event_at", event->at, "path", path, "proof_path", proof);
    if (context->actor->kind == HOLDER && is_for_holder(event)) {
        g_autofree char *text = ledger_committed(event);
        json_object_set_new(line, "text", json_string(text));
    }
    return line;
}

bool case_is_erased(const Context *context, const Case *self, bool *erased, GError **error)
{
    g_autofree char *subject = g_strdup_printf("case/%" PRId64, self->number);
    return ledger_is_erased(context, subject, self->events, erased, error);
}

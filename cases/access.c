// SPDX-License-Identifier: Apache-2.0
/* Looks of the staff at what a case says of a person: each goes into the security log, and the applicant is told of it (PIPL
 * arts. 44 and 45): which organ, on which day, what for. The officer's name stays inside. */
#include "cases/life.h"

#include "security/security.h"

#include <string.h>

/* The actor's organ that has to do with the case, or 0: his first one. */
static int64_t organ_of(const Actor *actor, const Case *self)
{
    for (size_t i = 0; i < actor->post_count; i++)
        if (actor->posts[i].organ == self->organ || actor->posts[i].organ == self->desk_organ)
            return actor->posts[i].organ;
    return 0;
}

bool case_note_access(const Request *r, const Case *self, enum security_kind kind, enum security_often often, const char *purpose,
                      GError **error)
{
    const Actor *actor = r->context.actor;
    g_autofree char *subject = subject_text(&case_kind, self);
    bool is_own_scan = actor->kind == HOLDER && kind == SECURITY_SCAN; /* the page of a case shows many of them */
    const SecurityEntry entry = { kind, .often = is_own_scan ? SECURITY_DAILY : often, .subject = subject, .organ = organ_of(actor, self),
                                  .purpose = purpose };
    return (actor->kind != STAFF && !is_own_scan) || http_security(r, &entry, error);
}

bool case_note_look(const Request *r, const Case *self, GError **error)
{
    bool writes = self->state == DRAFT && r->context.actor->kind == STAFF && self->draft_staff == r->context.actor->id;
    return writes || case_note_access(r, self, SECURITY_OPENED, SECURITY_DAILY, NULL, error);
}

/* ---- what the applicant is told ---- */

/* The reasons for which data were shown in clear, by their instants, which are those of the log's entries too. */
static json_t *reasons_of(const Context *context, const char *subject, GError **error)
{
    size_t i;
    json_t *event;
    g_autoptr(json_t) events = ledger_events(context->db, context->county, subject, 0, error);
    json_t *reasons = events ? json_object() : NULL;
    json_array_foreach(events, i, event)
        if (strcmp(json_text(event, "kind"), "case.revealed") == 0)
            json_object_set(reasons, DECIMAL(json_number(event, "at")),
                            json_object_get(json_object_get(json_object_get(event, "payload"), "facts"), "reason"));
    return reasons;
}

static json_t *access_json(const Context *context, const json_t *access, const json_t *reasons, GError **error)
{
    const char *kind = json_text(access, "kind"), *purpose = json_text(access, "purpose");
    g_autoptr(json_t) organ = identity_organ(context->db, context->county, json_number(access, "organ"), error);
    if (!organ)
        return NULL;
    json_t *shown = json_pack("{s:O, s:O, s:O, s:s}", "day", json_object_get(access, "day"), "organ_name", json_object_get(organ, "name"),
                              "organ_name_en", json_object_get(organ, "name_en"), "access", kind);
    json_put_text(shown, "document_kind", strcmp(kind, "document") == 0 ? purpose : NULL);
    json_put_text(shown, "reason", json_text(reasons, DECIMAL(json_number(access, "at"))));
    return shown;
}

/* A draft opened on the day on which its data were shown in clear was opened for that reason. */
static bool is_said(const json_t *accesses, const json_t *one)
{
    size_t i;
    json_t *other;
    json_array_foreach((json_t *)(uintptr_t)accesses, i, other)
        if (strcmp(json_text(one, "kind"), "opened") == 0 && strcmp(json_text(other, "kind"), "revealed") == 0 &&
            strcmp(json_text(one, "day"), json_text(other, "day")) == 0 && json_number(one, "organ") == json_number(other, "organ"))
            return true;
    return false;
}

json_t *case_accesses_of(const Context *context, const char *subject, GError **error)
{
    size_t i;
    json_t *access;
    g_autoptr(json_t) shown = json_array(), all = security_accesses(context->db, context->county, subject, error);
    g_autoptr(json_t) reasons = all ? reasons_of(context, subject, error) : NULL;
    json_array_foreach(reasons ? all : NULL, i, access)
        if (!is_said(all, access) && json_array_append_new(shown, access_json(context, access, reasons, error)) != 0)
            return NULL;
    return reasons ? g_steal_pointer(&shown) : NULL;
}

json_t *case_accesses(Request *r, GError **error)
{
    g_auto(Case) found = { 0 };
    if (!case_load_visible(r, &found, error))
        return NULL;
    g_autofree char *subject = subject_text(&case_kind, &found), *grouped = subject_number_grouped(found.number);
    json_t *accesses = case_accesses_of(&r->context, subject, error);
    return accesses ? json_pack("{s:o, s:s, s:o, s:b}", "number", json_sprintf("%" PRId64, found.number), "number_grouped", grouped, "accesses",
                                accesses, "none", json_array_size(accesses) == 0)
                    : NULL;
}

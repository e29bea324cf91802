// SPDX-License-Identifier: Apache-2.0
/* A backup brings back what was erased after it was made (PIPL art. 47); the list beside the database tells what. */
#include "subject/private.h"

#include <string.h>

static const SubjectRule *erasing_rule(const SubjectKind *kind, const void *self)
{
    for (size_t i = 0; record_tells_person(kind->record, self) && i < kind->rule_count; i++) {
        const SubjectRule *rule = subject_rule(kind, i);
        bool erases = strcmp(rule->event, LEDGER_ERASED) == 0 && (rule->relations & BY_SYSTEM);
        if (erases && (rule->from & UINT32_C(1) << subject_member(self, kind->state)))
            return rule;
    }
    return NULL;
}

/* The rule by which the subject is to be erased as it stands; NULL in *rule: it is not there, erased already, or has to be kept. */
static bool find_rule(const Context *context, const SubjectKind *kind, int64_t number, const SubjectRule **rule, GError **error)
{
    bool found;
    g_autofree char *self = g_malloc0(kind->record->size);
    bool read = record_load(context->db, context->county, kind->record, number, self, &found, error);
    *rule = read && found ? erasing_rule(kind, self) : NULL;
    record_clear(kind->record, self);
    return read;
}

bool subject_erase_again(const Context *context, const char *subject, const char *reason, bool looks, bool *done, GError **error)
{
    int64_t number;
    const SubjectRule *rule = NULL;
    const SubjectInput input = { .seen = -1, .reason = reason };
    const SubjectKind *kind = subject_named(context->rooms, subject, &number);
    if (kind && !find_rule(context, kind, number, &rule, error))
        return false;
    *done = rule != NULL;
    if (!rule || looks)
        return true;
    g_autofree char *out = g_malloc0(kind->record->size);
    bool erased = subject_act(context, kind, number, rule, &input, out, error);
    record_clear(kind->record, out);
    return erased;
}

// SPDX-License-Identifier: Apache-2.0
/* A backup brings back what was erased after it was made (PIPL art. 47); the list beside the database tells what. */
#include "subject/private.h"

#include <string.h>

static const SubjectRule *rule_by(const SubjectKind *kind, const void *self, const char *event)
{
    for (size_t i = 0; record_tells_person(kind->record, self) && i < kind->rule_count; i++) {
        const SubjectRule *rule = subject_rule(kind, i);
        bool does = strcmp(rule->event, event) == 0 && (rule->relations & BY_SYSTEM);
        if (does && (rule->from & UINT32_C(1) << subject_member(self, kind->state)))
            return rule;
    }
    return NULL;
}

/* The rule by which it is to be done as the subject stands; NULL in *rule: it is not there, erased already, or has to be kept. */
static bool find_rule(const Context *context, const SubjectKind *kind, int64_t number, const char *event, const SubjectRule **rule, GError **error)
{
    bool found;
    g_autofree char *self = g_malloc0(kind->record->size);
    bool read = record_load(context->db, context->county, kind->record, number, self, &found, error);
    *rule = read && found ? rule_by(kind, self, event) : NULL;
    record_clear(kind->record, self);
    return read;
}

static bool is_restricted(const Context *context, const char *subject, bool *is, GError **error)
{
    json_t *erasure;
    bool read = ledger_erasure(context->db, context->county, subject, &erasure, error);
    *is = read && erasure;
    json_decref(*is ? erasure : NULL);
    return read;
}

bool subject_take_away(const Context *context, const char *subject, const SubjectInput *input, bool looks, bool *done, GError **error)
{
    int64_t number;
    bool is_so = false;
    const SubjectRule *rule = NULL;
    const SubjectKind *kind = subject_named(context->rooms, subject, &number);
    if ((input->day && !is_restricted(context, subject, &is_so, error)) ||
        (kind && !is_so && !find_rule(context, kind, number, input->day ? LEDGER_RESTRICTED : LEDGER_ERASED, &rule, error)))
        return false;
    *done = rule != NULL;
    if (!rule || looks)
        return true;
    g_autofree char *out = g_malloc0(kind->record->size);
    bool erased = subject_act(context, kind, number, rule, input, out, error);
    record_clear(kind->record, out);
    return erased;
}

bool subject_erase_again(const Context *context, const char *subject, Day until, bool looks, bool *done, GError **error)
{
    const SubjectInput input = { .seen = -1, .reason = "restored", .day = until };
    return subject_take_away(context, subject, &input, looks, done, error);
}

// SPDX-License-Identifier: Apache-2.0
/* The events of versions. */
#include "versioned/versioned.h"

bool versioned_record(const Context *context, const Versioned *kind, const VersionedSubject *subject, const char *what,
                      const json_t *payload, GError **error)
{
    enum { COUNTY_PART = 1000000 }; /* digits of a division's code behind the county's */
    g_autofree char *name = g_strdup_printf("%s/%s", kind->name, subject->list), *event_kind = g_strdup_printf("%s.%s", kind->name, what);
    json_t *whole = json_copy((json_t *)(uintptr_t)payload);
    actor_put_absent(context->actor, kind->roles, whole);
    const Event event = { .subject = name, .kind = event_kind, .item = subject->item, .organ = subject->organ, .division = context->county * COUNTY_PART };
    return ledger_record(context, event, whole, error);
}

bool versioned_drafted(const Context *context, const Versioned *kind, const VersionedSubject *subject, int64_t version,
                       const json_t *before, const json_t *after, GError **error)
{
    g_autoptr(json_t) payload = json_pack("{s:I, s:o}", "version", version, "changes", versioned_changes(before, after));
    return versioned_record(context, kind, subject, "drafted", payload, error);
}

bool versioned_enforce(const Context *context, const Versioned *kind, const VersionedSubject *subject, int64_t version, Day day,
                       int64_t *retired, GError **error)
{
    if (!versioned_publish(context, kind, subject->list, version, day, retired, error))
        return false;
    g_autoptr(json_t) payload = json_pack("{s:I, s:I}", "version", version, "retired", *retired);
    if (day != day_of(context->now))
        json_object_set_new(payload, "since_day", json_string(DAY_WRITTEN(day)));
    return versioned_record(context, kind, subject, "published", payload, error);
}

Day versioned_since(const Request *r)
{
    const char *since = json_text(r->fields, "since");
    return *since ? day_parse(since) : day_of(r->context.now);
}

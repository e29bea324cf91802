// SPDX-License-Identifier: Apache-2.0
/* Drafts: nobody but their makers learn of a subject before it is handed in. And pages that show a subject, or a draft, as it was before. */
#include "subject/private.h"

#include "identity/identity.h"

#include <string.h>

static void *subject_place(void *self, size_t offset)
{
    return (char *)self + offset;
}

bool subject_is_draft(const SubjectKind *kind, const void *self)
{
    return kind->hands_in && subject_member(self, kind->events) == 0;
}

int64_t subject_seen(const SubjectKind *kind, const void *self)
{
    enum { OF_DRAFTS = 1000000 }; /* no subject has as many events, so that a page of the draft is stale once it is handed in */
    return kind->revision && subject_is_draft(kind, self) ? OF_DRAFTS + subject_member(self, kind->revision) : subject_member(self, kind->events);
}

bool subject_take_draft(const SubjectTurn *turn, void *next, GError **error)
{
    g_autofree char *subject = subject_text(turn->kind, next);
    g_autoptr(json_t) facts = json_object();
    if (!subject_keep_papers(turn, subject, facts, error))
        return false;
    if (strcmp(turn->rule->event, LEDGER_ERASED) != 0)
        return true;
    *(unsigned *)subject_place(next, turn->kind->unwritten) |= record_forget(turn->kind->record, next);
    return rooms_forget(turn->context, subject, error);
}

static bool record_beginning(const Context *context, const SubjectKind *kind, void *self, const char *event, const char *facts, GError **error)
{
    g_autofree char *nothing = g_malloc(kind->record->size);
    SubjectChange change = { NULL, kind, NULL, NULL, self };
    record_init(kind->record, nothing);
    bool begun = subject_record(context, event, facts, &change, nothing, self, error);
    record_clear(kind->record, nothing);
    return begun;
}

static bool begin_draft(const Context *context, const SubjectKind *kind, void *self, GError **error)
{
    g_autofree char *nothing = g_malloc(kind->record->size), *hash = NULL;
    record_init(kind->record, nothing);
    bool begun = private_keep(context, kind->record, "", 1, nothing, self, &hash, error);
    record_clear(kind->record, nothing);
    return begun;
}

bool subject_begin(const Context *context, const SubjectKind *kind, void *self, const char *event, const char *facts, GError **error)
{
    ((SubjectHead *)subject_place(self, kind->head))->is_new = true;
    *(unsigned *)subject_place(self, kind->unwritten) |= RECORD_WHOLE;
    if (kind->hands_in && context->actor->kind != LOADER)
        return begin_draft(context, kind, self, error);
    return record_beginning(context, kind, self, event, facts, error);
}

bool subject_hand_in(const SubjectTurn *turn, void *self, GError **error)
{
    const SubjectKind *kind = turn->kind;
    if (turn->rule != kind->hands_in || !subject_is_draft(kind, self))
        return true;
    g_autofree char *facts = kind->begun(turn->context, self, error);
    return facts && record_beginning(turn->context, kind, self, kind->begins, facts, error);
}

/* ---- who was faster ---- */

/* The refusal says what the last event was, and when; to the staff also who did it. */
static bool refuse_stale(const SubjectTurn *turn, const char *stale, const json_t *last, GError **error)
{
    const Context *context = turn->context;
    const char *event = json_text(last, "kind"), *dot = strchr(event, '.');
    bool names = context->actor->kind == STAFF && json_number(last, "actor_kind") == STAFF;
    g_autoptr(json_t) name = names ? identity_staff_name(context->db, context->county, json_number(last, "actor"), error) : NULL;
    if (names && !name)
        return false;
    g_autofree char *at = view_instant(CHINESE, json_number(last, "at")), *at_en = view_instant(ENGLISH, json_number(last, "at"));
    g_autofree char *seen = g_strdup_printf("%" PRId64, turn->input->seen), *now = g_strdup_printf("%" PRId64, json_number(last, "sequence"));
    return refuse(error, CONFLICT, stale, "seen", seen, "events", now, "event", dot ? dot + 1 : event, "when", at, "when_en", at_en,
                  "actor_kind", subject_actor_kind((enum actor_kind)json_number(last, "actor_kind")), name ? "actor_name" : NULL, json_string_value(name), NULL);
}

bool subject_is_fresh(const SubjectTurn *turn, GError **error)
{
    int64_t seen = turn->input->seen, now = subject_member(turn->present, turn->kind->events);
    if (seen < 0 || seen == subject_seen(turn->kind, turn->present))
        return true;
    if (subject_is_draft(turn->kind, turn->present))
        return refuse(error, CONFLICT, "subject.draft_stale", NULL);
    g_autofree char *subject = subject_text(turn->kind, turn->present);
    g_autoptr(json_t) since = ledger_events(turn->context->db, turn->context->county, subject, now - 1, error);
    if (!since)
        return false;
    g_autofree char *stale = g_strconcat(turn->kind->words, ".stale", NULL);
    return refuse_stale(turn, stale, json_array_get(since, 0), error);
}

// SPDX-License-Identifier: Apache-2.0
/* Drafts: nobody but their makers learn of a subject before it is handed in. */
#include "subject/private.h"

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

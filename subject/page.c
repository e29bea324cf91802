// SPDX-License-Identifier: Apache-2.0
/* The page of a subject whose number stands first in its address. */
#include "subject/subject.h"

bool subject_number_asked(const Request *r, const SubjectKind *kind, int64_t *number, GError **error)
{
    return subject_number_read(r->path[0], number) || refuse(error, NOT_FOUND, kind->none, NULL);
}

bool subject_load_asked(const Request *r, const SubjectKind *kind, void *out, GError **error)
{
    int64_t number;
    return subject_number_asked(r, kind, &number, error) && subject_load(r->context.db, r->context.county, kind, number, out, error);
}

static void put_list(json_t *answer, const char *name, const char *has, json_t *list)
{
    json_object_set_new(answer, has, json_boolean(json_array_size(list)));
    json_object_set_new(answer, name, list);
}

bool subject_put_inside(const Request *r, const SubjectKind *kind, const void *present, const SubjectQuestion *questions,
                        json_t *answer, GError **error)
{
    const Context *context = &r->context;
    const SubjectTurn turn = { .context = context, .kind = kind, .present = present };
    g_autofree char *subject = subject_text(kind, present);
    g_autofree char *base = subject_path(kind, subject_number(kind, present), context->actor->kind);
    json_t *documents = files_documents(context->db, context->county, subject, error);
    if (!documents)
        return false;
    put_list(answer, "documents", "has_documents", documents);
    put_list(answer, "actions", "has_actions", subject_actions(context, kind, present, NULL, base));
    subject_put_forms(r, kind, questions, answer);
    return subject_put_history(answer, &turn, error);
}

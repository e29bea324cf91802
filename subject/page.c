// SPDX-License-Identifier: Apache-2.0
/* The page of a subject whose number stands first in its address. */
#include "subject/private.h"

#include "identity/identity.h"

#include <string.h>

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

static bool put_inside(const Request *r, const SubjectKind *kind, const void *present, json_t *answer, GError **error)
{
    const Context *context = &r->context;
    const SubjectTurn turn = { .context = context, .kind = kind, .present = present };
    g_autofree char *subject = subject_text(kind, present);
    g_autofree char *base = subject_path(kind, subject_number(kind, present), context->actor->kind);
    json_t *documents = files_documents(context->db, context->county, subject, error);
    if (!documents)
        return false;
    json_object_set_new(answer, "is_inside", json_true());
    bool opens = true;
    Instant since;
    bool told = subject_put_history(answer, &turn, error) &&
                subject_own_since(context, kind, present, &since, error) &&
                (!kind->opens || kind->opens(context, present, &opens, error));
    if (!told)
        return json_decref(documents), false;
    if (json_flag(answer, "is_restricted"))
        json_array_clear(documents);
    put_list(answer, "documents", "has_documents", documents);
    put_list(answer, "actions", "has_actions", subject_actions(context, kind, present, NULL, base));
    subject_put_forms(r, kind, kind->fields, answer);
    if (!opens)
        subject_hide_codes(answer);
    subject_hide_former(answer, since);
    return true;
}

static bool is_inside(const Context *context, const SubjectKind *kind, const void *present)
{
    bool is = context->actor->kind == STAFF || (kind->is_beside && identity_holds(context->actor, subject_member(present, kind->holder)));
    for (size_t i = 0; i < kind->rule_count && !is; i++)
        is = subject_lets(&(SubjectTurn){ .context = context, .kind = kind, .rule = subject_rule(kind, i), .present = present });
    return is;
}

static json_t *answer_of(const Request *r, const SubjectKind *kind, const void *present, GError **error)
{
    const Context *context = &r->context;
    bool inside = is_inside(context, kind, present);
    if (kind->may_see && !kind->may_see(context->actor, present))
        return refuse(error, NOT_FOUND, kind->none, NULL);
    g_autoptr(json_t) answer = kind->answer(context, present, inside, error);
    json_t *organ = answer ? identity_organ(context->db, context->county, subject_organ(kind, present), error) : NULL;
    if (!organ)
        return NULL;
    json_object_set_new(answer, "organ", organ);
    json_object_set_new(answer, "seen", json_integer(subject_seen(kind, present)));
    return !inside || put_inside(r, kind, present, answer, error) ? g_steal_pointer(&answer) : NULL;
}

static bool is_path_of(const SubjectKind *kind, const char *route)
{
    for (size_t i = 0; i < G_N_ELEMENTS(kind->paths); i++) {
        const char *path = kind->paths[i];
        if (path && g_str_has_prefix(route, path) && g_str_has_prefix(route + strlen(path), "/{number}"))
            return true;
    }
    return false;
}

static const SubjectKind *kind_of(const Request *r)
{
    for (const Room *const *room = r->context.rooms; *room; room++)
        for (const SubjectKind *const *kind = (*room)->subjects; kind && *kind; kind++)
            if (is_path_of(*kind, r->route))
                return *kind;
    return NULL;
}

json_t *subject_page(Request *r, GError **error)
{
    const SubjectKind *kind = kind_of(r);
    g_autofree char *present = g_malloc0(kind->record->size);
    json_t *answer = subject_load_asked(r, kind, present, error) ? answer_of(r, kind, present, error) : NULL;
    record_clear(kind->record, present);
    return answer;
}

json_t *subject_page_act(Request *r, GError **error)
{
    int64_t number;
    const SubjectKind *kind = kind_of(r);
    return subject_number_asked(r, kind, &number, error) ? subject_take_asked(r, kind, number, error) : NULL;
}

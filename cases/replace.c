// SPDX-License-Identifier: Apache-2.0
/* A paper that was handed in wrongly is taken out, or another takes its place: by the applicant in a draft and, of what a notice asks for, while
 * he may correct it; by a desk until the application is accepted (Licensing Law art. 32). What was removed from a draft is gone; what had been
 * handed in stays with the file, unseen, because the ledger has its hash. */
#include "cases/code.h"
#include "cases/papers.h"

#include <string.h>

static const json_t *paper_at(const json_t *papers, int64_t number)
{
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)(uintptr_t)papers, i, one)
        if (json_number(one, "paper") == number)
            return one;
    return NULL;
}

bool paper_material(const Context *context, const Case *self, const SubjectInput *input, char **material, GError **error)
{
    g_autoptr(json_t) papers = papers_of(context, self, error);
    const json_t *one = paper_at(papers, json_number(input->fields, "paper"));
    *material = one ? g_strdup(json_text(one, "material")) : NULL;
    return papers != NULL;
}

static const char *reason_against(const Actor *actor, const Case *self, const char *material)
{
    g_autoptr(json_t) asked = json_loads(self->missing, 0, NULL);
    if (actor->kind != HOLDER || self->state == DRAFT)
        return NULL;
    if (self->state != CORRECTION)
        return "cases.paper_stays";
    return papers_name(asked, material) ? NULL : "cases.paper_not_asked";
}

bool paper_may_leave(const Context *context, const Case *self, const char *material)
{
    return life_may(context, self, REMOVE_PAPER) && !reason_against(context->actor, self, material);
}

bool paper_may_go(const SubjectTurn *turn, GError **error)
{
    const char *material = turn->input->material;
    const char *reason = material ? reason_against(turn->context->actor, turn->present, material) : "cases.no_paper";
    return guard_holder_alone(turn, error) && (!reason || refuse(error, material ? CONFLICT : NOT_FOUND, reason, NULL));
}

/* Whether the material is there is judged anew by the scans that are left. */
bool paper_take_out(const SubjectTurn *turn, void *record, GError **error)
{
    Case *next = record;
    bool is_draft = !((const Case *)turn->present)->events;
    g_autofree char *subject = subject_text(&case_kind, next);
    json_t *removed = files_take_out(turn->context, subject, json_number(turn->input->fields, "paper"), !is_draft, error);
    papers_drop(next, life_item(turn), turn->input->material);
    return removed && json_object_set_new(turn->input->further, "removed", removed) == 0;
}

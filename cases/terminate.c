// SPDX-License-Identifier: Apache-2.0
/* A case ends without a decision (终止) when its applicant or its object is gone. The Licensing Law names such grounds for licences
 * alone, art. 70; by analogy they end the procedure. */
#include "cases/life.h"

#include <string.h>

const char *const terminate_grounds[] = { "death", "dissolution", "impossible", NULL };

static const char *const articles[] = { "参照《行政许可法》第七十条第二项", "参照《行政许可法》第七十条第三项", "参照《行政许可法》第七十条第五项" };

const char *terminate_ground(const SubjectInput *input)
{
    return json_text(input->fields, "end_ground");
}

const char *terminate_basis(const SubjectInput *input)
{
    const char *ground = terminate_ground(input);
    return g_strv_contains(terminate_grounds, ground) ? articles[name_place(terminate_grounds, ground)] : NULL;
}

bool terminate_asks_ground(const Case *self, Day day)
{
    return self->state != CORRECTION || day <= life_wait_ends(self);
}

/* A person dies, an organisation is dissolved. The system that a history comes from has judged its ground. */
bool terminate_fits(const SubjectTurn *turn, GError **error)
{
    const char *ground = terminate_ground(turn->input);
    const Case *self = turn->present;
    bool is_person = case_is_of_person(self);
    if (self->state == CORRECTION && !*ground)
        return !terminate_asks_ground(self, day_of(turn->context->now)) || refuse(error, CONFLICT, "cases.wait_not_over", NULL);
    if (turn->context->actor->kind == LOADER)
        return true;
    if (!g_strv_contains(terminate_grounds, ground))
        return refuse_field(error, "end_ground", "cases.end_ground_needed", NULL);
    bool is_others = strcmp(ground, is_person ? "dissolution" : "death") == 0;
    return !is_others || refuse_field(error, "end_ground", is_person ? "cases.end_ground_of_person" : "cases.end_ground_of_enterprise", NULL);
}

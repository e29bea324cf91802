// SPDX-License-Identifier: Apache-2.0
/* A case goes to the organ that has the power (移送), with its whole file: its clocks start anew when that organ receives it, and nothing is
 * asked of the applicant again that is there. */
#include "cases/papers.h"

static const Item *goes_to(const SubjectTurn *turn)
{
    return ((const CaseWork *)turn->work)->next;
}

bool transfer_fits(const SubjectTurn *turn, GError **error)
{
    const Case *self = turn->present;
    const Item *to = goes_to(turn);
    if (to->organ == self->organ)
        return refuse_field(error, "to_item", "cases.transfer_item", NULL);
    return (case_is_of_person(self) ? to->for_person : to->for_enterprise) || refuse_field(error, "to_item", "cases.transfer_not_for", NULL);
}

/* It begins again at the other organ's acceptance; what the first organ did there is told by its events. */
bool transfer_take(const SubjectTurn *turn, void *record, GError **error)
{
    Case *next = record;
    const Item *to = goes_to(turn);
    (void)error;
    case_pin(next, to);
    next->step = (int64_t)catalogue_step(to, STEP_ACCEPT, 0);
    next->accepted_on = next->corrected = next->extended = next->overdue = next->correct_by = 0;
    next->accepted_hour = 0;
    record_set(&next->reviewers, "");
    record_set(&next->missing, "");
    next->unwritten |= PINNED_PART;
    return true;
}

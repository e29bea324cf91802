// SPDX-License-Identifier: Apache-2.0
/* On the spot (当场决定, Licensing Law art. 34 §2): one press takes the actions of the table one after the other, so that ledger and
 * papers are those that one would have by taking each. Also of which kind a case is (办件类型). */
#include "cases/findings.h"

/* CASE_ACTIONS: the case has been delivered, or takes another way. */
static enum case_action next_action(const Case *self, const Item *item)
{
    enum step_kind kind = item->steps[self->step].kind;
    switch (self->state) {
    case DRAFT: return SUBMIT;
    case RECEIVED: return kind == STEP_ACCEPT ? ACCEPT : PASS;
    case REVIEW: return kind == STEP_DECIDE ? GRANT : PASS;
    case GRANTED: return kind == STEP_ISSUE ? ISSUE : DELIVER;
    case ISSUED: return DELIVER;
    default: return CASE_ACTIONS;
    }
}

/* The role of the first step that is left and that the actor may not take; 0: he may take them all. */
static unsigned missing_role(const Context *context, const Case *self, const Item *item)
{
    for (size_t i = (size_t)self->step; i < item->step_count; i++) {
        StepHolder desk = catalogue_step_holder(item, i, context->county, self->place);
        if (!identity_may(context->actor, desk.role, desk.organ, desk.division))
            return desk.role;
    }
    return 0;
}

static bool is_at_its_beginning(const Case *self)
{
    return (self->state == DRAFT && self->channel != ONLINE) || self->state == RECEIVED;
}

bool case_may_decide_on_spot(const Context *context, const Case *self, const Item *item)
{
    return item->instant && is_at_its_beginning(self) && context->actor->kind == STAFF && !missing_role(context, self, item);
}

static bool may_be_taken(const Context *context, const Case *self, const Item *item, GError **error)
{
    if (!case_may_see(context->actor, self))
        return refuse(error, NOT_ALLOWED, "cases.not_your_case", NULL);
    if (!item->instant)
        return refuse(error, CONFLICT, "cases.not_on_spot", NULL);
    if (!is_at_its_beginning(self))
        return refuse(error, CONFLICT, "cases.spot_not_now", "state", case_state_names[self->state], NULL);
    unsigned role = missing_role(context, self, item);
    return !role || refuse(error, NOT_ALLOWED, "cases.spot_not_yours", "role", role_names[g_bit_nth_lsf(role, -1)], NULL);
}

/* The opinion is that of the review and the decision; an acceptance has none. */
bool case_decide_on_spot(const Context *context, Case *self, const SubjectInput *input, GError **error)
{
    SubjectInput taken = *input;
    g_autoptr(json_t) at_once = json_pack("{s:b}", CASE_ON_SPOT, true);
    for (enum case_action action = CASE_ACTIONS;; taken.seen = -1) {
        g_autoptr(Item) item = catalogue_item(context->db, context->county, self->item, self->item_version, error);
        if (!item || (action == CASE_ACTIONS && !may_be_taken(context, self, item, error)))
            return false;
        action = next_action(self, item);
        if (action == CASE_ACTIONS)
            return true;
        taken.opinion = action == ACCEPT ? NULL : input->opinion;
        g_autoptr(json_t) part = findings_part(item, (size_t)self->step, input->fields);
        taken.fields = action == SUBMIT ? at_once : part;
        if (!case_take(context, self, action, &taken, error))
            return false;
        if (case_rules[action].rule.needs & TAKES_MATERIALS) /* said once */
            taken.materials = NULL;
    }
}

json_t *spot_take(const Request *r, int64_t number, GError **error)
{
    g_auto(Case) self = { 0 };
    const SubjectInput input = subject_input(r);
    if (!subject_load(r->context.db, r->context.county, &case_kind, number, &self, error) ||
        !case_decide_on_spot(&r->context, &self, &input, error) || !subject_save(&r->context, &case_kind, &self, error))
        return NULL;
    return subject_summary(&case_kind, &self);
}

/* ---- the kind of a case ---- */

const char *const case_handling_names[] = { "instant", "promised", "joint", "forwarded", "supplemented", "returned", NULL };

/* A correction or a refusal to accept comes before what the item says, and so does an acceptance together with other organs' items. */
const char *case_handling(const Case *self, const Item *item)
{
    const char *own = json_text(item->details, "handling");
    if (self->state == NOT_ACCEPTED || self->state == NOT_NEEDED)
        return "returned";
    if (self->corrected)
        return "supplemented";
    if (self->joint)
        return "joint";
    if (*own)
        return own;
    return item->instant ? "instant" : json_array_size(json_object_get(item->details, "co_organs")) ? "joint" : "promised";
}

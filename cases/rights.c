// SPDX-License-Identifier: Apache-2.0
/* Rights on a case: its place, its desk, its organ, its holder. */
#include "cases/code.h"
#include "cases/life.h"

#include <string.h>

Post life_place(const Case *self, int64_t county)
{
    static const int64_t organs[] = { [AT_TOWN] = TOWN_CENTRE_ORGAN, [AT_VILLAGE] = VILLAGE_POINT_ORGAN };
    if (self->channel == AT_TOWN || self->channel == AT_VILLAGE)
        return (Post){ organs[self->channel], self->place, CLERK };
    return (Post){ self->organ, division_county(county), CLERK };
}

bool life_took_in(const Actor *actor, const Case *self, int64_t county)
{
    Post place = life_place(self, county);
    return self->channel != ONLINE && actor->kind == STAFF && identity_may(actor, CLERK, place.organ, place.division);
}

bool life_has_receipt(const Actor *actor, const Case *self, int64_t county)
{
    return identity_holds(actor, self->number) || life_took_in(actor, self, county);
}

bool life_sees_all(const Post *post)
{
    return (post->roles & (SUPERVISOR | AUDITOR)) || (post->organ == CENTRE_ORGAN && (post->roles & HEAD));
}

static bool sees(const Post *post, const Case *self)
{
    if (life_sees_all(post))
        return true;
    if (post->organ == TOWN_CENTRE_ORGAN || post->organ == VILLAGE_POINT_ORGAN)
        return division_within(self->place, post->division);
    return post->organ == self->organ;
}

/* An application from home belongs to the applicant alone until it is submitted, also when it is withdrawn before. */
static bool is_at_home(const Case *self)
{
    return self->channel == ONLINE && (!self->mark_count || strcmp(self->marks[0].why, "received") != 0);
}

Instant life_own_since(const Actor *actor, const void *of)
{
    const ClockMark *mark = actor->kind == HOLDER ? life_mark(of, "applicant_changed") : NULL;
    return mark ? mark->at : 0;
}

bool life_is_of_former(const Actor *actor, const Case *self, Instant made_at)
{
    return made_at < life_own_since(actor, self);
}

void life_drop_former(const Actor *actor, const Case *self, json_t *papers)
{
    for (size_t i = json_array_size(papers); i-- > 0;)
        if (life_is_of_former(actor, self, json_number(json_array_get(papers, i), "made_at")))
            json_array_remove(papers, i);
}

bool case_may_see(const Actor *actor, const void *present)
{
    const Case *self = present;
    if (actor->kind == HOLDER)
        return identity_holds(actor, self->number);
    if (actor->kind == STAFF && is_at_home(self))
        return false;
    for (size_t i = 0; actor->kind == STAFF && i < actor->post_count; i++)
        if (sees(&actor->posts[i], self))
            return true;
    return actor->kind == SYSTEM;
}

static bool is_of_staff(const Actor *actor, unsigned who, const Case *self, int64_t county)
{
    Post place = life_place(self, county);
    if ((who & BY_DESK) && self->desk_role &&
        identity_may(actor, (unsigned)self->desk_role, self->desk_organ, self->desk_division))
        return true;
    if ((who & BY_PLACE) && identity_may(actor, CLERK, place.organ, place.division))
        return true;
    return (who & BY_VIEWER) && case_may_see(actor, self);
}

bool case_hands_over(const Context *context, int64_t number, bool *is, GError **error)
{
    bool found = false;
    g_auto(Case) self = { 0 };
    *is = false;
    if (context->actor->kind != STAFF)
        return true;
    bool read = record_load(context->db, context->county, case_kind.record, number, &self, &found, error);
    if (!read || !found)
        return read;
    g_autoptr(Item) item = catalogue_item(context->db, context->county, self.item, self.item_version, error);
    if (!item)
        return false;
    const StepHolder desk = catalogue_step_holder(item, catalogue_step(item, STEP_DELIVER, 0), context->county, self.place);
    *is = self.decision != UNDECIDED && self.state <= DELIVERED && !self.restricted_until && identity_may(context->actor, desk.role, desk.organ, desk.division);
    return true;
}

bool life_is_entitled(const Actor *actor, const void *present, const SubjectRule *rule, int64_t county)
{
    const Case *self = present;
    bool is_staff = actor->kind == STAFF;
    if (actor->kind == LOADER) /* the posts of those days are not known here */
        return !(rule->relations & (BY_VIEWER | BY_KEEPER));
    if (is_staff && is_at_home(self) && !(rule->relations & BY_KEEPER))
        return false;
    return subject_is_entitled(actor, &case_kind, self, rule, county) || (is_staff && is_of_staff(actor, rule->relations, self, county));
}

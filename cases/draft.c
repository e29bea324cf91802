// SPDX-License-Identifier: Apache-2.0
/* How a case begins: its number, and who may begin it where. */
#include "cases/fields.h"
#include "cases/papers.h"

#include <string.h>

static bool is_taken_in_at(const Item *item, enum channel channel, int64_t place)
{
    static const enum level levels[] = { [AT_COUNTY] = COUNTY_LEVEL, [AT_TOWN] = TOWN_LEVEL, [AT_VILLAGE] = VILLAGE_LEVEL };
    return channel == ONLINE ? item->online : catalogue_taken_in(item, levels[channel], place);
}

bool applicants_fit(const Context *context, const Item *item, const Party *party, const char *others, GError **error)
{
    bool is_person = party->kind == PERSON;
    int64_t least = json_number(item->details, "applicants");
    if (!(is_person ? item->for_person : item->for_enterprise))
        return refuse_field(error, "party_kind", is_person ? "cases.not_for_persons" : "cases.not_for_enterprises", NULL);
    if (others_have_agent(others) && json_flag(item->details, "in_person"))
        return refuse_field(error, "by_agent", "cases.in_person", NULL);
    return context->actor->kind == LOADER || least <= 1 + others_with(others) ||
           refuse_field(error, "co_applicants", "cases.applicants_few", "least", DECIMAL(least), NULL);
}

static bool may_begin(const Context *context, const CaseDraft *draft, const Item *item, const Case *made, GError **error)
{
    Post place = life_place(made, context->county);
    bool is_clerk = context->actor->kind == LOADER || identity_may(context->actor, CLERK, place.organ, place.division);
    if (!applicants_fit(context, item, &draft->party, draft->others, error))
        return false;
    if (!is_taken_in_at(item, draft->channel, made->place))
        return refuse(error, CONFLICT, draft->channel == ONLINE ? "cases.not_online" : "cases.not_here", NULL);
    if (draft->channel != ONLINE && !is_clerk)
        return refuse(error, NOT_ALLOWED, "cases.not_your_desk", NULL);
    return true;
}

/* An item of an organ that has ended without a successor takes no application. */
static Item *item_for(const Context *context, const CaseDraft *draft, GError **error)
{
    Item *(*find)(Db *, int64_t, const char *, Day, GError **) = context->actor->kind == LOADER ? catalogue_item_of_history : catalogue_item_on;
    Item *item = find(context->db, context->county, draft->item, day_of(context->now), error);
    if (!item || !item->is_orphan || context->actor->kind == LOADER)
        return item;
    refuse(error, CONFLICT, "cases.item_ended", "item_name", item->name, "item_name_en", item->name_en, NULL);
    catalogue_item_free(item);
    return NULL;
}

/* Applications from home, which anybody can begin by the thousand, leave numbers of the day for the desks. */
static bool draw_number(const Context *context, Case *made, GError **error)
{
    enum { OF_A_DAY = 1000000, FROM_HOME = 800000 };
    return subject_draw_number(context, &case_kind, day_of(context->now), &made->number, error) &&
           (made->channel != ONLINE || made->number % OF_A_DAY <= FROM_HOME || refuse(error, CONFLICT, "cases.numbers_for_desks", NULL));
}

/* {loaded, for_staff (the clerk on leave at whose desk it begins)} as text; NULL: nothing is to be said. Owned by the caller. */
static char *facts_of(const Context *context, const CaseDraft *draft)
{
    int64_t absent = 0;
    const Actor *actor = context->actor;
    for (size_t i = actor->post_count; i-- > 0;) /* own posts come first */
        if ((actor->posts[i].roles & CLERK) && actor->posts[i].division == draft->place)
            absent = actor->posts[i].for_staff;
    if (!draft->loaded && !absent)
        return NULL;
    g_autoptr(json_t) facts = json_pack("{s:O*, s:o*}", "loaded", draft->loaded, "for_staff", absent ? json_integer(absent) : NULL);
    return json_canonical(facts);
}

/* The division that goes on with the work of the one that was chosen. */
static json_t *place_for(const Context *context, int64_t chosen, GError **error)
{
    json_t *place = identity_division(context->db, context->county, chosen, error);
    if (!json_number(place, "ended"))
        return place;
    json_decref(place);
    return identity_acting(context->db, context->county, ABOUT_DIVISION, chosen, &chosen, error) ? identity_division(context->db, context->county, chosen, error) : NULL;
}

bool case_begin(const Context *context, const CaseDraft *draft, Case *out, GError **error)
{
    g_autoptr(Item) item = item_for(context, draft, error);
    g_autoptr(json_t) place = item ? place_for(context, draft->place, error) : NULL;
    g_autofree char *text = facts_of(context, draft);
    *out = (Case){ .place = place ? division_code(place) : 0,
                   .channel = draft->channel,
                   .state = DRAFT,
                   .is_bare = true,
                   .joint = draft->is_part };
    if (!place)
        return false;
    case_pin(out, item);
    out->missing = g_strdup("");
    out->special = g_strdup("");
    out->granted = g_strdup("");
    out->reviewers = g_strdup("");
    out->code_hash = g_strdup("");
    out->applicant_others = g_strdup(draft->others ? draft->others : "");
    out->asked_fields = g_strdup("");
    out->findings = g_strdup("");
    out->applicant_answers = answers_begun(item, draft->situation);
    if (!may_begin(context, draft, item, out, error) || !applicant_put(context, &draft->party, out, error) ||
        !draw_number(context, out, error))
        return false;
    life_desk(out, item, context->county);
    life_show_draft(context, out);
    return subject_begin(context, &case_kind, out, case_kind.begins, text, error);
}

bool case_draft(const Context *context, const CaseDraft *draft, Case *out, GError **error)
{
    return case_begin(context, draft, out, error) && subject_save(context, &case_kind, out, error);
}

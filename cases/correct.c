// SPDX-License-Identifier: Apache-2.0
/* The applicant's details are corrected: freely while the case is a draft, then by a desk for a reason, until the decision is delivered
 * (Personal Information Protection Law art. 46). Papers written before stay as they are; a licence has a correction of its own. */
#include "cases/code.h"
#include "cases/forms.h"
#include "cases/papers.h"

#include <string.h>

static const struct {
    const char *name;
    size_t offset;
    char *(*mask)(const char *); /* NULL: the history tells no more than that it was corrected */
} members[] = {
    { "name", offsetof(Case, applicant), mask_name }, { "id_number", offsetof(Case, applicant_id), mask_id },
    { "telephone", offsetof(Case, applicant_telephone), mask_telephone }, { "contact", offsetof(Case, applicant_contact), mask_name },
    { "representative", offsetof(Case, applicant_representative), mask_name }, { "address", offsetof(Case, applicant_address), NULL },
    { "others", offsetof(Case, applicant_others), NULL },
};

static const char *member_of(const Case *self, size_t i)
{
    return *(char *const *)(const void *)((const char *)self + members[i].offset);
}

/* ---- the action ---- */

static bool read_typed(const SubjectTurn *turn, Party *party, char **id_number, char **others, GError **error)
{
    const json_t *fields = turn->input->fields;
    *others = NULL;
    if (!applicant_of(fields, day_of(turn->context->now), party, id_number, error) ||
        !case_others_of(fields, day_of(turn->context->now), party, others, error))
        return false;
    party->division = ((const Case *)turn->present)->applicant_division;
    return true;
}

static bool place_fits(const SubjectTurn *turn, GError **error)
{
    size_t i;
    json_t *place;
    if (((const Case *)turn->present)->channel != ONLINE)
        return true;
    g_autoptr(json_t) places = identity_places(turn->context->db, turn->context->county, error);
    json_array_foreach(places, i, place)
        if (division_code(place) == json_number(turn->input->fields, "place"))
            return true;
    return places && refuse_field(error, "place", "portal.which_place", NULL);
}

/* Another kind, or another name and number, are another person's, who takes the case over with proof. */
bool correct_fits(const SubjectTurn *turn, GError **error)
{
    Party party;
    const Case *self = turn->present;
    g_autofree char *id_number = NULL, *others = NULL;
    if (!guard_holder_alone(turn, error) || !read_typed(turn, &party, &id_number, &others, error) ||
        !applicants_fit(turn->context, life_item(turn), &party, others, error))
        return false;
    if (life_action(turn) == EDIT)
        return place_fits(turn, error);
    bool is_other = (party.kind == PERSON) != case_is_of_person(self) ||
                    (strcmp(party.name, self->applicant) != 0 && strcmp(id_number, self->applicant_id) != 0);
    return !is_other || refuse_field(error, "id_number", "cases.correct_other", NULL);
}

static json_t *differences(const Case *before, const Case *after)
{
    json_t *list = json_array();
    for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
        if (strcmp(member_of(before, i), member_of(after, i)) != 0)
            json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "after", member_of(after, i), "before", member_of(before, i),
                                                  "corrected_field", members[i].name));
    return list;
}

/* The authorisation that is there is the former agent's. */
static void take_others(const char *others, Case *next)
{
    if (strcmp(others, next->applicant_others) != 0)
        next->held &= ~CASE_AUTHORISED;
    record_set(&next->applicant_others, others);
}

bool correct_take(const SubjectTurn *turn, void *record, GError **error)
{
    Party party;
    Case *next = record;
    const Case *present = turn->present;
    g_autofree char *id_number = NULL, *others = NULL;
    if (!read_typed(turn, &party, &id_number, &others, error) || !applicant_put(turn->context, &party, next, error))
        return false;
    take_others(others, next);
    if (life_action(turn) == EDIT && next->channel == ONLINE)
        next->place = json_number(turn->input->fields, "place");
    if (life_action(turn) == EDIT && turn->context->actor->kind == STAFF)
        life_show_draft(turn->context, next);
    next->unwritten |= APPLICANT_PART | PINNED_PART;
    json_t *corrected = differences(present, next);
    json_object_set_new(turn->input->further, "corrected", corrected);
    if (!json_array_size(corrected) && life_action(turn) != EDIT)
        return refuse_field(error, "name", "cases.nothing_corrected", NULL);
    return next->party == present->party || case_forget_party(turn->context, present->party, present->number, error);
}

void correct_tell(const Event *event, json_t *line)
{
    size_t i;
    json_t *one, *told = json_array();
    g_autoptr(json_t) payload = json_loads(event->payload, 0, NULL);
    json_array_foreach(json_object_get(json_object_get(payload, "facts"), "corrected"), i, one) {
        size_t at = 0;
        while (at + 1 < G_N_ELEMENTS(members) && strcmp(members[at].name, json_text(one, "corrected_field")) != 0)
            at++;
        g_autofree char *before = members[at].mask ? members[at].mask(json_text(one, "before")) : NULL;
        g_autofree char *after = members[at].mask ? members[at].mask(json_text(one, "after")) : NULL;
        json_array_append_new(told, json_pack("{s:s, s:s*, s:s*}", "corrected_field", members[at].name, "before", before, "after", after));
    }
    json_object_set_new(line, "corrected", told);
}

/* ---- the page ---- */

static void put_typed(const Case *self, json_t *answer)
{
    for (size_t i = 0; i < G_N_ELEMENTS(members); i++)
        json_object_set_new(answer, members[i].name, json_string(member_of(self, i)));
    json_object_del(answer, "others");
    json_object_set_new(answer, "party_kind", json_string(self->applicant_kind));
    json_object_set_new(answer, "id_kind", json_string(identity_paper_of(case_is_of_person(self) ? PERSON : ENTERPRISE, self->applicant_id)));
    others_put_typed(self, answer);
}

static bool put_places(const Request *r, const Case *self, json_t *answer, GError **error)
{
    if (self->channel != ONLINE)
        return true;
    g_autoptr(json_t) places = identity_places(r->context.db, r->context.county, error);
    json_object_set_new(answer, "place", json_integer(self->place));
    return places && json_object_set_new(answer, "towns", identity_by_town(places)) == 0;
}

/* Nobody can correct what he does not see: a member of the staff says first why he looks. */
static json_t *ask(Request *r, enum case_action action, GError **error)
{
    bool clear;
    g_auto(Case) found = { 0 };
    if (!case_load_visible(r, &found, error))
        return NULL;
    if (!life_may(&r->context, &found, action))
        return refuse(error, NOT_ALLOWED, "cases.not_yours", "action", case_rules[action].rule.name, NULL);
    if (!case_is_clear(&r->context, &found, &clear, error) || (clear && !case_note_look(r, &found, error)))
        return NULL;
    g_autofree char *path = subject_path(&case_kind, found.number, r->context.actor->kind);
    g_autoptr(json_t) answer = case_asked(&found);
    json_object_update_new(answer, json_pack("{s:s, s:b, s:b}", "case_path", path, "masked", !clear, "is_draft", action == EDIT));
    if (clear)
        put_typed(&found, answer);
    else
        case_put_reveal(r, case_rules[action].rule.name, answer);
    return put_places(r, &found, answer, error) ? g_steal_pointer(&answer) : NULL;
}

static json_t *take(Request *r, enum case_action action, GError **error)
{
    g_auto(Case) found = { 0 }, next = { 0 };
    const SubjectInput input = { .seen = json_number(r->fields, "seen"), .reason = json_text(r->fields, "reason"), .fields = r->fields };
    return case_load_visible(r, &found, error) && case_act(&r->context, found.number, action, &input, &next, error)
        ? subject_summary(&case_kind, &next) : NULL;
}

json_t *case_edit_ask(Request *r, GError **error)
{
    return ask(r, EDIT, error);
}

json_t *case_edit(Request *r, GError **error)
{
    return take(r, EDIT, error);
}

json_t *correct_ask(Request *r, GError **error)
{
    return ask(r, CORRECT_APPLICANT, error);
}

json_t *correct_applicant(Request *r, GError **error)
{
    return take(r, CORRECT_APPLICANT, error);
}

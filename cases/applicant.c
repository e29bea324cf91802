// SPDX-License-Identifier: Apache-2.0
/* The applicant of a case, and how another takes it over (变更申请人): with proof, and from then on alone. */
#include "cases/code.h"
#include "cases/papers.h"

#include <string.h>

static const char proof[] = "变更申请人的证明";

bool applicant_put(const Context *context, const Party *party, Case *self, GError **error)
{
    const struct { char **text; const char *said; } texts[] = {
        { &self->applicant, party->name }, { &self->applicant_kind, party_kind_names[party->kind] }, { &self->applicant_id, party->id_number },
        { &self->applicant_telephone, party->telephone }, { &self->applicant_contact, party->contact },
        { &self->applicant_representative, party->representative }, { &self->applicant_address, party->address },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        record_set(texts[i].text, texts[i].said ? texts[i].said : "");
    self->applicant_division = party->division;
    return identity_party(context, party, &self->party, error);
}

bool applicant_fits(const SubjectTurn *turn, GError **error)
{
    Party party;
    const Case *self = turn->present;
    g_autofree char *id_number = NULL;
    if (!applicant_of(turn->input->fields, day_of(turn->context->now), &party, &id_number, error) || !applicants_fit(turn->context, life_item(turn), &party, self->applicant_others, error))
        return false;
    bool is_same = strcmp(id_number, self->applicant_id) == 0;
    return !is_same || refuse_field(error, "id_number", "cases.same_applicant", NULL);
}

/* Agents and joint applicants were the former one's. Nobody knows a code of it until a slip is printed for the new applicant; the register keeps the former one as long as another case names him. */
bool applicant_take(const SubjectTurn *turn, void *record, GError **error)
{
    Party party;
    Case *next = record;
    const Case *present = turn->present;
    g_autofree char *id_number = NULL;
    if (!applicant_of(turn->input->fields, day_of(turn->context->now), &party, &id_number, error) || !applicant_put(turn->context, &party, next, error))
        return false;
    record_set(&next->applicant_others, "");
    answers_forget_person(next, life_item(turn));
    record_set(&next->code_hash, "");
    next->held &= ~CASE_PROMISED; /* who has promised is bound, and nobody else (promises/follow.c) */
    next->unwritten |= APPLICANT_PART | CODE_PART | PINNED_PART;
    return case_forget_party(turn->context, present->party, present->number, error);
}

/* ---- the page ---- */

bool life_may(const Context *context, const Case *self, enum case_action action)
{
    const SubjectRule *rule = &case_rules[action].rule;
    return rule->from & 1u << self->state && life_is_entitled(context->actor, self, rule, context->county) && code_is_own(context->actor, self);
}

json_t *case_asked(const Case *self)
{
    json_t *answer = subject_summary(&case_kind, self);
    json_object_set_new(answer, "item_name", json_string(self->item_name));
    json_object_set_new(answer, "item_name_en", json_string(self->item_name_en));
    return answer;
}

json_t *applicant_ask(Request *r, GError **error)
{
    g_auto(Case) found = { 0 };
    if (!case_load_visible(r, &found, error))
        return NULL;
    if (!life_may(&r->context, &found, CHANGE_APPLICANT))
        return refuse(error, NOT_ALLOWED, "cases.not_yours", "action", case_rules[CHANGE_APPLICANT].rule.name, NULL);
    return case_asked(&found);
}

json_t *applicant_change(Request *r, GError **error)
{
    g_auto(Case) found = { 0 }, next = { 0 };
    const SubjectInput input = { .seen = json_number(r->fields, "seen"), .reason = json_text(r->fields, "reason"), .material = proof,
                                 .uploads = r->uploads, .upload_count = r->upload_count, .fields = r->fields };
    if (!case_load_visible(r, &found, error) || !case_act(&r->context, found.number, CHANGE_APPLICANT, &input, &next, error) ||
        !session_end_all(&r->context, HOLDER, found.number, error))
        return NULL;
    return subject_summary(&case_kind, &next);
}

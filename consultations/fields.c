// SPDX-License-Identifier: Apache-2.0
/* The columns of a consultation, and what its page shows of them. */
#include "consultations/life.h"

#include <string.h>

const char *const consultation_state_names[CONSULTATION_STATES + 1] = { "opinion_begun", "awaited", "agrees", "agrees_if", "objects", "no_objection",
                                                                        "taken_back" };

#define OF(member, ...) RECORD_COLUMN(Consultation, member, __VA_ARGS__)

static const RecordColumn columns[] = {
    OF(answer, RECORD_TEXT, .group = CONSULTATION_REPLY, .flags = RECORD_PERSONAL),
    OF(answered_day, RECORD_DAY, .group = CONSULTATION_REPLY),
    OF(asked, RECORD_INTEGER, .group = CONSULTATION_LETTER),
    OF(case_number, RECORD_INTEGER, .flags = RECORD_NUMBER),
    OF(due_day, RECORD_DAY, .group = CONSULTATION_LETTER),
    OF(events, RECORD_INTEGER, .group = CONSULTATION_PRESENT, .flags = RECORD_UNRECORDED),
    OF(is_restricted, RECORD_FLAG, .group = CONSULTATION_PRESENT),
    OF(item, RECORD_TEXT, NULL),
    OF(item_name, RECORD_TEXT, NULL),
    OF(item_name_en, RECORD_TEXT, NULL),
    OF(late, RECORD_FLAG, .group = CONSULTATION_PRESENT),
    OF(materials, RECORD_JSON, .group = CONSULTATION_LETTER),
    OF(number, RECORD_INTEGER, .flags = RECORD_KEY | RECORD_NUMBER),
    OF(organ, RECORD_INTEGER, NULL),
    OF(question, RECORD_TEXT, .group = CONSULTATION_LETTER, .flags = RECORD_PERSONAL),
    OF(state, RECORD_WORD, consultation_state_names, CONSULTATION_PRESENT),
};

const Record consultation_record = { "consultation", sizeof(Consultation), columns, G_N_ELEMENTS(columns), NULL, NULL, 0, "consultation.personal" };

void consultation_clear(Consultation *self)
{
    record_clear(&consultation_record, self);
}

/* ---- its page ---- */

bool consultation_opens(const Actor *actor, const Consultation *self)
{
    bool is_asked = self->state == CONSULTATION_AWAITED && identity_is_of(actor, self->asked);
    return actor->kind == STAFF && !self->is_restricted && (is_asked || identity_is_of(actor, self->organ));
}

bool consultation_names(const Consultation *self, const char *material)
{
    size_t i;
    json_t *name;
    g_autoptr(json_t) names = json_loads(self->materials, 0, NULL);
    json_array_foreach(names, i, name)
        if (strcmp(json_string_value(name), material) == 0)
            return true;
    return false;
}

static bool put_papers(const Context *context, const Consultation *self, json_t *answer, GError **error)
{
    size_t i;
    json_t *one, *list = json_array();
    g_autofree char *of = g_strdup_printf("case/%" PRId64, self->case_number);
    json_object_set_new(answer, "papers", list);
    g_autoptr(json_t) papers = files_papers(context->db, context->county, of, error);
    json_array_foreach(papers, i, one)
        if (consultation_names(self, json_text(one, "material")))
            json_array_append_new(list, json_pack("{s:O, s:o}", "material", json_object_get(one, "material"), "link",
                                                  json_sprintf("/desk/consultations/%" PRId64 "/papers/%" PRId64 "%s", self->number, json_number(one, "paper"),
                                                               files_is_shown(json_text(one, "type")) ? "" : "/pages/1")));
    json_object_set_new(answer, "has_papers", json_boolean(json_array_size(list)));
    return papers != NULL;
}

/* The case as far as the organ asked has to know it: what is applied for, and by whom, masked as in lists. */
static bool put_case(const Context *context, const Consultation *self, json_t *answer, GError **error)
{
    g_auto(Case) of = { 0 };
    g_autofree char *subject = g_strdup_printf("case/%" PRId64, self->case_number);
    g_autoptr(json_t) about = subject_about(context, subject, error);
    if (!about || !subject_load(context->db, context->county, &case_kind, self->case_number, &of, error))
        return false;
    json_put_text(answer, "case_path", json_text(about, "subject_path"));
    g_autoptr(json_t) applicant = case_applicant_name(&of, true);
    json_put_text(answer, "applicant_name", of.restricted_until ? NULL : json_text(applicant, "name"));
    return true;
}

json_t *consultation_answer(const Context *context, const void *present, bool is_inside, GError **error)
{
    const Consultation *self = present;
    g_autoptr(json_t) answer = record_public(&consultation_record, self);
    json_t *asked = identity_organ(context->db, context->county, self->asked, error);
    (void)is_inside;
    json_object_set_new(answer, "asked", asked);
    json_object_del(answer, "materials");
    if (!asked || !put_case(context, self, answer, error) || (consultation_opens(context->actor, self) && !put_papers(context, self, answer, error)))
        return NULL;
    json_put_text(answer, "question", self->is_restricted ? NULL : self->question);
    json_put_text(answer, "answer", self->is_restricted ? NULL : self->answer);
    return g_steal_pointer(&answer);
}

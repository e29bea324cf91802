// SPDX-License-Identifier: Apache-2.0
/* The page of a hearing and its papers. */
#include "hearings/life.h"

#include <string.h>

static bool put_chair(const Context *context, const Hearing *self, json_t *into, GError **error)
{
    g_autoptr(json_t) name = self->chair ? identity_staff_name(context->db, context->county, self->chair, error) : json_string("");
    json_put_text(into, "chair_name", json_string_value(name));
    return name != NULL;
}

/* The last of them was named by the action that writes to him. */
static void put_party(const SubjectTurn *turn, const Hearing *next, json_t *content)
{
    g_autoptr(json_t) parties = hearing_parties(next);
    if (turn->rule == &hearing_rules[HEARING_NAME_PARTY])
        json_put_text(content, "party_name", json_text(json_array_get(parties, json_array_size(parties) - 1), "name"));
    g_autoptr(GString) names = g_string_new(NULL);
    size_t i;
    json_t *each;
    json_array_foreach(parties, i, each)
        g_string_append_printf(names, "%s%s", names->len ? "、" : "", json_text(each, "name"));
    json_put_text(content, "party_names", names->str);
}

static void put_call(const Hearing *self, json_t *content)
{
    json_put_day(content, "hearing_day", self->day ? (Day)self->day : DAY_NONE);
    json_put_text(content, "time", self->time);
    json_put_text(content, "hearing_place", self->place);
    json_put_text(content, "closed", hearing_closed_names[self->closed]);
    json_put_text(content, "minutes", self->minutes);
    json_put_text(content, "signed_by", self->signed_by);
    json_put_text(content, "unsigned_by", self->unsigned_by);
}

char *hearing_document(const SubjectTurn *turn, void *next, GError **error)
{
    g_auto(Case) of = { 0 };
    const Hearing *self = next;
    const Context *context = turn->context;
    g_autofree char *grouped = subject_number_grouped(self->number), *case_grouped = subject_number_grouped(self->case_number), *issuer = NULL;
    if (!subject_load(context->db, context->county, &case_kind, self->case_number, &of, error))
        return NULL;
    issuer = files_issuer(context, self->organ, true, error);
    g_autoptr(json_t) content = issuer ? json_pack("{s:o, s:s, s:s, s:s, s:b}", "issuer", json_loads(issuer, 0, NULL), "language", "zh", "number", grouped,
                                                   "case_number_grouped", case_grouped, "is_person", case_is_of_person(&of)) : NULL;
    if (!content || !put_chair(context, self, content, error))
        return NULL;
    json_put_text(content, "applicant_name", of.applicant);
    json_put_text(content, "item_name", self->item_name);
    json_put_text(content, "item_name_en", self->item_name_en);
    json_put_text(content, "ground", hearing_ground_names[self->ground]);
    json_put_text(content, "basis", self->basis);
    json_put_text(content, "matter", self->matter);
    json_put_text(content, self->ground == GROUND_INTEREST ? "by_interest" : "by_order", "1");
    json_put_day(content, "day", day_of(context->now));
    json_put_day(content, "ask_by_day", self->ask_by_day && self->state == HEARING_TOLD ? (Day)self->ask_by_day : DAY_NONE);
    put_party(turn, self, content);
    put_call(self, content);
    return json_canonical(content);
}

/* ---- the page ---- */

/* The names of third parties in part; who serves their notices sees them whole (routes.c). */
static json_t *masked_parties(const Hearing *self)
{
    size_t i;
    json_t *each, *masked = json_array();
    g_autoptr(json_t) parties = hearing_parties(self);
    json_array_foreach(parties, i, each) {
        g_autofree char *name = mask_name(json_text(each, "name"));
        json_array_append_new(masked, json_pack("{s:s}", "name", name));
    }
    return masked;
}

/* Personal data are shown to nobody where their use is restricted (PIPL art. 47). */
static bool put_personal(const Context *context, const Hearing *self, json_t *answer, GError **error)
{
    g_autoptr(json_t) erasure = NULL;
    g_autofree char *subject = subject_text(&hearing_kind, self);
    if (!ledger_erasure(context->db, context->county, subject, &erasure, error))
        return false;
    json_t *parties = erasure ? json_array() : masked_parties(self);
    json_put_text(answer, "matter", erasure ? NULL : self->matter);
    json_object_set_new(answer, "has_parties", json_boolean(json_array_size(parties)));
    json_object_set_new(answer, "parties", parties);
    json_object_set_new(answer, "is_in_use", json_boolean(!erasure));
    return true;
}

json_t *hearing_answer(const Context *context, const void *present, bool is_inside, GError **error)
{
    g_auto(Case) of = { 0 };
    const Hearing *self = present;
    g_autofree char *beside = g_strdup_printf("%s/%" PRId64, case_kind.name, self->case_number);
    g_autoptr(json_t) about = subject_about(context, beside, error);
    g_autoptr(json_t) answer = about ? record_public(&hearing_record, self) : NULL;
    json_object_del(answer, "chair");
    if (!answer || !put_chair(context, self, answer, error) || !put_personal(context, self, answer, error) ||
        !subject_load(context->db, context->county, &case_kind, self->case_number, &of, error))
        return NULL;
    json_put_text(answer, "case_path", json_text(about, "subject_path"));
    json_t *chairs = is_inside && context->actor->kind == STAFF && hearing_is_open(self) ? hearing_chairs(context, &of, error) : json_array();
    if (chairs)
        json_object_set_new(answer, "chairs", chairs);
    return chairs ? g_steal_pointer(&answer) : NULL;
}

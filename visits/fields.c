// SPDX-License-Identifier: Apache-2.0
/* The columns of a visit, and what its page shows of them. */
#include "visits/life.h"

#include "lists/lists.h"

const char *const visit_state_names[VISIT_STATES + 1] = { "to_appoint", "to_make", "to_sign", "to_mend", "fits", "unfit", "no_visit" };
const char *const visit_halves[] = { "", "morning", "afternoon", NULL };
const char *const visit_findings[] = { "", "fits", "unfit", "mend", NULL };
const char *const visit_signatures[] = { "", "signed", "refused", "absent", NULL };

#define OF(member, ...) RECORD_COLUMN(Visit, member, __VA_ARGS__)

static const RecordColumn columns[] = {
    OF(appoint_day, RECORD_DAY, .group = VISIT_PRESENT),
    OF(case_number, RECORD_INTEGER, .flags = RECORD_NUMBER),
    OF(companion, RECORD_INTEGER, .group = VISIT_PLAN),
    OF(day, RECORD_DAY, .group = VISIT_PLAN),
    OF(demanded, RECORD_TEXT, NULL),
    OF(events, RECORD_INTEGER, .group = VISIT_PRESENT, .flags = RECORD_UNRECORDED),
    OF(finding, RECORD_WORD, visit_findings, VISIT_WRITTEN),
    OF(found, RECORD_TEXT, .group = VISIT_WRITTEN, .flags = RECORD_PERSONAL),
    OF(half, RECORD_WORD, visit_halves, VISIT_PLAN),
    OF(is_restricted, RECORD_FLAG, .group = VISIT_PRESENT),
    OF(item, RECORD_TEXT, NULL),
    OF(item_name, RECORD_TEXT, NULL),
    OF(item_name_en, RECORD_TEXT, NULL),
    OF(late, RECORD_FLAG, .group = VISIT_PRESENT),
    OF(mend_day, RECORD_DAY, .group = VISIT_WRITTEN),
    OF(number, RECORD_INTEGER, .flags = RECORD_KEY | RECORD_NUMBER),
    OF(officer, RECORD_INTEGER, .group = VISIT_PLAN),
    OF(organ, RECORD_INTEGER, NULL),
    OF(place, RECORD_TEXT, .group = VISIT_PLAN, .flags = RECORD_PERSONAL),
    OF(rounds, RECORD_INTEGER, .group = VISIT_WRITTEN),
    OF(signature, RECORD_WORD, visit_signatures, VISIT_WRITTEN),
    OF(signature_note, RECORD_TEXT, .group = VISIT_WRITTEN, .flags = RECORD_PERSONAL),
    OF(state, RECORD_WORD, visit_state_names, VISIT_PRESENT),
    OF(writer, RECORD_INTEGER, .group = VISIT_WRITTEN),
};

const Record visit_record = { "visit", sizeof(Visit), columns, G_N_ELEMENTS(columns), NULL, NULL, 0, "visit.personal" };

void visit_clear(Visit *self)
{
    record_clear(&visit_record, self);
}

/* ---- its page ---- */

static void append_staff(const Context *context, json_t *staff, int64_t id)
{
    size_t i;
    json_t *one;
    json_array_foreach(staff, i, one)
        if (g_strcmp0(json_text(one, "id"), DECIMAL(id)) == 0)
            return;
    json_t *name = identity_staff_name(context->db, context->county, id, NULL);
    json_array_append_new(staff, json_pack("{s:s, s:o*}", "id", DECIMAL(id), "name", name));
}

json_t *visit_staff(const Context *context, int64_t organ, GError **error)
{
    g_autoptr(json_t) staff = json_array();
    for (unsigned role = CLERK; role <= ISSUER; role <<= 1) {
        size_t i;
        json_t *id;
        const Post post = { organ, division_county(context->county), role };
        g_autoptr(json_t) desk = identity_desk_staff(context->db, context->county, &post, day_of(context->now), error);
        if (!desk)
            return NULL;
        json_array_foreach(desk, i, id)
            append_staff(context, staff, json_integer_value(id));
    }
    return g_steal_pointer(&staff);
}

static bool put_officers(const Context *context, const Visit *self, json_t *answer, GError **error)
{
    json_t *names = json_array();
    const int64_t ids[] = { self->officer, self->companion };
    json_object_set_new(answer, "officers", names);
    for (size_t i = 0; i < G_N_ELEMENTS(ids); i++) {
        json_t *name = ids[i] ? identity_staff_name(context->db, context->county, ids[i], error) : json_null();
        if (!name)
            return false;
        if (ids[i])
            json_array_append_new(names, json_pack("{s:o, s:b}", "name", name, "wrote", ids[i] == self->writer));
    }
    return json_object_set_new(answer, "has_officers", json_boolean(self->officer)) == 0;
}

static bool put_photos(const Context *context, const Visit *self, json_t *answer, GError **error)
{
    size_t i;
    json_t *one;
    g_autofree char *subject = subject_text(&visit_kind, self);
    json_t *photos = files_papers(context->db, context->county, subject, error);
    json_array_foreach(photos, i, one) {
        json_object_set_new(one, "link", json_sprintf("/desk/visits/%" PRId64 "/papers/%" PRId64, self->number, json_number(one, "paper")));
        json_object_del(one, "name");
    }
    json_object_set_new(answer, "has_photos", json_boolean(json_array_size(photos)));
    return photos && json_object_set_new(answer, "photos", photos) == 0;
}

/* The choices of the form that appoints: the staff, and at first the address that the applicant has told. */
static bool put_choices(const Context *context, const Visit *self, json_t *answer, GError **error)
{
    g_auto(Case) of = { 0 };
    json_t *staff = visit_staff(context, self->organ, error);
    json_object_set_new(answer, "staff", staff);
    if (!staff || !subject_load(context->db, context->county, &case_kind, self->case_number, &of, error))
        return false;
    json_put_text(answer, "place_first", *self->place ? self->place : of.applicant_address);
    return true;
}

json_t *visit_answer(const Context *context, const void *present, bool is_inside, GError **error)
{
    const Visit *self = present;
    bool is_staff = context->actor->kind == STAFF, is_hidden = self->is_restricted;
    g_autoptr(json_t) answer = record_public(&visit_record, self);
    g_autofree char *of = g_strdup_printf("case/%" PRId64, self->case_number);
    g_autoptr(json_t) of_case = is_inside ? subject_about(context, of, error) : json_object();
    bool is_told = self->state != VISIT_TO_SIGN || is_staff; /* the applicant reads the record that both have signed */
    static const char *const inner[] = { "officer", "companion", "writer", "finding", "mend_day", "signature" };
    for (size_t i = 0; i < (is_told ? 3 : G_N_ELEMENTS(inner)); i++)
        json_object_del(answer, inner[i]);
    if (!of_case || !put_officers(context, self, answer, error) || (is_staff && !is_hidden && !put_photos(context, self, answer, error)) ||
        (is_staff && !is_hidden && self->state != VISIT_ENDED && !put_choices(context, self, answer, error)))
        return NULL;
    json_put_text(answer, "case_path", json_text(of_case, "subject_path"));
    json_put_text(answer, "place", is_hidden ? NULL : self->place);
    json_put_text(answer, "found", is_hidden || !is_told ? NULL : self->found);
    json_put_text(answer, "signature_note", is_hidden || !is_staff ? NULL : self->signature_note);
    return g_steal_pointer(&answer);
}

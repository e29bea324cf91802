// SPDX-License-Identifier: Apache-2.0
/* Somebody opens a restaurant in a small city on its last afternoon: one application for several organs. */
#include "demo/room.h"

#include "joint/joint.h"

#include <string.h>

enum { AFTERNOON = 16 * 60 + 45, SOMEBODY = 249001, CASES_LEAST = 20 /* of a smaller city every case is counted */ };
static const char leading[] = "SJJ-03", service[] = "LB-01";

/* The papers of the item; of all items of the city where it is NULL. Owned by the caller. */
static json_t *papers_of(const Demo *self, const Item *item)
{
    json_t *names = json_array();
    for (guint i = 0; i < self->items->len; i++) {
        const Item *each = g_ptr_array_index(self->items, i);
        for (size_t j = 0; (!item || item == each) && j < each->material_count; j++)
            json_array_append_new(names, json_string(each->materials[j].name));
    }
    return names;
}

static const Item *item_of(const Demo *self)
{
    for (guint i = 0; i < self->items->len; i++) {
        const Item *each = g_ptr_array_index(self->items, i);
        if (strcmp(each->code, leading) == 0)
            return each;
    }
    return NULL;
}

static bool hand_in(Demo *self, const Item *item, Case *out, GError **error)
{
    Person made_up;
    const int64_t county = division_county(self->context.county);
    demo_person(SOMEBODY, &made_up);
    const Party party = { .kind = PERSON, .name = made_up.name, .id_number = made_up.id_number, .telephone = made_up.telephone, .contact = "" };
    g_autoptr(json_t) papers = papers_of(self, item);
    self->context.actor = demo_worker(self, item->organ, county, CLERK);
    return case_begin(&self->context, &(CaseDraft){ leading, county, AT_COUNTY, party, NULL }, out, error) &&
           case_take(&self->context, out, SUBMIT, &(SubjectInput){ .seen = -1, .materials = papers }, error) &&
           subject_save(&self->context, &case_kind, out, error);
}

bool demo_joint(Demo *self, GError **error)
{
    g_auto(Case) first = { 0 };
    g_auto(Joint) whole = { 0 }, out = { 0 };
    const Item *item = item_of(self);
    self->context.now = instant_at(self->settings.today - 1, AFTERNOON);
    if (!item || self->plays->len < CASES_LEAST)
        return true;
    g_autoptr(json_t) papers = papers_of(self, NULL);
    if (!hand_in(self, item, &first, error) ||
        !joint_begin(&self->context, &first, service, papers, NULL, &whole, error))
        return false;
    self->context.actor = demo_worker(self, item->organ, division_county(self->context.county), REVIEWER);
    return subject_act(&self->context, &joint_kind, whole.number, &joint_rules[JOINT_ACCEPT],
                       &(SubjectInput){ .seen = -1, .opinion = "材料齐全，统一受理。" }, &out, error);
}

// SPDX-License-Identifier: Apache-2.0
/* The letter of a promise (承诺书), which the applicant signs, and the promise's page. */
#include "promises/life.h"

/* [{name, name_en}] of the case's item; a name that it does not have any more stands for itself. Owned by the caller. */
static json_t *materials_named(const Context *context, const Promise *self, int64_t version, GError **error)
{
    size_t i;
    json_t *name;
    g_autoptr(json_t) names = json_loads(self->materials, 0, NULL), list = json_array();
    g_autoptr(Item) item = catalogue_item(context->db, context->county, self->item, version, error);
    json_array_foreach(names, i, name) {
        const char *english = json_string_value(name);
        for (size_t m = 0; item && m < item->material_count; m++)
            if (g_str_equal(item->materials[m].name, json_string_value(name)))
                english = item->materials[m].name_en;
        json_array_append_new(list, json_pack("{s:O, s:s}", "name", name, "name_en", english));
    }
    return item ? g_steal_pointer(&list) : NULL;
}

char *promise_letter(const Context *context, const Promise *self, const Case *of, GError **error)
{
    g_autofree char *issuer = files_issuer(context, self->organ, true, error), *number = subject_number_grouped(of->number);
    g_autofree char *agent = NULL, *others = case_others_named(of, &agent), *masked = mask_party_id(case_is_of_person(of), of->applicant_id);
    json_t *materials = issuer ? materials_named(context, self, of->item_version, error) : NULL;
    if (!materials)
        return NULL;
    g_autoptr(json_t) content = json_pack("{s:s, s:s, s:s, s:s, s:b, s:o, s:s, s:o}", "applicant_name", of->applicant, "number", number,
                                          "item_name", of->item_name, "item_name_en", of->item_name_en, "is_person", case_is_of_person(of),
                                          "materials", materials, "language", "zh", "issuer", json_loads(issuer, 0, NULL));
    json_put_text(content, "act", of->act);
    json_put_text(content, "agent_name", agent);
    json_put_text(content, "co_applicants", others);
    json_put_text(content, "id_kind", identity_other_paper(case_is_of_person(of) ? PERSON : ENTERPRISE, of->applicant_id));
    json_put_text(content, "id_masked", masked);
    json_put_day(content, "day", day_of(context->now));
    json_put_day(content, "due_day", self->due_day ? (Day)self->due_day : DAY_NONE);
    if (self->is_ticked)
        json_object_set_new(content, "ticked_at", json_integer(context->now));
    return json_canonical(content);
}

json_t *promise_answer(const Context *context, const void *present, bool is_inside, GError **error)
{
    g_auto(Case) of = { 0 };
    const Promise *self = present;
    (void)is_inside;
    g_autofree char *path = subject_path(&case_kind, self->case_number, context->actor->kind);
    bool found = subject_load(context->db, context->county, &case_kind, self->case_number, &of, error);
    json_t *materials = found ? materials_named(context, self, of.item_version, error) : NULL;
    if (!materials)
        return NULL;
    json_t *answer = record_public(&promise_record, self);
    json_object_set_new(answer, "materials", materials);
    json_put_text(answer, "case_path", path);
    json_put_text(answer, "promise_name", promise_kind_names[self->promise]);
    json_put_day(answer, "today_day", day_of(context->now));
    json_object_set_new(answer, "is_late", json_boolean(self->due_day && self->due_day < day_of(context->now) && self->state <= PROMISE_CHECKING));
    return answer;
}

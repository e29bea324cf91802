// SPDX-License-Identifier: Apache-2.0
/* The public register of licences, the page of one for everybody, its holder and the staff, and what holds of a paper today. */
#include "licences/life.h"

#include "lists/lists.h"

#include <string.h>

static const Field list_fields[] = {
    LIST_FIELDS,
    { .name = "state", .kind = FIELD_CHOICE, .choices = licence_state_names },
    { .name = "item", .most = 40 },
    { .name = "organ", .kind = FIELD_INTEGER, .most = 99 },
    { .name = "valid_until", .kind = FIELD_DAY },
    { 0 },
};

static const ListColumn list_columns[] = {
    { "number", LIST_NUMBER, .is_head = true },
    { "former", LIST_TEXT, LIST_EXPORTED },
    { "listed", LIST_TEXT },
    { "result_name", LIST_TEXT },
    { "result_name_en", LIST_TEXT, LIST_EXPORTED },
    { "item_name", LIST_TEXT },
    { "item_name_en", LIST_TEXT, LIST_EXPORTED },
    { "item", LIST_TEXT, LIST_EXPORTED },
    { "organ", LIST_ORGAN },
    { "issued_day", LIST_DAY_NUMBER, LIST_EXPORTED },
    { "valid_to_day", LIST_DAY_NUMBER },
    { "state", LIST_WORD },
    { "since_day", LIST_DAY_NUMBER, LIST_UNSHOWN },
    { "renewal_day", LIST_DAY_NUMBER, LIST_UNSHOWN },
    { "sought", LIST_FOLDED, LIST_UNSHOWN, .hashed = licence_sought_as },
    { "code_sought", LIST_FOLDED, LIST_UNSHOWN },
    { "item_sought", LIST_FOLDED, LIST_UNSHOWN },
    { "former_sought", LIST_FOLDED, LIST_UNSHOWN },
    { 0 },
};

static const ListFilter list_filters[] = {
    { "state", "state", LIST_EQUAL }, { "item", "item", LIST_EQUAL, .find = catalogue_ever, .none = "cases.list_no_item" },
    { "organ", "organ", LIST_EQUAL }, { "valid_until", "valid_to_day", LIST_UNTIL }, { 0 },
};

static const ListOrder list_orders[] = {
    { "number", { "number" }, true }, { "holder", { "sought", "number" }, .head = "listed" },
    { "item", { "item_sought", "number" }, .head = "item_name" }, { "code", { "code_sought", "number" }, .head = "item" },
    { "former", { "former_sought", "number" }, .head = "former" }, { 0 },
};

static void tell(const Request *r, json_t *row)
{
    const char *state = json_text(row, "state");
    const Licence self = { .state = strcmp(state, "withheld") == 0 ? LICENCE_WITHHELD : LICENCE_VALID,
                           .since_day = day_parse(json_text(row, "since_day")), .renewal_day = *json_text(row, "renewal_day") != 0,
                           .valid_to_day = MAX(day_parse(json_text(row, "valid_to_day")), 0) };
    if (strcmp(state, licence_state_names[self.state]) == 0)
        json_object_set_new(row, "state", json_string(licence_word_on(&self, day_of(r->context.now))));
}

const ListSpec licence_list = {
    .name = "register", .room = "licences", .path = "/licences", .table = "licence", .key = "number", .columns = list_columns,
    .fields = list_fields, .filters = list_filters, .orders = list_orders, .bound = 5000,
    .tabs = (const ListTab[]){ { .orders = 0 }, { 0 } },
    .search = { subject_number_read, { "holder", "item", "code", "former" }, NULL, LICENCE_SOUGHT, true }, .link = "/licences/{number}",
    .tell = tell,
};

json_t *licence_answer(const Context *context, const void *present, bool is_inside, GError **error)
{
    const Licence *self = present;
    g_autofree char *issued_by = g_strdup_printf("case/%" PRId64, self->case_number);
    g_autoptr(json_t) of_case = is_inside && self->case_number ? subject_about(context, issued_by, error) : json_object();
    if (!of_case)
        return NULL;
    json_t *answer = licence_json(self);
    json_object_set_new(answer, "today", licence_today(self, day_of(context->now)));
    json_put_text(answer, "case_path", json_text(of_case, "subject_path"));
    if (!is_inside && self->is_person)
        json_object_del(answer, "id_masked");
    return answer;
}

const Field licence_act_fields[] = {
    { .name = "seen", .kind = FIELD_INTEGER, .most = INT32_MAX, .required = true, .look = LOOK_HIDDEN },
    { .name = "ground", .kind = FIELD_CHOICE, .choices = &licence_ground_names[1], .look = LOOK_RADIOS,
      .need = LICENCE_NEEDS_GROUND },
    { .name = "holder", .most = ENTERPRISE_NAME_MOST, .need = LICENCE_TAKES_CONTENT },
    { .name = "id_kind", .kind = FIELD_CHOICE, .choices = identity_papers, .codes = "id_kind", .empty = "cases.usual_paper", .room = "cases",
      .need = LICENCE_TAKES_CONTENT },
    { .name = "id_number", .most = ID_NUMBER_MOST, .look = LOOK_EXACT, .need = LICENCE_TAKES_CONTENT },
    { .name = "content", .kind = FIELD_LONG_TEXT, .most = 500, .value = "content", .need = LICENCE_TAKES_CONTENT },
    { .name = "basis", .need = NEED_BASIS },
    { .name = "opinion", .kind = FIELD_LONG_TEXT, .most = 1000, .need = NEED_OPINION },
    { .name = "reason", .kind = FIELD_LONG_TEXT, .most = 1000, .need = NEED_REASON },
    { 0 },
};

bool licence_tells_today(const Context *context, const json_t *document, json_t *known, GError **error)
{
    g_auto(Licence) self = { 0 };
    int64_t number;
    const SubjectKind *kind = subject_named(context->rooms, json_text(document, "subject"), &number);
    bool is_of_case = kind == &case_kind && strcmp(json_text(document, "document_kind"), "licence") == 0;
    if (kind != &licence_kind && !is_of_case)
        return true;
    if (is_of_case && !licence_of_case(context->db, context->county, number, &number, error))
        return false;
    if (!number) /* issued before there was a register */
        return true;
    if (!subject_load(context->db, context->county, &licence_kind, number, &self, error))
        return false;
    g_autofree char *name = mask_party_name(self.is_person, json_text(json_object_get(document, "content"), "applicant_name"));
    json_put_text(known, "applicant_name", name);
    return json_object_set_new(known, "today", licence_today(&self, day_of(context->now))) == 0;
}

const Route licence_routes[] = {
    { "GET", "/licences", ANYONE, list_page, "licences/register", list_fields, NULL, NULL,
      "The public register of licences: by number, holder, item and organ; format=csv, xlsx or json for files" },
    { "POST", "/licences", ANYONE, NULL, "licences/register", list_fields, NULL, "/licences",
      "Look for licences: leads to the register, at an address that does not tell what was typed", list_find },
    { "GET", "/grants", ANYONE, list_page, "licences/grants", granted_fields, NULL, NULL,
      "The public register of decisions to grant: by number, enterprise, item, organ and day; format=csv, xlsx or json for files" },
    { "GET", "/licences/{number}", ANYONE, subject_page, "licences/licence", NULL, NULL, NULL,
      "A licence as the register has it today; for its holder also its papers, history and actions" },
    { "POST", "/licences/{number}/{action}", HOLDERS, subject_page_act, "licences/licence", licence_act_fields, "/licences/{number}",
      "/licences/{number}", "Take an action on a licence as its holder" },
    { "GET", "/desk/licences/{number}", ANY_ROLE, subject_page, "licences/desk", NULL, NULL, NULL,
      "A licence with its papers, history and the actions open to who asks" },
    { "POST", "/desk/licences/{number}/{action}", ANY_ROLE, subject_page_act, "licences/desk", licence_act_fields,
      "/desk/licences/{number}", "/desk/licences/{number}", "Take an action on a licence" },
    { 0 },
};

// SPDX-License-Identifier: Apache-2.0
/* The public register of licences, the page of one for everybody, its holder and the staff, and what holds of a paper today. */
#include "licences/life.h"

#include "lists/lists.h"

#include <stdlib.h>
#include <string.h>

/* ---- the register ---- */

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
    { "sought", LIST_FOLDED, LIST_UNSHOWN },
    { "code_sought", LIST_FOLDED, LIST_UNSHOWN },
    { "item_sought", LIST_FOLDED, LIST_UNSHOWN },
    { "former_sought", LIST_FOLDED, LIST_UNSHOWN },
    { 0 },
};

static const ListFilter list_filters[] = {
    { "state", "state", LIST_EQUAL }, { "item", "item", LIST_EQUAL }, { "organ", "organ", LIST_EQUAL },
    { "valid_until", "valid_to_day", LIST_UNTIL }, { 0 },
};

static const ListOrder list_orders[] = {
    { "number", { "number" }, true }, { "holder", { "sought", "number" }, .head = "listed" },
    { "item", { "item_sought", "number" }, .head = "item_name" }, { "code", { "code_sought", "number" }, .head = "item" },
    { "former", { "former_sought", "number" }, .head = "former" }, { 0 },
};

static const ListTab list_tabs[] = { { .orders = 0 }, { 0 } };

const ListSpec licence_list = {
    .name = "register", .room = "licences", .path = "/licences", .table = "licence", .key = "number", .columns = list_columns,
    .fields = list_fields, .filters = list_filters, .orders = list_orders, .tabs = list_tabs, .bound = 5000,
    .search = { subject_number_read, { "holder", "item", "code", "former" }, NULL }, .link = "/licences/{number}",
};

static json_t *show_register(Request *r, GError **error)
{
    return list_show(r, &licence_list, error);
}

/* ---- one licence ---- */

/* Papers, history and actions of a licence are for the staff and for its holder. */
static bool put_inside(json_t *answer, const Request *r, const Licence *self, GError **error)
{
    static const SubjectQuestion questions[] = {
        { LICENCE_NEEDS_GROUND, { .name = "ground", .kind = FIELD_CHOICE, .required = true, .choices = &licence_ground_names[1], .look = LOOK_RADIOS } },
        { LICENCE_TAKES_CONTENT, { .name = "holder", .most = 60 } },
        { LICENCE_TAKES_CONTENT, { .name = "id_number", .most = 30, .look = LOOK_EXACT } },
        { LICENCE_TAKES_CONTENT, { .name = "content", .kind = FIELD_LONG_TEXT, .most = 500, .value = "content" } },
        { NEED_BASIS, { .name = "basis", .required = true } },
        { NEED_OPINION, { .name = "opinion", .kind = FIELD_LONG_TEXT, .most = 1000, .required = true } },
        { NEED_REASON, { .name = "reason", .kind = FIELD_LONG_TEXT, .most = 1000, .required = true } },
        { 0 },
    };
    g_autofree char *of_case = subject_path(&case_kind, self->case_number, r->context.actor->kind);
    json_object_set_new(answer, "is_inside", json_true());
    if (self->case_number)
        json_object_set_new(answer, "case_path", json_string(of_case));
    return subject_put_inside(r, &licence_kind, self, questions, answer, error);
}

static json_t *show(Request *r, GError **error)
{
    g_auto(Licence) self = { 0 };
    const Actor *actor = r->context.actor;
    if (!subject_load_asked(r, &licence_kind, &self, error))
        return NULL;
    g_autoptr(json_t) answer = licence_json(&self);
    bool is_inside = actor->kind == STAFF || (actor->kind == HOLDER && actor->id == self.case_number);
    json_t *organ = identity_organ(r->context.db, r->context.county, self.organ, error);
    if (!organ || json_object_set_new(answer, "organ", organ) != 0)
        return NULL;
    json_object_set_new(answer, "seen", json_integer(self.events));
    json_object_set_new(answer, "today", licence_today(&self, day_of(r->context.now)));
    if (!is_inside && self.is_person)
        json_object_del(answer, "id_masked");
    return !is_inside || put_inside(answer, r, &self, error) ? g_steal_pointer(&answer) : NULL;
}

static const Field act_fields[] = {
    { .name = "seen", .kind = FIELD_INTEGER, .most = INT32_MAX, .required = true, .look = LOOK_HIDDEN },
    { .name = "ground", .most = 20 },
    { .name = "holder", .most = 60 },
    { .name = "id_number", .most = 30 },
    { .name = "content", .kind = FIELD_LONG_TEXT, .most = 500 },
    { .name = "basis" },
    { .name = "opinion", .kind = FIELD_LONG_TEXT, .most = 1000 },
    { .name = "reason", .kind = FIELD_LONG_TEXT, .most = 1000 },
    { 0 },
};

static json_t *act(Request *r, GError **error)
{
    int64_t number;
    return subject_number_asked(r, &licence_kind, &number, error) ? subject_take_asked(r, &licence_kind, number, error) : NULL;
}

/* ---- what a paper is worth today ---- */

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
    return subject_load(context->db, context->county, &licence_kind, number, &self, error) &&
           json_object_set_new(known, "today", licence_today(&self, day_of(context->now))) == 0;
}

const Route licence_routes[] = {
    { "GET", "/licences", ANYONE, show_register, "licences/register", list_fields, NULL, NULL,
      "The public register of licences: by number, holder, item and organ; format=csv, xlsx or json for files" },
    { "GET", "/licences/{number}", ANYONE, show, "licences/licence", NULL, NULL, NULL,
      "A licence as the register has it today; for its holder also its papers, history and actions" },
    { "POST", "/licences/{number}/{action}", HOLDERS, act, "licences/licence", act_fields, "/licences/{number}", "/licences/{number}",
      "Take an action on a licence as its holder" },
    { "GET", "/desk/licences/{number}", ANY_ROLE, show, "licences/desk", NULL, NULL, NULL,
      "A licence with its papers, history and the actions open to who asks" },
    { "POST", "/desk/licences/{number}/{action}", ANY_ROLE, act, "licences/desk", act_fields, "/desk/licences/{number}",
      "/desk/licences/{number}", "Take an action on a licence" },
    { 0 },
};

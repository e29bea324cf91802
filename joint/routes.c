// SPDX-License-Identifier: Apache-2.0
/* The wholes that an organ leads, the page of one, and the form that begins one at the desk. */
#include "joint/life.h"

#include "lists/lists.h"

#include <string.h>

enum { WORKS_ON_CASES = CLERK | REVIEWER | APPROVER | HEAD | ISSUER };

/* ---- the list ---- */

static const Field list_fields[] = { LIST_FIELDS, { .name = "state", .kind = FIELD_CHOICE, .choices = joint_state_names }, { 0 } };

static const ListColumn list_columns[] = {
    { "number", LIST_NUMBER, .is_head = true },
    { "name", LIST_TEXT },
    { "name_en", LIST_TEXT, LIST_EXPORTED },
    { "organ", LIST_ORGAN },
    { "accepted_day", LIST_DAY_NUMBER },
    { "due_day", LIST_DAY_NUMBER },
    { "state", LIST_WORD },
    { "late", LIST_FLAG },
    { 0 },
};

static const ListFilter list_filters[] = { { "state", "state", LIST_EQUAL }, { 0 } };
static const ListOrder list_orders[] = { { "number", { "number" }, true }, { 0 } };

/* The head of the centre, who extends, sees those of all organs. */
static bool sees_all(const Request *r, const json_t *asked, ListSeen *seen, GError **error)
{
    (void)asked, (void)error;
    if (identity_has_role(r->context.actor, SUPERVISOR | AUDITOR))
        list_grant(seen, 0, NULL);
    return true;
}

static const ListTab list_tabs[] = {
    { "joint_own", WORKS_ON_CASES, { { { "organ" } } }, list_sees_own_organs, 0, false },
    { "joint_all", SUPERVISOR | AUDITOR, { { { NULL } } }, sees_all, 0, false },
    { 0 },
};

const ListSpec joint_list = {
    .name = "joint", .room = "joint", .path = "/desk/joint", .table = "joint", .key = "number", .columns = list_columns, .fields = list_fields,
    .filters = list_filters, .orders = list_orders, .tabs = list_tabs, .bound = 2000, .search.number = subject_number_read, .link = "/desk/joint/{number}",
};

/* ---- beginning ---- */

static bool case_to_join(const Request *r, Case *out, GError **error)
{
    return subject_load_asked(r, &case_kind, out, error) &&
           (joint_kind.may_begin(&r->context, out) || refuse(error, NOT_ALLOWED, "joint.not_yours_to_begin", NULL));
}

static void append_materials(json_t *list, const Item *item)
{
    for (size_t i = 0; i < item->material_count; i++) {
        size_t j = 0, count = json_array_size(list);
        while (j < count && strcmp(json_text(json_array_get(list, j), "name"), item->materials[i].name) != 0)
            j++;
        if (j == count)
            json_array_append_new(list, json_pack("{s:s, s:s}", "name", item->materials[i].name, "name_en", item->materials[i].name_en));
    }
}

static bool append_stage(const Context *context, const Case *of, char **codes, json_t *list, GError **error)
{
    for (; *codes; codes++) {
        g_autoptr(Item) item = catalogue_item_on(context->db, context->county, *codes, day_of(context->now), error);
        if (!item)
            return false;
        if (strcmp(*codes, of->item) != 0)
            append_materials(list, item);
    }
    return true;
}

/* The papers of the other items of the services that may begin, each once. Owned by the caller. */
static json_t *papers_of_services(const Context *context, const Case *of, const json_t *services, GError **error)
{
    size_t i;
    json_t *one;
    g_autoptr(json_t) list = json_array();
    json_array_foreach((json_t *)(uintptr_t)services, i, one) {
        g_auto(Service) service = { 0 };
        if (!service_find(json_text(one, "code"), of->item, &service, error))
            return NULL;
        for (size_t stage = 0; stage < service.stages; stage++)
            if (!append_stage(context, of, service.items[stage], list, error))
                return NULL;
    }
    return g_steal_pointer(&list);
}

static json_t *form(Request *r, GError **error)
{
    g_auto(Case) of = { 0 };
    if (!case_to_join(r, &of, error))
        return NULL;
    g_autofree char *grouped = subject_number_grouped(of.number);
    g_autoptr(json_t) services = services_led_by(of.item, error);
    g_autoptr(json_t) materials = services ? papers_of_services(&r->context, &of, services, error) : NULL;
    return materials ? json_pack("{s:o, s:s, s:s, s:s, s:O, s:O}", "case_number", json_sprintf("%" PRId64, of.number), "case_number_grouped", grouped,
                                 "item_name", of.item_name, "item_name_en", of.item_name_en, "services", services, "materials", materials)
                     : NULL;
}

static json_t *begin(Request *r, GError **error)
{
    g_auto(Case) of = { 0 };
    g_auto(Joint) made = { 0 };
    const json_t *materials = json_object_get(r->fields, "materials");
    return case_to_join(r, &of, error) && joint_begin(&r->context, &of, json_text(r->fields, "service"), materials, &made, error)
               ? subject_summary(&joint_kind, &made) : NULL;
}

/* A part's page is that of the whole. */
static json_t *show_part(Request *r, GError **error)
{
    g_auto(Part) part = { 0 };
    if (!subject_load_asked(r, &part_kind, &part, error))
        return NULL;
    g_autofree char *path = subject_path(&joint_kind, part.joint, STAFF);
    return answer_redirect(r, path);
}

/* ---- the routes ---- */

const Field joint_begin_fields[] = {
    { .name = "service", .most = 40, .required = true, .options = "services.code", .look = LOOK_RADIOS },
    { .name = "materials", .kind = FIELD_LIST, .most = 100, .options = "materials.name" },
    { 0 },
};

const Field joint_act_fields[] = {
    { .name = "seen", .kind = FIELD_INTEGER, .most = INT32_MAX, .required = true, .look = LOOK_HIDDEN },
    { .name = "opinion", .kind = FIELD_LONG_TEXT, .most = 1000, .need = NEED_OPINION },
    { .name = "reason", .kind = FIELD_LONG_TEXT, .most = 1000, .need = NEED_REASON },
    { 0 },
};

const Route joint_routes[] = {
    { "GET", "/desk/joint", WORKS_ON_CASES | SUPERVISOR | AUDITOR, list_page, "joint/list", list_fields, NULL, NULL,
      "The joint applications that one's organ leads; for supervisors those of all" },
    { "GET", "/desk/joint/of/{number}", CLERK | REVIEWER, form, "joint/begin", NULL, NULL, NULL,
      "The form to go on with a case, just handed in, together with the other items of a service" },
    { "POST", "/desk/joint/of/{number}", CLERK | REVIEWER, begin, "joint/begin", joint_begin_fields, "/desk/joint/{number}", "/desk/joint/of/{number}",
      "Hand in the other items of a service for the applicant of a case" },
    { "GET", "/desk/joint/parts/{number}", ANY_ROLE, show_part, NULL, NULL, NULL, NULL, "Leads from a part to the whole" },
    { "GET", "/desk/joint/{number}", ANY_ROLE, subject_page, "joint/desk", NULL, NULL, NULL,
      "A joint application with its parts, limit, papers, history and the actions open to who asks" },
    { "POST", "/desk/joint/{number}/{action}", ANY_ROLE, subject_page_act, "joint/desk", joint_act_fields, "/desk/joint/{number}", "/desk/joint/{number}",
      "Take an action on a joint application" },
    { "GET", "/joint/{number}", HOLDERS, subject_page, "joint/joint", NULL, NULL, NULL, "A joint application as the applicant sees it" },
    { 0 },
};

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

static void append_materials(json_t *list, const json_t *papers, const Item *own)
{
    size_t i;
    json_t *paper;
    json_array_foreach((json_t *)(uintptr_t)papers, i, paper)
    {
        size_t j = 0;
        while (j < own->material_count &&
               strcmp(own->materials[j].name, json_text(paper, "name")) != 0)
            j++;
        bool is_shared =
            j < own->material_count && json_array_size(json_object_get(paper, "items")) > 1;
        if (!json_object_get(paper, "from") && (is_shared || j == own->material_count))
            json_array_append(list, paper);
    }
}

/* The papers of the other items of the bundles that may begin, and the items that are left to the
 * applicant. */
bool joint_put_bundles(const Request *r, const Case *of, json_t *shown, GError **error)
{
    size_t i, j;
    json_t *bundle, *option, *materials = json_array(), *options = json_array(),
                             *services = json_array();
    json_object_update_new(shown, json_pack("{s:o, s:o, s:o}", "materials", materials, "options",
                                            options, "services", services));
    g_autoptr(json_t) led = bundles_led_by(&r->context, of->item, error);
    g_autoptr(Item) own = led ? catalogue_item_on(r->context.db, r->context.county, of->item,
                                                  day_of(r->context.now), error)
                              : NULL;
    if (!own)
        return false;
    json_array_foreach(led, i, bundle)
    {
        g_autoptr(json_t) guide = bundle_guide(r, bundle, error);
        if (!guide)
            return false;
        json_array_append(services, guide);
        append_materials(materials, json_object_get(guide, "papers"), own);
        json_array_foreach(json_object_get(bundle, "options"), j, option) json_array_append_new(
            options, json_pack("{s:O, s:O, s:O}", "code", json_object_get(option, "item"), "name",
                               json_object_get(option, "question"), "name_en",
                               json_object_get(option, "question_en")));
    }
    return true;
}

static json_t *form(Request *r, GError **error)
{
    g_auto(Case) of = { 0 };
    if (!case_to_join(r, &of, error))
        return NULL;
    g_autofree char *grouped = subject_number_grouped(of.number);
    json_t *shown = json_pack("{s:o, s:s, s:s, s:s}", "case_number",
                              json_sprintf("%" PRId64, of.number), "case_number_grouped", grouped,
                              "item_name", of.item_name, "item_name_en", of.item_name_en);
    return joint_put_bundles(r, &of, shown, error) ? shown : (json_decref(shown), NULL);
}

static json_t *begin(Request *r, GError **error)
{
    g_auto(Case) of = { 0 };
    g_auto(Joint) made = { 0 };
    const json_t *materials = json_object_get(r->fields, "materials");
    return case_to_join(r, &of, error) &&
                   joint_begin(&r->context, &of, json_text(r->fields, "service"), materials,
                               json_object_get(r->fields, "chosen"), &made, error)
               ? subject_summary(&joint_kind, &made)
               : NULL;
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
    { .name = "service",
      .most = 40,
      .required = true,
      .options = "services.code",
      .look = LOOK_RADIOS },
    { .name = "chosen", .kind = FIELD_LIST, .most = 40, .options = "options.code" },
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
    { "GET", "/bundles", ANYONE, bundles_show, "joint/bundles", NULL, NULL, NULL,
      "The bundles (一件事) that one can apply for at once, by matters of life" },
    { "GET", "/bundles/{code}", ANYONE, bundle_show, "joint/bundle", NULL, NULL, NULL,
      "A bundle: its items in their order, all papers without doubles, how long it takes and what "
      "it costs" },
    { "GET", "/desk/joint", WORKS_ON_CASES | SUPERVISOR | AUDITOR, list_page, "joint/list",
      list_fields, NULL, NULL,
      "The joint applications that one's organ leads; for supervisors those of all" },
    { "GET", "/desk/joint/of/{number}", CLERK | REVIEWER, form, "joint/begin", NULL, NULL, NULL,
      "The form to go on with a case, just handed in, together with the other items of a service" },
    { "POST", "/desk/joint/of/{number}", CLERK | REVIEWER, begin, "joint/begin", joint_begin_fields,
      "/desk/joint/{number}", "/desk/joint/of/{number}",
      "Hand in the other items of a service for the applicant of a case" },
    { "GET", "/desk/joint/parts/{number}", ANY_ROLE, show_part, NULL, NULL, NULL, NULL,
      "Leads from a part to the whole" },
    { "GET", "/desk/joint/{number}", ANY_ROLE, subject_page, "joint/desk", NULL, NULL, NULL,
      "A joint application with its parts, limit, papers, history and the actions open to who "
      "asks" },
    { "POST", "/desk/joint/{number}/{action}", ANY_ROLE, subject_page_act, "joint/desk",
      joint_act_fields, "/desk/joint/{number}", "/desk/joint/{number}",
      "Take an action on a joint application" },
    { "GET", "/joint/{number}", HOLDERS, subject_page, "joint/joint", NULL, NULL, NULL,
      "A joint application as the applicant sees it" },
    { 0 },
};

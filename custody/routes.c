// SPDX-License-Identifier: Apache-2.0
/* The list of what a desk keeps, the form by which originals are left with it, and the page of one custody. */
#include "custody/room.h"

#include "lists/lists.h"

#include <string.h>

/* ---- the list ---- */

static const Field list_fields[] = { LIST_FIELDS, { 0 } };

static const ListColumn list_columns[] = {
    { "number", LIST_NUMBER, .is_head = true },
    { "case_number", LIST_NUMBER },
    { "item_name", LIST_TEXT },
    { "item_name_en", LIST_TEXT, LIST_EXPORTED },
    { "pieces", LIST_INTEGER },
    { "since_day", LIST_DAY_NUMBER },
    { "back_day", LIST_DAY_NUMBER },
    { "state", LIST_WORD, LIST_EXPORTED },
    { "desk_organ", LIST_ORGAN, LIST_UNSHOWN },
    { "desk_division", LIST_DIVISION, LIST_UNSHOWN },
    { 0 },
};

static const ListOrder list_orders[] = { { "since", { "since_day", "number" } }, { 0 } };

static bool sees_desk(const Request *r, const json_t *asked, ListSeen *seen, GError **error)
{
    const Actor *actor = r->context.actor;
    (void)asked, (void)error;
    for (size_t i = 0; i < actor->post_count; i++)
        if (actor->posts[i].roles & CLERK)
            list_grant(seen, 0, (const int64_t[]){ actor->posts[i].organ, actor->posts[i].division });
    return true;
}

static const ListTab list_tabs[] = {
    { "in_custody", 0, { { { "desk_organ", "desk_division" }, "state = 'in_custody'" } }, sees_desk, 0, true },
    { "handed_back", 0, { { { "desk_organ", "desk_division" }, "state = 'handed_back'" } }, sees_desk, 0, false },
    { 0 },
};

const ListSpec custody_list = {
    .name = "custody", .room = "custody", .path = "/desk/custody", .table = "custody", .key = "number", .columns = list_columns,
    .fields = list_fields, .orders = list_orders, .tabs = list_tabs, .search = { subject_number_read }, .link = "/desk/custody/{number}",
};

/* ---- one ---- */

const Field custody_act_fields[] = {
    { .name = "seen", .kind = FIELD_INTEGER, .most = INT32_MAX, .required = true, .look = LOOK_HIDDEN },
    { .name = "receiver", .least = 2, .most = 60, .check = identity_name, .need = CUSTODY_NEEDS_RECEIVER },
    { 0 },
};

static json_t *shown(const char *name)
{
    g_autofree char *masked = mask_name(name);
    return json_string(masked);
}

json_t *custody_answer(const Context *context, const void *present, bool is_inside, GError **error)
{
    const Custody *self = present;
    g_autofree char *of = g_strdup_printf("%s/%" PRId64, case_kind.name, self->case_number);
    g_autoptr(json_t) of_case = subject_about(context, of, error);
    g_autoptr(json_t) division = of_case ? identity_division(context->db, context->county, self->desk_division, error) : NULL;
    g_autoptr(json_t) desk = division ? identity_organ(context->db, context->county, self->desk_organ, error) : NULL;
    bool opens;
    Instant since;
    (void)is_inside;
    if (!desk || !case_opens_all(context, self->case_number, &opens, error) ||
        !subject_own_since(context, &custody_kind, self, &since, error))
        return NULL;
    json_t *answer = record_public(custody_kind.record, self);
    json_object_set_new(answer, "state", json_string(custody_state_names[self->state]));
    json_object_set(answer, "division", division);
    json_object_set(answer, "desk", desk);
    json_put_text(answer, "case_path", json_text(of_case, "subject_path"));
    bool is_gone = self->is_restricted || !*self->originals;
    json_object_set_new(answer, "is_gone", json_boolean(is_gone));
    if (!opens || is_gone)
        return answer;
    json_object_set_new(answer, "originals", custody_lines(self->originals));
    json_object_set_new(answer, "has_originals", json_true());
    if (instant_at((Day)self->since_day, 0) >=
        since) /* else the former applicant's, or his messenger's */
        json_object_set_new(answer, "depositor", shown(self->depositor));
    if (*self->receiver)
        json_object_set_new(answer, "receiver", shown(self->receiver));
    return answer;
}

/* ---- leaving some ---- */

/* Nothing in it turns or hides what is read. */
static char *originals_fit(const char *value, GError **error)
{
    char *fit = identity_name(value, NULL);
    return fit ? fit : refuse(error, NOT_FITTING, "custody.originals_form", NULL);
}

static const Field begin_fields[] = {
    { .name = "originals", .kind = FIELD_LONG_TEXT, .least = 2, .most = 1000, .required = true, .check = originals_fit },
    { .name = "pieces", .kind = FIELD_INTEGER, .least = 1, .most = 999, .required = true },
    { .name = "depositor", .least = 2, .most = 60, .check = identity_name },
    { 0 },
};

static json_t *begin_form(Request *r, GError **error)
{
    const Post *post;
    g_auto(Case) of = { 0 };
    if (!subject_load_asked(r, &case_kind, &of, error) || !custody_may_keep(&r->context, &of, &post, error))
        return NULL;
    g_autofree char *grouped = subject_number_grouped(of.number), *path = subject_path(&case_kind, of.number, STAFF);
    return json_pack("{s:s, s:s, s:s, s:s}", "case_grouped", grouped, "case_path", path, "item_name", of.item_name, "item_name_en", of.item_name_en);
}

static json_t *begin(Request *r, GError **error)
{
    Deposit deposit = { .originals = json_text(r->fields, "originals"), .pieces = json_number(r->fields, "pieces"),
                        .depositor = json_text(r->fields, "depositor") };
    g_auto(Custody) made = { 0 };
    if (!subject_number_asked(r, &case_kind, &deposit.case_number, error) || !custody_begin(&r->context, &deposit, &made, error))
        return NULL;
    return subject_summary(&custody_kind, &made);
}

const Route custody_routes[] = {
    { "GET", "/desk/custody", CLERK, list_page, "custody/list", list_fields, NULL, NULL,
      "The originals that one's desk keeps, and those that it has handed back; format=csv, xlsx or json for files" },
    { "GET", "/desk/custody/of/{case}", CLERK, begin_form, "custody/begin", NULL, NULL, NULL, "The form by which originals are left with the desk for a case" },
    { "POST", "/desk/custody/of/{case}", CLERK, begin, "custody/begin", begin_fields, "/desk/custody/{number}", "/desk/custody/of/{case}",
      "Take originals into custody for a case, against a receipt" },
    { "GET", "/desk/custody/{number}", ANY_ROLE, subject_page, "custody/desk", NULL, NULL, NULL,
      "A custody with its papers, history and the actions open to who asks" },
    { "POST", "/desk/custody/{number}/{action}", ANY_ROLE, subject_page_act, "custody/desk", custody_act_fields, "/desk/custody/{number}",
      "/desk/custody/{number}", "Hand originals back against a signature" },
    { "GET", "/custody/{number}", HOLDERS, subject_page, "custody/own", NULL, NULL, NULL, "A custody of one's own case" },
    { 0 },
};

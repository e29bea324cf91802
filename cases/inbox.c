// SPDX-License-Identifier: Apache-2.0
#include "cases/inbox.h"

#include "cases/answer.h"
#include "cases/calendar.h"
#include "cases/fields.h"
#include "cases/find.h"
#include "cases/life.h"

enum { LOOKED_THROUGH = 2000 };

static const char *const lists[] = { "desk", "place", "all", NULL };

const Field inbox_fields[] = {
    { "list", FIELD_CHOICE, 0, 0, false, lists, NULL },
    LIST_FIELDS_BUT_TAB,
    { "state", FIELD_CHOICE, 0, 0, false, case_state_names, NULL },
    { "division", FIELD_INTEGER, 0, INT64_MAX, false, NULL, NULL },
    { "due", FIELD_DAY, 0, 0, false, NULL, NULL },
    { "item", FIELD_TEXT, 0, 40, false, NULL, NULL },
    { "after_at", FIELD_INTEGER, 0, INT64_MAX, false, NULL, NULL }, /* of addresses of old: the place began with it */
    { 0 },
};

const ListColumn case_columns[] = {
    { "number", LIST_NUMBER },
    { "item", LIST_TEXT, LIST_EXPORTED },
    { "item_name", LIST_TEXT, .is_head = true },
    { "item_name_en", LIST_TEXT, LIST_EXPORTED },
    { "state", LIST_WORD },
    { "place", LIST_DIVISION },
    { "channel", LIST_WORD, LIST_EXPORTED },
    { "organ", LIST_ORGAN, LIST_EXPORTED },
    { "accepted_on", LIST_DAY_NUMBER, LIST_EXPORTED },
    { "due_at", LIST_INSTANT },
    { "decided_on", LIST_DAY_NUMBER, LIST_EXPORTED },
    { "handling", LIST_WORD, LIST_EXPORTED, .from = "item" },
    { "item_version", LIST_INTEGER, LIST_UNSHOWN },
    { "corrected", LIST_INTEGER, LIST_UNSHOWN },
    { "joint", LIST_INTEGER, LIST_UNSHOWN },
    { "accepted_hour", LIST_INTEGER, LIST_UNSHOWN },
    { "desk_organ", LIST_ORGAN, LIST_UNSHOWN },
    { "desk_division", LIST_DIVISION, LIST_UNSHOWN },
    { "desk_role", LIST_INTEGER, LIST_UNSHOWN },
    { 0 },
};

static const ListFilter filters[] = {
    { "state", "state", LIST_EQUAL },
    { "division", "place", LIST_WITHIN },
    { "due", "due_at", LIST_UNTIL },
    { "item", "item", LIST_EQUAL },
    { 0 },
};

enum { BY_DUE, BY_NUMBER };
static const ListOrder orders[] = {
    [BY_DUE] = { "due", { "due_at", "number" } },
    [BY_NUMBER] = { "number", { "number" }, true },
    { 0 },
};

/* ---- who sees which ---- */

/* Each role's cases lie together: nobody's page depends on how much waits for others at the same desk. */
static bool sees_desk(const Request *r, const json_t *asked, ListSeen *seen, GError **error)
{
    (void)asked, (void)error;
    const Actor *actor = r->context.actor;
    for (size_t i = 0; i < actor->post_count; i++)
        for (unsigned role = 1; role <= actor->posts[i].roles; role <<= 1)
            if (actor->posts[i].roles & role)
                list_grant(seen, 0, (const int64_t[]){ actor->posts[i].organ, actor->posts[i].division, role });
    return true;
}

/* A town or village sees the cases handed in at its desk, also from home; a department those that the centre took in for it,
 * at its counters or from home. */
static bool sees_place(const Request *r, const json_t *asked, ListSeen *seen, GError **error)
{
    (void)asked, (void)error;
    const Actor *actor = r->context.actor;
    for (size_t i = 0; i < actor->post_count; i++) {
        const Post *post = &actor->posts[i];
        bool is_local = post->organ == TOWN_CENTRE_ORGAN || post->organ == VILLAGE_POINT_ORGAN;
        if (post->roles & CLERK)
            list_grant(seen, is_local ? 0 : 1, is_local ? &post->division : &post->organ);
    }
    return true;
}

static bool sees_all(const Request *r, const json_t *asked, ListSeen *seen, GError **error)
{
    (void)asked, (void)error;
    if (identity_has_role(r->context.actor, SUPERVISOR | AUDITOR))
        list_grant(seen, 0, NULL);
    return true;
}

/* As case_may_see has it: an application from home is the applicant's alone until then, and stays so when withdrawn before. */
#define SUBMITTED "(channel <> 'online' OR marks LIKE '%,received%')"

static const ListTab tabs[] = {
    { "desk", CLERK | REVIEWER | APPROVER | HEAD | ISSUER, { { { "desk_organ", "desk_division", "desk_role" }, "desk_role <> 0" } },
      sees_desk, 1 << BY_DUE, true },
    { "place", CLERK, { { { "place" }, "channel <> 'county' AND " SUBMITTED }, { { "organ" }, "channel IN ('county', 'online') AND " SUBMITTED } },
      sees_place, 1 << BY_NUMBER, false },
    { "all", SUPERVISOR | AUDITOR, { { { NULL }, SUBMITTED } }, sees_all, 1 << BY_NUMBER, false },
    { 0 },
};

/* ---- rows ---- */

void case_select(GString *sql)
{
    record_append_columns(&case_record, sql, "");
}

void case_tell_handling(const Request *r, json_t *row)
{
    g_autoptr(Item) item = catalogue_item(r->context.db, r->context.county, json_text(row, "item"), json_number(row, "item_version"), NULL);
    const Case self = { .state = (int64_t)name_place(case_state_names, json_text(row, "state")), .corrected = json_number(row, "corrected"),
                        .joint = json_number(row, "joint") };
    json_object_set_new(row, "handling", json_string(item ? case_handling(&self, item) : ""));
}

void case_let_go(void *data)
{
    case_clear(data);
    g_free(data);
}

void *case_read(const DbRows *rows, GError **error)
{
    Case *self = g_new0(Case, 1);
    if (record_read(&case_record, rows, self))
        return self;
    fault(error, "case %" PRId64 " is damaged: see pinghu verify", self->number);
    case_let_go(self);
    return NULL;
}

static bool put_reviewed(const Request *r, const Case *self, json_t *answer, GError **error)
{
    g_autoptr(Item) item = catalogue_item(r->context.db, r->context.county, self->item, self->item_version, error);
    return item && json_object_set_new(answer, "is_reviewed_by_you", json_boolean(eyes_are_his(r->context.actor, self, item))) == 0;
}

json_t *case_row_json(const Request *r, const void *data, GError **error)
{
    const Case *self = data;
    g_autoptr(json_t) answer = json_object();
    if (!answer_head(answer, &r->context, self, case_applicant_name(self, true), error))
        return NULL;
    if (self->due_at)
        json_put_day(answer, "due_day", day_of(self->due_at));
    if (*self->reviewers && self->state == REVIEW && self->desk_role == APPROVER && !put_reviewed(r, self, answer, error))
        return NULL;
    if (self->restricted_until)
        json_put_day(answer, "restricted_day", (Day)self->restricted_until);
    return g_steal_pointer(&answer);
}

static const ListReader reader = { case_select, case_read, case_row_json, case_let_go, "events", "cases/inbox_row" };

/* ---- many at once ---- */

static bool accept(const Request *r, int64_t number, int64_t seen, GError **error)
{
    return case_act(&r->context, number, ACCEPT, &(SubjectInput){ .seen = seen, .opinion = "" }, NULL, error);
}

static bool close_case(const Request *r, int64_t number, int64_t seen, GError **error)
{
    return case_act(&r->context, number, CLOSE, &(SubjectInput){ .seen = seen }, NULL, error);
}

static const ListAction actions[] = { { "accept", REVIEWER, accept }, { "close", CLERK | REVIEWER, close_case }, { 0 } };

const ListSpec inbox_list = {
    .name = "inbox", .room = "cases", .path = "/desk", .table = "case_now", .key = "number", .columns = case_columns, .fields = inbox_fields,
    .filters = filters, .orders = orders, .tabs = tabs, .bound = LOOKED_THROUGH, .search.number = subject_number_read,
    .link = "/desk/cases/{number}", .is_walked = true, .rows = "cases", .reader = &reader,
    .tell = case_tell_handling, .actions = actions,
};

json_t *inbox_show(Request *r, GError **error)
{
    if (json_object_get(r->fields, "after_at")) {
        g_autofree char *path = g_strdup_printf("/desk?list=desk&after=%" PRId64 "~%s", json_number(r->fields, "after_at"),
                                                json_text(r->fields, "after"));
        return answer_redirect(r, path);
    }
    json_t *answer = list_show(r, &inbox_list, error);
    if (answer)
        json_object_update_new(answer, json_pack("{s:b, s:b}", "is_clerk", identity_has_role(r->context.actor, CLERK), "may_find",
                                                 identity_has_role(r->context.actor, FINDS_PERSONS)));
    return answer && calendar_warn(&r->context, answer, error) ? answer : (json_decref(answer), NULL);
}

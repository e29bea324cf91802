// SPDX-License-Identifier: Apache-2.0
/* The hearings announced to everybody, the page of one for the applicant and for its organ, and how one begins. */
#include "hearings/life.h"

#include "lists/lists.h"

#include <string.h>

enum { OFFICERS = REVIEWER | APPROVER | HEAD };

/* ---- lists ---- */

static const ListColumn columns[] = {
    { "number", LIST_NUMBER, .is_head = true },
    { "day", LIST_DAY_NUMBER },
    { "time", LIST_TEXT },
    { "place", LIST_TEXT },
    { "item_name", LIST_TEXT },
    { "item_name_en", LIST_TEXT, LIST_EXPORTED },
    { "organ", LIST_ORGAN },
    { "state", LIST_WORD },
    { 0 },
};
static const Field list_fields[] = { LIST_FIELDS, { 0 } }, announced_fields[] = { LIST_FIELDS, { .name = "from", .kind = FIELD_DAY }, { 0 } };
static const ListFilter announced_filters[] = { { "from", NULL, LIST_FROM }, { 0 } };
static const ListOrder orders[] = { { "day", { "day", "number" } }, { 0 } };

static bool from_today(const Request *r, json_t *asked, GError **error)
{
    (void)error;
    if (!*json_text(asked, "from"))
        json_put_day(asked, "from", day_of(r->context.now));
    return true;
}

/* Art. 46: those that are called and closed to nobody, from today on. */
const ListSpec hearing_announced_list = {
    .name = "announced", .room = "hearings", .path = "/hearings", .table = "hearing", .key = "number", .columns = columns,
    .fields = announced_fields, .filters = announced_filters, .complete = from_today, .orders = orders, .tabs = (const ListTab[]){ { .scopes = { { .only = "state = 'called' AND closed = ''" } } }, { 0 } },
    .search.number = subject_number_read,
};

const ListSpec hearing_desk_list = {
    .name = "hearings", .room = "hearings", .path = "/desk/hearings", .table = "hearing", .key = "number", .columns = columns, .fields = list_fields,
    .orders = orders,
    .tabs = (const ListTab[]){ { .name = "to_come", .scopes = { { .equal = { "organ" }, .only = "state IN ('told', 'asked', 'called')" } }, .sees = list_sees_own_organs },
                               { .name = "all", .scopes = { { .equal = { "organ" } } }, .sees = list_sees_own_organs }, { 0 } },
    .search.number = subject_number_read, .link = "/desk/hearings/{number}",
};

/* ---- beginning ---- */

static const Field begin_fields[] = {
    { .name = "ground", .kind = FIELD_CHOICE, .choices = hearing_ground_names, .required = true, .look = LOOK_RADIOS },
    { .name = "basis", .most = 100, .shown_when = "ground=law" },
    { .name = "matter", .kind = FIELD_LONG_TEXT, .most = 1000, .required = true },
    { 0 },
};

static json_t *begin_form(Request *r, GError **error)
{
    g_auto(Case) of = { 0 };
    if (!case_load_asked(r, &of, error))
        return NULL;
    g_autofree char *grouped = subject_number_grouped(of.number), *path = subject_path(&case_kind, of.number, STAFF);
    return json_pack("{s:s, s:s, s:s, s:s, s:b}", "item_name", of.item_name, "item_name_en", of.item_name_en, "case_number_grouped", grouped,
                     "case_path", path, "may_begin", hearing_may_begin(&r->context, &of));
}

static json_t *begin(Request *r, GError **error)
{
    g_auto(Case) of = { 0 };
    g_auto(Hearing) made = { 0 };
    if (!case_load_asked(r, &of, error))
        return NULL;
    const HearingOrder order = { of.number, (enum hearing_ground)name_place(hearing_ground_names, json_text(r->fields, "ground")),
                                 json_text(r->fields, "matter"), json_text(r->fields, "basis") };
    return hearing_begin(&r->context, &order, &made, error) ? subject_summary(&hearing_kind, &made) : NULL;
}

/* ---- the page of one ---- */

/* The organ serves the notices, and sees to whom and where; the security log has it before. */
static json_t *desk_page(Request *r, GError **error)
{
    g_auto(Hearing) self = { 0 };
    const Context *context = &r->context;
    g_autoptr(json_t) answer = subject_page(r, error);
    if (!answer || !subject_load_asked(r, &hearing_kind, &self, error))
        return NULL;
    bool serves = identity_may(context->actor, CLERK | OFFICERS, self.organ, division_county(context->county));
    if (!serves || !json_flag(answer, "is_in_use") || !*self.parties)
        return g_steal_pointer(&answer);
    g_autofree char *subject = subject_text(&hearing_kind, &self);
    if (!http_security(r, &(SecurityEntry){ SECURITY_OPENED, .often = SECURITY_DAILY, .subject = subject, .organ = self.organ }, error))
        return NULL;
    json_object_set_new(answer, "parties", hearing_parties(&self));
    return g_steal_pointer(&answer);
}

static char *check_time(const char *value, GError **error)
{
    int hour, minute, end = 0;
    const char *colon = strchr(value, ':');
    bool reads = sscanf(value, "%2d:%2d%n", &hour, &minute, &end) == 2 && !value[end] && colon && strlen(colon) == strlen(":30");
    enum { MORNING_ENDS = 11 * 60 + 30, AFTERNOON_BEGINS = 13 * 60 + 30 };
    int at = reads && minute < 60 ? hour * 60 + minute : 0;
    bool is_time = (at >= OFFICE_OPENS && at < MORNING_ENDS) || (at >= AFTERNOON_BEGINS && at < OFFICE_CLOSES);
    return is_time ? g_strdup_printf("%02d:%02d", hour, minute) : refuse(error, NOT_FITTING, "hearings.time_form", NULL);
}

static const char *const askers[] = { "applicant", "third_party", NULL }, *const causes[] = { "gave_up", "absent", NULL };

const Field hearing_act_fields[] = {
    { .name = "seen", .kind = FIELD_INTEGER, .most = INT32_MAX, .required = true, .look = LOOK_HIDDEN },
    { .name = "name", .least = 2, .most = 60, .check = identity_name, .need = NEEDS_PARTY },
    { .name = "address", .least = 2, .most = 100, .check = identity_name, .need = NEEDS_PARTY },
    { .name = "asker", .kind = FIELD_CHOICE, .choices = askers, .look = LOOK_RADIOS, .need = NEEDS_ASKER },
    { .name = "day", .kind = FIELD_DAY, .need = NEED_DAY },
    { .name = "time", .most = 5, .check = check_time, .need = NEEDS_CALL },
    { .name = "place", .least = 2, .most = 100, .check = identity_name, .need = NEEDS_CALL },
    { .name = "chair", .kind = FIELD_INTEGER, .least = 1, .most = INT64_MAX, .options = "chairs.id", .need = NEEDS_CHAIR },
    { .name = "closed", .kind = FIELD_CHOICE, .choices = &hearing_closed_names[1], .empty = "hearings.open_to_all", .need = TAKES_CLOSED },
    { .name = "minutes", .kind = FIELD_LONG_TEXT, .most = 4000, .need = NEEDS_MINUTES },
    { .name = "signed_by", .least = 2, .most = 200, .check = identity_name, .need = NEEDS_MINUTES },
    { .name = "unsigned_by", .most = 200, .need = TAKES_UNSIGNED },
    { .name = "cause", .kind = FIELD_CHOICE, .choices = causes, .look = LOOK_RADIOS, .need = NEEDS_CAUSE },
    { .name = "given_up_by", .most = 200, .shown_when = "cause=gave_up", .need = TAKES_GIVEN_UP },
    { .name = "reason", .kind = FIELD_LONG_TEXT, .most = 1000, .need = NEED_REASON },
    { 0 },
};

const Route hearing_routes[] = {
    { "GET", "/hearings", ANYONE, list_page, "hearings/announced", announced_fields, NULL, NULL,
      "The hearings to come that are open to everybody: day, place, item and organ; format=csv, xlsx or json for files" },
    { "GET", "/hearings/third-party", ANYONE, hearing_party_page, "hearings/party", NULL, NULL, NULL,
      "The form by which a third party asks for a hearing" },
    { "POST", "/hearings/third-party", ANYONE, hearing_party_ask, "hearings/party", hearing_party_fields, NULL, "/hearings/third-party",
      "A third party asks for a hearing by the code of the notice" },
    { "GET", "/hearings/{number}", HOLDERS, subject_page, "hearings/hearing", NULL, NULL, NULL,
      "A hearing on one's own case with its papers, history and the actions open to its holder" },
    { "POST", "/hearings/{number}/{action}", HOLDERS, subject_page_act, "hearings/hearing", hearing_act_fields, "/hearings/{number}",
      "/hearings/{number}", "Ask for a hearing, give it up, or ask for another chair" },
    { "GET", "/desk/hearings", ANY_ROLE, list_page, "hearings/list", list_fields, NULL, NULL, "The hearings of one's organ" },
    { "GET", "/desk/hearings/of/{case}", OFFICERS, begin_form, "hearings/begin", NULL, NULL, NULL, "The form to begin a hearing beside a case" },
    { "POST", "/desk/hearings/of/{case}", OFFICERS, begin, "hearings/begin", begin_fields, "/desk/hearings/{number}", "/desk/hearings/of/{case}",
      "Begin a hearing beside a case in review: the applicant is told of his right, or the hearing is ordered" },
    { "GET", "/desk/hearings/{number}", ANY_ROLE, desk_page, "hearings/desk", NULL, NULL, NULL,
      "A hearing with its third parties, papers, history and the actions open to who asks" },
    { "POST", "/desk/hearings/{number}/{action}", ANY_ROLE, subject_page_act, "hearings/desk", hearing_act_fields, "/desk/hearings/{number}",
      "/desk/hearings/{number}", "Take an action on a hearing" },
    { 0 },
};

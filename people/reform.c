// SPDX-License-Identifier: Apache-2.0
/* The administrator's page of reforms, a table of them, and what becomes of the posts of organs and divisions that end. */
#include "people/room.h"

#include "cases/cases.h"

#include <string.h>

/* ---- posts ---- */

static bool follow(const Context *context, int64_t number, const char *names, GError **error)
{
    g_auto(Member) self = { 0 };
    const SubjectInput input = { .seen = -1, .reason = names };
    return subject_act(context, &member_kind, number, &member_rules[MEMBER_FOLLOW], &input, &self, error) && member_derive(context, &self, error) &&
           member_derive_of(context, self.deputy, error);
}

bool reform_follow(const Context *context, const SubjectChange *change, GError **error)
{
    const Event *event = change->event;
    bool is_organ = strcmp(event->kind, "organ.ended") == 0;
    if (!is_organ && strcmp(event->kind, "division.ended") != 0)
        return true;
    g_autofree char *names = identity_acting_names(context, event->subject, error);
    g_autoptr(GArray) members = !names ? NULL : is_organ ? members_of_organ(context, event->organ, error) : members_in_division(context, event->division, error);
    for (guint i = 0; members && i < members->len; i++)
        if (!follow(context, g_array_index(members, int64_t, i), names, error))
            return false;
    return members != NULL;
}

/* ---- planning ---- */

/* An organ has a number of up to six digits, a division a code of twelve. */
static void name_target(PlannedReform *self, const char *text)
{
    enum { CODE_DIGITS = 12 };
    self->about = strlen(text) == CODE_DIGITS ? ABOUT_DIVISION : ABOUT_ORGAN;
    self->target = g_ascii_strtoll(text, NULL, 10);
}

static bool plan(const Context *context, PlannedReform *reform, GError **error)
{
    bool runs = false;
    if (reform->act == REFORM_END && reform->about == ABOUT_ORGAN && !case_runs_at(context, reform->target, &runs, error))
        return false;
    if (runs)
        return refuse_field(error, "target", "cases.organ_runs", NULL);
    return identity_reform_plan(context, reform, error);
}

static bool may_plan(const Request *r, GError **error)
{
    bool may = identity_may(r->context.actor, SYSTEM_ADMINISTRATOR, CENTRE_ORGAN, division_county(r->context.county));
    return may || refuse(error, NOT_ALLOWED, "people.not_your_table", NULL);
}

static bool note(const Request *r, GError **error)
{
    return http_security(r, &(SecurityEntry){ .kind = SECURITY_SETTING, .purpose = "reform" }, error);
}

#define LABELLED(of) .label = "people.reform." of
const Field reform_plan_fields[] = {
    { .name = "act", .kind = FIELD_CHOICE, .required = true, .choices = reform_act_names, .codes = "reform_act", LABELLED("act") },
    { .name = "target", .most = 12, .options = "choices.code", .option_label = "people.reform.choice", LABELLED("target"), .hint = "people.reform.target_hint" },
    { .name = "number", .most = 12, LABELLED("number"), .look = LOOK_EXACT, .shown_when = "act=found", .hint = "people.reform.number_hint" },
    { .name = "other", .most = 12, .options = "choices.code", .option_label = "people.reform.choice", LABELLED("other"), .hint = "people.reform.other_hint" },
    { .name = "day", .kind = FIELD_DAY, .required = true, LABELLED("day") },
    { .name = "name", .most = 60, LABELLED("name"), .hint = "people.reform.name_hint" },
    { .name = "name_en", .most = 60, LABELLED("name_en") },
    { .name = "short_name", .most = 60, LABELLED("short_name") },
    { .name = "code", .most = 40, .shown_when = "act=found", LABELLED("code"), .look = LOOK_EXACT },
    { .name = "document", .most = 200, .required = true, LABELLED("document"), .missing = "identity.reform_document" },
    { 0 },
};

json_t *reforms_plan(Request *r, GError **error)
{
    const json_t *given = r->fields;
    const char *target = json_text(given, "target");
    PlannedReform reform = { .act = (enum reform_act)name_place(reform_act_names, json_text(given, "act")), .other = g_ascii_strtoll(json_text(given, "other"), NULL, 10),
                             .day = day_parse(json_text(given, "day")), .name = json_text(given, "name"), .name_en = json_text(given, "name_en"),
                             .short_name = json_text(given, "short_name"), .code = json_text(given, "code"), .document = json_text(given, "document") };
    name_target(&reform, reform.act == REFORM_FOUND ? json_text(given, "number") : target);
    return may_plan(r, error) && plan(&r->context, &reform, error) && note(r, error) ? json_pack("{s:I}", "number", reform.number) : NULL;
}

const Field reform_withdraw_fields[] = {
    { .name = "plan", .kind = FIELD_INTEGER, .least = 1, .most = INT32_MAX, .required = true, .options = "planned.number", .option_label = "people.reform.planned",
      LABELLED("plan") },
    { 0 },
};

json_t *reforms_withdraw(Request *r, GError **error)
{
    int64_t number = json_number(r->fields, "plan");
    return may_plan(r, error) && identity_withdraw_reform(&r->context, number, error) && note(r, error) ? json_pack("{s:I}", "number", number) : NULL;
}

/* ---- a table ---- */

enum { ACT, NUMBER, DAY, DOCUMENT, OTHER, NAME, NAME_EN, SHORT_NAME, CODE, COLUMNS, REQUIRED = OTHER, ROWS_MOST = 500, TABLE_MOST = 1024 * 1024 };
static const char *const columns[COLUMNS + 1] = { "act", "number", "day", "document", "other", "name", "name_en", "short_name", "code" };

const Field reform_import_fields[] = {
    { .name = "table", .kind = FIELD_FILES, .most = 1, .bytes = TABLE_MOST, .required = true, .accept = ".csv,text/csv" }, { 0 },
};

/* The column of the field that a refusal is about. */
static size_t column_of(const GError *why)
{
    g_autoptr(json_t) details = trouble_details(why);
    size_t place = name_place(columns, json_text(details, "field"));
    return place < COLUMNS ? place : NUMBER;
}

static bool plan_row(const Context *context, const CsvTable *table, size_t row, json_t *faults, GError **error)
{
    GError *why = NULL;
    const char *cells[COLUMNS];
    for (size_t i = 0; i < COLUMNS; i++)
        cells[i] = csv_cell(table, row, i);
    PlannedReform reform = { .act = (enum reform_act)name_place(reform_act_names, cells[ACT]), .other = g_ascii_strtoll(cells[OTHER], NULL, 10),
                             .day = day_parse(cells[DAY]), .name = cells[NAME], .name_en = cells[NAME_EN], .short_name = cells[SHORT_NAME], .code = cells[CODE],
                             .document = cells[DOCUMENT] };
    name_target(&reform, cells[NUMBER]);
    if (reform.act > REFORM_FOUND)
        refuse_field(&why, "act", "people.reform.wrong_act", NULL);
    else if (plan(context, &reform, &why))
        return true;
    if (trouble_status(why) >= FAULT)
        return g_propagate_error(error, why), false;
    csv_add_fault(faults, table, row, column_of(why), why);
    return true;
}

json_t *reforms_import(Request *r, GError **error)
{
    gsize length;
    g_autofree char *bytes = NULL;
    if (r->uploads[0].size > TABLE_MOST)
        return refuse_field(error, "table", "people.table_large", NULL);
    if (!may_plan(r, error) || !g_file_get_contents(r->uploads[0].path, &bytes, &length, error))
        return NULL;
    g_autoptr(json_t) faults = json_array();
    g_autoptr(CsvTable) table = csv_read_fitting(bytes, length, columns, REQUIRED, faults, error);
    if (!table)
        return NULL;
    csv_as_numbers(table, NUMBER);
    csv_as_numbers(table, OTHER);
    csv_as_days(table, DAY);
    size_t rows = csv_rows(table);
    if (!rows || rows > ROWS_MOST)
        return refuse_field(error, "table", rows ? "people.import_many" : "people.import_empty", NULL);
    for (size_t row = 0; row < rows; row++)
        if (!plan_row(&r->context, table, row, faults, error))
            return NULL;
    return csv_refuse_faults(faults, json_array_size(faults), "people.reform.import", error) && note(r, error) ? json_pack("{s:I}", "planned", (json_int_t)rows) : NULL;
}

/* ---- the page ---- */

static void add_choices(json_t *choices, const json_t *all, const char *key, const char *name, const char *name_en)
{
    size_t i;
    json_t *one;
    g_autoptr(json_t) left = without_ended(all);
    json_array_foreach(left, i, one) {
        g_autofree char *code = json_as_text(json_object_get(one, key));
        json_array_append_new(choices, json_pack("{s:s, s:s, s:s}", "code", code, "name", json_text(one, name), "name_en", json_text(one, name_en)));
    }
}

json_t *reforms_show(Request *r, GError **error)
{
    size_t i;
    json_t *row;
    const Context *context = &r->context;
    g_autoptr(json_t) reforms = identity_reforms(context->db, context->county, error), planned = json_array(), choices = json_array(),
        organs = reforms ? identity_organs(context->db, context->county, error) : NULL,
        divisions = organs ? identity_divisions(context->db, context->county, error) : NULL;
    if (!divisions)
        return NULL;
    json_array_foreach(reforms, i, row)
        if (json_flag(row, "is_planned"))
            json_array_append(planned, row);
    add_choices(choices, organs, "number", "name", "name_en");
    add_choices(choices, divisions, "code", "path", "path_en");
    return json_pack("{s:O, s:O, s:b, s:O*, s:b, s:b, s:s}", "reforms", reforms, "planned", planned, "has_planned", json_array_size(planned) > 0, "choices",
                     answer_is_page(r) ? choices : NULL, "has_reforms", json_array_size(reforms) > 0, "may_plan",
                     identity_has_role(context->actor, SYSTEM_ADMINISTRATOR), "tomorrow", DAY_WRITTEN(day_of(context->now) + 1));
}

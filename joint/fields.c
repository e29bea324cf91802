// SPDX-License-Identifier: Apache-2.0
/* The columns of a whole and of its parts, and what its page shows. */
#include "joint/life.h"

const char *const joint_state_names[JOINT_STATES + 1] = { "joint_handed_in", "joint_running", "joint_waits", "joint_done", "joint_broken_off" };
static const char *const part_state_names[PART_STATES + 1] = { "part_running", "part_granted", "part_refused", "part_ended" };

enum { WHOLE_PRESENT = 1 << 0, WHOLE_APPLICANT = 1 << 1 };
#define OF(member, ...) RECORD_COLUMN(Joint, member, __VA_ARGS__)
#define OF_PART(member, ...) RECORD_COLUMN(Part, member, __VA_ARGS__)

static const RecordColumn columns[] = {
    OF(accepted_day, RECORD_DAY, .group = WHOLE_PRESENT),
    OF(applicant, RECORD_TEXT, .group = WHOLE_APPLICANT, .flags = RECORD_PERSONAL),
    OF(case_number, RECORD_INTEGER, .flags = RECORD_NUMBER),
    OF(due_day, RECORD_DAY, .group = WHOLE_PRESENT),
    OF(events, RECORD_INTEGER, .group = WHOLE_PRESENT, .flags = RECORD_UNRECORDED),
    OF(extended, RECORD_FLAG, .group = WHOLE_PRESENT),
    OF(late, RECORD_FLAG, .group = WHOLE_PRESENT),
    OF(materials, RECORD_JSON, NULL),
    OF(name, RECORD_TEXT, NULL),
    OF(name_en, RECORD_TEXT, NULL),
    OF(number, RECORD_INTEGER, .flags = RECORD_KEY | RECORD_NUMBER),
    OF(organ, RECORD_INTEGER, NULL),
    OF(plan, RECORD_JSON, NULL),
    OF(service, RECORD_TEXT, NULL),
    OF(stage, RECORD_INTEGER, .group = WHOLE_PRESENT),
    OF(stages, RECORD_INTEGER, NULL),
    OF(state, RECORD_WORD, joint_state_names, WHOLE_PRESENT),
};
const Record joint_record = { "joint", sizeof(Joint), columns, G_N_ELEMENTS(columns), NULL, NULL, 0, "joint.personal" };

static const RecordColumn part_columns[] = {
    OF_PART(case_number, RECORD_INTEGER, .flags = RECORD_NUMBER),
    OF_PART(events, RECORD_INTEGER, .group = WHOLE_PRESENT, .flags = RECORD_UNRECORDED),
    OF_PART(item, RECORD_TEXT, NULL),
    OF_PART(item_name, RECORD_TEXT, NULL),
    OF_PART(item_name_en, RECORD_TEXT, NULL),
    OF_PART(joint, RECORD_INTEGER, .flags = RECORD_NUMBER),
    OF_PART(number, RECORD_INTEGER, .flags = RECORD_KEY | RECORD_NUMBER),
    OF_PART(organ, RECORD_INTEGER, NULL),
    OF_PART(stage, RECORD_INTEGER, NULL),
    OF_PART(state, RECORD_WORD, part_state_names, WHOLE_PRESENT),
};
const Record part_record = { "joint_part", sizeof(Part), part_columns, G_N_ELEMENTS(part_columns), NULL, NULL };

void joint_clear(Joint *self)
{
    record_clear(&joint_record, self);
}

void part_clear(Part *self)
{
    record_clear(&part_record, self);
}

/* ---- the kinds ---- */

static bool may_see(const Actor *actor, int64_t case_number)
{
    return actor->kind == STAFF || actor->kind == SYSTEM || identity_holds(actor, case_number);
}

/* It names nobody: each organ that takes part sees the whole, and so does whoever holds its first case. */
static bool may_see_joint(const Actor *actor, const void *present)
{
    return may_see(actor, ((const Joint *)present)->case_number);
}

static bool may_see_part(const Actor *actor, const void *present)
{
    return may_see(actor, ((const Part *)present)->case_number);
}

static bool is_entitled(const Actor *actor, const void *present, const SubjectRule *rule, int64_t county)
{
    bool governs = actor->kind == STAFF && identity_may(actor, rule->roles, CENTRE_ORGAN, division_county(county));
    return ((rule->relations & BY_GOVERNMENT) && governs) || subject_is_entitled(actor, &joint_kind, present, rule, county);
}

/* The desk of an organ that leads, where the application has just come in; or an applicant from
 * home, before he hands it in. */
static bool may_begin(const Context *context, const void *of)
{
    const Case *self = of;
    bool is_holder = self->channel == ONLINE && context->actor->kind == HOLDER &&
                     identity_holds(context->actor, self->number);
    bool is_desk = identity_may(context->actor, CLERK | REVIEWER, self->organ, division_county(context->county));
    if (self->state == DRAFT ? !is_holder : self->state != RECEIVED || !is_desk)
        return false;
    g_autoptr(json_t) led = bundles_led_by(context, self->item, NULL);
    return json_array_size(led) > 0;
}

static Instant due(const void *present, const SubjectRule **rule)
{
    const Joint *self = present;
    *rule = &joint_rules[JOINT_NOTE_LATE];
    bool runs = self->state == JOINT_RUNNING || self->state == JOINT_WAITS;
    return runs && self->due_day && !self->late ? instant_at((Day)self->due_day + 1, 0) : 0;
}

/* The limit of the whole is shown on each of its parts. */
static bool tell_part(const Context *context, const void *present, json_t *row, GError **error)
{
    g_auto(Joint) whole = { 0 };
    bool read = subject_load(context->db, context->county, &joint_kind, ((const Part *)present)->joint, &whole, error);
    if (read && whole.due_day && whole.state < JOINT_DONE)
        json_put_day(row, "due_day", (Day)whole.due_day);
    return read;
}

/* The names of the items that are under way at the present stage, for its papers. */
static json_t *names_of(const Context *context, const Joint *self, GError **error)
{
    json_t *names = json_array();
    g_autoptr(GArray) parts = joint_parts(context->db, context->county, self->number, error);
    for (guint i = 0; parts && i < parts->len; i++) {
        g_auto(Part) part = { 0 };
        const PartRow *row = &g_array_index(parts, PartRow, i);
        if (!subject_load(context->db, context->county, &part_kind, row->number, &part, error))
            return json_decref(names), NULL;
        if (row->stage == self->stage)
            json_array_append_new(names, json_pack("{s:s, s:s}", "name", part.item_name, "name_en", part.item_name_en));
    }
    return parts ? names : (json_decref(names), NULL);
}

/* The first day of the years whose arrangement is not published, where the limit ends in them. */
static void put_provisional(const Context *context, const Joint *self, json_t *into)
{
    if (self->due_day && !calendar_knows(context->calendar, (Day)self->due_day))
        json_put_day(into, "provisional_day", calendar_last(context->calendar) + 1);
}

static char *document(const SubjectTurn *turn, void *next, GError **error)
{
    const Joint *self = next;
    const Context *context = turn->context;
    g_auto(Case) of = { 0 };
    json_t *names = names_of(context, self, error);
    if (!names || !subject_load(context->db, context->county, &case_kind, self->case_number, &of, error))
        return json_decref(names), NULL;
    g_autofree char *issuer = files_issuer(context, self->organ, false, error), *number = subject_number_grouped(self->number);
    g_autoptr(json_t) content = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:b}", "number", number, "joint_name", self->name, "joint_name_en",
                                          self->name_en, "applicant_name", self->applicant, "language", language_tags[CHINESE], "act", of.act, "materials", names,
                                          "is_person", case_is_of_person(&of));
    if (!issuer)
        return NULL;
    json_object_set_new(content, "issuer", json_loads(issuer, 0, NULL));
    json_put_day(content, "day", day_of(context->now));
    json_put_day(content, "accepted_day", (Day)self->accepted_day);
    json_put_day(content, "due_day", (Day)self->due_day);
    put_provisional(context, self, content);
    json_put_text(content, "reason", turn->input->reason);
    return json_canonical(content);
}

const SubjectKind joint_kind = {
    .name = "joint", .words = "joint", .none = "joint.none", .is_of_person = true, .is_beside = true, .may_begin = may_begin,
    .paths = { [HOLDER] = "/joint", [STAFF] = "/desk/joint" }, .may_see = may_see_joint, .record = &joint_record, .states = joint_state_names,
    .rules = joint_rules, .rule_size = sizeof(SubjectRule), .rule_count = JOINT_ACTIONS,
    .state = offsetof(Joint, state), .events = offsetof(Joint, events), .head = offsetof(Joint, head), .unwritten = offsetof(Joint, unwritten),
    .always_group = WHOLE_PRESENT, .organ = offsetof(Joint, organ), .holder = offsetof(Joint, case_number),
    .relations = (const char *const[]){ "government", NULL }, .is_entitled = is_entitled, .timer = JOINT_TIMER, .due = due, .document = document,
    .answer = joint_answer, .fields = joint_act_fields,
};

const SubjectKind part_kind = {
    .name = "joint_part", .words = "joint", .none = "joint.none", .is_of_person = true, .is_beside = true, .tell_beside = tell_part, .paths = { [STAFF] = "/desk/joint/parts" }, .may_see = may_see_part,
    .record = &part_record, .states = part_state_names, .rules = part_rules, .rule_size = sizeof(SubjectRule), .rule_count = PART_ACTIONS,
    .state = offsetof(Part, state), .events = offsetof(Part, events), .head = offsetof(Part, head), .unwritten = offsetof(Part, unwritten),
    .always_group = WHOLE_PRESENT, .item = offsetof(Part, item), .organ = offsetof(Part, organ), .holder = offsetof(Part, case_number),
};

/* ---- the page ---- */

/* Each part has its own limit. */
static bool put_clock(const Context *context, int64_t case_number, json_t *shown, GError **error)
{
    g_auto(Case) of = { 0 };
    if (!subject_load(context->db, context->county, &case_kind, case_number, &of, error))
        return false;
    bool is_open = of.state == RECEIVED || of.state == REVIEW;
    g_autoptr(ClockReading) reading =
        is_open ? case_clock(&of, of.state == REVIEW ? PROMISE_CLOCK : INTAKE_CLOCK,
                             context->calendar, context->now)
                : NULL;
    if (reading)
        clock_put_light(reading, shown);
    json_object_set_new(shown, "case_state", json_string(case_state_names[of.state]));
    return true;
}

static json_t *part_json(const Context *context, const Joint *self, const PartRow *row,
                         GError **error)
{
    g_auto(Part) part = { 0 };
    g_autofree char *of = g_strdup_printf("case/%" PRId64, row->case_number);
    g_autoptr(json_t) about = subject_load(context->db, context->county, &part_kind, row->number, &part, error) ? subject_about(context, of, error) : NULL;
    g_autoptr(json_t) organ = about ? identity_organ(context->db, context->county, part.organ, error) : NULL;
    if (!organ)
        return NULL;
    json_t *shown = json_pack("{s:s, s:s, s:O, s:O, s:s, s:I, s:O}", "item_name", part.item_name, "item_name_en", part.item_name_en, "organ_name",
                              json_object_get(organ, "name"), "organ_name_en", json_object_get(organ, "name_en"), "state", part_state_names[part.state],
                              "stage_number", part.stage + 1, "case_number_grouped", json_object_get(about, "subject_number"));
    json_put_text(shown, "case_path", json_text(about, "subject_path"));
    if (identity_holds(context->actor, self->case_number) && !json_object_get(shown, "case_path"))
        json_object_set_new(
            shown, "open_path",
            json_sprintf("/joint/%" PRId64 "/open/%" PRId64, self->number, row->case_number));
    return put_clock(context, row->case_number, shown, error) ? shown : (json_decref(shown), NULL);
}

/* The items of the stages that have not begun. */
static bool put_later(const Context *context, const Joint *self, json_t *list, GError **error)
{
    size_t i, j;
    json_t *stage, *code;
    g_autoptr(json_t) plan = joint_plan(context, self, error);
    json_array_foreach(json_object_get(plan, "stages"), i, stage) json_array_foreach(stage, j, code)
    {
        if ((int64_t)i <= self->stage || self->state >= JOINT_DONE)
            continue;
        g_autoptr(json_t) item =
            catalogue_ever(context->db, context->county, json_string_value(code), error);
        if (!item)
            return false;
        json_array_append_new(list, json_pack("{s:O, s:O, s:s, s:I}", "item_name",
                                              json_object_get(item, "name"), "item_name_en",
                                              json_object_get(item, "name_en"), "state",
                                              "part_later", "stage_number", (json_int_t)i + 1));
    }
    return plan != NULL;
}

json_t *joint_answer(const Context *context, const void *present, bool is_inside, GError **error)
{
    const Joint *self = present;
    (void)is_inside;
    json_t *list = json_array();
    g_autoptr(json_t) answer = record_public(&joint_record, self);
    g_autoptr(GArray) parts = joint_parts(context->db, context->county, self->number, error);
    json_object_del(answer, "materials");
    json_object_del(answer, "plan");
    put_provisional(context, self, answer);
    json_object_set_new(answer, "parts", list);
    for (guint i = 0; parts && i < parts->len; i++)
        if (json_array_append_new(
                list, part_json(context, self, &g_array_index(parts, PartRow, i), error)) != 0)
            return NULL;
    if (!parts || !put_later(context, self, list, error))
        return NULL;
    json_object_set_new(answer, "is_in_sequence", json_boolean(self->stages > 1));
    json_object_set_new(answer, "stage_number", json_integer(self->stage + 1));
    return g_steal_pointer(&answer);
}

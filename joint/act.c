// SPDX-License-Identifier: Apache-2.0
/* How a whole begins, how its parts go on together, and what is told of it. */
#include "joint/life.h"

#include <string.h>

/* ---- one desk for all ---- */

/* The organ that leads acts at its desk for all that take part (art. 26 §2): the same person, with the post for this part alone. */
typedef struct StandIn {
    Post post;
    Actor actor;
    Context context;
} StandIn;

static const Context *stand_in(const Context *context, int64_t organ, unsigned role, StandIn *out)
{
    out->post = (Post){ organ, division_county(context->county), role };
    out->actor = *context->actor;
    out->actor.posts = &out->post;
    out->actor.post_count = 1;
    out->context = *context;
    out->context.actor = &out->actor;
    return &out->context;
}

/* ---- beginning ---- */

static bool add_part(const Context *context, const Joint *self, const Case *of, GError **error)
{
    g_auto(Part) made;
    record_init(&part_record, &made);
    made.joint = self->number;
    made.case_number = of->number;
    made.organ = of->organ;
    made.stage = self->stage;
    record_set(&made.item, of->item);
    record_set(&made.item_name, of->item_name);
    record_set(&made.item_name_en, of->item_name_en);
    return subject_draw_number(context, &part_kind, day_of(context->now), &made.number, error) &&
           subject_begin(context, &part_kind, &made, "joint_part.part_begun", NULL, error) && subject_save(context, &part_kind, &made, error);
}

/* The papers among these for which the item asks. Owned by the caller. */
static json_t *papers_for(const Item *item, const json_t *given)
{
    size_t i;
    json_t *name, *fitting = json_array();
    json_array_foreach((json_t *)(uintptr_t)given, i, name)
        for (size_t j = 0; j < item->material_count; j++)
            if (strcmp(item->materials[j].name, json_string_value(name)) == 0)
                json_array_append(fitting, name);
    return fitting;
}

static Party party_of(const Case *first)
{
    return (Party){ .kind = strcmp(first->applicant_kind, party_kind_names[PERSON]) == 0 ? PERSON : ENTERPRISE, .name = first->applicant,
                    .id_number = first->applicant_id, .telephone = first->applicant_telephone, .contact = first->applicant_contact,
                    .division = first->applicant_division, .id = first->party, .representative = first->applicant_representative,
                    .address = first->applicant_address };
}

/* An applicant from home hands in by the same application what follows. */
static const Context *hands_in(const Context *context, const Case *first, const Item *item,
                               StandIn *out)
{
    stand_in(context, item->organ, CLERK, out);
    if (first->channel == ONLINE)
        out->actor = (Actor){ .kind = HOLDER, .id = first->number, .name = "" };
    return &out->context;
}

static bool hand_in(const Context *context, const Joint *self, const Case *first, const char *code, GError **error)
{
    StandIn desk;
    g_auto(Case) made = { 0 };
    g_autoptr(Item) item = catalogue_item_on(context->db, context->county, code, day_of(context->now), error);
    if (!item)
        return false;
    g_autoptr(json_t) given = json_loads(self->materials, 0, NULL), papers = papers_for(item, given);
    const Context *at_desk = hands_in(context, first, item, &desk);
    const bool from_home = first->channel == ONLINE;
    const CaseDraft draft = { .item = item->code,
                              .place = from_home ? first->place : division_county(context->county),
                              .channel = from_home ? ONLINE : AT_COUNTY,
                              .party = party_of(first),
                              .others = first->applicant_others,
                              .is_part = true };
    if (!case_begin(at_desk, &draft, &made, error) || !add_part(context, self, &made, error) ||
        !joint_hand_on(context, self, item, &made, error))
        return false;
    if (from_home)
        desk.actor.id = made.number;
    return case_take(at_desk, &made, SUBMIT,
                     &(SubjectInput){ .seen = -1, .materials = from_home ? NULL : papers },
                     error) &&
           subject_save(at_desk, &case_kind, &made, error);
}

/* One that an older program began is as its bundle is today. */
json_t *joint_plan(const Context *context, const Joint *self, GError **error)
{
    if (*self->plan)
        return json_loads(self->plan, 0, NULL);
    g_autoptr(json_t) bundle = bundle_on(context, self->service, error);
    return bundle ? bundle_plan(bundle, NULL) : NULL;
}

bool joint_start_stage(const Context *context, const Joint *self, const Case *first, GError **error)
{
    size_t i;
    json_t *code;
    g_autoptr(json_t) plan = joint_plan(context, self, error);
    json_array_foreach(
        json_array_get(json_object_get(plan, "stages"), (size_t)self->stage), i,
        code) if (strcmp(json_string_value(code), first->item) != 0 &&
                  !hand_in(context, self, first, json_string_value(code), error)) return false;
    return plan != NULL;
}

static bool is_part(const Context *context, const Case *of, bool *is, GError **error)
{
    int64_t number;
    bool read = part_of_case(context->db, context->county, of->number, &number, error);
    *is = number != 0;
    return read;
}

static json_t *bundle_led(const Context *context, const char *code, const Case *of, GError **error)
{
    g_autoptr(json_t) bundle = bundle_on(context, code, NULL);
    if (!bundle || strcmp(bundle_lead(bundle), of->item) != 0)
        return refuse_field(error, "service", "joint.which_service", NULL);
    return bundle_fits(context, bundle, error) ? g_steal_pointer(&bundle) : NULL;
}

static void describe(const json_t *bundle, const json_t *materials, const json_t *chosen,
                     const Case *of, Joint *out)
{
    g_autoptr(json_t) plan = bundle_plan(bundle, chosen);
    g_autofree char *given = json_array_size(materials) ? json_canonical(materials) : NULL,
                    *text = json_canonical(plan);
    record_set(&out->service, json_text(bundle, "code"));
    record_set(&out->name, json_text(bundle, "name"));
    record_set(&out->name_en, json_text(bundle, "name_en"));
    record_set(&out->plan, text);
    record_set(&out->materials, given ? given : "");
    record_set(&out->applicant, of->applicant);
    out->organ = of->organ;
    out->case_number = of->number;
    out->stages = (int64_t)json_array_size(json_object_get(plan, "stages"));
}

bool joint_begin(const Context *context, const Case *of, const char *code, const json_t *materials,
                 const json_t *chosen, Joint *out, GError **error)
{
    bool is;
    record_init(&joint_record, out);
    g_autoptr(json_t) bundle = bundle_led(context, code, of, error);
    if (!bundle || !is_part(context, of, &is, error))
        return false;
    if (is)
        return refuse(error, CONFLICT, "joint.begun_already", NULL);
    describe(bundle, materials, chosen, of, out);
    return subject_draw_number(context, &joint_kind, day_of(context->now), &out->number, error) &&
           subject_begin(context, &joint_kind, out, "joint.joint_begun", NULL, error) &&
           subject_save(context, &joint_kind, out, error) && add_part(context, out, of, error) &&
           joint_gather(context, out, of, error) && joint_start_stage(context, out, of, error);
}

/* ---- accepting ---- */

/* From the county's desk a review by the town, where the item has one, is the department's own. */
static bool accept_case(const Context *context, int64_t number, const char *opinion, GError **error)
{
    StandIn desk;
    g_auto(Case) of = { 0 };
    if (!subject_load(context->db, context->county, &case_kind, number, &of, error))
        return false;
    if (of.state >= REVIEW)
        return true;
    const Context *as_reviewer =
        stand_in(context, of.organ, CLERK | REVIEWER, &desk); /* of some items a clerk accepts */
    g_autoptr(json_t) together = json_pack("{s:b}", "joint", true); /* its kind is 联办件 from then on */
    const SubjectInput input = { .seen = -1, .opinion = opinion, .fields = together };
    g_autoptr(Item) item = catalogue_item(context->db, context->county, of.item, of.item_version, error);
    if (!item || (item->steps[of.step].kind == STEP_PREREVIEW && !case_act(as_reviewer, number, PASS, &input, NULL, error)))
        return false;
    return case_act(as_reviewer, number, ACCEPT, &input, NULL, error);
}

bool joint_accept_stage(const Context *context, const Joint *self, const char *opinion, GError **error)
{
    g_autoptr(GArray) parts = joint_parts(context->db, context->county, self->number, error);
    for (guint i = 0; parts && i < parts->len; i++) {
        const PartRow *row = &g_array_index(parts, PartRow, i);
        if (row->stage == self->stage && row->state == PART_RUNNING && !accept_case(context, row->case_number, opinion, error))
            return false;
    }
    return parts != NULL;
}

/* ---- how the parts end ---- */

/* Once nothing of the stage is under way any more, the whole goes on, is done, or is broken off: it
 * goes on where all was granted, or at least that on whose results the next stage waits. */
static bool go_on(const Context *as_system, int64_t number, GError **error)
{
    bool is_granted = true;
    g_auto(Joint) self = { 0 }, out = { 0 };
    if (!subject_load(as_system->db, as_system->county, &joint_kind, number, &self, error))
        return false;
    g_autoptr(json_t) plan = joint_plan(as_system, &self, error);
    g_autoptr(GArray) parts =
        plan ? joint_parts(as_system->db, as_system->county, number, error) : NULL;
    for (guint i = 0; parts && i < parts->len; i++) {
        const PartRow *row = &g_array_index(parts, PartRow, i);
        if (row->stage == self.stage && row->state == PART_RUNNING)
            return true;
        is_granted &= row->state == PART_GRANTED;
    }
    if (parts && !is_granted && plan_follows(plan, (size_t)self.stage + 1) &&
        !plan_may_go_on(as_system, &self, plan, (size_t)self.stage + 1, &is_granted, error))
        return false;
    enum joint_action ended = self.stage + 1 < self.stages ? JOINT_ADVANCE : JOINT_FINISH;
    const SubjectRule *rule = &joint_rules[is_granted ? ended : JOINT_BREAK_OFF];
    return parts && subject_act(as_system, &joint_kind, number, rule, &(SubjectInput){ .seen = -1 }, &out, error);
}

static bool end_part(const Context *context, const Case *of, GError **error)
{
    static const enum part_action ends[] = { [UNDECIDED] = PART_END, [GRANTED_IT] = PART_GRANT, [REFUSED_IT] = PART_REFUSE };
    int64_t number;
    g_auto(Part) out = { 0 };
    Context as_system = *context;
    as_system.actor = &(Actor){ .kind = SYSTEM, .name = "" };
    if (!part_of_case(context->db, context->county, of->number, &number, error))
        return false;
    return !number ||
           (subject_act(&as_system, &part_kind, number, &part_rules[ends[of->decision]],
                        &(SubjectInput){ .seen = -1 }, &out, error) &&
            go_on(&as_system, out.joint, error) && joint_follow_on(context, out.joint, of, error));
}

/* A result that is issued may be the one for which the next stage waits. */
static bool hand_on_result(const Context *context, const Case *of, GError **error)
{
    int64_t number;
    g_auto(Part) part = { 0 };
    if (!part_of_case(context->db, context->county, of->number, &number, error))
        return false;
    return !number ||
           (subject_load(context->db, context->county, &part_kind, number, &part, error) &&
            joint_follow_on(context, part.joint, of, error));
}

/* ---- telling people ---- */

static const char *const names[] = { "name", "number_grouped", NULL };

const MessageTemplate joint_messages[] = {
    [JOINT_ACCEPTED_MESSAGE] = { "joint.messages.accepted", names, case_telephone },
    [JOINT_NEXT_MESSAGE] = { "joint.messages.next", names },
    [JOINT_LATE_MESSAGE] = { "joint.messages.late", names },
    { 0 },
};

static bool tell(const Context *context, const SubjectChange *change, GError **error)
{
    static const struct { bool is_told; enum joint_message message; } told[JOINT_ACTIONS + 1] = {
        [JOINT_ACCEPT] = { true, JOINT_ACCEPTED_MESSAGE }, [JOINT_ADVANCE] = { true, JOINT_NEXT_MESSAGE }, [JOINT_NOTE_LATE] = { true, JOINT_LATE_MESSAGE },
    };
    const Joint *self = change->after;
    size_t action = subject_rule_place(&joint_kind, change->rule);
    g_autoptr(json_t) plan = action == JOINT_ADVANCE ? joint_plan(context, self, error) : NULL;
    if (!told[action].is_told ||
        plan_follows(plan,
                     (size_t)self->stage + 1)) /* what begins by itself is nobody's to start */
        return true;
    bool to_applicant = action == JOINT_ACCEPT;
    g_autofree char *path = subject_path(&joint_kind, self->number, to_applicant ? HOLDER : STAFF), *number = subject_number_grouped(self->number);
    g_autoptr(json_t) data = json_pack("{s:s, s:s, s:s, s:s}", "path", path, "name", self->name, "name_en", self->name_en, "number_grouped", number);
    const MessageTo to = to_applicant ? to_holder(self->case_number) : to_desk(self->organ, division_county(context->county), REVIEWER);
    return notify(context, &to, &joint_messages[told[action].message], data, error);
}

bool joint_hear(const Context *context, const SubjectChange *change, GError **error)
{
    if (change->kind == &joint_kind)
        return tell(context, change, error);
    if (change->kind != &case_kind || !change->rule || context->actor->kind == LOADER)
        return true;
    const Case *before = change->before, *after = change->after;
    if (after->state >= GRANTED && before->state < GRANTED)
        return end_part(context, after, error);
    return !after->joint || before->state != GRANTED || after->state <= GRANTED ||
           hand_on_result(context, after, error);
}

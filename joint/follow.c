// SPDX-License-Identifier: Apache-2.0
/* How one part's result becomes the paper of the next: a stage all of whose items wait for results is handed in by itself when the last of them is
 * issued; others start upon notice. */
#include "joint/life.h"

#include "licences/licences.h"

#include <string.h>

static const json_t *stage_of(const json_t *plan, size_t stage)
{
    return json_array_get(json_object_get(plan, "stages"), stage);
}

bool plan_follows(const json_t *plan, size_t stage)
{
    size_t i;
    json_t *item;
    const json_t *items = stage_of(plan, stage);
    json_array_foreach((json_t *)(uintptr_t)items, i, item) {
        g_autoptr(json_t) results = bundle_results(plan, json_string_value(item));
        if (!json_array_size(results))
            return false;
    }
    return json_array_size(items) > 0;
}

/* Does `holds` hold of every part on whose result the stage waits? */
typedef bool PartTest(const Context *context, const PartRow *part, const Case *now, bool *holds, GError **error);

static bool all_sources(const Context *context, const Joint *self, const json_t *plan, size_t stage, PartTest *test, const Case *now, bool *hold, GError **error)
{
    size_t i, j;
    json_t *item, *result;
    *hold = true;
    json_array_foreach((json_t *)(uintptr_t)stage_of(plan, stage), i, item) {
        g_autoptr(json_t) results = bundle_results(plan, json_string_value(item));
        json_array_foreach(results, j, result) {
            bool holds;
            PartRow part;
            if (!part_of_item(context->db, context->county, self->number, json_text(result, "from"), &part, error) || !test(context, &part, now, &holds, error))
                return false;
            *hold &= part.number && holds;
        }
    }
    return true;
}

static bool is_granted(const Context *context, const PartRow *part, const Case *now, bool *holds, GError **error)
{
    (void)context, (void)now, (void)error;
    *holds = part->state == PART_GRANTED;
    return true;
}

static bool is_issued(const Context *context, const PartRow *part, const Case *now, bool *holds, GError **error)
{
    g_auto(Case) of = { 0 };
    *holds = false;
    if (part->state != PART_GRANTED)
        return true;
    bool is_now = now->number == part->case_number; /* in hand: its row is not written yet */
    bool read = is_now || subject_load(context->db, context->county, &case_kind, part->case_number, &of, error);
    int64_t state = is_now ? now->state : of.state;
    *holds = state == ISSUED || state == DELIVERED || state == CLOSED;
    return read;
}

bool plan_may_go_on(const Context *context, const Joint *self, const json_t *plan, size_t stage, bool *may, GError **error)
{
    return all_sources(context, self, plan, stage, is_granted, NULL, may, error);
}

static bool is_ready(const Context *context, const Joint *self, const json_t *plan, const Case *now, bool *ready, GError **error)
{
    size_t stage = (size_t)self->stage + 1;
    *ready = false;
    return self->state != JOINT_WAITS || !plan_follows(plan, stage) || all_sources(context, self, plan, stage, is_issued, now, ready, error);
}

bool joint_follow_on(const Context *context, int64_t number, const Case *now, GError **error)
{
    bool ready;
    g_auto(Joint) self = { 0 }, out = { 0 };
    g_auto(Case) first = { 0 };
    Context as_system = *context;
    as_system.actor = &(Actor){ .kind = SYSTEM, .name = "" };
    if (!subject_load(context->db, context->county, &joint_kind, number, &self, error))
        return false;
    g_autoptr(json_t) plan = joint_plan(context, &self, error);
    if (!plan || !is_ready(context, &self, plan, now, &ready, error))
        return false;
    return !ready || (subject_act(&as_system, &joint_kind, number, &joint_rules[JOINT_FOLLOW_ON], &(SubjectInput){ .seen = -1 }, &out, error) &&
                      subject_load(context->db, context->county, &case_kind, self.case_number, &first, error) &&
                      joint_start_stage(context, &out, &first, error));
}

/* ---- papers ---- */

/* A licence by its page in the public register; what is no licence by the page of the whole. */
static json_t *offered(const Context *context, const Part *part, const char *material, const PartRow *source, GError **error)
{
    g_autoptr(json_t) licences = licences_of_case(context->db, context->county, source->case_number, error);
    if (!licences)
        return NULL;
    int64_t licence = json_number(json_array_get(licences, 0), "number");
    enum actor_kind reader = context->actor->kind == STAFF ? STAFF : HOLDER;
    g_autofree char *path = licence ? subject_path(&licence_kind, licence, VISITOR) : subject_path(&joint_kind, part->joint, reader);
    g_autofree char *grouped = subject_number_grouped(licence ? licence : source->case_number);
    return json_pack("{s:s, s:s, s:s}", "material", material, "number_grouped", grouped, "register_path", path);
}

bool joint_offers_papers(const Context *context, int64_t party, int64_t case_number, json_t *papers, GError **error)
{
    size_t i;
    json_t *result;
    int64_t number = 0;
    g_auto(Part) part = { 0 };
    g_auto(Joint) whole = { 0 };
    (void)party;
    if (case_number && !part_of_case(context->db, context->county, case_number, &number, error))
        return false;
    if (!number)
        return true;
    if (!subject_load(context->db, context->county, &part_kind, number, &part, error) ||
        !subject_load(context->db, context->county, &joint_kind, part.joint, &whole, error))
        return false;
    g_autoptr(json_t) plan = joint_plan(context, &whole, error), results = plan ? bundle_results(plan, part.item) : NULL;
    json_array_foreach(results, i, result) {
        PartRow source;
        if (!part_of_item(context->db, context->county, part.joint, json_text(result, "from"), &source, error))
            return false;
        json_t *one = source.state == PART_GRANTED ? offered(context, &part, json_text(result, "material"), &source, error) : NULL;
        if (one)
            json_array_append_new(papers, one);
        else if (source.state == PART_GRANTED)
            return false;
    }
    return results != NULL;
}

bool joint_hand_on(const Context *context, const Joint *self, const Item *item, Case *part, GError **error)
{
    size_t i;
    json_t *paper;
    g_autofree char *from = subject_text(&joint_kind, self), *to = subject_text(&case_kind, part);
    g_autoptr(json_t) papers = files_papers(context->db, context->county, from, error);
    json_array_foreach(papers, i, paper)
        for (size_t j = 0; j < item->material_count; j++) {
            if (strcmp(item->materials[j].name, json_text(paper, "material")) != 0)
                continue;
            if (!files_repeat(context, paper, to, error))
                return false;
            part->is_bare = false;
        }
    return papers != NULL;
}

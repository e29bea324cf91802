// SPDX-License-Identifier: Apache-2.0
/* An item as rules need it: its fields as plain values, and who takes which step. No database. */
#include "catalogue/room.h"

#include <string.h>

const char *const step_kind_names[STEP_KINDS + 1] = {
    [STEP_RECEIVE] = "receive", [STEP_PREREVIEW] = "prereview", [STEP_ACCEPT] = "accept", [STEP_REVIEW] = "review",
    [STEP_DECIDE] = "decide", [STEP_ISSUE] = "issue", [STEP_DELIVER] = "deliver", [STEP_KINDS] = NULL,
};

const char *const item_levels[] = { [COUNTY_LEVEL] = "county", [TOWN_LEVEL] = "town", [VILLAGE_LEVEL] = "village",
                                    [ZONE_LEVEL] = "zone", NULL };

/* ---- kinds of act ---- */

enum { LICENCE_KIND, APPROVAL_KIND, CONFIRMATION_KIND, PAYMENT_KIND, REWARD_KIND, RULING_KIND, FILING_KIND, SERVICE_KIND, OTHER_KIND, ITEM_KINDS };

const char *const item_kind_names[] = {
    [LICENCE_KIND] = "license",           /* 行政许可 */
    [APPROVAL_KIND] = "approval",         /* 非许可审批, until 2015 */
    [CONFIRMATION_KIND] = "confirmation", /* 行政确认 */
    [PAYMENT_KIND] = "payment",           /* 行政给付 */
    [REWARD_KIND] = "reward",             /* 行政奖励 */
    [RULING_KIND] = "ruling",             /* 行政裁决 */
    [FILING_KIND] = "filing",             /* 备案 */
    [SERVICE_KIND] = "service",           /* 公共服务 */
    [OTHER_KIND] = "other",               /* 其他行政权力 */
    [ITEM_KINDS] = NULL,
};

static const ItemKind kinds[ITEM_KINDS] = {
    [LICENCE_KIND] = { true, true, "decision", "refusal", "XK" },
    [APPROVAL_KIND] = { false, true, "approval_granted", "approval_refused", "SP" },
    [CONFIRMATION_KIND] = { false, true, "confirmation_granted", "confirmation_refused", "QR" },
    [PAYMENT_KIND] = { false, true, "payment_granted", "payment_refused", "JF" },
    [REWARD_KIND] = { false, true, "reward_granted", "reward_refused", "JL" },
    [RULING_KIND] = { false, true, "ruling_granted", "ruling_refused", "CJ" },
    [FILING_KIND] = { false, true, "filing_granted", "filing_refused", "BA" },
    [SERVICE_KIND] = { false, false, "service_granted", "service_refused", "FW" },
    [OTHER_KIND] = { false, true, "other_granted", "other_refused", "QT" },
};

const ItemKind *item_kind(const char *name)
{
    size_t place = name_place(item_kind_names, name);
    return &kinds[place < ITEM_KINDS ? place : LICENCE_KIND];
}

/* ---- from the fields ---- */

static int number_of(const json_t *object, const char *key)
{
    return (int)json_number(object, key);
}

static unsigned levels_of(const json_t *list)
{
    unsigned levels = 0;
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)list, i, one)
        levels |= 1u << name_place(item_levels, json_text(one, "level"));
    return levels;
}

/* Days count that the deciding department holds: special procedures do not (art. 45), nor do days
 * on which the applicant's papers are awaited. */
static ClockRule rule_of(const json_t *limit)
{
    size_t unit = name_place(day_unit_names, json_text(limit, "unit"));
    return (ClockRule){ .days = number_of(limit, "days"), .unit = day_unit_names[unit] ? (enum day_unit)unit : WORKING_DAYS, .counts = 1u << DEPARTMENT };
}

/* Where no law of its own sets a limit, it is twenty working days, and ten more at the most (Licensing Law art. 42). */
static ItemExtension extension_of(const Item *item, const json_t *own)
{
    bool by_article_42 = strcmp(item->type, "license") == 0 && !item->from_receipt && item->statutory.unit == WORKING_DAYS && item->statutory.days == 20;
    if (own)
        return (ItemExtension){ number_of(own, "days"), rule_of(own).unit, json_text(own, "basis") };
    return by_article_42 ? (ItemExtension){ 10, WORKING_DAYS, "《中华人民共和国行政许可法》第四十二条" } : (ItemExtension){ .basis = "" };
}

static ItemQuota quota_of(const json_t *list)
{
    const json_t *own = json_array_get(list, 0);
    return (ItemQuota){ number_of(own, "number"), json_text(own, "quota_period"), json_text(own, "quota_basis") };
}

static void take_steps(Item *self, const json_t *list)
{
    for (const json_t *step; self->step_count < ITEM_STEPS && (step = json_array_get(list, self->step_count));)
        self->steps[self->step_count++] = (ItemStep){ (enum step_kind)name_place(step_kind_names, json_text(step, "kind")),
                                                      levels_of(json_object_get(step, "levels")), role_named(json_text(step, "role")) };
}

static void take_materials(Item *self, const json_t *list)
{
    for (const json_t *one; self->material_count < ITEM_MATERIALS && (one = json_array_get(list, self->material_count));)
        self->materials[self->material_count++] = (ItemMaterial){
            .name = json_text(one, "name"), .name_en = json_text(one, "name_en"), .source = json_text(one, "source"),
            .required = json_flag(one, "required"), .may_follow = json_flag(one, "may_follow"), .may_promise = json_flag(one, "may_promise"),
            .originals = number_of(one, "originals"), .copies = number_of(one, "copies"), .shared_by = json_text(one, "shared_by"),
        };
}

static void take_specials(Item *self, const json_t *list)
{
    for (const json_t *one; self->special_count < ITEM_SPECIALS && (one = json_array_get(list, self->special_count));)
        self->specials[self->special_count++] = (ItemSpecial){ json_text(one, "special"), number_of(one, "days"), json_text(one, "basis"), json_flag(one, "mandatory") };
}

static ItemAbove above_of(const json_t *above)
{
    if (!above)
        return (ItemAbove){ 0 };
    return (ItemAbove){ json_text(above, "above_organ"), json_text(above, "above_organ_en"), json_text(above, "basis"), number_of(above, "days"),
                        rule_of(above).unit };
}

static void take_powers(Item *self, const json_t *list)
{
    static const char *const in_own_name[] = { "statutory", "authorised", "examines", NULL };
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)list, i, one) {
        const char *source = json_text(one, "power_source");
        self->powers[name_place(item_levels, json_text(one, "level"))] =
            (ItemPower){ source, json_text(one, "power_basis"), g_strv_contains(in_own_name, source) };
    }
}

bool power_lets(const char *source, enum step_kind kind)
{
    return source && *source && (kind != STEP_DECIDE || strcmp(source, "examines") != 0);
}

bool power_is_needed(const json_t *fields, enum step_kind kind)
{
    return kind >= STEP_ACCEPT && kind <= STEP_DECIDE && strcmp(json_text(fields, "type"), item_kind_names[SERVICE_KIND]) != 0;
}

/* Older versions name levels without a power: there the item's organ acts. */
static void keep_to_powers(Item *self)
{
    for (size_t i = 0; i < self->step_count; i++) {
        ItemStep *step = &self->steps[i];
        for (unsigned level = TOWN_LEVEL; power_is_needed(self->details, step->kind) && level < ITEM_LEVELS; level++)
            if (!power_lets(self->powers[level].source, step->kind))
                step->levels &= ~(1u << level);
        step->levels = step->levels ? step->levels : 1u << COUNTY_LEVEL;
    }
}

/* A fee is paid before the licence is handed over, unless its line names an earlier step. A charge that is only told in words is no amount. */
static void take_fees(Item *self, const json_t *list)
{
    size_t i;
    json_t *line;
    json_array_foreach((json_t *)list, i, line) {
        const char *before = json_text(line, "due_before");
        if (json_object_get(line, "amount_fen"))
            self->charged |= *before ? 1u << name_place(step_kind_names, before) : 1u << STEP_ISSUE | 1u << STEP_DELIVER;
    }
}

/* Every other object is an organisation, which applies as an enterprise does. */
static void take_objects(Item *self, const json_t *list)
{
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)list, i, one) {
        bool *applies = strcmp(json_text(one, "object"), "person") == 0 ? &self->for_person : &self->for_enterprise;
        *applies = true;
    }
}

Item *item_of(json_t *fields, int64_t version)
{
    Item *self = g_atomic_rc_box_new0(Item);
    self->details = fields;
    self->version = version;
    self->organ = json_number(fields, "organ");
    self->statutory = rule_of(json_object_get(fields, "statutory"));
    self->promised = rule_of(json_object_get(fields, "promised"));
    self->from_receipt = strcmp(json_text(fields, "start"), "acceptance") != 0;
    self->instant = json_flag(fields, "instant");
    self->online = json_flag(fields, "online");
    self->validity_years = number_of(fields, "validity_years");
    self->keeping_years = json_object_get(fields, "keeping_years") ? number_of(fields, "keeping_years") : KEEPING_BY_CENTRE;
    self->correction_days = number_of(fields, "correction_days");
    self->site_check = json_text(fields, "site_check");
    self->code = json_text(fields, "code");
    self->name = json_text(fields, "name");
    self->name_en = json_text(fields, "name_en");
    self->type = json_text(fields, "type");
    self->extension = extension_of(self, json_object_get(fields, "extension"));
    self->quota = quota_of(json_object_get(fields, "quota"));
    self->kind = item_kind(self->type);
    self->result = json_text(fields, "result");
    self->result_en = json_text(fields, "result_en");
    self->result_kind = json_text(fields, "result_kind");
    take_objects(self, json_object_get(fields, "objects"));
    take_steps(self, json_object_get(fields, "steps"));
    self->above = above_of(json_object_get(fields, "above"));
    take_powers(self, json_object_get(fields, "powers"));
    keep_to_powers(self);
    take_materials(self, json_object_get(fields, "materials"));
    take_specials(self, json_object_get(fields, "specials"));
    take_fees(self, json_object_get(fields, "fees"));
    self->form = item_form(fields);
    return self;
}

static void clear(void *item)
{
    form_free((ItemForm *)(uintptr_t)((Item *)item)->form);
    json_decref((json_t *)(uintptr_t)((Item *)item)->details);
}

void catalogue_item_free(Item *self)
{
    if (self)
        g_atomic_rc_box_release_full(self, clear);
}

/* ---- who takes a step ---- */

/* The lowest level that may take the step and that `place` has; where all that may are below it,
 * the place's own level stands in for them. */
static enum level level_for(unsigned levels, enum level place)
{
    for (unsigned level = place + 1; level-- > 0;)
        if (levels & 1u << level)
            return (enum level)level;
    return place;
}

static unsigned level_at(const ItemStep *step, int64_t place)
{
    return step->levels & 1u << ZONE_LEVEL && division_in_zone(place) ? ZONE_LEVEL : level_for(step->levels, division_level(place));
}

const ItemPower *catalogue_power(const Item *item, size_t step, int64_t place)
{
    const ItemStep *taken = &item->steps[step];
    const ItemPower *power = &item->powers[level_at(taken, place)];
    return taken->kind >= STEP_ACCEPT && taken->kind <= STEP_DECIDE && power->source ? power : NULL;
}

StepHolder catalogue_step_holder(const Item *item, size_t step, int64_t county, int64_t place)
{
    const ItemStep *taken = &item->steps[step];
    switch (level_at(taken, place)) {
    case VILLAGE_LEVEL: return (StepHolder){ VILLAGE_POINT_ORGAN, place, taken->role };
    case ZONE_LEVEL:
    case TOWN_LEVEL: return (StepHolder){ TOWN_CENTRE_ORGAN, division_town(place), taken->role };
    default: return (StepHolder){ item->organ, division_county(county), taken->role };
    }
}

bool catalogue_taken_in(const Item *item, enum level level, int64_t place)
{
    bool at_zone = level == TOWN_LEVEL && division_in_zone(place);
    return item->steps[0].levels & (1u << level | (at_zone ? 1u << ZONE_LEVEL : 0));
}

size_t catalogue_step(const Item *item, enum step_kind kind, size_t from)
{
    for (size_t i = from; i < item->step_count; i++)
        if (item->steps[i].kind == kind)
            return i;
    return SIZE_MAX;
}

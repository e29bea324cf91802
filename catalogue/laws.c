// SPDX-License-Identifier: Apache-2.0
/* Laws that the whole of an item's fields has to fit. */
#include "catalogue/row.h"

#include <string.h>

/* Five working days and seven calendar days are both a week; a month is taken as thirty days. */
static int64_t parts_of_a_week(const json_t *limit)
{
    static const int parts[] = { [WORKING_DAYS] = 7, [CALENDAR_DAYS] = 5, [CALENDAR_MONTHS] = 30 * 5 };
    return json_number(limit, "days") * parts[name_place(day_unit_names, json_text(limit, "unit"))];
}

static bool has_limit(const json_t *fields)
{
    return strcmp(json_text(json_object_get(fields, "statutory"), "unit"), "none") != 0;
}

static bool statutory_fits(const json_t *fields)
{
    return has_limit(fields) == (json_number(json_object_get(fields, "statutory"), "days") > 0);
}

/* A promise may only better the law's limit (art. 42). */
static bool promise_fits(const json_t *fields)
{
    return !has_limit(fields) || !statutory_fits(fields) || parts_of_a_week(json_object_get(fields, "promised")) <= parts_of_a_week(json_object_get(fields, "statutory"));
}

/* An item done while one waits (即办件) is done the same day. */
static bool instant_fits(const json_t *fields)
{
    return !json_flag(fields, "instant") || json_number(json_object_get(fields, "promised"), "days") == 0;
}

/* Days are added to both limits. */
static bool extension_fits(const json_t *fields)
{
    const json_t *extension = json_object_get(fields, "extension");
    const char *unit = json_text(extension, "unit");
    return !extension || (strcmp(unit, json_text(json_object_get(fields, "statutory"), "unit")) == 0 &&
                          strcmp(unit, json_text(json_object_get(fields, "promised"), "unit")) == 0);
}

static bool handling_fits(const json_t *fields)
{
    const char *handling = json_text(fields, "handling");
    return !*handling || json_flag(fields, "instant") == (strcmp(handling, "instant") == 0);
}

/* An item that a higher organ decides is sent up, and that organ prints the result itself. */
static bool above_fits(const json_t *fields)
{
    size_t i;
    json_t *step;
    bool goes_up = json_object_get(fields, "above"), issues = false;
    json_array_foreach(json_object_get(fields, "steps"), i, step)
        issues = issues || strcmp(json_text(step, "kind"), step_kind_names[STEP_ISSUE]) == 0;
    return (strcmp(json_text(fields, "handling"), "forwarded") == 0) == goes_up && !(goes_up && issues);
}

/* One may apply from home where the depth is more than reading about it. */
static bool depth_fits(const json_t *fields)
{
    const char *depth = json_text(fields, "online_depth");
    return !*depth || json_flag(fields, "online") == (strcmp(depth, "inform") != 0);
}

static bool visits_explained(const json_t *fields)
{
    return !json_number(fields, "visits") || *json_text(fields, "visit_reason");
}

/* A paper comes later, or a promise stands in its place: not both. */
static bool promises_fit(const json_t *fields)
{
    size_t i;
    json_t *paper;
    json_array_foreach(json_object_get(fields, "materials"), i, paper)
        if (json_flag(paper, "may_follow") && json_flag(paper, "may_promise"))
            return false;
    return true;
}

/* Kinds of steps rise as enum step_kind orders them: nothing is decided before it was accepted. */
static bool steps_in_order(const json_t *fields)
{
    size_t i, last = 0;
    bool rise = true;
    json_t *step;
    json_array_foreach(json_object_get(fields, "steps"), i, step) {
        size_t kind = name_place(step_kind_names, json_text(step, "kind"));
        rise = rise && kind >= last;
        last = kind;
    }
    return rise;
}

/* Review may be done by several, one after the other; the rest happens once. */
static bool steps_complete(const json_t *fields)
{
    size_t i, counts[STEP_KINDS + 1] = { 0 };
    json_t *step;
    json_array_foreach(json_object_get(fields, "steps"), i, step)
        counts[name_place(step_kind_names, json_text(step, "kind"))]++;
    return counts[STEP_RECEIVE] == 1 && counts[STEP_ACCEPT] == 1 && counts[STEP_DECIDE] == 1 && counts[STEP_DELIVER] == 1 &&
           counts[STEP_ISSUE] <= 1;
}

static const char *source_of(const json_t *fields, const char *level)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(fields, "powers"), i, one)
        if (strcmp(json_text(one, "level"), level) == 0)
            return json_text(one, "power_source");
    return "";
}

/* Licensing Law arts. 22–24: a town or the zone accepts, reviews and decides by a power alone. */
static bool powers_fit(const json_t *fields)
{
    size_t i, j;
    json_t *step, *one;
    json_array_foreach(json_object_get(fields, "steps"), i, step) {
        enum step_kind kind = (enum step_kind)name_place(step_kind_names, json_text(step, "kind"));
        json_array_foreach(json_object_get(step, "levels"), j, one) {
            const char *level = json_text(one, "level");
            if (power_is_needed(fields, kind) && strcmp(level, item_levels[COUNTY_LEVEL]) != 0 && !power_lets(source_of(fields, level), kind))
                return false;
        }
    }
    return true;
}

const ItemLaw item_laws[] = {
    { STATUTORY_DAYS, "catalogue.import_statutory", statutory_fits },
    { PROMISED_DAYS, "catalogue.import_promise", promise_fits },
    { PROMISED_DAYS, "catalogue.import_instant", instant_fits },
    { HANDLING, "catalogue.import_handling", handling_fits },
    { ONLINE_DEPTH, "catalogue.import_depth", depth_fits },
    { STEPS, "catalogue.import_steps_order", steps_in_order },
    { STEPS, "catalogue.import_steps_missing", steps_complete },
    { VISIT_REASON, "catalogue.import_visits", visits_explained },
    { EXTENSION, "catalogue.import_extension", extension_fits },
    { MATERIALS, "catalogue.import_promises", promises_fit },
    { STEPS, "catalogue.import_powers", powers_fit },
    { ABOVE, "catalogue.import_above", above_fits },
    { 0 },
};

// SPDX-License-Identifier: Apache-2.0
/* Reforms of organs and divisions. Nothing that is asked every day looks for one: on its day a timer changes the row, which reference data
 * caches, and an event lets the rooms that keep something under the old number take it to the successor. Rights need no such event:
 * whoever holds a post of the successor holds those of the ended one too (posts_followed). */
#include "identity/store.h"

#include "ledger/ledger.h"
#include "timers/timers.h"

#include <string.h>

const char *const reform_act_names[] = { "end", "merge", "rename", "found", NULL };
const char *const reform_about_names[] = { "organ", "division", NULL };

enum { CHAIN_MOST = 16 }; /* successors of successors */

/* ---- who goes on ---- */

static json_t *load(Db *db, int64_t county, enum reform_about about, int64_t of, GError **error)
{
    return about == ABOUT_ORGAN ? identity_organ(db, county, of, error) : identity_division(db, county, of, error);
}

/* NULL where there is none, with *error where that could not be read. */
static json_t *find(Db *db, int64_t county, enum reform_about about, int64_t of, GError **error)
{
    g_autoptr(GError) none = NULL;
    json_t *found = load(db, county, about, of, &none);
    if (!found)
        trouble_is(&none, NOT_FOUND, error);
    return found;
}

bool identity_acting(Db *db, int64_t county, enum reform_about about, int64_t of, int64_t *acting, GError **error)
{
    *acting = of;
    for (int i = 0; i < CHAIN_MOST && *acting; i++) {
        g_autoptr(json_t) one = load(db, county, about, *acting, error);
        int64_t next = json_number(one, "ended") ? json_number(one, "successor") : 0;
        if (!one)
            return false;
        if (!next)
            return true;
        *acting = next;
    }
    return true;
}

char *identity_acting_names(const Context *context, const char *subject, GError **error)
{
    int64_t of = g_ascii_strtoll(strchr(subject, '/') + 1, NULL, 10), acting;
    enum reform_about about = g_str_has_prefix(subject, reform_about_names[ABOUT_ORGAN]) ? ABOUT_ORGAN : ABOUT_DIVISION;
    const char *member = about == ABOUT_ORGAN ? "name" : "path";
    if (!identity_acting(context->db, context->county, about, of, &acting, error))
        return NULL;
    g_autoptr(json_t) was = load(context->db, context->county, about, of, error), is = was ? load(context->db, context->county, about, acting, error) : NULL;
    return is ? g_strdup_printf("%s → %s", json_text(was, member), json_text(is, member)) : NULL;
}

bool identity_followed(Db *db, int64_t county, enum reform_about about, int64_t first, int64_t last, GArray *out, GError **error)
{
    size_t i;
    json_t *one;
    g_autoptr(json_t) all = about == ABOUT_ORGAN ? identity_organs(db, county, error) : identity_divisions(db, county, error);
    json_array_foreach(all, i, one) {
        int64_t number = about == ABOUT_ORGAN ? json_number(one, "number") : division_code(one), acting = 0;
        if (!json_number(one, "ended") || (number >= first && number <= last))
            continue;
        if (!identity_acting(db, county, about, number, &acting, error))
            return false;
        if (acting >= first && acting <= last)
            g_array_append_val(out, number);
    }
    return all != NULL;
}

/* Appends the numbers of those whose work the holder of `of` goes on with, itself the first. */
static bool add_followed(Db *db, int64_t county, enum reform_about about, int64_t of, GArray *out, GError **error)
{
    g_array_append_val(out, of);
    return identity_followed(db, county, about, of, of, out, error);
}

GArray *posts_followed(Db *db, int64_t county, const GArray *posts, GError **error)
{
    g_autoptr(GArray) all = g_array_new(false, false, sizeof(Post));
    for (guint i = 0; i < posts->len; i++) {
        Post post = g_array_index(posts, Post, i);
        g_autoptr(GArray) organs = g_array_new(false, false, sizeof(int64_t)), divisions = g_array_new(false, false, sizeof(int64_t));
        if (!add_followed(db, county, ABOUT_ORGAN, post.organ, organs, error) || !add_followed(db, county, ABOUT_DIVISION, post.division, divisions, error))
            return NULL;
        for (guint j = 0; j < organs->len * divisions->len; j++) {
            post.organ = g_array_index(organs, int64_t, j / divisions->len);
            post.division = g_array_index(divisions, int64_t, j % divisions->len);
            g_array_append_val(all, post);
        }
    }
    return g_steal_pointer(&all);
}

/* ---- what may be planned ---- */

/* The reform of a row that plan_read gives, whose texts it borrows. */
static PlannedReform reform_of(const json_t *row)
{
    return (PlannedReform){ json_number(row, "number"), (enum reform_act)name_place(reform_act_names, json_text(row, "act")),
                     (enum reform_about)name_place(reform_about_names, json_text(row, "about")), json_number(row, "target"), json_number(row, "other"),
                     (Day)json_number(row, "day_number"), json_text(row, "name"), json_text(row, "name_en"), json_text(row, "short_name"),
                     json_text(row, "code"), json_text(row, "document") };
}

static bool ends(const PlannedReform *self)
{
    return self->act == REFORM_END || self->act == REFORM_MERGE;
}

/* The planned end of `of`; false: there is none. */
static bool planned_end(const json_t *plan, enum reform_about about, int64_t of, PlannedReform *out)
{
    size_t i;
    json_t *row;
    json_array_foreach((json_t *)plan, i, row) {
        *out = reform_of(row);
        if (strcmp(json_text(row, "state"), "planned") == 0 && out->about == about && out->target == of && ends(out))
            return true;
    }
    return false;
}

bool plan_end_of(const Context *context, int64_t organ, Day *day, int64_t *successor, GError **error)
{
    PlannedReform planned;
    g_autoptr(json_t) plan = plans_read(context->db, context->county, error);
    bool ends = planned_end(plan, ABOUT_ORGAN, organ, &planned);
    *day = ends ? planned.day : DAY_NONE;
    *successor = ends ? planned.other : 0;
    return plan != NULL;
}

/* Is it named by a plan as the one that goes on? */
static bool is_named(const json_t *plan, enum reform_about about, int64_t of)
{
    size_t i;
    json_t *row;
    json_array_foreach((json_t *)plan, i, row) {
        const PlannedReform each = reform_of(row);
        if (strcmp(json_text(row, "state"), "planned") == 0 && each.about == about && each.other == of && each.act == REFORM_MERGE)
            return true;
    }
    return false;
}

/* The target and the other one, NULL where there is none of that number; false with an error. Both are owned by the caller. */
static bool find_both(const Context *context, const PlannedReform *self, json_t **target, json_t **other, GError **error)
{
    g_autoptr(GError) why = NULL;
    *target = find(context->db, context->county, self->about, self->target, &why);
    *other = !why && self->other ? find(context->db, context->county, self->about, self->other, &why) : NULL;
    if (!why)
        return true;
    g_propagate_error(error, g_steal_pointer(&why));
    return false;
}

/* Town centres, village points and the service centre stand for their kind, and the county for the whole. */
static bool is_fixed(const Context *context, enum reform_about about, int64_t of)
{
    return about == ABOUT_ORGAN ? of == TOWN_CENTRE_ORGAN || of == VILLAGE_POINT_ORGAN || of == CENTRE_ORGAN : of == division_county(context->county);
}

static bool target_fits(const Context *context, const PlannedReform *self, const json_t *target, const json_t *plan, GError **error)
{
    PlannedReform planned;
    if (!target || json_number(target, "ended"))
        return refuse_field(error, "target", target ? "identity.reform_ended" : "identity.reform_no_target", NULL);
    if (ends(self) && is_fixed(context, self->about, self->target))
        return refuse_field(error, "target", "identity.reform_fixed", NULL);
    if (self->act == REFORM_END && self->about == ABOUT_DIVISION)
        return refuse_field(error, "act", "identity.reform_division_end", NULL);
    if (self->act == REFORM_END && is_named(plan, self->about, self->target))
        return refuse_field(error, "target", "identity.reform_named", NULL);
    if (planned_end(plan, self->about, self->target, &planned) && (ends(self) || planned.day <= self->day))
        return refuse_field(error, "target", "identity.reform_twice", "planned_day", DAY_WRITTEN(planned.day), NULL);
    return true;
}

static bool is_alike(const PlannedReform *self, const json_t *target, const json_t *other)
{
    const char *member = self->about == ABOUT_ORGAN ? "kind" : "level";
    return strcmp(json_text(target, member), json_text(other, member)) == 0;
}

/* Following the planned successors from the new one on does not come back. */
static bool leads_round(const PlannedReform *self, const json_t *plan)
{
    PlannedReform next;
    int64_t other = self->other;
    for (int i = 0; i < CHAIN_MOST && other != self->target; i++) {
        if (!planned_end(plan, self->about, other, &next) || !next.other)
            return false;
        other = next.other;
    }
    return true;
}

static bool successor_fits(const PlannedReform *self, const json_t *target, const json_t *other, const json_t *plan, GError **error)
{
    PlannedReform planned;
    if (!other || self->other == self->target || !is_alike(self, target, other))
        return refuse_field(error, "other", "identity.reform_no_successor", NULL);
    if (json_number(other, "ended") || (planned_end(plan, self->about, self->other, &planned) && planned.day <= self->day))
        return refuse_field(error, "other", "identity.reform_successor_ends", NULL);
    if (self->about == ABOUT_ORGAN && day_parse(json_text(other, "valid_from_day")) > self->day)
        return refuse_field(error, "other", "identity.reform_successor_later", NULL);
    return !leads_round(self, plan) || refuse_field(error, "other", "identity.reform_circle", NULL);
}

static bool name_fits(const PlannedReform *self, GError **error)
{
    enum { NAME_MOST = 60 };
    const char *names[] = { "name", "name_en", "short_name" }, *texts[] = { self->name, self->name_en, self->short_name };
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *clean = *texts[i] ? identity_name(texts[i], NULL) : g_strdup("");
        if (!clean || strcmp(clean, texts[i]) != 0 || g_utf8_strlen(clean, -1) > NAME_MOST || (i == 0 && !*clean))
            return refuse_field(error, names[i], "identity.reform_name", NULL);
    }
    return true;
}

/* A new one needs a number that nobody has ever had, and one to be like. */
static bool founding_fits(const Context *context, const PlannedReform *self, const json_t *target, const json_t *other, GError **error)
{
    bool is_organ = self->about == ABOUT_ORGAN;
    enum level level = is_organ ? COUNTY_LEVEL : division_level(self->target);
    if (target)
        return refuse_field(error, "target", "identity.reform_there", NULL);
    if (is_organ ? self->target < 1 || self->target > 999999 : !division_within(self->target, division_county(context->county)) || level == COUNTY_LEVEL)
        return refuse_field(error, "target", "identity.reform_number", NULL);
    if (!other || is_fixed(context, self->about, self->other) || (!is_organ && division_level(self->other) != level))
        return refuse_field(error, "other", "identity.reform_like", NULL);
    if (is_organ && !*self->short_name)
        return refuse_field(error, "short_name", "identity.reform_name", NULL);
    if (is_organ && (!*self->code || !text_is_clean(self->code, strlen(self->code))))
        return refuse_field(error, "code", "identity.reform_code", NULL);
    if (level != VILLAGE_LEVEL)
        return true;
    g_autoptr(json_t) town = NULL, none = NULL;
    const PlannedReform within = { .about = ABOUT_DIVISION, .target = division_town(self->target) };
    return find_both(context, &within, &town, &none, error) && (town || refuse_field(error, "target", "identity.reform_no_town", NULL));
}

static bool fits(const Context *context, const PlannedReform *self, const json_t *plan, GError **error)
{
    g_autoptr(json_t) target = NULL, other = NULL;
    if (self->day <= day_of(context->now))
        return refuse_field(error, "day", "identity.reform_day", NULL);
    if (self->day > day_of(context->now) + REFORM_AHEAD_MOST)
        return refuse_field(error, "day", "identity.reform_far", NULL);
    if (!*self->document || !text_is_clean(self->document, strlen(self->document)))
        return refuse_field(error, "document", "identity.reform_document", NULL);
    if (!find_both(context, self, &target, &other, error))
        return false;
    if (self->act == REFORM_FOUND)
        return founding_fits(context, self, target, other, error) && name_fits(self, error);
    if (!target_fits(context, self, target, plan, error))
        return false;
    if (self->act == REFORM_RENAME)
        return name_fits(self, error);
    return self->act == REFORM_END || successor_fits(self, target, other, plan, error);
}

/* ---- planning ---- */

static char *subject_of(const PlannedReform *self)
{
    return g_strdup_printf("%s/%" PRId64, reform_about_names[self->about], self->target);
}

/* The facts of its events. */
static json_t *facts_of(const PlannedReform *self)
{
    json_t *facts = json_pack("{s:I, s:s, s:s}", "reform", self->number, "act", reform_act_names[self->act], "document", self->document);
    json_put_day(facts, "day", self->day);
    json_put_text(facts, "name", self->name);
    json_put_text(facts, "name_en", self->name_en);
    if (self->other)
        json_object_set_new(facts, self->act == REFORM_FOUND ? "like" : "successor", json_integer(self->other));
    return facts;
}

static bool record(const Context *context, const PlannedReform *self, const char *kind, json_t *facts, GError **error)
{
    g_autofree char *subject = subject_of(self);
    actor_put_absent(context->actor, SYSTEM_ADMINISTRATOR, facts);
    return ledger_record(context, (Event){ .subject = subject, .kind = kind, .organ = self->about == ABOUT_ORGAN ? self->target : CENTRE_ORGAN,
                                           .division = self->about == ABOUT_DIVISION ? self->target : division_county(context->county) }, facts, error);
}

static bool set_timer(const Context *context, const PlannedReform *self, Instant at, GError **error)
{
    g_autofree char *subject = g_strdup_printf("reform/%" PRId64, self->number);
    return timer_set(context, subject, REFORM_TIMER, at, error);
}

bool identity_reform_plan(const Context *context, PlannedReform *reform, GError **error)
{
    g_autoptr(json_t) plan = plans_read(context->db, context->county, error);
    if (!plan || !fits(context, reform, plan, error) || !plan_put(context, reform, error))
        return false;
    return (reform->act != REFORM_FOUND || plan_found_row(context, reform, error)) &&
           set_timer(context, reform, instant_at(reform->day, 0), error) && record(context, reform, "reform.planned", facts_of(reform), error);
}

bool identity_withdraw_reform(const Context *context, int64_t number, GError **error)
{
    g_autoptr(json_t) row = plan_read(context->db, context->county, number, error), plan = row ? plans_read(context->db, context->county, error) : NULL;
    if (!plan)
        return false;
    const PlannedReform reform = reform_of(row);
    if (strcmp(json_text(row, "state"), "planned") != 0 || reform.day <= day_of(context->now))
        return refuse(error, CONFLICT, "identity.reform_over", NULL);
    if (reform.act == REFORM_FOUND && is_named(plan, reform.about, reform.target))
        return refuse(error, CONFLICT, "identity.reform_named", NULL);
    const PlannedReform never = { .about = reform.about, .target = reform.target, .day = reform.day + 1 };
    return (reform.act != REFORM_FOUND || plan_end_row(context, &never, error)) && plan_set(context, number, "withdrawn", "", "", error) &&
           set_timer(context, &reform, 0, error) && record(context, &reform, "reform.withdrawn", facts_of(&reform), error);
}

/* ---- carrying out ---- */

static bool change_row(const Context *context, const PlannedReform *self, GError **error)
{
    switch (self->act) {
    case REFORM_RENAME: return plan_rename_row(context, self, error);
    case REFORM_FOUND: return plan_open_row(context, self, error);
    default: return plan_end_row(context, self, error);
    }
}

static bool carry_out(const Context *context, const PlannedReform *self, GError **error)
{
    static const char *const kinds[][2] = { [REFORM_END] = { "organ.ended", "division.ended" }, [REFORM_MERGE] = { "organ.ended", "division.ended" },
                                            [REFORM_RENAME] = { "organ.renamed", "division.renamed" }, [REFORM_FOUND] = { "organ.founded", "division.founded" } };
    g_autoptr(json_t) before = load(context->db, context->county, self->about, self->target, error);
    if (!before)
        return false;
    const char *was = json_text(before, "name"), *was_en = json_text(before, "name_en");
    json_t *facts = facts_of(self);
    json_object_set_new(facts, "was", json_string(was));
    json_put_text(facts, "was_en", was_en);
    return change_row(context, self, error) && plan_set(context, self->number, "done", was, was_en, error) &&
           record(context, self, kinds[self->act][self->about], facts, error);
}

bool plan_comes(const Context *context, const char *subject, Instant at, GError **error)
{
    (void)at;
    g_autoptr(json_t) row = plan_read(context->db, context->county, g_ascii_strtoll(subject + strlen("reform/"), NULL, 10), error);
    if (!row)
        return false;
    const PlannedReform reform = reform_of(row);
    return strcmp(json_text(row, "state"), "planned") != 0 || carry_out(context, &reform, error);
}

/* A table's last day is no plan of anybody's, so nothing is asked of it but what the import has asked. */
static bool adopt(const Context *context, const json_t *row, GError **error)
{
    PlannedReform reform = { .act = json_number(row, "other") ? REFORM_MERGE : REFORM_END, .about = ABOUT_ORGAN, .target = json_number(row, "number"),
                      .other = json_number(row, "other"), .day = day_parse(json_text(row, "valid_to_day")) + 1, .name = "", .name_en = "",
                      .short_name = "", .code = "", .document = "" };
    if (reform.day <= day_of(context->now))
        return plan_end_row(context, &reform, error);
    return plan_put(context, &reform, error) && set_timer(context, &reform, instant_at(reform.day, 0), error);
}

bool plan_adopt(const Context *context, GError **error)
{
    size_t i;
    json_t *row;
    g_autoptr(json_t) rows = organs_to_end(context, error);
    json_array_foreach(rows, i, row)
        if (!adopt(context, row, error))
            return false;
    return rows != NULL;
}

/* ---- the list ---- */

static bool put_names(Db *db, int64_t county, enum reform_about about, int64_t of, json_t *row, const char *as, GError **error)
{
    const char *member = about == ABOUT_ORGAN ? "name" : "path", *member_en = about == ABOUT_ORGAN ? "name_en" : "path_en";
    g_autofree char *name = g_strconcat(as, "_name", NULL), *name_en = g_strconcat(name, "_en", NULL);
    g_autoptr(json_t) one = of ? load(db, county, about, of, error) : json_object();
    json_object_set_new(row, name, json_string(json_text(one, member)));
    json_object_set_new(row, name_en, json_string(json_text(one, member_en)));
    return one != NULL;
}

json_t *identity_reforms(Db *db, int64_t county, GError **error)
{
    size_t i;
    json_t *row;
    g_autoptr(json_t) rows = plans_read(db, county, error);
    json_array_foreach(rows, i, row) {
        const PlannedReform reform = reform_of(row);
        json_put_day(row, "reform_day", reform.day);
        json_object_set_new(row, "is_planned", json_boolean(strcmp(json_text(row, "state"), "planned") == 0));
        json_object_set(row, "reform_act", json_object_get(row, "act"));
        json_object_set(row, "reform_state", json_object_get(row, "state"));
        if (!put_names(db, county, reform.about, reform.target, row, "target", error) || !put_names(db, county, reform.about, reform.other, row, "other", error))
            return NULL;
        json_object_del(row, "state");
    }
    return g_steal_pointer(&rows);
}

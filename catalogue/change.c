// SPDX-License-Identifier: Apache-2.0
/* Changes of items (事项调整), each by a normative document (规范性文件). One table says of every kind of
 * change which items it may befall and what it makes of their fields. */
#include "catalogue/room.h"

#include <string.h>

const char *const change_kind_names[CHANGE_KINDS + 1] = {
    [CHANGE_LISTED] = "listed",       [CHANGE_REVISED] = "revised",       [CHANGE_MOVED] = "moved",
    [CHANGE_ADDED] = "added",         [CHANGE_CANCELLED] = "cancelled",   [CHANGE_MERGED] = "merged",
    [CHANGE_SUSPENDED] = "suspended", [CHANGE_RESUMED] = "resumed",       [CHANGE_TAKEN_OVER] = "taken_over",
    [CHANGE_DELEGATED] = "delegated", [CHANGE_ADJUSTED] = "adjusted",     [CHANGE_ENTERED] = "entered",
    [CHANGE_LEFT] = "left",           [CHANGE_KINDS] = NULL,
};

/* ---- what a change makes of the fields ---- */

typedef void Effect(json_t *fields, const ItemChange *change);

static void enter(json_t *fields, const ItemChange *change)
{
    json_object_set_new(fields, "in_centre", json_boolean(change->kind == CHANGE_ENTERED));
}

static void take_over(json_t *fields, const ItemChange *change)
{
    json_object_set_new(fields, "taken_over", json_string(change->level));
}

static void move(json_t *fields, const ItemChange *change)
{
    json_object_set_new(fields, "organ", json_integer(change->organ));
}

/* The version that ended comes in force again as it is. */
static void resume(json_t *fields, const ItemChange *change)
{
    (void)fields, (void)change;
}

static void allow_level(json_t *step, const char *level)
{
    json_t *levels = json_object_get(step, "levels");
    size_t i;
    json_t *one;
    json_array_foreach(levels, i, one)
        if (strcmp(json_text(one, "level"), level) == 0)
            return;
    json_array_insert_new(levels, 0, json_pack("{s:s}", "level", level));
}

/* By the document of the change, in place of an earlier power. */
static void empower(json_t *fields, const ItemChange *change)
{
    bool is_quoted = g_str_has_prefix(change->document, "《");
    json_t *powers = json_object_get(fields, "powers"), *power;
    if (!powers)
        json_object_set_new(fields, "powers", powers = json_array());
    for (size_t i = json_array_size(powers); i-- > 0;)
        if (strcmp(json_text(json_array_get(powers, i), "level"), change->level) == 0)
            json_array_remove(powers, i);
    power = json_pack("{s:s, s:s, s:o}", "level", change->level, "power_source", change->source, "power_basis",
                      json_sprintf("%s%s%s（%s）", is_quoted ? "" : "《", change->document, is_quoted ? "" : "》", change->document_number));
    json_array_append_new(powers, power);
}

/* Villages and, beside them, their towns take in and hand over (便民服务“三办”); a town or the zone does all. */
static void delegate(json_t *fields, const ItemChange *change)
{
    bool village = strcmp(change->level, item_levels[VILLAGE_LEVEL]) == 0;
    size_t i;
    json_t *step;
    if (!village)
        empower(fields, change);
    json_array_foreach(json_object_get(fields, "steps"), i, step) {
        const char *kind = json_text(step, "kind");
        bool at_desk = strcmp(kind, step_kind_names[STEP_RECEIVE]) == 0 || strcmp(kind, step_kind_names[STEP_DELIVER]) == 0;
        if (village && at_desk)
            allow_level(step, item_levels[TOWN_LEVEL]);
        if (!village || at_desk)
            allow_level(step, change->level);
    }
}

/* ---- which items it may befall ---- */

enum stand {
    NEVER = 1 << 0,    /* a draft, and nothing published */
    WAITING = 1 << 1,  /* published, and a draft waits */
    IN_FORCE = 1 << 2,
    GONE = 1 << 3,     /* cancelled, or merged into another */
    RESTING = 1 << 4,  /* suspended */
};

static const char *const over_levels[] = { "prefecture", "province", NULL };
static const char *const no_levels[] = { "", NULL };

static const struct Rule {
    unsigned stands;
    const char *refusal;           /* of an item in another state, where no sentence of the state fits */
    const char *const *levels;
    Effect *effect;
    bool ends;
} rules[CHANGE_KINDS] = {
    [CHANGE_MOVED] = { WAITING | IN_FORCE, NULL, no_levels, move, false },
    [CHANGE_SUSPENDED] = { IN_FORCE, NULL, no_levels, NULL, true },
    [CHANGE_RESUMED] = { RESTING, "catalogue.change_not_suspended", no_levels, resume, false },
    [CHANGE_ADDED] = { NEVER, "catalogue.change_there", no_levels, NULL, false },
    [CHANGE_CANCELLED] = { IN_FORCE | RESTING, NULL, no_levels, NULL, true },
    [CHANGE_MERGED] = { IN_FORCE, NULL, no_levels, NULL, true },
    [CHANGE_TAKEN_OVER] = { NEVER | IN_FORCE, NULL, over_levels, take_over, false },
    [CHANGE_DELEGATED] = { IN_FORCE, NULL, item_levels + TOWN_LEVEL, delegate, false },
    [CHANGE_ADJUSTED] = { WAITING, "catalogue.change_no_draft", no_levels, NULL, false },
    [CHANGE_ENTERED] = { IN_FORCE, NULL, no_levels, enter, false },
    [CHANGE_LEFT] = { IN_FORCE, NULL, no_levels, enter, false },
};

static enum stand stand_of(const Version *newest, int64_t in_force, bool is_suspended)
{
    if (strcmp(newest->state, "draft") == 0)
        return in_force ? WAITING : NEVER;
    if (in_force)
        return IN_FORCE;
    return is_suspended ? RESTING : GONE;
}

static bool may_befall(const ItemChange *change, enum stand stand, GError **error)
{
    const struct Rule *rule = &rules[change->kind];
    const char *reason = stand == NEVER ? "catalogue.change_never" : "catalogue.change_waits";
    if (rule->refusal)
        reason = rule->refusal;
    if (stand == GONE)
        reason = "catalogue.change_gone";
    if (stand == RESTING)
        reason = "catalogue.change_suspended";
    return rule->stands & stand || refuse(error, CONFLICT, reason, "code", change->item, NULL);
}

/* ---- what was given ---- */

/* The year in a document's number, 平政发〔2013〕45号; 0 when it has none. */
static int year_of(const char *document_number)
{
    enum { OPEN = 3, YEAR = 4 }; /* bytes of a bracket, digits */
    const char *open = strstr(document_number, "〔");
    const char *year = open ? open + OPEN : document_number;
    bool written = open && strspn(year, "0123456789") == YEAR;
    return written ? (int)g_ascii_strtoll(year, NULL, 10) : 0;
}

static bool day_fits(const Context *context, const ItemChange *change, GError **error)
{
    int year, month, of_month, written = year_of(change->document_number);
    if (change->day == DAY_NONE || change->day > day_of(context->now))
        return refuse_field(error, "day", "catalogue.change_day_later", NULL);
    day_split(change->day, &year, &month, &of_month);
    return written <= year ||
           refuse_field(error, "day", "catalogue.change_year", "document_year", DECIMAL(written), "year", DECIMAL(year), NULL);
}

const char *const change_sources[] = { "statutory", "authorised", "entrusted", "stationed", NULL };

/* Licensing Law arts. 22–24: nobody decides without a power. A village is an agent and gets none. */
static bool source_fits(const ItemChange *change, GError **error)
{
    bool has = change->source && *change->source;
    bool empowers = change->kind == CHANGE_DELEGATED && strcmp(change->level, item_levels[VILLAGE_LEVEL]) != 0;
    if (empowers && !(has && g_strv_contains(change_sources, change->source)))
        return refuse_field(error, "power_source", "catalogue.change_source", NULL);
    return empowers || !has || refuse_field(error, "power_source", "catalogue.change_no_source", NULL);
}

/* A level only where the kind has one; another item only to merge into. */
static bool words_fit(const ItemChange *change, GError **error)
{
    if (change->kind < CHANGE_ADDED || change->kind >= CHANGE_KINDS)
        return refuse_field(error, "kind", "catalogue.change_kind", NULL);
    if (!g_strv_contains(rules[change->kind].levels, change->level))
        return refuse_field(error, "level", "catalogue.change_level", NULL);
    if (!source_fits(change, error))
        return false;
    bool merged = change->kind == CHANGE_MERGED;
    if (merged != (*change->into != '\0'))
        return refuse_field(error, "into", merged ? "catalogue.change_into" : "catalogue.change_no_into", NULL);
    if (!*change->document)
        return refuse_field(error, "document", "catalogue.change_document", NULL);
    return *change->document_number || refuse_field(error, "document_number", "catalogue.change_document_number", NULL);
}

static bool into_fits(const Context *context, const ItemChange *change, GError **error)
{
    int64_t version = 0;
    if (!*change->into)
        return true;
    if (strcmp(change->into, change->item) == 0)
        return refuse_field(error, "into", "catalogue.change_into", NULL);
    if (!versioned_published(context->db, context->county, &item_lists, change->into, &version, error))
        return false;
    return version || refuse_field(error, "into", "catalogue.change_into_gone", "code", change->into, NULL);
}

/* A change rests on the version in force today and cannot be earlier; of an item that is only announced, nothing but the end. */
static bool is_after(const ItemChange *change, enum stand stand, const Version *newest, const VersionMark *base, GError **error)
{
    if (!base->version)
        return stand != IN_FORCE || rules[change->kind].ends ||
               refuse_field(error, "day", "catalogue.change_coming", "since_day", DAY_WRITTEN(newest->since), NULL);
    return change->day >= base->since ||
           refuse_field(error, "day", "catalogue.change_day_earlier", "since_day", DAY_WRITTEN(base->since), NULL);
}

/* ---- doing it ---- */

static bool record(const Context *context, ItemChange *change, const Version *made, GError **error)
{
    if (!change_insert(context, change, made->version, error))
        return false;
    g_autoptr(json_t) payload = json_pack("{s:I, s:s, s:s, s:I, s:s, s:s, s:s, s:s}", "change", change->number, "kind",
        change_kind_names[change->kind], "day", DAY_WRITTEN(change->day), "version", made->version, "level", change->level, "into",
        change->into, "document", change->document, "document_number", change->document_number);
    json_put_text(payload, "power_source", change->source);
    const VersionedSubject subject = item_subject(made->fields);
    return versioned_record(context, &item_lists, &subject, "changed", payload, error);
}

/* A version as the change makes it, in force from `day` on. */
static bool make_version(const Context *context, const ItemChange *change, int64_t version, Day day, Version *newest, GError **error)
{
    g_auto(Version) base = { 0 };
    int64_t retired;
    if (!versioned_load(context->db, context->county, &item_lists, change->item, version, &base, error))
        return false;
    g_autoptr(json_t) fields = json_deep_copy(base.fields);
    rules[change->kind].effect(fields, change);
    if (day == change->day && change->kind != CHANGE_RESUMED && json_equal(fields, base.fields))
        return refuse(error, CONFLICT, "catalogue.change_same", "code", change->item, NULL);
    return item_redraft(context, fields, &base, newest, error) && item_enforce(context, newest, day, &retired, error);
}

/* Each of `versions` that is announced for a later day is announced anew with what the change makes of it. */
static bool announce_anew(const Context *context, const ItemChange *change, const json_t *versions, Version *newest, GError **error)
{
    for (size_t i = json_array_size(versions); i-- > 0;) {
        const json_t *version = json_array_get(versions, i);
        ItemChange revised = { .kind = CHANGE_REVISED, .item = change->item, .day = day_parse(json_text(version, "since_day")),
                               .document = "", .document_number = "", .level = "", .into = "" };
        if (strcmp(json_text(version, "standing"), "coming") != 0)
            continue;
        if (!make_version(context, change, json_number(version, "version"), revised.day, newest, error) ||
            !change_insert(context, &revised, newest->version, error))
            return false;
    }
    return true;
}

/* The version in force, or a draft where there is none, is changed; what waits is published as it is. */
static bool carry_out(const Context *context, ItemChange *change, const VersionMark *base, Version *newest, GError **error)
{
    int64_t retired;
    Day today = day_of(context->now);
    if (rules[change->kind].ends)
        return versioned_end(context, &item_lists, change->item, change->day, error) &&
               item_desk_put(context, change->item, error) && record(context, change, newest, error);
    if (!rules[change->kind].effect)
        return item_enforce(context, newest, change->day, &retired, error) && record(context, change, newest, error);
    g_autoptr(json_t) before = versioned_versions(context->db, context->county, &item_lists, change->item, today, INT64_MAX, error);
    return before && make_version(context, change, base->version ? base->version : newest->version, change->day, newest, error) &&
           record(context, change, newest, error) && announce_anew(context, change, before, newest, error);
}

static bool may_change(const Context *context, const ItemChange *change, const Version *newest, VersionMark *base, GError **error)
{
    int64_t published;
    bool is_suspended;
    if (!versioned_published(context->db, context->county, &item_lists, change->item, &published, error) ||
        !versioned_at(context->db, context->county, &item_lists, change->item, day_of(context->now), base, error) ||
        !change_suspends(context, change->item, &is_suspended, error))
        return false;
    enum stand stand = stand_of(newest, published, is_suspended);
    return may_befall(change, stand, error) && is_after(change, stand, newest, base, error) && into_fits(context, change, error);
}

bool catalogue_change(const Context *context, ItemChange *change, GError **error)
{
    VersionMark base = { 0 };
    g_auto(Version) newest = { 0 };
    return words_fit(change, error) && day_fits(context, change, error) &&
           item_newest(context->db, context->county, change->item, &newest, error) &&
           may_change(context, change, &newest, &base, error) && carry_out(context, change, &base, &newest, error);
}

/* ---- when its organ ends ---- */

static bool is_of(const Context *context, const char *code, int64_t version, int64_t organ, bool *is, GError **error)
{
    g_auto(Version) found = { 0 };
    bool read = !version || versioned_load(context->db, context->county, &item_lists, code, version, &found, error);
    *is = version && json_number(found.fields, "organ") == organ;
    return read;
}

/* A draft that waits is written again behind the version that publishing made. */
static bool draft_again(const Context *context, const ItemChange *change, const Version *draft, Version *newest, GError **error)
{
    g_autoptr(json_t) fields = json_deep_copy(draft->fields);
    move(fields, change);
    return item_redraft(context, fields, draft, newest, error);
}

bool change_move(const Context *context, ItemChange *change, int64_t from, GError **error)
{
    VersionMark base = { 0 };
    bool is_present;
    Day today = day_of(context->now);
    g_auto(Version) newest = { 0 }, draft = { 0 };
    if (!item_newest(context->db, context->county, change->item, &newest, error) ||
        !item_newest(context->db, context->county, change->item, &draft, error) ||
        !versioned_at(context->db, context->county, &item_lists, change->item, today, &base, error) ||
        !is_of(context, change->item, base.version, from, &is_present, error))
        return false;
    bool waits = strcmp(draft.state, "draft") == 0 && json_number(draft.fields, "organ") == from;
    g_autoptr(json_t) before = versioned_versions(context->db, context->county, &item_lists, change->item, today, INT64_MAX, error);
    if (!before || (is_present && !carry_out(context, change, &base, &newest, error)) ||
        (!is_present && !announce_anew(context, change, before, &newest, error)))
        return false;
    return !waits || draft_again(context, change, &draft, &newest, error);
}

// SPDX-License-Identifier: Apache-2.0
/* The list behind a figure: a tab for each measure that counts cases. Every post opens rows by departments or by places, whose
 * indexes stand in 004-lists.sql. */
#include "cases/inbox.h"

#include "cases/answer.h"
#include "cases/life.h"

enum { LOOKED_THROUGH = 4000 };

/* The measures that count cases, by the names of their tabs. */
static const char *const measures[] = { "accepted", "open", "ended", "overdue", "passed_up", "returned", "decided", "granted",
    "refused", "on_time", "rated", "satisfied", NULL };
G_STATIC_ASSERT(G_N_ELEMENTS(measures) == SPENT_DAYS + 1);

static const char *const channel_choices[] = { "centre", "towns", "county", "town", "village", "online", NULL };
static const ListSpan channel_spans[] = { { "centre", "county", "online" }, { "towns", "town", "village" }, { 0 } };

const Field case_list_fields[] = {
    { .name = "of", .kind = FIELD_CHOICE, .choices = measures, .value = "of", .look = LOOK_FIRST },
    { .name = "from", .kind = FIELD_DAY },
    { .name = "to", .kind = FIELD_DAY },
    { .name = "channel", .kind = FIELD_CHOICE, .choices = channel_choices, .codes = "taken_in", .empty = "cases.list.all" },
    { .name = "division", .kind = FIELD_INTEGER, .least = 1, .most = INT64_MAX, .empty = "cases.list.everywhere" },
    { .name = "organ", .kind = FIELD_INTEGER, .least = 1, .most = INT32_MAX, .empty = "cases.list.all" },
    { .name = "item", .most = 40, .hint = "cases.list.item_hint" },
    { .name = "hour", .kind = FIELD_INTEGER, .most = 23, .look = LOOK_NONE },
    LIST_FIELDS_BUT_SEARCH,
    { 0 },
};

static const ListFilter filters[] = {
    { "from", NULL, LIST_FROM },
    { "to", NULL, LIST_UNTIL },
    { "channel", "channel", LIST_EQUAL, channel_spans },
    { "division", "place", LIST_WITHIN },
    { "organ", "organ", LIST_EQUAL },
    { "item", "item", LIST_EQUAL },
    { "hour", "accepted_hour", LIST_EQUAL },
    { 0 },
};

enum { BY_ACCEPTED, BY_DECIDED };
static const ListOrder orders[] = {
    [BY_ACCEPTED] = { "accepted", { "accepted_on", "number" }, true },
    [BY_DECIDED] = { "decided", { "decided_on", "number" }, true },
    { 0 },
};

/* ---- who may see it ---- */

/* Does the post reach what is asked? What it does not say becomes what the post reaches. */
static bool reaches(const Post *post, json_t *asked)
{
    bool is_local = post->organ == TOWN_CENTRE_ORGAN || post->organ == VILLAGE_POINT_ORGAN;
    int64_t division = json_number(asked, "division"), organ = json_number(asked, "organ");
    if (life_sees_all(post))
        return true;
    if (is_local && division)
        return division_within(division, post->division);
    if (is_local)
        return json_object_set_new(asked, "division", json_integer(post->division)) == 0;
    if (post->organ == CENTRE_ORGAN || (organ && organ != post->organ))
        return false;
    return json_object_set_new(asked, "organ", json_integer(post->organ)) == 0;
}

static bool is_within_posts(const Actor *actor, json_t *asked, GError **error)
{
    bool any = false;
    for (size_t i = 0; i < actor->post_count; i++) {
        g_autoptr(json_t) nothing = json_object();
        if (reaches(&actor->posts[i], asked))
            return true;
        any = any || reaches(&actor->posts[i], nothing);
    }
    return refuse(error, NOT_ALLOWED, any ? "cases.list_elsewhere" : "cases.list_not_yours", NULL);
}

/* The default period is this year until today. */
static void complete_days(const Request *r, json_t *asked)
{
    int year, month, of_month;
    Day from = day_parse(json_text(asked, "from")), to = day_parse(json_text(asked, "to"));
    to = to == DAY_NONE ? MAX(day_of(r->context.now), from) : to;
    day_split(to, &year, &month, &of_month);
    from = from == DAY_NONE ? day_from(year, 1, 1) : from;
    json_put_day(asked, "from", from);
    json_put_day(asked, "to", to);
}

static bool complete(const Request *r, json_t *asked, GError **error)
{
    complete_days(r, asked);
    return is_within_posts(r->context.actor, asked, error);
}

enum { OF_ORGAN, OF_PLACE };

static void open_each(ListSeen *seen, size_t scope, const json_t *rows, const char *key, int64_t within)
{
    size_t i;
    json_t *row;
    json_array_foreach((json_t *)rows, i, row) {
        const json_t *code = json_object_get(row, key);
        int64_t number = json_is_string(code) ? g_ascii_strtoll(json_string_value(code), NULL, 10) : json_integer_value(code);
        if (!within || division_within(number, within))
            list_grant(seen, scope, &number);
    }
}

/* A town has less in a day than the department that most of its cases go to. */
static bool sees(const Request *r, const json_t *asked, ListSeen *seen, GError **error)
{
    int64_t division = json_number(asked, "division"), organ = json_number(asked, "organ");
    bool by_place = division && division_level(division) != COUNTY_LEVEL && !json_object_get(asked, "item");
    json_t *(*read)(Db *, int64_t, GError **) = by_place ? identity_divisions : identity_organs;
    if (organ && !by_place) {
        list_grant(seen, OF_ORGAN, &organ);
        return true;
    }
    g_autoptr(json_t) rows = read(r->context.db, r->context.county, error);
    open_each(seen, by_place ? OF_PLACE : OF_ORGAN, rows, by_place ? "code" : "number", by_place ? division : 0);
    return rows != NULL;
}

/* ---- the measures ---- */

/* The tabs say what case_measure says. Rare measures have indexes of their own. */
#define ACCEPTED "accepted_on <> 0"
#define DECIDED "decided_on <> 0"
#define OPEN "state IN ('review', 'suspended')"
#define ENDED "state IN ('withdrawn', 'terminated')"
#define ALL(name, day, order, also) \
    { name, .scopes = { { { "organ" }, day, also, "item" }, { { "place" }, day, also } }, .sees = sees, .orders = 1 << (order) }
#define RARE(name, condition, day, order) \
    { name, .scopes = { { { "organ" }, condition }, { { "place" }, day, condition } }, .sees = sees, .orders = 1 << (order) }

static const ListTab tabs[] = {
    [ACCEPTED_CASES] = ALL("accepted", ACCEPTED, BY_ACCEPTED, NULL),
    [OPEN_CASES] = { "open", .scopes = { { { "organ" }, OPEN }, { { "place" }, OPEN } }, .sees = sees, .orders = 1 << BY_ACCEPTED },
    [ENDED_CASES] = RARE("ended", ACCEPTED " AND " ENDED, ACCEPTED, BY_ACCEPTED),
    [OVERDUE_CASES] = RARE("overdue", "overdue = 1", ACCEPTED, BY_ACCEPTED),
    [PASSED_UP_CASES] = ALL("passed_up", ACCEPTED, BY_ACCEPTED, "channel IN ('town', 'village')"),
    [RETURNED_CASES] = RARE("returned", ACCEPTED " AND returned = 1", ACCEPTED, BY_ACCEPTED),
    [DECIDED_CASES] = ALL("decided", DECIDED, BY_DECIDED, NULL),
    [GRANTED_CASES] = ALL("granted", DECIDED, BY_DECIDED, "decision = 'granted'"),
    [REFUSED_CASES] = RARE("refused", "decision = 'refused'", DECIDED, BY_DECIDED),
    [ON_TIME_CASES] = ALL("on_time", DECIDED, BY_DECIDED, "kept = 1"),
    [RATED_CASES] = ALL("rated", DECIDED, BY_DECIDED, "rated > 0"),
    [SATISFIED_CASES] = ALL("satisfied", DECIDED, BY_DECIDED, "rated >= 3"),
    { 0 },
};

/* ---- rows ---- */

static json_t *days_json(int64_t days, int64_t unit)
{
    return json_pack("{s:I, s:s}", "days", days, "unit", day_unit_names[unit]);
}

static json_t *limit_json(const Case *self, const ClockReading *reading)
{
    return self->statutory_days ? days_json(reading ? reading->rule.days : self->statutory_days, self->statutory_unit)
                                : json_pack("{s:i, s:s}", "days", 0, "unit", "none");
}

static void put_judged(json_t *row, const Case *self)
{
    json_object_set_new(row, "judged", json_string(self->overdue ? "overdue" : self->kept ? "kept" : "late"));
    json_object_set_new(row, "light", json_string(self->overdue ? "red" : self->kept ? "green" : "amber"));
}

/* The time that a decision took, or that has been used until now. The light counts the same limit, and stays red where a case
 * ended beyond it. */
static json_t *row_json(const Request *r, const void *data, GError **error)
{
    const Case *self = data;
    g_autoptr(Item) item = catalogue_item(r->context.db, r->context.county, self->item, self->item_version, error);
    g_autoptr(json_t) row = item ? case_row_json(r, data, error) : NULL;
    g_autoptr(ClockReading) reading = row ? case_clock(self, STATUTORY_CLOCK, r->context.calendar, r->context.now) : NULL;
    int64_t used = self->decided_on ? self->spent : reading ? reading->used : 0;
    if (!row)
        return NULL;
    json_object_set_new(row, "handling", json_string(case_handling(self, item)));
    json_object_set_new(row, "spent", days_json(used, self->statutory_unit == WORKING_DAYS ? WORKING_DAYS : CALENDAR_DAYS));
    json_object_set_new(row, "limit", limit_json(self, reading));
    json_put_day(row, "accepted_day", (Day)self->accepted_on);
    if (self->decided_on)
        json_put_day(row, "decided_day", (Day)self->decided_on);
    if (self->decided_on || (self->overdue && !json_flag(row, "is_counting")))
        put_judged(row, self);
    else if (reading && self->state == REVIEW)
        clock_put_light(reading, row);
    return g_steal_pointer(&row);
}

/* ---- answers in files ---- */

/* The form of the one item that is asked for, as it is in force; NULL without an error: there is
 * none. */
static bool asked_form(const Request *r, Item **item, GError **error)
{
    const char *code = json_text(r->fields, "item");
    GError *none = NULL;
    *item = *code ? catalogue_item_on(r->context.db, r->context.county, code,
                                      day_of(r->context.now), &none)
                  : NULL;
    g_autoptr(GError) why = none;
    return !why || trouble_is(&why, NOT_FOUND, error);
}

static json_t *answer_columns(const Request *r, GError **error)
{
    g_autoptr(Item) item = NULL;
    if (!asked_form(r, &item, error))
        return NULL;
    return item && item->form ? form_columns(r->language, item->form) : json_array();
}

static bool fill_answers(const Request *r, int64_t number, json_t *row, GError **error)
{
    g_auto(Case) self = { 0 };
    g_autoptr(Item) item = NULL;
    if (!asked_form(r, &item, error) ||
        !subject_load(r->context.db, r->context.county, &case_kind, number, &self, error))
        return false;
    g_autoptr(json_t) answers = self.restricted_until ? NULL : answers_of(&self);
    if (item && item->form)
        form_put_cells(r->language, item->form, answers, row);
    return true;
}

static const ListFurther further = { answer_columns, fill_answers };

static const ListReader reader = { case_select, case_read, row_json, case_let_go };

const ListSpec figure_list = {
    .name = "figure",
    .room = "cases",
    .path = "/desk/cases",
    .table = "case_now",
    .key = "number",
    .columns = case_columns,
    .fields = case_list_fields,
    .filters = filters,
    .orders = orders,
    .tabs = tabs,
    .tab_field = "of",
    .complete = complete,
    .bound = LOOKED_THROUGH,
    .link = "/desk/cases/{number}",
    .is_walked = true,
    .rows = "cases",
    .reader = &reader,
    .tell = case_tell_handling,
    .further = &further,
};

/* ---- what it is called ---- */

/* Takes over `found` and `none`. */
static bool put_named(json_t *answer, const char *field, json_t *found, GError **none, const char *reason, GError **error)
{
    g_autoptr(GError) why = g_steal_pointer(none);
    if (found)
        return json_object_set_new(answer, field, found) == 0;
    return trouble_is(&why, NOT_FOUND, error) && refuse_field(error, field, reason, NULL);
}

/* A place, an organ or an item that does not exist is the field's fault. */
static bool put_names(json_t *answer, const Request *r, GError **error)
{
    const json_t *asked = r->fields;
    Db *db = r->context.db;
    GError *none = NULL;
    int64_t county = r->context.county, division = json_number(asked, "division"), organ = json_number(asked, "organ");
    if (division && !put_named(answer, "division", identity_division(db, county, division, &none), &none, "cases.list_no_division", error))
        return false;
    if (organ && !put_named(answer, "organ", identity_organ(db, county, organ, &none), &none, "cases.list_no_organ", error))
        return false;
    const char *item = json_text(asked, "item");
    return !*item || put_named(answer, "item", catalogue_ever(db, county, item, &none), &none, "cases.list_no_item", error);
}

static void put_question(json_t *answer, const json_t *asked)
{
    const json_t *hour = json_object_get(asked, "hour");
    json_object_set(answer, "from_day", json_object_get(asked, "from"));
    json_object_set(answer, "to_day", json_object_get(asked, "to"));
    json_object_set(answer, "taken_in", json_object_get(asked, "channel"));
    json_object_set_new(answer, "is_decided", json_boolean(g_strv_contains(measures + DECIDED_CASES, json_text(answer, "of"))));
    if (hour)
        json_object_set_new(answer, "hours", json_pack("{s:I, s:I}", "hour", json_integer_value(hour), "next", json_integer_value(hour) + 1));
}

json_t *case_list_show(Request *r, GError **error)
{
    g_autoptr(json_t) names = json_object();
    if (!complete(r, r->fields, error) || !put_names(names, r, error))
        return NULL;
    json_t *answer = list_show(r, &figure_list, error);
    if (!answer || json_object_get(r->fields, "format"))
        return answer;
    put_question(answer, r->fields);
    json_object_update(answer, names);
    return answer;
}

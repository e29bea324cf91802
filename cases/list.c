// SPDX-License-Identifier: Apache-2.0
/* The list behind a figure: what is asked, what the asker may see of it, and the page. */
#include "cases/list.h"

#include "cases/answer.h"
#include "cases/life.h"
#include "cases/store.h"

#include <string.h>

enum { ROWS = 25, COUNTED = 500, ORGANS_MOST = 64, IN_A_TOWN = 999 };

/* Those of case_measure_names that count cases. */
static const char *const measures[] = { "accepted", "open", "ended", "overdue", "passed_up", "returned", "decided", "granted",
    "refused", "on_time", "rated", "satisfied", NULL };
G_STATIC_ASSERT(G_N_ELEMENTS(measures) == SPENT_DAYS + 1);

static const struct { const char *name; unsigned channels; } channels[] = {
    { "centre", 1 << AT_COUNTY | 1 << ONLINE }, { "towns", 1 << AT_TOWN | 1 << AT_VILLAGE }, { "county", 1 << AT_COUNTY },
    { "town", 1 << AT_TOWN }, { "village", 1 << AT_VILLAGE }, { "online", 1 << ONLINE },
};
static const char *const channel_choices[] = { "centre", "towns", "county", "town", "village", "online", NULL };

const Field case_list_fields[] = {
    { "of", FIELD_CHOICE, 0, 0, false, measures, NULL },
    { "from", FIELD_DAY, 0, 0, false, NULL, NULL },
    { "to", FIELD_DAY, 0, 0, false, NULL, NULL },
    { "division", FIELD_INTEGER, 0, INT64_MAX, false, NULL, NULL },
    { "organ", FIELD_INTEGER, 0, INT32_MAX, false, NULL, NULL },
    { "item", FIELD_TEXT, 0, 40, false, NULL, NULL },
    { "channel", FIELD_CHOICE, 0, 0, false, channel_choices, NULL },
    { "hour", FIELD_INTEGER, 0, 23, false, NULL, NULL },
    { "exact", FIELD_FLAG, 0, 0, false, NULL, NULL },
    { "after", FIELD_INTEGER, 0, INT64_MAX, false, NULL, NULL },
    { 0 },
};

typedef struct List {
    CaseAsk ask;
    int64_t division, organ; /* as asked, or as far as the post reaches; 0: all */
    int64_t organs[ORGANS_MOST];
    bool exact;
} List;

/* ---- what is asked ---- */

static size_t index_of(const char *const *words, const char *word)
{
    size_t i = 0;
    while (words[i] && strcmp(words[i], word) != 0)
        i++;
    return words[i] ? i : 0;
}

/* Where nothing is said: this year until today. */
static bool read_days(const Request *r, CaseAsk *ask, GError **error)
{
    int year, month, of_month;
    Day from = day_parse(json_text(r->fields, "from")), to = day_parse(json_text(r->fields, "to"));
    ask->to = to == DAY_NONE ? MAX(day_of(r->context.now), from) : to;
    day_split(ask->to, &year, &month, &of_month);
    ask->from = from == DAY_NONE ? day_from(year, 1, 1) : from;
    return ask->from <= ask->to || refuse_field(error, "from", "cases.list_from_after_to", NULL);
}

static unsigned channels_named(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(channels); i++)
        if (strcmp(channels[i].name, name) == 0)
            return channels[i].channels;
    return 0;
}

static void read_asked(const Request *r, List *list)
{
    const json_t *fields = r->fields;
    list->ask.of = (enum case_measure)index_of(measures, json_text(fields, "of"));
    list->ask.channels = channels_named(json_text(fields, "channel"));
    list->ask.item = json_text(fields, "item");
    list->division = json_number(fields, "division");
    list->organ = json_number(fields, "organ");
    list->ask.is_of_hour = list->ask.of == ACCEPTED_CASES && json_object_get(fields, "hour") != NULL; /* how busy the windows were */
    list->ask.hour = json_number(fields, "hour");
    list->exact = json_flag(fields, "exact");
}

/* ---- who may see it ---- */

/* Does the post reach what is asked? What it does not say becomes what the post reaches. */
static bool reaches(const Post *post, List *list)
{
    if (life_sees_all(post))
        return true;
    if (post->organ == TOWN_CENTRE_ORGAN || post->organ == VILLAGE_POINT_ORGAN) {
        if (list->division && !division_within(list->division, post->division))
            return false;
        list->division = list->division ? list->division : post->division;
        return true;
    }
    if (post->organ == CENTRE_ORGAN || (list->organ && list->organ != post->organ))
        return false;
    list->organ = post->organ;
    return true;
}

static bool is_within_post(const Actor *actor, List *list, GError **error)
{
    bool any = false;
    for (size_t i = 0; i < actor->post_count; i++) {
        List free = { 0 };
        if (reaches(&actor->posts[i], list))
            return true;
        any = any || reaches(&actor->posts[i], &free);
    }
    return refuse(error, NOT_ALLOWED, any ? "cases.list_elsewhere" : "cases.list_not_yours", NULL);
}

/* ---- what it is called ---- */

/* What does not exist is the field's fault. Takes over `found` and `none`. */
static bool put_named(json_t *answer, const char *field, json_t *found, GError *none, const char *reason, GError **error)
{
    g_autoptr(GError) why = none;
    if (found)
        return json_object_set_new(answer, field, found) == 0;
    if (trouble_status(why) == NOT_FOUND)
        return refuse_field(error, field, reason, NULL);
    g_propagate_error(error, g_steal_pointer(&why));
    return false;
}

static bool put_division(json_t *answer, const Request *r, List *list, GError **error)
{
    GError *none = NULL;
    list->ask.first = 0;
    list->ask.last = INT64_MAX;
    if (!list->division)
        return true;
    if (division_level(list->division) != COUNTY_LEVEL) {
        list->ask.first = list->division;
        list->ask.last = list->division + (division_level(list->division) == TOWN_LEVEL ? IN_A_TOWN : 0);
    }
    json_t *division = identity_division(r->context.db, r->context.county, list->division, &none);
    return put_named(answer, "division", division, none, "cases.list_no_division", error);
}

static bool put_organ(json_t *answer, const Request *r, List *list, GError **error)
{
    GError *none = NULL;
    if (!list->organ)
        return true;
    list->organs[0] = list->organ;
    list->ask.organ_count = 1;
    json_t *organ = identity_organ(r->context.db, r->context.county, list->organ, &none);
    return put_named(answer, "organ", organ, none, "cases.list_no_organ", error);
}

static bool put_item(json_t *answer, const Request *r, List *list, GError **error)
{
    size_t i;
    json_t *organ;
    GError *none = NULL;
    if (!*list->ask.item)
        return true;
    json_t *item = catalogue_ever(r->context.db, r->context.county, list->ask.item, &none);
    if (!put_named(answer, "item", item, none, "cases.list_no_item", error))
        return false;
    json_array_foreach(json_object_get(item, "organs"), i, organ)
        if (!list->organ && list->ask.organ_count < ORGANS_MOST)
            list->organs[list->ask.organ_count++] = json_integer_value(organ);
    return true;
}

static void put_day(json_t *into, const char *name, Day day)
{
    char text[DAY_TEXT];
    json_object_set_new(into, name, json_string(day_text(day, text)));
}

/* Reads what is asked, holds it against the asker's posts, and says it again with its names. */
static bool take_question(const Request *r, List *list, json_t *answer, GError **error)
{
    read_asked(r, list);
    list->ask.organs = list->organs;
    if (!read_days(r, &list->ask, error) || !is_within_post(r->context.actor, list, error) ||
        !put_division(answer, r, list, error) || !put_organ(answer, r, list, error) || !put_item(answer, r, list, error))
        return false;
    json_object_set_new(answer, "of", json_string(measures[list->ask.of]));
    if (list->ask.channels)
        json_object_set(answer, "taken_in", json_object_get(r->fields, "channel"));
    if (list->ask.is_of_hour)
        json_object_set_new(answer, "hours", json_pack("{s:I, s:I}", "hour", (json_int_t)list->ask.hour, "next", (json_int_t)list->ask.hour + 1));
    json_object_set_new(answer, "is_exact", json_boolean(list->exact));
    json_object_set_new(answer, "is_decided", json_boolean(case_counts_decided(list->ask.of)));
    put_day(answer, "from_day", list->ask.from);
    put_day(answer, "to_day", list->ask.to);
    return true;
}

/* ---- rows ---- */

static json_t *days_json(int64_t days, int64_t unit)
{
    return json_pack("{s:I, s:s}", "days", days, "unit", day_unit_names[unit]);
}

static void put_judged(json_t *row, const Case *self)
{
    const char *judged = self->overdue ? "overdue" : self->kept ? "kept" : "late";
    const char *light = self->overdue ? "red" : self->kept ? "green" : "amber";
    json_object_set_new(row, "judged", json_string(judged));
    json_object_set_new(row, "light", json_string(light));
}

/* Of a decided case what the decision took, of another what it has taken until now. */
static void put_time(json_t *row, const Request *r, const Case *self)
{
    g_autoptr(ClockReading) reading = case_clock(self, STATUTORY_CLOCK, r->context.calendar, r->context.now);
    int64_t used = self->decided_on ? self->spent : reading ? reading->used : 0;
    json_object_set_new(row, "spent", days_json(used, self->statutory_unit));
    json_object_set_new(row, "limit", days_json(reading ? reading->rule.days : self->statutory_days, self->statutory_unit));
    if (self->decided_on)
        put_judged(row, self);
}

static json_t *row_json(const Request *r, const List *list, const Case *self, GError **error)
{
    g_autofree char *path = subject_path(&case_kind, self->number, STAFF);
    g_autoptr(json_t) row = json_pack("{s:s}", "path", path);
    if (!answer_head(row, &r->context, self, false, error))
        return NULL;
    put_day(row, "day", (Day)(case_counts_decided(list->ask.of) ? self->decided_on : self->accepted_on));
    put_time(row, r, self);
    return g_steal_pointer(&row);
}

static bool put_rows(json_t *answer, const Request *r, const List *list, const GArray *rows, GError **error)
{
    json_t *cases = json_array();
    json_object_set_new(answer, "cases", cases);
    json_object_set_new(answer, "none", json_boolean(rows->len == 0));
    for (guint i = 0; i < MIN(rows->len, ROWS); i++) {
        json_t *row = row_json(r, list, &g_array_index(rows, Case, i), error);
        if (!row)
            return false;
        json_array_append_new(cases, row);
    }
    return true;
}

/* ---- addresses ---- */

static GString *address(const List *list, const json_t *answer)
{
    char from[DAY_TEXT], to[DAY_TEXT];
    GString *path = g_string_new(NULL);
    g_string_append_printf(path, "/desk/cases?of=%s&from=%s&to=%s", measures[list->ask.of], day_text(list->ask.from, from),
                           day_text(list->ask.to, to));
    if (list->division)
        g_string_append_printf(path, "&division=%" PRId64, list->division);
    if (list->organ)
        g_string_append_printf(path, "&organ=%" PRId64, list->organ);
    if (*list->ask.item)
        g_string_append_uri_escaped(g_string_append(path, "&item="), list->ask.item, NULL, FALSE);
    if (list->ask.channels)
        g_string_append_printf(path, "&channel=%s", json_text(answer, "taken_in"));
    if (list->ask.is_of_hour)
        g_string_append_printf(path, "&hour=%" PRId64, list->ask.hour);
    return path;
}

static void put_more(json_t *answer, const List *list, const GArray *rows)
{
    if (rows->len <= ROWS)
        return;
    g_autoptr(GString) more = address(list, answer);
    g_string_append_printf(more, "%s&after=%" PRId64, list->exact ? "&exact=true" : "", g_array_index(rows, Case, ROWS - 1).number);
    json_object_set_new(answer, "more", json_string(more->str));
}

static bool put_total(json_t *answer, const Request *r, const List *list, GError **error)
{
    int64_t total;
    if (!case_list_count(r->context.db, r->context.county, &list->ask, list->exact ? INT64_MAX : COUNTED + 1, &total, error))
        return false;
    bool capped = !list->exact && total > COUNTED;
    json_object_set_new(answer, "total", json_integer(capped ? COUNTED : total));
    json_object_set_new(answer, "total_capped", json_boolean(capped));
    if (capped) {
        g_autoptr(GString) exact = address(list, answer);
        json_object_set_new(answer, "exact", json_string(g_string_append(exact, "&exact=true")->str));
    }
    return true;
}

/* ---- what may be chosen ---- */

static json_t *choices(const char *name, const char *const *words, const char *chosen)
{
    json_t *all = json_array();
    for (; *words; words++)
        json_array_append_new(all, json_pack("{s:s, s:b}", name, *words, "chosen", strcmp(*words, chosen) == 0));
    return all;
}

/* Of reference data, which is shared and stays as it is. */
static json_t *marked(const json_t *rows, const char *key, int64_t chosen)
{
    json_t *all = json_array(), *row;
    size_t i;
    json_array_foreach((json_t *)rows, i, row) {
        const json_t *code = json_object_get(row, key);
        int64_t number = json_is_string(code) ? g_ascii_strtoll(json_string_value(code), NULL, 10) : json_integer_value(code);
        g_autofree char *value = g_strdup_printf("%" PRId64, number);
        json_array_append_new(all, json_pack("{s:s, s:O, s:O, s:b}", "value", value, "name", json_object_get(row, "name"), "name_en",
                                             json_object_get(row, "name_en"), "chosen", number == chosen));
    }
    return all;
}

static bool put_choices(json_t *answer, const Request *r, const List *list, GError **error)
{
    g_autoptr(json_t) organs = identity_organs(r->context.db, r->context.county, error);
    g_autoptr(json_t) places = organs ? identity_places(r->context.db, r->context.county, error) : NULL;
    if (!places)
        return false;
    json_object_set_new(answer, "measures", choices("of", measures, measures[list->ask.of]));
    json_object_set_new(answer, "channels", choices("taken_in", channel_choices, json_text(answer, "taken_in")));
    json_object_set_new(answer, "organs", marked(organs, "number", list->organ));
    json_object_set_new(answer, "divisions", marked(places, "code", list->division));
    return true;
}

/* ---- the answer ---- */

static void clear_row(void *row)
{
    case_clear(row);
}

/* Where the page before ended. */
static bool read_after(const Request *r, Case *after, GError **error)
{
    int64_t number = json_number(r->fields, "after");
    return !number || case_load(r->context.db, r->context.county, number, after, error);
}

json_t *case_list_show(Request *r, GError **error)
{
    List list = { 0 };
    g_auto(Case) after = { 0 };
    g_autoptr(json_t) answer = json_object();
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(Case));
    g_array_set_clear_func(rows, clear_row);
    if (!take_question(r, &list, answer, error) || !read_after(r, &after, error) ||
        !case_list_page(r->context.db, r->context.county, &list.ask, after.number ? &after : NULL, ROWS + 1, rows, error) ||
        !put_rows(answer, r, &list, rows, error) || !put_total(answer, r, &list, error) || !put_choices(answer, r, &list, error))
        return NULL;
    put_more(answer, &list, rows);
    return g_steal_pointer(&answer);
}

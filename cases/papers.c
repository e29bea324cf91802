// SPDX-License-Identifier: Apache-2.0
#include "cases/papers.h"

#include <string.h>

static void put_day(json_t *content, const char *name, Day day)
{
    char text[DAY_TEXT];
    if (day != DAY_NONE)
        json_object_set_new(content, name, json_string(day_text(day, text)));
}

static Day day_marked(const Case *self, const char *why)
{
    for (size_t i = self->mark_count; i > 0; i--)
        if (strcmp(self->marks[i - 1].why, why) == 0)
            return self->marks[i - 1].day;
    return DAY_NONE;
}

static Day day_accepted(const Case *self)
{
    Day accepted = day_marked(self, "accepted");
    return accepted != DAY_NONE ? accepted : day_marked(self, "deemed_accepted");
}

static json_t *limit_json(int64_t days, int64_t unit)
{
    return json_pack("{s:I, s:s}", "days", days, "unit", unit == WORKING_DAYS ? "working" : "calendar");
}

static void put_clocks(json_t *content, const Context *context, const Case *next)
{
    g_autoptr(ClockReading) promise = case_clock(next, PROMISE_CLOCK, context->calendar, context->now);
    g_autoptr(ClockReading) statutory = case_clock(next, STATUTORY_CLOCK, context->calendar, context->now);
    put_day(content, "due_day", promise ? promise->due : DAY_NONE);
    put_day(content, "statutory_day", statutory ? statutory->due : DAY_NONE);
    json_object_set_new(content, "promised", limit_json(next->promised_days, next->promised_unit));
    json_object_set_new(content, "statutory", limit_json(next->statutory_days, next->statutory_unit));
}

static void put_days(json_t *content, const Context *context, const Case *next)
{
    put_day(content, "day", day_of(context->now));
    put_day(content, "received_day", day_marked(next, "received"));
    put_day(content, "accepted_day", day_accepted(next));
    put_day(content, "decided_day", day_marked(next, "decided"));
}

static void put_validity(json_t *content, const Context *context, const Item *item)
{
    int year, month, day;
    if (!item->validity_years)
        return;
    day_split(day_of(context->now), &year, &month, &day);
    put_day(content, "valid_from_day", day_of(context->now));
    put_day(content, "valid_to_day", day_from(year + item->validity_years, month, day) - 1);
}

static void put_input(json_t *content, const CaseInput *input)
{
    json_object_set_new(content, "reason", json_string(input->reason ? input->reason : ""));
    json_object_set_new(content, "opinion", json_string(input->opinion ? input->opinion : ""));
    json_object_set_new(content, "special_kind", json_string(input->special ? input->special : ""));
    json_object_set_new(content, "special_days", json_integer(input->days));
    json_object_set_new(content, "extended_days", json_integer(input->days));
    json_object_set_new(content, "other_organ", json_string(input->organ ? input->organ : ""));
}

/* The papers a document lists: what is asked for, else what has been handed in. */
static json_t *materials_of(const Judgement *j, const Case *next, GError **error)
{
    if (next->state == CORRECTION)
        return json_deep_copy(j->input->materials);
    g_autofree char *subject = g_strdup_printf("case/%" PRId64, next->number);
    g_autoptr(json_t) papers = files_papers(j->context->db, j->context->county, subject, error);
    json_t *names = papers ? json_array() : NULL;
    const char *last = "";
    for (size_t i = 0; i < json_array_size(papers); i++) {
        const char *name = json_text(json_array_get(papers, i), "material");
        if (strcmp(name, last) != 0)
            json_array_append_new(names, json_string(name));
        last = name;
    }
    if (names && j->input->materials)
        json_array_extend(names, (json_t *)j->input->materials);
    return names;
}

static bool put_people(json_t *content, const Context *context, const Case *next, GError **error)
{
    g_autoptr(json_t) party = identity_party_json(context->db, context->county, next->party, false, error);
    g_autoptr(json_t) organ = party ? identity_organ(context->db, context->county, next->organ, error) : NULL;
    g_autoptr(json_t) place = organ ? identity_division(context->db, context->county, next->place, error) : NULL;
    if (!place)
        return false;
    g_autofree char *masked = mask_id(json_text(party, "id_number"));
    json_object_set_new(content, "id_masked", json_string(masked));
    json_object_set(content, "applicant_name", json_object_get(party, "name"));
    json_object_set(content, "organ_name", json_object_get(organ, "name"));
    json_object_set(content, "organ_name_en", json_object_get(organ, "name_en"));
    json_object_set(content, "organ_telephone", json_object_get(organ, "telephone"));
    json_object_set(content, "division_name", json_object_get(place, "path"));
    json_object_set(content, "division_name_en", json_object_get(place, "name_en"));
    json_object_set_new(content, "approver_name", json_string(context->actor->name ? context->actor->name : ""));
    return true;
}

static json_t *names_of(const Case *next, const Item *item)
{
    g_autofree char *grouped = case_number_grouped(next->number);
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "number", grouped, "item_name", next->item_name,
                     "item_name_en", next->item_name_en, "result_name", item->result,
                     "result_name_en", item->result_en, "query_password", next->password);
}

json_t *paper_content(const Judgement *j, const Case *next, GError **error)
{
    g_autoptr(json_t) content = names_of(next, j->next);
    json_t *materials = materials_of(j, next, error);
    if (!materials || json_object_set_new(content, "materials", materials) != 0)
        return NULL;
    if (next->state != RECEIVED)
        json_object_del(content, "query_password"); /* only the receipt carries it */
    put_input(content, j->input);
    put_days(content, j->context, next);
    put_clocks(content, j->context, next);
    if (next->state == ISSUED)
        put_validity(content, j->context, j->next); /* of the licence: a receipt does not run out */
    return put_people(content, j->context, next, error) ? g_steal_pointer(&content) : NULL;
}

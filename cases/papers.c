// SPDX-License-Identifier: Apache-2.0
/* The facts of a document. One is written for nearly every action, so they are written down without making objects of them. */
#include "cases/papers.h"

#include <string.h>

/* ---- writing: what is empty is left out ---- */

static void write_text(GString *out, const char *key, const char *text)
{
    if (!text || !*text)
        return;
    json_write_key(out, key);
    json_write_text(out, text);
}

static void write_day(GString *out, const char *key, Day day)
{
    char text[DAY_TEXT];
    write_text(out, key, day ? day_text(day, text) : "");
}

static void write_limit(GString *out, const char *key, int64_t days, int64_t unit)
{
    json_write_key(out, key);
    json_write_key(g_string_append_c(out, '{'), "days");
    json_write_number(out, days);
    json_write_key(out, "unit");
    json_write_text(out, day_unit_names[unit]);
    g_string_append_c(out, '}');
}

static void write_json(GString *out, const char *key, const char *json)
{
    if (!json)
        return;
    json_write_key(out, key);
    g_string_append(out, json);
}

static void write_number(GString *out, const char *key, int64_t number)
{
    if (!number)
        return;
    json_write_key(out, key);
    json_write_number(out, number);
}

/* ---- gathering ---- */

json_t *papers_of(const Context *context, const Case *self, GError **error)
{
    g_autofree char *subject = subject_text(&case_kind, self);
    return self->is_bare ? json_array() : files_papers(context->db, context->county, subject, error);
}

char *papers_begun(const Context *context, const void *draft, GError **error)
{
    size_t i;
    json_t *paper;
    g_autoptr(json_t) papers = papers_of(context, draft, error);
    g_autoptr(json_t) facts = json_array_size(papers) ? json_pack("{s:O}", "papers", papers) : json_object();
    json_array_foreach(papers, i, paper) {
        json_object_del(paper, "name"); /* a file's name may name a person */
        json_object_del(paper, "made_at");
    }
    return papers ? json_canonical(facts) : NULL;
}

bool papers_name(const json_t *list, const char *name)
{
    size_t i;
    json_t *entry;
    json_array_foreach((json_t *)list, i, entry)
        if (g_strcmp0(json_string_value(entry), name) == 0)
            return true;
    return false;
}

json_t *papers_offered(const Context *context, const Case *self, GError **error)
{
    g_autoptr(json_t) papers = json_array();
    for (const Room *const *room = context->rooms; room && *room; room++)
        if ((*room)->offers_papers && !(*room)->offers_papers(context, self->party, papers, error))
            return NULL;
    return g_steal_pointer(&papers);
}

/* A document lists the papers that are asked for, or those that have been handed in, scanned before or now on paper; others list
 * nothing. Owned by the caller. */
static bool list_materials(const SubjectTurn *turn, const Case *next, char **out, GError **error)
{
    const char *last = "";
    *out = NULL;
    if (next->state != CORRECTION && next->state != RECEIVED)
        return true;
    g_autoptr(json_t) names = json_array();
    g_autoptr(json_t) papers = next->state == RECEIVED ? papers_of(turn->context, next, error) : json_array();
    for (size_t i = 0; i < json_array_size(papers); i++) {
        const char *name = json_text(json_array_get(papers, i), "material");
        if (strcmp(name, last) != 0)
            json_array_append_new(names, json_string(name));
        last = name;
    }
    if (turn->input->materials)
        json_array_extend(names, (json_t *)turn->input->materials);
    *out = json_canonical(names);
    return papers != NULL;
}

/* The first day of the years whose arrangement is not published, where the last day that a document names lies in them. */
static Day provisional_from(Day last, const Calendar *calendar)
{
    return last == DAY_NONE || calendar_knows(calendar, last) ? 0 : calendar_last(calendar) + 1;
}

/* By which article, for how long, from when until when. */
static void write_special(GString *out, const SubjectTurn *turn, const Case *next)
{
    const ItemSpecial *special = life_special(((const CaseWork *)turn->work)->next, turn->input->special);
    if (!special || !(turn->rule->needs & NEED_SPECIAL))
        return;
    write_text(out, "special_basis", special->basis);
    write_number(out, "special_days", turn->input->days);
    write_day(out, "special_from_day", day_of(turn->context->now));
    write_text(out, "special_kind", special->kind);
    write_day(out, "special_until_day", (Day)next->special_until);
}

static void write_extension(GString *out, const SubjectTurn *turn)
{
    const ItemExtension *extension = &((const CaseWork *)turn->work)->next->extension;
    if (!(turn->rule->needs & NEED_EXTENSION))
        return;
    write_limit(out, "extended", turn->input->days, extension->unit);
    write_text(out, "extension_basis", extension->basis);
}

#define WRITE_BOTH(out, key, text, english) write_text(out, key, text), write_text(out, key "_en", english)

/* In rising order of the keys. The first mark is the receipt, which every document follows; the language is that of the law. */
static char *write_facts(const SubjectTurn *turn, const Case *next, const json_t *organ, const json_t *place, const char *materials)
{
    const Context *context = turn->context;
    const SubjectInput *input = turn->input;
    unsigned needs = turn->rule->needs; /* what else was sent is in no event */
    const Item *item = ((const CaseWork *)turn->work)->next;
    g_autofree char *masked = mask_party_id(case_is_of_person(next), next->applicant_id), *number = subject_number_grouped(next->number);
    Day due = life_due(next, PROMISE_CLOCK, context->calendar), statutory = life_due(next, STATUTORY_CLOCK, context->calendar);
    GString *out = g_string_append_c(g_string_sized_new(1024), '{');
    write_day(out, "accepted_day", (Day)next->accepted_on);
    write_text(out, "applicant_name", next->applicant);
    write_text(out, "approver_name", context->actor->name);
    write_day(out, "day", day_of(context->now));
    write_day(out, "decided_day", (Day)next->decided_on);
    WRITE_BOTH(out, "division_name", json_text(place, "path"), json_text(place, "name_en"));
    write_day(out, "due_day", due);
    write_extension(out, turn);
    write_text(out, "id_masked", masked);
    WRITE_BOTH(out, "item_name", next->item_name, next->item_name_en);
    write_text(out, "language", language_tags[CHINESE]);
    write_json(out, "materials", materials);
    write_text(out, "number", number);
    write_json(out, "office_hours", next->marks[0].day != day_of(next->marks[0].at) ? "true" : NULL);
    write_text(out, "opinion", needs & (NEED_OPINION | TAKES_OPINION) ? input->opinion : NULL);
    WRITE_BOTH(out, "organ_name", json_text(organ, "name"), json_text(organ, "name_en"));
    write_text(out, "organ_telephone", json_text(organ, "telephone"));
    write_text(out, "other_organ", needs & NEED_ORGAN ? input->organ : NULL);
    write_limit(out, "promised", next->promised_days, next->promised_unit);
    write_day(out, "provisional_day", provisional_from(needs & NEED_SPECIAL ? (Day)next->special_until : MAX(due, statutory), context->calendar));
    write_text(out, "reason", needs & NEED_REASON ? input->reason : NULL);
    write_number(out, "received_at", next->marks[0].at);
    write_day(out, "received_day", next->marks[0].day);
    WRITE_BOTH(out, "result_name", item->result, item->result_en);
    write_special(out, turn, next);
    write_limit(out, "statutory", next->statutory_days, next->statutory_unit);
    write_day(out, "statutory_day", statutory);
    return g_string_free(g_string_append_c(out, '}'), FALSE);
}

static const char *day_or_none(Day day, char text[static DAY_TEXT])
{
    return day ? day_text(day, text) : "";
}

static bool is_masked_of(const char *masked, const char *id)
{
    g_autofree char *as_person = mask_id(id);
    return strcmp(masked, id) == 0 || strcmp(masked, as_person) == 0; /* older programs masked enterprises too */
}

/* Days that follow from the calendar, and names of the catalogue and of organs, may have changed since. */
const char *paper_differs(const void *then, const void *kept, const Event *event, const json_t *facts, const json_t *content)
{
    char texts[4][DAY_TEXT];
    const Case *self = then, *row = kept;
    g_autofree char *number = subject_number_grouped(self->number);
    const struct { const char *name, *said; } all[] = {
        { "applicant_name", *row->applicant ? row->applicant : NULL }, { "number", number },
        { "item_name", self->item_name }, { "item_name_en", self->item_name_en },
        { "day", day_or_none(day_of(event->at), texts[0]) }, { "received_day", day_or_none(self->mark_count ? self->marks[0].day : 0, texts[1]) },
        { "accepted_day", day_or_none((Day)self->accepted_on, texts[2]) }, { "decided_day", day_or_none((Day)self->decided_on, texts[3]) },
        { "reason", json_string_value(json_object_get(facts, "reason")) }, { "opinion", json_string_value(json_object_get(facts, "opinion")) },
        { "special_kind", json_string_value(json_object_get(facts, "special")) }, { "other_organ", json_string_value(json_object_get(facts, "organ")) },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        if (all[i].said && strcmp(json_text(content, all[i].name), all[i].said) != 0)
            return all[i].name;
    return !*row->applicant || is_masked_of(json_text(content, "id_masked"), row->applicant_id) ? NULL : "id_masked";
}

char *paper_content(const SubjectTurn *turn, void *record, GError **error)
{
    Case *next = record;
    const Context *context = turn->context;
    g_autofree char *materials = NULL;
    if (!list_materials(turn, next, &materials, error))
        return NULL;
    g_autoptr(json_t) organ = identity_organ(context->db, context->county, next->organ, error);
    g_autoptr(json_t) place = organ ? identity_division(context->db, context->county, next->place, error) : NULL;
    return place ? write_facts(turn, next, organ, place, materials) : NULL;
}

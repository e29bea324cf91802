// SPDX-License-Identifier: Apache-2.0
/* What a document says. A document is written for nearly every action, so what it says is gathered once and written down
 * by one table. */
#include "cases/papers.h"

#include <stddef.h>
#include <string.h>

typedef struct Limit {
    int64_t days, unit;
} Limit;

typedef struct DocumentData {
    const char *number, *item_name, *item_name_en, *result_name, *result_name_en, *query_password;
    const char *reason, *opinion, *special_kind, *other_organ;
    const char *id_masked, *applicant_name, *organ_name, *organ_name_en, *organ_telephone, *division_name, *division_name_en,
        *approver_name;
    const char *materials; /* JSON */
    const char *language;
    int64_t special_days, extended_days;
    Limit promised, statutory;
    Day day, received_day, accepted_day, decided_day, due_day, statutory_day;
} DocumentData;

/* ---- writing ---- */

enum kind { TEXT, NUMBER, DAY, LIMIT, JSON };

/* In rising order. What is empty is left out. */
static const struct {
    const char *key;
    enum kind kind;
    size_t place;
} lines[] = {
    { "accepted_day", DAY, offsetof(DocumentData, accepted_day) },
    { "applicant_name", TEXT, offsetof(DocumentData, applicant_name) },
    { "approver_name", TEXT, offsetof(DocumentData, approver_name) },
    { "day", DAY, offsetof(DocumentData, day) },
    { "decided_day", DAY, offsetof(DocumentData, decided_day) },
    { "division_name", TEXT, offsetof(DocumentData, division_name) },
    { "division_name_en", TEXT, offsetof(DocumentData, division_name_en) },
    { "due_day", DAY, offsetof(DocumentData, due_day) },
    { "extended_days", NUMBER, offsetof(DocumentData, extended_days) },
    { "id_masked", TEXT, offsetof(DocumentData, id_masked) },
    { "item_name", TEXT, offsetof(DocumentData, item_name) },
    { "item_name_en", TEXT, offsetof(DocumentData, item_name_en) },
    { "language", TEXT, offsetof(DocumentData, language) },
    { "materials", JSON, offsetof(DocumentData, materials) },
    { "number", TEXT, offsetof(DocumentData, number) },
    { "opinion", TEXT, offsetof(DocumentData, opinion) },
    { "organ_name", TEXT, offsetof(DocumentData, organ_name) },
    { "organ_name_en", TEXT, offsetof(DocumentData, organ_name_en) },
    { "organ_telephone", TEXT, offsetof(DocumentData, organ_telephone) },
    { "other_organ", TEXT, offsetof(DocumentData, other_organ) },
    { "promised", LIMIT, offsetof(DocumentData, promised) },
    { "query_password", TEXT, offsetof(DocumentData, query_password) },
    { "reason", TEXT, offsetof(DocumentData, reason) },
    { "received_day", DAY, offsetof(DocumentData, received_day) },
    { "result_name", TEXT, offsetof(DocumentData, result_name) },
    { "result_name_en", TEXT, offsetof(DocumentData, result_name_en) },
    { "special_days", NUMBER, offsetof(DocumentData, special_days) },
    { "special_kind", TEXT, offsetof(DocumentData, special_kind) },
    { "statutory", LIMIT, offsetof(DocumentData, statutory) },
    { "statutory_day", DAY, offsetof(DocumentData, statutory_day) },
};

static void write_day(GString *out, const char *key, Day day)
{
    char text[DAY_TEXT];
    if (day == DAY_NONE)
        return;
    json_write_key(out, key);
    json_write_text(out, day_text(day, text));
}

static void write_limit(GString *out, const char *key, const Limit *limit)
{
    json_write_key(out, key);
    json_write_key(g_string_append_c(out, '{'), "days");
    json_write_number(out, limit->days);
    json_write_key(out, "unit");
    json_write_text(out, day_unit_names[limit->unit]);
    g_string_append_c(out, '}');
}

static void write_text(GString *out, const char *key, const char *text, bool is_json)
{
    if (!text || !*text)
        return;
    json_write_key(out, key);
    if (is_json)
        g_string_append(out, text);
    else
        json_write_text(out, text);
}

static void write_number(GString *out, const char *key, int64_t number)
{
    if (!number)
        return;
    json_write_key(out, key);
    json_write_number(out, number);
}

static char *write_all(const DocumentData *data)
{
    GString *out = g_string_sized_new(1024);
    g_string_append_c(out, '{');
    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
        const void *place = (const char *)data + lines[i].place;
        switch (lines[i].kind) {
        case DAY: write_day(out, lines[i].key, *(const Day *)place); break;
        case NUMBER: write_number(out, lines[i].key, *(const int64_t *)place); break;
        case LIMIT: write_limit(out, lines[i].key, place); break;
        default: write_text(out, lines[i].key, *(const char *const *)place, lines[i].kind == JSON); break;
        }
    }
    g_string_append_c(out, '}');
    return g_string_free(out, FALSE);
}

/* ---- gathering ---- */

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

static void take_days(DocumentData *data, const Context *context, const Case *next)
{
    data->day = day_of(context->now);
    data->received_day = day_marked(next, "received");
    data->accepted_day = day_accepted(next);
    data->decided_day = day_marked(next, "decided");
    data->due_day = life_due(next, PROMISE_CLOCK, context->calendar);
    data->statutory_day = life_due(next, STATUTORY_CLOCK, context->calendar);
    data->promised = (Limit){ next->promised_days, next->promised_unit };
    data->statutory = (Limit){ next->statutory_days, next->statutory_unit };
}

static void take_input(DocumentData *data, const SubjectInput *input)
{
    data->reason = input->reason;
    data->opinion = input->opinion;
    data->special_kind = input->special;
    data->special_days = data->extended_days = input->days;
    data->other_organ = input->organ;
}

static void take_names(DocumentData *data, const Case *next, const Item *item)
{
    data->language = language_tags[CHINESE]; /* that of the law */
    data->item_name = next->item_name;
    data->item_name_en = next->item_name_en;
    data->result_name = item->result;
    data->result_name_en = item->result_en;
    data->query_password = next->state == RECEIVED ? next->password : NULL; /* only the receipt carries it */
}

json_t *papers_of(const Context *context, const Case *self, GError **error)
{
    g_autofree char *subject = subject_text(&case_kind, self);
    return self->is_bare ? json_array() : files_papers(context->db, context->county, subject, error);
}

json_t *papers_offered(const Context *context, const Case *self, GError **error)
{
    g_autoptr(json_t) papers = json_array();
    for (const Room *const *room = context->rooms; room && *room; room++)
        if ((*room)->offers_papers && !(*room)->offers_papers(context, self->party, papers, error))
            return NULL;
    return g_steal_pointer(&papers);
}

/* The papers that have been handed in, scanned before or now on paper. */
static json_t *handed_in(const SubjectTurn *turn, const Case *next, GError **error)
{
    g_autoptr(json_t) papers = papers_of(turn->context, next, error);
    json_t *names = papers ? json_array() : NULL;
    const char *last = "";
    for (size_t i = 0; i < json_array_size(papers); i++) {
        const char *name = json_text(json_array_get(papers, i), "material");
        if (strcmp(name, last) != 0)
            json_array_append_new(names, json_string(name));
        last = name;
    }
    if (names && turn->input->materials)
        json_array_extend(names, (json_t *)turn->input->materials);
    return names;
}

/* What a document lists: what is asked for, or what has been handed in; the others list nothing. Owned by the caller. */
static bool list_materials(const SubjectTurn *turn, const Case *next, char **out, GError **error)
{
    *out = NULL;
    if (next->state == CORRECTION)
        *out = json_canonical(turn->input->materials);
    if (next->state != RECEIVED)
        return true;
    g_autoptr(json_t) names = handed_in(turn, next, error);
    *out = names ? json_canonical(names) : NULL;
    return names != NULL;
}

/* Looked up once for all the documents that are written while the case is in hand. */
static bool know_applicant(const Context *context, Case *next, GError **error)
{
    if (next->applicant && *next->applicant)
        return true;
    g_autoptr(json_t) party = identity_party_json(context->db, context->county, next->party, false, error);
    if (!party)
        return false;
    next->applicant = g_strdup(json_text(party, "name"));
    next->applicant_id = g_strdup(json_text(party, "id_number"));
    return true;
}

static char *say(DocumentData *data, const Context *context, Case *next, GError **error)
{
    bool known = know_applicant(context, next, error);
    g_autoptr(json_t) organ = known ? identity_organ(context->db, context->county, next->organ, error) : NULL;
    g_autoptr(json_t) place = organ ? identity_division(context->db, context->county, next->place, error) : NULL;
    if (!place)
        return NULL;
    g_autofree char *masked = mask_id(next->applicant_id);
    data->id_masked = masked;
    data->applicant_name = next->applicant;
    data->organ_name = json_text(organ, "name");
    data->organ_name_en = json_text(organ, "name_en");
    data->organ_telephone = json_text(organ, "telephone");
    data->division_name = json_text(place, "path");
    data->division_name_en = json_text(place, "name_en");
    data->approver_name = context->actor->name;
    return write_all(data);
}

char *paper_content(const SubjectTurn *turn, void *record, GError **error)
{
    DocumentData data = { 0 };
    Case *next = record;
    const Item *item = ((const CaseWork *)turn->work)->next;
    g_autofree char *materials = NULL, *number = subject_number_grouped(next->number);
    if (!list_materials(turn, next, &materials, error))
        return NULL;
    data.materials = materials;
    data.number = number;
    take_names(&data, next, item);
    take_input(&data, turn->input);
    take_days(&data, turn->context, next);
    return say(&data, turn->context, next, error);
}

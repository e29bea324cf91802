// SPDX-License-Identifier: Apache-2.0
/* How visits begin, what is told of them, and to what they hold their case. */
#include "visits/life.h"

#include <string.h>

/* ---- its papers ---- */

static bool put_names(const Context *context, const Visit *self, json_t *content, GError **error)
{
    int64_t writer = self->writer ? self->writer : self->officer;
    g_autoptr(json_t) one = identity_staff_name(context->db, context->county, writer, error);
    g_autoptr(json_t) other = one ? identity_staff_name(context->db, context->county, writer == self->officer ? self->companion : self->officer, error) : NULL;
    if (!other)
        return false;
    json_object_set(content, "officer_name", one);
    return json_object_set(content, "companion_name", other) == 0;
}

/* The facts of the notice (现场核查通知书) and, once it is signed, of the record (现场核查记录). */
static char *document(const SubjectTurn *turn, void *next, GError **error)
{
    const Visit *self = next;
    const Context *context = turn->context;
    g_auto(Case) of = { 0 };
    if (!subject_load(context->db, context->county, &case_kind, self->case_number, &of, error))
        return NULL;
    g_autofree char *issuer = files_issuer(context, self->organ, false, error), *number = subject_number_grouped(self->case_number);
    g_autoptr(json_t) content = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b}", "number", number, "item_name", self->item_name, "item_name_en",
                                          self->item_name_en, "applicant_name", of.applicant, "language", language_tags[CHINESE], "act", of.act,
                                          "half", visit_halves[self->half], "is_person", case_is_of_person(&of));
    if (!issuer || !put_names(context, self, content, error))
        return NULL;
    json_object_set_new(content, "issuer", json_loads(issuer, 0, NULL));
    json_put_day(content, "day", day_of(context->now));
    json_put_day(content, "visit_day", (Day)self->day);
    json_put_text(content, "place", self->place);
    json_put_text(content, "demanded", self->demanded);
    json_put_text(content, "found", self->found);
    json_put_text(content, "finding", visit_findings[self->finding]);
    json_put_text(content, "signature", visit_signatures[self->signature]);
    json_put_text(content, "signature_note", self->signature_note);
    if (self->mend_day)
        json_put_day(content, "mend_day", (Day)self->mend_day);
    return json_canonical(content);
}

/* ---- the kind ---- */

static bool may_see(const Actor *actor, const void *present)
{
    const Visit *self = present;
    if (actor->kind != STAFF)
        return actor->kind == SYSTEM || identity_holds(actor, self->case_number);
    return identity_is_of(actor, self->organ) || identity_has_role(actor, SUPERVISOR | AUDITOR);
}

static bool is_entitled(const Actor *actor, const void *present, const SubjectRule *rule, int64_t county)
{
    const Visit *self = present;
    bool is_officer = actor->kind == STAFF && (actor->id == self->officer || actor->id == self->companion);
    return ((rule->relations & BY_OFFICER) && is_officer) || subject_is_entitled(actor, &visit_kind, self, rule, county);
}

/* Where the item does not demand it, the organ that reviews may still see for itself. */
static bool may_begin(const Context *context, const void *of)
{
    const Case *self = of;
    return self->state == REVIEW && identity_may(context->actor, REVIEWER | HEAD, self->organ, division_county(context->county));
}

static bool tell_beside(const Context *context, const void *present, json_t *row, GError **error)
{
    const Visit *self = present;
    Day due_day = (Day)(self->state == VISIT_TO_APPOINT ? self->appoint_day : self->state == VISIT_TO_MEND ? self->mend_day : 0);
    (void)context, (void)error;
    if (due_day)
        json_put_day(row, "due_day", due_day);
    return true;
}

static bool opens(const Context *context, const void *present, bool *opens, GError **error)
{
    return case_opens_all(context, ((const Visit *)present)->case_number, opens, error);
}

static Instant due(const void *present, const SubjectRule **rule)
{
    const Visit *self = present;
    *rule = &visit_rules[VISIT_NOTE_LATE];
    return self->state == VISIT_TO_APPOINT && self->appoint_day && !self->late ? instant_at((Day)self->appoint_day + 1, 0) : 0;
}

const SubjectKind visit_kind = {
    .name = "visit", .words = "visits", .none = "visits.no_visit", .is_of_person = true, .is_beside = true, .may_begin = may_begin,
    .one_open = 1u << VISIT_TO_APPOINT | 1u << VISIT_TO_MAKE | 1u << VISIT_TO_SIGN | 1u << VISIT_TO_MEND, .tell_beside = tell_beside,
    .paths = { [HOLDER] = "/visits", [STAFF] = "/desk/visits" }, .may_see = may_see, .record = &visit_record, .states = visit_state_names,
    .rules = visit_rules, .rule_size = sizeof(SubjectRule), .rule_count = VISIT_ACTIONS,
    .state = offsetof(Visit, state), .events = offsetof(Visit, events), .head = offsetof(Visit, head), .unwritten = offsetof(Visit, unwritten),
    .always_group = VISIT_PRESENT, .item = offsetof(Visit, item), .organ = offsetof(Visit, organ), .holder = offsetof(Visit, case_number), .restricted = offsetof(Visit, is_restricted),
    .relations = (const char *const[]){ "officer", NULL }, .is_entitled = is_entitled, .timer = VISIT_TIMER, .due = due,
    .document = document, .opens = opens, .answer = visit_answer, .fields = visit_act_fields,
};

/* ---- beginning ---- */

bool visit_begin(const Context *context, const Case *of, const char *demanded, const char *reason, Visit *out, GError **error)
{
    g_autoptr(json_t) why = json_pack("{s:s*}", "reason", reason);
    g_autofree char *facts = reason ? json_canonical(why) : NULL;
    Day today = day_of(context->now);
    record_init(&visit_record, out);
    out->case_number = of->number;
    out->organ = of->organ;
    out->appoint_day = *demanded ? calendar_add(context->calendar, today, VISIT_APPOINT_DAYS) : 0;
    record_set(&out->item, of->item);
    record_set(&out->item_name, of->item_name);
    record_set(&out->item_name_en, of->item_name_en);
    record_set(&out->demanded, demanded);
    return subject_draw_number(context, &visit_kind, today, &out->number, error) &&
           subject_begin(context, &visit_kind, out, "visit.to_appoint", facts, error) && subject_save(context, &visit_kind, out, error);
}

/* *article is the one by which the case's item demands a visit, owned by the caller; NULL: none does. */
static bool find_demand(const Context *context, const Case *of, char **article, GError **error)
{
    g_autoptr(Item) item = catalogue_item(context->db, context->county, of->item, of->item_version, error);
    *article = item && *item->site_check ? g_strdup(item->site_check) : NULL;
    return item != NULL;
}

/* ---- what a case's actions are held to ---- */

/* Opinions of those who judge; what an applicant says of his place is his own. */
static bool says_opinion(enum case_action action)
{
    return action == PASS || action == ACCEPT || action == RESUME || action == GRANT || action == REFUSE;
}

/* The words by which an opinion claims to have seen the place, [text]. A new reference; NULL with an error. */
static json_t *words_of(const Context *context, GError **error)
{
    static const char *const columns[] = { "word", "origin", NULL };
    json_t *words = db_cache_get(context->db, context->county, "visits.words");
    if (words)
        return words;
    const Embedded *file = embedded_find("data/visits.csv");
    g_autoptr(CsvTable) table = csv_read(file->bytes, file->size, columns, error);
    if (!table)
        return NULL;
    words = json_array();
    for (size_t row = 0; row < csv_rows(table); row++)
        json_array_append_new(words, json_string(csv_cell(table, row, 0)));
    db_cache_put(context->db, context->county, "visits.words", words);
    return words;
}

/* An event is read only where its text has such a word at all. */
static bool says(const char *payload, const char *word)
{
    g_autoptr(json_t) event = strstr(payload, word) ? json_loads(payload, 0, NULL) : NULL;
    const json_t *facts = json_object_get(event, "facts");
    return strstr(json_text(facts, "opinion"), word) || strstr(json_text(facts, "reason"), word);
}

static bool claims(const Context *context, const char *payload, bool *claims, GError **error)
{
    size_t i;
    json_t *word;
    g_autoptr(json_t) words = words_of(context, error);
    *claims = false;
    json_array_foreach(words, i, word)
        *claims |= says(payload, json_string_value(word));
    return words != NULL;
}

/* A case whose place does not fit is still passed on, to be refused. */
static const char *reason_against(enum case_action action, const Visited *found)
{
    if (!found->number || found->state < VISIT_TO_MEND)
        return "visits.not_recorded";
    if (found->state == VISIT_TO_MEND)
        return "visits.not_mended";
    return action == GRANT && found->state == VISIT_UNFIT ? "visits.does_not_fit" : NULL;
}

static bool end(const Context *context, int64_t number, GError **error)
{
    g_auto(Visit) out = { 0 };
    Context as_system = *context;
    as_system.actor = &(Actor){ .kind = SYSTEM, .name = "" };
    return subject_act(&as_system, &visit_kind, number, &visit_rules[VISIT_END], &(SubjectInput){ .seen = -1, .reason = "case_ended" }, &out, error);
}

static bool hold(const Context *context, const SubjectChange *change, enum case_action action, GError **error)
{
    Visited found;
    g_autofree char *article = NULL;
    const Case *before = change->before, *after = change->after;
    bool judges = action == GRANT || (action == PASS && before->state == REVIEW);
    bool claimed = false, writes = says_opinion(action) && context->actor->kind == STAFF;
    bool ends = (after->state >= GRANTED && before->state < GRANTED) || action == TRANSFER;
    if ((judges && !find_demand(context, after, &article, error)) ||
        (writes && !claims(context, change->event->payload, &claimed, error)))
        return false;
    if (!article && !claimed && !ends)
        return true;
    if (!visit_look(context->db, context->county, after->number, &found, error))
        return false;
    const char *against = article ? reason_against(action, &found) : NULL;
    if (claimed && !found.is_recorded)
        return refuse(error, CONFLICT, "visits.claimed", NULL);
    if (against)
        return refuse(error, CONFLICT, against, "article", article, NULL);
    for (size_t i = 0; ends && i < found.waits; i++)
        if (!end(context, found.waiting[i], error))
            return false;
    return true;
}

static bool demand(const Context *context, const Case *of, GError **error)
{
    g_auto(Visit) made = { 0 };
    g_autofree char *article = NULL;
    return find_demand(context, of, &article, error) && (!article || visit_begin(context, of, article, NULL, &made, error));
}

/* ---- telling people ---- */

static const char *const appointed_names[] = { "item_name", "number_grouped", "visit_day", "half", NULL };
static const char *const late_names[] = { "item_name", "number_grouped", NULL };

const MessageTemplate visit_messages[] = {
    [APPOINTED_MESSAGE] = { "visits.messages.appointed", appointed_names, case_telephone },
    [LATE_MESSAGE] = { "visits.messages.late", late_names },
    { 0 },
};

static bool tell(const Context *context, const SubjectChange *change, GError **error)
{
    const Visit *self = change->after;
    size_t action = subject_rule_place(&visit_kind, change->rule);
    if (!change->rule || (action != VISIT_APPOINT && action != VISIT_NOTE_LATE))
        return true;
    bool is_late = action == VISIT_NOTE_LATE;
    g_autofree char *path = subject_path(&visit_kind, self->number, is_late ? STAFF : HOLDER), *number = subject_number_grouped(self->case_number);
    g_autoptr(json_t) data = json_pack("{s:s, s:s, s:s, s:s}", "path", path, "item_name", self->item_name, "item_name_en", self->item_name_en,
                                       "number_grouped", number);
    json_put_day(data, "visit_day", (Day)self->day);
    json_put_text(data, "half", visit_halves[self->half]);
    const MessageTo to = is_late ? to_desk(self->organ, division_county(context->county), REVIEWER) : to_holder(self->case_number);
    return notify(context, &to, &visit_messages[is_late ? LATE_MESSAGE : APPOINTED_MESSAGE], data, error);
}

bool visit_hear(const Context *context, const SubjectChange *change, GError **error)
{
    if (change->kind == &visit_kind)
        return tell(context, change, error);
    if (change->kind != &case_kind || !change->rule || context->actor->kind == LOADER) /* another system's history is as it is */
        return true;
    enum case_action action = (enum case_action)subject_rule_place(&case_kind, change->rule);
    return hold(context, change, action, error) && ((action != ACCEPT && action != DEEM) || demand(context, change->after, error));
}

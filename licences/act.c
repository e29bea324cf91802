// SPDX-License-Identifier: Apache-2.0
/* How licences begin and change: by a case that issues one, by people, and by the end of the term. */
#include "licences/life.h"

#include <string.h>

/* Puts down which paper it is: "act", the type of its item, "" of a licence, which also what is not in the catalogue any more was.
 * Licences (许可证) have a duplicate to carry along (副本); a reply (批复) or a notice (通知书) is no certificate. */
static bool put_act(const Context *context, const Licence *self, json_t *content, GError **error)
{
    g_autoptr(GError) none = NULL;
    g_autoptr(Item) item = catalogue_item_on(context->db, context->county, self->item, day_of(context->now), &none);
    if (none && !trouble_is(&none, NOT_FOUND, error))
        return false;
    const char *kind = item ? item->result_kind : "";
    bool is_notice = (strcmp(kind, "approval") == 0 || strcmp(kind, "record") == 0) && !g_str_has_suffix(self->result_name, "证");
    json_put_text(content, "act", item && !item->kind->is_licence ? item->type : "");
    if (strcmp(kind, "licence") == 0)
        json_object_set_new(content, "has_duplicate", json_true());
    if (is_notice)
        json_object_set_new(content, "is_notice", json_true());
    return true;
}

/* A corrected paper says which texts the correction has replaced. */
static char *document(const SubjectTurn *turn, void *next, GError **error)
{
    const Licence *before = turn->present, *self = next;
    g_autofree char *masked = mask_party_id(before->is_person, before->id_number);
    g_autoptr(json_t) content = licence_json(self);
    g_autofree char *issuer = put_act(turn->context, self, content, error)
        ? files_issuer(turn->context, self->organ, item_kind(json_text(content, "act"))->is_reviewable, error) : NULL;
    if (!issuer)
        return NULL;
    json_object_set_new(content, "issuer", json_loads(issuer, 0, NULL));
    json_put_text(content, "address", self->address);
    json_put_text(content, "applicant_name", self->holder);
    json_put_text(content, "co_applicants", self->co_holders);
    json_put_text(content, "id_kind", identity_other_paper(self->is_person ? PERSON : ENTERPRISE, self->id_number));
    json_put_text(content, "id_number", self->is_person ? self->id_number : NULL);
    json_put_text(content, "representative", self->representative);
    json_put_day(content, "day", day_of(turn->context->now));
    json_put_text(content, "reason", turn->input->reason);
    json_put_text(content, "basis", turn->input->basis);
    json_put_text(content, "holder_before", strcmp(before->holder, self->holder) ? before->holder : NULL);
    json_put_text(content, "id_before", strcmp(before->id_number, self->id_number) ? masked : NULL);
    json_put_text(content, "content_before", strcmp(before->content, self->content) ? before->content : NULL);
    if (*json_text(content, "act") && strcmp(self->content, self->item_name) == 0 && strcmp(before->content, self->content) == 0)
        json_object_del(content, "content"); /* the item is named beside it */
    return json_canonical(content);
}

static const char *differs(const void *then, const void *kept, const Event *event, const json_t *facts, const json_t *content)
{
    const Licence *self = then;
    (void)kept, (void)event, (void)facts;
    if (*self->holder && strcmp(json_text(content, "applicant_name"), self->holder) != 0)
        return "applicant_name";
    return strcmp(json_text(content, "item_name"), self->item_name) != 0 ? "item_name" : NULL;
}

/* At the midnight after its last day a licence whose renewal was asked for is renewed for the same term (art. 50); any other
 * expires. */
static Instant due(const void *present, const SubjectRule **rule)
{
    const Licence *self = present;
    *rule = &licence_rules[self->renewal_day ? LICENCE_DEEM_RENEWED : LICENCE_EXPIRE];
    return self->state <= LICENCE_WITHHELD && self->valid_to_day ? instant_at((Day)self->valid_to_day + 1, 0) : 0;
}

static bool opens(const Context *context, const void *present, bool *opens, GError **error)
{
    return case_opens_all(context, ((const Licence *)present)->case_number, opens, error);
}

/* The same as of its case: within the term of keeping use is restricted instead. */
bool licence_may_erase(const SubjectTurn *turn, GError **error)
{
    Day until = 0;
    g_auto(Case) of = { 0 };
    const Licence *self = turn->present;
    const Context *context = turn->context;
    bool asks = context->actor->kind == STAFF && self->case_number;
    if (!*self->holder)
        return refuse(error, CONFLICT, "licences.erased_already", NULL);
    if (asks && (!subject_load(context->db, context->county, &case_kind, self->case_number, &of, error) ||
                 !case_kept_until(context, &of, &until, error)))
        return false;
    return until <= day_of(context->now) || refuse(error, CONFLICT, "licences.kept_still", "until_day", DAY_WRITTEN(until), NULL);
}

/* A restricted licence, which the register does not name any more, is only kept. */
static bool is_open(const SubjectTurn *turn)
{
    const Licence *self = turn->present;
    return *self->listed || !*self->holder || turn->rule >= &licence_rules[LICENCE_ERASE];
}

/* A holder is found as long as the register names him. */
static bool person(const void *present, Sought *out)
{
    const Licence *self = present;
    *out = (Sought){ .is_person = self->is_person, .name = self->holder, .id_number = self->id_number, .telephone = "" };
    return *self->listed && *self->holder;
}

const SubjectKind licence_kind = {
    .name = "licence", .words = "licences", .none = "licences.no_licence", .is_of_person = true,
    .paths = { [VISITOR] = "/licences", [STAFF] = "/desk/licences" }, .record = &licence_record, .states = licence_state_names,
    .rules = licence_rules, .rule_size = sizeof(SubjectRule), .rule_count = LICENCE_ACTIONS,
    .state = offsetof(Licence, state), .events = offsetof(Licence, events), .head = offsetof(Licence, head),
    .unwritten = offsetof(Licence, unwritten), .always_group = STATE_COLUMNS, .item = offsetof(Licence, item),
    .organ = offsetof(Licence, organ), .holder = offsetof(Licence, case_number), .fields = licence_act_fields,
    .timer = "licence.term", .due = due, .follow = licence_follow, .document = document, .answer = licence_answer, .opens = opens, .is_open = is_open, .differs = differs,
    .sought = LICENCE_SOUGHT, .person = person,
};

/* A paper that another system, or the case long ago, has written is none of this event's. */
static char *facts_of(const Context *context, Licence *self, const LicenceOrigin *from, GError **error)
{
    g_autofree char *own = subject_text(&licence_kind, self), *content = NULL;
    g_autoptr(json_t) facts = from->loaded ? json_pack("{s:O}", "loaded", from->loaded) : json_object();
    if (from->loaded || from->is_late)
        return json_canonical(facts);
    const Event own_event = { .subject = own, .sequence = 1 }, *of = from->event ? from->event : &own_event;
    content = document(&(SubjectTurn){ .context = context, .present = self, .input = &(SubjectInput){ 0 } }, self, error);
    json_t *made = content ? files_document(context, "licence", of->subject, of->sequence, self->organ, content, error) : NULL;
    return made && json_object_set_new(facts, "document", made) == 0 ? json_canonical(facts) : NULL;
}

bool licence_begin(const Context *context, Licence *self, const LicenceOrigin *from, GError **error)
{
    self->version = 1;
    if (licence_state_on(self, day_of(context->now)) != self->state) {
        self->state = LICENCE_EXPIRED;
        self->since_day = self->valid_to_day + 1;
    }
    Day day = self->replaces ? day_of(context->now) : (Day)self->issued_day;
    if (!subject_draw_number(context, &licence_kind, day, &self->number, error) || !licence_settle(context, self, error))
        return false;
    g_autofree char *facts = facts_of(context, self, from, error);
    const char *event = from->is_late ? "licence.entered_late" : "licence.entered";
    return facts && subject_begin(context, &licence_kind, self, event, facts, error) && subject_save(context, &licence_kind, self, error);
}

void licence_take_item(Licence *self, const Item *item, Day day)
{
    record_set(&self->item, item->code);
    record_set(&self->item_name, item->name);
    record_set(&self->item_name_en, item->name_en);
    record_set(&self->result_name, item->result);
    record_set(&self->result_name_en, item->result_en);
    record_set(&self->content, item->name);
    self->issued_day = self->valid_from_day = self->since_day = day;
    self->valid_to_day = item->validity_years ? day_years_on(day, item->validity_years) - 1 : 0;
}

/* The Licensing Law makes licences public (art. 40), and nothing else: what a family is paid is told by its decision alone. */
static void put_findings(const Case *from, const Item *item, Licence *made)
{
    g_autoptr(json_t) findings = item->kind->is_licence ? case_findings_public(from, item) : NULL;
    if (!json_array_size(findings))
        return;
    g_free(made->findings);
    made->findings = json_canonical(findings);
}

/* The licence of an erased case names no holder (PIPL art. 47). */
static bool enter(const Context *context, const Case *from, Day day, const LicenceOrigin *origin, GError **error)
{
    g_auto(Licence) made;
    record_init(&licence_record, &made);
    g_autoptr(Item) item = catalogue_item(context->db, context->county, from->item, from->item_version, error);
    if (!item)
        return false;
    licence_take_item(&made, item, day);
    if (*from->granted)
        record_set(&made.content, from->granted);
    put_findings(from, item, &made);
    made.organ = from->organ;
    made.party = from->party;
    made.case_number = from->number;
    made.is_person = strcmp(from->applicant_kind, party_kind_names[ENTERPRISE]) != 0;
    record_set(&made.holder, from->applicant);
    record_set(&made.id_number, from->applicant_id);
    g_autofree char *agent = NULL, *others = case_others_named(from, &agent);
    record_set(&made.co_holders, others);
    record_set(&made.representative, from->applicant_representative);
    record_set(&made.address, from->applicant_address);
    return licence_begin(context, &made, origin, error);
}

static bool issue(const Context *context, const Case *from, const Event *event, GError **error)
{
    g_autoptr(json_t) payload = context->actor->kind == LOADER ? json_loads(event->payload, 0, NULL) : NULL;
    const LicenceOrigin origin = { .event = event, .loaded = json_object_get(json_object_get(payload, "facts"), "loaded") };
    return enter(context, from, day_of(context->now), &origin, error);
}

/* The holder of a licence must be known as long as it holds; after its end his data go with those of the case. */
static bool erase(const Context *context, const Case *from, const char *payload, GError **error)
{
    int64_t number;
    g_auto(Licence) self = { 0 };
    const SubjectRule *rule = &licence_rules[LICENCE_ERASE];
    g_autoptr(json_t) event = json_loads(payload, 0, NULL);
    const SubjectInput input = { .seen = -1, .reason = json_text(json_object_get(event, "facts"), "reason") };
    if (!licence_of_case(context->db, context->county, from->number, &number, error) ||
        (number && !subject_load(context->db, context->county, &licence_kind, number, &self, error)))
        return false;
    if (!number || !(rule->from & 1u << self.state) || !*self.holder)
        return true;
    return subject_take(context, &licence_kind, &self, rule, &input, NULL, error) && subject_save(context, &licence_kind, &self, error);
}

/* A licence in force names its holder to everybody; the paper stays with it. */
bool licence_paper_stays(const Context *context, const char *subject, bool *stays, GError **error)
{
    int64_t number;
    g_auto(Licence) self = { 0 };
    if (subject_named(context->rooms, subject, &number) != &case_kind)
        return true;
    if (!licence_of_case(context->db, context->county, number, &number, error) ||
        (number && !subject_load(context->db, context->county, &licence_kind, number, &self, error)))
        return false;
    *stays = number && self.state <= LICENCE_WITHHELD;
    return true;
}

/* By the number and a code of his own of the case that issued it, or at the desk that hands it over. */
bool licence_paper_is_own(const Context *context, const char *subject, bool *is, GError **error)
{
    int64_t number;
    g_auto(Licence) self = { 0 };
    const SubjectKind *kind = subject_named(context->rooms, subject, &number);
    *is = false;
    if ((context->actor->kind != HOLDER && context->actor->kind != STAFF) || !kind)
        return true;
    if (kind == &licence_kind && !subject_load(context->db, context->county, kind, number, &self, error))
        return false;
    number = kind == &licence_kind ? self.case_number : number;
    if (number && context->actor->kind == STAFF)
        return case_hands_over(context, number, is, error);
    return !number || !identity_holds(context->actor, number) || case_opens_all(context, number, is, error);
}

/* The erasure or restriction of the case that issued it; NULL in *out where there was none. Owned by the caller. */
static bool case_erasure(const Context *context, const Licence *self, json_t **out, GError **error)
{
    g_autofree char *subject = g_strdup_printf("%s/%" PRId64, case_kind.name, self->case_number);
    *out = NULL;
    return !self->case_number || ledger_erasure(context->db, context->county, subject, out, error);
}

/* The licence's own paper is one of the case's documents. */
bool licence_forgets(const Context *context, const char *subject, GError **error)
{
    bool found;
    int64_t number;
    g_auto(Licence) self = { 0 };
    g_autoptr(json_t) erasure = NULL;
    if (subject_named(context->rooms, subject, &number) != &licence_kind)
        return true;
    if (!record_load(context->db, context->county, &licence_record, number, &self, &found, error) ||
        !case_erasure(context, &self, &erasure, error))
        return false;
    g_autofree char *of_case = g_strdup_printf("%s/%" PRId64, case_kind.name, self.case_number);
    bool is_erased = erasure && !json_object_get(erasure, "until_day");
    return (!is_erased || files_forget(context, of_case, error)) && case_forget_party(context, self.party, 0, error);
}

/* The licence's part of an erased or restricted case goes when the licence has ended. */
static bool end(const Context *context, const Licence *self, GError **error)
{
    g_autofree char *subject = subject_text(&licence_kind, self);
    g_autoptr(json_t) erasure = NULL;
    return case_erasure(context, self, &erasure, error) &&
           (!erasure || !*self->holder || timer_set(context, subject, LICENCE_FORGET, context->now, error));
}

static bool restrict_too(const Context *context, const Case *from, GError **error)
{
    int64_t number;
    g_auto(Licence) self = { 0 };
    if (!licence_of_case(context->db, context->county, from->number, &number, error) ||
        (number && !subject_load(context->db, context->county, &licence_kind, number, &self, error)))
        return false;
    return !number || self.state <= LICENCE_WITHHELD || end(context, &self, error);
}

bool licence_forget_rang(const Context *context, const char *subject, Instant at, GError **error)
{
    int64_t number = 0;
    g_auto(Licence) self = { 0 }, next = { 0 };
    g_autoptr(json_t) erasure = NULL;
    (void)at;
    subject_named(context->rooms, subject, &number);
    if (!subject_load(context->db, context->county, &licence_kind, number, &self, error) || !case_erasure(context, &self, &erasure, error))
        return false;
    const char *until = json_text(erasure, "until_day"), *reason = json_text(erasure, "reason");
    const SubjectInput input = { .seen = -1, .reason = *reason ? reason : "licence_ended", .day = *until ? day_parse(until) : 0 };
    const SubjectRule *rule = &licence_rules[input.day ? LICENCE_RESTRICT : LICENCE_ERASE];
    return !*(input.day ? self.listed : self.holder) || subject_act(context, &licence_kind, number, rule, &input, &next, error);
}

static bool enter_late(const Context *context, const Case *from, GError **error)
{
    int64_t number;
    static const LicenceOrigin origin = { .is_late = true };
    size_t i = 0, count = from->decision == GRANTED_IT ? from->mark_count : 0;
    while (i < count && strcmp(from->marks[i].why, "issued") != 0)
        i++;
    return i == count || (licence_of_case(context->db, context->county, from->number, &number, error) &&
                          (number || enter(context, from, from->marks[i].day, &origin, error)));
}

bool licence_enter_late(const Context *context, GError **error)
{
    bool first;
    const Case *each;
    g_auto(RecordWalk) walk = { .db = context->db, .county = context->county, .record = case_kind.record };
    if (!db_once(context->db, context->county, "licence_late", &first, error))
        return false;
    while (first && (each = record_next(&walk, error)))
        if (!enter_late(context, each, error))
            return false;
    return !walk.failed;
}

bool licence_hear(const Context *context, const SubjectChange *change, GError **error)
{
    const Licence *before = change->before, *after = change->after;
    if (change->kind == &licence_kind && before && before->state <= LICENCE_WITHHELD && after->state > LICENCE_WITHHELD)
        return end(context, after, error);
    if (!granted_hear(context, change, error))
        return false;
    if (change->kind != &case_kind || !change->rule)
        return true;
    if (strcmp(change->rule->name, "issue") == 0)
        return issue(context, change->after, change->event, error);
    if (strcmp(change->event->kind, LEDGER_RESTRICTED) == 0)
        return restrict_too(context, change->after, error);
    return strcmp(change->event->kind, LEDGER_ERASED) != 0 || erase(context, change->after, change->event->payload, error);
}

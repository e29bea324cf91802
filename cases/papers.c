// SPDX-License-Identifier: Apache-2.0
/* The facts of a document. One is written for nearly every action, so they are written down without making objects of them. */
#include "cases/findings.h"
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

static void write_flag(GString *out, const char *key, bool is_so)
{
    write_json(out, key, is_so ? "true" : NULL);
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

static const ItemMaterial *material_of(const Case *self, const Item *item, const char *name)
{
    const ItemMaterial *material;
    for (size_t i = 0; (material = case_material(self, item, i)); i++)
        if (strcmp(material->name, name) == 0)
            return material;
    return NULL;
}

static json_t *append_named(json_t *list, const Case *self, const Item *item, const char *name)
{
    const ItemMaterial *material = material_of(self, item, name);
    json_t *one = json_pack("{s:s}", "name", name);
    json_put_text(one, "name_en", material ? material->name_en : NULL);
    json_array_append_new(list, one);
    return one;
}

/* With the originals and copies that the item asks for, where it was handed over on paper or is asked for; else with its scans. */
static void append_material(json_t *list, const Case *self, const Item *item, const char *name, int scans)
{
    const ItemMaterial *material = material_of(self, item, name);
    json_t *one = append_named(list, self, item, name);
    if (scans)
        json_object_set_new(one, "scans", json_integer(scans));
    else if (material && material->originals)
        json_object_set_new(one, "originals", json_integer(material->originals));
    if (!scans && material && material->copies)
        json_object_set_new(one, "copies", json_integer(material->copies));
}

static void append_scanned(json_t *list, const Case *self, const Item *item, const json_t *papers)
{
    for (size_t i = 0, next; i < json_array_size(papers); i = next) {
        const char *name = json_text(json_array_get(papers, i), "material");
        for (next = i + 1; next < json_array_size(papers) && strcmp(json_text(json_array_get(papers, next), "material"), name) == 0;)
            next++;
        append_material(list, self, item, name, (int)(next - i));
    }
}

/* Papers that a member of the staff has seen and nobody has scanned. */
static void append_held(json_t *list, const Case *self, const Item *item, const json_t *papers)
{
    const ItemMaterial *material;
    for (size_t i = 0; (material = case_material(self, item, i)); i++) {
        bool is_scanned = false;
        for (size_t j = 0; j < json_array_size(papers); j++)
            is_scanned = is_scanned || strcmp(json_text(json_array_get(papers, j), "material"), material->name) == 0;
        if (papers_are_held(self, item, i) && !is_scanned)
            append_material(list, self, item, material->name, 0);
    }
}

static bool list_served(const SubjectTurn *turn, const Case *next, char **out, GError **error)
{
    g_autoptr(json_t) served = delivery_papers(turn->context, next, error);
    *out = served ? json_canonical(served) : NULL;
    return served != NULL;
}

/* A document lists the papers that are asked for, or those that have been handed in, scanned before or now on paper, or those delivered; others
 * list nothing. Owned by the caller. */
static bool list_materials(const SubjectTurn *turn, const Case *next, char **out, GError **error)
{
    size_t i;
    json_t *name;
    const Item *item = ((const CaseWork *)turn->work)->next;
    *out = NULL;
    if (turn->rule == &case_rules[DELIVER].rule)
        return list_served(turn, next, out, error);
    bool sends = turn->rule == &case_rules[TRANSFER].rule || turn->rule == &case_rules[SEND_UP].rule;
    bool asks = next->state == CORRECTION || turn->rule == &case_rules[UNACCEPT].rule;
    if (!asks && next->state != RECEIVED && !sends)
        return true;
    g_autoptr(json_t) list = json_array();
    g_autoptr(json_t) papers = next->state == RECEIVED || sends ? papers_of(turn->context, next, error) : json_array();
    append_scanned(list, next, item, papers);
    if (sends)
        append_held(list, turn->present, life_item(turn), papers);
    json_array_foreach((json_t *)turn->input->materials, i, name)
        append_material(list, next, item, json_string_value(name), 0);
    if (next->state == CORRECTION)
        reopened_append(next, item, list);
    *out = json_canonical(list);
    return papers != NULL;
}

static bool will_come(const json_t *coming, const char *name)
{
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)coming, i, one)
        if (strcmp(json_text(one, "material"), name) == 0)
            return true;
    return false;
}

/* *out is the list of the necessary papers that were not handed in and do not come by themselves, which the receipt tells; NULL where there are none. Owned by the caller. */
static bool list_lacking(const SubjectTurn *turn, const Case *next, char **out, GError **error)
{
    size_t i;
    json_t *name;
    const Item *item = ((const CaseWork *)turn->work)->item;
    *out = NULL;
    if (turn->rule != &case_rules[SUBMIT].rule)
        return true;
    g_autoptr(json_t) names = papers_lacking(turn->context, next, item, error), list = json_array();
    g_autoptr(json_t) coming = json_array_size(names) ? shared_will_come(turn->context, item, error) : json_array();
    json_array_foreach(names, i, name)
        if (!will_come(coming, json_string_value(name)))
            append_named(list, next, item, json_string_value(name));
    *out = json_array_size(list) ? json_canonical(list) : NULL;
    return names && coming;
}

/* ---- the facts ---- */

/* Facts that a document needs and that were looked up for it. */
typedef struct Facts {
    const Item *item;
    json_t *place;      /* where the case was handed in */
    bool tells_home;    /* of a decision: where the applicant lives */
    char *home;         /* NULL: as he says himself */
    char *issuer, *materials, *lacking;
    json_t *other;      /* the organ that has the power, where one is named */
    json_t *receiver;   /* the organ to which a case is transferred; NULL: none */
    json_t *decider;    /* of a case that a lower organ has just accepted to examine it first, the organ that decides; NULL: none */
    bool is_false;      /* the applicant has handed in false papers */
    const char *manner; /* of a delivery; NULL: the document is none */
    const json_t *delivery; /* its other fields */
    char *findings;     /* of a grant: what the officers have found that everybody may know; NULL: nothing */
    char *heard;        /* of a decision: the minutes of the hearing on which it rests (LL 48); NULL: none was held */
    Promised promised;
    char *window, *window_en; /* of a receipt: 新仓镇便民服务中心, or the window of the organ; NULL: from home */
} Facts;

static void facts_clear(Facts *self)
{
    json_decref(self->place);
    json_decref(self->other);
    g_free(self->home);
    g_free(self->issuer);
    g_free(self->materials);
    g_free(self->lacking);
    g_free(self->findings);
    g_free(self->heard);
    g_free(self->window);
    g_free(self->window_en);
    json_decref(self->receiver);
    json_decref(self->decider);
    promised_clear(&self->promised);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Facts, facts_clear)

static bool find_window(const Context *context, const Case *self, Facts *out, GError **error)
{
    Post post = life_place(self, context->county);
    g_autoptr(json_t) organ = identity_organ(context->db, context->county, post.organ, error);
    bool is_county = self->channel != AT_TOWN && self->channel != AT_VILLAGE;
    const char *at = json_text(organ, "address"), *at_en = json_text(organ, "address_en");
    at = *at ? at : json_text(organ, "full_name");
    at_en = *at_en ? at_en : json_text(organ, "full_name_en");
    out->window = g_strconcat(is_county ? at : json_text(out->place, "path"), is_county ? "" : json_text(organ, "name"), NULL);
    out->window_en = g_strconcat(is_county ? at_en : json_text(organ, "name_en"), is_county ? "" : ", ",
                                 is_county ? "" : json_text(out->place, "path_en"), NULL);
    return organ != NULL;
}

/* As the application says it, else as far as the register tells. */
static bool find_home(const Context *context, const Case *self, Facts *out, GError **error)
{
    g_autoptr(json_t) division = NULL;
    out->tells_home = true;
    if (!*self->applicant_address && self->applicant_division) {
        division = identity_division(context->db, context->county, self->applicant_division, error);
        out->home = division ? g_strdup(json_text(division, "path")) : NULL;
    }
    return out->home || *self->applicant_address || !self->applicant_division;
}

/* A case that is transferred is another organ's after that: the one that sends it writes and numbers its letter. */
static char *sender_of(const SubjectTurn *turn, const Item *item, GError **error)
{
    int64_t organ = ((const Case *)turn->present)->organ;
    g_autofree char *text = files_issuer(turn->context, organ, item->kind->is_reviewable, error);
    g_autoptr(json_t) issuer = text ? json_loads(text, 0, NULL) : NULL;
    if (!issuer)
        return NULL;
    json_object_set_new(issuer, "organ", json_integer(organ));
    return json_canonical(issuer);
}

/* In the name of the item's organ, or by the power of the town that takes the awaited step. */
static char *issuer_of(const SubjectTurn *turn, const Case *next, const Item *item, GError **error)
{
    const Context *context = turn->context;
    const Case *present = turn->present;
    const ItemPower *power = turn->rule->relations & (BY_DESK | BY_SYSTEM) ? catalogue_power(life_item(turn), (size_t)present->step, present->place) : NULL;
    if (life_action(turn) == TRANSFER)
        return sender_of(turn, item, error);
    if (!power)
        return files_issuer(context, next->organ, item->kind->is_reviewable, error);
    const IssuerBelow below = { division_town(present->place), power->in_own_name, strcmp(power->source, "entrusted") == 0, power->basis };
    return files_issuer_below(context, next->organ, item->kind->is_reviewable, &below, error);
}

/* The organ that gets a case, or decides it after this one has examined it first. */
static bool find_organs(const SubjectTurn *turn, const Case *next, Facts *out, GError **error)
{
    bool moves = turn->rule == &case_rules[TRANSFER].rule;
    bool is_below = !((const Case *)turn->present)->accepted_on && life_is_below(next, out->item);
    json_t *organ = moves || is_below ? identity_organ(turn->context->db, turn->context->county, next->organ, error) : NULL;
    *(moves ? &out->receiver : &out->decider) = organ;
    return organ || !(moves || is_below);
}

/* By its name, as it was chosen; what is typed freely is none of the county's. */
static bool find_other(const SubjectTurn *turn, Facts *out, GError **error)
{
    size_t i;
    json_t *organ;
    const Context *context = turn->context;
    if (!(turn->rule->needs & TAKES_ORGAN) || !turn->input->organ || !*turn->input->organ)
        return true;
    g_autoptr(json_t) organs = identity_organs(context->db, context->county, error);
    json_array_foreach(organs, i, organ)
        if (strcmp(json_text(organ, "name"), turn->input->organ) == 0)
            out->other = json_incref(organ);
    return organs;
}

static bool gather(const SubjectTurn *turn, const Case *next, Facts *out, GError **error)
{
    const Context *context = turn->context;
    out->item = ((const CaseWork *)turn->work)->next;
    out->issuer = issuer_of(turn, next, out->item, error);
    out->place = out->issuer ? identity_division(context->db, context->county, next->place, error) : NULL;
    out->is_false = (turn->rule->needs & TAKES_FALSE_PAPERS) && json_flag(turn->input->fields, "false_papers");
    if (!out->place || !list_materials(turn, next, &out->materials, error) || !list_lacking(turn, next, &out->lacking, error) ||
        !promised_find(context, next, out->item, &out->promised, error) || !find_other(turn, out, error))
        return false;
    if (next->decision != ((const Case *)turn->present)->decision && !case_heard(context, next, &out->heard, error))
        return false;
    g_autoptr(json_t) findings = turn->rule == &case_rules[GRANT].rule ? case_findings_public(next, out->item) : NULL;
    out->findings = json_array_size(findings) ? json_canonical(findings) : NULL;
    bool delivers = turn->rule == &case_rules[DELIVER].rule, is_direct = delivers && strcmp(delivery_manner(turn), "direct") == 0;
    bool from_desk = turn->rule == &case_rules[SUBMIT].rule && next->channel != ONLINE;
    if (!find_organs(turn, next, out, error))
        return false;
    out->manner = delivers ? delivery_manner(turn) : NULL;
    out->delivery = delivers ? turn->input->fields : NULL;
    if (from_desk || is_direct)
        return find_window(context, next, out, error);
    bool tells_home = turn->rule == &case_rules[GRANT].rule || (delivers && strcmp(delivery_manner(turn), "electronic") != 0);
    return !tells_home || find_home(context, next, out, error);
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

#define WRITE_BOTH(out, key, text, english) (write_text(out, key, text), write_text(out, key "_en", english))

/* The facts that go to the organ above, or have come back from it. */
static void write_above(GString *out, const SubjectTurn *turn, const Case *next)
{
    const ItemAbove *above = &life_item(turn)->above;
    if (!life_is_up(turn->present) && !life_is_up(next))
        return;
    write_text(out, "above_basis", above->basis);
    write_text(out, "above_number", json_text(turn->input->fields, "above_number"));
    WRITE_BOTH(out, "above_organ", above->organ, above->organ_en);
    write_day(out, "above_until_day", (Day)next->special_until);
}

/* In rising order of the keys, here and below. */
static void write_following(GString *out, const Promised *promised)
{
    if (!promised->names[true])
        return;
    write_text(out, "following", promised->names[true]->str);
    write_day(out, "following_day", promised->until_day);
    write_text(out, "following_en", promised->names_en[true]->str);
}

static void write_vouched(GString *out, const Promised *promised)
{
    if (promised->names[false])
        WRITE_BOTH(out, "vouched", promised->names[false]->str, promised->names_en[false]->str);
}

static void write_applicant(GString *out, const SubjectTurn *turn, const Case *next, const Facts *facts)
{
    const Case *present = turn->present;
    g_autofree char *masked = mask_party_id(case_is_of_person(next), next->applicant_id), *agent = NULL, *others = case_others_named(next, &agent);
    write_above(out, turn, next);
    write_day(out, "accepted_day", (Day)next->accepted_on);
    write_text(out, "act", facts->receiver ? present->act : next->act);
    write_text(out, "address", !facts->tells_home ? NULL : facts->home ? facts->home : next->applicant_address);
    write_text(out, "agent_name", agent);
    write_text(out, "applicant_before", strcmp(present->applicant, next->applicant) != 0 ? present->applicant : NULL);
    write_text(out, "applicant_name", next->applicant);
    write_text(out, "basis", turn->rule->needs & NEED_BASIS ? turn->input->basis : NULL);
    write_day(out, "below_day", facts->decider ? life_due(next, BELOW_CLOCK, turn->context->calendar) : 0);
    WRITE_BOTH(out, "below_for", json_text(facts->decider, "full_name"), json_text(facts->decider, "full_name_en"));
    write_text(out, "co_applicants", others);
    write_flag(out, "consent", json_flag(facts->delivery, "consent"));
    write_day(out, "day", day_of(turn->context->now));
    write_day(out, "deadline_day", turn->rule == &case_rules[UNACCEPT].rule ? turn->input->day : (Day)next->correct_by);
    write_day(out, "decided_day", (Day)next->decided_on);
    write_text(out, "delivery_note", json_text(facts->delivery, "delivery_note"));
    WRITE_BOTH(out, "division_name", json_text(facts->place, "path"), json_text(facts->place, "name_en"));
    write_day(out, "due_day", life_due(next, PROMISE_CLOCK, turn->context->calendar));
    write_text(out, "electronic_address", json_text(facts->delivery, "electronic_address"));
    write_text(out, "end_ground", turn->rule == &case_rules[TERMINATE].rule ? terminate_ground(turn->input) : NULL);
    write_extension(out, turn);
    write_flag(out, "false_papers", facts->is_false);
    write_json(out, "findings", facts->findings);
    write_following(out, &facts->promised);
    write_text(out, "granted", next->granted);
    write_flag(out, "has_lacking", facts->lacking != NULL);
    write_text(out, "heard", facts->heard);
    write_text(out, "id_kind", identity_other_paper(case_is_of_person(next) ? PERSON : ENTERPRISE, next->applicant_id));
    write_text(out, "id_masked", masked);
    write_text(out, "id_number", turn->rule == &case_rules[GRANT].rule && case_is_of_person(next) ? next->applicant_id : NULL);
    write_flag(out, "in_review", turn->rule == &case_rules[TERMINATE].rule && (present->state != CORRECTION || *terminate_ground(turn->input)));
    write_flag(out, "is_granted", life_is_up(present) && next->state == GRANTED);
    write_flag(out, "is_person", case_is_of_person(next));
    write_flag(out, "is_promised", facts->promised.names[0] != NULL);
}

static void write_item(GString *out, const Case *present, const Case *next, const Facts *facts)
{
    const Item *item = facts->item;
    write_json(out, "issuer", facts->issuer);
    WRITE_BOTH(out, "item_basis", json_text(item->details, "basis"), json_text(item->details, "basis_en"));
    if (facts->receiver)
        WRITE_BOTH(out, "item_before", present->item_name, present->item_name_en);
    WRITE_BOTH(out, "item_name", next->item_name, next->item_name_en);
}

/* The first mark is the receipt, which every document follows; the language is that of the law. */
static char *write_facts(const SubjectTurn *turn, const Case *next, const Facts *facts)
{
    const Context *context = turn->context;
    const SubjectInput *input = turn->input;
    unsigned needs = turn->rule->needs; /* what else was sent is in no event */
    const char *other_organ = needs & TAKES_ORGAN ? input->organ : NULL;
    g_autofree char *number = subject_number_grouped(next->number);
    Day due = life_due(next, PROMISE_CLOCK, context->calendar), statutory = life_due(next, STATUTORY_CLOCK, context->calendar);
    GString *out = g_string_append_c(g_string_sized_new(2048), '{');
    write_applicant(out, turn, next, facts);
    write_item(out, turn->present, next, facts);
    write_json(out, "lacking", facts->lacking);
    write_text(out, "language", language_tags[CHINESE]);
    write_text(out, "manner", facts->manner);
    write_json(out, "materials", facts->materials);
    write_text(out, "number", number);
    write_json(out, "office_hours", next->marks[0].day != day_of(next->marks[0].at) ? "true" : NULL);
    write_flag(out, "on_spot", json_flag(input->fields, CASE_ON_SPOT));
    write_text(out, "opinion", needs & (NEED_OPINION | TAKES_OPINION) ? input->opinion : NULL);
    WRITE_BOTH(out, "other_organ", other_organ, json_text(facts->other, "name_en"));
    write_limit(out, "promised", next->promised_days, next->promised_unit);
    write_day(out, "provisional_day", provisional_from(needs & NEED_SPECIAL ? (Day)next->special_until : MAX(due, statutory), context->calendar));
    write_text(out, "reason", needs & NEED_REASON ? input->reason : NULL);
    write_number(out, "received_at", next->marks[0].at);
    write_day(out, "received_day", next->marks[0].day);
    write_text(out, "receiver", json_text(facts->delivery, "receiver"));
    write_text(out, "receiver_name", facts->window && context->actor->kind == STAFF ? context->actor->name : NULL);
    write_text(out, "representative", facts->tells_home ? next->applicant_representative : NULL);
    WRITE_BOTH(out, "result_name", facts->item->result, facts->item->result_en);
    write_text(out, "server_name", facts->manner ? context->actor->name : NULL);
    write_special(out, turn, next);
    write_limit(out, "statutory", next->statutory_days, next->statutory_unit);
    write_day(out, "statutory_day", statutory);
    WRITE_BOTH(out, "to_organ", json_text(facts->receiver, "full_name"), json_text(facts->receiver, "full_name_en"));
    write_flag(out, "unfit", next->state == NOT_ACCEPTED && next->corrected && !facts->is_false && !(other_organ && *other_organ));
    write_number(out, "validity_years", facts->item->validity_years);
    write_vouched(out, &facts->promised);
    WRITE_BOTH(out, "window", facts->window, facts->window_en);
    return g_string_free(g_string_append_c(out, '}'), FALSE);
}

char *paper_content(const SubjectTurn *turn, void *record, GError **error)
{
    g_auto(Facts) facts = { 0 };
    return gather(turn, record, &facts, error) ? write_facts(turn, record, &facts) : NULL;
}

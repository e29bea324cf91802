// SPDX-License-Identifier: Apache-2.0
/* A case as its page and the API show it:
 *   number (text), number_grouped, item {code, name, name_en, version}, organ {…}, place {…}, channel,
 *   applicant {party_kind, name, id_number, telephone, …} with "masked", state, step, seen,
 *   correct_by_day while papers are awaited, light, due_day, left, remaining or over {days, unit}; standstill {special, until_day, is_over: longer than was told} while a
 *   special procedure is under way, or a higher organ has it ("sent_up"); clocks {intake, promise, statutory, delivery, below} as clock_json gives them;
 *   handling (case_handling), on_spot {form} where this person may decide it on the spot,
 *   steps [{kind, organ_name, organ_name_en, division_name, division_name_en, progress: done|now|later}],
 *   materials [{name, name_en, required, asked, papers: […]}], other_papers […], documents […],
 *   beside (subject_put_beside), history and recorded (subject_put_history), actions [{action, path, main, needs_…}]. */
#include "cases/answer.h"

#include "cases/code.h"
#include "cases/findings.h"
#include "cases/papers.h"

#include <string.h>

static const char *const clock_names[CASE_CLOCKS] = { "intake", "promise", "statutory", "delivery", "below" };

/* ---- the clocks ---- */

static void put_light(json_t *into, const Context *context, const Case *self)
{
    enum case_clock clock = life_clock(self);
    g_autoptr(ClockReading) reading = clock != CASE_CLOCKS ? case_clock(self, clock, context->calendar, context->now) : NULL;
    json_object_set_new(into, "is_counting", json_boolean(reading && self->state != SUSPENDED && !life_is_up(self)));
    if (reading)
        clock_put_light(reading, into);
    else
        json_object_set_new(into, "light", json_string("grey"));
    if (self->state != SUSPENDED || !life_outlasted(self))
        return;
    json_put_day(into, "due_day", (Day)self->special_until); /* by then it was to be ended */
    json_object_update_new(into, json_pack("{s:s, s:b, s:b, s:b}", "light", "red", "overdue", true, "passed", true, "remaining", false));
}

static json_t *clocks_json(const Context *context, const Case *self)
{
    json_t *clocks = json_object();
    for (int i = 0; i < CASE_CLOCKS; i++) {
        g_autoptr(ClockReading) reading = case_clock(self, (enum case_clock)i, context->calendar, context->now);
        if (reading)
            json_object_set_new(clocks, clock_names[i], clock_json(reading));
    }
    return clocks;
}

/* ---- papers ---- */

/* The papers of the material leave `papers`, where the others stay. */
static json_t *take_papers(json_t *papers, const char *material)
{
    json_t *found = json_array();
    for (size_t i = 0; i < json_array_size(papers);) {
        json_t *paper = json_array_get(papers, i);
        bool is_of_it = strcmp(json_text(paper, "material"), material) == 0;
        if (is_of_it)
            json_array_append(found, paper);
        if (!is_of_it || json_array_remove(papers, i) != 0)
            i++;
    }
    return found;
}

/* A paper that a register holds is there already: nobody brings it. */
static json_t *materials_json(const Context *context, const Case *self, const Item *item, json_t *papers, json_t *offered)
{
    json_t *materials = json_array();
    bool is_staff = context->actor->kind == STAFF;
    g_autoptr(json_t) missing = json_loads(self->missing, 0, NULL);
    const ItemMaterial *m;
    g_autoptr(json_t) answers = item->form ? answers_of(self) : NULL;
    for (size_t i = 0; (m = case_material(self, item, i)); i++) {
        json_t *found = take_papers(papers, m->name);
        g_autoptr(json_t) held = take_papers(offered, m->name);
        bool on_paper = papers_are_held(self, item, i) && json_array_size(found) == 0;
        const json_t *first = json_array_get(held, 0);
        bool is_promised = *json_text(first, "promise") && !json_array_size(found) && !on_paper;
        bool none = json_array_size(found) == 0 && (!first || papers_is_due(first, self)) && !on_paper;
        bool is_asked = answers_ask(item, answers, "papers", m->name);
        json_array_append_new(materials, json_pack(
            "{s:s, s:s, s:b, s:b, s:i, s:i, s:s, s:b, s:b, s:b, s:b, s:b, s:o, s:O*, s:O*}", "name", m->name, "name_en", m->name_en,
            "required", m->required && is_asked, "left_out", !is_asked, "originals", m->originals, "copies", m->copies, "source", m->source,
            "asked", papers_name(missing, m->name), "none", none, "on_paper", on_paper, "lacking", none && m->required && is_asked,
            "may_tick", none && is_staff, "papers", found,
            "in_register", *json_text(first, "promise") ? NULL : first, "promised", is_promised ? first : NULL));
    }
    return materials;
}

/* The necessary papers that the form of a correction has ticked. */
static json_t *lacking_names(const json_t *materials)
{
    size_t i;
    json_t *one, *names = json_array();
    json_array_foreach((json_t *)materials, i, one)
        if (json_flag(one, "lacking"))
            json_array_append(names, json_object_get(one, "name"));
    return names;
}

/* Until it is decided a necessary paper may still come. */
static bool lacks_any(const Case *self, const json_t *materials)
{
    size_t i;
    json_t *one;
    bool is_open = self->state == DRAFT || self->state == RECEIVED || self->state == REVIEW || self->state == SUSPENDED;
    json_array_foreach((json_t *)materials, i, one)
        if (is_open && json_flag(one, "lacking"))
            return true;
    return false;
}

/* The name that a sender gave a paper may tell of him as the paper does. */
static void hide_papers(json_t *papers)
{
    size_t i;
    json_t *paper;
    json_array_foreach(papers, i, paper)
        json_object_del(paper, "name");
}

static void add_links(json_t *papers, const char *base)
{
    size_t i;
    json_t *paper;
    json_array_foreach(papers, i, paper) {
        g_autofree char *link = g_strdup_printf("%s/papers/%" PRId64, base, json_number(paper, "paper"));
        const char *type = json_text(paper, "type");
        json_object_set_new(paper, "link", json_string(link));
        json_object_set_new(paper, "is_image", json_boolean(files_is_shown(type) && g_str_has_prefix(type, "image/")));
        json_object_set_new(paper, "pages_link", json_sprintf("%s/pages/1", link));
    }
}

/* ---- history ---- */

/* The ledger keeps a material's name; the page shows it in the reader's language. */
static json_t *material_named(const Case *self, const Item *item, const char *name)
{
    const ItemMaterial *m;
    for (size_t i = 0; (m = case_material(self, item, i)); i++)
        if (strcmp(m->name, name) == 0)
            return json_pack("{s:s, s:s}", "name", name, "name_en", m->name_en);
    return json_pack("{s:s, s:s}", "name", name, "name_en", name);
}

static void name_materials(json_t *line, const Case *self, const Item *item)
{
    size_t i;
    json_t *list = json_object_get(line, "materials"), *named = list ? json_array() : NULL, *name;
    json_array_foreach(list, i, name)
        json_array_append_new(named, material_named(self, item, json_string_value(name)));
    if (named)
        json_object_set_new(line, "materials", named);
    if (*json_text(line, "material"))
        json_object_set_new(line, "material", material_named(self, item, json_text(line, "material")));
}

bool case_tell(const SubjectTurn *turn, const Event *event, json_t *line, GError **error)
{
    const CaseWork *work = turn->work;
    (void)error;
    json_t *document = json_object_get(line, "document");
    name_materials(line, turn->present, work->item);
    if (strcmp(event->kind, case_rules[EXTEND].rule.event) == 0) /* in the unit of the limit */
        json_object_set_new(line, "extended", json_pack("{s:I, s:s}", "days", json_number(line, "days"), "unit",
                                                        day_unit_names[((const Case *)turn->present)->statutory_unit]));
    if (strcmp(json_text(document, "document_kind"), "receipt") == 0)
        json_object_set_new(document, "is_private", json_true());
    if (strcmp(event->kind, case_rules[CORRECT_APPLICANT].rule.event) == 0)
        correct_tell(event, line);
    if (strcmp(event->kind, case_rules[CORRECT_ANSWERS].rule.event) == 0)
        answers_tell_corrected(event, line);
    if (strcmp(event->kind, case_rules[CORRECT].rule.event) == 0 || strcmp(event->kind, case_rules[SUPPLY].rule.event) == 0)
        reopened_tell(turn, event, line);
    if (event->sequence > 1) /* the same with every event */
        json_object_del(line, "loaded");
    return true;
}

/* ---- what is open to this person ---- */

static json_t *specials_json(const Item *item)
{
    json_t *specials = json_array();
    for (size_t i = 0; i < item->special_count; i++)
        if (!life_is_hearing(&item->specials[i]))
            json_array_append_new(specials, json_pack("{s:s, s:i, s:s}", "special", item->specials[i].kind, "days",
                                                      item->specials[i].days, "basis", item->specials[i].basis));
    return specials;
}

/* An action that the table allows now and a guard would refuse for good is not offered. */
bool case_offers(const SubjectTurn *turn)
{
    const Case *self = turn->present;
    const CaseWork *work = turn->work;
    bool is_alone = code_is_own(turn->context->actor, self), is_in_use = !self->restricted_until;
    switch (subject_rule_place(&case_kind, turn->rule)) {
    case CORRECT: return !self->corrected;
    case EXTEND: return !self->extended && work->item->extension.days;
    case SUSPEND: return work->item->special_count > 1 || (work->item->special_count && !life_is_hearing(work->item->specials));
    case RESUME: return guard_resume(turn, NULL);
    case GRANT:
    case REFUSE: return !eyes_are_his(turn->context->actor, self, work->item);
    case RATE: return !self->rated && is_alone && is_in_use;
    case WITHDRAW: return is_alone;
    case NEW_SLIP: return turn->context->actor->kind == STAFF && is_in_use;
    case OWN_CODE: return !is_alone && is_in_use;
    case PROMISE:
    case REVOKE:              /* on pages of rooms to the right */
    case REVEAL:              /* offered beside the applicant's data, as the next is */
    case CHANGE_APPLICANT:    /* on pages of their own, as the next are */
    case CORRECT_APPLICANT:
    case EDIT:
    case ANSWER:
    case CORRECT_ANSWERS:
    case REMOVE_PAPER:        /* beside the paper */
    case REPLACE_PAPER:
    case TRANSFER:
    case ERASE:
    case RESTRICT: return false; /* on a page of their own */
    default: return true;
    }
}

/* Does the case wait for a decision of this person, who has reviewed it? */
static bool must_leave(const Context *context, const Case *self, const Item *item)
{
    return self->state == REVIEW && item->steps[self->step].kind == STEP_DECIDE && eyes_are_his(context->actor, self, item) &&
           life_is_entitled(context->actor, self, &case_rules[GRANT].rule, context->county);
}

/* Adding papers stands with the papers; all else is asked of the person apart. */
static void put_actions(json_t *answer, const Context *context, const Case *self, const Item *item, const char *base)
{
    size_t i;
    json_t *action;
    const CaseWork work = { item, item };
    bool any = false, main = case_may_decide_on_spot(context, self, item), is_awaited = self->state == DRAFT || self->state == CORRECTION;
    if (main)
        json_object_set_new(answer, "on_spot", json_object());
    json_t *actions = subject_actions(context, &case_kind, self, &work, base);
    json_array_foreach(actions, i, action) {
        json_object_set_new(action, "is_awaited", json_boolean(is_awaited));
        if (json_object_get(answer, "on_spot")) /* stands before them all */
            json_object_set_new(action, "main", json_false());
        if (!*self->code_hash && self->state == RECEIVED && strcmp(json_text(action, "action"), case_rules[NEW_SLIP].rule.name) == 0)
            json_object_set_new(action, "main", json_true());
        if (!self->rated && (self->state == DELIVERED || self->state == CLOSED) && strcmp(json_text(action, "action"), case_rules[OWN_CODE].rule.name) == 0)
            json_object_set_new(action, "main", json_true());
        any = any || !json_flag(action, "is_attach");
        main = main || json_flag(action, "main");
    }
    json_object_set_new(answer, "is_reviewed_by_you", json_boolean(must_leave(context, self, item)));
    json_object_set_new(answer, "actions", actions);
    if (transfer_may(context, self, item))
        json_object_set_new(answer, "transfer_path", json_sprintf("%s/%s", base, case_rules[TRANSFER].rule.name));
    json_object_set_new(answer, "has_actions", json_boolean(any));
    json_object_set_new(answer, "is_asked", json_boolean(main || !any));
}

/* ---- all together ---- */

static void put_head(json_t *answer, const Case *self)
{
    g_autofree char *number = g_strdup_printf("%" PRId64, self->number);
    g_autofree char *grouped = subject_number_grouped(self->number);
    json_object_set_new(answer, "number", json_string(number));
    json_object_set_new(answer, "number_grouped", json_string(grouped));
    json_object_set_new(answer, "item_name", json_string(self->item_name));
    json_object_set_new(answer, "item_name_en", json_string(self->item_name_en));
    json_object_set_new(answer, "state", json_string(case_state_names[self->state]));
    json_object_set_new(answer, "channel", json_string(channel_names[self->channel]));
    json_object_set_new(answer, "seen", json_integer(subject_seen(&case_kind, self)));
    if (self->state == CORRECTION && self->correct_by)
        json_put_day(answer, "correct_by_day", (Day)self->correct_by);
    if (*self->special) {
        json_t *standstill = json_pack("{s:s, s:b}", "special", self->special, "is_over", self->state == SUSPENDED && life_outlasted(self));
        json_object_set_new(standstill, "is_up", json_boolean(life_is_up(self)));
        json_put_day(standstill, "until_day", self->special_until ? (Day)self->special_until : DAY_NONE);
        json_object_set_new(answer, "standstill", standstill);
    }
}

bool answer_head(json_t *answer, const Context *context, const Case *self, json_t *applicant, GError **error)
{
    put_head(answer, self);
    put_light(answer, context, self);
    json_object_set_new(answer, "applicant", applicant);
    json_t *place = identity_division(context->db, context->county, self->place, error);
    return place && json_object_set_new(answer, "place", place) == 0;
}

static bool put_item(json_t *answer, const Context *context, const Case *self, const Item *item, const char *base, GError **error)
{
    json_t *organ = identity_organ(context->db, context->county, self->organ, error);
    json_t *steps = organ ? steps_json(context, self, item, error) : NULL;
    if (!organ || json_object_set_new(answer, "organ", organ) != 0 || !steps)
        return false;
    json_object_set_new(answer, "steps", steps);
    json_object_set_new(answer, "step", json_string(step_kind_names[item->steps[self->step].kind]));
    json_object_set_new(answer, "item", json_pack("{s:s, s:I, s:s, s:s}", "code", item->code, "version",
                                                  item->version, "name", item->name, "name_en", item->name_en));
    json_object_set_new(answer, "specials", specials_json(item));
    if (item->extension.days)
        json_object_set_new(answer, "extension", json_pack("{s:i, s:s, s:s}", "days", item->extension.days, "unit",
                                                           day_unit_names[item->extension.unit], "basis", item->extension.basis));
    json_object_set_new(answer, "handling", json_string(case_handling(self, item)));
    put_actions(answer, context, self, item, base);
    return true;
}

/* The receipt is listed for those who may open it; of the history, which is shared, the page leaves out its link. */
static void put_documents(json_t *answer, const Context *context, const Case *self, json_t *documents)
{
    bool all = life_has_receipt(context->actor, self, context->county);
    if (self->restricted_until)
        json_array_clear(documents);
    for (size_t i = json_array_size(documents); i-- > 0;)
        if (!all && strcmp(json_text(json_array_get(documents, i), "document_kind"), "receipt") == 0)
            json_array_remove(documents, i);
    json_object_set_new(answer, "documents", documents);
    json_object_set_new(answer, "has_documents", json_boolean(json_array_size(documents)));
    json_object_set_new(answer, "opens_private", json_boolean(all));
}

static bool put_papers(json_t *answer, const Context *context, const Case *self, const Item *item,
                       const char *subject, const char *base, GError **error)
{
    g_autoptr(json_t) papers = files_papers(context->db, context->county, subject, error);
    json_t *documents = papers ? files_documents(context->db, context->county, subject, error) : NULL;
    g_autoptr(json_t) offered = documents ? papers_offered(context, self, error) : NULL;
    if (!offered)
        return json_decref(documents), false;
    life_drop_former(context->actor, self, papers);
    if (code_opens_all(context->actor, self) && !self->restricted_until)
        add_links(papers, base);
    else
        hide_papers(papers);
    json_t *materials = materials_json(context, self, item, papers, offered);
    json_object_set_new(answer, "materials", materials);
    json_object_set_new(answer, "lacking", lacking_names(materials));
    json_object_set_new(answer, "lacks", json_boolean(lacks_any(self, materials)));
    /* The item does not name their material any more since a later version was pinned. */
    json_object_set_new(answer, "has_other_papers", json_boolean(json_array_size(papers)));
    json_object_set(answer, "other_papers", papers);
    put_documents(answer, context, self, documents);
    return true;
}

static void put_rating(json_t *answer, const Case *self)
{
    json_object_set_new(answer, "rating_levels", json_pack("[{s:i}, {s:i}, {s:i}, {s:i}, {s:i}]", "level", 5, "level", 4, "level", 3,
                                                           "level", 2, "level", 1));
    if (self->rated)
        json_object_set_new(answer, "rating", json_pack("{s:I}", "level", self->rated));
}

/* A restricted case shows no stars either. */
static json_t *shown(const Case *self, const char *text, bool masked, bool is_public, char *mask(const char *))
{
    g_autofree char *hidden = masked && !is_public ? mask(text) : NULL;
    return json_string(masked && self->restricted_until ? "" : hidden ? hidden : text);
}

bool case_is_of_person(const Case *self)
{
    return strcmp(self->applicant_kind, party_kind_names[ENTERPRISE]) != 0;
}

bool case_tells_today(const Context *context, const json_t *document, json_t *known, GError **error)
{
    bool found;
    int64_t number;
    g_auto(Case) self = { 0 };
    if (subject_named(context->rooms, json_text(document, "subject"), &number) != &case_kind)
        return true;
    if (!record_load(context->db, context->county, &case_record, number, &self, &found, error))
        return false;
    if (!found)
        return true;
    g_autofree char *name = mask_party_name(case_is_of_person(&self), json_text(json_object_get(document, "content"), "applicant_name"));
    json_put_text(known, "applicant_name", name);
    return true;
}

json_t *case_applicant_name(const Case *self, bool masked)
{
    return json_pack("{s:s, s:o}", "party_kind", self->applicant_kind, "name",
                     shown(self, self->applicant, masked, !case_is_of_person(self), mask_name));
}

json_t *case_applicant(const Case *self, bool masked)
{
    json_t *all = case_applicant_name(self, masked);
    json_put_text(all, "id_kind", masked && self->restricted_until ? NULL : identity_paper_of(case_is_of_person(self) ? PERSON : ENTERPRISE, self->applicant_id));
    json_object_set_new(all, "id_number", shown(self, self->applicant_id, masked, !case_is_of_person(self), mask_id));
    json_object_set_new(all, "telephone", shown(self, self->applicant_telephone, masked, false, mask_telephone));
    json_object_set_new(all, "contact", shown(self, self->applicant_contact, masked, false, mask_name));
    g_autofree char *representative = masked ? mask_name(self->applicant_representative) : g_strdup(self->applicant_representative);
    json_put_text(all, "representative", self->restricted_until && masked ? NULL : representative);
    json_put_text(all, "address", masked ? NULL : self->applicant_address);
    int64_t town = self->restricted_until ? 0 : division_town(self->applicant_division);
    json_object_set_new(all, "division", json_integer(masked ? town : self->applicant_division));
    if (!masked || !self->restricted_until)
        others_put(self, masked, all);
    return all;
}

/* The clocks and the history change with the case's events, the day and the calendar. */
static bool put_course(json_t *answer, const Context *context, const Case *self, const Item *item, GError **error)
{
    const CaseWork work = { item, item };
    const SubjectTurn turn = { context, &case_kind, NULL, self, NULL, &work };
    json_t *clocks = clocks_json(context, self);
    json_object_set_new(answer, "has_clocks", json_boolean(json_object_size(clocks)));
    json_object_set_new(answer, "clocks", clocks);
    return subject_put_history(answer, &turn, error);
}

/* A holder's history has forms, so that only the desks' page has it as a part that is kept. */
static bool put_course_part(const Request *r, json_t *answer, const Case *self, const Item *item, GError **error)
{
    if (!answer_is_page(r) || strcmp(r->route, "/desk/cases/{number}") != 0)
        return put_course(answer, &r->context, self, item, error);
    bool opens_private = json_flag(answer, "opens_private");
    g_autofree char *made_of = g_strdup_printf("course/%" PRId64 "/%" PRId64 "/%d/%" PRId64 "/%d", self->number, self->events,
                                               day_of(r->context.now), calendar_version(r->context.calendar), opens_private);
    json_t *part = part_kept(r, COURSE_PARTS, made_of);
    if (!part) {
        g_autoptr(json_t) course = json_pack("{s:b}", "opens_private", opens_private);
        part = put_course(course, &r->context, self, item, error) ? part_make(r, COURSE_PARTS, made_of, "cases/course", course, error) : NULL;
    }
    if (part)
        part_put(r, "course", part);
    return part != NULL;
}

/* Only a case without its applicant's number may have been erased, and this one's use is restricted or not. */
static bool put_erasure(json_t *answer, const Context *context, const Case *self, const char *subject, GError **error)
{
    json_t *erasure = NULL;
    if ((!*self->applicant_id || self->restricted_until) && !ledger_erasure(context->db, context->county, subject, &erasure, error))
        return false;
    if (erasure)
        json_object_set_new(answer, "erasure", erasure);
    return true;
}

static json_t *answer_by(const Request *r, const Case *self, bool clear, GError **error)
{
    const Context *context = &r->context;
    g_autofree char *subject = subject_text(&case_kind, self), *base = subject_path(&case_kind, self->number, context->actor->kind == STAFF ? STAFF : HOLDER);
    g_autoptr(json_t) answer = json_object();
    g_autoptr(Item) item = catalogue_item(context->db, context->county, self->item, self->item_version, error);
    json_object_set_new(answer, "masked", json_boolean(!clear));
    if (!item || !answer_head(answer, context, self, case_applicant(self, !clear), error) ||
        !put_item(answer, context, self, item, base, error) ||
        !put_papers(answer, context, self, item, subject, base, error) || !put_erasure(answer, context, self, subject, error) ||
        !put_course_part(r, answer, self, item, error) || !twin_put(context, self, answer, error))
        return NULL;
    if (!code_opens_all(context->actor, self))
        subject_hide_codes(answer);
    subject_hide_former(answer, life_own_since(context->actor, self));
    put_rating(answer, self);
    answers_put(context, self, item, clear, base, answer);
    findings_put(context, self, item, answer);
    return quota_put(context, self, item, answer, error) && shared_put(context, self, item, answer, error) && subject_put_beside(context, self, self->number, answer, error) ? g_steal_pointer(&answer) : NULL;
}

/* Where a limit ends beyond the holidays that the present calendar knows, it is counted by the one that is announced. */
json_t *case_answer(const Request *r, const Case *self, bool clear, GError **error)
{
    Request by = *r;
    g_autoptr(Calendar) announced = NULL;
    Day unknown = life_unknown(self, r->context.calendar, r->context.now);
    if (unknown != DAY_NONE && !calendar_announced(&r->context, unknown, &announced, error))
        return NULL;
    by.context.calendar = announced ? announced : r->context.calendar;
    return answer_by(&by, self, clear, error);
}

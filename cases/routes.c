// SPDX-License-Identifier: Apache-2.0
/* The routes of the desks: the inbox, a case, an action, a paper, a new application at the counter. */
#include "cases/archive.h"
#include "cases/calendar.h"
#include "cases/code.h"
#include "cases/erase.h"
#include "cases/find.h"
#include "cases/forms.h"
#include "cases/inbox.h"
#include "cases/life.h"

#include <stdlib.h>
#include <string.h>

enum { REVEALED_FOR = 30 * MINUTE_MS };

/* ---- a case ---- */

/* An applicant learns of another number nothing, not even whether there is such a case. */
static bool number_in_path(const Request *r, int64_t *number, GError **error)
{
    const Actor *actor = r->context.actor;
    if (!subject_number_asked(r, &case_kind, number, error))
        return false;
    return actor->kind != HOLDER || actor->id == *number || refuse(error, NOT_FOUND, "cases.another_number", NULL);
}

bool case_load_asked(const Request *r, Case *out, GError **error)
{
    return subject_load_asked(r, &case_kind, out, error) &&
           (case_may_see(r->context.actor, out) || refuse(error, NOT_ALLOWED, "cases.not_your_case", NULL));
}

bool case_load_visible(const Request *r, Case *out, GError **error)
{
    int64_t number;
    if (!number_in_path(r, &number, error) || !subject_load(r->context.db, r->context.county, &case_kind, number, out, error))
        return false;
    return case_may_see(r->context.actor, out) || refuse(error, NOT_ALLOWED, "cases.not_your_case", NULL);
}

/* Personal data is shown in clear to the applicant by a code of his own, and for half an hour to the person who has said why it is needed, which is an event
 * once the case is handed in, or has just taken it down at the counter. */
bool case_is_clear(const Context *context, const Case *self, bool *clear, GError **error)
{
    const Actor *actor = context->actor;
    Instant since = context->now - REVEALED_FOR;
    g_autofree char *subject = subject_text(&case_kind, self);
    *clear = actor->kind == HOLDER ? code_opens_all(actor, self) : (self->state == DRAFT && self->draft_staff == actor->id && self->draft_at > since);
    *clear &= !self->restricted_until;
    if (self->restricted_until && !identity_has_role(actor, AUDITOR))
        return true;
    return *clear || actor->kind == HOLDER || ledger_happened(context->db, context->county, subject, "case.revealed", actor->id, since, clear, error);
}

static json_t *show(const Request *r, const Case *self, GError **error)
{
    bool clear;
    if (!case_is_clear(&r->context, self, &clear, error) || (clear && !case_note_look(r, self, error)))
        return NULL;
    return case_answer(r, self, clear, error);
}

/* Actions that have pages of their own. */
static const struct { enum case_action action; const char *path; } ways[] = {
    { CHANGE_APPLICANT, "change_path" }, { CORRECT_APPLICANT, "correct_path" }, { EDIT, "edit_path" }, { ANSWER, "answers_path" },
    { CORRECT_ANSWERS, "correct_answers_path" },
};

static const ListSpec *const lists[] = { &inbox_list, &figure_list, NULL };
static const Field show_fields[] = { LIST_FROM_FIELD, { 0 } };

json_t *case_show(Request *r, GError **error)
{
    g_auto(Case) found = { 0 };
    json_t *answer = case_load_visible(r, &found, error) ? show(r, &found, error) : NULL;
    if (answer)
        case_forms_put(r, &found, answer);
    for (size_t i = 0; answer && i < G_N_ELEMENTS(ways); i++)
        if (life_may(&r->context, &found, ways[i].action) && ((ways[i].action != ANSWER && ways[i].action != CORRECT_ANSWERS) || json_flag(answer, "has_form")))
            json_object_set_new(answer, ways[i].path, json_sprintf("%s/%" PRId64 "/%s", case_kind.paths[r->context.actor->kind], found.number, case_rules[ways[i].action].rule.name));
    if (answer && found.state >= CLOSED && identity_has_role(r->context.actor, ARCHIVISTS))
        json_object_set_new(answer, "archive_path", json_sprintf("/desk/cases/%" PRId64 "/archive", found.number));
    if (answer && !list_neighbours(r, lists, found.number, answer, error))
        g_clear_pointer(&answer, json_decref);
    return answer;
}

static bool is_his_scan(const Request *r, const Case *self, const char *subject, int64_t number, GError **error)
{
    size_t i;
    json_t *paper;
    bool is_former = false;
    g_autoptr(json_t) papers = life_mark(self, "applicant_changed") ? files_papers(r->context.db, r->context.county, subject, error) : json_array();
    json_array_foreach(papers, i, paper)
        is_former |= json_number(paper, "paper") == number && life_is_of_former(r->context.actor, self, json_number(paper, "made_at"));
    return papers && (!is_former || refuse(error, NOT_ALLOWED, "cases.former_scan", NULL));
}

json_t *case_paper(Request *r, GError **error)
{
    g_auto(Case) found = { 0 };
    if (!case_load_visible(r, &found, error) ||
        (!code_opens_all(r->context.actor, &found) && !refuse(error, NOT_ALLOWED, "cases.code_was_shown", NULL)) ||
        (found.restricted_until && !refuse(error, CONFLICT, "cases.restricted", NULL)) ||
        !case_note_access(r, &found, SECURITY_SCAN, SECURITY_EACH, NULL, error))
        return NULL;
    g_autofree char *subject = subject_text(&case_kind, &found);
    const int64_t number = strtoll(r->path[1], NULL, 10);
    return is_his_scan(r, &found, subject, number, error) ? files_answer(r, subject, number, error) : NULL;
}

/* ---- an action ---- */

char *case_visible(const char *text, GError **error)
{
    return text_is_visible(text, error) ? g_strdup(text) : NULL;
}

/* These are all that a program may send; forms.c says which of them the form of an action shows. */
const Field case_act_fields[] = {
    { .name = "seen", .kind = FIELD_INTEGER, .most = INT32_MAX, .required = true, .room = "cases", .look = LOOK_HIDDEN },
    { .name = "opinion", .kind = FIELD_LONG_TEXT, .most = 1000, .room = "cases" },
    { .name = "reason", .kind = FIELD_LONG_TEXT, .most = 1000, .room = "cases" },
    { .name = "special", .most = 20, .room = "cases" },
    { .name = "days", .kind = FIELD_INTEGER, .least = 1, .most = 365, .room = "cases" },
    { .name = "materials", .kind = FIELD_LIST, .most = 100, .room = "cases" },
    { .name = "material", .most = 100, .room = "cases" },
    { .name = "paper", .kind = FIELD_INTEGER, .most = INT32_MAX, .room = "cases" },
    { .name = "papers", .kind = FIELD_FILES, .most = 20, .bytes = PAPER_MOST, .room = "cases" },
    { .name = "level", .kind = FIELD_INTEGER, .least = 1, .most = 5, .room = "cases" },
    { .name = "organ", .most = 100, .room = "cases" },
    { .name = "granted", .kind = FIELD_LONG_TEXT, .most = 1000, .room = "cases" },
    { .name = "manner", .kind = FIELD_CHOICE, .choices = delivery_manners, .room = "cases" },
    { .name = "electronic_address", .most = 100, .room = "cases" },
    { .name = "receiver", .most = PERSON_NAME_MOST, .room = "cases", .check = identity_person_name },
    { .name = "delivery_note", .kind = FIELD_LONG_TEXT, .most = 500, .room = "cases" },
    { .name = "consent", .kind = FIELD_FLAG, .room = "cases" },
    { .name = "end_ground", .kind = FIELD_CHOICE, .choices = terminate_grounds, .room = "cases" },
    { .name = "false_papers", .kind = FIELD_FLAG, .room = "cases" },
    { .name = "above_number", .most = 60, .room = "cases", .check = case_visible },
    { .name = "answers", .kind = FIELD_ANSWERS, .look = LOOK_NONE, .room = "cases" }, /* what the officer finds, or what is corrected */
    { .name = "ask", .kind = FIELD_ANSWERS, .look = LOOK_NONE, .room = "cases" }, /* fields that a correction notice names, and what is wrong with each */ { .name = "remark", .kind = FIELD_ANSWERS, .look = LOOK_NONE, .room = "cases" },
    { 0 },
};

json_t *case_take_action(Request *r, GError **error)
{
    int64_t number;
    g_auto(Case) present = { 0 };
    if (!number_in_path(r, &number, error))
        return NULL;
    if (strcmp(r->path[1], ON_SPOT) == 0)
        return spot_take(r, number, error);
    g_autoptr(json_t) taken = subject_take_asked(r, &case_kind, number, error);
    enum case_action action = taken ? case_action_named(r->path[1]) : CASE_ACTIONS;
    if (action == REVEAL && (!subject_load(r->context.db, r->context.county, &case_kind, number, &present, error) ||
                    !case_note_access(r, &present, SECURITY_REVEALED, SECURITY_EACH, NULL, error)))
        return NULL;
    return g_steal_pointer(&taken);
}

/* The same from a page that asks for it, to which it leads back. */
static json_t *reveal_there(Request *r, GError **error)
{
    return strcmp(r->path[1], case_rules[REVEAL].rule.name) == 0 ? case_take_action(r, error) : refuse(error, NOT_FOUND, "cases.no_action", NULL);
}

static const Field reveal_fields[] = {
    { .name = "seen", .kind = FIELD_INTEGER, .most = INT32_MAX, .required = true, .room = "cases", .look = LOOK_HIDDEN },
    { .name = "reason", .most = 200, .room = "cases" },
    { 0 },
};
#define REVEAL_AT(path, page) \
    { "POST", "/desk/cases/{number}/" path "/{action}", CLERK | REVIEWER, reveal_there, page, reveal_fields, "/desk/cases/{number}/" path, \
      "/desk/cases/{number}/" path, "Say why the personal data of a case are needed in clear (reveal), and come back to that page" }

/* ---- a new application at the counter ---- */

static const char *const party_kinds[] = { "person", "enterprise", NULL };

static enum party_kind party_of(const json_t *fields)
{
    return strcmp(json_text(fields, "party_kind"), party_kind_names[PERSON]) == 0 ? PERSON : ENTERPRISE;
}

/* As case_party_of will judge it, told with all else that is wrong: before the kind is chosen it may fit either. */
char *case_number_fits(const char *value, const json_t *fields, GError **error)
{
    bool is_chosen = *json_text(fields, "party_kind") || *json_text(fields, "id_kind");
    char *number = is_chosen ? NULL : identity_number_sought(value);
    return number ? number : identity_number(*json_text(fields, "party_kind") ? party_of(fields) : PERSON, json_text(fields, "id_kind"), value, 0, error);
}

/* Before the kind is chosen it may be as long as an enterprise's. */
static char *name_fits(const char *value, const json_t *fields, GError **error)
{
    return identity_party_name(party_of(fields), value, error);
}

static char *agent_number_fits(const char *value, const json_t *fields, GError **error)
{
    return identity_number(PERSON, json_text(fields, "agent_id_kind"), value, 0, error);
}

#define ID_KIND \
    .kind = FIELD_CHOICE, .choices = identity_papers, .codes = "id_kind", .empty = "cases.usual_paper", .room = "cases"

#define PARTY_FIELDS \
    { .name = "party_kind", .kind = FIELD_CHOICE, .required = true, .choices = party_kinds, .look = LOOK_RADIOS, .room = "cases", .value = "party_kind" }, \
    { .name = "name", .most = ENTERPRISE_NAME_MOST, .required = true, .room = "cases", .judge = name_fits, .value = "name" }, \
    { .name = "id_kind", ID_KIND, .value = "id_kind" }, \
    { .name = "id_number", .most = ID_NUMBER_MOST, .required = true, .look = LOOK_EXACT, .room = "cases", .judge = case_number_fits, .value = "id_number" }, \
    { .name = "telephone", .most = TELEPHONE_MOST, .required = true, .look = LOOK_TELEPHONE, .room = "cases", .check = identity_telephone, .value = "telephone" }, \
    { .name = "contact", .most = PERSON_NAME_MOST, .room = "cases", .check = identity_person_name, .shown_when = "party_kind=enterprise", .value = "contact" }, \
    { .name = "representative", .most = PERSON_NAME_MOST, .room = "cases", .check = identity_person_name, .shown_when = "party_kind=enterprise", .value = "representative" }, \
    { .name = "address", .most = 100, .room = "cases", .check = identity_name, .value = "address" }

#define OTHERS_FIELDS \
    { .name = "co_applicants", .kind = FIELD_LONG_TEXT, .most = 2000, .room = "cases", .value = "co_applicants" }, \
    { .name = "by_agent", .kind = FIELD_FLAG, .room = "cases", .value = "by_agent" }, \
    { .name = "agent_name", .most = PERSON_NAME_MOST, .required = true, .room = "cases", .check = identity_person_name, .shown_when = "by_agent=true", .value = "agent_name" }, \
    { .name = "agent_id_kind", ID_KIND, .shown_when = "by_agent=true", .value = "agent_id_kind" }, \
    { .name = "agent_id", .most = ID_NUMBER_MOST, .required = true, .look = LOOK_EXACT, .room = "cases", .judge = agent_number_fits, .shown_when = "by_agent=true", .value = "agent_id" }, \
    { .name = "agent_scope", .kind = FIELD_LONG_TEXT, .least = 2, .most = 200, .required = true, .room = "cases", .check = identity_name, .shown_when = "by_agent=true", .value = "agent_scope" }

/* JSON {name: [texts]} of the questions that were answered beside the guide. */
#define SITUATION { .name = "situation", .most = 2000, .look = LOOK_HIDDEN, .room = "cases", .value = "situation" }

const Field case_draft_fields[] = {
    { .name = "post", .kind = FIELD_INTEGER, .most = 99, .look = LOOK_NONE },
    { .name = "place", .kind = FIELD_INTEGER, .most = INT64_MAX, .look = LOOK_NONE },
    PARTY_FIELDS,
    OTHERS_FIELDS,
    SITUATION,
    { 0 },
};

const Field applicant_fields[] = {
    { .name = "seen", .kind = FIELD_INTEGER, .most = INT32_MAX, .required = true, .room = "cases", .look = LOOK_HIDDEN, .value = "seen" },
    PARTY_FIELDS,
    { .name = "reason", .kind = FIELD_LONG_TEXT, .most = 1000, .required = true, .room = "cases" },
    { .name = "papers", .kind = FIELD_FILES, .most = 20, .bytes = PAPER_MOST, .required = true, .label = "cases.proof_of_change", .hint = "cases.papers_hint",
      .accept = "image/*,application/pdf,.ofd" },
    { 0 },
};

const Field case_apply_fields[] = {
    PARTY_FIELDS,
    OTHERS_FIELDS,
    { .name = "place", .kind = FIELD_INTEGER, .most = INT64_MAX, .required = true, .options = "towns.places.code", .value = "place",
      .missing = "portal.which_place" },
    SITUATION,
    { 0 },
};

#define SEEN { .name = "seen", .kind = FIELD_INTEGER, .most = INT32_MAX, .required = true, .room = "cases", .look = LOOK_HIDDEN, .value = "seen" }

const Field edit_fields[] = { SEEN, PARTY_FIELDS, OTHERS_FIELDS, { 0 } };
const Field case_edit_fields[] = {
    SEEN, PARTY_FIELDS, OTHERS_FIELDS,
    { .name = "place", .kind = FIELD_INTEGER, .most = INT64_MAX, .required = true, .options = "towns.places.code", .value = "place",
      .missing = "portal.which_place" },
    { 0 },
};
#define ANSWERS { .name = "answers", .kind = FIELD_ANSWERS, .room = "cases", .look = LOOK_NONE }

const Field case_answers_asked[] = { ANSWERS, { 0 } }, case_answers_fields[] = { SEEN, ANSWERS, { 0 } };
static const Field correct_answers_fields[] = {
    SEEN, ANSWERS, { .name = "reason", .kind = FIELD_LONG_TEXT, .most = 1000, .required = true, .hint = "cases.correct_hint" }, { 0 },
};
const Field correct_fields[] = {
    SEEN, PARTY_FIELDS, OTHERS_FIELDS, { .name = "reason", .kind = FIELD_LONG_TEXT, .most = 1000, .required = true, .hint = "cases.correct_hint" }, { 0 },
};

bool applicant_of(const json_t *fields, Day today, Party *party, char **id_number, GError **error)
{
    GError *wrong = NULL;
    enum party_kind kind = party_of(fields);
    *id_number = identity_number(kind, json_text(fields, "id_kind"), json_text(fields, "id_number"), today, &wrong);
    if (!*id_number)
        return refuse_same(error, "id_number", wrong);
    *party = (Party){ .kind = kind, .name = json_text(fields, "name"), .id_number = *id_number,
                      .telephone = json_text(fields, "telephone"), .contact = json_text(fields, "contact"),
                      .representative = json_text(fields, "representative"), .address = json_text(fields, "address") };
    return true;
}

bool case_party_of(const Request *r, Party *party, char **id_number, GError **error)
{
    bool is_of = applicant_of(r->fields, day_of(r->context.now), party, id_number, error);
    if (is_of)
        party->id = json_number(r->prepared, "id");
    return is_of;
}

static char *known_args(const Request *r, Db *db, DbArg *args)
{
    Party party;
    g_autofree char *id_number = NULL;
    g_autoptr(GError) wrong = NULL;
    return case_party_of(r, &party, &id_number, &wrong) ? identity_known_args(db, r->context.county, &party, args, &wrong) : NULL;
}

static const Lookup known = { identity_known, known_args };

json_t *case_party_look(Request *r, GError **error)
{
    Party party;
    g_autofree char *id_number = NULL;
    if (!case_party_of(r, &party, &id_number, error) ||
        (r->looked_up < 0 && !identity_party_known(&r->context, &party, &party.id, error)))
        return NULL;
    if (r->looked_up >= 0)
        party.id = r->looked_up;
    return json_pack("{s:I}", "id", party.id);
}

/* The clerk's own post that takes applications in: the one chosen, else the first. */
static bool clerk_post(const Request *r, Post *out, GError **error)
{
    const Actor *actor = r->context.actor;
    size_t chosen = (size_t)json_number(r->fields, "post");
    for (size_t i = 0; i < actor->post_count; i++) {
        size_t at = (chosen + i) % actor->post_count;
        if (actor->posts[at].roles & CLERK) {
            *out = actor->posts[at];
            return true;
        }
    }
    return refuse(error, NOT_ALLOWED, "cases.not_your_desk", NULL);
}

static enum channel channel_of(const Post *post)
{
    static const enum channel channels[] = { [COUNTY_LEVEL] = AT_COUNTY, [TOWN_LEVEL] = AT_TOWN, [VILLAGE_LEVEL] = AT_VILLAGE };
    return channels[division_level(post->division)];
}

static json_t *begin(Request *r, GError **error)
{
    Post post = { 0 };
    g_autofree char *id_number = NULL, *others = NULL;
    CaseDraft draft = { .item = r->path[0] };
    g_auto(Case) made = { 0 };
    if (!clerk_post(r, &post, error) || !case_party_of(r, &draft.party, &id_number, error) || !case_others_of(r->fields, day_of(r->context.now), &draft.party, &others, error))
        return NULL;
    g_autoptr(json_t) situation = case_situation_of(r->fields);
    draft.others = others;
    draft.situation = situation;
    draft.place = post.division;
    draft.channel = channel_of(&post);
    return case_draft(&r->context, &draft, &made, error) ? subject_summary(&case_kind, &made) : NULL;
}

static json_t *form(Request *r, GError **error)
{
    Post post = { 0 };
    if (!clerk_post(r, &post, error))
        return NULL;
    g_autoptr(json_t) item = catalogue_guide(r->context.db, r->context.county, r->path[0], day_of(r->context.now), error);
    g_autoptr(json_t) place = item ? identity_division(r->context.db, r->context.county, post.division, error) : NULL;
    return place ? json_pack("{s:O, s:O}", "item", item, "place", place) : NULL;
}

json_t *case_find(Request *r, const char *below, GError **error)
{
    int64_t number;
    g_auto(Case) found = { 0 };
    if (!subject_number_read(json_text(r->fields, "number"), &number))
        return refuse_field(error, "number", "cases.number_form", NULL);
    if (!subject_load(r->context.db, r->context.county, &case_kind, number, &found, error))
        return NULL;
    g_autofree char *path = g_strdup_printf("%s/%" PRId64, below, number);
    return answer_redirect(r, path);
}

static const Field choose_fields[] = { { .name = "q", .most = 60, .look = LOOK_SEARCH, .hint = "cases.hints.find_item" }, { 0 } };

static json_t *choose(Request *r, GError **error)
{
    json_t *items = catalogue_search(r->context.db, r->context.county, day_of(r->context.now), json_text(r->fields, "q"), 50, error);
    return items ? json_pack("{s:o, s:s}", "found", items, "q", json_text(r->fields, "q")) : NULL;
}

const Route case_routes[] = {
    { "GET", "/desk", ANY_ROLE, inbox_show, "cases/inbox", inbox_fields, NULL, NULL,
      "What waits at the desks of who is signed in, most urgent first" },
    { "GET", "/desk/find", ANY_ROLE, find_show, "cases/find", find_fields, NULL, "/desk",
      "Go to a case by its number; without one the form to find an applicant's cases" },
    { "POST", "/desk/find", FINDS_PERSONS, NULL, "cases/find", find_person_fields, NULL,
      "/desk/find",
      "Find cases that one may see by the applicant's name, pinyin, number or telephone, or by a "
      "receipt's place and day; the security log has it",
      find_person },
    { "GET", "/desk/cases", ANY_ROLE, case_list_show, "cases/list", case_list_fields, NULL, NULL,
      "The cases behind a figure: what is counted, from which day to which, where taken in, by "
      "whom decided, of which item" },
    { "GET", "/desk/cases/{number}", ANY_ROLE, case_show, "cases/case", show_fields, NULL, NULL,
      "A case with its clocks, papers, history and the actions open to who asks" },
    { "POST", "/desk/cases/{number}/new-slip", CLERK, slip_make, "cases/case", case_slip_fields,
      "/desk/cases/{number}/slip", "/desk/cases/{number}",
      "Make a new tracking code, which ends the one before it, and the slip that tells it" },
    { "GET", "/desk/cases/{number}/change-applicant", CLERK | REVIEWER, applicant_ask,
      "cases/applicant", NULL, NULL, NULL,
      "The form by which another applicant takes a case over" },
    { "GET", "/desk/cases/{number}/edit", CLERK, case_edit_ask, "cases/edit", NULL, NULL, NULL,
      "The form of a draft's fields" },
    { "POST", "/desk/cases/{number}/edit", CLERK, case_edit, "cases/edit", edit_fields,
      "/desk/cases/{number}", "/desk/cases/{number}/edit",
      "Change what a draft says of its applicants" },
    REVEAL_AT("edit", "cases/edit"), REVEAL_AT("answers", "cases/answers"), REVEAL_AT("correct-applicant", "cases/edit"),
    REVEAL_AT("correct-answers", "cases/answers"),
    { "GET", "/desk/cases/{number}/answers", CLERK, case_answers_ask, "cases/answers",
      case_answers_asked, NULL, NULL, "The application form of a draft" },
    { "GET", "/desk/cases/{number}/form", ANY_ROLE, case_form_print, NULL, NULL, NULL, NULL,
      "The application form of a case as PDF, as far as it is filled in", .slow = true },
    { "POST", "/desk/cases/{number}/answers", CLERK, case_answer_form, "cases/answers",
      case_answers_fields, "/desk/cases/{number}", "/desk/cases/{number}/answers",
      "Fill in the application form of a draft: answers.NAME=…" },
    { "GET", "/desk/cases/{number}/correct-answers", CLERK | REVIEWER, correct_answers_ask,
      "cases/answers", case_answers_asked, NULL, NULL,
      "The application form of a case, to be corrected" },
    { "POST", "/desk/cases/{number}/correct-answers", CLERK | REVIEWER, correct_answers,
      "cases/answers", correct_answers_fields, "/desk/cases/{number}",
      "/desk/cases/{number}/correct-answers",
      "Correct the whole application form of a case: answers.NAME=…" },
    { "GET", "/desk/cases/{number}/correct-applicant", CLERK | REVIEWER, correct_ask, "cases/edit",
      NULL, NULL, NULL, "The form by which a wrong name, number or telephone is corrected" },
    { "POST", "/desk/cases/{number}/correct-applicant", CLERK | REVIEWER, correct_applicant,
      "cases/edit", correct_fields, "/desk/cases/{number}",
      "/desk/cases/{number}/correct-applicant",
      "Correct what a case says of its applicants, for a reason; papers written before stay" },
    { "GET", "/desk/cases/{number}/transfer", ANY_ROLE, transfer_ask, "cases/transfer", NULL, NULL,
      NULL, "The form by which a case is transferred to the organ that has the power" },
    { "POST", "/desk/cases/{number}/transfer", ANY_ROLE, transfer_away, "cases/transfer",
      transfer_fields, "/desk", "/desk/cases/{number}/transfer",
      "Transfer a case to the organ that has the power, with its whole file" },
    { "POST", "/desk/cases/{number}/change-applicant", CLERK | REVIEWER, applicant_change,
      "cases/applicant", applicant_fields, "/desk/cases/{number}",
      "/desk/cases/{number}/change-applicant",
      "Another applicant takes the case over, with proof; the tracking code ends", NULL,
      files_put },
    { "GET", "/desk/cases/{number}/slip", CLERK, case_show_slip, "cases/slip", NULL, NULL, NULL,
      "The slip of a case with its tracking code, for half an hour to who made it" },
    { "POST", "/desk/cases/{number}/{action}", ANY_ROLE, case_take_action, "cases/case",
      case_act_fields, "/desk/cases/{number}", "/desk/cases/{number}",
      "Take an action on a case; on-spot: all of them, from the receipt to the delivery", NULL,
      files_put },
    { "GET", "/desk/cases/{number}/papers/{paper}", ANY_ROLE, case_paper, NULL, NULL, NULL, NULL,
      "A scanned paper of a case" },
    { "GET", "/desk/cases/{number}/papers/{paper}/pages/{page}", ANY_ROLE, case_paper, "files/page",
      NULL, NULL, NULL, "One page of a scanned paper as a picture, whatever kind of file it is",
      .slow = true },
    { "GET", "/desk/cases/{number}/archive", ARCHIVISTS, archive_show, "cases/archive", NULL, NULL,
      NULL, "The file of a case that has ended: its number, term of keeping, and papers in order" },
    { "GET", "/desk/cases/{number}/archive.tar", ARCHIVISTS, archive_package, NULL, NULL, NULL,
      NULL, "The file with its papers and proofs, which can be verified without this program",
      .slow = true },
    { "GET", "/desk/archive", ARCHIVISTS, archive_list, "cases/archives", archive_fields, NULL,
      NULL,
      "The files of cases that ended in a period, as they are handed over; format=csv or xlsx for "
      "the list",
      .slow = true },
    { "GET", "/desk/apply", CLERK, choose, "cases/choose", choose_fields, NULL, NULL,
      "Choose the item that somebody at the counter applies for" },
    { "GET", "/desk/apply/{item}", CLERK, form, "cases/apply", NULL, NULL, NULL,
      "The form for an application at the counter" },
    { "POST", "/desk/apply/{item}", CLERK, begin, "cases/apply", case_draft_fields,
      "/desk/cases/{number}", "/desk/apply/{item}", "Begin a case at the counter", case_party_look,
      .lookup = &known },
    { "GET", "/desk/calendar", ANY_ROLE, calendar_show, "cases/calendar", calendar_show_fields,
      NULL, NULL,
      "The calendars of working days: which days each changed, and how many open cases it moved" },
    { "GET", "/desk/calendar/difference", ANY_ROLE, calendar_difference, "versioned/difference",
      versioned_difference_fields, NULL, NULL,
      "What differs between two calendars of working days; format: as a file" },
    { "POST", "/desk/calendar/preview", SYSTEM_ADMINISTRATOR | CATALOGUER, NULL,
      "cases/calendar_preview", calendar_preview_fields, NULL, "/desk/calendar",
      "What a list of holidays would move; changes nothing", calendar_preview },
    { "POST", "/desk/calendar", SYSTEM_ADMINISTRATOR | CATALOGUER, calendar_change,
      "cases/calendar", calendar_change_fields, "/desk/calendar", "/desk/calendar",
      "Take a list of holidays over and compute the limits of all open cases anew" },
    { "POST", "/desk/calendar/hours", SYSTEM_ADMINISTRATOR, calendar_hours, "cases/calendar",
      calendar_hours_fields, "/desk/calendar", "/desk/calendar",
      "Set whether what is handed in outside office hours counts as received on the next working "
      "day" },
    { "GET", "/desk/erase", SECURITY_ADMINISTRATOR, erase_find, "cases/erase", erase_find_fields,
      NULL, NULL, "Choose the closed case whose salt and personal data are to be erased" },
    { "GET", "/desk/erase/{number}", SECURITY_ADMINISTRATOR, erase_ask, "cases/erase", NULL, NULL,
      NULL, "What erasing the salt of a case means, before it is done" },
    { "POST", "/desk/erase/{number}", SECURITY_ADMINISTRATOR, erase_take, "cases/erase",
      erase_fields, "/desk/erase/{number}", "/desk/erase/{number}",
      "Erase the salt and the personal data of a closed case (right to erasure)" },
    { "POST", "/desk/erase/{number}/restrict", SECURITY_ADMINISTRATOR, restrict_take, "cases/erase",
      restrict_fields, "/desk/erase/{number}", "/desk/erase/{number}",
      "Restrict the use of the personal data of a closed case whose term of keeping runs" },
    { 0 },
};

// SPDX-License-Identifier: Apache-2.0
#include "portal/ledger.h"

#include "security/security.h"

#include <string.h>

/* ---- the front page ---- */

static json_t *front(Request *r, GError **error)
{
    g_autoptr(json_t) places = identity_places(r->context.db, r->context.county, error);
    int64_t items, online;
    if (!places || !catalogue_count(r->context.db, r->context.county, day_of(r->context.now), &items, &online, error))
        return NULL;
    json_t *bundles = joint_bundles(&r->context, error);
    return bundles ? json_pack("{s:I, s:I, s:I, s:o, s:b}", "items", items, "online", online,
                               "places", (json_int_t)json_array_size(places), "bundles", bundles,
                               "has_bundles", json_array_size(bundles) > 0)
                   : NULL;
}

/* ---- applying from home ---- */

static const Field apply_form_fields[] = {
    { .name = "place", .kind = FIELD_INTEGER, .most = INT64_MAX }, { .name = "situation", .most = 2000, .room = "cases", .look = LOOK_NONE }, { 0 },
};

/* Members of the staff take applications in at their desks, where the applicant's papers are looked at. */
static bool is_at_home(const Request *r, GError **error)
{
    g_autofree char *path = g_strdup_printf("/desk/apply/%s", r->path[0]);
    return r->context.actor->kind != STAFF || refuse(error, CONFLICT, "portal.not_at_the_desk", "path", path, NULL);
}

static json_t *apply_form(Request *r, GError **error)
{
    if (!is_at_home(r, error))
        return NULL;
    g_autoptr(json_t) guide = catalogue_guide(r->context.db, r->context.county, r->path[0], day_of(r->context.now), error);
    g_autoptr(json_t) places = guide ? identity_places(r->context.db, r->context.county, error) : NULL;
    return places ? json_pack("{s:O, s:o, s:O*, s:O*}", "item", guide, "towns", identity_by_town(places), "place", json_object_get(r->fields, "place"), "situation", json_object_get(r->fields, "situation")) : NULL;
}

/* The quota of an applicant counts by sender too, else a stranger who knows his number could keep him out. A draft that is refused counts
 * for its sender alone. */
static const Quota drafts[] = {
    { "drafts-from", LIMIT_ADDRESS_DRAFTS, "portal.many_from_here", .by_address = true },
    { "drafts-of", LIMIT_PARTY_DRAFTS, "portal.many_of_party", .by_what = true, .by_address = true, .of_done = true },
    { "drafts", LIMIT_DRAFTS, "portal.many_in_all", .of_done = true },
    { 0 },
};

static json_t *draft_look(Request *r, GError **error)
{
    Party party;
    g_autofree char *id_number = NULL;
    g_autoptr(json_t) looked = case_party_look(r, error);
    return looked && case_party_of(r, &party, &id_number, error) && quota_take(r, drafts, id_number, 1, error) ? g_steal_pointer(&looked) : NULL;
}

/* Prepares apply: the place is one that the form offers. */
static json_t *apply_look(Request *r, GError **error)
{
    size_t i;
    json_t *place;
    g_autoptr(json_t) places = is_at_home(r, error) ? identity_places(r->context.db, r->context.county, error) : NULL;
    json_array_foreach(places, i, place)
        if (division_code(place) == json_number(r->fields, "place"))
            return draft_look(r, error);
    return places ? refuse_field(error, "place", "portal.which_place", NULL) : NULL;
}

static json_t *apply(Request *r, GError **error)
{
    g_autofree char *id_number = NULL, *others = NULL;
    g_auto(Case) made = { 0 };
    CaseDraft draft = { .item = r->path[0], .place = json_number(r->fields, "place"), .channel = ONLINE };
    if (!case_party_of(r, &draft.party, &id_number, error) || !case_others_of(r->fields, day_of(r->context.now), &draft.party, &others, error))
        return NULL;
    g_autoptr(json_t) situation = case_situation_of(r->fields);
    draft.others = others;
    draft.situation = situation;
    if (!case_begin(&r->context, &draft, &made, error) ||
        !session_begin(r, HOLDER, made.number, error))
        return NULL;
    case_begin_code(r, &made);
    return subject_save(&r->context, &case_kind, &made, error) ? subject_summary(&case_kind, &made) : NULL;
}

/* Only the applicant is told the tracking code, by the session that applied, and only before the application is submitted. */
static json_t *begun(Request *r, GError **error)
{
    int64_t number;
    g_autoptr(json_t) found = case_show(r, error);
    if (!found || !subject_number_read(json_text(found, "number"), &number) || !case_put_code(r, number, found, error))
        return NULL;
    if (*json_text(found, "code") && strcmp(json_text(found, "state"), "draft") == 0)
        return g_steal_pointer(&found);
    g_autofree char *path = g_strdup_printf("/track/%s", json_text(found, "number"));
    return answer_redirect(r, path);
}

/* The notice of the Personal Information Protection Law, arts. 17 and 35. */
static json_t *privacy(Request *r, GError **error)
{
    int64_t months;
    const Context *context = &r->context;
    int longest = http_limit_of(r, LIMIT_CASE_SESSION);
    g_autoptr(json_t) organ = identity_organ(context->db, context->county, CENTRE_ORGAN, error);
    if (!organ || !security_months(context->db, context->county, &months, error))
        return NULL;
    return json_pack("{s:O, s:i, s:i, s:I, s:i, s:i, s:i, s:i}", "organ", organ, "draft_days", case_draft_days(context), "keeping_years",
                     context->keeping_years, "log_months", months, "idle_minutes", http_limit_of(r, LIMIT_CASE_IDLE), "session_minutes",
                     longest, "session_hours", longest % 60 ? 0 : longest / 60, "kiosk_minutes", http_limit_of(r, LIMIT_KIOSK_IDLE));
}

/* ---- following a case ---- */

/* The address of a form that was sent too late, to which its sender is led back. */
#define TRACK_NEXT { .name = "next", .most = 500, .look = LOOK_HIDDEN, .value = "next" }
static const Field track_fields[] = {
    { .name = "number", .least = 1, .most = 30, .required = true, .look = LOOK_DIGITS },
    { .name = "code", .least = 1, .most = 40, .required = true, .look = LOOK_EXACT },
    TRACK_NEXT,
    { 0 },
};
static const Field track_page_fields[] = { TRACK_NEXT, { 0 } };

static json_t *track_form(Request *r, GError **error)
{
    (void)error;
    const Actor *actor = r->context.actor;
    json_t *own = json_array();
    for (size_t i = 0; i < actor->case_count; i++) {
        g_autofree char *grouped = subject_number_grouped(actor->cases[i]);
        json_array_append_new(own, json_pack("{s:o, s:s}", "number", json_sprintf("%" PRId64, actor->cases[i]), "number_grouped", grouped));
    }
    return json_pack("{s:b, s:o, s:s}", "has_own", actor->case_count > 0, "own", own, "next", json_text(r->fields, "next"));
}

/* Prepares track: {number}. */
static json_t *check_track(Request *r, GError **error)
{
    int64_t number;
    if (!subject_number_read(json_text(r->fields, "number"), &number))
        return refuse_field(error, "number", "cases.number_form", NULL);
    return case_try_code(r, number, json_text(r->fields, "code"), error) ? json_pack("{s:I}", "number", number) : NULL;
}

static json_t *track(Request *r, GError **error)
{
    int64_t number = json_number(r->prepared, "number");
    const char *next = json_text(r->fields, "next");
    if (!case_enter(r, number, error))
        return NULL;
    if (link_is_own(next))
        json_decref(answer_redirect(r, next));
    return json_pack("{s:o}", "number", json_sprintf("%" PRId64, number));
}

/* A holder could fill the disk with papers sent again and again. */
static const Quota papers[] = {
    { "papers-from", LIMIT_ADDRESS_UPLOADS, "portal.many_papers", .by_address = true },
    { "papers-of", LIMIT_HOLDER_UPLOADS, "portal.many_papers", .by_what = true },
    { "papers", LIMIT_UPLOADS, "portal.many_papers_in_all" },
    { 0 },
};

static json_t *leave(Request *r, GError **error)
{
    int64_t number;
    return subject_number_asked(r, &case_kind, &number, error) && session_leave(r, number, error) ? json_object() : NULL;
}

/* The licences that came of the case are his too. */
static bool put_licences(const Request *r, json_t *answer, GError **error)
{
    size_t i;
    int64_t number = 0;
    json_t *row, *told = json_array();
    json_object_set_new(answer, "licences", told);
    subject_number_read(json_text(answer, "number"), &number);
    g_autoptr(json_t) licences = licences_of_case(r->context.db, r->context.county, number, error);
    json_array_foreach(licences, i, row) {
        g_autofree char *subject = g_strdup_printf("%s/%" PRId64, licence_kind.name, json_number(row, "number"));
        g_autofree char *grouped = subject_number_grouped(json_number(row, "number"));
        g_autoptr(json_t) accesses = case_accesses_of(&r->context, subject, error);
        if (!accesses)
            return false;
        if (json_array_size(accesses))
            json_array_append_new(told, json_pack("{s:s, s:O}", "licence_grouped", grouped, "accesses", accesses));
    }
    return licences != NULL;
}

static json_t *accesses(Request *r, GError **error)
{
    int64_t months;
    g_autoptr(json_t) answer = case_accesses(r, error);
    if (!answer || !put_licences(r, answer, error) || !security_months(r->context.db, r->context.county, &months, error))
        return NULL;
    json_object_set_new(answer, "log_months", json_integer(months));
    return g_steal_pointer(&answer);
}

const Route portal_routes[] = {
    { "GET", "/", ANYONE, front, "portal/front", NULL, NULL, NULL,
      "The front page with its figures" },
    { "GET", "/apply/{item}", ANYONE, apply_form, "portal/apply", apply_form_fields, NULL, NULL,
      "The form for an application from home; place: the desk that is chosen" },
    { "POST", "/apply/{item}", ANYONE, apply, "portal/apply", case_apply_fields,
      "/track/{number}/begun", "/apply/{item}",
      "Begin an application from home; papers follow on the case's own page", apply_look,
      .check = true, .begins = true },
    { "GET", "/track/{number}/begun", HOLDERS, begun, "http/done", NULL, "/track/{number}", NULL,
      "That an application is begun, and what happens next", .done = "portal.begun" },
    { "GET", "/track", ANYONE, track_form, "portal/track", track_page_fields, NULL, NULL,
      "Where to enter a case number" },
    { "POST", "/track", ANYONE, track, "portal/track", track_fields, "/track/{number}", "/track",
      "Follow a case by number and tracking code", check_track },
    { "GET", "/track/{number}", HOLDERS, case_show, "portal/case", NULL, NULL, NULL,
      "One's own case" },
    { "POST", "/track/{number}/own-code", HOLDERS, case_make_own_code, "portal/case",
      case_own_code_fields, "/track/{number}/slip", "/track/{number}",
      "Make a tracking code that nobody of the staff has seen, which ends the one before it",
      case_check_own_code },
    { "GET", "/track/{number}/slip", HOLDERS, case_show_slip, "portal/slip", NULL, NULL, NULL,
      "The tracking code that one has made, for half an hour" },
    { "GET", "/track/{number}/edit", HOLDERS, case_edit_ask, "cases/edit", NULL, NULL, NULL, "The form of one's own draft" },
    { "POST", "/track/{number}/edit", HOLDERS, case_edit, "cases/edit", case_edit_fields, "/track/{number}", "/track/{number}/edit",
      "Change what one's own draft says" },
    { "GET", "/track/{number}/answers", HOLDERS, case_answers_ask, "cases/answers", case_answers_asked, NULL, NULL, "The application form of one's own draft" },
    { "GET", "/track/{number}/form", HOLDERS, case_form_print, NULL, NULL, NULL, NULL, "The same as PDF, as far as it is filled in, also after it was handed in", .slow = true },
    { "POST", "/track/{number}/answers", HOLDERS, case_answer_form, "cases/answers", case_answers_fields, "/track/{number}", "/track/{number}/answers",
      "Fill in the application form of one's own draft: answers.NAME=…" },
    { "GET", "/joint/of/{number}", HOLDERS, joint_home, "portal/bundle", NULL, NULL, NULL,
      "One's own draft as the first item of a bundle: all papers of the bundle, each once" },
    { "POST", "/joint/of/{number}/papers", HOLDERS, joint_home_attach, "portal/bundle",
      joint_attach_fields, "/joint/of/{number}", "/joint/of/{number}",
      "Send a paper for any item of the bundle", NULL, files_put, .uploads = papers },
    { "POST", "/joint/of/{number}", HOLDERS, joint_home_hand_in, "portal/bundle", joint_home_fields,
      "/joint/{number}", "/joint/of/{number}", "Hand in all items of the bundle at once" },
    { "POST", "/joint/{number}/open/{part}", HOLDERS, joint_open_part, NULL, NULL,
      "/track/{number}", "/joint/{number}", "Open a case that is part of one's own bundle" },
    { "POST", "/track/{number}/leave", HOLDERS, leave, NULL, NULL, "/", NULL,
      "End the session of a case number" },
    { "POST", "/track/{number}/{action}", HOLDERS, case_take_action, "portal/case", case_act_fields,
      "/track/{number}", "/track/{number}", "Hand in, supply, withdraw, rate", NULL, files_put,
      .uploads = papers },
    { "GET", "/track/{number}/accesses", HOLDERS, accesses, "portal/accesses", NULL, NULL, NULL,
      "Who looked at the personal data of one's own case and of the licences that came of it: "
      "organ, day and purpose" },
    { "GET", "/track/{number}/papers/{paper}", HOLDERS, case_paper, NULL, NULL, NULL, NULL,
      "A paper of one's own case" },
    { "GET", "/track/{number}/papers/{paper}/pages/{page}", HOLDERS, case_paper, "portal/page",
      NULL, NULL, NULL, "One page of it as a picture", .slow = true },
    { "GET", "/privacy", ANYONE, privacy, "portal/privacy", NULL, NULL, NULL,
      "Why personal data are asked for, who sees them, how long they are kept" },
    { "GET", "/parts", ANYONE, parts_show, "portal/parts", parts_question_fields, "/track", NULL,
      "Every component of the pages in every state, where the server was started to show it",
      .done = "portal.begun" },
    { "POST", "/parts", ANYONE, NULL, "portal/parts", parts_fields, NULL, "/parts",
      "Check a form of every kind of field; nothing is kept", parts_show },
    { "GET", "/ledger", ANYONE, ledger_about, "portal/ledger", NULL, NULL, NULL,
      "What the public ledger is, and its checkpoint now" },
    { "GET", "/ledger/find", ANYONE, ledger_find, "portal/ledger", ledger_find_fields, NULL,
      "/ledger", "Go to an event by its number" },
    { "GET", "/ledger/{county}/event/{number}", ANYONE, ledger_event_show, "portal/event",
      ledger_event_fields, NULL, NULL,
      "What the ledger says of an event, proved; leaf: whether a paper says the same" },
    { "POST", "/ledger/{county}/event/{number}", ANYONE, NULL, "portal/event",
      ledger_commitment_fields, NULL, "/ledger/{county}/event/{number}",
      "Whether a salt and a text make the commitment of an event; nothing is kept",
      ledger_commitment_check },
    { 0 },
};

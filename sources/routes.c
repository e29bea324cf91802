// SPDX-License-Identifier: Apache-2.0
/* The system administrator's pages: all sources, a new one, one with its last askings, and a trial with a made-up number. */
#include "sources/life.h"

#include <curl/curl.h>
#include <string.h>

enum { READERS = SYSTEM_ADMINISTRATOR | AUDITOR };

/* ---- the list ---- */

static const Field list_fields[] = { LIST_FIELDS, { .name = "state", .kind = FIELD_CHOICE, .choices = source_state_names }, { 0 } };

const ListSpec source_list = {
    .name = "sources", .room = "sources", .path = "/desk/sources", .table = "source", .key = "number", .fields = list_fields,
    .columns = (const ListColumn[]){
        { "number", LIST_NUMBER, LIST_UNSHOWN }, { "code", LIST_TEXT }, { "name", LIST_TEXT, .is_head = true }, { "name_en", LIST_TEXT, LIST_EXPORTED },
        { "organ_name", LIST_TEXT }, { "purpose", LIST_TEXT }, { "state", LIST_WORD }, { 0 } },
    .filters = (const ListFilter[]){ { "state", "state", LIST_EQUAL }, { 0 } },
    .orders = (const ListOrder[]){ { "code", { "code", "number" } }, { 0 } },
    .tabs = (const ListTab[]){ { .name = "sources", .counted = true }, { 0 } },
    .search.number = subject_number_read, .bound = 1000, .link = "/desk/sources/{number}",
};

static json_t *show_list(Request *r, GError **error)
{
    json_t *answer = list_page(r, error);
    if (answer && identity_has_role(r->context.actor, SYSTEM_ADMINISTRATOR))
        json_object_set_new(answer, "may_begin", json_true());
    return answer;
}

/* ---- a new one ---- */

#define DATA_FIELDS(with, without)                                                                                                                  \
    { .name = "name", .most = 60, .required = (with) == 0, .value = "name", .need = (with) },                                                       \
    { .name = "name_en", .most = 100, .required = (with) == 0, .value = "name_en", .need = (with) },                                                \
    { .name = "organ_name", .most = 60, .required = (with) == 0, .value = "organ_name", .need = (with) },                                           \
    { .name = "organ_name_en", .most = 100, .required = (with) == 0, .value = "organ_name_en", .need = (with) },                                    \
    { .name = "purpose", .most = 200, .required = (with) == 0, .missing = "sources.purpose_missing", .value = "purpose", .need = (with) },          \
    { .name = "purpose_en", .most = 200, .required = (with) == 0, .missing = "sources.purpose_missing", .value = "purpose_en", .need = (with) },    \
    { .name = "basis", .most = 200, .required = (with) == 0, .value = "legal_basis", .need = (with) },                                                    \
    { .name = "address", .most = 300, .required = (with) == 0, .look = LOOK_EXACT, .value = "address", .need = (with) },                            \
    { .name = "request", .kind = FIELD_LONG_TEXT, .most = 2000, .required = (with) == 0, .look = LOOK_EXACT, .value = "request", .need = (with) },  \
    { .name = "answer", .kind = FIELD_LONG_TEXT, .most = 4000, .required = (with) == 0, .look = LOOK_EXACT, .value = "answer", .need = (with) },    \
    { .name = "found", .most = 300, .look = LOOK_EXACT, .value = "found", .need = (without) },                                                      \
    { .name = "seconds", .kind = FIELD_INTEGER, .least = 1, .most = 30, .required = (with) == 0, .unit = "seconds", .value = "seconds", .need = (with) }, \
    { .name = "tries", .kind = FIELD_INTEGER, .least = 1, .most = 5, .required = (with) == 0, .value = "tries", .need = (with) },                   \
    { .name = "secret", .kind = FIELD_SECRET, .most = 200, .required = (with) == 0, .need = (without) }

static const Field new_fields[] = { { .name = "code", .most = 40, .required = true, .look = LOOK_EXACT }, DATA_FIELDS(0, 0), { 0 } };

const Field source_act_fields[] = {
    { .name = "seen", .kind = FIELD_INTEGER, .most = INT32_MAX, .required = true, .look = LOOK_HIDDEN },
    DATA_FIELDS(NEED_SOURCE, TAKES_SOURCE),
    { .name = "reason", .kind = FIELD_LONG_TEXT, .most = 1000, .need = NEED_REASON },
    { 0 },
};

static bool note(const Request *r, const char *number, GError **error)
{
    g_autofree char *subject = g_strconcat("source/", number, NULL);
    return http_security(r, &(SecurityEntry){ SECURITY_SETTING, .subject = subject, .purpose = "source" }, error);
}

/* The form is filled at first with what is usual. */
static json_t *ask_new(Request *r, GError **error)
{
    (void)r, (void)error;
    return json_pack("{s:s, s:s, s:i, s:i}", "request", "idNumber = id_number\nname = name", "answer", "姓名 | /data/name = name\n住址 | /data/address", "seconds", 10,
                     "tries", 4);
}

static json_t *set_up(Request *r, GError **error)
{
    g_auto(Source) made = { 0 };
    if (!source_begin(&r->context, r->fields, &made, error))
        return NULL;
    g_autofree char *number = g_strdup_printf("%" PRId64, made.number);
    return note(r, number, error) ? subject_summary(&source_kind, &made) : NULL;
}

static json_t *act(Request *r, GError **error)
{
    g_autoptr(json_t) answer = subject_page_act(r, error);
    return answer && note(r, r->path[0], error) ? g_steal_pointer(&answer) : NULL;
}

/* ---- a trial ---- */

static const Field try_fields[] = {
    { .name = "id_number", .most = 40, .required = true, .look = LOOK_EXACT },
    { .name = "person_name", .most = 60 },
    { 0 },
};

static json_t *prepare(Request *r, GError **error)
{
    g_auto(Source) self = { 0 };
    if (!subject_load_asked(r, &source_kind, &self, error))
        return NULL;
    if (self.state == SOURCE_ENDED)
        return refuse(error, CONFLICT, "sources.ended_already", NULL);
    char *secret = source_secret(r->context.db, r->context.county, &self, error);
    if (!secret)
        return NULL;
    g_autoptr(json_t) facts = source_facts(json_text(r->fields, "id_number"), json_text(r->fields, "person_name"), party_kind_names[PERSON], "", "");
    g_autofree char *key = g_strdup_printf("%" PRId64 ".trial.%" PRId64, r->context.county, r->context.now);
    g_autofree char *body = source_body(&r->context, &self, key, self.name, facts);
    json_t *prepared = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:O}", "secret", secret, "key", key, "body", body, "address", self.address, "answer", self.answer,
                                 "found", self.found, "seconds", (json_int_t)self.seconds, "facts", facts);
    json_object_update_new(prepared, json_pack("{s:s, s:s, s:s}", "name", self.name, "name_en", self.name_en, "purpose", self.purpose));
    secret_free(secret);
    return prepared;
}

static bool try_it(Request *r, GError **error)
{
    static const char *const told[] = { [CAME] = "came", [NONE_THERE] = "none", [DIFFERS] = "differs", [REFUSED_THERE] = "refused", [FAILED] = "away", [AWAY] = "away" };
    json_t *prepared = (json_t *)(uintptr_t)r->prepared, *lines = NULL;
    Asking self = { .id = r->context.now /* no two trials are one request */, .from = { .address = (char *)(uintptr_t)json_text(prepared, "address"), .answer = (char *)(uintptr_t)json_text(prepared, "answer"),
                              .found = (char *)(uintptr_t)json_text(prepared, "found"), .seconds = json_number(prepared, "seconds") },
                    .secret = (char *)(uintptr_t)json_text(prepared, "secret"), .body = (char *)(uintptr_t)json_text(prepared, "body"),
                    .facts = json_object_get(prepared, "facts") };
    g_autofree char *trouble = NULL;
    (void)error;
    asking_call(&self, r->context.county, r->context.now);
    enum asked asked = asking_outcome(&self, (int)curl_easy_perform(self.call.curl), &lines, &trouble);
    call_clear(&self.call);
    json_object_update_new(prepared, json_pack("{s:s, s:s, s:o}", "asking", told[asked], "trouble", trouble, "lines", lines ? lines : json_array()));
    return true;
}

/* Where a real number is typed, it is a look at a person: the log has it. */
static json_t *tell_trial(Request *r, GError **error)
{
    size_t i;
    json_t *line, *lines = json_array();
    g_autofree char *subject = g_strconcat("source/", r->path[0], NULL);
    if (!http_security(r, &(SecurityEntry){ SECURITY_SHARED, .subject = subject, .purpose = "source_tried" }, error))
        return NULL;
    json_array_foreach(json_object_get(r->prepared, "lines"), i, line)
        json_array_append_new(lines, json_pack("{s:O, s:O}", "label", json_array_get(line, 0), "value", json_array_get(line, 1)));
    return json_pack("{s:s, s:O, s:O, s:O, s:O, s:O, s:o, s:b}", "number", r->path[0], "name", json_object_get(r->prepared, "name"), "name_en",
                     json_object_get(r->prepared, "name_en"), "asking", json_object_get(r->prepared, "asking"), "trouble", json_object_get(r->prepared, "trouble"),
                     "sent", json_object_get(r->prepared, "body"), "lines", lines, "has_lines", json_array_size(lines) > 0);
}

const Route source_routes[] = {
    { "GET", "/desk/sources", READERS, show_list, "sources/list", list_fields, NULL, NULL, "The sources that the centre asks for papers" },
    { "GET", "/desk/sources/new", SYSTEM_ADMINISTRATOR, ask_new, "sources/new", NULL, NULL, NULL, "The form of a new source of papers" },
    { "POST", "/desk/sources/new", SYSTEM_ADMINISTRATOR, set_up, "sources/new", new_fields, "/desk/sources/{number}", "/desk/sources/new",
      "Set up a source of papers: whom to ask, for which purpose, what it is told and how its answer is read" },
    { "GET", "/desk/sources/{number}", READERS, subject_page, "sources/desk", NULL, NULL, NULL, "A source of papers, its history and what it was asked last" },
    { "POST", "/desk/sources/{number}/try", SYSTEM_ADMINISTRATOR, tell_trial, "sources/tried", try_fields, NULL, "/desk/sources/{number}",
      "Ask a source with a made-up number, and see how its answer is read", prepare, try_it },
    { "POST", "/desk/sources/{number}/{action}", SYSTEM_ADMINISTRATOR, act, "sources/desk", source_act_fields, "/desk/sources/{number}", "/desk/sources/{number}",
      "Change a source of papers, or end it" },
    { 0 },
};

// SPDX-License-Identifier: Apache-2.0
/* The slip (查询单) beside the receipt: number, tracking code and how to track, in both languages on one page. */
#include "cases/code.h"

#define SEEN { .name = "seen", .kind = FIELD_INTEGER, .most = INT32_MAX, .required = true, .room = "cases", .look = LOOK_HIDDEN }

const Field case_slip_fields[] = { SEEN, { 0 } };
const Field case_own_code_fields[] = {
    SEEN, { .name = "id_number", .most = ID_NUMBER_MOST, .required = true, .look = LOOK_EXACT, .room = "cases" }, { 0 },
};

/* The applicant is told of a slip that the staff made, whose code opens his case; of his own code only he can have failed before. */
static bool note(Request *r, const Case *self, bool is_own, GError **error)
{
    return is_own ? code_forgive_own(r, self->number, error) : case_note_access(r, self, SECURITY_DOCUMENT, SECURITY_EACH, "slip", error);
}

/* Sessions that began by the old code end with it; the holder's own session begins anew, and the code is of the new one. */
static json_t *make(Request *r, enum case_action action, GError **error)
{
    bool is_own = action == OWN_CODE, is_agent = is_own && json_flag(r->prepared, "is_agent");
    g_auto(Case) self = { 0 }, next = { 0 };
    if (!case_load_visible(r, &self, error) || !session_end_all(&r->context, HOLDER, self.number, error) ||
        (is_own && !session_begin(r, HOLDER, self.number, error)))
        return NULL;
    g_autofree char *kept = code_for_session(r, self.number, is_agent ? CODE_OF_AGENT : is_own ? OWN_CODE_OF_HOLDER : SLIP_CODE);
    g_autoptr(json_t) fields = json_pack("{s:s}", CODE_HASH, kept);
    const SubjectInput input = { .seen = json_number(r->fields, "seen"), .fields = fields };
    if (!case_act(&r->context, self.number, action, &input, &next, error) || !code_forgive(r, self.number, error) ||
        !note(r, &next, is_own, error))
        return NULL;
    return subject_summary(&case_kind, &next);
}

json_t *slip_make(Request *r, GError **error)
{
    return make(r, NEW_SLIP, error);
}

json_t *case_make_own_code(Request *r, GError **error)
{
    return make(r, OWN_CODE, error);
}

/* The same lines in each language, one below the other. */
static json_t *both_languages(const Request *r, const json_t *slip)
{
    static const char *const words[] = { "cases.slip.title", "cases.slip.number", "cases.slip.code", "cases.slip.how", "cases.slip.keep" };
    static const char *const names[] = { "title", "number_label", "code_label", "how", "keep" };
    json_t *both = json_array();
    for (int language = 0; language < LANGUAGES; language++) {
        json_t *one = json_pack("{s:s}", "tag", language_tags[language]);
        for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
            g_autofree char *text = view_sentence(r->view, (enum language)language, words[i], slip);
            json_object_set_new(one, names[i], json_string(text));
        }
        json_array_append_new(both, one);
    }
    return both;
}

/* The case is shown where its code is not told any more. */
json_t *case_show_slip(Request *r, GError **error)
{
    char code[CASE_CODE_TEXT];
    g_auto(Case) self = { 0 };
    if (!case_load_visible(r, &self, error))
        return NULL;
    g_autofree char *path = subject_path(&case_kind, self.number, r->context.actor->kind);
    if (!code_told(r, &self, code))
        return answer_redirect(r, path);
    g_autoptr(json_t) place = identity_division(r->context.db, r->context.county, self.place, error);
    if (!place)
        return NULL;
    g_autofree char *grouped = subject_number_grouped(self.number), *track = g_strconcat(r->context.public_url, "/track", NULL);
    json_t *slip = json_pack("{s:o, s:s, s:s, s:s, s:s, s:s, s:s}", "number", json_sprintf("%" PRId64, self.number), "number_grouped", grouped,
                             "item_name", self.item_name, "item_name_en", self.item_name_en, "code", code, "case_path", path, "track", track);
    json_object_set_new(slip, "both", both_languages(r, slip));
    return slip;
}

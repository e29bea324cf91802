// SPDX-License-Identifier: Apache-2.0
/* The holder of a paper can ask whether it is ours: by the code on it, or by the file itself. */
#include "files/room.h"

#include <string.h>

static const Field verify_fields[] = { { .name = "code", .most = 40, .look = LOOK_EXACT }, { 0 } };

static const Field file_fields[] = {
    { .name = "document", .kind = FIELD_FILES, .least = 1, .most = 1, .bytes = DOCUMENT_MOST, .required = true, .accept = ".pdf,application/pdf" },
    { 0 },
};

/* Tells the page whether files can be handed in. Takes over `answer`. */
static json_t *with_seal(const Request *r, json_t *answer)
{
    if (answer && r->context.seal)
        json_object_set_new(answer, "seal_key", json_string(seal_key(r->context.seal)));
    return answer;
}

static json_t *ask(Request *r, GError **error)
{
    char code[DOCUMENT_CODE_TEXT];
    const char *typed = json_text(r->fields, "code");
    if (!*typed)
        return with_seal(r, json_object());
    if (!document_code_read(typed, code))
        return refuse_field(error, "code", "files.code_form", NULL);
    g_autofree char *path = g_strdup_printf("/verify/%s", code);
    return answer_redirect(r, path);
}

/* Everybody may know of a document what is needed to compare it with the paper in hand, and no more. */
static json_t *known_of(const Request *r, const json_t *row, GError **error)
{
    const json_t *content = json_object_get(row, "content");
    g_autoptr(json_t) organ = identity_organ(r->context.db, r->context.county, json_number(row, "organ"), error);
    if (!organ)
        return NULL;
    g_autofree char *name = mask_name(json_text(content, "applicant_name")); /* the rooms say where it is public */
    g_autofree char *grouped = document_code_grouped(json_text(row, "code"));
    json_t *known = json_pack("{s:O, s:O, s:O, s:O, s:O, s:O, s:s, s:s, s:b}", "document_kind",
        json_object_get(row, "document_kind"), "number", json_object_get(row, "number"), "item_name",
        json_object_get(content, "item_name"), "item_name_en", json_object_get(content, "item_name_en"),
        "organ_name", json_object_get(organ, "full_name"), "organ_name_en", json_object_get(organ, "full_name_en"),
        "applicant_name", name, "code", grouped, "is_known", true);
    json_object_set(known, "made_at", json_object_get(row, "made_at"));
    static const char *const days[] = { "day", "valid_from_day", "valid_to_day" };
    for (size_t i = 0; i < G_N_ELEMENTS(days); i++)
        if (json_object_get(content, days[i]))
            json_object_set(known, i == 0 ? "made_day" : days[i], json_object_get(content, days[i]));
    return known;
}

/* Why nothing of it is shown: what the ledger tells of its subject's erasure or restriction ({}: nothing); NULL in *why where it is in
 * use, as the paper of a licence in force stays. */
static bool closed_by(const Context *context, const json_t *row, json_t **why, GError **error)
{
    bool stays = false;
    const char *subject = json_text(row, "subject");
    const DocumentKind *kind = document_kind(context, json_text(row, "document_kind"), NULL, error);
    g_autoptr(json_t) erasure = NULL;
    *why = NULL;
    if (!kind || !ledger_erasure(context->db, context->county, subject, &erasure, error))
        return false;
    bool is_erased = json_flag(row, "is_erased"), is_restricted = !is_erased && *json_text(erasure, "until_day");
    if (is_restricted && kind->stays && !kind->stays(context, subject, &stays, error))
        return false;
    if (is_erased || (is_restricted && !stays))
        *why = erasure ? g_steal_pointer(&erasure) : json_object();
    return true;
}

static json_t *known_closed(const Request *r, const json_t *row, json_t *erasure, GError **error)
{
    g_autoptr(json_t) organ = identity_organ(r->context.db, r->context.county, json_number(row, "organ"), error);
    g_autofree char *grouped = document_code_grouped(json_text(row, "code"));
    bool is_erased = json_flag(row, "is_erased");
    return organ ? json_pack("{s:O, s:O, s:O, s:O, s:s, s:s, s:b, s:b, s:b, s:O}", "document_kind", json_object_get(row, "document_kind"),
                             "number", json_object_get(row, "number"), "organ_name", json_object_get(organ, "full_name"), "organ_name_en",
                             json_object_get(organ, "full_name_en"), "made_day", DAY_WRITTEN(day_of(json_number(row, "made_at"))), "code",
                             grouped, "is_known", true, "is_closed", true, "is_erased", is_erased, "erasure", erasure) : NULL;
}

/* A paper never changes; what it is about does. */
static json_t *known_today(const Request *r, const json_t *row, GError **error)
{
    g_autoptr(json_t) why = NULL;
    if (!closed_by(&r->context, row, &why, error) || why)
        return why ? known_closed(r, row, why, error) : NULL;
    g_autoptr(json_t) known = known_of(r, row, error);
    for (const Room *const *room = r->context.rooms; known && *room; room++)
        if ((*room)->tells_today && !(*room)->tells_today(&r->context, row, known, error))
            return NULL;
    return g_steal_pointer(&known);
}

/* An unknown code is an answer, not an error: the paper is not ours, or was mistyped. */
static json_t *found(const Request *r, const char *typed, GError **error)
{
    char code[DOCUMENT_CODE_TEXT];
    g_autoptr(GError) none = NULL;
    g_autoptr(json_t) row = document_code_read(typed, code)
        ? document_row(r->context.db, r->context.county, code, &none) : NULL;
    if (none && !trouble_is(&none, NOT_FOUND, error))
        return NULL;
    return row ? known_today(r, row, error) : json_pack("{s:b, s:s}", "is_known", false, "code", typed);
}

static json_t *verify(Request *r, GError **error)
{
    return with_seal(r, found(r, r->path[0], error));
}

/* ---- by the file ---- */

static json_t *judged(const Request *r, const Upload *upload, GError **error)
{
    size_t length;
    g_autofree char *bytes = NULL;
    if (!g_file_get_contents(upload->path, &bytes, &length, error))
        return NULL;
    SealJudgement said = seal_judge(r->context.seal, bytes, length);
    bool genuine = said.finding == SEAL_GENUINE;
    json_t *answer = genuine ? found(r, said.code, error) : json_pack("{s:b}", "is_known", false);
    if (!answer)
        return NULL;
    json_object_set_new(answer, "finding", json_string(seal_finding_names[said.finding]));
    json_object_set_new(answer, "is_genuine", json_boolean(genuine));
    json_object_set_new(answer, "file_name", json_string(upload->name));
    if (*said.key)
        json_object_set_new(answer, "sealed_by", json_string(said.key));
    return answer;
}

/* The file is only looked at: the upload goes with the request. */
static json_t *judge(Request *r, GError **error)
{
    if (!r->context.seal)
        return refuse(error, NOT_FOUND, "files.no_seal", NULL);
    if (r->uploads[0].size > DOCUMENT_MOST)
        return refuse_field(error, "document", "files.document_too_large", NULL);
    return with_seal(r, judged(r, &r->uploads[0], error));
}

/* The public half of the key, for those who check with tools of their own. */
static json_t *seal_file(Request *r, GError **error)
{
    if (!r->context.seal)
        return refuse(error, NOT_FOUND, "files.no_seal", NULL);
    char *pem = seal_public(r->context.seal);
    return answer_bytes(r, g_bytes_new_take(pem, strlen(pem)), "application/x-pem-file", "seal.pem", true);
}

/* ---- the document itself ---- */

/* The code is printed on the paper, so whoever knows it has the paper; but a receipt is private. */
static bool may_have(const Context *context, const json_t *row, GError **error)
{
    const DocumentKind *kind = document_kind(context, json_text(row, "document_kind"), NULL, error);
    bool is = true;
    g_autoptr(json_t) why = NULL;
    if (!closed_by(context, row, &why, error))
        return false;
    if (why && json_flag(row, "is_erased"))
        return refuse(error, NOT_FOUND, "files.document_erased", "code", json_text(row, "code"), NULL);
    if (why)
        return refuse(error, CONFLICT, "files.document_restricted", "code", json_text(row, "code"), "until_day", json_text(why, "until_day"), NULL);
    if (!kind || (kind->is_for && !kind->is_for(context, json_text(row, "subject"), &is, error)))
        return false;
    return is || refuse(error, context->actor->kind == VISITOR ? NOT_SIGNED_IN : NOT_ALLOWED, "files.receipt_is_private", NULL);
}

/* A member of the staff reads on it what pages mask: the security log has it first; of a holder once a day, who has his own. */
static bool note_look(const Request *r, const json_t *row, GError **error)
{
    bool is_staff = r->context.actor->kind == STAFF;
    const SecurityEntry entry = { SECURITY_DOCUMENT, .often = is_staff ? SECURITY_EACH : SECURITY_DAILY, .subject = json_text(row, "subject"), .purpose = json_text(row, "document_kind") };
    return (!is_staff && r->context.actor->kind != HOLDER) || http_security(r, &entry, error);
}

/* The document that the path names by its code, if the actor may have it. */
static json_t *document_asked(const Request *r, GError **error)
{
    char code[DOCUMENT_CODE_TEXT];
    if (!document_code_read(r->path[0], code))
        return refuse(error, NOT_FOUND, "files.no_document", NULL);
    g_autoptr(json_t) row = document_row(r->context.db, r->context.county, code, error);
    return row && may_have(&r->context, row, error) && note_look(r, row, error) ? g_steal_pointer(&row) : NULL;
}

static json_t *answer_pdf(Request *r, const json_t *row, GBytes *pdf)
{
    g_autofree char *name = g_strdup_printf("%s.pdf", json_text(row, "number"));
    return pdf ? answer_bytes(r, pdf, "application/pdf", name, false) : NULL;
}

static GBytes *sealed_pdf(const Context *context, const View *view, const json_t *row, GError **error)
{
    g_autoptr(json_t) paper = document_paper(context, view, document_language(row), row, error);
    GBytes *pdf = paper ? view_pdf(paper, error) : NULL;
    return pdf && context->seal ? seal_document(context->seal, pdf, json_text(row, "code"), error) : pdf;
}

GBytes *files_document_pdf(const Context *context, const View *view, const char *code, GError **error)
{
    g_autoptr(json_t) row = document_row(context->db, context->county, code, error);
    return row && may_have(context, row, error) ? sealed_pdf(context, view, row, error) : NULL;
}

bool files_is_private(const Context *context, const char *kind_name, bool *is, GError **error)
{
    const DocumentKind *kind = document_kind(context, kind_name, NULL, error);
    *is = kind && kind->is_for;
    return kind != NULL;
}

/* The same in whatever language who asks reads: it is sealed. */
static json_t *document(Request *r, GError **error)
{
    g_autoptr(json_t) row = document_asked(r, error);
    return row ? answer_pdf(r, row, sealed_pdf(&r->context, r->view, row, error)) : NULL;
}

static json_t *translation(Request *r, GError **error)
{
    enum language language = CHINESE;
    while (language < LANGUAGES && strcmp(r->path[1], language_tags[language]) != 0)
        language++;
    if (language == LANGUAGES)
        return refuse(error, NOT_FOUND, "files.no_document", NULL);
    g_autoptr(json_t) row = document_asked(r, error);
    g_autoptr(json_t) paper = row ? document_paper(&r->context, r->view, language, row, error) : NULL;
    return answer_pdf(r, row, paper ? view_pdf(paper, error) : NULL);
}

const Route files_routes[] = {
    { "GET", "/verify", ANYONE, ask, "files/verify", verify_fields, NULL, NULL, "Ask for a document by its verification code" },
    { "POST", "/verify", ANYONE, NULL, "files/verify", file_fields, NULL, "/verify", "What the seal on a document's file says", judge },
    { "GET", "/verify/seal.pem", ANYONE, seal_file, "files/verify", NULL, NULL, NULL, "The public key of the seal on documents" },
    { "GET", "/verify/{code}", ANYONE, verify, "files/verify", NULL, NULL, NULL, "Whether a document is ours, and what it is" },
    { "GET", "/documents/{code}", ANYONE, document, "files/verify", NULL, NULL, NULL, "A document as PDF, sealed, in the language in which it was written", .slow = true },
    { "GET", "/translations/{code}/{language}", ANYONE, translation, "files/verify", NULL, NULL, NULL,
      "The same in another language (zh, en), without seal", .slow = true },
    { 0 },
};

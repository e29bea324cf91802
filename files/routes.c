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
static json_t *with_seal(const Request *r, json_t *taken, GError **error)
{
    g_autoptr(json_t) answer = taken, seals = answer ? files_seals(&r->context, error) : NULL;
    if (json_array_size(seals))
        json_object_set_new(answer, "seal_count", json_integer((json_int_t)json_array_size(seals)));
    return seals ? g_steal_pointer(&answer) : NULL;
}

static json_t *ask(Request *r, GError **error)
{
    char code[DOCUMENT_CODE_TEXT];
    const char *typed = json_text(r->fields, "code");
    if (!*typed)
        return with_seal(r, json_object(), error);
    if (!document_code_read(typed, code))
        return refuse_field(error, "code", "files.code_form", NULL);
    g_autofree char *path = g_strdup_printf("/verify/%s", code);
    return answer_redirect(r, path);
}

/* The organ of the key, and since when that is ended; the centre where its key signed in place of
 * another organ (代章). */
static bool put_sealer(const Request *r, const char *key, json_t *answer, GError **error)
{
    json_t *found;
    bool is_centres = r->context.seal && strcmp(key, seal_key(r->context.seal)) == 0;
    if (!organ_seal_row(r->context.db, r->context.county, key, &found, error))
        return false;
    g_autoptr(json_t) row = found;
    int64_t number = is_centres ? CENTRE_ORGAN : json_number(row, "organ");
    g_autoptr(json_t) organ =
        number ? identity_organ(r->context.db, r->context.county, number, error) : NULL;
    if (!organ)
        return !number;
    json_object_set(answer, "sealer_name", json_object_get(organ, "full_name"));
    json_object_set(answer, "sealer_name_en", json_object_get(organ, "full_name_en"));
    const char *issuer = json_text(answer, "organ_name");
    json_object_set_new(
        answer, "stands_in",
        json_boolean(is_centres && *issuer && strcmp(issuer, json_text(organ, "full_name")) != 0));
    if (json_number(row, "ended_at"))
        json_put_day(answer, "key_ended_day", day_of(json_number(row, "ended_at")));
    return true;
}

/* The same of a document whose code was asked for: by whom its file was sealed, or will be. */
static bool put_sealer_of(const Request *r, const json_t *document, json_t *answer, GError **error)
{
    json_t *found;
    bool is_kept;
    if (!document_is_kept(&r->context, document, &is_kept, error) ||
        !document_seal_row(r->context.db, r->context.county, json_text(document, "code"), &found,
                           error))
        return false;
    g_autoptr(json_t) row = found;
    const char *own = json_text(row ? row : document, row ? "key" : "seal"),
               *centre = r->context.seal ? seal_key(r->context.seal) : "";
    return !is_kept || put_sealer(r, *own ? own : centre, answer, error);
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
    g_autoptr(json_t) known = json_pack(
        "{s:O, s:O, s:O, s:O, s:O, s:O, s:s, s:s, s:b}", "document_kind",
        json_object_get(row, "document_kind"), "number", json_object_get(row, "number"),
        "item_name", json_object_get(content, "item_name"), "item_name_en",
        json_object_get(content, "item_name_en"), "organ_name", json_object_get(organ, "full_name"),
        "organ_name_en", json_object_get(organ, "full_name_en"), "applicant_name", name, "code",
        grouped, "is_known", true);
    json_object_set(known, "made_at", json_object_get(row, "made_at"));
    static const char *const days[] = { "day", "valid_from_day", "valid_to_day" };
    for (size_t i = 0; i < G_N_ELEMENTS(days); i++)
        if (json_object_get(content, days[i]))
            json_object_set(known, i == 0 ? "made_day" : days[i], json_object_get(content, days[i]));
    return put_sealer_of(r, row, known, error) ? g_steal_pointer(&known) : NULL;
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
    return with_seal(r, found(r, r->path[0], error), error);
}

/* ---- by the file ---- */

/* A document has one sealed file: another one, whose seal holds, was sealed by who should not have had the key. */
static bool hold_against_kept(const Request *r, const Upload *upload, SealJudgement *said, GError **error)
{
    json_t *found = NULL;
    if (said->finding != SEAL_GENUINE)
        return true;
    if (!document_seal_row(r->context.db, r->context.county, said->code, &found, error))
        return false;
    g_autoptr(json_t) row = found;
    bool is_organs = *json_text(row, "key"); /* older programs had the centre sign each copy anew */
    if (is_organs && strcmp(json_text(row, "hash"), upload->sha256) != 0)
        said->finding = SEAL_NOT_KEPT;
    return true;
}

static json_t *judged(const Request *r, const Upload *upload, GError **error)
{
    size_t length;
    g_autofree char *bytes = NULL;
    if (!g_file_get_contents(upload->path, &bytes, &length, error))
        return NULL;
    SealJudgement said = seal_judge(r->context.seal, bytes, length);
    if (!seal_judge_by_organs(r->context.db, r->context.county, bytes, length, &said, error) || !hold_against_kept(r, upload, &said, error))
        return NULL;
    bool genuine = said.finding == SEAL_GENUINE;
    g_autoptr(json_t) answer = genuine ? found(r, said.code, error) : json_pack("{s:b}", "is_known", false);
    if (!answer)
        return NULL;
    json_object_set_new(answer, "finding", json_string(seal_finding_names[said.finding]));
    json_object_set_new(answer, "is_genuine", json_boolean(genuine));
    json_object_set_new(answer, "file_name", json_string(upload->name));
    json_put_text(answer, "sealed_by", said.key);
    return put_sealer(r, said.key, answer, error) ? g_steal_pointer(&answer) : NULL;
}

/* The file is only looked at: the upload goes with the request. */
static json_t *judge(Request *r, GError **error)
{
    g_autoptr(json_t) seals = files_seals(&r->context, error);
    if (!json_array_size(seals))
        return seals ? refuse(error, NOT_FOUND, "files.no_seal", NULL) : NULL;
    if (r->uploads[0].size > DOCUMENT_MOST)
        return refuse_field(error, "document", "files.document_too_large", NULL);
    return with_seal(r, judged(r, &r->uploads[0], error), error);
}

static const Field seal_file_fields[] = { { .name = "key", .most = SEAL_KEY_TEXT - 1, .look = LOOK_EXACT }, { 0 } };

/* For those who check with tools of their own, which take one key. */
static json_t *seal_file(Request *r, GError **error)
{
    size_t i;
    json_t *seal;
    const char *key = json_text(r->fields, "key");
    g_autoptr(GString) pem = g_string_new(NULL);
    g_autoptr(json_t) seals = files_seals(&r->context, error);
    json_array_foreach(seals, i, seal)
        if (!*key || strcmp(key, json_text(seal, "key")) == 0)
            g_string_append(pem, json_text(seal, "public"));
    if (!seals || !pem->len)
        return seals ? refuse(error, NOT_FOUND, *key ? "files.no_such_seal" : "files.no_seal", NULL) : NULL;
    return answer_bytes(r, g_string_free_to_bytes(g_steal_pointer(&pem)), "application/x-pem-file", "seal.pem", true);
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

/* A write of its own beside the reading request. */
typedef struct Writing {
    Context context;
    TimerWork *work;
    void *data;
} Writing;

static bool run_writing(Db *db, void *data, GError **error)
{
    Writing *self = data;
    self->context.db = db;
    return self->work(&self->context, self->data, error);
}

static bool write_beside(void *request, TimerWork *work, void *data, GError **error)
{
    const Request *r = request;
    return http_write(r, run_writing, &(Writing){ r->context, work, data }, error);
}

/* Drawn for the reader: sealed by the centre where the document names no seal of its organ. */
static GBytes *drawn_pdf(const Request *r, enum language language, const json_t *row, GError **error)
{
    g_autoptr(json_t) paper = document_paper(&r->context, r->view, language, DOCUMENT_FOR_READER, row, error);
    GBytes *pdf = paper ? view_pdf(paper, error) : NULL;
    bool is_kept = false;
    if (pdf && !document_is_kept(&r->context, row, &is_kept, error))
        return g_bytes_unref(pdf), NULL;
    bool seals = pdf && r->context.seal && !is_kept && language == document_language(row);
    return seals ? seal_document(r->context.seal, pdf, json_text(row, "code"), error) : pdf;
}

static GBytes *original_pdf(const Request *r, const json_t *row, GError **error)
{
    bool is_kept;
    if (!document_is_kept(&r->context, row, &is_kept, error))
        return NULL;
    return is_kept ? document_sealed(&r->context, r->view, row, write_beside, (void *)(uintptr_t)r, error)
                                   : drawn_pdf(r, document_language(row), row, error);
}

GBytes *files_document_pdf(const Request *r, const char *code, GError **error)
{
    g_autoptr(json_t) row = document_row(r->context.db, r->context.county, code, error);
    return row && may_have(&r->context, row, error) ? original_pdf(r, row, error) : NULL;
}

/* Only its holder has an original that tells his whole number, or that has the salt of its event. */
static bool may_have_original(const Context *context, const json_t *row, bool *is, GError **error)
{
    const DocumentKind *kind = document_kind(context, json_text(row, "document_kind"), NULL, error);
    bool names = kind && kind->is_own && *json_text(json_object_get(row, "content"), "id_number");
    *is = kind && (!kind->is_for || context->actor->kind != STAFF);
    return kind && (!*is || !names || kind->is_own(context, json_text(row, "subject"), is, error));
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
    bool is_original;
    g_autoptr(json_t) row = document_asked(r, error);
    if (!row || !may_have_original(&r->context, row, &is_original, error))
        return NULL;
    return answer_pdf(r, row, is_original ? original_pdf(r, row, error) : drawn_pdf(r, document_language(row), row, error));
}

/* For who has lost his: the sealed file itself is its holder's, and stays unchanged. */
static json_t *reprint(Request *r, GError **error)
{
    g_autoptr(json_t) row = document_asked(r, error);
    g_autoptr(json_t) paper = row ? document_paper(&r->context, r->view, document_language(row), DOCUMENT_REPRINT, row, error) : NULL;
    return paper ? answer_pdf(r, row, view_pdf(paper, error)) : NULL;
}

static json_t *translation(Request *r, GError **error)
{
    enum language language = CHINESE;
    while (language < LANGUAGES && strcmp(r->path[1], language_tags[language]) != 0)
        language++;
    if (language == LANGUAGES)
        return refuse(error, NOT_FOUND, "files.no_document", NULL);
    g_autoptr(json_t) row = document_asked(r, error);
    return row ? answer_pdf(r, row, drawn_pdf(r, language, row, error)) : NULL;
}

const Route files_routes[] = {
    { "GET", "/verify", ANYONE, ask, "files/verify", verify_fields, NULL, NULL, "Ask for a document by its verification code" },
    { "POST", "/verify", ANYONE, NULL, "files/verify", file_fields, NULL, "/verify", "What the seal on a document's file says", judge },
    { "GET", "/verify/seal.pem", ANYONE, seal_file, "files/verify", seal_file_fields, NULL, NULL,
      "The public keys of the seals on documents, those that were ended too; key=… that one alone" },
    { "GET", "/verify/{code}", ANYONE, verify, "files/verify", NULL, NULL, NULL, "Whether a document is ours, and what it is" },
    { "GET", "/documents/{code}", ANYONE, document, "files/verify", NULL, NULL, NULL, "A document as PDF, sealed, in the language in which it was written", .slow = true },
    { "GET", "/desk/documents/{code}", ANY_ROLE, reprint, "files/verify", NULL, NULL, NULL,
      "A document printed again, with a mark round it that says so", .slow = true },
    { "GET", "/translations/{code}/{language}", ANYONE, translation, "files/verify", NULL, NULL, NULL,
      "The same in another language (zh, en), without seal", .slow = true },
    { "GET", "/desk/seals", SECURITY_ADMINISTRATOR | AUDITOR, seals_show, "files/seals", NULL, NULL, NULL,
      "The seals of the organs: those in force, and those that were ended" },
    { "POST", "/desk/seals", SECURITY_ADMINISTRATOR, seals_make, "files/seals", seal_make_fields, "/desk/seals", "/desk/seals",
      "Make an organ a seal, which takes the place of the one in force" },
    { "POST", "/desk/seals/all", SECURITY_ADMINISTRATOR, seals_make_all, "files/seals", seal_make_all_fields, "/desk/seals", "/desk/seals",
      "Make a seal for each organ that has none" },
    { "POST", "/desk/seals/end", SECURITY_ADMINISTRATOR, seals_end, "files/seals", seal_end_fields, "/desk/seals", "/desk/seals",
      "End an organ's seal; what it sealed is still verified by it" },
    { 0 },
};

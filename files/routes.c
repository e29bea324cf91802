// SPDX-License-Identifier: Apache-2.0
/* Whoever holds one of our papers can ask whether it is ours. */
#include "files/inside.h"

#include <string.h>

static const Field verify_fields[] = { { "code", FIELD_TEXT, 0, 40, false, NULL, NULL }, { 0 } };

static json_t *ask(Request *r, GError **error)
{
    char code[17];
    const char *typed = json_text(r->fields, "code");
    if (!*typed)
        return json_object();
    if (!document_code_read(typed, code))
        return refuse_field(error, "code", "files.code_form", NULL);
    g_autofree char *path = g_strdup_printf("/verify/%s", code);
    return answer_see(r, path);
}

/* What everybody may know of a document: no more than is needed to compare it with the paper in hand. */
static json_t *known_of(const Request *r, const json_t *row, GError **error)
{
    const json_t *content = json_object_get(row, "content");
    g_autoptr(json_t) organ = identity_organ(r->context.db, r->context.county, json_number(row, "organ"), error);
    if (!organ)
        return NULL;
    bool person = strlen(json_text(content, "applicant_name")) <= 15;
    g_autofree char *name = person ? mask_name(json_text(content, "applicant_name")) : g_strdup(json_text(content, "applicant_name"));
    g_autofree char *grouped = document_code_grouped(json_text(row, "code"));
    json_t *known = json_pack("{s:O, s:O, s:O, s:O, s:O, s:O, s:s, s:s, s:b}", "document_kind",
        json_object_get(row, "document_kind"), "number", json_object_get(row, "number"), "item_name",
        json_object_get(content, "item_name"), "item_name_en", json_object_get(content, "item_name_en"),
        "organ_name", json_object_get(organ, "name"), "organ_name_en", json_object_get(organ, "name_en"),
        "applicant_name", name, "code", grouped, "is_known", true);
    static const char *const days[] = { "day", "valid_from_day", "valid_to_day" };
    for (size_t i = 0; i < G_N_ELEMENTS(days); i++)
        if (json_object_get(content, days[i]))
            json_object_set(known, i == 0 ? "made_day" : days[i], json_object_get(content, days[i]));
    return known;
}

/* An unknown code is an answer, not an error: the paper is not ours, or was mistyped. */
static json_t *verify(Request *r, GError **error)
{
    char code[17];
    g_autoptr(GError) none = NULL;
    g_autoptr(json_t) row = document_code_read(r->path[0], code)
        ? document_row(r->context.db, r->context.county, code, &none) : NULL;
    if (!row && none && trouble_status(none) != NOT_FOUND) {
        g_propagate_error(error, g_steal_pointer(&none));
        return NULL;
    }
    return row ? known_of(r, row, error) : json_pack("{s:b, s:s}", "is_known", false, "code", r->path[0]);
}

/* The code is printed on the paper, so who knows it has the paper; but a receipt carries the query
 * password, so it is for the applicant and the staff. */
static bool may_have(const Request *r, const json_t *row, GError **error)
{
    const Actor *actor = r->context.actor;
    g_autofree char *own = g_strdup_printf("case/%" PRId64, actor->id);
    if (!document_kind(json_text(row, "document_kind"))->holder_only || actor->kind == STAFF)
        return true;
    if (actor->kind == HOLDER && strcmp(own, json_text(row, "subject")) == 0)
        return true;
    return refuse(error, actor->kind == VISITOR ? NOT_SIGNED_IN : NOT_ALLOWED, "files.receipt_is_private", NULL);
}

static json_t *document(Request *r, GError **error)
{
    char code[17];
    if (!document_code_read(r->path[0], code))
        return refuse(error, NOT_FOUND, "files.no_document", NULL);
    g_autoptr(json_t) row = document_row(r->context.db, r->context.county, code, error);
    if (!row || !may_have(r, row, error))
        return NULL;
    g_autoptr(json_t) paper = document_paper(r, row);
    GBytes *pdf = view_pdf(paper, error);
    g_autofree char *name = g_strdup_printf("%s.pdf", json_text(row, "number"));
    return pdf ? answer_bytes(r, pdf, "application/pdf", name, false) : NULL;
}

const Route files_routes[] = {
    { "GET", "/verify", ANYONE, ask, "files/verify", verify_fields, NULL, "/verify", "Ask for a document by its verification code" },
    { "GET", "/verify/{code}", ANYONE, verify, "files/verify", NULL, NULL, NULL, "Whether a document is ours, and what it is" },
    { "GET", "/documents/{code}", ANYONE, document, "files/verify", NULL, NULL, NULL, "A document as PDF; lang=en for a translation" },
    { 0 },
};

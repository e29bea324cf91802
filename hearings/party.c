// SPDX-License-Identifier: Apache-2.0
/* A third party (利害关系人) asks for the hearing from home: by the code of the notice that told him of it (Licensing Law art. 47). */
#include "hearings/life.h"

const Field hearing_party_fields[] = { { .name = "notice", .most = 40, .required = true, .look = LOOK_EXACT }, { 0 } };

/* The hearing of which the notice with that code tells; 0: it is none, or was erased. */
static bool hearing_told_by(const Request *r, const char *code, int64_t *number, GError **error)
{
    json_t *found = NULL;
    *number = 0;
    if (!files_document_content(r->context.db, r->context.county, code, &found, error))
        return false;
    g_autoptr(json_t) content = found;
    if (*json_text(content, "party_name"))
        subject_number_read(json_text(content, "number"), number);
    return true;
}

json_t *hearing_party_page(Request *r, GError **error)
{
    (void)r, (void)error;
    return json_object();
}

json_t *hearing_party_ask(Request *r, GError **error)
{
    int64_t number = 0;
    char code[DOCUMENT_CODE_TEXT];
    g_auto(Hearing) next = { 0 };
    Context system = r->context;
    system.actor = &(Actor){ .kind = SYSTEM, .name = "" };
    if (document_code_read(json_text(r->fields, "notice"), code) && !hearing_told_by(r, code, &number, error))
        return NULL;
    if (!number)
        return refuse_field(error, "notice", "hearings.no_notice", NULL);
    if (!subject_act(&system, &hearing_kind, number, &hearing_rules[HEARING_PARTY_ASK], &(SubjectInput){ .seen = -1 }, &next, error))
        return NULL;
    g_autofree char *grouped = subject_number_grouped(number);
    json_t *answer = json_pack("{s:b, s:s, s:s, s:s}", "is_asked", true, "number_grouped", grouped, "item_name", next.item_name, "item_name_en", next.item_name_en);
    json_put_day(answer, "hold_by_day", (Day)next.hold_by_day);
    return answer;
}

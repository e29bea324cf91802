// SPDX-License-Identifier: Apache-2.0
/* The application form of a case on paper, and what of it is filled in already. It is made from the
 * case whenever somebody prints it: it is the applicant's own, who signs it, so that no seal says
 * anything of it and nothing of a request is kept. */
#include "cases/code.h"
#include "cases/findings.h"
#include "cases/forms.h"

#include <string.h>

/* ---- what is known already ---- */

/* Answers of the newest other application for the item by the same applicant, of those to which
 * this browser has shown the code. NULL: there is none. */
static bool earlier_answers(const Request *r, const Case *self, json_t **answers, GError **error)
{
    const Actor *actor = r->context.actor;
    *answers = NULL;
    for (size_t i = actor->case_count; i-- > 0 && !*answers;) {
        g_auto(Case) other = { 0 };
        if (actor->cases[i] == self->number)
            continue;
        if (!subject_load(r->context.db, r->context.county, &case_kind, actor->cases[i], &other,
                          error))
            return false;
        bool is_own = strcmp(other.item, self->item) == 0 &&
                      strcmp(other.applicant_id, self->applicant_id) == 0;
        if (is_own && code_opens_all(actor, &other) && !other.restricted_until)
            *answers = answers_of(&other);
    }
    return true;
}

json_t *answers_known(const Request *r, const Case *self, GError **error)
{
    const struct {
        const char *name, *text;
    } said[] = {
        { "applicant.name", self->applicant },
        { "applicant.id_number", self->applicant_id },
        { "applicant.telephone", self->applicant_telephone },
        { "applicant.address", self->applicant_address },
        { "applicant.representative", self->applicant_representative },
        { "applicant.contact", self->applicant_contact },
    };
    json_t *earlier, *known = json_object();
    g_autoptr(json_t) place =
        identity_division(r->context.db, r->context.county, self->place, error);
    if (!place || !earlier_answers(r, self, &earlier, error))
        return json_decref(known), NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(said); i++)
        json_put_text(known, said[i].name, said[i].text);
    json_put_text(known, "case.place", json_text(place, "name"));
    json_put_day(known, "case.day", day_of(r->context.now));
    if (earlier)
        json_object_set_new(known, FORM_EARLIER, earlier);
    return known;
}

/* ---- on paper ---- */

/* Boxes of the officers are for the staff, and empty for the applicant. */
static GBytes *print(const Request *r, const Case *self, const Item *item, const json_t *answers,
                     GError **error)
{
    g_autofree char *grouped = subject_number_grouped(self->number);
    g_autoptr(json_t) data =
        json_pack("{s:s, s:b, s:s, s:I}", "number_grouped", grouped, "is_draft",
                  self->state == DRAFT, "code", self->item, "version", (json_int_t)item->version);
    g_autofree char *number = view_sentence(r->view, r->language, "cases.answers.number", data),
                    *foot = view_sentence(r->view, r->language, "catalogue.form.foot", data);
    g_autoptr(json_t) findings = r->context.actor->kind == STAFF ? findings_of(self) : NULL;
    const FormPrint what = { .item_name = self->item_name, .item_name_en = self->item_name_en, .number = number, .foot = foot,
                             .answers = answers, .findings = findings };
    g_autoptr(json_t) paper = form_paper(r->view, r->language, item->form, &what);
    return view_form_pdf(paper, error);
}

/* It tells all of the applicant, so that it is for those who see him in clear. */
json_t *case_form_print(Request *r, GError **error)
{
    bool clear;
    g_auto(Case) found = { 0 };
    if (!case_load_visible(r, &found, error) || !case_is_clear(&r->context, &found, &clear, error))
        return NULL;
    if (!clear)
        return refuse(error, found.restricted_until ? CONFLICT : NOT_ALLOWED,
                      found.restricted_until            ? "cases.restricted"
                      : r->context.actor->kind == STAFF ? "cases.form_masked"
                                                        : "cases.code_was_shown",
                      NULL);
    g_autoptr(Item) item = answers_item(&r->context, &found, error);
    if (!item)
        return NULL;
    g_autoptr(json_t) answers = item->form ? answers_of(&found) : NULL;
    if (!answers)
        return refuse(error, NOT_FOUND, item->form ? "cases.no_answers" : "cases.no_form", NULL);
    if (!case_note_access(r, &found, SECURITY_DOCUMENT, SECURITY_EACH, "application_form", error))
        return NULL;
    GBytes *pdf = print(r, &found, item, answers, error);
    g_autofree char *name = g_strdup_printf("%" PRId64 ".pdf", found.number);
    return pdf ? answer_bytes(r, pdf, "application/pdf", name, false) : NULL;
}

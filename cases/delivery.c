// SPDX-License-Identifier: Apache-2.0
/* How a decision reaches the applicant (送达), and the proof of it (送达回证). Licensing Law art. 44; the ways are those of the Civil
 * Procedure Law, which organs follow. */
#include "cases/life.h"

#include <string.h>

const char *const delivery_names[] = { "", "direct", "left", "post", "courier", "notice", "electronic", NULL };
const char *const delivery_manners[] = { "direct", "left", "post", "courier", "notice", "electronic", NULL };

static const char *said(const SubjectTurn *turn, const char *name)
{
    return json_text(turn->input->fields, name);
}

/* Where nothing is told, it was handed over. */
const char *delivery_manner(const SubjectTurn *turn)
{
    const char *manner = said(turn, "manner");
    return *manner ? manner : "direct";
}

/* A signature proves what was handed over; a witness, a consignment or a newspaper what was left, sent or made public. */
bool delivery_fits(const SubjectTurn *turn, GError **error)
{
    const char *manner = delivery_manner(turn);
    bool is_direct = strcmp(manner, "direct") == 0, is_electronic = strcmp(manner, "electronic") == 0;
    if (turn->input->loaded)
        return true;
    if (is_electronic && !json_flag(turn->input->fields, "consent"))
        return refuse_field(error, "consent", "cases.delivery_consent", NULL);
    if (is_electronic && !*said(turn, "electronic_address"))
        return refuse_field(error, "electronic_address", "cases.delivery_address_needed", NULL);
    return is_direct || is_electronic || *said(turn, "delivery_note") || refuse_field(error, "delivery_note", "cases.delivery_note_needed", NULL);
}

bool delivery_take(const SubjectTurn *turn, void *record, GError **error)
{
    Case *next = record;
    (void)error;
    next->delivered_by = turn->input->loaded ? 0 : (int64_t)name_place(delivery_names, delivery_manner(turn));
    next->unwritten |= DELIVERED_PART;
    return true;
}

static bool is_served(const json_t *document, const Case *self)
{
    const ItemKind *act = item_kind(self->act);
    const char *const kinds[] = { act->granted, act->refused, "decision", "refusal", "licence", "above_result" };
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (strcmp(json_text(document, "document_kind"), kinds[i]) == 0)
            return day_of(json_number(document, "made_at")) >= self->decided_on;
    return false;
}

/* The decision, and what came of it, by kind and number; notices and the receipt were handed over when they were written. */
json_t *delivery_papers(const Context *context, const Case *self, GError **error)
{
    size_t i;
    json_t *document;
    g_autofree char *subject = subject_text(&case_kind, self);
    g_autoptr(json_t) all = files_documents(context->db, context->county, subject, error), served = json_array();
    json_array_foreach(all, i, document)
        if (self->decided_on && is_served(document, self))
            json_array_append_new(served, json_pack("{s:O, s:O}", "document_kind", json_object_get(document, "document_kind"), "number",
                                                    json_object_get(document, "number")));
    return all ? g_steal_pointer(&served) : NULL;
}

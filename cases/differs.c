// SPDX-License-Identifier: Apache-2.0
/* Does a document still say what its event and its case say? While verifying. */
#include "cases/papers.h"

#include <string.h>

static const char *day_or_none(Day day, char text[static DAY_TEXT])
{
    return day ? day_text(day, text) : "";
}

static bool is_masked_of(const char *masked, const char *id)
{
    g_autofree char *as_person = mask_id(id);
    return strcmp(masked, id) == 0 || strcmp(masked, as_person) == 0; /* older programs masked enterprises too */
}

/* Days that follow from the calendar, and names of the catalogue and of organs, may have changed since. */
const char *paper_differs(const void *then, const void *kept, const Event *event, const json_t *facts, const json_t *content)
{
    char texts[4][DAY_TEXT];
    const Case *self = then, *row = kept;
    const ClockMark *changed = life_mark(row, "applicant_changed"), *corrected = life_mark(row, "applicant_corrected");
    /* The row names who has taken it over since, or has been corrected since. */
    bool is_former = (changed && changed->at > event->at) || (corrected && corrected->at > event->at);
    g_autofree char *number = subject_number_grouped(self->number);
    const struct { const char *name, *said; } all[] = {
        { "applicant_name", *row->applicant && !is_former ? row->applicant : NULL }, { "number", number },
        { "item_name", self->item_name }, { "item_name_en", self->item_name_en },
        { "day", day_or_none(day_of(event->at), texts[0]) }, { "received_day", day_or_none(self->mark_count ? self->marks[0].day : 0, texts[1]) },
        { "accepted_day", day_or_none((Day)self->accepted_on, texts[2]) }, { "decided_day", day_or_none((Day)self->decided_on, texts[3]) },
        { "reason", json_string_value(json_object_get(facts, "reason")) }, { "opinion", json_string_value(json_object_get(facts, "opinion")) },
        { "special_kind", json_string_value(json_object_get(facts, "special")) }, { "other_organ", json_string_value(json_object_get(facts, "organ")) },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        if (all[i].said && strcmp(json_text(content, all[i].name), all[i].said) != 0)
            return all[i].name;
    const char *whole = json_text(content, "id_number");
    if (*row->applicant && !is_former && *whole && strcmp(whole, row->applicant_id) != 0)
        return "id_number";
    return !*row->applicant || is_former || is_masked_of(json_text(content, "id_masked"), row->applicant_id) ? NULL : "id_masked";
}

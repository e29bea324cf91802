// SPDX-License-Identifier: Apache-2.0
/* At the desk: recording a change that a normative document orders, and the day with which figures are compared. */
#include "catalogue/room.h"

#include <string.h>

const Field record_fields[] = {
    { .name = "kind", .kind = FIELD_CHOICE, .required = true, .choices = change_kind_names + CHANGE_ADDED, .codes = "change_kind" },
    { .name = "day", .kind = FIELD_DAY, .required = true },
    { .name = "document", .most = 200, .required = true, .missing = "catalogue.change_document" },
    { .name = "document_number", .most = 60, .required = true, .missing = "catalogue.change_document_number" },
    { .name = "level", .kind = FIELD_CHOICE, .choices = change_levels, .codes = "change_level", .hint = "catalogue.record.level_hint" },
    { .name = "into", .most = 40, .look = LOOK_EXACT, .shown_when = "kind=merged" },
    { 0 },
};

json_t *record_change(Request *r, GError **error)
{
    ItemChange change = { .kind = (enum change_kind)name_place(change_kind_names, json_text(r->fields, "kind")), .item = r->path[0],
                          .day = day_parse(json_text(r->fields, "day")), .document = json_text(r->fields, "document"),
                          .document_number = json_text(r->fields, "document_number"),
                          .level = json_text(r->fields, "level"), .into = json_text(r->fields, "into") };
    if (!desk_must_keep(&r->context, r->path[0], "catalogue.not_your_change", error) || !catalogue_change(&r->context, &change, error))
        return NULL;
    return json_pack("{s:s, s:I}", "code", r->path[0], "change", (json_int_t)change.number);
}

const Field reform_fields[] = {
    { .name = "day", .kind = FIELD_DAY, .required = true, .label = "catalogue.reform.title", .value = "reform_day", .missing = "catalogue.reform_day" },
    { 0 },
};

json_t *record_reform(Request *r, GError **error)
{
    const char *day = json_text(r->fields, "day");
    if (!desk_may_keep(&r->context, CENTRE_ORGAN))
        return refuse(error, NOT_ALLOWED, "catalogue.not_your_reform", NULL);
    if (!catalogue_reform(&r->context, day_parse(day), error))
        return NULL;
    return json_pack("{s:s}", "day", day);
}

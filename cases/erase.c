// SPDX-License-Identifier: Apache-2.0
#include "cases/erase.h"

#include "cases/life.h"

bool case_is_erased(const Context *context, const Case *self, bool *erased, GError **error)
{
    g_autofree char *subject = subject_text(&case_kind, self);
    return ledger_is_erased(context, subject, self->events, erased, error);
}

const Field erase_find_fields[] = { { .name = "number", .most = 30, .look = LOOK_DIGITS }, { 0 } };

json_t *erase_find(Request *r, GError **error)
{
    return *json_text(r->fields, "number") ? case_find(r, "/desk/erase", error) : json_object();
}

/* The security administrator sees no case: of this one no more than tells it from others. */
static json_t *told(const Request *r, const Case *self, GError **error)
{
    bool erased;
    if (!case_is_erased(&r->context, self, &erased, error))
        return NULL;
    json_t *answer = subject_summary(&case_kind, self);
    bool is_over = case_rules[ERASE].rule.from & 1u << self->state;
    json_object_update_new(answer, json_pack("{s:s, s:s, s:b, s:b, s:b}", "item_name", self->item_name, "item_name_en",
        self->item_name_en, "is_erased", erased, "is_open", !is_over, "can_erase", is_over && !erased));
    return answer;
}

json_t *erase_ask(Request *r, GError **error)
{
    g_auto(Case) found = { 0 };
    return subject_load_asked(r, &case_kind, &found, error) ? told(r, &found, error) : NULL;
}

const Field erase_fields[] = {
    { .name = "seen", .kind = FIELD_INTEGER, .most = INT32_MAX, .required = true, .look = LOOK_HIDDEN, .value = "seen" },
    { .name = "reason", .kind = FIELD_LONG_TEXT, .least = 5, .most = 1000, .required = true, .hint = "cases.erase.hint" },
    { .name = "sure", .kind = FIELD_FLAG, .required = true, .label = "cases.erase.sure", .missing = "cases.erase_sure" },
    { 0 },
};

json_t *erase_take(Request *r, GError **error)
{
    int64_t number;
    g_auto(Case) next = { 0 };
    SubjectInput input = { .seen = json_number(r->fields, "seen"), .reason = json_text(r->fields, "reason") };
    if (!json_flag(r->fields, "sure"))
        return refuse_field(error, "sure", "cases.erase_sure", NULL);
    if (!subject_number_asked(r, &case_kind, &number, error) || !case_act(&r->context, number, ERASE, &input, &next, error))
        return NULL;
    return told(r, &next, error);
}

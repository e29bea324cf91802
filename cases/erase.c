// SPDX-License-Identifier: Apache-2.0
#include "cases/erase.h"

#include "cases/fields.h"
#include "cases/life.h"
#include "cases/store.h"

bool case_is_erased(const Context *context, const Case *self, bool *erased, GError **error)
{
    g_autofree char *subject = subject_text(&case_kind, self);
    *erased = false;
    return !self->events || ledger_is_erased(context, subject, self->events, erased, error);
}

/* ---- the term of keeping ---- */

int case_keeping_years(const Context *context, const Item *item)
{
    return item->keeping_years != KEEPING_BY_CENTRE ? item->keeping_years : context->keeping_years;
}

/* It runs from the day on which the case was delivered or ended otherwise, its last mark; one that was never handed in has none. */
bool case_kept_until(const Context *context, const Case *self, Day *until, GError **error)
{
    *until = (Day)self->restricted_until;
    if (*until || !self->events || !self->mark_count)
        return true;
    g_autoptr(Item) item = catalogue_item(context->db, context->county, self->item, self->item_version, error);
    int years = item ? case_keeping_years(context, item) : 0;
    *until = years ? day_years_on(day_of(self->marks[self->mark_count - 1].at), years) : 0;
    return item != NULL;
}

/* ---- the register of parties ---- */

bool case_forget_party(const Context *context, int64_t party, int64_t but, GError **error)
{
    bool names = false;
    g_autoptr(json_t) offered = papers_offered(context, &(Case){ .party = party }, error);
    if (!offered || !case_names_party(context, party, but, &names, error))
        return false;
    return names || json_array_size(offered) || identity_party_forget(context, party, error);
}

bool case_forgets(const Context *context, const char *subject, GError **error)
{
    bool found;
    int64_t number;
    g_auto(Case) self = { 0 };
    if (subject_named(context->rooms, subject, &number) != &case_kind)
        return true;
    return record_load(context->db, context->county, &case_record, number, &self, &found, error) &&
           (!found || case_forget_party(context, self.party, number, error));
}

/* ---- the desk of the security administrator ---- */

const Field erase_find_fields[] = { { .name = "number", .most = 30, .look = LOOK_DIGITS }, { 0 } };

json_t *erase_find(Request *r, GError **error)
{
    return *json_text(r->fields, "number") ? case_find(r, "/desk/erase", error) : json_object();
}

/* The security administrator sees no case: of this one no more than tells it from others. */
static json_t *told(const Request *r, const Case *self, GError **error)
{
    Day until;
    bool erased;
    if (!case_is_erased(&r->context, self, &erased, error) || !case_kept_until(&r->context, self, &until, error))
        return NULL;
    json_t *answer = subject_summary(&case_kind, self);
    bool is_over = case_rules[ERASE].rule.from & 1u << self->state, is_kept = until > day_of(r->context.now);
    json_object_update_new(answer, json_pack("{s:s, s:s, s:b, s:b, s:b, s:b}", "item_name", self->item_name, "item_name_en", self->item_name_en,
        "is_erased", erased, "is_open", !is_over, "is_restricted", is_kept && self->restricted_until,
        "can_erase", is_over && !erased && !(is_kept && self->restricted_until)));
    json_put_day(answer, "until_day", is_over && !erased && is_kept ? until : DAY_NONE);
    return answer;
}

json_t *erase_ask(Request *r, GError **error)
{
    g_auto(Case) found = { 0 };
    return subject_load_asked(r, &case_kind, &found, error) ? told(r, &found, error) : NULL;
}

#define FIELDS(sure_label) { \
    { .name = "seen", .kind = FIELD_INTEGER, .most = INT32_MAX, .required = true, .look = LOOK_HIDDEN, .value = "seen" }, \
    { .name = "reason", .kind = FIELD_LONG_TEXT, .least = 5, .most = 1000, .required = true, .hint = "cases.erase.hint" }, \
    { .name = "sure", .kind = FIELD_FLAG, .required = true, .label = (sure_label), .missing = "cases.erase_sure" }, \
    { 0 }, \
}
const Field erase_fields[] = FIELDS("cases.erase.sure"), restrict_fields[] = FIELDS("cases.erase.sure_restrict");

static json_t *take(Request *r, enum case_action action, GError **error)
{
    g_auto(Case) self = { 0 }, next = { 0 };
    SubjectInput input = { .seen = json_number(r->fields, "seen"), .reason = json_text(r->fields, "reason") };
    if (!json_flag(r->fields, "sure"))
        return refuse_field(error, "sure", "cases.erase_sure", NULL);
    if (!subject_load_asked(r, &case_kind, &self, error) || !case_kept_until(&r->context, &self, &input.day, error))
        return NULL;
    if (action == RESTRICT && !input.day)
        return refuse(error, CONFLICT, "cases.no_term", NULL);
    return case_act(&r->context, self.number, action, &input, &next, error) ? told(r, &next, error) : NULL;
}

json_t *erase_take(Request *r, GError **error)
{
    return take(r, ERASE, error);
}

json_t *restrict_take(Request *r, GError **error)
{
    return take(r, RESTRICT, error);
}

// SPDX-License-Identifier: Apache-2.0
/* Payment notices (缴费通知书): made of an item's fee lines, and what waits for them. */
#include "fees/life.h"

#include <string.h>

/* ---- reading an amount ---- */

/* Digits, perhaps with commas between thousands, and up to two digits behind a point. */
bool fee_amount_read(const char *text, int64_t *fen)
{
    enum { YUAN_DIGITS = 12 };
    int digits = 0, behind = -1;
    *fen = 0;
    if (!g_regex_match_simple("^([0-9]{1,12}|[0-9]{1,3}(,[0-9]{3}){1,3})(\\.[0-9]{1,2})?$", text, 0, 0))
        return false;
    for (; *text; text++) {
        if (*text == '.')
            behind = 0;
        if (!g_ascii_isdigit(*text))
            continue;
        *fen = *fen * 10 + (*text - '0');
        behind += behind >= 0;
        digits++;
    }
    for (behind = MAX(behind, 0); behind < 2; behind++)
        *fen *= 10;
    return digits <= YUAN_DIGITS + 2 && *fen > 0 && *fen <= FEE_MOST;
}

/* ---- making a notice ---- */

static const json_t *line_named(const Item *item, const char *name)
{
    size_t i;
    json_t *line;
    json_array_foreach(json_object_get(item->details, "fees"), i, line)
        if (json_object_get(line, "amount_fen") && strcmp(json_text(line, "name"), name) == 0)
            return line;
    return NULL;
}

static bool take_line(const Case *of, const Item *item, const FeeAsk *ask, Fee *made, GError **error)
{
    const json_t *line = case_asks(of, item, "fees", ask->line) ? line_named(item, ask->line) : NULL;
    int64_t amount = json_number(line, "amount_fen");
    if (!*ask->line)
        return (ask->reason && *ask->reason) || refuse_field(error, "reason", "fees.reason_needed", NULL);
    if (!line)
        return refuse_field(error, "line", "fees.no_line", NULL);
    if (ask->quantity < 1 || ask->quantity > FEE_UNITS_MOST)
        return refuse_field(error, "quantity", "fees.quantity", NULL);
    if (amount > FEE_MOST / ask->quantity)
        return refuse_field(error, "quantity", "fees.too_much", NULL);
    record_set(&made->line, ask->line);
    record_set(&made->line_en, json_text(line, "name_en"));
    record_set(&made->unit, json_text(line, "per"));
    record_set(&made->unit_en, json_text(line, "per_en"));
    record_set(&made->basis, *json_text(line, "line_basis") ? json_text(line, "line_basis") : json_text(item->details, "fee_basis"));
    made->amount = amount;
    made->quantity = ask->quantity;
    made->total = amount * ask->quantity;
    made->is_reducible = json_flag(line, "reducible");
    return true;
}

char *fee_code(const Context *context, const Fee *self)
{
    g_autoptr(GString) text = g_string_new(context->payment_form && *context->payment_form ? context->payment_form : "{reference}");
    g_string_replace(text, "{reference}", DECIMAL(self->number), 0);
    g_string_replace(text, "{fen}", DECIMAL(self->total), 0);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* The facts of the notice: canonical JSON. Owned by the caller. */
static char *content_of(const Context *context, const Fee *self, const Case *of, GError **error)
{
    g_autofree char *issuer = files_issuer(context, self->organ, false, error), *code = fee_code(context, self);
    g_autofree char *agent = NULL, *others = case_others_named(of, &agent), *reference = subject_number_grouped(self->number), *number = subject_number_grouped(of->number);
    if (!issuer)
        return NULL;
    g_autoptr(json_t) content = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:b, s:s, s:o}", "applicant_name", of->applicant,
                                          "number", number, "reference", reference, "pay_code", code, "item_name", of->item_name, "item_name_en",
                                          of->item_name_en, "line", self->line, "line_en", self->line_en, "amount_fen", self->total,
                                          "unit_fen", self->amount, "is_person", case_is_of_person(of), "language", "zh", "issuer",
                                          json_loads(issuer, 0, NULL));
    json_put_text(content, "act", of->act);
    json_put_text(content, "agent_name", agent);
    json_put_text(content, "co_applicants", others);
    json_put_text(content, "basis", self->basis);
    json_put_text(content, "unit", self->unit);
    json_put_text(content, "unit_en", self->unit_en);
    if (self->quantity > 1)
        json_object_set_new(content, "quantity", json_integer(self->quantity));
    json_put_day(content, "day", day_of(context->now));
    return json_canonical(content);
}

/* It is a document of the case, beside whose papers it stands, and with which it is erased. */
static bool write_notice(const Context *context, const Fee *self, const Case *of, json_t *facts, GError **error)
{
    g_autofree char *subject = subject_text(&case_kind, of), *content = self->total ? content_of(context, self, of, error) : NULL;
    json_t *made = content ? files_document(context, "payment_notice", subject, of->events, self->organ, content, error) : NULL;
    return !self->total || (made && json_object_set_new(facts, "document", made) == 0);
}

bool fee_begin(const Context *context, const Case *of, const FeeAsk *ask, Fee *out, GError **error)
{
    bool is_due = false;
    record_init(&fee_record, out);
    g_autoptr(json_t) facts = json_object();
    g_autoptr(Item) item = catalogue_item(context->db, context->county, of->item, of->item_version, error);
    if (!item)
        return false;
    if (!fee_may_begin(context, of))
        return refuse(error, item->charged ? NOT_ALLOWED : CONFLICT, item->charged ? "fees.not_your_case" : "fees.not_charged", NULL);
    if (!take_line(of, item, ask, out, error) || !fee_is_due(context, of->number, out->line, &is_due, error))
        return false;
    if (is_due)
        return refuse(error, CONFLICT, "fees.noted_already", NULL);
    record_set(&out->item, of->item);
    record_set(&out->item_name, of->item_name);
    record_set(&out->item_name_en, of->item_name_en);
    out->case_number = of->number;
    out->organ = of->organ;
    out->division = of->place;
    out->made_day = day_of(context->now);
    out->state = out->total ? FEE_DUE : FEE_NOTHING;
    json_put_text(facts, "reason", ask->reason);
    if (!subject_draw_number(context, &fee_kind, (Day)out->made_day, &out->number, error) || !write_notice(context, out, of, facts, error))
        return false;
    g_autofree char *text = json_canonical(facts);
    return subject_begin(context, &fee_kind, out, "fee.noted", text, error) && subject_save(context, &fee_kind, out, error);
}

/* ---- with the case ---- */

static bool is_going_on(const Case *of)
{
    return of->state >= RECEIVED && of->state <= ISSUED && of->state != REFUSED;
}

bool fee_may_begin(const Context *context, const void *of)
{
    const Case *self = of;
    const Actor *actor = context->actor;
    g_autoptr(Item) item = is_going_on(self) ? catalogue_item(context->db, context->county, self->item, self->item_version, NULL) : NULL;
    if (!item || !item->charged || actor->kind != STAFF)
        return false;
    return identity_may(actor, CLERK | REVIEWER | ISSUER, self->organ, division_county(context->county)) ||
           (self->desk_role && identity_may(actor, (unsigned)self->desk_role, self->desk_organ, self->desk_division));
}

/* The step that an action takes; 0: none that waits for a fee. What is refused is delivered without. */
static unsigned step_of(enum case_action action, const Case *before)
{
    static const unsigned steps[CASE_ACTIONS] = { [ACCEPT] = 1 << STEP_ACCEPT, [GRANT] = 1 << STEP_DECIDE, [ISSUE] = 1 << STEP_ISSUE,
                                                  [DELIVER] = 1 << STEP_DELIVER };
    return before->state == REFUSED ? 0 : steps[action];
}

/* Histories of other systems were paid for there. */
bool fee_hear(const Context *context, const SubjectChange *change, GError **error)
{
    int64_t notices, due;
    const Case *of = change->after;
    if (change->kind != &case_kind || !change->rule || !change->before || context->actor->kind == LOADER)
        return true;
    unsigned step = step_of((enum case_action)subject_rule_place(&case_kind, change->rule), change->before);
    g_autoptr(Item) item = step ? catalogue_item(context->db, context->county, of->item, of->item_version, error) : NULL;
    if (!step || !item || !(item->charged & step))
        return !step || item;
    if (!fees_of_case(context, of->number, &notices, &due, error))
        return false;
    if (!notices)
        return refuse(error, CONFLICT, "fees.not_noted", NULL);
    g_autofree char *grouped = due ? subject_number_grouped(due) : NULL;
    return !due || refuse(error, CONFLICT, "fees.unpaid", "number", grouped, NULL);
}

/* ---- its page ---- */

json_t *fee_answer(const Context *context, const void *present, bool is_inside, GError **error)
{
    const Fee *self = present;
    (void)is_inside;
    g_autofree char *path = subject_path(&case_kind, self->case_number, context->actor->kind), *code = fee_code(context, self);
    g_autofree char *picture = self->state == FEE_DUE ? view_qr_picture(code, error) : g_strdup("");
    if (!picture)
        return NULL;
    json_t *answer = record_public(&fee_record, self);
    json_put_text(answer, "case_path", path);
    json_put_text(answer, "qr", picture);
    json_put_text(answer, "code", code);
    for (const char *const *name = (const char *const[]){ "amount", "total", "received", NULL }; *name; name++) {
        g_autofree char *fen = g_strconcat(*name, "_fen", NULL);
        if (json_object_get(answer, *name))
            json_object_set(answer, fen, json_object_get(answer, *name));
        json_object_del(answer, *name);
    }
    return answer;
}

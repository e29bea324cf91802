// SPDX-License-Identifier: Apache-2.0
/* The tracking code (查询码), kept as a salted hash alone. A code that is
 * made for a session follows from that session's token and the instant, so that the page after it can show it although nothing
 * keeps it: not the row, not the answer kept for the request, not a log. A mark behind the hash says that the holder has made the code,
 * which nobody of the staff was shown; another one that the applicant's agent has. */
#include "cases/code.h"

#include <sodium.h>
#include <string.h>

enum { MADE_TEXT = 16, KEPT_TEXT = MADE_TEXT + 2 * crypto_hash_sha256_BYTES, OLD_PASSWORD = 6, TOLD_FOR = 30 * MINUTE_MS };

static const char *const marks[] = { [SLIP_CODE] = "", [OWN_CODE_OF_HOLDER] = "+", [CODE_OF_AGENT] = "*" };

/* The instant at which the code was made, then SHA-256 over it, county, number and code, all hexadecimal, and the mark. */
static char *keep(int64_t county, int64_t number, Instant made_at, const char *code, enum code_kind kind)
{
    g_autofree char *plain = code_plain(code);
    g_autofree char *text = g_strdup_printf("%" PRId64 "/%" PRId64 "/%" PRId64 "/%s", county, number, made_at, plain);
    g_autofree char *hash = hash_text(text);
    return g_strdup_printf("%0*" PRIx64 "%s%s", MADE_TEXT, (uint64_t)made_at, hash, marks[kind]);
}

static Instant made_at_of(const char *kept)
{
    g_autofree char *made = g_strndup(kept, MADE_TEXT);
    return (Instant)g_ascii_strtoull(made, NULL, 16);
}

static enum code_kind kind_of(const char *kept)
{
    enum code_kind kind = CODE_OF_AGENT;
    while (kind > SLIP_CODE && !g_str_has_suffix(kept, marks[kind]))
        kind--;
    return kind;
}

bool code_is_own(const Actor *actor, const Case *self)
{
    return actor->kind != HOLDER || !*self->code_hash || kind_of(self->code_hash) == OWN_CODE_OF_HOLDER;
}

bool code_opens_all(const Actor *actor, const Case *self)
{
    return code_is_own(actor, self) || kind_of(self->code_hash) == CODE_OF_AGENT;
}

bool case_is_holders_own(const Context *context, int64_t number, bool *is, GError **error)
{
    g_auto(Case) self = { 0 };
    bool asks = number && context->actor->kind == HOLDER;
    if (asks && !subject_load(context->db, context->county, &case_kind, number, &self, error))
        return false;
    *is = !asks || code_is_own(context->actor, &self);
    return true;
}

bool case_opens_all(const Context *context, int64_t number, bool *opens, GError **error)
{
    g_auto(Case) self = { 0 };
    bool asks = number && context->actor->kind == HOLDER;
    if (asks && !subject_load(context->db, context->county, &case_kind, number, &self, error))
        return false;
    *opens = !asks || code_opens_all(context->actor, &self);
    return true;
}

static char *drawn(const Context *context, int64_t number, char code[CASE_CODE_TEXT])
{
    unsigned char random[CODE_RANDOM];
    context_random(context, random, sizeof random);
    code_spell(random, code);
    return keep(context->county, number, context->now, code, SLIP_CODE);
}

void case_draw_code(const Context *context, Case *self, char code[CASE_CODE_TEXT])
{
    g_autofree char *kept = drawn(context, self->number, code);
    record_set(&self->code_hash, kept);
    self->unwritten |= CODE_PART;
}

bool case_renew_code(const Context *context, int64_t number, char code[CASE_CODE_TEXT], GError **error)
{
    g_autofree char *kept = drawn(context, number, code);
    g_autoptr(json_t) fields = json_pack("{s:s}", CODE_HASH, kept);
    const SubjectInput input = { .seen = -1, .fields = fields };
    return case_act(context, number, NEW_SLIP, &input, NULL, error);
}

/* ---- for a session ---- */

static bool of_session(const Request *r, int64_t number, Instant made_at, char code[CASE_CODE_TEXT])
{
    unsigned char derived[SESSION_DERIVED];
    g_autofree char *purpose = g_strdup_printf("tracking code %" PRId64 "/%" PRId64 "/%" PRId64, r->context.county, number, made_at);
    if (!session_derive(r, purpose, derived))
        return false;
    code_spell(derived, code);
    return true;
}

char *code_for_session(const Request *r, int64_t number, enum code_kind kind)
{
    char code[CASE_CODE_TEXT];
    return of_session(r, number, r->context.now, code) ? keep(r->context.county, number, r->context.now, code, kind) : g_strdup("");
}

void case_begin_code(const Request *r, Case *self)
{
    g_autofree char *kept = code_for_session(r, self->number, OWN_CODE_OF_HOLDER);
    record_set(&self->code_hash, kept);
    self->unwritten |= CODE_PART;
}

bool code_told(const Request *r, const Case *self, char code[CASE_CODE_TEXT])
{
    Instant made_at = made_at_of(self->code_hash);
    if (r->context.now - made_at >= TOLD_FOR || !of_session(r, self->number, made_at, code))
        return false;
    g_autofree char *kept = keep(r->context.county, self->number, made_at, code, kind_of(self->code_hash));
    return secret_equals(kept, self->code_hash);
}

bool case_put_code(const Request *r, int64_t number, json_t *answer, GError **error)
{
    char code[CASE_CODE_TEXT];
    g_auto(Case) found = { 0 };
    if (!subject_load(r->context.db, r->context.county, &case_kind, number, &found, error))
        return false;
    if (code_told(r, &found, code))
        json_object_set_new(answer, "code", json_string(code));
    return true;
}

/* ---- for the holder ---- */

/* Twenty failures in a quarter of an hour at one case, whoever they come from, are the most. One sender can use up no more than five of
 * them, and thirty in all. */
static const Budget budgets[] = {
    { "case-from", 5, .by_what = true, .by_address = true },
    { "case", 20, .by_what = true },
    { "cases-from", 30, .by_address = true },
    { "cases", 300, .waits = true },
    { 0 },
};

/* The six digits of older receipts are ended, because whoever has a copy of the database finds them by trying. */
static bool is_old_password(const char *typed)
{
    g_autofree char *plain = code_plain(typed);
    return strlen(plain) == OLD_PASSWORD && strspn(plain, "0123456789") == OLD_PASSWORD;
}

/* An unknown number and a case without a code take the same way as a wrong code. */
bool code_fits(const Context *context, int64_t number, const char *typed, GError **error)
{
    bool found;
    g_auto(Case) self = { 0 };
    if (!record_load(context->db, context->county, &case_record, number, &self, &found, error))
        return false;
    g_autofree char *none = g_strnfill(KEPT_TEXT, '0');
    const char *known = found && *self.code_hash ? self.code_hash : none;
    g_autofree char *given = keep(context->county, number, made_at_of(known), typed, kind_of(known));
    return secret_equals(given, known) ||
           refuse(error, NOT_FOUND, is_old_password(typed) ? "cases.code_is_old" : "cases.wrong_number_or_code", NULL);
}

/* The number that was typed may be anything, and is not told. */
static void note_failure(const Request *r, const GError *why)
{
    enum security_outcome outcome = trouble_status(why) == TOO_MANY ? SECURITY_SLOWED : SECURITY_FAILED;
    const SecurityEntry entry = { SECURITY_SIGN_IN, outcome, SECURITY_COUNTED, .purpose = "tracking_code" };
    g_autoptr(GError) error = NULL;
    if (!http_security(r, &entry, &error))
        trouble_warn(error, "the security log");
}

bool case_try_code(const Request *r, int64_t number, const char *typed, GError **error)
{
    GError *why = NULL;
    g_autofree char *what = g_strdup_printf("%" PRId64, number);
    if (throttle_attempt(r, budgets, what, &why) && code_fits(&r->context, number, typed, &why))
        return true;
    note_failure(r, why);
    g_propagate_error(error, why);
    return false;
}

/* Guesses at the applicant's number have the budgets of guesses at the code, but entering by the slip's code does not forgive them. */
static char *own_code_of(int64_t number)
{
    return g_strdup_printf("own/%" PRId64, number);
}

bool code_forgive_own(const Request *r, int64_t number, GError **error)
{
    g_autofree char *what = own_code_of(number);
    return throttle_passed(r, budgets, what, error);
}

bool code_forgive(const Request *r, int64_t number, GError **error)
{
    g_autofree char *what = g_strdup_printf("%" PRId64, number);
    return throttle_passed(r, budgets, what, error);
}

/* His agent's, by whom the applicant lets himself be represented. */
static bool is_agents_number(const Case *self, const char *typed)
{
    g_autofree char *agent = others_agent_number(self->applicant_others);
    g_autofree char *given = agent ? identity_number(PERSON, identity_paper_of(PERSON, agent), typed, 0, NULL) : NULL;
    return given && secret_equals(given, agent);
}

/* Number and code of a slip are known to whoever printed it; the applicant alone need not say why he knows the number of his identity paper. */
json_t *case_check_own_code(Request *r, GError **error)
{
    g_auto(Case) self = { 0 };
    GError *why = NULL;
    if (!case_load_visible(r, &self, error))
        return NULL;
    if (!identity_holds(r->context.actor, self.number))
        return refuse(error, NOT_ALLOWED, "cases.not_yours", "action", case_rules[OWN_CODE].rule.name, NULL);
    if (self.restricted_until)
        return refuse(error, CONFLICT, "cases.restricted", NULL);
    enum party_kind party = case_is_of_person(&self) ? PERSON : ENTERPRISE;
    const bool is_agent = is_agents_number(&self, json_text(r->fields, "id_number"));
    g_autofree char *given = is_agent ? g_strdup("") : identity_number(party, identity_paper_of(party, self.applicant_id), json_text(r->fields, "id_number"), 0, &why);
    g_autofree char *what = own_code_of(self.number);
    if (!given)
        return refuse_same(error, "id_number", why);
    if (throttle_attempt(r, budgets, what, &why) &&
        (is_agent || (*self.applicant_id && secret_equals(given, self.applicant_id)) || refuse_field(&why, "id_number", "cases.wrong_id_number", NULL)))
        return json_pack("{s:b}", "is_agent", is_agent);
    note_failure(r, why);
    g_propagate_error(error, why);
    return NULL;
}

bool case_enter(Request *r, int64_t number, GError **error)
{
    return code_forgive(r, number, error) && session_begin(r, HOLDER, number, error);
}

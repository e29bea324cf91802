// SPDX-License-Identifier: Apache-2.0
/* The pages of the security log: the auditor's, and the one that tells how long entries are kept. */
#include "security/log.h"

#include "versioned/versioned.h"

#include <string.h>

/* ---- the log ---- */

static const ListColumn columns[] = {
    { "number", LIST_NUMBER, .is_head = true },
    { "at", LIST_INSTANT },
    { "account", LIST_TEXT },
    { "kind", LIST_WORD, .words = "security_kind" },
    { "outcome", LIST_WORD, .words = "security_outcome" },
    { "subject", LIST_TEXT },
    { "purpose", LIST_WORD, .words = "security_purpose" },
    { "times", LIST_INTEGER },
    { "reason", LIST_WORD, .words = "find_reason" },
    { "found", LIST_INTEGER, LIST_EXPORTED },
    { "network", LIST_TEXT, LIST_EXPORTED },
    { "actor", LIST_WORD, LIST_EXPORTED, .words = "actor_kind" },
    { "organ", LIST_ORGAN, LIST_EXPORTED },
    { "hash", LIST_TEXT, LIST_EXPORTED },
    { 0 },
};

static const Field list_fields[] = {
    LIST_FIELDS_BUT_SEARCH,
    { .name = "from", .kind = FIELD_DAY },
    { .name = "to", .kind = FIELD_DAY },
    { .name = "account", .most = 64, .look = LOOK_EXACT },
    { .name = "kind", .kind = FIELD_CHOICE, .choices = security_kind_names, .codes = "security_kind" },
    { .name = "outcome", .kind = FIELD_CHOICE, .choices = security_outcome_names, .codes = "security_outcome" },
    { .name = "subject", .most = 60, .look = LOOK_EXACT },
    { 0 },
};

static const ListFilter filters[] = {
    { "from", "at", LIST_FROM }, { "to", "at", LIST_UNTIL }, { "account", "account", LIST_EQUAL }, { "kind", "kind", LIST_EQUAL },
    { "outcome", "outcome", LIST_EQUAL }, { "subject", "subject", LIST_EQUAL }, { 0 },
};

/* Kinds of documents and actions on accounts have words of their own. */
static void tell(const Request *r, json_t *row)
{
    static const struct {
        enum security_kind kind;
        const char *codes;
    } words[] = { { SECURITY_DOCUMENT, "document_kind" }, { SECURITY_ACCOUNT, "action" } };
    if (!*json_text(row, "reason"))
        json_object_set_new(row, "found", json_string(""));
    for (size_t i = 0; answer_is_page(r) && i < G_N_ELEMENTS(words); i++) {
        if (strcmp(json_text(row, "kind"), security_kind_names[words[i].kind]) != 0)
            continue;
        g_autofree char *word = view_code(r->view, r->language, words[i].codes, json_text(row, "purpose"));
        json_object_set_new(row, "purpose", json_string(word));
    }
}

const ListSpec security_list = {
    .name = "log", .room = "security", .path = "/desk/security", .table = "security_entry", .key = "number", .columns = columns,
    .fields = list_fields, .filters = filters, .orders = (const ListOrder[]){ { "at", { "at", "number" }, true }, { 0 } },
    .tabs = (const ListTab[]){ { .scopes = { { .narrow = "account" } } }, { 0 } }, .bound = 5000, .page = 50, .tell = tell,
};

/* A look at the log stands in it, before what it shows. */
static json_t *show_log(Request *r, GError **error)
{
    const char *format = json_text(r->fields, "format");
    const SecurityEntry look = { SECURITY_LOG, .purpose = *format ? format : "page" };
    return http_security(r, &look, error) ? list_show(r, &security_list, error) : NULL;
}

/* ---- how long it is kept ---- */

static json_t *show_keeping(Request *r, GError **error)
{
    LogEnds ends;
    if (!log_ends(r->context.db, r->context.county, &ends, error))
        return NULL;
    return json_pack("{s:I, s:s, s:I, s:I, s:s, s:b}", "months", ends.months, "shown", DECIMAL(ends.months), "entries", ends.number - ends.first + 1, "last", ends.number, "hash",
                     ends.hash, "may_change", identity_has_role(r->context.actor, SECURITY_ADMINISTRATOR));
}

static json_t *keep(Request *r, GError **error)
{
    int64_t months = json_number(r->fields, "months");
    LogEnds *ends = log_ends_moving(r->context.db, r->context.county, error);
    const SecurityEntry entry = { SECURITY_SETTING, .purpose = "log_months" };
    if (!ends || !setting_is_fresh(r, DECIMAL(ends->months), error) || !http_security(r, &entry, error))
        return NULL;
    json_t *change = json_pack("{s:I, s:I}", "before", ends->months, "months", months);
    ends->months = months;
    return security_record(&r->context, "security.keeping", change, error) ? json_pack("{s:I}", "months", months) : NULL;
}

static const Field keep_fields[] = {
    { .name = "months", .kind = FIELD_INTEGER, .least = MONTHS_LEAST, .most = MONTHS_MOST, .required = true, .value = "months", .unit = "months" },
    SETTING_SEEN("shown"),
    { 0 },
};

const Route security_routes[] = {
    { "GET", "/desk/security", AUDITOR, show_log, "security/log", list_fields, NULL, NULL,
      "The security log, newest first, by day, account, kind, outcome and subject; format=csv, xlsx or json for files" },
    { "GET", "/desk/security/keeping", AUDITOR | SECURITY_ADMINISTRATOR, show_keeping, "security/keeping", NULL, NULL, NULL,
      "How many entries the security log has, its head, and how many months they are kept" },
    { "POST", "/desk/security/keeping", SECURITY_ADMINISTRATOR, keep, "security/keeping", keep_fields, "/desk/security/keeping",
      "/desk/security/keeping", "Set for how many months entries are kept, six at least" },
    { 0 },
};

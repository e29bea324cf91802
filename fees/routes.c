// SPDX-License-Identifier: Apache-2.0
/* Making a payment notice, its page, the list of notices. */
#include "fees/life.h"

#include "lists/lists.h"

/* ---- the list ---- */

static const Field list_fields[] = { LIST_FIELDS, { .name = "state", .kind = FIELD_CHOICE, .choices = fee_state_names }, { 0 } };

const ListSpec fee_list = {
    .name = "fees", .room = "fees", .path = "/desk/fees", .table = "fee", .key = "number", .fields = list_fields,
    .columns = (const ListColumn[]){
        { "number", LIST_NUMBER, .is_head = true }, { "item_name", LIST_TEXT }, { "item_name_en", LIST_TEXT, LIST_EXPORTED },
        { "line", LIST_TEXT }, { "line_en", LIST_TEXT, LIST_EXPORTED }, { "total", LIST_MONEY }, { "received", LIST_MONEY }, { "organ", LIST_ORGAN },
        { "state", LIST_WORD }, { "channel", LIST_WORD, .words = "fee_channel" }, { "made_day", LIST_DAY_NUMBER }, { "paid_day", LIST_DAY_NUMBER },
        { "receipt", LIST_TEXT, LIST_EXPORTED }, { "case_number", LIST_NUMBER, LIST_EXPORTED }, { 0 } },
    .filters = (const ListFilter[]){ { "state", "state", LIST_EQUAL }, { 0 } },
    .orders = (const ListOrder[]){ { "number", { "number" }, true }, { 0 } },
    .tabs = (const ListTab[]){
        { "fees_due", .scopes = { { { "organ" }, "state = 'due'" }, { { NULL }, "state = 'due'" } }, .sees = list_sees_own_organs_or_all, .counted = true },
        { "fees_all", .scopes = { { { "organ" } }, { .only = NULL } }, .sees = list_sees_own_organs_or_all }, { 0 } },
    .search = { subject_number_read }, .bound = 5000, .link = "/desk/fees/{number}",
};

/* ---- making a notice ---- */

static const Field note_fields[] = {
    { .name = "line", .most = 100, .look = LOOK_RADIOS, .options = "lines.name", .option_label = "fees.choice", .empty = "fees.nothing" },
    { .name = "quantity", .kind = FIELD_INTEGER, .least = 1, .most = FEE_UNITS_MOST, .value = "quantity" },
    { .name = "reason", .most = 200 },
    { 0 },
};

static json_t *lines_of(const Case *of, const Item *item)
{
    size_t i;
    json_t *line, *list = json_array();
    json_array_foreach(json_object_get(item->details, "fees"), i, line)
        if (json_object_get(line, "amount_fen") && case_asks(of, item, "fees", json_text(line, "name")))
            json_array_append(list, line);
    return list;
}

static json_t *ask(Request *r, GError **error)
{
    g_auto(Case) of = { 0 };
    const Context *context = &r->context;
    g_autoptr(Item) item = case_load_asked(r, &of, error) ? catalogue_item(context->db, context->county, of.item, of.item_version, error) : NULL;
    if (!item)
        return NULL;
    if (!fee_may_begin(context, &of))
        return refuse(error, CONFLICT, item->charged ? "fees.not_your_case" : "fees.not_charged", NULL);
    g_autofree char *grouped = subject_number_grouped(of.number), *path = subject_path(&case_kind, of.number, STAFF);
    return json_pack("{s:s, s:s, s:s, s:s, s:o, s:i}", "number_grouped", grouped, "case_path", path, "item_name", of.item_name, "item_name_en",
                     of.item_name_en, "lines", lines_of(&of, item), "quantity", 1);
}

static json_t *note(Request *r, GError **error)
{
    g_auto(Case) of = { 0 };
    g_auto(Fee) made = { 0 };
    const FeeAsk ask = { json_text(r->fields, "line"), json_text(r->fields, "reason"),
                         json_object_get(r->fields, "quantity") ? json_number(r->fields, "quantity") : 1 };
    if (!case_load_asked(r, &of, error) || !fee_begin(&r->context, &of, &ask, &made, error))
        return NULL;
    g_autofree char *number = g_strdup_printf("%" PRId64, made.number);
    return json_pack("{s:s, s:s}", "fee", number, "state", fee_state_names[made.state]);
}

static const char *const counter_channels[] = { "cash", "card", NULL };
const Field fee_act_fields[] = {
    { .name = "seen", .kind = FIELD_INTEGER, .most = INT32_MAX, .required = true, .look = LOOK_HIDDEN },
    { .name = "channel", .kind = FIELD_CHOICE, .choices = counter_channels, .look = LOOK_RADIOS, .codes = "fee_channel", .need = NEED_OWN },
    { .name = "receipt", .most = 60, .look = LOOK_EXACT, .need = NEED_OWN },
    { .name = "basis", .most = 200, .need = NEED_BASIS },
    { .name = "reason", .kind = FIELD_LONG_TEXT, .most = 1000, .need = NEED_REASON },
    { 0 },
};

#define READERS (CLERK | REVIEWER | APPROVER | HEAD | ISSUER | SUPERVISOR | AUDITOR)

const Route fee_routes[] = {
    { "POST", "/fees/paid", ANYONE, fee_hook, NULL, fee_hook_fields, NULL, NULL,
      "The bank tells of a payment: JSON signed with the county's secret in X-Pinghu-Signature (HMAC-SHA-256 of the body, hexadecimal)",
      fee_hook_check },
    { "GET", "/fees/{number}", HOLDERS, subject_page, "fees/fee", NULL, NULL, NULL, "A payment notice of one's own case" },
    { "GET", "/desk/fees", READERS, list_page, "fees/list", list_fields, NULL, NULL,
      "Payment notices: those that are due, and all; format=csv, xlsx or json for files" },
    { "GET", "/desk/fees/days", READERS, fee_days, "fees/days", fee_days_fields, NULL, NULL,
      "What was expected, came by which way and differs, by days; format=csv or xlsx for a file" },
    { "GET", "/desk/fees/import", CLERK | HEAD, fee_import_show, "fees/import", NULL, NULL, NULL, "Where a table of the bank is taken in" },
    { "POST", "/desk/fees/import", CLERK | HEAD, fee_import_take, "fees/import", fee_import_fields, "/desk/fees/days", "/desk/fees/import",
      "Take in a table of the bank: reference, amount, day" },
    { "GET", "/desk/fees/of/{number}", READERS, ask, "fees/note", NULL, NULL, NULL, "What the item of a case charges" },
    { "POST", "/desk/fees/of/{number}", READERS, note, "fees/note", note_fields, "/desk/fees/{fee}", "/desk/fees/of/{number}",
      "Make a payment notice of a case, or note that nothing is due" },
    { "GET", "/desk/fees/{number}", ANY_ROLE, subject_page, "fees/desk", NULL, NULL, NULL,
      "A payment notice with its history and the actions open to who asks" },
    { "POST", "/desk/fees/{number}/{action}", ANY_ROLE, subject_page_act, "fees/desk", fee_act_fields, "/desk/fees/{number}",
      "/desk/fees/{number}", "Take an action on a payment notice" },
    { 0 },
};

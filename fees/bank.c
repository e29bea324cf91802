// SPDX-License-Identifier: Apache-2.0
/* Payments as the bank tells of them: a table that a member of the staff brings, or a message that is signed with the county's secret. */
#include "fees/life.h"

#include <string.h>

/* ---- a table ---- */

enum { REFERENCE, AMOUNT, DAY, COLUMNS, ROWS_MOST = 10000 };
static const char *const columns[] = { "reference", "amount", "day", NULL };

typedef struct Import {
    const Context *context;
    CsvTable *table;
    json_t *faults;
    size_t row;
    GHashTable *seen; /* references in the table */
    GArray *payments; /* of FeePayment, those that are new */
    int64_t known;
} Import;

static bool tell(Import *self, size_t column, const char *reason)
{
    GError *why = NULL;
    refuse(&why, NOT_FITTING, reason, "value", csv_cell(self->table, self->row, column), NULL);
    csv_add_fault(self->faults, self->table, self->row, column, why);
    return true;
}

/* Is it the payment that was taken from a table before? */
static bool is_known(const Fee *fee, const FeePayment *payment)
{
    return fee->state == FEE_PAID && fee->paid_day == payment->day && fee->channel == payment->channel;
}

static bool judge(Import *self, const FeePayment *payment, GError **error)
{
    bool found;
    g_auto(Fee) fee = { 0 };
    const Context *context = self->context;
    if (!record_load(context->db, context->county, &fee_record, payment->reference, &fee, &found, error))
        return false;
    if (!found || !subject_is_entitled(context->actor, &fee_kind, &fee, &fee_rules[FEE_CREDIT], context->county))
        return tell(self, REFERENCE, "fees.import_reference");
    if (payment->amount != fee.total)
        return tell(self, AMOUNT, "fees.import_amount");
    if (payment->day > day_of(context->now) || payment->day < fee.made_day)
        return tell(self, DAY, "fees.import_day");
    if (fee.state != FEE_DUE && !is_known(&fee, payment))
        return tell(self, REFERENCE, fee.state == FEE_PAID ? "fees.import_paid" : "fees.import_not_due");
    self->known += fee.state != FEE_DUE;
    if (fee.state == FEE_DUE)
        g_array_append_val(self->payments, *payment);
    return true;
}

static bool read_row(Import *self, GError **error)
{
    FeePayment payment = { .channel = (int64_t)name_place(fee_channel_names, "bank"), .day = day_parse(csv_cell(self->table, self->row, DAY)) };
    bool named = subject_number_read(csv_cell(self->table, self->row, REFERENCE), &payment.reference);
    bool amounts = fee_amount_read(csv_cell(self->table, self->row, AMOUNT), &payment.amount);
    if (!named)
        tell(self, REFERENCE, "fees.import_reference");
    if (!amounts)
        tell(self, AMOUNT, "fees.import_yuan");
    if (payment.day == DAY_NONE)
        tell(self, DAY, "fees.import_day");
    if (!named || !amounts || payment.day == DAY_NONE)
        return true;
    gint64 *key = g_memdup2(&payment.reference, sizeof payment.reference);
    return g_hash_table_add(self->seen, key) ? judge(self, &payment, error) : tell(self, REFERENCE, "fees.import_twice");
}

static bool take_all(const Import *self, GError **error)
{
    for (guint i = 0; i < self->payments->len; i++) {
        bool fits;
        FeePayment *payment = &g_array_index(self->payments, FeePayment, i);
        g_autofree char *receipt = g_strdup_printf("bank/%" PRId64 "/%d", payment->reference, payment->day);
        payment->receipt = receipt;
        if (!fee_credit(self->context, payment, &fits, error))
            return false;
    }
    return true;
}

bool fee_import(const Context *context, const char *csv, size_t length, int64_t *taken, int64_t *known, GError **error)
{
    g_autoptr(CsvTable) table = csv_read(csv, length, columns, error);
    g_autoptr(json_t) faults = json_array();
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    g_autoptr(GArray) payments = g_array_new(FALSE, FALSE, sizeof(FeePayment));
    Import self = { .context = context, .table = table, .faults = faults, .seen = seen, .payments = payments };
    if (!table)
        return false;
    csv_as_days(table, DAY);
    csv_as_numbers(table, AMOUNT);
    if (csv_rows(table) > ROWS_MOST)
        return refuse_field(error, "table", "fees.import_long", NULL);
    for (; self.row < csv_rows(table); self.row++)
        if (!read_row(&self, error))
            return false;
    *taken = payments->len;
    *known = self.known;
    return csv_refuse_faults(faults, json_array_size(faults), "fees.import", error) && take_all(&self, error);
}

enum { TABLE_MOST = 512 * 1024 };
const Field fee_import_fields[] = {
    { .name = "table_file", .kind = FIELD_FILES, .most = 1, .bytes = TABLE_MOST, .accept = TABLE_TYPES },
    { .name = "table", .kind = FIELD_LONG_TEXT, .most = TABLE_MOST, .look = LOOK_EXACT },
    { 0 },
};

json_t *fee_import_show(Request *r, GError **error)
{
    (void)r, (void)error;
    return json_object();
}

/* The file, or else the text, that was sent; owned by the caller. */
static char *table_sent(const Request *r, size_t *length, GError **error)
{
    char *bytes = NULL;
    const char *text = json_text(r->fields, "table");
    *length = strlen(text);
    if (r->upload_count && *text)
        return refuse_field(error, "table", "fees.import_both", NULL);
    if (r->upload_count && r->uploads[0].size > TABLE_MOST)
        return refuse_field(error, "table_file", "fees.import_long", NULL);
    if (r->upload_count)
        return g_file_get_contents(r->uploads[0].path, &bytes, length, error) ? bytes : NULL;
    return *text ? g_strdup(text) : refuse_field(error, "table_file", "fees.import_nothing", NULL);
}

json_t *fee_import_take(Request *r, GError **error)
{
    size_t length;
    int64_t taken = 0, known = 0;
    g_autofree char *table = table_sent(r, &length, error);
    if (!table || !fee_import(&r->context, table, length, &taken, &known, error))
        return NULL;
    return json_pack("{s:I, s:I}", "taken", (json_int_t)taken, "known", (json_int_t)known);
}

/* ---- a message ---- */

const Field fee_hook_fields[] = {
    { .name = "reference", .most = 30, .required = true, .look = LOOK_EXACT },
    { .name = "amount_fen", .kind = FIELD_INTEGER, .least = 1, .most = FEE_MOST, .required = true },
    { .name = "day", .kind = FIELD_DAY, .required = true },
    { .name = "message", .most = 60, .required = true, .look = LOOK_EXACT },
    { 0 },
};

/* The signature is HMAC-SHA-256 of the body, byte by byte, in hexadecimal; how long the comparison takes tells nothing of it. */
json_t *fee_hook_check(Request *r, GError **error)
{
    Hash hash;
    const GString *body = http_json(r);
    const char *secret = r->context.payment_secret, *signature = http_header(r, "X-Pinghu-Signature");
    if (!secret)
        return refuse(error, NOT_FOUND, "fees.no_hook", NULL);
    if (body)
        hash_keyed(secret, strlen(secret), body->str, body->len, &hash);
    g_autofree char *expected = body ? text_hex(hash.bytes, sizeof hash.bytes) : NULL;
    if (!signature || !secret_equals(signature, expected))
        return refuse(error, NOT_ALLOWED, "fees.wrong_signature", NULL);
    return json_object();
}

json_t *fee_hook(Request *r, GError **error)
{
    static const Actor system = { .kind = SYSTEM, .name = "" };
    bool fits;
    FeePayment payment = { .amount = json_number(r->fields, "amount_fen"), .day = day_parse(json_text(r->fields, "day")),
                           .channel = (int64_t)name_place(fee_channel_names, "online"), .receipt = json_text(r->fields, "message") };
    Context as_system = r->context;
    as_system.actor = &system;
    if (!subject_number_read(json_text(r->fields, "reference"), &payment.reference))
        return refuse(error, NOT_FOUND, "fees.no_fee", NULL);
    if (!fee_credit(&as_system, &payment, &fits, error))
        return NULL;
    return json_pack("{s:b, s:s}", "paid", fits, "reason", fits ? "" : "fees.another_amount");
}

// SPDX-License-Identifier: Apache-2.0
/* The register by days: what was expected, what came by which way, what differs. */
#include "fees/life.h"

#include "view/view.h"

#include <string.h>

static const char *const formats[] = { "csv", "xlsx", NULL };
enum { DAYS_MOST = 366 };

const Field fee_days_fields[] = {
    { .name = "from", .kind = FIELD_DAY, .value = "from_day" },
    { .name = "to", .kind = FIELD_DAY, .value = "to_day" },
    { .name = "format", .kind = FIELD_CHOICE, .choices = formats, .look = LOOK_NONE },
    { 0 },
};

static const char *const sums[] = { "expected", "cash", "card", "bank", "online", "refunded", "exempt", "due", "mismatched", NULL };

static void add(json_t *row, const char *name, int64_t fen)
{
    g_autofree char *key = g_strconcat(name, "_fen", NULL);
    json_object_set_new(row, key, json_integer(json_number(row, key) + fen));
}

static json_t *row_of(json_t *days, int64_t day)
{
    json_t *row = json_object_get(days, DAY_WRITTEN((Day)day));
    if (row)
        return row;
    row = json_object();
    json_put_day(row, "day", (Day)day);
    for (const char *const *name = sums; *name; name++)
        add(row, *name, 0);
    json_object_set_new(days, DAY_WRITTEN((Day)day), row);
    return row;
}

/* Nobody expects a notice that was cancelled. */
static void add_made(json_t *days, const json_t *made)
{
    size_t i;
    json_t *sum;
    json_array_foreach((json_t *)made, i, sum) {
        json_t *row = row_of(days, json_number(sum, "day"));
        const char *state = json_text(sum, "state");
        int64_t amount = json_number(sum, "amount");
        if (strcmp(state, "void") != 0)
            add(row, "expected", amount);
        if (strcmp(state, "due") == 0 || strcmp(state, "exempt") == 0)
            add(row, state, amount);
        add(row, "mismatched", json_number(sum, "received"));
    }
}

static void add_paid(json_t *days, const json_t *paid)
{
    size_t i;
    json_t *sum;
    json_array_foreach((json_t *)paid, i, sum) {
        json_t *row = row_of(days, json_number(sum, "day"));
        add(row, json_text(sum, "channel"), json_number(sum, "amount"));
        if (strcmp(json_text(sum, "state"), "refunded") == 0)
            add(row, "refunded", json_number(sum, "amount"));
    }
}

static int by_day(const void *one, const void *other)
{
    return strcmp(json_text(*(json_t *const *)other, "day"), json_text(*(json_t *const *)one, "day"));
}

/* The newest day first, and all together. Takes over `days`. */
static json_t *in_order(json_t *days, json_t *total)
{
    const char *key;
    json_t *row;
    g_autoptr(json_t) all = days;
    g_autoptr(GPtrArray) rows = g_ptr_array_new();
    json_t *list = json_array();
    json_object_foreach(all, key, row)
        g_ptr_array_add(rows, row);
    g_ptr_array_sort(rows, by_day);
    for (guint i = 0; i < rows->len; i++) {
        json_array_append(list, rows->pdata[i]);
        for (const char *const *name = sums; *name; name++) {
            g_autofree char *fen = g_strconcat(*name, "_fen", NULL);
            add(total, *name, json_number(rows->pdata[i], fen));
        }
    }
    return list;
}

enum { COLUMNS = G_N_ELEMENTS(sums) }; /* the day and the sums */

static char **cells_of(const json_t *row)
{
    char **cells = g_new0(char *, COLUMNS + 1);
    cells[0] = g_strdup(json_text(row, "day"));
    for (size_t i = 1; i < COLUMNS; i++) {
        g_autofree char *fen = g_strconcat(sums[i - 1], "_fen", NULL);
        int64_t amount = json_number(row, fen);
        cells[i] = g_strdup_printf("%" PRId64 ".%02d", amount / 100, (int)(amount % 100));
    }
    return cells;
}

static json_t *as_table(Request *r, const json_t *days, GError **error)
{
    size_t i;
    json_t *row;
    const char *titles[COLUMNS];
    enum cell_kind kinds[COLUMNS] = { CELL_PLAIN };
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    titles[0] = view_word(r->view, r->language, "fees.fields.day");
    for (i = 1; i < COLUMNS; i++) {
        g_autofree char *word = g_strconcat("fees.sums.", sums[i - 1], NULL);
        titles[i] = view_word(r->view, r->language, word);
        kinds[i] = CELL_MONEY;
    }
    json_array_foreach((json_t *)(uintptr_t)days, i, row)
        g_ptr_array_add(rows, cells_of(row));
    const ViewTable table = { COLUMNS, titles, kinds, rows };
    return answer_table(r, &table, "fees", json_text(r->fields, "format"), error);
}

/* Without days this month until today; a department sees its own. */
static bool read_period(const Request *r, Day *first, Day *last, GError **error)
{
    int year, month, of_month;
    const char *from = json_text(r->fields, "from"), *to = json_text(r->fields, "to");
    *last = *to ? day_parse(to) : day_of(r->context.now);
    day_split(*last, &year, &month, &of_month);
    *first = *from ? day_parse(from) : day_from(year, month, 1);
    if (*first > *last)
        return refuse_field(error, "from", "cases.list_from_after_to", NULL);
    return *last - *first < DAYS_MOST || refuse_field(error, "to", "fees.period_long", NULL);
}

static int64_t organ_of(const Actor *actor)
{
    return identity_has_role(actor, SUPERVISOR | AUDITOR) || !actor->post_count ? 0 : actor->posts[0].organ;
}

json_t *fee_days(Request *r, GError **error)
{
    Day first, last;
    const Context *context = &r->context;
    if (!read_period(r, &first, &last, error))
        return NULL;
    int64_t organ = organ_of(context->actor);
    g_autoptr(json_t) made = fees_made(context, organ, first, last, error), paid = made ? fees_paid(context, organ, first, last, error) : NULL;
    if (!paid)
        return NULL;
    json_t *days = json_object(), *total = json_object();
    add_made(days, made);
    add_paid(days, paid);
    g_autoptr(json_t) rows = in_order(days, total), all = total;
    if (*json_text(r->fields, "format"))
        return as_table(r, rows, error);
    return json_pack("{s:s, s:s, s:O, s:O, s:b}", "from_day", DAY_WRITTEN(first), "to_day", DAY_WRITTEN(last), "days", rows, "sum", all, "none",
                     json_array_size(rows) == 0);
}

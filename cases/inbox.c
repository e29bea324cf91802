// SPDX-License-Identifier: Apache-2.0
#include "cases/inbox.h"

#include "cases/answer.h"
#include "cases/life.h"
#include "cases/store.h"

#include <string.h>

enum { ROWS = 25, COUNTED = 500 };

static const char *const lists[] = { "desk", "place", "all", NULL };

const Field inbox_fields[] = {
    { "list", FIELD_CHOICE, 0, 0, false, lists, NULL },
    { "after_at", FIELD_INTEGER, 0, INT64_MAX, false, NULL, NULL },
    { "after", FIELD_INTEGER, 0, INT64_MAX, false, NULL, NULL },
    { 0 },
};

static void clear_row(void *row)
{
    case_clear(row);
}

static GArray *rows_new(void)
{
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(Case));
    g_array_set_clear_func(rows, clear_row);
    return rows;
}

static int by_urgency(const void *a, const void *b)
{
    const Case *x = a, *y = b;
    if (x->due_at != y->due_at)
        return x->due_at < y->due_at ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

static int newest_first(const void *a, const void *b)
{
    const Case *x = a, *y = b;
    return x->number > y->number ? -1 : x->number < y->number;
}

/* Two posts may reach the same desk: the same case then stands twice, side by side. */
static void drop_doubles(GArray *rows)
{
    for (guint i = rows->len; i > 1; i--)
        if (g_array_index(rows, Case, i - 1).number == g_array_index(rows, Case, i - 2).number)
            g_array_remove_index(rows, i - 1);
}

/* ---- the three lists: each fills up to ROWS + 1 of every post, the merging keeps the first ---- */

static bool read_desk(const Request *r, const Post *post, GArray *rows, GError **error)
{
    CasePlace after = { json_number(r->fields, "after_at"), json_number(r->fields, "after") };
    return case_desk_page(r->context.db, r->context.county, post, &after, ROWS + 1, rows, error);
}

static int64_t before_of(const Request *r)
{
    int64_t after = json_number(r->fields, "after");
    return after ? after : INT64_MAX;
}

static bool read_place(const Request *r, const Post *post, GArray *rows, GError **error)
{
    return !(post->roles & CLERK) ||
           case_place_page(r->context.db, r->context.county, post, before_of(r), ROWS + 1, rows, error);
}

static bool read_all(const Request *r, const Post *post, GArray *rows, GError **error)
{
    return !(post->roles & (SUPERVISOR | AUDITOR)) ||
           case_all_page(r->context.db, r->context.county, before_of(r), ROWS + 1, rows, error);
}

static const struct {
    bool (*read)(const Request *, const Post *, GArray *, GError **);
    int (*order)(const void *, const void *);
    unsigned roles;
} kinds[] = {
    { read_desk, by_urgency, CLERK | REVIEWER | APPROVER | HEAD | ISSUER },
    { read_place, newest_first, CLERK },
    { read_all, newest_first, SUPERVISOR | AUDITOR },
};

static bool read_rows(const Request *r, size_t list, GArray *rows, GError **error)
{
    const Actor *actor = r->context.actor;
    for (size_t i = 0; i < actor->post_count; i++)
        if (!kinds[list].read(r, &actor->posts[i], rows, error))
            return false;
    g_array_sort(rows, kinds[list].order);
    drop_doubles(rows);
    return true;
}

static size_t first_list(const Actor *actor)
{
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (identity_has_role(actor, kinds[i].roles))
            return i;
    return 0;
}

static size_t list_asked(const Request *r)
{
    const char *asked = json_text(r->fields, "list");
    for (size_t i = 0; lists[i]; i++)
        if (strcmp(lists[i], asked) == 0)
            return i;
    return first_list(r->context.actor);
}

static json_t *lists_json(const Actor *actor, size_t here)
{
    json_t *open = json_array();
    for (size_t i = 0; lists[i]; i++) {
        g_autofree char *path = g_strconcat("/desk?list=", lists[i], NULL);
        if (identity_has_role(actor, kinds[i].roles))
            json_array_append_new(open, json_pack("{s:s, s:s, s:b}", "list", lists[i], "path", path, "is_here", i == here));
    }
    return open;
}

/* ---- the answer ---- */

static json_t *row_json(const Request *r, const Case *row, GError **error)
{
    g_autofree char *path = g_strdup_printf("/desk/cases/%" PRId64, row->number);
    g_autoptr(json_t) answer = json_pack("{s:s}", "path", path);
    return answer_head(answer, &r->context, row, false, error) ? g_steal_pointer(&answer) : NULL;
}

static json_t *cases_json(const Request *r, const GArray *rows, GError **error)
{
    g_autoptr(json_t) cases = json_array();
    for (guint i = 0; i < MIN(rows->len, ROWS); i++) {
        json_t *row = row_json(r, &g_array_index(rows, Case, i), error);
        if (!row)
            return NULL;
        json_array_append_new(cases, row);
    }
    return g_steal_pointer(&cases);
}

static bool put_waiting(json_t *answer, const Request *r, GError **error)
{
    int64_t waiting = 0;
    const Actor *actor = r->context.actor;
    for (size_t i = 0; i < actor->post_count; i++) {
        int64_t count = 0;
        if (!case_desk_count(r->context.db, r->context.county, &actor->posts[i], COUNTED + 1, &count, error))
            return false;
        waiting += count;
    }
    json_object_set_new(answer, "waiting", json_integer(MIN(waiting, COUNTED)));
    json_object_set_new(answer, "waiting_capped", json_boolean(waiting > COUNTED));
    return true;
}

static void put_more(json_t *answer, size_t list, const GArray *rows)
{
    if (rows->len <= ROWS)
        return;
    const Case *last = &g_array_index(rows, Case, ROWS - 1);
    g_autofree char *more = g_strdup_printf("/desk?list=%s&after_at=%" PRId64 "&after=%" PRId64, lists[list],
                                            last->due_at, last->number);
    json_object_set_new(answer, "more", json_string(more));
}

json_t *inbox_show(Request *r, GError **error)
{
    size_t list = list_asked(r);
    g_autoptr(GArray) rows = rows_new();
    if (!read_rows(r, list, rows, error))
        return NULL;
    json_t *cases = cases_json(r, rows, error);
    if (!cases)
        return NULL;
    g_autoptr(json_t) answer = json_pack("{s:s, s:b, s:o, s:o, s:b, s:b}", "list", lists[list], "is_desk", list == 0, "cases", cases, "lists",
                                         lists_json(r->context.actor, list), "none", rows->len == 0, "is_clerk",
                                         identity_has_role(r->context.actor, CLERK));
    put_more(answer, list, rows);
    return put_waiting(answer, r, error) ? g_steal_pointer(&answer) : NULL;
}

// SPDX-License-Identifier: Apache-2.0
/* The outbox as the system administrator sees it: the kind of each message, its way and its last error, but neither its
 * text nor its recipient in clear. */
#include "outbox/inside.h"
#include "outbox/store.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS = 30, COUNTED = 500 };

static const char *const lists[] = { "waiting", "sent", "failed", NULL };

const Field outbox_list_fields[] = {
    { .name = "list", .kind = FIELD_CHOICE, .choices = lists },
    { .name = "after_at", .kind = FIELD_INTEGER, .most = INT64_MAX },
    { .name = "after", .kind = FIELD_INTEGER, .most = INT64_MAX },
    { 0 },
};

/* ---- whom it is for, masked ---- */

static json_t *masked_number(int64_t number)
{
    g_autofree char *text = g_strdup_printf("%" PRId64, number), *masked = mask_id(text);
    return json_pack("{s:s, s:s}", "to_kind", "holder", "name", masked);
}

static json_t *masked_staff(const Request *r, int64_t id, GError **error)
{
    g_autoptr(json_t) name = identity_staff_name(r->context.db, r->context.county, id, error);
    g_autofree char *masked = name ? mask_name(json_string_value(name)) : NULL;
    return masked ? json_pack("{s:s, s:s}", "to_kind", "staff", "name", masked) : NULL;
}

static unsigned bit_of(unsigned role)
{
    unsigned bit = 0;
    while (role > 1u << bit)
        bit++;
    return bit;
}

static json_t *desk_json(const Request *r, const Post *desk, GError **error)
{
    g_autoptr(json_t) organ = identity_organ(r->context.db, r->context.county, desk->organ, error);
    g_autoptr(json_t) place = organ ? identity_division(r->context.db, r->context.county, desk->division, error) : NULL;
    return place ? json_pack("{s:s, s:O, s:O, s:O, s:O, s:s}", "to_kind", "desk", "name", json_object_get(organ, "name"), "name_en",
                             json_object_get(organ, "name_en"), "place", json_object_get(place, "name"), "place_en",
                             json_object_get(place, "name_en"), "role", role_names[bit_of(desk->roles)])
                 : NULL;
}

static json_t *recipient_json(const Request *r, const json_t *message, GError **error)
{
    MessageTo to;
    if (!recipient_read(json_text(message, "recipient"), &to))
        return fault(error, "a message to %s", json_text(message, "recipient"));
    if (to.kind == TO_DESK)
        return desk_json(r, &to.desk, error);
    return to.kind == TO_STAFF ? masked_staff(r, to.id, error) : masked_number(to.id);
}

/* ---- the list ---- */

static json_t *row_json(const Request *r, const json_t *message, GError **error)
{
    json_t *to = recipient_json(r, message, error);
    const char *state = json_text(message, "state");
    bool ended = strcmp(state, "sent") == 0 || strcmp(state, "failed") == 0;
    g_autofree char *name = message_words(r->view, r->language, message, "name");
    return to ? json_pack("{s:I, s:s, s:o, s:O, s:O, s:O, s:O, s:O, s:b, s:b, s:b}", "id", json_number(message, "id"), "name", name, "to", to,
                          "made_at", json_object_get(message, "made_at"), "out_by", json_object_get(message, "channel"), "message_state",
                          json_object_get(message, "state"), "tries", json_object_get(message, "tries"), "trouble",
                          json_object_get(message, "trouble"), "ended", ended, "may_again", strcmp(state, "waiting") == 0 || strcmp(state, "failed") == 0,
                          "may_give_up", strcmp(state, "waiting") == 0)
              : NULL;
}

static json_t *rows_json(const Request *r, const json_t *found, GError **error)
{
    g_autoptr(json_t) rows = json_array();
    for (size_t i = 0; i < MIN(json_array_size(found), ROWS); i++) {
        const json_t *message = json_array_get(found, i);
        json_t *row = row_json(r, message, error);
        if (!row)
            return NULL;
        json_object_set(row, "at", json_object_get(message, "at"));
        json_array_append_new(rows, row);
    }
    return g_steal_pointer(&rows);
}

static json_t *tabs_json(const Request *r, const char *here, GError **error)
{
    g_autoptr(json_t) tabs = json_array();
    for (size_t i = 0; lists[i]; i++) {
        int64_t count;
        g_autofree char *path = g_strconcat("/desk/outbox?list=", lists[i], NULL);
        if (!message_count(r->context.db, r->context.county, lists[i], COUNTED + 1, &count, error))
            return NULL;
        json_array_append_new(tabs, json_pack("{s:s, s:s, s:b, s:I, s:b}", "outbox_list", lists[i], "path", path, "is_here",
                                              strcmp(lists[i], here) == 0, "count", MIN(count, COUNTED), "more", count > COUNTED));
    }
    return g_steal_pointer(&tabs);
}

static void put_more(json_t *answer, const char *list, const json_t *found)
{
    const json_t *last = json_array_size(found) > ROWS ? json_array_get(found, ROWS - 1) : NULL;
    if (!last)
        return;
    g_autofree char *more = g_strdup_printf("/desk/outbox?list=%s&after_at=%" PRId64 "&after=%" PRId64, list, json_number(last, "at"),
                                            json_number(last, "id"));
    json_object_set_new(answer, "more", json_string(more));
}

json_t *outbox_list_show(Request *r, GError **error)
{
    const char *asked = json_text(r->fields, "list"), *list = *asked ? asked : lists[0];
    int64_t at = json_number(r->fields, "after_at"), id = json_number(r->fields, "after");
    bool rises = strcmp(list, "waiting") == 0;
    g_autoptr(json_t) found = message_list(r->context.db, r->context.county, list, at || rises ? at : INT64_MAX, id, ROWS + 1, error);
    g_autoptr(json_t) tabs = found ? tabs_json(r, list, error) : NULL;
    json_t *rows = tabs ? rows_json(r, found, error) : NULL;
    if (!rows)
        return NULL;
    json_t *answer = json_pack("{s:s, s:O, s:o, s:b}", "list", list, "tabs", tabs, "messages", rows, "none", json_array_size(rows) == 0);
    put_more(answer, list, found);
    return answer;
}

/* ---- what he can do ---- */

static json_t *move_to(Request *r, const json_t *before, MessageMove *to, GError **error)
{
    bool done;
    to->before = before;
    to->channel = json_text(before, "channel");
    to->lost = json_number(before, "lost");
    if (!message_move(&r->context, to, &done, error))
        return NULL;
    return done ? answer_redirect(r, "/desk/outbox") : refuse(error, CONFLICT, "outbox.in_hand", NULL);
}

static json_t *load_in(Request *r, const char *const *states, GError **error)
{
    g_autoptr(json_t) message = message_load(r->context.db, r->context.county, strtoll(r->path[0], NULL, 10), error);
    if (message && !g_strv_contains(states, json_text(message, "state")))
        return refuse(error, CONFLICT, "outbox.in_hand", NULL);
    return g_steal_pointer(&message);
}

json_t *outbox_try_again(Request *r, GError **error)
{
    static const char *const states[] = { "waiting", "failed", NULL };
    g_autoptr(json_t) message = load_in(r, states, error);
    MessageMove to = { .state = "waiting", .next_try = r->context.now, .trouble = message ? json_text(message, "trouble") : "" };
    return message ? move_to(r, message, &to, error) : NULL;
}

json_t *outbox_give_up(Request *r, GError **error)
{
    static const char *const states[] = { "waiting", NULL };
    g_autoptr(json_t) message = load_in(r, states, error);
    MessageMove to = { .state = "failed", .ended_at = r->context.now, .trouble = message ? json_text(message, "trouble") : "" };
    to.tries = json_number(message, "tries");
    return message ? move_to(r, message, &to, error) : NULL;
}

// SPDX-License-Identifier: Apache-2.0
/* The outbox as the system administrator sees it: the kind of each message, its channel and its last error, but neither its
 * text nor its recipient in clear. */
#include "outbox/room.h"
#include "outbox/store.h"

#include <stdlib.h>
#include <string.h>

/* ---- the recipient, masked ---- */

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

static json_t *desk_json(const Request *r, const Post *desk, GError **error)
{
    g_autoptr(json_t) organ = identity_organ(r->context.db, r->context.county, desk->organ, error);
    g_autoptr(json_t) place = organ ? identity_division(r->context.db, r->context.county, desk->division, error) : NULL;
    return place ? json_pack("{s:s, s:O, s:O, s:O, s:O, s:s}", "to_kind", "desk", "name", json_object_get(organ, "name"), "name_en",
                             json_object_get(organ, "name_en"), "place", json_object_get(place, "name"), "place_en",
                             json_object_get(place, "name_en"), "role", role_names[g_bit_nth_lsf(desk->roles, -1)])
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

/* ---- rows ---- */

static json_t *row_json(const Request *r, const void *data, GError **error)
{
    const json_t *message = data, *state = json_object_get(message, "state"), *ended_at = json_object_get(message, "ended_at");
    g_autoptr(json_t) to = recipient_json(r, message, error);
    g_autofree char *name = message_words(r->view, r->language, message, "name");
    bool waits = strcmp(json_string_value(state), "waiting") == 0, failed = strcmp(json_string_value(state), "failed") == 0;
    bool ended = json_integer_value(ended_at) > 0;
    return to ? json_pack("{s:I, s:s, s:O, s:O, s:O, s:O, s:O, s:O, s:b, s:b, s:b, s:O}", "id", g_ascii_strtoll(json_text(message, "id"), NULL, 10), "name", name,
                          "to", to, "made_at", json_object_get(message, "made_at"), "out_by", json_object_get(message, "channel"),
                          "message_state", state, "tries", json_object_get(message, "tries"), "trouble", json_object_get(message, "trouble"),
                          "ended", ended, "may_again", waits || failed, "may_give_up", waits, "at",
                          ended ? ended_at : json_object_get(message, "next_try"))
              : NULL;
}

static const ListReader reader = { .show = row_json };

/* ---- the list ---- */

/* Numbers of cases are masked in files too. */
static char *mask_recipient(const char *text)
{
    const char *number = g_str_has_prefix(text, "holder/") ? strchr(text, '/') + 1 : NULL;
    g_autofree char *masked = number ? mask_id(number) : NULL;
    return masked ? g_strconcat("holder/", masked, NULL) : g_strdup(text);
}

static const ListColumn columns[] = {
    { "id", LIST_NUMBER, .is_head = true },
    { "template", LIST_TEXT },
    { "recipient", LIST_TEXT, .mask = mask_recipient },
    { "made_at", LIST_INSTANT },
    { "channel", LIST_WORD, .words = "out_by" },
    { "state", LIST_WORD, .words = "message_state" },
    { "tries", LIST_INTEGER },
    { "next_try", LIST_INSTANT },
    { "ended_at", LIST_INSTANT },
    { "trouble", LIST_TEXT },
    { 0 },
};

const Field outbox_list_fields[] = {
    LIST_FIELDS,
    { .name = "channel", .kind = FIELD_CHOICE, .choices = outbox_channel_names },
    { 0 },
};

static const ListFilter filters[] = { { "channel", "channel", LIST_EQUAL }, { 0 } };

enum { BY_NEXT_TRY, BY_END };
static const ListOrder orders[] = {
    [BY_NEXT_TRY] = { "next_try", { "next_try", "id" } },
    [BY_END] = { "ended", { "ended_at", "id" }, true },
    { 0 },
};

static bool read_id(const char *text, int64_t *id)
{
    return g_ascii_string_to_signed(text, 10, 1, INT64_MAX, id, NULL);
}

static const ListTab tabs[] = {
    { "waiting", .scopes = { { .only = "next_try > 0" } }, .orders = 1 << BY_NEXT_TRY, .counted = true },
    { "sent", .scopes = { { .only = "state = 'sent'" } }, .orders = 1 << BY_END, .counted = true },
    { "failed", .scopes = { { .only = "state = 'failed'" } }, .orders = 1 << BY_END, .counted = true },
    { 0 },
};

const ListSpec outbox_list = {
    .name = "outbox", .room = "outbox", .path = "/desk/outbox", .table = "message", .key = "id", .columns = columns,
    .fields = outbox_list_fields, .filters = filters, .orders = orders, .tabs = tabs, .bound = 2000, .search.number = read_id,
    .rows = "messages", .reader = &reader,
};

/* ---- actions ---- */

/* Takes over `to`, the members that change. */
static json_t *move_from(Request *r, const char *const *states, json_t *to, GError **error)
{
    bool done = false;
    g_autoptr(json_t) changes = to, message = message_load(r->context.db, r->context.county, strtoll(r->path[0], NULL, 10), error);
    if (!message || (g_strv_contains(states, json_text(message, "state")) && !message_move(&r->context, message, changes, &done, error)))
        return NULL;
    return done ? answer_redirect(r, "/desk/outbox") : refuse(error, CONFLICT, "outbox.in_hand", NULL);
}

json_t *outbox_try_again(Request *r, GError **error)
{
    static const char *const states[] = { "waiting", "failed", NULL };
    return move_from(r, states, json_pack("{s:s, s:I, s:i, s:i}", "state", "waiting", "next_try", r->context.now, "tries", 0, "ended_at", 0), error);
}

json_t *outbox_give_up(Request *r, GError **error)
{
    static const char *const states[] = { "waiting", NULL };
    return move_from(r, states, json_pack("{s:s, s:i, s:I}", "state", "failed", "next_try", 0, "ended_at", r->context.now), error);
}

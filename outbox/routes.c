// SPDX-License-Identifier: Apache-2.0
/* The pages of messages: of a member of staff at /desk/messages, of the holder of a case at /messages. */
#include "outbox/room.h"
#include "outbox/store.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS = 30 };

/* ---- the list ---- */

static json_t *shown(const Request *r, const json_t *message, const char *base)
{
    g_autofree char *title = message_words(r->view, r->language, message, "title");
    g_autofree char *text = message_words(r->view, r->language, message, "text");
    g_autofree char *open = g_strdup_printf("%s/%" PRId64 "/open", base, json_number(message, "id"));
    return json_pack("{s:I, s:s, s:s, s:s, s:s, s:I, s:b, s:s}", "id", json_number(message, "id"), "template",
                     json_text(message, "template"), "title", title, "text", text, "path",
                     json_text(json_object_get(message, "data"), "path"), "made_at", json_number(message, "made_at"), "is_new",
                     json_number(message, "read_at") == 0, "open", open);
}

static bool add_inbox(const Request *r, const char *recipient, GPtrArray *out, GError **error)
{
    int64_t before = json_number(r->fields, "before");
    g_autoptr(json_t) some = message_inbox(r->context.db, r->context.county, recipient, before ? before : INT64_MAX, ROWS + 1, error);
    for (size_t i = 0; i < json_array_size(some); i++)
        g_ptr_array_add(out, json_incref(json_array_get(some, i)));
    return some != NULL;
}

static int newest_first(const void *a, const void *b)
{
    int64_t x = json_number(*(json_t *const *)a, "id"), y = json_number(*(json_t *const *)b, "id");
    return x > y ? -1 : x < y;
}

/* The newest messages of all recipients that the actor reads for, newest first. */
static GPtrArray *read_inboxes(const Request *r, GError **error)
{
    g_autoptr(GPtrArray) recipients = recipients_of(r->context.actor);
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func((GDestroyNotify)json_decref);
    for (guint i = 0; i < recipients->len; i++)
        if (!add_inbox(r, recipients->pdata[i], found, error))
            return NULL;
    g_ptr_array_sort(found, newest_first);
    return g_steal_pointer(&found);
}

static const char *base_of(const Request *r)
{
    return g_str_has_prefix(r->route, "/desk/") ? "/desk/messages" : "/messages";
}

static json_t *list_json(const Request *r, const GPtrArray *found)
{
    const char *base = base_of(r);
    json_t *messages = json_array();
    bool any_new = false;
    for (guint i = 0; i < MIN(found->len, ROWS); i++) {
        json_array_append_new(messages, shown(r, found->pdata[i], base));
        any_new |= json_number(found->pdata[i], "read_at") == 0;
    }
    g_autofree char *read = g_strconcat(base, "/read", NULL);
    return json_pack("{s:o, s:b, s:s, s:b, s:I}", "messages", messages, "none", found->len == 0, "read", read, "any_new", any_new, "newest",
                     found->len ? json_number(found->pdata[0], "id") : 0);
}

static void put_more(const Request *r, const GPtrArray *found, json_t *answer)
{
    if (found->len <= ROWS)
        return;
    g_autofree char *more = g_strdup_printf("%s?before=%" PRId64, base_of(r), json_number(found->pdata[ROWS - 1], "id"));
    json_object_set_new(answer, "more", json_string(more));
}

/* Only members of staff are asked for a mail address, and only where the centre sends mail. */
static bool put_mail(const Request *r, json_t *answer, GError **error)
{
    if (r->context.actor->kind != STAFF)
        return true;
    g_autoptr(json_t) recorded = channels_recorded(r->context.db, r->context.county, error);
    g_autoptr(json_t) address = recorded ? mail_address_of(r->context.db, r->context.county, r->context.actor->id, error) : NULL;
    json_object_set_new(answer, "mail", json_boolean(json_flag(recorded, outbox_channel_names[MAIL])));
    json_object_set(answer, "address", json_object_get(address, "address"));
    return address != NULL;
}

static json_t *show_messages(Request *r, GError **error)
{
    g_autoptr(GPtrArray) found = read_inboxes(r, error);
    g_autoptr(json_t) answer = found ? list_json(r, found) : NULL;
    if (!answer || !put_mail(r, answer, error))
        return NULL;
    put_more(r, found, answer);
    return g_steal_pointer(&answer);
}

/* ---- reading ---- */

/* A message for somebody else counts as not there. */
static json_t *load_own(const Request *r, GError **error)
{
    g_autoptr(json_t) message = message_load(r->context.db, r->context.county, strtoll(r->path[0], NULL, 10), error);
    if (message && !message_is_for(message, r->context.actor))
        return refuse(error, NOT_FOUND, "outbox.no_message", NULL);
    return g_steal_pointer(&message);
}

static json_t *open_message(Request *r, GError **error)
{
    g_autoptr(json_t) message = load_own(r, error);
    if (!message || !message_read_one(&r->context, json_number(message, "id"), error))
        return NULL;
    return answer_redirect(r, json_text(json_object_get(message, "data"), "path"));
}

static json_t *read_all(Request *r, GError **error)
{
    g_autoptr(GPtrArray) recipients = recipients_of(r->context.actor);
    for (guint i = 0; i < recipients->len; i++)
        if (!message_read(&r->context, recipients->pdata[i], json_number(r->fields, "until"), error))
            return NULL;
    return answer_redirect(r, base_of(r));
}

/* ---- where mail goes ---- */

static json_t *set_address(Request *r, GError **error)
{
    if (!mail_address_put(&r->context, r->context.actor->id, json_text(r->fields, "address"), r->language, error))
        return NULL;
    return answer_redirect(r, "/desk/messages");
}

static const Field list_fields[] = { { .name = "before", .kind = FIELD_INTEGER, .most = INT64_MAX }, { 0 } };
static const Field read_fields[] = { { .name = "until", .kind = FIELD_INTEGER, .most = INT64_MAX, .required = true, .look = LOOK_HIDDEN, .value = "newest" }, { 0 } };
static const Field address_fields[] = {
    { .name = "address", .most = 254, .check = mail_address_check, .look = LOOK_EXACT, .autocomplete = "email", .hint = "outbox.hints.address", .value = "address" },
    { 0 },
};

const Route outbox_routes[] = {
    { "GET", "/desk/messages", ANY_ROLE, show_messages, "outbox/messages", list_fields, NULL, NULL,
      "What the centre has told who is signed in and his desks, newest first" },
    { "POST", "/desk/messages/read", ANY_ROLE, read_all, "outbox/messages", read_fields, NULL, "/desk/messages",
      "Mark one's messages as read, up to one of them" },
    { "POST", "/desk/messages/address", ANY_ROLE, set_address, "outbox/messages", address_fields, NULL, "/desk/messages",
      "Say where one's messages are sent by mail; without an address nowhere" },
    { "POST", "/desk/messages/{message}/open", ANY_ROLE, open_message, "outbox/messages", NULL, NULL, "/desk/messages",
      "Mark a message as read and go to what it is about" },
    { "GET", "/messages", HOLDERS, show_messages, "outbox/own", list_fields, NULL, NULL,
      "What the centre has told the holder of a case, newest first" },
    { "POST", "/messages/read", HOLDERS, read_all, "outbox/own", read_fields, NULL, "/messages",
      "Mark the messages of a case as read, up to one of them" },
    { "POST", "/messages/{message}/open", HOLDERS, open_message, "outbox/own", NULL, NULL, "/messages",
      "Mark a message as read and go to what it is about" },
    { "GET", "/desk/outbox", SYSTEM_ADMINISTRATOR, list_page, "outbox/outbox", outbox_list_fields, NULL, NULL,
      "Messages that wait to be sent, were sent or could not be sent" },
    { "POST", "/desk/outbox/{message}/again", SYSTEM_ADMINISTRATOR, outbox_try_again, "outbox/outbox", NULL, NULL, "/desk/outbox",
      "Try at once to send a message that waits or has failed" },
    { "POST", "/desk/outbox/{message}/give-up", SYSTEM_ADMINISTRATOR, outbox_give_up, "outbox/outbox", NULL, NULL, "/desk/outbox",
      "Give up a message that waits to be sent" },
    { 0 },
};

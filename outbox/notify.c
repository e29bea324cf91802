// SPDX-License-Identifier: Apache-2.0
/* Messages are written in the transaction of their action, and shown from then on. */
#include "outbox/room.h"
#include "outbox/store.h"

#include <stdio.h>
#include <string.h>

/* ---- templates ---- */

static const char *const parts[] = { "name", "title", "text", NULL };
static const char *const nothing[] = { NULL };

bool outbox_check(const View *view, const MessageTemplate *templates, GError **error)
{
    for (; templates->key; templates++)
        for (size_t i = 0; parts[i]; i++) {
            g_autofree char *key = g_strconcat(templates->key, ".", parts[i], NULL);
            if (!view_word_fits(view, key, i == 0 ? nothing : templates->names, error))
                return false;
        }
    return true;
}

char *message_words(const View *view, enum language language, const json_t *message, const char *part)
{
    g_autofree char *key = g_strconcat(json_text(message, "template"), ".", part, NULL);
    return view_sentence(view, language, key, json_object_get(message, "data"));
}

/* ---- recipients ---- */

char *recipient_text(const MessageTo *to)
{
    if (to->kind == TO_DESK)
        return g_strdup_printf("desk/%" PRId64 "/%" PRId64 "/%u", to->desk.organ, to->desk.division, to->desk.roles);
    return g_strdup_printf("%s/%" PRId64, to->kind == TO_STAFF ? "staff" : "holder", to->id);
}

bool recipient_read(const char *text, MessageTo *out)
{
    *out = (MessageTo){ .kind = TO_DESK };
    if (sscanf(text, "desk/%" SCNd64 "/%" SCNd64 "/%u", &out->desk.organ, &out->desk.division, &out->desk.roles) == 3)
        return true;
    out->kind = g_str_has_prefix(text, "staff/") ? TO_STAFF : TO_HOLDER;
    return sscanf(text, out->kind == TO_STAFF ? "staff/%" SCNd64 : "holder/%" SCNd64, &out->id) == 1;
}

static void add_desks(GPtrArray *out, const Post *post)
{
    for (unsigned role = 1; role <= post->roles; role <<= 1) {
        const MessageTo desk = to_desk(post->organ, post->division, role);
        if (post->roles & role)
            g_ptr_array_add(out, recipient_text(&desk));
    }
}

GPtrArray *recipients_of(const Actor *actor)
{
    GPtrArray *out = g_ptr_array_new_with_free_func(g_free);
    const MessageTo own = actor->kind == STAFF ? to_staff(actor->id) : to_holder(actor->id);
    if (actor->kind == STAFF || actor->kind == HOLDER)
        g_ptr_array_add(out, recipient_text(&own));
    for (size_t i = 0; actor->kind == HOLDER && i < actor->case_count; i++) {
        const MessageTo other = to_holder(actor->cases[i]);
        if (other.id != own.id)
            g_ptr_array_add(out, recipient_text(&other));
    }
    for (size_t i = 0; i < actor->post_count; i++)
        add_desks(out, &actor->posts[i]);
    return out;
}

bool message_is_for(const json_t *message, const Actor *actor)
{
    g_autoptr(GPtrArray) recipients = recipients_of(actor);
    return g_ptr_array_find_with_equal_func(recipients, json_text(message, "recipient"), g_str_equal, NULL);
}

/* ---- telling ---- */

/* Mail goes to staff, who say where they want it; a text message to an applicant. */
static const char *channel_to(const json_t *recorded, const MessageTo *to)
{
    const char *channel = outbox_channel_names[to->kind == TO_HOLDER ? HOOK : MAIL];
    return json_flag(recorded, channel) ? channel : "page";
}

static bool has_all(const json_t *data, const MessageTemplate *template, GError **error)
{
    if (!*json_text(data, "path"))
        return fault(error, "a message of %s without the path that it is about", template->key);
    for (const char *const *name = template->names; *name; name++)
        if (!json_object_get(data, *name))
            return fault(error, "a message of %s without its %s", template->key, *name);
    return true;
}

bool notify(const Context *context, const MessageTo *to, const MessageTemplate *template, const json_t *data, GError **error)
{
    g_autoptr(json_t) recorded = has_all(data, template, error) ? channels_recorded(context->db, context->county, error) : NULL;
    if (!recorded)
        return false;
    const char *channel = channel_to(recorded, to);
    bool goes_out = strcmp(channel, "page") != 0;
    g_autofree char *recipient = recipient_text(to), *text = json_canonical(data);
    const MessageRow row = { .recipient = recipient, .template = template->key, .data = text,
                             .channel = channel, .state = goes_out ? "waiting" : "shown", .next_try = goes_out ? context->now : 0 };
    return message_insert(context, &row, error);
}

/* ---- the head of a page ---- */

enum { UNREAD_MOST = 99 };

static bool count_unread(const Request *r, int64_t *unread, GError **error)
{
    g_autoptr(GPtrArray) recipients = recipients_of(r->context.actor);
    *unread = 0;
    for (guint i = 0; i < recipients->len && *unread <= UNREAD_MOST; i += RECIPIENTS_AT_ONCE) {
        int64_t some;
        const char *these[RECIPIENTS_AT_ONCE];
        for (guint k = 0; k < RECIPIENTS_AT_ONCE; k++)
            these[k] = i + k < recipients->len ? recipients->pdata[i + k] : "";
        if (!message_unread(r->context.db, r->context.county, these, UNREAD_MOST + 1, &some, error))
            return false;
        *unread += some;
    }
    return true;
}

json_t *outbox_describe_actor(const Request *r)
{
    int64_t unread = 0;
    g_autoptr(GError) error = NULL;
    json_t *shown = identity_describe_actor(r);
    bool is_staff = r->context.actor->kind == STAFF;
    if (r->context.db && count_unread(r, &unread, &error))
        json_object_set_new(shown, "messages", json_pack("{s:s, s:I, s:b}", "path", is_staff ? "/desk/messages" : "/messages", "unread",
                                                         MIN(unread, UNREAD_MOST), "more", unread > UNREAD_MOST));
    if (error)
        trouble_warn(error, "unread messages cannot be counted"); /* the page itself is shown */
    return shown;
}

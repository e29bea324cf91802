// SPDX-License-Identifier: Apache-2.0
/* The channels by which a centre sends messages, as its server is started with them. */
#include "outbox/room.h"
#include "outbox/store.h"

#include <curl/curl.h>
#include <string.h>

const char *const outbox_channel_names[CHANNELS + 1] = { [MAIL] = "mail", [HOOK] = "hook" };

bool channel_is_open(const Outbox *self, enum channel_kind channel)
{
    return channel == MAIL ? self->smtp != NULL : self->hook != NULL;
}

void *channel_ask(const char *url, const char *protocols, int seconds)
{
    enum { CONNECT_S = 5 };
    CURL *curl = curl_easy_init();
    g_assert(curl); /* NULL only where there is no memory */
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, protocols);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)seconds);
    return curl;
}

/* ---- opening ---- */

/* An address of host and port alone: libcurl would take options from a path, a user or a query. */
static bool is_smtp(const char *address)
{
    bool known = g_str_has_prefix(address, "smtp://") || g_str_has_prefix(address, "smtps://");
    const char *host = known ? strstr(address, "://") + 3 : "";
    return *host && *host != ':' && strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:-[]") == strlen(host);
}

static bool mail_fits(const OutboxSettings *settings, GError **error)
{
    g_autofree char *from = settings->mail_from ? mail_address_check(settings->mail_from, NULL) : NULL;
    if (!settings->smtp)
        return true;
    if (!is_smtp(settings->smtp))
        return refuse(error, BAD_INPUT, "outbox.smtp_form", "address", settings->smtp, NULL);
    return from || refuse(error, BAD_INPUT, "outbox.mail_from_form", NULL);
}

static bool hook_fits(const OutboxSettings *settings, GError **error)
{
    if (!settings->hook)
        return true;
    if (!call_address_fits(settings->hook))
        return refuse(error, BAD_INPUT, "outbox.hook_form", "address", settings->hook, NULL);
    return (settings->hook_secret && strlen(settings->hook_secret) >= SIGNING_SECRET_LEAST) ||
           refuse(error, BAD_INPUT, "outbox.hook_secret", NULL);
}

Outbox *outbox_open(const OutboxSettings *settings, GError **error)
{
    if (!mail_fits(settings, error) || !hook_fits(settings, error))
        return NULL;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    Outbox *self = g_new0(Outbox, 1);
    *self = (Outbox){ .smtp = g_strdup(settings->smtp), .mail_from = g_strdup(settings->mail_from), .mail_user = g_strdup(settings->mail_user),
                      .mail_password = g_strdup(settings->mail_password), .hook = g_strdup(settings->hook),
                      .hook_secret = g_strdup(settings->hook_secret), .clock = settings->clock };
    return self;
}

void outbox_close(Outbox *self)
{
    if (!self)
        return;
    g_clear_pointer(&self->worker, worker_end);
    char *texts[] = { self->smtp, self->mail_from, self->mail_user, self->mail_password, self->hook, self->hook_secret };
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    g_free(self);
}

bool outbox_record(const Outbox *self, const Context *context, GError **error)
{
    g_autoptr(json_t) recorded = channels_recorded(context->db, context->county, error);
    bool well = recorded != NULL;
    for (enum channel_kind channel = MAIL; well && channel < CHANNELS; channel++) {
        bool there = channel_is_open(self, channel);
        if (there != json_flag(recorded, outbox_channel_names[channel]))
            well = channel_record(context, outbox_channel_names[channel], there, error);
    }
    return well;
}

// SPDX-License-Identifier: Apache-2.0
/* A signed request to another machine, as the web hook and the sources of papers send it. */
#include "outbox/room.h"

#include <curl/curl.h>
#include <string.h>

bool call_address_fits(const char *address)
{
    bool secret = g_str_has_prefix(address, "https://") || (g_str_has_prefix(address, "http://") && address_is_local(address));
    const char *host = secret ? strstr(address, "://") + 3 : "";
    return *host && *host != '/' && !strpbrk(address, "@# ") && g_str_is_ascii(address);
}

char *call_signature(const char *secret, Instant now, const char *body)
{
    g_autofree char *text = g_strdup_printf("%" PRId64 ".%s", now / 1000, body);
    g_autofree char *signature = g_compute_hmac_for_string(G_CHECKSUM_SHA256, (const guchar *)secret, strlen(secret), text, -1);
    return g_strdup_printf("t=%" PRId64 ",v1=%s", now / 1000, signature);
}

static size_t on_answer(char *bytes, size_t one, size_t count, void *data)
{
    Call *self = data;
    (void)one; /* always 1 */
    size_t room = self->most - MIN(self->answer->len, self->most);
    self->is_too_long = self->is_too_long || count > room;
    g_string_append_len(self->answer, bytes, (gssize)MIN(count, room));
    return self->is_too_long && !self->is_short ? 0 : count;
}

void call_begin(Call *self, const CallRequest *request)
{
    g_autofree char *signature = call_signature(request->secret, request->now, request->body);
    g_autofree char *signed_by = g_strconcat("X-Pinghu-Signature: ", signature, NULL), *key = g_strconcat("Idempotency-Key: ", request->key, NULL);
    const char *const headers[] = { "Content-Type: application/json", key, signed_by, "Expect:" }; /* small servers do not say "100 Continue" */
    *self = (Call){ .curl = channel_ask(request->address, "http,https", request->seconds), .body = g_strdup(request->body),
                    .answer = g_string_new(NULL), .most = request->most, .is_short = request->is_short };
    for (size_t i = 0; i < G_N_ELEMENTS(headers); i++)
        self->headers = curl_slist_append(self->headers, headers[i]);
    curl_easy_setopt(self->curl, CURLOPT_HTTPHEADER, self->headers);
    curl_easy_setopt(self->curl, CURLOPT_USERAGENT, "pinghu");
    curl_easy_setopt(self->curl, CURLOPT_POSTFIELDS, self->body);
    curl_easy_setopt(self->curl, CURLOPT_WRITEFUNCTION, on_answer);
    curl_easy_setopt(self->curl, CURLOPT_WRITEDATA, self);
}

long call_status(const Call *self, int result)
{
    long status = 0;
    if (result == CURLE_OK)
        curl_easy_getinfo(self->curl, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

void call_clear(Call *self)
{
    if (!self->curl)
        return;
    curl_easy_cleanup(self->curl);
    curl_slist_free_all(self->headers);
    g_free(self->body);
    g_string_free(self->answer, TRUE);
}

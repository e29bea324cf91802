// SPDX-License-Identifier: Apache-2.0
/* The web hook: a message is posted as JSON to an address of the county, such as its gateway for text messages, and signed so that
 * the gateway can check its sender. */
#include "outbox/room.h"

#include <curl/curl.h>
#include <string.h>

enum { WHOLE_S = 20, TOLD_MOST = 200 };

char *hook_body(const Letter *letter)
{
    g_autoptr(json_t) body = json_pack("{s:s, s:s, s:I, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:I}", "id", letter->id, "link", letter->link, "county", letter->county, "to",
                                       letter->recipient, "telephone", letter->telephone, "template", letter->template, "language",
                                       letter->language, "title", letter->title, "text", letter->text, "made_at", letter->made_at, "try",
                                       letter->tries);
    return json_canonical(body);
}

char *hook_signature(const char *secret, Instant now, const char *body)
{
    g_autofree char *text = g_strdup_printf("%" PRId64 ".%s", now / 1000, body);
    g_autofree char *signature = g_compute_hmac_for_string(G_CHECKSUM_SHA256, (const guchar *)secret, strlen(secret), text, -1);
    return g_strdup_printf("t=%" PRId64 ",v1=%s", now / 1000, signature);
}

/* ---- asking ---- */

typedef struct Call {
    CURL *curl;
    struct curl_slist *headers;
    char *body;
    GString *told;
} Call;

static void call_clear(Call *self)
{
    curl_easy_cleanup(self->curl);
    curl_slist_free_all(self->headers);
    g_free(self->body);
    g_string_free(self->told, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Call, call_clear)

static size_t on_response(char *bytes, size_t one, size_t count, void *data)
{
    GString *told = data;
    (void)one; /* always 1 */
    g_string_append_len(told, bytes, (gssize)MIN(count, TOLD_MOST - MIN(told->len, TOLD_MOST)));
    return count;
}

static void prepare(Call *self, const Outbox *outbox, const Letter *letter)
{
    g_autofree char *signature = hook_signature(outbox->hook_secret, letter->now, self->body);
    g_autofree char *signed_by = g_strconcat("X-Pinghu-Signature: ", signature, NULL), *key = g_strconcat("Idempotency-Key: ", letter->id, NULL);
    const char *const headers[] = { "Content-Type: application/json", key, signed_by, "Expect:" }; /* small servers do not say "100 Continue" */
    for (size_t i = 0; i < G_N_ELEMENTS(headers); i++)
        self->headers = curl_slist_append(self->headers, headers[i]);
    curl_easy_setopt(self->curl, CURLOPT_HTTPHEADER, self->headers);
    curl_easy_setopt(self->curl, CURLOPT_USERAGENT, "pinghu");
    curl_easy_setopt(self->curl, CURLOPT_POSTFIELDS, self->body);
    curl_easy_setopt(self->curl, CURLOPT_WRITEFUNCTION, on_response);
    curl_easy_setopt(self->curl, CURLOPT_WRITEDATA, self->told);
}

/* The statuses 408 and 429 ask to wait; other 4xx would be refused again. Redirections are not followed. */
static enum outcome outcome_of(long status)
{
    if (status >= 200 && status < 300)
        return WENT_OUT;
    if (status == 0 || (status >= 502 && status <= 504))
        return IS_AWAY;
    return status == 408 || status == 429 || status >= 500 ? TRY_AGAIN : NEVER;
}

enum outcome hook_send(const Outbox *self, const Letter *letter, char **trouble)
{
    long status = 0;
    g_auto(Call) call = { .curl = channel_ask(self->hook, "http,https", WHOLE_S), .body = hook_body(letter), .told = g_string_new(NULL) };
    prepare(&call, self, letter);
    CURLcode why = curl_easy_perform(call.curl);
    if (why == CURLE_OK)
        curl_easy_getinfo(call.curl, CURLINFO_RESPONSE_CODE, &status);
    enum outcome outcome = outcome_of(status);
    g_autofree char *answer = g_strdup_printf("HTTP %ld %s", status, call.told->str);
    if (outcome != WENT_OUT)
        *trouble = mail_told(why == CURLE_OK ? answer : curl_easy_strerror(why));
    return outcome;
}

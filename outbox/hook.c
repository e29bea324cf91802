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
    g_autofree char *body = hook_body(letter);
    const CallRequest request = { .address = self->hook,
                                  .secret = self->hook_secret,
                                  .key = letter->id,
                                  .body = body,
                                  .now = letter->now,
                                  .seconds = WHOLE_S,
                                  .most = TOLD_MOST,
                                  .is_short = true };
    g_auto(Call) call = { 0 };
    call_begin(&call, &request);
    CURLcode why = curl_easy_perform(call.curl);
    long status = call_status(&call, (int)why);
    enum outcome outcome = outcome_of(status);
    g_autofree char *answer = g_strdup_printf("HTTP %ld %s", status, call.answer->str);
    if (outcome != WENT_OUT)
        *trouble = mail_told(why == CURLE_OK ? answer : curl_easy_strerror(why));
    return outcome;
}

// SPDX-License-Identifier: Apache-2.0
#include "ledger/fetch.h"

#include <curl/curl.h>

struct Fetcher {
    CURL *curl;
    const atomic_bool *stop;
    Answer answer; /* to the question under way */
};

static size_t collect(char *bytes, size_t one, size_t count, void *data)
{
    Answer *self = data;
    (void)one; /* always 1 */
    self->large = self->text->len + count > self->most;
    if (self->large)
        return 0;
    g_string_append_len(self->text, bytes, (gssize)count);
    return count;
}

void *answer_handle(Answer *answer)
{
    CURL *curl = curl_easy_init();
    g_assert(curl); /* NULL only where there is no memory */
    answer->text = g_string_new(NULL);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "pinghu");
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, collect);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, answer);
    return curl;
}

void answer_begin(Answer *self)
{
    self->large = false;
    g_string_truncate(self->text, 0);
}

static int is_stopped(void *data, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const Fetcher *self = data;
    (void)a, (void)b, (void)c, (void)d;
    return self->stop && atomic_load(self->stop);
}

Fetcher *fetch_open(int seconds, size_t most, const atomic_bool *stop)
{
    Fetcher *self = g_new0(Fetcher, 1);
    *self = (Fetcher){ .stop = stop, .answer.most = most };
    self->curl = answer_handle(&self->answer);
    curl_easy_setopt(self->curl, CURLOPT_TIMEOUT, (long)seconds);
    curl_easy_setopt(self->curl, CURLOPT_XFERINFOFUNCTION, is_stopped);
    curl_easy_setopt(self->curl, CURLOPT_XFERINFODATA, self);
    curl_easy_setopt(self->curl, CURLOPT_NOPROGRESS, 0L);
    return self;
}

void fetch_close(Fetcher *self)
{
    if (!self)
        return;
    curl_easy_cleanup(self->curl);
    g_string_free(self->answer.text, TRUE);
    g_free(self);
}

void fetched_clear(Fetched *self)
{
    g_clear_pointer(&self->body, g_free);
}

static void set_question(Fetcher *self, const char *url, const char *body, struct curl_slist *headers)
{
    curl_easy_setopt(self->curl, CURLOPT_URL, url);
    curl_easy_setopt(self->curl, CURLOPT_HTTPHEADER, headers);
    if (body)
        curl_easy_setopt(self->curl, CURLOPT_POSTFIELDSIZE, -1L); /* as long as the text is */
    if (body)
        curl_easy_setopt(self->curl, CURLOPT_COPYPOSTFIELDS, body);
    else
        curl_easy_setopt(self->curl, CURLOPT_HTTPGET, 1L);
}

bool fetch(Fetcher *self, const char *url, const char *body, Fetched *out, GError **error)
{
    long status = 0;
    /* No waiting for "100 Continue", which small servers do not say; and the body is text. */
    struct curl_slist *headers = curl_slist_append(NULL, "Expect:");
    headers = body ? curl_slist_append(headers, "Content-Type: text/plain; charset=utf-8") : headers;
    *out = (Fetched){ 0 };
    answer_begin(&self->answer);
    set_question(self, url, body, headers);
    CURLcode why = curl_easy_perform(self->curl);
    curl_easy_setopt(self->curl, CURLOPT_HTTPHEADER, NULL);
    curl_slist_free_all(headers);
    if (self->answer.large)
        return refuse(error, TOO_LARGE, "ledger.large_answer", "url", url, NULL);
    if (why != CURLE_OK)
        return refuse(error, NOT_FOUND, "ledger.no_answer", "url", url, "why", curl_easy_strerror(why), NULL);
    curl_easy_getinfo(self->curl, CURLINFO_RESPONSE_CODE, &status);
    *out = (Fetched){ (unsigned)status, g_memdup2(self->answer.text->str, self->answer.text->len + 1), self->answer.text->len };
    return true;
}

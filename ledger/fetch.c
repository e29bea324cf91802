// SPDX-License-Identifier: Apache-2.0
#include "ledger/fetch.h"

#include <curl/curl.h>

enum {
    CONNECT_SECONDS = 10,
    SLOWEST_BYTES = 1024, /* a second, for … */
    SLOWEST_SECONDS = 10,
    PAUSE_SECONDS = 30, /* the longest that a busy server may ask us to wait */
};

typedef struct Question {
    CURL *curl;
    char *url;
    GString *text; /* the answer as it comes in, of at most … */
    size_t most;   /* bytes */
    bool large;    /* it was cut off, because it had more */
    CURLcode why;
    char trouble[CURL_ERROR_SIZE];
    bool asked;
    int tries;
    int64_t again; /* when to ask again, by the monotonic clock; 0: not waiting for it */
} Question;

struct Gather {
    CURLM *all;
    struct curl_slist *headers; /* of a text */
    int tries;
    const atomic_bool *stop;
    size_t first, count; /* of the ring */
    Question ring[GATHER_AT_ONCE];
};

/* ---- one question ---- */

static size_t collect(char *bytes, size_t one, size_t count, void *data)
{
    Question *self = data;
    (void)one; /* always 1 */
    self->large = self->text->len + count > self->most;
    if (self->large)
        return 0;
    g_string_append_len(self->text, bytes, (gssize)count);
    return count;
}

static void question_open(Question *self, int seconds)
{
    self->curl = curl_easy_init();
    g_assert(self->curl); /* NULL only where there is no memory */
    self->text = g_string_new(NULL);
    curl_easy_setopt(self->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(self->curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(self->curl, CURLOPT_USERAGENT, "pinghu");
    curl_easy_setopt(self->curl, CURLOPT_CONNECTTIMEOUT, (long)MIN(seconds, CONNECT_SECONDS));
    curl_easy_setopt(self->curl, CURLOPT_TIMEOUT, (long)seconds);
    curl_easy_setopt(self->curl, CURLOPT_LOW_SPEED_LIMIT, (long)SLOWEST_BYTES);
    curl_easy_setopt(self->curl, CURLOPT_LOW_SPEED_TIME, (long)SLOWEST_SECONDS);
    curl_easy_setopt(self->curl, CURLOPT_ACCEPT_ENCODING, ""); /* every encoding that it can unpack */
    curl_easy_setopt(self->curl, CURLOPT_WRITEFUNCTION, collect);
    curl_easy_setopt(self->curl, CURLOPT_WRITEDATA, self);
    curl_easy_setopt(self->curl, CURLOPT_PRIVATE, self);
    curl_easy_setopt(self->curl, CURLOPT_ERRORBUFFER, self->trouble);
}

static void start(Gather *all, Question *self)
{
    self->tries++;
    self->again = 0;
    self->large = false;
    self->trouble[0] = '\0';
    g_string_truncate(self->text, 0);
    curl_multi_add_handle(all->all, self->curl);
}

static unsigned status_of(const Question *self)
{
    long status = 0;
    curl_easy_getinfo(self->curl, CURLINFO_RESPONSE_CODE, &status);
    return (unsigned)status;
}

void fetched_clear(Fetched *self)
{
    g_clear_pointer(&self->body, g_free);
}

static bool answered(Question *self, Fetched *out, GError **error)
{
    const char *to = NULL, *why = self->trouble[0] ? self->trouble : curl_easy_strerror(self->why);
    *out = (Fetched){ 0 };
    if (self->large)
        return refuse(error, TOO_LARGE, "ledger.large_answer", "url", self->url, NULL);
    if (self->why != CURLE_OK)
        return refuse(error, NOT_FOUND, "ledger.no_answer", "url", self->url, "why", why, NULL);
    curl_easy_getinfo(self->curl, CURLINFO_REDIRECT_URL, &to);
    if (to)
        return refuse(error, CONFLICT, "ledger.moved_answer", "url", self->url, "to", to, NULL);
    gsize length = self->text->len;
    *out = (Fetched){ status_of(self), g_string_free(self->text, FALSE), length };
    self->text = g_string_new(NULL);
    return true;
}

/* ---- a few at once ---- */

/* Did the server say or show that it has no time now? */
static bool is_busy(const Question *self)
{
    static const CURLcode unheard[] = { CURLE_COULDNT_CONNECT, CURLE_GOT_NOTHING, CURLE_SEND_ERROR, CURLE_RECV_ERROR };
    for (size_t i = 0; i < G_N_ELEMENTS(unheard); i++)
        if (self->why == unheard[i])
            return true;
    return self->why == CURLE_OK && (status_of(self) == BUSY || status_of(self) == TOO_MANY);
}

/* The pause is what the server asks for, else longer each time. */
static int64_t pause_of(const Question *self)
{
    curl_off_t asked = 0;
    curl_easy_getinfo(self->curl, CURLINFO_RETRY_AFTER, &asked);
    return G_USEC_PER_SEC * (asked > 0 ? MIN(asked, PAUSE_SECONDS) : 1 << (self->tries - 1)) / (asked > 0 ? 1 : 4);
}

static void finish(Gather *all, Question *self, CURLcode why)
{
    self->why = why;
    self->again = 0;
    curl_multi_remove_handle(all->all, self->curl);
    if (is_busy(self) && self->tries < all->tries)
        self->again = g_get_monotonic_time() + pause_of(self);
    else
        self->asked = false;
}

/* Small servers do not say "100 Continue", so nobody waits for it. */
Gather *gather_open(int seconds, int tries, const atomic_bool *stop)
{
    Gather *self = g_new0(Gather, 1);
    *self = (Gather){ .all = curl_multi_init(), .headers = curl_slist_append(NULL, "Expect:"), .tries = tries, .stop = stop };
    self->headers = curl_slist_append(self->headers, "Content-Type: text/plain; charset=utf-8");
    g_assert(self->all);
    for (size_t i = 0; i < GATHER_AT_ONCE; i++)
        question_open(&self->ring[i], seconds);
    return self;
}

void gather_close(Gather *self)
{
    if (!self)
        return;
    for (size_t i = 0; i < GATHER_AT_ONCE; i++) {
        Question *one = &self->ring[i];
        curl_multi_remove_handle(self->all, one->curl);
        curl_easy_cleanup(one->curl);
        g_string_free(one->text, TRUE);
        g_free(one->url);
    }
    curl_slist_free_all(self->headers);
    curl_multi_cleanup(self->all);
    g_free(self);
}

size_t gather_waiting(const Gather *self)
{
    return self->count;
}

void gather_ask(Gather *self, const char *url, const char *body, size_t most)
{
    g_assert(self->count < GATHER_AT_ONCE);
    Question *one = &self->ring[(self->first + self->count++) % GATHER_AT_ONCE];
    g_free(one->url);
    one->url = g_strdup(url);
    one->most = most;
    one->asked = true;
    one->tries = 0;
    curl_easy_setopt(one->curl, CURLOPT_URL, url);
    curl_easy_setopt(one->curl, CURLOPT_HTTPHEADER, body ? self->headers : NULL);
    if (body)
        curl_easy_setopt(one->curl, CURLOPT_COPYPOSTFIELDS, body);
    else
        curl_easy_setopt(one->curl, CURLOPT_HTTPGET, 1L);
    start(self, one);
}

static void finish_some(Gather *self)
{
    int left;
    for (CURLMsg *told; (told = curl_multi_info_read(self->all, &left));) {
        char *one = NULL;
        CURLcode why = told->data.result;
        curl_easy_getinfo(told->easy_handle, CURLINFO_PRIVATE, &one);
        finish(self, (Question *)(void *)one, why);
    }
}

static void start_again(Gather *self)
{
    int64_t now = g_get_monotonic_time();
    for (size_t i = 0; i < GATHER_AT_ONCE; i++)
        if (self->ring[i].again && self->ring[i].again <= now)
            start(self, &self->ring[i]);
}

bool gather_take(Gather *self, Fetched *out, GError **error)
{
    enum { LOOK_AGAIN_MS = 100 };
    int running;
    Question *one = &self->ring[self->first];
    while (one->asked) {
        start_again(self);
        curl_multi_perform(self->all, &running);
        finish_some(self);
        if (one->asked && self->stop && atomic_load(self->stop))
            finish(self, one, CURLE_ABORTED_BY_CALLBACK);
        if (one->asked)
            curl_multi_poll(self->all, NULL, 0, LOOK_AGAIN_MS, NULL);
    }
    self->first = (self->first + 1) % GATHER_AT_ONCE;
    self->count--;
    return answered(one, out, error);
}

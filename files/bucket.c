// SPDX-License-Identifier: Apache-2.0
/* AWS Signature Version 4, which S3 stores of all makers ask for, is libcurl's; here are the questions and what the answers
 * mean. An object is put by a whole request or not at all, and twice the same is the same. */
#include "files/bucket.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    CONNECT_S = 5, WHOLE_S = 60,
    SLOW_S = 20, SLOW_BYTES = 100, /* fewer a second for so long: it hangs */
    TOLD_MOST = 300, /* bytes of what a store says to its refusal */
};

struct Bucket {
    char *address; /* without a slash at its end */
    char *keys;    /* "key:secret" */
    char *signing; /* as libcurl has it: "aws:amz:region:s3" */
};

/* ---- what is configured ---- */

/* https, a host, and a bucket behind it; what is signed must not be read on the way, but by this machine itself. */
static bool is_address(const char *address)
{
    const char *host = strstr(address, "://");
    bool secret = g_str_has_prefix(address, "https://") || (g_str_has_prefix(address, "http://") && address_is_local(address));
    const char *bucket = secret ? strchr(host + 3, '/') : NULL;
    return bucket && bucket > host + 3 && bucket[1] && bucket[1] != '/' && !strpbrk(address, "?#@ ");
}

Bucket *bucket_open(const char *address, const char *key, const char *secret, const char *region, GError **error)
{
    if (!is_address(address))
        return refuse(error, BAD_INPUT, "files.store_address", "address", address, NULL);
    if (!key || !*key || strchr(key, ':') || !secret || !*secret)
        return refuse(error, BAD_INPUT, "files.store_keys", NULL);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    Bucket *self = g_new0(Bucket, 1);
    self->address = g_strdup(address);
    for (size_t end = strlen(address); self->address[end - 1] == '/'; end--)
        self->address[end - 1] = '\0';
    self->keys = g_strdup_printf("%s:%s", key, secret);
    self->signing = g_strdup_printf("aws:amz:%s:s3", region && *region ? region : "us-east-1");
    return self;
}

void bucket_close(Bucket *self)
{
    if (!self)
        return;
    g_free(self->address);
    g_free(self->keys);
    g_free(self->signing);
    g_free(self);
}

/* ---- one question ---- */

typedef struct Question {
    CURL *curl;
    struct curl_slist *headers;
    FILE *from;         /* of a put */
    int into;           /* of a get; -1 */
    GChecksum *sum;     /* of what came */
    size_t length;      /* of it */
    GString *told;      /* what the store says to its refusal */
} Question;

static void question_clear(Question *self)
{
    curl_easy_cleanup(self->curl);
    curl_slist_free_all(self->headers);
    if (self->from)
        fclose(self->from);
    g_clear_pointer(&self->sum, g_checksum_free);
    if (self->told)
        g_string_free(self->told, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Question, question_clear)

static bool is_well(const Question *self)
{
    long status = 0;
    curl_easy_getinfo(self->curl, CURLINFO_RESPONSE_CODE, &status);
    return status >= 200 && status < 300;
}

static size_t take(char *bytes, size_t one, size_t count, void *data)
{
    Question *self = data;
    (void)one; /* always 1 */
    if (!is_well(self) || self->into < 0) {
        g_string_append_len(self->told, bytes, (gssize)MIN(count, TOLD_MOST - MIN(self->told->len, TOLD_MOST)));
        return count;
    }
    self->length += count;
    if (self->length > PAPER_MOST)
        return 0;
    g_checksum_update(self->sum, (const guchar *)bytes, (gssize)count);
    return file_write(self->into, bytes, count) ? count : 0;
}

/* The content's hash is signed with the rest. */
static void ask(Question *self, const Bucket *bucket, int64_t county, const char *hash, const char *content_hash)
{
    g_autofree char *url = g_strdup_printf("%s/%" PRId64 "/%.2s/%s", bucket->address, county, hash, hash + 2);
    g_autofree char *header = g_strconcat("x-amz-content-sha256: ", content_hash, NULL);
    self->curl = curl_easy_init();
    g_assert(self->curl); /* NULL only where there is no memory */
    self->headers = curl_slist_append(NULL, header);
    self->sum = g_checksum_new(G_CHECKSUM_SHA256);
    self->told = g_string_new(NULL);
    curl_easy_setopt(self->curl, CURLOPT_URL, url);
    curl_easy_setopt(self->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(self->curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(self->curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
    curl_easy_setopt(self->curl, CURLOPT_TIMEOUT, (long)WHOLE_S);
    curl_easy_setopt(self->curl, CURLOPT_LOW_SPEED_LIMIT, (long)SLOW_BYTES);
    curl_easy_setopt(self->curl, CURLOPT_LOW_SPEED_TIME, (long)SLOW_S);
    curl_easy_setopt(self->curl, CURLOPT_USERAGENT, "pinghu");
    curl_easy_setopt(self->curl, CURLOPT_AWS_SIGV4, bucket->signing);
    curl_easy_setopt(self->curl, CURLOPT_USERPWD, bucket->keys);
    curl_easy_setopt(self->curl, CURLOPT_HTTPHEADER, self->headers);
    curl_easy_setopt(self->curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(self->curl, CURLOPT_WRITEDATA, self);
}

/* People are told the same whatever keeps the store busy; the log has the reason. */
static bool refuse_away(const char *why, GError **error)
{
    g_message("the store of papers is away: %s", why);
    return refuse(error, BUSY, "files.store_away", NULL);
}

static bool answered(Question *self, const char *hash, GError **error)
{
    enum { TOO_MANY_QUESTIONS = 429, FAULTS = 500 };
    CURLcode why = curl_easy_perform(self->curl);
    long status = 0;
    curl_easy_getinfo(self->curl, CURLINFO_RESPONSE_CODE, &status);
    if (self->length > PAPER_MOST)
        return fault(error, "the store of papers holds more than a paper under the name of %s", hash);
    if (why == CURLE_WRITE_ERROR)
        return refuse(error, FULL, "files.no_room", NULL);
    if (why != CURLE_OK)
        return refuse_away(curl_easy_strerror(why), error);
    if (status >= FAULTS || status == TOO_MANY_QUESTIONS)
        return refuse_away(self->told->str, error);
    return is_well(self) || fault(error, "the store of papers answers %ld to %s: %s", status, hash, self->told->str);
}

/* ---- both ways ---- */

bool bucket_put(const Bucket *self, int64_t county, const char *hash, const char *path, GError **error)
{
    g_auto(Question) question = { .into = -1, .from = fopen(path, "re") };
    if (!question.from || fseek(question.from, 0, SEEK_END) != 0)
        return fault(error, "%s cannot be read", path);
    curl_off_t size = ftello(question.from);
    rewind(question.from);
    ask(&question, self, county, hash, hash);
    curl_easy_setopt(question.curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(question.curl, CURLOPT_READDATA, question.from);
    curl_easy_setopt(question.curl, CURLOPT_INFILESIZE_LARGE, size);
    return answered(&question, hash, error);
}

static const char of_nothing[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

bool bucket_remove(const Bucket *self, int64_t county, const char *hash, GError **error)
{
    g_auto(Question) question = { .into = -1 };
    ask(&question, self, county, hash, of_nothing);
    curl_easy_setopt(question.curl, CURLOPT_CUSTOMREQUEST, "DELETE");
    return answered(&question, hash, error);
}

bool bucket_get(const Bucket *self, int64_t county, const char *hash, int file, GError **error)
{
    g_auto(Question) question = { .into = file };
    ask(&question, self, county, hash, of_nothing);
    if (!answered(&question, hash, error))
        return false;
    const char *came = g_checksum_get_string(question.sum);
    return strcmp(came, hash) == 0 || fault(error, "the store of papers holds %s under the name of %s", came, hash);
}

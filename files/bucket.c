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
    char **cause;       /* why it failed, owned by who asks; NULL: nobody wants to know */
    char trouble[CURL_ERROR_SIZE];
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
    curl_easy_setopt(self->curl, CURLOPT_ERRORBUFFER, self->trouble);
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

/* ---- what the answer means ---- */

/* The text between two tags of the store's answer, without what could deceive who reads the log; "" where there is none. Owned by the caller. */
static char *tagged(const char *told, const char *begin, const char *end)
{
    const char *from = strstr(told, begin), *to = from ? strstr(from, end) : NULL;
    char *text = to ? g_strndup(from + strlen(begin), (gsize)(to - from) - strlen(begin)) : g_strdup("");
    return g_strcanon(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 .,:;-_/()'=", '?');
}

/* Why a question failed: libcurl's words, or the store's status, code and message. Owned by the caller. */
static char *cause_of(const Question *self, CURLcode why, long status)
{
    if (why != CURLE_OK)
        return g_strdup(*self->trouble ? self->trouble : curl_easy_strerror(why));
    g_autofree char *code = tagged(self->told->str, "<Code>", "</Code>"), *message = tagged(self->told->str, "<Message>", "</Message>");
    return g_strdup_printf("%ld %s%s%s", status, code, *message ? ": " : "", message);
}

/* People are told the same whatever keeps the store busy; the log has the cause. */
static bool refuse_away(const char *cause, GError **error)
{
    g_message("the store of papers is away: %s", cause);
    return refuse(error, BUSY, "files.store_away", NULL);
}

static long perform(Question *self, CURLcode *why)
{
    long status = 0;
    *why = curl_easy_perform(self->curl);
    curl_easy_getinfo(self->curl, CURLINFO_RESPONSE_CODE, &status);
    return status;
}

static bool answered(Question *self, const char *hash, GError **error)
{
    enum { TOO_MANY_QUESTIONS = 429, FAULTS = 500 };
    CURLcode why;
    long status = perform(self, &why);
    if (self->length > PAPER_MOST)
        return fault(error, "the store of papers holds more than a paper under the name of %s", hash);
    if (why == CURLE_WRITE_ERROR)
        return refuse(error, FULL, "files.no_room", NULL);
    if (why == CURLE_OK && is_well(self))
        return true;
    g_autofree char *cause = cause_of(self, why, status);
    if (self->cause)
        *self->cause = g_strdup(cause);
    if (why != CURLE_OK || status >= FAULTS || status == TOO_MANY_QUESTIONS)
        return refuse_away(cause, error);
    return fault(error, "the store of papers answers %s to %s", cause, hash);
}

/* ---- both ways ---- */

static const char of_nothing[] = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

static char *base64_of(const char *hash)
{
    guchar bytes[32];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (guchar)(g_ascii_xdigit_value(hash[2 * i]) << 4 | g_ascii_xdigit_value(hash[2 * i + 1]));
    return g_base64_encode(bytes, sizeof bytes);
}

static const char *header_of(const Question *self, const char *name)
{
    struct curl_header *header;
    return curl_easy_header(self->curl, name, 0, CURLH_HEADER, -1, &header) == CURLHE_OK ? header->value : "";
}

static bool read_whole(const Bucket *self, int64_t county, const char *hash, int file, char **cause, GError **error)
{
    g_auto(Question) question = { .into = file, .cause = cause };
    ask(&question, self, county, hash, of_nothing);
    if (!answered(&question, hash, error))
        return false;
    const char *came = g_checksum_get_string(question.sum);
    return strcmp(came, hash) == 0 || fault(error, "the store of papers holds %s under the name of %s", came, hash);
}

/* A store that tells no SHA-256 tells the MD5 of an object put in one piece as its ETag, unless it encrypts by keys of its own: then only the
 * object itself tells. */
static bool holds_whole(const Bucket *self, int64_t county, const char *hash, const void *bytes, size_t size, const Question *asked, char **cause, GError **error)
{
    g_autofree char *sha256 = base64_of(hash), *md5 = g_compute_checksum_for_data(G_CHECKSUM_MD5, bytes, size);
    const char *told = header_of(asked, "x-amz-checksum-sha256"), *tag = header_of(asked, "etag");
    if (*told ? strcmp(told, sha256) == 0 : strlen(tag) == strlen(md5) + 2 && strncmp(tag + 1, md5, strlen(md5)) == 0)
        return true;
    g_autoptr(GError) why = NULL;
    FILE *nowhere = fopen("/dev/null", "we");
    bool whole = nowhere && read_whole(self, county, hash, fileno(nowhere), cause, &why);
    if (nowhere)
        fclose(nowhere);
    if (whole || (why && why->code != FAULT))
        return whole || trouble_is(&why, FAULT, error);
    if (cause && why && !*cause)
        *cause = g_strdup(why->message);
    return refuse_away(why ? why->message : "/dev/null", error);
}

/* The store's own words about what it holds now. */
static bool holds(const Bucket *self, int64_t county, const char *hash, const void *bytes, size_t size, char **cause, GError **error)
{
    curl_off_t length = -1;
    g_auto(Question) question = { .into = -1, .cause = cause };
    ask(&question, self, county, hash, of_nothing);
    question.headers = curl_slist_append(question.headers, "x-amz-checksum-mode: ENABLED");
    curl_easy_setopt(question.curl, CURLOPT_HTTPHEADER, question.headers);
    curl_easy_setopt(question.curl, CURLOPT_NOBODY, 1L);
    if (!answered(&question, hash, error))
        return false;
    curl_easy_getinfo(question.curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    if (length == (curl_off_t)size)
        return holds_whole(self, county, hash, bytes, size, &question, cause, error);
    g_autofree char *why = g_strdup_printf("it holds %" PRId64 " bytes of %zu of %s", (int64_t)length, size, hash);
    if (cause)
        *cause = g_strdup(why);
    return refuse_away(why, error);
}

static bool put(const Bucket *self, int64_t county, const char *hash, const void *bytes, size_t size, char **cause, GError **error)
{
    g_autofree char *sha256 = base64_of(hash), *header = g_strconcat("x-amz-checksum-sha256: ", sha256, NULL);
    g_auto(Question) question = { .into = -1, .from = fmemopen((void *)(uintptr_t)bytes, MAX(size, 1), "r"), .cause = cause };
    if (!question.from)
        return fault(error, "no memory to send %s", hash);
    ask(&question, self, county, hash, hash);
    question.headers = curl_slist_append(question.headers, header);
    curl_easy_setopt(question.curl, CURLOPT_HTTPHEADER, question.headers);
    curl_easy_setopt(question.curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(question.curl, CURLOPT_READDATA, question.from);
    curl_easy_setopt(question.curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)size);
    return answered(&question, hash, error) && holds(self, county, hash, bytes, size, cause, error);
}

bool bucket_put(const Bucket *self, int64_t county, const char *hash, const char *path, GError **error)
{
    g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, NULL);
    if (!file)
        return fault(error, "%s cannot be read", path);
    return put(self, county, hash, g_mapped_file_get_contents(file), g_mapped_file_get_length(file), NULL, error);
}

bool bucket_has(const Bucket *self, int64_t county, const char *hash, bool *is, GError **error)
{
    enum { NOT_THERE = 404 };
    CURLcode why;
    g_auto(Question) question = { .into = -1 };
    ask(&question, self, county, hash, of_nothing);
    curl_easy_setopt(question.curl, CURLOPT_NOBODY, 1L);
    long status = perform(&question, &why);
    *is = why == CURLE_OK && is_well(&question);
    if (*is || (why == CURLE_OK && status == NOT_THERE))
        return true;
    g_autofree char *cause = cause_of(&question, why, status);
    return refuse_away(cause, error);
}

static bool remove_object(const Bucket *self, int64_t county, const char *hash, char **cause, GError **error)
{
    g_auto(Question) question = { .into = -1, .cause = cause };
    ask(&question, self, county, hash, of_nothing);
    curl_easy_setopt(question.curl, CURLOPT_CUSTOMREQUEST, "DELETE");
    return answered(&question, hash, error);
}

bool bucket_remove(const Bucket *self, int64_t county, const char *hash, GError **error)
{
    return remove_object(self, county, hash, NULL, error);
}

bool bucket_get(const Bucket *self, int64_t county, const char *hash, int file, GError **error)
{
    return read_whole(self, county, hash, file, NULL, error);
}

bool bucket_try(const Bucket *self, GError **error)
{
    static const char content[] = "pinghu tries its store of papers\n";
    enum { NO_COUNTY = 0 };
    g_autoptr(GError) why = NULL;
    g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, content, -1), *cause = NULL;
    FILE *nowhere = fopen("/dev/null", "we");
    bool well = nowhere && put(self, NO_COUNTY, hash, content, strlen(content), &cause, &why) &&
                read_whole(self, NO_COUNTY, hash, fileno(nowhere), &cause, &why) && remove_object(self, NO_COUNTY, hash, &cause, &why);
    if (nowhere)
        fclose(nowhere);
    return well || refuse(error, CONFLICT, "files.store_refuses", "address", self->address, "cause", cause ? cause : why ? why->message : "", NULL);
}

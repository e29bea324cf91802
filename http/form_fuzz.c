// SPDX-License-Identifier: Apache-2.0
/* Any bytes as the body of a form, of parts, of JSON or as a query, over a real connection: refused with a
 * problem document, or handed on as clean text and whole files. The first byte chooses. */
#include "http/bench_test.h"

#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const Field fields[] = {
    { "name", FIELD_TEXT, 0, 20, false, NULL, NULL },   { "reason", FIELD_LONG_TEXT, 0, 50, false, NULL, NULL },
    { "seen", FIELD_INTEGER, 0, 9, false, NULL, NULL }, { "words", FIELD_LIST, 0, 10, false, NULL, NULL },
    { "papers", FIELD_FILES, 0, 3, false, NULL, NULL }, { 0 },
};

static void assert_clean(const json_t *value)
{
    const char *text = json_string_value(value);
    g_assert_true(!text || text_is_clean(text, strlen(text)));
    for (size_t i = 0; i < json_array_size(value); i++)
        assert_clean(json_array_get(value, i));
}

static void assert_upload(const Upload *upload)
{
    struct stat about;
    g_assert_cmpint(stat(upload->path, &about), ==, 0);
    g_assert_cmpint(about.st_size, ==, upload->size);
    g_assert_true(text_is_clean(upload->name, strlen(upload->name)) && !strpbrk(upload->name, "/\\"));
    g_assert_cmpuint(strlen(upload->sha256), ==, 64);
}

/* Stands before the writer, so that no input costs a transaction. */
static json_t *look(Request *r, GError **error)
{
    const char *name;
    json_t *value;
    json_object_foreach(r->fields, name, value)
        assert_clean(value);
    for (size_t i = 0; i < r->upload_count; i++)
        assert_upload(&r->uploads[i]);
    return refuse(error, CONFLICT, "http.key_used", NULL);
}

static const Route room[] = {
    { "POST", "/form", ANYONE, look, NULL, fields, NULL, NULL, "", look },
    { "GET", "/form", ANYONE, look, NULL, fields, NULL, NULL, "", NULL },
    { 0 },
};

/* ---- asking ---- */

static GString *request_of(const uint8_t *bytes, size_t length)
{
    static const char *const types[] = { "application/x-www-form-urlencoded", "multipart/form-data; boundary=xx", "application/json" };
    unsigned kind = bytes[0] % 4;
    GString *request = g_string_new(kind == 3 ? "GET /form?" : "POST /form HTTP/1.1\r\nHost: localhost\r\n");
    if (kind < 3)
        g_string_append_printf(request, "Idempotency-Key: k\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n", types[kind], length - 1);
    for (size_t i = 1; i < length; i++)
        if (kind < 3 || bytes[i] > ' ') /* a blank ends the address */
            g_string_append_c(request, (char)bytes[i]);
    return kind < 3 ? request : g_string_append(request, " HTTP/1.1\r\nHost: localhost\r\n\r\n");
}

/* Reads one answer of a connection that stays open; false when it has ended. */
static bool read_answer(int s, GString *answer)
{
    char piece[4096];
    for (;;) {
        const char *body = body_of(answer->str), *announced = strstr(answer->str, "Content-Length: ");
        if (*body && announced && strlen(body) >= strtoul(announced + strlen("Content-Length: "), NULL, 10))
            return !strstr(answer->str, "Connection: close");
        ssize_t got = TEMP_FAILURE_RETRY(recv(s, piece, sizeof piece, 0)); /* the fuzzer looks at the time by a signal */
        if (got <= 0)
            return false;
        g_string_append_len(answer, piece, got);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static Bench bench;
    static int s = -1;
    if (!bench.http) {
        base_start();
        bench_open(&bench, room);
    }
    if (length == 0)
        return 0;
    g_autoptr(GString) request = request_of(bytes, length), answer = g_string_new(NULL);
    bool asked = s >= 0 && TEMP_FAILURE_RETRY(send(s, request->str, request->len, MSG_NOSIGNAL)) == (ssize_t)request->len;
    if (!asked)
        s = send_bytes(&bench, request->str, request->len);
    if (!read_answer(s, answer)) {
        close(s);
        s = -1;
    }
    g_assert_cmpint(status(answer->str), >=, 400);
    g_assert_cmpint(status(answer->str), <, 500);
    return 0;
}

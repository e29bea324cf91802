// SPDX-License-Identifier: Apache-2.0
/* Bodies made to fill the disk or the processors: nothing is stored before the sender may store it, a body costs no more than its
 * length, and others are served meanwhile. */
#include "http/bench_test.h"

#include <sys/stat.h>
#include <time.h>

enum { MANY = 8, SENT = 1 << 20, KEPT = 100000, VALUES = 1000 };
static const int64_t announced_bytes = 120 << 20;

static const Field name_only[] = { { "name", FIELD_TEXT, 0, 0, false, NULL, NULL }, { 0 } };
static const Field account[] = { { .name = "account" }, { 0 } };
static const Field with_papers[] = {
    { "name", FIELD_LONG_TEXT, 0, 400000, false, NULL, NULL }, { "words", FIELD_LIST, 0, 0, false, NULL, NULL },
    { .name = "papers", .kind = FIELD_FILES, .most = 2, .bytes = KEPT }, { .name = "scans", .kind = FIELD_FILES }, { 0 },
};

static json_t *take(Request *r, GError **error)
{
    (void)error;
    int64_t size = r->upload_count ? r->uploads[0].size : 0;
    const char *name = json_text(r->fields, "name");
    return json_pack("{s:I, s:I, s:b, s:I}", "papers", (json_int_t)r->upload_count, "size", size, "kept",
                     r->upload_count && access(r->uploads[0].path, R_OK) == 0, "letters", (json_int_t)strlen(name));
}

static json_t *show(Request *r, GError **error)
{
    (void)r, (void)error;
    return json_object();
}

static json_t *enter(Request *r, GError **error)
{
    return session_begin(r, STAFF, strtoll(r->path[0], NULL, 10), error) ? json_object() : NULL;
}

static const Route room[] = {
    { "POST", "/none", ANYONE, take, NULL, name_only, NULL, NULL, "" }, { "POST", "/papers", ANYONE, take, NULL, with_papers, NULL, NULL, "" },
    { "POST", "/clerk", CLERK, take, NULL, with_papers, NULL, NULL, "" },
    { "GET", "/sign-in", ANYONE, show, "credentials/sign-in", NULL, NULL, NULL, "" }, { "POST", "/sign-in", ANYONE, show, "credentials/sign-in", account, NULL, "/sign-in", "" },
    { "POST", "/holders", HOLDERS, take, NULL, with_papers, NULL, NULL, "" }, { "POST", "/enter/{role}", ANYONE, enter, NULL, NULL, NULL, NULL, "" },
    { 0 },
};

/* ---- the fixture ---- */

/* With the limits that people meet, and uploads in a folder of the test's own. */
static Http *open_usual(Bench *b, const char *incoming)
{
    g_autoptr(GError) error = NULL;
    const HttpSettings settings = { .listen = "127.0.0.1:0", .load_actor = load_actor, .clear_actor = clear_actor, .clock = test_clock };
    const HttpSite site = { .world = &b->world, .store = b->store, .view = b->view, .incoming = incoming };
    Http *made = http_open(&settings, &site, 1, &error);
    g_assert_no_error(error);
    b->port = atoi(strrchr(http_address(made), ':') + 1);
    return made;
}

/* The files of uploads in the folder, and their bytes. */
static unsigned count_uploads(const Bench *b, int64_t *bytes)
{
    unsigned count = 0;
    g_autoptr(GDir) dir = g_dir_open(b->folder, 0, NULL);
    *bytes = 0;
    for (const char *name = g_dir_read_name(dir); name; name = g_dir_read_name(dir)) {
        struct stat about;
        g_autofree char *path = g_build_filename(b->folder, name, NULL);
        bool counts = g_str_has_prefix(name, "upload-") && stat(path, &about) == 0;
        *bytes += counts ? (int64_t)about.st_size : 0;
        count += counts;
    }
    return count;
}

static void assert_uploads(const Bench *b, unsigned wanted, int64_t wanted_bytes)
{
    int64_t bytes;
    g_assert_cmpuint(count_uploads(b, &bytes), ==, wanted);
    g_assert_cmpint(bytes, ==, wanted_bytes);
}

/* The headers of somebody who holds the role and has opened a page; `token` gets the proof of that page. Both owned by the caller. */
static char *enter_as(const Bench *b, unsigned role, char **token)
{
    g_autofree char *path = g_strdup_printf("/enter/%u", role);
    g_autofree char *answer = ask(b, "POST", path, "Idempotency-Key: enter\r\n", "");
    const char *cookie = strstr(answer, "pinghu=");
    g_assert_nonnull(cookie);
    g_autofree char *value = g_strndup(cookie, strcspn(cookie, ";\r"));
    char *headers = g_strdup_printf("Cookie: %s\r\n", value);
    g_autofree char *asking = g_strconcat(headers, "Accept: text/html\r\n", NULL);
    g_autofree char *page = ask(b, "GET", "/sign-in", asking, "");
    const char *proof = strstr(page, "name=\"_token\" value=\"");
    *token = proof ? g_strndup(proof + strlen("name=\"_token\" value=\""), 32) : NULL;
    return headers;
}

/* ---- uploads ---- */

#define PART(name) "--xx\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n"
#define FILE_PART(name) "--xx\r\nContent-Disposition: form-data; name=\"" name "\"; filename=\"a.pdf\"\r\n\r\n"

static char *upload_head(const char *path, const char *headers, int64_t length)
{
    return g_strdup_printf("POST %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nIdempotency-Key: u\r\nContent-Type: multipart/form-data; boundary=xx\r\n"
                           "%sContent-Length: %" PRId64 "\r\n\r\n", path, headers, length);
}

/* Where uploads would go there is no folder, so that storing a byte is answered with 507. */
static void nothing_is_stored_before_all_is_judged(void)
{
    Bench b;
    bench_open(&b, room);
    g_autoptr(Http) usual = open_usual(&b, "/nonexistent");
    g_autofree char *token = NULL, *no_token = NULL;
    g_autofree char *clerk = enter_as(&b, CLERK, &token), *auditor = enter_as(&b, AUDITOR, &no_token);
    g_assert_nonnull(token);
    g_autofree char *proof = g_strdup_printf(PART("_token") "%s\r\n", token);
    const struct { const char *path, *headers, *before, *field; int status; const char *says; } uploads[] = {
        { "/papers", "", "", "papers", 507, "http.no_room_for_upload" }, /* it may be stored: so it is tried */
        { "/clerk", clerk, proof, "papers", 507, "http.no_room_for_upload" },
        { "/nowhere", "", "", "papers", 404, "base.not_found" }, { "/healthz", "", "", "papers", 405, "http.no_such_method" },
        { "/none", "", "", "papers", 422, "http.check_fields" }, { "/papers", "", "", "name", 422, "http.check_fields" },
        { "/papers", "", "", "other", 422, "http.check_fields" }, { "/papers", "", "", "p\xe1pers", 400, "http.not_text" }, { "/clerk", "", "", "papers", 401, "http.sign_in" },
        { "/holders", "", "", "papers", 401, "http.show_number" }, { "/clerk", auditor, "", "papers", 403, "http.not_your_role" },
        { "/clerk", clerk, "", "papers", 403, "http.form_too_old" }, { "/clerk", clerk, PART("_token") "00\r\n", "papers", 403, "http.form_too_old" },
        { "/papers", clerk, "", "papers", 403, "http.form_too_old" },
        { "/papers", "Origin: http://elsewhere.example\r\n", "", "papers", 403, "http.foreign_form" },
        { "/papers", "Sec-Fetch-Site: cross-site\r\n", "", "papers", 403, "http.foreign_form" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(uploads); i++) {
        g_autofree char *body = g_strdup_printf("%s--xx\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"a.pdf\"\r\n\r\n%%PDF-1.4\r\n--xx--\r\n", uploads[i].before, uploads[i].field);
        g_autofree char *head = upload_head(uploads[i].path, uploads[i].headers, (int64_t)strlen(body)), *all = g_strconcat(head, body, NULL);
        g_autofree char *answer = ask_bytes(&b, all, strlen(all));
        if (status(answer) != uploads[i].status || !strstr(answer, uploads[i].says))
            g_error("upload %zu: wanted %d %s, got %s", i, uploads[i].status, uploads[i].says, answer);
    }
    g_clear_pointer(&usual, http_close);
    bench_close(&b);
}

/* Each sender announces 120 MB, sends one and waits. Those who may not are told at once. */
static void half_sent_uploads_leave_nothing_where_they_may_not(void)
{
    const struct { const char *path; int status; } refused[] = { { "/none", 413 }, { "/clerk", 401 }, { "/holders", 401 }, { "/nowhere", 0 }, { "/healthz", 0 } };
    Bench b;
    bench_open(&b, room);
    g_autoptr(Http) usual = open_usual(&b, b.folder);
    g_autofree char *content = g_strnfill(SENT, 'a');
    for (size_t i = 0; i < G_N_ELEMENTS(refused); i++) {
        int senders[MANY];
        g_autofree char *head = upload_head(refused[i].path, "", announced_bytes), *all = g_strconcat(head, FILE_PART("papers"), content, NULL);
        for (int n = 0; n < MANY; n++)
            senders[n] = send_bytes(&b, all, strlen(all));
        for (int n = 0; n < MANY; n++) {
            char first[16] = "";
            if (refused[i].status)
                g_assert_cmpint(recv(senders[n], first, sizeof first - 1, MSG_WAITALL), >, 0);
            g_assert_cmpint(status(first), ==, refused[i].status);
        }
        ASSERT_ANSWER(ask(&b, "GET", "/healthz", "", ""), 200, "open");
        assert_uploads(&b, 0, 0);
        for (int n = 0; n < MANY; n++)
            close(senders[n]);
    }
    g_clear_pointer(&usual, http_close);
    bench_close(&b);
}

/* A file larger than its field keeps, one beyond their number: neither lies on the disk when it has come. */
static void what_a_field_does_not_keep_is_not_stored(void)
{
    Bench b;
    bench_open(&b, room);
    g_autoptr(Http) usual = open_usual(&b, b.folder);
    g_autofree char *content = g_strnfill(SENT, 'a'), *fits = g_strnfill(KEPT, 'b');
    g_autofree char *large = g_strconcat(FILE_PART("papers"), content, "\r\n--xx--\r\n", NULL), *head = upload_head("/papers", "", (int64_t)strlen(large));
    g_autofree char *all = g_strconcat(head, large, NULL);
    ASSERT_ANSWER(ask_bytes(&b, all, strlen(all)), 201, "\"papers\":1,\"size\":1048576,\"kept\":false");
    g_autofree char *part = g_strconcat(FILE_PART("papers"), fits, "\r\n", NULL);
    g_autofree char *three = g_strconcat(part, part, part, "--xx\r\n", NULL), *three_head = upload_head("/papers", "", (int64_t)strlen(three) + SENT);
    g_autofree char *half = g_strconcat(three_head, three, NULL);
    int s = send_bytes(&b, half, strlen(half));
    int64_t bytes = 0;
    gint64 until = g_get_monotonic_time() + 20 * G_USEC_PER_SEC;
    while (bytes < 2 * KEPT && g_get_monotonic_time() < until) /* until the server has read the two that it keeps */
        count_uploads(&b, &bytes);
    ASSERT_ANSWER(ask(&b, "GET", "/healthz", "", ""), 200, "open");
    assert_uploads(&b, 2, 2 * KEPT);
    close(s);
    g_clear_pointer(&usual, http_close);
    assert_uploads(&b, 0, 0);
    bench_close(&b);
}

/* ---- bodies of many small things ---- */

typedef void Append(GString *body, int number);

static void append_file(GString *body, int number)
{
    g_string_append_printf(body, "--xx\r\nContent-Disposition: form-data; name=\"scans\"; filename=\"%d.pdf\"\r\n\r\na\r\n", number);
}

static void append_other_file(GString *body, int number)
{
    g_string_append_printf(body, "--xx\r\nContent-Disposition: form-data; name=\"papers\"; filename=\"%d.pdf\"\r\n\r\na\r\n", number);
}

static void append_text(GString *body, int number)
{
    (void)number;
    g_string_append(body, PART("words") "a\r\n");
}

static void append_nameless(GString *body, int number)
{
    (void)number;
    g_string_append(body, "--xx\r\n\r\n\r\n");
}

static void append_key(GString *body, int number)
{
    (void)number;
    g_string_append(body, "a&");
}

static void append_value(GString *body, int number)
{
    (void)number;
    g_string_append(body, "words=a&");
}

static void append_ampersand(GString *body, int number)
{
    (void)number;
    g_string_append(body, "&");
}

static void append_dash(GString *body, int number)
{
    (void)number;
    g_string_append(body, "-");
}

static void append_line(GString *body, int number)
{
    g_string_append(body, number ? "a\n" : "--xx\r\n");
}

static const char form[] = "application/x-www-form-urlencoded", parts[] = "multipart/form-data; boundary=xx";

/* In chunks, so that no length is announced by which it could be refused. */
static char *ask_in_chunks(const Bench *b, const char *type, const GString *body, size_t chunk)
{
    g_autoptr(GString) all = g_string_new("POST /papers HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
    g_string_append_printf(all, "Idempotency-Key: %zu\r\nContent-Type: %s\r\nTransfer-Encoding: chunked\r\n\r\n", body->len, type);
    for (size_t at = 0; at < body->len; at += chunk) {
        size_t length = MIN(chunk, body->len - at);
        g_string_append_printf(all, "%zx\r\n", length);
        g_string_append_len(all, body->str + at, (gssize)length);
        g_string_append(all, "\r\n");
    }
    g_string_append(all, "0\r\n\r\n");
    return ask_bytes(b, all->str, all->len);
}

static void bodies_of_many_small_things_are_refused_early(void)
{
    static const struct { const char *type; Append *append; int times, status; const char *says; } bodies[] = {
        { parts, append_file, 20000, 400, "http.too_many_fields" }, { parts, append_other_file, 20000, 400, "http.too_many_fields" },
        { parts, append_text, 20000, 400, "http.too_many_fields" }, { parts, append_nameless, 20000, 400, "http.too_many_fields" },
        { form, append_key, 4500000, 400, "http.too_many_fields" }, { form, append_value, 20000, 400, "http.too_many_fields" },
        { form, append_ampersand, 4000000, 400, "http.broken_form" }, { parts, append_dash, 4000000, 400, "http.broken_form" },
        { parts, append_line, 1000000, 400, "http.broken_form" },
    };
    enum { CHUNK = 1 << 14 };
    Bench b;
    bench_open(&b, room);
    g_autoptr(Http) usual = open_usual(&b, b.folder);
    for (size_t i = 0; i < G_N_ELEMENTS(bodies); i++) {
        g_autoptr(GString) body = g_string_new(NULL);
        for (int n = 0; n < bodies[i].times; n++)
            bodies[i].append(body, n);
        g_autofree char *answer = ask_in_chunks(&b, bodies[i].type, body, CHUNK);
        if (status(answer) != bodies[i].status || !strstr(answer, bodies[i].says))
            g_error("body %zu: wanted %d %s, got %s", i, bodies[i].status, bodies[i].says, answer);
        assert_uploads(&b, 0, 0);
        ASSERT_ANSWER(ask(&b, "GET", "/healthz", "", ""), 200, "open");
    }
    g_clear_pointer(&usual, http_close);
    bench_close(&b);
}

static void wait_for_uploads(const Bench *b, unsigned wanted, unsigned most)
{
    int64_t bytes;
    gint64 until = g_get_monotonic_time() + 30 * G_USEC_PER_SEC;
    for (unsigned now = most; now != wanted && g_get_monotonic_time() < until;) {
        now = count_uploads(b, &bytes);
        g_assert_cmpuint(now, <=, most);
    }
    g_assert_cmpuint(count_uploads(b, &bytes), ==, wanted);
}

/* 20,000 files in one form: never more lie on the disk than a form may have values, and none from when there is one too many, though
 * the sender goes on. */
static void files_under_way_are_no_more_than_values(void)
{
    enum { FIRST = 500, TIMES = 20000, MOST = VALUES + G_N_ELEMENTS(with_papers) - 1 };
    Bench b;
    bench_open(&b, room);
    g_autoptr(Http) usual = open_usual(&b, b.folder);
    g_autoptr(GString) body = g_string_new(NULL);
    g_autofree char *head = upload_head("/papers", "", announced_bytes);
    g_string_append(body, head);
    for (int n = 0; n < FIRST; n++)
        append_file(body, n);
    int s = send_bytes(&b, body->str, body->len);
    wait_for_uploads(&b, FIRST, MOST);
    g_string_truncate(body, 0);
    for (int n = FIRST; n < TIMES; n++)
        append_file(body, n);
    g_assert_cmpint(send(s, body->str, body->len, MSG_NOSIGNAL), ==, (gssize)body->len);
    wait_for_uploads(&b, 0, MOST);
    ASSERT_ANSWER(ask(&b, "GET", "/healthz", "", ""), 200, "open");
    close(s);
    g_clear_pointer(&usual, http_close);
    bench_close(&b);
}

/* Seconds of the processor, of this test and its server. */
static double cost_of_letters(const Bench *b, const char *type, int letters)
{
    bool is_form = type == form;
    g_autofree char *value = g_strnfill((gsize)letters, 'a'), *wanted = g_strdup_printf("\"letters\":%d}", letters);
    g_autoptr(GString) body = g_string_new(is_form ? "name=" : PART("name"));
    g_string_append(g_string_append(body, value), is_form ? "" : "\r\n--xx--\r\n");
    clock_t before = clock();
    ASSERT_ANSWER(ask_in_chunks(b, type, body, 1), 201, wanted);
    return (double)(clock() - before) / CLOCKS_PER_SEC;
}

/* Eight times the letters cost eight times as much: were each copied with all before it, it would be sixty-four. */
static void a_value_in_pieces_costs_no_more_than_its_length(void)
{
    enum { LETTERS = 40000, TIMES = 8, BEARABLE = 24 };
    const char *const types[] = { form, parts };
    Bench b;
    bench_open(&b, room);
    g_autoptr(Http) usual = open_usual(&b, b.folder);
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
        double once = cost_of_letters(&b, types[i], LETTERS), often = cost_of_letters(&b, types[i], TIMES * LETTERS);
        g_test_message("%s: %.3f s and %.3f s", types[i], once, often);
        g_assert_cmpfloat(often, <, BEARABLE * once);
    }
    g_clear_pointer(&usual, http_close);
    bench_close(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_log_set_always_fatal(G_LOG_FATAL_MASK);
    bench_add("/http/attack/nothing is stored before all is judged", nothing_is_stored_before_all_is_judged);
    bench_add("/http/attack/half-sent uploads leave nothing where they may not", half_sent_uploads_leave_nothing_where_they_may_not);
    bench_add("/http/attack/what a field does not keep is not stored", what_a_field_does_not_keep_is_not_stored);
    bench_add("/http/attack/bodies of many small things are refused early", bodies_of_many_small_things_are_refused_early);
    bench_add("/http/attack/files under way are no more than values", files_under_way_are_no_more_than_values);
    bench_add("/http/attack/a value in pieces costs no more than its length", a_value_in_pieces_costs_no_more_than_its_length);
    return g_test_run();
}

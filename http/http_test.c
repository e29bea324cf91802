// SPDX-License-Identifier: Apache-2.0
/* A small room of its own, asked over a real socket. */
#include "http/bench_test.h"

enum { STAFF_ID = REVIEWER };

/* ---- the room: counters that can be raised ---- */

static const char *const colours[] = { "red", "green", NULL };
static const Field add_fields[] = {
    { "name", FIELD_TEXT, 2, 5, true, NULL, NULL },
    { "times", FIELD_INTEGER, 1, 10, false, NULL, NULL },
    { "day", FIELD_DAY, 0, 0, false, NULL, NULL },
    { "colour", FIELD_CHOICE, 0, 0, false, colours, NULL },
    { "sure", FIELD_FLAG, 0, 0, false, NULL, NULL },
    { "words", FIELD_LIST, 0, 10, false, NULL, NULL },
    { "papers", FIELD_FILES, 0, 2, false, NULL, NULL },
    { 0 },
};

static json_t *uploads_json(const Request *r)
{
    json_t *papers = json_array();
    for (size_t i = 0; i < r->upload_count; i++)
        json_array_append_new(papers, json_pack("{s:s, s:I, s:s}", "name", r->uploads[i].name, "size",
                                                r->uploads[i].size, "hash", r->uploads[i].sha256));
    return papers;
}

static json_t *add(Request *r, GError **error)
{
    int64_t count;
    if (strcmp(json_text(r->fields, "name"), "stop") == 0)
        return refuse(error, CONFLICT, "http.key_used", NULL);
    if (strcmp(json_text(r->fields, "name"), "fault") == 0)
        return fault(error, "secret detail");
    if (!db_next_id(r->context.db, r->context.county, json_text(r->fields, "name"), &count, error))
        return NULL;
    return json_pack("{s:s, s:I, s:O, s:o}", "name", json_text(r->fields, "name"), "count", count, "fields", r->fields, "papers", uploads_json(r));
}

static json_t *show(Request *r, GError **error)
{
    bool found;
    int64_t next;
    if (!db_integer(r->context.db, "SELECT next FROM ids WHERE county = :county AND name = :name",
                    WITH(db_int("county", r->context.county), db_text("name", r->path[0])), &next, &found, error))
        return NULL;
    return json_pack("{s:s, s:I}", "name", r->path[0], "count", found ? next - 1 : (int64_t)0);
}

static json_t *enter(Request *r, GError **error)
{
    return session_begin(r, STAFF, STAFF_ID, error) ? json_pack("{s:s}", "in", "yes") : NULL;
}

static json_t *me(Request *r, GError **error)
{
    (void)error;
    return json_pack("{s:I}", "id", r->context.actor->id);
}

static const Budget budgets[] = { { "key", 5, .by_what = true }, { 0 } };

static json_t *fail(Request *r, GError **error)
{
    return throttle_attempt(r, budgets, "one", error) ? refuse(error, NOT_ALLOWED, "http.sign_in", NULL) : NULL;
}

static json_t *look(Request *r, GError **error)
{
    if (strcmp(json_text(r->fields, "name"), "stop") == 0)
        return refuse(error, CONFLICT, "http.key_used", NULL);
    return json_pack("{s:O, s:o}", "seen", json_object_get(r->fields, "name"), "papers", uploads_json(r));
}

static const char next_of[] = "SELECT next FROM ids WHERE county = :county AND name = :name";

/* How often a name was used, which may be twice. */
static json_t *look_up(Request *r, GError **error)
{
    bool found;
    int64_t next;
    if (!db_integer(r->context.db, next_of, WITH(db_int("county", r->context.county), db_text("name", json_text(r->fields, "name"))), &next, &found, error))
        return NULL;
    return found && next > 2 ? refuse(error, CONFLICT, "http.busy", NULL) : json_pack("{s:I}", "looked", found ? next : (int64_t)0);
}

static json_t *add_looked(Request *r, GError **error)
{
    g_autoptr(json_t) answer = add(r, error);
    if (answer)
        json_object_set_new(answer, "looked", json_integer(json_number(r->prepared, "looked")));
    return g_steal_pointer(&answer);
}

static char *bind_name(const Request *r, Db *db, DbArg *args)
{
    (void)db;
    const char *name = json_text(r->fields, "name");
    args[0] = db_text("name", name);
    return *name ? g_strdup(name) : NULL;
}

static const Lookup uses = { "(SELECT next FROM ids WHERE county = :county AND name = :name)", bind_name };

static json_t *tell_looked_up(Request *r, GError **error)
{
    (void)error;
    return json_pack("{s:I}", "uses", r->looked_up);
}

static json_t *for_ever(Request *r, GError **error)
{
    (void)error;
    answer_for_ever(r);
    return answer_bytes(r, g_bytes_new_static("tile", 4), "text/plain", NULL, false);
}

static json_t *table(Request *r, GError **error)
{
    (void)r;
    return refuse(error, NOT_FITTING, "http.check_fields", "faults",
                  "[{\"line\":3,\"column\":\"name\",\"reason\":\"http.too_short\",\"least\":\"2\"}]", NULL);
}

static const Route room[] = {
    { "GET", "/for/ever", ANYONE, for_ever, NULL, NULL, NULL, NULL, "" },
    { "GET", "/table", ANYONE, table, NULL, NULL, NULL, NULL, "" },
    { "GET", "/count/{name}", ANYONE, show, NULL, NULL, NULL, NULL, "" },
    { "POST", "/count", ANYONE, add, "http/problem", add_fields, "/count/{name}", "/api", "" },
    { "POST", "/enter", ANYONE, enter, NULL, NULL, NULL, NULL, "" },
    { "GET", "/me", REVIEWER, me, NULL, NULL, NULL, NULL, "" },
    { "GET", "/approve", APPROVER, me, NULL, NULL, NULL, NULL, "" },
    { "POST", "/me", REVIEWER, add, NULL, add_fields, NULL, NULL, "" },
    { "POST", "/fail", ANYONE, me, NULL, NULL, NULL, NULL, "", fail },
    { "POST", "/look", ANYONE, NULL, NULL, add_fields, NULL, NULL, "", look },
    { "POST", "/looked", ANYONE, add_looked, NULL, add_fields, NULL, NULL, "", look_up },
    { "POST", "/looked/by/me", REVIEWER, add_looked, NULL, add_fields, NULL, NULL, "", look_up },
    { "POST", "/along", ANYONE, tell_looked_up, NULL, add_fields, NULL, NULL, "", .lookup = &uses },
    { 0 },
};

/* ---- tests ---- */

static void routes_are_found(void)
{
    Bench b;
    bench_open(&b, room);
    ASSERT_ANSWER(ask(&b, "GET", "/count/abc", "", ""), 200, "\"count\":0");
    ASSERT_ANSWER(ask(&b, "GET", "/count/%E5%B9%B3", "", ""), 200, "平");
    ASSERT_ANSWER(ask(&b, "GET", "/count/%ff%fe", "", ""), 404, "problem+json");
    ASSERT_ANSWER(ask(&b, "GET", "/count/", "", ""), 404, "base.not_found");
    ASSERT_ANSWER(ask(&b, "GET", "/nothing", "", ""), 404, "base.not_found");
    ASSERT_ANSWER(ask(&b, "GET", "/a/b/c/d/e/f/g/h/i/j/k/l/m/n", "", ""), 404, "base.not_found");
    ASSERT_ANSWER(ask(&b, "DELETE", "/count/abc", "", ""), 405, "http.no_such_method");
    ASSERT_ANSWER(ask(&b, "HEAD", "/count/abc", "", ""), 200, "Content-Security-Policy: default-src 'none'");
    ASSERT_ANSWER(ask(&b, "GET", "/healthz", "", ""), 200, "open");
    ASSERT_ANSWER(ask(&b, "GET", "/api", "", ""), 200, "/count/{name}");
    ASSERT_ANSWER(ask(&b, "GET", "/api", "Accept: text/html\r\n", ""), 200, "<h1>程序接口");
    ASSERT_ANSWER(ask(&b, "GET", "/api", "Accept: text/html\r\nAccept-Language: en-GB,zh;q=0.5\r\n", ""), 200, "<h1>Programming");
    ASSERT_ANSWER(ask(&b, "GET", "/api?lang=en", "Accept: text/html\r\n", ""), 200, "Set-Cookie: lang=en");
    ASSERT_ANSWER(ask(&b, "GET", "/nothing", "Accept: text/html\r\n", ""), 404, "<h1>没有找到");
    bench_close(&b);
}

static void every_field_is_checked(void)
{
    static const struct { const char *body; int status; const char *says; } cases[] = {
        { "{\"name\":\"abc\",\"times\":3,\"day\":\"2014-09-03\",\"colour\":\"red\",\"sure\":true,\"words\":[\"a\",\"b\"]}", 201, "\"words\":[\"a\",\"b\"]" },
        { "{\"name\":\"  平湖  \"}", 201, "\"name\":\"平湖\"" },
        { "{}", 422, "请填写这一项" },
        { "{\"name\":\"a\"}", 422, "至少2个字" },
        { "{\"name\":\"平湖市政务中心\"}", 422, "最多5个字" },
        { "{\"name\":\"a\\nb\"}", 422, "只能填一行" },
        { "{\"name\":\"abc\",\"times\":\"x\"}", 422, "请填整数" },
        { "{\"name\":\"abc\",\"times\":11}", 422, "1到10" },
        { "{\"name\":\"abc\",\"times\":99999999999999999999}", 400, "broken_json" },
        { "{\"name\":\"abc\",\"day\":\"2014-02-30\"}", 422, "2014-09-03" },
        { "{\"name\":\"abc\",\"colour\":\"blue\"}", 422, "请从列出的选项中选择" },
        { "{\"name\":\"abc\",\"sure\":\"maybe\"}", 422, "true" },
        { "{\"name\":\"abc\",\"other\":1}", 422, "没有这一项" },
        { "{\"name\":[\"a\",\"b\"]}", 422, "只能填一次" },
        { "{\"name\":{\"a\":1}}", 400, "wrong_kind" },
        { "{\"name\":1.5}", 400, "wrong_kind" },
        { "{\"name\":\"abc\",\"name\":\"abd\"}", 400, "json_twice" },
        { "{\"name\":\"abc\"", 400, "\"line\":\"1\"" },
        { "[]", 400, "not_an_object" }, { "7", 400, "not_an_object" }, { "true", 400, "not_an_object" }, { "null", 400, "not_an_object" },
        { "{\"name\":\"a\\u0000b\"}", 400, "json_null" },
        { "{\"name\":\"\xff\xfe\xfd\"}", 400, "broken_json" },
        { "{\"name\":\"a\\u001bb\"}", 400, "not_text" },
    };
    Bench b;
    bench_open(&b, room);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *key = g_strdup_printf("k%zu", i);
        ASSERT_ANSWER(post_json(&b, "/count", key, cases[i].body), cases[i].status, cases[i].says);
    }
    ASSERT_ANSWER(ask(&b, "POST", "/count", "Content-Type: application/json\r\nAccept-Language: en\r\nIdempotency-Key: e\r\n", "{}"), 422, "Please fill this in");
    ASSERT_ANSWER(ask(&b, "POST", "/count", "Content-Type: text/plain\r\nIdempotency-Key: e\r\n", "name=abc"), 415, "wrong_type");
    ASSERT_ANSWER(ask(&b, "POST", "/count", "Content-Type: application/x-www-form-urlencoded\r\n", "name=%ff%fe&_key=u"), 400, "not_text");
    ASSERT_ANSWER(ask(&b, "POST", "/count", "Content-Type: application/x-www-form-urlencoded\r\n", "name=ab%00c&_key=u"), 400, "not_text");
    ASSERT_ANSWER(ask(&b, "POST", "/count", "Content-Type: application/x-www-form-urlencoded\r\n", "name=+%E5%B9%B3%E6%B9%96&_key=u"), 201, "平湖");
    bench_close(&b);
}

static void the_faults_of_a_table_are_told(void)
{
    Bench b;
    bench_open(&b, room);
    ASSERT_ANSWER(ask(&b, "GET", "/table", "", ""), 422, "\"line\":3");
    ASSERT_ANSWER(ask(&b, "GET", "/table", "", ""), 422, "至少2个字");
    ASSERT_ANSWER(ask(&b, "GET", "/table", "Accept: text/html\r\n", ""), 422, "<li>第 3 行“name”列：太短了");
    bench_close(&b);
}

static void oversized_requests_are_refused_and_the_server_goes_on(void)
{
    Bench b;
    bench_open(&b, room);
    g_autoptr(GString) many = g_string_new("_key=m");
    for (int i = 0; i < 10000; i++)
        g_string_append_printf(many, "&f%d=1", i);
    ASSERT_ANSWER(ask(&b, "POST", "/count", "Content-Type: application/x-www-form-urlencoded\r\n", many->str), 400, "too_many_fields");
    g_autofree char *large = g_strnfill(2 << 20, 'a');
    g_autofree char *form = g_strdup_printf("_key=l&name=%s", large);
    ASSERT_ANSWER(ask(&b, "POST", "/count", "Content-Type: application/x-www-form-urlencoded\r\n", form), 413, "body_too_large");
    g_autofree char *json = g_strdup_printf("{\"name\":\"%s\"}", large);
    ASSERT_ANSWER(post_json(&b, "/count", "l2", json), 413, "body_too_large");
    g_autofree char *header = g_strdup_printf("X-Long: %.*s\r\n", 1 << 20, large);
    ASSERT_ANSWER(ask(&b, "GET", "/healthz", header, ""), 431, "");
    static const char huge[] = "POST /count HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; boundary=frontier\r\n"
                               "Content-Length: 2147483648\r\nExpect: 100-continue\r\n\r\n";
    ASSERT_ANSWER(ask_bytes(&b, huge, sizeof huge - 1), 413, "upload_too_large");
    ASSERT_ANSWER(ask(&b, "GET", "/healthz", "", ""), 200, "open");
    bench_close(&b);
}

static void the_same_key_acts_once(void)
{
    Bench b;
    bench_open(&b, room);
    ASSERT_ANSWER(ask(&b, "POST", "/count", "Content-Type: application/json\r\n", "{\"name\":\"abc\"}"), 400, "key_missing");
    for (int i = 0; i < 3; i++)
        ASSERT_ANSWER(post_json(&b, "/count", "one", "{\"name\":\"abc\"}"), 201, "\"count\":1");
    ASSERT_ANSWER(post_json(&b, "/count", "one", "{\"name\":\"abd\"}"), 422, "key_used");
    ASSERT_ANSWER(post_json(&b, "/count", "two", "{\"name\":\"abc\"}"), 201, "\"count\":2");
    ASSERT_ANSWER(post_json(&b, "/count", "three", "{\"name\":\"stop\"}"), 409, "application/problem+json");
    ASSERT_ANSWER(post_json(&b, "/count", "four", "{\"name\":\"fault\"}"), 500, "base.fault");
    g_autofree char *told = post_json(&b, "/count", "five", "{\"name\":\"fault\"}");
    g_assert_null(strstr(told, "secret detail"));
    ASSERT_ANSWER(ask(&b, "GET", "/count/abc", "", ""), 200, "\"count\":2");
    bench_close(&b);
}

/* The cookie of a session that has begun. */
static char *enter_session(const Bench *b)
{
    g_autofree char *answer = post_json(b, "/enter", "in", "");
    const char *cookie = strstr(answer, "Set-Cookie: pinghu=");
    g_assert_nonnull(cookie);
    g_assert_nonnull(strstr(cookie, "HttpOnly; SameSite=Lax"));
    return g_strndup(cookie + strlen("Set-Cookie: "), strlen("pinghu=") + 64);
}

static void a_session_lasts_and_ends(void)
{
    Bench b;
    bench_open(&b, room);
    ASSERT_ANSWER(ask(&b, "GET", "/me", "", ""), 401, "http.sign_in");
    ASSERT_ANSWER(ask(&b, "GET", "/me", "Accept: text/html\r\n", ""), 303, "Location: /sign-in?next=/me");
    g_autofree char *cookie = enter_session(&b);
    g_autofree char *header = g_strdup_printf("Cookie: %s\r\n", cookie);
    ASSERT_ANSWER(ask(&b, "GET", "/me", header, ""), 200, "\"id\":2");
    ASSERT_ANSWER(ask(&b, "GET", "/approve", header, ""), 403, "not_your_role");
    g_autofree char *of_page = g_strconcat(header, "Accept: text/html\r\n", NULL);
    ASSERT_ANSWER(ask(&b, "GET", "/approve", of_page, ""), 403, "<nav class=\"rooms\""); /* the desk's own ways stay */
    time_now += 29 * MINUTE_MS;
    ASSERT_ANSWER(ask(&b, "GET", "/me", header, ""), 200, "\"id\":2");
    ASSERT_ANSWER(post_json(&b, "/count", "wait", "{\"name\":\"seen\"}"), 201, ""); /* behind it the note that it was seen */
    time_now += 29 * MINUTE_MS;
    ASSERT_ANSWER(ask(&b, "GET", "/me", header, ""), 200, "\"id\":2");
    time_now += 31 * MINUTE_MS;
    ASSERT_ANSWER(ask(&b, "GET", "/me", header, ""), 401, "http.sign_in");
    bench_close(&b);
}

static void a_number_is_looked_up_with_the_session(void)
{
    Bench b;
    bench_open(&b, room);
    g_autofree char *cookie = enter_session(&b);
    g_autofree char *again = g_strdup_printf("Content-Type: application/json\r\nIdempotency-Key: 2\r\nCookie: %s\r\n", cookie);
    g_autofree char *other = g_strdup_printf("Content-Type: application/json\r\nIdempotency-Key: 3\r\nCookie: %s\r\n", cookie);
    ASSERT_ANSWER(post_json(&b, "/along", "1", "{\"name\":\"abc\"}"), 201, "\"uses\":-1"); /* no session, no look-up */
    ASSERT_ANSWER(ask(&b, "POST", "/along", again, "{\"name\":\"abc\"}"), 201, "\"uses\":0");
    ASSERT_ANSWER(post_json(&b, "/count", "4", "{\"name\":\"abc\"}"), 201, "abc");
    ASSERT_ANSWER(ask(&b, "POST", "/along", again, "{\"name\":\"abc\"}"), 201, "\"uses\":0"); /* done before */
    ASSERT_ANSWER(ask(&b, "POST", "/along", other, "{\"name\":\"abc\"}"), 201, "\"uses\":2");
    bench_close(&b);
}

static void a_foreign_form_does_nothing(void)
{
    Bench b;
    bench_open(&b, room);
    g_autofree char *cookie = enter_session(&b);
    static const char *const foreign[] = { "Origin: https://evil.example\r\n", "Origin: null\r\n", "Sec-Fetch-Site: cross-site\r\n" };
    for (size_t i = 0; i < G_N_ELEMENTS(foreign); i++) {
        g_autofree char *headers = g_strdup_printf("Cookie: %s\r\n%sContent-Type: application/x-www-form-urlencoded\r\n", cookie, foreign[i]);
        ASSERT_ANSWER(ask(&b, "POST", "/me", headers, "name=abc&_key=f"), 403, "foreign_form");
    }
    g_autofree char *own = g_strdup_printf("Cookie: %s\r\nOrigin: http://localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n", cookie);
    ASSERT_ANSWER(ask(&b, "POST", "/me", own, "name=abc&_key=f"), 403, "form_too_old");
    ASSERT_ANSWER(ask(&b, "POST", "/me", own, "name=abc&_key=f&_token=00"), 403, "form_too_old");
    ASSERT_ANSWER(ask(&b, "GET", "/count/abc", "", ""), 200, "\"count\":0");
    bench_close(&b);
}

static void failures_lock(void)
{
    Bench b;
    bench_open(&b, room);
    for (int i = 0; i < 5; i++) {
        g_autofree char *key = g_strdup_printf("f%d", i), *wait = g_strdup_printf("w%d", i);
        ASSERT_ANSWER(post_json(&b, "/fail", key, ""), 403, "sign_in");
        ASSERT_ANSWER(post_json(&b, "/count", wait, "{\"name\":\"wait\"}"), 201, ""); /* the count is behind it */
    }
    ASSERT_ANSWER(post_json(&b, "/fail", "f6", ""), 429, "http.locked");
    time_now += 16 * MINUTE_MS;
    ASSERT_ANSWER(post_json(&b, "/fail", "f7", ""), 403, "sign_in");
    bench_close(&b);
}

static int64_t kept_answers(const Bench *b)
{
    bool found;
    int64_t count;
    g_autoptr(GError) error = NULL;
    Db *db = store_reader(b->store, &error);
    g_assert_true(db_integer(db, "SELECT count(*) FROM http_done WHERE county = :county", WITH(db_int("county", COUNTY)), &count, &found, &error));
    store_return(b->store, db);
    return count;
}

static void a_post_without_run_keeps_nothing(void)
{
    Bench b;
    bench_open(&b, room);
    for (int i = 0; i < 2; i++)
        ASSERT_ANSWER(ask(&b, "POST", "/look", "Content-Type: application/json\r\n", "{\"name\":\"abc\"}"), 200, "\"seen\":\"abc\"");
    ASSERT_ANSWER(ask(&b, "POST", "/look", "Content-Type: application/json\r\n", "{\"name\":\"stop\"}"), 409, "key_used");
    ASSERT_ANSWER(ask(&b, "POST", "/look", "Content-Type: application/json\r\n", "{\"name\":\"a\"}"), 422, "\"field\":\"name\"");
    ASSERT_ANSWER(ask(&b, "POST", "/look", "Content-Type: application/json\r\nOrigin: http://elsewhere\r\n", "{\"name\":\"abc\"}"), 403, "foreign_form");
    g_assert_cmpint(kept_answers(&b), ==, 0);
    ASSERT_ANSWER(post_json(&b, "/count", "k", "{\"name\":\"abc\"}"), 201, "abc");
    g_assert_cmpint(kept_answers(&b), ==, 1); /* the answer of a route with run is kept */
    bench_close(&b);
}

static void a_lookup_is_told_only_to_the_permitted(void)
{
    Bench b;
    bench_open(&b, room);
    ASSERT_ANSWER(post_json(&b, "/looked", "1", "{\"name\":\"abc\"}"), 201, "\"looked\":0");
    ASSERT_ANSWER(post_json(&b, "/looked", "2", "{\"name\":\"abc\"}"), 201, "\"looked\":2");
    ASSERT_ANSWER(post_json(&b, "/looked", "3", "{\"name\":\"abc\"}"), 409, "http.busy");
    ASSERT_ANSWER(post_json(&b, "/looked", "2", "{\"name\":\"abc\"}"), 201, "\"looked\":2"); /* done before */
    ASSERT_ANSWER(post_json(&b, "/looked", "4", "{\"name\":\"a\"}"), 422, "\"field\":\"name\"");
    ASSERT_ANSWER(post_json(&b, "/looked/by/me", "5", "{\"name\":\"abc\"}"), 401, "");
    g_autofree char *untold = post_json(&b, "/looked/by/me", "6", "{\"name\":\"a\"}");
    g_assert_cmpint(status(untold), ==, 401);
    g_assert_null(strstr(untold, "\"field\""));
    ASSERT_ANSWER(ask(&b, "POST", "/looked", "Content-Type: application/json\r\n", "{\"name\":\"abc\"}"), 400, "key_missing");
    bench_close(&b);
}

static char *multipart(const char *content, size_t length, size_t *total)
{
    static const char head[] = "--frontier\r\nContent-Disposition: form-data; name=\"_key\"\r\n\r\nup\r\n"
                               "--frontier\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nabc\r\n"
                               "--frontier\r\nContent-Disposition: form-data; name=\"papers\"; filename=\"\"\r\nContent-Type: application/octet-stream\r\n\r\n\r\n"
                               "--frontier\r\nContent-Disposition: form-data; name=\"papers\"; filename=\"C:\\\\scans\\\\身份证.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n";
    static const char tail[] = "\r\n--frontier--\r\n";
    GByteArray *all = g_byte_array_new();
    size_t body = strlen(head) + length + strlen(tail);
    g_autofree char *first = g_strdup_printf("POST /count HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: %zu\r\nContent-Type: multipart/form-data; boundary=frontier\r\n\r\n", body);
    g_byte_array_append(all, (const guint8 *)first, (guint)strlen(first));
    g_byte_array_append(all, (const guint8 *)head, (guint)strlen(head));
    g_byte_array_append(all, (const guint8 *)content, (guint)length);
    g_byte_array_append(all, (const guint8 *)tail, (guint)strlen(tail));
    *total = all->len;
    return (char *)g_byte_array_free(all, FALSE);
}

static void files_are_streamed_and_hashed(void)
{
    Bench b;
    size_t total;
    bench_open(&b, room);
    size_t length = (2 << 20) + 123;
    g_autofree char *content = g_malloc(length);
    for (size_t i = 0; i < length; i++)
        content[i] = (char)(i * 7 + i / 1000);
    g_autofree char *hash = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)content, length);
    g_autofree char *request = multipart(content, length, &total);
    g_autofree char *answer = ask_bytes(&b, request, total);
    g_assert_cmpint(status(answer), ==, 201);
    g_autoptr(json_t) got = json_loads(body_of(answer), 0, NULL);
    json_t *papers = json_object_get(got, "papers"), *paper = json_array_get(papers, 0);
    g_assert_cmpuint(json_array_size(papers), ==, 1); /* the empty input counts as not given */
    g_assert_cmpstr(json_text(paper, "name"), ==, "身份证.jpg");
    g_assert_cmpint(json_number(paper, "size"), ==, (int64_t)length);
    g_assert_cmpstr(json_text(paper, "hash"), ==, hash);
    g_autofree char *nothing = multipart("", 0, &total);
    ASSERT_ANSWER(ask_bytes(&b, nothing, total), 422, "key_used"); /* the key is known, the body is another */
    g_autofree char *cut_off = multipart(content, length, &total);
    strstr(cut_off, "\r\n\r\nup")[5] = '2';
    close(send_bytes(&b, cut_off, total - 200)); /* cut in the middle: nothing is kept, see bench_close */
    bench_close(&b);
}

static void a_browser_is_redirected_or_sees_its_form_again(void)
{
    Bench b;
    bench_open(&b, room);
    static const char form[] = "Content-Type: application/x-www-form-urlencoded\r\nAccept: text/html\r\n";
    ASSERT_ANSWER(ask(&b, "POST", "/count", form, "name=abc&_key=b1"), 303, "Location: /count/abc");
    ASSERT_ANSWER(ask(&b, "POST", "/count", form, "name=abc&_key=b1"), 303, "Location: /count/abc");
    ASSERT_ANSWER(ask(&b, "POST", "/count", form, "name=a&_key=b2"), 422, "至少2个字");
    ASSERT_ANSWER(ask(&b, "POST", "/count", form, "name=abd&_key=b1"), 422, "已经提交过");
    ASSERT_ANSWER(ask(&b, "POST", "/enter", form, "_key=b1"), 201, ""); /* another form of the same page */
    ASSERT_ANSWER(ask(&b, "POST", "/count", form, "name=abd&_key="), 400, "重新打开页面");
    ASSERT_ANSWER(ask(&b, "GET", "/count/abc", "", ""), 200, "\"count\":1");
    bench_close(&b);
}

static void built_in_files_are_cached(void)
{
    Bench b;
    bench_open(&b, room);
    g_autofree char *first = ask(&b, "GET", "/static/view/theme.css", "", "");
    g_assert_cmpint(status(first), ==, 200);
    const char *tag = strstr(first, "ETag: ");
    g_assert_nonnull(tag);
    g_autofree char *header = g_strdup_printf("If-None-Match: %.*s\r\n", (int)strcspn(tag + 6, "\r"), tag + 6);
    ASSERT_ANSWER(ask(&b, "GET", "/static/view/theme.css", header, ""), 304, "");
    ASSERT_ANSWER(ask(&b, "GET", "/static/view/none.css", "", ""), 404, "");
    ASSERT_ANSWER(ask(&b, "GET", "/static/../main.c", "", ""), 404, "");
    bench_close(&b);
}

static void shared_answers_do_not_vary(void)
{
    static const char *const shared[] = { "/for/ever?lang=en", "/static/view/theme.css?lang=en" };
    Bench b;
    bench_open(&b, room);
    for (size_t i = 0; i < G_N_ELEMENTS(shared); i++) {
        g_autofree char *answer = ask(&b, "GET", shared[i], "", "");
        g_assert_cmpint(status(answer), ==, 200);
        g_assert_nonnull(strstr(answer, "Cache-Control: public"));
        g_assert_null(strstr(answer, "Vary"));
        g_assert_null(strstr(answer, "Set-Cookie"));
    }
    ASSERT_ANSWER(ask(&b, "GET", "/count/any?lang=en", "", ""), 200, "Vary: Accept, Accept-Language, Cookie\r\n");
    ASSERT_ANSWER(ask(&b, "GET", "/count/any?lang=en", "", ""), 200, "Set-Cookie: lang=en");
    bench_close(&b);
}

/* Two servers never share a port: each would answer half of the people from another database. */
static void a_port_that_is_taken_is_refused(void)
{
    Bench b;
    g_autoptr(GError) error = NULL;
    bench_open(&b, room);
    HttpSettings settings = { .listen = strstr(http_address(b.http), "127.") };
    HttpSite site = { .world = &b.world, .store = b.store, .view = b.view, .incoming = b.folder };
    g_assert_null(http_open(&settings, &site, 1, &error));
    g_assert_nonnull(strstr(error->message, "http.cannot_listen"));
    ASSERT_ANSWER(ask(&b, "GET", "/healthz", "", ""), 200, "open");
    bench_close(&b);
}

static void *fail_once(void *data)
{
    g_autofree char *key = g_uuid_string_random();
    g_autofree char *answer = post_json(data, "/fail", key, "");
    return GINT_TO_POINTER(status(answer));
}

/* Trying twenty passwords at once gains nothing over trying them in a row. */
static void many_failures_at_once_lock_out_too(void)
{
    enum { AT_ONCE = 20, ALLOWED = 5 };
    Bench b;
    GThread *threads[AT_ONCE];
    int judged = 0;
    bench_open(&b, room);
    for (int i = 0; i < AT_ONCE; i++)
        threads[i] = g_thread_new("fail", fail_once, &b);
    for (int i = 0; i < AT_ONCE; i++)
        judged += GPOINTER_TO_INT(g_thread_join(threads[i])) == 403;
    g_assert_cmpint(judged, ==, ALLOWED);
    bench_close(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_log_set_always_fatal(G_LOG_FATAL_MASK);
    bench_add("/http/a lookup is told only to the permitted", a_lookup_is_told_only_to_the_permitted);
    bench_add("/http/routes are found", routes_are_found);
    bench_add("/http/every field is checked", every_field_is_checked);
    bench_add("/http/the faults of a table are told", the_faults_of_a_table_are_told);
    bench_add("/http/oversized requests are refused and the server goes on", oversized_requests_are_refused_and_the_server_goes_on);
    bench_add("/http/the same key acts once", the_same_key_acts_once);
    bench_add("/http/a session lasts and ends", a_session_lasts_and_ends);
    bench_add("/http/a number is looked up with the session", a_number_is_looked_up_with_the_session);
    bench_add("/http/a foreign form does nothing", a_foreign_form_does_nothing);
    bench_add("/http/failures lock", failures_lock);
    bench_add("/http/a POST without run keeps nothing", a_post_without_run_keeps_nothing);
    bench_add("/http/files are streamed and hashed", files_are_streamed_and_hashed);
    bench_add("/http/a browser is redirected or sees its form again", a_browser_is_redirected_or_sees_its_form_again);
    bench_add("/http/built-in files are cached", built_in_files_are_cached);
    bench_add("/http/shared answers do not vary", shared_answers_do_not_vary);
    bench_add("/http/many failures at once lock out too", many_failures_at_once_lock_out_too);
    bench_add("/http/a port that is taken is refused", a_port_that_is_taken_is_refused);
    return g_test_run();
}

// SPDX-License-Identifier: Apache-2.0
/* Forms that are kept for their sender: for whom, how long and how many. */
#include "http/bench_test.h"
#include "http/state.h"

enum { ONE = REVIEWER, OTHER = REVIEWER | APPROVER, HOUR = 60 * 60 * 1000, DAY_LONG = 24 * HOUR, SOME = 25 };
#define NUMBER "330482140903000123"

/* ---- the routes ---- */

static const Field form_fields[] = {
    { "text", FIELD_LONG_TEXT, 0, 100, true, NULL, NULL }, { "word", FIELD_SECRET, 0, 100, false, NULL, NULL }, { "papers", FIELD_FILES, 0, 1, false, NULL, NULL },
    { .name = "answers", .kind = FIELD_ANSWERS, .look = LOOK_NONE }, { 0 },
};

static json_t *tell(Request *r, GError **error)
{
    (void)error;
    return r->state->kept ? json_incref(r->state->kept) : json_object();
}

static json_t *take(Request *r, GError **error)
{
    if (strcmp(json_text(r->fields, "text"), "refuse") == 0)
        return refuse(error, CONFLICT, "base.not_found", NULL);
    return json_pack("{s:i, s:s}", "files", (int)r->upload_count, "hash", r->upload_count ? r->uploads[0].sha256 : "");
}

static json_t *enter(Request *r, GError **error)
{
    return session_begin(r, STAFF, strtoll(r->path[0], NULL, 10), error) ? json_object() : NULL;
}

static json_t *end_all(Request *r, GError **error)
{
    return session_end_all(&r->context, STAFF, ONE, error) ? json_object() : NULL;
}

static json_t *stored(Request *r, GError **error)
{
    return db_rows(r->context.db, "SELECT content FROM http_kept WHERE county = :county", WITH(db_int("county", COUNTY)), error);
}

static json_t *forget(Request *r, GError **error)
{
    return http_room.forgets(&r->context, "case/" NUMBER, error) ? json_object() : NULL;
}

static const Route routes[] = {
    { "GET", "/form/{number}", REVIEWER, tell, "http/problem", NULL, NULL, NULL, "" },
    { "GET", "/kept/{number}", REVIEWER, tell, NULL, NULL, NULL, "/form/{number}", "" },
    { "POST", "/form/{number}", REVIEWER, take, NULL, form_fields, "/form/{number}", "/form/{number}", "" },
    { "POST", "/enter/{id}", ANYONE, enter, NULL, NULL, NULL, NULL, "" },
    { "POST", "/end", ANYONE, end_all, NULL, NULL, NULL, NULL, "" },
    { "POST", "/forget", ANYONE, forget, NULL, NULL, NULL, NULL, "" },
    { "GET", "/stored", ANYONE, stored, NULL, NULL, NULL, NULL, "" },
    { 0 },
};

/* ---- a browser ---- */

typedef struct Person {
    GString *session, *mark; /* cookies */
    char *token;
} Person;

static void read_cookie(const char *answer, const char *name, GString *cookie)
{
    g_autofree char *line = g_strconcat("Set-Cookie: ", name, "=", NULL);
    const char *found = strstr(answer, line);
    if (!found)
        return;
    found += strlen("Set-Cookie: ");
    g_string_truncate(cookie, 0);
    g_string_append_len(cookie, found, (gssize)strcspn(found, ";"));
}

static char *asked(const Bench *b, const Person *self, const char *method, const char *path, const char *more, const char *body)
{
    g_autofree char *key = g_uuid_string_random();
    g_autofree char *headers = g_strdup_printf("Cookie: %s; %s\r\nIdempotency-Key: %s\r\n%s", self->session->str, self->mark->str, key, more);
    return ask(b, method, path, headers, body);
}

static Person come(const Bench *b, int64_t account, const char *mark)
{
    Person self = { g_string_new(""), g_string_new(mark), NULL };
    g_autofree char *path = g_strdup_printf("/enter/%" PRId64, account);
    g_autofree char *entered = asked(b, &self, "POST", path, "Content-Type: application/json\r\n", "{}");
    read_cookie(entered, "pinghu", self.session);
    g_autofree char *answer = asked(b, &self, "GET", "/session", "", "");
    const char *token = strstr(answer, "\"token\":\"");
    g_assert_nonnull(token);
    token += strlen("\"token\":\"");
    self.token = g_strndup(token, strcspn(token, "\""));
    return self;
}

static void go(Person *self)
{
    g_string_free(self->session, TRUE);
    g_string_free(self->mark, TRUE);
    g_free(self->token);
}

#define PAGE "Accept: text/html\r\n"

/* Owned by the caller. */
static char *sends(const Bench *b, Person *self, const char *path, const char *fields)
{
    g_autofree char *body = g_strdup_printf("_token=%s&%s", self->token, fields);
    char *answer = asked(b, self, "POST", path, PAGE "Content-Type: application/x-www-form-urlencoded\r\n", body);
    read_cookie(answer, "forms", self->mark);
    return answer;
}

static char *sends_file(const Bench *b, Person *self, const char *text)
{
    g_autofree char *body = g_strdup_printf("--xx\r\nContent-Disposition: form-data; name=\"_token\"\r\n\r\n%s\r\n--xx\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n%s\r\n"
        "--xx\r\nContent-Disposition: form-data; name=\"papers\"; filename=\"a.pdf\"\r\n\r\npaper\r\n--xx--\r\n", self->token, text);
    char *answer = asked(b, self, "POST", "/form/" NUMBER, PAGE "Content-Type: multipart/form-data; boundary=xx\r\n", body);
    read_cookie(answer, "forms", self->mark);
    return answer;
}

#define SENDS(person, fields, code, text) ASSERT_ANSWER(sends(&b, person, "/form/" NUMBER, fields), code, text)
#define SEES(person, text) ASSERT_ANSWER(asked(&b, person, "GET", "/kept/" NUMBER, PAGE, ""), 200, text)
#define ENDS() ASSERT_ANSWER(asked(&b, &one, "POST", "/end", "Content-Type: application/json\r\n", "{}"), 201, "{}")

static unsigned count(const Bench *b)
{
    g_autofree char *answer = ask(b, "GET", "/stored", "", "");
    unsigned count = 0;
    g_assert_null(strstr(answer, "late"));
    for (const char *at = strstr(answer, "\"content\""); at; at = strstr(at + 1, "\"content\""))
        count++;
    return count;
}

/* ---- tests ---- */

static void what_came_too_late_is_for_its_account_in_its_browser(void)
{
    Bench b;
    bench_open(&b, routes);
    Person one = come(&b, ONE, "");
    ENDS();
    SENDS(&one, "text=late&word=hush", 401, "");
    g_assert_cmpuint(one.mark->len, >, 0);
    g_assert_cmpuint(count(&b), ==, 1);
    Person again = come(&b, ONE, one.mark->str), other = come(&b, OTHER, one.mark->str), elsewhere = come(&b, ONE, "");
    SEES(&again, "\"given\":{\"text\":[\"late\"]}"); /* and no secret */
    SEES(&other, "\r\n{}");
    SEES(&elsewhere, "\r\n{}");
    SENDS(&again, "text=late", 303, "");
    g_assert_cmpuint(count(&b), ==, 0);
    SEES(&again, "\r\n{}");
    Person *const all[] = { &one, &again, &other, &elsewhere };
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        go(all[i]);
    bench_close(&b);
}

static void it_lasts_an_hour_and_what_is_saved_a_week(void)
{
    Bench b;
    bench_open(&b, routes);
    Instant began = time_now;
    Person one = come(&b, ONE, "");
    SENDS(&one, "text=saved&answers.kind=new&_save=yes", 303, "Location: /form/" NUMBER);
    time_now += HOUR; /* idle */
    SENDS(&one, "text=late", 401, "");
    Person again = come(&b, ONE, one.mark->str);
    SEES(&again, "\"late\"");
    time_now += HOUR + 1;
    Person later = come(&b, ONE, one.mark->str);
    SEES(&later, "\"saved\"");
    SEES(&later, "\"answers.kind\":[\"new\"]");
    time_now = began + 7 * DAY_LONG + 1;
    Person last = come(&b, ONE, one.mark->str);
    SEES(&last, "\r\n{}");
    SENDS(&last, "text=x&_save=yes", 303, "");
    g_assert_cmpuint(count(&b), ==, 1); /* the others were swept */
    SENDS(&last, "_drop=yes", 303, "");
    g_assert_cmpuint(count(&b), ==, 0);
    Person *const all[] = { &one, &again, &later, &last };
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        go(all[i]);
    time_now = began;
    bench_close(&b);
}

static void send_some(const Bench *b, Person *self, const char *fields)
{
    for (int i = 0; i < SOME; i++) {
        g_autofree char *path = g_strdup_printf("/form/%d", i);
        g_free(sends(b, self, path, fields));
        time_now++;
    }
}

static void they_are_bounded_and_nobody_displaces_what_was_saved(void)
{
    Bench b;
    bench_open(&b, routes);
    Person one = come(&b, ONE, "");
    send_some(&b, &one, "text=saved&_save=yes");
    g_assert_cmpuint(count(&b), ==, 20);
    ENDS();
    send_some(&b, &one, "text=late");
    g_assert_cmpuint(count(&b), ==, 20 + 5);
    g_free(one.token);
    one.token = g_strdup("0123456789abcdef0123456789abcdef");
    SENDS(&one, "text=late", 401, "");
    g_assert_cmpuint(count(&b), ==, 20 + 5);
    g_string_assign(one.session, "pinghu=0000000000000000000000000000000000000000000000000000000000000000");
    SENDS(&one, "text=late", 401, "");
    g_assert_cmpuint(count(&b), ==, 20 + 5);
    go(&one);
    bench_close(&b);
}

static void files_go_along(void)
{
    Bench b;
    bench_open(&b, routes);
    Person one = come(&b, ONE, "");
    ASSERT_ANSWER(sends_file(&b, &one, "refuse"), 409, "");
    SEES(&one, "\r\n{}"); /* a page that is opened anew shows nothing of what was refused */
    ENDS();
    ASSERT_ANSWER(sends_file(&b, &one, "late"), 401, "");
    Person again = come(&b, ONE, one.mark->str);
    g_autofree char *seen = asked(&b, &again, "GET", "/kept/" NUMBER, PAGE, "");
    const char *hash = strstr(seen, "\"sha256\":\"");
    g_assert_nonnull(hash);
    g_autofree char *file = g_strndup(hash + strlen("\"sha256\":\""), TOKEN_TEXT - 1);
    g_autofree char *body = g_strdup_printf("--xx\r\nContent-Disposition: form-data; name=\"_token\"\r\n\r\n%s\r\n--xx\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nall\r\n"
        "--xx\r\nContent-Disposition: form-data; name=\"_file\"\r\n\r\n%s\r\n--xx--\r\n", again.token, file);
    ASSERT_ANSWER(asked(&b, &again, "POST", "/form/" NUMBER, "Content-Type: multipart/form-data; boundary=xx\r\n", body), 201, "{\"files\":1,\"hash\":\"");
    ASSERT_ANSWER(asked(&b, &again, "POST", "/form/" NUMBER, "Content-Type: multipart/form-data; boundary=xx\r\n", body), 201, "{\"files\":0,\"hash\":\"\"}");
    go(&one);
    go(&again);
    bench_close(&b);
}

static void with_a_case_goes_what_names_it(void)
{
    Bench b;
    bench_open(&b, routes);
    Person one = come(&b, ONE, "");
    SENDS(&one, "text=x&_save=yes", 303, "");
    ASSERT_ANSWER(sends(&b, &one, "/form/2", "text=of+" NUMBER "&_save=yes"), 303, "");
    ASSERT_ANSWER(sends(&b, &one, "/form/3", "text=of+330482+140903+000123&_save=yes"), 303, "");
    ASSERT_ANSWER(sends(&b, &one, "/form/4", "text=of+another&_save=yes"), 303, "");
    g_assert_cmpuint(count(&b), ==, 4);
    ASSERT_ANSWER(asked(&b, &one, "POST", "/forget", "Content-Type: application/json\r\n", "{}"), 201, "{}");
    g_assert_cmpuint(count(&b), ==, 1);
    go(&one);
    bench_close(&b);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    bench_add("/http/kept/what came too late is for its account in its browser", what_came_too_late_is_for_its_account_in_its_browser);
    bench_add("/http/kept/it lasts an hour, and what is saved a week", it_lasts_an_hour_and_what_is_saved_a_week);
    bench_add("/http/kept/they are bounded, and nobody displaces what was saved", they_are_bounded_and_nobody_displaces_what_was_saved);
    bench_add("/http/kept/files go along", files_go_along);
    bench_add("/http/kept/with a case goes what names it", with_a_case_goes_what_names_it);
    return g_test_run();
}

// SPDX-License-Identifier: Apache-2.0
/* Prefer: return=representation (RFC 7240): the answer of a POST is what is to be seen after the commit. */
#include "http/bench_test.h"

static const Field named_fields[] = { { "name", FIELD_TEXT, 1, 20, true, NULL, NULL }, { 0 } };
static const Field shown_fields[] = { { "waiting", FIELD_FLAG, 0, 0, false, NULL, NULL }, { 0 } };

/* Counts how often a name was given. */
static json_t *add(Request *r, GError **error)
{
    int64_t count;
    const char *name = json_text(r->fields, "name");
    return db_next_id(r->context.db, r->context.county, name, &count, error) ? json_pack("{s:s}", "name", name) : NULL;
}

static bool read_count(Db *db, int64_t county, const char *name, int64_t *count, GError **error)
{
    bool found;
    if (!db_integer(db, "SELECT next - 1 FROM ids WHERE county = :county AND name = :name",
                    WITH(db_int("county", county), db_text("name", name)), count, &found, error))
        return false;
    *count = found ? *count : 0;
    return true;
}

static json_t *show(Request *r, GError **error)
{
    int64_t count;
    const char *name = r->path[0];
    if (strcmp(name, "busy") == 0)
        return refuse(error, BUSY, "db.busy", NULL);
    if (!read_count(r->context.db, r->context.county, name, &count, error))
        return NULL;
    return json_pack("{s:s, s:I, s:b, s:I}", "name", name, "count", (json_int_t)count, "waiting", json_flag(r->fields, "waiting"),
                     "actor", (json_int_t)r->context.actor->id);
}

static json_t *show_bytes(Request *r, GError **error)
{
    (void)error;
    return answer_bytes(r, g_bytes_new_static("bytes", 5), "text/plain", NULL, false);
}

static json_t *enter(Request *r, GError **error)
{
    json_t *answer = add(r, error);
    if (answer && session_begin(r, HOLDER, 77, error))
        return answer;
    json_decref(answer);
    return NULL;
}

static const Route room[] = {
    { "GET", "/count/{name}", ANYONE, show, NULL, shown_fields, NULL, NULL, "" },
    { "GET", "/own/{name}", HOLDERS, show, NULL, NULL, NULL, NULL, "" },
    { "GET", "/bytes/{name}", ANYONE, show_bytes, NULL, NULL, NULL, NULL, "" },
    { "GET", "/more/{name}", ANYONE, show, NULL, named_fields, NULL, NULL, "" },
    { "POST", "/count", ANYONE, add, NULL, named_fields, "/count/{name}", NULL, "" },
    { "POST", "/waiting", ANYONE, add, NULL, named_fields, "/count/{name}?waiting=true", NULL, "" },
    { "POST", "/own", ANYONE, add, NULL, named_fields, "/own/{name}", NULL, "" },
    { "POST", "/bytes", ANYONE, add, NULL, named_fields, "/bytes/{name}", NULL, "" },
    { "POST", "/more", ANYONE, add, NULL, named_fields, "/more/{name}", NULL, "" },
    { "POST", "/nowhere", ANYONE, add, NULL, named_fields, "/gone/{name}", NULL, "" },
    { "POST", "/alone", ANYONE, add, NULL, named_fields, NULL, NULL, "" },
    { "POST", "/enter", ANYONE, enter, NULL, named_fields, "/own/{name}", NULL, "" },
    { 0 },
};

static char *post(const Bench *b, const char *path, const char *key, const char *prefer, const char *name)
{
    g_autofree char *headers = g_strdup_printf("Content-Type: application/json\r\nIdempotency-Key: %s\r\n%s", key, prefer);
    g_autofree char *body = g_strdup_printf("{\"name\":\"%s\"}", name);
    return ask(b, "POST", path, headers, body);
}

#define REPRESENTATION "Prefer: return=representation\r\n"
#define APPLIED "Preference-Applied: return=representation\r\n"

static void assert_short(char *given, const char *name)
{
    g_autofree char *body = g_strdup_printf("{\"name\":\"%s\"}", name), *answer = given;
    g_assert_cmpint(status(answer), ==, 201);
    g_assert_cmpstr(body_of(answer), ==, body);
    g_assert_null(strstr(answer, "Preference-Applied"));
}

static void assert_shown(char *given, const char *shown)
{
    g_autofree char *answer = given;
    g_assert_cmpint(status(answer), ==, 201);
    g_assert_cmpstr(body_of(answer), ==, shown);
    g_assert_nonnull(strstr(answer, APPLIED));
}

/* ---- tests ---- */

static void the_representation_is_read_after_the_commit(void)
{
    Bench b;
    bench_open(&b, room);
    assert_short(post(&b, "/count", "a", "", "fish"), "fish");
    assert_shown(post(&b, "/count", "b", REPRESENTATION, "fish"), "{\"name\":\"fish\",\"count\":2,\"waiting\":false,\"actor\":0}");
    assert_shown(post(&b, "/waiting", "c", REPRESENTATION, "fish"), "{\"name\":\"fish\",\"count\":3,\"waiting\":true,\"actor\":0}");
    bench_close(&b);
}

static void a_replay_shows_the_present(void)
{
    Bench b;
    bench_open(&b, room);
    assert_short(post(&b, "/count", "a", "", "fish"), "fish");
    assert_short(post(&b, "/count", "b", "", "fish"), "fish");
    assert_shown(post(&b, "/count", "a", REPRESENTATION, "fish"), "{\"name\":\"fish\",\"count\":2,\"waiting\":false,\"actor\":0}");
    assert_short(post(&b, "/count", "a", "", "fish"), "fish");
    bench_close(&b);
}

static void the_short_answer_stands_where_nothing_can_be_shown(void)
{
    Bench b;
    bench_open(&b, room);
    assert_short(post(&b, "/own", "not visible", REPRESENTATION, "fish"), "fish");
    assert_short(post(&b, "/count", "refused", REPRESENTATION, "busy"), "busy");
    assert_short(post(&b, "/bytes", "no JSON", REPRESENTATION, "fish"), "fish");
    assert_short(post(&b, "/more", "a field is missing", REPRESENTATION, "fish"), "fish");
    assert_short(post(&b, "/nowhere", "no such route", REPRESENTATION, "fish"), "fish");
    assert_short(post(&b, "/alone", "no route named", REPRESENTATION, "fish"), "fish");
    bench_close(&b);
}

static void a_session_just_begun_sees_its_own(void)
{
    Bench b;
    bench_open(&b, room);
    assert_shown(post(&b, "/enter", "a", REPRESENTATION, "fish"), "{\"name\":\"fish\",\"count\":1,\"waiting\":false,\"actor\":77}");
    bench_close(&b);
}

static void a_browser_is_redirected_all_the_same(void)
{
    Bench b;
    bench_open(&b, room);
    ASSERT_ANSWER(post(&b, "/count", "a", REPRESENTATION "Accept: text/html\r\n", "fish"), 303, "Location: /count/fish\r\n");
    bench_close(&b);
}

static void preferences_are_read_as_rfc_7240_says(void)
{
    static const char *const meant[] = { "return=representation", "Return = representation", "return=\"representation\"",
                                         "respond-async, return=representation; a=b, wait=10",
                                         "foo=\"a,b\", return=representation", "return=representation, return=minimal" };
    static const char *const others[] = { "return=minimal", "return", "return=Representation", "representation", "xreturn=representation",
                                          "", ",;=", "foo=\"a,return=representation\"", "foo=\"a,return=representation",
                                          "return=minimal, return=representation" };
    Bench b;
    bench_open(&b, room);
    for (size_t i = 0; i < G_N_ELEMENTS(meant) + G_N_ELEMENTS(others); i++) {
        bool is_meant = i < G_N_ELEMENTS(meant);
        g_autofree char *key = g_strdup_printf("%zu", i);
        g_autofree char *header = g_strdup_printf("Prefer: %s\r\n", is_meant ? meant[i] : others[i - G_N_ELEMENTS(meant)]);
        g_autofree char *answer = post(&b, "/count", key, header, "fish");
        g_assert_cmpint(strstr(answer, APPLIED) != NULL, ==, is_meant);
    }
    bench_close(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    bench_add("/http/prefer/the representation is read after the commit", the_representation_is_read_after_the_commit);
    bench_add("/http/prefer/a replay shows the present", a_replay_shows_the_present);
    bench_add("/http/prefer/the short answer stands where nothing can be shown", the_short_answer_stands_where_nothing_can_be_shown);
    bench_add("/http/prefer/a session just begun sees its own", a_session_just_begun_sees_its_own);
    bench_add("/http/prefer/a browser is redirected all the same", a_browser_is_redirected_all_the_same);
    bench_add("/http/prefer/preferences are read as RFC 7240 says", preferences_are_read_as_rfc_7240_says);
    return g_test_run();
}

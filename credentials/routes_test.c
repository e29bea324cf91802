// SPDX-License-Identifier: Apache-2.0
/* Signing in and one's own password, asked over a real socket as a browser and as a program. */
#include "credentials/bench_test.h"

/* ---- signing in and out ---- */

static void who_signs_in_is_known(void)
{
    Bench b;
    bench_open(&b);
    ASSERT_ANSWER(get(&b, "/desk/me", "", "application/json"), 401, "http.sign_in");
    g_autofree char *cookie = session_of(&b, "zhang", "Pinghu-2014");
    g_autofree char *answer = get(&b, "/desk/me", cookie, "application/json");
    g_autoptr(json_t) me = json_loads(body_of(answer), 0, NULL);
    g_assert_cmpstr(json_text(json_object_get(me, "passkey"), "account"), ==, "zhang");
    g_assert_true(json_flag(json_object_get(me, "passkey"), "is_address")); /* the bench's own */
    g_assert_cmpuint(json_array_size(json_object_get(me, "devices")), ==, 1);
    g_assert_cmpuint(json_array_size(json_object_get(me, "sessions")), ==, 1);
    static const char *const more[] = { "devices", "sessions", "has_code", "recovery", "has_recovery", "passkeys", "passkey" };
    for (size_t i = 0; i < G_N_ELEMENTS(more); i++)
        g_assert_cmpint(json_object_del(me, more[i]), ==, 0);
    json_t *own = json_object_get(me, "rooms"), *first = json_array_get(own, 0), *last = json_array_get(own, json_array_size(own) - 1);
    g_assert_cmpstr(json_text(first, "path"), ==, "/desk"); /* then those of other rooms, each of which says who has it */
    g_assert_cmpstr(json_text(last, "path"), ==, "/desk/me");
    g_assert_true(json_flag(last, "is_here"));
    json_object_del(me, "rooms");
    g_autofree char *text = json_canonical(me);
    g_assert_cmpstr(
        text, ==,
        "{\"account\":\"zhang\",\"changed_at\":1409706000000,\"is_staff\":true,\"name\":\"张三\","
        "\"posts\":[{\"division\":\"330482103000\",\"division_name\":\"新仓镇\","
        "\"division_name_en\":\"Xincang Town\",\"organ\":90,\"organ_name\":\"便民服务中心\","
        "\"organ_name_en\":\"Town centre\",\"roles\":[{\"role\":\"clerk\"}]}],"
        "\"signed_in\":true}");
    g_autofree char *keeper = session_of(&b, "LI", "Xincang-2014");
    ASSERT_ANSWER(get(&b, "/desk/me", keeper, "application/json"), 200, "/desk/items");
    bench_close(&b);
}

static void who_signs_out_is_forgotten(void)
{
    Bench b;
    bench_open(&b);
    g_autofree char *cookie = session_of(&b, "zhang", "Pinghu-2014");
    ASSERT_ANSWER(post(&b, "/sign-out", cookie, "{}"), 201, "\"see\":\"/\"");
    ASSERT_ANSWER(get(&b, "/desk/me", cookie, "application/json"), 401, "http.sign_in");
    ASSERT_ANSWER(post(&b, "/sign-out", "", "{}"), 201, "\"see\":\"/\"");
    bench_close(&b);
}

/* A stranger learns nothing, not even whether there is such an account. */
static void a_failure_never_tells_which_was_wrong(void)
{
    Bench b;
    bench_open(&b);
    g_autofree char *password = sign_in(&b, "zhang", "pinghu-2014", "");
    g_autofree char *account = sign_in(&b, "nobody", "Pinghu-2014", "");
    g_autofree char *no_password = sign_in(&b, "wang", "Pinghu-2014", "");
    g_assert_cmpint(status(password), ==, 422);
    g_assert_nonnull(strstr(password, "账号或密码不对"));
    g_assert_cmpstr(body_of(password), ==, body_of(account));
    g_assert_cmpstr(body_of(password), ==, body_of(no_password));
    bench_close(&b);
}

static void the_way_on_stays_in_this_house(void)
{
    static const struct {
        const char *next, *see;
    } ways[] = {
        { "", "\"/desk\"" },
        { "/desk/cases/7?page=2", "\"/desk/cases/7?page=2\"" },
        { "https://evil.example", "\"/desk\"" },
        { "//evil.example", "\"/desk\"" },
        { "/\\\\evil.example", "\"/desk\"" },
        { "/desk\\\\..", "\"/desk\"" },
        { "/\\t/evil.example", "\"/desk\"" },
        { "desk/me", "\"/desk\"" },
    };
    Bench b;
    bench_open(&b);
    for (size_t i = 0; i < G_N_ELEMENTS(ways); i++)
        ASSERT_ANSWER(sign_in(&b, "zhang", "Pinghu-2014", ways[i].next), 201, ways[i].see);
    bench_close(&b);
}

/* ---- midnight ---- */

static bool posts_change_at_midnight(Db *db, void *data, GError **error)
{
    const Day today = day_of(time_now);
    const Context context = { .db = db, .county = COUNTY, .now = time_now };
    const Term of_zhang[] = { { { 90, 330482103000, CLERK }, 0, 0 }, { { 90, 330482103000, REVIEWER }, today + 1, 0 } };
    const Term of_ma[] = { { { 90, 330482103000, APPROVER }, 0, today }, { { 90, 330482103000, HEAD }, today + 2, today + 2 } };
    g_auto(StaffLogin) zhang = { 0 }, ma = { 0 };
    (void)data;
    return identity_login(db, COUNTY, "zhang", 0, &zhang, error) && identity_login(db, COUNTY, "ma", 0, &ma, error) &&
           identity_hold(&context, zhang.id, of_zhang, G_N_ELEMENTS(of_zhang), error) && identity_hold(&context, ma.id, of_ma, G_N_ELEMENTS(of_ma), error);
}

static bool demand_nothing(Db *db, void *data, GError **error)
{
    const Context context = { .db = db, .county = COUNTY, .now = time_now };
    (void)data;
    return credentials_demand(&context, 0, error);
}

/* A post that begins is had by coming in anew, as one given by day; one that has ended is gone from the open session. */
static void posts_change_at_midnight_under_open_sessions(void)
{
    Bench b;
    bench_open(&b);
    g_assert_true(store_write(b.store, demand_nothing, NULL, NULL));
    g_assert_true(store_write(b.store, posts_change_at_midnight, NULL, NULL));
    time_now = instant_at(day_of(time_now), 23 * 60 + 50);
    g_autofree char *zhang = session_of(&b, "zhang", "Pinghu-2014"), *ma = session_of(&b, "ma", "Pinghu-2014");
    time_now += 9 * MINUTE_MS;
    ASSERT_ANSWER(get(&b, "/desk/me", zhang, "application/json"), 200, "\"role\":\"clerk\"");
    ASSERT_ANSWER(get(&b, "/desk/me", ma, "application/json"), 200, "\"role\":\"approver\"");
    time_now += 2 * MINUTE_MS;
    ASSERT_ANSWER(get(&b, "/desk/me", zhang, "application/json"), 401, "http.sign_in");
    ASSERT_ANSWER(get(&b, "/desk", ma, "application/json"), 403, "2014-09-05");
    ASSERT_ANSWER(get(&b, "/desk", ma, "text/html"), 403, "class=\"button\" href=\"/desk/me\"");
    ASSERT_ANSWER(get(&b, "/desk/me", ma, "application/json"), 200, "\"posts\":[]");
    g_autofree char *again = session_of(&b, "zhang", "Pinghu-2014");
    ASSERT_ANSWER(get(&b, "/desk/me", again, "application/json"), 200, "\"role\":\"reviewer\"");
    time_now += 5 * MINUTE_MS;
    g_autofree char *answer = get(&b, "/desk/me", again, "application/json");
    g_autoptr(json_t) me = json_loads(body_of(answer), 0, NULL);
    g_assert_nonnull(strstr(answer, "\"role\":\"reviewer\""));
    g_assert_cmpuint(json_array_size(json_object_get(me, "sessions")), ==, 1); /* the one that has ended is not listed */
    time_now += 3 * (Instant)DAY_MS;
    g_autofree char *later = session_of(&b, "ma", "Pinghu-2014");
    ASSERT_ANSWER(get(&b, "/desk", later, "application/json"), 403, "http.no_post");
    bench_close(&b);
}

/* ---- guesses ---- */

/* The mark that a browser keeps of having signed in. */
static char *device_of(const char *answer)
{
    const char *cookie = strstr(answer, "Set-Cookie: device=");
    if (!cookie)
        g_error("no device in: %s", answer);
    return g_strndup(cookie + strlen("Set-Cookie: "), strlen("device=") + 64);
}

static void fail(Bench *b, const char *device, const char *account, int times)
{
    for (int i = 0; i < times; i++)
        ASSERT_ANSWER(sign_in_from(b, device, account, "wrong", ""), 422, "sign_in_wrong");
}

static void after_five_failures_strangers_wait_longer_each_time(void)
{
    static const struct { int seconds; const char *told; } waits[] = {
        { 20, "Retry-After: 20" }, { 40, "Retry-After: 40" }, { 80, "Retry-After: 80" }, { 160, "Retry-After: 160" }, { 320, "Retry-After: 320" },
        { 640, "Retry-After: 640" }, { 640, "Retry-After: 640" },
    };
    Bench b;
    bench_open(&b);
    fail(&b, "", "zhang", 3);
    fail(&b, "", "Zhang", 2);
    for (size_t i = 0; i < G_N_ELEMENTS(waits); i++) {
        ASSERT_ANSWER(sign_in(&b, "zhang", "Pinghu-2014", ""), 429, waits[i].told);
        time_now += (waits[i].seconds - 1) * 1000;
        ASSERT_ANSWER(sign_in(&b, "ZHANG", "Pinghu-2014", ""), 429, "Retry-After: 1\r\n");
        time_now += 1000;
        fail(&b, "", "zhang", 1);
    }
    ASSERT_ANSWER(sign_in(&b, "zhang", "Pinghu-2014", ""), 429, "http.wait");
    time_now += 640 * 1000;
    ASSERT_ANSWER(sign_in(&b, "zhang", "Pinghu-2014", ""), 201, "\"/desk\"");
    ASSERT_ANSWER(sign_in(&b, "zhang", "Pinghu-2014", ""), 201, "\"/desk\"");
    ASSERT_ANSWER(sign_in(&b, "li", "Xincang-2014", ""), 201, "\"/desk\"");
    bench_close(&b);
}

/* The mark that a browser is given when it is told to wait; NULL: it has one. */
static char *waited_of(const char *answer)
{
    const char *cookie = strstr(answer, "Set-Cookie: waited=");
    return cookie ? g_strndup(cookie + strlen("Set-Cookie: "), strcspn(cookie + strlen("Set-Cookie: "), ";")) : NULL;
}

/* From another address than all else. */
static char *sign_in_elsewhere(Bench *b, const char *cookie, const char *account, const char *password)
{
    g_autofree char *body = g_strdup_printf("{\"account\":\"%s\",\"password\":\"%s\"}", account, password);
    g_autofree char *text = g_strdup_printf("POST /sign-in HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n"
                                            "Idempotency-Key: %d\r\nCookie: %s\r\nContent-Length: %zu\r\n\r\n%s", ++b->keys, cookie, strlen(body), body);
    return read_all(port_send_from(INADDR_LOOPBACK + 1, b->port, text, strlen(text)));
}

static void whoever_has_waited_comes_in_beside_an_attacker(void)
{
    Bench b;
    bench_open(&b);
    fail(&b, "", "zhang", 5);
    for (int i = 0; i < 6; i++) { /* until a wait is eleven minutes long */
        g_free(sign_in(&b, "zhang", "wrong", ""));
        time_now += (20 << i) * 1000;
        fail(&b, "", "zhang", 1);
    }
    g_autofree char *told = sign_in(&b, "zhang", "Pinghu-2014", ""), *mark = waited_of(told), *forged = g_strdup(mark);
    g_assert_nonnull(strstr(told, "Retry-After: 640"));
    g_assert_nonnull(strstr(told, "\"sooner\":\"20\""));
    ASSERT_ANSWER(sign_in_from(&b, mark, "zhang", "Pinghu-2014", ""), 429, "Retry-After: 20");
    *(strchr(forged, '-') + 1) ^= 1; /* of the same instant */
    for (int i = 0; i < 19; i++) {
        time_now += 1000;
        ASSERT_ANSWER(sign_in(&b, "zhang", "Pinghu-2014", ""), 429, "http.wait");
        ASSERT_ANSWER(sign_in_from(&b, mark, "zhang", "Pinghu-2014", ""), 429, "http.wait");
    }
    time_now += 1000;
    ASSERT_ANSWER(sign_in_from(&b, forged, "zhang", "Pinghu-2014", ""), 429, "http.wait");
    ASSERT_ANSWER(sign_in_elsewhere(&b, mark, "zhang", "Pinghu-2014"), 429, "http.wait");
    ASSERT_ANSWER(sign_in_from(&b, mark, "zhang", "Pinghu-2014", ""), 201, "/desk");
    bench_close(&b);
}

/* How many passwords are judged for somebody who asks each twenty seconds for an hour, and, if he collects marks, with those too. */
static int judged_within_an_hour(bool collects)
{
    enum { STEP = 20, HOUR = 3600 };
    Bench b;
    int judged = 0;
    guint next = 0;
    bench_open(&b);
    g_autoptr(GPtrArray) marks = g_ptr_array_new_with_free_func(g_free);
    for (int at = 0; at < HOUR; at += STEP, time_now += STEP * 1000) {
        g_autofree char *told = sign_in(&b, "zhang", "wrong", ""), *mark = waited_of(told);
        judged += status(told) == 422;
        if (mark)
            g_ptr_array_add(marks, g_steal_pointer(&mark));
        if (!collects || next >= marks->len)
            continue;
        g_autofree char *by_mark = sign_in_from(&b, marks->pdata[next], "zhang", "wrong", "");
        judged += status(by_mark) == 422;
        next += status(by_mark) == 422;
    }
    bench_close(&b);
    return judged;
}

static void marks_of_waiting_give_no_more_guesses(void)
{
    int without = judged_within_an_hour(false);
    g_assert_cmpint(without, >, 5);
    g_assert_cmpint(judged_within_an_hour(true), <=, without);
}

static void a_known_device_lets_its_owner_in_meanwhile(void)
{
    Bench b;
    bench_open(&b);
    g_autofree char *before = sign_in(&b, "zhang", "Pinghu-2014", ""), *device = device_of(before);
    fail(&b, "", "zhang", 5);
    ASSERT_ANSWER(sign_in(&b, "zhang", "Pinghu-2014", ""), 429, "http.wait");
    g_autofree char *again = sign_in_from(&b, device, "zhang", "Pinghu-2014", ""), *fresh = device_of(again);
    g_assert_cmpint(status(again), ==, 201);
    ASSERT_ANSWER(sign_in_from(&b, device, "zhang", "Pinghu-2014", ""), 429, "http.wait"); /* a copy of it */
    g_autofree char *of_li = sign_in_from(&b, fresh, "li", "Xincang-2014", ""), *shared = device_of(of_li); /* at the same desk */
    ASSERT_ANSWER(sign_in_from(&b, shared, "zhang", "Pinghu-2014", ""), 201, "/desk");
    ASSERT_ANSWER(sign_in_from(&b, "device=0000000000000000000000000000000000000000000000000000000000000000", "zhang", "Pinghu-2014", ""), 429, "http.wait");
    fail(&b, "", "ma", 5);
    ASSERT_ANSWER(sign_in_from(&b, shared, "ma", "Pinghu-2014", ""), 429, "http.wait"); /* whom it does not know */
    bench_close(&b);
}

/* A device that was stolen gives five guesses more. */
static void guesses_at_a_known_device_are_counted_too(void)
{
    Bench b;
    bench_open(&b);
    g_autofree char *before = sign_in(&b, "zhang", "Pinghu-2014", ""), *device = device_of(before);
    fail(&b, "", "zhang", 5);
    fail(&b, device, "zhang", 5);
    ASSERT_ANSWER(sign_in_from(&b, device, "zhang", "Pinghu-2014", ""), 429, "http.wait");
    time_now += 16 * MINUTE_MS;
    ASSERT_ANSWER(sign_in_from(&b, device, "zhang", "Pinghu-2014", ""), 201, "/desk");
    bench_close(&b);
}

/* The address that a page's list names first of what is elsewhere; owned by the caller. */
static char *elsewhere(const Bench *b, const char *cookie, const char *list, const char *name, const char *what)
{
    g_autofree char *answer = get(b, "/desk/me", cookie, "application/json");
    g_autoptr(json_t) me = json_loads(body_of(answer), 0, NULL);
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(me, list), i, one)
        if (!json_flag(one, "is_here"))
            return g_strdup_printf("/desk/me/%s/%s/%s", list, json_text(one, name), what);
    g_error("no other of %s in: %s", list, answer);
}

static void what_is_left_open_elsewhere_is_ended_from_here(void)
{
    Bench b;
    bench_open(&b);
    g_autofree char *there = sign_in(&b, "zhang", "Pinghu-2014", ""), *session = cookie_of(there), *device = device_of(there);
    g_autofree char *here = session_of(&b, "zhang", "Pinghu-2014"), *li = session_of(&b, "li", "Xincang-2014");
    g_autofree char *end = elsewhere(&b, here, "sessions", "session", "end");
    ASSERT_ANSWER(post(&b, end, li, "{}"), 404, "no_session");
    ASSERT_ANSWER(get(&b, "/desk/me", session, "application/json"), 200, "zhang");
    ASSERT_ANSWER(post(&b, end, here, "{}"), 201, "");
    ASSERT_ANSWER(get(&b, "/desk/me", session, "application/json"), 401, "http.sign_in");
    g_autofree char *both = g_strdup_printf("%s; %s", here, device), *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, device + strlen("device="), -1);
    g_autofree char *forget = g_strdup_printf("/desk/me/devices/%s/forget", hash);
    ASSERT_ANSWER(get(&b, "/desk/me", both, "text/html"), 200, forget);
    ASSERT_ANSWER(post(&b, forget, li, "{}"), 404, "no_device");
    fail(&b, "", "zhang", 5);
    g_autofree char *again = sign_in_from(&b, device, "zhang", "Pinghu-2014", ""), *now = cookie_of(again), *fresh = device_of(again);
    g_assert_cmpint(status(again), ==, 201);
    g_autofree char *its_hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, fresh + strlen("device="), -1);
    g_autofree char *forget_fresh = g_strdup_printf("/desk/me/devices/%s/forget", its_hash);
    ASSERT_ANSWER(post(&b, forget_fresh, now, "{}"), 201, "");
    ASSERT_ANSWER(sign_in_from(&b, fresh, "zhang", "Pinghu-2014", ""), 429, "http.wait");
    bench_close(&b);
}

static void one_sender_who_tries_many_accounts_waits(void)
{
    Bench b;
    bench_open(&b);
    g_autofree char *before = sign_in(&b, "zhang", "Pinghu-2014", ""), *device = device_of(before);
    for (int i = 0; i < 50; i++) {
        g_autofree char *account = g_strdup_printf("nobody%d", i);
        fail(&b, "", account, 1);
    }
    ASSERT_ANSWER(sign_in(&b, "nobody50", "wrong", ""), 429, "http.wait");
    ASSERT_ANSWER(sign_in(&b, "li", "Xincang-2014", ""), 429, "http.wait");
    ASSERT_ANSWER(sign_in_from(&b, device, "zhang", "Pinghu-2014", ""), 201, "/desk");
    bench_close(&b);
}

static void only_failures_in_a_row_count(void)
{
    Bench b;
    bench_open(&b);
    for (int i = 0; i < 4; i++)
        ASSERT_ANSWER(sign_in(&b, "zhang", "wrong", ""), 422, "sign_in_wrong");
    ASSERT_ANSWER(sign_in(&b, "zhang", "Pinghu-2014", ""), 201, "\"/desk\"");
    for (int i = 0; i < 4; i++)
        ASSERT_ANSWER(sign_in(&b, "zhang", "wrong", ""), 422, "sign_in_wrong");
    ASSERT_ANSWER(sign_in(&b, "zhang", "Pinghu-2014", ""), 201, "\"/desk\"");
    bench_close(&b);
}

/* ---- pages ---- */

static char *post_form(Bench *b, const char *path, const char *body)
{
    return ask(b, "POST", path,
               "Content-Type: application/x-www-form-urlencoded\r\nAccept: text/html\r\n", body);
}

static void a_browser_gets_pages(void)
{
    Bench b;
    bench_open(&b);
    ASSERT_ANSWER(get(&b, "/sign-in?next=/desk/me", "", "text/html"), 200,
                  "name=\"next\" value=\"/desk/me\"");
    ASSERT_ANSWER(get(&b, "/sign-in", "lang=en", "text/html"), 200, "<h1>Staff sign-in</h1>");
    g_autofree char *again =
        post_form(&b, "/sign-in", "_key=1&account=zh%22ang&password=Secret-77&next=/desk/me");
    g_assert_cmpint(status(again), ==, 422);
    g_assert_nonnull(strstr(again, "<h1>工作人员登录</h1>"));
    g_assert_nonnull(strstr(again, "role=\"alert\""));
    g_assert_nonnull(strstr(again, "value=\"zh&quot;ang\""));
    g_assert_nonnull(strstr(again, "name=\"next\" value=\"/desk/me\""));
    g_assert_null(strstr(again, "Secret-77"));
    ASSERT_ANSWER(post_form(&b, "/sign-in", "_key=2&account=zhang&password="), 422,
                  "id=\"password-error\"");
    ASSERT_ANSWER(
        post_form(&b, "/sign-in", "_key=3&account=zhang&password=Pinghu-2014&next=/desk/me"), 303,
        "Location: /desk/me");
    g_autofree char *cookie = session_of(&b, "zhang", "Pinghu-2014");
    g_autofree char *me = get(&b, "/desk/me", cookie, "text/html");
    g_assert_cmpint(status(me), ==, 200);
    g_assert_nonnull(strstr(me, "<li>收件员</li>"));
    g_assert_nonnull(strstr(me, "2014年9月3日"));
    g_assert_nonnull(strstr(me, "<a href=\"/desk/apply\">"));
    g_autofree char *english = g_strconcat("lang=en; ", cookie, NULL);
    ASSERT_ANSWER(get(&b, "/desk/me", english, "text/html"), 200, ">Xincang Town</td>");
    ASSERT_ANSWER(get(&b, "/desk/password", english, "text/html"), 200,
                  "<label for=\"again\">New password once more</label>");
    bench_close(&b);
}

/* ---- one's own password ---- */

static char *change(Bench *b, const char *cookie, const char *old, const char *fresh,
                    const char *again)
{
    g_autofree char *body =
        g_strdup_printf("{\"old\":\"%s\",\"new\":\"%s\",\"again\":\"%s\"}", old, fresh, again);
    char *answer = post(b, "/desk/password", cookie, body);
    return answer;
}

static void a_password_is_changed_by_who_knows_it(void)
{
    Bench b;
    bench_open(&b);
    ASSERT_ANSWER(change(&b, "", "Pinghu-2014", "Danghu-2015", "Danghu-2015"), 401, "http.sign_in");
    g_autofree char *cookie = session_of(&b, "zhang", "Pinghu-2014");
    g_autofree char *elsewhere = session_of(&b, "zhang", "Pinghu-2014");
    ASSERT_ANSWER(change(&b, cookie, "wrong", "Danghu-2015", "Danghu-2015"), 422,
                  "\"field\":\"old\"");
    ASSERT_ANSWER(change(&b, cookie, "Pinghu-2014", "short", "short"), 422, "password_short");
    ASSERT_ANSWER(change(&b, cookie, "Pinghu-2014", "Zhang-2015", "Zhang-2015"), 422,
                  "password_account");
    ASSERT_ANSWER(change(&b, cookie, "Pinghu-2014", "Pinghu-2014", "Pinghu-2014"), 422,
                  "password_common");
    ASSERT_ANSWER(change(&b, cookie, "Pinghu-2014", "Danghu-2015", "Danghu-2016"), 422,
                  "\"field\":\"again\"");
    time_now += MINUTE_MS;
    g_autofree char *changed = change(&b, cookie, "Pinghu-2014", "Danghu-2015", "Danghu-2015");
    g_assert_cmpint(status(changed), ==, 201);
    g_autofree char *fresh = cookie_of(changed);
    ASSERT_ANSWER(get(&b, "/desk/me", fresh, "application/json"), 200,
                  "\"changed_at\":1409706060000");
    ASSERT_ANSWER(get(&b, "/desk/me", cookie, "application/json"), 401, "http.sign_in");
    ASSERT_ANSWER(get(&b, "/desk/me", elsewhere, "application/json"), 401, "http.sign_in");
    ASSERT_ANSWER(sign_in(&b, "zhang", "Pinghu-2014", ""), 422, "sign_in_wrong");
    ASSERT_ANSWER(sign_in(&b, "zhang", "Danghu-2015", ""), 201, "\"/desk\"");
    bench_close(&b);
}

/* A person at a desk left open cannot try passwords there without end. */
static void guessing_the_old_password_locks_too(void)
{
    Bench b;
    bench_open(&b);
    g_autofree char *cookie = session_of(&b, "li", "Xincang-2014");
    for (int i = 0; i < 5; i++)
        ASSERT_ANSWER(change(&b, cookie, "wrong", "Danghu-2015", "Danghu-2015"), 422,
                      "password_wrong");
    ASSERT_ANSWER(change(&b, cookie, "Xincang-2014", "Danghu-2015", "Danghu-2015"), 429,
                  "http.locked");
    bench_close(&b);
}

/* ---- passwords that were ---- */

static void none_of_the_last_five_is_chosen_again(void)
{
    Bench b;
    bench_open(&b);
    g_autofree char *at_first = session_of(&b, "zhang", "Pinghu-2014");
    g_autofree char *begun = change(&b, at_first, "Pinghu-2014", "river boat 0", "river boat 0"), *cookie = cookie_of(begun);
    static const char *const words[] = { "river boat 0", "river boat 1", "river boat 2", "river boat 3", "river boat 4", "river boat 5" };
    for (size_t i = 1; i < G_N_ELEMENTS(words); i++) {
        time_now += MINUTE_MS;
        g_autofree char *first = change(&b, cookie, words[i - 1], words[0], words[0]);
        g_assert_nonnull(strstr(first, i == 1 ? "password_same" : "password_reused"));
        g_autofree char *done = change(&b, cookie, words[i - 1], words[i], words[i]);
        g_assert_cmpint(status(done), ==, 201);
        g_free(cookie);
        cookie = cookie_of(done);
    }
    ASSERT_ANSWER(change(&b, cookie, "river boat 5", "river boat 1", "river boat 1"), 422, "password_reused");
    ASSERT_ANSWER(change(&b, cookie, "river boat 5", words[0], words[0]), 201, "");
    bench_close(&b);
}

static bool put_old_hash(Db *db, void *data, GError **error)
{
    char old[crypto_pwhash_STRBYTES];
    const Context context = { .db = db, .county = COUNTY };
    (void)data;
    return crypto_pwhash_str(old, "Pinghu-2014", strlen("Pinghu-2014"), 3, 19 << 20) == 0 && identity_renew_hash(&context, 1, old, error);
}

static char *hash_kept(const Bench *b)
{
    g_auto(StaffLogin) known = { 0 };
    Db *db = store_reader(b->store, NULL);
    g_assert_true(identity_login(db, COUNTY, "zhang", 0, &known, NULL));
    store_return(b->store, db);
    return g_steal_pointer(&known.hash);
}

static void an_old_hash_is_renewed_at_the_next_sign_in(void)
{
    Bench b;
    bench_open(&b);
    g_assert_true(store_write(b.store, put_old_hash, NULL, NULL));
    ASSERT_ANSWER(sign_in(&b, "zhang", "wrong", ""), 422, "sign_in_wrong");
    g_autofree char *old = hash_kept(&b);
    ASSERT_ANSWER(sign_in(&b, "zhang", "Pinghu-2014", ""), 201, "/desk");
    g_autofree char *renewed = hash_kept(&b);
    g_assert_nonnull(strstr(old, "$m=19456,t=3,"));
    g_assert_nonnull(strstr(renewed, "$m=65536,t=3,"));
    g_autofree char *cookie = session_of(&b, "zhang", "Pinghu-2014");
    ASSERT_ANSWER(get(&b, "/desk/me", cookie, "application/json"), 200, "\"changed_at\":1409706000000");
    bench_close(&b);
}

/* ---- a first password ---- */

static bool give_password(Db *db, void *data, GError **error)
{
    const Context context = { .db = db, .county = COUNTY, .now = time_now };
    g_autofree char *hash = credentials_hash("Given-2014-x", true);
    (void)data;
    return credentials_give(&context, 1, hash, error);
}

static void a_given_password_is_changed_on_the_way_in(void)
{
    Bench b;
    bench_open(&b);
    g_autofree char *before = session_of(&b, "zhang", "Pinghu-2014");
    g_assert_true(store_write(b.store, give_password, NULL, NULL));
    ASSERT_ANSWER(get(&b, "/desk/me", before, "application/json"), 401, "http.sign_in");
    g_autofree char *first = sign_in(&b, "zhang", "Given-2014-x", "/desk/cases"), *entering = cookie_of(first);
    g_assert_nonnull(strstr(first, "\"see\":\"/sign-in/password?next=%2Fdesk%2Fcases\""));
    ASSERT_ANSWER(get(&b, "/desk", entering, "application/json"), 401, "http.sign_in");
    ASSERT_ANSWER(get(&b, "/desk/me", entering, "text/html"), 303, "Location: /sign-in?next=/desk/me");
    ASSERT_ANSWER(get(&b, "/", entering, "application/json"), 200, "");
    ASSERT_ANSWER(post(&b, "/desk/password", entering, "{\"old\":\"Given-2014-x\",\"new\":\"Danghu-2015\",\"again\":\"Danghu-2015\"}"), 401, "http.sign_in");
    ASSERT_ANSWER(get(&b, "/sign-in/password?next=/desk/cases", entering, "text/html"), 200, "name=\"next\" value=\"/desk/cases\"");
    ASSERT_ANSWER(post(&b, "/sign-in/password", "", "{\"new\":\"Danghu-2015\",\"again\":\"Danghu-2015\"}"), 401, "http.sign_in");
    ASSERT_ANSWER(post(&b, "/sign-in/password", entering, "{\"new\":\"Given-2014-x\",\"again\":\"Given-2014-x\"}"), 422, "password_same");
    g_autofree char *done = post(&b, "/sign-in/password", entering, "{\"new\":\"Danghu-2015\",\"again\":\"Danghu-2015\",\"next\":\"/desk/cases\"}");
    g_assert_nonnull(strstr(done, "\"see\":\"/desk/cases\""));
    g_autofree char *in = cookie_of(done);
    ASSERT_ANSWER(get(&b, "/desk/me", in, "application/json"), 200, "zhang");
    ASSERT_ANSWER(get(&b, "/sign-in/password", in, "application/json"), 403, "http.signed_in_already");
    ASSERT_ANSWER(get(&b, "/sign-in/password", entering, "application/json"), 401, "http.sign_in");
    ASSERT_ANSWER(sign_in(&b, "zhang", "Danghu-2015", ""), 201, "\"/desk\"");
    bench_close(&b);
}

/* A thief of the old password may have signed in from a browser of his own. */
static void a_new_password_makes_strangers_of_other_browsers(void)
{
    Bench b;
    bench_open(&b);
    g_autofree char *there = sign_in(&b, "zhang", "Pinghu-2014", ""), *other = device_of(there);
    g_autofree char *in = sign_in(&b, "zhang", "Pinghu-2014", ""), *session = cookie_of(in), *device = device_of(in);
    g_autofree char *here = g_strdup_printf("%s; %s", session, device);
    ASSERT_ANSWER(change(&b, here, "Pinghu-2014", "Danghu-2015", "Danghu-2015"), 201, "/desk/me");
    fail(&b, "", "zhang", 5);
    ASSERT_ANSWER(sign_in_from(&b, other, "zhang", "Danghu-2015", ""), 429, "http.wait");
    g_autofree char *again = sign_in_from(&b, device, "zhang", "Danghu-2015", ""), *fresh = device_of(again);
    g_assert_true(store_write(b.store, give_password, NULL, NULL));
    ASSERT_ANSWER(sign_in_from(&b, fresh, "zhang", "Given-2014-x", ""), 429, "Retry-After");
    bench_close(&b);
}

/* Ten minutes are enough for the steps on the way in. */
static void the_way_in_ends_by_itself(void)
{
    Bench b;
    bench_open(&b);
    g_assert_true(store_write(b.store, give_password, NULL, NULL));
    g_autofree char *first = sign_in(&b, "zhang", "Given-2014-x", ""), *entering = cookie_of(first);
    for (int i = 0; i < 2; i++, time_now += 5 * MINUTE_MS)
        ASSERT_ANSWER(get(&b, "/sign-in/password", entering, "application/json"), 200, "");
    ASSERT_ANSWER(get(&b, "/sign-in/password", entering, "application/json"), 401, "http.sign_in");
    bench_close(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/credentials/who signs in is known", who_signs_in_is_known);
    g_test_add_func("/credentials/who signs out is forgotten", who_signs_out_is_forgotten);
    g_test_add_func("/credentials/a failure never tells which was wrong",
                    a_failure_never_tells_which_was_wrong);
    g_test_add_func("/credentials/the way on stays in this house", the_way_on_stays_in_this_house);
    g_test_add_func("/credentials/posts change at midnight under open sessions", posts_change_at_midnight_under_open_sessions);
    g_test_add_func("/credentials/after five failures strangers wait longer each time", after_five_failures_strangers_wait_longer_each_time);
    g_test_add_func("/credentials/whoever has waited comes in beside an attacker", whoever_has_waited_comes_in_beside_an_attacker);
    g_test_add_func("/credentials/marks of waiting give no more guesses", marks_of_waiting_give_no_more_guesses);
    g_test_add_func("/credentials/a known device lets its owner in meanwhile", a_known_device_lets_its_owner_in_meanwhile);
    g_test_add_func("/credentials/guesses at a known device are counted too", guesses_at_a_known_device_are_counted_too);
    g_test_add_func("/credentials/what is left open elsewhere is ended from here", what_is_left_open_elsewhere_is_ended_from_here);
    g_test_add_func("/credentials/one sender who tries many accounts waits", one_sender_who_tries_many_accounts_waits);
    g_test_add_func("/credentials/only failures in a row count", only_failures_in_a_row_count);
    g_test_add_func("/credentials/a browser gets pages", a_browser_gets_pages);
    g_test_add_func("/credentials/a password is changed by who knows it",
                    a_password_is_changed_by_who_knows_it);
    g_test_add_func("/credentials/guessing the old password locks too",
                    guessing_the_old_password_locks_too);
    g_test_add_func("/credentials/a given password is changed on the way in", a_given_password_is_changed_on_the_way_in);
    g_test_add_func("/credentials/a new password makes strangers of other browsers", a_new_password_makes_strangers_of_other_browsers);
    g_test_add_func("/credentials/the way in ends by itself", the_way_in_ends_by_itself);
    g_test_add_func("/credentials/none of the last five is chosen again", none_of_the_last_five_is_chosen_again);
    g_test_add_func("/credentials/an old hash is renewed at the next sign-in", an_old_hash_is_renewed_at_the_next_sign_in);
    return g_test_run();
}

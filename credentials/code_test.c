// SPDX-License-Identifier: Apache-2.0
/* The second factor: one-time codes, recovery codes, and the ways round them that must not be. */
#include "credentials/bench_test.h"
#include "credentials/passkeys.h"
#include "ledger/ledger.h"

#include <liboath/oath.h>

/* Appendix B of RFC 6238, of whose eight digits the last six are ours. */
static void codes_are_those_of_the_standard(void)
{
    static const unsigned char secret[TOTP_SECRET] = "12345678901234567890";
    static const struct { int64_t seconds; const char *code; } known[] = {
        { 59, "287082" }, { 1111111109, "081804" }, { 1111111111, "050471" }, { 1234567890, "005924" }, { 2000000000, "279037" }, { 20000000000, "353130" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        Instant at = known[i].seconds * 1000;
        int64_t step = known[i].seconds / 30;
        g_assert_cmpint(totp_step(secret, at, 0, known[i].code), ==, step);
        g_assert_cmpint(totp_step(secret, at + 30000, 0, known[i].code), ==, step);
        g_assert_cmpint(totp_step(secret, at - 30000, 0, known[i].code), ==, step);
        g_assert_cmpint(totp_step(secret, at + 90000, 0, known[i].code), ==, 0);
        g_assert_cmpint(totp_step(secret, at - 90000, 0, known[i].code), ==, 0);
        g_assert_cmpint(totp_step(secret, at, step, known[i].code), ==, 0);
        g_assert_cmpint(totp_step(secret, at, step - 1, known[i].code), ==, step);
    }
    g_assert_cmpint(totp_step(secret, 59000, 0, ""), ==, 0);
    g_assert_cmpint(totp_step(secret, 59000, 0, "28708"), ==, 0);
    g_autofree char *text = totp_text(secret), *link = totp_link(text, "平湖市", "ma");
    g_assert_cmpstr(text, ==, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    g_assert_true(g_str_has_prefix(link, "otpauth://totp/%E5%B9%B3%E6%B9%96%E5%B8%82:ma?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer="));
}

/* ---- a telephone ---- */

/* The secret that the page tells; owned by the caller. */
static char *secret_shown(const Bench *b, const char *path, const char *cookie)
{
    g_autofree char *answer = get(b, path, cookie, "application/json");
    g_autoptr(json_t) shown = json_loads(body_of(answer), 0, NULL);
    if (!*json_text(shown, "secret"))
        g_error("no secret in: %s", answer);
    g_assert_true(g_str_has_prefix(json_text(shown, "picture"), "data:image/svg+xml;base64,"));
    return g_strdup(json_text(shown, "secret"));
}

/* The code that a telephone with the secret shows now; owned by the caller. */
static char *code_now(const char *shown)
{
    char *secret, made[7];
    size_t length;
    g_assert_cmpint(oath_base32_decode(shown, strlen(shown), &secret, &length), ==, OATH_OK);
    g_assert_cmpint(oath_totp_generate(secret, length, time_now / 1000, 30, 0, 6, made), ==, OATH_OK);
    free(secret);
    return g_strdup(made);
}

static char *send_code(Bench *b, const char *path, const char *cookie, const char *code)
{
    g_autofree char *body = g_strdup_printf("{\"code\":\"%s\"}", code);
    return post(b, path, cookie, body);
}

typedef struct Enrolled {
    char *secret, *cookie, *recovery[2];
} Enrolled;

static void enrolled_clear(Enrolled *self)
{
    g_free(self->secret);
    g_free(self->cookie);
    g_free(self->recovery[0]);
    g_free(self->recovery[1]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Enrolled, enrolled_clear)

/* The session of somebody on the way in, who has shown the password. */
static char *enter(Bench *b, const char *account, const char *step)
{
    g_autofree char *first = sign_in(b, account, "Pinghu-2014", ""), *see = g_strdup_printf("\"see\":\"%s\"", step);
    if (!strstr(first, see))
        g_error("no way to %s in: %s", step, first);
    return cookie_of(first);
}

static Enrolled enrol(Bench *b, const char *account)
{
    Enrolled made = { 0 };
    g_autofree char *entering = enter(b, account, "/sign-in/enrol");
    made.secret = secret_shown(b, "/sign-in/enrol", entering);
    ASSERT_ANSWER(send_code(b, "/sign-in/enrol", entering, "000000"), 422, "code_not_confirmed");
    g_autofree char *code = code_now(made.secret), *done = send_code(b, "/sign-in/enrol", entering, code);
    g_assert_cmpint(status(done), ==, 201);
    g_autoptr(json_t) answer = json_loads(body_of(done), 0, NULL);
    const json_t *codes = json_object_get(answer, "codes");
    g_assert_cmpuint(json_array_size(codes), ==, 10);
    for (size_t i = 0; i < 2; i++)
        made.recovery[i] = g_strdup(json_text(json_array_get(codes, i), "code"));
    made.cookie = cookie_of(done);
    ASSERT_ANSWER(get(b, "/desk/me", entering, "application/json"), 401, "http.sign_in");
    ASSERT_ANSWER(get(b, "/desk/me", made.cookie, "application/json"), 200, account);
    return made;
}

/* ---- the way in ---- */

static void a_code_is_demanded_and_taken_once(void)
{
    Bench b;
    bench_open(&b);
    g_auto(Enrolled) ma = enrol(&b, "ma");
    g_autofree char *entering = enter(&b, "ma", "/sign-in/code"), *used = code_now(ma.secret);
    ASSERT_ANSWER(send_code(&b, "/sign-in/code", entering, used), 422, "code_wrong"); /* it has confirmed the enrolment */
    time_now += 30 * 1000;
    g_autofree char *code = code_now(ma.secret), *done = send_code(&b, "/sign-in/code", entering, code), *in = cookie_of(done);
    g_assert_nonnull(strstr(done, "\"see\":\"/desk\""));
    ASSERT_ANSWER(get(&b, "/desk/me", in, "application/json"), 200, "ma");
    g_autofree char *again = enter(&b, "ma", "/sign-in/code");
    ASSERT_ANSWER(send_code(&b, "/sign-in/code", again, code), 422, "code_wrong");
    ASSERT_ANSWER(send_code(&b, "/sign-in/code", entering, code), 401, "http.sign_in"); /* this way in has ended */
    bench_close(&b);
}

static void nobody_goes_round_the_second_factor(void)
{
    static const char *const desks[] = { "/desk", "/desk/me", "/desk/code", "/desk/password", "/desk/cases" };
    Bench b;
    bench_open(&b);
    g_auto(Enrolled) ma = enrol(&b, "ma");
    (void)ma;
    g_autofree char *entering = enter(&b, "ma", "/sign-in/code");
    for (size_t i = 0; i < G_N_ELEMENTS(desks); i++)
        ASSERT_ANSWER(get(&b, desks[i], entering, "application/json"), 401, "http.sign_in");
    ASSERT_ANSWER(get(&b, "/sign-in/enrol", entering, "application/json"), 409, "other_step");
    ASSERT_ANSWER(get(&b, "/sign-in/enrol", entering, "text/html"), 409, "<a class=\"button\" href=\"/sign-in\">");
    ASSERT_ANSWER(send_code(&b, "/sign-in/enrol", entering, "123456"), 409, "other_step");
    ASSERT_ANSWER(post(&b, "/sign-in/password", entering, "{\"new\":\"river boat 1\",\"again\":\"river boat 1\"}"), 409, "other_step");
    ASSERT_ANSWER(post(&b, "/desk/recovery", entering, "{\"password\":\"Pinghu-2014\"}"), 401, "http.sign_in");
    g_autofree char *wang = session_of(&b, "zhang", "Pinghu-2014");
    ASSERT_ANSWER(send_code(&b, "/sign-in/code", wang, "123456"), 403, "signed_in_already");
    ASSERT_ANSWER(send_code(&b, "/sign-in/code", "", "123456"), 401, "http.sign_in");
    bench_close(&b);
}

static void a_recovery_code_lets_in_once(void)
{
    Bench b;
    bench_open(&b);
    g_auto(Enrolled) ma = enrol(&b, "ma"), an = enrol(&b, "an");
    g_autofree char *first = enter(&b, "ma", "/sign-in/code");
    ASSERT_ANSWER(send_code(&b, "/sign-in/code", first, an.recovery[0]), 422, "code_wrong"); /* another's */
    g_autofree char *small = g_ascii_strdown(ma.recovery[0], -1), *done = send_code(&b, "/sign-in/code", first, small), *in = cookie_of(done);
    ASSERT_ANSWER(get(&b, "/desk/code", in, "application/json"), 200, "\"recovery\":9");
    g_autofree char *second = enter(&b, "ma", "/sign-in/code");
    ASSERT_ANSWER(send_code(&b, "/sign-in/code", second, ma.recovery[0]), 422, "code_wrong");
    ASSERT_ANSWER(post(&b, "/desk/recovery", in, "{\"password\":\"wrong\"}"), 422, "password_wrong");
    g_autofree char *renewed = post(&b, "/desk/recovery", in, "{\"password\":\"Pinghu-2014\"}");
    g_assert_cmpint(status(renewed), ==, 201);
    ASSERT_ANSWER(send_code(&b, "/sign-in/code", second, ma.recovery[1]), 401, "http.sign_in"); /* half a way in has ended with the old ones */
    g_autofree char *third = enter(&b, "ma", "/sign-in/code");
    ASSERT_ANSWER(send_code(&b, "/sign-in/code", third, ma.recovery[1]), 422, "code_wrong"); /* an old one */
    bench_close(&b);
}

static void signing_out_ends_the_way_in(void)
{
    Bench b;
    bench_open(&b);
    g_autofree char *entering = enter(&b, "ma", "/sign-in/enrol");
    ASSERT_ANSWER(get(&b, "/sign-in/enrol", entering, "application/json"), 200, "secret");
    ASSERT_ANSWER(post(&b, "/sign-out", entering, "{}"), 201, "\"see\":\"/\"");
    ASSERT_ANSWER(get(&b, "/sign-in/enrol", entering, "application/json"), 401, "http.sign_in");
    bench_close(&b);
}

static void guessing_codes_is_slowed(void)
{
    Bench b;
    bench_open(&b);
    g_auto(Enrolled) ma = enrol(&b, "ma");
    time_now += 30 * 1000;
    g_autofree char *entering = enter(&b, "ma", "/sign-in/code"), *code = code_now(ma.secret);
    for (int i = 0; i < 5; i++)
        ASSERT_ANSWER(send_code(&b, "/sign-in/code", entering, "wrong"), 422, "code_wrong");
    ASSERT_ANSWER(send_code(&b, "/sign-in/code", entering, code), 429, "http.");
    bench_close(&b);
}

static void a_telephone_is_changed_by_who_knows_the_password(void)
{
    Bench b;
    bench_open(&b);
    g_autofree char *zhang = session_of(&b, "zhang", "Pinghu-2014"), *secret = secret_shown(&b, "/desk/code", zhang), *code = code_now(secret);
    g_autofree char *wrong = g_strdup_printf("{\"code\":\"%s\",\"password\":\"wrong\"}", code), *right = g_strdup_printf("{\"code\":\"%s\",\"password\":\"Pinghu-2014\"}", code);
    ASSERT_ANSWER(post(&b, "/desk/code", zhang, wrong), 422, "password_wrong");
    g_autofree char *done = post(&b, "/desk/code", zhang, right), *in = cookie_of(done), *other = secret_shown(&b, "/desk/code", in);
    g_assert_cmpstr(secret, !=, other);
    ASSERT_ANSWER(get(&b, "/desk/me", zhang, "application/json"), 401, "http.sign_in");
    g_free(enter(&b, "zhang", "/sign-in/code"));
    bench_close(&b);
}

/* Nothing is carried out for a password that was replaced between being judged and the write. */
static bool carry_out_too_late(Db *db, void *data, GError **error)
{
    static Handler *const handlers[] = { own_change_password, own_change_first, code_enrol_own, code_renew_recovery, passkey_enrol, passkey_drop };
    const Actor zhang = { .kind = STAFF, .id = 1 };
    g_autoptr(json_t) prepared = json_pack("{s:s, s:s}", "hash", "that was", "judged", "that was"), fields = json_object();
    (void)data;
    (void)error;
    for (size_t i = 0; i < G_N_ELEMENTS(handlers); i++) {
        g_autoptr(GError) refused = NULL;
        Request r = { .context = { .db = db, .county = COUNTY, .actor = &zhang, .now = time_now }, .fields = fields, .prepared = prepared };
        g_assert_null(handlers[i](&r, &refused));
        g_assert_cmpuint(trouble_status(refused), ==, NOT_SIGNED_IN);
    }
    return true;
}

static void a_password_replaced_meanwhile_proves_nothing(void)
{
    Bench b;
    bench_open(&b);
    g_assert_true(store_write(b.store, carry_out_too_late, NULL, NULL));
    bench_close(&b);
}

static char *sign_in_with(Bench *b, const char *account, const char *password, const char *code)
{
    g_autofree char *body = g_strdup_printf("{\"account\":\"%s\",\"password\":\"%s\",\"code\":\"%s\"}", account, password, code);
    return post(b, "/sign-in/both", "", body);
}

/* From a browser that has never been seen. */
static void the_second_factor_lets_its_owner_in_while_others_wait(void)
{
    Bench b;
    bench_open(&b);
    g_auto(Enrolled) ma = enrol(&b, "ma");
    time_now += 30 * 1000;
    for (int i = 0; i < 5; i++)
        ASSERT_ANSWER(sign_in(&b, "ma", "wrong", ""), 422, "sign_in_wrong");
    g_autofree char *code = code_now(ma.secret);
    ASSERT_ANSWER(sign_in(&b, "ma", "Pinghu-2014", ""), 429, "http.wait");
    ASSERT_ANSWER(sign_in_with(&b, "ma", "Pinghu-2014", "000000"), 429, "http.wait");
    ASSERT_ANSWER(sign_in_with(&b, "ma", "wrong", code), 422, "sign_in_wrong");
    ASSERT_ANSWER(sign_in_with(&b, "ma", "Pinghu-2014", code), 201, "\"see\":\"/desk\"");
    ASSERT_ANSWER(sign_in_with(&b, "ma", "Pinghu-2014", code), 429, "http.wait"); /* once */
    ASSERT_ANSWER(sign_in_with(&b, "ma", "Pinghu-2014", ma.recovery[0]), 201, "\"see\":\"/desk\"");
    ASSERT_ANSWER(sign_in_with(&b, "zhang", "Pinghu-2014", code), 422, "sign_in_wrong"); /* who has no second factor */
    ASSERT_ANSWER(sign_in_with(&b, "nobody", "Pinghu-2014", code), 422, "sign_in_wrong");
    bench_close(&b);
}

/* Neither many codes beside the right password nor many passwords beside a code that fits are tried without waiting. */
static void guessing_both_at_once_is_slowed(void)
{
    Bench b;
    bench_open(&b);
    g_auto(Enrolled) ma = enrol(&b, "ma"), an = enrol(&b, "an");
    time_now += 30 * 1000;
    g_autofree char *code = code_now(ma.secret), *of_an = code_now(an.secret);
    for (int i = 0; i < 5; i++)
        ASSERT_ANSWER(sign_in_with(&b, "ma", "Pinghu-2014", "wrong"), 422, "sign_in_wrong");
    ASSERT_ANSWER(sign_in_with(&b, "Ma", "Pinghu-2014", code), 429, "Retry-After: 20");
    for (int i = 0; i < 5; i++)
        ASSERT_ANSWER(sign_in_with(&b, "an", "wrong", i % 2 ? of_an : an.recovery[0]), 422, "sign_in_wrong");
    ASSERT_ANSWER(sign_in_with(&b, "an", "Pinghu-2014", of_an), 429, "Retry-After: 20");
    ASSERT_ANSWER(sign_in_with(&b, "an", "Pinghu-2014", an.recovery[0]), 429, "Retry-After: 20");
    for (int i = 0; i < 5; i++)
        ASSERT_ANSWER(sign_in_with(&b, "nobody", "Pinghu-2014", code), 422, "sign_in_wrong");
    ASSERT_ANSWER(sign_in_with(&b, "NOBODY", "Pinghu-2014", code), 429, "Retry-After: 20");
    g_autofree char *entering = enter(&b, "an", "/sign-in/code");
    ASSERT_ANSWER(send_code(&b, "/sign-in/code", entering, of_an), 201, "\"see\":\"/desk\""); /* having shown the password */
    time_now += 20 * 1000;
    ASSERT_ANSWER(sign_in_with(&b, "ma", "Pinghu-2014", code), 201, "\"see\":\"/desk\"");
    ASSERT_ANSWER(sign_in_with(&b, "ma", "Pinghu-2014", ma.recovery[0]), 201, "\"see\":\"/desk\""); /* the count is taken back */
    bench_close(&b);
}

/* ---- a first password ---- */

static bool give_password(Db *db, void *data, GError **error)
{
    const Context context = { .db = db, .county = COUNTY, .now = time_now };
    g_autofree char *hash = credentials_hash("Given-2014-x", true);
    return credentials_give(&context, *(const int64_t *)data, hash, error);
}

/* The administrator who gave the first password, and knows it, changes nothing by it. */
static void a_first_password_is_changed_behind_the_second_factor(void)
{
    static const char fresh[] = "{\"new\":\"river boat 1\",\"again\":\"river boat 1\"}";
    Bench b;
    int64_t of_ma = 4;
    bench_open(&b);
    g_auto(Enrolled) ma = enrol(&b, "ma");
    g_assert_true(store_write(b.store, give_password, &of_ma, NULL));
    g_autofree char *first = sign_in(&b, "ma", "Given-2014-x", "/desk/cases"), *entering = cookie_of(first);
    g_assert_nonnull(strstr(first, "\"see\":\"/sign-in/code?next=%2Fdesk%2Fcases\""));
    ASSERT_ANSWER(post(&b, "/sign-in/password", entering, fresh), 409, "other_step");
    ASSERT_ANSWER(get(&b, "/sign-in/password", entering, "application/json"), 409, "other_step");
    g_autofree char *passed = send_code(&b, "/sign-in/code", entering, ma.recovery[0]), *proven = cookie_of(passed);
    g_assert_nonnull(strstr(passed, "\"see\":\"/sign-in/password\""));
    ASSERT_ANSWER(get(&b, "/desk/me", proven, "application/json"), 401, "http.sign_in");
    ASSERT_ANSWER(send_code(&b, "/sign-in/code", proven, ma.recovery[1]), 409, "other_step");
    ASSERT_ANSWER(post(&b, "/sign-in/password", entering, fresh), 401, "http.sign_in"); /* this way in has ended */
    g_autofree char *both = sign_in_with(&b, "ma", "Given-2014-x", ma.recovery[1]), *other = cookie_of(both);
    g_assert_nonnull(strstr(both, "\"see\":\"/sign-in/password\""));
    g_autofree char *done = post(&b, "/sign-in/password", proven, fresh), *in = cookie_of(done);
    ASSERT_ANSWER(get(&b, "/desk/me", in, "application/json"), 200, "ma");
    ASSERT_ANSWER(get(&b, "/sign-in/password", other, "application/json"), 401, "http.sign_in"); /* with the password, half the ways in have ended */
    bench_close(&b);
}

/* ---- the security administrator ---- */

static void the_county_says_who_needs_a_second_factor(void)
{
    Bench b;
    bench_open(&b);
    g_auto(Enrolled) an = enrol(&b, "an");
    ASSERT_ANSWER(get(&b, "/desk/factors", an.cookie, "application/json"), 200,
                  "\"roles\":[\"approver\",\"head\",\"system_administrator\",\"security_administrator\",\"auditor\"]");
    ASSERT_ANSWER(post(&b, "/desk/factors", an.cookie, "{\"roles\":[\"clerk\",\"nobody\"]}"), 422, "\"field\":\"roles\"");
    g_autofree char *zhang = session_of(&b, "zhang", "Pinghu-2014"), *li = session_of(&b, "li", "Xincang-2014");
    ASSERT_ANSWER(get(&b, "/desk/me", zhang, "application/json"), 200, "zhang");
    ASSERT_ANSWER(post(&b, "/desk/factors", an.cookie, "{\"roles\":[\"clerk\"]}"), 201, "\"roles\":[\"clerk\"]");
    ASSERT_ANSWER(get(&b, "/desk/me", zhang, "application/json"), 401, "http.sign_in"); /* he has none, and had come without */
    ASSERT_ANSWER(get(&b, "/desk/me", li, "application/json"), 200, "li");
    g_free(enter(&b, "zhang", "/sign-in/enrol"));
    ASSERT_ANSWER(sign_in(&b, "ma", "Pinghu-2014", ""), 201, "\"see\":\"/desk\"");
    ASSERT_ANSWER(post(&b, "/desk/factors", an.cookie, "{\"roles\":[]}"), 201, "\"roles\":[]");
    ASSERT_ANSWER(sign_in(&b, "zhang", "Pinghu-2014", ""), 201, "\"see\":\"/desk\"");
    Db *db = store_reader(b.store, NULL);
    g_autoptr(json_t) events = ledger_events(db, COUNTY, "setting/second_factor", 0, NULL);
    g_assert_cmpuint(json_array_size(events), ==, 2);
    store_return(b.store, db);
    bench_close(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/codes/codes are those of the standard", codes_are_those_of_the_standard);
    g_test_add_func("/codes/a code is demanded and taken once", a_code_is_demanded_and_taken_once);
    g_test_add_func("/codes/nobody goes round the second factor", nobody_goes_round_the_second_factor);
    g_test_add_func("/codes/a recovery code lets in once", a_recovery_code_lets_in_once);
    g_test_add_func("/codes/signing out ends the way in", signing_out_ends_the_way_in);
    g_test_add_func("/codes/guessing codes is slowed", guessing_codes_is_slowed);
    g_test_add_func("/codes/a telephone is changed by who knows the password", a_telephone_is_changed_by_who_knows_the_password);
    g_test_add_func("/codes/a password replaced meanwhile proves nothing", a_password_replaced_meanwhile_proves_nothing);
    g_test_add_func("/codes/the second factor lets its owner in while others wait", the_second_factor_lets_its_owner_in_while_others_wait);
    g_test_add_func("/codes/guessing both at once is slowed", guessing_both_at_once_is_slowed);
    g_test_add_func("/codes/a first password is changed behind the second factor", a_first_password_is_changed_behind_the_second_factor);
    g_test_add_func("/codes/the county says who needs a second factor", the_county_says_who_needs_a_second_factor);
    return g_test_run();
}

// SPDX-License-Identifier: Apache-2.0
/* Tracking codes: how they are drawn, kept and read, and whose they are alone. */
#include "cases/bench_test.h"
#include "cases/code.h"

typedef struct Renewing {
    int64_t number;
    char code[CASE_CODE_TEXT];
} Renewing;

static bool renew_work(const Context *context, void *data, GError **error)
{
    Renewing *r = data;
    return case_renew_code(context, r->number, r->code, error);
}

static bool renew(Bench *b, const Actor *actor, Renewing *renewing, const char *day, GError **error)
{
    return write_as(b, actor, at(day, 11), renew_work, renewing, error);
}

static bool opens(Bench *b, int64_t number, const char *typed)
{
    g_autoptr(GError) error = NULL;
    Context context = b->context;
    context.db = store_reader(b->store, NULL);
    context.now = at("2014-08-19", 9);
    bool fits = code_fits(&context, number, typed, &error);
    store_return(b->store, context.db);
    if (!fits)
        g_assert_nonnull(strstr(error->message, strcmp(typed, "000000") ? "cases.wrong_number_or_code" : "cases.code_is_old"));
    return fits;
}

static int64_t received(Bench *b)
{
    int64_t number = drafted(b, "2014-08-18");
    done(b, &people[VILLAGE_CLERK], number, "2014-08-18", SUBMIT, (SubjectInput){ 0 }, RECEIVED);
    return number;
}

static void a_code_is_drawn_anew_and_has_no_letters_that_look_alike(void)
{
    Bench b;
    bench_open(&b);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) letters = g_hash_table_new(NULL, NULL);
    for (int i = 0; i < 400; i++) {
        Case made = { .number = 330482140903000123, .code_hash = g_strdup("") };
        char code[CASE_CODE_TEXT];
        case_draw_code(&b.context, &made, code);
        g_assert_true(g_regex_match_simple("^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{3}$", code, 0, 0));
        g_assert_true(g_hash_table_add(seen, g_strdup(code)));
        for (int j = 0; code[j]; j++)
            if (code[j] != '-')
                g_hash_table_add(letters, GINT_TO_POINTER(code[j] << 8 | j)); /* in each place each letter */
        g_free(made.code_hash);
    }
    g_assert_cmpuint(g_hash_table_size(letters), ==, 11 * 32);
    bench_close(&b);
}

/* As the paper has it, as people type it, and what is another. */
static void a_code_is_read_as_people_type_it(void)
{
    Bench b;
    bench_open(&b);
    Renewing made = { .number = received(&b) };
    while (!strpbrk(made.code, "01")) /* until it has a figure that people take for a letter */
        g_assert_true(renew(&b, &people[VILLAGE_CLERK], &made, "2014-08-18", NULL));
    g_autofree char *small = g_ascii_strdown(made.code, -1), *wide = g_strdup(made.code), *letters = g_strdup(made.code);
    g_strdelimit(wide, "-", ' ');
    g_strdelimit(g_strdelimit(letters, "0", 'o'), "1", 'l');
    g_autoptr(GString) full = g_string_new(NULL);
    for (const char *at = made.code; *at; at++)
        g_string_append_unichar(full, (gunichar)(0xFF01 - '!' + *at)); /* as an input method for Chinese writes them */
    g_autofree char *blanks = g_strconcat("\t ", wide, "\xe3\x80\x80", NULL), *long_one = g_strconcat(made.code, "0", NULL);
    for (const char *const *typed = (const char *const[]){ made.code, small, wide, letters, full->str, blanks, NULL }; *typed; typed++)
        g_assert_true(opens(&b, made.number, *typed));
    g_assert_false(opens(&b, made.number, long_one) || opens(&b, made.number, "") || opens(&b, made.number, "-"));
    g_assert_false(opens(&b, made.number + 1, made.code));
    made.code[12] = made.code[12] == '7' ? '8' : '7';
    g_assert_false(opens(&b, made.number, made.code));
    bench_close(&b);
}

static void a_case_without_a_code_opens_for_nobody(void)
{
    Bench b;
    bench_open(&b);
    int64_t number = received(&b);
    for (const char *const *typed = (const char *const[]){ "", "0", "00000000000", "000000", NULL }; *typed; typed++)
        g_assert_false(opens(&b, number, *typed));
    bench_close(&b);
}

static void a_new_slip_is_the_desk_s_and_ends_the_old_code(void)
{
    Bench b;
    bench_open(&b);
    Renewing first = { .number = received(&b) }, second = first, other = first;
    g_assert_true(renew(&b, &people[VILLAGE_CLERK], &first, "2014-08-18", NULL));
    static const enum who_acts not_theirs[] = { TOWN_REVIEWER, ORGAN_REVIEWER, OTHER_TOWN, WATCHER };
    for (size_t i = 0; i < G_N_ELEMENTS(not_theirs); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_false(renew(&b, &people[not_theirs[i]], &other, "2014-08-18", &error));
        g_assert_nonnull(strstr(error->message, "cases.not_yours"));
    }
    Actor holder = { .kind = HOLDER, .id = first.number, .name = "" };
    g_assert_false(renew(&b, &holder, &other, "2014-08-18", NULL));
    g_assert_true(opens(&b, first.number, first.code) && !opens(&b, first.number, other.code));
    g_assert_true(renew(&b, &people[VILLAGE_CLERK], &second, "2014-08-18", NULL));
    g_assert_true(opens(&b, first.number, second.code) && !opens(&b, first.number, first.code));
    refused(&b, &people[VILLAGE_CLERK], first.number, "2014-08-18", NEW_SLIP, (SubjectInput){ 0 }, "cases.no_action"); /* by no other way */
    int64_t draft = drafted(&b, "2014-08-18");
    other.number = draft;
    g_assert_false(renew(&b, &people[VILLAGE_CLERK], &other, "2014-08-18", NULL));
    bench_close(&b);
}

/* ---- the holder alone ---- */

static bool put_own(const Context *context, void *data, GError **error)
{
    return db_run(context->db, "UPDATE case_now SET code_hash = code_hash || '+' WHERE county = :county AND number = :number",
                  WITH(db_int("county", context->county), db_int("number", *(int64_t *)data)), error);
}

static void who_comes_by_a_code_that_the_desk_knows_withdraws_nothing(void)
{
    Bench b;
    bench_open(&b);
    Renewing made = { .number = received(&b) };
    Actor holder = { .kind = HOLDER, .id = made.number, .name = "" };
    g_assert_true(renew(&b, &people[VILLAGE_CLERK], &made, "2014-08-18", NULL));
    refused(&b, &holder, made.number, "2014-08-18", WITHDRAW, (SubjectInput){ .reason = "测试" }, "cases.code_was_shown");
    refused(&b, &holder, made.number, "2014-08-18", OWN_CODE, (SubjectInput){ 0 }, "cases.no_action"); /* by no other way */
    g_assert_true(write_as(&b, &the_system, at("2014-08-18", 12), put_own, &made.number, NULL));
    done(&b, &holder, made.number, "2014-08-18", WITHDRAW, (SubjectInput){ .reason = "测试" }, WITHDRAWN);
    bench_close(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/code/a code is drawn anew and has no letters that look alike", a_code_is_drawn_anew_and_has_no_letters_that_look_alike);
    g_test_add_func("/code/a code is read as people type it", a_code_is_read_as_people_type_it);
    g_test_add_func("/code/a case without a code opens for nobody", a_case_without_a_code_opens_for_nobody);
    g_test_add_func("/code/a new slip is the desk's and ends the old code", a_new_slip_is_the_desk_s_and_ends_the_old_code);
    g_test_add_func("/code/who comes by a code that the desk knows withdraws nothing", who_comes_by_a_code_that_the_desk_knows_withdraws_nothing);
    return g_test_run();
}

// SPDX-License-Identifier: Apache-2.0
#include "base/base.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void days_go_there_and_back(void)
{
    char text[DAY_TEXT];
    for (Day day = day_parse("1900-01-01"); day <= day_parse("2199-12-31"); day++)
        g_assert_cmpint(day_parse(day_text(day, text)), ==, day);
    g_assert_cmpint(day_parse("1970-01-01"), ==, 0);
    g_assert_cmpint(day_parse("2014-09-03"), ==, 16316);
    g_assert_cmpint(day_weekday(day_parse("2014-09-03")), ==, 3);
    g_assert_cmpint(day_weekday(day_parse("1969-12-28")), ==, 7);
    g_assert_cmpint(day_months_on(day_parse("2014-01-31"), 1), ==, day_parse("2014-02-28"));
    g_assert_cmpint(day_months_on(day_parse("2014-12-15"), 14), ==, day_parse("2016-02-15"));
}

static void what_is_no_day_is_refused(void)
{
    static const char *const wrong[] = { "", "2014-02-29", "2014-13-01", "2014-00-10", "2014-1-1",
        "1899-12-31", "2200-01-01", "2014-09-03 ", "2014/09/03", "２０１４-09-03", "abcd-ef-gh" };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        g_assert_cmpint(day_parse(wrong[i]), ==, DAY_NONE);
    g_assert_cmpint(day_parse(NULL), ==, DAY_NONE);
    g_assert_cmpint(day_parse("2016-02-29"), !=, DAY_NONE);
}

static void moments_are_read_as_offices_write_them(void)
{
    static const struct { const char *text; int month, minute; } good[] = {
        { "2014-09-03", 9, -1 }, { "2014/9/3 8:05", 9, 485 }, { "2014.09.03T23:59:59", 9, 1439 }, { "2014-9-3 0:00", 9, 0 }, { "20140903", 9, -1 },
        { "2014年9月3日", 9, -1 }, { "2014年09月03日 8:05:00", 9, 485 }, { "2014年9月3日8:05", 9, 485 }, { "２０１４／９／３", 9, -1 },
        { "2014-09-03T08:05+08:00", 9, 485 }, { "2014-09-03T08:05:00.000", 9, 485 }, { "20140903 08:05", 9, 485 },
    };
    static const char *const bad[] = { "", "2014", "2014-09", "2014-09-31", "14-09-03", "2014-09/03", "2014-09-03 ", "2014-09-03 8", "2014-09-03 24:00",
                                       "2014-09-03 8:60", "2014-09-03 8:00:00:00", "2014-09-03x", "2014-09-03 8:", "20140931", "2014090", "201409031",
                                       "2014年9月", "9月3日", "2014年9日3月", "2014-09-03T08:05Z", "2014-09-03T08:05.0", "年月日", "41885" };
    Day day;
    int minute;
    for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
        g_assert_true(moment_read(good[i].text, &day, &minute));
        g_assert_cmpint(day, ==, day_from(2014, good[i].month, 3));
        g_assert_cmpint(minute, ==, good[i].minute);
        g_assert_cmpint(day_read(good[i].text), ==, day);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
        g_assert_cmpint(day_read(bad[i]), ==, DAY_NONE);
}

static void numbers_are_read_as_offices_write_them(void)
{
    static const struct { const char *text, *plain; } all[] = {
        { "1,234", "1234" }, { "1，234，567", "1234567" }, { "1,234.50", "1234.50" }, { "７", "7" }, { " 12.00 ", "12" }, { "-1,000", "-1000" }, { "0", "0" },
        { "330482001000", "330482001000" }, { "12,34", NULL }, { "1,2345", NULL }, { "1,234,", NULL }, { "", NULL }, { "1.", NULL }, { "3.3E+11", NULL },
        { "一", NULL }, { "\xff", NULL },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        g_autofree char *plain = number_plain(all[i].text);
        g_assert_cmpstr(plain, ==, all[i].plain);
    }
}

static void an_instant_falls_on_the_countys_day(void)
{
    char text[INSTANT_TEXT];
    Day day = day_parse("2014-09-03");
    g_assert_cmpint(day_of(instant_at(day, 0)), ==, day);
    g_assert_cmpint(day_of(instant_at(day, 0) - 1), ==, day - 1);
    g_assert_cmpint(minute_of(instant_at(day, 485)), ==, 485);
    g_assert_cmpint(day_of(-1), ==, 0); /* 07:59 in China */
    g_assert_cmpstr(instant_text(instant_at(day, 570), text), ==, "2014-09-03T01:30:00.000Z");
    g_assert_cmpstr(instant_text(-1, text), ==, "1969-12-31T23:59:59.999Z");
}

static void a_refusal_carries_reason_and_details(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(refuse(&error, CONFLICT, "cases.stale", "number", "33\"0", NULL));
    g_assert_error(error, TROUBLE, CONFLICT);
    g_autoptr(json_t) details = trouble_details(error);
    g_assert_cmpstr(json_text(details, "reason"), ==, "cases.stale");
    g_assert_cmpstr(json_text(details, "number"), ==, "33\"0");
    g_assert_cmpuint(trouble_status(error), ==, 409);
}

static void a_fault_tells_the_asker_nothing(void)
{
    g_autoptr(GError) error = NULL;
    fault(&error, "disk %d", 7);
    g_autoptr(json_t) details = trouble_details(error);
    g_assert_cmpstr(json_text(details, "reason"), ==, "base.fault");
    g_assert_cmpstr(error->message, ==, "disk 7");
}

static void text_is_checked(void)
{
    g_assert_true(text_is_clean("平湖\t县\n", 11));
    g_assert_false(text_is_clean("a\0b", 3));
    g_assert_false(text_is_clean("\xff\xfe", 2));
    g_assert_false(text_is_clean("\xed\xa0\x80", 3));
    g_assert_false(text_is_clean("\x1b[2J", 4));
    g_autofree char *hex = text_hex("\x00\xff\x1a", 3);
    g_assert_cmpstr(hex, ==, "00ff1a");
    g_autofree char *code = text_base64url("\xfb\xff\xfe\x01", 4);
    g_autoptr(GBytes) back = bytes_of_base64url(code), none = bytes_of_base64url("+//+AQ"), padded = bytes_of_base64url("-__-AQ==");
    g_assert_cmpstr(code, ==, "-__-AQ"); /* RFC 4648, 5 */
    g_assert_true(g_bytes_get_size(back) == 4 && memcmp(g_bytes_get_data(back, NULL), "\xfb\xff\xfe\x01", 4) == 0);
    g_assert_cmpuint(g_bytes_get_size(none), ==, 0);
    g_assert_cmpuint(g_bytes_get_size(padded), ==, 0);
    g_autofree char *grouped = text_grouped("330482140903000123"), *short_one = text_grouped("330482");
    g_assert_cmpstr(grouped, ==, "330482 140903 000123");
    g_assert_cmpstr(short_one, ==, "330482");
}

static void randomness_repeats_by_seed(void)
{
    RandomSeed a, b, c;
    char x[20], y[20], z[20];
    random_seed(&a, 7), random_seed(&b, 7), random_seed(&c, 8);
    random_repeatable(&a, x, sizeof x);
    random_repeatable(&b, y, sizeof y);
    random_repeatable(&c, z, sizeof z);
    g_assert_true(memcmp(x, y, sizeof x) == 0);
    g_assert_true(memcmp(x, z, sizeof x) != 0);
}

static void secrets_are_compared_whole(void)
{
    g_assert_true(secret_equals("0123abcd", "0123abcd") && secret_equals("", ""));
    static const char *const others[] = { "1123abcd", "0123abce", "0123abc", "0123abcd0", "0123ABCD", "", NULL };
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
        g_assert_false(secret_equals("0123abcd", others[i]) || secret_equals(others[i], "0123abcd"));
    g_assert_false(secret_equals(NULL, NULL));
}

static void what_is_embedded_is_found(void)
{
    for (size_t i = 1; i < embedded_count; i++)
        g_assert_cmpstr(embedded[i - 1].name, <, embedded[i].name);
    g_assert_nonnull(embedded_find("view/static/bootstrap.min.css"));
    g_assert_null(embedded_find("view/static/bootstrap"));
}

static void a_folder_is_removed_and_links_are_not_followed(void)
{
    g_autofree char *top = g_dir_make_tmp("base-XXXXXX", NULL), *inner = g_build_filename(top, "a", "b", NULL);
    g_autofree char *file = g_build_filename(inner, "file", NULL), *link = g_build_filename(inner, "link", NULL);
    g_autofree char *kept = g_dir_make_tmp("base-XXXXXX", NULL), *inside = g_build_filename(kept, "kept", NULL);
    g_assert_cmpint(g_mkdir_with_parents(inner, 0700), ==, 0);
    g_assert_true(g_file_set_contents(file, "x", 1, NULL) && g_file_set_contents(inside, "x", 1, NULL));
    g_assert_cmpint(symlink(kept, link), ==, 0);
    g_assert_true(remove_tree(top));
    g_assert_false(g_file_test(top, G_FILE_TEST_EXISTS));
    g_assert_true(g_file_test(inside, G_FILE_TEST_EXISTS));
    g_assert_true(remove_tree(kept));
    g_assert_true(remove_tree(kept)); /* nothing there is nothing left */
}

static void a_renamed_file_replaces_another(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *top = g_dir_make_tmp("base-XXXXXX", NULL), *one = g_build_filename(top, "one", NULL);
    g_autofree char *other = g_build_filename(top, "other", NULL), *text = NULL;
    g_assert_true(file_replace(one, "one", 0600, &error) && file_replace(other, "other", 0600, &error));
    g_assert_true(file_rename(one, other, &error) && file_read(other, &text, &error));
    g_assert_cmpstr(text, ==, "one");
    g_assert_false(file_rename(one, other, &error));
    g_assert_cmpuint(trouble_status(error), ==, FAULT);
    g_assert_nonnull(strstr(error->message, g_strerror(ENOENT)));
    g_assert_true(remove_tree(top));
}

static void a_secret_is_its_owners(void)
{
    g_autoptr(GError) error = NULL;
    char *text;
    g_autofree char *top = g_dir_make_tmp("base-XXXXXX", NULL), *file = g_build_filename(top, "key", NULL);
    g_assert_true(secret_read(file, &text, &error) && !text);
    g_assert_true(secret_write(file, "secret\n", &error) && secret_read(file, &text, &error));
    g_assert_cmpstr(text, ==, "secret\n");
    secret_free(text);
    g_assert_false(secret_write(file, "another", &error));
    g_assert_cmpuint(trouble_status(error), ==, CONFLICT);
    g_clear_error(&error);
    static const mode_t open_to[] = { 0640, 0604, 0620, 0601 };
    for (size_t i = 0; i < G_N_ELEMENTS(open_to); i++) {
        g_assert_cmpint(chmod(file, open_to[i]), ==, 0);
        g_assert_false(secret_read(file, &text, &error) || text);
        g_assert_nonnull(strstr(error->message, "base.secret_open"));
        g_clear_error(&error);
    }
    g_assert_true(remove_tree(top));
}

static void a_clock_is_held_at_the_last_event(void)
{
    g_autoptr(Clock) clock = clock_new();
    g_assert_cmpint(clock_hold(NULL, 5), ==, 5);
    g_assert_cmpint(clock_hold(clock, 5000), ==, 5000);
    clock_note(clock, 9000);
    clock_note(clock, 4000); /* of a history, long ago */
    clock_note(NULL, 99000);
    g_test_expect_message("pinghu", G_LOG_LEVEL_WARNING, "*1970-01-01T00:00:05.000Z*1970-01-01T00:00:09.000Z*held there*");
    g_assert_cmpint(clock_hold(clock, 5000), ==, 9000);
    g_assert_cmpint(clock_hold(clock, 5001), ==, 9000); /* said once */
    g_test_assert_expected_messages();
    g_assert_cmpint(clock_behind(clock, 5000), ==, 4000);
    g_assert_cmpint(clock_hold(clock, 8999), ==, 9000);
    g_assert_cmpint(clock_hold(clock, 9001), ==, 9001);
    g_assert_cmpint(clock_behind(clock, 9001), ==, 0);
}

static void what_is_written_directly_is_canonical(void)
{
    static const char *const texts[] = { "", "a", "\"\\/", "\b\f\n\r\t\x01\x1f\x7f", "平湖 é 😀" };
    static const int64_t numbers[] = { 0, -1, 42, INT64_MAX, INT64_MIN };
    g_autoptr(GString) out = g_string_new("{");
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        const char key[] = { (char)('a' + i), '"', '\0' };
        json_write_key(out, key);
        json_write_text(out, texts[i]);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
        const char key[] = { (char)('p' + i), '\0' };
        json_write_key(out, key);
        json_write_number(out, numbers[i]);
    }
    g_string_append_c(out, '}');
    g_autoptr(json_t) read = json_loads(out->str, 0, NULL);
    g_autofree char *canonical = json_canonical(read);
    g_assert_cmpstr(out->str, ==, canonical);
}

static void assert_member(const char *object, const char *key, const char *wanted)
{
    size_t length = 0;
    const char *found = json_member(object, key, &length);
    g_autofree char *text = found ? g_strndup(found, length) : NULL;
    g_assert_cmpstr(text, ==, wanted);
}

static void a_member_is_found_without_a_tree(void)
{
    const char *payload = "{\"change\":{\"facts\":1,\"list\":[\"}\",{}]},\"facts\":{\"reason\":\"a \\\" } , b\"},\"marks\":\"\",\"n\":-5}";
    assert_member(payload, "facts", "{\"reason\":\"a \\\" } , b\"}");
    assert_member(payload, "marks", "\"\"");
    assert_member(payload, "n", "-5");
    assert_member(payload, "fact", NULL);
    assert_member(payload, "reason", NULL);
    assert_member("{}", "facts", NULL);
    assert_member("{\"facts\":{\"a\":\"", "facts", NULL);
    assert_member("{\"facts\\", "facts", NULL);
    assert_member("", "facts", NULL);
}

static void an_address_names_its_host(void)
{
    static const struct {
        const char *address, *host;
        bool is_local;
    } rows[] = {
        { "http://127.0.0.1:8080/a", "127.0.0.1", true }, { "smtp://LOCALHOST", "localhost", true }, { "[::1]:80", "[::1]", true },
        { "https://Pinghu.example.:8443", "pinghu.example", false }, { "http://127.0.0.1.evil.example", "127.0.0.1.evil.example", false },
        { "http://[::1].evil.example", "", false }, { "http://localhost:x@evil.example", "", false }, { "http://localhost:80.evil.example", "", false },
        { "http://localhost@evil.example", "localhost@evil.example", false }, { "[", "[", false }, { "", "", false },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *host = address_host(rows[i].address);
        g_assert_cmpstr(host, ==, rows[i].host);
        g_assert_cmpint(address_is_local(rows[i].address), ==, rows[i].is_local);
    }
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/days go there and back", days_go_there_and_back);
    g_test_add_func("/base/what is no day is refused", what_is_no_day_is_refused);
    g_test_add_func("/base/moments are read as offices write them", moments_are_read_as_offices_write_them);
    g_test_add_func("/base/numbers are read as offices write them", numbers_are_read_as_offices_write_them);
    g_test_add_func("/base/an instant falls on the county's day", an_instant_falls_on_the_countys_day);
    g_test_add_func("/base/a refusal carries reason and details", a_refusal_carries_reason_and_details);
    g_test_add_func("/base/a fault tells the asker nothing", a_fault_tells_the_asker_nothing);
    g_test_add_func("/base/text is checked", text_is_checked);
    g_test_add_func("/base/randomness repeats by seed", randomness_repeats_by_seed);
    g_test_add_func("/base/secrets are compared whole", secrets_are_compared_whole);
    g_test_add_func("/base/what is embedded is found", what_is_embedded_is_found);
    g_test_add_func("/base/a folder is removed and links are not followed", a_folder_is_removed_and_links_are_not_followed);
    g_test_add_func("/base/an address names its host", an_address_names_its_host);
    g_test_add_func("/base/a renamed file replaces another", a_renamed_file_replaces_another);
    g_test_add_func("/base/a secret is its owner's", a_secret_is_its_owners);
    g_test_add_func("/base/what is written directly is canonical", what_is_written_directly_is_canonical);
    g_test_add_func("/base/a clock is held at the last event", a_clock_is_held_at_the_last_event);
    g_test_add_func("/base/a member is found without a tree", a_member_is_found_without_a_tree);
    return g_test_run();
}

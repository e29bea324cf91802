// SPDX-License-Identifier: Apache-2.0
/* A mail as it is written down, and what a web hook is given. What servers make of them: tests/stories/outbox.test.mjs. */
#include "outbox/room.h"

#include <string.h>

enum { ADDRESS_MOST = 254 };

static const char *const one_address[] = { "wang@pinghu.example", NULL };

static Letter letter(const char *title, const char *text)
{
    return (Letter){ .id = "330482.17.1", .addresses = one_address, .telephone = "13800000000", .centre = "平湖政务服务中心", .title = title,
                     .text = text, .link = "https://ph.example/x", .foot = "foot", .language = "zh", .template = "a.b", .recipient = "staff/1", .county = 330482, .tries = 2,
                     .made_at = 5, .now = 1385827200000 };
}

/* ---- addresses ---- */

static void plain_addresses_are_taken(void)
{
    static const char *const fit[] = { "a@b.cn", "wang.li+desk_2@mail.pinghu.example", "A-1@x-y.example" };
    for (size_t i = 0; i < G_N_ELEMENTS(fit); i++) {
        g_autofree char *taken = mail_address_check(fit[i], NULL);
        g_assert_cmpstr(taken, ==, fit[i]);
    }
}

static void other_addresses_are_refused(void)
{
    g_autofree char *local = g_strnfill(65, 'a'), *long_local = g_strconcat(local, "@b.cn", NULL);
    g_autofree char *labels = g_strnfill(ADDRESS_MOST, 'b'), *long_label = g_strconcat("a@", labels, ".cn", NULL);
    const char *const wrong[] = { "", "a", "@b.cn", "a@", "a@b", "a@.cn", "a@b..cn", ".a@b.cn", "a..b@c.cn", "a b@c.cn", "a@b.cn\r\nBcc: x@y.cn", "a@b.cn,x@y.cn",
                                  "<a@b.cn>", "\"a\"@b.cn", "王@b.cn", "a@[127.0.0.1]", "a@b@c.cn", "a@-b.cn", long_local, long_label };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *taken = mail_address_check(wrong[i], &error);
        g_assert_null(taken);
        g_assert_nonnull(strstr(error->message, "outbox.address_form"));
    }
}

/* ---- headers ---- */

static char *header_of(const char *mail, const char *name)
{
    g_autofree char *pattern = g_strdup_printf("^%s: (.*(?:\r\n .*)*)\r$", name);
    g_autoptr(GRegex) regex = g_regex_new(pattern, G_REGEX_MULTILINE | G_REGEX_NEWLINE_LF, 0, NULL);
    g_autoptr(GMatchInfo) found = NULL;
    g_assert_true(g_regex_match(regex, mail, 0, &found));
    return g_match_info_fetch(found, 1);
}

/* As a reader of mail does it, RFC 2047. */
static char *decoded(const char *text)
{
    GString *out = g_string_new(NULL);
    g_auto(GStrv) words = g_strsplit(text, "\r\n ", -1);
    for (int i = 0; words[i]; i++) {
        gsize length;
        g_assert_cmpuint(strlen(words[i]), <=, 75);
        g_assert_true(g_str_has_prefix(words[i], "=?UTF-8?B?") && g_str_has_suffix(words[i], "?="));
        g_autofree char *code = g_strndup(words[i] + 10, strlen(words[i]) - 12);
        g_autofree guchar *bytes = g_base64_decode(code, &length);
        g_assert_true(g_utf8_validate((const char *)bytes, (gssize)length, NULL)); /* whole characters in each */
        g_string_append_len(out, (const char *)bytes, (gssize)length);
    }
    return g_string_free(out, FALSE);
}

static void chinese_headers_are_encoded(void)
{
    static const char title[] = "请补交材料：城镇污水排入排水管网许可证及附图、建设工程规划许可证（副本）、营业执照";
    const Letter sent = letter(title, "text");
    g_autofree char *mail = mail_compose("centre@pinghu.example", &sent);
    g_autofree char *subject = header_of(mail, "Subject"), *read = decoded(subject);
    g_assert_cmpstr(read, ==, title);
    g_autofree char *from = header_of(mail, "From");
    g_assert_nonnull(strstr(from, " <centre@pinghu.example>"));
    g_autofree char *id = header_of(mail, "Message-ID");
    g_assert_cmpstr(id, ==, "<330482.17.1@pinghu.example>");
    g_autofree char *date = header_of(mail, "Date");
    g_assert_cmpstr(date, ==, "Sun, 1 Dec 2013 00:00:00 +0800");
}

static void plain_titles_stay_readable(void)
{
    const Letter sent = letter("Papers supplied: Permit", "text");
    g_autofree char *mail = mail_compose("centre@pinghu.example", &sent), *subject = header_of(mail, "Subject");
    g_assert_cmpstr(subject, ==, "Papers supplied: Permit");
}

static void no_datum_becomes_a_header(void)
{
    static const char *const attempts[] = { "x\r\nBcc: all@pinghu.example", "x\nBcc: all@pinghu.example", "x\r\n\r\nbody", "=?UTF-8?B?QmNj?=" };
    for (size_t i = 0; i < G_N_ELEMENTS(attempts); i++) {
        const Letter sent = letter(attempts[i], attempts[i]);
        g_autofree char *mail = mail_compose("centre@pinghu.example", &sent), *subject = header_of(mail, "Subject"), *read = decoded(subject);
        g_assert_cmpstr(read, ==, attempts[i]);
        g_assert_null(strstr(mail, "Bcc:"));
    }
}

static void the_body_is_whole(void)
{
    GString *text = g_string_new(NULL);
    for (int i = 0; i < 500; i++)
        g_string_append(text, "办件。\n.\n");
    const Letter sent = letter("t", text->str);
    g_autofree char *mail = mail_compose("centre@pinghu.example", &sent);
    g_auto(GStrv) lines = g_strsplit(mail, "\r\n", -1);
    for (int i = 0; lines[i]; i++) {
        g_assert_cmpuint(strlen(lines[i]), <=, 78);
        g_assert_null(strchr(lines[i], '\n'));
        g_assert_true(lines[i][0] != '.');
    }
    gsize length;
    const char *body = strstr(mail, "\r\n\r\n") + 4;
    g_autofree guchar *read = g_base64_decode(body, &length);
    g_autofree char *all = g_strndup((const char *)read, length), *expected = g_strconcat(text->str, "\r\nhttps://ph.example/x\r\n\r\nfoot\r\n", NULL);
    g_assert_cmpstr(all, ==, expected);
    g_string_free(text, TRUE);
}

static void refusals_are_told_without_addresses(void)
{
    g_autofree char *told = mail_told("550 5.1.1 <wang@pinghu.example>: no such user 13800000000\r\n");
    g_assert_cmpstr(told, ==, "550 5.1.1 … no such user …");
}

/* A character that lacks its end must not let the reading run on behind the end of the text. */
static void refusals_may_end_within_a_character(void)
{
    static const struct { char said[40]; const char *told; } answers[] = {
        { "HTTP 502 \xe7\xbd\0behind", "HTTP 502 ??" },
        { "HTTP 502 \xe7\0\0behind", "HTTP 502 ?" },
        { "550 \xb2\xbb\xb4\xe6", "550 ????" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(answers); i++) {
        g_autofree char *told = mail_told(answers[i].said);
        g_assert_cmpstr(told, ==, answers[i].told);
    }
}

static void long_refusals_are_cut(void)
{
    g_autofree char *said = g_strnfill(500, 'x'), *told = mail_told(said);
    g_assert_cmpuint(strlen(told), ==, 200);
}

/* ---- the web hook ---- */

static void what_a_hook_gets_is_signed(void)
{
    const Letter sent = letter("标题", "正文");
    g_autofree char *body = hook_body(&sent);
    g_assert_cmpstr(body, ==, "{\"county\":330482,\"id\":\"330482.17.1\",\"language\":\"zh\",\"link\":\"https://ph.example/x\",\"made_at\":5,\"telephone\":\"13800000000\",\"template\":\"a.b\","
                              "\"text\":\"正文\",\"title\":\"标题\",\"to\":\"staff/1\",\"try\":2}");
    /* printf '1385827200.{}' | openssl dgst -sha256 -hmac 'a secret of tests' */
    g_autofree char *signature = call_signature("a secret of tests", sent.now, "{}");
    g_assert_cmpstr(signature, ==, "t=1385827200,v1=2d8ffb8ca686bbb039e26ef602a184de47575863261df64edcfbd768713dcbd2");
}

/* ---- what a centre is started with ---- */

static void wrong_ways_out_are_refused(void)
{
    static const struct { OutboxSettings settings; const char *reason; } wrong[] = {
        { { .smtp = "mail.example" }, "outbox.smtp_form" },
        { { .smtp = "smtp://" }, "outbox.smtp_form" },
        { { .smtp = "smtp://user:pass@mail.example" }, "outbox.smtp_form" },
        { { .smtp = "smtp://mail.example/x" }, "outbox.smtp_form" },
        { { .smtp = "https://mail.example" }, "outbox.smtp_form" },
        { { .smtp = "smtp://mail.example" }, "outbox.mail_from_form" },
        { { .smtp = "smtp://mail.example", .mail_from = "centre" }, "outbox.mail_from_form" },
        { { .hook = "http://gate.example/x", .hook_secret = "sixteen letters or more" }, "outbox.hook_form" },
        { { .hook = "https://user@gate.example/x", .hook_secret = "sixteen letters or more" }, "outbox.hook_form" },
        { { .hook = "https:///x", .hook_secret = "sixteen letters or more" }, "outbox.hook_form" },
        { { .hook = "https://gate.example/x" }, "outbox.hook_secret" },
        { { .hook = "https://gate.example/x", .hook_secret = "too short" }, "outbox.hook_secret" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Outbox) outbox = outbox_open(&wrong[i].settings, &error);
        g_assert_null(outbox);
        g_assert_error(error, TROUBLE, BAD_INPUT);
        g_assert_nonnull(strstr(error->message, wrong[i].reason));
    }
}

static void right_ways_out_are_taken(void)
{
    static const OutboxSettings right[] = {
        { 0 },
        { .smtp = "smtp://mail.example:587", .mail_from = "centre@pinghu.example" },
        { .smtp = "smtps://[::1]:465", .mail_from = "centre@pinghu.example" },
        { .hook = "http://127.0.0.1:8081/x?a=b", .hook_secret = "sixteen letters or more" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(right); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Outbox) outbox = outbox_open(&right[i], &error);
        g_assert_no_error(error);
        g_assert_nonnull(outbox);
    }
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mail/plain_addresses_are_taken", plain_addresses_are_taken);
    g_test_add_func("/mail/other_addresses_are_refused", other_addresses_are_refused);
    g_test_add_func("/mail/chinese_headers_are_encoded", chinese_headers_are_encoded);
    g_test_add_func("/mail/plain_titles_stay_readable", plain_titles_stay_readable);
    g_test_add_func("/mail/no_datum_becomes_a_header", no_datum_becomes_a_header);
    g_test_add_func("/mail/the_body_is_whole", the_body_is_whole);
    g_test_add_func("/mail/refusals_are_told_without_addresses", refusals_are_told_without_addresses);
    g_test_add_func("/mail/refusals_may_end_within_a_character", refusals_may_end_within_a_character);
    g_test_add_func("/mail/long_refusals_are_cut", long_refusals_are_cut);
    g_test_add_func("/mail/what_a_hook_gets_is_signed", what_a_hook_gets_is_signed);
    g_test_add_func("/mail/wrong_ways_out_are_refused", wrong_ways_out_are_refused);
    g_test_add_func("/mail/right_ways_out_are_taken", right_ways_out_are_taken);
    return g_test_run();
}

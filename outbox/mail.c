// SPDX-License-Identifier: Apache-2.0
/* Mail: composed by RFC 5322 and 2047, handed to an SMTP server by libcurl. Data cannot add a header: a text that is not plain
 * is encoded, and addresses consist of plain signs alone. */
#include "outbox/room.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* ---- addresses ---- */

/* Labels of a mail address: they do not begin or end with a hyphen. */
#define LABEL(signs) "(?!-)[" signs "]{1,63}(?<!-)"
#define LETTERS "A-Za-z0-9-"

char *mail_address_check(const char *text, GError **error)
{
    static const char form[] = "^(?=.{1,254}$)(?=[^@]{1,64}@)" LABEL("_+" LETTERS) "(\\." LABEL("_+" LETTERS) ")*@" LABEL(LETTERS)
                               "(\\." LABEL(LETTERS) ")+\\z";
    return g_regex_match_simple(form, text, 0, 0) ? g_strdup(text) : refuse(error, NOT_FITTING, "outbox.address_form", NULL);
}

/* ---- headers ---- */

static bool is_plain(const char *text)
{
    for (; *text; text++)
        if (!g_ascii_isprint(*text) || *text == '=' || *text == '?' || *text == '_')
            return false;
    return true;
}

/* Bytes of the longest beginning that has whole characters and at most `most` bytes. */
static size_t beginning(const char *text, size_t most)
{
    size_t length = strlen(text);
    if (length <= most)
        return length;
    return (size_t)(g_utf8_find_prev_char(text, text + most + 1) - text);
}

/* RFC 2047: words of at most 75 characters, each of whole characters, one to a line. */
static void add_encoded(GString *out, const char *text)
{
    enum { BYTES = 39 }; /* 52 characters when encoded: the first line has the header's name before them */
    for (bool first = true; *text; first = false) {
        size_t length = beginning(text, BYTES);
        g_autofree char *word = g_base64_encode((const guchar *)text, length);
        g_string_append_printf(out, "%s=?UTF-8?B?%s?=", first ? "" : "\r\n ", word);
        text += length;
    }
}

static void add_text_header(GString *out, const char *name, const char *text)
{
    enum { LINE = 70 };
    g_string_append_printf(out, "%s: ", name);
    if (is_plain(text) && strlen(text) <= LINE)
        g_string_append(out, text);
    else
        add_encoded(out, text);
}

/* The program sets no locale, so names of days and months are English. */
static void add_date(GString *out, Instant at)
{
    struct tm here;
    char day[16], rest[48];
    time_t seconds = (time_t)(at / 1000) + ZONE_MINUTES * 60;
    gmtime_r(&seconds, &here);
    strftime(day, sizeof day, "%a", &here);
    strftime(rest, sizeof rest, "%b %Y %H:%M:%S +0800", &here);
    g_string_append_printf(out, "Date: %s, %d %s\r\n", day, here.tm_mday, rest);
}

static const char *domain_of(const char *address)
{
    return strchr(address, '@') + 1;
}

/* ---- the whole ---- */

static void add_body(GString *out, const char *text)
{
    enum { LINE = 76 };
    g_autofree char *coded = g_base64_encode((const guchar *)text, strlen(text));
    for (const char *at = coded; *at; at += MIN(strlen(at), LINE))
        g_string_append_printf(out, "%.*s\r\n", LINE, at);
}

char *mail_compose(const char *from, const Letter *letter)
{
    g_autofree char *to = g_strjoinv(",\r\n ", (char **)(uintptr_t)letter->addresses);
    g_autofree char *body = g_strdup_printf("%s\r\n%s%s\r\n%s\r\n", letter->text, letter->link, *letter->link ? "\r\n" : "", letter->foot);
    GString *out = g_string_new(NULL);
    add_date(out, letter->now);
    add_text_header(out, "From", letter->centre);
    g_string_append_printf(out, "\r\n <%s>\r\nTo: %s\r\n", from, to);
    add_text_header(out, "Subject", letter->title);
    g_string_append_printf(out, "\r\nMessage-ID: <%s@%s>\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
                                "Content-Type: text/plain; charset=UTF-8\r\nContent-Transfer-Encoding: base64\r\n\r\n",
                           letter->id, domain_of(from));
    add_body(out, body);
    return g_string_free(out, FALSE);
}

char *mail_told(const char *said)
{
    enum { MOST = 200 };
    g_autoptr(GRegex) named = g_regex_new("\\S*@\\S*|\\d{7,}", 0, 0, NULL);
    g_autofree char *whole = g_utf8_make_valid(said, -1), *clean = g_str_to_ascii(whole, "C"); /* servers may answer in GBK, or cut a character */
    g_strchug(g_strchomp(g_strdelimit(clean, "\r\n\t", ' ')));
    g_autofree char *without = g_regex_replace_literal(named, clean, -1, 0, "…", 0, NULL);
    without[beginning(without, MOST)] = '\0';
    return g_steal_pointer(&without);
}

/* ---- handing it over ---- */

enum { WHOLE_S = 30 };

typedef struct Posting {
    CURL *curl;
    struct curl_slist *to;
    char *text;
    FILE *from; /* the text, as libcurl reads it */
    char *said; /* the server's last line */
} Posting;

static void posting_clear(Posting *self)
{
    curl_easy_cleanup(self->curl);
    curl_slist_free_all(self->to);
    fclose(self->from);
    g_free(self->text);
    g_free(self->said);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Posting, posting_clear)

static size_t on_response(char *line, size_t one, size_t count, void *data)
{
    Posting *self = data;
    g_free(self->said);
    self->said = g_strndup(line, one * count);
    return one * count;
}

/* Mail to a desk goes on to its other addresses when the server refuses one of them. */
static void set_mail(Posting *self, const Outbox *outbox, const Letter *letter)
{
    for (const char *const *address = letter->addresses; *address; address++)
        self->to = curl_slist_append(self->to, *address);
    self->text = mail_compose(outbox->mail_from, letter);
    self->from = fmemopen(self->text, strlen(self->text), "r");
    g_assert(self->from); /* NULL only where there is no memory */
    curl_easy_setopt(self->curl, CURLOPT_USE_SSL, (long)(address_is_local(outbox->smtp) ? CURLUSESSL_NONE : CURLUSESSL_ALL));
    curl_easy_setopt(self->curl, CURLOPT_USERNAME, outbox->mail_user); /* NULL: the server asks for none */
    curl_easy_setopt(self->curl, CURLOPT_PASSWORD, outbox->mail_password);
    curl_easy_setopt(self->curl, CURLOPT_MAIL_FROM, outbox->mail_from);
    curl_easy_setopt(self->curl, CURLOPT_MAIL_RCPT, self->to);
    curl_easy_setopt(self->curl, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);
    curl_easy_setopt(self->curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(self->curl, CURLOPT_READDATA, self->from);
    curl_easy_setopt(self->curl, CURLOPT_HEADERFUNCTION, on_response);
    curl_easy_setopt(self->curl, CURLOPT_HEADERDATA, self);
}

/* A reply of 5xx is final; with 421 the server closes (RFC 5321). */
static enum outcome outcome_of(long code)
{
    if (code >= 500)
        return NEVER;
    return code >= 400 && code != 421 ? TRY_AGAIN : IS_AWAY;
}

enum outcome mail_send(const Outbox *self, const Letter *letter, char **trouble)
{
    long code = 0;
    g_autofree char *url = g_strdup_printf("%s/%s", self->smtp, domain_of(self->mail_from));
    g_auto(Posting) posting = { .curl = channel_ask(url, "smtp,smtps", WHOLE_S) };
    set_mail(&posting, self, letter);
    CURLcode why = curl_easy_perform(posting.curl);
    if (why == CURLE_OK)
        return WENT_OUT;
    curl_easy_getinfo(posting.curl, CURLINFO_RESPONSE_CODE, &code);
    g_autofree char *said = mail_told(code >= 400 && posting.said ? posting.said : curl_easy_strerror(why));
    *trouble = g_strdup_printf("SMTP: %s", said);
    return why == CURLE_LOGIN_DENIED ? IS_AWAY : outcome_of(code); /* the centre's password is refused, not the message */
}

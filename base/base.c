// SPDX-License-Identifier: Apache-2.0
#include "base/base.h"

#include <glib/gstdio.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>

G_DEFINE_QUARK(trouble, trouble)

/* ---- trouble ---- */

void *refuse(GError **error, enum trouble why, const char *reason, ...)
{
    va_list args;
    g_autoptr(json_t) details = json_pack("{s:s}", "reason", reason);
    va_start(args, reason);
    for (const char *name = va_arg(args, const char *); name; name = va_arg(args, const char *))
        json_object_set_new(details, name, json_string(va_arg(args, const char *)));
    va_end(args);
    g_autofree char *message = json_canonical(details);
    g_set_error_literal(error, TROUBLE, (int)why, message);
    return NULL;
}

void *fault(GError **error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *message = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error_literal(error, TROUBLE, FAULT, message);
    return NULL;
}

json_t *trouble_details(const GError *error)
{
    json_t *details = json_loads(error->message, 0, NULL);
    if (json_is_object(details) && json_is_string(json_object_get(details, "reason")))
        return details;
    json_decref(details);
    return json_pack("{s:s}", "reason", "base.fault");
}

void trouble_warn(const GError *error, const char *format, ...)
{
    va_list args;
    const char *name;
    json_t *value = NULL;
    va_start(args, format);
    g_autofree char *what = g_strdup_vprintf(format, args);
    va_end(args);
    g_autoptr(json_t) details = error->domain == TROUBLE ? json_loads(error->message, 0, NULL) : NULL;
    g_autoptr(GString) said = g_string_new(details ? json_text(details, "reason") : error->message);
    json_object_foreach(details, name, value)
        if (strcmp(name, "reason") != 0)
            g_string_append_printf(said, ", %s %s", name, json_text(details, name));
    g_warning("%s: %s", what, said->str);
}

unsigned trouble_status(const GError *error)
{
    return error->domain == TROUBLE ? (unsigned)error->code : FAULT;
}

bool trouble_is(GError **why, enum trouble expected, GError **error)
{
    if (trouble_status(*why) == expected)
        return true;
    g_propagate_error(error, g_steal_pointer(why));
    return false;
}

/* ---- text ---- */

bool text_is_clean(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] == 0x7f || ((unsigned char)text[i] < ' ' && text[i] != '\t' && text[i] != '\n' && text[i] != '\r'))
            return false;
    return g_utf8_validate_len(text, length, NULL);
}

char *text_narrow(const char *text)
{
    char *narrow = g_utf8_normalize(text, -1, G_NORMALIZE_ALL_COMPOSE);
    return narrow ? g_strstrip(narrow) : g_strdup("");
}

char *number_plain(const char *text)
{
    g_autofree char *narrow = text_narrow(text);
    if (!g_regex_match_simple("^-?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\\.[0-9]+)?$", narrow, 0, 0))
        return NULL;
    GString *plain = g_string_new(narrow);
    g_string_replace(plain, ",", "", 0);
    const char *point = strchr(plain->str, '.');
    if (point && point[1 + strspn(point + 1, "0")] == '\0')
        g_string_truncate(plain, (size_t)(point - plain->str));
    return g_string_free(plain, FALSE);
}

/* Mongolian writes a separator of its own. Hangul fillers count as letters. */
static bool hides(gunichar c)
{
    GUnicodeType type = g_unichar_type(c);
    return (type == G_UNICODE_FORMAT && c != 0x180e) || type == G_UNICODE_PRIVATE_USE || c == 0x34f || c == 0x115f || c == 0x3164 || c == 0xffa0;
}

bool text_refuse_character(gunichar c, const char *reason, GError **error)
{
    enum { MOST = 100 };
    char name[MOST] = "", text[8] = "";
    UErrorCode status = U_ZERO_ERROR;
    u_charName((UChar32)c, U_UNICODE_CHAR_NAME, name, sizeof name, &status);
    g_autofree char *code = g_strdup_printf("U+%04X", c);
    g_unichar_to_utf8(c, text);
    return refuse(error, NOT_FITTING, reason, "character", text, "code", code, "name", name, NULL);
}

bool text_is_visible(const char *text, GError **error)
{
    for (; *text; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);
        bool is_common = c < 0x7f || (c >= 0x3400 && c <= 0x9fff); /* as nearly all of a paper, which is then read at once */
        if (!is_common && hides(c))
            return text_refuse_character(c, "base.hidden_character", error);
    }
    return true;
}

bool report_difference(const VerifyReport *self, const char *table, const char *row, const char *reason, const char *detail,
                       GError **error)
{
    if (!self)
        return fault(error, "%s %s: %s %s", table, row, reason, detail);
    self->found(self->data, table, row, reason, detail);
    return true;
}

void report_progress(const VerifyReport *self, int64_t more)
{
    if (self)
        self->went_on(self->data, more);
}

void text_append_all(GString *out, const char *const *texts)
{
    for (; *texts; texts++)
        g_string_append(out, *texts);
}

char *text_hex(const void *bytes, size_t length)
{
    return sodium_bin2hex(g_malloc(length * 2 + 1), length * 2 + 1, bytes, length);
}

enum { BASE64URL = sodium_base64_VARIANT_URLSAFE_NO_PADDING };

char *text_base64url(const void *bytes, size_t length)
{
    size_t most = sodium_base64_encoded_len(length, BASE64URL);
    return sodium_bin2base64(g_malloc(most), most, bytes, length, BASE64URL);
}

GBytes *bytes_of_base64url(const char *text)
{
    size_t length = 0, most = strlen(text);
    unsigned char *bytes = g_malloc(most + 1);
    if (sodium_base642bin(bytes, most + 1, text, most, NULL, &length, NULL, BASE64URL) != 0)
        length = 0;
    return g_bytes_new_take(bytes, length);
}

char *text_grouped(const char *digits)
{
    enum { GROUP = 6, GROUPS = 3 };
    if (strlen(digits) != GROUP * GROUPS)
        return g_strdup(digits);
    char *out = g_malloc((GROUP + 1) * GROUPS);
    for (int i = 0; i < GROUPS; i++) {
        memcpy(out + i * (GROUP + 1), digits + i * GROUP, GROUP);
        out[i * (GROUP + 1) + GROUP] = i + 1 < GROUPS ? ' ' : '\0';
    }
    return out;
}

char *address_host(const char *address)
{
    const char *scheme = strstr(address, "://"), *from = scheme ? scheme + strlen("://") : address;
    size_t length = *from == '[' ? strcspn(from, "]") + 1 : strcspn(from, ":/"), end = strnlen(from, length);
    const char *rest = from + end;
    if (*rest == ':')
        rest += 1 + strspn(rest + 1, "0123456789");
    if (*rest && *rest != '/')
        return g_strdup("");
    return g_ascii_strdown(from, (gssize)(end && from[end - 1] == '.' ? end - 1 : end));
}

bool address_is_local(const char *address)
{
    static const char *const names[] = { "localhost", "127.0.0.1", "[::1]", NULL };
    g_autofree char *host = address_host(address);
    return g_strv_contains(names, host);
}

bool address_is_site(const char *address)
{
    const char *scheme = g_str_has_prefix(address, "http://") ? "http://" : "https://", *host = address + strlen(scheme);
    if (!g_str_has_prefix(address, scheme))
        return false;
    size_t name = *host == '[' ? strspn(host, "[0123456789abcdef:]") : strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789.-");
    const char *port = host[name] == ':' ? host + name + 1 : NULL;
    return name && (port ? *port && strspn(port, "0123456789") == strlen(port) : !host[name]);
}

char *json_canonical(const json_t *value)
{
    return json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY);
}

const char *json_text(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

char *json_as_text(const json_t *value)
{
    if (json_is_integer(value))
        return g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
    return g_strdup(json_is_boolean(value) ? (json_is_true(value) ? "true" : "false") : json_string_value(value));
}

int64_t json_number(const json_t *object, const char *key)
{
    return json_integer_value(json_object_get(object, key));
}

bool json_flag(const json_t *object, const char *key)
{
    return json_is_true(json_object_get(object, key));
}

/* ---- what is built in ---- */

static int by_name(const void *name, const void *file)
{
    return strcmp(name, ((const Embedded *)file)->name);
}

const Embedded *embedded_find(const char *name)
{
    return bsearch(name, embedded, embedded_count, sizeof *embedded, by_name);
}

void base_start(void)
{
    json_set_alloc_funcs(g_malloc, g_free);
    json_object_seed(1);
    g_error_free(g_error_new_literal(TROUBLE, FAULT, "")); /* GLib makes its lock of errors with the first, before there are threads */
}

/* ---- folders ---- */

bool remove_tree(const char *path)
{
    bool link = g_file_test(path, G_FILE_TEST_IS_SYMLINK); /* is removed, never followed */
    g_autoptr(GDir) folder = link ? NULL : g_dir_open(path, 0, NULL);
    for (const char *name = folder ? g_dir_read_name(folder) : NULL; name; name = g_dir_read_name(folder)) {
        g_autofree char *inner = g_build_filename(path, name, NULL);
        remove_tree(inner);
    }
    g_remove(path);
    return !g_file_test(path, G_FILE_TEST_EXISTS);
}

/* ---- who acts ---- */

const char *const role_names[] = {
    "clerk",      "reviewer",             "approver",               "head",    "issuer", "cataloguer",
    "supervisor", "system_administrator", "security_administrator", "auditor", NULL,
};

json_t *roles_json(unsigned roles, const char *member)
{
    json_t *list = json_array();
    for (unsigned bit = 0; role_names[bit]; bit++)
        if (roles >> bit & 1)
            json_array_append_new(list, member ? json_pack("{s:s}", member, role_names[bit]) : json_string(role_names[bit]));
    return list;
}

int64_t actor_absent(const Actor *self, unsigned roles)
{
    int64_t absent = 0;
    for (size_t i = 0; i < self->post_count; i++)
        if (self->posts[i].roles & roles) {
            if (!self->posts[i].for_staff)
                return 0;
            absent = absent ? absent : self->posts[i].for_staff;
        }
    return absent;
}

void actor_put_absent(const Actor *self, unsigned roles, json_t *facts)
{
    int64_t absent = actor_absent(self, roles);
    if (absent)
        json_object_set_new(facts, "for_staff", json_integer(absent));
}

int numbers_in_order(const void *one, const void *other)
{
    const int64_t *a = one, *b = other;
    return (*a > *b) - (*a < *b);
}

// SPDX-License-Identifier: Apache-2.0
/* Identifiers of people and organisations: check digits and normal forms. A wrong check digit means
 * a slip of the pen: the sentence asks to compare with the card and never tells the right one. */
#include "identity/identity.h"

#include <stdio.h>
#include <string.h>

/* As a hand and a Chinese keyboard write it, made plain: full-width characters become half-width,
 * blanks go, letters become capitals. */
static char *tidy(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1); /* normalising broken UTF-8 reads past its end */
    g_autofree char *plain = g_utf8_normalize(valid, -1, G_NORMALIZE_ALL_COMPOSE);
    GString *out = g_string_new(NULL);
    for (const char *c = plain; *c; c++)
        if (!g_ascii_isspace(*c))
            g_string_append_c(out, g_ascii_toupper(*c));
    return g_string_free(out, false);
}

static bool is_digits(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!g_ascii_isdigit(text[i]))
            return false;
    return true;
}

static void *refuse_length(GError **error, const char *reason, const char *text)
{
    g_autofree char *length = g_strdup_printf("%ld", g_utf8_strlen(text, -1));
    return refuse(error, NOT_FITTING, reason, "length", length, NULL);
}

/* The sum of the values of `text` in `alphabet`, each times its weight; -1 for a stranger. */
static int weighted_sum(const char *text, const char *alphabet, const int *weights, size_t count)
{
    int sum = 0;
    for (size_t i = 0; i < count; i++) {
        const char *found = text[i] ? strchr(alphabet, text[i]) : NULL;
        if (!found)
            return -1;
        sum += (int)(found - alphabet) * weights[i];
    }
    return sum;
}

/* ---- resident identity number (居民身份证号), GB 11643-1999 ---- */

enum { RESIDENT = 18, RESIDENT_OLD = 15 };

static char resident_check(const char *digits)
{
    static const int weights[] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
    int sum = weighted_sum(digits, "0123456789", weights, G_N_ELEMENTS(weights));
    if (sum < 0)
        return '\0';
    return "10X98765432"[sum % 11];
}

/* Not a Day: the standard's own example was born in 1880. */
static bool birth_exists(const char *id, GError **error)
{
    int year = 0, month = 0, day = 0;
    sscanf(id + 6, "%4d%2d%2d", &year, &month, &day);
    if (year >= 1800 && g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year))
        return true;
    g_autofree char *birth = g_strdup_printf("%04d-%02d-%02d", year, month, day);
    return refuse(error, NOT_FITTING, "identity.resident_id_birth", "birth", birth, NULL);
}

/* The old number becomes the new one as GB 11643-1999 made it: one person has one number. */
static char *resident_from_old(const char *old, GError **error)
{
    if (!is_digits(old, RESIDENT_OLD))
        return refuse(error, NOT_FITTING, "identity.resident_id_digits", NULL);
    g_autofree char *seventeen = g_strdup_printf("%.6s19%s", old, old + 6);
    if (!birth_exists(seventeen, error))
        return NULL;
    return g_strdup_printf("%s%c", seventeen, resident_check(seventeen));
}

char *identity_resident_id(const char *text, GError **error)
{
    g_autofree char *id = tidy(text);
    size_t length = strlen(id);
    if (length == RESIDENT_OLD)
        return resident_from_old(id, error);
    if (length != RESIDENT)
        return refuse_length(error, "identity.resident_id_length", id);
    if (!is_digits(id, RESIDENT - 1) || !strchr("0123456789X", id[RESIDENT - 1]))
        return refuse(error, NOT_FITTING, "identity.resident_id_digits", NULL);
    if (!birth_exists(id, error))
        return NULL;
    if (id[RESIDENT - 1] != resident_check(id))
        return refuse(error, NOT_FITTING, "identity.resident_id_check", NULL);
    return g_steal_pointer(&id);
}

/* ---- unified social credit code (统一社会信用代码), GB 32100-2015 ---- */

enum { CREDIT = 18, ORGANISATION = 9, REGISTRATION = 15 };

/* The organisation code inside is not judged again, nor are unknown kinds of registering authority
 * turned away: new ones were added since the standard. */
char *identity_credit_code(const char *text, GError **error)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY"; /* no I O S V Z */
    static const int weights[] = { 1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28 };
    g_autofree char *code = tidy(text);
    if (strlen(code) != CREDIT)
        return refuse_length(error, "identity.credit_code_length", code);
    int sum = weighted_sum(code, alphabet, weights, G_N_ELEMENTS(weights));
    if (sum < 0 || !strchr(alphabet, code[CREDIT - 1]))
        return refuse(error, NOT_FITTING, "identity.credit_code_letters", NULL);
    if (code[CREDIT - 1] != alphabet[(31 - sum % 31) % 31])
        return refuse(error, NOT_FITTING, "identity.credit_code_check", NULL);
    return g_steal_pointer(&code);
}

/* ---- organisation code (组织机构代码), GB 11714-1997 ---- */

char *identity_organisation_code(const char *text, GError **error)
{
    static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    static const int weights[] = { 3, 7, 9, 10, 5, 8, 4, 2 };
    g_autofree char *code = tidy(text);
    size_t length = strlen(code);
    bool hyphen = length == ORGANISATION + 1 && code[ORGANISATION - 1] == '-';
    if (length != ORGANISATION && !hyphen)
        return refuse_length(error, "identity.organisation_code_length", code);
    int sum = weighted_sum(code, alphabet, weights, G_N_ELEMENTS(weights));
    char check = code[length - 1];
    if (sum < 0 || !strchr("0123456789X", check))
        return refuse(error, NOT_FITTING, "identity.organisation_code_letters", NULL);
    if (check != "0X987654321"[sum % 11])
        return refuse(error, NOT_FITTING, "identity.organisation_code_check", NULL);
    return g_strdup_printf("%.8s-%c", code, check);
}

/* Until 2015-10-01 an enterprise showed its registration number (工商注册号), of which only the
 * digits are counted here, or its organisation code. */
char *identity_enterprise_id(const char *text, GError **error)
{
    g_autofree char *id = tidy(text);
    size_t length = strlen(id);
    if (length == CREDIT)
        return identity_credit_code(id, error);
    if (length == ORGANISATION || length == ORGANISATION + 1)
        return identity_organisation_code(id, error);
    if (length != REGISTRATION)
        return refuse_length(error, "identity.enterprise_id_length", id);
    if (!is_digits(id, REGISTRATION))
        return refuse(error, NOT_FITTING, "identity.registration_number_digits", NULL);
    return g_steal_pointer(&id);
}

char *identity_number(bool is_person, const char *text, GError **error)
{
    g_autoptr(GError) wrong = NULL;
    char *number = (is_person ? identity_resident_id : identity_enterprise_id)(text, &wrong);
    g_autoptr(json_t) why = wrong ? trouble_details(wrong) : NULL;
    return number ? number : refuse_field(error, "id_number", json_text(why, "reason"), "expected", json_text(why, "expected"), "length",
                                          json_text(why, "length"), "birth", json_text(why, "birth"), NULL);
}

/* ---- ISO/IEC 7064 ---- */

char identity_check_character(const char *text)
{
    static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    enum { MODULUS = 36 };
    int product = MODULUS;
    for (; *text; text++) {
        if (*text == '.') /* between the parts of an identifier */
            continue;
        int sum = (product + (int)(strchr(alphabet, *text) - alphabet)) % MODULUS;
        product = (sum ? sum : MODULUS) * 2 % (MODULUS + 1);
    }
    return alphabet[(MODULUS + 1 - product) % MODULUS];
}

/* ---- telephone ---- */

#define AREA "(10|2[0-9]|[3-9][0-9]{2})"
#define LOCAL "([2-9][0-9]{6,7})(-[0-9]{1,6})?"

/* Hangul fillers count as letters, but show nothing. */
static bool is_visible(gunichar c)
{
    return g_unichar_isalnum(c) && !g_unichar_iszerowidth(c) && c != 0x115f && c != 0x3164 && c != 0xffa0;
}

char *identity_name(const char *text, GError **error)
{
    int visible = 0;
    bool hides = false;
    for (const char *at = text; *at; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        visible += is_visible(c);
        hides |= g_unichar_type(c) == G_UNICODE_FORMAT;
    }
    return visible >= 2 && !hides ? g_strdup(text) : refuse(error, NOT_FITTING, "identity.name_form", NULL);
}

static bool is_plain_mobile(const char *number)
{
    enum { DIGITS = 11 };
    return strlen(number) == DIGITS && strspn(number, "0123456789") == DIGITS && number[0] == '1' && number[1] >= '3';
}

char *identity_telephone(const char *text, GError **error)
{
    static const struct {
        const char *pattern, *form;
    } shapes[] = {
        { "^(?:(?:\\+|00)?86-?)?(1[3-9][0-9])-?([0-9]{4})-?([0-9]{4})$", "\\1\\2\\3" }, /* mobile */
        { "^0" AREA "-?" LOCAL "$", "0\\1-\\2\\3" },
        { "^(?:\\+|00)86-?" AREA "-?" LOCAL "$", "0\\1-\\2\\3" },
        { "^" LOCAL "$", "\\1\\2" },
        { "^([48]00)-?([0-9]{3})-?([0-9])-?([0-9]{3})$", "\\1\\2\\3\\4" }, /* service numbers */
    };
    g_autofree char *plain = tidy(text);
    g_autofree char *number = g_strdelimit(g_steal_pointer(&plain), "()", '-');
    const char *start = number[0] == '-' ? number + 1 : number;
    if (is_plain_mobile(start)) /* as most are written: no pattern has to be compiled for it */
        return g_strdup(start);
    for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++) {
        g_autoptr(GRegex) shape = g_regex_new(shapes[i].pattern, 0, 0, NULL);
        if (g_regex_match(shape, start, 0, NULL))
            return g_regex_replace(shape, start, -1, 0, shapes[i].form, 0, NULL);
    }
    return refuse(error, NOT_FITTING, "identity.telephone", NULL);
}

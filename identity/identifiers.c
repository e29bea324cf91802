// SPDX-License-Identifier: Apache-2.0
/* Identifiers of people and organisations: check digits and normal forms. A wrong check digit means
 * a slip of the pen: the sentence asks to compare with the card and never tells the right one. */
#include "identity/room.h"

#include <stdio.h>
#include <string.h>

static const char alphanumeric[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/* Dashes as keyboards and word processors write them. */
static bool is_dash(gunichar c)
{
    return g_unichar_type(c) == G_UNICODE_DASH_PUNCTUATION || c == 0x2212;
}

/* Variation selectors and joiners are seen by nobody, as are controls of the direction. */
static bool is_unseen(gunichar c)
{
    GUnicodeType type = g_unichar_type(c);
    return type == G_UNICODE_FORMAT || type == G_UNICODE_CONTROL || type == G_UNICODE_NON_SPACING_MARK;
}

char *number_tidy(const char *text, bool keeps_blanks)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1); /* normalising broken UTF-8 reads past its end */
    g_autofree char *plain = g_utf8_normalize(valid, -1, G_NORMALIZE_ALL_COMPOSE);
    GString *out = g_string_new(NULL);
    for (const char *at = plain; *at; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        bool is_blank = g_unichar_isspace(c);
        if (is_blank && keeps_blanks && out->len && out->str[out->len - 1] != ' ')
            g_string_append_c(out, ' ');
        else if (!is_blank && !is_unseen(c))
            g_string_append_unichar(out, is_dash(c) ? '-' : c < 0x80 ? (gunichar)g_ascii_toupper((char)c) : c);
    }
    g_string_truncate(out, out->len - (out->len && out->str[out->len - 1] == ' '));
    return g_string_free(out, false);
}

bool number_is_digits(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!g_ascii_isdigit(text[i]))
            return false;
    return true;
}

void *number_refuse_length(GError **error, const char *reason, const char *text)
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

enum { RESIDENT = 18, RESIDENT_OLD = 15, BIRTH = 6 };

static char resident_check(const char *digits)
{
    static const int weights[] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
    int sum = weighted_sum(digits, "0123456789", weights, G_N_ELEMENTS(weights));
    if (sum < 0)
        return '\0';
    return "10X98765432"[sum % 11];
}

/* Not a Day: the standard's own example was born in 1880. */
bool number_birth_exists(const char *digits, GError **error)
{
    int year = 0, month = 0, day = 0;
    sscanf(digits, "%4d%2d%2d", &year, &month, &day);
    if (year >= 1800 && g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year))
        return true;
    g_autofree char *birth = g_strdup_printf("%04d-%02d-%02d", year, month, day);
    return refuse(error, NOT_FITTING, "identity.resident_id_birth", "birth", birth, NULL);
}

/* The old number becomes the new one as GB 11643-1999 made it: one person has one number. */
static char *resident_from_old(const char *old, GError **error)
{
    if (!number_is_digits(old, RESIDENT_OLD))
        return refuse(error, NOT_FITTING, "identity.resident_id_digits", NULL);
    g_autofree char *seventeen = g_strdup_printf("%.6s19%s", old, old + 6);
    if (!number_birth_exists(seventeen + BIRTH, error))
        return NULL;
    return g_strdup_printf("%s%c", seventeen, resident_check(seventeen));
}

char *identity_resident_id(const char *text, GError **error)
{
    g_autofree char *id = number_tidy(text, false);
    size_t length = strlen(id);
    if (length == RESIDENT_OLD)
        return resident_from_old(id, error);
    if (length != RESIDENT)
        return number_refuse_length(error, "identity.resident_id_length", id);
    if (!number_is_digits(id, RESIDENT - 1) || !strchr("0123456789X", id[RESIDENT - 1]))
        return refuse(error, NOT_FITTING, "identity.resident_id_digits", NULL);
    if (!number_birth_exists(id + BIRTH, error))
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
    g_autofree char *code = number_tidy(text, false);
    if (strlen(code) != CREDIT)
        return number_refuse_length(error, "identity.credit_code_length", code);
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
    static const int weights[] = { 3, 7, 9, 10, 5, 8, 4, 2 };
    g_autofree char *code = number_tidy(text, false);
    size_t length = strlen(code);
    bool hyphen = length == ORGANISATION + 1 && code[ORGANISATION - 1] == '-';
    if (length != ORGANISATION && !hyphen)
        return number_refuse_length(error, "identity.organisation_code_length", code);
    int sum = weighted_sum(code, alphanumeric, weights, G_N_ELEMENTS(weights));
    char check = code[length - 1];
    if (sum < 0 || !strchr("0123456789X", check))
        return refuse(error, NOT_FITTING, "identity.organisation_code_letters", NULL);
    if (check != "0X987654321"[sum % 11])
        return refuse(error, NOT_FITTING, "identity.organisation_code_check", NULL);
    return g_strdup_printf("%.8s-%c", code, check);
}

/* ---- check characters of ISO/IEC 7064, hybrid systems ---- */

/* MOD `modulus` + 1, `modulus`: what the characters so far give, from the modulus on. */
static int hybrid(const char *text, int modulus)
{
    int product = modulus;
    for (; *text; text++) {
        if (*text == '.') /* between the parts of an identifier */
            continue;
        int sum = (product + (int)(strchr(alphanumeric, *text) - alphanumeric)) % modulus;
        product = (sum ? sum : modulus) * 2 % (modulus + 1);
    }
    return (modulus + 1 - product) % modulus;
}

char identity_check_character(const char *text)
{
    return alphanumeric[hybrid(text, (int)strlen(alphanumeric))];
}

/* ---- registration number (工商注册号), GS 15-2006 ---- */

char *identity_registration(const char *text, GError **error)
{
    g_autofree char *number = number_tidy(text, false);
    size_t length = strlen(number);
    if (length != REGISTRATION)
        return number_refuse_length(error, "identity.registration_number_length", number);
    if (!number_is_digits(number, length))
        return refuse(error, NOT_FITTING, "identity.registration_number_digits", NULL);
    g_autofree char *body = g_strndup(number, length - 1);
    if (number[length - 1] - '0' != hybrid(body, 10))
        return refuse(error, NOT_FITTING, "identity.registration_number_check", NULL);
    return g_steal_pointer(&number);
}

/* Until 2015-10-01 an enterprise showed its registration number or its organisation code. */
char *identity_enterprise_id(const char *text, GError **error)
{
    g_autofree char *id = number_tidy(text, false);
    size_t length = strlen(id);
    g_autofree char *of_person = length == CREDIT ? identity_resident_id(id, NULL) : NULL; /* one in 31 has the check character of a credit code */
    if (of_person)
        return refuse(error, NOT_FITTING, "identity.enterprise_is_person", NULL);
    if (length == CREDIT)
        return identity_credit_code(id, error);
    if (length == ORGANISATION || length == ORGANISATION + 1)
        return identity_organisation_code(id, error);
    return length == REGISTRATION ? identity_registration(id, error) : number_refuse_length(error, "identity.enterprise_id_length", id);
}

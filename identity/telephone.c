// SPDX-License-Identifier: Apache-2.0
/* Telephones as people write them: mobile, fixed with or without area, of other countries (ITU-T E.164), each perhaps with an extension. */
#include "identity/room.h"

#include <string.h>

/* A number under way: what is left of it, and what is kept. */
typedef struct Dialled {
    char *number;          /* digits and hyphens, perhaps behind a plus */
    const char *extension; /* "": none */
    const char *reason;    /* why it is refused; NULL: it is not */
} Dialled;

static const char digits[] = "0123456789";
enum { MOBILE = 11, SERVICE = 10, LOCAL_LEAST = 7, LOCAL_MOST = 8, EXTENSION_MOST = 6, E164_LEAST = 7, E164_MOST = 15 };

/* Reads `most` digits at the most, passing over hyphens between them; stops at one behind which an extension may stand. */
static const char *take_digits(const char *at, size_t least, size_t most, GString *out)
{
    size_t count = 0;
    for (; (g_ascii_isdigit(*at) && count < most) || (*at == '-' && count < least); at++)
        if (*at != '-') {
            g_string_append_c(out, *at);
            count++;
        }
    return at;
}

/* Nothing stands behind the number, or the extension that hyphens part from it. */
static bool ends(Dialled *self, const char *at)
{
    const char *behind = at + strspn(at, "-");
    if (!*behind)
        return true;
    if (at == behind || *self->extension)
        return false;
    self->extension = behind;
    return true;
}

static char *short_or_long(Dialled *self, bool is_short)
{
    self->reason = is_short ? "identity.telephone_short" : "identity.telephone_long";
    return NULL;
}

/* A number of fixed length behind `before`. */
static char *fixed(Dialled *self, const char *before, const char *at, size_t least, size_t most)
{
    g_autoptr(GString) out = g_string_new(before);
    at = take_digits(at, least, most, out);
    size_t count = out->len - strlen(before);
    if (count < least || g_ascii_isdigit(*at))
        return strspn(at, "0123456789-") == strlen(at) ? short_or_long(self, count < least) : NULL;
    return ends(self, at) ? g_string_free(g_steal_pointer(&out), FALSE) : NULL;
}

static char *local(Dialled *self, const char *before, const char *at)
{
    return *at >= '2' ? fixed(self, before, at, LOCAL_LEAST, LOCAL_MOST) : NULL;
}

static bool is_mobile(const char *at)
{
    return at[0] == '1' && at[1] >= '3';
}

/* Areas (区号) have three digits when they begin with 010 or 02, else four. */
static char *with_area(Dialled *self, const char *at)
{
    size_t length = at[0] == '1' || at[0] == '2' ? 2 : 3;
    if (strspn(at, digits) < length || (at[0] == '1' && at[1] != '0'))
        return NULL;
    g_autofree char *before = g_strdup_printf("0%.*s-", (int)length, at);
    at += length;
    return local(self, before, at + strspn(at, "-"));
}

/* In this country; a zero before a mobile number was dialled from another area. */
static char *national(Dialled *self, const char *at, bool is_from_abroad)
{
    bool has_zero = *at == '0';
    at += has_zero;
    if (is_mobile(at))
        return fixed(self, "", at, MOBILE, MOBILE);
    if (has_zero || is_from_abroad)
        return with_area(self, at);
    bool is_service = (*at == '4' || *at == '8') && at[1] == '0' && at[2] == '0' && strspn(at, "0123456789-") >= SERVICE;
    return is_service ? fixed(self, "", at, SERVICE, SERVICE) : local(self, "", at);
}

/* Lengths are known of Hong Kong, Macao and Taiwan. */
static const struct { const char *code; size_t least, most; } abroad[] = { { "852", 8, 8 }, { "853", 8, 8 }, { "886", 8, 9 } };

static char *international(Dialled *self, const char *at)
{
    if (g_str_has_prefix(at, "86"))
        return national(self, at + 2 + strspn(at + 2, "-"), true);
    for (size_t i = 0; i < G_N_ELEMENTS(abroad); i++)
        if (g_str_has_prefix(at, abroad[i].code)) {
            g_autofree char *before = g_strconcat("+", abroad[i].code, NULL);
            return fixed(self, before, at + strlen(abroad[i].code) + strspn(at + strlen(abroad[i].code), "-0"), abroad[i].least, abroad[i].most);
        }
    g_auto(GStrv) parts = g_strsplit(at, "-", -1);
    g_autofree char *joined = g_strjoinv("", parts);
    return *at == '0' ? NULL : fixed(self, "+", joined, E164_LEAST, E164_MOST);
}

/* ---- extensions ---- */

/* Marks before an extension (分机), as capitals and after compatibility forms are made plain. */
static const char *const marks[] = { "转分机", "转", "轉", "分机", "內線", "内线", "EXT.", "EXT", "×", "X", "#" };

static bool cut_extension(Dialled *self)
{
    for (size_t i = 0; i < G_N_ELEMENTS(marks); i++) {
        char *mark = strstr(self->number, marks[i]);
        if (!mark)
            continue;
        self->extension = mark + strlen(marks[i]);
        self->extension += strspn(self->extension, "-:.");
        *mark = '\0';
        return *self->extension != '\0';
    }
    return true;
}

static bool extension_fits(const char *extension)
{
    return strspn(extension, digits) == strlen(extension) && strlen(extension) <= EXTENSION_MOST;
}

static char *dialled(Dialled *self)
{
    g_strdelimit(self->number, "(),", '-');
    for (char *last = self->number + strlen(self->number); last > self->number && last[-1] == '-'; last--)
        last[-1] = '\0';
    if (!cut_extension(self))
        return NULL;
    const char *at = g_strdelimit(self->number, ".", '-');
    at += *at == '-';
    bool is_abroad = *at == '+' || g_str_has_prefix(at, "00");
    at += *at == '+' ? 1 : is_abroad ? 2 : 0;
    g_autofree char *number = is_abroad ? international(self, at + strspn(at, "-")) : national(self, at, false);
    if (!number || !extension_fits(self->extension))
        return NULL;
    return *self->extension ? g_strconcat(number, *number == '+' ? "x" : "-", self->extension, NULL) : g_steal_pointer(&number);
}

static bool is_plain_mobile(const char *number)
{
    return strlen(number) == MOBILE && strspn(number, digits) == MOBILE && is_mobile(number);
}

char *identity_telephone(const char *text, GError **error)
{
    if (is_plain_mobile(text)) /* as most are written */
        return g_strdup(text);
    g_autofree char *plain = number_tidy(text, false);
    Dialled self = { .number = plain, .extension = "" };
    char *number = dialled(&self);
    return number ? number : refuse(error, NOT_FITTING, self.reason ? self.reason : "identity.telephone", NULL);
}

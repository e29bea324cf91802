// SPDX-License-Identifier: Apache-2.0
/* Passwords: Argon2id through libsodium, and the rule, which asks for length and for what nobody would guess, as NIST SP 800-63B does,
 * and not for kinds of characters, which people add at the end. */
#include "credentials/room.h"

#include <sodium.h>
#include <string.h>

/* The second of the choices of RFC 9106, section 4, but for its lanes, of which libsodium has one. */
enum { PASSES = 3, MEMORY = 64 * 1024 * 1024 };

char *credentials_hash(const char *password, bool cheap)
{
    char *hash = g_malloc0(crypto_pwhash_STRBYTES);
    unsigned long long passes = cheap ? crypto_pwhash_OPSLIMIT_MIN : PASSES;
    size_t memory = cheap ? crypto_pwhash_MEMLIMIT_MIN : MEMORY;
    if (sodium_init() < 0 || crypto_pwhash_str(hash, password, strlen(password), passes, memory) != 0)
        g_error("no memory or randomness to hash a password");
    return hash;
}

bool password_fits(const char *hash, const char *password)
{
    return sodium_init() >= 0 && crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
}

bool password_is_old(const char *hash)
{
    return crypto_pwhash_str_needs_rehash(hash, PASSES, MEMORY) == 1 &&
           crypto_pwhash_str_needs_rehash(hash, crypto_pwhash_OPSLIMIT_MIN, crypto_pwhash_MEMLIMIT_MIN) == 1;
}

bool password_fits_login(const StaffLogin *known, const char *password)
{
    if (known->id)
        return password_fits(known->hash, password);
    g_free(credentials_hash(password, false));
    return false;
}

bool password_is_still(const Context *context, int64_t staff, const char *judged, bool *is_still, GError **error)
{
    g_auto(StaffLogin) now = { 0 };
    bool well = identity_login(context->db, context->county, "", staff, &now, error);
    *is_still = well && secret_equals(now.hash, judged);
    return well;
}

/* ---- the rule ---- */

static bool contains(const char *password, const char *account)
{
    g_autofree char *inside = g_utf8_casefold(password, -1);
    g_autofree char *name = g_utf8_casefold(account, -1);
    return strstr(inside, name) != NULL;
}

/* The lines of data/passwords.csv behind its header rise byte by byte. */
static bool is_common(const char *password)
{
    const Embedded *list = embedded_find("data/passwords.csv");
    g_autofree char *small = g_utf8_strdown(password, -1), *line = g_strconcat(small, "\n", NULL);
    const char *low = strchr(list->bytes, '\n') + 1, *high = list->bytes + list->size;
    size_t length = strlen(line);
    while (low < high) {
        const char *middle = low + (high - low) / 2;
        while (middle > low && middle[-1] != '\n')
            middle--;
        int order = strncmp(line, middle, length);
        if (order == 0)
            return true;
        if (order < 0)
            high = middle;
        else
            low = strchr(middle, '\n') + 1;
    }
    return false;
}

const char *password_fault(const char *password, const char *account)
{
    enum { LEAST = 10 };
    if (g_utf8_strlen(password, -1) < LEAST)
        return "credentials.password_short";
    if (*account && contains(password, account))
        return "credentials.password_account";
    return is_common(password) ? "credentials.password_common" : NULL;
}

// SPDX-License-Identifier: Apache-2.0
/* One-time codes of a telephone (TOTP, RFC 6238) by liboath: six digits, a new one each half minute, HMAC-SHA-1, as every such program
 * makes them. */
#include "credentials/room.h"

#include <liboath/oath.h>
#include <string.h>

enum { STEP_MS = 30 * 1000, DIGITS = 6, APART = 1 /* steps by which the two clocks may differ */ };

int64_t totp_step(const unsigned char secret[TOTP_SECRET], Instant now, int64_t after, const char *typed)
{
    char made[DIGITS + 1];
    int64_t present = now / STEP_MS, found = 0;
    for (int64_t step = present - APART; step <= present + APART; step++) {
        if (oath_hotp_generate((const char *)secret, TOTP_SECRET, (uint64_t)step, DIGITS, false, OATH_HOTP_DYNAMIC_TRUNCATION, made) != OATH_OK)
            g_error("no one-time code can be made");
        if (secret_equals(made, typed) && step > after)
            found = step;
    }
    return found;
}

char *totp_text(const unsigned char secret[TOTP_SECRET])
{
    char *text;
    if (oath_base32_encode((const char *)secret, TOTP_SECRET, &text, NULL) != OATH_OK)
        g_error("no memory for a secret's text");
    char *owned = g_strdup(text);
    free(text);
    return owned;
}

char *totp_link(const char *text, const char *issuer, const char *account)
{
    g_autofree char *whose = g_uri_escape_string(issuer, NULL, false), *name = g_uri_escape_string(account, NULL, false);
    return g_strdup_printf("otpauth://totp/%s:%s?secret=%s&issuer=%s&algorithm=SHA1&digits=%d&period=%d", whose, name, text, whose, DIGITS,
                           STEP_MS / 1000);
}

// SPDX-License-Identifier: Apache-2.0
/* First passwords (初始密码): sixteen letters of an alphabet of 32, which are 80 bits, so that a quick hash does for them. One that is
 * made for a session follows from its token and the instant: the page after it can show it, and neither a row, nor the answer that is
 * kept for the request, nor a log has it. */
#include "people/room.h"

#include <string.h>

enum { LETTERS = 16, GROUP = 4, LETTER_BITS = 5, DRAWN = LETTERS * LETTER_BITS / 8, TOLD_FOR = 30 * MINUTE_MS };
G_STATIC_ASSERT((int)FIRST_PASSWORD == LETTERS + LETTERS / GROUP);

static const char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

void first_password_clear(FirstPassword *self)
{
    g_free(self->hash);
    g_free(self->quick_hash);
    *self = (FirstPassword){ 0 };
}

static void spell(const unsigned char random[DRAWN], char out[FIRST_PASSWORD])
{
    unsigned bits = 0, held = 0;
    const unsigned char *next = random;
    for (int i = 0; i < LETTERS; i++, held -= LETTER_BITS) {
        if (i && i % GROUP == 0)
            *out++ = '-';
        for (; held < LETTER_BITS; held += 8)
            bits = bits << 8 | *next++;
        *out++ = alphabet[bits >> (held - LETTER_BITS) & (sizeof alphabet - 2)];
    }
    *out = '\0';
}

/* The hash by which a first password is known again. Owned by the caller. */
static char *quick_hash_of(const Context *context, const char *account, const char *password)
{
    g_autofree char *text = g_strdup_printf("%" PRId64 "/%s/%s", context->county, account, password);
    return hash_text(text);
}

static void fill(const Context *context, const char *account, const unsigned char *random, FirstPassword *out)
{
    spell(random, out->text);
    out->hash = credentials_hash(out->text, true);
    out->quick_hash = quick_hash_of(context, account, out->text);
}

void first_password_draw(const Context *context, const char *account, FirstPassword *out)
{
    unsigned char random[DRAWN];
    context_random(context, random, sizeof random);
    fill(context, account, random, out);
}

static bool derive(const Request *r, const char *account, Instant at, unsigned char out[SESSION_DERIVED])
{
    g_autofree char *purpose = g_strdup_printf("first password %" PRId64 "/%s/%" PRId64, r->context.county, account, at);
    return session_derive(r, purpose, out);
}

bool first_password_for(const Request *r, const char *account, FirstPassword *out, GError **error)
{
    unsigned char derived[SESSION_DERIVED];
    if (!derive(r, account, r->context.now, derived))
        return fault(error, "a first password without a session");
    fill(&r->context, account, derived, out);
    return true;
}

/* ---- the page ---- */

/* Did this session make the password, and is it still to be changed? */
static bool is_told(const Request *r, const Member *self, char password[FIRST_PASSWORD], bool *is, GError **error)
{
    unsigned char derived[SESSION_DERIVED];
    g_auto(StaffLogin) login = { 0 };
    *is = derive(r, self->account, self->password_at, derived);
    if (!*is || !identity_login(r->context.db, r->context.county, "", self->staff, &login, error))
        return !*is;
    spell(derived, password);
    g_autofree char *quick = quick_hash_of(&r->context, self->account, password);
    *is = login.must_change && secret_equals(quick, self->quick_hash);
    return true;
}

static bool add_password(const Request *r, int64_t number, json_t *passwords, GError **error)
{
    bool told;
    char password[FIRST_PASSWORD];
    g_auto(Member) self = { 0 };
    if (!subject_load(r->context.db, r->context.county, &member_kind, number, &self, error) || !is_told(r, &self, password, &told, error))
        return false;
    if (told)
        json_array_append_new(passwords, json_pack("{s:s, s:s, s:s}", "name", self.name, "account", self.account, "password", password));
    return true;
}

json_t *first_passwords_show(Request *r, GError **error)
{
    g_autoptr(json_t) passwords = json_array();
    g_autoptr(GArray) given = members_given_since(&r->context, r->context.now - TOLD_FOR, error);
    for (guint i = 0; given && i < given->len; i++)
        if (!add_password(r, g_array_index(given, int64_t, i), passwords, error))
            return NULL;
    if (!given)
        return NULL;
    g_autofree char *sign_in = g_strconcat(r->context.public_url, "/sign-in", NULL);
    return json_pack("{s:b, s:O, s:s}", "has_passwords", json_array_size(passwords) > 0, "passwords", passwords, "sign_in", sign_in);
}

// SPDX-License-Identifier: Apache-2.0
/* The marks by which a browser is known again: after its sessions have ended, and after it has waited. */
#include "http/state.h"

#include <string.h>

enum { MARK_BYTES = 32, MARK_TEXT = 2 * MARK_BYTES, KEPT_SECONDS = 400 * 24 * 60 * 60 /* browsers keep none longer */ };

/* Owned by the caller. */
static char *cookie_name(const RequestState *self, const char *which)
{
    return g_strconcat(self->http->settings.behind_tls ? "__Host-" : "", which, NULL);
}

static const char *cookie_of(const RequestState *self, const char *which)
{
    g_autofree char *name = cookie_name(self, which);
    return MHD_lookup_connection_value(self->conn, MHD_COOKIE_KIND, name);
}

static char *cookie_to_set(const RequestState *self, const char *which, const char *mark, int seconds)
{
    g_autofree char *name = cookie_name(self, which);
    return g_strdup_printf("%s=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Lax%s", name, mark, seconds, self->http->settings.behind_tls ? "; Secure" : "");
}

static bool is_mark(const char *text)
{
    return text && strlen(text) == MARK_TEXT && strspn(text, "0123456789abcdef") == MARK_TEXT;
}

static const char *mark_of(const RequestState *self)
{
    const char *mark = cookie_of(self, "device");
    return is_mark(mark) ? mark : NULL;
}

char *http_device(const Request *r)
{
    const char *mark = mark_of(r->state);
    return mark ? hash_text(mark) : g_strdup("");
}

char *http_device_mark(Request *r)
{
    RequestState *self = r->state;
    unsigned char random[MARK_BYTES];
    context_random(&r->context, random, sizeof random);
    g_autofree char *mark = text_hex(random, sizeof random);
    g_free(self->device_cookie);
    self->device_cookie = cookie_to_set(self, "device", mark, KEPT_SECONDS);
    return hash_text(mark);
}

/* ---- forms that came too late ---- */

#define FORMS "forms"
enum { FORMS_SECONDS = 60 * 60 };

void mark_read(RequestState *self)
{
    const char *mark = cookie_of(self, FORMS);
    g_autofree char *hash = is_mark(mark) ? hash_text(mark) : NULL;
    g_strlcpy(self->mark, hash ? hash : "", sizeof self->mark);
}

/* Where it has one already, its other forms are kept under the same; the cookie is made to last as long as this one does. */
void mark_give(RequestState *self)
{
    unsigned char random[MARK_BYTES];
    const char *given = cookie_of(self, FORMS);
    context_random(&self->request.context, random, sizeof random);
    g_autofree char *fresh = text_hex(random, sizeof random), *mark = g_strdup(is_mark(given) ? given : fresh), *hash = hash_text(mark);
    g_strlcpy(self->mark, hash, sizeof self->mark);
    g_free(self->mark_cookie);
    self->mark_cookie = cookie_to_set(self, FORMS, mark, FORMS_SECONDS);
}

/* ---- waiting ---- */

#define WAITED "waited"

/* A mark holds at the address to which it was given, so that nobody collects marks elsewhere. */
static char *waited_seal(const Request *r, const char *mark, GError **error)
{
    g_autofree char *address = sender_address(r->state), *text = g_strdup_printf("%s@%s", mark, address);
    return personal_hash(r->context.db, r->context.county, WAITED, text, error);
}

/* "INSTANT-RANDOM-SEAL". */
char *waited_mark(const Request *r, Instant *since, GError **error)
{
    const char *given = cookie_of(r->state, WAITED), *seal = given ? strrchr(given, '-') : NULL;
    if (!seal)
        return NULL;
    g_autofree char *mark = g_strndup(given, (gsize)(seal - given)), *own = waited_seal(r, mark, error);
    *since = own && secret_equals(own, seal + 1) ? g_ascii_strtoll(mark, NULL, 10) : 0;
    return r->context.now - *since < WAITED_FOR ? g_steal_pointer(&mark) : NULL;
}

bool waited_give(const Request *r, GError **error)
{
    unsigned char random[MARK_BYTES];
    context_random(&r->context, random, sizeof random);
    g_autofree char *text = text_hex(random, sizeof random), *mark = g_strdup_printf("%" PRId64 "-%s", r->context.now, text);
    g_autofree char *seal = waited_seal(r, mark, error);
    g_autofree char *sealed = seal ? g_strconcat(mark, "-", seal, NULL) : NULL;
    g_free(r->state->waited_cookie);
    r->state->waited_cookie = sealed ? cookie_to_set(r->state, WAITED, sealed, WAITED_FOR / 1000) : NULL;
    return sealed != NULL;
}

/* The first word of each that the browser calls itself by: others name those before them too. */
static const char *name_among(const char *agent, const char *const *names)
{
    for (; *names; names += 2)
        if (strstr(agent, names[0]))
            return names[1];
    return "";
}

char *http_browser(const Request *r)
{
    static const char *const browsers[] = { "MicroMessenger", "WeChat", "Edg", "Edge", "QQBrowser", "QQ Browser", "Firefox", "Firefox", "Chrome", "Chrome",
                                            "Safari", "Safari", NULL };
    static const char *const systems[] = { "HarmonyOS", "HarmonyOS", "Android", "Android", "iPhone", "iPhone", "iPad", "iPad", "Windows", "Windows",
                                           "Mac OS", "macOS", "Linux", "Linux", NULL };
    const char *agent = state_header(r->state, "User-Agent");
    const char *browser = name_among(agent ? agent : "", browsers), *system = name_among(agent ? agent : "", systems);
    return g_strconcat(browser, *browser && *system ? ", " : "", system, NULL);
}

/* ---- what else came with the request ---- */

const GString *http_json(const Request *r)
{
    return r->state->body_kind == JSON_BODY ? r->state->body : NULL;
}

const char *http_header(const Request *r, const char *name)
{
    return state_header(r->state, name);
}

// SPDX-License-Identifier: Apache-2.0
/* The mark by which a browser is known again after its sessions have ended. */
#include "http/state.h"

#include <string.h>

enum { MARK_BYTES = 32, MARK_TEXT = 2 * MARK_BYTES, KEPT_SECONDS = 400 * 24 * 60 * 60 /* browsers keep none longer */ };

static const char *cookie_name(const RequestState *self)
{
    return self->http->settings.behind_tls ? "__Host-device" : "device";
}

static const char *mark_of(const RequestState *self)
{
    const char *mark = MHD_lookup_connection_value(self->conn, MHD_COOKIE_KIND, cookie_name(self));
    return mark && strlen(mark) == MARK_TEXT && strspn(mark, "0123456789abcdef") == MARK_TEXT ? mark : NULL;
}

char *http_device(const Request *r)
{
    const char *mark = mark_of(r->state);
    return mark ? g_compute_checksum_for_string(G_CHECKSUM_SHA256, mark, -1) : g_strdup("");
}

char *http_device_mark(Request *r)
{
    RequestState *self = r->state;
    unsigned char random[MARK_BYTES];
    context_random(&r->context, random, sizeof random);
    g_autofree char *mark = text_hex(random, sizeof random);
    g_free(self->device_cookie);
    self->device_cookie = g_strdup_printf("%s=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Lax%s", cookie_name(self), mark, KEPT_SECONDS,
                                          self->http->settings.behind_tls ? "; Secure" : "");
    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, mark, -1);
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

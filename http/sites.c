// SPDX-License-Identifier: Apache-2.0
/* The host name of a request tells which county is meant. */
#include "http/state.h"

#include <string.h>

/* ---- opening ---- */

static void clear_site(void *site)
{
    g_array_unref(((Site *)site)->patterns);
    g_free(((Site *)site)->public_url);
}

/* Counties of a province have the same routes. */
static GArray *patterns_of(const GArray *sites, const HttpSite *next)
{
    for (guint i = 0; i < sites->len; i++) {
        const Site *site = &g_array_index(sites, Site, i);
        if (site->is.world->rooms == next->world->rooms && !site->is.world->counties == !next->world->counties)
            return g_array_ref(site->patterns);
    }
    return patterns_make(next->world->rooms, next->world->counties);
}

/* A proxy that speaks TLS is found at the port of https. */
static char *public_url_of(const Http *self, const HttpSite *site)
{
    if (site->world->public_url || !site->host)
        return g_strdup(site->world->public_url ? site->world->public_url : self->address);
    g_autofree char *host = g_ascii_strdown(site->host, -1);
    return self->settings.behind_tls ? g_strconcat("https://", host, NULL) : g_strconcat("http://", host, strrchr(self->address, ':'), NULL);
}

static void name_site(Http *self, const char *address, const Site *site)
{
    g_hash_table_insert(self->hosts, address_host(address), (void *)(uintptr_t)site);
}

/* A name of a site that is one of this machine's too means that site. */
static void name_sites(Http *self)
{
    const char *const local[] = { "localhost", "127.0.0.1", "[::1]", self->address };
    for (size_t i = 0; i < G_N_ELEMENTS(local); i++)
        name_site(self, local[i], self->local);
    for (guint i = 0; i < self->sites->len; i++) {
        Site *site = &g_array_index(self->sites, Site, i);
        name_site(self, site->public_url, site);
        if (site->is.host)
            name_site(self, site->is.host, site);
    }
}

void sites_open(Http *self, const HttpSite *sites, size_t count)
{
    self->sites = g_array_sized_new(FALSE, FALSE, sizeof(Site), (guint)count);
    g_array_set_clear_func(self->sites, clear_site);
    for (size_t i = 0; i < count; i++) {
        Site made = { sites[i], patterns_of(self->sites, &sites[i]), public_url_of(self, &sites[i]) };
        g_array_append_val(self->sites, made);
    }
    self->local = &g_array_index(self->sites, Site, 0);
    for (guint i = 0; i < self->sites->len && self->local->is.host; i++)
        if (!g_array_index(self->sites, Site, i).is.host)
            self->local = &g_array_index(self->sites, Site, i);
    self->hosts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    name_sites(self);
}

void sites_close(Http *self)
{
    g_hash_table_unref(self->hosts);
    g_array_unref(self->sites);
}

/* ---- finding ---- */

const Site *site_named(const Http *self, const char *host)
{
    g_autofree char *name = host ? address_host(host) : NULL;
    return name ? g_hash_table_lookup(self->hosts, name) : self->local;
}

const char *http_public_url(const Http *self, size_t site)
{
    return g_array_index(self->sites, Site, site).public_url;
}

// SPDX-License-Identifier: Apache-2.0
/* Which county is meant: the host name tells. */
#include "http/state.h"

#include <string.h>

/* ---- opening ---- */

static void clear_site(void *site)
{
    g_array_unref(((Site *)site)->patterns);
}

/* Counties of a province have the same routes. */
static GArray *patterns_of(const GArray *sites, const HttpSite *next)
{
    for (guint i = 0; i < sites->len; i++) {
        const Site *site = &g_array_index(sites, Site, i);
        if (site->is.world->rooms == next->world->rooms && !site->is.world->counties == !next->world->counties)
            return g_array_ref(site->patterns);
    }
    return patterns_make(next->world);
}

void sites_open(Http *self, const HttpSite *sites, size_t count)
{
    self->sites = g_array_sized_new(FALSE, FALSE, sizeof(Site), (guint)count);
    g_array_set_clear_func(self->sites, clear_site);
    for (size_t i = 0; i < count; i++) {
        Site made = { sites[i], patterns_of(self->sites, &sites[i]) };
        g_array_append_val(self->sites, made);
    }
    self->hosts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    self->elsewhere = &g_array_index(self->sites, Site, 0);
    for (guint i = 0; i < self->sites->len; i++) {
        Site *site = &g_array_index(self->sites, Site, i);
        if (site->is.host)
            g_hash_table_insert(self->hosts, g_ascii_strdown(site->is.host, -1), site);
        else
            self->elsewhere = site;
    }
}

void sites_close(Http *self)
{
    g_hash_table_unref(self->hosts);
    g_array_unref(self->sites);
}

/* ---- finding ---- */

const Site *site_named(const Http *self, const char *host)
{
    if (!host || g_hash_table_size(self->hosts) == 0)
        return self->elsewhere;
    g_autofree char *name = g_ascii_strdown(host, (gssize)strcspn(host, ":"));
    size_t length = strlen(name);
    if (length && name[length - 1] == '.')
        name[length - 1] = '\0';
    const Site *found = g_hash_table_lookup(self->hosts, name);
    return found ? found : self->elsewhere;
}

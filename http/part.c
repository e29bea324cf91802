// SPDX-License-Identifier: Apache-2.0
/* Parts of pages, kept in the cache of reference data. Each has one of so many places, which bounds the cache. */
#include "http/state.h"

#include <string.h>

static char *slot_of(const Request *r, unsigned places, const char *made_of)
{
    GString *slot = g_string_new(r->language == ENGLISH ? "part/en/" : "part/zh/");
    json_write_number(slot, places);
    json_write_number(g_string_append_c(slot, '/'), g_str_hash(made_of) % places);
    return g_string_free(slot, FALSE);
}

json_t *part_kept(const Request *r, unsigned places, const char *made_of)
{
    g_autofree char *slot = slot_of(r, places, made_of);
    g_autoptr(json_t) kept = db_cache_get(r->context.db, r->context.county, slot);
    return strcmp(json_text(kept, "made_of"), made_of) == 0 ? json_incref(json_object_get(kept, "html")) : NULL;
}

json_t *part_make(const Request *r, unsigned places, const char *made_of, const char *page, const json_t *data, GError **error)
{
    size_t length;
    g_autofree char *slot = slot_of(r, places, made_of), *html = view_page(r->view, page, r->language, data, NULL, &length, error);
    if (!html)
        return NULL;
    json_t *part = json_stringn_nocheck(html, length);
    g_autoptr(json_t) kept = json_pack("{s:s, s:O}", "made_of", made_of, "html", part);
    db_cache_put(r->context.db, r->context.county, slot, kept);
    return part;
}

void part_put(const Request *r, const char *name, json_t *html)
{
    json_t **shown = &r->state->shown_parts;
    if (!*shown)
        *shown = json_object();
    json_object_set_new(*shown, name, html);
}

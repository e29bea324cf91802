// SPDX-License-Identifier: Apache-2.0
/* `pinghu serve` opens the sites of one county or of all in a list. */
#pragma once

#include "http/http.h"
#include "verbs/verbs.h"

typedef struct CountySite {
    const County *county; /* borrowed; without host and names when it is alone */
    App app;
    View *view; /* with its own words */
} CountySite;

/* `county` is set, the rest is empty. The names of its files begin with `beside`; `all` are the counties of the list. Refuses
 * as app_join and view_say. `store`, `bucket` (may be NULL) and `base` outlive it. */
bool county_site_open(CountySite *self, Store *store, const Bucket *bucket, const View *base, const char *beside, const Counties *all, GError **error);
void county_site_close(CountySite *self);
HttpSite county_site_http(CountySite *self);

// SPDX-License-Identifier: Apache-2.0
/* What `pinghu serve` opens: the halls of one county or of all in a list. */
#pragma once

#include "http/http.h"
#include "verbs/verbs.h"

typedef struct Hall {
    const County *county; /* borrowed; without host and names when it is alone */
    World world;
    View *view; /* with its own words */
} Hall;

/* `county` is set, the rest is empty. The names of its files begin with `beside`; `all` are the counties of the list. Refuses
 * as world_join and view_say. `store`, `bucket` (may be NULL) and `base` outlive it. */
bool hall_open(Hall *self, Store *store, const Bucket *bucket, const View *base, const char *beside, const Counties *all, GError **error);
void hall_close(Hall *self);
HttpSite hall_site(Hall *self, const Route *const *county_tables, const Route *const *region_tables);

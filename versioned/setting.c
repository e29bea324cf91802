// SPDX-License-Identifier: Apache-2.0
/* Settings that have no versions: of two who change one at once the second is told. */
#include "versioned/versioned.h"

#include <string.h>

bool setting_is_fresh(const Request *r, const char *now, GError **error)
{
    const json_t *seen = json_object_get(r->fields, "seen");
    return !seen || strcmp(json_string_value(seen), now) == 0 || refuse(error, CONFLICT, "versioned.setting_stale", NULL);
}

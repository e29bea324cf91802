// SPDX-License-Identifier: Apache-2.0
/* Addresses come into histories, bookmarks and the logs of proxies. In those of a list by which persons are found, what was typed and
 * the row behind which a page begins stand sealed (docs/privacy.md). */
#include "lists/room.h"

static const char where[] = "list.address";

char *list_hide(const Request *r, const ListSpec *list, const char *text, GError **error)
{
    return list->search.of_persons ? personal_seal(r->context.db, r->context.county, where, list->name, text, error) : g_strdup(text);
}

bool list_reveal(const Request *r, const ListSpec *list, const json_t *fields, const char *name, char **text, GError **error)
{
    g_autoptr(GError) why = NULL;
    const char *given = json_text(fields, name);
    if (list->search.of_persons && *given == '~')
        return personal_open(r->context.db, r->context.county, where, list->name, given, text, &why) ||
               refuse_field(error, name, "lists.address_unread", NULL);
    *text = g_strdup(given);
    return true;
}

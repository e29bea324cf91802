// SPDX-License-Identifier: Apache-2.0
/* The list of rooms, as far as no other room is needed to read it. */
#include "base/base.h"

#include <string.h>

static bool is_named_once(const Room *const *rooms, const Room *room, GError **error)
{
    for (; *rooms != room; rooms++)
        if (strcmp((*rooms)->name, room->name) == 0)
            return fault(error, "two rooms are called %s", room->name);
    return true;
}

bool rooms_fit(const Room *const *rooms, GError **error)
{
    for (const Room *const *room = rooms; *room; room++)
        if (!is_named_once(rooms, *room, error) || ((*room)->fits && !(*room)->fits(rooms, error)))
            return false;
    return true;
}

bool rooms_tell(const Context *context, const SubjectChange *change, GError **error)
{
    for (const Room *const *room = context->rooms; room && *room; room++)
        if ((*room)->listens && !(*room)->listens(context, change, error))
            return false;
    return true;
}

bool rooms_forget(const Context *context, const char *subject, GError **error)
{
    for (const Room *const *room = context->rooms; room && *room; room++)
        if ((*room)->forgets && !(*room)->forgets(context, subject, error))
            return false;
    return true;
}

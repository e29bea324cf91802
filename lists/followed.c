// SPDX-License-Identifier: Apache-2.0
/* Filters by organ or division: what stands under the number of one that went into it is meant too. */
#include "lists/room.h"

static bool is_meant(const ListColumn *column, const ListFilter *filter)
{
    return (column->kind == LIST_ORGAN && filter->compare == LIST_EQUAL) || (column->kind == LIST_DIVISION && filter->compare == LIST_WITHIN);
}

bool list_add_followed(const Request *r, const ListFilter *filter, ListRange *range, GError **error)
{
    const ListColumn *column = range->column;
    if (!is_meant(column, filter))
        return true;
    GArray *numbers = g_array_new(false, false, sizeof(int64_t));
    range->followed = numbers;
    if (!identity_followed(r->context.db, r->context.county, column->kind == LIST_ORGAN ? ABOUT_ORGAN : ABOUT_DIVISION, range->least.number,
                           range->most.number, numbers, error))
        return false;
    if (!numbers->len)
        g_clear_pointer(&range->followed, g_array_unref);
    return numbers->len <= FOLLOWED_MOST || fault(error, "%u have gone into %" PRId64 ", of %d at most", numbers->len, range->least.number, FOLLOWED_MOST);
}

bool list_has(const ListRange *range, int64_t number)
{
    bool has = number >= range->least.number && number <= range->most.number;
    for (guint i = 0; range->followed && i < range->followed->len; i++)
        has |= g_array_index(range->followed, int64_t, i) == number;
    return has;
}

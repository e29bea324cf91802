// SPDX-License-Identifier: Apache-2.0
/* A question put to a list by its address, with the place where a page goes on: a place that is understood is written as it
 * was read. */
#include "lists/room.h"

#include <string.h>

static const char *const states[] = { "valid", "ended", NULL };
static const ListColumn columns[] = { { "number", LIST_NUMBER }, { "holder", LIST_TEXT }, { "state", LIST_WORD }, { "made_at", LIST_INSTANT }, { 0 } };
static const Field fields[] = {
    LIST_FIELDS, { "state", FIELD_CHOICE, 0, 0, false, states, NULL }, { "from", FIELD_DAY, 0, 0, false, NULL, NULL }, { 0 },
};
static const ListFilter filters[] = { { "state", "state", LIST_EQUAL }, { "from", "made_at", LIST_FROM }, { 0 } };
static const ListOrder orders[] = { { "number", { "number" }, true }, { "holder", { "holder", "number" } }, { "made", { "made_at" } }, { 0 } };
static const ListTab tabs[] = { { "all" }, { "mine", CLERK }, { 0 } };
static const ListSpec list = { .name = "fuzz", .columns = columns, .fields = fields, .filters = filters, .orders = orders, .tabs = tabs,
                               .key = "number", .search = { NULL, { "holder" }, "holder" } };

static void place_comes_back(const ListAsk *ask, const ListPlace *place)
{
    ListPlace again;
    g_autofree char *text = list_place_text(place);
    if (!place->count)
        return;
    g_assert_true(list_place_read(ask, text, &again));
    g_assert_cmpint(list_compare(place, &again), ==, 0);
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size);
int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t size)
{
    const Actor actor = { 0 };
    const Request r = { .context.actor = &actor };
    ListAsk ask = { 0 };
    g_autoptr(GError) error = NULL;
    g_autofree char *query = g_strndup((const char *)bytes, size);
    g_autoptr(json_t) given = fields_of_query(fields, query, &error);
    if (given && list_ask(&r, &list, given, &ask, &error)) {
        place_comes_back(&ask, &ask.after);
        place_comes_back(&ask, &ask.before);
        if (ask.typed && !ask.match)
            list_ask_contains(&ask);
    } else
        g_assert_cmpuint(trouble_status(error), ==, NOT_FITTING);
    list_ask_clear(&ask);
    return 0;
}

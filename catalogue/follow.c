// SPDX-License-Identifier: Apache-2.0
/* The catalogue follows reforms: an item is the power of an organ, and goes where that organ's work goes. */
#include "catalogue/room.h"

#include <string.h>

static const char *const orphan_names[] = { "organ_name", "count", NULL };
const MessageTemplate catalogue_messages[] = { { "catalogue.messages.orphans", orphan_names }, { 0 } };

static bool move_all(const Context *context, int64_t from, int64_t to, const char *document, GError **error)
{
    size_t i;
    json_t *row;
    g_autoptr(json_t) items = items_of_organ(context->db, context->county, from, error);
    json_array_foreach(items, i, row) {
        ItemChange change = { .kind = CHANGE_MOVED, .item = json_text(row, "code"), .day = day_of(context->now), .document = document,
                              .document_number = "", .level = "", .into = "", .organ = to };
        if (!change_move(context, &change, from, error))
            return false;
    }
    return items != NULL;
}

static bool tell(const Context *context, int64_t organ, GError **error)
{
    const MessageTo keepers = to_desk(CENTRE_ORGAN, division_county(context->county), CATALOGUER);
    g_autoptr(json_t) about = identity_organ(context->db, context->county, organ, error),
        items = about ? items_orphaned(context->db, context->county, organ, error) : NULL;
    if (!items || !json_array_size(items))
        return items != NULL;
    g_autoptr(json_t) data = json_pack("{s:s, s:O, s:s, s:I}", "path", "/desk/items", "organ_name", json_object_get(about, "name"), "organ_name_en",
                                       json_text(about, "name_en"), "count", (json_int_t)json_array_size(items));
    return notify(context, &keepers, &catalogue_messages[0], data, error);
}

bool catalogue_hear(const Context *context, const SubjectChange *change, GError **error)
{
    if (strcmp(change->event->kind, "organ.ended") != 0)
        return true;
    g_autoptr(json_t) facts = json_loads(change->event->payload, 0, NULL);
    int64_t successor = json_number(facts, "successor");
    return successor ? move_all(context, change->event->organ, successor, json_text(facts, "document"), error)
                     : tell(context, change->event->organ, error);
}

bool follow_put_orphans(const Context *context, json_t *answer, GError **error)
{
    size_t i, j;
    json_t *organ, *item, *orphans = json_array();
    g_autoptr(json_t) organs = identity_organs(context->db, context->county, error);
    bool read = organs != NULL;
    json_array_foreach(organs, i, organ) {
        g_autoptr(json_t) items = read && json_number(organ, "ended") ? items_orphaned(context->db, context->county, json_number(organ, "number"), error) : json_array();
        read = read && items;
        json_array_foreach(items, j, item) {
            put_organ_name(item, organs);
            json_array_append(orphans, item);
        }
    }
    if (json_array_size(orphans))
        json_object_set_new(answer, "has_orphans", json_true());
    json_object_set_new(answer, "orphans", orphans);
    return read;
}

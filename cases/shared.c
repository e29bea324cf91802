// SPDX-License-Identifier: Apache-2.0
/* Papers of a case that come by themselves (数据共享): what its events and its page tell of them. */
#include "cases/life.h"

#include <string.h>

bool shared_take(const SubjectTurn *turn, void *next, GError **error)
{
    static const char *const told[] = { "request", "sharing", "source", "source_version", NULL };
    (void)next, (void)error;
    for (const char *const *name = told; *name; name++)
        if (json_object_get(turn->input->fields, *name))
            json_object_set(turn->input->further, *name, json_object_get(turn->input->fields, *name));
    return true;
}

static bool names_source(const Item *item)
{
    for (size_t i = 0; i < item->material_count; i++)
        if (*item->materials[i].shared_by)
            return true;
    return false;
}

json_t *shared_will_come(const Context *context, const Item *item, GError **error)
{
    size_t i;
    json_t *one;
    g_autoptr(json_t) materials = names_source(item) ? catalogue_shared(context, item, error) : json_array(), list = json_array();
    json_array_foreach(materials, i, one) {
        const json_t *source = json_object_get(one, "shared");
        if (source && !json_object_get(source, "register"))
            json_array_append_new(list, json_pack("{s:O, s:s, s:O, s:O}", "material", json_object_get(one, "name"), "sharing", "will_come", "name",
                                                  json_object_get(source, "name"), "name_en", json_object_get(source, "name_en")));
    }
    return materials ? g_steal_pointer(&list) : NULL;
}

static json_t *sharings(const Context *context, const Case *self, const Item *item, GError **error)
{
    g_autoptr(json_t) list = self->state == DRAFT ? shared_will_come(context, item, error) : json_array();
    for (const Room *const *room = context->rooms; list && self->state != DRAFT && room && *room; room++)
        if ((*room)->asks_papers && !(*room)->asks_papers(context, self->number, list, error))
            return NULL;
    return g_steal_pointer(&list);
}

/* A paper that is there by now, whoever has brought it, is awaited no more; one that is awaited is not missing yet. */
static void put_one(const json_t *sharing, const json_t *materials)
{
    size_t i;
    json_t *one;
    bool misses = !g_strv_contains((const char *const[]){ "will_come", "waits", "came", NULL }, json_text(sharing, "sharing"));
    json_array_foreach((json_t *)materials, i, one) {
        if (strcmp(json_text(one, "name"), json_text(sharing, "material")) != 0 || (!json_flag(one, "none") && strcmp(json_text(sharing, "sharing"), "came") != 0))
            continue;
        if (!misses)
            json_object_set_new(one, "lacking", json_false());
        json_object_set_new(one, "shared", json_pack("{s:O, s:O, s:O, s:b}", "sharing", json_object_get(sharing, "sharing"), "name",
                                                     json_object_get(sharing, "name"), "name_en", json_object_get(sharing, "name_en"), "misses", misses));
    }
}

bool shared_put(const Context *context, const Case *self, const Item *item, json_t *answer, GError **error)
{
    size_t i;
    json_t *one;
    if (!names_source(item))
        return true;
    g_autoptr(json_t) list = sharings(context, self, item, error);
    json_array_foreach(list, i, one)
        put_one(one, json_object_get(answer, "materials"));
    bool lacks = false;
    json_array_foreach(json_object_get(answer, "materials"), i, one)
        lacks = lacks || json_flag(one, "lacking");
    json_object_set_new(answer, "lacks", json_boolean(lacks && json_flag(answer, "lacks")));
    return list != NULL;
}

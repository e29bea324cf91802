// SPDX-License-Identifier: Apache-2.0
/* The routes of the catalogue. */
#include "catalogue/room.h"

static const Field guide_fields[] = { { .name = "on", .kind = FIELD_DAY, .look = LOOK_NONE }, { 0 } };

/* The guide of another day tells no due day, because nothing is handed in on it. */
static json_t *guide(Request *r, GError **error)
{
    const char *on = json_text(r->fields, "on");
    Day today = day_of(r->context.now), day = *on ? day_parse(on) : today;
    g_autoptr(json_t) found = catalogue_guide(r->context.db, r->context.county, r->path[0], day, error);
    if (!found)
        return NULL;
    json_t *clock = day == today ? guide_clock(&r->context, found, error) : json_string(on);
    if (!clock)
        return NULL;
    json_t *materials = shared_materials(&r->context, found, error);
    if (!materials)
        return json_decref(clock), NULL;
    json_t *shown = json_copy(found);
    json_object_set_new(shown, "materials", materials);
    json_object_set_new(shown, day == today ? "clock" : "other_day", clock);
    json_object_set_new(shown, "keeping", guide_keeping(&r->context, found));
    return shown;
}

const Route catalogue_routes[] = {
    { "GET", "/items", ANYONE, items_show, "catalogue/items", items_fields, NULL, NULL,
      "Published items that fit a query, an object, an organ" },
    { "GET", "/items/changes", ANYONE, changes_show, "catalogue/changes", changes_fields, NULL,
      NULL,
      "What happened to the catalogue, each change with its normative document, newest first" },
    { "GET", "/items/register", ANYONE, register_show, "catalogue/register", register_fields, NULL,
      NULL, "The items in force on a day, by class, place, origin and department" },
    { "GET", "/items/departments", ANYONE, departments_show, "catalogue/departments",
      departments_fields, NULL, NULL,
      "The departments that have items in force on a day, in the centre or delegated" },
    { "GET", "/items/places", ANYONE, places_show, "catalogue/places", places_fields, NULL, NULL,
      "The service centres of the towns, or the service points of the villages" },
    { "GET", "/items/{code}", ANYONE, guide, "catalogue/item", guide_fields, NULL, NULL,
      "The guide of an item, today's or that of a day: what to bring, how long, what it costs, "
      "where" },
    { "GET", "/items/{code}/situation", ANYONE, situation_show, "catalogue/situation",
      answers_fields, NULL, NULL,
      "Which papers an item asks for in one's own situation: answers.NAME=CODE, question by "
      "question" },
    { "GET", "/items/{code}/form", ANYONE, item_blank, NULL, answers_fields, NULL, NULL,
      "The application form of an item as PDF to be filled in by hand, with answers.NAME=CODE that "
      "of a situation",
      .slow = true },
    { "GET", "/desk/items", CATALOGUE_READERS, desk_list, "catalogue/desk", desk_fields, NULL, NULL,
      "All items with their newest version, and what waits to be published" },
    { "GET", "/desk/items/table", CATALOGUE_READERS, desk_table, NULL, desk_table_fields, NULL,
      NULL, "The newest version of every item as a file, csv or xlsx, that can be imported again" },
    { "GET", "/desk/items/{code}", CATALOGUE_READERS, desk_item, "catalogue/versions", NULL, NULL,
      NULL, "An item's versions, who made them and what they changed" },
    { "GET", "/desk/items/{code}/difference", CATALOGUE_READERS, desk_difference,
      "versioned/difference", versioned_difference_fields, NULL, NULL,
      "What differs between two versions of an item; format: as a file" },
    { "GET", "/desk/items/{code}/form", CATALOGUE_READERS, desk_form, "catalogue/form",
      answers_fields, NULL, NULL,
      "The form of an item's newest version, its situations all tried, and as the applicant sees "
      "it: answers.NAME=…" },
    { "GET", "/desk/items/{code}/form/blank", CATALOGUE_READERS, desk_blank, NULL, answers_fields,
      NULL, NULL, "The same of its newest version", .slow = true },
    { "POST", "/desk/items/{code}/form", CATALOGUER, desk_form_set, "catalogue/form",
      desk_form_set_fields, "/desk/items/{code}/form", "/desk/items/{code}/form",
      "Set the form of an item as JSON (docs/form.schema.json), as another version that waits to "
      "be published" },
    { "GET", "/desk/items/{code}/sources", CATALOGUE_READERS, desk_shared, "catalogue/sources", NULL, NULL, NULL,
      "The papers of an item's newest version, and from which source each comes by itself" },
    { "POST", "/desk/items/{code}/sources", CATALOGUER, desk_shared_set, "catalogue/sources", desk_shared_fields, "/desk/items/{code}/sources", "/desk/items/{code}/sources",
      "Say from which source a paper of an item comes by itself, as another version that waits to be published" },
    { "POST", "/desk/items/{code}/publish", CATALOGUER, desk_publish, "catalogue/versions",
      desk_publish_fields, "/desk/items/{code}", "/desk/items/{code}",
      "Publish the newest version of an item, as it was seen" },
    { "POST", "/desk/items/{code}/change", CATALOGUER, record_change, "catalogue/versions",
      record_fields, "/desk/items/{code}", "/desk/items/{code}",
      "Record what a normative document orders of an item, and do it" },
    { "POST", "/desk/items/reform", CATALOGUER, record_reform, "catalogue/desk", reform_fields,
      "/desk/items", "/desk/items",
      "Set the last day before the reform, with which later figures are compared" },
    { "POST", "/desk/items/import", CATALOGUER, desk_import, "catalogue/desk", desk_import_fields,
      "/desk/items?list=items_waiting", "/desk/items",
      "Take a table of items in, whole or not at all; what differs becomes a new version" },
    { 0 },
};

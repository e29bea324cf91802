// SPDX-License-Identifier: Apache-2.0
/* Every component of the pages in every state, for people who build pages and for tests that look at them (pinghu serve --parts). */
#include "portal/ledger.h"

#include <string.h>

static const char *const kinds[] = { "person", "enterprise", NULL };

static const Field row_columns[] = {
    { .name = "depth",
      .kind = FIELD_INTEGER,
      .least = 1,
      .most = 900,
      .required = true,
      .label = "portal.parts.row_depth",
      .value = "depth" },
    { .name = "place", .most = 60, .label = "portal.parts.row_place", .value = "place" },
    { 0 },
};

#define PART_FIELDS(FROM)                                                                          \
    { .name = "name",                                                                              \
      .least = 2,                                                                                  \
      .most = 60,                                                                                  \
      .required = true,                                                                            \
      .room = "cases",                                                                             \
      .group = "party",                                                                            \
      .value = FROM "name" },                                                                      \
        { .name = "party_kind",                                                                    \
          .kind = FIELD_CHOICE,                                                                    \
          .required = true,                                                                        \
          .choices = kinds,                                                                        \
          .look = LOOK_RADIOS,                                                                     \
          .room = "cases",                                                                         \
          .group = "party",                                                                        \
          .value = FROM "party_kind" },                                                            \
        { .name = "contact",                                                                       \
          .most = 60,                                                                              \
          .required = true,                                                                        \
          .room = "cases",                                                                         \
          .group = "party",                                                                        \
          .shown_when = "party_kind=enterprise",                                                   \
          .value = FROM "contact" },                                                               \
        { .name = "telephone",                                                                     \
          .most = 20,                                                                              \
          .look = LOOK_TELEPHONE,                                                                  \
          .room = "cases",                                                                         \
          .group = "party",                                                                        \
          .check = identity_telephone,                                                             \
          .value = FROM "telephone" },                                                             \
        { .name = "password",                                                                      \
          .kind = FIELD_SECRET,                                                                    \
          .most = 20,                                                                              \
          .required = true,                                                                        \
          .group = "party",                                                                        \
          .autocomplete = "new-password" },                                                        \
        { .name = "reason",                                                                        \
          .kind = FIELD_LONG_TEXT,                                                                 \
          .most = 1000,                                                                            \
          .required = true,                                                                        \
          .room = "cases",                                                                         \
          .value = FROM "reason" },                                                                \
        { .name = "amount",                                                                        \
          .kind = FIELD_MONEY,                                                                     \
          .most = 100000000,                                                                       \
          .required = true,                                                                        \
          .value = FROM "amount" },                                                                \
        { .name = "days",                                                                          \
          .kind = FIELD_INTEGER,                                                                   \
          .least = 1,                                                                              \
          .most = 365,                                                                             \
          .required = true,                                                                        \
          .room = "cases",                                                                         \
          .unit = "working",                                                                       \
          .value = FROM "days" },                                                                  \
        { .name = "day", .kind = FIELD_DAY, .required = true, .value = FROM "day" },               \
        { .name = "material",                                                                      \
          .most = 100,                                                                             \
          .required = true,                                                                        \
          .room = "cases",                                                                         \
          .options = "materials.name",                                                             \
          .value = FROM "material" },                                                              \
        { .name = "materials",                                                                     \
          .kind = FIELD_LIST,                                                                      \
          .most = 100,                                                                             \
          .required = true,                                                                        \
          .room = "cases",                                                                         \
          .options = "materials.name",                                                             \
          .value = FROM "handed" },                                                                \
        { .name = "place",                                                                         \
          .kind = FIELD_INTEGER,                                                                   \
          .most = INT64_MAX,                                                                       \
          .options = "towns.places.code",                                                          \
          .value = FROM "place" },                                                                 \
        { .name = "papers",                                                                        \
          .kind = FIELD_FILES,                                                                     \
          .most = 20,                                                                              \
          .required = true,                                                                        \
          .room = "cases",                                                                         \
          .hint = "cases.papers_hint",                                                             \
          .accept = "image/*,application/pdf" },                                                   \
        { .name = "rows",                                                                          \
          .kind = FIELD_ROWS,                                                                      \
          .most = 3,                                                                               \
          .required = true,                                                                        \
          .columns = row_columns,                                                                  \
          .label = "portal.parts.rows",                                                            \
          .value = FROM "rows" },                                                                  \
        { .name = "sure",                                                                          \
          .kind = FIELD_FLAG,                                                                      \
          .required = true,                                                                        \
          .room = "cases",                                                                         \
          .label = "portal.parts.sure",                                                            \
          .value = FROM "sure" },                                                                  \
    {                                                                                              \
        0                                                                                          \
    }

const Field parts_fields[] = { PART_FIELDS("no_") };
const Field parts_question_fields[] = {
    { .name = "number", .most = 30, .look = LOOK_SEARCH },
    { .name = "event", .kind = FIELD_INTEGER, .least = 1, .most = 1000 },
    { 0 },
};
static const Field filled_fields[] = { PART_FIELDS("") };

static void put_actions(const Request *r, json_t *parts)
{
    static const Field fields[] = { { .name = "reason", .kind = FIELD_LONG_TEXT, .most = 1000, .required = true, .room = "cases" }, { 0 } };
    size_t i;
    json_t *action;
    json_array_foreach(json_object_get(parts, "actions"), i, action) {
        const char *name = json_text(action, "action");
        g_autofree char *button = view_code(r->view, r->language, "action", name);
        form_put(r, &(Form){ .action = "/parts", .name = name, .button = button, .second = !json_flag(action, "main"), .fields = fields }, parts, action);
    }
}

static json_t *parts_of(const Request *r)
{
    const Embedded *file = embedded_find("portal/static/parts.json");
    json_t *parts = json_loadb(file->bytes, file->size, 0, NULL), *filled = json_object();
    g_autoptr(json_t) first = json_copy(json_object_get(parts, "sample"));
    json_object_update_missing(first, parts);
    put_actions(r, parts);
    form_put(r, &(Form){ .action = "/parts", .name = "filled", .fields = filled_fields }, first, filled);
    json_object_set_new(parts, "filled", filled);
    return parts;
}

json_t *parts_show(Request *r, GError **error)
{
    return http_shows_parts(r) ? parts_of(r) : refuse(error, NOT_FOUND, "base.not_found", NULL);
}

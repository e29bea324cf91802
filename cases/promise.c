// SPDX-License-Identifier: Apache-2.0
/* Papers that a written promise stands for: which may be promised (容缺受理, 告知承诺), by whom and when. The promises themselves are
 * kept by the room of that name. */
#include "cases/code.h"
#include "cases/papers.h"

#include <string.h>

static bool is_promisable(const ItemMaterial *material)
{
    return material->required && (material->may_follow || material->may_promise);
}

bool case_may_promise(const Context *context, const void *of)
{
    const Case *self = of;
    bool may = false, is_waiting = self->state == RECEIVED || self->state == CORRECTION;
    if (!is_waiting || (self->held & CASE_PROMISED) || !life_is_entitled(context->actor, self, &case_rules[PROMISE].rule, context->county) ||
        !code_is_own(context->actor, self))
        return false;
    g_autoptr(Item) item = catalogue_item(context->db, context->county, self->item, self->item_version, NULL);
    for (size_t i = 0; item && i < item->material_count; i++)
        may |= is_promisable(&item->materials[i]) && !(self->held & INT64_C(1) << i);
    return may;
}

json_t *case_promisable(const Context *context, const Case *self, GError **error)
{
    g_autoptr(Item) item = catalogue_item(context->db, context->county, self->item, self->item_version, error);
    g_autoptr(json_t) lacking = item ? papers_lacking(context, self, item, error) : NULL, list = json_array();
    if (!lacking)
        return NULL;
    for (size_t i = 0; i < item->material_count; i++) {
        const ItemMaterial *m = &item->materials[i];
        if (is_promisable(m) && papers_name(lacking, m->name))
            json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "name", m->name, "name_en", m->name_en, "promise",
                                                  m->may_follow ? CASE_FOLLOWS : CASE_VOUCHED));
    }
    return g_steal_pointer(&list);
}

static bool is_listed(const json_t *list, const char *name)
{
    size_t i;
    json_t *each;
    json_array_foreach((json_t *)list, i, each)
        if (g_strcmp0(json_text(each, "name"), name) == 0)
            return true;
    return false;
}

/* The room of promises brings along what it needs to keep one; nobody else takes this action. A promise binds the applicant: a
 * member of the staff who knows the code on a slip cannot give it in his name. */
bool case_promises_fit(const SubjectTurn *turn, GError **error)
{
    size_t i;
    json_t *name;
    const Case *self = turn->present;
    if (!json_flag(turn->input->fields, "promise"))
        return refuse(error, NOT_FOUND, "cases.no_action", NULL);
    if (self->held & CASE_PROMISED)
        return refuse(error, CONFLICT, "cases.promised_already", NULL);
    g_autoptr(json_t) listed = guard_holder_alone(turn, error) ? case_promisable(turn->context, self, error) : NULL;
    if (!listed)
        return false;
    json_array_foreach((json_t *)turn->input->materials, i, name)
        if (!is_listed(listed, json_string_value(name)))
            return refuse_field(error, "materials", "cases.not_promisable", "name", json_string_value(name), NULL);
    return true;
}

/* Art. 69: what was granted is taken back where its licence is revoked, or its promise was broken. */
bool case_revokes(const SubjectTurn *turn, GError **error)
{
    return json_object_get(turn->input->fields, "is_licensed") || refuse(error, NOT_FOUND, "cases.no_action", NULL);
}

/* ---- on papers ---- */

static void append_name(GString *list, const char *between, const char *name)
{
    g_string_append_printf(list, "%s%s", list->len ? between : "", name);
}

bool promised_find(const Context *context, const Case *self, const Item *item, Promised *out, GError **error)
{
    size_t i;
    json_t *each;
    if (!(self->held & CASE_PROMISED))
        return true;
    g_autoptr(json_t) offered = papers_offered(context, self, error);
    for (size_t kind = 0; kind < G_N_ELEMENTS(out->names); kind++)
        out->names[kind] = g_string_new(NULL), out->names_en[kind] = g_string_new(NULL);
    json_array_foreach(offered, i, each) {
        const char *name = json_text(each, "material");
        bool follows = strcmp(json_text(each, "promise"), CASE_FOLLOWS) == 0;
        if (!json_flag(each, "waits"))
            continue;
        append_name(out->names[follows], "、", name);
        append_name(out->names_en[follows], ", ", papers_english(self, item, name));
        out->until_day = follows ? day_parse(json_text(each, "until_day")) : out->until_day;
    }
    return offered != NULL;
}

void promised_clear(Promised *self)
{
    for (size_t kind = 0; kind < G_N_ELEMENTS(self->names) && self->names[kind]; kind++) {
        g_string_free(self->names[kind], TRUE);
        g_string_free(self->names_en[kind], TRUE);
    }
}

// SPDX-License-Identifier: Apache-2.0
/* A bundle applied for from home: the draft of its first item gathers the papers of all, each once, and is handed in with the others. */
#include "joint/life.h"

#include <string.h>

/* ---- the draft ---- */

static bool draft_asked(const Request *r, Case *out, GError **error)
{
    return subject_load_asked(r, &case_kind, out, error) &&
           ((r->context.actor->kind == HOLDER && joint_kind.may_begin(&r->context, out)) || refuse(error, NOT_ALLOWED, "joint.not_a_draft", NULL));
}

/* The scans of each paper. */
static void put_scans(json_t *papers, const json_t *scans)
{
    size_t i, j;
    json_t *paper, *scan;
    json_array_foreach(papers, i, paper) {
        json_t *found = json_array();
        json_array_foreach((json_t *)(uintptr_t)scans, j, scan)
            if (strcmp(json_text(scan, "material"), json_text(paper, "name")) == 0)
                json_array_append(found, scan);
        json_object_set_new(paper, "has_scans", json_boolean(json_array_size(found) > 0));
        json_object_set_new(paper, "scans", found);
    }
}

static json_t *brought(const json_t *papers)
{
    size_t i;
    json_t *paper, *list = json_array();
    json_array_foreach((json_t *)(uintptr_t)papers, i, paper)
        if (!json_object_get(paper, "from"))
            json_array_append_new(list, json_pack("{s:O, s:O}", "name", json_object_get(paper, "name"), "name_en", json_object_get(paper, "name_en")));
    return list;
}

/* All papers of the bundles that the item leads, each once, with what was scanned of them. */
static bool put_papers(const Request *r, const Case *of, json_t *shown, GError **error)
{
    size_t i;
    json_t *one, *papers = json_array();
    g_autofree char *subject = subject_text(&case_kind, of);
    g_autoptr(json_t) scans = files_papers(r->context.db, r->context.county, subject, error);
    json_array_foreach(json_object_get(shown, "services"), i, one) {
        g_autoptr(json_t) copied = json_deep_copy(json_object_get(one, "papers"));
        json_array_extend(papers, copied);
    }
    json_object_set_new(shown, "papers", papers);
    if (!scans)
        return false;
    put_scans(papers, scans);
    json_object_set_new(shown, "to_bring", brought(papers));
    return true;
}

json_t *joint_home(Request *r, GError **error)
{
    g_auto(Case) of = { 0 };
    if (!draft_asked(r, &of, error))
        return NULL;
    g_autofree char *grouped = subject_number_grouped(of.number);
    json_t *shown = json_pack("{s:o, s:s, s:s, s:s}", "case_number", json_sprintf("%" PRId64, of.number), "case_number_grouped", grouped, "item_name",
                              of.item_name, "item_name_en", of.item_name_en);
    return joint_put_bundles(r, &of, shown, error) && put_papers(r, &of, shown, error) ? shown : (json_decref(shown), NULL);
}

/* ---- papers ---- */

const Field joint_attach_fields[] = {
    { .name = "material", .most = 200, .required = true, .room = "joint", .options = "to_bring.name" },
    { .name = "papers", .kind = FIELD_FILES, .most = 20, .bytes = PAPER_MOST, .required = true, .label = "cases.choose_papers", .hint = "cases.papers_hint",
      .accept = "image/*,application/pdf,.ofd" },
    { 0 },
};

json_t *joint_home_attach(Request *r, GError **error)
{
    g_autoptr(json_t) shown = joint_home(r, error);
    const char *material = json_text(r->fields, "material");
    if (!shown)
        return NULL;
    g_autofree char *subject = g_strdup_printf("%s/%s", case_kind.name, json_text(shown, "case_number"));
    for (size_t i = 0; i < r->upload_count; i++) {
        g_autoptr(json_t) kept = files_keep(&r->context, &r->uploads[i], subject, material, error);
        if (!kept)
            return NULL;
    }
    return json_pack("{s:O}", "number", json_object_get(shown, "case_number"));
}

/* ---- handing in ---- */

const Field joint_home_fields[] = {
    { .name = "service", .most = 40, .required = true, .room = "joint", .options = "services.code", .look = LOOK_RADIOS },
    { .name = "chosen", .kind = FIELD_LIST, .most = 40, .room = "joint", .options = "options.code" },
    { 0 },
};

json_t *joint_home_hand_in(Request *r, GError **error)
{
    g_auto(Case) of = { 0 };
    g_auto(Joint) made = { 0 };
    const Context *context = &r->context;
    const SubjectInput input = { .seen = -1 };
    if (!draft_asked(r, &of, error) ||
        !joint_begin(context, &of, json_text(r->fields, "service"), NULL, json_object_get(r->fields, "chosen"), &made, error))
        return NULL;
    of.is_bare = false;
    return case_take(context, &of, SUBMIT, &input, error) && subject_save(context, &case_kind, &of, error) ? subject_summary(&joint_kind, &made) : NULL;
}

/* A draft keeps its own papers; the whole has all of them for the items that follow. */
bool joint_gather(const Context *context, const Joint *self, const Case *of, GError **error)
{
    size_t i;
    json_t *paper;
    g_autofree char *from = subject_text(&case_kind, of), *to = subject_text(&joint_kind, self);
    g_autoptr(Item) own = catalogue_item_on(context->db, context->county, of->item, day_of(context->now), error);
    g_autoptr(json_t) papers = own ? files_papers(context->db, context->county, from, error) : NULL;
    if (!papers)
        return false;
    json_array_foreach(papers, i, paper) {
        size_t j = 0;
        while (j < own->material_count && strcmp(own->materials[j].name, json_text(paper, "material")) != 0)
            j++;
        if (!files_repeat(context, paper, to, error))
            return false;
        if (of->state == DRAFT && j == own->material_count) {
            g_autoptr(json_t) taken = files_take_out(context, from, json_number(paper, "paper"), false, error);
            if (!taken)
                return false;
        }
    }
    return true;
}

/* ---- its parts ---- */

json_t *joint_open_part(Request *r, GError **error)
{
    int64_t case_number, number;
    g_auto(Joint) whole = { 0 };
    g_auto(Part) part = { 0 };
    if (!subject_load_asked(r, &joint_kind, &whole, error))
        return NULL;
    if (!identity_holds(r->context.actor, whole.case_number) || !subject_number_read(r->path[1], &case_number))
        return refuse(error, NOT_FOUND, "joint.none", NULL);
    if (!part_of_case(r->context.db, r->context.county, case_number, &number, error) ||
        (number && !subject_load(r->context.db, r->context.county, &part_kind, number, &part, error)))
        return NULL;
    if (!number || part.joint != whole.number)
        return refuse(error, NOT_FOUND, "joint.none", NULL);
    return case_enter(r, case_number, error) ? json_pack("{s:o}", "number", json_sprintf("%" PRId64, case_number)) : NULL;
}

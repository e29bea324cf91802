// SPDX-License-Identifier: Apache-2.0
/* The application form (申请表) and the situations (情形) of an item: asked beside its guide, kept at the desk, shipped for some items. */
#include "catalogue/room.h"

#include <string.h>

enum { DEFINITION_MOST = 200000 };

/* ---- of an item ---- */

ItemForm *item_form(const json_t *fields)
{
    const json_t *definition = json_object_get(fields, "form");
    return definition ? form_read(definition, NULL) : NULL;
}

/* It names its item, since another county may give the code to another one. */
json_t *item_shipped_form(const json_t *fields)
{
    g_autofree char *path = g_strdup_printf("data/forms/%s.json", json_text(fields, "code"));
    const Embedded *file = embedded_find(path);
    g_autoptr(json_t) definition = file ? json_loadb(file->bytes, file->size, 0, NULL) : NULL;
    return definition && strcmp(json_text(definition, "item"), json_text(fields, "name")) == 0 ? g_steal_pointer(&definition) : NULL;
}

static bool is_named(const json_t *list, const char *key, const char *name)
{
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)(uintptr_t)list, i, one)
        if (strcmp(json_text(one, key), name) == 0)
            return true;
    return false;
}

/* An officer is asked with an action that ends the step: of issuing and handing over nothing is found. */
static bool is_asked_at(const json_t *fields, const char *step)
{
    static const char *const steps[] = { "prereview", "accept", "review", "decide", NULL };
    return !*step || (g_strv_contains(steps, step) && is_named(json_object_get(fields, "steps"), "kind", step));
}

bool item_form_fits(const json_t *fields, const json_t *definition, GError **error)
{
    static const struct { const char *rules, *of, *key; } named[] = { { "papers", "materials", "name" }, { "steps", "steps", "kind" }, { "fees", "fees", "name" } };
    size_t at;
    json_t *rule;
    g_autoptr(json_t) faults = json_array();
    g_autoptr(ItemForm) form = form_read(definition, error);
    if (!form)
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(named); i++)
        json_array_foreach(json_object_get(definition, named[i].rules), at, rule)
            if (!is_named(json_object_get(fields, named[i].of), named[i].key, json_text(rule, "name")))
                json_array_append_new(faults, json_pack("{s:s, s:s}", "reason", "catalogue.form_names", "field", json_text(rule, "name")));
    json_array_foreach(json_object_get(definition, "groups"), at, rule)
        if (!is_asked_at(fields, json_text(rule, "step")))
            json_array_append_new(faults, json_pack("{s:s, s:s}", "reason", "catalogue.form_step", "field", json_text(rule, "name")));
    g_autofree char *text = json_dumps(faults, JSON_COMPACT);
    return !json_array_size(faults) || refuse(error, NOT_FITTING, "forms.definition", "faults", text, NULL);
}

/* ---- beside the guide ---- */

const Field answers_fields[] = { { .name = "answers", .kind = FIELD_ANSWERS, .look = LOOK_NONE }, { 0 } };

/* The papers of the guide (shared_materials), each with whether it is asked for after these answers. */
static void put_papers(const ItemForm *form, const json_t *materials, const json_t *answers, json_t *shown)
{
    size_t i;
    json_t *material, *papers = json_array();
    bool leaves_out = false;
    json_array_foreach((json_t *)(uintptr_t)materials, i, material) {
        json_t *paper = json_copy(material);
        bool is_asked = form_asks(form, "papers", json_text(material, "name"), answers);
        json_object_set_new(paper, "is_asked", json_boolean(is_asked));
        json_array_append_new(papers, paper);
        leaves_out = leaves_out || !is_asked;
    }
    json_object_set_new(shown, "materials", papers);
    json_object_set_new(shown, "has_left_out", json_boolean(leaves_out));
}

/* The application begins with what was answered here, as it was given. */
static void put_apply_path(const char *code, const json_t *given, const json_t *answers, json_t *shown)
{
    const char *name;
    json_t *value;
    g_autoptr(json_t) kept = json_object();
    json_object_foreach((json_t *)(uintptr_t)answers, name, value)
        json_object_set(kept, name, json_object_get(given, name));
    g_autofree char *text = json_dumps(kept, JSON_COMPACT);
    g_autoptr(GString) path = g_string_new("/apply/");
    link_append(g_string_append(path, code), "situation", text);
    json_object_set_new(shown, "apply_path", json_string(path->str));
}

/* The blank form of this situation. */
static void put_blank(const Request *r, const json_t *answers, json_t *shown)
{
    const char *name;
    json_t *value;
    g_autoptr(GString) link = g_string_new(NULL);
    g_string_printf(link, "/items/%s/form", r->path[0]);
    json_object_foreach((json_t *)(uintptr_t)answers, name, value)
    {
        g_autofree char *field = g_strconcat("answers.", name, NULL), *text = json_as_text(value);
        link_append(link, field, text);
    }
    json_object_set_new(shown, "blank_path", json_string(link->str));
}

json_t *situation_show(Request *r, GError **error)
{
    const char *open;
    g_autoptr(json_t) guide = catalogue_guide(r->context.db, r->context.county, r->path[0], day_of(r->context.now), error);
    g_autoptr(ItemForm) form = guide ? item_form(guide) : NULL;
    g_autoptr(json_t) materials = guide ? shared_materials(&r->context, guide, error) : NULL;
    if (!materials)
        return NULL;
    if (!form || !form_has_situation(form))
        return refuse(error, NOT_FOUND, "catalogue.no_situation", NULL);
    g_autoptr(json_t) answers = form_situation(form, json_object_get(r->fields, "answers"), &open);
    g_autofree char *path = g_strdup_printf("/items/%s/situation", r->path[0]);
    const Form frame = { .action = path, .name = "situation", .is_question = true, .second = !open,
                         .button = view_word(r->view, r->language, open ? "catalogue.buttons.situation" : "catalogue.buttons.situation_again") };
    const json_t *end = open ? NULL : form_end(form, answers);
    json_t *shown = json_pack("{s:s, s:O, s:O, s:b, s:b, s:O, s:O*, s:b}", "code", r->path[0], "name", json_object_get(guide, "name"), "name_en",
        json_object_get(guide, "name_en"), "is_answered", !open, "has_papers", !open && !end, "answers", answers, "end", end, "online", json_flag(guide, "online"));
    if (!open && !end) {
        put_papers(form, materials, answers, shown);
        put_apply_path(r->path[0], json_object_get(r->fields, "answers"), answers, shown);
        put_blank(r, answers, shown);
    }
    if (end)
        json_object_set(shown, "form_end", json_object_get(end, "kind"));
    json_object_set_new(shown, "is_not_offered", json_boolean(open && json_object_get(json_object_get(r->fields, "answers"), open)));
    if (answer_is_page(r))
        form_put_questions(r, &frame, form, answers, open, shown);
    return shown;
}

/* ---- to be filled in by hand ---- */

/* The version says by which rules it was made, should it come back when they have changed. */
static json_t *print_blank(Request *r, const json_t *item, int64_t version, GError **error)
{
    const char *open;
    g_autoptr(ItemForm) form = item_form(item);
    if (!form)
        return refuse(error, NOT_FOUND, "catalogue.no_form", NULL);
    g_autoptr(json_t) answers = form_situation(form, json_object_get(r->fields, "answers"), &open);
    g_autoptr(json_t) data = json_pack("{s:O, s:I}", "code", json_object_get(item, "code"),
                                       "version", (json_int_t)version);
    g_autofree char *foot = view_sentence(r->view, r->language, "catalogue.form.foot", data),
                    *name = g_strdup_printf("%s.pdf", r->path[0]);
    const FormPrint print = { .item_name = json_text(item, "name"),
                              .item_name_en = json_text(item, "name_en"),
                              .foot = foot,
                              .is_blank = true,
                              .answers = answers };
    g_autoptr(json_t) paper = form_paper(r->view, r->language, form, &print);
    GBytes *pdf = view_form_pdf(paper, error);
    return pdf ? answer_bytes(r, pdf, "application/pdf", name, false) : NULL;
}

json_t *item_blank(Request *r, GError **error)
{
    g_autoptr(json_t) guide = catalogue_guide(r->context.db, r->context.county, r->path[0],
                                              day_of(r->context.now), error);
    return guide ? print_blank(r, guide, json_number(guide, "version"), error) : NULL;
}

json_t *desk_blank(Request *r, GError **error)
{
    g_auto(Version) newest = { 0 };
    return item_newest(r->context.db, r->context.county, r->path[0], &newest, error)
               ? print_blank(r, newest.fields, newest.version, error)
               : NULL;
}

/* ---- at the desk ---- */

const Field desk_form_set_fields[] = {
    { .name = "version", .kind = FIELD_INTEGER, .least = 1, .most = INT32_MAX, .required = true, .look = LOOK_HIDDEN, .value = "newest" },
    { .name = "definition", .kind = FIELD_LONG_TEXT, .most = DEFINITION_MOST, .look = LOOK_EXACT, .value = "definition" },
    { .name = "remove", .kind = FIELD_FLAG },
    { 0 },
};

/* Each finding by a sentence over it; NULL: by that of its reason. */
static json_t *told_of(const Request *r, const json_t *list, const char *sentence)
{
    size_t i;
    json_t *one, *told = json_array();
    json_array_foreach((json_t *)(uintptr_t)list, i, one) {
        g_autofree char *answers = json_dumps(json_object_get(one, "answers"), JSON_COMPACT);
        json_object_set_new(one, "answers_text", json_string(answers ? answers : ""));
        g_autofree char *said = view_sentence(r->view, r->language, sentence ? sentence : json_text(one, "reason"), one);
        json_array_append_new(told, json_string(said));
    }
    return told;
}

static void put_trial(const Request *r, const ItemForm *form, json_t *shown)
{
    g_autoptr(json_t) tried = form_try_situations(form);
    json_object_set(shown, "combinations", json_object_get(tried, "combinations"));
    json_object_set(shown, "too_many", json_object_get(tried, "too_many"));
    json_object_set_new(shown, "nowhere", told_of(r, json_object_get(tried, "nowhere"), "catalogue.form.nowhere"));
    json_object_set_new(shown, "never", told_of(r, json_object_get(tried, "never"), "catalogue.form.never"));
    json_object_set_new(shown, "is_sound", json_boolean(form_has_situation(form) && !json_flag(tried, "too_many") && !json_array_size(json_object_get(tried, "nowhere")) && !json_array_size(json_object_get(tried, "never"))));
}

/* The form as the applicant sees it, with what was typed to try it. */
static void put_preview(const Request *r, const ItemForm *form, json_t *shown)
{
    json_t *errors = NULL;
    const json_t *given = json_object_get(r->fields, "answers");
    g_autofree char *path = g_strdup_printf("/desk/items/%s/form", r->path[0]);
    const Form frame = { .action = path, .name = "try", .is_question = true, .second = true, .button = view_word(r->view, r->language, "catalogue.buttons.try") };
    g_autoptr(json_t) fitting = form_fitting_on(form, day_of(r->context.now), given);
    g_autoptr(json_t) preview = json_object();
    if (json_object_size(given)) {
        json_decref(form_check_on(form, "", day_of(r->context.now), NULL, given, &errors));
        g_autoptr(json_t) held = errors;
        g_autofree char *text = json_dumps(fitting, JSON_INDENT(2));
        json_object_set_new(shown, "recorded", json_string(text));
        json_object_set_new(shown, "wrong", told_of(r, held, NULL));
        json_object_set_new(shown, "has_wrong", json_boolean(json_array_size(held) > 0));
        json_object_set_new(shown, "is_tried", json_true());
    }
    form_put_fields(r, &frame, form, fitting, preview);
    json_object_set(shown, "preview", preview);
}

json_t *desk_form(Request *r, GError **error)
{
    g_auto(Version) newest = { 0 };
    if (!item_newest(r->context.db, r->context.county, r->path[0], &newest, error))
        return NULL;
    const json_t *definition = json_object_get(newest.fields, "form");
    g_autoptr(ItemForm) form = item_form(newest.fields);
    g_autofree char *text = definition ? json_dumps(definition, JSON_INDENT(2) | JSON_PRESERVE_ORDER) : g_strdup("");
    bool keeps = desk_may_keep(&r->context, json_number(newest.fields, "organ")) && strcmp(newest.state, "retired") != 0;
    json_t *shown = json_pack("{s:s, s:s, s:s, s:I, s:b, s:b, s:O*, s:s, s:b}", "code", r->path[0], "name", json_text(newest.fields, "name"), "name_en",
        json_text(newest.fields, "name_en"), "newest", (json_int_t)newest.version, "waits", strcmp(newest.state, "draft") == 0, "has_form", form != NULL, "form", definition,
        "definition", text, "may_keep", keeps);
    if (form && answer_is_page(r)) {
        json_object_set_new(shown, "lines", form_lines(r, definition));
        put_preview(r, form, shown);
    }
    if (form)
        put_trial(r, form, shown);
    return shown;
}

/* An empty text takes the form away. */
static bool read_definition(const char *text, json_t **definition, GError **error)
{
    json_error_t why;
    *definition = *text ? json_loads(text, JSON_REJECT_DUPLICATES, &why) : NULL;
    return *definition || !*text || refuse_field(error, "definition", "catalogue.form_json", "line", DECIMAL(why.line), "column", DECIMAL(why.column), NULL);
}

bool desk_may_revise(const Request *r, Version *newest, GError **error)
{
    if (!item_newest(r->context.db, r->context.county, r->path[0], newest, error))
        return false;
    if (!desk_may_keep(&r->context, json_number(newest->fields, "organ")))
        return refuse(error, NOT_ALLOWED, "catalogue.not_your_items", NULL);
    if (newest->version != json_number(r->fields, "version"))
        return refuse(error, CONFLICT, "catalogue.not_newest", "newest", DECIMAL(newest->version), NULL);
    return strcmp(newest->state, "retired") != 0 || refuse(error, CONFLICT, "catalogue.form_retired", NULL);
}

json_t *desk_form_set(Request *r, GError **error)
{
    json_t *read;
    g_auto(Version) newest = { 0 };
    if (!desk_may_revise(r, &newest, error) || !read_definition(json_text(r->fields, "definition"), &read, error))
        return NULL;
    g_autoptr(json_t) definition = read;
    g_autoptr(json_t) fields = json_copy(newest.fields);
    bool has_fields = json_array_size(json_object_get(definition, "groups")) || json_array_size(json_object_get(definition, "situation"));
    if (definition && !item_form_fits(newest.fields, definition, error))
        return NULL;
    if (!has_fields && !(json_flag(r->fields, "remove") && !definition))
        return refuse_field(error, "definition", "catalogue.form_empty", NULL);
    if (definition)
        json_object_set(fields, "form", definition);
    else
        json_object_del(fields, "form");
    if (json_equal(fields, newest.fields))
        return refuse(error, CONFLICT, "catalogue.form_same", NULL);
    if (!item_redraft(&r->context, fields, &newest, &newest, error))
        return NULL;
    return json_pack("{s:s, s:I}", "code", r->path[0], "version", (json_int_t)newest.version);
}

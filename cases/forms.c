// SPDX-License-Identifier: Apache-2.0
/* The forms on a case's page: of each action open to the reader, of looking at personal data, and of checking a seal. */
#include "cases/findings.h"
#include "cases/forms.h"

#include <string.h>

/* The form of an action asks what its rule needs or takes, in this order. */
static const Field asked[] = {
    { .need = ASKS_MATERIALS, .name = "materials", .kind = FIELD_LIST, .label = "cases.which_missing", .options = "materials.name",
      .value = "lacking" },
    { .need = TAKES_MATERIALS, .name = "materials", .kind = FIELD_LIST, .label = "cases.handed_on_paper", .options = "materials.name",
      .option_if = "may_tick" },
    { .need = NEED_SPECIAL, .name = "special", .look = LOOK_RADIOS, .label = "cases.which_special", .options = "specials.special",
      .option_label = "cases.special_choice" },
    { .need = NEED_SPECIAL, .name = "days", .kind = FIELD_INTEGER, .unit = "working", .room = "cases" },
    { .need = NEED_EXTENSION, .name = "days", .kind = FIELD_INTEGER, .label = "cases.extension_days", .room = "cases" },
    { .need = NEED_PAPERS, .name = "material", .look = LOOK_FIRST, .label = "cases.which_material", .options = "materials.name" },
    { .need = NEED_PAPERS, .name = "papers", .kind = FIELD_FILES, .label = "cases.choose_papers", .hint = "cases.papers_hint",
      .accept = "image/*,application/pdf,.ofd" },
    { .need = TAKES_ORGAN, .name = "organ", .most = 100, .label = "cases.right_organ", .hint = "cases.right_organ_hint" },
    { .need = TAKES_FALSE_PAPERS, .name = "false_papers", .kind = FIELD_FLAG, .label = "cases.false_papers" },
    { .need = TAKES_GROUND, .name = "end_ground", .kind = FIELD_CHOICE, .choices = terminate_grounds, .look = LOOK_RADIOS, .room = "cases" },
    { .need = NEED_OPINION, .name = "opinion", .kind = FIELD_LONG_TEXT, .most = 1000, .label = "cases.opinion" },
    { .need = TAKES_OPINION, .name = "opinion", .kind = FIELD_LONG_TEXT, .most = 1000, .label = "cases.remark" },
    { .need = TAKES_GRANTED, .name = "granted", .kind = FIELD_LONG_TEXT, .most = 1000, .room = "cases" },
    { .need = TAKES_ABOVE, .name = "above_number", .most = 60, .required = true, .room = "cases" },
    { .need = TAKES_DELIVERY, .name = "manner", .kind = FIELD_CHOICE, .choices = delivery_manners, .look = LOOK_FIRST, .room = "cases" },
    { .need = TAKES_DELIVERY, .name = "consent", .kind = FIELD_FLAG, .room = "cases", .shown_when = "manner=electronic" },
    { .need = TAKES_DELIVERY, .name = "electronic_address", .most = 100, .room = "cases", .shown_when = "manner=electronic" },
    { .need = TAKES_DELIVERY, .name = "receiver", .most = 60, .room = "cases" },
    { .need = TAKES_DELIVERY, .name = "delivery_note", .kind = FIELD_LONG_TEXT, .most = 500, .room = "cases" },
    { .need = NEED_REASON, .name = "reason", .kind = FIELD_LONG_TEXT, .most = 1000, .room = "cases" },
    { .need = NEED_ID_NUMBER, .name = "id_number", .most = ID_NUMBER_MOST, .look = LOOK_EXACT, .label = "cases.whole_id_number", .room = "cases" },
    { .need = NEED_LEVEL, .name = "level", .kind = FIELD_INTEGER, .look = LOOK_RADIOS, .label = "cases.how_was_it",
      .options = "rating_levels.level" },
    { 0 },
};

/* The unit of an extension is the item's; the ground of an end is asked for as its guard does; a notice may ask for fields in place of papers. */
static Field field_of(const Field *field, const Case *self, const Request *r, const json_t *answer)
{
    Field made = *field;
    const char *unit = json_text(json_object_get(answer, "extension"), "unit");
    if (made.need == NEED_EXTENSION)
        made.unit = *unit ? unit : NULL;
    if (made.need == TAKES_GROUND)
        made.required = terminate_asks_ground(self, day_of(r->context.now));
    if (made.need == ASKS_MATERIALS)
        made.required = !json_flag(answer, "has_answers");
    return made.need == TAKES_ABOVE && !life_is_up(self) ? (Field){ .name = made.name } : made;
}

/* Fields of the item's form come first: the opinion follows from what was found. */
static void put_actions(const Request *r, const Case *self, const Item *item, json_t *answer)
{
    Field end = { 0 };
    g_autoptr(GArray) fields = g_array_new(FALSE, TRUE, sizeof(Field));
    g_auto(FormKept) kept;
    form_kept_begin(&kept);
    if (item) {
        findings_add_fields(r, self, item, fields, &kept, answer);
        reopened_add_fields(r, self, item, !json_flag(answer, "masked"), fields, &kept, answer);
    }
    for (const Field *field = asked; field->name; field++) {
        Field made = field_of(field, self, r, answer);
        g_array_append_val(fields, made);
        if (item && field->need == ASKS_MATERIALS)
            reopened_add_choice(r, self, item, fields, &kept);
    }
    g_array_append_val(fields, end);
    subject_put_forms(r, &case_kind, &g_array_index(fields, Field, 0), answer);
}

static void put_reason(const json_t *group, const char *reason)
{
    size_t i;
    json_t *each;
    json_array_foreach(json_object_get(group, "fields"), i, each)
        if (strcmp(json_text(each, "name"), "reason") == 0)
            json_object_set_new(json_object_get(each, "as_text"), "value", json_string(reason));
}

/* Art. 57: where the number is used up the reason of a refusal is offered. */
static void offer_reason(const Request *r, json_t *answer)
{
    size_t i;
    json_t *action, *group;
    const json_t *quota = json_object_get(answer, "quota");
    g_autofree char *reason = json_flag(quota, "is_used_up") && !r->refused ? view_sentence(r->view, r->language, "cases.quantity_reason", quota) : NULL;
    if (!reason || !answer_is_page(r))
        return;
    json_array_foreach(json_object_get(answer, "actions"), i, action) {
        bool is_refusal = strcmp(json_text(action, "action"), case_rules[REFUSE].rule.name) == 0;
        const json_t *groups = is_refusal ? json_object_get(json_object_get(action, "form"), "groups") : NULL;
        size_t at;
        json_array_foreach((json_t *)(uintptr_t)groups, at, group)
            put_reason(group, reason);
    }
}

/* One form asks for all that the actions need which it takes. */
static void put_on_spot(const Request *r, const Case *self, const Item *item, json_t *answer)
{
    static const Field usual[] = {
        { .name = "seen", .kind = FIELD_INTEGER, .look = LOOK_HIDDEN, .value = "seen" },
        { .name = "materials", .kind = FIELD_LIST, .label = "cases.handed_on_paper", .options = "materials.name", .option_if = "may_tick" },
        { .name = "opinion", .kind = FIELD_LONG_TEXT, .most = 1000, .required = true, .label = "cases.opinion" },
        { .name = "granted", .kind = FIELD_LONG_TEXT, .most = 1000, .room = "cases" },
        { .name = "receiver", .most = 60, .room = "cases" },
        { 0 },
    };
    json_t *spot = json_object_get(answer, "on_spot");
    g_autoptr(GArray) fields = g_array_new(FALSE, TRUE, sizeof(Field));
    g_auto(FormKept) kept;
    form_kept_begin(&kept);
    if (item)
        findings_add_all_fields(r, self, item, fields, &kept, answer);
    g_array_append_vals(fields, usual, G_N_ELEMENTS(usual));
    g_autofree char *path = g_strdup_printf("/desk/cases/%s/" ON_SPOT, json_text(answer, "number"));
    Form form = { .action = path, .name = ON_SPOT, .fields = &g_array_index(fields, Field, 0), .button = view_word(r->view, r->language, "cases.buttons.on_spot") };
    form_put(r, &form, answer, spot);
}

void case_put_reveal(const Request *r, const char *page, json_t *answer)
{
    static const Field fields[] = {
        { .name = "seen", .kind = FIELD_INTEGER, .look = LOOK_HIDDEN, .value = "seen" },
        { .name = "reason", .most = 200, .required = true, .label = "cases.reveal_reason", .hint = "cases.reveal_hint" },
        { 0 },
    };
    g_autofree char *path = g_strdup_printf("/desk/cases/%s/%s%sreveal", json_text(answer, "number"), page ? page : "", page ? "/" : "");
    Form form = { .action = path, .name = "reveal", .second = true, .fields = fields,
                  .button = view_word(r->view, r->language, "cases.buttons.reveal") };
    json_t *reveal = json_object();
    form_put(r, &form, answer, reveal);
    json_object_set_new(answer, "reveal", reveal);
}

/* One pair of forms serves all papers that may be taken out or replaced. */
static void put_paper_forms(const Request *r, const Case *self, json_t *answer)
{
#define WHICH { .name = "seen", .kind = FIELD_INTEGER, .look = LOOK_HIDDEN, .value = "seen" }, \
              { .name = "paper", .kind = FIELD_INTEGER, .required = true, .look = LOOK_FIRST, .label = "cases.which_paper", .options = "removable.paper", .option_label = "cases.paper_choice" }
    static const Field removal[] = { WHICH, { 0 } };
    static const Field replacement[] = {
        WHICH, { .name = "papers", .kind = FIELD_FILES, .required = true, .label = "cases.new_paper", .hint = "cases.papers_hint",
                 .accept = "image/*,application/pdf,.ofd" }, { 0 },
    };
    const struct { enum case_action action; const Field *fields; const char *name; } both[] = {
        { REPLACE_PAPER, replacement, "replacement" }, { REMOVE_PAPER, removal, "removal" },
    };
    json_t *tools = json_object();
    for (size_t i = 0; i < G_N_ELEMENTS(both); i++) {
        const char *action = case_rules[both[i].action].rule.name;
        g_autofree char *path = g_strdup_printf("%s/%" PRId64 "/%s", case_kind.paths[r->context.actor->kind], self->number, action);
        Form form = { .action = path, .name = action, .second = true, .fields = both[i].fields, .button = view_code_word(r->view, r->language, "action", action) };
        json_t *made = json_object();
        form_put(r, &form, answer, made);
        json_object_set_new(tools, both[i].name, made);
        if (r->refused && strcmp(r->refused, action) == 0)
            json_object_set_new(tools, "is_tried", json_true());
    }
    json_object_set_new(answer, "paper_tools", tools);
}

static void add_removable(const Request *r, const Case *self, json_t *papers, const char *english, json_t *removable)
{
    size_t i;
    json_t *paper;
    json_array_foreach(papers, i, paper) {
        const char *material = json_text(paper, "material");
        if (json_object_get(paper, "link") && paper_may_leave(&r->context, self, material))
            json_array_append_new(removable, json_pack("{s:O, s:O, s:s, s:s}", "paper", json_object_get(paper, "paper"), "name", json_object_get(paper, "name"),
                                                       "material", material, "material_en", english && *english ? english : material));
    }
}

static void put_papers(const Request *r, const Case *self, json_t *answer)
{
    size_t i;
    json_t *material, *removable = json_array();
    json_object_set_new(answer, "removable", removable);
    json_array_foreach(json_object_get(answer, "materials"), i, material)
        add_removable(r, self, json_object_get(material, "papers"), json_text(material, "name_en"), removable);
    add_removable(r, self, json_object_get(answer, "other_papers"), NULL, removable);
    if (json_array_size(removable) && answer_is_page(r))
        put_paper_forms(r, self, answer);
}

/* The form holds the text that the ledger has bound, so that nobody has to copy four lines. */
static void put_seal(const Request *r, json_t *line)
{
    static const Field fields[] = {
        { .name = "text", .kind = FIELD_LONG_TEXT, .look = LOOK_HIDDEN, .value = "text" },
        { .name = "salt", .most = 100, .required = true, .look = LOOK_EXACT, .label = "cases.salt", .hint = "cases.salt_hint" },
        { 0 },
    };
    g_autofree char *name = g_strdup_printf("%" PRId64, json_number(line, "number"));
    Form form = { .action = json_text(line, "path"), .name = name, .second = true, .fields = fields,
                  .button = view_word(r->view, r->language, "cases.buttons.salt") };
    form_put(r, &form, line, line);
}

/* The lines are shared with other readers (subject_put_history): each form stands in a copy of its line. */
static void put_seals(const Request *r, json_t *answer)
{
    size_t i;
    json_t *one, *lines = json_array();
    json_array_foreach(json_object_get(answer, "recorded"), i, one) {
        json_t *line = json_copy(one);
        if (json_object_get(line, "text"))
            put_seal(r, line);
        json_array_append_new(lines, line);
    }
    json_object_set_new(answer, "recorded", lines);
}

void case_forms_put(const Request *r, const Case *self, json_t *answer)
{
    const Actor *actor = r->context.actor;
    const json_t *erasure = json_object_get(answer, "erasure");
    bool may_reveal = !erasure || (*json_text(erasure, "until_day") && identity_has_role(actor, AUDITOR));
    g_autoptr(Item) item = json_flag(answer, "has_answers") && answer_is_page(r) ? catalogue_item(r->context.db, r->context.county, self->item, self->item_version, NULL) : NULL;
    put_actions(r, self, item, answer);
    offer_reason(r, answer);
    if (json_object_get(answer, "on_spot"))
        put_on_spot(r, self, item, answer);
    put_seals(r, answer);
    put_papers(r, self, answer);
    if (json_flag(answer, "masked") && actor->kind == STAFF && may_reveal)
        case_put_reveal(r, NULL, answer);
}

// SPDX-License-Identifier: Apache-2.0
/* Forms from the tables of fields: what the partials of view/pages show, with the values and faults of a form that was
 * refused. Only pages pay for it: programs read the tables under /api. */
#include "http/state.h"

#include <string.h>

enum { OPINION_ROWS = 2, LONG_ROWS = 5, LONG_FROM = 5000, OPTION_PARTS = 3 };

/* A form under way. */
typedef struct Filling {
    const RequestState *self;
    const Form *form;
    const char *room;
    const json_t *answer;       /* of the page */
    const RequestState *tried;  /* it was refused with this; NULL */
    const json_t *given;        /* what was typed or asked; NULL: its first values stand in it */
    const char *suffix;         /* of its ids */
    const json_t *kept;         /* what its sender had typed before is kept: {given, files, kept_at}; NULL */
    const json_t *row; /* of a table, whose cells are filled with it at first; NULL: a field of the
                          form itself */
} Filling;

static const char *word_of(const Filling *self, const char *key)
{
    return view_word(self->self->site->view, self->self->request.language, key);
}

/* ---- values ---- */

static void append_texts(json_t *texts, const json_t *value)
{
    size_t i;
    json_t *one;
    g_autofree char *text = json_as_text(value);
    if (text)
        json_array_append_new(texts, json_string(text));
    json_array_foreach((json_t *)value, i, one)
        append_texts(texts, one);
}

/* The field's values, as texts. */
static json_t *texts_of(const Filling *self, const Field *field)
{
    json_t *texts = json_array();
    const json_t *given = json_object_get(self->given, field->name);
    if (field->kind == FIELD_SECRET)
        return texts;
    const json_t *first =
        field->value ? json_object_get(self->row ? self->row : self->answer, field->value) : NULL;
    bool is_typed = given || ((self->tried || self->kept) && field->look != LOOK_FIRST);
    append_texts(texts, first && (field->look == LOOK_HIDDEN || !is_typed) ? first : given); /* what is carried along is up to date */
    return texts;
}

static const char *first_of(const json_t *texts)
{
    const char *first = json_string_value(json_array_get(texts, 0));
    return first ? first : "";
}

static bool holds(const json_t *texts, const char *value)
{
    for (size_t i = 0; i < json_array_size(texts); i++)
        if (strcmp(json_string_value(json_array_get(texts, i)), value) == 0)
            return true;
    return false;
}

static const char *error_of(const Filling *self, const Field *field)
{
    size_t i;
    json_t *one;
    if (self->tried)
        json_array_foreach(json_object_get(self->tried->problem, "errors"), i, one)
            if (strcmp(json_text(one, "field"), field->name) == 0)
                return json_text(one, "detail");
    return NULL;
}

/* ---- choices ---- */

typedef struct Choices {
    const Filling *filling;
    const Field *field;
    const char *id;
    const json_t *texts; /* what is chosen */
    const char *key;     /* the member of an option that holds its value */
    unsigned count;
} Choices;

/* The first has the field's own id, so that links to the field lead there. */
static json_t *option_json(Choices *self, const char *value, const char *label)
{
    g_autofree char *id = self->count++ ? g_strdup_printf("%s-%u", self->id, self->count) : g_strdup(self->id);
    return json_pack("{s:s, s:s, s:s, s:b}", "id", id, "value", value, "label", label ? label : value, "chosen", holds(self->texts, value));
}

static const char *code_word(const Choices *self, const char *value)
{
    const RequestState *state = self->filling->self;
    return view_code_word(state->site->view, state->request.language, self->field->codes ? self->field->codes : self->field->name, value);
}

static json_t *listed_json(Choices *self, const json_t *option)
{
    const RequestState *state = self->filling->self;
    g_autoptr(json_t) value = json_array();
    append_texts(value, json_object_get(option, self->key));
    const char *label = view_name(state->request.language, option);
    g_autofree char *said = self->field->option_label
        ? view_sentence(state->site->view, state->request.language, self->field->option_label, option) : NULL;
    return option_json(self, first_of(value), said ? said : *label ? label : code_word(self, first_of(value)));
}

static json_t *options_json(Choices *self, const json_t *list)
{
    json_t *options = json_array();
    size_t i;
    json_t *one;
    for (const char *const *choice = list ? NULL : self->field->choices; choice && *choice; choice++)
        json_array_append_new(options, option_json(self, *choice, code_word(self, *choice)));
    json_array_foreach((json_t *)list, i, one)
        if (!self->field->option_if || json_flag(one, self->field->option_if))
            json_array_append_new(options, listed_json(self, one));
    return options;
}

static json_t *groups_json(Choices *self, const json_t *list, const char *within)
{
    json_t *groups = json_array();
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)list, i, one) {
        const char *name = view_name(self->filling->self->request.language, one);
        json_array_append_new(groups, json_pack("{s:s, s:o}", "label", name, "options", options_json(self, json_object_get(one, within))));
    }
    return groups;
}

static const char *empty_word(const Filling *self, const Field *field)
{
    if (field->look == LOOK_RADIOS || field->kind == FIELD_LIST || field->look == LOOK_FIRST)
        return NULL;
    return word_of(self, field->empty ? field->empty : self->form->is_question ? "view.any" : field->required ? "view.choose" : "view.none");
}

static json_t *choices_json(const Filling *self, const Field *field, const char *id, const json_t *texts)
{
    Choices choices = { .filling = self, .field = field, .id = id, .texts = texts };
    g_auto(GStrv) parts = g_strsplit(field->options ? field->options : "", ".", OPTION_PARTS);
    unsigned count = g_strv_length(parts);
    const json_t *list = count ? json_object_get(self->answer, parts[0]) : NULL;
    choices.key = count ? parts[count - 1] : NULL;
    bool by_group = count == OPTION_PARTS;
    json_t *groups = by_group ? groups_json(&choices, list, parts[1]) : json_array();
    return json_pack("{s:o, s:o, s:s?}", "groups", groups, "options", by_group ? json_array() : options_json(&choices, list), "empty", empty_word(self, field));
}

/* ---- one field ---- */

/* A browser shows what is no day only as text. */
static const char *type_of(const Field *field, const char *value)
{
    static const char *const by_look[] = { [LOOK_TELEPHONE] = "tel", [LOOK_SEARCH] = "search", [LOOK_FIRST] = NULL };
    if (field->kind == FIELD_SECRET)
        return "password";
    if (field->kind == FIELD_DAY && (!*value || day_parse(value) != DAY_NONE))
        return "date";
    return by_look[field->look] ? by_look[field->look] : "text";
}

static json_t *line_json(const Filling *self, const Field *field, const json_t *texts)
{
    bool whole = field->kind == FIELD_INTEGER, money = field->kind == FIELD_MONEY, decimal = money || field->look == LOOK_DECIMAL, is_text = !whole && !money && field->kind != FIELD_DAY;
    const char *unit = money ? word_of(self, "view.yuan") : field->said_unit ? field->said_unit : field->unit ? field_word(self->self, self->room, field, "units", field->unit) : NULL;
    json_t *line = json_pack("{s:s, s:s, s:s?, s:s?, s:s, s:s?, s:b, s:b}", "type", type_of(field, first_of(texts)), "value", first_of(texts),
        "mode", whole || field->look == LOOK_DIGITS ? "numeric" : decimal ? "decimal" : NULL,
        "pattern", whole ? "[0-9]*" : money ? "[0-9,]+([.][0-9]{1,2})?" : NULL,
        "autocomplete", field->autocomplete ? field->autocomplete : "off", "unit", unit,
        "exact", field->look == LOOK_EXACT || field->look == LOOK_DIGITS, "short", whole || decimal);
    json_object_set_new(line, "most", is_text ? json_integer(field_most(field)) : json_null());
    json_object_set_new(line, "value_day", field->kind == FIELD_DAY ? json_string(first_of(texts)) : json_null());
    return line;
}

static json_t *text_json(const Field *field, const json_t *texts)
{
    int64_t most = field_most(field);
    return json_pack("{s:s, s:I, s:i, s:b}", "value", first_of(texts), "most", most, "rows", most >= LONG_FROM ? LONG_ROWS : OPINION_ROWS,
                     "exact", field->look == LOOK_EXACT);
}

static json_t *files_json(const Field *field)
{
    return json_pack("{s:s?, s:b, s:b}", "accept", field->accept, "many", field->most != 1, "camera",
                     field->accept && g_str_has_prefix(field->accept, "image/"));
}

/* ---- tables of rows ---- */

static json_t *field_json(const Filling *self, const Field *field);

static json_t *row_json(const Filling *self, const Field *field, const json_t *row, unsigned number,
                        bool may_go)
{
    Filling of_row = *self;
    of_row.row = row;
    json_t *cells = json_array();
    for (const Field *column = field->columns; column->name; column++) {
        Field cell = *column;
        g_autofree char *name = rows_cell(field->name, number, column->name);
        cell.name = name;
        json_array_append_new(cells, field_json(&of_row, &cell));
    }
    g_autoptr(json_t) numbered = json_pack("{s:i}", "row", (int)number);
    g_autofree char *label = view_sentence(self->self->site->view, self->self->request.language,
                                           "view.row_number", numbered);
    g_autofree char *remove = g_strdup_printf("-%s.%u", field->name, number),
                    *id = g_strdup_printf("%s.%u%s", field->name, number, self->suffix);
    g_autofree char *back =
        g_strdup_printf("%s#%s%s", self->form->action, field->name, self->suffix);
    return json_pack("{s:s, s:s, s:o, s:s?, s:s}", "row", id, "row_label", label, "cells", cells,
                     "remove", may_go ? remove : NULL, "back", back);
}

/* As many as were given, else as there are; one at least, in which to begin. */
static json_t *rows_json(const Filling *self, const Field *field)
{
    unsigned typed = rows_given(self->given, field->name);
    const json_t *first = field->value && !typed && !self->tried && !self->kept
                              ? json_object_get(self->answer, field->value)
                              : NULL;
    unsigned most = field->most ? (unsigned)field->most : ROWS_MOST,
             count = MIN(
                 MAX(MAX(typed, (unsigned)json_array_size(first)), (unsigned)MAX(field->least, 1)),
                 most);
    g_autoptr(json_t) none = json_object();
    json_t *rows = json_array();
    for (unsigned i = 0; i < count; i++) {
        const json_t *row = json_array_get(first, i);
        json_array_append_new(rows, row_json(self, field, row ? row : none, i + 1, count > 1));
    }
    g_autofree char *next = rows_cell(field->name, count + 1, field->columns->name),
                    *add = g_strconcat("+", next, NULL);
    g_autofree char *back =
        g_strdup_printf("%s#%s.%u%s", self->form->action, field->name, count + 1, self->suffix);
    return json_pack("{s:o, s:s?, s:s}", "rows", rows, "add", count < most ? add : NULL, "add_back",
                     back);
}

/* The way of asking, under the name that the partial knows it by. */
static void put_way(json_t *made, const Filling *self, const Field *field, const char *id)
{
    g_autoptr(json_t) texts = texts_of(self, field);
    bool chooses = field->choices || field->options;
    if (field->kind == FIELD_ROWS)
        json_object_set_new(made, "as_rows", rows_json(self, field));
    else if (field->kind == FIELD_FILES)
        json_object_set_new(made, "as_files", files_json(field));
    else if (field->kind == FIELD_FLAG)
        json_object_set_new(made, "as_flag", json_pack("{s:b}", "chosen", holds(texts, "true") || holds(texts, "on")));
    else if (chooses)
        json_object_set_new(made, field->kind == FIELD_LIST ? "as_ticks" : field->look == LOOK_RADIOS ? "as_radios" : "as_select",
                            choices_json(self, field, id, texts));
    else if (field->kind == FIELD_LONG_TEXT)
        json_object_set_new(made, "as_text", text_json(field, texts));
    else
        json_object_set_new(made, "as_line", line_json(self, field, texts));
}

/* "when you chose “enterprise”", for readers without our script. */
static char *condition_of(const Filling *self, const Field *field)
{
    const char *equals = field->shown_when ? strchr(field->shown_when, '=') : NULL;
    if (!equals)
        return NULL;
    const RequestState *state = self->self;
    g_autofree char *other = g_strndup(field->shown_when, (size_t)(equals - field->shown_when));
    const Field *asked = field_in(self->form->fields, other);
    const char *said = asked && asked->options ? field_option_name(asked, self->answer, state->request.language, equals + 1) : NULL;
    const char *choice = said ? said : view_code_word(state->site->view, state->request.language, asked && asked->codes ? asked->codes : other, equals + 1);
    g_autoptr(json_t) data = json_pack("{s:s}", "choice", choice ? choice : equals + 1);
    return view_sentence(state->site->view, state->request.language, "view.only_when", data);
}

static json_t *field_json(const Filling *self, const Field *field)
{
    const char *label = field->said ? field->said : field->label ? word_of(self, field->label) : field_word(self->self, self->room, field, "fields", field->name);
    const char *hint = field->said ? field->said_hint : field->hint ? word_of(self, field->hint) : field_word(self->self, self->room, field, "hints", field->name), *error = error_of(self, field);
    g_autofree char *id = field->id ? g_strdup(field->id) : g_strconcat(field->name, self->suffix, NULL);
    g_autofree char *condition = condition_of(self, field);
    bool optional = !field->required && !self->form->is_question && field->kind != FIELD_FLAG && field->kind != FIELD_LIST;
    json_t *made = json_pack("{s:s, s:s, s:s, s:s?, s:s?, s:s?, s:s?, s:b, s:b, s:b}", "name", field->name, "id", id, "label",
        label ? label : field->name, "hint", hint, "error", error, "shown_when", field->shown_when, "condition",
        condition, "is_asked", !self->tried || field_is_asked(field, self->given), "required", field->required && !field->shown_when, "optional", optional && !field->shown_when);
    put_way(made, self, field, id);
    return made;
}

/* ---- all of them ---- */

/* Fields of one group stand together under its legend, those of none by themselves. */
static json_t *group_for(json_t *groups, const Filling *self, const Field *field, const Field *before)
{
    if (before && g_strcmp0(before->group, field->group) == 0)
        return json_array_get(groups, json_array_size(groups) - 1);
    const char *legend = field->group && field->said ? field->group : field->group ? field_word(self->self, self->room, field, "groups", field->group) : NULL;
    json_t *group = json_pack("{s:s?, s:[]}", "legend", legend, "fields");
    json_array_append_new(groups, group);
    return group;
}

/* Nothing is there to choose from. */
static bool is_empty(const Filling *self, const Field *field)
{
    g_autoptr(json_t) none = json_array();
    g_autoptr(json_t) choices = choices_json(self, field, "", none);
    return !json_array_size(json_object_get(choices, "options")) && !json_array_size(json_object_get(choices, "groups"));
}

static void put_fields(json_t *made, const Filling *self)
{
    const Field *before = NULL;
    json_t *groups = json_array(), *hidden = json_array();
    bool files = false, rows = false;
    for (const Field *field = self->form->fields; field && field->name; field++) {
        if (field->look == LOOK_HIDDEN) {
            g_autoptr(json_t) texts = texts_of(self, field);
            if (*first_of(texts))
                json_array_append_new(hidden, json_pack("{s:s, s:s}", "name", field->name, "value", first_of(texts)));
            continue;
        }
        if (field->look == LOOK_NONE || (field->option_if && is_empty(self, field)))
            continue;
        json_array_append_new(json_object_get(group_for(groups, self, field, before), "fields"), field_json(self, field));
        files = files || field->kind == FIELD_FILES;
        rows = rows || field->kind == FIELD_ROWS;
        before = field;
    }
    json_object_set_new(made, "groups", groups);
    json_object_set_new(made, "hidden", hidden);
    json_object_set_new(made, "has_files", json_boolean(files));
    json_object_set_new(made, "has_rows", json_boolean(rows));
}

/* A form in which somebody writes at length is saved while he does. */
static bool is_saved(const Filling *self)
{
    enum actor_kind kind = self->self->request.context.actor->kind;
    bool is_long = false;
    for (const Field *field = self->form->fields; field && field->name && !self->form->is_question; field++)
        is_long |= field->kind == FIELD_LONG_TEXT && field->look != LOOK_HIDDEN;
    return is_long && (kind == STAFF || kind == HOLDER);
}

static void put_kept(json_t *made, const Filling *self)
{
    size_t i;
    json_t *file;
    json_t *files = self->tried ? json_incref(self->tried->held) : self->kept ? kept_files_of(self->self, self->form->action) : NULL, *shown = json_array();
    json_array_foreach(files, i, file)
        json_array_append_new(shown, json_pack("{s:s, s:s, s:I}", "name", json_text(file, "name"), "hash", json_text(file, "sha256"),
                                               "file_size", (json_int_t)json_number(file, "size")));
    json_decref(files);
    json_object_set_new(made, "has_kept_files", json_boolean(json_array_size(shown)));
    json_object_set_new(made, "kept_files", shown);
    json_object_set_new(made, "is_saved", json_boolean(is_saved(self)));
    if (self->kept)
        json_object_set_new(made, "kept", json_pack("{s:I}", "kept_at", (json_int_t)json_number(self->kept, "kept_at")));
}

static json_t *form_json(const Filling *self)
{
    const Form *form = self->form;
    const char *button = form->button ? form->button : word_of(self, form->is_question ? "view.show" : "view.send");
    json_t *made = json_pack("{s:s, s:b, s:s, s:s, s:b, s:b}", "action", form->action, "is_tried", self->tried || self->kept, "method",
                             form->is_question ? "get" : "post", "button", button, "second", form->second, "is_question", form->is_question);
    put_fields(made, self);
    put_kept(made, self);
    return made;
}

/* ---- the forms of a page ---- */

/* "/desk/cases/{number}/{action}", shown at "/desk/cases/{number}", takes many forms, which its room puts there itself. */
static bool takes_many(const Route *route)
{
    return route->form && g_str_has_prefix(route->path, route->form) && g_str_has_prefix(route->path + strlen(route->form), "/{");
}

static bool is_get(const Route *route)
{
    return strcmp(route->method, "GET") == 0;
}

/* A GET with the same fields is another way to answer the page's own question. */
static bool has_form_on(const Route *route, const Route *shown)
{
    return route->fields && route->form && strcmp(route->form, shown->path) == 0 && !takes_many(route) &&
           !(is_get(route) && route->fields == shown->fields);
}

static bool is_question_of(const Route *route, const Route *shown)
{
    return route->fields && route->page && is_get(route) && strcmp(route->path, shown->path) == 0;
}

/* The last plain part of its address: "sign_in". */
static char *name_of(const Route *route)
{
    g_auto(GStrv) segments = g_strsplit(route->path, "/", -1);
    guint at = g_strv_length(segments);
    while (at > 1 && segments[at - 1][0] == '{')
        at--;
    return g_strdelimit(g_strdup(segments[at - 1]), "-", '_');
}

static const RequestState *tried_by(const RequestState *self)
{
    return self->tried ? self->tried : self->problem || form_waits(self) ? self : NULL;
}

static void put_route(json_t *forms, const RequestState *self, const Route *route, const char *called, const json_t *answer)
{
    bool is_question = is_get(route);
    const RequestState *tried = tried_by(self);
    bool is_tried = tried && (tried->route == route || (is_question && tried->route->fields == route->fields));
    g_autofree char *plain = name_of(route), *name = g_strdup(called ? called : plain), *room = route_room(route);
    g_autofree char *key = g_strconcat(room, ".buttons.", called ? "ask_" : "", plain, NULL), *action = route_fill(self, route->path, answer);
    g_autofree char *button = view_sentence(self->site->view, self->request.language, key, answer);
    Form form = { .action = action, .name = name, .button = strcmp(button, key) != 0 ? button : NULL, .is_question = is_question, .fields = route->fields };
    const json_t *kept = is_tried || is_question ? NULL : json_object_get(self->kept, action);
    Filling filling = { .self = self, .form = &form, .room = room, .answer = answer, .tried = is_tried ? tried : NULL, .kept = kept,
                        .given = is_tried ? tried->given : is_question && is_get(self->route) ? self->given : json_object_get(kept, "given"), .suffix = "" };
    json_object_set_new(forms, name, form_json(&filling));
    if (is_tried && !self->problem)
        json_object_set(forms, "typed", json_object_get(forms, name));
}

static const char question[] = "question";

char *form_name(const Route *route, const Route *shown)
{
    if (is_question_of(route, shown))
        return g_strdup(question);
    return has_form_on(route, shown) ? name_of(route) : NULL;
}

json_t *forms_of(const RequestState *self, const Route *shown, const json_t *answer)
{
    json_t *forms = json_object();
    for (guint i = 0; shown && i < self->patterns->len; i++) {
        const Route *route = g_array_index(self->patterns, Pattern, i).route;
        bool is_question = is_question_of(route, shown);
        if (is_question || has_form_on(route, shown))
            put_route(forms, self, route, is_question ? question : NULL, answer);
    }
    return forms;
}

/* A question that did not fit is the page's own. */
void form_put(const Request *r, const Form *form, const json_t *answer, json_t *into)
{
    const RequestState *self = r->state;
    if (!self->wants_page)
        return;
    bool is_tried = self->tried && (form->is_question ? self->tried->route->fields == self->route->fields : strcmp(r->refused, form->name) == 0);
    const RequestState *asked = is_tried ? self->tried : form->is_question ? self : NULL;
    const json_t *kept = is_tried || form->is_question ? NULL : json_object_get(self->kept, form->action);
    r->state->is_form_shown |= is_tried;
    if (kept)
        json_object_set_new(into, "is_tried", json_true());
    g_autofree char *room = route_room(self->route), *suffix = form->is_question ? g_strdup("") : g_strconcat("-", form->name, NULL);
    Filling filling = { .self = self, .form = form, .room = room, .answer = answer, .tried = is_tried ? self->tried : NULL, .kept = kept,
                        .given = asked ? asked->given : json_object_get(kept, "given"), .suffix = suffix };
    json_object_set_new(into, "form", form_json(&filling));
}

void form_put_ids(const RequestState *self, json_t *errors)
{
    size_t i;
    json_t *one;
    bool many = self->route && takes_many(self->route);
    json_array_foreach(errors, i, one) {
        const char *name = json_text(one, "field");
        const Field *field = self->route ? field_in(self->route->fields, name) : NULL;
        bool is_shown = (field && field->look != LOOK_HIDDEN) || (self->route && field_is_answer(self->route->fields, name));
        g_autofree char *id =
            !is_shown ? NULL
            : field && field->id
                ? g_strdup(field->id)
                : g_strjoin(many ? "-" : "", name,
                            many ? self->segments[self->segment_count - 1] : "", NULL);
        json_object_set_new(one, "id", id ? json_string(id) : json_null());
    }
}

// SPDX-License-Identifier: Apache-2.0
/* A form that is data becomes a table of fields as every other form is made of, with texts in place of words. */
#include "forms/define.h"

#include <string.h>

static const struct { enum field_kind kind; enum field_look look;
} asked_as[] = {
    [FORM_TEXT] = { FIELD_TEXT, LOOK_USUAL },
    [FORM_LONG_TEXT] = { FIELD_LONG_TEXT, LOOK_USUAL },
    [FORM_NUMBER] = { FIELD_TEXT, LOOK_DECIMAL },
    [FORM_DAY] = { FIELD_DAY, LOOK_USUAL },
    [FORM_MONEY] = { FIELD_MONEY, LOOK_USUAL },
    [FORM_CHOICE] = { FIELD_CHOICE, LOOK_RADIOS },
    [FORM_MANY] = { FIELD_LIST, LOOK_USUAL },
    [FORM_FLAG] = { FIELD_FLAG, LOOK_USUAL },
    [FORM_ROWS] = { FIELD_ROWS, LOOK_USUAL },
};

typedef struct Showing {
    const Request *r;
    const ItemForm *form;
    FormAnswers after;
    GArray *fields;        /* Field */
    GPtrArray *columns;    /* of tables: GArray of Field, each ended */
    GStringChunk *texts;   /* which they name */
    json_t *page;          /* the choices, "options <name>", and the first value, "value <name>", of each field */
    const FormAsking *asking; /* NULL: all that the applicant is asked */
} Showing;

static const char *in_language(const Request *r, const json_t *said, const char *name)
{
    g_autofree char *english = g_strconcat(name, "_en", NULL);
    const char *text = r->language == ENGLISH ? json_text(said, english) : "";
    return *text ? text : json_text(said, name);
}

static const char *said_or_null(const Request *r, const json_t *said, const char *name)
{
    const char *text = in_language(r, said, name);
    return *text ? text : NULL;
}

/* ---- one field ---- */

/* Yes and no are chosen, so that a question that was passed over is not taken for a no. */
static json_t *yes_and_no(const Request *r)
{
    const char *yes = view_word(r->view, r->language, "forms.yes"), *no = view_word(r->view, r->language, "forms.no");
    return json_pack("[{s:s, s:s}, {s:s, s:s}]", "code", "true", "name", yes, "code", "false", "name", no);
}

static json_t *options_of(const Showing *self, const FormField *field)
{
    json_t *list = json_array();
    for (size_t i = 0; i < field->option_count; i++) {
        const json_t *said = json_array_get(json_object_get(field->said, "options"), i);
        if (expression_holds(field->options[i].when, form_value, &self->after))
            json_array_append_new(list, json_pack("{s:s, s:s}", "code", field->options[i].code, "name", in_language(self->r, said, "label")));
    }
    return list;
}

/* A field of the form and a column of its tables are asked alike. `said` belongs to the
 * definition; `key` has the choices in the page's answer. */
static Field field_of(Showing *self, const FormField *field, const char *name, const char *key)
{
    g_autofree char *options = g_strconcat(key, ".code", NULL);
    if (field->option_count)
        json_object_set_new(self->page, key, options_of(self, field));
    return (Field){ .name = g_string_chunk_insert(self->texts, name),
                    .kind = asked_as[field->kind].kind,
                    .look = asked_as[field->kind].look,
                    .required = field->required || field->is_situation,
                    .most = field->kind == FORM_TEXT || field->kind == FORM_LONG_TEXT ||
                                    field->kind == FORM_ROWS
                                ? field->most
                                : 0,
                    .said = in_language(self->r, field->said, "label"),
                    .said_hint = said_or_null(self->r, field->said, "help"),
                    .said_unit = said_or_null(self->r, field->said, "unit"),
                    .options =
                        field->option_count ? g_string_chunk_insert(self->texts, options) : NULL };
}

/* Money is kept in fen and shown in yuan. */
static json_t *typed_value(const FormField *field, const json_t *answer)
{
    if (field->kind != FORM_MONEY)
        return json_incref((json_t *)(uintptr_t)answer);
    g_autofree char *text = form_number_text(json_integer_value(answer) * (FORM_ONE / 100));
    return json_string(text);
}

static json_t *typed_rows(const FormField *field, const json_t *answer)
{
    size_t i;
    json_t *row, *rows = json_array();
    json_array_foreach((json_t *)(uintptr_t)answer, i, row)
    {
        json_t *typed = json_object();
        for (size_t at = 0; at < field->column_count; at++) {
            const json_t *cell = json_object_get(row, field->columns[at].name);
            if (cell)
                json_object_set_new(typed, field->columns[at].name,
                                    typed_value(&field->columns[at], cell));
        }
        json_array_append_new(rows, typed);
    }
    return rows;
}

/* A cell's first value is looked up in its row under the column's name. */
static const Field *columns_of(Showing *self, const FormField *field)
{
    GArray *columns = g_array_new(TRUE, TRUE, sizeof(Field));
    g_ptr_array_add(self->columns, columns);
    for (size_t i = 0; i < field->column_count; i++) {
        const FormField *column = &field->columns[i];
        g_autofree char *key = g_strconcat(field->name, " ", column->name, NULL);
        Field made = field_of(self, column, column->name, key);
        made.value = made.name;
        g_array_append_val(columns, made);
    }
    return &g_array_index(columns, Field, 0);
}

/* The answer that stands in the field: what was found before, or what the applicant has answered. */
static const json_t *known_answer(const Showing *self, const FormField *field)
{
    const json_t *answer = json_object_get(self->after.answers, field->name);
    const char *from = form_begins_with(field);
    return answer || !from ? answer : json_object_get(self->after.earlier, from);
}

/* Help, then what the applicant has answered to the question that the officer now answers, or why the applicant is asked again. */
static const char *hint_of(Showing *self, const FormField *field)
{
    const char *help = said_or_null(self->r, field->said, "help"), *from = form_asked_of_applicant(field);
    const char *remark = self->asking ? json_string_value(json_object_get(self->asking->only, field->name)) : NULL;
    const FormField *asked = from ? form_field(self->form, from) : NULL;
    const json_t *answer = asked ? json_object_get(self->after.earlier, from) : NULL;
    if (!answer && !remark)
        return help;
    g_autofree char *said = answer ? form_say(self->r->language, asked, answer) : NULL;
    g_autoptr(json_t) data = json_pack("{s:s*, s:s*}", "said", said, "remark", remark);
    g_autofree char *told = view_sentence(self->r->view, self->r->language, remark ? "forms.asked_again" : "forms.applicant_says", data);
    g_autofree char *hint = help ? g_strconcat(told, " ", help, NULL) : g_strdup(told);
    return g_string_chunk_insert(self->texts, hint);
}

/* "answers.use=farm" of a condition use = "farm" over a choice in the same form, which a page follows by itself; NULL: it is another one. */
static const char *shown_when(const Showing *self, const FormField *field)
{
    char name[41], code[41];
    int end = 0;
    const char *when = json_text(field->said, "when");
    bool is_simple = sscanf(when, "%40[a-z0-9_] = \"%40[a-z0-9_]\"%n", name, code, &end) == 2 && end && !when[end];
    const FormField *other = is_simple && self->asking ? form_field(self->form, name) : NULL;
    if (!other || other->kind != FORM_CHOICE || strcmp(other->step, field->step) != 0)
        return NULL;
    g_autofree char *shown = g_strdup_printf("answers.%s=%s", name, code);
    return g_string_chunk_insert(self->texts, shown);
}

/* Choices and the first value are looked up in the page's answer under "options" and "value" with
 * the field's name. */
static void add_field(Showing *self, const FormField *field)
{
    bool is_question = field->kind == FORM_FLAG && field->is_situation;
    g_autofree char *name = g_strconcat("answers.", field->name, NULL),
                    *value = g_strconcat("value ", field->name, NULL),
                    *list = g_strconcat("options ", field->name, NULL),
                    *options = g_strconcat(list, ".code", NULL);
    const json_t *answer = known_answer(self, field);
    Field made = field_of(self, field, name, list);
    made.value = g_string_chunk_insert(self->texts, value);
    made.group = field->group ? in_language(self->r, field->group, "label") : NULL;
    made.said_hint = hint_of(self, field);
    made.shown_when = shown_when(self, field);
    made.required &= !(self->asking && self->asking->is_free);
    made.need = self->asking ? self->asking->need : 0;
    made.columns = field->kind == FORM_ROWS ? columns_of(self, field) : NULL;
    if (is_question) {
        made.kind = FIELD_CHOICE;
        made.look = LOOK_RADIOS;
        made.options = g_string_chunk_insert(self->texts, options);
        json_object_set_new(self->page, list, yes_and_no(self->r));
    }
    if (answer && !(self->asking && self->asking->is_masked))
        json_object_set_new(self->page, value,
                            is_question ? json_string(json_is_true(answer) ? "true" : "false")
                            : field->kind == FORM_ROWS ? typed_rows(field, answer)
                                                       : typed_value(field, answer));
    if (!field->formula)
        g_array_append_val(self->fields, made);
}

/* ---- the form ---- */

static void put(const Request *r, const Form *frame, Showing *self, json_t *into)
{
    Form form = *frame;
    Field end = { 0 };
    for (const Field *lead = frame->fields; lead && lead->name; lead++) {
        json_object_set(self->page, lead->value, json_object_get(into, lead->value));
        g_array_prepend_val(self->fields, *lead);
    }
    g_array_append_val(self->fields, end);
    form.fields = &g_array_index(self->fields, Field, 0);
    form_put(r, &form, self->page, into);
    g_array_unref(self->fields);
    g_ptr_array_unref(self->columns);
    g_string_chunk_free(self->texts);
    json_decref(self->page);
}

static Showing begin(const Request *r, const ItemForm *form, const json_t *answers)
{
    return (Showing){ .r = r,
                      .form = form,
                      .after = { form, NULL, answers, DAY_NONE },
                      .fields = g_array_new(FALSE, TRUE, sizeof(Field)),
                      .columns = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref),
                      .texts = g_string_chunk_new(1024),
                      .page = json_object() };
}

void form_put_questions(const Request *r, const Form *frame, const ItemForm *self, const json_t *answers, const char *open, json_t *into)
{
    Showing showing = begin(r, self, answers);
    bool is_over = false;
    for (guint i = 0; !is_over && i < self->fields->len && form_field_at(self, i)->is_situation; i++) {
        const FormField *field = form_field_at(self, i);
        if (form_is_asked(field, &showing.after))
            add_field(&showing, field);
        is_over = open && strcmp(field->name, open) == 0;
    }
    put(r, frame, &showing, into);
}

void form_put_fields(const Request *r, const Form *frame, const ItemForm *self, const json_t *answers, json_t *into)
{
    Showing showing = begin(r, self, answers);
    for (guint i = 0; i < self->fields->len; i++) {
        const FormField *field = form_field_at(self, i);
        if (!*field->step && form_is_asked(field, &showing.after))
            add_field(&showing, field);
    }
    put(r, frame, &showing, into);
}

/* ---- beside the fields of another form ---- */

static bool names(const char *condition, const char *name)
{
    g_autofree char *word = g_strdup_printf("\\b%s\\b", name);
    return *condition && g_regex_match_simple(word, condition, 0, 0);
}

/* Does its condition name a field that stands in the same form? Then it may come to be asked while the form is filled in. */
static bool follows_another(const Showing *self, const FormField *field)
{
    const char *when = json_text(field->said, "when"), *of_group = json_text(field->group, "when");
    for (guint i = 0; i < self->form->fields->len; i++) {
        const FormField *other = form_field_at(self->form, i);
        bool is_there = strcmp(other->step, field->step) == 0 && (!self->asking->only || json_object_get(self->asking->only, other->name));
        if (is_there && other != field && (names(when, other->name) || names(of_group, other->name)))
            return true;
    }
    return false;
}

static bool is_added(const Showing *self, const FormField *field)
{
    bool is_asked = form_is_asked(field, &self->after);
    return is_asked && self->asking->only ? json_object_get(self->asking->only, field->name) != NULL : is_asked || follows_another(self, field);
}

void form_kept_begin(FormKept *self)
{
    self->texts = g_string_chunk_new(1024);
    self->columns = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
}

void form_kept_clear(FormKept *self)
{
    g_clear_pointer(&self->texts, g_string_chunk_free);
    g_clear_pointer(&self->columns, g_ptr_array_unref);
}

void form_add_fields(const Request *r, const ItemForm *self, const FormAsking *asking, GArray *fields, const FormKept *kept, json_t *page)
{
    Showing showing = { .r = r, .form = self, .after = { self, asking->earlier, asking->answers, DAY_NONE }, .fields = fields, .columns = kept->columns,
                        .texts = kept->texts, .page = page, .asking = asking };
    for (guint i = 0; i < self->fields->len; i++) {
        const FormField *field = form_field_at(self, i);
        if (strcmp(field->step, asking->step) == 0 && is_added(&showing, field))
            add_field(&showing, field);
    }
}

/* ---- as lines ---- */

static void append_part(GString *line, const Request *r, const char *word, const char *text)
{
    if (*text)
        g_string_append_printf(line, "%s%s %s", view_word(r->view, r->language, "view.comma"), view_word(r->view, r->language, word), text);
}

static json_t *line_of(const Request *r, const FormField *field)
{
    g_autoptr(GString) line = g_string_new(in_language(r, field->said, "label"));
    g_autofree char *kind = view_code(r->view, r->language, "form_kind", form_kind_names[field->kind]);
    append_part(line, r, "forms.line.kind", kind);
    if (field->required)
        g_string_append_printf(line, "%s%s", view_word(r->view, r->language, "view.comma"), view_word(r->view, r->language, "forms.line.required"));
    for (size_t i = 0; i < json_array_size(json_object_get(field->said, "options")); i++)
        append_part(line, r, "forms.line.option", in_language(r, json_array_get(json_object_get(field->said, "options"), i), "label"));
    static const char *const parts[][2] = { { "forms.line.least", "least" }, { "forms.line.most", "most" }, { "forms.line.unit", "unit" }, { "forms.line.when", "when" }, { "forms.line.formula", "formula" } };
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autofree char *text = json_as_text(json_object_get(field->said, parts[i][1]));
        append_part(line, r, parts[i][0], text ? text : "");
    }
    return json_string(line->str);
}

/* A definition that an older program took and this one refuses is told as one line. */
json_t *form_lines(const Request *r, const json_t *definition)
{
    json_t *lines = json_array();
    g_autoptr(ItemForm) form = form_read(definition, NULL);
    for (guint i = 0; form && i < form->fields->len; i++)
        json_array_append_new(lines, line_of(r, form_field_at(form, i)));
    for (guint i = 0; form && i < form->rules->len; i++) {
        const FormRule *rule = &g_array_index(form->rules, FormRule, i);
        g_autoptr(GString) line = g_string_new(json_text(rule->said, "name"));
        append_part(line, r, "forms.line.when", json_text(rule->said, "when"));
        json_array_append_new(lines, json_string(line->str));
    }
    if (!form)
        json_array_append_new(lines, json_string(view_word(r->view, r->language, "forms.unreadable")));
    return lines;
}

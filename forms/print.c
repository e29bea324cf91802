// SPDX-License-Identifier: Apache-2.0
/* A form as it is printed: rows of labels and values as the official forms have them, choices with boxes, tables, and a line to sign on. What is not
 * answered is left to be filled in by hand. In English both languages stand beside each other, since the officers read Chinese. */
#include "forms/define.h"

#include <string.h>

enum { HALF_MOST = 36, SIDE_MOST = 60, BLANK_ROWS = 4, LONG_LINES = 4, SIGN_LINES = 2 }; /* widths count a Chinese character twice */
#define NO_BREAK "\u00a0"

typedef struct Printing {
    const View *view;
    enum language language;
    const ItemForm *form;
    const json_t *answers;   /* NULL, or of the situation alone, where `is_blank` */
    const json_t *findings;
    bool is_blank;
    FormAnswers after;       /* what the field at hand stands behind */
    json_t *rows, *half;     /* the pair that waits for another beside it; NULL: none */
    json_t *notes;
    int sections;
} Printing;

/* ---- texts ---- */

static const char *word(const Printing *self, const char *key)
{
    return view_word(self->view, self->language, key);
}

/* "中文" or, in English, "中文 English". Owned by the caller. */
static char *both(const Printing *self, const json_t *said, const char *name, const char *between)
{
    g_autofree char *english = g_strconcat(name, "_en", NULL);
    const char *text = json_text(said, name), *text_en = self->language == ENGLISH ? json_text(said, english) : "";
    return *text_en && *text && strcmp(text, text_en) != 0 ? g_strconcat(text, between, text_en, NULL) : g_strdup(*text ? text : text_en);
}

static int width_of(const char *text)
{
    int width = 0;
    for (const char *at = text; *at; at = g_utf8_next_char(at))
        width += g_unichar_iswide(g_utf8_get_char(at)) ? 2 : 1;
    return width;
}

static void append_box(GString *line, bool is_chosen, const char *text)
{
    g_string_append_printf(line, "%s%s" NO_BREAK "%s", line->len ? "　" : "", is_chosen ? "☑" : "☐", text);
}

/* ---- values ---- */

static char *plain_value(const Printing *self, const FormField *field, const json_t *answer)
{
    (void)self, (void)field;
    return g_strdup(answer ? json_string_value(answer) : "");
}

static char *number_value(const Printing *self, const FormField *field, const json_t *answer)
{
    g_autofree char *unit = both(self, field->said, "unit", " "),
                    *number = answer ? form_number_said(json_string_value(answer))
                                     : g_strdup("　　　　　");
    return *unit ? g_strconcat(number, " ", unit, NULL) : g_steal_pointer(&number);
}

static char *day_value(const Printing *self, const FormField *field, const json_t *answer)
{
    (void)field;
    return answer ? view_formal_day(self->language, day_parse(json_string_value(answer)))
                  : g_strdup(word(self, "forms.print.day"));
}

static char *money_value(const Printing *self, const FormField *field, const json_t *answer)
{
    (void)field;
    return answer ? view_amount(self->language, json_integer_value(answer)) : g_strdup(word(self, "forms.print.money"));
}

static bool is_chosen(const json_t *answer, const char *code)
{
    size_t i;
    json_t *one;
    bool is = json_is_string(answer) && strcmp(json_string_value(answer), code) == 0;
    json_array_foreach((json_t *)(uintptr_t)answer, i, one)
        is = is || strcmp(json_string_value(one), code) == 0;
    return is;
}

static char *choice_value(const Printing *self, const FormField *field, const json_t *answer)
{
    g_autoptr(GString) line = g_string_new(NULL);
    for (size_t i = 0; i < field->option_count; i++) {
        g_autofree char *label = both(self, json_array_get(json_object_get(field->said, "options"), i), "label", " ");
        append_box(line, is_chosen(answer, field->options[i].code), label);
    }
    return g_strdup(line->str);
}

static char *flag_value(const Printing *self, const FormField *field, const json_t *answer)
{
    (void)field;
    g_autoptr(GString) line = g_string_new(NULL);
    append_box(line, json_is_true(answer), word(self, "forms.print.yes"));
    append_box(line, json_is_false(answer), word(self, "forms.print.no"));
    return g_strdup(line->str);
}

typedef char *ValueText(const Printing *self, const FormField *field, const json_t *answer);
static ValueText *const texts[] = { [FORM_TEXT] = plain_value, [FORM_LONG_TEXT] = plain_value, [FORM_NUMBER] = number_value, [FORM_DAY] = day_value, [FORM_MONEY] = money_value,
                                    [FORM_CHOICE] = choice_value, [FORM_MANY] = choice_value, [FORM_FLAG] = flag_value };

/* ---- rows ---- */

static void end_half(Printing *self)
{
    if (self->half)
        json_array_append_new(self->rows, json_pack("{s:[o]}", "pairs", self->half));
    self->half = NULL;
}

/* A short value stands beside the next short one. */
static void add_pair(Printing *self, json_t *pair, bool is_short, int lines)
{
    if (is_short && self->half) {
        json_array_append_new(self->rows, json_pack("{s:[o, o]}", "pairs", self->half, pair));
        self->half = NULL;
        return;
    }
    end_half(self);
    if (is_short)
        self->half = pair;
    else
        json_array_append_new(self->rows, json_pack("{s:[o], s:i}", "pairs", pair, "lines", lines));
}

static void add_text(Printing *self, const char *text)
{
    end_half(self);
    json_array_append_new(self->rows, json_pack("{s:s, s:i}", "text", text, "lines", 1));
}

/* A single line of text has room for what people write there by hand. */
static bool is_short(const FormField *field, const char *text)
{
    int width = width_of(text);
    if (field->kind == FORM_LONG_TEXT || width > HALF_MOST)
        return false;
    return field->kind != FORM_TEXT || field->pattern || field->most <= SIDE_MOST;
}

/* Days, numbers and flags need less room than names, and options the most. */
static int share_of(const Printing *self, const FormField *column)
{
    g_autofree char *options = choice_value(self, column, NULL);
    if (column->kind == FORM_CHOICE)
        return CLAMP(width_of(options) / 10, 3, 6);
    return column->kind == FORM_TEXT || column->kind == FORM_LONG_TEXT
               ? (column->most > SIDE_MOST ? 7 : 4)
               : 3;
}

static json_t *title_of(const Printing *self, const FormField *column)
{
    g_autofree char *label = both(self, column->said, "label", "\n"), *unit = both(self, column->said, "unit", " ");
    return json_pack("{s:o, s:i}", "title",
                     *unit ? json_sprintf("%s（%s）", label, unit) : json_string(label), "share",
                     share_of(self, column));
}

static char *chosen_value(const Printing *self, const FormField *column, const json_t *answer)
{
    for (size_t i = 0; i < column->option_count; i++)
        if (is_chosen(answer, column->options[i].code))
            return both(self, json_array_get(json_object_get(column->said, "options"), i), "label",
                        " ");
    return g_strdup("");
}

/* In a table the unit stands in the head, and of options only the one that was chosen. */
static char *cell_text(const Printing *self, const FormField *column, const json_t *answer)
{
    if (column->kind == FORM_NUMBER)
        return answer ? form_number_said(json_string_value(answer)) : g_strdup("");
    if (column->kind == FORM_CHOICE && answer)
        return chosen_value(self, column, answer);
    return answer || column->kind == FORM_CHOICE || column->kind == FORM_FLAG ? texts[column->kind](self, column, answer) : g_strdup("");
}

static json_t *cells_of(const Printing *self, const FormField *field, const json_t *row)
{
    json_t *cells = json_array();
    for (size_t i = 0; i < field->column_count; i++) {
        g_autofree char *text = cell_text(self, &field->columns[i], json_object_get(row, field->columns[i].name));
        json_array_append_new(cells, json_string(text));
    }
    return cells;
}

static void add_table(Printing *self, const FormField *field, const char *label, const json_t *answer)
{
    json_t *columns = json_array(), *rows = json_array();
    end_half(self);
    for (size_t i = 0; i < field->column_count; i++)
        json_array_append_new(columns, title_of(self, &field->columns[i]));
    for (size_t i = 0; i < (json_array_size(answer) ? json_array_size(answer) : BLANK_ROWS); i++)
        json_array_append_new(rows, cells_of(self, field, json_array_get(answer, i)));
    json_array_append_new(self->rows, json_pack("{s:{s:s, s:o, s:o}}", "table", "caption", label, "columns", columns, "rows", rows));
}

/* Explanations stand below a form that is filled in by hand. */
static void add_note(Printing *self, const FormField *field, const char *label)
{
    g_autofree char *help = both(self, field->said, "help", " ");
    if (self->is_blank && *help)
        json_array_append_new(self->notes, json_sprintf("%zu. %s%s%s", json_array_size(self->notes), label, view_word(self->view, CHINESE, "view.colon"), help));
}

static void add_field(Printing *self, const FormField *field)
{
    const json_t *given = *field->step ? self->after.answers : self->answers, *answer = json_object_get(given, field->name);
    g_autofree char *label = both(self, field->said, "label", "\n"), *line = both(self, field->said, "label", " ");
    add_note(self, field, line);
    if (field->kind == FORM_ROWS) {
        add_table(self, field, line, answer);
    } else if (field->kind == FORM_FLAG && field->required) {
        g_autofree char *declared = g_strconcat(json_is_true(answer) ? "☑" NO_BREAK : "☐" NO_BREAK, line, NULL);
        add_text(self, declared);
    } else {
        g_autofree char *text = texts[field->kind](self, field, answer);
        bool is_long = field->kind == FORM_LONG_TEXT;
        add_pair(self, json_pack("[s, s]", label, text), is_short(field, text), is_long && !*text ? LONG_LINES : 1);
    }
}

/* ---- sections ---- */

static const char *numeral(int number, char out[static 16])
{
    static const char *const digits[] = { "", "一", "二", "三", "四", "五", "六", "七", "八", "九" };
    int tens = number / 10 % 10;
    g_snprintf(out, 16, "%s%s%s", tens > 1 ? digits[tens] : "", tens ? "十" : "", digits[number % 10]);
    return out;
}

static void add_heading(Printing *self, const char *text)
{
    char out[16];
    end_half(self);
    json_array_append_new(self->rows, json_pack("{s:o}", "heading", json_sprintf("%s、%s", numeral(++self->sections, out), text)));
}

/* The applicant, or the officer of a step, signs below what he has filled in. */
static void add_sign(Printing *self, const char *step)
{
    end_half(self);
    json_array_append_new(
        self->rows, json_pack("{s:s, s:i, s:b}", "text",
                              word(self, *step ? "forms.print.sign_officer" : "forms.print.sign"),
                              "lines", SIGN_LINES, "stays", true));
}

/* Is it a question of the situation that was answered, or that answers leave out? */
static bool is_decided(const void *data, const char *name)
{
    const Printing *self = data;
    const FormField *field = form_field(self->form, name);
    if (!field || !field->is_situation || json_object_get(self->answers, name))
        return field && field->is_situation;
    return field->when && expression_names_only(field->when, is_decided, self) && !expression_holds(field->when, form_value, &self->after);
}

/* Conditions that nobody has decided yet hold on a blank form. */
static bool may_hold(const Printing *self, const Expression *when)
{
    bool is_open = when && self->is_blank && !expression_names_only(when, is_decided, self);
    return is_open || expression_holds(when, form_value, &self->after);
}

static void begin_section(Printing *self, const FormField *before, const FormField *field)
{
    g_autofree char *label = field->group ? both(self, field->group, "label", " ") : g_strdup(word(self, "forms.print.situation"));
    bool is_signed = before && strcmp(before->step, field->step) != 0;
    if (is_signed || (before && *before->step))
        add_sign(self, before->step);
    add_heading(self, label);
}

static void add_all(Printing *self)
{
    const FormField *before = NULL;
    for (guint i = 0; i < self->form->fields->len; i++) {
        const FormField *field = form_field_at(self->form, i);
        const json_t *found = *field->step ? json_object_get(self->findings, field->step) : NULL;
        self->after = (FormAnswers){ self->form, *field->step ? self->answers : NULL, *field->step ? found : self->answers };
        if (!may_hold(self, field->group_when) || !may_hold(self, field->when))
            continue;
        if (!before || before->group != field->group)
            begin_section(self, before, field);
        add_field(self, field);
        before = field;
    }
    if (before)
        add_sign(self, before->step);
    end_half(self);
}

/* ---- the paper ---- */

static char *title(const Printing *self, enum language language, const char *name)
{
    static const char *const members[] = { "title", "title_en" };
    const char *said = json_text(self->form->definition, members[language]);
    g_autoptr(json_t) data = json_pack("{s:s}", "item_name", name);
    return *said ? g_strdup(said) : view_sentence(self->view, language, "forms.print.title", data);
}

json_t *form_paper(const View *view, enum language language, const ItemForm *form, const FormPrint *print)
{
    Printing self = { .view = view, .language = language, .form = form, .answers = print->answers, .findings = print->findings, .is_blank = print->is_blank,
                      .rows = json_array(), .notes = json_array() };
    g_autofree char *chinese = title(&self, CHINESE, print->item_name), *english = title(&self, ENGLISH, print->item_name_en);
    g_autofree char *source = both(&self, form->definition, "source", " ");
    json_array_append_new(self.notes, json_string(word(&self, "forms.print.notes")));
    add_all(&self);
    if (json_array_size(self.notes) == 1)
        json_array_clear(self.notes);
    if (*source)
        json_array_append_new(self.notes, json_sprintf("%s%s", word(&self, "forms.print.source"), source));
    json_t *paper = json_pack("{s:s, s:s, s:s, s:o, s:o}", "title", chinese, "number", print->number ? print->number : "", "foot", print->foot ? print->foot : "",
                              "rows", self.rows, "notes", self.notes);
    if (language == ENGLISH)
        json_object_set_new(paper, "title_en", json_string(english));
    return paper;
}

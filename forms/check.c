// SPDX-License-Identifier: Apache-2.0
/* Answers are judged in the order of the form, since a condition names only what stands above it. */
#include "forms/define.h"

#include <string.h>

/* ---- values for conditions ---- */

static Value value_of(const FormField *field, const json_t *answer)
{
    Value made = { 0 };
    switch (field->kind) {
    case FORM_FLAG: return (Value){ .kind = VALUE_FLAG, .number = json_is_true(answer) };
    case FORM_MONEY: return (Value){ .kind = VALUE_NUMBER, .number = json_integer_value(answer) * (FORM_ONE / 100) };
    case FORM_NUMBER:
        made.kind = form_number_read(json_string_value(answer), &made.number) ? VALUE_NUMBER : VALUE_NONE;
        return made;
    case FORM_MANY: return (Value){ .kind = VALUE_TEXTS, .texts = answer };
    default: return (Value){ .kind = field->kind == FORM_DAY ? VALUE_DAY : VALUE_TEXT, .text = json_string_value(answer) };
    }
}

/* The sum of a column; cells that are empty count for nothing. VALUE_NONE: it is too large. */
static Value sum_of(const FormField *column, const json_t *rows)
{
    size_t i;
    json_t *row;
    Value sum = { .kind = VALUE_NUMBER };
    json_array_foreach((json_t *)(uintptr_t)rows, i, row)
    {
        const json_t *cell = json_object_get(row, column->name);
        if (cell && __builtin_add_overflow(sum.number, value_of(column, cell).number, &sum.number))
            return (Value){ 0 };
    }
    return sum;
}

/* The sum of a column, "wells.depth", or the number of rows, "wells.". */
static Value value_of_rows(const FormAnswers *self, const char *name)
{
    const char *rest;
    const FormField *table = form_table(self->form, name, &rest),
                    *column = table ? form_column(table, rest) : NULL;
    const json_t *answer = table ? json_object_get(self->answers, table->name) : NULL,
                 *rows = answer || !table ? answer : json_object_get(self->earlier, table->name);
    if (!rows)
        return (Value){ 0 };
    return column ? sum_of(column, rows)
                  : (Value){ .kind = VALUE_NUMBER,
                             .number = (int64_t)json_array_size(rows) * FORM_ONE };
}

Value form_value(const void *data, const char *name)
{
    const FormAnswers *self = data;
    if (strchr(name, '.'))
        return value_of_rows(self, name);
    const FormField *field = form_field(self->form, name);
    const json_t *answer = json_object_get(self->answers, name), *found = answer ? answer : json_object_get(self->earlier, name);
    return field && found ? value_of(field, found) : (Value){ 0 };
}

bool form_is_asked(const FormField *field, const FormAnswers *after)
{
    return expression_holds(field->group_when, form_value, after) && expression_holds(field->when, form_value, after);
}

/* ---- one value ---- */

typedef struct Judging {
    const FormField *field;
    const FormAnswers *after;
    const char *reason; /* NULL: it fits */
} Judging;

static json_t *fail(Judging *self, const char *reason)
{
    self->reason = reason;
    return NULL;
}

static json_t *judge_text(Judging *self, const char *text)
{
    const FormField *field = self->field;
    glong length = g_utf8_strlen(text, -1);
    if (!text_is_clean(text, strlen(text)) || (field->kind == FORM_TEXT && strpbrk(text, "\r\n")))
        return fail(self, "forms.one_line");
    if (length < field->least || length > field->most)
        return fail(self, length < field->least ? "forms.too_short" : "forms.too_many_characters");
    return field->pattern && !g_regex_match(field->pattern, text, 0, NULL) ? fail(self, "forms.not_as_asked") : json_string(text);
}

/* A bound that counts from a day that is not known bounds nothing. */
static int64_t bound_of(const FormAnswers *after, const char *of, int64_t bound, int64_t open)
{
    if (!of)
        return bound;
    const char *text = strcmp(of, FORM_TODAY) != 0 ? form_value(after, of).text : NULL;
    Day day = text ? day_parse(text) : strcmp(of, FORM_TODAY) == 0 ? after->today : DAY_NONE;
    return day != DAY_NONE ? day + bound : open;
}

static int64_t least_of(const FormField *field, const FormAnswers *after)
{
    return bound_of(after, field->least_of, field->least, DAY_NONE + 1);
}

static int64_t most_of(const FormField *field, const FormAnswers *after)
{
    return bound_of(after, field->most_of, field->most, INT32_MAX);
}

static bool is_outside(const Judging *self, int64_t number)
{
    return number < least_of(self->field, self->after) ||
           number > most_of(self->field, self->after);
}

static json_t *number_json(Judging *self, int64_t millionths)
{
    int64_t unit = FORM_ONE;
    for (int i = 0; i < self->field->decimals; i++)
        unit /= 10;
    if (millionths % unit)
        return fail(self, "forms.too_many_decimals");
    if (is_outside(self, millionths))
        return fail(self, "forms.out_of_bounds");
    g_autofree char *text = form_number_text(millionths);
    return json_string(text);
}

static json_t *judge_number(Judging *self, const char *text)
{
    int64_t millionths;
    return form_number_read(text, &millionths) ? number_json(self, millionths) : fail(self, "forms.not_a_number");
}

static json_t *judge_money(Judging *self, const char *text)
{
    int64_t millionths;
    if (!form_number_read(text, &millionths) || millionths % (FORM_ONE / 100))
        return fail(self, "forms.not_money");
    int64_t fen = millionths / (FORM_ONE / 100);
    return is_outside(self, fen) ? fail(self, "forms.out_of_bounds") : json_integer(fen);
}

static json_t *judge_day(Judging *self, const char *text)
{
    Day day = day_parse(text);
    if (day == DAY_NONE)
        return fail(self, "forms.not_a_day");
    return is_outside(self, day) ? fail(self, "forms.out_of_bounds") : json_string(text);
}

static json_t *judge_flag(Judging *self, const char *text)
{
    static const char *const yes[] = { "true", "on", "1", "yes", NULL }, *const no[] = { "false", "off", "0", "no", NULL };
    if (self->field->required && !g_strv_contains(yes, text))
        return fail(self, "forms.declare");
    return g_strv_contains(yes, text) ? json_true() : g_strv_contains(no, text) ? json_false() : fail(self, "forms.not_a_choice");
}

static json_t *judge_choice(Judging *self, const char *text)
{
    for (size_t i = 0; i < self->field->option_count; i++)
        if (strcmp(self->field->options[i].code, text) == 0 && expression_holds(self->field->options[i].when, form_value, self->after))
            return json_string(text);
    return fail(self, "forms.not_a_choice");
}

typedef json_t *Judge(Judging *self, const char *text);
static Judge *const judges[] = { [FORM_TEXT] = judge_text, [FORM_LONG_TEXT] = judge_text, [FORM_NUMBER] = judge_number, [FORM_DAY] = judge_day,
                                 [FORM_MONEY] = judge_money, [FORM_CHOICE] = judge_choice, [FORM_MANY] = judge_choice, [FORM_FLAG] = judge_flag };

/* ---- one field ---- */

typedef struct Checking {
    const ItemForm *form;
    const json_t *given;
    FormAnswers after;
    json_t *answers, *errors;
} Checking;

/* As the sentence tells it: that which counts from another day as the day that it comes to. */
static json_t *bound_json(const FormField *field, const char *member, const char *of, int64_t day)
{
    if (!of)
        return json_incref(json_object_get(field->said, member));
    return day > DAY_NONE + 1 && day < INT32_MAX ? json_string(DAY_WRITTEN((Day)day)) : NULL;
}

/* The error has all of the field that the sentence of its reason tells. */
static void add_error(const Checking *self, const char *name, const FormField *field, const char *reason)
{
    json_t *error = json_pack(
        "{s:s, s:s, s:O?, s:O?, s:o*, s:o*, s:O*}", "field", name, "reason", reason, "label",
        json_object_get(field->said, "label"), "label_en", json_object_get(field->said, "label_en"),
        "least", bound_json(field, "least", field->least_of, least_of(field, &self->after)), "most",
        bound_json(field, "most", field->most_of, most_of(field, &self->after)), "decimals",
        json_object_get(field->said, "decimals"));
    json_array_append_new(self->errors, error);
}

/* Blanks at both ends are cut; NULL: nothing was answered. Owned by the caller. */
static char *given_text(const json_t *given)
{
    g_autofree char *text = json_as_text(json_is_array(given) ? json_array_get(given, 0) : given);
    return text && *g_strstrip(text) ? g_steal_pointer(&text) : NULL;
}

/* Amounts in fen are those that were judged before; people and programs give texts in yuan. */
static char *fen_text(const json_t *fen)
{
    return form_number_text(json_integer_value(fen) * (FORM_ONE / 100));
}

static json_t *check_one(const Checking *self, const FormField *field, const json_t *given, const char *name)
{
    g_autofree char *text = field->kind == FORM_MONEY && json_is_integer(given) ? fen_text(given) : given_text(given);
    Judging judging = { .field = field, .after = &self->after };
    if (!text && field->kind == FORM_FLAG && !field->required)
        return json_false();
    json_t *made = text ? judges[field->kind](&judging, text) : NULL;
    if (!made && (judging.reason || field->required))
        add_error(self, name, field, judging.reason ? judging.reason : "forms.required");
    return made;
}

static bool holds_text(const json_t *list, const char *text)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        if (strcmp(json_string_value(json_array_get(list, i)), text) == 0)
            return true;
    return false;
}

static json_t *check_many(const Checking *self, const FormField *field, const json_t *given)
{
    size_t i;
    json_t *one, *list = json_array();
    Judging judging = { .field = field, .after = &self->after };
    json_array_foreach((json_t *)(uintptr_t)given, i, one) {
        const char *text = json_string_value(one);
        json_t *made = text && *text ? judge_choice(&judging, text) : NULL;
        if (made && !holds_text(list, text))
            json_array_append(list, made);
        json_decref(made);
    }
    int64_t count = (int64_t)json_array_size(list);
    bool is_few = count < field->least || (field->required && !count);
    if (judging.reason || is_few || count > field->most)
        add_error(self, field->name, field, judging.reason ? judging.reason : is_few ? "forms.choose_more" : "forms.choose_fewer");
    return list;
}

static bool is_empty_row(const FormField *field, const json_t *row)
{
    for (size_t i = 0; i < field->column_count; i++) {
        g_autofree char *text = given_text(json_object_get(row, field->columns[i].name));
        if (text)
            return false;
    }
    return true;
}

static json_t *check_row(const Checking *self, const FormField *field, const json_t *given, size_t number)
{
    json_t *row = json_object();
    for (size_t i = 0; i < field->column_count; i++) {
        const FormField *column = &field->columns[i];
        g_autofree char *name = g_strdup_printf("%s.%zu.%s", field->name, number, column->name);
        json_t *made = check_one(self, column, json_object_get(given, column->name), name);
        if (made)
            json_object_set_new(row, column->name, made);
    }
    return row;
}

/* The column and, from 0, the row of a cell that came by itself, as "wells.1.depth" behind the
 * first dot; NULL: it is none. */
static const FormField *cell_of(const FormField *table, const char *rest, size_t *row)
{
    char *end;
    guint64 number = g_ascii_strtoull(rest, &end, 10);
    *row = (size_t)number - 1;
    return g_ascii_isdigit(*rest) && *end == '.' && number && number <= FORM_ROWS_MOST
               ? form_column(table, end + 1)
               : NULL;
}

/* Rows that came whole, or cell by cell. Owned by the caller. */
static json_t *rows_given(const Checking *self, const FormField *field)
{
    size_t at;
    json_t *cell;
    const char *name;
    size_t length = strlen(field->name);
    json_t *rows = json_incref(json_object_get(self->given, field->name));
    if (rows)
        return rows;
    rows = json_array();
    json_object_foreach((json_t *)(uintptr_t)self->given, name, cell)
    {
        const FormField *column = strncmp(name, field->name, length) == 0 && name[length] == '.'
                                      ? cell_of(field, name + length + 1, &at)
                                      : NULL;
        while (column && json_array_size(rows) <= at)
            json_array_append_new(rows, json_object());
        if (column)
            json_object_set(json_array_get(rows, at), column->name, cell);
    }
    return rows;
}

/* Rows in which nothing stands are left out. */
static json_t *check_rows(const Checking *self, const FormField *field)
{
    size_t i;
    json_t *one, *rows = json_array();
    g_autoptr(json_t) given = rows_given(self, field);
    json_array_foreach(given, i, one) if (!is_empty_row(field, one))
        json_array_append_new(rows, check_row(self, field, one, i + 1));
    int64_t count = (int64_t)json_array_size(rows);
    if (count < field->least || count > field->most || (field->required && !count))
        add_error(self, field->name, field, count > field->most ? "forms.rows_most" : "forms.rows_least");
    return rows;
}

static json_t *check_formula(const Checking *self, const FormField *field)
{
    Value value = expression_value(field->formula, form_value, &self->after);
    Judging judging = { .field = field, .after = &self->after };
    if (value.kind != VALUE_NUMBER)
        return NULL;
    if (value.number > INT64_MAX - FORM_ONE || value.number < FORM_ONE - INT64_MAX) { /* it could not be rounded */
        add_error(self, field->name, field, "forms.out_of_bounds");
        return NULL;
    }
    int64_t fen = (value.number + (value.number < 0 ? -1 : 1) * (FORM_ONE / 200)) / (FORM_ONE / 100), unit = FORM_ONE;
    for (int i = 0; i < field->decimals; i++)
        unit /= 10;
    int64_t rounded = (value.number + (value.number < 0 ? -unit / 2 : unit / 2)) / unit * unit;
    json_t *made = field->kind == FORM_NUMBER  ? number_json(&judging, rounded)
                   : is_outside(&judging, fen) ? fail(&judging, "forms.out_of_bounds")
                                               : json_integer(fen);
    if (!made)
        add_error(self, field->name, field, judging.reason);
    return made;
}

static void check_field(const Checking *self, const FormField *field)
{
    const json_t *given = json_object_get(self->given, field->name);
    json_t *made = field->formula             ? check_formula(self, field)
                   : field->kind == FORM_MANY ? check_many(self, field, given)
                   : field->kind == FORM_ROWS ? check_rows(self, field)
                                              : check_one(self, field, given, field->name);
    if (made)
        json_object_set_new(self->answers, field->name, made);
}

/* An answer to nothing that the form asks is told, since it would be lost unseen. */
static void refuse_unknown(const Checking *self, const char *step)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)self->given, name, value) {
        size_t row;
        const char *rest;
        const FormField *table = form_table(self->form, name, &rest),
                        *field = table && cell_of(table, rest, &row) ? table
                                                                     : form_field(self->form, name);
        if (!field || strcmp(field->step, step) != 0)
            json_array_append_new(self->errors, json_pack("{s:s, s:s, s:s, s:s}", "field", name, "reason", "forms.unknown", "label", name, "label_en", name));
    }
}

static void check_all(const Checking *self, const char *step)
{
    for (guint i = 0; i < self->form->fields->len; i++) {
        const FormField *field = form_field_at(self->form, i);
        if (strcmp(field->step, step) == 0 && form_is_asked(field, &self->after))
            check_field(self, field);
    }
    refuse_unknown(self, step);
}

json_t *form_check_on(const ItemForm *self, const char *step, Day today, const json_t *earlier,
                   const json_t *given, json_t **errors)
{
    g_autoptr(json_t) answers = json_object();
    *errors = json_array();
    Checking checking = { .form = self,
                          .given = given,
                          .after = { self, earlier, answers, today },
                          .answers = answers,
                          .errors = *errors };
    check_all(&checking, step);
    return json_array_size(*errors) ? NULL : g_steal_pointer(&answers);
}

json_t *form_fitting_step(const ItemForm *self, const char *step, Day today, const json_t *earlier,
                          const json_t *given)
{
    g_autoptr(json_t) untold = json_array();
    json_t *answers = json_object();
    Checking checking = { .form = self,
                          .given = given,
                          .after = { self, earlier, answers, today },
                          .answers = answers,
                          .errors = untold };
    check_all(&checking, step);
    return answers;
}

json_t *form_fitting_on(const ItemForm *self, Day today, const json_t *given)
{
    return form_fitting_step(self, "", today, NULL, given);
}

json_t *form_without_person(const ItemForm *self, const json_t *answers)
{
    json_t *others = json_copy((json_t *)(uintptr_t)answers);
    for (guint i = 0; i < self->fields->len; i++) {
        const FormField *field = form_field_at(self, i);
        if (g_str_has_prefix(json_text(field->said, "prefill"), "applicant."))
            json_object_del(others, field->name);
    }
    return others;
}

/* ---- the situation ---- */

bool form_has_situation(const ItemForm *self)
{
    return self->fields->len && form_field_at(self, 0)->is_situation;
}

json_t *form_situation(const ItemForm *self, const json_t *given, const char **open)
{
    g_autoptr(json_t) none = json_array();
    json_t *answers = json_object();
    Checking checking = { .form = self,
                          .given = given,
                          .after = { self, NULL, answers, DAY_NONE },
                          .answers = answers,
                          .errors = none };
    *open = NULL;
    for (guint i = 0; !*open && i < self->fields->len && form_field_at(self, i)->is_situation; i++) {
        const FormField *field = form_field_at(self, i);
        if (!form_is_asked(field, &checking.after))
            continue;
        if (json_object_get(given, field->name))
            check_field(&checking, field);
        if (!json_object_get(answers, field->name))
            *open = field->name;
    }
    return answers;
}

/* ---- what follows ---- */

bool form_asks(const ItemForm *self, const char *about, const char *name, const json_t *answers)
{
    FormAnswers after = { self, NULL, answers, DAY_NONE };
    for (guint i = 0; i < self->rules->len; i++) {
        const FormRule *rule = &g_array_index(self->rules, FormRule, i);
        if (strcmp(form_about_names[rule->about], about) == 0 && strcmp(json_text(rule->said, "name"), name) == 0)
            return expression_holds(rule->when, form_value, &after);
    }
    return true;
}

const json_t *form_end(const ItemForm *self, const json_t *answers)
{
    FormAnswers after = { self, NULL, answers, DAY_NONE };
    for (guint i = 0; i < self->rules->len; i++) {
        const FormRule *rule = &g_array_index(self->rules, FormRule, i);
        if (rule->about == ABOUT_ENDS && expression_holds(rule->when, form_value, &after))
            return rule->said;
    }
    return NULL;
}

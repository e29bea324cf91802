// SPDX-License-Identifier: Apache-2.0
/* Answers as people read them, in both languages. */
#include "forms/define.h"

#include <string.h>

/* ---- one value ---- */

static const char *in_language(enum language language, const json_t *said, const char *name)
{
    g_autofree char *english = g_strconcat(name, "_en", NULL);
    const char *text = language == ENGLISH ? json_text(said, english) : "";
    return *text ? text : json_text(said, name);
}

static char *say_text(enum language language, const FormField *field, const json_t *answer)
{
    (void)language, (void)field;
    return json_as_text(answer);
}

char *form_number_said(const char *number)
{
    g_autofree char *whole = view_number(g_ascii_strtoll(number, NULL, 10));
    const char *decimals = strchr(number, '.');
    bool is_below_zero = *number == '-' && *whole != '-'; /* -0.5 */
    return g_strconcat(is_below_zero ? "-" : "", whole, decimals ? decimals : "", NULL);
}

static char *say_number(enum language language, const FormField *field, const json_t *answer)
{
    const char *text = json_string_value(answer), *unit = in_language(language, field->said, "unit");
    g_autofree char *number = text ? form_number_said(text) : NULL;
    return number && *unit ? g_strconcat(number, " ", unit, NULL) : g_steal_pointer(&number);
}

static char *say_money(enum language language, const FormField *field, const json_t *answer)
{
    (void)field;
    return view_amount(language, json_integer_value(answer));
}

static char *say_day(enum language language, const FormField *field, const json_t *answer)
{
    (void)field;
    return view_formal_day(language, day_parse(json_string_value(answer)));
}

static char *say_choice(enum language language, const FormField *field, const json_t *answer)
{
    for (size_t i = 0; i < field->option_count; i++)
        if (g_strcmp0(field->options[i].code, json_string_value(answer)) == 0)
            return g_strdup(in_language(language, json_array_get(json_object_get(field->said, "options"), i), "label"));
    return json_as_text(answer);
}

static char *say_many(enum language language, const FormField *field, const json_t *answer)
{
    size_t i;
    json_t *one;
    GString *all = g_string_new(NULL);
    json_array_foreach((json_t *)(uintptr_t)answer, i, one) {
        g_autofree char *said = say_choice(language, field, one);
        g_string_append_printf(all, "%s%s", !i ? "" : language == ENGLISH ? ", " : "、", said);
    }
    return g_string_free(all, FALSE);
}

typedef char *Say(enum language language, const FormField *field, const json_t *answer);
static char *say_rows(enum language language, const FormField *field, const json_t *answer);

static Say *const sayings[] = { [FORM_TEXT] = say_text, [FORM_LONG_TEXT] = say_text, [FORM_NUMBER] = say_number, [FORM_DAY] = say_day, [FORM_MONEY] = say_money,
                                [FORM_CHOICE] = say_choice, [FORM_MANY] = say_many, [FORM_FLAG] = say_text, [FORM_ROWS] = say_rows };

char *form_say(enum language language, const FormField *field, const json_t *answer)
{
    return sayings[field->kind](language, field, answer);
}

/* Each row is "label value, label value"; a semicolon stands between rows. */
static char *say_rows(enum language language, const FormField *field, const json_t *answer)
{
    size_t i;
    json_t *row;
    GString *all = g_string_new(NULL);
    bool is_english = language == ENGLISH;
    json_array_foreach((json_t *)(uintptr_t)answer, i, row)
        for (size_t at = 0, told = 0; at < field->column_count; at++) {
            const FormField *column = &field->columns[at];
            const json_t *value = json_object_get(row, column->name);
            g_autofree char *said = value ? form_say(language, column, value) : NULL;
            const char *between = told ? (is_english ? ", " : "，") : !i ? "" : is_english ? "; " : "；";
            if (said)
                g_string_append_printf(all, "%s%s %s", between, in_language(language, column->said, "label"), said);
            told += said != NULL;
        }
    return g_string_free(all, FALSE);
}

/* ---- all of them ---- */

static json_t *said_of(const FormField *field, const json_t *answer)
{
    json_t *said = json_pack("{s:s, s:s, s:s, s:s, s:s}", "field", field->name, "group", json_text(field->group, "label"), "group_en", json_text(field->group, "label_en"),
                             "label", json_text(field->said, "label"), "label_en", json_text(field->said, "label_en"));
    if (json_flag(field->said, "public"))
        json_object_set_new(said, "is_public", json_true());
    if (field->kind == FORM_FLAG)
        return json_object_set_new(said, json_is_true(answer) ? "is_yes" : "is_no", json_true()), said;
    g_autofree char *chinese = form_say(CHINESE, field, answer), *english = form_say(ENGLISH, field, answer);
    json_put_text(said, "said", chinese);
    json_put_text(said, "said_en", english);
    return said;
}

json_t *form_said(const ItemForm *self, const char *step, const json_t *answers)
{
    json_t *list = json_array();
    for (guint i = 0; i < self->fields->len; i++) {
        const FormField *field = form_field_at(self, i);
        const json_t *answer = strcmp(field->step, step) == 0 ? json_object_get(answers, field->name) : NULL;
        if (answer)
            json_array_append_new(list, said_of(field, answer));
    }
    return list;
}

/* ---- which fields there are ---- */

json_t *form_label(const ItemForm *self, const char *name)
{
    const FormField *field = form_field(self, name);
    return field ? json_pack("{s:O, s:O}", "label", json_object_get(field->said, "label"), "label_en", json_object_get(field->said, "label_en")) : NULL;
}

json_t *form_fields(const ItemForm *self, const char *step, const json_t *answers)
{
    const FormAnswers after = { self, NULL, answers, DAY_NONE };
    json_t *list = json_array();
    for (guint i = 0; i < self->fields->len; i++) {
        const FormField *field = form_field_at(self, i);
        if (strcmp(field->step, step) != 0 || field->is_situation || field->formula || !form_is_asked(field, &after))
            continue;
        json_t *one = form_label(self, field->name);
        json_object_update_new(one, json_pack("{s:s, s:s}", "field", field->name, "kind", form_kind_names[field->kind]));
        json_array_append_new(list, one);
    }
    return list;
}

bool form_has_step(const ItemForm *self, const char *step, const json_t *answers)
{
    g_autoptr(json_t) none = json_object();
    const FormAnswers after = { self, answers, none, DAY_NONE };
    for (guint i = 0; *step && i < self->fields->len; i++)
        if (strcmp(form_field_at(self, i)->step, step) == 0 && form_is_asked(form_field_at(self, i), &after))
            return true;
    return false;
}

json_t *form_part(const ItemForm *self, const char *step, const json_t *given)
{
    const char *name;
    json_t *value, *part = json_object();
    json_object_foreach((json_t *)(uintptr_t)given, name, value) {
        const FormField *field = form_field(self, name);
        if (!field || !*field->step || strcmp(field->step, step) == 0)
            json_object_set(part, name, value);
    }
    return part;
}

bool form_refuse(const json_t *errors, GError **error)
{
    g_autofree char *text = json_dumps(errors, JSON_COMPACT);
    return refuse(error, NOT_FITTING, "http.check_fields", "answers", text, NULL);
}

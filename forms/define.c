// SPDX-License-Identifier: Apache-2.0
/* Reading a definition. A condition names only what stands above it: so answers are judged in one pass, and there is no circle. */
#include "forms/define.h"

#include <string.h>

enum { CODE_MOST = 40, SAID_MOST = 500, CHARACTERS_MOST = 200, LONG_MOST = 4000, DECIMALS_MOST = 6, RULES_MOST = 200, PATTERN_MOST = 200 };

const char *const form_kind_names[] = { [FORM_TEXT] = "text", [FORM_LONG_TEXT] = "long_text", [FORM_NUMBER] = "number", [FORM_DAY] = "day", [FORM_MONEY] = "money",
                                        [FORM_CHOICE] = "choice", [FORM_MANY] = "many", [FORM_FLAG] = "flag", [FORM_ROWS] = "rows", NULL };
const char *const form_end_kinds[] = { "no_need", "may_not", "elsewhere", NULL };
const char *const form_about_names[] = { [ABOUT_PAPERS] = "papers", [ABOUT_STEPS] = "steps", [ABOUT_FEES] = "fees", [ABOUT_ENDS] = "ends", NULL };

static const enum value_kind value_kinds[] = { [FORM_TEXT] = VALUE_TEXT, [FORM_LONG_TEXT] = VALUE_TEXT, [FORM_NUMBER] = VALUE_NUMBER, [FORM_DAY] = VALUE_DAY,
                                               [FORM_MONEY] = VALUE_NUMBER, [FORM_CHOICE] = VALUE_TEXT, [FORM_MANY] = VALUE_TEXTS,
                                               [FORM_FLAG] = VALUE_FLAG, [FORM_ROWS] = VALUE_NONE };

/* A definition that is being read, and all that was found wrong with it. */
typedef struct Reading {
    ItemForm *form;
    json_t *faults;
    const char *about; /* the name of the field, group or rule */
    const char *own;   /* the field whose condition it is; "": none */
} Reading;

/* ---- faults ---- */

static bool add_fault(const Reading *self, const char *reason)
{
    json_array_append_new(self->faults, json_pack("{s:s, s:s}", "reason", reason, "field", self->about));
    return false;
}

static void add_error(const Reading *self, GError *why)
{
    g_autoptr(GError) held = why;
    json_t *details = trouble_details(held);
    json_object_set_new(details, "field", json_string(self->about));
    json_array_append_new(self->faults, details);
}

static bool add_member_fault(const Reading *self, const char *reason, const char *member)
{
    json_array_append_new(self->faults, json_pack("{s:s, s:s, s:s}", "reason", reason, "field", self->about, "member", member));
    return false;
}

static bool is_of_type(const char *name, const json_t *value)
{
    static const char *const lists[] = { "situation", "groups", "papers", "steps", "fees", "ends", "fields", "options", "columns", NULL };
    static const char *const numbers[] = { "least", "most", "decimals", NULL };
    if (g_strv_contains(lists, name))
        return json_is_array(value);
    static const char *const flags[] = { "required", "find", "public", NULL };
    if (g_strv_contains(flags, name))
        return json_is_boolean(value);
    return json_is_string(value) || (json_is_integer(value) && g_strv_contains(numbers, name));
}

/* JSON can write any character, so that each text is judged as if somebody had typed it. */
static bool is_fit(const Reading *self, const char *name, const json_t *value)
{
    GError *why = NULL;
    const char *text = json_string_value(value);
    if (!is_of_type(name, value) || (text && !text_is_clean(text, strlen(text))))
        return add_member_fault(self, "forms.member", name);
    if (text && g_utf8_strlen(text, -1) > SAID_MOST)
        return add_fault(self, "forms.too_long");
    if (text && !text_is_visible(text, &why))
        add_error(self, why);
    return !why;
}

/* An object of these members alone: a word that was mistyped would be left out unseen. */
static bool has_only(const Reading *self, const json_t *object, const char *const *members)
{
    const char *name;
    json_t *value;
    if (!json_is_object(object))
        return add_fault(self, "forms.no_object");
    json_object_foreach((json_t *)(uintptr_t)object, name, value) {
        if (!g_strv_contains(members, name))
            return add_member_fault(self, "forms.unknown_member", name);
        if (!is_fit(self, name, value))
            return false;
    }
    return true;
}

/* ---- conditions ---- */

const FormField *form_field(const ItemForm *self, const char *name)
{
    for (guint i = 0; i < self->fields->len; i++)
        if (strcmp(form_field_at(self, i)->name, name) == 0)
            return form_field_at(self, i);
    return NULL;
}

const FormField *form_column(const FormField *table, const char *name)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (strcmp(table->columns[i].name, name) == 0)
            return &table->columns[i];
    return NULL;
}

const FormField *form_table(const ItemForm *self, const char *name, const char **rest)
{
    const char *dot = strchr(name, '.');
    *rest = dot ? dot + 1 : "";
    for (guint i = 0; dot && i < self->fields->len; i++) {
        const FormField *field = form_field_at(self, i);
        if (field->kind == FORM_ROWS && strncmp(field->name, name, (size_t)(dot - name)) == 0 &&
            !field->name[dot - name])
            return field;
    }
    return NULL;
}

/* The kind of a sum over a column, or of the count of rows. */
static enum value_kind kind_of_rows(const Reading *self, const char *name, GError **error)
{
    const char *rest;
    const FormField *table = form_table(self->form, name, &rest),
                    *column = table ? form_column(table, rest) : NULL;
    if (table && (!*rest || (column && value_kinds[column->kind] == VALUE_NUMBER)))
        return VALUE_NUMBER;
    refuse(error, NOT_FITTING, "forms.names_no_column", "name", name, NULL);
    return VALUE_NONE;
}

static enum value_kind kind_named(const void *data, const char *name, GError **error)
{
    const Reading *self = data;
    const FormField *named = form_field(self->form, name);
    bool is_own = strcmp(name, self->own) == 0;
    if (strchr(name, '.'))
        return kind_of_rows(self, name, error);
    if (!is_own && named && value_kinds[named->kind] != VALUE_NONE)
        return value_kinds[named->kind];
    refuse(error, NOT_FITTING, is_own ? "forms.names_itself" : named ? "forms.names_rows" : "forms.names_later", "name", name, NULL);
    return VALUE_NONE;
}

/* NULL also where the object has none, which is no fault. */
static Expression *read_expression(const Reading *self, const json_t *object, const char *member, enum value_kind wanted)
{
    GError *why = NULL;
    const char *text = json_text(object, member);
    Expression *read = *text ? expression_read(text, wanted, kind_named, self, &why) : NULL;
    if (why)
        add_error(self, why);
    return read;
}

/* ---- bounds ---- */

/* "today", "begins + 1", "today - 30": days counted from another day. */
static bool read_days(const Reading *self, const char *text, int64_t *days, char **of)
{
    GError *why = NULL;
    g_auto(GStrv) parts =
        g_regex_split_simple("^([a-z][a-z0-9_]*)(?: *([+-]) *([0-9]{1,5}))?$", text, 0, 0);
    guint count = g_strv_length(parts);
    if (count < 3)
        return add_fault(self, "forms.bound");
    *days = count > 4 ? g_ascii_strtoll(parts[3], NULL, 10) * (*parts[2] == '-' ? -1 : 1) : 0;
    enum value_kind kind =
        strcmp(parts[1], FORM_TODAY) == 0 ? VALUE_DAY : kind_named(self, parts[1], &why);
    if (why)
        return add_error(self, why), false;
    *of = g_strdup(parts[1]);
    return (kind == VALUE_DAY && ABS(*days) <= BOUND_DAYS_MOST) || add_fault(self, "forms.bound");
}

static bool read_day_bound(const Reading *self, const char *text, int64_t *bound, char **of)
{
    *bound = day_parse(text);
    return *bound != DAY_NONE || read_days(self, text, bound, of);
}

static bool read_bound(const Reading *self, const FormField *field, const char *member,
                       int64_t *bound, char **of)
{
    const json_t *said = json_object_get(field->said, member);
    if (!said)
        return true;
    g_autofree char *text = json_as_text(said);
    int64_t millionths = 0;
    if (field->kind == FORM_DAY)
        return read_day_bound(self, text ? text : "", bound, of);
    if (!text || !form_number_read(text, &millionths))
        return add_fault(self, "forms.bound");
    *bound = field->kind == FORM_NUMBER ? millionths : field->kind == FORM_MONEY ? millionths / (FORM_ONE / 100) : millionths / FORM_ONE;
    bool is_whole = field->kind == FORM_NUMBER || millionths % (field->kind == FORM_MONEY ? FORM_ONE / 100 : FORM_ONE) == 0;
    return is_whole || add_fault(self, "forms.bound");
}

/* The earliest day that a bound lets be, or the latest: of a field above, that of its own bound. */
static int64_t day_limit(const Reading *self, const char *of, int64_t days, bool is_least)
{
    const FormField *named = of ? form_field(self->form, of) : NULL;
    const char *further = named ? (is_least ? named->least_of : named->most_of) : of;
    int64_t unknown = is_least ? DAY_NONE + 1 : INT32_MAX;
    return !of ? days : further ? unknown : (is_least ? named->least : named->most) + days;
}

static bool is_contradiction(const Reading *self, const FormField *field)
{
    if (field->least_of && g_strcmp0(field->least_of, field->most_of) == 0)
        return field->least > field->most;
    return day_limit(self, field->least_of, field->least, true) >
           day_limit(self, field->most_of, field->most, false);
}

static bool read_bounds(const Reading *self, FormField *field)
{
    static const int64_t usual[] = { [FORM_TEXT] = CHARACTERS_MOST, [FORM_LONG_TEXT] = LONG_MOST, [FORM_NUMBER] = INT64_MAX, [FORM_DAY] = INT32_MAX,
                                     [FORM_MONEY] = INT64_MAX, [FORM_CHOICE] = 1, [FORM_MANY] = FORM_OPTIONS_MOST, [FORM_FLAG] = 1, [FORM_ROWS] = FORM_ROWS_MOST };
    bool is_signed = field->kind == FORM_DAY, is_counted = field->kind == FORM_TEXT || field->kind == FORM_LONG_TEXT || field->kind == FORM_MANY || field->kind == FORM_ROWS;
    field->least = is_signed ? DAY_NONE + 1 : 0;
    field->most = usual[field->kind];
    field->decimals = json_object_get(field->said, "decimals") ? (int)json_number(field->said, "decimals") : 2;
    if (!read_bound(self, field, "least", &field->least, &field->least_of) ||
        !read_bound(self, field, "most", &field->most, &field->most_of))
        return false;
    if (is_contradiction(self, field) || (is_counted && field->most > usual[field->kind]) ||
        (field->kind == FORM_FLAG && json_object_get(field->said, "least")))
        return add_fault(self, "forms.bounds");
    return (field->decimals >= 0 && field->decimals <= DECIMALS_MOST) || add_fault(self, "forms.decimals");
}

static bool read_pattern(const Reading *self, FormField *field)
{
    const char *text = json_text(field->said, "pattern");
    if (!*text)
        return true;
    if (field->kind != FORM_TEXT || strlen(text) > PATTERN_MOST)
        return add_fault(self, "forms.pattern");
    g_autofree char *whole = g_strconcat("^(?:", text, ")$", NULL);
    field->pattern = g_regex_new(whole, G_REGEX_OPTIMIZE, 0, NULL);
    return field->pattern || add_fault(self, "forms.pattern");
}

/* ---- options ---- */

static bool is_code(const char *text)
{
    return g_ascii_islower(*text) && strlen(text) <= CODE_MOST && !text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_")];
}

static bool read_option(const Reading *self, FormField *field, const json_t *said)
{
    static const char *const members[] = { "code", "label", "label_en", "when", NULL };
    if (!has_only(self, said, members))
        return false;
    FormOption option = { .code = json_text(said, "code") };
    for (size_t i = 0; i < field->option_count; i++)
        if (strcmp(field->options[i].code, option.code) == 0)
            return add_fault(self, "forms.twice");
    if (!is_code(option.code) || !*json_text(said, "label") || !*json_text(said, "label_en"))
        return add_fault(self, "forms.option");
    option.when = read_expression(self, said, "when", VALUE_FLAG);
    field->options[field->option_count++] = option;
    return true;
}

static void read_options(const Reading *self, FormField *field)
{
    size_t i;
    json_t *one;
    const json_t *list = json_object_get(field->said, "options");
    bool chooses = field->kind == FORM_CHOICE || field->kind == FORM_MANY;
    if (chooses != (json_array_size(list) > 0) || json_array_size(list) > FORM_OPTIONS_MOST) {
        add_fault(self, chooses ? "forms.no_options" : "forms.options_here");
        return;
    }
    field->options = g_new0(FormOption, json_array_size(list));
    json_array_foreach((json_t *)(uintptr_t)list, i, one)
        read_option(self, field, one);
}

/* ---- fields ---- */

static void clear_field(gpointer data)
{
    FormField *field = data;
    g_clear_pointer(&field->pattern, g_regex_unref);
    g_clear_pointer(&field->when, expression_free);
    g_clear_pointer(&field->formula, expression_free);
    for (size_t i = 0; i < field->option_count; i++)
        expression_free(field->options[i].when);
    for (size_t i = 0; i < field->column_count; i++)
        clear_field(&field->columns[i]);
    g_free(field->least_of);
    g_free(field->most_of);
    g_free(field->options);
    g_free(field->columns);
}

static bool kind_read(const json_t *said, enum form_kind *kind)
{
    const char *name = json_text(said, "kind");
    for (*kind = 0; *kind < FORM_KINDS && strcmp(form_kind_names[*kind], name) != 0;)
        ++*kind;
    return *kind < FORM_KINDS;
}

static bool begin_field(const Reading *self, const json_t *said, FormField *field)
{
    static const char *const members[] = { "name", "kind", "label", "label_en", "help", "help_en", "unit", "unit_en", "required", "least", "most", "decimals",
                                           "pattern", "options", "columns", "when", "formula", "prefill", "beside", "public", "find", NULL };
    *field = (FormField){ .name = json_text(said, "name"), .said = said, .required = json_flag(said, "required"), .step = "" };
    if (!has_only(self, said, members))
        return false;
    if (!is_code(field->name) || strcmp(field->name, FORM_TODAY) == 0)
        return add_fault(self, "forms.name");
    if (!*json_text(said, "label") || !*json_text(said, "label_en"))
        return add_fault(self, "forms.label");
    return kind_read(said, &field->kind) || add_fault(self, "forms.kind");
}

/* A column is a field of a simple kind without conditions. */
static void read_columns(Reading *self, FormField *field)
{
    size_t i;
    json_t *one;
    const json_t *list = json_object_get(field->said, "columns");
    if ((field->kind == FORM_ROWS) != (json_array_size(list) > 0) || json_array_size(list) > FORM_COLUMNS_MOST) {
        add_fault(self, "forms.columns");
        return;
    }
    field->columns = g_new0(FormField, json_array_size(list));
    json_array_foreach((json_t *)(uintptr_t)list, i, one) {
        FormField *column = &field->columns[field->column_count];
        if (!begin_field(self, one, column))
            continue;
        field->column_count++;
        for (FormField *before = field->columns; before < column; before++)
            if (strcmp(before->name, column->name) == 0)
                add_fault(self, "forms.twice");
        if (column->kind == FORM_ROWS || column->kind == FORM_MANY || *json_text(one, "when") || *json_text(one, "formula"))
            add_fault(self, "forms.column");
        else if (read_bounds(self, column) && read_pattern(self, column))
            read_options(self, column);
    }
}

const char *form_begins_with(const FormField *field)
{
    const char *prefill = json_text(field->said, "prefill"), *own = "answers.";
    return g_str_has_prefix(prefill, own) ? prefill + strlen(own) : NULL;
}

const char *form_asked_of_applicant(const FormField *field)
{
    const char *beside = json_text(field->said, "beside"), *begins = form_begins_with(field);
    return *beside ? beside : begins;
}

/* Beside an officer's field may stand the applicant's answer to a question of the same kind, and in it at first. */
static void check_beside(const Reading *self, const FormField *field)
{
    const char *name = form_asked_of_applicant(field);
    const FormField *asked = name ? form_field(self->form, name) : NULL;
    if (name && (!*field->step || !asked || *asked->step || asked->kind != field->kind))
        add_fault(self, "forms.beside");
}

static void read_field(Reading *self, const json_t *said, const json_t *group, const Expression *group_when)
{
    FormField field;
    self->about = self->own = json_text(said, "name");
    if (!begin_field(self, said, &field))
        return;
    field.step = json_text(group, "step");
    field.group = group;
    field.is_situation = !group;
    field.group_when = group_when;
    field.when = read_expression(self, said, "when", VALUE_FLAG);
    field.formula = read_expression(self, said, "formula", VALUE_NUMBER);
    if (form_field(self->form, field.name))
        add_fault(self, "forms.twice");
    if (field.formula && field.kind != FORM_NUMBER && field.kind != FORM_MONEY)
        add_fault(self, "forms.formula_kind");
    check_beside(self, &field);
    if (!group && field.kind != FORM_CHOICE && field.kind != FORM_FLAG)
        add_fault(self, "forms.question_kind");
    if (read_bounds(self, &field) && read_pattern(self, &field))
        read_options(self, &field);
    read_columns(self, &field);
    if (self->form->fields->len == FORM_FIELDS_MOST)
        add_fault(self, "forms.too_many");
    g_array_append_val(self->form->fields, field);
    self->own = "";
}

static void read_fields(Reading *self, const json_t *list, const json_t *group, const Expression *group_when)
{
    size_t i;
    json_t *one;
    json_array_foreach((json_t *)(uintptr_t)list, i, one)
        if (self->form->fields->len <= FORM_FIELDS_MOST)
            read_field(self, one, group, group_when);
}

static void read_group(Reading *self, const json_t *said)
{
    static const char *const members[] = { "name", "label", "label_en", "when", "step", "fields", NULL };
    self->about = json_text(said, "name");
    if (!has_only(self, said, members))
        return;
    if (!is_code(self->about) || !*json_text(said, "label") || !*json_text(said, "label_en") || !json_array_size(json_object_get(said, "fields")))
        add_fault(self, "forms.group");
    Expression *when = read_expression(self, said, "when", VALUE_FLAG);
    if (when)
        g_ptr_array_add(self->form->group_whens, when);
    read_fields(self, json_object_get(said, "fields"), said, when);
}

/* ---- what follows ---- */

static void read_rule(Reading *self, enum form_about about, const json_t *said)
{
    static const char *const named[] = { "name", "when", NULL }, *const ends[] = { "name", "kind", "when", "text", "text_en", "item", NULL };
    self->about = json_text(said, "name");
    if (!has_only(self, said, about == ABOUT_ENDS ? ends : named))
        return;
    FormRule rule = { about, said, read_expression(self, said, "when", VALUE_FLAG) };
    bool is_end = g_strv_contains(form_end_kinds, json_text(said, "kind")) &&
                  *json_text(said, "text") && *json_text(said, "text_en");
    if (!*self->about || !*json_text(said, "when") || (about == ABOUT_ENDS && !is_end))
        add_fault(self, "forms.rule");
    g_array_append_val(self->form->rules, rule);
}

static void read_rules(Reading *self, enum form_about about)
{
    size_t i;
    json_t *one;
    json_array_foreach(json_object_get(self->form->definition, form_about_names[about]), i, one)
        if (i < RULES_MOST)
            read_rule(self, about, one);
        else if (i == RULES_MOST)
            add_fault(self, "forms.too_many_rules");
}

/* ---- all of it ---- */

static void clear_rule(gpointer data)
{
    expression_free(((FormRule *)data)->when);
}

void form_free(ItemForm *self)
{
    if (!self)
        return;
    g_array_unref(self->fields);
    g_array_unref(self->rules);
    g_ptr_array_unref(self->group_whens);
    json_decref(self->definition);
    g_free(self);
}

static ItemForm *begin(const json_t *definition)
{
    ItemForm *self = g_new0(ItemForm, 1);
    self->definition = json_incref((json_t *)(uintptr_t)definition);
    self->fields = g_array_new(FALSE, TRUE, sizeof(FormField));
    self->rules = g_array_new(FALSE, TRUE, sizeof(FormRule));
    self->group_whens = g_ptr_array_new_with_free_func((GDestroyNotify)expression_free);
    g_array_set_clear_func(self->fields, clear_field);
    g_array_set_clear_func(self->rules, clear_rule);
    return self;
}

ItemForm *form_read(const json_t *definition, GError **error)
{
    static const char *const members[] = { "item",      "title",     "title_en", "source",
                                           "source_en", "situation", "groups",   "papers",
                                           "steps",     "fees",      "ends",     NULL };
    size_t i;
    json_t *one;
    g_autoptr(json_t) faults = json_array();
    g_autoptr(ItemForm) self = begin(definition);
    Reading reading = { .form = self, .faults = faults, .about = "", .own = "" };
    if (has_only(&reading, definition, members)) {
        read_fields(&reading, json_object_get(definition, "situation"), NULL, NULL);
        json_array_foreach(json_object_get(definition, "groups"), i, one)
            read_group(&reading, one);
        for (enum form_about about = 0; about < FORM_ABOUTS; about++)
            read_rules(&reading, about);
    }
    if (!json_array_size(faults))
        return g_steal_pointer(&self);
    g_autofree char *text = json_dumps(faults, JSON_COMPACT);
    return refuse(error, NOT_FITTING, "forms.definition", "faults", text, NULL);
}

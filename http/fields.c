// SPDX-License-Identifier: Apache-2.0
/* Given values are checked against the route's table of fields before any handler sees them. All faults are told at once, in
 * the asker's language. */
#include "http/state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

char *route_room(const Route *route)
{
    const char *page = route->page ? route->page : "base";
    return g_strndup(page, strcspn(page, "/"));
}

const Field *field_in(const Field *fields, const char *name)
{
    for (const Field *field = fields; field && field->name; field++)
        if (strcmp(field->name, name) == 0)
            return field;
    return NULL;
}

const char *field_word(const RequestState *self, const char *room, const Field *field, const char *about, const char *name)
{
    g_autofree char *key = g_strjoin(".", room, about, name, NULL);
    const char *word = view_word(self->site->view, self->request.language, key);
    return word || !field->room || strcmp(field->room, room) == 0 ? word : field_word(self, field->room, field, about, name);
}

/* The field of that name, of a cell its column. */
static const Field *field_called(const Field *fields, const char *name)
{
    for (const Field *field = fields; field && field->name; field++)
        if (strcmp(field->name, name) == 0 || rows_hold(field, name))
            return strcmp(field->name, name) == 0
                       ? field
                       : field_in(field->columns, strrchr(name, '.') + 1);
    return NULL;
}

char *field_label(const RequestState *self, const char *name)
{
    const Field *field = field_called(self->route->fields, name);
    g_autofree char *room = route_room(self->route);
    const char *word = !field ? NULL
                       : field->label
                           ? view_word(self->site->view, self->request.language, field->label)
                           : field_word(self, room, field, "fields", field->name);
    return g_strdup(word ? word : name);
}

static void add_error(RequestState *self, const char *field, const char *reason, const json_t *details)
{
    g_autofree char *label = field_label(self, field);
    g_autofree char *said = view_sentence(self->site->view, self->request.language, reason, details);
    json_array_append_new(self->field_errors, json_pack("{s:s, s:s, s:s}", "field", field, "label", label, "detail", said));
}

static json_t *bounds(const Field *field, int64_t most)
{
    return json_pack("{s:I, s:I, s:I, s:I}", "least", field->least, "most", most, "least_fen", field->least, "most_fen", most);
}

/* ---- one value of each kind: the checked value (owned by the caller) or NULL with a reason ---- */

int64_t field_most(const Field *field)
{
    return field->most ? field->most : field->kind == FIELD_LONG_TEXT ? LONG_TEXT_MOST : TEXT_MOST;
}

static json_t *check_text(const Field *field, const char *value, const char **reason)
{
    glong length = g_utf8_strlen(value, -1);
    *reason = length < field->least ? "http.too_short" : length > field_most(field) ? "http.too_long" : NULL;
    if (!*reason && field->kind == FIELD_TEXT && strpbrk(value, "\r\n"))
        *reason = "http.one_line";
    return *reason ? NULL : json_string(value);
}

static json_t *check_integer(const Field *field, const char *value, const char **reason)
{
    char *rest;
    errno = 0;
    long long number = strtoll(value, &rest, 10);
    *reason = errno || *rest || rest == value ? "http.not_a_number" : NULL;
    if (!*reason && (number < field->least || (field->most && number > field->most)))
        *reason = "http.out_of_bounds";
    return *reason ? NULL : json_integer(number);
}

static json_t *check_day(const Field *field, const char *value, const char **reason)
{
    (void)field;
    *reason = day_parse(value) == DAY_NONE ? "http.not_a_day" : NULL;
    return *reason ? NULL : json_string(value);
}

static json_t *check_flag(const Field *field, const char *value, const char **reason)
{
    static const char *const yes[] = { "true", "on", "1", "yes", NULL }, *const no[] = { "false", "off", "0", "no", NULL };
    (void)field;
    if (g_strv_contains(yes, value))
        return json_true();
    if (g_strv_contains(no, value))
        return json_false();
    *reason = "http.not_a_flag";
    return NULL;
}

static json_t *check_choice(const Field *field, const char *value, const char **reason)
{
    if (g_strv_contains(field->choices, value))
        return json_string(value);
    *reason = "http.not_a_choice";
    return NULL;
}

/* Commas stand between thousands or nowhere. */
static json_t *check_money(const Field *field, const char *value, const char **reason)
{
    static const char form[] = "^([0-9]{1,13}|[0-9]{1,3}(,[0-9]{3}){1,4})(\\.[0-9]{1,2})?$";
    const char *dot = strchr(value, '.');
    int64_t fen = 0;
    *reason = g_regex_match_simple(form, value, 0, 0) ? NULL : "http.not_money";
    for (const char *c = value; !*reason && *c; c++)
        fen = g_ascii_isdigit(*c) ? fen * 10 + (*c - '0') : fen;
    for (size_t decimals = dot ? strlen(dot + 1) : 0; decimals < 2; decimals++)
        fen *= 10;
    if (!*reason && (fen < field->least || (field->most && fen > field->most)))
        *reason = "http.money_bounds";
    return *reason ? NULL : json_integer(fen);
}

typedef json_t *ValueCheck(const Field *field, const char *value, const char **reason);
static ValueCheck *const checks[] = {
    [FIELD_TEXT] = check_text, [FIELD_LONG_TEXT] = check_text, [FIELD_SECRET] = check_text,
    [FIELD_INTEGER] = check_integer, [FIELD_DAY] = check_day, [FIELD_FLAG] = check_flag,
    [FIELD_CHOICE] = check_choice, [FIELD_LIST] = check_text, [FIELD_FILES] = check_text, [FIELD_MONEY] = check_money,
};

static json_t *check_further(RequestState *self, const Field *field, json_t *value)
{
    g_autoptr(GError) wrong = NULL;
    g_autoptr(json_t) held = value;
    char *kept = field->judge ? field->judge(json_string_value(held), self->fields, &wrong) : field->check(json_string_value(held), &wrong);
    if (kept) {
        json_t *made = json_string(kept);
        g_free(kept);
        return made;
    }
    g_autoptr(json_t) details = trouble_details(wrong);
    add_error(self, field->name, json_text(details, "reason"), details);
    return NULL;
}

static json_t *check_value(RequestState *self, const Field *field, const char *value)
{
    const char *reason = NULL;
    json_t *made = checks[field->kind](field, value, &reason);
    if (!made) {
        g_autoptr(json_t) details = bounds(field, field_most(field));
        add_error(self, field->name, reason, details);
        return NULL;
    }
    return (field->check || field->judge) && json_is_string(made) ? check_further(self, field, made) : made;
}

/* ---- one field ---- */

static char *cleaned(const Field *field, const char *value)
{
    char *copy = g_strdup(value);
    return field->kind == FIELD_SECRET ? copy : g_strstrip(copy);
}

bool field_is_asked(const Field *field, const json_t *given)
{
    const char *equals = field->shown_when ? strchr(field->shown_when, '=') : NULL;
    if (!equals)
        return true;
    g_autofree char *other = g_strndup(field->shown_when, (size_t)(equals - field->shown_when));
    return g_strcmp0(json_string_value(json_array_get(json_object_get(given, other), 0)), equals + 1) == 0;
}

static void add_missing(RequestState *self, const Field *field, const char *usual)
{
    if (field->required && field_is_asked(field, self->given))
        add_error(self, field->name, field->missing ? field->missing : usual, NULL);
}

static void take_list(RequestState *self, const Field *field, const json_t *values)
{
    json_t *list = json_array();
    json_object_set_new(self->fields, field->name, list);
    for (size_t i = 0; i < json_array_size(values); i++) {
        g_autofree char *value = cleaned(field, json_string_value(json_array_get(values, i)));
        json_t *made = *value ? check_value(self, field, value) : NULL;
        if (made)
            json_array_append_new(list, made);
    }
    if (json_array_size(list) == 0)
        add_missing(self, field, "http.required");
}

static void take_one(RequestState *self, const Field *field, const json_t *values)
{
    const char *first = json_string_value(json_array_get(values, 0));
    g_autofree char *value = cleaned(field, first ? first : "");
    if (json_array_size(values) > 1)
        add_error(self, field->name, "http.once", NULL);
    else if (!*value)
        add_missing(self, field, "http.required");
    else {
        json_t *made = check_value(self, field, value);
        if (made)
            json_object_set_new(self->fields, field->name, made);
    }
}

/* Each cell is checked as a field of its name. NULL: nothing stands in the row, whatever its
 * columns require. */
static json_t *take_row(RequestState *self, const Field *field, unsigned number)
{
    bool is_empty = true;
    for (const Field *column = field->columns; column->name && is_empty; column++) {
        g_autofree char *name = rows_cell(field->name, number, column->name);
        const char *text = json_string_value(json_array_get(json_object_get(self->given, name), 0));
        is_empty = !text || !text[strspn(text, " \t\r\n")];
    }
    json_t *row = is_empty ? NULL : json_object();
    for (const Field *column = field->columns; column->name && row; column++) {
        g_autofree char *name = rows_cell(field->name, number, column->name);
        Field cell = *column;
        cell.name = name;
        take_one(self, &cell, json_object_get(self->given, name));
        json_object_set(row, column->name, json_object_get(self->fields, name));
        json_object_del(self->fields, name);
    }
    return row;
}

static void take_rows(RequestState *self, const Field *field)
{
    json_t *rows = json_array();
    unsigned count = rows_given(self->given, field->name);
    json_object_set_new(self->fields, field->name, rows);
    for (unsigned number = 1; number <= count; number++) {
        json_t *row = take_row(self, field, number);
        if (row)
            json_array_append_new(rows, row);
    }
    if (!json_array_size(rows))
        add_missing(self, field, "http.required");
}

size_t uploads_of(const RequestState *self, const char *name)
{
    size_t count = 0;
    for (guint i = 0; self->uploads && i < self->uploads->len; i++)
        count += strcmp(g_array_index(self->uploads, Upload, i).field, name) == 0;
    return count;
}

static void take_files(RequestState *self, const Field *field)
{
    size_t count = uploads_of(self, field->name);
    g_autoptr(json_t) details = bounds(field, field->most);
    if (count == 0)
        add_missing(self, field, "http.required_file");
    if (field->most && (int64_t)count > field->most)
        add_error(self, field->name, "http.too_many_files", details);
}

/* ---- names of what is given for a field in parts ---- */

static const char *answer_name(const Field *field, const char *given)
{
    size_t length = strlen(field->name);
    return field->kind == FIELD_ANSWERS && strncmp(given, field->name, length) == 0 && given[length] == '.' ? given + length + 1 : NULL;
}

bool field_is_answer(const Field *fields, const char *given)
{
    for (const Field *field = fields; field && field->name; field++)
        if (answer_name(field, given) || rows_hold(field, given))
            return true;
    return false;
}

static void take_answers(RequestState *self, const Field *field)
{
    const char *name;
    json_t *values, *answers = json_object();
    json_object_foreach(self->given, name, values)
        if (answer_name(field, name))
            json_object_set(answers, answer_name(field, name), values);
    json_object_set_new(self->fields, field->name, answers);
}

const char *field_option_name(const Field *field, const json_t *answer, enum language language, const char *value)
{
    size_t i;
    json_t *one;
    g_auto(GStrv) parts = g_strsplit(field->options, ".", 2);
    json_array_foreach(json_object_get(answer, parts[0]), i, one)
        if (strcmp(json_text(one, parts[1] ? parts[1] : ""), value) == 0)
            return view_name(language, one);
    return NULL;
}

void answers_tell(const RequestState *self, const char *faults, json_t *errors)
{
    size_t i;
    json_t *one;
    g_autoptr(json_t) wrong = json_loads(faults, 0, NULL);
    json_array_foreach(wrong, i, one) {
        const char *english = self->request.language == ENGLISH ? json_text(one, "label_en") : "";
        const char *at = json_text(one, "at");
        g_autofree char *field = *at ? g_strdup(at) : g_strconcat("answers.", json_text(one, "field"), NULL);
        g_autofree char *said = view_sentence(self->site->view, self->request.language, json_text(one, "reason"), one);
        json_array_append_new(errors, json_pack("{s:s, s:s, s:s}", "field", field, "label", *english ? english : json_text(one, "label"), "detail", said));
    }
}

/* ---- all of them ---- */

static void refuse_unknown(RequestState *self)
{
    const char *name;
    json_t *values;
    json_object_foreach(self->given, name, values) if (!field_in(self->route->fields, name) &&
                                                       !field_is_answer(self->route->fields, name))
        add_error(self, name, "http.unknown_field", NULL);
    for (guint i = 0; self->uploads && i < self->uploads->len; i++) {
        const Field *field = field_in(self->route->fields, g_array_index(self->uploads, Upload, i).field);
        if (!field || field->kind != FIELD_FILES)
            add_error(self, g_array_index(self->uploads, Upload, i).field, "http.no_file_here", NULL);
    }
}

bool fields_check(RequestState *self, GError **error)
{
    json_decref(self->fields);
    json_decref(self->field_errors);
    self->fields = json_object();
    self->field_errors = json_array();
    for (const Field *field = self->route->fields; field && field->name; field++) {
        const json_t *values = json_object_get(self->given, field->name);
        if (field->kind == FIELD_FILES)
            take_files(self, field);
        else if (field->kind == FIELD_LIST)
            take_list(self, field, values);
        else if (field->kind == FIELD_ROWS)
            take_rows(self, field);
        else if (field->kind == FIELD_ANSWERS)
            take_answers(self, field);
        else
            take_one(self, field, values);
    }
    refuse_unknown(self);
    self->request.fields = self->fields;
    return json_array_size(self->field_errors) == 0 || refuse(error, NOT_FITTING, "http.check_fields", NULL);
}

/* ---- a query by itself ---- */

static bool take_pair(const Field *fields, const char *name, const char *text, json_t *taken, GError **error)
{
    const Field *field = field_in(fields, name);
    const char *reason = "http.unknown_field";
    if (!field || field->kind == FIELD_LIST || field->kind == FIELD_FILES)
        return refuse_field(error, name, reason, NULL);
    g_autofree char *value = cleaned(field, text);
    json_t *made = *value ? checks[field->kind](field, value, &reason) : NULL;
    if (made)
        return json_object_set_new(taken, name, made) == 0;
    return !*value || refuse_field(error, name, reason, "least", DECIMAL(field->least), "most", DECIMAL(field_most(field)), NULL);
}

json_t *fields_of_query(const Field *fields, const char *query, GError **error)
{
    char *next_name, *next_value;
    g_autoptr(GError) broken = NULL;
    g_autoptr(json_t) taken = json_object();
    GUriParamsIter each;
    g_uri_params_iter_init(&each, query, -1, "&", G_URI_PARAMS_WWW_FORM);
    while (g_uri_params_iter_next(&each, &next_name, &next_value, &broken)) {
        g_autofree char *name = next_name, *value = next_value;
        if (!text_is_clean(name, strlen(name)) || !text_is_clean(value, strlen(value)))
            return refuse(error, NOT_FITTING, "http.check_fields", NULL);
        if (!take_pair(fields, name, value, taken, error))
            return NULL;
    }
    return broken ? refuse(error, NOT_FITTING, "http.check_fields", NULL) : g_steal_pointer(&taken);
}

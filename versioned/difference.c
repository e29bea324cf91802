// SPDX-License-Identifier: Apache-2.0
/* The difference of two versions, on a page and as a file, in the words of its reader. */
#include "versioned/versioned.h"

#include <string.h>

static char *written_of(const Request *r, const char *name, const json_t *value);

/* The parts of limits and entries, in the order of their columns. */
static const char *const parts[] = { "days", "kind", "special", "object", "name", "name_en", "levels", "level", "role", "required",
                                     "originals", "copies", "source", "basis", "paper_form", "issuer", "paper_basis", "blank", "sample",
                                     "may_follow", "may_promise", "shared_by", "mandatory", "statute", "document_number", "article", "amount_fen", "formula", "line_basis", "reducible",
                                     "per", "per_en", "due_before" };

static void append_text(GString *text, const char *between, char *part)
{
    if (*part)
        g_string_append_printf(text, "%s%s", text->len ? between : "", part);
    g_free(part);
}

static char *sentence_with(const Request *r, const char *key, const char *name, const json_t *value)
{
    g_autoptr(json_t) data = json_pack("{s:O}", name, value);
    return view_sentence(r->view, r->language, key, data);
}

static char *written_number(const Request *r, const char *name, const json_t *value)
{
    g_autofree char *key = g_strconcat("versioned.parts.", name, NULL);
    return view_has_word(r->view, key) ? sentence_with(r, key, "count", value) : view_number(json_integer_value(value));
}

static char *written_flag(const Request *r, const char *name, const char *value)
{
    const char *word = view_code_word(r->view, r->language, name, value);
    return word ? g_strdup(word) : view_code(r->view, r->language, "flag", value);
}

/* Days with their unit are a limit; a number that is 0 is not told. */
static char *written_object(const Request *r, const json_t *object)
{
    GString *text = g_string_new(NULL);
    const char *comma = view_word(r->view, r->language, "view.comma");
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        const json_t *part = json_object_get(object, parts[i]);
        bool is_limit = strcmp(parts[i], "days") == 0 && json_object_get(object, "unit");
        if (is_limit)
            append_text(text, comma, sentence_with(r, "versioned.limit", "limit", object));
        else if (part && !(json_is_integer(part) && !json_integer_value(part)))
            append_text(text, comma, written_of(r, parts[i], part));
    }
    return g_string_free(text, FALSE);
}

static char *written_list(const Request *r, const char *name, const json_t *list)
{
    GString *text = g_string_new(NULL);
    size_t i;
    json_t *entry;
    json_array_foreach((json_t *)list, i, entry)
        append_text(text, "/", written_of(r, name, entry));
    return g_string_free(text, FALSE);
}

static char *written_of(const Request *r, const char *name, const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT: return written_object(r, value);
    case JSON_ARRAY: return written_list(r, name, value);
    case JSON_STRING: return view_code(r->view, r->language, name, json_string_value(value));
    case JSON_INTEGER: return written_number(r, name, value);
    case JSON_TRUE: return written_flag(r, name, "true");
    case JSON_FALSE: return written_flag(r, name, "false");
    default: return g_strdup("");
    }
}

static bool has_entry(const json_t *list, const json_t *entry)
{
    size_t i;
    json_t *other;
    json_array_foreach((json_t *)list, i, other)
        if (json_equal(other, entry))
            return true;
    return false;
}

/* A list gives only the entries that the other one lacks; where both hold the same in another order, none. */
static json_t *lines_of(const Request *r, const char *field, const json_t *value, const json_t *other)
{
    json_t *lines = json_array(), *entry;
    size_t i;
    g_autoptr(json_t) entries = json_is_array(value) ? json_incref((json_t *)value) : json_pack("[O*]", value);
    json_array_foreach(entries, i, entry) {
        g_autofree char *text = has_entry(other, entry) ? g_strdup("") : written_of(r, field, entry);
        if (*text)
            json_array_append_new(lines, json_string(text));
    }
    return lines;
}

json_t *versioned_change(const Request *r, const Versioned *kind, const char *field, const json_t *from, const json_t *to)
{
    json_t *was = lines_of(r, field, from, to), *now = lines_of(r, field, to, from);
    bool reordered = json_is_array(to) && !json_array_size(was) && !json_array_size(now);
    return json_pack("{s:s, s:o, s:o, s:b}", kind->fields ? kind->fields : "field", field, "was", was, "now", now, "reordered", reordered);
}

json_t *versioned_changes(const json_t *before, const json_t *after)
{
    json_t *changes = json_object();
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)after, name, value) {
        json_t *from = json_object_get(before, name);
        if (!json_equal(from, value))
            json_object_set_new(changes, name, json_pack("{s:O?, s:O}", "from", from, "to", value));
    }
    json_object_foreach((json_t *)before, name, value)
        if (!json_object_get(after, name))
            json_object_set_new(changes, name, json_pack("{s:O, s:n}", "from", value, "to"));
    return changes;
}

/* ---- of any two ---- */

static const char *const formats[] = { "csv", "xlsx", NULL };

const Field versioned_difference_fields[] = {
    { .name = "from", .kind = FIELD_INTEGER, .least = 1, .most = INT32_MAX, .value = "from" },
    { .name = "to", .kind = FIELD_INTEGER, .least = 1, .most = INT32_MAX, .value = "to" },
    { .name = "format", .kind = FIELD_CHOICE, .choices = formats, .look = LOOK_NONE },
    { 0 },
};

typedef struct Pair {
    int64_t from, to;
} Pair;

/* By default the newest version and the one before it are compared. */
static bool pair_asked(const Request *r, const Versioned *kind, const char *list, Pair *out, GError **error)
{
    g_auto(Version) newest = { 0 };
    if (!versioned_newest(r->context.db, r->context.county, kind, list, &newest, error))
        return false;
    out->to = json_number(r->fields, "to") ? json_number(r->fields, "to") : newest.version;
    out->from = json_number(r->fields, "from") ? json_number(r->fields, "from") : MAX(out->to - 1, 1);
    return true;
}

/* Fields of both versions, in the order of their names: a field that the later one lacks has changed too. */
static json_t *rows_of(const Request *r, const Versioned *kind, json_t *from, json_t *to)
{
    const char *field;
    json_t *value, *rows = json_array();
    g_autoptr(json_t) all = json_copy(from);
    json_object_update(all, to);
    g_autofree char *sorted = json_canonical(all);
    g_autoptr(json_t) in_order = json_loads(sorted, 0, NULL);
    json_object_foreach(in_order, field, value) {
        const json_t *was = json_object_get(from, field), *is = json_object_get(to, field);
        if (json_equal(was, is))
            continue;
        json_t *row = versioned_change(r, kind, field, was, is);
        g_autofree char *label = kind->fields ? view_code(r->view, r->language, kind->fields, field) : g_strdup(field);
        json_object_set_new(row, "label", json_string(label));
        json_array_append_new(rows, row);
    }
    return rows;
}

enum { COLUMNS = 3 };

static char *joined(const json_t *lines)
{
    GString *text = g_string_new(NULL);
    for (size_t i = 0; i < json_array_size(lines); i++)
        g_string_append_printf(text, "%s%s", i ? "\n" : "", json_string_value(json_array_get(lines, i)));
    return g_string_free(text, FALSE);
}

static json_t *as_file(Request *r, const Versioned *kind, const Pair *pair, const json_t *rows, GError **error)
{
    static const enum cell_kind kinds[COLUMNS] = { CELL_TEXT, CELL_TEXT, CELL_TEXT };
    const char *const titles[COLUMNS] = { view_word(r->view, r->language, "versioned.field"),
                                          view_word(r->view, r->language, "versioned.was"),
                                          view_word(r->view, r->language, "versioned.now") };
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    size_t i;
    json_t *row;
    json_array_foreach((json_t *)rows, i, row) {
        char *const line[COLUMNS + 1] = { g_strdup(json_text(row, "label")), joined(json_object_get(row, "was")), joined(json_object_get(row, "now")) };
        g_ptr_array_add(lines, g_memdup2(line, sizeof line));
    }
    g_autofree char *name = g_strdup_printf("%s-%" PRId64 "-%" PRId64, kind->name, pair->from, pair->to);
    const ViewTable table = { COLUMNS, titles, kinds, lines };
    return answer_table(r, &table, name, json_text(r->fields, "format"), error);
}

json_t *versioned_difference(Request *r, const Versioned *kind, const VersionedPage *page, GError **error)
{
    Pair pair;
    g_auto(Version) from = { 0 }, to = { 0 };
    if (!pair_asked(r, kind, page->list, &pair, error) ||
        !versioned_load(r->context.db, r->context.county, kind, page->list, pair.from, &from, error) ||
        !versioned_load(r->context.db, r->context.county, kind, page->list, pair.to, &to, error))
        return NULL;
    if (kind->name_values && (!kind->name_values(r, from.fields, error) || !kind->name_values(r, to.fields, error)))
        return NULL;
    g_autoptr(json_t) rows = rows_of(r, kind, from.fields, to.fields);
    if (*json_text(r->fields, "format"))
        return as_file(r, kind, &pair, rows, error);
    return json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:O, s:b}", "title", page->title, "title_en", page->title_en, "path", page->path,
                     "back", page->back, "from", pair.from, "to", pair.to, "changes", rows, "none", json_array_size(rows) == 0);
}

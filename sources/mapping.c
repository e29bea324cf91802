// SPDX-License-Identifier: Apache-2.0
/* The small language in which a source's administrator says what it is told and how its answer is read: lines of names, facts and JSON
 * pointers (RFC 6901). Pure: what comes from outside is judged here before anything is kept or shown. */
#include "sources/life.h"

#include <string.h>

enum { LINES_MOST = 30, NAME_MOST = 60, POINTER_MOST = 200, VALUE_MOST = 500, DIGITS_MOST = 6 };

static const char *const fact_names[] = { "id_number", "name", "party_kind", "representative", NULL };
static const char of_answers[] = "answers."; /* of the item's form, by the field's name behind it */

/* ---- lines ---- */

typedef bool LineFits(const char *line, const char **reason);

static bool lines_fit(const char *text, const char *field, bool needs_one, LineFits *fits, GError **error)
{
    size_t count = 0;
    const char *reason = NULL;
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (size_t i = 0; lines[i]; i++) {
        count += *g_strstrip(lines[i]) != '\0';
        if (*lines[i] && !fits(lines[i], &reason))
            return refuse_field(error, field, reason, "line", DECIMAL(i + 1), NULL);
    }
    if (count > LINES_MOST)
        return refuse_field(error, field, "sources.lines_many", "most", DECIMAL(LINES_MOST), NULL);
    return count || !needs_one || refuse_field(error, field, "sources.needed", NULL);
}

/* Splits at the first `at`, without the blanks round it; the part behind is NULL where there is none. Both point into `line`, which is cut. */
static char *split(char *line, char at)
{
    char *behind = strchr(line, at);
    if (behind)
        *behind++ = '\0';
    g_strstrip(line);
    return behind ? g_strstrip(behind) : NULL;
}

static bool is_name(const char *text)
{
    size_t length = strlen(text);
    return length && length <= NAME_MOST && strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.") == length;
}

static bool is_pointer(const char *text)
{
    for (const char *tilde = strchr(text, '~'); tilde; tilde = strchr(tilde + 1, '~'))
        if (tilde[1] != '0' && tilde[1] != '1')
            return false;
    return *text == '/' && strlen(text) <= POINTER_MOST;
}

static bool is_fact(const char *text)
{
    return g_strv_contains(fact_names, text) || (g_str_has_prefix(text, of_answers) && is_name(text + strlen(of_answers)));
}

/* Owned by the caller; "" where the case says nothing, or no text or number, under that name. */
static char *fact_of(const json_t *facts, const char *name)
{
    bool is_answer = g_str_has_prefix(name, of_answers);
    const json_t *value = is_answer ? json_object_get(json_object_get(facts, "answers"), name + strlen(of_answers)) : json_object_get(facts, name);
    char *text = json_is_real(value) ? json_dumps(value, JSON_ENCODE_ANY) : json_as_text(value);
    return text ? text : g_strdup("");
}

static bool is_constant(const char *text)
{
    size_t length = strlen(text);
    return length >= 2 && *text == '"' && text[length - 1] == '"' && !memchr(text + 1, '"', length - 2);
}

static bool request_fits(const char *text, const char **reason)
{
    g_autofree char *line = g_strdup(text);
    const char *fact = split(line, '=');
    *reason = !fact || !is_name(line) ? "sources.line_request" : "sources.line_fact";
    return fact && is_name(line) && (is_fact(fact) || is_constant(fact));
}

static bool answer_fits(const char *text, const char **reason)
{
    g_autofree char *line = g_strdup(text);
    char *pointer = split(line, '|'), *fact = pointer ? split(pointer, '=') : NULL;
    bool has_form = *line && strlen(line) <= NAME_MOST && pointer && is_pointer(pointer);
    *reason = has_form ? "sources.line_fact" : "sources.line_answer";
    return has_form && (!fact || is_fact(fact));
}

static bool found_fits(const char *text, const char **reason)
{
    g_autofree char *line = g_strdup(text);
    const char *value = split(line, '=');
    *reason = "sources.line_found";
    return value && *value && is_pointer(line);
}

bool mapping_request_fits(const char *text, GError **error)
{
    return lines_fit(text, "request", true, request_fits, error);
}

bool mapping_answer_fits(const char *text, GError **error)
{
    return lines_fit(text, "answer", true, answer_fits, error);
}

bool mapping_found_fits(const char *text, GError **error)
{
    return lines_fit(text, "found", false, found_fits, error);
}

/* ---- what is sent ---- */

json_t *mapping_request(const char *text, const json_t *facts)
{
    json_t *request = json_object();
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (size_t i = 0; lines[i]; i++) {
        char *line = g_strstrip(lines[i]), *fact = split(line, '=');
        bool is_text = fact && is_constant(fact);
        g_autofree char *said = fact && !is_text ? fact_of(facts, fact) : NULL;
        if (is_text)
            json_object_set_new(request, line, json_stringn(fact + 1, strlen(fact) - 2));
        else if (fact)
            json_object_set_new(request, line, json_string(said));
    }
    return request;
}

/* ---- what is read ---- */

/* A step of a pointer: its end, and the name unescaped; owned by the caller. */
static char *step_of(const char **at)
{
    GString *name = g_string_new(NULL);
    for (++*at; **at && **at != '/'; ++*at) {
        bool is_escaped = **at == '~';
        *at += is_escaped;
        g_string_append_c(name, !is_escaped ? **at : **at == '1' ? '/' : '~');
    }
    return g_string_free(name, FALSE);
}

static const json_t *member_of(const json_t *value, const char *name)
{
    bool is_place = *name && strlen(name) <= DIGITS_MOST && name[strspn(name, "0123456789")] == '\0';
    if (json_is_array(value))
        return is_place ? json_array_get(value, (size_t)g_ascii_strtoull(name, NULL, 10)) : NULL;
    return json_object_get(value, name);
}

static const json_t *pointed(const json_t *root, const char *pointer)
{
    const json_t *value = root;
    for (const char *at = pointer; value && *at;) {
        g_autofree char *name = step_of(&at);
        value = member_of(value, name);
    }
    return value;
}

/* Owned by the caller; NULL: there is none, or it cannot stand on a paper. */
static char *value_of(const json_t *root, const char *pointer)
{
    const json_t *value = pointed(root, pointer);
    g_autofree char *text = json_is_real(value) ? json_dumps(value, JSON_ENCODE_ANY) : json_as_text(value);
    bool fits = text && *g_strstrip(text) && g_utf8_strlen(text, -1) <= VALUE_MOST && text_is_clean(text, strlen(text)) && text_is_visible(text, NULL);
    return fits ? g_steal_pointer(&text) : NULL;
}

static bool is_there(const Source *source, const json_t *root)
{
    g_autofree char *line = g_strdup(source->found);
    g_strstrip(line);
    if (!*line)
        return true;
    const char *expected = split(line, '=');
    g_autofree char *said = value_of(root, line);
    return g_strcmp0(said, expected) == 0;
}

static enum reading read_line(char *line, const json_t *root, const json_t *facts, json_t *lines)
{
    char *pointer = split(line, '|'), *fact = pointer ? split(pointer, '=') : NULL;
    g_autofree char *value = pointer ? value_of(root, pointer) : NULL;
    if (value)
        json_array_append_new(lines, json_pack("[s, s]", line, value));
    g_autofree char *expected = fact ? fact_of(facts, fact) : NULL;
    return fact && g_strcmp0(value, expected) != 0 ? READ_DIFFERS : READ_FOUND;
}

static enum reading read_lines(const Source *source, const json_t *facts, const json_t *root, json_t *lines)
{
    enum reading reading = READ_FOUND;
    g_auto(GStrv) each = g_strsplit(source->answer, "\n", -1);
    for (size_t i = 0; reading == READ_FOUND && each[i]; i++)
        if (*g_strstrip(each[i]))
            reading = read_line(each[i], root, facts, lines);
    return reading;
}

enum reading mapping_read(const Source *source, const json_t *facts, const char *bytes, size_t length, json_t **lines, const char **why)
{
    *lines = NULL;
    g_autoptr(json_t) root = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, NULL), told = json_array();
    *why = root ? "its answer has none of the values that the paper needs" : "its answer is no JSON";
    if (!root)
        return READ_BROKEN;
    if (!is_there(source, root))
        return READ_NONE;
    enum reading reading = read_lines(source, facts, root, told);
    if (reading == READ_FOUND && !json_array_size(told))
        return READ_BROKEN;
    *lines = reading == READ_FOUND ? g_steal_pointer(&told) : NULL;
    return reading;
}

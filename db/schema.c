// SPDX-License-Identifier: Apache-2.0
/* Schema text in the dialect that SQLite and PostgreSQL share, made strict for SQLite: types by
 * the names that its STRICT tables know, STRICT after each table, and the triggers behind
 * "-- append-only: TABLE". Only words outside strings and comments are touched. */
#include "db/engine.h"

#include <string.h>

/* ---- tokens ---- */

enum kind { SPACE, COMMENT, QUOTED, WORD, SIGN };

static size_t length_until(const char *text, const char *end, size_t from)
{
    const char *found = strstr(text + from, end);
    return found ? (size_t)(found - text) + strlen(end) : strlen(text);
}

/* A doubled quote inside comes out as two quoted pieces side by side, which is as good. */
static size_t quoted_length(const char *text)
{
    return length_until(text, (const char[]){ *text, '\0' }, 1);
}

static bool is_word_byte(char c)
{
    return g_ascii_isalnum(c) || c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

static size_t word_length(const char *text)
{
    size_t length = 0;
    while (is_word_byte(text[length]))
        length++;
    return length;
}

static size_t space_length(const char *text)
{
    return strspn(text, " \t\r\n\f");
}

static size_t token(const char *text, enum kind *kind)
{
    if (g_str_has_prefix(text, "--"))
        return *kind = COMMENT, strcspn(text, "\n");
    if (g_str_has_prefix(text, "/*"))
        return *kind = COMMENT, length_until(text, "*/", 2);
    if (*text == '\'' || *text == '"')
        return *kind = QUOTED, quoted_length(text);
    if (space_length(text))
        return *kind = SPACE, space_length(text);
    if (is_word_byte(*text))
        return *kind = WORD, word_length(text);
    return *kind = SIGN, 1;
}

static bool is_word(const char *text, size_t length, const char *word)
{
    return strlen(word) == length && g_ascii_strncasecmp(text, word, length) == 0;
}

/* ---- rewriting ---- */

enum place { ELSEWHERE, AFTER_CREATE, BEFORE_BODY, IN_BODY };

typedef struct Rewriting {
    GString *out;
    GString *triggers;
    enum place place;
    unsigned depth;
} Rewriting;

static enum place place_after(enum place place, const char *word, size_t length)
{
    if (is_word(word, length, "create"))
        return AFTER_CREATE;
    if (place == AFTER_CREATE)
        return is_word(word, length, "table") ? BEFORE_BODY : ELSEWHERE;
    if (place == BEFORE_BODY && is_word(word, length, "as"))
        return ELSEWHERE; /* CREATE TABLE … AS SELECT takes no STRICT */
    return place;
}

/* How much of the text is the type's name, 0 when it is not `DOUBLE PRECISION`. */
static size_t double_length(const char *text, size_t length)
{
    const char *second = text + length + space_length(text + length);
    if (!is_word(text, length, "double") || !is_word(second, word_length(second), "precision"))
        return 0;
    return (size_t)(second - text) + word_length(second);
}

/* Returns how much of the text was used. */
static size_t rewrite_word(Rewriting *self, const char *text, size_t length)
{
    static const struct {
        const char *common, *ours;
    } types[] = {
        { "bigint", "INTEGER" },
        { "bytea", "BLOB" },
    };
    self->place = place_after(self->place, text, length);
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
        if (is_word(text, length, types[i].common)) {
            g_string_append(self->out, types[i].ours);
            return length;
        }
    size_t both = double_length(text, length);
    if (both)
        g_string_append(self->out, "REAL");
    else
        g_string_append_len(self->out, text, (gssize)length);
    return both ? both : length;
}

static void rewrite_sign(Rewriting *self, char sign)
{
    g_string_append_c(self->out, sign);
    if (sign == ';')
        self->place = ELSEWHERE;
    if (sign == '(' && self->place == BEFORE_BODY)
        self->place = IN_BODY, self->depth = 0;
    if (self->place != IN_BODY)
        return;
    if (sign == '(')
        self->depth++;
    if (sign == ')' && --self->depth == 0) {
        g_string_append(self->out, " STRICT");
        self->place = ELSEWHERE;
    }
}

/* ---- orders in comments ---- */

static const char append_only[] = "append-only:";

static void forbid(GString *out, const char *table, const char *what)
{
    g_string_append_printf(out,
                           "\nCREATE TRIGGER %s_forbids_%s BEFORE %s ON %s BEGIN "
                           "SELECT RAISE(ABORT, '%s is append-only'); END;",
                           table, what, what, table, table);
}

static bool obey(Rewriting *self, const char *comment, size_t length, GError **error)
{
    g_autofree char *line = g_strndup(comment, length);
    char *text = g_strstrip(line + strspn(line, "-"));
    if (!g_str_has_prefix(line, "--") || !g_str_has_prefix(text, append_only))
        return true;
    const char *table = text + strlen(append_only);
    table += space_length(table);
    size_t fitting = strspn(table, "abcdefghijklmnopqrstuvwxyz0123456789_");
    if (!*table || g_ascii_isdigit(*table) || table[fitting])
        return fault(error, "\"%s\" names no table", text);
    forbid(self->triggers, table, "UPDATE");
    forbid(self->triggers, table, "DELETE");
    return true;
}

/* ---- the whole ---- */

static size_t rewrite_token(Rewriting *self, const char *text, GError **error)
{
    enum kind kind;
    size_t length = token(text, &kind);
    if (kind == COMMENT && !obey(self, text, length, error))
        return 0;
    if (kind == WORD)
        return rewrite_word(self, text, length);
    if (kind == SIGN)
        rewrite_sign(self, *text);
    else
        g_string_append_len(self->out, text, (gssize)length);
    return length;
}

char *schema_rewrite(const char *sql, GError **error)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_autoptr(GString) triggers = g_string_new(NULL);
    Rewriting self = { .out = out, .triggers = triggers };
    while (*sql) {
        size_t used = rewrite_token(&self, sql, error);
        if (!used)
            return NULL;
        sql += used;
    }
    g_string_append(out, triggers->str);
    return g_string_free(g_steal_pointer(&out), FALSE);
}

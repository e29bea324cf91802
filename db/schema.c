// SPDX-License-Identifier: Apache-2.0
/* Schema text in the dialect that SQLite and PostgreSQL share. It is made strict for SQLite: types by
 * the names that its STRICT tables know, STRICT after each table, and the triggers behind
 * "-- append-only: TABLE" and "-- never-updated: TABLE", perhaps with "but COLUMN". Only words outside strings and comments are
 * touched. PostgreSQL takes it as it is; there the right to change is taken from the tables' own owner. */
#include "db/engine.h"

#include <string.h>

/* ---- tokens ---- */

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

bool sql_is_word_byte(char c)
{
    return g_ascii_isalnum(c) || c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

static size_t word_length(const char *text)
{
    size_t length = 0;
    while (sql_is_word_byte(text[length]))
        length++;
    return length;
}

static size_t space_length(const char *text)
{
    return strspn(text, " \t\r\n\f");
}

size_t sql_token(const char *text, enum token *kind)
{
    if (g_str_has_prefix(text, "--"))
        return *kind = TOKEN_COMMENT, strcspn(text, "\n");
    if (g_str_has_prefix(text, "/*"))
        return *kind = TOKEN_COMMENT, length_until(text, "*/", 2);
    if (*text == '\'' || *text == '"')
        return *kind = TOKEN_QUOTED, quoted_length(text);
    if (space_length(text))
        return *kind = TOKEN_SPACE, space_length(text);
    if (sql_is_word_byte(*text))
        return *kind = TOKEN_WORD, word_length(text);
    return *kind = TOKEN_SIGN, 1;
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

/* Rows of a table that is never updated may still be removed, when they have been kept long enough. */
static const struct {
    const char *name, *changes[3]; /* NULL ended */
    const char *rights;
} orders[] = {
    { "append-only", { "UPDATE", "DELETE" }, "UPDATE, DELETE, TRUNCATE" },
    { "never-updated", { "UPDATE" }, "UPDATE, TRUNCATE" },
};

/* `column`, which may be NULL, is a text that may become shorter. */
typedef void Forbid(GString *out, size_t order, const char *table, const char *column);

static void forbid_by_triggers(GString *out, size_t order, const char *table, const char *column)
{
    for (const char *const *change = orders[order].changes; *change; change++) {
        bool shortens = column && strcmp(*change, "UPDATE") == 0;
        g_autofree char *unless = shortens ? g_strdup_printf("WHEN length(NEW.%s) >= length(OLD.%s) ", column, column) : g_strdup("");
        g_string_append_printf(out,
                               "\nDROP TRIGGER IF EXISTS %s_forbids_%s;\nCREATE TRIGGER %s_forbids_%s BEFORE %s ON %s %sBEGIN "
                               "SELECT RAISE(ABORT, '%s is %s'); END;",
                               table, *change, table, *change, *change, table, unless, table, orders[order].name);
    }
}

/* The owner of a table may do to it what the owner has not revoked from itself. */
static void forbid_by_rights(GString *out, size_t order, const char *table, const char *column)
{
    g_string_append_printf(out, "\nREVOKE %s ON %s FROM CURRENT_USER;", orders[order].rights, table);
    if (column)
        g_string_append_printf(out, "\nGRANT UPDATE (%s) ON %s TO CURRENT_USER;", column, table);
}

static bool is_name(const char *text)
{
    return *text && !g_ascii_isdigit(*text) && !text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_")];
}

static bool obey(GString *out, Forbid *forbid, const char *comment, size_t length, GError **error)
{
    size_t order = 0;
    g_autofree char *line = g_strndup(comment, length);
    char *text = g_strstrip(line + strspn(line, "-"));
    char *colon = strchr(text, ':');
    while (order < G_N_ELEMENTS(orders) && !(colon && is_word(text, (size_t)(colon - text), orders[order].name)))
        order++;
    if (!g_str_has_prefix(line, "--") || order == G_N_ELEMENTS(orders))
        return true;
    const char *named = colon + 1 + space_length(colon + 1);
    g_auto(GStrv) parts = g_strsplit(named, " but ", 2);
    if (!parts[0] || !is_name(parts[0]) || (parts[1] && !is_name(parts[1])))
        return fault(error, "\"%s\" names no table", text);
    forbid(out, order, parts[0], parts[1]);
    return true;
}

/* ---- the whole ---- */

static size_t rewrite_token(Rewriting *self, const char *text, GError **error)
{
    enum token kind;
    size_t length = sql_token(text, &kind);
    if (kind == TOKEN_COMMENT && !obey(self->triggers, forbid_by_triggers, text, length, error))
        return 0;
    if (kind == TOKEN_WORD)
        return rewrite_word(self, text, length);
    if (kind == TOKEN_SIGN)
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

char *schema_guard(const char *sql, GError **error)
{
    g_autoptr(GString) out = g_string_new(sql);
    while (*sql) {
        enum token kind;
        size_t length = sql_token(sql, &kind);
        if (kind == TOKEN_COMMENT && !obey(out, forbid_by_rights, sql, length, error))
            return NULL;
        sql += length;
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

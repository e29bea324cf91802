// SPDX-License-Identifier: Apache-2.0
/* A statement of the common dialect as PostgreSQL wants it: its :names become $numbers, the same name the same
 * number. Strings, comments and casts (::text) stay as they are. */
#include "db/engine.h"

#include <string.h>

typedef struct Numbering {
    GString *out;
    GPtrArray *names;
    bool begun, ended; /* ended: a semicolon has come */
} Numbering;

static guint number_of(GPtrArray *names, const char *name, size_t length)
{
    for (guint i = 0; i < names->len; i++)
        if (strncmp(names->pdata[i], name, length) == 0 && ((char *)names->pdata[i])[length] == '\0')
            return i + 1;
    g_ptr_array_add(names, g_strndup(name, length));
    return names->len;
}

/* How much of the text was used: a colon and what hangs on it. */
static size_t take_colon(Numbering *self, const char *text)
{
    enum token kind = TOKEN_SIGN;
    size_t length = text[1] ? sql_token(text + 1, &kind) : 0;
    if (kind == TOKEN_WORD && !g_ascii_isdigit(text[1])) {
        g_string_append_printf(self->out, "$%u", number_of(self->names, text + 1, length));
        return length + 1;
    }
    length = text[1] == ':' ? 2 : 1;
    g_string_append_len(self->out, text, (gssize)length);
    return length;
}

static bool number_all(Numbering *self, const char *sql, GError **error)
{
    enum token kind;
    for (const char *at = sql; *at;) {
        size_t length = sql_token(at, &kind);
        bool speaks = kind != TOKEN_SPACE && kind != TOKEN_COMMENT, ends = *at == ';' && kind == TOKEN_SIGN;
        if (speaks && (*at == '?' || *at == '$'))
            return fault(error, "a parameter without a :name: %s", sql);
        if (speaks && self->ended && !ends)
            return fault(error, "not one statement: %s", sql);
        self->ended |= ends;
        self->begun |= speaks && !ends;
        bool is_colon = *at == ':' && kind == TOKEN_SIGN;
        if (!is_colon)
            g_string_append_len(self->out, at, (gssize)length);
        at += is_colon ? take_colon(self, at) : length;
    }
    return self->begun || fault(error, "not one statement: %s", sql);
}

GPtrArray *statement_number(const char *sql, char **text, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GString) out = g_string_new(NULL);
    Numbering numbering = { .out = out, .names = names };
    if (!number_all(&numbering, sql, error))
        return NULL;
    *text = g_string_free(g_steal_pointer(&out), FALSE);
    return g_steal_pointer(&names);
}

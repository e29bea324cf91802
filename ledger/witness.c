// SPDX-License-Identifier: Apache-2.0
#include "ledger/witness.h"

#include <string.h>

void witness_free(Witness *self)
{
    note_verifier_clear(&self->key);
    g_free(self->name);
    g_free(self->url);
    g_free(self);
}

/* ---- who they are ---- */

/* The same key under two names would count twice where a quorum is asked for. */
static bool is_known(const GPtrArray *list, const char *name, const NoteVerifier *key)
{
    for (guint i = 0; i < list->len; i++) {
        const Witness *one = g_ptr_array_index(list, i);
        if (strcmp(one->name, name) == 0 || memcmp(one->key.key, key->key, sizeof key->key) == 0)
            return true;
    }
    return false;
}

/* A line with nothing but a comment, or the three words of a witness; the address without a slash at its end. */
#define WORD "([^\\x00-\\x20\\x7f]+)"
static const char LINE[] = "^[ \\t]*(?:#[^\\x00-\\x08\\x0a-\\x1f\\x7f]*|witness[ \\t]+" WORD "[ \\t]+" WORD
                           "[ \\t]+(https?://[^\\x00-\\x20\\x7f]+?)/?[ \\t]*)?$";

/* NULL, or why it cannot be used: the section of the sentence that says so. */
static const char *read_line(const GRegex *shape, const char *line, GPtrArray *list)
{
    g_autoptr(GMatchInfo) found = NULL;
    if (!g_regex_match(shape, line, 0, &found))
        return "form";
    g_autofree char *name = g_match_info_fetch(found, 1), *key = g_match_info_fetch(found, 2);
    if (!key || !*key)
        return NULL;
    Witness *one = g_new0(Witness, 1);
    *one = (Witness){ .name = g_steal_pointer(&name), .url = g_match_info_fetch(found, 3) };
    const char *why = list->len == WITNESSES_MOST ? "many" : cosigner_read(key, &one->key, NULL) ? NULL : "key";
    if (!why && is_known(list, one->name, &one->key))
        why = "twice";
    if (why)
        witness_free(one);
    else
        g_ptr_array_add(list, one);
    return why;
}

GPtrArray *witness_list_read(const char *text, GError **error)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(GRegex) shape = g_regex_new(LINE, G_REGEX_RAW | G_REGEX_DOLLAR_ENDONLY, 0, NULL);
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)witness_free);
    for (int i = 0; lines[i]; i++) {
        const char *why = read_line(shape, lines[i], list);
        if (why)
            return refuse(error, BAD_INPUT, "ledger.witness_line", "line", DECIMAL(i + 1), why, "yes", NULL);
    }
    return g_steal_pointer(&list);
}

/* ---- what is said ---- */

char *witness_question(int64_t old, const TreeProof *proof, const char *note)
{
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "old %" PRId64 "\n", old);
    for (size_t i = 0; i < proof->count; i++) {
        g_autofree char *coded = g_base64_encode(proof->hashes[i].bytes, HASH_BYTES);
        g_string_append_printf(text, "%s\n", coded);
    }
    g_string_append_c(text, '\n');
    g_string_append(text, note);
    return g_string_free(text, FALSE);
}

bool witness_size(const char *body, int64_t *size)
{
    g_autofree char *line = g_strndup(body, strcspn(body, "\n"));
    return strcmp(body + strlen(line), "\n") == 0 && note_number(line, size);
}

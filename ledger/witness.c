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

static const char BLANKS[] = " \t";

/* Cuts the next word out of a line; NULL at its end. */
static char *next_word(char **rest)
{
    char *word = *rest + strspn(*rest, BLANKS);
    size_t length = strcspn(word, BLANKS);
    *rest = word + length + (word[length] != '\0');
    word[length] = '\0';
    return length > 0 ? word : NULL;
}

static bool is_url(const char *text)
{
    return g_str_has_prefix(text, "http://") || g_str_has_prefix(text, "https://");
}

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

static bool has_control(const char *line)
{
    for (; *line; line++)
        if (g_ascii_iscntrl(*line) && *line != '\t')
            return true;
    return false;
}

static bool read_line(char *line, GPtrArray *list)
{
    if (has_control(line))
        return false;
    char *word = next_word(&line);
    if (!word || word[0] == '#')
        return true;
    char *name = next_word(&line), *key = name ? next_word(&line) : NULL, *url = key ? next_word(&line) : NULL;
    g_auto(NoteVerifier) verifier = { 0 };
    if (strcmp(word, "witness") != 0 || !url || next_word(&line) || !is_url(url) || list->len == WITNESSES_MOST ||
        !cosigner_read(key, &verifier, NULL) || is_known(list, name, &verifier))
        return false;
    Witness *one = g_new0(Witness, 1);
    *one = (Witness){ g_strdup(name), verifier, g_strdup(url) };
    verifier.name = NULL; /* it went along */
    size_t length = strlen(one->url);
    if (one->url[length - 1] == '/')
        one->url[length - 1] = '\0';
    g_ptr_array_add(list, one);
    return true;
}

GPtrArray *witness_list_read(const char *text, GError **error)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)witness_free);
    for (int i = 0; lines[i]; i++)
        if (!read_line(lines[i], list)) {
            g_autofree char *number = g_strdup_printf("%d", i + 1);
            return refuse(error, BAD_INPUT, "ledger.witness_line", "line", number, NULL);
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

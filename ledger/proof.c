// SPDX-License-Identifier: Apache-2.0
#include "ledger/proof.h"

#include <string.h>

static const char TITLE[] = "c2sp.org/tlog-proof@v1", EXTRA[] = "extra ", INDEX[] = "index ";

void ledger_proof_clear(LedgerProof *self)
{
    g_clear_pointer(&self->extra, g_free);
    g_clear_pointer(&self->checkpoint, g_free);
}

/* ---- writing ---- */

static void add_coded(GString *text, const char *mark, const void *bytes, size_t length)
{
    g_autofree char *coded = g_base64_encode(bytes, length);
    g_string_append_printf(text, "%s%s\n", mark, coded);
}

char *ledger_proof_text(const LedgerProof *self)
{
    g_autoptr(GString) text = g_string_new(TITLE);
    g_string_append_c(text, '\n');
    if (self->extra)
        add_coded(text, EXTRA, self->extra, strlen(self->extra));
    g_string_append_printf(text, "%s%" PRId64 "\n", INDEX, self->index);
    for (size_t i = 0; i < self->tree.count; i++)
        add_coded(text, "", self->tree.hashes[i].bytes, HASH_BYTES);
    g_string_append_printf(text, "\n%s", self->checkpoint);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

void ledger_proof_shorten(char *text, size_t most)
{
    char *signatures = g_strrstr(text, "\n\n");
    while (signatures && strlen(text) > most) {
        char *last = g_strrstr_len(text, (gssize)strlen(text) - 1, "\n");
        if (last < signatures + 2)
            return;
        last[1] = '\0';
    }
}

/* ---- reading ---- */

static bool read_hash(const char *line, Hash *hash)
{
    gsize length = 0;
    g_autofree guchar *bytes = g_base64_decode(line, &length);
    if (length == HASH_BYTES)
        memcpy(hash->bytes, bytes, HASH_BYTES);
    return length == HASH_BYTES;
}

static bool read_head(const char *head, LedgerProof *out)
{
    gsize length;
    g_auto(GStrv) lines = g_strsplit(head, "\n", -1);
    char **line = lines + (lines[0] != NULL);
    if (*line && g_str_has_prefix(*line, EXTRA)) {
        g_autofree guchar *bytes = g_base64_decode(*line++ + strlen(EXTRA), &length);
        out->extra = g_strndup((const char *)bytes, length);
    }
    if (!*line || !g_str_has_prefix(*line, INDEX) || !note_number(*line + strlen(INDEX), &out->index))
        return false;
    while (*++line)
        if (out->tree.count == TREE_PROOF || !read_hash(*line, &out->tree.hashes[out->tree.count++]))
            return false;
    return !out->extra || *out->extra;
}

/* Reads loosely, and takes what is written the same again: base64 can write the same bytes in more than one way. */
bool ledger_proof_read(const char *text, LedgerProof *out)
{
    const char *cut = strstr(text, "\n\n");
    *out = (LedgerProof){ .checkpoint = g_strdup(cut ? cut + 2 : "") };
    g_autofree char *head = cut ? g_strndup(text, (gsize)(cut - text)) : g_strdup("");
    g_autofree char *again = read_head(head, out) ? ledger_proof_text(out) : NULL;
    bool read = *out->checkpoint && g_strcmp0(again, text) == 0;
    if (!read)
        ledger_proof_clear(out);
    return read;
}

/* ---- judging ---- */

bool ledger_proof_holds(const LedgerProof *self, const NoteVerifier *key, const char *origin, const Hash *leaf, int64_t *size)
{
    Hash root;
    g_autofree char *text = note_open(key, self->checkpoint);
    return text && checkpoint_read(text, origin, size, &root) &&
           tree_proves_inclusion(leaf, self->index, *size, &self->tree, &root);
}

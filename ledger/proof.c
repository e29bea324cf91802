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
        char *last = text + strlen(text) - 1;
        while (last > signatures + 2 && last[-1] != '\n')
            last--;
        if (last <= signatures + 2)
            return;
        *last = '\0';
    }
}

/* ---- reading ---- */

/* The line that begins at *at, which goes on behind its line feed; NULL when no line feed ends it. */
static char *take_line(const char **at)
{
    const char *end = strchr(*at, '\n');
    char *line = end ? g_strndup(*at, (gsize)(end - *at)) : NULL;
    if (end)
        *at = end + 1;
    return line;
}

/* Base64 can write the same bytes in more than one way; only the usual one is read. */
static guchar *decode(const char *coded, gsize *length)
{
    g_autofree guchar *bytes = g_base64_decode(coded, length);
    g_autofree char *again = bytes ? g_base64_encode(bytes, *length) : NULL;
    return g_strcmp0(again, coded) == 0 ? g_steal_pointer(&bytes) : NULL;
}

static bool read_extra(const char *coded, char **extra)
{
    gsize length = 0;
    g_autofree guchar *bytes = decode(coded, &length);
    if (!bytes || length == 0 || memchr(bytes, '\0', length))
        return false;
    *extra = g_strndup((const char *)bytes, length);
    return true;
}

static bool read_index(const char *line, int64_t *index)
{
    return g_str_has_prefix(line, INDEX) && note_number(line + strlen(INDEX), index);
}

static bool read_hash(const char *line, Hash *hash)
{
    gsize length = 0;
    g_autofree guchar *bytes = decode(line, &length);
    if (!bytes || length != HASH_BYTES)
        return false;
    memcpy(hash->bytes, bytes, HASH_BYTES);
    return true;
}

/* The hashes up to the empty line. */
static bool read_hashes(const char **at, TreeProof *out)
{
    for (;;) {
        g_autofree char *line = take_line(at);
        if (!line || !*line)
            return line != NULL;
        if (out->count == TREE_PROOF || !read_hash(line, &out->hashes[out->count++]))
            return false;
    }
}

static bool read_proof(const char *at, LedgerProof *out)
{
    g_autofree char *title = take_line(&at), *first = title ? take_line(&at) : NULL;
    if (!first || strcmp(title, TITLE) != 0)
        return false;
    bool told = g_str_has_prefix(first, EXTRA);
    g_autofree char *second = told ? take_line(&at) : NULL;
    if (told && (!second || !read_extra(first + strlen(EXTRA), &out->extra)))
        return false;
    if (!read_index(told ? second : first, &out->index) || !read_hashes(&at, &out->tree) || !*at)
        return false;
    out->checkpoint = g_strdup(at);
    return true;
}

bool ledger_proof_read(const char *text, LedgerProof *out)
{
    *out = (LedgerProof){ 0 };
    bool read = read_proof(text, out);
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

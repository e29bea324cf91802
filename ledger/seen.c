// SPDX-License-Identifier: Apache-2.0
#include "ledger/seen.h"

#include <string.h>
#include <unistd.h>

/* A name is shown on a terminal, so it may hold nothing that a terminal obeys. */
static bool is_plain(const char *text)
{
    while (g_ascii_isgraph(*text))
        text++;
    return !*text;
}

char *seen_signers(const char *note)
{
    GString *out = g_string_new(NULL);
    const char *cut = g_strrstr(note, "\n\n");
    g_auto(GStrv) lines = g_strsplit(cut ? cut + 2 : "", "\n", -1);
    for (char **line = lines; *line; line++) {
        gsize length = 0;
        g_auto(GStrv) parts = g_strsplit(*line, " ", 3); /* dash, name, id and signature */
        bool is_one = g_strv_length(parts) == 3 && is_plain(parts[1]);
        g_autofree guchar *id = is_one ? g_base64_decode(parts[2], &length) : NULL;
        if (length >= 4)
            g_string_append_printf(out, "%s%s+%02x%02x%02x%02x", out->len ? ", " : "", parts[1], id[0], id[1], id[2], id[3]);
    }
    return g_string_free(out, FALSE);
}

/* ---- files ---- */

char *seen_usual_file(const char *name)
{
    g_autofree char *file = g_uri_escape_string(name, NULL, FALSE); /* a name may hold a slash */
    g_autofree char *full = g_strconcat(file, ".checkpoint", NULL);
    return g_build_filename(g_get_user_state_dir(), "pinghu", full, NULL);
}

bool seen_keep(const char *file, const char *note, GError **error)
{
    enum { OWN_FOLDER = 0700, FOR_ALL = 0644 };
    g_autofree char *folder = g_path_get_dirname(file);
    if (g_mkdir_with_parents(folder, OWN_FOLDER) != 0)
        return fault(error, "%s: %s", folder, g_strerror(errno));
    return file_replace(file, note, FOR_ALL, error);
}

char *seen_evidence(const char *file, const Checkpoint *seen, GError **error)
{
    Hash hash;
    enum { TOLD = 4 };
    hash_parts(&(const HashPart){ seen->note, strlen(seen->note) }, 1, &hash);
    g_autofree char *hex = text_hex(hash.bytes, TOLD);
    g_autofree char *beside = g_strdup_printf("%s.%" PRId64 ".%s", file, seen->size, hex);
    return seen_keep(beside, seen->note, error) ? g_steal_pointer(&beside) : NULL;
}

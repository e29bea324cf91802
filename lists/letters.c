// SPDX-License-Identifier: Apache-2.0
/* Letters of names by ICU, one by one. Transliterating takes ten times as long as all else that a name is found by, so what a letter
 * became is kept in memory, for all connections. */
#include "lists/letters.h"

#include <pthread.h>
#include <string.h>
#include <unicode/ustring.h>

static const char *const rules[LETTER_FORMS] = {
    [LETTER_PLAIN] = "Hant-Hans", [LETTER_LATIN] = "Han-Latin; Latin-ASCII; Lower", [LETTER_SURNAME] = "Han-Latin/Names; Latin-ASCII; Lower",
};

struct Letters {
    pthread_mutex_t lock; /* of the system, for the thread sanitizer sees no GLib lock */
    UTransliterator *forms[LETTER_FORMS];
    GHashTable *known;    /* letter -> Letter; as many as there are letters at most */
};

static void let_go(void *data)
{
    Letters *self = data;
    for (size_t i = 0; i < LETTER_FORMS; i++)
        utrans_close(self->forms[i]);
    g_hash_table_unref(self->known);
    pthread_mutex_destroy(&self->lock);
}

void letters_release(Letters *self)
{
    if (self)
        g_atomic_rc_box_release_full(self, let_go);
}

static void release_box(void *box)
{
    letters_release(box);
}

static Letters *open(GError **error)
{
    g_autoptr(Letters) self = g_atomic_rc_box_new0(Letters);
    pthread_mutex_init(&self->lock, NULL);
    self->known = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    for (size_t i = 0; i < LETTER_FORMS; i++) {
        self->forms[i] = transliterator_open(rules[i], error);
        if (!self->forms[i])
            return NULL;
    }
    return g_steal_pointer(&self);
}

Letters *letters_of(Db *db, int64_t county, GError **error)
{
    static const char key[] = "letters";
    Letters *self = db_cache_get_box(db, county, key);
    if (self)
        return self;
    self = open(error);
    db_cache_put_box(db, county, key, self, release_box);
    return self;
}

/* Text that is longer than fits is left as it was: no letter has a syllable as long. */
static void write_form(const UTransliterator *form, gunichar letter, char out[static LETTER_TEXT])
{
    char text[LETTER_TEXT] = "";
    UChar wide[LETTER_TEXT];
    UErrorCode code = U_ZERO_ERROR;
    int32_t length = 0, limit, size = 0;
    text[g_unichar_to_utf8(letter, text)] = '\0';
    u_strFromUTF8(wide, LETTER_TEXT, &length, text, -1, &code);
    limit = length;
    utrans_transUChars(form, wide, &length, LETTER_TEXT, 0, &limit, &code);
    u_strToUTF8(out, LETTER_TEXT, &size, wide, length, &code);
    if (U_FAILURE(code))
        g_strlcpy(out, text, LETTER_TEXT);
}

/* Latin letters and digits are their own syllable; of all else that ICU knows no Latin for there is none. */
static void keep_latin(char *text)
{
    char *to = text;
    for (const char *at = text; *at; at++)
        if (g_ascii_isalnum(*at))
            *to++ = g_ascii_tolower(*at);
    *to = '\0';
}

static Letter *make(const Letters *self, gunichar letter)
{
    Letter *made = g_new0(Letter, 1);
    for (size_t i = 0; i < LETTER_FORMS; i++)
        write_form(self->forms[i], letter, made->forms[i]);
    keep_latin(made->forms[LETTER_LATIN]);
    keep_latin(made->forms[LETTER_SURNAME]);
    return made;
}

void letters_read(Letters *self, gunichar letter, Letter *out)
{
    pthread_mutex_lock(&self->lock);
    Letter *known = g_hash_table_lookup(self->known, GUINT_TO_POINTER(letter));
    if (!known)
        g_hash_table_insert(self->known, GUINT_TO_POINTER(letter), known = make(self, letter));
    *out = *known;
    pthread_mutex_unlock(&self->lock);
}

// SPDX-License-Identifier: Apache-2.0
/* Names as people look for them, and the keyed hashes that stand for them: of the whole name, of each of its characters, of how it is
 * read, of a number, a telephone, a receipt's place and day. Each kind has a purpose of its own, so that a hash tells of nothing else. */
#include "lists/letters.h"
#include "lists/room.h"

#include <sodium.h>
#include <string.h>

const char *const sought_kinds[SOUGHT_KINDS + 1] = { "number", "telephone", "receipt", "name", "part", "pinyin", "initials", "given" };

/* ---- names ---- */

enum { SURNAME_MOST = 2 /* 欧阳 */, FULL_NAME = 4, READINGS = 2 /* as any word is read, and with its first character as a surname */ };

typedef struct Name {
    GString *whole;      /* small letters and digits of any script, simplified, without anything between them */
    GPtrArray *parts;    /* each Chinese character, and each word of another script, once */
    GString *word;       /* of another script, under way */
    GString *syllables[READINGS], *initials[READINGS];
    size_t han, behind[SURNAME_MOST]; /* Chinese characters, and where the syllables behind the first ones begin */
} Name;

static void name_clear(Name *self)
{
    g_string_free(self->whole, TRUE);
    g_string_free(self->word, TRUE);
    g_ptr_array_unref(self->parts);
    for (size_t i = 0; i < READINGS; i++) {
        g_string_free(self->syllables[i], TRUE);
        g_string_free(self->initials[i], TRUE);
    }
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Name, name_clear)

static void add_part(Name *self, const char *part)
{
    g_string_append(self->whole, part);
    if (*part && !g_ptr_array_find_with_equal_func(self->parts, part, g_str_equal, NULL))
        g_ptr_array_add(self->parts, g_strdup(part));
}

static void add_reading(Name *self, size_t which, const char *latin, bool begins)
{
    g_string_append(self->syllables[which], latin);
    if (begins && *latin)
        g_string_append_c(self->initials[which], *latin);
}

static void end_word(Name *self)
{
    add_part(self, self->word->str);
    g_string_truncate(self->word, 0);
}

static void add_letter(Name *self, Letters *letters, gunichar letter)
{
    Letter read;
    letters_read(letters, letter, &read);
    bool is_han = g_unichar_get_script(letter) == G_UNICODE_SCRIPT_HAN, is_first = !self->whole->len && !self->word->len;
    bool begins = is_han || !self->word->len;
    if (is_han)
        end_word(self);
    add_reading(self, 0, read.forms[LETTER_LATIN], begins);
    add_reading(self, 1, read.forms[is_first ? LETTER_SURNAME : LETTER_LATIN], begins);
    if (is_han && self->han < SURNAME_MOST)
        self->behind[self->han] = self->syllables[0]->len;
    self->han += is_han;
    if (is_han)
        add_part(self, read.forms[LETTER_PLAIN]);
    else
        g_string_append_unichar(self->word, letter);
}

/* Full-width letters are made plain; blanks, middle dots, hyphens and brackets, of which there are many that look alike, only end a word;
 * what is not seen, as the selector of a variant, is passed over. */
static void name_read(Name *self, Letters *letters, const char *text)
{
    g_autofree char *composed = g_utf8_normalize(text, -1, G_NORMALIZE_ALL_COMPOSE), *small = g_utf8_casefold(composed ? composed : "", -1);
    *self = (Name){ g_string_new(NULL), g_ptr_array_new_with_free_func(g_free), g_string_new(NULL),
                    { g_string_new(NULL), g_string_new(NULL) }, { g_string_new(NULL), g_string_new(NULL) }, 0, { 0 } };
    for (const char *at = small; *at; at = g_utf8_next_char(at)) {
        gunichar letter = g_utf8_get_char(at);
        if (g_unichar_isalnum(letter))
            add_letter(self, letters, letter);
        else if (g_unichar_ismark(letter) && self->word->len)
            g_string_append_unichar(self->word, letter);
        else if (!g_unichar_ismark(letter) && g_unichar_type(letter) != G_UNICODE_FORMAT)
            end_word(self);
    }
    end_word(self);
}

/* Characters that stand in the names of so many enterprises that they find none. */
static bool is_common(const char *part)
{
    return strstr("省市县区镇乡村有限责任公司集团股份", part) != NULL;
}

/* ---- numbers ---- */

static char *digits_of(const char *text)
{
    GString *out = g_string_new(NULL);
    for (const char *at = text; *at; at++)
        if (g_ascii_isdigit(*at))
            g_string_append_c(out, *at);
    return g_string_free(out, FALSE);
}

/* A telephone as it is kept, in this country without the country's number; or its digits as they were typed. */
static char *typed_telephone(const char *typed)
{
    g_autofree char *usual = *typed ? identity_telephone(typed, NULL) : NULL;
    return digits_of(usual ? usual : typed);
}

static char *typed_number(const char *typed)
{
    g_autofree char *usual = *typed ? identity_number_sought(typed) : NULL;
    return list_fold_closed(usual ? usual : typed);
}

static char *receipt_of(const Sought *self)
{
    return self->place ? g_strdup_printf("%" PRId64 "/%d", self->place, self->day) : g_strdup("");
}

/* ---- hashes ---- */

/* One HMAC makes the key of a table, and that the hashes by SipHash-2-4 (Aumasson, Bernstein, 2012), which for texts as short as names takes
 * a fiftieth of the time. */
typedef struct Key {
    unsigned char bytes[crypto_shorthash_siphash24_KEYBYTES];
} Key;

static bool key_of(const Context *context, const char *table, Key *out, GError **error)
{
    g_autofree char *hex = personal_hash(context->db, context->county, table, "", error);
    return hex && sodium_hex2bin(out->bytes, sizeof out->bytes, hex, 2 * sizeof out->bytes, NULL, NULL, NULL) == 0;
}

static int64_t hash_of(const Key *key, enum sought_kind kind, const char *text)
{
    int64_t hash;
    g_autofree char *whole = g_strconcat(sought_kinds[kind], ".", text, NULL);
    crypto_shorthash_siphash24((unsigned char *)&hash, (const unsigned char *)whole, strlen(whole), key->bytes);
    return GINT64_FROM_LE(hash);
}

/* The hashes of one subject under way. */
typedef struct Making {
    Key key;
    GArray *out;
} Making;

static void add(Making *self, enum sought_kind kind, const char *text)
{
    int64_t hash = hash_of(&self->key, kind, text);
    bool is_new = *text && self->out->len < SOUGHT_MOST;
    for (guint i = 0; is_new && i < self->out->len; i++)
        is_new = g_array_index(self->out, int64_t, i) != hash;
    if (is_new)
        g_array_append_val(self->out, hash);
}

/* Behind a surname of one character and, of four, of two. */
static void add_given(Making *self, const Name *name)
{
    for (size_t i = 0; i < SURNAME_MOST && name->han >= (i ? FULL_NAME : SURNAME_MOST); i++)
        add(self, SOUGHT_GIVEN, name->syllables[0]->str + name->behind[i]);
}

static void add_name(Making *self, const Sought *who, Letters *letters)
{
    g_auto(Name) name;
    name_read(&name, letters, who->name);
    add(self, SOUGHT_NAME, name.whole->str);
    for (size_t i = 0; i < READINGS; i++) {
        add(self, SOUGHT_PINYIN, name.syllables[i]->str);
        add(self, SOUGHT_INITIALS, name.initials[i]->str);
    }
    if (who->is_person && who->has_given)
        add_given(self, &name);
    for (guint i = 0; i < name.parts->len; i++)
        if (who->is_person || !is_common(name.parts->pdata[i]))
            add(self, SOUGHT_PART, name.parts->pdata[i]);
}

GArray *sought_make(const Context *context, const char *table, const Sought *who, GError **error)
{
    g_autoptr(GArray) out = g_array_new(FALSE, FALSE, sizeof(int64_t));
    g_autoptr(Letters) letters = letters_of(context->db, context->county, error);
    Making self = { .out = out };
    if (!letters || !key_of(context, table, &self.key, error))
        return NULL;
    g_autofree char *number = list_fold_closed(who->id_number), *telephone = digits_of(who->telephone), *receipt = receipt_of(who);
    add(&self, SOUGHT_NUMBER, number);
    add(&self, SOUGHT_TELEPHONE, telephone);
    add(&self, SOUGHT_RECEIPT, receipt);
    add_name(&self, who, letters);
    g_array_sort(out, numbers_in_order);
    return g_steal_pointer(&out);
}

/* ---- asking ---- */

/* Nothing is asked of an empty text. */
static void ask(const Key *key, enum sought_kind kind, const char *text, SoughtWay *way)
{
    if (!*text || way->count == SOUGHT_HASHES)
        return;
    way->by = kind;
    way->hashes[way->count++] = hash_of(key, kind, text);
}

static bool is_all_common(const Name *name)
{
    bool all = name->parts->len > 0;
    for (guint i = 0; i < name->parts->len; i++)
        all = all && is_common(name->parts->pdata[i]);
    return all;
}

/* The last characters first: given names are rarer than surnames, and rows are found by the first hash. */
static void ask_parts(const Key *key, const Name *name, SoughtWay *way)
{
    bool all_common = is_all_common(name);
    for (guint i = name->parts->len; i-- > 0;)
        if (all_common || !is_common(name->parts->pdata[i]))
            ask(key, SOUGHT_PART, name->parts->pdata[i], way);
}

static void ask_name(const Key *key, Letters *letters, const char *typed, const SoughtWay *also, SoughtWays *out)
{
    g_auto(Name) name;
    name_read(&name, letters, typed);
    const char *latin = g_str_is_ascii(name.whole->str) ? name.whole->str : "";
    const struct { enum sought_kind by; const char *text; } tried[SOUGHT_WAYS] = {
        { SOUGHT_NAME, name.whole->str }, { SOUGHT_PART, NULL }, { SOUGHT_PINYIN, name.syllables[1]->str }, { SOUGHT_INITIALS, latin }, { SOUGHT_GIVEN, latin },
    };
    out->is_common = is_all_common(&name);
    for (size_t i = 0; i < SOUGHT_WAYS; i++) {
        SoughtWay *way = &out->ways[out->count];
        *way = *also;
        if (tried[i].by == SOUGHT_PART)
            ask_parts(key, &name, way);
        else
            ask(key, tried[i].by, tried[i].text, way);
        out->count += way->count > also->count;
    }
}

bool sought_ways(const Context *context, const char *table, const Sought *typed, SoughtWays *out, GError **error)
{
    Key key;
    SoughtWay way = { 0 };
    g_autoptr(Letters) letters = letters_of(context->db, context->county, error);
    g_autofree char *number = typed_number(typed->id_number), *telephone = typed_telephone(typed->telephone), *receipt = receipt_of(typed);
    *out = (SoughtWays){ 0 };
    if (!letters || !key_of(context, table, &key, error))
        return false;
    ask(&key, SOUGHT_NUMBER, number, &way);
    ask(&key, SOUGHT_TELEPHONE, telephone, &way);
    ask(&key, SOUGHT_RECEIPT, receipt, &way);
    if (*typed->name) {
        ask_name(&key, letters, typed->name, &way, out);
        return true;
    }
    out->ways[0] = way;
    out->count = way.count > 0;
    return true;
}

// SPDX-License-Identifier: Apache-2.0
/* Names as people look for them, and the keyed hashes that stand for them: of the whole name, of each of its characters, of how it is
 * read, of a number, a telephone, a receipt's place and day. Each kind has a purpose of its own, so that a hash tells of nothing else. */
#include "lists/letters.h"
#include "lists/room.h"

#include <string.h>

const char *const sought_kinds[SOUGHT_KINDS + 1] = { "number", "telephone", "receipt", "name", "part", "pinyin", "initials" };

/* ---- names ---- */

enum { READINGS = 2 /* as any word is read, and with its first character as a surname */ };

typedef struct Name {
    GString *whole;      /* small letters and digits of any script, simplified, without anything between them */
    GPtrArray *parts;    /* each Chinese character, and each word of another script, once */
    GString *word;       /* of another script, under way */
    GString *syllables[READINGS], *initials[READINGS];
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
                    { g_string_new(NULL), g_string_new(NULL) }, { g_string_new(NULL), g_string_new(NULL) } };
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
    g_autofree char *person = *typed ? identity_resident_id(typed, NULL) : NULL;
    g_autofree char *enterprise = *typed && !person ? identity_enterprise_id(typed, NULL) : NULL;
    return list_fold_closed(person ? person : enterprise ? enterprise : typed);
}

static char *receipt_of(const Sought *self)
{
    return self->place ? g_strdup_printf("%" PRId64 "/%d", self->place, self->day) : g_strdup("");
}

/* ---- hashes ---- */

static bool hash_of(const Context *context, const char *table, enum sought_kind kind, const char *text, int64_t *hash, GError **error)
{
    enum { DIGITS = 16 /* 64 bits */, HEXADECIMAL = 16 };
    g_autofree char *purpose = g_strconcat(table, ".", sought_kinds[kind], NULL), *hex = personal_hash(context->db, context->county, purpose, text, error);
    if (hex)
        hex[DIGITS] = '\0';
    *hash = hex ? (int64_t)g_ascii_strtoull(hex, NULL, HEXADECIMAL) : 0;
    return hex;
}

/* The hashes of one subject under way. */
typedef struct Making {
    const Context *context;
    const char *table;
    GArray *out;
    bool failed;
} Making;

static void add(Making *self, enum sought_kind kind, const char *text, GError **error)
{
    int64_t hash;
    if (!*text || self->failed || self->out->len == SOUGHT_MOST)
        return;
    self->failed = !hash_of(self->context, self->table, kind, text, &hash, error);
    for (guint i = 0; i < self->out->len; i++)
        if (g_array_index(self->out, int64_t, i) == hash)
            return;
    if (!self->failed)
        g_array_append_val(self->out, hash);
}

static void add_name(Making *self, const Sought *who, Letters *letters, GError **error)
{
    g_auto(Name) name;
    name_read(&name, letters, who->name);
    add(self, SOUGHT_NAME, name.whole->str, error);
    for (size_t i = 0; i < READINGS; i++) {
        add(self, SOUGHT_PINYIN, name.syllables[i]->str, error);
        add(self, SOUGHT_INITIALS, name.initials[i]->str, error);
    }
    for (guint i = 0; i < name.parts->len; i++)
        if (who->is_person || !is_common(name.parts->pdata[i]))
            add(self, SOUGHT_PART, name.parts->pdata[i], error);
}

static int in_order(const void *a, const void *b)
{
    const int64_t *one = a, *other = b;
    return (*one > *other) - (*one < *other);
}

GArray *sought_make(const Context *context, const char *table, const Sought *who, GError **error)
{
    g_autoptr(GArray) out = g_array_new(FALSE, FALSE, sizeof(int64_t));
    g_autoptr(Letters) letters = letters_of(context->db, context->county, error);
    Making self = { context, table, out, !letters };
    g_autofree char *number = list_fold_closed(who->id_number), *telephone = digits_of(who->telephone), *receipt = receipt_of(who);
    add(&self, SOUGHT_NUMBER, number, error);
    add(&self, SOUGHT_TELEPHONE, telephone, error);
    add(&self, SOUGHT_RECEIPT, receipt, error);
    if (letters)
        add_name(&self, who, letters, error);
    g_array_sort(out, in_order);
    return self.failed ? NULL : g_steal_pointer(&out);
}

/* ---- asking ---- */

/* Nothing is asked of an empty text. */
static bool ask(const Context *context, const char *table, enum sought_kind kind, const char *text, SoughtWay *way, GError **error)
{
    if (!*text || way->count == SOUGHT_HASHES)
        return true;
    way->by = kind;
    return hash_of(context, table, kind, text, &way->hashes[way->count++], error);
}

/* The last characters first: given names are rarer than surnames, and rows are found by the first hash. */
static bool ask_parts(const Context *context, const char *table, const Name *name, SoughtWay *way, GError **error)
{
    bool well = true, some = false;
    for (guint i = 0; i < name->parts->len; i++)
        some |= !is_common(name->parts->pdata[i]);
    for (guint i = name->parts->len; well && i-- > 0;)
        well = (some && is_common(name->parts->pdata[i])) || ask(context, table, SOUGHT_PART, name->parts->pdata[i], way, error);
    return well;
}

static bool ask_name(const Context *context, const char *table, const char *typed, const SoughtWay *also, SoughtWays *out, GError **error)
{
    bool well = true;
    g_autoptr(Letters) letters = letters_of(context->db, context->county, error);
    if (!letters)
        return false;
    g_auto(Name) name; /* read at once: it has nothing to clear before */
    name_read(&name, letters, typed);
    const char *texts[SOUGHT_WAYS] = { name.whole->str, NULL, name.syllables[1]->str, g_str_is_ascii(name.whole->str) ? name.whole->str : "" };
    for (size_t i = 0; well && i < SOUGHT_WAYS; i++) {
        SoughtWay *way = &out->ways[out->count];
        *way = *also;
        well = texts[i] ? ask(context, table, (enum sought_kind)(SOUGHT_NAME + i), texts[i], way, error) : ask_parts(context, table, &name, way, error);
        out->count += way->count > also->count;
    }
    return well;
}

bool sought_ways(const Context *context, const char *table, const Sought *typed, SoughtWays *out, GError **error)
{
    SoughtWay way = { 0 };
    g_autofree char *number = typed_number(typed->id_number), *telephone = typed_telephone(typed->telephone), *receipt = receipt_of(typed);
    *out = (SoughtWays){ 0 };
    if (!ask(context, table, SOUGHT_NUMBER, number, &way, error) || !ask(context, table, SOUGHT_TELEPHONE, telephone, &way, error) ||
        !ask(context, table, SOUGHT_RECEIPT, receipt, &way, error))
        return false;
    if (*typed->name)
        return ask_name(context, table, typed->name, &way, out, error);
    out->ways[0] = way;
    out->count = way.count > 0;
    return true;
}

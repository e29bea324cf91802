// SPDX-License-Identifier: Apache-2.0
/* Personal data at rest (PIPL art. 51): AES-256-GCM (NIST SP 800-38D) with a random nonce for each value, bound to its county, place
 * and key as additional data; HMAC-SHA-256 for what has to be found. A sealed text is "~NUMBER OF THE KEY~BASE64", of nonce,
 * ciphertext and tag. */
#include "db/personal.h"

#include <limits.h>
#include <openssl/evp.h>
#include <sodium.h>
#include <string.h>

enum { NONCE = 12, TAG = 16, NONCES = 20 /* drawn at once, for each order to the system costs more than sealing a name */ };

static const char first_line[] = "pinghu personal keys 1", search_line[] = "search ";

/* ---- the file ---- */

static bool read_key(const char *hex, unsigned char key[static PERSONAL_KEY])
{
    size_t length;
    return strlen(hex) == (size_t)2 * PERSONAL_KEY && sodium_hex2bin(key, PERSONAL_KEY, hex, strlen(hex), NULL, &length, NULL) == 0 &&
           length == PERSONAL_KEY;
}

static char *cut_line(char **text)
{
    char *line = *text;
    size_t length = strcspn(line, "\n");
    *text = line + length + (line[length] == '\n');
    line[length] = '\0';
    return line;
}

static bool read_lines(PersonalKeys *self, char *text)
{
    const char *line = cut_line(&text);
    bool fits = strcmp(line, first_line) == 0;
    line = cut_line(&text);
    fits = fits && g_str_has_prefix(line, search_line) && read_key(line + strlen(search_line), self->search);
    while (fits && *text) {
        g_autofree char *begins = g_strdup_printf("%zu ", self->count + 1);
        line = cut_line(&text);
        fits = self->count < PERSONAL_KEYS_MOST && g_str_has_prefix(line, begins) && read_key(line + strlen(begins), self->seals[self->count]);
        self->count++;
    }
    return fits && self->count > 0;
}

PersonalKeys *personal_keys_parse(char *text)
{
    size_t length = strlen(text);
    g_autoptr(PersonalKeys) self = g_new0(PersonalKeys, 1);
    bool fits = read_lines(self, text);
    sodium_memzero(text, length); /* the lines' ends are NULs by now */
    return fits ? g_steal_pointer(&self) : NULL;
}

bool personal_keys_read(const char *file, PersonalKeys **keys, GError **error)
{
    char *text;
    *keys = NULL;
    if (!secret_read(file, &text, error))
        return false;
    if (text)
        *keys = personal_keys_parse(text);
    bool read = !text || *keys;
    g_free(text);
    return read || refuse(error, BAD_INPUT, "db.personal_form", "file", file, NULL);
}

static void append_key(GString *out, const unsigned char key[static PERSONAL_KEY])
{
    char hex[2 * PERSONAL_KEY + 1];
    sodium_bin2hex(hex, sizeof hex, key, PERSONAL_KEY);
    g_string_append_c(g_string_append(out, hex), '\n');
    sodium_memzero(hex, sizeof hex);
}

/* Large enough from the beginning, for a text that grows leaves copies in memory. To be freed with secret_free. */
static char *write_lines(const PersonalKeys *self)
{
    enum { LINE = 2 * PERSONAL_KEY + 32 };
    GString *out = g_string_sized_new(LINE * (self->count + 2));
    g_string_append_printf(out, "%s\n%s", first_line, search_line);
    append_key(out, self->search);
    for (size_t i = 0; i < self->count; i++) {
        g_string_append_printf(out, "%zu ", i + 1);
        append_key(out, self->seals[i]);
    }
    return g_string_free(out, FALSE);
}

bool personal_keys_make(const char *file, GError **error)
{
    g_autoptr(PersonalKeys) self = g_new0(PersonalKeys, 1);
    self->count = 1;
    random_secure(NULL, self->search, PERSONAL_KEY);
    random_secure(NULL, self->seals[0], PERSONAL_KEY);
    char *text = write_lines(self);
    bool made = secret_write(file, text, error);
    secret_free(text);
    return made;
}

bool personal_keys_add(const char *file, GError **error)
{
    g_autoptr(PersonalKeys) self = NULL;
    if (!personal_keys_read(file, &self, error))
        return false;
    if (!self)
        return refuse(error, NOT_FOUND, "db.personal_missing", "file", file, NULL);
    if (self->count == PERSONAL_KEYS_MOST)
        return refuse(error, CONFLICT, "db.personal_many", NULL);
    random_secure(NULL, self->seals[self->count++], PERSONAL_KEY);
    char *text = write_lines(self);
    bool written = file_replace(file, text, 0600, error);
    secret_free(text);
    return written;
}

void personal_keys_free(PersonalKeys *self)
{
    if (self)
        sodium_memzero(self, sizeof *self);
    g_free(self);
}

/* ---- the counties of a store ---- */

/* Counties are added while others are at work. */
struct PersonalCounties {
    pthread_mutex_t lock;
    GHashTable *keys; /* by county */
};

PersonalCounties *personal_counties_new(void)
{
    PersonalCounties *self = g_new0(PersonalCounties, 1);
    pthread_mutex_init(&self->lock, NULL);
    self->keys = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, (GDestroyNotify)personal_keys_free);
    return self;
}

void personal_counties_free(PersonalCounties *self)
{
    g_hash_table_unref(self->keys);
    pthread_mutex_destroy(&self->lock);
    g_free(self);
}

void personal_counties_add(PersonalCounties *self, int64_t county, PersonalKeys *keys)
{
    int64_t *code = g_new(int64_t, 1);
    *code = county;
    pthread_mutex_lock(&self->lock);
    bool is_first = g_hash_table_insert(self->keys, code, keys);
    pthread_mutex_unlock(&self->lock);
    g_assert(is_first);
}

void store_use_personal(Store *self, int64_t county, const char *text)
{
    g_autofree char *copy = g_strdup(text);
    personal_counties_add(self->personal, county, personal_keys_parse(copy));
}

static const PersonalKeys *keys_of(PersonalCounties *self, int64_t county)
{
    pthread_mutex_lock(&self->lock);
    const PersonalKeys *keys = g_hash_table_lookup(self->keys, &county);
    pthread_mutex_unlock(&self->lock);
    return keys;
}

/* ---- the ciphers of a connection ---- */

/* The context keeps the schedule of the key that it was given last, since computing one takes longer than sealing a name. */
typedef struct Cipher {
    EVP_CIPHER_CTX *openssl;
    const unsigned char *key;
} Cipher;

typedef struct PersonalCiphers {
    int64_t county;
    const PersonalKeys *keys; /* of the county */
    Cipher sealing, opening;
    unsigned char nonces[NONCES * NONCE]; /* random; `left` bytes of them are still to be used, each once */
    size_t left;
    GString *bound; /* "COUNTY PLACE OF", to which the value at hand is bound: at once, for each call of OpenSSL costs as much as a block;
                       or what a hash is made of */
} PersonalCiphers;

void personal_ciphers_free(PersonalCiphers *self)
{
    if (self) {
        EVP_CIPHER_CTX_free(self->sealing.openssl);
        EVP_CIPHER_CTX_free(self->opening.openssl);
        g_string_free(self->bound, TRUE);
    }
    g_free(self);
}

static PersonalCiphers *ciphers_of(Db *self, int64_t county, GError **error)
{
    if (!self->ciphers) {
        self->ciphers = g_new0(PersonalCiphers, 1);
        self->ciphers->bound = g_string_new(NULL);
    }
    if (!self->ciphers->keys || self->ciphers->county != county) {
        self->ciphers->keys = keys_of(self->personal, county);
        self->ciphers->county = county;
    }
    return self->ciphers->keys ? self->ciphers : fault(error, "the keys of the personal data of %" PRId64 " are not there", county);
}

static void draw_nonce(PersonalCiphers *self, unsigned char *nonce)
{
    if (!self->left)
        random_secure(NULL, self->nonces, self->left = sizeof self->nonces);
    self->left -= NONCE;
    memcpy(nonce, self->nonces + self->left, NONCE);
}

static void bind_to(PersonalCiphers *self, const char *place, const char *of)
{
    g_string_truncate(self->bound, 0);
    text_append_all(self->bound, (const char *const[]){ DECIMAL(self->county), " ", place, " ", of, NULL });
}

/* Begins one value: its nonce, and what it is bound to. */
static bool begin(Cipher *self, const unsigned char *key, bool seals, const unsigned char *nonce, const GString *bound)
{
    int done;
    bool is_new = !self->openssl, has_key = self->key == key;
    if (is_new)
        self->openssl = EVP_CIPHER_CTX_new();
    bool is_set = EVP_CipherInit_ex(self->openssl, is_new ? EVP_aes_256_gcm() : NULL, NULL, has_key ? NULL : key, nonce, seals) == 1;
    self->key = is_set ? key : NULL;
    return is_set && EVP_CipherUpdate(self->openssl, NULL, &done, (const unsigned char *)bound->str, (int)bound->len) == 1;
}

int64_t personal_key_newest(Db *self, int64_t county, GError **error)
{
    const PersonalCiphers *ciphers = ciphers_of(self, county, error);
    return ciphers ? (int64_t)ciphers->keys->count : 0;
}

/* ---- sealing and opening ---- */

static char *write_sealed(size_t key, const unsigned char *bytes, size_t length)
{
    enum { BYTES = 3, LETTERS = 4 };
    const char *number = DECIMAL(key);
    size_t begins = strlen(number) + 2;
    char *out = g_malloc(begins + (length + BYTES - 1) / BYTES * LETTERS + 1);
    *out = out[begins - 1] = '~';
    memcpy(out + 1, number, begins - 2);
    EVP_EncodeBlock((unsigned char *)out + begins, bytes, (int)length);
    return out;
}

char *personal_seal_bytes(Db *self, int64_t county, const char *place, const char *of, const void *plain, size_t length, GError **error)
{
    int done, rest;
    PersonalCiphers *ciphers = ciphers_of(self, county, error);
    if (!ciphers || length > INT_MAX - NONCE - TAG)
        return ciphers ? fault(error, "%s is too long to be sealed", place) : NULL;
    const PersonalKeys *keys = ciphers->keys;
    g_autofree unsigned char *bytes = g_malloc(NONCE + length + TAG);
    draw_nonce(ciphers, bytes);
    bind_to(ciphers, place, of);
    bool well = begin(&ciphers->sealing, keys->seals[keys->count - 1], true, bytes, ciphers->bound);
    EVP_CIPHER_CTX *openssl = ciphers->sealing.openssl;
    well = well && EVP_CipherUpdate(openssl, bytes + NONCE, &done, plain, (int)length) == 1 &&
           EVP_CipherFinal_ex(openssl, bytes + NONCE + done, &rest) == 1 &&
           EVP_CIPHER_CTX_ctrl(openssl, EVP_CTRL_AEAD_GET_TAG, TAG, bytes + NONCE + length) == 1;
    if (!well)
        return fault(error, "OpenSSL does not seal");
    return write_sealed(keys->count, bytes, NONCE + length + TAG);
}

char *personal_seal(Db *self, int64_t county, const char *place, const char *of, const char *text, GError **error)
{
    return *text ? personal_seal_bytes(self, county, place, of, text, strlen(text), error) : g_strdup("");
}

int64_t personal_sealed_by(const char *text)
{
    enum { DIGITS_MOST = 3 };
    size_t digits = *text == '~' ? strspn(text + 1, "0123456789") : 0;
    return digits && digits <= DIGITS_MOST && text[1 + digits] == '~' ? g_ascii_strtoll(text + 1, NULL, 10) : 0;
}

/* Opens in place; the text ends where its tag began. */
static bool unseal(Cipher *self, unsigned char *bytes, size_t length, const unsigned char *key, const GString *bound)
{
    int done, rest;
    unsigned char *text = bytes + NONCE;
    size_t size = length - NONCE - TAG;
    bool well = begin(self, key, false, bytes, bound) &&
                EVP_CIPHER_CTX_ctrl(self->openssl, EVP_CTRL_AEAD_SET_TAG, TAG, text + size) == 1 &&
                EVP_CipherUpdate(self->openssl, text, &done, text, (int)size) == 1 && EVP_CipherFinal_ex(self->openssl, text + done, &rest) == 1;
    text[size] = '\0';
    return well;
}

/* Bytes as they were before they were sealed, behind a nonce and ended by a byte 0; NULL with an error. Owned by the caller. */
static unsigned char *open_sealed(Db *self, int64_t county, const char *place, const char *of, const char *sealed, size_t *length, GError **error)
{
    size_t whole = 0;
    PersonalCiphers *ciphers = ciphers_of(self, county, error);
    int64_t id = personal_sealed_by(sealed);
    if (!ciphers)
        return NULL;
    if (id < 1 || id > (int64_t)ciphers->keys->count)
        return fault(error, "%s of %s is not sealed with a key of this county", place, of);
    g_autofree unsigned char *bytes = g_base64_decode(strchr(sealed + 1, '~') + 1, &whole);
    bind_to(ciphers, place, of);
    if (whole < NONCE + TAG || !unseal(&ciphers->opening, bytes, whole, ciphers->keys->seals[id - 1], ciphers->bound))
        return fault(error, "%s of %s does not open: it was altered, or moved there", place, of);
    *length = whole - NONCE - TAG;
    return g_steal_pointer(&bytes);
}

bool personal_open(Db *self, int64_t county, const char *place, const char *of, const char *sealed, char **text, GError **error)
{
    size_t length;
    g_autofree unsigned char *opened = *sealed ? open_sealed(self, county, place, of, sealed, &length, error) : NULL;
    *text = opened ? g_strdup((char *)opened + NONCE) : *sealed ? NULL : g_strdup("");
    return *text;
}

GBytes *personal_open_bytes(Db *self, int64_t county, const char *place, const char *of, const char *sealed, GError **error)
{
    size_t length = 0;
    g_autofree unsigned char *opened = open_sealed(self, county, place, of, sealed, &length, error);
    return opened ? g_bytes_new(opened + NONCE, length) : NULL;
}

char *personal_column(const DbRows *rows, int column, const char *place, const char *of, GError **error)
{
    char *text;
    const char *sealed = db_column_text(rows, column);
    return personal_open(rows->db, rows->county, place, of, sealed ? sealed : "", &text, error) ? text : NULL;
}

/* ---- finding ---- */

char *personal_keys_proof(const PersonalKeys *self, int64_t id)
{
    unsigned char proof[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256(proof, self->seals[id - 1], PERSONAL_KEY, self->search);
    return text_hex(proof, sizeof proof);
}

char *personal_hash(Db *self, int64_t county, const char *purpose, const char *text, GError **error)
{
    Hash hash;
    PersonalCiphers *ciphers = ciphers_of(self, county, error);
    if (!ciphers)
        return NULL;
    const char *const parts[] = { DECIMAL(county), purpose, text };
    g_string_truncate(ciphers->bound, 0);
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) /* each with its NUL, so that no two lists make one text */
        g_string_append_len(ciphers->bound, parts[i], (gssize)strlen(parts[i]) + 1);
    hash_keyed(ciphers->keys->search, PERSONAL_KEY, ciphers->bound->str, ciphers->bound->len, &hash);
    return text_hex(&hash, sizeof hash);
}

// SPDX-License-Identifier: Apache-2.0
/* The seal on documents (电子签章): the signature algorithm SM2 (GB/T 32918) over the digest SM3 (GB/T 32905), for
 * the identity that GM/T 0009 names where nobody agreed on another. It stands in a comment behind the end of
 * the PDF and covers every byte before that line, so that OpenSSL alone can check it (docs/seal.md). */
#include "files/room.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <string.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(BIO, BIO_free_all)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_MD_CTX, EVP_MD_CTX_free)

#define SEAL_IDENTITY "1234567812345678"

enum { SIGNATURE_MOST = 80, LINE_MOST = 200 }; /* bytes: of two numbers of 256 bit in DER, of a line of the seal */

static const char line_begins[] = "%pinghu-seal ";
static const char code_begins[] = "%pinghu-document ";

struct Seal {
    EVP_PKEY *key; /* never written after it was read: threads share it */
    char id[SEAL_KEY_TEXT];
};

const char *const seal_finding_names[] = { "genuine", "altered", "other_key", "no_seal", "not_pdf", "not_kept" };

static void *openssl_fault(GError **error, const char *what)
{
    const char *why = ERR_reason_error_string(ERR_get_error());
    ERR_clear_error();
    return fault(error, "%s: %s", what, why ? why : "OpenSSL does not say why");
}

/* ---- the key ---- */

char *seal_digest(const void *bytes, size_t length)
{
    unsigned char digest[32];
    bool done = EVP_Q_digest(NULL, "SM3", NULL, bytes, length, digest, NULL);
    g_assert(done);
    return text_hex(digest, sizeof digest);
}

/* The key's name: the first 64 bit of the digest of its public half in DER. */
static void name_key(Seal *self)
{
    unsigned char *der = NULL;
    int length = i2d_PUBKEY(self->key, &der);
    g_autofree char *digest = seal_digest(der, (size_t)MAX(length, 0));
    g_strlcpy(self->id, digest, sizeof self->id);
    OPENSSL_free(der);
}

/* Nobody is asked for a password: a server has nobody to ask. */
static int no_password(char *out, int size, int writing, void *data)
{
    (void)writing, (void)data;
    if (size > 0)
        *out = '\0';
    return -1;
}

/* Takes over `key`; NULL for what is none. */
static Seal *seal_of(EVP_PKEY *key)
{
    ERR_clear_error();
    if (!key || !EVP_PKEY_is_a(key, "SM2")) {
        EVP_PKEY_free(key);
        return NULL;
    }
    Seal *self = g_new0(Seal, 1);
    self->key = key;
    name_key(self);
    return self;
}

static void *no_key_in(const char *file, GError **error)
{
    return refuse(error, BAD_INPUT, "files.seal_form", "file", file, NULL);
}

/* PKCS#8 (RFC 5958) of a key of the curve SM2, without its public half, up to the number itself. */
static const unsigned char pkcs8_begins[] = { 0x30, 0x41, 2, 1, 0, 0x30, 0x13, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 8, 0x2a, 0x81,
                                              0x1c, 0xcf, 0x55, 1, 0x82, 0x2d, 4, 0x27, 0x30, 0x25, 2, 1, 1, 4, SEAL_SECRET };

/* GB/T 32918.5: the largest private key, two less than the order of the curve. */
static const unsigned char largest[SEAL_SECRET] = { 0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                                    0x72, 0x03, 0xdf, 0x6b, 0x21, 0xc6, 0x05, 0x2b, 0x53, 0xbb, 0xf4, 0x09, 0x39, 0xd5, 0x41, 0x21 };

Seal *seal_of_secret(const unsigned char secret[SEAL_SECRET])
{
    static const unsigned char nothing[SEAL_SECRET];
    unsigned char der[sizeof pkcs8_begins + SEAL_SECRET];
    const unsigned char *at = der;
    if (memcmp(secret, nothing, SEAL_SECRET) == 0 || memcmp(secret, largest, SEAL_SECRET) > 0)
        return NULL;
    memcpy(der, pkcs8_begins, sizeof pkcs8_begins);
    memcpy(der + sizeof pkcs8_begins, secret, SEAL_SECRET);
    EVP_PKEY *key = d2i_PrivateKey(EVP_PKEY_SM2, NULL, &at, sizeof der);
    OPENSSL_cleanse(der, sizeof der);
    return seal_of(key);
}

Seal *seal_of_public(const char *pem)
{
    g_autoptr(BIO) text = BIO_new_mem_buf(pem, -1);
    return seal_of(PEM_read_bio_PUBKEY(text, NULL, no_password, NULL));
}

bool seal_make(const char *file, GError **error)
{
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "SM2");
    g_autoptr(BIO) pem = BIO_new(BIO_s_secmem()); /* wiped when it is freed */
    char *text = NULL;
    bool made = key && pem && PEM_write_bio_PKCS8PrivateKey(pem, key, NULL, NULL, 0, NULL, NULL) == 1 &&
                BIO_write(pem, "", 1) == 1 && BIO_get_mem_data(pem, &text) > 0;
    EVP_PKEY_free(key);
    return made ? secret_write(file, text, error) : openssl_fault(error, "no SM2 key") != NULL;
}

bool seal_read(const char *file, Seal **out, GError **error)
{
    char *text;
    *out = NULL;
    if (!secret_read(file, &text, error))
        return false;
    if (!text)
        return true;
    g_autoptr(BIO) pem = BIO_new_mem_buf(text, -1);
    *out = seal_of(PEM_read_bio_PrivateKey(pem, NULL, no_password, NULL));
    secret_free(text);
    return *out || no_key_in(file, error);
}

GPtrArray *seals_read_public(const char *file, GError **error)
{
    g_autofree char *text = NULL;
    g_autoptr(GPtrArray) seals = g_ptr_array_new_with_free_func((GDestroyNotify)seal_free);
    if (!g_file_get_contents(file, &text, NULL, error))
        return NULL;
    g_autoptr(BIO) pem = BIO_new_mem_buf(text, -1);
    for (Seal *seal; (seal = seal_of(PEM_read_bio_PUBKEY(pem, NULL, no_password, NULL)));)
        g_ptr_array_add(seals, seal);
    return seals->len ? g_steal_pointer(&seals) : no_key_in(file, error);
}

void seal_free(Seal *self)
{
    if (self)
        EVP_PKEY_free(self->key);
    g_free(self);
}

const char *seal_key(const Seal *self)
{
    return self->id;
}

char *seal_public(const Seal *self)
{
    char *text;
    g_autoptr(BIO) pem = BIO_new(BIO_s_mem());
    bool written = pem && PEM_write_bio_PUBKEY(pem, self->key) == 1;
    g_assert(written);
    long length = BIO_get_mem_data(pem, &text);
    return g_strndup(text, (size_t)length);
}

/* ---- signatures ---- */

/* The identity may be named only after the beginning. */
static bool name_identity(EVP_PKEY_CTX *context)
{
    return EVP_PKEY_CTX_set1_id(context, SEAL_IDENTITY, strlen(SEAL_IDENTITY)) == 1;
}

static bool sign(const Seal *self, const void *bytes, size_t length, unsigned char *signature, size_t *size)
{
    EVP_PKEY_CTX *context; /* the digest's own */
    g_autoptr(EVP_MD_CTX) digest = EVP_MD_CTX_new();
    return digest && EVP_DigestSignInit_ex(digest, &context, "SM3", NULL, NULL, self->key, NULL) == 1 &&
           name_identity(context) && EVP_DigestSign(digest, signature, size, bytes, length) == 1;
}

bool seal_holds(const Seal *self, const void *bytes, size_t length, const void *signature, size_t size)
{
    EVP_PKEY_CTX *context; /* the digest's own */
    g_autoptr(EVP_MD_CTX) digest = EVP_MD_CTX_new();
    bool holds = digest && EVP_DigestVerifyInit_ex(digest, &context, "SM3", NULL, NULL, self->key, NULL) == 1 &&
                 name_identity(context) && EVP_DigestVerify(digest, signature, size, bytes, length) == 1;
    ERR_clear_error();
    return holds;
}

char *seal_text(const Seal *self, const char *text, GError **error)
{
    unsigned char signature[SIGNATURE_MOST];
    size_t size = sizeof signature;
    return sign(self, text, strlen(text), signature, &size) ? g_base64_encode(signature, size) : openssl_fault(error, "no seal");
}

bool seal_holds_text(const Seal *self, const char *text, const char *signature)
{
    size_t size;
    g_autofree unsigned char *bytes = g_base64_decode(signature, &size);
    return seal_holds(self, text, strlen(text), bytes, size);
}

/* ---- sealing ---- */

static char *line_of(const char *key, const unsigned char *signature, size_t size)
{
    g_autofree char *coded = g_base64_encode(signature, size);
    return g_strdup_printf("%sv1 sm2-sm3 %s %s\n", line_begins, key, coded);
}

static void append_text(GByteArray *sealed, const char *text)
{
    g_byte_array_append(sealed, (const guint8 *)text, (guint)strlen(text));
}

GBytes *seal_document(const Seal *self, GBytes *pdf, const char *code, GError **error)
{
    unsigned char signature[SIGNATURE_MOST];
    size_t size = sizeof signature;
    GByteArray *sealed = g_bytes_unref_to_array(pdf);
    if (sealed->len && sealed->data[sealed->len - 1] != '\n')
        append_text(sealed, "\n");
    g_autofree char *named = g_strdup_printf("%s%s\n", code_begins, code);
    append_text(sealed, named);
    if (!sign(self, sealed->data, sealed->len, signature, &size)) {
        g_byte_array_unref(sealed);
        return openssl_fault(error, "no seal");
    }
    g_autofree char *line = line_of(self->id, signature, size);
    append_text(sealed, line);
    return g_byte_array_free_to_bytes(sealed);
}

/* ---- judging ---- */

/* The last line that begins so; NULL when none does. */
static const char *last_line(const char *bytes, size_t length, const char *beginning)
{
    const char *end = bytes + length, *at = end;
    size_t size = strlen(beginning);
    while ((at = memrchr(bytes, '\n', (size_t)(at - bytes))))
        if ((size_t)(end - at - 1) >= size && memcmp(at + 1, beginning, size) == 0)
            return at + 1;
    return NULL;
}

/* Reading is strict: a line that is written in another way than ours was not written by us. */
static bool read_line(const char *line, size_t length, char key[static SEAL_KEY_TEXT], unsigned char **signature, size_t *size)
{
    g_autofree char *text = g_strndup(line, MIN(length, (size_t)LINE_MOST));
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    if (g_strv_length(words) != 5)
        return false;
    *signature = g_base64_decode(words[4], size);
    g_autofree char *again = line_of(words[3], *signature, *size);
    bool ours = strspn(words[3], "0123456789abcdef") == SEAL_KEY_TEXT - 1 && strlen(words[3]) == SEAL_KEY_TEXT - 1 &&
                strlen(again) == length && memcmp(again, line, length) == 0;
    g_strlcpy(key, ours ? words[3] : "", SEAL_KEY_TEXT);
    return ours;
}

/* The code that stands in the last line of what was sealed; "" when it is none. */
static void read_code(const char *bytes, size_t length, char code[static DOCUMENT_CODE_TEXT])
{
    const char *line = last_line(bytes, length - 1, code_begins);
    g_autofree char *text = line ? g_strndup(line, (size_t)(bytes + length - 1 - line)) : NULL;
    if (!text || !document_code_read(text + strlen(code_begins), code))
        *code = '\0';
}

SealJudgement seal_judge(const Seal *self, const void *bytes, size_t length)
{
    SealJudgement said = { .finding = SEAL_NOT_PDF };
    size_t size;
    g_autofree unsigned char *signature = NULL;
    if (length < 5 || memcmp(bytes, "%PDF-", 5) != 0)
        return said;
    const char *begin = bytes, *line = last_line(begin, length, line_begins);
    said.finding = line ? SEAL_ALTERED : SEAL_NONE;
    if (!line || !read_line(line, length - (size_t)(line - begin), said.key, &signature, &size))
        return said;
    if (!self || strcmp(said.key, self->id) != 0)
        said.finding = SEAL_OTHER_KEY;
    else if (seal_holds(self, begin, (size_t)(line - begin), signature, size)) {
        said.finding = SEAL_GENUINE;
        read_code(begin, (size_t)(line - begin), said.code);
    }
    return said;
}

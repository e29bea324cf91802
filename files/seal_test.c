// SPDX-License-Identifier: Apache-2.0
/* The seal against the standards' own examples, and against whoever changes a sealed file. */
#include "files/room.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

static const char code[] = "0123456789ABCDEF";
static const char small[] = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF";

static void assert_refused(GError **error, const char *reason)
{
    g_assert_nonnull(*error);
    g_autoptr(json_t) details = trouble_details(*error);
    g_assert_cmpstr(json_text(details, "reason"), ==, reason);
    g_clear_error(error);
}

/* A key of its own for a test; the file is gone again. */
static Seal *new_seal(void)
{
    Seal *seal = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("seal-XXXXXX", NULL), *file = g_build_filename(folder, "seal", NULL);
    g_assert_true(seal_make(file, &error) && seal_read(file, &seal, &error));
    g_assert_true(remove_tree(folder));
    g_assert_nonnull(seal);
    return seal;
}

static GByteArray *sealed_by(const Seal *seal, const char *pdf)
{
    g_autoptr(GError) error = NULL;
    GBytes *sealed = seal_document(seal, g_bytes_new(pdf, strlen(pdf)), code, &error);
    g_assert_no_error(error);
    return g_bytes_unref_to_array(sealed);
}

static void assert_finding(const Seal *seal, const void *bytes, size_t length, enum seal_finding wanted)
{
    g_autofree char *copy = g_memdup2(bytes, length); /* so that a byte too far is noticed */
    SealJudgement said = seal_judge(seal, copy, length);
    g_assert_cmpstr(seal_finding_names[said.finding], ==, seal_finding_names[wanted]);
    g_assert_cmpstr(said.code, ==, wanted == SEAL_GENUINE ? code : "");
}

static void assert_not_genuine(const Seal *seal, const void *bytes, size_t length)
{
    SealJudgement said = seal_judge(seal, bytes, length);
    g_assert_cmpint(said.finding, !=, SEAL_GENUINE);
}

/* ---- the standards' examples ---- */

/* GB/T 32905-2016, annex A. */
static void digests_are_those_of_the_standard(void)
{
    g_autofree char *abc = seal_digest("abc", 3), *sixteen = seal_digest("abcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcdabcd", 64);
    g_assert_cmpstr(abc, ==, "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
    g_assert_cmpstr(sixteen, ==, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732");
}

static Seal *public_of(const char *pem)
{
    Seal *seal = seal_of_public(pem);
    g_assert_nonnull(seal);
    return seal;
}

/* GB/T 32918.5-2017, annex A.2: the recommended curve, the identity 1234567812345678, "message digest". */
static void a_signature_of_the_standard_holds(void)
{
    g_autoptr(Seal) seal = public_of("-----BEGIN PUBLIC KEY-----\n"
                                     "MFkwEwYHKoZIzj0CAQYIKoEcz1UBgi0DQgAECfnfMR5UIaFQ3X0WHkvFxnIXn60Y\n"
                                     "M/wHa7CP81bzUCDM6kkM4md1pS3G6nGMwapgCu0F+/NeCEpmMvYHLamtEw==\n"
                                     "-----END PUBLIC KEY-----\n");
    static const unsigned char signature[] = {
        0x30, 0x46, 0x02, 0x21, 0x00, 0xf5, 0xa0, 0x3b, 0x06, 0x48, 0xd2, 0xc4, 0x63, 0x0e, 0xea, 0xc5, 0x13, 0xe1,
        0xbb, 0x81, 0xa1, 0x59, 0x44, 0xda, 0x38, 0x27, 0xd5, 0xb7, 0x41, 0x43, 0xac, 0x7e, 0xac, 0xee, 0xe7, 0x20,
        0xb3, 0x02, 0x21, 0x00, 0xb1, 0xb6, 0xaa, 0x29, 0xdf, 0x21, 0x2f, 0xd8, 0x76, 0x31, 0x82, 0xbc, 0x0d, 0x42,
        0x1c, 0xa1, 0xbb, 0x90, 0x38, 0xfd, 0x1f, 0x7f, 0x42, 0xd4, 0x84, 0x0b, 0x69, 0xc4, 0x85, 0xbb, 0xc1, 0xaa,
    };
    g_assert_true(seal_holds(seal, "message digest", 14, signature, sizeof signature));
    g_assert_false(seal_holds(seal, "message digesT", 14, signature, sizeof signature));
    g_assert_false(seal_holds(seal, "message digest", 14, signature, sizeof signature - 1));
}

/* ---- the key ---- */

static void a_key_is_made_once_and_kept_from_others(void)
{
    struct stat about;
    Seal *read;
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("seal-XXXXXX", NULL), *file = g_build_filename(folder, "a.db.seal", NULL);
    g_assert_true(seal_read(file, &read, &error) && !read);
    g_assert_true(seal_make(file, &error) && stat(file, &about) == 0);
    g_assert_cmpint(about.st_mode & 0777, ==, 0600);
    g_assert_false(seal_make(file, &error));
    assert_refused(&error, "base.secret_there");
    g_assert_true(seal_read(file, &read, &error));
    g_assert_cmpuint(strspn(seal_key(read), "0123456789abcdef"), ==, 16);
    g_autofree char *public = seal_public(read);
    g_autoptr(Seal) other_half = public_of(public);
    g_assert_cmpstr(seal_key(other_half), ==, seal_key(read));
    seal_free(read);
    g_assert_cmpint(chmod(file, 0640), ==, 0);
    g_assert_false(seal_read(file, &read, &error));
    assert_refused(&error, "base.secret_open");
    g_assert_true(remove_tree(folder));
}

static void what_is_no_key_is_refused(void)
{
    static const char *const wrong[] = {
        "", "no key\n", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n",
        /* a key, but Ed25519 */
        "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n",
    };
    g_autofree char *folder = g_dir_make_tmp("seal-XXXXXX", NULL), *file = g_build_filename(folder, "seal", NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        Seal *read;
        g_autoptr(GError) error = NULL;
        g_assert_true(secret_write(file, wrong[i], &error));
        g_assert_false(seal_read(file, &read, &error) || read);
        assert_refused(&error, "files.seal_form");
        g_assert_null(seals_read_public(file, &error));
        assert_refused(&error, "files.seal_form");
        g_assert_cmpint(g_unlink(file), ==, 0);
    }
    g_assert_true(remove_tree(folder));
}

/* The same number makes the same key, and one that is none of the curve makes none. */
static void a_key_is_made_of_a_number(void)
{
    const unsigned char nothing[SEAL_SECRET] = { 0 }, one[SEAL_SECRET] = { [SEAL_SECRET - 1] = 1 };
    unsigned char beyond[SEAL_SECRET];
    memset(beyond, 0xff, sizeof beyond);
    g_assert_null(seal_of_secret(nothing));
    g_assert_null(seal_of_secret(beyond));
    g_autoptr(Seal) first = seal_of_secret(one), again = seal_of_secret(one);
    g_assert_cmpstr(seal_key(first), ==, seal_key(again));
    g_autofree char *text = seal_text(first, "text", NULL);
    g_assert_true(seal_holds_text(again, "text", text) && !seal_holds_text(again, "texT", text) && !seal_holds_text(again, "text", "AAAA"));
}

static void a_file_may_have_several_public_keys(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Seal) one = new_seal(), other = new_seal();
    g_autofree char *first = seal_public(one), *second = seal_public(other), *both = g_strconcat(first, second, NULL);
    g_autofree char *folder = g_dir_make_tmp("seal-XXXXXX", NULL), *file = g_build_filename(folder, "pem", NULL);
    g_assert_true(g_file_set_contents(file, both, -1, &error));
    g_autoptr(GPtrArray) seals = seals_read_public(file, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(seals->len, ==, 2);
    g_assert_cmpstr(seal_key(seals->pdata[1]), ==, seal_key(other));
    g_assert_true(remove_tree(folder));
}

/* ---- the sealed file ---- */

static void a_sealed_file_is_genuine(void)
{
    g_autoptr(Seal) seal = new_seal();
    g_autoptr(GByteArray) file = sealed_by(seal, small);
    assert_finding(seal, file->data, file->len, SEAL_GENUINE);
    g_assert_cmpint(memcmp(file->data, small, strlen(small)), ==, 0);
    g_autofree char *public = seal_public(seal);
    g_autoptr(Seal) half = public_of(public);
    assert_finding(half, file->data, file->len, SEAL_GENUINE);
}

static void every_changed_bit_is_found(void)
{
    g_autoptr(Seal) seal = new_seal();
    g_autoptr(GByteArray) file = sealed_by(seal, small);
    for (guint at = 0; at < file->len; at++)
        for (int bit = 0; bit < 8; bit++) {
            file->data[at] ^= (guint8)(1 << bit);
            assert_not_genuine(seal, file->data, file->len);
            file->data[at] ^= (guint8)(1 << bit);
        }
    assert_finding(seal, file->data, file->len, SEAL_GENUINE);
}

static void every_cut_and_every_missing_byte_is_found(void)
{
    g_autoptr(Seal) seal = new_seal();
    g_autoptr(GByteArray) file = sealed_by(seal, small);
    for (guint length = 0; length < file->len; length++)
        assert_not_genuine(seal, file->data, length);
    for (guint at = 0; at < file->len; at++) {
        g_autoptr(GByteArray) shorter = g_byte_array_new();
        g_byte_array_append(shorter, file->data, file->len);
        g_byte_array_remove_index(shorter, at);
        assert_not_genuine(seal, shorter->data, shorter->len);
    }
}

/* Bytes behind the end of a sealed file make it another file. */
static void what_is_added_is_found(void)
{
    static const char *const added[] = { "\n", " ", "\r\n", "%", "x", "%%EOF\n", "2 0 obj<<>>endobj\n%%EOF\n", "%pinghu-seal \n",
        "%pinghu-seal v1 sm2-sm3 0123456789abcdef\n", "%pinghu-seal v1 sm2-sm3 0123456789abcdeg AAAA\n" };
    g_autoptr(Seal) seal = new_seal();
    for (size_t i = 0; i < G_N_ELEMENTS(added); i++) {
        g_autoptr(GByteArray) file = sealed_by(seal, small);
        g_byte_array_append(file, (const guint8 *)added[i], (guint)strlen(added[i]));
        assert_finding(seal, file->data, file->len, SEAL_ALTERED);
    }
}

static void a_line_given_twice_is_found(void)
{
    g_autoptr(Seal) seal = new_seal();
    g_autoptr(GByteArray) file = sealed_by(seal, small);
    const char *line = g_strrstr_len((char *)file->data, (gssize)file->len, "%pinghu-seal");
    g_autofree char *again = g_strndup(line, (gsize)((char *)file->data + file->len - line));
    g_byte_array_append(file, (const guint8 *)again, (guint)strlen(again));
    assert_finding(seal, file->data, file->len, SEAL_ALTERED);
}

static void another_key_is_told_from_ours(void)
{
    g_autoptr(Seal) seal = new_seal(), other = new_seal();
    g_autoptr(GByteArray) file = sealed_by(other, small);
    SealJudgement said = seal_judge(seal, file->data, file->len);
    g_assert_cmpstr(seal_finding_names[said.finding], ==, "other_key");
    g_assert_cmpstr(said.key, ==, seal_key(other));
    /* A second seal covers our seal with its own. */
    g_autoptr(GByteArray) ours = sealed_by(seal, small);
    g_byte_array_append(ours, (const guint8 *)"", 1);
    g_autoptr(GByteArray) both = sealed_by(other, (char *)ours->data);
    assert_finding(seal, both->data, both->len, SEAL_OTHER_KEY);
    /* A seal that bears our name in place of its own has been altered. */
    memcpy(g_strstr_len((char *)file->data, (gssize)file->len, seal_key(other)), seal_key(seal), 16);
    assert_finding(seal, file->data, file->len, SEAL_ALTERED);
}

static void what_was_never_sealed_is_told(void)
{
    g_autoptr(Seal) seal = new_seal();
    assert_finding(seal, small, strlen(small), SEAL_NONE);
    assert_finding(seal, "%PDF-", 5, SEAL_NONE);
    assert_finding(seal, "%PDF", 4, SEAL_NOT_PDF);
    assert_finding(seal, "", 0, SEAL_NOT_PDF);
    assert_finding(seal, "\x89PNG\r\n\x1a\n", 8, SEAL_NOT_PDF);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/seal/digests are those of the standard", digests_are_those_of_the_standard);
    g_test_add_func("/seal/a signature of the standard holds", a_signature_of_the_standard_holds);
    g_test_add_func("/seal/a key is made once and kept from others", a_key_is_made_once_and_kept_from_others);
    g_test_add_func("/seal/what is no key is refused", what_is_no_key_is_refused);
    g_test_add_func("/seal/a key is made of a number", a_key_is_made_of_a_number);
    g_test_add_func("/seal/a file may have several public keys", a_file_may_have_several_public_keys);
    g_test_add_func("/seal/a sealed file is genuine", a_sealed_file_is_genuine);
    g_test_add_func("/seal/every changed bit is found", every_changed_bit_is_found);
    g_test_add_func("/seal/every cut and every missing byte is found", every_cut_and_every_missing_byte_is_found);
    g_test_add_func("/seal/what is added is found", what_is_added_is_found);
    g_test_add_func("/seal/a line given twice is found", a_line_given_twice_is_found);
    g_test_add_func("/seal/another key is told from ours", another_key_is_told_from_ours);
    g_test_add_func("/seal/what was never sealed is told", what_was_never_sealed_is_told);
    return g_test_run();
}

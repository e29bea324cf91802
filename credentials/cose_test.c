// SPDX-License-Identifier: Apache-2.0
/* CBOR that an authenticator would not write, and keys that are none. */
#include "credentials/authenticator_test.h"

static bool passes(const char *hex)
{
    g_autoptr(GBytes) bytes = bytes_of_hex(hex);
    Span rest = span_of(bytes);
    return item_pass(&rest) && !rest.length;
}

static void items(void)
{
    static const char *const well[] = { "00", "1b 7fffffffffffffff", "3b 7fffffffffffffff", "40", "43 010203", "63 e5b9b3", "80", "a0", "f4", "f5",
                                        "f6", "84 00 a1 00 00 40 f5", "81 81 81 81 00" /* four deep */ };
    static const char *const broken[] = {
        "", "1b 8000000000000000", "3b ffffffffffffffff", "43 0102", "5b ffffffffffffffff 00", "7b 0000000100000000 00",
        "81", "82 00", "a1 00", "9b ffffffffffffffff 00", "bb 7fffffffffffffff 00", "bb 8000000000000000 00", "9a 00ffffff 00", /* longer than all that is there */
        "9f 00 ff", "bf ff", "5f 40 ff", "7f 60 ff", "ff", /* lengths not told in advance */
        "c0 00", "f9 3c00", "fa 3f800000", "fb 3ff0000000000000", "f7", "f8 20", "1c", "fc", /* tags, floats, what is no CBOR */
        "81 81 81 81 81 00" /* five deep */,
    };
    for (size_t i = 0; i < G_N_ELEMENTS(well); i++)
        g_assert_true(passes(well[i]));
    for (size_t i = 0; i < G_N_ELEMENTS(broken); i++) {
        g_test_message("%s", broken[i]);
        g_assert_false(passes(broken[i]));
    }
}

static void maps(void)
{
    static const ItemKey keys[] = { { .text = "a" }, { .number = -1 } };
    static const struct {
        const char *hex;
        bool well;
    } all[] = {
        { "a2 6161 05 20 41ff", true }, { "a3 6161 05 626162 a0 20 41ff", true }, { "a0", true },
        { "a2 6161 05 6161 06", false }, { "a1 6161 80", false }, { "a1 6161 f5", false }, { "a1 4161 05", false }, { "80", false },
        { "a2 6161 05", false }, { "a1 6162", false },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        Item found[2];
        g_autoptr(GBytes) bytes = bytes_of_hex(all[i].hex);
        Span rest = span_of(bytes);
        g_test_message("%s", all[i].hex);
        g_assert_true(map_read(&rest, keys, 2, found) == all[i].well);
        g_assert_true(i > 1 || (found[0].kind == ITEM_NUMBER && found[0].number == 5 && found[1].kind == ITEM_BYTES));
        g_assert_true(i != 2 || (found[0].kind == ITEM_BROKEN && found[1].kind == ITEM_BROKEN));
    }
}

static GBytes *key_of(const GByteArray *cose)
{
    int64_t algorithm;
    Span rest = span_of_array(cose);
    GBytes *key = cose_key(&rest, &algorithm);
    g_assert_true(!key || !rest.length);
    return key;
}

static void assert_key(const GByteArray *cose, bool well)
{
    g_autoptr(GBytes) key = key_of(cose);
    g_assert_true((key != NULL) == well);
}

/* Where the parts of a key stand: head, 1: type, 3: algorithm, -1: curve, -2 and -3: coordinates. */
enum { TYPE_AT = 2, ES256_AT = 4, CURVE_AT = 6, X_LENGTH_AT = 9, X_AT = 10, Y_LENGTH_AT = 44 };

static void wrong_parts(void)
{
    static const struct {
        unsigned at;
        unsigned char becomes;
    } all[] = {
        { TYPE_AT, 1 }, { TYPE_AT, 3 }, { ES256_AT, 0x27 } /* EdDSA */, { ES256_AT, 0x28 } /* none */, { CURVE_AT, 2 }, { CURVE_AT, 6 },
        { TYPE_AT - 1, 4 } /* no type */, { ES256_AT - 1, 4 } /* no algorithm */, { ES256_AT - 1, 1 } /* the type twice */,
    };
    g_auto(Authenticator) own = authenticator_new(ES256);
    g_autoptr(GByteArray) cose = authenticator_cose(&own);
    assert_key(cose, true);
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        unsigned char was = cose->data[all[i].at];
        cose->data[all[i].at] = all[i].becomes;
        assert_key(cose, false);
        cose->data[all[i].at] = was;
    }
}

/* The point must lie on the curve, and neither coordinate may be cut; a compressed point is not what Web Authentication takes. */
static void points(void)
{
    g_auto(Authenticator) own = authenticator_new(ES256);
    g_autoptr(GByteArray) cose = authenticator_cose(&own);
    cose->data[X_AT] ^= 1;
    assert_key(cose, false);
    cose->data[X_AT] ^= 1;
    assert_key(cose, true);
    g_autoptr(GByteArray) narrow = g_byte_array_append(g_byte_array_new(), cose->data, cose->len);
    narrow->data[X_LENGTH_AT]--;
    g_byte_array_remove_index(narrow, X_AT);
    assert_key(narrow, false);
    cose->data[Y_LENGTH_AT]--;
    g_byte_array_set_size(cose, cose->len - 1);
    assert_key(cose, false);
    g_byte_array_set_size(cose, Y_LENGTH_AT - 1);
    cose->data[Y_LENGTH_AT - 2] = 0xf5; /* "the higher of the two" in place of the coordinate */
    assert_key(cose, false);
}

static void other_curve(void)
{
    g_auto(Authenticator) own = authenticator_new(EDDSA);
    g_autoptr(GByteArray) cose = authenticator_cose(&own);
    assert_key(cose, true);
    cose->data[CURVE_AT] = 4; /* X25519, which signs nothing */
    assert_key(cose, false);
}

/* Too short and too long a modulus, and an exponent with which a signature says nothing. */
static void rsa(void)
{
    static const struct {
        unsigned bits;
        bool well;
    } all[] = { { 1024, false }, { 2040, false }, { 2048, true }, { 3072, true }, { 4104, false } };
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        g_auto(Authenticator) own = authenticator_of_bits(RS256, all[i].bits);
        g_autoptr(GByteArray) cose = authenticator_cose(&own);
        assert_key(cose, all[i].well);
        cose->data[cose->len - 3] = 0; /* 65537 becomes 1 */
        assert_key(cose, false);
        cose->data[cose->len - 4] = 0x45; /* and 00 00 01 00 01: too long, though it is the same number */
        g_byte_array_set_size(cose, cose->len - 3);
        put_hex(cose, "00 00 01 00 01");
        assert_key(cose, false);
    }
}

static void nobody_signs(void)
{
    const Span nothing = { 0 }, word = span_of_text("no key");
    g_auto(Authenticator) own = authenticator_new(EDDSA);
    g_autoptr(GByteArray) cose = authenticator_cose(&own);
    g_autoptr(GBytes) key = key_of(cose);
    g_assert_false(cose_signed(word, EDDSA, word, word));
    g_assert_false(cose_signed(span_of(key), EDDSA, word, nothing));
    g_assert_false(cose_signed(span_of(key), 0, word, word));
}

int main(int count, char **words)
{
    base_start();
    g_test_init(&count, &words, NULL);
    g_test_add_func("/cose/items", items);
    g_test_add_func("/cose/maps", maps);
    g_test_add_func("/cose/wrong-parts", wrong_parts);
    g_test_add_func("/cose/points", points);
    g_test_add_func("/cose/other-curve", other_curve);
    g_test_add_func("/cose/rsa", rsa);
    g_test_add_func("/cose/nobody-signs", nobody_signs);
    return g_test_run();
}

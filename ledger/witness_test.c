// SPDX-License-Identifier: Apache-2.0
/* The list of witnesses, what is sent to them, and what of their answers counts. The key and the cosignature were made by
 * other code (OpenSSL's): the format's own example tells no key. */
#include "ledger/witness.h"

#include <string.h>

#define KEY_ONE "witness.example/w1+0ad7d35e+BIqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c"
#define KEY_TWO "witness.example/w2+92e6b37c+BIE5dw6ofRdfVqNUZsNMfszLjYqRtO43ol32D1uPybOU"

static const char text[] = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
static const char line[] = "\xe2\x80\x94 witness.example/w1 CtfTXgAAAABkGFDL0l0pFwTk9MykvW0AWQ7aj3wlQOPdkH/U6S+pa35ceaScuEzSwKfIeJ7i4Fxp8hH+ardr70qwEBhCA4/FskmwAg==\n";

/* ---- the list ---- */

static void witnesses_are_read(void)
{
    g_autoptr(GPtrArray) none = witness_list_read("", NULL);
    g_autoptr(GPtrArray) two = witness_list_read("# ours\n\n \twitness  one\t" KEY_ONE " https://w.example/a/ \n  # 见证\n"
                                                 "witness 二 " KEY_TWO " http://127.0.0.1:1", NULL);
    g_assert_cmpuint(none->len, ==, 0);
    g_assert_cmpuint(two->len, ==, 2);
    const Witness *one = g_ptr_array_index(two, 0), *other = g_ptr_array_index(two, 1);
    g_assert_cmpstr(one->name, ==, "one");
    g_assert_cmpstr(one->url, ==, "https://w.example/a");
    g_assert_cmpstr(one->key.name, ==, "witness.example/w1");
    g_assert_cmpstr(other->name, ==, "二");
    g_assert_cmpstr(other->url, ==, "http://127.0.0.1:1");
}

static void other_lines_are_refused_by_their_number(void)
{
    static const char good[] = "witness one " KEY_ONE " https://w.example\n";
    static const char *const whys[] = { "form", "form", "form", "form", "form", "form", "form", "form", "form", "form", "twice", "twice", "key", "key", "form" };
    static const char *const bad[] = {
        "witness", "witness two", "witness two " KEY_TWO, "witness two " KEY_TWO " w.example", "witness two " KEY_TWO " ftp://w.example",
        "witness two " KEY_TWO " https://w.example more", "log " KEY_TWO, "quorum none", "group all one", "Witness two " KEY_TWO " https://w.example",
        "witness one " KEY_TWO " https://w.example", "witness two " KEY_ONE " https://w.example",
        "witness two witness.example/w2+00000000+BAAA https://w.example",
        "witness two PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW https://w.example", /* signs notes, cosigns none */
        "witness two " KEY_TWO " https://w.example\r",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *list = g_strconcat(good, "# more\n", bad[i], "\n", NULL);
        if (witness_list_read(list, &error))
            g_error("“%s” was read", bad[i]);
        g_autoptr(json_t) details = trouble_details(error);
        g_assert_cmpstr(json_text(details, "reason"), ==, "ledger.witness_line");
        g_assert_cmpstr(json_text(details, "line"), ==, "3");
        g_assert_cmpstr(json_text(details, whys[i]), ==, "yes");
    }
}

/* ---- cosignatures ---- */

static void a_cosignature_counts_when_it_is_this_witness_s_of_this_text(void)
{
    g_auto(NoteVerifier) one = { 0 }, two = { 0 };
    g_assert_true(cosigner_read(KEY_ONE, &one, NULL));
    g_assert_true(cosigner_read(KEY_TWO, &two, NULL));
    g_autofree char *answer = g_strconcat("\xe2\x80\x94 somebody.example AAAA\n", line, "\xff\n", NULL);
    g_autofree char *found = cosignature_of(&one, answer, text), *others = cosignature_of(&two, answer, text);
    g_autofree char *elsewhere = cosignature_of(&one, answer, "example.com/behind-the-sofa\n20852164\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n");
    g_autofree char *nothing = cosignature_of(&one, "", text);
    g_assert_cmpstr(found, ==, line);
    g_assert_null(others);
    g_assert_null(elsewhere);
    g_assert_null(nothing);
}

static void a_bent_cosignature_counts_for_nothing(void)
{
    g_auto(NoteVerifier) one = { 0 };
    g_assert_true(cosigner_read(KEY_ONE, &one, NULL));
    for (size_t i = 0; i + 4 < strlen(line); i++) { /* the last letters of base64 hold bits that mean nothing */
        g_autofree char *bent = g_strdup(line);
        bent[i] = bent[i] == 'x' ? 'y' : 'x';
        g_autofree char *found = cosignature_of(&one, bent, text);
        if (found)
            g_error("bent at %zu it still counts", i);
    }
}

static void a_key_that_signs_notes_is_no_cosigner_s(void)
{
    g_auto(NoteVerifier) note = { 0 }, cosigner = { 0 };
    g_assert_false(note_verifier_read(KEY_ONE, &note, NULL));
    g_assert_false(cosigner_read("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", &cosigner, NULL));
}

/* ---- what is said ---- */

static void a_question_is_written_as_the_specification_has_it(void)
{
    TreeProof proof = { .count = 2, .hashes = { { { 1 } }, { { 2 } } } }, none = { 0 };
    g_autofree char *long_one = witness_question(7, &proof, "note\n"), *short_one = witness_question(0, &none, "note\n");
    g_assert_cmpstr(long_one, ==, "old 7\nAQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nAgAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n\nnote\n");
    g_assert_cmpstr(short_one, ==, "old 0\n\nnote\n");
}

static void a_size_is_read_as_the_specification_has_it(void)
{
    int64_t size = -1;
    static const char *const bad[] = { "", "\n", "1", "01\n", "-1\n", "1\n\n", " 1\n", "1 \n", "1\r\n", "9999999999999999999\n" };
    g_assert_true(witness_size("0\n", &size) && size == 0);
    g_assert_true(witness_size("20852163\n", &size) && size == 20852163);
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
        g_assert_false(witness_size(bad[i], &size));
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_assert_cmpint(sodium_init(), >=, 0);
    g_test_add_func("/witness/witnesses are read", witnesses_are_read);
    g_test_add_func("/witness/other lines are refused by their number", other_lines_are_refused_by_their_number);
    g_test_add_func("/witness/a cosignature counts when it is this witness's of this text",
                    a_cosignature_counts_when_it_is_this_witness_s_of_this_text);
    g_test_add_func("/witness/a bent cosignature counts for nothing", a_bent_cosignature_counts_for_nothing);
    g_test_add_func("/witness/a key that signs notes is no cosigner's", a_key_that_signs_notes_is_no_cosigner_s);
    g_test_add_func("/witness/a question is written as the specification has it", a_question_is_written_as_the_specification_has_it);
    g_test_add_func("/witness/a size is read as the specification has it", a_size_is_read_as_the_specification_has_it);
    return g_test_run();
}

// SPDX-License-Identifier: Apache-2.0
/* Any bytes as a sealed document: judged without a fault, and genuine only as they are, to the last byte. The corpus
 * holds a document sealed by the key of which this is the public half; its private half is nowhere. */
#include "files/room.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static const char public_key[] = "-----BEGIN PUBLIC KEY-----\n"
                                 "MFkwEwYHKoZIzj0CAQYIKoEcz1UBgi0DQgAEnPll63H0PTRwm3z+iasFxDx72+lw\n"
                                 "h8kNr12LHruQp/oPTX4Qlkx8a+KYB+oDqAjCPyz4qCfMGdTxWQhMkjRDdA==\n"
                                 "-----END PUBLIC KEY-----\n";

static void assert_only_as_it_is(const Seal *seal, unsigned char *bytes, size_t length)
{
    for (size_t at = 0; at < length; at += 1 + length / 16) {
        bytes[at] ^= 1;
        g_assert_cmpint(seal_judge(seal, bytes, length).finding, !=, SEAL_GENUINE);
        bytes[at] ^= 1;
    }
    g_assert_cmpint(seal_judge(seal, bytes, length - 1).finding, !=, SEAL_GENUINE);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static Seal *seal;
    if (!seal)
        seal = seal_of_public(public_key);
    g_autofree unsigned char *copy = g_malloc(length); /* so that a byte too far is noticed */
    if (length)
        memcpy(copy, bytes, length);
    SealJudgement said = seal_judge(seal, copy, length);
    g_assert_cmpuint(said.finding, <=, SEAL_NOT_PDF);
    g_assert_true(!*said.key || strspn(said.key, "0123456789abcdef") == SEAL_KEY_TEXT - 1);
    g_assert_true(!*said.code || said.finding == SEAL_GENUINE);
    if (said.finding == SEAL_GENUINE)
        assert_only_as_it_is(seal, copy, length);
    return 0;
}

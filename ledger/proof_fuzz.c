// SPDX-License-Identifier: Apache-2.0
/* Any text as a proof: refused, or read into what writes itself the same way again. None proves anything to a key
 * that has signed nothing. */
#include "ledger/proof.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const unsigned char seed[crypto_sign_SEEDBYTES] = { 1 };
    int64_t size;
    Hash leaf = { { 0 } };
    g_auto(NoteSigner) signer = { 0 };
    g_auto(LedgerProof) proof = { 0 };
    g_autofree char *text = g_strndup((const char *)bytes, length);
    if (!ledger_proof_read(text, &proof))
        return 0;
    g_autofree char *again = ledger_proof_text(&proof);
    g_assert_cmpstr(text, ==, again);
    g_assert_true(note_signer_of("nobody.example", seed, &signer, NULL));
    g_assert_false(ledger_proof_holds(&proof, &signer.verifier, "nobody.example", &leaf, &size));
    return 0;
}

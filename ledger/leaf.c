// SPDX-License-Identifier: Apache-2.0
#include "ledger/leaf.h"

#include <openssl/hmac.h>
#include <string.h>

void leaf_commitment(const Salt *salt, const Event *event, Hash *out)
{
    unsigned length = HASH_BYTES;
    g_autofree char *text = g_strdup_printf("%" PRId64 "\n%d\n%" PRId64 "\n%s\n", event->sequence, (int)event->actor_kind,
                                            event->actor, event->payload);
    HMAC(EVP_sha256(), salt->bytes, SALT_BYTES, (const unsigned char *)text, strlen(text), out->bytes, &length);
}

char *leaf_text(int64_t county, const Event *event, const Hash *commitment)
{
    char at[INSTANT_TEXT];
    g_autofree char *hex = text_hex(commitment->bytes, HASH_BYTES);
    g_autoptr(json_t) leaf = json_pack("{s:s, s:s, s:I, s:I, s:s, s:s, s:I, s:I, s:s}", "at", instant_text(event->at, at),
                                       "commitment", hex, "county", county, "division", event->division, "item",
                                       event->item, "kind", event->kind, "organ", event->organ, "sequence",
                                       event->sequence, "subject", event->subject);
    return json_canonical(leaf);
}

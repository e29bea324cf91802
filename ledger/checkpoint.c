// SPDX-License-Identifier: Apache-2.0
/* What the centre says of its ledger. */
#include "ledger/note.h"
#include "ledger/store.h"

char *ledger_checkpoint(const Context *context, int64_t at_least, GError **error)
{
    Hash root;
    TreeEdge edge;
    const NoteSigner *signer = context->signer;
    if (!signer)
        return refuse(error, NOT_FOUND, "ledger.no_key", NULL);
    if (!ledger_edge(context->db, context->county, &edge, error))
        return NULL;
    if (edge.size < at_least)
        return fault(error, "the ledger has %" PRId64 " events, %" PRId64 " were to be signed", edge.size, at_least);
    tree_root(&edge, &root);
    g_autofree char *text = checkpoint_text(signer->verifier.name, edge.size, &root);
    return note_sign(signer, text);
}

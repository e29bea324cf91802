// SPDX-License-Identifier: Apache-2.0
/* One event as everybody may see it, with the proof that it is in the ledger and unchanged. */
#include "ledger/proof.h"
#include "ledger/publisher.h"

#include <string.h>

/* ---- proving ---- */

/* The tree's size and root in a checkpoint that the centre has signed. */
static bool open_checkpoint(const Context *context, const char *note, int64_t *size, Hash *root, GError **error)
{
    const NoteVerifier *key = &context->signer->verifier;
    g_autofree char *text = note_open(key, note);
    return (text && checkpoint_read(text, key->name, size, root)) || fault(error, "the checkpoint is not signed by %s", key->name);
}

/* The proof that event `number` is in the tree of the last checkpoint. It is read on a connection of its own, because the
 * caller's may see less than the checkpoint. */
static bool prove(const Context *context, const Recorded *event, LedgerProof *out, GError **error)
{
    Hash root;
    int64_t size = 0;
    *out = (LedgerProof){ .extra = g_strdup(event->leaf), .index = event->number - 1 };
    out->checkpoint = ledger_checkpoint(context, event->number, error);
    if (!out->checkpoint || !open_checkpoint(context, out->checkpoint, &size, &root, error))
        return false;
    g_auto(PublisherReader) reader = publisher_reader(context->publisher, error);
    return reader.nodes.db && tree_inclusion(&(TreeNodes){ ledger_read_nodes, &reader.nodes }, out->index, size, &out->tree, error);
}

static char *proof_of(const Context *context, const Recorded *event, GError **error)
{
    g_auto(LedgerProof) proof = { 0 };
    return prove(context, event, &proof, error) ? ledger_proof_text(&proof) : NULL;
}

char *ledger_proof(const Context *context, int64_t number, GError **error)
{
    g_auto(Recorded) event = { 0 };
    return recorded_load(context->db, context->county, number, &event, error) ? proof_of(context, &event, error) : NULL;
}

/* The proof is judged as an outsider would: by the text, the key and the leaf alone. */
static bool is_proven(const Context *context, const Recorded *event, const char *text, int64_t *size)
{
    const NoteVerifier *key = &context->signer->verifier;
    g_auto(LedgerProof) proof = { 0 };
    return event->is_bound && ledger_proof_read(text, &proof) && proof.index == event->number - 1 &&
           ledger_proof_holds(&proof, key, key->name, &event->hash, size);
}

/* ---- showing ---- */

static bool put_proof(json_t *shown, const Context *context, const Recorded *event, GError **error)
{
    int64_t size = 0;
    json_object_set_new(shown, "is_signed", json_boolean(context->signer != NULL));
    json_object_set_new(shown, "is_proven", json_false());
    if (!context->signer)
        return true;
    g_autofree char *text = proof_of(context, event, error);
    if (!text)
        return false;
    json_object_set_new(shown, "is_proven", json_boolean(is_proven(context, event, text, &size)));
    json_object_set_new(shown, "entries", json_integer(size));
    return true;
}

/* No page tells more of the instant than the leaf does. */
static void put_at(json_t *shown, const char *what, const Recorded *event)
{
    bool is_personal = event->version > EVENT_PLAIN;
    g_autofree char *key = g_strconcat(what, is_personal ? "_day" : "_at", NULL);
    json_object_set_new(shown, key, is_personal ? json_string(DAY_WRITTEN(day_of(event->at))) : json_integer(event->at));
}

json_t *ledger_event(const Context *context, int64_t number, GError **error)
{
    g_auto(Recorded) event = { 0 };
    if (!recorded_load(context->db, context->county, number, &event, error))
        return NULL;
    g_autofree char *hash = text_hex(event.hash.bytes, HASH_BYTES);
    g_autofree char *path = g_strdup_printf("/ledger/%" PRId64 "/proof/%" PRId64, context->county, number);
    g_autoptr(json_t) shown = json_loads(event.leaf, 0, NULL);
    json_object_set_new(shown, "number", json_integer(number));
    json_object_set_new(shown, "hash", json_string(hash));
    json_object_set_new(shown, "leaf", json_string(event.leaf));
    json_object_set_new(shown, "proof_path", json_string(path));
    put_at(shown, "recorded", &event);
    json_object_set_new(shown, "is_personal", json_boolean(event.version > EVENT_PLAIN));
    json_object_set_new(shown, "is_erased", json_boolean(!event.salt));
    return put_proof(shown, context, &event, error) ? g_steal_pointer(&shown) : NULL;
}

enum { PRINTED_MOST = 2900 }; /* bytes: a QR code of the largest size holds 2,953 at level L */

json_t *ledger_printed(const Context *context, const char *subject, int64_t sequence, GError **error)
{
    g_auto(Recorded) event = { 0 };
    if (!context->signer)
        return json_object();
    if (!recorded_of_subject(context->db, context->county, subject, sequence, &event, error))
        return NULL;
    g_autofree char *proof = proof_of(context, &event, error), *hash = text_base64url(event.hash.bytes, HASH_BYTES);
    g_autofree char *path = g_strdup_printf("/ledger/%" PRId64 "/event/%" PRId64 "?leaf=%s", context->county, event.number, hash);
    if (proof)
        ledger_proof_shorten(proof, PRINTED_MOST);
    return proof ? json_pack("{s:I, s:s, s:s, s:s*}", "number", event.number, "path", path, "proof", proof, "salt", event.salt)
                 : NULL;
}

bool ledger_is_erased(const Context *context, const char *subject, int64_t sequence, bool *erased, GError **error)
{
    g_auto(Recorded) event = { 0 };
    if (!recorded_of_subject(context->db, context->county, subject, sequence, &event, error))
        return false;
    *erased = !event.salt;
    return true;
}

static bool read_salt(const char *text, Salt *salt)
{
    size_t count = 0;
    g_auto(GStrv) groups = g_strsplit_set(text, " -", -1);
    g_autofree char *hex = g_strjoinv("", groups);
    return sodium_hex2bin(salt->bytes, SALT_BYTES, hex, strlen(hex), NULL, &count, NULL) == 0 && count == SALT_BYTES;
}

char *ledger_commitment_of(const char *salt_text, const char *text)
{
    Hash made;
    Salt salt = { 0 };
    if (!read_salt(salt_text, &salt))
        return NULL;
    g_auto(GStrv) lines = g_strsplit(text, "\r", -1);
    g_autofree char *joined = g_strchomp(g_strjoinv("", lines)), *whole = g_strconcat(joined, "\n", NULL);
    hash_keyed(salt.bytes, sizeof salt.bytes, whole, strlen(whole), &made);
    return text_hex(made.bytes, HASH_BYTES);
}

/* ---- the checkpoint in parts ---- */

json_t *ledger_now(const Context *context, GError **error)
{
    Hash root;
    int64_t size = 0;
    g_auto(Recorded) last = { 0 };
    if (!context->signer)
        return json_object();
    g_autofree char *note = ledger_checkpoint(context, 0, error), *key = note_verifier_text(&context->signer->verifier);
    if (!note || !open_checkpoint(context, note, &size, &root, error) ||
        (size && !recorded_load(context->db, context->county, size, &last, error)))
        return NULL;
    g_autofree char *coded = g_base64_encode(root.bytes, HASH_BYTES);
    json_t *now = json_pack("{s:I, s:s, s:s, s:s, s:s}", "entries", size, "root", coded, "signed_by", context->signer->verifier.name,
                            "key", key, "note", note);
    put_at(now, "last", &last);
    return now;
}

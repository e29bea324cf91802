// SPDX-License-Identifier: Apache-2.0
/* The one sealed file of a document: drawn and sealed with its organ's key when the act is done, soon after the commit, or by who asks
 * for it earlier; kept from then on with the papers, encrypted as the database's personal data are, so that it is the same bytes for ever. */
#include "files/room.h"

#include "ledger/ledger.h"

#include <string.h>

static const char sealed_file[] = "document_seal.kept"; /* to which the encrypted bytes are bound, with the code */

/* The text that the key signs, so that the row alone can be judged. */
static char *signed_text(const char *code, const json_t *row)
{
    return g_strconcat(code, " ", json_text(row, "hash"), NULL);
}

/* ---- making it ---- */

typedef struct Sealing {
    const char *code;
    json_t *made;     /* as it is to be recorded */
    json_t *recorded; /* as it was in the end: of two who seal at once the first has */
} Sealing;

static void sealing_clear(Sealing *self)
{
    json_decref(self->made);
    json_decref(self->recorded);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Sealing, sealing_clear)

/* Bytes that came too late, or whose document was erased meanwhile, go again. */
static bool record(const Context *context, void *data, GError **error)
{
    Sealing *self = data;
    g_clear_pointer(&self->recorded, json_decref);
    g_autoptr(json_t) document = document_row(context->db, context->county, self->code, error);
    if (!document || !document_seal_row(context->db, context->county, self->code, &self->recorded, error))
        return false;
    if (self->recorded || json_flag(document, "is_erased"))
        return paper_goes(context, json_text(self->made, "kept"), error);
    self->recorded = json_incref(self->made);
    return document_seal_insert(context, self->code, self->made, error);
}

static GBytes *draw(const Context *context, const View *view, const json_t *document, const Seal *seal, GError **error)
{
    g_autoptr(json_t) paper = document_paper(context, view, document_language(document), DOCUMENT_ORIGINAL, document, error);
    GBytes *pdf = paper ? view_pdf(paper, error) : NULL;
    const Seal *signer = seal ? seal : context->seal;
    return pdf && signer ? seal_document(signer, pdf, json_text(document, "code"), error) : pdf;
}

static json_t *keep(const Context *context, const Seal *seal, const char *code, GBytes *pdf, GError **error)
{
    size_t length;
    const void *bytes = g_bytes_get_data(pdf, &length);
    g_autofree char *hash = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, pdf);
    g_autofree char *encrypted = personal_seal_bytes(context->db, context->county, sealed_file, code, bytes, length, error);
    g_autofree char *kept = encrypted ? paper_keep_bytes(context->files, encrypted, strlen(encrypted), error) : NULL;
    g_autoptr(json_t) row = kept ? json_pack("{s:s, s:s, s:s}", "key", seal ? seal_key(seal) : "", "hash", hash, "kept", kept) : NULL;
    g_autofree char *text = row ? signed_text(code, row) : NULL;
    g_autofree char *signature = !text ? NULL : seal ? seal_text(seal, text, error) : g_strdup("");
    if (!signature)
        return NULL;
    json_object_set_new(row, "signature", json_string(signature));
    return g_steal_pointer(&row);
}

/* A key that was ended meanwhile signs no more: the organ's present one does, or none ("seal" is ""). Owned by the caller. */
static json_t *with_key_of_today(const Context *context, const json_t *document, GError **error)
{
    json_t *found;
    g_autofree char *key = NULL;
    if (!organ_seal_row(context->db, context->county, json_text(document, "seal"), &found, error))
        return NULL;
    g_autoptr(json_t) row = found;
    g_autoptr(json_t) today = json_copy((json_t *)(uintptr_t)document);
    if (json_number(row, "ended_at") && !organ_seal_in_force(context->db, context->county, json_number(row, "organ"), &key, error))
        return NULL;
    if (json_number(row, "ended_at"))
        json_object_set_new(today, "seal", json_string(key ? key : ""));
    return g_steal_pointer(&today);
}

static json_t *seal_now(const Context *context, const View *view, const json_t *as_written, TimerWrite *write, void *writer, GError **error)
{
    g_auto(Sealing) self = { .code = json_text(as_written, "code") };
    g_autoptr(json_t) document = with_key_of_today(context, as_written, error);
    bool is_sealed = *json_text(document, "seal");
    g_autoptr(Seal) seal = is_sealed ? organ_seal_open(context->db, context->county, json_text(document, "seal"), error) : NULL;
    g_autoptr(GBytes) pdf = document && (seal || !is_sealed) ? draw(context, view, document, seal, error) : NULL;
    self.made = pdf ? keep(context, seal, self.code, pdf, error) : NULL;
    if (!self.made || !write(writer, record, &self, error))
        return NULL;
    return self.recorded ? json_incref(self.recorded) : refuse(error, NOT_FOUND, "files.document_erased", "code", self.code, NULL);
}

/* ---- giving it out ---- */

bool document_is_kept(const Context *context, const json_t *document, bool *is, GError **error)
{
    bool is_before = !json_object_get(json_object_get(document, "content"), "issuer");
    *is = *json_text(document, "seal") || (context->seal && !is_before);
    return *is || is_before ||
           organ_seal_was(context->db, context->county, json_number(document, "organ"), json_number(document, "made_at"), is, error);
}

static GBytes *open_kept(const Context *context, const char *code, const json_t *row, GError **error)
{
    size_t length;
    g_autoptr(GBytes) kept = files_paper_bytes(context->files, json_text(row, "kept"), error);
    const char *bytes = kept ? g_bytes_get_data(kept, &length) : NULL;
    g_autofree char *text = bytes ? g_strndup(bytes, length) : NULL;
    g_autoptr(GBytes) pdf = text ? personal_open_bytes(context->db, context->county, sealed_file, code, text, error) : NULL;
    g_autofree char *hash = pdf ? g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, pdf) : NULL;
    if (hash && strcmp(hash, json_text(row, "hash")) != 0)
        return fault(error, "the sealed file of document %s is another than was recorded", code);
    return g_steal_pointer(&pdf);
}

GBytes *document_sealed(const Context *context, const View *view, const json_t *document, TimerWrite *write, void *writer, GError **error)
{
    json_t *found;
    const char *code = json_text(document, "code");
    if (!document_seal_row(context->db, context->county, code, &found, error))
        return NULL;
    g_autoptr(json_t) row = found ? found : seal_now(context, view, document, write, writer, error);
    return row ? open_kept(context, code, row, error) : NULL;
}

static bool seal_all(const Context *context, const View *view, const json_t *rows, int64_t until, TimerWrite *write, void *writer, GError **error)
{
    size_t i;
    bool is_kept;
    json_t *row;
    json_array_foreach((json_t *)(uintptr_t)rows, i, row) {
        if (g_get_monotonic_time() > until)
            break;
        g_autoptr(GError) why = NULL; /* keeps no other from being sealed */
        g_autoptr(json_t) document = document_row(context->db, context->county, json_text(row, "code"), &why);
        bool read = document && document_is_kept(context, document, &is_kept, &why);
        g_autoptr(json_t) made = read && is_kept ? seal_now(context, view, document, write, writer, &why) : NULL;
        if (!made && why && error && !*error)
            g_propagate_error(error, g_steal_pointer(&why));
    }
    return rows && !(error && *error);
}

/* Documents that their organ seals, and those of the last two days for which the centre signs in its place: who asks for an older one of
 * these has it signed then. */
bool files_seal_waiting(const Context *context, const View *view, int64_t until, TimerWrite *write, void *writer, GError **error)
{
    enum { MOST = 200, DAYS = 31 /* a server may have stood still */ };
    char first[CODE_DAY_TEXT], yesterday[CODE_DAY_TEXT], last[CODE_DAY_TEXT];
    document_code_day(day_of(context->now) - DAYS, first);
    document_code_day(day_of(context->now) - 1, yesterday);
    document_code_day(day_of(context->now) + 1, last);
    g_autoptr(json_t) rows = documents_unsealed(context->db, context->county, false, first, last, MOST, error);
    if (!rows || !seal_all(context, view, rows, until, write, writer, error))
        return false;
    g_autoptr(json_t) others = context->seal ? documents_unsealed(context->db, context->county, true, yesterday, last, MOST, error) : json_array();
    return others && seal_all(context, view, others, until, write, writer, error);
}

/* ---- judging ---- */

bool seal_judge_by_organs(Db *db, int64_t county, const void *bytes, size_t length, SealJudgement *said, GError **error)
{
    json_t *found = NULL;
    if (said->finding != SEAL_OTHER_KEY)
        return true;
    if (!organ_seal_row(db, county, said->key, &found, error))
        return false;
    g_autoptr(json_t) row = found;
    g_autoptr(Seal) seal = row ? seal_of_public(json_text(row, "public")) : NULL;
    if (seal)
        *said = seal_judge(seal, bytes, length);
    return true;
}

/* ---- for pinghu verify ---- */

typedef struct Examination {
    const Context *context;
    const VerifyReport *told;
    GHashTable *made;  /* key -> its public half as PEM, as the ledger has them */
    GHashTable *ended; /* keys */
    GHashTable *seals; /* key -> of Seal, of those that sealed something */
} Examination;

static void examination_clear(Examination *self)
{
    g_hash_table_unref(self->made);
    g_hash_table_unref(self->ended);
    g_hash_table_unref(self->seals);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Examination, examination_clear)

static bool take_event(const Event *event, void *data, GError **error)
{
    Examination *self = data;
    g_autoptr(json_t) payload = json_loads(event->payload, 0, NULL);
    const char *key = json_text(payload, "key");
    (void)error;
    if (strcmp(event->kind, SEAL_ENDED) == 0)
        g_hash_table_add(self->ended, g_strdup(key));
    else
        g_hash_table_replace(self->made, g_strdup(key), g_strdup(json_text(payload, "public")));
    return true;
}

/* A made key by its name; NULL where the ledger has none, or it is none of that name. */
static const Seal *key_made(const Examination *self, const char *key)
{
    const char *public = g_hash_table_lookup(self->made, key);
    Seal *seal = g_hash_table_lookup(self->seals, key);
    if (!seal && public && (seal = seal_of_public(public)))
        g_hash_table_replace(self->seals, g_strdup(key), seal);
    return seal && strcmp(seal_key(seal), key) == 0 ? seal : NULL;
}

/* A key that nobody made by an event was put there by another way. */
static bool examine_key(const Examination *self, const json_t *row, GError **error)
{
    const char *key = json_text(row, "key");
    const char *made = g_hash_table_lookup(self->made, key);
    bool fits = made && strcmp(made, json_text(row, "public")) == 0 && (json_number(row, "ended_at") != 0) == g_hash_table_contains(self->ended, key);
    return fits || report_difference(self->told, "organ_seal", key, "files.found_key", "", error);
}

static bool examine_file(const Examination *self, const json_t *row, GError **error)
{
    const char *code = json_text(row, "code");
    const char *key = json_text(row, "key"); /* "": the organ had none, so the file alone is kept */
    const Seal *seal = key_made(self, key);
    g_autofree char *text = signed_text(code, row);
    if (*key && (!seal || !seal_holds_text(seal, text, json_text(row, "signature"))))
        return report_difference(self->told, "document_seal", code, "files.found_seal", "", error);
    g_autofree char *path = self->context->files ? files_path(self->context->files, json_text(row, "kept")) : NULL;
    if (!path || !g_file_test(path, G_FILE_TEST_EXISTS)) /* in a store, which is not asked here */
        return true;
    g_autoptr(GError) why = NULL;
    g_autoptr(GBytes) pdf = open_kept(self->context, code, row, &why);
    return pdf || report_difference(self->told, "document_seal", code, "files.found_file", "", error);
}

static bool examine_files(const Examination *self, GError **error)
{
    enum { PAGE = 500 };
    size_t i;
    json_t *row;
    g_autofree char *after = g_strdup("");
    for (size_t count = PAGE; count == PAGE;) {
        g_autoptr(json_t) rows = document_seals_after(self->context->db, self->context->county, after, PAGE, error);
        if (!rows)
            return false;
        json_array_foreach(rows, i, row)
            if (!examine_file(self, row, error))
                return false;
        count = json_array_size(rows);
        g_free(after);
        after = g_strdup(json_text(json_array_get(rows, count - 1), "code"));
    }
    return true;
}

bool seals_verify(const Context *context, const VerifyReport *told, int64_t *count, GError **error)
{
    size_t i;
    json_t *row;
    g_auto(Examination) self = { context, told, g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
                                 g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                                 g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)seal_free) };
    g_autoptr(json_t) rows = organ_seals(context->db, context->county, error);
    *count = (int64_t)json_array_size(rows);
    if (!rows || !ledger_walk_subject(context->db, context->county, SEALS_SUBJECT, take_event, &self, error))
        return false;
    json_array_foreach(rows, i, row)
        if (!examine_key(&self, row, error))
            return false;
    return examine_files(&self, error);
}

// SPDX-License-Identifier: Apache-2.0
/* Seals of organs: made, ended, put on a document once, kept with it; on a file and on a server. */
#include "files/room.h"
#include "fixture_test.h"
#include "view/view.h"

#include <string.h>

enum { COUNTY = 330482, WATER = 15, FIRE = 6 };

typedef struct Bench {
    Fixture *f;
    Files *files;
    View *view;
    Context context; /* of the system */
} Bench;

static const Actor the_system = { .kind = SYSTEM, .name = "" }, clerk = { .kind = STAFF, .id = 7, .name = "" };

/* ---- the bench ---- */

typedef struct Job {
    Context context;
    TimerWork *work;
    void *data;
} Job;

static bool run_job(Db *db, void *data, GError **error)
{
    Job *self = data;
    self->context.db = db;
    return self->work(&self->context, self->data, error);
}

static bool write_job(void *bench, TimerWork *work, void *data, GError **error)
{
    Bench *b = bench;
    return store_write(b->f->store, run_job, &(Job){ b->context, work, data }, error);
}

static void must_write(Bench *b, TimerWork *work, void *data)
{
    g_autoptr(GError) error = NULL;
    write_job(b, work, data, &error);
    g_assert_no_error(error);
}

static bool import(const Context *context, void *data, GError **error)
{
    const Embedded *divisions = embedded_find("data/divisions.csv"), *organs = embedded_find("data/organs.csv");
    (void)data;
    return identity_import_divisions(context, divisions->bytes, divisions->size, error) &&
           identity_import_organs(context, organs->bytes, organs->size, error);
}

static void open_bench(Bench *b, Fixture *f)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *papers = g_build_filename(f->folder, "papers", NULL);
    *b = (Bench){ .f = f, .files = files_open(papers, COUNTY, NULL, &error), .view = view_open(&error) };
    g_assert_no_error(error);
    b->context = (Context){ .county = COUNTY, .actor = &the_system, .now = f->now, .public_url = "https://centre.example", .files = b->files,
                            .random = random_secure, .rooms = rooms };
    must_write(b, import, NULL);
}

static void close_bench(Bench *b)
{
    files_close(b->files);
    view_close(b->view);
}

static Context reader_of(Bench *b)
{
    Context context = b->context;
    context.db = store_reader(b->f->store, NULL);
    return context;
}

static bool seal_work(const Context *context, void *organ, GError **error)
{
    return files_seal_organ(context, *(int64_t *)organ, NULL, "印章遗失", error);
}

static void seal_organ(Bench *b, int64_t organ)
{
    must_write(b, seal_work, &organ);
}

/* NULL: it has none. Owned by the caller. */
static char *key_in_force(Bench *b, int64_t organ)
{
    char *key;
    Context context = reader_of(b);
    g_assert_true(organ_seal_in_force(context.db, COUNTY, organ, &key, NULL));
    store_return(b->f->store, context.db);
    return key;
}

/* ---- documents ---- */

typedef struct Making {
    const char *kind;
    char code[DOCUMENT_CODE_TEXT];
} Making;

static bool make_work(const Context *context, void *data, GError **error)
{
    Making *self = data;
    g_autofree char *issuer = files_issuer(context, WATER, true, error);
    g_autofree char *content = g_strdup_printf("{\"applicant_name\":\"张示例\",\"day\":\"2014-09-03\",\"id_masked\":\"330499********0013\","
        "\"id_number\":\"330499198001010013\",\"is_person\":true,\"issuer\":%s,\"item_name\":\"取水许可审批\",\"language\":\"zh\"}", issuer);
    g_autoptr(json_t) made = issuer ? files_document(context, self->kind, "case/330482140903000123", 1, WATER, content, error) : NULL;
    g_strlcpy(self->code, json_text(made, "code"), sizeof self->code);
    return made;
}

static Making make(Bench *b, const char *kind)
{
    Making made = { .kind = kind };
    must_write(b, make_work, &made);
    return made;
}

static GBytes *sealed_by(Bench *b, const Context *context, const char *code)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(json_t) row = document_row(context->db, COUNTY, code, &error);
    GBytes *pdf = document_sealed(context, b->view, row, write_job, b, &error);
    g_assert_no_error(error);
    return pdf;
}

static GBytes *sealed(Bench *b, const char *code)
{
    Context context = reader_of(b);
    GBytes *pdf = sealed_by(b, &context, code);
    store_return(b->f->store, context.db);
    return pdf;
}

static enum seal_finding finding_of(Bench *b, GBytes *pdf)
{
    size_t length;
    g_autoptr(GError) error = NULL;
    const void *bytes = g_bytes_get_data(pdf, &length);
    Context context = reader_of(b);
    SealJudgement said = seal_judge(NULL, bytes, length);
    seal_judge_by_organs(context.db, COUNTY, bytes, length, &said, &error);
    g_assert_no_error(error);
    store_return(b->f->store, context.db);
    return said.finding;
}

static int64_t number_of(Bench *b, const char *sql)
{
    bool found;
    int64_t number;
    Context context = reader_of(b);
    g_assert_true(db_integer(context.db, sql, NULL, &number, &found, NULL));
    store_return(b->f->store, context.db);
    return found ? number : -1;
}

#define SEALED_FILES "/* all rows */ SELECT COUNT(*) FROM document_seal WHERE county = 330482"
#define GONE_FILES "/* all rows */ SELECT COUNT(*) FROM paper_gone WHERE county = 330482"

/* ---- tests ---- */

static void an_organ_has_one_seal_in_force(Fixture *f, const void *data)
{
    Bench b;
    (void)data;
    open_bench(&b, f);
    g_assert_null(key_in_force(&b, WATER));
    seal_organ(&b, WATER);
    seal_organ(&b, FIRE);
    g_autofree char *first = key_in_force(&b, WATER), *fire = key_in_force(&b, FIRE);
    seal_organ(&b, WATER);
    g_autofree char *second = key_in_force(&b, WATER);
    g_assert_cmpstr(first, !=, second);
    g_assert_cmpstr(first, !=, fire);
    Context context = reader_of(&b);
    g_autofree char *issuer = files_issuer(&context, WATER, true, NULL), *unsealed = files_issuer(&context, 8, true, NULL);
    g_assert_nonnull(strstr(issuer, second));
    g_autoptr(json_t) all = files_seals(&context, NULL);
    g_assert_null(strstr(unsealed, "seal_key"));
    g_assert_cmpuint(json_array_size(all), ==, 3);
    store_return(f->store, context.db);
    close_bench(&b);
}

static void a_document_is_sealed_once_and_kept(Fixture *f, const void *data)
{
    Bench b;
    (void)data;
    open_bench(&b, f);
    seal_organ(&b, WATER);
    Making made = make(&b, "acceptance");
    g_autoptr(GBytes) first = sealed(&b, made.code), again = sealed(&b, made.code);
    g_assert_true(g_bytes_equal(first, again));
    g_assert_cmpint(finding_of(&b, first), ==, SEAL_GENUINE);
    seal_organ(&b, WATER); /* the first is ended */
    g_autoptr(GBytes) later = sealed(&b, made.code);
    g_assert_true(g_bytes_equal(first, later));
    g_assert_cmpint(finding_of(&b, later), ==, SEAL_GENUINE);
    g_assert_cmpint(number_of(&b, SEALED_FILES), ==, 1);
    g_assert_cmpint(number_of(&b, GONE_FILES), ==, 0);
    close_bench(&b);
}

/* Each has seen none before the other's was there: one file stays, the other one's bytes go. */
static void two_who_seal_at_once_have_one_file(Fixture *f, const void *data)
{
    Bench b;
    (void)data;
    open_bench(&b, f);
    seal_organ(&b, WATER);
    Making made = make(&b, "acceptance");
    Context one = reader_of(&b), other = reader_of(&b);
    g_autoptr(json_t) unseen = document_row(other.db, COUNTY, made.code, NULL);
    (void)unseen;
    g_autoptr(GBytes) first = sealed_by(&b, &one, made.code), second = sealed_by(&b, &other, made.code);
    g_assert_true(g_bytes_equal(first, second));
    store_return(f->store, one.db);
    store_return(f->store, other.db);
    g_assert_cmpint(number_of(&b, SEALED_FILES), ==, 1);
    close_bench(&b);
}

static void what_waits_is_sealed_in_the_background(Fixture *f, const void *data)
{
    Bench b;
    g_autoptr(GError) error = NULL;
    (void)data;
    open_bench(&b, f);
    make(&b, "acceptance"); /* of an organ that has no seal yet */
    seal_organ(&b, WATER);
    make(&b, "acceptance");
    make(&b, "decision");
    Context context = reader_of(&b);
    g_assert_true(files_seal_waiting(&context, b.view, g_get_monotonic_time() - 1, write_job, &b, &error));
    g_assert_cmpint(number_of(&b, SEALED_FILES), ==, 0); /* its time was over */
    g_assert_true(files_seal_waiting(&context, b.view, G_MAXINT64, write_job, &b, &error));
    store_return(f->store, context.db);
    g_assert_cmpint(number_of(&b, SEALED_FILES), ==, 2);
    close_bench(&b);
}

/* Everything that the paper says, as one text. Owned by the caller. */
static char *said(Bench *b, const char *code, const Actor *actor, enum document_edition edition)
{
    Context context = reader_of(b);
    context.actor = actor;
    g_autoptr(json_t) row = document_row(context.db, COUNTY, code, NULL);
    g_autoptr(json_t) paper = document_paper(&context, b->view, CHINESE, edition, row, NULL);
    store_return(b->f->store, context.db);
    return json_dumps(paper, JSON_SORT_KEYS);
}

static void a_copy_has_neither_seal_nor_the_whole_number(Fixture *f, const void *data)
{
    Bench b;
    (void)data;
    open_bench(&b, f);
    seal_organ(&b, WATER);
    Making made = make(&b, "decision");
    g_autofree char *key = key_in_force(&b, WATER), *original = said(&b, made.code, &clerk, DOCUMENT_ORIGINAL);
    g_autofree char *copy = said(&b, made.code, &clerk, DOCUMENT_FOR_READER);
    g_assert_true(strstr(original, key) && strstr(original, "330499198001010013") && strstr(original, "\"seal\": \"平湖市水利局\"") && !strstr(original, "复制件"));
    g_assert_true(!strstr(copy, key) && strstr(copy, "330499********0013") && !strstr(copy, "330499198001010013") && !strstr(copy, "\"seal\""));
    g_assert_nonnull(strstr(copy, "复制件，未盖章"));
    g_autofree char *reprint = said(&b, made.code, &clerk, DOCUMENT_REPRINT); /* the paper as it is, and round it what it is */
    g_assert_true(strstr(reprint, "\"margin\": \"重印件：") && strstr(reprint, "\"seal\": \"平湖市水利局\"") && !strstr(reprint, "复制件"));
    g_assert_true(!strstr(reprint, key) && !strstr(reprint, "330499198001010013") && !strstr(original, "margin"));
    close_bench(&b);
}

static void assert_told(Bench *b, const char *wanted);

static bool end_work(const Context *context, void *key, GError **error)
{
    return organ_seal_end(context, key, "印章遗失", error) && db_reference_changed(context->db, context->county, error);
}

/* Neither before an organ has its first seal nor after the end of it, where the centre has no key
 * to stand in. */
static void what_is_written_without_a_seal_shows_none(Fixture *f, const void *data)
{
    Bench b;
    (void)data;
    open_bench(&b, f);
    Making before = make(&b, "acceptance");
    b.context.now += MINUTE_MS;
    seal_organ(&b, WATER);
    g_autofree char *key = key_in_force(&b, WATER);
    Making waits = make(&b, "acceptance");
    must_write(&b, end_work, key);
    Making after = make(&b, "acceptance");
    g_autofree char *first = said(&b, before.code, &clerk, DOCUMENT_FOR_READER), *last = said(&b, after.code, &clerk, DOCUMENT_FOR_READER);
    g_assert_true(!strstr(first, "\"seal\"") && !strstr(last, "\"seal\"") &&
                  !strstr(first, "代章"));
    Making waited = make(&b, "acceptance");
    g_autoptr(GBytes) bare = sealed(&b, after.code), again = sealed(&b, after.code), unsigned_too = sealed(&b, waited.code);
    g_assert_true(g_bytes_equal(bare, again));
    g_assert_cmpint(finding_of(&b, bare), ==, SEAL_NONE);
    g_assert_cmpint(finding_of(&b, unsigned_too), ==, SEAL_NONE);
    assert_told(&b, "organ_seal files.found_key\n"); /* the end alone, which no event tells here; a file without seal is none */
    seal_organ(&b, WATER);
    g_autofree char *second = key_in_force(&b, WATER);
    g_autoptr(GBytes) pdf = sealed(&b, waits.code); /* not by the key that was ended meanwhile */
    const char *bytes = g_bytes_get_data(pdf, NULL);
    g_assert_nonnull(g_strrstr_len(bytes + g_bytes_get_size(pdf) - 200, 200, second));
    close_bench(&b);
}

static void the_centre_signs_once_for_an_organ_without_a_seal(Fixture *f, const void *data)
{
    Bench b;
    (void)data;
    open_bench(&b, f);
    const unsigned char secret[SEAL_SECRET] = { 1, 2, 3 };
    g_autoptr(Seal) centre = seal_of_secret(secret);
    b.context.seal = centre;
    make(&b, "acceptance");
    Context context = reader_of(&b);
    g_assert_true(files_seal_waiting(&context, b.view, G_MAXINT64, write_job, &b, NULL));
    store_return(f->store, context.db);
    g_assert_cmpint(number_of(&b, SEALED_FILES), ==, 1);
    Making made = make(&b, "decision");
    g_autoptr(GBytes) one = sealed(&b, made.code), again = sealed(&b, made.code);
    g_assert_true(g_bytes_equal(one, again));
    g_assert_cmpint(seal_judge(centre, g_bytes_get_data(one, NULL), g_bytes_get_size(one)).finding, ==, SEAL_GENUINE);
    g_autofree char *copy = said(&b, made.code, &clerk, DOCUMENT_FOR_READER);
    g_assert_true(strstr(copy, "复制件") && !strstr(copy, "\"seal\"") && !strstr(copy, "代章"));
    assert_told(&b, "");
    close_bench(&b);
}

/* The picture on a paper is the seal of who signs it, and the paper says where that is not its
 * organ. */
static void the_centre_in_an_organs_place_shows_its_own_seal(Fixture *f, const void *data)
{
    Bench b;
    (void)data;
    open_bench(&b, f);
    const unsigned char secret[SEAL_SECRET] = { 1, 2, 3 };
    g_autoptr(Seal) centre = seal_of_secret(secret);
    b.context.seal = centre;
    Making without = make(&b, "decision");
    seal_organ(&b, WATER);
    Making with = make(&b, "decision");
    g_autofree char *key = key_in_force(&b, WATER);
    must_write(&b, end_work, key);
    Making after = make(&b, "decision");
    g_autofree char *own = said(&b, with.code, &clerk, DOCUMENT_ORIGINAL);
    g_assert_true(strstr(own, "\"seal\": \"平湖市水利局\"") && strstr(own, "行政许可专用章") &&
                  !strstr(own, "代章"));
    const char *const codes[] = { without.code, after.code };
    for (size_t i = 0; i < G_N_ELEMENTS(codes); i++) {
        g_autofree char *paper = said(&b, codes[i], &clerk, DOCUMENT_ORIGINAL);
        g_assert_true(strstr(paper, "\"seal\": \"平湖市行政服务中心\"") &&
                      strstr(paper, "业务专用章") && !strstr(paper, "行政许可专用章"));
        g_assert_nonnull(strstr(paper, "\"organ\": \"平湖市水利局\\n（平湖市行政服务中心代章）\""));
    }
    close_bench(&b);
}

static bool forget_work(const Context *context, void *data, GError **error)
{
    (void)data;
    return files_forget(context, "case/330482140903000123", error);
}

static void an_erasure_takes_the_sealed_file(Fixture *f, const void *data)
{
    Bench b;
    (void)data;
    open_bench(&b, f);
    seal_organ(&b, WATER);
    Making made = make(&b, "acceptance");
    g_autoptr(GBytes) pdf = sealed(&b, made.code);
    (void)pdf;
    must_write(&b, forget_work, NULL);
    g_assert_cmpint(number_of(&b, SEALED_FILES), ==, 0);
    g_assert_cmpint(number_of(&b, GONE_FILES), ==, 1);
    close_bench(&b);
}

/* ---- damage ---- */

static void note(void *told, const char *table, const char *row, const char *reason, const char *detail)
{
    (void)row, (void)detail;
    g_string_append_printf(told, "%s %s\n", table, reason);
}

static void assert_told(Bench *b, const char *wanted)
{
    int64_t count;
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) told = g_string_new(NULL);
    const VerifyReport report = { .found = note, .data = told };
    Context context = reader_of(b);
    seals_verify(&context, &report, &count, &error);
    g_assert_no_error(error);
    store_return(b->f->store, context.db);
    g_assert_cmpstr(told->str, ==, wanted);
}

static bool order_work(const Context *context, void *sql, GError **error)
{
    return db_run(context->db, sql, WITH(db_int("county", COUNTY)), error);
}

static void what_was_altered_is_told(Fixture *f, const void *data)
{
    static const struct { const char *alters, *undoes, *told; } all[] = {
        { "/* all rows */ UPDATE document_seal SET hash = '0' || hash WHERE county = :county", "/* all rows */ UPDATE document_seal SET hash = substr(hash, 2) WHERE county = :county", "document_seal files.found_seal\n" },
        { "/* all rows */ UPDATE document_seal SET signature = 'AAAA' || signature WHERE county = :county", "/* all rows */ UPDATE document_seal SET signature = substr(signature, 5) WHERE county = :county",
          "document_seal files.found_seal\n" },
        { "UPDATE organ_seal SET ended_at = 1 WHERE county = :county", "UPDATE organ_seal SET ended_at = 0 WHERE county = :county", "organ_seal files.found_key\n" },
        { "INSERT INTO organ_seal (county, key, organ, public, secret, picture, made_at, ended_at, reason) VALUES (:county, '0123456789abcdef', 6, '', '', '', 1, 0, '')",
          "DELETE FROM organ_seal WHERE county = :county AND key = '0123456789abcdef'", "organ_seal files.found_key\n" },
    };
    Bench b;
    (void)data;
    open_bench(&b, f);
    seal_organ(&b, WATER);
    Making made = make(&b, "acceptance");
    g_autoptr(GBytes) pdf = sealed(&b, made.code);
    (void)pdf;
    assert_told(&b, "");
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
        must_write(&b, order_work, (void *)(uintptr_t)all[i].alters);
        assert_told(&b, all[i].told);
        must_write(&b, order_work, (void *)(uintptr_t)all[i].undoes);
    }
    assert_told(&b, "");
    close_bench(&b);
}

static void a_changed_file_is_told(Fixture *f, const void *data)
{
    Bench b;
    (void)data;
    open_bench(&b, f);
    seal_organ(&b, WATER);
    Making made = make(&b, "acceptance");
    g_autoptr(GBytes) pdf = sealed(&b, made.code);
    (void)pdf;
    Context context = reader_of(&b);
    json_t *found;
    g_assert_true(document_seal_row(context.db, COUNTY, made.code, &found, NULL));
    g_autoptr(json_t) row = found;
    store_return(f->store, context.db);
    g_autofree char *path = files_path(b.files, json_text(row, "kept")), *bytes = NULL;
    gsize length;
    g_assert_true(g_file_get_contents(path, &bytes, &length, NULL));
    bytes[length / 2] ^= 1;
    g_assert_true(g_file_set_contents(path, bytes, (gssize)length, NULL));
    assert_told(&b, "document_seal files.found_file\n");
    close_bench(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    fixture_add("seals", "an organ has one seal in force", an_organ_has_one_seal_in_force);
    fixture_add("seals", "a document is sealed once and kept", a_document_is_sealed_once_and_kept);
    fixture_add("seals", "two who seal at once have one file", two_who_seal_at_once_have_one_file);
    fixture_add("seals", "what waits is sealed in the background", what_waits_is_sealed_in_the_background);
    fixture_add("seals", "a copy has neither seal nor the whole number", a_copy_has_neither_seal_nor_the_whole_number);
    fixture_add("seals", "what is written without a seal shows none", what_is_written_without_a_seal_shows_none);
    fixture_add("seals", "the centre signs once for an organ without a seal", the_centre_signs_once_for_an_organ_without_a_seal);
    fixture_add("seals", "the centre in an organ's place shows its own seal",
                the_centre_in_an_organs_place_shows_its_own_seal);
    fixture_add("seals", "an erasure takes the sealed file", an_erasure_takes_the_sealed_file);
    fixture_add("seals", "what was altered is told", what_was_altered_is_told);
    fixture_add("seals", "a changed file is told", a_changed_file_is_told);
    return g_test_run();
}

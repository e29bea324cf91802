// SPDX-License-Identifier: Apache-2.0
/* Shared by the tests of cases: a small county of its own, people who act in it, and the ways cases take there. */
#pragma once

#include "cases/life.h"
#include "rooms_test.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

enum { COUNTY = 330482, ORGAN = 21 };
static const int64_t village = 330482103200;

static const char items[] =
    "code,name,name_en,organ,type,level,summary,summary_en,who,who_en,basis,basis_en,statutory_days,statutory_unit,start,"
    "promised_days,promised_unit,objects,materials,fee,fee_en,fee_basis,steps,specials,visits,visit_reason,visit_reason_en,"
    "online,result,result_en,validity_years,result_kind,instant,keywords,origin\n"
    "CY,餐饮服务许可,Catering licence,21,license,county,可以开饭店,To run a restaurant,有场所的个人和单位,Anyone with premises,"
    "食品安全法,Food Safety Law,20,working,acceptance,10,working,person|enterprise,"
    "申请书;Application form;required;1;0;applicant|身份证;Identity card;required;0;1;applicant|平面图;Floor plan;optional;1;0;agency,"
    "不收费,Free,,receive;village/town/county;clerk|prereview;town;reviewer|accept;county;reviewer|review;county;reviewer|"
    "decide;county;approver|issue;town;issuer|deliver;town/village;clerk,expert_review;10;行政许可法第四十五条,1,领证,To collect,yes,"
    "餐饮服务许可证,Catering licence,3,licence,no,饭店,made up\n";

/* ---- who acts ---- */

static const Post posts[] = {
    { VILLAGE_POINT_ORGAN, 330482103200, CLERK }, { TOWN_CENTRE_ORGAN, 330482103000, REVIEWER | ISSUER | CLERK },
    { ORGAN, 330482000000, REVIEWER }, { ORGAN, 330482000000, APPROVER }, { ORGAN, 330482000000, HEAD },
    { TOWN_CENTRE_ORGAN, 330482102000, REVIEWER | ISSUER | CLERK }, { 7, 330482000000, REVIEWER | APPROVER | HEAD | CLERK },
    { CENTRE_ORGAN, 330482000000, SUPERVISOR },
};
enum who_acts { VILLAGE_CLERK, TOWN_REVIEWER, ORGAN_REVIEWER, ORGAN_APPROVER, ORGAN_HEAD, OTHER_TOWN, OTHER_ORGAN, WATCHER, PEOPLE };
static const Actor people[PEOPLE] = {
#define PERSON_OF(post) { STAFF, (post) + 1, "工作人员", &posts[post], 1, NULL }
    [VILLAGE_CLERK] = PERSON_OF(0), [TOWN_REVIEWER] = PERSON_OF(1), [ORGAN_REVIEWER] = PERSON_OF(2), [ORGAN_APPROVER] = PERSON_OF(3),
    [ORGAN_HEAD] = PERSON_OF(4), [OTHER_TOWN] = PERSON_OF(5), [OTHER_ORGAN] = PERSON_OF(6), [WATCHER] = PERSON_OF(7),
};
static const Actor visitor = { .kind = VISITOR, .name = "" };
static const Actor the_system = { .kind = SYSTEM, .name = "" };

/* ---- the bench ---- */

typedef struct Bench {
    char *folder;
    Store *store;
    Files *files;
    Calendar *calendar;
    RandomSeed random;
    Context context;
} Bench;

typedef bool Work(const Context *context, void *data, GError **error);
typedef struct Job {
    Context context;
    Work *work;
    void *data;
} Job;

static inline bool run_job(Db *db, void *data, GError **error)
{
    Job *job = data;
    job->context.db = db;
    return job->work(&job->context, job->data, error);
}

static inline bool write_as(Bench *b, const Actor *actor, Instant now, Work *work, void *data, GError **error)
{
    Job job = { b->context, work, data };
    job.context.actor = actor;
    job.context.now = now;
    return store_write(b->store, run_job, &job, error);
}

static inline bool import_all(const Context *context, void *data, GError **error)
{
    int64_t changed;
    const Embedded *divisions = embedded_find("data/divisions.csv"), *organs = embedded_find("data/organs.csv");
    (void)data;
    return identity_import_divisions(context, divisions->bytes, divisions->size, error) &&
           identity_import_organs(context, organs->bytes, organs->size, error) &&
           catalogue_import(context, items, sizeof items - 1, day_of(context->now), &changed, error);
}

static inline Instant at(const char *day, int hour)
{
    return instant_at(day_parse(day), hour * 60);
}

/* A county in the new database at `address`; NULL: in a file of its own. */
static inline void bench_open_at(Bench *b, const char *address)
{
    g_autoptr(GError) error = NULL;
    b->folder = g_dir_make_tmp("cases-XXXXXX", NULL);
    g_autofree char *file = g_build_filename(b->folder, "test.db", NULL), *papers = g_strconcat(file, ".files", NULL);
    b->store = store_with_rooms(address ? address : file, 2);
    b->files = files_open(papers, COUNTY, NULL, NULL);
    b->calendar = calendar_built_in();
    random_seed(&b->random, 7);
    b->context = (Context){ .county = COUNTY, .calendar = b->calendar, .files = b->files, .random = random_repeatable, .random_state = &b->random, .rooms = rooms };
    write_as(b, &the_system, at("2014-01-02", 9), import_all, NULL, &error);
    g_assert_no_error(error);
}

static inline void bench_open(Bench *b)
{
    bench_open_at(b, NULL);
}

static inline void assert_canonical(const char *text)
{
    g_autoptr(json_t) read = json_loads(text, 0, NULL);
    g_autofree char *canonical = json_canonical(read);
    g_assert_cmpstr(text, ==, canonical);
}

static inline void assert_all_canonical(Db *db)
{
    g_autoptr(DbRows) events = db_query(db, "/* all rows */ SELECT payload FROM event", NULL, NULL);
    while (db_next(events, NULL))
        assert_canonical(db_column_text(events, 0));
    g_autoptr(DbRows) documents = db_query(db, "/* all rows */ SELECT content, code FROM document WHERE county = :county AND content <> ''",
                                           WITH(db_int("county", COUNTY)), NULL);
    while (db_next(documents, NULL)) {
        g_autofree char *content = personal_column(documents, 0, "document.content", db_column_text(documents, 1), NULL);
        assert_canonical(content);
    }
}

/* The register of parties told of applicants before cases/005; as statements. Owned by the caller. */
static inline char *parties_of_before(Bench *b)
{
    const Case *each;
    Db *db = store_reader(b->store, NULL);
    GString *sql = g_string_new(NULL);
    g_auto(RecordWalk) walk = { .db = db, .county = COUNTY, .record = case_kind.record };
    while ((each = record_next(&walk, NULL)))
        if (*each->applicant)
            g_string_append_printf(sql, "UPDATE party SET name = '%s', id_number = '%s', telephone = '%s', contact = '%s', division = %" PRId64
                                        " WHERE id = %" PRId64 ";", each->applicant, each->applicant_id, each->applicant_telephone,
                                   each->applicant_contact, each->applicant_division, each->party);
    store_return(b->store, db);
    return g_string_free(sql, FALSE);
}

static inline void assert_sound(Bench *b)
{
    int64_t count;
    g_autoptr(GError) error = NULL;
    Context context = b->context;
    context.db = store_reader(b->store, NULL);
    g_assert_true(ledger_check(context.db, COUNTY, NULL, &count, NULL));
    subject_verify(&context, &case_kind, NULL, NULL, &count, &error);
    g_assert_no_error(error);
    subject_verify_sought(&context, &case_kind, NULL, &error);
    g_assert_no_error(error);
    assert_all_canonical(context.db);
    store_return(b->store, context.db);
}

/* After which the cases need not be what the ledger says. */
static inline void bench_close_unsound(Bench *b)
{
    store_close(b->store);
    files_close(b->files);
    calendar_unref(b->calendar);
    remove_tree(b->folder);
    g_free(b->folder);
}

static inline void bench_close(Bench *b)
{
    assert_sound(b); /* whatever a test did, the present is what the ledger says */
    bench_close_unsound(b);
}

/* ---- acting ---- */

typedef struct Acting {
    int64_t number;
    enum case_action action;
    SubjectInput input;
    Case *out;
} Acting;

static inline bool act(const Context *context, void *data, GError **error)
{
    Acting *a = data;
    return case_act(context, a->number, a->action, &a->input, a->out, error);
}

static inline bool take_as(Bench *b, const Actor *actor, int64_t number, const char *day, enum case_action action, SubjectInput input, Case *out, GError **error)
{
    Acting a = { number, action, input, out };
    if (!a.input.seen)
        a.input.seen = -1;
    return write_as(b, actor, at(day, 10), act, &a, error);
}

static inline Case after(Bench *b, const Actor *actor, int64_t number, const char *day, enum case_action action, SubjectInput input)
{
    Case out = { 0 };
    g_autoptr(GError) error = NULL;
    take_as(b, actor, number, day, action, input, &out, &error);
    g_assert_no_error(error);
    return out;
}

static inline void done(Bench *b, const Actor *actor, int64_t number, const char *day, enum case_action action, SubjectInput input, enum case_state state)
{
    g_auto(Case) out = after(b, actor, number, day, action, input);
    g_assert_cmpstr(case_state_names[out.state], ==, case_state_names[state]);
}

static inline void refused(Bench *b, const Actor *actor, int64_t number, const char *day, enum case_action action, SubjectInput input, const char *reason)
{
    g_autoptr(GError) error = NULL;
    g_assert_false(take_as(b, actor, number, day, action, input, NULL, &error));
    g_autoptr(json_t) details = trouble_details(error);
    if (strcmp(json_text(details, "reason"), reason) != 0)
        g_error("wanted %s, got %s", reason, error->message);
}

typedef struct Drafting {
    CaseDraft draft;
    Case *out;
} Drafting;

static inline bool draft_work(const Context *context, void *data, GError **error)
{
    Drafting *d = data;
    return case_draft(context, &d->draft, d->out, error);
}

static inline Party villager(void)
{
    return (Party){ .kind = PERSON, .name = "张示例", .id_number = "330499198001010013", .telephone = "13800000000", .contact = "", .division = village };
}

static inline bool try_draft(Bench *b, const Actor *actor, int64_t place, enum channel channel, const char *day, Case *out, GError **error)
{
    Drafting d = { { "CY", place, channel, villager() }, out };
    return write_as(b, actor, at(day, 9), draft_work, &d, error);
}

static inline int64_t drafted(Bench *b, const char *day)
{
    g_auto(Case) made = { 0 };
    g_autoptr(GError) error = NULL;
    try_draft(b, &people[VILLAGE_CLERK], village, AT_VILLAGE, day, &made, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(made.code_hash, ==, "");
    return made.number;
}

static inline Upload paper(Bench *b, const char *content)
{
    static int serial;
    Upload upload = { .field = "papers", .name = "scan.pdf", .size = (int64_t)strlen(content) };
    upload.path = g_strdup_printf("%s/up%d", files_incoming(b->files), serial++);
    g_file_set_contents(upload.path, content, -1, NULL);
    memcpy(upload.head, content, MIN(strlen(content), sizeof upload.head));
    g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, content, -1);
    memcpy(upload.sha256, hash, 65);
    return upload;
}

static inline void attach(Bench *b, const Actor *actor, int64_t number, const char *day, const char *material)
{
    Upload upload = paper(b, "%PDF-1.4 example");
    g_auto(Case) out = after(b, actor, number, day, ATTACH, (SubjectInput){ .material = material, .uploads = &upload, .upload_count = 1 });
    g_assert_cmpint(out.number, ==, number);
    g_free((char *)(uintptr_t)upload.path);
}

static inline json_t *necessary_papers(void)
{
    return json_pack("[s, s]", "申请书", "身份证");
}

static inline bool import_table(const Context *context, void *table, GError **error)
{
    int64_t changed;
    return catalogue_import(context, table, strlen(table), day_of(context->now), &changed, error);
}

/* From that day on the item is another: pairs of what stood in its table and what stands there now, NULL ended. */
static inline void change_item(Bench *b, const char *day, const char *const *changes)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) table = g_string_new(items);
    for (; *changes; changes += 2)
        g_assert_cmpuint(g_string_replace(table, changes[0], changes[1], 0), ==, 1);
    write_as(b, &the_system, at(day, 8), import_table, table->str, &error);
    g_assert_no_error(error);
}
#define CHANGE(b, day, ...) change_item(b, day, (const char *const[]){ __VA_ARGS__, NULL })

/* Handed in complete at the village and passed on by the town: it waits to be accepted. */
static inline int64_t at_the_organ(Bench *b, const char *day)
{
    int64_t number = drafted(b, day);
    g_autoptr(json_t) papers = necessary_papers();
    done(b, &people[VILLAGE_CLERK], number, day, SUBMIT, (SubjectInput){ .materials = papers }, RECEIVED);
    done(b, &people[TOWN_REVIEWER], number, day, PASS, (SubjectInput){ .opinion = "材料齐全" }, RECEIVED);
    return number;
}

static inline int64_t under_review(Bench *b, const char *day)
{
    int64_t number = at_the_organ(b, day);
    done(b, &people[ORGAN_REVIEWER], number, day, ACCEPT, (SubjectInput){ 0 }, REVIEW);
    return number;
}

static inline int64_t to_decide(Bench *b, const char *day)
{
    int64_t number = under_review(b, day);
    done(b, &people[ORGAN_REVIEWER], number, day, PASS, (SubjectInput){ .opinion = "符合条件" }, REVIEW);
    return number;
}

static inline Case present(Bench *b, int64_t number)
{
    Case found;
    Db *db = store_reader(b->store, NULL);
    g_assert_true(subject_load(db, COUNTY, &case_kind, number, &found, NULL));
    store_return(b->store, db);
    return found;
}

static inline void assert_due(Bench *b, int64_t number, enum case_clock which, const char *now, const char *due)
{
    char text[DAY_TEXT];
    g_auto(Case) found = present(b, number);
    g_autoptr(ClockReading) reading = case_clock(&found, which, b->calendar, at(now, 11));
    g_assert_nonnull(reading);
    g_assert_cmpstr(day_text(reading->due, text), ==, due);
}

static inline bool ring(const Context *context, void *data, GError **error)
{
    return timers_take(context, 10, data, error);
}

/* Does all that is due by then, and counts it. */
static inline int64_t ring_until(Bench *b, const char *day, int hour)
{
    int64_t count = 0;
    g_autoptr(GError) error = NULL;
    write_as(b, &the_system, at(day, hour), ring, &count, &error);
    g_assert_no_error(error);
    return count;
}

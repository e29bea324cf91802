// SPDX-License-Identifier: Apache-2.0
/* Site checks: who goes, what is recorded, and to what a case is held. */
#include "licences/bench_test.h"
#include "visits/life.h"

static Post officer_posts[] = { { ORGAN, 330482000000, REVIEWER }, { ORGAN, 330482000000, CLERK } };
static Actor officer = { STAFF, 0, "甲", &officer_posts[0], 1, NULL }, companion = { STAFF, 0, "乙", &officer_posts[1], 1, NULL };

/* ---- the bench ---- */

static bool add_officers(const Context *context, void *data, GError **error)
{
    (void)data;
    const StaffEntry one = { .account = "jia", .name = "核查甲", .posts = officer_posts, .post_count = 1 };
    const StaffEntry other = { .account = "yi", .name = "核查乙", .posts = officer_posts + 1, .post_count = 1 };
    return identity_add_staff(context, &one, &officer.id, error) && identity_add_staff(context, &other, &companion.id, error);
}

/* The item demands a site check from then on. */
static void open_demanding(Bench *b, bool demands)
{
    g_autoptr(GError) error = NULL;
    open_bench(b);
    write_as(b, &the_system, at("2014-01-03", 8), add_officers, NULL, &error);
    g_assert_no_error(error);
    if (demands)
        CHANGE(b, "2014-01-03", "keywords,origin\n", "keywords,origin,site_check\n", "made up\n", "made up,《食品安全法》第二十九条\n");
}

static void close_sound(Bench *b)
{
    int64_t count;
    g_autoptr(GError) error = NULL;
    Context context = b->context;
    context.db = store_reader(b->store, NULL);
    subject_verify(&context, &visit_kind, NULL, NULL, &count, &error);
    g_assert_no_error(error);
    store_return(b->store, context.db);
    close_bench(b);
}

static int64_t visit_of(Bench *b, int64_t case_number)
{
    int64_t number;
    Db *db = store_reader(b->store, NULL);
    g_assert_true(visit_of_case(db, COUNTY, case_number, &number, NULL));
    store_return(b->store, db);
    return number;
}

static Visit visit_now(Bench *b, int64_t number)
{
    Visit found;
    g_autoptr(GError) error = NULL;
    Db *db = store_reader(b->store, NULL);
    subject_load(db, COUNTY, &visit_kind, number, &found, &error);
    g_assert_no_error(error);
    store_return(b->store, db);
    return found;
}

typedef struct Visiting {
    int64_t number;
    enum visit_action action;
    SubjectInput input;
} Visiting;

static bool visit_work(const Context *context, void *data, GError **error)
{
    Visiting *v = data;
    g_auto(Visit) out = { 0 };
    v->input.seen = -1;
    return subject_act(context, &visit_kind, v->number, &visit_rules[v->action], &v->input, &out, error);
}

static void visits(Bench *b, const Actor *actor, int64_t number, const char *day, enum visit_action action, SubjectInput input, const char *outcome)
{
    Visiting v = { number, action, input };
    g_autoptr(GError) error = NULL;
    if (write_as(b, actor, at(day, 10), visit_work, &v, &error)) {
        g_auto(Visit) found = visit_now(b, number);
        g_assert_cmpstr(visit_state_names[found.state], ==, outcome);
        return;
    }
    g_autoptr(json_t) details = trouble_details(error);
    g_assert_cmpstr(json_text(details, "reason"), ==, outcome);
}

static void appoint(Bench *b, const Actor *by, int64_t number, const char *day, int64_t one, int64_t other, const char *on, const char *outcome)
{
    g_autoptr(json_t) fields = json_pack("{s:I, s:I, s:s, s:s}", "officer", one, "companion", other, "half", "morning", "place", "新仓镇示例路8号");
    visits(b, by, number, day, VISIT_APPOINT, (SubjectInput){ .day = day_parse(on), .fields = fields }, outcome);
}

static void record(Bench *b, const Actor *by, int64_t number, const char *day, const char *finding, const char *signature, const char *note, const char *outcome)
{
    g_autoptr(json_t) fields = json_pack("{s:s, s:s, s:s, s:s, s:s}", "finding", finding, "found", "厨房面积二十平方米", "signature", signature,
                                         "signature_note", note, "mend_day", strcmp(finding, "mend") ? "" : "2014-09-26");
    visits(b, by, number, day, VISIT_RECORD, (SubjectInput){ .fields = fields }, outcome);
}

/* Appointed, seen and signed on one day. */
static void seen(Bench *b, int64_t number, const char *day, const char *finding, const char *outcome)
{
    appoint(b, &officer, number, day, officer.id, companion.id, day, "to_make");
    record(b, &officer, number, day, finding, "signed", "", "to_sign");
    visits(b, &companion, number, day, VISIT_SIGN, (SubjectInput){ 0 }, outcome);
}

static const SubjectInput passes = { .opinion = "符合条件" }, claims = { .opinion = "经现场核查，符合条件" };

/* ---- tests ---- */

static void what_the_item_demands_is_seen_by_two(void)
{
    Bench b;
    open_demanding(&b, true);
    int64_t number = under_review(&b, "2014-09-15"), visit = visit_of(&b, number);
    g_assert_cmpint(visit, !=, 0);
    refused(&b, &people[ORGAN_REVIEWER], number, "2014-09-15", PASS, passes, "visits.not_recorded");
    appoint(&b, &officer, visit, "2014-09-16", officer.id, officer.id, "2014-09-17", "visits.two_officers");
    appoint(&b, &officer, visit, "2014-09-16", officer.id, officer.id + 77, "2014-09-17", "visits.of_the_organ");
    appoint(&b, &officer, visit, "2014-09-16", officer.id, companion.id, "2014-09-15", "visits.day_past");
    appoint(&b, &companion, visit, "2014-09-16", officer.id, companion.id, "2014-09-17", "visits.not_yours");
    appoint(&b, &people[OTHER_ORGAN], visit, "2014-09-16", officer.id, companion.id, "2014-09-17", "visits.not_yours");
    appoint(&b, &officer, visit, "2014-09-16", officer.id, companion.id, "2014-12-17", "visits.day_beyond");
    g_autoptr(json_t) bare = json_pack("{s:I, s:I}", "officer", officer.id, "companion", companion.id);
    visits(&b, &officer, visit, "2014-09-16", VISIT_APPOINT, (SubjectInput){ .day = day_parse("2014-09-17"), .fields = bare }, "visits.needed");
    appoint(&b, &officer, visit, "2014-09-16", officer.id, companion.id, "2014-09-17", "to_make");
    g_autoptr(json_t) silent = json_pack("{s:s, s:s}", "found", "看过了", "signature", "signed");
    visits(&b, &officer, visit, "2014-09-17", VISIT_RECORD, (SubjectInput){ .fields = silent }, "visits.needed");
    record(&b, &officer, visit, "2014-09-16", "fits", "signed", "", "visits.not_yet");
    record(&b, &people[ORGAN_APPROVER], visit, "2014-09-17", "fits", "signed", "", "visits.not_yours");
    record(&b, &officer, visit, "2014-09-17", "fits", "refused", "", "visits.signature_note_needed");
    record(&b, &officer, visit, "2014-09-17", "fits", "refused", "认为不必签字", "to_sign");
    visits(&b, &officer, visit, "2014-09-17", VISIT_SIGN, (SubjectInput){ 0 }, "visits.other_signs");
    refused(&b, &people[ORGAN_REVIEWER], number, "2014-09-17", PASS, passes, "visits.not_recorded");
    visits(&b, &companion, visit, "2014-09-17", VISIT_SIGN, (SubjectInput){ 0 }, "fits");
    done(&b, &people[ORGAN_REVIEWER], number, "2014-09-17", PASS, claims, REVIEW);
    done(&b, &people[ORGAN_APPROVER], number, "2014-09-18", GRANT, passes, GRANTED);
    g_autoptr(json_t) papers = documents_of(&b, "visit", visit);
    g_assert_cmpuint(json_array_size(papers), ==, 2);
    g_assert_cmpstr(json_text(json_array_get(papers, 1), "document_kind"), ==, "visit_record");
    close_sound(&b);
}

static void what_does_not_fit_is_not_granted(void)
{
    Bench b;
    open_demanding(&b, true);
    int64_t number = under_review(&b, "2014-09-15"), visit = visit_of(&b, number);
    seen(&b, visit, "2014-09-16", "mend", "to_mend");
    refused(&b, &people[ORGAN_REVIEWER], number, "2014-09-16", PASS, passes, "visits.not_mended");
    seen(&b, visit, "2014-09-18", "unfit", "unfit");
    done(&b, &people[ORGAN_REVIEWER], number, "2014-09-18", PASS, passes, REVIEW);
    refused(&b, &people[ORGAN_APPROVER], number, "2014-09-18", GRANT, passes, "visits.does_not_fit");
    done(&b, &people[ORGAN_APPROVER], number, "2014-09-18", REFUSE, (SubjectInput){ .reason = "场所不符合要求" }, REFUSED);
    close_sound(&b);
}

typedef struct Beginning {
    int64_t of, number;
} Beginning;

static bool begin_work(const Context *context, void *data, GError **error)
{
    Beginning *self = data;
    g_auto(Case) of = { 0 };
    g_auto(Visit) made = { 0 };
    bool begun = subject_load(context->db, context->county, &case_kind, self->of, &of, error) && visit_begin(context, &of, "", "核实面积", &made, error);
    self->number = made.number;
    return begun;
}

static void no_opinion_claims_what_nobody_recorded(void)
{
    Bench b;
    g_autoptr(GError) error = NULL;
    open_demanding(&b, false);
    Beginning own = { .of = under_review(&b, "2014-09-15") };
    g_assert_cmpint(visit_of(&b, own.of), ==, 0);
    const Embedded *table = embedded_find("data/visits.csv");
    g_autoptr(CsvTable) words = csv_read(table->bytes, table->size,
                                         (const char *const[]){ "word", "origin", NULL }, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(csv_rows(words), >=, 10);
    for (size_t i = 0; i < csv_rows(words); i++)
        refused(&b, &people[ORGAN_REVIEWER], own.of, "2014-09-15", PASS,
                (SubjectInput){ .opinion = csv_cell(words, i, 0) }, "visits.claimed");
    refused(&b, &people[ORGAN_REVIEWER], own.of, "2014-09-15", PASS, claims, "visits.claimed");
    int64_t other = under_review(&b, "2014-09-15");
    done(&b, &people[VILLAGE_CLERK], other, "2014-09-15", WITHDRAW, (SubjectInput){ .reason = "现场检查前已改变计划" }, WITHDRAWN); /* his own words */
    g_assert_true(write_as(&b, &officer, at("2014-09-15", 11), begin_work, &own, &error));
    seen(&b, own.number, "2014-09-16", "fits", "fits");
    done(&b, &people[ORGAN_REVIEWER], own.of, "2014-09-16", PASS, claims, REVIEW);
    close_sound(&b);
}

static void nobody_appointed_in_time_is_told(void)
{
    Bench b;
    open_demanding(&b, true);
    int64_t number = under_review(&b, "2014-09-15"), visit = visit_of(&b, number);
    g_assert_cmpint(ring_until(&b, "2014-09-22", 23), ==, 0);
    g_assert_cmpint(ring_until(&b, "2014-09-23", 1), ==, 1); /* the fifth working day is the 22nd */
    g_auto(Visit) late = visit_now(&b, visit);
    assert_day(late.appoint_day, "2014-09-22");
    g_assert_cmpint(late.late, ==, 1);
    visits(&b, &the_system, visit, "2014-09-24", VISIT_NOTE_LATE, (SubjectInput){ 0 }, "visits.not_late");
    appoint(&b, &officer, visit, "2014-09-24", officer.id, companion.id, "2014-09-24", "to_make");
    close_sound(&b);
}

static void what_waits_ends_with_its_case(void)
{
    Bench b;
    open_demanding(&b, true);
    int64_t number = under_review(&b, "2014-09-15"), visit = visit_of(&b, number);
    appoint(&b, &officer, visit, "2014-09-16", officer.id, companion.id, "2014-09-17", "to_make");
    visits(&b, &officer, visit, "2014-09-16", VISIT_END, (SubjectInput){ .reason = "不想去" }, "visits.is_demanded");
    done(&b, &people[VILLAGE_CLERK], number, "2014-09-16", WITHDRAW, (SubjectInput){ .reason = "改变计划" }, WITHDRAWN);
    g_auto(Visit) ended = visit_now(&b, visit);
    g_assert_cmpstr(visit_state_names[ended.state], ==, "no_visit");
    g_assert_cmpstr(ended.place, !=, "");
    done(&b, &the_system, number, "2014-09-17", ERASE, (SubjectInput){ .reason = "asked" }, WITHDRAWN);
    g_auto(Visit) erased = visit_now(&b, visit);
    g_assert_cmpstr(erased.place, ==, "");
    close_sound(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    add("/visits/what the item demands is seen by two", what_the_item_demands_is_seen_by_two);
    add("/visits/what does not fit is not granted", what_does_not_fit_is_not_granted);
    add("/visits/no opinion claims what nobody recorded", no_opinion_claims_what_nobody_recorded);
    add("/visits/nobody appointed in time is told", nobody_appointed_in_time_is_told);
    add("/visits/what waits ends with its case", what_waits_ends_with_its_case);
    return g_test_run();
}

// SPDX-License-Identifier: Apache-2.0
/* Cases lived through from draft to archive, in a small county of its own. */
#include "cases/bench_test.h"

#include <sqlite3.h>

/* ---- tests ---- */

static void from_a_village_desk_to_a_licence(void)
{
    Bench b;
    bench_open(&b);
    g_autoptr(json_t) missing = json_pack("[s]", "身份证");
    int64_t n = drafted(&b, "2014-08-18");
    attach(&b, &people[VILLAGE_CLERK], n, "2014-08-18", "申请书");
    attach(&b, &people[VILLAGE_CLERK], n, "2014-08-18", "平面图");
    done(&b, &people[VILLAGE_CLERK], n, "2014-08-18", SUBMIT, (SubjectInput){ 0 }, RECEIVED);
    assert_due(&b, n, INTAKE_CLOCK, "2014-08-18", "2014-08-25");
    done(&b, &people[TOWN_REVIEWER], n, "2014-08-19", PASS, (SubjectInput){ .opinion = "初审通过" }, RECEIVED);
    done(&b, &people[ORGAN_REVIEWER], n, "2014-08-20", CORRECT, (SubjectInput){ .materials = missing, .reason = "缺身份证" }, CORRECTION);
    refused(&b, &people[VILLAGE_CLERK], n, "2014-08-21", SUPPLY, (SubjectInput){ 0 }, "cases.still_missing");
    attach(&b, &people[VILLAGE_CLERK], n, "2014-08-21", "身份证");
    done(&b, &people[VILLAGE_CLERK], n, "2014-08-21", SUPPLY, (SubjectInput){ 0 }, RECEIVED);
    refused(&b, &people[ORGAN_REVIEWER], n, "2014-08-22", CORRECT, (SubjectInput){ .materials = missing, .reason = "再补" }, "cases.corrected_already");
    done(&b, &people[ORGAN_REVIEWER], n, "2014-08-22", ACCEPT, (SubjectInput){ 0 }, REVIEW);
    refused(&b, &people[ORGAN_REVIEWER], n, "2014-08-22", ACCEPT, (SubjectInput){ 0 }, "cases.not_now");
    assert_due(&b, n, PROMISE_CLOCK, "2014-08-22", "2014-09-04"); /* from the day all was supplied */
    assert_due(&b, n, STATUTORY_CLOCK, "2014-08-22", "2014-09-19");
    done(&b, &people[ORGAN_REVIEWER], n, "2014-08-25", SUSPEND, (SubjectInput){ .special = "expert_review", .days = 10 }, SUSPENDED);
    done(&b, &people[ORGAN_REVIEWER], n, "2014-09-01", RESUME, (SubjectInput){ .opinion = "专家评审通过" }, REVIEW);
    assert_due(&b, n, PROMISE_CLOCK, "2014-09-01", "2014-09-12"); /* five working days given back, 8 September is a holiday */
    done(&b, &people[ORGAN_REVIEWER], n, "2014-09-02", PASS, (SubjectInput){ .opinion = "建议准予" }, REVIEW);
    done(&b, &people[ORGAN_APPROVER], n, "2014-09-03", GRANT, (SubjectInput){ .opinion = "同意" }, GRANTED);
    assert_due(&b, n, DELIVERY_CLOCK, "2014-09-03", "2014-09-18");
    done(&b, &people[TOWN_REVIEWER], n, "2014-09-04", ISSUE, (SubjectInput){ 0 }, ISSUED);
    done(&b, &people[VILLAGE_CLERK], n, "2014-09-05", DELIVER, (SubjectInput){ 0 }, DELIVERED);
    Actor holder = { .kind = HOLDER, .id = n, .name = "" };
    done(&b, &holder, n, "2014-09-05", RATE, (SubjectInput){ .level = 5 }, DELIVERED);
    refused(&b, &holder, n, "2014-09-05", RATE, (SubjectInput){ .level = 1 }, "cases.rated_already");
    done(&b, &people[VILLAGE_CLERK], n, "2014-09-05", CLOSE, (SubjectInput){ 0 }, CLOSED);
    g_auto(Case) end = present(&b, n);
    g_assert_true(end.accepted_on == day_parse("2014-08-22") && end.accepted_hour == 10);
    g_assert_cmpint(end.decided_on, ==, day_parse("2014-09-03"));
    g_assert_cmpint(end.decision, ==, GRANTED_IT);
    g_assert_cmpint(end.spent, ==, 4); /* 22 and 25 August, 2 and 3 September: the review by experts stood still */
    g_assert_true(end.kept && !end.returned);
    bench_close(&b);
}

/* The history as one person is shown it. */
static json_t *history_for(Bench *b, const Actor *actor, int64_t number)
{
    Request r = { .context = b->context };
    g_auto(Case) found = present(b, number);
    r.context.actor = actor;
    r.context.now = at("2014-08-20", 9);
    r.context.db = store_reader(b->store, NULL);
    g_autoptr(json_t) answer = case_answer(&r, &found, false, NULL);
    store_return(b->store, r.context.db);
    return json_incref(json_object_get(answer, "history"));
}

static void a_history_is_made_once_until_an_event_changes_it(void)
{
    Bench b;
    bench_open(&b);
    int64_t n = at_the_organ(&b, "2014-08-18");
    Actor holder = { .kind = HOLDER, .id = n, .name = "" };
    g_autoptr(json_t) first = history_for(&b, &people[ORGAN_REVIEWER], n), again = history_for(&b, &people[ORGAN_APPROVER], n);
    g_autoptr(json_t) outside = history_for(&b, &holder, n);
    g_assert_true(first == again && first != outside);
    done(&b, &people[ORGAN_REVIEWER], n, "2014-08-19", ACCEPT, (SubjectInput){ 0 }, REVIEW);
    g_autoptr(json_t) later = history_for(&b, &people[ORGAN_REVIEWER], n);
    g_assert_cmpuint(json_array_size(later), ==, json_array_size(first) + 1);
    bench_close(&b);
}

static void only_the_holder_of_the_step_acts(void)
{
    Bench b;
    bench_open(&b);
    int64_t n = drafted(&b, "2014-08-18");
    g_autoptr(GError) not_yours = NULL;
    g_assert_false(take_as(&b, &people[OTHER_TOWN], n, "2014-08-18", SUBMIT, (SubjectInput){ .seen = -1 }, NULL, &not_yours));
    g_autoptr(json_t) why = trouble_details(not_yours);
    g_assert_cmpstr(json_text(why, "law"), ==, case_rules[SUBMIT].rule.law);
    refused(&b, &people[OTHER_TOWN], n, "2014-08-18", SUBMIT, (SubjectInput){ 0 }, "cases.not_yours");
    done(&b, &people[VILLAGE_CLERK], n, "2014-08-18", SUBMIT, (SubjectInput){ 0 }, RECEIVED);
    static const enum who_acts wrong[] = { VILLAGE_CLERK, OTHER_TOWN, ORGAN_REVIEWER, OTHER_ORGAN, WATCHER };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        refused(&b, &people[wrong[i]], n, "2014-08-18", PASS, (SubjectInput){ .opinion = "x" }, "cases.not_yours");
    refused(&b, &visitor, n, "2014-08-18", WITHDRAW, (SubjectInput){ .reason = "x" }, "cases.not_yours");
    done(&b, &people[TOWN_REVIEWER], n, "2014-08-18", PASS, (SubjectInput){ .opinion = "x" }, RECEIVED);
    refused(&b, &people[TOWN_REVIEWER], n, "2014-08-18", ACCEPT, (SubjectInput){ 0 }, "cases.not_yours");
    refused(&b, &people[OTHER_ORGAN], n, "2014-08-18", ACCEPT, (SubjectInput){ 0 }, "cases.not_yours");
    refused(&b, &people[ORGAN_APPROVER], n, "2014-08-18", ACCEPT, (SubjectInput){ 0 }, "cases.not_yours");
    refused(&b, &people[ORGAN_REVIEWER], n, "2014-08-18", DEEM, (SubjectInput){ 0 }, "cases.not_yours");
    Actor stranger = { .kind = HOLDER, .id = n + 1, .name = "" };
    refused(&b, &stranger, n, "2014-08-18", WITHDRAW, (SubjectInput){ .reason = "x" }, "cases.not_yours");
    bench_close(&b);
}

static void a_stale_page_is_told_what_changed(void)
{
    Bench b;
    bench_open(&b);
    int64_t n = at_the_organ(&b, "2014-08-18");
    g_auto(Case) seen = present(&b, n);
    done(&b, &people[ORGAN_REVIEWER], n, "2014-08-19", ACCEPT, (SubjectInput){ .seen = seen.events }, REVIEW);
    g_autoptr(GError) error = NULL;
    g_assert_false(take_as(&b, &people[ORGAN_REVIEWER], n, "2014-08-19", ACCEPT, (SubjectInput){ .seen = seen.events }, NULL, &error));
    g_assert_error(error, TROUBLE, CONFLICT);
    g_autoptr(json_t) details = trouble_details(error);
    g_assert_cmpstr(json_text(details, "reason"), ==, "cases.stale");
    g_assert_cmpstr(json_text(details, "event"), ==, "accepted");
    g_assert_cmpstr(json_text(details, "actor_kind"), ==, "staff");
    g_assert_nonnull(strstr(json_text(details, "when_en"), "19 August 2014"));
    bench_close(&b);
}

static bool lose_timers(const Context *context, void *data, GError **error)
{
    (void)data;
    return db_run(context->db, "/* all rows */ DELETE FROM timer WHERE county = :county", WITH(db_int("county", COUNTY)), error);
}

static bool settle(const Context *context, void *data, GError **error)
{
    (void)data;
    return case_settle(context, error);
}

static Instant timer_of(Bench *b, int64_t number)
{
    Instant at;
    g_autofree char *subject = g_strdup_printf("case/%" PRId64, number);
    Db *db = store_reader(b->store, NULL);
    g_assert_true(timer_at(db, COUNTY, subject, CASE_LIMIT, &at, NULL));
    store_return(b->store, db);
    return at;
}

/* Older programs kept the next limit in the row alone. */
static void cases_of_an_older_program_get_their_timers(void)
{
    Bench b;
    bench_open(&b);
    int64_t open = under_review(&b, "2014-08-18"), draft = drafted(&b, "2014-08-18");
    g_auto(Case) found = present(&b, open);
    g_assert_cmpint(found.alarm_at, >, 0);
    g_assert_cmpint(timer_of(&b, open), ==, found.alarm_at);
    g_assert_true(write_as(&b, &the_system, at("2014-08-19", 9), lose_timers, NULL, NULL));
    g_assert_true(write_as(&b, &the_system, at("2014-08-19", 9), settle, NULL, NULL));
    g_assert_cmpint(timer_of(&b, open), ==, found.alarm_at);
    g_assert_cmpint(timer_of(&b, draft), ==, 0);
    g_assert_true(write_as(&b, &the_system, at("2014-08-19", 9), lose_timers, NULL, NULL));
    g_assert_true(write_as(&b, &the_system, at("2014-08-19", 9), settle, NULL, NULL)); /* once is enough */
    g_assert_cmpint(timer_of(&b, open), ==, 0);
    bench_close(&b);
}

/* ---- the migration after which a case says itself whose it is ---- */

static int64_t handed_in(Bench *b, int64_t number)
{
    done(b, &people[VILLAGE_CLERK], number, "2014-08-18", SUBMIT, (SubjectInput){ 0 }, RECEIVED);
    return number;
}

static int64_t of_party(Bench *b, Party party)
{
    g_auto(Case) made = { 0 };
    g_autoptr(GError) error = NULL;
    Drafting d = { { "CY", village, AT_VILLAGE, party }, &made };
    write_as(b, &people[VILLAGE_CLERK], at("2014-08-18", 9), draft_work, &d, &error);
    g_assert_no_error(error);
    return handed_in(b, made.number);
}

static int64_t erased(Bench *b)
{
    static const Post post = { CENTRE_ORGAN, 330482000000, SECURITY_ADMINISTRATOR };
    static const Actor keeper = { STAFF, PEOPLE + 1, "工作人员", &post, 1, NULL };
    int64_t number = handed_in(b, drafted(b, "2014-08-18"));
    const Actor holder = { .kind = HOLDER, .id = number, .name = "" };
    done(b, &holder, number, "2014-08-19", WITHDRAW, (SubjectInput){ .reason = "不办了" }, WITHDRAWN);
    done(b, &keeper, number, "2014-08-20", ERASE, (SubjectInput){ .reason = "本人要求删除" }, WITHDRAWN);
    return number;
}

#define WITHOUT(column) "ALTER TABLE case_now DROP COLUMN " #column ";"

/* The tables, with what they hold, as the program before cases/005 had them; then this program's. */
static void migrate_again(Bench *b, const char *without)
{
    sqlite3 *link;
    g_autoptr(GError) error = NULL;
    g_autofree char *file = g_build_filename(b->folder, "test.db", NULL), *keys = g_strconcat(file, ".personal", NULL);
    g_autofree char *parties = parties_of_before(b);
    bool sealed;
    g_autofree char *sql = g_strconcat(
        "ALTER TABLE party ADD COLUMN name TEXT NOT NULL DEFAULT '';"
        "ALTER TABLE party ADD COLUMN telephone TEXT NOT NULL DEFAULT '';"
        "ALTER TABLE party ADD COLUMN contact TEXT NOT NULL DEFAULT '';"
        "ALTER TABLE party ADD COLUMN division INTEGER NOT NULL DEFAULT 0;", parties,
        "ALTER TABLE case_now DROP COLUMN personal;"
        "ALTER TABLE case_now DROP COLUMN applicant_kind;"
        "UPDATE event SET payload = substr(payload, 1, instr(payload, ',\"private\":') - 1) || '}' WHERE payload LIKE '%,\"private\":%';"
        "ALTER TABLE case_now RENAME COLUMN code_hash TO password;"
        "UPDATE case_now SET password = '100098';"
        "DROP INDEX case_party;"
        "ALTER TABLE case_now DROP COLUMN special_until;"
        "DROP TABLE case_limits;"
        "DROP TABLE case_drafts; DROP TABLE case_hash; DROP TABLE case_hash_filled; DROP TABLE case_over; DROP TABLE case_over_filled; DROP TABLE case_succession; DROP TABLE case_asked;"
        WITHOUT(draft_at) WITHOUT(draft_staff) WITHOUT(restricted_until) WITHOUT(draft_revision) WITHOUT(granted) WITHOUT(delivered_by)
        WITHOUT(act) WITHOUT(correct_by) WITHOUT(held) WITHOUT(reviewers) WITHOUT(joint)
        "DELETE FROM migration WHERE room = 'cases' AND number >= 5;"
        "DELETE FROM party WHERE id_number = '", without, "'", NULL);
    store_close(b->store);
    g_assert_cmpint(sqlite3_open(file, &link), ==, SQLITE_OK);
    sqlite3_db_config(link, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_exec(link, sql, NULL, NULL, NULL);
    g_assert_cmpstr(sqlite3_errmsg(link), ==, "not an error");
    g_assert_cmpint(sqlite3_changes(link), ==, 1);
    sqlite3_close(link);
    b->store = store_migrated(file, 2);
    g_assert_true(secret_write(keys, TEST_KEYS, &error));
    g_assert_true(store_open_personal(b->store, keys, COUNTY, 0, &sealed, &error) && sealed);
}

/* The kind is "" where the case knows none. */
static void assert_applicant(Bench *b, int64_t number, const char *kind, Party said)
{
    g_auto(Case) found = present(b, number);
    g_assert_cmpstr(found.applicant, ==, said.name);
    g_assert_cmpstr(found.applicant_kind, ==, kind);
    g_assert_cmpstr(found.applicant_id, ==, said.id_number);
    g_assert_cmpstr(found.applicant_telephone, ==, said.telephone);
    g_assert_cmpstr(found.applicant_contact, ==, said.contact);
    g_assert_cmpint(found.applicant_division, ==, said.division);
    g_assert_cmpstr(found.code_hash, ==, ""); /* six digits open nothing any more */
}

static void note_row(void *data, const char *table, const char *row, const char *reason, const char *detail)
{
    (void)table, (void)reason, (void)detail;
    g_string_append_printf(data, "%s ", row);
}

static void note_none(void *data, int64_t more)
{
    (void)data, (void)more;
}

/* Columns that no event tells are believed. */
static void assert_four_are_sound(Bench *b)
{
    int64_t count;
    g_autoptr(GString) told = g_string_new(NULL);
    const VerifyReport report = { .data = told, .found = note_row, .went_on = note_none };
    Context context = b->context;
    context.db = store_reader(b->store, NULL);
    g_assert_true(subject_verify(&context, &case_kind, &report, NULL, &count, NULL));
    store_return(b->store, context.db);
    g_assert_cmpint(count, ==, 4);
    g_assert_cmpstr(told->str, ==, "");
}

static bool run_text(Db *db, void *sql, GError **error)
{
    return db_run(db, sql, NULL, error);
}

static void note_reason(void *told, const char *table, const char *row, const char *reason, const char *detail)
{
    (void)table, (void)row;
    g_string_append_printf(told, "%s %s;", reason, detail);
}

static void assert_told(Bench *b, const char *sql, const char *expected)
{
    int64_t count;
    g_autoptr(GString) told = g_string_new(NULL);
    const VerifyReport report = { .data = told, .found = note_reason, .went_on = note_none };
    Context context = b->context;
    g_assert_true(store_write(b->store, run_text, (void *)(uintptr_t)sql, NULL));
    context.db = store_reader(b->store, NULL);
    g_assert_true(subject_verify(&context, &case_kind, &report, NULL, &count, NULL));
    store_return(b->store, context.db);
    g_assert_cmpstr(told->str, ==, expected);
}

static void the_ledger_binds_whose_case_it_is(void)
{
    Bench b;
    bench_open(&b);
    int64_t number = handed_in(&b, drafted(&b, "2014-08-18"));
    assert_told(&b, "/* all rows */ UPDATE case_now SET place = place WHERE county = 330482", "");
    assert_told(&b, "/* all rows */ UPDATE case_now SET personal = '' WHERE county = 330482", "cases.found_private ;");
    assert_told(&b, "/* all rows */ UPDATE case_now SET personal = '~1~AAAA' WHERE county = 330482", "cases.found_private ;");
    g_autofree char *other = sealed_text(b.store, COUNTY, "case_now.personal", DECIMAL(number), "applicant=王五\n");
    g_autofree char *altered = g_strdup_printf("/* all rows */ UPDATE case_now SET personal = '%s' WHERE county = 330482", other);
    assert_told(&b, altered, "cases.found_document applicant_name;cases.found_differs {\"applicant\":\"王五\"};");
    bench_close_unsound(&b);
}

static void a_case_of_before_takes_its_applicant_from_the_register(void)
{
    Bench b;
    bench_open(&b);
    const Party shop = { .kind = ENTERPRISE, .name = "张三面馆", .id_number = "92330482MAXXXX090B", .telephone = "0573-85012345",
                         .contact = "李四", .division = village };
    const Party other = { .kind = PERSON, .name = "李示例", .id_number = "33049919800101003X", .telephone = "13811111111",
                          .contact = "", .division = village };
    const Party nobody = { .name = "", .id_number = "", .telephone = "", .contact = "" };
    int64_t person = handed_in(&b, drafted(&b, "2014-08-18")), enterprise = of_party(&b, shop), forgotten = erased(&b),
            lost = of_party(&b, other);
    migrate_again(&b, other.id_number);
    assert_applicant(&b, person, "person", villager());
    assert_applicant(&b, enterprise, "enterprise", shop);
    assert_applicant(&b, forgotten, "person", nobody); /* of the same person as the first */
    assert_applicant(&b, lost, "", nobody);
    assert_four_are_sound(&b);
    bench_close_unsound(&b);
}

static void silence_accepts_after_five_working_days(void)
{
    Bench b;
    bench_open(&b);
    int64_t n = at_the_organ(&b, "2014-09-26"); /* the fifth working day is 9 October */
    g_assert_cmpint(ring_until(&b, "2014-10-09", 1), ==, 0);
    g_assert_cmpint(ring_until(&b, "2014-10-10", 1), ==, 1);
    g_assert_cmpint(ring_until(&b, "2014-10-10", 1), ==, 0);
    g_auto(Case) deemed = present(&b, n);
    g_assert_true(deemed.state == REVIEW && deemed.accepted_hour == NO_HOUR);
    g_assert_cmpint(deemed.accepted_on, ==, day_parse("2014-09-26"));
    assert_due(&b, n, STATUTORY_CLOCK, "2014-10-10", "2014-10-29"); /* from the receipt: five days are used already */
    g_autoptr(json_t) missing = json_pack("[s]", "身份证");
    refused(&b, &people[ORGAN_REVIEWER], n, "2014-10-10", CORRECT, (SubjectInput){ .materials = missing, .reason = "x" }, "cases.not_now");
    bench_close(&b);
}

static bool shorten_limits(const Context *context, void *data, GError **error)
{
    int64_t changed;
    g_autoptr(GString) table = g_string_new(items);
    (void)data;
    g_string_replace(table, ",20,working,acceptance,10,working,", ",5,working,acceptance,5,working,", 0);
    return catalogue_import(context, table->str, table->len, day_of(context->now), &changed, error);
}

/* Both limits end at the same instant. */
static void a_case_accepted_by_silence_may_be_overdue_at_once(void)
{
    Bench b;
    bench_open(&b);
    g_assert_true(write_as(&b, &the_system, at("2014-09-25", 9), shorten_limits, NULL, NULL));
    int64_t n = at_the_organ(&b, "2014-09-26");
    g_assert_cmpint(ring_until(&b, "2014-10-10", 1), ==, 1);
    g_auto(Case) deemed = present(&b, n);
    g_assert_true(deemed.state == REVIEW && !deemed.overdue);
    g_assert_cmpint(ring_until(&b, "2014-10-10", 1), ==, 1);
    g_assert_cmpint(ring_until(&b, "2014-10-10", 1), ==, 0);
    g_auto(Case) over = present(&b, n);
    g_assert_true(over.state == REVIEW && over.overdue);
    bench_close(&b);
}

static void an_overdue_case_stays_open_and_is_noted_once(void)
{
    Bench b;
    bench_open(&b);
    int64_t n = to_decide(&b, "2014-08-18");
    g_assert_cmpint(ring_until(&b, "2014-09-16", 1), ==, 0);
    g_assert_cmpint(ring_until(&b, "2014-09-17", 1), ==, 1); /* 20 working days ended on the 16th */
    g_assert_cmpint(ring_until(&b, "2014-12-16", 1), ==, 0);
    refused(&b, &people[ORGAN_HEAD], n, "2014-09-17", EXTEND, (SubjectInput){ .reason = "x", .days = 5 }, "cases.limit_over");
    done(&b, &people[ORGAN_APPROVER], n, "2014-09-17", GRANT, (SubjectInput){ .opinion = "同意" }, GRANTED);
    bench_close(&b);
}

/* Due on a Friday: the system does not wait for Monday. */
static void deadlines_ring_on_rest_days_too(void)
{
    Bench b;
    bench_open(&b);
    int64_t n = at_the_organ(&b, "2014-08-22"), over = to_decide(&b, "2014-08-21"); /* due Fridays: 29 August, 19 September */
    g_assert_cmpint(ring_until(&b, "2014-08-29", 1), ==, 0);
    g_assert_cmpint(ring_until(&b, "2014-08-30", 1), ==, 1);
    g_auto(Case) deemed = present(&b, n);
    g_assert_true(deemed.state == REVIEW && deemed.accepted_hour == NO_HOUR);
    assert_due(&b, over, STATUTORY_CLOCK, "2014-09-01", "2014-09-19");
    g_assert_cmpint(ring_until(&b, "2014-09-19", 1), ==, 0);
    g_assert_cmpint(ring_until(&b, "2014-09-20", 1), ==, 1);
    bench_close(&b);
}

static void the_head_extends_once_by_ten_days_at_most(void)
{
    Bench b;
    bench_open(&b);
    int64_t n = under_review(&b, "2014-08-18");
    refused(&b, &people[ORGAN_APPROVER], n, "2014-08-19", EXTEND, (SubjectInput){ .reason = "x", .days = 5 }, "cases.not_yours");
    refused(&b, &people[ORGAN_HEAD], n, "2014-08-19", EXTEND, (SubjectInput){ .reason = "x", .days = 11 }, "cases.extension_too_long");
    refused(&b, &people[ORGAN_HEAD], n, "2014-08-19", EXTEND, (SubjectInput){ .days = 5 }, "cases.needed");
    done(&b, &people[ORGAN_HEAD], n, "2014-08-19", EXTEND, (SubjectInput){ .reason = "案情复杂", .days = 10 }, REVIEW);
    assert_due(&b, n, STATUTORY_CLOCK, "2014-08-19", "2014-09-29");
    refused(&b, &people[ORGAN_HEAD], n, "2014-08-20", EXTEND, (SubjectInput){ .reason = "x", .days = 1 }, "cases.extended_already");
    bench_close(&b);
}

static void a_refusal_has_reasons_and_is_served(void)
{
    Bench b;
    bench_open(&b);
    int64_t n = to_decide(&b, "2014-08-18");
    refused(&b, &people[ORGAN_APPROVER], n, "2014-08-19", REFUSE, (SubjectInput){ 0 }, "cases.needed");
    done(&b, &people[ORGAN_APPROVER], n, "2014-08-19", REFUSE, (SubjectInput){ .reason = "场所不符合要求" }, REFUSED);
    refused(&b, &people[TOWN_REVIEWER], n, "2014-08-19", ISSUE, (SubjectInput){ 0 }, "cases.not_yours");
    done(&b, &people[VILLAGE_CLERK], n, "2014-08-20", DELIVER, (SubjectInput){ 0 }, DELIVERED);
    bench_close(&b);
}

static void a_case_may_go_back_but_not_before_acceptance(void)
{
    Bench b;
    bench_open(&b);
    int64_t n = to_decide(&b, "2014-08-18");
    done(&b, &people[ORGAN_APPROVER], n, "2014-08-19", RETURN_BACK, (SubjectInput){ .reason = "补充勘查意见" }, REVIEW);
    refused(&b, &people[ORGAN_REVIEWER], n, "2014-08-19", RETURN_BACK, (SubjectInput){ .reason = "x" }, "cases.not_now");
    int64_t other = at_the_organ(&b, "2014-08-18");
    done(&b, &people[ORGAN_REVIEWER], other, "2014-08-19", RETURN_BACK, (SubjectInput){ .reason = "请镇里核对" }, RECEIVED);
    done(&b, &people[TOWN_REVIEWER], other, "2014-08-19", PASS, (SubjectInput){ .opinion = "已核对" }, RECEIVED);
    g_auto(Case) within = present(&b, n), passed_up = present(&b, other);
    g_assert_true(!within.returned && passed_up.returned);
    bench_close(&b);
}

static bool note_turn(const Context *context, const SubjectChange *change, GError **error)
{
    GString *noted = context->random_state;
    (void)error;
    const Case *before = change->before, *after = change->after;
    g_string_append_printf(noted, "%s %s>%s;", change->rule ? change->rule->name : "begins", before ? case_state_names[before->state] : "",
                           case_state_names[after->state]);
    return true;
}

static void draw_nought(void *noted, void *out, size_t length)
{
    (void)noted;
    memset(out, 0, length);
}

static bool take_two(const Context *context, void *noted, GError **error)
{
    g_auto(Case) self = { 0 };
    Context followed = *context;
    static const Room notes = { "notes", .listens = note_turn };
    static const Room *const listening[] = { &subject_room, &cases_room, &notes, NULL };
    CaseDraft draft = { "CY", village, AT_VILLAGE, villager() };
    SubjectInput input = { .seen = -1 };
    followed.rooms = listening;
    followed.random = draw_nought;
    followed.random_state = noted;
    return case_begin(&followed, &draft, &self, error) && case_take(&followed, &self, SUBMIT, &input, error) &&
           !case_take(&followed, &self, SUBMIT, &input, NULL) && subject_save(&followed, &case_kind, &self, error);
}

static void several_actions_write_the_row_once(void)
{
    Bench b;
    bench_open(&b);
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) noted = g_string_new(NULL);
    write_as(&b, &people[VILLAGE_CLERK], at("2014-08-18", 9), take_two, noted, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(noted->str, ==, "begins >draft;submit draft>received;");
    bench_close(&b);
}

static void only_a_special_procedure_of_the_item_stops_the_clock(void)
{
    Bench b;
    bench_open(&b);
    int64_t n = under_review(&b, "2014-08-18");
    refused(&b, &people[ORGAN_REVIEWER], n, "2014-08-19", SUSPEND, (SubjectInput){ .special = "holiday", .days = 3 }, "cases.special_unknown");
    refused(&b, &people[ORGAN_REVIEWER], n, "2014-08-19", SUSPEND, (SubjectInput){ .special = "hearing", .days = 3 }, "cases.hearing_apart");
    refused(&b, &people[ORGAN_REVIEWER], n, "2014-08-19", SUSPEND, (SubjectInput){ .special = "expert_review" }, "cases.needed");
    bench_close(&b);
}

static void a_case_begins_where_it_may(void)
{
    Bench b;
    bench_open(&b);
    static const struct { enum who_acts who; int64_t place; enum channel channel; const char *reason; } wrong[] = {
        { OTHER_TOWN, 330482103000, AT_TOWN, "cases.not_your_desk" }, { ORGAN_REVIEWER, 330482000000, AT_COUNTY, "cases.not_your_desk" },
        { VILLAGE_CLERK, 330482103201, AT_VILLAGE, "cases.not_your_desk" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_auto(Case) made = { 0 };
        g_autoptr(GError) error = NULL;
        g_assert_false(try_draft(&b, &people[wrong[i].who], wrong[i].place, wrong[i].channel, "2014-08-18", &made, &error));
        g_autoptr(json_t) details = trouble_details(error);
        g_assert_cmpstr(json_text(details, "reason"), ==, wrong[i].reason);
    }
    g_auto(Case) online = { 0 };
    g_assert_true(try_draft(&b, &visitor, village, ONLINE, "2014-08-18", &online, NULL));
    Actor holder = { .kind = HOLDER, .id = online.number, .name = "" };
    done(&b, &holder, online.number, "2014-08-18", SUBMIT, (SubjectInput){ 0 }, RECEIVED);
    bench_close(&b);
}

static void a_wrong_paper_changes_nothing(void)
{
    Bench b;
    bench_open(&b);
    int64_t n = drafted(&b, "2014-08-18");
    static const struct { const char *content, *name, *reason; } wrong[] = {
        { "", "empty.pdf", "files.empty" }, { "MZ\x90 this is a program", "report.pdf", "files.not_a_paper" },
        { "plain text", "photo.jpg", "files.not_a_paper" },
    };
    g_auto(Case) before = present(&b, n);
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        Upload upload = paper(&b, wrong[i].content);
        upload.name = wrong[i].name;
        refused(&b, &people[VILLAGE_CLERK], n, "2014-08-18", ATTACH,
                (SubjectInput){ .material = "申请书", .uploads = &upload, .upload_count = 1 }, wrong[i].reason);
        g_free((char *)(uintptr_t)upload.path);
    }
    Upload good = paper(&b, "%PDF-1.4");
    refused(&b, &people[VILLAGE_CLERK], n, "2014-08-18", ATTACH,
            (SubjectInput){ .material = "房产证", .uploads = &good, .upload_count = 1 }, "cases.no_such_material");
    g_free((char *)(uintptr_t)good.path);
    g_auto(Case) unchanged = present(&b, n);
    g_assert_cmpint(unchanged.events, ==, before.events);
    bench_close(&b);
}

/* Every action against every state: nothing moves that the table does not let move. */
int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_log_set_always_fatal(G_LOG_FATAL_MASK);
    g_test_add_func("/cases/cases of an older program get their timers", cases_of_an_older_program_get_their_timers);
    g_test_add_func("/cases/the ledger binds whose case it is", the_ledger_binds_whose_case_it_is);
    g_test_add_func("/cases/a case of before takes its applicant from the register", a_case_of_before_takes_its_applicant_from_the_register);
    g_test_add_func("/cases/from a village desk to a licence", from_a_village_desk_to_a_licence);
    g_test_add_func("/cases/only the holder of the step acts", only_the_holder_of_the_step_acts);
    g_test_add_func("/cases/a stale page is told what changed", a_stale_page_is_told_what_changed);
    g_test_add_func("/cases/silence accepts after five working days", silence_accepts_after_five_working_days);
    g_test_add_func("/cases/a case accepted by silence may be overdue at once", a_case_accepted_by_silence_may_be_overdue_at_once);
    g_test_add_func("/cases/deadlines ring on rest days too", deadlines_ring_on_rest_days_too);
    g_test_add_func("/cases/an overdue case stays open and is noted once", an_overdue_case_stays_open_and_is_noted_once);
    g_test_add_func("/cases/the head extends once by ten days at most", the_head_extends_once_by_ten_days_at_most);
    g_test_add_func("/cases/a refusal has reasons and is served", a_refusal_has_reasons_and_is_served);
    g_test_add_func("/cases/a case may go back but not before acceptance", a_case_may_go_back_but_not_before_acceptance);
    g_test_add_func("/cases/several actions write the row once", several_actions_write_the_row_once);
    g_test_add_func("/cases/only a special procedure of the item stops the clock", only_a_special_procedure_of_the_item_stops_the_clock);
    g_test_add_func("/cases/a case begins where it may", a_case_begins_where_it_may);
    g_test_add_func("/cases/a history is made once until an event changes it", a_history_is_made_once_until_an_event_changes_it);
    g_test_add_func("/cases/a wrong paper changes nothing", a_wrong_paper_changes_nothing);
    return g_test_run();
}

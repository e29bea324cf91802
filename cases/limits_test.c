// SPDX-License-Identifier: Apache-2.0
/* Limits that the law of an item sets: how long it may be extended and a special procedure may last, and when it is received. */
#include "cases/bench_test.h"
#include "cases/calendar.h"

typedef struct Terms {
    const char *limits;    /* statutory and promised, as the columns of a table have them */
    const char *extension;
} Terms;

static bool import_terms(const Context *context, void *data, GError **error)
{
    int64_t changed;
    const Terms *terms = data;
    g_auto(GStrv) lines = g_strsplit(items, "\n", 2), parts = g_strsplit(g_strchomp(lines[1]), ",20,working,acceptance,10,working,", 2);
    g_autofree char *csv = g_strdup_printf("%s,extension\n%s,%s,%s,%s\n", lines[0], parts[0], terms->limits, parts[1], terms->extension);
    return catalogue_import(context, csv, strlen(csv), day_of(context->now), &changed, error);
}

static void open_with(Bench *b, const char *limits, const char *extension)
{
    g_autoptr(GError) error = NULL;
    Terms terms = { limits, extension };
    bench_open(b);
    write_as(b, &the_system, at("2014-02-01", 9), import_terms, &terms, &error);
    g_assert_no_error(error);
}

static json_t *answer_for(Bench *b, const Actor *actor, int64_t number)
{
    Request r = { .context = b->context };
    g_auto(Case) found = present(b, number);
    r.context.db = store_reader(b->store, NULL);
    r.context.now = at("2014-08-20", 9);
    r.context.actor = actor;
    json_t *answer = case_answer(&r, &found, false, NULL);
    store_return(b->store, r.context.db);
    return answer;
}

static bool is_offered(Bench *b, const Actor *actor, int64_t number, const char *action)
{
    size_t i;
    json_t *one;
    bool is = false;
    g_autoptr(json_t) answer = answer_for(b, actor, number);
    json_array_foreach(json_object_get(answer, "actions"), i, one)
        is = is || strcmp(json_text(one, "action"), action) == 0;
    return is;
}

/* The facts of the case's last document of that kind. Owned by the caller. */
static json_t *document_of(Bench *b, int64_t number, const char *kind)
{
    json_t *content = NULL, *one;
    size_t i;
    Db *db = store_reader(b->store, NULL);
    g_autofree char *subject = g_strdup_printf("case/%" PRId64, number);
    g_autoptr(json_t) documents = files_documents(db, COUNTY, subject, NULL);
    json_array_foreach(documents, i, one)
        if (strcmp(json_text(one, "document_kind"), kind) == 0) {
            g_clear_pointer(&content, json_decref);
            g_assert_true(files_document_content(db, COUNTY, json_text(one, "code"), &content, NULL));
        }
    store_return(b->store, db);
    g_assert_nonnull(content);
    return content;
}

/* ---- extension ---- */

static void what_the_law_does_not_extend_is_not_extended(void)
{
    Bench b;
    open_with(&b, "15,working,acceptance,10,working", "");
    int64_t n = under_review(&b, "2014-08-18");
    g_assert_false(is_offered(&b, &people[ORGAN_HEAD], n, "extend"));
    refused(&b, &people[ORGAN_HEAD], n, "2014-08-19", EXTEND, (SubjectInput){ .reason = "x", .days = 1 }, "cases.no_extension");
    bench_close(&b);
}

static void an_extension_has_the_unit_and_the_bound_of_its_law(void)
{
    Bench b;
    open_with(&b, "60,calendar,acceptance,20,calendar", "30;calendar;居民身份证法第十二条");
    int64_t n = under_review(&b, "2014-08-18");
    g_assert_true(is_offered(&b, &people[ORGAN_HEAD], n, "extend"));
    assert_due(&b, n, STATUTORY_CLOCK, "2014-08-18", "2014-10-17");
    refused(&b, &people[ORGAN_HEAD], n, "2014-08-19", EXTEND, (SubjectInput){ .reason = "x", .days = 31 }, "cases.extension_too_long");
    done(&b, &people[ORGAN_HEAD], n, "2014-08-19", EXTEND, (SubjectInput){ .reason = "需要核实", .days = 30 }, REVIEW);
    assert_due(&b, n, STATUTORY_CLOCK, "2014-08-19", "2014-11-17"); /* the 16th is a Sunday */
    assert_due(&b, n, PROMISE_CLOCK, "2014-08-19", "2014-10-08");   /* 7 October rests */
    g_autoptr(json_t) told = document_of(&b, n, "extension");
    g_assert_cmpstr(json_text(told, "extension_basis"), ==, "居民身份证法第十二条");
    g_assert_cmpstr(json_text(json_object_get(told, "extended"), "unit"), ==, "calendar");
    g_autoptr(json_t) answer = answer_for(&b, &people[ORGAN_HEAD], n);
    const json_t *history = json_object_get(answer, "history");
    const json_t *extended = json_object_get(json_array_get(history, json_array_size(history) - 1), "extended");
    g_assert_cmpint(json_number(extended, "days"), ==, 30);
    g_assert_cmpstr(json_text(extended, "unit"), ==, "calendar");
    bench_close(&b);
}

/* ---- special procedures ---- */

static bool take_2027(const Context *context, Day since, GError **error)
{
    static const char rows[] = "date,kind,name\n2027-01-01,holiday,元旦\n";
    const CalendarTable table = { rows, strlen(rows), "2027.csv", 0, since };
    g_autoptr(json_t) done = case_change_calendar(context, &table, error);
    return done != NULL;
}

static bool take_2027_now(const Context *context, void *data, GError **error)
{
    (void)data;
    return take_2027(context, 0, error);
}

static bool announce_2027(const Context *context, void *data, GError **error)
{
    (void)data;
    return take_2027(context, day_from(2027, 1, 1), error);
}

static void special_procedures_last_as_long_as_was_told(void)
{
    Bench b;
    bench_open(&b);
    int64_t ended = under_review(&b, "2014-08-18"), lasts = under_review(&b, "2014-08-18");
    const SubjectInput five = { .special = "expert_review", .days = 5 };
    refused(&b, &people[ORGAN_REVIEWER], lasts, "2014-08-20", SUSPEND, (SubjectInput){ .special = "expert_review", .days = 11 }, "cases.special_too_long");
    done(&b, &people[ORGAN_REVIEWER], ended, "2014-08-20", SUSPEND, five, SUSPENDED);
    done(&b, &people[ORGAN_REVIEWER], lasts, "2014-08-20", SUSPEND, five, SUSPENDED);
    g_autoptr(json_t) told = document_of(&b, lasts, "special");
    g_assert_cmpstr(json_text(told, "special_from_day"), ==, "2014-08-20");
    g_assert_cmpstr(json_text(told, "special_until_day"), ==, "2014-08-27");
    g_assert_cmpstr(json_text(told, "special_basis"), ==, "行政许可法第四十五条");
    done(&b, &people[ORGAN_REVIEWER], ended, "2014-08-27", RESUME, (SubjectInput){ .opinion = "通过" }, REVIEW);
    g_assert_cmpint(ring_until(&b, "2014-08-27", 23), ==, 0);
    g_assert_cmpint(ring_until(&b, "2014-08-28", 1), ==, 1);
    g_auto(Case) late = present(&b, lasts);
    g_assert_true(late.state == SUSPENDED && late.overdue && late.alarm_at == 0);
    assert_due(&b, lasts, PROMISE_CLOCK, "2014-09-01", "2014-09-09"); /* what goes beyond the 27th counts */
    done(&b, &people[ORGAN_REVIEWER], lasts, "2014-09-03", RESUME, (SubjectInput){ .opinion = "通过" }, REVIEW);
    assert_due(&b, lasts, PROMISE_CLOCK, "2014-09-03", "2014-09-09");
    assert_due(&b, ended, PROMISE_CLOCK, "2014-09-03", "2014-09-09");
    g_assert_true(write_as(&b, &the_system, at("2014-09-04", 9), take_2027_now, NULL, NULL)); /* which takes back no such mark */
    g_auto(Case) resumed = present(&b, lasts), in_time = present(&b, ended);
    g_assert_true(resumed.overdue && !resumed.special_until && !in_time.overdue);
    bench_close(&b);
}

static void a_case_has_as_many_marks_as_it_needs(void)
{
    Bench b;
    bench_open(&b);
    int64_t n = under_review(&b, "2014-08-18");
    for (int i = 0; i < 40; i++) {
        done(&b, &people[ORGAN_REVIEWER], n, "2014-08-20", SUSPEND, (SubjectInput){ .special = "expert_review", .days = 1 }, SUSPENDED);
        done(&b, &people[ORGAN_REVIEWER], n, "2014-08-20", RESUME, (SubjectInput){ .opinion = "通过" }, REVIEW);
    }
    g_auto(Case) found = present(&b, n);
    g_assert_cmpuint(found.mark_count, >, 80);
    assert_due(&b, n, PROMISE_CLOCK, "2014-08-20", "2014-09-01");
    bench_close(&b);
}

/* ---- receipt ---- */

static int64_t handed_in_on_saturday(Bench *b)
{
    g_autoptr(GError) error = NULL;
    Acting submitting = { drafted(b, "2014-08-30"), SUBMIT, { .seen = -1 }, NULL };
    write_as(b, &people[VILLAGE_CLERK], at("2014-08-30", 20), act, &submitting, &error);
    g_assert_no_error(error);
    return submitting.number;
}

static void what_comes_in_is_received_at_that_moment(void)
{
    Bench b;
    bench_open(&b);
    int64_t n = handed_in_on_saturday(&b);
    assert_due(&b, n, INTAKE_CLOCK, "2014-08-31", "2014-09-05");
    g_autoptr(json_t) receipt = document_of(&b, n, "receipt");
    g_assert_cmpint(json_number(receipt, "received_at"), ==, at("2014-08-30", 20));
    g_assert_null(json_object_get(receipt, "office_hours"));
    b.context.by_office_hours = true;
    int64_t older = handed_in_on_saturday(&b);
    assert_due(&b, older, INTAKE_CLOCK, "2014-08-31", "2014-09-09"); /* received on Monday */
    g_autoptr(json_t) says = document_of(&b, older, "receipt");
    g_assert_true(json_flag(says, "office_hours"));
    g_assert_cmpstr(json_text(says, "received_day"), ==, "2014-09-01");
    b.context.by_office_hours = false;
    assert_due(&b, older, INTAKE_CLOCK, "2014-08-31", "2014-09-09"); /* as it was told */
    bench_close(&b);
}

/* ---- the year to come ---- */

static int64_t warned_of(Bench *b, const Post *post, const char *day)
{
    const Actor keeper = { STAFF, 77, "", post, 1, NULL };
    Context context = b->context;
    g_autoptr(json_t) answer = json_object();
    context.actor = &keeper;
    context.now = at(day, 9);
    context.db = store_reader(b->store, NULL);
    g_assert_true(calendar_warn(&context, answer, NULL));
    store_return(b->store, context.db);
    return json_number(answer, "missing_year");
}

static void who_keeps_the_calendar_is_warned_from_november_on(void)
{
    static const Post keeper = { CENTRE_ORGAN, 330482000000, SYSTEM_ADMINISTRATOR }, reviewer = { ORGAN, 330482000000, REVIEWER };
    Bench b;
    bench_open(&b);
    g_assert_cmpint(warned_of(&b, &keeper, "2026-10-31"), ==, 0);
    g_assert_cmpint(warned_of(&b, &keeper, "2026-11-01"), ==, 2027);
    g_assert_cmpint(warned_of(&b, &keeper, "2027-03-01"), ==, 2027);
    g_assert_cmpint(warned_of(&b, &reviewer, "2026-11-01"), ==, 0);
    g_assert_true(write_as(&b, &the_system, at("2026-11-10", 9), announce_2027, NULL, NULL));
    g_assert_cmpint(warned_of(&b, &keeper, "2026-11-11"), ==, 0);
    bench_close(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/limits/what the law does not extend is not extended", what_the_law_does_not_extend_is_not_extended);
    g_test_add_func("/limits/an extension has the unit and the bound of its law", an_extension_has_the_unit_and_the_bound_of_its_law);
    g_test_add_func("/limits/special procedures last as long as was told", special_procedures_last_as_long_as_was_told);
    g_test_add_func("/limits/a case has as many marks as it needs", a_case_has_as_many_marks_as_it_needs);
    g_test_add_func("/limits/what comes in is received at that moment", what_comes_in_is_received_at_that_moment);
    g_test_add_func("/limits/who keeps the calendar is warned from November on", who_keeps_the_calendar_is_warned_from_november_on);
    return g_test_run();
}

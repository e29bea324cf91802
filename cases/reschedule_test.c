// SPDX-License-Identifier: Apache-2.0
/* Calendars that change while cases are under way. The item CY promises 10 working days of the law's 20, so that what was
 * accepted on Monday 18 August 2014 is due on 1 September, by law on 16 September. */
#include "cases/bench_test.h"

/* The calendar in force without the row of one day, or with one row more; NULL: none such. Owned by the caller. */
static char *table_of(const char *without, const char *with)
{
    g_autoptr(Calendar) own = calendar_built_in();
    g_autofree char *rows = calendar_write(own);
    g_auto(GStrv) lines = g_strsplit(rows, "\n", -1);
    g_autoptr(GString) table = g_string_new(NULL);
    for (size_t i = 0; lines[i] && *lines[i]; i++)
        if (!without || !g_str_has_prefix(lines[i], without))
            g_string_append_printf(table, "%s\n", lines[i]);
    g_string_append(table, with ? with : "");
    return g_string_free(g_steal_pointer(&table), FALSE);
}

typedef struct Change {
    CalendarTable table;
    json_t *answer;
} Change;

static bool change_work(const Context *context, void *data, GError **error)
{
    Change *change = data;
    change->answer = case_change_calendar(context, &change->table, error);
    return change->answer != NULL;
}

static json_t *try_change(Bench *b, Instant now, const char *rows, int64_t seen, GError **error)
{
    Change change = { .table = { rows, strlen(rows), "test.csv", seen } };
    write_as(b, &the_system, now, change_work, &change, error);
    return change.answer;
}

/* From here on the bench acts by the new calendar, as a server does. */
static json_t *changed(Bench *b, Instant now, const char *without, const char *with)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *rows = table_of(without, with);
    json_t *answer = try_change(b, now, rows, 0, &error);
    g_assert_no_error(error);
    Db *db = store_reader(b->store, NULL);
    calendar_unref(b->calendar);
    b->context.calendar = b->calendar = calendar_load(db, COUNTY, NULL);
    store_return(b->store, db);
    return answer;
}

static json_t *previewed(Bench *b, Instant now, Day since, const char *rows, GError **error)
{
    Context context = b->context;
    CalendarTable table = { rows, strlen(rows), "test.csv", 0, since };
    context.db = store_reader(b->store, NULL);
    context.now = now;
    json_t *answer = case_preview_calendar(&context, &table, error);
    store_return(b->store, context.db);
    return answer;
}

static void assert_counts(const json_t *answer, int64_t open, int64_t moved)
{
    g_assert_cmpint(json_number(answer, "open"), ==, open);
    g_assert_cmpint(json_number(answer, "moved"), ==, moved);
}

static void assert_dates(Bench *b, int64_t number, const char *due, const char *limit)
{
    char text[DAY_TEXT];
    g_auto(Case) found = present(b, number);
    g_assert_cmpstr(day_text(day_of(found.due_at), text), ==, due);
    g_assert_cmpint(minute_of(found.due_at), ==, OFFICE_CLOSES);
    g_assert_cmpstr(found.alarm_at ? day_text(day_of(found.alarm_at) - 1, text) : "", ==, limit);
}

/* The last event of a subject, its facts as JSON text; owned by the caller. */
static char *last_event(Bench *b, const char *subject, const char *kind)
{
    Db *db = store_reader(b->store, NULL);
    g_autoptr(json_t) events = ledger_events(db, COUNTY, subject, 0, NULL);
    store_return(b->store, db);
    const json_t *last = json_array_get(events, json_array_size(events) - 1), *payload = json_object_get(last, "payload");
    g_assert_cmpstr(json_text(last, "kind"), ==, kind);
    const json_t *facts = json_object_get(payload, "facts");
    return json_canonical(facts ? facts : payload);
}

static void assert_last(Bench *b, int64_t number, const char *kind, const char *facts)
{
    g_autofree char *subject = g_strdup_printf("case/%" PRId64, number);
    g_autofree char *found = last_event(b, subject, kind);
    g_assert_cmpstr(found, ==, facts);
}

static void a_new_holiday_moves_what_lies_behind_it(void)
{
    Bench b;
    bench_open(&b);
    int64_t before = under_review(&b, "2014-08-18"), behind = under_review(&b, "2014-08-25"), draft = drafted(&b, "2014-08-25");
    assert_dates(&b, before, "2014-09-01", "2014-09-16");
    assert_dates(&b, behind, "2014-09-09", "2014-09-23");
    g_autoptr(json_t) answer = changed(&b, at("2014-08-25", 11), NULL, "2014-08-22,holiday,已过\n2014-08-29,holiday,台风\n");
    assert_counts(answer, 2, 2);
    assert_dates(&b, before, "2014-09-03", "2014-09-18");
    assert_dates(&b, behind, "2014-09-10", "2014-09-24"); /* the day before its acceptance is nothing to it */
    assert_last(&b, behind, "case.rescheduled",
                "{\"moved\":{\"calendar\":2,\"due_from_day\":\"2014-09-09\",\"due_to_day\":\"2014-09-10\","
                "\"limit_from_day\":\"2014-09-23\",\"limit_to_day\":\"2014-09-24\"}}");
    g_auto(Case) still = present(&b, draft);
    g_assert_cmpint(still.events, ==, 0); /* nothing is recorded of a draft */
    g_autofree char *event = last_event(&b, "calendar/2", "calendar.changed");
    g_assert_cmpstr(event, ==,
                    "{\"days\":[{\"day\":\"2014-08-22\",\"moved\":true,\"name\":\"已过\",\"works\":false},"
                    "{\"day\":\"2014-08-29\",\"moved\":true,\"name\":\"台风\",\"works\":false}],"
                    "\"moved\":2,\"open\":2,\"source\":\"test.csv\",\"version\":2}");
    done(&b, &people[ORGAN_REVIEWER], behind, "2014-09-10", PASS, (SubjectInput){ .opinion = "符合条件" }, REVIEW);
    bench_close(&b);
}

static void a_new_working_day_brings_dates_forward(void)
{
    Bench b;
    bench_open(&b);
    int64_t number = under_review(&b, "2014-08-18");
    g_autoptr(json_t) answer = changed(&b, at("2014-08-19", 11), NULL, "2014-08-23,workday,补班\n");
    assert_counts(answer, 1, 1);
    assert_dates(&b, number, "2014-08-29", "2014-09-15");
    g_autoptr(json_t) back = changed(&b, at("2014-08-20", 11), "2014-09-08", NULL); /* and without this one, as before */
    assert_counts(back, 1, 1);
    assert_dates(&b, number, "2014-09-01", "2014-09-15");
    g_assert_cmpint(json_number(back, "version"), ==, 3);
    bench_close(&b);
}

/* In each state that has a date the one of that state moves, and where none depends on working days, none does. */
static void each_state_has_its_own_date(void)
{
    Bench b;
    bench_open(&b);
    g_autoptr(json_t) missing = json_pack("[s]", "身份证");
    int64_t received = at_the_organ(&b, "2014-08-26"), asked = at_the_organ(&b, "2014-08-26"), standing = under_review(&b, "2014-08-18"),
            granted = to_decide(&b, "2014-08-20"), delivered = to_decide(&b, "2014-08-20");
    done(&b, &people[ORGAN_REVIEWER], asked, "2014-08-27", CORRECT, (SubjectInput){ .materials = missing, .reason = "缺" }, CORRECTION);
    done(&b, &people[ORGAN_REVIEWER], standing, "2014-08-20", SUSPEND, (SubjectInput){ .special = "expert_review", .days = 10 }, SUSPENDED);
    done(&b, &people[ORGAN_APPROVER], granted, "2014-08-26", GRANT, (SubjectInput){ .opinion = "同意" }, GRANTED);
    done(&b, &people[ORGAN_APPROVER], delivered, "2014-08-26", GRANT, (SubjectInput){ .opinion = "同意" }, GRANTED);
    done(&b, &people[TOWN_REVIEWER], delivered, "2014-08-26", ISSUE, (SubjectInput){ 0 }, ISSUED);
    done(&b, &people[VILLAGE_CLERK], delivered, "2014-08-26", DELIVER, (SubjectInput){ 0 }, DELIVERED);
    assert_dates(&b, received, "2014-09-02", "2014-09-02");
    assert_dates(&b, asked, "2014-09-18", "2014-09-18");
    assert_dates(&b, granted, "2014-09-10", "");
    g_auto(Case) stood = present(&b, standing);
    g_autoptr(json_t) answer = changed(&b, at("2014-08-27", 11), NULL, "2014-08-29,holiday,台风\n");
    assert_counts(answer, 4, 2); /* the days told for the special procedure stay as they were told */
    assert_dates(&b, received, "2014-09-03", "2014-09-03");
    assert_last(&b, received, "case.rescheduled",
                "{\"moved\":{\"calendar\":2,\"due_from_day\":\"2014-09-02\",\"due_to_day\":\"2014-09-03\"}}");
    assert_dates(&b, asked, "2014-09-18", "2014-09-18");
    assert_dates(&b, granted, "2014-09-11", "");
    g_auto(Case) stands = present(&b, standing);
    g_assert_cmpint(stands.due_at, ==, stood.due_at);
    assert_dates(&b, standing, "2014-09-03", "2014-09-03");
    done(&b, &people[ORGAN_REVIEWER], standing, "2014-09-01", RESUME, (SubjectInput){ .opinion = "评审通过" }, REVIEW);
    bench_close(&b);
}

static void a_limit_that_moves_into_the_past_is_overdue(void)
{
    Bench b;
    bench_open(&b);
    int64_t number = under_review(&b, "2014-08-18");
    g_assert_cmpint(ring_until(&b, "2014-09-16", 8), ==, 0);
    json_decref(changed(&b, at("2014-09-16", 7), NULL, "2014-08-23,workday,补班\n"));
    assert_dates(&b, number, "2014-08-29", "2014-09-15");
    g_assert_cmpint(ring_until(&b, "2014-09-16", 8), ==, 1);
    assert_last(&b, number, "case.overdue", "{}");
    assert_dates(&b, number, "2014-08-29", "");
    bench_close(&b);
}

static void what_was_noted_as_overdue_is_taken_back(void)
{
    Bench b;
    bench_open(&b);
    int64_t number = under_review(&b, "2014-08-18"), hopeless = under_review(&b, "2014-08-11");
    g_assert_cmpint(ring_until(&b, "2014-09-17", 8), ==, 2);
    g_autoptr(json_t) answer = changed(&b, at("2014-09-17", 9), NULL, "2014-09-15,holiday,台风\n");
    assert_counts(answer, 2, 1); /* the other one was due before that day */
    g_auto(Case) late = present(&b, hopeless);
    g_assert_cmpint(late.overdue, ==, 1);
    assert_dates(&b, number, "2014-09-01", "2014-09-17");
    assert_last(&b, number, "case.rescheduled", "{\"moved\":{\"calendar\":2,\"in_time\":true}}");
    g_auto(Case) found = present(&b, number);
    g_assert_cmpint(found.overdue, ==, 0);
    g_assert_cmpint(ring_until(&b, "2014-09-17", 8), ==, 0);
    g_assert_cmpint(ring_until(&b, "2014-09-18", 8), ==, 1);
    bench_close(&b);
}

/* Handed in on Friday evening, so received on Monday, until Monday is a holiday. */
static void the_day_of_receipt_follows_the_calendar(void)
{
    Bench b;
    bench_open(&b);
    g_autoptr(GError) error = NULL;
    b.context.by_office_hours = true;
    int64_t number = drafted(&b, "2014-08-29");
    Acting submitting = { number, SUBMIT, { .seen = -1 }, NULL };
    write_as(&b, &people[VILLAGE_CLERK], at("2014-08-29", 18), act, &submitting, &error);
    g_assert_no_error(error);
    assert_dates(&b, number, "2014-09-09", "2014-09-09");
    json_decref(changed(&b, at("2014-08-30", 9), NULL, "2014-09-01,holiday,台风\n"));
    assert_dates(&b, number, "2014-09-10", "2014-09-10"); /* the five days begin on Wednesday, no longer on Tuesday */
    assert_due(&b, number, INTAKE_CLOCK, "2014-09-02", "2014-09-10");
    bench_close(&b);
}

static void assert_refused(Bench *b, const char *rows, int64_t seen, const char *reason, const char *line)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(try_change(b, at("2014-08-25", 11), rows, seen, &error));
    g_autoptr(json_t) details = trouble_details(error);
    g_assert_cmpstr(json_text(details, "reason"), ==, reason);
    g_assert_cmpstr(json_text(details, "line"), ==, line);
}

static void bad_tables_change_nothing(void)
{
    Bench b;
    bench_open(&b);
    int64_t number = under_review(&b, "2014-08-18");
    g_auto(Case) accepted = present(&b, number);
    assert_refused(&b, "date,kind,name\n2014-08-29,holiday,a\n2014-08-32,holiday,b\n", 0, "calendar.row", "3");
    assert_refused(&b, "date,kind,name\n2014-08-29,holiday\n", 0, "base.csv_uneven", "2");
    assert_refused(&b, "date,kind,name\n2014-08-29,holiday,a\n", 7, "cases.calendar_stale", "");
    g_autofree char *same = table_of(NULL, NULL);
    g_autoptr(json_t) answer = try_change(&b, at("2014-08-25", 11), same, 1, NULL);
    g_assert_true(json_flag(answer, "same"));
    g_assert_cmpint(json_number(answer, "version"), ==, 1);
    assert_dates(&b, number, "2014-09-01", "2014-09-16");
    g_auto(Case) found = present(&b, number);
    g_assert_cmpint(found.events, ==, accepted.events);
    bench_close(&b);
}

static void what_is_previewed_is_what_comes(void)
{
    Bench b;
    bench_open(&b);
    g_autoptr(GError) error = NULL;
    int64_t number = under_review(&b, "2014-08-18");
    g_autofree char *rows = table_of(NULL, "2014-08-29,holiday,台风\n");
    g_autoptr(json_t) shown = previewed(&b, at("2014-08-25", 11), 0, rows, &error);
    g_assert_no_error(error);
    assert_dates(&b, number, "2014-09-01", "2014-09-16");
    g_autoptr(json_t) moves = json_incref(json_object_get(shown, "moves"));
    g_assert_cmpstr(json_text(json_array_get(moves, 0), "due_to_day"), ==, "2014-09-02");
    json_object_del(shown, "moves");
    g_autoptr(json_t) done = changed(&b, at("2014-08-25", 11), NULL, "2014-08-29,holiday,台风\n");
    g_assert_true(json_equal(shown, done));
    bench_close(&b);
}

static bool announce(const Context *context, void *data, GError **error)
{
    Change *change = data;
    change->table.since = day_from(2014, 8, 28);
    return change_work(context, data, error);
}

static json_t *taken_over(Bench *b, bool (*work)(const Context *, void *, GError **), int hour, const char *rows)
{
    g_autoptr(GError) error = NULL;
    Change change = { .table = { rows, strlen(rows), "test.csv", 0, 0 } };
    write_as(b, &the_system, at("2014-08-25", hour), work, &change, &error);
    g_assert_no_error(error);
    return change.answer;
}

static void a_calendar_from_a_later_day_waits_for_it(void)
{
    Bench b;
    g_autoptr(GError) early = NULL;
    bench_open(&b);
    int64_t number = under_review(&b, "2014-08-18");
    g_autofree char *rows = table_of(NULL, "2014-08-29,holiday,台风\n");
    g_autoptr(json_t) answer = taken_over(&b, announce, 11, rows);
    g_assert_cmpstr(json_text(answer, "since_day"), ==, "2014-08-28");
    assert_dates(&b, number, "2014-09-01", "2014-09-16");
    Change far = { .table = { rows, strlen(rows), "test.csv", 0, day_from(2015, 8, 27) } };
    write_as(&b, &the_system, at("2014-08-25", 12), change_work, &far, &early);
    g_autoptr(json_t) details = trouble_details(early);
    g_assert_cmpstr(json_text(details, "reason"), ==, "versioned.day_far");
    g_assert_cmpint(ring_until(&b, "2014-08-27", 23), ==, 0);
    assert_dates(&b, number, "2014-09-01", "2014-09-16");
    g_assert_cmpint(ring_until(&b, "2014-08-28", 1), ==, 1);
    assert_dates(&b, number, "2014-09-02", "2014-09-17");
    g_autofree char *event = last_event(&b, "calendar/2", "calendar.changed");
    g_assert_nonnull(strstr(event, "\"moved\":1,\"open\":1"));
    bench_close(&b);
}

static json_t *statutory_clock(Bench *b, int64_t number)
{
    Request r = { .context = b->context };
    g_auto(Case) found = present(b, number);
    r.context.db = store_reader(b->store, NULL);
    r.context.now = at("2026-12-22", 9);
    r.context.actor = &people[ORGAN_REVIEWER];
    g_autoptr(json_t) answer = case_answer(&r, &found, false, NULL);
    store_return(b->store, r.context.db);
    return json_incref(json_object_get(json_object_get(answer, "clocks"), "statutory"));
}

static void holidays_that_are_announced_are_counted_on_the_page(void)
{
    Bench b;
    g_autoptr(GError) error = NULL;
    bench_open(&b);
    int64_t number = under_review(&b, "2026-12-21");
    g_autoptr(json_t) before = statutory_clock(&b, number);
    g_autofree char *rows = table_of(NULL, "2027-01-01,holiday,元旦\n2027-01-04,holiday,元旦\n");
    Change change = { .table = { rows, strlen(rows), "2027.csv", 0, day_from(2027, 1, 1) } };
    write_as(&b, &the_system, at("2026-12-22", 8), change_work, &change, &error);
    g_assert_no_error(error);
    json_decref(change.answer);
    g_autoptr(json_t) after = statutory_clock(&b, number);
    g_assert_cmpstr(json_text(before, "warn_unknown_day"), ==, "2027-01-01");
    g_assert_cmpstr(json_text(before, "due_day"), ==, "2027-01-19"); /* New Year rests by the regulation */
    g_assert_null(json_object_get(after, "warn_unknown_day"));
    g_assert_cmpstr(json_text(after, "due_day"), ==, "2027-01-20");
    bench_close(&b);
}

static void an_earlier_calendar_takes_the_place_of_one_to_come(void)
{
    Bench b;
    bench_open(&b);
    int64_t number = under_review(&b, "2014-08-18");
    g_autofree char *rows = table_of(NULL, "2014-08-29,holiday,台风\n");
    json_decref(taken_over(&b, announce, 11, rows));
    g_autoptr(json_t) answer = taken_over(&b, change_work, 12, rows);
    g_assert_cmpint(json_number(answer, "moved"), ==, 1);
    assert_dates(&b, number, "2014-09-02", "2014-09-17");
    ring_until(&b, "2014-08-28", 1);
    g_autofree char *replaced = last_event(&b, "calendar/2", "calendar.announced"); /* it never comes in force */
    g_assert_nonnull(replaced);
    g_autofree char *event = last_event(&b, "calendar/3", "calendar.changed");
    g_assert_nonnull(strstr(event, "\"moved\":1,\"open\":1"));
    bench_close(&b);
}

static void the_table_in_force_withdraws_one_to_come(void)
{
    Bench b;
    g_autoptr(GError) error = NULL;
    bench_open(&b);
    int64_t number = under_review(&b, "2014-08-18");
    g_autofree char *rows = table_of(NULL, "2014-08-29,holiday,台风\n"), *right = table_of(NULL, NULL);
    json_decref(taken_over(&b, announce, 11, rows));
    g_autoptr(json_t) shown = previewed(&b, at("2014-08-25", 12), 0, right, &error);
    g_autoptr(json_t) answer = taken_over(&b, change_work, 12, right), again = taken_over(&b, change_work, 13, right);
    g_assert_no_error(error);
    json_object_del(shown, "moves");
    g_assert_true(json_equal(shown, answer));
    g_assert_false(json_flag(answer, "same"));
    g_assert_cmpint(json_number(answer, "version"), ==, 3);
    g_assert_cmpint(json_number(answer, "withdrawn"), ==, 2);
    assert_counts(answer, 1, 0);
    g_assert_true(json_flag(again, "same"));
    g_assert_cmpint(json_number(again, "version"), ==, 3);
    g_assert_cmpint(ring_until(&b, "2014-08-28", 8), ==, 1);
    assert_dates(&b, number, "2014-09-01", "2014-09-16");
    g_autofree char *event = last_event(&b, "calendar/3", "calendar.changed");
    g_assert_nonnull(strstr(event, "\"withdrawn\":2"));
    bench_close(&b);
}

/* The second is announced for the day of the first, so its announcement tells but the one day more. */
static void a_move_is_explained_by_all_days_that_moved_it(void)
{
    Bench b;
    g_autoptr(GError) error = NULL;
    bench_open(&b);
    int64_t number = under_review(&b, "2014-08-18");
    g_autofree char *one = table_of(NULL, "2014-08-29,holiday,台风\n"), *two = table_of(NULL, "2014-08-29,holiday,台风\n2014-09-01,holiday,台风\n");
    json_decref(taken_over(&b, announce, 11, one));
    g_autoptr(json_t) second = taken_over(&b, announce, 12, two);
    g_assert_cmpuint(json_array_size(json_object_get(second, "days")), ==, 1);
    g_assert_cmpint(ring_until(&b, "2014-08-28", 8), ==, 2);
    assert_dates(&b, number, "2014-09-03", "2014-09-18");
    g_auto(Case) found = present(&b, number);
    g_autoptr(json_t) lines = json_pack("[{s:{s:i, s:s}}]", "moved", "calendar", 3, "due_to_day", "2014-09-03");
    Context context = b.context;
    context.db = store_reader(b.store, NULL);
    g_assert_true(case_explain(&(SubjectTurn){ .context = &context, .present = &found }, lines, &error));
    store_return(b.store, context.db);
    const json_t *days = json_object_get(json_object_get(json_array_get(lines, 0), "moved"), "days");
    g_assert_cmpuint(json_array_size(days), ==, 2);
    g_assert_cmpstr(json_text(json_array_get(days, 0), "day"), ==, "2014-08-29");
    bench_close(&b);
}

static void cases_that_are_over_by_then_are_not_counted(void)
{
    Bench b;
    g_autoptr(GError) error = NULL;
    bench_open(&b);
    under_review(&b, "2014-08-18");
    g_autofree char *rows = table_of(NULL, "2014-08-29,holiday,台风\n");
    g_autoptr(json_t) near = previewed(&b, at("2014-08-25", 11), day_from(2014, 9, 10), rows, &error);
    g_autoptr(json_t) far = previewed(&b, at("2014-08-25", 11), day_from(2014, 12, 31), rows, &error);
    g_assert_no_error(error);
    assert_counts(near, 1, 1);
    assert_counts(far, 1, 0);
    bench_close(&b);
}

/* No act of law on a guess: only the published list of 2027 tells what has fallen into the time before it came. */
static void nothing_follows_from_days_that_are_not_published(void)
{
    Bench b;
    bench_open(&b);
    int64_t running = under_review(&b, "2026-12-21"), received = at_the_organ(&b, "2026-12-28"), decided = to_decide(&b, "2026-12-21");
    assert_dates(&b, running, "2027-01-05", "");
    assert_dates(&b, received, "2027-01-05", "");
    done(&b, &people[ORGAN_APPROVER], decided, "2027-01-08", GRANT, (SubjectInput){ .opinion = "同意" }, GRANTED);
    g_assert_cmpint(ring_until(&b, "2027-02-25", 8), ==, 0);
    refused(&b, &the_system, received, "2027-02-25", DEEM, (SubjectInput){ 0 }, "cases.intake_not_over");
    g_auto(Case) kept = present(&b, decided);
    g_assert_cmpint(kept.kept, ==, 1);
    g_autoptr(json_t) answer = changed(&b, at("2027-02-25", 9), NULL, "2027-01-01,holiday,元旦\n");
    assert_counts(answer, 3, 3);
    assert_dates(&b, running, "2027-01-05", "2027-01-19");
    assert_last(&b, decided, "case.rescheduled", "{\"moved\":{\"calendar\":2,\"promise_broken\":true}}");
    g_assert_cmpint(ring_until(&b, "2027-02-25", 10), ==, 2);
    assert_last(&b, running, "case.overdue", "{}");
    g_auto(Case) deemed = present(&b, received);
    g_assert_cmpstr(case_state_names[deemed.state], ==, "review");
    bench_close(&b);
}

/* ---- what an older program counted ---- */

static bool count_in_calendar_days(const Context *context, void *data, GError **error)
{
    int64_t changed;
    g_auto(GStrv) parts = g_strsplit(items, ",20,working,acceptance,10,working,", 2);
    g_autofree char *csv = g_strjoinv(",27,calendar,acceptance,20,calendar,", parts);
    (void)data;
    return catalogue_import(context, csv, strlen(csv), day_of(context->now), &changed, error);
}

/* Limits that ended on a rest day, and what was noted by them. */
typedef struct Wrong {
    int64_t number;
    const char *due, *limit;
} Wrong;

static bool count_wrongly(const Context *context, void *data, GError **error)
{
    const Wrong *wrong = data;
    bool is_decided = !wrong->due;
    return db_run(context->db, "UPDATE case_now SET due_at = CASE WHEN :decided = 1 THEN due_at ELSE :due_at END,"
                               " alarm_at = :alarm_at, overdue = 1, kept = 0 WHERE county = :county AND number = :number",
                  WITH(db_int("county", COUNTY), db_int("number", wrong->number), db_int("decided", is_decided),
                       db_int("due_at", is_decided ? 0 : instant_at(day_parse(wrong->due), OFFICE_CLOSES)),
                       db_int("alarm_at", wrong->limit ? instant_at(day_parse(wrong->limit) + 1, 0) : 0)), error);
}

static bool settle_limits(const Context *context, void *data, GError **error)
{
    (void)data;
    return case_settle_limits(context, error);
}

static void write_well(Bench *b, Instant now, Work *work, void *data)
{
    g_autoptr(GError) error = NULL;
    write_as(b, &the_system, now, work, data, &error);
    g_assert_no_error(error);
}

static void limits_that_ended_on_a_rest_day_are_corrected_once(void)
{
    Bench b;
    bench_open(&b);
    write_well(&b, at("2014-08-20", 9), count_in_calendar_days, NULL);
    int64_t running = under_review(&b, "2014-08-25"), decided = to_decide(&b, "2014-08-25"), late = under_review(&b, "2014-08-21");
    assert_dates(&b, running, "2014-09-15", "2014-09-22"); /* Mondays */
    done(&b, &people[ORGAN_APPROVER], decided, "2014-09-15", GRANT, (SubjectInput){ .opinion = "同意" }, GRANTED);
    write_well(&b, at("2014-09-22", 9), count_wrongly, &(Wrong){ running, "2014-09-14", NULL });
    write_well(&b, at("2014-09-22", 9), count_wrongly, &(Wrong){ decided, NULL, NULL });
    g_assert_cmpint(ring_until(&b, "2014-09-22", 9), ==, 1);
    write_well(&b, at("2014-09-22", 10), settle_limits, NULL);
    assert_dates(&b, running, "2014-09-15", "2014-09-22");
    assert_last(&b, running, "case.rescheduled", "{\"moved\":{\"calendar\":1,\"correction\":true,\"due_from_day\":\"2014-09-14\",\"due_to_day\":\"2014-09-15\","
                                                 "\"in_time\":true,\"rest_day\":true}}");
    assert_last(&b, decided, "case.rescheduled", "{\"moved\":{\"calendar\":1,\"correction\":true,\"in_time\":true,\"promise_kept\":true,\"rest_day\":true}}");
    g_auto(Case) judged = present(&b, decided);
    g_assert_true(judged.kept && !judged.overdue);
    g_auto(Case) still = present(&b, late);
    g_assert_cmpint(still.overdue, ==, 1);
    write_well(&b, at("2014-09-22", 11), count_wrongly, &(Wrong){ running, "2014-09-14", "2014-09-21" });
    write_well(&b, at("2014-09-22", 12), settle_limits, NULL); /* it has been done */
    assert_dates(&b, running, "2014-09-14", "2014-09-21");
    bench_close_unsound(&b);
}

static bool forget_end(const Context *context, void *number, GError **error)
{
    return db_run(context->db, "UPDATE case_now SET special_until = 0, due_at = 1, alarm_at = 0 WHERE county = :county AND number = :number",
                  WITH(db_int("county", COUNTY), db_int("number", *(int64_t *)number)), error);
}

static bool set_alarm(const Context *context, void *number, GError **error)
{
    return db_run(context->db, "UPDATE case_now SET alarm_at = :at WHERE county = :county AND number = :number",
                  WITH(db_int("county", COUNTY), db_int("number", *(int64_t *)number), db_int("at", at("2027-01-20", 0))), error);
}

/* As a program left them that knew neither. */
static void what_was_told_and_what_is_not_published_are_corrected(void)
{
    Bench b;
    bench_open(&b);
    int64_t stands = under_review(&b, "2026-12-07"), waits = under_review(&b, "2026-12-21");
    done(&b, &people[ORGAN_REVIEWER], stands, "2026-12-08", SUSPEND, (SubjectInput){ .special = "expert_review", .days = 5 }, SUSPENDED);
    write_well(&b, at("2026-12-09", 9), forget_end, &stands);
    write_well(&b, at("2026-12-22", 9), set_alarm, &waits);
    write_well(&b, at("2026-12-22", 10), settle_limits, NULL);
    assert_dates(&b, stands, "2026-12-15", "2026-12-15");
    assert_dates(&b, waits, "2027-01-05", "");
    assert_last(&b, waits, "case.rescheduled", "{\"moved\":{\"calendar\":1,\"correction\":true,\"provisional\":true}}");
    g_assert_cmpint(ring_until(&b, "2026-12-22", 11), ==, 1); /* the special procedure has lasted too long */
    bench_close(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reschedule/a new holiday moves what lies behind it", a_new_holiday_moves_what_lies_behind_it);
    g_test_add_func("/reschedule/a new working day brings dates forward", a_new_working_day_brings_dates_forward);
    g_test_add_func("/reschedule/each state has its own date", each_state_has_its_own_date);
    g_test_add_func("/reschedule/a limit that moves into the past is overdue", a_limit_that_moves_into_the_past_is_overdue);
    g_test_add_func("/reschedule/what was noted as overdue is taken back", what_was_noted_as_overdue_is_taken_back);
    g_test_add_func("/reschedule/the day of receipt follows the calendar", the_day_of_receipt_follows_the_calendar);
    g_test_add_func("/reschedule/bad tables change nothing", bad_tables_change_nothing);
    g_test_add_func("/reschedule/what is previewed is what comes", what_is_previewed_is_what_comes);
    g_test_add_func("/reschedule/a calendar from a later day waits for it", a_calendar_from_a_later_day_waits_for_it);
    g_test_add_func("/reschedule/holidays that are announced are counted on the page", holidays_that_are_announced_are_counted_on_the_page);
    g_test_add_func("/reschedule/an earlier calendar takes the place of one to come", an_earlier_calendar_takes_the_place_of_one_to_come);
    g_test_add_func("/reschedule/the table in force withdraws one to come", the_table_in_force_withdraws_one_to_come);
    g_test_add_func("/reschedule/a move is explained by all days that moved it", a_move_is_explained_by_all_days_that_moved_it);
    g_test_add_func("/reschedule/cases that are over by then are not counted", cases_that_are_over_by_then_are_not_counted);
    g_test_add_func("/reschedule/nothing follows from days that are not published", nothing_follows_from_days_that_are_not_published);
    g_test_add_func("/reschedule/limits that ended on a rest day are corrected once", limits_that_ended_on_a_rest_day_are_corrected_once);
    g_test_add_func("/reschedule/what was told and what is not published are corrected", what_was_told_and_what_is_not_published_are_corrected);
    return g_test_run();
}

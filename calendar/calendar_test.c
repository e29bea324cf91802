// SPDX-License-Identifier: Apache-2.0
#include "calendar/calendar.h"
#include "rooms_test.h"

#include <string.h>

static const struct { const char *start; int n; const char *due; } vectors[] = {
    { "2014-08-19", 11, "2014-09-03" }, { "2013-01-31", 5, "2013-02-07" }, { "2013-02-08", 1, "2013-02-16" },
    { "2013-04-26", 5, "2013-05-06" }, { "2013-09-27", 5, "2013-10-10" }, { "2014-01-24", 5, "2014-01-30" },
    { "2014-01-30", 20, "2014-03-05" }, { "2014-04-04", 5, "2014-04-14" }, { "2014-04-30", 2, "2014-05-05" },
    { "2014-09-26", 5, "2014-10-09" }, { "2015-09-02", 2, "2015-09-07" }, { "2016-12-30", 1, "2017-01-03" },
    { "2018-12-28", 1, "2018-12-29" }, { "2019-04-30", 3, "2019-05-07" }, { "2020-01-20", 10, "2020-02-11" },
    { "2023-09-28", 5, "2023-10-11" }, { "2024-02-09", 3, "2024-02-20" }, { "2025-01-24", 5, "2025-02-07" },
    { "2025-09-30", 3, "2025-10-11" }, { "2026-02-13", 5, "2026-02-27" },
};

static void the_published_vectors_hold(void)
{
    char text[DAY_TEXT];
    g_autoptr(Calendar) c = calendar_built_in();
    for (size_t i = 0; i < G_N_ELEMENTS(vectors); i++) {
        Day start = day_parse(vectors[i].start), due = calendar_add(c, start, vectors[i].n);
        g_assert_cmpstr(day_text(due, text), ==, vectors[i].due);
        g_assert_cmpint(calendar_between(c, start, due), ==, vectors[i].n);
    }
}

static void each_year_has_its_working_days(void)
{
    static const int days[] = { 250, 250, 249, 250, 249, 250, 250, 249, 250, 249, 249, 251, 248, 248 };
    g_autoptr(Calendar) c = calendar_built_in();
    for (int i = 0; i < (int)G_N_ELEMENTS(days); i++)
        g_assert_cmpint(calendar_between(c, day_from(2012 + i, 12, 31), day_from(2013 + i, 12, 31)), ==, days[i]);
}

static void a_year_not_announced_is_known_as_such(void)
{
    g_autoptr(Calendar) c = calendar_built_in();
    g_assert_true(calendar_knows(c, day_parse("2026-12-31")));
    g_assert_false(calendar_knows(c, day_parse("2027-01-01")));
    g_assert_false(calendar_knows(c, day_parse("2012-12-31")));
    g_assert_cmpstr(calendar_name(c, day_parse("2014-10-01")), ==, "国庆节");
    g_assert_cmpstr(calendar_name(c, day_parse("2014-10-16")), ==, "");
}

/* A calendar that knows one year far away has all others by the regulation alone. */
static Calendar *by_the_regulation(void)
{
    static const char far[] = "date,kind,name\n2199-01-01,holiday,元旦\n";
    return calendar_read(far, strlen(far), 1, NULL);
}

static void a_year_not_announced_has_the_holidays_of_the_regulation(void)
{
    static const struct { const char *day; bool works; const char *name; } days[] = {
        { "2012-01-24", false, "春节" }, { "2012-01-25", true, "" }, /* of 2007: from the eve on, three days */
        { "2014-01-30", true, "" }, { "2014-01-31", false, "春节" }, { "2014-02-03", true, "" }, /* of 2013: three, without the eve */
        { "2025-01-28", false, "春节" }, { "2025-01-31", false, "春节" }, { "2025-02-03", true, "" }, /* of 2024: four, with the eve */
        { "2024-05-02", true, "" }, { "2025-05-02", false, "劳动节" }, { "2027-01-01", false, "元旦" }, { "2027-02-05", false, "春节" },
        { "2027-02-08", false, "春节" }, { "2027-02-09", true, "" }, { "2027-04-05", false, "清明节" }, { "2027-06-09", false, "端午节" },
        { "2027-09-15", false, "中秋节" }, { "2027-10-01", false, "国庆节" }, { "2027-10-04", true, "" },
    };
    g_autoptr(Calendar) fixed = by_the_regulation(), own = calendar_built_in();
    for (size_t i = 0; i < G_N_ELEMENTS(days); i++) {
        Day day = day_parse(days[i].day);
        g_assert_false(calendar_knows(fixed, day));
        g_assert_cmpint(calendar_works(fixed, day), ==, days[i].works);
        g_assert_cmpstr(calendar_name(fixed, day), ==, days[i].name);
    }
    for (Day day = calendar_first(own); day <= calendar_last(own); day++) /* each year that was announced has them */
        g_assert_false(*calendar_name(fixed, day) && calendar_works(own, day));
    g_autofree char *rows = calendar_write(fixed);
    g_assert_cmpstr(rows, ==, "date,kind,name\n2199-01-01,holiday,元旦\n");
}

static void what_comes_after_closing_is_received_next_working_day(void)
{
    static const struct { const char *day; int minute; const char *received; } cases[] = {
        { "2014-09-26", 9 * 60, "2014-09-26" }, { "2014-09-26", OFFICE_CLOSES - 1, "2014-09-26" },
        { "2014-09-26", OFFICE_CLOSES, "2014-09-28" }, /* the Sunday that is worked instead */
        { "2014-09-30", 18 * 60, "2014-10-08" }, { "2014-10-04", 9 * 60, "2014-10-08" }, { "2014-09-26", 60, "2014-09-26" },
    };
    char text[DAY_TEXT];
    g_autoptr(Calendar) c = calendar_built_in();
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        g_assert_cmpstr(day_text(calendar_receipt(c, instant_at(day_parse(cases[i].day), cases[i].minute)), text), ==, cases[i].received);
}

static void a_wrong_row_is_named(void)
{
    static const struct { const char *csv, *line; } wrong[] = {
        { "date,kind,name\n2014-10-01,holiday,国庆节\n2014-13-01,holiday,x\n", "3" },
        { "date,kind,name\n2014-10-01,festival,国庆节\n", "2" },
        { "date,kind,name\n2014-10-01,holiday,a\n2014-10-01,workday,a\n", "3" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(calendar_read(wrong[i].csv, strlen(wrong[i].csv), 2, &error));
        g_autoptr(json_t) details = trouble_details(error);
        g_assert_cmpstr(json_text(details, "reason"), ==, "calendar.row");
        g_assert_cmpstr(json_text(details, "line"), ==, wrong[i].line);
    }
}

static const char year_2015[] = "date,kind,name\n2015-01-01,holiday,\"元旦, 假\"\n2015-01-04,workday,元旦\n";

static void a_table_renews_the_years_it_names(void)
{
    char text[DAY_TEXT];
    g_autoptr(GError) error = NULL;
    g_autoptr(Calendar) before = calendar_built_in();
    g_autoptr(Calendar) after = calendar_renewed(before, year_2015, strlen(year_2015), &error);
    g_assert_no_error(error);
    g_assert_cmpint(calendar_version(after), ==, 2);
    g_assert_true(calendar_works(after, day_parse("2015-10-01")));
    g_assert_false(calendar_works(after, day_parse("2014-10-01")));
    g_assert_true(calendar_knows(after, day_parse("2026-10-01")));
    g_assert_cmpstr(calendar_name(after, day_parse("2015-01-01")), ==, "元旦, 假");
    g_autoptr(GArray) days = calendar_differences(before, after), none = calendar_differences(after, after);
    g_assert_cmpuint(none->len, ==, 0);
    const CalendarDay *named = &g_array_index(days, CalendarDay, 0), *next = &g_array_index(days, CalendarDay, 1);
    g_assert_cmpstr(day_text(named->day, text), ==, "2015-01-01");
    g_assert_false(named->is_moved);
    g_assert_cmpstr(day_text(next->day, text), ==, "2015-01-02"); /* a Friday that rested */
    g_assert_true(next->is_moved && next->works);
    g_assert_cmpstr(next->name, ==, "元旦");
}

static void what_is_written_is_read_as_the_same(void)
{
    g_autoptr(Calendar) before = calendar_built_in();
    g_autoptr(Calendar) after = calendar_renewed(before, year_2015, strlen(year_2015), NULL);
    g_autofree char *rows = calendar_write(after);
    g_autoptr(Calendar) again = calendar_read(rows, strlen(rows), 2, NULL);
    g_autoptr(GArray) days = calendar_differences(after, again);
    g_assert_cmpuint(days->len, ==, 0);
}

/* ---- kept ---- */

enum { NOW = 7 };

static bool settle(Db *db, void *context, GError **error)
{
    Context own = *(const Context *)context;
    own.db = db;
    return calendar_settle(&own, error);
}

static bool take_2015(Db *db, void *context, GError **error)
{
    Context own = *(const Context *)context;
    g_autoptr(Calendar) made = NULL;
    own.db = db;
    return calendar_import(&own, year_2015, strlen(year_2015), "2015.csv", day_of(own.now), &made, error);
}

static bool take_and_fail(Db *db, void *context, GError **error)
{
    return take_2015(db, context, error) && refuse(error, CONFLICT, "base.fault", NULL);
}

static int64_t version_in_force(Calendars *calendars, Store *store)
{
    Db *db = store_reader(store, NULL);
    const Calendar *found = calendars_in_force(calendars, db, 330482, day_of(NOW), NULL);
    g_assert_true(found == calendars_in_force(calendars, db, 330482, day_of(NOW), NULL)); /* it was read once */
    store_return(store, db);
    return calendar_version(found);
}

static void the_newest_version_is_in_force(void)
{
    g_autofree char *folder = g_dir_make_tmp("calendar-XXXXXX", NULL), *file = g_build_filename(folder, "test.db", NULL);
    Context context = { .county = 330482, .now = NOW };
    Store *store = store_with_rooms(file, 2);
    Calendars *calendars = calendars_open();
    g_assert_cmpint(version_in_force(calendars, store), ==, 1);
    for (int i = 0; i < 2; i++)
        g_assert_true(store_write(store, settle, &context, NULL));
    g_assert_cmpint(version_in_force(calendars, store), ==, 1);
    g_assert_false(store_write(store, take_and_fail, &context, NULL));
    g_assert_cmpint(version_in_force(calendars, store), ==, 1);
    for (int i = 0; i < 2; i++) /* the second time it changes nothing */
        g_assert_true(store_write(store, take_2015, &context, NULL));
    g_assert_cmpint(version_in_force(calendars, store), ==, 2);
    calendars_close(calendars);
    store_close(store);
    remove_tree(folder);
}

/* ---- the clock ---- */

static ClockMark mark(const char *day, enum holder holder)
{
    Day on = day_parse(day);
    return (ClockMark){ .at = instant_at(on, 10 * 60), .day = on, .holder = holder, .why = "x" };
}

/* Names in a reading are the calendar's own. */
static Calendar *calendar;

static ClockReading *read_clock(const ClockMark *marks, size_t count, int days, enum day_unit unit, const char *now)
{
    static const unsigned department = 1u << DEPARTMENT;
    ClockRule rule = { days, unit, department };
    return clock_run(calendar, &rule, marks, count, instant_at(day_parse(now), 11 * 60));
}

static void assert_reading(const ClockReading *r, const char *due, int used, int left)
{
    char text[DAY_TEXT];
    g_assert_cmpstr(day_text(r->due, text), ==, due);
    g_assert_cmpint(r->used, ==, used);
    g_assert_cmpint(r->left, ==, left);
}

static void the_day_of_acceptance_does_not_count(void)
{
    ClockMark m[] = { mark("2014-08-19", DEPARTMENT) };
    g_autoptr(ClockReading) same = read_clock(m, 1, 11, WORKING_DAYS, "2014-08-19");
    assert_reading(same, "2014-09-03", 0, 11);
    g_autoptr(ClockReading) last = read_clock(m, 1, 11, WORKING_DAYS, "2014-09-03");
    assert_reading(last, "2014-09-03", 11, 0);
    g_assert_false(last->overdue);
    g_autoptr(ClockReading) late = read_clock(m, 1, 11, WORKING_DAYS, "2014-09-04");
    assert_reading(late, "2014-09-03", 12, -1);
    g_assert_true(late->overdue);
    g_assert_cmpstr(clock_light(late), ==, "red");
}

static void the_rest_days_after_the_due_day_are_late(void)
{
    ClockMark m[] = { mark("2014-08-29", DEPARTMENT), mark("2014-09-06", DEPARTMENT) };
    g_autoptr(ClockReading) friday = read_clock(m, 1, 5, WORKING_DAYS, "2014-09-05");
    assert_reading(friday, "2014-09-05", 5, 0);
    g_assert_false(friday->overdue);
    g_autoptr(ClockReading) saturday = read_clock(m, 1, 5, WORKING_DAYS, "2014-09-06");
    assert_reading(saturday, "2014-09-05", 5, 0);
    g_assert_true(saturday->overdue);
    m[1].stop = true; /* done on that Saturday: late all the same */
    g_autoptr(ClockReading) done = read_clock(m, 2, 5, WORKING_DAYS, "2014-10-20");
    g_assert_true(done->overdue);
    g_autoptr(json_t) answer = clock_json(done);
    g_assert_true(json_flag(answer, "passed"));
    g_assert_true(json_is_false(json_object_get(answer, "remaining")));
    g_assert_true(json_is_false(json_object_get(answer, "over")));
    g_assert_cmpstr(json_text(answer, "light"), ==, "red");
    m[1] = mark("2014-09-05", SPECIAL_PROCEDURE); /* it stands still from the due day on: in time */
    g_autoptr(ClockReading) still = read_clock(m, 2, 5, WORKING_DAYS, "2014-10-20");
    g_assert_false(still->overdue);
}

static void a_standstill_is_given_back(void)
{
    /* accepted Monday, expert review from Wednesday to the Wednesday after */
    ClockMark m[] = { mark("2014-08-18", DEPARTMENT), mark("2014-08-20", SPECIAL_PROCEDURE), mark("2014-08-27", DEPARTMENT) };
    g_autoptr(ClockReading) standing = read_clock(m, 2, 10, WORKING_DAYS, "2014-08-22");
    assert_reading(standing, "2014-09-03", 2, 8);
    g_assert_cmpstr(clock_light(standing), ==, "grey");
    g_autoptr(ClockReading) resumed = read_clock(m, 3, 10, WORKING_DAYS, "2014-08-28");
    assert_reading(resumed, "2014-09-09", 3, 7); /* 8 September: 中秋节 */
    g_assert_cmpuint(resumed->segments->len, ==, 3);
    ClockMark same_day[] = { mark("2014-08-18", DEPARTMENT), mark("2014-08-20", SPECIAL_PROCEDURE), mark("2014-08-20", DEPARTMENT) };
    g_autoptr(ClockReading) none = read_clock(same_day, 3, 10, WORKING_DAYS, "2014-08-21");
    assert_reading(none, "2014-09-01", 3, 7);
}

static void an_extension_adds_days(void)
{
    ClockMark m[] = { mark("2014-08-18", DEPARTMENT), mark("2014-08-25", DEPARTMENT) };
    m[1].extra = 10;
    g_autoptr(ClockReading) r = read_clock(m, 2, 20, WORKING_DAYS, "2014-08-25");
    assert_reading(r, "2014-09-29", 5, 25); /* Sunday the 28th is worked */
    g_assert_cmpint(r->extended, ==, 10);
}

static void calendar_days_count_every_day(void)
{
    ClockMark m[] = { mark("2014-09-26", DEPARTMENT) };
    g_autoptr(ClockReading) r = read_clock(m, 1, 30, CALENDAR_DAYS, "2014-10-02");
    assert_reading(r, "2014-10-27", 6, 25); /* 26 October is a Sunday */
    g_assert_cmpuint(r->skipped->len, ==, 0);
    g_autoptr(ClockReading) at_once = read_clock(m, 1, 0, WORKING_DAYS, "2014-09-26");
    assert_reading(at_once, "2014-09-26", 0, 0);
}

/* 民法典 art. 203: the seventh day lies in the week of the National Day. */
static void calendar_days_do_not_end_on_a_rest_day(void)
{
    ClockMark m[] = { mark("2014-09-24", DEPARTMENT), mark("2014-10-05", SPECIAL_PROCEDURE), mark("2014-10-10", DEPARTMENT) };
    g_autoptr(ClockReading) last = read_clock(m, 1, 7, CALENDAR_DAYS, "2014-10-08");
    assert_reading(last, "2014-10-08", 14, 0);
    g_assert_false(last->overdue);
    g_autoptr(json_t) json = clock_json(last);
    const json_t *moved = json_object_get(json, "moved_on");
    g_assert_cmpstr(json_text(moved, "ends_day"), ==, "2014-10-01");
    g_assert_cmpstr(json_text(moved, "name"), ==, "国庆节");
    g_autoptr(ClockReading) late = read_clock(m, 1, 7, CALENDAR_DAYS, "2014-10-09");
    assert_reading(late, "2014-10-08", 15, -1);
    g_assert_true(late->overdue);
    g_autoptr(ClockReading) workday = read_clock(m, 1, 6, CALENDAR_DAYS, "2014-10-01"); /* ends on Tuesday the 30th */
    assert_reading(workday, "2014-09-30", 7, -1);
    g_autoptr(json_t) plain = clock_json(workday);
    g_assert_true(json_is_false(json_object_get(plain, "moved_on")));
    g_autoptr(ClockReading) resumed = read_clock(m, 3, 7, CALENDAR_DAYS, "2014-10-10"); /* it stood still before it could end */
    assert_reading(resumed, "2014-10-11", 11, 1);
    g_assert_false(resumed->overdue);
}

/* 民法典 art. 202: the same day of the month, or its last. */
static void months_end_on_the_same_day_of_the_month(void)
{
    ClockMark winter[] = { mark("2014-11-29", DEPARTMENT), mark("2014-12-01", SPECIAL_PROCEDURE), mark("2014-12-04", DEPARTMENT) };
    g_autoptr(ClockReading) plain = read_clock(winter, 1, 3, CALENDAR_MONTHS, "2014-12-29");
    assert_reading(plain, "2015-02-28", 30, 61); /* a Saturday that is worked; by ninety days it would have been the 27th */
    g_autoptr(ClockReading) resumed = read_clock(winter, 3, 3, CALENDAR_MONTHS, "2014-12-29");
    assert_reading(resumed, "2015-03-03", 27, 64);
    g_autoptr(json_t) json = clock_json(resumed);
    g_assert_cmpstr(json_text(json_object_get(json, "limit"), "unit"), ==, "months");
    g_assert_cmpint(json_number(json_object_get(json, "limit"), "days"), ==, 3);
    g_assert_cmpstr(json_text(json_object_get(json, "spent"), "unit"), ==, "calendar");
    ClockMark autumn[] = { mark("2014-09-03", DEPARTMENT), mark("2014-09-10", DEPARTMENT) };
    autumn[1].extra = 1;
    g_autoptr(ClockReading) rest = read_clock(autumn, 1, 1, CALENDAR_MONTHS, "2014-09-04");
    assert_reading(rest, "2014-10-08", 1, 34); /* 3 October rests */
    g_autoptr(ClockReading) extended = read_clock(autumn, 2, 1, CALENDAR_MONTHS, "2014-09-11");
    assert_reading(extended, "2014-11-03", 8, 53);
    g_assert_cmpint(extended->extended, ==, 1);
}

static void a_stopped_clock_charges_nobody(void)
{
    ClockMark m[] = { mark("2014-08-18", DEPARTMENT), mark("2014-08-20", DEPARTMENT) };
    m[1].stop = true;
    g_autoptr(ClockReading) r = read_clock(m, 2, 10, WORKING_DAYS, "2014-12-31");
    assert_reading(r, "2014-09-01", 2, 8);
    g_assert_true(r->stopped);
    g_assert_cmpstr(clock_light(r), ==, "grey");
}

static void the_skipped_days_have_names(void)
{
    ClockMark m[] = { mark("2014-09-26", DEPARTMENT) };
    g_autoptr(ClockReading) r = read_clock(m, 1, 5, WORKING_DAYS, "2014-09-26");
    g_autoptr(json_t) json = clock_json(r);
    const json_t *skipped = json_object_get(json_array_get(json_object_get(json, "segments"), 0), "skipped");
    g_assert_cmpuint(json_array_size(skipped), ==, 2); /* Saturday 27; 1 to 7 October; Sunday 28 is worked */
    g_assert_cmpstr(json_text(json_array_get(skipped, 1), "name"), ==, "国庆节");
    g_assert_cmpint(json_number(json_array_get(skipped, 1), "days"), ==, 7);
    g_assert_cmpstr(json_text(json, "due_day"), ==, "2014-10-09");
    const json_t *made_up = json_object_get(json_array_get(json_object_get(json, "segments"), 0), "made_up");
    g_assert_cmpuint(json_array_size(made_up), ==, 1);
    g_assert_cmpstr(json_text(json_array_get(made_up, 0), "from_day"), ==, "2014-09-28");
    g_assert_cmpstr(json_text(json_array_get(made_up, 0), "name"), ==, "国庆节");
}

static void a_limit_into_an_unknown_year_warns(void)
{
    ClockMark m[] = { mark("2026-12-20", DEPARTMENT) };
    char text[DAY_TEXT];
    g_autoptr(ClockReading) r = read_clock(m, 1, 20, WORKING_DAYS, "2026-12-21");
    g_assert_cmpstr(day_text(r->warn_unknown, text), ==, "2027-01-01");
    g_autoptr(ClockReading) known = read_clock(m, 1, 5, WORKING_DAYS, "2026-12-21");
    g_assert_cmpint(known->warn_unknown, ==, DAY_NONE);
    g_autoptr(ClockReading) guessed = read_clock(m, 1, 20, WORKING_DAYS, "2027-03-01"); /* nothing is late by a guess */
    g_assert_false(guessed->overdue);
    g_assert_cmpint(guessed->left, ==, 0);
    g_autoptr(json_t) json = clock_json(guessed);
    g_assert_true(json_flag(json, "provisional"));
    g_assert_cmpstr(json_text(json, "due_day"), ==, "2027-01-18");
    g_autoptr(ClockReading) plain = read_clock(m, 1, 20, CALENDAR_DAYS, "2026-12-21"); /* would be a Saturday */
    g_assert_cmpstr(day_text(plain->warn_unknown, text), ==, "2027-01-01");
}

/* ---- random histories: the segments tile the time, and the sums are right ---- */

enum { HISTORIES = 20000, MARKS = 10 };

static unsigned below(RandomSeed *random, unsigned limit)
{
    uint32_t word;
    random_repeatable(random, &word, sizeof word);
    return word % limit;
}

static size_t random_marks(RandomSeed *random, ClockMark *m)
{
    size_t count = 1 + below(random, MARKS);
    Instant at = instant_at(day_parse("2013-01-05") + (Day)below(random, 4000), (int)below(random, 1440));
    for (size_t i = 0; i < count; i++) {
        m[i] = (ClockMark){ .at = at, .day = day_of(at), .holder = (enum holder)below(random, HOLDERS_COUNT), .why = "x" };
        m[i].extra = i && below(random, 6) == 0 ? (int)below(random, 11) : 0;
        at += below(random, 3) ? (Instant)below(random, 12) * DAY_MS : (Instant)below(random, 20) * MINUTE_MS;
    }
    m[0].day += (Day)below(random, 3); /* received after closing */
    m[count - 1].stop = count > 1 && below(random, 3) == 0;
    return count;
}

/* The holder of a day is whoever held the case when it began; counted here day by day. */
static int brute_used(const Calendar *c, const ClockRule *rule, const ClockMark *m, size_t count, Day until, Day *due)
{
    int limit = rule->days, used = 0, at_until = 0;
    for (size_t i = 0; i < count; i++)
        limit += m[i].extra;
    if (rule->unit == CALENDAR_MONTHS)
        limit = day_months_on(m[0].day, limit) - m[0].day;
    *due = limit == 0 ? m[0].day : DAY_NONE;
    size_t holder = 0;
    Day last = m[count - 1].stop ? MAX(m[0].day, m[count - 1].day) : INT32_MAX;
    bool ended = false;
    for (Day day = m[0].day + 1; *due == DAY_NONE || day <= until; day++) {
        while (holder + 1 < count && m[holder + 1].day < day)
            holder++;
        ended = day > last;
        size_t by = ended ? SIZE_MAX : holder;
        bool works = calendar_works(c, day);
        /* beyond the end the limit is read as if it had gone on */
        bool counted = by == SIZE_MAX || rule->counts & 1u << m[by].holder;
        if (counted && (works || rule->unit != WORKING_DAYS))
            used++;
        if (*due == DAY_NONE && used >= limit && counted && works)
            *due = day;
        if (day <= until && day <= last)
            at_until = used;
        if (day > m[0].day + 4000)
            break; /* it stands still for ever */
    }
    return at_until;
}

static void assert_tiles(const ClockReading *r, const ClockMark *m, size_t count, Instant now)
{
    Instant at = m[0].at;
    Day day = m[0].day;
    int days = 0, used = 0;
    for (guint i = 0; i < r->segments->len; i++) {
        const ClockSegment *s = &g_array_index(r->segments, ClockSegment, i);
        g_assert_cmpint(s->from_at, ==, at);
        g_assert_cmpint(s->from, ==, day);
        g_assert_cmpint(s->to, >=, s->from);
        at = s->to_at;
        day = s->to;
        days += s->to - s->from;
        used += s->counted ? s->days : 0;
    }
    Instant end = m[count - 1].stop ? m[count - 1].at : now;
    g_assert_cmpint(at, ==, MAX(end, m[0].at));
    g_assert_cmpint(days, ==, MAX(m[0].day, day_of(end)) - m[0].day);
    g_assert_cmpint(used, ==, r->used);
}

/* A counted holder had it on a day after the due day. */
static bool brute_past(const ClockMark *m, size_t count, Day until, Day due, unsigned counts)
{
    bool past = false;
    for (size_t i = 0; i < count && !m[i].stop; i++) {
        Day end = i + 1 < count ? MIN(m[i + 1].day, until) : until;
        past = past || ((counts & 1u << m[i].holder) && end > due && end > m[i].day);
    }
    return past;
}

static void one_history(const Calendar *c, RandomSeed *random)
{
    ClockMark m[MARKS];
    Day due;
    size_t count = random_marks(random, m);
    ClockRule rule = { (int)below(random, 60), (enum day_unit)below(random, 3), 1u << DEPARTMENT | below(random, 64) };
    for (size_t i = 0; i < count && rule.unit == CALENDAR_MONTHS; i++)
        m[i].extra %= 3;
    rule.days %= rule.unit == CALENDAR_MONTHS ? 6 : 60;
    Instant now = m[count - 1].at + (Instant)below(random, 100) * DAY_MS / 3;
    g_autoptr(ClockReading) r = clock_run(c, &rule, m, count, now);
    assert_tiles(r, m, count, now);
    Day until = MAX(m[0].day, day_of(m[count - 1].stop ? m[count - 1].at : now));
    g_assert_cmpint(r->used, ==, brute_used(c, &rule, m, count, until, &due));
    if (r->running || r->stopped) {
        g_assert_cmpint(r->due, ==, due);
        g_assert_cmpint(clock_due(c, &rule, m, count), ==, due);
        g_assert_cmpint(r->overdue, ==, brute_past(m, count, until, due, rule.counts));
        g_assert_true(r->overdue || r->left >= 0);
    }
    g_autoptr(ClockReading) later = clock_run(c, &rule, m, count, now + 5 * (Instant)DAY_MS);
    if (r->running)
        g_assert_cmpint(later->due, ==, r->due);
}

static void segments_tile_the_time(void)
{
    RandomSeed random;
    uint64_t seed = (uint64_t)g_test_rand_int();
    random_seed(&random, seed);
    g_test_message("seed %" PRIu64, seed);
    g_autoptr(Calendar) c = calendar_built_in();
    for (int i = 0; i < HISTORIES; i++)
        one_history(c, &random);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/calendar/the published vectors hold", the_published_vectors_hold);
    g_test_add_func("/calendar/each year has its working days", each_year_has_its_working_days);
    g_test_add_func("/calendar/a year not announced is known as such", a_year_not_announced_is_known_as_such);
    g_test_add_func("/calendar/a year not announced has the holidays of the regulation", a_year_not_announced_has_the_holidays_of_the_regulation);
    g_test_add_func("/calendar/what comes after closing is received next working day", what_comes_after_closing_is_received_next_working_day);
    g_test_add_func("/calendar/a wrong row is named", a_wrong_row_is_named);
    g_test_add_func("/calendar/a table renews the years it names", a_table_renews_the_years_it_names);
    g_test_add_func("/calendar/what is written is read as the same", what_is_written_is_read_as_the_same);
    g_test_add_func("/calendar/the newest version is in force", the_newest_version_is_in_force);
    g_test_add_func("/clock/the day of acceptance does not count", the_day_of_acceptance_does_not_count);
    g_test_add_func("/clock/the rest days after the due day are late", the_rest_days_after_the_due_day_are_late);
    g_test_add_func("/clock/a standstill is given back", a_standstill_is_given_back);
    g_test_add_func("/clock/an extension adds days", an_extension_adds_days);
    g_test_add_func("/clock/calendar days count every day", calendar_days_count_every_day);
    g_test_add_func("/clock/calendar days do not end on a rest day", calendar_days_do_not_end_on_a_rest_day);
    g_test_add_func("/clock/months end on the same day of the month", months_end_on_the_same_day_of_the_month);
    g_test_add_func("/clock/a stopped clock charges nobody", a_stopped_clock_charges_nobody);
    g_test_add_func("/clock/the skipped days have names", the_skipped_days_have_names);
    g_test_add_func("/clock/a limit into an unknown year warns", a_limit_into_an_unknown_year_warns);
    g_test_add_func("/clock/segments tile the time", segments_tile_the_time);
    calendar = calendar_built_in();
    int failed = g_test_run();
    calendar_unref(calendar);
    return failed;
}

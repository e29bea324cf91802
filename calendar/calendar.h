// SPDX-License-Identifier: Apache-2.0
/* Working days and the clock that explains itself. Pure functions over plain structs; a calendar is
 * versioned data and never changes once made.
 *
 * The counting rule (民法典 arts. 201–203; Licensing Law art. 82; facts checked against a real case):
 * the day of an event does not count; counting starts on the next day; the due day is the n-th
 * counted day, until the close of office hours, and where that is a rest day the next working day. So
 * every day belongs to whoever held the case when the day began, and each day belongs to exactly one
 * holder. */
#pragma once

#include "base/base.h"
#include "db/db.h"
#include "versioned/versioned.h"

extern const Room calendar_room;

/* ---- the calendar ---- */

/* A Calendar is immutable, reference counted and shared between threads. */

/* Office hours, as minutes of the day in the county's zone. */
enum { OFFICE_OPENS = 8 * 60 + 30, OFFICE_CLOSES = 17 * 60 };

/* Reads rows date,kind,name (kind: holiday, workday) with a header line. A year is known when it has
 * at least one row. Refuses NOT_FITTING "calendar.row" naming line and column. */
Calendar *calendar_read(const char *csv, size_t length, int64_t version, GError **error);
/* The calendar after `before`: the years that the table names are as it says, all others stay. Refuses as calendar_read. */
Calendar *calendar_renewed(const Calendar *before, const char *csv, size_t length, GError **error);
/* The built-in table data/holidays.csv, version 1. */
Calendar *calendar_built_in(void);
void calendar_unref(Calendar *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Calendar, calendar_unref)
int64_t calendar_version(const Calendar *self);

/* A workday row works; else a holiday row rests; else Monday to Friday works. In a year without
 * rows the days off rest that the State Council's regulation fixes, but which days are moved to the week's end is not known:
 * calendar_knows says false, whoever shows the day must call it provisional (暂定), and nothing follows from it by law. */
bool calendar_works(const Calendar *self, Day day);
bool calendar_knows(const Calendar *self, Day day);
/* The first and the last day of the years that are known; DAY_NONE when none is. */
Day calendar_first(const Calendar *self);
Day calendar_last(const Calendar *self);
/* Why a day rests or works against the week: "国庆节", "" for ordinary days. Owned by the calendar. */
const char *calendar_name(const Calendar *self, Day day);
/* The n-th working day after `day` (n >= 0; 0 gives `day` itself). Same cost for ten days and ten
 * years. */
Day calendar_add(const Calendar *self, Day day, int n);
/* Working days in (from, to]; 0 when to <= from. */
int calendar_between(const Calendar *self, Day from, Day to);
/* The day on which what is handed in at `at` counts as received where office hours rule (Context.by_office_hours): after closing, or
 * on a rest day, the next working day. */
Day calendar_receipt(const Calendar *self, Instant at);
/* The county's setting for Context.by_office_hours; reference data: cached. */
bool calendar_by_office_hours(Db *db, int64_t county, bool *by, GError **error);
/* In a write: sets it from now on, as an event of the ledger. */
bool calendar_set_office_hours(const Context *context, bool by, GError **error);
/* By the context's setting; otherwise the day on which it comes in (电子签名法 art. 11), whatever the hour. */
Day calendar_received(const Context *context);

/* All rows, in the order of the days, as calendar_read takes them; owned by the caller. */
char *calendar_write(const Calendar *self);
typedef struct CalendarDay {
    Day day;
    bool works;    /* as it is now */
    bool is_moved; /* before it was the other way round; else only its name differs */
    const char *name; /* as it is called now, or was; owned by the calendars */
} CalendarDay;
/* The days on which the rows of the two differ, in their order: array of CalendarDay, owned by the caller. */
GArray *calendar_differences(const Calendar *before, const Calendar *after);

/* ---- the clock ---- */

enum day_unit { WORKING_DAYS, CALENDAR_DAYS, CALENDAR_MONTHS };
extern const char *const day_unit_names[]; /* "working", "calendar", "months", NULL */

/* The holder of a case, to whom its days are charged. */
enum holder {
    DEPARTMENT,        /* 部门 */
    APPLICANT,         /* 申请人: papers are awaited */
    SPECIAL_PROCEDURE, /* 特别程序: art. 45 */
    AGENCY,            /* 中介机构 */
    UTILITY,           /* 公用企业 */
    PUBLICITY,         /* 公示 */
    LOWER_ORGAN,       /* 下级机关: examines first, Licensing Law art. 35 */
    HIGHER_ORGAN,      /* 上级机关: decides what was sent up */
    HOLDERS_COUNT,
};
extern const char *const holder_names[HOLDERS_COUNT];

/* Months run from the start to the same day of a month or its last (民法典 art. 202): so many calendar days, of which standstills are
 * given back and the used and left ones told. */
typedef struct ClockRule {
    int days;              /* the limit, in `unit`; 0: the same day */
    enum day_unit unit;
    unsigned counts;       /* bit set of holders whose days are counted: 1u << DEPARTMENT … */
} ClockRule;

/* Marks are what happened to the clock, in order of time. The first one starts it. */
typedef struct ClockMark {
    Instant at;
    Day day;               /* the day it counts as having happened on: day_of(at), or the receipt day */
    enum holder holder;    /* who holds the case from here on */
    int extra;             /* added to the limit here, in its unit (extension, art. 42) */
    bool stop;             /* the clock ends here */
    char why[24];          /* a word key: "received", "accepted", "expert_review", "extended" … */
} ClockMark;

/* Days that did not count although their holder's days count (weekend or holiday), or that counted against the week (调休上班). */
typedef struct SkippedDays {
    Day from, to;          /* both included; one run of the same name */
    const char *name;      /* "国庆节"; "" for an ordinary weekend. Owned by the calendar. */
    bool works;            /* it counted */
} SkippedDays;

/* One holder's stretch. The segments tile [first mark, end] without gap or overlap. */
typedef struct ClockSegment {
    Instant from_at, to_at;
    Day from, to;          /* the days charged: from < day <= to, that is `to - from` of them */
    enum holder holder;
    bool counted;          /* this holder's days count against the limit */
    int days;              /* of them counted, working or calendar days by the rule's unit */
    char why[24];
    size_t skipped_first, skipped_count; /* into ClockReading.skipped */
} ClockSegment;

typedef struct ClockReading {
    ClockRule rule;        /* the limit with all extensions in `days` */
    int extended;          /* that extensions added, in the rule's unit */
    Day start;             /* the day of the first mark, which does not count */
    Day due;               /* last day of the limit, standstills given back; while it stands still: if
                              it went on tomorrow */
    Day ends;              /* where counting alone ends it: `due`, or the rest day from which that was moved on */
    const char *ends_name; /* of that rest day, as SkippedDays.name */
    int total;             /* counted days from the start to `due` */
    Instant due_at;        /* close of office hours on it: the one instant for sorting and warning */
    int used, left;        /* of `total`, in days; left < 0: overdue by that many counted days */
    bool running, stopped, overdue; /* overdue: a counted holder had it after `due`, on a rest day too, and
                              `due` is not provisional */
    Day warn_unknown;      /* first day counted on a calendar not yet published, for which `due` is provisional; or DAY_NONE */
    GArray *segments;      /* of ClockSegment */
    GArray *skipped;       /* of SkippedDays: up to `due` while running */
} ClockReading;

/* Runs the marks (at least one; instants not decreasing) up to `now` (later than the last mark, or
 * equal). Never fails: the marks come from our own ledger. The owner frees with
 * clock_reading_free. */
ClockReading *clock_run(const Calendar *calendar, const ClockRule *rule, const ClockMark *marks,
                        size_t count, Instant now);
void clock_reading_free(ClockReading *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ClockReading, clock_reading_free)

/* The due day alone, for hot paths: the same arithmetic without segments. */
Day clock_due(const Calendar *calendar, const ClockRule *rule, const ClockMark *marks, size_t count);

/* "red": overdue; "grey": standing still, or stopped in time; "amber": at most one counted day or a fifth of
 * the limit is left; else "green". */
const char *clock_light(const ClockReading *self);

/* The reading as it goes into answers: {"limit": {days, unit}, "spent" {…}, one of "remaining" {…}, "over" {…} and "passed": true (over by no counted day yet), the others false,
 * "extended" {…} when it was, "moved_on" {ends_day, name} when the limit would end on a rest day, else false, "start_day", "due_day", "due_at", "used", "left", "running", "stopped",
 * "standing", "overdue", "light", "warn_unknown_day" when a year's calendar is not published,
 * "span" and "due_offset" in days from the start, for a bar,
 * "segments": [{from_day, to_day, from_at, to_at, holder, counted, days, offset, elapsed, why, has_skipped,
 * "skipped" and "made_up" (those that work): [{from_day, to_day, single, name, days}]}]}. */
json_t *clock_json(const ClockReading *self);
/* Puts in what a list shows of a reading: "light", "due_day", "left", "overdue", and "remaining", "over" or "passed". */
void clock_put_light(const ClockReading *self, json_t *into);

/* ---- kept ---- */

/* The newest version a county has; the built-in table when it has none of its own. */
Calendar *calendar_load(Db *db, int64_t county, GError **error);
/* The version in force on a day; the built-in table where there is none. Owned by the caller. */
Calendar *calendar_load_on(Db *db, int64_t county, Day day, GError **error);
/* The calendar that is announced to be in force on a day; *out, owned by the caller, is NULL where the context's own will still be. */
bool calendar_announced(const Context *context, Day day, Calendar **out, GError **error);
/* A version by its number; 0 is the built-in table. Owned by the caller. */
Calendar *calendar_load_version(Db *db, int64_t county, int64_t number, GError **error);
/* Keeps calendar_renewed of the newest version and the table as the county's newest, in force from the day `since` on; *out,
 * owned by the caller, is the calendar then in force: the one that holds on that day where nothing differs from it and no later
 * one is announced, and then nothing is written. So the table in force withdraws an announced one. Limits already computed by
 * the old one stay as they are: where there are cases, case_change_calendar is to be called instead. */
bool calendar_import(const Context *context, const char *csv, size_t length, const char *source, Day since,
                     Calendar **out, GError **error);
/* In a write: the event "calendar.`what`" of subject "calendar/VERSION". */
bool calendar_record(const Context *context, const char *what, int64_t version, const json_t *payload, GError **error);
/* In a write: a county without a calendar of its own keeps the built-in one, so that the table of a later program does
 * not change limits that nobody computes anew. */
bool calendar_settle(const Context *context, GError **error);
/* Calendars as a list with versions, one of a county (""); their table of versions has also their source. A change is the
 * event "calendar.changed" of cases, which says what it moved. */
extern const Versioned calendar_lists;

/* Calendars for a program that runs for long: each version is read once and lives until the box is closed. For any
 * thread. */
typedef struct Calendars Calendars;
Calendars *calendars_open(void);
void calendars_close(Calendars *self); /* NULL is let be */
/* The county's version in force on a day, as this connection sees it; borrowed. NULL with *error set. */
const Calendar *calendars_in_force(Calendars *self, Db *db, int64_t county, Day day, GError **error);

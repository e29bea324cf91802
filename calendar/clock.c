// SPDX-License-Identifier: Apache-2.0
/* The clock. One rule decides every border: a day belongs to whoever held the case when the day began.
 *
 *     Mon        Tue        Wed        Thu        Fri
 *   |---A------|----------|------S---|----------|---R------|
 *     accepted   department department  special    special   (resumed on Friday: Saturday on it is
 *     (not       (1)        (2)         procedure  procedure  the department's again)
 *     counted)
 *
 * So the day of an event does not count for what it begins, the day on which a standstill begins is
 * still the department's, and a standstill that begins and ends on one day changes nothing. */
#include "calendar/calendar.h"

#include <string.h>

const char *const holder_names[HOLDERS_COUNT] = {
    [DEPARTMENT] = "department", [APPLICANT] = "applicant", [SPECIAL_PROCEDURE] = "special_procedure",
    [AGENCY] = "agency", [UTILITY] = "utility", [PUBLICITY] = "publicity", [LOWER_ORGAN] = "lower_organ",
    [HIGHER_ORGAN] = "higher_organ",
};

/* ---- arithmetic ---- */

static Day add_days(const Calendar *calendar, enum day_unit unit, Day from, int n)
{
    return unit == WORKING_DAYS ? calendar_add(calendar, from, n) : from + n;
}

static int count_days(const Calendar *calendar, enum day_unit unit, Day from, Day to)
{
    if (to <= from)
        return 0;
    return unit == WORKING_DAYS ? calendar_between(calendar, from, to) : to - from;
}

static bool counts(const ClockRule *rule, enum holder holder)
{
    return rule->counts & 1u << holder;
}

/* Mark days as they count: never earlier than the one before. */
static Day day_at(const ClockMark *marks, size_t i)
{
    Day day = marks[0].day;
    for (size_t k = 1; k <= i; k++)
        day = MAX(day, marks[k].day);
    return day;
}

static size_t last_mark(const ClockMark *marks, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (marks[i].stop)
            return i;
    return count - 1;
}

static int extra_until(const ClockMark *marks, size_t last)
{
    int extra = 0;
    for (size_t i = 0; i <= last; i++)
        extra += marks[i].extra;
    return extra;
}

/* The limit in days that are counted. */
static int limit_of(const ClockRule *rule, const ClockMark *marks, size_t last)
{
    int limit = rule->days + extra_until(marks, last);
    return rule->unit == CALENDAR_MONTHS ? day_months_on(marks[0].day, limit) - marks[0].day : limit;
}

/* Where a limit ends. */
typedef struct Ending {
    Day due, ends; /* `ends`: by counting alone; a rest day, or `due` */
    int moved;     /* days counted between them */
} Ending;

/* The `left` days of the limit that begin after `from` and may last until `to`; false: they last longer. A limit in calendar days
 * that would end on a rest day ends on the next working day (民法典 art. 203; before 2021 民法通则 art. 154), and where something
 * else has begun by then, on the first working day after that: then nothing was left, or less. */
static bool ends_within(const Calendar *calendar, enum day_unit unit, Day from, Day to, int *left, Ending *out)
{
    Day day = add_days(calendar, unit, from, MAX(*left, 1));
    out->ends = *left > 0 ? day : out->ends;
    out->due = calendar_works(calendar, day) ? day : calendar_add(calendar, day, 1);
    out->moved = count_days(calendar, unit, from, out->due) - *left;
    *left -= count_days(calendar, unit, from, to);
    return out->due <= to;
}

/* Walks the stretches until the limit is used up; the last stretch goes on for ever. A standstill that
 * begins after the limit ran out does not move the day. */
static Ending ending(const Calendar *calendar, const ClockRule *rule, const ClockMark *marks, size_t last, Day today)
{
    int left = limit_of(rule, marks, last);
    Ending out = { marks[0].day, marks[0].day, 0 }; /* done on the day itself */
    if (left == 0)
        return out;
    for (size_t i = 0; i < last; i++)
        if (counts(rule, marks[i].holder) && ends_within(calendar, rule->unit, day_at(marks, i), day_at(marks, i + 1), &left, &out))
            return out;
    Day since = day_at(marks, last);
    bool stands = !counts(rule, marks[last].holder) && !marks[last].stop;
    ends_within(calendar, rule->unit, stands ? MAX(since, today) : since, since, &left, &out);
    return out;
}

Day clock_due(const Calendar *calendar, const ClockRule *rule, const ClockMark *marks, size_t count)
{
    size_t last = last_mark(marks, count);
    return ending(calendar, rule, marks, last, day_at(marks, last)).due;
}

/* ---- the reading ---- */

/* Nothing is told of a day that works as the week has it. */
static void append_skipped(GArray *skipped, const Calendar *calendar, Day day)
{
    bool works = calendar_works(calendar, day);
    const char *name = calendar_name(calendar, day);
    SkippedDays *last = skipped->len ? &g_array_index(skipped, SkippedDays, skipped->len - 1) : NULL;
    const SkippedDays made = { day, day, name, works };
    if (works && day_weekday(day) <= 5)
        return;
    if (last && last->to == day - 1 && last->works == works && strcmp(last->name, name) == 0)
        last->to = day;
    else
        g_array_append_val(skipped, made);
}

/* Days do not count on which nobody works; a weekend beside a holiday of a name is told under that name. A case is overdue also
 * on the rest days that follow the due day, which charge nobody a further day. `until`: as far as days that were skipped are told. */
static void add_segment(const Calendar *calendar, ClockReading *reading, const ClockMark *mark, Day from, Day to, Instant to_at, Day until)
{
    const ClockRule *rule = &reading->rule;
    ClockSegment segment = { .from_at = mark->at, .to_at = MAX(mark->at, to_at), .from = from, .to = to, .holder = mark->holder,
                             .counted = counts(rule, mark->holder), .skipped_first = reading->skipped->len };
    g_strlcpy(segment.why, mark->why, sizeof segment.why);
    if (segment.counted) {
        segment.days = count_days(calendar, rule->unit, from, to);
        reading->used += segment.days;
        reading->overdue = reading->overdue || (reading->warn_unknown == DAY_NONE && to > from && to > reading->due);
        for (Day day = from + 1; day <= until && rule->unit == WORKING_DAYS; day++)
            append_skipped(reading->skipped, calendar, day);
    }
    segment.skipped_count = reading->skipped->len - segment.skipped_first;
    g_array_append_val(reading->segments, segment);
}

static void add_segments(const Calendar *calendar, ClockReading *reading, const ClockMark *marks, size_t last, Instant now)
{
    Day from = day_at(marks, last), to = MAX(from, day_of(now));
    for (size_t i = 0; i < last; i++)
        add_segment(calendar, reading, &marks[i], day_at(marks, i), day_at(marks, i + 1), marks[i + 1].at, day_at(marks, i + 1));
    if (!marks[last].stop)
        add_segment(calendar, reading, &marks[last], from, to, now, MAX(to, reading->due));
}

static Day first_unknown(const Calendar *calendar, Day from, Day to)
{
    for (Day day = from; day <= to; day++)
        if (!calendar_knows(calendar, day))
            return day;
    return DAY_NONE;
}

ClockReading *clock_run(const Calendar *calendar, const ClockRule *rule, const ClockMark *marks, size_t count, Instant now)
{
    size_t last = last_mark(marks, count);
    ClockReading *self = g_new0(ClockReading, 1);
    self->rule = *rule;
    self->segments = g_array_new(FALSE, FALSE, sizeof(ClockSegment));
    self->skipped = g_array_new(FALSE, FALSE, sizeof(SkippedDays));
    self->extended = extra_until(marks, last);
    self->start = marks[0].day;
    self->stopped = marks[last].stop && last > 0;
    self->running = !self->stopped && counts(rule, marks[last].holder);
    Ending end = ending(calendar, rule, marks, last, day_of(now));
    self->due = end.due;
    self->ends = end.ends;
    self->ends_name = calendar_name(calendar, end.ends);
    self->warn_unknown = first_unknown(calendar, self->start, self->due);
    add_segments(calendar, self, marks, last, now);
    self->rule.days += self->extended;
    self->due_at = instant_at(self->due, OFFICE_CLOSES);
    self->total = limit_of(rule, marks, last) + end.moved;
    self->left = self->total - self->used;
    if (self->warn_unknown != DAY_NONE)
        self->left = MAX(self->left, 0);
    return self;
}

void clock_reading_free(ClockReading *self)
{
    if (!self)
        return;
    g_array_unref(self->segments);
    g_array_unref(self->skipped);
    g_free(self);
}

/* ---- as it goes into answers ---- */

static json_t *skipped_json(const ClockReading *self, const ClockSegment *segment, bool works)
{
    json_t *list = json_array();
    for (size_t i = 0; i < segment->skipped_count; i++) {
        const SkippedDays *days = &g_array_index(self->skipped, SkippedDays, segment->skipped_first + i);
        if (days->works != works)
            continue;
        json_t *one = json_pack("{s:s, s:i, s:b}", "name", days->name, "days", days->to - days->from + 1, "single", days->from == days->to);
        json_put_day(one, "from_day", days->from);
        json_put_day(one, "to_day", days->to);
        json_array_append_new(list, one);
    }
    return list;
}

static json_t *segment_json(const ClockReading *self, const ClockSegment *segment)
{
    json_t *one = json_pack("{s:s, s:s, s:b, s:i, s:i, s:i, s:I, s:I, s:o, s:o, s:b}", "holder", holder_names[segment->holder], "why",
        segment->why, "counted", segment->counted, "days", segment->days, "offset", segment->from - self->start, "elapsed",
        segment->to - segment->from, "from_at", segment->from_at, "to_at", segment->to_at, "skipped", skipped_json(self, segment, false),
        "made_up", skipped_json(self, segment, true), "has_skipped", segment->skipped_count > 0);
    json_put_day(one, "from_day", segment->from);
    json_put_day(one, "to_day", segment->to);
    return one;
}

const char *clock_light(const ClockReading *self)
{
    if (self->overdue)
        return "red";
    if (!self->running)
        return "grey";
    return self->left <= 1 || self->left * 5 <= self->total ? "amber" : "green";
}

static json_t *limit_json(int days, enum day_unit unit)
{
    return json_pack("{s:i, s:s}", "days", days, "unit", day_unit_names[unit]);
}

static json_t *days_json(const ClockReading *self, int days)
{
    return limit_json(days, self->rule.unit == WORKING_DAYS ? WORKING_DAYS : CALENDAR_DAYS);
}

/* One of "over", "passed" (by no counted day yet) and "remaining", and the others said not to be: a page must not take them from
 * what stands around. */
void clock_put_light(const ClockReading *self, json_t *into)
{
    bool over = self->overdue && self->left < 0;
    json_t *remaining = self->overdue ? json_false() : days_json(self, self->left);
    json_put_day(into, "due_day", self->due);
    json_object_update_new(into, json_pack("{s:s, s:i, s:b, s:b, s:o, s:b, s:o}", "light", clock_light(self), "left", self->left,
        "provisional", self->warn_unknown != DAY_NONE, "overdue", self->overdue, "over", over ? days_json(self, -self->left) : json_false(), "passed", self->overdue && !over, "remaining", remaining));
}

static json_t *moved_json(const ClockReading *self)
{
    json_t *moved = json_pack("{s:s}", "name", self->ends_name);
    json_put_day(moved, "ends_day", self->ends);
    return moved;
}

/* As a bar of days it goes from the start to the last segment's end or to the due day, whichever is later. */
json_t *clock_json(const ClockReading *self)
{
    json_t *segments = json_array();
    Day end = self->due;
    for (guint i = 0; i < self->segments->len; i++) {
        const ClockSegment *segment = &g_array_index(self->segments, ClockSegment, i);
        json_array_append_new(segments, segment_json(self, segment));
        end = MAX(end, segment->to);
    }
    json_t *made = json_pack("{s:o, s:o, s:i, s:b, s:b, s:b, s:I, s:o, s:i, s:i, s:o}", "limit", limit_json(self->rule.days, self->rule.unit),
        "spent", days_json(self, self->used), "used", self->used, "running", self->running, "stopped", self->stopped,
        "standing", !self->running && !self->stopped, "due_at", self->due_at, "segments", segments, "span", end - self->start,
        "due_offset", self->due - self->start, "extended", self->extended ? limit_json(self->extended, self->rule.unit) : json_false());
    clock_put_light(self, made);
    json_object_set_new(made, "moved_on", self->ends != self->due ? moved_json(self) : json_false());
    json_put_day(made, "start_day", self->start);
    json_put_day(made, "warn_unknown_day", self->warn_unknown);
    return made;
}

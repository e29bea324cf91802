// SPDX-License-Identifier: Apache-2.0
/* The calendar of working days. A table of running totals over two centuries makes adding and counting days cost the same for
 * ten days and for ten years. */
#include "calendar/calendar.h"

#include <stdio.h>
#include <string.h>

enum { FIRST_YEAR = 1990, LAST_YEAR = 2199, YEARS = LAST_YEAR - FIRST_YEAR + 1 };

struct Calendar {
    int references;
    int64_t version;
    Day first;            /* the day of totals[0] */
    int days;
    int32_t *totals;      /* working days in [first, first + i] */
    Day *working;         /* the k-th working day, from 0 */
    int working_count;
    GHashTable *names;    /* day -> name of its row, or of the day off that the regulation fixes */
    bool known[YEARS];
    bool *is_known;       /* the same by day, since each look at a case asks it */
};

const char *const day_unit_names[] = { "working", "calendar", "months", NULL };

/* ---- reading ---- */

enum { COLUMN_DATE, COLUMN_KIND, COLUMN_NAME };
static const char *const columns[] = { "date", "kind", "name", NULL };

enum { AS_THE_WEEK, RESTS, WORKS };

static void *wrong_row(const CsvTable *table, size_t row, int column, GError **error)
{
    return refuse(error, NOT_FITTING, "calendar.row", "line", DECIMAL(csv_line(table, row)), "column", columns[column], "value",
                  csv_cell(table, row, (size_t)column), NULL);
}

static int year_of(Day day)
{
    int year, month, of_month;
    day_split(day, &year, &month, &of_month);
    return year;
}

static bool read_row(Calendar *self, const CsvTable *table, size_t row, unsigned char *kinds, GError **error)
{
    Day day = day_parse(csv_cell(table, row, COLUMN_DATE));
    const char *kind = csv_cell(table, row, COLUMN_KIND);
    if (day == DAY_NONE || day < self->first || day >= self->first + self->days)
        return wrong_row(table, row, COLUMN_DATE, error);
    if (strcmp(kind, "holiday") != 0 && strcmp(kind, "workday") != 0)
        return wrong_row(table, row, COLUMN_KIND, error);
    self->known[year_of(day) - FIRST_YEAR] = true;
    bool twice = kinds[day - self->first] != AS_THE_WEEK;
    kinds[day - self->first] = strcmp(kind, "workday") == 0 ? WORKS : RESTS;
    g_hash_table_insert(self->names, GINT_TO_POINTER(day), g_strdup(csv_cell(table, row, COLUMN_NAME)));
    return !twice || wrong_row(table, row, COLUMN_DATE, error);
}

/* ---- years that have no arrangement (放假安排) yet ---- */

enum { SPRING, QINGMING, DUANWU, MID_AUTUMN, SOLAR };

/* 全国年节及纪念日放假办法, art. 2: the days off that each year has, in the versions of 2007 (State Council Order 513), 2013 (644) and
 * 2024 (795). Those by the moon and the sun are counted from the days in data/festivals.csv. */
static const struct {
    int since, until; /* years */
    int by;           /* column of that table, or SOLAR: by month and day */
    int month, of_month;
    int from, days;   /* the first day off, counted from there, and how many */
    const char *name;
} fixed_holidays[] = {
    { 2008, LAST_YEAR, SOLAR, 1, 1, 0, 1, "元旦" },
    { 2008, 2013, SPRING, 0, 0, -1, 3, "春节" },
    { 2014, 2024, SPRING, 0, 0, 0, 3, "春节" },
    { 2025, LAST_YEAR, SPRING, 0, 0, -1, 4, "春节" },
    { 2008, LAST_YEAR, QINGMING, 0, 0, 0, 1, "清明节" },
    { 2008, 2024, SOLAR, 5, 1, 0, 1, "劳动节" },
    { 2025, LAST_YEAR, SOLAR, 5, 1, 0, 2, "劳动节" },
    { 2008, LAST_YEAR, DUANWU, 0, 0, 0, 1, "端午节" },
    { 2008, LAST_YEAR, MID_AUTUMN, 0, 0, 0, 1, "中秋节" },
    { 2008, LAST_YEAR, SOLAR, 10, 1, 0, 3, "国庆节" },
};
enum { FIRST_FIXED = 2008 /* of that table and of data/festivals.csv */ };

static CsvTable *read_festivals(void)
{
    static const char *const names[] = { "spring", "qingming", "duanwu", "mid_autumn", NULL };
    const Embedded *table = embedded_find("data/festivals.csv");
    g_autoptr(GError) error = NULL;
    CsvTable *read = csv_read(table->bytes, table->size, names, &error);
    if (!read)
        g_error("the built-in festivals do not read: %s", error->message);
    return read;
}

/* The years that the festivals do not reach have the days by the sun alone. */
static void rest_in(Calendar *self, const CsvTable *festivals, int year, unsigned char *kinds)
{
    size_t row = (size_t)(year - FIRST_FIXED);
    for (size_t i = 0; i < G_N_ELEMENTS(fixed_holidays); i++) {
        int by = fixed_holidays[i].by;
        if (year < fixed_holidays[i].since || year > fixed_holidays[i].until || (by != SOLAR && row >= csv_rows(festivals)))
            continue;
        Day day = by == SOLAR ? day_from(year, fixed_holidays[i].month, fixed_holidays[i].of_month) : day_parse(csv_cell(festivals, row, (size_t)by));
        for (int k = 0; k < fixed_holidays[i].days; k++) {
            Day off = day + fixed_holidays[i].from + k;
            kinds[off - self->first] = RESTS;
            g_hash_table_insert(self->names, GINT_TO_POINTER(off), g_strdup(fixed_holidays[i].name));
        }
    }
}

static void rest_where_not_known(Calendar *self, unsigned char *kinds)
{
    g_autoptr(CsvTable) festivals = read_festivals();
    for (int year = FIRST_FIXED; year <= LAST_YEAR; year++)
        if (!self->known[year - FIRST_YEAR])
            rest_in(self, festivals, year, kinds);
}

/* ---- adding up ---- */

static void add_up(Calendar *self, unsigned char *kinds)
{
    rest_where_not_known(self, kinds);
    for (int year = FIRST_YEAR; year <= LAST_YEAR; year++) {
        Day first = day_from(year, 1, 1), next = day_from(year + 1, 1, 1);
        memset(&self->is_known[first - self->first], self->known[year - FIRST_YEAR], (size_t)(next - first));
    }
    for (int i = 0; i < self->days; i++) {
        bool works = kinds[i] == AS_THE_WEEK ? day_weekday(self->first + i) <= 5 : kinds[i] == WORKS;
        if (works)
            self->working[self->working_count++] = self->first + i;
        self->totals[i] = self->working_count;
    }
}

static Calendar *new_calendar(int64_t version)
{
    Calendar *self = g_new0(Calendar, 1);
    self->references = 1;
    self->version = version;
    self->first = day_from(FIRST_YEAR, 1, 1);
    self->days = day_from(LAST_YEAR, 12, 31) - self->first + 1;
    self->totals = g_new0(int32_t, (gsize)self->days);
    self->working = g_new0(Day, (gsize)self->days);
    self->is_known = g_new0(bool, (gsize)self->days);
    self->names = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    return self;
}

Calendar *calendar_read(const char *csv, size_t length, int64_t version, GError **error)
{
    g_autoptr(CsvTable) table = csv_read(csv, length, columns, error);
    if (!table)
        return NULL;
    csv_as_days(table, COLUMN_DATE);
    g_autoptr(Calendar) self = new_calendar(version);
    g_autofree unsigned char *kinds = g_malloc0((gsize)self->days);
    for (size_t row = 0; row < csv_rows(table); row++)
        if (!read_row(self, table, row, kinds, error))
            return NULL;
    add_up(self, kinds);
    return g_steal_pointer(&self);
}

/* The rows of `from`, but for the years that `but` names. */
static void take_years(Calendar *self, const Calendar *from, const Calendar *but, unsigned char *kinds)
{
    GHashTableIter each;
    void *key, *name;
    g_hash_table_iter_init(&each, from->names);
    while (g_hash_table_iter_next(&each, &key, &name)) {
        Day day = GPOINTER_TO_INT(key);
        if (!calendar_knows(from, day) || (but && calendar_knows(but, day)))
            continue;
        self->known[year_of(day) - FIRST_YEAR] = true;
        kinds[day - self->first] = calendar_works(from, day) ? WORKS : RESTS;
        g_hash_table_insert(self->names, key, g_strdup(name));
    }
}

Calendar *calendar_renewed(const Calendar *before, const char *csv, size_t length, GError **error)
{
    g_autoptr(Calendar) given = calendar_read(csv, length, 0, error);
    if (!given)
        return NULL;
    Calendar *self = new_calendar(before->version + 1);
    g_autofree unsigned char *kinds = g_malloc0((gsize)self->days);
    take_years(self, given, NULL, kinds);
    take_years(self, before, given, kinds);
    add_up(self, kinds);
    return self;
}

Calendar *calendar_built_in(void)
{
    const Embedded *table = embedded_find("data/holidays.csv");
    g_autoptr(GError) error = NULL;
    Calendar *made = calendar_read(table->bytes, table->size, 1, &error);
    if (!made)
        g_error("the built-in calendar does not read: %s", error->message);
    return made;
}

void calendar_unref(Calendar *self)
{
    if (!self || !g_atomic_int_dec_and_test(&self->references))
        return;
    g_free(self->totals);
    g_free(self->working);
    g_free(self->is_known);
    g_hash_table_unref(self->names);
    g_free(self);
}

int64_t calendar_version(const Calendar *self)
{
    return self->version;
}

/* ---- asking ---- */

/* Working days up to and with `day`, from the calendar's first on. */
static int total(const Calendar *self, Day day)
{
    if (day < self->first)
        return 0;
    return self->totals[MIN(day - self->first, self->days - 1)];
}

bool calendar_works(const Calendar *self, Day day)
{
    return total(self, day) > total(self, day - 1);
}

bool calendar_knows(const Calendar *self, Day day)
{
    return day >= self->first && day < self->first + self->days && self->is_known[day - self->first];
}

Day calendar_first(const Calendar *self)
{
    int year = FIRST_YEAR;
    while (year <= LAST_YEAR && !self->known[year - FIRST_YEAR])
        year++;
    return year > LAST_YEAR ? DAY_NONE : day_from(year, 1, 1);
}

Day calendar_last(const Calendar *self)
{
    int year = LAST_YEAR;
    while (year >= FIRST_YEAR && !self->known[year - FIRST_YEAR])
        year--;
    return year < FIRST_YEAR ? DAY_NONE : day_from(year, 12, 31);
}

const char *calendar_name(const Calendar *self, Day day)
{
    const char *name = g_hash_table_lookup(self->names, GINT_TO_POINTER(day));
    return name ? name : "";
}

/* NULL: the day has no row. */
static const char *row_name(const Calendar *self, Day day)
{
    const char *name = g_hash_table_lookup(self->names, GINT_TO_POINTER(day));
    return name && calendar_knows(self, day) ? name : NULL;
}

Day calendar_add(const Calendar *self, Day day, int n)
{
    int at = total(self, day) + n - 1;
    if (n <= 0)
        return day;
    return self->working[MIN(at, self->working_count - 1)];
}

int calendar_between(const Calendar *self, Day from, Day to)
{
    return to > from ? total(self, to) - total(self, from) : 0;
}

Day calendar_receipt(const Calendar *self, Instant at)
{
    Day day = day_of(at);
    bool in_hours = calendar_works(self, day) && minute_of(at) < OFFICE_CLOSES;
    return in_hours ? day : calendar_add(self, day, 1);
}

Day calendar_received(const Context *context)
{
    return context->by_office_hours ? calendar_receipt(context->calendar, context->now) : day_of(context->now);
}

/* ---- writing, and what differs ---- */

static void write_cell(GString *to, const char *cell)
{
    g_auto(GStrv) parts = g_strsplit(cell, "\"", -1);
    g_autofree char *doubled = g_strjoinv("\"\"", parts);
    g_string_append_printf(to, strpbrk(cell, ",\"\r\n") ? "\"%s\"" : "%s", doubled);
}

char *calendar_write(const Calendar *self)
{
    GString *rows = g_string_new("date,kind,name\n");
    for (Day day = self->first; day < self->first + self->days; day++) {
        const char *name = row_name(self, day);
        if (!name)
            continue;
        g_string_append_printf(rows, "%s,%s,", DAY_WRITTEN(day), calendar_works(self, day) ? "workday" : "holiday");
        write_cell(rows, name);
        g_string_append_c(rows, '\n');
    }
    return g_string_free(rows, FALSE);
}

GArray *calendar_differences(const Calendar *before, const Calendar *after)
{
    GArray *days = g_array_new(FALSE, FALSE, sizeof(CalendarDay));
    for (Day day = after->first; day < after->first + after->days; day++) {
        const char *was = row_name(before, day), *is = row_name(after, day);
        bool works = calendar_works(after, day), moves = works != calendar_works(before, day);
        CalendarDay change = { day, works, moves, calendar_name(is && *is ? after : before, day) };
        if (moves || g_strcmp0(was, is) != 0)
            g_array_append_val(days, change);
    }
    return days;
}

// SPDX-License-Identifier: Apache-2.0
/* The whole city: as many cases as it published, day after day, each day one transaction. Every action goes through the
 * rooms; what is steered is only who comes when, and on which day a department decides. */
#include "demo/room.h"

#include <math.h>
#include <string.h>

/* The figures that the city published for January to September 2014. */
enum { CENTRE_CASES = 664548, ONLINE_CASES = 181687 /* 27.34 % of them */, TOWN_CASES = 28000, VILLAGE_CASES = 66468 };
static const double time_taken = 0.1367; /* of the statutory time: 86.33 % faster */
static const double in_advance = 0.029;  /* of all their time */
enum { UNHAPPY_ONE_IN = 1250 /* 0.08 % */ };

enum {
    LOST_PERCENT = 1,        /* beyond these: applications that are never accepted */
    PEOPLE = 250000,         /* who are no more than made up */
    HURRY = 8,               /* days before the end from which on nothing waits to be accepted */
    LAST_MINUTES = 11 * 60,  /* on the last day all have come by then */
    LAST_DECISIONS = 15 * 60, /* and then it is decided who need not wait for another day */
    QUIET_DAYS = 40,         /* before the end from which on nobody is asked for a missing paper */
};

/* The fates of applications. An item that is decided on the spot suits few of them (demo_suits). */
static const Fate early_fates[] = {
    { 260, 0, FOR_EVER }, { 640, UNRATED, FOR_EVER }, { 40, CORRECTED, FOR_EVER }, { 25, SPECIALLY, FOR_EVER },
    { 20, DENIED, FOR_EVER }, { 6, GIVEN_UP, FOR_EVER }, { 4, EXTENDED, FOR_EVER }, { 1, SLEPT_ON, FOR_EVER }, { 1, DAWDLED, FOR_EVER },
};
/* Towns and villages decide all in time. */
static const Fate town_fates[] = {
    { 280, 0, FOR_EVER }, { 650, UNRATED, FOR_EVER }, { 40, CORRECTED, FOR_EVER }, { 20, DENIED, FOR_EVER }, { 6, GIVEN_UP, FOR_EVER },
};
static const Fate late_fates[] = { { 280, 0, FOR_EVER }, { 700, UNRATED, FOR_EVER }, { 20, DENIED, FOR_EVER } };
static const Fate lost_fates[] = {
    { 30, NEEDLESS, FOR_EVER }, { 15, ELSEWHERE, FOR_EVER }, { 30, FORSAKEN, FOR_EVER }, { 25, 0, DRAFT },
};

typedef struct Choice {
    const Item *item;
    double until; /* sum of weights so far */
} Choice;

typedef struct Stream {
    enum channel channel;
    bool is_in_time;      /* as towns and villages are */
    int64_t cases, begun;
    GArray *items;        /* of Choice */
} Stream;

enum { STREAMS = 4 };

struct Full {
    Demo *demo;
    Day first, last, day;
    Stream streams[STREAMS];
    int64_t *parties;             /* of those made up, then of those in the table: who has come before; 0: nobody */
    double spent, statutory;      /* days, planned and then done, of what is decided before the end, in the centre */
    int64_t accepted, rated;      /* in the centre */
    int64_t begun;
};

/* ---- what they come for ---- */

/* A few items make most of the work, those decided on the spot before all. */
static double weight_of(const Item *item, guint rank)
{
    return (item->instant ? 3.0 : 1.0) / (double)(rank % 40 + 4);
}

static void choose_items(Full *self, Stream *stream)
{
    double until = 0;
    const GPtrArray *items = self->demo->items;
    g_clear_pointer(&stream->items, g_array_unref);
    stream->items = g_array_new(FALSE, FALSE, sizeof(Choice));
    for (guint i = 0; i < items->len; i++) {
        const Item *item = g_ptr_array_index(items, i);
        if (!demo_is_taken_in_at(item, stream->channel) || (stream->channel != AT_COUNTY && !item->for_person))
            continue;
        until += weight_of(item, i);
        g_array_append_val(stream->items, ((Choice){ item, until }));
    }
}

static double draw_part(Full *self)
{
    return (double)demo_draw(self->demo, 1u << 30) / (1 << 30);
}

static const Item *draw_item(Full *self, const Stream *stream)
{
    guint first = 0, end = stream->items->len - 1;
    double drawn = draw_part(self) * g_array_index(stream->items, Choice, end).until;
    while (first < end) {
        guint middle = (first + end) / 2;
        if (g_array_index(stream->items, Choice, middle).until <= drawn)
            first = middle + 1;
        else
            end = middle;
    }
    return g_array_index(stream->items, Choice, first).item;
}

/* ---- who comes, when, and where to ---- */

static int64_t draw_place(Full *self, enum channel channel)
{
    static const enum level levels[] = { [AT_TOWN] = TOWN_LEVEL, [AT_VILLAGE] = VILLAGE_LEVEL, [ONLINE] = TOWN_LEVEL };
    const json_t *places = self->demo->places;
    int64_t division = division_county(self->demo->context.county);
    if (channel == AT_COUNTY || (channel == ONLINE && demo_draw(self->demo, 4)))
        return division;
    do {
        size_t drawn = demo_draw(self->demo, (unsigned)json_array_size(places));
        division = g_ascii_strtoll(json_text(json_array_get(places, drawn), "code"), NULL, 10);
    } while (division_level(division) != levels[channel]);
    return division;
}

/* A person who has come before is known. */
static bool meet(Full *self, Play *play, GError **error)
{
    int64_t *party = &self->parties[play->somebody ? play->somebody : PEOPLE + 1 + play->person];
    play->party = *party;
    if (!*party && !demo_meet(self->demo, play, error))
        return false;
    *party = play->party;
    return true;
}

static bool cast(Full *self, const Stream *stream, const Fate *fate, GError **error)
{
    Play *play = g_new(Play, 1);
    const Item *item = draw_item(self, stream);
    while (!demo_suits(fate, item))
        item = draw_item(self, stream);
    *play = (Play){ .fate = fate, .item = item, .channel = stream->channel, .place = draw_place(self, stream->channel),
                    .at = demo_draw_start(self->demo, self->day, stream->channel, self->day == self->last ? LAST_MINUTES : OFFICE_CLOSES), .serial = self->begun++,
                    .is_on_paper = stream->channel != ONLINE || !(fate->turns & SLEPT_ON), /* silence ticks no paper that comes later */
                    .hurries = self->day > self->last - HURRY };
    if (item->for_person)
        play->somebody = 1 + demo_draw(self->demo, PEOPLE);
    else
        play->person = demo_draw_row(self->demo, item);
    demo_wait(self->demo, play);
    return meet(self, play, error);
}

static const Fate *draw_fate(Full *self, const Stream *stream)
{
    if (self->day > self->last - QUIET_DAYS)
        return demo_draw_fate(self->demo, late_fates, G_N_ELEMENTS(late_fates));
    if (stream->is_in_time)
        return demo_draw_fate(self->demo, town_fates, G_N_ELEMENTS(town_fates));
    return demo_draw_fate(self->demo, early_fates, G_N_ELEMENTS(early_fates));
}

/* Desks are open on working days; who stays at home comes on any day, but then less often. */
static double share_of(const Full *self, const Stream *stream, Day day)
{
    if (calendar_works(self->demo->context.calendar, day))
        return 1;
    return stream->channel == ONLINE ? 0.25 : 0;
}

static bool cast_day(Full *self, Stream *stream, GError **error)
{
    double done = 0, all = 0;
    for (Day day = self->first; day <= self->last; day++) {
        all += share_of(self, stream, day);
        done += day <= self->day ? share_of(self, stream, day) : 0;
    }
    int64_t until = llround((double)stream->cases * done / all);
    for (; stream->begun < until; stream->begun++) {
        if (!cast(self, stream, draw_fate(self, stream), error))
            return false;
        if (demo_draw(self->demo, 100) < LOST_PERCENT &&
            !cast(self, stream, demo_draw_fate(self->demo, lost_fates, G_N_ELEMENTS(lost_fates)), error))
            return false;
    }
    return true;
}

/* ---- steering ---- */

/* Days as the figure adds them up, which knows working days alone. */
static double spent_days(const Case *present, int64_t days)
{
    return (double)case_working_days_spent(present, days);
}

static double statutory_days(const Case *present)
{
    return (double)case_working_days(present->statutory_days, (enum day_unit)present->statutory_unit);
}

static bool is_of_the_centre(const Play *play)
{
    return play->channel == AT_COUNTY || play->channel == ONLINE;
}

/* The statutory days of the last cases, which have to be decided soon: their time is taken in advance. */
static double yet_to_come(const Full *self)
{
    double left = (double)(self->streams[0].cases + self->streams[1].cases - self->accepted);
    return self->statutory * MIN(left / (double)MAX(self->accepted, 1), in_advance);
}

/* Well within the promise, and of the statutory time so much that the whole comes out as published. */
static int draw_days(Full *self, const Play *play)
{
    enum { SPARE = 2, KEPT_DAYS = 5, KEPT_FROM = 20 /* days before the end */ };
    const Case *present = &play->present;
    if (play->item->instant)
        return 0;
    Day today = day_of(self->demo->context.now);
    double most = calendar_between(self->demo->context.calendar, today, day_of(present->due_at)) - SPARE;
    double left = calendar_between(self->demo->context.calendar, today, self->last);
    if (self->day > self->last - KEPT_FROM && most > left)
        return (int)MIN(most, left + 1 + demo_draw(self->demo, KEPT_DAYS)); /* who may be decided in the end, or not */
    if (play->hurries)
        most = MIN(most, left);
    double wanted = time_taken * (self->statutory + statutory_days(present) + yet_to_come(self)) - self->spent;
    double days = draw_part(self) * most + (is_of_the_centre(play) ? wanted / 4 : 0); /* what is lacking is soon made up */
    return most < 0 ? 0 : (int)lround(CLAMP(days, 0, most));
}

/* A plan counts as it will be; the decision corrects it. */
static void plan(Full *self, Play *play)
{
    const Case *present = &play->present;
    self->accepted += is_of_the_centre(play);
    Day today = day_of(self->demo->context.now);
    int days = draw_days(self, play);
    if (play->fate->turns & (DAWDLED | GIVEN_UP))
        return;
    play->decides_on = calendar_add(self->demo->context.calendar, today, days);
    if (!is_of_the_centre(play) || play->decides_on > self->last)
        return;
    play->planned = days;
    self->spent += days;
    self->statutory += statutory_days(present);
}

static void settle(Full *self, const Play *play)
{
    if (!is_of_the_centre(play))
        return;
    self->spent += spent_days(&play->present, play->present.spent) - play->planned;
    if (play->decides_on > self->last || !play->decides_on)
        self->statutory += statutory_days(&play->present);
}

static bool may_be_decided_today(const Full *self, const Play *play)
{
    bool straight = !(play->fate->turns & ~(unsigned)(UNRATED | DENIED | CORRECTED));
    return is_of_the_centre(play) && straight && play->present.state == REVIEW && play->decides_on > self->last;
}

/* If it brings the whole nearer to what was published. */
static void decide_today(Full *self, Play *play, Instant now)
{
    const Case *present = &play->present;
    g_autoptr(ClockReading) clock = case_clock(present, STATUTORY_CLOCK, self->demo->context.calendar, now);
    double excess = self->spent - time_taken * self->statutory;
    double used = spent_days(present, clock->used), change = used - time_taken * statutory_days(present);
    if (fabs(excess + change) >= fabs(excess))
        return;
    play->decides_on = self->last;
    play->at = now + demo_draw(self->demo, 30 * MINUTE_MS);
    play->planned = (int)used;
    self->spent += used;
    self->statutory += statutory_days(present);
}

/* On the last afternoon: who waits for a decision of a later day may get it today. */
static void close_books(Full *self, Instant now)
{
    g_autoptr(GPtrArray) waiting = g_steal_pointer(&self->demo->waiting);
    self->demo->waiting = g_ptr_array_new();
    for (guint i = 0; i < waiting->len; i++) {
        Play *play = waiting->pdata[i];
        if (may_be_decided_today(self, play))
            decide_today(self, play, now);
        demo_wait(self->demo, play);
    }
}

void full_steer(Full *self, Play *play, enum case_action action)
{
    if (action == ACCEPT)
        plan(self, play);
    if (action == GRANT || action == REFUSE)
        settle(self, play);
}

int full_level(Full *self, const Play *play)
{
    bool unhappy = is_of_the_centre(play) && self->rated++ % UNHAPPY_ONE_IN == UNHAPPY_ONE_IN / 2;
    return unhappy ? 1 + (int)demo_draw(self->demo, 2) : 5 - (int)(demo_draw(self->demo, 8) / 4 + demo_draw(self->demo, 20) / 19);
}

/* ---- days ---- */

/* A write of its own: in one that changes items nothing that is made of them is kept in memory. */
static bool live_a_night(Db *db, void *data, GError **error)
{
    Full *self = data;
    self->demo->context.db = db;
    if (!demo_night(self->demo, self->day, error))
        return false;
    for (guint i = 0; i < self->demo->waiting->len; i++)
        demo_skip_night(self->demo, self->demo->waiting->pdata[i]);
    return true;
}

static bool live_a_day(Db *db, void *data, GError **error)
{
    Full *self = data;
    self->demo->context.db = db;
    for (int i = 0; i < STREAMS; i++) {
        choose_items(self, &self->streams[i]);
        if (!cast_day(self, &self->streams[i], error))
            return false;
    }
    db_use_async_writer(db); /* all that is looked up has been */
    Instant books = instant_at(self->last, LAST_DECISIONS);
    if (self->day == self->last && !demo_live_until(self->demo, books, error))
        return false;
    if (self->day == self->last)
        close_books(self, books);
    return demo_live_until(self->demo, instant_at(self->day + 1, 0), error);
}

static bool put_down_waiting(Db *db, void *data, GError **error)
{
    Full *self = data;
    self->demo->context.db = db;
    for (guint i = 0; i < self->demo->waiting->len; i++)
        if (!demo_put_down(self->demo, self->demo->waiting->pdata[i], error))
            return false;
    return true;
}

static bool live(Full *self, Store *store, GError **error)
{
    int64_t all = 0;
    const DemoSettings *settings = &self->demo->settings;
    for (int i = 0; i < STREAMS; i++)
        all += self->streams[i].cases;
    for (self->day = self->first; self->day <= self->last; self->day++) {
        if (!store_write(store, live_a_night, self, error) || !store_write(store, live_a_day, self, error))
            return false;
        if (settings->progress)
            settings->progress(self->day, self->begun, all);
    }
    return store_write(store, put_down_waiting, self, error);
}

static void clear(Full *self)
{
    for (guint i = 0; i < self->demo->waiting->len; i++)
        demo_play_free(self->demo->waiting->pdata[i]);
    g_free(self->parties);
    for (int i = 0; i < STREAMS; i++)
        g_clear_pointer(&self->streams[i].items, g_array_unref);
}

bool full_live(Demo *demo, Store *store, GError **error)
{
    static const struct { enum channel channel; bool is_in_time; int64_t cases; } streams[STREAMS] = {
        { AT_COUNTY, false, CENTRE_CASES - ONLINE_CASES }, { ONLINE, false, ONLINE_CASES }, { AT_TOWN, true, TOWN_CASES },
        { AT_VILLAGE, true, VILLAGE_CASES },
    };
    Full self = { .demo = demo, .first = day_from(2014, 1, 1), .last = day_from(2014, 9, 30) };
    for (int i = 0; i < STREAMS; i++)
        self.streams[i] = (Stream){ streams[i].channel, streams[i].is_in_time, llround((double)streams[i].cases * demo->settings.times), 0, NULL };
    self.parties = g_new0(int64_t, PEOPLE + 1 + csv_rows(demo->people));
    demo->full = &self;
    bool lived = live(&self, store, error);
    clear(&self);
    return lived;
}

// SPDX-License-Identifier: Apache-2.0
/* Counters held against a plain recount of made-up cases, whatever is asked and however the writes went. */
#include "db/server_test.h"
#include "indicators/counter.h"
#include "indicators/figures.h"
#include "indicators/places.h"
#include "licences/licences.h"
#include "rooms_test.h"

#include <string.h>

enum { COUNTY = 330482, LIVES = 3000, ASKS = 400, AT_ONCE = 50 };

static const int64_t places[] = { 330482000000, 330482001000, 330482001002, 330482103000, 330482103200, 330482103201 };
static const char *const item_codes[] = { "CY", "HY", "TX" };

typedef struct Bench {
    char *folder;
    Store *store;
    Context context;
    Case lives[LIVES]; /* as they ended */
    Instant accepted[LIVES];
    int next;
    Day first, today;
    bool has_small_villages; /* among those of the two towns */
} Bench;

static int draw(int below)
{
    return g_test_rand_int_range(0, below);
}

static void bench_open_at(Bench *b, const char *address)
{
    *b = (Bench){ .folder = g_dir_make_tmp("indicators-XXXXXX", NULL), .first = day_parse("2014-01-01"), .today = day_parse("2014-10-01") };
    g_autofree char *file = g_build_filename(b->folder, "city.db", NULL);
    b->store = store_with_rooms(address ? address : file, 2);
    b->context = (Context){ .county = COUNTY, .rooms = rooms };
}

static void bench_open(Bench *b)
{
    bench_open_at(b, NULL);
}

static void bench_close(Bench *b)
{
    store_close(b->store);
    remove_tree(b->folder);
    g_free(b->folder);
}

/* ---- made-up lives ---- */

static Case begun(bool is_spread)
{
    Case made = { .state = RECEIVED, .organ = 1 + draw(3), .channel = draw(4) };
    made.item = (char *)(uintptr_t)item_codes[draw(3)];
    made.place = made.channel == AT_COUNTY ? places[0] : made.channel == AT_TOWN ? places[1 + 2 * draw(2)] : places[2 + 2 * draw(2)];
    if (is_spread && made.channel >= AT_VILLAGE)
        made.place = division_town(made.place) + 200 + draw(8) * draw(8) / 8; /* more in some villages than in others */
    made.statutory_days = 20;
    made.promised_days = 5 + draw(3);
    return made;
}

static bool turn(Bench *b, const Context *context, Case *life, Case after, Instant at, GError **error)
{
    (void)at;
    const SubjectChange made = { NULL, &case_kind, NULL, life, &after };
    (void)b;
    if (!indicators_follow(context, &made, error))
        return false;
    *life = after;
    return true;
}

static Case decided(const Bench *b, const Case *life)
{
    Case after = *life;
    Day day = (Day)life->accepted_on + draw(40);
    after.decided_on = MIN(b->today - 1, day);
    after.decision = draw(10) ? GRANTED_IT : REFUSED_IT;
    after.state = GRANTED;
    after.spent = draw(20);
    after.kept = draw(20) > 0;
    return after;
}

static bool live(Bench *b, const Context *context, Case *life, Instant *accepted, GError **error)
{
    Case after = *life;
    Day day = b->first + draw(b->today - b->first);
    *accepted = instant_at(day, 510 + draw(480));
    after.accepted_on = day;
    after.accepted_hour = minute_of(*accepted) / 60;
    after.state = REVIEW;
    after.returned = draw(30) == 0;
    if (!turn(b, context, life, after, *accepted, error))
        return false;
    if (draw(10) == 0) {
        after.overdue = 1;
        if (!turn(b, context, life, after, *accepted, error))
            return false;
    }
    if (draw(12) == 0) {
        after.state = draw(2) ? REVIEW : WITHDRAWN;
        return turn(b, context, life, after, *accepted, error);
    }
    if (!turn(b, context, life, decided(b, life), *accepted, error))
        return false;
    after = *life;
    after.rated = draw(6);
    return turn(b, context, life, after, *accepted, error);
}

/* Some works are undone after they have counted. */
static bool live_some(Db *db, void *data, GError **error)
{
    Bench *b = data;
    Context context = b->context;
    context.db = db;
    bool undone = draw(3) == 0;
    int end = MIN(b->next + AT_ONCE, LIVES);
    for (int i = b->next; i < end; i++) {
        b->lives[i] = begun(b->has_small_villages);
        if (!live(b, &context, &b->lives[i], &b->accepted[i], error))
            return false;
    }
    if (undone)
        return refuse(error, CONFLICT, "indicators.found_missing", NULL);
    b->next = end;
    return true;
}

static void live_all(Bench *b)
{
    while (b->next < LIVES)
        store_write(b->store, live_some, b, NULL);
}

/* ---- recounting ---- */

static bool is_asked(const IndicatorAsk *ask, const Case *life, enum case_measure which)
{
    Day day = (Day)(which < DECIDED_CASES ? life->accepted_on : life->decided_on);
    return day >= ask->from && day <= ask->to && (!ask->division || division_within(life->place, ask->division)) &&
           (!ask->organ || life->organ == ask->organ) && (!ask->item || !*ask->item || strcmp(life->item, ask->item) == 0) &&
           (!ask->channels || (ask->channels & 1u << life->channel));
}

static bool is_of_row(const Bench *b, int i, const IndicatorSums *row, enum indicator_by by, enum case_measure which)
{
    const Case *life = &b->lives[i];
    Day day = (Day)(which < DECIDED_CASES ? life->accepted_on : life->decided_on);
    int year, month, of_month;
    day_split(day, &year, &month, &of_month);
    switch (by) {
    case BY_DAY: return row->number == day;
    case BY_MONTH: return row->number == day - of_month + 1;
    case BY_ORGAN: return row->number == life->organ;
    case BY_TOWN: return row->number == division_town(life->place);
    case BY_PLACE: return row->number == life->place;
    case BY_ITEM: return strcmp(row->text, life->item) == 0;
    case BY_CHANNEL: return strcmp(row->text, channel_names[life->channel]) == 0;
    case BY_ORGAN_CHANNEL: return row->number == life->organ && strcmp(row->text, channel_names[life->channel]) == 0;
    case BY_TOWN_CHANNEL:
        return row->number == division_town(life->place) && strcmp(row->text, channel_names[life->channel]) == 0;
    case BY_HOUR:
        return which == ACCEPTED_CASES && life->channel == AT_COUNTY && row->number == life->organ &&
               row->hour == minute_of(b->accepted[i]) / 60;
    default: return true;
    }
}

static int64_t recount(const Bench *b, const IndicatorAsk *ask, enum indicator_by by, const IndicatorSums *row, enum case_measure which)
{
    int64_t sum = 0;
    if (ask->measures && !(ask->measures & 1u << which))
        return 0;
    for (int i = 0; i < LIVES; i++) {
        const Case *life = &b->lives[i];
        if (is_asked(ask, life, which) && (!row || is_of_row(b, i, row, by, which)))
            sum += case_measure(life, which);
        /* A case that is open beyond its limit is judged on the day of its acceptance. */
        if (which == JUDGED_CASES && case_measure(life, OPEN_CASES) && case_measure(life, OVERDUE_CASES) &&
            is_asked(ask, life, OVERDUE_CASES) && (!row || is_of_row(b, i, row, by, OVERDUE_CASES)))
            sum++;
    }
    return sum;
}

static IndicatorAsk draw_ask(const Bench *b)
{
    static const unsigned channels[] = { 0, 0, CHANNELS_CENTRE, CHANNELS_TOWNS, 1 << ONLINE };
    IndicatorAsk ask = { .from = b->first + draw(60), .channels = channels[draw(5)] };
    ask.to = ask.from + draw(b->today - ask.from);
    if (draw(2)) {
        ask.from = day_from(2014, 1 + draw(3), 1);
        ask.to = day_from(2014, 5 + draw(5), 1) - 1;
    }
    if (draw(3) == 0) {
        ask.from = b->first;
        ask.to = b->today - 1;
        ask.is_to_the_end = true;
    }
    ask.division = draw(2) ? 0 : places[draw(6)];
    ask.organ = draw(2) ? 0 : 1 + draw(3);
    ask.item = draw(3) ? "" : item_codes[draw(3)];
    ask.measures = draw(2) ? 0 : (unsigned)draw(1 << CASE_MEASURES);
    return ask;
}

static void assert_adds_up(Bench *b, Db *db, const IndicatorAsk *ask, enum indicator_by by)
{
    g_autoptr(GError) error = NULL;
    int64_t sums[CASE_MEASURES] = { 0 };
    g_autoptr(GArray) rows = indicators_sums(&(Context){ .db = db, .county = COUNTY }, ask, by, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < rows->len; i++) {
        const IndicatorSums *row = &g_array_index(rows, IndicatorSums, i);
        for (enum case_measure which = 0; which < CASE_MEASURES; which++) {
            g_assert_cmpint(row->of[which], ==, recount(b, ask, by, row, which));
            sums[which] += row->of[which];
        }
    }
    for (enum case_measure which = 0; by != BY_HOUR && which < CASE_MEASURES; which++)
        g_assert_cmpint(sums[which], ==, recount(b, ask, by, NULL, which));
}

static void whatever_is_asked_adds_up(void)
{
    Bench *b = g_new(Bench, 1);
    bench_open(b);
    live_all(b);
    Db *db = store_reader(b->store, NULL);
    for (int i = 0; i < ASKS; i++) {
        IndicatorAsk ask = draw_ask(b);
        enum indicator_by by = (enum indicator_by)(i % (BY_HOUR + 1));
        if (by == BY_HOUR)
            ask.division = 0, ask.item = "", ask.channels = 0;
        assert_adds_up(b, db, &ask, by);
    }
    store_return(b->store, db);
    bench_close(b);
    g_free(b);
}

/* ---- open data ---- */

static bool import_places(Db *db, void *data, GError **error)
{
    const Embedded *divisions = embedded_find("data/divisions.csv");
    (void)data;
    return identity_import_divisions(&(Context){ .db = db, .county = COUNTY }, divisions->bytes, divisions->size, error);
}

/* A town's villages in a month: as many as are told, and the true sum of those that are not. */
typedef struct Told {
    int count;
    int64_t hidden;
} Told;

static void assert_row(const Bench *b, const IndicatorAsk *month, const json_t *row, enum case_measure which, const char *name, Told *told)
{
    IndicatorAsk ask = *month;
    ask.division = g_ascii_strtoll(json_text(row, "division"), NULL, 10);
    int64_t truly = recount(b, &ask, BY_NOTHING, NULL, which);
    const json_t *value = json_object_get(row, name);
    bool is_village = division_level(ask.division) == VILLAGE_LEVEL;
    if (json_is_null(value))
        told->hidden += truly;
    else
        g_assert_cmpint(json_integer_value(value), ==, truly);
    g_assert_true(is_village || !json_is_null(value));
    g_assert_true(!is_village || json_is_null(value) || truly >= 5);
    told->count += is_village && !json_is_null(value);
}

/* Returns how many villages with five or more are not told. */
static int assert_month(const Bench *b, const IndicatorAsk *month, const json_t *rows, enum case_measure which, const char *name)
{
    static const int64_t towns[] = { 330482001000, 330482103000 };
    g_autofree char *few = g_strconcat(name, "_few", NULL);
    int more = 0;
    for (size_t town = 0; town < G_N_ELEMENTS(towns); town++) {
        Told told = { 0 };
        for (size_t i = 0; i < json_array_size(rows); i++) {
            const json_t *row = json_array_get(rows, i);
            int64_t code = g_ascii_strtoll(json_text(row, "division"), NULL, 10), hidden = told.hidden;
            if (division_town(code) != towns[town])
                continue;
            assert_row(b, month, row, which, name, &told);
            g_assert_cmpint(json_flag(row, few), ==, json_is_null(json_object_get(row, name)));
            more += told.hidden - hidden >= 5;
        }
        g_assert_true(told.hidden == 0 || told.hidden >= 5 || !told.count);
    }
    return more;
}

/* A village with few cases is not told, and no sum of those that are not told is under five. */
static void small_villages_are_not_told(const void *server)
{
    Bench *b = g_new(Bench, 1);
    g_autofree char *address = server ? make_database(server) : NULL;
    bench_open_at(b, address);
    b->has_small_villages = true;
    g_assert_true(store_write(b->store, import_places, NULL, NULL));
    live_all(b);
    Context context = b->context;
    context.db = store_reader(b->store, NULL);
    int more = 0;
    for (Day month = b->first; month < b->today; month = month_after(month, 1)) {
        const IndicatorAsk ask = { .from = month, .to = month_after(month, 1) - 1 };
        g_autoptr(json_t) rows = open_data_of_month(&context, month + 3, NULL);
        g_assert_cmpint(json_number(json_array_get(rows, 0), "decided"), ==, recount(b, &ask, BY_NOTHING, NULL, DECIDED_CASES));
        more += assert_month(b, &ask, rows, ACCEPTED_CASES, "accepted") + assert_month(b, &ask, rows, DECIDED_CASES, "decided");
    }
    g_assert_cmpint(more, >, 0);
    store_return(b->store, context.db);
    bench_close(b);
    if (server)
        drop_database(server, address);
    g_free(b);
}

/* ---- a region ---- */

static const char list[] = "code,host,name,name_en\n330000,z.example,省,Z\n330481,h.example,海,H\n330482,p.example,平,P\n440183,g.example,广,G\n";

/* The sum over all rows of a county, or of a region with its `counties`; `only` 0: over all of them. */
static int64_t whole(Db *db, int64_t county, const Counties *counties, const IndicatorAsk *ask, enum indicator_by by, int64_t only)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) rows = indicators_sums(&(Context){ .db = db, .county = county, .counties = counties }, ask, by, &error);
    int64_t sum = 0;
    g_assert_no_error(error);
    for (guint i = 0; i < rows->len; i++) {
        const IndicatorSums *row = &g_array_index(rows, IndicatorSums, i);
        for (enum case_measure which = 0; (!only || row->number == only) && which < CASE_MEASURES; which++)
            sum += row->of[which] * (which + 1);
    }
    return sum;
}

static void a_region_is_its_counties_together(void)
{
    static const int64_t lived[] = { 330481, 330482, 440183 };
    Bench *b = g_new(Bench, 1);
    bench_open(b);
    for (size_t i = 0; i < G_N_ELEMENTS(lived); i++) {
        b->context.county = lived[i];
        b->next = 0;
        live_all(b);
    }
    g_autoptr(Counties) all = counties_read(list, strlen(list), NULL), within = counties_within(all, 330000);
    Db *db = store_reader(b->store, NULL);
    for (int i = 0; i < ASKS / 4; i++) {
        IndicatorAsk ask = draw_ask(b);
        enum indicator_by by = (enum indicator_by)(i % (BY_HOUR + 1));
        ask.division = 0;
        int64_t one = whole(db, 330481, NULL, &ask, by, 0), other = whole(db, 330482, NULL, &ask, by, 0);
        g_assert_cmpint(whole(db, 330000, within, &ask, by, 0), ==, one + other);
        g_assert_cmpint(whole(db, 330000, within, &ask, BY_COUNTY_CHANNEL, 330481), ==, whole(db, 330481, NULL, &ask, BY_CHANNEL, 0));
    }
    store_return(b->store, db);
    bench_close(b);
    g_free(b);
}

static void figures_come_from_their_sums(void)
{
    Bench *b = g_new(Bench, 1);
    bench_open(b);
    live_all(b);
    Context context = b->context;
    context.db = store_reader(b->store, NULL);
    IndicatorAsk ask = { .from = b->first, .to = b->today - 1 };
    g_autoptr(json_t) figures = indicators_figures(&context, &ask, NULL);
    size_t i, known = 0;
    json_t *figure;
    json_array_foreach(figures, i, figure) {
        const Figure *what = case_figures;
        while (what->key && strcmp(what->key, json_text(figure, "key")) != 0)
            what++;
        known += json_flag(figure, "is_known");
        if (!what->key)
            continue;
        IndicatorAsk top = { .from = b->first, .to = b->today - 1, .channels = what->top_channels };
        g_assert_cmpint(json_number(figure, "top"), ==, recount(b, &top, BY_NOTHING, NULL, (enum case_measure)what->top));
    }
    g_assert_cmpuint(known, >=, 7);
    store_return(b->store, context.db);
    bench_close(b);
    g_free(b);
}

static void percentages_are_rounded_half_up(void)
{
    g_assert_cmpint(indicators_hundredths(SHARE_OF, 415, 444), ==, 9347);
    g_assert_cmpint(indicators_hundredths(SAVING_OF, 444, 700), ==, 3657);
    g_assert_cmpint(indicators_hundredths(SHARE_OF, 1, 8), ==, 1250);
    g_assert_cmpint(indicators_hundredths(SHARE_OF, 1, 20000), ==, 1); /* 0.005 % */
    g_assert_cmpint(indicators_hundredths(SHARE_OF, 0, 0), ==, 0);
    g_assert_cmpint(indicators_hundredths(SAVING_OF, 3, 2), ==, -5000);
}

/* ---- measures that have days to come ---- */

static const char *const begins[] = { "2013-05-06", "2014-02-10", "2014-09-01", "2014-09-28", "2014-09-29", "2014-10-20", "2015-01-01" };

static bool begin_licences(Db *db, void *data, GError **error)
{
    const Event event = { .at = instant_at(day_parse("2014-09-28"), 600) };
    Context context = *(const Context *)data;
    context.db = db;
    for (size_t i = 0; i < G_N_ELEMENTS(begins); i++) {
        int64_t day = day_parse(begins[i]);
        const Licence begun = { .number = 330482140928000001, .organ = 21, .item = (char[]){ "XK" }, .issued_day = day, .since_day = day };
        const SubjectChange change = { &event, &licence_kind, NULL, NULL, &begun };
        if (!indicators_follow(&context, &change, error))
            return false;
    }
    return true;
}

static int64_t begun_within(Day from, Day to)
{
    int64_t sum = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(begins); i++)
        sum += day_parse(begins[i]) >= from && day_parse(begins[i]) <= to;
    return sum;
}

/* No case was counted after 28 September; the list behind the valid licences is of `today`. */
static void assert_licences(Context context, const char *from, const char *to, const char *today, bool is_listed)
{
    g_autoptr(GError) error = NULL;
    const IndicatorAsk ask = { .from = day_parse(from), .to = day_parse(to), .is_to_the_end = true };
    context.now = instant_at(day_parse(today), 600);
    g_autoptr(json_t) figures = indicators_of_room(&context, &ask, &licences_room, &error);
    g_assert_no_error(error);
    const json_t *valid = figure_at(figures, "licences.valid"), *issued = figure_at(figures, "licences.issued");
    g_assert_cmpint(json_number(valid, "value"), ==, begun_within(0, ask.to));
    g_assert_cmpint(json_number(issued, "value"), ==, begun_within(ask.from, ask.to));
    g_assert_cmpint(json_object_get(valid, "path") != NULL, ==, is_listed);
}

static void a_day_to_come_is_not_counted_before(void)
{
    Bench *b = g_new(Bench, 1);
    g_autoptr(GError) error = NULL;
    bench_open(b);
    store_write(b->store, begin_licences, &b->context, &error);
    g_assert_no_error(error);
    b->context.db = store_reader(b->store, NULL);
    assert_licences(b->context, "2014-09-01", "2014-09-28", "2014-09-28", true);
    assert_licences(b->context, "2014-01-01", "2014-09-28", "2014-09-28", true);
    assert_licences(b->context, "2013-01-01", "2014-09-30", "2014-09-28", true);
    assert_licences(b->context, "2014-02-03", "2014-10-20", "2014-09-28", true);
    assert_licences(b->context, "2014-09-28", "2014-09-28", "2015-03-02", false); /* a ledger of a past year */
    store_return(b->store, b->context.db);
    bench_close(b);
    g_free(b);
}

/* Whole years, whole months and single days, in each order in which they can follow each other. */
static void the_parts_of_a_period_add_up(void)
{
    static const char *const days[] = { "2013-01-01", "2013-05-06", "2013-12-31", "2014-01-01", "2014-02-10", "2014-02-28", "2014-09-01",
                                        "2014-09-28", "2014-09-30", "2014-10-20", "2014-12-31", "2015-01-01", "2015-01-31" };
    Bench *b = g_new(Bench, 1);
    bench_open(b);
    g_assert_true(store_write(b->store, begin_licences, &b->context, NULL));
    b->context.db = store_reader(b->store, NULL);
    for (size_t from = 0; from < G_N_ELEMENTS(days); from++)
        for (size_t to = from; to < G_N_ELEMENTS(days); to++)
            assert_licences(b->context, days[from], days[to], days[to], true);
    store_return(b->store, b->context.db);
    bench_close(b);
    g_free(b);
}

static void a_share_keeps_its_sign(void)
{
    static const struct { int64_t top, bottom; const char *percent; } shares[] = {
        { 444, 700, "36.57" }, { 201, 200, "-0.50" }, { 203, 200, "-1.50" }, { 1, 1, "0.00" },
    };
    for (size_t i = 0; i < G_N_ELEMENTS(shares); i++) {
        g_autoptr(json_t) figure = json_object();
        figure_put_value(figure, SAVING_OF, shares[i].top, shares[i].bottom);
        g_assert_cmpstr(json_text(figure, "percent"), ==, shares[i].percent);
    }
}

/* Settles what older programs counted. */
static bool settle(Db *db, void *data, GError **error)
{
    Context context = ((Bench *)data)->context;
    context.db = db;
    return indicators_settle(&context, error);
}

static int64_t statutory_days(Bench *b)
{
    g_autoptr(GError) error = NULL;
    Db *db = store_reader(b->store, NULL);
    const IndicatorAsk ask = { .from = b->first, .to = b->today, .is_to_the_end = true };
    g_autoptr(GArray) rows = indicators_sums(&(Context){ .db = db, .county = COUNTY }, &ask, BY_NOTHING, &error);
    store_return(b->store, db);
    g_assert_no_error(error);
    return rows->len ? g_array_index(rows, IndicatorSums, 0).of[STATUTORY_DAYS] : 0;
}

static void older_sums_are_counted_anew_once(void)
{
    g_autoptr(GError) error = NULL;
    Bench *b = g_new(Bench, 1);
    bench_open(b);
    live_all(b);
    g_assert_cmpint(statutory_days(b), >, 0);
    g_assert_true(store_write(b->store, settle, b, &error)); /* the ledger has none of these cases */
    g_assert_no_error(error);
    g_assert_cmpint(statutory_days(b), ==, 0);
    b->next = 0;
    live_all(b);
    int64_t counted = statutory_days(b);
    g_assert_true(store_write(b->store, settle, b, &error));
    g_assert_cmpint(statutory_days(b), ==, counted);
    bench_close(b);
    g_free(b);
}

static void paths_name_what_was_asked(void)
{
    IndicatorAsk ask = { .from = day_parse("2014-01-01"), .to = day_parse("2014-09-30"), .organ = 21, .item = "A B",
                         .division = places[1], .channels = CHANNELS_TOWNS };
    g_autofree char *path = indicators_path(&ask, DECIDED_CASES);
    g_assert_cmpstr(path, ==, "/desk/cases?of=decided&from=2014-01-01&to=2014-09-30&exact=1&division=330482001000&organ=21&item=A%20B&channel=towns");
    ask = (IndicatorAsk){ .from = ask.from, .to = ask.to, .site = "http://p.example" };
    g_autofree char *elsewhere = indicators_path(&ask, OPEN_CASES);
    g_assert_cmpstr(elsewhere, ==, "http://p.example/desk/cases?of=open&from=2014-01-01&to=2014-09-30&exact=1");
    ask.is_region = true;
    g_autofree char *page = indicators_path(&ask, OPEN_CASES);
    g_assert_cmpstr(page, ==, "/?period=between&from=2014-01-01&to=2014-09-30#counties");
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/indicators/whatever is asked adds up", whatever_is_asked_adds_up);
    g_test_add_data_func("/indicators/small villages are not told", NULL, small_villages_are_not_told);
    if (g_getenv("PINGHU_DATABASE_SERVER"))
        g_test_add_data_func("/postgresql/indicators/small villages are not told", g_getenv("PINGHU_DATABASE_SERVER"), small_villages_are_not_told);
    g_test_add_func("/indicators/a region is its counties together", a_region_is_its_counties_together);
    g_test_add_func("/indicators/figures come from their sums", figures_come_from_their_sums);
    g_test_add_func("/indicators/percentages are rounded half up", percentages_are_rounded_half_up);
    g_test_add_func("/indicators/a day to come is not counted before", a_day_to_come_is_not_counted_before);
    g_test_add_func("/indicators/the parts of a period add up", the_parts_of_a_period_add_up);
    g_test_add_func("/indicators/a share keeps its sign", a_share_keeps_its_sign);
    g_test_add_func("/indicators/older sums are counted anew, once", older_sums_are_counted_anew_once);
    g_test_add_func("/indicators/paths name what was asked", paths_name_what_was_asked);
    return g_test_run();
}

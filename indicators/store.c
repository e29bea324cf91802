// SPDX-License-Identifier: Apache-2.0
#include "indicators/store.h"

#include <string.h>

enum { KEYS = 8, ARGS = KEYS + CASE_MEASURES + 1 };

/* The columns of the table counter, as case_measure_names has them: the first, and those behind it. */
#define OTHER_COLUMNS(EACH) EACH(open) EACH(ended) EACH(overdue) EACH(passed_up) EACH(returned) EACH(decided) EACH(granted) EACH(refused) \
    EACH(on_time) EACH(rated) EACH(satisfied) EACH(spent_days) EACH(statutory_days) EACH(promised_days) \
    EACH(judged) EACH(awaited_spent_days) EACH(awaited_statutory_days)
#define COLUMN(name) ", " #name
#define PARAMETER(name) ", :" #name
#define ADDED(name) ", " #name " = counter." #name " + excluded." #name

static bool add_wide(Db *db, const DbArg keys[KEYS], const Counter *change, GError **error)
{
    static const char sql[] =
        "INSERT INTO counter (county, grain, start, division, organ, item, channel, hour, accepted" OTHER_COLUMNS(COLUMN)
        ") VALUES (:county, :grain, :start, :division, :organ, :item, :channel, :hour, :accepted" OTHER_COLUMNS(PARAMETER)
        ") ON CONFLICT (county, grain, start, division, organ, item, channel, hour) DO UPDATE SET "
        "accepted = counter.accepted + excluded.accepted" OTHER_COLUMNS(ADDED);
    DbArg args[ARGS] = { 0 };
    memcpy(args, keys, KEYS * sizeof *args);
    for (int i = 0; i < CASE_MEASURES; i++)
        args[KEYS + i] = db_int(case_measure_names[i], change->sums[i]);
    return db_run(db, sql, args, error);
}

/* Hours are not kept: the last of the keys makes room for the measure. */
static bool add_narrow(Db *db, const DbArg keys[KEYS], const Counter *change, int measure, GError **error)
{
    static const char sql[] =
        "INSERT INTO measured (county, measure, grain, start, division, organ, item, channel, value) VALUES (:county, :measure, :grain, "
        ":start, :division, :organ, :item, :channel, :value) ON CONFLICT (county, measure, grain, start, division, organ, item, channel) "
        "DO UPDATE SET value = measured.value + excluded.value";
    DbArg args[KEYS + 2] = { 0 };
    memcpy(args, keys, KEYS * sizeof *args);
    args[KEYS - 1] = db_text("measure", change->key.of->names[measure]);
    args[KEYS] = db_int("value", change->sums[measure]);
    return db_run(db, sql, args, error);
}

bool counter_add(Db *db, int64_t county, const Counter *change, GError **error)
{
    const CounterKey *key = &change->key;
    const DbArg keys[KEYS] = { db_int("county", county), db_text("grain", grain_names[key->grain]), db_int("start", key->start),
                               db_int("division", key->division), db_int("organ", key->organ), db_text("item", key->item),
                               db_text("channel", key->channel), db_int("hour", key->hour) };
    if (counter_is_wide(key->of))
        return add_wide(db, keys, change, error);
    for (int i = 0; key->of->names[i]; i++)
        if (change->sums[i] && !add_narrow(db, keys, change, i, error))
            return false;
    return true;
}

/* ---- adding up ---- */

/* The keys that an ask needs, and those that the rows of each grain have. */
enum { PLACE = 1 << 0, TOWN = 1 << 1, ORGAN = 1 << 2, ITEM = 1 << 3, HOUR = 1 << 4, CHANNEL = 1 << 5,
       MONTHS = 1 << 6, DAYS = 1 << 7 | MONTHS };

/* The fewest rows first; the hours, which do not count everything, last. */
static const struct {
    enum grain grain;
    unsigned has;
} choice[] = {
    { YEAR_ORGAN, ORGAN | CHANNEL }, { EACH_TOWN, TOWN | MONTHS | CHANNEL }, { YEAR_ITEM, ITEM }, { EACH_DAY, DAYS | CHANNEL },
    { EACH_ORGAN, ORGAN | MONTHS | CHANNEL }, { EACH_ITEM, ITEM | MONTHS }, { DAY_TOWN, TOWN | DAYS | CHANNEL },
    { DAY_ORGAN, ORGAN | DAYS | CHANNEL }, { EVERY_KEY, PLACE | TOWN | ORGAN | ITEM | DAYS | CHANNEL },
    { YEAR_HOUR, ORGAN | HOUR | CHANNEL }, { MONTH_HOUR, ORGAN | HOUR | MONTHS | CHANNEL },
    { EACH_HOUR, ORGAN | HOUR | DAYS | CHANNEL },
};

/* The rows of an answer are told apart by a number or a text. */
static const struct {
    unsigned needs;
    const char *number, *hour, *text, *group;
} parts[] = {
    [BY_NOTHING] = { 0, "0", "0", "''", "county" },
    [BY_DAY] = { DAYS, "start", "0", "''", "start" },
    [BY_MONTH] = { MONTHS, "start", "0", "''", "start" }, /* days are put together by the reader */
    [BY_ORGAN] = { ORGAN, "organ", "0", "''", "organ" },
    [BY_TOWN] = { TOWN, "division - division % 1000", "0", "''", "division - division % 1000" },
    [BY_PLACE] = { PLACE, "division", "0", "''", "division" },
    [BY_ITEM] = { ITEM, "0", "0", "item", "item" },
    [BY_CHANNEL] = { CHANNEL, "0", "0", "channel", "channel" },
    [BY_ORGAN_CHANNEL] = { ORGAN | CHANNEL, "organ", "0", "channel", "organ, channel" },
    [BY_TOWN_CHANNEL] = { TOWN | CHANNEL, "division - division % 1000", "0", "channel", "division - division % 1000, channel" },
    [BY_HOUR] = { ORGAN | HOUR, "organ", "hour", "''", "organ, hour" },
    [BY_COUNTY_CHANNEL] = { CHANNEL, "county", "0", "channel", "county, channel" },
};

static const Measures *measures_of(const IndicatorAsk *ask)
{
    return ask->of ? ask->of : case_measures;
}

/* Made of nothing but whole months, or years? Measures other than those of cases may have days to come. */
static bool is_whole(const IndicatorAsk *ask, Day (*start_of)(Day day))
{
    bool is_all = ask->is_to_the_end && counter_is_wide(measures_of(ask));
    return ask->from == start_of(ask->from) && (is_all || ask->to + 1 == start_of(ask->to + 1));
}

static unsigned needs_of(int64_t county, const IndicatorAsk *ask, enum indicator_by by)
{
    unsigned needs = parts[by].needs;
    if (ask->division && ask->division != division_county(county))
        needs |= division_level(ask->division) == TOWN_LEVEL ? TOWN : PLACE;
    if (ask->organ)
        needs |= ORGAN;
    if (ask->item && *ask->item)
        needs |= ITEM;
    if (ask->channels)
        needs |= CHANNEL;
    return is_whole(ask, year_of) ? needs : needs | (is_whole(ask, month_of) ? MONTHS : DAYS);
}

static enum grain grain_for(const Measures *of, unsigned needs)
{
    for (size_t i = 0; i < G_N_ELEMENTS(choice); i++)
        if (!(needs & ~choice[i].has) && counter_has_grain(of, choice[i].grain))
            return choice[i].grain;
    return needs & HOUR ? EACH_HOUR : EVERY_KEY;
}

/* ", SUM(accepted), …": one for each of the measures; those that are not wanted cost nothing. */
static void append_sums_asked(GString *sql, const Measures *of, unsigned wanted)
{
    for (int i = 0; of->names[i]; i++)
        if (wanted && !(wanted & 1u << i))
            g_string_append(sql, ", 0");
        else if (counter_is_wide(of))
            g_string_append_printf(sql, ", SUM(%s)", of->names[i]);
        else
            g_string_append_printf(sql, ", SUM(CASE measure WHEN '%s' THEN value ELSE 0 END)", of->names[i]);
}

static void append_source(GString *sql, const Measures *of)
{
    if (counter_is_wide(of)) {
        g_string_append(sql, " FROM counter WHERE ");
        return;
    }
    g_string_append_printf(sql, " FROM measured WHERE measure IN ('%s'", of->names[0]);
    for (int i = 1; of->names[i]; i++)
        g_string_append_printf(sql, ", '%s'", of->names[i]);
    g_string_append(sql, ") AND ");
}

/* {first, last} of the divisions that lie in one. */
static void within(int64_t county, int64_t division, int64_t range[2])
{
    enum { VILLAGES = 999 };
    bool everywhere = !division || division == division_county(county);
    range[0] = everywhere ? 0 : division;
    range[1] = everywhere ? INT64_MAX : division_level(division) == TOWN_LEVEL ? division + VILLAGES : division;
}

/* "county = :county" with its argument; of a region "county IN (:county, :county0, …)" with all of theirs. */
static char *bind_counties(const Context *context, GArray *args)
{
    const Counties *region = context->counties;
    GString *condition = g_string_new(region ? "county IN (:county" : "county = :county");
    g_array_append_val(args, ((DbArg[]){ db_int("county", context->county) })[0]);
    for (size_t i = 0; region && i < region->count; i++) {
        g_autofree char *name = g_strdup_printf("county%zu", i);
        g_array_append_val(args, ((DbArg[]){ db_int(g_intern_string(name), region->all[i].code) })[0]);
        g_string_append_printf(condition, ", :%s", name);
    }
    return g_string_free(g_string_append(condition, region ? ")" : ""), FALSE);
}

static char *sums_sql(const Context *context, const IndicatorAsk *ask, enum indicator_by by, const char *counties)
{
    GString *sql = g_string_new(context->counties ? "/* all counties */ " : "");
    g_string_append_printf(sql, "SELECT %s, %s, %s", parts[by].number, parts[by].hour, parts[by].text);
    append_sums_asked(sql, measures_of(ask), ask->measures);
    append_source(sql, measures_of(ask));
    g_string_append_printf(sql,
        "%s AND grain = :grain AND start >= :from AND start <= :to"
        " AND division >= :first AND division <= :last AND (:organ = 0 OR organ = :organ) AND (:item = '' OR item = :item)"
        " AND (:channels = 0 OR (:channels & CASE channel WHEN 'county' THEN 1 WHEN 'town' THEN 2 WHEN 'village' THEN 4"
        " WHEN 'online' THEN 8 ELSE 0 END) > 0) GROUP BY %s ORDER BY 1, 2, 3", counties, parts[by].group);
    return g_string_free(sql, FALSE);
}

static DbRows *ask_sums(const Context *context, const IndicatorAsk *ask, enum indicator_by by, GError **error)
{
    int64_t range[2];
    within(context->county, ask->division, range);
    enum grain grain = grain_for(measures_of(ask), needs_of(context->county, ask, by));
    const DbArg others[] = { db_text("grain", grain_names[grain]), db_int("from", ask->from), db_int("to", ask->to), db_int("first", range[0]),
                             db_int("last", range[1]), db_int("organ", ask->organ), db_text("item", ask->item ? ask->item : ""),
                             db_int("channels", ask->channels), { .name = NULL } };
    g_autoptr(GArray) args = g_array_new(FALSE, FALSE, sizeof(DbArg));
    g_autofree char *counties = bind_counties(context, args);
    g_autofree char *sql = sums_sql(context, ask, by, counties);
    g_array_append_vals(args, others, G_N_ELEMENTS(others));
    return db_query(context->db, sql, &g_array_index(args, DbArg, 0), error);
}

static IndicatorSums read_sums(const DbRows *rows, const Measures *of)
{
    IndicatorSums sums = { .number = db_column_int(rows, 0), .hour = (int)db_column_int(rows, 1),
                           .text = g_intern_string(db_column_text(rows, 2)) };
    for (int i = 0; of->names[i]; i++)
        sums.of[i] = db_column_int(rows, 3 + i);
    return sums;
}

static void append_sums(GArray *out, const IndicatorSums *sums)
{
    IndicatorSums *last = out->len ? &g_array_index(out, IndicatorSums, out->len - 1) : NULL;
    if (!last || last->number != sums->number || last->hour != sums->hour || last->text != sums->text) {
        g_array_append_val(out, *sums);
        return;
    }
    for (int i = 0; i < MEASURES_MOST; i++)
        last->of[i] += sums->of[i];
}

GArray *indicators_sums(const Context *context, const IndicatorAsk *ask, enum indicator_by by, GError **error)
{
    g_autoptr(GArray) out = g_array_new(FALSE, FALSE, sizeof(IndicatorSums));
    g_autoptr(DbRows) rows = ask_sums(context, ask, by, error);
    while (db_next(rows, error)) {
        IndicatorSums sums = read_sums(rows, measures_of(ask));
        if (by == BY_MONTH)
            sums.number = month_of((Day)sums.number);
        append_sums(out, &sums);
    }
    return db_failed(rows) ? NULL : g_steal_pointer(&out);
}

bool counter_last_day(const Context *context, Day most, Day *last, GError **error)
{
    const Counties *region = context->counties;
    *last = DAY_NONE; /* comes before all */
    for (size_t i = 0; i < (region ? region->count : 1); i++) {
        int64_t day, county = region ? region->all[i].code : context->county;
        bool found;
        if (!db_integer(context->db, "SELECT start FROM counter WHERE county = :county AND grain = 'each_day' AND start <= :most"
                        " ORDER BY start DESC LIMIT 1", WITH(db_int("county", county), db_int("most", most)), &day, &found, error))
            return false;
        *last = found ? MAX(*last, (Day)day) : *last;
    }
    return true;
}

/* ---- all rows ---- */

/* A word that names no grain gives GRAINS. */
static CounterKey read_key(const DbRows *rows)
{
    CounterKey key = { .start = db_column_int(rows, 1), .division = db_column_int(rows, 2), .organ = db_column_int(rows, 3),
                       .item = g_intern_string(db_column_text(rows, 4)), .channel = g_intern_string(db_column_text(rows, 5)) };
    key.grain = (enum grain)name_place(grain_names, db_column_text(rows, 0));
    return key;
}

static bool walk_wide(const Context *context, EachCounter *each, void *data, GError **error)
{
    g_autoptr(DbRows) rows = db_query(context->db, "SELECT grain, start, division, organ, item, channel, hour, accepted" OTHER_COLUMNS(COLUMN)
                                      " FROM counter WHERE county = :county", WITH(db_int("county", context->county)), error);
    while (db_next(rows, error)) {
        Counter counter = { .key = read_key(rows) };
        counter.key.of = case_measures;
        counter.key.hour = db_column_int(rows, 6);
        for (int i = 0; i < CASE_MEASURES; i++)
            counter.sums[i] = db_column_int(rows, 7 + i);
        if (!each(data, &counter, NULL, error))
            return false;
    }
    return !db_failed(rows);
}

/* The measures that a room declares with one of that name. */
static const Measures *declared(const Room *const *rooms, const char *measure)
{
    for (; *rooms; rooms++)
        for (const Measures *of = (*rooms)->measures; of && of->names; of++)
            if (of->names[name_place(of->names, measure)])
                return of;
    return NULL;
}

static bool walk_narrow(const Context *context, EachCounter *each, void *data, GError **error)
{
    g_autoptr(DbRows) rows = db_query(context->db, "SELECT grain, start, division, organ, item, channel, measure, value FROM measured"
                                      " WHERE county = :county", WITH(db_int("county", context->county)), error);
    while (db_next(rows, error)) {
        const char *measure = g_intern_string(db_column_text(rows, 6));
        Counter counter = { .key = read_key(rows) };
        counter.key.of = declared(context->rooms, measure);
        if (counter.key.of)
            counter.sums[name_place(counter.key.of->names, measure)] = db_column_int(rows, 7);
        if (!each(data, &counter, measure, error))
            return false;
    }
    return !db_failed(rows);
}

bool counter_walk(const Context *context, EachCounter *each, void *data, GError **error)
{
    return walk_wide(context, each, data, error) && walk_narrow(context, each, data, error);
}

/* ---- what is counted ---- */

bool measure_is_counted(const Context *context, const char *measure, bool *is, GError **error)
{
    int64_t one;
    return db_integer(context->db, "SELECT 1 FROM counted_measure WHERE county = :county AND measure = :measure",
                      WITH(db_int("county", context->county), db_text("measure", measure)), &one, is, error);
}

bool counter_forget_cases(const Context *context, GError **error)
{
    return db_run(context->db, "DELETE FROM counter WHERE county = :county", WITH(db_int("county", context->county)), error);
}

bool measure_begin(const Context *context, const char *measure, GError **error)
{
    const DbArg args[] = { db_int("county", context->county), db_text("measure", measure), { 0 } };
    return db_run(context->db, "DELETE FROM measured WHERE county = :county AND measure = :measure", args, error) &&
           db_run(context->db, "INSERT INTO counted_measure (county, measure) VALUES (:county, :measure) ON CONFLICT (county, measure)"
                               " DO NOTHING", args, error);
}

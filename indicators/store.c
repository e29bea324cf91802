// SPDX-License-Identifier: Apache-2.0
#include "indicators/store.h"

#include <string.h>

enum { KEYS = 8, ARGS = KEYS + CASE_MEASURES + 1 };

bool counter_add(Db *db, int64_t county, const Counter *change, GError **error)
{
    static const char sql[] =
        "INSERT INTO counter (county, grain, start, division, organ, item, channel, hour, accepted, open, ended, "
        "overdue, passed_up, returned, decided, granted, refused, on_time, rated, satisfied, spent_days, "
        "statutory_days, promised_days) VALUES (:county, :grain, :start, :division, :organ, :item, :channel, "
        ":hour, :accepted, :open, :ended, :overdue, :passed_up, :returned, :decided, :granted, :refused, "
        ":on_time, :rated, :satisfied, :spent_days, :statutory_days, :promised_days) ON CONFLICT (county, grain, "
        "start, division, organ, item, channel, hour) DO UPDATE SET accepted = counter.accepted + "
        "excluded.accepted, open = counter.open + excluded.open, ended = counter.ended + excluded.ended, overdue "
        "= counter.overdue + excluded.overdue, passed_up = counter.passed_up + excluded.passed_up, returned = "
        "counter.returned + excluded.returned, decided = counter.decided + excluded.decided, granted = "
        "counter.granted + excluded.granted, refused = counter.refused + excluded.refused, on_time = "
        "counter.on_time + excluded.on_time, rated = counter.rated + excluded.rated, satisfied = "
        "counter.satisfied + excluded.satisfied, spent_days = counter.spent_days + excluded.spent_days, "
        "statutory_days = counter.statutory_days + excluded.statutory_days, promised_days = counter.promised_days "
        "+ excluded.promised_days";
    const CounterKey *key = &change->key;
    DbArg args[ARGS] = { db_int("county", county), db_text("grain", grain_names[key->grain]), db_int("start", key->start),
                         db_int("division", key->division), db_int("organ", key->organ), db_text("item", key->item),
                         db_text("channel", key->channel == EVERY_CHANNEL ? "" : channel_names[key->channel]), db_int("hour", key->hour) };
    for (int i = 0; i < CASE_MEASURES; i++)
        args[KEYS + i] = db_int(case_measure_names[i], change->sums[i]);
    return db_run(db, sql, args, error);
}

/* ---- adding up ---- */

/* Which rows of a grain answer: the keys that the asker needs, and those that each grain has. */
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

/* What the rows of an answer are told apart by: a number, or a text. */
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

/* Made of nothing but whole months, or years? */
static bool is_whole(const IndicatorAsk *ask, Day (*start_of)(Day day))
{
    return ask->from == start_of(ask->from) && (ask->is_to_the_end || ask->to + 1 == start_of(ask->to + 1));
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

static enum grain grain_for(unsigned needs)
{
    size_t i = 0;
    while ((needs & ~choice[i].has) && i + 1 < G_N_ELEMENTS(choice))
        i++;
    return choice[i].grain;
}

static char *sums_of(const IndicatorAsk *ask)
{
    GString *sums = g_string_new(NULL);
    for (int i = 0; i < CASE_MEASURES; i++)
        if (!ask->measures || (ask->measures & 1u << i))
            g_string_append_printf(sums, ", SUM(%s)", case_measure_names[i]);
        else
            g_string_append(sums, ", 0");
    return g_string_free(sums, FALSE);
}

/* {first, last} of the divisions that lie in one. */
static void within(int64_t county, int64_t division, int64_t range[2])
{
    enum { VILLAGES = 999 };
    bool everywhere = !division || division == division_county(county);
    range[0] = everywhere ? 0 : division;
    range[1] = everywhere ? INT64_MAX : division_level(division) == TOWN_LEVEL ? division + VILLAGES : division;
}

/* "county = :county" with its argument; of a region "county IN (:county, :county0, …)" with all of theirs, whose names belong
 * to `names`. */
static char *bind_counties(const Context *context, GArray *args, GStringChunk *names)
{
    const DbArg own = db_int("county", context->county);
    g_array_append_val(args, own);
    if (!context->counties)
        return g_strdup("county = :county");
    GString *condition = g_string_new("county IN (:county");
    for (size_t i = 0; i < context->counties->count; i++) {
        g_autofree char *name = g_strdup_printf("county%zu", i);
        const DbArg arg = db_int(g_string_chunk_insert(names, name), context->counties->all[i].code);
        g_array_append_val(args, arg);
        g_string_append_printf(condition, ", :%s", name);
    }
    g_string_append_c(condition, ')');
    return g_string_free(condition, FALSE);
}

static char *sums_sql(const Context *context, const IndicatorAsk *ask, enum indicator_by by, const char *counties)
{
    g_autofree char *sums = sums_of(ask);
    return g_strdup_printf(
        "%sSELECT %s, %s, %s%s FROM counter WHERE %s AND grain = :grain AND start >= :from AND start <= :to"
        " AND division >= :first AND division <= :last AND (:organ = 0 OR organ = :organ) AND (:item = '' OR item = :item)"
        " AND (:channels = 0 OR (:channels & CASE channel WHEN 'county' THEN 1 WHEN 'town' THEN 2 WHEN 'village' THEN 4"
        " ELSE 8 END) > 0) GROUP BY %s ORDER BY 1, 2, 3", context->counties ? "/* all counties */ " : "", parts[by].number, parts[by].hour,
        parts[by].text, sums, counties, parts[by].group);
}

static DbRows *ask_sums(const Context *context, const IndicatorAsk *ask, enum indicator_by by, GError **error)
{
    int64_t range[2];
    within(context->county, ask->division, range);
    enum grain grain = grain_for(needs_of(context->county, ask, by));
    const DbArg others[] = { db_text("grain", grain_names[grain]), db_int("from", ask->from), db_int("to", ask->to), db_int("first", range[0]),
                             db_int("last", range[1]), db_int("organ", ask->organ), db_text("item", ask->item ? ask->item : ""),
                             db_int("channels", ask->channels), { .name = NULL } };
    g_autoptr(GArray) args = g_array_new(FALSE, FALSE, sizeof(DbArg));
    GStringChunk *names = g_string_chunk_new(1024);
    g_autofree char *counties = bind_counties(context, args, names);
    g_autofree char *sql = sums_sql(context, ask, by, counties);
    g_array_append_vals(args, others, G_N_ELEMENTS(others));
    DbRows *rows = db_query(context->db, sql, &g_array_index(args, DbArg, 0), error);
    g_string_chunk_free(names);
    return rows;
}

static IndicatorSums read_sums(const DbRows *rows)
{
    IndicatorSums sums = { .number = db_column_int(rows, 0), .hour = (int)db_column_int(rows, 1),
                           .text = g_intern_string(db_column_text(rows, 2)) };
    for (int i = 0; i < CASE_MEASURES; i++)
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
    for (int i = 0; i < CASE_MEASURES; i++)
        last->of[i] += sums->of[i];
}

GArray *indicators_sums(const Context *context, const IndicatorAsk *ask, enum indicator_by by, GError **error)
{
    g_autoptr(GArray) out = g_array_new(FALSE, FALSE, sizeof(IndicatorSums));
    g_autoptr(DbRows) rows = ask_sums(context, ask, by, error);
    while (db_next(rows, error)) {
        IndicatorSums sums = read_sums(rows);
        if (by == BY_MONTH)
            sums.number = month_of((Day)sums.number);
        append_sums(out, &sums);
    }
    return db_failed(rows) ? NULL : g_steal_pointer(&out);
}

static bool last_day_of(Db *db, int64_t county, Day most, Day *last, GError **error)
{
    int64_t day;
    bool found;
    if (!db_integer(db, "SELECT start FROM counter WHERE county = :county AND grain = 'each_day' AND start <= :most ORDER BY start DESC LIMIT 1",
                    WITH(db_int("county", county), db_int("most", most)), &day, &found, error))
        return false;
    *last = found ? (Day)day : DAY_NONE;
    return true;
}

bool counter_last_day(const Context *context, Day most, Day *last, GError **error)
{
    if (!context->counties)
        return last_day_of(context->db, context->county, most, last, error);
    *last = DAY_NONE;
    for (size_t i = 0; i < context->counties->count; i++) {
        Day day;
        if (!last_day_of(context->db, context->counties->all[i].code, most, &day, error))
            return false;
        *last = MAX(*last, day); /* no day comes before all */
    }
    return true;
}

/* ---- all rows ---- */

static int word_of(const char *const *words, const char *word)
{
    for (int i = 0; words[i]; i++)
        if (strcmp(words[i], word) == 0)
            return i;
    return -1;
}

static Counter read_counter(const DbRows *rows)
{
    Counter made = { .key = { .grain = (enum grain)word_of(grain_names, db_column_text(rows, 0)), .start = db_column_int(rows, 1),
                              .division = db_column_int(rows, 2), .organ = db_column_int(rows, 3),
                              .item = g_intern_string(db_column_text(rows, 4)),
                              .channel = (enum channel)word_of(channel_names, db_column_text(rows, 5)),
                              .hour = db_column_int(rows, 6) } };
    for (int i = 0; i < CASE_MEASURES; i++)
        made.sums[i] = db_column_int(rows, KEYS - 1 + i);
    return made;
}

bool counter_walk(Db *db, int64_t county, EachCounter *each, void *data, GError **error)
{
    g_autoptr(DbRows) rows = db_query(db,
        "SELECT grain, start, division, organ, item, channel, hour,"
        " accepted, open, ended, overdue, passed_up, returned, decided, granted, refused, on_time, rated, "
        "satisfied, spent_days, statutory_days, promised_days FROM counter WHERE county = :county",
        WITH(db_int("county", county)), error);
    while (db_next(rows, error)) {
        Counter counter = read_counter(rows);
        if (!each(data, &counter, error))
            return false;
    }
    return !db_failed(rows);
}

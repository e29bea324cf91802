// SPDX-License-Identifier: Apache-2.0
/* The cases behind a figure. An index begins with the day on which cases count, since they are written day by day and
 * so lie together; a list goes back from day to day and finds in each, by equality, what it wants. Which index, and in
 * which order it gives the cases of one day, follows from what is asked. */
#include "cases/fields.h"
#include "cases/store.h"

#include <string.h>

enum { BELOW = 1 << AT_TOWN | 1 << AT_VILLAGE };

/* What case_measure says, for the database. The rare ones have an index of their own (001-cases.sql). */
static const struct Measure {
    const char *condition; /* NULL: every case that has the day (or, passed up, comes from below: see search_for) */
    bool rare, by_place;   /* of the rare: there is an index by place too */
} measures[SPENT_DAYS] = {
    [OPEN_CASES] = { "state IN ('review', 'suspended')", true, true },
    [ENDED_CASES] = { "state IN ('withdrawn', 'terminated')", true, false },
    [OVERDUE_CASES] = { "overdue = 1", true, false },
    [RETURNED_CASES] = { "returned = 1", true, false },
    [GRANTED_CASES] = { "decision = 'granted'", false, false },
    [REFUSED_CASES] = { "decision = 'refused'", true, false },
    [ON_TIME_CASES] = { "kept = 1", false, false },
    [RATED_CASES] = { "rated > 0", false, false },
    [SATISFIED_CASES] = { "rated >= 3", false, false },
};

/* What the cases of a day must equal, in which order the index gives them, and what else is asked of each: as sums, so
 * that no other index looks better to the engine. */
enum way { BY_PLACE, BY_PLACE_AND_ORGAN, BY_ORGAN, BY_ITEM, BY_RARE };
static const struct Way {
    const char *equal, *key, *after, *rest;
    bool of_organ; /* once for each */
} ways[] = {
    [BY_PLACE] = { "", "place, number", ":place, :number", " AND place <= :last", false },
    [BY_PLACE_AND_ORGAN] = { "", "place, number", ":place, :number", " AND place <= :last AND organ + 0 = :organ", false },
    [BY_ORGAN] = { " AND organ = :organ", "item, place, number", ":item, :place, :number",
                   " AND place + 0 >= :first AND place + 0 <= :last", true },
    [BY_ITEM] = { " AND organ = :organ AND item = :item", "place, number", ":place, :number", " AND place <= :last", true },
    [BY_RARE] = { "", "organ, item, place, number", ":organ, :item, :place, :number",
                  " AND place + 0 >= :first AND place + 0 <= :last", false },
};

/* A town has less in a day than the department that most of its cases go to. */
static enum way way_of(const CaseAsk *ask)
{
    bool rare = measures[ask->of].rare, everywhere = ask->first == 0 && ask->last == INT64_MAX;
    if (*ask->item)
        return BY_ITEM;
    if (ask->organ_count && (rare || everywhere))
        return BY_ORGAN;
    if (rare && (everywhere || !measures[ask->of].by_place))
        return BY_RARE;
    return ask->organ_count ? BY_PLACE_AND_ORGAN : BY_PLACE;
}

bool case_counts_decided(enum case_measure of)
{
    return of >= DECIDED_CASES;
}

static const char *day_column(enum case_measure of)
{
    return case_counts_decided(of) ? "decided_on" : "accepted_on";
}

/* ---- texts ---- */

static void put_channels(GString *sql, unsigned channels)
{
    const char *before = " AND channel IN (";
    for (int i = AT_COUNTY; i <= ONLINE; i++) {
        if (!(channels & 1u << i))
            continue;
        g_string_append_printf(sql, "%s'%s'", before, channel_names[i]);
        before = ", ";
    }
    if (channels)
        g_string_append_c(sql, ')');
}

/* The cases of one day, or of one organ on it. The day twice: <> opens the partial index, = searches it. */
static void put_day(GString *sql, const CaseAsk *ask, enum way by)
{
    const char *day = day_column(ask->of), *condition = measures[ask->of].condition;
    const struct Way *way = &ways[by];
    g_string_append_printf(sql, " FROM case_now WHERE county = :county AND %s <> 0 AND %s = :day%s AND (%s) > (%s)%s",
                           day, day, way->equal, way->key, way->after, way->rest);
    put_channels(sql, ask->channels);
    if (ask->is_of_hour)
        g_string_append(sql, " AND accepted_hour = :hour");
    if (condition)
        g_string_append_printf(sql, " AND %s", condition);
}

/* ---- one day ---- */

typedef struct Search {
    Db *db;
    int64_t county;
    CaseAsk ask;       /* narrowed */
    enum way way;
    const Case *after; /* on its own day; else NULL */
    Day day;
    int64_t organ;     /* that is asked for now */
} Search;

enum { ARGS = 11 };

/* Each parameter of the statement, once. */
static void put_args(const Search *self, int64_t most, DbArg args[static ARGS])
{
    size_t count = 0;
    const CaseAsk *ask = &self->ask;
    const Case *after = self->after;
    enum way way = self->way;
    bool by_place = way == BY_PLACE || way == BY_PLACE_AND_ORGAN || way == BY_ITEM;
    args[count++] = db_int("county", self->county);
    args[count++] = db_int("day", self->day);
    if (way == BY_RARE)
        args[count++] = db_int("organ", after ? after->organ : 0);
    else if (way != BY_PLACE)
        args[count++] = db_int("organ", self->organ);
    if (way == BY_ITEM)
        args[count++] = db_text("item", ask->item);
    else if (!by_place)
        args[count++] = db_text("item", after ? after->item : "");
    if (!by_place)
        args[count++] = db_int("first", ask->first);
    args[count++] = db_int("place", after ? after->place : by_place ? ask->first : 0);
    args[count++] = db_int("number", after ? after->number : 0);
    args[count++] = db_int("last", ask->last);
    args[count++] = db_int("most", most);
    if (ask->is_of_hour)
        args[count++] = db_int("hour", ask->hour);
    args[count] = (DbArg){ 0 };
}

static bool read_day(const Search *self, int64_t most, GArray *out, GError **error)
{
    DbArg args[ARGS];
    g_autoptr(GString) sql = g_string_new("SELECT ");
    record_append_columns(&case_record, sql);
    put_day(sql, &self->ask, self->way);
    g_string_append_printf(sql, " ORDER BY %s LIMIT :most", ways[self->way].key);
    put_args(self, most, args);
    return case_read_page(db_query(self->db, sql->str, args, error), out, error);
}

static bool count_day(const Search *self, int64_t most, int64_t *count, GError **error)
{
    bool found;
    DbArg args[ARGS];
    g_autoptr(GString) sql = g_string_new("SELECT COUNT(*) FROM (SELECT number");
    put_day(sql, &self->ask, self->way);
    g_string_append(sql, " LIMIT :most) counted");
    put_args(self, most, args);
    return db_integer(self->db, sql->str, args, count, &found, error);
}

/* ---- from day to day ---- */

/* The first or the last day on which any case counts, so that a list from the year 1900 on is no longer than ours. */
static bool day_at_end(Search *self, bool last, Day *day, bool *found, GError **error)
{
    static const char *const texts[2][2] = {
        { "SELECT accepted_on FROM case_now WHERE county = :county AND accepted_on <> 0 AND accepted_on > 0 ORDER BY accepted_on LIMIT 1",
          "SELECT accepted_on FROM case_now WHERE county = :county AND accepted_on <> 0 AND accepted_on > 0 ORDER BY accepted_on DESC LIMIT 1" },
        { "SELECT decided_on FROM case_now WHERE county = :county AND decided_on <> 0 AND decided_on > 0 ORDER BY decided_on LIMIT 1",
          "SELECT decided_on FROM case_now WHERE county = :county AND decided_on <> 0 AND decided_on > 0 ORDER BY decided_on DESC LIMIT 1" },
    };
    int64_t value;
    bool well = db_integer(self->db, texts[case_counts_decided(self->ask.of)][last], WITH(db_int("county", self->county)), &value,
                           found, error);
    *day = (Day)value;
    return well;
}

/* The days that need looking at; `first` behind `last` when there are none. */
static bool days_of(Search *self, Day *first, Day *last, GError **error)
{
    bool any;
    if (!day_at_end(self, false, first, &any, error) || !day_at_end(self, true, last, &any, error))
        return false;
    *first = MAX(self->ask.from, *first);
    *last = any ? MIN(self->ask.to, *last) : *first - 1;
    return true;
}

static size_t passes(const Search *self)
{
    return ways[self->way].of_organ ? self->ask.organ_count : 1;
}

/* Cases of one day lie by their organs: which are done with when the list goes on behind `after`? */
static bool is_passed(Search *self, size_t pass, const Case *after)
{
    const CaseAsk *ask = &self->ask;
    bool of_organ = ways[self->way].of_organ;
    bool is_its_day = after && self->day == (case_counts_decided(ask->of) ? after->decided_on : after->accepted_on);
    self->organ = ask->organ_count ? ask->organs[pass] : 0;
    self->after = is_its_day && (!of_organ || after->organ == self->organ) ? after : NULL;
    return is_its_day && of_organ && self->organ < after->organ;
}

/* Who takes in for the county sits at the county, and who takes in for a town or a village does not. */
static Search search_for(Db *db, int64_t county, const CaseAsk *asked)
{
    Search self = { .db = db, .county = county, .ask = *asked, .way = way_of(asked) };
    CaseAsk *ask = &self.ask;
    if (ask->of == PASSED_UP_CASES) {
        ask->to = ask->channels && !(ask->channels & BELOW) ? ask->from - 1 : ask->to;
        ask->channels = ask->channels ? ask->channels & BELOW : BELOW;
    }
    if (ask->channels && !(ask->channels & ~(unsigned)BELOW))
        ask->first = MAX(ask->first, division_county(county) + 1);
    if (ask->channels == 1 << AT_COUNTY)
        ask->last = MIN(ask->last, division_county(county));
    return self;
}

bool case_list_page(Db *db, int64_t county, const CaseAsk *ask, const Case *after, int64_t most, GArray *out, GError **error)
{
    Day first, last;
    Search search = search_for(db, county, ask);
    if (!days_of(&search, &first, &last, error))
        return false;
    if (after)
        last = MIN(last, (Day)(case_counts_decided(ask->of) ? after->decided_on : after->accepted_on));
    for (search.day = last; search.day >= first && out->len < most; search.day--)
        for (size_t i = 0; i < passes(&search) && out->len < most; i++)
            if (!is_passed(&search, i, after) && !read_day(&search, most - out->len, out, error))
                return false;
    return true;
}

bool case_list_count(Db *db, int64_t county, const CaseAsk *ask, int64_t most, int64_t *count, GError **error)
{
    Day first, last;
    Search search = search_for(db, county, ask);
    *count = 0;
    if (!days_of(&search, &first, &last, error))
        return false;
    for (search.day = last; search.day >= first && *count < most; search.day--)
        for (size_t i = 0; i < passes(&search) && *count < most; i++) {
            int64_t more = 0;
            if (is_passed(&search, i, NULL) || !count_day(&search, most - *count, &more, error))
                return false;
            *count += more;
        }
    return true;
}

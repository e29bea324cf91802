// SPDX-License-Identifier: Apache-2.0
/* Lists over many cases: their totals are what counting one by one gives, no page is longer in coming because there are
 * more cases, and going from page to page misses none and shows none twice. */
#include "cases/fields.h"
#include "cases/inbox.h"
#include "cases/life.h"
#include "cases/store.h"
#include "db/sqlite/steps_test.h"
#include "rooms_test.h"
#include "lists/room.h"

#include <glib/gstdio.h>
#include <string.h>

enum { COUNTY = 330482, ORGANS = 9, ITEMS = 40, DAYS = 60, FEW = 1500, MANY = 15000, AT_ONCE = 500 };
static const Day first_day = 16071; /* 2014-01-01 */
static const int64_t places[] = { 330482000000, 330482103000, 330482103200, 330482103201, 330482102000, 330482102207 };

/* ---- many cases ---- */

typedef struct Bench {
    char *folder;
    Store *store;
    GRand *random;
    GArray *cases; /* of Case */
} Bench;

static int64_t draw(Bench *b, int below)
{
    return g_rand_int_range(b->random, 0, below);
}

static bool happens(Bench *b, int percent)
{
    return draw(b, 100) < percent;
}

static void draw_place(Bench *b, Case *made)
{
    static const enum channel at[] = { AT_COUNTY, AT_TOWN, AT_VILLAGE };
    made->place = happens(b, 60) ? places[0] : places[draw(b, G_N_ELEMENTS(places))];
    made->channel = happens(b, 20) ? ONLINE : at[division_level(made->place)];
}

static void draw_state(Bench *b, Case *made)
{
    static const enum case_state resting[] = { DRAFT, RECEIVED, CORRECTION, NOT_NEEDED, NOT_ACCEPTED, WITHDRAWN, TERMINATED };
    if (happens(b, 10)) {
        made->state = resting[draw(b, G_N_ELEMENTS(resting))];
        return;
    }
    made->accepted_on = first_day + draw(b, DAYS);
    made->accepted_hour = 8 + draw(b, 9);
    made->overdue = happens(b, 1);
    made->returned = made->channel == AT_VILLAGE && happens(b, 5);
    made->state = happens(b, 90) ? CLOSED : happens(b, 30) ? WITHDRAWN : happens(b, 50) ? SUSPENDED : REVIEW;
    if (made->state != CLOSED)
        return;
    made->decided_on = made->accepted_on + draw(b, 5);
    made->decision = happens(b, 97) ? GRANTED_IT : REFUSED_IT;
    made->kept = happens(b, 98);
    made->rated = happens(b, 60) ? 1 + draw(b, 5) : 0;
}

/* Half of all that is under way waits at one desk. */
static void draw_desk(Bench *b, Case *made)
{
    static const unsigned roles[] = { CLERK, REVIEWER, REVIEWER, REVIEWER, APPROVER };
    if (made->state == CLOSED || made->state == WITHDRAWN)
        return;
    made->desk_organ = happens(b, 50) ? 1 : made->organ;
    made->desk_division = places[0];
    made->desk_role = roles[draw(b, G_N_ELEMENTS(roles))];
    made->due_at = instant_at(first_day + (Day)draw(b, DAYS), 0);
    made->alarm_at = happens(b, 50) ? made->due_at : 0;
}

static Case draw_case(Bench *b)
{
    Case made;
    record_init(&case_record, &made);
    int64_t item = draw(b, ITEMS);
    g_free(made.item);
    made.item = g_strdup_printf("I-%02d", (int)item);
    made.organ = 1 + item % ORGANS;
    made.number = INT64_C(330482140101000000) + b->cases->len;
    made.events = 1;
    made.unwritten = RECORD_WHOLE;
    draw_place(b, &made);
    draw_state(b, &made);
    draw_desk(b, &made);
    return made;
}

/* Lists are opened by departments and by places. */
static bool insert_holders(Db *db, void *data, GError **error)
{
    const Embedded *divisions = embedded_find("data/divisions.csv"), *organs = embedded_find("data/organs.csv");
    const Context context = { .db = db, .county = COUNTY };
    (void)data;
    return identity_import_divisions(&context, divisions->bytes, divisions->size, error) &&
           identity_import_organs(&context, organs->bytes, organs->size, error);
}

static bool insert_some(Db *db, void *data, GError **error)
{
    Bench *b = data;
    Context context = { .db = db, .county = COUNTY };
    for (int i = 0; i < AT_ONCE; i++) {
        Case made = draw_case(b);
        g_array_append_val(b->cases, made);
        if (!subject_save(&context, &case_kind, &made, error))
            return false;
    }
    return true;
}

static void grow(Bench *b, guint cases)
{
    g_autoptr(GError) error = NULL;
    while (b->cases->len < cases && store_write(b->store, insert_some, b, &error))
        continue;
    g_assert_no_error(error);
}

static void clear_case(void *row)
{
    case_clear(row);
}

static void bench_open(Bench *b)
{
    b->folder = g_dir_make_tmp("lists-XXXXXX", NULL);
    g_autofree char *file = g_build_filename(b->folder, "test.db", NULL);
    b->store = store_with_rooms(file, 2);
    g_assert_true(store_write(b->store, insert_holders, NULL, NULL));
    b->random = g_rand_new_with_seed(5);
    b->cases = g_array_new(FALSE, FALSE, sizeof(Case));
    g_array_set_clear_func(b->cases, clear_case);
}

static void bench_close(Bench *b)
{
    static const char *const ends[] = { "", "-wal", "-shm", ".lock" };
    store_close(b->store);
    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
        g_autofree char *file = g_strconcat(b->folder, "/test.db", ends[i], NULL);
        g_remove(file);
    }
    g_assert_cmpint(g_rmdir(b->folder), ==, 0);
    g_free(b->folder);
    g_rand_free(b->random);
    g_array_unref(b->cases);
}

/* ---- what may be asked ---- */

/* A supervisor's question, and which cases it means. */
typedef struct Filter {
    const char *query;
    int64_t organ;
    const char *item;
    int64_t first, last; /* places; 0: all */
    unsigned channels;   /* 0: all */
    Day from, to;
    int64_t hour;        /* 0: any */
} Filter;

static const Filter filters[] = {
    { "from=2014-01-01&to=2014-03-02", .to = DAYS },
    { "from=2014-01-08&to=2014-01-14", .from = 7, .to = 13 },
    { "from=2014-01-01&to=2014-03-02&division=330482103000", .first = 330482103000, .last = 330482103999, .to = DAYS },
    { "from=2014-01-01&to=2014-03-02&division=330482103200&channel=online", .first = 330482103200, .last = 330482103200, .channels = 1 << ONLINE, .to = DAYS },
    { "from=2014-01-04&to=2014-02-10&channel=towns", .channels = 1 << AT_TOWN | 1 << AT_VILLAGE, .from = 3, .to = 40 },
    { "from=1900-01-01&to=2199-12-31&channel=centre", .channels = 1 << AT_COUNTY | 1 << ONLINE, .from = -30000, .to = 90000 },
    { "from=2014-01-01&to=2014-03-02&organ=4", 4, .to = DAYS },
    { "from=2014-01-01&to=2014-03-02&organ=4&division=330482102000&channel=village", 4, NULL, 330482102000, 330482102999, 1 << AT_VILLAGE, .to = DAYS },
    { "from=2014-01-01&to=2014-03-02&organ=4&item=I-12", 4, "I-12", .to = DAYS },
    { "from=2014-01-06&to=2014-02-20&organ=4&item=I-12&division=330482103000&channel=towns", 4, "I-12", 330482103000, 330482103999,
      1 << AT_TOWN | 1 << AT_VILLAGE, 5, 50 },
    { "from=2014-01-01&to=2014-03-02&item=I-04", 0, "I-04", .to = DAYS },
    { "from=2014-01-01&to=2014-03-02&item=I-99", 0, "I-99", .to = DAYS },
    { "from=2014-01-01&to=2014-03-02&division=330482000000&hour=9", .to = DAYS, .hour = 9 },
    { "from=2014-01-01&to=2014-03-02&division=330482102000&hour=16", .first = 330482102000, .last = 330482102999, .to = DAYS, .hour = 16 },
};

static Day day_counted(enum case_measure of, const Case *one)
{
    return (Day)(of >= DECIDED_CASES ? one->decided_on : one->accepted_on);
}

static bool is_meant(enum case_measure of, const Filter *filter, const Case *one)
{
    Day day = day_counted(of, one);
    return case_measure(one, of) && (!filter->organ || filter->organ == one->organ) && day >= first_day + filter->from && day <= first_day + filter->to &&
           (!filter->first || (one->place >= filter->first && one->place <= filter->last)) &&
           (!filter->channels || (filter->channels & 1u << one->channel)) && (!filter->item || strcmp(filter->item, one->item) == 0) &&
           (!filter->hour || filter->hour == one->accepted_hour);
}

/* A list asked by a post. */
typedef struct Asking {
    Actor actor;
    Request r;
    json_t *fields;
    ListAsk ask;
} Asking;

static void asking_clear(Asking *self)
{
    json_decref(self->fields);
    list_ask_clear(&self->ask);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Asking, asking_clear)

static void ask_as(Asking *self, Db *db, const Post *post, const ListSpec *list, const char *query)
{
    g_autoptr(GError) error = NULL;
    self->actor = (Actor){ .kind = STAFF, .posts = post, .post_count = 1 };
    self->r = (Request){ .context = { .db = db, .county = COUNTY, .actor = &self->actor } };
    self->fields = fields_of_query(list->fields, query, &error);
    g_assert_no_error(error);
    list_ask(&self->r, list, self->fields, &self->ask, &error);
    g_assert_no_error(error);
}

static const Post supervisor = { CENTRE_ORGAN, 330482000000, SUPERVISOR };

typedef void EachAsk(Bench *b, enum case_measure of, const Filter *filter, Asking *asking);

static void ask_everything(Bench *b, EachAsk *each)
{
    Db *db = store_reader(b->store, NULL);
    for (int of = 0; of < SPENT_DAYS; of++)
        for (size_t i = 0; i < G_N_ELEMENTS(filters); i++) {
            g_auto(Asking) asking = { 0 };
            g_autofree char *query = g_strdup_printf("of=%s&%s", case_measure_names[of], filters[i].query);
            g_test_message("%s", query);
            ask_as(&asking, db, &supervisor, &figure_list, query);
            each(b, (enum case_measure)of, &filters[i], &asking);
        }
    store_return(b->store, db);
}

static int64_t counted(const Asking *asking, int64_t most)
{
    int64_t total;
    g_autoptr(GError) error = NULL;
    const ListRangeOfRows all = list_range_of_rows(&asking->ask, false, NULL);
    list_count(&asking->r.context, &all, most, &total, &error);
    g_assert_no_error(error);
    return total;
}

/* ---- totals ---- */

static void total_is_the_recount(Bench *b, enum case_measure of, const Filter *filter, Asking *asking)
{
    int64_t recount = 0;
    for (guint i = 0; i < b->cases->len; i++)
        recount += is_meant(of, filter, &g_array_index(b->cases, Case, i));
    g_assert_cmpint(counted(asking, INT64_MAX), ==, recount);
    g_assert_cmpint(counted(asking, 20), ==, MIN(recount, 20));
}

static void totals_are_what_counting_gives(void)
{
    Bench b;
    bench_open(&b);
    ask_everything(&b, total_is_the_recount); /* of nothing */
    grow(&b, FEW);
    ask_everything(&b, total_is_the_recount);
    bench_close(&b);
}

/* A post's rows are opened by its own places, within those that are asked for. */
static void a_filter_narrows_what_a_post_opens(void)
{
    static const Post clerk = { TOWN_CENTRE_ORGAN, 330482103000, CLERK };
    static const struct { const char *query; int64_t place; } asked[] = {
        { "list=place", 330482103000 }, { "list=place&division=330482103000", 330482103000 }, { "list=place&division=330482102000", 0 },
    };
    Bench b;
    bench_open(&b);
    grow(&b, FEW);
    Db *db = store_reader(b.store, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(asked); i++) {
        int64_t recount = 0;
        g_auto(Asking) asking = { 0 };
        for (guint k = 0; k < b.cases->len; k++) {
            const Case *one = &g_array_index(b.cases, Case, k);
            recount += one->place == asked[i].place && one->channel != ONLINE; /* none of these has a mark of its receipt */
        }
        ask_as(&asking, db, &clerk, &inbox_list, asked[i].query);
        g_assert_cmpint(counted(&asking, INT64_MAX), ==, recount);
    }
    store_return(b.store, db);
    bench_close(&b);
}

/* ---- pages ---- */

static void every_page_goes_on(Bench *b, enum case_measure of, const Filter *filter, Asking *asking)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    Day latest = (Day)INT32_MAX;
    ListPlace after = { 0 };
    ListPage page = { 0 };
    (void)b;
    do {
        g_autoptr(GArray) rows = list_rows_new();
        page = (ListPage){ .rows = rows };
        asking->ask.after = after;
        g_assert_true(list_page_read(&asking->r.context, &asking->ask, 25, &page, NULL));
        for (guint i = 0; i < rows->len; i++) {
            const ListRow *row = &g_array_index(rows, ListRow, i);
            const Case *one = row->data;
            g_assert_true(is_meant(of, filter, one));
            g_assert_cmpint(day_counted(of, one), <=, latest);
            g_assert_true(g_hash_table_add(seen, g_memdup2(&one->number, sizeof one->number)));
            latest = day_counted(of, one);
            after = row->at; /* days and numbers: no text that would go with the row */
        }
        if (!page.goes_on)
            after = page.edge;
    } while (page.goes_on || page.edge.count);
    g_assert_cmpint(g_hash_table_size(seen), ==, counted(asking, INT64_MAX));
}

static void pages_miss_none_and_repeat_none(void)
{
    Bench b;
    bench_open(&b);
    grow(&b, FEW);
    ask_everything(&b, every_page_goes_on);
    bench_close(&b);
}

/* ---- what it costs ---- */

/* Days that have none, 501 counted and 26 read, of an hour one in nine that are looked at; going through all cases takes
 * some 200,000. */
enum { STEPS_MOST = 34000, STEPS_A_ROW = 60 };

static uint64_t steps_most = STEPS_MOST;

static void assert_cheap(Db *db, const char *what)
{
    uint64_t steps = engine_steps(db);
    if (steps > steps_most)
        g_error("%s takes %" PRIu64 " steps", what, steps);
}

static void page_and_total_are_cheap(Db *db, Asking *asking, const char *what)
{
    int64_t count;
    g_autoptr(GArray) rows = list_rows_new();
    ListPage page = { .rows = rows };
    engine_steps(db);
    g_assert_true(list_page_read(&asking->r.context, &asking->ask, 25, &page, NULL));
    assert_cheap(db, what);
    ListRangeOfRows all = list_range_of_rows(&asking->ask, false, NULL);
    g_assert_true(list_edge(&asking->r.context, &all, &all.to, NULL));
    g_assert_true(list_count(&asking->r.context, &all, 501, &count, NULL));
    assert_cheap(db, what);
}

/* Looking through rows takes some steps for each, however many rows there are. */
static void a_list_is_cheap(Bench *b, enum case_measure of, const Filter *filter, Asking *asking)
{
    bool looks = false;
    (void)b, (void)filter;
    for (size_t i = 0; i < asking->ask.seen.count; i++)
        looks = looks || list_looks(&asking->ask, &asking->ask.seen.all[i]);
    steps_most = looks ? (uint64_t)figure_list.bound * STEPS_A_ROW : STEPS_MOST;
    page_and_total_are_cheap(asking->r.context.db, asking, case_measure_names[of]);
    steps_most = STEPS_MOST;
}

/* One page of the desks' lists, and its total. */
static void a_page_is_cheap(Db *db, const Post *post, const char *query)
{
    g_auto(Asking) asking = { 0 };
    ask_as(&asking, db, post, &inbox_list, query);
    page_and_total_are_cheap(db, &asking, query);
}

static void the_desks_lists_are_cheap(Db *db)
{
    static const Post posts[] = { { 1, 330482000000, REVIEWER }, { 1, 330482000000, APPROVER | HEAD }, { 4, 330482000000, CLERK | ISSUER },
                                  { TOWN_CENTRE_ORGAN, 330482103000, CLERK }, { VILLAGE_POINT_ORGAN, 330482103200, CLERK },
                                  { CENTRE_ORGAN, 330482000000, SUPERVISOR } };
    static const char *const queries[] = { "list=desk", "list=desk&sort=-due", "list=desk&due=2014-01-20", "list=desk&after=1389000000000~1",
        "list=place", "list=place&sort=number", "list=all", "list=all&sort=number", "list=all&q=330482140101000009", "list=all&before=330482140101000009" };
    for (size_t i = 0; i < G_N_ELEMENTS(posts); i++)
        for (size_t k = 0; k < G_N_ELEMENTS(queries); k++)
            a_page_is_cheap(db, &posts[i], queries[k]);
}

/* A search without an index looks at a bounded number of rows, however many there are, with some steps for each. */
static void a_filter_looks_through_no_more_than_its_bound(void)
{
    Bench b;
    bench_open(&b);
    grow(&b, MANY);
    Db *db = store_reader(b.store, NULL);
    steps_most = (uint64_t)inbox_list.bound * STEPS_A_ROW;
    a_page_is_cheap(db, &supervisor, "list=all&state=draft&item=I-99&division=330482103000");
    steps_most = STEPS_MOST;
    store_return(b.store, db);
    bench_close(&b);
}

static void the_lists_have_their_indexes(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(list_check(&inbox_list, &error) && list_check(&figure_list, &error));
}

static void no_list_goes_through_all_cases(void)
{
    Bench b;
    bench_open(&b);
    grow(&b, MANY);
    ask_everything(&b, a_list_is_cheap);
    Db *db = store_reader(b.store, NULL);
    the_desks_lists_are_cheap(db);
    store_return(b.store, db);
    bench_close(&b);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lists/totals are what counting gives", totals_are_what_counting_gives);
    g_test_add_func("/lists/a filter narrows what a post opens", a_filter_narrows_what_a_post_opens);
    g_test_add_func("/lists/pages miss none and repeat none", pages_miss_none_and_repeat_none);
    g_test_add_func("/lists/no list goes through all cases", no_list_goes_through_all_cases);
    g_test_add_func("/lists/a filter looks through no more than its bound", a_filter_looks_through_no_more_than_its_bound);
    g_test_add_func("/lists/the lists have their indexes", the_lists_have_their_indexes);
    return g_test_run();
}

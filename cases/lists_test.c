// SPDX-License-Identifier: Apache-2.0
/* Lists over many cases: their totals are what counting one by one gives, no page is longer in coming because there are
 * more cases, and going from page to page misses none and shows none twice. */
#include "cases/fields.h"
#include "cases/inbox.h"
#include "cases/life.h"
#include "cases/store.h"
#include "db/sqlite/steps_test.h"
#include "rooms_test.h"
#include "lists/inside.h"

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
    g_free(made.password);
    made.password = g_strdup("123456");
    made.unwritten = WHOLE_ROW;
    draw_place(b, &made);
    draw_state(b, &made);
    draw_desk(b, &made);
    return made;
}

static bool insert_some(Db *db, void *data, GError **error)
{
    Bench *b = data;
    Context context = { .db = db, .county = COUNTY };
    for (int i = 0; i < AT_ONCE; i++) {
        Case made = draw_case(b);
        g_array_append_val(b->cases, made);
        if (!case_save(&context, &made, error))
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

static const int64_t no_organ[] = { 0 }, one_organ[] = { 4 }, two_organs[] = { 2, 5 };
static const struct Filter {
    const int64_t *organs;
    size_t organ_count;
    const char *item;
    int64_t first, last;
    unsigned channels;
    Day from, to;
    int64_t hour; /* 0: any */
} filters[] = {
    { no_organ, 0, "", 0, INT64_MAX, 0, 0, DAYS },
    { no_organ, 0, "", 0, INT64_MAX, 0, 7, 13 },
    { no_organ, 0, "", 330482103000, 330482103999, 0, 0, DAYS },
    { no_organ, 0, "", 330482103200, 330482103200, 1 << ONLINE, 0, DAYS },
    { no_organ, 0, "", 0, INT64_MAX, 1 << AT_TOWN | 1 << AT_VILLAGE, 3, 40 },
    { no_organ, 0, "", 0, INT64_MAX, 1 << AT_COUNTY | 1 << ONLINE, -500, 5000 },
    { one_organ, 1, "", 0, INT64_MAX, 0, 0, DAYS },
    { one_organ, 1, "", 330482102000, 330482102999, 1 << AT_VILLAGE, 0, DAYS },
    { one_organ, 1, "I-12", 0, INT64_MAX, 0, 0, DAYS },
    { one_organ, 1, "I-12", 330482103000, 330482103999, 1 << AT_TOWN | 1 << AT_VILLAGE, 5, 50 },
    { two_organs, 2, "I-04", 0, INT64_MAX, 0, 0, DAYS },
    { one_organ, 1, "I-99", 0, INT64_MAX, 0, 0, DAYS },
    { one_organ, 1, "", 0, INT64_MAX, 1 << AT_COUNTY, 0, DAYS, 9 },
    { no_organ, 0, "", 330482102000, 330482102999, 0, 0, DAYS, 16 },
};

static CaseAsk ask_of(enum case_measure of, const struct Filter *filter)
{
    return (CaseAsk){ .of = of, .from = first_day + filter->from, .to = first_day + filter->to, .first = filter->first,
                      .last = filter->last, .channels = filter->channels, .item = filter->item, .organs = filter->organs,
                      .organ_count = filter->organ_count, .is_of_hour = filter->hour > 0 && of == ACCEPTED_CASES, .hour = filter->hour };
}

static bool is_meant(const CaseAsk *ask, const Case *one)
{
    bool organ = ask->organ_count == 0;
    Day day = (Day)(case_counts_decided(ask->of) ? one->decided_on : one->accepted_on);
    for (size_t i = 0; i < ask->organ_count; i++)
        organ = organ || ask->organs[i] == one->organ;
    return organ && case_measure(one, ask->of) && day >= ask->from && day <= ask->to && one->place >= ask->first &&
           one->place <= ask->last && (!ask->channels || (ask->channels & 1u << one->channel)) &&
           (!*ask->item || strcmp(ask->item, one->item) == 0) && (!ask->is_of_hour || ask->hour == one->accepted_hour);
}

typedef void EachAsk(Bench *b, Db *db, const CaseAsk *ask);

static void ask_everything(Bench *b, EachAsk *each)
{
    Db *db = store_reader(b->store, NULL);
    for (int of = 0; of < SPENT_DAYS; of++)
        for (size_t i = 0; i < G_N_ELEMENTS(filters); i++) {
            CaseAsk ask = ask_of((enum case_measure)of, &filters[i]);
            each(b, db, &ask);
        }
    store_return(b->store, db);
}

/* ---- totals ---- */

static void total_is_the_recount(Bench *b, Db *db, const CaseAsk *ask)
{
    g_autoptr(GError) error = NULL;
    int64_t total, capped, recount = 0;
    for (guint i = 0; i < b->cases->len; i++)
        recount += is_meant(ask, &g_array_index(b->cases, Case, i));
    case_list_count(db, COUNTY, ask, INT64_MAX, &total, &error);
    g_assert_no_error(error);
    g_assert_cmpint(total, ==, recount);
    g_assert_true(case_list_count(db, COUNTY, ask, 20, &capped, NULL));
    g_assert_cmpint(capped, ==, MIN(recount, 20));
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

/* ---- pages ---- */

static void assert_meant_and_in_order(const CaseAsk *ask, const Case *before, const Case *one)
{
    bool decided = case_counts_decided(ask->of);
    g_assert_true(is_meant(ask, one));
    if (before)
        g_assert_cmpint(decided ? before->decided_on : before->accepted_on, >=, decided ? one->decided_on : one->accepted_on);
}

static void every_page_goes_on(Bench *b, Db *db, const CaseAsk *ask)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(Case));
    g_array_set_clear_func(rows, clear_case);
    g_auto(Case) after = { 0 };
    int64_t total;
    (void)b;
    do {
        g_array_set_size(rows, 0);
        g_assert_true(case_list_page(db, COUNTY, ask, after.number ? &after : NULL, 25, rows, NULL));
        for (guint i = 0; i < rows->len; i++) {
            const Case *one = &g_array_index(rows, Case, i);
            assert_meant_and_in_order(ask, after.number ? &after : NULL, one);
            g_assert_true(g_hash_table_add(seen, g_memdup2(&one->number, sizeof one->number)));
            case_clear(&after);
            record_copy(&case_record, one, &after);
        }
    } while (rows->len == 25);
    g_assert_true(case_list_count(db, COUNTY, ask, INT64_MAX, &total, NULL));
    g_assert_cmpint(g_hash_table_size(seen), ==, total);
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
enum { STEPS_MOST = 34000 };

static uint64_t steps_most = STEPS_MOST;

static void assert_cheap(Db *db, const char *what)
{
    uint64_t steps = engine_steps(db);
    if (steps > steps_most)
        g_error("%s takes %" PRIu64 " steps", what, steps);
}

static void a_list_is_cheap(Bench *b, Db *db, const CaseAsk *ask)
{
    int64_t count;
    g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(Case));
    g_array_set_clear_func(rows, clear_case);
    (void)b;
    engine_steps(db);
    g_assert_true(case_list_page(db, COUNTY, ask, NULL, 26, rows, NULL));
    assert_cheap(db, case_measure_names[ask->of]);
    g_assert_true(case_list_count(db, COUNTY, ask, 501, &count, NULL));
    assert_cheap(db, case_measure_names[ask->of]);
}

/* One page of the desks' lists, and its total. */
static void a_page_is_cheap(Db *db, const Post *post, const char *query)
{
    int64_t count;
    const ListPlace start = { 0 };
    const Actor actor = { .kind = STAFF, .posts = post, .post_count = 1 };
    const Request r = { .context = { .db = db, .county = COUNTY, .actor = &actor } };
    ListSeen seen;
    g_auto(ListAsk) ask = { 0 };
    g_autoptr(json_t) fields = fields_of_query(inbox_fields, query, NULL);
    g_autoptr(GArray) rows = list_rows_new();
    ListPage page = { .rows = rows };
    g_assert_true(list_ask(&inbox_list, &actor, fields, &ask, NULL));
    g_assert_true(list_seen(&r, ask.tab, &seen, NULL));
    engine_steps(db);
    g_assert_true(list_page_read(&r.context, &ask, &seen, 25, false, &page, NULL));
    assert_cheap(db, query);
    ListRangeOfRows all = list_range_of_rows(&ask, &seen, false, &start);
    g_assert_true(list_edge(&r.context, &all, &all.to, NULL));
    g_assert_true(list_count(&r.context, &all, 501, &count, NULL));
    assert_cheap(db, query);
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
    enum { STEPS_A_ROW = 60 };
    static const Post post = { CENTRE_ORGAN, 330482000000, SUPERVISOR };
    Bench b;
    bench_open(&b);
    grow(&b, MANY);
    Db *db = store_reader(b.store, NULL);
    steps_most = (uint64_t)inbox_list.bound * STEPS_A_ROW;
    a_page_is_cheap(db, &post, "list=all&state=draft&item=I-99&division=330482103000");
    steps_most = STEPS_MOST;
    store_return(b.store, db);
    bench_close(&b);
}

static void the_inbox_has_its_indexes(void)
{
    g_autoptr(GError) error = NULL;
    list_check(&inbox_list, &error);
    g_assert_no_error(error);
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
    g_test_add_func("/lists/pages miss none and repeat none", pages_miss_none_and_repeat_none);
    g_test_add_func("/lists/no list goes through all cases", no_list_goes_through_all_cases);
    g_test_add_func("/lists/a filter looks through no more than its bound", a_filter_looks_through_no_more_than_its_bound);
    g_test_add_func("/lists/the inbox has its indexes", the_inbox_has_its_indexes);
    return g_test_run();
}

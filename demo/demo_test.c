// SPDX-License-Identifier: Apache-2.0
/* The demo city: whole, sound, and the same from the same seed. */
#include "cases/cases.h"
#include "demo/demo.h"
#include "rooms_test.h"

#include <glib/gstdio.h>
#include <string.h>

enum { COUNTY = 330482, CASES = 100, BESIDE = 2 + 13 /* the parts of one joint application, cases of several organs, and those with a form filled in */, FEW = 12 };

typedef struct City {
    char *folder;
    Store *store;
    Files *files;
    Calendar *calendar;
    Context context;
    char *accounts;
} City;

static void make_city_in(City *city, const Room *const *with, int64_t county, uint64_t seed, const char *today, int64_t cases)
{
    g_autoptr(GError) error = NULL;
    const DemoSettings settings = { .name = "海宁\"市\"", .name_en = "Haining, a city", .seed = seed, .today = day_parse(today), .cases = cases };
    *city = (City){ .folder = g_dir_make_tmp("demo-XXXXXX", NULL) };
    g_autofree char *file = g_build_filename(city->folder, "city.db", NULL), *papers = g_strconcat(file, ".files", NULL);
    city->store = store_with_rooms(file, 2);
    if (county != COUNTY)
        store_use_personal(city->store, county, TEST_KEYS);
    city->files = files_open(papers, COUNTY, NULL, &error);
    g_assert_no_error(error);
    city->calendar = calendar_built_in();
    city->context = (Context){ .county = county, .calendar = city->calendar, .files = city->files, .random = random_secure,
                               .rooms = with };
    demo_make(city->store, &city->context, &settings, &city->accounts, &error);
    g_assert_no_error(error);
    city->context.db = store_reader(city->store, &error);
    g_assert_no_error(error);
}

static void make_city_of(City *city, int64_t county, uint64_t seed, const char *today, int64_t cases)
{
    make_city_in(city, rooms, county, seed, today, cases);
}

static void make_city(City *city, uint64_t seed, const char *today, int64_t cases)
{
    make_city_of(city, COUNTY, seed, today, cases);
}

static void clear_city(City *city)
{
    store_return(city->store, city->context.db);
    store_close(city->store);
    files_close(city->files);
    calendar_unref(city->calendar);
    remove_tree(city->folder);
    g_free(city->folder);
    g_free(city->accounts);
}

static bool hash_event(const Event *event, void *data, GError **error)
{
    GChecksum *sum = data;
    g_autofree char *line = g_strdup_printf("%" PRId64 " %s %" PRId64 " %s %" PRId64 " %s\n", event->number, event->subject,
                                            event->sequence, event->kind, event->at, event->payload);
    (void)error;
    g_checksum_update(sum, (const guchar *)line, -1);
    return true;
}

static char *hash_of(const City *city)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_assert_true(ledger_walk(city->context.db, COUNTY, hash_event, sum, NULL));
    return g_strdup(g_checksum_get_string(sum));
}

static char *hash_from(uint64_t seed, const char *today)
{
    City city;
    make_city(&city, seed, today, FEW);
    char *hash = hash_of(&city);
    clear_city(&city);
    return hash;
}

/* ---- tests ---- */

/* The rows are counted, as the ledger has no drafts; assert_sound compares the others with it. */
static void assert_every_state(const City *city)
{
    const Case *each;
    int64_t cases = 0, count[CASE_STATES] = { 0 };
    g_auto(RecordWalk) walk = { .db = city->context.db, .county = COUNTY, .record = case_kind.record };
    while ((each = record_next(&walk, NULL))) {
        count[each->state]++;
        cases++;
    }
    g_assert_false(walk.failed);
    for (int i = 0; i < CASE_STATES; i++)
        if (!count[i])
            g_error("no case is %s", case_state_names[i]);
    g_assert_cmpint(cases, ==, CASES + BESIDE);
}

static void assert_sound(const City *city)
{
    int64_t events = 0, cases = 0, subjects = 0;
    g_autoptr(GError) error = NULL;
    g_assert_true(ledger_check(city->context.db, COUNTY, NULL, &events, NULL));
    g_assert_cmpint(events, >, 5 * CASES);
    subject_verify_all(&city->context, NULL, &subjects, &error);
    g_assert_no_error(error);
    subject_verify(&city->context, &case_kind, NULL, NULL, &cases, &error);
    g_assert_no_error(error);
    g_assert_cmpint(subjects, >, cases);
    g_assert_cmpint(cases, ==, CASES + BESIDE);
}

static void the_same_seed_makes_the_same_city(void)
{
    g_autofree char *one = hash_from(7, "2015-06-01"), *again = hash_from(7, "2015-06-01");
    g_autofree char *other = hash_from(8, "2015-06-01"), *later = hash_from(7, "2015-06-02");
    g_assert_cmpstr(one, ==, again);
    g_assert_cmpstr(one, !=, other);
    g_assert_cmpstr(one, !=, later);
}

static bool note_fate(const Event *event, void *data, GError **error)
{
    (void)error;
    if (g_str_has_prefix(event->subject, "case/"))
        g_string_append_printf(data, "%s %s %" PRId64 "\n", event->subject, event->kind, event->at);
    return true;
}

/* The actions on all cases and their times, in a city of those rooms. Owned by the caller. */
static char *fates_with(const Room *const *with)
{
    City city;
    g_autoptr(GString) fates = g_string_new(NULL);
    make_city_in(&city, with, COUNTY, 3, "2015-06-01", FEW);
    g_assert_true(ledger_walk(city.context.db, COUNTY, note_fate, fates, NULL));
    clear_city(&city);
    return g_string_free(g_steal_pointer(&fates), FALSE);
}

static bool draw_at_a_change(const Context *context, const SubjectChange *change, GError **error)
{
    uint64_t drawn[3];
    (void)change, (void)error;
    context_random(context, drawn, sizeof drawn);
    return true;
}

static bool draw_at_night(const Context *context, Day day, GError **error)
{
    (void)day;
    return draw_at_a_change(context, NULL, error);
}

static void another_room_leaves_fates_as_they_are(void)
{
    static const Room drawing = { "drawing", .listens = draw_at_a_change, .demo = draw_at_night };
    g_autoptr(GPtrArray) more = g_ptr_array_new();
    for (const Room *const *room = rooms; *room; room++)
        g_ptr_array_add(more, (void *)(uintptr_t)*room);
    g_ptr_array_add(more, (void *)(uintptr_t)&drawing);
    g_ptr_array_add(more, NULL);
    g_autofree char *fates = fates_with(rooms), *same = fates_with((const Room *const *)(const void *)more->pdata);
    g_assert_nonnull(strstr(fates, "case.granted"));
    g_assert_cmpstr(fates, ==, same);
}

static void assert_accounts(const City *city)
{
    static const char *const accounts[] = { "  cun ", "  zhen ", "  fu ", "  shou ", "  shen ", "  pizhun ", "  ju ", "  xiang ", "  jian ", "  zhuren ", "  guan ", "  quan ", "  cha " };
    for (size_t i = 0; i < G_N_ELEMENTS(accounts); i++)
        if (!strstr(city->accounts, accounts[i]))
            g_error("no %s in:\n%s", accounts[i], city->accounts);
}

static void assert_not_made_twice(City *city)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *accounts = NULL, *before = hash_of(city);
    const DemoSettings settings = { .seed = 1, .today = day_parse("2014-09-03"), .cases = 1 };
    g_assert_false(demo_make(city->store, &city->context, &settings, &accounts, &error));
    g_assert_cmpuint(trouble_status(error), ==, CONFLICT);
    store_return(city->store, city->context.db);
    city->context.db = store_reader(city->store, NULL);
    g_autofree char *after = hash_of(city);
    g_assert_cmpstr(before, ==, after);
}

static bool note_act(const Event *event, void *data, GError **error)
{
    static const char *const acts[] = { "case.sent_up", "case.transferred", "case.applicant_changed" };
    unsigned *told = data;
    (void)error;
    for (size_t i = 0; i < G_N_ELEMENTS(acts); i++)
        *told |= strcmp(event->kind, acts[i]) == 0 ? 1u << i : 0;
    return true;
}

/* One case is with the town that examines it, one with the prefecture that decides it, one comes behind another of a limited number, one was
 * transferred, and one has another applicant. */
static void assert_several_organs(const City *city)
{
    const Case *each;
    unsigned told = 0;
    int limited = 0, below = 0, up = 0;
    g_auto(RecordWalk) walk = { .db = city->context.db, .county = COUNTY, .record = case_kind.record };
    while ((each = record_next(&walk, NULL))) {
        limited += strcmp(each->item, "AJJ-04") == 0 && each->state == REVIEW;
        below += strcmp(each->item, "ZJJ-10") == 0 && each->state == REVIEW && each->desk_organ == TOWN_CENTRE_ORGAN;
        up += strcmp(each->item, "JYJ-03") == 0 && strcmp(each->special, "sent_up") == 0;
    }
    g_assert_true(limited == 2 && below == 1 && up == 1);
    g_assert_true(ledger_walk(city->context.db, COUNTY, note_act, &told, NULL));
    g_assert_cmpuint(told, ==, 7);
}

static void a_city_is_whole(const void *today)
{
    City city;
    make_city(&city, 1, today, CASES);
    assert_every_state(&city);
    assert_several_organs(&city);
    assert_sound(&city);
    assert_accounts(&city);
    assert_not_made_twice(&city);
    clear_city(&city);
}

/* Places have the numbers of the tables; none has a name from there, and the county has its own name. */
static void another_county_has_places_of_its_own(void)
{
    enum { OTHER = 330481 };
    City city;
    int64_t cases;
    make_city_of(&city, OTHER, 1, "2026-11-23", FEW);
    g_autoptr(json_t) places = identity_places(city.context.db, OTHER, NULL);
    g_assert_cmpuint(json_array_size(places), ==, 145); /* that have a centre */
    for (size_t i = 0; i < json_array_size(places); i++) {
        const json_t *place = json_array_get(places, i);
        int64_t code = g_ascii_strtoll(json_text(place, "code"), NULL, 10);
        g_assert_cmpint(code / 1000000, ==, OTHER);
        g_assert_true(g_str_has_prefix(json_text(place, "name"), code % 1000000 ? "示例" : "海宁\"市\""));
        g_assert_true(g_str_has_prefix(json_text(place, "name_en"), code % 1000000 ? "Example " : "Haining, a city"));
    }
    g_assert_true(subject_verify(&city.context, &case_kind, NULL, NULL, &cases, NULL));
    g_assert_cmpint(cases, ==, FEW);
    g_assert_nonnull(strstr(city.accounts, "  cun "));
    clear_city(&city);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_data_func("/demo/a city is whole in 2014", "2014-09-03", a_city_is_whole);
    g_test_add_data_func("/demo/a city is whole in 2026", "2026-11-23", a_city_is_whole);
    g_test_add_func("/demo/another county has places of its own", another_county_has_places_of_its_own);
    g_test_add_func("/demo/another room leaves fates as they are", another_room_leaves_fates_as_they_are);
    g_test_add_func("/demo/the same seed makes the same city", the_same_seed_makes_the_same_city);
    return g_test_run();
}

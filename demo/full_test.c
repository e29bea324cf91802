// SPDX-License-Identifier: Apache-2.0
/* The whole city, a hundredth of it: its figures come out as published. */
#include "demo/room.h"
#include "indicators/indicators.h"
#include "rooms_test.h"

#include <math.h>
#include <string.h>

enum { COUNTY = 330482 };


typedef struct City {
    char *folder;
    Store *store;
    Context context;
} City;

static void make_city(City *city)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *accounts = NULL;
    const DemoSettings settings = { .seed = 1, .times = 0.01 };
    *city = (City){ .folder = g_dir_make_tmp("full-XXXXXX", NULL) };
    g_autofree char *file = g_build_filename(city->folder, "city.db", NULL), *papers = g_strconcat(file, ".files", NULL);
    city->store = store_with_rooms(file, 2);
    city->context = (Context){ .county = COUNTY, .calendar = calendar_built_in(), .files = files_open(papers, COUNTY, NULL, &error),
                               .random = random_secure, .rooms = rooms };
    g_assert_no_error(error);
    demo_make(city->store, &city->context, &settings, &accounts, &error);
    g_assert_no_error(error);
    city->context.db = store_reader(city->store, &error);
    g_assert_no_error(error);
}

static void clear_city(City *city)
{
    store_return(city->store, city->context.db);
    store_close(city->store);
    files_close((Files *)(uintptr_t)city->context.files);
    calendar_unref((Calendar *)(uintptr_t)city->context.calendar);
    remove_tree(city->folder);
    g_free(city->folder);
}

/* The value of a figure; NAN where it is not known. */
static double figure(const json_t *figures, const char *key)
{
    size_t i;
    json_t *each;
    json_array_foreach((json_t *)figures, i, each)
        if (strcmp(json_text(each, "key"), key) == 0)
            return json_is_number(json_object_get(each, "value")) ? json_number_value(json_object_get(each, "value")) : NAN;
    g_error("no figure %s", key);
}

static void a_hundredth_of_the_city_has_its_figures(void)
{
    City city;
    int64_t cases, subjects;
    make_city(&city);
    g_autoptr(GError) error = NULL;
    IndicatorAsk ask = { .from = day_from(2014, 1, 1), .to = day_from(2014, 9, 30) };
    g_autoptr(json_t) figures = indicators_figures(&city.context, &ask, &error);
    g_assert_no_error(error);
    g_assert_cmpfloat(figure(figures, "centre.cases"), ==, 4829 + 1817); /* each stream is rounded by itself */
    g_assert_cmpfloat(figure(figures, "towns.cases"), ==, 280 + 665);
    g_assert_cmpfloat_with_epsilon(figure(figures, "online.rate"), 27.34, 0.011);
    g_assert_cmpfloat_with_epsilon(figure(figures, "centre.speedup"), 86.33, 0.011); /* days are whole: one weighs a thousandth */
    g_assert_cmpfloat(figure(figures, "centre.satisfaction.on_the_spot"), >=, 99.85);
    g_assert_cmpfloat(figure(figures, "towns.on_time"), ==, 100);
    g_assert_cmpfloat(figure(figures, "towns.accuracy"), ==, 100);
    subject_verify_all(&city.context, NULL, &subjects, &error);
    g_assert_no_error(error);
    subject_verify(&city.context, &case_kind, NULL, NULL, &cases, &error);
    g_assert_no_error(error);
    g_assert_cmpint(subjects, >, cases);
    g_assert_cmpint(cases, >, 4829 + 1817 + 280 + 665);
    clear_city(&city);
}

static void nobody_made_up_twice_is_another(void)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (unsigned i = 1; i <= 20000; i++) {
        Person person;
        demo_person(i, &person);
        g_autoptr(GError) error = NULL;
        g_autofree char *number = identity_resident_id(person.id_number, &error);
        g_assert_no_error(error);
        g_assert_cmpstr(number, ==, person.id_number);
        g_assert_true(g_hash_table_add(seen, g_strdup(number)));
        g_free(identity_telephone(person.telephone, &error));
        g_assert_no_error(error);
        g_assert_true(g_utf8_validate(person.name, -1, NULL));
    }
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/demo/a hundredth of the city has its figures", a_hundredth_of_the_city_has_its_figures);
    g_test_add_func("/demo/nobody made up twice is another", nobody_made_up_twice_is_another);
    return g_test_run();
}

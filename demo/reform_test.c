// SPDX-License-Identifier: Apache-2.0
/* The reform of the demo city gives the published figures of the catalogue, each of them. */
#include "catalogue/catalogue.h"
#include "demo/reform.h"
#include "indicators/indicators.h"
#include "rooms_test.h"

#include <string.h>

enum { COUNTY = 330482 };

typedef struct City {
    char *folder;
    Store *store;
} City;

static const Actor the_system = { .kind = SYSTEM, .name = "" };

static Context context_of(Db *db)
{
    return (Context){ .db = db, .county = COUNTY, .actor = &the_system, .random = random_secure, .now = instant_at(day_from(2012, 12, 3), 600) };
}

static bool play(Db *db, void *data, GError **error)
{
    const Context context = context_of(db);
    const Embedded *divisions = embedded_find("data/divisions.csv"), *organs = embedded_find("data/organs.csv");
    (void)data;
    return identity_import_divisions(&context, divisions->bytes, divisions->size, error) &&
           identity_import_organs(&context, organs->bytes, organs->size, error) && demo_reform(&context, error);
}

static bool live_2014(Db *db, void *data, GError **error)
{
    const Context context = context_of(db);
    (void)data;
    for (Day day = day_from(2014, 1, 1); day <= day_from(2014, 9, 30); day++)
        if (!demo_reform_on(&context, day, error))
            return false;
    return true;
}

static void open_city(City *city)
{
    g_autoptr(GError) error = NULL;
    city->folder = g_dir_make_tmp("reform-XXXXXX", NULL);
    g_autofree char *file = g_build_filename(city->folder, "city.db", NULL);
    city->store = store_with_rooms(file, 2);
    g_test_timer_start();
    store_write(city->store, play, NULL, &error);
    g_assert_no_error(error);
    g_test_message("played in %.2f s", g_test_timer_elapsed());
}

static void close_city(City *city)
{
    store_close(city->store);
    remove_tree(city->folder);
    g_free(city->folder);
}

static const struct {
    const char *key;
    double value;
} published[] = {
    { "items.before.total", 700 }, { "items.before.license", 393 }, { "items.before.nonlicense", 235 },
    { "items.before.management", 72 }, { "items.now.total", 444 }, { "items.now.license", 294 },
    { "items.now.nonlicense", 119 }, { "items.now.management", 31 }, { "items.cut.total", 36.57 },
    { "items.cut.license", 25.19 }, { "items.cut.nonlicense", 49.36 }, { "items.cut.management", 56.94 },
    { "items.received.province", 152 }, { "items.received.prefecture", 260 },
    { "items.delegated.town.departments", 8 }, { "items.delegated.town", 53 }, { "items.delegated.village", 158 },
    { "items.delegated.zone.departments", 12 }, { "items.delegated.zone", 112 }, { "centre.departments", 31 },
    { "centre.items", 415 }, { "centre.items.license", 273 }, { "centre.items.nonlicense", 113 },
    { "centre.items.management", 29 }, { "centre.entry_rate", 93.47 }, { "towns", 8 }, { "villages", 135 },
    { "online.items", 108 }, { "online.items_rate", 24.32 },
};

static json_t *figures_of(Db *db, GError **error)
{
    const Context context = { .db = db, .county = COUNTY };
    return indicators_of_room(&context, &(IndicatorAsk){ .from = day_from(2014, 9, 30), .to = day_from(2014, 9, 30) }, &catalogue_room, error);
}

static void every_figure_is_as_published(void)
{
    City city;
    g_autoptr(GError) error = NULL;
    open_city(&city);
    store_write(city.store, live_2014, NULL, &error);
    g_assert_no_error(error);
    Db *db = store_reader(city.store, &error);
    g_autoptr(json_t) figures = figures_of(db, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(json_array_size(figures), ==, G_N_ELEMENTS(published));
    for (size_t i = 0; i < G_N_ELEMENTS(published); i++) {
        const json_t *figure = json_array_get(figures, i);
        g_test_message("%s", published[i].key);
        g_assert_cmpstr(json_text(figure, "key"), ==, published[i].key);
        g_assert_cmpfloat(json_number_value(json_object_get(figure, "value")), ==, published[i].value);
    }
    store_return(city.store, db);
    close_city(&city);
}

/* ---- the list behind a figure ---- */

static json_t *fields_of(const char *query)
{
    json_t *fields = json_object();
    g_auto(GStrv) pairs = g_strsplit(query, "&", -1);
    for (size_t i = 0; pairs[i]; i++) {
        g_auto(GStrv) pair = g_strsplit(pairs[i], "=", 2);
        json_object_set_new(fields, pair[0], strcmp(pair[1], "true") == 0 ? json_true() : json_string(pair[1]));
    }
    return fields;
}

static int64_t total_behind(Db *db, const char *link)
{
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) parts = g_strsplit(link, "?", 2);
    g_autoptr(json_t) fields = fields_of(parts[1]);
    Request r = { .context = context_of(db), .fields = fields };
    const Route *route = catalogue_room.routes;
    while (strcmp(route->path, parts[0]) != 0)
        route++;
    g_autoptr(json_t) answer = route->run(&r, &error);
    g_assert_no_error(error);
    return json_number(answer, "total");
}

static void the_list_behind_a_figure_is_as_long(void)
{
    City city;
    g_autoptr(GError) error = NULL;
    open_city(&city);
    store_write(city.store, live_2014, NULL, &error);
    g_assert_no_error(error);
    Db *db = store_reader(city.store, &error);
    g_autoptr(json_t) figures = figures_of(db, &error);
    size_t i;
    json_t *figure;
    json_array_foreach(figures, i, figure) {
        const json_t *value = json_object_get(figure, "value");
        g_test_message("%s: %s", json_text(figure, "key"), json_text(figure, "path"));
        int64_t total = total_behind(db, json_text(figure, "path"));
        if (json_is_integer(value)) /* a percentage has what it is of */
            g_assert_cmpint(total, ==, json_integer_value(value));
    }
    store_return(city.store, db);
    close_city(&city);
}

/* ---- what cases need ---- */

typedef struct Needs {
    int instant_for_persons, below, real;
} Needs;

static void look_at(Db *db, const char *code, Needs *needs)
{
    enum { BELOW = 1 << TOWN_LEVEL | 1 << VILLAGE_LEVEL };
    g_autoptr(GError) error = NULL;
    g_autoptr(Item) item = catalogue_item_on(db, COUNTY, code, day_from(2014, 9, 30), &error);
    g_assert_no_error(error);
    needs->instant_for_persons += item->instant && item->for_person;
    needs->below += (item->steps[0].levels & BELOW) != 0;
    if (!g_str_has_prefix(code, "ZZ"))
        needs->real++;
    else
        g_assert_true(strstr(item->name, "虚构") && strstr(item->name_en, "made up"));
}

static void the_items_of_2014_are_there_when_the_year_begins(void)
{
    enum { ITEMS = 444, REAL = 91 };
    City city;
    Needs needs = { 0 };
    g_autoptr(GError) error = NULL;
    open_city(&city);
    Db *db = store_reader(city.store, &error);
    g_autoptr(json_t) found = catalogue_search(db, COUNTY, day_from(2014, 9, 30), "", INT32_MAX, &error);
    g_assert_no_error(error);
    const json_t *items = json_object_get(found, "items");
    g_assert_cmpuint(json_array_size(items), ==, ITEMS);
    for (size_t i = 0; i < ITEMS; i++)
        look_at(db, json_text(json_array_get(items, i), "code"), &needs);
    g_assert_cmpint(needs.real, ==, REAL);
    g_assert_cmpint(needs.instant_for_persons * 10, >=, ITEMS * 4);
    g_assert_cmpint(needs.below * 3, >=, ITEMS);
    store_return(city.store, db);
    close_city(&city);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/demo/every figure of the catalogue is as published", every_figure_is_as_published);
    g_test_add_func("/demo/the list behind a figure is as long", the_list_behind_a_figure_is_as_long);
    g_test_add_func("/demo/the items of 2014 are there when the year begins", the_items_of_2014_are_there_when_the_year_begins);
    return g_test_run();
}

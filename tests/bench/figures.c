// SPDX-License-Identifier: Apache-2.0
/* Counters as large as a city's. Usage: figures DATABASE CASES: lets made-up cases be counted in a demo county, from the
 * 1st of January on which today's year begins, through the follower that counts the real ones; their cases are not there,
 * so only pages of figures may be measured with it. */
#include "indicators/indicators.h"
#include "rooms.h"

#include <stdio.h>
#include <stdlib.h>

enum { COUNTY = 330482, DAYS = 273, ORGANS = 31, ITEMS = 444, AT_ONCE = 5000, PLACES_MOST = 200 };

typedef struct City {
    int64_t cases, next;
    Day first;
    RandomSeed random;
    const char *items[ITEMS];
    int64_t places[PLACES_MOST]; /* towns and villages */
    int place_count;
} City;

static int draw(City *self, int below)
{
    uint64_t drawn;
    random_repeatable(&self->random, &drawn, sizeof drawn);
    return (int)(drawn % (uint64_t)below);
}

/* A few items make most of the work, as everywhere. */
static int draw_often_first(City *self, int below)
{
    double part = draw(self, 1 << 20) / (double)(1 << 20);
    return (int)(part * part * below);
}

static Case made_up(City *self, Day day)
{
    enum { CENTRE = 876, COUNTER = 636, OF_ALL = 1000 };
    int item = draw_often_first(self, ITEMS), channel = draw(self, OF_ALL);
    Case made = { .state = GRANTED, .item = (char *)(uintptr_t)self->items[item], .organ = 1 + item % ORGANS,
                  .accepted_on = day, .decided_on = day + draw(self, 5), .decision = GRANTED_IT, .spent = draw(self, 4), .kept = 1,
                  .statutory_days = 20, .promised_days = 7, .rated = draw(self, 3) ? 5 : 0 };
    made.place = channel < COUNTER ? division_county(COUNTY) : self->places[draw(self, self->place_count)];
    made.channel = channel < COUNTER ? AT_COUNTY : channel < CENTRE ? ONLINE :
                   division_level(made.place) == TOWN_LEVEL ? AT_TOWN : AT_VILLAGE;
    if (draw(self, 50) == 0) {
        made.state = REVIEW;
        made.decided_on = made.decision = made.rated = 0;
        made.overdue = draw(self, 4) == 0;
    }
    return made;
}

static bool count_some(Db *db, void *data, GError **error)
{
    City *self = data;
    Context context = { .db = db, .county = COUNTY, .rooms = rooms };
    int64_t end = MIN(self->next + AT_ONCE, self->cases);
    for (; self->next < end; self->next++) {
        Day day = self->first + (Day)(self->next * DAYS / self->cases);
        Case after = made_up(self, day);
        const SubjectChange turn = { NULL, &case_kind, NULL, NULL, &after };
        draw(self, 500);
        if (!indicators_follow(&context, &turn, error))
            return false;
    }
    return true;
}

static bool read_places(City *self, Db *db, GError **error)
{
    g_autoptr(json_t) places = identity_places(db, COUNTY, error);
    size_t i;
    json_t *place;
    json_array_foreach(places, i, place)
        if (self->place_count < PLACES_MOST)
            self->places[self->place_count++] = division_code(place);
    return places != NULL;
}

static bool read_city(City *self, Store *store, GError **error)
{
    Db *db = store_reader(store, error);
    g_autoptr(json_t) found = db ? catalogue_search(db, COUNTY, day_of(g_get_real_time() / 1000), "", ITEMS, error) : NULL;
    const json_t *items = json_object_get(found, "items");
    bool read = found && read_places(self, db, error);
    for (size_t i = 0; i < ITEMS; i++) {
        g_autofree char *other = g_strdup_printf("ZZ-%03zu", i);
        self->items[i] = g_intern_string(i < json_array_size(items) ? json_text(json_array_get(items, i), "code") : other);
    }
    store_return(store, db);
    return read;
}

int main(int argc, char **argv)
{
    int year, month, day;
    g_autoptr(GError) error = NULL;
    base_start();
    day_split(day_of(g_get_real_time() / 1000), &year, &month, &day);
    City city = { .cases = argc == 3 ? g_ascii_strtoll(argv[2], NULL, 10) : 0, .first = day_from(year, 1, 1) };
    g_autoptr(Store) store = city.cases ? store_open(argv[1], 2, &error) : NULL;
    bool made = store && read_city(&city, store, &error);
    random_seed(&city.random, 1);
    while (made && city.next < city.cases)
        made = store_write(store, count_some, &city, &error);
    if (!made)
        fprintf(stderr, "%s\n", error ? error->message : "usage: figures DATABASE CASES");
    return made ? EXIT_SUCCESS : EXIT_FAILURE;
}

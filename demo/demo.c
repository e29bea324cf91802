// SPDX-License-Identifier: Apache-2.0
/* The days of the demo city, one after the other: each is one transaction. */
#include "demo/reform.h"
#include "demo/room.h"

#include <string.h>

static const Actor the_system = { .kind = SYSTEM, .name = "" };

enum { STAFF_CAME = 150, ALARMS_AT_ONCE = 100000 }; /* days before today; cases */
enum { ITEMS_OF_TABLE = 91, ITEMS_OF_REFORM = 745 }; /* as the first city had them, with the reform itself */

static uint32_t next_word(Demo *self)
{
    uint32_t drawn;
    random_repeatable(&self->fates, &drawn, sizeof drawn);
    return drawn;
}

unsigned demo_draw(Demo *self, unsigned below)
{
    return (unsigned)((uint64_t)next_word(self) * below >> 32);
}

void demo_skip(Demo *self, unsigned words)
{
    while (words--)
        next_word(self);
}

void demo_skip_begun(Demo *self)
{
    while (next_word(self) >= 4294000000u) /* as passwords were drawn when the city was first made */
        ;
    demo_skip(self, SALT_WORDS);
}

/* ---- the county ---- */

/* The whole city was there before its reform. */
static Day founded_on(const DemoSettings *settings)
{
    return settings->times > 0 ? day_from(2012, 12, 19) : settings->today - STAFF_CAME;
}

/* The whole city goes through its reform before anybody applies. */
static Day lives_from(const Demo *self)
{
    return self->settings.times > 0 ? day_from(2014, 1, 1) : founded_on(&self->settings);
}

static bool is_empty(const Demo *self, GError **error)
{
    g_autoptr(json_t) organs = identity_organs(self->context.db, self->context.county, error);
    if (!organs)
        return false;
    return json_array_size(organs) == 0 || refuse(error, CONFLICT, "demo.not_empty", NULL);
}

static bool import_tables(const Demo *self, GError **error)
{
    int64_t changed;
    g_autoptr(Calendar) calendar = NULL;
    g_autofree char *divisions = demo_divisions(self, error), *organs = divisions ? demo_organs(self, error) : NULL;
    const Embedded *items = embedded_find("data/items.csv"), *holidays = embedded_find("data/holidays.csv");
    return organs && calendar_import(&self->context, holidays->bytes, holidays->size, "data/holidays.csv", day_of(self->context.now), &calendar, error) &&
           identity_import_divisions(&self->context, divisions, strlen(divisions), error) &&
           identity_import_organs(&self->context, organs, strlen(organs), error) &&
           (self->settings.times > 0 ? demo_reform(&self->context, error)
                                 : catalogue_import(&self->context, items->bytes, items->size, day_of(self->context.now), &changed, error)) &&
           demo_levels_items(self, error);
}

/* The item the story is told of: for persons, taken in at the village, seen first by the town, which
 * also prints its licence, with an expert review on the way. */
static bool is_story(const Item *item)
{
    size_t issue = catalogue_step(item, STEP_ISSUE, 0);
    bool expert = false;
    for (size_t i = 0; i < item->special_count; i++)
        expert = expert || strcmp(item->specials[i].kind, "expert_review") == 0;
    return expert && item->for_person && (item->steps[0].levels & 1u << VILLAGE_LEVEL) &&
           catalogue_step(item, STEP_PREREVIEW, 0) != SIZE_MAX && issue != SIZE_MAX &&
           (item->steps[issue].levels & 1u << TOWN_LEVEL);
}

static bool load_items(Demo *self, Day day, GError **error)
{
    g_autoptr(json_t) found = catalogue_search(self->context.db, self->context.county, day, "", INT32_MAX, error);
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(found, "items"), i, row) {
        Item *item = catalogue_item_on(self->context.db, self->context.county, json_text(row, "code"), day, error);
        if (!item)
            return false;
        g_ptr_array_add(self->items, item);
        self->story = !self->story && is_story(item) ? item : self->story;
    }
    return found && (self->story || fault(error, "demo: no item fits the story"));
}

static bool load_county(Demo *self, GError **error)
{
    static const char *const columns[] = { "kind", "name", "id_number", "telephone", "division", "contact", NULL };
    const Embedded *people = embedded_find("data/people.csv");
    self->people = csv_read(people->bytes, people->size, columns, error);
    self->places = identity_places(self->context.db, self->context.county, error);
    self->organs = self->places ? identity_organs(self->context.db, self->context.county, error) : NULL;
    return self->people && self->organs && load_items(self, lives_from(self), error);
}

static bool replace_items(Demo *self, GError **error)
{
    for (guint i = 0; i < self->items->len; i++)
        g_ptr_array_add(self->old_items, self->items->pdata[i]);
    g_free(g_ptr_array_steal(self->items, NULL)); /* the array of pointers alone */
    return load_items(self, day_of(self->context.now), error);
}

/* The changes of the catalogue on a day; `items` are then those in force. */
static bool new_items(Demo *self, Day day, GError **error)
{
    int64_t before, after;
    const Context *context = &self->context;
    return ledger_size(context->db, context->county, &before, error) && demo_reform_on(context, day, error) &&
           ledger_size(context->db, context->county, &after, error) && (before == after || replace_items(self, error));
}

static bool make_seals(const Demo *self, GError **error)
{
    size_t i;
    json_t *organ;
    json_array_foreach(self->organs, i, organ)
        if (!files_seal_organ(&self->context, json_number(organ, "number"), NULL, "", error))
            return false;
    return true;
}

static bool found_county(Db *db, void *data, GError **error)
{
    Demo *demo = data;
    demo->context.db = db;
    demo->context.actor = &the_system;
    demo->context.now = instant_at(founded_on(&demo->settings), OFFICE_OPENS);
    if (!is_empty(demo, error) || !import_tables(demo, error) || !load_county(demo, error))
        return false;
    demo_skip(demo, SALT_WORDS * (demo->settings.times > 0 ? ITEMS_OF_REFORM : ITEMS_OF_TABLE));
    if (!make_seals(demo, error) || !demo_staff(demo, demo->told, error) || !credentials_demand(&demo->context, 0, error))
        return false;
    g_string_append_printf(demo->told, "\n  试办 try: %s %s  |  %s\n", demo->story->code, demo->story->name, demo->story->name_en);
    return true;
}

/* ---- who goes on first ---- */

static bool is_before(const Play *a, const Play *b)
{
    return a->at < b->at || (a->at == b->at && a->serial < b->serial);
}

static void swap(GPtrArray *heap, guint i, guint j)
{
    gpointer kept = heap->pdata[i];
    heap->pdata[i] = heap->pdata[j];
    heap->pdata[j] = kept;
}

void demo_wait(Demo *self, Play *play)
{
    GPtrArray *heap = self->waiting;
    g_ptr_array_add(heap, play);
    for (guint i = heap->len - 1; i > 0 && is_before(heap->pdata[i], heap->pdata[(i - 1) / 2]); i = (i - 1) / 2)
        swap(heap, i, (i - 1) / 2);
}

static Play *pop(GPtrArray *heap)
{
    Play *first = heap->pdata[0];
    swap(heap, 0, heap->len - 1);
    g_ptr_array_set_size(heap, (gint)heap->len - 1);
    guint i = 0, child = 1;
    while (child < heap->len) {
        if (child + 1 < heap->len && is_before(heap->pdata[child + 1], heap->pdata[child]))
            child++;
        if (!is_before(heap->pdata[child], heap->pdata[i]))
            break;
        swap(heap, i, child);
        i = child;
        child = 2 * i + 1;
    }
    return first;
}

/* ---- days ---- */

void demo_play_free(Play *play)
{
    case_clear(&play->present);
    g_free(play);
}

/* In the whole city a row is first written when its case rests, or when the system has to find it before the case goes on, and
 * then as often as it changes; until then the case is in hand. Nobody reads the city before it is whole. */
static bool is_to_be_found(const Demo *self, const Play *play)
{
    const Case *present = &play->present;
    return !self->full || !play->at || !(present->unwritten & RECORD_WHOLE) || (present->alarm_at && present->alarm_at <= play->at);
}

/* After its last action of a day: who goes on later waits, who rests for good is forgotten in the whole city. */
static bool put_down(Demo *self, Play *play, GError **error)
{
    if (is_to_be_found(self, play) && !demo_put_down(self, play, error))
        return false;
    if (play->at)
        demo_wait(self, play);
    else if (self->full)
        demo_play_free(play);
    return true;
}

bool demo_live_until(Demo *self, Instant end, GError **error)
{
    while (self->waiting->len && ((Play *)self->waiting->pdata[0])->at < end) {
        Play *play = pop(self->waiting);
        if (!demo_go_on(self, play, error))
            return false;
        if (play->at && play->at < end)
            demo_wait(self, play);
        else if (!put_down(self, play, error))
            return false;
    }
    return true;
}

bool demo_night(Demo *self, Day day, GError **error)
{
    int64_t done;
    self->context.actor = &the_system;
    self->context.now = instant_at(day, 1);
    if (!timers_take(&self->context, ALARMS_AT_ONCE, &done, error) || (self->full && !new_items(self, day, error)))
        return false;
    for (const Room *const *room = self->context.rooms; *room; room++)
        if ((*room)->demo && !(*room)->demo(&self->context, day, error))
            return false;
    return true;
}

static bool live_a_day(Db *db, void *data, GError **error)
{
    Demo *self = data;
    self->context.db = db;
    if (!demo_night(self, self->day, error))
        return false;
    for (guint i = 0; i < self->plays->len; i++)
        demo_skip_night(self, self->plays->pdata[i]);
    bool is_last = self->day == self->settings.today - 1;
    return demo_live_until(self, instant_at(self->day + 1, 0), error) && demo_levels(self, self->day, error) && (!is_last || (demo_licences(self, error) && demo_joint(self, error) && demo_originals(self, error) && demo_slips(self, error)));
}

static bool live(Demo *self, Store *store, GError **error)
{
    self->day = self->settings.today;
    for (int64_t i = 0; i < self->settings.cases; i++) {
        Play *play = g_new(Play, 1);
        demo_cast(self, play, i);
        g_ptr_array_add(self->plays, play);
        demo_wait(self, play);
        self->day = MIN(self->day, day_of(play->at));
    }
    for (; self->day < self->settings.today; self->day++) {
        if (!store_write(store, live_a_day, self, error))
            return false;
        if (self->settings.progress)
            self->settings.progress(self->day, self->begun, self->settings.cases);
    }
    return true;
}

/* ---- the whole ---- */

static void clear(Demo *self)
{
    g_ptr_array_unref(self->items);
    g_ptr_array_unref(self->old_items);
    g_ptr_array_unref(self->workers);
    g_ptr_array_unref(self->waiting);
    g_ptr_array_unref(self->plays);
    g_hash_table_unref(self->seats);
    g_hash_table_unref(self->scans);
    g_clear_pointer(&self->people, csv_table_free);
    json_decref(self->places);
    json_decref(self->organs);
}

bool demo_make(Store *store, const Context *world, const DemoSettings *settings, char **accounts, GError **error)
{
    Demo demo = { .settings = *settings, .context = *world };
    demo.items = g_ptr_array_new_with_free_func((GDestroyNotify)catalogue_item_free);
    demo.old_items = g_ptr_array_new_with_free_func((GDestroyNotify)catalogue_item_free);
    demo.workers = g_ptr_array_new_with_free_func(g_free);
    demo.waiting = g_ptr_array_new();
    demo.plays = g_ptr_array_new_with_free_func((GDestroyNotify)demo_play_free);
    demo.seats = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    demo.scans = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, demo_scan_free);
    random_seed(&demo.fates, settings->seed);
    random_seed(&demo.random, ~settings->seed);
    demo.context.random = random_repeatable;
    demo.context.random_state = &demo.random;
    g_autoptr(GString) told = demo.told = g_string_new(NULL);
    bool made = store_write(store, found_county, &demo, error) &&
                (settings->times > 0 ? full_live(&demo, store, error) : live(&demo, store, error));
    if (made)
        *accounts = g_strdup(told->str);
    clear(&demo);
    return made;
}

// SPDX-License-Identifier: Apache-2.0
/* Cache values: shared by all connections, and never older than the snapshot they are asked in. */
#include "db/fixture_test.h"

enum { COUNTY = 330482 };

static void keep(Db *db, const char *value)
{
    g_autoptr(json_t) json = json_string(value);
    db_cache_put(db, COUNTY, "organ/1", json);
}

/* The cached text, or "". Owned by the caller. */
static char *kept(Db *db, int64_t county)
{
    g_autoptr(json_t) json = db_cache_get(db, county, "organ/1");
    return g_strdup(json ? json_string_value(json) : "");
}

#define ASSERT_KEPT(db, value)                                                                     \
    do {                                                                                           \
        g_autofree char *found = kept(db, COUNTY);                                                 \
        g_assert_cmpstr(found, ==, value);                                                         \
    } while (0)

static bool change(Db *db, void *data, GError **error)
{
    (void)data;
    return db_reference_changed(db, COUNTY, error);
}

/* As an import that reads what it has just changed, and is then refused. */
static bool change_in_vain(Db *db, void *data, GError **error)
{
    (void)data;
    g_assert_true(db_reference_changed(db, COUNTY, NULL));
    ASSERT_KEPT(db, "");
    keep(db, "never was");
    ASSERT_KEPT(db, "");
    return refuse(error, CONFLICT, "base.not_found", NULL);
}

static bool take(Db *db, void *data, GError **error)
{
    (void)error;
    ASSERT_KEPT(db, data);
    return true;
}

static void cached_value_is_shared_by_all_connections(Fixture *fixture, const void *data)
{
    (void)data;
    have_notes(fixture);
    Db *one = store_reader(fixture->store, NULL), *other = store_reader(fixture->store, NULL);
    ASSERT_KEPT(one, "");
    keep(one, "old");
    ASSERT_KEPT(one, "old");
    ASSERT_KEPT(other, "old");
    g_autofree char *elsewhere = kept(one, COUNTY + 1);
    g_assert_cmpstr(elsewhere, ==, "");
    ASSERT_KEPT(one, "old"); /* also after another county's number was read */
    store_return(fixture->store, one);
    store_return(fixture->store, other);
    g_assert_true(store_write(fixture->store, take, (void *)"old", NULL));
}

static void reference_change_expires_cached_values(Fixture *fixture, const void *data)
{
    (void)data;
    have_notes(fixture);
    Db *before = store_reader(fixture->store, NULL);
    keep(before, "old");
    g_assert_true(store_write(fixture->store, change, NULL, NULL));
    ASSERT_KEPT(before, "old");
    Db *after = store_reader(fixture->store, NULL);
    ASSERT_KEPT(after, "");
    keep(after, "new");
    ASSERT_KEPT(after, "new");
    ASSERT_KEPT(before, "");
    store_return(fixture->store, before);
    store_return(fixture->store, after);
}

static void rolled_back_change_caches_nothing(Fixture *fixture, const void *data)
{
    (void)data;
    have_notes(fixture);
    Db *reader = store_reader(fixture->store, NULL);
    keep(reader, "old");
    store_return(fixture->store, reader);
    g_assert_false(store_write(fixture->store, change_in_vain, NULL, NULL));
    g_assert_true(store_write(fixture->store, take, (void *)"old", NULL));
    g_assert_true(store_write(fixture->store, change, NULL, NULL));
    g_assert_true(store_write(fixture->store, take, (void *)"", NULL));
}

static bool keep_and_take(Db *db, void *data, GError **error)
{
    keep(db, data);
    return take(db, data, error);
}

/* A server's connection carries on what it knows of a county, but not that its version was raised. */
static void write_after_a_change_uses_the_cache(Fixture *fixture, const void *data)
{
    (void)data;
    have_notes(fixture);
    store_set_county(fixture->store, COUNTY);
    g_assert_true(store_write(fixture->store, change, NULL, NULL));
    g_assert_true(store_write(fixture->store, keep_and_take, (void *)"new", NULL));
    g_assert_true(store_write(fixture->store, take, (void *)"new", NULL));
}

enum { TIMES = 500 };

/* Every value says under which number it was made: a reader must see just its snapshot's. */
static void *read_on(void *data)
{
    Fixture *fixture = data;
    for (int i = 0; i < TIMES; i++) {
        Db *db = store_reader(fixture->store, NULL);
        int64_t number = ask(db, "/* all counties */ SELECT COALESCE(MAX(next), 0) FROM ids WHERE name = 'reference'");
        g_autoptr(json_t) json = db_cache_get(db, COUNTY, "number");
        if (!json)
            json = json_pack("{s:I}", "number", number);
        db_cache_put(db, COUNTY, "number", json);
        g_assert_cmpint(json_number(json, "number"), ==, number);
        store_return(fixture->store, db);
    }
    return NULL;
}

static void threads_share_cached_values_during_changes(Fixture *fixture, const void *data)
{
    (void)data;
    have_notes(fixture);
    pthread_t threads[2];
    for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
        g_assert_cmpint(pthread_create(&threads[i], NULL, read_on, fixture), ==, 0);
    for (int i = 0; i < TIMES / 10; i++)
        g_assert_true(store_write(fixture->store, change, NULL, NULL));
    for (size_t i = 0; i < G_N_ELEMENTS(threads); i++)
        pthread_join(threads[i], NULL);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
#define ON_BOTH(name, test) add_on_both("/db/cache/" name, test)
    ON_BOTH("cached value is shared by all connections", cached_value_is_shared_by_all_connections);
    ON_BOTH("reference change expires cached values", reference_change_expires_cached_values);
    ON_BOTH("rolled back change caches nothing", rolled_back_change_caches_nothing);
    ON_BOTH("write after a change uses the cache", write_after_a_change_uses_the_cache);
    ON_BOTH("threads share cached values during changes", threads_share_cached_values_during_changes);
    return g_test_run();
}

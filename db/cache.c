// SPDX-License-Identifier: Apache-2.0
/* Cached values made of reference data, shared by all connections. A write that changes reference data raises a version
 * number in the same transaction. A connection reads that number in the snapshot from which it would read the data, so a
 * value cached under the same number was made of the same rows. A transaction that has raised the number neither reads nor
 * fills the cache, because it may be rolled back and its number be used again. A value of an older number is replaced when it
 * is next made, so there are never more values than keys. A look-up without a snapshot may cache a value newer than its
 * number: other connections see that change a moment early, never late. */
#include "db/engine.h"

#include <string.h>

#if !JANSSON_THREAD_SAFE_REFCOUNT
#error "this jansson cannot share values between threads"
#endif

/* jansson promises that counts may be changed from several threads (JANSSON_THREAD_SAFE_REFCOUNT). It
 * looks at a count plainly before it changes it atomically, and frees without an acquire, which no machine
 * we run on reorders; the sanitizer cannot know. */
const char *__tsan_default_suppressions(void);
const char *__tsan_default_suppressions(void)
{
    return "race:json_incref\nrace:json_decref\nrace:libjansson\n";
}

static const char series[] = "reference";

typedef struct Name {
    int64_t county;
    char *key;
} Name;

typedef struct Value {
    int64_t version;
    void *held;               /* a json_t, or a box */
    void (*let_go)(void *held);
} Value;

struct Cache {
    pthread_mutex_t lock;
    GHashTable *values;
};

static guint name_hash(const void *name)
{
    const Name *self = name;
    return g_str_hash(self->key) ^ (guint)self->county;
}

static int name_equal(const void *a, const void *b)
{
    const Name *one = a, *other = b;
    return one->county == other->county && strcmp(one->key, other->key) == 0;
}

static void name_free(void *name)
{
    g_free(((Name *)name)->key);
    g_free(name);
}

static void value_free(void *value)
{
    Value *self = value;
    self->let_go(self->held);
    g_free(self);
}

Cache *cache_open(void)
{
    Cache *self = g_new0(Cache, 1);
    pthread_mutex_init(&self->lock, NULL);
    self->values = g_hash_table_new_full(name_hash, name_equal, name_free, value_free);
    return self;
}

void cache_close(Cache *self)
{
    g_hash_table_unref(self->values);
    pthread_mutex_destroy(&self->lock);
    g_free(self);
}

/* ---- the version ---- */

/* The version needs no writing: the series does that. One that the transaction has raised is not carried on. */
static bool version_flush(Db *self, int64_t county, void *version, GError **error)
{
    (void)self, (void)county, (void)version, (void)error;
    return true;
}

static CacheVersion *version_of(Db *self, int64_t county)
{
    bool fresh;
    CacheVersion *version = db_transaction_state(self, county, version_flush, sizeof *version, &fresh);
    if (version)
        db_transaction_state_carry(self, county, version_flush, !version->changed);
    return version ? version : &self->cache_version;
}

void db_cache_version(Db *self, int64_t county, int64_t number)
{
    CacheVersion *version = version_of(self, county);
    version->county = county;
    version->number = number;
}

/* A failure here is reported when the caller goes on to read the data. */
bool cache_is_open(Db *self, int64_t county)
{
    const CacheVersion *version = version_of(self, county);
    if (!self->cache || version->changed || version->county == county)
        return self->cache && !version->changed;
    g_autoptr(DbRows) rows = db_query(self, "SELECT " DB_CACHE_VERSION, WITH(db_int("county", county)), NULL);
    if (db_next(rows, NULL))
        db_cache_version(self, county, db_column_int(rows, 0));
    return !db_failed(rows);
}

bool db_reference_changed(Db *self, int64_t county, GError **error)
{
    int64_t number;
    version_of(self, county)->changed = true;
    if (db_is_writer(self))
        db_transaction_state_carry(self, county, version_flush, false);
    return db_next_id(self, county, series, &number, error);
}

/* ---- the values ---- */

typedef void *Hold(void *held);

static void *hold_json(void *json)
{
    return json_incref(json);
}

static void let_json_go(void *json)
{
    json_decref(json);
}

static void *hold_box(void *box)
{
    return g_atomic_rc_box_acquire(box);
}

/* The reader takes its reference under the lock, so that the value cannot be released meanwhile. */
static void *look_up(Db *self, int64_t county, const char *key, Hold *hold)
{
    if (!cache_is_open(self, county))
        return NULL;
    const Name name = { county, (char *)(uintptr_t)key };
    int64_t version = version_of(self, county)->number;
    pthread_mutex_lock(&self->cache->lock);
    const Value *value = g_hash_table_lookup(self->cache->values, &name);
    void *found = value && value->version == version ? hold(value->held) : NULL;
    pthread_mutex_unlock(&self->cache->lock);
    return found;
}

static void put(Db *self, int64_t county, const char *key, const Value *made)
{
    const Name name = { county, g_strdup(key) };
    pthread_mutex_lock(&self->cache->lock);
    g_hash_table_replace(self->cache->values, g_memdup2(&name, sizeof name), g_memdup2(made, sizeof *made));
    pthread_mutex_unlock(&self->cache->lock);
}

json_t *db_cache_get(Db *self, int64_t county, const char *key)
{
    return look_up(self, county, key, hold_json);
}

void db_cache_put(Db *self, int64_t county, const char *key, json_t *json)
{
    if (json && cache_is_open(self, county))
        put(self, county, key, &(Value){ version_of(self, county)->number, json_incref(json), let_json_go });
}

void *db_cache_get_box(Db *self, int64_t county, const char *key)
{
    return look_up(self, county, key, hold_box);
}

void db_cache_put_box(Db *self, int64_t county, const char *key, void *box, void let_go(void *box))
{
    if (box && cache_is_open(self, county))
        put(self, county, key, &(Value){ version_of(self, county)->number, hold_box(box), let_go });
}

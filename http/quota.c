// SPDX-License-Identifier: Apache-2.0
/* Quotas are counted in memory: whoever is over one costs no write, and nothing of who asked stays on the disk. What is counted is at
 * most what may be done within an hour, which bounds the memory. */
#include "http/state.h"

enum { HOUR_MS = 60 * MINUTE_MS, SCARCE = 10, SECOND_MS = 1000 };

typedef struct Use {
    Instant since;
    int count;
} Use;

struct Quotas {
    pthread_mutex_t lock;
    GHashTable *uses; /* what is counted -> Use */
    Instant swept_at;
};

/* ---- counting ---- */

static gboolean is_over(gpointer key, gpointer use, gpointer now)
{
    (void)key;
    return *(const Instant *)now - ((const Use *)use)->since >= HOUR_MS;
}

static void sweep(struct Quotas *self, Instant now)
{
    if (now - self->swept_at < HOUR_MS)
        return;
    g_hash_table_foreach_remove(self->uses, is_over, &now);
    self->swept_at = now;
}

/* NULL: it does not count. */
static char *key_of(const Request *r, const Quota *quota, const char *what, const char *address)
{
    if (quota->by_address && !*address)
        return NULL;
    return g_strdup_printf("%" PRId64 "\n%s\n%s\n%s", r->context.county, quota->name, quota->by_what ? what : "", quota->by_address ? address : "");
}

static Use *use_of(struct Quotas *self, const char *key, Instant now)
{
    Use *use = g_hash_table_lookup(self->uses, key);
    if (use && is_over(NULL, use, &now))
        *use = (Use){ .since = now };
    if (use)
        return use;
    use = g_new0(Use, 1);
    use->since = now;
    g_hash_table_insert(self->uses, g_strdup(key), use);
    return use;
}

/* ---- judging ---- */

static bool is_of_all(const Quota *quota)
{
    return !quota->by_what && !quota->by_address;
}

static void *refuse_until(const Request *r, const Quota *quota, Instant ends, GError **error)
{
    g_autofree char *until = view_instant(CHINESE, ends), *until_en = view_instant(ENGLISH, ends);
    r->state->retry_seconds = (int)((ends - r->context.now) / SECOND_MS) + 1;
    return refuse(error, is_of_all(quota) ? BUSY : TOO_MANY, quota->reason, "until", until, "until_en", until_en, NULL);
}

int http_limit_of(const Request *r, enum http_limit which)
{
    return r->state->http->settings.limits[which];
}

typedef struct Count {
    char *key;
    Use *use;
} Count;

static int most_of(const Request *r, const Quota *quota, bool is_scarce)
{
    int most = http_limit_of(r, quota->most);
    return is_of_all(quota) ? most * SCARCE : is_scarce ? MAX(most / SCARCE, 1) : most;
}

/* The first that is, and when it begins anew; NULL: none. */
static const Quota *used_up(const Request *r, const Quota *quotas, const Count *counts, Instant *ends)
{
    bool is_scarce = false;
    for (size_t i = 0; quotas[i].name; i++)
        is_scarce |= is_of_all(&quotas[i]) && counts[i].use && counts[i].use->count >= http_limit_of(r, quotas[i].most);
    for (size_t i = 0; quotas[i].name; i++)
        if (counts[i].use && counts[i].use->count >= most_of(r, &quotas[i], is_scarce)) {
            *ends = counts[i].use->since + HOUR_MS;
            return &quotas[i];
        }
    return NULL;
}

static bool take(const Request *r, const Quota *quotas, Count *counts, int amount, GError **error)
{
    struct Quotas *self = r->state->http->quotas;
    for (size_t i = 0; quotas[i].name; i++)
        counts[i].use = counts[i].key ? use_of(self, counts[i].key, r->context.now) : NULL;
    Instant ends;
    const Quota *full = used_up(r, quotas, counts, &ends);
    if (full)
        return refuse_until(r, full, ends, error);
    for (size_t i = 0; !form_waits(r->state) && quotas[i].name; i++)
        if (counts[i].use)
            counts[i].use->count += amount;
    return true;
}

/* Takes over `key`. */
static void keep_key(RequestState *self, const Quota *quota, char *key)
{
    if (!key || !quota->of_done) {
        g_free(key);
        return;
    }
    if (!self->taken)
        self->taken = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(self->taken, key);
}

bool quota_take(const Request *r, const Quota *quotas, const char *what, int amount, GError **error)
{
    enum { QUOTAS_MOST = 8 };
    Count counts[QUOTAS_MOST] = { 0 };
    struct Quotas *self = r->state->http->quotas;
    g_autofree char *address = sender_address(r->state);
    for (size_t i = 0; i < QUOTAS_MOST && quotas[i].name; i++)
        counts[i].key = key_of(r, &quotas[i], what, address);
    pthread_mutex_lock(&self->lock);
    sweep(self, r->context.now);
    bool may = take(r, quotas, counts, amount, error);
    pthread_mutex_unlock(&self->lock);
    r->state->taken_amount = may && !form_waits(r->state) ? amount : 0;
    for (size_t i = 0; i < QUOTAS_MOST && quotas[i].name; i++)
        keep_key(r->state, &quotas[i], counts[i].key);
    return may;
}

void quota_settle(RequestState *self)
{
    struct Quotas *quotas = self->http->quotas;
    for (guint i = 0; self->error && self->taken && i < self->taken->len; i++) {
        pthread_mutex_lock(&quotas->lock);
        Use *use = g_hash_table_lookup(quotas->uses, self->taken->pdata[i]);
        if (use)
            use->count = MAX(use->count - self->taken_amount, 0);
        pthread_mutex_unlock(&quotas->lock);
    }
    g_clear_pointer(&self->taken, g_ptr_array_unref);
}

/* ---- opening and closing ---- */

struct Quotas *quotas_open(void)
{
    struct Quotas *self = g_new0(struct Quotas, 1);
    pthread_mutex_init(&self->lock, NULL);
    self->uses = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return self;
}

void quotas_close(struct Quotas *self)
{
    pthread_mutex_destroy(&self->lock);
    g_hash_table_unref(self->uses);
    g_free(self);
}

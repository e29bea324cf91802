// SPDX-License-Identifier: Apache-2.0
/* What is looked up before a write. A file is asked at once, by who wants to know. A server answers one question in the time
 * of many, so there one thread asks for all who want to know at the same time: first what each foresees, then what each asks,
 * which has been answered by then. */
#include "db/engine.h"

enum { MOST = 8 /* at a time: then the writer has something to do meanwhile */ };

typedef struct Look Look;
struct Look {
    Look *next;
    DbForesee *foresee;
    DbLook *look;
    void *data;
    int64_t county;
};

struct Looker {
    const char *address;
    Kept *kept;
    Db *db; /* NULL: not opened yet, or the server was away */
    pthread_t thread;
    /* The rest is shared under the lock. */
    pthread_mutex_t lock;
    pthread_cond_t wanted;
    Look *first, **last;
    bool ending;
};

/* ---- the thread ---- */

static GArray *counties_of(const Look *looks)
{
    GArray *counties = g_array_new(FALSE, FALSE, sizeof(int64_t));
    for (const Look *look = looks; look; look = look->next)
        g_array_append_val(counties, look->county);
    return counties;
}

static bool begin(Looker *self, const Look *looks, GError **error)
{
    g_autoptr(GArray) counties = counties_of(looks);
    if (!self->db)
        self->db = engine_open(self->address, ENGINE_READS, error);
    if (!self->db)
        return false;
    engine_kept(self->db)->kept = self->kept;
    engine_serve(self->db, counties);
    return engine_look(self->db, error);
}

static void look_for(Looker *self, Look *looks)
{
    g_autoptr(GError) away = NULL;
    bool begun = begin(self, looks, &away);
    for (const Look *look = looks; begun && look; look = look->next)
        look->foresee(self->db, look->data);
    for (Look *look = looks, *next; look; look = next) {
        next = look->next;
        look->look(begun ? self->db : NULL, look->data, away);
        g_free(look);
    }
    if (self->db)
        engine_rollback(self->db);
}

static Look *take(Looker *self)
{
    pthread_mutex_lock(&self->lock);
    while (!self->first && !self->ending)
        pthread_cond_wait(&self->wanted, &self->lock);
    Look *looks = self->first, **end = &looks;
    for (unsigned i = 0; *end && i < MOST; i++)
        end = &(*end)->next;
    self->first = *end;
    *end = NULL;
    if (!self->first)
        self->last = &self->first;
    pthread_mutex_unlock(&self->lock);
    return looks;
}

static void *look_on(void *data)
{
    Looker *self = data;
    for (Look *looks = take(self); looks; looks = take(self))
        look_for(self, looks);
    return NULL;
}

Looker *looker_start(const char *address, Kept *kept)
{
    Looker *self = g_new0(Looker, 1);
    self->address = address;
    self->kept = kept;
    self->last = &self->first;
    pthread_mutex_init(&self->lock, NULL);
    pthread_cond_init(&self->wanted, NULL);
    if (pthread_create(&self->thread, NULL, look_on, self) != 0)
        g_error("no thread to look up what a server has");
    return self;
}

void looker_end(Looker *self)
{
    pthread_mutex_lock(&self->lock);
    self->ending = true;
    pthread_cond_signal(&self->wanted);
    pthread_mutex_unlock(&self->lock);
    pthread_join(self->thread, NULL);
    pthread_cond_destroy(&self->wanted);
    pthread_mutex_destroy(&self->lock);
    if (self->db)
        engine_close(self->db);
    g_free(self);
}

/* ---- what others ask ---- */

/* A file has nothing to foresee. */
static void look_at_once(Store *self, DbLook *look, void *data)
{
    g_autoptr(GError) error = NULL;
    Db *db = store_reader(self, &error);
    look(db, data, error);
    if (db)
        store_return(self, db);
}

void store_look(Store *self, DbForesee *foresee, DbLook *look, void *data)
{
    Looker *looker = self->looker;
    if (!looker) {
        look_at_once(self, look, data);
        return;
    }
    Look *wanted = g_new(Look, 1);
    *wanted = (Look){ NULL, foresee, look, data, self->county };
    pthread_mutex_lock(&looker->lock);
    *looker->last = wanted;
    looker->last = &wanted->next;
    pthread_cond_signal(&looker->wanted);
    pthread_mutex_unlock(&looker->lock);
}

// SPDX-License-Identifier: Apache-2.0
/* The store: the file and the lock that keeps other processes out, the pool of reading
 * connections, and the series of numbers. */
#include "db/personal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- one process at a time ---- */

/* The database holds personal data: only the account that runs the centre may read it. */
enum {
    PRIVATE = 0600,
    WRITERS_MOST = 2, /* measured on two cores */
};

static int open_private(const char *file, GError **error)
{
    int descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, PRIVATE);
    if (descriptor < 0)
        fault(error, "cannot open %s: %s", file, g_strerror(errno));
    return descriptor;
}

/* The kernel gives the lock back when the process ends, however it ends. It stands on a file of
 * its own, because closing any descriptor of the database would undo SQLite's own locks. */
static bool lock(Store *self, GError **error)
{
    g_autofree char *name = g_strconcat(self->file, ".lock", NULL);
    self->lock_file = open_private(name, error);
    if (self->lock_file < 0)
        return false;
    if (flock(self->lock_file, LOCK_EX | LOCK_NB) == 0)
        return true;
    if (errno == EWOULDBLOCK)
        return refuse(error, CONFLICT, "db.in_use", "file", self->file, NULL);
    return fault(error, "cannot lock %s: %s", name, g_strerror(errno));
}

/* The file is known by its one real name behind symbolic links. Log and lock are named after it, so a program that opened
 * another hard link would find neither. */
static bool name_file(Store *self, const char *address, GError **error)
{
    struct stat found;
    self->file = realpath(address, NULL);
    if (!self->file || stat(self->file, &found) != 0)
        return fault(error, "cannot find %s: %s", address, g_strerror(errno));
    self->name = g_strdup(self->file);
    return found.st_nlink <= 1 || refuse(error, CONFLICT, "db.linked", "file", self->file, NULL);
}

/* A log and files beside it outlive a database that is moved away. One made anew in its place would take them for its own, and SQLite
 * deletes the log of an empty file. */
bool store_is_free(const char *file, const char *beside, GError **error)
{
    struct stat found;
    static const char *const remains[] = { "-wal", ".key", ".checkpoint", ".seal", ".personal", ".files", ".accounts" };
    if (engine_is_server(file) || (stat(file, &found) == 0 && found.st_size > 0))
        return true;
    for (size_t i = 0; i < G_N_ELEMENTS(remains); i++) {
        g_autofree char *path = g_strconcat(beside, remains[i], NULL);
        if (stat(path, &found) == 0 && (S_ISDIR(found.st_mode) || found.st_size > 0))
            return refuse(error, CONFLICT, "db.moved_away", "file", file, "found", path, NULL);
    }
    return true;
}

/* Names the database. For writing its file is created if need be, and other programs are locked out; on a server the writing
 * connection does that. An address may have a password in it, a message may not. */
static bool find_database(Store *self, const char *address, bool writes, GError **error)
{
    if (engine_is_server(address)) {
        self->file = g_strdup(address);
        self->name = postgres_name(address);
        return true;
    }
    if (!store_is_free(address, address, error) || !sqlite_log_fits(address, error))
        return false;
    if (!writes && !g_file_test(address, G_FILE_TEST_EXISTS))
        return refuse(error, NOT_FOUND, "db.missing", "file", address, NULL);
    int created = writes ? open_private(address, error) : 0;
    if (created > 0)
        close(created);
    return created >= 0 && name_file(self, address, error) && (!writes || lock(self, error));
}

/* ---- opening and closing ---- */

static Readers *start_readers(unsigned most)
{
    Readers *self = g_new0(Readers, 1);
    pthread_mutex_init(&self->lock, NULL);
    pthread_cond_init(&self->returned, NULL);
    self->free = g_ptr_array_new_with_free_func((GDestroyNotify)engine_close);
    self->most = MAX(most, 1);
    return self;
}

static Store *prepare(unsigned readers)
{
    Store *self = g_new0(Store, 1);
    engine_start();
    self->lock_file = -1;
    self->cache = cache_open();
    self->personal = personal_counties_new();
    self->readers = start_readers(readers);
    self->writers = g_ptr_array_new_with_free_func((GDestroyNotify)writer_end);
    return self;
}

static bool add_writer(Store *self, enum engine_use use, GError **error)
{
    Db *db = engine_open(self->file, use, error);
    if (!db)
        return false;
    db->cache = self->cache;
    db->personal = self->personal;
    g_ptr_array_add(self->writers, writer_start(db));
    return true;
}

static Store *open_for(enum engine_use use, const char *address, unsigned readers, GError **error)
{
    g_autoptr(Store) self = prepare(readers);
    /* A file size limit shall show as a full disk, not kill the centre. */
    signal(SIGXFSZ, SIG_IGN);
    if (!find_database(self, address, true, error) || !add_writer(self, use, error))
        return NULL;
    self->writer = self->writers->pdata[0];
    self->together = use == ENGINE_WRITES_TOGETHER && engine_is_server(address);
    return g_steal_pointer(&self);
}

Store *store_open(const char *address, unsigned readers, GError **error)
{
    return open_for(ENGINE_WRITES, address, readers, error);
}

/* A server that is away says so; any other failure is that of the table of migrations, which is not there. */
static bool has_migrations(Store *self, GError **error)
{
    bool found;
    int64_t count = 0;
    g_autoptr(GError) why = NULL;
    Db *db = store_reader(self, error);
    if (!db)
        return false;
    db_integer(db, "SELECT COUNT(*) FROM migration", NULL, &count, &found, &why);
    store_return(self, db);
    if (why && trouble_status(why) == BUSY)
        return g_propagate_error(error, g_steal_pointer(&why)), false;
    return count || refuse(error, NOT_FOUND, "db.no_tables", "file", self->name, NULL);
}

bool store_is_there(const char *address, GError **error)
{
    g_autoptr(Store) self = prepare(1);
    return find_database(self, address, false, error) && (!engine_is_server(address) || has_migrations(self, error));
}

Store *store_open_draft(const char *address, unsigned readers, GError **error)
{
    return open_for(ENGINE_DRAFTS, address, readers, error);
}

static bool fits(Store *self, const Room *const *rooms, GError **error)
{
    Db *db = store_reader(self, error);
    bool fit = db && migrations_fit(db, self->name, rooms, error);
    store_return(self, db);
    return fit;
}

static bool bring_up(const char *address, const Room *const *rooms, Instant now, GError **error)
{
    g_autoptr(Store) alone = store_open(address, 1, error);
    return alone && store_migrate(alone, rooms, now, error);
}

/* A file has one program, which migrates it itself. */
Store *store_open_together(const char *address, unsigned readers, const Room *const *rooms, Instant now, GError **error)
{
    bool server = engine_is_server(address);
    g_autoptr(Store) self = open_for(ENGINE_WRITES_TOGETHER, address, readers, error);
    if (!self || (server && fits(self, rooms, NULL)))
        return g_steal_pointer(&self);
    if (!server)
        return store_migrate(self, rooms, now, error) ? g_steal_pointer(&self) : NULL;
    g_clear_pointer(&self, store_close);
    if (!bring_up(address, rooms, now, error))
        return NULL;
    self = open_for(ENGINE_WRITES_TOGETHER, address, readers, error);
    return self && fits(self, rooms, error) ? g_steal_pointer(&self) : NULL;
}

void store_set_county(Store *self, int64_t county)
{
    self->county = county;
}

/* Writes of different counties do not exclude each other, and a writer mostly waits for its server, so the shares use several
 * writers in turn. A writer that cannot be opened now is done without. */
Store *store_share(Store *self)
{
    guint at = self->shares++ % WRITERS_MOST;
    if (self->together && at == self->writers->len)
        add_writer(self, ENGINE_WRITES_TOGETHER, NULL);
    Store *shared = g_new(Store, 1);
    *shared = *self;
    shared->is_shared = true;
    shared->writer = at < self->writers->len ? self->writers->pdata[at] : self->writer;
    return shared;
}

Store *store_open_reading(const char *address, unsigned readers, const Room *const *rooms, GError **error)
{
    g_autoptr(Store) self = prepare(readers);
    return find_database(self, address, false, error) && fits(self, rooms, error) ? g_steal_pointer(&self) : NULL;
}

static void end_readers(Readers *self)
{
    pthread_mutex_lock(&self->lock);
    while (self->free->len < self->opened)
        pthread_cond_wait(&self->returned, &self->lock);
    pthread_mutex_unlock(&self->lock);
    g_ptr_array_unref(self->free);
    pthread_cond_destroy(&self->returned);
    pthread_mutex_destroy(&self->lock);
    g_free(self);
}

static void close_database(Store *self)
{
    end_readers(self->readers);
    g_ptr_array_unref(self->writers);
    cache_close(self->cache);
    personal_counties_free(self->personal);
    if (self->lock_file >= 0)
        close(self->lock_file);
    g_free(self->file);
    g_free(self->name);
}

void store_close(Store *self)
{
    if (!self->is_shared)
        close_database(self);
    g_free(self);
}

/* ---- readers ---- */

/* A free connection, or NULL with the right to open one more. */
static Db *take_free(Readers *self)
{
    Db *reader = NULL;
    pthread_mutex_lock(&self->lock);
    while (self->free->len == 0 && self->opened == self->most)
        pthread_cond_wait(&self->returned, &self->lock);
    if (self->free->len)
        reader = g_ptr_array_steal_index(self->free, self->free->len - 1);
    else
        self->opened++;
    pthread_mutex_unlock(&self->lock);
    return reader;
}

static void give_back(Readers *self, Db *reader)
{
    pthread_mutex_lock(&self->lock);
    if (reader)
        g_ptr_array_add(self->free, reader);
    else
        self->opened--;
    pthread_cond_signal(&self->returned);
    pthread_mutex_unlock(&self->lock);
}

typedef bool Begin(Db *reader, GError **error);

static bool begin_reading(const Store *self, Db *reader, Begin *begin, GError **error)
{
    reader->cache = self->cache;
    reader->personal = self->personal;
    return begin(reader, error);
}

static Db *lend(Store *self, Begin *begin, GError **error)
{
    Db *reader = take_free(self->readers);
    if (!reader)
        reader = engine_open(self->file, ENGINE_READS, error);
    if (reader && begin_reading(self, reader, begin, error))
        return reader;
    give_back(self->readers, reader);
    return NULL;
}

Db *store_reader(Store *self, GError **error)
{
    return lend(self, engine_begin, error);
}

Db *store_lookup(Store *self, GError **error)
{
    return lend(self, engine_begin_lookup, error);
}

bool store_is_remote(const Store *self)
{
    return engine_is_server(self->file);
}

void store_return(Store *self, Db *reader)
{
    if (!reader)
        return;
    engine_rollback(reader);
    give_back(self->readers, reader);
}

bool store_compact(Store *self, GError **error)
{
    return engine_is_server(self->file) || sqlite_compact(self->file, error);
}

/* ---- names ---- */

char *store_draft(const char *address)
{
    return engine_is_server(address) ? g_strdup(address) : g_strconcat(address, ".making", NULL);
}

char *store_beside(const char *address, const char *folder)
{
    g_autofree char *name = engine_is_server(address) ? postgres_name(address) : g_path_get_basename(address);
    if (!folder && !engine_is_server(address))
        return g_strdup(address);
    return g_build_filename(folder ? folder : ".", name, NULL);
}

/* ---- series of numbers ---- */

/* The write lock keeps other programs out of the series, so a transaction reads the first number of a series, counts on in
 * memory and writes the next number before the commit. */
enum { SERIES = 32, SERIES_CARRIED = 16 /* by a state that still has room */, SERIES_NAME = 48 };

typedef struct SeriesMemory {
    unsigned count;
    struct Series {
        char name[SERIES_NAME];
        int64_t next, written; /* `written`: as the database holds it */
    } series[SERIES];
} SeriesMemory;

/* The number that is given out next, as the transaction found it; 1 of a series that is new. */
static bool series_next(Db *self, int64_t county, const char *name, int64_t *next, GError **error)
{
    g_autoptr(DbRows) rows = db_query(self, "SELECT next FROM ids WHERE county = :county AND name = :name",
                                      WITH(db_int("county", county), db_text("name", name)), error);
    *next = db_next(rows, error) ? db_column_int(rows, 0) : 1;
    return !db_failed(rows);
}

static bool write_next(Db *self, int64_t county, const char *name, int64_t next, GError **error)
{
    return db_run(self, "INSERT INTO ids (county, name, next) VALUES (:county, :name, :next)"
                        " ON CONFLICT (county, name) DO UPDATE SET next = excluded.next",
                  WITH(db_int("county", county), db_text("name", name), db_int("next", next)), error);
}

static bool write_series(Db *self, int64_t county, void *memory, GError **error)
{
    SeriesMemory *state = memory;
    for (struct Series *one = state->series; one < state->series + state->count; one++) {
        if (one->next != one->written && !write_next(self, county, one->name, one->next, error))
            return false;
        one->written = one->next;
    }
    return true;
}

static struct Series *find_series(SeriesMemory *memory, const char *name)
{
    for (unsigned i = 0; i < memory->count; i++)
        if (strcmp(memory->series[i].name, name) == 0)
            return &memory->series[i];
    return NULL;
}

bool db_next_id(Db *self, int64_t county, const char *name, int64_t *id, GError **error)
{
    bool fresh;
    SeriesMemory *memory = db_transaction_state(self, county, write_series, sizeof *memory, &fresh);
    struct Series *series = memory ? find_series(memory, name) : NULL;
    if (series) {
        *id = series->next++;
        return true;
    }
    if (!series_next(self, county, name, id, error))
        return false;
    if (!memory || memory->count == SERIES || strlen(name) >= SERIES_NAME)
        return write_next(self, county, name, *id + 1, error);
    series = &memory->series[memory->count++];
    *series = (struct Series){ .next = *id + 1 };
    db_transaction_state_carry(self, county, write_series, memory->count <= SERIES_CARRIED);
    g_strlcpy(series->name, name, sizeof series->name);
    return true;
}

bool db_once(Db *self, int64_t county, const char *table, bool *first, GError **error)
{
    int64_t changed = 0;
    g_autofree char *sql = g_strdup_printf("INSERT INTO %s (county) VALUES (:county) ON CONFLICT DO NOTHING", table);
    bool well = db_change(self, sql, WITH(db_int("county", county)), &changed, error);
    *first = changed > 0;
    return well;
}

// SPDX-License-Identifier: Apache-2.0
/* Migrations: only forward, each in one transaction, each text for ever as it was. What does not
 * fit stops the start; nothing is ever put right by guessing. */
#include "db/engine.h"

#include <string.h>

static const char own_schema[] = "db/001-db.sql";

typedef struct Files {
    const Embedded *files;
    size_t count;
} Files;

typedef struct Migration {
    const Embedded *file;
    const char *room;
    int64_t number;
    Instant now;
    const Files *known;
} Migration;

static char *digest(const Embedded *file)
{
    return g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const unsigned char *)file->bytes, file->size);
}

static const Embedded *find(Files known, const char *name)
{
    for (size_t i = 0; i < known.count; i++)
        if (strcmp(known.files[i].name, name) == 0)
            return &known.files[i];
    return NULL;
}

/* The number of ROOM/NNN-name.sql, 0 for any other file. */
static int64_t number_of(const Embedded *file, const char *room)
{
    size_t length = strlen(room);
    const char *base = file->name + length + 1;
    if (strncmp(file->name, room, length) != 0 || file->name[length] != '/' ||
        strspn(base, "0123456789") != 3 || base[3] != '-' || !g_str_has_suffix(base, ".sql"))
        return 0;
    return g_ascii_strtoll(base, NULL, 10);
}

/* ---- one migration ---- */

static bool run(Db *db, const Embedded *file, GError **error)
{
    g_autoptr(GError) why = NULL;
    g_autofree char *sql = db->engine->schema(file->bytes, &why);
    if (sql && db->engine->script(db, sql, &why))
        return true;
    return fault(error, "%s failed: %s", file->name, why->message);
}

static bool record(Db *db, const Migration *self, GError **error)
{
    g_autofree char *hash = digest(self->file);
    return db_run(db, "INSERT INTO migration (room, number, name, digest, applied_at) VALUES (:room, :number, :name, :digest, :at)",
                  WITH(db_text("room", self->room), db_int("number", self->number), db_text("name", self->file->name),
                       db_text("digest", hash), db_int("at", self->now)), error);
}

/* Whether the database has had this very one; a fault when it has had its number or a later. */
static bool was_applied(Db *db, const Migration *self, bool *applied, GError **error)
{
    g_autoptr(DbRows) rows = db_query(db, "SELECT name FROM migration WHERE room = :room AND number >= :number ORDER BY number",
                                      WITH(db_text("room", self->room), db_int("number", self->number)), error);
    bool found = db_next(rows, error);
    const char *name = found ? db_column_text(rows, 0) : self->file->name;
    *applied = found;
    if (strcmp(name, self->file->name) != 0)
        return fault(error, "%s comes too late: the database has had %s", self->file->name, name);
    return !db_failed(rows);
}

static bool apply(Db *db, void *data, GError **error)
{
    const Migration *self = data;
    bool applied;
    if (!was_applied(db, self, &applied, error))
        return false;
    return applied || (run(db, self->file, error) && record(db, self, error) &&
                       sums_watch(db, self->known->files, self->known->count, error));
}

/* ---- all ---- */

static bool check_one(Files known, const char *name, const char *hash, GError **error)
{
    const Embedded *file = find(known, name);
    if (!file)
        return fault(error, "the database has had %s, which this program does not know", name);
    g_autofree char *now = digest(file);
    return strcmp(now, hash) == 0 || fault(error, "%s has changed since it was applied", name);
}

static bool check(Db *db, void *data, GError **error)
{
    g_autoptr(DbRows) rows = db_query(db, "SELECT name, digest FROM migration", NULL, error);
    while (db_next(rows, error))
        if (!check_one(*(Files *)data, db_column_text(rows, 0), db_column_text(rows, 1), error))
            return false;
    return !db_failed(rows);
}

static bool apply_room(Store *self, Files known, const char *room, Instant now, GError **error)
{
    for (size_t i = 0; i < known.count; i++) {
        Migration next = { &known.files[i], room, number_of(&known.files[i], room), now, &known };
        if (next.number && !store_write(self, apply, &next, error))
            return false;
    }
    return true;
}

static bool run_own(Db *db, void *known, GError **error)
{
    return run(db, find(*(const Files *)known, own_schema), error);
}

bool migrate_from(Store *self, const Embedded *files, size_t count, const Room *const *rooms, Instant now, GError **error)
{
    Files known = { files, count };
    if (!find(known, own_schema))
        return fault(error, "%s is not built in", own_schema);
    bool well = store_write(self, run_own, &known, error) && store_write(self, check, &known, error) &&
                apply_room(self, known, "db", now, error);
    for (; well && *rooms; rooms++)
        well = apply_room(self, known, (*rooms)->name, now, error);
    return well;
}

/* ---- beside another program ---- */

static bool has_room(Db *db, const char *room, Files known, GError **error)
{
    for (size_t i = 0; i < known.count; i++) {
        Migration one = { &known.files[i], room, number_of(&known.files[i], room), 0, &known };
        bool applied = true;
        if (one.number && !was_applied(db, &one, &applied, error))
            return false;
        if (!applied)
            return fault(error, "the database has not had %s", one.file->name);
    }
    return true;
}

static bool has_rooms(Db *db, const Room *const *rooms, GError **error)
{
    Files known = { embedded, embedded_count };
    bool has = check(db, &known, error);
    for (; has && *rooms; rooms++)
        has = has_room(db, (*rooms)->name, known, error);
    return has;
}

bool migrations_fit(Db *self, const char *file, const Room *const *rooms, GError **error)
{
    g_autoptr(GError) why = NULL;
    if (!has_rooms(self, rooms, &why))
        return refuse(error, CONFLICT, "db.other_tables", "file", file, "why", why->message, NULL);
    return move_is_over(self, file, error);
}

static bool no_move(Db *db, void *file, GError **error)
{
    return move_is_over(db, file, error);
}

bool store_migrate(Store *self, const Room *const *rooms, Instant now, GError **error)
{
    return migrate_from(self, embedded, embedded_count, rooms, now, error) &&
           store_write(self, no_move, self->name, error);
}

// SPDX-License-Identifier: Apache-2.0
/* The write-ahead log of the writer's connection. SQLite hands each page that a transaction has changed to the system in two
 * pieces, a head and the page, which cost more than all that is computed for them: here they are gathered, and written at once
 * before the log is synced, read or asked for its size. Readers look into the log only behind that, when SQLite has told them
 * how far it goes. */
#include "db/sqlite/sqlite.h"

#include <string.h>

enum { GATHERED_MOST = 127 * 1024 /* bytes: SQLite's own function writes less than 128 KiB at once */ };

static const char vfs_name[] = "pinghu";

/* SQLite's own file stands behind it, in the same memory. */
typedef struct Wal {
    sqlite3_file base;
    unsigned char *bytes; /* of GATHERED_MOST, `length` of which are to be written at `at` */
    sqlite3_int64 at;
    int length;
} Wal;

enum { BEHIND = (sizeof(Wal) + 15) / 16 * 16 };

static sqlite3_file *own(sqlite3_file *self)
{
    return (sqlite3_file *)(void *)((char *)self + BEHIND);
}

static int put(sqlite3_file *file)
{
    Wal *self = (Wal *)file;
    int length = self->length;
    self->length = 0;
    return length ? own(file)->pMethods->xWrite(own(file), self->bytes, length, self->at) : SQLITE_OK;
}

static int take(sqlite3_file *file, const void *bytes, int length, sqlite3_int64 at)
{
    Wal *self = (Wal *)file;
    bool follows = self->length && at == self->at + self->length && length <= GATHERED_MOST - self->length;
    int code = follows ? SQLITE_OK : put(file);
    if (code != SQLITE_OK || length > GATHERED_MOST)
        return code != SQLITE_OK ? code : own(file)->pMethods->xWrite(own(file), bytes, length, at);
    if (!self->length)
        self->at = at;
    memcpy(self->bytes + self->length, bytes, (size_t)length);
    self->length += length;
    return SQLITE_OK;
}

static int read_wal(sqlite3_file *file, void *bytes, int length, sqlite3_int64 at)
{
    int code = put(file);
    return code == SQLITE_OK ? own(file)->pMethods->xRead(own(file), bytes, length, at) : code;
}

static int cut(sqlite3_file *file, sqlite3_int64 size)
{
    int code = put(file);
    return code == SQLITE_OK ? own(file)->pMethods->xTruncate(own(file), size) : code;
}

static int sync_wal(sqlite3_file *file, int flags)
{
    int code = put(file);
    return code == SQLITE_OK ? own(file)->pMethods->xSync(own(file), flags) : code;
}

static int size_of(sqlite3_file *file, sqlite3_int64 *size)
{
    int code = put(file);
    return code == SQLITE_OK ? own(file)->pMethods->xFileSize(own(file), size) : code;
}

static int close_wal(sqlite3_file *file)
{
    int code = put(file), closed = own(file)->pMethods->xClose(own(file));
    g_free(((Wal *)file)->bytes);
    return code == SQLITE_OK ? closed : code;
}

/* ---- what is handed on ---- */

static int lock(sqlite3_file *file, int kind)
{
    return own(file)->pMethods->xLock(own(file), kind);
}

static int unlock(sqlite3_file *file, int kind)
{
    return own(file)->pMethods->xUnlock(own(file), kind);
}

static int check_lock(sqlite3_file *file, int *is_reserved)
{
    return own(file)->pMethods->xCheckReservedLock(own(file), is_reserved);
}

static int control(sqlite3_file *file, int what, void *data)
{
    return own(file)->pMethods->xFileControl(own(file), what, data);
}

static int sector(sqlite3_file *file)
{
    return own(file)->pMethods->xSectorSize(own(file));
}

static int device(sqlite3_file *file)
{
    return own(file)->pMethods->xDeviceCharacteristics(own(file));
}

static const sqlite3_io_methods methods = {
    .iVersion = 1, .xClose = close_wal, .xRead = read_wal, .xWrite = take, .xTruncate = cut, .xSync = sync_wal, .xFileSize = size_of,
    .xLock = lock, .xUnlock = unlock, .xCheckReservedLock = check_lock, .xFileControl = control, .xSectorSize = sector,
    .xDeviceCharacteristics = device,
};

static int open_file(sqlite3_vfs *self, const char *name, sqlite3_file *file, int flags, int *given)
{
    sqlite3_vfs *system = sqlite3_vfs_find("unix");
    (void)self;
    if (!(flags & SQLITE_OPEN_WAL))
        return system->xOpen(system, name, file, flags, given);
    memset(file, 0, BEHIND);
    int code = system->xOpen(system, name, own(file), flags, given);
    if (code != SQLITE_OK)
        return code;
    file->pMethods = &methods;
    ((Wal *)file)->bytes = g_malloc(GATHERED_MOST);
    return SQLITE_OK;
}

const char *wal_vfs_name(void)
{
    if (sqlite3_vfs_find(vfs_name))
        return vfs_name;
    sqlite3_vfs *made = g_memdup2(sqlite3_vfs_find("unix"), sizeof *made);
    made->zName = vfs_name;
    made->szOsFile += BEHIND;
    made->xOpen = open_file;
    sqlite3_vfs_register(made, 0);
    return vfs_name;
}

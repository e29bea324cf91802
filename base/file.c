// SPDX-License-Identifier: Apache-2.0
/* Small files that are whole at every moment, and private keys in files of their own. */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool no_room(const char *path, GError **error)
{
    if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG)
        return refuse(error, FULL, "base.no_room", "file", path, NULL);
    return fault(error, "%s: %s", path, g_strerror(errno));
}

bool file_write(int file, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(file, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        bytes += written;
        length -= (size_t)written;
    }
    return true;
}

bool file_sync(const char *path)
{
    int in = open(path, O_RDONLY | O_CLOEXEC);
    bool synced = in >= 0 && fsync(in) == 0;
    int why = errno;
    if (in >= 0)
        close(in);
    errno = why;
    return synced;
}

/* Without the folder's own fsync a power cut could bring the old name back. */
static bool sync_folder(const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    return file_sync(folder);
}

static bool write_new(const char *path, const char *bytes, size_t length, unsigned mode)
{
    int out = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (out < 0)
        return false;
    bool written = file_write(out, bytes, length) && fsync(out) == 0;
    int why = errno;
    close(out);
    errno = why;
    return written;
}

/* A link, unlike a rename, takes no name that is there. A new file whose name is not on the disk is taken back, so that nobody
 * relies on finding it. False with errno set. */
static bool put_whole(const char *path, const char *bytes, size_t length, unsigned mode, bool replaces)
{
    g_autofree char *beside = g_strconcat(path, ".new", NULL);
    bool is_free = unlink(beside) == 0 || errno == ENOENT; /* one that an interrupted run has left may have other rights */
    bool named = is_free && write_new(beside, bytes, length, mode) && (replaces ? rename(beside, path) : link(beside, path)) == 0;
    bool put = named && sync_folder(path);
    int why = errno;
    if (named && !put && !replaces)
        unlink(path);
    unlink(beside);
    errno = why;
    return put;
}

bool file_replace_bytes(const char *path, const char *bytes, size_t length, unsigned mode, GError **error)
{
    return put_whole(path, bytes, length, mode, true) || no_room(path, error);
}

bool file_replace(const char *path, const char *text, unsigned mode, GError **error)
{
    return file_replace_bytes(path, text, strlen(text), mode, error);
}

bool file_rename(const char *from, const char *to, GError **error)
{
    bool renamed = file_sync(from) && rename(from, to) == 0 && sync_folder(to);
    return renamed || fault(error, "cannot rename %s to %s: %s", from, to, g_strerror(errno));
}

bool file_read(const char *file, char **text, GError **error)
{
    gsize length;
    g_autoptr(GError) why = NULL;
    g_autofree char *all = NULL;
    *text = NULL;
    if (!g_file_get_contents(file, &all, &length, &why))
        return g_error_matches(why, G_FILE_ERROR, G_FILE_ERROR_NOENT) || fault(error, "%s", why->message);
    if (strlen(all) != length)
        return refuse(error, CONFLICT, "base.no_text", "file", file, NULL);
    *text = g_steal_pointer(&all);
    return true;
}

bool file_remove(const char *path, GError **error)
{
    bool gone = unlink(path) == 0 || errno == ENOENT;
    return (gone && sync_folder(path)) || fault(error, "%s: %s", path, g_strerror(errno));
}

/* ---- secrets ---- */

enum { SECRET_MOST = 16 * 1024 };

/* The mode at opening keeps others from reading even for a moment. */
bool secret_write(const char *file, const char *text, GError **error)
{
    if (put_whole(file, text, strlen(text), 0600, false))
        return true;
    if (errno == EEXIST)
        return refuse(error, CONFLICT, "base.secret_there", "file", file, NULL);
    return no_room(file, error);
}

/* The open file is judged, not its name, which may come to mean another. */
bool secret_read(const char *file, char **text, GError **error)
{
    struct stat about;
    g_autofree char *space = g_malloc0(SECRET_MOST + 1);
    int in = open(file, O_RDONLY | O_CLOEXEC);
    *text = NULL;
    if (in < 0 && errno == ENOENT)
        return true;
    bool is_seen = in >= 0 && fstat(in, &about) == 0, is_own = is_seen && !(about.st_mode & (S_IRWXG | S_IRWXO));
    if (is_own && read(in, space, SECRET_MOST) >= 0)
        *text = g_steal_pointer(&space);
    else if (is_seen && !is_own)
        refuse(error, CONFLICT, "base.secret_open", "file", file, NULL);
    else
        fault(error, "%s: %s", file, g_strerror(errno));
    if (in >= 0)
        close(in);
    return *text != NULL;
}

void secret_free(char *text)
{
    if (text)
        sodium_memzero(text, strlen(text));
    g_free(text);
}

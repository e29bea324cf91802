// SPDX-License-Identifier: Apache-2.0
/* Private keys in files of their own. */
#include "base/base.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECRET_MOST = 16 * 1024 };

/* O_EXCL keeps a file that is there; the mode at opening keeps others from reading even for a moment. */
bool secret_write(const char *file, const char *text, GError **error)
{
    int out = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (out < 0 && errno == EEXIST)
        return refuse(error, CONFLICT, "base.secret_there", "file", file, NULL);
    if (out < 0)
        return fault(error, "%s: %s", file, g_strerror(errno));
    size_t length = strlen(text);
    bool kept = write(out, text, length) == (ssize_t)length && fsync(out) == 0;
    close(out);
    return kept || fault(error, "%s cannot be written: %s", file, g_strerror(errno));
}

/* The open file is judged, not its name, which may come to mean another. */
static char *read_own(int in, const char *file, GError **error)
{
    struct stat about;
    if (fstat(in, &about) != 0)
        return fault(error, "%s: %s", file, g_strerror(errno));
    if (about.st_mode & (S_IRWXG | S_IRWXO))
        return refuse(error, CONFLICT, "base.secret_open", "file", file, NULL);
    char *text = g_malloc0(SECRET_MOST + 1);
    if (read(in, text, SECRET_MOST) >= 0)
        return text;
    fault(error, "%s: %s", file, g_strerror(errno));
    g_free(text);
    return NULL;
}

bool secret_read(const char *file, char **text, GError **error)
{
    *text = NULL;
    int in = open(file, O_RDONLY | O_CLOEXEC);
    if (in < 0)
        return errno == ENOENT || fault(error, "%s: %s", file, g_strerror(errno));
    *text = read_own(in, file, error);
    close(in);
    return *text != NULL;
}

void secret_free(char *text)
{
    if (text)
        sodium_memzero(text, strlen(text));
    g_free(text);
}

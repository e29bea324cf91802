// SPDX-License-Identifier: Apache-2.0
/* Loaded before the C library (LD_PRELOAD) for the story of faults: counts the calls that change a folder, but those of the database's log
 * (or, with FAULT_LOG, those of the log alone), and lets one of them fail, or ends the program before or after it; and sets the clock. By the environment: FAULT_FOLDER, FAULT_AT (the
 * number of the call; 0: only count), FAULT_MANNER (error, before, after), FAULT_COUNT (a file that holds a byte for each call) and
 * FAULT_CLOCK (a file that holds the seconds by which the clock is off). */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

/* The C library names its parameters by reserved words. NOLINTBEGIN(readability-inconsistent-declaration-parameter-name) */

enum manner { PASS, ERROR, BEFORE, AFTER };

static bool is_counted(const char *path)
{
    const char *dash = strrchr(path, '-');
    bool is_log = dash && strcmp(dash, "-wal") == 0, is_index = dash && strcmp(dash, "-shm") == 0;
    return !is_index && is_log == (getenv("FAULT_LOG") != NULL);
}

/* Counts a call on `path` and says what is to become of it. */
static enum manner next(const char *path)
{
    static atomic_int calls;
    const char *folder = getenv("FAULT_FOLDER"), *at = getenv("FAULT_AT"), *manner = getenv("FAULT_MANNER"), *count = getenv("FAULT_COUNT");
    int saved = errno, number;
    if (!folder || strncmp(path, folder, strlen(folder)) != 0 || !is_counted(path))
        return PASS;
    number = atomic_fetch_add(&calls, 1) + 1;
    long out = count ? syscall(SYS_openat, AT_FDCWD, count, O_WRONLY | O_CREAT | O_APPEND, 0600) : -1;
    if (out >= 0) {
        syscall(SYS_write, out, ".", 1);
        syscall(SYS_close, out);
    }
    errno = saved;
    if (!at || number != atoi(at) || !manner)
        return PASS;
    return strcmp(manner, "error") == 0 ? ERROR : strcmp(manner, "before") == 0 ? BEFORE : AFTER;
}

static long ends(enum manner manner, long number, long one, long two, long three, long four, long five)
{
    if (manner == ERROR) {
        errno = EIO;
        return -1;
    }
    if (manner == BEFORE)
        syscall(SYS_kill, getpid(), 9);
    long result = syscall(number, one, two, three, four, five);
    if (manner == AFTER)
        syscall(SYS_kill, getpid(), 9);
    return result;
}

static enum manner next_of(int file)
{
    char name[64], path[4096];
    snprintf(name, sizeof name, "/proc/self/fd/%d", file);
    ssize_t length = readlink(name, path, sizeof path - 1);
    path[length > 0 ? length : 0] = '\0';
    return next(path);
}

ssize_t write(int file, const void *bytes, size_t length)
{
    return ends(next_of(file), SYS_write, file, (long)bytes, (long)length, 0, 0);
}

ssize_t pwrite64(int file, const void *bytes, size_t length, off64_t at)
{
    return ends(next_of(file), SYS_pwrite64, file, (long)bytes, (long)length, at, 0);
}

ssize_t pwrite(int file, const void *bytes, size_t length, off_t at)
{
    return pwrite64(file, bytes, length, at);
}

int fsync(int file)
{
    return (int)ends(next_of(file), SYS_fsync, file, 0, 0, 0, 0);
}

int fdatasync(int file)
{
    return (int)ends(next_of(file), SYS_fdatasync, file, 0, 0, 0, 0);
}

int rename(const char *from, const char *to)
{
    return (int)ends(next(to), SYS_renameat2, AT_FDCWD, (long)from, AT_FDCWD, (long)to, 0);
}

int link(const char *from, const char *to)
{
    return (int)ends(next(to), SYS_linkat, AT_FDCWD, (long)from, AT_FDCWD, (long)to, 0);
}

int unlink(const char *path)
{
    return (int)ends(next(path), SYS_unlinkat, AT_FDCWD, (long)path, 0, 0, 0);
}

int mkdir(const char *path, mode_t mode)
{
    return (int)ends(next(path), SYS_mkdirat, AT_FDCWD, (long)path, mode, 0, 0);
}

int open64(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    unsigned mode = flags & O_CREAT ? va_arg(rest, unsigned) : 0;
    va_end(rest);
    return (int)ends(flags & O_CREAT ? next(path) : PASS, SYS_openat, AT_FDCWD, (long)path, flags, mode, 0);
}

int open(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    unsigned mode = flags & O_CREAT ? va_arg(rest, unsigned) : 0;
    va_end(rest);
    return open64(path, flags, mode);
}

/* ---- the clock ---- */

static long seconds_off(void)
{
    char text[32] = "";
    const char *path = getenv("FAULT_CLOCK");
    long in = path ? syscall(SYS_openat, AT_FDCWD, path, O_RDONLY, 0) : -1;
    if (in >= 0) {
        syscall(SYS_read, in, text, sizeof text - 1);
        syscall(SYS_close, in);
    }
    return atol(text);
}

int clock_gettime(clockid_t clock, struct timespec *now)
{
    long result = syscall(SYS_clock_gettime, clock, now);
    if (clock == CLOCK_REALTIME)
        now->tv_sec += seconds_off();
    return (int)result;
}

int gettimeofday(struct timeval *now, void *zone)
{
    long result = syscall(SYS_gettimeofday, now, zone);
    now->tv_sec += seconds_off();
    return (int)result;
}

/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */

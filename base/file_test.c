// SPDX-License-Identifier: Apache-2.0
/* A file that must be whole is the old one or the new one, whatever call of the system ends the program or fails. The calls that change
 * names or put them on the disk are this test's own. */
#include "base/base.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <fcntl.h>
#include <unistd.h>

/* ---- the calls ---- */

enum manner { FAIL, DIE_BEFORE, DIE_AFTER, MANNERS };

static struct Trap {
    int calls, at; /* so many were made; the one to be trapped, 0: none */
    enum manner manner;
} trap;

static int trapped(long number, long one, long two, long three, long four, long five)
{
    bool here = ++trap.calls == trap.at;
    if (here && trap.manner == FAIL) {
        errno = EIO;
        return -1;
    }
    if (here && trap.manner == DIE_BEFORE)
        _exit(0);
    int result = (int)syscall(number, one, two, three, four, five);
    if (here)
        _exit(0);
    return result;
}

int fsync(int file) /* NOLINT(readability-inconsistent-declaration-parameter-name): libc names it by reserved words */
{
    return trapped(SYS_fsync, file, 0, 0, 0, 0);
}

int rename(const char *from, const char *to) /* NOLINT(readability-inconsistent-declaration-parameter-name): libc names it by reserved words */
{
    return trapped(SYS_renameat2, AT_FDCWD, (long)from, AT_FDCWD, (long)to, 0);
}

int link(const char *from, const char *to) /* NOLINT(readability-inconsistent-declaration-parameter-name): libc names it by reserved words */
{
    return trapped(SYS_linkat, AT_FDCWD, (long)from, AT_FDCWD, (long)to, 0);
}

int unlink(const char *path) /* NOLINT(readability-inconsistent-declaration-parameter-name): libc names it by reserved words */
{
    return trapped(SYS_unlinkat, AT_FDCWD, (long)path, 0, 0, 0);
}

/* ---- what is there afterwards ---- */

typedef bool Put(const char *file, const char *text, GError **error);

static bool replace(const char *file, const char *text, GError **error)
{
    return file_replace(file, text, 0600, error);
}

/* In a process of its own, that may end in between; whether it told success, failure or nothing. */
enum told { DONE, FAILED, NOTHING };

static enum told put(Put *run, const char *file, const char *text, int at, enum manner manner)
{
    int status, told[2];
    char said = NOTHING;
    g_assert_cmpint(pipe(told), ==, 0);
    pid_t child = fork();
    if (child == 0) {
        trap = (struct Trap){ 0, at, manner };
        said = run(file, text, NULL) ? DONE : FAILED;
        _exit(write(told[1], &said, 1) == 1 && trap.calls < at ? 1 : 0);
    }
    close(told[1]);
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_cmpint(read(told[0], &said, 1), >=, 0);
    close(told[0]);
    return WEXITSTATUS(status) ? DONE + NOTHING + 1 : (enum told)said;
}

/* Every call in turn, until there are no more. */
static void sweep(Put *run, const char *before, enum manner manner)
{
    enum told told = NOTHING;
    for (int at = 1; told <= NOTHING; at++) {
        g_autofree char *top = g_dir_make_tmp("file-XXXXXX", NULL), *file = g_build_filename(top, "one", NULL), *text = NULL;
        if (before)
            g_assert_true(file_replace(file, before, 0600, NULL));
        told = put(run, file, "new", at, manner);
        g_assert_true(file_read(file, &text, NULL));
        bool is_new = g_strcmp0(text, "new") == 0;
        g_assert_true(is_new || g_strcmp0(text, before) == 0);
        g_assert_true(told != DONE || is_new);
        g_assert_true(told != FAILED || run != secret_write || !is_new); /* a secret that is told to have failed may be written again */
        g_clear_pointer(&text, g_free);
        g_assert_true(is_new || run(file, "new", NULL));
        g_assert_true(file_read(file, &text, NULL));
        g_assert_cmpstr(text, ==, "new");
        g_assert_true(remove_tree(top));
    }
}

static void a_file_is_replaced_whole(void)
{
    for (enum manner manner = 0; manner < MANNERS; manner++) {
        sweep(replace, "old", manner);
        sweep(replace, NULL, manner);
    }
}

static void a_secret_is_written_whole(void)
{
    for (enum manner manner = 0; manner < MANNERS; manner++)
        sweep(secret_write, NULL, manner);
}

int main(int argc, char **argv)
{
    base_start();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/file/a file is replaced whole", a_file_is_replaced_whole);
    g_test_add_func("/file/a secret is written whole", a_secret_is_written_whole);
    return g_test_run();
}

// SPDX-License-Identifier: Apache-2.0
#include "reader/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* ---- time and memory ---- */

static bool bound(rlim_t seconds)
{
    const struct { __rlimit_resource_t what; rlim_t most; } bounds[] = {
        { RLIMIT_CPU, seconds }, { RLIMIT_FSIZE, 0 }, { RLIMIT_NOFILE, 64 }, { RLIMIT_CORE, 0 },
#ifndef __SANITIZE_ADDRESS__ /* it reserves terabytes */
        { RLIMIT_AS, (rlim_t)2 << 30 },
#endif
    };
    for (size_t i = 0; i < G_N_ELEMENTS(bounds); i++)
        if (setrlimit(bounds[i].what, &(struct rlimit){ bounds[i].most, bounds[i].most }) != 0)
            return false;
    return true;
}

/* ---- files: fonts and tables of characters may be read, nothing else; where the kernel has no Landlock, rights of files alone hold ---- */

static const char *const readable[] = { "/usr", "/lib", "/lib64", "/etc/fonts", "/etc/ld.so.cache", "/var/cache/fontconfig", "/dev/null" };

static bool let_read(int rules, const char *path)
{
    int file = open(path, O_PATH | O_CLOEXEC);
    if (file < 0)
        return true; /* not on this machine */
    bool is_folder = g_file_test(path, G_FILE_TEST_IS_DIR);
    const struct landlock_path_beneath_attr rule = {
        .allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | (is_folder ? LANDLOCK_ACCESS_FS_READ_DIR : 0), .parent_fd = file };
    bool let = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
    close(file);
    return let;
}

static bool hide_files(void)
{
    const struct landlock_ruleset_attr held = { .handled_access_fs = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1 };
    int rules = (int)syscall(SYS_landlock_create_ruleset, &held, sizeof held, 0);
    if (rules < 0)
        return errno == ENOSYS || errno == EOPNOTSUPP;
    for (size_t i = 0; i < G_N_ELEMENTS(readable); i++)
        if (!let_read(rules, readable[i]))
            return false;
    bool hidden = syscall(SYS_landlock_restrict_self, rules, 0) == 0;
    close(rules);
    return hidden;
}

/* ---- calls of the system ---- */

/* A call that a kernel does not know yet is not there either. */
static const char *const forbidden[] = {
    "socket", "socketpair", "connect", "bind", "listen", "accept", "accept4", "sendto", "sendmsg", "sendmmsg", "execve", "execveat", "fork", "vfork",
    "ptrace", "process_vm_readv", "process_vm_writev", "pidfd_open", "pidfd_getfd", "kill", "tkill", "pidfd_send_signal", "mount", "umount2",
    "pivot_root", "chroot", "unshare", "setns", "bpf", "userfaultfd", "perf_event_open", "io_uring_setup", "keyctl", "add_key", "request_key",
    "unlink", "unlinkat", "rename", "renameat", "renameat2", "mkdir", "mkdirat", "rmdir", "link", "linkat", "symlink", "symlinkat", "mknod", "mknodat",
    "truncate", "creat", "chmod", "fchmod", "fchmodat", "chown", "fchown", "lchown", "fchownat", "utimensat", "setxattr", "memfd_create", "shmget", "msgget",
    "open_by_handle_at", "personality", "prctl", "setrlimit", "prlimit64", "seccomp",
};

/* glibc makes threads by clone3, whose flags a filter cannot see; where it is not there, by clone. */
static bool filter(void)
{
    scmp_filter_ctx self = seccomp_init(SCMP_ACT_ALLOW);
    bool made = self != NULL;
    for (size_t i = 0; made && i < G_N_ELEMENTS(forbidden); i++) {
        int call = seccomp_syscall_resolve_name(forbidden[i]);
        made = call == __NR_SCMP_ERROR || seccomp_rule_add(self, SCMP_ACT_ERRNO(EPERM), call, 0) == 0;
    }
    made = made && seccomp_rule_add(self, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0 &&
           seccomp_rule_add(self, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1, SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0)) == 0 &&
           seccomp_load(self) == 0;
    seccomp_release(self);
    return made;
}

bool sandbox_enter(int seconds)
{
    return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && prctl(PR_SET_DUMPABLE, 0) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && bound((rlim_t)seconds) &&
           hide_files() && filter();
}

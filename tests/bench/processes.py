# SPDX-License-Identifier: Apache-2.0
"""The processes' use of the machine: a server, or a PostgreSQL with all its backends."""
import contextlib
import ctypes
import os
import pathlib
import resource
import time

LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.clock_getcpuclockid.argtypes = (ctypes.c_int, ctypes.POINTER(ctypes.c_int))
TICKS = os.sysconf("SC_CLK_TCK")


def stat_of(pid):
    """(parent, seconds of CPU that its ended children have used)."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[1]), sum(map(int, fields[13:15])) / TICKS


def family(pids):
    """The processes with their children and theirs, as {pid: seconds of CPU of ended children}."""
    stats = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it ended meanwhile
            stats[int(name)] = stat_of(name)
    found, wanted = {}, list(pids)
    while wanted:
        one = wanted.pop()
        found[one] = stats[one][1]
        wanted += [child for child, (parent, _) in stats.items() if parent == one]
    return found


def cpu_of(pid):
    """The time of the process alone, finer than the ticks of /proc."""
    clock = ctypes.c_int()
    with contextlib.suppress(OSError):  # it ended meanwhile
        if LIBC.clock_getcpuclockid(pid, ctypes.byref(clock)) == 0:
            return time.clock_gettime(clock.value)
    return 0


def cpu_seconds(pids):
    return sum(cpu_of(pid) + ended for pid, ended in family(pids).items())


def resident_mb(pid):
    pages = int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def shared_out_mb(pids):
    """The memory that they and their children hold; pages that several share are shared out among them."""
    kilobytes = 0
    for pid in family(pids):
        lines = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        kilobytes += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return kilobytes / 1024

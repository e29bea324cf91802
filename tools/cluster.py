#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A PostgreSQL 15 of one's own, in a private folder and on a private socket, for as long as it is needed.
`tools/cluster.py COMMAND…` runs a command beside one; the command finds its address, with {} for the name of a
database, in PINGHU_DATABASE_SERVER. `tools/cluster.py --restart FOLDER` lets the one whose data are there break down
and come back; the command finds that folder in PINGHU_DATABASE_CLUSTER. `tools/cluster.py --pair COMMAND…` gives it a
standby, without which nothing is committed; `tools/cluster.py --fail-over FOLDER` kills the first of the two and
promotes the other. `tools/cluster.py --citus COMMAND…` gives it two workers of the extension Citus, where that is
installed, and one database, city, that has the extension."""
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.parse

BINARIES = pathlib.Path("/usr/lib/postgresql/15/bin")
# The tests are of killed processes, not failing disks: nothing waits for the disk.
SETTINGS = {"listen_addresses": "", "fsync": "off", "full_page_writes": "off", "max_connections": "200", "autovacuum": "off",
            "shared_buffers": "64MB", "logging_collector": "off", "log_min_messages": "fatal", "jit": "off"}


def run(folder, *command):
    """The server refuses to be run by root."""
    user = []
    if os.geteuid() == 0:
        user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]
    subprocess.run([*user, *map(str, command)], check=True, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def first_pid(data):
    return int((data / "postmaster.pid").read_text().split()[0])


class Cluster:
    def __init__(self, **settings):
        """With other settings than those for tests where some are given."""
        self.settings = SETTINGS | settings
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="pinghu-cluster-"))
        self.data = self.folder / "data"
        encoded = urllib.parse.quote(str(self.folder), safe="")
        self.address = f"postgresql://pinghu@/{{}}?host={encoded}"
        self.env = {"PINGHU_DATABASE_SERVER": self.address, "PINGHU_DATABASE_CLUSTER": str(self.data)}

    def run(self, *command):
        run(self.folder, *command)

    def __enter__(self):
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(self.folder, owner.pw_uid, owner.pw_gid)
        os.chmod(self.folder, 0o755)
        self.run(BINARIES / "initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-k", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        settings = "".join(f"{name} = '{value}'\n" for name, value in self.settings.items())
        with open(self.data / "postgresql.conf", "a") as conf:
            conf.write(f"{settings}unix_socket_directories = '{self.folder}'\n")
        self.run(BINARIES / "pg_ctl", "-D", self.data, "-w", "-l", self.folder / "log", "start")
        # Not the superuser, whom nothing is forbidden.
        self.run("psql", "-q", "-h", self.folder, "-U", "postgres", "-c", "CREATE ROLE pinghu LOGIN CREATEDB")
        return self

    def database(self, name):
        """A new database; its address."""
        self.run("psql", "-q", "-h", self.folder, "-U", "pinghu", "-d", "postgres", "-c", f"CREATE DATABASE {name}")
        return self.address.format(name)

    def pid(self):
        """The id of the process whose children are all others."""
        return first_pid(self.data)

    def __exit__(self, *_):
        self.run(BINARIES / "pg_ctl", "-D", self.data, "-w", "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


class Pair(Cluster):
    """Two of which each has all that the first has acknowledged. The address is of whichever takes writes."""

    def __enter__(self):
        super().__enter__()
        second = self.folder / "standby"
        second.mkdir(mode=0o700)
        if os.geteuid() == 0:
            shutil.chown(second, "postgres", "postgres")
        self.run(BINARIES / "pg_basebackup", "-D", second, "-R", "-C", "-S", "standby", "-c", "fast",
                 "-d", f"host={self.folder} user=postgres application_name=standby")
        with open(second / "postgresql.conf", "a") as conf:
            conf.write(f"unix_socket_directories = '{second}'\n")
        self.run(BINARIES / "pg_ctl", "-D", second, "-w", "-l", self.folder / "standby.log", "start")
        for order in ("ALTER SYSTEM SET synchronous_standby_names = 'standby'", "SELECT pg_reload_conf()"):
            self.run("psql", "-q", "-h", self.folder, "-U", "postgres", "-c", order)
        both = ",".join(urllib.parse.quote(str(folder), safe="") for folder in (self.folder, second))
        self.address = f"postgresql://pinghu@/{{}}?host={both}&target_session_attrs=read-write"
        self.env["PINGHU_DATABASE_SERVER"] = self.address
        return self

    def __exit__(self, *_):
        for data in (self.data, self.folder / "standby"):
            if (data / "postmaster.pid").exists():
                self.run(BINARIES / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)


class Spread(Cluster):
    """A coordinator of Citus and its workers. Each plan that the coordinator has made is written to a folder's log."""

    CITUS = {"shared_preload_libraries": "citus,auto_explain", "wal_level": "logical", "max_prepared_transactions": "200",
             "citus.node_conninfo": "sslmode=disable", "citus.enable_statistics_collection": "off"}
    PLANS = {"log_min_messages": "log", "auto_explain.log_min_duration": "0", "auto_explain.log_format": "json", "auto_explain.log_timing": "off"}

    def __init__(self):
        super().__init__(**self.CITUS, **self.PLANS)
        self.workers = []

    def order(self, *orders):
        """Gives orders as the superuser, in the database that has the extension."""
        self.run("psql", "-q", "-h", self.folder, "-U", "postgres", "-d", "city", *(word for order in orders for word in ("-c", order)))

    def __enter__(self):
        if not pathlib.Path("/usr/share/postgresql/15/extension/citus.control").exists():
            sys.exit("Citus is not installed for PostgreSQL 15")
        super().__enter__()
        self.workers = [Cluster(**self.CITUS) for _ in range(2)]
        nodes = [self, *(worker.__enter__() for worker in self.workers)]
        for node in nodes:
            node.database("city")
            Spread.order(node, "CREATE EXTENSION citus")
        self.order(f"SELECT citus_set_coordinator_host('{self.folder}', 5432)",
                   *(f"SELECT citus_add_node('{worker.folder}', 5432)" for worker in self.workers))
        return self

    def __exit__(self, *of):
        for node in self.workers:
            node.__exit__(*of)
        super().__exit__(*of)


def kill(data):
    """All of its processes at once, as when the machine is lost."""
    first = first_pid(data)
    children = pathlib.Path(f"/proc/{first}/task/{first}/children").read_text().split()
    for pid in (first, *map(int, children)):
        os.kill(pid, signal.SIGKILL)
    (data / "postmaster.pid").unlink()


if __name__ == "__main__":
    if sys.argv[1:2] == ["--restart"]:
        data = pathlib.Path(sys.argv[2])
        run(data, BINARIES / "pg_ctl", "-D", data, "-w", "-m", "immediate", "-l", data.parent / "log", "restart")
        sys.exit(0)
    if sys.argv[1:2] == ["--fail-over"]:
        data = pathlib.Path(sys.argv[2])
        kill(data)
        run(data, BINARIES / "pg_ctl", "-D", data.parent / "standby", "-w", "promote")
        sys.exit(0)
    kind = {"--pair": Pair, "--citus": Spread}.get(sys.argv[1]) if sys.argv[1:] else None
    with (kind or Cluster)() as cluster:
        status = subprocess.run(sys.argv[1 + bool(kind):], env=os.environ | cluster.env, check=False).returncode
    sys.exit(status)

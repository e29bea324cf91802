# SPDX-License-Identifier: Apache-2.0
"""The centre on a PostgreSQL server beside the same centre on a file, both with everything acknowledged on the same disk;
and two servers of the centre on one database beside one."""
import concurrent.futures
import statistics
import sys

from centre import APPLICANT, Centre, Load, make_county
from effort import EFFORT, TOP, verdict

sys.path.insert(0, str(TOP / "tools"))
import cluster  # noqa: E402

CLIENTS = 64
SETTINGS = {"fsync": "on", "full_page_writes": "on", "autovacuum": "on", "shared_buffers": "512MB", "max_wal_size": "4GB"}
AIMS = {"server": 0.5, "two": 1.0}


def together(loads):
    """Several measure at once: [(centre, load)]; each as Load.measure tells it."""
    with concurrent.futures.ThreadPoolExecutor(len(loads)) as pool:
        return list(pool.map(lambda one: one[1].measure(one[0]), loads))


def drafts(centre, clients):
    return Load("/desk/apply/SLJ-01", clients, centre.sign_in("cun"), APPLICANT)


def print_row(name, clients, rates, ratio, aim):
    told = "" if aim is None else f"{ratio:>9.2f}{aim:>7}{verdict(ratio >= aim)}"
    print(f"{name:<34}{clients:>8}{statistics.median(rates):>10.0f}{told}", flush=True)


def compare_engines(file, server):
    print(f"{'drafted cases, durable':<34}{'clients':>8}{'per s':>10}{'ratio':>9}{'aim':>7}")
    for clients in (1, 16, CLIENTS):
        loads = [(centre, drafts(centre, clients)) for centre in (file, server)]
        rounds = [[load.measure(centre).rate for centre, load in loads] for _ in range(EFFORT.rounds)]
        ratio = statistics.median(mine / files for files, mine in rounds)
        print_row("on a file", clients, [files for files, _ in rounds], None, None)
        print_row("on PostgreSQL", clients, [mine for _, mine in rounds], ratio, AIMS["server"])


def compare_servers(one, other):
    alone = [(one, drafts(one, CLIENTS))]
    both = [(centre, drafts(centre, CLIENTS // 2)) for centre in (one, other)]
    rounds = [(together(alone)[0].rate, sum(measured.rate for measured in together(both))) for _ in range(EFFORT.rounds)]
    print_row("one server", CLIENTS, [single for single, _ in rounds], None, None)
    print_row("two servers, half of them each", CLIENTS, [double for _, double in rounds],
              statistics.median(double / single for single, double in rounds), AIMS["two"])


def measure(folder):
    print("making two demo counties", file=sys.stderr)
    with cluster.Cluster(**SETTINGS) as postgres:
        files = folder / "files"
        files.mkdir()
        address = make_county(files, database=postgres.database("county"))
        with Centre(make_county(folder)) as file, Centre(address, "--files", files) as one:
            compare_engines(file, one)
            with Centre(address, "--files", files) as other:
                compare_servers(one, other)

# SPDX-License-Identifier: Apache-2.0
"""The centre on a PostgreSQL server beside the same centre on a file, both with everything acknowledged on the same disk;
and two servers of the centre on one database beside one."""
import concurrent.futures
import pathlib
import statistics
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent / "tools"))
import cluster

CLIENTS = 64
SETTINGS = {"fsync": "on", "full_page_writes": "on", "autovacuum": "on", "shared_buffers": "512MB", "max_wal_size": "4GB"}
AIMS = {"server": 0.5, "two": 1.0}


def together(loads):
    """What several measure at once: [(centre, load)]; each as Load.measure tells it."""
    with concurrent.futures.ThreadPoolExecutor(len(loads)) as pool:
        return list(pool.map(lambda one: one[1].measure(one[0]), loads))


def drafts(centre, clients, tools):
    return tools.Load("/desk/apply/SLJ-01", clients, centre.sign_in("cun"), tools.APPLICANT)


def print_row(name, clients, rates, ratio, aim):
    told = "" if aim is None else f"{ratio:>9.2f}{aim:>7}  {'holds' if ratio >= aim else 'MISSED'}"
    print(f"{name:<34}{clients:>8}{statistics.median(rates):>10.0f}{told}", flush=True)


def compare_engines(file, server, tools):
    print(f"{'drafted cases, durable':<34}{'clients':>8}{'per s':>10}{'ratio':>9}{'aim':>7}")
    for clients in (1, 16, CLIENTS):
        loads = [(centre, drafts(centre, clients, tools)) for centre in (file, server)]
        rounds = [[load.measure(centre)[0] for centre, load in loads] for _ in range(tools.ROUNDS)]
        ratio = statistics.median(mine / files for files, mine in rounds)
        print_row("on a file", clients, [files for files, _ in rounds], None, None)
        print_row("on PostgreSQL", clients, [mine for _, mine in rounds], ratio, AIMS["server"])


def compare_servers(one, other, tools):
    alone = [(one, drafts(one, CLIENTS, tools))]
    both = [(centre, drafts(centre, CLIENTS // 2, tools)) for centre in (one, other)]
    rounds = [(together(alone)[0][0], sum(measured[0] for measured in together(both))) for _ in range(tools.ROUNDS)]
    print_row("one server", CLIENTS, [single for single, _ in rounds], None, None)
    print_row("two servers, half of them each", CLIENTS, [double for _, double in rounds],
              statistics.median(double / single for single, double in rounds), AIMS["two"])


def measure(folder, tools):
    """tools: the bench's own ways of making a county, opening a centre and asking it."""
    print("making two demo counties", file=sys.stderr)
    with cluster.Cluster(**SETTINGS) as postgres:
        files = folder / "files"
        files.mkdir()
        address = tools.make_county(files, database=postgres.database("county"))
        with tools.Centre(tools.make_county(folder)) as file, tools.Centre(address, "--files", files) as one:
            compare_engines(file, one, tools)
            with tools.Centre(address, "--files", files) as other:
                compare_servers(one, other, tools)

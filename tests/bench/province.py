# SPDX-License-Identifier: Apache-2.0
"""Ninety counties in one program beside one county in it: the same lives a second, on a file and on PostgreSQL."""
import pathlib
import statistics
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent / "tools"))
import cluster
import server

CLIENTS, CASES, AIM = 64, 5, 1.0
COUNTIES = pathlib.Path(__file__).resolve().parent.parent.parent / "data/zhejiang.csv"


def make(folder, rows, database, tools):
    """A demo city in each county of the list; what to serve them with."""
    folder.mkdir()
    (folder / "counties.csv").write_text("code,host,name,name_en\n" + "".join(",".join(row) + "\n" for row in rows))
    options = ["--counties", folder / "counties.csv", "--files", folder]
    made = subprocess.run([tools.BUILD / "pinghu", "demo", "--database", database, "--cases", str(CASES), *options], capture_output=True, text=True)
    if made.returncode != 0:
        raise SystemExit(made.stderr[-1000:])
    return tools.Centre(database, *options)


def lives(centre, folder, rows, tools):
    people = folder / "people"
    people.write_text("".join(f"{row[0]} {row[1]} {centre.sign_in('cun', row[1])}\n" for row in rows))
    return tools.Load("/desk/apply/SLJ-01", CLIENTS, body=tools.APPLICANT, script="lives.lua", more=[people])


def compare(name, folder, databases, rows, tools):
    places = folder / f"{name}-one", folder / f"{name}-many"
    with make(places[0], rows[:1], databases[0], tools) as one, make(places[1], rows, databases[1], tools) as many:
        loads = [(one, lives(one, places[0], rows[:1], tools)), (many, lives(many, places[1], rows, tools))]
        rounds = [[load.measure(centre)[0] / 2 for centre, load in loads] for _ in range(tools.ROUNDS)]  # a life is two actions
    server.print_row(f"one county, {name}", CLIENTS, [alone for alone, _ in rounds], None, None)
    server.print_row(f"{len(rows)} counties, {name}", CLIENTS, [many for _, many in rounds],
                     statistics.median(many / alone for alone, many in rounds), AIM)


def measure(folder, tools):
    """tools: the bench's own ways of asking a centre."""
    rows = [line.split(",") for line in COUNTIES.read_text().splitlines()[1:] if line[4:6] != "00"]
    print(f"making {len(rows) + 1} demo cities, twice", file=sys.stderr)
    print(f"{'lives: drafted and withdrawn':<34}{'clients':>8}{'per s':>10}{'ratio':>9}{'aim':>7}")
    compare("on a file", folder, (folder / "one.db", folder / "many.db"), rows, tools)
    with cluster.Cluster(**server.SETTINGS) as postgres:
        compare("on PostgreSQL", folder, (postgres.database("one"), postgres.database("many")), rows, tools)

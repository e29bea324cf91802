# SPDX-License-Identifier: Apache-2.0
"""Ninety counties in one program beside one county in it: the same lives a second, on a file and on PostgreSQL."""
import statistics
import sys

import server
from centre import APPLICANT, PROGRAM, Centre, Load, output_of, papers_of
from effort import EFFORT, TOP
from server import cluster

CLIENTS, AIM = 64, 1.0
COUNTIES = TOP / "data/zhejiang.csv"
# Each life: how many steps it has, who takes them, and with which item.
LIVES = {"draft": (1, ["cun"], "SLJ-01"), "short": (2, ["cun"], "SLJ-01"), "whole": (7, ["shou", "shen", "pizhun"], "SLJ-03")}


def counties():
    """The counties of the province, as rows of its list."""
    return [line.split(",") for line in COUNTIES.read_text().splitlines()[1:] if line[4:6] != "00"][:EFFORT.counties]


def make(folder, rows, database, program=PROGRAM):
    """A demo city in each county of the list; served."""
    folder.mkdir()
    (folder / "counties.csv").write_text("code,host,name,name_en\n" + "".join(",".join(row) + "\n" for row in rows))
    options = ["--counties", folder / "counties.csv", "--files", folder]
    output_of(program, "demo", "--database", database, "--cases", str(EFFORT.county_cases), *options)
    return Centre(database, *options, program=program)


def lives(centre, folder, places, clients, life):
    """places: code and host of the counties in which they are led."""
    _, accounts, item = LIVES[life]
    people = folder / f"people-{life}"
    if not people.exists():
        people.write_text("".join(f"{code} {host} {' '.join(centre.sign_in(account, host) for account in accounts)}\n" for code, host in places))
    return Load("/", clients, body=APPLICANT, script="lives.lua", more=[people, life, item, papers_of(item)])


def compare(name, folder, databases, rows):
    places = folder / f"{name}-one", folder / f"{name}-many"
    with make(places[0], rows[:1], databases[0]) as one, make(places[1], rows, databases[1]) as many:
        loads = [(one, lives(one, places[0], [row[:2] for row in rows[:1]], CLIENTS, "short")),
                 (many, lives(many, places[1], [row[:2] for row in rows], CLIENTS, "short"))]
        rounds = [[load.measure(centre).rate / 2 for centre, load in loads] for _ in range(EFFORT.rounds)]  # a life is two actions
    server.print_row(f"one county, {name}", CLIENTS, [alone for alone, _ in rounds], None, None)
    server.print_row(f"{len(rows)} counties, {name}", CLIENTS, [many for _, many in rounds],
                     statistics.median(many / alone for alone, many in rounds), AIM)


def measure(folder):
    rows = counties()
    print(f"making {len(rows) + 1} demo cities, twice", file=sys.stderr)
    print(f"{'lives: drafted and withdrawn':<34}{'clients':>8}{'per s':>10}{'ratio':>9}{'aim':>7}")
    compare("on a file", folder, (folder / "one.db", folder / "many.db"), rows)
    with cluster.Cluster(**server.SETTINGS) as postgres:
        compare("on PostgreSQL", folder, (postgres.database("one"), postgres.database("many")), rows)

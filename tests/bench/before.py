# SPDX-License-Identifier: Apache-2.0
"""The program as it was at a commit beside the program as it is, in one run: whole lives and drafted cases on a file and on
PostgreSQL, in one county and in a province; pages, in the CPU of an empty answer; memory. They take turns, round after round."""
import contextlib
import pathlib
import sqlite3
import statistics
import subprocess
import sys
import typing

import processes
import province
import server
from centre import APPLICANT, PROGRAM, Bare, Centre, Load, make_county, output_of
from effort import ASKED, EFFORT, TOP, verdict
from server import cluster

COMMIT = "7ba41e9"
CLIENTS = (1, 16, 64)
FLOOR = 0.95  # of before: below it something has become worse
LIVES_AIMS = {"on a file": 3, "on PostgreSQL": 1.5}  # one county, 16 clients
STEP_US, BARE_AIM = 200, 0.4
PAGE_AIMS = {"a case": 10, "inbox": 5, "search": 10}  # in empty answers


# ---- the program of before ----

def build(commit):
    """In a folder that `./dev clean` removes. A short run sets the program beside itself where no commit is named."""
    if not commit:
        return PROGRAM
    commit = output_of("git", "-C", TOP, "rev-parse", "--short", f"{commit}^{{commit}}").strip()
    folder = TOP / "build-before" / commit
    if not (folder / "source").exists():
        (folder / "source").mkdir(parents=True)
        archive = subprocess.run(["git", "-C", TOP, "archive", commit], capture_output=True, check=True)
        subprocess.run(["tar", "-x", "-C", folder / "source"], input=archive.stdout, check=True)
    if not (folder / "build/build.ninja").exists():
        output_of("meson", "setup", folder / "build", folder / "source", "--buildtype=release")
    print(f"building {commit}", file=sys.stderr)
    output_of("ninja", "-C", folder / "build", "pinghu")
    return folder / "build/pinghu"


# ---- both in turn ----

class Side(typing.NamedTuple):
    """One of the two programs on databases of its own."""
    centre: Centre
    folder: pathlib.Path
    database: str
    places: list  # (code, host) of its counties
    also: list    # processes that work for it: those of its database


class Cost(typing.NamedTuple):
    rate: float  # requests a second
    us: float    # of CPU for each


def cost(side, load):
    began = side.centre.cpu_seconds() + processes.cpu_seconds(side.also)
    done = load.measure(side.centre)
    return Cost(done.rate, (side.centre.cpu_seconds() + processes.cpu_seconds(side.also) - began) * 1e6 / done.requests)


def turn(sides, loads, number):
    """(before, now) of one round; either begins by turns."""
    costs = {which: cost(sides[which], loads[which]) for which in ((0, 1) if number % 2 else (1, 0))}
    return costs[0], costs[1]


def rounds_of(sides, loads):
    return [turn(sides, loads, number) for number in range(EFFORT.rounds)]


def print_head(what):
    print(f"\n{what:<46}{'clients':>8}{'before':>10}{'now':>10}{'ratio':>8}{'aim':>6}")


def more(before, now):
    return now / before


def less(before, now):
    return before / now


def print_row(name, clients, pairs, better, aim=FLOOR):
    """pairs: (before, now) of each round; `better` says how many times better it is now."""
    ratio = statistics.median(better(*pair) for pair in pairs)
    before, now = (statistics.median(column) for column in zip(*pairs))
    told = f"{aim:>6}{verdict(ratio >= aim)}" if aim else ""
    print(f"{name:<46}{clients:>8}{before:>10.1f}{now:>10.1f}{ratio:>8.2f}{told}", flush=True)


def print_held(name, measured, aim, holds):
    print(f"{name:<46}{'':>8}{'':>10}{measured:>10.2f}{'':>8}{aim:>6}{verdict(holds)}", flush=True)


# ---- actions ----

def measure_lives(where, sides):
    alone = len(sides[0].places) == 1
    for clients in CLIENTS:
        rounds = rounds_of(sides, [province.lives(side.centre, side.folder, side.places, clients, "whole") for side in sides])
        print_row(f"lives of seven steps a second, {where}", clients, [(was.rate / 7, now.rate / 7) for was, now in rounds], more,
                  LIVES_AIMS[where] if alone and clients == 16 else FLOOR)
        print_row("  µs of CPU a step", clients, [(was.us, now.us) for was, now in rounds], less)
        if where == "on a file" and alone and clients == 16:
            step = statistics.median(now.us for _, now in rounds)
            print_held("  its aim", step, STEP_US, step <= STEP_US)


def measure_drafts(where, sides):
    for clients in CLIENTS:
        rounds = rounds_of(sides, [province.lives(side.centre, side.folder, side.places, clients, "draft") for side in sides])
        print_row(f"drafted cases a second, {where}", clients, [(was.rate, now.rate) for was, now in rounds], more)


def measure_bare(side, folder):
    """Drafted cases of 64 clients, in turn with SQLite alone doing the same writes after one of them."""
    with contextlib.closing(sqlite3.connect(side.database)) as served, contextlib.closing(sqlite3.connect(folder / "bare.db")) as copy:
        served.backup(copy)
    load, loop = Load("/desk/apply/SLJ-01", CLIENTS[-1], side.centre.sign_in("cun"), APPLICANT), Bare(folder / "bare.db", CLIENTS[-1])
    ratio = statistics.median(load.measure(side.centre).rate / loop.measure(None).rate for _ in range(EFFORT.rounds))
    print_held("drafted cases of 64 clients, of the bare loop", ratio, BARE_AIM, ratio >= BARE_AIM)


# ---- pages ----

def pages_of(side):
    clerk = side.centre.sign_in("shou")
    case, _ = side.centre.longest_case(clerk)
    return {"front page": ("/", ""), "guide": ("/items/SLJ-01", ""), "search": ("/items?q=qushui", ""), "inbox": (side.centre.INBOX, clerk),
            "a case": (case["path"], clerk)}


def measure_pages(sides):
    """The empty answer's turn comes with each page's."""
    of = [pages_of(side) for side in sides]
    empty, clients = [Load("/healthz", CLIENTS[1])] * 2, CLIENTS[1]
    for name in of[0]:
        loads = [Load(pages[name][0], clients, pages[name][1]) for pages in of]
        rounds = [(turn(sides, loads, number), turn(sides, empty, number)) for number in range(EFFORT.rounds)]
        print_row(f"{name}, a second", clients, [(was.rate, now.rate) for (was, now), _ in rounds], more)
        print_row("  µs of CPU", clients, [(was.us, now.us) for (was, now), _ in rounds], less)
        times = [(was.us / nothing_was.us, now.us / nothing.us) for (was, now), (nothing_was, nothing) in rounds]
        print_row("  of an empty answer's CPU", clients, times, less, None)
        if name in PAGE_AIMS:
            now = statistics.median(now for _, now in times)
            print_held("  its aim", now, PAGE_AIMS[name], now <= PAGE_AIMS[name])


# ---- all of it ----

def opened(stack, folder, program, rows, database):
    """A side; rows: the counties of a province, or none for one county."""
    if rows:
        centre = stack.enter_context(province.make(folder, rows, database, program))
        return [row[:2] for row in rows], centre
    folder.mkdir()
    make_county(folder, database=database, program=program)
    centre = stack.enter_context(Centre(database, "--files", folder, program=program))
    return [("330482", centre.address.removeprefix("http://"))], centre


def both_opened(stack, folder, programs, rows, postgres):
    sides = []
    for name, program in programs.items():
        home = folder / f"{name}-{len(rows)}-{'server' if postgres else 'file'}"
        database = postgres.database(f"{name}_{len(rows)}") if postgres else folder / f"{home.name}.db"
        places, centre = opened(stack, home, program, rows, database)
        sides.append(Side(centre, home, database, places, [postgres.pid()] if postgres else []))
    return sides


def measure_both(folder, programs, rows, postgres=None):
    where = "on PostgreSQL" if postgres else "on a file"
    with contextlib.ExitStack() as stack:
        sides = both_opened(stack, folder, programs, rows, postgres)
        print_head(f"{where}, {f'{len(rows)} counties' if rows else 'one county'}")
        if not rows and not postgres:
            measure_pages(sides)
        measure_lives(where, sides)
        measure_drafts(where, sides)
        if not rows and not postgres:
            measure_bare(sides[1], folder)
        print_row("resident memory after all that, MB", "", [tuple(side.centre.resident_mb() for side in sides)], less)
    return sides


def verify(sides, programs):
    """Verifies the databases; for a province its first county."""
    for side, (name, program) in zip(sides, programs.items()):
        county = side.places[0][0]
        files = side.folder / county if len(side.places) > 1 else side.folder
        said = output_of(program, "verify", "--database", side.database, "--files", files, "--county", county)
        print(f"{name}, verified: {said.strip()}")


def measure(folder):
    commit = ASKED.of or (None if ASKED.short else COMMIT)
    programs = {"before": build(commit), "now": PROGRAM}
    rows = province.counties()
    print(f"{commit or 'the program beside itself'}; medians of {EFFORT.rounds} rounds; a ratio says how many times "
          "better it is now")
    for places in [], rows:
        verify(measure_both(folder, programs, places), programs)
        with cluster.Cluster(**server.SETTINGS) as postgres:
            verify(measure_both(folder, programs, places, postgres), programs)

# SPDX-License-Identifier: Apache-2.0
"""The whole city's nine months, lived through by the rooms' own actions, beside SQLite alone writing the same rows; then its
bulletin, held against what the city published, and its dashboard. At its full size it takes some ten minutes and 15 GB."""
import csv
import json
import os
import statistics
import subprocess
import sys
import time

from centre import PROGRAM, Centre, Load, figures_of, output_of
from effort import ASKED, BUILD, EFFORT, TOP, verdict

PUBLISHED = TOP / "data/published.csv"
NINE_MONTHS = ("--from", "2014-01-01", "--to", "2014-09-30")
REPORTS = 7
AIMS = [("the whole city, of SQLite writing the same rows", "city", 1.5), ("its resident memory, MB", "city_mb", 200),
        ("its bulletin of nine months, seconds", "report_s", 1), ("its dashboard over nine months, p99 in ms", "dashboard_ms", 10)]


def lived(database, times):
    """Seconds by the wall and of CPU, and the most memory that was resident, in MB."""
    began = time.monotonic()
    child = subprocess.Popen([PROGRAM, "demo", "--full", "--times", str(times), "--database", database],
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise SystemExit(f"pinghu demo --full ended with {child.returncode}")
    return time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def bare(database, folder, *how):
    figures = figures_of(BUILD / "rows", database, folder / "rows.db", *how)
    (folder / "rows.db").unlink()
    return figures


def report(database):
    """The bulletin's figures, and the median of the seconds in which it was made."""
    seconds = []
    for _ in range(REPORTS):
        began = time.monotonic()
        said = output_of(PROGRAM, "report", "--database", database, *NINE_MONTHS, "--format", "json")
        seconds.append(time.monotonic() - began)
    return json.loads(said), statistics.median(seconds)


def hold_against_published(figures):
    """How many rows are as published, and those that are not; what belongs to a room yet to come is null."""
    rows = [(row["key"], float(row["value"]), figures[row["key"]]) for row in csv.DictReader(PUBLISHED.open(encoding="utf-8"))]
    computed = [row for row in rows if row[2] is not None]
    return len(rows), len(computed), [row for row in computed if abs(row[1] - row[2]) > 1e-9]


def measure_city(folder, times):
    database = folder / "city.db"
    print(f"living through the whole city, {times} over", file=sys.stderr)
    wall, cpu, resident = lived(database, times)
    tables, lives = bare(database, folder), bare(database, folder, "lives")
    print(f"\nthe city, {times} over, {tables['rows']:,.0f} rows: {wall:.0f} s by the wall, {cpu:.0f} of CPU; SQLite alone writes the same rows"
          f" case by case, each event chained, in {lives['write_s']:.0f} s, {lives['cpu_s']:.0f} of CPU; table after table, and nothing"
          f" else, in {tables['write_s']:.0f} s, {tables['cpu_s']:.0f} of CPU ({wall / tables['write_s']:.2f})")
    figures, report_s = report(database)
    rows, computed, wrong = hold_against_published(figures)
    print(f"{rows} figures were published, {computed} are computed, {computed - len(wrong)} are exactly as published"
          + "".join(f"\n  {key}: published {published}, computed {found}" for key, published, found in wrong))
    with Centre(database) as centre:
        load = Load("/figures?from=2014-01-01&to=2014-09-30", 1, centre.sign_in("zhuren"))
        dashboard = statistics.median(load.measure(centre).p99 for _ in range(EFFORT.rounds))
    return {"city": wall / lives["write_s"], "city_mb": resident, "report_s": report_s, "dashboard_ms": dashboard}


def measure(folder):
    measured = measure_city(folder, float(ASKED.of or EFFORT.city))
    print(f"\n{'':<50}{'measured':>9}{'aim':>7}")
    for what, key, aim in AIMS:
        print(f"{what:<50}{measured[key]:>9.2f}{aim:>7}{verdict(measured[key] < aim)}")

# SPDX-License-Identifier: Apache-2.0
"""Pages over ten million cases beside the same pages over ten thousand. The demo county's cases are copied under other
numbers, with some of their events, papers and documents, until there are so many; nothing but the size differs, and the
case whose page is asked for is the same. Needs some 35 GB of disk and a quarter of an hour for ten million."""
import sqlite3
import statistics
import sys
import time

from centre import Centre, Load, make_county, output_of
from effort import ASKED, BUILD, EFFORT, verdict

AIM = 1.5
SERIALS = 190  # a day of the demo county has fewer cases
LATER = 20 * 365 * 86_400_000  # ms: what waits for the system itself waits long, lest it begins to act on copies
PERIOD = "from=2014-01-01&to=2199-12-31"
PAGES = [("inbox", "shen", "/desk"), ("taken in here", "shou", "/desk?list=place"), ("all cases", "jian", "/desk?list=all"),
         ("a case", "jian", None), ("accepted", "jian", f"/desk/cases?of=accepted&{PERIOD}"),
         ("open, of a town", "jian", f"/desk/cases?of=open&{PERIOD}&division=330482103000"),
         ("overdue, of a department", "jian", f"/desk/cases?of=overdue&{PERIOD}&organ=12"),
         ("decided, of an item at towns", "jian", f"/desk/cases?of=decided&{PERIOD}&item=SLJ-01&channel=towns")]
ALARMS = ("SELECT number FROM case_now WHERE county = 330482 AND alarm_at > 0 AND alarm_at <= ?"
          " ORDER BY alarm_at, number LIMIT 200")

# Copies of a case follow each other, so that what is written lies in the order of its days, as in a centre's own life.
NUMBER = "{0} / 1000000 * 1000000 + :serials + {0} % 1000000 * :copies + c.copy"
COPIED = NUMBER.format("m.number")
SUBJECT = "'case/' || (" + NUMBER.format("CAST(substr(m.subject, 6) AS INTEGER)") + ")"
# For each table: which columns differ in a copy, and which rows are copied. Sealed values do not open in another row: a copy has none.
TABLES = {
    "case_now": ({"number": COPIED, "personal": "''", "alarm_at": "CASE WHEN m.alarm_at > 0 THEN m.alarm_at + :later ELSE 0 END"}, "1"),
    "event": ({"subject": SUBJECT, "number": "-(m.number * :copies + c.copy)"}, "m.subject LIKE 'case/%' AND m.sequence <= 3"),
    "paper": ({"subject": SUBJECT, "name": "''"}, "m.paper = 1"),
    "document": ({"subject": SUBJECT, "code": "m.code || c.copy", "number": "m.number || '-' || c.copy", "content": "''"}, "m.document_kind = 'receipt'"),
}
ORDERS = {"case_now": "number", "event": "number", "paper": "subject", "document": "subject"}


# ---- growing ----

def columns_of(link, table):
    return [row[1] for row in link.execute(f"PRAGMA table_info({table})")]


def copy_statement(link, table):
    changed, which = TABLES[table]
    columns = columns_of(link, table)
    values = ", ".join(changed.get(name, f"m.{name}") for name in columns)
    return f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM model_{table} m CROSS JOIN copies c WHERE {which}"


def grow(database, cases):
    """The sums of the tables are left behind, and copied events stand below the first: this is no county any more, only its size."""
    link = sqlite3.connect(database, isolation_level=None)
    link.executescript("PRAGMA journal_mode = DELETE; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -800000")
    for name, in link.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        link.execute(f"DROP TRIGGER {name}")
    models, = link.execute("SELECT COUNT(*) FROM case_now").fetchone()
    copies = max(cases // models, 1)
    link.execute("CREATE TEMP TABLE copies (copy INTEGER PRIMARY KEY)")
    link.executemany("INSERT INTO copies VALUES (?)", ((copy,) for copy in range(1, copies)))
    for table in TABLES:
        link.execute(f"CREATE TEMP TABLE model_{table} AS SELECT * FROM {table} ORDER BY {ORDERS[table]}")
        values = {"serials": SERIALS, "later": LATER, "copies": copies}
        text = copy_statement(link, table)
        link.execute("BEGIN")
        link.execute(text, {name: value for name, value in values.items() if f":{name}" in text})
        link.execute("COMMIT")
        print(f"{table}: {link.execute(f'SELECT MAX(rowid) FROM {table}').fetchone()[0]:,} rows", file=sys.stderr)
    return link


# ---- measuring ----

def longest_case(link):
    number, = link.execute("SELECT number FROM case_now WHERE state = 'closed' ORDER BY events DESC, number LIMIT 1").fetchone()
    return f"/desk/cases/{number}"


def alarms_us(link):
    """The program asks this every twenty seconds, when nothing is due and when much is."""
    times = []
    for now in (0, 2**60):
        for _ in range(50):
            began = time.perf_counter()
            link.execute(ALARMS, (now,)).fetchall()
            times.append((time.perf_counter() - began) * 1e6)
    return statistics.median(times[:50]), statistics.median(times[50:])


def print_pair(name, few, many, unit):
    ratio = many / few
    print(f"{name:<32}{few:>12.2f}{many:>12.2f} {unit}{ratio:>8.2f}{AIM:>6}{verdict(ratio < AIM)}", flush=True)


def print_head(few, many):
    print(f"\n{'milliseconds, one client':<32}{few:>12,}{many:>12,} {'':<2}{'ratio':>8}{'aim':>6}")


def counted(folder, name, cases):
    """A demo county whose counters are those of so many cases."""
    (folder / name).mkdir()
    database = make_county(folder / name)
    output_of(BUILD / "bench_figures", database, str(cases))
    return database


def measure_figures(folder, cases):
    """The slowest hundredth of the dashboards, over the counters of a city's nine months and of ten million cases."""
    with Centre(counted(folder, "nine-months", EFFORT.counted)) as few, Centre(counted(folder, "ten-million", cases)) as many:
        both = [(centre, Load("/figures", 1, centre.sign_in("zhuren"))) for centre in (few, many)]
        runs = [[load.measure(centre).p99 for centre, load in both] for _ in range(EFFORT.rounds)]
    print_head(EFFORT.counted, cases)
    print_pair("dashboard, p99", statistics.median(run[0] for run in runs), statistics.median(run[1] for run in runs), "ms")


def grown(folder, name, models, cases):
    """The database, what its alarms take, and the longest case."""
    (folder / name).mkdir()
    database = make_county(folder / name, models)
    began = time.monotonic()
    link = grow(database, cases)
    print(f"{cases:,} cases after {time.monotonic() - began:.0f} s", file=sys.stderr)
    alarms, case = alarms_us(link), longest_case(link)
    link.close()
    return database, alarms, case


def measure(folder):
    models, few_cases, cases = EFFORT.scale
    cases = int(ASKED.of or cases)
    (few_db, few_alarms, _), (many_db, many_alarms, case) = grown(folder, "few", models, few_cases), grown(folder, "many", models, cases)
    print_head(few_cases, cases)
    with Centre(few_db) as few, Centre(many_db) as many:
        for name, account, path in PAGES:
            both = [Load(path or case, 1, centre.sign_in(account)) for centre in (few, many)]
            runs = [(both[0].measure(few).p50, both[1].measure(many).p50) for _ in range(EFFORT.rounds)]
            print_pair(name, statistics.median(run[0] for run in runs), statistics.median(run[1] for run in runs), "ms")
    for i, name in enumerate(("alarms, none due", "alarms, 200 due")):
        print_pair(name, few_alarms[i], many_alarms[i], "µs")
    measure_figures(folder, cases)

# SPDX-License-Identifier: Apache-2.0
"""The benches share a demo county, a server on it, and what is asked of it in rounds beside a yardstick. The ratio is the
median of the rounds: on a machine that others use too the ratio holds where single figures do not."""
import csv
import json
import pathlib
import resource
import signal
import statistics
import subprocess
import time
import typing
import urllib.error
import urllib.request

import processes
from effort import BUILD, EFFORT, TOP

HERE = pathlib.Path(__file__).resolve().parent
PROGRAM = BUILD / "pinghu"
CORES, SECONDS_MOST = 2, 30
PASSWORD = "Pinghu-2014"
APPLICANT = {"party_kind": "person", "name": "张三丰", "id_number": "330482196001011239", "telephone": "13800001111"}


def output_of(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{command[0]}: {(done.stderr or done.stdout)[-1000:]}")
    return done.stdout


def figures_of(*command):
    """The figures of a program that prints lines "name figure"."""
    return {name: float(figure) for name, figure in (line.split() for line in output_of(*command).splitlines())}


def papers_of(item):
    """The names of the item's papers, as JSON."""
    with open(TOP / "data/items.csv", newline="", encoding="utf-8") as table:
        cell = next(row["materials"] for row in csv.DictReader(table) if row["code"] == item)
    return json.dumps([paper.split(";")[0] for paper in cell.split("|")], ensure_ascii=False)


# ---- the centre ----

class Centre:
    """A server on a demo county, or on those that its options name."""
    INBOX = "/desk?list=place"
    # All that is asked comes from one address; on a slow machine what was asked before is still under way.
    ROOM = ("--limits", "address-connections=1000")

    def __init__(self, database, *options, program=PROGRAM, as_shipped=False):
        began = time.monotonic()
        if program == PROGRAM and not as_shipped:
            options = (*options, *self.ROOM)
        self.process = subprocess.Popen([program, "serve", "--database", database, "--listen", "127.0.0.1:0", *options],
                                        stdout=subprocess.PIPE, text=True)
        self.address = next(line for line in self.process.stdout if "is open at" in line).split()[-1]
        self.ask("/healthz")
        self.ready_s = time.monotonic() - began
        self.keys = 0

    def ask(self, path, body=None, cookie="", host=None):
        """`host` names the county that is meant where there are several."""
        headers = {"Cookie": cookie} | ({"Host": host} if host else {})
        if body is not None:
            self.keys += 1
            headers |= {"Content-Type": "application/json", "Idempotency-Key": f"set-up-{self.keys}"}
            body = json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(self.address + path, body, headers)) as answer:
            return answer.headers, json.load(answer)

    def sign_in(self, account, host=None):
        headers, _ = self.ask("/sign-in", {"account": account, "password": PASSWORD}, host=host)
        return next(line.split(";")[0] for line in headers.get_all("Set-Cookie") if line.startswith("pinghu="))

    def may_open(self, case, cookie):
        """The inbox names cases of other departments' counters too."""
        try:
            return self.ask(case["path"], cookie=cookie)
        except urllib.error.HTTPError as refused:
            if refused.code != 403:
                raise
            return None

    def longest_case(self, cookie):
        """The case of an inbox with most events, and how many cases stand there."""
        cases = self.ask(self.INBOX, cookie=cookie)[1]["cases"]
        return next(case for case in sorted(cases, key=lambda case: -case["seen"]) if self.may_open(case, cookie)), len(cases)

    def cpu_seconds(self):
        return processes.cpu_seconds([self.process.pid])

    def resident_mb(self):
        return processes.resident_mb(self.process.pid)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        if self.process.wait(timeout=20) != 0:
            raise SystemExit(f"the server ended with {self.process.returncode}")


def make_county(folder, cases=EFFORT.cases, database=None, program=PROGRAM):
    """In a file of the folder, or in a server's database with its files there."""
    beside = ["--files", folder] if database else []
    database = database or folder / "county.db"
    output_of(program, "demo", "--database", database, "--cases", str(cases), *beside)
    return database


# ---- one measurement ----

class Measured(typing.NamedTuple):
    rate: float   # requests a second
    p50: float    # ms
    p99: float
    share: float  # of the machine, that the generator took
    requests: int


def spent():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Load:
    """A number of clients ask this, each again as soon as it is answered; what else `script` asks for stands in `more`."""
    serial = 0

    def __init__(self, path, clients, cookie="", body=None, script="load.lua", more=()):
        self.path, self.clients, self.cookie, self.body, self.script, self.more = path, clients, cookie, body, script, more

    def measure(self, centre):
        """A machine so busy that it answers nothing in that time, or has not begun, is given more."""
        seconds = EFFORT.page_seconds if self.body is None else EFFORT.action_seconds
        before, began = spent(), time.monotonic()
        while True:
            requests, duration, failed, p50, p99 = self.run(centre, seconds)
            if failed or not (requests or seconds < SECONDS_MOST):
                raise SystemExit(f"{self.path}: {failed} of {requests} requests failed in {seconds} s")
            if requests:
                share = (spent() - before) / (time.monotonic() - began) / CORES
                return Measured(requests * 1e6 / duration, p50 / 1000, p99 / 1000, share, requests)
            seconds *= 2

    def run(self, centre, seconds):
        Load.serial += 1
        body = [] if self.body is None else [json.dumps(self.body, ensure_ascii=False)]
        kind = ["-H", "Content-Type: application/json"] if body else ["-H", "Accept: text/html"]
        # wrk knows whole seconds only, so it is told when to stop
        command = ["timeout", "--signal=INT", str(seconds), "wrk", "--threads", "1", "--connections", str(self.clients),
                   "--duration", str(2 * SECONDS_MOST), "-H", f"Cookie: {self.cookie}", *kind, "--script", HERE / self.script,
                   centre.address + self.path, "--", f"{Load.serial}-", *body, *self.more]
        said = subprocess.run(command, capture_output=True, text=True, cwd=HERE).stdout
        figures = [line.split()[1:] for line in said.splitlines() if line.startswith("bench ")]
        if "failed" in said:
            raise SystemExit(f"{self.path}: {said}")
        return map(int, figures[0] if figures else [0] * 5)


class Bare:
    """SQLite alone, as many actions to a commit as there are clients."""

    def __init__(self, database, clients):
        self.database, self.clients = database, clients

    def measure(self, _):
        rate, p50, p99 = map(float, output_of(BUILD / "bare", self.database, str(self.clients), str(EFFORT.action_seconds)).split())
        return Measured(rate, p50 / 1000, p99 / 1000, 0, 0)


# ---- rounds ----

def middle(runs):
    return Measured(*(statistics.median(figures) for figures in zip(*runs)))


def compare(centre, subject, yardstick):
    """Both in turn, round after round: their medians, and the median of the rounds' ratios."""
    pairs = [(subject.measure(centre), yardstick.measure(centre)) for _ in range(EFFORT.rounds)]
    ratio = statistics.median(mine.rate / other.rate for mine, other in pairs)
    return middle([mine for mine, _ in pairs]), middle([other for _, other in pairs]), ratio


def print_head(name):
    print(f"{name:<22}{'clients':>8}{'per s':>10}{'p50 ms':>9}{'p99 ms':>9}{'wrk':>10}{'yardstick':>12}{'ratio':>9}")


def print_row(name, clients, mine, other, ratio):
    print(f"{name:<22}{clients:>8}{mine.rate:>10.0f}{mine.p50:>9.2f}{mine.p99:>9.2f}{mine.share:>10.0%}{other.rate:>12.0f}{ratio:>9}", flush=True)

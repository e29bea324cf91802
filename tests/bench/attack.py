# SPDX-License-Identifier: Apache-2.0
"""The waiting of other people while somebody attacks the centre, beside their waiting in quiet. The attacker is 127.0.0.2, they are
127.0.1.x; each of their requests has to be answered, or the bench ends. He runs on the same processors, but gives way to all else."""
import contextlib
import http.client
import json
import multiprocessing
import os
import pathlib
import resource
import select
import signal
import socket
import statistics
import threading
import time
import typing
import urllib.parse

import server
from centre import APPLICANT, PROGRAM, Centre, make_county
from effort import EFFORT, verdict
from server import cluster

AIM = 2
ATTACKER, HEADER = "127.0.0.2", "X-Forwarded-For"
HEAD = "POST {} HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: a\r\nContent-Type: {}\r\nContent-Length: {}\r\n\r\n"
FORM, PARTS, JSON = "application/x-www-form-urlencoded", "multipart/form-data; boundary=xx", "application/json"
FILE = "--xx\r\nContent-Disposition: form-data; name=\"papers\"; filename=\"a.pdf\"\r\n\r\n"
PIECE, LINE = 1 << 16, 12_500_000  # bytes; bytes a second
CLIENTS, A_SECOND = 32, 10_000 / 60
FEW_FILES = 256  # that a program may open where descriptors run out


# ---- the attacker: each attack goes on until it is ended ----

def connect(port):
    return socket.create_connection(("127.0.0.1", port), timeout=5, source_address=(ATTACKER, 0))


def is_open(one, drop):
    try:
        one.sendall(drop.encode())
        return one.recv(4096) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False


def hold(port, first="", drop=""):
    """So many connections, each of which sends a little every second; those that are ended are opened anew."""
    held, any_of_them = [], select.poll()
    while True:
        for _ in range(EFFORT.attackers - len(held)):
            with contextlib.suppress(OSError):
                held.append(connect(port))
                held[-1].sendall(first.encode())
                held[-1].setblocking(False)
                any_of_them.register(held[-1], 0)
        until = time.monotonic() + 1
        while time.monotonic() < until:
            for one, _ in any_of_them.poll(1000 * (until - time.monotonic())):
                any_of_them.unregister(one)
        held = [one for one in held if is_open(one, drop) or one.close()]


def pour(one, message):
    """As fast as a line of 100 Mbit/s takes it, until it is answered."""
    answered = select.poll()
    answered.register(one, select.POLLIN)
    for at in range(0, len(message), PIECE):
        one.sendall(message[at:at + PIECE])
        if answered.poll(1000 * PIECE / LINE):
            return


def repeat(port, message):
    """The same request again and again, on a new connection each time."""
    while True:
        with contextlib.suppress(OSError), connect(port) as one:
            pour(one, message)
            while one.recv(65536):
                pass


def ask_for_ever(port, method, path, bodies, headers, a_second=None):
    """Request after request on a connection, one of CLIENTS that make so many a second, or as many as they can: bodies and headers of
    the n-th one."""
    pace = threading.Event()
    n, conn = 0, http.client.HTTPConnection("127.0.0.1", port, timeout=60, source_address=(ATTACKER, 0))
    while not pace.wait(CLIENTS / a_second if a_second else 0):
        n += 1
        try:
            conn.request(method, path, bodies and json.dumps(bodies(n)), {"Content-Type": JSON, "Idempotency-Key": f"{os.getpid()}-{n}"} | headers(n))
            conn.getresponse().read()
        except (OSError, http.client.HTTPException):
            conn.close()


def begin(path, kind, length=None, body=""):
    return (HEAD.format(path, kind, len(body) if length is None else length) + body).encode()


def chunks(text):
    return (HEAD.format("/sign-in", FORM, 0).replace("Content-Length: 0", "Transfer-Encoding: chunked")
            + "".join(f"1\r\n{letter}\r\n" for letter in text) + "0\r\n\r\n").encode()


def no_headers(_):
    return {}


def many_addresses(n):
    return {HEADER: f"203.0.113.9, 10.{os.getpid() % 250}.{n // 250 % 250}.{n % 250}"}


def wrong_password(n):
    return {"account": ["cun", "shen", "nobody"][n % 3], "password": f"wrong-{n}"}


def application(place):
    return lambda n: APPLICANT | {"place": place}


class Attack(typing.NamedTuple):
    name: str
    processes: int
    run: typing.Callable  # what each of them does
    how: tuple
    by_many: bool = False  # addresses, which a proxy names


def attacks(place):
    big = 9_000_000 if EFFORT.attackers > 1000 else 900_000
    pages = [("search", "/items?q=qushui"), ("register as a file", "/licences?format=xlsx")]
    form = ("POST", "/apply/SLJ-01", application(place))
    return [Attack("connections, idle", 1, hold, ()), Attack("connections with half a head", 1, hold, ("GET / HTTP/1.1\r\nHo",)),
            Attack("heads, a line a second", 1, hold, ("GET / HTTP/1.1\r\nHost: localhost\r\n", "X-A: a\r\n")),
            Attack("bodies, a byte a second", 1, hold, (HEAD.format("/sign-in", JSON, 1000), " ")),
            Attack("32 clients, wrong passwords", CLIENTS, ask_for_ever, ("POST", "/sign-in", wrong_password, no_headers, A_SECOND)),
            Attack("form of 20,000 parts", 2, repeat, (begin("/sign-in", PARTS, 120 << 20) + FILE.encode() * 20_000,)),
            Attack("uploads of 120 MB, unasked", 8, repeat, (begin("/sign-in", PARTS, 120 << 20) + (FILE + "a" * (8 << 20)).encode(),)),
            Attack(f"a&a&… of {big // 1_000_000 or 0.9} MB", 2, repeat, (begin("/sign-in", FORM, body="a&" * (big // 2)),)),
            Attack("values in one-byte chunks", 2, repeat, (chunks("account=" + "a" * (big // 10)),)),
            *(Attack(f"{name}, one address", CLIENTS, ask_for_ever, ("GET", path, None, no_headers)) for name, path in pages),
            *(Attack(f"{name}, many addresses", CLIENTS, ask_for_ever, ("GET", path, None, many_addresses, A_SECOND), True) for name, path in pages),
            Attack("applications, one address", CLIENTS, ask_for_ever, (*form, no_headers, A_SECOND)),
            Attack("applications, many addresses", CLIENTS, ask_for_ever, (*form, many_addresses, A_SECOND), True)]


def give_way_and_run(port, attack):
    """All processes in a session of their own: Linux shares the processors out by session first, and only within one by niceness."""
    os.setsid()
    os.nice(19)
    with contextlib.suppress(OSError):
        pathlib.Path("/proc/self/autogroup").write_text("19")
    for _ in range(attack.processes - 1):
        if os.fork() == 0:
            break
    attack.run(port, *attack.how)


@contextlib.contextmanager
def attacked(port, attack):
    first = multiprocessing.get_context("fork").Process(target=give_way_and_run, args=(port, attack), daemon=True)
    first.start()
    try:
        yield
    finally:
        os.killpg(first.pid, signal.SIGKILL)
        first.join()


# ---- the others ----

class County:
    """A demo county in a folder, or in a server's database with its files there."""

    def __init__(self, folder, database=None):
        self.database = make_county(folder, database=database)
        self.options = ["--files", folder] if database else []
        with self.open() as centre:
            self.clerk = centre.sign_in("cun")  # before anybody guesses his password

    def open(self, *options, program=PROGRAM):
        return Centre(self.database, *self.options, *options, program=program, as_shipped=True)


class Others:
    """People who read and act, one request after the other."""
    serial = asked = 0

    def __init__(self, centre, clerk):
        self.centre, self.clerk = centre, clerk
        self.port = urllib.parse.urlsplit(centre.address).port

    def ask(self, method, path, body=None, headers=None):
        """On a connection of its own, as that of somebody else who comes just now: one address that asks for so much would be a crowd.
        Milliseconds."""
        Others.asked += 1
        began = time.perf_counter()
        conn = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60, source_address=(f"127.0.1.{Others.asked % 250 + 1}", 0))
        conn.request(method, path, body, headers or {})
        answer = conn.getresponse()
        answer.read()
        conn.close()
        if answer.status >= 400:
            raise SystemExit(f"{method} {path} was answered with {answer.status}")
        return (time.perf_counter() - began) * 1000

    def draft(self):
        Others.serial += 1
        return self.ask("POST", "/desk/apply/SLJ-01", json.dumps(APPLICANT),
                        {"Cookie": self.clerk, "Content-Type": JSON, "Idempotency-Key": f"other-{Others.serial}"})

    def hand_in(self):
        """A case that the public ledger tells of."""
        number = self.centre.ask("/desk/apply/SLJ-01", APPLICANT, self.clerk)[1]["number"]
        case = self.centre.ask(f"/desk/cases/{number}", cookie=self.clerk)[1]
        self.centre.ask(f"/desk/cases/{number}/submit", {"seen": case["seen"], "materials": [one["name"] for one in case["materials"]]}, self.clerk)

    def measure(self, seconds):
        """Milliseconds of each reading, and of each action."""
        reads, acts, until = [], [], time.monotonic() + seconds
        while time.monotonic() < until or not acts:
            reads += [self.ask("GET", "/", headers={"Accept": "text/html"}), self.ask("GET", Centre.INBOX, headers={"Accept": "text/html", "Cookie": self.clerk})]
            acts.append(self.draft())
        return reads, acts


# ---- the rows ----

def middle_and_99th(times):
    return statistics.median(times), sorted(times)[int(len(times) * 0.99)]


def in_turn(others, attack):
    """Quiet and attack, round after round: what a reading and an action took in each."""
    rounds = []
    for _ in range(EFFORT.rounds):
        others.measure(EFFORT.attack_seconds / 4)  # until the attack before it is over
        quiet = others.measure(EFFORT.attack_seconds)
        with attacked(others.port, attack):
            others.measure(EFFORT.attack_seconds / 4)  # until it is under way
            rounds.append((quiet, others.measure(EFFORT.attack_seconds)))
    return rounds


def print_row(name, rounds):
    """Medians of the rounds, and of their ratios."""
    for kind in range(2):
        figures = [(*middle_and_99th(quiet[kind]), *middle_and_99th(loud[kind])) for quiet, loud in rounds]
        before, before_99, now, now_99 = map(statistics.median, zip(*figures))
        times = statistics.median(one[2] / one[0] for one in figures)
        times_99 = statistics.median(one[3] / one[1] for one in figures)
        print(f"{name:<32}{before:>9.2f}{before_99:>9.2f}{now:>10.2f}{now_99:>9.2f}{times:>7.1f}{times_99:>7.1f}{os.getloadavg()[0]:>7.1f}"
              f"{verdict(times <= AIM and times_99 <= AIM)}", flush=True)
        name = "  an action"


def measure_attacks(county, by_many):
    with county.open(*(["--address-header", HEADER] if by_many else [])) as centre:
        others = Others(centre, county.clerk)
        others.measure(EFFORT.attack_seconds)  # whoever comes first waits for what is not cached yet
        place = int(centre.ask("/apply/SLJ-01")[1]["towns"][0]["places"][0]["code"])
        for attack in attacks(place):
            if attack.by_many == by_many:
                print_row(attack.name, in_turn(others, attack))


def measure_descriptors(county, folder):
    """A program that may open few files, and more connections than that: the ledger is published too."""
    limited = folder / "limited"
    limited.write_text(f"#!/bin/sh\nulimit -n {FEW_FILES}\nexec {PROGRAM} \"$@\"\n")
    limited.chmod(0o755)
    attack = Attack(f"connections, {FEW_FILES} descriptors", 1, hold, (HEAD.format("/sign-in", JSON, 1000), " "))
    checkpoint = next(folder.glob("*.checkpoint"))
    with county.open(program=limited) as centre:
        others = Others(centre, county.clerk)
        rounds = in_turn(others, attack)
        with attacked(others.port, attack):
            others.measure(EFFORT.attack_seconds / 4)
            before, until = checkpoint.read_text(), time.monotonic() + 30
            while checkpoint.read_text() == before:
                if time.monotonic() > until:
                    raise SystemExit("the ledger was not published")
                others.hand_in()
    print_row(attack.name, rounds)


def measure_all(folder, *database):
    folder.mkdir()
    county = County(folder, *database)
    for by_many in (False, True):
        measure_attacks(county, by_many)
    measure_descriptors(county, folder)


def measure(folder):
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    print(f"milliseconds that others wait for a page and for a durable action, medians of {EFFORT.rounds} rounds of quiet and attack, "
          f"{EFFORT.attackers} connections of one address;\nbeside each the load average of this machine\n")
    print(f"{'on a file':<32}{'quiet':>9}{'99th':>9}{'attacked':>10}{'99th':>9}{'times':>7}{'99th':>7}{'load':>7}")
    measure_all(folder / "file")
    with cluster.Cluster(**server.SETTINGS) as postgres:
        print("\non PostgreSQL")
        measure_all(folder / "server", postgres.database("county"))

# SPDX-License-Identifier: Apache-2.0
"""Ninety counties in one program beside one county in it: the same lives a second, on a file and on PostgreSQL."""
import json
import pathlib
import statistics
import subprocess
import sys
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent / "tools"))
import cluster
import server

CLIENTS, CASES, AIM = 64, 5, 1.0
TOP = pathlib.Path(__file__).resolve().parent.parent.parent


class Province:
    """A list of counties, made and served."""

    def __init__(self, folder, rows, database, tools):
        self.tools, self.rows, self.database = tools, rows, database
        folder.mkdir()
        self.list, self.people = folder / "counties.csv", folder / "people"
        self.list.write_text("code,host,name,name_en\n" + "".join(",".join(row) + "\n" for row in rows))
        self.beside = ["--files", folder]
        made = subprocess.run([tools.BUILD / "pinghu", "demo", "--database", database, "--counties", self.list, "--cases", str(CASES), *self.beside],
                              capture_output=True, text=True)
        if made.returncode != 0:
            raise SystemExit(made.stderr[-1000:])

    def open(self):
        self.process = subprocess.Popen([self.tools.BUILD / "pinghu", "serve", "--database", self.database, "--listen", "127.0.0.1:0", "--counties",
                                         self.list, *self.beside], stdout=subprocess.PIPE, text=True)
        for line in self.process.stdout:
            if "is open at" in line:
                self.address = line.split()[-1]
                break
        self.people.write_text("".join(f"{row[0]} {row[1]} {self.sign_in(row[1])}\n" for row in self.rows))
        return self

    def sign_in(self, host):
        body = json.dumps({"account": "cun", "password": self.tools.PASSWORD}).encode()
        headers = {"Host": host, "Content-Type": "application/json", "Idempotency-Key": "bench-sign-in"}
        with urllib.request.urlopen(urllib.request.Request(self.address + "/sign-in", body, headers)) as answer:
            return answer.headers["Set-Cookie"].split(";")[0]

    def lives(self):
        """Whole lives a second."""
        self.tools.Load.serial += 1
        said = subprocess.run(["timeout", "--signal=INT", str(self.tools.ACTION_SECONDS), "wrk", "--threads", "1", "--connections", str(CLIENTS),
                               "--duration", "60", "-H", "Content-Type: application/json", "--script", TOP / "tests/bench/lives.lua", self.address,
                               "--", f"{self.tools.Load.serial}-", self.people, "/desk/apply/SLJ-01",
                               json.dumps(self.tools.APPLICANT, ensure_ascii=False)], capture_output=True, text=True).stdout
        requests, duration, failed, _, _ = map(int, next(line.split()[1:] for line in said.splitlines() if line.startswith("bench ")))
        if failed or not requests:
            raise SystemExit(f"{failed} of {requests} requests failed")
        return requests / 2 * 1e6 / duration

    def close(self):
        self.process.terminate()
        if self.process.wait(timeout=20) != 0:
            raise SystemExit(f"the server ended with {self.process.returncode}")


def compare(name, folder, databases, rows, tools):
    one, many = (Province(folder / f"{name}-{len(some)}", some, database, tools).open() for some, database in zip(([rows[0]], rows), databases))
    rounds = [(one.lives(), many.lives()) for _ in range(tools.ROUNDS)]
    server.print_row(f"one county, {name}", CLIENTS, [alone for alone, _ in rounds], None, None)
    server.print_row(f"{len(rows)} counties, {name}", CLIENTS, [all_ for _, all_ in rounds], statistics.median(all_ / alone for alone, all_ in rounds), AIM)
    one.close()
    many.close()


def measure(folder, tools):
    """tools: the bench's own ways of asking a centre."""
    rows = [line.split(",") for line in (TOP / "data/zhejiang.csv").read_text().splitlines()[1:] if not line[4:6] == "00"]
    print(f"making {len(rows) + 1} demo cities, twice", file=sys.stderr)
    print(f"{'lives: drafted and withdrawn':<34}{'clients':>8}{'per s':>10}{'ratio':>9}{'aim':>7}")
    compare("on a file", folder, (folder / "one.db", folder / "many.db"), rows, tools)
    with cluster.Cluster(**server.SETTINGS) as postgres:
        compare("on PostgreSQL", folder, (postgres.database("one"), postgres.database("many")), rows, tools)

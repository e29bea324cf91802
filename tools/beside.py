# SPDX-License-Identifier: Apache-2.0
"""Runs parts of the tests side by side, each as a process of its own. What a part says is kept until it ends, so that it
can be read as a whole."""
import contextlib
import fcntl
import json
import pathlib
import subprocess
import tempfile
import time
import typing
from concurrent.futures import ThreadPoolExecutor, as_completed

import tap


class Part(typing.NamedTuple):
    """`command` is given the name of a file to leave its counts in (`leave`)."""
    name: str
    command: list
    patient: bool = False  # takes what the others leave of the processors


class Ended(typing.NamedTuple):
    name: str
    said: str
    result: tap.Count
    seconds: float


def leave(file, result):
    pathlib.Path(file).write_text(json.dumps({"passed": result.passed, "failed": result.failed}))


def found(file, status):
    """Without counts the part has failed, and with a bad end too."""
    result = tap.Count()
    if file.exists():
        counts = json.loads(file.read_text())
        result.passed, result.failed = counts["passed"], counts["failed"]
    if not file.exists() or status and not result.failed:
        result.add(False, f"(ended with status {status})")
    return result


def run_one(part, home):
    began, file = time.monotonic(), home / f"{part.name}.json"
    with open(home / f"{part.name}.log", "w+", errors="replace") as said:
        status = subprocess.run([*(["nice", "-n", "10"] if part.patient else []), *part.command, file], stdin=subprocess.DEVNULL,
                                stdout=said, stderr=subprocess.STDOUT, check=False).returncode
        said.seek(0)
        return Ended(part.name, said.read(), found(file, status), time.monotonic() - began)


def run(parts, lanes, patient_lanes=1):
    """Yields each part when it has ended. `lanes` of them run at once, in their order, and beside them some that are patient."""
    with (tempfile.TemporaryDirectory(prefix="pinghu-parts-") as home, ThreadPoolExecutor(lanes) as hasty,
          ThreadPoolExecutor(patient_lanes) as patient):
        begun = [(patient if part.patient else hasty).submit(run_one, part, pathlib.Path(home)) for part in parts]
        for ended in as_completed(begun):
            yield ended.result()


@contextlib.contextmanager
def alone(file):
    """One process at a time."""
    with open(file, "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield

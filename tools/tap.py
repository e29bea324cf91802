# SPDX-License-Identifier: Apache-2.0
"""The counts of a run in the Test Anything Protocol. Only what ran and held counts as passed: a test
left out, one announced and never reached and a run that ends badly are failures."""
import re


class Count:
    def __init__(self):
        self.passed, self.failed = 0, []

    def add(self, held, name):
        if held:
            self.passed += 1
        else:
            self.failed.append(name)

    def take(self, other, prefix=""):
        self.passed += other.passed
        self.failed += [prefix + name for name in other.failed]


LINE = re.compile(r"( *)(not )?ok\b *\d* *-? *(.*)")
PLAN = re.compile(r"1\.\.(\d+)")
WHY = re.compile(r" *error: (?:\|-$|'?(.*))")
WHY_MOST = 200
TOTAL = re.compile(r"# (pass|fail|cancelled|skipped|todo) (\d+)")


def count(lines, status=0):
    """Counts the tests of one run. Node nests its tests and closes with totals: then those count."""
    result, planned, totals, inner = Count(), None, {}, []
    bailed = ""  # why the program stopped
    blamed, awaited = None, False  # the list whose last name has failed; Node's reason for it stands in the next line
    for line in lines:
        if awaited:
            blamed[-1] += ": " + line.strip()[:WHY_MOST]
            blamed, awaited = None, False
        elif blamed and (found := WHY.match(line)):
            awaited = found[1] is None
            if not awaited:
                blamed[-1] += ": " + found[1].rstrip("'")[:WHY_MOST]
                blamed = None
        elif line.startswith("Bail out!"):
            bailed = ": " + line.removeprefix("Bail out!").strip()[:WHY_MOST] if line.strip() != "Bail out!" else ""
        elif found := TOTAL.match(line):
            totals[found[1]] = int(found[2])
        elif found := PLAN.match(line):
            planned = int(found[1])
        elif found := LINE.match(line):
            indent, wrong, name = found.groups()
            held = not wrong and not re.search(r"# *(skip|todo)", name, re.I)
            if indent:
                inner += [] if held else [name]
            else:
                result.add(held, name)
            blamed = None if held else inner if indent else result.failed
    if "pass" in totals:
        return _totals(totals, inner + result.failed, status)
    seen = result.passed + len(result.failed)
    unreached = max(0, (planned or 0) - seen)
    result.failed += ["(not reached)" + bailed] * min(1, unreached) + ["(not reached)"] * (unreached - 1)
    if not seen:
        result.failed.append("(no test ran)")
    elif status and not result.failed:
        result.failed.append(f"(ended with status {status})")
    return result


def _totals(totals, names, status):
    result = Count()
    result.passed = totals.pop("pass")
    wrong = sum(totals.values()) or (1 if status or not result.passed else 0)
    result.failed = (names + ["(unnamed)"] * wrong)[:wrong]
    return result

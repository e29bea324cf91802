# SPDX-License-Identifier: Apache-2.0
"""How much one run of the benches does. `--short` is a run of seconds that proves that a bench works from end to end: it
measures too little for its figures to say anything, so none is held against an aim."""
import argparse
import dataclasses
import pathlib

TOP = pathlib.Path(__file__).resolve().parent.parent.parent


@dataclasses.dataclass(frozen=True)
class Effort:
    rounds: int
    page_seconds: float
    action_seconds: float
    openings: int       # of a server, until it is ready
    cases: int          # of a demo county
    events: int         # of the ledger that is grown
    open_cases: int     # whose limits a changed calendar moves
    counted: int        # cases whose counters are made
    city: float         # how many times the whole city is lived through
    scale: tuple        # the demo county's cases, and to how many they are copied: few and many
    counties: int       # of a province
    county_cases: int   # of each of them
    attackers: int      # connections of one address
    attack_seconds: float  # of a round, quiet or attacked


FULL = Effort(rounds=5, page_seconds=1, action_seconds=1.5, openings=7, cases=360, events=3_300_000, open_cases=100_000, counted=760_000,
              city=1.0, scale=(2_000, 10_000, 10_000_000), counties=90, county_cases=5, attackers=2_000, attack_seconds=2.5)
SHORT = Effort(rounds=1, page_seconds=0.05, action_seconds=0.05, openings=1, cases=20, events=2_000, open_cases=400, counted=1_000,
               city=0.002, scale=(20, 20, 60), counties=2, county_cases=2, attackers=300, attack_seconds=0.4)


def read():
    parser = argparse.ArgumentParser(prog="./dev bench", description="Each figure stands beside its yardstick, measured in turn with it.")
    parser.add_argument("which", nargs="?", default="centre", choices=["centre", "before", "city", "scale", "server", "province", "attack"])
    parser.add_argument("of", nargs="?", help="before: the commit; city: how many times; scale: how many cases")
    parser.add_argument("--short", action="store_true", help="prove in seconds that the bench works")
    parser.add_argument("--build", default=TOP / "build", type=lambda path: pathlib.Path(path).resolve(), help="the folder of the programs")
    return parser.parse_args()


ASKED = read()
EFFORT = SHORT if ASKED.short else FULL
BUILD = ASKED.build


def verdict(holds):
    return "" if ASKED.short else "  holds" if holds else "  MISSED"

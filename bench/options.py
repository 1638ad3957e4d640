"""What may be chosen on the command line. A number that is not given is the benchmark's own."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    runs: int
    posts: int | None
    in_flight: int
    only: frozenset[str]
    log_level: str
    backlog: int
    seconds: int
    is_json_only: bool

    def wants(self, name: str) -> bool:
        return not self.only or name in self.only


def parse(names: Sequence[str], sides: Sequence[str], arguments: Sequence[str] | None = None) -> tuple[str, Options]:
    """The benchmark's name and its options. Ends the program with a sentence for what cannot be understood."""
    parser = argparse.ArgumentParser(prog="make bench", description="Measure Postline.", allow_abbrev=False)
    parser.add_argument("benchmark", choices=names, nargs="?", default=names[0])
    parser.add_argument("--runs", type=_positive, default=3, help="runs of each side, interleaved (3)")
    parser.add_argument("--posts", type=_positive, help="posts of a burst (10,000), of the other benchmarks fewer")
    parser.add_argument("--in-flight", type=_positive, default=300, help="posts that a side has in flight (300)")
    parser.add_argument("--only", default="", help="sides to measure, such as limit,engine,bullmq (all)")
    parser.add_argument("--log-level", default="warning", help="of the sides that log: warning or info (warning)")
    parser.add_argument("--backlog", type=_positive, default=1_000_000, help="posts scheduled for later (1,000,000)")
    parser.add_argument("--seconds", type=_positive, default=60, help="length of the steady benchmark (60)")
    parser.add_argument("--json", action="store_true", help="print the JSON line alone")
    given = parser.parse_args(arguments)
    only = frozenset(filter(None, given.only.split(",")))
    if unknown := only - set(sides):
        parser.error(f"there is no side {', '.join(sorted(unknown))}; there are {', '.join(sides)}")
    options = Options(
        runs=given.runs,
        posts=given.posts,
        in_flight=given.in_flight,
        only=only,
        log_level=given.log_level,
        backlog=given.backlog,
        seconds=given.seconds,
        is_json_only=given.json,
    )
    return given.benchmark, options


def _positive(text: str) -> int:
    number = int(text.replace(",", "").replace("_", ""))
    if number < 1:
        raise argparse.ArgumentTypeError("give a number from 1 on")
    return number

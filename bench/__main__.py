"""`make bench BENCH=burst`: prints a table, the goals, and one line of JSON at the end."""

import contextlib
import io
import signal
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, Final

from bench.options import Options, parse
from bench.side import SideFailed
from bench.sides import MAKERS
from bench.table import print_json

BENCHMARKS: Final = {
    "burst": "bench.cases.burst",
    "backlog": "bench.cases.backlog",
    "steady": "bench.cases.steady",
    "head-of-line": "bench.cases.head_of_line",
    "scale-out": "bench.cases.scale_out",
    "memory": "bench.cases.memory",
}


def main() -> int:
    name, options = parse(list(BENCHMARKS), list(MAKERS))
    if not sys.platform.startswith("linux"):
        print("The benchmarks read /proc and run on Linux alone.", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what it started ends with it
    run: Callable[[Options], Mapping[str, Any]] = import_module(BENCHMARKS[name]).run
    try:
        with contextlib.redirect_stdout(io.StringIO()) if options.is_json_only else contextlib.nullcontext():
            found = run(options)
    except SideFailed as error:
        print(f"The benchmark stopped: {error}.", file=sys.stderr)
        return 1
    print_json(found)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What a benchmark tells while it runs, beside its results."""

import sys


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)

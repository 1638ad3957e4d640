"""The garbage collector's pace in a process that carries thousands of deliveries at once."""

import gc
from typing import Final

COLLECT_AFTER: Final = (50_000, 20, 100)  # objects more than before; then every so many collections of the younger


def spare_the_collector() -> None:
    """Thousands of deliveries under way are millions of living objects: looking them all through, again and again, cost
    a third of a worker's time (bench burst). What was loaded so far lives as long as the process and is left out.
    """
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)

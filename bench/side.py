"""One run of one side against the stand-in: start it, wait for the due time, watch, stop it, read what was seen."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection
from pathlib import Path
from typing import IO, Any, Final
from urllib.parse import urlsplit

from bench.child import READY
from bench.job import Job
from bench.measure import cpu_seconds, forget_peak, peak_memory

ROOT: Final = Path(__file__).parent.parent
SETTLES_WITHIN_S: Final = 15.0
EARLY_S: Final = 0.002
WATCH_EVERY_S: Final = 0.1
TRIES: Final = 4


class SideFailed(Exception):
    """A side ended by itself, never became ready, or did wrong; the message says which and how."""


@dataclass(frozen=True, slots=True)
class StandIn:
    """The stand-in's process, and what it answers to the benchmark."""

    base_url: str
    pid: int

    def reset(self, **told: float) -> None:
        """Forget everything. `delay_s`, `upload_s`: how slow to be."""
        self._ask("reset", json.dumps(told).encode())

    def counts(self) -> dict[str, Any]:
        return self._ask("counts")

    def report(self) -> dict[str, Any]:
        return self._ask("report")

    def _ask(self, what: str, body: bytes | None = None) -> dict[str, Any]:
        calls = HTTPConnection(urlsplit(self.base_url).netloc, timeout=60)
        try:
            calls.request("GET", f"/control/{what}", body)
            found: dict[str, Any] = json.load(calls.getresponse())
        finally:
            calls.close()
        return found


@contextmanager
def stand_in() -> Iterator[StandIn]:
    with process([sys.executable, "-m", "bench.standin", "0"], "the stand-in") as (running, line):
        yield StandIn(line, running.pid)


@dataclass(frozen=True, slots=True)
class Side:
    """A way of publishing. `command` gets the phase and the job; `stores` are the processes that it keeps its queue in.

    `lead_s`: how long queueing 10,000 posts and starting may take. `time_limit_s`: how long to watch; what is not
    accepted by then is reported as not done. `watch` goes around the time from due to done; `settle` is called once all
    is accepted.
    """

    name: str
    command: Sequence[str]
    stores: Sequence[int] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    lead_s: float = 10
    time_limit_s: float = 180
    workers: int = 1
    note: str = ""
    job: Callable[[Job], Job] = lambda job: job
    settle: Callable[[Job], None] = lambda job: None
    watch: Callable[[Job], AbstractContextManager[object]] = lambda job: nullcontext()


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one run gave. Seconds count from the due time; memory is the workers' peak."""

    accepted: int
    asked: int
    total_s: float
    first_calls_s: Sequence[float]
    accepted_s: Sequence[float]
    worker_cpu_s: float
    store_cpu_s: float
    standin_cpu_s: float
    memory_bytes: int
    calls: Mapping[str, int]
    most_in_flight: int
    most_uploads_open: int

    @property
    def is_complete(self) -> bool:
        return self.accepted == self.asked

    @property
    def posts_per_s(self) -> float:
        return self.accepted / self.total_s


@contextmanager
def process(
    command: Sequence[str], what: str, env: Mapping[str, str] | None = None, within_s: float = 120
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A child that has printed its first line; ended with the block, its whole group with it."""
    running = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment(env), start_new_session=True
    )
    assert running.stdout is not None
    try:
        line = _first_line(running.stdout, within_s)
        if not line:
            raise SideFailed(f"{what} did not start (exit code {running.poll()})")
        yield running, line
    finally:
        _end(running)


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("POSTLINE_")}
    return kept | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}", "PYTHONUNBUFFERED": "1"} | dict(more or {})


def run(side: Side, job: Job, standin: StandIn, **slowness: float) -> Run:
    """Queue, wait, watch, stop; the stand-in's `slowness` is `delay_s` and `upload_s`.

    Queueing that outlasts the lead is begun again with a longer one. Raises SideFailed.
    """
    lead_s = 2 + 2 * side.workers + side.lead_s * max(job.posts, 500) / 10_000
    for _ in range(TRIES):
        standin.reset(**slowness)
        job = replace(side.job(job), due_at=time.time() + lead_s)
        phase(side, "enqueue", job)
        found = _watch(side, job, standin)
        if found is not None:
            return found
        lead_s *= 2
    raise SideFailed(f"{side.name} could not queue {job.posts} posts within {lead_s / 2:.0f} s")


def phase(side: Side, name: str, job: Job) -> None:
    """Run one phase of a side to its end. Raises SideFailed."""
    ended = subprocess.run([*side.command, name, job.dump()], cwd=ROOT, env=environment(side.env), check=False)
    if ended.returncode:
        raise SideFailed(f"{side.name}: {name} ended with exit code {ended.returncode}")


def _watch(side: Side, job: Job, standin: StandIn) -> Run | None:
    """None: it was not ready when the posts were due."""
    with worker(side, job) as pids:
        if time.time() > job.due_at - 0.5:
            return None
        forget_peak(pids)
        time.sleep(max(job.due_at - time.time() - 0.05, 0))
        watched = (pids, side.stores, [standin.pid])
        before = [cpu_seconds(each) for each in watched]
        with side.watch(job):
            _wait(side, job, standin)
        cpu = [cpu_seconds(each) - past for each, past in zip(watched, before, strict=True)]
        memory = peak_memory(pids)
        report = standin.report()
        if report["accepted"] == job.posts:
            side.settle(job)
    return _read(side, job, report, cpu, memory)


@contextmanager
def worker(side: Side, job: Job, number: int = 0) -> Iterator[list[int]]:
    """The side's workers, ready, by their process ids."""
    if number == side.workers:
        yield []
        return
    command = [*side.command, "work", job.dump()]
    with process(command, side.name, side.env) as (running, line), worker(side, job, number + 1) as others:
        if line != READY:
            raise SideFailed(f"{side.name} said “{line}” instead of “{READY}”")
        yield [running.pid, *others]


def _wait(side: Side, job: Job, standin: StandIn) -> None:
    """Until everything was accepted and read, or the time is over."""
    deadline = job.due(job.posts - 1) + side.time_limit_s
    accepted_at = None
    while time.time() < deadline:
        counts = standin.counts()
        if counts["read"] >= job.posts:
            return
        if counts["accepted"] == job.posts:
            accepted_at = accepted_at or time.time()
            if time.time() > accepted_at + SETTLES_WITHIN_S:
                return
        time.sleep(WATCH_EVERY_S)


def _read(side: Side, job: Job, report: Mapping[str, Any], cpu: Sequence[float], memory: int) -> Run:
    if report["duplicates"]:
        raise SideFailed(f"{side.name} published {report['duplicates']} posts twice")
    dues = {number: job.due(number) for number in range(job.posts)}
    seen = [(dues[int(text.split()[1].rstrip(":"))], *times) for text, times in report["posts"].items()]
    firsts = [begun - due for due, begun, _ in seen]
    accepted = [done - due for due, _, done in seen]
    if firsts and min(firsts) < -EARLY_S:
        raise SideFailed(f"{side.name} made a call {-min(firsts):.3f} s before it was due")
    is_complete = len(seen) == job.posts
    return Run(
        accepted=len(seen),
        asked=job.posts,
        total_s=max(done for _, _, done in seen) - job.due_at if is_complete else side.time_limit_s,
        first_calls_s=firsts,
        accepted_s=accepted,
        worker_cpu_s=cpu[0],
        store_cpu_s=cpu[1],
        standin_cpu_s=cpu[2],
        memory_bytes=memory,
        calls=report["calls"],
        most_in_flight=report["most_in_flight"],
        most_uploads_open=report["most_uploads_open"],
    )


def _first_line(output: IO[str], within_s: float) -> str:
    """Empty when the process ends or the time is over without one."""
    timer = signal.signal(signal.SIGALRM, _time_is_over)
    signal.setitimer(signal.ITIMER_REAL, within_s)
    try:
        return next((text for line in output if (text := line.strip())), "")
    except TimeoutError:
        return ""
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, timer)


def _time_is_over(*_: object) -> None:
    raise TimeoutError


def _end(running: subprocess.Popen[str]) -> None:
    if running.poll() is None:
        running.terminate()
        try:
            running.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, signal.SIGKILL)
            running.wait()

"""Celery on Redis with `eta`: a gevent pool as wide as the others' calls in flight, and the quickest client for gevent.

Jobs are acknowledged late, as a scheduler must that may lose none; most users call networks with slower clients.
"""

import json
import os
import signal
import sys
from datetime import UTC, datetime
from typing import Any, Final

import celery  # type: ignore[import-not-found]  # in the rivals' environment alone
import celery.signals  # type: ignore[import-not-found]  # as above
import geventhttpclient  # type: ignore[import-not-found]  # as above

from bench import child
from bench.job import APP_SECRET, VERSION, Job, caption, token

BOUNDARY: Final = "postline-bench"
JOB: Final = Job.parse(os.environ.get("BENCH_JOB") or sys.argv[2])


def make_app(job: Job) -> Any:
    app = celery.Celery("bench", broker=job.redis_url)
    app.conf.update(task_ignore_result=True, task_acks_late=True, worker_redirect_stdouts=False, broker_pool_limit=None)
    # By default it stops with "too many connections" when so many jobs are acknowledged at once.
    app.conf.update(broker_transport_options={"max_connections": 2 * job.in_flight})
    return app


class Calls:
    """The three calls, made as the other sides make them."""

    def __init__(self, job: Job) -> None:
        options = {"concurrency": job.in_flight, "connection_timeout": 30, "network_timeout": 60}
        self._client = geventhttpclient.HTTPClient.from_url(job.base_url, **options)
        self._job, self._photo = job, job.photo.read_bytes()

    def publish(self, place: int) -> None:
        page = self._job.page_id(place)
        head = {"Authorization": f"Bearer {token(page)}"}
        photo = self._call("POST", f"{page}/photos", self._form(), head | {"Content-Type": FORM})
        fields = {"message": caption(place), "published": True, "attached_media": [{"media_fbid": photo["id"]}]}
        body = json.dumps(fields | {"appsecret_proof": APP_SECRET}).encode()
        post = self._call("POST", f"{page}/feed", body, head | {"Content-Type": "application/json"})
        self._call("GET", f"{post['id']}?fields=permalink_url,created_time", b"", head)

    def _form(self) -> bytes:
        parts = [f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="published"\r\n\r\nfalse\r\n']
        parts.append(f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="source"; filename="media"\r\n')
        parts.append("Content-Type: image/jpeg\r\n\r\n")
        return "".join(parts).encode() + self._photo + f"\r\n--{BOUNDARY}--\r\n".encode()

    def _call(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> dict[str, Any]:
        answer = self._client.request(method, f"/{VERSION}/{path}", body=body, headers=headers)
        found: dict[str, Any] = json.loads(answer.read())
        return found


FORM: Final = f"multipart/form-data; boundary={BOUNDARY}"
app = make_app(JOB)
calls = Calls(JOB)


def publish_one(place: int) -> None:
    calls.publish(place)


publish = app.task(name="publish")(publish_one)


async def enqueue(job: Job) -> None:
    due = datetime.fromtimestamp(job.due_at, UTC)
    with app.pool.acquire(block=True) as connection:
        connection.default_channel.client.flushdb()
        with app.amqp.Producer(connection) as producer:
            for place in range(job.posts):
                publish.apply_async((place,), eta=due, producer=producer)


def work(job: Job) -> None:
    """Becomes Celery's own worker program, which has to set gevent up before anything else is loaded."""
    os.environ["BENCH_JOB"] = job.dump()
    options = ["--pool=gevent", f"--concurrency={job.in_flight}", "--loglevel=error"]
    plain = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    command = [sys.executable, "-m", "celery", "--quiet", "-A", "bench.rivals.celery", "worker", *options, *plain]
    os.execv(sys.executable, command)  # noqa: S606 - a command of ours, and no shell is wanted


def _tell_ready(**_: object) -> None:
    # SIGTERM would wait for all that has been fetched with a later `eta`.
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    child.tell_ready()


celery.signals.worker_ready.connect(_tell_ready)

if __name__ == "__main__":
    if sys.argv[1] == "work":
        work(JOB)
    else:
        child.main(enqueue, child.nothing_to_enqueue)

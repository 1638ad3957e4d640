"""A stand-in for the networks in a process of its own: as little work a call as Python allows, so that sides show.

Answers what a Page's photo post and reel need, after a delay, over kept-alive connections; notes when each post's
first call came and when the post was accepted; counts what was accepted twice. `python -m bench.standin PORT`.
"""

import asyncio
import json
import re
import signal
import sys
from collections import Counter
from dataclasses import dataclass, field
from time import time
from typing import Any, Final, cast

import uvloop

LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
HEAD_END: Final = b"\r\n\r\n"
KEPT_MAX: Final = 1 << 20
READY: Final = {
    "status": {
        "video_status": "ready",
        "uploading_phase": {"status": "complete"},
        "processing_phase": {"status": "complete"},
        "publishing_phase": {"status": "complete", "publish_status": "published"},
    },
    "published": True,
}


@dataclass
class World:
    """What the stand-in was told and has seen since it was last reset. Times are seconds since 1970."""

    delay_s: float = 0.02
    upload_s: float = 0
    begun: dict[str, float] = field(default_factory=dict)
    accepted: dict[str, tuple[float, float]] = field(default_factory=dict)
    reels: dict[str, float] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)
    read: int = 0
    videos: set[str] = field(default_factory=set)
    photos_used: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    duplicates: int = 0
    last_id: int = 10_000_000
    uploaded_bytes: int = 0
    uploads_open: int = 0
    most_uploads_open: int = 0
    in_flight: int = 0
    most_in_flight: int = 0

    def new_id(self) -> str:
        self.last_id += 1
        return str(self.last_id)

    def begin_upload(self) -> None:
        self.uploads_open += 1
        self.most_uploads_open = max(self.most_uploads_open, self.uploads_open)

    def counts(self) -> dict[str, Any]:
        return {
            "accepted": len(self.accepted),
            "read": self.read,
            "in_flight": self.in_flight,
            "reels": len(self.reels),
            "uploads_open": self.uploads_open,
            "most_uploads_open": self.most_uploads_open,
            "uploaded_bytes": self.uploaded_bytes,
        }

    def report(self) -> dict[str, Any]:
        """`posts`: by message, when the first call came and when it was accepted."""
        return self.counts() | {
            "posts": self.accepted,
            "duplicates": self.duplicates,
            "calls": self.calls,
            "most_in_flight": self.most_in_flight,
        }

    def answer(self, method: str, path: str, body: bytes) -> dict[str, Any]:
        """One Graph call, already timed by its photo or by the moment it is answered."""
        parts = path.partition("?")[0].strip("/").split("/")
        edge = parts[-1]
        if method == "GET":
            return self._read(edge)
        self.calls[edge if not edge.isdigit() else parts[0]] += 1
        match edge:
            case "photos":
                photo = self.new_id()
                self.begun[photo] = time()
                return {"id": photo}
            case "feed":
                return self._publish(parts[-2], json.loads(body))
            case "video_reels":
                return self._reel(json.loads(body))
            case _:
                return {"success": True}

    def _read(self, node: str) -> dict[str, Any]:
        """A live post, a video's status, or the numbers of either, which are none."""
        self.calls["read"] += 1
        if node == "insights":
            return {"data": []}
        if node in self.unread:
            self.unread.remove(node)
            self.read += 1
        if node in self.videos:
            return {"id": node, "permalink_url": f"/reel/{node}", **READY}
        return {"id": node, "permalink_url": f"https://www.facebook.com/{node}"}

    def _publish(self, page: str, fields: dict[str, Any]) -> dict[str, Any]:
        photo, message = fields["attached_media"][0]["media_fbid"], fields["message"]
        self.photos_used[photo] += 1
        self._accept(message, self.begun[photo], is_repeated=self.photos_used[photo] > 1)
        post = f"{page}_{self.new_id()}"
        self.unread.add(post)
        return {"id": post}

    def _reel(self, fields: dict[str, Any]) -> dict[str, Any]:
        if fields["upload_phase"] == "start":
            video = self.new_id()
            self.videos.add(video)
            return {"video_id": video, "upload_url": f"{BASE_URL[0]}/upload/{video}"}
        self.reels[fields["description"]] = time()
        return {"success": True}

    def _accept(self, message: str, begun: float, *, is_repeated: bool) -> None:
        if is_repeated or message in self.accepted:
            self.duplicates += 1
            return
        self.accepted[message] = (begun, time())


BASE_URL: Final = [""]
WORLD: Final = [World()]


class Connection(asyncio.Protocol):
    """One client's kept-alive connection. A body is skipped as it comes, unless its JSON matters."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._pending = b""
        self._method = self._path = ""
        self._body: bytearray | None = None
        self._size = self._left = 0
        self._began = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self._left and self._is_upload:
            WORLD[0].uploads_open -= 1

    @property
    def _is_upload(self) -> bool:
        return self._path.startswith("/upload/")

    def data_received(self, data: bytes) -> None:
        if self._left:
            self._take(data)
            return
        self._pending += data
        end = self._pending.find(HEAD_END)
        if end < 0:
            return
        head, rest = self._pending[:end], self._pending[end + 4 :]
        self._pending = b""
        self._method, self._path, _ = head[: head.index(b"\r\n")].decode().split(" ", 2)
        length = LENGTH.search(head)
        self._size = self._left = int(length[1]) if length else 0
        self._body = bytearray() if self._size < KEPT_MAX and not self._path.endswith("/photos") else None
        self._began = self._loop.time()
        if self._is_upload:
            WORLD[0].begin_upload()
        if self._left and rest:
            self._take(rest)
        elif not self._left:
            self._finish()

    def _take(self, data: bytes) -> None:
        self._left -= len(data)
        if self._body is not None:
            self._body += data
        if self._is_upload:
            WORLD[0].uploaded_bytes += len(data)
            self._slow_down()
        if not self._left:
            self._finish()

    def _slow_down(self) -> None:
        """Read at the pace that makes the whole upload last as long as was told."""
        pace = WORLD[0].upload_s
        ahead = self._began + pace * (1 - self._left / self._size) - self._loop.time()
        if pace and ahead > 0 and self._left:
            self._transport.pause_reading()
            self._loop.call_later(ahead, self._go_on)

    def _go_on(self) -> None:
        if not self._transport.is_closing():
            self._transport.resume_reading()

    def _finish(self) -> None:
        if self._path.startswith("/control/"):
            self._write(control(self._path.removeprefix("/control/"), bytes(self._body or b"")))
            return
        world = WORLD[0]
        world.uploads_open -= self._is_upload
        world.in_flight += 1
        world.most_in_flight = max(world.most_in_flight, world.in_flight)
        answer = world.answer(self._method, self._path, bytes(self._body or b""))
        self._loop.call_later(world.delay_s, self._answer, world, answer)

    def _answer(self, world: World, answer: dict[str, Any]) -> None:
        world.in_flight -= 1
        self._write(answer)

    def _write(self, answer: dict[str, Any]) -> None:
        body = json.dumps(answer).encode()
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
        if not self._transport.is_closing():
            self._transport.write(head + body)


def control(what: str, body: bytes) -> dict[str, Any]:
    """`reset` begins anew with the given delays; `counts` and `report` tell what was seen."""
    if what == "reset":
        WORLD[0] = World(**json.loads(body))
        return {}
    return WORLD[0].report() if what == "report" else WORLD[0].counts()


async def serve(port: int) -> None:
    """Until SIGTERM. Prints the address when it can be called."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    loop.add_signal_handler(signal.SIGINT, stop.set)
    server = await loop.create_server(Connection, "127.0.0.1", port, backlog=4096)
    BASE_URL[0] = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    print(BASE_URL[0], flush=True)
    await stop.wait()
    server.close()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1])))

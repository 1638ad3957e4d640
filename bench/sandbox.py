"""How many requests a second the sandbox answers on one core: `python -m bench.sandbox --seconds 10`.

The sandbox runs in a process of its own; this one calls it as a publisher would: containers, publishing, Page posts and
reads, and serves the picture that it fetches. What counts is its CPU time, whatever else the machine does.
"""

import argparse
import asyncio
import io
import json
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
import uvloop
from aiohttp import web
from PIL import Image

from bench.measure import cpu_seconds, memory_now

SETTINGS: Final = {
    "image_seconds": 0,
    "instagram_posts_per_day": 10**9,
    "instagram_containers_per_day": 10**9,
    "facebook_refuses_duplicates": False,
    "tiktok_display_per_minute": 0,
}
CALLBACK: Final = "http://127.0.0.1:9/callback"
META_APP: Final = {"client_id": "sandbox-meta-app", "client_secret": "sandbox-meta-secret"}
TIKTOK_APP: Final = {"client_key": "sandbox-tiktok-key", "client_secret": "sandbox-tiktok-secret"}
META_SCOPES: Final = (
    "pages_show_list,pages_read_engagement,pages_manage_posts,instagram_basic,instagram_content_publish"
)
MIB: Final = 1024**2


@dataclass(slots=True)
class Caller:
    """An app with its tokens, which makes calls until told to stop."""

    session: aiohttp.ClientSession
    base: str
    picture_url: str
    page: str = ""
    page_token: str = ""
    instagram: str = ""
    tiktok_token: str = ""
    done: Counter[str] = field(default_factory=Counter)
    stopped: bool = False

    async def connect(self) -> None:
        code = await self._consent(
            "/v26.0/dialog/oauth", client_id=META_APP["client_id"], scope=META_SCOPES, redirect_uri=CALLBACK, state="s"
        )
        query = urlencode(META_APP | {"redirect_uri": CALLBACK, "code": code})
        user = (await self._call("GET", f"/v26.0/oauth/access_token?{query}"))["access_token"]
        fields = "id,access_token,instagram_business_account"
        page = (await self._call("GET", f"/v26.0/me/accounts?fields={fields}", user))["data"][0]
        self.page, self.page_token = page["id"], page["access_token"]
        self.instagram = page["instagram_business_account"]["id"]
        code = await self._consent(
            "/v2/auth/authorize/",
            client_key=TIKTOK_APP["client_key"],
            scope="user.info.basic,video.list",
            redirect_uri=CALLBACK,
            state="s",
            response_type="code",
        )
        form = TIKTOK_APP | {"grant_type": "authorization_code", "redirect_uri": CALLBACK, "code": code}
        self.tiktok_token = (await self._call("POST", "/v2/oauth/token/", data=form))["access_token"]

    async def _consent(self, path: str, **query: str) -> str:
        url = f"{self.base}{path}?{urlencode({'sandbox_auto': '1', **query})}"
        async with self.session.get(url, allow_redirects=False) as answer:
            return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]

    async def _call(self, method: str, path: str, token: str = "", **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        async with self.session.request(method, self.base + path, headers=headers, **options) as answer:
            body = await answer.json()
        if answer.status != 200:  # noqa: PLR2004 - the only good status here
            raise RuntimeError(f"{method} {path} was answered with {answer.status}: {body}")
        return body

    async def _count(self, name: str, method: str, path: str, **options: Any) -> Any:
        body = await self._call(method, f"/v26.0/{path}", self.page_token, **options)
        self.done[name] += 1
        return body

    async def go_on(self) -> None:
        """One picture to Instagram, one text to the Page, and what a publisher reads in between; again and again."""
        while not self.stopped:
            await self._count("read a Page", "GET", f"{self.page}?fields=name,followers_count")
            form = {"image_url": self.picture_url, "caption": "A new roast #coffee"}
            made = await self._count("create a container", "POST", f"{self.instagram}/media", data=form)
            await self._count("read a container", "GET", f"{made['id']}?fields=status_code")
            chosen = {"creation_id": made["id"]}
            media = await self._count("publish a container", "POST", f"{self.instagram}/media_publish", data=chosen)
            await self._count("read a media", "GET", f"{media['id']}?fields=permalink,timestamp")
            post = await self._count("post to a Page", "POST", f"{self.page}/feed", data={"message": "Open until six"})
            await self._count("read a post", "GET", f"{post['id']}?fields=message,permalink_url")
            path = "/v2/video/list/?fields=id,create_time"
            await self._call("POST", path, self.tiktok_token, json={"max_count": 20})
            self.done["list TikTok videos"] += 1


async def run(seconds: float, callers: int) -> dict[str, Any]:
    """Drive a fresh sandbox; gives requests, seconds, and the sandbox's CPU and memory."""
    async with _picture_host() as picture_url, _sandbox() as (url, pid), aiohttp.ClientSession() as session:
        caller = Caller(session, url, picture_url)
        await caller.connect()
        tasks = [asyncio.create_task(caller.go_on()) for _ in range(callers)]
        await asyncio.sleep(min(1.0, seconds / 4))
        requests_before, cpu_before, began = caller.done.total(), cpu_seconds([pid]), time.perf_counter()
        memory_before = memory_now([pid])
        await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        requests, cpu = caller.done.total() - requests_before, cpu_seconds([pid]) - cpu_before
        took, memory = time.perf_counter() - began, memory_now([pid])
        caller.stopped = True
        await asyncio.gather(*tasks)
    return {
        "requests": requests,
        "seconds": round(took, 3),
        "requests_per_second": round(requests / took, 1),
        "cpu_seconds_per_1000": round(1_000 * cpu / requests, 4),
        "requests_per_cpu_second": round(requests / cpu, 1),
        "memory_mib": round(memory / MIB, 1),
        "memory_bytes_per_request": round((memory - memory_before) / requests),
        "calls": dict(caller.done),
    }


@asynccontextmanager
async def _sandbox() -> AsyncIterator[tuple[str, int]]:
    """A sandbox in a process of its own: its address and process id."""
    command = [sys.executable, "-m", "postline.sandbox", "--port", "0", "--settings", json.dumps(SETTINGS)]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        if process.stdout is None:
            raise RuntimeError("the sandbox has no output")
        line = (await process.stdout.readline()).decode()
        if not line.startswith("sandbox ready "):
            raise RuntimeError(f"the sandbox did not start: {line!r}")
        yield line.split()[-1], process.pid
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


@asynccontextmanager
async def _picture_host() -> AsyncIterator[str]:
    """Serves one small picture on this machine; gives its address."""
    out = io.BytesIO()
    Image.new("RGB", (1_080, 1_080), (90, 120, 140)).save(out, "JPEG")

    async def serve(request: web.Request) -> web.Response:
        return web.Response(body=out.getvalue(), content_type="image/jpeg")

    app = web.Application()
    app.router.add_get("/picture.jpg", serve)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/picture.jpg"
    finally:
        await runner.cleanup()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.sandbox", description=__doc__)
    parser.add_argument("--seconds", type=float, default=10, help="how long to drive it")
    parser.add_argument("--callers", type=int, default=32, help="calls in flight at once")
    arguments = parser.parse_args()
    result = uvloop.run(run(arguments.seconds, arguments.callers))
    for name, count in result["calls"].items():
        print(f"{count:>8,}  {name}")
    print(f"{result['requests']:,} requests in {result['seconds']} s: {result['requests_per_second']:,} a second")
    print(f"sandbox: {result['cpu_seconds_per_1000']} CPU seconds per 1,000 requests, {result['memory_mib']} MiB")
    print(json.dumps(result))


if __name__ == "__main__":
    main()

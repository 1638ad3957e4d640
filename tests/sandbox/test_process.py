"""The sandbox as a process of its own, on uvloop, as `postline sandbox` starts it."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bench.sandbox import run
from tests.sandbox.clients import Meta

pytestmark = pytest.mark.anyio


@pytest.fixture
async def url() -> AsyncIterator[str]:
    settings = json.dumps({"instagram_posts_per_day": 7})
    command = [sys.executable, "-m", "postline.sandbox", "--settings", settings]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    try:
        async with asyncio.timeout(30):
            line = (await process.stdout.readline()).decode()
        yield line.removeprefix("sandbox ready ").strip()
    finally:
        process.terminate()
        assert await process.wait() == 0


async def test_the_benchmark_drives_it() -> None:
    result = await run(seconds=0.4, callers=4)
    assert len(result["calls"]) == 8
    assert result["requests"] > 0
    assert result["cpu_seconds_per_1000"] < 10


async def test_it_answers_resets_and_ends(url: str) -> None:
    async with aiohttp.ClientSession() as session:
        meta = await Meta(session, url).connect()
        assert (await meta.call("GET", "/sandbox/settings")).body["instagram_posts_per_day"] == 7
        await meta.call("POST", "/sandbox/faults", json={"match": {"times": 1}, "action": "reset_after"})
        with pytest.raises(aiohttp.ClientOSError):
            await meta.post(f"{meta.page}/feed", message="a")
        [post] = (await meta.call("GET", "/sandbox/live")).body["posts"]
        assert post["caption"] == "a"

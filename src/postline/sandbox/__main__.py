"""Run the sandbox in a process of its own: `python -m postline.sandbox --port 0 --data DIR`."""

import argparse
import asyncio
import json
import signal
import sys
from pathlib import Path

import uvloop

from postline.sandbox.server import running_sandbox
from postline.sandbox.settings import Settings


async def serve(host: str, port: int, data: Path | None, settings: Settings) -> None:
    """Serve until told to stop."""
    stop = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    async with running_sandbox(settings=settings, data=data, host=host, port=port) as sandbox:
        sys.stdout.write(f"sandbox ready {sandbox.url}\n")
        sys.stdout.flush()
        await stop.wait()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m postline.sandbox", description="Stand-in for the networks")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=0, help="port; 0 picks a free one")
    parser.add_argument("--data", type=Path, help="folder to keep state in; without it everything is in memory")
    parser.add_argument("--settings", default="{}", help="settings to change, as a JSON object")
    arguments = parser.parse_args()
    settings = Settings().changed(json.loads(arguments.settings))
    uvloop.run(serve(arguments.host, arguments.port, arguments.data, settings))


if __name__ == "__main__":
    main()

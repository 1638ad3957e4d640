"""The demo's processes: sandbox, API, worker, each a real one, over one data folder that is kept between runs."""

import base64
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import httpx

from postline.config import KEY_BYTES, PREFIX
from postline.runtime import CannotStart

VERIFY_TOKEN: Final = "sandbox-verify-token"  # noqa: S105 - the sandbox's own, known to everybody
FIRST_PORTS: Final = {"api": 8000, "sandbox": 8100}
READY_WITHIN_S: Final = 60
STOP_WITHIN_S: Final = 25


@dataclass(frozen=True, slots=True)
class Ports:
    api: int
    sandbox: int

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self.api}"

    @property
    def sandbox_url(self) -> str:
        return f"http://127.0.0.1:{self.sandbox}"


def choose_ports(data_dir: Path) -> Ports:
    """The ports of the last run, so that links given out then still lead somewhere; new ones where they are taken."""
    file = data_dir / "ports.json"
    known: Mapping[str, int] = json.loads(file.read_text()) if file.exists() else FIRST_PORTS
    ports = Ports(**{name: _free_port(known[name]) for name in FIRST_PORTS})
    file.write_text(json.dumps(asdict(ports)))
    return ports


def environment(data_dir: Path, ports: Ports) -> dict[str, str]:
    """The settings of every demo process: a plain operator's configuration, with the sandbox as the networks."""
    settings = {
        "DATA_DIR": str(data_dir),
        "PUBLIC_URL": ports.api_url,
        "PORT": str(ports.api),
        "SECRET_KEYS": _secret_keys(data_dir / "secret-keys"),
        "META_APP_ID": "sandbox-meta-app",
        "META_APP_SECRET": "sandbox-meta-secret",
        "META_VERIFY_TOKEN": VERIFY_TOKEN,
        "META_GRAPH_URL": ports.sandbox_url,
        "META_DIALOG_URL": ports.sandbox_url,
        "META_UPLOAD_URL": ports.sandbox_url,
        "TIKTOK_CLIENT_KEY": "sandbox-tiktok-key",
        "TIKTOK_CLIENT_SECRET": "sandbox-tiktok-secret",
        "TIKTOK_IS_AUDITED": "true",
        "TIKTOK_API_URL": ports.sandbox_url,
        "TIKTOK_AUTH_URL": ports.sandbox_url,
    }
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return inherited | {PREFIX + name: value for name, value in settings.items()}


@contextmanager
def running_stack(data_dir: Path, ports: Ports) -> Iterator[None]:
    """Sandbox, API and worker, ready to use; ended together, also when the block fails."""
    env = environment(data_dir, ports)
    commands = {
        "sandbox": ["sandbox", "--port", str(ports.sandbox), "--data", str(data_dir / "sandbox")],
        "serve": ["serve"],
        "worker": ["worker"],
    }
    with ExitStack() as processes:
        started = {
            name: processes.enter_context(_process(data_dir / f"{name}.log", command, env))
            for name, command in commands.items()
        }
        _wait_until_ready(f"{ports.sandbox_url}/sandbox/live", started["sandbox"], data_dir / "sandbox.log")
        _wait_until_ready(f"{ports.api_url}/readyz", started["serve"], data_dir / "serve.log")
        _send_webhooks(ports)
        yield


def _send_webhooks(ports: Ports) -> None:
    """Have the sandbox tell what happens, as the networks would."""
    hooks, callbacks = f"{ports.api_url}/webhooks", f"{ports.api_url}/callbacks/meta"
    meta = {
        "callback_url": f"{hooks}/meta",
        "verify_token": VERIFY_TOKEN,
        "deauthorize_url": f"{callbacks}/deauthorize",
        "data_deletion_url": f"{callbacks}/data-deletion",
    }
    settings = {"webhooks": {"meta": meta, "tiktok": {"callback_url": f"{hooks}/tiktok"}}}
    httpx.post(f"{ports.sandbox_url}/sandbox/settings", json=settings, timeout=10).raise_for_status()


@contextmanager
def _process(log: Path, command: list[str], env: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("ab") as output:
        process = subprocess.Popen([sys.executable, "-m", "postline", *command], stdout=output, stderr=output, env=env)
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(STOP_WITHIN_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise CannotStart(f"A process of the demo ended at once; its log is {log}.")
        try:
            if httpx.get(url, timeout=2).is_success:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.05)
    raise CannotStart(f"{url} did not answer within {READY_WITHIN_S} s; the log is {log}.")


def _secret_keys(file: Path) -> str:
    """The demo's key ring, made once and readable by its owner only."""
    if not file.exists():
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as out:
            out.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode())
    return file.read_text().strip()


def _free_port(wanted: int) -> int:
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise CannotStart("There is no free port on the loopback address.")

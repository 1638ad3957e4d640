"""Workers as real processes, which tests may kill."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from postline.config import PREFIX, Settings


def environment(settings: Settings, database_url: str) -> dict[str, str]:
    """The environment that gives a process these settings."""
    values: dict[str, str] = {"DATABASE_URL": database_url, "LEASE_SECONDS": "1", "TIKTOK_IS_AUDITED": "true"}
    for name in ("data_dir", "public_url", "meta_graph_url", "meta_dialog_url", "meta_upload_url"):
        values[name.upper()] = str(getattr(settings, name))
    for name in ("tiktok_api_url", "tiktok_auth_url", "meta_app_id", "tiktok_client_key"):
        values[name.upper()] = str(getattr(settings, name))
    for name in ("secret_keys", "meta_app_secret", "tiktok_client_secret"):
        values[name.upper()] = getattr(settings, name).get_secret_value()
    source = str(Path(__file__).parents[2] / "src")
    return os.environ | {"PYTHONPATH": source} | {PREFIX + name: value for name, value in values.items()}


@contextmanager
def worker_process(env: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker that ends with the block at the latest."""
    with log.open("ab") as output:
        process = subprocess.Popen([sys.executable, "-m", "postline", "worker"], env=env, stdout=output, stderr=output)
        try:
            yield process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.wait(30)

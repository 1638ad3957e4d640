"""The main job, as a newcomer runs it."""

import json
import os
import subprocess
import sys
from pathlib import Path

from postline.config import PREFIX

SOURCE = Path(__file__).parents[2] / "src"


def _demo(data_dir: Path) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    command = [sys.executable, "-m", "postline", "demo", "--once", "--data-dir", str(data_dir)]
    env |= {"PYTHONPATH": str(SOURCE), "COLUMNS": "160"}
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=300, check=False)


def test_the_demo_plays_its_story_twice_and_keeps_its_data(tmp_path: Path) -> None:
    (tmp_path / "ports.json").write_text(json.dumps({"api": 0, "sandbox": 0}))
    first = _demo(tmp_path)
    assert first.returncode == 0, first.stdout + first.stderr
    assert "11 posts, each live exactly once" in first.stdout
    assert (tmp_path / "secret-keys").stat().st_mode & 0o777 == 0o600
    second = _demo(tmp_path)
    assert second.returncode == 0, second.stdout + second.stderr
    assert "data kept" in second.stdout
    assert "kept from the last run" in second.stdout

"""What is killed in the middle of something leaves everything whole."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

KILLING = Path(__file__).parents[3] / "benchmarks" / "killing.py"


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX")
def test_nothing_acknowledged_is_lost_and_nothing_half_published_when_processes_are_killed(trained_home: Path) -> None:
    words = ["--count", "5", "--home", str(trained_home)]  # two each that correct and publish, and one retraining
    done = subprocess.run([sys.executable, str(KILLING), *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "5 kills" in done.stdout
    assert re.search(r"[1-9]\d* corrections acknowledged", done.stdout)

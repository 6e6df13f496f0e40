"""What lies in the current folder is none of our business, whatever it is called."""

import subprocess
import sys
from pathlib import Path

import pytest

from ml.painting import CAST
from tests.conftest import png

TRAPS = ("json", "socket", "pickle", "random", "asyncio", "numpy", "typer", "ml", "ml/training", "multiprocessing")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder full of modules that leave a trace when they are imported, and fail."""
    folder = tmp_path / "current"
    for name in TRAPS:
        module = folder / name
        module.mkdir(parents=True)
        (module / "__init__.py").write_text("open(__file__ + '.ran', 'w').close()\nraise ImportError('a trap')\n")
    return folder


def test_modules_in_the_current_folder_are_never_imported(folder: Path, trained_home: Path) -> None:
    """Neither by what is called, nor by the workers and the training that it starts."""
    new = folder / "pictures" / CAST[5].name / "1.png"
    new.parent.mkdir(parents=True)
    new.write_bytes(png(CAST[5], seed=1))
    for words in (("whois", str(new)), ("import", "pictures"), ("retrain", "--override")):
        done = subprocess.run(
            [sys.executable, "-m", "bot", *words, "--home", str(trained_home)],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
    assert not list(folder.rglob("*.ran"))

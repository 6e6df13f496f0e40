"""What many tests share: painted pictures, and a data folder that knows some characters already."""

import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from PIL import Image

from ml.painting import CAST, Character, paint

# Busy machines stall, and both of these look at the clock.
settings.register_profile("koredare", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("koredare")

KNOWN = (CAST[0], CAST[3], CAST[4], CAST[7])
"""The characters that `trained_home` has learned; the others of the cast are strangers to it."""


def png(*characters: Character, seed: int) -> bytes:
    """A painted picture of these characters, side by side, as a PNG file."""
    file = io.BytesIO()
    size = (640 * len(characters), 640)
    Image.fromarray(paint(characters, seed=seed, size=size).picture).save(file, "PNG")
    return file.getvalue()


def koredare(*words: str | Path, home: Path) -> subprocess.CompletedProcess[str]:
    """Run the command line as a process."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *map(str, words), "--home", str(home)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def outdate(home: Path) -> None:
    """Have all versions made by an earlier Koredare, so that a retraining finds something new without a correction."""
    for file in home.glob("models/*/v*/version.json"):
        told = json.loads(file.read_text(encoding="utf-8"))
        file.write_text(json.dumps({key: told[key] for key in told if key != "background"}), encoding="utf-8")


@pytest.fixture(scope="session")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for each known character, with ten pictures each."""
    folder = tmp_path_factory.mktemp("gallery")
    for character in KNOWN:
        (folder / character.name).mkdir()
        for seed in range(10, 20):
            (folder / character.name / f"{seed}.png").write_bytes(png(character, seed=seed))
    return folder


@pytest.fixture(scope="session")
def _trained(tmp_path_factory: pytest.TempPathFactory, gallery: Path) -> Path:
    home = tmp_path_factory.mktemp("home")
    for words in (("import", gallery), ("retrain",)):
        done = koredare(*words, home=home)
        assert done.returncode == 0, done.stderr
    return home


@pytest.fixture
def trained_home(_trained: Path, tmp_path: Path) -> Path:
    """A data folder of one's own that has learned `gallery`."""
    return Path(shutil.copytree(_trained, tmp_path / "home"))

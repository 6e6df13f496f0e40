"""What many tests share: painted pictures, and a data folder that knows some characters already."""

import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from PIL import Image

from ml.painting import CAST, Character, paint
from ml.pictures.reading import Picture
from tests import databases

# Busy machines stall, and both of these look at the clock.
settings.register_profile("koredare", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("koredare")

KNOWN = (CAST[0], CAST[3], CAST[4], CAST[7])
"""The characters that `trained_home` has learned; the others of the cast are strangers to it."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgres"), default="sqlite", help="what tests keep rows in")


def pytest_configure(config: pytest.Config) -> None:
    databases.kind = config.getoption("--database")
    if databases.kind == "postgres" and databases.programs() is None:
        pytest.exit("Skipped: PostgreSQL is not installed (Debian: apt-get install postgresql).", returncode=0)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is about another kind of database than that of this run."""
    other = "sqlite" if databases.kind == "postgres" else "postgres"
    left_out = [item for item in items if item.get_closest_marker(f"{other}_only") is not None]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in set(left_out)]


@pytest.fixture(scope="session", autouse=True)
def _server() -> None:
    """The server has to be started by the thread that lasts."""
    if databases.kind == "postgres":
        databases.server()


@pytest.fixture(autouse=True)
def _databases_of_its_own(_server: None) -> Iterator[None]:
    with databases.dropping():
        yield


def saved(picture: Image.Image | Picture, kind: str = "PNG", **options: object) -> bytes:
    """A picture as a file, as Pillow writes it."""
    file = io.BytesIO()
    (picture if isinstance(picture, Image.Image) else Image.fromarray(picture)).save(file, kind, **options)
    return file.getvalue()


def png(*characters: Character, seed: int) -> bytes:
    """A painted picture of these characters, side by side, as a PNG file."""
    return saved(paint(characters, seed=seed, size=(640 * len(characters), 640)).picture)


def koredare(*words: str | Path, home: Path) -> subprocess.CompletedProcess[str]:
    """Run the command line as a process."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *map(str, words), "--home", str(home)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env=os.environ | databases.environment(home),
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
    home = Path(shutil.copytree(_trained, tmp_path / "home"))
    databases.copied(home, of=_trained)
    return home

"""Koredare as somebody has it who installed the wheel: away from the checkout, everything works."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from bot.demo import tour
from tests.conftest import KNOWN, outdate, png

CHECKOUT = Path(__file__).parents[1]
PROGRAM = """
import sys
from pathlib import Path
import ml
from bot.config.loading import EXAMPLE
recognizer = ml.Recognizer(ml.RecognizerSettings(home=Path(sys.argv[1])))
print(ml.__file__, EXAMPLE, recognizer.recognize(sys.argv[2], version="v1").faces[0].name, sep="\\n")
"""


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
    subprocess.run(build, cwd=CHECKOUT, check=True, capture_output=True)
    (file,) = folder.iterdir()
    return file


@pytest.fixture(scope="session")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts of an environment with the wheel in it; what it depends on is seen in the present one."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    scripts = folder / ("Scripts" if sys.platform == "win32" else "bin")
    install = [scripts / "python", "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", wheel]
    subprocess.run(install, check=True)
    asked = ran(scripts / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder)
    packages = Path(asked.stdout.strip())
    # Packages alone: what is installed there to be edited, this checkout, is named in files that are not followed.
    present = [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
    (packages / "present.pth").write_text("\n".join(present) + "\n")
    return scripts


def ran(*command: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a program away from the checkout."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=cwd, env=env, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def test_the_wheel_holds_what_is_ours_to_ship_and_what_is_needed(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {"ml/py.typed", "bot/py.typed", "bot/config.example.toml"} <= names
    assert {name for name in names if name.endswith(".xml")} == {"cascades/koredare_lbp.xml"}
    assert {name.split("/")[1] for name in names if name.startswith("models/")} == {
        "README.md",
        "SHA256SUMS",
        "background.npz",
        "embedder.tflite",
        "scout.tflite",
        "verifier.npz",
    }
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/")) or "/." in name]


def test_installed_it_names_and_learns(environment: Path, trained_home: Path, tmp_path: Path) -> None:
    koredare = environment / "koredare"
    picture = tmp_path / "one.png"
    picture.write_bytes(png(KNOWN[1], seed=61))
    assert "whois" in ran(koredare, "--help", cwd=tmp_path).stdout
    said = ran(environment / "python", "-c", PROGRAM, trained_home, picture, cwd=tmp_path)
    where, example, who = said.stdout.splitlines()
    assert environment.parent in Path(where).parents
    assert environment.parent in Path(example).parents
    assert (Path(example).name, who) == ("config.example.toml", KNOWN[1].name)
    outdate(trained_home)
    report = json.loads(ran(koredare, "retrain", "--override", "--json", "--home", trained_home, cwd=tmp_path).stdout)
    assert report["version"] == "v2"
    seen = json.loads(ran(koredare, "whois", picture, "--json", "--home", trained_home, cwd=tmp_path).stdout)
    assert (seen["model"], seen["faces"][0]["name"]) == ("v2", KNOWN[1].name)


@pytest.mark.timeout(400)
def test_installed_it_plays_the_tour_which_ends_with_the_character_learned(environment: Path, tmp_path: Path) -> None:
    command = (environment / "koredare", "demo", "--once", "--out", tmp_path / "pictures", "--home", tmp_path / "home")
    done = ran(*command, cwd=tmp_path)
    assert done.stderr == ""
    story = done.stdout
    assert story.index("tap ❌") < story.index("taps Yes") < story.index("!retrain") < story.index("Published as v1")
    assert f"1 {tour.TAUGHT.name} · " in story.split("Another picture")[1]
    saved = sorted((tmp_path / "pictures").iterdir())
    assert len(saved) == 5
    assert all(Image.open(path).size[0] >= 640 for path in saved)

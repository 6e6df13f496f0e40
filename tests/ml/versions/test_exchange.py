"""A version travels as one file, and only a whole one that fits is taken in."""

import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.naming.classifier import Calibration, Classifier
from ml.versions import exchange
from ml.versions.exchange import ExchangeError, export
from ml.versions.registry import Registry
from ml.versions.version import CLASSIFIER, DESCRIPTION, EXAMPLES, ModelVersion

EMBEDDER = "e" * 64
DIMENSIONS = 4
STRANGERS = np.tile(np.array([-1, 0, 0, 0], np.float32), (10, 1))
GOOD: dict[str, npt.NDArray[Any]] = {
    "names": np.array('["Riko", "Maki"]'),
    "weights": np.eye(4, 2, dtype=np.float32),
    "bias": np.zeros(2, np.float32),
    "crowd": np.eye(3, 4, dtype=np.float16),
    "calibration": np.array([1, 0.7]),
}


def unpack(file: Path, folder: Path, *, embedder: str = EMBEDDER) -> None:
    about = {"called": str(file), "embedder": embedder, "dimensions": DIMENSIONS}
    for name, part in exchange.unpack(exchange.take(file), strangers=STRANGERS, **about).items():
        (folder / name).write_bytes(part)


def packed(file: Path, version: ModelVersion, **changed: bytes) -> Path:
    """A file whose sums fit, with another `classifier` or `description`."""
    parts = {
        CLASSIFIER: changed.get("classifier") or (version.folder / CLASSIFIER).read_bytes(),
        DESCRIPTION: changed.get("description") or (version.folder / DESCRIPTION).read_bytes(),
    }
    sums = {name: hashlib.sha256(data).hexdigest() for name, data in parts.items()}
    with zipfile.ZipFile(file, "w") as made:
        for name, data in ({"sha256.json": json.dumps(sums).encode()} | parts).items():
            made.writestr(name, data)
    return file


@pytest.fixture(scope="module")
def version(tmp_path_factory: pytest.TempPathFactory) -> ModelVersion:
    registry = Registry(tmp_path_factory.mktemp("models"))
    with registry.staging() as folder:
        crowd = GOOD["crowd"].astype(np.float32)
        classifier = Classifier(("Riko", "Maki"), GOOD["weights"], GOOD["bias"], crowd, Calibration(1, 0.7))
        classifier.save(folder / CLASSIFIER)
        description = {"created_at": "2026-11-23T09:00:00+00:00", "embedder": EMBEDDER, "metrics": {}}
        (folder / DESCRIPTION).write_text(json.dumps(description))
        (folder / EXAMPLES).write_text('{"Riko": [3, 5]}')
        return registry.publish(folder, published={"kind": "published", "via": "chat"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "unpacked").mkdir()
    return tmp_path / "unpacked"


def test_what_is_exported_is_taken_in_as_it_was_without_the_ids_of_faces(
    version: ModelVersion, folder: Path, tmp_path: Path
) -> None:
    export(version, tmp_path / "v1.zip")
    unpack(tmp_path / "v1.zip", folder)
    assert sorted(path.name for path in folder.iterdir()) == sorted([CLASSIFIER, DESCRIPTION])
    assert (folder / CLASSIFIER).read_bytes() == (version.folder / CLASSIFIER).read_bytes()


def test_a_file_that_is_there_already_is_not_written_over(version: ModelVersion, tmp_path: Path) -> None:
    (tmp_path / "v1.zip").write_text("mine")
    with pytest.raises(ExchangeError, match="exists already"):
        export(version, tmp_path / "v1.zip")
    assert (tmp_path / "v1.zip").read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["v1.zip"]


def test_a_version_of_another_embedder_is_refused(version: ModelVersion, folder: Path, tmp_path: Path) -> None:
    export(version, tmp_path / "v1.zip")
    with pytest.raises(ExchangeError, match="made with the embedder eeeeeeeeeeee, and here ffffffffffff is in use"):
        unpack(tmp_path / "v1.zip", folder, embedder="f" * 64)


def test_parts_that_were_altered_or_do_not_belong_are_refused(
    version: ModelVersion, folder: Path, tmp_path: Path
) -> None:
    export(version, tmp_path / "v1.zip")
    with zipfile.ZipFile(tmp_path / "v1.zip") as good:
        parts = {name: good.read(name) for name in good.namelist()}
    for name, changed in {
        "altered": parts | {DESCRIPTION: parts[DESCRIPTION].replace(b"e", b"f")},
        "more": parts | {"sha256.json": json.dumps(json.loads(parts["sha256.json"]) | {"../x": "0"}).encode()},
        "less": {name: data for name, data in parts.items() if name != CLASSIFIER},
    }.items():
        with zipfile.ZipFile(tmp_path / name, "w") as bad:
            for part, data in changed.items():
                bad.writestr(part, data)
        with pytest.raises(ExchangeError, match="not a version that I can take"):
            unpack(tmp_path / name, folder)
    assert not (tmp_path / "x").exists()


def test_a_classifier_that_would_fill_the_memory_is_refused(
    version: ModelVersion, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the outer file holds is modest, and what that holds is not."""
    monkeypatch.setattr(exchange, "_LARGEST", 2**20)
    classifier = io.BytesIO()
    with zipfile.ZipFile(classifier, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("weights.npy", bytes(2**20 + 1))
    with pytest.raises(ExchangeError, match="too large unpacked"):
        unpack(packed(tmp_path / "bomb.zip", version, classifier=classifier.getvalue()), folder)


NAN = np.array(np.nan, np.float32)
WRONG: dict[str, tuple[dict[str, npt.NDArray[Any]], str]] = {
    "seven dimensions": ({"weights": np.zeros((7, 2), np.float32)}, "weights are \\(7, 2\\), not \\(4, 2\\)"),
    "a crowd of seven": ({"crowd": np.zeros((3, 7), np.float32)}, "crowd is of 7 dimensions"),
    "a crowd without end": ({"crowd": np.zeros((5000, 4), np.float16)}, "crowd is of 5000 strangers"),
    "more names than columns": ({"names": np.array('["Riko", "Maki", "Hana"]')}, "weights are"),
    "no names": ({"names": np.array("[]")}, "no names"),
    "names that are none": ({"names": np.array('["Riko", 5]')}, "no names"),
    "a name twice": ({"names": np.array('["Riko", "Riko"]')}, "comes twice"),
    "an endless name": ({"names": np.array(json.dumps(["Riko", "x" * 10_000]))}, "is no name"),
    "a name that moves the terminal": ({"names": np.array(json.dumps(["Riko", "\x1b[2J"]))}, "is no name"),
    "a name of two lines": ({"names": np.array(json.dumps(["Riko", "Ma\nki"]))}, "is no name"),
    "what strangers are called": ({"names": np.array('["Riko", "unknown"]')}, "is no name"),
    "no numbers": ({"weights": np.full((4, 2), NAN)}, "not all numbers"),
    "endless numbers": ({"bias": np.array([np.inf, 0], np.float32)}, "not all numbers"),
    "numbers too large for ours": ({"weights": np.eye(4, 2) * 1e300}, "not all numbers"),
    "texts for numbers": ({"weights": np.array([["a", "b"]] * 4)}, "weights are none"),
    "no threshold": ({"calibration": np.array([1.0, -1.0])}, "threshold is none"),
    "a name for everybody": ({"bias": np.array([50, 0], np.float32)}, "a name for 100% of strangers"),
    "a pickle": ({"weights": np.array([[print] * 2] * 4, object)}, "allow_pickle"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_classifier_that_is_none_is_refused_though_its_sums_fit(
    what: str, version: ModelVersion, folder: Path, tmp_path: Path
) -> None:
    changes, why = WRONG[what]
    classifier = io.BytesIO()
    with zipfile.ZipFile(classifier, "w") as made:
        for name, array in (GOOD | changes).items():
            with made.open(f"{name}.npy", "w") as part:
                np.lib.format.write_array(part, array)
    with pytest.raises(ExchangeError, match=why):
        unpack(packed(tmp_path / "v1.zip", version, classifier=classifier.getvalue()), folder)


@pytest.mark.parametrize(
    "said",
    ['"threshold": NaN', '"threshold": 7', '"created_at": "0001-01-01T00:00:00Z"', '"metrics": []', '"embedder": 5'],
)
def test_a_description_that_says_what_cannot_be_is_refused(
    said: str, version: ModelVersion, folder: Path, tmp_path: Path
) -> None:
    whole = (version.folder / DESCRIPTION).read_text(encoding="utf-8").rstrip().removesuffix("}")
    file = packed(tmp_path / "v1.zip", version, description=f"{whole}, {said}}}".encode())
    with pytest.raises(ExchangeError, match=r"version\.json does not say what it should"):
        unpack(file, folder)


@settings(max_examples=150, deadline=None)
@given(at=st.floats(0, 1, exclude_max=True), byte=st.integers(0, 255), cut=st.booleans())
def test_no_damage_comes_through_or_ends_in_anything_but_a_sentence(
    version: ModelVersion, tmp_path_factory: pytest.TempPathFactory, at: float, byte: int, cut: bool
) -> None:
    home = tmp_path_factory.mktemp("damage")
    export(version, home / "v1.zip")
    data = bytearray((home / "v1.zip").read_bytes())
    place = int(at * len(data))
    data[place:] = b"" if cut else bytes([byte]) + data[place + 1 :]
    (home / "v1.zip").write_bytes(data)
    try:
        unpack(home / "v1.zip", home)
    except ExchangeError:
        return
    assert (home / CLASSIFIER).read_bytes() == (version.folder / CLASSIFIER).read_bytes()


def test_a_file_that_is_not_there_is_said(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match="There is no file"):
        unpack(tmp_path / "nothing.zip", folder)

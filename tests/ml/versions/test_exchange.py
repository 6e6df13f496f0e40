"""A version travels as one file, and only a whole one that fits is taken in."""

import hashlib
import io
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.naming.classifier import Calibration, Classifier
from ml.versions import exchange
from ml.versions.exchange import ExchangeError, export, unpack
from ml.versions.registry import Registry
from ml.versions.version import CLASSIFIER, DESCRIPTION, EXAMPLES, ModelVersion

EMBEDDER = "e" * 64


@pytest.fixture(scope="module")
def version(tmp_path_factory: pytest.TempPathFactory) -> ModelVersion:
    registry = Registry(tmp_path_factory.mktemp("models"))
    with registry.staging() as folder:
        weights, bias, crowd = np.ones((4, 2), np.float32), np.zeros(2, np.float32), np.ones((3, 4), np.float32)
        Classifier(("Riko", "Maki"), weights, bias, crowd, Calibration(1, 0.5)).save(folder / CLASSIFIER)
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
    unpack(tmp_path / "v1.zip", folder, embedder=EMBEDDER)
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
            unpack(tmp_path / name, folder, embedder=EMBEDDER)
    assert not (tmp_path / "x").exists()


def test_a_classifier_that_would_fill_the_memory_is_refused(
    version: ModelVersion, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the outer file holds is modest, and what that holds is not."""
    monkeypatch.setattr(exchange, "_LARGEST", 2**20)
    classifier, description = io.BytesIO(), (version.folder / DESCRIPTION).read_bytes()
    with zipfile.ZipFile(classifier, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("weights.npy", bytes(2**20 + 1))
    parts = {CLASSIFIER: classifier.getvalue(), DESCRIPTION: description}
    sums = {name: hashlib.sha256(data).hexdigest() for name, data in parts.items()}
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w") as bad:
        for name, data in ({"sha256.json": json.dumps(sums).encode()} | parts).items():
            bad.writestr(name, data)
    with pytest.raises(ExchangeError, match="too large unpacked"):
        unpack(tmp_path / "bomb.zip", folder, embedder=EMBEDDER)


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
        unpack(home / "v1.zip", home, embedder=EMBEDDER)
    except ExchangeError:
        return
    assert (home / CLASSIFIER).read_bytes() == (version.folder / CLASSIFIER).read_bytes()


def test_a_file_that_is_not_there_is_said(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match="There is no file"):
        unpack(tmp_path / "nothing.zip", folder, embedder=EMBEDDER)

"""A version whose files are damaged is set aside: everything else goes on, and nothing of it is deleted."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.naming.classifier import Classifier, ClassifierError
from ml.versions import version as versions
from ml.versions.charge import Damaged
from ml.versions.registry import Registry
from ml.versions.version import CLASSIFIER, DESCRIPTION, EXAMPLES, DamagedVersion
from tests.ml.versions.test_registry import HEAD, publish

Damage = Callable[[Path], object]


def cut(part: str) -> Damage:
    return lambda folder: os.truncate(folder / part, (folder / part).stat().st_size // 2)


def say(part: str, data: bytes) -> Damage:
    return lambda folder: (folder / part).write_bytes(data)


def described(**changed: object) -> Damage:
    def change(folder: Path) -> None:
        (folder / DESCRIPTION).write_text(json.dumps(json.loads((folder / DESCRIPTION).read_text()) | changed))

    return change


def a_file_instead(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("")


DAMAGES: dict[str, Damage] = {
    "no description": lambda folder: (folder / DESCRIPTION).unlink(),
    "a cut description": cut(DESCRIPTION),
    "an empty description": say(DESCRIPTION, b""),
    "a description of zeros": say(DESCRIPTION, bytes(4096)),
    "a description in some other coding": say(DESCRIPTION, b'{"\xff": 1}'),
    "a description without end": say(DESCRIPTION, b"[" * 100_000),
    "another JSON": say(DESCRIPTION, b"[1]"),
    "no metrics": described(metrics=None),
    "a time that is none": described(created_at="yesterday"),
    "a threshold that is none": described(threshold="high"),
    "a classifier that is not there": lambda folder: (folder / CLASSIFIER).unlink(),
    "a cut classifier": cut(CLASSIFIER),
    "an empty classifier": say(CLASSIFIER, b""),
    "something else as a classifier": say(CLASSIFIER, b"PK\x03\x04" + bytes(range(256)) * 8),
    "a cut list of examples": say(EXAMPLES, b'{"Riko": [3,'),
    "a list of examples of words": say(EXAMPLES, b'{"Riko": ["three"]}'),
    "no folder": shutil.rmtree,
    "a file instead of a folder": a_file_instead,
}
NOTICED_BY_THE_SEAL: dict[str, Damage] = {
    "another classifier": lambda folder: replace(HEAD, bias=HEAD.bias + 1).save(folder / CLASSIFIER),
    "fewer examples": say(EXAMPLES, b'{"Riko": [3]}'),
    "examples that are not there": lambda folder: (folder / EXAMPLES).unlink(),
}
EVERY = [
    *[pytest.param(damage, True, id=name) for name, damage in (DAMAGES | NOTICED_BY_THE_SEAL).items()],
    *[pytest.param(damage, False, id=f"{name}, not sealed") for name, damage in DAMAGES.items()],
]


@pytest.fixture
def three(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    """Three versions, the last in charge; two are kept when they are pruned."""
    monkeypatch.setattr("ml.versions.registry.KEPT", 2)
    registry = Registry(tmp_path)
    for marker in ("a", "b", "c"):
        publish(registry, marker)
    return registry


def unseal(folder: Path) -> None:
    """As versions were published before there were seals."""
    said = json.loads((folder / DESCRIPTION).read_text())
    del said["sha256"]
    (folder / DESCRIPTION).write_text(json.dumps(said))


@pytest.mark.parametrize(("damage", "sealed"), EVERY)
def test_the_version_before_a_damaged_one_answers_and_all_else_goes_on(
    three: Registry,
    tmp_path: Path,
    damage: Damage,
    sealed: bool,
    caplog: pytest.LogCaptureFixture,
) -> None:
    folder = tmp_path / "v3"
    if not sealed:
        unseal(folder)
    damage(folder)
    left = sorted(folder.rglob("*"))
    charge = three.in_charge()
    assert charge.version is not None
    assert (charge.version.name, charge.damaged) == ("v2", Damaged(tmp_path.name, "v3", str(folder)))
    assert str(folder) in caplog.text
    sound, damaged = three.look()
    assert [version.name for version in sound] == ["v1", "v2"]
    assert list(damaged) == (["v3"] if folder.exists() else [])
    assert three.predecessor().name == "v2"
    if folder.exists():
        with pytest.raises(DamagedVersion, match="v3 is damaged"):
            three.activate("v3")
    assert publish(three, "d") == "v4"
    assert three.predecessor().name == "v2"
    for _ in range(2):
        publish(three, "x")
    assert three.prune() == ["v1", "v2", "v4"]
    assert sorted(folder.rglob("*")) == left


def test_where_all_are_damaged_nobody_answers(three: Registry, tmp_path: Path) -> None:
    for name in ("v1", "v2", "v3"):
        cut(DESCRIPTION)(tmp_path / name)
    charge = three.in_charge()
    assert (charge.version, charge.damaged) == (None, Damaged(tmp_path.name, "v3", str(tmp_path / "v3")))
    assert list(three.look()[1]) == ["v1", "v2", "v3"]
    assert publish(three, "d") == "v4"


def test_one_that_was_gone_back_from_does_not_come_to_answer(three: Registry, tmp_path: Path) -> None:
    three.activate("v2")
    cut(CLASSIFIER)(tmp_path / "v2")
    charge = three.in_charge()
    assert charge.version is not None
    assert charge.version.name == "v1"


@pytest.mark.parametrize(
    "pointer", [b"", b"v", b"\xff\xfe", b"../v1", b"v" + b"9" * 5000, None], ids=lambda each: repr(each)[:12]
)
def test_where_it_is_not_told_which_one_answers_the_newest_does(
    three: Registry, tmp_path: Path, pointer: bytes | None
) -> None:
    (tmp_path / "active").unlink()
    if pointer is not None:
        (tmp_path / "active").write_bytes(pointer)
    charge = three.in_charge()
    assert charge.version is not None
    assert charge.version.name == "v3"
    assert charge.damaged == Damaged(tmp_path.name, "active", str(tmp_path / "active"))
    assert three.activate("v2").name == "v2"
    charge = three.in_charge()
    assert charge.version is not None
    assert (charge.version.name, charge.damaged) == ("v2", None)


def test_a_registry_that_is_no_folder_names_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    charge = Registry(tmp_path / "file").in_charge()
    assert (charge.version, charge.damaged) == (None, Damaged("file", "active", str(tmp_path / "file" / "active")))


def test_what_was_looked_up_holds_until_a_file_changes(three: Registry, tmp_path: Path) -> None:
    charge = three.in_charge()
    assert charge.holds()
    three.prune()
    (tmp_path / "v3" / "confusion.png").write_bytes(b"whatever")
    assert charge.holds()

    classifier = tmp_path / "v3" / CLASSIFIER
    whole = classifier.read_bytes()
    cut(CLASSIFIER)(tmp_path / "v3")
    assert not charge.holds()
    fallen_back = three.in_charge()
    assert fallen_back.holds()
    classifier.write_bytes(whole)  # mended, as from a copy
    assert not fallen_back.holds()
    assert three.in_charge().damaged is None

    Registry(tmp_path).activate("v2")  # as another process does
    assert not charge.holds()
    nothing_yet = Registry(tmp_path / "new").in_charge()
    assert nothing_yet.holds()
    publish(Registry(tmp_path / "new"), "a")
    assert not nothing_yet.holds()


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="whom permissions do not bind")
def test_a_folder_that_may_not_be_read_is_damaged_too(three: Registry, tmp_path: Path) -> None:
    (tmp_path / "v3").chmod(0)
    charge = three.in_charge()
    (tmp_path / "v3").chmod(0o755)
    assert charge.damaged is not None
    assert charge.damaged.name == "v3"


@settings(max_examples=80)
@given(at=st.floats(0, 1, exclude_max=True), byte=st.integers(0, 255), cut=st.booleans(), sealed=st.booleans())
def test_no_damage_ends_in_anything_but_a_damaged_version(
    tmp_path_factory: pytest.TempPathFactory, at: float, byte: int, cut: bool, sealed: bool
) -> None:
    home = tmp_path_factory.mktemp("damage")
    publish(Registry(home), "a")
    if not sealed:
        unseal(home / "v1")
    for part in (DESCRIPTION, CLASSIFIER, EXAMPLES):
        whole = (home / "v1" / part).read_bytes()
        data = bytearray(whole)
        place = int(at * len(data))
        data[place:] = b"" if cut else bytes([byte]) + data[place + 1 :]
        (home / "v1" / part).write_bytes(data)
        try:
            versions.read(home / "v1")
        except DamagedVersion:
            assert data != whole
        else:
            assert not sealed or part == DESCRIPTION or data == whole
        try:
            Classifier.load(home / "v1" / CLASSIFIER)
        except ClassifierError:
            assert part == CLASSIFIER
        (home / "v1" / part).write_bytes(whole)

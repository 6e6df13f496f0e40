"""Versions on disk: published whole or not at all, and always one to go back to."""

import json
import multiprocessing
from pathlib import Path

import numpy as np
import pytest

from ml.naming.classifier import Calibration, Classifier
from ml.versions.registry import Registry
from ml.versions.version import CLASSIFIER, DESCRIPTION, EXAMPLES, RegistryError, read_examples

CHAT = {"kind": "published", "via": "chat"}
HEAD = Classifier(
    ("Riko",), np.ones((4, 1), np.float32), np.zeros(1, np.float32), np.ones((3, 4), np.float32), Calibration(1, 0.5)
)


def stage(folder: Path, marker: str) -> None:
    HEAD.save(folder / CLASSIFIER)
    (folder / EXAMPLES).write_text('{"Riko": [3, 5]}')
    description = {"created_at": "2026-11-23T09:00:00+00:00", "embedder": "abc", "metrics": {"marker": marker}}
    (folder / DESCRIPTION).write_text(json.dumps(description))


def publish(registry: Registry, marker: str) -> str:
    with registry.staging() as folder:
        stage(folder, marker)
        return registry.publish(folder, published=CHAT).name


def test_an_empty_registry_has_no_active_version(tmp_path: Path) -> None:
    registry = Registry(tmp_path / "models")
    assert registry.active() is None
    assert registry.versions() == []


def test_each_publication_is_numbered_and_active(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    assert [publish(registry, "a"), publish(registry, "b")] == ["v1", "v2"]
    active = registry.active()
    assert active is not None
    assert (active.name, active.metrics, active.published) == ("v2", {"marker": "b"}, CHAT)
    assert [version.name for version in registry.versions()] == ["v1", "v2"]


def test_going_back_and_publishing_again_never_reuses_a_number(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    publish(registry, "a")
    publish(registry, "b")
    assert registry.activate(registry.predecessor().name).name == "v1"
    assert publish(registry, "c") == "v3"


def test_what_is_staged_and_not_published_leaves_nothing(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    with registry.staging() as folder:
        stage(folder, "a")
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_in_staging_is_swept_away(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    publish(registry, "a")
    (tmp_path / ".staging-k1lle_d7").mkdir()  # as earlier versions called it
    (tmp_path / ".staging-0123abcd.part").mkdir()
    (tmp_path / ".active-0123abcd.part").touch()
    registry.sweep()
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != ".lock") == ["active", "v1"]


def test_a_folder_that_is_no_version_is_refused_before_anything_moves(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    publish(registry, "a")
    with registry.staging() as folder:
        with pytest.raises(RegistryError, match=r"not a model version.*version.json is missing"):
            registry.publish(folder, published=CHAT)
        stage(folder, "b")
        HEAD.save(folder / CLASSIFIER)
        (folder / CLASSIFIER).write_bytes((folder / CLASSIFIER).read_bytes()[:300])  # as on a disk that is full
        with pytest.raises(RegistryError, match=r"not a model version.*classifier.npz cannot be read"):
            registry.publish(folder, published=CHAT)
    active = registry.active()
    assert active is not None
    assert active.name == "v1"


@pytest.mark.parametrize("name", ["v9", "../v1", "", "v01", "latest"])
def test_a_version_that_is_not_there_is_named_with_those_that_are(tmp_path: Path, name: str) -> None:
    registry = Registry(tmp_path)
    publish(registry, "a")
    with pytest.raises(RegistryError, match="There are: v1"):
        registry.activate(name)


def test_the_first_version_has_none_before_it(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    publish(registry, "a")
    with pytest.raises(RegistryError, match="no earlier version"):
        registry.predecessor()


def test_the_newest_ten_are_kept_beside_the_active_one_and_the_one_before_it(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    for _ in range(15):
        publish(registry, "x")
    registry.activate("v4")
    assert registry.prune() == ["v1", "v2", "v5"]
    assert [version.name for version in registry.versions()] == ["v3", "v4", *(f"v{i}" for i in range(6, 16))]
    assert registry.predecessor().name == "v3"
    assert registry.prune() == []
    assert publish(registry, "y") == "v16"
    assert not list(tmp_path.glob(".staging-*"))


def test_a_version_knows_what_it_was_trained_on_unless_it_came_from_elsewhere(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    with registry.staging() as folder:
        stage(folder, "a")
        own = registry.publish(folder, published=CHAT)
    assert read_examples(own.folder) == {"Riko": [3, 5]}
    with registry.staging() as folder:
        stage(folder, "b")
        (folder / EXAMPLES).unlink()
        other = registry.publish(folder, published=CHAT)
    assert read_examples(other.folder) == {}


def _publish_five(folder: Path) -> None:
    for _ in range(5):
        publish(Registry(folder), "x")


def test_two_processes_publishing_at_once_lose_no_version(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=_publish_five, args=(tmp_path,)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0]
    assert [version.name for version in Registry(tmp_path).versions()] == [f"v{i}" for i in range(1, 11)]
    active = Registry(tmp_path).active()
    assert active is not None
    assert active.name == "v10"

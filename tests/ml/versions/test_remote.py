"""Versions in a store that several machines see: each machine is a data folder of its own here."""

import asyncio
import logging
import multiprocessing
import secrets
import shutil
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from ml.versions import current, remote
from ml.versions.cache import Cache
from ml.versions.charge import EVERYONE
from ml.versions.current import Current
from ml.versions.reaching import StoreUnreachable, reach, reaching, shown
from ml.versions.registry import Registry
from ml.versions.remote import Remote
from ml.versions.version import CLASSIFIER, Overtaken
from tests.ml.versions.test_registry import CHAT, publish, stage


@pytest.fixture(params=["file", "memory"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return (tmp_path / "store").as_uri() if request.param == "file" else f"memory://{secrets.token_hex(4)}/models"


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """The folder of a store on a disk that all mount."""
    return tmp_path / "store"


def machine(url: str, home: Path, owner: str = EVERYONE) -> Registry:
    return Registry(Remote(url, owner, home=home))


def answers(registry: Registry) -> str | None:
    version = registry.active()
    return None if version is None else version.name


def test_what_one_machine_publishes_the_others_answer_by_and_go_back_from(url: str, tmp_path: Path) -> None:
    here, there = machine(url, tmp_path / "here"), machine(url, tmp_path / "there")
    there.refresh()
    assert answers(there) is None
    assert [publish(here, "a"), publish(here, "b")] == ["v1", "v2"]
    assert answers(there) is None  # it was not told yet
    there.refresh()
    version = there.active()
    assert version is not None
    assert (version.name, version.metrics, version.published) == ("v2", {"marker": "b"}, CHAT)
    assert version.folder.is_relative_to(tmp_path / "there")
    assert version == there.get("v2")
    assert there.activate(there.predecessor().name).name == "v1"
    here.refresh()
    assert answers(here) == "v1"
    assert publish(here, "c") == "v3"


def test_old_versions_go_everywhere_and_what_was_never_recorded_with_them(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ml.versions.registry.KEPT", 2)
    here, there = machine(url, tmp_path / "here"), machine(url, tmp_path / "there")
    for marker in "abc":
        publish(here, marker)
    with monkeypatch.context() as killed:
        killed.setattr(Remote, "_advance", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            publish(here, "killed before it was recorded")
    assert answers(here) == "v3"
    publish(here, "d")
    there.refresh()
    assert here.prune() == ["v1", "v2"]
    there.refresh()
    assert [each.name for each in there.versions()] == ["v3", "v4"]
    with reaching(url) as store:
        assert [each[:3] for each in sorted(store.inside(store.at(EVERYONE)))] == ["rec", "v3-", "v4-"]


def test_what_follows_another_version_than_the_one_in_charge_is_told_so(url: str, tmp_path: Path) -> None:
    here, there = machine(url, tmp_path / "here"), machine(url, tmp_path / "there")
    publish(here, "a")
    there.refresh()
    followed = there.in_charge()
    publish(here, "b")
    with there.staging() as folder:
        stage(folder, "late")
        with pytest.raises(Overtaken, match="another version was put in charge"):
            there.publish(folder, published=CHAT, instead_of=followed)
    assert answers(there) == "v2"


class Meeting(Remote):
    """Publishes at the very moment at which another does that saw the same record."""

    both: Barrier

    def publish(self, sealed: Path, name: str) -> None:
        self.both.wait(600)
        super().publish(sealed, name)


def _publish_many(url: str, home: Path, told: Path, both: Barrier) -> None:
    Meeting.both = both
    for _ in range(8):
        try:
            name = publish(Registry(Meeting(url, EVERYONE, home=home)), home.name)
        except Overtaken:
            name = "overtaken"
        with told.open("a") as written:
            written.write(f"{name}\n")


def test_of_two_machines_that_publish_at_once_one_wins_and_the_other_is_told(shelf: Path, tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    told, both = [tmp_path / "told by a", tmp_path / "told by b"], spawn.Barrier(2)
    homes = [tmp_path / "a", tmp_path / "b"]
    processes = [
        spawn.Process(target=_publish_many, args=(shelf.as_uri(), home, said, both))
        for home, said in zip(homes, told, strict=True)
    ]
    for process in processes:
        process.start()
    third = machine(shelf.as_uri(), tmp_path / "third")
    while any(process.is_alive() for process in processes):
        third.refresh()
        assert third.in_charge().damaged is None  # nobody sees half of one
    assert [process.exitcode for process in processes] == [0, 0]
    said = [line for each in told for line in each.read_text().split()]
    eight = [f"v{number}" for number in range(1, 9)]
    assert sorted(said) == sorted([*eight, *["overtaken"] * 8])
    third.refresh()
    assert [each.name for each in third.versions()] == eight


def test_what_is_damaged_in_the_store_is_passed_over_until_it_is_mended(
    shelf: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    here, there = machine(shelf.as_uri(), tmp_path / "here"), machine(shelf.as_uri(), tmp_path / "there")
    publish(here, "a")
    publish(here, "b")
    (classifier,) = shelf.glob(f"everyone/v2-*/{CLASSIFIER}")
    whole = classifier.read_bytes()
    classifier.write_bytes(whole[:-1] + b"?")
    there.refresh()
    charge = there.in_charge()
    assert charge.version is not None
    assert charge.damaged is not None
    assert (charge.version.name, charge.damaged.name, charge.damaged.shared) == ("v1", "v2", True)
    assert "store/everyone/v2-" in charge.damaged.where
    assert "v2" in caplog.text
    assert list(there.look()[1]) == ["v2"]
    classifier.write_bytes(whole)
    there.refresh()
    assert not charge.holds()
    assert answers(there) == "v2"
    # A copy that is damaged on the way to being read is fetched again.
    version = there.active()
    assert version is not None
    (version.folder / CLASSIFIER).write_bytes(b"rot")
    assert answers(there) == "v2"
    # The newest record is none: the one before it holds, and the next comes after both.
    (shelf / "everyone/records/00000003.json").write_bytes(b"{")
    there.refresh()
    assert answers(there) == "v2"
    assert publish(there, "c") == "v3"
    here.refresh()
    assert answers(here) == "v3"


def test_what_is_erased_is_erased_on_every_machine_and_a_store_that_is_not_mounted_erases_nothing(
    shelf: Path, tmp_path: Path
) -> None:
    url = shelf.as_uri()
    here, there = machine(url, tmp_path / "here", "7"), machine(url, tmp_path / "there", "7")
    publish(here, "a")
    there.refresh()
    shelf.rename(tmp_path / "not mounted")
    for registry in (here, there):
        with pytest.raises(StoreUnreachable, match="is it mounted"):
            registry.refresh()
        assert answers(registry) == "v1"
    with pytest.raises(StoreUnreachable):
        publish(here, "b")
    (tmp_path / "not mounted").rename(shelf)
    here.erase()
    there.refresh()
    assert [answers(here), answers(there)] == [None, None]
    assert not list(tmp_path.rglob(CLASSIFIER))
    assert not (shelf / "7").exists()
    assert publish(there, "anew") == "v1"


def test_the_copies_that_are_used_least_make_room(shelf: Path, tmp_path: Path) -> None:
    url = shelf.as_uri()
    names = [publish(machine(url, tmp_path / "here", owner), owner) for owner in "123"]
    assert names == ["v1"] * 3
    size = sum(path.stat().st_size for path in shelf.glob("1/v1-*/*"))
    there = Cache(tmp_path / "there", most=int(2.5 * size))
    digests = {owner: machine(url, tmp_path / "here", owner).get("v1").digest for owner in "123"}
    for owner in "123":
        remote.obtain(url, owner, "v1", digests[owner], cache=there)
        if owner == "2":
            assert there.find("1", "v1", digests["1"]) is not None  # asked for again
    assert [there.find(owner, "v1", digests[owner]) is not None for owner in "123"] == [True, False, True]
    assert remote.obtain(url, "2", "v1", digests["2"], cache=there).name == "v1"


def test_what_is_secret_in_an_address_is_not_told() -> None:
    assert shown("sftp://bot:secret@host/models/?key=secret") == "sftp://host/models"
    with pytest.raises(StoreUnreachable) as told:
        reach("nosuchthing://bot:secret@host/models")
    assert "secret" not in str(told.value)


async def test_who_is_told_answers_by_the_new_version_and_who_is_not_finds_out_by_looking(
    shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    url = shelf.as_uri()
    here = machine(url, tmp_path / "here", "7")
    told = Current(lambda owner: machine(url, tmp_path / "told", str(owner)))
    untold = Current(lambda owner: machine(url, tmp_path / "untold", str(owner)))

    async def name(of: Current) -> str | None:
        version = (await of.of(7)).version
        return None if version is None else version.name

    assert [await name(told), await name(untold)] == [None, None]
    publish(here, "a")
    publish(machine(url, tmp_path / "here", "8"), "a")
    for owner in (7, 8):
        await told.changed(owner)
    assert [each.name for each in (tmp_path / "told/cache/versions").iterdir()] == [
        "7"
    ]  # nobody asks here for the other
    assert [await name(told), await name(untold)] == ["v1", None]
    with monkeypatch.context() as later:
        later.setattr(current, "LOOKED", 0.0)
        await name(untold)  # answers by what it knows, and looks
        await asyncio.wait(set(untold._looking.values()))
    assert await name(untold) == "v1"
    publish(here, "b")
    await told.changed(7)
    assert [await name(told), await name(untold)] == ["v2", "v1"]

    shutil.move(shelf, tmp_path / "away")
    with caplog.at_level(logging.WARNING):
        for _ in range(2):
            await told.changed(7)
    assert [await name(told), await name(untold)] == ["v2", "v1"]
    assert caplog.text.count("goes on answering") == 1
    told.close()
    untold.close()


async def test_what_is_forgotten_goes_from_other_machines_as_soon_as_that_is_told(shelf: Path, tmp_path: Path) -> None:
    here = machine(shelf.as_uri(), tmp_path / "here", "7")
    told = Current(lambda owner: machine(shelf.as_uri(), tmp_path / "told", str(owner)))
    assert (await told.of(7)).version is None
    publish(here, "a")
    await told.changed(7)
    assert (await told.of(7)).version is not None
    here.erase()
    await told.changed(7)
    assert (await told.of(7)).version is None
    assert list((tmp_path / "told").rglob(CLASSIFIER)) == []
    told.close()

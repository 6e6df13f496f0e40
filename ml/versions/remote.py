"""Versions in a store that many machines see, by an fsspec URL; what this machine needs of it, it keeps a copy of.

    URL/OWNER/v8-0123456789abcdef/…        the parts of a version, which never change
    URL/OWNER/records/00000012.json        which versions there are, by their digests, and which one is in charge

The record with the highest number holds. It is written last, and only if there is none of that number yet: so nobody
sees half a version, and of two who publish at once one is told. That rests on the store's creating a file only where
there is none, at once and whole: local and mounted disks, S3, Google Cloud Storage and Azure do.
"""

import logging
import re
from collections.abc import Collection, Generator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from filelock import FileLock
from pydantic import TypeAdapter

from ml import files
from ml.versions.cache import Cache, place
from ml.versions.reaching import Opened, reaching, shown
from ml.versions.store import LOCK
from ml.versions.version import PARTS, DamagedVersion, ModelVersion, Overtaken, parts, read

_log = logging.getLogger(__name__)

_NUMBERED: Final = re.compile(r"(\d{8})\.json")
_PLACED: Final = re.compile(r"v(\d+)-[0-9a-f]{16}")
_RECORDS_KEPT: Final = 100  # far more than are written while one who publishes is at it


@dataclass(frozen=True, slots=True)
class Record:
    """What there is of an owner's versions: their digests by their names, and which one is in charge."""

    number: int = 0
    active: str | None = None
    versions: Mapping[str, str] = field(default_factory=dict[str, str])


_RECORD: Final = TypeAdapter(Record)


class Remote:
    """As `ml.versions.store.Store`: the versions of one owner below a URL.

    Reading never waits for the store: it goes by the record and the copies that this machine has, and asks for a
    version that is not here. `refresh` brings the record up to date, and what it puts in charge along with it.
    """

    elsewhere = True

    def __init__(self, url: str, owner: str, *, home: Path) -> None:
        self.folder = home / "cache" / "models" / owner
        self.record = self.folder / "record.json"
        self._url = url
        self._owner = owner
        self._cache = Cache(home)

    def names(self) -> list[str]:
        return list(self._known().versions)

    def chosen(self) -> str | None:
        return self._known().active

    def where(self, name: str) -> Path:
        return self._cache.where(self._owner, name, self._known().versions.get(name, "unknown"))

    def shown(self, name: str) -> str:
        return f"{shown(self._url)}/{self._owner}/{place(name, self._known().versions.get(name, ''))}"

    def read(self, name: str) -> ModelVersion:
        if (sum_ := self._known().versions.get(name)) is None:
            raise DamagedVersion(name, "it is not in the record")
        return obtain(self._url, self._owner, name, sum_, cache=self._cache)

    @contextmanager
    def changing(self) -> Generator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with FileLock(self.folder / LOCK):
            self.refresh()
            yield

    def publish(self, sealed: Path, name: str) -> None:
        version, carried, known = read(sealed, name=name), parts(sealed), self._known()
        with reaching(self._url) as store:
            folder = store.at(self._owner, place(name, version.digest))
            store.make(folder)
            for part, data in carried.items():
                store.fs.pipe_file(f"{folder}/{part}", data)
            store.settle(folder)
            self._cache.put(self._owner, name, version.digest, carried)
            try:
                self._advance(replace(known, active=name, versions={**known.versions, name: version.digest}))
            except Overtaken:
                store.remove(folder)
                raise

    def activate(self, name: str) -> None:
        self._advance(replace(self._known(), active=name))

    def remove(self, names: Collection[str]) -> None:
        known = self._known()
        left = {name: sum_ for name, sum_ in known.versions.items() if name not in names}
        self._advance(replace(known, versions=left))
        for name in names:
            self._cache.drop(self._owner, name, known.versions[name])
        with reaching(self._url) as store:
            places = {place(name, sum_) for name, sum_ in left.items()}
            newest = max(int(name[1:]) for name in left)
            for each in store.inside(store.at(self._owner)):
                # Also what was never recorded, of who was killed or overtaken; what is newer may be in the making.
                if (found := _PLACED.fullmatch(each)) and int(found[1]) <= newest and each not in places:
                    store.remove(store.at(self._owner, each))

    def erase(self) -> None:
        with reaching(self._url) as store:
            store.remove(store.at(self._owner))
        self._forget()

    def refresh(self) -> None:
        known = self._known()
        with reaching(self._url) as store:
            numbers = self._numbers(store)
            if not numbers:
                if known.number and not store.marked():
                    raise FileNotFoundError("nothing of ours is there; is it mounted?")
                self._forget()  # it was erased elsewhere, or never was
                return
            head = known if numbers[-1] == known.number else self._newest(store, numbers)
            if head is None:
                return
            if head.active is not None and head.active in head.versions:
                with suppress(DamagedVersion):  # then what reads it says so, and passes it over
                    obtain(self._url, self._owner, head.active, head.versions[head.active], cache=self._cache)
            if head != known:
                self._note(head)

    def _newest(self, store: Opened, numbers: list[int]) -> Record | None:
        """The newest record that can be read; it bears the newest number, so that the next one comes after that."""
        for number in reversed(numbers):
            path = store.at(self._owner, "records", f"{number:08}.json")
            try:
                found = _RECORD.validate_json(store.fs.cat_file(path))
            except ValueError:
                _log.warning("%s is damaged: the record before it holds.", path)
            except FileNotFoundError:
                continue  # pruned just now
            else:
                return replace(found, number=numbers[-1])
        return None

    def _numbers(self, store: Opened) -> list[int]:
        found = map(_NUMBERED.fullmatch, store.inside(store.at(self._owner, "records")))
        return sorted(int(each[1]) for each in found if each)

    def _advance(self, wanted: Record) -> None:
        after = replace(wanted, number=wanted.number + 1)
        data = _RECORD.dump_json(after)
        with reaching(self._url) as store:
            records = store.at(self._owner, "records")
            store.make(records)
            store.mark()
            try:
                store.create(f"{records}/{after.number:08}.json", data)
            except FileExistsError as error:
                raise Overtaken from error
            self._note(after)
            for number in self._numbers(store)[:-_RECORDS_KEPT]:
                store.remove(f"{records}/{number:08}.json")

    def _known(self) -> Record:
        """The record as this machine knows it."""
        try:
            return _RECORD.validate_json(self.record.read_bytes())
        except (OSError, ValueError):
            return Record()

    def _note(self, record: Record) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        with files.written_whole(self.record) as aside:
            aside.write_bytes(_RECORD.dump_json(record))

    def _forget(self) -> None:
        self._cache.forget(self._owner)
        self.record.unlink(missing_ok=True)


def obtain(url: str, owner: str, name: str, digest: str, *, cache: Cache) -> ModelVersion:
    """A version by its name and digest: the copy that there is, or one from the store.

    Raises
    ------
    DamagedVersion
        The store does not have it, or not as it was published.
    StoreUnreachable
        There is no copy, and the store cannot be reached.
    """
    if (version := cache.find(owner, name, digest)) is not None:
        return version
    carried: dict[str, bytes] = {}
    with reaching(url) as store:
        for part in PARTS:
            with suppress(FileNotFoundError):  # a part that it should have is missed below
                carried[part] = store.fs.cat_file(store.at(owner, place(name, digest), part))
    return cache.put(owner, name, digest, carried)

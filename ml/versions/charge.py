"""Which version answers, what that rests on, and what is damaged of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ml.versions.version import ModelVersion, Stamp, stamp

EVERYONE: Final = "everyone"


def owner_of(guild_id: int | None) -> str:
    """A guild as an owner of versions; None: everyone."""
    return EVERYONE if guild_id is None else str(guild_id)


@dataclass(frozen=True, slots=True)
class Damaged:
    """What cannot be read of an owner's versions: `name` is that of a version, or "active" if it cannot be told which.

    `where`: its folder, its file or its address, for people.
    """

    owner: str
    name: str
    where: str

    @property
    def shared(self) -> bool:
        """Whether it is one of those that everyone shares."""
        return self.owner == EVERYONE


@dataclass(frozen=True, slots=True)
class InCharge:
    """Which version answers.

    Attributes
    ----------
    owner
        Whose versions these are; `EVERYONE`, or a guild by its id.
    chosen
        The name of the one that was put in charge; None: none was, or it cannot be told which.
    version
        The one that was put in charge, or in place of a damaged one the newest before it that is whole. None: there is
        none.
    damaged
        What was put in charge, if another answers in its place, or none does.
    seen
        The files that this rests on, and what changes with each.
    """

    owner: str
    chosen: str | None
    version: ModelVersion | None
    damaged: Damaged | None
    seen: Mapping[Path, Stamp]

    def holds(self) -> bool:
        """Whether none of these files has changed since; reads nothing, so it may be asked for every picture."""
        return all(stamp(path) == then for path, then in self.seen.items())

    @property
    def shared(self) -> bool:
        """Whether these versions are those that everyone shares."""
        return self.owner == EVERYONE

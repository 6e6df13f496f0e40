"""What the processes of one bot tell each other through their database, and which of them runs the schedule.

Told is what a process keeps in memory though another may write it, and nothing else: all that is asked of the database
with each picture needs no telling. Over SQLite there is one process, which has nobody to tell, and the schedule is its.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, Protocol, TypeAlias, get_args

from sqlalchemy.ext.asyncio import AsyncSession

from bot.database.dialects import telling

CHANNEL: Final = "koredare"
EVERYONE: Final = 0  # no server of Discord's has this id

Kind: TypeAlias = Literal["settings", "model", "refused", "forgotten"]
"""What happened: a server's moderators chose otherwise, a channel to watch for one; another version answers there
(`EVERYONE`: everywhere); somebody wants no pictures of theirs kept; somebody is forgotten."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that was written. `about`: the id of the server, or of the person."""

    kind: Kind
    about: int

    @classmethod
    def read(cls, text: str) -> "Notice | None":
        """As it was told; None: it is a newer Koredare's, or somebody else's, and not for this one."""
        kind, _, about = text.partition(" ")
        known = next((each for each in get_args(Kind) if each == kind), None)
        return cls(known, int(about)) if known is not None and about.isdecimal() else None


Heard: TypeAlias = Notice | Literal["missed", "taken", "lost"]
"""What comes over the line: a notice; that some may have been missed, so that anything may have changed; that the
schedule is ours from now on, or is not any more."""


class Line(Protocol):
    """A process's line to the others."""

    async def open(self, shards: Sequence[int], hear: Callable[[Heard], None]) -> bool:
        """Be there for the others; gives whether the schedule is ours.

        Parameters
        ----------
        shards
            Those that are ours alone; empty: all.
        hear
            Called from the event loop with what comes.

        Raises
        ------
        ShardTaken
            Another process has one of the shards, and goes on having it.
        UnreachableDatabase
            There is no line to be had.
        """
        ...

    async def close(self) -> None:
        """Leave; what was ours is free."""
        ...


class Nobody:
    """The line of a bot that is alone."""

    async def open(self, shards: Sequence[int], hear: Callable[[Heard], None]) -> bool:
        """As `Line` says."""
        return True

    async def close(self) -> None:
        """As `Line` says."""


async def tell(session: AsyncSession, kind: Kind, about: int) -> None:
    """Tell all processes, this one too, when what a session does is written; nothing, if it is not."""
    await session.execute(telling(CHANNEL, f"{kind} {about}"))

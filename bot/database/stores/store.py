"""What a database has to do for us, whichever it is."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.database.errors import DatabaseError
from bot.database.notices import Line


@dataclass(frozen=True, slots=True)
class Trial:
    """Tables that can be filled with no consequence; what is in them before means nothing.

    Attributes
    ----------
    connection
        On which the tables have their names, and nothing but the trial sees what becomes of them.
    kept
        By which name each is found there as it really is.
    """

    connection: Connection
    kept: dict[str, str]


@dataclass(frozen=True, slots=True)
class Condition:
    """How a database is.

    Attributes
    ----------
    fine
        False: it cannot be used, or loses what it should not, until that is mended.
    said
        What an operator is told of it.
    schema
        That it has; None: it could not be read.
    """

    fine: bool
    said: str
    schema: str | None = None


class Store(ABC):
    """Where the rows of a bot are.

    Attributes
    ----------
    home
        The data folder, in which all is that is not in a database.
    name
        What an operator calls it; no password is in it.
    """

    home: Path
    name: str

    @abstractmethod
    def readers(self, *, patience: float) -> AsyncEngine:
        """Connections whose transactions see one moment and cannot write; four, for which one waits in turn."""

    @abstractmethod
    def writer(self, *, patience: float) -> AsyncEngine:
        """One connection, whose transactions begin when nobody else's writes, waiting so many seconds for that.

        What it has committed outlives a power cut.
        """

    @abstractmethod
    def watch(self) -> Callable[[], None]:
        """What raises `UnusableDatabase` from when on another database is there than when it was first called.

        `LogGone`, if only what belongs to it is: `fold`, and closing all connections, mends that.
        """

    @abstractmethod
    async def fold(self, writer: AsyncEngine) -> None:
        """Bring all that was written to where it is found without what our connections hold open.

        Raises
        ------
        DBAPIError, DatabaseBusy
            It cannot be brought there, or somebody was in the way.
        """

    @abstractmethod
    def refusal(self, error: DBAPIError, *, reading: bool = False) -> DatabaseError | None:
        """What a failure of the driver's is in a sentence for people; None: it is a fault of ours.

        `reading`: it came from one of the `readers`.
        """

    @abstractmethod
    def alone(self, *, patience: float) -> AbstractContextManager[Connection]:
        """A transaction beside which nobody writes; committed if the block is left without an error.

        What is not there yet is made, empty.

        Raises
        ------
        DatabaseBusy, UnusableDatabase
            Somebody else wrote for longer than the patience, or it cannot be opened, read or changed.
        """

    @abstractmethod
    def migrating(self, *, patience: float) -> AbstractContextManager[Connection]:
        """As `alone`, to change tables in; who else wants to waits."""

    @abstractmethod
    def broken_reference(self, connection: Connection) -> str | None:
        """The table of a row that refers to another that is not there; None: there is none."""

    @abstractmethod
    def keep_copy(self, *, before: str) -> Path | None:
        """Copy it as it is before it is brought to a newer schema; None: its operator does so, if anybody."""

    @abstractmethod
    def schema(self) -> str | None:
        """The schema that it has; None: none, or it cannot be told."""

    @abstractmethod
    def secure(self) -> None:
        """Keep others on the machine from reading it, if that is ours to do."""

    @abstractmethod
    def exists(self) -> bool:
        """Whether anything is in it.

        Raises
        ------
        UnusableDatabase
            It cannot be told, as its server does not answer.
        """

    @abstractmethod
    def scrubbing(self) -> Callable[[], bool]:
        """What overwrites the traces of deleted rows that are owed for; false: somebody was in the way.

        Raises
        ------
        UnusableDatabase
            It cannot be done just now.
        """

    @abstractmethod
    def take_stock(self) -> None:
        """Look at what is in it, where many rows came at once: how it finds rows may rest on how many there are."""

    @abstractmethod
    def trial(self, tables: Sequence[str]) -> AbstractContextManager[Trial]:
        """Tables to try something on, as they are at one moment, while others go on writing."""

    @abstractmethod
    def reading(self) -> AbstractContextManager[Connection]:
        """A connection to look through it with, whatever its schema is; raises as the driver does, in SQLAlchemy's."""

    @abstractmethod
    def condition(self) -> Condition:
        """How it is, looked at quickly; there is something in it."""

    @abstractmethod
    def line(self) -> Line:
        """A line to the other processes that use it; not opened yet."""

    @abstractmethod
    def claim(self, what: str) -> AbstractAsyncContextManager[bool]:
        """As `bot.database.engine.Database.claim`; raises as the driver does."""

    @abstractmethod
    def damage(self) -> str | None:
        """What is wrong with it, read from end to end; None: nothing."""

    @abstractmethod
    def save(self, to: Path) -> bool:
        """Write it into a new file of SQLite's, without traces of what was deleted; false: it is not of that kind."""

    @abstractmethod
    def sizes(self) -> dict[str, int]:
        """Bytes of it, by what they are: "database", and "log" where that is known; raises as `exists`."""

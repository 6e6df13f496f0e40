"""A database of PostgreSQL: the same promises as of SQLite's file, kept by other means.

One writer at a time: everybody who writes takes the same advisory lock first, so that what was read in a transaction
is so still when it writes, and nobody has to begin anew. Readers see one moment (REPEATABLE READ).
"""

import time
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Engine,
    NullPool,
    String,
    bindparam,
    create_engine,
    event,
    func,
    inspect,
    make_url,
    select,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.database.base import Base
from bot.database.dialects import OWED, owing
from bot.database.errors import DatabaseBusy, DatabaseError, NoDriver, UnreachableDatabase, UnusableDatabase
from bot.database.notices import Line
from bot.database.stores.sqlite import database_path
from bot.database.stores.store import Condition, Store, Trial

_WRITING: Final = int.from_bytes(b"koredare")  # of the lock; in each database there is one of that number
_CONNECTING: Final = 10  # seconds
_SCRUBBING: Final = 3.0  # seconds of one attempt: somebody waits to hear what came of it
_TRIES: Final = 60  # in that time

# Of PostgreSQL's codes (its manual, appendix A), those by which the next attempt may do better …
_BUSY: Final = ("40", "55P03", "57014")  # a transaction that was given up for another, a lock, a time limit
_AWAY: Final = ("08", "57P", "53300")  # no connection, a server that stops or starts, or has too many connections
# … and where the disk is full, there is no memory, something fails, is damaged, or not ours to write.
_THE_MACHINES: Final = ("53", "58", "XX", "25006", "28", "3D000", "42501")


class Postgres(Store):
    """A database by its URL, "postgresql://user:password@host/name"."""

    def __init__(self, home: Path, url: str) -> None:
        if find_spec("psycopg") is None:
            raise NoDriver
        given = make_url(url)
        self.home = home
        self._url = given.set(drivername="postgresql+psycopg")
        # Of the rest of it nothing is told: there may be a password in it too.
        host = given.host or given.query.get("host", "")
        user, port = given.username and f"{given.username}@", given.port and f":{given.port}"
        self.name = f"postgresql://{user or ''}{host}{port or ''}/{given.database or ''}"
        ours = {
            "connect_timeout": _CONNECTING,
            "application_name": "koredare",
            "client_encoding": "utf8",
            # Else it takes minutes, or hours, to see that a machine is gone.
            "tcp_user_timeout": 1000 * _CONNECTING,
            "keepalives_idle": _CONNECTING,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            # Compiling a query takes longer than any of ours does: measured in docs/scale.md.
            "options": "-c jit=off",
        }
        self._options = {name: value for name, value in ours.items() if name not in given.query}

    def readers(self, *, patience: float) -> AsyncEngine:
        """As `Store` says."""
        from psycopg import IsolationLevel  # noqa: PLC0415  only who has one needs its driver

        engine = self._engine(size=4)

        @event.listens_for(engine.sync_engine, "connect")
        def read_only(connection: Any, _record: object) -> None:  # pyright: ignore[reportUnusedFunction] - a listener
            connection.set_isolation_level(IsolationLevel.REPEATABLE_READ)
            connection.set_read_only(True)

        return engine

    def writer(self, *, patience: float) -> AsyncEngine:
        """As `Store` says."""
        engine = self._engine(size=1)
        _take_turns(engine.sync_engine, patience=patience)
        return engine

    def _engine(self, *, size: int) -> AsyncEngine:
        return create_async_engine(
            self._url,
            pool_size=size,
            max_overflow=0,
            pool_timeout=None,  # first come, first served, for ever
            pool_pre_ping=True,  # a connection that was lost since is made again, and nobody hears of it
            connect_args=self._options,
        )

    def _sync_engine(self, **options: Any) -> Engine:
        return create_engine(self._url, poolclass=NullPool, connect_args=self._options, **options)

    def watch(self) -> Callable[[], None]:
        """As `Store` says: a server looks after that itself."""
        return lambda: None

    async def fold(self, writer: AsyncEngine) -> None:
        """As `Store` says: there is nothing to bring."""

    def refusal(self, error: DBAPIError, *, reading: bool = False) -> DatabaseError | None:
        """As `Store` says."""
        from psycopg import OperationalError  # noqa: PLC0415

        code: str = getattr(error.orig, "sqlstate", None) or ""
        reason = str(error.orig).strip()
        if code.startswith(_BUSY):
            return DatabaseBusy()
        lost = not code and isinstance(error.orig, OperationalError)
        if lost or error.connection_invalidated or code.startswith(_AWAY):
            return UnreachableDatabase(self.name, reason)
        if code.startswith(_THE_MACHINES) and not (code == "25006" and reading):
            return UnusableDatabase(self.name, reason)
        return None

    @contextmanager
    def alone(self, *, patience: float) -> Generator[Connection]:
        """As `Store` says; the database itself has to be there."""
        engine = self._sync_engine()
        _take_turns(engine, patience=patience)
        try:
            with engine.begin() as connection:
                yield connection
        except DBAPIError as error:
            refusal = self.refusal(error)
            if isinstance(refusal, DatabaseBusy) and not isinstance(refusal, UnreachableDatabase):
                raise refusal from error
            raise UnusableDatabase(self.name, str(error.orig).strip()) from error

    @contextmanager
    def migrating(self, *, patience: float) -> Generator[Connection]:
        """As `Store` says."""
        with self.alone(patience=patience) as connection:
            encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
            if encoding != "UTF8":
                raise UnusableDatabase(self.name, f"its encoding is {encoding}: make one with ENCODING 'UTF8'")
            yield connection

    def broken_reference(self, connection: Connection) -> str | None:
        """As `Store` says: PostgreSQL lets none be made."""
        return None

    def keep_copy(self, *, before: str) -> None:
        """As `Store` says."""

    def schema(self) -> str | None:
        """As `Store` says."""
        try:
            return self._schema()
        except DBAPIError:
            return None  # whatever is wrong with it, the migration says so in words

    def _schema(self) -> str | None:
        with self.reading() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()

    def secure(self) -> None:
        """As `Store` says: who may read it is its operator's."""

    def exists(self) -> bool:
        """As `Store` says."""
        with self._told():
            return self._schema() is not None

    def scrubbing(self) -> Callable[[], bool]:
        """As `Store` says: VACUUM takes the rows out of the tables; docs/operators.md says where traces stay."""
        return self._vacuum

    def _vacuum(self) -> bool:
        engine = self._sync_engine(isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"SET lock_timeout = {1000 * _SCRUBBING:.0f}")
            while owed := connection.execute(OWED).scalar_one():
                if not _have_left(connection):
                    return False
                connection.exec_driver_sql(f"VACUUM {_tables()}")
                with self.alone(patience=_SCRUBBING) as writing:
                    if writing.execute(OWED).scalar_one() == owed:  # else more was deleted meanwhile
                        writing.execute(owing(0))
        return True

    def take_stock(self) -> None:
        """As `Store` says; it would by itself, but in its own time, and goes through whole tables until then."""
        with self._told(), self._sync_engine(isolation_level="AUTOCOMMIT").connect() as connection:
            connection.exec_driver_sql(f"VACUUM (ANALYZE) {_tables()}")

    @contextmanager
    def trial(self, tables: Sequence[str]) -> Generator[Trial]:
        """As `Store` says: in temporary tables, which are found before those of the same name."""
        engine = self._sync_engine(isolation_level="REPEATABLE READ")
        with engine.connect() as connection:  # and nothing is committed
            schema = connection.exec_driver_sql("SELECT current_schema()").scalar_one()
            for table in tables:
                connection.exec_driver_sql(f"CREATE TEMP TABLE {table} (LIKE {table} INCLUDING ALL)")  # empty
            yield Trial(connection, {table: f'"{schema}".{table}' for table in tables})

    @contextmanager
    def reading(self) -> Generator[Connection]:
        """As `Store` says."""
        engine = self._sync_engine(isolation_level="REPEATABLE READ")
        with engine.connect().execution_options(postgresql_readonly=True) as connection:
            yield connection

    def condition(self) -> Condition:
        """As `Store` says."""
        try:
            schema = self._schema()
            with self.reading() as connection:
                size, release, safe = connection.exec_driver_sql(
                    "SELECT pg_database_size(current_database()), current_setting('server_version'),"
                    " current_setting('fsync') = 'on' AND current_setting('full_page_writes') = 'on'"
                ).one()
        except DBAPIError as error:
            return Condition(fine=False, said=f"database {self.name} cannot be used: {str(error.orig).strip()}")
        about = f"database {self.name} (PostgreSQL {release}, {size / 2**20:.1f} MB)"
        if database_path(self.home).exists():
            about += (
                f"; what was in {database_path(self.home)} before still is, with whom is forgotten since: delete it"
            )
        if not safe:
            about += "; a power cut may take what people said: set fsync and full_page_writes to on"
        return Condition(fine=safe, said=about, schema=schema)

    def line(self) -> Line:
        """As `Store` says."""
        from bot.database.stores.line import PostgresLine  # noqa: PLC0415  it imports the driver

        return PostgresLine(self._by_itself, self.name)

    def _by_itself(self) -> Any:
        """A connection of the driver's, each of whose statements is a transaction."""
        import psycopg  # noqa: PLC0415

        words, options = self._sync_engine().dialect.create_connect_args(self._url)
        return psycopg.connect(*words, **{**options, **self._options, "autocommit": True})

    @asynccontextmanager
    async def claim(self, what: str) -> AsyncGenerator[bool]:
        """As `Store` says: by a lock of a connection of its own, which goes with it."""
        engine = create_async_engine(
            self._url,
            poolclass=NullPool,
            pool_reset_on_return=None,
            isolation_level="AUTOCOMMIT",
            connect_args=self._options,
        )
        async with engine.connect() as connection:
            yield bool(await connection.scalar(_CLAIM, {"what": what}))

    def damage(self) -> str | None:
        """As `Store` says: every row is read, with what is kept beside its table."""
        try:
            with self.reading() as connection:
                for table in Base.metadata.sorted_tables:
                    connection.exec_driver_sql(f"SELECT sum(hashtext(each::text)) FROM {table.name} AS each")  # noqa: S608  ours
        except DBAPIError as error:
            return str(error.orig).strip()
        return None

    def save(self, to: Path) -> bool:
        """As `Store` says: `bot.database.copying` can."""
        return False

    def sizes(self) -> dict[str, int]:
        """As `Store` says."""
        with self._told(), self.reading() as connection:
            found = connection.exec_driver_sql("SELECT pg_database_size(current_database())")
            return {"database": found.scalar_one()}

    @contextmanager
    def _told(self) -> Generator[None]:
        """Say in a sentence why it cannot be asked."""
        try:
            yield
        except DBAPIError as error:
            raise UnusableDatabase(self.name, str(error.orig).strip()) from error


def _tables() -> str:
    return ", ".join(table.name for table in Base.metadata.sorted_tables)


_CLAIM: Final = select(
    func.pg_try_advisory_lock(int.from_bytes(b"once"), func.hashtext(bindparam("what", type_=String())))
)
_OLDER_READERS: Final = """
    SELECT count(*) FROM pg_stat_activity, (SELECT pg_current_xact_id()::xid AS mine) AS now
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND age(backend_xmin) > age(mine)
"""


def _have_left(connection: Connection) -> bool:
    """Whether those are done, soon, who may see what was deleted, and for whom VACUUM would leave it."""
    for _ in range(_TRIES):
        if not connection.exec_driver_sql(_OLDER_READERS).scalar_one():
            return True
        time.sleep(_SCRUBBING / _TRIES)
    return False


def _take_turns(engine: Engine, *, patience: float) -> None:
    """Have each transaction begin when nobody else's writes."""

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:  # pyright: ignore[reportUnusedFunction] - a listener
        cursor = connection.cursor()
        cursor.execute(f"SET lock_timeout = {max(1, round(1000 * patience))}")  # 0 would be for ever
        # What is acknowledged outlives a power cut, however fast its operator has the server be.
        cursor.execute(
            "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
        )
        cursor.close()
        connection.commit()

    @event.listens_for(engine, "begin")
    def take_lock(connection: Connection) -> None:  # pyright: ignore[reportUnusedFunction] - a listener
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITING})")

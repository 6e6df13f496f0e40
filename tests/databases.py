"""The databases that tests are run on: files of SQLite, or, with `--database postgres`, a real PostgreSQL's.

A server of its own is started for each process of pytest, in a temporary folder, with a Unix socket alone; it ends with
that process, however that ends. A database belongs to the folder of its bot: each test has its own.
"""

import atexit
import os
import shutil
import signal
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, NullPool, create_engine

from bot.config.loading import DATABASE_VARIABLE
from bot.database import Base, stores
from bot.database.migrate import upgrade
from bot.database.stores import SqliteFile, Store
from bot.database.stores.sqlite import database_path

kind: str = "sqlite"
"""What the tests of this run are run on; `tests/conftest.py` sets it."""

_FAST: Final = {"fsync": "off", "full_page_writes": "off", "shared_buffers": "64MB", "max_connections": "60"}
_TEMPLATE: Final = "migrated"


@lru_cache
def programs() -> Path | None:
    """Where PostgreSQL's programs are: found by PATH, or where Debian has them; None: they are not installed."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    return max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda each: int(each.parent.name), default=None)


class Server:
    """A PostgreSQL of its own. Its superuser is "koredare", whom it trusts on its socket, and asks on a port.

    Parameters
    ----------
    settings
        Of the server, beside those that make it fast; "port" has it listen on loopback too.
    """

    PASSWORD: Final = "not-for-any-log"

    def __init__(self, **settings: str) -> None:
        found = programs()
        assert found is not None
        self._programs = found
        self.folder = Path(tempfile.mkdtemp(prefix="koredare-pg-"))
        # On Linux it is told to end when we do, however we do.
        self._as: list[str] = ["setpriv", "--pdeathsig=INT"] if shutil.which("setpriv") else []
        if os.geteuid() == 0:  # which PostgreSQL refuses to be run as
            import pwd  # noqa: PLC0415  where there is one

            user = pwd.getpwnam("postgres" if "postgres" in {each.pw_name for each in pwd.getpwall()} else "nobody")
            self._as += [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
            os.chown(self.folder, user.pw_uid, user.pw_gid)
        (self.folder / "password").write_text(self.PASSWORD)
        (self.folder / "password").chmod(0o644)
        self.data, self.port = self.folder / "data", settings.get("port", "5432")
        self._settings = _FAST | {"listen_addresses": "127.0.0.1" if "port" in settings else ""} | settings
        self._process: subprocess.Popen[bytes] | None = None
        subprocess.run(
            [
                *(*self._as, self._programs / "initdb", "--no-sync", "--username=koredare", "--encoding=UTF8"),
                *("--locale=C.UTF-8", "--auth-local=trust", "--auth-host=scram-sha-256"),
                *(f"--pwfile={self.folder / 'password'}", self.data),
            ],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        atexit.register(self.end)
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        more = [word for name, value in self._settings.items() for word in ("-c", f"{name}={value}")]
        self._process = subprocess.Popen(
            [
                *(*self._as, self._programs / "postgres", "-D", self.data),
                *("-k", self.folder, *more),
            ],
            stdout=subprocess.DEVNULL,
            stderr=(self.folder / "log").open("ab"),
        )
        ready = [self._programs / "pg_isready", "-q", "-h", self.folder, "-p", self.port]
        while subprocess.run(ready, check=False).returncode:
            assert self._process.poll() is None, (self.folder / "log").read_text()

    @property
    def runs(self) -> bool:
        """Whether it has been started, and not been stopped."""
        return self._process is not None

    def stop(self, how: int = signal.SIGINT) -> None:
        """Stop it: SIGINT breaks connections off, SIGQUIT is a crash."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait()
            self._process = None

    def end(self) -> None:
        """Stop it for good, with all that it holds."""
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str) -> str:
        """The URL of one of its databases, by its socket."""
        return f"postgresql://koredare@/{database}?host={self.folder}&port={self.port}"

    def url_with_password(self, database: str) -> str:
        """The URL of one of its databases, by its port."""
        return f"postgresql://koredare:{self.PASSWORD}@127.0.0.1:{self.port}/{database}"

    def do(self, *statements: str, database: str = "postgres") -> list[Any]:
        """Have it carry statements out, each by itself; gives the rows of the last."""
        import psycopg  # noqa: PLC0415

        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.cursor()
            for statement in statements:
                cursor.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []


@lru_cache
def server() -> Server:
    """The server of this process, with a template that has the newest schema."""
    started = Server()
    started.do(f"CREATE DATABASE {_TEMPLATE}")
    with tempfile.TemporaryDirectory() as folder:
        upgrade(stores.at(Path(folder), url=started.url(_TEMPLATE)))
    return started


_named: dict[Path, str] = {}
_numbers: Final = count(1)


def _database_of(home: Path, *, template: str = "template1") -> str:
    """The database of a bot's folder; made if it has none."""
    if (key := home.resolve()) not in _named:
        _named[key] = f"t{next(_numbers)}"
        server().do(f"CREATE DATABASE {_named[key]} TEMPLATE {template}")
    return _named[key]


def url(home: Path) -> str:
    """As the configuration of a bot has it."""
    return server().url(_database_of(home)) if kind == "postgres" else ""


def store(home: Path) -> Store:
    """Where the rows of a bot are; there is nothing in it at first."""
    return stores.at(home, url=url(home))


def migrated(home: Path) -> Store:
    """As `store`, with empty tables."""
    if kind == "postgres":
        _database_of(home, template=_TEMPLATE)
    else:
        shutil.copy(database_path(_empty()), database_path(home))
    return store(home)


@lru_cache
def _empty() -> Path:
    folder = tempfile.TemporaryDirectory(prefix="koredare-")
    atexit.register(folder.cleanup)
    upgrade(SqliteFile(Path(folder.name)))
    return Path(folder.name)


def copied(home: Path, *, of: Path) -> None:
    """Have a folder, which is a copy of another, have a copy of its database too; nobody uses that just now."""
    if kind == "postgres":
        _database_of(home, template=_database_of(of))


def configuration(home: Path) -> str:
    """What the configuration of a bot has to say so that it finds the database of its folder."""
    return f'[database]\nurl = "{url(home)}"\n' if kind == "postgres" else ""


def environment(home: Path) -> dict[str, str]:
    """What a process has to be told so that it finds the database of a folder."""
    return {DATABASE_VARIABLE: url(home)} if kind == "postgres" else {}


@contextmanager
def dropping() -> Iterator[None]:
    """Drop at the end the databases that were made in the block."""
    before = set(_named)
    yield
    for home in set(_named) - before:
        server().do(f"DROP DATABASE {_named.pop(home)} WITH (FORCE)")


@contextmanager
def connected(home: Path) -> Iterator[Connection]:
    """A transaction of SQLAlchemy's, without anything that we do to connections."""
    place = url(home).replace("postgresql:", "postgresql+psycopg:") or f"sqlite:///{database_path(home)}"
    engine = create_engine(place, poolclass=NullPool)
    with engine.begin() as connection:
        yield connection


@contextmanager
def opened(home: Path) -> Iterator[Any]:
    """A connection of the driver's own, of somebody else; committed at the end."""
    if kind == "sqlite":
        with closing(sqlite3.connect(database_path(home))) as connection, connection:
            connection.execute("PRAGMA foreign_keys = ON")
            yield connection
    else:
        import psycopg  # noqa: PLC0415

        with psycopg.connect(url(home)) as connection:
            yield connection


@contextmanager
def reading(home: Path) -> Iterator[None]:
    """Somebody else reads, and takes their time."""
    if kind == "sqlite":
        with closing(sqlite3.connect(database_path(home), isolation_level=None)) as connection:
            connection.execute("BEGIN")
            connection.execute("SELECT count(*) FROM pictures")
            yield
    else:
        with store(home).reading() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM pictures")
            yield


def on_disk(home: Path) -> bytes:
    """All that lies in a folder; of a server, all that can be asked for."""
    parts = [file.read_bytes() for file in sorted(home.rglob("*")) if file.is_file()]
    if kind == "postgres":
        with opened(home) as connection:
            for table in Base.metadata.tables:
                parts += [row.encode() for (row,) in connection.execute(f"SELECT each::text FROM {table} AS each")]
            parts += [part for row in connection.execute("SELECT crop, embedding FROM samples") for part in row]
    return b"".join(parts)


def deleted_but_there(home: Path) -> bytes:
    """What a server that was asked for its pages by its own tools (`pageinspect`) has of rows, deleted ones too."""
    raw = "SELECT t_data FROM generate_series(0, pg_relation_size('{0}') / 8192 - 1) AS page, "
    raw += "heap_page_items(get_raw_page('{0}', page::int)) WHERE t_data IS NOT NULL"
    with opened(home) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pageinspect")
        return b"".join(row for name in Base.metadata.tables for (row,) in connection.execute(raw.format(name)))


def days_before(column: str, days: int) -> str:
    """A moment so many days before that of a column, as it is stored."""
    return (
        f"datetime({column}, '-{days} days') || '.000000'" if kind == "sqlite" else f"{column} - interval '{days} days'"
    )


def refuse_changes(home: Path, tables: Iterable[str]) -> None:
    """Have every change of these tables fail, in a way that nobody foresaw."""
    with opened(home) as connection:
        if kind == "postgres":
            body = "BEGIN RAISE EXCEPTION 'the disk is full'; END"
            connection.execute(f"CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$")
        for table in tables:
            for change in ("INSERT", "UPDATE", "DELETE"):
                what = (
                    "BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
                    if kind == "sqlite"
                    else "FOR EACH ROW EXECUTE FUNCTION refuse()"
                )
                connection.execute(f"CREATE TRIGGER full_{table}_{change} BEFORE {change} ON {table} {what}")

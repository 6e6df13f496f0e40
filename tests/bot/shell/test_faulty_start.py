"""What is wrong with the data is said before the bot meets Discord, with the mend, and nothing is made worse."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot.database import schema
from bot.database.stores import SqliteFile
from bot.database.stores.sqlite import database_path
from ml.versions.registry import Registry
from tests.conftest import koredare


@pytest.fixture(autouse=True)
def _token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOREDARE_TOKEN", "not.a.token")


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def overwrite(path: Path) -> None:
    path.write_bytes(b"a picture of Riko" * 1000)


def bring_up(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '0999'")


def said_twice(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("INSERT INTO alembic_version VALUES ('0003')")


def said_never(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("DROP TABLE alembic_version")


def be_anothers(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("PRAGMA journal_mode = WAL")  # as it will be
        database.execute("CREATE TABLE bookmarks (url TEXT)")


def be_half_way(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '0002'")


@pytest.mark.parametrize(
    ("damage", "said", "found"),
    [
        (cut, "Put a backup in its place: `koredare restore FILE`", "is damaged, or none of ours"),
        (overwrite, "Put a backup in its place: `koredare restore FILE`", "is damaged, or none of ours"),
        (said_twice, "none of mine, or not whole", "it does not say which schema it has"),
        (said_never, "none of mine, or not whole", "is damaged, or none of ours"),
        (be_anothers, "it has bookmarks. Put a backup in its place", "is damaged, or none of ours"),
        (be_half_way, "it is not built as its schema says, 0002 (", "database"),
        (bring_up, "was written by a newer Koredare (its schema is 0999)", "was written by a newer Koredare"),
    ],
)
def test_a_database_that_cannot_be_used_is_said_at_once(
    tmp_path: Path, damage: Callable[[Path], None], said: str, found: str
) -> None:
    schema.ensure(SqliteFile(tmp_path))
    damage(database_path(tmp_path))
    before = database_path(tmp_path).read_bytes()
    done = koredare("run", home=tmp_path)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert said in done.stderr.splitlines()[-1]
    assert found in koredare("doctor", home=tmp_path).stdout
    assert database_path(tmp_path).read_bytes() == before


@pytest.mark.parametrize("part", ["TABLE consents", "TRIGGER stale_when_said", "INDEX ix_pictures_reply_id"])
def test_what_a_database_lacks_is_found_by_who_looks_deep(tmp_path: Path, part: str) -> None:
    schema.ensure(SqliteFile(tmp_path))
    with closing(sqlite3.connect(database_path(tmp_path))) as database, database:
        database.execute(f"DROP {part}")
    told = koredare("doctor", "--deep", home=tmp_path).stdout
    kind, name = part.split()
    assert f"MEND  the database is not built as its schema says, it has no column {name}" in told or (
        f"MEND  the database is not built as its schema says, it has no {kind.lower()} {name}" in told
    )


def test_the_doctor_tells_one_that_is_held_from_one_that_is_damaged(tmp_path: Path) -> None:
    schema.ensure(SqliteFile(tmp_path))
    with closing(sqlite3.connect(database_path(tmp_path), isolation_level=None)) as holder:
        holder.execute("PRAGMA journal_mode = DELETE")
        holder.execute("BEGIN EXCLUSIVE")
        told = koredare("doctor", home=tmp_path).stdout
    assert "is held by another program" in told
    assert "damaged" not in told


def test_what_is_gone_is_missed(trained_home: Path, tmp_path: Path) -> None:
    home = trained_home
    shutil.move(home / "models" / "everyone", tmp_path / "away")
    assert "MEND  model v1 is gone: `koredare restore FILE`, or learn it anew" in koredare("doctor", home=home).stdout
    shutil.move(tmp_path / "away", home / "models" / "everyone")
    database_path(home).unlink()
    told = koredare("doctor", home=home).stdout
    assert f"MEND  database {database_path(home)} is gone, but there are models: `koredare restore FILE`" in told
    done = koredare("import", tmp_path / "nowhere", home=home)
    assert "There are models in" in done.stderr
    assert Registry(home / "models" / "everyone").active() is not None

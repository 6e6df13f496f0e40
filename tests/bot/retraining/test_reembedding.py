"""What another embedder saw is looked at again, from the crops that were kept: all of it, and only once."""

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from bot.config import Settings
from bot.database.engine import Database
from bot.database.stores import SqliteFile
from bot.database.stores.sqlite import database_path
from bot.retraining import reembedding
from ml.naming.backbones import SHIPPED
from ml.naming.embedder import fingerprint

NOW = fingerprint(SHIPPED.embedder)
BEFORE = "0" * 64


def run(home: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(database_path(home))) as connection, connection:
        return connection.execute(sql).fetchall()


def outdated(home: Path) -> int:
    """Let all examples be an older embedder's; gives how many there are."""
    run(home, f"UPDATE samples SET embedder = '{BEFORE}'")
    return len(run(home, "SELECT 1 FROM samples"))


def vectors(home: Path) -> npt.NDArray[np.float32]:
    rows = run(home, "SELECT embedding FROM samples ORDER BY face_id")
    return np.stack([np.frombuffer(row[0], "<f2") for row in rows]).astype(np.float32)  # type: ignore[call-overload]


def stale(home: Path) -> int:
    return len(run(home, f"SELECT 1 FROM samples WHERE embedder != '{NOW}'"))


class Told:
    """What is said of the progress, until it is killed after that many times."""

    def __init__(self, *, killed_after: int | None = None) -> None:
        self.shares: list[float] = []
        self._killed_after = killed_after

    async def __call__(self, stage: str, share: float) -> None:
        assert stage == "embedding"
        self.shares.append(share)
        if len(self.shares) == self._killed_after:
            raise KeyboardInterrupt


async def embed_again(home: Path, told: Told) -> None:
    settings = Settings(home=home)
    database = Database(SqliteFile(home))
    try:
        await reembedding.embed_again(settings, database, embedder=NOW, guild_id=None, progress=told)
    finally:
        await database.close()


async def test_a_kept_crop_gives_nearly_the_embedding_of_its_picture(trained_home: Path) -> None:
    direct = vectors(trained_home)
    outdated(trained_home)
    run(trained_home, "UPDATE samples SET embedding = zeroblob(2)")
    await embed_again(trained_home, told := Told())
    assert stale(trained_home) == 0
    assert told.shares[-1] == 1
    alike = (direct * vectors(trained_home)).sum(axis=1)
    assert alike.mean() > 0.98
    assert alike.min() > 0.9


async def test_it_goes_on_where_it_was_killed(trained_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reembedding, "BATCH", 10)
    total = outdated(trained_home)
    with pytest.raises(KeyboardInterrupt):
        await embed_again(trained_home, Told(killed_after=2))
    assert stale(trained_home) == total - 20
    await embed_again(trained_home, told := Told())
    assert stale(trained_home) == 0
    assert len(told.shares) == (total - 20) // 10


async def test_a_damaged_crop_costs_that_one_example(trained_home: Path, caplog: pytest.LogCaptureFixture) -> None:
    total = outdated(trained_home)
    run(trained_home, "UPDATE samples SET crop = x'00' WHERE face_id = (SELECT min(face_id) FROM samples)")
    await embed_again(trained_home, Told())
    assert stale(trained_home) == 1
    assert total > 1
    assert "cannot be embedded again" in caplog.text


async def test_nothing_is_looked_at_twice(trained_home: Path) -> None:
    await embed_again(trained_home, told := Told())
    assert told.shares == []

"""Somebody is forgotten while a retraining is learning from their faces."""

import sqlite3
from contextlib import closing
from pathlib import Path

from bot.client import create_bot
from bot.config import load_settings
from bot.database import examples, versions
from bot.database.versions import Author
from bot.privacy.forgetting import forget
from bot.retraining.run import retrain
from ml.versions.version import read_examples
from tests.conftest import KNOWN, outdate
from tests.databases import on_disk

GUILD, POSTER = 5, 100


def give(home: Path, *, pictures: int) -> list[bytes]:
    """Make imported pictures ones that POSTER posted and agreed about; gives crops of theirs."""
    with closing(sqlite3.connect(home / "koredare.db")) as database, database:
        chosen = [row[0] for row in database.execute("SELECT id FROM pictures ORDER BY id LIMIT ?", (pictures,))]
        marks = ",".join("?" * len(chosen))
        database.execute(
            f"UPDATE pictures SET source = 'discord', guild_id = {GUILD}, poster_id = {POSTER}, origin = NULL "
            f"WHERE id IN ({marks})",
            chosen,
        )
        database.execute(
            "INSERT INTO consents (user_id, answer, asked_at, at) VALUES (?, 'yes', ?, ?)",
            (POSTER, "2026-11-23 09:00:00.000000", "2026-11-23 09:00:00.000000"),
        )
        crops = database.execute(
            f"SELECT crop FROM samples JOIN faces ON faces.id = face_id WHERE picture_id IN ({marks})", chosen
        )
        return [row[0] for row in crops.fetchall()]


async def test_who_is_forgotten_midway_leaves_nothing_but_a_version_that_says_so(trained_home: Path) -> None:
    crops = give(trained_home, pictures=4)
    outdate(trained_home)
    settings = load_settings(home=trained_home)
    bot = create_bot(settings)
    assert all(crop[len(crop) // 2 : len(crop) // 2 + 24] in on_disk(trained_home) for crop in crops)
    forgotten: list[dict[str, int]] = []

    async def progress(stage: str, share: float) -> None:
        if stage == "training" and not forgotten:
            forgotten.append((await forget(bot, POSTER)).dropped)

    try:
        outcome = await retrain(
            settings, bot.database, guild_id=GUILD, by=Author("shell"), gate="override", progress=progress
        )
        assert sum(forgotten[0].values()) == len(crops)
        assert outcome.published is not None
        learned = [face for faces in read_examples(outcome.published.folder).values() for face in faces]
        async with bot.database.reading() as session:
            gone = await versions.forgotten(session, learned)
        assert 0 < gone <= len(crops)  # those that were not set aside

        async with bot.database.reading() as session:
            left = await examples.examples(session, guild_id=GUILD, quorum=2)
            assert await versions.forgotten(session, [each.face_id for each in left]) == 0
    finally:
        bot.recognition.close()
        await bot.database.close()
    assert {each.name for each in left} == {character.name for character in KNOWN}  # from which the next is made
    held = on_disk(trained_home)
    assert not any(crop[len(crop) // 2 : len(crop) // 2 + 24] in held for crop in crops)
    assert settings.registry(GUILD).active() == outcome.published

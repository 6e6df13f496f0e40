"""Asking to be forgotten, in chat."""

import discord
import pytest
from sqlalchemy import select, text

from bot.database.samples import Sample
from tests import databases
from tests.conftest import KNOWN, png
from tests.databases import on_disk
from tests.e2e.conftest import Discord

AKEHA, TSUKIYO = KNOWN[0], KNOWN[1]


async def rows(club: Discord, query: str) -> list[tuple[object, ...]]:
    """What the database holds."""
    async with club.bot.database.reading() as session:
        return [tuple(row) for row in await session.execute(text(query))]


def telling(data: bytes) -> list[bytes]:
    """Short stretches that occur in no other file: not what every PNG begins with, nor runs of one value."""
    pieces = [data[start : start + 24] for start in range(64, len(data) - 24, 48)]
    return [piece for piece in pieces if len(set(piece)) > 16]


async def learned_from_ann(club: Discord) -> discord.Message:
    """Ann posts two pictures, agrees, and a moderator names them; gives the answer to the first."""
    replies = [await club.post(club.ann, png(AKEHA, seed=seed)) for seed in (61, 62)]
    for reply in replies:
        await club.mod.react(reply, "✅")
    await club.agree(club.ann)
    return replies[0]


async def test_who_asks_is_asked_once_more_and_then_nothing_of_them_is_left(club: Discord) -> None:
    reply = await learned_from_ann(club)
    bens = await club.post(club.ben, png(TSUKIYO, seed=63))
    await club.ann.react(bens, "✅")
    assert f"1 says {TSUKIYO.name}" in club.again(bens).content
    async with club.bot.database.reading() as session:
        kept = list(await session.scalars(select(Sample).order_by(Sample.face_id.desc()).limit(2)))
    data = [part for sample in kept for part in (sample.crop, sample.embedding)]
    if databases.kind == "sqlite":
        (club.home / "koredare.before-0000.db").write_bytes(b"".join(data))
    assert all(telling(part)[-1] in on_disk(club.home) for part in data)

    await club.ann.send(club.pictures, "!forgetme")
    question = club.last()
    assert "2 pictures of yours" in question.content
    assert "2 faces kept to learn from, and 1 correction" in question.content
    refused = await club.ben.click(question, label="Delete it all")
    assert refused.response is not None
    assert "Only the person who asked" in refused.response.content
    await club.ann.click(question, label="Keep it")
    assert "nothing was deleted" in club.again(question).content
    await club.ann.send(club.pictures, "!forgetme")
    await club.ann.click(club.last(), label="Delete it all")

    assert f"2 faces fewer: {AKEHA.name} (2)" in club.last().content
    assert club.again(bens).content == bens.content
    disk = on_disk(club.home)
    assert not [piece for part in data for piece in telling(part) if piece in disk]
    assert await rows(club, f"SELECT * FROM pictures WHERE poster_id = {club.ann.id}") == []
    await club.ben.react(reply, "✅")  # nothing comes of it, and nothing goes wrong
    assert await rows(club, "SELECT count(*) FROM corrections WHERE via = 'reaction'") == [(0,)]


async def test_who_was_forgotten_is_not_asked_again(club: Discord) -> None:
    await learned_from_ann(club)
    await club.ann.slash(club.pictures, "forgetme")
    await club.restart()
    question = next(m for m in club.pictures.history(viewer=club.ann) if "Shall I delete all that" in m.content)
    await club.ann.click(question, label="Delete it all")
    reply = await club.post(club.ann, png(AKEHA, seed=64))
    await club.mod.react(reply, "✅")
    assert sum("may I keep" in message.content for message in club.pictures.history()) == 0
    told = await club.ann.slash(club.pictures, "privacy")
    assert told.response is not None
    assert "You said no" in told.response.content
    assert await rows(club, "SELECT count(*) FROM samples") == [(40,)]


@pytest.mark.parametrize("then", ["it goes on", "it is started again"])
async def test_while_somebody_reads_the_database_the_answer_is_true_and_the_traces_go_later(
    club: Discord, then: str
) -> None:
    await learned_from_ann(club)
    async with club.bot.database.reading() as session:
        crop = await session.scalar(select(Sample.crop).order_by(Sample.face_id.desc()).limit(1))
    assert crop is not None
    await club.ann.send(club.pictures, "!forgetme")
    with databases.reading(club.home):
        await club.ann.click(club.last(), label="Delete it all")
        said = club.last().content
        assert "Forgotten: 2 pictures" in said
        assert "traces of that are still on the disk" in said
        assert await rows(club, f"SELECT * FROM pictures WHERE poster_id = {club.ann.id}") == []
        await club.env.advance_time(61)
        assert databases.kind == "postgres" or telling(crop)[-1] in on_disk(club.home)
    if then == "it goes on":
        await club.env.advance_time(61)
    else:
        await club.restart()
    disk = on_disk(club.home)
    assert not [piece for piece in telling(crop) if piece in disk]


async def test_a_no_says_as_much(club: Discord) -> None:
    await learned_from_ann(club)
    told = await club.ann.slash(club.pictures, "privacy")
    assert told.response is not None
    with databases.reading(club.home):
        await club.ann.click(told.response, label="No")
    (changed,) = [m for m in club.pictures.history(viewer=club.ann) if "nothing of your pictures is kept" in m.content]
    assert "traces of that are still on the disk" in changed.content
    assert await rows(club, "SELECT count(*) FROM samples") == [(40,)]

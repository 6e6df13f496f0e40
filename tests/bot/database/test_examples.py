"""Examples: only what is settled, agreed to, and the guild's own or everyone's."""

import threading
from collections.abc import Awaitable, Callable
from hashlib import sha256
from typing import Any

import pytest

from bot.database import Database, consents, corrections, examples, exchange, samples
from bot.database.errors import NoConsent, NoSuchFace, Unsettled
from bot.database.examples import Count
from ml import Sample

Act = Callable[..., Awaitable[Any]]
POSTER, ANN, MOD = 100, 11, 14


class Learning:
    """What is done with settled faces, and what can be seen of it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def keep(self, face_id: int, picture: object, *, look: str | None = None) -> bool:
        """Keep a sample of the face, from that picture, which looks like no other; whether it was held out."""
        async with self._database.writing() as session:
            cut = Sample(
                crop=b"png",
                embedding=b"vector %d" % face_id,
                embedder="e1",
                picture_hash=sha256(repr(picture).encode()).hexdigest(),
                perceptual_hash=look or sha256(repr(picture).encode()).hexdigest() * 2,
                quality=1.0,
            )
            sample = await examples.save(session, face_id, cut, quorum=2)
        return bool(sample.held_out)

    async def answer(self, word: Any, user_id: int = POSTER) -> int:
        async with self._database.writing() as session:
            return await consents.answer(session, user_id, word)

    async def names(self, guild_id: int | None) -> list[tuple[int, str]]:
        """What a guild learns from: faces and their names."""
        async with self._database.reading() as session:
            found = await examples.examples(session, guild_id=guild_id, quorum=2)
        return [(example.face_id, example.name) for example in found]

    async def open(self, guild_id: int = 1) -> tuple[list[int], list[int]]:
        """Faces that can be learned now, and those that wait for their poster."""
        async with self._database.reading() as session:
            ready = await examples.ready(session, guild_id=guild_id, quorum=2)
            waiting = await examples.waiting(session, guild_id=guild_id, quorum=2)
        return [face.id for face in ready], [face.id for face, _ in waiting]


@pytest.fixture
def learning(database: Database) -> Learning:
    return Learning(database)


async def test_a_settled_face_waits_for_its_poster_and_becomes_an_example(
    database: Database, post: Act, say: Act, learning: Learning
) -> None:
    riko, _unnamed, pillow = await post("Riko", "Maki", "Aoi", url="https://example.org/1.png")
    await say(riko, MOD, "right", moderator=True)
    await say(pillow, MOD, "not_face", moderator=True)
    assert await learning.open() == ([], [riko])
    with pytest.raises(NoConsent):
        await learning.keep(riko, "one")
    await learning.answer("yes")
    assert await learning.open() == ([riko], [])
    assert await learning.names(1) == []
    await learning.keep(riko, "one")
    assert await learning.open() == ([], [])
    assert await learning.names(1) == [(riko, "Riko")]
    async with database.reading() as session:
        (example,) = await examples.examples(session, guild_id=1, quorum=2)
    assert (example.embedding, example.embedder, example.source) == (b"vector %d" % riko, "e1", "discord")


async def test_what_waits_is_dropped_when_the_poster_says_no_and_stays_dropped(
    database: Database, post: Act, say: Act, learning: Learning
) -> None:
    (before,) = await post("Riko", url="https://example.org/1.png", attachment_id=3)
    await say(before, MOD, "right", moderator=True)
    assert await learning.answer("no") == 0
    (while_no,) = await post("Riko")
    await say(while_no, MOD, "right", moderator=True)
    assert await learning.open() == ([], [])
    await learning.answer("yes")
    assert await learning.open() == ([], [])
    for face in (before, while_no):
        with pytest.raises(NoConsent):
            await learning.keep(face, "one")
    async with database.reading() as session:
        standing = await session.get(examples.Face, before)
    assert standing is not None
    assert (standing.picture.url, standing.picture.attachment_id) == (None, None)
    (after,) = await post("Riko")
    await say(after, MOD, "right", moderator=True)
    assert await learning.open() == ([after], [])


async def test_a_no_deletes_what_was_kept_of_that_person_and_of_nobody_else(
    post: Act, say: Act, learning: Learning
) -> None:
    for poster in (POSTER, 101):
        await learning.answer("yes", poster)
        (face,) = await post("Riko", poster_id=poster)
        await say(face, MOD, "right", moderator=True)
        await learning.keep(face, poster)
    assert await learning.answer("no") == 1
    assert await learning.names(1) == [(face, "Riko")]


async def test_an_example_stops_being_one_when_its_name_is_taken_back(
    database: Database, post: Act, say: Act, learning: Learning
) -> None:
    await learning.answer("yes")
    (face,) = await post("Riko")
    with pytest.raises(Unsettled):
        await learning.keep(face, "one")
    await say(face, MOD, "right", moderator=True)
    await learning.keep(face, "one")
    async with database.writing() as session:
        await corrections.take_back(session, face_id=face, user_id=MOD, moderator=True, via="button")
    assert await learning.names(1) == []
    await say(face, MOD, "name", "Maki", moderator=True)
    assert await learning.names(1) == [(face, "Maki")]


async def test_a_sample_is_kept_once_and_only_of_what_is_there(post: Act, say: Act, learning: Learning) -> None:
    await learning.answer("yes")
    (face,) = await post("Riko")
    await say(face, MOD, "right", moderator=True)
    assert [await learning.keep(face, "one"), await learning.keep(face, "another")] == [False, False]
    with pytest.raises(NoSuchFace):
        await learning.keep(face + 1, "one")


async def test_a_guild_learns_from_its_own_and_everyones_and_from_no_other(
    database: Database, post: Act, say: Act, learning: Learning
) -> None:
    await learning.answer("yes")
    mine: dict[int, int] = {}
    for guild_id in (1, 2):
        (mine[guild_id],) = await post("riko", guild_id=guild_id)
        await say(mine[guild_id], MOD, "right", moderator=True)
        assert (await learning.open(3 - guild_id))[0] == []
        await learning.keep(mine[guild_id], guild_id)
    (shared,) = await post(None, guild_id=None, source="import")
    await say(shared, None, "name", "RIKO", via="import")
    await learning.keep(shared, "shared")
    assert await learning.names(1) == [(mine[1], "riko"), (shared, "riko")]
    assert await learning.names(2) == [(mine[2], "riko"), (shared, "riko")]
    assert await learning.names(3) == [(shared, "RIKO")]
    assert await learning.names(None) == [(shared, "RIKO")]
    async with database.reading() as session:
        assert await examples.counts(session, guild_id=1, quorum=2) == [Count("riko", training=2, held_out=0)]
        assert await samples.faces_of_hash(session, sha256(b"'shared'").hexdigest(), guild_id=None) == [shared]
        assert await samples.faces_of_hash(session, sha256(b"'shared'").hexdigest(), guild_id=1) == []


async def test_every_fifth_picture_of_a_character_is_held_out(
    database: Database, post: Act, say: Act, learning: Learning
) -> None:
    held_out: list[bool] = []
    for picture in range(15):
        (face,) = await post(None, guild_id=None, source="import")
        await say(face, None, "name", "Riko", via="import")
        held_out.append(await learning.keep(face, picture))
    assert held_out == [False, False, False, False, True] * 3
    async with database.reading() as session:
        assert await examples.counts(session, guild_id=7, quorum=2) == [Count("Riko", training=12, held_out=3)]


async def test_a_picture_is_on_one_side_with_all_its_faces_in_every_guild(
    post: Act, say: Act, learning: Learning
) -> None:
    await learning.answer("yes")

    async def learn(name: str, picture: object, guild_id: int = 1) -> bool:
        (face,) = await post(None, guild_id=guild_id)
        await say(face, MOD, "name", name, moderator=True)
        return await learning.keep(face, picture)

    assert [await learn("Riko", picture) for picture in range(5)] == [False] * 4 + [True]
    assert await learn("Maki", 4)  # beside Riko in the picture that was held out
    assert await learn("Riko", 4, guild_id=2)
    assert not await learn("Maki", 0)
    # Maki's held-out picture came early: more of hers are for training first, until it is one in five again.
    assert [await learn("Maki", f"maki {n}") for n in range(8)] == [False] * 7 + [True]
    assert not any([await learn("Aoi", picture) for picture in ["the same"] * 4 + ["another"]])


async def test_pictures_that_look_the_same_count_once_and_stay_on_one_side(
    post: Act, say: Act, learning: Learning
) -> None:
    await learning.answer("yes")
    look = "0f" * 64

    async def learn(name: str, picture: object, *, look: str | None = None) -> tuple[int, bool]:
        (face,) = await post(None)
        await say(face, MOD, "name", name, moderator=True)
        return face, await learning.keep(face, picture, look=look)

    first, _ = await learn("Riko", "frame 1", look=look)
    others = [await learn("Riko", n) for n in range(3)]
    again, held_out = await learn("Riko", "frame 2", look=look[:-8] + "ffffffff")  # the fifth picture
    assert not held_out
    fifth, held_out = await learn("Riko", "another", look="33" * 64)
    assert held_out
    mirrored, held_out = await learn("Riko", "mirrored", look="33" * 32 + "55" * 32)
    assert held_out
    maki, _ = await learn("Maki", "a cover with both", look=look)
    kept = dict(await learning.names(1))
    assert set(kept) == {first, fifth, maki, *(face for face, _ in others)}
    assert not {again, mirrored} & set(kept)


async def test_faces_are_compared_in_a_thread_while_the_bot_goes_on_answering(
    database: Database, post: Act, say: Act, learning: Learning, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []

    def watched(compare: Callable[..., Any]) -> Callable[..., Any]:
        def watching(*looks: Any, **known: Any) -> Any:
            threads.append(threading.current_thread())
            return compare(*looks, **known)

        return watching

    await learning.answer("yes")
    for n in range(2):
        (face,) = await post("Riko")
        await say(face, MOD, "right", moderator=True)
        await learning.keep(face, n)
    monkeypatch.setattr(examples, "distinct", watched(examples.distinct))
    monkeypatch.setattr(exchange, "distinct", watched(exchange.distinct))
    assert len(await learning.names(1)) == 2
    cut = Sample(b"png", b"vector", "e1", "a" * 64, "b" * 128, 1.0)
    async with database.writing() as session:
        await exchange.take_in(session, [], [("Riko", cut)], file="f", guild_id=1, user_id=None, quorum=2)
    assert len(threads) == 2
    assert threading.current_thread() not in threads

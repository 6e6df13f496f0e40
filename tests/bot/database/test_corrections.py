"""The ledger only grows; what was said can be taken back, once."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from bot.database import Database, corrections
from bot.database.errors import AlreadyTakenBack, BadName, NoGuess, NoSuchFace
from bot.database.ledger import Correction
from bot.database.meanings import Character

Act = Callable[..., Awaitable[Any]]
ANN, BEN = 11, 12


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE corrections SET moderator = NOT moderator",
        "UPDATE corrections SET at = at WHERE id = 1",
        pytest.param("INSERT OR REPLACE INTO corrections SELECT * FROM corrections", marks=pytest.mark.sqlite_only),
        "INSERT INTO corrections SELECT * FROM corrections WHERE true ON CONFLICT (id) DO UPDATE SET user_id = 9",
    ],
)
async def test_a_correction_is_never_changed(database: Database, post: Act, say: Act, change: str) -> None:
    (face,) = await post("Riko")
    await say(face, ANN, "right")
    with pytest.raises(IntegrityError, match="never changed"):
        async with database.writing() as session:
            await session.execute(text(change))


async def test_forgetting_a_person_may_delete_what_they_said(database: Database, post: Act, say: Act) -> None:
    (face,) = await post("Riko")
    first = await say(face, ANN, "right")
    async with database.writing() as session:
        await session.execute(text("DELETE FROM corrections WHERE user_id = :ann"), {"ann": ANN})
    assert await say(face, BEN, "right") > first  # an id is not given twice


async def test_right_and_not_speak_of_the_guess(database: Database, post: Act, say: Act) -> None:
    riko, unknown = await post("Riko", None)
    await say(riko, ANN, "right")
    await say(riko, BEN, "not")
    async with database.reading() as session:
        names = await session.scalars(select(Character.name).join(Correction))
        assert list(names) == ["Riko", "Riko"]
    for kind in ("right", "not"):
        with pytest.raises(NoGuess, match="face 2"):
            await say(unknown, ANN, kind)
    await say(unknown, ANN, "not", "Riko")


async def test_a_name_nobody_knew_becomes_a_character_of_that_guild(database: Database, post: Act, say: Act) -> None:
    (face,) = await post(None, guild_id=1)
    await say(face, ANN, "name", "Maki")
    async with database.reading() as session:
        (maki,) = await session.scalars(select(Character))
    assert (maki.name, maki.guild_id) == ("Maki", 1)


async def test_nonsense_is_refused(post: Act, say: Act) -> None:
    (face,) = await post("Riko")
    with pytest.raises(NoSuchFace):
        await say(face + 1, ANN, "right")
    with pytest.raises(BadName):
        await say(face, ANN, "name", " ")
    for kind, name in (("name", None), ("right", "Maki"), ("not_face", "Maki")):
        with pytest.raises(ValueError, match="does not go with"):
            await say(face, ANN, kind, name)
    with pytest.raises(ValueError, match="somebody"):
        await say(face, None, "right")


async def test_removing_a_reaction_takes_back_that_reaction_only(database: Database, post: Act, say: Act) -> None:
    (face,) = await post("Riko")
    by_reaction = await say(face, ANN, "right", via="reaction")
    await say(face, ANN, "right", via="button")
    await say(face, ANN, "name", "Maki", via="reply")
    await say(face, BEN, "right", via="reaction")

    async def remove() -> Correction | None:
        async with database.writing() as session:
            return await corrections.take_back(
                session,
                face_id=face,
                user_id=ANN,
                kind="right",
                said_via="reaction",
                moderator=False,
                via="reaction",
            )

    gone = await remove()
    assert gone is not None
    assert gone.id == by_reaction
    assert await remove() is None


async def test_taking_back_goes_from_the_latest_to_the_first(database: Database, post: Act, say: Act) -> None:
    (face,) = await post("Riko")
    said = [await say(face, ANN, "name", name) for name in ("Riko", "Maki", "Aoi")]
    gone: list[int | None] = []
    for _ in range(4):
        async with database.writing() as session:
            row = await corrections.take_back(session, face_id=face, user_id=ANN, moderator=False, via="command")
            gone.append(row and row.id)
    assert gone == [*reversed(said), None]


async def test_a_correction_is_taken_back_once_and_an_undo_never(database: Database, post: Act, say: Act) -> None:
    (face,) = await post("Riko")
    await say(face, ANN, "right")
    async with database.writing() as session:
        (said,) = await session.scalars(select(Correction))
        undo = await corrections.undo(session, said, user_id=BEN, moderator=True, via="command")
        assert (undo.undoes, undo.user_id) == (said.id, BEN)
        with pytest.raises(AlreadyTakenBack):
            await corrections.undo(session, said, user_id=ANN, moderator=False, via="button")
        with pytest.raises(ValueError, match="cannot be undone"):
            await corrections.undo(session, undo, user_id=ANN, moderator=False, via="button")

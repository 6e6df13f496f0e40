"""Examples that look wrong: which of them moderators are asked about."""

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import event

from bot.database import Database, consents, examples, suspects
from ml import Sample
from ml.training.suspects import Suspect

Act = Callable[..., Awaitable[Any]]
POSTER, MOD = 100, 14


async def test_no_crop_is_read_of_suspects_that_may_not_be_shown(database: Database, post: Act, say: Act) -> None:
    async with database.writing() as session:
        await consents.answer(session, POSTER, "yes")
    (face,) = await post("Riko")
    await say(face, MOD, "right", moderator=True)
    async with database.writing() as session:
        await examples.save(session, face, Sample(b"png", b"vector", "e1", "a" * 64, "b" * 128, 1.0), quorum=2)
        await suspects.replace(session, [Suspect(face, "Riko", "Maki")], guild_id=1)
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    event.listen(database._readers.sync_engine, "before_cursor_execute", note)
    async with database.reading() as session:
        (found,) = await suspects.unanswered(session, guild_id=1, quorum=2)
    assert (found.face.id, found.name, found.looks_like) == (face, "Riko", "Maki")
    assert any("suspects" in statement for statement in asked)
    assert not any("crop" in statement for statement in asked)

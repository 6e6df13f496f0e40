"""What is thought of faces can be made anew by whoever runs the bot, who is told when that is needed."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from sqlalchemy import text

from bot.database import Database, verdicts
from bot.database.verdicts import Verdict
from tests.conftest import koredare

Act = Callable[..., Awaitable[Any]]


async def test_the_doctor_says_that_it_does_not_follow_from_what_was_said_and_mends_it(
    database: Database, post: Act, say: Act, tmp_path: Path
) -> None:
    faces = await post("Riko", "Maki")
    await say(faces[0], 11, "right", moderator=True)
    assert "ok    who each face is follows from what was said" in koredare("doctor", "--deep", home=tmp_path).stdout
    async with database.writing() as session:
        await session.execute(text("UPDATE judgements SET voices = 0"))
    told = koredare("doctor", "--deep", home=tmp_path).stdout
    assert "MEND  1 rows that say who faces are do not follow from what was said: koredare doctor --rebuild" in told
    told = koredare("doctor", "--rebuild", "--deep", home=tmp_path).stdout
    assert "who 1 faces are" in told
    assert "ok    who each face is follows from what was said" in told
    async with database.reading() as session:
        assert await verdicts.verdicts(session, guild_id=1, quorum=2) == [Verdict(faces[0], "Riko", trusted=True)]

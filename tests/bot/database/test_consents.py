"""A person is asked once, and their latest answer counts everywhere."""

from typing import Any

import pytest

from bot.database import Database, consents

ANN = 11


async def test_a_person_is_asked_once(database: Database) -> None:
    async with database.writing() as session:
        assert await consents.get(session, ANN) is None
        assert await consents.to_be_asked(session, ANN)
    async with database.writing() as session:
        assert await consents.to_be_asked(session, ANN)  # until somebody has done it
        await consents.asked(session, ANN)
    async with database.reading() as session:
        assert not await consents.to_be_asked(session, ANN)
        assert await consents.get(session, ANN) is None


@pytest.mark.parametrize("answers", [["yes"], ["no"], ["yes", "no"], ["no", "yes"]])
async def test_the_latest_answer_counts_and_ends_the_asking(database: Database, answers: list[Any]) -> None:
    for answer in answers:
        async with database.writing() as session:
            await consents.answer(session, ANN, answer)
    async with database.writing() as session:
        assert await consents.get(session, ANN) == answers[-1]
        assert not await consents.to_be_asked(session, ANN)

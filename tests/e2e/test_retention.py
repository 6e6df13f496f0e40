"""The operator's period: told to everyone, and kept."""

from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import pytest

from tests import databases
from tests.conftest import KNOWN, png
from tests.e2e.conftest import Discord

AKEHA = KNOWN[0]
A_MONTH = "[privacy]\nretention_days = 30\n"


@pytest.fixture
def more() -> str:
    return A_MONTH


def grow_old(home: Path, *, days: int) -> None:
    """Let so many days pass for every picture that is known."""
    with databases.opened(home) as connection:
        connection.execute(f"UPDATE pictures SET created_at = {databases.days_before('created_at', days)}")


def pictures(home: Path) -> dict[str, int]:
    """How many pictures are known, by where they came from."""
    with databases.opened(home) as connection:
        return dict(connection.execute("SELECT source, count(*) FROM pictures GROUP BY source").fetchall())


async def test_an_old_picture_is_forgotten_and_its_answer_says_so(club: Discord, trained_home: Path) -> None:
    answer = await club.post(club.ann, png(AKEHA, seed=30))
    await club.mod.react(answer, "✅")
    imported = pictures(trained_home)["import"]
    cog: Any = club.bot.get_cog("Retention")
    grow_old(trained_home, days=29)
    await cog.look.coro(cog)
    assert pictures(trained_home) == {"discord": 1, "import": imported}
    grow_old(trained_home, days=2)
    await cog.look.coro(cog)
    assert pictures(trained_home) == {"import": imported}
    pressed = await club.ben.click(answer, label="All right")
    said = [each.content for each in (pressed.response, *pressed.followups) if each is not None]
    assert any("I don't remember that answer any more" in each for each in said)


async def test_a_clock_that_goes_ahead_deletes_nothing_before_a_day_has_passed(
    club: Discord, trained_home: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await club.post(club.ann, png(AKEHA, seed=30))

    class Ahead(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return datetime.now(tz) + timedelta(days=400)

    for module in ("bot.loops", "bot.database.base"):
        monkeypatch.setattr(f"{module}.datetime", Ahead)
    cog: Any = club.bot.get_cog("Retention")
    await cog.look.coro(cog)
    assert pictures(trained_home)["discord"] == 1
    assert "The clock went ahead by 399 days" in caplog.text
    await cog.look.coro(cog)
    assert "discord" not in pictures(trained_home)


async def test_privacy_says_the_period(club: Discord) -> None:
    told = await club.ann.slash(club.general, "privacy")
    assert told.response is not None
    assert "forgotten by themselves after 30 days" in told.response.content


@pytest.mark.parametrize("more", [""])
async def test_privacy_says_where_there_is_none(newborn: Discord) -> None:
    told = await newborn.ann.slash(newborn.general, "privacy")
    assert told.response is not None
    assert "Pictures are not forgotten by themselves" in told.response.content

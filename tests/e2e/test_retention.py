"""The operator's period: told to everyone, and kept."""

from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from bot import clock
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


def let_the_clock_be(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """Have the machine's clock go wrong: it says this moment and stays there."""

    class Wrong(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return moment.astimezone(tz)

    monkeypatch.setattr("bot.clock.datetime", Wrong)


async def look(club: Discord) -> None:
    """What it does once a day."""
    for name in ("Retention", "Leaving"):
        cog: Any = club.bot.get_cog(name)
        await cog.look.coro(cog)


async def test_nothing_is_deleted_for_its_age_because_the_machines_clock_is_wrong(
    club: Discord, trained_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = datetime.now(UTC)
    await club.post(club.ann, png(AKEHA, seed=30))
    for wrong in (datetime(1970, 1, 1, tzinfo=UTC), datetime(2106, 2, 7, tzinfo=UTC)):
        let_the_clock_be(monkeypatch, wrong)
        await look(club)
        await club.post(club.ann, png(AKEHA, seed=31))
    guild = club.bot.get_guild(club.guild_id)
    assert guild is not None
    let_the_clock_be(monkeypatch, datetime(1970, 1, 1, tzinfo=UTC))
    await guild.leave()
    await club.env.settle()
    monkeypatch.undo()
    await look(club)  # as if all that was written meanwhile were old
    assert pictures(trained_home)["discord"] == 3
    with databases.opened(trained_home) as connection:
        told = "SELECT created_at FROM pictures WHERE source = 'discord' UNION SELECT at FROM departures"
        moments = [str(moment) for (moment,) in connection.execute(told).fetchall()]
    assert all(begun.isoformat(" ")[:16] <= each <= datetime.now(UTC).isoformat(" ") for each in moments)


async def test_what_is_old_goes_by_discords_time(club: Discord, trained_home: Path) -> None:
    await club.post(club.ann, png(AKEHA, seed=30))
    clock.hear("no date")
    await look(club)
    assert pictures(trained_home)["discord"] == 1
    try:
        clock.hear(format_datetime(datetime.now(UTC) + timedelta(days=31)))
        await look(club)
    finally:
        clock.hear(format_datetime(datetime.now(UTC)))
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

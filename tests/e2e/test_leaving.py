"""A server takes the bot out: what is its own goes after a while, unless it lets it in again; or at once when asked."""

from pathlib import Path
from typing import Any, cast

import pytest

from bot.client import Koredare
from bot.database import Base
from tests import databases
from tests.conftest import KNOWN, koredare, png
from tests.databases import on_disk
from tests.e2e.conftest import Discord, PoliteEnv, furnish
from tests.e2e.test_damaged_versions import publish_again
from tests.e2e.test_forgetting import telling

OWNED = [table.name for table in Base.metadata.sorted_tables if "guild_id" in table.c]


def held(home: Path, guild_id: int) -> dict[str, int]:
    """How many rows there are of a server, by table."""
    with databases.opened(home) as database:
        counts = {
            table: database.execute(f"SELECT count(*) FROM {table} WHERE guild_id = {guild_id}").fetchone()[0]
            for table in OWNED
        }
    return {table: count for table, count in counts.items() if count}


def crops(home: Path, guild_id: int) -> list[bytes]:
    with databases.opened(home) as database:
        return [
            crop
            for (crop,) in database.execute(
                "SELECT crop FROM samples JOIN faces ON faces.id = face_id JOIN pictures ON pictures.id = picture_id "
                f"WHERE guild_id = {guild_id}"
            )
        ]


def days_pass(home: Path, days: int) -> None:
    with databases.opened(home) as database:
        database.execute(f"UPDATE departures SET at = {databases.days_before('at', days)}")


async def lived_in(club: Discord, picture: bytes) -> None:
    """There is something of everything that a server may have, and this picture's face is kept."""
    answer = await club.post(club.ann, picture)
    await club.mod.react(answer, "✅")
    await club.ben.react(answer, "✅")
    await club.agree(club.ann)
    await club.mod.send(club.pictures, "1 is Riko", reply_to=answer)
    await club.mod.slash(club.pictures, "character alias", name=KNOWN[0].name, alias="Aki")
    await club.mod.slash(club.pictures, "settings quorum", quorum="3")
    await club.ann.slash(club.pictures, "stats join")
    for _ in range(2):
        publish_again(club.home, club.guild_id)
    await club.mod.send(club.pictures, "!rollback v1")


async def test_after_thirty_days_all_that_is_its_own_is_gone_and_nothing_elses(
    club: Discord, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="bot.privacy.leaving")
    other = await furnish(cast("PoliteEnv", club.env), club.home)
    await lived_in(club, png(KNOWN[0], seed=61))
    await lived_in(other, png(KNOWN[1], seed=63))
    mine, theirs = held(club.home, club.guild_id), held(club.home, other.guild_id)
    assert theirs.keys() == mine.keys() == set(OWNED) - {"departures", "suspects"}
    disk = on_disk(club.home)  # where a page of the file may part one of these
    secrets = [piece for crop in crops(club.home, club.guild_id) for piece in telling(crop) if piece in disk]
    assert len(secrets) > 10
    shared = sorted(path.name for path in (club.home / "models" / "everyone").rglob("*"))

    guild = club.bot.get_guild(club.guild_id)
    assert guild is not None
    await guild.leave()
    await club.env.settle()
    assert held(club.home, club.guild_id) == mine | {"departures": 1}
    assert f"I am not in server {club.guild_id} any more. Its data goes in 30 days" in caplog.text
    cog: Any = club.bot.get_cog("Leaving")
    await cog.on_guild_join(guild)  # let in again, all is as it was
    assert held(club.home, club.guild_id) == mine

    await club.restart()  # it was taken out while it was away
    await club.env.settle()
    assert held(club.home, club.guild_id) == mine | {"departures": 1}
    assert held(club.home, other.guild_id) == theirs
    days_pass(club.home, 29)
    await club.restart()  # it looks at each start, and every day
    await club.env.settle()
    assert held(club.home, club.guild_id) == mine | {"departures": 1}
    days_pass(club.home, 1)
    await club.restart()
    await club.env.settle()
    assert held(club.home, club.guild_id) == {}
    assert not (club.home / "models" / str(club.guild_id)).exists()
    disk = on_disk(club.home)
    assert not any(piece in disk for piece in secrets)
    assert club.bot.at(club.guild_id).chosen.quorum is None

    assert held(club.home, other.guild_id) == theirs
    assert (club.home / "models" / str(other.guild_id) / "active").exists()
    assert sorted(path.name for path in (club.home / "models" / "everyone").rglob("*")) == shared
    answer = await other.post(other.ann, png(KNOWN[0], seed=54))
    assert "Aki" not in answer.content
    assert KNOWN[0].name in answer.content


@pytest.mark.parametrize("more", ["[discord]\nshards = 2\nshard_ids = [0]\n"])
async def test_servers_of_other_processes_are_not_taken_for_left(trained_env: PoliteEnv, trained_home: Path) -> None:
    here, there = 2 << 22, 3 << 22
    with databases.opened(trained_home) as database:
        for each in (here, there):
            database.execute(f"INSERT INTO guild_settings (guild_id, moderator_roles) VALUES ({each}, '[]')")
    assert isinstance(trained_env.bot, Koredare)
    cog: Any = trained_env.bot.get_cog("Leaving")
    await cog.on_ready()
    with databases.opened(trained_home) as database:
        assert database.execute("SELECT guild_id FROM departures").fetchall() == [(here,)]


async def test_what_was_imported_for_a_server_that_was_never_joined_stays(club: Discord) -> None:
    with databases.opened(club.home) as database:
        database.execute("UPDATE pictures SET guild_id = 41")
    files = club.env.backend.store_attachments(club.ann.user.dm_channel.id, [("her.png", png(KNOWN[0], seed=54))])
    await club.ann.send_dm(attachments=files)
    await club.restart()
    await club.env.settle()
    with databases.opened(club.home) as database:
        assert database.execute("SELECT count(*) FROM pictures WHERE source = 'discord'").fetchone() == (1,)
        assert database.execute("SELECT * FROM departures").fetchall() == []


def test_the_operator_forgets_a_server_at_once(trained_home: Path) -> None:
    with databases.opened(trained_home) as database:
        database.execute("UPDATE pictures SET guild_id = 41 WHERE id <= 10")
        database.execute("UPDATE characters SET guild_id = 41 WHERE id = 1")
    publish_again(trained_home, 41)
    refused = koredare("forget", "--guild", "41", home=trained_home)
    assert refused.returncode == 1
    assert "Delete what there is of server 41: 10 pictures, 10 corrections and 1 model versions?" in refused.stderr
    assert held(trained_home, 41) == {"characters": 1, "pictures": 10}
    done = koredare("forget", "--guild", "41", "--yes", home=trained_home)
    assert done.stdout.strip().endswith("10 pictures, 10 corrections and 1 model versions.")
    assert held(trained_home, 41) == {}
    assert not (trained_home / "models" / "41").exists()
    assert "the database is whole" in koredare("doctor", "--deep", home=trained_home).stdout

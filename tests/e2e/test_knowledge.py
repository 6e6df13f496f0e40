"""A server's knowledge goes out as one file and in again elsewhere, checked before anything is written."""

import io
import json
import zipfile
from collections.abc import Callable

import discord
from PIL import Image
from simcord.actors import MemberActor
from simcord.builders import ChannelHandle
from sqlalchemy import text

from ml.painting import CAST
from tests.conftest import KNOWN, png, saved
from tests.e2e.conftest import Discord

NEW, OTHER = CAST[6], KNOWN[0]


async def taught(club: Discord, *seeds: int) -> None:
    for seed in seeds:
        reply = await club.post(club.mod, png(NEW, seed=seed))
        await club.mod.send(club.pictures, f"1 is {NEW.name}", reply_to=reply)
        if seed == seeds[0]:
            await club.agree(club.mod)


async def exported(club: Discord) -> bytes:
    result = await club.mod.slash(club.pictures, "knowledge export")
    assert result.ephemeral
    assert result.response is not None
    (file,) = result.response.attachments
    return await file.read()


def rivals(club: Discord) -> tuple[MemberActor, ChannelHandle, int]:
    """Another server with the bot in it: its moderator, a channel, its id."""
    guild = club.env.create_guild("Rivals")
    boss = guild.create_role("Boss", permissions=discord.Permissions(manage_guild=True))
    return guild.add_member(club.env.create_user("rival"), roles=[boss]), guild.create_text_channel("art"), guild.id


async def count(club: Discord, query: str) -> int:
    async with club.bot.database.reading() as session:
        return int(await session.scalar(text(query)) or 0)


def altered(data: bytes, change: Callable[[dict[str, bytes]], object]) -> bytes:
    """The file with its parts changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return file.getvalue()


async def test_what_one_server_knows_is_taken_in_by_another_and_can_be_removed(club: Discord) -> None:
    await taught(club, 51, 52, 54)
    await club.mod.send(club.pictures, f"!character alias {NEW.name} とも")
    data = await exported(club)
    for person in (club.mod, club.ann):
        assert str(person.user.id).encode() not in data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert str(club.guild_id).encode() not in archive.read("knowledge.json")
        assert len(archive.namelist()) == 4

    rival, art, guild_id = rivals(club)
    await rival.send(art, "!knowledge import", attachments=[("the club.zip", data)])
    said = club.last(art).content
    assert f"3 new faces of {NEW.name}; one new alias." in said
    assert "`!knowledge remove the club`" in said
    await rival.send(art, "!whois とも")
    assert f"**{NEW.name}**" in club.last(art).content
    assert "3 from what this server imported" in club.last(art).content
    before = await count(club, "SELECT count(*) FROM samples")

    await rival.slash(art, "knowledge import", file=("the club.zip", data))
    assert "No new face" in club.last(art).content
    assert "3 faces I had already" in club.last(art).content
    assert await count(club, "SELECT count(*) FROM samples") == before

    await rival.send(art, "!knowledge")
    assert "**the club**: 3 faces" in club.last(art).content
    await rival.send(art, "!knowledge remove the club.zip")
    assert "3 faces that came with **the club** are forgotten" in club.last(art).content
    assert await count(club, f"SELECT count(*) FROM pictures WHERE guild_id = {guild_id}") == 0
    again = await rival.slash(art, "knowledge remove", file="the club")
    assert again.response is not None
    assert "Nothing here came from a file called **the club**" in again.response.content
    await club.mod.slash(club.pictures, "knowledge show")
    assert "Nothing has been imported here" in club.last().content


async def test_what_a_server_calls_otherwise_stays_so(club: Discord) -> None:
    await taught(club, 51, 52)
    data = await exported(club)
    renamed = altered(
        data,
        lambda parts: parts.update(
            {"knowledge.json": parts["knowledge.json"].replace(NEW.name.encode(), OTHER.name.encode())}
        ),
    )
    await club.mod.send(club.pictures, "!knowledge import", attachments=[("k.zip", renamed)])
    assert "2 faces have another name here, which stands" in club.last().content


async def test_by_text_the_file_comes_in_a_direct_message(club: Discord) -> None:
    await taught(club, 51)
    await club.mod.send(club.pictures, "!knowledge export")
    said = club.last()
    assert "in a direct message" in said.content
    assert not said.attachments


async def test_a_server_that_taught_nothing_has_nothing_to_export(club: Discord) -> None:
    result = await club.mod.slash(club.pictures, "knowledge export")
    assert result.response is not None
    assert "nothing to export yet" in result.response.content


def listed(parts: dict[str, bytes], **changes: object) -> None:
    parts["knowledge.json"] = json.dumps(json.loads(parts["knowledge.json"]) | changes).encode()


def picture(width: int, height: int) -> bytes:
    return saved(Image.new("RGB", (width, height)))


BAD: dict[str, tuple[Callable[[dict[str, bytes]], object], str]] = {
    "a later format": (lambda parts: listed(parts, format=2), "A newer Koredare"),
    "something else": (lambda parts: listed(parts, koredare="model"), "not a file of"),
    "no list": (lambda parts: parts.pop("knowledge.json"), "not a file of"),
    "not JSON": (lambda parts: parts.update({"knowledge.json": b"{"}), "damaged"),
    "deep JSON": (lambda parts: parts.update({"knowledge.json": b"[" * 100_000}), "damaged"),
    "a list of millions": (
        lambda parts: parts.update({"knowledge.json": b'{"characters": [' + b"[], " * 2_000_000 + b"[]]}"}),
        "damaged",
    ),
    "a name that moves the terminal": (
        lambda parts: parts.update({"crops/\x1b[2J": parts.pop("crops/00001")}),
        "damaged",
    ),
    "no names": (lambda parts: listed(parts, examples=[{"crop": "crops/00001"}]), "damaged"),
    "a file too many": (lambda parts: parts.update({"../../etc/passwd": b"x"}), "damaged"),
    "a crop missing": (lambda parts: parts.pop("crops/00001"), "damaged"),
    "a bomb": (lambda parts: parts.update({"crops/00001": b"\0" * 50_000_000}), "damaged"),
    "a crop that is none": (lambda parts: parts.update({"crops/00001": b"GIF89a"}), "damaged"),
    "a crop too large": (lambda parts: parts.update({"crops/00001": picture(20_000, 2_000)}), "damaged"),
    "a crop too wide": (lambda parts: parts.update({"crops/00001": picture(100, 90)}), "damaged"),
    "a name too long": (lambda parts: listed(parts, characters=[{"name": "x" * 81, "aliases": []}]), "damaged"),
    "too many": (
        lambda parts: listed(parts, characters=[{"name": f"{n}", "aliases": []} for n in range(5_001)]),
        "too much",
    ),
}


async def test_a_file_that_is_not_right_is_refused_in_words_and_nothing_is_written(club: Discord) -> None:
    await taught(club, 51)
    data = await exported(club)
    before = [await count(club, f"SELECT count(*) FROM {table}") for table in ("pictures", "characters", "spellings")]
    rival, art, _ = rivals(club)
    for what, (change, answer) in BAD.items():
        await club.env.advance_time(12)  # so fast one may
        await rival.send(art, "!knowledge import", attachments=[("k.zip", altered(data, change))])
        assert answer in club.last(art).content, what
    await club.env.advance_time(60)
    for what, broken in {"a picture": png(NEW, seed=1), "nothing": b"", "cut off": data[:-30]}.items():
        await rival.send(art, "!knowledge import", attachments=[("k.zip", broken)])
        assert "not a file of" in club.last(art).content, what
    await rival.send(art, "!knowledge import", attachments=[("k.zip", b"0" * (25 * 2**20 + 1))])
    assert "too large" in club.last(art).content
    await rival.send(art, "!knowledge import")
    assert "Something is missing: **file**" in club.last(art).content
    for _ in range(2):  # each writes thousands of rows, and nobody else meanwhile
        await rival.send(art, "!knowledge import", attachments=[("k.zip", b"")])
    assert "Slower, please" in club.last(art).content
    after = [await count(club, f"SELECT count(*) FROM {table}") for table in ("pictures", "characters", "spellings")]
    assert after == before


async def test_knowledge_is_for_moderators(club: Discord) -> None:
    for words in ("", " export", " import", " remove x"):
        await club.ann.send(club.pictures, f"!knowledge{words}")
        assert "That is for moderators" in club.last().content, words

"""Knowledge is carried whole, fits where it must, and is counted once."""

import hashlib
import io
import json
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.errors import UserError
from bot.config import load_settings
from bot.database import Database, changes, characters, consents, examples, statistics
from bot.database import exchange as stored
from bot.database.characters import Known
from bot.database.errors import TooManyExamples
from bot.knowledge import archive, unpacking
from bot.knowledge.unpacking import Contents, Unfit, Who
from bot.recognition.pool import RecognitionPool
from bot.words import words_in
from ml import Recognizer, Sample
from ml.painting import CAST
from tests.bot.database.conftest import GUILD, POSTER
from tests.conftest import png

ELSEWHERE, CHANNEL = 2, 20
NOBODY = cast("Recognizer", None)  # reading a list needs none
WORDS = words_in("en")
Post = Callable[..., Awaitable[list[int]]]
Say = Callable[..., Awaitable[int]]


def read(data: bytes) -> Contents:
    return unpacking.unpack(NOBODY, data, longest_name=80)


@pytest.fixture
async def pool(tmp_path: Path) -> AsyncIterator[RecognitionPool]:
    (tmp_path / "config.toml").write_text("[recognition]\nworkers = 1\n")
    pool = RecognitionPool(load_settings(home=tmp_path))
    yield pool
    pool.close()


@pytest.fixture
async def taught(database: Database, pool: RecognitionPool, post: Post, say: Say) -> Database:
    """A guild that has learned two characters with another name each, eight pictures of both."""
    async with database.writing() as session:
        await consents.answer(session, POSTER, "yes")
    for seed in range(8):
        data = png(CAST[0], CAST[1], seed=seed)
        cuts = [cut for _, cut in await pool.run(Recognizer.sample_all, data)][:2]
        faces = await post(*[None for _ in cuts], channel_id=CHANNEL)
        for face, who, cut in zip(faces, CAST, cuts, strict=False):
            await say(face, 9, "name", who.name, moderator=True)
            async with database.writing() as session:
                await examples.save(session, face, cut, quorum=2)
    async with database.writing() as session:
        await changes.add_alias(session, CAST[0].name, "あけは", guild_id=GUILD, user_id=9)
    return database


async def export(
    database: Database, pool: RecognitionPool, *, max_bytes: int = 2**24, unseen: int | None = None
) -> bytes:
    async with database.reading() as session:
        posted_in = [each for each in await stored.channels_of(session, guild_id=GUILD) if each != unseen]
    data, _ = await archive.export(
        database, pool, guild_id=GUILD, quorum=2, posted_in=posted_in, max_bytes=max_bytes, words=WORDS
    )
    return data


async def take_in(database: Database, pool: RecognitionPool, data: bytes) -> stored.TakenIn:
    return await archive.take_in(
        database,
        pool,
        data,
        await archive.read(pool, data, WORDS),
        file="theirs",
        guild_id=ELSEWHERE,
        user_id=9,
        quorum=2,
        words=WORDS,
    )


async def learned(database: Database, guild_id: int) -> dict[tuple[str, str], bool]:
    """The name and the picture of each example, and whether it is held out."""
    async with database.reading() as session:
        found = await examples.examples(session, guild_id=guild_id, quorum=2)
    return {(each.name, each.picture_hash): each.held_out for each in found}


async def test_another_guild_learns_the_same_faces_on_the_same_sides(taught: Database, pool: RecognitionPool) -> None:
    data = await export(taught, pool)
    outcome = await take_in(taught, pool, data)
    assert outcome.aliases == 1
    assert outcome.disputed == 0
    added = sum(outcome.added.values())
    assert added + outcome.known == len(read(data).faces)
    assert added >= len(await learned(taught, GUILD)) > 10  # what looks the same counts once, there as here
    assert await learned(taught, ELSEWHERE) == await learned(taught, GUILD)
    assert any((await learned(taught, ELSEWHERE)).values())
    again = await take_in(taught, pool, await export(taught, pool))
    assert (again.added, again.known, again.aliases) == (
        {},
        len(read(await export(taught, pool)).faces),
        0,
    )


async def test_crops_are_saved_in_less_quality_where_they_would_not_fit(
    taught: Database, pool: RecognitionPool
) -> None:
    whole = await export(taught, pool)
    small = len(whole) // 2
    data = await export(taught, pool, max_bytes=small)
    assert len(data) <= small
    outcome = await take_in(taught, pool, data)
    assert sum(outcome.added.values()) + outcome.known == len(read(whole).faces)
    assert sum(outcome.added.values()) > 10
    with pytest.raises(UserError, match="do not fit into a file"):
        await export(taught, pool, max_bytes=20_000)


async def test_what_was_posted_in_no_channel_that_is_asked_for_is_not_exported(
    taught: Database, pool: RecognitionPool
) -> None:
    held = read(await export(taught, pool, unseen=CHANNEL))
    assert held.faces == ()
    assert [each.aliases for each in held.characters] == [("あけは",), ()]


async def test_a_file_that_would_make_them_too_many_is_refused_and_nothing_of_it_written(
    taught: Database, pool: RecognitionPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = await export(taught, pool)
    monkeypatch.setattr(stored, "MOST_EXAMPLES", len(read(data).faces) - 1)
    with pytest.raises(TooManyExamples, match="forgets those of another"):
        await take_in(taught, pool, data)
    assert await learned(taught, ELSEWHERE) == {}
    monkeypatch.undo()
    assert (await take_in(taught, pool, data)).aliases == 1


async def test_nothing_is_written_where_one_crop_is_not_right(taught: Database, pool: RecognitionPool) -> None:
    data = bytearray(await export(taught, pool))
    last = read(bytes(data)).faces[-1].part
    data[last.start + 100] ^= 1
    with pytest.raises(UserError, match="Nothing was imported"):
        await take_in(taught, pool, bytes(data))
    assert await learned(taught, ELSEWHERE) == {}


async def test_every_fifth_picture_of_a_file_is_held_out(database: Database) -> None:
    hashes = [hashlib.sha256(b"%d" % n).hexdigest() for n in range(1000)]
    cuts = [("Riko", Sample(b"png", b"vector", "e1", each, each * 2, 1.0)) for each in hashes]
    async with database.writing() as session:
        outcome = await stored.take_in(session, [], cuts, file="f", guild_id=GUILD, user_id=None, quorum=2)
    assert outcome.added == {"Riko": 1000}
    assert sum((await learned(database, GUILD)).values()) == 200


def small() -> bytes:
    """A file as it may be, of one face."""
    listed = {
        "koredare": "knowledge",
        "format": 1,
        "characters": [{"name": "Riko", "aliases": ["梨子"]}],
        "examples": [{"name": "Riko", "crop": "crops/00001", "picture": "0" * 64}],
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("knowledge.json", json.dumps(listed))
        archive.writestr("crops/00001", b"a picture")
    return file.getvalue()


SMALL = small()


def test_a_file_as_it_should_be_is_read() -> None:
    held = read(SMALL)
    assert held.characters == (Who("Riko", ("梨子",)),)
    (face,) = held.faces
    assert (face.name, face.picture) == ("Riko", "0" * 64)
    assert SMALL[face.part.start :][: face.part.length] == b"a picture"


@given(where=st.integers(0, len(SMALL) - 1), instead=st.binary(max_size=4))
def test_a_file_altered_anywhere_is_read_or_refused(where: int, instead: bytes) -> None:
    with suppress(Unfit):
        read(SMALL[:where] + instead + SMALL[where + len(instead) :])


@given(st.binary())
def test_any_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(Unfit, match="other"):
        read(data)


@pytest.mark.parametrize(
    ("file", "called"),
    [("club.zip", "club"), ("../../etc/passwd", "passwd"), ("a\\b.zip", "b"), ("\u200b.zip", "knowledge")],
)
def test_a_file_is_called_by_its_bare_name(file: str, called: str) -> None:
    assert archive.called(file) == called


def test_a_small_file_that_unpacks_to_much_is_refused() -> None:
    crops = [{"name": "Riko", "crop": f"crops/{n:05}", "picture": "0" * 64} for n in range(200)]
    listed = {"koredare": "knowledge", "format": 1, "characters": [], "examples": crops}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as written:
        written.writestr("knowledge.json", json.dumps(listed))
        for crop in crops:
            written.writestr(crop["crop"], b"\0" * 80_000)
    with pytest.raises(Unfit, match="too large unpacked"):
        read(file.getvalue())


@pytest.mark.parametrize(
    "unpacked",
    [
        pytest.param(
            b'{"koredare": "knowledge", "format": 1, "examples": [], "characters": [' + b"[], " * 10**6 + b"[]]}",
            id="lists",
        ),
        pytest.param(b"[" * 10**6, id="depth"),
        pytest.param(b"0" * 10**6, id="a number"),
    ],
)
def test_a_small_list_that_unpacks_to_much_is_not_unpacked(unpacked: bytes) -> None:
    """8 KB took 1.2 GB."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as written:
        written.writestr("knowledge.json", unpacked)
    with pytest.raises(Unfit, match="too large unpacked"):
        read(file.getvalue())


async def test_more_faces_than_a_file_may_hold_are_not_exported(
    taught: Database, pool: RecognitionPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MOST_EXAMPLES", 5)
    with pytest.raises(UserError, match="do not fit into a file"):
        await export(taught, pool)


async def test_thousands_of_names_are_taken_in_at_once_and_one_spelling_means_one_character(database: Database) -> None:
    who = [Known(0, f"Riko {n}", (f"alias {n}", f"Alias {n}", "riko 0")) for n in range(3_000)]
    async with database.writing() as session:
        outcome = await stored.take_in(session, who, [], file="f", guild_id=GUILD, user_id=None, quorum=2)
    assert outcome.aliases == 3_000
    async with database.reading() as session:
        assert len(await characters.known(session, guild_id=GUILD)) == 3_000


async def test_what_was_imported_is_not_counted_as_answered(database: Database, post: Post, say: Say) -> None:
    (face,) = await post(None)
    await say(face, 9, "name", "Riko")
    cut = Sample(b"png", b"vector", "e1", "0" * 64, "0" * 128, 1.0)
    async with database.writing() as session:
        await stored.take_in(session, [], [("Maki", cut)], file="f", guild_id=GUILD, user_id=None, quorum=2)
    async with database.reading() as session:
        counted = await statistics.counts(session, guild_id=GUILD, quorum=2)
    assert (counted.pictures, counted.corrections, counted.examples) == (1, 1, 1)

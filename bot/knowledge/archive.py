"""A guild's knowledge as one file: characters, aliases and examples, and nothing of who posted or said anything."""

import asyncio
import io
import json
import logging
import zipfile
from collections.abc import Collection, Coroutine
from dataclasses import asdict, dataclass
from pathlib import PurePath
from typing import Any, Final

from bot.chat.errors import UserError
from bot.database import Database, characters, exchange
from bot.database.characters import Known
from bot.database.errors import BadName
from bot.database.exchange import Carried, TakenIn
from bot.knowledge import unpacking
from bot.knowledge.unpacking import FORMAT, LIST, MOST_EXAMPLES, Contents, Example, List, Unfit, Who
from bot.recognition import worker
from bot.recognition.errors import PictureTooMuch, PictureTooSlow
from bot.recognition.pool import RecognitionPool
from bot.words import Words
from ml import PictureError, Sample
from ml.archives import ArchiveError

log = logging.getLogger(__name__)

MOST_BYTES: Final = 25 * 2**20  # of a file; larger ones are for the shell, a folder per character
_LEAST_CROP: Final = 3 * 2**10  # bytes: below, what is left of a face is not worth learning from
_OVERHEAD: Final = 512  # bytes of a ZIP and of the list, for each example
_AT_ONCE: Final = 16  # crops looked at: others' pictures wait behind so many


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What a guild knows, as it is exported."""

    characters: tuple[Known, ...]
    examples: tuple[Carried, ...]


async def export(
    database: Database,
    pool: RecognitionPool,
    *,
    guild_id: int,
    quorum: int,
    posted_in: Collection[int],
    max_bytes: int,
    words: Words,
) -> tuple[bytes, Knowledge]:
    """Write a guild's knowledge into one file: what it taught and imported itself, not what all servers share.

    Where it must be, the crops are saved anew in less quality.

    Parameters
    ----------
    posted_in
        Faces from pictures that people posted in these channels as well, not only imported ones.

    Raises
    ------
    UserError
        There is nothing to export, or it does not fit.
    """
    async with database.reading() as session:
        faces, size = await exchange.weigh(session, guild_id=guild_id, quorum=quorum, posted_in=posted_in)
        if faces > MOST_EXAMPLES:  # `read` would not take them, and they need not fit into memory
            raise UserError(words("knowledge-too-large", faces=faces, megabytes=max_bytes // 2**20))
        found = await exchange.examples_of(session, guild_id=guild_id, quorum=quorum, posted_in=posted_in)
        who = await exchange.characters_of(session, guild_id=guild_id, named={each.name for each in found})
    if not who:
        raise UserError(words("knowledge-nothing"))
    room = max_bytes - _OVERHEAD * (faces + len(who) + 1)
    if size > room:
        each_has = room // faces
        if each_has < _LEAST_CROP:
            raise UserError(words("knowledge-too-large", faces=faces, megabytes=max_bytes // 2**20))
        found = [
            Carried(each.name, await pool.run(worker.shrink, each.crop, max_bytes=each_has), each.picture_hash)
            for each in found
        ]
    held = Knowledge(tuple(who), tuple(found))
    return await asyncio.to_thread(_pack, held), held


def _pack(held: Knowledge) -> bytes:
    names = [f"crops/{number:05}" for number in range(1, len(held.examples) + 1)]
    listed = List(
        "knowledge",
        FORMAT,
        tuple(Who(each.name, each.aliases) for each in held.characters),
        tuple(Example(each.name, at, each.picture_hash) for at, each in zip(names, held.examples, strict=True)),
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        text = json.dumps(asdict(listed), ensure_ascii=False, indent=1)
        archive.writestr(LIST, text, zipfile.ZIP_DEFLATED)
        for name, each in zip(names, held.examples, strict=True):
            archive.writestr(name, each.crop)
    return file.getvalue()


async def read(pool: RecognitionPool, data: bytes, words: Words) -> Contents:
    """Have a file checked and its list read.

    Raises
    ------
    UserError
        It is no such file, of a later format, too large, or damaged.
    """
    try:
        return await pool.run(unpacking.unpack, data, longest_name=characters.NAME_LIMIT)
    except (Unfit, PictureTooMuch, PictureTooSlow) as error:
        log.info("A file of knowledge is not taken: %s", error)
        raise _unfit(error.reason if isinstance(error, Unfit) else "damaged", words) from error


def _unfit(reason: str, words: Words) -> UserError:
    return UserError(words("knowledge-unfit", reason=reason, most=MOST_EXAMPLES))


async def take_in(
    database: Database,
    pool: RecognitionPool,
    data: bytes,
    contents: Contents,
    *,
    file: str,
    guild_id: int,
    user_id: int | None,
    quorum: int,
    words: Words,
) -> TakenIn:
    """Make a guild know what a file holds, all or nothing.

    Parameters
    ----------
    data, contents
        The file, and what `read` found in it.
    file
        What to call it: `bot.database.exchange.remove` removes it by that.

    Raises
    ------
    UserError
        One of the crops is no picture of a face as we keep it; nothing was written.
    """
    cuts: list[Sample] = []

    def adopted(face: unpacking.Face) -> Coroutine[Any, Any, Sample]:
        packed = data[face.part.start : face.part.start + face.part.length]
        return pool.run(unpacking.adopt, face.part, packed, picture_hash=face.picture)

    try:
        for start in range(0, len(contents.faces), _AT_ONCE):  # all at once would hold up everybody's pictures
            cuts += await asyncio.gather(*map(adopted, contents.faces[start : start + _AT_ONCE]))
    except (PictureError, ArchiveError) as error:
        raise _unfit("damaged", words) from error
    async with database.writing() as session:
        return await exchange.take_in(
            session,
            [Known(0, each.name, each.aliases) for each in contents.characters],
            [(each.name, cut) for each, cut in zip(contents.faces, cuts, strict=True)],
            file=file,
            guild_id=guild_id,
            user_id=user_id,
            quorum=quorum,
        )


def called(filename: str) -> str:
    """What to call a file that was taken in: its name without folders and suffix, on one line."""
    stem = PurePath(filename.replace("\\", "/")).stem.replace("/", "")
    try:
        return characters.clean(stem[: characters.NAME_LIMIT])
    except BadName:
        return "knowledge"

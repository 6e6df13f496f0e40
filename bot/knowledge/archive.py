"""A guild's knowledge as one file: characters, aliases and examples, and nothing of who posted or said anything."""

import asyncio
import io
import json
import logging
import re
import zipfile
from dataclasses import asdict, dataclass
from pathlib import PurePath
from typing import Any, Final, Literal, cast

from pydantic import TypeAdapter, ValidationError

from bot.chat.errors import UserError
from bot.database import Database, characters, exchange
from bot.database.characters import Known
from bot.database.errors import BadName
from bot.database.exchange import Carried, TakenIn
from bot.recognition import worker
from bot.recognition.pool import RecognitionPool
from bot.words import Words
from ml import PictureError, Recognizer, Sample
from ml.archives import Archive, NotAnArchive, TooManyParts
from ml.faces.samples import CROP_SIZE
from ml.naming.names import is_own_word

log = logging.getLogger(__name__)

FORMAT: Final = 1
MOST_BYTES: Final = 25 * 2**20  # of a file; larger ones are for the shell, a folder per character
MOST_EXAMPLES: Final = 5_000
_MOST_CHARACTERS: Final = 5_000
_MOST_ALIASES: Final = 100  # of one character
_LIST: Final = "knowledge.json"
_CROP_BYTES: Final = CROP_SIZE**2 * 3 + 4096  # a PNG that nothing could be saved on
_LIST_BYTES: Final = 8 * 2**20
_RATIO: Final = 2  # times that the crops are larger than the file, at most: pictures hardly shrink
_LEAST_CROP: Final = 3 * 2**10  # bytes: below, what is left of a face is not worth learning from
_OVERHEAD: Final = 512  # bytes of a ZIP and of the list, for each example
_AT_ONCE: Final = 64
# What files that somebody made up raise on their way through `Archive` and json.
_BROKEN = (ValueError, KeyError, TypeError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True)
class _Character:
    name: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Example:
    name: str
    crop: str
    picture: str


@dataclass(frozen=True, slots=True)
class _List:
    """What `knowledge.json` says; `picture` is the SHA-256 of the picture that a crop was cut from."""

    koredare: Literal["knowledge"]
    format: int
    characters: tuple[_Character, ...]
    examples: tuple[_Example, ...]


_LISTS = TypeAdapter(_List)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What a file holds, checked but for the crops, which are anybody's bytes still."""

    characters: tuple[Known, ...]
    examples: tuple[Carried, ...]


class _Unfit(ValueError):
    """A file that is not taken; `reason` as the message `knowledge-unfit` knows it."""

    def __init__(self, reason: Literal["other", "newer", "too-many", "damaged"]) -> None:
        super().__init__(reason)
        self.reason = reason


async def export(
    database: Database,
    pool: RecognitionPool,
    *,
    guild_id: int,
    quorum: int,
    posted: bool,
    max_bytes: int,
    words: Words,
) -> tuple[bytes, Knowledge]:
    """Write a guild's knowledge into one file: what it taught and imported itself, not what all servers share.

    Where it must be, the crops are saved anew in less quality.

    Parameters
    ----------
    posted
        Faces from pictures that people posted as well, not only imported ones.

    Raises
    ------
    UserError
        There is nothing to export, or it does not fit.
    """
    async with database.reading() as session:
        faces, size = await exchange.weigh(session, guild_id=guild_id, quorum=quorum, posted=posted)
        if faces > MOST_EXAMPLES:  # `read` would not take them, and they need not fit into memory
            raise UserError(words("knowledge-too-large", faces=faces, megabytes=max_bytes // 2**20))
        found = await exchange.examples_of(session, guild_id=guild_id, quorum=quorum, posted=posted)
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
    listed = _List(
        "knowledge",
        FORMAT,
        tuple(_Character(each.name, each.aliases) for each in held.characters),
        tuple(_Example(each.name, at, each.picture_hash) for at, each in zip(names, held.examples, strict=True)),
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        text = json.dumps(asdict(listed), ensure_ascii=False, indent=1)
        archive.writestr(_LIST, text, zipfile.ZIP_DEFLATED)
        for name, each in zip(names, held.examples, strict=True):
            archive.writestr(name, each.crop)
    return file.getvalue()


def read(data: bytes, words: Words) -> Knowledge:
    """Check a file and read it; blocks, and takes no more memory than a few times the file.

    Raises
    ------
    UserError
        It is no such file, of a later format, too large, or damaged.
    """
    try:
        return _unpack(data)
    except _Unfit as error:
        raise UserError(words("knowledge-unfit", reason=error.reason, most=MOST_EXAMPLES)) from error
    except _BROKEN as error:
        log.info("A file of knowledge cannot be read: %s", error)
        raise UserError(words("knowledge-unfit", reason="damaged", most=MOST_EXAMPLES)) from error


def _unpack(data: bytes) -> Knowledge:
    try:
        archive = Archive(io.BytesIO(data), most_parts=MOST_EXAMPLES + 1, most_bytes=_RATIO * len(data) + _LIST_BYTES)
    except NotAnArchive as error:
        raise _Unfit("other") from error
    except TooManyParts as error:
        raise _Unfit("too-many") from error
    listed = _listed(archive)
    if len(listed.examples) > MOST_EXAMPLES or len(listed.characters) > _MOST_CHARACTERS:
        raise _Unfit("too-many")
    if sorted(archive.names) != sorted([_LIST, *(each.crop for each in listed.examples)]):
        raise _Unfit("damaged")  # or somebody hides something in it
    if not all(re.fullmatch(r"[0-9a-f]{64}", each.picture) for each in listed.examples):
        raise _Unfit("damaged")
    examples = tuple(
        Carried(_clean(each.name), archive.read(each.crop, most=_CROP_BYTES), each.picture)
        for each in listed.examples
        if _is_name(each.name)
    )
    who = tuple(
        Known(0, _clean(each.name), tuple(_clean(alias) for alias in each.aliases[:_MOST_ALIASES] if _is_name(alias)))
        for each in listed.characters
        if _is_name(each.name)
    )
    return Knowledge(who, examples)


def _is_name(name: str) -> bool:
    """Whether it is no word for strangers, whom an earlier Koredare took for somebody."""
    return not is_own_word(name)


def _listed(archive: Archive) -> _List:
    if _LIST not in archive.names:
        raise _Unfit("other")
    raw = cast("dict[str, Any]", json.loads(archive.read(_LIST, most=_LIST_BYTES)))
    if raw.get("koredare") != "knowledge":
        raise _Unfit("other")
    if raw["format"] > FORMAT:
        raise _Unfit("newer")
    try:
        return _LISTS.validate_python(raw)
    except ValidationError as error:
        raise _Unfit("damaged") from error


def _clean(name: str) -> str:
    try:
        return characters.clean(name)
    except BadName as error:
        raise _Unfit("damaged") from error


async def take_in(
    database: Database,
    pool: RecognitionPool,
    held: Knowledge,
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
    file
        What to call it: `bot.database.exchange.remove` removes it by that.

    Raises
    ------
    UserError
        One of the crops is no picture of a face as we keep it; nothing was written.
    """
    cuts: list[Sample] = []
    try:
        for start in range(0, len(held.examples), _AT_ONCE):  # all at once would hold up everybody's pictures
            batch = held.examples[start : start + _AT_ONCE]
            cuts += await asyncio.gather(
                *(pool.run(Recognizer.adopt, each.crop, picture_hash=each.picture_hash) for each in batch)
            )
    except PictureError as error:
        raise UserError(words("knowledge-unfit", reason="damaged", most=MOST_EXAMPLES)) from error
    async with database.writing() as session:
        return await exchange.take_in(
            session,
            held.characters,
            [(each.name, cut) for each, cut in zip(held.examples, cuts, strict=True)],
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

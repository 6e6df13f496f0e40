"""A file of knowledge read in a worker: anybody's bytes, and what they unpack to, never meet the bot itself."""

import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal, cast

from pydantic import FailFast, TypeAdapter, ValidationError

from ml import Recognizer, Sample
from ml.archives import Archive, NotAnArchive, Part, TooManyParts
from ml.faces.samples import CROP_SIZE
from ml.naming.names import fold, is_own_word, tidy

FORMAT: Final = 1
LIST: Final = "knowledge.json"
MOST_EXAMPLES: Final = 5_000
_MOST_CHARACTERS: Final = 5_000
_MOST_ALIASES: Final = 100  # of one character
_MOST_NAMES: Final = 20_000  # of all characters together
_CROP_BYTES: Final = CROP_SIZE**2 * 3 + 4096  # a PNG that nothing could be saved on
_RATIO: Final = 2  # times that the crops are larger than the file, at most: pictures hardly shrink
_LIST_BYTES: Final = 8 * 2**20
_LIST_RATIO: Final = 40  # times that the list is larger than the file, at most: hashes and names shrink to a tenth
_LEAST_LIST: Final = 2**16


@dataclass(frozen=True, slots=True)
class Who:
    """A character and its other names, as the file spells them."""

    name: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Face:
    """An example: its name, where its crop lies in the file, and the SHA-256 of the picture that it was cut from."""

    name: str
    part: Part
    picture: str


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file holds, checked but for the crops, which are anybody's bytes still."""

    characters: tuple[Who, ...]
    faces: tuple[Face, ...]


class Unfit(ValueError):
    """A file that is not taken; `reason` as the message `knowledge-unfit` knows it."""

    def __init__(self, reason: Literal["other", "newer", "too-many", "damaged"], why: str = "") -> None:
        super().__init__(reason, why)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Example:
    """As `knowledge.json` lists it; `crop`: the name of the part."""

    name: str
    crop: str
    picture: str


@dataclass(frozen=True, slots=True)
class List:
    """What `knowledge.json` says."""

    koredare: Literal["knowledge"]
    format: int
    characters: Annotated[tuple[Who, ...], FailFast()]
    examples: Annotated[tuple[Example, ...], FailFast()]


_LISTS = TypeAdapter(List)
# What files that somebody made up raise on their way through json.
_BROKEN = (ValueError, KeyError, TypeError, AttributeError, RecursionError, MemoryError)


def unpack(_: Recognizer, data: bytes, *, longest_name: int) -> Contents:
    """Check a file and read its list; of the crops, where they lie.

    Raises
    ------
    Unfit
        It is no such file, of a later format, too large, or damaged.
    """
    try:
        return _unpack(data, longest_name)
    except Unfit:
        raise
    except NotAnArchive as error:
        raise Unfit("other") from error
    except TooManyParts as error:
        raise Unfit("too-many") from error
    except _BROKEN as error:
        raise Unfit("damaged", str(error)) from error


def adopt(recognizer: Recognizer, part: Part, packed: bytes, *, picture_hash: str) -> Sample:
    """As `Recognizer.adopt`, of a crop in the file; raises as `Part.unpack` too."""
    return recognizer.adopt(part.unpack(packed, most=_CROP_BYTES), picture_hash=picture_hash)


def _unpack(data: bytes, longest_name: int) -> Contents:
    most = min(_LIST_BYTES, _LEAST_LIST + _LIST_RATIO * len(data))
    archive = Archive(io.BytesIO(data), most_parts=MOST_EXAMPLES + 1, most_bytes=_RATIO * len(data) + most)
    listed = _listed(archive, most)
    parts = {part.name: part for part in archive.parts}
    if sorted(parts) != sorted([LIST, *(each.crop for each in listed.examples)]):
        raise Unfit("damaged", "something else is in it")  # or somebody hides something in it
    if not all(re.fullmatch(r"[0-9a-f]{64}", each.picture) for each in listed.examples):
        raise Unfit("damaged", "a hash is none")

    def clean(names: tuple[str, ...]) -> Iterator[str]:
        """The names without words for strangers, whom an earlier Koredare took for somebody."""
        for name in filter(lambda name: not is_own_word(name), names):
            shown = tidy(name)
            if not fold(shown) or len(shown) > longest_name:
                raise Unfit("damaged", "a name is none")
            yield shown

    return Contents(
        tuple(
            Who(name, tuple(clean(each.aliases[:_MOST_ALIASES])))
            for each in listed.characters
            for name in clean((each.name,))
        ),
        tuple(Face(name, parts[each.crop], each.picture) for each in listed.examples for name in clean((each.name,))),
    )


def _listed(archive: Archive, most: int) -> List:
    if LIST not in archive.names:
        raise Unfit("other")
    raw = cast("dict[str, Any]", json.loads(archive.read(LIST, most=most)))
    if raw.get("koredare") != "knowledge":
        raise Unfit("other")
    if raw["format"] > FORMAT:
        raise Unfit("newer")
    if len(raw["examples"]) > MOST_EXAMPLES or len(raw["characters"]) > _MOST_CHARACTERS:
        raise Unfit("too-many")
    try:
        listed = _LISTS.validate_python(raw)
    except ValidationError as error:
        raise Unfit("damaged", f"its list: {error.error_count()} mistakes") from error
    if sum(len(each.aliases) for each in listed.characters) > _MOST_NAMES:
        raise Unfit("too-many")
    return listed

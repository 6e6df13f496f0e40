"""ZIP files that anybody may have made: read within bounds, and by what is in them rather than what they say."""

import struct
import unicodedata
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from os import SEEK_END
from typing import BinaryIO, Final

_FILE: Final = b"PK\x03\x04"
_LISTED: Final = b"PK\x01\x02"
_END: Final = b"PK\x05\x06"
_LOCATOR: Final = b"PK\x06\x07"  # of a second table, for ZIPs above 4 GB
_STORED, _DEFLATED = 0, 8
_MOST_OF_ENTRY: Final = 256  # bytes of the table for each part: names are short
# How hard it was compressed, its size said again behind it (as phones and Macs do), and names in UTF-8; anything else
# hides or encrypts.
_FLAGS: Final = 0x80E
_UTF8: Final = 0x800


class ArchiveError(ValueError):
    """A ZIP that is damaged, made to deceive, or too large; the message says how."""


class NotAnArchive(ArchiveError):
    """No ZIP at all."""


class TooManyParts(ArchiveError):
    """More files in it than may be."""


@dataclass(frozen=True, slots=True)
class Part:
    """A file in a ZIP, as its table has it; `unpack` holds it to that.

    Attributes
    ----------
    start, length
        Where its packed bytes lie in the ZIP, and how many there are.
    size, crc
        Of the file itself.
    """

    name: str
    start: int
    length: int
    size: int
    crc: int
    deflated: bool

    def unpack(self, packed: bytes, *, most: int) -> bytes:
        """The file, of at most so many bytes, from its packed bytes.

        Raises
        ------
        ArchiveError
            It is too large, or not what the table says: neither longer nor shorter nor another.
        """
        if self.size > most:
            raise ArchiveError(f"{self.name} is too large")
        data = _inflated(packed, self.size) if self.deflated else packed
        if len(data) != self.size or zlib.crc32(data) != self.crc:
            raise ArchiveError(f"{self.name} is not what the table says")
        return data


class Archive:
    """The parts of a ZIP, as ours are: stored or deflated, one after the other, with nothing before or behind.

    Parameters
    ----------
    file
        Open for reading; it must stay so.
    most_parts
        Files in it at most. A longer table is not even read.
    most_bytes
        Bytes of all of them together, unpacked, at most.

    Raises
    ------
    ArchiveError
        It is not such a ZIP. What is wrong with a single part is said when that is read.
    """

    def __init__(self, file: BinaryIO, *, most_parts: int, most_bytes: int) -> None:
        self._file = file
        table, parts = _table(file, most_parts)
        if sum(part.size for part in parts) > most_bytes:
            raise ArchiveError("it is too large unpacked")
        self._parts: dict[str, Part] = {}
        end = 0
        for listed in sorted(parts, key=lambda part: part.start):
            if listed.start < end:
                raise ArchiveError("its parts overlap")
            found = self._placed(listed)
            if found.name in self._parts:
                raise ArchiveError("a name comes twice in it")
            self._parts[found.name] = found
            end = found.start + found.length
        if end > table:
            raise ArchiveError("its parts overlap its table")

    @property
    def names(self) -> list[str]:
        """What its parts are called; no two alike."""
        return list(self._parts)

    @property
    def parts(self) -> list[Part]:
        """What its table says of each, in the order in which they lie in it."""
        return list(self._parts.values())

    def read(self, name: str, *, most: int) -> bytes:
        """Unpack a part of at most so many bytes.

        Raises
        ------
        ArchiveError
            It is not there, or as `Part.unpack`.
        """
        part = self._parts.get(name)
        if part is None:
            raise ArchiveError(f"{name} is missing")
        self._file.seek(part.start)
        return part.unpack(self._file.read(part.length if part.size <= most else 0), most=most)

    def _placed(self, part: Part) -> Part:
        """The part, whose own header lies where the table says that it begins, with its bytes behind that."""
        self._file.seek(part.start)
        header = self._file.read(30)
        if len(header) < 30 or not header.startswith(_FILE):
            raise ArchiveError(f"{part.name} is not where the table says")
        return replace(part, start=part.start + 30 + sum(struct.unpack("<2H", header[26:])))


def _name(raw: bytes, flags: int) -> str:
    """What a part is called; a name that does not say its encoding is in that of who packed it."""
    for encoding in ("utf-8",) if flags & _UTF8 else ("utf-8", "cp932", "cp437"):  # macOS; Windows in Japanese; any
        try:
            name = raw.decode(encoding)
        except UnicodeError:
            continue
        if not any(unicodedata.category(letter) == "Cc" for letter in name):
            return name
    raise ArchiveError("a name in it is none")


def _table(file: BinaryIO, most_parts: int) -> tuple[int, list[Part]]:
    """Where the table begins, which is the only one and short, and its parts, which `start` with their headers.

    Not by `zipfile`, which believes a second table, for ZIPs above 4 GB, and numbers of 64 bits.
    """
    size = file.seek(0, SEEK_END)
    file.seek(0)
    start = file.read(4)
    file.seek(max(0, size - 42))
    tail = file.read().rjust(42, b"\0")
    signature, disk, first, here, count, length, offset, comment = struct.unpack("<4s4H2LH", tail[20:])
    if start != _FILE or signature != _END:
        raise NotAnArchive("it is no ZIP file")
    if count > most_parts or length > most_parts * _MOST_OF_ENTRY:
        raise TooManyParts(f"there are {count} files in it")
    if (disk, first, here, comment) != (0, 0, count, 0) or offset + length != size - 22 or tail.startswith(_LOCATOR):
        raise ArchiveError("its end is damaged")
    file.seek(offset)
    return offset, list(_entries(file.read(length), count))


def _entries(table: bytes, count: int) -> Iterator[Part]:
    at = 0
    for _ in range(count):
        if len(table) < at + 46 or not table.startswith(_LISTED, at):
            raise ArchiveError("its table is damaged")
        flags, method, _, crc, length, size, *names, _, _, _, start = struct.unpack_from("<2HL3L3H2H2L", table, at + 8)
        name = _name(table[at + 46 : at + 46 + names[0]], flags)
        at += 46 + sum(names)
        if at > len(table):
            raise ArchiveError("its table is damaged")
        if method not in (_STORED, _DEFLATED) or flags & ~_FLAGS:
            raise ArchiveError(f"{name} is packed in another way")
        yield Part(name, start, length, size, crc, method == _DEFLATED)
    if at != len(table):
        raise ArchiveError("a part is not counted")


def _inflated(data: bytes, size: int) -> bytes:
    """Undo the compression, of one byte more than there should be at most."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        unpacked = inflater.decompress(data, size + 1)
    except zlib.error as error:
        raise ArchiveError(f"it is damaged: {error}") from error
    return unpacked if inflater.eof and not inflater.unused_data else b""

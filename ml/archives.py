"""ZIP files that anybody may have made: read within bounds, and by what is in them rather than what they say."""

import struct
import zipfile
import zlib
from dataclasses import dataclass
from os import SEEK_END
from typing import BinaryIO, Final

_FILE: Final = b"PK\x03\x04"
_END: Final = b"PK\x05\x06"
_LOCATOR: Final = b"PK\x06\x07"  # of a second table, for ZIPs above 4 GB; `zipfile` would believe it
_ENTRY: Final = 256  # bytes of the table for each part: names are short
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
        count, table = _table(file, most_parts)
        try:
            with zipfile.ZipFile(file) as listed:
                parts = listed.infolist()
        except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError, EOFError) as error:
            raise ArchiveError(f"its table is damaged: {error}") from error
        if len(parts) != count:
            raise ArchiveError("a part is not counted")
        if sum(part.file_size for part in parts) > most_bytes:
            raise ArchiveError("it is too large unpacked")
        self._parts: dict[str, Part] = {}
        end = 0
        for part in sorted(parts, key=lambda part: part.header_offset):
            if part.header_offset < end:
                raise ArchiveError("its parts overlap")
            found = self._part(part)
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

    def _part(self, part: zipfile.ZipInfo) -> Part:
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or part.flag_bits & ~_FLAGS:
            raise ArchiveError(f"{part.filename} is packed in another way")
        self._file.seek(part.header_offset)
        header = self._file.read(30)
        if len(header) < 30 or not header.startswith(_FILE):
            raise ArchiveError(f"{part.filename} is not where the table says")
        start = part.header_offset + 30 + sum(struct.unpack("<2H", header[26:]))
        deflated = part.compress_type == zipfile.ZIP_DEFLATED
        return Part(_name(part), start, part.compress_size, part.file_size, part.CRC, deflated)


def _name(part: zipfile.ZipInfo) -> str:
    """What a part is called; a name that does not say its encoding is in that of who packed it."""
    if part.flag_bits & _UTF8:
        return part.filename
    for encoding in ("utf-8", "cp932"):  # macOS; Windows in Japanese
        try:
            return part.filename.encode("cp437").decode(encoding)  # as which `zipfile` has read it
        except UnicodeError:
            continue
    return part.filename


def _table(file: BinaryIO, most_parts: int) -> tuple[int, int]:
    """How many parts there are said to be, and where the table begins, which is the only one, and short."""
    size = file.seek(0, SEEK_END)
    file.seek(0)
    start = file.read(4)
    file.seek(max(0, size - 42))
    tail = file.read().rjust(42, b"\0")
    signature, disk, first, here, count, length, offset, comment = struct.unpack("<4s4H2LH", tail[20:])
    if start != _FILE or signature != _END:
        raise NotAnArchive("it is no ZIP file")
    if count > most_parts or length > most_parts * _ENTRY:
        raise TooManyParts(f"there are {count} files in it")
    if (disk, first, here, comment) != (0, 0, count, 0) or offset + length != size - 22 or tail.startswith(_LOCATOR):
        raise ArchiveError("its end is damaged")
    return count, offset


def _inflated(data: bytes, size: int) -> bytes:
    """Undo the compression, of one byte more than there should be at most."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        unpacked = inflater.decompress(data, size + 1)
    except zlib.error as error:
        raise ArchiveError(f"it is damaged: {error}") from error
    return unpacked if inflater.eof and not inflater.unused_data else b""

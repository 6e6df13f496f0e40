"""ZIP files that anybody may have made: read within bounds, and by what is in them rather than what they say."""

import struct
import zipfile
import zlib
from os import SEEK_END
from typing import BinaryIO, Final

_FILE: Final = b"PK\x03\x04"
_END: Final = b"PK\x05\x06"
_LOCATOR: Final = b"PK\x06\x07"  # of a second table, for ZIPs above 4 GB; `zipfile` would believe it
_ENTRY: Final = 256  # bytes of the table for each part: names are short
_FLAGS: Final = 0x806  # how hard it was compressed, and names in UTF-8; anything else hides or encrypts


class ArchiveError(ValueError):
    """A ZIP that is damaged, made to deceive, or too large; the message says how."""


class NotAnArchive(ArchiveError):
    """No ZIP at all."""


class TooManyParts(ArchiveError):
    """More files in it than may be."""


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
        self._parts = {part.filename: part for part in parts}
        if not len(self._parts) == len(parts) == count:
            raise ArchiveError("a name comes twice in it, or a part is not counted")
        if sum(part.file_size for part in parts) > most_bytes:
            raise ArchiveError("it is too large unpacked")
        self._starts: dict[str, int] = {}
        end = 0
        for part in sorted(parts, key=lambda part: part.header_offset):
            if part.header_offset < end:
                raise ArchiveError("its parts overlap")
            self._starts[part.filename] = self._start(part)
            end = self._starts[part.filename] + part.compress_size
        if end > table:
            raise ArchiveError("its parts overlap its table")

    @property
    def names(self) -> list[str]:
        """What its parts are called; no two alike."""
        return list(self._parts)

    def read(self, name: str, *, most: int) -> bytes:
        """Unpack a part of at most so many bytes.

        Raises
        ------
        ArchiveError
            It is not there, too large, or not what the table says: neither longer nor shorter nor another.
        """
        part = self._parts.get(name)
        if part is None:
            raise ArchiveError(f"{name} is missing")
        if part.file_size > most:
            raise ArchiveError(f"{name} is too large")
        self._file.seek(self._starts[name])
        data = self._file.read(part.compress_size)
        if part.compress_type == zipfile.ZIP_DEFLATED:
            data = _inflated(data, part.file_size)
        if len(data) != part.file_size or zlib.crc32(data) != part.CRC:
            raise ArchiveError(f"{name} is not what the table says")
        return data

    def _start(self, part: zipfile.ZipInfo) -> int:
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or part.flag_bits & ~_FLAGS:
            raise ArchiveError(f"{part.filename} is packed in another way")
        self._file.seek(part.header_offset)
        header = self._file.read(30)
        if len(header) < 30 or not header.startswith(_FILE):
            raise ArchiveError(f"{part.filename} is not where the table says")
        return part.header_offset + 30 + sum(struct.unpack("<2H", header[26:]))


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

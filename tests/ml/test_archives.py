"""ZIP files that somebody made to deceive are refused, whatever their tables say."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.archives import Archive, ArchiveError, NotAnArchive, TooManyParts

PARTS = {"list.json": b"[1, 2, 3]" * 40, "crops/1": bytes(range(256)), "leer": b"", "梨子": b"named in UTF-8"}


def zipped(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return file.getvalue()


def opened(data: bytes, *, most_parts: int = 9, most_bytes: int = 10_000) -> Archive:
    return Archive(io.BytesIO(data), most_parts=most_parts, most_bytes=most_bytes)


def unpacked(data: bytes) -> dict[str, bytes]:
    archive = opened(data)
    return {name: archive.read(name, most=1_000) for name in archive.names}


GOOD = zipped(PARTS)
TABLE = GOOD.index(b"PK\x01\x02")


def with_end(data: bytes, *, before: bytes = b"", **changes: int) -> bytes:
    """The file with another end of its table, and something between the two."""
    names = ("disk", "first", "here", "count", "length", "offset", "comment")
    stated = dict(zip(names, struct.unpack("<4H2LH", data[-18:]), strict=True)) | changes
    return data[:-22] + before + data[-22:-18] + struct.pack("<4H2LH", *stated.values())


def entry(data: bytes, number: int, field: int, value: bytes) -> bytes:
    """The file with other bytes in one entry of its table."""
    at = [place for place in range(len(data)) if data.startswith(b"PK\x01\x02", place)][number] + field
    return data[:at] + value + data[at + len(value) :]


def of_bytes(value: int) -> bytes:
    return struct.pack("<L", value)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_what_was_packed_is_unpacked(method: int) -> None:
    assert unpacked(zipped(PARTS, method)) == PARTS


def test_what_a_mac_or_a_phone_packs_as_it_goes_is_unpacked() -> None:
    class Pipe(io.BytesIO):
        """What cannot go back and write the sizes at the front, so that they come behind."""

        def seekable(self) -> bool:
            return False

        def seek(self, *_: int) -> int:
            raise OSError

        def tell(self) -> int:
            raise OSError

    file = Pipe()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in PARTS.items():
            archive.writestr(name, data)
    assert unpacked(file.getvalue()) == PARTS


@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
def test_a_name_without_its_encoding_is_read_as_who_packed_it_wrote_it(encoding: str) -> None:
    name = "梨子/01.png"
    raw = name.encode(encoding)
    file = zipped({"x" * len(raw): b"her"}).replace(b"x" * len(raw), raw)
    assert unpacked(file) == {name: b"her"}


def test_a_part_is_read_up_to_what_may_be_and_asked_for_by_its_name() -> None:
    archive = opened(GOOD)
    assert archive.read("crops/1", most=256) == PARTS["crops/1"]
    with pytest.raises(ArchiveError, match="crops/1 is too large"):
        archive.read("crops/1", most=255)
    with pytest.raises(ArchiveError, match="crops/2 is missing"):
        archive.read("crops/2", most=255)


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\x05\x06" + bytes(18), b"GIF89a" + GOOD, GOOD + b"behind", GOOD[:-1]])
def test_what_is_no_zip_or_has_something_before_or_behind_it_is_none(data: bytes) -> None:
    with pytest.raises(NotAnArchive):
        opened(data)


def test_a_longer_table_than_may_be_is_not_read() -> None:
    assert len(opened(GOOD, most_parts=4).names) == 4
    with pytest.raises(TooManyParts):
        opened(GOOD, most_parts=3)
    with pytest.raises(TooManyParts):  # whatever it says of their number
        opened(with_end(zipped({str(n): b"" for n in range(900)}), count=3, here=3), most_parts=3)


def test_more_than_may_be_unpacked_is_not() -> None:
    bomb = zipped({"zeros": bytes(1_000_000)})
    with pytest.raises(ArchiveError, match="too large unpacked"):
        opened(bomb)
    modest = entry(bomb, 0, 24, of_bytes(1_000))  # the table says that it unpacks to less
    with pytest.raises(ArchiveError, match="zeros is not what the table says"):
        opened(modest).read("zeros", most=10_000)


def test_two_parts_of_one_name_are_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("crops/1", b"seen")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("crops/1", b"hidden")
    with pytest.raises(ArchiveError, match="a name comes twice"):
        opened(file.getvalue())


def test_parts_that_share_their_bytes_are_refused() -> None:
    """As in Fifield's ZIP bomb (2019): many entries of the table point into the same compressed data."""
    second = GOOD.index(b"PK\x03\x04", 4)
    with pytest.raises(ArchiveError, match="overlap"):
        opened(entry(GOOD, 1, 42, of_bytes(0)))
    with pytest.raises(ArchiveError, match="overlap"):  # the first reaches over the second
        opened(entry(GOOD, 0, 20, of_bytes(second + 9)))
    with pytest.raises(ArchiveError, match="overlap its table"):
        opened(entry(zipped({"all": b"of it"}), 0, 20, of_bytes(50)))


def with_a_second_table() -> bytes:
    """A second table, as ZIPs above 4 GB have it, in what seems the comment of a part; `zipfile` believes it."""
    hidden = zipped({"hidden": b""})
    table = hidden[hidden.index(b"PK\x01\x02") : -22]
    file = b""
    for _ in range(2):  # once to know its length
        place = max(0, len(file) - 22 - 76 - len(table))
        record = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 1, 1, len(table), place)
        part = zipfile.ZipInfo("seen")
        part.comment = table + record + struct.pack("<4sLQL", b"PK\x06\x07", 0, place + len(table), 1)
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr(part, b"what is seen")
        file = buffer.getvalue()
    return file


def test_a_second_table_is_not_believed() -> None:
    file = with_a_second_table()
    with zipfile.ZipFile(io.BytesIO(file)) as believed:
        assert believed.namelist() == ["hidden"]
    with pytest.raises(ArchiveError, match="its end is damaged"):
        opened(file)


DECEIVING: dict[str, Callable[[bytes], bytes]] = {
    "a table that ends before the end": lambda data: with_end(data, before=bytes(20)),
    "a table elsewhere": lambda data: with_end(data, offset=0),
    "another number of parts": lambda data: with_end(data, count=3, here=3),
    "the second of two disks": lambda data: with_end(data, disk=1),
    "a name with a line of its own": lambda data: entry(data, 0, 46, b"\n"),
    "a name that is no UTF-8": lambda data: entry(entry(data, 0, 8, b"\x00\x08"), 0, 46, b"\xff"),
    "a longer name than the table": lambda data: entry(data, 3, 28, b"\xff\xff"),
    "an encrypted part": lambda data: entry(data, 0, 8, b"\x01"),
    "a part packed by another method": lambda data: entry(data, 0, 10, b"\x0e"),
    "a part that is not there": lambda data: entry(data, 0, 42, of_bytes(1)),
    "a part far away": lambda data: entry(data, 3, 42, of_bytes(2**31)),
    "a shorter part": lambda data: entry(data, 1, 24, of_bytes(255)),
    "a longer part": lambda data: entry(data, 1, 24, of_bytes(257)),
    "a part of 4 GB and more": lambda data: entry(data, 1, 24, of_bytes(2**32 - 1)),
    "a part with another sum": lambda data: entry(data, 1, 16, of_bytes(zlib.crc32(b"other"))),
    "a part whose packed bytes go on": lambda data: entry(data, 3, 20, of_bytes(40)),
}


@pytest.mark.parametrize("how", DECEIVING)
def test_what_is_made_to_deceive_is_refused(how: str) -> None:
    with pytest.raises(ArchiveError):
        unpacked(DECEIVING[how](GOOD))


@given(at=st.integers(0, len(GOOD) - 1), instead=st.binary(max_size=6))
def test_no_damage_is_taken_for_another_content(at: int, instead: bytes) -> None:
    try:
        found = unpacked(GOOD[:at] + instead + GOOD[at + len(instead) :])
    except ArchiveError:
        return
    assert set(found.values()) == set(PARTS.values())  # names have no sum

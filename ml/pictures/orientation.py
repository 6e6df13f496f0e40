"""How a camera was held, from EXIF data: the one thing in it that is of use, and the only one that is read."""

import struct
from typing import Final

_ORIENTATION: Final = 274
_NUMBERS: Final = {3: "H", 4: "I"}  # SHORT, as it should be, and LONG, as some write it


def orientation(exif: bytes) -> int:
    """The orientation, 1 to 8 (CIPA DC-008, tag 274); 1 where there is none that can be read, as browsers do.

    Parameters
    ----------
    exif
        With or without "Exif" and two zeros before it.
    """
    exif = exif.removeprefix(b"Exif\0\0")
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(exif[:4])
    if order is None or len(exif) < 8:
        return 1
    first = struct.unpack_from(f"{order}I", exif, 4)[0]
    count = struct.unpack(f"{order}H", exif[first : first + 2].rjust(2, b"\0"))[0]
    entries = exif[first + 2 : first + 2 + 12 * count]
    for tag, kind, number, value in struct.iter_unpack(f"{order}HHI4s", entries[: len(entries) // 12 * 12]):
        if tag == _ORIENTATION and kind in _NUMBERS and number == 1:
            found = struct.unpack_from(f"{order}{_NUMBERS[kind]}", value)[0]
            return found if 1 <= found <= 8 else 1
    return 1

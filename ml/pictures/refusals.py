"""Refusals: why a picture is not looked at, each as a sentence for the person who sent it."""

import math
from typing import Final

from ml.errors import KoredareError

ACCEPTED: Final = "a JPEG, PNG, WebP, GIF, AVIF or HEIC picture"
_KINDS: Final = {  # what a file seems to be, as translations choose their words by it
    "a video": "video",
    "a sound": "sound",
    "a sound or a video": "sound",
    "an archive": "archive",
    "a PDF document": "pdf",
    "a web page": "page",
}


class PictureError(KoredareError):
    """A picture that is refused; `str` of it is one sentence: what is wrong, and what to send instead.

    The arguments are the facts behind the sentence.
    """

    code = "picture"


class EmptyPicture(PictureError):
    """There are no bytes at all."""

    code = "empty"

    def __str__(self) -> str:
        return f"That file is empty, perhaps because its upload was cut off; please send {ACCEPTED} again."


class NotAPicture(PictureError):
    """The bytes are of something else.

    Parameters
    ----------
    seems
        What they seem to be, with its article ("a video"); None if nobody knows.
    """

    code = "not_a_picture"

    def __init__(self, seems: str | None = None) -> None:
        super().__init__(seems)
        self.seems = seems

    @property
    def facts(self) -> dict[str, str | int | float | tuple[str, ...]]:
        return {"seems": _KINDS.get(self.seems or "", "unknown")}

    def __str__(self) -> str:
        what = f"That file is {self.seems}" if self.seems else "I cannot make out a picture in that file"
        return f"{what}, and I only read pictures; please send {ACCEPTED}, for instance a screenshot."


class UnsupportedPicture(PictureError):
    """A picture, in a format that is not read (or not by this installation).

    Parameters
    ----------
    kind
        The format's name.
    """

    code = "unsupported_format"

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind

    def __str__(self) -> str:
        return f"I cannot read {self.kind} pictures; please save that one as JPEG or PNG and send it again."


class DamagedPicture(PictureError):
    """It begins as a picture does, and cannot be read to its end; the cause is chained.

    Parameters
    ----------
    kind
        The format's name.
    """

    code = "damaged"

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind

    def __str__(self) -> str:
        return (
            f"That {self.kind} file is damaged or was cut off on its way; "
            "please open it, save it again as JPEG or PNG, and send that."
        )


class PictureTooHeavy(PictureError):
    """More bytes than the limit; raised before any is looked at.

    Parameters
    ----------
    size, limit
        Bytes.
    """

    code = "too_many_bytes"

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(size, limit)
        self.size = size
        self.limit = limit

    @property
    def facts(self) -> dict[str, str | int | float | tuple[str, ...]]:
        size = math.ceil(self.size / 2**20 * 10) / 10  # up, lest a file of 25.01 MB be told that it has 25.0
        return {"size": f"{size:.1f}", "limit": f"{self.limit / 2**20:.3g}"}

    def __str__(self) -> str:
        return (
            f"That file has {self.facts['size']} MB and I read up to {self.facts['limit']} MB; "
            "please send a smaller copy, or save it as JPEG."
        )


class TooManyPieces(PictureError):
    """It is put together of more parts than honest files are, each of which takes time to step over.

    Parameters
    ----------
    kind
        The format's name.
    """

    code = "too_many_pieces"

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind

    def __str__(self) -> str:
        return (
            f"That {self.kind} file is put together of far too many pieces; "
            "please open it, save it again as JPEG or PNG, and send that."
        )


class PictureTooLarge(PictureError):
    """More pixels than the limit; raised before decoding, from the size that the header declares.

    Parameters
    ----------
    width, height
        Pixels, before any turning.
    max_pixels, max_side
        The limits, one of which is exceeded.
    stored
        The format, where pictures that are stored in another way may be larger; empty: none may be.
    """

    code = "too_many_pixels"

    def __init__(self, width: int, height: int, max_pixels: int, max_side: int, stored: str = "") -> None:
        super().__init__(width, height, max_pixels, max_side, stored)
        self.width = width
        self.height = height
        self.max_pixels = max_pixels
        self.max_side = max_side
        self.stored = stored

    @property
    def facts(self) -> dict[str, str | int | float | tuple[str, ...]]:
        bound = "side" if max(self.width, self.height) > self.max_side else "stored" if self.stored else "area"
        limit = str(self.max_side) if bound == "side" else f"{self.max_pixels / 1e6:.3g}"
        return {"width": self.width, "height": self.height, "bound": bound, "limit": limit, "stored": self.stored}

    def __str__(self) -> str:
        limit, instead = self.facts["limit"], "only the part with the faces"
        match self.facts["bound"]:
            case "side":
                bound = f"{limit} pixels a side"
            case "stored":
                bound = f"{limit} megapixels of {self.stored} like that one"
                instead = "save it as an ordinary JPEG or PNG"
            case _:
                bound = f"{limit} megapixels"
        return (
            f"That picture is {self.width} × {self.height} pixels and I look at up to {bound}; "
            f"please send a smaller copy, or {instead}."
        )


class PictureTooSmall(PictureError):
    """Too few pixels to hold a face.

    Parameters
    ----------
    width, height
        Pixels, before any turning.
    min_side
        The limit.
    """

    code = "too_small"

    def __init__(self, width: int, height: int, min_side: int) -> None:
        super().__init__(width, height, min_side)
        self.width = width
        self.height = height
        self.min_side = min_side

    def __str__(self) -> str:
        return (
            f"That picture is only {self.width} × {self.height} pixels, too small to hold a face; "
            f"please send the original, at least {self.min_side} × {self.min_side}."
        )

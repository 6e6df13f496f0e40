"""Picture files: which format some bytes are, told from the first of them."""

from typing import Final

from ml.pictures.refusals import NotAPicture, UnsupportedPicture

_PICTURES: Final = {
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG\r\n\x1a\n": "PNG",
    b"GIF87a": "GIF",
    b"GIF89a": "GIF",
}
_OTHER_PICTURES: Final = {
    b"BM": "BMP",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"8BPS": "Photoshop",
    b"CSFCHUNK": "Clip Studio",
    b"gimp xcf": "GIMP",
    b"\xff\x0a": "JPEG XL",
    b"\0\0\0\x0cJXL ": "JPEG XL",
    b"\0\0\0\x0cjP  ": "JPEG 2000",
    b"\0\0\1\0": "ICO",
}
_OTHER_FILES: Final = {
    b"%PDF": "a PDF document",
    b"\x1aE\xdf\xa3": "a video",
    b"OggS": "a sound or a video",
    b"ID3": "a sound",
    b"PK\3\4": "an archive",
    b"Rar!": "an archive",
    b"7z\xbc\xaf": "an archive",
}
_RIFF_FILES: Final = {b"AVI ": "a video", b"WAVE": "a sound"}
_TEXTS: Final = {b"<html": "a web page", b"<!doctype html": "a web page"}
_HEIF_BRANDS: Final = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}


def tell_kind(data: bytes) -> str:
    """Tell the format of a picture file by its first bytes.

    Returns
    -------
    str
        "JPEG", "PNG", "WebP", "GIF", "AVIF" or "HEIC".

    Raises
    ------
    UnsupportedPicture, NotAPicture
        If it is something else, which they name where it is known.
    """
    for magic, kind in _PICTURES.items():
        if data.startswith(magic):
            return kind
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "WebP"
    if data[4:8] == b"ftyp":
        return _tell_kind_by_brand(data)
    for magic, kind in _OTHER_PICTURES.items():
        if data.startswith(magic):
            raise UnsupportedPicture(kind)
    if b"<svg" in data[:1000].lower() and not data.lstrip().lower().startswith((b"<!doctype html", b"<html")):
        raise UnsupportedPicture("SVG")
    raise NotAPicture(_tell_other_file(data))


def _tell_kind_by_brand(data: bytes) -> str:
    """Tell AVIF from its relatives by the brands in the file type box (ISO/IEC 14496-12, 4.3)."""
    box_end = min(int.from_bytes(data[:4], "big"), 256)
    brands = {data[8:12], *(data[at : at + 4] for at in range(16, box_end, 4))}
    if brands & {b"avif", b"avis"}:
        return "AVIF"
    if brands & _HEIF_BRANDS:
        return "HEIC"
    raise NotAPicture("a video")


def _tell_other_file(data: bytes) -> str | None:
    if data.startswith(b"RIFF"):
        return _RIFF_FILES.get(data[8:12])
    text = data[:1000].lower()
    return next(
        (seems for magic, seems in _OTHER_FILES.items() if data.startswith(magic)),
        next((seems for magic, seems in _TEXTS.items() if magic in text), None),
    )

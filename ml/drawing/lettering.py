"""Lettering: the font of labelled pictures, what it can show, and names shortened to a width."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import pylopdf_fonts_jp
from PIL import Image, ImageDraw, ImageFont

_ELLIPSIS: Final = "…"
_LOOKED_AT: Final = 16  # pixels: a size in which every sign looks different from that for "missing"
_NO_CHARACTER: Final = "\U0010ffff"  # for which every font draws its sign for "missing"


@dataclass(frozen=True, slots=True)
class Lettering:
    """Letters of one size; Noto Sans JP, which has Latin, Greek, Cyrillic, kana and kanji.

    Attributes
    ----------
    size
        Pixels: about the height of a kanji.
    """

    size: float
    font: ImageFont.FreeTypeFont

    @classmethod
    def of_size(cls, size: float) -> "Lettering":
        """Load the font in a size; takes less than a millisecond."""
        return cls(size, ImageFont.truetype(pylopdf_fonts_jp.sans_path(), size))

    def width(self, text: str) -> float:
        """Measure a text, in pixels."""
        return self.font.getlength(text)

    def showable(self, text: str) -> str:
        """Replace letters that the font lacks by those without accents, and leave out what it has no sign for.

        Better a name without its flower than one with a crossed box.
        """
        words = " ".join(unicodedata.normalize("NFC", text).split())
        shown = (
            next((sign for sign in (letter, _plain(letter)) if _has(sign)), "")
            for letter in words
            if unicodedata.category(letter)[0] != "C"
        )
        return "".join(shown).strip()

    def shortened(self, text: str, width: float) -> str:
        """Cut a text, with an ellipsis, to a width in pixels; empty if not even one letter has room."""
        if self.width(text) <= width:
            return text
        kept = text[:-1]
        while kept and self.width(kept.rstrip() + _ELLIPSIS) > width:
            kept = kept[:-1]
        return kept.rstrip() + _ELLIPSIS if kept else ""


@lru_cache(maxsize=4096)  # names come again and again, in a few hundred letters
def _has(character: str) -> bool:
    """Whether the font has a sign for a character."""
    return _looks(character) != _looks(_NO_CHARACTER)


def _looks(character: str) -> bytes:
    font = Lettering.of_size(_LOOKED_AT).font
    image = Image.new("L", (2 * _LOOKED_AT, 2 * _LOOKED_AT))
    ImageDraw.Draw(image).text((0, 0), character, 255, font)
    return image.tobytes()


def _plain(letter: str) -> str:
    return unicodedata.normalize("NFKD", letter)[0]

"""Lettering: the font of labelled pictures, what it can show, and names shortened to a width."""

import unicodedata
from dataclasses import dataclass
from typing import Final

import pylopdf_fonts_jp
from PIL import Image, ImageDraw, ImageFont

_ELLIPSIS: Final = "…"
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
        missing = self._looks(_NO_CHARACTER)
        words = " ".join(unicodedata.normalize("NFC", text).split())
        shown = (
            next((sign for sign in (letter, _plain(letter)) if self._looks(sign) != missing), "")
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

    def _looks(self, character: str) -> bytes:
        side = round(self.size * 2)
        image = Image.new("L", (side, side))
        ImageDraw.Draw(image).text((0, 0), character, 255, self.font)
        return image.tobytes()


def _plain(letter: str) -> str:
    return unicodedata.normalize("NFKD", letter)[0]

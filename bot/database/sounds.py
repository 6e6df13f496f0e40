"""How a name sounds that is written in kana or in Latin letters, so that リコ is found where somebody wrote Riko."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

_VOWELS: Final = "aiueo"
_ROWS: Final = {
    "": "あいうえお",
    "k": "かきくけこ",
    "s": "さしすせそ",
    "t": "たちつてと",
    "n": "なにぬねの",
    "h": "はひふへほ",
    "m": "まみむめも",
    "r": "らりるれろ",
    "g": "がぎぐげご",
    "z": "ざじずぜぞ",
    "d": "だぢづでど",
    "b": "ばびぶべぼ",
    "p": "ぱぴぷぺぽ",
}
_KANA: Final = {kana: row + vowel for row, each in _ROWS.items() for kana, vowel in zip(each, _VOWELS, strict=True)} | {
    "や": "ya", "ゆ": "yu", "よ": "yo", "わ": "wa", "を": "o", "ん": "n", "ぢ": "zi", "づ": "zu", "ゔ": "bu", "ー": "",
}  # fmt: skip
_GLIDES: Final = dict(zip("ゃゅょ", ("ya", "yu", "yo"), strict=True))
_SMALL: Final = dict(zip("ぁぃぅぇぉ", _VOWELS, strict=True))
# Katakana and hiragana lie so far apart in Unicode, in the same order.
HIRAGANA: Final = {code: code - 0x60 for code in range(ord("ァ"), ord("ヷ"))}
# Hepburn's spellings, and others, as Kunrei writes them; r for l, b for v, h for f, as kana do.
_SPELLINGS: Final = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"[^a-z]", ""), ("tch", "cch"), ("cch", "tch"), ("shi", "si"), ("sh", "sy"), ("chi", "ti"), ("ch", "ty"),
        ("tsu", "tu"), ("ji", "zi"), ("j", "zy"), ("d[zu]u", "zu"), ("l", "r"), ("v", "b"), ("f", "h"),
        ("m(?=[bp])", "n"),
    )
)  # fmt: skip
_LONG: Final = re.compile(r"(?<=o)[ou]|(?<=u)u|(?<=o)h(?![aiueoy])")


@lru_cache(maxsize=20_000)  # all names of a server, again and again
def sound(folded: str) -> str:
    """How a folded name sounds, word by word; empty if it is written neither in kana nor in Latin letters.

    Examples
    --------
    >>> sound("リコ"), sound("riko"), sound("しょうこ") == sound("shouko"), sound("梨子")
    ('riko', 'riko', True, '')
    """
    words = [_of_word(word) for word in folded.translate(HIRAGANA).split()]
    return " ".join(words) if all(words) else ""


def loosely(sounding: str) -> str:
    """The same, whether or not its long vowels are written as such: "syoko" for "syouko"."""
    return _LONG.sub("", sounding)


def in_kana(text: str) -> bool:
    """Whether it is written in kana, at least in part."""
    return any("ぁ" <= letter <= "ヿ" for letter in text)


def _of_word(word: str) -> str:
    bare = "".join(letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))
    if bare.isascii():
        word = bare
        for pattern, as_heard in _SPELLINGS:
            word = pattern.sub(as_heard, word)
        return word
    heard, doubled = "", False
    for kana in word:
        if kana in _GLIDES:
            heard = heard[:-1] + _GLIDES[kana]
        elif kana in _SMALL:
            heard = heard[:-1] + _SMALL[kana]
        elif kana == "っ":
            doubled = True
        elif kana in _KANA:
            syllable = _KANA[kana]
            heard += syllable[:1] * doubled + syllable
            doubled = False
        else:
            return ""
    return heard

"""Which names somebody means who types part of one, or one with a slip."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from rapidfuzz.distance import OSA

from bot.database.sounds import HIRAGANA, in_kana, loosely, sound

_TELLING: Final = 3  # letters of a name that is looked for in a longer one
_EXACT, _BEGINS, _WORDS_BEGIN, _CONTAINS, _SLIPPED = range(5)


def spotted(typed: str, spellings: Iterable[tuple[str, Sequence[str]]]) -> list[str]:
    """The names that somebody may mean, the likest first, then in their order.

    First what is spelled so, then what begins so, what has words that begin so, what contains it, and last what is
    a slip or few away: one letter left out, put in, exchanged or swapped with the next, two in more than five
    letters, three in more than nine. Accents do not matter, nor whether kana are hiragana, katakana or
    Latin letters.

    Parameters
    ----------
    typed
        Folded; if empty, every name matches.
    spellings
        Names, each with its spellings, folded.

    Notes
    -----
    Slips: optimal string alignment distance (Damerau 1964), by RapidFuzz.
    """
    return [name for _, name in _ranked(typed, spellings)]


def likely(typed: str, spellings: Iterable[tuple[str, Sequence[str]]]) -> list[str]:
    """As `spotted`, without slips where somebody's name has what is typed: who types "riko" does not mean Rika."""
    ranked = _ranked(typed, spellings)
    whole = [name for (kind, _), name in ranked if kind < _SLIPPED]
    return whole or [name for _, name in ranked]


def sounding(typed: str, spellings: Iterable[tuple[str, Sequence[str]]]) -> list[str]:
    """The names that are the same in the other of kana and Latin letters, long vowels as written."""
    sounds = sound(typed)
    others = ((name, [each for each in spelled if in_kana(each) != in_kana(typed)]) for name, spelled in spellings)
    return [name for name, spelled in others if sounds and sounds in map(sound, spelled)]


def held(typed: str, spellings: Iterable[tuple[str, Sequence[str]]]) -> list[str]:
    """The names that stand whole in what is typed, the longest first: "Riko" in "Riko Sakurauchi" and "Riko & Maki".

    Where words are not parted by spaces, a name of one letter has to stand at either end.
    """
    sought = _plain(typed)
    longest = ((max(len(each) * _holds(sought, _plain(each)) for each in spelled), name) for name, spelled in spellings)
    return [name for length, name in sorted(longest, key=lambda each: -each[0]) if length]


def _holds(sought: str, spelled: str) -> bool:
    if spelled not in sought:
        return False
    if spelled.isascii():
        whole = re.search(rf"(?<![a-z\d]){re.escape(spelled)}(?![a-z\d])", sought)
        return whole is not None and len(spelled) >= _TELLING
    return len(spelled) > 1 or sought.startswith(spelled) or sought.endswith(spelled)


def slipped(typed: str, names: Iterable[str]) -> list[str]:
    """The names that somebody meant who typed one with a slip or few, as a whole; the nearest first."""
    allowed = _slips(len(typed))
    near = [(OSA.distance(typed.casefold(), name, score_cutoff=allowed), name) for name in names]
    return [name for slips, name in sorted(near) if slips <= allowed]


def _ranked(typed: str, spellings: Iterable[tuple[str, Sequence[str]]]) -> list[tuple["_Likeness", str]]:
    sought, sounds = _plain(typed), loosely(sound(typed))

    def likeness(spelled: str) -> "_Likeness":
        found = _likeness(sought, _plain(spelled))
        if found == _NOTHING and sounds and in_kana(typed) != in_kana(spelled) and (other := loosely(sound(spelled))):
            return _likeness(sounds, other)
        return found

    ranked = [(min(map(likeness, spelled)), name) for name, spelled in spellings]
    return [each for each in sorted(ranked, key=lambda each: each[0]) if each[0] < _NOTHING]


_Likeness = tuple[int, int]
_NOTHING: Final[_Likeness] = (_SLIPPED + 1, 0)


def _likeness(sought: str, spelled: str) -> _Likeness:
    if sought == spelled:
        return _EXACT, 0
    if spelled.startswith(sought):
        return _BEGINS, 0
    words = spelled.split()
    if all(any(word.startswith(part) for word in words) for part in sought.split()):
        return _WORDS_BEGIN, 0
    if sought in spelled:
        return _CONTAINS, 0
    allowed = _slips(len(sought))
    if allowed:
        # Against its beginning as well: who types has seldom come to the end.
        slips = min(
            OSA.distance(sought, part, score_cutoff=allowed) for part in (spelled, spelled[: len(sought)], *words)
        )
        if slips <= allowed:
            return _SLIPPED, slips
    return _NOTHING


def _slips(length: int) -> int:
    return 0 if length < 3 else 1 if length <= 5 else 2 if length <= 9 else 3


def _plain(folded: str) -> str:
    if folded.isascii():
        return folded
    letters = unicodedata.normalize("NFD", folded)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).translate(HIRAGANA)

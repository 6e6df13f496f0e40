"""Names: how the name of a character, which may be a folder's, is shown to people, and compared."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 80  # characters of a name that is taken from elsewhere, as many as the bot takes


def plain(name: str) -> str:
    """A name as people write it, on one line: folders have underscores where names have spaces.

    What is invisible is dropped, as an imported version may have what no database took: it could write elsewhere on a
    terminal, or begin a line of its own in a log.

    Examples
    --------
    >>> plain("Hoshino_Ai"), plain("Riko\\n\\x1b[2J")
    ('Hoshino Ai', 'Riko [2J')
    """
    return visible(name.replace("_", " "))


def fold(name: str) -> str:
    """A name as compared: neither case, width nor spacing matters; an underscore is a space, as in names of folders.

    Examples
    --------
    >>> fold("  Ｒｉｋｏ\\n Sakura") == fold("riko SAKURA")
    True

    Notes
    -----
    Compatibility caseless matching of the Unicode Standard (section 3.13, D146), after dropping what is invisible.
    """
    folded = unicodedata.normalize("NFD", tidy(plain(name)))
    for _ in range(2):
        folded = unicodedata.normalize("NFKC", folded.casefold())
    return tidy(folded)


OWN_WORDS: Final = (
    "unknown",
    "unknown person",
    "someone I don't know",
    "somebody I don't know",
    "someone you don't know",
    "somebody you don't know",
    "nobody I know",
    "nobody you know",
    "stranger",
    "a stranger",
    "strangers",
    "知らない人",
    "知らない人です",
    "知らない子",
    "知らないキャラ",
    "知らないキャラクター",
    "不明",
)
"""What strangers are called by us and by people, in every language that we speak: no names of characters."""


def is_own_word(name: str) -> bool:
    """Whether a name, however it is typed, is what strangers are called.

    Examples
    --------
    >>> is_own_word("_unknown"), is_own_word("Unknown Girl")
    (True, False)
    """
    return fold(name.replace("’", "'")) in _OWN_WORDS


_HONOURED = re.compile(
    r"(?<=.)(?:ちゃん|チャン|さん|サン|くん|クン|君|様|さま|たん|先輩|先生|[-\s](?:chan|san|kun|sama|tan|senpai|sensei|dono))$",
    re.IGNORECASE,
)


def unhonoured(name: str) -> str:
    """A name without what people add to it to be polite or fond, or as it is.

    Examples
    --------
    >>> unhonoured("ハナちゃん"), unhonoured("Hana-chan"), unhonoured("Chan")
    ('ハナ', 'Hana', 'Chan')
    """
    return _HONOURED.sub("", name)


_QUOTES = ('""', "''", "“”", "‘’", "„“", "「」", "『』", "«»")


def visible(name: str) -> str:
    """A name without what is invisible, with single spaces, and with no more signs on a letter than are written.

    Else two names could look the same, or one like none, or hang over the lines around it.

    Examples
    --------
    >>> visible("Ri\u034fko\ufe0f\u3164"), visible("❤️ 葛\U000e0100")
    ('Riko', '❤️ 葛\U000e0100')
    """
    spaced = " ".join(name.split())
    if spaced.isascii() and spaced.isprintable():
        return spaced
    kept: list[str] = []
    marks = 0
    for letter in spaced:
        kind = unicodedata.category(letter)
        if kind in _INVISIBLE or letter in _BLANK or (_selects(letter) and not (kept and _varies(kept[-1]))):
            continue
        marks = marks + 1 if kind in {"Mn", "Me"} else 0
        if marks <= _MOST_MARKS:
            kept.append(letter)
    return " ".join("".join(kept).split())


# Control characters, formatting (zero-width, bidirectional overrides), lone surrogates.
_INVISIBLE: Final = frozenset({"Cc", "Cf", "Cs"})
# Nothing is seen of these, though Unicode has them among letters, marks and signs.
_BLANK: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
_MOST_MARKS: Final = 4


def _selects(letter: str) -> bool:
    """Whether a letter only chooses how the one before it looks."""
    return "\ufe00" <= letter <= "\ufe0f" or "\U000e0100" <= letter <= "\U000e01ef"


def _varies(letter: str) -> bool:
    """Whether a letter has several looks to choose from: signs, emoji and ideographs have."""
    return unicodedata.category(letter)[0] in "SPN" or unicodedata.name(letter, "").startswith("CJK")


def tidy(name: str) -> str:
    """A name without what is invisible, with single spaces, and out of the quotes that it may have been put in."""
    tidied = visible(name)
    for opening, closing in _QUOTES:
        inside = tidied[1:-1]
        if tidied[:1] == opening and tidied[-1:] == closing and inside.strip() and closing not in inside:
            return inside.strip()
    return tidied


_OWN_WORDS: Final = frozenset(map(fold, OWN_WORDS))


@dataclass(frozen=True, slots=True)
class Names:
    """What characters are called in a guild today, whatever they were called when a name was written down.

    Examples
    --------
    >>> Names({"riko": "Maki"})("Riko")  # merged into Maki since
    'Maki'
    """

    _today: Mapping[str, str]  # by folded names; those that have not changed are missing

    def __bool__(self) -> bool:
        return bool(self._today)

    def __call__(self, name: str) -> str:
        """A name that a model version or an earlier answer says, as it is called today."""
        return self._today.get(fold(name), name)


AS_SAID: Final = Names({})
"""Where nobody was renamed."""

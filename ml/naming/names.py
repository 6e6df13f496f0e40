"""Names: how the name of a character, which may be a folder's, is shown to people, and compared."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


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
    """A name without what is invisible, with single spaces."""
    spaced = " ".join(name.split())
    # Cc, Cf, Cs: control characters, formatting (zero-width, bidirectional overrides), lone surrogates.
    kept = "".join(letter for letter in spaced if unicodedata.category(letter) not in {"Cc", "Cf", "Cs"})
    return " ".join(kept.split())


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

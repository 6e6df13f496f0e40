"""What replies have in common: the reactions that mean something, how names are written, how long a message may be."""

from collections.abc import Sequence
from typing import Final

import discord

from ml.naming.names import plain

RIGHT, WRONG, NOT_A_FACE = "✅", "❌", "🚫"
DIGITS: Final = tuple(f"{digit}\N{VARIATION SELECTOR-16}\N{COMBINING ENCLOSING KEYCAP}" for digit in range(1, 10))
MESSAGE_LIMIT: Final = 2000
ALT_TEXT: Final = 1000  # characters, a few less than Discord takes


def shown(name: str) -> str:
    """A character's name as it appears in a message: no markdown, underscores as spaces."""
    return discord.utils.escape_markdown(plain(name))


def fit(lines: Sequence[str]) -> str:
    """As many whole lines as a message holds."""
    kept = list(lines)
    while len("\n".join(kept)) > MESSAGE_LIMIT:
        kept.pop()
    return "\n".join(kept)

"""What replies have in common: the reactions that mean something, how names are written, how long a message may be."""

from typing import Final

import discord

RIGHT, WRONG, NOT_A_FACE = "✅", "❌", "🚫"
DIGITS: Final = tuple(f"{digit}\N{VARIATION SELECTOR-16}\N{COMBINING ENCLOSING KEYCAP}" for digit in range(1, 10))
MESSAGE_LIMIT: Final = 2000


def shown(name: str) -> str:
    """A character's name as it appears in a message: no markdown, underscores as spaces."""
    return discord.utils.escape_markdown(name.replace("_", " "))

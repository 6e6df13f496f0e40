"""What replies have in common: the reactions that mean something, how names are written, how long a message may be."""

import re
from collections.abc import Sequence
from typing import Final

import discord

from ml.naming.names import plain, visible

RIGHT, WRONG, NOT_A_FACE = "✅", "❌", "🚫"
DIGITS: Final = tuple(f"{digit}\N{VARIATION SELECTOR-16}\N{COMBINING ENCLOSING KEYCAP}" for digit in range(1, 10))
MESSAGE_LIMIT: Final = 2000
ALT_TEXT: Final = 1000  # characters, a few less than Discord takes


def shown(name: str) -> str:
    """A character's name as it appears in a message: as `quoted`, with underscores as spaces."""
    return quoted(plain(name))


def quoted(text: str) -> str:
    """What people wrote, in a message of ours: it looks as they wrote it, and does nothing.

    No markdown, no mention of anybody or anything, no address that can be pressed, no invitation, nothing invisible;
    it stays on its line.
    """
    # Harmless first: what looks like "[this](that)" would be escaped as a whole, with all the markdown that is in it.
    return discord.utils.escape_markdown(harmless(visible(text)), ignore_links=False)


_JOINER: Final = "\N{WORD JOINER}"  # seen by nobody, and dropped from names that are typed back
# Behind "<" of <@id>, <#id>, </command:id>, <t:0:R>, <:emote:1> and <id:home>, behind "@" of @everyone, within "://",
# before the dot of discord.gg, which is an invitation without any of these, and within "](".
_DOING = re.compile(
    rf"(?<=[<@])(?=[^\s{_JOINER}])|(?<=:)(?=//)|(?<=discord)(?=\.)|(?<=discordapp)(?=\.)|(?<=dsc)(?=\.)|(?<=\])(?=\()",
    re.IGNORECASE,
)


def harmless(text: str) -> str:
    """A sentence in which nothing that Discord would make something of is left, but for markdown.

    Examples
    --------
    >>> "<@5>" in harmless("<@5>"), harmless("Dr. Stone, 5.0 %") == "Dr. Stone, 5.0 %"
    (False, True)
    """
    return _DOING.sub(_JOINER, text)


def fit(lines: Sequence[str]) -> str:
    """As many whole lines as a message holds."""
    kept = list(lines)
    while len("\n".join(kept)) > MESSAGE_LIMIT:
        kept.pop()
    return "\n".join(kept)

"""Commands as people type them: in whichever quotes their keyboard has, with "#pictures" written out."""

import re
from typing import Any, Final

from discord.ext import commands

# discord.py knows those that open and close with different signs, but neither these nor single ones.
_QUOTED: Final = re.compile(
    r"(?<!\S)(?:„([^\s„“”\"][^„“”\"]*)[“”]|‚([^\s‚‘’\"][^‚‘’\"]*)[‘’]|‘([^\s‘’\"][^‘’\"]*)’|'([^\s'\"][^'\"]*)')(?!\S)"
)
_CHANNEL: Final = re.compile(r"(?<!\S)#([^\s#]+)(?!\S)")


def mend(ctx: commands.Context[Any]) -> None:
    """Put what follows a command into the words that discord.py reads."""
    view, guild = ctx.view, ctx.guild
    said = _QUOTED.sub(lambda quoted: '"' + "".join(filter(None, quoted.groups())) + '"', view.buffer[view.index :])
    if guild is not None:
        channels = {channel.name: channel.mention for channel in (*guild.threads, *guild.channels)}
        said = _CHANNEL.sub(lambda named: channels.get(named[1], named[0]), said)
    view.buffer = view.buffer[: view.index] + said
    view.end = len(view.buffer)


def wide(prefix: str) -> str:
    """A prefix as a Japanese keyboard types it: "！" for "!"."""
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in prefix)

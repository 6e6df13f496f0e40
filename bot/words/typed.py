"""Commands as people type them: in whichever quotes their keyboard has, with "#pictures" written out."""

import re
from typing import Any, Final

from discord.ext import commands

from bot.words.commands import choices

# discord.py knows those that open and close with different signs, but neither these nor single ones.
_QUOTED: Final = re.compile(
    r"(?<!\S)(?:„([^\s„“”\"][^„“”\"]*)[“”]|‚([^\s‚‘’\"][^‚‘’\"]*)[‘’]|‘([^\s‘’\"][^‘’\"]*)’|'([^\s'\"][^'\"]*)')(?!\S)"
)
_FIRST: Final = re.compile(r"\s*(\S+)(.*)", re.DOTALL)
_WORD: Final = re.compile(r"\S+")
_LANGUAGES: Final = {"english": "en", "英語": "en", "japanese": "ja", "jp": "ja", "日本語": "ja"}
_CHANNEL: Final = re.compile(r"(?<!\S)#([^\s#]+)(?!\S)")


def mend(ctx: commands.Context[Any]) -> None:
    """Put what follows a command into the words that discord.py reads."""
    view, guild = ctx.view, ctx.guild
    said = _QUOTED.sub(lambda quoted: '"' + "".join(filter(None, quoted.groups())) + '"', view.buffer[view.index :])
    said = _chosen(ctx.command, said)
    if guild is not None:
        channels = {channel.name: channel.mention for channel in (*guild.threads, *guild.channels)}
        said = _CHANNEL.sub(lambda named: channels.get(named[1], named[0]), said)
    view.buffer = view.buffer[: view.index] + said
    view.end = len(view.buffer)


def _chosen(command: commands.Command[Any, ..., Any] | None, said: str) -> str:
    """What is said to a command, with its choices as they are written: "Strict" and "Japanese" are `strict`, `ja`."""
    if isinstance(command, commands.Group):
        part = _FIRST.fullmatch(said)
        return said if part is None else f" {part[1]}{_chosen(command.get_command(part[1]), part[2])}"
    found = () if command is None else choices(command)

    def meant(word: re.Match[str]) -> str:
        folded = word[0].casefold()
        return next((each for each in found if each in (folded, _LANGUAGES.get(folded))), word[0])

    return _WORD.sub(meant, said) if found else said


def wide(prefix: str) -> str:
    """A prefix as a Japanese keyboard types it: "！" for "!"."""
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in prefix)

"""docs/commands.md names every command, and says truly who may use it."""

import re
from pathlib import Path
from typing import Any

from discord.ext import commands

from tests.e2e.conftest import Discord

PAGE = Path(__file__).parents[2] / "docs" / "commands.md"


def rows() -> dict[str, str]:
    """Who may use each command, as the page has it."""
    found: dict[str, str] = {}
    for line in PAGE.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 4:
            for words in re.findall(r"`([a-z ]+?)(?: [A-Z].*?)?`", cells[0]):
                found.setdefault(words, cells[1])
    return found


def for_moderators(command: commands.Command[Any, ..., Any]) -> bool:
    return any("moderator" in getattr(check, "__qualname__", "") for check in command.checks)


async def test_the_page_of_commands_is_complete_and_true(newborn: Discord) -> None:
    here = {
        command.qualified_name: "moderators" if for_moderators(command) else "everyone"
        for command in newborn.bot.walk_commands()
        if not command.hidden
    }
    there = {name: who for name, who in rows().items() if name != "retrain override"}
    assert there == here

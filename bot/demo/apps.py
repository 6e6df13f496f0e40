"""The menu *Apps* of the demo's page, which simcord's has not: what the bot offers to do with a message.

As `page.py`, this uses private names of exactly the pinned version of simcord.
"""

# pyright: reportPrivateUsage=false
# ruff: noqa: SLF001

from collections.abc import Mapping
from typing import Any

import discord
from simcord import Preview
from simcord.enums import AppCommandType
from simcord.results import to_discord_message

from bot.demo.world import World

KIND = "run_command"
"""Of the page's actions, the one that an app is: a slash command's, with `app` and the message in it."""


def offered(world: World) -> list[str]:
    """The names of what the bot offers."""
    menus = world.bot.tree.get_commands(type=discord.AppCommandType.message)
    return [menu.name for menu in menus]


def open_in(preview: Preview) -> None:
    """Have the page do what is chosen in the menu."""
    plain = preview._prepare_action

    def prepare(page: Any, kind: str, body: Mapping[str, Any]) -> Any:
        return _prepare(preview, page, body) if kind == KIND and "app" in body else plain(page, kind, body)

    preview._prepare_action = prepare


def _prepare(preview: Preview, page: Any, body: Mapping[str, Any]) -> Any:
    """Look whether it can be done; gives what does it."""
    name, viewer, env = str(body["app"]), page.viewer, preview.env
    target = preview._target_message(page, preview._target_id(body.get("target_id"), viewer))
    # As `MemberActor.context_menu`, but for its claim to be the only one who does something: the page has made that.
    menu = viewer.context_menu.__wrapped__
    viewer._resolve_root(name, AppCommandType.MESSAGE, page.channel_id)  # or there is none

    async def run(action: Any, cursor: int) -> dict[str, Any]:
        chosen = menu(viewer, preview.channel, name, to_discord_message(env, target))
        return await preview._run_interaction_action(page, action, cursor, chosen, republish_all=True)

    return run

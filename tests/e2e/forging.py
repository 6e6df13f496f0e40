"""Buttons and menus with ids that somebody made up, and what became of using them."""

from collections.abc import Sequence
from typing import Any, get_args, get_origin

import discord
from discord import ui
from simcord.actors import MemberActor
from simcord.builders import UserHandle
from simcord.results import InteractionResult
from sqlalchemy import update

from bot.database.base import Base
from bot.database.pictures import Face, Picture, record
from ml import Box, NamedFace
from tests.e2e.conftest import Discord


def items(club: Discord) -> dict[str, type[ui.DynamicItem[Any]]]:
    """Every persistent button and menu of the bot, by the name of its class."""
    found = club.bot._connection._view_store._dynamic_items.values()
    return {item.__name__: item for item in found}


def kind_of(item: type[ui.DynamicItem[Any]]) -> type[ui.Item[Any]]:
    """Button, menu or menu of roles, as the class says what it is dynamic for."""
    (dynamic,) = [base for base in vars(item)["__orig_bases__"] if isinstance(get_origin(base), type)]
    return get_origin(get_args(dynamic)[0]) or get_args(dynamic)[0]


async def use(
    club: Discord,
    who: MemberActor | UserHandle,
    name: str,
    custom_id: str,
    values: Sequence[str] = (),
    *,
    where: discord.abc.Messageable | None = None,
    answer: Face | None = None,
) -> InteractionResult:
    """Somebody uses a button or menu of that class, with an id however long, below a message of the bot.

    `where`: in the channel "general", if left out. `answer`: the message shows this face.
    """
    item = items(club)[name]
    where = where or club.bot.get_partial_messageable(club.general.id)
    view = ui.View(timeout=None)
    kind = kind_of(item)
    if kind is ui.Button:
        view.add_item(ui.Button(label="press", custom_id="here"))
    elif kind is ui.RoleSelect:
        view.add_item(ui.RoleSelect(custom_id="here", min_values=0))
    else:
        options = [discord.SelectOption(label="1", value=value or "?") for value in values or ("?",)]
        view.add_item(ui.Select(custom_id="here", options=options, max_values=len(options)))
    view.stop()  # or discord.py would hold it
    message = await where.send("press here", view=view)
    if answer is not None:
        async with club.bot.database.writing() as session:
            await session.execute(update(Picture).where(Picture.id == answer.picture_id).values(reply_id=message.id))
    stored = club.env.backend.get_message(message.channel.id, message.id)
    stored.components[0]["components"][0]["custom_id"] = custom_id  # discord.py itself makes none of this length
    if kind is ui.Button:
        return await who.click(message, custom_id=custom_id)
    return await who.select(message, [] if kind is ui.RoleSelect else values, custom_id=custom_id)


def told(used: InteractionResult) -> str:
    """What the one who used it was told, they alone."""
    said = [each.content for each in (used.response, *used.followups) if each is not None and each.ephemeral]
    return "\n".join(said)


async def written(club: Discord) -> dict[str, list[tuple[Any, ...]]]:
    """All that the database holds, but the pictures: `use` itself changes which message answered one."""
    async with club.bot.database.reading() as session:
        return {
            table.name: [tuple(row) for row in await session.execute(table.select())]
            for table in Base.metadata.sorted_tables
            if table.name != "pictures"
        }


async def answered(
    club: Discord, *, guild_id: int | None, channel_id: int | None, poster_id: int | None, reply_id: int = 0
) -> Face:
    """A face in an answer that the bot gave there; without a poster it was imported."""
    picture = Picture(
        guild_id=guild_id,
        source="discord" if poster_id else "import",
        channel_id=channel_id,
        reply_id=reply_id or None,
        poster_id=poster_id,
    )
    found = NamedFace(
        box=Box(10, 10, 90, 90), angle=0.0, score=1.0, name="Riko", confidence=0.9, quality=1.0, candidates=()
    )
    async with club.bot.database.writing() as session:
        (face,) = await record(session, picture, [found])
    return face

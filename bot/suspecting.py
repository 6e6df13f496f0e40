"""The menu below a sheet of faces that look wrong."""

import re
from collections.abc import Sequence
from typing import Any, Self

import discord
from discord import ui

from bot import feedback
from bot.database import suspects
from bot.database.suspects import Suspected
from bot.errors import Answering
from bot.permissions import require_moderator
from bot.views import Interaction, ask_name
from bot.words import Words


class SuspectMenu(Answering, ui.DynamicItem[ui.Select[Any]], template=r"koredare:suspects"):
    """Which of the faces that look wrong?"""

    def __init__(self, found: Sequence[Suspected], words: Words) -> None:
        options = [
            discord.SelectOption(label=_either(number, each, words)[:100], value=str(each.face.id))
            for number, each in enumerate(found, start=1)
            if each.face.picture.guild_id is not None  # what everyone shares is not one guild's to correct
        ]
        super().__init__(
            ui.Select(
                custom_id="koredare:suspects",
                placeholder=words("correction-suspect"),
                options=options or [discord.SelectOption(label="?")],
            )
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls((), interaction.client.words(interaction.guild_id))

    async def act(self, interaction: Interaction) -> None:
        """Ask who it is: the name that it bears, the one that it looks like, or another."""
        require_moderator(interaction)
        bot, guild_id, face_id = interaction.client, feedback.scope(interaction), int(self.item.values[0])
        async with bot.database.reading() as session:
            found = await suspects.unanswered(session, guild_id=guild_id, quorum=bot.feedback(guild_id).quorum)
        first = [name for each in found if each.face.id == face_id for name in (each.name, each.looks_like)]
        text, view = await ask_name(bot, face_id, guild_id, first=first)
        await interaction.response.send_message(text, view=view, ephemeral=True)


def _either(number: int, each: Suspected, words: Words) -> str:
    one, other = each.name.replace("_", " "), each.looks_like.replace("_", " ")
    return words("correction-suspect-either", number=str(number), one=one, other=other)


def suspects_view(found: Sequence[Suspected], words: Words) -> ui.View:
    """The menu below a sheet of faces that look wrong; empty if none of them is the guild's own."""
    view = ui.View(timeout=None)
    if any(each.face.picture.guild_id is not None for each in found):
        view.add_item(SuspectMenu(found, words))
    return view

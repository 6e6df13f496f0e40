"""The menu below a sheet of faces that look wrong."""

from collections.abc import Sequence
from typing import Any, Self

import discord
from discord import ui

from bot.chat.items import Interaction, Item, number, view
from bot.chat.permissions import Claim, Speaker
from bot.correcting import correct
from bot.correcting.menus import ask_name, menu_of
from bot.database import suspects
from bot.database.suspects import Suspected
from bot.words import Words
from ml.naming.names import plain


class SuspectMenu(Item[ui.Select[Any]], template=r"koredare:suspects"):
    """Which of the faces that look wrong?"""

    @classmethod
    def of(cls, found: Sequence[Suspected], words: Words) -> Self:
        """Make it; what everyone shares is not one guild's to correct."""
        options = [
            discord.SelectOption(label=_either(place, each, words)[:100], value=str(each.face.id))
            for place, each in enumerate(found, start=1)
            if each.face.picture.guild_id is not None
        ]
        return cls(menu_of("koredare:suspects", words("correction-suspect"), options))

    def claim(self, interaction: Interaction) -> Claim:
        """The chosen face."""
        return Claim(moderators=True, faces=[number(self.item.values[0])])

    async def act(self, interaction: Interaction) -> None:
        """Ask who it is: the name that it bears, the one that it looks like, or another."""
        speaker, face_id = Speaker.of(interaction), number(self.item.values[0])
        place, face = speaker.place, correct.one(speaker, self.shown, face_id)
        async with place.database.reading() as session:
            found = await suspects.unanswered(session, guild_id=place.id, quorum=place.quorum)
        first = [name for each in found if each.face.id == face_id for name in (each.name, each.looks_like)]
        text, asked = await ask_name(place, face, first=first)
        await interaction.response.send_message(text, view=asked, ephemeral=True)


def _either(number: int, each: Suspected, words: Words) -> str:
    one, other = plain(each.name), plain(each.looks_like)
    return words("correction-suspect-either", number=str(number), one=one, other=other)


def suspects_view(found: Sequence[Suspected], words: Words) -> ui.View:
    """The menu below a sheet of faces that look wrong; empty if none of them is the guild's own."""
    own = any(each.face.picture.guild_id is not None for each in found)
    return view(SuspectMenu.of(found, words)) if own else view()

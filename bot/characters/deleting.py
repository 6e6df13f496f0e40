"""Deleting a character that should not be, after asking whether that is meant: it cannot be undone."""

from typing import Any

import discord
from discord import ui

from bot.answers import update
from bot.characters import pages
from bot.chat.errors import UserError
from bot.chat.items import Interaction, Item, acknowledge, number, replace, yes_or_no
from bot.chat.permissions import MODERATORS, Claim, Speaker
from bot.chat.replies import shown
from bot.client import Place
from bot.database import characters, deleting
from bot.database.deleting import Weighed


class DeleteButton(Item[ui.Button[Any]], template=r"koredare:delete:(?P<character>\d+):(?P<answer>yes|no)"):
    """One of the two answers to whether a character shall be deleted."""

    def claim(self, interaction: Interaction) -> Claim:
        """The server's names; whether the character is one of them is asked when it is weighed."""
        return MODERATORS

    async def act(self, interaction: Interaction) -> None:
        """Delete it, or not."""
        speaker, character_id = Speaker.of(interaction), number(self.match["character"])
        place = speaker.place
        found = await _weighed(place, character_id)
        await acknowledge(interaction)
        if self.match["answer"] == "no":
            await replace(interaction, content=place.words("delete-kept"), view=None)
            return
        async with place.database.writing() as session:
            await deleting.delete_character(
                session,
                found.who,
                guild_id=place.id,
                user_id=speaker.user_id,
                moderator=speaker.moderator,
                via="command",
            )
        said = place.words(
            "delete-done", name=shown(found.who.name), corrections=found.corrections, faces=found.examples
        )
        await replace(interaction, content=said, view=None)
        await update.show(interaction.client, found.faces)


async def question(place: Place, name: str) -> tuple[str, ui.View]:
    """What is asked before a character is deleted, and the two answers.

    Raises
    ------
    UserError
        The name means nobody, or somebody whom all servers share.
    """
    async with place.database.reading() as session:
        meant = await characters.called_today(session, name, guild_id=place.id)
    if meant is None:
        raise await pages.unknown(place, name)
    found, words = await _weighed(place, meant.id), place.words
    text = words("delete-question", name=shown(found.who.name), corrections=found.corrections, faces=found.examples)
    return text, yes_or_no(
        DeleteButton,
        f"koredare:delete:{meant.id}",
        yes=words("delete-yes-label"),
        no=words("delete-no-label"),
        style=discord.ButtonStyle.danger,
    )


async def _weighed(place: Place, character_id: int) -> Weighed:
    async with place.database.reading() as session:
        found = await deleting.weigh(session, character_id, guild_id=place.id, quorum=place.quorum)
    if found is None:
        raise UserError(place.words("delete-gone"))
    if found.shared:
        raise UserError(place.words("delete-shared", name=shown(found.who.name)))
    return found

"""Whether a poster's pictures may be kept to learn from: asked once, in chat, of the poster alone."""

import asyncio
import re
from typing import Any, Self

import discord
from discord import ui

from bot import forgetting, learning
from bot.client import Koredare
from bot.database import consents, pictures
from bot.database.pictures import Picture
from bot.errors import Answering
from bot.words import Words


class ConsentButton(
    Answering, ui.DynamicItem[ui.Button[Any]], template=r"koredare:consent:(?P<poster>\d+):(?P<answer>yes|no)"
):
    """One of the two answers, for one person; works after any restart, as its id says all."""

    def __init__(self, poster_id: int, answer: str, words: Words) -> None:
        self.poster_id, self.answer = poster_id, answer
        super().__init__(
            ui.Button(
                label=words("consent-yes-label" if answer == "yes" else "consent-no-label"),
                style=discord.ButtonStyle.success if answer == "yes" else discord.ButtonStyle.secondary,
                custom_id=f"koredare:consent:{poster_id}:{answer}",
            )
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction[Any], item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        words = interaction.client.words_for(interaction)
        return cls(int(match["poster"]), match["answer"], words)

    async def act(self, interaction: discord.Interaction[Koredare]) -> None:
        """Take the poster's answer; nobody else's."""
        words = interaction.client.words_for(interaction)
        if interaction.user.id != self.poster_id:
            await interaction.response.send_message(words("consent-not-yours"), ephemeral=True)
            return
        agreed = self.answer == "yes"
        await interaction.response.edit_message(
            content=words("consent-given" if agreed else "consent-refused"), view=None
        )
        await answer(interaction.client, self.poster_id, agreed=agreed)


def view(poster_id: int, words: Words) -> ui.View:
    """Yes and no, for one person."""
    both = ui.View(timeout=None)
    both.add_item(ConsentButton(poster_id, "yes", words))
    both.add_item(ConsentButton(poster_id, "no", words))
    return both


async def agreed(bot: Koredare, poster_id: int, *, guild_id: int | None) -> bool:
    """Whether faces from what somebody posts in a guild may be kept; nobody is asked by this."""
    policy = bot.feedback(guild_id).consent
    async with bot.database.reading() as session:
        said = await consents.get(session, poster_id)
    if said is None and policy == "given":  # the operator vouches for it; a "no" of the person's own stands above that
        async with bot.database.writing() as session:
            await consents.answer(session, poster_id, "yes")
        return True
    return said == "yes" and policy != "never"


async def ask(bot: Koredare, picture: Picture) -> None:
    """Ask the poster of a corrected picture, below it, unless they have been asked before or need not be."""
    if picture.poster_id is None or picture.channel_id is None:
        return  # it was imported: nobody posted it
    match bot.feedback(picture.guild_id).consent:
        case "never":
            return
        case "given":
            await agreed(bot, picture.poster_id, guild_id=picture.guild_id)
            return
        case "ask":
            async with bot.database.writing() as session:
                wanted = await consents.ask(session, picture.poster_id)
    if wanted:
        poster = await bot.fetch_user(picture.poster_id)
        words = bot.words(picture.guild_id)
        question = words("consent-question", poster=discord.utils.escape_markdown(poster.display_name))
        await bot.get_partial_messageable(picture.channel_id).send(question, view=view(picture.poster_id, words))


async def answer(bot: Koredare, poster_id: int, *, agreed: bool) -> None:
    """A poster's answer: what waited for it becomes examples, or is dropped."""
    async with bot.database.writing() as session:
        dropped = await consents.answer(session, poster_id, "yes" if agreed else "no")
        guilds = await pictures.guilds_of(session, poster_id)
    if not agreed:
        if dropped:
            await asyncio.to_thread(forgetting.scrub, bot.settings)
        return
    for guild_id in guilds:
        await learning.learn(bot, guild_id)

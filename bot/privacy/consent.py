"""Whether a poster's pictures may be kept to learn from: asked once, in chat, of the poster alone."""

import asyncio
from typing import Any, Self

import discord
from discord import ui

from bot.chat.items import Interaction, Item, acknowledge, number, replace, view
from bot.chat.permissions import Claim
from bot.client import Koredare, Place
from bot.database import consents, pictures
from bot.database.pictures import Picture
from bot.examples import from_posts
from bot.privacy import forgetting
from bot.words import Words


class ConsentButton(Item[ui.Button[Any]], template=r"koredare:consent:(?P<poster>\d+):(?P<answer>yes|no)"):
    """One of the two answers, for one person; works after any restart, as its id says all."""

    @classmethod
    def of(cls, poster_id: int, answer: str, words: Words) -> Self:
        """Make it."""
        return cls(
            ui.Button(
                label=words("consent-yes-label" if answer == "yes" else "consent-no-label"),
                style=discord.ButtonStyle.success if answer == "yes" else discord.ButtonStyle.secondary,
                custom_id=f"koredare:consent:{poster_id}:{answer}",
            )
        )

    def claim(self, interaction: Interaction) -> Claim:
        """The poster's answer; nobody else's."""
        return Claim(owner=number(self.match["poster"]), not_yours="not your picture")

    async def act(self, interaction: Interaction) -> None:
        """Take the answer, then say that it is taken, then do what follows from it."""
        bot, poster_id, agreed = interaction.client, interaction.user.id, self.match["answer"] == "yes"
        words = bot.place_of(interaction).words
        await acknowledge(interaction)
        await answer(bot, poster_id, agreed=agreed)
        await replace(interaction, content=words("consent-given" if agreed else "consent-refused"), view=None)
        if agreed:
            await _learn(bot, poster_id)


def choice(poster_id: int, words: Words) -> ui.View:
    """Yes and no, for one person."""
    return view(ConsentButton.of(poster_id, "yes", words), ConsentButton.of(poster_id, "no", words))


async def agreed(place: Place, poster_id: int) -> bool:
    """Whether faces from what somebody posts there may be kept; nobody is asked by this."""
    policy = place.consent
    async with place.database.reading() as session:
        said = await consents.get(session, poster_id)
    if said is None and policy == "given":  # the operator vouches for it; a "no" of the person's own stands above that
        async with place.database.writing() as session:
            await consents.answer(session, poster_id, "yes")
        return True
    return said == "yes" and policy != "never"


async def ask(place: Place, picture: Picture) -> bool:
    """Ask the poster of a corrected picture, below it, unless they have been asked before or need not be.

    Gives whether they have agreed; of what was imported, where nobody posted it, that it may be kept.
    """
    if picture.poster_id is None or picture.channel_id is None:
        return True
    match place.consent:
        case "never":
            return False
        case "given":
            return await agreed(place, picture.poster_id)
        case "ask":
            async with place.database.writing() as session:
                said = await consents.get(session, picture.poster_id)
                wanted = await consents.ask(session, picture.poster_id)
    if wanted:
        poster = await place.bot.fetch_user(picture.poster_id)
        words = place.words
        question = words("consent-question", poster=discord.utils.escape_markdown(poster.display_name))
        await place.bot.get_partial_messageable(picture.channel_id).send(
            question, view=choice(picture.poster_id, words)
        )
    return said == "yes"


async def answer(bot: Koredare, poster_id: int, *, agreed: bool) -> None:
    """Write a poster's answer down; after a no, what waited for it is gone, from the disk too."""
    async with bot.database.writing() as session:
        dropped = await consents.answer(session, poster_id, "yes" if agreed else "no")
    if not agreed:
        bot.held.clear()
    if dropped:
        await asyncio.to_thread(forgetting.scrub, bot.settings)


async def _learn(bot: Koredare, poster_id: int) -> None:
    """Make examples of what waited for a yes."""
    async with bot.database.reading() as session:
        guilds = await pictures.guilds_of(session, poster_id)
    for guild_id in guilds:
        await from_posts.learn_all(bot.at(guild_id))

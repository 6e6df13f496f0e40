"""Whether a poster's pictures may be kept to learn from: asked once, in chat, of the poster alone."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Collection
from typing import Any, Literal, TypeAlias

import discord
from discord import ui

from bot.chat.items import Interaction, Item, acknowledge, ids_below, number, replace, yes_or_no
from bot.chat.lost import LOST, passes
from bot.chat.permissions import Claim
from bot.chat.replies import quoted
from bot.client import Koredare, Place
from bot.database import consents, notices, pictures, samples, scrubbing
from bot.database.errors import DatabaseError
from bot.database.pictures import Picture
from bot.examples import from_posts
from bot.privacy import forgetting
from bot.words import Words

log = logging.getLogger(__name__)

Leave: TypeAlias = Literal["yes", "no", "asked"]


_BUTTON = re.compile(r"koredare:consent:(?P<poster>\d+):(?P<answer>yes|no)")


class ConsentButton(Item[ui.Button[Any]], template=_BUTTON.pattern):
    """One of the two answers, for one person; works after any restart, as its id says all."""

    def claim(self, interaction: Interaction) -> Claim:
        """The poster's answer; nobody else's."""
        return Claim(owner=number(self.match["poster"]), not_yours="not your picture")

    async def act(self, interaction: Interaction) -> None:
        """Take the answer, then say that it is taken, then do what follows from it."""
        await acknowledge(interaction)

        async def tell(text: str) -> None:
            await replace(interaction, content=text, view=None)

        words = interaction.client.place_of(interaction).words
        await take(interaction.client, interaction.user.id, yes=self.match["answer"] == "yes", words=words, tell=tell)


def asked_of(question: discord.Message) -> int | None:
    """The person whom a message of ours asks for their consent, by its buttons; None: it is no such question."""
    found = next((match for match in map(_BUTTON.fullmatch, ids_below(question)) if match is not None), None)
    return None if found is None else number(found["poster"])


async def take(
    bot: Koredare, poster_id: int, *, yes: bool, words: Words, tell: Callable[[str], Awaitable[None]]
) -> None:
    """Take somebody's answer, then tell them that it is taken, then do what follows from it."""
    if yes:
        guilds = await agree(bot, poster_id)
        await tell(words("consent-given"))
        for guild_id in guilds:
            await from_posts.learn_all(bot.at(guild_id))
    else:
        scrubbed = await refuse(bot, poster_id)
        await tell(words("consent-refused") if scrubbed else f"{words('consent-refused')} {words('forget-traces')}")


def choice(poster_id: int, words: Words) -> ui.View:
    """Yes and no, for one person."""
    return yes_or_no(
        ConsentButton,
        f"koredare:consent:{poster_id}",
        yes=words("consent-yes-label"),
        no=words("consent-no-label"),
        style=discord.ButtonStyle.success,
    )


async def agreed(place: Place, poster_id: int) -> bool:
    """Whether faces from what somebody posts there may be kept; nobody is asked by this."""
    return place.consent != "never" and await _answer(place, poster_id) == "yes"


async def holds(place: Place, poster_id: int, said: consents.Answer | None) -> bool:
    """As `agreed`, where it was read what they said."""
    return place.consent != "never" and await _vouched(place, poster_id, said) == "yes"


def cannot_agree(place: Place, poster: discord.abc.User) -> bool:
    """Whether people are asked there, and this one could not answer: another bot, as which webhooks count too."""
    return poster.bot and place.consent == "ask"


async def _answer(place: Place, poster_id: int) -> consents.Answer | None:
    async with place.database.reading() as session:
        said = await consents.get(session, poster_id)
    return await _vouched(place, poster_id, said)


async def _vouched(place: Place, poster_id: int, said: consents.Answer | None) -> consents.Answer | None:
    if said is None and place.consent == "given":  # the operator vouches for it; a "no" of their own stands above that
        async with place.database.writing() as session:
            await consents.answer(session, poster_id, "yes")
        return "yes"
    return said


async def leave(place: Place, picture: Picture) -> Leave:
    """Whether faces from a picture may be kept; "asked": whoever posted it has not said."""
    if picture.poster_id is None:
        return "yes"  # it was imported
    if picture.declined or place.consent == "never":
        return "no"
    return "yes" if picture.given else await _answer(place, picture.poster_id) or "asked"


async def withdraw(bot: Koredare, given: Collection[int]) -> None:
    """Who gave these pictures to learn from takes that back: what was kept of them is deleted."""
    async with bot.telling("refused", notices.EVERYONE) as session:
        await pictures.decline(session, given)
        dropped = await samples.drop(session, given)
        if dropped:
            await scrubbing.owe(session)
    if dropped:
        await forgetting.scrub(bot.settings, bot.database)


async def ask(place: Place, picture: Picture) -> None:
    """Ask the poster of a corrected picture, below it, unless they have been asked before or need not be.

    Where Discord does not let the question through, it is put at the next correction of a picture of theirs, and by
    itself where it was only in trouble.
    """
    if picture.poster_id is None or picture.channel_id is None or picture.given or picture.declined:
        return  # nobody posted it, as it was imported; or whoever did has agreed by that, or never can
    match place.consent:
        case "never":
            return
        case "given":
            await agreed(place, picture.poster_id)
            return
        case "ask":
            # Of two corrections at once, the second waits until it is known whether the first has asked.
            async with place.bot.asking.setdefault(picture.poster_id, asyncio.Lock()):
                async with place.database.reading() as session:
                    wanted = await consents.to_be_asked(session, picture.poster_id)
                if wanted:
                    await _put(place, picture.poster_id, picture.channel_id, about=picture)


async def ask_those_unasked(bot: Koredare) -> None:
    """Ask those to whom the question did not get through, as Discord was in trouble."""
    for poster_id, picture in list(bot.unasked.items()):
        assert picture.guild_id is not None  # nobody is asked about an import
        if bot.unasked.pop(poster_id, None) is None:
            continue  # they were forgotten meanwhile
        try:
            await ask(bot.at(picture.guild_id), picture)
        except DatabaseError:
            bot.unasked[poster_id] = picture
            raise


async def ask_again(place: Place, picture: Picture) -> Literal["asked", "lately", "lost"]:
    """Ask the poster of a picture, in reply to it, though they were asked before: as a moderator wants.

    Returns
    -------
    str
        "lately": they were asked less than `consents.AGAIN_AFTER` ago, or have answered, and were left in peace.
        "lost": Discord does not let the question through.
    """
    if picture.poster_id is None or picture.channel_id is None or place.consent != "ask":
        return "lost"
    async with place.bot.asking.setdefault(picture.poster_id, asyncio.Lock()):
        async with place.database.reading() as session:
            wanted = await consents.may_be_asked_again(session, picture.poster_id)
        if not wanted:
            return "lately"
        put = await _put(place, picture.poster_id, picture.channel_id, below=picture.message_id)
        return "asked" if put else "lost"


async def _put(
    place: Place, poster_id: int, channel_id: int, *, below: int | None = None, about: Picture | None = None
) -> bool:
    """Put the question, in reply to a message or not; gives whether it got through.

    `about`: the picture for whose sake it is put again by itself, if it did not and may do later.
    """
    channel = place.bot.get_partial_messageable(channel_id)
    what: dict[str, Any] = {"view": choice(poster_id, place.words)}
    if below is not None:
        what["reference"] = channel.get_partial_message(below).to_reference(fail_if_not_exists=False)
    try:
        poster = await place.bot.fetch_user(poster_id)
        if poster.bot:
            return False  # nor is a webhook, which Discord knows as nobody, one who could press a button
        question = place.words("consent-question", poster=quoted(poster.display_name))
        await channel.send(question, **what)
    except LOST as error:
        if about is not None and passes(error):
            place.bot.unasked[poster_id] = about
        log.warning("The question for consent did not get through, and waits for the next correction: %s", error)
        return False
    # Written afterwards: who is killed between the two asks twice, which is better than never.
    async with place.database.writing() as session:
        await consents.asked(session, poster_id)
    return True


async def agree(bot: Koredare, poster_id: int) -> list[int]:
    """A poster says yes; gives the guilds in which there may be something to learn now: none, if they had said so."""
    async with bot.database.writing() as session:
        before = await consents.get(session, poster_id)
        await consents.answer(session, poster_id, "yes")
        return [] if before == "yes" else await pictures.guilds_of(session, poster_id)


async def refuse(bot: Koredare, poster_id: int) -> bool:
    """A poster says no: what was kept is deleted; gives whether its traces on the disk are gone too."""
    async with bot.telling("refused", poster_id) as session:
        dropped = await consents.answer(session, poster_id, "no")
    return not dropped or await forgetting.scrub(bot.settings, bot.database)

"""Answers that are brought up to date with what people said since."""

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence

import discord

from bot.answers import describing, labelling, taught
from bot.chat.lost import LOST, passes
from bot.client import Koredare, Place
from bot.database import pictures, verdicts
from bot.database.errors import DatabaseError
from bot.database.pictures import Face
from bot.database.verdicts import Standing

log = logging.getLogger(__name__)


async def catch_up(bot: Koredare) -> None:
    """Bring those answers up to date that could not be, as Discord was in trouble."""
    for reply_id in list(bot.behind):
        bot.behind.discard(reply_id)
        try:
            await _show(bot, reply_id)
        except DatabaseError:
            bot.behind.add(reply_id)
            raise


async def show(bot: Koredare, faces: Iterable[Face]) -> None:
    """Bring the answers that show these faces up to date with what people said, one by one."""
    for reply_id in dict.fromkeys(face.picture.reply_id for face in faces):
        if reply_id is not None:
            await _show(bot, reply_id)


async def _show(bot: Koredare, reply_id: int) -> None:
    async with bot.database.reading() as session:
        shown = await pictures.faces_of_reply(session, reply_id)
    if shown:  # else forgotten meanwhile
        await renew(bot, shown)


async def renew(bot: Koredare, shown: Sequence[Face]) -> dict[int, Standing]:
    """Bring an answer up to date with what people said; gives how its faces stand, by what people speak of.

    Parameters
    ----------
    shown
        All faces of the answer.
    """
    picture = shown[0].picture
    assert picture.guild_id is not None  # who imports something is not answered
    place = await bot.there(picture.guild_id)  # who is forgotten spoke in servers of other processes too
    if picture.reply_id is None or picture.channel_id is None:
        return await standings_of(place, shown)
    message = bot.get_partial_messageable(picture.channel_id).get_partial_message(picture.reply_id)
    lock = bot.editing.setdefault(message.id, _Renewing())
    assert isinstance(lock, _Renewing)
    if lock.next is not None:
        return await asyncio.shield(lock.next)  # it has not begun: what was written until now is shown by it
    lock.next = told = asyncio.get_running_loop().create_future()
    try:
        # One after the other, each with what is said by then: else of two corrections at once one would be lost.
        async with lock:
            lock.next = None
            standings = await standings_of(place, shown)
            await _edit(place, message, shown, standings)
        told.set_result(standings)
    except Exception as error:
        told.set_exception(error)
        told.exception()  # looked at, also where nobody else waits for it
        raise
    finally:
        if lock.next is told:
            lock.next = None
        told.cancel()  # who is stopped tells nobody anything
    return standings


class _Renewing(asyncio.Lock):
    """Held while an answer is brought up to date.

    `next`: how its faces will stand, for all who come while one waits to do it: however many they are, and however
    slowly Discord takes it, it is done once for all of them.
    """

    next: "asyncio.Future[dict[int, Standing]] | None" = None


async def standings_of(place: Place, shown: Sequence[Face]) -> dict[int, Standing]:
    """How faces stand in a place, by what people speak of, as it has just been written."""
    async with place.database.reading() as session:
        return await verdicts.standings_of(session, shown, guild_id=place.id, quorum=place.quorum)


async def _edit(
    place: Place, message: discord.PartialMessage, shown: Sequence[Face], standings: Mapping[int, Standing]
) -> None:
    try:
        answer = await message.fetch()
        if taught.is_one(answer):
            lines = taught.describe(shown, standings, place.words, quorum=place.quorum)
            files = await taught.renewed(place, answer, shown, standings)
        else:
            lines = describing.describe(shown, standings, place.words)
            files = await labelling.renewed(place, answer, shown, standings)
        text = describing.with_notes(describing.veiled(lines, answer.attachments), describing.notes_of(answer.content))
        await answer.edit(content=text, attachments=files)
    except LOST as error:  # what people said counts all the same
        log.info("Bringing answer %s up to date came to nothing: %r", message.id, error)
        if passes(error):
            place.bot.behind.add(message.id)

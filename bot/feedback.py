"""What somebody says of an answer: written down, shown in the answer, and followed up."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass

import discord

from bot import consent, learning, replies
from bot.client import Koredare
from bot.database import corrections, examples, pictures, verdicts
from bot.database.corrections import Said, Via
from bot.database.pictures import Face
from bot.errors import UserError

log = logging.getLogger(__name__)


class Forgotten(UserError):
    """An answer, or a face of it, that is not in the database."""

    def __init__(self) -> None:
        super().__init__(replies.NOT_MINE)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says something of an answer, and with what weight.

    `moderator`: whether they may manage the server; alone with the bot, everybody's word counts as a moderator's.
    """

    bot: Koredare
    user_id: int
    moderator: bool

    @classmethod
    def of(cls, interaction: discord.Interaction[Koredare]) -> "Speaker":
        """Whoever pressed a button or chose from a menu."""
        alone = interaction.guild_id is None
        return cls(interaction.client, interaction.user.id, alone or interaction.permissions.manage_guild)


@dataclass(frozen=True, slots=True)
class Undone:
    """What became of undoing everything that a person said.

    Attributes
    ----------
    corrections
        That counted until now.
    examples
        Faces to learn from that lost their name, or got another.
    faces
        Of which the person spoke, in the latest answers: these are to be brought up to date.
    """

    corrections: int
    examples: int
    faces: list[Face]


def scope(source: discord.Interaction[Koredare] | discord.RawReactionActionEvent) -> int | None:
    """What a picture belongs to: its guild, or the conversation if it was posted to the bot alone."""
    return source.channel_id if source.guild_id is None else source.guild_id


async def confirm(speaker: Speaker, reply_id: int, *, via: Via) -> None:
    """Every name in the answer is right; faces without a name are left as they are."""
    faces = await _faces(speaker.bot, reply_id)
    await _write(speaker, [face.id for face in faces if face.name is not None], "right", via=via)
    await _follow(speaker.bot, faces)


async def refuse(speaker: Speaker, face: Face, kind: Said, *, via: Via) -> None:
    """A face is not who the answer says ("not"), or no face ("not_face")."""
    if kind == "not" and face.name is None:
        return  # there is nothing to refuse: it was unknown
    await _write(speaker, [face.id], kind, via=via)
    await _follow(speaker.bot, [face])


async def name(speaker: Speaker, face_id: int, who: str | None, *, via: Via) -> str:
    """A face is this character (None: no face); gives the sentence to thank with."""
    kind: Said = "not_face" if who is None else "name"
    await _write(speaker, [face_id], kind, via=via, who=who)
    bot = speaker.bot
    quorum = bot.settings.feedback.quorum
    async with bot.database.reading() as session:
        face = await session.get(Face, face_id)
        standing = (await verdicts.standings(session, [face_id], quorum=quorum))[face_id]
    if face is None:
        raise Forgotten
    await _follow(bot, [face])
    return replies.noted(who, standing, quorum=quorum)


async def take_back(speaker: Speaker, reply_id: int, kind: Said, *, via: Via) -> None:
    """What this person said in this way of the faces of an answer counts no more."""
    faces = await _faces(speaker.bot, reply_id)
    async with speaker.bot.database.writing() as session:
        for face in faces:
            await corrections.take_back(
                session,
                face_id=face.id,
                user_id=speaker.user_id,
                moderator=speaker.moderator,
                via=via,
                kind=kind,
                said_via=via,
            )
    await show(speaker.bot, faces)


async def undo_all(speaker: Speaker, of: int, *, guild_id: int) -> Undone:
    """Everything that a person said in a guild counts no more; show the faces of the result afterwards."""
    bot = speaker.bot
    quorum = bot.settings.feedback.quorum
    async with bot.database.reading() as session:
        before = await examples.names(session, guild_id=guild_id, quorum=quorum)
        faces = await corrections.spoken_of(session, of, guild_id=guild_id)
    async with bot.database.writing() as session:
        undone = await corrections.undo_all(
            session, of, guild_id=guild_id, user_id=speaker.user_id, moderator=speaker.moderator, via="command"
        )
    async with bot.database.reading() as session:
        after = await examples.names(session, guild_id=guild_id, quorum=quorum)
    return Undone(undone, sum(before.get(face) != after.get(face) for face in before.keys() | after.keys()), faces)


async def show(bot: Koredare, faces: Iterable[Face]) -> None:
    """Bring the answers that show these faces up to date with what people said, one by one."""
    for reply_id, channel_id in dict.fromkeys((face.picture.reply_id, face.picture.channel_id) for face in faces):
        if reply_id is None or channel_id is None:
            continue
        async with bot.database.reading() as session:
            all_of_it = await pictures.faces_of_reply(session, reply_id)
            standings = await verdicts.standings(
                session, [face.id for face in all_of_it], quorum=bot.settings.feedback.quorum
            )
        if not all_of_it:
            continue  # forgotten meanwhile
        message = bot.get_partial_messageable(channel_id).get_partial_message(reply_id)
        try:
            await message.edit(content=replies.describe(all_of_it, standings))
        except discord.NotFound:
            log.info("Answer %s was deleted: its corrections count all the same.", reply_id)


async def _faces(bot: Koredare, reply_id: int) -> list[Face]:
    async with bot.database.reading() as session:
        faces = await pictures.faces_of_reply(session, reply_id)
    if not faces:
        raise Forgotten
    return faces


async def _write(speaker: Speaker, face_ids: Iterable[int], kind: Said, *, via: Via, who: str | None = None) -> None:
    async with speaker.bot.database.writing() as session:
        for face_id in face_ids:
            await corrections.add(
                session,
                face_id=face_id,
                kind=kind,
                user_id=speaker.user_id,
                moderator=speaker.moderator,
                via=via,
                name=who,
            )


async def _follow(bot: Koredare, faces: list[Face]) -> None:
    """After a correction: show it, ask the poster if need be, and learn what is allowed."""
    await show(bot, faces)
    for picture in {face.picture_id: face.picture for face in faces}.values():
        await consent.ask(bot, picture)
        if picture.guild_id is not None:
            await learning.learn(bot, picture.guild_id)

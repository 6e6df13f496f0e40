"""Who may do what: the one place through which commands, buttons, menus, forms, reactions and replies pass."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias, TypeVar

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Event, Koredare, Place
from bot.database import pictures
from bot.database.pictures import Face

F = TypeVar("F", bound=Callable[..., Any])


Why: TypeAlias = Literal[
    "moderators only", "not there", "out of sight", "not your picture", "not your word", "not your request"
]


class Refused(commands.CheckFailure):
    """Somebody may not do what they wanted; `bot.chat.errors` has the sentences."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why: Why = why


class NotModerator(Refused):
    """Somebody who is no moderator wanted what only moderators may do."""

    def __init__(self) -> None:
        super().__init__("moderators only")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who does or says something in chat, and where.

    Attributes
    ----------
    alone
        Alone with the bot; else in a server.
    member
        As Discord sent them with what they did; None: it did not, or alone with the bot.
    """

    place: Place
    user_id: int
    channel_id: int | None
    member: discord.Member | None
    alone: bool

    @classmethod
    def of(cls, source: discord.Interaction[Koredare] | commands.Context[Koredare], /) -> "Speaker":
        """Whoever pressed a button, chose from a menu, sent a form or used a command."""
        if isinstance(source, commands.Context):
            return cls.writing(source.bot, source.message) if source.interaction is None else cls.of(source.interaction)
        alone = source.guild_id is None
        return cls._at(source.client, source, source.user, channel_id=source.channel_id, alone=alone)

    @classmethod
    def writing(cls, bot: Koredare, message: discord.Message) -> "Speaker":
        """Whoever wrote a message."""
        alone = message.guild is None
        return cls._at(bot, message, message.author, channel_id=message.channel.id, alone=alone)

    @classmethod
    def reacting(cls, bot: Koredare, payload: discord.RawReactionActionEvent) -> "Speaker":
        """Whoever gave a reaction, or took it away: then Discord does not send who they are, nor is it of matter."""
        alone = payload.guild_id is None
        return cls(bot.place_of(payload), payload.user_id, payload.channel_id, payload.member, alone)

    @classmethod
    def _at(
        cls, bot: Koredare, event: Event, user: discord.Member | discord.User, *, channel_id: int | None, alone: bool
    ) -> "Speaker":
        member = user if isinstance(user, discord.Member) else None
        return cls(bot.place_of(event), user.id, channel_id, member, alone)

    @property
    def moderator(self) -> bool:
        """Whether they may manage the server, or have a role that it counts as moderators'; alone everybody may."""
        if self.alone:
            return True
        if self.member is None:
            return False
        roles = self.place.chosen.moderator_roles
        return self.member.guild_permissions.manage_guild or any(role.id in roles for role in self.member.roles)

    async def sees(self, channel_id: int | None) -> bool:
        """Whether they can look at a channel of the guild where they are.

        What nobody posted (None: it was imported), or where nobody looks any more (deleted, or a thread that is
        archived), is for moderators.
        """
        if channel_id is not None and channel_id == self.channel_id:
            return True
        guild = self.place.guild
        if guild is None or self.member is None:
            return False
        channel = None if channel_id is None else guild.get_channel_or_thread(channel_id)
        if channel is None or (isinstance(channel, discord.Thread) and channel.parent is None):
            return self.moderator
        allowed = channel.permissions_for(self.member)
        if not allowed.view_channel:
            return False
        if isinstance(channel, discord.Thread) and channel.is_private() and not allowed.manage_threads:
            try:
                await channel.fetch_member(self.user_id)
            except discord.NotFound:
                return False
        return True


def posts(message: discord.Message) -> bool:
    """Whether somebody posts something with a message: a person, or a webhook that posts for one, as proxies do.

    Neither another bot, whose answers to commands come by webhook too, nor Discord itself, which announces what is
    pinned and who joined.
    """
    if message.is_system():
        return False
    return not message.author.bot or message.webhook_id not in (None, message.application_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What something that is done in chat needs, and acts on.

    Attributes
    ----------
    moderators
        Only moderators may, and in servers only.
    in_server
        Everybody may, in servers only.
    owner, not_yours
        Whose it is, and why everybody else is refused; None: it is nobody's own.
    faces, reply
        The faces of which it speaks, or the answer; None: it speaks of none.
    shown
        The same, where they have been loaded already.
    """

    moderators: bool = False
    in_server: bool = False
    owner: int | None = None
    not_yours: Why = "not your request"
    faces: Collection[int] | None = None
    reply: int | None = None
    shown: Sequence[Face] = ()


MODERATORS: Final = Claim(moderators=True)


async def admit(speaker: Speaker, claim: Claim) -> list[Face]:
    """Let only those go on who may; hiding a button or a command would not be enough, as ids can be made up.

    What is not there is refused as what is another guild's: whoever guesses ids learns nothing by it.

    Returns
    -------
    list of Face
        All faces of the answers of which the claim speaks; empty if it speaks of none.

    Raises
    ------
    Refused, discord.ext.commands.NoPrivateMessage
        They may not; `bot.chat.errors` has the sentence.
    """
    if (claim.moderators or claim.in_server) and speaker.alone:
        raise commands.NoPrivateMessage
    if claim.moderators and not speaker.moderator:
        raise NotModerator
    if claim.owner is not None and claim.owner != speaker.user_id:
        raise Refused(claim.not_yours)
    if claim.faces is None and claim.reply is None and not claim.shown:
        return []
    faces = [*claim.shown] or await _shown(speaker, claim)
    if not faces and claim.reply is not None:
        await speaker.place.bot.given(speaker.place.id)  # it may have been posted just now
        faces = await _shown(speaker, claim)
    if not faces or any(face.picture.guild_id != speaker.place.id for face in faces):
        raise Refused("not there")
    for channel_id in {face.picture.channel_id for face in faces}:
        if not await speaker.sees(channel_id):
            raise Refused("out of sight")
    return faces


async def _shown(speaker: Speaker, claim: Claim) -> list[Face]:
    async with speaker.place.database.reading() as session:
        return await pictures.shown_with(session, claim.faces or (), reply_id=claim.reply)


def for_moderators(command: commands.Command[Any, ..., Any]) -> bool:
    """Whether only moderators may use a command."""
    return _by_moderator in command.checks


def moderators_only(command: F) -> F:
    """Make a hybrid command the moderators': it works in servers only, is hidden from others, and refuses them.

    Examples
    --------
    >>> @commands.hybrid_command()
    ... @moderators_only
    ... async def watch(self, ctx: commands.Context[Koredare]) -> None: ...
    """
    hidden = app_commands.default_permissions(manage_guild=True)(command)
    return commands.guild_only()(commands.check(_by_moderator)(hidden))


async def _by_moderator(ctx: commands.Context[Koredare]) -> bool:
    await admit(Speaker.of(ctx), MODERATORS)
    return True

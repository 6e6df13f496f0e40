"""What somebody posted that may be pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

import discord

from bot.chat.posted import attached
from bot.client import Koredare, Place
from bot.privacy import consent

SUFFIXES: Final = frozenset({".jpg", ".jpeg", ".png", ".webp", ".gif", ".avif", ".apng", ".heic", ".heif"})
MOST_PICTURES: Final = 4  # of one message; a labelled picture each has to fit into one reply


@dataclass(frozen=True, slots=True)
class Posted:
    """Pictures that somebody posted.

    Attributes
    ----------
    attachments
        Those to be looked at; `of` as many.
    place
        Where it belongs, without a locale.
    message_id
        The message that has them; None if they came with a slash command.
    declined
        Nobody could ever agree that they are learned from.
    """

    attachments: Sequence[discord.Attachment]
    poster_id: int
    place: Place
    channel_id: int
    message_id: int | None
    of: int = 1
    declined: bool = False

    @classmethod
    def in_message(
        cls, bot: Koredare, message: discord.Message, among: Sequence[discord.Attachment] | None = None
    ) -> "Posted":
        """The pictures attached to a message (or some of them); what is none by its type and name is left out."""
        posted, place = pictures_of(message) if among is None else among, bot.place_of(message)
        return cls(
            posted[:MOST_PICTURES],
            message.author.id,
            place,
            message.channel.id,
            message.id,
            of=len(posted),
            declined=consent.cannot_agree(place, message.author),
        )


def is_picture(attachment: discord.Attachment) -> bool:
    """Whether an attachment claims to be a picture; whether it is one shows when it is read."""
    by_type = (attachment.content_type or "").startswith("image/")
    return by_type or PurePath(attachment.filename).suffix.lower() in SUFFIXES


def pictures_of(message: discord.Message) -> list[discord.Attachment]:
    """What is attached to a message, or to one that it forwards, and claims to be a picture."""
    return [attachment for attachment in attached(message) if is_picture(attachment)]

"""Faces that nobody has named yet: kept for a while where their poster agreed, so that somebody may name them."""

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncSession

from bot import disk
from bot.client import Place
from bot.database import consents, unnamed
from bot.database.pictures import Face
from bot.privacy import consent
from ml import Sample
from ml.faces.quality import LEARNABLE
from ml.reviewing.asking import worth_keeping


async def may_keep(place: Place, poster_id: int, said: consents.Answer | None) -> bool:
    """Whether faces from what somebody posts are kept; nobody reviews what is said to the bot alone.

    `said`: what they answered, when asked whether they may be.
    """
    if place.guild is None or not await consent.holds(place, poster_id, said):
        return False
    return disk.enough(place.bot.settings.home, what="No stranger's face is kept")


async def keep(session: AsyncSession, cut: Iterable[tuple[Face, Sample]], *, guild_id: int) -> None:
    """Keep the faces of an answer that the model does not know, or wavers about, and that can be told at all.

    What was kept of the very same picture, or of the same attachment, is not kept again; the oldest make room.

    Parameters
    ----------
    cut
        Faces as they were cut out when they were named; none, where the poster has not agreed.
    """
    wanted: dict[int, Sample] = {}
    first: dict[str, int] = {}  # of pictures that are the same, the first one's id, by their hash
    for face, sample in cut:
        again = first.setdefault(sample.picture_hash, face.picture_id) != face.picture_id
        if not again and sample.quality >= LEARNABLE and worth_keeping(face.candidates):
            wanted[face.spoken_of] = sample
    await unnamed.keep(session, wanted, guild_id=guild_id)

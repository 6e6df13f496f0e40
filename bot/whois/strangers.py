"""Faces that nobody has named yet: kept for a while where their poster agreed, so that somebody may name them."""

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncSession

from bot.client import Place
from bot.database import examples
from bot.database.pictures import Face
from bot.privacy import consent
from ml import Sample
from ml.faces.quality import LEARNABLE
from ml.reviewing.asking import worth_keeping


async def may_keep(place: Place, poster_id: int) -> bool:
    """Whether faces from what somebody posts are kept; nobody reviews what is said to the bot alone."""
    return place.guild is not None and await consent.agreed(place, poster_id)


async def keep(session: AsyncSession, cut: Iterable[tuple[Face, Sample]], *, guild_id: int) -> None:
    """Keep the faces of an answer that the model does not know, or wavers about, and that can be told at all.

    What was kept of the very same picture, or of the same attachment, is not kept again; the oldest make room.

    Parameters
    ----------
    cut
        Faces as they were cut out when they were named; none, where the poster has not agreed.
    """
    wanted = {
        face.spoken_of: sample for face, sample in cut if sample.quality >= LEARNABLE and worth_keeping(face.candidates)
    }
    await examples.keep_unnamed(session, wanted, guild_id=guild_id)

"""Faces that nobody has named yet: kept for a while where their poster agreed, so that somebody may name them."""

from collections.abc import Sequence
from contextlib import suppress

from sqlalchemy.ext.asyncio import AsyncSession

from bot.client import Place
from bot.database import examples, samples
from bot.database.errors import NoConsent, NoSuchFace
from bot.database.pictures import Face
from bot.privacy import consent
from ml import Sample
from ml.faces.quality import LEARNABLE
from ml.reviewing.asking import worth_keeping


async def may_keep(place: Place, poster_id: int) -> bool:
    """Whether faces from what somebody posts are kept; nobody reviews what is said to the bot alone."""
    return place.guild is not None and await consent.agreed(place, poster_id)


async def keep(session: AsyncSession, faces: Sequence[Face], cuts: Sequence[Sample], *, guild_id: int) -> None:
    """Keep the faces of a picture that the model does not know, or wavers about, and that can be told at all.

    What was kept of the very same picture, or of the same attachment, is not kept again; the oldest make room.

    Parameters
    ----------
    cuts
        The faces as they were cut out when they were named, as many; or none, where the poster has not agreed.
    """
    if not cuts or await samples.faces_of_hash(session, cuts[0].picture_hash, guild_id=guild_id):
        return
    for face, cut in zip(faces, cuts, strict=True):
        if cut.quality >= LEARNABLE and worth_keeping(face.candidates):
            with suppress(NoConsent, NoSuchFace):  # they said no, or had all of it forgotten, while it was answered
                await examples.keep(session, face.same_as or face.id, cut)
    await samples.make_room(session, guild_id=guild_id)

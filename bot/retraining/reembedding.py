"""Examples of another embedder are embedded again, from the crops that were kept of them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.config import Settings
from bot.database import samples
from bot.database.engine import Database
from bot.recognition.errors import RecognitionError
from bot.recognition.pool import RecognitionPool
from ml import PictureError, Recognizer

log = logging.getLogger(__name__)

BATCH = 64  # samples to a transaction: what a process that is killed has to do again


async def embed_again(
    settings: Settings,
    database: Database,
    *,
    embedder: str,
    guild_id: int | None,
    progress: Callable[[str, float], Awaitable[None]],
) -> None:
    """Bring the samples that a guild learns from up to date with the embedder.

    Each batch is one transaction, and what is done is known by the embedder's name beside it: killed at any time, it
    goes on where it was. A sample whose crop cannot be read stays as it is.

    Parameters
    ----------
    embedder
        Fingerprint of the embedder that `settings` choose.
    guild_id
        Its samples and everyone's; None: only these.
    progress
        Awaited with "embedding" and how much of it is done, 0..1; not at all if there is nothing to do.
    """
    async with database.reading() as session:
        total = await samples.count_stale(session, embedder=embedder, guild_id=guild_id)
    if not total:
        return
    log.info("%d kept faces are embedded again: the embedder is another one.", total)
    done = last = 0
    pool = RecognitionPool(settings)
    try:
        await pool.start()
        while True:
            async with database.reading() as session:
                crops = await samples.stale(session, embedder=embedder, guild_id=guild_id, after=last, limit=BATCH)
            if not crops:
                break
            found = await asyncio.gather(*(_embed(pool, face_id, crop) for face_id, crop in crops.items()))
            embedded = {face: made for face, made in zip(crops, found, strict=True) if made is not None}
            async with database.writing() as session:
                await samples.put_embeddings(session, embedded, embedder=embedder)
            last, done = max(crops), done + len(crops)
            await progress("embedding", min(1.0, done / total))
    finally:
        pool.close()
    log.info("%d kept faces were looked at again.", done)


async def _embed(pool: RecognitionPool, face_id: int, crop: bytes) -> bytes | None:
    try:
        return await pool.run(Recognizer.embed_again, crop)
    except (PictureError, RecognitionError) as error:
        log.warning("Face %d cannot be embedded again, and is left out: %s", face_id, error)
        return None

"""What the command line does with a server's knowledge, without Discord."""

import asyncio
from pathlib import Path

from bot.config import Settings
from bot.database import exchange
from bot.database import settings as choices
from bot.database.opened import opened
from bot.knowledge import archive
from bot.recognition.pool import RecognitionPool
from bot.words import words_in
from ml import files
from ml.errors import KoredareError
from ml.naming.names import plain

_LARGEST = 2**31  # bytes: the ZIP's own table counts in 32 bits


class KnowledgeError(KoredareError):
    """The file cannot be written or read."""


async def export(settings: Settings, file: Path, *, guild_id: int) -> str:
    """Write a guild's knowledge into a new file; gives the summary. Raises KnowledgeError."""
    pool = RecognitionPool(settings)  # idle here: nothing needs to be made smaller
    try:
        async with opened(settings) as database:
            async with database.reading() as session:
                feedback = (await choices.get(session, guild_id)).feedback(settings.feedback)
                kept = feedback.consent != "never"
                posted_in = await exchange.channels_of(session, guild_id=guild_id) if kept else []
            data, held = await archive.export(
                database,
                pool,
                guild_id=guild_id,
                quorum=feedback.quorum,
                posted_in=posted_in,
                max_bytes=_LARGEST,
                words=words_in("en"),
            )
    finally:
        pool.close()
    try:
        with files.new_file(file) as aside:
            aside.write_bytes(data)
    except OSError as error:
        raise KnowledgeError(f"{file} cannot be written: {error.strerror}.") from error
    return f"{len(held.characters)} characters and {len(held.examples)} faces are in {file}"


async def take_in(settings: Settings, file: Path, *, guild_id: int) -> str:
    """Take a guild's knowledge in from a file; gives the summary. Raises KnowledgeError."""
    try:
        data = await asyncio.to_thread(files.contents, file, most=_LARGEST)
    except OSError as error:
        raise KnowledgeError(f"{file} cannot be read: {error.strerror}.") from error
    pool = RecognitionPool(settings)
    try:
        await pool.start()
        contents = await archive.read(pool, data, words_in("en"))
        async with opened(settings) as database:
            async with database.reading() as session:
                feedback = (await choices.get(session, guild_id)).feedback(settings.feedback)
            found = await archive.take_in(
                database,
                pool,
                data,
                contents,
                file=archive.called(file.name),
                guild_id=guild_id,
                user_id=None,
                quorum=feedback.quorum,
                words=words_in("en"),
            )
    finally:
        pool.close()
    lines = [f"{plain(name)}: {count} new faces" for name, count in found.added.items()]
    if found.aliases:
        lines.append(f"{found.aliases} new aliases")
    if found.known:
        lines.append(f"{found.known} faces were known already.")
    if found.disputed:
        lines.append(f"{found.disputed} faces have another name there, which stands.")
    lines.append(f"Now: koredare retrain --guild {guild_id}")
    return "\n".join(lines)

"""Learning from a folder per character, as a moderator's word."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bot.config import Settings
from bot.database import Database, characters, corrections, examples, pictures, samples, verdicts
from bot.database import settings as choices
from bot.database.errors import BadName
from bot.database.pictures import Picture
from bot.recognition.errors import RecognitionError
from bot.recognition.pool import RecognitionPool, recognizer_settings
from ml import Face, NamedFace, PictureError, Recognizer, Sample
from ml.datasets.folders import LeftOut, labelled
from ml.faces.quality import LEARNABLE
from ml.files import printable
from ml.naming.names import fold
from ml.pictures.reading import from_file


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import.

    Attributes
    ----------
    learned
        New faces of each character; characters with none are there too, with 0.
    known
        Files that had been imported for the same character before.
    left_out
        Everything else: pictures without a face or with several, files that are no pictures.
    """

    learned: dict[str, int]
    known: int
    left_out: tuple[LeftOut, ...]


async def import_folder(
    settings: Settings,
    database: Database,
    folder: Path,
    *,
    guild_id: int | None = None,
    crops: bool,
    progress: Callable[[int, int], None],
) -> Imported:
    """Learn the faces in `folder/<character>/*`.

    Parameters
    ----------
    guild_id
        For this server alone; None: for everyone.
    crops
        The files are face crops already; nothing is detected.
    progress
        Called with (files done, files).

    Raises
    ------
    FolderError
        The folder is missing, cannot be read, or holds no folder of pictures.
    """
    files, left_out = _files(folder)
    learned = {path.parent.name: 0 for path in files}
    known = 0
    pool = RecognitionPool(settings)
    max_bytes = recognizer_settings(settings).max_bytes
    try:
        await pool.start()
        # A few at a time: all at once would hold every file in memory.
        for start in range(0, len(files), 16):
            batch = files[start : start + 16]
            looks = await asyncio.gather(*(_look(pool, path, crops=crops, max_bytes=max_bytes) for path in batch))
            for path, look in zip(batch, looks, strict=True):
                outcome = (
                    look
                    if isinstance(look, LeftOut)
                    else await _remember(settings, database, path, *look, guild_id=guild_id)
                )
                if isinstance(outcome, LeftOut):
                    left_out.append(outcome)
                elif outcome:
                    learned[path.parent.name] += 1
                else:
                    known += 1
            progress(start + len(batch), len(files))
    finally:
        pool.close()
    return Imported(learned, known, tuple(left_out))


def _files(folder: Path) -> tuple[list[Path], list[LeftOut]]:
    """The files to learn from, in order, and what is left out: folders of no character, and what lies beside them."""
    found = labelled(folder)
    files: list[Path] = []
    left_out = {each.path: each for each in found.left_out}
    for _, file in found.files:
        try:
            characters.clean(file.parent.name)
        except BadName as error:
            left_out[file.parent] = LeftOut(file.parent, str(error))
        else:
            files.append(file)
    return files, sorted(left_out.values(), key=lambda each: each.path)


async def _look(pool: RecognitionPool, path: Path, *, crops: bool, max_bytes: int) -> tuple[Face, Sample] | LeftOut:
    try:
        data = await asyncio.to_thread(from_file, path, max_bytes=max_bytes)
        found = await pool.run(Recognizer.sample_crop if crops else Recognizer.sample_all, data)
    except OSError as error:
        return LeftOut(path, f"it cannot be read: {error.strerror}")  # a folder, for one
    except (PictureError, RecognitionError) as error:
        return LeftOut(path, str(error))
    if len(found) != 1:
        return LeftOut(path, f"{len(found)} faces" if found else "no face found")
    if found[0][1].quality < LEARNABLE:
        return LeftOut(path, "the face is too small or blurred to learn from")
    return found[0]


async def _remember(
    settings: Settings, database: Database, path: Path, face: Face, sample: Sample, *, guild_id: int | None
) -> bool | LeftOut:
    """Write a face down as an example of the character whose folder it lies in; false if it was known already."""
    name = path.parent.name
    async with database.writing() as session:
        quorum = (await choices.get(session, guild_id)).feedback(settings.feedback).quorum
        same = await samples.faces_of_hash(session, sample.picture_hash, guild_id=guild_id)
        if same:
            standing = (await verdicts.standings(session, same, guild_id=guild_id, quorum=quorum))[same[0]]
            before = standing.verdict.name if standing.verdict is not None else None
            if before is not None and fold(before) != fold(name):
                return LeftOut(path, f"the same picture was imported as {before}")
            return False
        found = NamedFace(face.box, face.angle, face.score, sample.quality, name=None, confidence=0.0, candidates=())
        # A server's moderators see and remove what was imported for it by what comes before the stroke.
        everyones = f"{name}/{printable(path.name)}"
        origin = everyones if guild_id is None else f"{printable(path.parent.parent.resolve().name)}/{name}"
        picture = Picture(guild_id=guild_id, source="import", origin=origin)
        (row,) = await pictures.record(session, picture, [found])
        await corrections.add(
            session, face_id=row.id, kind="name", user_id=None, moderator=True, via="import", name=name
        )
        await examples.save(session, row.id, sample, quorum=quorum)
    return True

"""What the command line does with local files and the data folder, without Discord."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from bot import disk
from bot.config import Settings
from bot.database.opened import opened
from bot.examples import from_folder
from bot.logs import on_a_line
from bot.recognition.pool import recognizer_settings
from bot.shell.output import files_done
from ml import NamedFace, PictureError, Recognition, Recognizer, files
from ml.datasets.folders import FolderError
from ml.drawing import labelled
from ml.drawing.labelled import Encoded
from ml.naming.names import plain
from ml.pictures.reading import from_file

UPLOAD_LIMIT = 64 * 2**20  # a file on disk may be large


def whois(settings: Settings, paths: Iterable[Path], *, crops: bool, out: Path | None) -> Iterator[dict[str, Any]]:
    """Name the faces in files: one object each, in their order, as `koredare whois --json` prints it.

    Parameters
    ----------
    out
        The folder for the labelled pictures. No file that is there already is touched: neither a picture that was
        asked about, nor what was written for another one or the last time.

    Raises
    ------
    FolderError
        `out` is no folder, nor can one be made there.
    """
    chosen = recognizer_settings(settings)
    recognizer = Recognizer(chosen)
    active = settings.registry(None).fresh().active()
    version = None if active is None else active.folder
    if out is not None:
        try:
            out.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise FolderError(f"{out} cannot be a folder for the labelled pictures: {error.strerror}.") from error
    for path in paths:
        try:
            picture = recognizer.read(from_file(path, max_bytes=chosen.max_bytes))
            name = recognizer.recognize_crop if crops else recognizer.look
            recognition = name(picture, version=version)
            if out is not None:
                drawing = labelled.drawn(picture, recognition.labels(), max_bytes=UPLOAD_LIMIT)
                try:
                    _write_beside(path, drawing, out)
                except OSError as error:
                    yield _failure(path, "unwritable", f"The labelled {path} cannot be written: {error.strerror}.")
                    continue
        except OSError as error:
            yield _failure(path, "unreadable", f"{path} cannot be read: {error.strerror}.")
        except PictureError as error:
            yield _failure(path, error.code, str(error))
        else:
            yield _success(path, recognition)


def _write_beside(source: Path, drawing: Encoded, folder: Path) -> None:
    """Write the labelled picture under the name of its source, with a number where that name is taken."""
    wanted = folder / f"{source.stem}{drawing.suffix}"
    if (target := files.write_beside(wanted, drawing.data)) != wanted:
        sys.stderr.write(on_a_line(f"{wanted} is there already: the labelled {source} is {target}") + "\n")


def sentence(answer: dict[str, Any]) -> str:
    """One answer of `whois` as people read it."""
    if "error" in answer:
        return f"{on_a_line(answer['path'])}: {on_a_line(answer['error']['message'])}"
    who = [
        f"{plain(face['name'])} ({face['confidence']:.0%})" if face["name"] is not None else "someone I don't know"
        for face in answer["faces"]
    ]
    return f"{on_a_line(answer['path'])}: {', '.join(who) or 'no face found'}"


async def import_folder(settings: Settings, folder: Path, *, guild_id: int | None, crops: bool) -> str:
    """Import a folder per character, for a server or for all; gives the summary, and writes down what was left out."""
    async with opened(settings) as database:
        disk.require(settings.home)
        found = await from_folder.import_folder(
            settings, database, folder, guild_id=guild_id, crops=crops, progress=files_done()
        )
    lines = [f"{plain(name)}: {count} new faces" for name, count in found.learned.items()]
    if found.known:
        lines.append(f"{found.known} pictures were known already.")
    if found.left_out:
        listing = settings.home / "not-imported.txt"
        left_out = [f"{on_a_line(each.path)}: {each.reason}" for each in found.left_out]
        try:
            listing.write_text("\n".join(left_out) + "\n", encoding="utf-8", errors="backslashreplace")
            where = f"the list is in {listing}"
        except OSError as error:  # what was learned is told all the same
            where = f"the list cannot be written to {listing}: {error.strerror}"
        lines += [f"{len(left_out)} left out ({where}):", *(f"  {line}" for line in left_out)]
    lines.append("Now: koredare retrain" if guild_id is None else f"Now: koredare retrain --guild {guild_id}")
    return "\n".join(lines)


def _success(path: Path, recognition: Recognition) -> dict[str, Any]:
    return {
        "path": str(path),
        "width": recognition.width,
        "height": recognition.height,
        "faces": [_face(face) for face in recognition.faces],
        "model": recognition.model,
        "seconds": round(recognition.seconds, 4),
    }


def _face(face: NamedFace) -> dict[str, Any]:
    return {
        "box": list(face.box),
        "angle": face.angle,
        "score": round(face.score, 4),
        "name": face.name,
        "confidence": round(face.confidence, 4),
        "candidates": [{"name": each.name, "confidence": round(each.confidence, 4)} for each in face.candidates],
    }


def _failure(path: Path, code: str, message: str) -> dict[str, Any]:
    return {"path": str(path), "error": {"code": code, "message": message}}

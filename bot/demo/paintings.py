"""The demo's pictures: the cast, painted by our own code, in a folder each."""

import asyncio
import os
import shutil
import signal
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from ml.drawing import labelled
from ml.files import written_whole
from ml.painting import CAST, Character, invent, paint

KNOWN, NEW = CAST[:6], CAST[6:]
"""Whom the bot knows when the demo begins, and whom visitors can teach it."""

EACH = 30  # pictures of each character; seeds 0 to 29 are clearly different
LEARNED = 10  # of each known character, imported before the demo begins
_LIMIT = 2**20  # bytes of a picture: far more than any needs
_SIZE = 640  # pixels


def _silent(done: int, total: int) -> None:
    del done, total


@dataclass(frozen=True, slots=True)
class Gallery:
    """Where the pictures lie: `folder/<name>/<number>.jpg`."""

    folder: Path

    def path(self, character: Character, seed: int) -> Path:
        """The picture of a character that this seed gives."""
        return self.folder / character.name / f"{seed:02}.jpg"

    async def fill(
        self, characters: Sequence[Character], seeds: Sequence[int], *, progress: Callable[[int, int], None] = _silent
    ) -> None:
        """Paint what is missing, in processes, as painting keeps a core busy; `progress` gets (done, all)."""
        jobs = [
            (self.path(character, seed), CAST.index(character), seed)
            for character in characters
            for seed in seeds
            if not self.path(character, seed).exists()
        ]
        batches = [jobs[start : start + 10] for start in range(0, len(jobs), 10)]
        painters = ProcessPoolExecutor(
            min(4, os.cpu_count() or 1, len(batches) or 1), get_context("spawn"), initializer=_leave_interrupts
        )
        loop = asyncio.get_running_loop()
        done = 0
        try:
            for batch in asyncio.as_completed([loop.run_in_executor(painters, _paint, batch) for batch in batches]):
                done += await batch
                progress(done, len(jobs))
        finally:
            painters.shutdown(wait=False, cancel_futures=True)

    @contextmanager
    def selection(self, characters: Sequence[Character], seeds: Sequence[int]) -> Generator[Path]:
        """For a moment, a folder that holds these pictures only, as `koredare import` wants it."""
        with TemporaryDirectory(dir=self.folder.parent, prefix=".selection-") as selected:
            chosen = Gallery(Path(selected))
            for character in characters:
                (chosen.folder / character.name).mkdir()
                for seed in seeds:
                    shutil.copyfile(self.path(character, seed), chosen.path(character, seed))
            yield chosen.folder


def together(*characters: Character, seed: int) -> bytes:
    """A picture of several characters side by side, as a file."""
    picture = paint(characters, seed=seed, size=(_SIZE * 3 * len(characters) // 4, _SIZE)).picture
    return labelled.encode(picture, max_bytes=_LIMIT).data


def portrait(person: int, *, seed: int) -> bytes:
    """The face of somebody invented, as a file: what members look like in chat."""
    return labelled.encode(paint(invent(person), seed=seed, size=(128, 128)).picture, max_bytes=_LIMIT).data


def _leave_interrupts() -> None:
    """In a process of its own: Ctrl-C reaches it too, but it is the demo that stops it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _paint(batch: Sequence[tuple[Path, int, int]]) -> int:
    """In a process of its own: paint pictures (file, place in the cast, seed); gives how many."""
    for path, place, seed in batch:
        picture = paint(CAST[place], seed=seed, size=(_SIZE, _SIZE)).picture
        path.parent.mkdir(parents=True, exist_ok=True)
        with written_whole(path) as aside:  # a demo that is stopped in between leaves no half of a picture
            aside.write_bytes(labelled.encode(picture, max_bytes=_LIMIT).data)
    return len(batch)

"""The steps of `koredare dataset`, and what is said of them."""

from collections.abc import Sequence
from pathlib import Path

from bot.config import Settings
from bot.logs import on_a_line
from bot.recognition.pool import recognizer_settings
from bot.shell.output import files_done
from ml.datasets import splitting
from ml.datasets import steps as classic
from ml.datasets.folders import UNRECOGNIZED, LeftOut


def crop(settings: Settings, source: Path, target: Path) -> str:
    """Cut the faces out of a labelled folder's pictures; gives the summary."""
    written = classic.crop(source, target, settings=recognizer_settings(settings), progress=files_done())
    lines = [f"{on_a_line(name)}: {count} crops" for name, count in written.files.items()]
    if written.several:
        lines.append(f"{written.several} pictures have several faces: their crops are numbered; look them through.")
    if written.unrecognized:
        lines.append(f"{written.unrecognized} pictures without a face are in {target / UNRECOGNIZED}")
    return "\n".join([*lines, *_left_out(written.left_out)])


def resize(source: Path, target: Path, *, size: int) -> str:
    """Bring a labelled folder's pictures to one size; gives the summary."""
    written = classic.resize(source, target, size=size, progress=files_done())
    lines = [f"{on_a_line(name)}: {count} pictures of {size} × {size}" for name, count in written.files.items()]
    return "\n".join([*lines, *_left_out(written.left_out)])


def split(source: Path, target: Path, *, share: float, seed: int) -> str:
    """Split a labelled folder into train and test; gives the summary."""
    done = splitting.split(source, target, share=share, seed=seed, progress=files_done())
    names = dict.fromkeys([*done.train, *done.test])
    lines = [f"{on_a_line(name)}: {done.train.get(name, 0)} train, {done.test.get(name, 0)} test" for name in names]
    if done.together:
        lines.append(f"{done.together} files share their picture or their look with another, and its side.")
    return "\n".join([*lines, *_left_out(done.left_out)])


def _left_out(files: Sequence[LeftOut]) -> list[str]:
    return [f"{len(files)} left out:", *(f"  {on_a_line(each.path)}: {each.reason}" for each in files)] if files else []

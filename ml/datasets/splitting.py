"""The last classic step: a labelled folder split into a train and a test folder, by picture."""

import hashlib
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ml.arrays import Bools, Ints
from ml.datasets.folders import STRANGERS, FolderError, LeftOut, labelled, new_folder
from ml.datasets.steps import Progress, origin_of, reason
from ml.pictures import reading
from ml.pictures.duplicates import groups, look
from ml.pictures.refusals import PictureError


@dataclass(frozen=True, slots=True)
class Split:
    """What came of a split.

    Attributes
    ----------
    train, test
        How many files of each character went where.
    together
        Files that share their picture or their look with another one, and therefore its side.
    left_out
        Files that are no pictures, or lie in no character's folder.
    """

    train: dict[str, int]
    test: dict[str, int]
    together: int
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class _File:
    character: str
    path: Path
    origin: str


def split(source: Path, target: Path, *, share: float = 0.2, seed: int = 0, progress: Progress) -> Split:
    """Copy the pictures in `source/<character>/` into `target/train/<character>/` and `target/test/<character>/`.

    Crops of one picture, the same picture in two folders, and near-duplicates (mirrored or not) are never on both
    sides. Strangers (`_unknown/`) are only tested on.

    Parameters
    ----------
    share
        Of each character's pictures that are for testing, above 0 and below 1; met as nearly as what must stay
        together allows. Of one picture, or of pictures that all belong together, none is.
    seed
        Another one gives another split; the same one gives the same, whatever the files are called.
    progress
        Called with (files read, files).

    Raises
    ------
    FolderError
        `source` is not a labelled folder, holds no picture, or `target` cannot be written or is not empty; or the
        share is out of range.
    """
    if not 0 < share < 1:
        raise FolderError(f"A share of {share:g} is not between 0 and 1: of 0.2, a fifth is for testing.")
    with new_folder(target, apart_from=source) as aside:
        files, looks, left_out = _read(source, progress)
        known = [i for i, file in enumerate(files) if file.character != STRANGERS]
        together = groups(looks, [file.origin for file in files])
        sides = sides_of([files[i].character for i in known], together[known], _order(files, known, seed), share=share)
        tested = set(range(len(files))) - {i for i, test in zip(known, sides, strict=True) if not test}
        # A stranger's picture that is trained on as somebody's cannot tell how strangers fare.
        trained = {int(together[i]) for i in range(len(files)) if i not in tested}
        spoilt = [i for i in sorted(tested) if files[i].character == STRANGERS and int(together[i]) in trained]
        left_out += [LeftOut(files[i].path, "it looks like a picture that is trained on") for i in spoilt]
        counts: dict[str, Counter[str]] = {"train": Counter(), "test": Counter()}
        for i, file in enumerate(files):
            if i in spoilt:
                continue
            side = "test" if i in tested else "train"
            folder = aside / side / file.character
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file.path, folder / file.path.name)
            counts[side][file.character] += 1
        for side in counts:
            (aside / side).mkdir(exist_ok=True)
    shared = sum(count for count in Counter(together.tolist()).values() if count > 1)
    return Split(dict(counts["train"]), dict(counts["test"]), shared, tuple(left_out))


def sides_of(characters: Sequence[str], together: Ints, order: Sequence[int], *, share: float) -> Bools:
    """Which files are for testing.

    Parameters
    ----------
    characters
        Of each file, n of them.
    together
        int, shape (n,): files of one number stay on one side.
    order
        The files 0..n-1, shuffled: whose group is tried first.
    share
        Of each character's files that should be for testing.

    Returns
    -------
    bool, shape (n,). No character is for testing wholly; one whose files make two or more groups of its own is on
    both sides.
    """
    totals = Counter(characters)
    wanted = {character: max(1, round(share * total)) for character, total in totals.items()}
    test: Counter[str] = Counter()
    sides = np.zeros(len(characters), bool)
    members: dict[int, list[int]] = {}
    for i in order:
        members.setdefault(int(together[i]), []).append(i)
    # Small groups once more at the end, for characters that got nothing because theirs are larger than their share.
    for room in (wanted, {character: total - 1 for character, total in totals.items()}):
        tried = members.values() if room is wanted else sorted(members.values(), key=len)
        for group in tried:
            inside = Counter(characters[i] for i in group)
            lacking = room is wanted or any(not test[character] for character in inside)
            fits = all(test[name] + count <= min(room[name], totals[name] - 1) for name, count in inside.items())
            if lacking and fits and not sides[group[0]]:
                sides[group] = True
                test.update(inside)
    return sides


def _read(source: Path, progress: Progress) -> tuple[list[_File], list[str], list[LeftOut]]:
    found = labelled(source)
    files: list[_File] = []
    looks: list[str] = []
    left_out = list(found.left_out)
    for done, (character, path) in enumerate(found.files, start=1):
        try:
            data = reading.from_file(path)
            picture = reading.decode(data)
        except (OSError, PictureError) as error:
            left_out.append(LeftOut(path, reason(error)))
        else:
            files.append(_File(character, path, origin_of(path, data)))
            looks.append(look(picture))
        progress(done, len(found.files))
    if not files:
        raise FolderError(f"{source} holds no picture that can be read.")
    return files, looks, left_out


def _order(files: Sequence[_File], known: Sequence[int], seed: int) -> list[int]:
    """Shuffle by content, so that neither names nor the other characters matter; positions in `known`."""

    def lot(position: int) -> bytes:
        return hashlib.sha256(f"{seed} {files[known[position]].origin}".encode()).digest()

    return sorted(range(len(known)), key=lot)

"""What one retraining reads, as a folder of files: how the bot hands its examples to who trains, here or elsewhere."""

import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ml.arrays import Bools
from ml.naming.examples import Examples

_EMBEDDINGS = "embeddings.f16"
_MEANING = "job.json"
# What is nobody's lies a folder deeper: whoever forgets somebody removes the files beside it, which were read by then.
_BACKGROUND = "given/background.npz"
_ACTIVE = "given/active"


@dataclass(frozen=True, slots=True)
class Job:
    """Everything that a retraining reads, but the embeddings.

    Once it is saved, all of it lies in one folder, which may be carried to another machine.

    Attributes
    ----------
    faces
        The id of each face that has a name to learn or to measure; n of them.
    names
        The character of each.
    pictures
        What tells the pictures apart that they were cut from.
    held_out
        For each: it is for measuring only, now and in every later version.
    trusted
        For each: a moderator or an importer named it, not only a quorum of members.
    active
        The folder of the version that answers today, as it is called there, or None.
    background
        The `background.npz` that ships with the embedder.
    embedder
        Fingerprint of the embedder that all embeddings come from.
    renamed
        What the version that answers today calls characters that have another of `names` since.
    """

    faces: tuple[int, ...]
    names: tuple[str, ...]
    pictures: tuple[str, ...]
    held_out: tuple[bool, ...]
    trusted: tuple[bool, ...]
    active: Path | None
    background: Path
    embedder: str
    renamed: Mapping[str, str] = field(default_factory=dict[str, str])

    def save(self, folder: Path, embeddings: Iterable[bytes]) -> None:
        """Write the job, and what it rests on, into an existing folder.

        `embeddings`: as they are stored, little-endian float16.
        """
        meaning = {
            "faces": self.faces,
            "names": self.names,
            "pictures": self.pictures,
            "held_out": self.held_out,
            "trusted": self.trusted,
            "embedder": self.embedder,
            "renamed": dict(self.renamed),
        }
        (folder / _MEANING).write_text(json.dumps(meaning), encoding="utf-8")
        with (folder / _EMBEDDINGS).open("wb") as file:
            file.writelines(embeddings)
        (folder / _BACKGROUND).parent.mkdir()
        shutil.copyfile(self.background, folder / _BACKGROUND)
        if self.active is not None:
            shutil.copytree(self.active, folder / _ACTIVE, copy_function=shutil.copyfile)

    @classmethod
    def load(cls, folder: Path) -> "Job":
        """Read what `save` wrote, but the embeddings."""
        meaning: dict[str, Any] = json.loads((folder / _MEANING).read_text(encoding="utf-8"))
        lists = ("faces", "names", "pictures", "held_out", "trusted")
        return cls(
            **{name: tuple(meaning[name]) for name in lists},
            active=folder / _ACTIVE if (folder / _ACTIVE).is_dir() else None,
            background=folder / _BACKGROUND,
            embedder=meaning["embedder"],
            renamed=meaning["renamed"],
        )

    @property
    def learned(self) -> dict[str, list[int]]:
        """The faces that each character is learned from."""
        found: dict[str, list[int]] = {}
        for face, name, held_out in zip(self.faces, self.names, self.held_out, strict=True):
            if not held_out:
                found.setdefault(name, []).append(face)
        return found

    def examples(self, folder: Path, mask: Bools) -> Examples:
        """The examples at which the mask, bool of shape (n,), is true; only theirs are read into memory."""
        kept = np.flatnonzero(mask)
        stored = (
            np.fromfile(folder / _EMBEDDINGS, "<f2") if not len(kept) else np.memmap(folder / _EMBEDDINGS, "<f2", "r")
        )
        embeddings = stored.reshape(len(self.faces), -1)[kept].astype(np.float32)
        return Examples(embeddings, tuple(self.names[i] for i in kept), tuple(self.pictures[i] for i in kept))

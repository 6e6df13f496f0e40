"""Faces of nobody in particular: what strangers look like to the embedder."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from ml.arrays import DAMAGED, Floats, Ints
from ml.errors import KoredareError
from ml.training.calibration import Evidence

CROWD: Final = 512  # of them every version keeps a copy


class BackgroundError(KoredareError):
    """The background file is missing, damaged, or was made with another embedder."""


@dataclass(frozen=True, slots=True)
class Background:
    """Embeddings of strangers, in two parts that never mix, and what they taught of how sure to be.

    Attributes
    ----------
    crowd
        What a server's faces are told from; float32, shape (n, dimensions).
    gate
        For comparing versions; float32, shape (m, dimensions).
    evidence
        What evidence is worth with this embedder.
    """

    crowd: Floats
    gate: Floats
    evidence: Evidence

    @classmethod
    def load(cls, path: Path, *, embedder: str) -> "Background":
        """Read the `background.npz` that was made with the embedder of this fingerprint.

        Raises
        ------
        BackgroundError
            The file is missing, damaged, was made with another embedder, or by an older Koredare.
        """
        try:
            with np.load(path, allow_pickle=False) as stored:
                made_with = str(stored["embedder"])
                if made_with != embedder:
                    raise BackgroundError(
                        f"{path} was made with the embedder {made_with[:12]}, not with {embedder[:12]}: "
                        "make it again with `python -m ml.pretraining background`."
                    )
                embeddings = stored["embeddings"].astype(np.float32)
                for_gate = stored["gate"].astype(bool)
                characters = stored["characters"].astype(np.intp)
                evidence = Evidence(**json.loads(str(stored["evidence"])))
        except DAMAGED as error:
            raise BackgroundError(
                f"{path} holds no background faces that I can read ({error}): take it from the project again; that of "
                "another backbone, `koredare backbone` makes."
            ) from error
        kept = np.flatnonzero(~for_gate)
        return cls(embeddings[kept[crowd(characters[kept])]], embeddings[for_gate], evidence)


def crowd(characters: Ints) -> Ints:
    """Places of `CROWD` faces at most, as evenly from all characters as there are; `characters`: shape (n,)."""
    seen: dict[int, int] = {}
    turn = np.zeros(len(characters), np.intp)
    for place, character in enumerate(characters.tolist()):
        turn[place] = seen[character] = seen.get(character, -1) + 1
    return np.sort(np.argsort(turn, kind="stable")[:CROWD])

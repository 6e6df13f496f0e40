"""Faces of nobody in particular: what strangers look like to the embedder."""

import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ml.errors import KoredareError
from ml.naming.classifier import Floats


class BackgroundError(KoredareError):
    """The background file is missing, damaged, or was made with another embedder."""


@dataclass(frozen=True, slots=True)
class Background:
    """Embeddings of strangers, in two parts that never mix.

    Attributes
    ----------
    calibration
        For training the head's background class and fitting its threshold; float32, shape (n, dimensions).
    gate
        For comparing versions; float32, shape (m, dimensions).
    """

    calibration: Floats
    gate: Floats

    @classmethod
    def load(cls, path: Path, *, embedder: str) -> "Background":
        """Read the `background.npz` that was made with the embedder of this fingerprint.

        Raises
        ------
        BackgroundError
            The file is missing, damaged, or was made with another embedder.
        """
        try:
            with np.load(path, allow_pickle=False) as stored:
                embeddings = stored["embeddings"].astype(np.float32)
                for_gate = stored["gate"].astype(bool)
                made_with = str(stored["embedder"])
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise BackgroundError(f"{path} holds no background faces that I can read ({error}).") from error
        if made_with != embedder:
            raise BackgroundError(
                f"{path} was made with the embedder {made_with[:12]}, not with {embedder[:12]}: "
                "make it again with `python -m ml.pretraining background`."
            )
        return cls(embeddings[~for_gate], embeddings[for_gate])

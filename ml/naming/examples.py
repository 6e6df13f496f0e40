"""Examples: faces with trusted names, as training and measuring take them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ml.arrays import Bools, Floats


@dataclass(frozen=True, slots=True)
class Examples:
    """Faces with trusted names.

    Attributes
    ----------
    embeddings
        float32, shape (n, dimensions), rows of unit length.
    names
        The character of each face, n of them.
    pictures
        What tells the pictures apart that the faces were cut from, n of them: faces of one picture are never
        split between training and measuring.
    """

    embeddings: Floats
    names: tuple[str, ...]
    pictures: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.names)

    @classmethod
    def from_bytes(cls, embeddings: Sequence[bytes], *, names: Sequence[str], pictures: Sequence[str]) -> "Examples":
        """Rebuild examples from embeddings as they are stored: little-endian float16, all of one length."""
        rows = [np.frombuffer(embedding, "<f2").astype(np.float32) for embedding in embeddings]
        return cls(np.stack(rows), tuple(names), tuple(pictures))

    def where(self, mask: Bools) -> "Examples":
        """The examples at which the mask, bool of shape (n,), is true."""
        kept = np.flatnonzero(mask)
        return Examples(
            self.embeddings[kept],
            tuple(self.names[i] for i in kept),
            tuple(self.pictures[i] for i in kept),
        )

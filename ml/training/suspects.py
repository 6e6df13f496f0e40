"""Examples that look wrong: faces that are more like another character than like their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ml.arrays import Floats, Ints
from ml.naming.examples import Examples

# Of seven characters that the embedder never saw, 20 faces each, 10 % of them misnamed: 98 % of these are found, and
# 95 % of what is found is misnamed (docs/measurements.md).
MARGIN: Final = 0.2
ENOUGH: Final = 3  # pictures that a character needs, beside the one in question, to say how it looks
_ROWS: Final = 4096  # at a time: similarities of all to all characters would not fit into memory


@dataclass(frozen=True, slots=True)
class Suspect:
    """An example that looks wrong.

    Attributes
    ----------
    face
        Its id.
    name
        The character that it is an example of.
    looks_like
        The character that it is more like.
    """

    face: int
    name: str
    looks_like: str


def suspects(examples: Examples, faces: Sequence[int], *, margin: float = MARGIN) -> tuple[Suspect, ...]:
    """Find the examples that look wrong, those that look most wrong first.

    A face looks wrong where its cosine to the mean of another character's faces is greater by `margin` than its cosine
    to the mean of its own character's, from which its own picture is left out. Characters with few pictures are
    neither judged nor compared with.

    Parameters
    ----------
    examples
        All faces with trusted names, held out or not.
    faces
        Their ids, in the same order.

    Notes
    -----
    Wilson 1972, "Asymptotic properties of nearest neighbor rules using edited data", with each character's mean in the
    place of nearest neighbours: these blame more faces that are right (docs/decisions.md).
    """
    names, column = np.unique(examples.names, return_inverse=True)
    _, picture = np.unique(examples.pictures, return_inverse=True)
    enough = _pictures(column, picture, len(names)) > ENOUGH
    if enough.sum() < 2:
        return ()
    centre = examples.embeddings.mean(axis=0)
    sums = _sums(examples.embeddings, centre, column, len(names))
    means = _unit(sums)
    excess, rival = np.zeros(len(faces), np.float32), np.zeros(len(faces), np.intp)
    own = _own_similarity(examples.embeddings, centre, sums, column, picture)
    for start in range(0, len(faces), _ROWS):
        rows = slice(start, start + _ROWS)
        alike = _unit(examples.embeddings[rows] - centre) @ means.T
        alike[:, ~enough] = -np.inf
        alike[np.arange(len(alike)), column[rows]] = -np.inf
        rival[rows] = alike.argmax(axis=1)
        excess[rows] = alike.max(axis=1) - own[rows]
    order: Ints = np.argsort(-excess)
    wrong = [int(i) for i in order if excess[i] > margin and enough[column[i]]]
    return tuple(Suspect(faces[i], str(names[column[i]]), str(names[rival[i]])) for i in wrong)


def _pictures(column: Ints, picture: Ints, characters: int) -> Ints:
    """How many pictures each character has."""
    pairs = np.unique(np.stack([column, picture]), axis=1)
    return np.bincount(pairs[0], minlength=characters)


def _own_similarity(embeddings: Floats, centre: Floats, sums: Floats, column: Ints, picture: Ints) -> Floats:
    """The cosine of each face to its own character's mean, without the faces of its own picture; shape (n,)."""
    _, group = np.unique(np.stack([column, picture]), axis=1, return_inverse=True)
    crowded = np.flatnonzero(np.bincount(group)[group] > 1)  # beside others of the same character, as in a comic
    _, which = np.unique(group[crowded], return_inverse=True)
    together = _sums(embeddings[crowded], centre, which, len(crowded))
    own = np.empty(len(embeddings), np.float32)
    for start in range(0, len(embeddings), _ROWS):
        rows = slice(start, start + _ROWS)
        mine: Floats = embeddings[rows] - centre
        here = (crowded >= start) & (crowded < start + _ROWS)
        left_out = mine.copy()
        left_out[crowded[here] - start] = together[which[here]]
        own[rows] = (_unit(mine) * _unit(sums[column[rows]] - left_out)).sum(axis=1)
    return own


def _sums(embeddings: Floats, centre: Floats, group: Ints, groups: int) -> Floats:
    """The sum of each group's embeddings, as seen from the centre; shape (groups, dimensions)."""
    sums = np.zeros((groups, embeddings.shape[1]), np.float32)
    for start in range(0, len(embeddings), _ROWS):
        rows = slice(start, start + _ROWS)
        np.add.at(sums, group[rows], embeddings[rows] - centre)
    return sums


def _unit(rows: Floats) -> Floats:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)

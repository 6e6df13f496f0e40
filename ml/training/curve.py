"""The learning curve: what more pictures of a character would bring, measured on those of whom there are many."""

from dataclasses import dataclass

import numpy as np

from ml.arrays import Floats
from ml.naming.examples import Examples

STEPS = ((1, 3), (3, 10), (10, 30), (30, 100))
_DRAWS = 5
_MOST_FACES = 2000  # more would take minutes for large guilds, and tell nothing new


@dataclass(frozen=True, slots=True)
class Step:
    """How often the likeliest name was right, before and after characters had more examples.

    Attributes
    ----------
    few, many
        Examples of each character.
    before, after
        Share of the held-out faces, 0..1; the mean over draws of examples. No threshold: somebody had to be named.
    faces, characters
        What it was measured on: held-out faces of the characters that have at least `many` examples.
    """

    few: int
    many: int
    before: float
    after: float
    faces: int
    characters: int


def learning_curve(learned: Examples, held_out: Examples) -> tuple[Step, ...]:
    """Measure each step of `STEPS` for which at least two characters have the examples and a held-out face.

    Both ends of a step are measured on the same faces, by the nearest class mean (cosine): a stand-in for the
    trained head, which would have to be trained for each draw.
    """
    rng = np.random.default_rng(0)
    rows = _rows(learned.names)
    names = sorted(rows)
    column = {name: i for i, name in enumerate(names)}
    found: list[Step] = []
    for few, many in STEPS:
        rich = {name for name in set(held_out.names) if len(rows.get(name, ())) >= many}
        if len(rich) < 2:
            continue
        faces = np.flatnonzero([name in rich for name in held_out.names])
        faces = rng.permutation(faces)[:_MOST_FACES]
        truth = np.array([column[held_out.names[int(face)]] for face in faces], np.intp)
        shares: dict[int, list[float]] = {few: [], many: []}
        for _ in range(_DRAWS):
            for count in (few, many):
                drawn = [rng.permutation(rows[name])[:count].tolist() if name in rich else rows[name] for name in names]
                likeliest = (held_out.embeddings[faces] @ _means(learned.embeddings, drawn).T).argmax(axis=1)
                shares[count].append(float((likeliest == truth).mean()))
        before, after = float(np.mean(shares[few])), float(np.mean(shares[many]))
        found.append(Step(few, many, before, after, len(faces), len(rich)))
    return tuple(found)


def _rows(names: tuple[str, ...]) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = {}
    for row, name in enumerate(names):
        rows.setdefault(name, []).append(row)
    return rows


def _means(embeddings: Floats, rows: list[list[int]]) -> Floats:
    means = np.stack([embeddings[mine].mean(axis=0) for mine in rows])
    return means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12)

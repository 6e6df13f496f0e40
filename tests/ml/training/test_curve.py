"""The learning curve: more examples are promised to help only where that was measured."""

import numpy as np

from ml.naming.examples import Examples
from ml.training.curve import learning_curve


def faces(counts: dict[str, int], *, noise: float, seed: int) -> Examples:
    """Embeddings that scatter round the same centre for each name, whatever the seed."""
    draw = np.random.default_rng(seed)
    rows: list[np.ndarray] = []
    names: list[str] = []
    for name, count in counts.items():
        centre = np.random.default_rng(sum(map(ord, name))).normal(0, 1, 32)
        rows.extend(centre + noise * draw.normal(0, 1, 32) for _ in range(count))
        names += [name] * count
    embeddings = np.array(rows, np.float32)
    embeddings /= np.linalg.norm(embeddings, axis=1, keepdims=True)
    return Examples(embeddings, tuple(names), tuple(map(str, range(len(names)))))


MANY = {f"girl {chr(65 + i)}": 40 for i in range(8)}


def test_noisy_faces_are_named_better_from_more_examples() -> None:
    curve = learning_curve(faces(MANY, noise=2.0, seed=1), faces(dict.fromkeys(MANY, 20), noise=2.0, seed=2))
    assert [(step.few, step.many) for step in curve] == [(1, 3), (3, 10), (10, 30)]
    assert all(step.after > step.before for step in curve)
    assert all((step.faces, step.characters) == (160, 8) for step in curve)


def test_a_step_is_measured_on_those_who_have_the_examples_alone() -> None:
    few = MANY | {f"boy {chr(65 + i)}": 5 for i in range(4)}
    curve = learning_curve(faces(few, noise=2.0, seed=1), faces(dict.fromkeys(few, 2), noise=2.0, seed=2))
    assert [step.characters for step in curve] == [12, 8, 8]


def test_nothing_is_promised_where_nothing_can_be_measured() -> None:
    lonely = faces({"Riko": 50, "Maki": 2}, noise=1.0, seed=1)
    assert learning_curve(lonely, faces({"Riko": 5}, noise=1.0, seed=2)) == ()
    assert learning_curve(lonely, lonely.where(np.zeros(52, bool))) == ()

"""How sure to be: what makes a name surer, what makes it doubtful, and whose."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.arrays import Floats
from ml.naming.backbones import SHIPPED
from ml.naming.classifier import Classifier
from ml.naming.embedder import fingerprint
from ml.naming.examples import Examples
from ml.training import heads
from ml.training.background import Background
from ml.training.calibration import FEATURES, Evidence, classifier

DIMENSIONS = 512
BACKGROUND = Background.load(SHIPPED.background, embedder=fingerprint(SHIPPED.embedder))


def directions(count: int, *, seed: int) -> Floats:
    """Characters, far from one another."""
    drawn = np.random.default_rng(seed).normal(size=(count, DIMENSIONS))
    return (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)


def faces(character: Floats, count: int, *, seed: int) -> Floats:
    """Faces of a character, as like one another as drawings by several hands are."""
    apart = directions(count, seed=seed)
    drawn = np.sqrt(0.5) * character + np.sqrt(0.5) * apart
    return (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)


def taught(characters: Floats, pictures: int) -> Classifier:
    """A classifier that knows these characters from so many pictures each, by their means alone."""
    learned = np.concatenate([faces(each, pictures, seed=i) for i, each in enumerate(characters)])
    labels = np.repeat(np.arange(len(characters)), pictures)
    names = tuple(f"{label:03}" for label in labels)
    examples = Examples(learned, names, tuple(str(i) for i in range(len(names))))
    shown = np.concatenate([learned, BACKGROUND.crowd])
    columns = np.concatenate([labels, np.full(len(BACKGROUND.crowd), len(characters))])
    means = heads.class_means(shown, columns, np.ones((1, len(shown)), bool))
    return classifier(examples, means, BACKGROUND.crowd, BACKGROUND.evidence)


def confidence(model: Classifier, character: int, posted: Floats) -> float:
    return float(model.probabilities(posted)[:, character].astype(np.float64).mean())


def doubt(model: Classifier, character: int, posted: Floats) -> float:
    return 1 - confidence(model, character, posted)


def test_more_examples_never_make_it_shyer() -> None:
    characters = directions(8, seed=1)
    posted = faces(characters[0], 50, seed=99)
    sure = [confidence(taught(characters, pictures), 0, posted) for pictures in (1, 2, 4, 8, 16, 32, 60, 100)]
    assert all(later >= before - 0.005 for before, later in pairwise(sure)), sure
    assert sure[-1] > 0.95


def test_a_twin_makes_the_twins_doubtful_and_nobody_else() -> None:
    characters = directions(8, seed=1)
    twin = faces(characters[:1], 1, seed=5)  # as like the first as her own pictures are
    before, after = taught(characters, 10), taught(np.concatenate([characters, twin]), 10)
    of_the_first, of_another = (faces(characters[i], 50, seed=99) for i in (0, 1))
    assert doubt(after, 0, of_the_first) > 20 * doubt(before, 0, of_the_first)
    assert doubt(after, 1, of_another) < 2 * doubt(before, 1, of_another)


def test_strangers_are_not_named() -> None:
    model = taught(directions(8, seed=1), 10)
    strangers = np.concatenate([BACKGROUND.gate, directions(100, seed=7)])
    named = [model.decide(each) for each in model.candidates(strangers)]
    assert sum(name is not None for name in named) <= 0.01 * len(named)


def test_what_was_learned_with_one_embedder_is_read_on_anothers_scale() -> None:
    crowd = directions(60, seed=3)
    evidence = BACKGROUND.evidence.for_another(crowd)
    mean, spread = evidence.alike
    assert (mean, spread) == pytest.approx((0, DIMENSIONS**-0.5), abs=0.01)
    scale = BACKGROUND.evidence.alike[1] / spread
    shift = BACKGROUND.evidence.alike[0] - scale * mean
    here = dict(zip(FEATURES, np.random.default_rng(0).random(len(FEATURES)).tolist(), strict=True)) | {"constant": 1.0}
    there = here | {name: scale * here[name] + shift for name in ("similarity", "strangers", "own", "twin")}

    def added_up(learned: Evidence, features: dict[str, float]) -> float:
        return sum(learned.weights[name] * features[name] for name in FEATURES)

    assert added_up(evidence, here) == pytest.approx(added_up(BACKGROUND.evidence, there))
    assert scale * evidence.own + shift == pytest.approx(BACKGROUND.evidence.own)


@given(st.integers(1, 4), st.integers(1, 3))
def test_any_number_of_characters_and_pictures_can_be_learned(count: int, pictures: int) -> None:
    model = taught(directions(count, seed=2), pictures)
    assert np.isfinite(model.probabilities(directions(5, seed=4))).all()


def test_a_classifier_is_read_as_it_was_written_and_an_older_one_not_at_all(tmp_path: Path) -> None:
    model = taught(directions(3, seed=2), 4)
    model.save(tmp_path / "classifier.npz")
    read = Classifier.load(tmp_path / "classifier.npz")
    assert read is not None
    posted = directions(5, seed=4)
    np.testing.assert_allclose(read.probabilities(posted), model.probabilities(posted), atol=1e-3)
    np.savez(
        tmp_path / "older.npz",
        names=np.array('["Riko"]'),
        weights=np.zeros((4, 2), np.float32),
        bias=np.zeros(2, np.float32),
        calibration=np.array([1.0, 1.0, 0.0, 0.5]),
    )
    assert Classifier.load(tmp_path / "older.npz") is None

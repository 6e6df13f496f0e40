"""How a model's answers are counted: shares, calibration, and who is taken for whom."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml import Candidate
from ml.measuring.judged import Judged, evaluate
from ml.measuring.reliability import calibration_error, reliability
from ml.measuring.scores import Comparison, Score, measure
from ml.naming.classifier import Calibration, Classifier
from ml.naming.examples import Examples

ANSWERS = st.lists(
    st.tuples(st.floats(0, 1), st.booleans(), st.booleans()).map(lambda each: (each[0], each[1] and each[2], each[2])),
    min_size=1,
    max_size=60,
)


def judged(
    truth: str | None, likeliest: str, *, said: bool = True, known: bool = True, confidence: float = 0.9
) -> Judged:
    candidates = (Candidate(likeliest, confidence),)
    return Judged(truth, known and truth is not None, likeliest if said else None, confidence, candidates)


@given(st.integers(1, 500), st.floats(0, 1))
def test_a_wilson_interval_holds_its_share_and_both_roots_of_its_equation(total: int, share: float) -> None:
    score = Score(round(share * total), total)
    low, high = score.interval
    assert score.rate is not None
    assert 0 <= low <= score.rate + 1e-12
    assert score.rate - 1e-12 <= high <= 1
    for bound in (low, high):  # where the share is exactly 1.96 standard errors away (Wilson 1927)
        squares = 1.96**2 * bound * (1 - bound) / total
        assert (score.rate - bound) ** 2 == pytest.approx(squares, abs=1e-12)


@given(ANSWERS)
def test_the_calibration_error_is_a_share_and_no_less_than_the_whole_gap(
    answers: list[tuple[float, bool, bool]],
) -> None:
    confidence, right, known = (np.array(column) for column in zip(*answers, strict=True))
    found = reliability(confidence.astype(float), right.astype(bool), known.astype(bool))
    assert abs(confidence.mean() - right.mean()) - 1e-9 <= found.error <= 1
    assert sum(each.right.total for each in found.bins) == found.faces == len(answers)
    assert sum(each.right.right for each in found.bins) == right.sum()
    assert sum(each.known for each in found.bins) == known.sum()
    assert (found.error_alike is None) == (known.all() or not known.any())
    by_hand = sum(
        each.right.total / len(answers) * abs(each.confidence - each.right.right / each.right.total)
        for each in found.bins
        if each.confidence is not None
    )
    assert found.error == pytest.approx(by_hand)


def test_a_calibrated_model_shows_no_more_error_than_chance_makes() -> None:
    draw = np.random.default_rng(5)
    confidence = draw.random(400)
    right = draw.random(400) < confidence
    honest = reliability(confidence, right, np.ones(400, bool))
    boastful = reliability(np.sqrt(confidence), right, np.ones(400, bool))
    assert honest.error <= honest.by_chance < boastful.error


def test_what_counts_more_moves_the_calibration_error_more() -> None:
    confidence, right = np.array([0.95, 0.05]), np.array([True, True])
    assert calibration_error(confidence, right) == pytest.approx(0.5)
    assert calibration_error(confidence, right, weight=np.array([3.0, 1.0])) == pytest.approx(0.275)


def test_naming_and_rejecting_are_counted_apart() -> None:
    found = evaluate(
        [
            judged("Riko", "Riko"),
            judged("Riko", "Riko", said=False, confidence=0.4),
            judged("Riko", "Maki"),
            judged("Maki", "Riko", said=False, confidence=0.3),
            judged(None, "Maki"),
            judged(None, "Riko", said=False, confidence=0.1),
            judged("Yoshiko", "Riko", known=False),
            judged("Yoshiko", "Riko", known=False, said=False, confidence=0.2),
        ]
    )
    assert found.likeliest == Score(2, 4)
    assert found.named == Score(1, 4)
    assert found.rejected == found.accepted == Score(1, 2)
    assert [(each.name, each.named, each.unnamed) for each in found.characters] == [
        ("Maki", Score(0, 1), Score(1, 1)),
        ("Riko", Score(1, 3), Score(1, 3)),
    ]
    (unknown,) = found.unknown_characters
    assert (unknown.name, unknown.unnamed) == ("Yoshiko", Score(1, 2))
    assert found.reliability.faces == 6


def test_the_confusion_matrix_has_a_row_for_everyone_who_was_shown() -> None:
    found = evaluate(
        [judged("Riko", "Maki"), judged("Yoshiko", "Riko", known=False, said=False), judged(None, "Hanamaru")]
    ).confusion
    assert found.rows == ("Riko", "Yoshiko", None)
    assert found.columns == ("Riko", "Hanamaru", "Maki", None)
    assert found.counts == ((0, 0, 1, 0), (0, 0, 0, 1), (0, 1, 0, 0))


def test_the_most_frequent_mistake_comes_first_and_its_surest_face_too() -> None:
    found = evaluate(
        [
            judged("Maki", "Maki"),
            judged("Riko", "Maki", confidence=0.5, said=False),
            judged("Riko", "Maki", confidence=0.8),
            judged(None, "Riko"),
            judged(None, "Riko", said=False),  # a stranger left unnamed is no mistake
            judged("Maki", "Maki", said=False),
        ]
    ).mistaken
    assert [(each.truth, each.taken_for, len(each.faces), each.said) for each in found] == [
        ("Riko", "Maki", 2, 1),
        (None, "Riko", 1, 1),
    ]
    assert found[0].faces == (2, 1)


def compared(before: list[bool], after: list[bool]) -> Comparison:
    return Comparison.of(np.array(before, bool), np.array(after, bool))


PAIRS = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=80)


@given(PAIRS)
def test_a_change_lies_in_its_interval_and_turned_round_is_its_mirror_image(pairs: list[tuple[bool, bool]]) -> None:
    there = compared([a for a, _ in pairs], [b for _, b in pairs])
    back = compared([b for _, b in pairs], [a for a, _ in pairs])
    low, high = there.interval
    change = (there.after.right - there.before.right) / len(pairs)
    assert -1 <= low <= change + 1e-9 <= high + 2e-9 <= 1 + 2e-9
    assert back.interval == pytest.approx((-high, -low))
    assert there.after.right - there.before.right == there.gained - there.lost


def test_the_interval_of_a_change_is_newcombes() -> None:
    # Newcombe 1998, table III: of 50 pairs 36 right twice, 12 only the first time, 2 only the second, none never.
    found = compared([True] * 36 + [True] * 12 + [False] * 2, [True] * 36 + [False] * 12 + [True] * 2)
    low, high = found.interval
    assert -high == pytest.approx(0.0569, abs=2e-3)
    assert -low == pytest.approx(0.3404, abs=2e-3)


@pytest.mark.parametrize(("lost", "gained", "chance"), [(0, 0, 1.0), (1, 0, 0.5), (5, 0, 1 / 32), (2, 2, 11 / 16)])
def test_a_loss_is_as_likely_as_so_many_heads_of_a_coin(lost: int, gained: int, chance: float) -> None:
    found = compared([True] * lost + [False] * gained, [False] * lost + [True] * gained)
    assert found.chance == pytest.approx(chance)


def test_intervals_of_changes_keep_their_promise() -> None:
    draw = np.random.default_rng(3)
    held = 0
    for _ in range(2000):
        before = draw.random(40) < 0.8
        after = np.where(draw.random(40) < 0.25, draw.random(40) < 0.9, before)  # a true change of 0.25 * 0.1
        low, high = Comparison.of(before, after).interval
        held += low <= 0.025 <= high
    assert held / 2000 > 0.93


def test_a_face_is_a_stranger_where_its_own_name_is_struck_out() -> None:
    #                    Riko, Maki
    weights = np.array([[9.0, 4.0], [0.0, 9.0]], np.float32)
    nobody = np.empty((0, 2), np.float32)
    model = Classifier(("Riko", "Maki"), weights, np.full(2, -3, np.float32), nobody, Calibration(1.0, 0.5))
    held_out = Examples(np.eye(2, dtype=np.float32), ("Riko", "Maki"), ("a", "b"))
    found = measure(model, held_out, np.zeros((1, 2), np.float32))
    assert found.said == ("Riko", "Maki")
    assert found.named_right.all()
    assert found.spared.tolist() == [False, True]  # Riko without her name is taken for Maki
    assert found.rejected.all()


def test_nobody_is_named_by_no_model() -> None:
    held_out = Examples(np.eye(2, dtype=np.float32), ("Riko", "Maki"), ("a", "b"))
    found = measure(None, held_out, np.zeros((3, 2), np.float32))
    assert not found.named_right.any()
    assert found.spared.all()
    assert found.rejected.tolist() == [True] * 3


def test_of_many_faces_and_characters_each_is_measured_as_it_would_be_alone() -> None:
    dice = np.random.default_rng(3)
    names = tuple(f"character {i}" for i in range(40))
    faces = dice.normal(size=(2500, 16)).astype(np.float32)
    faces /= np.linalg.norm(faces, axis=1, keepdims=True)
    weights = dice.normal(size=(16, len(names))).astype(np.float32) * 4
    model = Classifier(names, weights, np.full(len(names), -3, np.float32), faces[:0], Calibration(1.0, 0.5))
    held_out = Examples(faces, tuple(names[i % 50 % len(names)] for i in range(len(faces))), ("",) * len(faces))
    measured = measure(model, held_out, faces[:0])
    sure = model.probabilities(faces)
    for row, candidates in zip(sure, measured.candidates, strict=True):
        assert [each.name for each in candidates] == [names[i] for i in np.argsort(-row)[:5]]
        assert [each.confidence for each in candidates] == pytest.approx(sorted(row, reverse=True)[:5], abs=1e-6)
    for face in (0, 1023, 1024, 2499):
        alone = measure(model, held_out.where(np.arange(len(faces)) == face), faces[:0])
        assert (alone.named_right[0], alone.spared[0]) == (measured.named_right[face], measured.spared[face])

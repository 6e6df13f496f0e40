"""What a review asks, and in which order."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.arrays import Floats
from ml.naming.classifier import Candidate
from ml.reviewing.asking import FEWEST, MOST, Question, Waiting, certainty, lookalikes, questions, worth_keeping

RIKO, MAKI = Candidate("Riko", 0.5), Candidate("Maki", 0.45)
SURE = (Candidate("Riko", 0.95), Candidate("Maki", 0.02))
STRANGER: tuple[Candidate, ...] = (Candidate("Riko", 0.03),)


def around(*centres: int, spread: float = 0.3, seed: int = 0) -> Floats:
    """A face near each of these characters' directions; those of one character look alike."""
    rng = np.random.default_rng(seed)
    directions = np.eye(64, dtype=np.float32)[list(centres)]
    rows = directions + rng.normal(0, spread / 8, (len(centres), 64))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def waiting(*centres: int, **about: object) -> list[Waiting]:
    """Faces that look like these characters, their ids from 1."""
    rows = around(*centres).astype("<f2")
    return [Waiting(face, row.tobytes(), "e", None, **about) for face, row in enumerate(rows, start=1)]  # pyright: ignore[reportArgumentType]  whatever the test says of them


def ask(faces: Sequence[Waiting], *said: tuple[Candidate, ...], known: Sequence[str] = ()) -> list[Question]:
    """What is asked of faces of which the model says this; of all but the first, what it says of the last."""
    return questions(faces, [said[min(place, len(said) - 1)] for place in range(len(faces))], known=known)


def test_strangers_who_look_alike_are_asked_together_the_largest_group_first() -> None:
    found = ask(waiting(0, 1, 0, 1, 2, 1, 0, 1), STRANGER)
    assert [(each.why, sorted(each.faces)) for each in found] == [
        ("strangers", [2, 4, 6, 8]),
        ("strangers", [1, 3, 7]),
        ("alone", [5]),
    ]


def test_a_group_that_the_model_wavers_about_is_asked_with_its_mean() -> None:
    (asked,) = ask(waiting(0, 0, 0), (RIKO, MAKI))
    assert asked.why == "alike"
    assert [(each.name, pytest.approx(each.confidence)) for each in asked.candidates] == [("Riko", 0.5), ("Maki", 0.45)]


def test_no_more_are_asked_at_once_than_can_be_numbered() -> None:
    (asked,) = ask(waiting(*[0] * 20), STRANGER)
    assert len(asked.faces) == MOST


def test_groups_come_first_then_disputes_then_what_is_least_sure() -> None:
    said: list[tuple[Candidate, ...]] = [
        (Candidate("Riko", 0.7),),
        SURE,
        *[STRANGER] * 3,
        (RIKO, MAKI),
    ]
    faces = waiting(0, 1, 2, 2, 2, 3)
    faces[1] = waiting(0, 1, disputed=True)[1]
    asked = questions(faces, said)
    assert [(each.why, each.faces) for each in asked[1:]] == [("disputed", (2,)), ("unsure", (6,)), ("unsure", (1,))]
    assert asked[0].why == "strangers"


def test_who_is_known_by_now_is_not_asked() -> None:
    assert ask(waiting(0, 0, 0), SURE) == []


def test_strangers_like_no_other_are_asked_last() -> None:
    asked = ask(waiting(0, 1, 2), STRANGER, (RIKO, MAKI), STRANGER)
    assert [(each.why, each.faces) for each in asked] == [("unsure", (2,)), ("alone", (1,)), ("alone", (3,))]


def test_faces_set_apart_are_asked_alone() -> None:
    assert [(each.why, each.faces) for each in ask(waiting(0, 0, 0, apart=True), STRANGER)] == [
        ("stranger", (1,)),
        ("stranger", (2,)),
        ("stranger", (3,)),
    ]


def test_refused_names_are_no_candidates() -> None:
    (asked,) = ask(waiting(0, refused=frozenset({"Riko"})), (RIKO, MAKI))
    assert asked.candidates == (MAKI,)


def test_what_was_skipped_comes_last() -> None:
    faces = [*waiting(0, 0, 0, skipped=True), *waiting(1, 1, 1, 1, 1)[3:]]
    asked = ask(faces, STRANGER, STRANGER, STRANGER, (RIKO, MAKI))
    assert [each.why for each in asked] == ["unsure", "unsure", "strangers"]


def test_the_same_picture_again_is_asked_once_and_not_at_all_if_it_is_known() -> None:
    look, other = "0" * 128, "f" * 128
    faces = [Waiting(each.face, each.embedding, "e", look if each.face < 3 else other) for each in waiting(0, 1, 2)]
    assert [each.faces for each in ask(faces, (RIKO, MAKI))] == [(1,), (3,)]
    assert [each.faces for each in ask(faces, (RIKO, MAKI), known=[look])] == [(3,)]


@pytest.mark.parametrize(
    ("said", "sure", "keep"),
    [
        ((), 1.0, True),
        (SURE, 0.92, False),
        (STRANGER, 0.94, True),
        ((RIKO, MAKI), 0.05, True),
        ((Candidate("Riko", 0.5),), 0.0, True),
        ((Candidate("Riko", 0.8),), 0.6, False),
    ],
)
def test_how_sure_the_model_is(said: tuple[Candidate, ...], sure: float, keep: bool) -> None:
    assert certainty(said) == pytest.approx(sure)
    assert worth_keeping(said) is keep


@given(st.lists(st.integers(0, 5), max_size=30), st.floats(0.05, 4.0), st.integers(0, 2**32 - 1))
def test_whatever_the_faces_each_is_in_one_group_at_most_and_groups_hold_together(
    centres: list[int], spread: float, seed: int
) -> None:
    faces = around(*centres, spread=spread, seed=seed)
    groups = lookalikes(faces)
    rows = [row for group in groups for row in group]
    assert len(rows) == len(set(rows))
    assert [len(group) for group in groups] == sorted((len(group) for group in groups), reverse=True)
    for group in groups:
        assert len(group) >= FEWEST
        alike = faces[group] @ faces[group].T
        assert (alike.sum() - len(group)) / (len(group) * (len(group) - 1)) >= 0.45 - 1e-4
        means = [float(alike[place].mean()) for place in range(len(group))]
        assert means == pytest.approx(sorted(means, reverse=True), abs=1e-5)


_candidates = st.lists(st.tuples(st.sampled_from("abcdefg"), st.floats(0, 0.14)), max_size=5, unique_by=lambda c: c[0])


@given(st.lists(st.tuples(_candidates, st.booleans(), st.booleans(), st.booleans(), st.integers(0, 3)), max_size=15))
def test_whatever_is_said_no_face_is_asked_twice_and_groups_are_of_three_to_nine(
    said: list[tuple[list[tuple[str, float]], bool, bool, bool, int]],
) -> None:
    rows = around(*[each[4] for each in said]).astype("<f2")
    faces = [
        Waiting(face, row.tobytes(), "e", None, frozenset("a"), disputed=each[1], apart=each[2], skipped=each[3])
        for face, (row, each) in enumerate(zip(rows, said, strict=True))
    ]
    asked = questions(faces, [tuple(Candidate(*c) for c in sorted(each[0], key=lambda c: -c[1])) for each in said])
    ids = [face for question in asked for face in question.faces]
    assert len(ids) == len(set(ids))
    for question in asked:
        assert len(question.faces) in (
            {1} if question.why in {"disputed", "unsure", "stranger", "alone"} else range(3, 10)
        )
        assert "a" not in [candidate.name for candidate in question.candidates]
    assert {face.face for face in faces if face.disputed or face.apart} <= set(ids)

"""What a trusted example changes before the next retraining, and what it may not change."""

import numpy as np

from ml.arrays import Floats
from ml.naming.classifier import Classifier
from ml.naming.learned import Learned
from ml.training.at_once import Lesson, learn
from tests.ml.training.test_calibration import BACKGROUND, directions, faces, taught

SERVER = directions(6, seed=1)  # of these the version knows the first five, as "000" to "004"
VERSION = taught(SERVER[:5], 5)
TAUGHT = {f"{i:03}": range(5 * i, 5 * i + 5) for i in range(5)}


def named(face: int, name: str, embedding: Floats, *, held_out: bool = False, trusted: bool = True) -> Lesson:
    return Lesson(face, name, str(face), embedding.astype("<f2").tobytes(), "", held_out, trusted)


def known() -> list[Lesson]:
    """What the version was made from, and four held-out faces of each."""
    learned = [
        named(5 * i + j, f"{i:03}", face)
        for i, character in enumerate(SERVER[:5])
        for j, face in enumerate(faces(character, 5, seed=i))
    ]
    held_out = [
        named(100 + 4 * i + j, f"{i:03}", face, held_out=True)
        for i, character in enumerate(SERVER[:5])
        for j, face in enumerate(faces(character, 4, seed=50 + i))
    ]
    return learned + held_out


def since(lessons: list[Lesson], *, version: Classifier | None = VERSION) -> Learned | None:
    return learn(version, {} if version is None else TAUGHT, lessons, BACKGROUND, called=str)


def said(learned: Learned | None, face: Floats, *, version: Classifier | None = VERSION) -> str | None:
    joined = version if learned is None else learned.joined(version)
    return None if joined is None else joined.decide(joined.candidates(face[None])[0])


def test_with_the_examples_of_the_version_there_is_nothing_to_add() -> None:
    assert since(known()) is None


def test_somebody_new_is_named_and_the_rest_stays_as_it_was() -> None:
    one, other = faces(SERVER[5], 2, seed=60)
    learned = since([*known(), named(200, "Fuyuha", one)])
    assert learned is not None
    assert (learned.names, learned.pictures, learned.without) == (("Fuyuha",), {"Fuyuha": 1}, frozenset())
    assert (said(None, other), said(learned, other)) == (None, "Fuyuha")
    for i, character in enumerate(SERVER[:5]):
        assert said(learned, faces(character, 1, seed=70 + i)[0]) == f"{i:03}"


def test_who_has_no_example_left_is_nobody_and_who_lost_one_is_made_of_the_others() -> None:
    learned = since([each for each in known() if each.name != "000" or each.held_out])
    assert learned is not None
    assert said(learned, faces(SERVER[0], 1, seed=70)[0]) is None
    fewer = [each for each in known() if each.face != 0]
    learned = since(fewer)
    assert learned is not None
    assert (learned.names, learned.without) == (("000",), frozenset({"000"}))
    assert said(learned, faces(SERVER[0], 1, seed=70)[0]) == "000"
    other = named(0, "000", faces(SERVER[3], 1, seed=71)[0])  # what the lost one was like is of no consequence
    before = VERSION.names.index("000")
    assert not np.allclose(learned.weights[:, 0], VERSION.weights[:, before])
    again = since([*fewer, other])
    assert again is None  # the face is the one that the version was made from, whoever it shows


def test_lies_about_those_who_are_known_do_not_pass_the_gate_and_truths_beside_them_do() -> None:
    lies = [
        named(300 + 8 * i + j, f"{(i + 1) % 5:03}", face, trusted=False)
        for i, character in enumerate(SERVER[:5])
        for j, face in enumerate(faces(character, 8, seed=80 + i))
    ]
    one, other = faces(SERVER[5], 2, seed=60)
    learned = since([*known(), *lies, named(200, "Fuyuha", one)])
    assert said(learned, other) == "Fuyuha"
    for i in range(5):
        assert [said(learned, face) for face in faces(SERVER[i], 10, seed=90 + i)].count(f"{i:03}") >= 9


def test_where_there_is_no_version_the_examples_alone_tell() -> None:
    learned = since(known(), version=None)
    assert learned is not None
    assert set(learned.pictures.values()) == {5}
    assert said(learned, faces(SERVER[2], 1, seed=70)[0], version=None) == "002"

"""Faces under a wrong name stand out from their character's others."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.naming.examples import Examples
from ml.training.suspects import ENOUGH, Suspect, suspects


def faces(*names: str, pictures: list[str] | None = None, seed: int = 0) -> tuple[Examples, dict[str, np.ndarray]]:
    """Faces as an embedder sees them, non-negative: each character about a place of its own."""
    random = np.random.default_rng(seed)
    places = {name: random.random(64) for name in sorted(set(names))}
    rows = [np.abs(places[name] + 0.3 * random.standard_normal(64)) for name in names]
    embeddings = np.array([row / np.linalg.norm(row) for row in rows], np.float32)
    return Examples(embeddings, names, tuple(pictures or [f"picture {n}" for n in range(len(names))])), places


def renamed(examples: Examples, **to: str) -> Examples:
    """The same faces, of which some (`_3="Maki"`) are said to be others."""
    names = list(examples.names)
    for face, name in to.items():
        names[int(face[1:])] = name
    return Examples(examples.embeddings, tuple(names), examples.pictures)


def test_faces_under_their_own_names_look_right() -> None:
    examples, _ = faces(*["Riko"] * 8, *["Maki"] * 8, *["Aoi"] * 8)
    assert suspects(examples, range(24)) == ()


def test_a_misnamed_face_is_found_with_the_name_that_it_looks_like() -> None:
    examples, _ = faces(*["Riko"] * 8, *["Maki"] * 8, *["Aoi"] * 8)
    found = suspects(renamed(examples, _3="Maki", _20="Riko"), range(100, 124))
    assert set(found) == {Suspect(103, "Maki", "Riko"), Suspect(120, "Riko", "Aoi")}


def test_a_character_with_few_pictures_is_not_judged() -> None:
    names = ["Riko"] * 8 + ["Maki"] * 8 + ["Riko"] * ENOUGH
    examples, _ = faces(*names)
    few = {f"_{n}": "Riko's sister" for n in range(16, 16 + ENOUGH)}
    assert suspects(renamed(examples, **few), range(len(names))) == ()


def test_faces_of_one_picture_do_not_speak_for_one_another() -> None:
    # Four panels of a page show Riko, and all are called Maki: by themselves they would look like a part of Maki.
    names = ["Riko"] * 10 + ["Maki"] * 10
    pictures = ["a page"] * 4 + [f"picture {n}" for n in range(16)]
    examples, _ = faces(*names, pictures=pictures)
    found = suspects(renamed(examples, _0="Maki", _1="Maki", _2="Maki", _3="Maki"), range(20))
    assert {each.face for each in found} == {0, 1, 2, 3}
    assert {each.looks_like for each in found} == {"Riko"}


@given(st.lists(st.sampled_from("ABC"), max_size=12), st.integers(0, 3))
@settings(deadline=None)
def test_whatever_there_is_to_learn_from_is_looked_at(names: list[str], pictures: int) -> None:
    if not names:
        return
    examples, _ = faces(*names, pictures=[f"picture {n % (pictures + 1)}" for n in range(len(names))])
    for each in suspects(examples, range(len(names))):
        assert each.name == names[each.face] != each.looks_like

"""The detector of 2009: works with every Pillow where it is installed, and says so where it does not."""

import sys
from importlib.util import find_spec

import numpy as np
import pytest

from ml.cascades import ANIMEFACE, OWN, resolve
from ml.faces import animeface
from ml.faces.animeface import Animeface, AnimefaceUnusable
from ml.faces.detector import Detector, overlap
from ml.painting import CAST, paint

installed = pytest.mark.skipif(find_spec("animeface") is None, reason="the extra animeface is not installed")


@installed
@pytest.mark.parametrize("side", [400, 1500])
def test_it_finds_a_painted_face_where_it_is(side: int) -> None:
    painting = paint(CAST[0], seed=2, size=(side, side))
    (face,) = Detector(resolve([ANIMEFACE])).detect(painting.picture)
    assert overlap(face.box, painting.heads[0]) > 0.3
    assert 0.5 < face.score <= 1


@installed
def test_it_agrees_with_a_cascade_on_one_face() -> None:
    painting = paint(CAST[0], seed=2, size=(400, 400))
    assert len(Detector(resolve([OWN, ANIMEFACE])).detect(painting.picture)) == 1


@installed
@pytest.mark.parametrize("shape", [(1, 1), (42, 900), (3, 2000), (43, 43)])
def test_a_picture_of_odd_size_is_simply_without_faces(shape: tuple[int, int]) -> None:
    assert Animeface().open().detect(np.full((*shape, 3), 200, np.uint8)) == []


@installed
def test_a_part_of_a_picture_is_read_as_it_is_seen() -> None:
    wide = paint([CAST[0], CAST[1]], seed=1, size=(800, 400)).picture
    part = wide[:, :400]  # its rows do not follow each other in memory
    detector = Animeface().open()
    assert detector.detect(part) == detector.detect(np.ascontiguousarray(part))


def test_where_it_finds_not_even_a_painted_face_it_refuses_to_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def blind(image: object) -> list[object]:
        return []

    monkeypatch.setattr(animeface, "_extension", lambda: blind)
    with pytest.raises(AnimefaceUnusable, match="not even a painted face"):
        Detector(resolve([ANIMEFACE]))


def test_where_it_is_not_installed_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "animeface", None)
    monkeypatch.delitem(sys.modules, "animeface._nvxs", raising=False)
    with pytest.raises(AnimefaceUnusable, match=r"pip install 'koredare\[animeface\]'"):
        Detector(resolve([ANIMEFACE]))

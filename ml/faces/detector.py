"""Faces in a picture: finders propose, a judge decides, and what is said of the same face is made one."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import cv2
import numpy as np

from ml.faces.face import Face, merge, same
from ml.faces.finders import FinderSource, Judge, Proposer
from ml.faces.looks import TURNS, UPRIGHT, Look, Views, looks, shows_many
from ml.pictures.reading import Grey, Picture

_FACE: Final = 0.4  # from here on it is a face; docs and figures: cascades/README.md


class Seen(NamedTuple):
    """The faces that were found in a picture, best first, and whether there are more than are looked for."""

    faces: list[Face]
    more: bool


class Detector:
    """Finds faces by one or more finders, and has them judged if there is a judge.

    A detector belongs to one thread of one process: OpenCV's classifiers keep state while they look, and cannot be
    pickled. Make one in each worker, from sources, which can. How many threads OpenCV uses inside it is for the
    caller to set (`cv2.setNumThreads`).

    Parameters
    ----------
    sources
        Where faces come from, at least one; `ml.cascades.resolve` gives them by name.
    judge
        Says which of the finds are faces; `ml.faces.verifier.Verifier` is one. With it, finders propose all that
        they can. The first looks quickly, for large faces. Where none is certain, one is in doubt, or no certain one
        fills the picture, it looks for small ones, and the other finders look too; among three and more, closer still
        and at the picture turned by 30°; while there is doubt, at the picture turned by up to 40°.
    scout
        Proposes faces to the judge after that first quick look, unless a certain one fills the picture; among three and
        more, closer. The closer and turned looks of the finders fall away, and the others look only in doubt.
        `ml.faces.scout.Scout` is one.

    Raises
    ------
    ValueError
        There are no sources.
    FinderError
        A source cannot be opened; the message says how to mend it.

    Examples
    --------
    >>> from ml.cascades import resolve
    >>> from ml.faces.detector import Detector
    >>> from ml.painting import CAST, paint
    >>> detector = Detector(resolve(["koredare_lbp"]))
    >>> [(face.angle, face.score > 0.5) for face in detector.detect(paint(CAST[0], seed=7).picture)]
    [(0.0, True)]
    """

    def __init__(
        self, sources: Sequence[FinderSource], *, judge: Judge | None = None, scout: Proposer | None = None
    ) -> None:
        if not sources:
            raise ValueError("A detector needs at least one cascade.")
        self._finders = [(source.loosened() if judge else source).open() for source in sources]
        self._looks = looks(self._finders, scout)
        self._judge = judge

    def detect(self, picture: Picture) -> list[Face]:
        """Find the faces in a picture, best first.

        Parameters
        ----------
        picture
            RGB, uint8, shape (height, width, 3), upright.

        Returns
        -------
        list of Face
            Boxes lie inside the picture and never overlap by more than 0.3 IoU. Empty if no face is found.
        """
        return self.look(picture).faces

    def look(self, picture: Picture) -> Seen:
        """As `detect`, and whether there are so many that some were not even judged."""
        grey = _grey(picture)
        if self._judge is None:
            return Seen(merge([finder.detect(grey) for finder in self._finders]), more=False)
        views = Views(picture, grey)
        more = False
        judged: list[Face] = []
        faces: list[Face] = []
        for look in self._looks:
            if not look.when(faces, grey.size):
                continue
            known = [face for face in judged if face.score >= _FACE]
            # The judge hardly minds a tilt: what was a face before a turn stays as it was seen.
            found, left_out = look.at(views)
            more |= left_out
            candidates = [face for face in found if not any(same(face.box, other.box) for other in known)]
            judged += self._judge.judge(picture, candidates)
            faces = merge([judged])
        # Patterns too are proposed by the hundred: only where many are certain more are likely.
        more &= shows_many(faces, grey.size)
        return Seen([face for face in faces if face.score >= _FACE], more)

    def propose(self, picture: Picture) -> list[Face]:
        """All candidates of all turns in full detail, unjudged: what a judge learns from."""
        views = Views(picture, _grey(picture))
        return [face for angles in (UPRIGHT, *TURNS) for face in Look(self._finders, angles).at(views)[0]]


def _grey(picture: Picture) -> Grey:
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)

"""The classic finder: a boosted cascade of local binary patterns, run by OpenCV."""

import hashlib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from ml import files
from ml.faces.face import Box, Face
from ml.faces.finders import FinderError
from ml.pictures.reading import Grey

# Pictures below the measured size are enlarged, for the window of a cascade is 24 pixels wide; more than this brings
# blur, not faces (cascades/README.md).
_MOST_ENLARGED: Final = 3.0
# A window that an earlier, quicker look could just see had too few neighbours there: a closer look begins a bit above.
_HARDLY_SEEN: Final = 1.2
_MOST_PIXELS: Final = 1_000_000  # of the grey picture that is looked at: bounds the time that a long strip takes


class CascadeError(FinderError):
    """A cascade cannot be used."""


class CascadeMissing(CascadeError):
    """There is no such file, or no cascade of that name."""


class CascadeAltered(CascadeError):
    """A file is not the one that the catalogue describes."""

    def __init__(self, path: Path, *, expected: str, found: str) -> None:
        super().__init__(
            f"{path} is not the cascade that the catalogue describes (SHA-256 {expected[:12]}… expected, "
            f"{found[:12]}… found). Put the original in its place; `python -m ml.cascades` fetches it."
        )


class CascadeUnreadable(CascadeError):
    """OpenCV cannot make a classifier of the file."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(
            f"{path} is not a cascade that can be read ({why}). "
            "It must be an XML file of OpenCV's `opencv_traincascade`, whole."
        )


@dataclass(frozen=True, slots=True)
class CascadeSettings:
    """How a cascade looks at a picture, as measured for it.

    Attributes
    ----------
    long_side
        Pixels that the longer side is brought to; smaller is faster and blinder. Long strips are kept at half of this
        on their shorter side; small pictures are enlarged 3-fold at most.
    scale_factor
        Step from one size of window to the next, above 1.
    neighbours
        A face needs more agreeing windows than this.
    least_face
        Pixels of the smallest face, in the picture brought to `long_side`.
    half, slope
        A face with n agreeing windows scores n^slope / (n^slope + half^slope): `half` is the number at which half of
        what was found were faces, where it was measured.
    """

    long_side: int = 400
    scale_factor: float = 1.1
    neighbours: int = 3
    least_face: int = 24
    half: float = 5.0
    slope: float = 3.0


@dataclass(frozen=True, slots=True)
class Cascade:
    """A cascade file and how to use it.

    Attributes
    ----------
    name
        As in the catalogue, or the file's own name without `.xml`.
    path
        The file.
    sha256
        Hexadecimal; None: any file will do.
    settings
        As measured for this cascade.
    """

    name: str
    path: Path
    sha256: str | None = None
    settings: CascadeSettings = field(default_factory=CascadeSettings)

    def open(self) -> "CascadeDetector":
        """Make the detector.

        Raises
        ------
        CascadeError
            The file is missing, altered, or not a cascade.
        """
        return CascadeDetector(self)

    def loosened(self) -> "Cascade":
        """The same, where two agreeing windows are enough: for use with a judge."""
        return replace(self, settings=replace(self.settings, neighbours=1))


class CascadeDetector:
    """Finds upright faces by one cascade; one for each thread, and not to be pickled.

    Raises
    ------
    CascadeError
        The file is missing, altered, or not a cascade.
    """

    def __init__(self, cascade: Cascade) -> None:
        self._settings = cascade.settings
        # Parsed from the very bytes that were checked: the file may be replaced at any time.
        self._classifier = _parse(read_cascade(cascade.path, sha256=cascade.sha256), cascade.path)

    def detect(self, picture: Grey, *, detail: float = 1.0, seen: float = 0.0) -> list[Face]:
        """Find the faces in a picture, best first; parameters as of `ml.faces.finders.Finder`.

        Notes
        -----
        Cascade: Liao et al. 2007, as in OpenCV's `detectMultiScale`. Its own level weights tell faces from mistakes
        worse than the number of agreeing windows does (AUROC 0.94 against 0.96), so the score is made of that.
        """
        height, width = picture.shape
        scale = _scale(height, width, self._settings.long_side * detail)
        largest = round(_HARDLY_SEEN * self._settings.least_face * detail / seen) if seen else 0  # 0: any
        faces = [
            Face(_placed(window, scale, height, width), angle=0.0, score=self._score(agreeing))
            for window, agreeing in self._look(_resized(picture, scale), largest)
        ]
        return sorted(faces, key=lambda face: (-face.score, face.box))

    def _look(self, grey: Grey, largest: int) -> list[tuple[npt.NDArray[np.int32], int]]:
        """Windows (x, y, w, h) of up to a size in the picture, and how many agreed on each."""
        least = self._settings.least_face
        if min(grey.shape) < least:
            return []
        windows, agreeing = self._classifier.detectMultiScale2(
            grey,
            scaleFactor=self._settings.scale_factor,
            minNeighbors=self._settings.neighbours,
            minSize=(least, least),
            maxSize=(largest, largest),
        )
        return [(np.asarray(window, np.int32), int(n)) for window, n in zip(windows, agreeing, strict=True)]

    def _score(self, agreeing: int) -> float:
        odds = (agreeing / self._settings.half) ** self._settings.slope
        return odds / (1 + odds)


def read_cascade(path: Path, *, sha256: str | None) -> bytes:
    """Read a cascade file, and make sure that it is the one that is meant.

    Raises
    ------
    CascadeMissing
        The file is not there, or may not be read.
    CascadeAltered
        Its SHA-256 is another one.
    """
    try:
        files.check_ordinary(path)
        data = path.read_bytes()
    except OSError as error:
        why = "is not there" if isinstance(error, FileNotFoundError) else f"cannot be read ({error.strerror})"
        raise CascadeMissing(
            f"The cascade {path} {why}. Put it there, or name another in `[recognition] detectors` of the config."
        ) from error
    if sha256 is not None and (found := hashlib.sha256(data).hexdigest()) != sha256:
        raise CascadeAltered(path, expected=sha256, found=found)
    return data


def _parse(data: bytes, path: Path) -> cv2.CascadeClassifier:
    classifier = cv2.CascadeClassifier()
    try:
        # Not `load(path)`: on Windows, OpenCV cannot open a path with characters outside the system's code page.
        storage = cv2.FileStorage(data.decode(), cv2.FILE_STORAGE_READ | cv2.FILE_STORAGE_MEMORY)
        classifier.read(storage.getFirstTopLevelNode())
    except UnicodeDecodeError as error:
        raise CascadeUnreadable(path, "it is not text") from error
    except (cv2.error, SystemError) as error:  # a constructor that fails in OpenCV comes back as SystemError
        raise CascadeUnreadable(path, "it is damaged, or something else") from error
    if classifier.empty():
        raise CascadeUnreadable(path, "there is no classifier in it")
    return classifier


def _scale(height: int, width: int, long_side: float) -> float:
    """How many pixels of the picture that is looked at go on one of the picture as posted."""
    measured = long_side / max(height, width)
    strip = long_side / 2 / min(height, width)
    affordable = (_MOST_PIXELS / (height * width)) ** 0.5
    return min(max(measured, strip), _MOST_ENLARGED, affordable)


def _resized(grey: Grey, scale: float) -> Grey:
    height, width = grey.shape
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    resized = cv2.resize(grey, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    return np.asarray(resized, np.uint8)


def _placed(window: npt.NDArray[np.int32], scale: float, height: int, width: int) -> Box:
    """The window as a box in the picture as posted: rounding must not push it over the edge."""
    x, y, w, h = (float(value) / scale for value in window)
    left, top = min(round(x), width - 1), min(round(y), height - 1)
    right, bottom = min(round(x + w), width), min(round(y + h), height)
    return Box(left, top, max(1, right - left), max(1, bottom - top))

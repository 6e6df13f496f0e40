"""What recognition says: the faces in a picture, and who they seem to be."""

from dataclasses import dataclass

from ml.drawing.labelled import Label
from ml.faces.face import Box
from ml.faces.quality import NAMEABLE
from ml.naming.classifier import Candidate, asked
from ml.naming.names import AS_SAID, Names


@dataclass(frozen=True, slots=True)
class NamedFace:
    """A face and who it seems to be.

    Attributes
    ----------
    box
        Pixels of the upright picture.
    angle
        Degrees, counter-clockwise, that turn the face upright.
    score
        How sure the detector is that this is a face, 0..1.
    quality
        How well it can be told, 0..1 (`ml.faces.quality`).
    name
        Who it is, or None: someone that the classifier does not know, or a face of too low a quality to be named.
    confidence
        Probability that the first candidate is right, 0..1.
    candidates
        The likeliest characters, best first, also where `name` is None; empty without a classifier.
    """

    box: Box
    angle: float
    score: float
    quality: float
    name: str | None
    confidence: float
    candidates: tuple[Candidate, ...]

    @property
    def asked(self) -> str | None:
        """The name that is asked for ("Riko?"), where none is said."""
        return None if self.name is not None or self.quality < NAMEABLE else asked(self.candidates)

    def written(self, called: Names) -> str:
        """What the labelled picture says of it: a name, "a name?" or "?"."""
        if self.name is not None:
            return called(self.name)
        return "?" if self.asked is None else f"{called(self.asked)}?"


@dataclass(frozen=True, slots=True)
class Recognition:
    """What was seen in a picture: its upright size in pixels, its faces from left to right, and who looked.

    `model` names the version that named the faces, None if there is none yet; `seconds` is how long it took; `more`
    says that there are more faces, which were not looked at.
    """

    width: int
    height: int
    faces: tuple[NamedFace, ...]
    model: str | None
    seconds: float
    more: bool = False

    def labels(self, *, first: int = 1, called: Names = AS_SAID) -> tuple[Label, ...]:
        """What the labelled picture bears on every face: a number, from `first` on, and what is `written` of it."""
        return tuple(
            Label(number, face.box, face.written(called), known=face.name is not None)
            for number, face in enumerate(self.faces, start=first)
        )

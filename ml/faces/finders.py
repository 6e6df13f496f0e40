"""What a detector is made of: who finds faces, who proposes them, and who judges what is one."""

from collections.abc import Sequence
from typing import Protocol

from ml.errors import KoredareError
from ml.faces.face import Face
from ml.pictures.reading import Grey, Picture


class FinderError(KoredareError):
    """Something that finds faces cannot be made; `str(error)` says what to mend."""


class Finder(Protocol):
    """One way of finding faces; belongs to one thread of one process."""

    def detect(self, picture: Grey, *, detail: float = 1.0, seen: float = 0.0) -> list[Face]:
        """Find the faces in a picture, best first; boxes lie inside the picture.

        Parameters
        ----------
        picture
            uint8, shape (height, width), upright.
        detail
            Pixels of a side that is looked at, in those that it was made for; less is faster, and blinder to small
            faces.
        seen
            The detail of an earlier look: only what was too small for that is looked for. 0: everything.
        """
        ...


class FinderSource(Protocol):
    """Says how to make a finder; can be pickled and sent to a worker."""

    @property
    def name(self) -> str:
        """As people write it in the config."""
        ...

    def open(self) -> Finder:
        """Make the finder; every call makes another."""
        ...

    def loosened(self) -> "FinderSource":
        """The same, proposing all that it can: for use with a judge."""
        ...


class Proposer(Protocol):
    """Proposes faces in a picture in colour, tilted ones too; belongs to one thread of one process."""

    def propose(self, picture: Picture) -> list[Face]:
        """Places that may be faces, likeliest first, with their angles; boxes lie inside the picture."""
        ...

    def propose_small(self, picture: Picture) -> list[Face]:
        """As `propose`, looking closer, for faces that are too small for that."""
        ...


class Judge(Protocol):
    """Tells faces from what only looks like one; belongs to one thread of one process."""

    def judge(self, picture: Picture, candidates: Sequence[Face]) -> list[Face]:
        """Give the same candidates, in the same order, with scores of its own."""
        ...

"""Recognition: pictures in, named faces out. Knows nothing of Discord, nor of a database.

Examples
--------
>>> from ml import Recognizer
>>> from ml.painting import CAST, paint
>>> seen = Recognizer().recognize(paint(CAST[0], seed=7, size=(600, 400)).picture)
>>> [(face.name, face.score > 0.5) for face in seen.faces]
[(None, True)]

`Recognizer.recognize` takes files, bytes and Pillow pictures too, and names with `version="v3"`, say, whom
`koredare import` and `koredare retrain` have taught it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ml.faces.face import Box, Face
    from ml.faces.samples import Sample
    from ml.naming.classifier import Candidate
    from ml.pictures.refusals import PictureError
    from ml.recognition import NamedFace, Recognition
    from ml.recognizer import Recognizer, RecognizerSettings

__all__ = [
    "Box",
    "Candidate",
    "Face",
    "NamedFace",
    "PictureError",
    "Recognition",
    "Recognizer",
    "RecognizerSettings",
    "Sample",
]

_HOMES = {
    "Box": "ml.faces.face",
    "Face": "ml.faces.face",
    "Sample": "ml.faces.samples",
    "Candidate": "ml.naming.classifier",
    "PictureError": "ml.pictures.refusals",
    "NamedFace": "ml.recognition",
    "Recognition": "ml.recognition",
    "Recognizer": "ml.recognizer",
    "RecognizerSettings": "ml.recognizer",
}


def __getattr__(name: str) -> Any:
    """Fetch a public name when it is first asked for: who imports one module of `ml` need not load all."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)

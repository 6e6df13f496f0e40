"""Recognition: pictures in, named faces out. Knows nothing of Discord, nor of a database."""

from ml.faces.detector import Box, Face
from ml.faces.samples import Sample
from ml.naming.classifier import Candidate
from ml.pictures.reading import PictureError
from ml.recognizer import NamedFace, Recognition, Recognizer, RecognizerSettings

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

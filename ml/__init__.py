"""Recognition: pictures in, named faces out. Knows nothing of Discord, nor of a database."""

from ml.classifier import Candidate
from ml.detector import Box, Face
from ml.images import PictureError
from ml.recognizer import NamedFace, Recognition, Recognizer, RecognizerSettings
from ml.sampling import Sample

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

"""Characters drawn by our own code, for the demo and the tests."""

from ml.painting.characters import CAST, LOOK_ALIKES, Character, invent
from ml.painting.studio import Painting, paint, paint_background

__all__ = ["CAST", "LOOK_ALIKES", "Character", "Painting", "invent", "paint", "paint_background"]

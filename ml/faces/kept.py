"""Whether what was kept of a face can still be learned from."""

import numpy as np

from ml.pictures.reading import decode
from ml.pictures.refusals import PictureError


def damage(crop: bytes, embedding: bytes) -> str | None:
    """What is wrong with a kept face, in a few words; None: nothing.

    Parameters
    ----------
    crop, embedding
        As in `ml.faces.samples.Sample`.
    """
    try:
        decode(crop)
    except PictureError:
        return "its picture cannot be read"
    if not embedding or len(embedding) % 2:
        return "its vector is cut short"
    row = np.frombuffer(embedding, "<f2").astype(np.float32)
    if not np.isfinite(row).all() or not 0.9 < float(np.linalg.norm(row)) < 1.1:
        return "its vector is not one"
    return None

"""How well an embedder tells characters apart that it did not learn."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from ml.arrays import Floats
from ml.naming.embedder import fitted
from ml.pretraining.crops import Crops


def naming(crops: Crops, embed: Callable[[Floats], Floats], *, size: int, shots: int = 5, draws: int = 10) -> float:
    """Name crops with the network as it is, not mirrored.

    Parameters
    ----------
    embed
        From pixels, float32, 0..255, shape (n, size, size, 3), to vectors, float32, shape (n, dimensions).

    Returns
    -------
    float
        `named_by_means`, averaged over so many draws.
    """
    pixels = [fitted(crops.picture(i), size).astype(np.float32) for i in range(len(crops))]
    vectors = np.concatenate([embed(np.stack(pixels[i : i + 96])) for i in range(0, len(pixels), 96)])
    vectors -= vectors.mean(axis=0)  # features are far from the origin, all on one side of it
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return float(np.mean([named_by_means(vectors, crops.labels, shots=shots, seed=draw) for draw in range(draws)]))


def named_by_means(vectors: Floats, labels: npt.NDArray[np.int64], *, shots: int, seed: int) -> float:
    """Name faces by the nearest mean of a few faces of each character, drawn at random.

    Parameters
    ----------
    vectors
        Shape (n, dimensions), rows of unit length.
    labels
        Shape (n,). Characters with no more than `shots` faces are left out.

    Returns
    -------
    float
        Balanced accuracy over the faces that were not drawn, 0..1.
    """
    shuffled = np.random.default_rng(seed).permutation(len(labels))
    each = [shuffled[labels[shuffled] == label] for label in np.unique(labels)]
    places = [place for place in each if len(place) > shots]
    means = np.stack([vectors[place[:shots]].mean(axis=0) for place in places])
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    right = [np.argmax(vectors[place[shots:]] @ means.T, axis=1) == label for label, place in enumerate(places)]
    return float(np.mean([of_one.mean() for of_one in right]))

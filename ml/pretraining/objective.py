"""What fine-tuning strives for: faces of one character within a margin of a direction of their own."""

import importlib
import math
from typing import Any

import numpy as np
import numpy.typing as npt

keras: Any = importlib.import_module("keras")  # it ships no types
ops: Any = keras.ops


class CosineHead(keras.layers.Layer):
    """Projects embeddings and gives their cosines with a direction for each character; thrown away afterwards.

    Parameters
    ----------
    characters
        How many directions.
    width
        Length of the projection.
    haste
        How much faster the head learns than what is below it. Adam's steps do not depend on the gradients' size, so
        weights that are stored divided by this, and multiplied when they are used, move so much faster.
    """

    def __init__(self, characters: int, *, width: int = 256, haste: float = 5.0, name: str = "head") -> None:
        super().__init__(name=name)  # pyright: ignore[reportUnknownMemberType]  # Keras ships no types
        self._characters, self._width, self._haste = characters, width, haste

    def build(self, input_shape: tuple[int, ...]) -> None:
        self._projection = self._weight("projection", (input_shape[-1], self._width))
        self._directions = self._weight("directions", (self._width, self._characters))

    def call(self, embeddings: Any) -> Any:
        projected = ops.matmul(embeddings, self._projection * self._haste)
        directions = ops.normalize(self._directions, axis=0, epsilon=1e-12)
        return ops.matmul(ops.normalize(projected, axis=-1, epsilon=1e-12), directions)

    def _weight(self, name: str, shape: tuple[int, int]) -> Any:
        initial = keras.initializers.RandomNormal(stddev=1 / (self._haste * math.sqrt(shape[0])))
        return self.add_weight(name=name, shape=shape, initializer=initial)


class MarginLoss(keras.losses.Loss):
    """Softmax loss of scaled cosines in which the right character's counts for less than it is.

    The target of a face is (place of its character, margin): the margin, which grows while training goes on, comes with
    the data so that every Keras backend sees it change.

    Notes
    -----
    Wang et al. 2018, "CosFace: Large Margin Cosine Loss for Deep Face Recognition".
    """

    def __init__(self, *, scale: float = 24.0, smoothing: float = 0.05) -> None:
        super().__init__(name="loss")  # pyright: ignore[reportUnknownMemberType]  # Keras ships no types
        self._scale, self._smoothing = scale, smoothing

    def call(self, y_true: Any, y_pred: Any) -> Any:
        characters = y_pred.shape[-1]
        right = ops.one_hot(ops.cast(y_true[:, 0], "int32"), characters)
        logits = self._scale * (y_pred - right * y_true[:, 1:])
        wanted = right * (1 - self._smoothing) + self._smoothing / characters
        return keras.losses.categorical_crossentropy(wanted, logits, from_logits=True)


def accuracy(y_true: Any, y_pred: Any) -> Any:
    """Whether the nearest direction is the right one, for each face."""
    nearest = ops.cast(ops.argmax(y_pred, axis=-1), "int32")
    return ops.cast(ops.equal(nearest, ops.cast(y_true[:, 0], "int32")), "float32")


def targets(labels: npt.NDArray[np.int64], margin: float) -> npt.NDArray[np.float32]:
    """What `MarginLoss` and `accuracy` are given for faces with these labels: float32, shape (n, 2)."""
    return np.stack([labels, np.full(len(labels), margin)], axis=1).astype(np.float32)


class OneCycle(keras.optimizers.schedules.LearningRateSchedule):
    """Up to the peak over the first 30 % of the steps, and down to next to nothing, both along half a cosine.

    Notes
    -----
    Smith and Topin 2017, "Super-Convergence", with the shape that PyTorch gave it.
    """

    def __init__(self, peak: float, steps: int) -> None:
        self._peak, self._steps = peak, steps

    def __call__(self, step: Any) -> Any:
        done = ops.cast(step, "float32") / self._steps
        up = self._between(self._peak / 25, self._peak, done / 0.3)
        down = self._between(self._peak, self._peak / 1e5, (done - 0.3) / 0.7)
        return ops.where(done < 0.3, up, down)

    def get_config(self) -> dict[str, float]:
        return {"peak": self._peak, "steps": self._steps}

    def _between(self, start: float, end: float, part: Any) -> Any:
        return end + (start - end) * (1 + ops.cos(math.pi * ops.clip(part, 0.0, 1.0))) / 2
